/* base/finding.h
 * A list of remarks on the way: what was seen, where, how serious. Texts are sentences for the
 * user; they may hold bytes from files, so front ends clean them (base/text.h). */
#ifndef PERFSCALE_BASE_FINDING_H
#define PERFSCALE_BASE_FINDING_H

#include <stddef.h>

enum finding_level { FINDING_INFO, FINDING_WARNING, FINDING_STOP };

struct finding {
    enum finding_level level;
    char kind[40];  /* a short fixed word for programs: "generator-saturated" */
    char file[128]; /* "" when at no file */
    long line;      /* 0 when unknown */
    char text[400];
};

struct findings {
    struct finding *item; /* owned */
    size_t len, cap;
};

enum { FINDINGS_MAX = 200 }; /* more are not kept: nobody reads them, and hostile files make many */

void findings_fini(struct findings *f);
void findings_clear(struct findings *f);

/* Add one; the text is printf-like. Returns it, so that the place can be set; never NULL (past
 * FINDINGS_MAX the last one is overwritten). */
struct finding *findings_add(struct findings *f, enum finding_level level, const char *kind,
                             const char *fmt, ...) __attribute__((format(printf, 4, 5)));

/* Copies all of from to the end of to. */
void findings_append(struct findings *to, const struct findings *from);

/* "info", "warning", "stop": the word in JSON. */
const char *finding_level_name(enum finding_level level);

#endif

/* base/err.h
 * What went wrong, in the words the user reads. Functions that can fail return bool (true is
 * success) and take a struct err * last, which may be NULL. The text says what is wrong; place and
 * way out are apart, so that each front end can show them in its own form. Texts may hold bytes
 * from files: a front end cleans them before it shows them (base/text.h). */
#ifndef PERFSCALE_BASE_ERR_H
#define PERFSCALE_BASE_ERR_H

#include <stdbool.h>
#include <stddef.h>

enum err_kind {
    ERR_NONE,
    ERR_USAGE,    /* the caller's words: an option, a field */
    ERR_IO,       /* the system refused: not there, no right, no room */
    ERR_FORMAT,   /* bytes that are not what they should be */
    ERR_RANGE,    /* a number outside what can be */
    ERR_LIMIT,    /* larger than perfscale takes */
    ERR_REFUSED,  /* understood, and not done: it would be wrong */
    ERR_MISSING,  /* a prerequisite: plan, baseline, stable result */
    ERR_CANCELED, /* the user stopped it */
    ERR_INTERNAL, /* a mistake of ours */
};

struct err {
    enum err_kind kind;
    char file[256]; /* "" when the error is at no file */
    long line;      /* from 1; 0 when unknown */
    char text[512]; /* one sentence without its full stop */
    char fix[256];  /* what to do, "" when nothing is known */
};

/* Set the error; anything it held is replaced. Always returns false, so that a failing function
 * ends with `return err_set(...)`. */
bool err_set(struct err *e, enum err_kind kind, const char *fmt, ...)
    __attribute__((format(printf, 3, 4)));

/* Add where it is, unless a place is known already. Returns false. */
bool err_at(struct err *e, const char *file, long line);

/* Add what to do about it. Returns false. */
bool err_fix(struct err *e, const char *fmt, ...) __attribute__((format(printf, 2, 3)));

/* "FILE:LINE: text; fix" as far as known, into out (cut at size). Returns out. */
char *err_sentence(const struct err *e, char *out, size_t size);

#endif

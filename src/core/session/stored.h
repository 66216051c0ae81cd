/* session/stored.h
 * A judged run on its way into the store, with what it stands on. For the workflow and for the
 * headless verbs with --save. */
#ifndef PERFSCALE_SESSION_STORED_H
#define PERFSCALE_SESSION_STORED_H

#include "history/record.h"
#include "session/session.h"

/* Pointers are borrowed. */
struct storing {
    const struct summary *run;
    const struct judgement *judgement;
    const struct profile *profile; /* NULL: the planned load is not known */
    double target_rps;             /* counts without a profile; NAN unknown */
    const char *from;              /* where the result came from: file names, "paste" */
    int64_t at_ms;
    const struct gather_digests *files;
    const struct rules *rules; /* that judged it; NULL: the session's */
    const char *pasted;        /* SHA-256 of the pasted text; "" it was not pasted */
};

/* Into the store of the session, which is made when there is none. A run that is there already (the
 * same files, script, rules, limits and verdict) is not stored twice: *id is its number. */
bool session_store(struct session *s, const struct storing *what, int64_t *id, struct err *e);

/* The row that session_store() adds; its texts are the caller's to free. */
void stored_fill(const struct session *s, const struct storing *what, struct run *out);

/* Of the rule documents that a verdict uses. */
void rules_digest(const struct rules *r, char out[DIGEST_BYTES]);
/* The team has a copy of one of them. */
bool rules_are_own(const struct rules *r);

/* Of the result files: of one its own, of several that of the lines that sha256sum prints of them.
 */
void results_digest(const struct record_file *file, size_t n, char out[DIGEST_BYTES]);

#endif

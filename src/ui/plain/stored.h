/* ui/plain/stored.h
 * A run of the store, for one verb: the workspace with its list of runs, and a run by the word that
 * the user wrote for it. */
#ifndef PERFSCALE_PLAIN_STORED_H
#define PERFSCALE_PLAIN_STORED_H

#include "session/together.h"
#include "ui/plain/verb.h"

/* Opens the workspace dir (NULL: this directory) with the list of its runs. What is wrong with plan
 * and rules does not matter here. *s is to be closed also after an error. What is to say of the
 * store goes to standard error. */
bool stored_open(struct session *s, const char *dir, struct err *e);

/* The run of a word: "14", "last" (the newest), "ref" (the reference), "ref:load" (of a test type).
 * ERR_USAGE names those that are there. */
bool stored_id(const struct session *s, const char *word, int64_t *id, struct err *e);

/* Both, and the run is open. */
bool stored_run(struct session *s, const char *dir, const char *word, struct err *e);

/* Enough operands, or ERR_USAGE with what is missing. */
bool stored_operands(const struct verb *v, const struct operands *ops, int least, struct err *e);

extern const char stored_help[]; /* what an ID is, for the help of a verb */

/* "2026-11-02 14:11", local time. */
enum { WHEN_BYTES = 32 };
char *stored_when(int64_t at_ms, char out[WHEN_BYTES]);

/* "approved by bo", "changes requested by bo", "outdated", "2 notes, 1 open", "not reviewed" */
char *stored_review(const struct review *v, char *out, size_t size);

/* What the store has to say since `before`, beside the answer. */
void stored_say_news(const struct session *s, const char *before);

#endif

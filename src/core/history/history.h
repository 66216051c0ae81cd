/* history/history.h
 * The store of a workspace: .perfscale/runs.db, SQLite, schema 1. It holds the session's state, so
 * that the next start can go on, and every run that was judged. Nothing of a script or of raw
 * results is kept, only figures: scripts hold secrets. Private by default: folder 0700, files 0600.
 *
 * One process writes at a time; others wait up to 5 s (then ERR_IO "the store is busy"). WAL on
 * local disks, a rollback journal on network file systems. A store of a newer perfscale or one that
 * cannot be written is opened read only, and history_notice() says why. A damaged store stays as it
 * is. */
#ifndef PERFSCALE_HISTORY_HISTORY_H
#define PERFSCALE_HISTORY_HISTORY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"

enum { HISTORY_SCHEMA = 1 };

struct history; /* opaque */

/* Opens dir/.perfscale/runs.db. create: make it when it is not there; else a store that is not
 * there gives *h = NULL and true. Refuses a symbolic link at .perfscale or runs.db. */
bool history_open(struct history **h, const char *dir, bool create, struct err *e);
void history_close(struct history *h); /* NULL is fine */

/* dir has a .perfscale folder. */
bool history_exists(const char *dir);

bool history_read_only(const struct history *h);
const char *history_notice(const struct history *h); /* "" when there is nothing to say */

/* The session's state, one JSON text (the session's own format). Save replaces. */
bool history_save_state(struct history *h, const char *json, int64_t now_ms, struct err *e);
/* *json is the caller's to free, NULL when nothing is saved; *saved_ms when. */
bool history_load_state(struct history *h, char **json, int64_t *saved_ms, struct err *e);
bool history_clear_state(struct history *h, struct err *e);

/* A judged run. NAN in a number: not measured. */
struct run {
    int64_t id;      /* set by history_add; from 1, never used twice */
    int64_t at_ms;   /* when it was judged, ms since 1970 */
    char author[64]; /* operating-system user */
    char host[64];
    char tool[16];
    char tool_version[32];
    char model[8];
    char script[256]; /* file name of the script that ran */
    char source[256]; /* where the result came from: a file name, "paste" */
    double target_rps, rps, p95_ms, error_rate;
    char verdict[16];
    char *plan_json;  /* owned; the load profile as `plan --json`; NULL when none */
    char *check_json; /* owned; the verdict as `check --json` */
};
void run_fini(struct run *r);

bool history_add(struct history *h, struct run *r, struct err *e); /* sets r->id */
bool history_get(struct history *h, int64_t id, struct run *r, struct err *e);
/* The newest first, at most `most`; without the JSON texts. *runs is the caller's array. Returns
 * the count, or -1 with e set. */
int history_list(struct history *h, struct run *runs, int most, struct err *e);
/* How many there are; -1 with e set. */
int64_t history_count(struct history *h, struct err *e);
/* True when a passed run of this model with a target of at least target_rps is there. */
bool history_has_passed(struct history *h, const char *model, double target_rps);

#endif

/* history/history.h
 * The store of a workspace, .perfscale/:
 *
 *     runs.db (-wal, -shm)   SQLite, schema 2: runs, and each user's session state
 *     runs/14.run            every finished run once more, whole, owned by who judged it: what is
 *                            left when the database is damaged, and the proof of the author
 *     said/                  notes, votes, waivers (said.h), each a file owned by its author
 *     live/                  who is here now (presence.h)
 *     drafts/                notes that were not sent, 0600
 *
 * Private by default: folders 0700, files 0600. history_share() gives it to a group: folder 2770,
 * runs.db 0660, the folders of files owned by persons 3770 (sticky: nobody but its owner, the owner
 * of the folder and root can remove or replace such a file, and only root can write in another's
 * name), files in them 0640.
 *
 * One process writes at a time; others wait up to 5 s (then ERR_IO "the store is busy"). WAL on
 * local disks, a rollback journal on network file systems. A store of a newer perfscale or one that
 * cannot be written is opened read only, and history_notice() says why. An older one is brought to
 * this schema when it is opened for writing, else read as it is. A damaged database stays as it is:
 * then runs are read from runs/, read only, and the notice says so. */
#ifndef PERFSCALE_HISTORY_HISTORY_H
#define PERFSCALE_HISTORY_HISTORY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include "base/digest.h"
#include "base/err.h"

enum { HISTORY_SCHEMA = 2, HISTORY_RUNS_MAX = 20000 };

struct history; /* opaque */

/* Opens dir/.perfscale/runs.db. create: make it when it is not there (and take in the runs that lie
 * in runs/ of a store whose database is gone); else a store that is not there gives *h = NULL and
 * true. Refuses a symbolic link at .perfscale or anything in it. ERR_IO names the owner and the
 * group when this user may not enter ("ask ana to run perfscale share"). */
bool history_open(struct history **h, const char *dir, bool create, struct err *e);
void history_close(struct history *h); /* NULL is fine */

/* dir has a .perfscale folder. */
bool history_exists(const char *dir);

bool history_read_only(const struct history *h);
const char *history_notice(const struct history *h); /* "" when there is nothing to say */

/* Who may come in. */
struct history_access {
    bool shared;    /* with the group */
    char group[64]; /* its name, else its number */
    char owner[64]; /* of .perfscale */
};
void history_access(const struct history *h, struct history_access *out);

/* Gives the store of dir to a group (a name or number; this user must be its owner and a member of
 * the group), or with NULL makes it private again. Makes it when it is not there. */
bool history_share(const char *dir, const char *group, struct err *e);

/* --- the session's state, one JSON text for each user (the session's own format) --- */

/* Save replaces this user's. */
bool history_save_state(struct history *h, const char *json, int64_t now_ms, struct err *e);
/* This user's; when there is none, the newest of the others'. *json is the caller's to free, NULL
 * when nothing is saved; *saved_ms when; from: whose, of at least 64 bytes, "" this user's. */
bool history_load_state(struct history *h, char **json, int64_t *saved_ms, char *from,
                        struct err *e);
bool history_clear_state(struct history *h, struct err *e); /* this user's */

/* --- runs --- */

/* SHA-256 in hex; "" not known (a run of schema 1, a paste without a file). */
struct hashes {
    char results[DIGEST_BYTES]; /* of the result files' own hashes, else of the pasted text */
    char script[DIGEST_BYTES];
    char rules[DIGEST_BYTES];   /* of the rule documents that a verdict uses */
    char limits[DIGEST_BYTES];  /* of the checks' limits, with where they are from */
    char verdict[DIGEST_BYTES]; /* of the judgement as JSON, waivers inside */
};

/* A judged run. NAN in a number: not measured. */
struct run {
    int64_t id;         /* set by history_add; from 1, never used twice */
    int64_t at_ms;      /* when it was judged, ms since 1970 */
    int64_t author_uid; /* operating-system user who judged it; -1 unknown (schema 1) */
    bool author_proven; /* runs/ID.run is there, owned by author_uid, and says the same */
    char author[64];
    char confirmed_by[64]; /* who confirmed the load; "" unknown */
    char host[64];
    char tool[16];
    char tool_version[32];
    char model[8];
    char script[256]; /* file name of the script that ran */
    char source[256]; /* where the result came from: file names, "paste" */
    double target_rps, rps, p95_ms, error_rate;
    char verdict[16];
    struct hashes hash;
    char *plan_json;   /* owned; the load profile as `plan --json`; NULL when none */
    char *check_json;  /* owned; the verdict as `check --json`, with "summary" and "judgement" */
    char *script_text; /* owned; the script as it was; NULL unknown */
    char
        *files_json; /* owned; the files it stands on: [{"name","kind","bytes","mtime_ms","sha256"}]
                        kind "result", "script", "rules"; NULL unknown */
};
void run_fini(struct run *r);

/* Sets r->id, author_uid and author (of this process). On disk, in both places, when it returns. */
bool history_add(struct history *h, struct run *r, struct err *e);
/* The same, unless a run with all its hashes is there already (results not ""): two programs that
 * watched one run store it once. Then r->id is that one's number, and *was_there is set. */
bool history_add_new(struct history *h, struct run *r, bool *was_there, struct err *e);
/* The same run, judged again by its author: verdict, hashes, plan and texts are replaced. */
bool history_replace(struct history *h, const struct run *r, struct err *e);
bool history_get(struct history *h, int64_t id, struct run *r, struct err *e);
/* The newest first, at most `most`; without the owned texts; author_proven by owner and name of the
 * file alone. *runs is the caller's array. Returns the count, or -1 with e set. */
int history_list(struct history *h, struct run *runs, int most, struct err *e);
/* How many there are; -1 with e set. */
int64_t history_count(struct history *h, struct err *e);
/* True when a passed run of this model with a target of at least target_rps is there. */
bool history_has_passed(struct history *h, const char *model, double target_rps);
/* The newest at_ms of a run or of anything said: a clock that is behind it went back. 0: none. */
int64_t history_newest_ms(struct history *h);

/* Paths for the other files of this room: the folder .perfscale, absolute; borrowed. */
const char *history_folder(const struct history *h);

#endif

/* history/parts.h
 * Shared by the files of this room: where the store lies (folder.c), the connection and its one way
 * to write (store.c), the tables (schema.c). Tests use it to play a disk that is not at hand. */
#ifndef PERFSCALE_HISTORY_PARTS_H
#define PERFSCALE_HISTORY_PARTS_H

#include <sqlite3.h>
#include <stdbool.h>
#include <stdint.h>

#include "base/err.h"
#include "history/history.h"

#define STORE_FOLDER ".perfscale"
#define STORE_FILE STORE_FOLDER "/runs.db" /* as users see it, from the workspace */

enum {
    /* SQLite takes names of 512 bytes and wants 8 of them for "-journal" (os_unix.c, pager.c). */
    STORE_PATH_BYTES = 504,
    STATE_MAX_BYTES = 1 << 20,
    JSON_MAX_BYTES = 4 << 20,
    PROGRAM_BYTES = 32,
};

/* --- folder.c --------------------------------------------------------------------------------- */

/* Absolute and without symbolic links. */
struct place {
    char dir[STORE_PATH_BYTES];    /* the workspace */
    char folder[STORE_PATH_BYTES]; /* dir/.perfscale */
    char file[STORE_PATH_BYTES];   /* dir/.perfscale/runs.db */
};

/* Finds the store of a workspace; with create it makes folder and (empty) file first. *there: the
 * file is there. ERR_REFUSED for a symbolic link and for anything else that is no plain file or
 * folder, also at the names SQLite uses beside the file. ERR_LIMIT when the path is too long for
 * SQLite. */
bool place_find(struct place *p, const char *dir, bool create, bool *there, struct err *e);

/* What matters of the disk below the store. */
struct disk {
    const char *network; /* "NFS": other hosts may use it at the same time; NULL for a local one */
    bool locks;          /* files can be locked */
};
struct disk disk_of(const struct place *p);

/* The name of a network file system by statfs()'s f_type, NULL for any other. */
const char *network_name(uint32_t f_type);

/* --- store.c ---------------------------------------------------------------------------------- */

struct history {
    sqlite3 *db; /* owned */
    struct place at;
    struct disk disk;
    bool read_only;
    bool ready; /* for writing: journal and sync are set */
    char notice[256];
};

/* Opens h->db at h->at for h->disk, so that a first read has worked. Read only when it cannot be
 * written, with a notice. */
bool store_connect(struct history *h, struct err *e);

/* The error of the last SQLite call, in our words. Returns false. */
bool store_fail(const struct history *h, struct err *e);
bool store_damaged(struct err *e); /* returns false */

/* Statements without a result. */
bool store_exec(struct history *h, const char *sql, struct err *e);
/* NULL with e set. The caller finalizes. */
sqlite3_stmt *store_prepare(struct history *h, const char *sql, struct err *e);
/* One integer; false when there is no row too. */
bool store_int(struct history *h, const char *sql, int64_t *value, struct err *e);

/* A transaction that writes, waiting for others. After a failure in it: store_rollback. */
bool store_begin(struct history *h, struct err *e);
bool store_commit(struct history *h, struct err *e);
void store_rollback(struct history *h);
/* Runs a bound statement in a transaction of its own, on disk when it returns, and finalizes it. */
bool store_write(struct history *h, sqlite3_stmt *st, struct err *e);

/* A column as a string of the caller's, NULL for NULL; ERR_FORMAT above max. what: "the saved
 * state". */
bool store_text(sqlite3_stmt *st, int column, int max, const char *what, char **out, struct err *e);

/* --- schema.c --------------------------------------------------------------------------------- */

/* Is it a store of ours? *empty: nothing is in it yet. A newer one sets read_only and the notice.
 * ERR_REFUSED for a database of somebody else or with something in it that we did not make,
 * ERR_FORMAT when it is damaged. Writes nothing. */
bool schema_check(struct history *h, bool *empty, struct err *e);
/* Makes the tables, unless somebody else did so meanwhile. */
bool schema_create(struct history *h, struct err *e);

/* --- runs.c ----------------------------------------------------------------------------------- */

/* Columns of a run behind id and at_ms, before the JSON texts. */
#define RUN_COLUMNS                                                                                \
    "author, host, tool, tool_version, model, script, source, verdict, target_rps, rps, p95_ms, "  \
    "error_rate"

/* --- history.c -------------------------------------------------------------------------------- */

/* history_open for a store whose file is there. */
bool history_open_at(struct history **h, const struct place *at, struct disk disk, bool create,
                     struct err *e);

#endif

/* history/parts.h
 * Shared by the files of this room: where the store lies (folder.c), the files in it (files.c), who
 * may come in (share.c), a run's members (members.c) and its file (run_file.c), the connection and
 * its one way to write (store.c), the tables (schema.c, migrate.c). Tests use it to play a disk
 * that is not at hand. */
#ifndef PERFSCALE_HISTORY_PARTS_H
#define PERFSCALE_HISTORY_PARTS_H

#include <sqlite3.h>
#include <stdbool.h>
#include <stdint.h>
#include <sys/stat.h>

#include "base/buf.h"
#include "base/err.h"
#include "history/history.h"

#define STORE_FOLDER ".perfscale"
#define STORE_FILE STORE_FOLDER "/runs.db" /* as users see it, from the workspace */

enum {
    /* SQLite takes names of 512 bytes and wants 8 of them for "-journal" (os_unix.c, pager.c). */
    STORE_PATH_BYTES = 504,
    STATE_MAX_BYTES = 1 << 20,
    JSON_MAX_BYTES = 64 << 20, /* any of the four long texts of a run */
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

/* --- files.c ---------------------------------------------------------------------------------- */

/* The folders of files that persons own. */
#define RUNS_FOLDER "runs"
#define SAID_FOLDER "said"
#define LIVE_FOLDER "live"
#define DRAFTS_FOLDER "drafts"
enum { STORE_FOLDERS = 4 };
extern const char *const store_folders[STORE_FOLDERS];

/* Opens .perfscale/NAME, one of the four above, without following a symbolic link. create: made
 * when it is not there, 0700 or, in a shared store, 3770. Without create one that is not there
 * gives *fd = -1 and true. A folder of this user's whose mode is not what the store's is now gets
 * it. The caller closes *fd. ERR_REFUSED for a link and for what is no folder, ERR_IO otherwise. */
bool folder_sub(const struct history *h, const char *name, bool create, int *fd, struct err *e);

/* For files in such a folder that the others may read: 0640 in a shared one, else 0600. */
mode_t folder_file_mode(int dirfd);

/* Writes dirfd/name whole, with this very mode: into a temporary name, fsync, then under its name,
 * and the folder is synced. New: one that is there is never touched (ERR_REFUSED). Replace: renamed
 * over what is there. On an error nothing is left behind and *e names shown, the path as users see
 * it ("no space left" on a full disk). Temporary names start with a dot. */
bool folder_write_new(int dirfd, const char *name, const void *bytes, size_t len, mode_t mode,
                      const char *shown, struct err *e);
bool folder_replace(int dirfd, const char *name, const void *bytes, size_t len, mode_t mode,
                    const char *shown, struct err *e);

/* The bytes of a regular file with a NUL behind them, not through a symbolic link; st (may be
 * NULL): of the very file that was read, its owner in it. NULL with e set: errno is ENOENT when it
 * is not there; ERR_LIMIT above max, ERR_REFUSED for what is no file. The caller frees. */
char *folder_read(int dirfd, const char *name, size_t max, size_t *len, struct stat *st,
                  const char *shown, struct err *e);

/* Takes away what this user's killed programs left in the folders, and gives his files the mode of
 * the store as it is now. */
void folders_tidy(const struct history *h);

/* "cannot read: ...", of errno; ERR_REFUSED. shown: the name as users see it. Both return false. */
bool folder_cannot(const char *verb, const char *shown, struct err *e);
bool folder_refuse(const char *what, const char *shown, struct err *e);

/* --- share.c ---------------------------------------------------------------------------------- */

/* The group's name, else "gid 1004". */
void group_name(gid_t gid, char *out, size_t size);
/* This process is in the group. */
bool group_has_me(gid_t gid);
/* The store with a folder of this mode is given to a group. */
bool mode_is_shared(mode_t folder);
/* Group (when the mode has rights for one) and mode of a file in at that this user owns; one of
 * somebody else's, or none, is left alone. */
bool file_give(int at, const char *name, gid_t group, mode_t mode, struct err *e);

/* --- store.c ---------------------------------------------------------------------------------- */

struct history {
    sqlite3 *db; /* owned; NULL: damaged, and runs are read from runs/ */
    struct place at;
    struct disk disk;
    int version; /* schema of the file as it was last seen; 0 nothing is in it */
    bool read_only;
    bool damaged;
    bool ready;   /* for writing: journal and sync are set */
    bool current; /* for writing: of this schema, with all finished runs in it */
    int64_t waits_since_ms, wrote_ms; /* for another's write; the last of its own */
    char notice[256];
};

/* Opens h->db at h->at for h->disk, so that a first read has worked. Read only when it cannot be
 * written, with a notice. */
bool store_connect(struct history *h, struct err *e);

/* The error of the last SQLite call, in our words; sets h->damaged when it is that. Returns false.
 */
bool store_fail(struct history *h, struct err *e);
bool store_damaged(struct history *h, struct err *e); /* returns false */

/* Statements without a result. */
bool store_exec(struct history *h, const char *sql, struct err *e);
/* NULL with e set. The caller finalizes. */
sqlite3_stmt *store_prepare(struct history *h, const char *sql, struct err *e);
/* One integer; false when there is no row too. */
bool store_int(struct history *h, const char *sql, int64_t *value, struct err *e);

/* A transaction that writes, waiting for others, in a store of this schema. After a failure in it:
 * store_rollback. */
bool store_begin(struct history *h, struct err *e);
/* The same in a store as it is. */
bool store_begin_plain(struct history *h, struct err *e);
bool store_commit(struct history *h, struct err *e);
void store_rollback(struct history *h);
/* Runs a bound statement (NULL: has failed) as the last of a transaction, on disk when it returns,
 * and finalizes it. */
bool store_end(struct history *h, sqlite3_stmt *st, struct err *e);

/* A column as a string of the caller's, NULL for NULL; ERR_FORMAT above max. what: "the saved
 * state". */
bool store_text(sqlite3_stmt *st, int column, int max, const char *what, char **out, struct err *e);

/* --- schema.c --------------------------------------------------------------------------------- */

/* Is it a store of ours? Sets h->version. A newer one sets read_only and the notice. ERR_REFUSED
 * for a database of somebody else or with something in it that we did not make, ERR_FORMAT when it
 * is damaged. Writes nothing. */
bool schema_check(struct history *h, struct err *e);
/* Makes the tables, unless somebody else did so meanwhile. */
bool schema_create(struct history *h, struct err *e);
/* The schema of the file now: another process may have brought it to a newer one. */
bool schema_look(struct history *h, struct err *e);
/* Makes one object of this schema; NULL: all of them. */
bool schema_make(struct history *h, const char *name, struct err *e);
/* Writes the schema's number and the program's version. */
bool schema_sign(struct history *h, struct err *e);

/* --- migrate.c -------------------------------------------------------------------------------- */

/* Brings a store of schema 1 to this one and takes in the runs of runs/ that its table lacks.
 * Writes nothing when there is nothing to do. */
bool store_bring_up(struct history *h, struct err *e);

/* --- members.c -------------------------------------------------------------------------------- */

enum member_kind {
    MEMBER_INT,
    MEMBER_REAL,  /* NAN is NULL in the table */
    MEMBER_TEXT,  /* in the struct */
    MEMBER_OWNED, /* behind a pointer; NULL is NULL */
};

/* The members of struct run but author_proven, in the order of the table's columns: the id first,
 * what is owned last. */
struct run_member {
    const char *name; /* of the column */
    enum member_kind kind;
    size_t at, size;  /* in the struct */
    int since;        /* schema */
    const char *what; /* MEMBER_OWNED: "the verdict" */
};
enum { RUN_MEMBERS = 25, RUN_OWNED = 4, RUN_SHORT = RUN_MEMBERS - RUN_OWNED };
extern const struct run_member run_members[RUN_MEMBERS];

int64_t member_int(const struct run *r, int member);
double member_real(const struct run *r, int member);
/* Of both kinds of text; NULL for NULL. */
const char *member_text(const struct run *r, int member, size_t *len);
void member_set_int(struct run *r, int member, int64_t value);
void member_set_real(struct run *r, int member, double value);                 /* not finite: NAN */
void member_set_text(struct run *r, int member, const char *text, size_t len); /* cut, copied */
/* The first ones are the same; RUN_MEMBERS: all. */
bool run_same(const struct run *a, const struct run *b, int members);
/* For a SELECT from a store of that schema: what it lacks is a constant. */
const char *member_column(int member, int version);
void members_columns(struct buf *sql, int version, int members);

/* --- rows.c ----------------------------------------------------------------------------------- */

/* A row of the table as it is: proves nothing. members: RUN_SHORT or RUN_MEMBERS. False with e set
 * when there is none. */
bool run_row(struct history *h, int64_t id, int members, struct run *r, struct err *e);
/* The newest first, without what is owned; their count, -1 with e set. */
int run_rows(struct history *h, struct run *runs, int most, struct err *e);
/* "SELECT ... FROM ..." for a store of that schema. */
void run_select(struct buf *sql, int version, int members);
/* Both in a transaction. Insert: with its own number; when that is 0 it gets the next one. */
bool run_insert(struct history *h, struct run *r, struct err *e);
bool run_update(struct history *h, const struct run *r, struct err *e);

/* --- run_file.c ------------------------------------------------------------------------------- */

enum {
    RUN_FILE_HEAD_BYTES = 8192, /* holds all short members */
    RUN_FILE_MAX_BYTES = RUN_OWNED * (JSON_MAX_BYTES + 64) + RUN_FILE_HEAD_BYTES,
};

/* The file of a run: "perfscale run 2", then for each field its name, a length and as many bytes,
 * at last "end". */
void run_file_encode(const struct run *r, struct buf *out); /* initialised by it; the caller's */
/* Strict: every byte is looked at. head: the bytes are the start of a file; only the short members
 * are read. *r is the caller's to run_fini(); false leaves nothing in it. */
bool run_file_decode(const char *bytes, size_t len, bool head, struct run *r);

/* In runs/. Add: a number that is taken gives ERR_REFUSED. */
bool run_file_add(const struct history *h, const struct run *r, struct err *e);
void run_file_remove(const struct history *h, int64_t id);
/* A record that is to take the place of another: put beside it, then made the record. */
bool run_file_put_next(const struct history *h, const struct run *r, struct err *e);
bool run_file_take_next(const struct history *h, int64_t id, struct err *e);
void run_file_drop_next(const struct history *h, int64_t id);
/* From runs/ID.run, or from what is to take its place. author_proven: its owner is author_uid.
 * False when there is none that is whole. */
bool run_file_get(const struct history *h, int64_t id, bool next, struct run *r);

/* Something has this number's name. */
bool run_file_is_there(const struct history *h, int64_t id);
/* The short members, from runs/ opened as dir. */
bool run_file_head(int dir, int64_t id, struct run *r);

/* The records there are, by rising number. */
struct run_file {
    int64_t id;
    int64_t uid; /* owner; -1 when it was not asked for */
    bool next;   /* only what is to take another's place */
};
struct run_files {
    struct run_file *item; /* owned */
    size_t n, cap;
};
/* No folder is no record. owners: slower. */
void run_files_scan(const struct history *h, bool owners, struct run_files *l);
void run_files_fini(struct run_files *l);
const struct run_file *run_files_find(const struct run_files *l, int64_t id);

/* --- salvage.c: a store whose database is damaged --------------------------------------------- */

/* Closes it: from now on only runs/ is read. Sets the notice. */
void salvage_begin(struct history *h);
int salvage_list(struct history *h, struct run *runs, int most);
bool salvage_get(struct history *h, int64_t id, struct run *r, struct err *e);
int64_t salvage_count(struct history *h);

/* --- history.c -------------------------------------------------------------------------------- */

/* history_open for a store whose file is there. */
bool history_open_at(struct history **h, const struct place *at, struct disk disk, bool create,
                     struct err *e);

#endif

#include "history/parts.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/mem.h"

enum {
    BUSY_MS = 5000,
    LOOK_MS = 2,  /* how often who waits looks for the end of another's write */
    LEAVE_MS = 6, /* how long who has written leaves the store to others */
    ROW_MAX_BYTES = RUN_OWNED * JSON_MAX_BYTES + (1 << 20),
    /* Half a second of work: 5 million runs counted. A damaged tree can be endless. */
    STEPS_MAX = 20 * 1000 * 1000,
    URI_BYTES = 3 * STORE_PATH_BYTES + 32,
};

#ifndef SQLITE_OPEN_NOFOLLOW /* before 3.31 */
#define SQLITE_OPEN_NOFOLLOW 0
#endif

bool store_damaged(struct history *h, struct err *e) {
    h->damaged = true;
    return err_set(e, ERR_FORMAT,
                   STORE_FILE " is damaged. It stays as it is; a new store is not made over it");
}

static bool disk_is_full(const struct history *h, int code) {
    int why = sqlite3_system_errno(h->db);
    return code == SQLITE_FULL || (code == SQLITE_IOERR && (why == ENOSPC || why == EDQUOT));
}

bool store_fail(struct history *h, struct err *e) {
    static const struct {
        int code;
        enum err_kind kind;
        const char *text;
        const char *fix;
    } failures[] = {
        {SQLITE_BUSY, ERR_IO, "the store is busy", "try again"},
        {SQLITE_READONLY, ERR_IO, "cannot write " STORE_FILE, "check its rights"},
        {SQLITE_TOOBIG, ERR_FORMAT, STORE_FILE " holds more in a run than is read here", ""},
    };
    int code = sqlite3_errcode(h->db) & 0xff;
    if (code == SQLITE_CORRUPT || code == SQLITE_NOTADB || code == SQLITE_INTERRUPT)
        return store_damaged(h, e);
    if (disk_is_full(h, code)) {
        err_set(e, ERR_IO, "no space left on %s", h->at.dir);
        return err_fix(e, "free space and try again");
    }
    for (size_t i = 0; i < sizeof failures / sizeof failures[0]; i++) {
        if (failures[i].code != code)
            continue;
        err_set(e, failures[i].kind, "%s", failures[i].text);
        return err_fix(e, "%s", failures[i].fix);
    }
    int why = code == SQLITE_CANTOPEN || code == SQLITE_IOERR ? sqlite3_system_errno(h->db) : 0;
    return err_set(e, ERR_IO, "cannot use " STORE_FILE ": %s",
                   why ? strerror(why) : sqlite3_errmsg(h->db));
}

/* SQLite's own way looks ever less often, and somebody who writes without a pause is never met at
 * rest. */
static int wait_for_turn(void *self, int times) {
    struct history *h = self;
    int64_t now = clock_steady_ms();
    if (times == 0)
        h->waits_since_ms = now;
    if (now - h->waits_since_ms >= BUSY_MS)
        return 0;
    usleep(LOOK_MS * 1000);
    return 1;
}

static void leave_turn(const struct history *h) {
    int64_t left_ms = h->wrote_ms + LEAVE_MS - clock_steady_ms();
    if (left_ms > 0 && left_ms <= LEAVE_MS)
        usleep((useconds_t)left_ms * 1000);
}

static int stop(void *unused) {
    (void)unused;
    return 1;
}

/* What SQLite's own page on files from others asks for (https://www.sqlite.org/security.html). */
static void harden(struct history *h) {
    static const struct {
        int option, on;
    } options[] = {
        {SQLITE_DBCONFIG_DEFENSIVE, 1},      {SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0},
        {SQLITE_DBCONFIG_ENABLE_TRIGGER, 0}, {SQLITE_DBCONFIG_ENABLE_VIEW, 0},
        {SQLITE_DBCONFIG_DQS_DML, 0},        {SQLITE_DBCONFIG_DQS_DDL, 0},
    };
    for (size_t i = 0; i < sizeof options / sizeof options[0]; i++)
        sqlite3_db_config(h->db, options[i].option, options[i].on, NULL);
    sqlite3_limit(h->db, SQLITE_LIMIT_LENGTH, ROW_MAX_BYTES);
    sqlite3_limit(h->db, SQLITE_LIMIT_ATTACHED, 0);
    sqlite3_progress_handler(h->db, STEPS_MAX, stop, NULL);
    sqlite3_exec(h->db, "PRAGMA cell_size_check=ON", NULL, NULL, NULL); /* a flag, cannot fail */
}

/* "immutable" reads the file as it lies there: no locks and no files beside it. */
static void frozen_uri(const char *path, char *out, size_t size) {
    size_t n = (size_t)snprintf(out, size, "file:");
    for (; *path && n + 4 < size; path++)
        n += (size_t)snprintf(out + n, size - n, strchr("%?#", *path) ? "%%%02X" : "%c", *path);
    snprintf(out + n, size - n, "?immutable=1");
}

/* Returns SQLite's code of the first read. */
static int dial(struct history *h, bool frozen) {
    char uri[URI_BYTES];
    frozen_uri(h->at.file, uri, sizeof uri);
    int flags = SQLITE_OPEN_NOFOLLOW | SQLITE_OPEN_PRIVATECACHE;
    flags |= frozen ? SQLITE_OPEN_READONLY | SQLITE_OPEN_URI : SQLITE_OPEN_READWRITE;
    sqlite3_close(h->db);
    int rc = sqlite3_open_v2(frozen ? uri : h->at.file, &h->db, flags, NULL);
    if (rc != SQLITE_OK)
        return rc;
    sqlite3_busy_handler(h->db, wait_for_turn, h);
    harden(h);
    /* WAL files that stay let somebody read who may not make them. They stay empty, because the
     * next start would read all of it. */
    int keep = !h->disk.network;
    sqlite3_file_control(h->db, "main", SQLITE_FCNTL_PERSIST_WAL, &keep);
    return sqlite3_exec(h->db, "PRAGMA journal_size_limit=0; PRAGMA user_version", NULL, NULL,
                        NULL);
}

/* A writer was killed, or is at work: the file alone is not the store. */
static bool is_unfinished(const struct history *h) {
    static const char *const ends[] = {"-wal", "-journal"};
    char path[STORE_PATH_BYTES + 8];
    struct stat st;
    bool any = false;
    for (size_t i = 0; i < sizeof ends / sizeof ends[0]; i++) {
        snprintf(path, sizeof path, "%s%s", h->at.file, ends[i]);
        any |= stat(path, &st) == 0 && st.st_size > 0;
    }
    return any;
}

static void say_read_only(struct history *h) {
    const char *why = "the disk does not take it";
    struct stat st;
    if (stat(h->at.folder, &st) == 0 && mode_is_shared(st.st_mode) && st.st_uid != geteuid() &&
        !group_has_me(st.st_gid)) {
        char group[64];
        group_name(st.st_gid, group, sizeof group);
        snprintf(h->notice, sizeof h->notice,
                 "Read only: you are not in group %s. Notes and votes are off.", group);
        return;
    }
    if (eaccess(h->at.file, W_OK) != 0 || eaccess(h->at.folder, W_OK) != 0)
        why = strerror(errno);
    snprintf(h->notice, sizeof h->notice,
             "Read only: " STORE_FILE " cannot be written (%s). Runs are not kept.", why);
}

static void say(struct history *h) {
    if (!h->disk.locks)
        snprintf(h->notice, sizeof h->notice,
                 "This file system does not lock files. Opened read only.");
    else if (h->read_only)
        say_read_only(h);
    else if (h->disk.network)
        snprintf(h->notice, sizeof h->notice,
                 "The workspace is on %s. Sharing works more slowly; keep all people on one host "
                 "if you can.",
                 h->disk.network);
}

bool store_connect(struct history *h, struct err *e) {
    if (!h->disk.locks && is_unfinished(h))
        return err_set(e, ERR_IO,
                       STORE_FILE " has an unfinished change, and this file system does "
                                  "not lock files");
    bool frozen = !h->disk.locks;
    int rc = dial(h, frozen);
    /* A copy without its WAL files in a folder where they cannot be made. */
    bool stuck = (rc & 0xff) == SQLITE_CANTOPEN || (rc & 0xff) == SQLITE_READONLY;
    if (stuck && !frozen && !is_unfinished(h)) {
        frozen = true;
        rc = dial(h, true);
    }
    if (rc != SQLITE_OK)
        return store_fail(h, e);
    h->read_only = frozen || sqlite3_db_readonly(h->db, "main") == 1;
    say(h);
    return true;
}

bool store_exec(struct history *h, const char *sql, struct err *e) {
    return sqlite3_exec(h->db, sql, NULL, NULL, NULL) == SQLITE_OK || store_fail(h, e);
}

sqlite3_stmt *store_prepare(struct history *h, const char *sql, struct err *e) {
    sqlite3_stmt *st = NULL;
    if (sqlite3_prepare_v3(h->db, sql, -1, SQLITE_PREPARE_NO_VTAB, &st, NULL) != SQLITE_OK)
        store_fail(h, e);
    return st;
}

bool store_int(struct history *h, const char *sql, int64_t *value, struct err *e) {
    sqlite3_stmt *st = store_prepare(h, sql, e);
    bool ok = st && sqlite3_step(st) == SQLITE_ROW;
    if (ok)
        *value = sqlite3_column_int64(st, 0);
    else if (st)
        store_fail(h, e);
    sqlite3_finalize(st);
    return ok;
}

/* Before the first write and not at opening, where nothing is written. WAL needs memory that all
 * who write share, so one host. While somebody else has the store open in the other mode it cannot
 * be changed: both modes are safe, and the next write tries again. */
static bool make_ready(struct history *h, struct err *e) {
    if (h->ready)
        return true;
    const char *mode = h->disk.network ? "PRAGMA journal_mode=TRUNCATE" : "PRAGMA journal_mode=WAL";
    int code = sqlite3_exec(h->db, mode, NULL, NULL, NULL) & 0xff;
    if (code != SQLITE_OK && code != SQLITE_BUSY)
        return store_fail(h, e);
    h->ready = code == SQLITE_OK;
    return store_exec(h, "PRAGMA synchronous=FULL", e);
}

/* SQLite does not notice in WAL mode, and would go on writing into a file without a name. */
static bool still_there(struct history *h, struct err *e) {
    int moved = 0;
    sqlite3_file_control(h->db, "main", SQLITE_FCNTL_HAS_MOVED, &moved);
    if (!moved)
        return true;
    err_set(e, ERR_IO, STORE_FILE " was moved or deleted while it was open");
    return err_fix(e, "start perfscale again");
}

bool store_begin_plain(struct history *h, struct err *e) {
    if (h->read_only)
        return err_set(e, ERR_REFUSED, "%s",
                       h->disk.locks ? "the store is open for reading only"
                                     : "this file system does not lock files, so nothing is kept");
    leave_turn(h);
    return still_there(h, e) && make_ready(h, e) && store_exec(h, "BEGIN IMMEDIATE", e);
}

bool store_begin(struct history *h, struct err *e) {
    if (!h->read_only && !(still_there(h, e) && store_bring_up(h, e)))
        return false;
    if (!store_begin_plain(h, e))
        return false;
    if (schema_look(h, e))
        return true;
    store_rollback(h);
    return false;
}

bool store_commit(struct history *h, struct err *e) {
    bool ok = store_exec(h, "COMMIT", e);
    h->wrote_ms = clock_steady_ms();
    return ok;
}

void store_rollback(struct history *h) {
    if (!sqlite3_get_autocommit(h->db))
        sqlite3_exec(h->db, "ROLLBACK", NULL, NULL, NULL);
}

bool store_end(struct history *h, sqlite3_stmt *st, struct err *e) {
    bool ok = st && (sqlite3_step(st) == SQLITE_DONE || store_fail(h, e));
    sqlite3_finalize(st);
    ok = ok && store_commit(h, e);
    if (!ok)
        store_rollback(h);
    return ok;
}

bool store_text(sqlite3_stmt *st, int column, int max, const char *what, char **out,
                struct err *e) {
    const char *text = (const char *)sqlite3_column_text(st, column);
    int len = sqlite3_column_bytes(st, column);
    *out = NULL;
    if (len > max)
        return err_set(e, ERR_FORMAT, "%s has %d bytes, more than the %d that are read here", what,
                       len, max);
    *out = text ? mem_strndup(text, (size_t)len) : NULL;
    return true;
}

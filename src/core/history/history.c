#include "history/history.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/file.h"
#include "base/mem.h"
#include "history/parts.h"
#include "history/said_parts.h"

/* --- open and close --------------------------------------------------------------------------- */

bool history_exists(const char *dir) {
    char folder[4096];
    struct stat st;
    return file_join(folder, sizeof folder, dir, STORE_FOLDER) && lstat(folder, &st) == 0 &&
           S_ISDIR(st.st_mode);
}

/* A store that cannot be brought to this schema now can be read all the same. */
static void try_bring_up(struct history *h) {
    struct err e = {0};
    if (h->read_only || store_bring_up(h, &e) || h->notice[0])
        return;
    snprintf(h->notice, sizeof h->notice, "%.200s. Opened as it is.", e.text);
}

static bool open_it(struct history *h, bool create, bool *empty, struct err *e) {
    if (!store_connect(h, e) || !schema_check(h, e))
        return false;
    *empty = h->version == 0;
    if (!*empty || !create)
        return true;
    *empty = false;
    return schema_create(h, e) && schema_check(h, e);
}

bool history_open_at(struct history **h, const struct place *at, struct disk disk, bool create,
                     struct err *e) {
    struct history *store = mem_new(1, sizeof *store);
    bool empty = false;
    *h = NULL;
    store->at = *at;
    store->disk = disk;
    bool ok = open_it(store, create, &empty, e);
    if (store->damaged) {
        salvage_begin(store);
        ok = true;
    } else if (ok && !empty && create) {
        try_bring_up(store);
    }
    if (ok && !empty)
        *h = store;
    else
        history_close(store);
    return ok;
}

bool history_open(struct history **h, const char *dir, bool create, struct err *e) {
    struct place at;
    bool there;
    *h = NULL;
    if (!place_find(&at, dir, create, &there, e))
        return false;
    return !there || history_open_at(h, &at, disk_of(&at), create, e);
}

void history_close(struct history *h) {
    if (!h)
        return;
    sqlite3_close(h->db);
    free(h);
}

const char *history_folder(const struct history *h) { return h->at.folder; }

bool history_read_only(const struct history *h) { return h->read_only; }

const char *history_notice(const struct history *h) { return h->notice; }

/* --- the session's state ---------------------------------------------------------------------- */

bool history_save_state(struct history *h, const char *json, int64_t now_ms, struct err *e) {
    size_t len = strlen(json);
    if (len > STATE_MAX_BYTES)
        return err_set(e, ERR_LIMIT, "the state has %zu bytes, more than the %d that are kept", len,
                       STATE_MAX_BYTES);
    if (!store_begin(h, e))
        return false;
    sqlite3_stmt *st =
        store_prepare(h, "INSERT OR REPLACE INTO state(uid, saved_ms, json) VALUES(?1, ?2, ?3)", e);
    if (st) {
        sqlite3_bind_int64(st, 1, getuid());
        sqlite3_bind_int64(st, 2, now_ms);
        sqlite3_bind_text(st, 3, json, (int)len, SQLITE_STATIC);
    }
    return store_end(h, st, e);
}

/* Of schema 1 there is one, and it was whose the file is. */
static sqlite3_stmt *select_state(struct history *h, struct err *e) {
    struct stat st;
    if (h->version < HISTORY_SCHEMA && !schema_look(h, e))
        return NULL;
    bool old = h->version < HISTORY_SCHEMA;
    sqlite3_stmt *select = store_prepare(h,
                                         old ? "SELECT ?2, saved_ms, json FROM state"
                                             : "SELECT uid, saved_ms, json FROM state "
                                               "ORDER BY uid = ?1 DESC, saved_ms DESC LIMIT 1",
                                         e);
    if (select && old && stat(h->at.file, &st) == 0)
        sqlite3_bind_int64(select, 2, st.st_uid);
    else if (select)
        sqlite3_bind_int64(select, 1, getuid());
    return select;
}

enum { FROM_BYTES = 64 };

bool history_load_state(struct history *h, char **json, int64_t *saved_ms, char *from,
                        struct err *e) {
    *json = NULL;
    *saved_ms = 0;
    from[0] = '\0';
    if (h->damaged)
        return true;
    sqlite3_stmt *st = select_state(h, e);
    if (!st)
        return false;
    int rc = sqlite3_step(st);
    bool ok = rc == SQLITE_DONE || rc == SQLITE_ROW || store_fail(h, e);
    if (rc == SQLITE_ROW) {
        int64_t uid = sqlite3_column_int64(st, 0);
        *saved_ms = sqlite3_column_int64(st, 1);
        if (uid != (int64_t)getuid())
            who_name(uid, from, FROM_BYTES);
        ok = store_text(st, 2, STATE_MAX_BYTES, "the saved state", json, e);
    }
    sqlite3_finalize(st);
    return ok;
}

bool history_clear_state(struct history *h, struct err *e) {
    if (!store_begin(h, e))
        return false;
    sqlite3_stmt *st = store_prepare(h, "DELETE FROM state WHERE uid = ?1", e);
    if (st)
        sqlite3_bind_int64(st, 1, getuid());
    return store_end(h, st, e);
}

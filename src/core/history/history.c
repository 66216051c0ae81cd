#include "history/history.h"

#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/file.h"
#include "base/mem.h"
#include "history/parts.h"

/* --- open and close --------------------------------------------------------------------------- */

bool history_exists(const char *dir) {
    char folder[4096];
    struct stat st;
    return file_join(folder, sizeof folder, dir, STORE_FOLDER) && lstat(folder, &st) == 0 &&
           S_ISDIR(st.st_mode);
}

bool history_open_at(struct history **h, const struct place *at, struct disk disk, bool create,
                     struct err *e) {
    struct history *store = mem_new(1, sizeof *store);
    bool empty = false;
    *h = NULL;
    store->at = *at;
    store->disk = disk;
    bool ok = store_connect(store, e) && schema_check(store, &empty, e);
    if (ok && empty && create)
        ok = schema_create(store, e) && schema_check(store, &empty, e);
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

bool history_read_only(const struct history *h) { return h->read_only; }

const char *history_notice(const struct history *h) { return h->notice; }

/* --- the session's state ---------------------------------------------------------------------- */

bool history_save_state(struct history *h, const char *json, int64_t now_ms, struct err *e) {
    size_t len = strlen(json);
    if (len > STATE_MAX_BYTES)
        return err_set(e, ERR_LIMIT, "the state has %zu bytes, more than the %d that are kept", len,
                       STATE_MAX_BYTES);
    sqlite3_stmt *st =
        store_prepare(h, "INSERT OR REPLACE INTO state(id, saved_ms, json) VALUES(1, ?1, ?2)", e);
    if (!st)
        return false;
    sqlite3_bind_int64(st, 1, now_ms);
    sqlite3_bind_text(st, 2, json, (int)len, SQLITE_STATIC);
    return store_write(h, st, e);
}

bool history_load_state(struct history *h, char **json, int64_t *saved_ms, struct err *e) {
    *json = NULL;
    *saved_ms = 0;
    sqlite3_stmt *st = store_prepare(h, "SELECT saved_ms, json FROM state WHERE id = 1", e);
    if (!st)
        return false;
    int rc = sqlite3_step(st);
    bool ok = rc == SQLITE_DONE || rc == SQLITE_ROW || store_fail(h, e);
    if (rc == SQLITE_ROW) {
        *saved_ms = sqlite3_column_int64(st, 0);
        ok = store_text(st, 1, STATE_MAX_BYTES, "the saved state", json, e);
    }
    sqlite3_finalize(st);
    return ok;
}

bool history_clear_state(struct history *h, struct err *e) {
    sqlite3_stmt *st = store_prepare(h, "DELETE FROM state", e);
    return st && store_write(h, st, e);
}

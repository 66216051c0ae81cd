#include "history/parts.h"

#include <math.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"

/* The columns of RUN_COLUMNS: first the texts, then the numbers, both as in the tables below. */
enum { ID, AT_MS, FIRST };

#define FIELD(name)                                                                                \
    { offsetof(struct run, name), sizeof((struct run *)NULL)->name }
static const struct {
    size_t at, size;
} texts[] = {FIELD(author), FIELD(host),   FIELD(tool),   FIELD(tool_version),
             FIELD(model),  FIELD(script), FIELD(source), FIELD(verdict)};

static const size_t numbers[] = {
    offsetof(struct run, target_rps),
    offsetof(struct run, rps),
    offsetof(struct run, p95_ms),
    offsetof(struct run, error_rate),
};

enum {
    TEXTS = sizeof texts / sizeof texts[0],
    NUMBERS = sizeof numbers / sizeof numbers[0],
    PLAN_JSON = FIRST + TEXTS + NUMBERS,
    CHECK_JSON,
};

void run_fini(struct run *r) {
    free(r->plan_json);
    free(r->check_json);
    r->plan_json = r->check_json = NULL;
}

/* --- to the store ----------------------------------------------------------------------------- */

/* Parameters count from 1, columns from 0: as the row has its id in column 0, they are the same. */
static void bind_run(sqlite3_stmt *st, const struct run *r) {
    const char *bytes = (const char *)r;
    sqlite3_bind_int64(st, AT_MS, r->at_ms);
    for (int i = 0; i < TEXTS; i++) {
        const char *text = bytes + texts[i].at;
        sqlite3_bind_text(st, FIRST + i, text, (int)strnlen(text, texts[i].size), SQLITE_STATIC);
    }
    for (int i = 0; i < NUMBERS; i++) {
        double value;
        memcpy(&value, bytes + numbers[i], sizeof value);
        if (isfinite(value)) /* else NULL, as every parameter is at first */
            sqlite3_bind_double(st, FIRST + TEXTS + i, value);
    }
    sqlite3_bind_text(st, PLAN_JSON, r->plan_json, -1, SQLITE_STATIC);
    sqlite3_bind_text(st, CHECK_JSON, r->check_json, -1, SQLITE_STATIC);
}

static bool check_size(const char *json, const char *what, struct err *e) {
    size_t len = json ? strlen(json) : 0;
    return len <= JSON_MAX_BYTES ||
           err_set(e, ERR_LIMIT, "%s has %zu bytes, more than the %d that are kept", what, len,
                   JSON_MAX_BYTES);
}

bool history_add(struct history *h, struct run *r, struct err *e) {
    if (!check_size(r->plan_json, "the load profile", e) ||
        !check_size(r->check_json, "the verdict", e))
        return false;
    sqlite3_stmt *st =
        store_prepare(h,
                      "INSERT INTO run(at_ms, " RUN_COLUMNS ", plan_json, check_json) "
                      "VALUES(?,?,?,?,?,?,?,?,?,?,?,?,?,?,?)",
                      e);
    if (!st)
        return false;
    bind_run(st, r);
    if (!store_write(h, st, e))
        return false;
    r->id = sqlite3_last_insert_rowid(h->db);
    return true;
}

/* --- from the store --------------------------------------------------------------------------- */

static void read_run(sqlite3_stmt *st, struct run *r) {
    *r = (struct run){.id = sqlite3_column_int64(st, ID), .at_ms = sqlite3_column_int64(st, AT_MS)};
    char *bytes = (char *)r;
    for (int i = 0; i < TEXTS; i++) {
        const char *text = (const char *)sqlite3_column_text(st, FIRST + i);
        text_copy(bytes + texts[i].at, texts[i].size, text ? text : "");
    }
    for (int i = 0; i < NUMBERS; i++) {
        int column = FIRST + TEXTS + i;
        double value = sqlite3_column_double(st, column);
        if (sqlite3_column_type(st, column) == SQLITE_NULL || !isfinite(value))
            value = NAN;
        memcpy(bytes + numbers[i], &value, sizeof value);
    }
}

bool history_get(struct history *h, int64_t id, struct run *r, struct err *e) {
    *r = (struct run){0};
    sqlite3_stmt *st = store_prepare(
        h, "SELECT id, at_ms, " RUN_COLUMNS ", plan_json, check_json FROM run WHERE id = ?1", e);
    if (!st)
        return false;
    sqlite3_bind_int64(st, 1, id);
    int rc = sqlite3_step(st);
    bool ok = rc == SQLITE_ROW;
    if (rc == SQLITE_DONE)
        err_set(e, ERR_USAGE, "there is no run %lld", (long long)id);
    else if (!ok)
        store_fail(h, e);
    if (ok) {
        read_run(st, r);
        ok = store_text(st, PLAN_JSON, JSON_MAX_BYTES, "the load profile of this run",
                        &r->plan_json, e) &&
             store_text(st, CHECK_JSON, JSON_MAX_BYTES, "the verdict of this run", &r->check_json,
                        e);
    }
    if (!ok)
        run_fini(r);
    sqlite3_finalize(st);
    return ok;
}

int history_list(struct history *h, struct run *runs, int most, struct err *e) {
    sqlite3_stmt *st =
        store_prepare(h, "SELECT id, at_ms, " RUN_COLUMNS " FROM run ORDER BY id DESC LIMIT ?1", e);
    if (!st)
        return -1;
    sqlite3_bind_int(st, 1, most > 0 ? most : 0);
    int n = 0, rc;
    while ((rc = sqlite3_step(st)) == SQLITE_ROW && n < most)
        read_run(st, &runs[n++]);
    if (rc != SQLITE_DONE) {
        store_fail(h, e);
        n = -1;
    }
    sqlite3_finalize(st);
    return n;
}

/* count(verdict) walks the small index. Not count(*), which counts whole pages in one step that
 * nothing interrupts: a damaged tree can make that endless. */
int64_t history_count(struct history *h, struct err *e) {
    int64_t count;
    return store_int(h, "SELECT count(verdict) FROM run", &count, e) ? count : -1;
}

bool history_has_passed(struct history *h, const char *model, double target_rps) {
    enum { NEAR_PCT = 95 }; /* a target is rarely met to the last request */
    sqlite3_stmt *st = store_prepare(h,
                                     "SELECT 1 FROM run WHERE verdict = 'pass' AND model = ?1 "
                                     "AND target_rps >= ?2 LIMIT 1",
                                     NULL);
    if (!st)
        return false;
    sqlite3_bind_text(st, 1, model, -1, SQLITE_STATIC);
    sqlite3_bind_double(st, 2, target_rps * NEAR_PCT / 100);
    bool found = sqlite3_step(st) == SQLITE_ROW;
    sqlite3_finalize(st);
    return found;
}

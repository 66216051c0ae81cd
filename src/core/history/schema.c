#include "history/parts.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"

/* "pfsc", in the header of the file: what `file` and SQLite's own tools call its application */
enum { APPLICATION_ID = 0x70667363, SQL_BYTES = 1024 };

#define RUN_BY_VERDICT "CREATE INDEX run_by_verdict ON run(verdict, model, target_rps)"
/* The texts are compared with those in the file, byte by byte: a change here is a new
 * HISTORY_SCHEMA. The limits of the JSON texts are STATE_MAX_BYTES and JSON_MAX_BYTES. */
static const struct {
    int from, to; /* schemas that have it */
    const char *type, *name, *sql;
} objects[] = {
    /* program: the version that made this schema; a newer one that changes it writes its own */
    {1, 2, "table", "store",
     "CREATE TABLE store(\n"
     "  id INTEGER PRIMARY KEY CHECK(id = 1),\n"
     "  program TEXT NOT NULL\n"
     ") STRICT"},
    {1, 1, "table", "state",
     "CREATE TABLE state(\n"
     "  id INTEGER PRIMARY KEY CHECK(id = 1),\n"
     "  saved_ms INTEGER NOT NULL,\n"
     "  json TEXT NOT NULL CHECK(length(CAST(json AS BLOB)) <= 1048576)\n"
     ") STRICT"},
    {2, 2, "table", "state",
     "CREATE TABLE state(\n"
     "  uid INTEGER PRIMARY KEY,\n"
     "  saved_ms INTEGER NOT NULL,\n"
     "  json TEXT NOT NULL CHECK(length(CAST(json AS BLOB)) <= 1048576)\n"
     ") STRICT"},
    {1, 1, "table", "run",
     "CREATE TABLE run(\n"
     "  id INTEGER PRIMARY KEY AUTOINCREMENT,\n"
     "  at_ms INTEGER NOT NULL,\n"
     "  author TEXT NOT NULL,\n"
     "  host TEXT NOT NULL,\n"
     "  tool TEXT NOT NULL,\n"
     "  tool_version TEXT NOT NULL,\n"
     "  model TEXT NOT NULL,\n"
     "  script TEXT NOT NULL,\n"
     "  source TEXT NOT NULL,\n"
     "  target_rps REAL,\n"
     "  rps REAL,\n"
     "  p95_ms REAL,\n"
     "  error_rate REAL,\n"
     "  verdict TEXT NOT NULL,\n"
     "  plan_json TEXT CHECK(length(CAST(plan_json AS BLOB)) <= 4194304),\n"
     "  check_json TEXT CHECK(length(CAST(check_json AS BLOB)) <= 4194304)\n"
     ") STRICT"},
    {2, 2, "table", "run",
     "CREATE TABLE run(\n"
     "  id INTEGER PRIMARY KEY AUTOINCREMENT,\n"
     "  at_ms INTEGER NOT NULL,\n"
     "  author_uid INTEGER NOT NULL,\n"
     "  author TEXT NOT NULL,\n"
     "  confirmed_by TEXT NOT NULL,\n"
     "  host TEXT NOT NULL,\n"
     "  tool TEXT NOT NULL,\n"
     "  tool_version TEXT NOT NULL,\n"
     "  model TEXT NOT NULL,\n"
     "  script TEXT NOT NULL,\n"
     "  source TEXT NOT NULL,\n"
     "  verdict TEXT NOT NULL,\n"
     "  hash_results TEXT NOT NULL,\n"
     "  hash_script TEXT NOT NULL,\n"
     "  hash_rules TEXT NOT NULL,\n"
     "  hash_limits TEXT NOT NULL,\n"
     "  hash_verdict TEXT NOT NULL,\n"
     "  target_rps REAL,\n"
     "  rps REAL,\n"
     "  p95_ms REAL,\n"
     "  error_rate REAL\n"
     ") STRICT"},
    /* apart, so that a list of runs reads few pages */
    {2, 2, "table", "run_text",
     "CREATE TABLE run_text(\n"
     "  id INTEGER PRIMARY KEY,\n"
     "  plan_json TEXT CHECK(length(CAST(plan_json AS BLOB)) <= 67108864),\n"
     "  check_json TEXT CHECK(length(CAST(check_json AS BLOB)) <= 67108864),\n"
     "  script_text TEXT CHECK(length(CAST(script_text AS BLOB)) <= 67108864),\n"
     "  files_json TEXT CHECK(length(CAST(files_json AS BLOB)) <= 67108864)\n"
     ") STRICT"},
    {1, 2, "index", "run_by_verdict", RUN_BY_VERDICT},
};
enum { OBJECTS = sizeof objects / sizeof objects[0] };

_Static_assert(STATE_MAX_BYTES == 1048576 && JSON_MAX_BYTES == 67108864, "the CHECKs above");

static bool read_ids(struct history *h, int64_t *application, int64_t *version, int64_t *count,
                     struct err *e) {
    return store_int(h, "PRAGMA application_id", application, e) &&
           store_int(h, "PRAGMA user_version", version, e) &&
           store_int(h, "SELECT count(*) FROM sqlite_schema", count, e);
}

static bool is_of(size_t object, int version) {
    return objects[object].from <= version && version <= objects[object].to;
}

static bool is_ours(int version, const char *type, const char *name, const char *sql) {
    for (size_t i = 0; i < OBJECTS; i++)
        if (is_of(i, version) && strcmp(objects[i].name, name) == 0)
            return strcmp(objects[i].type, type) == 0 && strcmp(objects[i].sql, sql) == 0;
    return false;
}

static size_t count_of(int version) {
    size_t n = 0;
    for (size_t i = 0; i < OBJECTS; i++)
        n += is_of(i, version);
    return n;
}

/* Tables of SQLite itself: AUTOINCREMENT makes the first, an ANALYZE by hand the others. */
static bool is_sqlites(const char *type, const char *name) {
    static const char *const names[] = {"sqlite_sequence", "sqlite_stat1", "sqlite_stat4"};
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++)
        if (strcmp(names[i], name) == 0)
            return strcmp(type, "table") == 0;
    return false;
}

static const char *column(sqlite3_stmt *st, int i) {
    const char *text = (const char *)sqlite3_column_text(st, i);
    return text ? text : "";
}

static bool refuse_object(const char *type, const char *name, struct err *e) {
    return err_set(e, ERR_REFUSED, STORE_FILE " holds the %.20s \"%.64s\", not made by perfscale",
                   type, name);
}

/* Ours and nothing else: a view or trigger would change what our statements do. */
static bool check_objects(struct history *h, struct err *e) {
    sqlite3_stmt *st = store_prepare(h, "SELECT type, name, sql FROM sqlite_schema", e);
    if (!st)
        return false;
    size_t ours = 0;
    bool ok = true;
    int rc;
    while (ok && (rc = sqlite3_step(st)) == SQLITE_ROW) {
        const char *type = column(st, 0), *name = column(st, 1);
        if (is_ours(h->version, type, name, column(st, 2)))
            ours++;
        else if (!is_sqlites(type, name))
            ok = refuse_object(type, name, e);
    }
    if (ok && rc != SQLITE_DONE)
        ok = store_fail(h, e);
    else if (ok && ours != count_of(h->version))
        ok = store_damaged(h, e);
    sqlite3_finalize(st);
    return ok;
}

static void newer_notice(struct history *h) {
    char *text = NULL, program[PROGRAM_BYTES] = "";
    sqlite3_stmt *st = store_prepare(h, "SELECT program FROM store", NULL);
    if (st && sqlite3_step(st) == SQLITE_ROW)
        store_text(st, 0, PROGRAM_BYTES, "", &text, NULL);
    if (text)
        text_clean(text, strlen(text), TEXT_ONE_LINE, program, sizeof program);
    free(text);
    sqlite3_finalize(st);
    snprintf(h->notice, sizeof h->notice,
             "This workspace was written by %sperfscale%s%s. Opened read only.",
             program[0] ? "" : "a newer ", program[0] ? " " : "", program);
}

static bool has_columns(struct history *h, const char *sql) {
    sqlite3_stmt *st = store_prepare(h, sql, NULL);
    sqlite3_finalize(st);
    return st != NULL;
}

/* A newer store may have more in it, as long as our columns are there, in plain tables. */
static bool check_newer(struct history *h, struct err *e) {
    struct buf sql;
    h->read_only = true;
    newer_notice(h);
    buf_init(&sql, SQL_BYTES);
    run_select(&sql, HISTORY_SCHEMA, RUN_MEMBERS);
    bool known =
        has_columns(h, "SELECT uid, saved_ms, json FROM state") && has_columns(h, sql.data);
    buf_fini(&sql);
    if (known)
        return true;
    err_set(e, ERR_FORMAT, STORE_FILE " was written by a newer perfscale and cannot be read");
    return err_fix(e, "use that version");
}

static bool check(struct history *h, struct err *e) {
    int64_t application, version, count;
    if (!read_ids(h, &application, &version, &count, e))
        return false;
    if (application == 0 && version == 0 && count == 0)
        return true;
    if (application != APPLICATION_ID || version < 1)
        return err_set(e, ERR_REFUSED, STORE_FILE " is not a store of perfscale");
    h->version = version > HISTORY_SCHEMA ? HISTORY_SCHEMA : (int)version;
    return version > HISTORY_SCHEMA ? check_newer(h, e) : check_objects(h, e);
}

/* In one transaction: another process may be making the tables right now. */
bool schema_check(struct history *h, struct err *e) {
    h->version = 0;
    if (!store_exec(h, "BEGIN", e))
        return false;
    bool ok = check(h, e);
    store_rollback(h);
    return ok;
}

bool schema_look(struct history *h, struct err *e) {
    int64_t version;
    if (!store_int(h, "PRAGMA user_version", &version, e))
        return false;
    if (version <= HISTORY_SCHEMA) {
        h->version = (int)version;
        return true;
    }
    err_set(e, ERR_REFUSED, "a newer perfscale has changed " STORE_FILE " while it was open");
    return err_fix(e, "start that version");
}

bool schema_make(struct history *h, const char *name, struct err *e) {
    bool ok = true;
    for (size_t i = 0; ok && i < OBJECTS; i++)
        if (is_of(i, HISTORY_SCHEMA) && (!name || strcmp(objects[i].name, name) == 0))
            ok = store_exec(h, objects[i].sql, e);
    return ok;
}

bool schema_sign(struct history *h, struct err *e) {
    char sql[256];
    snprintf(sql, sizeof sql,
             "INSERT OR REPLACE INTO store VALUES(1, '%.31s'); PRAGMA application_id=%d; "
             "PRAGMA user_version=%d",
             PERFSCALE_VERSION, APPLICATION_ID, HISTORY_SCHEMA);
    return store_exec(h, sql, e);
}

bool schema_create(struct history *h, struct err *e) {
    int64_t application, version, count;
    if (!store_begin_plain(h, e))
        return false;
    bool ok = read_ids(h, &application, &version, &count, e);
    if (ok && count == 0)
        ok = schema_make(h, NULL, e) && schema_sign(h, e);
    ok = ok && store_commit(h, e);
    if (!ok)
        store_rollback(h);
    return ok;
}

#include "history/parts.h"

#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

/* --- from schema 1 ---------------------------------------------------------------------------- */

/* The state of schema 1 had no owner: it was whose the file is. */
static bool move_state(struct history *h, struct err *e) {
    char sql[160];
    struct stat st;
    if (stat(h->at.file, &st) != 0)
        st.st_uid = geteuid();
    snprintf(sql, sizeof sql,
             "INSERT INTO state SELECT %lld, saved_ms, json FROM state_1; DROP TABLE state_1",
             (long long)st.st_uid);
    return store_exec(h, sql, e);
}

static bool move_columns(struct history *h, const char *into, int first, int end, struct err *e) {
    struct buf sql;
    buf_init(&sql, 4096);
    buf_printf(&sql, "INSERT INTO %s(id", into);
    for (int i = first; i < end; i++)
        buf_printf(&sql, ", %s", run_members[i].name);
    buf_str(&sql, ") SELECT id");
    for (int i = first; i < end; i++)
        buf_printf(&sql, ", %s", member_column(i, 1));
    buf_str(&sql, " FROM run_1");
    bool ok = store_exec(h, sql.data, e);
    buf_fini(&sql);
    return ok;
}

/* The last number goes along: none is used twice, also when that run is gone. */
static bool move_runs(struct history *h, struct err *e) {
    return move_columns(h, "run", 1, RUN_SHORT, e) &&
           move_columns(h, "run_text", RUN_SHORT, RUN_MEMBERS, e) &&
           store_exec(h,
                      "DELETE FROM sqlite_sequence WHERE name = 'run';"
                      "UPDATE sqlite_sequence SET name = 'run' WHERE name = 'run_1';"
                      "DROP TABLE run_1",
                      e);
}

/* They have no file yet, which is what is left of a run when the database is damaged. Nobody
 * vouches for their author. */
static bool write_files(struct history *h, struct err *e) {
    bool ok = true;
    sqlite3_stmt *st = store_prepare(h, "SELECT id FROM run", e);
    if (!st)
        return false;
    int rc = SQLITE_DONE;
    while (ok && (rc = sqlite3_step(st)) == SQLITE_ROW) {
        struct run r;
        int64_t id = sqlite3_column_int64(st, 0);
        if (run_file_is_there(h, id))
            continue;
        ok = run_row(h, id, RUN_MEMBERS, &r, e) && run_file_add(h, &r, e);
        run_fini(&r);
    }
    if (ok && rc != SQLITE_DONE)
        ok = store_fail(h, e);
    sqlite3_finalize(st);
    return ok;
}

static bool from_1(struct history *h, struct err *e) {
    bool ok = store_exec(h,
                         "DROP INDEX run_by_verdict;"
                         "ALTER TABLE run RENAME TO run_1; ALTER TABLE state RENAME TO state_1",
                         e) &&
              schema_make(h, "state", e) && schema_make(h, "run", e) &&
              schema_make(h, "run_text", e) && schema_make(h, "run_by_verdict", e) &&
              move_state(h, e) && move_runs(h, e) && schema_sign(h, e);
    h->version = ok ? HISTORY_SCHEMA : h->version;
    return ok && write_files(h, e);
}

static bool migrate(struct history *h, struct err *e) {
    if (!store_begin_plain(h, e))
        return false;
    /* another process may have done so while this one waited */
    bool ok = schema_look(h, e) && (h->version != 1 || from_1(h, e)) && store_commit(h, e);
    if (!ok) {
        store_rollback(h);
        h->version = 1;
    }
    return ok;
}

/* --- runs that only lie in runs/ -------------------------------------------------------------- */

static bool is_in_table(sqlite3_stmt *st, int64_t id) {
    sqlite3_reset(st);
    sqlite3_bind_int64(st, 1, id);
    return sqlite3_step(st) == SQLITE_ROW;
}

/* A number far above all others would use up those between. */
static bool is_near(int64_t id, int64_t last) { return id <= last + HISTORY_RUNS_MAX; }

/* Both are in the order of their numbers. */
static bool any_lacks(struct history *h, const struct run_files *l, bool *lacks, struct err *e) {
    sqlite3_stmt *st = store_prepare(h, "SELECT id FROM run ORDER BY id", e);
    int rc = SQLITE_ROW;
    int64_t row = 0;
    *lacks = false;
    for (size_t i = 0; st && !*lacks && i < l->n; i++) {
        while (rc == SQLITE_ROW && row < l->item[i].id) {
            rc = sqlite3_step(st);
            row = sqlite3_column_int64(st, 0);
        }
        *lacks = l->item[i].next || rc != SQLITE_ROW || row != l->item[i].id;
    }
    bool ok = st && (rc == SQLITE_ROW || rc == SQLITE_DONE || store_fail(h, e));
    sqlite3_finalize(st);
    return ok;
}

/* Only from the hand of the author it names; of schema 1 nobody is named. */
static bool take_in_one(struct history *h, int64_t id, struct err *e) {
    struct run r;
    bool ok = true;
    if (run_file_get(h, id, false, &r) && (r.author_proven || r.author_uid < 0))
        ok = run_insert(h, &r, e);
    run_fini(&r);
    return ok;
}

static bool take_in_all(struct history *h, const struct run_files *l, struct err *e) {
    int64_t last;
    sqlite3_stmt *st = store_prepare(h, "SELECT 1 FROM run WHERE id = ?1", e);
    bool ok = st && store_int(h, "SELECT coalesce(max(seq), 0) FROM sqlite_sequence", &last, e);
    for (size_t i = 0; ok && i < l->n && is_near(l->item[i].id, last); i++) {
        int64_t id = l->item[i].id;
        if (!l->item[i].next && !is_in_table(st, id))
            ok = take_in_one(h, id, e);
        last = id > last ? id : last;
    }
    sqlite3_finalize(st);
    return ok;
}

/* A run was judged again and its writer killed: when the row has it already, the file follows, else
 * it never was. Only the author may rename his file. */
static void settle_next(struct history *h, const struct run_files *l) {
    for (size_t i = 0; i < l->n; i++) {
        struct run row = {0}, next = {0};
        int64_t id = l->item[i].id;
        if (!l->item[i].next || !run_file_get(h, id, true, &next) ||
            next.author_uid != (int64_t)getuid()) {
            run_fini(&next);
            continue;
        }
        if (run_row(h, id, RUN_MEMBERS, &row, NULL) && run_same(&row, &next, RUN_MEMBERS))
            run_file_take_next(h, id, NULL);
        else
            run_file_drop_next(h, id);
        run_fini(&row);
        run_fini(&next);
    }
}

static bool take_in(struct history *h, const struct run_files *l, struct err *e) {
    bool lacks;
    if (!any_lacks(h, l, &lacks, e))
        return false;
    if (!lacks)
        return true;
    if (!store_begin_plain(h, e))
        return false;
    bool ok = take_in_all(h, l, e);
    if (ok)
        settle_next(h, l);
    ok = ok && store_commit(h, e);
    if (!ok)
        store_rollback(h);
    return ok;
}

bool store_bring_up(struct history *h, struct err *e) {
    struct run_files files;
    if (h->current)
        return true;
    if (!schema_look(h, e) || (h->version == 1 && !migrate(h, e)))
        return false;
    run_files_scan(h, false, &files);
    h->current = take_in(h, &files, e);
    run_files_fini(&files);
    if (h->current)
        folders_tidy(h);
    return h->current;
}

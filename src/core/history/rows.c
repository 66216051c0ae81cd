#include "history/parts.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

enum { SQL_BYTES = 2048 };

/* --- to the store ----------------------------------------------------------------------------- */

static void bind_member(sqlite3_stmt *st, int at, int member, const struct run *r) {
    size_t len;
    const char *text;
    switch (run_members[member].kind) {
    case MEMBER_INT:
        sqlite3_bind_int64(st, at, member_int(r, member));
        break;
    case MEMBER_REAL: /* else NULL, as every parameter is at first */
        if (isfinite(member_real(r, member)))
            sqlite3_bind_double(st, at, member_real(r, member));
        break;
    default:
        text = member_text(r, member, &len);
        sqlite3_bind_text(st, at, text, (int)len, SQLITE_STATIC);
    }
}

/* The columns from first on, behind the id (0: the next one). */
static bool write_columns(struct history *h, const char *into, int64_t id, const struct run *r,
                          int first, int end, struct err *e) {
    struct buf sql;
    int at = 1;
    buf_init(&sql, SQL_BYTES);
    buf_printf(&sql, "%s(id", into);
    for (int i = first; i < end; i++)
        buf_printf(&sql, ", %s", run_members[i].name);
    buf_str(&sql, ") VALUES(?");
    for (int i = first; i < end; i++)
        buf_str(&sql, ", ?");
    buf_char(&sql, ')');
    sqlite3_stmt *st = store_prepare(h, sql.data, e);
    buf_fini(&sql);
    if (!st)
        return false;
    if (id)
        sqlite3_bind_int64(st, at, id);
    for (int i = first; i < end; i++)
        bind_member(st, ++at, i, r);
    bool ok = sqlite3_step(st) == SQLITE_DONE || store_fail(h, e);
    sqlite3_finalize(st);
    return ok;
}

bool run_insert(struct history *h, struct run *r, struct err *e) {
    if (!write_columns(h, "INSERT INTO run", r->id, r, 1, RUN_SHORT, e))
        return false;
    r->id = sqlite3_last_insert_rowid(h->db);
    return write_columns(h, "REPLACE INTO run_text", r->id, r, RUN_SHORT, RUN_MEMBERS, e);
}

bool run_update(struct history *h, const struct run *r, struct err *e) {
    return write_columns(h, "REPLACE INTO run", r->id, r, 1, RUN_SHORT, e) &&
           write_columns(h, "REPLACE INTO run_text", r->id, r, RUN_SHORT, RUN_MEMBERS, e);
}

/* --- from the store --------------------------------------------------------------------------- */

static void read_short(sqlite3_stmt *st, struct run *r) {
    *r = (struct run){0};
    for (int i = 0; i < RUN_SHORT; i++) {
        const char *text;
        switch (run_members[i].kind) {
        case MEMBER_INT:
            member_set_int(r, i, sqlite3_column_int64(st, i));
            break;
        case MEMBER_REAL:
            member_set_real(
                r, i,
                sqlite3_column_type(st, i) == SQLITE_NULL ? NAN : sqlite3_column_double(st, i));
            break;
        default:
            text = (const char *)sqlite3_column_text(st, i);
            member_set_text(r, i, text ? text : "", text ? strlen(text) : 0);
        }
    }
}

static bool read_owned(sqlite3_stmt *st, struct run *r, struct err *e) {
    bool ok = true;
    for (int i = RUN_SHORT; ok && i < RUN_MEMBERS; i++) {
        char what[64], *text;
        snprintf(what, sizeof what, "%s of this run", run_members[i].what);
        ok = store_text(st, i, JSON_MAX_BYTES, what, &text, e);
        if (ok)
            memcpy((char *)r + run_members[i].at, &text, sizeof text);
    }
    return ok;
}

void run_select(struct buf *sql, int version, int members) {
    buf_str(sql, "SELECT ");
    members_columns(sql, version, members);
    buf_str(sql, " FROM run");
    if (version >= 2 && members > RUN_SHORT)
        buf_str(sql, " LEFT JOIN run_text USING(id)");
}

static sqlite3_stmt *prepare(struct history *h, int members, const char *which, struct err *e) {
    struct buf sql;
    if (h->version < HISTORY_SCHEMA && !schema_look(h, e))
        return NULL;
    buf_init(&sql, SQL_BYTES);
    run_select(&sql, h->version, members);
    buf_str(&sql, which);
    sqlite3_stmt *st = store_prepare(h, sql.data, e);
    buf_fini(&sql);
    return st;
}

bool run_row(struct history *h, int64_t id, int members, struct run *r, struct err *e) {
    *r = (struct run){0};
    sqlite3_stmt *st = prepare(h, members, " WHERE id = ?1", e);
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
        read_short(st, r);
        ok = members == RUN_SHORT || read_owned(st, r, e);
    }
    if (!ok)
        run_fini(r);
    sqlite3_finalize(st);
    return ok;
}

int run_rows(struct history *h, struct run *runs, int most, struct err *e) {
    sqlite3_stmt *st = prepare(h, RUN_SHORT, " ORDER BY id DESC LIMIT ?1", e);
    if (!st)
        return -1;
    sqlite3_bind_int(st, 1, most > 0 ? most : 0);
    int n = 0, rc;
    while ((rc = sqlite3_step(st)) == SQLITE_ROW && n < most)
        read_short(st, &runs[n++]);
    if (rc != SQLITE_DONE) {
        store_fail(h, e);
        n = -1;
    }
    sqlite3_finalize(st);
    return n;
}

#include "history/parts.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "history/said.h"
#include "history/said_parts.h"

enum { ATTEMPTS = 3 };

/* --- to the store ----------------------------------------------------------------------------- */

static bool check_sizes(const struct run *r, struct err *e) {
    for (int i = RUN_SHORT; i < RUN_MEMBERS; i++) {
        size_t len;
        member_text(r, i, &len);
        if (len > JSON_MAX_BYTES)
            return err_set(e, ERR_LIMIT, "%s has %zu bytes, more than the %d that are kept",
                           run_members[i].what, len, JSON_MAX_BYTES);
    }
    return true;
}

/* A run with the very hashes of r, as far as its results are known; 0: none. */
static int64_t find_same(struct history *h, const struct run *r) {
    const char *hash[] = {r->hash.results, r->hash.script, r->hash.rules, r->hash.limits,
                          r->hash.verdict};
    sqlite3_stmt *st =
        store_prepare(h,
                      "SELECT id FROM run WHERE hash_results = ?1 AND hash_script = ?2 AND "
                      "hash_rules = ?3 AND hash_limits = ?4 AND hash_verdict = ?5 LIMIT 1",
                      NULL);
    for (int i = 0; st && i < 5; i++)
        sqlite3_bind_text(st, i + 1, hash[i], -1, SQLITE_STATIC);
    int64_t id = st && r->hash.results[0] && sqlite3_step(st) == SQLITE_ROW
                     ? sqlite3_column_int64(st, 0)
                     : 0;
    sqlite3_finalize(st);
    return id;
}

/* The file is whole on disk before the row counts. A writer that is killed in between leaves a file
 * without a row, which the next one takes in. */
static bool add_once(struct history *h, struct run *r, int64_t *same, bool *taken, struct err *e) {
    *taken = false;
    if (!store_begin(h, e))
        return false;
    if (same && (*same = find_same(h, r)) > 0) {
        store_rollback(h);
        return true;
    }
    bool ok = run_insert(h, r, e);
    r->id = ok ? sqlite3_last_insert_rowid(h->db) : r->id;
    *taken = ok && run_file_is_there(h, r->id);
    bool written = ok && !*taken && run_file_add(h, r, e);
    ok = written && store_commit(h, e);
    if (written && !ok)
        run_file_remove(h, r->id);
    if (!ok)
        store_rollback(h);
    return ok;
}

/* A file with the next number: of a writer that was killed, then it is taken in; of somebody who
 * put it there, then its number is left out. */
static int64_t free_number(struct history *h, int64_t id) {
    for (int i = 0; i < HISTORY_RUNS_MAX && run_file_is_there(h, id); i++)
        id++;
    return id;
}

static bool add(struct history *h, struct run *r, int64_t *same, struct err *e) {
    struct run copy = *r; /* borrows the texts */
    bool taken = false, ok = false;
    if (!check_sizes(r, e))
        return false;
    copy.author_uid = said_who(copy.author, sizeof copy.author);
    copy.author_proven = true;
    copy.id = 0;
    for (int i = 0; i < ATTEMPTS; i++) {
        ok = add_once(h, &copy, same, &taken, e);
        if (ok || !taken)
            break;
        h->current = false;
        copy.id = i == 0 ? 0 : free_number(h, copy.id);
    }
    if (taken)
        err_set(e, ERR_IO, "cannot write " STORE_FOLDER "/" RUNS_FOLDER ": its names are taken");
    if (ok && same && *same > 0)
        r->id = *same;
    else if (ok)
        *r = copy;
    return ok;
}

bool history_add(struct history *h, struct run *r, struct err *e) { return add(h, r, NULL, e); }

bool history_add_new(struct history *h, struct run *r, bool *was_there, struct err *e) {
    int64_t same = 0;
    bool ok = add(h, r, &same, e);
    *was_there = ok && same > 0;
    return ok;
}

static bool replace_row(struct history *h, const struct run *r, struct err *e) {
    struct run old;
    if (!run_row(h, r->id, RUN_SHORT, &old, e))
        return false;
    int64_t me = getuid();
    bool mine = old.author_uid == me ||
                err_set(e, ERR_REFUSED, "run %lld was judged by %s, who alone may replace it",
                        (long long)r->id, old.author);
    struct run copy = *r;
    copy.at_ms = old.at_ms;
    copy.author_uid = old.author_uid;
    memcpy(copy.author, old.author, sizeof copy.author);
    run_fini(&old);
    return mine && run_file_put_next(h, &copy, e) && run_update(h, &copy, e);
}

/* The new file lies beside the old one until the row is the new one: whoever is killed in between,
 * one of the two is what the row says. */
bool history_replace(struct history *h, const struct run *r, struct err *e) {
    if (!check_sizes(r, e) || !store_begin(h, e))
        return false;
    bool ok = replace_row(h, r, e) && store_commit(h, e);
    if (ok)
        return run_file_take_next(h, r->id, e);
    store_rollback(h);
    run_file_drop_next(h, r->id);
    return false;
}

/* --- who judged it ---------------------------------------------------------------------------- */

/* The file is being replaced right now, and the row is what comes: then so is *file. */
static bool take_coming(struct history *h, const struct run *row, struct run *file) {
    struct run next;
    bool same = run_file_get(h, row->id, true, &next) && next.author_proven &&
                next.author_uid == file->author_uid && run_same(row, &next, RUN_SHORT);
    run_fini(same ? file : &next);
    if (same)
        *file = next;
    return same;
}

/* The file of the author counts, not the row, which all of the group can write. When it says
 * something else than the row, author_proven is false: somebody edited the database. Compared is
 * all that a list shows and a sign-off binds; the long texts are the file's. */
static bool get_file(struct history *h, int64_t id, struct run *r, struct err *e) {
    struct run row;
    if (!run_file_get(h, id, false, r))
        return false;
    if (!r->author_proven || !run_row(h, id, RUN_SHORT, &row, e)) {
        run_fini(r);
        return false;
    }
    r->author_proven = run_same(&row, r, RUN_SHORT) || take_coming(h, &row, r);
    who_owns(r->author_uid, r->author, sizeof r->author);
    return true;
}

bool history_get(struct history *h, int64_t id, struct run *r, struct err *e) {
    if (h->damaged)
        return salvage_get(h, id, r, e);
    return get_file(h, id, r, e) || run_row(h, id, RUN_MEMBERS, r, e);
}

/* Looking up an account takes longer than reading a row. */
enum { ACCOUNTS = 16 };
struct accounts {
    struct {
        int64_t uid;
        char name[64];
    } item[ACCOUNTS];
    int n;
};

/* As who_owns(), which alone knows what root may be called. */
static void name_author(struct accounts *a, struct run *r) {
    int i = 0;
    while (i < a->n && a->item[i].uid != r->author_uid)
        i++;
    if (i == a->n && i < ACCOUNTS) {
        a->item[i].uid = r->author_uid;
        who_name(r->author_uid, a->item[i].name, sizeof a->item[i].name);
        a->n++;
    }
    if (i == ACCOUNTS || strcmp(r->author, a->item[i].name) != 0)
        who_owns(r->author_uid, r->author, sizeof r->author);
}

static void prove_by_owners(const struct history *h, struct run *runs, int n) {
    struct run_files files = {0};
    struct accounts accounts = {.n = 0};
    if (!h->damaged)
        run_files_scan(h, true, &files);
    for (int i = 0; i < n; i++) {
        const struct run_file *file = run_files_find(&files, runs[i].id);
        if (!h->damaged)
            runs[i].author_proven =
                file && runs[i].author_uid >= 0 && file->uid == runs[i].author_uid;
        if (runs[i].author_proven)
            name_author(&accounts, &runs[i]);
    }
    run_files_fini(&files);
}

int history_list(struct history *h, struct run *runs, int most, struct err *e) {
    int n = h->damaged ? salvage_list(h, runs, most) : run_rows(h, runs, most, e);
    prove_by_owners(h, runs, n);
    return n;
}

/* --- questions about all of them -------------------------------------------------------------- */

/* count(verdict) walks the small index. Not count(*), which counts whole pages in one step that
 * nothing interrupts: a damaged tree can make that endless. */
int64_t history_count(struct history *h, struct err *e) {
    int64_t count;
    if (h->damaged)
        return salvage_count(h);
    return store_int(h, "SELECT count(verdict) FROM run", &count, e) ? count : -1;
}

bool history_has_passed(struct history *h, const char *model, double target_rps) {
    enum { NEAR_PCT = 95 }; /* a target is rarely met to the last request */
    sqlite3_stmt *st = NULL;
    if (!h->damaged)
        st = store_prepare(h,
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

int64_t history_newest_ms(struct history *h) {
    int64_t newest = 0, said = said_newest_ms(h);
    if (!h->damaged)
        store_int(h, "SELECT coalesce(max(at_ms), 0) FROM run", &newest, NULL);
    return said > newest ? said : newest;
}

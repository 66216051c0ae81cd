/* Workspaces for the tests of the store: each test has a directory of its own under $TMPDIR or
 * /tmp, handed to it as *state and removed afterwards. */
#ifndef TESTS_STORE_FIXTURE_H
#define TESTS_STORE_FIXTURE_H

#include <ftw.h>
#include <math.h>
#include <sqlite3.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <setjmp.h>

#include <cmocka.h>

#include "base/file.h"
#include "base/mem.h"
#include "base/text.h"
#include "history/history.h"
#include "history/parts.h"
#include "history/said.h"

enum { NAME_BYTES = 512 };

static inline int set_up(void **state) {
    const char *temp = getenv("TMPDIR");
    char dir[256];
    snprintf(dir, sizeof dir, "%s/test_history.XXXXXX", temp && temp[0] ? temp : "/tmp");
    if (!mkdtemp(dir))
        return -1;
    *state = mem_strdup(dir);
    return 0;
}

static inline int remove_one(const char *path, const struct stat *st, int kind, struct FTW *ftw) {
    (void)st, (void)kind, (void)ftw;
    return remove(path);
}

static inline int tear_down(void **state) {
    int rc = nftw(*state, remove_one, 8, FTW_DEPTH | FTW_PHYS);
    free(*state);
    return rc;
}

#define STORE_TEST(f) cmocka_unit_test_setup_teardown(f, set_up, tear_down)

/* dir/name, good for the next three calls. */
static inline const char *in(const char *dir, const char *name) {
    static char path[4][NAME_BYTES];
    static int turn;
    turn = (turn + 1) % 4;
    assert_true(file_join(path[turn], NAME_BYTES, dir, name));
    return path[turn];
}

static inline struct history *must_open(const char *dir) {
    struct history *h = NULL;
    struct err e = {0};
    if (!history_open(&h, dir, true, &e))
        fail_msg("%s: %s", e.file, e.text);
    assert_non_null(h);
    return h;
}

/* What somebody else does to the store: SQL without any of our guards. */
static inline void tamper(const char *dir, const char *sql) {
    sqlite3 *db;
    char *error = NULL;
    assert_int_equal(sqlite3_open(in(dir, STORE_FILE), &db), SQLITE_OK);
    sqlite3_exec(db, sql, NULL, NULL, &error);
    if (error)
        fail_msg("%s: %s", sql, error);
    sqlite3_close(db);
}

static inline char *bytes_of(const char *dir, const char *name, size_t *len) {
    char *bytes = file_read(in(dir, name), 64 << 20, len, NULL);
    assert_non_null(bytes);
    return bytes;
}

static inline void put(const char *dir, const char *name, const void *bytes, size_t len) {
    FILE *f = fopen(in(dir, name), "wb");
    assert_non_null(f);
    assert_int_equal(fwrite(bytes, 1, len, f), len);
    assert_int_equal(fclose(f), 0);
}

static inline struct run sample(const char *model, double target_rps, const char *verdict) {
    struct run r = {.at_ms = 1750000000000, .host = "gen-1", .tool = "k6"};
    text_copy(r.tool_version, sizeof r.tool_version, "1.2.3");
    text_copy(r.model, sizeof r.model, model);
    text_copy(r.script, sizeof r.script, "load_orders.js");
    text_copy(r.source, sizeof r.source, "paste");
    text_copy(r.verdict, sizeof r.verdict, verdict);
    r.target_rps = target_rps;
    r.rps = 199.5;
    r.p95_ms = NAN;
    r.error_rate = 0.001;
    return r;
}

/* The new run's number. */
static inline int64_t must_add(struct history *h, struct run r) {
    struct err e = {0};
    if (!history_add(h, &r, &e))
        fail_msg("%s", e.text);
    return r.id;
}

/* One run, passed at 100 RPS, and a state. */
static inline void make_store(const char *dir) {
    struct history *h = must_open(dir);
    struct err e;
    assert_true(history_save_state(h, "{\"ours\":1}", 1, &e));
    must_add(h, sample("load", 100, "pass"));
    history_close(h);
}

/* As if runs/ID.run had never been written. */
static inline void forget_file(const char *dir, int64_t id) {
    char name[64];
    snprintf(name, sizeof name, STORE_FOLDER "/runs/%d.run", (int)id);
    assert_int_equal(unlink(in(dir, name)), 0);
}

static inline void expect_count(const char *dir, int64_t count) {
    struct history *h = must_open(dir);
    struct err e;
    assert_int_equal(history_count(h, &e), count);
    history_close(h);
}

#endif

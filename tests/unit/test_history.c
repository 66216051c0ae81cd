/* The store as its user sees it: what is kept, in which files, and within which limits. */
#include "store_fixture.h"

#include <errno.h>

/* --- open and close --------------------------------------------------------------------------- */

static unsigned mode_of(const char *dir, const char *name) {
    struct stat st;
    assert_int_equal(stat(in(dir, name), &st), 0);
    return st.st_mode & 07777;
}

static void expect_private(const char *dir, mode_t mask) {
    static const char *const files[] = {STORE_FILE, STORE_FILE "-wal", STORE_FILE "-shm"};
    mode_t old = umask(mask);
    struct history *h = must_open(dir);
    umask(old);
    assert_true(history_exists(dir));
    assert_false(history_read_only(h));
    assert_string_equal(history_notice(h), "");
    history_close(h);
    assert_int_equal(mode_of(dir, STORE_FOLDER), 0700);
    for (size_t i = 0; i < 3; i++) /* the last two are kept for those who may only read */
        assert_int_equal(mode_of(dir, files[i]), 0600);
}

static void a_store_is_private(void **state) {
    expect_private(*state, 0000);
    char *other = mem_strdup(in(*state, "other"));
    assert_int_equal(mkdir(other, 0755), 0);
    expect_private(other, 0077);
    free(other);
}

static void expect_no_store(const char *dir) {
    struct history *h = NULL;
    struct err e;
    assert_true(history_open(&h, dir, false, &e));
    assert_null(h);
}

static void nothing_is_made_unasked(void **state) {
    struct history *h;
    struct err e;
    expect_no_store(*state);
    assert_false(history_exists(*state));
    assert_int_equal(mkdir(in(*state, STORE_FOLDER), 0700), 0);
    expect_no_store(*state);
    assert_false(file_exists(in(*state, STORE_FILE)));
    put(*state, STORE_FILE, "",
        0); /* made by a process that was killed before it made the tables */
    expect_no_store(*state);
    history_close(must_open(*state));
    history_close(NULL);
    assert_false(history_open(&h, in(*state, "gone"), true, &e));
    assert_int_equal(e.kind, ERR_IO);
    assert_string_equal(e.text, "cannot read: No such file or directory");
}

static void a_path_can_be_odd(void **state) {
    static const char *const names[] = {"a%41?mode=memory#b", "file:x", "\xff \x1b[2J'"};
    for (size_t i = 0; i < 3; i++) {
        char *dir = mem_strdup(in(*state, names[i]));
        assert_int_equal(mkdir(dir, 0755), 0);
        history_close(must_open(dir));
        assert_true(file_exists(in(dir, STORE_FILE)));
        free(dir);
    }
}

/* A folder below dir so that the store's file has a path of len bytes. */
static void make_deep(const char *dir, size_t len, char out[NAME_BYTES]) {
    char name[201];
    size_t end = len - strlen("/" STORE_FILE);
    char *real = realpath(dir, NULL);
    text_copy(out, NAME_BYTES, real);
    free(real);
    while (strlen(out) < end) {
        size_t left = end - strlen(out) - 1, n = left > 200 ? 100 : left;
        memset(name, 'd', n);
        name[n] = '\0';
        text_copy(out, NAME_BYTES, in(out, name));
        assert_true(mkdir(out, 0755) == 0 || errno == EEXIST);
    }
}

static void a_path_has_the_length_that_sqlite_takes(void **state) {
    struct history *h;
    struct err e;
    char dir[NAME_BYTES];
    make_deep(*state, 503, dir);
    history_close(must_open(dir));
    make_deep(*state, 504, dir);
    assert_false(history_open(&h, dir, true, &e));
    assert_int_equal(e.kind, ERR_LIMIT);
    assert_string_equal(e.text, "the path is too long for a store, which takes 503 bytes");
    assert_false(history_exists(dir));
}

struct snapshot {
    char *bytes;
    size_t len;
    struct timespec changed;
};

static struct snapshot snapshot_of(const char *dir, const char *name) {
    struct snapshot s;
    struct stat st;
    s.bytes = bytes_of(dir, name, &s.len);
    assert_int_equal(stat(in(dir, name), &st), 0);
    s.changed = st.st_mtim;
    return s;
}

static void reading_writes_nothing(void **state) {
    static const char *const files[] = {STORE_FILE, STORE_FILE "-wal"};
    struct err e;
    struct snapshot before[2];
    struct run list[4];
    char *json, from[64];
    int64_t at;
    struct history *h = must_open(*state);
    assert_true(history_save_state(h, "{}", 1, &e));
    must_add(h, sample("load", 200, "pass"));
    history_close(h);
    for (int i = 0; i < 2; i++)
        before[i] = snapshot_of(*state, files[i]);
    h = must_open(*state);
    assert_true(history_load_state(h, &json, &at, from, &e));
    free(json);
    assert_int_equal(history_list(h, list, 4, &e), 1);
    history_close(h);
    for (int i = 0; i < 2; i++) {
        struct snapshot after = snapshot_of(*state, files[i]);
        assert_int_equal(after.len, before[i].len);
        assert_memory_equal(after.bytes, before[i].bytes, after.len);
        assert_int_equal(after.changed.tv_sec, before[i].changed.tv_sec);
        assert_int_equal(after.changed.tv_nsec, before[i].changed.tv_nsec);
        free(after.bytes);
        free(before[i].bytes);
    }
    assert_int_equal(before[1].len, 0); /* the next start would read all of it */
}

static void a_store_that_goes_away_is_noticed(void **state) {
    struct err e;
    struct history *h = must_open(*state);
    assert_int_equal(rename(in(*state, STORE_FOLDER), in(*state, "elsewhere")), 0);
    assert_false(history_save_state(h, "{}", 1, &e));
    assert_int_equal(e.kind, ERR_IO);
    assert_string_equal(e.text, ".perfscale/runs.db was moved or deleted while it was open");
    history_close(h);
}

/* --- state ------------------------------------------------------------------------------------ */

static void expect_state(const char *dir, const char *json, int64_t saved_ms) {
    struct history *h = must_open(dir);
    struct err e;
    char *got, from[64];
    int64_t at = -1;
    assert_true(history_load_state(h, &got, &at, from, &e));
    if (json)
        assert_string_equal(got, json);
    else
        assert_null(got);
    assert_int_equal(at, saved_ms);
    free(got);
    history_close(h);
}

static void save(const char *dir, const char *json, int64_t now_ms) {
    struct history *h = must_open(dir);
    struct err e;
    assert_true(history_save_state(h, json, now_ms, &e));
    history_close(h);
}

static void state_is_kept_replaced_and_cleared(void **state) {
    struct err e;
    expect_state(*state, NULL, 0);
    save(*state, "{\"target\":\"200\"}", 1750000000000);
    expect_state(*state, "{\"target\":\"200\"}", 1750000000000);
    save(*state, "{\"place\":\"\xc3\xa9\x1b[2J\xff\"}", 1750000000001); /* bytes stay as they are */
    expect_state(*state, "{\"place\":\"\xc3\xa9\x1b[2J\xff\"}", 1750000000001);
    struct history *h = must_open(*state);
    assert_true(history_clear_state(h, &e));
    assert_true(history_clear_state(h, &e));
    history_close(h);
    expect_state(*state, NULL, 0);
}

static void expect_int(struct history *h, const char *sql, int64_t expected) {
    int64_t got;
    struct err e;
    assert_true(store_int(h, sql, &got, &e));
    assert_int_equal(got, expected);
}

static char *repeat(char c, size_t len) {
    char *s = mem_new(len + 1, 1);
    memset(s, c, len);
    return s;
}

static void state_has_a_limit(void **state) {
    struct err e;
    char *got, from[64], *json = repeat('x', STATE_MAX_BYTES + 1);
    int64_t at;
    struct history *h = must_open(*state);
    assert_false(history_save_state(h, json, 1, &e));
    assert_int_equal(e.kind, ERR_LIMIT);
    history_close(h);
    json[STATE_MAX_BYTES] = '\0';
    save(*state, json, 2);
    expect_state(*state, json, 2);
    free(json);
    tamper(*state, "PRAGMA ignore_check_constraints=1; UPDATE state SET json = json || 'x'");
    h = must_open(*state);
    assert_false(history_load_state(h, &got, &at, from, &e));
    assert_null(got);
    assert_int_equal(e.kind, ERR_FORMAT);
    assert_string_equal(
        e.text, "the saved state has 1048577 bytes, more than the 1048576 that are read here");
    history_close(h);
}

/* --- runs ------------------------------------------------------------------------------------- */

static const char *my_name(void) {
    static char name[64];
    said_who(name, sizeof name);
    return name;
}

static void expect_sample(const struct run *r) {
    assert_int_equal(r->id, 1);
    assert_int_equal(r->at_ms, 1750000000000);
    assert_int_equal(r->author_uid, getuid());
    assert_true(r->author_proven);
    assert_string_equal(r->author, my_name());
    assert_string_equal(r->confirmed_by, "bo");
    assert_string_equal(r->hash.results, "0123");
    assert_string_equal(r->hash.verdict, "4567");
    assert_string_equal(r->host, "gen-1");
    assert_string_equal(r->tool, "k6");
    assert_string_equal(r->tool_version, "1.2.3");
    assert_string_equal(r->model, "load");
    assert_string_equal(r->script, "load_orders.js");
    assert_string_equal(r->source, "paste");
    assert_string_equal(r->verdict, "pass");
    assert_true(r->target_rps == 200 && r->rps == 199.5);
    assert_true(isnan(r->p95_ms) && isnan(r->error_rate));
    assert_null(r->plan_json);
}

static void a_run_comes_back_as_it_was(void **state) {
    struct err e;
    struct run got, list[3], r = sample("load", 200, "pass");
    r.error_rate = -INFINITY; /* nothing that anybody measured */
    r.check_json = mem_strdup("{\"verdict\":\"pass\"}");
    r.script_text = mem_strdup("");
    text_copy(r.author, sizeof r.author,
              "somebody else"); /* who it was is not the caller's to say */
    text_copy(r.confirmed_by, sizeof r.confirmed_by, "bo");
    text_copy(r.hash.results, sizeof r.hash.results, "0123");
    text_copy(r.hash.verdict, sizeof r.hash.verdict, "4567");
    struct history *h = must_open(*state);
    assert_true(history_add(h, &r, &e));
    assert_int_equal(r.id, 1);
    assert_string_equal(r.author, my_name());
    run_fini(&r);
    history_close(h);
    h = must_open(*state);
    assert_true(history_get(h, 1, &got, &e));
    expect_sample(&got);
    expect_int(h, "SELECT p95_ms IS NULL AND error_rate IS NULL FROM run", 1);
    assert_string_equal(got.check_json, "{\"verdict\":\"pass\"}");
    assert_string_equal(got.script_text, "");
    assert_null(got.files_json);
    run_fini(&got);
    assert_int_equal(history_list(h, list, 3, &e), 1);
    expect_sample(&list[0]);
    assert_null(list[0].check_json);
    assert_false(history_get(h, 2, &got, &e));
    assert_int_equal(e.kind, ERR_USAGE);
    assert_string_equal(e.text, "there is no run 2");
    run_fini(&got); /* nothing in it, also after an error */
    history_close(h);
}

static void the_newest_come_first(void **state) {
    struct err e;
    struct run list[5];
    struct history *h = must_open(*state);
    assert_int_equal(history_count(h, &e), 0);
    assert_int_equal(history_list(h, list, 5, &e), 0);
    for (int i = 1; i <= 4; i++) {
        struct run r = sample("load", i, "fail");
        r.at_ms -= i; /* the clock goes back: the number decides */
        assert_int_equal(must_add(h, r), i);
    }
    assert_int_equal(history_list(h, list, 5, &e), 4);
    assert_true(list[0].id == 4 && list[3].id == 1);
    assert_int_equal(history_list(h, list, 3, &e), 3);
    assert_true(list[2].id == 2 && list[2].target_rps == 2);
    assert_int_equal(history_list(h, list, 0, &e), 0);
    assert_int_equal(history_list(h, list, -1, &e), 0);
    assert_int_equal(history_count(h, &e), 4);
    history_close(h);
}

static void numbers_of_runs_are_never_used_twice(void **state) {
    struct history *h = must_open(*state);
    for (int i = 1; i <= 3; i++)
        must_add(h, sample("load", 1, "pass"));
    history_close(h);
    tamper(*state, "DELETE FROM run WHERE id >= 2; VACUUM");
    h = must_open(*state);
    assert_int_equal(must_add(h, sample("load", 1, "pass")), 4);
    history_close(h);
}

static void only_a_pass_near_the_target_counts(void **state) {
    static const struct {
        const char *model;
        double target_rps;
        bool found;
    } cases[] = {
        {"load", 100, true},    /* exactly what passed */
        {"load", 50, true},     /* more than asked */
        {"load", 105.2, true},  /* 100 is 95.06 % of it */
        {"load", 105.3, false}, /* 94.97 % */
        {"load", 900, false},   /* failed there */
        {"soak", 100, false},   /* invalid */
        {"soak", 10, false},    /* another word is no pass, whatever it is */
        {"stress", 1, false},   /* its target is not known */
        {"", 1, false},         /* no model */
        {"load", NAN, false},   /* no target to compare with */
    };
    struct history *h = must_open(*state);
    must_add(h, sample("load", 100, "pass"));
    must_add(h, sample("load", 900, "fail"));
    must_add(h, sample("soak", 100, "invalid"));
    must_add(h, sample("soak", 10, "PASS"));
    must_add(h, sample("stress", NAN, "pass"));
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++)
        if (history_has_passed(h, cases[i].model, cases[i].target_rps) != cases[i].found)
            fail_msg("%s at %g", cases[i].model, cases[i].target_rps);
    history_close(h);
}

static void texts_have_limits(void **state) {
    struct err e;
    struct run got, r = sample("load", 1, "pass");
    struct history *h = must_open(*state);
    memset(r.host, 'a', sizeof r.host); /* a caller's mistake: no NUL */
    char *large = repeat('p', JSON_MAX_BYTES + 1);
    r.plan_json = large;
    assert_false(history_add(h, &r, &e));
    assert_int_equal(e.kind, ERR_LIMIT);
    large[JSON_MAX_BYTES / 16] = '\0';
    r.check_json = large;
    assert_int_equal(must_add(h, r), 1);
    assert_true(history_get(h, 1, &got, &e));
    assert_int_equal(strlen(got.host), sizeof got.host - 1);
    assert_string_equal(got.plan_json, large);
    assert_string_equal(got.check_json, large);
    run_fini(&got);
    free(large);
    history_close(h);
}

/* Nothing larger than expected gets out of a store that somebody else filled. */
static void large_texts_of_others_are_bounded(void **state) {
    static const struct {
        const char *table, *change;
        int row_most;      /* 0: what the store takes */
        const char *error; /* NULL: the run is read, its short texts cut */
    } cases[] = {
        {"run", "script = printf('%.1000000c', 's'), model = 'load, load'", 0, NULL},
        {"run_text", "files_json = printf('%.67108865c', 'c')", 0,
         "the list of files of this run has 67108865 bytes, more than the 67108864 that are read "
         "here"},
        {"run", "author = printf('%.2000000c', 'a')", 1000000,
         ".perfscale/runs.db holds more in a run than is read here"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct err e;
        struct run got;
        char sql[256];
        struct history *h = must_open(*state);
        int64_t id = must_add(h, sample("load", 1, "pass"));
        history_close(h);
        forget_file(*state, id);
        snprintf(sql, sizeof sql,
                 "PRAGMA ignore_check_constraints=1; PRAGMA synchronous=OFF;"
                 "UPDATE %s SET %s WHERE id = %d",
                 cases[i].table, cases[i].change, (int)id);
        tamper(*state, sql);
        h = must_open(*state);
        if (cases[i].row_most)
            sqlite3_limit(h->db, SQLITE_LIMIT_LENGTH, cases[i].row_most);
        bool ok = history_get(h, id, &got, &e);
        assert_int_equal(ok, cases[i].error == NULL);
        if (ok) {
            assert_int_equal(strlen(got.script), sizeof got.script - 1);
            assert_string_equal(got.model, "load, l");
        } else {
            assert_int_equal(e.kind, ERR_FORMAT);
            assert_string_equal(e.text, cases[i].error);
            assert_true(!got.plan_json && !got.check_json && !got.files_json);
        }
        run_fini(&got);
        history_close(h);
        tamper(*state, "DELETE FROM run");
    }
}

static void the_newest_time_is_that_of_a_run(void **state) {
    struct history *h = must_open(*state);
    assert_int_equal(history_newest_ms(h), 0);
    struct run r = sample("load", 1, "pass");
    r.at_ms = 1750000009000;
    must_add(h, r);
    r.at_ms = 1750000001000; /* the clock went back */
    must_add(h, r);
    assert_int_equal(history_newest_ms(h), 1750000009000);
    history_close(h);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        STORE_TEST(a_store_is_private),
        STORE_TEST(nothing_is_made_unasked),
        STORE_TEST(a_path_can_be_odd),
        STORE_TEST(a_path_has_the_length_that_sqlite_takes),
        STORE_TEST(reading_writes_nothing),
        STORE_TEST(a_store_that_goes_away_is_noticed),
        STORE_TEST(state_is_kept_replaced_and_cleared),
        STORE_TEST(state_has_a_limit),
        STORE_TEST(a_run_comes_back_as_it_was),
        STORE_TEST(the_newest_come_first),
        STORE_TEST(numbers_of_runs_are_never_used_twice),
        STORE_TEST(only_a_pass_near_the_target_counts),
        STORE_TEST(texts_have_limits),
        STORE_TEST(large_texts_of_others_are_bounded),
        STORE_TEST(the_newest_time_is_that_of_a_run),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

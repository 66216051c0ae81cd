/* A store that perfscale 0.1.0 wrote with schema 1 (three runs of `check --save` and a state), read
 * as it is and brought to the schema of today. */
#include "store_fixture.h"

#include <signal.h>
#include <sys/wait.h>
#include <time.h>

#define STATE "{\"version\":1,\"target\":\"100\"}"

static void put_old(const char *dir) {
    size_t len;
    char *bytes = file_read(TEST_DATA "/store/schema-1.db", 1 << 20, &len, NULL);
    assert_non_null(bytes);
    if (!file_exists(in(dir, STORE_FOLDER)))
        assert_int_equal(mkdir(in(dir, STORE_FOLDER), 0700), 0);
    put(dir, STORE_FILE, bytes, len);
    free(bytes);
    assert_int_equal(chmod(in(dir, STORE_FILE), 0600), 0);
}

static struct history *open_as_it_is(const char *dir) {
    struct history *h = NULL;
    struct err e = {0};
    if (!history_open(&h, dir, false, &e))
        fail_msg("%s", e.text);
    assert_non_null(h);
    return h;
}

static int64_t version_of(struct history *h) {
    struct err e;
    int64_t version = -1;
    assert_true(store_int(h, "PRAGMA user_version", &version, &e));
    return version;
}

/* What 0.1.0 says of the three runs. */
static void expect_old_runs(struct history *h) {
    static const struct {
        double rps, p95_ms, error_rate;
        size_t check_bytes;
    } runs[] = {
        {25.6060147228888, 30.32823975, 0, 6981},
        {46.9498278067456, 30.1393808, 0, 7742},
        {48.4785301579164, 900.7663735, 0.194915254237288, 5873},
    };
    struct err e;
    struct run list[5], got;
    assert_int_equal(history_list(h, list, 5, &e), 3);
    assert_int_equal(history_count(h, &e), 3);
    for (int i = 0; i < 3; i++) {
        assert_true(history_get(h, i + 1, &got, &e));
        assert_true(fabs(got.rps - runs[i].rps) < 1e-9 && got.target_rps == 100);
        assert_true(fabs(got.p95_ms - runs[i].p95_ms) < 1e-9);
        assert_true(fabs(got.error_rate - runs[i].error_rate) < 1e-9);
        assert_int_equal(strlen(got.check_json), runs[i].check_bytes);
        assert_string_equal(got.host, "vm");
        assert_string_equal(got.author, "root");
        assert_string_equal(got.source, "summary-export.json");
        assert_string_equal(got.verdict, "fail");
        assert_int_equal(got.author_uid, -1);
        assert_false(got.author_proven);
        assert_string_equal(got.hash.verdict, "");
        assert_string_equal(got.confirmed_by, "");
        assert_null(got.plan_json);
        assert_true(!got.script_text && !got.files_json);
        assert_int_equal(list[2 - i].id, i + 1);
        assert_true(list[2 - i].rps == got.rps);
        assert_false(list[2 - i].author_proven);
        run_fini(&got);
    }
}

static void expect_old_state(struct history *h, const char *whose) {
    struct err e;
    char *json, from[64];
    int64_t at;
    assert_true(history_load_state(h, &json, &at, from, &e));
    assert_string_equal(json, STATE);
    assert_int_equal(at, 1795687188600);
    assert_string_equal(from, whose);
    free(json);
}

static void an_old_store_is_read_as_it_is(void **state) {
    size_t before, after;
    put_old(*state);
    char *old = bytes_of(*state, STORE_FILE, &before);
    struct history *h = open_as_it_is(*state);
    assert_string_equal(history_notice(h), "");
    expect_old_runs(h);
    expect_old_state(h, "");
    assert_false(history_has_passed(h, "load", 1));
    assert_int_equal(history_newest_ms(h), 1795687188571);
    assert_int_equal(version_of(h), 1);
    history_close(h);
    char *now = bytes_of(*state, STORE_FILE, &after);
    assert_int_equal(after, before);
    assert_memory_equal(now, old, before);
    free(now);
    free(old);
}

static void expect_brought_up(const char *dir) {
    struct history *h = must_open(dir);
    assert_string_equal(history_notice(h), "");
    assert_int_equal(version_of(h), HISTORY_SCHEMA);
    expect_old_runs(h);
    expect_old_state(h, "");
    history_close(h);
    h = must_open(dir); /* the check of what is in it holds for what was made of it */
    expect_old_runs(h);
    history_close(h);
}

static void opened_for_writing_it_is_brought_to_this_schema(void **state) {
    put_old(*state);
    expect_brought_up(*state);
    struct history *h = must_open(*state);
    assert_int_equal(must_add(h, sample("load", 100, "pass")), 4);
    history_close(h);
    put(*state, STORE_FILE, "damaged", 7); /* now its runs lie in runs/ too */
    h = must_open(*state);
    struct err e;
    assert_int_equal(history_count(h, &e), 4);
    history_close(h);
}

static void the_first_write_does_it_too(void **state) {
    struct err e;
    put_old(*state);
    struct history *h = open_as_it_is(*state), *other = open_as_it_is(*state);
    assert_int_equal(must_add(h, sample("load", 100, "pass")), 4);
    assert_int_equal(version_of(h), HISTORY_SCHEMA);
    assert_int_equal(history_count(other, &e), 4); /* opened before: goes on with what is there */
    expect_old_state(other, "");
    struct run got;
    assert_true(history_get(other, 4, &got, &e));
    assert_true(got.author_proven);
    run_fini(&got);
    assert_int_equal(must_add(other, sample("load", 100, "pass")), 5);
    history_close(h);
    history_close(other);
}

static void numbers_go_on_where_they_were(void **state) {
    static const char *const changes[] = {
        "DELETE FROM run WHERE id = 3", "DELETE FROM run",
        "PRAGMA foreign_keys=OFF" /* nothing: the runs are there */};
    for (size_t i = 0; i < 3; i++) {
        char name[8];
        snprintf(name, sizeof name, "%zu", i);
        char *dir = mem_strdup(in(*state, name));
        assert_int_equal(mkdir(dir, 0755), 0);
        put_old(dir);
        tamper(dir, changes[i]);
        struct history *h = must_open(dir);
        assert_int_equal(must_add(h, sample("load", 100, "pass")), 4);
        history_close(h);
        free(dir);
    }
}

static void a_store_where_nothing_was_ever_added(void **state) {
    put_old(*state);
    tamper(*state, "DELETE FROM run; DELETE FROM sqlite_sequence; DELETE FROM state");
    struct history *h = must_open(*state);
    assert_int_equal(version_of(h), HISTORY_SCHEMA);
    assert_int_equal(must_add(h, sample("load", 100, "pass")), 1);
    history_close(h);
}

static void old_state_belongs_to_the_owner_of_the_file(void **state) {
    if (geteuid() != 0) {
        print_message("skipped: only root gives files away\n");
        skip();
    }
    put_old(*state);
    assert_int_equal(chown(in(*state, STORE_FILE), 65534, 65534), 0);
    struct history *h = open_as_it_is(*state);
    expect_old_state(h, "nobody");
    history_close(h);
    h = must_open(*state);
    assert_int_equal(version_of(h), HISTORY_SCHEMA);
    expect_old_state(h, "nobody");
    struct err e;
    assert_true(history_save_state(h, "{}", 1, &e)); /* beside it, and first for this user */
    char *json, from[64];
    int64_t at;
    assert_true(history_load_state(h, &json, &at, from, &e));
    assert_string_equal(json, "{}");
    assert_string_equal(from, "");
    free(json);
    assert_true(history_clear_state(h, &e));
    expect_old_state(h, "nobody");
    history_close(h);
}

static int64_t now_us(void) {
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (int64_t)t.tv_sec * 1000000 + t.tv_nsec / 1000;
}

/* How long a migration takes here, and a bit more. */
static int64_t time_of_migration(const char *dir) {
    char *whole = mem_strdup(in(dir, "whole"));
    assert_int_equal(mkdir(whole, 0755), 0);
    put_old(whole);
    int64_t start = now_us();
    history_close(must_open(whole));
    free(whole);
    return (now_us() - start) * 5 / 4;
}

/* Killed at any time it is the old one or the new one. */
static void a_killed_migration_is_never_half(void **state) {
    int old = 0;
    int64_t most_us = time_of_migration(*state);
    srand(2);
    for (int round = 0; round < 40; round++) {
        char name[8];
        snprintf(name, sizeof name, "%d", round);
        char *dir = mem_strdup(in(*state, name));
        assert_int_equal(mkdir(dir, 0755), 0);
        put_old(dir);
        pid_t pid = fork();
        assert_true(pid >= 0);
        if (pid == 0) {
            struct history *h = NULL;
            _exit(!history_open(&h, dir, true, NULL));
        }
        usleep((useconds_t)(rand() % most_us));
        kill(pid, SIGKILL);
        assert_int_equal(waitpid(pid, NULL, 0), pid);
        struct history *h = open_as_it_is(dir);
        old += version_of(h) == 1;
        expect_old_runs(h);
        expect_old_state(h, "");
        history_close(h);
        expect_brought_up(dir);
        free(dir);
    }
    print_message("%d of 40 were still the old one\n", old);
}

static void many_bring_it_up_at_once(void **state) {
    pid_t pid[4];
    struct err e;
    put_old(*state);
    for (int i = 0; i < 4; i++) {
        pid[i] = fork();
        assert_true(pid[i] >= 0);
        if (pid[i] == 0) {
            struct history *h = NULL;
            struct run r = sample("load", 100, "pass");
            bool ok = history_open(&h, *state, true, &e) && history_add(h, &r, &e);
            history_close(h);
            _exit(!ok);
        }
    }
    for (int i = 0; i < 4; i++) {
        int status;
        assert_int_equal(waitpid(pid[i], &status, 0), pid[i]);
        assert_int_equal(status, 0);
    }
    expect_count(*state, 7);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        STORE_TEST(an_old_store_is_read_as_it_is),
        STORE_TEST(opened_for_writing_it_is_brought_to_this_schema),
        STORE_TEST(the_first_write_does_it_too),
        STORE_TEST(numbers_go_on_where_they_were),
        STORE_TEST(a_store_where_nothing_was_ever_added),
        STORE_TEST(old_state_belongs_to_the_owner_of_the_file),
        STORE_TEST(a_killed_migration_is_never_half),
        STORE_TEST(many_bring_it_up_at_once),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

/* Runs as files: what proves who judged them, and what is left of the store without its database.
 */
#include "store_fixture.h"

#include <fcntl.h>
#include <sys/wait.h>

#define RUNS STORE_FOLDER "/runs"

/* --- the form --------------------------------------------------------------------------------- */

static struct run full(void) {
    struct run r = sample("load", 200, "pass");
    r.id = 14;
    r.author_uid = 1001;
    text_copy(r.author, sizeof r.author, "ana");
    text_copy(r.confirmed_by, sizeof r.confirmed_by, "b\xc3\xb6 \x1b[2J\nend\n");
    text_copy(r.hash.rules, sizeof r.hash.rules, "abc");
    r.rps = 0.1 + 0.2;
    r.error_rate = -1e-300;
    r.plan_json = mem_strdup("");
    r.check_json = mem_strdup("{\"a\":\n1}\n");
    r.files_json = mem_strdup("[]");
    return r;
}

static void a_run_comes_back_from_its_bytes(void **state) {
    (void)state;
    struct run was = full(), got;
    struct buf bytes;
    run_file_encode(&was, &bytes);
    assert_false(bytes.full);
    assert_true(run_file_decode(bytes.data, bytes.len, false, &got));
    assert_true(run_same(&was, &got, RUN_MEMBERS));
    assert_true(isnan(got.p95_ms) && got.rps == was.rps);
    assert_string_equal(got.confirmed_by, was.confirmed_by);
    assert_string_equal(got.plan_json, "");
    assert_null(got.script_text);
    run_fini(&got);
    assert_true(run_file_decode(bytes.data, bytes.len - 20, true, &got)); /* its start */
    assert_string_equal(got.verdict, "pass");
    assert_null(got.check_json);
    buf_fini(&bytes);
    run_fini(&was);
}

/* Cut anywhere, or with any byte of its frame changed, it is no run. */
static void half_a_file_is_no_run(void **state) {
    (void)state;
    struct run was = full(), got;
    struct buf bytes;
    run_file_encode(&was, &bytes);
    for (size_t len = 0; len < bytes.len; len++)
        assert_false(run_file_decode(bytes.data, len, false, &got));
    buf_char(&bytes, '\n');
    assert_false(run_file_decode(bytes.data, bytes.len, false, &got));
    buf_fini(&bytes);
    run_fini(&was);
}

static void strange_files_are_no_runs(void **state) {
    static const struct {
        const char *from, *to, *why;
    } cases[] = {
        {"perfscale run 2", "perfscale run 3", "a form of later"},
        {"id 2 14", "id 1 0", "no number"},
        {"id 2 14", "id 2 -1", "no number"},
        {"id 2 14", "id 3 014", "not as we write it"},
        {"id 2 14", "id 2 1x", "not a number"},
        {"id 2 14", "id 02 14", "not as we write it"},
        {"id 2 14", "id -2 14", "a length below 0"},
        {"id 2 14", "id 99 14", "runs into the next"},
        {"id 2 14", "id 999999999999999999 14", "longer than the file"},
        {"author_uid 4 1001", "author_uid 2 -2", "nobody has it"},
        {"author_uid 4 1001", "author_uid 10 4294967295", "nobody has it"},
        {"model 4 load", "model 9 load-load", "too long"},
        {"model 4 load", "modes 4 load", "not ours"},
        {"target_rps 3 200", "target_rps 3 nan", "left out when it is not known"},
        {"target_rps 3 200", "target_rps 3 inf", "no rate"},
        {"target_rps 3 200", "target_rps 0 ", "no rate"},
        {"target_rps 3 200", "target_rps 5 200 x", "no rate"},
        {"files_json 2 []", "files_json 2 [\x01", "never seen: stays"},
    };
    (void)state;
    struct run was = full();
    struct buf bytes;
    run_file_encode(&was, &bytes);
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct buf odd;
        struct run got;
        const char *at = strstr(bytes.data, cases[i].from);
        assert_non_null(at);
        buf_init(&odd, 1 << 16);
        buf_add(&odd, bytes.data, (size_t)(at - bytes.data));
        buf_str(&odd, cases[i].to);
        buf_str(&odd, at + strlen(cases[i].from));
        bool ok = run_file_decode(odd.data, odd.len, false, &got);
        if (ok != (strncmp(cases[i].from, "files", 5) == 0))
            fail_msg("%s: %s", cases[i].to, cases[i].why);
        run_fini(&got);
        buf_fini(&odd);
    }
    memset(strstr(bytes.data, "gen-1"), 0, 1);
    struct run got;
    assert_false(run_file_decode(bytes.data, bytes.len, false, &got)); /* a NUL */
    buf_fini(&bytes);
    run_fini(&was);
}

/* --- proof ------------------------------------------------------------------------------------ */

static struct run must_get(struct history *h, int64_t id) {
    struct run r;
    struct err e = {0};
    if (!history_get(h, id, &r, &e))
        fail_msg("%s", e.text);
    run_fini(&r);
    return r;
}

static void the_file_counts_not_the_row(void **state) {
    struct err e;
    struct run list[3];
    struct history *h = must_open(*state);
    must_add(h, sample("load", 100, "fail"));
    must_add(h, sample("load", 100, "fail"));
    assert_true(must_get(h, 1).author_proven);
    history_close(h);
    tamper(*state, "UPDATE run SET verdict = 'pass', author_uid = 7 WHERE id = 1");
    forget_file(*state, 2);
    h = must_open(*state);
    struct run got = must_get(h, 1);
    assert_string_equal(got.verdict, "fail");
    assert_int_equal(got.author_uid, getuid());
    assert_false(got.author_proven); /* somebody edited the database */
    assert_false(must_get(h, 2).author_proven);
    assert_int_equal(history_list(h, list, 3, &e), 2);
    assert_false(list[1].author_proven);
    assert_false(list[0].author_proven);
    history_close(h);
}

static void a_file_of_somebody_else_proves_nothing(void **state) {
    struct err e;
    struct run list[2];
    if (geteuid() != 0) {
        print_message("skipped: only root gives files away\n");
        skip();
    }
    make_store(*state);
    assert_int_equal(chown(in(*state, RUNS "/1.run"), 65534, (gid_t)-1), 0);
    tamper(*state, "UPDATE run SET author = 'ana'");
    struct history *h = must_open(*state);
    struct run got = must_get(h, 1);
    assert_false(got.author_proven);
    assert_string_equal(got.author, "ana"); /* as the row says; not proven */
    assert_int_equal(history_list(h, list, 2, &e), 1);
    assert_false(list[0].author_proven);
    history_close(h);
    tamper(*state, "DELETE FROM run");
    expect_count(*state, 0); /* not taken in: its owner is not the author it names */
}

/* The name is that of the account, whatever the file says. */
static void a_name_is_that_of_the_owner(void **state) {
    struct err e;
    struct run list[1], forged = full();
    char me[64];
    said_who(me, sizeof me);
    history_close(must_open(*state));
    struct buf bytes;
    forged.id = 1;
    forged.author_uid = getuid();
    text_copy(forged.author, sizeof forged.author, "somebody else");
    run_file_encode(&forged, &bytes);
    assert_int_equal(mkdir(in(*state, RUNS), 0700), 0);
    put(*state, RUNS "/1.run", bytes.data, bytes.len);
    buf_fini(&bytes);
    run_fini(&forged);
    struct history *h = must_open(*state); /* takes it in */
    struct run got = must_get(h, 1);
    assert_true(got.author_proven);
    assert_string_equal(got.author, me);
    assert_int_equal(history_list(h, list, 1, &e), 1);
    assert_true(list[0].author_proven);
    assert_string_equal(list[0].author, me);
    history_close(h);
}

/* --- taken in --------------------------------------------------------------------------------- */

static void runs_without_a_database_are_taken_in(void **state) {
    struct err e;
    struct history *h = must_open(*state);
    for (int i = 1; i <= 5; i++)
        must_add(h, sample("load", i, "pass"));
    history_close(h);
    static const char *const files[] = {STORE_FILE, STORE_FILE "-wal", STORE_FILE "-shm"};
    for (size_t i = 0; i < 3; i++)
        assert_int_equal(unlink(in(*state, files[i])), 0);
    h = NULL;
    assert_true(history_open(&h, *state, false, &e));
    assert_null(h); /* reading makes nothing */
    h = must_open(*state);
    assert_int_equal(history_count(h, &e), 5);
    assert_true(must_get(h, 3).target_rps == 3);
    assert_true(must_get(h, 5).author_proven);
    assert_int_equal(must_add(h, sample("load", 6, "pass")), 6);
    history_close(h);
}

static void runs_that_an_old_copy_lacks_are_taken_in(void **state) {
    struct err e;
    size_t len;
    struct history *h = must_open(*state);
    must_add(h, sample("load", 1, "pass"));
    history_close(h);
    tamper(*state, "PRAGMA wal_checkpoint(TRUNCATE)");
    char *old = bytes_of(*state, STORE_FILE, &len);
    h = must_open(*state);
    must_add(h, sample("load", 2, "pass"));
    must_add(h, sample("load", 3, "pass"));
    history_close(h);
    tamper(*state, "PRAGMA wal_checkpoint(TRUNCATE)");
    put(*state, STORE_FILE, old, len);
    free(old);
    h = must_open(*state);
    assert_int_equal(history_count(h, &e), 3);
    assert_true(must_get(h, 2).target_rps == 2);
    history_close(h);
}

/* A writer was killed between file and row, and another one is at work already. */
static void a_number_that_is_taken_is_left_alone(void **state) {
    struct err e;
    make_store(*state);
    struct history *h = must_open(*state);
    must_add(h, sample("load", 2, "pass"));
    struct run finished = full();
    struct buf bytes;
    finished.id = 3;
    finished.author_uid = getuid();
    run_file_encode(&finished, &bytes);
    put(*state, RUNS "/3.run", bytes.data, bytes.len);
    put(*state, RUNS "/5.run", "junk", 4);
    buf_fini(&bytes);
    run_fini(&finished);
    assert_int_equal(must_add(h, sample("load", 4, "pass")), 4);
    assert_true(must_get(h, 3).target_rps == 200); /* taken in on the way */
    assert_int_equal(must_add(h, sample("load", 6, "pass")), 6);
    assert_int_equal(history_count(h, &e), 5);
    history_close(h);
}

static int no_commit(void *unused) {
    (void)unused;
    return 1;
}

static void a_failed_commit_leaves_no_file(void **state) {
    struct err e;
    make_store(*state);
    struct history *h = must_open(*state);
    assert_int_equal(must_add(h, sample("load", 2, "pass")), 2);
    sqlite3_commit_hook(h->db, no_commit, NULL); /* the row is in, the file is written */
    struct run r = sample("load", 1, "pass");
    assert_false(history_add(h, &r, &e));
    assert_int_equal(r.id, 0);
    assert_false(file_exists(in(*state, RUNS "/3.run")));
    r.id = 1;
    assert_false(history_replace(h, &r, &e));
    assert_false(file_exists(in(*state, RUNS "/1.next")));
    assert_true(must_get(h, 1).author_proven && must_get(h, 1).target_rps == 100);
    sqlite3_commit_hook(h->db, NULL, NULL);
    assert_int_equal(must_add(h, sample("load", 1, "pass")), 3);
    history_close(h);
}

static void without_its_folder_a_run_is_not_added(void **state) {
    struct err e;
    struct run r = sample("load", 1, "pass");
    struct history *h = must_open(*state);
    put(*state, RUNS, "", 0);
    assert_false(history_add(h, &r, &e));
    assert_int_equal(e.kind, ERR_REFUSED);
    assert_string_equal(e.text, "is not a folder");
    assert_string_equal(e.file, RUNS);
    assert_int_equal(history_count(h, &e), 0);
    history_close(h);
}

/* --- judged again ----------------------------------------------------------------------------- */

static void a_run_is_judged_again(void **state) {
    struct err e;
    struct run r;
    struct history *h = must_open(*state);
    must_add(h, sample("load", 100, "fail"));
    must_add(h, sample("load", 200, "fail"));
    assert_true(history_get(h, 1, &r, &e));
    text_copy(r.verdict, sizeof r.verdict, "pass");
    text_copy(r.hash.verdict, sizeof r.hash.verdict, "99");
    text_copy(r.author, sizeof r.author, "somebody else");
    r.at_ms = 1;
    r.check_json = mem_strdup("{}");
    assert_true(history_replace(h, &r, &e));
    run_fini(&r);
    assert_true(history_get(h, 1, &r, &e));
    assert_true(r.author_proven && r.at_ms == 1750000000000);
    assert_string_equal(r.verdict, "pass");
    assert_string_equal(r.hash.verdict, "99");
    assert_string_equal(r.check_json, "{}");
    run_fini(&r);
    assert_int_equal(history_count(h, &e), 2);
    assert_false(file_exists(in(*state, RUNS "/1.next")));
    assert_int_equal(must_add(h, sample("load", 1, "pass")), 3);
    r = sample("load", 1, "pass");
    r.id = 9;
    assert_false(history_replace(h, &r, &e));
    assert_string_equal(e.text, "there is no run 9");
    history_close(h);
    tamper(*state, "UPDATE run SET author_uid = 7, author = 'bo' WHERE id = 2");
    h = must_open(*state);
    r.id = 2;
    assert_false(history_replace(h, &r, &e));
    assert_int_equal(e.kind, ERR_REFUSED);
    assert_string_equal(e.text, "run 2 was judged by bo, who alone may replace it");
    assert_false(file_exists(in(*state, RUNS "/2.next")));
    history_close(h);
}

/* As after a kill before and after the row was replaced. */
static void a_run_half_judged_again_is_one_of_the_two(void **state) {
    for (int committed = 0; committed < 2; committed++) {
        char *dir = mem_strdup(in(*state, committed ? "after" : "before"));
        assert_int_equal(mkdir(dir, 0755), 0);
        make_store(dir);
        struct history *h = must_open(dir);
        struct run r = must_get(h, 1);
        struct err e;
        text_copy(r.verdict, sizeof r.verdict, "fail");
        assert_true(run_file_put_next(h, &r, &e));
        history_close(h);
        if (committed)
            tamper(dir, "UPDATE run SET verdict = 'fail'");
        h = NULL;
        assert_true(history_open(&h, dir, false, &e)); /* as others see it meanwhile */
        struct run got = must_get(h, 1);
        assert_true(got.author_proven);
        assert_string_equal(got.verdict, committed ? "fail" : "pass");
        history_close(h);
        h = must_open(dir);
        assert_false(file_exists(in(dir, RUNS "/1.next")));
        got = must_get(h, 1);
        assert_true(got.author_proven);
        assert_string_equal(got.verdict, committed ? "fail" : "pass");
        history_close(h);
        free(dir);
    }
}

/* --- order ------------------------------------------------------------------------------------ */

static void leftovers_of_killed_programs_go(void **state) {
    make_store(*state);
    put(*state, RUNS "/.new-old", "half", 4);
    put(*state, RUNS "/.new-young", "half", 4);
    struct timespec old[2] = {{.tv_sec = 1000}, {.tv_sec = 1000}};
    assert_int_equal(utimensat(AT_FDCWD, in(*state, RUNS "/.new-old"), old, 0), 0);
    struct history *h = must_open(*state);
    must_add(h, sample("load", 1, "pass"));
    history_close(h);
    assert_false(file_exists(in(*state, RUNS "/.new-old")));
    assert_true(file_exists(in(*state, RUNS "/.new-young"))); /* somebody may be writing it */
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_run_comes_back_from_its_bytes),
        cmocka_unit_test(half_a_file_is_no_run),
        cmocka_unit_test(strange_files_are_no_runs),
        STORE_TEST(the_file_counts_not_the_row),
        STORE_TEST(a_file_of_somebody_else_proves_nothing),
        STORE_TEST(a_name_is_that_of_the_owner),
        STORE_TEST(runs_without_a_database_are_taken_in),
        STORE_TEST(runs_that_an_old_copy_lacks_are_taken_in),
        STORE_TEST(a_number_that_is_taken_is_left_alone),
        STORE_TEST(a_failed_commit_leaves_no_file),
        STORE_TEST(without_its_folder_a_run_is_not_added),
        STORE_TEST(a_run_is_judged_again),
        STORE_TEST(a_run_half_judged_again_is_one_of_the_two),
        STORE_TEST(leftovers_of_killed_programs_go),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

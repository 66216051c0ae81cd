/* A store and its people: who may come in, who may write, and in whose name. Users are numbers
 * without accounts, which only root can become. */
#include "store_fixture.h"

#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <signal.h>
#include <sys/wait.h>

#define RUNS STORE_FOLDER "/runs"

enum { ANA = 54321, BO = 54322, EVE = 54323, PERF = 54320, OTHERS = 54319 };

/* The workspace of the test that runs; children get it with the memory. */
static const char *dir;

struct who {
    uid_t uid;
    bool in_perf;
    mode_t umask;
};

static bool become(struct who who) {
    gid_t groups[2] = {who.uid, PERF};
    umask(who.umask);
    return setgroups(who.in_perf ? 2 : 1, groups) == 0 && setgid(who.uid) == 0 &&
           setuid(who.uid) == 0;
}

/* What a child asserts ends it with 1. */
#define MUST(x)                                                                                    \
    do {                                                                                           \
        if (!(x)) {                                                                                \
            fprintf(stderr, "%s:%d: %s\n", __FILE__, __LINE__, #x);                                \
            _exit(1);                                                                              \
        }                                                                                          \
    } while (0)
#define MUST_SAY(got, expected)                                                                    \
    do {                                                                                           \
        if (strcmp(got, expected) != 0) {                                                          \
            fprintf(stderr, "%s:%d: %s\n", __FILE__, __LINE__, got);                               \
            _exit(1);                                                                              \
        }                                                                                          \
    } while (0)

static void as(struct who who, void (*act)(void)) {
    int status;
    pid_t pid = fork();
    assert_true(pid >= 0);
    if (pid == 0) {
        MUST(become(who));
        act();
        _exit(0);
    }
    assert_int_equal(waitpid(pid, &status, 0), pid);
    assert_int_equal(status, 0);
}

static const struct who ana = {ANA, true, 0022}, ana_strict = {ANA, true, 0077},
                        bo = {BO, true, 0077}, bo_outside = {BO, false, 0022},
                        eve = {EVE, false, 0};

static int set_up_people(void **state) {
    if (geteuid() != 0)
        return set_up(state);
    int rc = set_up(state);
    dir = *state;
    return rc != 0 || chmod(dir, 0755) != 0 || chown(dir, ANA, ANA) != 0;
}

static void only_for_root(void) {
    if (geteuid() != 0) {
        print_message("skipped: only root becomes other users\n");
        skip();
    }
}

/* --- acts ------------------------------------------------------------------------------------- */

static void add_a_run(void) {
    struct history *h = NULL;
    struct err e = {0};
    struct run r = sample("load", 100, "pass");
    MUST(history_open(&h, dir, true, &e));
    MUST_SAY(history_notice(h), "");
    MUST(history_add(h, &r, &e));
    MUST(history_save_state(h, getuid() == ANA ? "{\"ana\":1}" : "{\"bo\":1}", getuid(), &e));
    history_close(h);
}

static void share_with_perf(void) {
    struct err e = {0};
    MUST(history_share(dir, "54320", &e));
}

static void make_private(void) {
    struct err e = {0};
    MUST(history_share(dir, NULL, &e));
}

static void expect_mode(const char *name, mode_t mode, gid_t group) {
    struct stat st;
    assert_int_equal(lstat(in(dir, name), &st), 0);
    if ((st.st_mode & 07777) != mode || (mode & 070 && st.st_gid != group))
        fail_msg("%s is %o of group %d", name, (unsigned)(st.st_mode & 07777), (int)st.st_gid);
}

static void expect_modes(mode_t store, mode_t database, mode_t folder, mode_t file) {
    static const char *const files[] = {STORE_FILE, STORE_FILE "-wal", STORE_FILE "-shm"};
    expect_mode(STORE_FOLDER, store, PERF);
    for (size_t i = 0; i < 3; i++)
        expect_mode(files[i], database, PERF);
    for (size_t i = 0; i < STORE_FOLDERS; i++) {
        char name[32];
        snprintf(name, sizeof name, STORE_FOLDER "/%s", store_folders[i]);
        if (file_exists(in(dir, name)))
            expect_mode(name, folder, PERF);
    }
    expect_mode(RUNS "/1.run", file, PERF);
}

/* --- private ---------------------------------------------------------------------------------- */

static void cannot_enter(void) {
    struct history *h = NULL;
    struct err e = {0};
    for (int create = 0; create < 2; create++) {
        MUST(!history_open(&h, dir, create, &e));
        MUST(!h && e.kind == ERR_IO);
        MUST_SAY(e.text,
                 ".perfscale belongs to uid 54321, group gid 54321, and you may not enter it");
        MUST_SAY(e.fix, "ask uid 54321 to run: perfscale share --group NAME");
    }
}

static void a_private_store_is_for_one(void **state) {
    (void)state;
    only_for_root();
    as(ana, add_a_run);
    expect_modes(0700, 0600, 0700, 0600);
    as(bo, cannot_enter);
}

/* --- shared ----------------------------------------------------------------------------------- */

static void find_both(void) {
    struct history *h = NULL;
    struct err e = {0};
    struct run list[4];
    struct history_access access;
    char *json, from[64];
    int64_t at;
    MUST(history_open(&h, dir, true, &e));
    MUST(history_list(h, list, 4, &e) == 2);
    MUST(list[0].author_proven && list[0].author_uid == BO);
    MUST_SAY(list[0].author, "uid 54322");
    MUST(list[1].author_proven && list[1].author_uid == ANA);
    for (int i = 1; i <= 2; i++) {
        struct run r;
        MUST(history_get(h, i, &r, &e));
        MUST(r.author_proven);
        run_fini(&r);
    }
    MUST(history_load_state(h, &json, &at, from, &e));
    MUST_SAY(json, getuid() == ANA ? "{\"ana\":1}" : "{\"bo\":1}"); /* each one's own */
    MUST_SAY(from, "");
    free(json);
    history_access(h, &access);
    MUST(access.shared);
    MUST_SAY(access.group, "gid 54320");
    MUST_SAY(access.owner, "uid 54321");
    history_close(h);
}

/* The row can be changed by all of the group, the file by nobody but its owner. */
static void bo_touches_what_is_anas(void) {
    struct history *h = NULL;
    struct err e = {0};
    struct run r;
    MUST(unlink(in(dir, RUNS "/1.run")) != 0 && errno == EPERM);
    MUST(rename(in(dir, RUNS "/2.run"), in(dir, RUNS "/1.run")) != 0);
    MUST(open(in(dir, RUNS "/1.run"), O_WRONLY) < 0 && errno == EACCES);
    MUST(link(in(dir, RUNS "/1.run"), in(dir, RUNS "/7.run")) != 0 || getuid() == ANA);
    MUST(history_open(&h, dir, true, &e));
    MUST(history_get(h, 1, &r, &e));
    MUST(!history_replace(h, &r, &e) && e.kind == ERR_REFUSED);
    MUST_SAY(e.text, "run 1 was judged by uid 54321, who alone may replace it");
    run_fini(&r);
    history_close(h);
}

static void find_anas_state_first(void) {
    struct history *h = NULL;
    struct err e = {0};
    char *json, from[64];
    int64_t at;
    MUST(history_open(&h, dir, true, &e));
    MUST(history_load_state(h, &json, &at, from, &e));
    MUST_SAY(json, "{\"ana\":1}");
    MUST_SAY(from, "uid 54321");
    free(json);
    history_close(h);
}

static void cannot_enter_a_shared_one(void) {
    struct history *h = NULL;
    struct err e = {0};
    MUST(!history_open(&h, dir, true, &e));
    MUST_SAY(e.text, ".perfscale belongs to uid 54321, group gid 54320, and you may not enter it");
    MUST_SAY(e.fix, "have an administrator put you in group gid 54320, and log in again");
}

static void cannot_enter_any_more(void) {
    struct history *h = NULL;
    struct err e = {0};
    MUST(!history_open(&h, dir, true, &e));
    MUST_SAY(e.fix, "ask uid 54321 to run: perfscale share --group NAME");
}

static void a_group_works_in_one_store(void **state) {
    (void)state;
    only_for_root();
    as(ana_strict, add_a_run);
    as(ana_strict, share_with_perf);
    expect_modes(02770, 0660, 03770, 0640);
    as(bo, find_anas_state_first);
    as(bo, add_a_run);
    expect_mode(RUNS "/2.run", 0640, PERF);
    as(ana, find_both);
    as(bo, find_both);
    as(bo, bo_touches_what_is_anas);
    as(eve, cannot_enter_a_shared_one);
    expect_modes(02770, 0660, 03770, 0640);
    as(ana, make_private);
    expect_mode(STORE_FOLDER, 0700, 0);
    expect_mode(STORE_FILE, 0600, 0);
    expect_mode(RUNS, 0700, 0);
    expect_mode(RUNS "/1.run", 0600, 0);
    as(bo, cannot_enter_any_more);
    as(ana, share_with_perf);
    as(bo, find_both);
}

/* The database is gone from a shared store: whoever comes first makes it for all. */
static void a_database_made_anew_is_shared(void **state) {
    (void)state;
    only_for_root();
    as(ana, add_a_run);
    as(ana, share_with_perf);
    assert_int_equal(unlink(in(dir, STORE_FILE)), 0);
    as(bo, add_a_run);
    expect_modes(02770, 0660, 03770, 0640);
    as(bo, find_both); /* ana's run from her file */
}

static void open_transaction_and_die(void) {
    struct history *h = NULL;
    struct err e = {0};
    MUST(history_open(&h, dir, true, &e));
    MUST(store_begin(h, &e));
    MUST(store_exec(h, "DELETE FROM run", &e));
    kill(getpid(), SIGKILL);
}

static void a_colleague_who_is_killed_blocks_nobody(void **state) {
    (void)state;
    only_for_root();
    as(ana, add_a_run);
    as(ana, share_with_perf);
    int status;
    pid_t pid = fork();
    if (pid == 0) {
        MUST(become(bo));
        open_transaction_and_die();
    }
    assert_int_equal(waitpid(pid, &status, 0), pid);
    assert_true(WIFSIGNALED(status));
    as(bo, add_a_run);
    as(ana, find_both);
}

/* --- who may say so --------------------------------------------------------------------------- */

static void bo_cannot_share(void) {
    struct err e = {0};
    MUST(!history_share(dir, "54320", &e));
    MUST(e.kind == ERR_REFUSED);
    MUST_SAY(e.text, ".perfscale belongs to uid 54321, who alone says who may use it");
    MUST_SAY(e.fix, "ask uid 54321 to run: perfscale share --group 54320");
    MUST(!history_share(dir, NULL, &e));
    MUST_SAY(e.fix, "ask uid 54321 to run: perfscale share --private");
}

static void ana_cannot_share_with_others(void) {
    struct err e = {0};
    MUST(!history_share(dir, "54319", &e));
    MUST(e.kind == ERR_REFUSED);
    MUST_SAY(e.text, "you are not in group 54319");
    MUST(!history_share(dir, "no such group", &e));
    MUST(e.kind == ERR_USAGE);
    MUST_SAY(e.text, "there is no group \"no such group\"");
}

static void only_the_owner_and_only_with_own_groups(void **state) {
    (void)state;
    only_for_root();
    as(ana, ana_cannot_share_with_others);
    assert_false(history_exists(dir)); /* nothing was made for it */
    as(ana, share_with_perf);          /* makes it */
    as(ana, add_a_run);
    expect_modes(02770, 0660, 03770, 0640);
    as(bo, bo_cannot_share);
    expect_modes(02770, 0660, 03770, 0640);
}

/* --- reading only ----------------------------------------------------------------------------- */

static void read_from_outside(void) {
    struct history *h = NULL;
    struct err e = {0};
    struct run r, list[2];
    MUST(history_open(&h, dir, true, &e));
    MUST(history_read_only(h));
    MUST_SAY(history_notice(h),
             "Read only: you are not in group gid 54320. Notes and votes are off.");
    MUST(history_list(h, list, 2, &e) == 1);
    MUST(history_get(h, 1, &r, &e));
    MUST(r.author_proven && list[0].author_proven);
    run_fini(&r);
    r = sample("load", 1, "pass");
    MUST(!history_add(h, &r, &e));
    MUST_SAY(e.text, "the store is open for reading only");
    history_close(h);
}

static void who_may_read_reads(void **state) {
    static const struct {
        const char *name;
        mode_t mode;
    } open_to_all[] = {{STORE_FOLDER, 02775},     {STORE_FILE, 0664}, {STORE_FILE "-wal", 0664},
                       {STORE_FILE "-shm", 0664}, {RUNS, 03775},      {RUNS "/1.run", 0644}};
    (void)state;
    only_for_root();
    as(ana, add_a_run);
    as(ana, share_with_perf);
    for (size_t i = 0; i < sizeof open_to_all / sizeof open_to_all[0]; i++)
        assert_int_equal(chmod(in(dir, open_to_all[i].name), open_to_all[i].mode), 0);
    as(eve, read_from_outside);
    as(bo_outside, read_from_outside);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(a_private_store_is_for_one, set_up_people, tear_down),
        cmocka_unit_test_setup_teardown(a_group_works_in_one_store, set_up_people, tear_down),
        cmocka_unit_test_setup_teardown(a_database_made_anew_is_shared, set_up_people, tear_down),
        cmocka_unit_test_setup_teardown(a_colleague_who_is_killed_blocks_nobody, set_up_people,
                                        tear_down),
        cmocka_unit_test_setup_teardown(only_the_owner_and_only_with_own_groups, set_up_people,
                                        tear_down),
        cmocka_unit_test_setup_teardown(who_may_read_reads, set_up_people, tear_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

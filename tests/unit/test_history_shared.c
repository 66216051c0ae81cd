/* The store among other processes and on disks of all kinds. Child processes end
 * with _exit(); 0 is success. */
#include "store_fixture.h"

#include <fcntl.h>
#include <signal.h>
#include <sys/wait.h>

static int wait_for(pid_t pid) {
    int status;
    assert_int_equal(waitpid(pid, &status, 0), pid);
    return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

/* --- several processes ------------------------------------------------------------------------ */

static int add_runs(const char *dir, int count) {
    struct history *h = NULL;
    struct err e;
    int errors = !history_open(&h, dir, true, &e);
    for (int i = 0; h && i < count && !errors; i++) {
        struct run r = sample("load", i, "fail");
        errors += !history_add(h, &r, &e);
    }
    if (errors)
        print_error("%s\n", e.text);
    history_close(h);
    return errors;
}

static void start_writers(const char *dir, pid_t *pid, int writers, int count) {
    for (int i = 0; i < writers; i++) {
        pid[i] = fork();
        assert_true(pid[i] >= 0);
        if (pid[i] == 0)
            _exit(add_runs(dir, count) != 0);
    }
}

static void two_processes_write_at_once(void **state) {
    pid_t pid[2];
    start_writers(*state, pid, 2, 200);
    for (int i = 0; i < 2; i++)
        assert_int_equal(wait_for(pid[i]), 0);
    expect_count(*state, 400);
}

static void many_processes_make_the_store_at_once(void **state) {
    for (int round = 0; round < 20; round++) {
        char name[16];
        snprintf(name, sizeof name, "%d", round);
        char *dir = mem_strdup(in(*state, name));
        assert_int_equal(mkdir(dir, 0755), 0);
        pid_t pid[6];
        start_writers(dir, pid, 6, 1);
        for (int i = 0; i < 6; i++)
            assert_int_equal(wait_for(pid[i]), 0);
        expect_count(dir, 6);
        free(dir);
    }
}

static void a_busy_store_says_so(void **state) {
    struct err e;
    make_store(*state);
    struct history *h = must_open(*state), *other = must_open(*state);
    sqlite3_busy_timeout(h->db, 20); /* instead of 5 s */
    assert_true(store_begin(other, &e));
    assert_false(history_save_state(h, "{}", 2, &e));
    assert_int_equal(e.kind, ERR_IO);
    assert_string_equal(e.text, "the store is busy");
    assert_true(history_has_passed(h, "load", 100)); /* readers do not wait */
    assert_true(store_commit(other, &e));
    assert_true(history_save_state(h, "{}", 2, &e));
    history_close(h);
    history_close(other);
}

static void a_full_disk_loses_only_the_new(void **state) {
    struct err e;
    char text[128];
    struct history *h = must_open(*state);
    assert_int_equal(must_add(h, sample("load", 100, "pass")), 1);
    assert_true(store_exec(h, "PRAGMA max_page_count=1", &e)); /* no more than there are */
    struct run r = sample("load", 100, "pass");
    r.check_json = mem_new(100001, 1);
    memset(r.check_json, 'x', 100000);
    assert_false(history_add(h, &r, &e));
    assert_int_equal(e.kind, ERR_IO);
    char *real = realpath(*state, NULL);
    snprintf(text, sizeof text, "no space left on %s", real);
    assert_string_equal(e.text, text);
    assert_true(store_exec(h, "PRAGMA max_page_count=1000", &e));
    assert_int_equal(must_add(h, r), 2);
    assert_int_equal(history_count(h, &e), 2);
    run_fini(&r);
    free(real);
    history_close(h);
}

static void a_failed_write_leaves_no_transaction(void **state) {
    struct err e;
    struct history *h = must_open(*state);
    int limit = sqlite3_limit(h->db, SQLITE_LIMIT_LENGTH, 100);
    char json[200] = "";
    memset(json, 'x', sizeof json - 1);
    assert_false(history_save_state(h, json, 1, &e));
    assert_int_equal(e.kind, ERR_IO);
    sqlite3_limit(h->db, SQLITE_LIMIT_LENGTH, limit);
    assert_true(history_save_state(h, json, 1, &e));
    history_close(h);
}

/* --- disks ------------------------------------------------------------------------------------ */

/* Root may write anywhere, so it becomes nobody in the child. 77: nobody cannot get there. */
static int read_as_nobody(const char *dir, const char *notice) {
    if (geteuid() == 0 && (setgid(65534) != 0 || setuid(65534) != 0))
        return 77;
    if (access(in(dir, STORE_FILE), R_OK) != 0)
        return 77;
    struct history *h = NULL;
    struct err e;
    struct run r = sample("load", 1, "fail");
    if (!history_open(&h, dir, true, &e))
        return 1;
    int wrong = (history_read_only(h) ? 0 : 2) | (history_count(h, &e) == 1 ? 0 : 4) |
                (history_add(h, &r, &e) ? 8 : 0) | (strcmp(history_notice(h), notice) ? 16 : 0);
    history_close(h);
    return wrong;
}

static bool expect_only_reading(const char *dir) {
    pid_t pid = fork();
    assert_true(pid >= 0);
    if (pid == 0)
        _exit(read_as_nobody(dir, "Read only: .perfscale/runs.db cannot be written (Permission "
                                  "denied). Runs are not kept."));
    int rc = wait_for(pid);
    if (rc == 77)
        print_message("skipped: user 65534 cannot read %s\n", dir);
    else
        assert_int_equal(rc, 0);
    return rc != 77;
}

static void set_modes(const char *dir, mode_t folder, mode_t files) {
    static const char *const names[] = {STORE_FILE, STORE_FILE "-wal", STORE_FILE "-shm"};
    for (size_t i = 0; i < 3; i++)
        assert_int_equal(chmod(in(dir, names[i]), files), 0);
    assert_int_equal(chmod(in(dir, STORE_FOLDER), folder), 0);
}

static void a_store_without_rights_is_read_only(void **state) {
    char *dir = mem_strdup(in(*state, "100%41?mode=rw#1")); /* an odd name, as it becomes a URI */
    assert_int_equal(mkdir(dir, 0755), 0);
    assert_int_equal(chmod(*state, 0755), 0);
    make_store(dir);
    set_modes(dir, 0555, 0444);
    bool tried = expect_only_reading(dir);
    set_modes(dir, 0755, 0444); /* a copy that left the WAL files out */
    assert_int_equal(unlink(in(dir, STORE_FILE "-wal")), 0);
    assert_int_equal(unlink(in(dir, STORE_FILE "-shm")), 0);
    assert_int_equal(chmod(in(dir, STORE_FOLDER), 0555), 0);
    if (tried)
        expect_only_reading(dir);
    assert_int_equal(chmod(in(dir, STORE_FOLDER), 0700), 0);
    free(dir);
}

static struct history *open_on(const char *dir, struct disk disk) {
    struct history *h = NULL;
    struct place at;
    struct err e = {0};
    bool there;
    assert_true(place_find(&at, dir, true, &there, &e));
    if (!there || !history_open_at(&h, &at, disk, true, &e))
        fail_msg("%s", e.text);
    return h;
}

static void expect_journal(struct history *h, const char *mode) {
    struct err e;
    sqlite3_stmt *st = store_prepare(h, "PRAGMA journal_mode", &e);
    assert_non_null(st);
    assert_int_equal(sqlite3_step(st), SQLITE_ROW);
    assert_string_equal((const char *)sqlite3_column_text(st, 0), mode);
    sqlite3_finalize(st);
}

static void a_network_disk_gets_a_rollback_journal(void **state) {
    struct err e;
    struct history *h = open_on(*state, (struct disk){.network = "NFS", .locks = true});
    assert_false(history_read_only(h));
    assert_string_equal(history_notice(h), "The workspace is on NFS. Sharing works more slowly; "
                                           "keep all people on one host if you can.");
    assert_int_equal(must_add(h, sample("load", 1, "pass")), 1);
    expect_journal(h, "truncate");
    assert_false(file_exists(in(*state, STORE_FILE "-wal")));
    history_close(h);
    h = must_open(*state); /* the workspace moves to a local disk, and back */
    assert_int_equal(must_add(h, sample("load", 1, "pass")), 2);
    expect_journal(h, "wal");
    history_close(h);
    h = open_on(*state, (struct disk){.network = "NFS", .locks = true});
    assert_int_equal(history_count(h, &e), 2);
    assert_int_equal(must_add(h, sample("load", 1, "pass")), 3);
    expect_journal(h, "truncate");
    history_close(h);
    expect_count(*state, 3);
}

static void a_disk_without_locks_is_read_only(void **state) {
    static const struct disk no_locks = {.network = "FUSE", .locks = false};
    static const char nothing_kept[] = "this file system does not lock files, so nothing is kept";
    struct err e;
    struct place at;
    struct run r = sample("load", 1, "fail");
    struct history *h;
    bool there;
    assert_true(place_find(&at, *state, true, &there, &e));
    assert_false(history_open_at(&h, &at, no_locks, true, &e)); /* an empty one cannot be made */
    assert_string_equal(e.text, nothing_kept);
    make_store(*state);
    h = open_on(*state, no_locks);
    assert_true(history_read_only(h));
    assert_string_equal(history_notice(h),
                        "This file system does not lock files. Opened read only.");
    assert_int_equal(history_count(h, &e), 1);
    assert_false(history_add(h, &r, &e));
    assert_string_equal(e.text, nothing_kept);
    history_close(h);
    put(*state, STORE_FILE "-journal", "half a change", 13);
    assert_false(history_open_at(&h, &at, no_locks, false, &e));
    assert_null(h);
    assert_string_equal(e.text, ".perfscale/runs.db has an unfinished change, and this file system "
                                "does not lock files");
}

static void network_disks_are_known_by_their_number(void **state) {
    static const struct {
        uint32_t type;
        const char *name; /* NULL: local */
    } cases[] = {
        {0x6969, "NFS"},      {0x517B, "SMB"},    {0xFF534D42, "SMB"}, {0xFE534D42, "SMB"},
        {0x65735546, "FUSE"}, {0x01021997, "9p"}, {0x5346414F, "AFS"}, {0x0BD00BD0, "Lustre"},
        {0xEF53, NULL},       {0x01021994, NULL}, /* ext4, tmpfs */
        {0x58465342, NULL},   {0x9123683E, NULL}, /* xfs, btrfs */
        {0x794c7630, NULL},   {0, NULL},          /* overlayfs, none */
    };
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        const char *name = network_name(cases[i].type);
        if (cases[i].name)
            assert_string_equal(name, cases[i].name);
        else
            assert_null(name);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        STORE_TEST(two_processes_write_at_once),
        STORE_TEST(many_processes_make_the_store_at_once),
        STORE_TEST(a_busy_store_says_so),
        STORE_TEST(a_full_disk_loses_only_the_new),
        STORE_TEST(a_failed_write_leaves_no_transaction),
        STORE_TEST(a_store_without_rights_is_read_only),
        STORE_TEST(a_network_disk_gets_a_rollback_journal),
        STORE_TEST(a_disk_without_locks_is_read_only),
        cmocka_unit_test(network_disks_are_known_by_their_number),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

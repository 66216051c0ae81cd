/* What goes wrong in the life of a store: programs that are killed, disks that are full or cannot
 * be written, bytes that turn over. PERFSCALE_KILLS=1000 kills more often. */
#include "store_fixture.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <sys/mount.h>
#include <sys/wait.h>

#define RUNS STORE_FOLDER "/runs"

static void must_wait(pid_t pid, int code) {
    int status;
    assert_int_equal(waitpid(pid, &status, 0), pid);
    assert_int_equal(WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status), code);
}

/* A text that says which version of which run it is, and that it is whole. */
static char *text_of(int64_t serial) {
    size_t len = 200 + (size_t)(serial * 7919 % 9000);
    char *text = mem_new(len + 1, 1);
    memset(text, 'a' + (int)(serial % 26), len);
    return text;
}

static bool is_text_of(const char *text, int64_t serial) {
    char *whole = text_of(serial);
    bool same = text && strcmp(text, whole) == 0;
    free(whole);
    return same;
}

/* --- kill -9 ---------------------------------------------------------------------------------- */

struct done {
    int64_t id;
    int64_t serial; /* version: grows with each that is written */
};

/* Adds runs and judges each second one again, telling each that is finished; never ends. */
static void write_for_ever(const char *dir, int to, int64_t serial) {
    struct history *h = NULL;
    struct err e;
    if (!history_open(&h, dir, true, &e))
        _exit(1);
    struct run r = sample("load", 0, "pass");
    for (;; serial++) {
        bool again = serial % 3 == 2 && r.id;
        h->wrote_ms = 0; /* without the pause for others, where nothing could break */
        r.target_rps = (double)serial;
        r.check_json = text_of(serial);
        if (!(again ? history_replace(h, &r, &e) : history_add(h, &r, &e)))
            _exit(2);
        run_fini(&r);
        struct done done = {r.id, serial};
        if (write(to, &done, sizeof done) != sizeof done)
            _exit(3);
        if (serial % 7 == 0 && !history_save_state(h, "{}", serial, &e))
            _exit(4);
    }
}

static void expect_whole(struct history *h, struct done was) {
    struct run got, file;
    struct err e = {0};
    if (!history_get(h, was.id, &got, &e))
        fail_msg("run %d: %s", (int)was.id, e.text);
    int64_t serial = (int64_t)got.target_rps; /* what was told, or what came after it */
    assert_true(serial >= was.serial);
    assert_true(is_text_of(got.check_json, serial));
    assert_true(got.author_proven);
    assert_true(run_file_get(h, was.id, false, &file));
    assert_true(is_text_of(file.check_json, serial));
    run_fini(&file);
    run_fini(&got);
}

static void expect_sound(struct history *h) {
    struct err e;
    sqlite3_stmt *st = store_prepare(h, "PRAGMA integrity_check", &e);
    assert_int_equal(sqlite3_step(st), SQLITE_ROW);
    assert_string_equal((const char *)sqlite3_column_text(st, 0), "ok");
    sqlite3_finalize(st);
}

/* As many files as rows, each whole, and nothing half done. */
static void expect_files_of_all(struct history *h) {
    struct run_files files;
    struct err e;
    run_files_scan(h, false, &files);
    assert_int_equal(files.n, history_count(h, &e));
    for (size_t i = 0; i < files.n; i++) {
        assert_false(files.item[i].next);
        expect_whole(h, (struct done){files.item[i].id, 0});
    }
    run_files_fini(&files);
}

/* Returns how many runs were told as finished; *last: the highest number and serial. */
static int one_kill(const char *dir, struct done *last) {
    enum { MOST = 4096 };
    static struct done done[MOST];
    int ends[2], told = 0;
    assert_int_equal(pipe2(ends, O_CLOEXEC), 0);
    pid_t pid = fork();
    assert_true(pid >= 0);
    if (pid == 0)
        write_for_ever(dir, ends[1], last->serial + 1);
    close(ends[1]);
    if (rand() % 8 && read(ends[0], &done[0], sizeof done[0]) == sizeof done[0])
        told = 1; /* else it is killed while it opens the store */
    usleep((useconds_t)(rand() % 5000));
    assert_int_equal(kill(pid, SIGKILL), 0);
    must_wait(pid, 128 + SIGKILL);
    while (told < MOST && read(ends[0], &done[told], sizeof done[0]) == sizeof done[0])
        told++;
    close(ends[0]);
    struct history *h = must_open(dir);
    assert_string_equal(history_notice(h), "");
    expect_sound(h);
    assert_true(told == 0 || done[0].id > last->id); /* no number twice */
    for (int i = 0; i < told; i++)
        expect_whole(h, done[i]);
    history_close(h);
    if (told)
        last->id = done[told - 1].id;
    last->serial += told + 2; /* the one that was not told may be there too */
    return told;
}

/* In memory where that is possible: a kill is the same there, and more happens between two. */
static char *fast_folder(void) {
    static const char *const parents[] = {"/dev/shm", "/tmp"};
    for (size_t i = 0; i < 2; i++) {
        char dir[64];
        snprintf(dir, sizeof dir, "%s/test_history_faults.XXXXXX", parents[i]);
        if (mkdtemp(dir))
            return mem_strdup(dir);
    }
    fail_msg("no folder for the store");
    return NULL;
}

static void killed_programs_lose_no_finished_run(void **state) {
    enum { KILLS = 60, OF_ONE_STORE = 50 };
    const char *more = getenv("PERFSCALE_KILLS");
    int kills = more ? atoi(more) : KILLS, told = 0;
    (void)state;
    srand(3);
    for (int i = 0; i < kills;) {
        char *dir = fast_folder();
        struct done last = {0, 0};
        for (int of_one = 0; i < kills && of_one < OF_ONE_STORE; of_one++, i++)
            told += one_kill(dir, &last);
        struct history *h = must_open(dir);
        expect_files_of_all(h);
        history_close(h);
        assert_int_equal(nftw(dir, remove_one, 8, FTW_DEPTH | FTW_PHYS), 0);
        free(dir);
    }
    assert_true(told > 0);
    print_message("%d kills, %d finished runs, none lost\n", kills, told);
}

/* --- disks ------------------------------------------------------------------------------------ */

static void fill(const char *dir, const char *name) {
    static const char bytes[4096];
    int fd = open(in(dir, name), O_WRONLY | O_CREAT | O_CLOEXEC, 0600);
    assert_true(fd >= 0);
    while (write(fd, bytes, sizeof bytes) > 0) {
    }
    close(fd);
}

static struct run with_text(int64_t serial) {
    struct run r = sample("load", (double)serial, "pass");
    r.check_json = text_of(serial);
    return r;
}

static void expect_no_space(const char *dir, const struct err *e) {
    char text[300];
    snprintf(text, sizeof text, "no space left on %s", dir);
    assert_string_equal(e->text, text);
    assert_string_equal(e->fix, "free space and try again");
}

static int add_until_full(struct history *h, struct err *e) {
    int n = 0;
    for (bool ok = true; ok && n < 1000;) {
        struct run r = with_text(n + 1);
        ok = history_add(h, &r, e);
        n += ok;
        run_fini(&r);
    }
    return n;
}

static void a_full_disk(const char *dir) {
    static const char spare[200000];
    struct err e = {0};
    put(dir, "spare", spare, sizeof spare);
    struct history *h = must_open(dir);
    int n = add_until_full(h, &e);
    assert_true(n > 5 && n < 1000);
    expect_no_space(dir, &e);
    fill(dir, "filler");
    struct run r = with_text(n + 1);
    r.id = 1;
    assert_false(history_replace(h, &r, &e)); /* the old one stays */
    expect_no_space(dir, &e);
    history_close(h);
    h = must_open(dir);
    expect_sound(h);
    expect_files_of_all(h);
    assert_int_equal(history_count(h, &e), n);
    assert_int_equal(unlink(in(dir, "spare")), 0);
    assert_true(history_replace(h, &r, &e)); /* goes on as soon as there is room */
    assert_true(must_add(h, sample("load", 1, "pass")) > n);
    run_fini(&r);
    history_close(h);
}

/* Reading goes on where nothing can be written. */
static void a_full_disk_with_an_old_store(const char *dir) {
    size_t len;
    struct err e;
    char *bytes = file_read(TEST_DATA "/store/schema-1.db", 1 << 20, &len, NULL);
    assert_int_equal(mkdir(in(dir, STORE_FOLDER), 0700), 0);
    put(dir, STORE_FILE, bytes, len);
    free(bytes);
    fill(dir, "filler");
    struct history *h = NULL;
    if (!history_open(&h, dir, true, &e)) {
        expect_no_space(dir, &e); /* not even room for the lock table of readers */
    } else {
        assert_non_null(strstr(history_notice(h), "no space left on "));
        assert_int_equal(history_count(h, &e), 3);
        history_close(h);
    }
    assert_int_equal(unlink(in(dir, "filler")), 0);
    h = must_open(dir);
    assert_string_equal(history_notice(h), "");
    assert_int_equal(history_count(h, &e), 3);
    history_close(h);
}

static void a_disk_mounted_for_reading(const char *dir) {
    struct err e;
    struct run r = sample("load", 1, "pass");
    make_store(dir);
    assert_int_equal(mount("tmpfs", dir, "tmpfs", MS_REMOUNT | MS_RDONLY, NULL), 0);
    struct history *h = must_open(dir);
    assert_true(history_read_only(h));
    assert_string_equal(history_notice(h), "Read only: .perfscale/runs.db cannot be written "
                                           "(Read-only file system). Runs are not kept.");
    assert_true(history_get(h, 1, &r, &e));
    assert_true(r.author_proven);
    run_fini(&r);
    assert_false(history_add(h, &r, &e));
    history_close(h);
}

static int take_disk_down(void **state) {
    umount2(*state, MNT_DETACH);
    return tear_down(state);
}

static void on_a_disk(void **state, void (*test)(const char *dir)) {
    if (geteuid() != 0 || mount("tmpfs", *state, "tmpfs", 0, "size=1m,mode=0700") != 0) {
        print_message("skipped: a small disk takes root\n");
        skip();
    }
    char *dir = realpath(*state, NULL);
    test(dir);
    free(dir);
}

static void a_full_disk_loses_nothing_finished(void **state) { on_a_disk(state, a_full_disk); }

static void an_old_store_on_a_full_disk_is_read(void **state) {
    on_a_disk(state, a_full_disk_with_an_old_store);
}

static void a_disk_for_reading_is_read(void **state) {
    on_a_disk(state, a_disk_mounted_for_reading);
}

/* --- bytes that turn over --------------------------------------------------------------------- */

enum { FLIP_RUNS = 8 };

static void make_flip_store(const char *dir) {
    struct history *h = must_open(dir);
    struct err e;
    assert_true(history_save_state(h, "{\"ours\":1}", 1, &e));
    for (int i = 1; i <= FLIP_RUNS; i++) {
        struct run r = with_text(i);
        must_add(h, r);
        run_fini(&r);
    }
    history_close(h);
}

/* Whatever it answers: every function is called. */
static void use_all(const char *dir) {
    struct history *h = NULL;
    struct err e;
    struct run list[FLIP_RUNS + 4], r;
    char *json = NULL, from[64];
    int64_t at;
    if (!history_open(&h, dir, true, &e) || !h)
        return;
    history_list(h, list, FLIP_RUNS + 4, &e);
    history_count(h, &e);
    history_newest_ms(h);
    history_has_passed(h, "load", 1);
    history_load_state(h, &json, &at, from, &e);
    free(json);
    for (int i = 1; i <= FLIP_RUNS; i++)
        if (history_get(h, i, &r, &e))
            run_fini(&r);
    history_save_state(h, "{}", 1, &e);
    history_close(h);
}

static void expect_runs_kept(const char *dir) {
    static const char *const ends[] = {"", "-wal", "-shm"};
    for (size_t i = 0; i < 3; i++) {
        char name[64];
        snprintf(name, sizeof name, STORE_FILE "%s", ends[i]);
        unlink(in(dir, name));
    }
    struct history *h = must_open(dir);
    for (int i = 1; i <= FLIP_RUNS; i++)
        expect_whole(h, (struct done){i, i});
    history_close(h);
}

static void turned_bytes_lose_no_run(void **state) {
    enum { FLIPS = 200 };
    size_t len;
    make_flip_store(*state);
    tamper(*state, "PRAGMA wal_checkpoint(TRUNCATE)");
    char *good = bytes_of(*state, STORE_FILE, &len);
    srand(4);
    for (int i = 0; i < FLIPS; i++) {
        size_t at = i < 100 ? (size_t)i : (size_t)rand() % len;
        char was = good[at];
        good[at] = (char)(was ^ (1 << rand() % 8));
        put(*state, STORE_FILE, good, len);
        good[at] = was;
        use_all(*state);
        expect_runs_kept(*state);
    }
    free(good);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(killed_programs_lose_no_finished_run),
        cmocka_unit_test_setup_teardown(a_full_disk_loses_nothing_finished, set_up, take_disk_down),
        cmocka_unit_test_setup_teardown(an_old_store_on_a_full_disk_is_read, set_up,
                                        take_disk_down),
        cmocka_unit_test_setup_teardown(a_disk_for_reading_is_read, set_up, take_disk_down),
        STORE_TEST(turned_bytes_lose_no_run),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

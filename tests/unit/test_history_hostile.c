/* A store that this perfscale did not make: newer, damaged, or made by somebody else to do harm. */
#include "store_fixture.h"

#define DAMAGED                                                                                    \
    ".perfscale/runs.db is damaged. It stays as it is; a new store is not made over it. "

/* With and without create: the way to a store is checked the same. */
static void expect_refused(const char *dir, enum err_kind kind, const char *file,
                           const char *text) {
    for (int create = 0; create < 2; create++) {
        struct history *h = NULL;
        struct err e = {0};
        assert_false(history_open(&h, dir, create, &e));
        assert_null(h);
        assert_string_equal(e.text, text);
        assert_string_equal(e.file, file);
        assert_int_equal(e.kind, kind);
    }
}

/* --- versions and damage ---------------------------------------------------------------------- */

static void expect_read_only(const char *dir, const char *notice) {
    struct history *h = must_open(dir);
    struct err e;
    char *json, from[64];
    int64_t at;
    struct run r = sample("load", 1, "fail");
    assert_true(history_read_only(h));
    assert_string_equal(history_notice(h), notice);
    assert_true(history_load_state(h, &json, &at, from, &e));
    assert_string_equal(json, "{\"ours\":1}");
    free(json);
    assert_true(history_has_passed(h, "load", 100));
    assert_false(history_add(h, &r, &e));
    assert_int_equal(e.kind, ERR_REFUSED);
    assert_string_equal(e.text, "the store is open for reading only");
    assert_int_equal(history_count(h, &e), 1);
    history_close(h);
}

static void a_newer_store_is_read_only(void **state) {
    make_store(*state);
    tamper(*state, "PRAGMA user_version=3; UPDATE store SET program = '2.1';"
                   "ALTER TABLE run ADD COLUMN mood TEXT; CREATE TABLE votes(x)");
    expect_read_only(*state, "This workspace was written by perfscale 2.1. Opened read only.");
    tamper(*state, "UPDATE store SET program = char(27) || '[2J' || printf('%.24c', '9')");
    expect_read_only(*state,
                     "This workspace was written by perfscale ?[2J999999999999999999999999. "
                     "Opened read only.");
    tamper(*state, "UPDATE store SET program = printf('%.5000c', '9')");
    expect_read_only(*state, "This workspace was written by a newer perfscale. Opened read only.");
    tamper(*state, "DROP TABLE store");
    expect_read_only(*state, "This workspace was written by a newer perfscale. Opened read only.");
    tamper(*state, "ALTER TABLE run RENAME TO old; CREATE VIEW run AS SELECT * FROM old");
    expect_refused(*state, ERR_FORMAT, "",
                   ".perfscale/runs.db was written by a newer perfscale and cannot be read");
    tamper(*state, "DROP VIEW run; CREATE VIRTUAL TABLE run USING fts3(at_ms, author_uid, author,"
                   "confirmed_by, host, tool, tool_version, model, script, source, verdict,"
                   "hash_results, hash_script, hash_rules, hash_limits, hash_verdict, target_rps,"
                   "rps, p95_ms, error_rate, plan_json, check_json, script_text, files_json, id)");
    expect_refused(*state, ERR_FORMAT, "",
                   ".perfscale/runs.db was written by a newer perfscale and cannot be read");
}

static void a_store_that_becomes_newer_is_not_written(void **state) {
    struct err e;
    make_store(*state);
    struct history *h = must_open(*state);
    struct run r = sample("load", 1, "fail");
    tamper(*state, "PRAGMA user_version=3");
    assert_false(history_add(h, &r, &e));
    assert_int_equal(e.kind, ERR_REFUSED);
    assert_string_equal(e.text,
                        "a newer perfscale has changed .perfscale/runs.db while it was open");
    assert_false(history_save_state(h, "{}", 1, &e));
    assert_int_equal(history_count(h, &e), 1);
    history_close(h);
}

/* What is left: the runs in runs/, to be read. */
static void expect_salvaged(const char *dir) {
    struct err e;
    struct run list[3], got, r = sample("load", 1, "fail");
    char *json, from[64];
    int64_t at;
    struct history *h = must_open(dir);
    assert_true(history_read_only(h));
    assert_string_equal(history_notice(h),
                        DAMAGED "1 finished run is read from .perfscale/runs/. Move runs.db away "
                                "and start again: they are taken in.");
    assert_int_equal(history_count(h, &e), 1);
    assert_int_equal(history_list(h, list, 3, &e), 1);
    assert_int_equal(list[0].id, 1);
    assert_true(list[0].author_proven);
    assert_string_equal(list[0].verdict, "pass");
    assert_true(history_get(h, 1, &got, &e));
    assert_true(got.author_proven && got.target_rps == 100 && isnan(got.p95_ms));
    run_fini(&got);
    assert_false(history_get(h, 2, &got, &e));
    assert_string_equal(e.text, "there is no run 2 in .perfscale/runs");
    assert_false(history_add(h, &r, &e));
    assert_false(history_replace(h, &list[0], &e));
    assert_false(history_save_state(h, "{}", 1, &e));
    assert_false(history_clear_state(h, &e));
    assert_string_equal(e.text, "the store is open for reading only");
    assert_true(history_load_state(h, &json, &at, from, &e));
    assert_null(json);
    assert_false(history_has_passed(h, "load", 1));
    history_close(h);
}

static void expect_damaged(const char *dir, const char *bytes, size_t len) {
    size_t len_after;
    put(dir, STORE_FILE, bytes, len);
    expect_salvaged(dir);
    char *after = bytes_of(dir, STORE_FILE, &len_after);
    assert_int_equal(len_after, len);
    assert_memory_equal(after, bytes, len);
    free(after);
}

static void a_damaged_store_stays_as_it_is(void **state) {
    static const struct {
        size_t at, len; /* bytes that are overwritten with 0xff */
        const char *what;
    } cases[] = {
        {0, 16, "the name of the format"},      {16, 2, "the size of a page"},
        {100, 1, "the kind of the first page"}, {103, 2, "the count of tables"},
        {108, 8, "where the tables stand"},     {3500, 500, "the texts of the tables"},
    };
    size_t len;
    make_store(*state);
    char *good = bytes_of(*state, STORE_FILE, &len);
    assert_true(len > 4096);
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        char *bad = mem_new(len, 1);
        memcpy(bad, good, len);
        memset(bad + cases[i].at, 0xff, cases[i].len);
        expect_damaged(*state, bad, len);
        free(bad);
    }
    expect_damaged(*state, good, 50);
    expect_damaged(*state, "not a database at all", 21);
    put(*state, STORE_FILE, good, len);
    tamper(*state, "DROP INDEX run_by_verdict");
    expect_salvaged(*state);
    put(*state, STORE_FILE, good, len);
    free(good);
    struct history *h = must_open(*state);
    assert_true(history_has_passed(h, "load", 100));
    history_close(h);
}

static void a_damaged_store_that_is_moved_away_is_filled_again(void **state) {
    struct err e;
    struct run got;
    make_store(*state);
    put(*state, STORE_FILE, "not a database at all", 21);
    put(*state, STORE_FOLDER "/runs/2.run", "junk", 4);
    put(*state, STORE_FOLDER "/runs/999999999.run", "junk", 4);
    struct history *h = must_open(*state);
    assert_non_null(strstr(history_notice(h), "runs.db is damaged"));
    history_close(h);
    assert_int_equal(rename(in(*state, STORE_FILE), in(*state, "runs.db.bad")), 0);
    h = must_open(*state);
    assert_string_equal(history_notice(h), "");
    assert_int_equal(history_count(h, &e), 1);
    assert_true(history_get(h, 1, &got, &e));
    assert_true(got.author_proven && got.target_rps == 100);
    run_fini(&got);
    assert_int_equal(must_add(h, sample("load", 1, "pass")), 3); /* 2 is somebody's junk */
    assert_int_equal(history_count(h, &e), 2);
    history_close(h);
}

/* --- made by somebody else -------------------------------------------------------------------- */

static void symbolic_links_are_refused(void **state) {
    static const char *const names[] = {STORE_FILE, STORE_FILE "-wal", STORE_FILE "-shm",
                                        STORE_FILE "-journal"};
    char *victim = mem_strdup(in(*state, "victim"));
    put(*state, "victim", "precious", 8);
    make_store(*state);
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        char *path = mem_strdup(in(*state, names[i]));
        rename(path, in(*state, "aside"));
        assert_int_equal(symlink(victim, path), 0);
        expect_refused(*state, ERR_REFUSED, names[i],
                       "is a symbolic link, which is not followed here");
        assert_int_equal(unlink(path), 0);
        assert_int_equal(mkfifo(path, 0600), 0);
        expect_refused(*state, ERR_REFUSED, names[i], "is not a file");
        assert_int_equal(unlink(path), 0);
        rename(in(*state, "aside"), path);
        free(path);
    }
    for (size_t i = 0; i < STORE_FOLDERS; i++) {
        char name[32];
        snprintf(name, sizeof name, STORE_FOLDER "/%s", store_folders[i]);
        char *path = mem_strdup(in(*state, name));
        rename(path, in(*state, "aside"));
        assert_int_equal(symlink("../real", path), 0);
        expect_refused(*state, ERR_REFUSED, name, "is a symbolic link, which is not followed here");
        assert_int_equal(unlink(path), 0);
        put(*state, name, "", 0);
        expect_refused(*state, ERR_REFUSED, name, "is not a folder");
        assert_int_equal(unlink(path), 0);
        rename(in(*state, "aside"), path);
        free(path);
    }
    assert_int_equal(rename(in(*state, STORE_FOLDER), in(*state, "real")), 0);
    assert_int_equal(symlink("real", in(*state, STORE_FOLDER)), 0);
    assert_false(history_exists(*state));
    expect_refused(*state, ERR_REFUSED, STORE_FOLDER,
                   "is a symbolic link, which is not followed here");
    assert_int_equal(unlink(in(*state, STORE_FOLDER)), 0);
    put(*state, STORE_FOLDER, "", 0);
    expect_refused(*state, ERR_REFUSED, STORE_FOLDER, "is not a folder");
    size_t len;
    char *kept = bytes_of(*state, "victim", &len);
    assert_memory_equal(kept, "precious", 8);
    free(kept);
    free(victim);
}

/* A link above the workspace is the user's own. */
static void a_link_to_the_workspace_is_followed(void **state) {
    char *dir = mem_strdup(in(*state, "real")), *link = mem_strdup(in(*state, "link"));
    assert_int_equal(mkdir(dir, 0755), 0);
    assert_int_equal(symlink("real", link), 0);
    make_store(link);
    expect_count(dir, 1);
    free(dir);
    free(link);
}

static void foreign_databases_are_refused(void **state) {
    static const struct {
        const char *sql;
        enum err_kind kind;
        const char *text;
    } cases[] = {
        {"ALTER TABLE run RENAME TO r; CREATE VIEW run AS SELECT * FROM r", ERR_REFUSED,
         ".perfscale/runs.db holds the table \"r\", not made by perfscale"},
        {"CREATE VIEW passed AS SELECT * FROM run", ERR_REFUSED,
         ".perfscale/runs.db holds the view \"passed\", not made by perfscale"},
        {"CREATE TRIGGER t AFTER INSERT ON run BEGIN DELETE FROM run; END", ERR_REFUSED,
         ".perfscale/runs.db holds the trigger \"t\", not made by perfscale"},
        {"CREATE VIRTUAL TABLE f USING fts3(x)", ERR_REFUSED,
         ".perfscale/runs.db holds the table \"f\", not made by perfscale"},
        {"ALTER TABLE run ADD COLUMN x TEXT AS (hex(zeroblob(100000000)))", ERR_REFUSED,
         ".perfscale/runs.db holds the table \"run\", not made by perfscale"},
        {"PRAGMA user_version=-1", ERR_REFUSED, ".perfscale/runs.db is not a store of perfscale"},
        {"PRAGMA application_id=7", ERR_REFUSED, ".perfscale/runs.db is not a store of perfscale"},
        {"PRAGMA application_id=0; PRAGMA user_version=0", ERR_REFUSED,
         ".perfscale/runs.db is not a store of perfscale"},
    };
    size_t len;
    make_store(*state);
    char *good = bytes_of(*state, STORE_FILE, &len);
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        put(*state, STORE_FILE, good, len);
        tamper(*state, cases[i].sql);
        expect_refused(*state, cases[i].kind, "", cases[i].text);
    }
    put(*state, STORE_FILE, good, len);
    free(good);
    tamper(*state, "ANALYZE; VACUUM"); /* what a careful owner does stays good */
    expect_count(*state, 1);
}

/* SQLite deletes the file that such a journal names. */
static void a_journal_cannot_delete_files(void **state) {
    unsigned char journal[1024] = {0xd9, 0xd5, 0x05, 0xf9, 0x20, 0xa1, 0x63, 0xd7, /* magic */
                                   0,    0,    0,    0,    0,    0,    0,    0,    /* no pages */
                                   0,    0,    0,    7,    0,    0,    2,    0,
                                   0,    0,    0x10, 0}; /* 7 pages of 4096 bytes, sectors of 512 */
    char *victim = realpath(*state, NULL);
    make_store(*state);
    put(*state, "victim", "precious", 8);
    char name[NAME_BYTES];
    text_copy(name, sizeof name, in(victim, "victim"));
    free(victim);
    unsigned char len = (unsigned char)strlen(name), *p = journal + 512;
    uint32_t sum = 0;
    for (size_t i = 0; i < len; i++)
        sum += (unsigned char)name[i];
    memcpy(p, "\x00\x04\x00\x01", 4); /* the page that is never written: at 1 GiB */
    memcpy(p + 4, name, len);
    p += 4 + len;
    p[3] = len;
    for (int i = 0; i < 4; i++)
        p[4 + i] = (unsigned char)(sum >> (24 - 8 * i));
    memcpy(p + 8, journal, 8);
    put(*state, STORE_FILE "-journal", journal, (size_t)(p + 16 - journal));
    expect_refused(*state, ERR_REFUSED, STORE_FILE "-journal",
                   "names another file to delete; perfscale did not write it");
    assert_true(file_exists(name));
    tamper(*state, "SELECT * FROM run"); /* the journal is a real one */
    assert_false(file_exists(name));
}

int main(void) {
    const struct CMUnitTest tests[] = {
        STORE_TEST(a_newer_store_is_read_only),
        STORE_TEST(a_store_that_becomes_newer_is_not_written),
        STORE_TEST(a_damaged_store_stays_as_it_is),
        STORE_TEST(a_damaged_store_that_is_moved_away_is_filled_again),
        STORE_TEST(symbolic_links_are_refused),
        STORE_TEST(a_link_to_the_workspace_is_followed),
        STORE_TEST(foreign_databases_are_refused),
        STORE_TEST(a_journal_cannot_delete_files),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

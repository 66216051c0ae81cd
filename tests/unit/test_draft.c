/* Notes that are not sent yet. */
#include "people_fixture.h"

#include <errno.h>

#include "history/said.h"

#define DRAFTS STORE_FOLDER "/drafts"

static const char *own_draft(const char *dir) {
    char name[64];
    snprintf(name, sizeof name, DRAFTS "/%d", (int)geteuid());
    return in(dir, name);
}

static void expect_draft(const struct history *h, const char *text) {
    char *draft = draft_load(h);
    if (text)
        assert_string_equal(draft, text);
    else
        assert_null(draft);
    free(draft);
}

static void a_draft_is_kept_and_replaced(void **state) {
    struct history *h = must_open(*state);
    struct stat st;
    expect_draft(h, NULL);
    assert_true(draft_save(h, NULL, NULL)); /* nothing to remove */
    assert_true(draft_save(h, "Raised the \x1b[1m heap\n", NULL));
    expect_draft(h, "Raised the \x1b[1m heap\n");
    assert_true(draft_save(h, "to 4 GB", NULL));
    history_close(h);
    h = must_open(*state);
    expect_draft(h, "to 4 GB");
    assert_int_equal(lstat(own_draft(*state), &st), 0);
    assert_int_equal(st.st_mode & 07777, 0600);
    assert_true(draft_save(h, "", NULL));
    expect_draft(h, NULL);
    assert_false(file_exists(own_draft(*state)));
    history_close(h);
}

static void what_is_no_draft_is_refused(void **state) {
    struct history *h = must_open(*state);
    struct err e = {0};
    size_t len;
    assert_true(draft_save(h, "mine", NULL));
    put(*state, "else", "else", 4);
    assert_int_equal(unlink(own_draft(*state)), 0);
    assert_int_equal(symlink("../../else", own_draft(*state)), 0);
    expect_draft(h, NULL);
    assert_false(draft_save(h, "mine", &e));
    assert_int_equal(e.kind, ERR_REFUSED);
    assert_string_equal(e.file, DRAFTS);
    assert_false(draft_save(h, "", &e)); /* not removed either */
    char *bytes = bytes_of(*state, "else", &len);
    assert_string_equal(bytes, "else");
    free(bytes);
    assert_int_equal(unlink(own_draft(*state)), 0);
    assert_int_equal(mkfifo(own_draft(*state), 0600), 0);
    expect_draft(h, NULL);
    assert_false(draft_save(h, "mine", NULL));
    history_close(h);
}

static void odd_drafts_are_none(void **state) {
    struct history *h = must_open(*state);
    char name[64];
    char *large = mem_new(70001, 1);
    memset(large, 'x', 70000);
    struct err e = {0};
    assert_false(draft_save(h, large, &e));
    assert_int_equal(e.kind, ERR_LIMIT);
    assert_true(draft_save(h, "x", NULL));
    snprintf(name, sizeof name, DRAFTS "/%d", (int)geteuid());
    put(*state, name, "a\0b", 3);
    expect_draft(h, NULL);
    put(*state, name, large, 70000);
    expect_draft(h, NULL);
    put(*state, name, "", 0);
    expect_draft(h, NULL);
    free(large);
    h->read_only = true;
    assert_false(draft_save(h, "x", &e));
    assert_int_equal(e.kind, ERR_REFUSED);
    history_close(h);
}

static int draft_for_ever(const char *dir, int go) {
    (void)go;
    struct history *h = NULL;
    CHECK(history_open(&h, dir, true, NULL));
    for (bool one = true;; one = !one)
        CHECK(draft_save(h, one ? "one" : "two", NULL));
}

static void a_kill_leaves_a_whole_draft(void **state) {
    struct history *h = must_open(*state);
    assert_true(draft_save(h, "one", NULL));
    srand(1);
    for (int round = 0; round < 50; round++) {
        pid_t pid = start_person(0, draft_for_ever, *state, -1);
        usleep((useconds_t)(rand() % 8000));
        kill(pid, SIGKILL);
        assert_int_equal(wait_for(pid), 128 + SIGKILL);
        char *draft = draft_load(h);
        assert_non_null(draft);
        assert_true(strcmp(draft, "one") == 0 || strcmp(draft, "two") == 0);
        free(draft);
    }
    history_close(h);
}

static int writes_draft(const char *dir, int go) {
    (void)go;
    struct history *h = NULL;
    CHECK(history_open(&h, dir, true, NULL));
    CHECK(draft_save(h, "secret", NULL));
    history_close(h);
    return 0;
}

/* Bo cannot read ana's draft, and puts one there for a third. */
static int is_nosy(const char *dir, int go) {
    (void)go;
    struct history *h = NULL;
    char path[NAME_BYTES];
    CHECK(history_open(&h, dir, true, NULL));
    CHECK(draft_load(h) == NULL);
    history_close(h);
    snprintf(path, sizeof path, "%s/" DRAFTS "/%d", dir, ANA);
    CHECK(open(path, O_RDONLY) < 0 && errno == EACCES);
    CHECK(unlink(path) != 0);
    snprintf(path, sizeof path, "%s/" DRAFTS "/0", dir);
    int fd = open(path, O_WRONLY | O_CREAT | O_EXCL, 0666);
    CHECK(fd >= 0 && write(fd, "trap", 4) == 4 && close(fd) == 0);
    return 0;
}

static void drafts_are_seen_by_nobody_else(void **state) {
    NEEDS_ROOT();
    struct err e = {0};
    share_store(*state);
    person_does(ANA, writes_draft, *state);
    person_does(BO, is_nosy, *state);
    struct history *h = must_open(*state);
    expect_draft(h, NULL);
    assert_false(draft_save(h, "mine", &e));
    assert_string_equal(e.text, "belongs to another user");
    history_close(h);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        STORE_TEST(a_draft_is_kept_and_replaced),
        STORE_TEST(what_is_no_draft_is_refused),
        STORE_TEST(odd_drafts_are_none),
        STORE_TEST(a_kill_leaves_a_whole_draft),
        STORE_TEST(drafts_are_seen_by_nobody_else),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

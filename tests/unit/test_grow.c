/* A file that somebody else writes: its bytes as they come, and when it is another one. */
#include "feed/grow.h"

#include <fcntl.h>
#include <poll.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#include "temp_folder.h"

static const char *const news_names[] = {"bytes", "quiet", "absent", "anew", "failed"};

/* The next news as a text: "bytes=abc", "anew". */
static const char *next_of(struct grow *g, struct err *e) {
    static char text[5000];
    char bytes[4096];
    size_t len;
    enum grow_news news = grow_next(g, bytes, sizeof bytes, &len, e);
    snprintf(text, sizeof text, "%s%s%.*s", news_names[news], len ? "=" : "", (int)len, bytes);
    if (news != GROW_BYTES)
        assert_int_equal(len, 0);
    return text;
}

static void expect(struct grow *g, const char *news) {
    struct err e = {0};
    assert_string_equal(next_of(g, &e), news);
}

static void begin(struct grow *g) { grow_init(g, temp_path("run.csv")); }

static int open_writer(const char *name, int flags) {
    int fd = open(temp_path(name), O_WRONLY | O_CREAT | flags, 0644);
    assert_true(fd >= 0);
    return fd;
}

static void put(int fd, const char *text) {
    assert_int_equal(write(fd, text, strlen(text)), strlen(text));
}

static void append(const char *name, const char *text) {
    int fd = open_writer(name, O_APPEND);
    put(fd, text);
    close(fd);
}

static bool readable(int fd) {
    struct pollfd p = {.fd = fd, .events = POLLIN};
    return poll(&p, 1, 0) == 1;
}

static void grows(void **state) {
    (void)state;
    struct grow g;
    begin(&g);
    expect(&g, "absent");
    assert_int_equal(g.changed_ms, -1);
    int fd = open_writer("run.csv", 0);
    expect(&g, "quiet");
    assert_true(g.changed_ms > 0);
    put(fd, "one\n");
    expect(&g, "bytes=one\n");
    expect(&g, "quiet");
    put(fd, "two");
    put(fd, "\n");
    expect(&g, "bytes=two\n");
    expect(&g, "quiet");
    assert_int_equal(g.at_bytes, 8);
    assert_false(g.closed);
    close(fd);
    grow_close(&g);
}

static void in_small_pieces(void **state) {
    (void)state;
    struct grow g;
    struct err e = {0};
    char to[2];
    size_t len;
    begin(&g);
    temp_write("run.csv", "abcde");
    const char *const pieces[] = {"ab", "cd", "e"};
    const uint64_t left[] = {3, 1, 0};
    for (size_t i = 0; i < 3; i++) {
        assert_int_equal(grow_next(&g, to, sizeof to, &len, &e), GROW_BYTES);
        assert_int_equal(len, strlen(pieces[i]));
        assert_memory_equal(to, pieces[i], len);
        assert_int_equal(grow_left(&g), left[i]);
    }
    expect(&g, "quiet");
    grow_close(&g);
}

/* --- closed ---------------------------------------------------------------------------------- */

static void closed_by_its_writer(void **state) {
    (void)state;
    struct grow g;
    begin(&g);
    int fd = open_writer("run.csv", 0);
    expect(&g, "quiet");
    put(fd, "one\n");
    expect(&g, "bytes=one\n");
    assert_false(readable(grow_fd(&g)));
    close(fd);
    assert_true(readable(grow_fd(&g)));
    expect(&g, "quiet");
    assert_true(g.closed);
    assert_false(readable(grow_fd(&g)));
    expect(&g, "quiet");
    assert_true(g.closed);
    append("run.csv", "two\n");
    expect(&g, "bytes=two\n");
    assert_true(g.closed); /* a writer that opens the file for each line */
    fd = open_writer("run.csv", O_APPEND);
    expect(&g, "quiet");
    assert_true(g.closed);
    put(fd, "three\n");
    expect(&g, "bytes=three\n");
    assert_false(g.closed);
    close(fd);
    grow_close(&g);
}

/* Written, closed, opened, written: the closing is no news of the last byte. */
static void closed_before_the_last_byte(void **state) {
    (void)state;
    struct grow g;
    begin(&g);
    int fd = open_writer("run.csv", 0);
    expect(&g, "quiet");
    put(fd, "one\n");
    close(fd);
    fd = open_writer("run.csv", O_APPEND);
    put(fd, "two\n");
    expect(&g, "bytes=one\ntwo\n");
    expect(&g, "quiet");
    assert_false(g.closed);
    close(fd);
    expect(&g, "quiet");
    assert_true(g.closed);
    grow_close(&g);
}

static void not_closed_while_bytes_are_left(void **state) {
    (void)state;
    struct grow g;
    struct err e = {0};
    char to[2];
    size_t len;
    begin(&g);
    int fd = open_writer("run.csv", 0);
    expect(&g, "quiet");
    put(fd, "abc");
    close(fd);
    assert_int_equal(grow_next(&g, to, sizeof to, &len, &e), GROW_BYTES);
    assert_false(g.closed);
    assert_int_equal(grow_next(&g, to, sizeof to, &len, &e), GROW_BYTES);
    assert_true(g.closed);
    grow_close(&g);
}

/* Tools make their file empty and open it again later; readers close it too. */
static void not_closed_when_nothing_was_written(void **state) {
    (void)state;
    struct grow g;
    begin(&g);
    int fd = open_writer("run.csv", 0);
    expect(&g, "quiet");
    close(fd);
    expect(&g, "quiet");
    assert_false(g.closed);
    fd = open_writer("run.csv", 0);
    put(fd, "x");
    expect(&g, "bytes=x");
    close(open(temp_path("run.csv"), O_RDONLY));
    expect(&g, "quiet");
    assert_false(g.closed);
    close(fd);
    grow_close(&g);
}

static void one_of_two_followers(void **state) {
    (void)state;
    struct grow a, b;
    begin(&a);
    begin(&b);
    int fd = open_writer("run.csv", 0);
    put(fd, "one");
    expect(&a, "bytes=one");
    expect(&b, "bytes=one");
    grow_close(&a);
    close(fd);
    expect(&b, "quiet");
    assert_true(b.closed);
    grow_close(&b);
}

/* --- another file, or the same one from its start ----------------------------------------------
 */

#define HEADER                                                                                     \
    "metric_name,timestamp,metric_value,check,error,error_code,expected_response,group,method,"    \
    "name,proto,scenario,service,status,subproto,tls_version,url,extra_tags,metadata\n"

static void rewrite_in_place(const char *text) { temp_write("run.csv", text); }

static void replace_by_rename(const char *text) {
    temp_write("new.csv", text);
    assert_int_equal(rename(temp_path("new.csv"), temp_path("run.csv")), 0);
}

static void remove_and_write(const char *text) {
    assert_int_equal(unlink(temp_path("run.csv")), 0);
    temp_write("run.csv", text);
}

static void begins_again(void **state) {
    (void)state;
    static const struct {
        const char *reason;
        void (*change)(const char *);
        const char *before, *after;
    } rows[] = {
        {"truncated", rewrite_in_place, "aaaa", "b"},
        {"truncated to nothing", rewrite_in_place, "aaaa", ""},
        {"truncated, as long as before", rewrite_in_place, "aaaa", "bbbb"},
        {"truncated, grown beyond", rewrite_in_place, "aaaa", "bbbbbbbb"},
        {"the same header, another second", rewrite_in_place, HEADER "http_reqs,1795427139,1\n",
         HEADER "http_reqs,1795427140,1\nhttp_reqs,1795427141,1\n"},
        {"the same last line", rewrite_in_place, "first\n" HEADER "same\n",
         "other\n" HEADER "same\nmore\n"},
        {"renamed over it, shorter", replace_by_rename, "aaaa", "b"},
        {"renamed over it, the same bytes", replace_by_rename, "aaaa", "aaaa"},
        {"renamed over it, longer", replace_by_rename, "aaaa", "aaaabbbb"},
        {"renamed over it, empty", replace_by_rename, "aaaa", ""},
        {"removed and made again", remove_and_write, "aaaa", "aaaabbbb"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct grow g;
        char want[1000];
        print_message("%s\n", rows[i].reason);
        begin(&g);
        temp_write("run.csv", rows[i].before);
        snprintf(want, sizeof want, "bytes=%s", rows[i].before);
        expect(&g, want);
        expect(&g, "quiet");
        rows[i].change(rows[i].after);
        expect(&g, "anew");
        assert_int_equal(g.at_bytes, 0);
        snprintf(want, sizeof want, "%s%s", rows[i].after[0] ? "bytes=" : "quiet", rows[i].after);
        expect(&g, want);
        expect(&g, "quiet");
        append("run.csv", "more");
        expect(&g, "bytes=more");
        grow_close(&g);
    }
}

/* Written over with the same bytes, or touched: nothing is new. */
static void the_same_bytes_again(void **state) {
    (void)state;
    struct grow g;
    begin(&g);
    temp_write("run.csv", HEADER "row\n");
    expect(&g, "bytes=" HEADER "row\n");
    temp_write("run.csv", HEADER "row\n");
    expect(&g, "quiet");
    assert_int_equal(utimensat(AT_FDCWD, temp_path("run.csv"), NULL, 0), 0);
    expect(&g, "quiet");
    append("run.csv", "more");
    expect(&g, "bytes=more");
    grow_close(&g);
}

/* Long enough that beginning and end are remembered apart, in pieces of any size. */
static void in_pieces_of_any_size(void **state) {
    (void)state;
    for (size_t piece = 1; piece < 400; piece += 37) {
        struct grow g;
        struct err e = {0};
        char to[400];
        size_t len, all = 0;
        int fd = open_writer("run.csv", O_TRUNC);
        for (int i = 0; i < 200; i++)
            dprintf(fd, "%d,", i);
        begin(&g);
        while (grow_next(&g, to, piece, &len, &e) == GROW_BYTES)
            all += len;
        assert_int_equal(all, 690);
        assert_int_equal(utimensat(AT_FDCWD, temp_path("run.csv"), NULL, 0), 0);
        expect(&g, "quiet");
        assert_int_equal(pwrite(fd, "x", 1, 600), 1); /* within what is remembered of the end */
        expect(&g, "anew");
        close(fd);
        grow_close(&g);
    }
}

/* What was written to the old file comes before the new one. */
static void replaced_before_it_was_read(void **state) {
    (void)state;
    struct grow g;
    begin(&g);
    temp_write("run.csv", "a");
    expect(&g, "bytes=a");
    append("run.csv", "bc");
    replace_by_rename("new");
    expect(&g, "bytes=bc");
    expect(&g, "anew");
    expect(&g, "bytes=new");
    grow_close(&g);
}

/* Nothing was read of the first one: nobody needs to know. */
static void replaced_while_empty(void **state) {
    (void)state;
    struct grow g;
    begin(&g);
    temp_write("run.csv", "");
    expect(&g, "quiet");
    replace_by_rename("new");
    expect(&g, "quiet");
    assert_int_equal(grow_left(&g), 3);
    expect(&g, "bytes=new");
    int fd = open_writer("run.csv", O_APPEND);
    put(fd, "er");
    close(fd);
    expect(&g, "bytes=er");
    assert_true(g.closed); /* the new one is watched */
    grow_close(&g);
}

static void vanishes_while_open(void **state) {
    (void)state;
    struct grow g;
    begin(&g);
    int fd = open_writer("run.csv", 0);
    put(fd, "a");
    expect(&g, "bytes=a");
    assert_int_equal(unlink(temp_path("run.csv")), 0);
    expect(&g, "absent");
    assert_int_equal(g.changed_ms, -1);
    put(fd, "b"); /* its writer goes on */
    expect(&g, "bytes=b");
    expect(&g, "absent");
    temp_write("run.csv", "c");
    expect(&g, "anew");
    expect(&g, "bytes=c");
    close(fd);
    grow_close(&g);
}

static void renamed_away_and_back(void **state) {
    (void)state;
    struct grow g;
    begin(&g);
    temp_write("run.csv", "a");
    expect(&g, "bytes=a");
    assert_int_equal(rename(temp_path("run.csv"), temp_path("away.csv")), 0);
    expect(&g, "absent");
    assert_int_equal(rename(temp_path("away.csv"), temp_path("run.csv")), 0);
    expect(&g, "quiet");
    append("run.csv", "b");
    expect(&g, "bytes=b");
    grow_close(&g);
}

/* --- what cannot be read ---------------------------------------------------------------------- */

static void expect_failure(struct grow *g, enum err_kind kind, const char *words) {
    struct err e = {0};
    assert_string_equal(next_of(g, &e), "failed");
    assert_int_equal(e.kind, kind);
    assert_string_equal(e.file, temp_path("run.csv"));
    assert_non_null(strstr(e.text, words));
    assert_true(e.fix[0]);
}

static void not_a_file(void **state) {
    (void)state;
    char head[8];
    size_t len;
    struct grow g;
    begin(&g);
    assert_int_equal(mkdir(temp_path("run.csv"), 0700), 0);
    expect_failure(&g, ERR_FORMAT, "is a directory");
    assert_false(grow_head(&g, head, sizeof head, &len));
    rmdir(temp_path("run.csv"));
    assert_int_equal(mkfifo(temp_path("run.csv"), 0600), 0);
    expect_failure(&g, ERR_FORMAT, "is a pipe");
    assert_false(grow_head(&g, head, sizeof head, &len));
    grow_skip(&g);
    unlink(temp_path("run.csv"));
    assert_int_equal(symlink("/dev/null", temp_path("run.csv")), 0);
    expect_failure(&g, ERR_FORMAT, "is a device");
    unlink(temp_path("run.csv"));
    temp_write("run.csv", "a");
    expect(&g, "bytes=a");
    unlink(temp_path("run.csv"));
    assert_int_equal(mkfifo(temp_path("run.csv"), 0600), 0);
    expect_failure(&g, ERR_FORMAT, "is a pipe");
    unlink(temp_path("run.csv"));
    expect(&g, "absent");
    temp_write("run.csv", "b");
    expect(&g, "anew");
    expect(&g, "bytes=b");
    grow_close(&g);
}

/* Root may read everything: a right that is missing cannot be tried there. */
static void not_readable_yet(void **state) {
    (void)state;
    if (geteuid() == 0)
        skip();
    struct grow g;
    begin(&g);
    temp_write("run.csv", "a");
    chmod(temp_path("run.csv"), 0);
    expect_failure(&g, ERR_IO, "Permission denied");
    chmod(temp_path("run.csv"), 0600);
    expect(&g, "bytes=a");
    grow_close(&g);
}

static void names(void **state) {
    (void)state;
    struct grow g;
    char *path = malloc(5000);
    memset(path, 'a', 4999);
    path[4999] = '\0';
    grow_init(&g, path);
    expect(&g, "absent");
    assert_int_equal(grow_fd(&g), -1);
    grow_close(&g);
    path[1000] = '\0'; /* longer than a name may be */
    grow_init(&g, path);
    expect(&g, "failed");
    grow_close(&g);
    temp_write("run.csv", "a");
    grow_init(&g, temp_path("run.csv/inside"));
    expect(&g, "absent");
    grow_close(&g);
    grow_init(&g, temp_path("later/run.csv"));
    expect(&g, "absent");
    temp_write("later/run.csv", "a");
    expect(&g, "bytes=a");
    grow_close(&g);
    free(path);
}

/* --- beginning, and from now -------------------------------------------------------------------
 */

static void head(void **state) {
    (void)state;
    struct grow g;
    char to[4];
    size_t len;
    begin(&g);
    assert_false(grow_head(&g, to, sizeof to, &len));
    temp_write("run.csv", "abcdef");
    assert_true(grow_head(&g, to, sizeof to, &len));
    assert_int_equal(len, 4);
    assert_memory_equal(to, "abcd", 4);
    expect(&g, "bytes=abcdef");
    assert_true(grow_head(&g, to, 2, &len));
    assert_memory_equal(to, "ab", 2);
    expect(&g, "quiet");
    grow_close(&g);
}

static void from_now(void **state) {
    (void)state;
    struct grow g;
    begin(&g);
    grow_skip(&g);
    expect(&g, "absent");
    temp_write("run.csv", HEADER "old\n");
    grow_skip(&g);
    assert_int_equal(grow_left(&g), 0);
    expect(&g, "quiet");
    append("run.csv", "new\n");
    expect(&g, "bytes=new\n");
    temp_write("run.csv", HEADER "another run\nof more lines\n");
    expect(&g, "anew");
    grow_skip(&g);
    temp_write("run.csv", HEADER "a third run, again with more lines in its file\n");
    expect(&g, "anew");
    grow_close(&g);
}

static void from_its_start_again(void **state) {
    (void)state;
    struct grow g;
    begin(&g);
    temp_write("run.csv", "one\ntw");
    assert_false(grow_in_line(&g));
    grow_skip(&g);
    assert_true(grow_in_line(&g));
    append("run.csv", "o\n");
    grow_skip(&g);
    assert_false(grow_in_line(&g));
    grow_again(&g);
    assert_int_equal(grow_left(&g), 8);
    expect(&g, "bytes=one\ntwo\n");
    grow_close(&g);
}

#define IN_A_FOLDER(f) cmocka_unit_test_setup_teardown(f, temp_make, temp_remove)

int main(void) {
    const struct CMUnitTest tests[] = {
        IN_A_FOLDER(grows),
        IN_A_FOLDER(in_small_pieces),
        IN_A_FOLDER(closed_by_its_writer),
        IN_A_FOLDER(closed_before_the_last_byte),
        IN_A_FOLDER(not_closed_while_bytes_are_left),
        IN_A_FOLDER(not_closed_when_nothing_was_written),
        IN_A_FOLDER(one_of_two_followers),
        IN_A_FOLDER(begins_again),
        IN_A_FOLDER(the_same_bytes_again),
        IN_A_FOLDER(in_pieces_of_any_size),
        IN_A_FOLDER(replaced_before_it_was_read),
        IN_A_FOLDER(replaced_while_empty),
        IN_A_FOLDER(vanishes_while_open),
        IN_A_FOLDER(renamed_away_and_back),
        IN_A_FOLDER(not_a_file),
        IN_A_FOLDER(not_readable_yet),
        IN_A_FOLDER(names),
        IN_A_FOLDER(head),
        IN_A_FOLDER(from_now),
        IN_A_FOLDER(from_its_start_again),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

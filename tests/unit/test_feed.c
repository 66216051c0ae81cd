/* Bytes in: files, pipes, pastes; in pieces, told apart from what is no text. */
#include "feed/feed.h"

#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/buf.h"
#include "temp_folder.h"

/* All bytes of a feed; the lengths of its pieces as "5 5 0". */
static void drain(struct feed *f, struct buf *all, struct buf *pieces) {
    for (;;) {
        const char *bytes;
        size_t len;
        struct err e = {0};
        if (!feed_next(f, &bytes, &len, &e))
            fail_msg("%s", e.text);
        buf_printf(pieces, "%s%zu", pieces->len ? " " : "", len);
        if (len == 0)
            return;
        assert_true(len <= FEED_PIECE_BYTES);
        buf_add(all, bytes, len);
    }
}

static void expect_feed(struct feed *f, const char *text, size_t len, const char *lengths) {
    struct buf all, pieces;
    buf_init(&all, 1 << 22);
    buf_init(&pieces, 1000);
    drain(f, &all, &pieces);
    feed_close(f);
    assert_int_equal(all.len, len);
    assert_memory_equal(all.data, text, len);
    assert_string_equal(pieces.data, lengths);
    buf_fini(&all);
    buf_fini(&pieces);
}

static char *letters(size_t n) {
    char *s = malloc(n + 1);
    for (size_t i = 0; i < n; i++)
        s[i] = (char)('a' + i % 26);
    s[n] = '\0';
    return s;
}

static void from_a_file(void **state) {
    (void)state;
    struct feed f;
    struct err e = {0};
    temp_write("r.txt", "hello\n");
    assert_true(feed_open(&f, temp_path("r.txt"), &e));
    assert_string_equal(f.name, temp_path("r.txt"));
    expect_feed(&f, "hello\n", 6, "6 0");
    char *many = letters(FEED_PIECE_BYTES + 10);
    temp_write("many", many);
    assert_true(feed_open(&f, temp_path("many"), &e));
    expect_feed(&f, many, FEED_PIECE_BYTES + 10, "65536 10 0");
    free(many);
}

static void from_memory(void **state) {
    (void)state;
    struct feed f;
    char *many = letters(2 * FEED_PIECE_BYTES);
    feed_open_memory(&f, "paste", many, 2 * FEED_PIECE_BYTES);
    assert_string_equal(f.name, "paste");
    expect_feed(&f, many, 2 * FEED_PIECE_BYTES, "65536 65536 0");
    free(many);
}

/* A pipe gives what it has; the first piece still is a full one. */
static void from_a_slow_pipe(void **state) {
    (void)state;
    int fd[2], saved = dup(STDIN_FILENO);
    assert_int_equal(pipe(fd), 0);
    pid_t child = fork();
    if (child == 0) {
        for (int i = 0; i < 700; i++)
            if (write(fd[1],
                      "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"
                      "0123456789abcdef0123456789abcdef0123",
                      100) != 100)
                _exit(1);
        _exit(0);
    }
    close(fd[1]);
    dup2(fd[0], STDIN_FILENO);
    close(fd[0]);
    struct feed f;
    struct err e = {0};
    assert_true(feed_open(&f, "-", &e));
    struct buf all, pieces;
    buf_init(&all, 1 << 20);
    buf_init(&pieces, 100);
    drain(&f, &all, &pieces);
    feed_close(&f);
    dup2(saved, STDIN_FILENO);
    close(saved);
    waitpid(child, NULL, 0);
    assert_string_equal(pieces.data, "65536 4464 0");
    buf_fini(&all);
    buf_fini(&pieces);
}

static void expect_no_open(const char *name, enum err_kind kind) {
    struct feed f;
    struct err e = {0};
    assert_false(feed_open(&f, name, &e));
    assert_int_equal(e.kind, kind);
    assert_string_equal(e.file, name);
}

static void refused_at_once(void **state) {
    (void)state;
    expect_no_open(temp_path("missing"), ERR_IO);
    mkdir(temp_path("folder"), 0700);
    expect_no_open(temp_path("folder"), ERR_FORMAT);
    expect_no_open("/dev/zero", ERR_FORMAT);
}

static void expect_bad_first(const char *bytes, size_t len) {
    struct feed f;
    struct err e = {0};
    const char *out;
    size_t n;
    feed_open_memory(&f, "paste", bytes, len);
    assert_false(feed_next(&f, &out, &n, &e));
    assert_int_equal(e.kind, ERR_FORMAT);
    assert_string_equal(e.file, "paste");
    feed_close(&f);
}

static void no_text(void **state) {
    (void)state;
    expect_bad_first("", 0);
    expect_bad_first("\x7f"
                     "ELF\002\001\001\0\0\0",
                     10);
    struct feed f;
    struct err e = {0};
    const char *out;
    size_t n;
    temp_write("empty", "");
    assert_true(feed_open(&f, temp_path("empty"), &e));
    assert_false(feed_next(&f, &out, &n, &e));
    assert_int_equal(e.kind, ERR_FORMAT);
    feed_close(&f);
}

/* A file that goes away while it is read was opened before: its bytes are still there. */
static void vanishing_file(void **state) {
    (void)state;
    struct feed f;
    struct err e = {0};
    temp_write("gone", "text");
    assert_true(feed_open(&f, temp_path("gone"), &e));
    unlink(temp_path("gone"));
    expect_feed(&f, "text", 4, "4 0");
}

#define IN_FOLDER(f) cmocka_unit_test_setup_teardown(f, temp_make, temp_remove)

int main(void) {
    const struct CMUnitTest tests[] = {
        IN_FOLDER(from_a_file),
        cmocka_unit_test(from_memory),
        cmocka_unit_test(from_a_slow_pipe),
        IN_FOLDER(refused_at_once),
        IN_FOLDER(no_text),
        IN_FOLDER(vanishing_file),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

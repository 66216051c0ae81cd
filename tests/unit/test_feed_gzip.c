/* gzip undone on the way in: whole, in members, cut, damaged, from files, pipes and memory. */
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>
#include <zlib.h>

#include <cmocka.h>

#include "base/buf.h"
#include "base/text.h"
#include "feed/feed.h"
#include "temp_folder.h"

enum { LARGE_BYTES = 1 << 20 };

/* Text that does not compress to nothing: numbers of a generator with a fixed seed. */
static char *lines(size_t len) {
    char *s = malloc(len + 1);
    uint32_t x = 1;
    for (size_t i = 0; i < len; i++) {
        x = x * 1664525 + 1013904223;
        s[i] = i % 40 == 39 ? '\n' : (char)('0' + (x >> 24) % 10);
    }
    s[len] = '\0';
    return s;
}

static void add_gzip(struct buf *to, const char *bytes, size_t len) {
    z_stream z = {0};
    assert_int_equal(deflateInit2(&z, 6, Z_DEFLATED, 15 + 16, 8, Z_DEFAULT_STRATEGY), Z_OK);
    size_t room = deflateBound(&z, len) + 64;
    unsigned char *out = malloc(room);
    z.next_in = (unsigned char *)(uintptr_t)bytes;
    z.avail_in = (unsigned)len;
    z.next_out = out;
    z.avail_out = (unsigned)room;
    assert_int_equal(deflate(&z, Z_FINISH), Z_STREAM_END);
    assert_true(buf_add(to, out, room - z.avail_out));
    deflateEnd(&z);
    free(out);
}

static struct buf gzip_of(const char *bytes, size_t len) {
    struct buf b;
    buf_init(&b, 1 << 26);
    add_gzip(&b, bytes, len);
    return b;
}

static void write_bytes(const char *name, const char *bytes, size_t len) {
    FILE *f = fopen(temp_path(name), "w");
    assert_non_null(f);
    assert_int_equal(fwrite(bytes, 1, len, f), len);
    fclose(f);
}

/* All that a feed gives into all; true when it ended without an error. */
static bool drain(struct feed *f, struct buf *all, struct err *e) {
    for (;;) {
        const char *bytes;
        size_t len;
        if (!feed_next(f, &bytes, &len, e))
            return false;
        if (len == 0)
            return true;
        assert_true(buf_add(all, bytes, len));
    }
}

static void expect_same(const struct buf *all, const char *text, size_t len) {
    assert_int_equal(all->len, len);
    assert_memory_equal(all->data, text, len);
}

static void expect_inflated(const struct buf *stored, const char *text, size_t len, bool cut) {
    struct feed f;
    struct buf all;
    struct err e = {0};
    buf_init(&all, 1 << 26);
    feed_open_memory(&f, "paste", stored->data, stored->len);
    assert_int_equal(f.size_bytes, stored->len);
    if (!drain(&f, &all, &e))
        fail_msg("%s", e.text);
    assert_true(f.gzip);
    assert_int_equal(f.cut, cut);
    assert_int_equal(f.at_bytes, stored->len);
    expect_same(&all, text, len);
    feed_close(&f);
    buf_fini(&all);
}

static void whole(void **state) {
    (void)state;
    static const size_t sizes[] = {1, 100, FEED_PIECE_BYTES, 4 * FEED_PIECE_BYTES, LARGE_BYTES};
    for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++) {
        char *text = lines(sizes[i]);
        struct buf stored = gzip_of(text, sizes[i]);
        expect_inflated(&stored, text, sizes[i], false);
        buf_fini(&stored);
        free(text);
    }
}

static void from_a_file(void **state) {
    (void)state;
    char *text = lines(LARGE_BYTES);
    struct buf stored = gzip_of(text, LARGE_BYTES), all;
    struct feed f;
    struct err e = {0};
    const char *bytes;
    size_t len;
    write_bytes("r.csv.gz", stored.data, stored.len);
    assert_true(feed_open(&f, temp_path("r.csv.gz"), &e));
    assert_int_equal(f.size_bytes, stored.len);
    assert_true(feed_next(&f, &bytes, &len, &e));
    assert_true(len >= FEED_PIECE_BYTES); /* enough to tell a format */
    buf_init(&all, 1 << 26);
    buf_add(&all, bytes, len);
    assert_true(drain(&f, &all, &e));
    assert_int_equal(f.at_bytes, f.size_bytes);
    assert_false(f.cut);
    expect_same(&all, text, LARGE_BYTES);
    assert_true(feed_next(&f, &bytes, &len, &e)); /* the end stays the end */
    assert_int_equal(len, 0);
    feed_close(&f);
    buf_fini(&all);
    buf_fini(&stored);
    free(text);
}

/* k6 and gzip -c >> write one member behind the other; tapes fill up with zeros. */
static void several_members(void **state) {
    (void)state;
    struct buf stored;
    buf_init(&stored, 1 << 20);
    add_gzip(&stored, "one\n", 4);
    add_gzip(&stored, "", 0);
    add_gzip(&stored, "two\n", 4);
    expect_inflated(&stored, "one\ntwo\n", 8, false);
    buf_add(&stored, "\0\0\0\0", 4);
    expect_inflated(&stored, "one\ntwo\n", 8, false);
    buf_fini(&stored);
}

/* At every byte: what can be inflated is a begin of the text, and nothing is an error but a file
 * in which no text stands yet. */
static void cut_anywhere(void **state) {
    (void)state;
    char *text = lines(3000);
    struct buf stored = gzip_of(text, 3000);
    for (size_t n = 3; n < stored.len; n++) {
        char *exact = malloc(n);
        memcpy(exact, stored.data, n);
        struct feed f;
        struct buf all;
        struct err e = {0};
        buf_init(&all, 1 << 20);
        feed_open_memory(&f, "paste", exact, n);
        bool ok = drain(&f, &all, &e);
        assert_true(f.cut);
        assert_true(ok || (e.kind == ERR_FORMAT && all.len == 0));
        assert_true(all.len <= 3000);
        assert_memory_equal(all.data, text, all.len);
        feed_close(&f);
        buf_fini(&all);
        free(exact);
    }
    buf_fini(&stored);
    free(text);
}

static void cut_between_members(void **state) {
    (void)state;
    struct buf stored;
    buf_init(&stored, 1 << 20);
    add_gzip(&stored, "one\n", 4);
    size_t first = stored.len;
    add_gzip(&stored, "two\n", 4);
    for (size_t n = first + 1; n < first + 12; n++) {
        struct buf part = stored;
        part.len = n;
        expect_inflated(&part, "one\n", 4, true);
    }
    buf_fini(&stored);
}

static void expect_damage(const struct buf *stored) {
    struct feed f;
    struct buf all;
    struct err e = {0};
    buf_init(&all, 1 << 26);
    feed_open_memory(&f, "load.csv.gz", stored->data, stored->len);
    assert_false(drain(&f, &all, &e));
    assert_int_equal(e.kind, ERR_FORMAT);
    assert_string_equal(e.file, "load.csv.gz");
    assert_true(text_starts(e.text, "is damaged"));
    assert_true(e.fix[0]);
    feed_close(&f);
    buf_fini(&all);
}

static void damaged(void **state) {
    (void)state;
    char *text = lines(LARGE_BYTES);
    struct buf good = gzip_of(text, LARGE_BYTES), bad = gzip_of(text, LARGE_BYTES);
    memset(bad.data + bad.len / 2, 0x55, 64);
    expect_damage(&bad);
    memcpy(bad.data, good.data, good.len);
    bad.data[bad.len - 6] ^= 1; /* the check sum */
    expect_damage(&bad);
    memcpy(bad.data, good.data, good.len);
    buf_add(&bad, "some other text", 15); /* no member, no zeros */
    expect_damage(&bad);
    buf_fini(&good);
    buf_fini(&bad);
    free(text);
}

/* The place is that of the damage, not of what was read ahead. */
static void damage_has_its_place(void **state) {
    (void)state;
    char *text = lines(LARGE_BYTES);
    struct buf bad = gzip_of(text, 2000);
    size_t first = bad.len;
    buf_add(&bad, "no gzip\n", 8);
    buf_add(&bad, text, 300000);
    struct feed f;
    struct buf all;
    struct err e = {0};
    buf_init(&all, 1 << 26);
    feed_open_memory(&f, "paste", bad.data, bad.len);
    assert_false(drain(&f, &all, &e));
    char place[40];
    snprintf(place, sizeof place, "byte %zu ", first);
    if (!strstr(e.text, place))
        fail_msg("%s: not %s", e.text, place);
    feed_close(&f);
    buf_fini(&all);
    buf_fini(&bad);
    free(text);
}

static void no_text_inside(void **state) {
    (void)state;
    static const struct {
        const char *bytes;
        size_t len;
        const char *text;
    } cases[] = {
        {"", 0, "is empty"},
        {"\x7f"
         "ELF\002\001\001\0\0\0",
         10, "is a binary file"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct buf stored = gzip_of(cases[i].bytes, cases[i].len);
        struct feed f;
        struct err e = {0};
        const char *bytes;
        size_t len;
        feed_open_memory(&f, "paste", stored.data, stored.len);
        assert_false(feed_next(&f, &bytes, &len, &e));
        assert_int_equal(e.kind, ERR_FORMAT);
        assert_true(text_starts(e.text, cases[i].text));
        feed_close(&f);
        buf_fini(&stored);
    }
}

/* A thread works ahead of the reader: it ends with the feed, also when nobody took all. */
static void closed_in_the_middle(void **state) {
    (void)state;
    char *text = lines(4 * LARGE_BYTES);
    struct buf stored = gzip_of(text, 4 * LARGE_BYTES);
    write_bytes("r.gz", stored.data, stored.len);
    for (int pieces = 0; pieces < 6; pieces++) {
        struct feed f;
        struct err e = {0};
        const char *bytes;
        size_t len;
        assert_true(feed_open(&f, temp_path("r.gz"), &e));
        for (int i = 0; i < pieces; i++)
            assert_true(feed_next(&f, &bytes, &len, &e));
        feed_close(&f);
    }
    buf_fini(&stored);
    free(text);
}

/* A pipe whose other end writes no more and stays open: closing does not wait for it. */
static void closed_while_a_pipe_waits(void **state) {
    (void)state;
    char *text = lines(4 * LARGE_BYTES);
    struct buf stored = gzip_of(text, 4 * LARGE_BYTES);
    int fd[2], saved = dup(STDIN_FILENO);
    assert_int_equal(pipe(fd), 0);
    pid_t child = fork();
    if (child == 0) {
        close(fd[0]);
        ssize_t n = write(fd[1], stored.data, 300000);
        for (int i = 0; n > 0 && i < 30; i++)
            sleep(1);
        _exit(0);
    }
    close(fd[1]);
    dup2(fd[0], STDIN_FILENO);
    close(fd[0]);
    struct feed f;
    struct err e = {0};
    assert_true(feed_open(&f, "-", &e));
    dup2(saved, STDIN_FILENO);
    close(saved);
    const char *bytes;
    size_t len;
    struct timespec a, b;
    clock_gettime(CLOCK_MONOTONIC, &a);
    assert_true(feed_next(&f, &bytes, &len, &e));
    feed_close(&f);
    clock_gettime(CLOCK_MONOTONIC, &b);
    assert_true(b.tv_sec - a.tv_sec < 5);
    kill(child, SIGKILL);
    waitpid(child, NULL, 0);
    buf_fini(&stored);
    free(text);
}

#define IN_FOLDER(f) cmocka_unit_test_setup_teardown(f, temp_make, temp_remove)

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(whole),
        IN_FOLDER(from_a_file),
        cmocka_unit_test(several_members),
        cmocka_unit_test(cut_anywhere),
        cmocka_unit_test(cut_between_members),
        cmocka_unit_test(damaged),
        cmocka_unit_test(damage_has_its_place),
        cmocka_unit_test(no_text_inside),
        IN_FOLDER(closed_in_the_middle),
        cmocka_unit_test(closed_while_a_pipe_waits),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

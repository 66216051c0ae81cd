#include "results/lines.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "results/scan.h"

/* Every record as "LINE:TEXT|", with a Q before the line when it is quoted. */
static bool write_down(void *self, const char *record, size_t len, long line, bool quoted,
                       struct err *e) {
    struct buf *b = self;
    (void)e;
    buf_printf(b, "%s%ld:", quoted ? "Q" : "", line);
    buf_add(b, record, len);
    buf_char(b, '|');
    return true;
}

/* From copies of just their size, so that a sanitizer sees a byte too far. */
static bool feed_copy(struct lines *l, const char *bytes, size_t len) {
    char *copy = malloc(len ? len : 1);
    memcpy(copy, bytes, len);
    bool ok = lines_feed(l, copy, len, NULL);
    free(copy);
    return ok;
}

static void expect(const char *text, size_t cut, bool quotes, const char *want) {
    struct buf out;
    struct lines l;
    size_t len = strlen(text);
    bool ok;
    buf_init(&out, 1 << 16);
    lines_init(&l, write_down, &out, quotes, 1000);
    assert_true(feed_copy(&l, text, cut) && feed_copy(&l, text + cut, len - cut));
    lines_finish(&l, &ok, NULL);
    assert_true(ok);
    assert_string_equal(out.data, want);
    lines_fini(&l);
    buf_fini(&out);
}

#define TEN "0123456789"
#define SIXTY TEN TEN TEN TEN TEN TEN

static void records(void **state) {
    static const struct {
        const char *text;
        bool quotes;
        const char *want;
    } cases[] = {
        {"", false, ""},
        {"a", false, "1:a|"},
        {"a\n", false, "1:a|"},
        {"a\nb", false, "1:a|2:b|"},
        {"a\r\n\r\nb\r\n", false, "1:a|2:|3:b|"},
        {"\n\n\n", false, "1:|2:|3:|"},
        {"a\"\nb\"", false, "1:a\"|2:b\"|"}, /* quotes mean nothing here */
        {"\"a\nb\",c\nd\n", true, "Q1:\"a\nb\",c|3:d|"},
        {"\"a\"\"\n\nb\"\nc", true, "Q1:\"a\"\"\n\nb\"|4:c|"}, /* a doubled quote stays inside */
        {"x\n\"y\"\nz\n", true, "1:x|Q2:\"y\"|3:z|"},          /* only its own record is quoted */
        {"a\n\"b\nc", true, "1:a|Q2:\"b\nc|"},                 /* never closed */
        {SIXTY "abc\n" SIXTY "\n", true, "1:" SIXTY "abc|2:" SIXTY "|"}, /* ends with a block */
        {SIXTY "abc\"\n" SIXTY "\"\nq\n", true, "Q1:" SIXTY "abc\"\n" SIXTY "\"|3:q|"},
        {"\"" SIXTY SIXTY SIXTY "\n\"\nq\n", true, "Q1:\"" SIXTY SIXTY SIXTY "\n\"|3:q|"},
    };
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        for (size_t cut = 0; cut <= strlen(cases[i].text); cut++)
            expect(cases[i].text, cut, cases[i].quotes, cases[i].want);
}

static void a_long_record_is_an_error_with_its_line(void **state) {
    static const struct {
        const char *text;
        const char *want;
    } cases[] = {
        {"a\n" SIXTY TEN TEN TEN TEN "b\n", "longer"}, /* whole in one piece */
        {"a\n" SIXTY TEN TEN TEN TEN "b", "longer"},   /* no end in sight */
        {"a\n\"" SIXTY TEN TEN TEN TEN "\n", "quote"},
    };
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct buf out;
        struct lines l;
        struct err e = {0};
        buf_init(&out, 1 << 16);
        lines_init(&l, write_down, &out, true, 100);
        assert_false(lines_feed(&l, cases[i].text, strlen(cases[i].text), &e));
        assert_int_equal(e.kind, ERR_LIMIT);
        assert_non_null(strstr(e.text, cases[i].want));
        assert_int_equal(l.line, 2);
        lines_fini(&l);
        buf_fini(&out);
    }
}

static bool refuse(void *self, const char *record, size_t len, long line, bool quoted,
                   struct err *e) {
    (void)record, (void)len, (void)line, (void)quoted;
    ++*(int *)self;
    return err_set(e, ERR_FORMAT, "no");
}

static void no_record_after_a_refusal(void **state) {
    struct lines l;
    int calls = 0;
    (void)state;
    lines_init(&l, refuse, &calls, true, 100);
    assert_false(lines_feed(&l, "a\nb\nc\n", 6, NULL));
    assert_int_equal(calls, 1);
    lines_fini(&l);
}

static void bits_of_64_bytes(void **state) {
    char s[SCAN_BYTES], room[SCAN_BYTES];
    (void)state;
    for (int i = 0; i < SCAN_BYTES; i++) {
        memset(s, 'x', sizeof s);
        s[i] = ',';
        s[0] = ',';
        assert_true(scan(s, ',') == (UINT64_C(1) << i | 1));
        assert_true(scan(s, ';') == 0);
        assert_true(scan(scan_few(room, s, (size_t)i), ',') == (i ? 1 : 0));
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(records),
        cmocka_unit_test(a_long_record_is_an_error_with_its_line),
        cmocka_unit_test(no_record_after_a_refusal),
        cmocka_unit_test(bits_of_64_bytes),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

#include "base/markdown.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/buf.h"

#define COUNT(a) (sizeof(a) / sizeof *(a))

/* "3 item text" or "7 row a|b" per piece. */
static char *dump(const struct markdown *m) {
    static const char *const names[] = {[MD_HEADING] = "h",
                                        [MD_TEXT] = "text",
                                        [MD_ITEM] = "item",
                                        [MD_TABLE] = "table",
                                        [MD_ROW] = "row"};
    struct buf out;
    buf_init(&out, 1 << 16);
    for (size_t i = 0; i < m->len; i++) {
        const struct md_block *b = &m->block[i];
        buf_printf(&out, "%ld %s", b->line, names[b->kind]);
        if (b->kind == MD_HEADING)
            buf_printf(&out, "%d", b->level);
        buf_printf(&out, " %s", b->text);
        for (size_t c = 0; c < b->cells; c++)
            buf_printf(&out, "%s%s", c ? "|" : "", b->cell[c]);
        buf_char(&out, '\n');
    }
    char *text = buf_take(&out);
    buf_fini(&out);
    return text;
}

static const struct {
    const char *why, *text, *want;
} cases[] = {
    {"nothing", "", ""},
    {"headings of both kinds", "# One\n\nTwo\n---\n\n### Three ###\n",
     "1 h1 One\n3 h2 Two\n6 h3 Three\n"},
    {"a paragraph line by line", "one\ntwo\n\nthree\n", "1 text one\n2 text two\n4 text three\n"},
    {"a hard break is a line too", "one  \ntwo\\\nthree\n",
     "1 text one\n2 text two\n3 text three\n"},
    {"marks, links, entities and escapes are gone",
     "**p95** `< 500 ms` [a](http://b) &lt; \\* *x*\n", "1 text p95 < 500 ms a < * x\n"},
    {"a code span over two lines keeps the later lines right", "a `b\nc` d\ne\n",
     "1 text a b c d\n3 text e\n"},
    {"items, nested and with paragraphs", "- a\n  b\n  1. c\n\n  d\n* e\n",
     "1 item a\n2 item b\n3 item c\n5 item d\n6 item e\n"},
    {"code blocks and HTML are left out",
     "```\ncode\n```\n\n    code\n\n<p>\nhtml\n</p>\n\na <b>c</b>\n", "11 text a c\n"},
    {"a table", "x\n\n| a | *b* |\n|---|:-:|\n| `1` | 2 |\n| 3 | 4 |\n\ny\n",
     "1 text x\n3 table a|b\n5 row 1|2\n6 row 3|4\n8 text y\n"},
    {"a bar in a cell", "| a \\| b |\n|---|\n| `c \\| d` |\n", "1 table a | b\n3 row c | d\n"},
    {"short rows are filled, long ones cut", "| a | b |\n|---|---|\n| 1 |\n| 1 | 2 | 3 |\n",
     "1 table a|b\n3 row 1|\n4 row 1|2\n"},
    {"too few dashes: no table", "| a | b |\n|---|\n| 1 | 2 |\n",
     "1 text | a | b |\n2 text |---|\n3 text | 1 | 2 |\n"},
    {"a byte-order mark and CRLF", "\xEF\xBB\xBF# T\r\n\r\n| a |\r\n|---|\r\n| b |\r\n",
     "1 h1 T\n3 table a\n5 row b\n"},
    {"quotes", "> a\n> - b\n", "1 text a\n2 item b\n"},
    {"a missing end of line", "| a |\n|---|\n| b |", "1 table a\n3 row b\n"},
};

static void texts_and_lines(void **state) {
    (void)state;
    for (size_t i = 0; i < COUNT(cases); i++) {
        struct markdown m;
        struct err e = {0};
        assert_true(markdown_parse(&m, cases[i].text, strlen(cases[i].text), &e));
        char *got = dump(&m);
        if (strcmp(got, cases[i].want) != 0)
            print_error("%s\n", cases[i].why);
        assert_string_equal(got, cases[i].want);
        free(got);
        markdown_fini(&m);
        assert_int_equal(m.len, 0);
    }
}

static void assert_refused(const char *text, size_t len, enum err_kind kind, long line,
                           const char *words) {
    struct markdown m;
    struct err e = {0};
    assert_false(markdown_parse(&m, text, len, &e));
    assert_int_equal(e.kind, kind);
    assert_int_equal(e.line, line);
    assert_non_null(strstr(e.text, words));
    assert_null(m.block);
    assert_int_equal(m.len, 0);
}

static char *repeated(const char *s, size_t times) {
    size_t n = strlen(s);
    char *out = malloc(n * times + 1);
    for (size_t i = 0; i < times; i++)
        memcpy(out + i * n, s, n);
    out[n * times] = '\0';
    return out;
}

static void refuses_what_is_not_text(void **state) {
    (void)state;
    assert_refused("a\0b", 3, ERR_FORMAT, 0, "not text");
    assert_refused("\x01\x02\x03\x04", 4, ERR_FORMAT, 0, "not text");
    assert_refused("caf\xE9", 4, ERR_FORMAT, 0, "not UTF-8");
    char *large = repeated("a", MARKDOWN_MAX_BYTES + 1);
    assert_refused(large, MARKDOWN_MAX_BYTES + 1, ERR_LIMIT, 0, "at most 1048576");
    struct markdown m;
    assert_true(markdown_parse(&m, large, MARKDOWN_MAX_BYTES, NULL));
    markdown_fini(&m);
    free(large);
}

/* Rows of one byte that are filled to 64 cells would take gigabytes. */
static void refuses_tables_that_explode(void **state) {
    (void)state;
    static const char *const ends[] = {"a\n", "a\r", "a\r\n"};
    for (size_t i = 0; i < COUNT(ends); i++) {
        char *head = repeated("|-", 60), *rows = repeated(ends[i], 100000);
        size_t len = 2 * strlen(head) + strlen(rows) + 8;
        char *text = malloc(len);
        int n = snprintf(text, len, "%s|\n%s|\n%s", head, head, rows);
        assert_refused(text, (size_t)n, ERR_LIMIT, 1, "table is too large");
        free(text);
        free(head);
        free(rows);
    }
    char *wide = repeated("|-", 100);
    assert_refused(wide, strlen(wide), ERR_LIMIT, 1, "at most 64 columns");
    free(wide);
}

static void survives_nesting(void **state) {
    (void)state;
    static const char *const pieces[] = {"> ", "- ", "*a ", "[", "![](", "**a *b ", "`", "<", "&#"};
    for (size_t i = 0; i < COUNT(pieces); i++) {
        char *text = repeated(pieces[i], 20000);
        struct markdown m;
        assert_true(markdown_parse(&m, text, strlen(text), NULL));
        markdown_fini(&m);
        free(text);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(texts_and_lines),
        cmocka_unit_test(refuses_what_is_not_text),
        cmocka_unit_test(refuses_tables_that_explode),
        cmocka_unit_test(survives_nesting),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

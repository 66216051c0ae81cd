/* The filter that keeps controls out of terminals, reports and logs, row by row. */
#include "base/text.h"

#include <locale.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define COUNT(a) (sizeof(a) / sizeof *(a))

static int utf8_locale(void **state) {
    (void)state;
    return setlocale(LC_ALL, "C.UTF-8") ? 0 : 1;
}

/* Cleans exactly these bytes from the heap, so that a read past them is seen. */
static size_t clean(const char *s, size_t len, enum text_lines lines, char *out, size_t size) {
    char *exact = malloc(len ? len : 1);
    memcpy(exact, s, len);
    size_t changed = text_clean(exact, len, lines, out, size);
    free(exact);
    return changed;
}

static void filter_table(void **state) {
    (void)state;
    static const struct {
        const char *why, *in, *out;
        size_t changed;
    } cases[] = {
        {"printable ASCII", "p95 < 500 ms", "p95 < 500 ms", 0},
        {"letters and signs of width 1", "\u00e9\u00b5\u2713", "\u00e9\u00b5\u2713", 0},
        {"width 2", "\u6f22\u5b57", "\u6f22\u5b57", 0},
        {"escape", "a\033[31mb", "a?[31mb", 1},
        {"bell, backspace, DEL", "\a\b\177", "???", 3},
        {"C1 as UTF-8: CSI",
         "\xc2\x9b"
         "31m",
         "?31m", 1},
        {"C1 as a raw byte",
         "\x9b"
         "31m",
         "?31m", 1},
        {"OSC with its end", "\033]52;c;eA==\033\\", "?]52;c;eA==?\\", 2},
        {"tab", "a\tb", "a b", 0},
        {"CR alone would overwrite the line", "good\rbad", "good?bad", 1},
        {"CR before LF", "a\r\nb", "a?b", 1},
        {"LF", "a\nb", "a?b", 1},
        {"NEL, line and paragraph separator",
         "a\xc2\x85"
         "b\u2028c\u2029d",
         "a?b?c?d", 3},
        {"not UTF-8, per byte", "\xff\xfe", "??", 2},
        {"overlong slash", "\xc0\xaf", "??", 2},
        {"cut character", "\xe2\x9c", "??", 2},
        {"surrogate", "\xed\xa0\x80", "???", 3},
        {"above U+10FFFF", "\xf4\x90\x80\x80", "????", 4},
        {"noncharacters", "\ufdd0\uffff\U0001fffe", "???", 3},
        {"unassigned", "\u0378", "?", 1},
        {"bidirectional controls", "\u061c\u200e\u200f\u202a\u202e\u2066\u2069", "???????", 7},
        {"zero width", "a\u200bb\u200cc\u200dd\u2060e\ufefff", "abcdef", 5},
        {"soft hyphen", "a\u00adb", "ab", 1},
        {"tag characters", "a\U000e0041\U000e007fb", "ab", 2},
        {"variation selectors", "a\ufe0f\U000e0100b", "ab", 2},
        {"two combining marks stay", "e\u0301\u0302", "e\u0301\u0302", 0},
        {"a third does not", "e\u0301\u0302\u0303", "e\u0301\u0302", 1},
        {"none at the start", "\u0301a", "a", 1},
        {"none on a replaced character", "\033\u0301a", "?a", 2},
        {"a plain question mark is no replacement", "?", "?", 0},
    };
    for (size_t i = 0; i < COUNT(cases); i++) {
        char out[200];
        size_t n = clean(cases[i].in, strlen(cases[i].in), TEXT_ONE_LINE, out, sizeof out);
        if (strcmp(out, cases[i].out) != 0 || n != cases[i].changed)
            fail_msg("%s: \"%s\", %zu changed", cases[i].why, out, n);
    }
}

static void lines_are_kept_in_notes(void **state) {
    (void)state;
    char out[100];
    assert_int_equal(text_clean("a\r\nb\u2028c\nd\re", 12, TEXT_LINES, out, sizeof out), 1);
    assert_string_equal(out, "a\nb\nc\nd?e");
}

static void nul_inside(void **state) {
    (void)state;
    char out[8];
    assert_int_equal(clean("a\0b", 3, TEXT_ONE_LINE, out, sizeof out), 1);
    assert_string_equal(out, "a?b");
}

/* No byte sequence of any two code points lets a control, a bidirectional or an unseen one through.
 */
static void nothing_slips_through(void **state) {
    (void)state;
    for (uint32_t cp = 0; cp <= 0x10ffff; cp++) {
        char in[8], out[16];
        size_t n = text_encode(cp, in);
        text_clean(in, n, TEXT_ONE_LINE, out, sizeof out);
        for (size_t at = 0, len = strlen(out); at < len;) {
            uint32_t back;
            at += text_decode(out + at, len - at, &back);
            if (text_classify(back) != TEXT_KEEP)
                fail_msg("U+%04X gives U+%04X", (unsigned)cp, (unsigned)back);
        }
    }
}

static void cut_between_characters(void **state) {
    (void)state;
    char out[5];
    text_clean("ab\u2713c", 6, TEXT_ONE_LINE, out, sizeof out);
    assert_string_equal(out, "ab"); /* three bytes do not fit into two */
    text_clean("abcdef", 6, TEXT_ONE_LINE, out, sizeof out);
    assert_string_equal(out, "abcd");
    text_clean("a", 1, TEXT_ONE_LINE, out, 1);
    assert_string_equal(out, "");
    text_clean("a", 1, TEXT_ONE_LINE, NULL, 0); /* nothing to write to */
}

static void decode_and_encode(void **state) {
    (void)state;
    for (uint32_t cp = 0; cp <= 0x10ffff; cp++) {
        if (cp >= 0xd800 && cp <= 0xdfff)
            continue;
        char s[4];
        uint32_t back;
        size_t n = text_encode(cp, s);
        assert_int_equal(text_decode(s, n, &back), n);
        assert_int_equal(back, cp);
        if (n > 1) {
            assert_int_equal(text_decode(s, n - 1, &back), 1); /* cut: one byte, not UTF-8 */
            assert_int_equal(back, UINT32_MAX);
        }
    }
}

static void widths(void **state) {
    (void)state;
    static const struct {
        const char *s;
        int columns;
    } cases[] = {{"", 0}, {"abc", 3}, {"\u6f22a", 3}, {"e\u0301x", 2}, {"\u2713 ok", 4}};
    for (size_t i = 0; i < COUNT(cases); i++)
        assert_int_equal(text_width(cases[i].s), cases[i].columns);
    assert_int_equal(text_width_n("\u6f22a", 3), 2);
    assert_int_equal(text_cp_width(0x1b), 0);
    assert_int_equal(text_cp_width(0x0301), 0);
}

static void fit_to_columns(void **state) {
    (void)state;
    static const struct {
        const char *s;
        int columns;
        size_t bytes;
    } cases[] = {
        {"abc", 2, 2},          {"abc", 9, 3},
        {"\u6f22\u5b57", 3, 3}, /* a wide one does not fit into one column */
        {"e\u0301x", 1, 3},     /* the mark stays on its letter */
        {"abc", 0, 0},
    };
    for (size_t i = 0; i < COUNT(cases); i++)
        assert_int_equal(text_fit(cases[i].s, cases[i].columns), cases[i].bytes);
}

static void small_helpers(void **state) {
    (void)state;
    assert_true(text_same("P95", "p95"));
    assert_false(text_same("p95", "p99"));
    assert_true(text_starts("baseline_a.js", "baseline_"));
    assert_false(text_starts("base", "baseline_"));
    assert_true(text_ends("a.js", ".js"));
    assert_false(text_ends("js", ".js"));
    size_t n = 7;
    const char *s = text_trim(" \ta b\r\n", &n);
    assert_int_equal(n, 3);
    assert_memory_equal(s, "a b", 3);
    n = 2;
    text_trim(" \n", &n);
    assert_int_equal(n, 0);
    char out[4];
    assert_true(text_copy(out, sizeof out, "abc"));
    assert_false(text_copy(out, sizeof out, "abcd"));
    assert_string_equal(out, "abc");
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(filter_table),
        cmocka_unit_test(lines_are_kept_in_notes),
        cmocka_unit_test(nul_inside),
        cmocka_unit_test(nothing_slips_through),
        cmocka_unit_test(cut_between_characters),
        cmocka_unit_test(decode_and_encode),
        cmocka_unit_test(widths),
        cmocka_unit_test(fit_to_columns),
        cmocka_unit_test(small_helpers),
    };
    return cmocka_run_group_tests(tests, utf8_locale, NULL);
}

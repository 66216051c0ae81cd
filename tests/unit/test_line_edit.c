#include "ui/screen/widget/edit.h"

#include <locale.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#define COUNT(a) (sizeof(a) / sizeof *(a))

static struct edit_line l;

static void assert_line(const char *text, size_t cursor) {
    assert_string_equal(l.text, text);
    assert_int_equal(l.len, strlen(text));
    assert_int_equal(l.cursor, cursor);
}

static void inserts_at_the_cursor(void **state) {
    (void)state;
    edit_set(&l, "ac", 0);
    assert_true(edit_left(&l));
    assert_true(edit_insert(&l, 'b'));
    assert_line("abc", 2);
    assert_true(edit_insert(&l, 0xe9)); /* two bytes */
    assert_line("ab\xc3\xa9"
                "c",
                4);
    edit_home(&l);
    assert_false(edit_left(&l));
    edit_end(&l);
    assert_false(edit_right(&l));
}

static void keeps_out_what_is_not_printable(void **state) {
    (void)state;
    static const uint32_t bad[] = {0, '\n', 27, 0x7f, 0x9b, 0x200b, 0x202e, 0xfe0f, 0xe0041};
    edit_set(&l, "", 0);
    for (size_t i = 0; i < COUNT(bad); i++)
        assert_false(edit_insert(&l, bad[i]));
    assert_false(edit_insert(&l, 0x301)); /* a mark with nothing below it */
    assert_line("", 0);
    edit_set(&l, "a\x1b[31mb\xe2\x80\xae", 0);
    assert_line("a[31mb", 6);
}

static void has_an_end(void **state) {
    (void)state;
    edit_set(&l, "1234567", 5);
    assert_line("12345", 5);
    assert_false(edit_insert(&l, '6'));
    edit_set(&l, "123\xc3\xa9", 4); /* no half a character */
    assert_line("123", 3);
    char longer[2 * EDIT_MAX_BYTES];
    memset(longer, 'x', sizeof longer);
    longer[sizeof longer - 1] = '\0';
    edit_set(&l, longer, 0);
    assert_int_equal(l.len, EDIT_MAX_BYTES - 1);
}

/* A character goes with the marks on it. */
static void erases_whole_characters(void **state) {
    (void)state;
    edit_set(&l, "ae\xcc\x81z", 0);
    assert_true(edit_left(&l));
    assert_true(edit_backspace(&l));
    assert_line("az", 1);
    assert_true(edit_delete(&l));
    assert_line("a", 1);
    assert_false(edit_delete(&l));
    assert_true(edit_backspace(&l));
    assert_false(edit_backspace(&l));
    assert_line("", 0);
}

static void erases_words(void **state) {
    (void)state;
    edit_set(&l, "one two  ", 0);
    assert_true(edit_delete_word(&l));
    assert_line("one ", 4);
    assert_true(edit_delete_word(&l));
    assert_line("", 0);
    assert_false(edit_delete_word(&l));
    edit_set(&l, "kept tail", 0);
    for (int i = 0; i < 5; i++)
        edit_left(&l);
    assert_true(edit_delete_word(&l));
    assert_line(" tail", 0);
    edit_clear(&l);
    assert_line("", 0);
}

int main(void) {
    setlocale(LC_ALL, "C.UTF-8");
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(inserts_at_the_cursor),
        cmocka_unit_test(keeps_out_what_is_not_printable),
        cmocka_unit_test(has_an_end),
        cmocka_unit_test(erases_whole_characters),
        cmocka_unit_test(erases_words),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

#include "script/edit.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define COUNT(a) (sizeof(a) / sizeof *(a))

struct piece {
    size_t start, end;
    const char *with; /* NULL: no edit */
};

static char *apply(const char *old, const struct piece *piece, struct err *e) {
    struct edits edits = {0};
    size_t len;
    for (; piece->with; piece++)
        edits_add(&edits, piece->start, piece->end, piece->with);
    char *new = edits_apply(&edits, old, strlen(old), &len, e);
    if (new)
        assert_int_equal(len, strlen(new));
    edits_fini(&edits);
    return new;
}

static void applies(void **state) {
    (void)state;
    static const struct {
        const char *why, *old, *new;
        struct piece piece[5];
    } cases[] = {
        {"no edits: the same bytes", "abc", "abc", {{0}}},
        {"replace", "abc", "aXYc", {{1, 2, "XY"}}},
        {"delete", "abc", "ac", {{1, 2, ""}}},
        {"insert at both ends", "abc", "<abc>", {{3, 3, ">"}, {0, 0, "<"}}},
        {"any order of adding", "abcdef", "1bc2ef", {{3, 4, "2"}, {0, 1, "1"}}},
        {"same place: order of adding", "ab", "a123b", {{1, 1, "1"}, {1, 1, "2"}, {1, 1, "3"}}},
        {"an insertion goes before a replacement at its place",
         "abc",
         "a+Xc",
         {{1, 2, "X"}, {1, 1, "+"}}},
        {"touching edits do not overlap", "abcd", "XY", {{0, 2, "X"}, {2, 4, "Y"}}},
        {"an insertion behind a replacement", "abc", "Xbc", {{0, 1, "X"}, {1, 1, ""}}},
        {"empty text", "", "new", {{0, 0, "new"}}},
    };
    for (size_t i = 0; i < COUNT(cases); i++) {
        struct err e = {0};
        char *new = apply(cases[i].old, cases[i].piece, &e);
        assert_non_null(new);
        assert_string_equal(new, cases[i].new);
        free(new);
    }
}

static void refuses(void **state) {
    (void)state;
    static const struct {
        const char *why;
        struct piece piece[3];
    } cases[] = {
        {"overlap", {{0, 2, "x"}, {1, 3, "y"}}},
        {"one inside the other", {{0, 3, "x"}, {1, 2, "y"}}},
        {"an insertion inside a replacement", {{0, 3, "x"}, {1, 1, "y"}}},
        {"behind the end", {{3, 4, "x"}}},
        {"backwards", {{2, 1, "x"}}},
    };
    for (size_t i = 0; i < COUNT(cases); i++) {
        struct err e = {0};
        assert_null(apply("abc", cases[i].piece, &e));
        assert_int_equal(e.kind, ERR_INTERNAL);
    }
}

static void bytes_stay(void **state) {
    (void)state;
    struct edits edits = {0};
    static const char old[] = "a\0\xff\r\nb";
    size_t len;
    edits_add(&edits, 5, 6, "c");
    char *new = edits_apply(&edits, old, 6, &len, NULL);
    assert_int_equal(len, 6);
    assert_memory_equal(new, "a\0\xff\r\nc", 7);
    free(new);
    edits_fini(&edits);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(applies),
        cmocka_unit_test(refuses),
        cmocka_unit_test(bytes_stay),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

#include "ui/screen/grid/grid.h"

#include <limits.h>
#include <locale.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/text.h"

#define COUNT(a) (sizeof(a) / sizeof *(a))

static struct grid g; /* each test inits it */

static void assert_dump(bool looks, const char *want) {
    char *got = grid_dump(&g, looks);
    assert_string_equal(got, want);
    free(got);
}

/* The text of a grid of one row; the caller frees. */
static char *only_row(void) {
    char *dump = grid_dump(&g, false);
    dump[strlen(dump) - 1] = '\0';
    return dump;
}

/* What the terminal may rely on: halves of wide characters in pairs, nothing but printable
 * characters. */
static void assert_sound(const struct grid *grid) {
    for (int i = 0; i < grid->rows * grid->cols; i++) {
        const struct cell *c = &grid->cell[i];
        assert_in_range(c->width, 0, 2);
        assert_in_range(c->look, 0, LOOKS - 1);
        if (c->width == 0) {
            assert_true(i % grid->cols > 0);
            assert_int_equal(c[-1].width, 2);
            assert_int_equal(c->cp[0], 0);
            continue;
        }
        assert_int_equal(text_classify(c->cp[0]), TEXT_KEEP);
        assert_int_equal(text_cp_width(c->cp[0]), c->width);
        for (int m = 1; m < 3; m++)
            assert_true(c->cp[m] == 0 || text_classify(c->cp[m]) == TEXT_COMBINE);
        if (c->width == 2) {
            assert_true(i % grid->cols < grid->cols - 1);
            assert_int_equal(c[1].width, 0);
        }
    }
}

static void letters_of_looks(void **state) {
    (void)state;
    static const char want[] = ".TdagyrvVlcC+-123_";
    for (int i = 0; i < LOOKS; i++)
        assert_int_equal(look_letter((enum look)i), want[i]);
    assert_int_equal(look_letter(LOOKS), '?');
}

static void new_grid_is_blank(void **state) {
    (void)state;
    grid_init(&g, 2, 3, GLYPHS_BRAILLE);
    assert_int_equal(g.cursor_row, -1);
    assert_int_equal(g.cursor_col, -1);
    assert_int_equal(g.cell[5].cp[0], ' ');
    assert_dump(true, "\n\n...\n...\n");
    grid_fini(&g);
}

/* Text at a place of a grid of one row and ten columns. */
static void put_clips_and_cuts(void **state) {
    (void)state;
    static const struct {
        const char *text;
        int col, most, end;
        const char *row, *why;
    } cases[] = {
        {"abc", 0, 10, 3, "abc", "fits"},
        {"abc", 2, 3, 5, "  abc", "fits exactly"},
        {"abcd", 2, 3, 5, "  ab…", "cut to three columns"},
        {"abcd", 0, 1, 1, "…", "one column: only the sign"},
        {"a", 0, 1, 1, "a", "one column is enough"},
        {"abcd", 0, 0, 0, "", "no column"},
        {"abcd", 0, -5, 0, "", "fewer than none"},
        {"abcdefghijk", 0, INT_MAX, 10, "abcdefghi…", "the edge cuts too"},
        {"abcdefghij", 0, INT_MAX, 10, "abcdefghij", "the edge is just right"},
        {"abc", 9, INT_MAX, 10, "         …", "at the last column"},
        {"abc", 10, INT_MAX, 10, "", "behind the edge"},
        {"abc", INT_MAX, INT_MAX, INT_MAX, "", "far behind the edge"},
        {"abcdef", -2, INT_MAX, 4, "cdef", "starts before the edge"},
        {"abcdef", -2, 4, 2, "c…", "columns count from where it starts"},
        {"abc", -3, INT_MAX, 0, "", "all of it before the edge"},
        {"abc", INT_MIN, INT_MAX, INT_MIN + 3, "", "far before the edge"},
        {"漢字", 0, 4, 4, "漢字", "wide characters that fit"},
        {"漢字漢", 0, 5, 5, "漢字…", "the sign needs one column"},
        {"漢字漢", 0, 4, 3, "漢…", "half a character is never shown"},
        {"字字", 7, INT_MAX, 10, "       字…", "nor at the edge"},
        {"字", 9, INT_MAX, 10, "         …", "no room for a wide one"},
        {"字a", -1, INT_MAX, 2, " a", "its left half is outside"},
        {"字", -2, INT_MAX, 0, "", "both halves are outside"},
        {"e\xcc\x81x", 0, 2, 2, "e\xcc\x81x", "a mark takes no column"},
        {"", 3, 10, 3, "", "no text"},
    };
    for (size_t i = 0; i < COUNT(cases); i++) {
        grid_init(&g, 1, 10, GLYPHS_BRAILLE);
        int end = grid_put(&g, 0, cases[i].col, cases[i].most, LOOK_TEXT, cases[i].text);
        char *got = only_row();
        if (end != cases[i].end || strcmp(got, cases[i].row) != 0)
            fail_msg("%s: [%s] and %d, want [%s] and %d", cases[i].why, got, end, cases[i].row,
                     cases[i].end);
        assert_sound(&g);
        free(got);
        grid_fini(&g);
    }
}

static void rows_outside_take_nothing(void **state) {
    (void)state;
    grid_init(&g, 2, 10, GLYPHS_BRAILLE);
    static const int rows[] = {-1, 2, INT_MIN, INT_MAX};
    for (size_t i = 0; i < COUNT(rows); i++) {
        assert_int_equal(grid_put(&g, rows[i], 3, 10, LOOK_TEXT, "a\x1b"), 3);
        assert_int_equal(grid_right(&g, rows[i], 8, 10, LOOK_TEXT, "a\x1b"), 8);
        grid_fill(&g, rows[i], 0, 10, LOOK_TEXT, '-');
        grid_relook(&g, rows[i], 0, 10, LOOK_FAIL);
    }
    assert_int_equal(g.replaced, 0);
    assert_dump(true, "\n\n..........\n..........\n");
    grid_fini(&g);
}

/* Text from others: what the filter of base/text.h does, seen in the grid. */
static void filter_guards_the_grid(void **state) {
    (void)state;
    static const struct {
        const char *text, *row;
        size_t replaced;
    } cases[] = {
        {"\x1b[31mred\x1b[0m", "?[31mred?[0m", 2},
        {"\x1b]52;c;aGk=\a", "?]52;c;aGk=?", 2},
        {"\x1b]0;title\x1b\\", "?]0;title?\\", 2},
        {"a\xc2\x9b"
         "31mb",
         "a?31mb", 1},               /* C1 as UTF-8 */
        {"a\x9b\x31mb", "a?1mb", 1}, /* C1 as a raw byte */
        {"a\xe2\x80\xae"
         "b",
         "a?b", 1}, /* right to left */
        {"a\xe2\x81\xa6"
         "b",
         "a?b", 1}, /* isolate */
        {"a\xe2\x80\x8b"
         "b",
         "ab", 1}, /* zero width space */
        {"\xef\xbb\xbf"
         "ab",
         "ab", 1},                       /* byte order mark */
        {"\xe2\x80\x8b", "", 1},         /* nothing else */
        {"x\xf3\xa0\x81\x81y", "xy", 1}, /* tag character */
        {"!\xef\xb8\x8f.", "!.", 1},     /* variation selector */
        {"a\tb", "a b", 0},
        {"a\nb", "a?b", 1},
        {"a\r\nb", "a?b", 1}, /* CR before LF goes, LF is the sign */
        {"a\rb", "a?b", 1},
        {"a\xc2\x85\xe2\x80\xa8\xe2\x80\xa9"
         "b",
         "a???b", 3},                                /* other line ends */
        {"\xff\xc0\x80\xed\xa0\x80z", "??????z", 6}, /* bytes that are not UTF-8 */
        {"\xef\xbf\xbf", "?", 1},                    /* noncharacter */
        {"\xcc\x81"
         "a",
         "a", 1},                                                        /* a mark on nothing */
        {"e\xcc\x81\xcc\x82\xcc\x83\xcc\x84.", "e\xcc\x81\xcc\x82.", 2}, /* a pile of marks */
        {"e\xe2\x80\x8d\xcc\x81.", "e\xcc\x81.", 1},
        {"\x7f", "?", 1},
    };
    for (size_t i = 0; i < COUNT(cases); i++) {
        grid_init(&g, 1, 40, GLYPHS_BRAILLE);
        grid_put(&g, 0, 0, 40, LOOK_TEXT, cases[i].text);
        char *got = only_row();
        assert_string_equal(got, cases[i].row);
        assert_int_equal(g.replaced, cases[i].replaced);
        assert_sound(&g);
        grid_clear(&g);
        assert_int_equal(g.replaced, 0);
        assert_int_equal(grid_width(&g, cases[i].text), text_width(got));
        free(got);
        grid_fini(&g);
    }
}

static void only_what_is_shown_counts(void **state) {
    (void)state;
    grid_init(&g, 1, 4, GLYPHS_BRAILLE);
    grid_put(&g, 0, 0, 4, LOOK_TEXT,
             "\x1b"
             "bcdefg\x1b\x1b\x1b");
    assert_int_equal(g.replaced, 1);
    grid_right(&g, 0, 4, 4, LOOK_TEXT,
               "\x1b\x1b\x1b"
               "defg\x1b");
    assert_int_equal(g.replaced, 2);
    grid_fini(&g);
}

static void wide_characters_never_stand_half(void **state) {
    (void)state;
    static const struct {
        int col;
        const char *text, *row, *why;
    } cases[] = {
        {0, "a", "a 字国", "left half overwritten"},
        {1, "a", " a字国", "right half overwritten"},
        {1, "本", " 本 国", "two halves of two characters"},
        {0, "本", "本字国", "the same place"},
        {2, "ab", "漢ab国", "both halves of one"},
        {5, "a", "漢字 a", "the last column"},
        {5, "本", "漢字 …", "no room: cut"},
        {-1, "本",
         " "
         " 字国",
         "a right half that comes in at the left edge"},
    };
    for (size_t i = 0; i < COUNT(cases); i++) {
        grid_init(&g, 1, 6, GLYPHS_BRAILLE);
        assert_int_equal(grid_put(&g, 0, 0, 6, LOOK_TEXT, "漢字国"), 6);
        grid_put(&g, 0, cases[i].col, INT_MAX, LOOK_TEXT, cases[i].text);
        assert_sound(&g);
        char *got = only_row();
        if (strcmp(got, cases[i].row) != 0)
            fail_msg("%s: [%s], want [%s]", cases[i].why, got, cases[i].row);
        free(got);
        grid_fini(&g);
    }
}

/* Our own signs have an ASCII form; of other characters only a ? is left. */
static void ascii_forms(void **state) {
    (void)state;
    static const struct {
        const char *text, *row;
        size_t replaced;
    } cases[] = {
        {"✓ ! ✗ ? ⊘ ● ·", "+ ! x ? % * -", 0},
        {"▌›‹", ">><", 0},
        {"─╌│╎", "--||", 0},
        {"┌┐└┘├┼", "++++++", 0},
        {"▲↑↓←→", "^^v<>", 0},
        {"▁▂▃▄▅▆▇█", ".:-=+*##", 0},
        {"█▉▊▋▍▎▏", "####...", 0},
        {"a…", "a~", 0},
        {"\xe2\xa0\x80⣀", " ?", 1},
        {"Größe 漢字", "Gr??e ??", 4},
        {"e\xcc\x81", "e", 1},
        {"\x1b", "?", 1},
    };
    for (size_t i = 0; i < COUNT(cases); i++) {
        grid_init(&g, 1, 20, GLYPHS_ASCII);
        grid_put(&g, 0, 0, 20, LOOK_TEXT, cases[i].text);
        char *got = only_row();
        assert_string_equal(got, cases[i].row);
        assert_int_equal(g.replaced, cases[i].replaced);
        assert_int_equal(grid_width(&g, cases[i].text), strlen(got));
        free(got);
        grid_fini(&g);
    }
    grid_init(&g, 2, 6, GLYPHS_ASCII);
    assert_int_equal(grid_put(&g, 0, 0, 4, LOOK_TEXT, "abcdef"), 4);
    grid_fill(&g, 1, 0, 3, LOOK_MUTED, 0x2500);
    grid_fill(&g, 1, 3, 1, LOOK_MUTED, 0xe9);
    grid_fill(&g, 1, 4, 2, LOOK_MUTED, '.');
    assert_dump(false, "abc~\n---?..\n");
    grid_fini(&g);
}

/* Without any UTF-8 locale the filter knows no width; our signs must come through all the same. */
static void ascii_forms_need_no_locale(void **state) {
    (void)state;
    setlocale(LC_CTYPE, "C");
    grid_init(&g, 1, 8, GLYPHS_ASCII);
    grid_put(&g, 0, 0, 8, LOOK_TEXT, "✓ ok │");
    grid_fill(&g, 0, 6, 2, LOOK_TEXT, 0x2500);
    assert_dump(false, "+ ok |--\n");
    assert_int_equal(g.replaced, 0);
    grid_fini(&g);
    setlocale(LC_CTYPE, "C.UTF-8");
}

static void print_formats(void **state) {
    (void)state;
    grid_init(&g, 2, 12, GLYPHS_BRAILLE);
    assert_int_equal(grid_print(&g, 0, 1, LOOK_WARN, "%5.1f %s", 46.25, "ms"), 9);
    char *longer = malloc(5000);
    memset(longer, 'x', 4999);
    longer[4999] = '\0';
    assert_int_equal(grid_print(&g, 1, 0, LOOK_OK, "%s", longer), 12);
    assert_dump(true, "  46.2 ms\nxxxxxxxxxxx…\n.yyyyyyyy...\ngggggggggggg\n");
    free(longer);
    grid_fini(&g);
}

static void right_ends_before_a_column(void **state) {
    (void)state;
    static const struct {
        const char *text;
        int end, most, first;
        const char *row, *why;
    } cases[] = {
        {"462.0 ms", 10, 10, 2, "  462.0 ms", "fits"},
        {"abcdef", 8, 6, 2, "  abcdef", "fits exactly"},
        {"abcdef", 8, 4, 4, "    …def", "cut at the left"},
        {"abcdef", 8, 1, 7, "       …", "one column"},
        {"abcdef", 8, 0, 8, "", "no column"},
        {"abcdef", 4, 10, -2, "cdef", "clipped by the edge"},
        {"漢字国", 8, 4, 5, "     …国", "half a character is never shown"},
        {"漢字国", 8, 5, 3, "   …字国", "wide ones that fit"},
        {"", 8, 4, 8, "", "no text"},
        {"abc", 12, 10, 9, "         a", "beyond the right edge"},
    };
    for (size_t i = 0; i < COUNT(cases); i++) {
        grid_init(&g, 1, 10, GLYPHS_BRAILLE);
        int first = grid_right(&g, 0, cases[i].end, cases[i].most, LOOK_TEXT, cases[i].text);
        char *got = only_row();
        if (first != cases[i].first || strcmp(got, cases[i].row) != 0)
            fail_msg("%s: [%s] and %d", cases[i].why, got, first);
        assert_sound(&g);
        free(got);
        grid_fini(&g);
    }
}

static void fills_looks_and_blanks(void **state) {
    (void)state;
    grid_init(&g, 4, 6, GLYPHS_BRAILLE);
    grid_fill(&g, 0, -2, 5, LOOK_MUTED, 0x2500);   /* three of them are inside */
    grid_fill(&g, 1, 4, INT_MAX, LOOK_CHART, '#'); /* no further than the edge */
    grid_fill_down(&g, -1, 5, INT_MAX, LOOK_ACCENT, 0x2502);
    grid_fill(&g, 3, 0, 2, LOOK_TEXT, 0x6f22); /* wide: not for a fill */
    grid_fill(&g, 3, 2, 1, LOOK_TEXT, 0x1b);
    grid_relook(&g, 2, -1, 3, LOOK_FAIL);
    assert_dump(true, "───  │\n    #│\n     │\n???  │\n"
                      "ddd..a\n....ca\nrr...a\n.....a\n");
    grid_blank(&g, 0, 1, 2, INT_MAX);
    grid_blank(&g, 3, -4, INT_MAX, 6);
    assert_dump(true, "─\n\n     │\n  ?  │\nd.....\n......\nrr...a\n.....a\n");
    grid_fini(&g);
}

static void relook_keeps_halves_together(void **state) {
    (void)state;
    grid_init(&g, 1, 4, GLYPHS_BRAILLE);
    grid_put(&g, 0, 0, 4, LOOK_TEXT, "漢字");
    grid_relook(&g, 0, 1, 2, LOOK_FAIL);
    assert_dump(true, "漢字\nrrrr\n");
    grid_fini(&g);
}

static void sameness(void **state) {
    (void)state;
    struct grid a, b;
    grid_init(&a, 2, 4, GLYPHS_BRAILLE);
    grid_init(&b, 2, 4, GLYPHS_BRAILLE);
    assert_true(grid_same(&a, &b));
    grid_put(&a, 1, 2, 1, LOOK_TEXT, "x");
    assert_false(grid_same(&a, &b));
    grid_put(&b, 1, 2, 1, LOOK_TEXT, "x");
    assert_true(grid_same(&a, &b));
    grid_relook(&b, 1, 2, 1, LOOK_OK);
    assert_false(grid_same(&a, &b));
    grid_relook(&b, 1, 2, 1, LOOK_TEXT);
    grid_put(&b, 1, 2, 1, LOOK_TEXT, "x\xcc\x81");
    assert_false(grid_same(&a, &b));
    grid_put(&b, 1, 2, 1, LOOK_TEXT, "x");
    b.cursor_row = 0;
    assert_false(grid_same(&a, &b));
    grid_resize(&b, 4, 2);
    assert_false(grid_same(&a, &b));
    grid_fini(&a);
    grid_fini(&b);
}

static void resize_clears_and_bounds(void **state) {
    (void)state;
    grid_init(&g, 1, 3, GLYPHS_BLOCK);
    grid_put(&g, 0, 0, 3, LOOK_OK, "ab\x1b");
    g.cursor_row = g.cursor_col = 0;
    grid_resize(&g, 2, 2);
    assert_int_equal(g.replaced, 0);
    assert_int_equal(g.cursor_row, -1);
    assert_int_equal(g.glyphs, GLYPHS_BLOCK);
    assert_dump(true, "\n\n..\n..\n");
    grid_resize(&g, -1, -1);
    assert_int_equal(g.rows, 0);
    assert_int_equal(g.cols, 0);
    assert_dump(true, "");
    grid_resize(&g, INT_MAX, INT_MAX); /* a broken size from outside is no end of memory */
    assert_int_equal(g.rows, 1000);
    assert_int_equal(g.cols, 2000);
    grid_fini(&g);
    assert_null(g.cell);
}

/* Every call at every place of every small grid: nothing outside is touched, nothing is left half.
 */
static void small_grids(void **state) {
    (void)state;
    static const char *const texts[] = {"漢字漢字", "a漢e\xcc\x81\x1b[31m\xe2\x80\xae", "", "▌✓"};
    for (int rows = 0; rows <= 5; rows++)
        for (int cols = 0; cols <= 20; cols++)
            for (size_t t = 0; t < COUNT(texts); t++) {
                grid_init(&g, rows, cols, t == 3 ? GLYPHS_ASCII : GLYPHS_BRAILLE);
                for (int col = -5; col <= cols + 1; col++)
                    for (int most = -1; most <= cols + 1; most++) {
                        int row = (col + most) % 7 - 1;
                        grid_put(&g, row, col, most, LOOK_OK, texts[t]);
                        grid_right(&g, row, col, most, LOOK_FAIL, texts[t]);
                        grid_relook(&g, row, col, most, LOOK_LIVE);
                        grid_fill_down(&g, row, col, most, LOOK_MUTED, 0x2502);
                        grid_blank(&g, row, col + 1, 2, most);
                        assert_sound(&g);
                    }
                free(grid_dump(&g, true));
                grid_fini(&g);
            }
}

/* One million marks on one letter: slow is as bad as wrong. */
static void long_texts_take_linear_time(void **state) {
    (void)state;
    enum { MARKS = 1000000 };
    char *text = malloc(2 * MARKS + 2);
    text[0] = 'a';
    for (size_t i = 0; i < MARKS; i++)
        memcpy(text + 1 + 2 * i, "\xcc\x81", 2);
    text[2 * MARKS + 1] = '\0';
    grid_init(&g, 1, 3, GLYPHS_BRAILLE);
    assert_int_equal(grid_put(&g, 0, 0, 3, LOOK_TEXT, text), 1);
    assert_int_equal(g.replaced, MARKS - 2);
    assert_int_equal(grid_right(&g, 0, 3, 3, LOOK_TEXT, text), 2);
    grid_fini(&g);
    free(text);
}

int main(void) {
    setlocale(LC_CTYPE, "C.UTF-8");
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(letters_of_looks),
        cmocka_unit_test(new_grid_is_blank),
        cmocka_unit_test(put_clips_and_cuts),
        cmocka_unit_test(rows_outside_take_nothing),
        cmocka_unit_test(filter_guards_the_grid),
        cmocka_unit_test(only_what_is_shown_counts),
        cmocka_unit_test(wide_characters_never_stand_half),
        cmocka_unit_test(ascii_forms),
        cmocka_unit_test(ascii_forms_need_no_locale),
        cmocka_unit_test(print_formats),
        cmocka_unit_test(right_ends_before_a_column),
        cmocka_unit_test(fills_looks_and_blanks),
        cmocka_unit_test(relook_keeps_halves_together),
        cmocka_unit_test(sameness),
        cmocka_unit_test(resize_clears_and_bounds),
        cmocka_unit_test(small_grids),
        cmocka_unit_test(long_texts_take_linear_time),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

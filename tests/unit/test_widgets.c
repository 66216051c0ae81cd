#include <locale.h>
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "ui/screen/widget/chart.h"
#include "ui/screen/widget/diffview.h"
#include "ui/screen/widget/gauge.h"
#include "ui/screen/widget/table.h"
#include "ui/screen/widget/wrap.h"

#define COUNT(a) (sizeof(a) / sizeof *(a))

static struct grid g;

static void assert_grid(const char *want) {
    char *got = grid_dump(&g, false);
    assert_string_equal(got, want);
    free(got);
    grid_fini(&g);
}

/* --- gauge --- */

static void gauge_shows_the_share(void **state) {
    (void)state;
    static const struct {
        double share;
        const char *utf8, *ascii;
    } cases[] = {
        {0, "\n", "..........\n"},
        {0.001, "▏\n", "..........\n"},
        {0.5, "█████\n", "#####.....\n"},
        {1, "██████████\n", "##########\n"},
        {7, "██████████\n", "##########\n"},
        {-1, "\n", "..........\n"},
        {NAN, "\n", "\n"},
    };
    for (size_t i = 0; i < COUNT(cases); i++) {
        grid_init(&g, 1, 12, GLYPHS_BRAILLE);
        gauge_draw(&g, 0, 0, 10, cases[i].share, LOOK_OK);
        assert_grid(cases[i].utf8);
        grid_init(&g, 1, 12, GLYPHS_ASCII);
        gauge_draw(&g, 0, 0, 10, cases[i].share, LOOK_OK);
        assert_grid(cases[i].ascii);
    }
}

/* The half block marks the focus and nothing else. */
static void gauge_is_never_the_focus(void **state) {
    (void)state;
    for (int i = 0; i <= 800; i++) {
        grid_init(&g, 1, 10, GLYPHS_BRAILLE);
        gauge_draw(&g, 0, 0, 10, i / 800.0, LOOK_OK);
        for (int k = 0; k < 10; k++)
            assert_int_not_equal(g.cell[k].cp[0], 0x258c);
        grid_fini(&g);
    }
}

/* --- chart --- */

static void chart_draws_a_line(void **state) {
    (void)state;
    const double ramp[8] = {0, 1, 2, 3, 4, 5, 6, 7};
    grid_init(&g, 2, 4, GLYPHS_BRAILLE);
    assert_int_equal(chart_points(&g, 4), 8);
    chart_line(&g, 0, 0, 2, 4, ramp, 7, LOOK_CHART);
    assert_grid("  ⢀⠔\n⡠⠊⠁\n");
}

static void chart_has_no_holes(void **state) {
    (void)state;
    const double step[4] = {0, 0, 9, 9};
    grid_init(&g, 3, 2, GLYPHS_BRAILLE);
    chart_line(&g, 0, 0, 3, 2, step, 9, LOOK_CHART);
    assert_grid(" ⡖\n ⡇\n⣀⠇\n");
}

static void chart_leaves_gaps_and_clips(void **state) {
    (void)state;
    const double y[4] = {5, NAN, NAN, 100};
    grid_init(&g, 1, 2, GLYPHS_BRAILLE);
    chart_line(&g, 0, 0, 1, 2, y, 10, LOOK_CHART);
    assert_grid("⠄⠐\n");
    grid_init(&g, 1, 2, GLYPHS_BRAILLE);
    chart_line(&g, 0, 0, 1, 2, y, 0, LOOK_CHART); /* no axis, no chart */
    assert_grid("\n");
}

static void chart_in_blocks_and_ascii(void **state) {
    (void)state;
    const double y[4] = {0, 4, 8, 16};
    grid_init(&g, 2, 4, GLYPHS_BLOCK);
    assert_int_equal(chart_points(&g, 4), 4);
    chart_line(&g, 0, 0, 2, 4, y, 16, LOOK_CHART);
    assert_grid("   █\n▁▄██\n");
    grid_init(&g, 2, 4, GLYPHS_ASCII);
    chart_line(&g, 0, 0, 2, 4, y, 16, LOOK_CHART);
    assert_grid("   #\n.=##\n");
}

/* The line goes before it; a value that is not on the axis has none. */
static void chart_has_a_limit(void **state) {
    (void)state;
    const double y[6] = {0};
    static const struct {
        double value;
        const char *braille, *ascii;
    } cases[] = {
        {8, "╌╌╌\n⣀⣀⣀\n", "------\n......\n"},                                /* above the line */
        {10, "╌╌╌\n⣀⣀⣀\n", "------\n......\n"}, {1, "\n⣀⣀⣀\n", "\n......\n"}, /* behind it */
        {0, "\n⣀⣀⣀\n", "\n......\n"},           {11, "\n⣀⣀⣀\n", "\n......\n"},
        {NAN, "\n⣀⣀⣀\n", "\n......\n"}};
    for (size_t i = 0; i < COUNT(cases); i++) {
        grid_init(&g, 2, 3, GLYPHS_BRAILLE);
        chart_limit(&g, 0, 0, 2, 3, cases[i].value, 10, LOOK_MUTED);
        chart_line(&g, 0, 0, 2, 3, y, 10, LOOK_CHART);
        assert_grid(cases[i].braille);
        grid_init(&g, 2, 6, GLYPHS_ASCII);
        chart_limit(&g, 0, 0, 2, 6, cases[i].value, 10, LOOK_MUTED);
        chart_line(&g, 0, 0, 2, 6, y, 10, LOOK_CHART);
        assert_grid(cases[i].ascii);
    }
}

/* The word is left out before the sign is, and nothing is written over. */
static void chart_notes_give_way(void **state) {
    (void)state;
    grid_init(&g, 1, 20, GLYPHS_BRAILLE);
    chart_note(&g, 0, 2, 16, 0, LOOK_MUTED, "10:00", "");
    chart_note(&g, 0, 2, 16, 0.5, LOOK_MUTED, "▲", "knee");
    chart_note(&g, 0, 2, 16, 1, LOOK_MUTED, "╎", "window"); /* no room for the word */
    chart_note(&g, 0, 2, 16, 0.45, LOOK_MUTED, "▲", "");    /* too near */
    chart_note(&g, 0, 2, 16, 0.1, LOOK_MUTED, "╎", "");     /* on a text */
    chart_note(&g, 0, 2, 16, 1.1, LOOK_MUTED, "╎", "");
    chart_note(&g, 0, 2, 16, NAN, LOOK_MUTED, "╎", "");
    chart_note(&g, 5, 2, 16, 0, LOOK_MUTED, "╎", "");
    assert_grid("  10:00   ▲ knee ╎\n");
}

static void sparkline_is_one_row(void **state) {
    (void)state;
    const double y[5] = {0, 2, 4, 8, NAN};
    grid_init(&g, 1, 5, GLYPHS_BRAILLE);
    sparkline(&g, 0, 0, 5, y, 8, LOOK_CHART);
    assert_grid("▁▂▄█\n");
}

/* --- table --- */

static void table_lines_up(void **state) {
    (void)state;
    static const struct column c[] = {
        {"Name", 0, 6, false}, {"Count", 7, 6, true}, {"Gone", 14, 0, true}, {"Hid", 14, 0, false}};
    grid_init(&g, 3, 20, GLYPHS_BRAILLE);
    table_head(&g, 0, 1, c, COUNT(c));
    table_cell(&g, 1, 1, &c[0], LOOK_TEXT, "a long name");
    table_cell(&g, 1, 1, &c[1], LOOK_TEXT, "1,234");
    table_cell(&g, 2, 1, &c[1], LOOK_TEXT, "12,345,678");
    assert_grid(" Name    Count\n a lon…  1,234\n        …5,678\n");
}

/* --- wrap --- */

static void assert_wrapped(const char *text, int cols, bool command, const char *want) {
    char got[512] = "";
    const struct grid ruler = {.glyphs = GLYPHS_BRAILLE};
    while (*text) {
        size_t next = 0;
        size_t n = command ? wrap_command(&ruler, text, cols, &next)
                           : wrap_line(&ruler, text, cols, &next);
        assert_true(next > 0);
        strncat(got, text, n);
        strcat(got, "|");
        text += next;
    }
    assert_string_equal(got, want);
}

static void wraps_between_words(void **state) {
    (void)state;
    static const struct {
        const char *why, *text;
        int cols;
        const char *want;
    } cases[] = {
        {"fits", "one two", 7, "one two|"},
        {"breaks at a blank", "one two three", 8, "one two|three|"},
        {"several blanks and line ends are one place", "one  \n two", 4, "one|two|"},
        {"a long word is broken", "abcdefgh ij", 3, "abc|def|gh|ij|"},
        {"a number keeps its unit", "below 12 % of it", 8, "below|12 % of|it|"},
        {"wide characters count twice", "日本語日本", 5, "日本|語日|本|"},
        {"at least one character", "日", 1, "日|"},
    };
    for (size_t i = 0; i < COUNT(cases); i++)
        assert_wrapped(cases[i].text, cases[i].cols, false, cases[i].want);
}

/* A break inside quotes would change the command. */
static void wraps_commands_outside_quotes(void **state) {
    (void)state;
    assert_wrapped("k6 run 'a b c d' x", 8, true, "k6 run|'a b c d'|x|");
    assert_wrapped("A=\"1 2\" B=3\\ 4 c", 8, true, "A=\"1 2\"|B=3\\ 4 c|");
    assert_wrapped("'open never ends", 4, true, "'open never ends|");
}

/* --- diff --- */

static enum look plain(const void *context, bool in_new, size_t at, size_t *until) {
    (void)context;
    (void)in_new;
    *until = at + 1000;
    return LOOK_TEXT;
}

/* Lines a to z, of which the 13th is replaced by two. */
static struct diff_source letters(struct diff *d, char old[64], char **new) {
    struct edits e = {0};
    for (int i = 0; i < 26; i++) {
        old[2 * i] = (char)('a' + i);
        old[2 * i + 1] = '\n';
    }
    old[52] = '\0';
    edits_add(&e, 24, 25, "M1\n\tM2");
    size_t len;
    *new = edits_apply(&e, old, 52, &len, NULL);
    diff_make(d, old, 52, *new, len, &e);
    edits_fini(&e);
    return (struct diff_source){
        .diff = d, .old = old, .new = *new, .old_len = 52, .new_len = len, .look = plain};
}

static void diff_folds_what_is_kept(void **state) {
    (void)state;
    struct diff d;
    struct diff_rows rows;
    char old[64], *new;
    struct diff_source source = letters(&d, old, &new);
    diffview_layout(&rows, &d, false);
    assert_int_equal(rows.len, 1 + 3 + 3 + 3 + 1);
    assert_int_equal(rows.row[0].folded, 9);
    assert_int_equal(rows.row[10].folded, 10);
    grid_init(&g, 11, 24, GLYPHS_BRAILLE);
    assert_int_equal(diffview_draw(&rows, &source, &g, 0, 0, 11, 24, 0), 4);
    assert_grid("            … 9 lines …\n"
                "   10  10   j\n   11  11   k\n   12  12   l\n"
                "   13     - m\n       13 + M1\n       14 +     M2\n"
                "   14  15   n\n   15  16   o\n   16  17   p\n"
                "            … 10 lines …\n");
    diffview_fini(&rows);
    diff_fini(&d);
    free(new);
}

static void diff_side_by_side(void **state) {
    (void)state;
    struct diff d;
    struct diff_rows rows;
    char old[64], *new;
    struct diff_source source = letters(&d, old, &new);
    diffview_layout(&rows, &d, true);
    assert_int_equal(rows.len, 1 + 3 + 2 + 3 + 1);
    grid_init(&g, 3, 41, GLYPHS_BRAILLE);
    source.aside = 1;
    diffview_draw(&rows, &source, &g, 0, 0, 3, 41, 3);
    assert_grid("   12               │   12\n   13 -             │   13 + 1\n"
                "                    │   14 + M2\n");
    grid_init(&g, 3, 41, GLYPHS_BRAILLE);
    source.aside = 0;
    diffview_draw(&rows, &source, &g, 0, 0, 3, 41, 3);
    assert_grid("   12   l           │   12   l\n"
                "   13 - m           │   13 + M1\n"
                "                    │   14 +     M2\n");
    diffview_fini(&rows);
    diff_fini(&d);
    free(new);
}

static void diff_goes_to_changes_and_text(void **state) {
    (void)state;
    struct diff d;
    struct diff_rows rows;
    char old[64], *new;
    struct diff_source source = letters(&d, old, &new);
    diffview_layout(&rows, &d, false);
    assert_int_equal(diffview_change(&rows, &d, 0, 1), -1); /* the only one is seen first */
    assert_int_equal(diffview_change(&rows, &d, 10, -1), 1);
    assert_int_equal(diffview_find(&rows, &source, 0, "m2", 1), 6);
    assert_int_equal(diffview_find(&rows, &source, 10, "m1", -1), 5);
    assert_int_equal(diffview_find(&rows, &source, 0, "zz", 1), -1);
    diffview_fini(&rows);
    diff_fini(&d);
    free(new);
}

int main(void) {
    setlocale(LC_ALL, "C.UTF-8");
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(gauge_shows_the_share),
        cmocka_unit_test(gauge_is_never_the_focus),
        cmocka_unit_test(chart_draws_a_line),
        cmocka_unit_test(chart_has_no_holes),
        cmocka_unit_test(chart_leaves_gaps_and_clips),
        cmocka_unit_test(chart_in_blocks_and_ascii),
        cmocka_unit_test(chart_has_a_limit),
        cmocka_unit_test(chart_notes_give_way),
        cmocka_unit_test(sparkline_is_one_row),
        cmocka_unit_test(table_lines_up),
        cmocka_unit_test(wraps_between_words),
        cmocka_unit_test(wraps_commands_outside_quotes),
        cmocka_unit_test(diff_folds_what_is_kept),
        cmocka_unit_test(diff_side_by_side),
        cmocka_unit_test(diff_goes_to_changes_and_text),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

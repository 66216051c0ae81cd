/* The panels of screen 8 beyond their pictures: hostile texts, long lists, what is copied. */
#include <locale.h>
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "golden/scene_history.h"
#include "ui/screen/panel/history_parts.h"

static const struct view on_history = {.open = STEP_HISTORY, .follow_uid = -1};

/* ESC, OSC, bidirectional, zero width, bytes that are no UTF-8, line ends, wide characters. */
static const char hostile[] =
    "\x1b[31mx\x1b]0;t\x07\xe2\x80\xae\xe2\x80\x8b\xc2\x9b\xff\r\n\t日本語日本";

static void draw(const struct scene *c, const struct view *v, int rows, int cols,
                 enum glyphs glyphs, struct grid *g) {
    grid_init(g, rows, cols, glyphs);
    panel_draw(&c->s, v, g, chrome_pane(rows, cols));
}

static bool shows(const struct scene *c, const struct view *v, int rows, int cols,
                  const char *text) {
    struct grid g;
    draw(c, v, rows, cols, GLYPHS_BRAILLE, &g);
    char *dump = grid_dump(&g, false);
    bool found = strstr(dump, text) != NULL;
    free(dump);
    grid_fini(&g);
    return found;
}

/* --- hostile --------------------------------------------------------------------------------- */

static void poison_run(struct run *r) {
    text_copy(r->author, sizeof r->author, hostile);
    text_copy(r->confirmed_by, sizeof r->confirmed_by, "日本\x1b[2J");
    text_copy(r->host, sizeof r->host, hostile);
    text_copy(r->tool, sizeof r->tool, hostile);
    text_copy(r->tool_version, sizeof r->tool_version, hostile);
    text_copy(r->model, sizeof r->model, "\x1b[1m日");
    text_copy(r->verdict, sizeof r->verdict, "\x1b[1m日本語");
    text_copy(r->script, sizeof r->script, hostile);
    text_copy(r->source, sizeof r->source, hostile);
    text_copy(r->hash.script, sizeof r->hash.script, hostile);
    text_copy(r->hash.rules, sizeof r->hash.rules, hostile);
    r->at_ms = INT64_MAX;
    r->id = INT64_MAX;
    r->target_rps = 1e300;
    r->p95_ms = INFINITY;
    r->error_rate = -7;
    r->rps = -1e300;
}

static void poison_comparison(struct together *t) {
    struct comparison *c = &t->comparison;
    for (size_t i = 0; i < c->figures; i++) {
        text_copy(c->figure[i].metric, sizeof c->figure[i].metric, hostile);
        text_copy(c->figure[i].also, sizeof c->figure[i].also, hostile);
        text_copy(c->figure[i].why, sizeof c->figure[i].why, hostile);
        text_copy(c->figure[i].unit, sizeof c->figure[i].unit, "\x1b[0m");
    }
    for (size_t i = 0; i < c->endpoints; i++)
        text_copy(c->endpoint[i].metric, sizeof c->endpoint[i].metric, hostile);
    for (size_t i = 0; i < c->differ; i++) {
        text_copy(c->differs[i].field, sizeof c->differs[i].field, hostile);
        text_copy(c->differs[i].a, sizeof c->differs[i].a, hostile);
        text_copy(c->differs[i].why, sizeof c->differs[i].why, hostile);
    }
    text_copy(c->sentence, sizeof c->sentence, hostile);
    text_copy(c->of, sizeof c->of, hostile);
    text_copy(c->same[0], sizeof c->same[0], hostile);
    memcpy(t->side[0].is.script_text + 3, "\x1b[2J\xff\xc2\x9b", 7);
}

static void assert_clean(const struct grid *g) {
    for (int i = 0; i < g->rows * g->cols; i++) {
        const struct cell *c = &g->cell[i];
        bool half = c->width == 2 && (i + 1) % g->cols == 0;
        if ((c->width > 0 && text_classify(c->cp[0]) != TEXT_KEEP) || half)
            fail_msg("U+%04X at %d of %dx%d", (unsigned)c->cp[0], i, g->cols, g->rows);
    }
}

/* Each cell of the table that holds a wide character has its right half behind it. */
static void assert_whole(const struct grid *g) {
    for (int i = 0; i + 1 < g->rows * g->cols; i++)
        if (g->cell[i].width == 2)
            assert_int_equal(g->cell[i + 1].width, 0);
        else if (g->cell[i].width == 0)
            assert_true(i > 0 && g->cell[i - 1].width == 2);
}

static void sound_at_each_size(const struct scene *c, const struct view *v) {
    static const int sizes[][2] = {{20, 72}, {22, 80}, {24, 80}, {40, 120}, {50, 160}, {60, 200}};
    for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++)
        for (int glyphs = GLYPHS_BRAILLE; glyphs <= GLYPHS_ASCII; glyphs++) {
            struct grid g;
            draw(c, v, sizes[i][0], sizes[i][1], (enum glyphs)glyphs, &g);
            assert_clean(&g);
            assert_whole(&g);
            assert_true(g.replaced > 0);
            grid_fini(&g);
        }
}

static void hostile_runs_stay_out(void **state) {
    (void)state;
    struct scene c;
    struct view v = on_history;
    scene_run_open(&c);
    struct together *t = c.s.together;
    poison_run(&t->row[0].is);
    poison_run(&t->row[1].is);
    text_copy(t->open.said.item[0].text, sizeof t->open.said.item[0].text, hostile);
    text_copy(t->open.said.item[1].by, sizeof t->open.said.item[1].by, hostile);
    text_copy(v.history.filter, sizeof v.history.filter, "");
    sound_at_each_size(&c, &v);
    v.focus[STEP_HISTORY] = 2;
    sound_at_each_size(&c, &v);
    text_copy(v.history.filter, sizeof v.history.filter, hostile);
    sound_at_each_size(&c, &v);
    scene_fini(&c);
}

static void hostile_comparison_stays_out(void **state) {
    (void)state;
    struct scene c;
    struct view v = on_history;
    scene_explainable(&c);
    poison_comparison(c.s.together);
    v.history.compare = true;
    int n = 12;
    for (int focus = 0; focus < n; focus++) {
        v.focus[STEP_HISTORY] = focus;
        sound_at_each_size(&c, &v);
    }
    v.history.scripts = true;
    sound_at_each_size(&c, &v);
    scene_fini(&c);
}

/* --- words ----------------------------------------------------------------------------------- */

static void review_in_words(void **state) {
    (void)state;
    static const struct {
        enum review_state review;
        int notes, open;
        enum mark mark;
        const char *words;
    } cases[] = {
        {REVIEW_NONE, 0, 0, MARK_NONE, "no review"},
        {REVIEW_OPEN, 2, 0, MARK_NONE, "2 notes"},
        {REVIEW_OPEN, 1, 1, MARK_NEAR, "1 note, open"},
        {REVIEW_OPEN, 3, 1, MARK_NEAR, "3 notes, 1 open"},
        {REVIEW_APPROVED, 0, 0, MARK_OK, "approved"},
        {REVIEW_APPROVED, 3, 1, MARK_OK, "approved, 3 notes, 1 open"},
        {REVIEW_CHANGES, 1, 1, MARK_NEAR, "changes requested, 1 note, open"},
        {REVIEW_OUTDATED, 0, 0, MARK_NEAR, "approval outdated"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct run_row r = {
            .review = cases[i].review, .notes = cases[i].notes, .open_notes = cases[i].open};
        char text[120];
        assert_string_equal(show_run_review(&r, text, sizeof text), cases[i].words);
        assert_int_equal(run_review_mark(&r), cases[i].mark);
    }
}

static void a_day_of_another_year_has_its_year(void **state) {
    (void)state;
    struct scene c;
    char text[32];
    scene_runs(&c); /* sets the time zone */
    assert_string_equal(show_run_day(SCENE_NOW_MS - 60000, SCENE_NOW_MS, text, sizeof text),
                        "02 Nov 14:04");
    assert_string_equal(
        show_run_day(SCENE_NOW_MS - INT64_C(400) * 86400000, SCENE_NOW_MS, text, sizeof text),
        "28 Sep 2024");
    scene_fini(&c);
}

static void changes_in_words(void **state) {
    (void)state;
    static const struct {
        const char *unit;
        double a, b;
        const char *percent, *values;
    } cases[] = {
        {"ms", 612, 243, "-60 %", "-369 ms"},
        {"ms", 100, 100, "0 %", "0 ms"},
        {"", 0.01, 0.01, "0 pt", "0 pt"},
        {"ms", 1, 40, ">999 %", "+39.0 ms"},
        {"ms", 0, 40, "", "+40.0 ms"}, /* no share of nothing */
        {"", 0.0041, 0.0002, "-0.39 pt", "-0.39 pt"},
        {"RPS", 187.3, 199.6, "+6.6 %", "+12.3"},
        {"count", 374, 98, "-74 %", "-276"},
        {"ms/h", 20, 23, "+15 %", "+3 ms/h"},
        {"ms", NAN, 98, "", ""},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct compared f = {.a = cases[i].a, .b = cases[i].b};
        char text[64];
        text_copy(f.unit, sizeof f.unit, cases[i].unit);
        double d = cases[i].unit[0] ? (f.b - f.a) / f.a : f.b - f.a;
        f.difference = isfinite(d) ? d : (double)NAN;
        assert_string_equal(show_change(&f, false, text, sizeof text), cases[i].percent);
        assert_string_equal(show_change(&f, true, text, sizeof text), cases[i].values);
    }
}

static void what_is_not_comparable_is_not_read(void **state) {
    (void)state;
    struct comparison c = {.grade = GRADE_NOT_COMPARABLE};
    struct compared f = {.read = true, .reading = READING_BETTER, .also = "now within limit"};
    char text[80];
    assert_string_equal(show_reading(&c, &f, text, sizeof text), "");
    assert_int_equal(compared_mark(&c, &f), MARK_NONE);
    c.grade = GRADE_EXPLAINABLE;
    assert_string_equal(show_reading(&c, &f, text, sizeof text), "better, now within limit");
    assert_int_equal(compared_mark(&c, &f), MARK_OK);
}

/* --- what is copied -------------------------------------------------------------------------- */

static void assert_copies(const struct scene *c, const struct view *v, const char *want) {
    struct buf b;
    buf_init(&b, 4096);
    assert_true(panels[STEP_HISTORY]->copy(&c->s, v, &b));
    char *text = buf_take(&b);
    assert_string_equal(text, want);
    free(text);
    buf_fini(&b);
}

static void copies_runs_and_figures(void **state) {
    (void)state;
    struct scene c;
    struct view v = on_history;
    scene_explainable(&c);
    v.focus[STEP_HISTORY] = 2;
    assert_copies(&c, &v,
                  "run 14, 01 Nov 17:31: Load at 200 RPS, p95 243 ms, errors 0.02 %, rate 199.6, "
                  "ok, approved, 1 note");
    v.history.compare = true;
    v.focus[STEP_HISTORY] = 0;
    assert_copies(&c, &v,
                  "host: vm-perf-01 → vm-perf-02   another load machine has other limits and "
                  "another way to the server");
    v.focus[STEP_HISTORY] = 3;
    assert_copies(&c, &v,
                  "p95: run 13 612 ms, run 14 243 ms, -60 %; intervals 598 ms to 626 ms and 239 ms "
                  "to 247 ms do not touch; now within limit");
    scene_fini(&c);
}

/* --- a long list ----------------------------------------------------------------------------- */

static void the_focused_row_of_a_long_list_is_seen(void **state) {
    (void)state;
    static const int at[] = {0, 1, 7, 8, 500, 998, 999};
    struct scene c;
    struct view v = on_history;
    struct area pane = chrome_pane(24, 80);
    scene_runs_1000(&c);
    for (size_t i = 0; i < sizeof at / sizeof *at; i++) {
        char mark[32];
        v.focus[STEP_HISTORY] = at[i];
        int from = panel_list_from(&c.s, &v, pane);
        assert_in_range(at[i] - from, 0, 7);
        v.scroll[STEP_HISTORY] = from;
        assert_int_equal(panel_list_from(&c.s, &v, pane), from);
        snprintf(mark, sizeof mark, " %d  ", 1000 - at[i]);
        assert_true(shows(&c, &v, 24, 80, mark));
    }
    scene_fini(&c);
}

static void rows_of_the_grid_are_items_of_the_list(void **state) {
    (void)state;
    struct scene c;
    struct view v = on_history;
    struct area pane = chrome_pane(40, 120);
    scene_runs_1000(&c);
    v.focus[STEP_HISTORY] = 100;
    v.scroll[STEP_HISTORY] = 95;
    int first = -1, last = -1, n = 0;
    for (int row = pane.row; row < pane.row + pane.rows; row++) {
        int item = panel_list_item(&c.s, &v, pane, row);
        assert_true(item < 0 || last < 0 || item == last + 1);
        first = first < 0 ? item : first;
        last = item < 0 ? last : item;
        n += item >= 0;
    }
    assert_int_equal(first, 95);
    assert_in_range(n, 10, 20);
    scene_fini(&c);
}

static void the_filter_tells_how_many(void **state) {
    (void)state;
    struct scene c;
    struct view v = on_history;
    scene_runs_1000(&c);
    assert_true(shows(&c, &v, 24, 80, "1,000 runs in .perfscale/runs.db"));
    text_copy(v.history.filter, sizeof v.history.filter, "load by:ana");
    assert_true(shows(&c, &v, 24, 80, " of 1,000 runs: load by:ana"));
    text_copy(v.history.filter, sizeof v.history.filter, "nothing like it");
    assert_true(shows(&c, &v, 24, 80, "Not found: nothing like it"));
    scene_fini(&c);
}

int main(void) {
    setlocale(LC_ALL, "C.UTF-8");
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(hostile_runs_stay_out),
        cmocka_unit_test(hostile_comparison_stays_out),
        cmocka_unit_test(review_in_words),
        cmocka_unit_test(a_day_of_another_year_has_its_year),
        cmocka_unit_test(changes_in_words),
        cmocka_unit_test(what_is_not_comparable_is_not_read),
        cmocka_unit_test(copies_runs_and_figures),
        cmocka_unit_test(the_focused_row_of_a_long_list_is_seen),
        cmocka_unit_test(rows_of_the_grid_are_items_of_the_list),
        cmocka_unit_test(the_filter_tells_how_many),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

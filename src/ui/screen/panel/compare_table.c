/* Figures of two runs, a row each: both values, the change, and how it is read. */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "base/text.h"
#include "base/unit.h"
#include "ui/screen/panel/history_parts.h"

enum { COL_NAME, COL_A, COL_B, COL_CHANGE, COL_READING, COLUMNS };

static const struct column columns[PANE_SIZES][COLUMNS] = {
    {{"", 4, 20, false},
     {"", 24, 11, true},
     {"", 36, 11, true},
     {"Change", 48, 10, true},
     {"Reading", 60, 32, false}},
    {{"", 4, 16, false},
     {"", 20, 10, true},
     {"", 31, 10, true},
     {"Change", 42, 9, true},
     {"Reading", 53, 25, false}},
    {{"", 4, 14, false},
     {"", 18, 9, true},
     {"", 27, 9, true},
     {"Change", 37, 8, true},
     {"Reading", 47, 23, false}},
};

/* --- words ----------------------------------------------------------------------------------- */

enum mark compared_mark(const struct comparison *c, const struct compared *f) {
    static const enum mark marks[] = {[READING_UNKNOWN] = MARK_NODATA,
                                      [READING_NOISE] = MARK_NONE,
                                      [READING_BETTER] = MARK_OK,
                                      [READING_WORSE] = MARK_BROKEN};
    return c->grade == GRADE_NOT_COMPARABLE || !f->read ? MARK_NONE : marks[f->reading];
}

char *show_reading(const struct comparison *c, const struct compared *f, char *out, size_t size) {
    static const char *const words[] = {[READING_UNKNOWN] = "cannot tell",
                                        [READING_NOISE] = "no clear change",
                                        [READING_BETTER] = "better",
                                        [READING_WORSE] = "worse"};
    const char *word = f->read ? words[f->reading] : "";
    if (c->grade == GRADE_NOT_COMPARABLE)
        word = "";
    bool also = f->also[0] && c->grade != GRADE_NOT_COMPARABLE;
    snprintf(out, size, "%s%s%s", word, word[0] && also ? ", " : "", also ? f->also : "");
    return out;
}

char *show_compared_name(const struct compared *f, char *out, size_t size) {
    static const char *const names[][2] = {{"error_rate", "Errors"},
                                           {"rps", "Rate"},
                                           {"requests", "Requests"},
                                           {"vus", "Most VUs busy"},
                                           {"avg", "Average"}};
    const char *name = f->metric;
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        if (strcmp(names[i][0], f->metric) == 0)
            name = names[i][1];
    text_copy(out, size, name);
    return out;
}

static bool is_unit(const struct compared *f, const char *unit) {
    return strcmp(f->unit, unit) == 0;
}

static char *show_value(const struct compared *f, double value, char *out, size_t size) {
    char number[48];
    if (is_unit(f, "ms"))
        return unit_show_ms(value, out, size);
    if (is_unit(f, ""))
        return unit_show_share(value, out, size);
    if (is_unit(f, "count"))
        return unit_show(value, 0, out, size);
    if (isnan(value) || is_unit(f, "RPS"))
        return isnan(value) ? unit_show(value, 0, out, size) : unit_show(value, 1, out, size);
    snprintf(out, size, "%s %s", unit_show_short(value, 2, number, sizeof number), f->unit);
    return out;
}

char *show_compared(const struct compared *f, int side, char *out, size_t size) {
    return show_value(f, side == 0 ? f->a : f->b, out, size);
}

static void show_percent(double share, char *out, size_t size) {
    enum { MOST = 10 };
    double percent = 100 * share;
    if (share >= MOST)
        snprintf(out, size, ">999 %%");
    else if (share >= 0 && share <= 0)
        snprintf(out, size, "0 %%");
    else
        snprintf(out, size, "%+.*f %%", fabs(percent) < 9.95 ? 1 : 0, percent);
}

/* A difference of shares is told in points of a hundred: a percentage of it would mislead. */
char *show_change(const struct compared *f, bool values, char *out, size_t size) {
    double change = f->b - f->a;
    char number[48];
    out[0] = '\0';
    if (isnan(change) || (isnan(f->difference) && !values))
        return out;
    if (is_unit(f, "")) {
        snprintf(out, size, change < 0 || change > 0 ? "%+.2f pt" : "0 pt", 100 * change);
    } else if (!values) {
        show_percent(f->difference, out, size);
    } else {
        show_value(f, fabs(change), number, sizeof number);
        snprintf(out, size, "%s%s", change < 0 ? "-" : change > 0 ? "+" : "", number);
    }
    return out;
}

/* --- rows ------------------------------------------------------------------------------------ */

static void draw_head(const struct pen *p, int index) {
    (void)index;
    const struct comparison *c = session_comparison(p->s);
    struct column col[COLUMNS];
    char a[32], b[32];
    memcpy(col, columns[pane_size(p->a.cols)], sizeof col);
    snprintf(a, sizeof a, "Run %lld", (long long)c->a);
    snprintf(b, sizeof b, "Run %lld", (long long)c->b);
    col[COL_NAME].title = c->steady ? "Steady part" : "Whole run";
    col[COL_A].title = a;
    col[COL_B].title = b;
    table_head(p->g, p->a.row, p->a.col, col, COLUMNS);
}

static void draw_row(const struct pen *p, const struct compared *f) {
    const struct comparison *c = session_comparison(p->s);
    const struct column *col = columns[pane_size(p->a.cols)];
    enum mark mark = compared_mark(c, f);
    char text[SCOPE_MAX_BYTES];
    pen_sign(p, HISTORY_SIGN, mark);
    table_cell(p->g, p->a.row, p->a.col, &col[COL_NAME], LOOK_TEXT,
               show_compared_name(f, text, sizeof text));
    for (int side = 0; side < 2; side++)
        table_cell(p->g, p->a.row, p->a.col, &col[COL_A + side],
                   isnan(side == 0 ? f->a : f->b) ? LOOK_NODATA : LOOK_TEXT,
                   show_compared(f, side, text, sizeof text));
    table_cell(p->g, p->a.row, p->a.col, &col[COL_CHANGE], LOOK_TEXT,
               show_change(f, p->v->history.values, text, sizeof text));
    table_cell(p->g, p->a.row, p->a.col, &col[COL_READING],
               mark == MARK_NONE ? LOOK_MUTED : sign_of(mark).look,
               show_reading(c, f, text, sizeof text));
}

static void draw_figure(const struct pen *p, int index) {
    draw_row(p, &session_comparison(p->s)->figure[index]);
}

static void draw_endpoint(const struct pen *p, int index) {
    draw_row(p, &session_comparison(p->s)->endpoint[index]);
}

void compare_figures_build(struct sheet *sh) {
    const struct comparison *c = session_comparison(sh->s);
    sheet_blank(sh);
    sheet_line(sh, LINE_ROW, draw_head, 0);
    for (size_t i = 0; i < c->figures; i++)
        sheet_item(sh, sheet_line(sh, LINE_ROW, draw_figure, (int)i), ITEM_COMPARED, (int)i,
                   compared_mark(c, &c->figure[i]));
}

static void add_alone(struct sheet *sh, size_t n, int64_t run) {
    char text[96];
    if (n == 0)
        return;
    snprintf(text, sizeof text, "%zu endpoint%s only in run %lld.", n, n == 1 ? " is" : "s are",
             (long long)run);
    sheet_say(sh, LINE_ROW, HISTORY_TEXT, LOOK_MUTED, text);
}

void compare_endpoints_build(struct sheet *sh) {
    const struct comparison *c = session_comparison(sh->s);
    if (c->endpoints == 0)
        return;
    sheet_blank(sh);
    sheet_say(sh, LINE_ROW, HISTORY_TEXT, LOOK_MUTED, "p95 by endpoint");
    for (size_t i = 0; i < c->endpoints; i++)
        sheet_item(sh, sheet_line(sh, LINE_ROW, draw_endpoint, (int)i), ITEM_COMPARED_ENDPOINT,
                   (int)i, compared_mark(c, &c->endpoint[i]));
    add_alone(sh, c->only_a, c->a);
    add_alone(sh, c->only_b, c->b);
}

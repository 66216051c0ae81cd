/* The limits of a run: what was measured, how much of the limit is used, what is left of it. */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "base/text.h"
#include "ui/screen/panel/parts.h"
#include "ui/screen/widget/gauge.h"

enum { AT_SIGN = 2 };
enum { COL_NAME, COL_VALUE, COL_LIMIT, COL_GAUGE, COL_USE, COL_HEADROOM, COL_VERDICT, COLUMNS };

static const struct column columns[PANE_SIZES][COLUMNS] = {
    {{"Limit", 4, 15, false},
     {"Measured", 19, 11, true},
     {"Limit", 32, 11, true},
     {"Use", 47, 13, false},
     {"", 61, 6, true},
     {"Headroom", 68, 9, true},
     {"Verdict", 79, 13, false}},
    {{"Limit", 4, 14, false},
     {"Measured", 18, 10, true},
     {"Limit", 29, 9, true},
     {"Use", 40, 7, false},
     {"", 48, 6, true},
     {"Headroom", 55, 8, true},
     {"Verdict", 65, 13, false}},
    {{"Limit", 4, 13, false},
     {"Measured", 17, 10, true},
     {"Limit", 28, 9, true},
     {"", 38, 0, false},
     {"Use", 38, 6, true},
     {"Headroom", 45, 9, true},
     {"Verdict", 57, 13, false}},
};

static void draw_head(const struct pen *p, int index) {
    (void)index;
    table_head(p->g, p->a.row, p->a.col, columns[pane_size(p->a.cols)], COLUMNS);
}

static char *show_percent(double share, char *out, size_t size) {
    if (share > 9.995)
        snprintf(out, size, ">999 %%");
    else if (share < -9.995)
        snprintf(out, size, "<-999 %%");
    else
        snprintf(out, size, "%.0f %%", 100 * share);
    return out;
}

/* What the rate is a share of: of a stress test the mean of what was planned. */
static double target_of(const struct session *s) {
    const struct result *r = session_result(s);
    const struct profile *p = &r->profile;
    return r->has_profile && p->stages > 0 && p->model == MODEL_STRESS
               ? p->planned_requests / p->duration_s
               : results_target(s);
}

/* A rate has no use of a limit: it says how much of the target was reached. */
static void draw_reached(const struct pen *p, const struct check *c, const struct column *col) {
    double target = target_of(p->s), share = c->value / target;
    struct column wide = col[COL_GAUGE];
    enum look look = results_look(p->s, LOOK_TEXT);
    char text[64], number[32];
    wide.width = col[COL_HEADROOM].at + 1 - wide.at;
    if (isnan(share))
        return;
    if (col[COL_GAUGE].width == 0) {
        table_cell(p->g, p->a.row, p->a.col, &col[COL_USE], look,
                   show_percent(share, text, sizeof text));
        return;
    }
    snprintf(text, sizeof text, "%.1f %% of %s", 100 * share,
             show_rate(target, number, sizeof number));
    table_cell(p->g, p->a.row, p->a.col, &wide, look, text);
}

static void draw_use(const struct pen *p, const struct check *c, const struct column *col) {
    double use = check_use(c);
    char text[32];
    if (strcmp(c->metric, "rps") == 0) {
        draw_reached(p, c, col);
        return;
    }
    if (isnan(use))
        return;
    enum mark mark = check_mark(c);
    gauge_draw(p->g, p->a.row, p->a.col + col[COL_GAUGE].at, col[COL_GAUGE].width, use,
               mark == MARK_OK ? LOOK_MUTED : results_look(p->s, sign_of(mark).look));
    table_cell(p->g, p->a.row, p->a.col, &col[COL_USE], results_look(p->s, LOOK_TEXT),
               show_percent(use, text, sizeof text));
}

/* A row without data says why, where else its use would be. */
static void draw_missing(const struct pen *p, const struct check *c, const struct column *col) {
    int from = col[COL_GAUGE].at;
    const char *why = c->why;
    if (text_starts(why, "It has ")) /* the row is "it" */
        why += strlen("It has ");
    grid_put(p->g, p->a.row, p->a.col + from, col[COL_VERDICT].at - 2 - from, LOOK_MUTED, why);
}

static void draw_check(const struct pen *p, int index) {
    const struct check *c = &session_result(p->s)->judgement.check[index];
    const struct column *col = columns[pane_size(p->a.cols)];
    enum look plain = results_look(p->s, LOOK_TEXT);
    int row = p->a.row, left = p->a.col;
    char text[64];
    results_sign(p, AT_SIGN, check_mark(c));
    table_cell(p->g, row, left, &col[COL_NAME], plain, check_title(c));
    table_cell(p->g, row, left, &col[COL_VALUE],
               c->status == VERDICT_PASS ? plain : results_look(p->s, sign_of(check_mark(c)).look),
               check_show_value(c, c->value, text, sizeof text));
    table_cell(p->g, row, left, &col[COL_LIMIT], plain, check_show_limit(c, text, sizeof text));
    if (c->status == VERDICT_NO_DATA)
        draw_missing(p, c, col);
    else
        draw_use(p, c, col);
    if (c->status != VERDICT_NO_DATA && !isnan(check_headroom(c)))
        table_cell(p->g, row, left, &col[COL_HEADROOM], plain,
                   show_percent(check_headroom(c), text, sizeof text));
    bool waived = c->waived_by[0] != '\0'; /* its own sign in front stays */
    results_verdict(p, &col[COL_VERDICT], waived ? MARK_NEAR : check_mark(c),
                    waived ? "waived" : mark_check_word(c));
}

static bool is_drift(const struct check *c) {
    return strcmp(c->metric, "memory_drift") == 0 || strcmp(c->metric, "latency_drift") == 0;
}

void checks_build(struct sheet *sh, bool drift) {
    const struct judgement *j = &session_result(sh->s)->judgement;
    bool first = true;
    sheet_part(sh);
    for (size_t i = 0; i < j->checks; i++) {
        if (!drift && is_drift(&j->check[i]))
            continue;
        if (first) {
            sheet_blank(sh);
            sheet_line(sh, LINE_KEEP, draw_head, 0);
        }
        first = false;
        sheet_item(sh, sheet_line(sh, LINE_ROW, draw_check, (int)i), ITEM_CHECK, (int)i,
                   check_mark(&j->check[i]));
    }
}

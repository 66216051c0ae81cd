/* The table of endpoints on Results. */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "base/unit.h"
#include "ui/screen/panel/parts.h"
#include "ui/screen/widget/table.h"

enum {
    COL_NAME,
    COL_REQUESTS,
    COL_AVG,
    COL_MED,
    COL_P95,
    COL_P99,
    COL_ERRORS,
    COL_VERDICT,
    COLUMNS
};
enum { AT_SIGN = 2, AT_TEXT = 4 };

/* By the width of the pane, as the table of limits above it. */
static const struct column columns[PANE_SIZES][COLUMNS] = {
    {{"Endpoint", 4, 25, false},
     {"Requests", 29, 10, true},
     {"Avg", 40, 6, true},
     {"p50", 47, 6, true},
     {"p95", 54, 6, true},
     {"p99", 61, 6, true},
     {"Errors", 69, 8, true},
     {"Verdict", 81, 12, false}},
    {{"Endpoint", 4, 16, false},
     {"Requests", 20, 10, true},
     {"Avg", 30, 6, true},
     {"p50", 36, 6, true},
     {"p95", 42, 6, true},
     {"p99", 48, 6, true},
     {"Errors", 55, 8, true},
     {"Verdict", 67, 12, false}},
    {{"Endpoint", 4, 14, false},
     {"Requests", 18, 10, true},
     {"Avg", 28, 6, true},
     {"p50", 34, 0, true},
     {"p95", 34, 6, true},
     {"p99", 40, 6, true},
     {"Errors", 47, 8, true},
     {"Verdict", 58, 12, false}},
};

static const struct column *columns_for(int cols) { return columns[pane_size(cols)]; }

static const enum metric time_metric[] = {[COL_AVG] = METRIC_AVG_MS,
                                          [COL_MED] = METRIC_MED_MS,
                                          [COL_P95] = METRIC_P95_MS,
                                          [COL_P99] = METRIC_P99_MS};

/* The highest value of a column, which sets its decimals; NAN: the source has none. */
static double highest(const struct summary *r, enum metric m) {
    double most = NAN;
    for (size_t i = 0; i < r->endpoints; i++)
        most = fmax(most, r->endpoint[i].figure[m].value);
    return most;
}

static enum mark endpoint_mark(const struct session *s, const char *name) {
    const struct judgement *j = &s->result.judgement;
    enum mark mark = MARK_NONE;
    for (size_t i = 0; i < j->checks; i++) {
        const char *colon = strchr(j->check[i].metric, ':');
        enum mark one = check_mark(&j->check[i]);
        if (colon && strcmp(colon + 1, name) == 0 &&
            (mark == MARK_NONE || mark_rank(one) < mark_rank(mark)))
            mark = one;
    }
    return mark;
}

static bool any_mark(const struct session *s) {
    const struct judgement *j = &s->result.judgement;
    for (size_t i = 0; i < j->checks; i++)
        if (strchr(j->check[i].metric, ':'))
            return true;
    return false;
}

static bool is_shown(const struct session *s, int col) {
    const struct summary *r = &s->result.run;
    if (col >= COL_AVG && col <= COL_P99)
        return !isnan(highest(r, time_metric[col]));
    if (col == COL_ERRORS)
        return !isnan(highest(r, METRIC_FAILED));
    return col != COL_VERDICT || any_mark(s);
}

static void draw_head(const struct pen *p, int index) {
    (void)index;
    const struct column *col = columns_for(p->a.cols);
    for (int i = 0; i < COLUMNS; i++)
        if (is_shown(p->s, i))
            table_cell(p->g, p->a.row, p->a.col, &col[i], LOOK_MUTED, col[i].title);
}

static void draw_figures(const struct pen *p, const struct figure *f) {
    const struct column *col = columns_for(p->a.cols);
    const struct summary *r = &p->s->result.run;
    char text[48];
    table_cell(p->g, p->a.row, p->a.col, &col[COL_REQUESTS], LOOK_TEXT,
               unit_show(f[METRIC_REQUESTS].value, 0, text, sizeof text));
    for (int i = COL_AVG; i <= COL_P99; i++) {
        double most = highest(r, time_metric[i]);
        int decimals = most >= 100 ? 0 : most >= 10 ? 1 : 2;
        if (!isnan(most))
            table_cell(p->g, p->a.row, p->a.col, &col[i], LOOK_TEXT,
                       unit_show(f[time_metric[i]].value, decimals, text, sizeof text));
    }
    if (is_shown(p->s, COL_ERRORS))
        table_cell(
            p->g, p->a.row, p->a.col, &col[COL_ERRORS], LOOK_TEXT,
            unit_show_share(f[METRIC_FAILED].value / f[METRIC_REQUESTS].value, text, sizeof text));
}

static void draw_endpoint(const struct pen *p, int index) {
    const struct endpoint *e = &p->s->result.run.endpoint[index];
    const struct column *col = columns_for(p->a.cols);
    enum mark mark = endpoint_mark(p->s, e->name);
    table_cell(p->g, p->a.row, p->a.col, &col[COL_NAME], LOOK_TEXT, e->name);
    draw_figures(p, e->figure);
    if (mark == MARK_NONE)
        return;
    char text[48];
    snprintf(text, sizeof text, "%s %s", sign_of(mark).sign, sign_of(mark).word);
    pen_sign(p, AT_SIGN, mark);
    table_cell(p->g, p->a.row, p->a.col, &col[COL_VERDICT], sign_of(mark).look, text);
}

static void draw_all(const struct pen *p, int index) {
    (void)index;
    table_cell(p->g, p->a.row, p->a.col, columns_for(p->a.cols), LOOK_MUTED, "All");
    draw_figures(p, p->s->result.run.figure);
}

void endpoints_build(struct sheet *sh) {
    const struct summary *r = &sh->s->result.run;
    char text[96];
    sheet_blank(sh);
    if (r->endpoints == 0) {
        sheet_say(sh, LINE_SOURCE, AT_TEXT, LOOK_MUTED,
                  "All requests count as one endpoint: the result names none.");
        return;
    }
    sheet_part(sh);
    sheet_line(sh, LINE_ROW, draw_head, 0);
    size_t shown = r->endpoints < ITEMS_MAX / 2 ? r->endpoints : ITEMS_MAX / 2;
    for (size_t i = 0; i < shown; i++)
        sheet_item(sh, sheet_line(sh, LINE_ROW, draw_endpoint, (int)i), ITEM_ENDPOINT, (int)i,
                   endpoint_mark(sh->s, r->endpoint[i].name));
    sheet_line(sh, LINE_ROW, draw_all, 0);
    size_t more = r->endpoints - shown + r->endpoints_left_out;
    if (more == 0)
        return;
    snprintf(text, sizeof text, "%zu more endpoints are in the total only.", more);
    sheet_say(sh, LINE_ROW, AT_TEXT, LOOK_MUTED, text);
}

bool endpoint_copy(const struct endpoint *e, struct buf *out) {
    char requests[32], p95[32];
    return buf_printf(out, "%s: %s requests, p95 %s", e->name,
                      unit_show(e->figure[METRIC_REQUESTS].value, 0, requests, sizeof requests),
                      unit_show_ms(e->figure[METRIC_P95_MS].value, p95, sizeof p95));
}

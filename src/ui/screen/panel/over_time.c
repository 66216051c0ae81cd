/* Response time and rate of a run over time, on Results. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/mem.h"
#include "base/unit.h"
#include "ui/screen/panel/parts.h"
#include "ui/screen/widget/chart.h"

enum chart_of { CHART_TIME, CHART_RATE };
enum { AT_TITLE = 2, AXIS = 8, AT_LINE = AXIS + 2, ROWS = 5, TALL = 9, LEAST = 4 };

static const struct series *series_of(const struct session *s) { return &s->result.run.series; }

static double length_of(const struct series *r) {
    const struct point *last = &r->point[r->points - 1];
    return last->at_s + last->length_s;
}

/* A source that has no p95 over time may have means. */
static bool has_p95(const struct series *r) {
    for (size_t i = 0; i < r->points; i++)
        if (!isnan(r->point[i].p95_ms))
            return true;
    return false;
}

/* Of several points in one cell the highest time, and the rate of all. */
static void add_point(const struct point *p, enum chart_of of, double cell_s, bool p95, double *y,
                      int n) {
    double from = p->at_s / cell_s, to = (p->at_s + p->length_s) / cell_s;
    for (int x = from > 0 ? (int)from : 0; x < n && x < to; x++) {
        double inside = fmin(to, x + 1) - fmax(from, x);
        if (of == CHART_TIME)
            y[x] = fmax(y[x], p95 ? p->p95_ms : p->avg_ms);
        else if (p->requests > 0 && inside > 0)
            y[x] += p->requests * inside / (to - from) / cell_s;
    }
}

/* Seconds without a request have a rate of 0 and no time. */
static double fill(const struct series *r, enum chart_of of, double *y, int n) {
    double most = 0, cell_s = length_of(r) / n;
    bool p95 = has_p95(r);
    for (int x = 0; x < n; x++)
        y[x] = of == CHART_TIME ? NAN : 0;
    for (size_t i = 0; i < r->points; i++)
        add_point(&r->point[i], of, cell_s, p95, y, n);
    for (int x = 0; x < n; x++)
        most = fmax(most, y[x]);
    return most;
}

/* The next number that reads well on an axis. */
static double axis_top(double most) {
    static const double steps[] = {1, 1.5, 2, 2.5, 3, 4, 5, 6, 8, 10};
    double power = pow(10, floor(log10(most)));
    size_t i = 0;
    while (i + 1 < sizeof steps / sizeof *steps && steps[i] * power < most)
        i++;
    return steps[i] * power;
}

static void draw_title(const struct pen *p, enum chart_of of) {
    const char *title = of == CHART_RATE ? "Rate" : has_p95(series_of(p->s)) ? "p95" : "Average";
    int col = p->a.col + AT_TITLE;
    col = grid_put(p->g, p->a.row, col, AXIS, LOOK_TITLE, title) + 2;
    grid_put(p->g, p->a.row, col, pen_room(p, col - p->a.col), LOOK_MUTED,
             of == CHART_RATE ? "RPS over time" : "ms over time");
}

static void draw_ends(const struct pen *p, int row, int cols) {
    char end[32];
    unit_show_clock(length_of(series_of(p->s)), end, sizeof end);
    grid_put(p->g, row, p->a.col + AT_LINE, cols, LOOK_MUTED, "0:00");
    grid_right(p->g, row, p->a.col + AT_LINE + cols, cols - 6, LOOK_MUTED, end);
}

static void draw_series(const struct pen *p, int index) {
    enum chart_of of = (enum chart_of)index;
    int rows = p->a.rows - 1 - (of == CHART_RATE), cols = pen_room(p, AT_LINE);
    char top[32];
    if (rows < 1 || cols < 8)
        return;
    int n = chart_points(p->g, cols);
    double *y = mem_new((size_t)n, sizeof *y);
    double most = fill(series_of(p->s), of, y, n);
    draw_title(p, of);
    if (most > 0) {
        most = axis_top(most);
        unit_show_short(most, most < 10 ? 2 : 0, top, sizeof top);
        grid_right(p->g, p->a.row + 1, p->a.col + AXIS, AXIS, LOOK_MUTED, top);
        if (rows > 1)
            grid_right(p->g, p->a.row + rows, p->a.col + AXIS, AXIS, LOOK_MUTED, "0");
        chart_line(p->g, p->a.row + 1, p->a.col + AT_LINE, rows, cols, y, most, LOOK_CHART);
    }
    if (of == CHART_RATE)
        draw_ends(p, p->a.row + 1 + rows, cols);
    free(y);
}

void over_time_build(struct sheet *sh) {
    const struct series *r = series_of(sh->s);
    int rows = sh->wide ? TALL : ROWS;
    if (r->points < 2 || !(length_of(r) > 0))
        return;
    sheet_blank(sh);
    sheet_block(sh, LINE_CHART, draw_series, CHART_TIME, rows, LEAST);
    sheet_block(sh, LINE_CHART, draw_series, CHART_RATE, rows + 1, LEAST + 1);
}

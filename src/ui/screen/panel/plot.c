#include "ui/screen/panel/plot.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/mem.h"
#include "base/unit.h"
#include "ui/screen/widget/chart.h"

enum { LEAST_OF_SEVERAL = 3 }; /* rows of a line */

/* --- time ------------------------------------------------------------------------------------ */

double timeline_moment_s(const struct timeline *t, size_t i) {
    const struct trace *m = t->memory;
    double later = m->start_ms && t->start_ms ? (double)(m->start_ms - t->start_ms) / 1000 : 0;
    return m->at[i].t_s + later;
}

char *timeline_show(const struct timeline *t, double at_s, bool day, char *out, size_t size) {
    enum { HOUR_S = 3600 };
    bool hours = t->length_s >= HOUR_S;
    if (!day || t->start_ms == 0 || !isfinite(at_s)) {
        char clock[32];
        unit_show_clock(at_s, clock, sizeof clock);
        const char *before = !hours || strlen(clock) > 5 ? "" : strlen(clock) == 5 ? "0:" : "0:0";
        snprintf(out, size, "%s%s", before, clock); /* "0:29:00" beside "8:00:00" */
        return out;
    }
    time_t at = (time_t)(t->start_ms / 1000) + (time_t)llround(at_s);
    struct tm tm;
    out[0] = '\0';
    if (localtime_r(&at, &tm))
        strftime(out, size, hours ? "%H:%M" : "%H:%M:%S", &tm);
    return out;
}

/* "14:04", or the length where the time of day is not known. */
static char *show_end(const struct timeline *t, double at_s, char *out, size_t size) {
    timeline_show(t, at_s, true, out, size);
    if (t->start_ms != 0 && strlen(out) > strlen("14:04"))
        out[strlen("14:04")] = '\0';
    return out;
}

static double share_of(const struct timeline *t, double at_s) {
    return (at_s - t->from_s) / (t->to_s - t->from_s);
}

int timeline_cell(const struct pen *p, const struct timeline *t, double at_s) {
    return (int)lround(share_of(t, at_s) * (pen_room(p, PLOT_LINE_COL) - 1));
}

void timeline_note(const struct pen *p, const struct timeline *t, int row, double at_s,
                   enum look look, const char *sign, const char *word) {
    chart_note(p->g, row, p->a.col + PLOT_LINE_COL, pen_room(p, PLOT_LINE_COL), share_of(t, at_s),
               look, sign, word);
}

void timeline_begin(const struct pen *p, const struct timeline *t, int row) {
    char text[32];
    timeline_note(p, t, row, t->from_s, LOOK_MUTED, show_end(t, t->from_s, text, sizeof text), "");
}

bool timeline_put(const struct pen *p, const struct timeline *t, int row, int end, double at_s) {
    char text[32];
    int width = grid_width(p->g, show_end(t, at_s, text, sizeof text));
    end += p->a.col + PLOT_LINE_COL;
    for (int col = end - width; col < end; col++)
        if (col < 0 || col >= p->g->cols || p->g->cell[row * p->g->cols + col].cp[0] != ' ')
            return false;
    grid_put(p->g, row, end - width, width, LOOK_MUTED, text);
    return true;
}

/* --- values ---------------------------------------------------------------------------------- */

bool series_has_p95(const struct series *r) {
    for (size_t i = 0; i < r->points; i++)
        if (!isnan(r->point[i].p95_ms))
            return true;
    return false;
}

/* What a line is made of: n values, each of cell_s seconds. */
struct values {
    double *y; /* owned */
    int n;
    double cell_s;
};

/* Of several points in one cell the highest time, and the rate of all. */
static void add_point(const struct timeline *t, const struct point *p, enum plot_of of, bool p95,
                      const struct values *v) {
    double begin_s = p->at_s - t->from_s;
    double from = begin_s / v->cell_s, to = (begin_s + p->length_s) / v->cell_s;
    for (int x = from > 0 ? (int)from : 0; x < v->n && x < to; x++) {
        double inside = fmin(to, x + 1) - fmax(from, x);
        if (of == PLOT_TIME)
            v->y[x] = fmax(v->y[x], p95 ? p->p95_ms : p->avg_ms);
        else if (p->requests > 0 && inside > 0)
            v->y[x] += p->requests * inside / (to - from) / v->cell_s;
    }
}

/* A value holds until the next one; after three usual distances without one it is not known. */
static void fill_memory(const struct timeline *t, const struct values *v) {
    const struct trace *m = t->memory;
    double usual = m->n > 1 ? (m->at[m->n - 1].t_s - m->at[0].t_s) / (double)(m->n - 1) : 0;
    for (size_t i = 0; i < m->n; i++) {
        double from = timeline_moment_s(t, i);
        double next = i + 1 < m->n ? timeline_moment_s(t, i + 1) : from;
        double to = (fmin(next, from + 3 * usual) - t->from_s) / v->cell_s;
        from = (from - t->from_s) / v->cell_s;
        for (int x = from > 0 ? (int)from : 0; x < v->n && (x < to || x == (int)from); x++)
            v->y[x] = fmax(v->y[x], m->at[i].value);
    }
}

/* The last cell of a run that goes on is full in part; half of it is enough to tell the rate. */
static void cut_rate(const struct timeline *t, const struct values *v) {
    enum { HALF = 2 };
    for (int x = 0; x < v->n; x++) {
        double covered = (t->known_s - t->from_s) / v->cell_s - x;
        if (covered < 1.0 / HALF)
            v->y[x] = NAN;
        else if (covered < 1)
            v->y[x] /= covered;
    }
}

/* Seconds without a request have a rate of 0 and no time. Returns the highest value. */
static double fill(const struct timeline *t, enum plot_of of, const struct values *v) {
    const struct series *r = t->series;
    double most = 0;
    bool p95 = series_has_p95(r);
    for (int x = 0; x < v->n; x++)
        v->y[x] = of == PLOT_RATE ? 0 : NAN;
    if (of == PLOT_MEMORY)
        fill_memory(t, v);
    else
        for (size_t i = 0; i < r->points; i++)
            add_point(t, &r->point[i], of, p95, v);
    if (of == PLOT_RATE)
        cut_rate(t, v);
    for (int x = 0; x < v->n; x++)
        most = fmax(most, v->y[x]);
    return most;
}

double plot_p95(const struct timeline *t, double *y, int n) {
    struct values v = {y, n, (t->to_s - t->from_s) / n};
    return fill(t, PLOT_TIME, &v);
}

static void fill_offered(const struct timeline *t, const struct profile *p,
                         const struct values *v) {
    for (int x = 0; x < v->n; x++) {
        double at_s = t->from_s + (x + 0.5) * v->cell_s;
        v->y[x] = at_s < p->duration_s ? profile_rate_at(p, at_s) : NAN;
    }
}

/* The next number that reads well on an axis. */
double plot_axis_top(double most) {
    static const double steps[] = {1, 1.5, 2, 2.5, 3, 4, 5, 6, 8, 10};
    double power = pow(10, floor(log10(most)));
    size_t i = 0;
    while (i + 1 < sizeof steps / sizeof *steps && steps[i] * power < most)
        i++;
    return steps[i] * power;
}

/* --- drawing --------------------------------------------------------------------------------- */

/* A limit far above all values would press them to the ground: then only the title says it. */
static bool limit_is_near(const struct plot *x, double most) {
    return x->limit > 0 && x->limit < x->reach * most;
}

/* With air above the offered rate, so that the axis stays where requests come a little faster. */
static double top_of(const struct plot *x, double most, bool line) {
    static const double air = 1.05;
    most = line ? fmax(most, x->limit) : most;
    most = x->offered ? fmax(most, air * profile_top_rps(x->offered)) : most;
    return most > 0 ? plot_axis_top(most) : 0;
}

static void draw_title(const struct pen *p, const struct plot *x, int row, bool line) {
    enum { TITLE_COLS = 20, GAP = 3 };
    int col = p->a.col + PLOT_TITLE_COL;
    char limit[32], text[64];
    col = grid_put(p->g, row, col, TITLE_COLS, LOOK_TITLE, x->title) + 2;
    col = grid_put(p->g, row, col, pen_room(p, col - p->a.col), LOOK_MUTED, x->unit) + GAP;
    if (x->limit > 0) {
        snprintf(text, sizeof text, "%s%s %s", line ? "╌ " : "", x->limit_name,
                 unit_show_short(x->limit, 1, limit, sizeof limit));
        col = grid_put(p->g, row, col, pen_room(p, col - p->a.col), LOOK_MUTED, text) + GAP;
    }
    if (x->offered)
        col = grid_put(p->g, row, col, pen_room(p, col - p->a.col), LOOK_CHART2, "─ offered") + GAP;
    if (x->source[0])
        grid_put(p->g, row, col, pen_room(p, col - p->a.col), LOOK_MUTED, x->source);
}

void plot_axis(const struct pen *p, double top, int row, int rows) {
    char text[32];
    unit_show_short(top, top < 10 ? 2 : 0, text, sizeof text);
    grid_right(p->g, row, p->a.col + PLOT_AXIS_COL, PLOT_AXIS_COL, LOOK_MUTED, text);
    if (rows > 1)
        grid_right(p->g, row + rows - 1, p->a.col + PLOT_AXIS_COL, PLOT_AXIS_COL, LOOK_MUTED, "0");
}

static void draw_plot(const struct pen *p, const struct timeline *t, const struct plot *x, int row,
                      int rows, int cols, enum look look) {
    struct values v = {.n = chart_points(p->g, cols)};
    int col = p->a.col + PLOT_LINE_COL;
    v.y = mem_new((size_t)v.n, sizeof *v.y);
    v.cell_s = (t->to_s - t->from_s) / v.n;
    double most = fill(t, x->of, &v);
    bool line = limit_is_near(x, most);
    double top = top_of(x, most, line);
    draw_title(p, x, row++, line);
    if (top > 0) {
        plot_axis(p, top, row, rows);
        if (line)
            chart_limit(p->g, row, col, rows, cols, x->limit, top, LOOK_MUTED);
        if (x->offered) {
            fill_offered(t, x->offered, &v);
            chart_line(p->g, row, col, rows, cols, v.y, top, LOOK_CHART2);
            fill(t, x->of, &v);
        }
        chart_line(p->g, row, col, rows, cols, v.y, top, look);
    }
    free(v.y);
}

int plots_draw(const struct pen *p, const struct timeline *t, const struct plot *plot, int plots,
               enum look look) {
    enum { COLS_LEAST = 8, ROWS_WITH_GAP = 16 };
    int cols = pen_room(p, PLOT_LINE_COL), row = p->a.row;
    while (plots > 1 && p->a.rows < plots * (1 + LEAST_OF_SEVERAL) + 1)
        plots--;
    int gap = plots > 1 && p->a.rows >= ROWS_WITH_GAP;
    int left = p->a.rows - 1 - plots - gap * (plots - 1);
    if (left < plots || cols < COLS_LEAST)
        return -1;
    for (int i = 0; i < plots; i++) {
        int rows = (left + plots - 1 - i) / (plots - i);
        draw_plot(p, t, &plot[i], row, rows, cols, look);
        left -= rows;
        row += 1 + rows + (i + 1 < plots ? gap : 0);
    }
    return row;
}

static bool is_blank(const struct pen *p, int row, int col) {
    return p->g->cell[row * p->g->cols + col].cp[0] == ' ';
}

void timeline_cursor(const struct pen *p, const struct timeline *t, int bottom, double at_s) {
    int cell = timeline_cell(p, t, at_s), col = p->a.col + PLOT_LINE_COL + cell;
    if (cell < 0 || cell >= pen_room(p, PLOT_LINE_COL))
        return;
    for (int row = p->a.row; row < bottom; row++)
        if (is_blank(p, row, p->a.col + PLOT_TITLE_COL) && is_blank(p, row, col))
            grid_fill(p->g, row, col, 1, LOOK_MUTED, 0x2502);
}

void plot_sparkline(const struct pen *p, const struct timeline *t, enum plot_of of, int col) {
    struct values v = {.n = pen_room(p, col)};
    if (v.n <= 0)
        return;
    v.y = mem_new((size_t)v.n, sizeof *v.y);
    v.cell_s = (t->to_s - t->from_s) / v.n;
    double most = fill(t, of, &v);
    sparkline(p->g, p->a.row, p->a.col + col, v.n, v.y, most, LOOK_CHART);
    free(v.y);
}

/* p95 of both runs on one axis, each from the start of its own steady part. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/mem.h"
#include "base/unit.h"
#include "ui/screen/panel/history_parts.h"
#include "ui/screen/panel/plot.h"
#include "ui/screen/widget/chart.h"

enum { SIDES = 2 };

/* The two lines: n values each over the same length of time. */
struct overlay {
    double *y[SIDES]; /* owned */
    int n;
    double length_s;
    double most; /* of all values */
};

static bool has_line(const struct session *s, int side) {
    const struct series *r = &session_compared(s, side)->run.series;
    return r->points >= 2 && series_has_p95(r);
}

static struct timeline part_of(const struct session *s, int side) {
    const struct summary *run = &session_compared(s, side)->run;
    const struct stretch *steady = session_comparison(s)->steady ? summary_steady(run) : NULL;
    struct timeline t = {.series = &run->series, .known_s = INFINITY};
    t.from_s = steady ? steady->from_s : 0;
    t.to_s = steady ? steady->to_s : series_end_s(&run->series);
    return t;
}

static void overlay_init(struct overlay *o, const struct session *s, int n) {
    struct timeline t[SIDES] = {part_of(s, 0), part_of(s, 1)};
    *o = (struct overlay){.n = n};
    for (int i = 0; i < SIDES; i++)
        o->length_s = fmax(o->length_s, t[i].to_s - t[i].from_s);
    for (int i = 0; i < SIDES; i++) {
        double end_s = t[i].to_s - t[i].from_s;
        o->y[i] = mem_new((size_t)n, sizeof *o->y[i]);
        t[i].to_s = t[i].from_s + o->length_s;
        plot_p95(&t[i], o->y[i], n);
        for (int x = 0; x < n; x++) {
            if (x * o->length_s / n >= end_s)
                o->y[i][x] = NAN; /* the ramp down is no steady part */
            o->most = fmax(o->most, o->y[i][x]);
        }
    }
}

static void overlay_fini(struct overlay *o) {
    for (int i = 0; i < SIDES; i++)
        free(o->y[i]);
}

/* --- which is which -------------------------------------------------------------------------- */

/* 1: the first is the upper one where both are known, -1: the second; 0: they cross. */
static int upper(const struct overlay *o) {
    enum { MOST_OF = 10 };
    int above = 0, below = 0;
    for (int x = 0; x < o->n; x++) {
        above += o->y[0][x] > o->y[1][x];
        below += o->y[0][x] < o->y[1][x];
    }
    return above > MOST_OF * below ? 1 : below > MOST_OF * above ? -1 : 0;
}

/* One limit when both were held to the same; NAN else. */
static double limit_of(const struct session *s) {
    const struct check *a = judgement_find(&session_compared(s, 0)->judgement, "p95");
    const struct check *b = judgement_find(&session_compared(s, 1)->judgement, "p95");
    return a && b && a->limit == b->limit ? a->limit : (double)NAN;
}

static const enum look side_look[SIDES] = {LOOK_CHART2, LOOK_CHART};

static void draw_title(const struct pen *p, const struct overlay *o, bool overlaid, bool line) {
    enum { TITLE_COLS = 20, GAP = 3 };
    const struct comparison *c = session_comparison(p->s);
    static const char *const places[] = {" (lower)", "", " (upper)"};
    int col = p->a.col + PLOT_TITLE_COL, up = overlaid ? upper(o) : 0;
    const char *part = c->steady ? "ms, steady part" : "ms, whole run";
    char text[64], number[32];
    col = grid_put(p->g, p->a.row, col, TITLE_COLS, LOOK_TITLE, "p95") + 2;
    col = grid_put(p->g, p->a.row, col, pen_room(p, col - p->a.col), LOOK_MUTED, part) + GAP;
    for (int i = 0; i < SIDES; i++) {
        snprintf(text, sizeof text, "─ run %lld%s", (long long)(i == 0 ? c->a : c->b),
                 places[1 + (i == 0 ? up : -up)]);
        col = grid_put(p->g, p->a.row, col, pen_room(p, col - p->a.col), side_look[i], text) + GAP;
    }
    if (line) {
        snprintf(text, sizeof text, "╌ limit %s",
                 unit_show_short(limit_of(p->s), 1, number, sizeof number));
        grid_put(p->g, p->a.row, col, pen_room(p, col - p->a.col), LOOK_MUTED, text);
    }
}

/* --- drawing --------------------------------------------------------------------------------- */

struct band {
    int row, rows;
};

/* Both lines share the rows where dots tell them apart; filled columns would hide each other. */
static void draw_bands(const struct pen *p, const struct overlay *o, const struct band *band,
                       double top, double limit) {
    const struct comparison *c = session_comparison(p->s);
    int col = p->a.col + PLOT_LINE_COL, cols = pen_room(p, PLOT_LINE_COL);
    char text[32];
    for (int i = 0; i < SIDES; i++) {
        if (i == 0 || band[1].row != band[0].row) {
            plot_axis(p, top, band[i].row, band[i].rows);
            chart_limit(p->g, band[i].row, col, band[i].rows, cols, limit, top, LOOK_MUTED);
        }
        if (band[1].row != band[0].row && band[i].rows > 2) {
            snprintf(text, sizeof text, "%lld", (long long)(i == 0 ? c->a : c->b));
            grid_right(p->g, band[i].row + 1, p->a.col + PLOT_AXIS_COL, PLOT_AXIS_COL, side_look[i],
                       text);
        }
        chart_line(p->g, band[i].row, col, band[i].rows, cols, o->y[i], top, side_look[i]);
    }
}

static void draw_ends(const struct pen *p, const struct overlay *o, int row) {
    char text[32];
    grid_put(p->g, row, p->a.col + PLOT_LINE_COL, pen_room(p, PLOT_LINE_COL), LOOK_MUTED, "0:00");
    grid_right(p->g, row, p->a.col + p->a.cols - PANE_MARGIN, pen_room(p, PLOT_LINE_COL),
               LOOK_MUTED, unit_show_clock(o->length_s, text, sizeof text));
}

static void draw_chart(const struct pen *p, int index) {
    enum { COLS_LEAST = 8 };
    static const double reach =
        2; /* a limit far above all values is told by the title of Results */
    (void)index;
    int cols = pen_room(p, PLOT_LINE_COL), rows = p->a.rows - 2;
    bool overlaid = p->g->glyphs == GLYPHS_BRAILLE;
    struct overlay o;
    if (cols < COLS_LEAST)
        return;
    overlay_init(&o, p->s, chart_points(p->g, cols));
    double limit = limit_of(p->s);
    bool line = limit > 0 && limit < reach * o.most;
    double top = line ? fmax(o.most, limit) : o.most;
    struct band band[SIDES] = {{p->a.row + 1, rows}, {p->a.row + 1, rows}};
    if (!overlaid) {
        band[0].rows = rows / 2;
        band[1] = (struct band){band[0].row + band[0].rows, rows - band[0].rows};
    }
    draw_title(p, &o, overlaid, line);
    if (top > 0)
        draw_bands(p, &o, band, plot_axis_top(top), line ? limit : (double)NAN);
    draw_ends(p, &o, p->a.row + p->a.rows - 1);
    overlay_fini(&o);
}

void compare_chart_build(struct sheet *sh) {
    enum { ALL_ROWS = 1000, ROWS = 8, ROWS_WIDE = 18, ROWS_LEAST = 6 };
    const struct comparison *c = session_comparison(sh->s);
    char text[96];
    sheet_blank(sh);
    for (int side = 0; side < SIDES; side++)
        if (!has_line(sh->s, side)) {
            snprintf(text, sizeof text, "No chart: run %lld holds no p95 over time.",
                     (long long)(side == 0 ? c->a : c->b));
            sheet_say(sh, LINE_SOURCE, PLOT_TITLE_COL, LOOK_MUTED, text);
            return;
        }
    if (sh->v->zoom)
        sheet_block(sh, LINE_FILL, draw_chart, 0, ALL_ROWS, ROWS_LEAST);
    else
        sheet_block(sh, LINE_CHART, draw_chart, 0, sh->wide ? ROWS_WIDE : ROWS, ROWS_LEAST);
}

/* A run that goes on over time, on an axis that stays: of the whole planned run, so that a second
 * of it changes one cell. */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "base/unit.h"
#include "ui/screen/panel/run_live.h"

static const double reach = 4; /* of the axis: a limit below so many times all values */

/* --- the axis -------------------------------------------------------------------------------- */

/* Without a plan it grows seldom; behind the planned end by an eighth of the plan. */
static double axis_length(const struct watch_view *w) {
    static const double minutes[] = {5, 10, 20, 30, 60, 120, 240, 480, 720, 1440};
    enum { MINUTE_S = 60, STEPS_MORE = 8, LENGTHS = sizeof minutes / sizeof *minutes };
    double elapsed = w->elapsed_s > 0 ? w->elapsed_s : 0;
    if (w->length_s > 0) {
        double step = w->length_s / STEPS_MORE, over = elapsed - w->length_s;
        return w->length_s + (over > 0 ? ceil(over / step) * step : 0);
    }
    size_t i = 0;
    while (i + 1 < LENGTHS && minutes[i] * MINUTE_S < elapsed)
        i++;
    double length = minutes[i] * MINUTE_S;
    while (length < elapsed)
        length *= 2;
    return length;
}

/* Zoomed it shows a piece of the run that begins at a half of such pieces, so that it stays for a
 * while and the moment in question lies in its middle. */
static void zoom_axis(struct timeline *t, double at_s, int zoom) {
    double piece = t->length_s / pow(2, zoom), half = piece / 2;
    double from = floor((at_s - half / 2) / half) * half;
    t->from_s = fmax(0, fmin(from, t->length_s - piece));
    t->to_s = t->from_s + piece;
}

/* The last second may still grow. */
static double known_s(const struct watch_view *w) {
    double to_s = w->run.now.to_s;
    return w->state == WATCH_ENDED || !(to_s > 0) ? w->elapsed_s : to_s;
}

static struct timeline timeline_of(const struct view *v, const struct watch_view *w) {
    static const struct series nothing;
    struct timeline t = {.series = w->series ? w->series : &nothing,
                         .known_s = known_s(w) > 0 ? known_s(w) : 0,
                         .length_s = axis_length(w),
                         .start_ms = w->start_ms};
    for (size_t i = 0; i < w->memories && !t.memory; i++)
        if (w->memory[i].n > 0)
            t.memory = &w->memory[i];
    zoom_axis(&t, v->time.cursor ? v->time.cursor_s : t.known_s, v->time.zoom);
    return t;
}

/* --- the lines ------------------------------------------------------------------------------- */

static struct plot time_plot(const struct watch_view *w, const struct timeline *t) {
    bool mean = t->series->points > 0 && !series_has_p95(t->series);
    return (struct plot){.of = PLOT_TIME,
                         .title = mean ? "Average" : "p95",
                         .unit = "ms",
                         .limit_name = mean ? "" : "limit",
                         .limit = mean ? NAN : w->row[WATCH_P95].limit,
                         .reach = reach};
}

static struct plot rate_plot(const struct session *s, const struct watch_view *w) {
    return (struct plot){.of = PLOT_RATE,
                         .title = "Rate",
                         .unit = "RPS",
                         .limit = NAN,
                         .offered = run_profile(s, w)};
}

static struct plot memory_plot(const struct watch_view *w, const struct timeline *t) {
    struct plot p = {.of = PLOT_MEMORY,
                     .title = "Server memory",
                     .unit = "MB",
                     .limit_name = "limit",
                     .limit = w->row[WATCH_MEMORY].limit,
                     .reach = reach};
    snprintf(p.source, sizeof p.source, "%s", t->memory->name);
    return p;
}

/* The memory is what a soak test is about. */
static int plots_of(const struct session *s, const struct watch_view *w, const struct timeline *t,
                    struct plot out[PLOTS_MAX]) {
    bool soak = s->profile.stages > 0 && s->profile.model == MODEL_SOAK;
    int n = 0;
    if (t->memory && soak)
        out[n++] = memory_plot(w, t);
    out[n++] = time_plot(w, t);
    out[n++] = rate_plot(s, w);
    if (t->memory && !soak)
        out[n++] = memory_plot(w, t);
    return n;
}

/* --- on the axis of time --------------------------------------------------------------------- */

/* "3: 300" where step 3 begins, "3" where the next is too near. */
static void draw_steps(const struct pen *p, const struct timeline *t, int row,
                       const struct stretch_wanted *x, size_t n) {
    char rate[32], text[64];
    for (size_t i = 0; i < n; i++) {
        const char *blank = strrchr(x[i].name, ' '), *number = blank ? blank + 1 : x[i].name;
        int end = i + 1 < n ? timeline_cell(p, t, x[i + 1].from_s) : pen_room(p, PLOT_LINE_COL) + 1;
        show_rate(profile_rate_at(&p->s->profile, x[i].from_s), rate, sizeof rate);
        snprintf(text, sizeof text, "%s: %s", number, rate);
        bool fits = grid_width(p->g, text) < end - timeline_cell(p, t, x[i].from_s);
        timeline_note(p, t, row, x[i].from_s, LOOK_MUTED, fits ? text : number, "");
    }
}

static void draw_window(const struct pen *p, const struct timeline *t, int row,
                        const struct stretch_wanted *x, size_t n) {
    for (size_t i = 0; i < n; i++) {
        timeline_note(p, t, row, x[i].from_s, LOOK_MUTED, "╎", "window");
        timeline_note(p, t, row, x[i].to_s, LOOK_MUTED, "╎", "");
    }
}

/* What is nearer to the user's question first: the rest gives way. */
static void draw_axis(const struct pen *p, const struct watch_view *w, const struct timeline *t,
                      int row) {
    struct stretch_wanted stretch[STRETCHES_MAX];
    size_t n = run_stretches(p->s, w, stretch);
    char at[32];
    if (p->v->time.cursor)
        timeline_note(p, t, row, p->v->time.cursor_s, LOOK_TITLE, "▲",
                      timeline_show(t, p->v->time.cursor_s, true, at, sizeof at));
    if (w->state != WATCH_ENDED)
        timeline_note(p, t, row, t->known_s, LOOK_TEXT, "▲",
                      w->state == WATCH_LIVE ? "now" : "last");
    if (n > 1) {
        draw_steps(p, t, row, stretch, n);
        return;
    }
    timeline_begin(p, t, row);
    draw_window(p, t, row, stretch, n);
    timeline_put(p, t, row, pen_room(p, PLOT_LINE_COL), t->to_s);
}

static void draw_charts(const struct pen *p, int index) {
    (void)index;
    const struct watch_view *w = run_live(p->s);
    struct timeline t = timeline_of(p->v, w);
    struct plot plot[PLOTS_MAX];
    int row = plots_draw(p, &t, plot, plots_of(p->s, w, &t, plot), LOOK_CHART);
    if (row < 0)
        return;
    if (p->v->time.cursor)
        timeline_cursor(p, &t, row, p->v->time.cursor_s);
    draw_axis(p, w, &t, row);
}

/* Over the whole pane as high as there is room, else no higher than is easily read. */
void run_charts_build(struct sheet *sh) {
    enum { ALL_ROWS = 1000, TALLEST = 14, LEAST = 1 + 2 * PLOT_ROWS_LEAST + 1 };
    const struct watch_view *w = run_live(sh->s);
    struct timeline t = timeline_of(sh->v, w);
    struct plot plot[PLOTS_MAX];
    int rows = plots_of(sh->s, w, &t, plot) * (1 + TALLEST + 1);
    sheet_blank(sh);
    sheet_block(sh, LINE_FILL, draw_charts, 0, sh->v->zoom ? ALL_ROWS : rows, LEAST);
}

double panel_time_step(const struct session *s, const struct view *v, struct area a) {
    const struct watch_view *w = run_live(s);
    if (v->open == STEP_RESULTS)
        return results_time_step(s, a);
    if (!w)
        return NAN;
    struct sheet sh = {.a = a, .cols = a.cols};
    run_columns(&sh);
    struct timeline t = timeline_of(v, w);
    int cols = (sh.wide ? sh.right_cols : a.cols) - PANE_MARGIN - PLOT_LINE_COL;
    return (t.to_s - t.from_s) / (cols > 1 ? cols - 1 : 1);
}

double panel_time_end(const struct session *s, const struct view *v) {
    const struct watch_view *w = run_live(s);
    if (v->open == STEP_RESULTS)
        return results_time_end(s);
    return !w ? NAN : w->elapsed_s > 0 ? w->elapsed_s : 0;
}

/* --- the moment under the cursor ------------------------------------------------------------- */

static const struct point *point_at(const struct series *r, double at_s) {
    for (size_t i = 0; i < r->points; i++)
        if (r->point[i].at_s <= at_s && at_s < point_end_s(&r->point[i]))
            return &r->point[i];
    return NULL;
}

static void moment_words(const struct point *x, char *out, size_t size) {
    char time[32], rate[32], errors[32], vus[32];
    bool p95 = !isnan(x->p95_ms);
    run_show(WATCH_P95, p95 ? x->p95_ms : x->avg_ms, time, sizeof time);
    run_show(WATCH_RATE, x->requests / x->length_s, rate, sizeof rate);
    run_show(WATCH_VUS, x->failed, errors, sizeof errors);
    run_show(WATCH_VUS, x->vus, vus, sizeof vus);
    snprintf(out, size, "%s %s, %s, %s %s%s%s%s", p95 ? "p95" : "average", time, rate, errors,
             x->failed == 1 ? "error" : "errors", isnan(x->vus) ? "" : ", ",
             isnan(x->vus) ? "" : vus, isnan(x->vus) ? "" : " VUs");
}

void run_moment(const struct series *r, double at_s, char *out, size_t size) {
    const struct point *x = point_at(r, at_s);
    snprintf(out, size, "no request");
    if (x)
        moment_words(x, out, size);
}

void run_cursor_build(struct sheet *sh, int label_col, int col) {
    const struct watch_view *w = run_live(sh->s);
    if (!sh->v->time.cursor)
        return;
    struct timeline t = timeline_of(sh->v, w);
    char at[32], words[160], text[200];
    run_moment(t.series, sh->v->time.cursor_s, words, sizeof words);
    if (w->start_ms > 0)
        unit_show_time(w->start_ms + (int64_t)(sh->v->time.cursor_s * 1000), at, sizeof at);
    else
        run_clock(w, sh->v->time.cursor_s, at, sizeof at);
    snprintf(text, sizeof text, "%s  %s", at, words);
    sheet_pair(sh, LINE_KEEP, label_col, "Cursor", col, text);
}

/* --- one row of it --------------------------------------------------------------------------- */

void run_sparkline(const struct pen *p, const struct watch_view *w, enum watch_metric m, int col) {
    static const struct view whole;
    struct timeline t = timeline_of(&whole, w);
    plot_sparkline(p, &t, m == WATCH_RATE ? PLOT_RATE : PLOT_TIME, col);
}

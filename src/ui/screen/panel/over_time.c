/* Response time and rate of a run over time, on Results; of a soak test memory too. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/mem.h"
#include "base/unit.h"
#include "ui/screen/panel/parts.h"
#include "ui/screen/widget/chart.h"

enum plot_of { PLOT_TIME, PLOT_RATE, PLOT_MEMORY };
enum { PLOTS = 2, AT_TITLE = 2, AXIS = 8, AT_LINE = AXIS + 2 };
enum { HIGH = 4, TALLEST = 14, LEAST = 2, LEAST_OF_TWO = 3 }; /* rows of a line */

struct plot {
    enum plot_of of;
    const char *title, *unit, *limit_name; /* "limit", "target" */
    char source[SCOPE_MAX_BYTES];
    double limit; /* NAN: none */
};

static const struct series *series_of(const struct session *s) { return &s->result.run.series; }

/* The memory that the soak test was judged on; NULL when there is none. */
static const struct trace *memory_of(const struct session *s) {
    const struct summary *run = &s->result.run;
    const struct judgement *j = &s->result.judgement;
    for (size_t i = 0; j->has_soak && i < run->memories; i++)
        if (strcmp(run->memory[i].name, j->soak.memory_of) == 0 && run->memory[i].n > 1)
            return &run->memory[i];
    return NULL;
}

/* From the start of the run. */
static double moment_s(const struct session *s, const struct trace *t, size_t i) {
    int64_t start_ms = series_of(s)->start_ms;
    double later = t->start_ms && start_ms ? (double)(t->start_ms - start_ms) / 1000 : 0;
    return t->at[i].t_s + later;
}

/* The time that all charts are of. */
static double length_of(const struct session *s) {
    const struct series *r = series_of(s);
    const struct trace *t = memory_of(s);
    double length = r->points ? series_end_s(r) : 0;
    return t ? fmax(length, moment_s(s, t, t->n - 1)) : length;
}

char *show_at(const struct session *s, double at_s, bool day, char *out, size_t size) {
    enum { HOUR_S = 3600 };
    int64_t start_ms = series_of(s)->start_ms;
    bool hours = length_of(s) >= HOUR_S;
    if (!day || start_ms == 0 || !isfinite(at_s)) {
        char clock[32];
        unit_show_clock(at_s, clock, sizeof clock);
        const char *before = !hours || strlen(clock) > 5 ? "" : strlen(clock) == 5 ? "0:" : "0:0";
        snprintf(out, size, "%s%s", before, clock); /* "0:29:00" beside "8:00:00" */
        return out;
    }
    time_t at = (time_t)(start_ms / 1000) + (time_t)llround(at_s);
    struct tm tm;
    out[0] = '\0';
    if (localtime_r(&at, &tm))
        strftime(out, size, hours ? "%H:%M" : "%H:%M:%S", &tm);
    return out;
}

double results_target(const struct session *s) {
    const struct profile *p = &s->profile;
    return p->stages == 0 || p->model == MODEL_STRESS ? NAN : p->target_rps;
}

/* --- what is drawn --------------------------------------------------------------------------- */

/* A source that has no p95 over time may have means. */
static bool has_p95(const struct series *r) {
    for (size_t i = 0; i < r->points; i++)
        if (!isnan(r->point[i].p95_ms))
            return true;
    return false;
}

static double limit_of(const struct session *s, const char *metric) {
    const struct check *c = judgement_find(&s->result.judgement, metric);
    return c ? c->limit : NAN;
}

static struct plot time_plot(const struct session *s) {
    bool p95 = has_p95(series_of(s));
    return (struct plot){.of = PLOT_TIME,
                         .title = p95 ? "p95" : "Average",
                         .unit = "ms",
                         .limit_name = "limit",
                         .limit = limit_of(s, p95 ? "p95" : "avg")};
}

static struct plot rate_plot(const struct session *s) {
    const struct judgement *j = &s->result.judgement;
    double target = results_target(s);
    struct plot p = {.of = PLOT_RATE,
                     .title = "Rate",
                     .unit = j->has_stress ? "RPS reached" : "RPS",
                     .limit_name = "target",
                     .limit = target};
    if (isnan(target) && !j->has_stress) {
        p.limit_name = "limit";
        p.limit = limit_of(s, "rps");
    }
    return p;
}

static struct plot memory_plot(const struct session *s, const struct trace *t) {
    struct plot p = {.of = PLOT_MEMORY,
                     .title = "Server memory",
                     .unit = "MB",
                     .limit_name = "limit",
                     .limit = s->result.judgement.soak.memory_limit_mb};
    snprintf(p.source, sizeof p.source, "%s", t->name);
    return p;
}

static int plots_of(const struct session *s, struct plot out[PLOTS]) {
    const struct trace *memory = memory_of(s);
    bool series = series_of(s)->points >= 2;
    int n = 0;
    if (memory)
        out[n++] = memory_plot(s, memory);
    if (series)
        out[n++] = time_plot(s);
    if (series && n < PLOTS)
        out[n++] = rate_plot(s);
    return n;
}

/* --- values ---------------------------------------------------------------------------------- */

/* Of several points in one cell the highest time, and the rate of all. */
static void add_point(const struct point *p, enum plot_of of, double cell_s, bool p95, double *y,
                      int n) {
    double from = p->at_s / cell_s, to = (p->at_s + p->length_s) / cell_s;
    for (int x = from > 0 ? (int)from : 0; x < n && x < to; x++) {
        double inside = fmin(to, x + 1) - fmax(from, x);
        if (of == PLOT_TIME)
            y[x] = fmax(y[x], p95 ? p->p95_ms : p->avg_ms);
        else if (p->requests > 0 && inside > 0)
            y[x] += p->requests * inside / (to - from) / cell_s;
    }
}

/* A value holds until the next one; after three usual distances without one it is not known. */
static void fill_memory(const struct session *s, double cell_s, double *y, int n) {
    const struct trace *t = memory_of(s);
    double usual = (t->at[t->n - 1].t_s - t->at[0].t_s) / (double)(t->n - 1);
    for (size_t i = 0; i < t->n; i++) {
        double from = moment_s(s, t, i), next = i + 1 < t->n ? moment_s(s, t, i + 1) : from;
        double to = fmin(next, from + 3 * usual) / cell_s;
        from /= cell_s;
        for (int x = from > 0 ? (int)from : 0; x < n && (x < to || x == (int)from); x++)
            y[x] = fmax(y[x], t->at[i].value);
    }
}

/* Seconds without a request have a rate of 0 and no time. Returns the highest value. */
static double fill(const struct session *s, enum plot_of of, double *y, int n) {
    const struct series *r = series_of(s);
    double most = 0, cell_s = length_of(s) / n;
    bool p95 = has_p95(r);
    for (int x = 0; x < n; x++)
        y[x] = of == PLOT_RATE ? 0 : NAN;
    if (of == PLOT_MEMORY)
        fill_memory(s, cell_s, y, n);
    else
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

/* --- drawing --------------------------------------------------------------------------------- */

/* A limit far above all values would press them to the ground: then only the title says it. */
static bool limit_is_near(const struct plot *x, double most) {
    static const double near = 2;
    return x->limit > 0 && x->limit < near * most;
}

static void draw_title(const struct pen *p, const struct plot *x, int row, bool line) {
    enum { TITLE_COLS = 20, GAP = 3 };
    int col = p->a.col + AT_TITLE;
    char limit[32], text[64];
    col = grid_put(p->g, row, col, TITLE_COLS, LOOK_TITLE, x->title) + 2;
    col = grid_put(p->g, row, col, pen_room(p, col - p->a.col), LOOK_MUTED, x->unit) + GAP;
    if (x->limit > 0) {
        snprintf(text, sizeof text, "%s%s %s", line ? "╌ " : "", x->limit_name,
                 unit_show_short(x->limit, 1, limit, sizeof limit));
        col = grid_put(p->g, row, col, pen_room(p, col - p->a.col), LOOK_MUTED, text) + GAP;
    }
    if (x->source[0])
        grid_put(p->g, row, col, pen_room(p, col - p->a.col), LOOK_MUTED, x->source);
}

static void draw_plot(const struct pen *p, const struct plot *x, int row, int rows, int cols) {
    int n = chart_points(p->g, cols), col = p->a.col + AT_LINE;
    double *y = mem_new((size_t)n, sizeof *y);
    double most = fill(p->s, x->of, y, n);
    bool line = limit_is_near(x, most);
    char top[32];
    draw_title(p, x, row, line);
    if (most > 0) {
        most = axis_top(line ? fmax(most, x->limit) : most);
        unit_show_short(most, most < 10 ? 2 : 0, top, sizeof top);
        grid_right(p->g, row + 1, p->a.col + AXIS, AXIS, LOOK_MUTED, top);
        if (rows > 1)
            grid_right(p->g, row + rows, p->a.col + AXIS, AXIS, LOOK_MUTED, "0");
        if (line)
            chart_limit(p->g, row + 1, col, rows, cols, x->limit, most, LOOK_MUTED);
        chart_line(p->g, row + 1, col, rows, cols, y, most, results_look(p->s, LOOK_CHART));
    }
    free(y);
}

/* As chart_note() places it. */
static int cell_of(const struct pen *p, double at_s) {
    return (int)lround(at_s / length_of(p->s) * (pen_room(p, AT_LINE) - 1));
}

static void note(const struct pen *p, int row, double at_s, enum look look, const char *sign,
                 const char *word) {
    chart_note(p->g, row, p->a.col + AT_LINE, pen_room(p, AT_LINE), at_s / length_of(p->s), look,
               sign, word);
}

/* Where the judged window begins and ends, and what happened in it. */
static void draw_window(const struct pen *p, int row) {
    const struct judgement *j = &p->s->result.judgement;
    for (size_t i = 0; i < j->stalls && i < STALLS_MAX; i++)
        note(p, row, j->stall[i].from_s, LOOK_WARN, "▲", "stall");
    for (size_t i = 0; j->has_soak && i < j->soak.restarts && i < SOAK_RESTARTS_MAX; i++)
        note(p, row, j->soak.restart_s[i], LOOK_FAIL, "▲", "restart");
    if (j->window.steady) {
        note(p, row, j->window.from_s, LOOK_MUTED, "╎", "window");
        note(p, row, j->window.to_s, LOOK_MUTED, "╎", "");
    }
}

/* "14:04", or the length where the time of day is not known. */
static char *show_end(const struct session *s, double at_s, char *out, size_t size) {
    show_at(s, at_s, true, out, size);
    if (series_of(s)->start_ms != 0 && strlen(out) > strlen("14:04"))
        out[strlen("14:04")] = '\0';
    return out;
}

/* A time that ends before `end`; false: something is in its way. */
static bool put_time(const struct pen *p, int row, int end, double at_s) {
    char text[32];
    int width = grid_width(p->g, show_end(p->s, at_s, text, sizeof text));
    for (int col = end - width; col < end; col++)
        if (col < 0 || col >= p->g->cols || p->g->cell[row * p->g->cols + col].cp[0] != ' ')
            return false;
    grid_put(p->g, row, end - width, width, LOOK_MUTED, text);
    return true;
}

/* The ends give way to what happened there; then the end of the window says its time. */
static void draw_ends(const struct pen *p, int row) {
    const struct judged_window *w = &p->s->result.judgement.window;
    char text[32];
    note(p, row, 0, LOOK_MUTED, show_end(p->s, 0, text, sizeof text), "");
    draw_window(p, row);
    int cols = pen_room(p, AT_LINE), col = p->a.col + AT_LINE;
    if (!put_time(p, row, col + cols, length_of(p->s)) && w->steady)
        put_time(p, row, col + cell_of(p, w->to_s) - 1, w->to_s);
}

/* Columns up to the next step. */
static int step_room(const struct pen *p, const struct stress_found *f, double from_s) {
    double next = INFINITY;
    for (size_t i = 0; i < f->steps; i++)
        if (f->step[i].is.from_s > from_s)
            next = fmin(next, f->step[i].is.from_s);
    int end = isfinite(next) ? cell_of(p, next) : pen_room(p, AT_LINE) + 1;
    return end - cell_of(p, from_s);
}

/* The longest of the forms that fits before the next step. */
static void draw_step(const struct pen *p, int row, const struct stress_step *is, int room,
                      bool knee) {
    char load[32], form[4][64];
    unit_show_short(is->load, is->load < 100, load, sizeof load);
    snprintf(form[0], sizeof form[0], "%d: %s%s", is->number, load, knee ? " ▲ knee" : "");
    snprintf(form[1], sizeof form[1], "%d: %s%s", is->number, load, knee ? " ▲" : "");
    snprintf(form[2], sizeof form[2], "%d%s", is->number, knee ? " ▲" : "");
    snprintf(form[3], sizeof form[3], "%d", is->number);
    for (size_t i = 0; i < sizeof form / sizeof *form; i++)
        if (grid_width(p->g, form[i]) < room) {
            note(p, row, is->from_s, knee ? LOOK_FAIL : LOOK_MUTED, form[i], "");
            return;
        }
}

static void draw_steps(const struct pen *p, int row) {
    const struct stress_found *f = &p->s->result.judgement.stress;
    for (size_t i = 0; i < f->steps; i++)
        draw_step(p, row, &f->step[i].is, step_room(p, f, f->step[i].is.from_s),
                  (int)i == f->first_fail);
}

static void draw_axis(const struct pen *p, int row) {
    if (p->s->result.judgement.has_stress)
        draw_steps(p, row);
    else
        draw_ends(p, row);
}

/* As many charts as the rows carry, on one axis of time. */
static void draw_plots(const struct pen *p, int index) {
    enum { COLS_LEAST = 8, ROWS_WITH_GAP = 16 };
    (void)index;
    struct plot plot[PLOTS];
    int plots = plots_of(p->s, plot), cols = pen_room(p, AT_LINE), row = p->a.row;
    if (p->a.rows < PLOTS * (1 + LEAST_OF_TWO) + 1 && plots > 1)
        plots = 1;
    int gap = plots > 1 && p->a.rows >= ROWS_WITH_GAP, left = p->a.rows - 1 - plots - gap;
    if (left < plots || cols < COLS_LEAST)
        return;
    for (int i = 0; i < plots; i++) {
        int rows = (left + plots - 1 - i) / (plots - i);
        draw_plot(p, &plot[i], row, rows, cols);
        left -= rows;
        row += 1 + rows + (i + 1 < plots ? gap : 0);
    }
    draw_axis(p, row);
}

void over_time_build(struct sheet *sh) {
    enum { ALL_ROWS = 1000 };
    struct plot plot[PLOTS];
    int plots = plots_of(sh->s, plot);
    if (plots == 0 || !(length_of(sh->s) > 0)) {
        if (sh->v->zoom)
            sheet_say(sh, LINE_KEEP, AT_TITLE, LOOK_TEXT,
                      "No chart: the result holds no values over time.");
        return;
    }
    if (results_low(sh))
        plots = 1;
    int high = sh->wide ? sh->a.rows / 4 : HIGH;
    int rows = plots * (1 + (high < TALLEST ? high : TALLEST)) + 1;
    sheet_blank(sh);
    if (sh->v->zoom)
        sheet_block(sh, LINE_FILL, draw_plots, 0, ALL_ROWS, 1 + LEAST + 1);
    else
        sheet_block(sh, LINE_CHART, draw_plots, 0, rows, 1 + LEAST + 1);
}

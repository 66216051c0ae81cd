/* Response time and rate of a run over time, on Results; of a soak test memory too. */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "base/unit.h"
#include "ui/screen/panel/parts.h"
#include "ui/screen/panel/run_live.h"

enum { PLOTS = 2, HIGH = 4, TALLEST = 14 }; /* rows of a line */
static const double reach = 2;              /* of the axis: a limit below twice all values */

static const struct series *series_of(const struct session *s) {
    return &session_result(s)->run.series;
}

/* The memory that the soak test was judged on; NULL when there is none. */
static const struct trace *memory_of(const struct session *s) {
    const struct summary *run = &session_result(s)->run;
    const struct judgement *j = &session_result(s)->judgement;
    for (size_t i = 0; j->has_soak && i < run->memories; i++)
        if (strcmp(run->memory[i].name, j->soak.memory_of) == 0 && run->memory[i].n > 1)
            return &run->memory[i];
    return NULL;
}

/* The time that all charts are of: the whole run. */
static struct timeline timeline_of(const struct session *s) {
    const struct series *r = series_of(s);
    struct timeline t = {.series = r,
                         .memory = memory_of(s),
                         .known_s = INFINITY,
                         .start_ms = r->start_ms,
                         .length_s = r->points ? series_end_s(r) : 0};
    if (t.memory)
        t.length_s = fmax(t.length_s, timeline_moment_s(&t, t.memory->n - 1));
    t.to_s = t.length_s;
    return t;
}

char *show_at(const struct session *s, double at_s, bool day, char *out, size_t size) {
    struct timeline t = timeline_of(s);
    return timeline_show(&t, at_s, day, out, size);
}

double results_target(const struct session *s) {
    const struct result *r = session_result(s);
    const struct profile *p = &r->profile;
    return !r->has_profile || p->stages == 0 || p->model == MODEL_STRESS ? NAN : p->target_rps;
}

/* --- what is drawn --------------------------------------------------------------------------- */

static double limit_of(const struct session *s, const char *metric) {
    const struct check *c = judgement_find(&session_result(s)->judgement, metric);
    return c ? c->limit : NAN;
}

static struct plot time_plot(const struct session *s) {
    bool p95 = series_has_p95(series_of(s));
    return (struct plot){.of = PLOT_TIME,
                         .title = p95 ? "p95" : "Average",
                         .unit = "ms",
                         .limit_name = "limit",
                         .limit = limit_of(s, p95 ? "p95" : "avg"),
                         .reach = reach};
}

static struct plot rate_plot(const struct session *s) {
    const struct judgement *j = &session_result(s)->judgement;
    double target = results_target(s);
    struct plot p = {.of = PLOT_RATE,
                     .title = "Rate",
                     .unit = j->has_stress ? "RPS reached" : "RPS",
                     .limit_name = "target",
                     .limit = target,
                     .reach = reach};
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
                     .limit = session_result(s)->judgement.soak.memory_limit_mb,
                     .reach = reach};
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

/* --- on the axis of time --------------------------------------------------------------------- */

/* Where the judged window begins and ends, and what happened in it. */
static void draw_window(const struct pen *p, const struct timeline *t, int row) {
    const struct judgement *j = &session_result(p->s)->judgement;
    for (size_t i = 0; i < j->stalls && i < STALLS_MAX; i++)
        timeline_note(p, t, row, j->stall[i].from_s, LOOK_WARN, "▲", "stall");
    for (size_t i = 0; j->has_soak && i < j->soak.restarts && i < SOAK_RESTARTS_MAX; i++)
        timeline_note(p, t, row, j->soak.restart_s[i], LOOK_FAIL, "▲", "restart");
    if (j->window.steady) {
        timeline_note(p, t, row, j->window.from_s, LOOK_MUTED, "╎", "window");
        timeline_note(p, t, row, j->window.to_s, LOOK_MUTED, "╎", "");
    }
}

/* The ends give way to what happened there; then the end of the window says its time. */
static void draw_ends(const struct pen *p, const struct timeline *t, int row) {
    const struct judged_window *w = &session_result(p->s)->judgement.window;
    timeline_begin(p, t, row);
    draw_window(p, t, row);
    if (!timeline_put(p, t, row, pen_room(p, PLOT_LINE_COL), t->to_s) && w->steady)
        timeline_put(p, t, row, timeline_cell(p, t, w->to_s) - 1, w->to_s);
}

/* Columns up to the next step. */
static int step_room(const struct pen *p, const struct timeline *t, double from_s) {
    const struct stress_found *f = &session_result(p->s)->judgement.stress;
    double next = INFINITY;
    for (size_t i = 0; i < f->steps; i++)
        if (f->step[i].is.from_s > from_s)
            next = fmin(next, f->step[i].is.from_s);
    int end = isfinite(next) ? timeline_cell(p, t, next) : pen_room(p, PLOT_LINE_COL) + 1;
    return end - timeline_cell(p, t, from_s);
}

/* The longest of the forms that fits before the next step. */
static void draw_step(const struct pen *p, const struct timeline *t, int row,
                      const struct stress_step *is, bool knee) {
    char load[32], form[4][64];
    int room = step_room(p, t, is->from_s);
    unit_show_short(is->load, is->load < 100, load, sizeof load);
    snprintf(form[0], sizeof form[0], "%d: %s%s", is->number, load, knee ? " ▲ knee" : "");
    snprintf(form[1], sizeof form[1], "%d: %s%s", is->number, load, knee ? " ▲" : "");
    snprintf(form[2], sizeof form[2], "%d%s", is->number, knee ? " ▲" : "");
    snprintf(form[3], sizeof form[3], "%d", is->number);
    for (size_t i = 0; i < sizeof form / sizeof *form; i++)
        if (grid_width(p->g, form[i]) < room) {
            timeline_note(p, t, row, is->from_s, knee ? LOOK_FAIL : LOOK_MUTED, form[i], "");
            return;
        }
}

static void draw_steps(const struct pen *p, const struct timeline *t, int row) {
    const struct stress_found *f = &session_result(p->s)->judgement.stress;
    for (size_t i = 0; i < f->steps; i++)
        draw_step(p, t, row, &f->step[i].is, (int)i == f->first_fail);
}

static void draw_cursor(const struct pen *p, const struct timeline *t, int row) {
    double at_s = p->v->time.cursor_s;
    char at[32];
    timeline_cursor(p, t, row, at_s);
    timeline_note(p, t, row, at_s, LOOK_TITLE, "▲", timeline_show(t, at_s, true, at, sizeof at));
}

static void draw_plots(const struct pen *p, int index) {
    (void)index;
    struct plot plot[PLOTS];
    struct timeline t = timeline_of(p->s);
    int row = plots_draw(p, &t, plot, plots_of(p->s, plot), results_look(p->s, LOOK_CHART));
    if (row < 0)
        return;
    if (p->v->time.cursor)
        draw_cursor(p, &t, row);
    if (session_result(p->s)->judgement.has_stress)
        draw_steps(p, &t, row);
    else
        draw_ends(p, &t, row);
}

static void add_cursor(struct sheet *sh) {
    double at_s = sh->v->time.cursor_s;
    char at[32], words[160], text[200];
    if (!sh->v->time.cursor)
        return;
    run_moment(series_of(sh->s), at_s, words, sizeof words);
    snprintf(text, sizeof text, "%s  %s", show_at(sh->s, at_s, true, at, sizeof at), words);
    sheet_pair(sh, LINE_KEEP, PLOT_TITLE_COL, "Cursor", PLOT_LINE_COL + 1, text);
}

void over_time_build(struct sheet *sh) {
    enum { ALL_ROWS = 1000, ROWS_LEAST = 1 + PLOT_ROWS_LEAST + 1 };
    struct plot plot[PLOTS];
    int plots = plots_of(sh->s, plot);
    if (plots == 0 || !(timeline_of(sh->s).length_s > 0)) {
        if (sh->v->zoom)
            sheet_say(sh, LINE_KEEP, PLOT_TITLE_COL, LOOK_TEXT,
                      "No chart: the result holds no values over time.");
        return;
    }
    if (results_low(sh))
        plots = 1;
    int high = sh->wide ? sh->a.rows / 4 : HIGH;
    int rows = plots * (1 + (high < TALLEST ? high : TALLEST)) + 1;
    sheet_blank(sh);
    if (sh->v->zoom)
        sheet_block(sh, LINE_FILL, draw_plots, 0, ALL_ROWS, ROWS_LEAST);
    else
        sheet_block(sh, LINE_CHART, draw_plots, 0, rows, ROWS_LEAST);
    add_cursor(sh);
}

double results_time_end(const struct session *s) {
    struct plot plot[PLOTS];
    double length_s = timeline_of(s).length_s;
    return plots_of(s, plot) > 0 && length_s > 0 ? length_s : NAN;
}

double results_time_step(const struct session *s, struct area a) {
    struct sheet sh = {.a = a, .cols = a.cols};
    results_columns(&sh);
    int cols = (sh.wide ? sh.right_cols : a.cols) - PANE_MARGIN - PLOT_LINE_COL;
    return results_time_end(s) / (cols > 1 ? cols - 1 : 1);
}

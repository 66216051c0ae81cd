#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/text.h"
#include "base/unit.h"
#include "ui/screen/panel/run_live.h"
#include "ui/screen/widget/chart.h"

/* Columns: the phase, the name of a panel, its values; in the short form sign, name and words. */
enum { AT_PHASE = 2, AT_NAME = 11, AT_VALUE = 34 };
enum { SHORT_MARK = 2, SHORT_SIGN = 4, SHORT_NAME = 6, SHORT_WORDS = 26 };

/* --- long form: a panel for each step -------------------------------------------------------- */

/* "confirmed by ana, 14:05" says more than the size that stands below it. */
static const char *state_words(const struct session *s, enum step step, const struct row *r,
                               char *out, size_t size) {
    char when[32];
    if (step == STEP_PREREQUISITES && r->mark == MARK_OK)
        snprintf(out, size, "ready");
    else if (step == STEP_LOAD && s->confirmed)
        snprintf(out, size, "confirmed by %s, %s", s->confirmed_by,
                 show_when(s->confirmed_ms, s->now_ms, when, sizeof when));
    else if (step == STEP_SCRIPT && r->why[0])
        snprintf(out, size, "%s", r->why);
    else
        snprintf(out, size, "%s", r->what);
    return out;
}

static const char *phase_of(enum step step) {
    for (int i = 0; i < PHASES; i++)
        if (phases[i].first == step)
            return phases[i].name;
    return "";
}

static void draw_head(const struct pen *p, int index) {
    enum step step = (enum step)index;
    struct row r = session_step(p->s, step);
    char words[400];
    bool open = session_step_open(p->s, step);
    grid_put(p->g, p->a.row, p->a.col + AT_PHASE, AT_NAME - AT_PHASE, LOOK_MUTED, phase_of(step));
    int end = grid_put(p->g, p->a.row, p->a.col + AT_NAME, pen_room(p, AT_NAME),
                       open ? LOOK_TITLE : LOOK_MUTED, panels[step]->name);
    pen_state(p, end + 2 - p->a.col, r.mark, state_words(p->s, step, &r, words, sizeof words));
}

/* One line; the rest is on the step's own screen. */
static void add_value(struct sheet *sh, const char *label, const char *text) {
    sheet_pair(sh, LINE_SOURCE, AT_NAME, label, AT_VALUE, text);
}

static void prerequisites_values(struct sheet *sh) {
    enum { PLAN, SCRIPT, RESULT };
    struct row row[PREREQUISITE_ROWS];
    char text[640];
    if (session_prerequisite_rows(sh->s, row) <= RESULT)
        return;
    snprintf(text, sizeof text, "%s: %s", row[PLAN].what, row[PLAN].why);
    add_value(sh, "Plan", text);
    bool measured = sh->s->base.source == BASELINE_MEASURED;
    if (sh->s->base.chosen < 0)
        text_copy(text, sizeof text, row[SCRIPT].what);
    else
        snprintf(text, sizeof text, "%s: %s%s", row[SCRIPT].what,
                 measured ? row[RESULT].why : row[RESULT].what,
                 measured && sh->s->base.stability == STABLE ? ", 0 errors" : "");
    add_value(sh, "Baseline", text);
}

static void draw_shape(const struct pen *p, int index) {
    (void)index;
    int cols = pen_room(p, AT_VALUE);
    double *y = mem_new((size_t)cols + 1, sizeof *y);
    for (int i = 0; i < cols; i++)
        y[i] = profile_rate_at(&p->s->profile, p->s->profile.duration_s * (i + 0.5) / cols);
    grid_put(p->g, p->a.row, p->a.col + AT_NAME, AT_VALUE - AT_NAME, LOOK_MUTED, "Shape");
    sparkline(p->g, p->a.row, p->a.col + AT_VALUE, cols, y, profile_top_rps(&p->s->profile),
              LOOK_CHART);
    free(y);
}

static void load_values(struct sheet *sh) {
    const struct profile *p = &sh->s->profile;
    char text[200], target[64], rate[32], each[32];
    if (p->stages == 0)
        return;
    add_value(sh, "Test type", show_shape(p, text, sizeof text));
    snprintf(text, sizeof text, "%d VUs for %s (%s iterations/s, %s requests each)", p->vus,
             show_target(p, target, sizeof target), show_rate(p->iteration_rps, rate, sizeof rate),
             unit_show_short(p->requests_per_iteration, 2, each, sizeof each));
    add_value(sh, "Size", text);
    sheet_line(sh, LINE_SOURCE, draw_shape, 0);
}

static void host_values(struct sheet *sh) {
    const struct session *s = sh->s;
    const struct host_check *worst = NULL;
    for (int i = 0; i < s->host_checks; i++) {
        const struct host_check *c = &s->host_check[i];
        if (!worst || use_rank(c->status) < use_rank(worst->status))
            worst = c;
    }
    char text[160] = "not known here", needs[48], has[48];
    if (!worst)
        return;
    if (worst->status != USE_NO_DATA)
        snprintf(text, sizeof text, "needs %s, has %s",
                 sizing_show(worst->needed, worst->unit, needs, sizeof needs),
                 sizing_show(worst->available, worst->unit, has, sizeof has));
    add_value(sh, worst->title, text);
}

static void script_values(struct sheet *sh) {
    size_t n = session_commands(sh->s);
    char text[64];
    snprintf(text, sizeof text, "%zu, each for its machine", n);
    if (sh->s->script.ready && n > 0)
        add_value(sh, "Command", n > 1 ? text : session_command(sh->s, 0)->line);
}

/* A figure of a run that goes on in one line: name, sign, value, limit. */
static void metric_line(const struct pen *p, enum watch_metric m, int name, int value) {
    enum { VALUE_COLS = 11, LIMIT = 14, LIMIT_COLS = 16 };
    const struct watch_view *w = run_live(p->s);
    enum mark mark = run_metric_mark(w, m);
    char text[64], limit[64];
    grid_put(p->g, p->a.row, p->a.col + name, value - name - 1, LOOK_MUTED, run_metric_title(m));
    pen_sign(p, value, mark);
    grid_put(p->g, p->a.row, p->a.col + value + 2, VALUE_COLS,
             mark == MARK_NONE ? LOOK_MUTED : sign_of(mark).look,
             run_show(m, w->row[m].now, text, sizeof text));
    run_show_limit(w, m, limit, sizeof limit);
    snprintf(text, sizeof text, "%s%s", limit[0] && m != WATCH_RATE ? "limit " : "", limit);
    grid_put(p->g, p->a.row, p->a.col + value + LIMIT, LIMIT_COLS, LOOK_MUTED, text);
}

static void draw_metric(const struct pen *p, int index) {
    enum { AT_LINE = AT_VALUE + 31 };
    enum watch_metric m = (enum watch_metric)index;
    metric_line(p, m, AT_NAME, AT_VALUE);
    if (m != WATCH_ERRORS)
        run_sparkline(p, run_live(p->s), m, AT_LINE);
}

static void draw_metric_short(const struct pen *p, int index) {
    metric_line(p, (enum watch_metric)index, SHORT_NAME, SHORT_WORDS);
}

static void add_metrics(struct sheet *sh, line_draw *draw_one) {
    for (enum watch_metric m = WATCH_P95; m <= WATCH_RATE; m++)
        sheet_line(sh, LINE_SOURCE, draw_one, (int)m);
}

static void run_values(struct sheet *sh) {
    if (run_live(sh->s))
        add_metrics(sh, draw_metric);
    else if (sh->s->result.there)
        add_value(sh, "Result", sh->s->result.from);
    else
        add_value(sh, "Result", "none yet; paste one, or open a file");
}

/* A check in one line: name, sign, value, limit. */
static void check_line(const struct pen *p, const struct check *c, int name, int value) {
    enum { VALUE_COLS = 11, LIMIT = 14 };
    char text[64], limit[64];
    grid_put(p->g, p->a.row, p->a.col + name, value - name - 1, LOOK_MUTED, check_title(c));
    pen_sign(p, value, check_mark(c));
    grid_put(p->g, p->a.row, p->a.col + value + 2, VALUE_COLS, sign_of(check_mark(c)).look,
             check_show_value(c, c->value, text, sizeof text));
    check_show_limit(c, limit, sizeof limit);
    if (limit[0])
        grid_print(p->g, p->a.row, p->a.col + value + LIMIT, LOOK_MUTED, "limit %s", limit);
}

static void draw_check(const struct pen *p, int index) {
    check_line(p, &session_result(p->s)->judgement.check[index], AT_NAME, AT_VALUE);
}

static void draw_check_short(const struct pen *p, int index) {
    check_line(p, &session_result(p->s)->judgement.check[index], SHORT_NAME, SHORT_WORDS);
}

static void add_checks(struct sheet *sh, line_draw *draw_one) {
    enum { SHOWN = 3 };
    const struct judgement *j = &session_result(sh->s)->judgement;
    for (size_t i = 0; session_result(sh->s)->there && i < j->checks && i < SHOWN; i++)
        sheet_line(sh, LINE_SOURCE, draw_one, (int)i);
}

static void results_values(struct sheet *sh) { add_checks(sh, draw_check); }

static void (*const values[STEPS])(struct sheet *sh) = {
    [STEP_PREREQUISITES] = prerequisites_values,
    [STEP_LOAD] = load_values,
    [STEP_HOST] = host_values,
    [STEP_SCRIPT] = script_values,
    [STEP_RUN] = run_values,
    [STEP_RESULTS] = results_values,
};

/* What stands under the title: the tool and what is tested. */
static void add_title(struct sheet *sh) {
    const struct session *s = sh->s;
    const char *url = s->base.facts_known && s->base.facts.base_url[0] ? s->base.facts.base_url
                      : s->ws.has_plan                                 ? s->ws.plan.base_url
                                                                       : "";
    const char *tool = s->base.chosen >= 0 ? s->ws.baseline[s->base.chosen].tool->title : "";
    char text[400];
    snprintf(text, sizeof text, "%s%s%s%s%s", tool, s->tool_version[0] && tool[0] ? " " : "",
             tool[0] ? s->tool_version : "", tool[0] && url[0] ? " · " : "", url);
    sheet_title(sh, LINE_KEEP, "Overview", text);
}

static void build_long(struct sheet *sh) {
    sheet_columns(sh, 94, 60);
    sheet_blank(sh);
    add_title(sh);
    for (enum step step = STEP_PREREQUISITES; step <= STEP_REVIEW; step++) {
        if (step == STEP_RUN)
            sheet_right(sh);
        else
            sheet_blank(sh);
        struct row r = session_step(sh->s, step);
        sheet_item(sh, sheet_line(sh, LINE_KEEP, draw_head, (int)step), ITEM_STEP, (int)step,
                   r.mark);
        if (session_step_open(sh->s, step) && values[step])
            values[step](sh);
    }
    sheet_blank(sh);
    sheet_next(sh, AT_NAME);
}

/* --- short form: a line for each step -------------------------------------------------------- */

static void draw_short(const struct pen *p, int index) {
    enum step step = (enum step)index;
    struct row r = session_step(p->s, step);
    bool open = session_step_open(p->s, step);
    pen_mark(p, SHORT_MARK);
    pen_sign(p, SHORT_SIGN, r.mark);
    grid_print(p->g, p->a.row, p->a.col + SHORT_NAME, open ? LOOK_TEXT : LOOK_MUTED, "%d %s", index,
               panels[step]->name);
    grid_put(p->g, p->a.row, p->a.col + SHORT_WORDS, pen_room(p, SHORT_WORDS),
             open ? LOOK_TEXT : LOOK_MUTED, step_words(&r));
}

static void build_short(struct sheet *sh) {
    sheet_blank(sh);
    for (int i = 0; i < PHASES; i++) {
        sheet_say(sh, LINE_KEEP, AT_PHASE, LOOK_MUTED, phases[i].name);
        for (enum step step = phases[i].first; step <= phases[i].last; step++) {
            struct row r = session_step(sh->s, step);
            struct line *l = sheet_line(sh, LINE_KEEP, draw_short, (int)step);
            l->draws_mark = true;
            sheet_item(sh, l, ITEM_STEP, (int)step, r.mark);
        }
    }
    sheet_blank(sh);
    if (run_live(sh->s))
        add_metrics(sh, draw_metric_short);
    else if (session_step_open(sh->s, STEP_RESULTS))
        add_checks(sh, draw_check_short);
    sheet_blank(sh);
    sheet_next(sh, SHORT_WORDS);
}

static void build(struct sheet *sh) {
    if (sh->narrow)
        build_short(sh);
    else
        build_long(sh);
}

/* What stops the work, else the first step that is not done. */
static int start(const struct session *s, const struct view *v) {
    (void)v;
    int todo = -1;
    for (enum step step = STEP_PREREQUISITES; step <= STEP_REVIEW; step++) {
        enum mark mark = session_step(s, step).mark;
        if (mark == MARK_BROKEN || mark == MARK_INVALID)
            return (int)step - STEP_PREREQUISITES;
        bool done = mark == MARK_OK || mark == MARK_NEAR;
        if (todo < 0 && !done && session_step_open(s, step))
            todo = (int)step - STEP_PREREQUISITES;
    }
    return todo >= 0 ? todo : STEP_RESULTS - STEP_PREREQUISITES;
}

static bool copy(const struct session *s, const struct view *v, struct buf *out) {
    struct item it;
    if (!panel_focused(s, v, &it))
        return false;
    struct row r = session_step(s, (enum step)it.index);
    return buf_printf(out, "%s: %s", r.title, step_words(&r));
}

const struct panel panel_overview = {
    .name = "Overview", .build = build, .start = start, .copy = copy};

/* What is made of the fields of the Load screen: the size and the shape. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/unit.h"
#include "ui/screen/panel/load_parts.h"
#include "ui/screen/widget/chart.h"

enum { AT_SIGN = 2, AT_LABEL = 4, AT_TEXT = 24 };

/* --- the size -------------------------------------------------------------------------------- */

/* The number of a line at the right margin. */
static void add_number(struct sheet *sh, struct line *l, int number) {
    char text[32];
    unit_show(number, 0, text, sizeof text);
    if (number > 0)
        sheet_piece(sh, l, sh->cols - PANE_MARGIN - grid_width(&sh->ruler, text), 0, LOOK_TEXT,
                    text);
}

static void add_law(struct sheet *sh) {
    const struct profile *p = &sh->s->profile;
    char text[256], i[32], k[32], r[32], z[32], d[32];
    show_rate(p->iteration_rps, i, sizeof i);
    unit_show_short(p->requests_per_iteration, 2, k, sizeof k);
    unit_show_short(round(p->avg_ms * 10) / 10, p->avg_ms < 100 ? 1 : 0, r, sizeof r);
    unit_show(p->think_ms, 0, z, sizeof z);
    unit_show(p->iteration_ms / 1000, 3, d, sizeof d);
    if (sh->narrow)
        snprintf(text, sizeof text, "%s/s x (%s x %s + %s) ms = %.1f", i, k, r, z, p->from_script);
    else
        snprintf(text, sizeof text, "%s/s x (%s x %s ms + %s ms) = %s/s x %s s = %.1f", i, k, r, z,
                 i, d, p->from_script);
    struct line *l = sheet_pair(sh, LINE_KEEP, AT_LABEL, "Little's law", AT_TEXT, text);
    add_number(sh, l, p->from_script_vus);
}

static bool differs(const struct session *s) {
    return s->profile.difference > s->rules.sizing.two_sizings_differ;
}

static void add_from_baseline(struct sheet *sh) {
    const struct session *s = sh->s;
    const struct profile *p = &s->profile;
    char text[200], vus[32], rps[32], target[32];
    if (isnan(p->from_baseline)) {
        struct line *l = sheet_pair(sh, LINE_KEEP, AT_LABEL, "From the baseline", AT_TEXT,
                                    "needs a measured baseline");
        l->text[1].look = LOOK_NODATA;
        return;
    }
    unit_show_short(round(summary_mean_vus(&s->base.result) * 10) / 10, 1, vus, sizeof vus);
    unit_show(summary_value(&s->base.result, METRIC_RPS), 2, rps, sizeof rps);
    show_rate(p->target_rps, target, sizeof target);
    if (sh->narrow)
        snprintf(text, sizeof text, "%s VUs made %s RPS: %.1f", vus, rps, p->from_baseline);
    else
        snprintf(text, sizeof text, "%s VUs made %s RPS; %s / %s x %s = %.1f", vus, rps, target,
                 rps, vus, p->from_baseline);
    struct line *l = sheet_pair(sh, LINE_KEEP, AT_LABEL, "From the baseline", AT_TEXT, text);
    add_number(sh, l, p->from_baseline_vus);
    if (differs(s))
        sheet_sign(sh, l, AT_SIGN, MARK_NEAR);
}

/* Which of the two counts. */
static void add_used(struct sheet *sh) {
    const struct profile *p = &sh->s->profile;
    char text[120], share[32];
    if (isnan(p->difference))
        return;
    snprintf(text, sizeof text, "the %s; the two differ by %s",
             p->baseline_used ? "baseline's" : "fields' size",
             unit_show_share(p->difference, share, sizeof share));
    sheet_pair(sh, LINE_SOURCE, AT_LABEL, "Used", AT_TEXT, text);
}

static void add_twice(struct sheet *sh) {
    const struct profile *p = &sh->s->profile;
    char text[120], ms[32];
    snprintf(
        text, sizeof text, "if every response took %s ms",
        unit_show_short(round(2 * p->avg_ms * 10) / 10, p->avg_ms < 50 ? 1 : 0, ms, sizeof ms));
    struct line *l = sheet_pair(sh, LINE_SOURCE, AT_LABEL, "Twice the response", AT_TEXT, text);
    add_number(sh, l, p->vus_at_twice);
}

/* More than the size, so that responses up to the limit do not lower the rate. */
static void add_started(struct sheet *sh) {
    const struct profile *p = &sh->s->profile;
    bool open = p->arrivals == ARRIVALS_OPEN;
    char text[200], number[32], limit[32];
    int vus = open ? p->preallocated_vus : p->users;
    if (vus == 0 || (!open && vus == p->vus))
        return;
    snprintf(text, sizeof text,
             sh->narrow ? "%s, for responses of %s ms"
                        : "%s, enough until every response takes %s ms (the p95 limit)",
             unit_show(vus, 0, number, sizeof number),
             unit_show_short(p->p95_limit_ms, 1, limit, sizeof limit));
    struct line *l =
        sheet_pair(sh, LINE_SOURCE, AT_LABEL, open ? "Allocated" : "Started", AT_TEXT, text);
    add_number(sh, l, vus);
}

static void add_remarks(struct sheet *sh) {
    struct findings f = {0};
    session_load_findings(sh->s, &f);
    sheet_findings(sh, &f, AT_SIGN, false);
    findings_fini(&f);
}

static void confirm_words(const struct session *s, bool brief, char *out, size_t size) {
    char when[32];
    if (!s->confirmed)
        snprintf(out, size, "Enter confirms");
    else if (brief)
        snprintf(out, size, "confirmed");
    else
        snprintf(out, size, "confirmed by %s, %s", s->confirmed_by,
                 show_when(s->confirmed_ms, s->now_ms, when, sizeof when));
}

/* brief 0: all of it, 1: without the word, 2: without the length */
static void work_words(const struct profile *p, int brief, char *out, size_t size) {
    char rate[32], requests[32], length[32];
    show_rate(p->iteration_rps, rate, sizeof rate);
    unit_show(p->planned_requests, 0, requests, sizeof requests);
    unit_show_clock(p->duration_s, length, sizeof length);
    snprintf(out, size, "%s%s, %s requests%s%s", rate, brief ? "/s" : " iterations/s", requests,
             brief > 1 ? "" : ", ", brief > 1 ? "" : length);
}

/* In the longest words that fit beside each other: first the state gets shorter, then the work. */
static void add_size_line(struct sheet *sh) {
    enum { SIGN_COLS = 2, GAP = 2, FORMS = 4 };
    char vus[40], number[32], work[160], words[160] = "";
    struct line *l = sheet_title(sh, LINE_ROW, "Size", "");
    snprintf(vus, sizeof vus, "%s VUs", unit_show(sh->s->profile.vus, 0, number, sizeof number));
    sheet_piece(sh, l, AT_TEXT, 0, LOOK_TITLE, vus);
    int col = AT_TEXT + grid_width(&sh->ruler, vus) + (sh->narrow ? 2 : 4);
    for (int brief = 0; brief < FORMS; brief++) {
        work_words(&sh->s->profile, sh->narrow ? 2 : brief > 0 ? brief - 1 : 0, work, sizeof work);
        confirm_words(sh->s, brief > 0, words, sizeof words);
        int end = col + grid_width(&sh->ruler, work) + GAP + SIGN_COLS;
        if (end + grid_width(&sh->ruler, words) <= sh->cols - PANE_MARGIN)
            break;
        words[0] = '\0';
    }
    sheet_piece(sh, l, col, 0, LOOK_TEXT, work);
    if (words[0])
        sheet_state(sh, l, sh->s->confirmed ? MARK_OK : MARK_NONE, words);
    sheet_item(sh, l, ITEM_CONFIRM, 0, MARK_OK);
}

void load_size_build(struct sheet *sh) {
    const struct session *s = sh->s;
    sheet_part(sh);
    if (s->profile.stages == 0) {
        struct line *l = sheet_say(sh, LINE_ROW, AT_TEXT, LOOK_NODATA,
                                   s->profile_error.text[0] ? s->profile_error.text : "no data");
        sheet_piece(sh, l, AT_SIGN, 0, LOOK_TITLE, "Size");
        sheet_item(sh, l, ITEM_CONFIRM, 0, MARK_OK);
        return;
    }
    add_size_line(sh);
    add_law(sh);
    add_from_baseline(sh);
    add_used(sh);
    add_started(sh);
    add_twice(sh);
    load_scenarios_build(sh);
    add_remarks(sh);
}

/* --- the shape ------------------------------------------------------------------------------- */

/* Where the chart stands in its block: numbers of the axis end before it. */
struct frame {
    int row, col, rows, cols;
};

static int time_col(const struct frame *f, const struct profile *p, double at_s) {
    return (int)lround(at_s / p->duration_s * f->cols);
}

/* Labels under the axis from left to right, none of them over another. */
struct axis {
    const struct frame *f;
    int from, to; /* columns that are still free */
};

static void axis_label(const struct pen *p, struct axis *x, int col, const char *text) {
    enum { GAP = 2 };
    int width = grid_width(p->g, text);
    if (col + width > x->to)
        col = x->to - width;
    if (col < x->from)
        return;
    grid_put(p->g, x->f->row + x->f->rows, x->f->col + col, width, LOOK_MUTED, text);
    x->from = col + width + GAP;
}

static void step_labels(const struct pen *p, struct axis *x) {
    const struct profile *profile = &p->s->profile;
    char text[64], rate[32];
    int step = 0;
    for (int i = 0; i < profile->stages; i++) {
        const struct stage *st = &profile->stage[i];
        if (strstr(st->name, "ramp"))
            continue;
        snprintf(text, sizeof text, "%d: %s", ++step, show_rate(st->target_rps, rate, sizeof rate));
        axis_label(p, x, time_col(x->f, profile, st->start_s), text);
    }
}

/* The end first: it goes before what stands close to it. */
static void time_labels(const struct pen *p, struct axis *x) {
    enum { GAP = 2 };
    const struct profile *profile = &p->s->profile;
    char text[64];
    unit_show_clock(profile->duration_s, text, sizeof text);
    axis_label(p, x, x->to, text);
    x->from = 0;
    x->to -= grid_width(p->g, text) + GAP;
    for (int i = 0; i < profile->stages; i++) {
        double at = profile->stage[i].start_s;
        axis_label(p, x, time_col(x->f, profile, at), unit_show_clock(at, text, sizeof text));
    }
}

static void stage_labels(const struct pen *p, const struct frame *f) {
    struct axis x = {f, 0, f->cols};
    if (p->s->profile.model == MODEL_STRESS)
        step_labels(p, &x);
    else
        time_labels(p, &x);
}

static void draw_line_of(const struct pen *p, const struct frame *f) {
    const struct profile *x = &p->s->profile;
    int n = chart_points(p->g, f->cols);
    double *y = mem_new((size_t)n + 1, sizeof *y);
    for (int i = 0; i < n; i++)
        y[i] = profile_rate_at(x, x->duration_s * i / (n - 1));
    chart_line(p->g, f->row, f->col, f->rows, f->cols, y, profile_top_rps(x), LOOK_CHART);
    free(y);
}

/* beside: the label stands left of the chart, to save a line. */
static void draw_chart(const struct pen *p, int beside) {
    int axis = beside ? 22 : 8;
    struct frame f = {p->a.row, p->a.col + axis + 2, p->a.rows - 1, pen_room(p, axis + 2)};
    char top[32];
    if (f.rows < 1 || f.cols < 8)
        return;
    if (beside)
        grid_put(p->g, p->a.row, p->a.col + 2, axis - 8, LOOK_TITLE, "Shape");
    show_rate(profile_top_rps(&p->s->profile), top, sizeof top);
    grid_right(p->g, f.row, p->a.col + axis, 8, LOOK_MUTED, top);
    grid_right(p->g, f.row + f.rows - 1, p->a.col + axis, 8, LOOK_MUTED, "0");
    draw_line_of(p, &f);
    stage_labels(p, &f);
}

void load_chart_build(struct sheet *sh, bool alone) {
    enum { LOW = 6, ROWS = 7, TALL = 14, LEAST = 3, WHOLE = 1000 };
    int rows = sh->s->profile.parts > 1 ? LOW : ROWS;
    bool beside = sh->narrow && !sh->wide && !alone;
    if (sh->s->profile.stages == 0)
        return;
    if (!beside && !alone)
        sheet_title(sh, LINE_SOURCE, "Shape", "RPS over time");
    if (alone)
        sheet_block(sh, LINE_FILL, draw_chart, beside, WHOLE, LEAST);
    else
        sheet_block(sh, LINE_CHART, draw_chart, beside,
                    beside     ? LOW
                    : sh->wide ? TALL
                               : rows,
                    LEAST);
}

/* Results of a stress test: a row per step, and the knee between two of them. */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "base/unit.h"
#include "ui/screen/panel/results_stress.h"

enum { AT_SIGN = 2, AT_TEXT = 4 };
enum {
    COL_STEP,
    COL_LOAD,
    COL_REACHED,
    COL_SHARE,
    COL_P95,
    COL_ERRORS,
    COL_VUS,
    COL_VERDICT,
    COLUMNS
};

static const struct column columns[PANE_SIZES][COLUMNS] = {
    {{"Step", 4, 5, true},
     {"Target", 10, 8, true},
     {"Reached", 19, 9, true},
     {"Of target", 29, 10, true},
     {"p95", 40, 10, true},
     {"Errors", 51, 9, true},
     {"Busy VUs", 61, 10, true},
     {"Verdict", 75, 17, false}},
    {{"Step", 4, 4, true},
     {"Target", 9, 7, true},
     {"Reached", 17, 8, true},
     {"Rate", 26, 6, true},
     {"p95", 33, 10, true},
     {"Errors", 44, 8, true},
     {"VUs", 53, 6, true},
     {"Verdict", 63, 15, false}},
    {{"Step", 4, 4, true},
     {"Target", 9, 7, true},
     {"Reached", 17, 8, true},
     {"Rate", 26, 6, true},
     {"p95", 33, 10, true},
     {"Errors", 44, 8, true},
     {"VUs", 53, 0, true},
     {"Verdict", 56, 14, false}},
};

/* VUs are the load of a closed run, and no target is set for its rate. */
static const struct column closed_columns[PANE_SIZES][COLUMNS] = {
    {[COL_STEP] = {"Step", 4, 5, true},
     [COL_LOAD] = {"VUs", 10, 8, true},
     [COL_REACHED] = {"RPS there", 20, 11, true},
     [COL_P95] = {"p95", 34, 11, true},
     [COL_ERRORS] = {"Errors", 48, 9, true},
     [COL_VERDICT] = {"Verdict", 63, 17, false}},
    {[COL_STEP] = {"Step", 4, 4, true},
     [COL_LOAD] = {"VUs", 9, 8, true},
     [COL_REACHED] = {"RPS there", 19, 10, true},
     [COL_P95] = {"p95", 31, 10, true},
     [COL_ERRORS] = {"Errors", 43, 8, true},
     [COL_VERDICT] = {"Verdict", 55, 15, false}},
    {[COL_STEP] = {"Step", 4, 4, true},
     [COL_LOAD] = {"VUs", 9, 8, true},
     [COL_REACHED] = {"RPS there", 19, 10, true},
     [COL_P95] = {"p95", 31, 10, true},
     [COL_ERRORS] = {"Errors", 43, 8, true},
     [COL_VERDICT] = {"Verdict", 55, 14, false}},
};

static const struct stress_found *found(const struct session *s) {
    return &session_result(s)->judgement.stress;
}

static const struct column *columns_for(const struct pen *p) {
    enum pane_size size = pane_size(p->a.cols);
    return found(p->s)->open ? columns[size] : closed_columns[size];
}

/* --- a step ---------------------------------------------------------------------------------- */

static enum mark step_mark(const struct stress_found *f, size_t i) {
    static const enum mark marks[] = {[STEP_KEPT] = MARK_OK,
                                      [STEP_OVER] = MARK_BROKEN,
                                      [STEP_DISTURBED] = MARK_NEAR,
                                      [STEP_NOT_JUDGED] = MARK_INVALID};
    return marks[stress_step_state(f, i)];
}

static const char *step_word(const struct stress_found *f, size_t i) {
    return stress_state_word(stress_step_state(f, i));
}

/* Of a whole test, so that the column has one depth. */
static int rate_decimals(const struct stress_found *f) {
    for (size_t i = 0; i < f->steps; i++)
        if (stress_step_rps(&f->step[i].is) >= 1000)
            return 0;
    return 1;
}

static char *show_cell(const struct stress_found *f, const struct stress_judged *s, int column,
                       char *out, size_t size) {
    const struct stress_step *is = &s->is;
    switch (column) {
    case COL_STEP:
        snprintf(out, size, "%d", is->number);
        return out;
    case COL_LOAD:
        return stress_load(is->load, out, size);
    case COL_REACHED:
        return unit_show(stress_step_rps(is), rate_decimals(f), out, size);
    case COL_SHARE:
        return stress_share(stress_step_rps(is) / is->load, out, size);
    case COL_P95:
        return unit_show_ms(is->p95_ms, out, size);
    case COL_ERRORS:
        return unit_show_share(stress_step_errors(is), out, size);
    case COL_VUS:
        return unit_show(is->vus, 0, out, size);
    default:
        out[0] = '\0';
        return out;
    }
}

static enum look cell_look(const struct stress_judged *s, int column) {
    bool failed = (column == COL_P95 && (s->failed[STRESS_P95] || s->failed[STRESS_NO_DATA])) ||
                  (column == COL_ERRORS && s->failed[STRESS_ERRORS]) ||
                  (column == COL_SHARE && s->failed[STRESS_RATE]);
    if (!s->judged || (column == COL_P95 && !s->p95_judged))
        return LOOK_MUTED;
    return failed ? LOOK_FAIL : LOOK_TEXT;
}

static void draw_head(const struct pen *p, int index) {
    (void)index;
    const struct column *col = columns_for(p);
    for (int i = 0; i < COLUMNS; i++)
        if (col[i].width > 0)
            table_cell(p->g, p->a.row, p->a.col, &col[i], LOOK_MUTED, col[i].title);
}

static void draw_step(const struct pen *p, int index) {
    const struct stress_found *f = found(p->s);
    const struct stress_judged *s = &f->step[index];
    const struct column *col = columns_for(p);
    enum mark mark = step_mark(f, (size_t)index);
    char text[48];
    pen_sign(p, AT_SIGN, mark);
    for (int i = 0; i < COL_VERDICT; i++)
        if (col[i].width > 0)
            table_cell(p->g, p->a.row, p->a.col, &col[i], cell_look(s, i),
                       show_cell(f, s, i, text, sizeof text));
    snprintf(text, sizeof text, "%s %s", sign_of(mark).sign, step_word(f, (size_t)index));
    table_cell(p->g, p->a.row, p->a.col, &col[COL_VERDICT], sign_of(mark).look, text);
}

/* Between the last step that kept the limits and the first that did not. */
static void draw_knee(const struct pen *p, int index) {
    (void)index;
    enum { WORD = 6 };
    const struct column *last = &columns_for(p)[COL_VERDICT];
    int width = last->at + 12 - AT_TEXT, col = p->a.col + AT_TEXT;
    grid_fill(p->g, p->a.row, col, width, LOOK_MUTED, 0x254c);
    grid_put(p->g, p->a.row, col + (width - WORD) / 2, WORD, LOOK_FAIL, " knee ");
}

void stress_build(struct sheet *sh) {
    const struct stress_found *f = found(sh->s);
    sheet_blank(sh);
    sheet_part(sh);
    sheet_line(sh, LINE_KEEP, draw_head, 0);
    for (size_t i = 0; i < f->steps; i++) {
        if (f->last_pass >= 0 && (int)i == f->first_fail)
            sheet_line(sh, LINE_ROW, draw_knee, 0);
        sheet_item(sh, sheet_line(sh, LINE_ROW, draw_step, (int)i), ITEM_LOAD_STEP, (int)i,
                   step_mark(f, i));
    }
}

/* --- one step -------------------------------------------------------------------------------- */

bool stress_copy(const struct session *s, int index, struct buf *out) {
    const struct stress_found *f = found(s);
    const struct stress_judged *x = &f->step[index];
    char load[32], rate[32], p95[32], errors[32];
    return buf_printf(out, "step %d: %s %s, %s RPS reached, p95 %s, errors %s, %s", x->is.number,
                      stress_load(x->is.load, load, sizeof load), stress_unit(f),
                      show_rate(stress_step_rps(&x->is), rate, sizeof rate),
                      unit_show_ms(x->is.p95_ms, p95, sizeof p95),
                      unit_show_share(stress_step_errors(&x->is), errors, sizeof errors),
                      step_word(f, (size_t)index));
}

static void add_number(struct sheet *sh, const char *label, double value, int decimals) {
    char text[48];
    if (!isnan(value))
        details_add(sh, label, unit_show(value, decimals, text, sizeof text));
}

static void add_ms(struct sheet *sh, const char *label, double value) {
    char text[48];
    if (!isnan(value))
        details_add(sh, label, unit_show_ms(value, text, sizeof text));
}

static void add_share(struct sheet *sh, const char *label, double value, const char *words) {
    char text[160];
    if (isnan(value))
        return;
    snprintf(text, sizeof text, "%.1f %%%s", 100 * value, words);
    details_add(sh, label, text);
}

static void add_why(struct sheet *sh, const struct stress_found *f, int index) {
    static const char *const generator[STRESS_REASONS] = {
        [STRESS_VU_CAP] = "iterations were dropped while the response time was as in the first "
                          "step: there were too few VUs",
        [STRESS_GENERATOR_CPU] = "the CPU of the load machine was full",
        [STRESS_GENERATOR_TIME] = "the users spent time that is neither response nor pause"};
    const struct stress_judged *s = &f->step[index];
    char text[320];
    if (stress_breaks(s, text, sizeof text))
        details_add(sh, "Limits", text);
    if (f->transient[index])
        details_add(sh, "Disturbed",
                    "A higher step kept all limits, so this is not the break. Look what else ran "
                    "at that time.");
    if (generator[s->generator])
        details_add(sh, "Not judged", generator[s->generator]);
    else if (!s->judged)
        details_add(sh, "Not judged", "The load generator was the limit from an earlier step on.");
    if (!s->p95_judged)
        details_add(sh, "Samples", "too few requests for p95");
    else if (s->thin)
        details_add(sh, "Samples", "few requests: p95 is weak");
}

struct line *stress_details(struct sheet *sh, int index) {
    const struct stress_found *f = found(sh->s);
    const struct stress_judged *s = &f->step[index];
    const struct stress_step *is = &s->is;
    char text[96], from[32], to[32], load[32];
    snprintf(text, sizeof text, "Step %d: %s %s", is->number,
             stress_load(is->load, load, sizeof load), stress_unit(f));
    struct line *l =
        details_head(sh, text, step_mark(f, (size_t)index), step_word(f, (size_t)index));
    snprintf(text, sizeof text, "%s to %s", show_at(sh->s, is->from_s, true, from, sizeof from),
             show_at(sh->s, is->to_s, true, to, sizeof to));
    details_add(sh, "Time", text);
    snprintf(text, sizeof text, "%s successful requests per second",
             show_rate(stress_step_rps(is), load, sizeof load));
    details_add(sh, "Reached", text);
    if (f->open)
        add_share(sh, "Of target", stress_step_rps(is) / is->load, "");
    add_number(sh, "Requests", is->requests, 0);
    add_number(sh, "Failed", is->requests - is->ok, 0);
    add_ms(sh, "Average", is->mean_ms);
    add_ms(sh, "p95", is->p95_ms);
    add_ms(sh, "p99", is->p99_ms);
    add_number(sh, "Dropped", is->dropped, 0);
    add_number(sh, "Busy VUs", is->vus, 1);
    add_share(sh, "Generator", is->generator_cpu, " CPU");
    add_share(sh, "Users' time", s->law, " is response or pause");
    add_why(sh, f, index);
    return l;
}

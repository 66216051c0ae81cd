#include <math.h>
#include <stdio.h>
#include <string.h>

#include "base/text.h"
#include "base/unit.h"
#include "ui/screen/panel/parts.h"

enum { AT_SIGN = 2, AT_TEXT = 4, AT_WHY = 11, AT_WHY_TEXT = 23 };
static const struct judgement *judged(const struct session *s) {
    return &session_result(s)->judgement;
}

/* --- looks ----------------------------------------------------------------------------------- */

bool results_low(const struct sheet *sh) {
    enum { LOW_ROWS = 26 };
    return sh->a.rows < LOW_ROWS;
}

enum look results_look(const struct session *s, enum look look) {
    return judged(s)->verdict == VERDICT_INVALID ? LOOK_MUTED : look;
}

void results_sign(const struct pen *p, int col, enum mark mark) {
    const struct sign sign = sign_of(mark);
    grid_put(p->g, p->a.row, p->a.col + col, 1, results_look(p->s, sign.look), sign.sign);
}

void results_verdict(const struct pen *p, const struct column *col, enum mark mark,
                     const char *word) {
    const struct sign sign = sign_of(mark);
    char text[120];
    snprintf(text, sizeof text, "%s %s", sign.sign, word);
    table_cell(p->g, p->a.row, p->a.col, col, results_look(p->s, sign.look), text);
}

/* --- the verdict ----------------------------------------------------------------------------- */

static bool any_near(const struct judgement *j) {
    for (size_t i = 0; i < j->checks; i++)
        if (j->check[i].near_limit)
            return true;
    return false;
}

static void show_window(const struct session *s, char *out, size_t size) {
    const struct judged_window *w = &judged(s)->window;
    double n =
        w->requests > 0 ? w->requests : summary_value(&session_result(s)->run, METRIC_REQUESTS);
    char requests[32], from[32], to[32], more[64];
    unit_show(n, 0, requests, sizeof requests);
    if (!w->steady) {
        snprintf(out, size, "whole run, ramps inside, %s requests", requests);
        return;
    }
    if (judged(s)->has_soak)
        snprintf(more, sizeof more, "first %.0f min left out",
                 (w->to_s - w->from_s) * s->rules.soak[SOAK_MEMORY].warm_up / 60);
    else
        snprintf(more, sizeof more, "%s requests", requests);
    snprintf(out, size, "steady window%s %s to %s, %s", w->estimated ? ", estimated," : "",
             show_at(s, w->from_s, true, from, sizeof from),
             show_at(s, w->to_s, true, to, sizeof to), more);
}

static void show_steps(const struct session *s, char *out, size_t size) {
    snprintf(out, size, "%zu steps, each without its first %.0f %%", judged(s)->stress.steps,
             100 * s->rules.stress.cut);
}

/* Stress and soak are judged as a whole by a summary; this says so. */
static void add_whole(struct sheet *sh) {
    const struct findings *f = &judged(sh->s)->findings;
    for (size_t i = 0; i < f->len; i++)
        if (strcmp(f->item[i].kind, "judged-as-a-whole") == 0)
            sheet_say(sh, LINE_KEEP, AT_TEXT, LOOK_TEXT, f->item[i].text);
}

static void add_verdict(struct sheet *sh) {
    const struct judgement *j = judged(sh->s);
    enum mark mark = mark_of_verdict(j->verdict, any_near(j));
    char text[200], state[80];
    text_copy(state, sizeof state, sign_of(mark).word);
    if (j->has_stress) {
        show_steps(sh->s, text, sizeof text);
        stress_state(sh->s, state, sizeof state);
    } else {
        if (j->has_soak)
            soak_state(sh->s, mark, state, sizeof state);
        show_window(sh->s, text, sizeof text);
    }
    sheet_blank(sh);
    if (!sh->strip) {
        sheet_state(sh, sheet_title(sh, LINE_KEEP, "Results", text), mark, state);
        sheet_blank(sh);
    }
    struct line *l = sheet_say(sh, LINE_KEEP, AT_TEXT, sign_of(mark).look,
                               j->sentence[0] ? j->sentence : "No verdict.");
    sheet_sign(sh, l, AT_SIGN, mark);
    if (j->has_stress)
        stress_sentence_build(sh);
    else if (j->has_soak)
        soak_sentence_build(sh);
    if (sh->strip)
        sheet_say(sh, LINE_SOURCE, AT_TEXT, LOOK_MUTED, text);
    add_whole(sh);
}

/* --- why, and what else there is to say ------------------------------------------------------ */

static void add_cause_part(struct sheet *sh, const char *label, const char *text) {
    if (text[0])
        sheet_label(sh, LINE_ROW, AT_WHY, label, AT_WHY_TEXT, text);
}

static void add_cause(struct sheet *sh, int index, const char *label) {
    const struct cause *c = &judged(sh->s)->cause[index];
    char head[96];
    snprintf(head, sizeof head, "%s  %s", c->id, c->name);
    struct line *l = sheet_say(sh, LINE_ROW, AT_WHY, LOOK_TITLE, head);
    sheet_piece(sh, l, AT_SIGN, AT_WHY - AT_SIGN - 1, LOOK_MUTED, label);
    sheet_item(sh, l, ITEM_CAUSE, index, MARK_NONE);
    add_cause_part(sh, "Evidence", c->evidence);
    add_cause_part(sh, "Points at", c->points_at);
    add_cause_part(sh, "Excludes", c->excludes);
    add_cause_part(sh, "Look next", c->look_next);
}

/* The same in a line or two; Enter shows the rest. */
static void add_short_cause(struct sheet *sh, int index, const char *label) {
    const struct cause *c = &judged(sh->s)->cause[index];
    char text[sizeof c->id + sizeof c->name + sizeof c->evidence + 8];
    snprintf(text, sizeof text, "%s  %s: %s", c->id, c->name, c->evidence);
    sheet_item(sh, sheet_label(sh, LINE_ROW, AT_SIGN, label, AT_WHY, text), ITEM_CAUSE, index,
               MARK_NONE);
}

/* why: "Why" was said already. */
static void add_causes(struct sheet *sh, bool why) {
    const struct judgement *j = judged(sh->s);
    if (j->verdict == VERDICT_PASS || j->causes == 0)
        return;
    sheet_blank(sh);
    sheet_part(sh);
    for (size_t i = 0; i < j->causes; i++) {
        const char *label = i > 0 ? "Also" : why ? "Cause" : "Why";
        (results_low(sh) ? add_short_cause : add_cause)(sh, (int)i, label);
    }
}

/* What sentence and rows of a stress or soak test say already, by how it begins. */
static bool is_said(const struct judgement *j, const char *step) {
    static const char *const begins[] = {
        "Healthy up to ",    "Breaks below ",     "Holds at least ",
        "Only one step ",    "Memory grows ",     "p95 grows ",
        "Error rate grows ", "Throughput falls ", "At this pace "};
    for (size_t i = 0; i < sizeof begins / sizeof *begins; i++)
        if ((j->has_stress || j->has_soak) && text_starts(step, begins[i]))
            return true;
    return false;
}

/* The steps that neither the sentence, nor a cause, nor "Next" says. */
static bool is_own_step(const struct judgement *j, const char *step, const char *next) {
    if (strcmp(step, j->sentence) == 0 || strcmp(step, next) == 0 || is_said(j, step))
        return false;
    for (size_t i = 0; i < j->causes; i++)
        if (text_starts(step, j->cause[i].id))
            return false;
    return true;
}

static void add_steps(struct sheet *sh) {
    const struct judgement *j = judged(sh->s);
    char next[512];
    session_next(sh->s, STEP_RESULTS, next, sizeof next);
    bool first = true;
    for (size_t i = 0; i < j->steps; i++) {
        if (!is_own_step(j, j->step[i], next))
            continue;
        if (first)
            sheet_blank(sh);
        bool pass = j->verdict == VERDICT_PASS;
        sheet_label(sh, pass ? LINE_NOTE : LINE_ROW, AT_SIGN,
                    !first ? ""
                    : pass ? "Note"
                           : "To do",
                    AT_WHY, j->step[i]);
        first = false;
    }
}

/* What was seen on the way: warnings first. */
static void add_remarks(struct sheet *sh, bool warnings) {
    const struct findings *f = &judged(sh->s)->findings;
    for (size_t i = 0; i < f->len; i++) {
        const struct finding *x = &f->item[i];
        if (strcmp(x->kind, "judged-as-a-whole") == 0 || strcmp(x->kind, "ramps-inside") == 0 ||
            strcmp(x->kind, "transient") == 0 || /* the row of the step says it */
            (x->level != FINDING_INFO) != warnings)
            continue;
        struct line *l = sheet_say(sh, warnings ? LINE_ROW : LINE_NOTE, AT_WHY,
                                   warnings ? LOOK_TEXT : LOOK_MUTED, x->text);
        sheet_sign(sh, l, AT_WHY - 2, mark_of_finding(x->level));
    }
}

static void add_source(struct sheet *sh) {
    const struct result *r = session_result(sh->s);
    char text[NAME_MAX_BYTES + 320], when[32], error[48] = "exact";
    show_when(r->at_ms, sh->s->now_ms, when, sizeof when);
    if (r->run.percentile_error > 0)
        snprintf(error, sizeof error, "within %.4f %%", 100 * r->run.percentile_error);
    snprintf(text, sizeof text, "%s, %s, judged %s%s%s%s%s", r->from, r->run.format, when,
             r->run.computed ? ", percentiles " : "", r->run.computed ? r->run.percentiles : "",
             r->run.computed ? ", " : "", r->run.computed ? error : "");
    sheet_blank(sh);
    sheet_label(sh, LINE_SOURCE, AT_SIGN, "Source", AT_WHY, text);
}

/* --- the panel ------------------------------------------------------------------------------- */

/* The figures, then what explains them. */
static void add_figures(struct sheet *sh) {
    const struct judgement *j = judged(sh->s);
    if (j->has_stress) {
        stress_build(sh);
        stress_why_build(sh, AT_SIGN, AT_WHY);
    } else if (j->has_soak) {
        soak_build(sh);
        checks_build(sh, false);
    } else {
        checks_build(sh, true);
        endpoints_build(sh);
        stretches_build(sh);
    }
    add_causes(sh, j->has_stress && j->stress.first_fail >= 0);
    add_steps(sh);
    add_remarks(sh, true);
}

void results_columns(struct sheet *sh) {
    sheet_columns(sh, 94, 60);
    if (!sh->wide)
        sheet_columns(sh, 80, 50);
}

static void build_table(struct sheet *sh) {
    results_columns(sh);
    add_verdict(sh);
    add_figures(sh);
    if (!sh->wide) {
        over_time_build(sh);
        measured_build(sh);
        add_remarks(sh, false);
        add_source(sh);
    }
    sheet_blank(sh);
    sheet_next(sh, AT_WHY);
    if (!sh->wide)
        return;
    sheet_right(sh);
    over_time_build(sh);
    measured_build(sh);
    sheet_blank(sh);
    add_remarks(sh, false);
    add_source(sh);
}

/* Something else over the whole pane: the items stay those of the table, on its first line. */
static void over_pane(struct sheet *sh, struct line *title) {
    title->first_item = 0;
    title->items = sh->items;
}

static void build_details(struct sheet *sh) {
    sheet_restart(sh);
    over_pane(sh, details_build(sh));
}

static void build_zoom(struct sheet *sh) {
    sheet_restart(sh);
    struct line *title = sheet_title(sh, LINE_KEEP, "Results", "over time   z closes");
    over_pane(sh, title);
    sheet_blank(sh);
    over_time_build(sh);
}

static void build(struct sheet *sh) {
    if (!session_step_open(sh->s, STEP_RESULTS)) {
        sheet_locked(sh);
        return;
    }
    build_table(sh);
    if (sh->v->mode == VIEW_DETAILS)
        build_details(sh);
    else if (sh->v->zoom)
        build_zoom(sh);
}

static bool copy_check(const struct check *c, struct buf *out) {
    char value[64], limit[64];
    return buf_printf(out, "%s: %s, limit %s, %s", check_title(c),
                      check_show_value(c, c->value, value, sizeof value),
                      check_show_limit(c, limit, sizeof limit), mark_check_word(c));
}

static bool copy(const struct session *s, const struct view *v, struct buf *out) {
    struct item it;
    if (!session_step_open(s, STEP_RESULTS) || !panel_focused(s, v, &it))
        return false;
    if (it.kind == ITEM_CAUSE) {
        const struct cause *c = &judged(s)->cause[it.index];
        return buf_printf(out, "%s %s: %s. Look next: %s", c->id, c->name, c->evidence,
                          c->look_next);
    }
    if (it.kind == ITEM_ENDPOINT)
        return endpoint_copy(s, &session_result(s)->run.endpoint[it.index], out);
    if (it.kind == ITEM_LOAD_STEP)
        return stress_copy(s, it.index, out);
    if (it.kind == ITEM_TREND)
        return soak_copy(s, it.index, out);
    return copy_check(&judged(s)->check[it.index], out);
}

const struct panel panel_results = {.name = "Results", .build = build, .copy = copy};

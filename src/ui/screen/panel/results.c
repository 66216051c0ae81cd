#include <math.h>
#include <stdio.h>
#include <string.h>

#include "base/text.h"
#include "base/unit.h"
#include "ui/screen/panel/parts.h"
#include "ui/screen/widget/gauge.h"
#include "ui/screen/widget/table.h"

enum { AT_SIGN = 2, AT_TEXT = 4, AT_WHY = 11, AT_WHY_TEXT = 23 };
static const struct judgement *judged(const struct session *s) { return &s->result.judgement; }

/* --- the limits ------------------------------------------------------------------------------ */

enum { COL_NAME, COL_VALUE, COL_LIMIT, COL_GAUGE, COL_USE, COL_HEADROOM, COL_VERDICT, COLUMNS };

static const struct column check_columns[PANE_SIZES][COLUMNS] = {
    {{"Limit", 4, 15, false},
     {"Measured", 19, 11, true},
     {"Limit", 32, 11, true},
     {"Use", 47, 13, false},
     {"", 61, 6, true},
     {"Headroom", 68, 9, true},
     {"Verdict", 81, 12, false}},
    {{"Limit", 4, 14, false},
     {"Measured", 18, 10, true},
     {"Limit", 29, 9, true},
     {"Use", 41, 8, false},
     {"", 50, 6, true},
     {"Headroom", 57, 8, true},
     {"Verdict", 67, 12, false}},
    {{"Limit", 4, 13, false},
     {"Measured", 17, 10, true},
     {"Limit", 28, 9, true},
     {"", 38, 0, false},
     {"Use", 39, 6, true},
     {"Headroom", 46, 9, true},
     {"Verdict", 58, 12, false}},
};

static void draw_check_head(const struct pen *p, int index) {
    (void)index;
    table_head(p->g, p->a.row, p->a.col, check_columns[pane_size(p->a.cols)], COLUMNS);
}

static char *show_percent(double share, char *out, size_t size) {
    if (share > 9.995)
        snprintf(out, size, ">999 %%");
    else if (share < -9.995)
        snprintf(out, size, "<-999 %%");
    else
        snprintf(out, size, "%.0f %%", 100 * share);
    return out;
}

/* What the rate is a share of. */
static double target_of(const struct session *s) {
    const struct profile *p = &s->profile;
    if (p->stages == 0)
        return NAN;
    return p->model == MODEL_STRESS ? p->planned_requests / p->duration_s : p->target_rps;
}

/* A rate has no use of a limit: it says how much of the target was reached. */
static void draw_reached(const struct pen *p, const struct check *c, const struct column *col) {
    double target = target_of(p->s), share = c->value / target;
    struct column wide = col[COL_GAUGE];
    char text[64], number[32];
    wide.width = col[COL_USE].at + col[COL_USE].width - wide.at;
    if (isnan(share))
        return;
    if (col[COL_GAUGE].width == 0) {
        table_cell(p->g, p->a.row, p->a.col, &col[COL_USE], LOOK_TEXT,
                   show_percent(share, text, sizeof text));
        return;
    }
    snprintf(text, sizeof text, "%.1f %% of %s", 100 * share,
             show_rate(target, number, sizeof number));
    table_cell(p->g, p->a.row, p->a.col, &wide, LOOK_TEXT, text);
}

static void draw_use(const struct pen *p, const struct check *c, const struct column *col) {
    double use = check_use(c);
    char text[32];
    if (strcmp(c->metric, "rps") == 0) {
        draw_reached(p, c, col);
        return;
    }
    if (isnan(use))
        return;
    enum mark mark = check_mark(c);
    gauge_draw(p->g, p->a.row, p->a.col + col[COL_GAUGE].at, col[COL_GAUGE].width, use,
               mark == MARK_OK ? LOOK_MUTED : sign_of(mark).look);
    table_cell(p->g, p->a.row, p->a.col, &col[COL_USE], LOOK_TEXT,
               show_percent(use, text, sizeof text));
}

/* A row without data says why, where else its use would be. */
static void draw_missing(const struct pen *p, const struct check *c, const struct column *col) {
    int from = col[COL_GAUGE].at;
    const char *why = c->why;
    if (strncmp(why, "It has ", 7) == 0) /* the row is "it" */
        why += 7;
    grid_put(p->g, p->a.row, p->a.col + from, col[COL_VERDICT].at - 2 - from, LOOK_MUTED, why);
}

static void draw_check(const struct pen *p, int index) {
    const struct check *c = &judged(p->s)->check[index];
    const struct column *col = check_columns[pane_size(p->a.cols)];
    const struct sign sign = sign_of(check_mark(c));
    int row = p->a.row, left = p->a.col;
    char text[64];
    pen_sign(p, AT_SIGN, check_mark(c));
    table_cell(p->g, row, left, &col[COL_NAME], LOOK_TEXT, check_title(c));
    table_cell(p->g, row, left, &col[COL_VALUE], c->status == VERDICT_PASS ? LOOK_TEXT : sign.look,
               show_check_value(p->s, c, text, sizeof text));
    table_cell(p->g, row, left, &col[COL_LIMIT], LOOK_TEXT,
               show_check_limit(p->s, c, text, sizeof text));
    if (c->status == VERDICT_NO_DATA)
        draw_missing(p, c, col);
    else
        draw_use(p, c, col);
    if (c->status != VERDICT_NO_DATA && !isnan(check_headroom(c)))
        table_cell(p->g, row, left, &col[COL_HEADROOM], LOOK_TEXT,
                   show_percent(check_headroom(c), text, sizeof text));
    snprintf(text, sizeof text, "%s %s", sign.sign, mark_check_word(c));
    table_cell(p->g, row, left, &col[COL_VERDICT], sign.look, text);
}

/* --- the verdict ----------------------------------------------------------------------------- */

static bool any_near(const struct judgement *j) {
    for (size_t i = 0; i < j->checks; i++)
        if (j->check[i].near_limit)
            return true;
    return false;
}

static void whole_run(const struct session *s, char *out, size_t size) {
    char requests[32];
    snprintf(
        out, size, "whole run, ramps inside, %s requests",
        unit_show(summary_value(&s->result.run, METRIC_REQUESTS), 0, requests, sizeof requests));
}

/* Stress and soak are judged as a whole by a summary; this says so. */
static void add_whole(struct sheet *sh) {
    const struct findings *f = &judged(sh->s)->findings;
    for (size_t i = 0; i < f->len; i++)
        if (strcmp(f->item[i].kind, "judged-as-a-whole") == 0)
            sheet_say(sh, LINE_KEEP, AT_TEXT, LOOK_TEXT, f->item[i].text);
}

/* Whose percentiles they are. */
static void add_definition(struct sheet *sh) {
    const struct summary *run = &sh->s->result.run;
    char text[200], error[48] = "exact";
    if (!run->computed)
        return;
    if (run->percentile_error > 0)
        snprintf(error, sizeof error, "within %.4f %%", 100 * run->percentile_error);
    snprintf(text, sizeof text, "%s, percentiles %s, %s", run->format, run->percentiles, error);
    sheet_say(sh, LINE_SOURCE, AT_TEXT, LOOK_MUTED, text);
}

static void add_verdict(struct sheet *sh) {
    const struct judgement *j = judged(sh->s);
    enum mark mark = mark_of_verdict(j->verdict, any_near(j));
    char text[160];
    whole_run(sh->s, text, sizeof text);
    sheet_blank(sh);
    if (!sh->strip) {
        sheet_state(sh, sheet_title(sh, LINE_KEEP, "Results", text), mark, sign_of(mark).word);
        sheet_blank(sh);
    }
    struct line *l = sheet_say(sh, LINE_KEEP, AT_TEXT, sign_of(mark).look, j->sentence);
    sheet_sign(sh, l, AT_SIGN, mark);
    if (sh->strip)
        sheet_say(sh, LINE_SOURCE, AT_TEXT, LOOK_MUTED, text);
    add_definition(sh);
    add_whole(sh);
}

static void add_checks(struct sheet *sh) {
    const struct judgement *j = judged(sh->s);
    sheet_blank(sh);
    sheet_line(sh, LINE_KEEP, draw_check_head, 0);
    for (size_t i = 0; i < j->checks; i++)
        sheet_item(sh, sheet_line(sh, LINE_ROW, draw_check, (int)i), ITEM_CHECK, (int)i,
                   check_mark(&j->check[i]));
}

/* --- why, and what else there is to say ------------------------------------------------------ */

static void add_cause_part(struct sheet *sh, const char *label, const char *text) {
    if (text[0])
        sheet_label(sh, LINE_ROW, AT_WHY, label, AT_WHY_TEXT, text);
}

static void add_causes(struct sheet *sh) {
    const struct judgement *j = judged(sh->s);
    if (j->verdict == VERDICT_PASS || j->causes == 0)
        return;
    sheet_blank(sh);
    sheet_part(sh);
    for (size_t i = 0; i < j->causes; i++) {
        const struct cause *c = &j->cause[i];
        char head[96];
        snprintf(head, sizeof head, "%s  %s", c->id, c->name);
        struct line *l = sheet_say(sh, LINE_ROW, AT_WHY, LOOK_TITLE, head);
        sheet_piece(sh, l, 2, AT_WHY - 3, LOOK_MUTED, i == 0 ? "Why" : "Also");
        sheet_item(sh, l, ITEM_CAUSE, (int)i, MARK_NONE);
        add_cause_part(sh, "Evidence", c->evidence);
        add_cause_part(sh, "Points at", c->points_at);
        add_cause_part(sh, "Excludes", c->excludes);
        add_cause_part(sh, "Look next", c->look_next);
    }
}

/* The steps that neither the sentence, nor a cause, nor "Next" says. */
static bool is_own_step(const struct judgement *j, const char *step, const char *next) {
    if (strcmp(step, j->sentence) == 0 || strcmp(step, next) == 0)
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
        sheet_label(sh, LINE_ROW, 2,
                    !first                       ? ""
                    : j->verdict == VERDICT_PASS ? "Note"
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
            (x->level != FINDING_INFO) != warnings)
            continue;
        struct line *l = sheet_say(sh, warnings ? LINE_ROW : LINE_NOTE, AT_WHY,
                                   warnings ? LOOK_TEXT : LOOK_MUTED, x->text);
        sheet_sign(sh, l, AT_WHY - 2, mark_of_finding(x->level));
    }
}

static void add_source(struct sheet *sh) {
    const struct result *r = &sh->s->result;
    char text[NAME_MAX_BYTES + 120], when[32];
    snprintf(text, sizeof text, "%s, %s, judged %s", r->from, r->run.format,
             show_when(r->at_ms, sh->s->now_ms, when, sizeof when));
    sheet_blank(sh);
    sheet_pair(sh, LINE_SOURCE, 2, "Source", AT_WHY, text);
}

/* --- the panel ------------------------------------------------------------------------------- */

static void build_table(struct sheet *sh) {
    sheet_columns(sh, 94, 60);
    if (!sh->wide)
        sheet_columns(sh, 80, 50);
    add_verdict(sh);
    add_checks(sh);
    endpoints_build(sh);
    measured_build(sh);
    over_time_build(sh);
    sheet_right(sh);
    add_causes(sh);
    add_steps(sh);
    add_remarks(sh, true);
    add_remarks(sh, false);
    add_source(sh);
    sheet_blank(sh);
    sheet_next(sh, AT_WHY);
}

/* The items stay those of the table, on the first line of what explains one of them. */
static void build_details(struct sheet *sh) {
    build_table(sh);
    sheet_restart(sh);
    struct line *title = details_build(sh);
    title->first_item = 0;
    title->items = sh->items;
}

static void build(struct sheet *sh) {
    if (!session_step_open(sh->s, STEP_RESULTS))
        sheet_locked(sh);
    else if (sh->v->mode == VIEW_DETAILS)
        build_details(sh);
    else
        build_table(sh);
}

static bool copy(const struct session *s, const struct view *v, struct buf *out) {
    struct item it;
    char value[64], limit[64];
    if (!session_step_open(s, STEP_RESULTS) || !panel_focused(s, v, &it))
        return false;
    if (it.kind == ITEM_CAUSE) {
        const struct cause *c = &judged(s)->cause[it.index];
        return buf_printf(out, "%s %s: %s. Look next: %s", c->id, c->name, c->evidence,
                          c->look_next);
    }
    if (it.kind == ITEM_ENDPOINT)
        return endpoint_copy(&s->result.run.endpoint[it.index], out);
    const struct check *c = &judged(s)->check[it.index];
    return buf_printf(out, "%s: %s, limit %s, %s", check_title(c),
                      show_check_value(s, c, value, sizeof value),
                      show_check_limit(s, c, limit, sizeof limit), mark_check_word(c));
}

const struct panel panel_results = {.name = "Results", .build = build, .copy = copy};

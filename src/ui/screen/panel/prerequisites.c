#include <math.h>
#include <stdio.h>
#include <string.h>

#include "base/unit.h"
#include "tools/tool.h"
#include "ui/screen/panel/parts.h"

enum { AT_SIGN = 2, AT_TITLE = 4, AT_WHAT = 22, AT_STEP = 7 };

static int why_col(const struct sheet *sh) {
    static const int cols[PANE_SIZES] = {47, 43, 40};
    return cols[pane_size(sh->cols)];
}

static const struct tool *chosen_tool(const struct session *s) {
    return s->base.chosen >= 0 ? s->ws.baseline[s->base.chosen].tool : NULL;
}

static bool needs_result(const struct session *s) {
    return s->base.chosen >= 0 &&
           (s->base.source != BASELINE_MEASURED || s->base.stability != STABLE);
}

/* --- checks ---------------------------------------------------------------------------------- */

static void add_row(struct sheet *sh, const struct row *r, int index) {
    int why = why_col(sh);
    struct line *l = sheet_say(sh, LINE_ROW, why, LOOK_MUTED, r->why);
    sheet_sign(sh, l, AT_SIGN, r->mark);
    sheet_piece(sh, l, AT_TITLE, AT_WHAT - AT_TITLE - 1, LOOK_TEXT, r->title);
    sheet_piece(sh, l, AT_WHAT, why - AT_WHAT - 1, r->mark == MARK_NODATA ? LOOK_NODATA : LOOK_TEXT,
                r->what);
    sheet_item(sh, l, ITEM_PREREQUISITE, index, r->mark);
}

static int worst_row(const struct row *row, int n) {
    int worst = 0;
    for (int i = 1; i < n; i++)
        if (mark_rank(row[i].mark) < mark_rank(row[worst].mark))
            worst = i;
    return worst;
}

static void add_title(struct sheet *sh, const struct row *row, int n) {
    const struct session *s = sh->s;
    struct line *l = sheet_title(sh, LINE_KEEP, "Prerequisites", "");
    struct row step = session_step(s, STEP_PREREQUISITES);
    enum mark worst = row[worst_row(row, n)].mark;
    if (session_ready(s) && step.mark != MARK_BROKEN)
        sheet_state(sh, l, step.mark, "ready");
    else
        sheet_state(sh, l, worst == MARK_BROKEN ? worst : MARK_NODATA,
                    worst == MARK_BROKEN ? "stopped" : step.what);
}

/* --- remarks --------------------------------------------------------------------------------- */

/* In the same words, or in others. */
static bool said(const struct row *row, int n, const struct finding *f) {
    for (int i = 0; i < n; i++)
        if (strcmp(row[i].why, f->text) == 0)
            return true;
    return strcmp(f->kind, "baseline-stated") == 0 || strcmp(f->kind, "several-baselines") == 0;
}

/* What the rows have not said already. */
static void add_remarks(struct sheet *sh, const struct row *row, int n) {
    struct findings all = {0}, shown = {0};
    session_prerequisite_findings(sh->s, &all);
    for (size_t i = 0; i < all.len; i++) {
        const struct finding *f = &all.item[i];
        if (f->level == FINDING_INFO || said(row, n, f))
            continue;
        struct finding *copy = findings_add(&shown, f->level, f->kind, "%s", f->text);
        *copy = *f;
    }
    if (shown.len) {
        sheet_blank(sh);
        sheet_part(sh);
        sheet_findings(sh, &shown, AT_SIGN, true);
    }
    findings_fini(&shown);
    findings_fini(&all);
}

/* --- the way out ----------------------------------------------------------------------------- */

static void add_step(struct sheet *sh, int *number, const char *text) {
    char label[16];
    snprintf(label, sizeof label, "%d", ++*number);
    struct line *l = sheet_say(sh, LINE_ROW, AT_STEP, LOOK_TEXT, text);
    sheet_piece(sh, l, AT_TITLE, 2, LOOK_TEXT, label);
}

static void add_run_step(struct sheet *sh, int *number) {
    const struct tool *tool = chosen_tool(sh->s);
    struct command command;
    struct err e = {0};
    char text[400];
    if (!tool || !tool->baseline_command) {
        add_step(sh, number, "Run the baseline until it has no errors, and state that below.");
        return;
    }
    if (tool->baseline_command(sh->s->ws.baseline[sh->s->base.chosen].name, &command, &e)) {
        add_step(sh, number, "Run the baseline and keep its result, or paste its summary:");
        sheet_command(sh, LINE_ROW, AT_STEP, &command);
    } else {
        snprintf(text, sizeof text, "Run the baseline and paste its summary. %s.", e.text);
        add_step(sh, number, text);
    }
    command_fini(&command);
}

static void add_way_out(struct sheet *sh) {
    const struct session *s = sh->s;
    char text[640];
    int number = 0;
    if (session_ready(s) || (s->ws.has_plan && s->ws.baselines > 0 && s->base.chosen < 0))
        return;
    sheet_blank(sh);
    sheet_say(sh, LINE_ROW, AT_SIGN, LOOK_TITLE, "To go on");
    if (!s->ws.has_plan) {
        snprintf(text, sizeof text, "Put test-plan.md into %s.", s->ws.path);
        add_step(sh, &number, text);
    }
    if (s->ws.baselines == 0) {
        snprintf(text, sizeof text, "Put the baseline script into %s.", s->ws.path);
        add_step(sh, &number, text);
    }
    if (needs_result(s))
        add_run_step(sh, &number);
    add_step(sh, &number, "Press r.");
}

/* --- choices --------------------------------------------------------------------------------- */

static struct way_cols way_columns(const struct sheet *sh) {
    return (struct way_cols){AT_SIGN, AT_WHAT, why_col(sh)};
}

static void add_scripts(struct sheet *sh) {
    const struct session *s = sh->s;
    static const struct way_cols cols = {AT_SIGN, 40, 50};
    if (s->ws.baselines < 2)
        return;
    sheet_blank(sh);
    sheet_part(sh);
    sheet_title(sh, LINE_ROW, "Baseline script", s->base.chosen < 0 ? "Enter chooses one" : "");
    for (size_t i = 0; i < s->ws.baselines; i++) {
        bool chosen = (int)i == s->base.chosen;
        struct line *l = way_line(sh, &cols, chosen ? MARK_OK : MARK_NONE, s->ws.baseline[i].name,
                                  s->ws.baseline[i].tool->title, chosen ? "chosen" : "");
        sheet_item(sh, l, ITEM_BASELINE, (int)i, chosen ? MARK_OK : MARK_NODATA);
    }
}

static void add_read_ways(struct sheet *sh, const struct way_cols *cols, bool needed) {
    if (needed)
        result_files_build(sh, cols, ITEM_BASELINE_FILE);
    sheet_item(
        sh, way_line(sh, cols, MARK_NONE, "Open a file", "its result file", "Enter, then its name"),
        ITEM_BASELINE_OPEN, 0, MARK_NONE);
    sheet_item(sh, way_line(sh, cols, MARK_NONE, "Paste", "printed summary", "at any time, with p"),
               ITEM_BASELINE_PASTE, 0, MARK_NONE);
}

static void add_result_ways(struct sheet *sh) {
    const struct session *s = sh->s;
    const struct way_cols cols = way_columns(sh);
    bool needed = needs_result(s);
    if (s->base.chosen < 0)
        return;
    sheet_blank(sh);
    sheet_part(sh);
    sheet_title(sh, LINE_ROW, needed ? "Baseline result" : "Another result",
                needed ? "one of these ways" : "");
    add_read_ways(sh, &cols, needed);
    if (s->base.source == BASELINE_UNKNOWN)
        sheet_item(
            sh,
            way_line(sh, &cols, MARK_NONE, "State it", "it has no errors", "stated, not measured"),
            ITEM_BASELINE_STATE, 0, MARK_NONE);
}

/* --- figures --------------------------------------------------------------------------------- */

static void add_figure(struct sheet *sh, const char *label, double value, const char *unit,
                       int decimals) {
    char number[48], text[96];
    if (isnan(value))
        return;
    snprintf(text, sizeof text, "%s %s", unit_show(value, decimals, number, sizeof number), unit);
    sheet_pair(sh, LINE_SOURCE, AT_TITLE, label, AT_WHAT, text);
}

static void add_figures(struct sheet *sh) {
    const struct summary *r = &sh->s->base.result;
    char text[160], vus[32], requests[32], length[32];
    if (sh->s->base.source != BASELINE_MEASURED)
        return;
    snprintf(text, sizeof text, "%s VUs, %s requests, %s",
             unit_show_short(summary_mean_vus(r), 1, vus, sizeof vus),
             unit_show(summary_value(r, METRIC_REQUESTS), 0, requests, sizeof requests),
             unit_show_clock(summary_value(r, METRIC_DURATION_S), length, sizeof length));
    sheet_piece(sh, sheet_title(sh, LINE_SOURCE, "Baseline", ""), AT_WHAT, 0, LOOK_TEXT, text);
    add_figure(sh, "p50", summary_value(r, METRIC_MED_MS), "ms", 0);
    add_figure(sh, "p95", summary_value(r, METRIC_P95_MS), "ms", 0);
    add_figure(sh, "Rate", summary_value(r, METRIC_RPS), "RPS", 2);
    add_figure(sh, "Iteration", summary_value(r, METRIC_ITERATION_MS), "ms", 0);
}

/* --- the panel ------------------------------------------------------------------------------- */

static void build_rows(struct sheet *sh) {
    struct row row[PREREQUISITE_ROWS];
    int n = session_prerequisite_rows(sh->s, row);
    sheet_columns(sh, 94, 60);
    sheet_blank(sh);
    if (!sh->strip) {
        add_title(sh, row, n);
        sheet_blank(sh);
    }
    for (int i = 0; i < n; i++) {
        if (i > 0)
            sheet_loose(sh);
        add_row(sh, &row[i], i);
    }
    add_remarks(sh, row, n);
    sheet_right(sh);
    add_figures(sh);
    add_scripts(sh);
    add_way_out(sh);
    add_result_ways(sh);
    intake_add_unknown(sh);
    sheet_blank(sh);
    sheet_next(sh, AT_WHAT);
}

static void build(struct sheet *sh) {
    if (intake_here(sh->s, sh->v))
        intake_build(sh);
    else
        build_rows(sh);
}

static bool is_way(const struct session *s, const struct item *it) {
    if (s->base.chosen < 0)
        return it->kind == ITEM_BASELINE;
    return needs_result(s) && (it->kind == ITEM_BASELINE_FILE || it->kind == ITEM_BASELINE_OPEN);
}

/* What stops the work; else what has to be chosen; else the worst row. */
static int start(const struct session *s, const struct view *v) {
    struct row row[PREREQUISITE_ROWS];
    struct item item[ITEMS_MAX];
    int rows = session_prerequisite_rows(s, row), n = panel_items(s, v, item);
    if (row[worst_row(row, rows)].mark != MARK_BROKEN && !intake_here(s, v))
        for (int i = 0; i < n; i++)
            if (is_way(s, &item[i]))
                return i;
    return panel_worst(s, v);
}

/* The row in focus; while a result is missing, the command that makes one. */
static bool copy(const struct session *s, const struct view *v, struct buf *out) {
    struct item it;
    struct row row[PREREQUISITE_ROWS];
    const struct tool *tool = chosen_tool(s);
    if (needs_result(s) && tool && tool->baseline_command) {
        struct command command;
        bool ok = tool->baseline_command(s->ws.baseline[s->base.chosen].name, &command, NULL) &&
                  buf_str(out, command.line);
        command_fini(&command);
        return ok;
    }
    int n = session_prerequisite_rows(s, row);
    if (!panel_focused(s, v, &it) || it.kind != ITEM_PREREQUISITE || it.index >= n)
        return false;
    return buf_printf(out, "%s: %s, %s", row[it.index].title, row[it.index].what,
                      row[it.index].why);
}

const struct panel panel_prerequisites = {
    .name = "Prerequisites", .build = build, .start = start, .copy = copy};

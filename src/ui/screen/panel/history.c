/* Screen 8: the stored runs, and in their place the comparison of two of them. */
#include <stdio.h>

#include "base/unit.h"
#include "ui/screen/panel/history_parts.h"

/* --- the list with what belongs to the run in focus ------------------------------------------- */

static void build_list(struct sheet *sh) {
    sheet_columns(sh, 94, 60);
    if (!sh->wide)
        sheet_columns(sh, 80, 50);
    size_t n = history_list_build(sh);
    size_t index = n > 0 ? (size_t)sh->item[sheet_focused(sh)].index : 0;
    if (n > 0 && !sh->wide) {
        sheet_blank(sh);
        history_details_build(sh, index);
        if (!results_low(sh))
            history_trend_build(sh, index);
    }
    if (n == 0)
        return;
    history_marks_build(sh);
    sheet_blank(sh);
    sheet_next(sh, HISTORY_LABEL_TEXT);
    if (!sh->wide)
        return;
    sheet_right(sh);
    history_details_build(sh, index);
    history_trend_build(sh, index);
}

static bool compares(const struct session *s, const struct view *v) {
    return v->history.compare && session_comparison(s);
}

static void build(struct sheet *sh) {
    if (!session_step_open(sh->s, STEP_HISTORY))
        sheet_locked(sh);
    else if (compares(sh->s, sh->v))
        compare_build(sh);
    else
        build_list(sh);
}

/* --- the panel ------------------------------------------------------------------------------- */

/* The run that is open, else the first. */
static int start(const struct session *s, const struct view *v) {
    const struct record *open = session_record(s);
    struct item item[ITEMS_MAX];
    size_t rows;
    const struct run_row *row = session_runs(s, &rows);
    int n = panel_items(s, v, item);
    for (int i = 0; open && i < n; i++)
        if (item[i].kind == ITEM_RUN && row[item[i].index].is.id == open->is.id)
            return i;
    return 0;
}

static bool copy_run(const struct session *s, size_t index, struct buf *out) {
    size_t n;
    const struct run_row *r = &session_runs(s, &n)[index];
    char name[96], p95[48], errors[48], rate[48], target[48], review[160];
    return buf_printf(out, "%s: %s at %s RPS, p95 %s, errors %s, rate %s, %s, %s",
                      show_run_name(s, &r->is, name, sizeof name), show_run_type(&r->is),
                      show_rate(r->is.target_rps, target, sizeof target),
                      unit_show_ms(r->is.p95_ms, p95, sizeof p95),
                      unit_show_share(r->is.error_rate, errors, sizeof errors),
                      show_rate(r->is.rps, rate, sizeof rate), session_run_word(r),
                      show_run_review(r, review, sizeof review));
}

static bool copy(const struct session *s, const struct view *v, struct buf *out) {
    struct item it;
    if (!session_step_open(s, STEP_HISTORY) || !panel_focused(s, v, &it))
        return false;
    return it.kind == ITEM_RUN ? copy_run(s, (size_t)it.index, out) : compare_copy(s, &it, out);
}

const struct panel panel_history = {
    .name = "History", .build = build, .start = start, .copy = copy};

/* The rows of the list of runs. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/unit.h"
#include "ui/screen/panel/history_parts.h"

enum {
    COL_RUN,
    COL_MARK,
    COL_REFERENCE,
    COL_STARTED,
    COL_TYPE,
    COL_TARGET,
    COL_P95,
    COL_ERRORS,
    COL_RATE,
    COL_VERDICT,
    COL_REVIEW,
    COLUMNS
};

/* Two marks share what is free: of the user, and of the reference of a type. */
static const struct column columns[PANE_SIZES][COLUMNS] = {
    {{"Run", 4, 5, false},
     {"", 9, 1, false},
     {"", 11, 3, false},
     {"Started", 15, 12, false},
     {"Type", 28, 6, false},
     {"Target", 34, 7, true},
     {"p95", 41, 9, true},
     {"Errors", 50, 8, true},
     {"Rate", 58, 7, true},
     {"Verdict", 66, 12, false},
     {"Review", 79, 13, false}},
    {{"Run", 4, 5, false},
     {"", 1, 1, false},
     {"", 9, 1, false},
     {"Started", 11, 12, false},
     {"Type", 24, 6, false},
     {"Goal", 31, 5, true},
     {"p95 ms", 37, 7, true},
     {"Err", 45, 6, true},
     {"Rate", 52, 5, true},
     {"Verdict", 58, 9, false},
     {"Review", 68, 10, false}},
    {{"Run", 4, 5, false},
     {"", 1, 1, false},
     {"", 9, 1, false},
     {"Started", 11, 12, false},
     {"Type", 24, 6, false},
     {"", 31, 0, true},
     {"p95 ms", 31, 7, true},
     {"Err", 39, 6, true},
     {"", 46, 0, true},
     {"Verdict", 47, 9, false},
     {"Review", 58, 12, false}},
};

static const int sorted[COLUMNS] = {[COL_RUN] = SORT_RUN,      [COL_MARK] = -1,
                                    [COL_REFERENCE] = -1,      [COL_STARTED] = -1,
                                    [COL_TYPE] = SORT_TYPE,    [COL_TARGET] = SORT_TARGET,
                                    [COL_P95] = SORT_P95,      [COL_ERRORS] = SORT_ERRORS,
                                    [COL_RATE] = SORT_RATE,    [COL_VERDICT] = SORT_VERDICT,
                                    [COL_REVIEW] = SORT_REVIEW};

/* The newest first, all else rising, unless it is reversed. */
static const char *arrow(const struct history_view *h) {
    bool falls = (h->sort == SORT_RUN) != h->reverse;
    return falls ? "↓" : "↑";
}

static void draw_head(const struct pen *p, int index) {
    (void)index;
    const struct column *col = columns[pane_size(p->a.cols)];
    const struct history_view *h = &p->v->history;
    char title[24];
    for (int i = 0; i < COLUMNS; i++) {
        bool here = sorted[i] == (int)h->sort && col[i].width > 0;
        bool apart = (int)strlen(col[i].title) + 1 < col[i].width;
        snprintf(title, sizeof title, "%s%s%s", col[i].title, here && apart ? " " : "",
                 here ? arrow(h) : "");
        table_cell(p->g, p->a.row, p->a.col, &col[i], here ? LOOK_TITLE : LOOK_MUTED, title);
    }
}

/* --- a row ----------------------------------------------------------------------------------- */

static bool is_long(const struct pen *p) { return pane_size(p->a.cols) == PANE_LONG; }

static void put_signed(const struct pen *p, const struct column *col, enum mark mark,
                       const char *words) {
    char text[64];
    snprintf(text, sizeof text, "%s %s", sign_of(mark).sign, words);
    table_cell(p->g, p->a.row, p->a.col, col, sign_of(mark).look, text);
}

static void draw_verdict(const struct pen *p, const struct column *col, const struct run_row *r) {
    enum mark mark = session_run_mark(r);
    const char *word = session_run_word(r);
    bool tight = !is_long(p) && mark == MARK_BROKEN;
    put_signed(p, col, mark, tight ? "over" : word);
}

/* Sign and word; how many notes where there is room for them. */
static void draw_review(const struct pen *p, const struct column *col, const struct run_row *r) {
    static const char *const words[] = {[REVIEW_NONE] = "",
                                        [REVIEW_OPEN] = "",
                                        [REVIEW_APPROVED] = "approved",
                                        [REVIEW_CHANGES] = "changes",
                                        [REVIEW_OUTDATED] = "outdated"};
    const char *word = words[r->review];
    char text[48];
    if (!word[0] && r->open_notes > 0)
        snprintf(text, sizeof text, "%d open", r->open_notes);
    else if (!word[0] && r->notes > 0)
        snprintf(text, sizeof text, "%d note%s", r->notes, r->notes == 1 ? "" : "s");
    else if (r->notes > 0 && is_long(p))
        snprintf(text, sizeof text, "%s %d", word, r->notes);
    else
        snprintf(text, sizeof text, "%s", word);
    put_signed(p, col, run_review_mark(r), text);
}

static char *show_p95(const struct pen *p, double ms, char *out, size_t size) {
    int decimals = ms >= 99.95 ? 0 : ms >= 0.995 ? 1 : 2;
    if (isnan(ms))
        snprintf(out, size, "%s", is_long(p) ? "no data" : "?");
    else if (is_long(p))
        unit_show_ms(ms, out, size);
    else
        unit_show(ms, decimals, out, size);
    return out;
}

static char *show_errors(const struct pen *p, double share, char *out, size_t size) {
    if (isnan(share))
        snprintf(out, size, "%s", is_long(p) ? "no data" : "?");
    else if (is_long(p) || (share < 0.09995 && (share >= 0.00005 || share <= 0)))
        unit_show_share(share, out, size);
    else if (share > 0.5)
        snprintf(out, size, "%.0f %%", 100 * share);
    else
        snprintf(out, size, share < 0.01 ? "<0.01%%" : "%.1f %%", 100 * share);
    return out;
}

/* "12.6k" where the column has no room for more. */
static char *show_per_second(const struct pen *p, double rps, int decimals, char *out,
                             size_t size) {
    enum { THOUSAND = 1000, ROOM_FOR = 9999, ROOM_FOR_DECIMALS = 99949 };
    if (isnan(rps))
        snprintf(out, size, "-");
    else if (is_long(p) || rps < ROOM_FOR)
        unit_show(rps, rps < THOUSAND ? decimals : 0, out, size);
    else
        snprintf(out, size, "%.*fk", rps < ROOM_FOR_DECIMALS ? 1 : 0, rps / THOUSAND);
    return out;
}

static void draw_figures(const struct pen *p, const struct column *col, const struct run *r) {
    char text[48];
    int row = p->a.row, left = p->a.col;
    table_cell(p->g, row, left, &col[COL_TARGET], LOOK_TEXT,
               show_per_second(p, r->target_rps, 0, text, sizeof text));
    table_cell(p->g, row, left, &col[COL_P95], isnan(r->p95_ms) ? LOOK_NODATA : LOOK_TEXT,
               show_p95(p, r->p95_ms, text, sizeof text));
    table_cell(p->g, row, left, &col[COL_ERRORS], isnan(r->error_rate) ? LOOK_NODATA : LOOK_TEXT,
               show_errors(p, r->error_rate, text, sizeof text));
    table_cell(p->g, row, left, &col[COL_RATE], LOOK_TEXT,
               show_per_second(p, r->rps, 1, text, sizeof text));
}

static void draw_run(const struct pen *p, int index) {
    size_t n;
    const struct run_row *r = &session_runs(p->s, &n)[index];
    const struct column *col = columns[pane_size(p->a.cols)];
    const int64_t *mark = p->v->history.mark;
    const struct record *open = session_record(p->s);
    bool marked = r->is.id == mark[0] || r->is.id == mark[1];
    char text[48];
    pen_sign(p, HISTORY_SIGN, session_run_mark(r));
    snprintf(text, sizeof text, "%lld", (long long)r->is.id);
    table_cell(p->g, p->a.row, p->a.col, &col[COL_RUN],
               open && open->is.id == r->is.id ? LOOK_TITLE : LOOK_TEXT, text);
    if (marked)
        table_cell(p->g, p->a.row, p->a.col, &col[COL_MARK], LOOK_LIVE, sign_of(MARK_LIVE).sign);
    if (r->pinned)
        table_cell(p->g, p->a.row, p->a.col, &col[COL_REFERENCE], LOOK_OK,
                   col[COL_REFERENCE].width > 1 ? "ref" : "r");
    table_cell(p->g, p->a.row, p->a.col, &col[COL_STARTED], LOOK_TEXT,
               show_run_day(r->is.at_ms, p->s->now_ms, text, sizeof text));
    table_cell(p->g, p->a.row, p->a.col, &col[COL_TYPE], LOOK_TEXT, show_run_type(&r->is));
    draw_figures(p, col, &r->is);
    draw_verdict(p, &col[COL_VERDICT], r);
    draw_review(p, &col[COL_REVIEW], r);
}

/* --- the list -------------------------------------------------------------------------------- */

static void add_title(struct sheet *sh, size_t found, size_t all) {
    const struct history_view *h = &sh->v->history;
    char text[256], shown[32], total[32];
    unit_show((double)all, 0, total, sizeof total);
    unit_show((double)found, 0, shown, sizeof shown);
    if (all == 0)
        text[0] = '\0';
    else if (h->filter[0])
        snprintf(text, sizeof text, "%s of %s runs: %s", shown, total, h->filter);
    else
        snprintf(text, sizeof text, "%s run%s in .perfscale/runs.db", total, all == 1 ? "" : "s");
    sheet_blank(sh);
    struct line *l = sheet_title(sh, LINE_KEEP, "History", text);
    if (h->sort != SORT_RUN || h->reverse) {
        snprintf(text, sizeof text, "by %s %s", runs_sort_name(h->sort), arrow(h));
        sheet_end(sh, l, LOOK_MUTED, text);
    }
    sheet_blank(sh);
}

static void add_empty(struct sheet *sh, size_t all) {
    char text[200];
    snprintf(text, sizeof text, "Not found: %s", sh->v->history.filter);
    sheet_say(sh, LINE_KEEP, HISTORY_TEXT, LOOK_TEXT,
              all > 0 ? text : "No runs yet. The first one appears when data arrives.")
        ->here = true;
    if (all > 0)
        sheet_say(sh, LINE_KEEP, HISTORY_TEXT, LOOK_MUTED, "Esc shows all runs again.");
}

size_t history_list_build(struct sheet *sh) {
    enum { LEAST = 10, LEAST_LOW = 8 };
    const struct history_view *h = &sh->v->history;
    size_t all;
    session_runs(sh->s, &all);
    size_t *row = mem_new(all + 1, sizeof *row);
    size_t n = session_runs_find(sh->s, h->filter, h->sort, h->reverse, row, all);
    add_title(sh, n, all);
    if (n > 0) {
        sheet_line(sh, LINE_KEEP, draw_head, 0);
        struct line *l =
            sheet_list(sh, draw_run, ITEM_RUN, row, n, results_low(sh) ? LEAST_LOW : LEAST);
        l->above = h->sort != SORT_RUN ? "run" : h->reverse ? "older run" : "newer run";
        l->below = h->sort != SORT_RUN ? "run" : h->reverse ? "newer run" : "older run";
    } else {
        add_empty(sh, all);
    }
    free(row);
    return n;
}

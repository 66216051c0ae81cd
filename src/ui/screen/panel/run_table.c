/* The figures of a run that goes on: now, the last minute, since its start, and the part of it that
 * the verdict will use. */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "base/unit.h"
#include "ui/screen/panel/run_live.h"
#include "ui/screen/widget/gauge.h"

enum { AT_SIGN = 2 };
enum {
    COL_NAME,
    COL_NOW,
    COL_MINUTE,
    COL_TOTAL,
    COL_STRETCH,
    COL_LIMIT,
    COL_GAUGE,
    COL_USE,
    COLUMNS
};

/* Where the pane is narrow, the part that the verdict will use stands in the place of all since the
 * start: the same column, by what there is. A long one has no column for it when nothing of the
 * plan is known. */
enum { UNPLANNED = PANE_SIZES, LAYOUTS };
static const struct column columns[LAYOUTS][COLUMNS] = {
    {{"Metric", 4, 14, false},
     {"", 19, 10, true},
     {"", 30, 9, true},
     {"Since start", 40, 11, true},
     {"", 52, 14, true},
     {"Limit", 67, 11, true},
     {"Use", 80, 5, false},
     {"", 85, 7, true}},
    {{"Metric", 4, 13, false},
     {"", 17, 10, true},
     {"", 28, 10, true},
     {"Since start", 39, 11, true},
     {"", 39, 11, true},
     {"Limit", 51, 11, true},
     {"Use", 64, 5, false},
     {"", 69, 7, true}},
    {{"Metric", 4, 13, false},
     {"", 17, 9, true},
     {"", 27, 9, true},
     {"Since start", 37, 11, true},
     {"", 37, 11, true},
     {"Limit", 49, 11, true},
     {"", 61, 0, false},
     {"Use", 61, 7, true}},
    {{"Metric", 4, 14, false},
     {"", 19, 10, true},
     {"", 30, 9, true},
     {"Since start", 40, 11, true},
     {"", 52, 0, true},
     {"Limit", 53, 11, true},
     {"Use", 67, 16, false},
     {"", 84, 8, true}},
};

/* --- one figure ------------------------------------------------------------------------------ */

const char *run_metric_title(enum watch_metric m) {
    static const char *const titles[WATCH_METRICS] = {
        [WATCH_P95] = "p95",           [WATCH_ERRORS] = "Errors",
        [WATCH_RATE] = "Rate",         [WATCH_VUS] = "VUs in use",
        [WATCH_CPU] = "Generator CPU", [WATCH_MEMORY] = "Server memory"};
    return titles[m];
}

bool run_has_metric(const struct watch_view *w, enum watch_metric m) {
    const struct watch_row *r = &w->row[m];
    return m < WATCH_CPU || !isnan(r->now) || !isnan(r->minute) || !isnan(r->total) ||
           !isnan(r->stretch);
}

static char *show_number(enum watch_metric m, double value, char *out, size_t size) {
    char number[48];
    switch (m) {
    case WATCH_P95:
        return unit_show_ms(value, out, size);
    case WATCH_ERRORS:
        return unit_show_share(value, out, size);
    case WATCH_RATE:
        snprintf(out, size, "%s/s", unit_show(value, value < 1000 ? 1 : 0, number, sizeof number));
        return out;
    case WATCH_CPU:
        snprintf(out, size, "%.0f %%", 100 * value);
        return out;
    case WATCH_MEMORY:
        snprintf(out, size, "%s MB", unit_show(value, 0, number, sizeof number));
        return out;
    case WATCH_VUS:
    case WATCH_METRICS:
        break;
    }
    return unit_show(value, 0, out, size);
}

char *run_show(enum watch_metric m, double value, char *out, size_t size) {
    if (isfinite(value))
        return show_number(m, value, out, size);
    snprintf(out, size, "–");
    return out;
}

/* A rate is told beside what was offered; what of that must be reached is the verdict's. */
static double reference(const struct watch_view *w, enum watch_metric m) {
    return m == WATCH_RATE && w->offered_rps > 0 ? w->offered_rps : w->row[m].limit;
}

char *run_show_limit(const struct watch_view *w, enum watch_metric m, char *out, size_t size) {
    double limit = reference(w, m);
    char number[48];
    out[0] = '\0';
    if (!isfinite(limit))
        return out;
    if (m == WATCH_RATE)
        snprintf(out, size, "%s%s/s", w->offered_rps > 0 ? "of " : "",
                 show_rate(limit, number, sizeof number));
    else if (m == WATCH_P95)
        snprintf(out, size, "%s ms", unit_show_short(limit, 1, number, sizeof number));
    else if (m == WATCH_ERRORS)
        snprintf(out, size, "%s %%", unit_show_short(100 * limit, 4, number, sizeof number));
    else
        show_number(m, limit, out, size);
    return out;
}

static enum mark mark_of(enum level level) {
    static const enum mark marks[] = {[LEVEL_UNKNOWN] = MARK_NONE,
                                      [LEVEL_OK] = MARK_OK,
                                      [LEVEL_NEAR] = MARK_NEAR,
                                      [LEVEL_OVER] = MARK_BROKEN};
    return marks[level];
}

enum mark run_metric_mark(const struct watch_view *w, enum watch_metric m) {
    const struct watch_row *r = &w->row[m];
    return mark_of(r->now_level > r->stretch_level ? r->now_level : r->stretch_level);
}

/* --- the table ------------------------------------------------------------------------------- */

/* "Last 5 s", "Last 1:00": what a window really holds. */
static void window_title(const struct window *x, const char *else_title, char *out, size_t size) {
    enum { MINUTE_S = 60 };
    double length = round(x->to_s - x->from_s);
    char clock[32];
    if (!(length > 0))
        snprintf(out, size, "%s", else_title);
    else if (length < MINUTE_S)
        snprintf(out, size, "Last %.0f s", length);
    else
        snprintf(out, size, "Last %s", unit_show_clock(length, clock, sizeof clock));
}

static bool is_stress(const struct pen *p) { return p->s->profile.model == MODEL_STRESS; }

/* "Steady so far", "Step 4 so far". */
static void stretch_title(const struct pen *p, const struct watch_view *w, bool narrow, char *out,
                          size_t size) {
    const char *name = w->stretch.name, *more = narrow ? "" : " so far";
    if (strncmp(name, "step ", 5) == 0)
        snprintf(out, size, "Step %.8s%s", name + 5, more);
    else
        snprintf(out, size, "%s%s", is_stress(p) ? "Step" : "Steady", more);
}

/* The column of the verdict's part stays as long as the plan has one. */
static int layout_of(const struct pen *p, const struct watch_view *w) {
    struct stretch_wanted stretch[STRETCHES_MAX];
    enum pane_size size = pane_size(p->a.cols);
    bool planned = w->stretch.name[0] || run_stretches(p->s, w, stretch) > 0;
    return size == PANE_LONG && !planned ? UNPLANNED : (int)size;
}

static bool has_column(const struct watch_view *w, int layout, int column) {
    bool narrow = layout == PANE_NORMAL || layout == PANE_SMALL, now = w->stretch.name[0] != '\0';
    if (column == COL_STRETCH)
        return narrow ? now : layout == PANE_LONG;
    return column != COL_TOTAL || !narrow || !now;
}

static void draw_head(const struct pen *p, int index) {
    (void)index;
    const struct watch_view *w = run_live(p->s);
    int layout = layout_of(p, w);
    char title[COLUMNS][32];
    for (int i = 0; i < COLUMNS; i++)
        snprintf(title[i], sizeof title[i], "%s", columns[layout][i].title);
    window_title(&w->run.now, "Now", title[COL_NOW], sizeof title[COL_NOW]);
    window_title(&w->run.minute, "Last 1:00", title[COL_MINUTE], sizeof title[COL_MINUTE]);
    stretch_title(p, w, layout != PANE_LONG, title[COL_STRETCH], sizeof title[COL_STRETCH]);
    for (int i = 0; i < COLUMNS; i++)
        if (has_column(w, layout, i))
            table_cell(p->g, p->a.row, p->a.col, &columns[layout][i], LOOK_MUTED, title[i]);
}

/* Kept is plain; what is not known yet, and what has no answer yet, stands back. */
static enum look figure_look(double value, enum level level, bool judged) {
    if (isnan(value) || (judged && level == LEVEL_UNKNOWN))
        return LOOK_MUTED;
    return level == LEVEL_NEAR ? LOOK_WARN : level == LEVEL_OVER ? LOOK_FAIL : LOOK_TEXT;
}

static void draw_use(const struct pen *p, const struct watch_view *w, enum watch_metric m,
                     const struct column *col) {
    double limit = reference(w, m), use = limit > 0 ? w->row[m].now / limit : NAN;
    enum mark mark = mark_of(w->row[m].now_level);
    enum look plain = mark == MARK_NEAR || mark == MARK_BROKEN ? sign_of(mark).look : LOOK_MUTED;
    char text[32];
    if (!isfinite(use))
        return;
    if (use > 9.995)
        snprintf(text, sizeof text, ">999 %%");
    else
        snprintf(text, sizeof text, m == WATCH_RATE && use < 0.9995 ? "%.1f %%" : "%.0f %%",
                 100 * use);
    gauge_draw(p->g, p->a.row, p->a.col + col[COL_GAUGE].at, col[COL_GAUGE].width, use, plain);
    table_cell(p->g, p->a.row, p->a.col, &col[COL_USE], LOOK_TEXT, text);
}

static void draw_row(const struct pen *p, int index) {
    const struct watch_view *w = run_live(p->s);
    enum watch_metric m = (enum watch_metric)index;
    int layout = layout_of(p, w);
    const struct column *col = columns[layout];
    const struct watch_row *r = &w->row[m];
    const struct {
        int column;
        double value;
        enum look look;
    } cells[] = {
        {COL_NOW, r->now, figure_look(r->now, r->now_level, isfinite(r->limit))},
        {COL_MINUTE, r->minute, figure_look(r->minute, LEVEL_OK, false)},
        {COL_TOTAL, r->total, figure_look(r->total, LEVEL_OK, false)},
        {COL_STRETCH, r->stretch, figure_look(r->stretch, r->stretch_level, false)},
    };
    char text[64];
    pen_sign(p, AT_SIGN, run_metric_mark(w, m));
    table_cell(p->g, p->a.row, p->a.col, &col[COL_NAME], LOOK_TEXT, run_metric_title(m));
    for (size_t i = 0; i < sizeof cells / sizeof *cells; i++)
        if (has_column(w, layout, cells[i].column))
            table_cell(p->g, p->a.row, p->a.col, &col[cells[i].column], cells[i].look,
                       run_show(m, cells[i].value, text, sizeof text));
    table_cell(p->g, p->a.row, p->a.col, &col[COL_LIMIT], LOOK_TEXT,
               run_show_limit(w, m, text, sizeof text));
    draw_use(p, w, m, col);
}

void run_table_build(struct sheet *sh) {
    const struct watch_view *w = run_live(sh->s);
    sheet_part(sh);
    sheet_line(sh, LINE_KEEP, draw_head, 0);
    for (enum watch_metric m = 0; m < WATCH_METRICS; m++)
        if (run_has_metric(w, m))
            sheet_item(sh, sheet_line(sh, LINE_KEEP, draw_row, (int)m), ITEM_METRIC, (int)m,
                       run_metric_mark(w, m));
}

/* "p95: 238 ms now, 240 ms in the last minute, 241 ms since the start, 241 ms in the steady window,
 * limit 500 ms" */
bool run_metric_copy(const struct watch_view *w, enum watch_metric m, struct buf *out) {
    const struct watch_row *r = &w->row[m];
    const struct {
        double value;
        const char *where;
    } parts[] = {{r->now, "now"},
                 {r->minute, "in the last minute"},
                 {r->total, "since the start"},
                 {r->stretch,
                  strcmp(w->stretch.name, "hold") == 0 ? "in the steady window" : w->stretch.name}};
    const char *before = ": ";
    char text[64];
    bool ok = buf_printf(out, "%s", run_metric_title(m));
    for (size_t i = 0; i < sizeof parts / sizeof *parts; i++)
        if (isfinite(parts[i].value)) {
            ok = ok && buf_printf(out, "%s%s %s", before,
                                  run_show(m, parts[i].value, text, sizeof text), parts[i].where);
            before = ", ";
        }
    run_show_limit(w, m, text, sizeof text);
    return ok &&
           (!text[0] || buf_printf(out, "%s%s%s", before, m == WATCH_RATE ? "" : "limit ", text));
}

/* A run that goes on: where it stands, its figures, its sources, and what happened. */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "base/unit.h"
#include "ui/screen/panel/run_live.h"
#include "ui/screen/widget/gauge.h"

enum { AT_LABEL = 2 };

/* Columns of what stands beside a label: sign and text of a log line or a source, and what a source
 * brings. */
struct live_cols {
    int sign, text, time_cols, detail;
};
static const struct live_cols wide_cols = {11, 13, 10, 44}, narrow_cols = {11, 13, 10, 37};

static const struct live_cols *cols_of(const struct sheet *sh) {
    return sh->narrow ? &narrow_cols : &wide_cols;
}

const struct watch_view *run_live(const struct session *s) {
    const struct watch_view *w = session_watch(s);
    return w && w->state != WATCH_WAITING ? w : NULL;
}

void run_columns(struct sheet *sh) {
    sheet_columns(sh, 94, 62);
    if (!sh->wide)
        sheet_columns(sh, 80, 50);
}

/* A pane this low keeps its rows for the figures and one chart. */
static bool is_low(const struct sheet *sh) {
    enum { LOW_ROWS = 22 };
    return sh->a.rows < LOW_ROWS;
}

/* --- the head -------------------------------------------------------------------------------- */

static void title_words(const struct session *s, const struct watch_view *w, char *out,
                        size_t size) {
    if (w->replay) {
        char speed[32];
        snprintf(out, size, "replay of %.200s, speed %sx%s", s->watching.names,
                 unit_show_short(w->speed, 1, speed, sizeof speed), w->paused ? ", paused" : "");
    } else if (w->state == WATCH_ENDED) {
        snprintf(out, size, "%s", w->end_words);
    } else {
        run_stage(s, w, out, size);
    }
}

static void draw_progress(const struct pen *p, int index) {
    (void)index;
    enum { CELLS = 44, FEW_CELLS = 30, CELLS_LESS = 16, GAP = 2 };
    const struct watch_view *w = run_live(p->s);
    bool stages = w->replay && w->state != WATCH_ENDED;
    int cells = pane_size(p->a.cols) == PANE_LONG ? CELLS : FEW_CELLS, col = AT_LABEL;
    cells -= stages ? CELLS_LESS : 0;
    char text[240], stage[120] = "";
    if (w->length_s > 0) {
        gauge_draw(p->g, p->a.row, p->a.col + col, cells, w->elapsed_s / w->length_s, LOOK_CHART);
        col += cells + GAP;
    }
    run_progress(w, text, sizeof text);
    if (stages)
        run_stage(p->s, w, stage, sizeof stage);
    size_t len = strlen(text);
    snprintf(text + len, sizeof text - len, "%s%s", stage[0] ? ", " : "", stage);
    grid_put(p->g, p->a.row, p->a.col + col, pen_room(p, col), LOOK_TEXT, text);
}

static struct line *add_head(struct sheet *sh) {
    const struct watch_view *w = run_live(sh->s);
    char text[400];
    title_words(sh->s, w, text, sizeof text);
    sheet_blank(sh);
    struct line *title = sheet_title(sh, LINE_KEEP, "Run", text);
    sheet_state(sh, title, run_mark(w), run_word(w));
    sheet_line(sh, LINE_KEEP, draw_progress, 0);
    sheet_blank(sh);
    return title;
}

/* --- the sources ----------------------------------------------------------------------------- */

/* All requests are told beside the source when there is one only. */
static bool brings_all(const struct watch_view *w, const struct watch_source *x) {
    size_t n = 0;
    for (size_t i = 0; i < w->sources; i++)
        n += w->source[i].role == WATCH_FIGURES;
    return n == 1 && x->role == WATCH_FIGURES && w->run.total.requests > 0;
}

static void source_words(const struct watch_view *w, const struct watch_source *x, bool narrow,
                         char *out, size_t size) {
    char n[32];
    if (x->words[0])
        snprintf(out, size, "%s", x->words);
    else if (x->state == WATCH_WAITING)
        snprintf(out, size,
                 x->role == WATCH_END ? "appears when the run is over"
                                      : "not there yet, checked every second");
    else if (brings_all(w, x))
        snprintf(out, size, "%s%s%s requests", narrow ? "" : x->what, narrow ? "" : ", ",
                 unit_show(w->run.total.requests, 0, n, sizeof n));
    else
        snprintf(out, size, "%s", x->what);
}

static void age_words(const struct watch_source *x, char *out, size_t size) {
    enum { MINUTE_S = 60 };
    char clock[32];
    out[0] = '\0';
    if (isnan(x->age_s) || x->state == WATCH_ENDED)
        return;
    if (x->age_s < MINUTE_S)
        snprintf(out, size, "last %.0f s ago", fmax(0, x->age_s));
    else
        snprintf(out, size, "last %s ago", unit_show_clock(x->age_s, clock, sizeof clock));
}

static void draw_source(const struct pen *p, int index) {
    enum { AGE_COLS = 17 };
    const struct watch_view *w = run_live(p->s);
    const struct watch_source *x = &w->source[index];
    bool narrow = pane_size(p->a.cols) != PANE_LONG;
    const struct live_cols *c = narrow ? &narrow_cols : &wide_cols;
    enum mark mark = mark_of_watch(x->state);
    bool bad = x->state == WATCH_STALLED || x->state == WATCH_LOST;
    int end = p->a.cols - PANE_MARGIN;
    char text[240], age[48];
    source_words(w, x, narrow, text, sizeof text);
    age_words(x, age, sizeof age);
    bool aged = age[0] && !bad;
    pen_sign(p, c->sign, mark);
    grid_put(p->g, p->a.row, p->a.col + c->text, c->detail - c->text - 1, LOOK_TEXT, x->name);
    grid_put(p->g, p->a.row, p->a.col + c->detail, end - c->detail - (aged ? AGE_COLS : 0),
             bad ? sign_of(mark).look : LOOK_MUTED, text);
    if (aged)
        grid_right(p->g, p->a.row, p->a.col + end, AGE_COLS, LOOK_MUTED, age);
}

static void add_sources(struct sheet *sh) {
    const struct watch_view *w = run_live(sh->s);
    const struct live_cols *c = cols_of(sh);
    sheet_part(sh);
    for (size_t i = 0; i < w->sources; i++) {
        struct line *l = sheet_line(sh, LINE_ROW, draw_source, (int)i);
        if (i == 0)
            sheet_piece(sh, l, AT_LABEL, c->sign - AT_LABEL - 2, LOOK_MUTED, "Source");
        l->mark_col = c->sign - 2;
        sheet_item(sh, l, ITEM_SOURCE, (int)i, mark_of_watch(w->source[i].state));
    }
}

/* --- the log --------------------------------------------------------------------------------- */

/* The newest first: where rows are short the oldest are not seen. */
static void add_event(struct sheet *sh, const struct watch_event *x, bool newest) {
    const struct live_cols *c = cols_of(sh);
    char at[32];
    struct line *l =
        sheet_say(sh, newest ? LINE_KEEP : LINE_NOTE, c->text + c->time_cols, LOOK_TEXT, x->text);
    if (newest)
        sheet_piece(sh, l, AT_LABEL, c->sign - AT_LABEL - 1, LOOK_MUTED, "Log");
    sheet_sign(sh, l, c->sign, mark_of_finding(x->level));
    sheet_piece(sh, l, c->text, c->time_cols - 1, LOOK_MUTED,
                unit_show_time(x->at_ms, at, sizeof at));
}

static void add_log(struct sheet *sh) {
    enum { SHOWN = 4, SHOWN_LOW = 2 };
    const struct watch_view *w = run_live(sh->s);
    size_t most = sh->wide ? (size_t)sh->a.rows / 2 : is_low(sh) ? SHOWN_LOW : SHOWN;
    sheet_blank(sh);
    if (w->events == 0)
        sheet_pair(sh, LINE_NOTE, AT_LABEL, "Log", cols_of(sh)->sign, "nothing so far");
    for (size_t i = 0; i < w->events && i < most; i++)
        add_event(sh, &w->event[w->events - 1 - i], i == 0);
}

/* --- the whole ------------------------------------------------------------------------------- */

/* The charts over the whole pane: the items stay those of the table, on its first line. */
static void build_zoomed(struct sheet *sh) {
    sheet_restart(sh);
    struct line *title = add_head(sh);
    title->first_item = 0;
    title->items = sh->items;
    run_cursor_build(sh, AT_LABEL, cols_of(sh)->sign);
    run_charts_build(sh);
}

/* Figures, charts, sources and log, one below the other or in two columns. */
static void build_table(struct sheet *sh) {
    run_columns(sh);
    add_head(sh);
    run_table_build(sh);
    if (!sh->wide) {
        run_charts_build(sh);
        run_cursor_build(sh, AT_LABEL, cols_of(sh)->sign);
    }
    sheet_blank(sh);
    add_sources(sh);
    add_log(sh);
    if (!is_low(sh) || run_live(sh->s)->state != WATCH_LIVE) {
        sheet_blank(sh);
        sheet_next(sh, cols_of(sh)->sign);
    }
    if (sh->wide) {
        sheet_right(sh);
        run_cursor_build(sh, AT_LABEL, cols_of(sh)->sign);
        run_charts_build(sh);
    }
}

void run_live_build(struct sheet *sh) {
    build_table(sh);
    if (sh->v->zoom)
        build_zoomed(sh);
}

bool run_live_copy(const struct session *s, const struct view *v, struct buf *out) {
    const struct watch_view *w = run_live(s);
    struct item it;
    if (!panel_focused(s, v, &it))
        return false;
    if (it.kind == ITEM_METRIC)
        return run_metric_copy(w, (enum watch_metric)it.index, out);
    return it.kind == ITEM_SOURCE && buf_printf(out, "%s", w->source[it.index].name);
}

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "base/unit.h"
#include "ui/screen/panel/run_live.h"
#include "ui/screen/widget/gauge.h"

enum { RAIL_COLS = 26, ROWS_BELOW = 2, FULL_RAIL_ROWS = 25 };

static bool has_rail(int cols) { return cols >= RAIL_FROM_COLS; }

struct area chrome_pane(int rows, int cols) {
    int top = has_rail(cols) ? 2 : 3, left = has_rail(cols) ? RAIL_COLS : 0;
    return (struct area){top, left, rows - top - ROWS_BELOW, cols - left};
}

struct area chrome_help_area(int rows, int cols) {
    struct area a = chrome_pane(rows, cols);
    return (struct area){a.row, 0, a.rows, cols};
}

/* --- title ----------------------------------------------------------------------------------- */

/* The run that is looked at: "run 14 · Load · 200 RPS". */
static void open_run(const struct session *s, char *out, size_t size) {
    const struct result *r = session_result(s);
    const struct record *record = session_record(s);
    enum model model;
    char load[96] = "", target[64];
    if (r->has_profile && r->profile.stages > 0)
        snprintf(load, sizeof load, " · %s · %s", model_title(r->profile.model),
                 show_target(&r->profile, target, sizeof target));
    else if (record && model_parse(record->is.model, &model))
        snprintf(load, sizeof load, " · %s · %s RPS", model_title(model),
                 show_rate(record->is.target_rps, target, sizeof target));
    bool own = s->result.there && s->result.run_id == r->run_id;
    snprintf(out, size, "run %lld%s%s", (long long)r->run_id, load, own ? "" : " · from History");
}

/* The run, else what the workflow is at: "draft", "no run yet". */
static void what_is_open(const struct session *s, const struct view *v, char *out, size_t size) {
    const struct record *a = session_compared(s, 0), *b = session_compared(s, 1);
    char target[64];
    if (v->open == STEP_HISTORY && v->history.compare && a && b)
        snprintf(out, size, "runs %lld and %lld", (long long)a->is.id, (long long)b->is.id);
    else if (session_result(s)->there && session_result(s)->run_id > 0)
        open_run(s, out, size);
    else if (!s->confirmed || s->profile.stages == 0)
        snprintf(out, size, session_step_open(s, STEP_LOAD) ? "draft" : "no run yet");
    else
        snprintf(out, size, "%s · %s", model_title(s->profile.model),
                 show_target(&s->profile, target, sizeof target));
}

/* "● live 06:12" at the end of the title, on every screen. Returns its first column. */
static int draw_live(const struct session *s, struct grid *g) {
    enum { STATE_COLS = 30, GAP = 3 };
    const struct watch_view *w = run_live(s);
    int end = g->cols - PANE_MARGIN;
    char text[64], clock[32];
    if (!w)
        return end;
    const struct sign sign = sign_of(run_mark(w));
    run_clock(w, w->elapsed_s, clock, sizeof clock);
    snprintf(text, sizeof text, "%s %s%s%s", sign.sign, has_rail(g->cols) ? run_word(w) : "",
             has_rail(g->cols) ? " " : "", clock);
    return grid_right(g, 0, end, STATE_COLS, sign.look, text) - GAP;
}

static void draw_title(const struct session *s, const struct view *v, struct grid *g) {
    enum { GAP = 4, NAME_MOST = 40 };
    char open[160], names[160];
    what_is_open(s, v, open, sizeof open);
    people_names(s, names, sizeof names);
    int user = grid_right(g, 0, draw_live(s, g), g->cols / 4, LOOK_TEXT, names);
    int col = grid_put(g, 0, 1, g->cols, LOOK_TITLE, "perfscale") + 2;
    if (has_rail(g->cols) || v->demo)
        col = grid_put(g, 0, col, NAME_MOST, LOOK_TEXT, v->demo ? "sample workspace" : s->ws.name) +
              GAP;
    grid_put(g, 0, col, user - 2 - col, LOOK_MUTED, open);
}

/* --- rail and strip -------------------------------------------------------------------------- */

/* The overview and the list of runs are never done. */
static bool has_sign(enum step step) { return step != STEP_OVERVIEW && step != STEP_HISTORY; }

static int rail_step(const struct session *s, const struct view *v, struct grid *g, int row,
                     enum step step, bool full) {
    enum { MARK_COL = 1, SIGN_COL = 3, NAME_COL = 5, WORDS_COL = 7 };
    struct row r = session_step(s, step);
    const struct sign sign = sign_of(r.mark);
    bool open = v->open == step;
    if (open)
        grid_put(g, row, MARK_COL, 1, LOOK_ACCENT, "›");
    if (has_sign(step))
        grid_put(g, row, SIGN_COL, 1, sign.look, sign.sign);
    char name[64];
    snprintf(name, sizeof name, "%d %s", (int)step, panels[step]->name);
    grid_put(g, row++, NAME_COL, RAIL_COLS - 1 - NAME_COL,
             open                         ? LOOK_TITLE
             : session_step_open(s, step) ? LOOK_TEXT
                                          : LOOK_MUTED,
             name);
    if (full && step != STEP_OVERVIEW)
        grid_put(g, row++, WORDS_COL, RAIL_COLS - 1 - WORDS_COL, LOOK_MUTED, r.what);
    return row;
}

static void draw_rail(const struct session *s, const struct view *v, struct grid *g,
                      struct area a) {
    bool full = a.rows >= FULL_RAIL_ROWS;
    int row = rail_step(s, v, g, a.row + full, STEP_OVERVIEW, full) + full;
    for (int i = 0; i < PHASES; i++) {
        grid_put(g, row++, 3, RAIL_COLS, LOOK_MUTED, phases[i].name);
        for (enum step step = phases[i].first; step <= phases[i].last; step++)
            row = rail_step(s, v, g, row, step, full);
        row += full;
    }
    row = rail_step(s, v, g, row, STEP_HISTORY, full);
    people_draw(s, g, (struct area){row, 0, a.row + a.rows - row, RAIL_COLS - 1});
    grid_fill_down(g, a.row, RAIL_COLS - 1, a.rows, LOOK_MUTED, 0x2502);
}

static void draw_strip(const struct session *s, const struct view *v, struct grid *g, int row) {
    int col = 1;
    for (enum step step = STEP_OVERVIEW; step < STEPS; step++) {
        struct row r = session_step(s, step);
        const struct sign sign = sign_of(r.mark);
        bool open = v->open == step;
        if (open)
            col = grid_put(g, row, col, 1, LOOK_ACCENT, "›");
        col = grid_print(g, row, col, open ? LOOK_TITLE : LOOK_TEXT, "%d", (int)step);
        if (has_sign(step))
            col = grid_put(g, row, col, 1, sign.look, sign.sign);
        if (open)
            col = grid_put(g, row, col + 1, g->cols, LOOK_TITLE, panels[step]->name);
        col += 2;
    }
}

/* --- message line and key bar ---------------------------------------------------------------- */

/* What is typed on the message line, with its cursor; a hint while it is empty. */
static void draw_typed(const struct edit_line *e, const char *label, const char *hint,
                       struct grid *g, int row) {
    int col = grid_put(g, row, 1, 1, LOOK_ACCENT, "▌") + 1;
    col = grid_put(g, row, col, g->cols, LOOK_MUTED, label) + 1;
    int most = g->cols - PANE_MARGIN - col;
    if (e->len == 0)
        grid_put(g, row, col + 2, most - 2, LOOK_MUTED, hint);
    typed_draw(e, g, row, col, most);
}

/* "Note on p95: _", on the screens that have no place of their own for it. */
static void draw_noting(const struct session *s, const struct view *v, struct grid *g, int row) {
    static const char *const labels[SAID_KINDS] = {[SAID_NOTE] = "Note on",
                                                   [SAID_REQUEST_CHANGES] = "Changes needed in",
                                                   [SAID_WAIVE] = "Reason to waive",
                                                   [SAID_SETTLE] = "Reason to waive the note on"};
    char place[96], label[160];
    const char *what = labels[v->noting.kind];
    if (session_record(s))
        place_show(v->noting.on, session_record(s), place, sizeof place);
    else
        snprintf(place, sizeof place, "run");
    snprintf(label, sizeof label, "%s %s:", what ? what : "Note on", place);
    draw_typed(&v->edit, label, "Enter sends, Esc keeps it as a draft", g, row);
}

/* Review has a line of its own for what is typed. */
static bool typed_in_pane(const struct session *s, const struct view *v) {
    return v->open == STEP_REVIEW && session_review(s);
}

/* What is read sooner needs no bar. */
static const double bar_from_s = 0.1;

/* "Reading load.csv  [#####.....]  41 %  1.9 GB/s  0:03 left   Esc stops" */
static void draw_reading(const struct session *s, const struct gather_progress *p, struct grid *g,
                         int row) {
    enum { NAME_COLS = 28, BAR_COLS = 16 };
    char text[48], number[32];
    double share = p->total_bytes ? (double)p->done_bytes / (double)p->total_bytes : NAN;
    int col = grid_put(g, row, 1, g->cols, LOOK_TEXT, "Reading") + 1;
    col = grid_put(g, row, col, NAME_COLS, LOOK_ACCENT, s->reading.names) + 2;
    if (!isnan(share)) {
        gauge_draw(g, row, col, BAR_COLS, share, LOOK_ACCENT);
        snprintf(text, sizeof text, "%3.0f %%", 100 * share);
        col = grid_put(g, row, col + BAR_COLS + 1, g->cols, LOOK_TEXT, text) + 2;
    } else {
        col = grid_put(g, row, col, g->cols, LOOK_TEXT,
                       unit_show_bytes((double)p->done_bytes, number, sizeof number)) +
              2;
    }
    if (!isnan(p->bytes_per_s)) {
        snprintf(text, sizeof text, "%s/s", unit_show_bytes(p->bytes_per_s, number, sizeof number));
        col = grid_put(g, row, col, g->cols, LOOK_MUTED, text) + 2;
    }
    if (!isnan(p->left_s) && col + 22 < g->cols) {
        snprintf(text, sizeof text, "%s left", unit_show_clock(p->left_s, number, sizeof number));
        col = grid_put(g, row, col, g->cols, LOOK_MUTED, text) + 2;
    }
    if (col + 10 < g->cols) {
        col = grid_put(g, row, col, g->cols, LOOK_ACCENT, "Esc") + 1;
        grid_put(g, row, col, g->cols, LOOK_MUTED, "stops");
    }
}

/* Who is followed, else who is writing where this user reads. */
static bool people_words(const struct session *s, const struct view *v, char *out, size_t size) {
    const struct person *p = person_followed(s, v), *all;
    const struct record *r = session_record(s);
    size_t n = session_people(s, &all);
    out[0] = '\0';
    if (p)
        snprintf(out, size, "Following %.60s. Any movement stops.", p->name);
    for (size_t i = 0; !p && v->open == STEP_REVIEW && r && i < n; i++)
        if (all[i].at.typing && all[i].at.run == r->is.id)
            snprintf(out, size, "%.60s is writing a note", all[i].name);
    return out[0] != '\0';
}

static void draw_notices(const struct session *s, const struct view *v, struct grid *g, int row) {
    int most = g->cols - 1 - PANE_MARGIN;
    char text[120];
    struct gather_progress reading;
    if (v->message[0]) {
        grid_put(g, row, 1, most, v->message_look, v->message);
    } else if (session_read_progress(s, &reading) && reading.took_s >= bar_from_s) {
        draw_reading(s, &reading, g, row);
    } else if (people_words(s, v, text, sizeof text)) {
        grid_put(g, row, 1, most, LOOK_TEXT, text);
    } else if (s->watching.held_ms > 0) {
        char at[32];
        snprintf(text, sizeof text, "View held at %s; data goes on. space releases.",
                 unit_show_time(s->watching.held_ms, at, sizeof at));
        grid_put(g, row, 1, most, LOOK_WARN, text);
    } else if (s->store_notice[0]) {
        grid_put(g, row, 1, most, LOOK_WARN, s->store_notice);
    } else if (g->replaced > 0) {
        snprintf(text, sizeof text, "%zu unprintable character%s shown as ?.", g->replaced,
                 g->replaced == 1 ? " is" : "s are");
        grid_put(g, row, 1, most, LOOK_WARN, text);
    }
}

static void draw_message(const struct session *s, const struct view *v, struct grid *g, int row) {
    static const char paste[] = "Paste the summary now. Esc closes.";
    switch (v->mode) {
    case VIEW_FIND:
        draw_typed(&v->edit, "/", "", g, row);
        break;
    case VIEW_FILE:
        draw_typed(&v->edit, "File", "", g, row);
        break;
    case VIEW_FILTER:
        draw_typed(&v->edit, "Filter", "words, or by:ana  type:load  verdict:fail", g, row);
        break;
    case VIEW_SOURCE:
        draw_typed(&v->edit, "Watch",
                   "files or addresses; empty: the files that the command writes", g, row);
        break;
    case VIEW_NOTE:
        if (v->message[0] || typed_in_pane(s, v))
            draw_notices(s, v, g, row);
        else
            draw_noting(s, v, g, row);
        break;
    case VIEW_SETTLE:
        grid_put(g, row, 1, 1, LOOK_ACCENT, "▌");
        grid_put(g, row, 3, g->cols, LOOK_TEXT,
                 "Settle the note: a agreed, d disputed, w waived with a reason, o open again.");
        break;
    case VIEW_PASTE:
        grid_put(g, row, 1, 1, LOOK_ACCENT, "▌");
        grid_put(g, row, 3, g->cols, LOOK_TEXT, v->message[0] ? v->message : paste);
        break;
    default:
        draw_notices(s, v, g, row);
        break;
    }
}

static void draw_bar(const struct chrome *c, struct grid *g, int row) {
    int col = 1;
    for (int i = 0; i < c->bars; i++) {
        int width = grid_width(g, c->bar[i].key) + 1 + grid_width(g, c->bar[i].word);
        if (col + width > g->cols - 1)
            return;
        col = grid_put(g, row, col, g->cols, LOOK_ACCENT, c->bar[i].key) + 1;
        col = grid_put(g, row, col, g->cols, LOOK_TEXT, c->bar[i].word) + 2;
    }
}

/* --- the whole ------------------------------------------------------------------------------- */

static void draw_too_small(struct grid *g) {
    grid_print(g, 0, 0, LOOK_TEXT, "perfscale needs %dx%d.", SCREEN_COLS_LEAST, SCREEN_ROWS_LEAST);
    grid_print(g, 1, 0, LOOK_TEXT, "This window is %dx%d.", g->cols, g->rows);
    grid_print(g, 2, 0, LOOK_TEXT, "Enlarge it. Nothing is lost. q quits.");
}

static void draw_pane(const struct session *s, const struct view *v, const struct chrome *c,
                      struct grid *g) {
    struct area a = chrome_pane(g->rows, g->cols);
    int rule = has_rail(g->cols) ? 1 : 2;
    grid_fill(g, rule, 0, g->cols, LOOK_MUTED, 0x2500);
    if (v->mode == VIEW_HELP) {
        help_draw(v, c, g, chrome_help_area(g->rows, g->cols));
        return;
    }
    if (has_rail(g->cols))
        draw_rail(s, v, g, a);
    panel_draw(s, v, g, a);
}

void chrome_draw(const struct session *s, const struct view *v, const struct chrome *c,
                 struct grid *g) {
    grid_clear(g);
    if (g->rows < SCREEN_ROWS_LEAST || g->cols < SCREEN_COLS_LEAST) {
        draw_too_small(g);
        return;
    }
    draw_title(s, v, g);
    if (!has_rail(g->cols))
        draw_strip(s, v, g, 1);
    draw_pane(s, v, c, g);
    draw_message(s, v, g, g->rows - 2);
    draw_bar(c, g, g->rows - 1);
    if (v->mode == VIEW_ASK)
        question_draw(&v->question, g, chrome_pane(g->rows, g->cols));
}

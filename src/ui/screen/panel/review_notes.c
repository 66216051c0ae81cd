/* Notes as threads, and the chart around the moment of one. */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "base/text.h"
#include "ui/screen/panel/plot.h"
#include "ui/screen/panel/review_parts.h"
#include "ui/screen/widget/wrap.h"

enum { STATE_COLS = 10, WHO_LEAST = 3, WHO_MOST = 12 };
enum { TEXT_MOST = 2 * SAID_TEXT_BYTES }; /* a text of others with words of ours */

/* --- columns --------------------------------------------------------------------------------- */

static int longer(int a, int b) { return a > b ? a : b; }

static void widen(const struct sheet *sh, const struct said *x, int *who, int *when) {
    char text[32];
    *who = longer(*who, grid_width(&sh->ruler, x->by));
    *when = longer(*when, (int)strlen(show_when(x->at_ms, sh->s->now_ms, text, sizeof text)));
}

struct review_cols review_cols(const struct sheet *sh) {
    const struct review *v = session_review(sh->s);
    int who = WHO_LEAST, when = (int)strlen("14:05");
    for (size_t i = 0; i < v->notes; i++)
        widen(sh, v->note[i].said, &who, &when);
    for (size_t i = 0; i < v->votes; i++)
        widen(sh, v->vote[i].said, &who, &when);
    for (size_t i = 0; i < v->waivers; i++)
        widen(sh, v->waiver[i].said, &who, &when);
    struct review_cols c = {.who = sh->narrow ? 17 : 20};
    c.when = c.who + (who < WHO_MOST ? who : WHO_MOST) + 2;
    c.text = c.when + when + 2;
    return c;
}

void review_add_who(struct sheet *sh, struct line *l, const struct review_cols *c,
                    const struct said *x) {
    char text[32];
    sheet_piece(sh, l, c->who, c->when - c->who - 1, LOOK_TEXT, x->by);
    sheet_piece(sh, l, c->when, c->text - c->when - 1, LOOK_MUTED,
                show_when(x->at_ms, sh->s->now_ms, text, sizeof text));
}

/* --- text of others -------------------------------------------------------------------------- */

/* Up to the end of the line; *next: behind it. */
static size_t line_of(const char *text, size_t *next) {
    size_t n = strcspn(text, "\n");
    *next = n + (text[n] == '\n');
    return n > 0 && text[n - 1] == '\r' ? n - 1 : n;
}

static void add_piece(struct sheet *sh, int col, int cols, enum look look, const char *text,
                      size_t len, bool continues) {
    char piece[TEXT_MOST];
    struct line *l = sheet_line(sh, LINE_ROW, NULL, 0);
    snprintf(piece, sizeof piece, "%.*s", (int)len, text);
    l->continues = continues;
    sheet_piece(sh, l, col, cols, look, piece);
}

struct line *review_add_text(struct sheet *sh, int col, int end, enum look look, const char *text) {
    char paragraph[TEXT_MOST];
    int first = sh->lines, cols = longer(end - col, STATE_COLS);
    do {
        size_t behind;
        snprintf(paragraph, sizeof paragraph, "%.*s", (int)line_of(text, &behind), text);
        const char *at = paragraph;
        do {
            size_t next = 0, n = wrap_line(&sh->ruler, at, cols, &next);
            add_piece(sh, col, cols, look, at, n, sh->lines > first);
            at += next;
        } while (*at);
        text += behind;
    } while (*text);
    return &sh->line[first < LINES_MAX ? first : LINES_MAX - 1];
}

void review_add_unproven(struct sheet *sh, int col, const struct said *x) {
    char text[160];
    if (x->proven)
        return;
    snprintf(text, sizeof text, "Not confirmed: its file does not belong to %.80s.", x->by);
    struct line *l = review_add_text(sh, col + 2, sh->cols - PANE_MARGIN, LOOK_NODATA, text);
    sheet_sign(sh, l, col, MARK_NODATA);
}

/* --- notes ----------------------------------------------------------------------------------- */

static enum mark state_mark(enum note_state s) { return s == NOTE_AGREED ? MARK_OK : MARK_NEAR; }

static void add_settled(struct sheet *sh, const struct review_cols *c, const struct note *n,
                        int end) {
    char text[SAID_TEXT_BYTES + 120], when[32];
    if (!n->settled || !n->settled->text[0])
        return;
    snprintf(text, sizeof text, "%s by %s %s: %s", note_state_name(n->state), n->settled->by,
             show_when(n->settled->at_ms, sh->s->now_ms, when, sizeof when), n->settled->text);
    review_add_text(sh, c->text, end, LOOK_MUTED, text);
}

static void add_note(struct sheet *sh, const struct review_cols *c, size_t index) {
    const struct review *v = session_review(sh->s);
    const struct note *n = &v->note[index];
    int state = sh->cols - PANE_MARGIN - STATE_COLS;
    char place[96];
    struct line *l = review_add_text(sh, c->text, state - 1, LOOK_TEXT, n->said->text);
    review_add_who(sh, l, c, n->said);
    if (n->depth == 0) {
        place_show(n->said->on, session_record(sh->s), place, sizeof place);
        sheet_piece(sh, l, REVIEW_AT, c->who - REVIEW_AT - 1, LOOK_TEXT, place);
        snprintf(place, sizeof place, "%s %s", mark_sign(state_mark(n->state)),
                 note_state_name(n->state));
        sheet_piece(sh, l, state, 0, sign_of(state_mark(n->state)).look, place);
    }
    sheet_item(sh, l, ITEM_NOTE, (int)index,
               n->depth > 0 || n->state == NOTE_AGREED ? MARK_NONE : state_mark(n->state));
    review_add_unproven(sh, c->text, n->said);
    add_settled(sh, c, n, state - 1);
}

static void add_head(struct sheet *sh, const struct review_cols *c) {
    struct line *l = sheet_line(sh, LINE_KEEP, NULL, 0);
    sheet_piece(sh, l, REVIEW_AT, 0, LOOK_MUTED, "Place");
    sheet_piece(sh, l, c->who, 0, LOOK_MUTED, "Who");
    sheet_piece(sh, l, c->when, 0, LOOK_MUTED, "When");
    sheet_piece(sh, l, c->text, 0, LOOK_MUTED, "Note");
    sheet_piece(sh, l, sh->cols - PANE_MARGIN - STATE_COLS, 0, LOOK_MUTED, "State");
}

void review_notes_build(struct sheet *sh, const struct review_cols *c) {
    const struct review *v = session_review(sh->s);
    char text[120];
    if (v->notes == 0) {
        sheet_say(sh, LINE_ROW, REVIEW_AT, LOOK_TEXT,
                  "No notes. c writes one on what is in focus, on any screen.");
    } else {
        add_head(sh, c);
        if (!sh->narrow)
            sheet_blank(sh);
    }
    for (size_t i = 0; i < v->notes; i++) {
        if (i > 0 && v->note[i].depth == 0)
            sheet_loose(sh);
        add_note(sh, c, i);
    }
    if (v->missing == 0)
        return;
    snprintf(text, sizeof text, "%d statement%s missing: somebody removed %s.", v->missing,
             v->missing == 1 ? " is" : "s are", v->missing == 1 ? "its file" : "their files");
    sheet_sign(sh, sheet_say(sh, LINE_ROW, REVIEW_AT + 2, LOOK_WARN, text), REVIEW_AT, MARK_NEAR);
}

/* --- around the place ------------------------------------------------------------------------ */

static bool moment_of(const struct session *s, const struct note *n, struct place *out) {
    return place_parse(n->said->on, session_record(s), out, NULL) && out->kind == PLACE_TIME;
}

/* In focus, with its replies; else the first that has a moment. */
static bool find_moment(const struct session *s, const struct view *v, struct place *out) {
    const struct review *r = session_review(s);
    size_t focus = v->focus[STEP_REVIEW] < 0 ? 0 : (size_t)v->focus[STEP_REVIEW];
    if (focus < r->notes && moment_of(s, &r->note[focus], out))
        return true;
    for (size_t i = 0; i < r->notes; i++)
        if (moment_of(s, &r->note[i], out))
            return true;
    return false;
}

static struct timeline timeline_around(const struct session *s, const struct place *at) {
    enum { AROUND_S = 120 };
    const struct series *r = &session_result(s)->run.series;
    double end = r->points ? series_end_s(r) : 0;
    struct timeline t = {.series = r,
                         .known_s = INFINITY,
                         .start_ms = r->start_ms,
                         .length_s = end,
                         .from_s = fmax(0, at->from_s - AROUND_S),
                         .to_s = fmin(end, at->to_s + AROUND_S)};
    return t;
}

static void draw_around(const struct pen *p, int index) {
    struct place at;
    char text[64], time[32];
    (void)index;
    if (!find_moment(p->s, p->v, &at))
        return;
    struct timeline t = timeline_around(p->s, &at);
    bool p95 = series_has_p95(t.series);
    struct plot plot = {.of = PLOT_TIME, .title = "Around the place", .unit = "", .limit = NAN};
    int row;
    plot.unit = p95 ? "p95, ms" : "average, ms";
    if (!(t.to_s > t.from_s) || (row = plots_draw(p, &t, &plot, 1, LOOK_CHART)) < 0)
        return;
    timeline_begin(p, &t, row);
    timeline_show(&t, at.from_s, true, time, sizeof time);
    snprintf(text, sizeof text, "▲ %s", time);
    timeline_note(p, &t, row, at.from_s, LOOK_ACCENT, text, "");
    if (at.to_s > at.from_s)
        timeline_note(p, &t, row, at.to_s, LOOK_ACCENT, "▲", "");
    timeline_put(p, &t, row, pen_room(p, PLOT_LINE_COL), t.to_s);
}

void review_around_build(struct sheet *sh) {
    enum { HIGH = 6, LEAST = 1 + PLOT_ROWS_LEAST + 1 };
    struct place at;
    if (session_result(sh->s)->run.series.points < 2 || !find_moment(sh->s, sh->v, &at))
        return;
    sheet_blank(sh);
    sheet_block(sh, LINE_CHART, draw_around, 0, HIGH, LEAST);
}

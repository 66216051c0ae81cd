/* What there is to know of the run in focus without opening it, and how it stands among its kind.
 */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/unit.h"
#include "ui/screen/panel/history_parts.h"

enum { AT_LABEL = 2, AT_TEXT = HISTORY_LABEL_TEXT };

static const struct run_row *row_at(const struct session *s, size_t index) {
    size_t n;
    return &session_runs(s, &n)[index];
}

/* What was said of it is at hand for the open run alone. */
static const struct review *review_of(const struct session *s, const struct run *r) {
    const struct record *open = session_record(s);
    return open && open->is.id == r->id ? session_review(s) : NULL;
}

/* --- who, what, where ------------------------------------------------------------------------ */

static void add_what(struct sheet *sh, const struct run_row *r) {
    char label[32], target[48] = "", text[200], number[32];
    snprintf(label, sizeof label, "Run %lld", (long long)r->is.id);
    if (!isnan(r->is.target_rps))
        snprintf(target, sizeof target, ", %s RPS",
                 show_rate(r->is.target_rps, number, sizeof number));
    snprintf(text, sizeof text, "%s%s%s%s%s", show_run_type(&r->is), target,
             r->pinned ? ", reference for " : "", r->pinned ? show_run_type(&r->is) : "",
             review_of(sh->s, &r->is) ? ", open" : "");
    struct line *l = sheet_line(sh, LINE_KEEP, NULL, 0);
    sheet_piece(sh, l, AT_LABEL, AT_TEXT - AT_LABEL - 1, LOOK_TITLE, label);
    sheet_piece(sh, l, AT_TEXT, 0, LOOK_TEXT, text);
}

/* "bo approved it 02 Nov 14:31" of the open run, else what the review comes to. */
static void show_approval(const struct sheet *sh, const struct run_row *r, char *out, size_t size) {
    const struct review *v = review_of(sh->s, &r->is);
    char day[32];
    for (size_t i = 0; v && i < v->votes; i++)
        if (v->vote[i].valid && v->vote[i].said->kind == SAID_APPROVE) {
            snprintf(out, size, "%s approved it %s", v->vote[i].said->by,
                     show_run_day(v->vote[i].said->at_ms, sh->s->now_ms, day, sizeof day));
            return;
        }
    show_run_review(r, out, size);
}

static void add_who(struct sheet *sh, const struct run_row *r) {
    char review[160], text[480];
    const struct run *is = &r->is;
    bool other = is->confirmed_by[0] && strcmp(is->confirmed_by, is->author) != 0;
    show_approval(sh, r, review, sizeof review);
    snprintf(text, sizeof text, "%s ran it%s%s%s; %s %s", is->author[0] ? is->author : "somebody",
             is->author_proven ? "" : " (not proven)", other ? ", load confirmed by " : "",
             other ? is->confirmed_by : "", sign_of(run_review_mark(r)).sign, review);
    sheet_pair(sh, LINE_KEEP, AT_LABEL, "", AT_TEXT, text);
}

static void add_named(struct buf *b, const char *name, const char *hash) {
    char digits[8];
    if (!name[0] && !hash[0])
        return;
    if (b->len > 0)
        buf_str(b, ", ");
    buf_printf(b, "%s%s%s", name, name[0] && hash[0] ? " " : "", show_hash(hash, digits));
}

static void add_made_of(struct sheet *sh, const struct run *r) {
    char tool[64];
    struct buf b;
    buf_init(&b, 2048);
    snprintf(tool, sizeof tool, "%s%s%s", r->tool, r->tool_version[0] ? " " : "", r->tool_version);
    add_named(&b, r->script, r->hash.script);
    add_named(&b, r->source, r->hash.results);
    if (r->hash.rules[0])
        add_named(&b, "rules", r->hash.rules);
    add_named(&b, tool, "");
    add_named(&b, r->host, "");
    char *text = buf_take(&b);
    sheet_label(sh, LINE_KEEP, AT_LABEL, "", AT_TEXT, text);
    free(text);
    buf_fini(&b);
}

static void add_last_note(struct sheet *sh, const struct run_row *r) {
    const struct review *v = review_of(sh->s, &r->is);
    const struct said *last = NULL;
    char text[SAID_TEXT_BYTES + 120];
    for (size_t i = 0; v && i < v->notes; i++)
        if (!last || v->note[i].said->id > last->id)
            last = v->note[i].said;
    if (!last)
        return;
    snprintf(text, sizeof text, "%s noted: \"%s\"", last->by, last->text);
    sheet_pair(sh, LINE_KEEP, AT_LABEL, "", AT_TEXT, text);
}

void history_details_build(struct sheet *sh, size_t index) {
    const struct run_row *r = row_at(sh->s, index);
    add_what(sh, r);
    add_who(sh, r);
    add_made_of(sh, &r->is);
    add_last_note(sh, r);
}

/* --- p95 of its kind ------------------------------------------------------------------------- */

enum { SLOT_COLS = 8, BAR_COLS = 4, ROWS_AROUND = 3, SLOTS_MOST = 40 };

/* Runs farther away in the list are not looked for: it may be very long. */
enum { REACH = 2000 };

/* An invalid run says nothing about the server. */
static bool belongs(const struct run_row *r, const struct run_row *here) {
    return run_same_type(&r->is, &here->is) && session_run_mark(r) != MARK_INVALID;
}

/* Up to `most` runs of the kind of index, the nearest first: older ones (dir 1) or newer ones (-1).
 * Returns how many. */
static int near_kind(const struct session *s, size_t index, int dir, int most, size_t *out) {
    size_t all;
    const struct run_row *row = session_runs(s, &all);
    int n = 0;
    for (long i = (long)index + dir, left = REACH; left > 0 && n < most && i >= 0 && i < (long)all;
         i += dir, left--)
        if (belongs(&row[i], &row[index]))
            out[n++] = (size_t)i;
    return n;
}

/* Those around it, the oldest first, at most so many; *at: which of them it is. */
static int around(const struct session *s, size_t index, int slots, size_t *out, int *at) {
    size_t older[SLOTS_MOST], newer[SLOTS_MOST];
    int olders = near_kind(s, index, 1, slots, older);
    int newers = near_kind(s, index, -1, slots, newer);
    int right = newers < slots / 2 ? newers : slots / 2;
    int left = olders < slots - 1 - right ? olders : slots - 1 - right;
    right = newers < slots - 1 - left ? newers : slots - 1 - left;
    for (int i = 0; i < left; i++)
        out[i] = older[left - 1 - i];
    out[left] = index;
    for (int i = 0; i < right; i++)
        out[left + 1 + i] = newer[i];
    *at = left;
    return left + 1 + right;
}

static void draw_bar(const struct pen *p, int row, int col, int rows, double share,
                     enum look look) {
    int parts = (int)lround(fmin(fmax(share, 0), 1) * rows * 8);
    for (int r = rows - 1; r >= 0 && parts > 0; r--, parts -= 8)
        grid_fill(p->g, row + r, col, BAR_COLS, look, 0x2580u + (uint32_t)(parts < 8 ? parts : 8));
}

/* A bar, its figure and its run, one below the other. */
static void draw_slot(const struct pen *p, const struct run *r, int col, double top, bool here) {
    int bars = p->a.rows - ROWS_AROUND, row = p->a.row + 1;
    char text[48];
    if (isnan(r->p95_ms))
        snprintf(text, sizeof text, "no data");
    else
        unit_show(r->p95_ms, r->p95_ms >= 10 ? 0 : 1, text, sizeof text);
    if (!isnan(r->p95_ms) && top > 0)
        draw_bar(p, row, col, bars, r->p95_ms / top, here ? LOOK_CHART : LOOK_CHART2);
    grid_put(p->g, row + bars, col, SLOT_COLS - 1, here ? LOOK_TEXT : LOOK_MUTED, text);
    snprintf(text, sizeof text, "%s%lld", here ? "▲ " : "", (long long)r->id);
    grid_put(p->g, row + bars + 1, col, SLOT_COLS - 1, here ? LOOK_TITLE : LOOK_MUTED, text);
}

static void draw_trend_title(const struct pen *p, const struct run *r) {
    char text[120], target[48] = "", number[32];
    if (!isnan(r->target_rps))
        snprintf(target, sizeof target, " at %s RPS",
                 show_rate(r->target_rps, number, sizeof number));
    snprintf(text, sizeof text, "of %s runs%s, ms", show_run_type(r), target);
    grid_put(p->g, p->a.row, p->a.col + AT_LABEL, AT_TEXT - AT_LABEL, LOOK_TITLE, "p95");
    grid_put(p->g, p->a.row, p->a.col + AT_TEXT, pen_room(p, AT_TEXT), LOOK_MUTED, text);
}

static void draw_trend(const struct pen *p, int index) {
    size_t all, of[SLOTS_MOST];
    const struct run_row *row = session_runs(p->s, &all);
    int slots = pen_room(p, AT_TEXT) / SLOT_COLS, at;
    if (slots < 1)
        return;
    int n = around(p->s, (size_t)index, slots < SLOTS_MOST ? slots : SLOTS_MOST, of, &at);
    double top = 0;
    for (int i = 0; i < n; i++)
        top = fmax(top, row[of[i]].is.p95_ms);
    draw_trend_title(p, &row[index].is);
    for (int i = 0; i < n; i++)
        draw_slot(p, &row[of[i]].is, p->a.col + AT_TEXT + i * SLOT_COLS, top, i == at);
}

void history_trend_build(struct sheet *sh, size_t index) {
    enum { ROWS = 8, ROWS_WIDE = 12, ROWS_LEAST = 6 };
    size_t other;
    if (near_kind(sh->s, index, 1, 1, &other) + near_kind(sh->s, index, -1, 1, &other) == 0)
        return;
    sheet_blank(sh);
    sheet_block(sh, LINE_CHART, draw_trend, (int)index, sh->wide ? ROWS_WIDE : ROWS, ROWS_LEAST);
}

/* --- what is marked -------------------------------------------------------------------------- */

void history_marks_build(struct sheet *sh) {
    const int64_t *mark = sh->v->history.mark;
    long long a = mark[0], b = mark[1];
    char text[160];
    if (!a)
        return;
    if (b)
        snprintf(text, sizeof text, "2: %lld and %lld. d compares them.", a, b);
    else
        snprintf(text, sizeof text, "1: %lld. space marks the second, d compares.", a);
    sheet_blank(sh);
    sheet_pair(sh, LINE_KEEP, AT_LABEL, "Marked", AT_TEXT, text);
}

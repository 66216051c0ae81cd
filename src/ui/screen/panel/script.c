#include <stdio.h>
#include <string.h>

#include "ui/screen/panel/parts.h"
#include "ui/screen/widget/diffview.h"

enum { SIDE_BY_SIDE_COLS = 140, DIFF_LEAST = 10, DIFF_MOST = 5000 };

/* --- colours --------------------------------------------------------------------------------- */

/* Spans are sorted: the last one that starts at or before the byte. */
static const struct code_span *span_at(const struct code_spans *c, size_t at) {
    size_t low = 0, high = c->len;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (c->item[middle].start <= at)
            low = middle + 1;
        else
            high = middle;
    }
    return low > 0 ? &c->item[low - 1] : NULL;
}

static enum look look_at(const void *context, bool in_new, size_t at, size_t *until) {
    static const enum look looks[] = {[CODE_PLAIN] = LOOK_TEXT,
                                      [CODE_KEYWORD] = LOOK_CODE1,
                                      [CODE_STRING] = LOOK_CODE2,
                                      [CODE_COMMENT] = LOOK_CODE3};
    const struct script *sc = context;
    const struct code_spans *c = in_new ? &sc->new_colour : &sc->old_colour;
    const struct code_span *x = span_at(c, at);
    if (x && at < x->end) {
        *until = x->end;
        return looks[x->kind];
    }
    size_t next = x ? (size_t)(x - c->item) + 1 : 0;
    *until = next < c->len ? c->item[next].start : SIZE_MAX;
    return LOOK_TEXT;
}

static struct diff_source source_of(const struct session *s, int aside) {
    return (struct diff_source){.diff = &s->script.diff,
                                .old = s->base.text,
                                .new = s->script.text,
                                .old_len = s->base.len,
                                .new_len = s->script.len,
                                .aside = aside,
                                .look = look_at,
                                .context = &s->script};
}

/* --- the diff -------------------------------------------------------------------------------- */

/* Side by side needs the room of a terminal of 140 columns. */
static bool is_side(const struct view *v, struct area a) {
    return v->side_by_side && a.col + a.cols >= SIDE_BY_SIDE_COLS;
}

static long clamp_scroll(long scroll, size_t rows, int window) {
    long most = (long)rows - window;
    return scroll > most ? (most > 0 ? most : 0) : scroll < 0 ? 0 : scroll;
}

static void draw_diff(const struct pen *p, int side) {
    struct diff_rows rows;
    struct diff_source d = source_of(p->s, p->v->aside);
    diffview_layout(&rows, d.diff, side);
    long first = clamp_scroll(p->v->scroll[STEP_SCRIPT], rows.len, p->a.rows);
    int mark = diffview_draw(&rows, &d, p->g, p->a.row, p->a.col, p->a.rows,
                             p->a.cols - PANE_MARGIN, (size_t)first);
    if (p->focus >= 0)
        grid_fill(p->g, mark, p->a.col, 1, LOOK_ACCENT, 0x258c);
    diffview_fini(&rows);
}

static void add_diff(struct sheet *sh) {
    const struct session *s = sh->s;
    bool side = is_side(sh->v, sh->a);
    struct diff_rows rows;
    diffview_layout(&rows, &s->script.diff, side);
    int want = rows.len < DIFF_MOST ? (int)rows.len : DIFF_MOST;
    struct line *l =
        sheet_block(sh, LINE_FILL, draw_diff, side, want, want < DIFF_LEAST ? want : DIFF_LEAST);
    l->scroll_rows = (long)rows.len;
    l->draws_mark = true;
    sheet_item(sh, l, ITEM_DIFF, 0, MARK_NONE);
    diffview_fini(&rows);
}

/* --- what stands below it -------------------------------------------------------------------- */

static void add_remarks(struct sheet *sh) {
    struct findings all = {0};
    script_findings(&sh->s->script, &all);
    if (all.len) {
        sheet_blank(sh);
        sheet_part(sh);
        sheet_findings(sh, &all, 2, true);
    }
    findings_fini(&all);
}

static void add_command(struct sheet *sh) {
    bool several = session_commands(sh->s) > 1, scroll = commands_scroll(sh->s);
    sheet_blank(sh);
    sheet_part(sh);
    struct line *l = sheet_title(sh, scroll ? LINE_ROW : LINE_KEEP, "Command",
                                 several  ? "each at its place; Run (5) shows them whole"
                                 : scroll ? "you run this; Run (5) shows it whole"
                                          : "you run this; perfscale does not");
    if (!scroll)
        sheet_item(sh, l, ITEM_COMMAND, 0, MARK_NONE);
    commands_build(sh, 4, false);
}

static const char *baseline_name(const struct session *s) {
    return s->base.chosen >= 0 ? s->ws.baseline[s->base.chosen].name : "";
}

static void add_title(struct sheet *sh) {
    const struct script *sc = &sh->s->script;
    char text[2 * NAME_MAX_BYTES + 16], counts[96];
    snprintf(text, sizeof text, "%s from %s", sc->name, baseline_name(sh->s));
    snprintf(counts, sizeof counts, "%s-%ld +%ld, %ld %skept", sc->written ? "written, " : "",
             sc->diff.deleted, sc->diff.added, sc->diff.kept, sh->narrow ? "" : "lines ");
    struct line *l = sheet_title(sh, LINE_KEEP, "Script", text);
    if (sc->written)
        sheet_state(sh, l, MARK_OK, counts);
    else
        sheet_end(sh, l, LOOK_MUTED, counts);
}

static void build_ready(struct sheet *sh) {
    sheet_blank(sh);
    add_title(sh);
    sheet_blank(sh);
    add_diff(sh);
    add_remarks(sh);
    add_command(sh);
    sheet_next(sh, 12);
}

/* Not understood: where, why, and that nothing was written. */
static void build_stopped(struct sheet *sh) {
    const struct script *sc = &sh->s->script;
    char text[sizeof sc->error.text + sizeof sc->error.file + sizeof sc->error.fix];
    sheet_blank(sh);
    struct line *l = sheet_title(sh, LINE_KEEP, "Script", baseline_name(sh->s));
    bool stopped = sc->error.kind != ERR_NONE;
    sheet_state(sh, l, stopped ? MARK_BROKEN : MARK_NONE, stopped ? "stopped" : "not written");
    sheet_blank(sh);
    if (stopped) {
        l = sheet_say(sh, LINE_KEEP, 4, LOOK_TEXT, err_sentence(&sc->error, text, sizeof text));
        sheet_sign(sh, l, 2, MARK_BROKEN);
        l->here = true;
        sheet_say(sh, LINE_KEEP, 4, LOOK_MUTED, "Nothing was written.");
    }
    add_remarks(sh);
    sheet_blank(sh);
    sheet_next(sh, 12);
    if (!stopped && sh->lines > 0)
        sh->line[sh->lines - 1].here = true;
}

static void build(struct sheet *sh) {
    if (!session_step_open(sh->s, STEP_SCRIPT))
        sheet_locked(sh);
    else if (sh->s->script.ready && sh->s->base.text)
        build_ready(sh);
    else
        build_stopped(sh);
}

/* --- the panel ------------------------------------------------------------------------------- */

/* The diff first: it is there to be read. */
static int start(const struct session *s, const struct view *v) {
    (void)s;
    (void)v;
    return 0;
}

static bool copy(const struct session *s, const struct view *v, struct buf *out) {
    return session_step_open(s, STEP_SCRIPT) && commands_copy(s, v, out);
}

static bool has_diff(const struct session *s) {
    return session_step_open(s, STEP_SCRIPT) && s->script.ready && s->base.text;
}

int panel_script_change(const struct session *s, const struct view *v, struct area a, int dir) {
    struct diff_rows rows;
    if (!has_diff(s))
        return -1;
    int most = panel_scroll_most(s, v, a);
    long now = v->scroll[STEP_SCRIPT];
    now = now > most ? most : now < 0 ? 0 : now;
    diffview_layout(&rows, &s->script.diff, is_side(v, a));
    long found = diffview_change(&rows, &s->script.diff, (size_t)now, dir);
    diffview_fini(&rows);
    return found > most ? most : (int)found;
}

/* For panel_find(): rows of the diff in this direction, then from its other end. */
bool script_find(const struct session *s, const struct view *v, struct area a, const char *text,
                 int dir, int *at) {
    struct diff_rows rows;
    if (!has_diff(s))
        return false;
    struct diff_source d = source_of(s, 0);
    diffview_layout(&rows, d.diff, is_side(v, a));
    long n = (long)rows.len, now = clamp_scroll(v->scroll[STEP_SCRIPT], rows.len, 1) + dir;
    long found = now >= 0 && now < n ? diffview_find(&rows, &d, (size_t)now, text, dir) : -1;
    if (found < 0 && n > 0)
        found = diffview_find(&rows, &d, dir > 0 ? 0 : (size_t)n - 1, text, dir);
    diffview_fini(&rows);
    *at = (int)found;
    return found >= 0;
}

const struct panel panel_script = {.name = "Script", .build = build, .start = start, .copy = copy};

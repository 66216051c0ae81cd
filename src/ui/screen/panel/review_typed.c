/* "Your note": where it would hang, who would read it, and the text while it is typed. */
#include <stdio.h>

#include "base/text.h"
#include "ui/screen/panel/review_parts.h"

static const char *label_of(const struct view *v) {
    static const char *const labels[SAID_KINDS] = {[SAID_REQUEST_CHANGES] = "Changes",
                                                   [SAID_WAIVE] = "Your reason",
                                                   [SAID_SETTLE] = "Your reason"};
    const char *own = v->mode == VIEW_NOTE ? labels[v->noting.kind] : NULL;
    return own ? own : v->mode == VIEW_NOTE && v->noting.reply_to ? "Your reply" : "Your note";
}

static void readers(const struct session *s, bool narrow, char *out, size_t size) {
    struct history_access access = {0};
    history_access(s->history, &access);
    if (access.shared)
        snprintf(out, size, "goes to everyone in group %s", access.group);
    else
        snprintf(out, size, "only you%sperfscale share --group NAME",
                 narrow ? ": " : ": the store is private; ");
}

static void draw_text(const struct pen *p, int index) {
    enum { AT = 4 };
    const struct view *v = p->v;
    int row = p->a.row, col = p->a.col;
    (void)index;
    if (v->mode == VIEW_NOTE)
        grid_fill(p->g, row, col + REVIEW_AT, 1, LOOK_ACCENT, 0x258c);
    else
        pen_mark(p, REVIEW_AT);
    grid_put(p->g, row, col + AT, 1, LOOK_MUTED, ">");
    if (v->mode == VIEW_NOTE)
        typed_draw(&v->edit, p->g, row, col + AT + 2, pen_room(p, AT + 2));
}

void review_typed_build(struct sheet *sh) {
    const struct session *s = sh->s;
    const struct view *v = sh->v;
    const char *silent = session_why_silent(s);
    char on[SAID_ON_BYTES], place[96], who[160], text[300], count[64];
    sheet_blank(sh);
    sheet_part(sh);
    if (silent[0]) {
        sheet_label(sh, LINE_KEEP, REVIEW_AT, label_of(v), 15, silent);
        return;
    }
    int focus = v->focus[STEP_REVIEW];
    panel_note_on(s, v, focus >= 0 && focus < sh->items ? &sh->item[focus] : NULL, on);
    place_show(v->mode == VIEW_NOTE ? v->noting.on : on, session_record(s), place, sizeof place);
    readers(s, sh->narrow, who, sizeof who);
    snprintf(text, sizeof text, "on %s, %s", place, who);
    sheet_pair(sh, LINE_KEEP, REVIEW_AT, label_of(v), 15, text);
    struct line *l = sheet_line(sh, LINE_KEEP, draw_text, 0);
    l->draws_mark = true;
    sheet_item(sh, l, ITEM_NEW_NOTE, 0, MARK_NONE);
    if (v->mode != VIEW_NOTE)
        return;
    snprintf(text, sizeof text, "Enter sends. Esc keeps it as a draft. %s.",
             typed_count(&v->edit, count, sizeof count));
    sheet_say(sh, LINE_KEEP, REVIEW_AT + 2, LOOK_MUTED, text);
}

/* The lines in which the scripts of two runs differ, over the pane. */
#include <stdio.h>
#include <string.h>

#include "ui/screen/panel/history_parts.h"
#include "ui/screen/widget/diffview.h"

static enum look no_colour(const void *context, bool in_new, size_t at, size_t *until) {
    (void)context;
    (void)in_new;
    (void)at;
    *until = SIZE_MAX;
    return LOOK_TEXT;
}

static struct diff_source source_of(const struct session *s, int aside) {
    const char *a = session_compared(s, 0)->is.script_text;
    const char *b = session_compared(s, 1)->is.script_text;
    return (struct diff_source){.diff = session_compare_scripts(s),
                                .old = a,
                                .new = b,
                                .old_len = strlen(a),
                                .new_len = strlen(b),
                                .aside = aside,
                                .look = no_colour};
}

static void draw_lines(const struct pen *p, int index) {
    (void)index;
    struct diff_rows rows;
    struct diff_source d = source_of(p->s, p->v->aside);
    diffview_layout(&rows, d.diff, false);
    long most = (long)rows.len - p->a.rows, first = p->v->scroll[STEP_HISTORY];
    first = first > most ? most : first;
    int mark = diffview_draw(&rows, &d, p->g, p->a.row, p->a.col, p->a.rows,
                             p->a.cols - PANE_MARGIN, first > 0 ? (size_t)first : 0);
    if (p->focus >= 0)
        grid_fill(p->g, mark, p->a.col, 1, LOOK_ACCENT, 0x258c);
    diffview_fini(&rows);
}

void compare_scripts_build(struct sheet *sh) {
    enum { LEAST = 8, MOST = 5000 };
    const struct comparison *c = session_comparison(sh->s);
    const struct diff *d = session_compare_scripts(sh->s);
    struct diff_rows rows;
    char text[120], counts[64];
    snprintf(text, sizeof text, "script of run %lld, then of run %lld", (long long)c->a,
             (long long)c->b);
    snprintf(counts, sizeof counts, "-%ld +%ld, Esc closes", d->deleted, d->added);
    sheet_blank(sh);
    sheet_end(sh, sheet_title(sh, LINE_KEEP, "Compare", text), LOOK_MUTED, counts);
    sheet_blank(sh);
    diffview_layout(&rows, d, false);
    int want = rows.len < MOST ? (int)rows.len : MOST;
    struct line *l = sheet_block(sh, LINE_FILL, draw_lines, 0, want, want < LEAST ? want : LEAST);
    l->scroll_rows = (long)rows.len;
    l->draws_mark = true;
    sheet_item(sh, l, ITEM_DIFF, 0, MARK_NONE);
    diffview_fini(&rows);
}

/* A list that is longer than any pane: its rows are items, and only those that are seen are drawn.
 */
#include <stdio.h>

#include "ui/screen/panel/sheet.h"

struct line *sheet_list(struct sheet *sh, line_draw *draw, enum item_kind kind, const size_t *index,
                        size_t n, int least) {
    int rows = n < ITEMS_MAX ? (int)n : ITEMS_MAX;
    struct line *l = sheet_block(sh, LINE_FILL, draw, 0, rows, rows < least ? rows : least);
    l->list = true;
    l->above = l->below = "row";
    sheet_room(sh, (size_t)sh->items + (size_t)rows);
    for (size_t i = 0; i < n; i++)
        sheet_item(sh, l, kind, (int)index[i], MARK_NONE);
    return l;
}

/* The rows that are seen. */
struct seen {
    int from, rows;
    bool hint; /* a row below them says how many are not seen */
};

static struct seen window_of(const struct sheet *sh, const struct line *l) {
    enum { ROWS_FOR_HINT = 4 };
    struct seen w = {.rows = l->shown, .hint = l->items > l->shown && l->shown >= ROWS_FOR_HINT};
    int focus = sheet_focused(sh) - l->first_item;
    w.rows -= w.hint;
    w.from = sh->v->scroll[sh->v->open];
    if (focus >= 0 && focus < l->items) {
        w.from = w.from > focus ? focus : w.from;
        w.from = w.from + w.rows <= focus ? focus - w.rows + 1 : w.from;
    }
    int most = l->items > w.rows ? l->items - w.rows : 0;
    w.from = w.from > most ? most : w.from < 0 ? 0 : w.from;
    return w;
}

static void draw_hint(const struct line *l, const struct seen *w, struct grid *g, struct area a) {
    enum { AT_TEXT = 4 };
    char above[64] = "", below[64] = "", text[160];
    int after = l->items - w->from - w->rows;
    if (w->from > 0)
        snprintf(above, sizeof above, "%d %s%s above", w->from, l->above, w->from > 1 ? "s" : "");
    if (after > 0)
        snprintf(below, sizeof below, "%d %s%s below", after, l->below, after > 1 ? "s" : "");
    snprintf(text, sizeof text, "%s%s%s", above, above[0] && below[0] ? "   " : "", below);
    grid_put(g, a.row + w->rows, a.col + AT_TEXT, a.cols - PANE_MARGIN - AT_TEXT, LOOK_MUTED, text);
}

void sheet_draw_list(const struct sheet *sh, const struct line *l, struct grid *g, struct area a,
                     bool keys) {
    struct seen w = window_of(sh, l);
    for (int i = 0; i < w.rows && w.from + i < l->items; i++) {
        int item = l->first_item + w.from + i;
        bool here = keys && item == sheet_focused(sh);
        struct pen p = {sh->s, sh->v, g, {a.row + i, a.col, 1, a.cols}, here ? 0 : -1};
        l->draw(&p, sh->item[item].index);
        pen_mark(&p, l->mark_col);
    }
    if (w.hint)
        draw_hint(l, &w, g, a);
}

static const struct line *list_of(struct sheet *sh) {
    sheet_place(sh);
    for (int i = 0; i < sh->lines; i++)
        if (sh->line[i].list && sh->line[i].shown > 0)
            return &sh->line[i];
    return NULL;
}

int sheet_list_from(struct sheet *sh) {
    const struct line *l = list_of(sh);
    return l ? window_of(sh, l).from : -1;
}

int sheet_list_item(struct sheet *sh, int row) {
    const struct line *l = list_of(sh);
    if (!l)
        return -1;
    struct seen w = window_of(sh, l);
    int i = row - l->row;
    return i >= 0 && i < w.rows && w.from + i < l->items ? l->first_item + w.from + i : -1;
}

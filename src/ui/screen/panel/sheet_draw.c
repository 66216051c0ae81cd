/* Where the lines of a sheet stand in a pane that may be too low for them, and what is made of
 * that. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "ui/screen/panel/sheet.h"
#include "ui/screen/panel/sign.h"

enum { WINDOW_FOR_HINT = 4 };

/* --- giving up rows --- */

/* One column of a sheet. */
struct stack {
    struct sheet *sh;
    int column, rows;
    int over; /* rows too many; below 0: rows left */
};

static bool mine(const struct stack *t, int i) { return t->sh->line[i].column == t->column; }

static void lower(struct stack *t, struct line *l, int to) {
    t->over -= l->shown - to;
    l->shown = to;
}

static void start(struct stack *t) {
    t->over = -t->rows;
    for (int i = 0; i < t->sh->lines; i++) {
        struct line *l = &t->sh->line[i];
        if (!mine(t, i))
            continue;
        l->shown = l->kind == LINE_FILL ? l->least : l->rows;
        t->over += l->shown;
    }
}

static bool is_first(const struct stack *t, int i) {
    while (i-- > 0)
        if (mine(t, i))
            return false;
    return true;
}

/* Distances between the rows of a list go all at once, so that it stays even. */
static void drop_loose(struct stack *t) {
    for (int i = 0; t->over > 0 && i < t->sh->lines; i++)
        if (mine(t, i) && t->sh->line[i].kind == LINE_LOOSE)
            for (int k = i; k < t->sh->lines; k++)
                if (mine(t, k) && t->sh->line[k].kind == LINE_LOOSE)
                    lower(t, &t->sh->line[k], 0);
}

static void drop_first_blank(struct stack *t) {
    for (int i = 0; t->over > 0 && i < t->sh->lines; i++)
        if (mine(t, i) && t->sh->line[i].kind == LINE_BLANK && is_first(t, i))
            lower(t, &t->sh->line[i], 0);
}

/* From the bottom; a text of several lines goes as a whole. */
static void drop_kind(struct stack *t, enum line_kind kind) {
    bool whole = false;
    for (int i = t->sh->lines - 1; i >= 0; i--) {
        struct line *l = &t->sh->line[i];
        if (!mine(t, i) || l->kind != kind || (t->over <= 0 && !whole))
            continue;
        lower(t, l, 0);
        whole = l->continues;
    }
}

static void lower_charts(struct stack *t) {
    for (int i = t->sh->lines - 1; t->over > 0 && i >= 0; i--) {
        struct line *l = &t->sh->line[i];
        if (!mine(t, i) || l->kind != LINE_CHART)
            continue;
        int to = l->shown - t->over;
        lower(t, l, to >= l->least ? to : 0);
    }
}

/* A block that is scrolled can do with a few rows. */
static void lower_fill(struct stack *t) {
    enum { FEW = 3 };
    for (int i = 0; t->over > 0 && i < t->sh->lines; i++) {
        struct line *l = &t->sh->line[i];
        if (!mine(t, i) || l->kind != LINE_FILL || l->shown <= FEW)
            continue;
        int to = l->shown - t->over;
        lower(t, l, to > FEW ? to : FEW);
    }
}

/* What is left goes to the block that can use it. */
static void raise_fill(struct stack *t) {
    for (int i = 0; t->over < 0 && i < t->sh->lines; i++) {
        struct line *l = &t->sh->line[i];
        if (!mine(t, i) || l->kind != LINE_FILL || l->shown >= l->rows)
            continue;
        int to = l->shown - t->over;
        lower(t, l, to < l->rows ? to : l->rows);
    }
}

static void give_up(struct stack *t) {
    start(t);
    drop_kind(t, LINE_NOTE);
    drop_loose(t);
    drop_first_blank(t);
    drop_kind(t, LINE_BLANK);
    drop_kind(t, LINE_NEXT);
    drop_kind(t, LINE_SOURCE);
    lower_charts(t);
    lower_fill(t);
    raise_fill(t);
}

/* --- scrolling what is left too many --- */

/* The lines between the first and the last ROW, in rows of the screen. */
struct region {
    int first, last;        /* lines; last is one behind; first -1: nothing scrolls */
    int rows;               /* of all of them */
    int window, from;       /* rows that are seen, and the first of them */
    bool tall;              /* the focused item is higher than the window: it can be scrolled */
    int tall_from, tall_to; /* so far */
    bool hint;              /* a row below the window says how many are not seen */
    int hint_row;
    int above, below; /* lines that are not seen */
};

int sheet_focused(const struct sheet *sh) {
    int f = sh->v->focus[sh->v->open];
    return f < 0 || sh->items == 0 ? 0 : f < sh->items ? f : sh->items - 1;
}

static bool has_item(const struct line *l, int item) {
    return l->items > 0 && item >= l->first_item && item < l->first_item + l->items;
}

static bool find_region(const struct stack *t, struct region *r) {
    *r = (struct region){.first = -1};
    for (int i = 0; i < t->sh->lines; i++)
        if (mine(t, i) && t->sh->line[i].kind == LINE_ROW) {
            r->first = r->first < 0 ? i : r->first;
            r->last = i + 1;
        }
    for (int i = r->first; r->first >= 0 && i < r->last; i++)
        r->rows += mine(t, i) ? t->sh->line[i].shown : 0;
    return r->first >= 0;
}

/* The rows of the focused item, with the lines that belong to it; false when it is not among these.
 */
static bool focused_rows(const struct stack *t, const struct region *r, int *from, int *to) {
    int row = 0, item = sheet_focused(t->sh);
    bool seen = false;
    for (int i = r->first; i < r->last; i++) {
        const struct line *l = &t->sh->line[i];
        if (!mine(t, i))
            continue;
        if (seen && l->items > 0)
            break;
        if (has_item(l, item)) {
            seen = true;
            *from = row;
        }
        row += l->shown;
        *to = row;
    }
    return seen;
}

static void scroll_region(const struct stack *t, struct region *r) {
    int most = r->rows - r->window, from = 0, to = 0;
    r->from = t->sh->v->scroll[t->sh->v->open];
    bool focused = focused_rows(t, r, &from, &to);
    r->tall = focused && to - from > r->window;
    if (r->tall) { /* it is read through by scrolling */
        r->tall_from = from;
        r->tall_to = to - r->window;
        r->from = r->from < from ? from : r->from > r->tall_to ? r->tall_to : r->from;
    } else if (focused) {
        if (r->from + r->window < to)
            r->from = to - r->window;
        if (r->from > from)
            r->from = from;
    }
    r->from = r->from > most ? most : r->from < 0 ? 0 : r->from;
}

static void open_window(const struct stack *t, struct region *r) {
    r->window = r->rows - t->over;
    r->hint = r->window >= WINDOW_FOR_HINT;
    r->window = r->window < 1 ? 1 : r->window - r->hint;
    scroll_region(t, r);
}

/* Hides a line outside the window; `at` is its first row among all of them. */
static void look_through(struct region *r, struct line *l, int at) {
    if (l->shown == 0)
        return;
    bool above = at<r->from, below = at + l->shown> r->from + r->window;
    r->above += above;
    r->below += !above && below;
    if (above || below)
        l->shown = 0;
}

/* Puts every line of the column in its place. */
static void place(struct stack *t, int top, struct region *r) {
    give_up(t);
    *r = (struct region){.first = -1};
    if (t->over > 0 && find_region(t, r))
        open_window(t, r);
    int row = top, at = 0;
    for (int i = 0; i < t->sh->lines; i++) {
        struct line *l = &t->sh->line[i];
        if (!mine(t, i))
            continue;
        l->row = row;
        if (r->first >= 0 && i >= r->first && i < r->last) {
            int wanted = l->shown;
            look_through(r, l, at);
            at += wanted;
        }
        row += l->shown;
        if (r->first >= 0 && i + 1 == r->last) {
            r->hint_row = row;
            row += r->hint;
        }
    }
}

static struct region place_column(struct sheet *sh, int column) {
    struct stack t = {.sh = sh, .column = column, .rows = sh->a.rows};
    struct region r;
    place(&t, sh->a.row, &r);
    return r;
}

/* --- drawing --- */

static struct area column_area(const struct sheet *sh, int column) {
    struct area a = sh->a;
    if (!sh->wide)
        return a;
    a.cols = column == 0 ? sh->a.cols - COLUMN_GAP - sh->right_cols : sh->right_cols;
    a.col += column == 0 ? 0 : sh->a.cols - sh->right_cols;
    return a;
}

static bool keys_go_here(const struct view *v) {
    return v->mode == VIEW_BROWSE || v->mode == VIEW_EDIT || v->mode == VIEW_DETAILS;
}

static int focus_of(const struct sheet *sh, const struct line *l) {
    if (!keys_go_here(sh->v))
        return -1;
    if (sh->items == 0)
        return l->here ? 0 : -1;
    return has_item(l, sheet_focused(sh)) ? sheet_focused(sh) - l->first_item : -1;
}

static void draw_line(struct sheet *sh, const struct line *l, struct grid *g, int row, int rows) {
    struct area a = column_area(sh, l->column);
    struct pen p = {sh->s, sh->v, g, {row, a.col, rows, a.cols}, focus_of(sh, l)};
    if (l->list) {
        sheet_draw_list(sh, l, g, p.a, keys_go_here(sh->v));
        return;
    }
    for (int i = 0; i < l->texts; i++) {
        const struct line_text *t = &l->text[i];
        grid_put(g, row, a.col + t->col, t->cols, t->look, sh->text.data + t->at);
    }
    if (l->draw)
        l->draw(&p, l->index);
    if (!l->draws_mark)
        pen_mark(&p, l->mark_col);
}

static void draw_hint(const struct sheet *sh, struct grid *g, int column, const struct region *r) {
    char text[64];
    if (r->above && r->below)
        snprintf(text, sizeof text, "↑ %d more   ↓ %d more", r->above, r->below);
    else
        snprintf(text, sizeof text, r->above ? "↑ %d more" : "↓ %d more",
                 r->above ? r->above : r->below);
    grid_put(g, r->hint_row, column_area(sh, column).col + 4, 40, LOOK_MUTED, text);
}

void sheet_draw(struct sheet *sh, struct grid *g) {
    for (int column = 0; column < 1 + sh->wide; column++) {
        struct region r = place_column(sh, column);
        if (r.first >= 0 && r.hint && (r.above || r.below))
            draw_hint(sh, g, column, &r);
    }
    int bottom = sh->a.row + sh->a.rows;
    for (int i = 0; i < sh->lines; i++) {
        const struct line *l = &sh->line[i];
        if (l->shown > 0 && l->row + l->shown <= bottom)
            draw_line(sh, l, g, l->row, l->shown);
    }
}

void sheet_place(struct sheet *sh) {
    for (int column = 0; column < 1 + sh->wide; column++)
        place_column(sh, column);
}

int sheet_scroll_in(struct sheet *sh, int lines) {
    for (int column = 0; column < 1 + sh->wide; column++) {
        struct region r = place_column(sh, column);
        int to = r.from + lines;
        if (r.first < 0 || !r.tall)
            continue;
        to = to < r.tall_from ? r.tall_from : to > r.tall_to ? r.tall_to : to;
        return to == r.from ? -1 : to;
    }
    return -1;
}

int sheet_scroll_most(struct sheet *sh) {
    sheet_place(sh);
    for (int i = 0; i < sh->lines; i++) {
        const struct line *l = &sh->line[i];
        if (l->kind == LINE_FILL && l->scroll_rows > l->shown)
            return (int)(l->scroll_rows - l->shown);
    }
    return 0;
}

/* --- finding --- */

static bool line_holds(struct sheet *sh, const struct line *l, struct grid *scratch,
                       const char *text) {
    if (l->kind == LINE_FILL || l->kind == LINE_CHART)
        return false;
    grid_clear(scratch);
    draw_line(sh, l, scratch, 0, 1);
    char *dump = grid_dump(scratch, false);
    bool found = strcasestr(dump, text) != NULL;
    free(dump);
    return found;
}

/* The item that each line belongs to: its own, else the one before it. */
static int owner(const struct sheet *sh, int i) {
    for (; i >= 0; i--)
        if (sh->line[i].items > 0)
            return sh->line[i].first_item;
    return 0;
}

bool sheet_find(struct sheet *sh, const char *text, int dir, int *focus) {
    struct grid scratch;
    grid_init(&scratch, 1, sh->a.col + sh->a.cols, sh->ruler.glyphs);
    int now = 0, n = sh->lines;
    while (now < n && !has_item(&sh->line[now], sheet_focused(sh)))
        now++;
    bool found = false;
    for (int step = 1; step <= n && !found && sh->items > 0; step++) {
        int i = ((now + dir * step) % n + n) % n;
        found = line_holds(sh, &sh->line[i], &scratch, text);
        if (found)
            *focus = owner(sh, i);
    }
    grid_fini(&scratch);
    return found;
}

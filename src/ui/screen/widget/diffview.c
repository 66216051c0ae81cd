#include "diffview.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/text.h"

enum { TAB_COLS = 4, CODE_BYTES = 1024 };

/* --- which rows there are --- */

static void add_row(struct diff_rows *r, long left, long right, long folded) {
    r->row = mem_grow(r->row, r->len, &r->cap, sizeof *r->row);
    r->row[r->len++] = (struct diff_row){left, right, folded};
}

static void add_kept(struct diff_rows *r, long from, long to) {
    for (long i = from; i < to; i++)
        add_row(r, i, r->side ? i : -1, 0);
}

/* Kept lines [from, to), folded between their context. A fold of one line would save nothing. */
static void add_kept_run(struct diff_rows *r, const struct diff *d, long from, long to) {
    long lead = from == 0 ? 0 : DIFF_CONTEXT, tail = to == (long)d->len ? 0 : DIFF_CONTEXT;
    long hidden = to - from - lead - tail;
    if (hidden < 2 || d->changes == 0) {
        add_kept(r, from, to);
        return;
    }
    add_kept(r, from, from + lead);
    add_row(r, -1, -1, hidden);
    add_kept(r, to - tail, to);
}

/* Changed lines [from, to): deleted ones beside added ones. */
static void add_changed_run(struct diff_rows *r, const struct diff *d, long from, long to) {
    if (!r->side) {
        for (long i = from; i < to; i++)
            add_row(r, i, -1, 0);
        return;
    }
    long left = from, right = from;
    for (;;) {
        while (left < to && d->line[left].kind != DIFF_DEL)
            left++;
        while (right < to && d->line[right].kind != DIFF_ADD)
            right++;
        if (left == to && right == to)
            return;
        add_row(r, left < to ? left : -1, right < to ? right : -1, 0);
        left += left < to;
        right += right < to;
    }
}

void diffview_layout(struct diff_rows *r, const struct diff *d, bool side) {
    *r = (struct diff_rows){.side = side};
    long n = (long)d->len, i = 0;
    while (i < n) {
        long from = i;
        bool kept = d->line[i].kind == DIFF_KEEP;
        while (i < n && (d->line[i].kind == DIFF_KEEP) == kept)
            i++;
        if (kept)
            add_kept_run(r, d, from, i);
        else
            add_changed_run(r, d, from, i);
    }
}

void diffview_fini(struct diff_rows *r) {
    free(r->row);
    *r = (struct diff_rows){0};
}

static bool is_changed(const struct diff_row *row, const struct diff *d) {
    long i = row->left >= 0 ? row->left : row->right;
    return i >= 0 && d->line[i].kind != DIFF_KEEP;
}

/* --- one line of code --- */

static bool in_new(const struct diff_line *l) { return l->kind == DIFF_ADD; }

/* Code that is changed keeps the colour of its change where the language gives it none. */
static enum look code_look(const struct diff_source *d, const struct diff_line *l, size_t at,
                           size_t *until) {
    if (l->kind == DIFF_DEL) {
        *until = l->start + l->len;
        return LOOK_DEL;
    }
    enum look look = d->look(d->context, in_new(l), at, until);
    return look == LOOK_TEXT && l->kind == DIFF_ADD ? LOOK_ADD : look;
}

/* Bytes [at, end) with tabs as blanks up to the next stop; column counts from the line's start. */
static void expand(const char *text, size_t at, size_t end, int column, char out[CODE_BYTES]) {
    size_t n = 0;
    for (; at < end && n + TAB_COLS < CODE_BYTES; at++) {
        if (text[at] != '\t') {
            out[n++] = text[at] ? text[at] : '\x01'; /* a NUL is shown as any other control */
            column += ((unsigned char)text[at] & 0xc0) != 0x80;
            continue;
        }
        do
            out[n++] = ' ';
        while (++column % TAB_COLS != 0 && n + TAB_COLS < CODE_BYTES);
    }
    out[n] = '\0';
}

/* End of a line's bytes, inside its text whatever the diff says. */
static size_t line_end(const struct diff_source *d, const struct diff_line *l) {
    size_t len = in_new(l) ? d->new_len : d->old_len, end = l->start + l->len;
    return end < len ? end : len;
}

/* Behind the columns that are scrolled away. A wide character counts as one: the lines of a script
 * rarely hold any, and then they only stand a little aside. */
static size_t scrolled(const char *text, size_t at, size_t end, int aside) {
    for (int column = 0; at < end && column < aside;) {
        column += text[at] == '\t' ? TAB_COLS - column % TAB_COLS : 1;
        do
            at++;
        while (at < end && ((unsigned char)text[at] & 0xc0) == 0x80);
    }
    return at;
}

static void draw_code(const struct diff_source *d, const struct diff_line *l, struct grid *g,
                      int row, int col, int cols) {
    const char *text = in_new(l) ? d->new : d->old;
    size_t end = line_end(d, l), at = scrolled(text, l->start, end, d->aside);
    int x = col;
    while (at < end && x < col + cols) {
        size_t until = end;
        char piece[CODE_BYTES];
        enum look look = code_look(d, l, at, &until);
        until = until > end || until <= at ? end : until;
        expand(text, at, until, d->aside + x - col, piece);
        x = grid_put(g, row, x, col + cols - x, look, piece);
        at = until;
    }
}

/* --- rows --- */

static enum look line_look(const struct diff_line *l) {
    return l->kind == DIFF_ADD ? LOOK_ADD : l->kind == DIFF_DEL ? LOOK_DEL : LOOK_MUTED;
}

static int number_width(const struct diff *d) {
    int digits = 3;
    for (long most = 1000; most <= (long)d->len; most *= 10)
        digits++;
    return digits + 1;
}

static void draw_number(struct grid *g, int row, int end, int width, enum look look, long number) {
    char text[24];
    if (number <= 0)
        return;
    snprintf(text, sizeof text, "%ld", number);
    grid_right(g, row, end, width, look, text);
}

static void draw_sign(struct grid *g, int row, int col, const struct diff_line *l) {
    if (l->kind != DIFF_KEEP)
        grid_fill(g, row, col, 1, line_look(l), (uint32_t)l->kind);
}

static void draw_fold(struct grid *g, int row, int col, int cols, long lines) {
    char text[64];
    snprintf(text, sizeof text, "… %ld lines …", lines);
    grid_put(g, row, col, cols, LOOK_MUTED, text);
}

static void draw_unified(const struct diff_row *r, const struct diff_source *d, struct grid *g,
                         int row, int col, int cols) {
    int width = number_width(d->diff), code = 1 + 2 * width + 3;
    if (r->folded > 0) {
        draw_fold(g, row, col + code, cols - code, r->folded);
        return;
    }
    const struct diff_line *l = &d->diff->line[r->left];
    draw_number(g, row, col + 1 + width, width, line_look(l), l->old_line);
    draw_number(g, row, col + 1 + 2 * width, width, line_look(l), l->new_line);
    draw_sign(g, row, col + 2 + 2 * width, l);
    draw_code(d, l, g, row, col + code, cols - code);
}

static void draw_half(long index, bool left, const struct diff_source *d, struct grid *g, int row,
                      int col, int cols) {
    int width = number_width(d->diff), code = 1 + width + 3;
    if (index < 0)
        return;
    const struct diff_line *l = &d->diff->line[index];
    draw_number(g, row, col + 1 + width, width, line_look(l), left ? l->old_line : l->new_line);
    draw_sign(g, row, col + 2 + width, l);
    draw_code(d, l, g, row, col + code, cols - code);
}

static void draw_side(const struct diff_row *r, const struct diff_source *d, struct grid *g,
                      int row, int col, int cols) {
    int half = (cols - 1) / 2, width = number_width(d->diff);
    grid_fill(g, row, col + half, 1, LOOK_MUTED, 0x2502);
    if (r->folded > 0) {
        draw_fold(g, row, col + width + 4, half - width - 5, r->folded);
        return;
    }
    draw_half(r->left, true, d, g, row, col, half - 1);
    draw_half(r->right, false, d, g, row, col + half + 1, cols - half - 1);
}

int diffview_draw(const struct diff_rows *r, const struct diff_source *d, struct grid *g, int row,
                  int col, int rows, int cols, size_t first) {
    int change = -1;
    for (int i = 0; i < rows && first + (size_t)i < r->len; i++) {
        const struct diff_row *line = &r->row[first + (size_t)i];
        if (r->side)
            draw_side(line, d, g, row + i, col, cols);
        else
            draw_unified(line, d, g, row + i, col, cols);
        if (change < 0 && is_changed(line, d->diff))
            change = row + i;
    }
    return change < 0 ? row : change;
}

/* --- going to a row --- */

static bool run_starts(const struct diff_rows *r, const struct diff *d, long i) {
    return is_changed(&r->row[i], d) && (i == 0 || !is_changed(&r->row[i - 1], d));
}

/* Where to scroll so that the change is seen with its context, and no change above it. */
static long with_context(const struct diff_rows *r, const struct diff *d, long i) {
    long first = i;
    while (first > 0 && i - first < DIFF_CONTEXT && !is_changed(&r->row[first - 1], d))
        first--;
    return first;
}

long diffview_change(const struct diff_rows *r, const struct diff *d, size_t first, int dir) {
    long n = (long)r->len, now = (long)first;
    while (now < n && !is_changed(&r->row[now], d))
        now++;
    if (dir < 0 && now == n)
        now = (long)first; /* the last change is above the window */
    for (long i = now + dir; i >= 0 && i < n; i += dir)
        if (run_starts(r, d, i))
            return with_context(r, d, i);
    return -1;
}

static bool holds(const struct diff_source *d, long index, const char *text) {
    char line[CODE_BYTES];
    if (index < 0)
        return false;
    const struct diff_line *l = &d->diff->line[index];
    const char *from = in_new(l) ? d->new : d->old;
    size_t end = line_end(d, l);
    text_clean(from + l->start, end > l->start ? end - l->start : 0, TEXT_ONE_LINE, line,
               sizeof line);
    return strcasestr(line, text) != NULL;
}

long diffview_find(const struct diff_rows *r, const struct diff_source *d, size_t first,
                   const char *text, int dir) {
    for (long i = (long)first; i >= 0 && i < (long)r->len; i += dir)
        if (holds(d, r->row[i].left, text) || holds(d, r->row[i].right, text))
            return i;
    return -1;
}

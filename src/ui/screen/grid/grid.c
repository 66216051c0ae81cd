#include "grid.h"

#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/mem.h"
#include "base/text.h"

/* No terminal is larger; a size from outside is cut to it. */
enum { ROWS_MAX = 1000, COLS_MAX = 2000 };
enum { PRINT_BYTES = 1024 };
#define ELLIPSIS 0x2026

static const char letters[LOOKS + 1] = ".TdagyrvVlcC+-123_";

char look_letter(enum look look) { return (unsigned)look < LOOKS ? letters[look] : '?'; }

/* Our own signs on a terminal that shows ASCII only; sorted by code point. */
static const struct {
    uint32_t first, last;
    char ascii;
} ascii_forms[] = {
    {0x00b7, 0x00b7, '-'}, /* · */
    {0x2026, 0x2026, '~'}, /* … */
    {0x2039, 0x2039, '<'}, /* ‹ */
    {0x203a, 0x203a, '>'}, /* › */
    {0x2190, 0x2190, '<'}, /* ← */
    {0x2191, 0x2191, '^'}, /* ↑ */
    {0x2192, 0x2192, '>'}, /* → */
    {0x2193, 0x2193, 'v'}, /* ↓ */
    {0x2298, 0x2298, '%'}, /* ⊘ */
    {0x2500, 0x2500, '-'}, /* ─ */
    {0x2502, 0x2502, '|'}, /* │ */
    {0x250c, 0x253c, '+'}, /* corners and crossings */
    {0x254c, 0x254c, '-'}, /* ╌ */
    {0x254e, 0x254e, '|'}, /* ╎ */
    {0x2581, 0x2581, '.'}, /* ▁ and up: the steps of a small chart */
    {0x2582, 0x2582, ':'}, {0x2583, 0x2583, '-'}, {0x2584, 0x2584, '='},
    {0x2585, 0x2585, '+'}, {0x2586, 0x2586, '*'}, {0x2587, 0x258b, '#'}, /* ▇ █ ▉ ▊ ▋ */
    {0x258c, 0x258c, '>'},                                               /* ▌ the focus */
    {0x258d, 0x258f, '.'},                                               /* ▍ ▎ ▏ */
    {0x25b2, 0x25b2, '^'},                                               /* ▲ */
    {0x25cf, 0x25cf, '*'},                                               /* ● */
    {0x2713, 0x2713, '+'},                                               /* ✓ */
    {0x2717, 0x2717, 'x'},                                               /* ✗ */
    {0x2800, 0x2800, ' '},                                               /* braille without a dot */
};

/* 0 for what is not one of our signs. */
static uint32_t ascii_form(uint32_t cp) {
    for (size_t i = 0; i < sizeof ascii_forms / sizeof *ascii_forms; i++)
        if (cp >= ascii_forms[i].first && cp <= ascii_forms[i].last)
            return (uint32_t)ascii_forms[i].ascii;
    return 0;
}

/* A text on its way into the grid, one cell after the other. */
struct source {
    const char *s;
    size_t len;
    bool ascii;
    size_t changed; /* characters replaced or dropped so far */
};

static struct source source_of(const struct grid *g, const char *text) {
    return (struct source){.s = text, .len = strlen(text), .ascii = g->glyphs == GLYPHS_ASCII};
}

/* Our signs become ASCII before the filter sees them: without a UTF-8 locale it would know none. */
static enum text_class peek(const struct source *r, uint32_t *cp, size_t *used) {
    *used = text_decode(r->s, r->len, cp);
    uint32_t own = r->ascii && *cp > 0x7e ? ascii_form(*cp) : 0;
    if (own)
        *cp = own;
    return text_classify(*cp);
}

static void skip(struct source *r, size_t used) {
    r->s += used;
    r->len -= used;
}

/* What stands on a character: at most two marks, the others are dropped and counted. */
static void read_marks(struct source *r, struct cell *c) {
    int marks = 0;
    while (r->len > 0) {
        uint32_t cp;
        size_t used;
        enum text_class k = peek(r, &cp, &used);
        if (k != TEXT_COMBINE && k != TEXT_DROP)
            return;
        if (k == TEXT_COMBINE && marks < 2 && !r->ascii)
            c->cp[1 + marks++] = cp;
        else
            r->changed++;
        skip(r, used);
    }
}

static void read_char(struct source *r, uint32_t cp, struct cell *c) {
    if (r->ascii && cp > 0x7e) {
        cp = '?';
        r->changed++;
    }
    c->cp[0] = cp;
    c->width = (uint8_t)text_cp_width(cp);
    read_marks(r, c);
}

/* The next cell of the text, without a look; false at its end. */
static bool read_cell(struct source *r, struct cell *c) {
    while (r->len > 0) {
        uint32_t cp;
        size_t used;
        enum text_class k = peek(r, &cp, &used);
        skip(r, used);
        *c = (struct cell){.cp = {' '}, .width = 1};
        switch (k) {
        case TEXT_KEEP:
            read_char(r, cp, c);
            return true;
        case TEXT_TAB:
            return true;
        case TEXT_RETURN:
            if (r->len > 0 && r->s[0] == '\n')
                continue;
            break;
        case TEXT_COMBINE: /* a mark with nothing below it */
        case TEXT_DROP:
            r->changed++;
            continue;
        case TEXT_NEWLINE:
        case TEXT_REPLACE:
            break;
        }
        c->cp[0] = '?';
        r->changed++;
        return true;
    }
    return false;
}

/* Columns of the text, or a number above `enough` as soon as that is clear. */
static int64_t measure(struct source r, int64_t enough) {
    int64_t width = 0;
    struct cell c;
    while (width <= enough && read_cell(&r, &c))
        width += c.width;
    return width;
}

int grid_width(const struct grid *g, const char *text) {
    int64_t width = measure(source_of(g, text), INT_MAX);
    return width > INT_MAX ? INT_MAX : (int)width;
}

static struct cell *at(const struct grid *g, int row, int64_t col) {
    if (row < 0 || row >= g->rows || col < 0 || col >= g->cols)
        return NULL;
    return &g->cell[(size_t)row * (size_t)g->cols + (size_t)col];
}

static const struct cell blank_cell = {.cp = {' '}, .width = 1, .look = LOOK_TEXT};

static void make_blank(struct cell *c) {
    enum look look = c->look;
    *c = blank_cell;
    c->look = (uint8_t)look;
}

/* Half a wide character cannot stand alone: whoever overwrites one half blanks the other. */
static void part(const struct grid *g, int row, int64_t col) {
    struct cell *c = at(g, row, col);
    if (!c)
        return;
    struct cell *other = c->width == 0 ? c - 1 : c->width == 2 ? c + 1 : NULL;
    if (other)
        make_blank(other);
}

static void set_cell(struct grid *g, int row, int64_t col, const struct cell *c) {
    struct cell *left = at(g, row, col);
    part(g, row, col);
    if (c->width < 2) {
        if (left)
            *left = *c;
        return;
    }
    struct cell *right = at(g, row, col + 1);
    part(g, row, col + 1);
    if (left && right) {
        *left = *c;
        *right = (struct cell){.width = 0, .look = c->look};
    } else if (left || right) {
        struct cell half = blank_cell;
        half.look = c->look;
        *(left ? left : right) = half;
    }
}

/* One of our own characters, of width 1. */
static int64_t put_char(struct grid *g, int row, int64_t col, enum look look, uint32_t cp) {
    bool ascii = g->glyphs == GLYPHS_ASCII && cp > 0x7e;
    uint32_t own = ascii ? ascii_form(cp) : cp;
    struct cell c = {
        .cp = {text_cp_width(own) == 1 ? own : '?'}, .width = 1, .look = (uint8_t)look};
    set_cell(g, row, col, &c);
    return col + 1;
}

/* Cells of r from col on, none of them beyond `end`. */
static int64_t put_cells(struct grid *g, int row, int64_t col, int64_t end, enum look look,
                         struct source *r) {
    struct cell c;
    size_t seen = r->changed;
    for (; read_cell(r, &c); seen = r->changed) {
        if (col + c.width > end) {
            r->changed = seen; /* what is cut away does not count */
            break;
        }
        c.look = (uint8_t)look;
        set_cell(g, row, col, &c);
        col += c.width;
    }
    g->replaced += r->changed;
    return col;
}

static bool has_row(const struct grid *g, int row) { return row >= 0 && row < g->rows; }

int grid_put(struct grid *g, int row, int col, int most, enum look look, const char *text) {
    int64_t room = (int64_t)g->cols - col;
    if (room > most)
        room = most;
    if (!has_row(g, row) || room <= 0)
        return col;
    struct source r = source_of(g, text);
    if (measure(r, room) <= room)
        return (int)put_cells(g, row, col, (int64_t)col + room, look, &r);
    int64_t end = put_cells(g, row, col, (int64_t)col + room - 1, look, &r);
    return (int)put_char(g, row, end, look, ELLIPSIS);
}

int grid_print(struct grid *g, int row, int col, enum look look, const char *fmt, ...) {
    char text[PRINT_BYTES];
    va_list ap, again;
    va_start(ap, fmt);
    va_copy(again, ap);
    int n = vsnprintf(text, sizeof text, fmt, ap);
    char *longer = NULL;
    if (n >= (int)sizeof text) {
        longer = mem_new((size_t)n + 1, 1);
        vsnprintf(longer, (size_t)n + 1, fmt, again);
    }
    va_end(again);
    va_end(ap);
    int end = n < 0 ? col : grid_put(g, row, col, INT_MAX, look, longer ? longer : text);
    free(longer);
    return end;
}

int grid_right(struct grid *g, int row, int end, int most, enum look look, const char *text) {
    if (most <= 0 || !has_row(g, row))
        return end;
    struct source r = source_of(g, text);
    int64_t width = measure(r, INT_MAX);
    if (width <= most) {
        put_cells(g, row, (int64_t)end - width, end, look, &r);
        return (int)((int64_t)end - width);
    }
    struct cell c;
    while (width > most - 1 && read_cell(&r, &c))
        width -= c.width;
    r.changed = 0; /* nor does it here */
    int64_t first = (int64_t)end - width - 1;
    put_cells(g, row, put_char(g, row, first, look, ELLIPSIS), end, look, &r);
    return (int)first;
}

void grid_fill(struct grid *g, int row, int col, int n, enum look look, uint32_t cp) {
    int64_t end = (int64_t)col + n < g->cols ? (int64_t)col + n : g->cols;
    for (int64_t i = col < 0 ? 0 : col; i < end; i++)
        put_char(g, row, i, look, cp);
}

void grid_fill_down(struct grid *g, int row, int col, int n, enum look look, uint32_t cp) {
    int64_t end = (int64_t)row + n < g->rows ? (int64_t)row + n : g->rows;
    for (int64_t i = row < 0 ? 0 : row; i < end; i++)
        put_char(g, (int)i, col, look, cp);
}

void grid_relook(struct grid *g, int row, int col, int n, enum look look) {
    int64_t end = (int64_t)col + n < g->cols ? (int64_t)col + n : g->cols;
    for (int64_t i = col < 0 ? 0 : col; i < end; i++) {
        struct cell *c = at(g, row, i);
        if (!c)
            return;
        c->look = (uint8_t)look;
        if (c->width == 0)
            c[-1].look = (uint8_t)look;
        if (c->width == 2)
            c[1].look = (uint8_t)look;
    }
}

void grid_blank(struct grid *g, int row, int col, int rows, int cols) {
    int64_t end = (int64_t)row + rows < g->rows ? (int64_t)row + rows : g->rows;
    for (int64_t i = row < 0 ? 0 : row; i < end; i++)
        grid_fill(g, (int)i, col, cols, LOOK_TEXT, ' ');
}

static size_t cells(const struct grid *g) { return (size_t)g->rows * (size_t)g->cols; }

void grid_clear(struct grid *g) {
    for (size_t i = 0; i < cells(g); i++)
        g->cell[i] = blank_cell;
    g->replaced = 0;
    g->cursor_row = g->cursor_col = -1;
}

static int between(int n, int most) { return n < 0 ? 0 : n > most ? most : n; }

void grid_resize(struct grid *g, int rows, int cols) {
    g->rows = between(rows, ROWS_MAX);
    g->cols = between(cols, COLS_MAX);
    g->cell = mem_resize(g->cell, cells(g), sizeof *g->cell);
    grid_clear(g);
}

void grid_init(struct grid *g, int rows, int cols, enum glyphs glyphs) {
    *g = (struct grid){.glyphs = glyphs};
    grid_resize(g, rows, cols);
}

void grid_fini(struct grid *g) {
    free(g->cell);
    *g = (struct grid){0};
}

static bool same_cell(const struct cell *a, const struct cell *b) {
    return a->cp[0] == b->cp[0] && a->cp[1] == b->cp[1] && a->cp[2] == b->cp[2] &&
           a->width == b->width && a->look == b->look;
}

bool grid_same(const struct grid *a, const struct grid *b) {
    if (a->rows != b->rows || a->cols != b->cols || a->cursor_row != b->cursor_row ||
        a->cursor_col != b->cursor_col)
        return false;
    for (size_t i = 0; i < cells(a); i++)
        if (!same_cell(&a->cell[i], &b->cell[i]))
            return false;
    return true;
}

static void dump_cell(struct buf *b, const struct cell *c) {
    for (int i = 0; i < 3 && c->cp[i]; i++) {
        char bytes[4];
        buf_add(b, bytes, text_encode(c->cp[i], bytes));
    }
}

static void dump_row(struct buf *b, const struct grid *g, int row) {
    size_t start = b->len;
    for (int col = 0; col < g->cols; col++)
        dump_cell(b, at(g, row, col));
    while (b->len > start && b->data[b->len - 1] == ' ')
        b->len--;
    buf_char(b, '\n');
}

char *grid_dump(const struct grid *g, bool looks) {
    enum { CELL_BYTES = 3 * 4 + 1 };
    struct buf b;
    buf_init(&b, (cells(g) + (size_t)g->rows * 2) * CELL_BYTES);
    for (int row = 0; row < g->rows; row++)
        dump_row(&b, g, row);
    for (int row = 0; looks && row < g->rows; row++) {
        for (int col = 0; col < g->cols; col++)
            buf_char(&b, look_letter(at(g, row, col)->look));
        buf_char(&b, '\n');
    }
    char *dump = buf_take(&b);
    buf_fini(&b);
    return dump;
}

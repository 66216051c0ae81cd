/* ui/screen/grid/grid.h
 * A screen in memory: a character and its meaning per cell. Whatever enters passes the filter of
 * base/text.h here, in one place, so no control, bidirectional or zero-width character can reach a
 * terminal. Positions outside the grid are clipped, never an error. Not a word of curses. */
#ifndef PERFSCALE_SCREEN_GRID_H
#define PERFSCALE_SCREEN_GRID_H

#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* What a text means; ui/screen/term alone knows its colour. */
enum look {
    LOOK_TEXT,
    LOOK_TITLE,
    LOOK_MUTED,
    LOOK_ACCENT,
    LOOK_OK,
    LOOK_WARN,
    LOOK_FAIL,
    LOOK_NODATA,
    LOOK_INVALID,
    LOOK_LIVE,
    LOOK_CHART,
    LOOK_CHART2,
    LOOK_ADD,
    LOOK_DEL,
    LOOK_CODE1, /* keyword */
    LOOK_CODE2, /* string */
    LOOK_CODE3, /* comment */
    LOOK_FIELD, /* text being edited */
    LOOKS,
};

/* The letter of a look in golden files: ". T d a g y r v V l c C + - 1 2 3 _". */
char look_letter(enum look look);

/* Which characters our own drawings use. */
enum glyphs { GLYPHS_BRAILLE, GLYPHS_BLOCK, GLYPHS_ASCII };

struct cell {
    uint32_t cp[3]; /* a character and at most two combining marks, 0 behind the last */
    uint8_t width;  /* columns: 1 or 2; 0 for the right half of a wide one */
    uint8_t look;
};

struct grid {
    int rows, cols;
    struct cell *cell; /* owned; rows x cols */
    enum glyphs glyphs;
    size_t replaced; /* characters that the filter replaced or dropped since grid_clear */
    int cursor_row, cursor_col; /* where the terminal's cursor stands; -1: hidden */
};

void grid_init(struct grid *g, int rows, int cols, enum glyphs glyphs);
void grid_fini(struct grid *g);
void grid_clear(struct grid *g);                      /* all blank, cursor hidden, replaced 0 */
void grid_resize(struct grid *g, int rows, int cols); /* also clears */
bool grid_same(const struct grid *a, const struct grid *b);

/* Write text at row, col with at most `most` columns; longer text is cut with "…" as its last
 * column. Tabs become one space, line ends "?". With GLYPHS_ASCII our own signs become their ASCII
 * form and any other character above U+007E "?". Returns the column behind what was written. */
int grid_put(struct grid *g, int row, int col, int most, enum look look, const char *text);

/* printf-like grid_put without a limit but the grid's edge. */
int grid_print(struct grid *g, int row, int col, enum look look, const char *fmt, ...)
    __attribute__((format(printf, 5, 6)));

/* Write text so that it ends before column `end`, cut at the left to `most` columns. Returns its
 * first column. */
int grid_right(struct grid *g, int row, int end, int most, enum look look, const char *text);

/* n times one character of width 1. */
void grid_fill(struct grid *g, int row, int col, int n, enum look look, uint32_t cp);

/* n cells down. */
void grid_fill_down(struct grid *g, int row, int col, int n, enum look look, uint32_t cp);

/* Change the look of n cells, not their characters. */
void grid_relook(struct grid *g, int row, int col, int n, enum look look);

/* Blank a rectangle. */
void grid_blank(struct grid *g, int row, int col, int rows, int cols);

/* Columns that text takes in this grid (after the filter). */
int grid_width(const struct grid *g, const char *text);

/* The grid as text: one line per row without trailing blanks, and, when looks is true, a second
 * block with a letter per cell. The caller frees. */
char *grid_dump(const struct grid *g, bool looks);

#endif

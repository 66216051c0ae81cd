#include "chart.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/mem.h"

int chart_points(const struct grid *g, int cols) {
    return cols <= 0 ? 0 : g->glyphs == GLYPHS_BRAILLE ? 2 * cols : cols;
}

/* --- braille: 2 x 4 dots in a cell --- */

/* The row of dots for a value, 0 at the top. The highest value leaves a dot of air above it. */
static int dot_row(double value, double top, int dots) {
    double share = value / top;
    share = share < 0 ? 0 : share > 1 ? 1 : share;
    return (int)lround((1 - share) * (dots - 2)) + 1;
}

static void set_dot(unsigned char *cell, int cols, int x, int y) {
    static const unsigned char bit[4][2] = {{0x01, 0x08}, {0x02, 0x10}, {0x04, 0x20}, {0x40, 0x80}};
    cell[(y / 4) * cols + x / 2] |= bit[y % 4][x % 2];
}

/* From the dot of the column before to this one, so that the line has no holes. */
static void join(unsigned char *cell, int cols, int x, int from, int to) {
    int step = to > from ? 1 : -1;
    for (int y = from; y != to; y += step)
        set_dot(cell, cols, x, y == from && from != to ? from + step : y);
    set_dot(cell, cols, x, to);
}

static void draw_braille(struct grid *g, int row, int col, int rows, int cols, const double *y,
                         double top, enum look look) {
    unsigned char *cell = mem_new((size_t)rows * (size_t)cols, 1);
    int last = -1;
    for (int x = 0; x < 2 * cols; x++) {
        if (isnan(y[x])) {
            last = -1;
            continue;
        }
        int dot = dot_row(y[x], top, rows * 4);
        join(cell, cols, x, last < 0 ? dot : last, dot);
        last = dot;
    }
    for (int i = 0; i < rows * cols; i++)
        if (cell[i])
            grid_fill(g, row + i / cols, col + i % cols, 1, look, 0x2800u + cell[i]);
    free(cell);
}

/* --- blocks; the grid turns them into ASCII --- */

static void draw_column(struct grid *g, int row, int col, int rows, double share, enum look look) {
    share = share < 0 ? 0 : share > 1 ? 1 : share;
    int parts = (int)lround(share * rows * 8);
    if (parts == 0)
        parts = 1;
    for (int r = rows - 1; r >= 0 && parts > 0; r--, parts -= 8)
        grid_fill(g, row + r, col, 1, look, 0x2580u + (uint32_t)(parts < 8 ? parts : 8));
}

void chart_line(struct grid *g, int row, int col, int rows, int cols, const double *y, double top,
                enum look look) {
    if (rows <= 0 || cols <= 0 || !(top > 0))
        return;
    if (g->glyphs == GLYPHS_BRAILLE) {
        draw_braille(g, row, col, rows, cols, y, top, look);
        return;
    }
    for (int x = 0; x < cols; x++)
        if (!isnan(y[x]))
            draw_column(g, row, col + x, rows, y[x] / top, look);
}

/* --- what stands around the line --- */

void chart_limit(struct grid *g, int row, int col, int rows, int cols, double value, double top,
                 enum look look) {
    if (rows <= 0 || cols <= 0 || !(value > 0) || !(value <= top))
        return;
    int parts = (int)lround(value / top * rows * 8);
    int at = g->glyphs == GLYPHS_BRAILLE ? dot_row(value, top, rows * 4) / 4
                                         : rows - 1 - (parts > 0 ? parts - 1 : 0) / 8;
    grid_fill(g, row + at, col, cols, look, 0x254c);
}

/* Blank from col on for n columns, with a blank at both sides. */
static bool is_free(const struct grid *g, int row, int col, int n, int end) {
    for (int i = col - 1; i <= col + n; i++)
        if (row < 0 || row >= g->rows || i < 0 || i >= g->cols || i > end ||
            g->cell[row * g->cols + i].cp[0] != ' ')
            return false;
    return true;
}

void chart_note(struct grid *g, int row, int col, int cols, double share, enum look look,
                const char *sign, const char *word) {
    char text[64];
    if (cols <= 0 || !(share >= 0) || !(share <= 1))
        return;
    int at = col + (int)lround(share * (cols - 1)), end = col + cols;
    snprintf(text, sizeof text, "%s%s%s", sign, sign[0] && word[0] ? " " : "", word);
    const char *fits = is_free(g, row, at, grid_width(g, text), end) ? text : sign;
    if (fits[0] && is_free(g, row, at, grid_width(g, fits), end))
        grid_put(g, row, at, grid_width(g, fits), look, fits);
}

void sparkline(struct grid *g, int row, int col, int cols, const double *y, double top,
               enum look look) {
    if (!(top > 0))
        return;
    for (int x = 0; x < cols; x++)
        if (!isnan(y[x]))
            draw_column(g, row, col + x, 1, y[x] / top, look);
}

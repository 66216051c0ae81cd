#include "chart.h"

#include <math.h>
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

void sparkline(struct grid *g, int row, int col, int cols, const double *y, double top,
               enum look look) {
    if (!(top > 0))
        return;
    for (int x = 0; x < cols; x++)
        if (!isnan(y[x]))
            draw_column(g, row, col + x, 1, y[x] / top, look);
}

/* widget/table.h
 * Columns that line up: words from their left edge, numbers up to their right edge. */
#ifndef PERFSCALE_SCREEN_TABLE_H
#define PERFSCALE_SCREEN_TABLE_H

#include <stdbool.h>

#include "ui/screen/grid/grid.h"

struct column {
    const char *title;
    int at;    /* first column, counted from the table's left edge */
    int width; /* 0: this column is not shown */
    bool right;
};

/* One cell; text that is too long is cut. */
void table_cell(struct grid *g, int row, int left, const struct column *c, enum look look,
                const char *text);

/* The line of titles. */
void table_head(struct grid *g, int row, int left, const struct column *c, int columns);

#endif

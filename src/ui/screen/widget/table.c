#include "table.h"

void table_cell(struct grid *g, int row, int left, const struct column *c, enum look look,
                const char *text) {
    if (c->right)
        grid_right(g, row, left + c->at + c->width, c->width, look, text);
    else
        grid_put(g, row, left + c->at, c->width, look, text);
}

void table_head(struct grid *g, int row, int left, const struct column *c, int columns) {
    for (int i = 0; i < columns; i++)
        table_cell(g, row, left, &c[i], LOOK_MUTED, c[i].title);
}

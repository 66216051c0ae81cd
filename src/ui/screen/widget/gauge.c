#include "gauge.h"

#include <math.h>

static void draw_ascii(struct grid *g, int row, int col, int cells, double share, enum look look) {
    int full = (int)lround(share * cells);
    grid_fill(g, row, col, full, look, '#');
    grid_fill(g, row, col + full, cells - full, LOOK_MUTED, '.');
}

void gauge_draw(struct grid *g, int row, int col, int cells, double share, enum look look) {
    /* of 0 to 7 eighths; four of them would look like the focus */
    static const uint32_t eighth[8] = {' ', 0x258f, 0x258e, 0x258d, 0x258d, 0x258b, 0x258a, 0x2589};
    if (isnan(share) || cells <= 0)
        return;
    share = share < 0 ? 0 : share > 1 ? 1 : share;
    if (g->glyphs == GLYPHS_ASCII) {
        draw_ascii(g, row, col, cells, share, look);
        return;
    }
    int parts = (int)lround(share * cells * 8);
    if (share > 0 && parts == 0)
        parts = 1;
    grid_fill(g, row, col, parts / 8, look, 0x2588);
    if (parts % 8)
        grid_fill(g, row, col + parts / 8, 1, look, eighth[parts % 8]);
}

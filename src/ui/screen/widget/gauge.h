/* widget/gauge.h
 * How much of a limit is used, as a bar of eighths of a cell. Never the half block: that one marks
 * the focus. */
#ifndef PERFSCALE_SCREEN_GAUGE_H
#define PERFSCALE_SCREEN_GAUGE_H

#include "ui/screen/grid/grid.h"

/* share 1 fills all cells; more than that fills them too. NAN draws nothing. In ASCII the rest is
 * dotted. */
void gauge_draw(struct grid *g, int row, int col, int cells, double share, enum look look);

#endif

/* widget/chart.h
 * A line over a fixed axis: in braille, in blocks, or in ASCII, as the grid says. The axis runs
 * from 0 to `top` at the whole height, so a new value changes the cells of that value only. */
#ifndef PERFSCALE_SCREEN_CHART_H
#define PERFSCALE_SCREEN_CHART_H

#include "ui/screen/grid/grid.h"

/* Values that a chart of so many columns takes: two per column in braille, else one. */
int chart_points(const struct grid *g, int cols);

/* y: chart_points() values from left to right; NAN leaves a gap. */
void chart_line(struct grid *g, int row, int col, int rows, int cols, const double *y, double top,
                enum look look);

/* One row of small bars, one value per column; 0 is the lowest bar. */
void sparkline(struct grid *g, int row, int col, int cols, const double *y, double top,
               enum look look);

#endif

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

/* A dashed line at a value, to be drawn before the line that it is a limit of. Nothing when the
 * value is not on the axis. */
void chart_limit(struct grid *g, int row, int col, int rows, int cols, double value, double top,
                 enum look look);

/* A sign and its word below a chart, the sign at `share` of the width. Where something is in the
 * way of the word, or the chart ends, the sign stands alone; where something is in its own way,
 * nothing is drawn. */
void chart_note(struct grid *g, int row, int col, int cols, double share, enum look look,
                const char *sign, const char *word);

/* One row of small bars, one value per column; 0 is the lowest bar. */
void sparkline(struct grid *g, int row, int col, int cols, const double *y, double top,
               enum look look);

#endif

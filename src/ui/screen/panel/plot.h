/* panel/plot.h
 * Lines over the time of a run, one below the other on one axis of time: of a run that was judged
 * (over_time.c) and of one that goes on (run_chart.c). */
#ifndef PERFSCALE_SCREEN_PLOT_H
#define PERFSCALE_SCREEN_PLOT_H

#include "ui/screen/panel/sheet.h"

enum plot_of { PLOT_TIME, PLOT_RATE, PLOT_MEMORY };
enum { PLOTS_MAX = 3, PLOT_TITLE_COL = 2, PLOT_AXIS_COL = 8, PLOT_LINE_COL = 10 };
enum { PLOT_ROWS_LEAST = 2 }; /* of a line; with a title above it and the axis of time below all */

/* The time that is shown. Seconds count from the start of the run. */
struct timeline {
    const struct series *series;
    const struct trace *memory; /* NULL: none */
    double from_s, to_s;        /* of the axis */
    double known_s;             /* nothing is known from here on; INFINITY: the run is over */
    double length_s;  /* of the whole run: from an hour on times are told without seconds */
    int64_t start_ms; /* since 1970; 0 unknown */
};

struct plot {
    enum plot_of of;
    const char *title, *unit, *limit_name; /* "limit", "target" */
    char source[SCOPE_MAX_BYTES];
    double limit;                  /* NAN: none */
    double reach;                  /* the axis goes up to a limit below so many times all values */
    const struct profile *offered; /* its rate as a second line; NULL: none */
};

/* A source that has no p95 over time may have means. */
bool series_has_p95(const struct series *r);

/* A moment of the memory, from the start of the run. */
double timeline_moment_s(const struct timeline *t, size_t i);

/* One time: of the day where it is known and day asks for it, else from the start. */
char *timeline_show(const struct timeline *t, double at_s, bool day, char *out, size_t size);

/* Draws as many of the plots as the rows carry, in this look, and returns the row below them, for
 * the axis; -1: there is no room. */
int plots_draw(const struct pen *p, const struct timeline *t, const struct plot *plot, int plots,
               enum look look);

/* A hairline at a time, from the top of the charts to the row `bottom`, where nothing else stands.
 */
void timeline_cursor(const struct pen *p, const struct timeline *t, int bottom, double at_s);

/* The p95 of each of n pieces of the time that is shown (of several points the highest), NAN where
 * there is none. Returns the highest. */
double plot_p95(const struct timeline *t, double *y, int n);

/* The next number that reads well at the top of an axis; most above 0. */
double plot_axis_top(double most);
/* Its numbers: at the first row, and 0 at the last. */
void plot_axis(const struct pen *p, double top, int row, int rows);

/* One row of small bars, from col to the margin, up to the highest value. */
void plot_sparkline(const struct pen *p, const struct timeline *t, enum plot_of of, int col);

/* --- on the row of the axis --- */

/* The column of the line in which a time lies, from 0. */
int timeline_cell(const struct pen *p, const struct timeline *t, double at_s);
/* chart_note() at a time; nothing where it is not shown. */
void timeline_note(const struct pen *p, const struct timeline *t, int row, double at_s,
                   enum look look, const char *sign, const char *word);
/* Where the axis begins: "14:11". */
void timeline_begin(const struct pen *p, const struct timeline *t, int row);
/* A time that ends before column `end` of the line; false: something is in its way. */
bool timeline_put(const struct pen *p, const struct timeline *t, int row, int end, double at_s);

#endif

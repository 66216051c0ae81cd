/* report/chart.h
 * What the charts of a report show, apart from how they are drawn: lines thinned so that no spike
 * is lost, axes that end on round values, the limit, the judged window, what happened when. */
#ifndef PERFSCALE_REPORT_CHART_H
#define PERFSCALE_REPORT_CHART_H

#include "report/report.h"

enum { CHART_LINES = 2, CHART_NOTES = 24, CHART_TICKS = 8, CHART_COLUMNS = 300, CHARTS_MAX = 4 };

/* NAN in y: a gap. At most two points for each of CHART_COLUMNS. */
struct chart_line {
    char name[64];
    double *x, *y; /* owned; n each */
    size_t n;
    bool guide; /* a fit or a plan, not a measurement */
};

struct chart_note {
    double x;
    char text[32];
};

struct chart {
    char title[64], unit[16]; /* of the upright axis */
    bool time;                /* x: seconds from the start of the run; else the load of a step */
    char x_unit[16];          /* "RPS" or "VUs" where x is a load */
    double from, to;          /* x */
    double bottom, top;       /* y; bottom 0 unless log */
    bool log;                 /* each tick ten times the one before: values far above the limit */
    double x_tick[CHART_TICKS], y_tick[CHART_TICKS];
    size_t x_ticks, y_ticks;
    struct chart_line line[CHART_LINES];
    size_t lines;
    bool dots;                     /* each point is a measurement of its own */
    double limit;                  /* NAN: none */
    char limit_name[32];           /* "limit", "target" */
    double window_from, window_to; /* judged; NAN: none */
    struct chart_note note[CHART_NOTES];
    size_t notes;
};

/* The charts of a run, at most CHARTS_MAX. Returns how many; the caller frees each. */
size_t charts_make(const struct report_doc *d, struct chart out[CHARTS_MAX]);
void chart_fini(struct chart *c);

/* A value of the upright axis with as many decimals as its ticks need: "0.5", "1,000". */
char *chart_y_text(const struct chart *c, double y, char *out, size_t size);
char *chart_x_text(const struct chart *c, double x, char *out, size_t size);
char *chart_limit_text(const struct chart *c, char *out, size_t size); /* "limit 500" */
/* Lowest, highest and last value of the first line in one sentence, for who cannot see it. */
char *chart_words(const struct chart *c, char *out, size_t size);

/* --- axes, for tests --- */

/* The step of at most `most` ticks up to a span: 1, 2 or 5 times a power of ten. 0 without a span.
 */
double chart_step(double span, int most);
/* The same for seconds: of 1 s to days, as clocks divide them. */
double chart_time_step(double span_s, int most);

#endif

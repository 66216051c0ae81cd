/* tools/locust/history.h
 * What _stats_history.csv says over time: cumulative counts, whose differences are exact. */
#ifndef PERFSCALE_LOCUST_HISTORY_H
#define PERFSCALE_LOCUST_HISTORY_H

#include <stdbool.h>
#include <stddef.h>

#include "results/reader.h"

/* Totals since the start, of one row. */
struct locust_totals {
    double requests, failed, avg_ms, min_ms, med_ms, max_ms;
    long line;
};

/* What else stands in a row of the whole run. NAN when it is not there. */
struct locust_moment {
    double at_s, users;
    double p50_ms, p95_ms, p100_ms; /* of the whole run or of the last 10 s */
};

struct locust_history {
    const struct sink *out;
    bool any;
    struct locust_totals newest; /* of the last row */
    struct locust_totals totals; /* up to the end of the last point */
    struct locust_moment last;
    double first_s, first_requests; /* of this run */
    double back_s;                  /* how far the clock jumped back so far */
    double users_max;
    long users_line;
    bool windows;       /* a row shows that the percentiles are of the last seconds only */
    double p100_ms;     /* of the last row; NAN: none, or the statistics were reset */
    bool cut_off;       /* times are whole ms, cut off: 1.0 and 1.1 */
    struct point *held; /* owned; points that wait until that is known: not for who follows a run */
    size_t held_n, held_cap;
    long resets, gaps, jumps; /* how often they were seen */
};

void locust_history_init(struct locust_history *h, const struct sink *out);
void locust_history_fini(struct locust_history *h);

/* A row of the whole run, in the order of the file. */
void locust_history_add(struct locust_history *h, const struct locust_totals *t,
                        const struct locust_moment *m);

/* Says the points that still wait. */
void locust_history_end(struct locust_history *h);

#endif

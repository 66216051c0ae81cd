/* stats/joined.h
 * Neighbouring pieces of the timeline put together, past exact mode: counts exact, percentiles from
 * the classes of the pieces. */
#ifndef PERFSCALE_STATS_JOINED_H
#define PERFSCALE_STATS_JOINED_H

#include "stats/state.h"

struct joined {
    const struct sample_rules *rules;
    struct counts counts;
    int bits;
    double error;              /* relative, of what was asked so far */
    uint32_t n[POINT_CLASSES]; /* requests in each class */
};

/* Pieces [first, last) of s->time; v: of s->points. */
void joined_make(struct joined *j, const struct stats *s, const struct classes_view *v,
                 size_t first, size_t last);

/* In ms; NAN when there is no request. */
double joined_percentile(struct joined *j, double p);
/* The interval of the 95th percentile; high INFINITY: no upper end. */
void joined_interval(struct joined *j, double *low_ms, double *high_ms);

#endif

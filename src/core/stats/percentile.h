/* stats/percentile.h
 * The percentile rules as places in sorted values, so that the same rule serves a log, classes and
 * an array. */
#ifndef PERFSCALE_STATS_PERCENTILE_H
#define PERFSCALE_STATS_PERCENTILE_H

#include <stdbool.h>
#include <stdint.h>

#include "results/reader.h"

/* Value = x[lo] + (x[hi] - x[lo]) * part, x sorted, from 0. */
struct place {
    uint64_t lo, hi;
    double part;
};

/* Of n > 0 values. median: the tool's own median, which is not always its 50th percentile. */
struct place percentile_place(uint64_t n, double p, bool median, enum percentile_rule rule);

/* Ranks, from 1, of the 95 % interval of the p-quantile of n independent values, by the binomial
 * law: low, the largest with P(B < low) <= 0.025, and high, the smallest with P(B < high) >= 0.975.
 * low 0: no lower end; high n + 1: no upper end, there are too few values. */
struct interval {
    uint64_t low, high;
};
struct interval percentile_interval(uint64_t n, double p);

/* A value in milliseconds, with the same last bit as the tool has. */
double percentile_ms(double value, const struct sample_rules *rules);

enum part { PART_ALL, PART_OK, PART_BAD, PARTS };

/* The percentiles that a run, a stretch or an endpoint has. */
struct want {
    enum metric metric;
    enum part part;
    double p;
};
enum { WANTS = 9, WANTS_OF_POINT = 2 };
extern const struct want percentile_wants[WANTS];
extern const struct want percentile_wants_of_point[WANTS_OF_POINT];

#endif

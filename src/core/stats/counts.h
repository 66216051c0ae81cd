/* stats/counts.h
 * Sums over requests: how many, the sum of their times, shortest and longest, by outcome. Whole
 * numbers only, so that the order in which they are added never shows. Zeroed memory is empty. */
#ifndef PERFSCALE_STATS_COUNTS_H
#define PERFSCALE_STATS_COUNTS_H

#include <stdint.h>

#include "results/reader.h"

__extension__ typedef unsigned __int128 big_sum; /* 2^40 requests of 2^62 units fit */

enum { OUTCOMES = OUTCOME_UNKNOWN + 1 };

struct counts {
    uint64_t n[OUTCOMES];
    big_sum sum[OUTCOMES]; /* in units of sample_rules.unit_ms */
    uint64_t most;
    uint64_t not_least; /* ~shortest: so that 0 means none yet */
};

static inline void counts_add(struct counts *c, uint64_t value, unsigned outcome, uint64_t times) {
    c->n[outcome] += times;
    c->sum[outcome] += (big_sum)value * times;
    if (value > c->most)
        c->most = value;
    if (~value > c->not_least)
        c->not_least = ~value;
}

static inline void counts_join(struct counts *into, const struct counts *from) {
    for (int o = 0; o < OUTCOMES; o++) {
        into->n[o] += from->n[o];
        into->sum[o] += from->sum[o];
    }
    if (from->most > into->most)
        into->most = from->most;
    if (from->not_least > into->not_least)
        into->not_least = from->not_least;
}

static inline uint64_t counts_all(const struct counts *c) {
    return c->n[OUTCOME_OK] + c->n[OUTCOME_FAILED] + c->n[OUTCOME_UNKNOWN];
}

static inline uint64_t counts_least(const struct counts *c) { return ~c->not_least; }

#endif

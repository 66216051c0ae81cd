/* Series of a long run with known truth: memory of a process, or p95 per window. */
#ifndef PERFSCALE_BENCH_SIM_SOAK_H
#define PERFSCALE_BENCH_SIM_SOAK_H

#include "results/summary.h"
#include "sim_random.h"

enum { SIM_SAMPLES = 480 };

enum sim_growth {
    GROWTH_NONE,
    GROWTH_LINEAR,
    GROWTH_LATE,    /* in the second half only */
    GROWTH_STAIRS,  /* six of them */
    GROWTH_ROOT,    /* with the square root of time */
    GROWTH_STEP,    /* once, at 20 to 90 % of the time */
    GROWTH_WARM_UP, /* 1 - exp(-t / tau) */
    GROWTHS,
};

/* Shares are of the level, times of the whole run. */
struct sim_series {
    double hours;
    double phi;   /* correlation of neighbouring samples */
    double noise; /* standard deviation */
    enum sim_growth growth;
    double rise;     /* how much it grows in all */
    double tau;      /* of a warm-up */
    double gc_share; /* height of the teeth; 0: no garbage collection */
    double gc_minutes;
};

/* SIM_SAMPLES samples from 0 to hours, evenly spaced, around a level of 500. */
void sim_series(const struct sim_series *s, struct rng *r, struct moment *out);

#endif

/* The parts of verdicts_bench. */
#ifndef PERFSCALE_BENCH_VERDICTS_H
#define PERFSCALE_BENCH_VERDICTS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "rules/rules.h"
#include "sim_queue.h"

struct verdicts_options {
    uint64_t seed;
    double part; /* of the usual runs: 1; 0.1 is quick, 10 ten times as many */
    const struct rules *rules;
};

/* Each prints its table and is false when a figure is worse than the method's own report says,
 * beyond chance; the first, when the simulated servers do not follow the formulas. */
bool verdicts_simulator(const struct verdicts_options *o);
bool verdicts_soak(const struct verdicts_options *o);
bool verdicts_break(const struct verdicts_options *o);
bool verdicts_generator(const struct verdicts_options *o);

/* --- what they share --- */

/* runs of ours, as many as the options ask for; at least 10. */
size_t verdicts_runs(const struct verdicts_options *o, size_t runs);

double verdicts_error_limit(const struct verdicts_options *o); /* a share */

/* l->steps loads from first to last. Where they lie around the break is chance: all are shifted by
 * up to half of a step, another way in each run. The server is at its normal speed. */
void verdicts_fill(struct sim_load *l, struct rng *r, double first, double last);

/* One run and what is found of it, with the limits of the rules but for p95. */
void verdicts_find(const struct verdicts_options *o, const struct sim_server *server,
                   const struct sim_load *l, double p95_ms, struct rng *r,
                   struct stress_found *out);

#endif

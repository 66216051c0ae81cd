/* Random numbers of the simulations: xoshiro256** seeded by splitmix64. The same seed gives the
 * same numbers on every machine. */
#ifndef PERFSCALE_BENCH_SIM_RANDOM_H
#define PERFSCALE_BENCH_SIM_RANDOM_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct rng {
    uint64_t s[4];
    double spare; /* second number of a pair of normal ones */
    bool has_spare;
};

/* stream: independent numbers for each part under one seed. */
void rng_seed(struct rng *r, uint64_t seed, uint64_t stream);

double rng_uniform(struct rng *r); /* above 0, below 1 */
double rng_between(struct rng *r, double low, double high);
size_t rng_below(struct rng *r, size_t n); /* 0 .. n - 1 */
double rng_exponential(struct rng *r, double mean);
double rng_normal(struct rng *r); /* mean 0, standard deviation 1 */

#endif

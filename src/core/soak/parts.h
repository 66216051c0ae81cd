/* soak/parts.h
 * What the files of this folder share. Values come here already turned so that "worse" is up.
 * Functions with "sorts" reorder the array that they are given. */
#ifndef PERFSCALE_SOAK_PARTS_H
#define PERFSCALE_SOAK_PARTS_H

#include "soak/soak.h"

double soak_quantile(const double *sorted, size_t n, double part); /* R-7; n > 0 */

/* The usable part of a series. */
struct samples {
    struct moment *at; /* owned; in order of time, finite */
    size_t n;
    size_t seen; /* before the warm-up was cut */
};

/* Copies what can be used, turned by sign (1 or -1), without the first warm_up of the time. */
void samples_take(struct samples *s, const struct moment *at, size_t n, double sign,
                  double warm_up);
void samples_drop(struct samples *s);
double samples_length_s(const struct samples *s);
double samples_median(const struct samples *s, size_t from, size_t n); /* n > 0 */

/* count equal pieces of the time, count at most SOAK_BLOCKS_MAX. Blocks without a sample are left
 * out. Fills blocks, block_s, block and level_end of out. */
void samples_to_blocks(const struct samples *s, size_t count, bool median, struct trend *out);

/* Falls of a saw-tooth; 0: it is none. *cycle_s is the mean time between two of them. */
size_t soak_resets(const struct samples *s, double *cycle_s);

/* Mann-Kendall and Theil-Sen on the blocks: s, variance, z, p, slope, low and high. */
void soak_kendall(struct trend *out);

/* Theil-Sen slope per hour of the second half of the blocks; NAN: fewer than two. */
double soak_tail_slope(const struct trend *t);

/* bic, shape, step_block. */
void soak_fit_shapes(struct trend *out);

#endif

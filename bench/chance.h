/* What chance alone explains. */
#ifndef PERFSCALE_BENCH_CHANCE_H
#define PERFSCALE_BENCH_CHANCE_H

#include <stddef.h>

/* The report of the method saw something in a share of its own said_runs runs. How often it may be
 * seen in runs runs of ours before chance is no explanation, by Fisher's exact test of the two
 * counts: for one row of many chance may be as small as 1 in 1000, for a sum 1 in 100. */
size_t chance_of_row(size_t runs, double share, double said_runs);
size_t chance_of_sum(size_t runs, double share, double said_runs);

#endif

/* stats/select.h
 * One value of a few by its rank, without sorting them. */
#ifndef PERFSCALE_STATS_SELECT_H
#define PERFSCALE_STATS_SELECT_H

#include <stddef.h>
#include <stdint.h>

/* The value at rank, from 0, below n; v is put in another order. */
uint64_t select_rank(uint64_t *v, size_t n, size_t rank);

#endif

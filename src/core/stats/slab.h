/* stats/slab.h
 * Memory straight from the system: zeroed, taken up only where it is touched, and gone when it is
 * given back. The log and the classes are large and live one after the other; through malloc() the
 * process would keep both. */
#ifndef PERFSCALE_STATS_SLAB_H
#define PERFSCALE_STATS_SLAB_H

#include <stddef.h>

void *slab_take(size_t bytes); /* never NULL */
void slab_give(void *slab, size_t bytes);

#endif

/* stats/cells.h
 * Exact figures of a piece of the log: of slices of its time, of its endpoints, of any neighbours
 * of these together. One pass counts every request in its cells (a slice, an endpoint) by classes
 * that all cells share; a second one takes out the values of the classes in which a wanted rank
 * lies, where a class has more than one value. */
#ifndef PERFSCALE_STATS_CELLS_H
#define PERFSCALE_STATS_CELLS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "stats/counts.h"
#include "stats/percentile.h"
#include "stats/state.h"

/* The figures wanted of cells [first, first + n). */
struct ask {
    size_t first, n;
    const struct want *want;
    size_t wants;
    bool interval; /* that of the 95th percentile, too */
    /* Set where there is a request; counts always. */
    struct counts counts;
    double value[ENDPOINT_METRICS]; /* those wanted */
    double low_ms, high_ms;         /* high INFINITY: no upper end */
};

struct cells {
    const struct stats *s; /* exact, all blocks closed */
    enum kind kind;        /* of the requests in slices */
    const int64_t *cut;    /* slices + 1, ascending, each once: requests that end in
                              [cut[i], cut[i + 1]) are in cell i */
    size_t slices;
    size_t endpoints; /* 0, or all names: their cells follow */
    struct ask *ask;
    size_t asks;
};

void cells_figures(const struct cells *c);

#endif

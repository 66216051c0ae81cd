/* watch/stream_hist.h
 * Response times of one piece of time, counted in log-linear classes (stats/class.h). A percentile
 * is within 1 / 2^(bits + 1) of the true value, relative; values below 2^(bits + 1) are exact. */
#ifndef PERFSCALE_WATCH_STREAM_HIST_H
#define PERFSCALE_WATCH_STREAM_HIST_H

#include <stdint.h>

#include "results/reader.h"
#include "stats/class.h"
#include "stats/counts.h"

/* Longer times (78 hours in ns) share the last class. */
#define HIST_VALUE_MAX ((UINT64_C(1) << 48) - 1)

struct hist {
    int bits;
    uint32_t *n;          /* owned; a counter that is full stays so */
    uint32_t first, last; /* the classes that hold something; first > last: none */
    uint64_t total;
};

void hist_init(struct hist *h, int bits);
void hist_fini(struct hist *h);
void hist_clear(struct hist *h);

static inline void hist_add(struct hist *h, uint64_t value, uint64_t times) {
    uint32_t class = class_of(value < HIST_VALUE_MAX ? value : HIST_VALUE_MAX, h->bits);
    uint64_t room = UINT32_MAX - h->n[class];
    uint64_t n = times < room ? times : room;
    h->n[class] += (uint32_t)n;
    h->total += n;
    h->first = class < h->first ? class : h->first;
    h->last = class > h->last ? class : h->last;
}

/* Adds all of from, which has the same bits. */
void hist_join(struct hist *into, const struct hist *from);

/* In ms; NAN when there is nothing. c: counts of the same requests, which bound it. */
double hist_percentile(const struct hist *h, double p, const struct counts *c,
                       const struct sample_rules *rules);

#endif

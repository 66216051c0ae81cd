#include "watch/stream_hist.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "stats/percentile.h"

enum { BLOCK = 64 }; /* classes that are added up in one go */

static uint32_t classes(int bits) { return (class_of(HIST_VALUE_MAX, bits) / BLOCK + 1) * BLOCK; }

void hist_init(struct hist *h, int bits) {
    *h =
        (struct hist){.bits = bits, .n = mem_new(classes(bits), sizeof *h->n), .first = UINT32_MAX};
}

void hist_fini(struct hist *h) {
    free(h->n);
    h->n = NULL;
}

void hist_clear(struct hist *h) {
    if (h->total)
        memset(h->n + h->first, 0, (h->last - h->first + 1) * sizeof *h->n);
    h->first = UINT32_MAX;
    h->last = 0;
    h->total = 0;
}

void hist_join(struct hist *into, const struct hist *from) {
    if (from->total == 0)
        return;
    uint64_t total = 0;
    uint32_t *restrict to = into->n;
    for (uint32_t i = from->first; i <= from->last; i++) {
        uint32_t sum = to[i] + from->n[i];
        sum |= (uint32_t) - (sum < to[i]); /* full */
        total += sum - to[i];
        to[i] = sum;
    }
    into->total += total;
    into->first = from->first < into->first ? from->first : into->first;
    into->last = from->last > into->last ? from->last : into->last;
}

static uint64_t block_sum(const uint32_t *n) {
    uint64_t sum = 0;
    for (int i = 0; i < BLOCK; i++)
        sum += n[i];
    return sum;
}

static uint32_t class_at(const struct hist *h, uint64_t rank) {
    uint64_t below = 0;
    uint32_t i = h->first / BLOCK * BLOCK;
    for (uint64_t n; i + BLOCK <= h->last && below + (n = block_sum(h->n + i)) <= rank; i += BLOCK)
        below += n;
    for (; i < h->last && below + h->n[i] <= rank; i++)
        below += h->n[i];
    return i;
}

/* The middle of its class, but no value that cannot be. */
static double value_at(const struct hist *h, uint64_t rank, const struct counts *c,
                       const struct sample_rules *rules) {
    uint32_t class = class_at(h, rank);
    uint64_t lo = class_first(class, h->bits), hi = class_last(class, h->bits);
    double value = (double)lo + (double)(hi - lo) / 2;
    value = fmin(fmax(value, (double)counts_least(c)), (double)c->most);
    return percentile_ms(value, rules);
}

double hist_percentile(const struct hist *h, double p, const struct counts *c,
                       const struct sample_rules *rules) {
    if (h->total == 0)
        return NAN;
    struct place at = percentile_place(h->total, p, p == 0.5, rules->rule);
    double lo = value_at(h, at.lo, c, rules);
    return at.part > 0 ? lo + (value_at(h, at.hi, c, rules) - lo) * at.part : lo;
}

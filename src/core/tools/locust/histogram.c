#include "tools/locust/histogram.h"

#include <math.h>
#include <stdlib.h>

#include "base/mem.h"

void locust_histogram_fini(struct locust_histogram *h) { free(h->of); }

void locust_histogram_clear(struct locust_histogram *h) {
    h->n = 0;
    h->total = 0;
}

void locust_histogram_add(struct locust_histogram *h, double ms, double count) {
    h->of = mem_grow(h->of, h->n, &h->cap, sizeof *h->of);
    h->of[h->n++] = (struct locust_class_count){ms, count};
    h->total += count;
}

static int by_time(const void *a, const void *b) {
    const struct locust_class_count *x = a, *y = b;
    return (x->ms > y->ms) - (x->ms < y->ms);
}

void locust_histogram_sort(struct locust_histogram *h) {
    if (h->n)
        qsort(h->of, h->n, sizeof *h->of, by_time);
}

/* From the top the first time below which there are no more than so many. A time that stands there
 * in several pieces gives the same answer. */
double locust_histogram_percentile(const struct locust_histogram *h, double p) {
    double need = floor(h->total * p), seen = 0;
    for (size_t i = h->n; i > 0; i--) {
        seen += h->of[i - 1].count;
        if (h->total - seen <= need)
            return h->of[i - 1].ms;
    }
    return NAN;
}

double locust_histogram_median(const struct locust_histogram *h, double min_ms, double max_ms) {
    double left = (h->total - 1) / 2;
    for (size_t i = 0; i < h->n; i++) {
        if (left < h->of[i].count)
            return fmax(fmin(h->of[i].ms, max_ms), min_ms);
        left -= h->of[i].count;
    }
    return NAN;
}

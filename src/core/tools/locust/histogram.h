/* tools/locust/histogram.h
 * Times in Locust's classes, with how many there are of each, and Locust's own median and
 * percentiles of them (calculate_response_time_percentile() in its stats.py). */
#ifndef PERFSCALE_LOCUST_HISTOGRAM_H
#define PERFSCALE_LOCUST_HISTOGRAM_H

#include <stddef.h>

struct locust_class_count {
    double ms, count;
};

struct locust_histogram {
    struct locust_class_count *of; /* owned; sorted by locust_histogram_sort() */
    size_t n, cap;
    double total; /* of all counts */
};

void locust_histogram_fini(struct locust_histogram *h);
void locust_histogram_clear(struct locust_histogram *h);
void locust_histogram_add(struct locust_histogram *h, double ms, double count);
void locust_histogram_sort(struct locust_histogram *h);

/* p in 0..1. NAN when nothing was counted. */
double locust_histogram_percentile(const struct locust_histogram *h, double p);
/* Between the shortest and the longest time, where these are known. */
double locust_histogram_median(const struct locust_histogram *h, double min_ms, double max_ms);

#endif

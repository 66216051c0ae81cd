#include "stats/percentile.h"

#include <math.h>

#include "stats/stats.h"

const struct want percentile_wants[WANTS] = {
    {METRIC_MED_MS, PART_ALL, 0.5},      {METRIC_P90_MS, PART_ALL, 0.9},
    {METRIC_P95_MS, PART_ALL, 0.95},     {METRIC_P99_MS, PART_ALL, 0.99},
    {METRIC_OK_MED_MS, PART_OK, 0.5},    {METRIC_OK_P95_MS, PART_OK, 0.95},
    {METRIC_OK_P99_MS, PART_OK, 0.99},   {METRIC_BAD_MED_MS, PART_BAD, 0.5},
    {METRIC_BAD_P95_MS, PART_BAD, 0.95},
};

const struct want percentile_wants_of_point[WANTS_OF_POINT] = {
    {METRIC_MED_MS, PART_ALL, 0.5},
    {METRIC_P95_MS, PART_ALL, 0.95},
};

static struct place linear(uint64_t n, double p) {
    double at = p * (double)(n - 1);
    double lo = floor(at);
    uint64_t hi = (uint64_t)ceil(at);
    return (struct place){.lo = (uint64_t)lo, .hi = hi < n ? hi : n - 1, .part = at - lo};
}

static struct place one(uint64_t rank, uint64_t n) {
    if (rank >= n)
        rank = n - 1;
    return (struct place){.lo = rank, .hi = rank};
}

/* JMeter hands p on as a 32-bit float: 0.95 becomes 0.949999988. */
static struct place rounded_rank(uint64_t n, double p) {
    double target = floor((double)n * (double)(float)p + 0.5);
    return one(target < 1 ? 0 : (uint64_t)target - 1, n);
}

struct place percentile_place(uint64_t n, double p, bool median, enum percentile_rule rule) {
    switch (rule) {
    case PERCENTILE_LINEAR:
        return linear(n, p);
    case PERCENTILE_ROUNDED_RANK:
        return rounded_rank(n, p);
    case PERCENTILE_LOCUST:
        break;
    }
    return one(median ? (n - 1) / 2 : (uint64_t)((double)n * p), n);
}

/* Terms further than ten standard deviations from the mean count for nothing. */
struct interval percentile_interval(uint64_t n, double p) {
    double mean = (double)n * p, most = (double)n, below = 0;
    double k = floor(fmax(0, mean - 10 * sqrt(mean * (1 - p)) - 10));
    int sign;
    double term = exp(lgamma_r(most + 1, &sign) - lgamma_r(k + 1, &sign) -
                      lgamma_r(most - k + 1, &sign) + k * log(p) + (most - k) * log1p(-p));
    struct interval at = {.low = (uint64_t)k, .high = n + 1};
    for (; k <= most; k++) { /* below: P(B < k) */
        if (below <= 0.025)
            at.low = (uint64_t)k;
        if (below >= 0.975) {
            at.high = (uint64_t)k;
            break;
        }
        below += term;
        term *= (most - k) / (k + 1) * p / (1 - p);
    }
    return at;
}

/* A division by a whole number rounds once, as the tool's own; a factor of 1e-6 would round twice.
 */
double percentile_ms(double value, const struct sample_rules *rules) {
    return rules->unit_ms < 1 ? value / round(1 / rules->unit_ms) : value * rules->unit_ms;
}

double stats_percentile(const uint64_t *sorted, size_t n, double p, enum percentile_rule rule) {
    if (n == 0)
        return NAN;
    struct place at = percentile_place(n, p, false, rule);
    double lo = (double)sorted[at.lo], hi = (double)sorted[at.hi];
    return lo + (hi - lo) * at.part;
}

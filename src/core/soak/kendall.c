#include "soak/parts.h"

#include <math.h>
#include <stdlib.h>

#include "base/mem.h"
#include "base/order.h"

static const double TWO_SIDED_95 = 1.96;

static double sign_of(double x) { return (double)((x > 0) - (x < 0)); }

static double pairs_score(const double *b, size_t n) {
    double s = 0;
    for (size_t i = 0; i < n; i++)
        for (size_t j = i + 1; j < n; j++)
            s += sign_of(b[j] - b[i]);
    return s;
}

static double spread_term(size_t n) {
    double x = (double)n;
    return x * (x - 1) * (2 * x + 5);
}

/* Of the score when there is no trend; ties make it smaller. */
static double score_variance(const double *b, size_t n) {
    double sorted[SOAK_BLOCKS_MAX], ties = 0;
    for (size_t i = 0; i < n; i++)
        sorted[i] = b[i];
    qsort(sorted, n, sizeof *sorted, order_doubles);
    for (size_t i = 0, same; i < n; i += same) {
        for (same = 1; i + same < n && sorted[i + same] == sorted[i];)
            same++;
        ties += spread_term(same);
    }
    return (spread_term(n) - ties) / 18;
}

/* Slopes of all pairs from a block on, per hour, smallest first; how many. The caller frees. */
static double *pair_slopes(const struct trend *t, size_t from, size_t *count) {
    size_t left = t->blocks - from;
    double *slope = mem_new(left * left / 2 + 1, sizeof *slope);
    *count = 0;
    for (size_t i = from; i < t->blocks; i++)
        for (size_t j = i + 1; j < t->blocks; j++)
            slope[(*count)++] =
                (t->block[j] - t->block[i]) / (t->block_s[j] - t->block_s[i]) * 3600;
    if (*count > 0)
        qsort(slope, *count, sizeof *slope, order_doubles);
    return slope;
}

/* Gilbert's interval: the slopes at the ranks (N - c)/2 and (N + c)/2. */
static void interval(const double *slope, size_t count, double variance, double *low,
                     double *high) {
    double c = TWO_SIDED_95 * sqrt(variance), last = (double)count - 1;
    double below = floor(((double)count - c) / 2), above = ceil(((double)count + c) / 2);
    *low = slope[(size_t)fmin(fmax(below, 0), last)];
    *high = slope[(size_t)fmin(fmax(above, 0), last)];
}

double soak_tail_slope(const struct trend *t) {
    size_t count;
    double *slope = pair_slopes(t, t->blocks / 2, &count);
    double tail = count > 0 ? soak_quantile(slope, count, 0.5) : NAN;
    free(slope);
    return tail;
}

void soak_kendall(struct trend *out) {
    size_t count;
    double *slope = pair_slopes(out, 0, &count);
    if (count > 0) {
        out->s = pairs_score(out->block, out->blocks);
        out->variance = score_variance(out->block, out->blocks);
        out->z = out->variance > 0 ? (out->s - sign_of(out->s)) / sqrt(out->variance) : 0;
        out->p = erfc(out->z / sqrt(2)) / 2;
        out->slope = soak_quantile(slope, count, 0.5);
        interval(slope, count, out->variance, &out->low, &out->high);
    }
    free(slope);
}

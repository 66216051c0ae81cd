#include "stats/steady.h"

#include <math.h>
#include <stdlib.h>

#include "base/mem.h"
#include "base/order.h"

#define SMOOTH_S 5.0
#define TOLERANCE 0.05
#define LEAST_S 10.0
#define LEAST_SHARE 0.3
#define GAP_S 5.0
#define ONLY_RISES 0.9
#define SLOWER_THAN 0.95
#define NOTABLY 1.1

enum { BATCH = 5, BATCHES_LEAST = 4 };

/* --- levels --------------------------------------------------------------------------------- */

static bool vus_are_known(const struct series *r) {
    size_t known = 0;
    for (size_t i = 0; i < r->points; i++)
        known += isnan(r->point[i].vus) ? 0 : 1;
    return known * 2 > r->points;
}

static double *levels_of_vus(const struct series *r) {
    double *level = mem_new(r->points, sizeof *level);
    for (size_t i = 0; i < r->points; i++)
        level[i] = r->point[i].vus;
    return level;
}

/* Requests per second over SMOOTH_S around the middle of each point. */
static double *levels_of_rate(const struct series *r) {
    double *level = mem_new(r->points, sizeof *level);
    size_t side = r->point[0].length_s > 0 ? (size_t)(SMOOTH_S / r->point[0].length_s) / 2 : 0;
    for (size_t i = 0; i < r->points; i++) {
        size_t from = i > side ? i - side : 0;
        size_t to = i + side < r->points ? i + side : r->points - 1;
        double sum = 0, length = 0;
        for (size_t k = from; k <= to; k++) {
            sum += r->point[k].requests;
            length += r->point[k].length_s;
        }
        level[i] = sum / length;
    }
    return level;
}

/* --- rank correlation with time ------------------------------------------------------------- */

struct ranked {
    double value, rank;
    size_t at;
};

static int by_value(const void *a, const void *b) {
    return order_doubles(&((const struct ranked *)a)->value, &((const struct ranked *)b)->value);
}

static int by_place(const void *a, const void *b) {
    const struct ranked *x = a, *y = b;
    return x->at < y->at ? -1 : x->at > y->at;
}

/* Equal values share the mean of their ranks. */
static void rank(struct ranked *x, size_t n) {
    qsort(x, n, sizeof *x, by_value);
    for (size_t i = 0, end; i < n; i = end) {
        for (end = i + 1; end < n && x[end].value == x[i].value;)
            end++;
        for (size_t k = i; k < end; k++)
            x[k].rank = (double)(i + end - 1) / 2;
    }
    qsort(x, n, sizeof *x, by_place);
}

/* Spearman's rho of n levels with their order; NAN when they are all alike. */
static double correlation_with_time(const double *level, size_t n) {
    struct ranked *x = mem_new(n, sizeof *x);
    size_t known = 0;
    for (size_t i = 0; i < n; i++)
        if (!isnan(level[i]))
            x[known++] = (struct ranked){.value = level[i], .at = i};
    rank(x, known);
    double mean = ((double)known - 1) / 2, both = 0, of_level = 0, of_time = 0;
    for (size_t i = 0; i < known; i++) {
        double a = x[i].rank - mean, t = (double)i - mean;
        both += a * t;
        of_level += a * a;
        of_time += t * t;
    }
    free(x);
    return of_level > 0 ? both / sqrt(of_level * of_time) : NAN;
}

bool steady_only_ramps(const struct series *r) {
    if (r->points == 0)
        return false;
    double *vus = levels_of_vus(r), *rate = levels_of_rate(r);
    bool ramps = fabs(correlation_with_time(vus, r->points)) > ONLY_RISES ||
                 fabs(correlation_with_time(rate, r->points)) > ONLY_RISES;
    free(rate);
    free(vus);
    return ramps;
}

/* --- a plateau ------------------------------------------------------------------------------ */

/* The median of what reaches a share of the 90th percentile. */
static double plateau_of(const double *level, size_t n, double share) {
    double *sorted = mem_new(n, sizeof *sorted), plateau = NAN;
    size_t known = 0;
    for (size_t i = 0; i < n; i++)
        if (!isnan(level[i]))
            sorted[known++] = level[i];
    if (known) {
        qsort(sorted, known, sizeof *sorted, order_doubles);
        double high = share * sorted[(known - 1) * 9 / 10];
        size_t from = 0;
        while (sorted[from] < high)
            from++;
        plateau = sorted[from + (known - from) / 2];
    }
    free(sorted);
    return plateau;
}

/* VUs may differ by one; rates by what chance alone makes of them. */
static double allowed(double plateau, bool vus) {
    double chance = vus ? 1 : 3 * sqrt(plateau / SMOOTH_S);
    return fmax(TOLERANCE * plateau, chance);
}

/* Points [from, to). */
struct piece {
    size_t from, to;
};

static double length_of(const struct series *r, struct piece p) {
    return p.to > p.from ? point_end_s(&r->point[p.to - 1]) - r->point[p.from].at_s : 0;
}

static bool gap_before(const struct series *r, size_t i) {
    double may = fmax(GAP_S, 2 * r->point[i].length_s);
    return i > 0 && r->point[i].at_s - point_end_s(&r->point[i - 1]) > may;
}

static struct piece longest_within(const struct series *r, const double *level, double plateau,
                                   double may) {
    struct piece best = {0}, now = {0};
    for (size_t i = 0; i < r->points; i++) {
        bool near = fabs(level[i] - plateau) <= may;
        if (!near || gap_before(r, i))
            now.from = near ? i : i + 1;
        now.to = i + 1;
        if (near && length_of(r, now) > length_of(r, best))
            best = now;
    }
    return best;
}

static bool find_plateau(const struct series *r, const double *level, bool vus, struct piece *out) {
    static const double shares[] = {0.8, 0};
    double whole = length_of(r, (struct piece){0, r->points});
    for (size_t i = 0; i < sizeof shares / sizeof *shares; i++) {
        double plateau = plateau_of(level, r->points, shares[i]);
        if (!(plateau > 0))
            continue;
        *out = longest_within(r, level, plateau, allowed(plateau, vus));
        double length = length_of(r, *out);
        if (length >= LEAST_S && length >= LEAST_SHARE * whole)
            return true;
    }
    return false;
}

static bool find_vus(const struct series *r, struct piece *out) {
    if (!vus_are_known(r))
        return false;
    double *level = levels_of_vus(r);
    bool found = find_plateau(r, level, true, out);
    free(level);
    return found;
}

static bool find_rate(const struct series *r, struct piece *out) {
    double *level = levels_of_rate(r);
    bool found = find_plateau(r, level, false, out);
    free(level);
    return found;
}

static bool vus_only_rise(const struct series *r, struct piece p) {
    if (!vus_are_known(r))
        return false;
    double *level = levels_of_vus(r);
    bool rise = correlation_with_time(level + p.from, p.to - p.from) > ONLY_RISES;
    free(level);
    return rise;
}

/* --- which of two --- */

struct weighed {
    double time_ms, requests;
};

static int by_time(const void *a, const void *b) {
    return order_doubles(&((const struct weighed *)a)->time_ms,
                         &((const struct weighed *)b)->time_ms);
}

/* The response time that 95 % of the requests' pieces stay below: of p95, else of the mean. NAN:
 * neither is known. */
static double slowness(const struct series *r, struct piece p) {
    struct weighed *x = mem_new(p.to - p.from + 1, sizeof *x);
    double all = 0, slow = NAN;
    size_t n = 0;
    for (size_t i = p.from; i < p.to; i++) {
        const struct point *at = &r->point[i];
        double time_ms = isnan(at->p95_ms) ? at->avg_ms : at->p95_ms;
        if (isnan(time_ms) || !(at->requests > 0))
            continue;
        x[n++] = (struct weighed){time_ms, at->requests};
        all += at->requests;
    }
    qsort(x, n, sizeof *x, by_time);
    double below = SLOWER_THAN * all;
    for (size_t i = 0; i < n && (i == 0 || below > 0); i++) {
        slow = x[i].time_ms;
        below -= x[i].requests;
    }
    free(x);
    return slow;
}

/* VUs that rise under a constant rate are a server that gets slower: the time of constant VUs
 * before it would hide that. So of two times the slower one counts. */
bool steady_find(const struct series *r, double *from_s, double *to_s) {
    struct piece p = {0}, rate = {0};
    if (r->points == 0)
        return false;
    bool of_vus = find_vus(r, &p), of_rate = find_rate(r, &rate);
    if (of_vus && of_rate && slowness(r, rate) > NOTABLY * slowness(r, p))
        p = rate;
    else if (!of_vus && (!of_rate || vus_only_rise(r, rate)))
        return false;
    else if (!of_vus)
        p = rate;
    *from_s = r->point[p.from].at_s;
    *to_s = point_end_s(&r->point[p.to - 1]);
    return true;
}

/* --- no plateau ----------------------------------------------------------------------------- */

/* Means of five windows that know a p95 each; the first window of each at from. */
static size_t make_batches(const struct series *windows, double *mean, size_t *from) {
    size_t n = 0, have = 0;
    double sum = 0;
    for (size_t i = 0; i < windows->points; i++) {
        if (isnan(windows->point[i].p95_ms))
            continue;
        if (have == 0)
            from[n] = i;
        sum += windows->point[i].p95_ms;
        if (++have < BATCH)
            continue;
        mean[n++] = sum / BATCH;
        sum = 0;
        have = 0;
    }
    return n;
}

static double spread_of(const double *b, size_t n) {
    double mean = 0, squares = 0;
    for (size_t i = 0; i < n; i++)
        mean += b[i] / (double)n;
    for (size_t i = 0; i < n; i++)
        squares += (b[i] - mean) * (b[i] - mean);
    return squares / ((double)n * (double)n);
}

bool steady_estimate(const struct series *r, const struct series *windows, double *from_s,
                     double *to_s) {
    if (windows->points == 0 || steady_only_ramps(r))
        return false;
    double *mean = mem_new(windows->points / BATCH + 1, sizeof *mean);
    size_t *from = mem_new(windows->points / BATCH + 1, sizeof *from);
    size_t n = make_batches(windows, mean, from), cut = 0;
    for (size_t d = 1; n && d <= n / 2; d++)
        if (spread_of(mean + d, n - d) < spread_of(mean + cut, n - cut))
            cut = d;
    bool found = n >= BATCHES_LEAST && cut < n / 2;
    if (found) {
        *from_s = windows->point[from[cut]].at_s;
        *to_s = series_end_s(windows);
    }
    free(from);
    free(mean);
    return found;
}

size_t steady_windows(double length_s) {
    if (!(length_s >= FIFTHS * STEADY_WINDOW_S))
        return FIFTHS;
    double n = floor(length_s / STEADY_WINDOW_S + 1e-9);
    return n < POINTS_MAX ? (size_t)n : POINTS_MAX;
}

double series_mean_vus(const struct series *r, double from_s, double to_s) {
    double sum = 0, length = 0;
    for (size_t i = 0; i < r->points; i++) {
        const struct point *p = &r->point[i];
        double within = fmin(to_s, point_end_s(p)) - fmax(from_s, p->at_s);
        if (within <= 0 || isnan(p->vus))
            continue;
        sum += p->vus * within;
        length += within;
    }
    return length > 0 ? sum / length : NAN;
}

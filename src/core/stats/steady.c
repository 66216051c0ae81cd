/* The steady state of a run whose load profile is not known. */
#include <math.h>
#include <stdlib.h>

#include "base/mem.h"
#include "stats/figures.h"

#define SMOOTH_S 5.0
#define TOLERANCE 0.05
#define LEAST_S 10.0
#define LEAST_SHARE 0.3

static int by_size(const void *a, const void *b) {
    double x = *(const double *)a, y = *(const double *)b;
    return x < y ? -1 : x > y;
}

static bool vus_are_known(const struct series *r) {
    size_t known = 0;
    for (size_t i = 0; i < r->points; i++)
        known += isnan(r->point[i].vus) ? 0 : 1;
    return known * 2 > r->points;
}

/* Requests per second over SMOOTH_S around the middle of each point. */
static void smooth_rates(const struct series *r, double *level) {
    size_t side = (size_t)(SMOOTH_S / r->point[0].length_s) / 2;
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
}

/* The median of what lies near the upper end: 80 % or more of the 90th percentile. */
static double plateau_of(const double *level, size_t n) {
    double *sorted = mem_new(n, sizeof *sorted);
    size_t known = 0;
    for (size_t i = 0; i < n; i++)
        if (!isnan(level[i]))
            sorted[known++] = level[i];
    double plateau = NAN;
    if (known) {
        qsort(sorted, known, sizeof *sorted, by_size);
        double high = 0.8 * sorted[(known - 1) * 9 / 10];
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

bool steady_find(const struct series *r, double *from_s, double *to_s) {
    if (r->points == 0)
        return false;
    bool vus = vus_are_known(r);
    double *level = mem_new(r->points, sizeof *level);
    if (!vus)
        smooth_rates(r, level);
    for (size_t i = 0; vus && i < r->points; i++)
        level[i] = r->point[i].vus;
    double plateau = plateau_of(level, r->points);
    double may = allowed(plateau, vus), best = 0;
    for (size_t i = 0, from = 0; i < r->points; i++) {
        if (!(fabs(level[i] - plateau) <= may)) {
            from = i + 1;
            continue;
        }
        double length = r->point[i].at_s + r->point[i].length_s - r->point[from].at_s;
        if (length <= best)
            continue;
        best = length;
        *from_s = r->point[from].at_s;
        *to_s = *from_s + length;
    }
    free(level);
    const struct point *last = &r->point[r->points - 1];
    double whole = last->at_s + last->length_s - r->point[0].at_s;
    return plateau > 0 && best >= LEAST_S && best >= LEAST_SHARE * whole;
}

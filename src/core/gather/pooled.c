/* The p95 of several pieces together, when only each piece's own figures are known. A percentile
 * cannot be had from percentiles: the requests of a piece are taken as log-normal through its
 * median and its p95, and the p95 of all of them is an estimate that says so. A bad minute in ten
 * so counts as what it is, which the median of the pieces would not show. */
#include <math.h>

#include "gather/parts.h"

#define Z95 1.6448536269514722 /* of the normal distribution */
#define SHARE 0.05             /* of the requests lie above their p95 */
#define STEPS 60               /* halvings: more than a double has bits */

/* What a piece knows about the middle of its times. */
static double middle_of(const struct point *p) {
    static const double usual = 0.5; /* of the p95 */
    if (p->med_ms > 0)
        return fmin(p->med_ms, p->p95_ms);
    return p->avg_ms > 0 && p->avg_ms < p->p95_ms ? p->avg_ms : usual * p->p95_ms;
}

/* Share of the piece's requests that took longer than x. */
static double share_above(const struct point *p, double x) {
    double middle = middle_of(p), spread = log(p->p95_ms / middle) / Z95;
    if (x >= p->max_ms)
        return 0;
    if (!(spread > 0))
        return x < p->p95_ms ? 1 : x > p->p95_ms ? 0 : SHARE;
    return 0.5 * erfc(log(x / middle) / spread / sqrt(2));
}

static bool counts(const struct point *p) { return p->requests > 0 && p->p95_ms > 0; }

static double above(const struct point *p, size_t n, double x) {
    double share = 0, all = 0;
    for (size_t i = 0; i < n; i++)
        if (counts(&p[i])) {
            share += p[i].requests * share_above(&p[i], x);
            all += p[i].requests;
        }
    return share / all;
}

double pooled_p95(const struct point *p, size_t n) {
    double low = INFINITY, high = 0;
    for (size_t i = 0; i < n; i++)
        if (counts(&p[i])) {
            low = fmin(low, p[i].p95_ms);
            high = fmax(high, p[i].p95_ms);
        }
    if (!(high > 0))
        return NAN;
    for (int i = 0; i < STEPS && low < high; i++) {
        double x = low + (high - low) / 2;
        if (above(p, n, x) > SHARE)
            low = x;
        else
            high = x;
    }
    return high;
}

#include "soak/parts.h"

#include <math.h>
#include <stdlib.h>

#include "base/mem.h"
#include "base/order.h"

static const double SPREAD_LEAST = 0.10; /* of the median: less is no saw-tooth */
static const double CLIMBS_MOST = 0.20;  /* of the falls: more is noise */

struct line {
    double t_s, value, per_s;
};

/* Through the medians of the first and the last fifth: a leak under the saw-tooth is no fall. */
static struct line level_line(const struct samples *s) {
    size_t n = s->n, fifth = n / 5 > 0 ? n / 5 : 1;
    double first_s = (s->at[0].t_s + s->at[fifth - 1].t_s) / 2;
    double last_s = (s->at[n - fifth].t_s + s->at[n - 1].t_s) / 2;
    double first = samples_median(s, 0, fifth), last = samples_median(s, n - fifth, fifth);
    double per_s = last_s > first_s ? (last - first) / (last_s - first_s) : 0;
    return (struct line){first_s, first, per_s};
}

/* From the 5th to the 95th percentile of what is beside the line. Sorts r. */
static double spread_of(double *r, size_t n) {
    qsort(r, n, sizeof *r, order_doubles);
    return soak_quantile(r, n, 0.95) - soak_quantile(r, n, 0.05);
}

struct falls {
    size_t falls, climbs;
    double first_s, last_s; /* of the falls */
};

static struct falls count_falls(const struct samples *s, const double *r, double least) {
    struct falls f = {0};
    for (size_t i = 1; i < s->n; i++) {
        f.climbs += r[i] - r[i - 1] > least;
        if (!(r[i - 1] - r[i] > least))
            continue;
        if (f.falls++ == 0)
            f.first_s = s->at[i].t_s;
        f.last_s = s->at[i].t_s;
    }
    return f;
}

size_t soak_resets(const struct samples *s, double *cycle_s) {
    *cycle_s = NAN;
    if (s->n < 2)
        return 0;
    struct line line = level_line(s);
    double *r = mem_new(s->n, sizeof *r), *sorted = mem_new(s->n, sizeof *sorted);
    for (size_t i = 0; i < s->n; i++) {
        r[i] = s->at[i].value - line.value - line.per_s * (s->at[i].t_s - line.t_s);
        sorted[i] = r[i];
    }
    double spread = spread_of(sorted, s->n);
    struct falls f = count_falls(s, r, spread / 2);
    free(r);
    free(sorted);
    if (!(spread > 0) || spread < SPREAD_LEAST * samples_median(s, 0, s->n))
        return 0;
    if ((double)f.climbs > CLIMBS_MOST * (double)f.falls)
        return 0;
    if (f.falls > 1)
        *cycle_s = (f.last_s - f.first_s) / (double)(f.falls - 1);
    return f.falls;
}

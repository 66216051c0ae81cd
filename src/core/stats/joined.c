#include "stats/joined.h"

#include <math.h>
#include <string.h>

#include "stats/figures.h"

void joined_make(struct joined *j, const struct stats *s, const struct classes_view *v,
                 size_t first, size_t last) {
    enum kind kind = stats_kind(s);
    const struct timeline *t = &s->time;
    j->rules = &s->rules;
    j->counts = (struct counts){0};
    j->bits = v->of->bits;
    memset(j->n, 0, sizeof j->n);
    for (size_t i = first; i < last; i++)
        counts_join(&j->counts, &t->at[i].of[kind]);
    if (first < last)
        classes_sum(v, row_of_point(t->first + (int64_t)first, kind),
                    row_of_point(t->first + (int64_t)last - 1, kind), KINDS, j->n, POINT_CLASSES);
}

/* The middle of its class, but no value that cannot be. */
static double value_at(struct joined *j, uint64_t rank) {
    uint64_t below = 0;
    uint32_t i = 0;
    for (; i + 1 < POINT_CLASSES && below + j->n[i] <= rank; i++)
        below += j->n[i];
    uint64_t lo = class_first(i, j->bits), hi = class_last(i, j->bits);
    double value = (double)lo + (double)(hi - lo) / 2;
    if (lo < hi)
        j->error = fmax(j->error, 0.5 / (double)(UINT64_C(1) << j->bits));
    value = fmin(fmax(value, (double)counts_least(&j->counts)), (double)j->counts.most);
    return percentile_ms(value, j->rules);
}

double joined_percentile(struct joined *j, double p) {
    uint64_t n = counts_all(&j->counts);
    if (n == 0)
        return NAN;
    struct place at = percentile_place(n, p, p == 0.5, j->rules->rule);
    double lo = value_at(j, at.lo), hi = value_at(j, at.hi);
    return lo + (hi - lo) * at.part;
}

void joined_interval(struct joined *j, double *low_ms, double *high_ms) {
    uint64_t n = counts_all(&j->counts);
    if (n == 0)
        return;
    struct interval at = percentile_interval(n, 0.95);
    *low_ms = at.low ? value_at(j, at.low - 1) : 0;
    *high_ms = at.high <= n ? value_at(j, at.high - 1) : INFINITY;
}

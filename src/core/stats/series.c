#include <math.h>
#include <stdlib.h>

#include "base/mem.h"
#include "stats/figures.h"
#include "stats/pick.h"

enum { WINDOW_REQUESTS = 128 * 1024 }; /* looked at together: their counters stay in the cache */

/* Median and p95 of n seconds from number `first` on. */
static void pick_window(const struct stats *s, size_t first, size_t n, struct point *point) {
    const struct timeline *t = &s->time;
    const struct counts **of = mem_new(n, sizeof *of);
    figures *value = mem_new(n, sizeof *value);
    for (size_t i = 0; i < n; i++) {
        of[i] = &t->at[first + i].of[stats_kind(s)];
        value[i][METRIC_MED_MS] = value[i][METRIC_P95_MS] = NAN;
    }
    pick_percentiles(&(struct pick){.log = &s->log,
                                    .names = &s->names,
                                    .by = PICK_TIMES,
                                    .kind = stats_kind(s),
                                    .begin_ms = timeline_begin_ms(t, t->first + (int64_t)first),
                                    .length_ms = (uint64_t)timeline_length_ms(t),
                                    .of = of,
                                    .groups = n,
                                    .want = percentile_wants_of_point,
                                    .wants = WANTS_OF_POINT,
                                    .rules = &s->rules,
                                    .value = value});
    for (size_t i = 0; i < n; i++) {
        point[first + i].med_ms = value[i][METRIC_MED_MS];
        point[first + i].p95_ms = value[i][METRIC_P95_MS];
    }
    free(value);
    free(of);
}

static void exact_percentiles(const struct stats *s, struct point *point) {
    for (size_t i = 0, n; i < s->time.n; i += n) {
        uint64_t requests = 0;
        for (n = 0; i + n < s->time.n; n++) {
            requests += counts_all(&s->time.at[i + n].of[stats_kind(s)]);
            if (n && requests > WINDOW_REQUESTS)
                break;
        }
        pick_window(s, i, n, point);
    }
}

static void class_percentiles(const struct stats *s, struct series *r) {
    enum kind kind = stats_kind(s);
    struct classes_view v = classes_view(&s->points);
    for (size_t i = 0; i < s->time.n; i++) {
        const struct counts *c = &s->time.at[i].of[kind];
        if (counts_all(c) == 0)
            continue;
        double error =
            figures_of_point(&r->point[i].med_ms, &r->point[i].p95_ms, &v,
                             row_of_point(s->time.first + (int64_t)i, kind), c, &s->rules);
        r->percentile_error = fmax(r->percentile_error, error);
    }
    classes_view_fini(&v);
}

static struct point point_of(const struct stats *s, const struct second *x) {
    const struct counts *c = &x->of[stats_kind(s)];
    figures value;
    figures_of_counts(value, c, 0, &s->rules);
    bool told = s->names.n && !isnan(value[METRIC_FAILED]);
    return (struct point){.requests =
                              s->tally[METRIC_REQUESTS].seen ? x->requests : value[METRIC_REQUESTS],
                          .failed = s->tally[METRIC_FAILED].seen ? x->failed
                                    : told                       ? value[METRIC_FAILED]
                                                                 : NAN,
                          .avg_ms = value[METRIC_AVG_MS],
                          .med_ms = NAN,
                          .p95_ms = NAN,
                          .max_ms = value[METRIC_MAX_MS],
                          .vus = x->vus_most >= 0 ? (double)x->vus_most : (double)NAN,
                          .dropped = s->tally[METRIC_DROPPED].seen ? x->dropped : NAN,
                          .load = NAN};
}

/* VUs go on between the moments in which they were said, but not through a pause that ends a run.
 */
static void carry_vus(const struct stats *s, struct series *r) {
    size_t most = (size_t)(figures_pause_ms(s) / timeline_length_ms(&s->time)) + 1;
    for (size_t i = 0, known = SIZE_MAX; i < r->points; i++) {
        if (isnan(r->point[i].vus))
            continue;
        if (known != SIZE_MAX && i - known <= most)
            for (size_t k = known + 1; k < i; k++)
                r->point[k].vus = r->point[known].vus;
        known = i;
    }
}

void finish_series(struct stats *s, struct summary *out) {
    const struct timeline *t = &s->time;
    if (t->n == 0)
        return;
    struct series *r = &out->series;
    free(r->point);
    int64_t start_ms = s->origin_ms != INT64_MIN ? s->origin_ms : timeline_begin_ms(t, t->first);
    *r = (struct series){.point = mem_new(t->n, sizeof *r->point),
                         .points = t->n,
                         .cap = t->n,
                         .start_ms = start_ms};
    for (size_t i = 0; i < t->n; i++) {
        r->point[i] = point_of(s, &t->at[i]);
        r->point[i].at_s = (double)(timeline_begin_ms(t, t->first + (int64_t)i) - start_ms) / 1000;
        r->point[i].length_s = (double)timeline_length_ms(t) / 1000;
    }
    carry_vus(s, r);
    if (s->exact)
        exact_percentiles(s, r->point);
    else
        class_percentiles(s, r);
}

/* All that is known since the start, of whoever tells it. */
#include <math.h>

#include "stats/percentile.h"
#include "watch/stream_state.h"

/* How figures of several sources make one; what cannot be added is known of one source only. */
enum how { ONE, ADD, LEAST, MOST, MEAN };
static const enum how how[METRICS] = {
    [METRIC_REQUESTS] = ADD,      [METRIC_FAILED] = ADD,        [METRIC_RPS] = ADD,
    [METRIC_AVG_MS] = MEAN,       [METRIC_MIN_MS] = LEAST,      [METRIC_MAX_MS] = MOST,
    [METRIC_DURATION_S] = MOST,   [METRIC_ITERATIONS] = ADD,    [METRIC_INTERRUPTED] = ADD,
    [METRIC_DROPPED] = ADD,       [METRIC_VUS_MAX] = ADD,       [METRIC_VUS_ALLOCATED] = ADD,
    [METRIC_CHECKS_PASSED] = ADD, [METRIC_CHECKS_FAILED] = ADD, [METRIC_RECEIVED_BYTES] = ADD,
    [METRIC_SENT_BYTES] = ADD,
};

static struct since_start none(void) {
    struct since_start t;
    for (int m = 0; m < METRICS; m++)
        t.value[m] = NAN;
    return t;
}

static double mean(const struct since_start *a, const struct since_start *b, enum metric m) {
    double x = a->value[METRIC_REQUESTS], y = b->value[METRIC_REQUESTS];
    return x + y > 0 ? (x * a->value[m] + y * b->value[m]) / (x + y) : (double)NAN;
}

static double together(const struct since_start *a, const struct since_start *b, enum metric m) {
    switch (how[m]) {
    case ADD:
        return a->value[m] + b->value[m];
    case LEAST:
        return fmin(a->value[m], b->value[m]);
    case MOST:
        return fmax(a->value[m], b->value[m]);
    case MEAN:
        return mean(a, b, m);
    case ONE:
        break;
    }
    return NAN;
}

static void add(struct since_start *to, const struct since_start *x, int before) {
    struct since_start sum = *x;
    for (int m = 0; before > 0 && m < METRICS; m++)
        sum.value[m] = together(to, x, (enum metric)m);
    *to = sum;
}

static void fill(struct since_start *to, const struct since_start *from) {
    for (int m = 0; m < METRICS; m++)
        if (isnan(to->value[m]))
            to->value[m] = from->value[m];
}

/* --- single requests -------------------------------------------------------------------------- */

static struct since_start of_requests(const struct stream *s, bool all) {
    static const struct {
        enum metric metric;
        double p;
    } percentiles[] = {
        {METRIC_P95_MS, 0.95}, {METRIC_MED_MS, 0.5}, {METRIC_P90_MS, 0.9}, {METRIC_P99_MS, 0.99}};
    const struct requests *r = &s->requests;
    const struct counts *c = &r->counts;
    struct since_start t = none();
    for (int m = METRIC_ITERATIONS; m < METRICS; m++)
        t.value[m] = how[m] == ADD && r->told[m].seen ? r->told[m].sum : (double)NAN;
    t.value[METRIC_REQUESTS] = requests_all(r, c, r->told[METRIC_REQUESTS].sum);
    t.value[METRIC_FAILED] = requests_failed(r, c, r->told[METRIC_FAILED].sum);
    t.value[METRIC_DROPPED] = requests_dropped(r, r->told[METRIC_DROPPED].sum);
    t.value[METRIC_VUS_MAX] = r->vus_most;
    t.value[METRIC_VUS_ALLOCATED] = NAN;
    for (int i = 0; i < s->ports; i++)
        t.value[METRIC_VUS_ALLOCATED] =
            sum_known(t.value[METRIC_VUS_ALLOCATED], s->port[i].vus_allocated);
    if (counts_all(c) == 0)
        return t;
    t.value[METRIC_AVG_MS] = requests_mean_ms(r, c);
    t.value[METRIC_MIN_MS] = percentile_ms((double)counts_least(c), &r->rules);
    t.value[METRIC_MAX_MS] = percentile_ms((double)c->most, &r->rules);
    size_t n = all ? sizeof percentiles / sizeof *percentiles : 1;
    for (size_t i = 0; i < n; i++)
        t.value[percentiles[i].metric] = hist_percentile(&r->hist, percentiles[i].p, c, &r->rules);
    return t;
}

/* --- points ----------------------------------------------------------------------------------- */

/* A recording tells five digits of a count, its points all of them; but points may begin later. */
static double finer(double told, double added) {
    double step = 1;
    for (double top = 1e5; told >= top && step < 1e12; top *= 10)
        step *= 10;
    bool rounded = step > 1 && fmod(told, step) == 0;
    if (isnan(told) || (rounded && fabs(told - added) <= step))
        return added;
    return told;
}

static bool of_points(const struct port *p, struct since_start *t) {
    static const enum metric counted[] = {METRIC_REQUESTS, METRIC_FAILED, METRIC_DROPPED};
    struct since_start added = none();
    *t = none();
    for (int m = 0; m < METRICS; m++)
        t->value[m] = p->so_far[m];
    if (!(p->told.length_s > 0))
        return !isnan(t->value[METRIC_REQUESTS]);
    added.value[METRIC_REQUESTS] = p->told.requests;
    added.value[METRIC_FAILED] = p->told.failed;
    added.value[METRIC_DROPPED] = p->told.dropped;
    added.value[METRIC_AVG_MS] = p->told.avg_ms;
    added.value[METRIC_MAX_MS] = p->told.max_ms;
    added.value[METRIC_VUS_MAX] = p->told.vus;
    for (size_t i = 0; i < sizeof counted / sizeof *counted; i++)
        t->value[counted[i]] = finer(t->value[counted[i]], added.value[counted[i]]);
    fill(t, &added);
    return true;
}

/* --- totals ----------------------------------------------------------------------------------- */

static bool of_totals(const struct port *p, struct since_start *t) {
    const struct live_figures *f = &p->figures;
    *t = none();
    if (!p->any || isnan(f->requests))
        return false;
    t->value[METRIC_REQUESTS] = f->requests;
    t->value[METRIC_FAILED] = f->failed;
    t->value[METRIC_RPS] = f->rps;
    t->value[METRIC_AVG_MS] = f->avg_ms;
    t->value[METRIC_MIN_MS] = f->min_ms;
    t->value[METRIC_MED_MS] = f->med_ms;
    t->value[METRIC_P90_MS] = f->p90_ms;
    t->value[METRIC_P95_MS] = f->p95_ms;
    t->value[METRIC_P99_MS] = f->p99_ms;
    t->value[METRIC_MAX_MS] = f->max_ms;
    t->value[METRIC_DURATION_S] = f->elapsed_s;
    t->value[METRIC_ITERATIONS] = f->iterations;
    t->value[METRIC_DROPPED] = f->dropped;
    t->value[METRIC_VUS_MAX] = p->vus_most;
    t->value[METRIC_VUS_ALLOCATED] = f->vus_allocated;
    return true;
}

/* --- all -------------------------------------------------------------------------------------- */

static struct since_start of_all(const struct stream *s,
                                 bool (*of)(const struct port *, struct since_start *)) {
    struct since_start all = none(), one;
    int n = 0;
    for (int i = 0; i < s->ports; i++)
        if (of(&s->port[i], &one))
            add(&all, &one, n++);
    return all;
}

void total_look(const struct stream *s, bool all, struct since_start *out) {
    *out = s->from == FROM_SAMPLES ? of_requests(s, all) : none();
    struct since_start points = of_all(s, of_points), totals = of_all(s, of_totals);
    /* Points come late from a file that is seldom flushed. */
    bool late = totals.value[METRIC_REQUESTS] > points.value[METRIC_REQUESTS];
    fill(out, late ? &totals : &points);
    fill(out, late ? &points : &totals);
}

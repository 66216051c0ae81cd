/* p95 of each endpoint that both runs have. Nothing holds its spread over time, so its interval is
 * made: the ranks of its p95 as far apart as its number of requests asks, further apart by how much
 * more the p95 of the run moves from window to window than its ranks say, and the response times of
 * these ranks between its own percentiles. 99 % instead of 95 %, as there are many endpoints. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/text.h"
#include "base/unit.h"
#include "compare/parts.h"

static const double z_99 = 2.575829303548901;

/* What counts of an endpoint: of the steady part, or of the whole run. */
static double value_of(const struct side *s, const struct endpoint *e, enum metric m) {
    return s->part ? e->steady[m] : e->figure[m].value;
}

/* --- the interval --- */

static double widening(const struct side *s, const struct rules *rules) {
    double ratio = p95_clustering(s, rules);
    return isnan(ratio) ? (double)NAN : fmax(1, ratio);
}

/* The response time below which a share p lies: a straight line in the logarithm of what lies
 * above, between two known percentiles. */
static double quantile(const struct side *s, const struct endpoint *e, double p) {
    static const struct {
        double p;
        enum metric m;
    } known[] = {
        {0.5, METRIC_MED_MS}, {0.9, METRIC_P90_MS}, {0.95, METRIC_P95_MS}, {0.99, METRIC_P99_MS}};
    for (size_t i = 0; i + 1 < sizeof known / sizeof *known; i++) {
        if (p < known[i].p || p > known[i + 1].p)
            continue;
        double low = value_of(s, e, known[i].m), high = value_of(s, e, known[i + 1].m);
        double along =
            log((1 - known[i].p) / (1 - p)) / log((1 - known[i].p) / (1 - known[i + 1].p));
        return low + along * (high - low);
    }
    return NAN;
}

static struct estimate estimate_endpoint(const struct side *s, const struct endpoint *e,
                                         double cluster) {
    double n = value_of(s, e, METRIC_REQUESTS);
    double apart = z_99 * cluster * sqrt(0.95 * 0.05 / n);
    struct estimate x = {value_of(s, e, METRIC_P95_MS), quantile(s, e, 0.95 - apart),
                         quantile(s, e, 0.95 + apart)};
    return isfinite(x.low) && isfinite(x.high) ? x : estimate_none(x.value);
}

/* --- one endpoint --- */

struct matched {
    const struct endpoint *a, *b;
    double requests;
};

static void compare_one(const struct pair *p, const struct matched *m, const double cluster[2],
                        struct compared *c) {
    struct estimate a = estimate_endpoint(&p->a, m->a, cluster[0]);
    struct estimate b = estimate_endpoint(&p->b, m->b, cluster[1]);
    struct pair own = *p; /* as many requests as this endpoint has */
    own.queueing = true;  /* one of its own would not show in the whole */
    own.a.requests = value_of(&p->a, m->a, METRIC_REQUESTS);
    own.b.requests = value_of(&p->b, m->b, METRIC_REQUESTS);
    *c = (struct compared){0};
    text_copy(c->metric, sizeof c->metric, m->a->name);
    text_copy(c->unit, sizeof c->unit, "ms");
    compared_fill(c, &a, &b, false);
    read_figure(&own, c, false, unit_show_ms);
    if (p->a.part && c->reading == READING_UNKNOWN && pair_enough(&own, c))
        compared_why(c, "too few requests for an interval, as far as p95 moves in these runs");
}

/* --- which both have --- */

static int by_name(const void *a, const void *b) {
    const struct endpoint *const *x = a, *const *y = b;
    return strcmp((*x)->name, (*y)->name);
}

/* Names in order; transactions are sums of other samples and stay apart. */
static const struct endpoint **sorted(const struct summary *s, size_t *n) {
    const struct endpoint **list = mem_new(s->endpoints + 1, sizeof *list);
    *n = 0;
    for (size_t i = 0; i < s->endpoints; i++)
        if (!s->endpoint[i].transaction)
            list[(*n)++] = &s->endpoint[i];
    qsort(list, *n, sizeof *list, by_name);
    return list;
}

/* The most requests first; by name where they are equal. */
static int by_requests(const void *a, const void *b) {
    const struct matched *x = a, *y = b;
    return x->requests > y->requests   ? -1
           : x->requests < y->requests ? 1
                                       : strcmp(x->a->name, y->a->name);
}

static size_t match(const struct pair *p, struct matched *out, struct comparison *c) {
    size_t na, nb, n = 0, i = 0, k = 0;
    const struct endpoint **a = sorted(p->a.run, &na), **b = sorted(p->b.run, &nb);
    while (i < na || k < nb) {
        int order = i == na ? 1 : k == nb ? -1 : strcmp(a[i]->name, b[k]->name);
        if (order < 0) {
            c->only_a++;
            i++;
        } else if (order > 0) {
            c->only_b++;
            k++;
        } else {
            double x = value_of(&p->a, a[i], METRIC_REQUESTS);
            double y = value_of(&p->b, b[k], METRIC_REQUESTS);
            double sum = (isfinite(x) ? x : 0) + (isfinite(y) ? y : 0);
            out[n++] = (struct matched){a[i++], b[k++], sum};
        }
    }
    free(a);
    free(b);
    return n;
}

void endpoints_compare(const struct pair *p, struct comparison *out) {
    struct matched *both = mem_new(p->a.run->endpoints + 1, sizeof *both);
    size_t n = match(p, both, out);
    double cluster[2] = {widening(&p->a, p->rules), widening(&p->b, p->rules)};
    qsort(both, n, sizeof *both, by_requests);
    if (n > COMPARED_ENDPOINTS_MAX)
        n = COMPARED_ENDPOINTS_MAX;
    out->endpoint = mem_new(n + 1, sizeof *out->endpoint);
    for (size_t i = 0; i < n; i++)
        compare_one(p, &both[i], cluster, &out->endpoint[out->endpoints++]);
    free(both);
}

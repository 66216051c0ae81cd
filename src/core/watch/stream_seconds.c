/* The latest seconds of a run that brings single requests; older ones go to pieces. */
#include <math.h>
#include <stdlib.h>

#include "base/mem.h"
#include "stats/percentile.h"
#include "watch/stream_state.h"

/* --- life ------------------------------------------------------------------------------------- */

struct seconds *seconds_new(void) {
    struct seconds *x = mem_new(1, sizeof *x);
    for (int i = 0; i < SECONDS_MAX; i++)
        hist_init(&x->at[i].hist, SECOND_BITS);
    hist_init(&x->together, SECOND_BITS);
    x->newest = -1;
    return x;
}

void seconds_free(struct seconds *x) {
    if (!x)
        return;
    for (int i = 0; i < SECONDS_MAX; i++)
        hist_fini(&x->at[i].hist);
    hist_fini(&x->together);
    stream_pieces_fini(&x->older);
    free(x);
}

void seconds_clear(struct seconds *x) {
    stream_pieces_fini(&x->older);
    x->first = 0;
    x->newest = -1;
}

static void forget(struct one_second *at) {
    hist_clear(&at->hist);
    at->counts = (struct counts){0};
    at->p95_of = 0;
    at->p95_ms = NAN;
}

void seconds_forget_requests(struct seconds *x) {
    for (int i = 0; i < SECONDS_MAX; i++)
        forget(&x->at[i]);
    stream_pieces_fini(&x->older);
}

/* --- what counts ------------------------------------------------------------------------------ */

double requests_all(const struct requests *r, const struct counts *c, double told) {
    return r->told[METRIC_REQUESTS].seen ? told : (double)counts_all(c);
}

double requests_failed(const struct requests *r, const struct counts *c, double told) {
    if (r->told[METRIC_FAILED].seen)
        return told;
    return r->counts.n[OUTCOME_UNKNOWN] ? (double)NAN : (double)c->n[OUTCOME_FAILED];
}

/* A tool that counts iterations says nothing while none is dropped. */
double requests_dropped(const struct requests *r, double dropped) {
    bool tells_all = r->told[METRIC_FAILED].seen || !r->counts.n[OUTCOME_UNKNOWN];
    bool counts = r->told[METRIC_DROPPED].seen || (r->told[METRIC_ITERATIONS].seen && tells_all);
    return counts ? dropped : (double)NAN;
}

double requests_mean_ms(const struct requests *r, const struct counts *c) {
    uint64_t n = counts_all(c);
    big_sum sum = c->sum[OUTCOME_OK] + c->sum[OUTCOME_FAILED] + c->sum[OUTCOME_UNKNOWN];
    return n ? percentile_ms((double)sum, &r->rules) / (double)n : (double)NAN;
}

static double longest_ms(const struct requests *r, const struct counts *c) {
    return counts_all(c) ? percentile_ms((double)c->most, &r->rules) : (double)NAN;
}

/* --- seconds ---------------------------------------------------------------------------------- */

static double second_p95(const struct requests *r, struct one_second *at) {
    if (at->p95_of != at->hist.total) {
        at->p95_ms = hist_percentile(&at->hist, 0.95, &at->counts, &r->rules);
        at->p95_of = at->hist.total;
    }
    return at->p95_ms;
}

struct point second_point(const struct requests *r, int64_t number) {
    struct one_second *at = seconds_at(r->seconds, number);
    const struct counts *c = &at->counts;
    return (struct point){.at_s = (double)number,
                          .length_s = 1,
                          .requests = requests_all(r, c, at->told_requests),
                          .failed = requests_failed(r, c, at->told_failed),
                          .avg_ms = requests_mean_ms(r, c),
                          .med_ms = NAN,
                          .p95_ms = second_p95(r, at),
                          .max_ms = longest_ms(r, c),
                          .vus = isnan(at->vus) ? at->vus_before : at->vus,
                          .dropped = requests_dropped(r, at->dropped),
                          .load = NAN};
}

static void begin(const struct requests *r, int64_t number) {
    struct one_second *at = &r->seconds->at[number & (SECONDS_MAX - 1)];
    forget(at);
    at->told_requests = at->told_failed = at->dropped = 0;
    at->vus = NAN;
    at->vus_before = r->vus;
}

/* A second in which nothing came has no requests. */
static struct point silence(const struct requests *r, int64_t from, int64_t to) {
    struct point p = point_none((double)from, (double)(to - from));
    p.requests = 0;
    p.failed = requests_failed(r, &(struct counts){0}, 0);
    p.dropped = requests_dropped(r, 0);
    return p;
}

static void put_away(struct requests *r, int64_t before) {
    struct seconds *x = r->seconds;
    for (; x->first < before && x->first <= x->newest; x->first++) {
        struct point p = second_point(r, x->first);
        pieces_add(&x->older, &p);
    }
    if (x->first < before) {
        struct point p = silence(r, x->first, before);
        pieces_add(&x->older, &p);
        x->first = before;
    }
}

void seconds_reach(struct requests *r, int64_t number) {
    struct seconds *x = r->seconds;
    if (x->first > x->newest) {
        x->first = number;
        x->newest = number - 1;
    }
    while (number < x->first && x->newest - number < SECONDS_MAX)
        begin(r, --x->first);
    if (number <= x->newest)
        return;
    put_away(r, number - SECONDS_MAX + 1);
    int64_t from = x->newest + 1 > x->first ? x->newest + 1 : x->first;
    for (x->newest = number; from <= number; from++)
        begin(r, from);
}

int64_t seconds_complete(const struct stream *s) {
    int64_t latest_ms = s->requests.clock.latest_ms, least_ms = latest_ms;
    for (int i = 0; i < s->ports; i++) {
        int64_t ms = s->port[i].latest_ms;
        if (ms != INT64_MIN && ms < least_ms && latest_ms - ms <= LAG_S * 1000)
            least_ms = ms;
    }
    return least_ms / 1000 - 1;
}

struct point seconds_point(const struct requests *r, int64_t from, int64_t to) {
    struct seconds *x = r->seconds;
    struct point p = silence(r, from, to);
    struct counts c = {0};
    hist_clear(&x->together);
    for (int64_t i = from > x->first ? from : x->first; i < to && i <= x->newest; i++) {
        struct one_second *at = seconds_at(x, i);
        struct point one = second_point(r, i);
        one.p95_ms = NAN;
        point_join(&p, &one);
        counts_join(&c, &at->counts);
        hist_join(&x->together, &at->hist);
    }
    p.length_s = (double)(to - from);
    p.avg_ms = requests_mean_ms(r, &c);
    p.p95_ms = hist_percentile(&x->together, 0.95, &c, &r->rules);
    return p;
}

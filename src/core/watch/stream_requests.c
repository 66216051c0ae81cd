/* The doors for single requests and tallies. */
#include <math.h>
#include <stdlib.h>

#include "base/mem.h"
#include "watch/stream_state.h"

#define VALUE_MAX ((UINT64_C(1) << 62) - 1) /* 2^40 requests add up */
#define TALLY_MAX 1e18
enum { HOUR_MS = 3600 * 1000, SETTLED_MS = 10 * 1000 };

/* --- life ------------------------------------------------------------------------------------- */

static void clear(struct requests *r) {
    r->clock = (struct stream_clock){0};
    r->start_ms = r->first_ms = INT64_MAX;
    r->plain = false;
    r->counts = (struct counts){0};
    r->late = 0;
    r->vus = r->vus_most = NAN;
    for (int m = 0; m < METRICS; m++)
        r->told[m] = (struct told){0};
}

void requests_init(struct requests *r) {
    if (r->seconds) {
        hist_clear(&r->hist);
        seconds_clear(r->seconds);
    }
    clear(r);
}

void requests_fini(struct requests *r) {
    if (r->seconds)
        hist_fini(&r->hist);
    seconds_free(r->seconds);
}

void requests_use(struct requests *r, const struct sample_rules *rules) {
    r->rules = *rules;
    if (r->seconds)
        return;
    hist_init(&r->hist, TOTAL_BITS);
    r->seconds = seconds_new();
}

/* --- time ------------------------------------------------------------------------------------- */

/* What was placed before was not of this run; what was counted stays. */
static void begin_anew(struct stream *s, int64_t ms) {
    struct requests *r = &s->requests;
    seconds_clear(r->seconds);
    parts_forget_requests(s);
    r->start_ms = INT64_MAX;
    r->first_ms = ms;
    for (int i = 0; i < s->ports; i++)
        s->port[i].latest_ms = INT64_MIN;
}

/* A load generator that ended has no VUs in use. */
static void add_vus(struct stream *s) {
    struct requests *r = &s->requests;
    r->vus = NAN;
    for (int i = 0; i < s->ports; i++) {
        struct port *p = &s->port[i];
        if (s->ports > 1 && !isnan(p->vus) && r->clock.latest_ms - p->vus_at_ms > STALE_S * 1000)
            p->vus = NAN;
        r->vus = sum_known(r->vus, p->vus);
    }
}

/* The second that a moment is in; NULL: it is past. false: the moment is not of this run. */
static inline bool place(struct port *p, int64_t ms, struct one_second **at) {
    struct stream *s = p->stream;
    struct requests *r = &s->requests;
    struct seconds *x = r->seconds;
    enum stream_fit fit = stream_clock_fit(&r->clock, ms, NEED_SAMPLES, s->ports < 2);
    if (fit == FIT_FAR) {
        *at = NULL;
        return ms >= r->first_ms && ms <= r->clock.latest_ms;
    }
    if (fit == FIT_ANEW)
        begin_anew(s, ms);
    if (s->from != FROM_SAMPLES)
        stream_rises(s, FROM_SAMPLES);
    p->latest_ms = ms > p->latest_ms ? ms : p->latest_ms;
    r->first_ms = ms < r->first_ms ? ms : r->first_ms;
    int64_t number = ms / 1000;
    if (number > x->newest) {
        add_vus(s);
        seconds_reach(r, number);
    } else if (number < x->first) {
        seconds_reach(r, number);
    }
    *at = seconds_at(x, number);
    return true;
}

/* A source with one moment for each request gives its end: the response time tells the rest. */
static void note_start(struct stream *s, const struct sample *x) {
    struct requests *r = &s->requests;
    int64_t start = x->start_ms < x->end_ms ? x->start_ms : x->end_ms;
    if (start == x->end_ms)
        start -= (int64_t)fmin((double)x->time * r->rules.unit_ms, 2 * HOUR_MS);
    if (x->end_ms - start > HOUR_MS)
        start = x->end_ms;
    if (start < r->start_ms) {
        r->start_ms = start;
        parts_moved(s);
    }
}

/* Requests are not written in the order of their starts. Later on a start that is earlier is odd,
 * and must not move the stretches. */
static inline bool may_start(const struct requests *r, const struct sample *x, bool first) {
    return first || r->start_ms == INT64_MAX || x->end_ms - r->start_ms < SETTLED_MS;
}

/* --- VUs -------------------------------------------------------------------------------------- */

static void note_vus(struct port *p, struct one_second *at, int64_t ms, double vus) {
    struct stream *s = p->stream;
    struct requests *r = &s->requests;
    if (!at)
        return;
    double others = r->vus - (isnan(p->vus) ? 0 : p->vus);
    double sum = (isnan(others) ? 0 : others) + vus;
    if (ms >= p->vus_at_ms) {
        p->vus = vus;
        p->vus_at_ms = ms;
        r->vus = sum;
    }
    at->vus = fmax(at->vus, sum);
    r->vus_most = fmax(r->vus_most, sum);
    const struct part_list *l = parts_at(s, ms);
    for (size_t i = 0; i < l->n; i++)
        s->part[l->item[i]].vus = fmax(s->part[l->item[i]].vus, sum);
}

/* --- requests --------------------------------------------------------------------------------- */

static void forget_transactions(struct stream *s) {
    struct requests *r = &s->requests;
    r->plain = true;
    if (counts_all(&r->counts) == 0)
        return;
    r->counts = (struct counts){0};
    hist_clear(&r->hist);
    seconds_forget_requests(r->seconds);
    parts_forget_requests(s);
    r->start_ms = INT64_MAX;
    r->late = 0;
}

static void late(struct requests *r, const struct sample *x) {
    r->late++;
    if (!r->told[METRIC_REQUESTS].seen)
        pieces_add_late(&r->seconds->older, (double)x->end_ms / 1000, 1,
                        x->outcome == OUTCOME_FAILED);
}

static inline void count_in_parts(struct stream *s, const struct sample *x, uint64_t value) {
    const struct part_list *l = parts_at(s, x->end_ms);
    for (size_t i = 0; i < l->n; i++) {
        struct stretch_part *part = &s->part[l->item[i]];
        if (!part->hist.n)
            hist_init(&part->hist, STRETCH_BITS);
        counts_add(&part->counts, value, x->outcome, 1);
        hist_add(&part->hist, value, 1);
    }
}

void requests_sample(void *self, const struct sample *x) {
    struct port *p = self;
    struct stream *s = p->stream;
    struct requests *r = &s->requests;
    if (!r->plain) {
        if (!x->transaction)
            forget_transactions(s);
    } else if (x->transaction) {
        return;
    }
    uint64_t value = x->time < VALUE_MAX ? x->time : VALUE_MAX;
    bool first = p->latest_ms == INT64_MIN;
    struct one_second *at;
    counts_add(&r->counts, value, x->outcome, 1);
    hist_add(&r->hist, value, 1);
    if (!place(p, x->end_ms, &at)) {
        r->late++;
        return;
    }
    r->fraction = r->fraction || x->end_ms % 1000 != 0;
    if (may_start(r, x, first))
        note_start(s, x);
    if (at) {
        counts_add(&at->counts, value, x->outcome, 1);
        hist_add(&at->hist, value, 1);
    } else {
        late(r, x);
    }
    if (x->vus && (x->vus != p->vus || (at && !(at->vus >= r->vus))))
        note_vus(p, at, x->end_ms, x->vus);
    if (s->parts)
        count_in_parts(s, x, value);
}

void requests_bulk(void *self, const char *endpoint, size_t len, uint64_t value, uint64_t count,
                   enum outcome outcome) {
    struct stream *s = ((struct port *)self)->stream;
    struct requests *r = &s->requests;
    (void)endpoint, (void)len;
    if (count == 0)
        return;
    if (!r->plain)
        forget_transactions(s);
    value = value < VALUE_MAX ? value : VALUE_MAX;
    counts_add(&r->counts, value, outcome, count);
    hist_add(&r->hist, value, count);
}

/* --- tallies ---------------------------------------------------------------------------------- */

static void count_told(struct stream *s, struct one_second *at, const struct tally *t) {
    struct pieces *older = &s->requests.seconds->older;
    const struct part_list *l = parts_at(s, t->at_ms);
    double requests = t->metric == METRIC_REQUESTS ? t->sum : 0;
    double failed = t->metric == METRIC_FAILED ? t->sum : 0;
    double dropped = t->metric == METRIC_DROPPED ? t->sum : 0;
    if (at) {
        at->told_requests += requests;
        at->told_failed += failed;
        at->dropped += dropped;
    } else {
        pieces_add_late(older, (double)t->at_ms / 1000, requests, failed);
    }
    for (size_t i = 0; i < l->n; i++) {
        s->part[l->item[i]].failed += failed;
        s->part[l->item[i]].dropped += dropped;
    }
}

void requests_tally(void *self, const struct tally *t) {
    struct port *p = self;
    struct requests *r = &p->stream->requests;
    struct one_second *at;
    if ((unsigned)t->metric >= METRICS || !isfinite(t->sum) || fabs(t->sum) > TALLY_MAX ||
        !isfinite(t->least) || !isfinite(t->most))
        return;
    r->told[t->metric].seen = true;
    r->told[t->metric].sum += t->sum;
    if (t->at_ms == TALLY_NO_TIME || !place(p, t->at_ms, &at))
        return;
    bool vus = t->least >= 0 && t->most >= t->least && t->most <= INT32_MAX;
    if (t->metric == METRIC_VUS_MAX && vus)
        note_vus(p, at, t->at_ms, t->most);
    else if (t->metric == METRIC_VUS_ALLOCATED && vus)
        p->vus_allocated = t->most;
    else
        count_told(p->stream, at, t);
}

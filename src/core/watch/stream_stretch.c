/* Parts of the run with figures of their own. */
#include <math.h>

#include "watch/stream_state.h"

/* --- single requests -------------------------------------------------------------------------- */

static void forget_requests(struct stretch_part *p) {
    if (p->hist.n)
        hist_clear(&p->hist);
    p->counts = (struct counts){0};
    p->failed = p->dropped = 0;
    p->vus = NAN;
}

void parts_moved(struct stream *s) { s->list = (struct part_list){0}; }

void parts_forget_requests(struct stream *s) {
    for (size_t i = 0; i < s->parts; i++)
        forget_requests(&s->part[i]);
    parts_moved(s);
}

static void forget_points(struct stretch_part *p, enum from from) {
    p->told[from] = point_none(NAN, NAN);
    p->tellers[from] = 0;
}

void parts_forget_points(struct stream *s, enum from from) {
    for (size_t i = 0; i < s->parts; i++)
        forget_points(&s->part[i], from);
}

static int64_t after(int64_t start_ms, double s) { return start_ms + llround(s * 1000); }

/* The stretches that hold at_ms, and how far around it that is so. */
const struct part_list *parts_find(struct stream *s, int64_t at_ms) {
    struct part_list *l = &s->list;
    const struct requests *r = &s->requests;
    int64_t start_ms = r->start_ms != INT64_MAX ? r->start_ms : r->first_ms;
    *l = (struct part_list){.from_ms = INT64_MIN, .to_ms = INT64_MAX};
    for (size_t i = 0; i < s->parts; i++) {
        const struct stretch_wanted *w = &s->part[i].is;
        const int64_t cut[] = {after(start_ms, w->from_s), after(start_ms, w->to_s)};
        for (int k = 0; k < 2; k++) {
            if (cut[k] <= at_ms && cut[k] > l->from_ms)
                l->from_ms = cut[k];
            if (cut[k] > at_ms && cut[k] < l->to_ms)
                l->to_ms = cut[k];
        }
        if (at_ms >= cut[0] && at_ms < cut[1])
            l->item[l->n++] = (uint8_t)i;
    }
    return l;
}

/* --- points ----------------------------------------------------------------------------------- */

void parts_add_point(struct stream *s, enum from from, const struct point *x) {
    double mid_s = x->at_s + x->length_s / 2 - (double)s->start_ms[from] / 1000;
    for (size_t i = 0; i < s->parts; i++) {
        struct stretch_part *p = &s->part[i];
        if (mid_s < p->is.from_s || mid_s >= p->is.to_s)
            continue;
        point_join(&p->told[from], x);
        if (p->tellers[from]++ > 0)
            p->told[from].p95_ms = NAN;
    }
}

/* --- looking ---------------------------------------------------------------------------------- */

static struct point point_of_requests(const struct requests *r, const struct stretch_part *p) {
    struct point x = point_none(NAN, NAN);
    bool by_tallies = r->counts.n[OUTCOME_UNKNOWN] && r->told[METRIC_FAILED].seen;
    double failed = by_tallies ? p->failed : (double)p->counts.n[OUTCOME_FAILED];
    x.requests = (double)counts_all(&p->counts);
    x.failed = requests_failed(r, &p->counts, failed);
    x.avg_ms = requests_mean_ms(r, &p->counts);
    x.p95_ms = p->hist.n ? hist_percentile(&p->hist, 0.95, &p->counts, &r->rules) : (double)NAN;
    x.vus = p->vus;
    x.dropped = requests_dropped(r, p->dropped);
    return x;
}

/* A clock of whole seconds says when the newest second began, and not how much of it has been: its
 * requests would make the rate of a stretch that goes on too high. */
static double requests_beyond(const struct stream *s, int64_t latest_ms) {
    const struct requests *r = &s->requests;
    if (s->from != FROM_SAMPLES || r->fraction)
        return 0;
    return (double)counts_all(&seconds_at(r->seconds, latest_ms / 1000)->counts);
}

void stream_stretch(const struct stream *s, size_t i, struct window *out) {
    *out = window_none();
    if (i >= s->parts || s->from == FROM_NOTHING)
        return;
    const struct stretch_part *p = &s->part[i];
    int64_t start_ms = stream_start_ms(s);
    double elapsed_s = (double)(stream_latest_ms(s) - start_ms) / 1000;
    double to_s = fmin(p->is.to_s, elapsed_s);
    if (!(to_s > p->is.from_s))
        return;
    struct point x =
        s->from == FROM_SAMPLES ? point_of_requests(&s->requests, p) : p->told[s->from];
    x.at_s = (double)start_ms / 1000 + p->is.from_s;
    x.length_s = to_s - p->is.from_s;
    window_of_point(out, &x, start_ms);
    if (to_s < p->is.to_s)
        out->rps = fmax(x.requests - requests_beyond(s, stream_latest_ms(s)), 0) / x.length_s;
}

/* The figures of a run as they stand at a moment. */
#include <math.h>

#include "watch/stream_state.h"

struct window window_none(void) {
    return (struct window){NAN, NAN, NAN, NAN, NAN, NAN, NAN, NAN, NAN, NAN};
}

void window_of_point(struct window *w, const struct point *p, int64_t start_ms) {
    double from_s = round(p->at_s * 1000 - (double)start_ms) / 1000;
    *w = (struct window){.from_s = from_s,
                         .to_s = from_s + p->length_s,
                         .requests = p->requests,
                         .failed = p->failed,
                         .rps = p->length_s > 0 ? p->requests / p->length_s : (double)NAN,
                         .error_rate = p->requests > 0 ? p->failed / p->requests : (double)NAN,
                         .avg_ms = p->avg_ms,
                         .p95_ms = p->p95_ms,
                         .vus = p->vus,
                         .dropped = p->dropped};
}

/* --- single requests -------------------------------------------------------------------------- */

/* The last seconds that are complete; in the first moments all there is. */
static void look_at_seconds(const struct stream *s, int64_t seconds, struct window *w) {
    int64_t start_ms = stream_start_ms(s), latest_ms = s->requests.clock.latest_ms;
    int64_t first = start_ms / 1000, to = seconds_complete(s), from = to - seconds;
    bool complete = to > first;
    if (!complete)
        to = latest_ms / 1000 + 1;
    if (from < first)
        from = first;
    struct point p = seconds_point(&s->requests, from, to);
    int64_t begin_ms = from * 1000 > start_ms ? from * 1000 : start_ms;
    int64_t end_ms = complete ? to * 1000 : latest_ms;
    p.at_s = (double)begin_ms / 1000;
    p.length_s = (double)(end_ms - begin_ms) / 1000;
    window_of_point(w, &p, start_ms);
}

/* --- points and totals ------------------------------------------------------------------------ */

static void look_at_points(const struct stream *s, double least_s, double most_s,
                           struct window *w) {
    struct point p;
    if (recent_window(&s->recent[s->from], least_s, most_s, &p))
        window_of_point(w, &p, stream_start_ms(s));
}

/* A point that has a p95 is looked at alone: that of several of them nobody knows. */
static bool tells_p95(const struct recent *r) {
    return r->n > 0 && !isnan(r->point[r->n - 1].p95_ms);
}

/* The tool's own last seconds. false: it tells none. */
static bool look_at_own(const struct stream *s, struct window *w) {
    double rps = NAN, failed_rps = NAN, p95_ms = NAN, now_s = 0;
    int64_t at_ms = INT64_MIN, start_ms = stream_start_ms(s);
    int n = 0;
    for (int i = 0; i < s->ports; i++) {
        const struct port *p = &s->port[i];
        const struct live_figures *f = &p->figures;
        if (!p->any || isnan(f->now_rps) || !(f->now_s > 0))
            continue;
        rps = sum_known(rps, f->now_rps);
        failed_rps = n ? failed_rps + f->now_failed_rps : f->now_failed_rps;
        p95_ms = n++ ? (double)NAN : f->now_p95_ms;
        now_s = fmax(now_s, f->now_s);
        at_ms = p->at_ms > at_ms ? p->at_ms : at_ms;
    }
    if (n == 0)
        return false;
    double to_s = (double)(at_ms - start_ms) / 1000;
    *w = window_none();
    w->to_s = to_s;
    w->from_s = fmax(to_s - now_s, 0);
    w->requests = rps * now_s;
    w->failed = failed_rps * now_s;
    w->rps = rps;
    w->error_rate = rps > 0 ? failed_rps / rps : (double)NAN;
    w->p95_ms = p95_ms;
    return true;
}

static void look_at_now(const struct stream *s, struct window *w) {
    const struct recent *r = &s->recent[s->from];
    if (tells_p95(r)) {
        look_at_points(s, 0, 0, w);
        return;
    }
    look_at_points(s, STREAM_NOW_S, STREAM_MINUTE_S, w);
    double vus = w->vus, dropped = w->dropped;
    if (look_at_own(s, w)) {
        w->vus = vus;
        w->dropped = dropped;
    }
}

/* --- all of it -------------------------------------------------------------------------------- */

static double vus_of_points(const struct stream *s) {
    double vus = NAN;
    for (int i = 0; i < s->ports; i++)
        vus = sum_known(vus, s->port[i].point_vus);
    return vus;
}

static double vus_of_totals(const struct stream *s) {
    double vus = NAN;
    for (int i = 0; i < s->ports; i++)
        if (s->port[i].any)
            vus = sum_known(vus, s->port[i].figures.vus);
    return vus;
}

static double vus_in_use(const struct stream *s) {
    double vus = s->from == FROM_SAMPLES ? s->requests.vus : (double)NAN;
    if (isnan(vus))
        vus = vus_of_points(s);
    return isnan(vus) ? vus_of_totals(s) : vus;
}

static void look_at_total(const struct stream *s, struct stream_view *v) {
    struct since_start t;
    total_look(s, false, &t);
    struct point p = point_none((double)v->start_ms / 1000, v->elapsed_s);
    p.requests = t.value[METRIC_REQUESTS];
    p.failed = t.value[METRIC_FAILED];
    p.avg_ms = t.value[METRIC_AVG_MS];
    p.p95_ms = t.value[METRIC_P95_MS];
    p.vus = t.value[METRIC_VUS_MAX];
    p.dropped = t.value[METRIC_DROPPED];
    window_of_point(&v->total, &p, v->start_ms);
    if (s->from != FROM_SAMPLES && !isnan(t.value[METRIC_RPS]))
        v->total.rps = t.value[METRIC_RPS];
    v->vus_allocated = t.value[METRIC_VUS_ALLOCATED];
}

void stream_look(const struct stream *s, struct stream_view *out) {
    *out = (struct stream_view){.vus = NAN,
                                .vus_allocated = NAN,
                                .now = window_none(),
                                .minute = window_none(),
                                .total = window_none(),
                                .restarts = s->restarts,
                                .late = s->requests.late + s->refused};
    if (s->from == FROM_NOTHING)
        return;
    out->any = true;
    out->start_ms = stream_start_ms(s);
    out->latest_ms = stream_latest_ms(s);
    out->elapsed_s = (double)(out->latest_ms - out->start_ms) / 1000;
    out->vus = vus_in_use(s);
    look_at_total(s, out);
    if (s->from == FROM_SAMPLES) {
        look_at_seconds(s, STREAM_NOW_S, &out->now);
        look_at_seconds(s, STREAM_MINUTE_S, &out->minute);
    } else {
        look_at_now(s, &out->now);
        look_at_points(s, STREAM_MINUTE_S, STREAM_MINUTE_S, &out->minute);
    }
}

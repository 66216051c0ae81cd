/* Figures since the start, told again and again: what lies between two of them is a point. */
#include <math.h>

#include "watch/stream_state.h"

#define TIME_MAX_MS (INT64_C(1) << 53)
#define ELAPSED_MAX_S (366 * 24 * 3600.0)

static double between(double before, double now) {
    double more = now - before;
    return more >= 0 ? more : (double)NAN; /* NAN too when one of them is not known */
}

/* Mean of what came between, from means and counts. */
static double mean_between(const struct live_figures *a, const struct live_figures *b) {
    double n = b->requests - a->requests;
    double before = a->requests > 0 ? a->requests * a->avg_ms : 0;
    double sum = b->requests * b->avg_ms - before;
    return n > 0 && sum >= 0 ? sum / n : (double)NAN;
}

static struct live_figures nothing(const struct live_figures *like) {
    struct live_figures f;
    live_figures_init(&f);
    f.requests = 0;
    f.failed = isnan(like->failed) ? (double)NAN : 0;
    f.dropped = isnan(like->dropped) ? (double)NAN : 0;
    return f;
}

static void add_between(struct port *p, const struct live_figures *a, const struct live_figures *b,
                        int64_t from_ms, int64_t to_ms) {
    if (isnan(b->requests) || to_ms <= from_ms)
        return;
    struct point x = point_none((double)from_ms / 1000, (double)(to_ms - from_ms) / 1000);
    x.requests = between(a->requests, b->requests);
    x.failed = between(a->failed, b->failed);
    x.dropped = between(a->dropped, b->dropped);
    x.avg_ms = mean_between(a, b);
    x.vus = b->vus;
    points_place(p->stream, FROM_TOTALS, p->index, &x);
}

static bool fell(const struct live_figures *before, const struct live_figures *now) {
    return now->requests < before->requests || now->elapsed_s < before->elapsed_s - 10;
}

static int64_t start_of(const struct live_figures *f, int64_t at_ms) {
    bool known = f->elapsed_s >= 0 && f->elapsed_s < ELAPSED_MAX_S;
    return known ? at_ms - llround(f->elapsed_s * 1000) : INT64_MIN;
}

/* The run begins here, or earlier when the tool says since when its figures count. */
static void begin(struct port *p, const struct live_figures *f, int64_t at_ms) {
    struct live_figures none = nothing(f);
    p->any = true;
    p->from_ms = start_of(f, at_ms);
    if (p->from_ms != INT64_MIN)
        add_between(p, &none, f, p->from_ms, at_ms);
}

static void begin_again(struct port *p, const struct live_figures *f, int64_t at_ms) {
    struct stream *s = p->stream;
    struct live_figures none = nothing(f);
    int64_t begun_ms = start_of(f, at_ms);
    s->restarts++;
    points_clear(s, FROM_TOTALS);
    p->from_ms = begun_ms > p->at_ms ? begun_ms : p->at_ms;
    add_between(p, &none, f, p->from_ms, at_ms);
}

/* The tool did not know it at first: its start may be earlier than what was seen. */
static void note_start(struct port *p, const struct live_figures *f, int64_t at_ms) {
    struct stream *s = p->stream;
    if (p->from_ms == INT64_MIN)
        p->from_ms = start_of(f, at_ms);
    if (p->from_ms != INT64_MIN && p->from_ms < s->start_ms[FROM_TOTALS])
        s->start_ms[FROM_TOTALS] = p->from_ms;
    if (s->start_ms[FROM_TOTALS] == INT64_MAX)
        s->start_ms[FROM_TOTALS] = at_ms;
}

/* false: this moment is not of the run. */
static bool take(struct port *p, const struct live_figures *f, int64_t at_ms) {
    struct stream *s = p->stream;
    enum stream_fit fit =
        stream_clock_fit(&s->clock[FROM_TOTALS], at_ms, NEED_POINTS, s->ports < 2);
    if (fit == FIT_FAR)
        return false;
    if (fit == FIT_ANEW)
        points_clear(s, FROM_TOTALS);
    stream_rises(s, FROM_TOTALS);
    if (!p->any)
        begin(p, f, at_ms);
    else if (fell(&p->figures, f))
        begin_again(p, f, at_ms);
    else
        add_between(p, &p->figures, f, p->at_ms, at_ms);
    note_start(p, f, at_ms);
    return true;
}

/* Locust tells the rate of the seconds before its last request, however long ago that was. */
static void drop_stale_window(struct port *p, const struct live_figures *before, bool again,
                              int64_t at_ms) {
    if (!again || isnan(p->figures.requests) || p->figures.requests != before->requests)
        p->grew_ms = at_ms;
    if (at_ms - p->grew_ms < STREAM_NOW_S * INT64_C(1000))
        return;
    p->figures.now_rps = p->figures.now_failed_rps = p->figures.now_p95_ms = NAN;
}

/* What an answer does not tell is as it was. */
static void keep(struct port *p, const struct live_figures *f, bool again, int64_t at_ms) {
    struct live_figures before = p->figures;
    p->figures = *f;
    drop_stale_window(p, &before, again, at_ms);
    p->vus_most = fmax(p->vus_most, f->vus);
    if (again && isnan(f->requests)) {
        p->figures.requests = before.requests;
        p->figures.failed = before.failed;
        p->figures.avg_ms = before.avg_ms;
        p->figures.dropped = before.dropped;
        p->figures.elapsed_s = fmax(before.elapsed_s, f->elapsed_s);
    }
}

void stream_totals(struct stream *s, int port, const struct live_figures *f, int64_t at_ms) {
    struct port *p = stream_port(s, port);
    bool again = p->any;
    if (at_ms < 0 || at_ms >= TIME_MAX_MS || f->state == LIVE_READY || (again && at_ms <= p->at_ms))
        return;
    bool over = again && f->state == LIVE_ENDED && f->requests == p->figures.requests;
    if (!over && !take(p, f, at_ms))
        return;
    keep(p, f, again, at_ms);
    if (!over)
        p->at_ms = at_ms;
}

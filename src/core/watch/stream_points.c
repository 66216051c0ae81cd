/* Pieces of time that a tool summed up. */
#include <math.h>

#include "watch/stream_state.h"

#define TIME_MAX_S 1e11
#define LENGTH_MAX_S (31 * 24 * 3600.0)

static bool is_sound(const struct point *p) {
    return p->at_s >= 0 && p->at_s < TIME_MAX_S && p->length_s > 0 && p->length_s <= LENGTH_MAX_S;
}

static double unless_odd(double v) { return v >= 0 && isfinite(v) ? v : (double)NAN; }

/* What no tool can mean counts as not told. */
static struct point sound(const struct point *p) {
    return (struct point){.at_s = p->at_s,
                          .length_s = p->length_s,
                          .requests = unless_odd(p->requests),
                          .failed = unless_odd(p->failed),
                          .avg_ms = unless_odd(p->avg_ms),
                          .med_ms = NAN,
                          .p95_ms = unless_odd(p->p95_ms),
                          .max_ms = unless_odd(p->max_ms),
                          .vus = unless_odd(p->vus),
                          .dropped = unless_odd(p->dropped),
                          .load = NAN};
}

void points_clear(struct stream *s, enum from from) {
    recent_clear(&s->recent[from]);
    parts_forget_points(s, from);
    s->start_ms[from] = INT64_MAX;
}

bool points_place(struct stream *s, enum from from, int port, const struct point *p) {
    struct recent *r = &s->recent[from];
    struct stream_clock *c = &s->clock[from];
    int64_t begin_ms = llround(p->at_s * 1000), end_ms = llround(point_end_s(p) * 1000);
    enum stream_fit fit = stream_clock_fit(c, end_ms, NEED_POINTS, s->ports < 2);
    if (fit == FIT_FAR)
        return false;
    if (fit == FIT_ANEW)
        points_clear(s, from);
    if (s->start_ms[from] == INT64_MAX || r->n == 0)
        s->start_ms[from] = begin_ms;
    stream_rises(s, from);
    if (!recent_add(r, port, p))
        return false;
    parts_add_point(s, from, p);
    return true;
}

void points_take(void *self, const struct point *p) {
    struct port *port = self;
    struct stream *s = port->stream;
    if (!is_sound(p))
        return;
    struct point x = sound(p);
    if (port->told.length_s > 0)
        point_join(&port->told, &x);
    else
        port->told = x;
    port->point_vus = isnan(x.vus) ? port->point_vus : x.vus;
    if (!points_place(s, FROM_POINTS, port->index, &x) && x.requests > 0)
        s->refused += x.requests;
}

void points_so_far(void *self, enum metric m, double value) {
    struct port *port = self;
    if ((unsigned)m < METRICS && isfinite(value))
        port->so_far[m] = value;
}

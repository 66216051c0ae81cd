/* The run over time, as it is shown. */
#include <math.h>
#include <stdlib.h>

#include "base/mem.h"
#include "watch/stream_state.h"

static void show(struct series *r, const struct point *p) {
    struct point x = *p;
    x.at_s = round(p->at_s * 1000 - (double)r->start_ms) / 1000;
    if (point_end_s(&x) <= 0)
        return;
    if (x.at_s < 0) {
        x.length_s += x.at_s;
        x.at_s = 0;
    }
    r->point = mem_grow(r->point, r->points, &r->cap, sizeof *r->point);
    r->point[r->points++] = x;
}

static void show_all(struct series *r, const struct point *p, size_t n) {
    for (size_t i = 0; i < n; i++)
        show(r, &p[i]);
}

static void show_seconds(struct series *r, const struct requests *q) {
    const struct seconds *x = q->seconds;
    show_all(r, x->older.point, x->older.n);
    for (int64_t i = x->first; i <= x->newest; i++) {
        struct point p = second_point(q, i);
        show(r, &p);
    }
    r->percentile_error = 0.5 / (1 << SECOND_BITS);
}

const struct series *stream_series(const struct stream *s) {
    struct series *r = s->shown;
    r->points = 0;
    r->percentile_error = 0;
    r->start_ms = s->from == FROM_NOTHING ? 0 : stream_start_ms(s);
    if (s->from == FROM_SAMPLES) {
        show_seconds(r, &s->requests);
    } else if (s->from != FROM_NOTHING) {
        const struct recent *x = &s->recent[s->from];
        show_all(r, x->older.point, x->older.n);
        show_all(r, x->point, x->n);
    }
    return r;
}

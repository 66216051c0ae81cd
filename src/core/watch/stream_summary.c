/* What is known of a run that only lives in memory. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/text.h"
#include "stats/steady.h"
#include "watch/stream_state.h"

static struct figure exactly(double v) { return (struct figure){.value = v, .low = v, .high = v}; }

static void say_figures(const struct stream *s, const struct stream_view *v, struct summary *out) {
    struct since_start t;
    total_look(s, true, &t);
    if (isnan(t.value[METRIC_DURATION_S]) && v->elapsed_s > 0)
        t.value[METRIC_DURATION_S] = v->elapsed_s;
    if (isnan(t.value[METRIC_RPS]))
        t.value[METRIC_RPS] = v->total.rps;
    for (int m = 0; m < METRICS; m++)
        out->figure[m] = exactly(t.value[m]);
    if (s->from == FROM_SAMPLES)
        out->percentile_error = 0.5 / (1 << TOTAL_BITS);
}

static void say_series(const struct stream *s, struct summary *out) {
    const struct series *r = stream_series(s);
    out->series = *r;
    out->series.point = mem_new(r->points, sizeof *r->point);
    out->series.cap = r->points;
    if (r->points)
        memcpy(out->series.point, r->point, r->points * sizeof *r->point);
}

static void say_stretch(const struct stretch_part *p, const struct window *w, struct summary *out) {
    struct stretch *x = &out->stretch[out->stretches++];
    *x = stretch_none();
    text_copy(x->name, sizeof x->name, p->is.name);
    x->from_s = p->is.from_s;
    x->to_s = p->is.to_s;
    x->window_s = w->to_s - w->from_s;
    x->value[METRIC_REQUESTS] = w->requests;
    x->value[METRIC_FAILED] = w->failed;
    x->value[METRIC_RPS] = w->rps;
    x->value[METRIC_AVG_MS] = w->avg_ms;
    x->value[METRIC_P95_MS] = w->p95_ms;
    x->vus = series_mean_vus(&out->series, w->from_s, w->to_s);
    x->dropped = w->dropped;
}

static void say_stretches(const struct stream *s, struct summary *out) {
    struct window w;
    out->stretch = mem_new(s->parts, sizeof *out->stretch);
    for (size_t i = 0; i < s->parts; i++) {
        stream_stretch(s, i, &w);
        if (!isnan(w.from_s))
            say_stretch(&s->part[i], &w, out);
    }
}

void stream_summary(const struct stream *s, struct summary *out) {
    struct stream_view v;
    summary_init(out);
    stream_look(s, &v);
    if (!v.any)
        return;
    say_figures(s, &v, out);
    say_series(s, out);
    say_stretches(s, out);
}

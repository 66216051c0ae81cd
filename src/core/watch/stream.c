#include "watch/stream.h"

#include <math.h>
#include <stdlib.h>

#include "base/mem.h"
#include "watch/stream_state.h"

#define STRETCH_MAX_S 1e9

/* --- life ------------------------------------------------------------------------------------- */

static void clear_port(struct port *p) {
    p->latest_ms = p->vus_at_ms = p->from_ms = p->at_ms = INT64_MIN;
    p->vus = p->vus_allocated = p->point_vus = p->vus_most = NAN;
    p->told = (struct point){0};
    for (int m = 0; m < METRICS; m++)
        p->so_far[m] = NAN;
    p->any = false;
    live_figures_init(&p->figures);
}

void stream_reset(struct stream *s) {
    s->from = FROM_NOTHING;
    s->restarts = 0;
    s->refused = 0;
    requests_init(&s->requests);
    parts_forget_requests(s);
    for (enum from f = FROM_NOTHING; f < FROM_SAMPLES; f++) {
        s->clock[f] = (struct stream_clock){0};
        points_clear(s, f);
    }
    for (int i = 0; i < STREAM_PORTS_MAX; i++)
        clear_port(&s->port[i]);
}

/* A stretch that no run can have is never reached. */
static struct stretch_wanted sound(const struct stretch_wanted *w) {
    struct stretch_wanted x = *w;
    bool ok = fabs(w->from_s) <= STRETCH_MAX_S && fabs(w->to_s) <= STRETCH_MAX_S;
    if (!ok)
        x.from_s = x.to_s = STRETCH_MAX_S;
    return x;
}

struct stream *stream_new(const struct stretch_wanted *stretch, size_t n) {
    struct stream *s = mem_new(1, sizeof *s);
    s->parts = n < STRETCHES_MAX ? n : STRETCHES_MAX;
    s->part = mem_new(s->parts, sizeof *s->part);
    for (size_t i = 0; i < s->parts; i++)
        s->part[i].is = sound(&stretch[i]);
    for (int i = 0; i < STREAM_PORTS_MAX; i++) {
        s->port[i].stream = s;
        s->port[i].index = i;
    }
    s->shown = mem_new(1, sizeof *s->shown);
    stream_reset(s);
    return s;
}

void stream_free(struct stream *s) {
    if (!s)
        return;
    requests_fini(&s->requests);
    for (size_t i = 0; i < s->parts; i++)
        hist_fini(&s->part[i].hist);
    free(s->part);
    for (enum from f = FROM_NOTHING; f < FROM_SAMPLES; f++)
        recent_clear(&s->recent[f]);
    free(s->shown->point);
    free(s->shown);
    free(s);
}

/* --- sources ---------------------------------------------------------------------------------- */

struct port *stream_port(struct stream *s, int port) {
    int i = port < 0 ? 0 : port < STREAM_PORTS_MAX ? port : STREAM_PORTS_MAX - 1;
    s->ports = i < s->ports ? s->ports : i + 1;
    return &s->port[i];
}

void stream_rises(struct stream *s, enum from from) { s->from = from > s->from ? from : s->from; }

struct sink stream_sink(struct stream *s, int port, const struct sample_rules *rules) {
    struct port *p = stream_port(s, port);
    if (rules)
        requests_use(&s->requests, rules);
    return (struct sink){.self = p,
                         .sample = rules ? requests_sample : NULL,
                         .tally = rules ? requests_tally : NULL,
                         .bulk = rules ? requests_bulk : NULL,
                         .point = points_take,
                         .so_far = points_so_far};
}

/* --- time ------------------------------------------------------------------------------------- */

int64_t stream_start_ms(const struct stream *s) {
    const struct requests *r = &s->requests;
    if (s->from == FROM_SAMPLES)
        return r->start_ms != INT64_MAX ? r->start_ms : r->first_ms;
    return s->start_ms[s->from];
}

int64_t stream_latest_ms(const struct stream *s) {
    return s->from == FROM_SAMPLES ? s->requests.clock.latest_ms : s->clock[s->from].latest_ms;
}

/* What the watch shows: the figures beside the load profile, the sources, and a number by which it
 * is seen that something changed. */
#include <math.h>
#include <string.h>

#include "base/text.h"
#include "watch/watch_parts.h"

/* --- where in the profile --- */

static const struct stage *stage_at(const struct profile *p, double t_s) {
    for (int i = 0; p && i < p->stages; i++)
        if (t_s >= p->stage[i].start_s && t_s < p->stage[i].start_s + p->stage[i].duration_s)
            return &p->stage[i];
    return NULL;
}

/* Mean rate that the profile offers. */
static double offered_mean(const struct profile *p, double from_s, double to_s) {
    double length_s = to_s - from_s;
    return p && length_s > 0 ? profile_requests_between(p, from_s, to_s) / length_s : (double)NAN;
}

static bool in_ramp(const struct profile *p, double from_s, double to_s) {
    for (int i = 0; p && i < p->stages; i++) {
        const struct stage *s = &p->stage[i];
        if (stage_is_ramp(s) && from_s < s->start_s + s->duration_s && to_s > s->start_s)
            return true;
    }
    return false;
}

/* --- the stretch that goes on: stretches when there is none --- */

static size_t stretch_at(const struct watch *w, double t_s) {
    size_t found = w->stretches;
    for (size_t i = 0; i < w->stretches; i++)
        if (t_s >= w->stretch[i].from_s)
            found = i;
    bool over = found + 1 < w->stretches && t_s >= w->stretch[found].to_s;
    return over ? w->stretches : found;
}

static size_t see_stretch(struct watch *w) {
    struct watch_view *v = &w->view;
    size_t i = v->run.any ? stretch_at(w, v->run.elapsed_s) : w->stretches;
    v->stretch = (struct watch_stretch){0};
    if (i == w->stretches)
        return i;
    text_copy(v->stretch.name, sizeof v->stretch.name, w->stretch[i].name);
    v->stretch.from_s = w->stretch[i].from_s;
    v->stretch.to_s = w->stretch[i].to_s;
    stream_stretch(w->stream, i, &v->stretch.is);
    return i;
}

/* --- figures --- */

static void see_run(struct watch *w) {
    struct watch_view *v = &w->view;
    stream_look(w->stream, &v->run);
    v->start_ms = v->run.any ? v->run.start_ms : 0;
    v->elapsed_s = v->run.any ? v->run.elapsed_s : NAN;
    const struct stage *stage = v->run.any ? stage_at(w->profile, v->elapsed_s) : NULL;
    text_copy(v->stage, sizeof v->stage, stage ? stage->name : "");
    v->offered_rps =
        w->profile && v->run.any ? profile_rate_at(w->profile, v->elapsed_s) : (double)NAN;
}

static double memory_now(const struct watch *w) {
    double most = NAN;
    for (size_t i = 0; i < w->view.memories; i++) {
        const struct trace *t = &w->memory[i];
        if (t->n > 0)
            most = fmax(most, t->at[t->n - 1].value);
    }
    return most;
}

static void alarms_at(struct watch *w, size_t stretch, bool past) {
    const struct watch_view *v = &w->view;
    const struct window *now = &v->run.now;
    bool known = now->to_s > now->from_s;
    double from_s = known ? now->from_s : v->elapsed_s, to_s = known ? now->to_s : v->elapsed_s;
    struct watch_moment m = {
        .view = &v->run,
        .stretch = v->stretch.name[0] ? &v->stretch.is : NULL,
        .offered_rps = v->offered_rps,
        .offered_mean_rps = offered_mean(w->profile, from_s, to_s),
        .stretch_rps = NAN,
        .generator_cpu = {NAN, NAN, NAN, NAN},
        .memory_mb = NAN,
        .ramp = in_ramp(w->profile, from_s, to_s),
        .stage = v->stage,
        .now_ms = w->now.day_ms,
    };
    if (m.stretch)
        m.stretch_rps = offered_mean(w->profile, m.stretch->from_s, m.stretch->to_s);
    if (!past) {
        cpu_look(w, stretch, m.generator_cpu);
        m.memory_mb = memory_now(w);
    }
    if (v->run.any) /* what this machine does before it says nothing of the run */
        alarms_look(&w->alarms, &m);
}

void watch_pass_by(struct watch *w) {
    see_run(w);
    alarms_at(w, see_stretch(w), true);
}

/* --- sources --- */

/* Names of two servers may be the same: each keeps its own trace. */
static void see_memory(struct watch *w) {
    w->view.memories = 0;
    for (size_t i = 0; i < w->sources; i++) {
        size_t n = 0;
        const struct web_source *web = w->source[i].web;
        const struct trace *t = web ? web_source_memory(web, &n) : NULL;
        for (size_t k = 0; k < n && w->view.memories < TRACES_MAX; k++)
            w->memory[w->view.memories++] = t[k];
    }
    w->view.memory = w->memory;
}

static void see_sources(struct watch *w) {
    for (size_t i = 0; i < w->sources; i++) {
        struct watched *s = &w->source[i];
        struct watch_source *look = &w->look[i];
        if (s->file) {
            file_source_look(s->file, w->now, w->idle_s, look);
        } else {
            if (web_source_is_server(s->web))
                s->role = WATCH_SERVER;
            web_source_look(s->web, w->now, look);
        }
        look->role = s->role;
    }
    w->view.source = w->look;
    w->view.sources = w->sources;
}

static void see_backlog(struct watch *w) {
    struct watch_view *v = &w->view;
    v->catching_up = !w->replay && !w->caught_up;
    v->left_bytes = 0;
    for (size_t i = 0; i < w->sources; i++)
        if (w->source[i].file && w->source[i].role == WATCH_FIGURES)
            v->left_bytes += file_source_left(w->source[i].file);
}

void watch_see(struct watch *w) {
    struct watch_view *v = &w->view;
    see_run(w);
    size_t stretch = see_stretch(w);
    v->series = stream_series(w->stream);
    see_memory(w);
    see_sources(w);
    see_backlog(w);
    cpu_take(w);
    alarms_at(w, stretch, w->replay || v->catching_up);
    memcpy(v->row, w->alarms.row, sizeof v->row);
    v->event = w->alarms.event;
    v->events = w->alarms.events;
    v->events_dropped = w->alarms.dropped;
    v->speed = w->speed;
    v->paused = w->paused;
}

/* --- has it changed? --- */

static void mix(uint64_t *sum, const void *bytes, size_t n) {
    const unsigned char *at = bytes;
    for (size_t i = 0; i < n; i++)
        *sum = (*sum ^ at[i]) * UINT64_C(1099511628211);
}

static void mix_number(uint64_t *sum, double x) {
    if (isnan(x))
        x = -1;
    mix(sum, &x, sizeof x);
}

static void mix_window(uint64_t *sum, const struct window *x) {
    const double of[] = {x->from_s, x->to_s, x->requests, x->failed,
                         x->p95_ms, x->vus,  x->dropped,  x->rps};
    for (size_t i = 0; i < sizeof of / sizeof *of; i++)
        mix_number(sum, of[i]);
}

uint64_t watch_sum(const struct watch *w) {
    const struct watch_view *v = &w->view;
    uint64_t sum = UINT64_C(14695981039346656037);
    mix_number(&sum, v->state);
    mix_number(&sum, (double)(v->events + v->events_dropped));
    mix_number(&sum, v->elapsed_s);
    mix_number(&sum, (double)v->left_bytes);
    mix_number(&sum, v->run.vus);
    mix_window(&sum, &v->run.now);
    mix_window(&sum, &v->run.total);
    mix_number(&sum, v->run.any ? round(100 * v->row[WATCH_CPU].now) : -1);
    for (size_t i = 0; i < v->memories; i++)
        mix_number(&sum, (double)v->memory[i].n);
    for (size_t i = 0; i < v->sources; i++) {
        mix_number(&sum, v->source[i].state);
        mix_number(&sum, v->source[i].role);
        mix_number(&sum, floor(v->source[i].age_s));
        mix(&sum, v->source[i].words, strlen(v->source[i].words));
        mix(&sum, v->source[i].what, strlen(v->source[i].what));
    }
    return sum;
}

/* tests/golden/scene_watch.h
 * Runs that go on, filled by hand as a view that is held without a watch behind it: the pictures
 * show how they are said, not how they are watched. held_ms below 0: it does not count as held. */
#ifndef PERFSCALE_TESTS_SCENE_WATCH_H
#define PERFSCALE_TESTS_SCENE_WATCH_H

#include "base/mem.h"
#include "golden/scene_results.h"

enum { SCENE_SOURCES = 6, SCENE_EVENTS = 8 };

/* --- the view -------------------------------------------------------------------------------- */

static inline void scene_source(struct scene *c, const char *name, const char *what,
                                enum watch_role role, enum watch_state state, double age_s,
                                const char *words) {
    struct watch_view *v = &c->s.watching.held;
    if (v->sources == SCENE_SOURCES)
        abort();
    struct watch_source *x = (struct watch_source *)(uintptr_t)&v->source[v->sources++];
    *x = (struct watch_source){.role = role, .state = state, .age_s = age_s};
    text_copy(x->name, sizeof x->name, name);
    text_copy(x->what, sizeof x->what, what);
    text_copy(x->words, sizeof x->words, words);
}

static inline void scene_event(struct scene *c, double at_s, enum finding_level level,
                               const char *text) {
    struct watch_view *v = &c->s.watching.held;
    if (v->events == SCENE_EVENTS)
        abort();
    struct watch_event *x = (struct watch_event *)(uintptr_t)&v->event[v->events++];
    *x = (struct watch_event){.at_ms = v->start_ms + (int64_t)(at_s * 1000), .level = level};
    text_copy(x->text, sizeof x->text, text);
}

/* now, minute, since the start and so far in the verdict's part; NAN: not known. */
static inline void scene_row(struct scene *c, enum watch_metric m, double now, double minute,
                             double total, double stretch, double limit, enum level now_level,
                             enum level stretch_level) {
    c->s.watching.held.row[m] = (struct watch_row){.now = now,
                                                   .minute = minute,
                                                   .total = total,
                                                   .stretch = stretch,
                                                   .limit = limit,
                                                   .now_level = now_level,
                                                   .stretch_level = stretch_level};
}

static inline void scene_quiet_row(struct scene *c, enum watch_metric m) {
    scene_row(c, m, NAN, NAN, NAN, NAN, NAN, LEVEL_UNKNOWN, LEVEL_UNKNOWN);
}

static inline struct watch_view *scene_view(struct scene *c, enum watch_state state) {
    struct watching *w = &c->s.watching;
    w->held_ms = -1;
    w->held = (struct watch_view){
        .state = state,
        .elapsed_s = NAN,
        .length_s = c->s.profile.duration_s,
        .offered_rps = NAN,
        .source = mem_new(SCENE_SOURCES, sizeof *w->held.source),
        .event = mem_new(SCENE_EVENTS, sizeof *w->held.event),
        .speed = 1,
    };
    for (enum watch_metric m = 0; m < WATCH_METRICS; m++)
        scene_quiet_row(c, m);
    return &w->held;
}

/* --- a run at a moment ----------------------------------------------------------------------- */

typedef double scene_p95(double at_s);

/* A point a second, at the rate that is offered. */
static inline void scene_goes_on(struct scene *c, double elapsed_s, double piece_s,
                                 scene_p95 *p95) {
    struct watch_view *v = scene_view(c, WATCH_LIVE);
    struct series *r = mem_new(1, sizeof *r);
    size_t n = (size_t)(elapsed_s / piece_s);
    *r = (struct series){
        .point = mem_new(n, sizeof *r->point), .points = n, .cap = n, .start_ms = SCENE_START_MS};
    for (size_t i = 0; i < n; i++) {
        double at_s = (double)i * piece_s;
        double offered = profile_rate_at(&c->s.profile, at_s + piece_s / 2);
        r->point[i] = point_none(at_s, piece_s);
        r->point[i].requests = round(offered * piece_s * (1 + 0.01 * scene_noise(i)));
        r->point[i].failed = i % 50 == 7;
        r->point[i].p95_ms = p95(at_s) * (1 + 0.06 * scene_noise(i + 7000));
        r->point[i].vus = round(offered * 0.41);
        v->run.total.requests += r->point[i].requests;
    }
    v->series = r;
    v->start_ms = v->run.start_ms = SCENE_START_MS;
    v->elapsed_s = v->run.elapsed_s = elapsed_s;
    v->offered_rps = profile_rate_at(&c->s.profile, elapsed_s);
    v->run.any = true;
    v->run.now.from_s = elapsed_s - STREAM_NOW_S;
    v->run.minute.from_s = fmax(0, elapsed_s - STREAM_MINUTE_S);
    v->run.now.to_s = v->run.minute.to_s = v->run.total.to_s = elapsed_s;
    for (int i = 0; i < c->s.profile.stages; i++)
        if (elapsed_s >= c->s.profile.stage[i].start_s)
            text_copy(v->stage, sizeof v->stage, c->s.profile.stage[i].name);
}

/* The part of the plan that the verdict will use. */
static inline void scene_in(struct scene *c, const char *name) {
    struct watch_stretch *x = &c->s.watching.held.stretch;
    struct stretch_wanted wanted[STRETCHES_MAX];
    size_t n = session_read_options(NULL, &c->s.profile, c->s.profile.model, &c->s.rules, wanted)
                   .stretches;
    for (size_t i = 0; i < n; i++)
        if (strcmp(wanted[i].name, name) == 0) {
            text_copy(x->name, sizeof x->name, name);
            x->from_s = wanted[i].from_s;
            x->to_s = wanted[i].to_s;
            return;
        }
    abort();
}

static inline double scene_calm_ms(double at_s) { return 232 + 10 * sin(at_s / 60); }
static inline double scene_slow_ms(double at_s) { return at_s < 30 ? 240 : 240 + 14 * (at_s - 30); }
static inline double scene_stress_ms(double at_s) {
    return at_s < 286 ? 210 + at_s / 4 : fmin(2900, 290 + 120 * (at_s - 286));
}
static inline double scene_soak_ms(double at_s) { return 236 + at_s / 900; }

static inline void scene_written_as(struct scene *c, const char *model, const char *hold) {
    struct err e = {0};
    scene_ready(c);
    session_set_field(&c->s, FIELD_MODEL, model);
    session_set_field(&c->s, FIELD_HOLD, hold);
    scene_confirm(c);
    scene_must(session_prepare_script(&c->s, NULL, &e), &e);
    scene_must(session_write_script(&c->s, &e), &e);
}

/* In the middle of the hold. */
static inline void scene_watch_load(struct scene *c) {
    scene_written(c);
    scene_goes_on(c, 372, 1, scene_calm_ms);
    scene_in(c, "hold");
    scene_row(c, WATCH_P95, 238, 240, 239, 241, 500, LEVEL_OK, LEVEL_OK);
    scene_row(c, WATCH_ERRORS, 0, 0.0002, 0.0002, 0.0002, 0.01, LEVEL_OK, LEVEL_OK);
    scene_row(c, WATCH_RATE, 199.4, 199.7, 172.8, 199.6, 190, LEVEL_OK, LEVEL_OK);
    scene_row(c, WATCH_VUS, 81, 84, 84, 84, 374, LEVEL_OK, LEVEL_OK);
    scene_row(c, WATCH_CPU, 0.41, 0.39, 0.37, 0.38, 0.8, LEVEL_OK, LEVEL_OK);
    scene_source(c, "load_orders.csv", "k6-csv", WATCH_FIGURES, WATCH_LIVE, 2, "");
    scene_source(c, "load_orders.json", "", WATCH_END, WATCH_WAITING, NAN, "");
    scene_event(c, 0, FINDING_INFO, "Data arrives from load_orders.csv.");
}

/* At a quarter of the rate the limit is broken already. */
static inline void scene_watch_ramp(struct scene *c) {
    scene_written(c);
    scene_goes_on(c, 58, 1, scene_slow_ms);
    scene_row(c, WATCH_P95, 612, 386, 386, NAN, 500, LEVEL_OVER, LEVEL_UNKNOWN);
    scene_row(c, WATCH_ERRORS, 0, 0, 0, NAN, 0.01, LEVEL_OK, LEVEL_UNKNOWN);
    scene_row(c, WATCH_RATE, 113.2, 57.6, 57.6, NAN, NAN, LEVEL_UNKNOWN, LEVEL_UNKNOWN);
    scene_row(c, WATCH_VUS, 340, 340, 340, NAN, 374, LEVEL_NEAR, LEVEL_UNKNOWN);
    scene_source(c, "load_orders.csv", "k6-csv", WATCH_FIGURES, WATCH_LIVE, 0, "");
    scene_event(c, 0, FINDING_INFO, "Data arrives from load_orders.csv.");
    scene_event(c, 51, FINDING_WARNING, "VUs in use near their limit of 374 since 13:52:26, ramp");
    scene_event(c, 54, FINDING_WARNING, "p95 over its limit of 500 ms since 13:52:29, ramp");
}

/* In the step that breaks. */
static inline void scene_watch_stress(struct scene *c) {
    scene_written_as(c, "Stress", "");
    scene_goes_on(c, 326, 1, scene_stress_ms);
    scene_in(c, "step 5");
    scene_row(c, WATCH_P95, 2871, 2610, 318, 2410, 500, LEVEL_OVER, LEVEL_OVER);
    scene_row(c, WATCH_ERRORS, 0.0192, 0.0171, 0.0012, 0.0181, 0.01, LEVEL_OVER, LEVEL_OVER);
    scene_row(c, WATCH_RATE, 181.2, 188, 151.3, 196.2, 285, LEVEL_OVER, LEVEL_OVER);
    scene_row(c, WATCH_VUS, 1028, 1028, 1028, 1028, 1028, LEVEL_OVER, LEVEL_OVER);
    scene_row(c, WATCH_CPU, 0.54, 0.52, 0.38, 0.53, 0.8, LEVEL_OK, LEVEL_OK);
    scene_source(c, "http://127.0.0.1:6565", "k6 REST API", WATCH_FIGURES, WATCH_LIVE, 1, "");
    scene_event(c, 292, FINDING_STOP, "p95 over its limit of 500 ms since 13:56:27, step 5");
    scene_event(c, 298, FINDING_WARNING, "Rate below 95 % of the offered since 13:56:33, step 5");
    scene_event(c, 305, FINDING_STOP, "Errors over their limit of 1 % since 13:56:40, step 5");
}

/* Hours, with the memory of the server. */
static inline void scene_watch_soak(struct scene *c) {
    struct trace *t = mem_new(1, sizeof *t);
    scene_written_as(c, "Soak", "4h");
    scene_goes_on(c, 7800, 8, scene_soak_ms);
    scene_in(c, "hold");
    text_copy(t->name, sizeof t->name, "orders:8080");
    for (int i = 0; i < 260; i++)
        trace_add(t, i * 30.0, 412 + i * 0.9 + 4 * scene_noise((size_t)i));
    c->s.watching.held.memory = t;
    c->s.watching.held.memories = 1;
    scene_row(c, WATCH_P95, 245, 244, 240, 241, 500, LEVEL_OK, LEVEL_OK);
    scene_row(c, WATCH_ERRORS, 0, 0, 0.0001, 0.0001, 0.01, LEVEL_OK, LEVEL_OK);
    scene_row(c, WATCH_RATE, 199.8, 199.9, 198.2, 199.9, 190, LEVEL_OK, LEVEL_OK);
    scene_row(c, WATCH_VUS, 82, 85, 88, 88, 374, LEVEL_OK, LEVEL_OK);
    scene_row(c, WATCH_CPU, 0.39, 0.39, 0.38, 0.38, 0.8, LEVEL_OK, LEVEL_OK);
    scene_row(c, WATCH_MEMORY, 645, NAN, NAN, NAN, 700, LEVEL_NEAR, LEVEL_UNKNOWN);
    scene_source(c, "soak_orders.csv", "k6-csv", WATCH_FIGURES, WATCH_LIVE, 0, "");
    scene_source(c, "http://127.0.0.1:8080/metrics", "metrics page", WATCH_SERVER, WATCH_LIVE, 12,
                 "");
    scene_event(c, 0, FINDING_INFO, "Data arrives from soak_orders.csv.");
    scene_event(c, 7440, FINDING_WARNING, "Server memory near its limit of 700 MB since 15:55:35");
}

static inline void scene_watch_stalled(struct scene *c) {
    struct watch_view *v = &c->s.watching.held;
    scene_watch_load(c);
    v->state = WATCH_STALLED;
    v->sources = 0;
    scene_source(c, "load_orders.csv", "k6-csv", WATCH_FIGURES, WATCH_STALLED, 34,
                 "no new data for 34 s");
    scene_event(c, 368, FINDING_WARNING, "No new data for 30 s. Source: load_orders.csv.");
}

static inline void scene_watch_lost(struct scene *c) {
    struct watch_view *v = &c->s.watching.held;
    scene_watch_load(c);
    v->state = WATCH_LOST;
    v->sources = 0;
    scene_quiet_row(c, WATCH_CPU);
    scene_source(c, "http://127.0.0.1:6565", "k6 REST API", WATCH_FIGURES, WATCH_LOST, 14,
                 "no answer for 10 s, trying again");
    scene_source(c, "http://127.0.0.1:9090", "Prometheus", WATCH_SERVER, WATCH_LIVE, 4, "");
    scene_event(c, 361, FINDING_STOP,
                "Lost http://127.0.0.1:6565: connection refused. Trying every 5 s.");
}

static inline void scene_watch_ended(struct scene *c) {
    struct watch_view *v = &c->s.watching.held;
    scene_written(c);
    scene_goes_on(c, 749, 1, scene_calm_ms);
    v->state = WATCH_ENDED;
    scene_in(c, "hold");
    text_copy(v->end_words, sizeof v->end_words, "k6 closed its file at 14:04:04");
    scene_row(c, WATCH_P95, 188, 221, 240, 241, 500, LEVEL_OK, LEVEL_OK);
    scene_row(c, WATCH_ERRORS, 0, 0, 0.0002, 0.0002, 0.01, LEVEL_OK, LEVEL_OK);
    scene_row(c, WATCH_RATE, 8.1, 88.3, 182.4, 199.6, 190, LEVEL_OK, LEVEL_OK);
    scene_row(c, WATCH_VUS, 4, 80, 84, 84, 374, LEVEL_OK, LEVEL_OK);
    scene_source(c, "load_orders.csv", "k6-csv", WATCH_FIGURES, WATCH_ENDED, 12, "");
    scene_event(c, 0, FINDING_INFO, "Data arrives from load_orders.csv.");
    scene_event(c, 749, FINDING_INFO, "Run finished at 14:04:04.");
}

static inline void scene_watch_replay(struct scene *c) {
    struct watch_view *v = &c->s.watching.held;
    scene_watch_load(c);
    v->replay = v->paused = true;
    v->speed = 10;
    v->sources = 0;
    scene_quiet_row(c, WATCH_CPU);
    text_copy(c->s.watching.names, sizeof c->s.watching.names, "load_orders.csv");
    scene_source(c, "load_orders.csv", "k6-csv", WATCH_FIGURES, WATCH_LIVE, 0, "");
}

static inline void scene_watch_held(struct scene *c) {
    scene_watch_load(c);
    c->s.watching.held_ms = SCENE_START_MS + 372 * 1000;
}

/* Another run than the one that was planned: nothing is known of its load. */
static inline void scene_watch_unplanned(struct scene *c) {
    struct watch_view *v = &c->s.watching.held;
    scene_watch_load(c);
    v->length_s = v->offered_rps = NAN;
    v->stage[0] = '\0';
    v->stretch = (struct watch_stretch){0};
    v->catching_up = true;
    v->left_bytes = 1200000000;
    for (enum watch_metric m = 0; m < WATCH_METRICS; m++) {
        v->row[m].stretch = NAN;
        v->row[m].stretch_level = LEVEL_UNKNOWN;
    }
    v->row[WATCH_RATE].limit = NAN;
    v->row[WATCH_RATE].now_level = LEVEL_UNKNOWN;
}

/* Nothing came yet. */
static inline void scene_watch_waiting(struct scene *c) {
    scene_written(c);
    scene_view(c, WATCH_WAITING);
    scene_source(c, "load_orders.csv", "", WATCH_FIGURES, WATCH_WAITING, NAN, "");
    scene_source(c, "load_orders.json", "", WATCH_END, WATCH_WAITING, NAN, "");
    scene_source(c, "http://127.0.0.1:8089", "", WATCH_FIGURES, WATCH_LOST, NAN,
                 "connection refused, trying every 5 s");
}

#endif

/* A run with a steady state that keeps all its limits, for tests of the checks: 100 RPS for 600 s
 * after a ramp of 100 s, judged from 130 s on. Each test spoils one thing. */
#ifndef PERFSCALE_TESTS_CHECK_FIXTURE_H
#define PERFSCALE_TESTS_CHECK_FIXTURE_H

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/text.h"
#include "check/check.h"

#define COUNT(a) (sizeof(a) / sizeof *(a))

static struct rules rules; /* the built-in ones */
static struct summary run, base;
static struct profile profile;
static struct plan plan;
static struct check_input in;
static struct judgement j;
static struct stretch *steady; /* of run */

static int load_rules(void **state) {
    (void)state;
    return rules_load(&rules, NULL, NULL) ? 0 : 1;
}

static inline void set(struct summary *s, enum metric m, double v) {
    s->figure[m] = (struct figure){.value = v, .low = v, .high = v};
}

static inline struct stretch *add_stretch(struct summary *s, const char *name, double from_s,
                                          double to_s, double requests) {
    s->stretch = mem_resize(s->stretch, s->stretches + 1, sizeof *s->stretch);
    struct stretch *x = &s->stretch[s->stretches++];
    *x = stretch_none();
    text_copy(x->name, sizeof x->name, name);
    x->from_s = from_s;
    x->to_s = to_s;
    x->window_s = to_s - from_s;
    x->value[METRIC_REQUESTS] = requests;
    x->value[METRIC_FAILED] = 0;
    x->value[METRIC_RPS] = requests / (to_s - from_s);
    return x;
}

static inline struct point *add_point(struct series *r, double at_s, double length_s,
                                      double requests) {
    r->point = mem_grow(r->point, r->points, &r->cap, sizeof *r->point);
    struct point *p = &r->point[r->points++];
    *p = point_none(at_s, length_s);
    p->requests = requests;
    return p;
}

static inline struct endpoint *add_endpoint(const char *name, double requests, double p95) {
    run.endpoint = mem_grow(run.endpoint, run.endpoints, &run.endpoints_cap, sizeof *run.endpoint);
    struct endpoint *p = &run.endpoint[run.endpoints++];
    *p = (struct endpoint){0};
    text_copy(p->name, sizeof p->name, name);
    for (int m = 0; m < ENDPOINT_METRICS; m++) {
        p->figure[m] = (struct figure){.value = NAN, .low = NAN, .high = NAN};
        p->steady[m] = NAN;
    }
    p->steady[METRIC_REQUESTS] = requests;
    p->steady[METRIC_FAILED] = 0;
    p->steady[METRIC_P95_MS] = p95;
    return p;
}

/* A summary alone: 100 RPS, 100 s up, 600 s, 50 s down, 67,500 requests planned and made. */
static inline int good_run(void **state) {
    (void)state;
    summary_init(&run);
    summary_init(&base);
    run.tool = base.tool = "k6";
    set(&run, METRIC_REQUESTS, 67500);
    set(&run, METRIC_FAILED, 0);
    set(&run, METRIC_RPS, 90);
    set(&run, METRIC_AVG_MS, 180);
    set(&run, METRIC_MED_MS, 160);
    set(&run, METRIC_P95_MS, 400);
    set(&run, METRIC_DURATION_S, 750);
    set(&run, METRIC_ITERATIONS, 67500);
    set(&run, METRIC_DROPPED, 0);
    set(&run, METRIC_VUS_MAX, 30);
    set(&run, METRIC_VUS_ALLOCATED, 72);
    struct load_input load = {.model = MODEL_LOAD,
                              .target_rps = 100,
                              .avg_ms = 180,
                              .requests_per_iteration = 1,
                              .hold_ms = 600000,
                              .ramp_ms = NAN,
                              .ramp_down_ms = NAN,
                              .steps = NAN,
                              .start_rps = NAN,
                              .max_rps = NAN,
                              .p95_limit_ms = 500,
                              .error_limit = 0.01,
                              .baseline = {.vus = NAN, .rps = NAN}};
    struct findings notes = {0};
    if (!profile_make(&load, &rules, &profile, &notes, NULL))
        return 1;
    findings_fini(&notes);
    check_input_init(&in);
    in.run = &run;
    in.rules = &rules;
    in.profile = &profile;
    return plan_read(&plan, "test-plan.md", "", 0, NULL) ? 0 : 1;
}

/* With its steady state: 57,000 requests from 130 to 700 s of 750. */
static inline int steady_run(void **state) {
    int wrong = good_run(state);
    run.computed = true;
    set(&run, METRIC_AVG_MS, 170);
    set(&run, METRIC_P95_MS, 390);
    steady = add_stretch(&run, "hold", 130, 700, 57000);
    steady->value[METRIC_AVG_MS] = 180;
    steady->value[METRIC_P95_MS] = 400;
    steady->dropped = 0;
    return wrong;
}

static int end_run(void **state) {
    (void)state;
    judgement_fini(&j);
    summary_fini(&run);
    summary_fini(&base);
    plan_fini(&plan);
    return 0;
}

static inline void check_again(void) {
    judgement_fini(&j);
    check_run(&in, &j);
}

static inline const struct check *judge(const char *metric) {
    check_again();
    const struct check *c = judgement_find(&j, metric);
    if (!c)
        fail_msg("no check %s", metric);
    return c;
}

static inline const struct finding *find_finding(const char *kind) {
    for (size_t i = 0; i < j.findings.len; i++)
        if (strcmp(j.findings.item[i].kind, kind) == 0)
            return &j.findings.item[i];
    return NULL;
}

static inline bool has_finding(const char *kind) { return find_finding(kind) != NULL; }

static inline void expect_status(const struct check *c, const char *why, enum verdict v,
                                 bool near) {
    if (c->status != v || c->near_limit != near)
        fail_msg("%s: %s%s (%s)", why, verdict_name(c->status), c->near_limit ? ", near limit" : "",
                 c->why);
}

static inline void expect_text(const char *text, const char *part) {
    if (text[0] == 0 || !strstr(text, part))
        fail_msg("no \"%s\" in \"%s\"", part, text);
}

static inline void expect_near(double is, double wanted, double off) {
    if (!(fabs(is - wanted) <= off))
        fail_msg("%.9g, wanted %.9g", is, wanted);
}

#define ON_A_RUN(f) cmocka_unit_test_setup_teardown(f, steady_run, end_run)

#endif

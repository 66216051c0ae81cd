/* A soak of eight hours as the store holds it: 4,096 points, 480 windows, memory each second, 50
 * endpoints. */
#ifndef PERFSCALE_TESTS_LONG_RUN_FIXTURE_H
#define PERFSCALE_TESTS_LONG_RUN_FIXTURE_H

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/mem.h"
#include "check/check.h"
#include "report/report.h"

enum { LONG_RUN_S = 28800, LONG_RUN_WINDOWS = 480, LONG_RUN_ENDPOINTS = 50 };

/* Numbers with all their digits, as measured ones have. */
static inline double long_run_noise(unsigned *seed, double about) {
    *seed = *seed * 1103515245 + 12345;
    return about * (1 + ((*seed >> 8) % 100000) / 3e6);
}

static inline void long_run_series(struct series *r, size_t n, unsigned *seed) {
    double length_s = (double)LONG_RUN_S / (double)n;
    r->point = mem_new(n, sizeof *r->point);
    r->points = r->cap = n;
    r->start_ms = 1793628130000;
    for (size_t i = 0; i < n; i++) {
        struct point *p = &r->point[i];
        *p = point_none((double)i * length_s, length_s);
        p->requests = floor(long_run_noise(seed, 200 * length_s));
        p->failed = floor(long_run_noise(seed, 3));
        p->avg_ms = long_run_noise(seed, 120);
        p->med_ms = long_run_noise(seed, 100);
        p->p95_ms = long_run_noise(seed, 240);
        p->max_ms = long_run_noise(seed, 900);
        p->vus = 80;
    }
}

static inline void long_run_figures(struct figure *f, int n, unsigned *seed) {
    for (int m = 0; m < n; m++) {
        double x = long_run_noise(seed, 100 + m);
        f[m] = (struct figure){.value = x, .low = x, .high = x};
    }
}

static inline void long_run_summary(struct summary *s) {
    unsigned seed = 8;
    summary_init(s);
    s->tool = "k6";
    s->computed = true;
    long_run_figures(s->figure, METRICS, &seed);
    s->figure[METRIC_DURATION_S].value = LONG_RUN_S;
    s->endpoint = mem_new(LONG_RUN_ENDPOINTS, sizeof *s->endpoint);
    s->endpoints = s->endpoints_cap = LONG_RUN_ENDPOINTS;
    for (size_t i = 0; i < s->endpoints; i++) {
        snprintf(s->endpoint[i].name, sizeof s->endpoint[i].name, "GET /orders/%zu", i);
        long_run_figures(s->endpoint[i].figure, ENDPOINT_METRICS, &seed);
        for (int m = 0; m < ENDPOINT_METRICS; m++)
            s->endpoint[i].steady[m] = long_run_noise(&seed, 90);
    }
    long_run_series(&s->series, POINTS_MAX, &seed);
    long_run_series(&s->windows, LONG_RUN_WINDOWS, &seed);
    struct trace *t = summary_trace(s, "orders:8080");
    for (int i = 0; i < LONG_RUN_S; i++)
        trace_add(t, i + 0.25, long_run_noise(&seed, 400 + i / 300.0));
}

static inline void long_run_judge(const struct summary *s, const struct rules *by,
                                  struct judgement *j) {
    struct check_input in;
    check_input_init(&in);
    in.run = s;
    in.rules = by;
    in.model = MODEL_SOAK;
    in.target_rps.value = 200;
    in.memory_limit_mb = 2048;
    check_run(&in, j);
}

/* A row of the store; to be finished with run_fini(). */
static inline void long_run_row(const struct rules *by, struct run *out) {
    static const char *const sources[] = {"soak.csv", NULL};
    static struct judgement j;
    struct summary s;
    long_run_summary(&s);
    long_run_judge(&s, by, &j);
    *out = (struct run){.id = 14, .at_ms = 1793628130000, .author_uid = 1000};
    out->check_json = report_check_json(&s, &j, sources, true);
    judgement_fini(&j);
    summary_fini(&s);
}

#endif

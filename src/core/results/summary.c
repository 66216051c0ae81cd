#include "results/summary.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/text.h"

static const char *const names[METRICS] = {
    [METRIC_REQUESTS] = "requests",
    [METRIC_FAILED] = "failed",
    [METRIC_RPS] = "rps",
    [METRIC_AVG_MS] = "avg",
    [METRIC_MIN_MS] = "min",
    [METRIC_MED_MS] = "med",
    [METRIC_P90_MS] = "p90",
    [METRIC_P95_MS] = "p95",
    [METRIC_P99_MS] = "p99",
    [METRIC_MAX_MS] = "max",
    [METRIC_OK_AVG_MS] = "avg of successes",
    [METRIC_OK_MED_MS] = "med of successes",
    [METRIC_OK_P95_MS] = "p95 of successes",
    [METRIC_OK_P99_MS] = "p99 of successes",
    [METRIC_BAD_AVG_MS] = "avg of failures",
    [METRIC_BAD_MED_MS] = "med of failures",
    [METRIC_BAD_P95_MS] = "p95 of failures",
    [METRIC_DURATION_S] = "duration",
    [METRIC_ITERATIONS] = "iterations",
    [METRIC_INTERRUPTED] = "interrupted iterations",
    [METRIC_DROPPED] = "dropped iterations",
    [METRIC_ITERATION_MS] = "iteration",
    [METRIC_VUS_MIN] = "fewest VUs",
    [METRIC_VUS_MAX] = "most VUs",
    [METRIC_VUS_ALLOCATED] = "allocated VUs",
    [METRIC_CHECKS_PASSED] = "checks passed",
    [METRIC_CHECKS_FAILED] = "checks failed",
    [METRIC_RECEIVED_BYTES] = "received",
    [METRIC_SENT_BYTES] = "sent",
    [METRIC_CONNECT_MS] = "connecting",
};

const char *metric_name(enum metric m) { return names[m]; }

void summary_init(struct summary *s) {
    *s = (struct summary){.tool = "", .generators = 1, .in_flight = NAN, .in_flight_vus = NAN};
    for (int m = 0; m < METRICS; m++)
        s->figure[m] = (struct figure){.value = NAN, .low = NAN, .high = NAN};
}

void summary_fini(struct summary *s) {
    for (size_t i = 0; i < s->memories; i++)
        free(s->memory[i].at);
    free(s->memory);
    free(s->windows.point);
    free(s->endpoint);
    free(s->threshold);
    free(s->series.point);
    free(s->stretch);
    free(s->error);
    findings_fini(&s->findings);
    summary_init(s);
}

static void *copy_array(const void *items, size_t n, size_t size) {
    void *copy = mem_new(n, size);
    if (n)
        memcpy(copy, items, n * size);
    return copy;
}

static void copy_series(struct series *to, const struct series *from) {
    *to = *from;
    to->point = copy_array(from->point, from->points, sizeof *from->point);
    to->cap = from->points;
}

void summary_copy(struct summary *to, const struct summary *from) {
    *to = *from;
    to->endpoint = copy_array(from->endpoint, from->endpoints, sizeof *from->endpoint);
    to->threshold = copy_array(from->threshold, from->thresholds, sizeof *from->threshold);
    copy_series(&to->series, &from->series);
    copy_series(&to->windows, &from->windows);
    to->memory = copy_array(from->memory, from->memories, sizeof *from->memory);
    for (size_t i = 0; i < from->memories; i++) {
        const struct trace *t = &from->memory[i];
        to->memory[i].at = copy_array(t->at, t->n, sizeof *t->at);
        to->memory[i].cap = t->n;
    }
    to->stretch = copy_array(from->stretch, from->stretches, sizeof *from->stretch);
    to->error = copy_array(from->error, from->errors, sizeof *from->error);
    to->endpoints_cap = from->endpoints;
    to->thresholds_cap = from->thresholds;
    to->errors_cap = from->errors;
    to->findings = (struct findings){0};
    findings_append(&to->findings, &from->findings);
}

const struct stretch *summary_stretch(const struct summary *s, const char *name) {
    for (size_t i = 0; i < s->stretches; i++)
        if (strcmp(s->stretch[i].name, name) == 0)
            return &s->stretch[i];
    return NULL;
}

const struct stretch *summary_steady(const struct summary *s) {
    static const char *const steady_names[] = {"hold", "steady", "estimated"};
    const struct stretch *found = NULL;
    for (size_t i = 0; !found && i < sizeof steady_names / sizeof *steady_names; i++)
        found = summary_stretch(s, steady_names[i]);
    return found;
}

struct stretch stretch_none(void) {
    struct stretch x = {.from_s = NAN,
                        .to_s = NAN,
                        .window_s = NAN,
                        .vus = NAN,
                        .dropped = NAN,
                        .load = NAN,
                        .generator_cpu = NAN,
                        .p95_low_ms = NAN,
                        .p95_high_ms = NAN,
                        .half_p95_ms = {NAN, NAN}};
    for (int m = 0; m < ENDPOINT_METRICS; m++)
        x.value[m] = NAN;
    for (int i = 0; i < FIFTHS; i++)
        x.fifth_p95_ms[i] = NAN;
    return x;
}

struct point point_none(double at_s, double length_s) {
    return (struct point){.at_s = at_s,
                          .length_s = length_s,
                          .requests = NAN,
                          .failed = NAN,
                          .avg_ms = NAN,
                          .med_ms = NAN,
                          .p95_ms = NAN,
                          .max_ms = NAN,
                          .vus = NAN,
                          .dropped = NAN,
                          .load = NAN};
}

double point_end_s(const struct point *p) { return p->at_s + p->length_s; }

double series_end_s(const struct series *r) {
    return r->points ? point_end_s(&r->point[r->points - 1]) : (double)NAN;
}

double sum_known(double a, double b) { return isnan(a) ? b : isnan(b) ? a : a + b; }

double summary_end_s(const struct summary *s) {
    double duration_s = summary_value(s, METRIC_DURATION_S);
    return isnan(duration_s) ? series_end_s(&s->series) : duration_s;
}

struct trace *summary_trace(struct summary *s, const char *name) {
    for (size_t i = 0; i < s->memories; i++)
        if (strcmp(s->memory[i].name, name) == 0)
            return &s->memory[i];
    if (s->memories == TRACES_MAX)
        return NULL;
    s->memory = mem_resize(s->memory, s->memories + 1, sizeof *s->memory);
    struct trace *t = &s->memory[s->memories++];
    *t = (struct trace){0};
    text_copy(t->name, sizeof t->name, name);
    return t;
}

void trace_add(struct trace *t, double t_s, double value) {
    if (t->n == MOMENTS_MAX)
        return;
    t->at = mem_grow(t->at, t->n, &t->cap, sizeof *t->at);
    t->at[t->n++] = (struct moment){t_s, value};
}

double summary_value(const struct summary *s, enum metric m) { return s->figure[m].value; }

bool summary_has(const struct summary *s, enum metric m) { return !isnan(s->figure[m].value); }

double summary_error_rate(const struct summary *s) {
    double all = summary_value(s, METRIC_REQUESTS);
    return all > 0 ? summary_value(s, METRIC_FAILED) / all : NAN;
}

double summary_ok_requests(const struct summary *s) {
    return summary_value(s, METRIC_REQUESTS) - summary_value(s, METRIC_FAILED);
}

double summary_requests_per_iteration(const struct summary *s) {
    double n = summary_value(s, METRIC_ITERATIONS);
    return n > 0 ? summary_value(s, METRIC_REQUESTS) / n : NAN;
}

double summary_mean_vus(const struct summary *s) {
    double least = summary_value(s, METRIC_VUS_MIN), most = summary_value(s, METRIC_VUS_MAX);
    if (least > 0 && least == most)
        return most;
    double length_s = summary_value(s, METRIC_DURATION_S);
    if (!(length_s > 0))
        return NAN;
    return summary_value(s, METRIC_ITERATIONS) * summary_value(s, METRIC_ITERATION_MS) / 1000 /
           length_s;
}

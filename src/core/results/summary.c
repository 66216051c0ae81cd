#include "results/summary.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"

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

void summary_copy(struct summary *to, const struct summary *from) {
    *to = *from;
    to->endpoint = copy_array(from->endpoint, from->endpoints, sizeof *from->endpoint);
    to->threshold = copy_array(from->threshold, from->thresholds, sizeof *from->threshold);
    to->series.point =
        copy_array(from->series.point, from->series.points, sizeof *from->series.point);
    to->stretch = copy_array(from->stretch, from->stretches, sizeof *from->stretch);
    to->error = copy_array(from->error, from->errors, sizeof *from->error);
    to->endpoints_cap = from->endpoints;
    to->thresholds_cap = from->thresholds;
    to->series.cap = from->series.points;
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

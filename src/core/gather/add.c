/* Figures of one summary into another: of the same run (fill), of another machine (add). */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/text.h"
#include "gather/parts.h"

/* --- of the same run --- */

static void fill_text(char *to, size_t size, const char *from) {
    if (!to[0])
        text_copy(to, size, from);
}

static struct endpoint *endpoint_named(struct summary *s, const char *name) {
    for (size_t i = 0; i < s->endpoints; i++)
        if (strcmp(s->endpoint[i].name, name) == 0)
            return &s->endpoint[i];
    return NULL;
}

static struct endpoint *add_endpoint(struct summary *s, const struct endpoint *p) {
    if (s->endpoints == ENDPOINTS_MAX) {
        s->endpoints_left_out++;
        return NULL;
    }
    s->endpoint = mem_grow(s->endpoint, s->endpoints, &s->endpoints_cap, sizeof *s->endpoint);
    s->endpoint[s->endpoints] = *p;
    return &s->endpoint[s->endpoints++];
}

static void fill_endpoints(struct summary *to, const struct summary *from) {
    for (size_t i = 0; i < from->endpoints; i++) {
        struct endpoint *p = endpoint_named(to, from->endpoint[i].name);
        for (int m = 0; p && m < ENDPOINT_METRICS; m++)
            if (isnan(p->figure[m].value))
                p->figure[m] = from->endpoint[i].figure[m];
        if (!p)
            add_endpoint(to, &from->endpoint[i]);
    }
}

static void fill_thresholds(struct summary *to, const struct summary *from) {
    for (size_t i = 0; to->thresholds == 0 && i < from->thresholds; i++)
        to->threshold = mem_resize(to->threshold, from->thresholds, sizeof *to->threshold);
    if (to->thresholds || !from->thresholds)
        return;
    memcpy(to->threshold, from->threshold, from->thresholds * sizeof *from->threshold);
    to->thresholds = to->thresholds_cap = from->thresholds;
}

static void fill_series(struct summary *to, const struct summary *from) {
    if (to->series.points || !from->series.points)
        return;
    free(to->series.point);
    to->series = from->series;
    to->series.point = mem_new(from->series.points, sizeof *to->series.point);
    memcpy(to->series.point, from->series.point, from->series.points * sizeof *from->series.point);
    to->series.cap = from->series.points;
}

static void fill_errors(struct summary *to, const struct summary *from) {
    if (to->errors || !from->errors)
        return;
    to->error = mem_resize(to->error, from->errors, sizeof *to->error);
    memcpy(to->error, from->error, from->errors * sizeof *from->error);
    to->errors = to->errors_cap = from->errors;
}

void summary_fill(struct summary *to, const struct summary *from) {
    for (int m = 0; m < METRICS; m++)
        if (isnan(to->figure[m].value))
            to->figure[m] = from->figure[m];
    fill_endpoints(to, from);
    fill_thresholds(to, from);
    fill_series(to, from);
    fill_errors(to, from);
    fill_text(to->tool_version, sizeof to->tool_version, from->tool_version);
    fill_text(to->stopped, sizeof to->stopped, from->stopped);
    fill_text(to->generator, sizeof to->generator, from->generator);
    if (!to->blocks)
        to->blocks = from->blocks;
}

/* --- of another machine --- */

enum how { ADD, LEAST, MOST, BY_REQUESTS, BY_ITERATIONS, BY_FAILED, NEVER };

/* What becomes of a figure of two machines. A percentile of both cannot be had from theirs. */
static const enum how hows[METRICS] = {
    [METRIC_REQUESTS] = ADD,
    [METRIC_FAILED] = ADD,
    [METRIC_RPS] = ADD,
    [METRIC_AVG_MS] = BY_REQUESTS,
    [METRIC_MIN_MS] = LEAST,
    [METRIC_MED_MS] = NEVER,
    [METRIC_P90_MS] = NEVER,
    [METRIC_P95_MS] = NEVER,
    [METRIC_P99_MS] = NEVER,
    [METRIC_MAX_MS] = MOST,
    [METRIC_OK_AVG_MS] = NEVER,
    [METRIC_OK_MED_MS] = NEVER,
    [METRIC_OK_P95_MS] = NEVER,
    [METRIC_OK_P99_MS] = NEVER,
    [METRIC_BAD_AVG_MS] = BY_FAILED,
    [METRIC_BAD_MED_MS] = NEVER,
    [METRIC_BAD_P95_MS] = NEVER,
    [METRIC_DURATION_S] = MOST,
    [METRIC_ITERATIONS] = ADD,
    [METRIC_INTERRUPTED] = ADD,
    [METRIC_DROPPED] = ADD,
    [METRIC_ITERATION_MS] = BY_ITERATIONS,
    [METRIC_VUS_MIN] = ADD,
    [METRIC_VUS_MAX] = ADD,
    [METRIC_VUS_ALLOCATED] = ADD,
    [METRIC_CHECKS_PASSED] = ADD,
    [METRIC_CHECKS_FAILED] = ADD,
    [METRIC_RECEIVED_BYTES] = ADD,
    [METRIC_SENT_BYTES] = ADD,
    [METRIC_CONNECT_MS] = BY_REQUESTS,
};

static double weighted(double a, double wa, double b, double wb) {
    if (wa == 0 || wb == 0)
        return wa == 0 ? b : a;
    return (a * wa + b * wb) / (wa + wb);
}

static double combine(enum how how, double a, double b, double wa, double wb) {
    switch (how) {
    case ADD:
        return a + b;
    case LEAST:
        return fmin(a, b);
    case MOST:
        return fmax(a, b);
    case BY_REQUESTS:
    case BY_ITERATIONS:
    case BY_FAILED:
        return weighted(a, wa, b, wb);
    case NEVER:
        break;
    }
    return NAN;
}

static enum metric weight_of(enum how how) {
    return how == BY_ITERATIONS ? METRIC_ITERATIONS
           : how == BY_FAILED   ? METRIC_FAILED
                                : METRIC_REQUESTS;
}

static void add_figures(struct figure *to, const struct figure *from, int n) {
    struct figure sum[METRICS];
    for (int m = 0; m < n; m++) {
        enum metric w = weight_of(hows[m]);
        double wa = w < (enum metric)n ? to[w].value : NAN;
        double wb = w < (enum metric)n ? from[w].value : NAN;
        const struct figure *a = &to[m], *b = &from[m];
        bool known = !isnan(a->value) && !isnan(b->value);
        sum[m] = (struct figure){.value = NAN, .low = NAN, .high = NAN};
        if (!known)
            continue;
        sum[m].value = combine(hows[m], a->value, b->value, wa, wb);
        sum[m].low = combine(hows[m], a->low, b->low, wa, wb);
        sum[m].high = combine(hows[m], a->high, b->high, wa, wb);
    }
    memcpy(to, sum, (size_t)n * sizeof *sum);
}

static void add_endpoints(struct summary *to, const struct summary *from) {
    for (size_t i = 0; i < from->endpoints; i++) {
        struct endpoint *p = endpoint_named(to, from->endpoint[i].name);
        if (p)
            add_figures(p->figure, from->endpoint[i].figure, ENDPOINT_METRICS);
        else
            add_endpoint(to, &from->endpoint[i]);
    }
}

/* A threshold that one machine crossed is crossed. */
static void add_thresholds(struct summary *to, const struct summary *from) {
    for (size_t i = 0; i < from->thresholds; i++)
        for (size_t k = 0; k < to->thresholds; k++)
            if (strcmp(from->threshold[i].metric, to->threshold[k].metric) == 0 &&
                strcmp(from->threshold[i].expr, to->threshold[k].expr) == 0)
                to->threshold[k].ok = to->threshold[k].ok && from->threshold[i].ok;
}

void summary_add(struct summary *to, const struct summary *from) {
    add_figures(to->figure, from->figure, METRICS);
    add_endpoints(to, from);
    add_thresholds(to, from);
    fill_text(to->tool_version, sizeof to->tool_version, from->tool_version);
    fill_text(to->stopped, sizeof to->stopped, from->stopped);
    fill_text(to->generator, sizeof to->generator, from->generator);
    free(to->series.point); /* pieces of time of two clocks do not lie on each other */
    to->series = (struct series){0};
    for (size_t i = 0; i < from->errors; i++) {
        size_t k = 0;
        while (k < to->errors && strcmp(to->error[k].text, from->error[i].text) != 0)
            k++;
        if (k == to->errors && k < ERRORS_MAX) {
            to->error = mem_grow(to->error, to->errors, &to->errors_cap, sizeof *to->error);
            to->error[to->errors++] = from->error[i];
        } else if (k < to->errors) {
            to->error[k].count += from->error[i].count;
        }
    }
}

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

static struct endpoint *endpoint_like(struct summary *s, const struct endpoint *p) {
    for (size_t i = 0; i < s->endpoints; i++)
        if (strcmp(s->endpoint[i].name, p->name) == 0 &&
            s->endpoint[i].transaction == p->transaction)
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

/* A figure from another file than the others: its line is not one of theirs. */
static void fill_figures(struct figure *to, const struct figure *from, int n) {
    for (int m = 0; m < n; m++)
        if (isnan(to[m].value)) {
            to[m] = from[m];
            to[m].line = 0;
        }
}

/* The endpoints of one source are a list of their own: no others are put among them. */
static void fill_endpoints(struct summary *to, const struct summary *from) {
    bool none = to->endpoints == 0;
    for (size_t i = 0; i < from->endpoints; i++) {
        struct endpoint *p = none ? NULL : endpoint_like(to, &from->endpoint[i]);
        if (p)
            fill_figures(p->figure, from->endpoint[i].figure, ENDPOINT_METRICS);
        else if (none)
            add_endpoint(to, &from->endpoint[i]);
    }
    if (none)
        to->endpoints_left_out = from->endpoints_left_out;
}

static void fill_thresholds(struct summary *to, const struct summary *from) {
    if (to->thresholds || !from->thresholds)
        return;
    to->threshold = mem_resize(to->threshold, from->thresholds, sizeof *to->threshold);
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

void summary_fill_words(struct summary *to, const struct summary *from) {
    fill_thresholds(to, from);
    fill_text(to->tool_version, sizeof to->tool_version, from->tool_version);
    fill_text(to->stopped, sizeof to->stopped, from->stopped);
    fill_text(to->generator, sizeof to->generator, from->generator);
    if (!to->blocks)
        to->blocks = from->blocks;
}

void summary_fill(struct summary *to, const struct summary *from) {
    fill_figures(to->figure, from->figure, METRICS);
    fill_endpoints(to, from);
    fill_series(to, from);
    fill_errors(to, from);
    summary_fill_words(to, from);
}

/* --- of another machine --- */

enum how { ADD, LEAST, MOST, BY_REQUESTS, BY_OK, BY_FAILED, BY_ITERATIONS, NEVER };

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
    [METRIC_OK_AVG_MS] = BY_OK,
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

static double combine(enum how how, double a, double b, double wa, double wb) {
    switch (how) {
    case ADD:
        return a + b;
    case LEAST:
        return fmin(a, b);
    case MOST:
        return fmax(a, b);
    case BY_REQUESTS:
    case BY_OK:
    case BY_FAILED:
    case BY_ITERATIONS:
        return (a * wa + b * wb) / (wa + wb);
    case NEVER:
        break;
    }
    return NAN;
}

/* How much a mean counts. */
static double weight(enum how how, const struct figure *f, int n) {
    double all = f[METRIC_REQUESTS].value, failed = f[METRIC_FAILED].value;
    if (how == BY_ITERATIONS)
        return n > METRIC_ITERATIONS ? f[METRIC_ITERATIONS].value : NAN;
    return how == BY_OK ? all - failed : how == BY_FAILED ? failed : all;
}

static bool is_mean(enum how how) { return how >= BY_REQUESTS && how <= BY_ITERATIONS; }

static struct figure sum_of(enum how how, const struct figure *a, const struct figure *b, double wa,
                            double wb) {
    struct figure unknown = {.value = NAN, .low = NAN, .high = NAN};
    if (is_mean(how) && wa == 0)
        return *b;
    if (is_mean(how) && wb == 0)
        return *a;
    if (isnan(a->value) || isnan(b->value))
        return unknown;
    return (struct figure){.value = combine(how, a->value, b->value, wa, wb),
                           .low = combine(how, a->low, b->low, wa, wb),
                           .high = combine(how, a->high, b->high, wa, wb)};
}

static void add_figures(struct figure *to, const struct figure *from, int n) {
    struct figure sum[METRICS];
    for (int m = 0; m < n; m++)
        sum[m] =
            sum_of(hows[m], &to[m], &from[m], weight(hows[m], to, n), weight(hows[m], from, n));
    memcpy(to, sum, (size_t)n * sizeof *sum);
}

static void add_endpoints(struct summary *to, const struct summary *from) {
    for (size_t i = 0; i < from->endpoints; i++) {
        struct endpoint *p = endpoint_like(to, &from->endpoint[i]);
        if (p)
            add_figures(p->figure, from->endpoint[i].figure, ENDPOINT_METRICS);
        else
            add_endpoint(to, &from->endpoint[i]);
    }
}

static struct threshold *threshold_like(struct summary *s, const struct threshold *t) {
    for (size_t i = 0; i < s->thresholds; i++)
        if (strcmp(s->threshold[i].metric, t->metric) == 0 &&
            strcmp(s->threshold[i].expr, t->expr) == 0)
            return &s->threshold[i];
    return NULL;
}

/* A threshold that one machine crossed is crossed. */
static void add_thresholds(struct summary *to, const struct summary *from) {
    for (size_t i = 0; i < from->thresholds; i++) {
        const struct threshold *t = &from->threshold[i];
        struct threshold *same = threshold_like(to, t);
        if (same) {
            same->ok = same->ok && t->ok;
        } else if (to->thresholds < THRESHOLDS_MAX) {
            to->threshold = mem_grow(to->threshold, to->thresholds, &to->thresholds_cap, sizeof *t);
            to->threshold[to->thresholds++] = *t;
        }
    }
}

static void add_errors(struct summary *to, const struct summary *from) {
    for (size_t i = 0; i < from->errors; i++) {
        size_t k = 0;
        while (k < to->errors && strcmp(to->error[k].text, from->error[i].text) != 0)
            k++;
        if (k < to->errors) {
            to->error[k].count += from->error[i].count;
        } else if (k < ERRORS_MAX) {
            to->error = mem_grow(to->error, to->errors, &to->errors_cap, sizeof *to->error);
            to->error[to->errors++] = from->error[i];
        }
    }
    errors_sort(to);
}

static int by_count(const void *a, const void *b) {
    const struct error_kind *x = a, *y = b;
    return x->count != y->count ? (x->count < y->count) - (x->count > y->count)
                                : strcmp(x->text, y->text);
}

void errors_sort(struct summary *s) {
    if (s->errors)
        qsort(s->error, s->errors, sizeof *s->error, by_count);
}

void summary_add(struct summary *to, const struct summary *from) {
    add_figures(to->figure, from->figure, METRICS);
    add_endpoints(to, from);
    add_thresholds(to, from);
    add_errors(to, from);
    series_add(&to->series, &from->series);
    fill_text(to->tool_version, sizeof to->tool_version, from->tool_version);
    fill_text(to->stopped, sizeof to->stopped, from->stopped);
    fill_text(to->generator, sizeof to->generator, from->generator);
    to->lines += from->lines;
}

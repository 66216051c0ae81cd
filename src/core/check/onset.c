/* Which signal left its normal range first: at a lower step, or at an earlier time. Normal is the
 * median up to the first 40 % of the tested load, within a quarter (errors: 0.1 points). */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/mem.h"
#include "base/order.h"
#include "base/unit.h"
#include "check/evidence.h"
#include "check/pieces.h"

static const double light_load = 0.4;     /* of the highest load */
static const double normal_range = 1.25;  /* of response times */
static const double error_points = 0.001; /* of error rates */

enum { REQUESTS_LEAST = 30, LIGHT_LEAST = 2 };
static const double piece_least_s = 10;

/* One step or piece, in the order of load or time. */
struct level {
    double at; /* number or seconds */
    double load;
    double latency, requests, failed;
};

struct normal {
    double latency, error_rate;
};

/* Levels from the begin whose load is light. */
static size_t light_levels(const struct level *x, size_t n) {
    double most = 0;
    size_t light = 0;
    for (size_t i = 0; i < n; i++)
        most = fmax(most, x[i].load);
    while (light < n && x[light].load <= light_load * most)
        light++;
    return light;
}

static struct normal normal_of(const struct level *x, size_t n) {
    double *latency = mem_new(n + 1, sizeof *latency), *errors = mem_new(n + 1, sizeof *errors);
    size_t timed = 0, counted = 0;
    for (size_t i = 0; i < n; i++) {
        if (!isnan(x[i].latency))
            latency[timed++] = x[i].latency;
        if (x[i].failed / x[i].requests >= 0)
            errors[counted++] = x[i].failed / x[i].requests;
    }
    struct normal is = {order_median(latency, timed), order_median(errors, counted)};
    free(latency);
    free(errors);
    return is;
}

static bool slow(const struct level *x, const struct normal *is) {
    return x->latency > normal_range * is->latency;
}

static bool failing(const struct level *x, const struct normal *is) {
    double expected = is->error_rate * x->requests;
    return x->failed > expected + error_points * x->requests &&
           x->failed > expected + 2 * sqrt(expected);
}

typedef bool out_fn(const struct level *x, const struct normal *is);

/* Twice in a row, or at the end: one alone may be chance. */
static double first_out(const struct level *x, size_t n, const struct normal *is, out_fn *out) {
    for (size_t i = 0; i < n; i++)
        if (out(&x[i], is) && (i + 1 == n || out(&x[i + 1], is)))
            return x[i].at;
    return NAN;
}

static struct onset find(const struct level *x, size_t n, const struct normal *is) {
    return (struct onset){.latency = first_out(x, n, is, slow),
                          .errors = first_out(x, n, is, failing)};
}

static struct onset of_steps(const struct stress_found *f) {
    struct level x[STRESS_STEPS_MAX] = {{0}};
    size_t n = 0;
    for (size_t i = 0; i < f->steps; i++) {
        const struct stress_step *s = &f->step[i].is;
        if (f->step[i].judged && s->requests > 0)
            x[n++] =
                (struct level){s->number, s->load, s->p95_ms, s->requests, s->requests - s->ok};
    }
    size_t light = light_levels(x, n);
    struct normal is = normal_of(x, light ? light : n > 0);
    struct onset found = find(x, n, &is);
    found.steps = true;
    found.apart = 1;
    return found;
}

/* Of the baseline where the run itself has no light load. */
static struct normal normal_of_run(const struct check_input *in, const struct level *x, size_t n) {
    size_t light = light_levels(x, n);
    if (light >= LIGHT_LEAST || !in->baseline)
        return light >= LIGHT_LEAST ? normal_of(x, light) : (struct normal){NAN, NAN};
    return (struct normal){summary_value(in->baseline, METRIC_AVG_MS),
                           summary_error_rate(in->baseline)};
}

static struct onset of_times(const struct check_input *in) {
    struct pieces p = run_pieces(in, REQUESTS_LEAST, piece_least_s);
    struct level *x = mem_new(p.n + 1, sizeof *x);
    for (size_t i = 0; i < p.n; i++)
        x[i] = (struct level){p.at[i].at_s, p.at[i].requests, p.at[i].mean_ms, p.at[i].requests,
                              p.at[i].failed};
    struct normal is = normal_of_run(in, x, p.n);
    struct onset found = find(x, p.n, &is);
    found.apart = p.length_s;
    free(x);
    pieces_fini(&p);
    return found;
}

struct onset onset_of(const struct check_input *in, const struct judgement *j) {
    return j->has_stress ? of_steps(&j->stress) : of_times(in);
}

static bool has_any(const struct judgement *j, const char *const *id) {
    for (; *id; id++)
        if (has_cause(j, *id))
            return true;
    return false;
}

static char *place(const struct onset *o, double at, char *out, size_t size) {
    if (!o->steps)
        return unit_show_clock(at, out, size);
    snprintf(out, size, "step %.0f", at);
    return out;
}

void onset_step(const struct check_input *in, struct judgement *j) {
    static const char *const failed[] = {"D11", "D12", "D14", "D15", "D16", "D17", "D18", NULL};
    char latency[32], errors[32];
    if (!has_any(j, failed))
        return;
    struct onset o = onset_of(in, j);
    if (isnan(o.latency) || isnan(o.errors))
        return;
    place(&o, o.latency, latency, sizeof latency);
    place(&o, o.errors, errors, sizeof errors);
    if (fabs(o.latency - o.errors) <= o.apart)
        step_add(j,
                 "Mixed: response time (%s) and errors (%s) began together, neither is clearly "
                 "first.",
                 latency, errors);
    else
        step_add(j, "%s left the normal range first: response time at %s, errors at %s.",
                 o.latency < o.errors ? "Response time" : "Errors", latency, errors);
}

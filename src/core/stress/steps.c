#include <math.h>

#include "stress/stress_parts.h"

/* --- what is known of a step ------------------------------------------------------------------ */

double step_known(double x) {
    if (!(x >= 0 && x <= 1e15))
        return NAN;
    return x < 1e-9 ? 0 : x;
}

static struct stress_step cleaned(const struct stress_step *s) {
    struct stress_step c = {
        .number = s->number,
        .from_s = step_known(s->from_s),
        .to_s = step_known(s->to_s),
        .load = step_known(s->load),
        .window_s = step_known(s->window_s),
        .requests = step_known(s->requests),
        .ok = step_known(s->ok),
        .mean_ms = step_known(s->mean_ms),
        .p95_ms = step_known(s->p95_ms),
        .p99_ms = step_known(s->p99_ms),
        .dropped = step_known(s->dropped),
        .vus = step_known(s->vus),
        .generator_cpu = step_known(s->generator_cpu),
    };
    if (c.ok > c.requests)
        c.ok = c.requests;
    return c;
}

static bool usable(const struct stress_step *s) {
    return s->load > 0 && s->window_s > 0 && !isnan(s->requests) && !isnan(s->ok);
}

static void take(const struct stress_input *in, struct stress_found *out) {
    for (size_t i = 0; i < in->steps && out->steps < STRESS_STEPS_MAX; i++) {
        struct stress_step s = cleaned(&in->step[i]);
        if (usable(&s))
            out->step[out->steps++] = (struct stress_judged){.is = s, .law = NAN};
    }
}

/* --- one step against the limits -------------------------------------------------------------- */

double stress_step_rps(const struct stress_step *s) {
    return s->window_s > 0 ? s->ok / s->window_s : NAN;
}

double stress_step_errors(const struct stress_step *s) {
    return s->requests > 0 ? (s->requests - s->ok) / s->requests : NAN;
}

double step_reached(const struct stress_step *s) { return s->ok / (s->load * s->window_s); }

/* A ratio is compared at 6 digits: 5700 of 6000 is 0.95 and not a hair below. */
bool step_below_rate(const struct stress_input *in, const struct stress_step *s) {
    return in->open && round(step_reached(s) * 1e6) / 1e6 < in->rate_least;
}

/* At few requests chance alone makes a deficit: one healthy step in six at 405 requests. */
static bool rate_missed(const struct stress_input *in, const struct stress_step *s) {
    double offered = s->load * s->window_s;
    return step_below_rate(in, s) && offered - s->ok > in->rate_guard * sqrt(offered);
}

static void judge(const struct stress_input *in, struct stress_judged *j) {
    const struct stress_step *s = &j->is;
    j->p95_judged = s->requests >= in->p95_samples;
    j->thin = s->requests < in->p95_full;
    j->failed[STRESS_NO_DATA] = s->requests <= 0;
    if (j->failed[STRESS_NO_DATA])
        return;
    j->failed[STRESS_P95] = j->p95_judged && s->p95_ms >= in->p95_ms;
    j->failed[STRESS_P99] = j->p95_judged && s->p99_ms >= in->p99_ms;
    j->failed[STRESS_ERRORS] = stress_step_errors(s) >= in->error_rate;
    j->failed[STRESS_RATE] = rate_missed(in, s);
}

static void judge_all(const struct stress_input *in, struct stress_found *out) {
    for (size_t i = 0; i < out->steps; i++)
        judge(in, &out->step[i]);
}

bool stress_step_fails(const struct stress_judged *j) {
    for (int r = STRESS_NONE + 1; r < STRESS_REASONS; r++)
        if (j->failed[r])
            return true;
    return false;
}

/* --- their order ------------------------------------------------------------------------------ */

static bool same_load(double a, double b) { return fabs(a - b) <= 1e-9 * fmax(a, b); }

/* A lower step behind a higher one passes only when no backlog is left. */
static bool all_recovered(const struct stress_found *out) {
    for (size_t i = 1; i < out->steps; i++) {
        double before = out->step[i - 1].is.load, load = out->step[i].is.load;
        if (load < before && !same_load(load, before) && stress_step_fails(&out->step[i]))
            return false;
    }
    return true;
}

static void sort_by_load(struct stress_found *out) {
    for (size_t i = 1; i < out->steps; i++) {
        struct stress_judged moved = out->step[i];
        size_t at = i;
        for (; at > 0 && out->step[at - 1].is.load > moved.is.load; at--)
            out->step[at] = out->step[at - 1];
        out->step[at] = moved;
    }
}

/* --- equal loads ------------------------------------------------------------------------------ */

/* Of two values of which one may be unknown. */
static double sum(double a, double b) { return isnan(a) ? b : isnan(b) ? a : a + b; }
static double weighted(double a, double weight_a, double b, double weight_b) {
    if (isnan(a) || isnan(b) || weight_a + weight_b <= 0)
        return isnan(a) ? b : a;
    return (a * weight_a + b * weight_b) / (weight_a + weight_b);
}

/* The busier CPU counts: a spoiled half spoils the whole. */
static struct stress_step merged(const struct stress_step *a, const struct stress_step *b) {
    return (struct stress_step){
        .number = a->number,
        .from_s = fmin(a->from_s, b->from_s),
        .to_s = fmax(a->to_s, b->to_s),
        .load = a->load,
        .window_s = a->window_s + b->window_s,
        .requests = a->requests + b->requests,
        .ok = a->ok + b->ok,
        .mean_ms = weighted(a->mean_ms, a->requests, b->mean_ms, b->requests),
        .p95_ms = a->p95_ms,
        .p99_ms = a->p99_ms,
        .dropped = sum(a->dropped, b->dropped),
        .vus = weighted(a->vus, a->window_s, b->vus, b->window_s),
        .generator_cpu = fmax(a->generator_cpu, b->generator_cpu),
    };
}

/* Steps from..to are of one load. Percentiles cannot be added: those of the longest count. */
static struct stress_step merge(const struct stress_found *out, size_t from, size_t to) {
    struct stress_step all = out->step[from].is;
    size_t longest = from;
    for (size_t i = from + 1; i < to; i++) {
        all = merged(&all, &out->step[i].is);
        if (out->step[i].is.window_s > out->step[longest].is.window_s)
            longest = i;
    }
    all.p95_ms = out->step[longest].is.p95_ms;
    all.p99_ms = out->step[longest].is.p99_ms;
    return all;
}

static void merge_equal(struct stress_found *out) {
    size_t kept = 0, from = 0;
    for (size_t to = 1; to <= out->steps; to++) {
        if (to < out->steps && same_load(out->step[from].is.load, out->step[to].is.load))
            continue;
        out->step[kept++] = (struct stress_judged){.is = merge(out, from, to), .law = NAN};
        from = to;
    }
    out->steps = kept;
}

bool steps_fill(const struct stress_input *in, struct stress_found *out) {
    take(in, out);
    judge_all(in, out);
    bool ordered = all_recovered(out);
    sort_by_load(out);
    merge_equal(out);
    judge_all(in, out);
    return ordered;
}

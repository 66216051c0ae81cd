#include "check/evidence.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "check/rows.h"

double times_baseline(const struct check_input *in, enum metric m) {
    if (!in->baseline)
        return NAN;
    double base = summary_value(in->baseline, m);
    return base > 0 ? judged_figure(in, m).is.value / base : NAN;
}

/* --- steps --- */

static int first_judged(const struct stress_found *f) {
    for (size_t i = 0; i < f->steps; i++)
        if (f->step[i].judged && f->step[i].is.requests > 0)
            return (int)i;
    return NO_STEP;
}

static double step_value(const struct check_input *in, const struct stress_judged *s,
                         enum metric m) {
    char name[32];
    if (m == METRIC_AVG_MS)
        return s->is.mean_ms;
    if (m == METRIC_P95_MS)
        return s->is.p95_ms;
    if (m == METRIC_P99_MS)
        return s->is.p99_ms;
    snprintf(name, sizeof name, "step %d", s->is.number);
    const struct stretch *x = summary_stretch(in->run, name);
    return x && (int)m < ENDPOINT_METRICS ? x->value[m] : (double)NAN;
}

static bool step_fails(const struct judgement *j, enum stress_reason r) {
    if (!j->has_stress || j->stress.first_fail < 0)
        return false;
    for (size_t i = (size_t)j->stress.first_fail; i < j->stress.steps; i++)
        if (j->stress.step[i].judged && j->stress.step[i].failed[r])
            return true;
    return false;
}

/* --- against a lighter load --- */

static double times(const struct evidence *e, const struct judgement *j, enum metric m) {
    if (e->base_step == NO_STEP)
        return times_baseline(e->in, m);
    double base = step_value(e->in, &j->stress.step[e->base_step], m);
    return base > 0 ? step_value(e->in, &j->stress.step[e->now_step], m) / base : NAN;
}

/* In a stress test the first step, unless that is the one that fails. */
static void find_base(const struct judgement *j, struct evidence *e) {
    e->base_step = e->now_step = NO_STEP;
    e->base = "the baseline's";
    if (!j->has_stress || j->stress.first_fail < 0)
        return;
    int first = first_judged(&j->stress);
    e->now_step = j->stress.first_fail;
    if (first == NO_STEP || first >= e->now_step)
        return;
    e->base_step = first;
    e->base = "the first step's";
}

/* The mean at the lightest load that there is. */
static double unloaded_mean(const struct check_input *in, const struct judgement *j,
                            const struct evidence *e) {
    double baseline = in->baseline ? summary_value(in->baseline, METRIC_AVG_MS) : NAN;
    if (!isnan(baseline))
        return baseline;
    return e->base_step == NO_STEP ? (double)NAN : j->stress.step[e->base_step].is.mean_ms;
}

static bool broken(const struct judgement *j, const char *metric) {
    const struct check *c = judgement_find(j, metric);
    return c && c->status == VERDICT_FAIL;
}

static bool endpoint_slow(const struct judgement *j) {
    for (size_t i = 0; i < j->checks; i++)
        if (strncmp(j->check[i].metric, "p95:", 4) == 0 && j->check[i].status == VERDICT_FAIL)
            return true;
    return false;
}

bool fault_is_most(const struct evidence *e, double count) { return count > 0.5 * e->faults.all; }

bool fault_leads(const struct evidence *e, double count) {
    double requests = summary_value(e->in->run, METRIC_REQUESTS);
    double limit = e->errors ? e->errors->limit : NAN;
    return fault_is_most(e, count) || (count > 0 && count / requests >= limit);
}

void evidence_gather(const struct check_input *in, const struct judgement *j, struct evidence *e) {
    *e = (struct evidence){.in = in,
                           .p95 = judgement_find(j, "p95"),
                           .errors = judgement_find(j, "error_rate"),
                           .rate = judgement_find(j, "rps"),
                           .faults = faults_of(in->run),
                           .onset = onset_of(in, j)};
    patterns_of(in, &e->latency, &e->error_pattern);
    find_base(j, e);
    e->slow = broken(j, "p95") || broken(j, "avg") || broken(j, "p99") ||
              broken(j, "windows_over") || broken(j, "p95_of_baseline") || endpoint_slow(j) ||
              step_fails(j, STRESS_P95) || step_fails(j, STRESS_P99);
    e->failing = broken(j, "error_rate") || step_fails(j, STRESS_ERRORS);
    e->rate_low = e->rate && e->rate->status == VERDICT_FAIL && e->rate->op == OP_MORE_EQUAL;
    e->p50x = times(e, j, METRIC_MED_MS);
    e->p95x = times(e, j, METRIC_P95_MS);
    e->p99x = times(e, j, METRIC_P99_MS);
    e->meanx = times(e, j, METRIC_AVG_MS);
    e->base_p95_ms = in->baseline ? summary_value(in->baseline, METRIC_P95_MS) : NAN;
    e->base_error_rate = in->baseline ? summary_error_rate(in->baseline) : NAN;
    e->unloaded_mean_ms = unloaded_mean(in, j, e);
}

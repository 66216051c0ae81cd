#include "check/check.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/unit.h"
#include "check/check_parts.h"

const char *verdict_name(enum verdict v) {
    static const char *const names[] = {[VERDICT_PASS] = "pass",
                                        [VERDICT_NO_DATA] = "no_data",
                                        [VERDICT_FAIL] = "fail",
                                        [VERDICT_INVALID] = "invalid"};
    return names[v];
}

void check_input_init(struct check_input *in) {
    const struct given unset = {.value = NAN};
    *in = (struct check_input){.p95_ms = unset,
                               .p99_ms = unset,
                               .avg_ms = unset,
                               .error_rate = unset,
                               .target_rps = unset,
                               .max_vus = NAN,
                               .think_ms = NAN,
                               .memory_limit_mb = NAN};
}

const struct check *judgement_find(const struct judgement *j, const char *metric) {
    for (size_t i = 0; i < j->checks; i++)
        if (strcmp(j->check[i].metric, metric) == 0)
            return &j->check[i];
    return NULL;
}

void judgement_fini(struct judgement *j) {
    findings_fini(&j->findings);
    *j = (struct judgement){0};
}

void judgement_copy(struct judgement *to, const struct judgement *from) {
    *to = *from;
    to->findings = (struct findings){0};
    findings_append(&to->findings, &from->findings);
}

enum verdict checks_worst(const struct judgement *j) {
    enum verdict v = VERDICT_PASS;
    bool any = false;
    for (size_t i = 0; i < j->checks; i++) {
        const struct check *c = &j->check[i];
        if (c->waived_by[0])
            continue;
        if (c->status == VERDICT_FAIL)
            return VERDICT_FAIL;
        if (c->status == VERDICT_NO_DATA && c->required)
            v = VERDICT_NO_DATA;
        any |= c->status == VERDICT_PASS;
    }
    return any ? v : VERDICT_NO_DATA;
}

/* Which part of the run the limits are judged on, when it is not a steady state that is plain. */
static void window_findings(const struct check_input *in, struct judgement *j) {
    const struct summary *s = in->run;
    if (j->has_stress)
        return;
    if (j->window.estimated)
        findings_add(&j->findings, FINDING_INFO, "steady-estimated",
                     "The steady state is estimated: neither a plan nor the load over time is "
                     "known.");
    else if (!j->window.steady && s->series.points && in->model != MODEL_STRESS)
        findings_add(&j->findings, FINDING_WARNING, "no-steady-state",
                     "No steady state was found: limits are judged over the whole run, ramps "
                     "inside.");
    else if (!j->window.steady)
        findings_add(&j->findings, FINDING_INFO, "ramps-inside",
                     s->computed || s->series.points
                         ? "Limits are judged over the whole run: its response times include the "
                           "ramps."
                         : "A summary covers the whole run: its response times include the ramps.");
}

/* Where the load was found constant, what came after it is not judged: a server that became slow
 * may be why it was constant no more. */
static void outside_finding(const struct check_input *in, struct judgement *j) {
    enum { REQUESTS_LEAST = 20, OVER_LEAST_S = 10 };
    const struct check *p95 = judgement_find(j, "p95");
    const struct series *r = &in->run->series;
    double over_s = 0, since_s = NAN;
    if (in->profile || !j->window.steady || j->has_stress || !p95 || isnan(p95->limit))
        return;
    for (size_t i = 0; i < r->points; i++) {
        const struct point *p = &r->point[i];
        if (p->at_s < j->window.to_s || !(p->requests >= REQUESTS_LEAST) ||
            !(p->p95_ms > p95->limit))
            continue;
        since_s = isnan(since_s) ? p->at_s : since_s;
        over_s += p->length_s;
    }
    char limit[32], length[32], since[32];
    if (over_s >= OVER_LEAST_S)
        findings_add(&j->findings, FINDING_WARNING, "over-outside",
                     "p95 was over its limit of %s for %s behind the judged window, from %s on. "
                     "With the plan of the run its whole hold is judged (--plan, --dir).",
                     unit_show_ms(p95->limit, limit, sizeof limit),
                     unit_show_clock(over_s, length, sizeof length),
                     unit_show_clock(since_s, since, sizeof since));
}

static bool generator_measured(const struct check_input *in) {
    for (size_t i = 0; i < in->run->stretches; i++)
        if (!isnan(in->run->stretch[i].generator_cpu))
            return true;
    return false;
}

/* What a reader must know about the source, whatever the verdict. */
static void source_findings(const struct check_input *in, struct judgement *j) {
    const struct summary *s = in->run;
    window_findings(in, j);
    outside_finding(in, j);
    if (in->model == MODEL_STRESS && !j->has_stress)
        findings_add(&j->findings, FINDING_WARNING, "judged-as-a-whole",
                     s->series.points
                         ? "Stress is judged as a whole: no steps were found, so the breaking "
                           "point is not measured. The plan names them (--plan, --dir)."
                         : "Stress is judged as a whole: a summary has no steps, so the "
                           "breaking point is not measured.");
    if (in->model == MODEL_SOAK && !j->has_soak)
        findings_add(&j->findings, FINDING_WARNING, "judged-as-a-whole",
                     "Soak is judged as a whole: a summary has no time series, "
                     "so drift and memory are not measured.");
    if (s->stopped[0])
        findings_add(&j->findings, FINDING_WARNING, "stopped", "%s", s->stopped);
    if (s->blocks > 1)
        findings_add(&j->findings, FINDING_WARNING, "several-summaries",
                     "The source holds %d summaries; the last complete one is judged.", s->blocks);
    findings_append(&j->findings, &s->findings);
    if (!generator_measured(in))
        findings_add(&j->findings, FINDING_INFO, "generator-not-measured",
                     "Generator CPU not measured.");
}

static void threshold_findings(const struct check_input *in, struct judgement *j) {
    for (size_t i = 0; i < in->run->thresholds; i++) {
        const struct threshold *t = &in->run->threshold[i];
        if (!t->ok)
            findings_add(&j->findings, FINDING_WARNING, "threshold",
                         "The script's own threshold is crossed: %.120s %.120s", t->metric,
                         t->expr);
    }
}

static void error_findings(const struct check_input *in, struct judgement *j) {
    double failed = summary_value(in->run, METRIC_FAILED);
    double ok_p95 = summary_value(in->run, METRIC_OK_P95_MS);
    if (!(failed > 0) || isnan(ok_p95))
        return;
    char a[32], b[32];
    findings_add(&j->findings, FINDING_INFO, "p95-of-successes",
                 "p95 of the good answers alone: %s; of all: %s.",
                 unit_show_ms(ok_p95, a, sizeof a),
                 unit_show_ms(summary_value(in->run, METRIC_P95_MS), b, sizeof b));
}

/* Where it breaks, or whether it grows, goes before the rows that say so. */
static void judge_model(const struct check_input *in, struct judgement *j) {
    if (in->model == MODEL_STRESS)
        stress_judge(in, j);
    if (in->model == MODEL_SOAK)
        soak_judge(in, j);
}

/* A stress test sets its own verdict: overload is what it is for. */
static bool is_invalid(const struct check_input *in, struct judgement *j) {
    return j->has_stress ? j->verdict == VERDICT_INVALID : invalid_run(in, j);
}

void check_run(const struct check_input *in, struct judgement *j) {
    *j = (struct judgement){.model = in->model,
                            .window = judged_window(in),
                            .stall_window_s = NAN,
                            .stall_median = NAN};
    judge_model(in, j);
    checks_add_all(in, j);
    source_findings(in, j);
    if (!is_invalid(in, j)) {
        if (!j->has_stress)
            j->verdict = checks_worst(j);
        if (j->verdict == VERDICT_FAIL)
            causes_add(in, j);
        if (j->verdict == VERDICT_PASS)
            cause_add(in, j, "D36", "all limits are kept");
    }
    threshold_findings(in, j);
    error_findings(in, j);
    steps_add(in, j);
}

/* --- baseline --- */

static void few_requests(const struct rules *rules, double requests, struct findings *notes) {
    for (size_t i = 0; i < rules->starts; i++) {
        const struct start_rule *r = &rules->start[i];
        double least;
        if (strncmp(r->condition, "baseline_requests < ", 20) != 0)
            continue;
        least = strtod(r->condition + 20, NULL);
        if (!(requests < least))
            continue;
        char n[32];
        struct finding *f =
            findings_add(notes, FINDING_WARNING, "baseline-small",
                         "%s %s requests without an error only exclude error rates above %.1f %%.",
                         r->words, unit_show(requests, 0, n, sizeof n), 100 * 3 / requests);
        f->line = 0;
    }
}

double check_baseline_drift(const struct summary *s, const struct rules *rules, bool *near,
                            const char **why) {
    const struct stretch *steady = summary_steady(s);
    const struct sample_rule *least = rules_sample(rules, "p95");
    *near = false;
    *why = !steady && s->series.points == 0 ? "a summary has no time series"
           : !steady                        ? "no time of constant load was found"
           : isnan(steady->half_p95_ms[0])  ? "its result has no single requests"
           : least && steady->value[METRIC_REQUESTS] < 2 * least->least
               ? "too few requests for a p95 of each half"
               : NULL;
    if (*why)
        return NAN;
    double ratio = steady->half_p95_ms[1] / steady->half_p95_ms[0];
    *near = fabs(ratio - 1) > rules->steady.halves_differ;
    return ratio;
}

enum stability check_baseline(const struct summary *s, const struct rules *rules,
                              struct findings *notes) {
    double requests = summary_value(s, METRIC_REQUESTS), failed = summary_value(s, METRIC_FAILED);
    const struct limit_rule *rule = rules_limit(rules, "baseline_errors");
    double limit = rule && !isnan(rule->limit) ? rule->limit : 0;
    char n[32], all[32], share[32];
    if (isnan(failed) || !(requests > 0)) {
        findings_add(notes, FINDING_WARNING, "baseline-unknown",
                     "The baseline's result does not say how many requests failed.");
        return STABLE_UNKNOWN;
    }
    if (failed / requests > limit) {
        findings_add(notes, FINDING_STOP, "baseline-errors",
                     "Stopped: the baseline has %s failed request%s of %s (%s). It must have none.",
                     unit_show(failed, 0, n, sizeof n), failed == 1 ? "" : "s",
                     unit_show(requests, 0, all, sizeof all),
                     unit_show_share(failed / requests, share, sizeof share));
        return UNSTABLE;
    }
    few_requests(rules, requests, notes);
    if (summary_value(s, METRIC_CHECKS_FAILED) > 0)
        findings_add(notes, FINDING_WARNING, "baseline-checks",
                     "%s of the baseline's checks failed.",
                     unit_show(summary_value(s, METRIC_CHECKS_FAILED), 0, n, sizeof n));
    return STABLE;
}

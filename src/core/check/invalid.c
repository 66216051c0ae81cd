#include <math.h>
#include <stdio.h>
#include <string.h>

#include "base/expr.h"
#include "base/text.h"
#include "base/unit.h"
#include "check/check_parts.h"

/* references/diagnosis.md, D02. */
static const double dropped_least = 0.01; /* of iterations and dropped ones together */
static const double fill_least = 0.75;    /* VUs in use of those there are */
static const double slower_most = 1.5;    /* mean against the baseline's */

static bool say_invalid(struct judgement *j, const char *id_sentence) {
    j->verdict = VERDICT_INVALID;
    text_copy(j->sentence, sizeof j->sentence, id_sentence);
    return true;
}

static double most_vus(const struct check_input *in) {
    if (!isnan(in->max_vus))
        return in->max_vus;
    if (in->profile && in->profile->max_vus > 0)
        return in->profile->max_vus;
    return summary_value(in->run, METRIC_VUS_ALLOCATED);
}

/* VUs that would have been enough: the profile's own number, else from the rate that was asked for
 * and the iteration time that was seen, with the p95 limit in the place of the mean. */
static int enough_vus(const struct check_input *in, double offered_iterations) {
    if (in->profile && in->profile->preallocated_vus > 0 && isnan(in->max_vus))
        return in->profile->preallocated_vus;
    const struct summary *s = in->run;
    double k = summary_requests_per_iteration(s), mean = summary_value(s, METRIC_AVG_MS);
    double limit = check_limit(in->rules, in->plan, in->model, "p95", &in->p95_ms).value;
    double iteration_ms = summary_value(s, METRIC_ITERATION_MS);
    if (limit > mean)
        iteration_ms += k * (limit - mean);
    double in_flight =
        offered_iterations / summary_value(s, METRIC_DURATION_S) * iteration_ms / 1000;
    const struct expr_name names[] = {{"L", fmax(0, in_flight - in->rules->sizing.rounding_guard)}};
    double vus;
    if (!expr_eval(in->rules->sizing.allocate, names, 1, &vus, NULL) || !(vus >= 1) || vus > 1e7)
        return 0;
    return (int)vus;
}

/* Iterations were dropped because all VUs were busy, while the server was no slower than before. */
static bool vus_ran_out(const struct check_input *in, struct judgement *j) {
    const struct summary *s = in->run;
    double dropped = summary_value(s, METRIC_DROPPED);
    double all = dropped + summary_value(s, METRIC_ITERATIONS);
    double fill = summary_value(s, METRIC_VUS_MAX) / most_vus(in);
    double slower = times_baseline(in, METRIC_AVG_MS);
    if (!(dropped > 0) || !(all > 0))
        return false;
    char a[32], b[32];
    unit_show(dropped, 0, a, sizeof a);
    unit_show(all, 0, b, sizeof b);
    if (dropped / all <= dropped_least) {
        findings_add(&j->findings, FINDING_WARNING, "dropped-iterations",
                     "%s of %s iterations were dropped.", a, b);
        return false;
    }
    if (!(fill >= fill_least) || slower >= slower_most)
        return false;
    char text[200];
    snprintf(text, sizeof text,
             "Run invalid: the load generator was the limit. %s of %s iterations were dropped.", a,
             b);
    say_invalid(j, text);
    cause_add(in, j, "D02", "%s of %s iterations dropped, %.0f of %.0f VUs in use%s", a, b,
              summary_value(s, METRIC_VUS_MAX), most_vus(in),
              isnan(slower) ? "; no baseline to compare the response time with"
                            : ", response time as in the baseline");
    step_add(j, "This run says nothing about the server: %s of %s iterations were dropped.", a, b);
    int vus = enough_vus(in, all);
    if (vus > 0)
        step_add(j, "Allocate %d VUs (preallocatedVUs) and run again.", vus);
    findings_add(&j->findings, FINDING_WARNING, "generator-saturated",
                 "All VUs were busy: the load was not offered.");
    return true;
}

/* The log names a limit of the load machine itself. */
static bool generator_limits(const struct check_input *in, struct judgement *j) {
    const char *error = in->run->generator;
    if (!error[0] || !(summary_value(in->run, METRIC_FAILED) > 0))
        return false;
    char text[SCOPE_MAX_BYTES + 80];
    snprintf(text, sizeof text,
             "Run invalid: the load generator was the limit. Its log says \"%s\".", error);
    say_invalid(j, text);
    cause_add(in, j, "D04", "log: %s", error);
    step_add(j, "This run says nothing about the server: the log says \"%.120s\".", error);
    step_add(j, "Raise the limit on the load machine; Load generator (3) names it.");
    findings_add(&j->findings, FINDING_WARNING, "generator-limit", "Load machine: %s", error);
    return true;
}

static const struct stage *first_hold(const struct profile *p) {
    for (int i = 0; i < p->stages; i++)
        if (!stage_is_ramp(&p->stage[i]))
            return &p->stage[i];
    return NULL;
}

/* Ended before its hold began, or before it had settled: only a ramp was seen. */
static bool ramp_only(const struct check_input *in, struct judgement *j) {
    const struct profile *p = in->profile;
    double end_s = summary_value(in->run, METRIC_DURATION_S);
    if (!p || isnan(end_s))
        return false;
    const struct stage *hold = first_hold(p);
    const struct steady_rules *rules = &in->rules->steady;
    char have[32], all[32], steady[32];
    unit_show_clock(end_s, have, sizeof have);
    unit_show_clock(p->duration_s, all, sizeof all);
    if (!hold)
        return false;
    double settled_s = stage_settled_s(hold, in->rules);
    if (end_s <= settled_s) {
        char text[160];
        snprintf(text, sizeof text, "Run invalid: ramp only. It ended after %s of %s.", have, all);
        say_invalid(j, text);
        step_add(j, "This run says nothing about the server: its steady window begins at %s.",
                 unit_show_clock(settled_s, steady, sizeof steady));
        step_add(j, "Run the whole command again.");
        return true;
    }
    if (end_s < 0.98 * p->duration_s)
        findings_add(&j->findings, FINDING_WARNING, "ended-early",
                     "The run ended early: after %s of %s.", have, all);
    if (p->model != MODEL_STRESS &&
        fmin(end_s, hold->start_s + hold->duration_s) - settled_s < rules->shortest_s)
        findings_add(&j->findings, FINDING_WARNING, "steady-short",
                     "The steady window is short: under %s.",
                     unit_show_clock(rules->shortest_s, steady, sizeof steady));
    return false;
}

static bool no_requests(const struct check_input *in, struct judgement *j) {
    if (summary_value(in->run, METRIC_REQUESTS) > 0 ||
        isnan(summary_value(in->run, METRIC_REQUESTS)))
        return false;
    say_invalid(j, "Run invalid: it sent no request.");
    step_add(j, "This run says nothing about the server: it sent no request.");
    return true;
}

bool invalid_run(const struct check_input *in, struct judgement *j) {
    return no_requests(in, j) || ramp_only(in, j) || vus_ran_out(in, j) || generator_limits(in, j);
}

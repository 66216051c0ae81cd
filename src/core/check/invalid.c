/* Does the run say anything about the server? In the order of references/diagnosis.md. */
#include <math.h>
#include <stdarg.h>
#include <stdio.h>

#include "base/unit.h"
#include "check/check_parts.h"

void invalid_say(struct judgement *j, const char *fmt, ...) {
    va_list ap;
    va_start(ap, fmt);
    vsnprintf(j->sentence, sizeof j->sentence, fmt, ap);
    va_end(ap);
    j->verdict = VERDICT_INVALID;
}

static bool no_requests(const struct check_input *in, struct judgement *j) {
    if (summary_value(in->run, METRIC_REQUESTS) > 0 ||
        isnan(summary_value(in->run, METRIC_REQUESTS)))
        return false;
    invalid_say(j, "Run invalid: it sent no request.");
    step_add(j, "This run says nothing about the server: it sent no request.");
    return true;
}

/* --- only a ramp was seen --- */

static const struct stage *first_hold(const struct profile *p) {
    for (int i = 0; i < p->stages; i++)
        if (!stage_is_ramp(&p->stage[i]))
            return &p->stage[i];
    return NULL;
}

static void short_finding(const struct check_input *in, struct judgement *j, double steady_s) {
    char shortest[32];
    if (steady_s < in->rules->steady.shortest_s)
        findings_add(&j->findings, FINDING_WARNING, "steady-short",
                     "The steady window is short: under %s.",
                     unit_show_clock(in->rules->steady.shortest_s, shortest, sizeof shortest));
}

/* Ended before its hold began, or before it had settled. */
static bool ended_in_ramp(const struct check_input *in, struct judgement *j, double end_s) {
    const struct profile *p = in->profile;
    const struct stage *hold = first_hold(p);
    char have[32], all[32], steady[32];
    unit_show_clock(end_s, have, sizeof have);
    unit_show_clock(p->duration_s, all, sizeof all);
    if (!hold)
        return false;
    double settled_s = stage_settled_s(hold, in->rules);
    if (end_s <= settled_s) {
        invalid_say(j, "Run invalid: ramp only. It ended after %s of %s.", have, all);
        step_add(j, "This run says nothing about the server: its steady window begins at %s.",
                 unit_show_clock(settled_s, steady, sizeof steady));
        step_add(j, "Run the whole command again.");
        return true;
    }
    if (end_s < 0.98 * p->duration_s)
        findings_add(&j->findings, FINDING_WARNING, "ended-early",
                     "The run ended early: after %s of %s.", have, all);
    if (p->model != MODEL_STRESS && !judged_stretch(in))
        short_finding(in, j, fmin(end_s, hold->start_s + hold->duration_s) - settled_s);
    return false;
}

/* What was offered, as far as a series says so; VUs of a closed run are its load. */
static double load_of(const struct point *p) { return isnan(p->load) ? p->vus : p->load; }

/* Requests per second of the second half of the series against the first. VUs that rise under an
 * arrival rate are no load that rises: then this stays 1. */
static bool rate_rises(const struct series *r, double band) {
    double half_s[2] = {0}, requests[2] = {0};
    for (size_t i = 0; i < r->points; i++) {
        const struct point *p = &r->point[i];
        size_t half = i >= r->points / 2;
        if (!isnan(p->requests)) {
            requests[half] += p->requests;
            half_s[half] += p->length_s;
        }
    }
    bool known = half_s[0] > 0 && half_s[1] > 0;
    return !known || requests[1] / half_s[1] > (1 + band) * requests[0] / half_s[0];
}

/* The load never falls by more than a constant one may, and is at its highest when the run ends. */
static bool only_rises(const struct series *r, double band) {
    double first = NAN, most = NAN;
    size_t known = 0, risen = 0;
    for (size_t i = 0; i < r->points; i++) {
        double load = load_of(&r->point[i]);
        if (isnan(load))
            continue;
        if (load < most * (1 - band))
            return false;
        first = isnan(first) ? load : first;
        risen = load > most ? risen + 1 : risen;
        most = fmax(most, load);
        known++;
    }
    return known >= 10 && risen >= 3 && most > first * (1 + band) && rate_rises(r, band);
}

/* No plan, and in the whole series no part with a constant load. */
static bool series_is_ramp(const struct check_input *in, struct judgement *j, double end_s) {
    static const double least_s = 30;
    char length[32];
    if (in->model == MODEL_STRESS || judged_stretch(in) || !(end_s > least_s) ||
        !only_rises(&in->run->series, in->rules->steady.load_band))
        return false;
    unit_show_clock(end_s, length, sizeof length);
    invalid_say(j, "Run invalid: ramp only. The load rises over all of its %s.", length);
    step_add(j,
             "This run says nothing about the server under a constant load: the load rises over "
             "all of its %s.",
             length);
    step_add(j,
             "Hold the load after the ramp, for %s or more; a rising load is a stress test "
             "(--model stress).",
             unit_show_clock(in->rules->steady.shortest_s, length, sizeof length));
    return true;
}

static bool ramp_only(const struct check_input *in, struct judgement *j) {
    const struct stretch *x = judged_stretch(in);
    double end_s = summary_end_s(in->run);
    if (x)
        short_finding(in, j, stretch_length_s(x));
    if (isnan(end_s))
        return false;
    return in->profile ? ended_in_ramp(in, j, end_s) : series_is_ramp(in, j, end_s);
}

bool invalid_run(const struct check_input *in, struct judgement *j) {
    typedef bool cause_fn(const struct check_input *in, struct judgement *j);
    static cause_fn *const order[] = {
        no_requests,         ramp_only,        vus_ran_out,   generator_cpu_full,
        generator_time_lost, generator_limits, never_offered,
    };
    for (size_t i = 0; i < sizeof order / sizeof *order; i++)
        if (order[i](in, j))
            return true;
    return false;
}

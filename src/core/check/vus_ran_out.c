/* Iterations were dropped because all VUs were busy, while the server was no slower than before
 * (references/diagnosis.md, D02). */
#include <math.h>
#include <stdio.h>

#include "base/unit.h"
#include "check/check_parts.h"

static const double dropped_least = 0.01; /* of the iterations that should have started */

/* Time of an iteration beside its responses: as the tool measured it, else as planned. */
static double pauses_ms(const struct check_input *in) {
    const struct summary *s = in->run;
    double measured = summary_value(s, METRIC_ITERATION_MS) -
                      summary_requests_per_iteration(s) * summary_value(s, METRIC_AVG_MS);
    double think = isnan(measured) ? run_think_ms(in) : measured;
    return think > 0 ? think : 0;
}

struct shortage {
    struct drops d;
    double in_use, most;  /* VUs */
    double mean_ms;       /* of the same time */
    double slower;        /* against the baseline's mean; NAN: no baseline */
    double iteration_rps; /* that should have started; NAN */
};

static struct shortage shortage_of(const struct check_input *in) {
    const struct stretch *x = judged_stretch(in);
    struct shortage s = {.d = run_drops(in),
                         .in_use = summary_value(in->run, METRIC_VUS_MAX),
                         .most = run_most_vus(in),
                         .mean_ms = summary_value(in->run, METRIC_AVG_MS),
                         .slower = times_baseline(in, METRIC_AVG_MS)};
    s.iteration_rps = s.d.planned / summary_value(in->run, METRIC_DURATION_S);
    if (s.d.window && !isnan(x->value[METRIC_AVG_MS])) {
        double k = run_requests_per_iteration(in), length_s = stretch_length_s(x);
        s.mean_ms = x->value[METRIC_AVG_MS];
        s.in_use = x->value[METRIC_REQUESTS] / length_s * (s.mean_ms + pauses_ms(in) / k) / 1000;
        s.iteration_rps = s.d.planned / length_s;
    }
    if (in->profile && in->profile->arrivals == ARRIVALS_OPEN && in->model != MODEL_STRESS)
        s.iteration_rps = in->profile->iteration_rps;
    return s;
}

/* With every response at the p95 limit, by the team's formula. When as many were there already, the
 * time of an iteration has parts that nobody measured: in proportion to what they managed. */
static int enough_vus(const struct check_input *in, const struct shortage *s) {
    double k = run_requests_per_iteration(in);
    double limit_ms = run_limit(in, "p95").value;
    double each_ms = limit_ms > s->mean_ms ? limit_ms : s->mean_ms;
    int vus = allocated_vus(in->rules, s->iteration_rps * (k * each_ms + pauses_ms(in)) / 1000);
    if (vus <= s->most)
        vus = allocated_vus(in->rules, s->most / (1 - s->d.share));
    return vus;
}

static void small_finding(struct judgement *j, const struct drops *d) {
    char a[32], b[32];
    unit_show(d->dropped, 0, a, sizeof a);
    unit_show(d->planned, 0, b, sizeof b);
    if (d->dropped > 0)
        findings_add(&j->findings, FINDING_WARNING, "dropped-iterations",
                     "%s of %s iterations were dropped%s.", a, b,
                     d->early ? ", all in the first 10 s" : "");
    else if (d->outside > 0)
        findings_add(&j->findings, FINDING_WARNING, "dropped-iterations",
                     "%s iterations were dropped outside of the steady state%s.",
                     unit_show(d->outside, 0, a, sizeof a),
                     d->early ? ", all in the first 10 s" : "");
}

static void say(const struct check_input *in, struct judgement *j, const struct shortage *s) {
    char a[32], b[32], vus[32];
    const char *where = s->d.window ? " in the steady state" : "";
    unit_show(s->d.dropped, 0, a, sizeof a);
    unit_show(s->d.planned, 0, b, sizeof b);
    invalid_say(j,
                "Run invalid: the load generator was the limit. %s of %s iterations were "
                "dropped%s.",
                a, b, where);
    cause_add(in, j, "D02", "%s of %s iterations dropped%s, %.0f of %.0f VUs in use%s", a, b, where,
              s->in_use, s->most,
              isnan(s->slower) ? "; no baseline to compare the response time with"
                               : ", response time as in the baseline");
    step_add(j, "This run says nothing about the server: %s of %s iterations were dropped%s.", a, b,
             where);
    int enough = enough_vus(in, s);
    if (enough > 0)
        step_add(j, "Allocate %s VUs (preallocatedVUs) and run again.",
                 unit_show(enough, 0, vus, sizeof vus));
    findings_add(&j->findings, FINDING_WARNING, "generator-saturated",
                 "All VUs were busy: the load was not offered.");
}

bool vus_ran_out(const struct check_input *in, struct judgement *j) {
    struct shortage s = shortage_of(in);
    bool many = s.d.share > dropped_least && !(s.d.early && !s.d.window);
    if (!many) {
        small_finding(j, &s.d);
        return false;
    }
    const struct stress_rules *r = &in->rules->stress; /* the same law in all kinds of test */
    if (!(s.in_use / s.most >= r->vu_fill) || s.slower >= r->vu_slower)
        return false;
    say(in, j, &s);
    return true;
}

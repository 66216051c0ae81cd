/* Successful requests per second against the target. */
#include <math.h>

#include "base/text.h"
#include "base/unit.h"
#include "check/rows.h"

double planned_until_end(const struct check_input *in) {
    const struct profile *p = in->profile;
    if (!p)
        return NAN;
    double end_s = summary_value(in->run, METRIC_DURATION_S);
    if (isnan(end_s) || end_s >= p->duration_s)
        return p->planned_requests;
    return profile_requests_between(p, 0, end_s);
}

struct rate {
    double target;   /* RPS that 100 % is; NAN: not known */
    double value;    /* RPS reached; NAN: not known */
    double share;    /* of the target, six digits */
    double expected; /* requests that 100 % is */
    double ok;
};

static double target_of(const struct check_input *in) {
    const struct profile *p = in->profile;
    if (in->model == MODEL_STRESS)
        return p ? p->planned_requests / p->duration_s : (double)NAN;
    return p ? p->target_rps : in->target_rps.value;
}

static void say_planned(struct check *c, const struct rate *r, const char *where) {
    char a[32], b[32];
    row_say(c, "%s of %s planned%s.", unit_show(r->ok, 0, a, sizeof a),
            unit_show(r->expected, 0, b, sizeof b), where);
}

/* In the steady state the plan is simple: the target, all the time. */
static bool of_steady(const struct stretch *x, struct check *c, struct rate *r) {
    double length_s = stretch_length_s(x);
    r->ok = x->value[METRIC_REQUESTS] - x->value[METRIC_FAILED];
    if (isnan(r->ok) || !(length_s > 0))
        return false;
    r->value = r->ok / length_s;
    r->expected = r->target * length_s;
    if (r->target > 0)
        say_planned(c, r, " in the steady state");
    return true;
}

/* From a summary alone: successful requests against the planned count, because the tool's own rate
 * has the ramps inside. */
static bool of_plan(const struct check_input *in, struct check *c, struct rate *r) {
    r->ok = summary_ok_requests(in->run);
    r->expected = planned_until_end(in);
    if (!(r->expected > 0) || isnan(r->ok))
        return false;
    r->value = r->ok / r->expected * r->target;
    say_planned(c, r, "");
    return true;
}

/* Without a plan the tool's rate is all there is. */
static bool of_tool(const struct check_input *in, struct check *c, struct rate *r) {
    double rps = summary_value(in->run, METRIC_RPS);
    r->ok = summary_ok_requests(in->run);
    r->value = rps * (1 - summary_error_rate(in->run));
    r->expected = summary_value(in->run, METRIC_REQUESTS) * r->target / rps;
    if (isnan(r->value))
        return false;
    if (r->target > 0)
        row_say(c, "The tool's own rate, ramps inside: the planned load is not known.");
    return true;
}

static bool measure(const struct check_input *in, struct check *c, struct rate *r) {
    const struct stretch *x = judged_stretch(in);
    *r = (struct rate){.target = target_of(in), .value = NAN};
    bool known = (x && of_steady(x, c, r)) || of_plan(in, c, r) || of_tool(in, c, r);
    if (isnan(r->target) || !(r->target > 0))
        row_say(c, "No target: the planned load is not known.");
    else if (isnan(summary_ok_requests(in->run)) && !known)
        row_say(c, "The summary does not say how many requests were successful.");
    else if (!known)
        row_say(c, "The summary does not hold a rate.");
    r->share = value_ratio(r->value / r->target).value;
    return known && r->target > 0;
}

static const struct limit_rule *rate_rule(const struct check_input *in, bool closed) {
    if (in->model == MODEL_STRESS)
        return rules_limit(in->rules, "stress_rps");
    return rules_limit(in->rules, closed ? "rps_closed" : "rps");
}

/* Above the upper limit? Then that is the row. */
static bool judge_too_high(const struct check_input *in, struct check *c, const struct rate *r) {
    const struct limit_rule *high = rules_limit(in->rules, "rps_high");
    if (!high || isnan(high->limit) || !high->model[in->model] || r->share <= high->near)
        return false;
    if (r->share <= high->limit) {
        c->near_limit = c->status == VERDICT_PASS;
        return false;
    }
    c->op = high->op;
    c->limit = high->limit * r->target;
    rules_place(in->rules, DOC_VALIDATION, high->line, c->limit_from, sizeof c->limit_from);
    c->status = VERDICT_FAIL;
    return true;
}

/* One row for rps, rps_high and rps_closed: called for the first of them that the rules have. */
void measure_rate(const struct check_input *in, const struct limit_rule *rule,
                  const struct given *limit, struct judgement *j) {
    (void)rule;
    (void)limit;
    if (judgement_find(j, "rps"))
        return;
    bool closed = run_arrivals(in) != ARRIVALS_OPEN;
    const struct limit_rule *low = rate_rule(in, closed);
    if (!low || isnan(low->limit))
        return;
    struct given from = {.value = NAN};
    rules_place(in->rules, DOC_VALIDATION, low->line, from.from, sizeof from.from);
    struct check *c = row_add(j, low, "rps", &from);
    text_copy(c->unit, sizeof c->unit, "RPS");
    struct rate r;
    bool known = measure(in, c, &r);
    c->value = r.value;
    if (!known)
        return;
    c->limit = low->limit * r.target;
    c->status = VERDICT_PASS;
    if (judge_too_high(in, c, &r))
        return;
    double guard = in->rules->steady.rate_guard * sqrt(r.expected);
    if (r.share < low->limit)
        c->status = closed || r.expected - r.ok > guard ? VERDICT_FAIL : VERDICT_PASS;
    if (c->status == VERDICT_PASS && (r.share < low->limit || r.share < low->near))
        c->near_limit = true;
}

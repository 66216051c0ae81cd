#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "base/text.h"
#include "base/unit.h"
#include "check/check_parts.h"

/* A value and the interval it lies in; equal ends when it is exact. */
struct measured_value {
    double value, low, high;
};

static struct measured_value exact(double v) { return (struct measured_value){v, v, v}; }

static struct measured_value shown(const struct figure *f) {
    return (struct measured_value){f->value, f->low, f->high};
}

enum answer { ANSWER_KEPT, ANSWER_BROKEN, ANSWER_OPEN };

/* Exactly at the limit: "<" fails, "<=" and ">=" pass. A value that its source rounds keeps or
 * breaks a limit only when its whole interval does. */
static enum answer compare(const struct measured_value *v, enum rule_op op, double limit) {
    bool is_exact = v->low == v->high;
    switch (op) {
    case OP_LESS:
        if (is_exact ? v->value < limit : v->high <= limit)
            return ANSWER_KEPT;
        return v->low >= limit ? ANSWER_BROKEN : ANSWER_OPEN;
    case OP_LESS_EQUAL:
        if (v->high <= limit)
            return ANSWER_KEPT;
        return v->low > limit ? ANSWER_BROKEN : ANSWER_OPEN;
    case OP_MORE_EQUAL:
        if (v->low >= limit)
            return ANSWER_KEPT;
        return v->high < limit ? ANSWER_BROKEN : ANSWER_OPEN;
    }
    return ANSWER_OPEN;
}

static void say(struct check *c, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
static void say(struct check *c, const char *fmt, ...) {
    size_t n = strlen(c->why);
    if (n && n + 2 < sizeof c->why) {
        memcpy(c->why + n, " ", 2);
        n++;
    }
    va_list ap;
    va_start(ap, fmt);
    vsnprintf(c->why + n, sizeof c->why - n, fmt, ap);
    va_end(ap);
}

/* Beyond its near value? A limit from elsewhere scales it: limit 800 with 450 of 500 gives 720. */
static bool near_limit(const struct measured_value *v, const struct limit_rule *rule,
                       double limit) {
    if (isnan(rule->near))
        return false;
    double near = rule->limit > 0 ? rule->near * limit / rule->limit : rule->near;
    return rule->op == OP_MORE_EQUAL ? v->low < near : v->high > near;
}

static void judge(struct check *c, const struct measured_value *v, const struct limit_rule *rule) {
    c->value = v->value;
    switch (compare(v, rule->op, c->limit)) {
    case ANSWER_KEPT:
        c->status = VERDICT_PASS;
        c->near_limit = near_limit(v, rule, c->limit);
        break;
    case ANSWER_BROKEN:
        c->status = VERDICT_FAIL;
        break;
    case ANSWER_OPEN:
        c->status = VERDICT_NO_DATA;
        say(c, "The source rounds it: it lies between %g and %g.", v->low, v->high);
        break;
    }
}

static struct check *add_check(struct judgement *j, const struct limit_rule *rule, const char *name,
                               const struct given *limit) {
    if (j->checks == CHECKS_MAX)
        j->checks--;
    struct check *c = &j->check[j->checks++];
    *c = (struct check){.value = NAN,
                        .limit = limit->value,
                        .op = rule->op,
                        .status = VERDICT_NO_DATA,
                        .required = rule->required};
    text_copy(c->metric, sizeof c->metric, name);
    text_copy(c->unit, sizeof c->unit, strcmp(rule->unit, "%") == 0 ? "" : rule->unit);
    text_copy(c->limit_from, sizeof c->limit_from, limit->from);
    return c;
}

/* Enough samples for this statistic? Below `least` there is no answer, below `full` a weak one. */
static bool enough(struct check *c, const struct check_input *in, const char *statistic, double n) {
    const struct sample_rule *rule = rules_sample(in->rules, statistic);
    if (!rule || isnan(n))
        return true;
    char have[32], need[32];
    unit_show(n, 0, have, sizeof have);
    if (n < rule->least) {
        say(c, "It has %s requests, needs %s.", have, unit_show(rule->least, 0, need, sizeof need));
        return false;
    }
    if (n < rule->full)
        say(c, "Weak: %s requests; %s make it count.", have,
            unit_show(rule->full, 0, need, sizeof need));
    return true;
}

/* --- how each metric of the rules is measured --- */

typedef void measure_fn(const struct check_input *in, const struct limit_rule *rule,
                        const struct given *limit, struct judgement *j);

/* The part of a name before "stress_": such rows are shown under their plain name. */
static const char *plain_name(const char *check) {
    return text_starts(check, "stress_") ? check + strlen("stress_") : check;
}

static enum metric latency_metric(const char *metric) {
    return text_ends(metric, "_p95")   ? METRIC_P95_MS
           : text_ends(metric, "_p99") ? METRIC_P99_MS
                                       : METRIC_AVG_MS;
}

static const char *latency_statistic(enum metric m) {
    return m == METRIC_P95_MS ? "p95" : m == METRIC_P99_MS ? "p99" : "mean";
}

/* Why a response time is missing depends on what was given. */
static void say_not_there(struct check *c, const struct summary *run) {
    if (run->generators > 1)
        say(c, "Summaries of several load generators have no common percentile.");
    else if (run->computed)
        say(c, "The samples do not hold it.");
    else if (strcmp(run->tool, "k6") == 0)
        say(c, "The summary does not hold it; summaryTrendStats chooses what k6 shows.");
    else
        say(c, "This form of result does not hold it.");
}

static void judge_latency(struct check *c, const struct check_input *in,
                          const struct limit_rule *rule, const struct figure *value,
                          double requests, enum metric m) {
    if (isnan(value->value)) {
        say_not_there(c, in->run);
        return;
    }
    struct measured_value v = shown(value);
    c->value = v.value;
    if (enough(c, in, latency_statistic(m), requests))
        judge(c, &v, rule);
}

static void measure_latency(const struct check_input *in, const struct limit_rule *rule,
                            const struct given *limit, struct judgement *j) {
    enum metric m = latency_metric(rule->metric);
    struct check *c = add_check(j, rule, plain_name(rule->check), limit);
    judge_latency(c, in, rule, &in->run->figure[m], summary_value(in->run, METRIC_REQUESTS), m);
}

static void measure_error_rate(const struct check_input *in, const struct limit_rule *rule,
                               const struct given *limit, struct judgement *j) {
    struct check *c = add_check(j, rule, plain_name(rule->check), limit);
    double n = summary_value(in->run, METRIC_REQUESTS), k = summary_value(in->run, METRIC_FAILED);
    double rate = summary_error_rate(in->run);
    if (isnan(rate)) {
        say(c, n > 0 ? "The result does not count failed requests." : "The run has no requests.");
        return;
    }
    c->value = rate;
    if (!enough(c, in, "error_rate", n))
        return;
    struct measured_value v = exact(round(rate * 1e6) / 1e6); /* ratios: six digits */
    judge(c, &v, rule);
    c->value = rate;
    if (c->status == VERDICT_PASS && check_error_upper(k, n) >= c->limit) {
        c->near_limit = true;
        char share[32];
        say(c, "Not proven: up to %s fits these counts.",
            unit_show_share(check_error_upper(k, n), share, sizeof share));
    }
}

static void measure_failed_checks(const struct check_input *in, const struct limit_rule *rule,
                                  const struct given *limit, struct judgement *j) {
    double failed = summary_value(in->run, METRIC_CHECKS_FAILED);
    double all = failed + summary_value(in->run, METRIC_CHECKS_PASSED);
    if (!(all > 0))
        return; /* a script without checks: nothing was asked */
    struct measured_value v = exact(round(failed / all * 1e6) / 1e6);
    judge(add_check(j, rule, rule->check, limit), &v, rule);
}

static void measure_dropped(const struct check_input *in, const struct limit_rule *rule,
                            const struct given *limit, struct judgement *j) {
    double dropped = summary_value(in->run, METRIC_DROPPED);
    double all = dropped + summary_value(in->run, METRIC_ITERATIONS);
    if (!(all > 0))
        return;
    struct measured_value v = exact(round(dropped / all * 1e6) / 1e6);
    struct check *c = add_check(j, rule, rule->check, limit);
    judge(c, &v, rule);
    if (dropped > 0) {
        char a[32], b[32];
        say(c, "%s of %s iterations.", unit_show(dropped, 0, a, sizeof a),
            unit_show(all, 0, b, sizeof b));
    }
}

/* Drift is not judged here. Asked for: no data. Optional: no row, one remark. */
static void measure_series(const struct check_input *in, const struct limit_rule *rule,
                           const struct given *limit, struct judgement *j) {
    if (!rule->required)
        return;
    struct check *c = add_check(j, rule, rule->check, limit);
    c->limit = NAN;
    c->limit_from[0] = '\0';
    say(c, in->run->series.points ? "Drift is not measured by this version."
                                  : "A summary has no time series: drift is not measured.");
}

/* --- the rate --- */

double planned_until_end(const struct check_input *in) {
    const struct profile *p = in->profile;
    if (!p)
        return NAN;
    double end_s = summary_value(in->run, METRIC_DURATION_S);
    if (isnan(end_s) || end_s >= p->duration_s)
        return p->planned_requests;
    double sum = 0;
    for (int i = 0; i < p->stages && p->stage[i].start_s < end_s; i++) {
        const struct stage *s = &p->stage[i];
        double from = profile_stage_from(p, i);
        double part = fmin(s->duration_s, end_s - s->start_s);
        double to = from + (s->target_rps - from) * part / s->duration_s;
        sum += (from + to) / 2 * part;
    }
    return sum;
}

struct rate {
    double target;   /* RPS that 100 % is */
    double share;    /* reached of it; NAN: unknown */
    double expected; /* requests that 100 % is; NAN without a plan */
    double deficit;  /* requests short of it */
};

/* From a summary alone: successful requests against the planned count, because the tool's own rate
 * has the ramps inside. Without a plan that rate is all there is. */
static bool measure_reached(const struct check_input *in, struct check *c, struct rate *r) {
    double ok = summary_ok_requests(in->run);
    r->expected = planned_until_end(in);
    r->target = in->profile ? in->profile->target_rps : in->target_rps.value;
    if (in->profile && in->model == MODEL_STRESS)
        r->target = in->profile->planned_requests / in->profile->duration_s;
    if (isnan(r->target) || (in->model == MODEL_STRESS && !in->profile)) {
        say(c, "No target: the planned load is not known.");
        return false;
    }
    if (isnan(ok)) {
        say(c, "The summary does not say how many requests were successful.");
        return false;
    }
    if (r->expected > 0) {
        r->share = ok / r->expected;
        r->deficit = r->expected - ok;
        char a[32], b[32];
        say(c, "%s of %s planned.", unit_show(ok, 0, a, sizeof a),
            unit_show(r->expected, 0, b, sizeof b));
        return true;
    }
    double rps = summary_value(in->run, METRIC_RPS) * (1 - summary_error_rate(in->run));
    if (!(r->target > 0) || isnan(rps)) {
        say(c, "The summary does not hold a rate.");
        return false;
    }
    r->share = rps / r->target;
    r->expected =
        summary_value(in->run, METRIC_REQUESTS) * r->target / summary_value(in->run, METRIC_RPS);
    r->deficit = r->expected - ok;
    say(c, "The tool's own rate, ramps inside: the planned load is not known.");
    return true;
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
static void measure_rate(const struct check_input *in, const struct limit_rule *rule,
                         const struct given *limit, struct judgement *j) {
    (void)rule;
    (void)limit;
    if (judgement_find(j, "rps"))
        return;
    bool closed = (in->profile ? in->profile->arrivals : in->arrivals) != ARRIVALS_OPEN;
    const struct limit_rule *low = rate_rule(in, closed);
    if (!low || isnan(low->limit))
        return;
    struct given from = {.value = low->limit};
    rules_place(in->rules, DOC_VALIDATION, low->line, from.from, sizeof from.from);
    struct check *c = add_check(j, low, "rps", &from);
    text_copy(c->unit, sizeof c->unit, "RPS");
    c->limit = NAN;
    struct rate r = {0};
    if (!measure_reached(in, c, &r))
        return;
    c->value = r.share * r.target;
    c->limit = low->limit * r.target;
    c->status = VERDICT_PASS;
    if (judge_too_high(in, c, &r))
        return;
    double guard = in->rules->steady.rate_guard * sqrt(r.expected);
    if (r.share < low->limit)
        c->status = closed || r.deficit > guard ? VERDICT_FAIL : VERDICT_PASS;
    if (c->status == VERDICT_PASS && (r.share < low->limit || r.share < low->near))
        c->near_limit = true;
}

/* --- the table --- */

static const struct {
    const char *metric;
    measure_fn *measure;
} measures[] = {
    {"response_time_p95", measure_latency},   {"response_time_p99", measure_latency},
    {"response_time_mean", measure_latency},  {"error_rate", measure_error_rate},
    {"reached_of_target", measure_rate},      {"reached_of_offered", measure_rate},
    {"failed_checks", measure_failed_checks}, {"dropped_of_planned", measure_dropped},
    {"soak_memory", measure_series},          {"soak_latency", measure_series},
    {"stall_count", measure_series},          {"windows_over_p95_limit", measure_series},
};

static measure_fn *find_measure(const char *metric) {
    for (size_t i = 0; i < sizeof measures / sizeof *measures; i++)
        if (strcmp(measures[i].metric, metric) == 0)
            return measures[i].measure;
    return NULL;
}

static const struct given *given_for(const struct check_input *in, const char *name) {
    const struct {
        const char *name;
        const struct given *given;
    } all[] = {{"p95", &in->p95_ms},
               {"p99", &in->p99_ms},
               {"avg", &in->avg_ms},
               {"error_rate", &in->error_rate}};
    for (size_t i = 0; i < sizeof all / sizeof *all; i++)
        if (strcmp(all[i].name, name) == 0)
            return all[i].given;
    return NULL;
}

static enum plan_key plan_key_for(const char *name) {
    return strcmp(name, "p95") == 0   ? PLAN_P95_MS
           : strcmp(name, "p99") == 0 ? PLAN_P99_MS
           : strcmp(name, "avg") == 0 ? PLAN_AVG_LIMIT_MS
                                      : PLAN_ERROR_RATE;
}

static const struct limit_rule *rule_named(const struct rules *rules, enum model model,
                                           const char *name) {
    for (size_t i = 0; i < rules->limits; i++)
        if (rules->limit[i].model[model] && strcmp(plain_name(rules->limit[i].check), name) == 0)
            return &rules->limit[i];
    return NULL;
}

struct given check_limit(const struct rules *rules, const struct plan *plan, enum model model,
                         const char *check, const struct given *given) {
    struct given out = {.value = NAN};
    if (given && !isnan(given->value))
        return *given;
    if (plan) {
        const struct plan_value *v =
            plan_get(plan, (enum plan_scope)(PLAN_LOAD + (int)model), plan_key_for(check));
        if (v && !isnan(v->value)) {
            out.value = v->value;
            snprintf(out.from, sizeof out.from, "%.120s:%ld", plan->file, v->line);
            return out;
        }
    }
    const struct limit_rule *rule = rule_named(rules, model, check);
    if (rule && !isnan(rule->limit)) {
        out.value = rule->limit;
        rules_place(rules, DOC_VALIDATION, rule->line, out.from, sizeof out.from);
    }
    return out;
}

/* A limit that somebody set for this run is asked for, whatever level the rules give it. */
static void require_if_asked(struct judgement *j, size_t first, const struct rules *rules,
                             const struct given *limit) {
    char place[FROM_MAX_BYTES];
    rules_place(rules, DOC_VALIDATION, 0, place, sizeof place);
    size_t same = strcspn(place, ":");
    if (limit->from[0] && strncmp(limit->from, place, same) != 0)
        for (size_t i = first; i < j->checks; i++)
            j->check[i].required = true;
}

static void add_rule(const struct check_input *in, const struct limit_rule *rule,
                     struct judgement *j) {
    measure_fn *measure = find_measure(rule->metric);
    if (!measure)
        return;
    const char *name = plain_name(rule->check);
    const struct given *given = given_for(in, name);
    struct given limit;
    if (given) {
        limit = check_limit(in->rules, in->plan, in->model, name, given);
    } else {
        limit = (struct given){.value = rule->limit};
        rules_place(in->rules, DOC_VALIDATION, rule->line, limit.from, sizeof limit.from);
    }
    if (isnan(limit.value))
        return; /* the rules name it and nobody set it */
    size_t first = j->checks;
    measure(in, rule, &limit, j);
    if (given)
        require_if_asked(j, first, in->rules, &limit);
}

/* --- limits of single endpoints --- */

static const struct endpoint *find_endpoint(const struct summary *s, const char *name) {
    for (size_t i = 0; i < s->endpoints; i++)
        if (text_same(s->endpoint[i].name, name))
            return &s->endpoint[i];
    return NULL;
}

static void add_endpoint_limit(const struct check_input *in, const struct plan_endpoint *pe,
                               enum plan_key key, const char *check, struct judgement *j) {
    const struct plan_value *v = &pe->value[key];
    const struct limit_rule *rule = rules_limit(in->rules, check);
    if (isnan(v->value) || v->line == 0 || !rule)
        return;
    struct given limit = {.value = v->value};
    snprintf(limit.from, sizeof limit.from, "%.120s:%ld", in->plan->file, v->line);
    char name[SCOPE_MAX_BYTES];
    snprintf(name, sizeof name, "%s:%.200s", check, pe->name);
    struct check *c = add_check(j, rule, name, &limit);
    c->required = true;
    const struct endpoint *p = find_endpoint(in->run, pe->name);
    if (!p) {
        say(c, "The result has no figures of this endpoint; the script must tag its name.");
        return;
    }
    double n = p->figure[METRIC_REQUESTS].value;
    if (key == PLAN_P95_MS) {
        judge_latency(c, in, rule, &p->figure[METRIC_P95_MS], n, METRIC_P95_MS);
        return;
    }
    double rate = n > 0 ? p->figure[METRIC_FAILED].value / n : NAN;
    if (isnan(rate)) {
        say(c, "The result does not count failed requests of this endpoint.");
        return;
    }
    struct measured_value m = exact(round(rate * 1e6) / 1e6);
    c->value = rate;
    if (enough(c, in, "error_rate", n))
        judge(c, &m, rule);
}

void checks_add_all(const struct check_input *in, struct judgement *j) {
    for (size_t i = 0; i < in->rules->limits; i++)
        if (in->rules->limit[i].model[in->model])
            add_rule(in, &in->rules->limit[i], j);
    for (size_t i = 0; in->plan && i < in->plan->endpoints; i++) {
        add_endpoint_limit(in, &in->plan->endpoint[i], PLAN_P95_MS, "p95", j);
        add_endpoint_limit(in, &in->plan->endpoint[i], PLAN_ERROR_RATE, "error_rate", j);
    }
}

/* Endpoints: their own limits in the plan, and what the whole hides. 96 % of requests at 100 ms and
 * 4 % at 2000 ms: p95 of the whole is 100 ms, and one endpoint is 20 times over. */
#include <math.h>
#include <stdio.h>

#include "base/text.h"
#include "base/unit.h"
#include "check/rows.h"

static const struct endpoint *find_endpoint(const struct summary *s, const char *name) {
    for (size_t i = 0; i < s->endpoints; i++)
        if (text_same(s->endpoint[i].name, name))
            return &s->endpoint[i];
    return NULL;
}

static double requests_of(const struct check_input *in, const struct endpoint *p, bool whole) {
    double steady = p->steady[METRIC_REQUESTS];
    bool known = judged_stretch(in) && !whole && !isnan(steady);
    return known ? steady : p->figure[METRIC_REQUESTS].value;
}

static void judge_latency(struct check *c, const struct check_input *in,
                          const struct limit_rule *rule, const struct endpoint *p) {
    struct judged_figure value = judged_endpoint_figure(in, p, METRIC_P95_MS);
    latency_judge(c, in, rule, &value, requests_of(in, p, value.whole), METRIC_P95_MS);
}

static void judge_errors(struct check *c, const struct check_input *in,
                         const struct limit_rule *rule, const struct endpoint *p) {
    struct judged_counts n = judged_endpoint_counts(in, p);
    if (!(n.requests > 0) || isnan(n.failed))
        row_say(c, "The result does not count failed requests of this endpoint.");
    else
        errors_judge(c, in, rule, &n);
}

static void add_limit(const struct check_input *in, const struct plan_endpoint *pe,
                      enum plan_key key, const char *check, struct judgement *j) {
    const struct plan_value *v = &pe->value[key];
    const struct limit_rule *rule = rules_limit(in->rules, check);
    if (isnan(v->value) || v->line == 0 || !rule)
        return;
    struct given limit = {.value = v->value};
    snprintf(limit.from, sizeof limit.from, "%.120s:%ld", in->plan->file, v->line);
    char name[SCOPE_MAX_BYTES];
    snprintf(name, sizeof name, "%s:%.200s", check, pe->name);
    struct check *c = row_add(j, rule, name, &limit);
    c->required = true;
    const struct endpoint *p = find_endpoint(in->run, pe->name);
    if (!p)
        row_say(c, "The result has no figures of this endpoint; the script must tag its name.");
    else if (key == PLAN_P95_MS)
        judge_latency(c, in, rule, p);
    else
        judge_errors(c, in, rule, p);
}

void endpoints_add_limits(const struct check_input *in, struct judgement *j) {
    for (size_t i = 0; in->plan && i < in->plan->endpoints; i++) {
        add_limit(in, &in->plan->endpoint[i], PLAN_P95_MS, "p95", j);
        add_limit(in, &in->plan->endpoint[i], PLAN_ERROR_RATE, "error_rate", j);
    }
}

/* --- the whole passes only if they do --- */

static bool has_own_limit(const struct check_input *in, const struct endpoint *p) {
    for (size_t i = 0; in->plan && i < in->plan->endpoints; i++) {
        const struct plan_value *v = &in->plan->endpoint[i].value[PLAN_P95_MS];
        if (text_same(in->plan->endpoint[i].name, p->name))
            return !isnan(v->value) && v->line != 0;
    }
    return false;
}

static bool breaks(const struct check_input *in, const struct endpoint *p, const struct check *c,
                   double *p95_ms) {
    const struct sample_rule *samples = rules_sample(in->rules, "p95");
    struct judged_figure value = judged_endpoint_figure(in, p, METRIC_P95_MS);
    *p95_ms = value.is.value;
    return !p->transaction && !(samples && !(requests_of(in, p, value.whole) >= samples->least)) &&
           value_breaks(&value.is, c->op, c->limit) && !has_own_limit(in, p);
}

static struct check *find_row(struct judgement *j, const char *metric) {
    const struct check *c = judgement_find(j, metric);
    return c ? &j->check[c - j->check] : NULL;
}

void endpoints_hold_p95(const struct check_input *in, struct judgement *j) {
    struct check *c = find_row(j, "p95");
    const struct endpoint *worst = NULL;
    double worst_ms = 0, p95_ms;
    size_t over = 0;
    if (!c || isnan(c->limit) || in->model == MODEL_STRESS)
        return;
    for (size_t i = 0; i < in->run->endpoints; i++) {
        if (!breaks(in, &in->run->endpoint[i], c, &p95_ms))
            continue;
        over++;
        if (p95_ms > worst_ms) {
            worst = &in->run->endpoint[i];
            worst_ms = p95_ms;
        }
    }
    if (!worst)
        return;
    char ms[32];
    c->near_limit = false;
    c->status = VERDICT_FAIL;
    row_say(c,
            over > 1 ? "%zu endpoints are over it, the worst is %.80s with %s."
                     : "%zu endpoint is over it: %.80s with %s.",
            over, worst->name, unit_show_ms(worst_ms, ms, sizeof ms));
}

/* The run against its baseline: a verdict at the same load only, as queueing slows any server. */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "base/text.h"
#include "base/unit.h"
#include "check/rows.h"

/* What a comparison needs of each side: of its steady state where there is one. */
struct side {
    double p95_ms, rps, requests, length_s;
};

static struct side side_of(const struct summary *s, const struct stretch *x) {
    if (x && !isnan(x->value[METRIC_P95_MS]))
        return (struct side){x->value[METRIC_P95_MS],
                             x->value[METRIC_REQUESTS] / stretch_length_s(x),
                             x->value[METRIC_REQUESTS], stretch_length_s(x)};
    return (struct side){summary_value(s, METRIC_P95_MS), summary_value(s, METRIC_RPS),
                         summary_value(s, METRIC_REQUESTS), summary_value(s, METRIC_DURATION_S)};
}

/* Why the two cannot be judged; false: they can. */
static bool why_not(const struct check_input *in, const struct side *run, const struct side *base,
                    char *out, size_t size) {
    const struct compare_rules *r = &in->rules->compare;
    char a[32], b[32], least[32];
    double load = value_ratio(fabs(run->rps / base->rps - 1)).value;
    double requests = fmin(run->requests, base->requests);
    unit_show_short(run->rps, 1, a, sizeof a);
    unit_show_short(base->rps, 1, b, sizeof b);
    if (!(load <= r->same_load))
        snprintf(out, size, "the load is another one, %s RPS against %s", a, b);
    else if (strcmp(in->run->tool, in->baseline->tool) != 0)
        snprintf(out, size, "another load tool measured it");
    else if (!(fmin(run->length_s, base->length_s) >= r->hold_least_s))
        snprintf(out, size, "one of them is shorter than %s",
                 unit_show_clock(r->hold_least_s, least, sizeof least));
    else if (!(requests >= r->samples_least))
        snprintf(out, size, "one of them has fewer than %s requests",
                 unit_show(r->samples_least, 0, least, sizeof least));
    else
        return false;
    return true;
}

static void show_only(struct judgement *j, const struct side *run, const struct side *base,
                      const char *why) {
    char a[32], b[32];
    findings_add(&j->findings, FINDING_INFO, "against-baseline",
                 "p95 is %.2f times the baseline's (%s against %s). Not judged: %s.",
                 run->p95_ms / base->p95_ms, unit_show_ms(run->p95_ms, a, sizeof a),
                 unit_show_ms(base->p95_ms, b, sizeof b), why);
}

static void judge_ratio(const struct check_input *in, struct judgement *j, const struct side *run,
                        const struct side *base) {
    const struct compare_rules *r = &in->rules->compare;
    const struct limit_rule rule = {
        .op = OP_LESS_EQUAL, .limit = r->fail_ratio, .near = r->warn_ratio};
    struct given limit = {.value = r->fail_ratio};
    rules_place(in->rules, DOC_VALIDATION, 0, limit.from, sizeof limit.from);
    struct check *c = row_add(j, &rule, "p95_of_baseline", &limit);
    struct measured_value ratio = value_ratio(run->p95_ms / base->p95_ms);
    row_judge(c, &ratio, &rule);
    if (c->status == VERDICT_FAIL && !(run->p95_ms - base->p95_ms > r->fail_at_least_ms)) {
        c->status = VERDICT_PASS;
        c->near_limit = true;
    }
    char a[32], b[32];
    row_say(c, "%s against %s of the baseline.", unit_show_ms(run->p95_ms, a, sizeof a),
            unit_show_ms(base->p95_ms, b, sizeof b));
}

void baseline_compare(const struct check_input *in, struct judgement *j) {
    if (!in->baseline || in->model == MODEL_STRESS)
        return;
    char why[120];
    struct side run = side_of(in->run, judged_stretch(in));
    struct side base = side_of(in->baseline, summary_steady(in->baseline));
    if (!(run.p95_ms > 0 && base.p95_ms > 0))
        return;
    if (why_not(in, &run, &base, why, sizeof why))
        show_only(j, &run, &base, why);
    else
        judge_ratio(in, j, &run, &base);
}

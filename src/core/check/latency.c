/* p95, p99 and average: how sure they are, and whether they keep their limit. */
#include <math.h>
#include <string.h>

#include "base/text.h"
#include "base/unit.h"
#include "check/rows.h"

static enum metric metric_of(const char *rule_metric) {
    return text_ends(rule_metric, "_p95")   ? METRIC_P95_MS
           : text_ends(rule_metric, "_p99") ? METRIC_P99_MS
                                            : METRIC_AVG_MS;
}

static const char *statistic(enum metric m) {
    return m == METRIC_P95_MS ? "p95" : m == METRIC_P99_MS ? "p99" : "mean";
}

/* Why a response time is missing depends on what was given. */
static void say_not_there(struct check *c, const struct summary *run) {
    if (run->generators > 1)
        row_say(c, "Summaries of several load generators have no common percentile.");
    else if (run->computed)
        row_say(c, "The samples do not hold it.");
    else if (strcmp(run->tool, "k6") == 0)
        row_say(c, "The summary does not hold it; summaryTrendStats chooses what k6 shows.");
    else
        row_say(c, "This form of result does not hold it.");
}

void latency_judge(struct check *c, const struct check_input *in, const struct limit_rule *rule,
                   const struct judged_figure *value, double requests, enum metric m) {
    if (isnan(value->is.value)) {
        say_not_there(c, in->run);
        return;
    }
    c->value = value->is.value;
    if (row_enough(c, in, statistic(m), requests))
        row_judge(c, &value->is, rule);
    row_say_whole(c, value->whole);
}

/* Half the interval that five equal windows give; NAN when one of them has no p95. */
static double half_width(const struct stretch *x, double t) {
    double mean = 0, squares = 0;
    for (int i = 0; i < FIFTHS; i++)
        mean += x->fifth_p95_ms[i] / FIFTHS;
    for (int i = 0; i < FIFTHS; i++)
        squares += (x->fifth_p95_ms[i] - mean) * (x->fifth_p95_ms[i] - mean);
    return t * sqrt(squares / (FIFTHS - 1)) / sqrt(FIFTHS);
}

/* Requests that wait in one queue are alike, so the interval by ranks alone is too narrow. The
 * wider of both counts. */
static void set_interval(struct check *c, const struct stretch *x,
                         const struct steady_rules *rules) {
    double half = half_width(x, rules->interval_t);
    double low = fmin(x->p95_low_ms, c->value - half);
    double high = fmax(x->p95_high_ms, c->value + half);
    c->low = isnan(low) ? (double)NAN : fmax(0, low);
    c->high = isfinite(high) ? high : (double)NAN;
}

static void say_close(struct check *c) {
    bool judged = c->status == VERDICT_PASS || c->status == VERDICT_FAIL;
    if (!judged || !(c->low <= c->limit && c->limit <= c->high))
        return;
    char low[32], high[32];
    c->near_limit = c->status == VERDICT_PASS;
    row_say(c, "Close to the limit: 95 %% interval %s to %s; a longer run narrows it.",
            unit_show_ms(c->low, low, sizeof low), unit_show_ms(c->high, high, sizeof high));
}

static void halves_finding(const struct check_input *in, struct judgement *j,
                           const struct stretch *x) {
    double first = x->half_p95_ms[0], second = x->half_p95_ms[1];
    double ratio = value_ratio(fmax(first, second) / fmin(first, second)).value;
    if (!(first > 0 && second > 0) || !(ratio > 1 + in->rules->steady.halves_differ))
        return;
    char a[32], b[32];
    findings_add(&j->findings, FINDING_WARNING, "not-steady",
                 "Not steady: p95 is %s in the first half of the steady state and %s in the "
                 "second.",
                 unit_show_ms(first, a, sizeof a), unit_show_ms(second, b, sizeof b));
}

/* How sure the p95 of the steady state is. */
static void judge_certainty(const struct check_input *in, struct judgement *j, struct check *c,
                            const struct stretch *x) {
    if (x->estimated)
        row_say(c, "Estimated from its pieces of time; there are no single requests.");
    set_interval(c, x, &in->rules->steady);
    say_close(c);
    halves_finding(in, j, x);
}

void measure_latency(const struct check_input *in, const struct limit_rule *rule,
                     const struct given *limit, struct judgement *j) {
    enum metric m = metric_of(rule->metric);
    struct check *c = row_add(j, rule, row_name(rule->check), limit);
    struct judged_figure value = judged_figure(in, m);
    const struct stretch *x = judged_stretch(in);
    double requests =
        x && !value.whole ? x->value[METRIC_REQUESTS] : summary_value(in->run, METRIC_REQUESTS);
    latency_judge(c, in, rule, &value, requests, m);
    if (x && !value.whole && m == METRIC_P95_MS)
        judge_certainty(in, j, c, x);
}

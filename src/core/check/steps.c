#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "base/text.h"
#include "base/unit.h"
#include "check/check_parts.h"

void step_add(struct judgement *j, const char *fmt, ...) {
    if (j->steps == STEPS_MAX)
        return;
    va_list ap;
    va_start(ap, fmt);
    vsnprintf(j->step[j->steps], sizeof j->step[j->steps], fmt, ap);
    va_end(ap);
    j->steps++;
}

static const char passed[] = "Test successful. Ready for deployment/higher load.";
static const char failed[] = "Bottleneck detected. Check logs/metrics.";

static void sentence(struct judgement *j, const char *fmt, ...)
    __attribute__((format(printf, 2, 3)));
static void sentence(struct judgement *j, const char *fmt, ...) {
    if (!j->sentence[0]) { /* INVALID has set its own */
        va_list ap;
        va_start(ap, fmt);
        vsnprintf(j->sentence, sizeof j->sentence, fmt, ap);
        va_end(ap);
    }
}

/* How far the tightest limit is away: what the next test can be. */
static void headroom_step(struct judgement *j) {
    const struct check *p95 = judgement_find(j, "p95");
    if (p95 && p95->status == VERDICT_PASS && p95->limit > 0)
        step_add(j, "p95 is at %.0f %% of its limit.", 100 * p95->value / p95->limit);
}

static void pass_steps(const struct check_input *in, struct judgement *j) {
    sentence(j, "%s", passed);
    step_add(j, "%s", passed);
    headroom_step(j);
    if (in->model == MODEL_STRESS)
        step_add(j, "The breaking point is not measured: a summary has no steps.");
    for (size_t i = 0; i < j->checks; i++)
        if (j->check[i].near_limit)
            step_add(j, "%s is near its limit.%s%s", j->check[i].metric,
                     j->check[i].why[0] ? " " : "", j->check[i].why);
}

static void frequent_error(const struct summary *run, struct judgement *j) {
    char count[32], all[32];
    step_add(j, "The most frequent failure (%s of %s) is \"%.160s\": read the server's log for it.",
             unit_show(run->error[0].count, 0, count, sizeof count),
             unit_show(summary_value(run, METRIC_FAILED), 0, all, sizeof all), run->error[0].text);
}

static void fail_steps(const struct check_input *in, struct judgement *j) {
    sentence(j, "%s", failed);
    step_add(j, "%s", failed);
    for (size_t i = 0; i < j->causes; i++) {
        const struct cause *c = &j->cause[i];
        step_add(j, "%s %s: %s.", c->id, c->name, c->look_next);
    }
    if (j->causes)
        return;
    const struct check *errors = judgement_find(j, "error_rate");
    if (errors && errors->status == VERDICT_FAIL && in->run->errors)
        frequent_error(in->run, j);
    else if (errors && errors->status == VERDICT_FAIL)
        step_add(j, "A summary does not say which errors: read the server's log of the run, or "
                    "look at the status column of the CSV.");
    else
        step_add(j, "The figures do not point at one cause: look at the server's CPU, pools and "
                    "log of the run.");
}

static const struct check *first_missing(const struct judgement *j) {
    for (size_t i = 0; i < j->checks; i++)
        if (j->check[i].required && j->check[i].status == VERDICT_NO_DATA)
            return &j->check[i];
    return NULL;
}

/* Which file of the tool holds percentiles. */
static void missing_percentile(const struct check_input *in, struct judgement *j,
                               const struct check *c) {
    const char *tool = in->run->tool;
    if (in->run->generators > 1)
        step_add(j, "Give the single requests of each load generator: k6 CSV, JTL, or Locust's "
                    "--json.");
    else if (strcmp(tool, "locust") == 0)
        step_add(j, "Give _stats.csv, the final table or --json of the same run: they hold %s.",
                 c->metric);
    else if (strcmp(tool, "jmeter") == 0)
        step_add(j, "Give the JTL of the same run (jmeter -l FILE): it holds every response time.");
    else
        step_add(j, "Run again with %s in summaryTrendStats, or keep the CSV.", c->metric);
}

/* The smallest addition that would turn NO DATA into an answer. */
static void missing_step(const struct check_input *in, struct judgement *j, const struct check *c) {
    if (strcmp(c->metric, "rps") == 0 && isnan(c->limit))
        step_add(j, "Give the planned load (--plan, --dir) or a target (--rps).");
    else if (strcmp(c->metric, "latency_drift") == 0)
        step_add(j, "Drift needs a time series: keep the CSV that the command writes.");
    else if (text_starts(c->why, "It has "))
        step_add(j, "Run longer: %s %s", c->metric, c->why + strlen("It "));
    else if (text_starts(c->metric, "p9"))
        missing_percentile(in, j, c);
    else if (strcmp(c->metric, "error_rate") == 0)
        step_add(j,
                 "Failed requests are counted by %s from a newer version on; update it and run "
                 "again.",
                 in->run->tool[0] ? in->run->tool : "the tool");
    else
        step_add(j, "%s: %s", c->metric, c->why);
}

static void no_data_steps(const struct check_input *in, struct judgement *j) {
    const struct check *c = first_missing(j);
    if (!c)
        return;
    if (text_starts(c->why, "It has")) {
        double n = summary_value(in->run, METRIC_REQUESTS);
        const struct sample_rule *rule = rules_sample(in->rules, c->metric);
        char have[32], need[32];
        sentence(j, "No verdict: %s has %s requests, needs %s.", c->metric,
                 unit_show(n, 0, have, sizeof have),
                 unit_show(rule ? rule->least : NAN, 0, need, sizeof need));
    } else {
        sentence(j, "No verdict: %s has no data. %s", c->metric, c->why);
    }
    step_add(j, "%s", j->sentence);
    for (size_t i = 0; i < j->checks; i++)
        if (j->check[i].required && j->check[i].status == VERDICT_NO_DATA)
            missing_step(in, j, &j->check[i]);
}

void steps_add(const struct check_input *in, struct judgement *j) {
    switch (j->verdict) {
    case VERDICT_PASS:
        pass_steps(in, j);
        break;
    case VERDICT_FAIL:
        fail_steps(in, j);
        break;
    case VERDICT_NO_DATA:
        no_data_steps(in, j);
        break;
    case VERDICT_INVALID: /* invalid_run() has said what to change */
        break;
    }
}

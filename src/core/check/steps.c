#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "base/text.h"
#include "base/unit.h"
#include "check/evidence.h"
#include "check/steps.h"

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

/* How far the limit is away: what the next test can be. */
static void headroom_step(struct judgement *j) {
    const struct check *p95 = judgement_find(j, "p95");
    char headroom[32];
    if (p95 && p95->status == VERDICT_PASS && p95->limit > 0 && p95->value > 0)
        step_add(j, "p95 is at %.0f %% of its limit: headroom %s.", 100 * p95->value / p95->limit,
                 unit_show_short(p95->limit / p95->value, 2, headroom, sizeof headroom));
}

/* "It has 1,050 requests, needs 3,500." in a row's why. */
static bool samples_missing(const struct check *c, double *has, double *needs) {
    const char *at = strstr(c->why, "It has ");
    char plain[sizeof c->why];
    size_t n = 0;
    for (; at && *at; at++)
        if (*at != ',' || at[1] == ' ')
            plain[n++] = *at;
    plain[n] = '\0';
    return sscanf(plain, "It has %lf requests, needs %lf", has, needs) == 2 && *needs > *has;
}

/* With the same load, a longer run. */
static void more_requests_step(const struct check_input *in, struct judgement *j,
                               const struct check *c) {
    struct judged_window w = judged_window(in);
    double has, needs, length_s = w.to_s - w.from_s;
    char more[32], rerun[64] = "run longer";
    if (!samples_missing(c, &has, &needs))
        return;
    if (length_s > 0 && has > 0)
        snprintf(rerun, sizeof rerun,
                 w.steady ? "rerun with a %.0f s hold (it has %.0f)"
                          : "rerun for %.0f s (it has %.0f)",
                 10 * ceil(length_s * needs / has / 10), length_s);
    step_add(j, "%s more request%s for %s: %s.", unit_show(needs - has, 0, more, sizeof more),
             needs - has == 1 ? "" : "s", c->metric, rerun);
}

/* A limit that the rules do not require, and too few requests to judge it. */
static void optional_steps(const struct check_input *in, struct judgement *j) {
    for (size_t i = 0; i < j->checks; i++)
        if (j->check[i].status == VERDICT_NO_DATA && !j->check[i].required)
            more_requests_step(in, j, &j->check[i]);
}

static void pass_steps(const struct check_input *in, struct judgement *j) {
    sentence(j, "%s", passed);
    step_add(j, "%s", passed);
    headroom_step(j);
    if (in->model == MODEL_STRESS)
        stress_pass_steps(j);
    soak_pass_steps(in, j);
    for (size_t i = 0; i < j->checks; i++)
        if (j->check[i].near_limit)
            step_add(j, "%s is near its limit.%s%s", j->check[i].metric,
                     j->check[i].why[0] ? " " : "", j->check[i].why);
    optional_steps(in, j);
    soak_memory_steps(in, j);
}

static void frequent_error(const struct summary *run, struct judgement *j) {
    char count[32], all[32];
    step_add(j, "The most frequent failure (%s of %s) is \"%.160s\": read the server's log for it.",
             unit_show(run->error[0].count, 0, count, sizeof count),
             unit_show(summary_value(run, METRIC_FAILED), 0, all, sizeof all), run->error[0].text);
}

static void cause_step(struct judgement *j, const struct cause *c) {
    if (c->excludes[0])
        step_add(j, "%s %s: %s. Excludes %s.", c->id, c->name, c->look_next, c->excludes);
    else
        step_add(j, "%s %s: %s.", c->id, c->name, c->look_next);
}

/* No row fits: only what the figures say. */
static void no_cause_step(const struct check_input *in, struct judgement *j) {
    const struct check *errors = judgement_find(j, "error_rate");
    const struct check *rate = judgement_find(j, "rps");
    bool failing = errors && errors->status == VERDICT_FAIL;
    if (failing && in->run->errors)
        frequent_error(in->run, j);
    else if (failing)
        step_add(j, "A summary does not say which errors: read the server's log of the run, or "
                    "look at the status column of the CSV.");
    else if (rate && rate->status == VERDICT_FAIL && rate->op == OP_LESS_EQUAL)
        step_add(j, "More was sent than planned: look at the rate that the script asks for.");
    else if (!j->has_soak || j->soak.latency.answer != SOAK_DRIFT)
        step_add(j, "The figures do not point at one cause: look at the server's CPU, pools and "
                    "log of the run.");
}

static void fail_steps(const struct check_input *in, struct judgement *j) {
    sentence(j, "%s", failed);
    step_add(j, "%s", failed);
    stress_fail_steps(j);
    soak_fail_steps(j);
    for (size_t i = 0; i < j->causes; i++)
        cause_step(j, &j->cause[i]);
    if (j->causes == 0)
        no_cause_step(in, j);
    onset_step(in, j);
    saturation_steps(in, j);
    stress_repeat_step(j);
    soak_memory_steps(in, j);
}

const struct check *steps_first_missing(const struct judgement *j) {
    for (size_t i = 0; i < j->checks; i++)
        if (j->check[i].required && j->check[i].status == VERDICT_NO_DATA &&
            !j->check[i].waived_by[0])
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
    double has, needs;
    if (strcmp(c->metric, "rps") == 0 && isnan(c->limit))
        step_add(j, "Give the planned load (--plan, --dir) or a target (--rps).");
    else if (strcmp(c->metric, "latency_drift") == 0 && !j->has_soak)
        step_add(j, "Drift needs a time series: keep the CSV that the command writes.");
    else if (strcmp(c->metric, "latency_drift") == 0)
        step_add(j, "Drift of p95: cannot tell, %s.", j->soak.latency.why);
    else if (samples_missing(c, &has, &needs))
        more_requests_step(in, j, c);
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

void steps_say_no_data(struct judgement *j, const struct check *c) {
    double has, needs;
    char a[32], b[32];
    if (samples_missing(c, &has, &needs))
        sentence(j, "No verdict: %s has %s requests, needs %s.", c->metric,
                 unit_show(has, 0, a, sizeof a), unit_show(needs, 0, b, sizeof b));
    else
        sentence(j, "No verdict: %s has no data. %s", c->metric, c->why);
}

static void no_data_steps(const struct check_input *in, struct judgement *j) {
    const struct check *c = steps_first_missing(j);
    if (j->has_stress)
        sentence(j, "No verdict: these steps do not show where it breaks.");
    else if (c)
        steps_say_no_data(j, c);
    else
        return;
    step_add(j, "%s", j->sentence);
    if (j->has_stress)
        stress_no_data_steps(j);
    for (size_t i = 0; i < j->checks && !j->has_stress; i++)
        if (j->check[i].required && j->check[i].status == VERDICT_NO_DATA)
            missing_step(in, j, &j->check[i]);
    soak_memory_steps(in, j);
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

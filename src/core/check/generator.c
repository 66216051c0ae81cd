/* Signs that the load machine was the limit (references/diagnosis.md, D01, D03, D04), and that the
 * load was never there. */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "base/unit.h"
#include "check/check_parts.h"

void step_more_machines(struct judgement *j) {
    step_add(j, "Use more cores or a second load machine; Load generator (3) counts them.");
}

void step_find_pauses(struct judgement *j) {
    step_add(j, "Look for slow code or undeclared pauses in the script, or give the pauses with "
                "--think.");
}

/* --- D01: its CPU --- */

/* Locust says so itself. */
static bool log_says_cpu(const struct check_input *in) {
    return strstr(in->run->generator, "CPU usage") != NULL;
}

static bool measured_cpu_full(const struct check_input *in, struct judgement *j, double cpu) {
    char share[32];
    unit_show_share(cpu, share, sizeof share);
    if (cpu > in->rules->margin.cpu_invalid) {
        invalid_say(j, "Run invalid: the load generator was the limit. Its CPU was at %s.", share);
        cause_add(in, j, "D01", "CPU of the load machine at %s in the steady state", share);
        step_add(j, "This run says nothing about the server: the load machine's CPU was at %s.",
                 share);
        step_more_machines(j);
        return true;
    }
    if (cpu > in->rules->margin.cpu_warn)
        findings_add(&j->findings, FINDING_WARNING, "generator-cpu",
                     "The load machine's CPU was at %s in the steady state.", share);
    return false;
}

bool generator_cpu_full(const struct check_input *in, struct judgement *j) {
    const struct stretch *x = judged_stretch(in);
    if (x && !isnan(x->generator_cpu))
        return measured_cpu_full(in, j, x->generator_cpu);
    if (!log_says_cpu(in))
        return false;
    invalid_say(j, "Run invalid: the load generator was the limit. Its log says \"%.120s\".",
                in->run->generator);
    cause_add(in, j, "D01", "log: %s", in->run->generator);
    step_add(j, "This run says nothing about the server: the log says \"%.120s\".",
             in->run->generator);
    step_more_machines(j);
    findings_add(&j->findings, FINDING_WARNING, "generator-limit", "Load machine: %s",
                 in->run->generator);
    return true;
}

/* --- D03: its time --- */

/* Share of the users' time that responses and pauses account for; NAN: cannot be said. */
static double accounted_time(const struct check_input *in, const struct stretch *x) {
    double think = run_think_ms(in), mean = x->value[METRIC_AVG_MS];
    double each_s = (mean + think / run_requests_per_iteration(in)) / 1000;
    double length_s = stretch_length_s(x);
    bool many = x->vus * length_s / each_s >= in->rules->stress.law_requests;
    return many ? x->value[METRIC_REQUESTS] / length_s * each_s / x->vus : (double)NAN;
}

bool generator_time_lost(const struct check_input *in, struct judgement *j) {
    const struct stretch *x = judged_stretch(in);
    if (!x || run_arrivals(in) != ARRIVALS_CLOSED)
        return false;
    double law = accounted_time(in, x);
    if (!(law < in->rules->stress.law_least))
        return false;
    invalid_say(j,
                "Run invalid: the load generator was the limit. %.0f %% of the users' time is "
                "neither response nor pause.",
                100 * (1 - law));
    cause_add(in, j, "D03", "responses and pauses are %.0f %% of the users' time", 100 * law);
    step_add(j,
             "This run says nothing about the server: %.0f %% of the users' time is neither "
             "response nor pause.",
             100 * (1 - law));
    step_find_pauses(j);
    return true;
}

/* --- D04: limits of its system --- */

/* Words of the load machine. Java's own could be the server's in the text of an answer: there they
 * count only beside JMeter's words for a request that got none. */
static const struct {
    const char *words;
    bool java;
} limits[] = {
    {"too many open files", false},
    {"cannot assign requested address", false},
    {"OutOfMemoryError", true},
    {"unable to create new native thread", true},
    {"unable to create native thread", true},
};

static bool names_limit(const char *text) {
    bool no_answer = strcasestr(text, "non http response") != NULL;
    for (size_t i = 0; i < sizeof limits / sizeof *limits; i++)
        if (strcasestr(text, limits[i].words) && (no_answer || !limits[i].java))
            return true;
    return false;
}

static const char *limit_in_errors(const struct summary *run) {
    for (size_t i = 0; i < run->errors; i++)
        if (run->error[i].count > 0 && names_limit(run->error[i].text))
            return run->error[i].text;
    return NULL;
}

bool generator_limits(const struct check_input *in, struct judgement *j) {
    bool in_log = in->run->generator[0] && summary_value(in->run, METRIC_FAILED) > 0;
    const char *from = in_log ? "Its log says" : "A failed request says";
    const char *words = in_log ? in->run->generator : limit_in_errors(in->run);
    if (!words)
        return false;
    invalid_say(j, "Run invalid: the load generator was the limit. %s \"%.120s\".", from, words);
    cause_add(in, j, "D04", "%s: %.200s", in_log ? "log" : "failed requests", words);
    step_add(j, "This run says nothing about the server: %s says \"%.120s\".",
             in_log ? "the log" : "a failed request", words);
    step_add(j, "Raise the limit on the load machine; Load generator (3) names it.");
    findings_add(&j->findings, FINDING_WARNING, "generator-limit", "Load machine: %s", words);
    return true;
}

/* --- the load was never there --- */

/* Is it certain that the run was open? Without a plan only dropped iterations tell. */
static bool surely_open(const struct check_input *in) {
    return in->profile
               ? in->profile->arrivals == ARRIVALS_OPEN
               : in->arrivals == ARRIVALS_OPEN && summary_value(in->run, METRIC_DROPPED) > 0;
}

/* All iterations started: then a script that sends fewer requests than planned is the reason, or
 * failures that end an iteration early. */
static bool all_iterations_started(const struct check_input *in, double share) {
    double dropped = summary_value(in->run, METRIC_DROPPED);
    double started = summary_value(in->run, METRIC_ITERATIONS) + (isnan(dropped) ? 0 : dropped);
    return started >= share * planned_until_end(in) / run_requests_per_iteration(in);
}

static bool open_never_offered(const struct check_input *in, struct judgement *j,
                               const struct stretch *x) {
    const struct limit_rule *rule = rules_limit(in->rules, "rps");
    double target = in->profile ? in->profile->target_rps : in->target_rps.value;
    double length_s = stretch_length_s(x), expected = target * length_s;
    double dropped = isnan(x->dropped) ? 0 : x->dropped * run_requests_per_iteration(in);
    double offered = x->value[METRIC_REQUESTS] + dropped, short_of = expected - offered;
    char a[32], b[32];
    if (!rule || !(offered < rule->limit * expected) || all_iterations_started(in, rule->limit) ||
        !(short_of > in->rules->steady.rate_guard * sqrt(expected)))
        return false;
    unit_show_short(offered / length_s, 1, a, sizeof a);
    unit_show_short(target, 1, b, sizeof b);
    invalid_say(j, "Run invalid: the load was never offered. %s of %s RPS were sent.", a, b);
    cause_add(in, j, "D39", "%s of %s RPS sent in the steady state, dropped ones counted", a, b);
    step_add(j, "This run says nothing about the server at %s RPS: %s RPS were sent.", b, a);
    step_add(j,
             "Compare the rate in the script with the plan, and look at the load machine's CPU.");
    return true;
}

static bool users_missing(const struct check_input *in, struct judgement *j,
                          const struct stretch *x) {
    static const double least = 0.9;
    const struct profile *p = in->profile;
    char a[32], b[32];
    if (!p || p->users <= 0 || !(x->vus < least * p->users))
        return false;
    unit_show_short(x->vus, 1, a, sizeof a);
    unit_show(p->users, 0, b, sizeof b);
    invalid_say(j, "Run invalid: the load was never offered. %s of %s VUs ran.", a, b);
    cause_add(in, j, "D39", "%s of %s planned VUs in the steady state", a, b);
    step_add(j, "This run says nothing about the server under the planned load: %s of %s VUs ran.",
             a, b);
    step_add(j, "Start %s VUs and run again.", b);
    return true;
}

bool never_offered(const struct check_input *in, struct judgement *j) {
    const struct stretch *x = judged_stretch(in);
    if (!x)
        return false;
    if (run_arrivals(in) != ARRIVALS_OPEN)
        return users_missing(in, j, x);
    return surely_open(in) && open_never_offered(in, j, x);
}

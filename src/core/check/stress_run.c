/* A run of rising steps to the room that finds where it breaks, and its answer to rows of checks.
 */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/text.h"
#include "base/unit.h"
#include "check/check_parts.h"

/* --- the steps ------------------------------------------------------------------------------- */

static const struct stage *stage_named(const struct profile *p, const char *name) {
    for (int i = 0; p && i < p->stages; i++)
        if (strcmp(p->stage[i].name, name) == 0)
            return &p->stage[i];
    return NULL;
}

/* What was offered: as the source says, else as planned; VUs where nothing else is known. */
static double load_of(const struct check_input *in, const struct stretch *s) {
    const struct stage *planned = stage_named(in->profile, s->name);
    if (!isnan(s->load))
        return s->load;
    if (planned)
        return in->profile->arrivals == ARRIVALS_CLOSED ? planned->vus : planned->target_rps;
    return s->vus;
}

static struct stress_step step_of(const struct check_input *in, const struct stretch *s) {
    double requests = s->value[METRIC_REQUESTS], failed = s->value[METRIC_FAILED];
    return (struct stress_step){
        .number = atoi(s->name + strlen("step ")),
        .from_s = s->from_s,
        .to_s = s->to_s,
        .load = load_of(in, s),
        .window_s = isnan(s->window_s) ? s->to_s - s->from_s : s->window_s,
        .requests = requests,
        .ok = isnan(failed) ? requests : requests - failed,
        .mean_ms = s->value[METRIC_AVG_MS],
        .p95_ms = s->value[METRIC_P95_MS],
        .p99_ms = s->value[METRIC_P99_MS],
        .dropped = s->dropped,
        .vus = s->vus,
        .generator_cpu = s->generator_cpu,
    };
}

static size_t collect(const struct check_input *in, struct stress_step *out) {
    size_t n = 0;
    for (size_t i = 0; i < in->run->stretches && n < STRESS_STEPS_MAX; i++)
        if (text_starts(in->run->stretch[i].name, "step "))
            out[n++] = step_of(in, &in->run->stretch[i]);
    return n;
}

/* Steps that were found by their VUs have no load of their own, and no plan. */
static bool is_open(const struct check_input *in) {
    if (in->profile)
        return in->profile->arrivals != ARRIVALS_CLOSED;
    for (size_t i = 0; i < in->run->stretches; i++)
        if (text_starts(in->run->stretch[i].name, "step ") && isnan(in->run->stretch[i].load))
            return false;
    return in->arrivals != ARRIVALS_CLOSED;
}

static void find(const struct check_input *in, struct judgement *j, const struct stress_step *step,
                 size_t n) {
    const struct limit_rule *rate = rules_limit(in->rules, "stress_rps");
    const struct sample_rule *p95 = rules_sample(in->rules, "p95");
    stress_find(&(struct stress_input){.step = step,
                                       .steps = n,
                                       .open = is_open(in),
                                       .p95_ms = run_limit(in, "p95").value,
                                       .p99_ms = run_limit(in, "p99").value,
                                       .error_rate = run_limit(in, "error_rate").value,
                                       .rate_least = rate ? rate->limit : NAN,
                                       .think_ms = run_think_ms(in),
                                       .requests_per_iteration = run_requests_per_iteration(in),
                                       .max_vus = run_most_vus(in),
                                       .p95_samples = p95 ? p95->least : 0,
                                       .p95_full = p95 ? p95->full : 0,
                                       .rate_guard = in->rules->steady.rate_guard,
                                       .cpu_invalid = in->rules->margin.cpu_invalid,
                                       .rules = &in->rules->stress},
                &j->stress);
}

/* --- rows of checks: of the step that decides ------------------------------------------------- */

static const struct stress_judged *deciding_step(const struct stress_found *f) {
    if (f->first_fail >= 0)
        return &f->step[f->first_fail];
    if (f->last_pass >= 0)
        return &f->step[f->last_pass];
    return f->steps ? &f->step[0] : NULL;
}

static struct check *add_row(struct judgement *j, const char *metric, const struct limit_rule *rule,
                             const struct given *limit, const struct stress_judged *s) {
    struct check *c = &j->check[j->checks++];
    char load[32];
    *c = (struct check){.value = NAN,
                        .limit = limit->value,
                        .op = rule ? rule->op : OP_LESS,
                        .low = NAN,
                        .high = NAN,
                        .status = s->judged ? VERDICT_PASS : VERDICT_NO_DATA,
                        .required = true};
    text_copy(c->metric, sizeof c->metric, metric);
    text_copy(c->limit_from, sizeof c->limit_from, limit->from);
    snprintf(c->why, sizeof c->why, "Step %d, %s %s.", s->is.number,
             unit_show(s->is.load, s->is.load < 10 ? 1 : 0, load, sizeof load),
             j->stress.open ? "RPS" : "VUs");
    return c;
}

static void add_latency(const struct check_input *in, struct judgement *j,
                        const struct stress_judged *s, const char *name, double value,
                        enum stress_reason reason) {
    struct given limit = run_limit(in, name);
    if (isnan(limit.value))
        return;
    struct check *c = add_row(j, name, rules_limit(in->rules, "stress_p95"), &limit, s);
    text_copy(c->unit, sizeof c->unit, "ms");
    c->value = value;
    if (s->failed[reason])
        c->status = VERDICT_FAIL;
    else if (isnan(value) || !s->p95_judged)
        c->status = VERDICT_NO_DATA;
}

static void add_errors(const struct check_input *in, struct judgement *j,
                       const struct stress_judged *s) {
    struct given limit = run_limit(in, "error_rate");
    if (isnan(limit.value))
        return;
    struct check *c =
        add_row(j, "error_rate", rules_limit(in->rules, "stress_error_rate"), &limit, s);
    c->value = stress_step_errors(&s->is);
    if (s->failed[STRESS_ERRORS])
        c->status = VERDICT_FAIL;
    else if (isnan(c->value))
        c->status = VERDICT_NO_DATA;
}

static void add_rate(const struct check_input *in, struct judgement *j,
                     const struct stress_judged *s) {
    const struct limit_rule *rule = rules_limit(in->rules, "stress_rps");
    if (!j->stress.open || !rule || isnan(rule->limit))
        return;
    struct given limit = {.value = rule->limit * s->is.load};
    rules_place(in->rules, DOC_VALIDATION, rule->line, limit.from, sizeof limit.from);
    struct check *c = add_row(j, "rps", rule, &limit, s);
    text_copy(c->unit, sizeof c->unit, "RPS");
    c->value = stress_step_rps(&s->is);
    if (s->failed[STRESS_RATE])
        c->status = VERDICT_FAIL;
}

static void add_rows(const struct check_input *in, struct judgement *j) {
    const struct stress_judged *s = deciding_step(&j->stress);
    if (!s)
        return;
    add_latency(in, j, s, "p95", s->is.p95_ms, STRESS_P95);
    add_latency(in, j, s, "p99", s->is.p99_ms, STRESS_P99);
    add_errors(in, j, s);
    add_rate(in, j, s);
}

/* --- the load generator was the limit -------------------------------------------------------- */

/* VUs that the step's rate needs with every response at the p95 limit, by the team's formula. */
static int enough_vus(const struct check_input *in, const struct stress_step *s) {
    double k = run_requests_per_iteration(in), limit_ms = run_limit(in, "p95").value;
    double think_ms = run_think_ms(in), each_ms = fmax(s->mean_ms, isnan(limit_ms) ? 0 : limit_ms);
    double busy_ms = k * each_ms + (isnan(think_ms) ? 0 : think_ms);
    return allocated_vus(in->rules, s->load / k * busy_ms / 1000);
}

static void say_vu_cap(const struct check_input *in, struct judgement *j,
                       const struct stress_step *s) {
    char dropped[32], vus[32];
    unit_show(s->dropped, 0, dropped, sizeof dropped);
    cause_add(in, j, "D02", "step %d: %s iterations dropped, response time as in the first step",
              s->number, dropped);
    step_add(j,
             "This run says nothing about the server from step %d on: %s iterations were dropped.",
             s->number, dropped);
    int enough = enough_vus(in, s);
    if (enough > 0)
        step_add(j, "Allocate %s VUs for step %d and run again.",
                 unit_show(enough, 0, vus, sizeof vus), s->number);
}

static void say_generator(const struct check_input *in, struct judgement *j) {
    const struct stress_judged *s = &j->stress.step[j->stress.generator_step];
    char load[32];
    snprintf(j->sentence, sizeof j->sentence,
             "Run invalid: the load generator was the limit from step %d (%s %s).", s->is.number,
             unit_show(s->is.load, 0, load, sizeof load), j->stress.open ? "RPS" : "VUs");
    switch (s->generator) {
    case STRESS_VU_CAP:
        say_vu_cap(in, j, &s->is);
        break;
    case STRESS_GENERATOR_CPU:
        cause_add(in, j, "D01", "step %d: CPU of the load machine at %.0f %%", s->is.number,
                  100 * s->is.generator_cpu);
        step_add(j,
                 "This run says nothing about the server from step %d on: the load machine's "
                 "CPU was at %.0f %%.",
                 s->is.number, 100 * s->is.generator_cpu);
        step_more_machines(j);
        break;
    default:
        cause_add(in, j, "D03", "step %d: responses and pauses are %.0f %% of the users' time",
                  s->is.number, 100 * s->law);
        step_add(j,
                 "This run says nothing about the server from step %d on: %.0f %% of the users' "
                 "time is neither response nor pause.",
                 s->is.number, 100 * (1 - s->law));
        step_find_pauses(j);
        break;
    }
}

/* --- all ------------------------------------------------------------------------------------- */

static void add_findings(struct judgement *j) {
    const struct stress_found *f = &j->stress;
    char think[32];
    bool thin = false;
    if (f->think_assumed)
        findings_add(&j->findings, FINDING_INFO, "think-assumed",
                     "Think time is not known; the first step gives %s. Only changes between steps "
                     "show a slow load generator.",
                     unit_show_ms(f->think_ms, think, sizeof think));
    for (size_t i = 0; i < f->steps; i++) {
        if (f->transient[i])
            findings_add(&j->findings, FINDING_WARNING, "transient",
                         "Step %d broke a limit, and a higher step kept them all: a disturbance, "
                         "not the break.",
                         f->step[i].is.number);
        thin |= f->step[i].thin;
        if (f->step[i].judged && (!f->step[i].p95_judged || isnan(f->step[i].is.p95_ms)))
            findings_add(&j->findings, FINDING_WARNING, "p95-not-judged",
                         "Step %d: %s, so its response time is not judged.", f->step[i].is.number,
                         f->step[i].p95_judged ? "p95 is not known" : "too few requests for p95");
    }
    if (thin)
        findings_add(&j->findings, FINDING_INFO, "thin-steps",
                     "Steps with few requests are weak; longer steps narrow the interval.");
}

static void say_estimated(const struct check_input *in, struct judgement *j) {
    for (size_t i = 0; i < in->run->stretches; i++)
        if (in->run->stretch[i].estimated) {
            findings_add(&j->findings, FINDING_WARNING, "p95-estimated",
                         "There are no single requests: p95 of a step is estimated from its pieces "
                         "of time.");
            return;
        }
}

enum verdict stress_verdict_of(enum stress_verdict v) {
    static const enum verdict of[] = {[STRESS_BROKE] = VERDICT_FAIL,
                                      [STRESS_NOT_REACHED] = VERDICT_PASS,
                                      [STRESS_BROKE_BELOW] = VERDICT_FAIL,
                                      [STRESS_GENERATOR_LIMITED] = VERDICT_INVALID,
                                      [STRESS_TOO_FEW_STEPS] = VERDICT_NO_DATA,
                                      [STRESS_INCONCLUSIVE] = VERDICT_NO_DATA};
    return of[v];
}

/* The highest step that broke no limit has not kept one that was not measured. */
static bool rows_pass(const struct judgement *j) {
    for (size_t i = 0; i < j->checks; i++)
        if (j->check[i].required && j->check[i].status != VERDICT_PASS)
            return false;
    return j->checks > 0;
}

void stress_judge(const struct check_input *in, struct judgement *j) {
    struct stress_step *step = mem_new(STRESS_STEPS_MAX, sizeof *step);
    size_t n = collect(in, step);
    if (n > 0) {
        find(in, j, step, n);
        j->has_stress = true;
        j->verdict = stress_verdict_of(j->stress.verdict);
        add_rows(in, j);
        if (j->verdict == VERDICT_PASS && !rows_pass(j))
            j->verdict = VERDICT_NO_DATA;
        add_findings(j);
        say_estimated(in, j);
        if (j->stress.verdict == STRESS_GENERATOR_LIMITED && j->stress.generator_step >= 0)
            say_generator(in, j);
    }
    free(step);
}

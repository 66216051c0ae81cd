/* D20 to D27, D38 and D39: the server slowed, or the rate was not reached. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/order.h"
#include "base/unit.h"
#include "check/evidence.h"
#include "check/rows.h"

static const double grown = 1.25, slower = 1.5;

/* --- saturation: more load, no more throughput --- */

struct plateau {
    int from, to; /* indexes of steps */
    size_t flat;  /* steps whose throughput grew by less than a quarter of the load */
    double rps;   /* mean of them */
};

static double highest_good_rps(const struct stress_found *f) {
    double most = 0;
    for (size_t i = 0; i < f->steps; i++)
        if (f->step[i].judged && stress_step_rps(&f->step[i].is) > most)
            most = stress_step_rps(&f->step[i].is);
    return most;
}

static struct plateau plateau_of(const struct stress_found *f) {
    static const double flat_scale = 0.25, collapsed = 0.9;
    double least_rps = collapsed * highest_good_rps(f);
    struct plateau p = {.from = NO_STEP, .to = NO_STEP};
    double sum = 0;
    for (size_t i = 1; i < f->steps; i++) {
        const struct stress_judged *a = &f->step[i - 1], *b = &f->step[i];
        double scale =
            log(stress_step_rps(&b->is) / stress_step_rps(&a->is)) / log(b->is.load / a->is.load);
        if (!a->judged || !b->judged || !(scale < flat_scale) ||
            stress_step_rps(&b->is) < least_rps)
            continue;
        p.from = p.from == NO_STEP ? (int)i : p.from;
        p.to = (int)i;
        p.flat++;
        sum += stress_step_rps(&b->is);
    }
    p.rps = sum / (double)p.flat;
    return p;
}

static double most_p95x(const struct evidence *e, const struct stress_found *f, int from) {
    double most = 0,
           base = e->base_step == NO_STEP ? e->base_p95_ms : f->step[e->base_step].is.p95_ms;
    for (size_t i = (size_t)from; i < f->steps; i++)
        if (f->step[i].judged && f->step[i].is.p95_ms / base > most)
            most = f->step[i].is.p95_ms / base;
    return most;
}

static bool saturated_steps(const struct evidence *e, struct judgement *j) {
    struct plateau p = plateau_of(&j->stress);
    double limit = e->errors ? e->errors->limit : NAN;
    if (p.flat < 2 || stress_step_errors(&j->stress.step[p.from].is) >= limit)
        return false;
    double times = most_p95x(e, &j->stress, p.from);
    if (!(times > slower))
        return false;
    cause_add(e->in, j, "D20",
              "throughput stays at about %.0f/s from step %d to %d, while p95 grows to %.1f times "
              "%s",
              p.rps, j->stress.step[p.from].is.number, j->stress.step[p.to].is.number, times,
              e->base);
    return true;
}

/* One load: what is offered is not answered, and the answers take longer. */
static bool saturated_run(const struct evidence *e, struct judgement *j) {
    double share = run_drops(e->in).share;
    bool dropped = share > 0.01;
    if (run_arrivals(e->in) != ARRIVALS_OPEN || !(e->rate_low || dropped) || e->failing ||
        !(e->meanx >= slower || e->p95x > slower))
        return false;
    cause_add(e->in, j, "D20", "%s %.1f times %s, the rate not reached%s",
              e->meanx >= slower ? "mean" : "p95", e->meanx >= slower ? e->meanx : e->p95x, e->base,
              dropped ? "; the dropped iterations are the consequence" : "");
    return true;
}

static bool saturation(const struct evidence *e, struct judgement *j) {
    return j->has_stress ? saturated_steps(e, j) : saturated_run(e, j);
}

static bool collapse(const struct evidence *e, struct judgement *j) {
    const struct stress_judged *peak = NULL, *low = NULL;
    for (size_t i = 0; j->has_stress && i < j->stress.steps; i++) {
        const struct stress_judged *s = &j->stress.step[i];
        if (!s->judged || isnan(stress_step_rps(&s->is)))
            continue;
        if (!peak || stress_step_rps(&s->is) > stress_step_rps(&peak->is)) {
            peak = s;
            low = NULL;
        } else if (!low || stress_step_rps(&s->is) < stress_step_rps(&low->is)) {
            low = s;
        }
    }
    if (!low || !(stress_step_rps(&low->is) < 0.9 * stress_step_rps(&peak->is)))
        return false;
    cause_add(e->in, j, "D23", "%.0f good answers/s in step %d, only %.0f/s in step %d",
              stress_step_rps(&peak->is), peak->is.number, stress_step_rps(&low->is),
              low->is.number);
    return true;
}

/* --- the shape of the response times --- */

static bool tail_only(const struct evidence *e, struct judgement *j) {
    if (!(e->p99x >= 2 && e->p50x < grown))
        return false;
    cause_add(e->in, j, "D24", "p99 %.2f times %s, p50 %.2f times", e->p99x, e->base, e->p50x);
    return true;
}

/* Under another load than the baseline's, queueing moves every part of the distribution too. */
static bool same_load(const struct evidence *e) {
    return e->base_step == NO_STEP &&
           fabs(times_baseline(e->in, METRIC_RPS) - 1) <= e->in->rules->compare.same_load + 1e-9;
}

static bool all_shifted(const struct evidence *e, struct judgement *j) {
    double least = fmin(e->p50x, e->p95x), most = fmax(e->p50x, e->p95x);
    if (!isnan(e->p99x)) {
        least = fmin(least, e->p99x);
        most = fmax(most, e->p99x);
    }
    if (isnan(e->p50x) || isnan(e->p95x) || !(least > grown && most <= least * 1.2) ||
        !same_load(e) || e->rate_low || !e->slow)
        return false;
    cause_add(e->in, j, "D25", "p50 %.2f and p95 %.2f times the baseline's, rate reached", e->p50x,
              e->p95x);
    return true;
}

/* --- endpoints --- */

static double endpoint_limit(const struct evidence *e, const struct judgement *j,
                             const struct endpoint *x) {
    char metric[SCOPE_MAX_BYTES + 8];
    snprintf(metric, sizeof metric, "p95:%s", x->name);
    const struct check *own = judgement_find(j, metric);
    return own && !isnan(own->limit) ? own->limit : e->p95 ? e->p95->limit : (double)NAN;
}

static const struct endpoint *same_endpoint(const struct summary *s, const char *name) {
    for (size_t i = 0; i < s->endpoints; i++)
        if (strcmp(s->endpoint[i].name, name) == 0)
            return &s->endpoint[i];
    return NULL;
}

struct endpoints {
    const struct endpoint *worst; /* of those above their limit */
    double worst_ms, worst_limit_ms;
    size_t over, others;
    double others_x; /* median p95 of the others against the baseline's */
};

static struct endpoints endpoints_of(const struct evidence *e, const struct judgement *j) {
    const struct summary *run = e->in->run;
    const struct sample_rule *samples = rules_sample(e->in->rules, "p95");
    double least = samples ? samples->least : 0;
    struct endpoints all = {.others_x = NAN};
    double *x = mem_new(run->endpoints + 1, sizeof *x);
    for (size_t i = 0; i < run->endpoints; i++) {
        const struct endpoint *p = &run->endpoint[i];
        const struct endpoint *base = same_endpoint(e->in->baseline, p->name);
        double p95 = judged_endpoint_figure(e->in, p, METRIC_P95_MS).is.value;
        double limit = endpoint_limit(e, j, p);
        if (p->transaction || judged_endpoint_counts(e->in, p).requests < least)
            continue;
        if (p95 >= limit) {
            all.over++;
            if (!all.worst || p95 / limit > all.worst_ms / all.worst_limit_ms) {
                all.worst = p;
                all.worst_ms = p95;
                all.worst_limit_ms = limit;
            }
        } else if (base && p95 / base->figure[METRIC_P95_MS].value > 0) {
            x[all.others++] = p95 / base->figure[METRIC_P95_MS].value;
        }
    }
    all.others_x = order_median(x, all.others);
    free(x);
    return all;
}

static bool one_endpoint(const struct evidence *e, struct judgement *j) {
    char worst[32], more[32] = "";
    if (!e->slow || j->has_stress || !e->in->baseline)
        return false;
    struct endpoints all = endpoints_of(e, j);
    if (!all.worst || !(all.others_x < grown) || all.over > all.others)
        return false;
    if (all.over > 1)
        snprintf(more, sizeof more, " and %zu more", all.over - 1);
    cause_add(e->in, j, "D26", "%.90s%s: p95 %s; median of the other %zu %.2f times the baseline's",
              all.worst->name, more, unit_show_ms(all.worst_ms, worst, sizeof worst), all.others,
              all.others_x);
    return true;
}

/* --- the rest --- */

static bool connection_cost(const struct evidence *e, struct judgement *j) {
    const struct summary *run = e->in->run;
    double connect_ms = summary_value(run, METRIC_CONNECT_MS) * summary_requests_per_iteration(run);
    double share = connect_ms / summary_value(run, METRIC_ITERATION_MS);
    if (!(share > 0.2))
        return false;
    cause_add(e->in, j, "D27", "connecting takes %.0f %% of an iteration", share * 100);
    return true;
}

/* Failing requests may be slow themselves, unless the response time rose before or with them. */
static bool errors_explain(const struct evidence *e) {
    bool failing = e->errors && e->errors->status == VERDICT_FAIL;
    return failing && !(e->onset.latency - e->onset.errors <= e->onset.apart);
}

/* What can be said of a slow server when no closer row fits. */
static bool slower_under_load(const struct evidence *e, struct judgement *j) {
    static const char *const closer[] = {"D20", "D23", "D24", "D25", "D26", "D31", "D32", "D35"};
    double times = fmax(isnan(e->p95x) ? 0 : e->p95x, isnan(e->meanx) ? 0 : e->meanx);
    char mean[32] = "";
    for (size_t i = 0; i < sizeof closer / sizeof *closer; i++)
        if (has_cause(j, closer[i]))
            return false;
    if (!e->slow || times < grown || errors_explain(e))
        return false;
    if (!isnan(e->meanx) && !isnan(e->p95x))
        snprintf(mean, sizeof mean, " and mean %.1f", e->meanx);
    if (isnan(e->p95x))
        cause_add(e->in, j, "D38", "mean %.1f times %s", e->meanx, e->base);
    else
        cause_add(e->in, j, "D38", "p95 %.1f%s times %s", e->p95x, mean, e->base);
    return true;
}

static bool rate_not_reached(const struct evidence *e, struct judgement *j) {
    bool dropped = summary_value(e->in->run, METRIC_DROPPED) > 0;
    if (!e->rate_low || dropped || e->slow || e->failing || j->causes > 0)
        return false;
    cause_add(e->in, j, "D39", "%s",
              e->rate->why[0] && !j->has_stress ? e->rate->why : "the rate is below its limit");
    return true;
}

/* --- what a saturated server holds at once --- */

/* Requests in work without a queue: throughput of the plateau x response time without load. Of a
 * test whose first step is full already, only a baseline knows the latter. */
static double busy_at_plateau(const struct evidence *e, const struct judgement *j,
                              const struct plateau *p) {
    bool full = e->base_step != NO_STEP && p->from == e->base_step + 1;
    bool baseline = e->in->baseline && !isnan(summary_value(e->in->baseline, METRIC_AVG_MS));
    return j->has_stress && (baseline || !full) ? p->rps * e->unloaded_mean_ms / 1000 : (double)NAN;
}

void saturation_steps(const struct check_input *in, struct judgement *j) {
    struct evidence e;
    char mean[32];
    if (!has_cause(j, "D20"))
        return;
    evidence_gather(in, j, &e);
    struct plateau p = plateau_of(&j->stress);
    double busy = busy_at_plateau(&e, j, &p);
    if (busy >= 0.5)
        step_add(j,
                 "About %.0f requests are in work when it is full (%.0f/s x %s without load): look "
                 "for a pool of about %.0f.",
                 busy, p.rps, unit_show_ms(e.unloaded_mean_ms, mean, sizeof mean), busy);
    if (rules_diagnosis(in->rules, "D21") && rules_diagnosis(in->rules, "D22"))
        step_add(j, "Record the server's CPU: above 85 %% it is CPU bound (D21), below 60 %% it "
                    "waits for a pool, a lock or a dependency (D22).");
}

fits_fn *const server_rows[] = {saturation,        collapse,         tail_only,
                                all_shifted,       one_endpoint,     connection_cost,
                                slower_under_load, rate_not_reached, NULL};

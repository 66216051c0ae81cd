/* The series of a long run to the room that looks for growth. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/text.h"
#include "base/unit.h"
#include "check/check_parts.h"

/* The points that a soak is judged on: the steady windows of single requests; else what the source
 * itself has, inside the planned hold when there is one. */
struct pieces {
    const struct point *point;
    size_t n;
    double from_s, to_s;
};

static struct pieces pieces_of(const struct summary *run) {
    const struct stretch *hold = run->computed ? summary_steady(run) : summary_stretch(run, "hold");
    bool windows = run->computed && run->windows.points > 0;
    const struct series *r = windows ? &run->windows : &run->series;
    return (struct pieces){.point = r->point,
                           .n = r->points,
                           .from_s = hold ? hold->from_s : -INFINITY,
                           .to_s = hold ? hold->to_s : INFINITY};
}

typedef double value_fn(const struct point *p);

static double p95_of(const struct point *p) { return p->p95_ms; }
static double errors_of(const struct point *p) {
    return p->requests > 0 ? p->failed / p->requests : NAN;
}
static double rate_of(const struct point *p) { return p->requests / p->length_s; }

static size_t values(const struct pieces *p, value_fn *value, struct moment *out) {
    size_t n = 0;
    for (size_t i = 0; i < p->n; i++) {
        const struct point *x = &p->point[i];
        if (x->at_s >= p->from_s && x->at_s < p->to_s && isfinite(value(x)))
            out[n++] = (struct moment){x->at_s, value(x)};
    }
    return n;
}

static size_t inside(const struct trace *t, const struct pieces *p, struct moment *out) {
    size_t n = 0;
    for (size_t i = 0; i < t->n; i++)
        if (t->at[i].t_s >= p->from_s && t->at[i].t_s <= p->to_s)
            out[n++] = t->at[i];
    return n;
}

/* The worst of several processes counts: the heavier answer, then the faster growth. */
static bool is_worse(const struct trend *a, const struct trend *b) {
    static const int weight[] = {[SOAK_NOT_MEASURED] = 0,
                                 [SOAK_NONE_FOUND] = 1,
                                 [SOAK_CANNOT_TELL] = 2,
                                 [SOAK_DRIFT] = 3,
                                 [SOAK_RESTART] = 4};
    if (a->answer != b->answer)
        return weight[a->answer] > weight[b->answer];
    return a->slope > b->slope;
}

static size_t traffic_of(const struct summary *run, struct soak_traffic *out) {
    for (size_t i = 0; i < run->series.points; i++) {
        const struct point *p = &run->series.point[i];
        out[i] = (struct soak_traffic){p->at_s, rate_of(p), errors_of(p)};
    }
    return run->series.points;
}

double check_memory_limit(const struct check_input *in) {
    if (!isnan(in->memory_limit_mb) || !in->plan)
        return in->memory_limit_mb;
    const struct plan_value *v = plan_get(in->plan, PLAN_SOAK, PLAN_MEMORY_MB);
    return v ? v->value : (double)NAN;
}

static void judge_memory(const struct check_input *in, const struct pieces *p,
                         struct soak_found *f) {
    const struct summary *run = in->run;
    const struct soak_options o = {
        .rules = &in->rules->soak[SOAK_MEMORY], .limit = f->memory_limit_mb, .reference = NAN};
    struct soak_traffic *traffic = mem_new(run->series.points + 1, sizeof *traffic);
    size_t m = traffic_of(run, traffic);
    soak_trend(NULL, 0, &o, &f->memory);
    for (size_t i = 0; i < run->memories; i++) {
        const struct trace *t = &run->memory[i];
        struct moment *at = mem_new(t->n + 1, sizeof *at);
        struct trend one;
        double restart_s[SOAK_RESTARTS_MAX] = {0};
        size_t n = inside(t, p, at);
        soak_trend(at, n, &o, &one);
        size_t restarts = soak_restarts(at, n, traffic, m, o.rules, restart_s, SOAK_RESTARTS_MAX);
        if (restarts)
            one.answer = SOAK_RESTART;
        if (i == 0 || is_worse(&one, &f->memory)) {
            f->memory = one;
            f->restarts = restarts;
            memcpy(f->restart_s, restart_s, sizeof restart_s);
            text_copy(f->memory_of, sizeof f->memory_of, t->name);
        }
        free(at);
    }
    free(traffic);
}

/* What kills a process that grows too large looks like a saw-tooth with a flat floor. */
static void restart_finding(const struct soak_found *f, struct judgement *j) {
    char at[32];
    if (f->restarts > 0)
        findings_add(&j->findings, FINDING_WARNING, "restart",
                     "Memory fell sharply while requests suffered, %zu time%s, first at %s: the "
                     "server restarted, as after an out-of-memory kill.",
                     f->restarts, f->restarts == 1 ? "" : "s",
                     unit_show_clock(f->restart_s[0], at, sizeof at));
}

static void judge_series(const struct pieces *p, value_fn *value, const struct soak_options *o,
                         struct trend *out) {
    struct moment *at = mem_new(p->n + 1, sizeof *at);
    size_t n = values(p, value, at);
    soak_trend(at, n, o, out);
    free(at);
}

void soak_judge(const struct check_input *in, struct judgement *j) {
    struct soak_found *f = &j->soak;
    const struct soak_rules *latency = &in->rules->soak[SOAK_LATENCY];
    struct pieces p = pieces_of(in->run);
    if (in->run->series.points == 0 && in->run->memories == 0)
        return;
    double errors = run_limit(in, "error_rate").value;
    *f = (struct soak_found){.memory_limit_mb = check_memory_limit(in)};
    judge_memory(in, &p, f);
    judge_series(&p, p95_of,
                 &(struct soak_options){
                     .rules = latency, .limit = run_limit(in, "p95").value, .reference = NAN},
                 &f->latency);
    judge_series(&p, errors_of,
                 &(struct soak_options){.rules = latency, .limit = errors, .reference = errors},
                 &f->errors);
    judge_series(
        &p, rate_of,
        &(struct soak_options){.rules = latency, .limit = NAN, .falling = true, .reference = NAN},
        &f->throughput);
    const struct trend *rate = &f->throughput;
    f->load_drifted =
        fabs(rate->slope * rate->hours) > in->rules->steady.load_band * fabs(rate->level);
    j->has_soak = true;
    restart_finding(f, j);
}

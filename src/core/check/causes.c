#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "base/text.h"
#include "base/unit.h"
#include "check/check_parts.h"

double times_baseline(const struct check_input *in, enum metric m) {
    if (!in->baseline)
        return NAN;
    double base = summary_value(in->baseline, m);
    return base > 0 ? summary_value(in->run, m) / base : NAN;
}

void cause_add(const struct check_input *in, struct judgement *j, const char *id, const char *fmt,
               ...) {
    const struct diagnosis_row *row = rules_diagnosis(in->rules, id);
    if (!row || j->causes == CAUSES_MAX)
        return;
    struct cause *c = &j->cause[j->causes++];
    *c = (struct cause){0};
    text_copy(c->id, sizeof c->id, row->id);
    text_copy(c->name, sizeof c->name, row->name);
    text_copy(c->points_at, sizeof c->points_at, row->points_at);
    text_copy(c->excludes, sizeof c->excludes, row->excludes);
    text_copy(c->look_next, sizeof c->look_next, row->look_next);
    va_list ap;
    va_start(ap, fmt);
    vsnprintf(c->evidence, sizeof c->evidence, fmt, ap);
    va_end(ap);
}

/* What the predicates of references/diagnosis.md look at, as far as a summary holds it. */
struct evidence {
    const struct check *p95, *errors, *rate; /* NULL: not among the checks */
    double p50x, p95x, p99x, meanx;          /* against the baseline; NAN: unknown */
    double base_p95_ms, base_error_rate;
};

static bool broken(const struct check *c) { return c && c->status == VERDICT_FAIL; }
static bool over_time(const struct evidence *e, const struct judgement *j) {
    return broken(e->p95) || broken(judgement_find(j, "avg")) || broken(judgement_find(j, "p99"));
}

typedef bool fits_fn(const struct check_input *in, const struct evidence *e, struct judgement *j);

/* The baseline itself was not below the limit: the load cannot be the reason. */
static bool limit_below_baseline(const struct check_input *in, const struct evidence *e,
                                 struct judgement *j) {
    if (broken(e->p95) && e->base_p95_ms >= e->p95->limit) {
        char base[32], limit[32];
        cause_add(in, j, "D37", "the baseline's p95 was %s, the limit is %s",
                  unit_show_ms(e->base_p95_ms, base, sizeof base),
                  unit_show_ms(e->p95->limit, limit, sizeof limit));
        return true;
    }
    if (broken(e->errors) && e->base_error_rate > 0 && e->base_error_rate >= e->errors->limit) {
        char base[32], limit[32];
        cause_add(in, j, "D37", "the baseline's error rate was %s, the limit is %s",
                  unit_show_share(e->base_error_rate, base, sizeof base),
                  unit_show_share(e->errors->limit, limit, sizeof limit));
        return true;
    }
    return false;
}

static bool wrong_content(const struct check_input *in, const struct evidence *e,
                          struct judgement *j) {
    const struct check *checks = judgement_find(j, "checks");
    if (!broken(checks) || broken(e->errors))
        return false;
    char share[32];
    cause_add(in, j, "D18", "%s of the script's checks failed, few requests did",
              unit_show_share(checks->value, share, sizeof share));
    return true;
}

static bool tail_only(const struct check_input *in, const struct evidence *e, struct judgement *j) {
    if (!(e->p99x >= 2 && e->p50x < 1.25))
        return false;
    cause_add(in, j, "D24", "p99 %.2f times the baseline's, p50 %.2f times", e->p99x, e->p50x);
    return true;
}

/* Under another load than the baseline's, queueing moves every part of the distribution too. */
static bool same_load(const struct check_input *in) {
    return fabs(times_baseline(in, METRIC_RPS) - 1) <= in->rules->compare.same_load;
}

/* Every part of the distribution moved alike, and the rate was reached. */
static bool all_shifted(const struct check_input *in, const struct evidence *e,
                        struct judgement *j) {
    double least = fmin(e->p50x, e->p95x), most = fmax(e->p50x, e->p95x);
    if (!isnan(e->p99x)) {
        least = fmin(least, e->p99x);
        most = fmax(most, e->p99x);
    }
    if (!(least > 1.25 && most <= least * 1.2) || !same_load(in) || broken(e->rate) ||
        !over_time(e, j))
        return false;
    cause_add(in, j, "D25", "p50 %.2f and p95 %.2f times the baseline's, rate reached", e->p50x,
              e->p95x);
    return true;
}

static bool connection_cost(const struct check_input *in, const struct evidence *e,
                            struct judgement *j) {
    (void)e;
    double connect_ms =
        summary_value(in->run, METRIC_CONNECT_MS) * summary_requests_per_iteration(in->run);
    double share = connect_ms / summary_value(in->run, METRIC_ITERATION_MS);
    if (!(share > 0.2))
        return false;
    cause_add(in, j, "D27", "connecting takes %.0f %% of an iteration", share * 100);
    return true;
}

static bool slower_under_load(const struct check_input *in, const struct evidence *e,
                              struct judgement *j) {
    double times = fmax(isnan(e->p95x) ? 0 : e->p95x, isnan(e->meanx) ? 0 : e->meanx);
    if (!over_time(e, j) || times < 1.25 || broken(e->errors))
        return false;
    cause_add(in, j, "D38", "p95 %.1f and mean %.1f times the baseline's", e->p95x, e->meanx);
    return true;
}

static bool rate_not_reached(const struct check_input *in, const struct evidence *e,
                             struct judgement *j) {
    bool dropped = summary_value(in->run, METRIC_DROPPED) > 0;
    bool low = broken(e->rate) && e->rate->op == OP_MORE_EQUAL;
    if (!low || dropped || over_time(e, j) || broken(e->errors))
        return false;
    cause_add(in, j, "D39", "%s", e->rate->why[0] ? e->rate->why : "the rate is below its limit");
    return true;
}

static fits_fn *const rows[] = {
    limit_below_baseline, wrong_content,     tail_only,        all_shifted,
    connection_cost,      slower_under_load, rate_not_reached,
};

void causes_add(const struct check_input *in, struct judgement *j) {
    const struct evidence e = {
        .p95 = judgement_find(j, "p95"),
        .errors = judgement_find(j, "error_rate"),
        .rate = judgement_find(j, "rps"),
        .p50x = times_baseline(in, METRIC_MED_MS),
        .p95x = times_baseline(in, METRIC_P95_MS),
        .p99x = times_baseline(in, METRIC_P99_MS),
        .meanx = times_baseline(in, METRIC_AVG_MS),
        .base_p95_ms = in->baseline ? summary_value(in->baseline, METRIC_P95_MS) : NAN,
        .base_error_rate = in->baseline ? summary_error_rate(in->baseline) : NAN,
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        rows[i](in, &e, j);
}

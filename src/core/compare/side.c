/* Two runs as they are compared, and how sure their figures are. */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "check/check.h"
#include "compare/parts.h"

/* --- what a record says --- */

const char *record_tool(const struct record *r) {
    return r->is.tool[0] ? r->is.tool : r->run.tool ? r->run.tool : "";
}

const char *record_tool_version(const struct record *r) {
    return r->is.tool_version[0] ? r->is.tool_version : r->run.tool_version;
}

int record_model(const struct record *r) {
    enum model m;
    if (model_parse(r->is.model, &m))
        return (int)m;
    return r->has_profile && (unsigned)r->profile.model < MODELS ? (int)r->profile.model : -1;
}

int record_arrivals(const struct record *r) {
    if (r->has_profile && (unsigned)r->profile.arrivals < ARRIVALS)
        return (int)r->profile.arrivals;
    return -1;
}

double record_target_rps(const struct record *r) {
    double target = r->has_profile ? r->profile.target_rps : r->is.target_rps;
    return isfinite(target) && target > 0 ? target : (double)NAN;
}

bool record_invalid(const struct record *r) {
    return r->judgement.verdict == VERDICT_INVALID ||
           strcmp(r->is.verdict, verdict_name(VERDICT_INVALID)) == 0;
}

/* --- sides --- */

/* A part that has figures. */
static const struct stretch *steady_part(const struct summary *s) {
    const struct stretch *x = summary_steady(s);
    return x && x->value[METRIC_P95_MS] > 0 && x->value[METRIC_REQUESTS] > 0 ? x : NULL;
}

static double part_length_s(const struct stretch *x) {
    return isnan(x->window_s) ? x->to_s - x->from_s : x->window_s;
}

static struct side side_of(const struct record *r, const struct stretch *part) {
    struct side s = {.is = r, .run = &r->run, .part = part};
    s.length_s = part ? part_length_s(part) : summary_end_s(s.run);
    s.requests = part ? part->value[METRIC_REQUESTS] : summary_value(s.run, METRIC_REQUESTS);
    s.failed = part ? part->value[METRIC_FAILED] : summary_value(s.run, METRIC_FAILED);
    return s;
}

/* --- intervals --- */

struct estimate estimate_none(double value) {
    return (struct estimate){value, NAN, NAN};
}

struct estimate estimate_of_fifths(double value, const double fifth[FIFTHS], double t) {
    double mean = 0, squares = 0;
    for (int i = 0; i < FIFTHS; i++)
        mean += fifth[i] / FIFTHS;
    for (int i = 0; i < FIFTHS; i++)
        squares += (fifth[i] - mean) * (fifth[i] - mean);
    double half = t * sqrt(squares / (FIFTHS - 1)) / sqrt(FIFTHS);
    if (!isfinite(half) || !isfinite(value))
        return estimate_none(value);
    return (struct estimate){value, fmax(0, value - half), value + half};
}

static void widen(struct estimate *e, double low, double high) {
    e->low = fmin(e->low, low);
    e->high = fmax(e->high, high);
}

/* A p95 that moved during the run is known no better than its halves agree. */
static void widen_by_halves(struct estimate *e, const double half[2], double differ) {
    double low = fmin(half[0], half[1]), high = fmax(half[0], half[1]);
    if (low > 0 && high > low * (1 + differ))
        widen(e, low, high);
}

struct estimate estimate_p95(const struct side *s, const struct rules *rules) {
    if (!s->part)
        return estimate_none(summary_value(s->run, METRIC_P95_MS));
    const struct stretch *x = s->part;
    double value = x->value[METRIC_P95_MS];
    struct estimate e = estimate_of_fifths(value, x->fifth_p95_ms, rules->steady.interval_t);
    if (isnan(e.low) || !isfinite(x->p95_low_ms) || !isfinite(x->p95_high_ms))
        return estimate_none(value);
    widen(&e, x->p95_low_ms, x->p95_high_ms);
    widen_by_halves(&e, x->half_p95_ms, rules->steady.halves_differ);
    return e;
}

double p95_clustering(const struct side *s, const struct rules *rules) {
    if (!s->part)
        return NAN;
    const struct stretch *x = s->part;
    double p95 = x->value[METRIC_P95_MS];
    struct estimate spread = estimate_of_fifths(p95, x->fifth_p95_ms, rules->steady.interval_t);
    double ranks = (x->p95_high_ms - x->p95_low_ms) / 2, ratio = (spread.high - p95) / ranks;
    return isfinite(ratio) ? ratio : (double)NAN;
}

/* What is taken of a window: a sum, and what it is a mean over. */
struct weighed {
    double sum, weight;
};
typedef struct weighed weigh_fn(const struct point *p);

static struct weighed weigh_median(const struct point *p) {
    return (struct weighed){p->med_ms * p->requests, p->requests};
}

static struct weighed weigh_mean(const struct point *p) {
    return (struct weighed){p->avg_ms * p->requests, p->requests};
}

/* Failures that are not known are none here: the rate of all requests then. */
static struct weighed weigh_rate(const struct point *p) {
    return (struct weighed){p->requests - (isnan(p->failed) ? 0 : p->failed), p->length_s};
}

static struct weighed weigh_errors(const struct point *p) {
    return (struct weighed){p->failed, p->requests};
}

/* The windows in five groups of neighbours: what lasts longer than a window is in one group. */
static struct estimate estimate_of_windows(const struct side *s, double value, weigh_fn *weigh,
                                           double t) {
    const struct series *w = &s->run->windows;
    double fifth[FIFTHS];
    if (!s->part || w->points < FIFTHS)
        return estimate_none(value);
    for (size_t i = 0; i < FIFTHS; i++) {
        struct weighed group = {0};
        for (size_t k = i * w->points / FIFTHS; k < (i + 1) * w->points / FIFTHS; k++) {
            struct weighed one = weigh(&w->point[k]);
            group.sum += one.sum;
            group.weight += one.weight;
        }
        fifth[i] = group.sum / group.weight;
    }
    return estimate_of_fifths(value, fifth, t);
}

static double value_of(const struct side *s, enum metric m) {
    return s->part ? s->part->value[m] : summary_value(s->run, m);
}

struct estimate estimate_median(const struct side *s, const struct rules *rules) {
    return estimate_of_windows(s, value_of(s, METRIC_MED_MS), weigh_median,
                               rules->steady.interval_t);
}

struct estimate estimate_mean(const struct side *s, const struct rules *rules) {
    return estimate_of_windows(s, value_of(s, METRIC_AVG_MS), weigh_mean, rules->steady.interval_t);
}

struct estimate estimate_rate(const struct side *s, const struct rules *rules) {
    double good = s->requests - (isnan(s->failed) ? 0 : s->failed);
    double value = s->length_s > 0 ? good / s->length_s : (double)NAN;
    if (!s->part && isnan(value))
        value = summary_value(s->run, METRIC_RPS);
    return estimate_of_windows(s, value, weigh_rate, rules->steady.interval_t);
}

/* Beyond it sums of binomial terms lose their digits; no run has so many. */
static const double requests_most = 1e12;

struct estimate estimate_errors(const struct side *s, const struct rules *rules) {
    bool known = s->requests > 0 && s->requests <= requests_most && s->failed >= 0 &&
                 s->failed <= s->requests;
    double share = known ? s->failed / s->requests : (double)NAN;
    if (!known)
        return estimate_none(share);
    struct estimate e = {share, check_error_lower(s->failed, s->requests),
                         check_error_upper(s->failed, s->requests)};
    struct estimate spread = estimate_of_windows(s, share, weigh_errors, rules->steady.interval_t);
    if (!isnan(spread.low))
        widen(&e, spread.low, fmin(1, spread.high));
    return e;
}

struct span estimate_difference(const struct estimate *a, const struct estimate *b) {
    double d = b->value - a->value;
    double down = hypot(b->value - b->low, a->high - a->value);
    double up = hypot(b->high - b->value, a->value - a->low);
    return (struct span){d - down, d + up};
}

/* --- pairs --- */

/* Measured by bench/compare_bench.c: without queueing 0.6 to 2.4, of a server that is 90 % busy 3
 * to 20. */
static const double queueing_from = 3;

static bool is_queueing(const struct pair *p) {
    return p95_clustering(&p->a, p->rules) > queueing_from ||
           p95_clustering(&p->b, p->rules) > queueing_from;
}

void pair_make(const struct record *a, const struct record *b, const struct rules *rules,
               struct pair *p) {
    const struct stretch *x = steady_part(&a->run), *y = steady_part(&b->run);
    bool both = x && y;
    *p =
        (struct pair){.a = side_of(a, both ? x : NULL),
                      .b = side_of(b, both ? y : NULL),
                      .rules = rules,
                      .stress = record_model(a) == MODEL_STRESS && record_model(b) == MODEL_STRESS};
    p->queueing = is_queueing(p);
}

struct pair pair_of_parts(const struct pair *p, const struct stretch *a, const struct stretch *b) {
    struct pair part = *p;
    part.a = side_of(p->a.is, a);
    part.b = side_of(p->b.is, b);
    part.queueing = is_queueing(&part);
    return part;
}

char *which_run(const struct pair *p, const struct side *s, char *out, size_t size) {
    if (s->is->is.id > 0)
        snprintf(out, size, "%lld", (long long)s->is->is.id);
    else
        snprintf(out, size, "%s", s == &p->a ? "A" : "B");
    return out;
}

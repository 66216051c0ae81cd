/* What changed over time while the load stayed: jumps at one moment, at equal distances, or only at
 * the begin. Looked for in pieces of the steady state that hold requests enough, by mean response
 * time and share of failed requests: those of joined pieces are exact, a percentile would not be.
 */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/order.h"
#include "check/evidence.h"
#include "check/pieces.h"

static const double slow_factor = 1.5;    /* of the normal mean: outside */
static const double calm_factor = 1.25;   /* inside the normal range */
static const double calm_least = 0.85;    /* share of the pieces that must be, when not outside */
static const double regular_spread = 0.2; /* of equal distances */
static const double error_points = 0.001; /* above the normal error rate */

enum {
    PIECES_LEAST = 10,
    REQUESTS_LEAST = 100, /* of a piece */
    GAP_MOST = 2,         /* normal pieces inside of one jump */
    EPISODES_MOST = 64,
};

struct episode {
    size_t first, last; /* pieces */
    size_t outside;     /* of them */
};

/* The value of the calm pieces: median of the lower half, so that a run that was outside for most
 * of the time has one too. */
static double normal_of(const double *value, size_t n) {
    double *sorted = mem_new(n, sizeof *sorted);
    size_t m = 0;
    for (size_t i = 0; i < n; i++)
        if (!isnan(value[i]))
            sorted[m++] = value[i];
    qsort(sorted, m, sizeof *sorted, order_doubles);
    double normal = m ? sorted[m / 4] : NAN;
    free(sorted);
    return normal;
}

static size_t episodes_of(const bool *out, size_t n, struct episode *e) {
    size_t found = 0;
    for (size_t i = 0; i < n; i++) {
        if (!out[i])
            continue;
        if (found && i - e[found - 1].last <= GAP_MOST + 1) {
            e[found - 1].last = i;
            e[found - 1].outside++;
        } else if (found < EPISODES_MOST) {
            e[found++] = (struct episode){i, i, 1};
        } else {
            return 0; /* that many are no pattern */
        }
    }
    return found;
}

double period_of(const double *at_s, size_t n) {
    if (n < 3)
        return NAN;
    double least = INFINITY, most = 0, mean = (at_s[n - 1] - at_s[0]) / (double)(n - 1);
    for (size_t i = 1; i < n; i++) {
        least = fmin(least, at_s[i] - at_s[i - 1]);
        most = fmax(most, at_s[i] - at_s[i - 1]);
    }
    return most - least < regular_spread * mean ? mean : (double)NAN;
}

/* Most of the change comes at once: a queue that grows reaches its level slowly. */
static bool is_jump(const double *value, const struct episode *e, double normal) {
    static const double most = 0.6;
    size_t n = e->last - e->first + 1;
    double *sorted = mem_new(n, sizeof *sorted);
    memcpy(sorted, value + e->first, n * sizeof *sorted);
    qsort(sorted, n, sizeof *sorted, order_doubles);
    double level = sorted[n / 2];
    free(sorted);
    return n > 1 && fmax(value[e->first], value[e->first + 1]) - normal >= most * (level - normal);
}

static struct pattern once(const struct pieces *p, const struct episode *e, const double *value,
                           double normal, bool can_warm_up) {
    bool to_end = e->last + 1 == p->n;
    struct pattern x = {.from_s = p->at[e->first].at_s,
                        .to_s = to_end ? INFINITY : p->at[e->last].at_s + p->length_s,
                        .times = 1};
    bool lasting = is_jump(value, e, normal) && 3 * e->outside >= 2 * (e->last - e->first + 1);
    if (e->first > 0)
        x.kind = lasting ? PATTERN_AT_ONCE : PATTERN_NONE;
    else if (can_warm_up && e->last > 0 && e->last < p->n / 3)
        x.kind = PATTERN_WARM_UP;
    return x;
}

static struct pattern classify(const struct pieces *p, const bool *out, const double *value,
                               double normal, bool can_warm_up) {
    struct episode e[EPISODES_MOST];
    double at_s[EPISODES_MOST];
    size_t n = episodes_of(out, p->n, e);
    if (n == 1)
        return once(p, &e[0], value, normal, can_warm_up);
    for (size_t i = 0; i < n; i++)
        at_s[i] = p->at[e[i].first].at_s;
    double period_s = period_of(at_s, n);
    if (isnan(period_s))
        return (struct pattern){.kind = PATTERN_NONE};
    return (struct pattern){.kind = PATTERN_PERIODIC,
                            .from_s = at_s[0],
                            .to_s = at_s[n - 1],
                            .period_s = period_s,
                            .times = n};
}

/* Of a run that wanders, no single moment can be named. */
static bool is_calm_otherwise(const double *value, const bool *out, size_t n, double normal) {
    size_t calm = 0, all = 0;
    for (size_t i = 0; i < n; i++)
        if (!out[i] && !isnan(value[i])) {
            all++;
            calm += value[i] <= calm_factor * normal;
        }
    return (double)calm >= calm_least * (double)all;
}

static double worst_of(const double *value, const bool *out, size_t n) {
    double worst = 0;
    for (size_t i = 0; i < n; i++)
        if (out[i])
            worst = fmax(worst, value[i]);
    return worst;
}

/* More failures than the normal rate gives by chance. */
static bool errors_out(const struct piece *x, double normal) {
    static const double deviations = 4;
    double expected = normal * x->requests;
    return x->failed - expected > deviations * sqrt(expected + 1) &&
           x->failed > (normal + error_points) * x->requests;
}

static double rate_inside(const struct pieces *p, const bool *out) {
    double failed = 0, requests = 0;
    for (size_t i = 0; i < p->n; i++)
        if (!out[i] && p->at[i].failed >= 0) {
            failed += p->at[i].failed;
            requests += p->at[i].requests;
        }
    return requests > 0 ? failed / requests : 0;
}

/* Marks the pieces outside; returns the rate of the others. Few failures are mostly 0 in a piece,
 * so the normal rate is that of all pieces inside, from the calm ones up. */
static double mark_errors(const struct pieces *p, double normal, bool *out) {
    enum { ROUNDS = 4 };
    for (int round = 0; round < ROUNDS; round++) {
        for (size_t i = 0; i < p->n; i++)
            out[i] = errors_out(&p->at[i], normal);
        normal = rate_inside(p, out);
    }
    return normal;
}

/* The values of all pieces; marks those outside and returns the normal value. */
typedef double mark_fn(const struct pieces *p, double *value, bool *out);

static double mark_slow(const struct pieces *p, double *value, bool *out) {
    for (size_t i = 0; i < p->n; i++)
        value[i] = p->at[i].mean_ms;
    double normal = normal_of(value, p->n);
    for (size_t i = 0; i < p->n; i++)
        out[i] = value[i] > slow_factor * normal;
    return normal;
}

static double mark_failing(const struct pieces *p, double *value, bool *out) {
    for (size_t i = 0; i < p->n; i++)
        value[i] = p->at[i].failed / p->at[i].requests;
    return mark_errors(p, normal_of(value, p->n), out);
}

/* Response times also warm up, and wander. */
static struct pattern find(const struct pieces *p, mark_fn *mark, bool times) {
    struct pattern found = {.kind = PATTERN_NONE};
    if (p->n < PIECES_LEAST)
        return found;
    double *value = mem_new(p->n, sizeof *value);
    bool *out = mem_new(p->n, sizeof *out);
    double normal = mark(p, value, out);
    if (!times || is_calm_otherwise(value, out, p->n, normal))
        found = classify(p, out, value, normal, times);
    found.seen = true;
    found.normal = normal;
    found.worst = worst_of(value, out, p->n);
    free(value);
    free(out);
    return found;
}

void patterns_of(const struct check_input *in, struct pattern *latency, struct pattern *errors) {
    struct pieces p = steady_pieces(in, REQUESTS_LEAST);
    *latency = find(&p, mark_slow, true);
    *errors = find(&p, mark_failing, false);
    pieces_fini(&p);
}

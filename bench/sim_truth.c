#include "sim_truth.h"

#include <math.h>
#include <stdlib.h>

#include "base/mem.h"

enum { OTHERS_MAX = 4000, HALVINGS = 60, COLLAPSED = 400 };

/* What a request finds: p[n] is the share that sees n others; of those that are served. */
struct seen {
    double p[OTHERS_MAX + 1];
    int n; /* states */
};

/* e^-x x^k / k! */
static double poisson(double x, int k) { return exp(k * log(x) - x - lgamma(k + 1.0)); }

/* Share of Poisson(x) at or above k, and below it: each summed on the side of its smaller tail. */
static double poisson_from(double x, int k) {
    double sum = 0, term = poisson(x, k);
    for (int j = k; j < k + 100000 && (j < x || term > 1e-18 * sum); j++, term *= x / j)
        sum += term;
    return sum;
}

static double poisson_below(double x, int k) {
    if (x < k)
        return 1 - poisson_from(x, k);
    double sum = 0, term = poisson(x, k - 1);
    for (int j = k - 1; j >= 0 && term > 1e-18 * sum; j--, term *= (j + 1) / x)
        sum += term;
    return sum;
}

/* P(response time > t) with n others there: Erlang(n - c + 1) at the rate of all workers, then the
 * service itself. */
static double later_than(const struct sim_server *s, int n, double t) {
    double one = 1 / s->service_s, all = s->workers * one;
    int k = n - s->workers + 1;
    if (k <= 0)
        return exp(-one * t);
    double waits = poisson_below(all * t, k);
    if (s->workers == 1)
        return waits + poisson(all * t, k);
    return waits + exp(-one * t + k * log(all / (all - one))) * poisson_from((all - one) * t, k);
}

static double p95_of(const struct sim_server *s, const struct seen *v) {
    double low = 0, high = 1000 * s->service_s;
    for (int i = 0; i < HALVINGS; i++) {
        double t = (low + high) / 2, later = 0;
        for (int n = 0; n < v->n; n++)
            if (v->p[n] > 1e-15)
                later += v->p[n] * later_than(s, n, t);
        *(later > 0.05 ? &low : &high) = t;
    }
    return low;
}

static double mean_of(const struct sim_server *s, const struct seen *v) {
    double sum = 0;
    for (int n = 0; n < v->n; n++)
        sum += v->p[n] * (1 + fmax(0, n - s->workers + 1.0) / s->workers);
    return sum * s->service_s;
}

static void to_shares(struct seen *v) {
    double sum = 0;
    for (int n = 0; n < v->n; n++)
        sum += v->p[n];
    for (int n = 0; n < v->n; n++)
        v->p[n] /= sum;
}

void truth_open(const struct sim_server *s, double rps, struct truth_state *out) {
    struct seen *v = mem_new(1, sizeof *v);
    bool bound = s->queue >= 0;
    v->n = bound ? s->workers + s->queue + 1 : OTHERS_MAX;
    v->p[0] = 1;
    for (int n = 1; n < v->n; n++)
        v->p[n] = v->p[n - 1] * rps * s->service_s / fmin(n, s->workers);
    to_shares(v);
    out->lost = bound ? v->p[--v->n] : 0;
    to_shares(v);
    out->mean_s = mean_of(s, v);
    out->p95_s = p95_of(s, v);
    free(v);
}

/* Machines and repairmen with one machine less: those that think leave the rest at the server. */
void truth_closed(const struct sim_server *s, int users, double think_s, struct truth_state *out) {
    struct seen *v = mem_new(1, sizeof *v);
    int others = users - 1;
    v->n = others + 1;
    v->p[think_s > 0 ? 0 : others] = 1;
    for (int n = 1; n < v->n && think_s > 0; n++)
        v->p[n] = v->p[n - 1] * (others - n + 1) / think_s * s->service_s / fmin(n, s->workers);
    to_shares(v);
    *out = (struct truth_state){.mean_s = mean_of(s, v), .p95_s = p95_of(s, v)};
    free(v);
}

double truth_break_open(const struct sim_server *s, double p95_s, double errors) {
    double low = 0, high = 2 * truth_saturation(s);
    if (s->queue < 0)
        high = 0.9999 * truth_saturation(s);
    for (int i = 0; i < HALVINGS / 2; i++) {
        double rps = (low + high) / 2;
        struct truth_state at;
        truth_open(s, rps, &at);
        *(at.p95_s >= p95_s || at.lost >= errors ? &high : &low) = rps;
    }
    return low;
}

/* Users are whole; between two of them as between two steps. */
double truth_break_closed(const struct sim_server *s, double think_s, double p95_s) {
    struct truth_state last = {0}, at = {0};
    for (int users = 1; users < OTHERS_MAX; users++, last = at) {
        truth_closed(s, users, think_s, &at);
        if (at.p95_s >= p95_s)
            return users - 1 + log(p95_s / last.p95_s) / log(at.p95_s / last.p95_s);
    }
    return NAN;
}

double truth_break_usl(const struct sim_server *s, double p95_s) {
    double low = 1, high = OTHERS_MAX;
    for (int i = 0; i < HALVINGS; i++) {
        double users = (low + high) / 2;
        *(-log(0.05) * users / sim_usl_rate(s, users) >= p95_s ? &high : &low) = users;
    }
    return low;
}

/* Mean time until far more are in flight than it can ever finish: the sum of the mean times from n
 * to n + 1 of a birth-death chain. */
static double collapses_after(const struct sim_server *s, double rps) {
    double from_here = 1 / rps, sum = from_here;
    for (int n = 1; n < COLLAPSED; n++) {
        from_here = 1 / rps + sim_usl_rate(s, n) / rps * from_here;
        sum += from_here;
    }
    return sum;
}

double truth_break_collapse(const struct sim_server *s, double stands_s) {
    double low = 0, high = truth_saturation(s);
    for (int i = 0; i < HALVINGS; i++) {
        double rps = (low + high) / 2;
        *(M_LN2 * collapses_after(s, rps) < stands_s ? &high : &low) = rps;
    }
    return low;
}

double truth_saturation(const struct sim_server *s) {
    return s->kind == SIM_POOL ? s->workers / s->service_s
                               : sim_usl_rate(s, sqrt((1 - s->alpha) / s->beta));
}

#include "sim_soak.h"

#include <math.h>

static const double level = 500;
static const double stairs = 6;

/* u: 0 to 1 over the run; tau, and of a step its time. */
typedef double growth_fn(double u, double tau);

static double none(double u, double tau) { return (void)u, (void)tau, 0; }
static double linear(double u, double tau) { return (void)tau, u; }
static double late(double u, double tau) { return (void)tau, fmax(0, 2 * u - 1); }
static double in_stairs(double u, double tau) {
    return (void)tau, floor(u * stairs + 0.5) / stairs;
}
static double root(double u, double tau) { return (void)tau, sqrt(u); }
static double step(double u, double at) { return u >= at; }
static double warm_up(double u, double tau) { return 1 - exp(-u / tau); }

static growth_fn *const growth_of[GROWTHS] = {
    [GROWTH_NONE] = none,        [GROWTH_LINEAR] = linear, [GROWTH_LATE] = late,
    [GROWTH_STAIRS] = in_stairs, [GROWTH_ROOT] = root,     [GROWTH_STEP] = step,
    [GROWTH_WARM_UP] = warm_up};

/* One tooth after the other; no two are of the same length. */
struct teeth {
    double begin_s, length_s;
};

static void next_tooth(const struct sim_series *s, struct rng *r, struct teeth *t) {
    t->begin_s += t->length_s;
    t->length_s = 60 * s->gc_minutes * rng_between(r, 0.75, 1.25);
}

static double garbage(const struct sim_series *s, struct rng *r, struct teeth *t, double at_s) {
    while (at_s >= t->begin_s + t->length_s)
        next_tooth(s, r, t);
    return s->gc_share * (at_s - t->begin_s) / t->length_s;
}

void sim_series(const struct sim_series *s, struct rng *r, struct moment *out) {
    double wander = rng_normal(r), fresh = sqrt(1 - s->phi * s->phi);
    double tau = s->growth == GROWTH_STEP ? rng_between(r, 0.2, 0.9) : s->tau;
    struct teeth teeth = {0};
    if (s->gc_share > 0) {
        next_tooth(s, r, &teeth);
        teeth.begin_s = -teeth.length_s * rng_uniform(r);
    }
    for (int i = 0; i < SIM_SAMPLES; i++) {
        double u = (double)i / SIM_SAMPLES, at_s = 3600 * s->hours * u;
        double share = 1 + s->noise * wander + s->rise * growth_of[s->growth](u, tau);
        if (s->gc_share > 0)
            share += garbage(s, r, &teeth, at_s);
        out[i] = (struct moment){at_s, level * share};
        wander = s->phi * wander + fresh * rng_normal(r);
    }
}

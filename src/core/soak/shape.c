#include "soak/parts.h"

#include <float.h>
#include <math.h>

static const double taus[] = {.05, .08, .12, .18, .25, .35, .5, .7, 1};

/* A curve that is tried on the blocks: value = a + c x basis. */
struct curve {
    double basis[SOAK_BLOCKS_MAX];
};

struct fit {
    double errors; /* sum of their squares */
    double c;
};

/* Blocks with the mean taken off, at their place 0..1 in the time. */
struct points {
    double u[SOAK_BLOCKS_MAX], v[SOAK_BLOCKS_MAX];
    size_t n;
    double errors_least; /* below it all fits are equally perfect: the fewest parameters win */
};

static double mean_of(const double *v, size_t n) {
    double sum = 0;
    for (size_t i = 0; i < n; i++)
        sum += v[i];
    return sum / (double)n;
}

static void points_init(struct points *p, const struct trend *t) {
    double mean = mean_of(t->block, t->blocks), most = 0;
    double length = t->block_s[t->blocks - 1] - t->block_s[0];
    p->n = t->blocks;
    for (size_t i = 0; i < p->n; i++) {
        p->u[i] = (t->block_s[i] - t->block_s[0]) / length;
        p->v[i] = t->block[i] - mean;
        most = fmax(most, fabs(t->block[i]));
    }
    p->errors_least = (double)p->n * fmax(1e-24 * most * most, DBL_MIN);
}

static struct fit fit_curve(const struct points *p, const struct curve *curve) {
    double mean = mean_of(curve->basis, p->n), own = 0, shared = 0, errors = 0;
    for (size_t i = 0; i < p->n; i++) {
        double x = curve->basis[i] - mean;
        own += x * x;
        shared += x * p->v[i];
    }
    double c = own > 0 ? shared / own : 0;
    for (size_t i = 0; i < p->n; i++) {
        double e = p->v[i] - c * (curve->basis[i] - mean);
        errors += e * e;
    }
    return (struct fit){fmax(errors, p->errors_least), c};
}

static double bic_of(const struct points *p, double errors, int parameters) {
    double n = (double)p->n;
    return n * log(errors / n) + parameters * log(n);
}

/* Keeps the better fit; NAN: none yet. True when it is the new one. */
static bool better(double *bic, double found) {
    if (!isnan(*bic) && found >= *bic)
        return false;
    *bic = found;
    return true;
}

static void try_straight(const struct points *p, struct trend *out) {
    struct curve curve = {{0}};
    out->bic[SHAPE_FLAT] = bic_of(p, fit_curve(p, &curve).errors, 1);
    for (size_t i = 0; i < p->n; i++)
        curve.basis[i] = p->u[i];
    out->bic[SHAPE_LINEAR] = bic_of(p, fit_curve(p, &curve).errors, 2);
}

static void try_steps(const struct points *p, struct trend *out) {
    struct curve curve;
    for (size_t s = 2; s + 2 <= p->n; s++) {
        for (size_t i = 0; i < p->n; i++)
            curve.basis[i] = i >= s;
        if (better(&out->bic[SHAPE_STEP], bic_of(p, fit_curve(p, &curve).errors, 3)))
            out->step_block = (int)s;
    }
}

static void try_saturating(const struct points *p, struct trend *out) {
    struct curve curve;
    for (size_t k = 0; k < sizeof taus / sizeof *taus; k++) {
        for (size_t i = 0; i < p->n; i++)
            curve.basis[i] = 1 - exp(-p->u[i] / taus[k]);
        struct fit fit = fit_curve(p, &curve);
        if (fit.c > 0)
            better(&out->bic[SHAPE_SATURATING], bic_of(p, fit.errors, 3));
    }
}

static void try_late(const struct points *p, struct trend *out) {
    struct curve curve;
    for (size_t s = 2; s + 4 <= p->n; s++) {
        for (size_t i = 0; i < p->n; i++)
            curve.basis[i] = fmax(p->u[i] - p->u[s], 0);
        struct fit fit = fit_curve(p, &curve);
        if (fit.c > 0)
            better(&out->bic[SHAPE_LATE], bic_of(p, fit.errors, 3));
    }
}

void soak_fit_shapes(struct trend *out) {
    struct points p;
    points_init(&p, out);
    try_straight(&p, out);
    try_steps(&p, out);
    try_saturating(&p, out);
    try_late(&p, out);
    out->shape = SHAPE_FLAT;
    for (int s = 1; s < SHAPES; s++)
        if (out->bic[s] < out->bic[out->shape])
            out->shape = (enum soak_shape)s;
    if (out->shape != SHAPE_STEP)
        out->step_block = -1;
}

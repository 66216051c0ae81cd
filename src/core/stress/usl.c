/* The Universal Scalability Law through all steps: N / X(N) is linear in A, B, C, so no iteration
 * is needed. With 1/X as weight the residuals are relative. */
#include <math.h>

#include "stress/stress.h"

enum { COLUMNS = 3, SETS = 4, NOBODY = -1 };

/* Column sets in the order they are tried: {A, B, C}, {A, B}, {A, C}, {A}. */
static const bool set_has[SETS][COLUMNS] = {
    {true, true, true}, {true, true, false}, {true, false, true}, {true, false, false}};

struct pairs {
    const double *vus, *rps;
    size_t n;
    long without; /* index left out; NOBODY */
};

struct curve {
    double coefficient[COLUMNS]; /* A, B, C */
    double square;               /* sum of the squared residuals */
};

static double column(const struct pairs *p, size_t i, int c) {
    double n = p->vus[i], x = p->rps[i] / n;
    return c == 0 ? x : c == 1 ? x * (n - 1) : x * n * (n - 1);
}

static bool counts(const struct pairs *p, size_t i) { return (long)i != p->without; }

/* --- least squares ---------------------------------------------------------------------------- */

/* Of all used rows; 1 for a column of zeros. */
static double column_size(const struct pairs *p, int c) {
    double squares = 0;
    for (size_t i = 0; i < p->n; i++)
        squares += counts(p, i) ? column(p, i, c) * column(p, i, c) : 0;
    return squares > 0 ? sqrt(squares) : 1;
}

/* The normal equations, one row per unknown and the right side last. A column that is left out
 * gets the equation "is 0". */
static void normal_equations(const struct pairs *p, const bool *has, const double *size,
                             double m[COLUMNS][COLUMNS + 1]) {
    for (int r = 0; r < COLUMNS; r++)
        for (int c = 0; c <= COLUMNS; c++)
            m[r][c] = r == c && !has[r] ? 1 : 0;
    for (size_t i = 0; i < p->n; i++) {
        if (!counts(p, i))
            continue;
        double row[COLUMNS + 1] = {[COLUMNS] = 1};
        for (int c = 0; c < COLUMNS; c++)
            row[c] = has[c] ? column(p, i, c) / size[c] : 0;
        for (int r = 0; r < COLUMNS; r++)
            for (int c = 0; has[r] && c <= COLUMNS; c++)
                m[r][c] += row[r] * row[c];
    }
}

/* Cholesky's order: the matrix is symmetric and its diagonal is 1, so a pivot near 0 says that a
 * column is a mix of others. */
static bool solve(double m[COLUMNS][COLUMNS + 1], double *x) {
    for (int p = 0; p < COLUMNS; p++) {
        if (!(m[p][p] > 1e-12))
            return false;
        for (int r = p + 1; r < COLUMNS; r++) {
            double factor = m[r][p] / m[p][p];
            for (int c = p; c <= COLUMNS; c++)
                m[r][c] -= factor * m[p][c];
        }
    }
    for (int r = COLUMNS - 1; r >= 0; r--) {
        x[r] = m[r][COLUMNS];
        for (int c = r + 1; c < COLUMNS; c++)
            x[r] -= m[r][c] * x[c];
        x[r] /= m[r][r];
    }
    return true;
}

/* What the curve gives at a step, over what was measured there, is 1 / (1 - residual). */
static double residual(const struct pairs *p, const double *x, size_t i) {
    double rest = 1;
    for (int c = 0; c < COLUMNS; c++)
        rest -= x[c] * column(p, i, c);
    return rest;
}

static double sum_of_squares(const struct pairs *p, const double *x) {
    double total = 0;
    for (size_t i = 0; i < p->n; i++)
        total += counts(p, i) ? residual(p, x, i) * residual(p, x, i) : 0;
    return total;
}

/* Throughput is positive, and neither contention nor crosstalk gives time back. */
static bool admissible(const double *x) { return x[0] > 0 && x[1] >= 0 && x[2] >= 0; }

static bool fit(const struct pairs *p, struct curve *best) {
    double size[COLUMNS];
    best->square = INFINITY;
    for (int c = 0; c < COLUMNS; c++)
        size[c] = column_size(p, c);
    for (int s = 0; s < SETS; s++) {
        double m[COLUMNS][COLUMNS + 1];
        struct curve one;
        normal_equations(p, set_has[s], size, m);
        if (!solve(m, one.coefficient))
            continue;
        for (int c = 0; c < COLUMNS; c++)
            one.coefficient[c] /= size[c];
        one.square = sum_of_squares(p, one.coefficient);
        if (admissible(one.coefficient) && one.square < best->square)
            *best = one;
    }
    return isfinite(best->square);
}

/* --- what the curve says ---------------------------------------------------------------------- */

static void parameters(const struct curve *c, struct stress_usl *out) {
    out->gamma = 1 / c->coefficient[0];
    out->alpha = c->coefficient[1] * out->gamma;
    out->beta = c->coefficient[2] * out->gamma;
}

/* Root mean square of (curve - measured) / measured. */
static double relative_error(const struct pairs *p, const struct curve *c) {
    double total = 0;
    for (size_t i = 0; i < p->n; i++) {
        double rest = residual(p, c->coefficient, i), off = 1 / (1 - rest) - 1;
        total += off * off;
    }
    return sqrt(total / (double)p->n);
}

static void peak(struct stress_usl *out) {
    if (!(out->beta > 0) || out->alpha >= 1)
        return;
    double n = sqrt((1 - out->alpha) / out->beta);
    out->n_max = n;
    out->x_max = out->gamma * n / (1 + out->alpha * (n - 1) + out->beta * n * (n - 1));
}

static const struct stress_usl nothing = {.gamma = NAN,
                                          .alpha = NAN,
                                          .beta = NAN,
                                          .error = NAN,
                                          .n_max = NAN,
                                          .x_max = NAN,
                                          .x_low = NAN,
                                          .x_high = NAN};

/* The peak without each step in turn; NAN when it is gone without one of them. */
static void leave_one_out(struct pairs p, struct stress_usl *out) {
    double low = INFINITY, high = -INFINITY;
    for (size_t i = 0; i < p.n; i++) {
        struct stress_usl one = nothing;
        struct curve c;
        p.without = (long)i;
        if (fit(&p, &c)) {
            parameters(&c, &one);
            peak(&one);
        }
        if (isnan(one.x_max))
            return;
        low = fmin(low, one.x_max);
        high = fmax(high, one.x_max);
    }
    out->x_low = low;
    out->x_high = high;
}

static bool peak_was_tested(const struct pairs *p, double n_max) {
    bool below = false, above = false;
    for (size_t i = 0; i < p->n; i++) {
        below |= p->vus[i] <= n_max;
        above |= p->vus[i] >= n_max;
    }
    return below && above;
}

static bool behind_all_gates(const struct pairs *p, const struct stress_rules *rules,
                             const struct stress_usl *u) {
    return u->error <= rules->fit_error && peak_was_tested(p, u->n_max) &&
           u->x_high - u->x_low <= rules->fit_leave_one_out * u->x_max;
}

/* The law starts at one VU. Beyond the others no pair is real, and squares would overflow. */
static bool all_real(const struct pairs *p) {
    const double most = 1e15, least = 1e-9;
    for (size_t i = 0; i < p->n; i++)
        if (!(p->vus[i] >= 1 && p->vus[i] <= most && p->rps[i] >= least && p->rps[i] <= most))
            return false;
    return true;
}

void stress_usl_fit(const double *vus, const double *rps, size_t n, bool no_think,
                    const struct stress_rules *rules, struct stress_usl *out) {
    struct pairs p = {.vus = vus, .rps = rps, .n = n, .without = NOBODY};
    struct curve c;
    *out = nothing;
    if (n == 0 || (double)n < rules->fit_steps || !all_real(&p) || !fit(&p, &c))
        return;
    out->fitted = true;
    parameters(&c, out);
    out->error = relative_error(&p, &c);
    peak(out);
    leave_one_out(p, out);
    out->accepted = no_think && behind_all_gates(&p, rules, out);
}

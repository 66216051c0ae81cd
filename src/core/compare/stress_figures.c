/* Stress tests: where each broke, the most it got through, and p95 of steps of the same load. */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "base/unit.h"
#include "compare/parts.h"

static const struct stress_found *found_of(const struct side *s) {
    return s->is->judgement.has_stress ? &s->is->judgement.stress : NULL;
}

static size_t steps_of(const struct stress_found *f) {
    return f->steps < STRESS_STEPS_MAX ? f->steps : STRESS_STEPS_MAX;
}

/* --- break load --- */

/* A run that did not break is above its top, one that broke at once below its first step. */
static struct estimate break_of(const struct stress_found *f) {
    if (isfinite(f->break_load) && f->break_load > 0)
        return (struct estimate){f->break_load, f->low, f->high};
    if (isfinite(f->at_least) && f->at_least > 0)
        return (struct estimate){NAN, f->at_least, INFINITY};
    if (isfinite(f->at_most) && f->at_most > 0)
        return (struct estimate){NAN, 0, f->at_most};
    return estimate_none(NAN);
}

static void break_words(const struct estimate *e, char *out, size_t size) {
    char a[32], b[32];
    figure_rate(e->low, a, sizeof a);
    figure_rate(e->high, b, sizeof b);
    if (!isfinite(e->high))
        snprintf(out, size, "not up to %s", a);
    else if (isnan(e->value))
        snprintf(out, size, "below %s", b);
    else
        snprintf(out, size, "%s to %s", a, b);
}

static void read_break(struct compared *c, const struct estimate *a, const struct estimate *b,
                       double ratio) {
    char x[80], y[80];
    break_words(a, x, sizeof x);
    break_words(b, y, sizeof y);
    bool more = b->low > a->high, less = b->high < a->low;
    bool both = !isnan(a->value) && !isnan(b->value);
    bool small = both && fmax(a->value, b->value) < ratio * fmin(a->value, b->value);
    c->reading = small || (!more && !less) ? READING_NOISE : more ? READING_BETTER : READING_WORSE;
    compared_why(c, "it breaks %s and %s: %s", x, y,
                 c->reading != READING_NOISE ? "these do not touch"
                 : small                     ? "no clear change"
                                             : "too close to tell");
}

static void compare_break(const struct pair *p, struct comparison *out,
                          const struct stress_found *a, const struct stress_found *b) {
    struct estimate x = break_of(a), y = break_of(b);
    struct compared *c = figure_add(out, "break_load", a->open ? "RPS" : "VUs");
    if (!c)
        return;
    compared_fill(c, &x, &y, false);
    c->read = true;
    if (isnan(x.low) || isnan(y.low) || isnan(x.high) || isnan(y.high))
        compared_why(c, "where it breaks is not known of both");
    else
        read_break(c, &x, &y, p->rules->compare.warn_ratio);
}

/* --- saturation --- */

/* Requests that came through in the step of the highest rate are a count: chance is its root. */
static struct estimate saturation_of(const struct stress_found *f) {
    const double z_95 = 1.959963984540054;
    double ok = NAN, top = 0;
    for (size_t i = 0; i < steps_of(f); i++) {
        double rps = stress_step_rps(&f->step[i].is);
        if (rps > top) {
            top = rps;
            ok = f->step[i].is.ok;
        }
    }
    double half = f->saturation_rps * z_95 / sqrt(ok);
    if (f->saturation == SATURATION_NOT_REACHED || !isfinite(half))
        return estimate_none(f->saturation_rps);
    return (struct estimate){f->saturation_rps, f->saturation_rps - half, f->saturation_rps + half};
}

static void compare_saturation(const struct pair *p, struct comparison *out,
                               const struct stress_found *a, const struct stress_found *b) {
    struct estimate x = saturation_of(a), y = saturation_of(b);
    struct compared *c = figure_add(out, "saturation_rps", "RPS");
    if (!c)
        return;
    compared_fill(c, &x, &y, false);
    if (isnan(x.low) || isnan(y.low)) {
        c->read = true;
        compared_why(c, "one of them did not reach a plateau: its most is what was asked of it");
        return;
    }
    struct pair plenty = *p; /* steps are short; their counts are in the interval */
    plenty.a.length_s = plenty.b.length_s = INFINITY;
    plenty.a.requests = plenty.b.requests = INFINITY;
    plenty.a.part = plenty.b.part = NULL;
    read_figure(&plenty, c, true, figure_rate);
}

/* --- steps of the same load --- */

static const struct stretch *stretch_of(const struct side *s, const struct stress_judged *j) {
    char name[32];
    snprintf(name, sizeof name, "step %d", j->is.number);
    return summary_stretch(s->run, name);
}

static const struct stress_judged *same_load(const struct stress_found *f, double load,
                                             double within) {
    const struct stress_judged *best = NULL;
    for (size_t i = 0; i < steps_of(f); i++) {
        double apart = fabs(f->step[i].is.load - load);
        if (f->step[i].judged && apart <= within * load &&
            (!best || apart < fabs(best->is.load - load)))
            best = &f->step[i];
    }
    return best;
}

static void compare_step(const struct pair *p, struct comparison *out, bool open,
                         const struct stress_judged *a, const struct stress_judged *b) {
    char name[64], load[32];
    unit_show_short(a->is.load, 1, load, sizeof load);
    snprintf(name, sizeof name, "p95 at %s %s", load, open ? "RPS" : "VUs");
    struct compared *c = figure_add(out, name, "ms");
    if (!c)
        return;
    const struct stretch *x = stretch_of(&p->a, a), *y = stretch_of(&p->b, b);
    bool known = x && y;
    struct pair steps = pair_of_parts(p, known ? x : NULL, known ? y : NULL);
    struct estimate ea = known ? estimate_p95(&steps.a, p->rules) : estimate_none(a->is.p95_ms);
    struct estimate eb = known ? estimate_p95(&steps.b, p->rules) : estimate_none(b->is.p95_ms);
    steps.a.length_s = a->is.window_s;
    steps.b.length_s = b->is.window_s;
    steps.a.requests = a->is.requests;
    steps.b.requests = b->is.requests;
    compared_fill(c, &ea, &eb, false);
    read_figure(&steps, c, false, unit_show_ms);
    if (!known && c->reading == READING_UNKNOWN && pair_enough(&steps, c))
        compared_why(c, "these steps hold no spread of p95 over time: no interval");
}

void stress_compare(const struct pair *p, struct comparison *out) {
    const struct stress_found *a = found_of(&p->a), *b = found_of(&p->b);
    if (!a || !b || a->open != b->open)
        return;
    compare_break(p, out, a, b);
    compare_saturation(p, out, a, b);
    for (size_t i = 0; i < steps_of(a); i++) {
        const struct stress_judged *other =
            a->step[i].judged ? same_load(b, a->step[i].is.load, p->rules->compare.same_load)
                              : NULL;
        if (other)
            compare_step(p, out, a->open, &a->step[i], other);
    }
}

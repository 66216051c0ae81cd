/* Soak tests: how fast memory and response time grow. */
#include <math.h>
#include <string.h>

#include "base/unit.h"
#include "compare/parts.h"

static char *show_slope(double value, char *out, size_t size) {
    return unit_show(value, fabs(value) < 10 ? 2 : 0, out, size);
}

static struct estimate slope_of(const struct trend *t) {
    return (struct estimate){t->slope, t->low, t->high};
}

/* Growth that neither run could show over its time is none. */
static double least_of(const struct trend *t, double rise_least) {
    return rise_least * t->level / t->hours;
}

static void read_slope(struct compared *c, const struct trend *a, const struct trend *b,
                       double rise_least) {
    struct estimate x = slope_of(a), y = slope_of(b);
    struct span d = estimate_difference(&x, &y);
    double least = fmin(least_of(a, rise_least), least_of(b, rise_least));
    char low[32], high[32];
    if (isnan(d.low) || isnan(d.high) || isnan(least)) {
        compared_why(c, "one of them cannot tell: %s", isnan(x.low) ? a->why : b->why);
        return;
    }
    bool real = (d.low > 0 || d.high < 0) && fabs(c->b - c->a) >= least;
    c->reading = !real ? READING_NOISE : c->b < c->a ? READING_BETTER : READING_WORSE;
    compared_why(c, "the difference of the slopes is %s to %s per hour (95 %%)%s",
                 show_slope(d.low, low, sizeof low), show_slope(d.high, high, sizeof high),
                 real ? "" : ": no clear change");
}

static void compare_slope(struct comparison *out, const char *metric, const char *unit,
                          const struct trend *a, const struct trend *b, double rise_least) {
    struct compared *c;
    struct estimate x = slope_of(a), y = slope_of(b);
    if ((isnan(x.value) && isnan(y.value)) || !(c = figure_add(out, metric, unit)))
        return;
    compared_fill(c, &x, &y, false);
    if (!(c->a_low > 0)) /* a share of what may be no growth at all says nothing */
        c->difference = NAN;
    c->read = true;
    if (isnan(x.value) || isnan(y.value))
        compared_why(c, "one of them did not measure it");
    else
        read_slope(c, a, b, rise_least);
}

void soak_compare(const struct pair *p, struct comparison *out) {
    const struct judgement *a = &p->a.is->judgement, *b = &p->b.is->judgement;
    if (!a->has_soak || !b->has_soak)
        return;
    const struct soak_rules *rules = p->rules->soak;
    compare_slope(out, "memory_slope", "MB/h", &a->soak.memory, &b->soak.memory,
                  rules[SOAK_MEMORY].rise_least);
    compare_slope(out, "latency_slope", "ms/h", &a->soak.latency, &b->soak.latency,
                  rules[SOAK_LATENCY].rise_least);
}

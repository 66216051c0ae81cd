/* Is a difference more than two identical runs differ by? */
#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "base/unit.h"
#include "check/check.h"
#include "compare/parts.h"

void compared_why(struct compared *c, const char *fmt, ...) {
    va_list ap;
    va_start(ap, fmt);
    vsnprintf(c->why, sizeof c->why, fmt, ap);
    va_end(ap);
}

void compared_fill(struct compared *c, const struct estimate *a, const struct estimate *b,
                   bool share) {
    c->a = a->value;
    c->b = b->value;
    c->a_low = a->low;
    c->a_high = a->high;
    c->b_low = b->low;
    c->b_high = b->high;
    double d = share ? c->b - c->a : c->a != 0 ? (c->b - c->a) / c->a : (double)NAN;
    c->difference = isfinite(d) ? d : (double)NAN;
}

char *figure_rate(double value, char *out, size_t size) { return unit_show(value, 1, out, size); }

/* --- enough to read anything --- */

static bool side_enough(const struct pair *p, const struct side *s, struct compared *c) {
    const struct compare_rules *r = &p->rules->compare;
    char run[24], has[32], least[32];
    which_run(p, s, run, sizeof run);
    if (isnan(s->length_s) || isnan(s->requests)) {
        compared_why(c, "run %s does not say %s", run,
                     isnan(s->length_s) ? "how long it was" : "how many requests it had");
        return false;
    }
    if (!(round(s->length_s) >= r->hold_least_s)) { /* as it is shown */
        compared_why(c, "run %s has %s%s; %s are needed", run,
                     unit_show_clock(s->length_s, has, sizeof has), s->part ? " steady" : "",
                     unit_show_clock(r->hold_least_s, least, sizeof least));
        return false;
    }
    if (!(s->requests >= r->samples_least)) {
        compared_why(c, "run %s has %s requests; %s are needed", run,
                     unit_show(s->requests, 0, has, sizeof has),
                     unit_show(r->samples_least, 0, least, sizeof least));
        return false;
    }
    return true;
}

bool pair_enough(const struct pair *p, struct compared *c) {
    return side_enough(p, &p->a, c) && side_enough(p, &p->b, c);
}

static bool both_known(const struct pair *p, struct compared *c) {
    char run[24];
    const struct side *missing = !isfinite(c->a) ? &p->a : !isfinite(c->b) ? &p->b : NULL;
    if (missing)
        compared_why(c, "run %s did not measure it", which_run(p, missing, run, sizeof run));
    return !missing;
}

/* --- intervals --- */

static bool has_interval(double low, double high) { return isfinite(low) && isfinite(high); }

static bool both_intervals(const struct pair *p, struct compared *c) {
    bool a = has_interval(c->a_low, c->a_high), b = has_interval(c->b_low, c->b_high);
    char run[24];
    if (a && b)
        return true;
    if (!p->a.part)
        compared_why(c, "of whole runs, ramps inside: no interval says what chance makes of it");
    else
        compared_why(c, "run %s holds no spread of it over time: no interval",
                     which_run(p, a ? &p->b : &p->a, run, sizeof run));
    return false;
}

/* "2 %" of 1.02; ratios are told from each other by six digits, as in the checks. */
static double six_digits(double v) { return round(v * 1e6) / 1e6; }

static bool is_small(double a, double b, double ratio) {
    double more = six_digits(fmax(a, b) / fmin(a, b));
    return a == b || (isfinite(more) && more < six_digits(ratio));
}

static bool say_small(struct compared *c, double ratio) {
    if (!is_small(c->a, c->b, ratio))
        return false;
    c->reading = READING_NOISE;
    compared_why(c, "within %.3g %%: no clear change", 100 * (ratio - 1));
    return true;
}

static void say_ends(struct compared *c, show_fn *show, const char *how) {
    char a[32], b[32], d[32], e[32];
    compared_why(c, "intervals %s to %s and %s to %s %s", show(c->a_low, a, sizeof a),
                 show(c->a_high, b, sizeof b), show(c->b_low, d, sizeof d),
                 show(c->b_high, e, sizeof e), how);
}

/* Real: the interval of the difference has no zero in it; where requests queue, as the windows'
 * intervals are too narrow there, the two must not even touch. */
static void read_difference(const struct pair *p, struct compared *c, bool higher_is_better,
                            show_fn *show) {
    const struct estimate a = {c->a, c->a_low, c->a_high}, b = {c->b, c->b_low, c->b_high};
    struct span d = estimate_difference(&a, &b);
    bool apart = c->a_high < c->b_low || c->b_high < c->a_low;
    bool real = d.low > 0 || d.high < 0;
    if (!real || (p->queueing && !apart)) {
        c->reading = READING_NOISE;
        say_ends(c, show, "overlap");
        return;
    }
    c->reading = (d.low > 0) == higher_is_better ? READING_BETTER : READING_WORSE;
    if (apart) {
        say_ends(c, show, "do not touch");
        return;
    }
    char low[32], high[32];
    compared_why(c, "the difference is %s to %s (95 %% interval)", show(d.low, low, sizeof low),
                 show(d.high, high, sizeof high));
}

static void read_beyond(const struct pair *p, struct compared *c, double ratio,
                        bool higher_is_better, show_fn *show) {
    c->read = true;
    if (both_known(p, c) && pair_enough(p, c) && !say_small(c, ratio) && both_intervals(p, c))
        read_difference(p, c, higher_is_better, show);
}

void read_figure(const struct pair *p, struct compared *c, bool higher_is_better, show_fn *show) {
    read_beyond(p, c, p->rules->compare.warn_ratio, higher_is_better, show);
}

/* --- error rate --- */

void read_errors(const struct pair *p, struct compared *c) {
    c->read = true;
    if (!both_known(p, c) || !pair_enough(p, c) || !both_intervals(p, c))
        return;
    bool apart = c->a_high < c->b_low || c->b_high < c->a_low;
    if (c->a == 0 && c->b == 0) {
        c->reading = READING_NOISE;
        compared_why(c, "no errors in either");
    } else if (!apart) {
        c->reading = READING_NOISE;
        say_ends(c, unit_show_share, "overlap");
    } else if (!say_small(c, p->rules->compare.warn_ratio)) {
        c->reading = c->b < c->a ? READING_BETTER : READING_WORSE;
        say_ends(c, unit_show_share, "do not touch");
    }
}

/* --- rate --- */

enum reached { REACHED_UNKNOWN, REACHED_NOT, REACHED, REACHED_TOO_MUCH };

static enum reached reached_by(const struct side *s) {
    const struct check *c = judgement_find(&s->is->judgement, "rps");
    if (!c || (c->status != VERDICT_PASS && c->status != VERDICT_FAIL))
        return REACHED_UNKNOWN;
    return c->status == VERDICT_PASS ? REACHED
           : c->op == OP_MORE_EQUAL  ? REACHED_NOT
                                     : REACHED_TOO_MUCH;
}

/* Below its target a run is better when it comes nearer; at it there is nothing to gain. Users who
 * wait for their answers make more requests of a faster server. An arrival rate without a target is
 * what somebody asked for. */
void read_rate(const struct pair *p, struct compared *c) {
    enum reached a = reached_by(&p->a), b = reached_by(&p->b);
    bool closed = record_arrivals(p->a.is) == ARRIVALS_CLOSED;
    if (a == REACHED && b == REACHED) {
        c->read = true;
        c->reading = READING_NOISE;
        compared_why(c, "both reach the target");
    } else if (a == REACHED_TOO_MUCH || b == REACHED_TOO_MUCH) {
        compared_why(c, "above the target: more is not better");
    } else if ((a && b) || closed) {
        read_beyond(p, c, 1 + p->rules->compare.same_load, true, figure_rate);
    } else {
        compared_why(c, "no target says which rate was wanted");
    }
}

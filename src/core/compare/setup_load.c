/* The load that two runs were meant to have. */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "base/text.h"
#include "base/unit.h"
#include "compare/setup.h"

char *show_whole(double value, char *out, size_t size) { return unit_show(value, 0, out, size); }

static char *show_rps(double value, char *out, size_t size) {
    char number[40];
    snprintf(out, size, "%s RPS", unit_show_short(value, 2, number, sizeof number));
    return out;
}

static const struct profile *profile_of(const struct side *s) {
    return s->is->has_profile ? &s->is->profile : NULL;
}

/* The top of a stress test is where it was to end, not the load of its figures. */
enum found look_target(const struct pair *p, struct differs *d) {
    if (p->stress)
        return FOUND_NOTHING;
    return setup_numbers(d, record_target_rps(p->a.is), record_target_rps(p->b.is),
                         p->rules->compare.same_load, show_rps);
}

/* Without any target: the same users, or else the same rate, is the same load. */
enum found look_load(const struct pair *p, struct differs *d) {
    bool target = !isnan(record_target_rps(p->a.is)) || !isnan(record_target_rps(p->b.is));
    double a = summary_value(p->a.run, METRIC_VUS_MAX), b = summary_value(p->b.run, METRIC_VUS_MAX);
    if (p->stress || target)
        return FOUND_NOTHING;
    if (a > 0 && a == b)
        return FOUND_SAME;
    return setup_numbers(d, summary_value(p->a.run, METRIC_RPS),
                         summary_value(p->b.run, METRIC_RPS), p->rules->compare.same_load,
                         show_rps);
}

/* --- the profile --- */

static void steps_words(const struct profile *x, char *out, size_t size) {
    double first = NAN;
    char from[32], to[32];
    int steps = x ? profile_steps(x, &first) : 0;
    if (steps > 0)
        snprintf(out, size, "%d steps, %s to %s", steps, show_whole(first, from, sizeof from),
                 show_rps(x->target_rps, to, sizeof to));
}

enum found look_steps(const struct pair *p, struct differs *d) {
    char a[120] = "", b[120] = "";
    if (!p->stress)
        return FOUND_NOTHING;
    steps_words(profile_of(&p->a), a, sizeof a);
    steps_words(profile_of(&p->b), b, sizeof b);
    return setup_words(d, a, b);
}

/* Names of its scenarios with their shares. */
static void mix_words(const struct profile *x, char *out, size_t size) {
    struct text_out o = {.to = out, .size = size};
    text_put(&o, "", 0);
    for (size_t i = 0; x && i < x->parts && i < SCENARIOS_MAX; i++) {
        const struct part *part = &x->part[i];
        char one[160];
        int n =
            snprintf(one, sizeof one, "%s%.64s%s%.0f %%, %.3g requests", i ? "; " : "", part->name,
                     part->name[0] ? " " : "", 100 * part->share, part->requests_per_iteration);
        text_put(&o, one, (size_t)n < sizeof one ? (size_t)n : sizeof one - 1);
    }
}

enum found look_mix(const struct pair *p, struct differs *d) {
    char a[4096], b[4096];
    mix_words(profile_of(&p->a), a, sizeof a);
    mix_words(profile_of(&p->b), b, sizeof b);
    return setup_words(d, a, b);
}

/* A figure of both profiles; NAN of a run without one, or where it says nothing. */
static enum found look_figure(const struct pair *p, struct differs *d,
                              double of(const struct profile *x), show_fn *show) {
    const struct profile *a = profile_of(&p->a), *b = profile_of(&p->b);
    return a && b ? setup_numbers(d, of(a), of(b), 0, show) : FOUND_NOTHING;
}

static double think_of(const struct profile *x) { return x->think_ms; }
enum found look_think(const struct pair *p, struct differs *d) {
    return look_figure(p, d, think_of, unit_show_ms);
}

static double vus_of(const struct profile *x) { return x->vus; }
enum found look_vus(const struct pair *p, struct differs *d) {
    return look_figure(p, d, vus_of, show_whole);
}

static double max_vus_of(const struct profile *x) {
    return x->max_vus > 0 ? x->max_vus : (double)NAN;
}
enum found look_max_vus(const struct pair *p, struct differs *d) {
    return look_figure(p, d, max_vus_of, show_whole);
}

static double ramp_of(const struct profile *x) {
    bool ramp = x->stages > 0 && x->stages <= STAGES_MAX && stage_is_ramp(&x->stage[0]);
    return ramp ? x->stage[0].duration_s : 0;
}
enum found look_ramp(const struct pair *p, struct differs *d) {
    return p->stress ? FOUND_NOTHING : look_figure(p, d, ramp_of, unit_show_clock);
}

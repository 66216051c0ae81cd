#include "soak/soak.h"

#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "base/order.h"
#include "soak/parts.h"

static const double SHORTEST_S = 1;    /* of the analysed time */
static const double EMPTY_MOST = 0.20; /* share of the blocks */
static const double PROJECT_MOST = 10; /* times the observed time */
static const size_t RESETS_LEAST = 2;  /* fewer are no saw-tooth */
static const size_t ENDS_PART = 8;     /* first and last are of an eighth of the samples */

/* What a verdict means; the words for a rise and for a fall. */
static const struct {
    const char *name;
    enum soak_answer answer;
    const char *up, *down;
} verdicts[] = {
    [SOAK_STABLE] = {"stable", SOAK_NONE_FOUND, "no significant rise", "no significant fall"},
    [SOAK_LEAK] = {"leak", SOAK_DRIFT, "grows and goes on growing", "falls and goes on falling"},
    [SOAK_SLOWING] = {"slowing", SOAK_DRIFT, "grows, slower in the second half",
                      "falls, slower in the second half"},
    [SOAK_PLATEAU] = {"plateau", SOAK_CANNOT_TELL,
                      "grew, then levelled off: a run twice as long would tell",
                      "fell, then levelled off: a run twice as long would tell"},
    [SOAK_STEP] = {"step", SOAK_CANNOT_TELL,
                   "one step up, level before and after: a run twice as long would tell",
                   "one step down, level before and after: a run twice as long would tell"},
    [SOAK_INSUFFICIENT] = {"insufficient", SOAK_CANNOT_TELL, "", ""},
};

static const char *const answer_names[] = {
    [SOAK_NOT_MEASURED] = "not_measured", [SOAK_NONE_FOUND] = "none_found",
    [SOAK_CANNOT_TELL] = "cannot_tell",   [SOAK_DRIFT] = "drift",
    [SOAK_RESTART] = "restart",
};

static const char *const shape_names[] = {
    [SHAPE_FLAT] = "flat", [SHAPE_LINEAR] = "linear",
    [SHAPE_STEP] = "step", [SHAPE_SATURATING] = "saturating",
    [SHAPE_LATE] = "late",
};

const char *soak_verdict_name(enum soak_verdict v) { return verdicts[v].name; }
const char *soak_answer_name(enum soak_answer a) { return answer_names[a]; }
const char *soak_shape_name(enum soak_shape s) { return shape_names[s]; }

static void trend_init(struct trend *t) {
    memset(t, 0, sizeof *t);
    t->verdict = SOAK_INSUFFICIENT;
    t->step_block = -1;
    double *const none[] = {
        &t->hours,      &t->s,          &t->variance,       &t->z,         &t->p,
        &t->slope,      &t->low,        &t->high,           &t->level,     &t->rise,
        &t->none_above, &t->tail_ratio, &t->tail_slope,     &t->level_end, &t->first,
        &t->last,       &t->hours_low,  &t->hours_to_limit, &t->hours_high};
    for (size_t i = 0; i < sizeof none / sizeof *none; i++)
        *none[i] = NAN;
    for (int i = 0; i < SHAPES; i++)
        t->bic[i] = NAN;
}

__attribute__((format(printf, 2, 3))) static bool insufficient(struct trend *t, const char *format,
                                                               ...) {
    va_list args;
    t->verdict = SOAK_INSUFFICIENT;
    t->answer = SOAK_CANNOT_TELL;
    va_start(args, format);
    vsnprintf(t->why, sizeof t->why, format, args);
    va_end(args);
    return false;
}

static void conclude(struct trend *t, const struct soak_options *o, enum soak_verdict v) {
    t->verdict = v;
    t->answer = verdicts[v].answer;
    snprintf(t->why, sizeof t->why, "%s", o->falling ? verdicts[v].down : verdicts[v].up);
}

/* --- from samples to blocks --- */

static bool enough_samples(const struct samples *s, const struct soak_rules *r, struct trend *t) {
    if ((double)s->seen < r->samples_least)
        return insufficient(t, "needs %.0f samples, has %zu (%zu after the warm-up)",
                            r->samples_least, s->seen, s->n);
    if (!(samples_length_s(s) >= SHORTEST_S))
        return insufficient(t, "all samples lie within one second: a run of hours would tell");
    return true;
}

/* Blocks that hold whole cycles of a saw-tooth, so that each has a low point. */
static size_t block_count(const struct soak_rules *r, size_t resets) {
    double count = fmin(r->blocks, SOAK_BLOCKS_MAX);
    if (resets >= RESETS_LEAST)
        count = fmin(count, floor((double)resets / r->gc_cycles_per_block));
    return count >= 1 ? (size_t)count : 1;
}

/* Hours, in tenths, that a run with this saw-tooth needs for its fewest blocks. */
static double saw_tooth_hours(const struct soak_rules *r, double cycle_s) {
    double s = r->blocks_least * r->gc_cycles_per_block * cycle_s / (1 - r->warm_up);
    return ceil(s / 3600 * 10) / 10;
}

static bool too_few_blocks(const struct soak_rules *r, size_t count, double cycle_s,
                           struct trend *t) {
    if (t->resets < RESETS_LEAST)
        return insufficient(t, "the rules ask for %.0f blocks at least and make %zu",
                            r->blocks_least, count);
    return insufficient(t, "run shorter than %.0f blocks of %.3g GC cycles: %.1f h would tell",
                        r->blocks_least, r->gc_cycles_per_block, saw_tooth_hours(r, cycle_s));
}

static bool make_blocks(const struct samples *s, const struct soak_rules *r, struct trend *t) {
    double cycle_s = NAN;
    if (!isnan(r->gc_cycles_per_block))
        t->resets = soak_resets(s, &cycle_s);
    size_t count = block_count(r, t->resets);
    samples_to_blocks(s, count, r->block_median, t);
    if ((double)count < r->blocks_least)
        return too_few_blocks(r, count, cycle_s, t);
    size_t empty = count - t->blocks;
    if ((double)empty > EMPTY_MOST * (double)count || t->blocks < 2)
        return insufficient(t, "%zu of %zu blocks have no sample: a run without gaps would tell",
                            empty, count);
    return true;
}

/* What a rise is a share of; 0: there is no such thing. */
static double base_level(const struct trend *t, const struct soak_options *o) {
    double given = o->falling ? -t->level : t->level;
    if (o->reference > 0 && isfinite(o->reference))
        return fmax(fabs(given), o->reference);
    return fmax(given, 0);
}

/* --- from blocks to numbers --- */

static bool measure(const struct soak_options *o, struct trend *t) {
    double sorted[SOAK_BLOCKS_MAX];
    memcpy(sorted, t->block, t->blocks * sizeof *sorted);
    t->level = order_median(sorted, t->blocks);
    double base = base_level(t, o);
    if (!(base > 0))
        return insufficient(t, "the median is not above 0, so growth is no share of it: "
                               "a limit to compare with would tell");
    soak_kendall(t);
    double analysed_h = (t->block_s[t->blocks - 1] - t->block_s[0]) / 3600;
    t->rise = t->slope * analysed_h / base;
    t->none_above = fmax(t->high, o->rules->none_above * base / t->hours);
    return true;
}

static enum soak_verdict tail_verdict(const struct soak_rules *r, const struct trend *t) {
    double slowing = t->shape == SHAPE_SATURATING ? r->tail_slowing_saturating : r->tail_slowing;
    if (t->tail_ratio < r->tail_plateau)
        return SOAK_PLATEAU;
    return t->tail_ratio < slowing ? SOAK_SLOWING : SOAK_LEAK;
}

static void stable_because(struct trend *t, const struct soak_options *o, const char *up,
                           const char *down) {
    conclude(t, o, SOAK_STABLE);
    snprintf(t->why, sizeof t->why, "%s", o->falling ? down : up);
}

static void judge(const struct soak_options *o, struct trend *t) {
    const struct soak_rules *r = o->rules;
    if (!(t->z > 0) || t->p >= r->significance) {
        conclude(t, o, SOAK_STABLE);
        return;
    }
    if (t->rise < r->rise_least) {
        stable_because(t, o, "rise below the effect limit", "fall below the effect limit");
        return;
    }
    soak_fit_shapes(t);
    t->tail_slope = soak_tail_slope(t);
    t->tail_ratio = t->tail_slope / t->slope;
    if (t->shape == SHAPE_FLAT)
        stable_because(t, o, "a level line fits best", "a level line fits best");
    else
        conclude(t, o, t->shape == SHAPE_STEP ? SOAK_STEP : tail_verdict(r, t));
}

/* --- hours to the limit --- */

static double hours_at(double room, double per_hour, double most) {
    if (!(room > 0))
        return 0;
    return per_hour > 0 ? fmin(room / per_hour, most) : most;
}

static void project(const struct soak_options *o, struct trend *t) {
    if (t->verdict != SOAK_LEAK || !isfinite(o->limit))
        return;
    double room = (o->falling ? -o->limit : o->limit) - t->level_end;
    double most = PROJECT_MOST * t->hours;
    t->beyond_projection = room > 0 && room / t->slope > most;
    t->hours_to_limit = hours_at(room, t->slope, most);
    t->hours_low = hours_at(room, t->high, most);
    t->hours_high = hours_at(room, t->low, most);
}

/* Back to the sign in which the values were given. */
static void turn_back(struct trend *t) {
    double low = t->low;
    t->low = t->high;
    t->high = low;
    double *const turned[] = {&t->slope,      &t->low,       &t->high,  &t->level,
                              &t->tail_slope, &t->level_end, &t->first, &t->last};
    for (size_t i = 0; i < sizeof turned / sizeof *turned; i++)
        *turned[i] = 0 - *turned[i];
    for (size_t i = 0; i < t->blocks; i++)
        t->block[i] = 0 - t->block[i];
}

static void analyse(const struct samples *s, const struct soak_options *o, struct trend *out) {
    size_t part = s->n / ENDS_PART > 0 ? s->n / ENDS_PART : 1;
    out->samples = s->n;
    out->hours = samples_length_s(s) / 3600;
    out->first = samples_median(s, 0, part);
    out->last = samples_median(s, s->n - part, part);
    if (!enough_samples(s, o->rules, out) || !make_blocks(s, o->rules, out) || !measure(o, out))
        return;
    judge(o, out);
    project(o, out);
}

void soak_trend(const struct moment *at, size_t n, const struct soak_options *o,
                struct trend *out) {
    struct samples s;
    trend_init(out);
    samples_take(&s, at, n, o->falling ? -1 : 1, o->rules->warm_up);
    if (s.n > 0)
        analyse(&s, o, out);
    else
        snprintf(out->why, sizeof out->why, "not measured");
    samples_drop(&s);
    if (o->falling)
        turn_back(out);
}

double soak_hours_needed(double level, double rate_per_hour, const struct soak_rules *rules) {
    return rate_per_hour > 0 ? rules->leak_never_missed * level / rate_per_hour : NAN;
}

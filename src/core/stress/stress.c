#include "stress/stress.h"

#include <math.h>

#include "stress/stress_parts.h"

/* Below, a step on each side of the break is missing. */
enum { STEPS_LEAST = 3 };

const char *stress_reason_name(enum stress_reason r) {
    static const char *const name[STRESS_REASONS] = {
        [STRESS_P95] = "p95",
        [STRESS_P99] = "p99",
        [STRESS_ERRORS] = "errors",
        [STRESS_RATE] = "rate",
        [STRESS_VU_CAP] = "vu_cap",
        [STRESS_GENERATOR_CPU] = "generator_cpu",
        [STRESS_GENERATOR_TIME] = "generator_time",
        [STRESS_NO_DATA] = "no_data",
    };
    return name[r];
}

const char *stress_verdict_name(enum stress_verdict v) {
    static const char *const name[] = {
        [STRESS_BROKE] = "broke",
        [STRESS_NOT_REACHED] = "not_reached",
        [STRESS_BROKE_BELOW] = "broke_below",
        [STRESS_GENERATOR_LIMITED] = "generator_limited",
        [STRESS_TOO_FEW_STEPS] = "too_few_steps",
        [STRESS_INCONCLUSIVE] = "inconclusive",
    };
    return name[v];
}

const char *saturation_name(enum saturation s) {
    static const char *const name[] = {[SATURATION_NOT_REACHED] = "not_reached",
                                       [SATURATION_PLATEAU] = "plateau",
                                       [SATURATION_COLLAPSE] = "collapse"};
    return name[s];
}

/* --- last pass, first fail -------------------------------------------------------------------- */

static size_t judged_steps(const struct stress_found *out) {
    return out->generator_step < 0 ? out->steps : (size_t)out->generator_step;
}

static void find_pass_and_fail(const struct stress_input *in, struct stress_found *out) {
    size_t judged = judged_steps(out);
    for (size_t i = 0; i < judged; i++)
        if (!stress_step_fails(&out->step[i]))
            out->last_pass = (int)i;
    size_t above = (size_t)(out->last_pass + 1);
    if (above < judged)
        out->first_fail = (int)above;
    for (size_t i = 0; i < above; i++)
        out->transient[i] = stress_step_fails(&out->step[i]);
    out->confirmed = above < judged && (double)(judged - above) >= in->rules->confirm;
}

/* --- the break between them ------------------------------------------------------------------- */

/* Response times grow by factors towards saturation, hence the logarithm. */
static double latency_fraction(double a, double b, double limit) {
    return b >= limit && limit > a && a > 0 ? log(limit / a) / log(b / a) : NAN;
}

static double error_fraction(double a, double b, double limit) {
    return b >= limit && limit > a ? (limit - a) / (b - a) : NAN;
}

static double rate_fraction(double a, double b, double least) {
    return b < least && a > b ? (a - least) / (a - b) : NAN;
}

static double fraction_of(const struct stress_input *in, const struct stress_judged *a,
                          const struct stress_judged *b, enum stress_reason r) {
    switch (r) {
    case STRESS_P95:
        return b->p95_judged ? latency_fraction(a->is.p95_ms, b->is.p95_ms, in->p95_ms) : NAN;
    case STRESS_P99:
        return b->p95_judged ? latency_fraction(a->is.p99_ms, b->is.p99_ms, in->p99_ms) : NAN;
    case STRESS_ERRORS:
        return error_fraction(stress_step_errors(&a->is), stress_step_errors(&b->is),
                              in->error_rate);
    case STRESS_RATE:
        return in->open ? rate_fraction(step_reached(&a->is), step_reached(&b->is), in->rate_least)
                        : NAN;
    default:
        return NAN;
    }
}

static enum stress_reason first_failed(const struct stress_judged *j) {
    int r = STRESS_NONE + 1;
    while (r < STRESS_REASONS && !j->failed[r])
        r++;
    return r < STRESS_REASONS ? (enum stress_reason)r : STRESS_NONE;
}

/* The smallest fraction, and which limit it is of. A pass within the guard of the rate may be below
 * the limit already: then the break is at that step, not below it. */
static void find_fraction(const struct stress_input *in, struct stress_found *out) {
    const struct stress_judged *a = &out->step[out->last_pass], *b = &out->step[out->first_fail];
    out->fraction = 1;
    out->reason = first_failed(b);
    for (int r = STRESS_P95; r <= STRESS_RATE; r++) {
        double f = fraction_of(in, a, b, (enum stress_reason)r);
        if (!(f < out->fraction))
            continue;
        out->fraction = fmax(0, f);
        if (!b->failed[STRESS_NO_DATA])
            out->reason = (enum stress_reason)r;
    }
}

/* The plain bracket holds the truth in 37 to 98 % of runs; widened, in 94 to 100 %. */
static void find_interval(const struct stress_input *in, struct stress_found *out) {
    double widen = in->rules->widen, least = in->rules->widen_least;
    double below = fmax(out->last_pass - widen, 0);
    double above = fmin(out->first_fail + widen, (double)out->steps - 1);
    out->low = fmin(out->step[(size_t)below].is.load, (1 - least) * out->break_load);
    out->high = fmax(out->step[(size_t)above].is.load, (1 + least) * out->break_load);
}

static void find_break(const struct stress_input *in, struct stress_found *out) {
    const struct stress_step *a = &out->step[out->last_pass].is;
    const struct stress_step *b = &out->step[out->first_fail].is;
    find_fraction(in, out);
    out->break_load = a->load + out->fraction * (b->load - a->load);
    double good = stress_step_rps(a), more = fmax(0, stress_step_rps(b) - good);
    out->break_rps = in->open ? out->break_load : good + out->fraction * more;
    find_interval(in, out);
}

/* --- the verdict ------------------------------------------------------------------------------ */

static double load_at(const struct stress_found *out, int step) {
    return step < 0 ? NAN : out->step[step].is.load;
}

static void decide(const struct stress_input *in, struct stress_found *out) {
    find_pass_and_fail(in, out);
    if (out->steps < STEPS_LEAST) {
        out->verdict = STRESS_TOO_FEW_STEPS;
    } else if (out->first_fail >= 0 && out->last_pass >= 0) {
        out->verdict = STRESS_BROKE;
        find_break(in, out);
    } else if (out->first_fail >= 0) {
        out->verdict = STRESS_BROKE_BELOW;
        out->at_most = load_at(out, out->first_fail);
        out->reason = first_failed(&out->step[out->first_fail]);
    } else {
        bool limited = out->generator_step >= 0;
        out->verdict = limited ? STRESS_GENERATOR_LIMITED : STRESS_NOT_REACHED;
        out->at_least = load_at(out, out->last_pass);
        if (limited)
            out->reason = out->step[out->generator_step].generator;
    }
}

/* Steps that the generator spoiled say nothing about the curve. */
static void fit_curve(const struct stress_input *in, struct stress_found *out) {
    double vus[STRESS_STEPS_MAX], good[STRESS_STEPS_MAX];
    size_t n = in->open ? 0 : judged_steps(out);
    for (size_t i = 0; i < n; i++) {
        vus[i] = out->step[i].is.load;
        good[i] = stress_step_rps(&out->step[i].is);
    }
    stress_usl_fit(vus, good, n, !out->think_assumed && out->think_ms == 0, in->rules, &out->usl);
}

/* --- a step, for people ----------------------------------------------------------------------- */

enum stress_state stress_step_state(const struct stress_found *f, size_t i) {
    const struct stress_judged *s = &f->step[i];
    if (!s->judged)
        return STEP_NOT_JUDGED;
    if (f->transient[i])
        return STEP_DISTURBED;
    return stress_step_fails(s) ? STEP_OVER : STEP_KEPT;
}

const char *stress_state_word(enum stress_state s) {
    static const char *const words[] = {[STEP_KEPT] = "ok",
                                        [STEP_OVER] = "over limit",
                                        [STEP_DISTURBED] = "disturbed",
                                        [STEP_NOT_JUDGED] = "not judged"};
    return words[s];
}

void stress_find(const struct stress_input *in, struct stress_found *out) {
    *out = (struct stress_found){.verdict = STRESS_INCONCLUSIVE,
                                 .open = in->open,
                                 .last_pass = -1,
                                 .first_fail = -1,
                                 .generator_step = -1,
                                 .fraction = NAN,
                                 .break_load = NAN,
                                 .low = NAN,
                                 .high = NAN,
                                 .break_rps = NAN,
                                 .at_least = NAN,
                                 .at_most = NAN};
    bool ordered = steps_fill(in, out);
    generator_fill(in, out);
    saturation_fill(in, ordered, out);
    fit_curve(in, out);
    if (ordered || out->steps < STEPS_LEAST)
        decide(in, out);
}

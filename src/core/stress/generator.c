/* Is it the server at all? Beyond the first step that the load generator spoils nothing is said of
 * the server. */
#include <math.h>

#include "stress/stress_parts.h"

static double per_iteration(const struct stress_input *in) {
    double k = step_known(in->requests_per_iteration);
    return k > 0 ? k : 1;
}

static bool has_mean(const struct stress_step *s) { return s->requests > 0 && !isnan(s->mean_ms); }

/* The lowest load is the healthy one, if any is. */
static const struct stress_step *first_with_mean(const struct stress_found *out) {
    for (size_t i = 0; i < out->steps; i++)
        if (has_mean(&out->step[i].is))
            return &out->step[i].is;
    return NULL;
}

/* The users' time of the first step that is no response. Then only changes between steps show. */
static void think_fill(const struct stress_input *in, struct stress_found *out) {
    const struct stress_step *first = first_with_mean(out);
    out->think_ms = step_known(in->think_ms);
    if (in->open || !isnan(out->think_ms) || !first)
        return;
    double each_ms = 1000 * first->load * first->window_s / first->requests - first->mean_ms;
    out->think_ms = per_iteration(in) * fmax(0, each_ms);
    out->think_assumed = true;
}

/* One request of a VU with its part of the think time, in seconds. NAN: not known, or no time. */
static double cycle_s(const struct stress_input *in, const struct stress_found *out,
                      const struct stress_step *s) {
    double think_ms = isnan(out->think_ms) ? 0 : out->think_ms / per_iteration(in);
    double ms = s->mean_ms + think_ms;
    return has_mean(s) && ms > 0 ? ms / 1000 : NAN;
}

/* Share of the users' time that responses and pauses explain. */
static double law_of(const struct stress_input *in, const struct stress_found *out,
                     const struct stress_step *s) {
    return in->open ? NAN : s->requests / s->window_s * cycle_s(in, out, s) / s->load;
}

static bool time_missing(const struct stress_input *in, const struct stress_found *out,
                         const struct stress_judged *j) {
    double expected = j->is.load * j->is.window_s / cycle_s(in, out, &j->is);
    return expected >= in->rules->law_requests && j->law < in->rules->law_least;
}

/* The iterations that were dropped are those that the rate lacks. A few VUs are seldom all busy on
 * average when they run out. */
static bool drops_explain(const struct stress_input *in, const struct stress_judged *j) {
    const struct stress_step *s = &j->is;
    double missing = s->load * s->window_s - s->requests;
    return j->failed[STRESS_RATE] && s->dropped * per_iteration(in) >= missing;
}

/* Nearly all VUs were busy while iterations were dropped or, where nobody counts those, the rate
 * was not reached. */
static bool vus_are_full(const struct stress_input *in, const struct stress_found *out,
                         const struct stress_judged *j) {
    const struct stress_step *s = &j->is;
    double busy = isnan(s->vus) ? s->requests / s->window_s * cycle_s(in, out, s) : s->vus;
    bool missing = isnan(s->dropped) ? j->failed[STRESS_RATE] : s->dropped > 0;
    return missing && busy >= in->rules->vu_fill * in->max_vus;
}

/* The server was not slower: else it would be its fault. */
static bool too_few_vus(const struct stress_input *in, const struct stress_found *out,
                        const struct stress_judged *j) {
    const struct stress_step *first = first_with_mean(out);
    return first && j->is.mean_ms < in->rules->vu_slower * first->mean_ms &&
           (vus_are_full(in, out, j) || drops_explain(in, j));
}

/* A busy CPU goes first: it is the cause of the two others. */
static enum stress_reason spoiled_by(const struct stress_input *in, const struct stress_found *out,
                                     const struct stress_judged *j) {
    if (j->is.generator_cpu > in->cpu_invalid)
        return STRESS_GENERATOR_CPU;
    if (in->open)
        return too_few_vus(in, out, j) ? STRESS_VU_CAP : STRESS_NONE;
    return time_missing(in, out, j) ? STRESS_GENERATOR_TIME : STRESS_NONE;
}

void generator_fill(const struct stress_input *in, struct stress_found *out) {
    think_fill(in, out);
    out->generator_step = -1;
    for (size_t i = 0; i < out->steps; i++) {
        struct stress_judged *j = &out->step[i];
        j->law = law_of(in, out, &j->is);
        j->generator = spoiled_by(in, out, j);
        if (j->generator != STRESS_NONE && out->generator_step < 0)
            out->generator_step = (int)i;
        j->judged = out->generator_step < 0;
    }
}

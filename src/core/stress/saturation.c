/* The most successful requests/s on a plateau. Not the plain maximum: with 5 % noise from step to
 * step that is 3 to 8 % too high. */
#include <math.h>

#include "stress/stress_parts.h"

static double good_of(const struct stress_found *out, size_t i) {
    return stress_step_rps(&out->step[i].is);
}

static double highest(const struct stress_found *out) {
    double most = NAN;
    for (size_t i = 0; i < out->steps; i++)
        most = fmax(most, good_of(out, i));
    return most;
}

/* Closed: more VUs hardly give more. */
static bool grows_no_more(const struct stress_input *in, const struct stress_found *out, size_t i) {
    if (i == 0 || good_of(out, i - 1) <= 0)
        return false;
    double more_vus = log(out->step[i].is.load / out->step[i - 1].is.load);
    double more_good = log(good_of(out, i) / good_of(out, i - 1));
    return more_good / more_vus < in->rules->plateau_elasticity;
}

static bool saturated(const struct stress_input *in, const struct stress_found *out, size_t i) {
    return in->open ? step_below_rate(in, &out->step[i].is) : grows_no_more(in, out, i);
}

void saturation_fill(const struct stress_input *in, bool ordered, struct stress_found *out) {
    double most = highest(out), near = in->rules->plateau_share * most, total = 0;
    size_t on_plateau = 0, any = 0;
    out->saturation = SATURATION_NOT_REACHED;
    out->saturation_rps = most;
    for (size_t i = 0; ordered && i < out->steps; i++) {
        if (!saturated(in, out, i))
            continue;
        any++;
        if (good_of(out, i) >= near) {
            total += good_of(out, i);
            on_plateau++;
        }
    }
    if (any == 0)
        return;
    if (good_of(out, out->steps - 1) < near) {
        out->saturation = SATURATION_COLLAPSE;
        return;
    }
    out->saturation = SATURATION_PLATEAU;
    if (on_plateau >= 2)
        out->saturation_rps = total / (double)on_plateau;
}

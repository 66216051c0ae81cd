/* Figures as words, the same on every screen. */
#include <math.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "base/text.h"
#include "base/unit.h"
#include "ui/screen/panel/parts.h"

const struct phase phases[PHASES] = {{"Phase 0", STEP_PREREQUISITES, STEP_PREREQUISITES},
                                     {"Phase 1", STEP_LOAD, STEP_SCRIPT},
                                     {"Phase 2", STEP_RUN, STEP_REVIEW}};

const char *step_words(const struct row *r) { return r->why[0] ? r->why : r->what; }

char *show_when(int64_t at_ms, int64_t now_ms, char *out, size_t size) {
    time_t at = (time_t)(at_ms / 1000), now = (time_t)(now_ms / 1000);
    struct tm a, b;
    out[0] = '\0';
    if (!localtime_r(&at, &a) || !localtime_r(&now, &b))
        return out;
    bool today = a.tm_year == b.tm_year && a.tm_yday == b.tm_yday;
    strftime(out, size, today ? "%H:%M" : "%d %b %H:%M", &a);
    return out;
}

char *show_rate(double rps, char *out, size_t size) {
    return unit_show_short(rps >= 1000 ? round(rps) : round(rps * 10) / 10, 1, out, size);
}

char *show_target(const struct profile *p, char *out, size_t size) {
    char from[32], to[32];
    double first_rps;
    show_rate(profile_top_rps(p), to, sizeof to);
    if (p->model == MODEL_STRESS && profile_steps(p, &first_rps) > 1)
        snprintf(out, size, "%s to %s RPS", show_rate(first_rps, from, sizeof from), to);
    else
        snprintf(out, size, "%s RPS", to);
    return out;
}

static double length_of(const struct profile *p, const char *name) {
    for (int i = 0; i < p->stages; i++)
        if (strcmp(p->stage[i].name, name) == 0)
            return p->stage[i].duration_s;
    return 0;
}

char *show_shape(const struct profile *p, char *out, size_t size) {
    const char *method = method_words(p->arrivals);
    char a[32], b[32], c[32];
    double first_rps;
    if (p->model == MODEL_STRESS)
        snprintf(out, size, "%s, %s, %d steps of %s", model_title(p->model), method,
                 profile_steps(p, &first_rps),
                 unit_show_clock(length_of(p, "step 1"), a, sizeof a));
    else
        snprintf(out, size, "%s, %s, %s up, %s hold, %s down", model_title(p->model), method,
                 unit_show_clock(length_of(p, "ramp"), a, sizeof a),
                 unit_show_clock(length_of(p, "hold"), b, sizeof b),
                 unit_show_clock(length_of(p, "ramp down"), c, sizeof c));
    return out;
}

/* --- checks ---------------------------------------------------------------------------------- */

/* A column is narrow for the longest one. */
const char *check_title(const struct check *c) {
    return strcmp(c->metric, "windows_over") == 0 ? "Windows over" : check_word(c->metric);
}

double check_use(const struct check *c) {
    return c->limit > 0 && c->op != OP_MORE_EQUAL ? c->value / c->limit : NAN;
}

double check_headroom(const struct check *c) {
    if (!(c->limit > 0))
        return NAN;
    return c->op == OP_MORE_EQUAL ? (c->value - c->limit) / c->limit
                                  : (c->limit - c->value) / c->limit;
}

enum mark check_mark(const struct check *c) { return mark_of_verdict(c->status, c->near_limit); }

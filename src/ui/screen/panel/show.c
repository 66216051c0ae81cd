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

const char *check_title(const struct check *c) {
    static const struct {
        const char *metric, *title;
    } titles[] = {{"avg", "Average"},
                  {"error_rate", "Errors"},
                  {"rps", "Rate"},
                  {"checks", "Failed checks"},
                  {"dropped_iterations", "Dropped"},
                  {"memory_drift", "Memory drift"},
                  {"latency_drift", "p95 drift"},
                  {"stalls", "Stalls"},
                  {"windows_over", "Windows over"}};
    for (size_t i = 0; i < sizeof titles / sizeof *titles; i++)
        if (strcmp(titles[i].metric, c->metric) == 0)
            return titles[i].title;
    return c->metric;
}

static bool is_share(const struct session *s, const struct check *c) {
    char name[SCOPE_MAX_BYTES];
    text_copy(name, sizeof name, c->metric);
    name[strcspn(name, ":")] = '\0';
    const struct limit_rule *rule = rules_limit(&s->rules, name);
    return c->unit[0] == '\0' && rule && strcmp(rule->unit, "%") == 0;
}

char *show_check_limit(const struct session *s, const struct check *c, char *out, size_t size) {
    char number[48];
    bool share = is_share(s, c);
    if (isnan(c->limit)) {
        snprintf(out, size, "%s", "");
        return out;
    }
    unit_show_short(share ? c->limit * 100 : c->limit, share ? 4 : 1, number, sizeof number);
    snprintf(out, size, "%s%s%s", number, share || c->unit[0] ? " " : "", share ? "%" : c->unit);
    return out;
}

static void show_number(const struct session *s, const struct check *c, int more, char *out,
                        size_t size) {
    char number[48];
    double v = c->value;
    if (is_share(s, c) && more == 0) {
        unit_show_share(v, out, size);
    } else if (is_share(s, c)) {
        snprintf(out, size, "%s %%", unit_show(v * 100, 2 + more, number, sizeof number));
    } else if (strcmp(c->unit, "ms") == 0) {
        int decimals = v >= 100 || v == 0 ? 0 : v >= 1 ? 1 : 2;
        snprintf(out, size, "%s ms", unit_show(v, decimals + more, number, sizeof number));
    } else {
        int decimals = strcmp(c->unit, "RPS") == 0 && v < 1000 ? 1 : 0;
        unit_show(v, decimals + more, number, sizeof number);
        snprintf(out, size, "%s%s%s", number, c->unit[0] ? " " : "", c->unit);
    }
}

char *show_check_value(const struct session *s, const struct check *c, char *out, size_t size) {
    char limit[64];
    if (isnan(c->value)) {
        snprintf(out, size, "no data");
        return out;
    }
    show_check_limit(s, c, limit, sizeof limit);
    show_number(s, c, 0, out, size);
    for (int more = 1; more <= 3 && c->value != c->limit && strcmp(out, limit) == 0; more++)
        show_number(s, c, more, out, size);
    return out;
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

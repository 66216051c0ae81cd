#include "tools/k6/wanted.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "tools/k6/value.h"

static const double rate_tolerance = 0.001, whole_tolerance = 1e-6;
enum { GRACEFUL_STOP_MS = 30000 }; /* what k6 waits by itself */

char *wanted_duration(double ms, char *out, size_t size) {
    bool whole = fmod(ms, 1000) == 0;
    snprintf(out, size, whole ? "%.0fs" : "%.0fms", whole ? ms / 1000 : ms);
    return out;
}

/* --- stages --- */

static void add_stage(struct wanted *w, double duration_ms, double target) {
    w->stage[w->stages++] = (struct k6_stage){.duration_ms = duration_ms, .target = target};
    w->top = fmax(w->top, target);
}

static double level(const struct profile *p, const struct part *part, int stage) {
    if (p->arrivals == ARRIVALS_OPEN)
        return p->stage[stage].target_rps * part->share / part->requests_per_iteration;
    return part->stage_vus[stage];
}

/* A hold at another level than before it jumps there: k6 would ramp during it. */
static void make_stages(struct wanted *w, const struct profile *p) {
    double before = 0;
    for (int i = 0; i < p->stages; i++) {
        const struct stage *s = &p->stage[i];
        double target = level(p, w->part, i);
        bool ramps = stage_is_ramp(s);
        if (!ramps && target != before && i == 0)
            w->start = w->top = target;
        else if (!ramps && target != before)
            add_stage(w, 0, target);
        add_stage(w, round(s->duration_s * 1000), target);
        before = target;
    }
}

/* --- whole numbers per time unit --- */

static bool fits(double rate, double unit_s, double tolerance) {
    double x = rate * unit_s, off = fabs(x - round(x));
    if (rate > 0 && round(x) == 0)
        return false;
    return off < whole_tolerance || off + whole_tolerance < tolerance * x;
}

static bool all_fit(const struct wanted *w, double unit_s, double tolerance) {
    bool ok = fits(w->start, unit_s, tolerance);
    for (size_t i = 0; ok && i < w->stages; i++)
        ok = fits(w->stage[i].target, unit_s, tolerance);
    return ok;
}

/* Exactly, else within 0.1 %, else so near that all parts together are within 0.1 %: a small share
 * may be further off. */
static bool choose_unit(struct wanted *w, size_t parts, struct err *e) {
    w->tolerance = fmax(rate_tolerance, rate_tolerance / (w->part->share * (double)parts));
    static const double unit_s[] = {1, 10, 60, 600, 3600};
    const double tolerance[] = {0, rate_tolerance, w->tolerance};
    for (size_t t = 0; t < sizeof tolerance / sizeof *tolerance && !(w->unit_ms > 0); t++)
        for (size_t u = 0; u < sizeof unit_s / sizeof *unit_s && !(w->unit_ms > 0); u++)
            if (all_fit(w, unit_s[u], tolerance[t]))
                w->unit_ms = unit_s[u] * 1000;
    if (!(w->unit_ms > 0)) {
        err_set(e, ERR_RANGE,
                "a rate of %g iterations/s%s%s cannot be written for k6: it counts whole "
                "iterations per hour at most",
                w->top, w->part->name[0] ? " for " : "", w->part->name);
        return err_fix(e, "choose a higher target");
    }
    double factor = w->unit_ms / 1000;
    for (size_t i = 0; i < w->stages; i++)
        w->stage[i].target = round(w->stage[i].target * factor);
    w->start = round(w->start * factor);
    w->top = round(w->top * factor);
    return true;
}

/* --- values --- */

static void add(struct wanted *w, const char *key, enum wanted_kind kind, double number) {
    w->value[w->values++] = (struct wanted_value){.key = key, .kind = kind, .number = number};
}

static void make_open(struct wanted *w, bool constant) {
    w->executor = executor_find(constant ? "constant-arrival-rate" : "ramping-arrival-rate");
    add(w, constant ? "rate" : "startRate", WANTED_NUMBER, w->start);
    add(w, "timeUnit", WANTED_DURATION, w->unit_ms);
    if (constant)
        add(w, "duration", WANTED_DURATION, w->stage[0].duration_ms);
    add(w, "preAllocatedVUs", WANTED_NUMBER, w->part->preallocated_vus);
    add(w, "maxVUs", WANTED_NUMBER, w->part->max_vus);
    if (!constant)
        add(w, "stages", WANTED_STAGES, 0);
}

static void make_closed(struct wanted *w, bool constant) {
    w->executor = executor_find(constant ? "constant-vus" : "ramping-vus");
    add(w, constant ? "vus" : "startVUs", WANTED_NUMBER, w->start);
    if (constant)
        add(w, "duration", WANTED_DURATION, w->stage[0].duration_ms);
    else
        add(w, "stages", WANTED_STAGES, 0);
    w->shortcut = !constant && w->start == 0 && isnan(w->graceful_ms);
}

/* What k6 cuts off at the end is in no metric: give a slow iteration the time it may take. */
static double graceful_ms(const struct profile *p, const struct part *part) {
    double response_ms = p->p95_limit_ms > p->avg_ms ? p->p95_limit_ms : p->avg_ms;
    double longest_ms = part->requests_per_iteration * response_ms + part->think_ms + part->wait_ms;
    return longest_ms > GRACEFUL_STOP_MS ? ceil(longest_ms / 1000) * 1000 : NAN;
}

/* For the part of that index. ERR_RANGE when its rate is so small that no whole number of
 * iterations comes near it. */
static bool make_one(struct wanted *w, const struct profile *p, size_t part, struct err *e) {
    *w = (struct wanted){.part = &p->part[part], .graceful_ms = graceful_ms(p, &p->part[part])};
    bool open = p->arrivals == ARRIVALS_OPEN;
    make_stages(w, p);
    bool constant = w->stages == 1 && w->start > 0;
    if (open && !choose_unit(w, p->parts, e))
        return false;
    if (open)
        make_open(w, constant);
    else
        make_closed(w, constant);
    return true;
}

const struct wanted_value *wanted_find(const struct wanted *w, const char *key) {
    for (size_t i = 0; i < w->values; i++)
        if (strcmp(w->value[i].key, key) == 0)
            return &w->value[i];
    return NULL;
}

/* --- the parts of a profile and the scenarios of a script --- */

static size_t part_named(const struct profile *p, const char *name) {
    size_t i = 0;
    while (i < p->parts && strcmp(p->part[i].name, name) != 0)
        i++;
    return i;
}

static bool refuse_parts(const struct k6_script *s, const struct k6_scenario *missing,
                         struct err *e) {
    if (missing)
        err_set(e, ERR_MISSING, "the plan has no share for scenario %s", missing->name);
    else
        err_set(e, ERR_MISSING, "the plan has shares for scenarios that the script does not have");
    err_at(e, s->js.file, 0);
    return err_fix(e, "make the plan from this script");
}

/* The scenarios that carry the target are exactly the parts. A single part needs no name. */
static bool fill(const struct k6_script *s, const struct profile *p, struct wanted *w,
                 struct err *e) {
    bool nameless = p->parts == 1 && !p->part[0].name[0];
    size_t found = 0;
    for (size_t i = 0; i < s->scenarios; i++) {
        const struct k6_scenario *sc = &s->scenario[i];
        if (sc->left_alone[0])
            continue;
        size_t part = nameless ? found : part_named(p, sc->name);
        if (part >= p->parts)
            return refuse_parts(s, sc, e);
        if (!make_one(&w[i], p, part, e))
            return false;
        found++;
    }
    return found == p->parts || refuse_parts(s, NULL, e);
}

struct wanted *wanted_of_script(const struct k6_script *s, const struct profile *p, struct err *e) {
    struct wanted *w = mem_new(s->scenarios, sizeof *w);
    if (fill(s, p, w, e))
        return w;
    free(w);
    return NULL;
}

/* --- comparing --- */

static bool same_level(const struct wanted *w, double have, double have_unit_ms, double want) {
    if (w->unit_ms == 0)
        return have == want;
    double rate = have / have_unit_ms, planned = want / w->unit_ms;
    return fabs(rate - planned) <= w->tolerance * planned;
}

static bool same_stages(const struct wanted *w, const struct k6_script *s, const struct member *m,
                        double unit_ms) {
    struct k6_stage stage[K6_STAGES_MAX];
    size_t count;
    if (!load_stages(s, m->value, stage, &count) || count != w->stages)
        return false;
    for (size_t i = 0; i < count; i++)
        if (fabs(stage[i].duration_ms - w->stage[i].duration_ms) > 0.5 ||
            !same_level(w, stage[i].target, unit_ms, w->stage[i].target))
            return false;
    return true;
}

/* All rates of the script, in its own time unit, are those of the plan. */
static bool same_rates(const struct wanted *w, const struct k6_script *s,
                       const struct k6_scenario *sc, double *unit_ms) {
    const struct member *stages = script_setting(s, sc, "stages");
    double start, first = wanted_find(w, "rate") ? NAN : 0;
    const char *key = wanted_find(w, "rate") ? "rate" : "startRate";
    return load_duration(s, sc, "timeUnit", 1000, unit_ms) &&
           load_number(s, sc, key, first, &start) && same_level(w, start, *unit_ms, w->start) &&
           (!wanted_find(w, "stages") || (stages && same_stages(w, s, stages, *unit_ms)));
}

bool wanted_matches(const struct wanted *w, const struct k6_script *s, const struct k6_scenario *sc,
                    const struct wanted_value *v, const struct member *m) {
    struct number n;
    double ms, unit_ms = 0;
    bool of_rate = strcmp(v->key, "timeUnit") == 0 || strcmp(v->key, "startRate") == 0 ||
                   strcmp(v->key, "rate") == 0 || strcmp(v->key, "stages") == 0;
    if (w->unit_ms > 0 && of_rate && same_rates(w, s, sc, &unit_ms))
        return true;
    switch (v->kind) {
    case WANTED_NUMBER:
        return value_number(&s->names, m->value, &n) && !n.random && !n.from_env &&
               n.value == v->number;
    case WANTED_DURATION:
        return value_duration_ms(&s->names, m->value, &ms) && fabs(ms - v->number) < 0.5;
    case WANTED_STAGES:
        return same_stages(w, s, m, w->unit_ms > 0 ? w->unit_ms : 1);
    }
    return false;
}

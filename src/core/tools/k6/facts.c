#include "load/facts.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "base/text.h"
#include "tools/k6/cost.h"
#include "tools/k6/k6_script.h"
#include "tools/k6/load.h"
#include "tools/k6/remarks.h"
#include "tools/k6/thresholds.h"
#include "tools/k6/value.h"

/* A scenario while it is read. */
struct reading {
    const struct k6_script *s;
    const struct k6_scenario *sc;
};

static struct known unknown(long line, const char *what, const char *why) {
    struct known k = {.value = NAN, .most = NAN, .line = line};
    snprintf(k.why, sizeof k.why, "%s %s", what, why);
    return k;
}

static struct known known(double value, long line) {
    return (struct known){.value = value, .most = value, .line = line};
}

static long line_of(const struct reading *r, const struct member *m) {
    if (m)
        return node_line(m->node);
    if (r->s->has_scenarios)
        return node_line(r->sc->list.node);
    return r->s->has_options ? node_line(r->s->options.node) : 0;
}

static struct known number_of(const struct reading *r, const char *key, double fallback) {
    const struct member *m = script_setting(r->s, r->sc, key);
    double value;
    if (m && value_from_env(&r->s->names, m->value))
        return unknown(line_of(r, m), key, "comes from the environment");
    if (!load_number(r->s, r->sc, key, fallback, &value))
        return unknown(line_of(r, m), key, "is made at run time");
    return isnan(value) ? unknown(line_of(r, m), key, "is not set") : known(value, line_of(r, m));
}

static struct known duration_of(const struct reading *r, const char *key, double fallback) {
    const struct member *m = script_setting(r->s, r->sc, key);
    double ms;
    if (m && value_from_env(&r->s->names, m->value))
        return unknown(line_of(r, m), key, "comes from the environment");
    if (!load_duration(r->s, r->sc, key, fallback, &ms))
        return unknown(line_of(r, m), key, "is made at run time");
    return isnan(ms) ? unknown(line_of(r, m), key, "is not set") : known(ms, line_of(r, m));
}

/* Highest level (VUs, or a rate per time unit) and length of stages. */
static void read_stages(const struct reading *r, const char *start, double fallback,
                        struct known *most, struct known *length) {
    struct k6_stage stage[K6_STAGES_MAX];
    size_t count;
    const struct member *m = script_setting(r->s, r->sc, "stages");
    long line = line_of(r, m);
    struct known first = number_of(r, start, fallback);
    if (!m || !load_stages(r->s, m->value, stage, &count)) {
        *most = *length = unknown(line, "stages", "are made at run time");
        return;
    }
    *most = first;
    *length = known(0, line);
    for (size_t i = 0; i < count; i++) {
        most->value = most->most = fmax(most->value, stage[i].target);
        length->value = length->most = length->value + stage[i].duration_ms;
    }
    if (count)
        most->line = line;
}

/* --- by kind of executor --- */

static void read_rate(const struct reading *r, struct scenario *out) {
    struct known unit_ms = duration_of(r, "timeUnit", 1000);
    out->drive = DRIVE_RATE;
    if (executor_has_key(r->sc->executor, "stages")) {
        read_stages(r, "startRate", 0, &out->amount, &out->duration_ms);
    } else {
        out->amount = number_of(r, "rate", NAN);
        out->duration_ms = duration_of(r, "duration", NAN);
    }
    if (isnan(unit_ms.value))
        out->amount = unit_ms;
    out->amount.value /= unit_ms.value / 1000;
    out->amount.most /= unit_ms.value / 1000;
    const char *most = script_setting(r->s, r->sc, "maxVUs") ? "maxVUs" : "preAllocatedVUs";
    out->vus = number_of(r, most, NAN);
}

static void read_vus(const struct reading *r, struct scenario *out) {
    out->drive = DRIVE_VUS;
    if (executor_has_key(r->sc->executor, "stages")) {
        read_stages(r, r->s->has_scenarios ? "startVUs" : "vus", 1, &out->vus, &out->duration_ms);
    } else {
        out->vus = number_of(r, "vus", 1);
        out->duration_ms = duration_of(r, "duration", NAN);
    }
    out->amount = out->vus;
}

static void read_iterations(const struct reading *r, struct scenario *out) {
    bool per_vu = strcmp(r->sc->executor->name, "per-vu-iterations") == 0;
    out->drive = DRIVE_ITERATIONS;
    out->vus = number_of(r, "vus", 1);
    out->duration_ms =
        unknown(out->line, r->sc->executor->name, "ends after its iterations, not after a time");
    /* vus alone at the top level: as many iterations */
    out->amount = number_of(r, "iterations", r->s->has_scenarios ? 1 : out->vus.value);
    if (isnan(out->vus.value) && (per_vu || !script_setting(r->s, r->sc, "iterations")))
        out->amount = out->vus;
    else if (per_vu && r->s->has_scenarios) {
        out->amount.value *= out->vus.value;
        out->amount.most *= out->vus.value;
    }
}

/* Whatever the options may be, only a run shows them. */
static void read_computed(const struct reading *r, struct scenario *out) {
    out->line = node_line(r->s->computed);
    out->vus = unknown(out->line, "options", "are made at run time");
    out->amount = out->duration_ms = out->vus;
    out->executor[0] = '\0';
}

static void read_load(const struct reading *r, struct scenario *out) {
    if (!r->s->has_options && !ts_node_is_null(r->s->computed))
        read_computed(r, out);
    else if (executor_is_arrival_rate(r->sc->executor))
        read_rate(r, out);
    else if (executor_counts_iterations(r->sc->executor))
        read_iterations(r, out);
    else
        read_vus(r, out);
}

/* --- all of it --- */

static bool read_scenario(struct cost_count *c, const struct k6_scenario *sc, struct scenario *out,
                          struct err *e) {
    const struct reading r = {.s = c->script, .sc = sc};
    text_copy(out->name, sizeof out->name, sc->name);
    text_copy(out->executor, sizeof out->executor, sc->executor->name);
    text_copy(out->left_alone, sizeof out->left_alone, sc->left_alone);
    out->line = line_of(&r, NULL);
    read_load(&r, out);
    struct cost cost = cost_of_scenario(c, sc);
    out->requests_per_iteration = cost_known(c, sc, cost.requests);
    out->think_ms = cost_known(c, sc, cost.think_ms);
    out->wait_ms = known(0, 0);
    return c->script->scenarios > 1 || !cost_is_silent(cost) ||
           scenarios_refuse_silent(c->script, e);
}

static bool fill(const struct k6_script *s, struct facts *f, struct err *e) {
    struct cost_count c;
    bool ok = true;
    cost_open(&c, s, &f->findings);
    f->scenarios = s->scenarios;
    for (size_t i = 0; i < s->scenarios; i++)
        ok &= read_scenario(&c, &s->scenario[i], &f->scenario[i], e);
    if (!c.base_url[0])
        http_guess_base_url(&c);
    text_copy(f->base_url, sizeof f->base_url, c.base_url);
    f->base_url_line = c.base_url_line;
    thresholds_read(s, f);
    remarks_make(s, c.from_env_line, f);
    cost_close(&c);
    return ok;
}

bool k6_facts(const struct source *src, struct facts *out, struct err *e) {
    struct k6_script s;
    *out = (struct facts){.tool = "k6", .lines = text_count_lines(src->text, src->len)};
    bool ok = script_open(&s, src->text, src->len, src->file, e) && fill(&s, out, e);
    script_close(&s);
    return ok;
}

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "tools/k6/k6_script.h"
#include "tools/k6/value.h"
#include "tools/k6/wanted.h"

static bool differs(const struct k6_script *s, const char *what, struct err *e) {
    err_set(e, ERR_INTERNAL, "the new script does not say what the plan says (%s)", what);
    err_at(e, s->js.file, 0);
    return err_fix(e, "nothing was written; report this with the baseline");
}

/* Every value of the plan is there, and no key that would change it. */
static bool check_scenario(const struct k6_script *s, const struct k6_scenario *sc,
                           const struct wanted *w, struct err *e) {
    if (sc->executor != w->executor)
        return differs(s, "executor", e);
    for (size_t i = 0; i < w->values; i++) {
        const struct wanted_value *v = &w->value[i];
        const struct member *m = script_setting(s, sc, v->key);
        bool by_default = !s->has_scenarios && strcmp(v->key, "startVUs") == 0;
        if (!by_default && (!m || !wanted_matches(w, s, sc, v, m)))
            return differs(s, v->key, e);
    }
    for (size_t i = 0; i < sc->list.len; i++) {
        const struct member *m = &sc->list.item[i];
        if (strcmp(m->name, "startTime") == 0 ||
            (key_is_executor_own(m->name) && !executor_has_key(w->executor, m->name)))
            return differs(s, m->name, e);
    }
    return isnan(w->graceful_ms) || script_setting(s, sc, "gracefulStop")
               ? true
               : differs(s, "gracefulStop", e);
}

static bool check_scenarios(const struct k6_script *s, const struct wanted *w, struct err *e) {
    for (size_t i = 0; i < s->scenarios; i++)
        if (w[i].part && !check_scenario(s, &s->scenario[i], &w[i], e))
            return false;
    return true;
}

static bool check_top(const struct k6_script *s, const struct wanted *w, const struct profile *p,
                      struct err *e) {
    if (!s->has_scenarios && !w->shortcut)
        return differs(s, "scenarios", e);
    for (size_t i = 0; i < s->options.len; i++) {
        const struct member *m = &s->options.item[i];
        bool load = !s->has_scenarios && w->shortcut && strcmp(m->name, "stages") == 0;
        bool unset = s->overlay && node_is(m->value, "null");
        if (!load && !unset && key_is_shortcut(m->name))
            return differs(s, m->name, e);
    }
    struct number rps;
    const struct member *m = js_member(&s->options, "rps");
    if (member_is_set(&s->js, m) && value_number(&s->names, m->value, &rps) && rps.value > 0 &&
        rps.value <= profile_top_rps(p))
        return differs(s, "rps", e);
    if (s->overlay)
        return true;
    static const char *const needed[] = {"summaryTrendStats", NULL};
    for (const char *const *key = needed; *key; key++)
        if (!js_member(&s->options, *key))
            return differs(s, *key, e);
    bool limits = p->model == MODEL_STRESS || !isnan(p->p95_limit_ms) || !isnan(p->error_limit);
    return !limits || js_member(&s->options, "thresholds") ? true : differs(s, "thresholds", e);
}

bool k6_verify(const struct source *src, const struct profile *p, struct err *e) {
    struct k6_script s;
    struct wanted *w = NULL;
    bool ok = script_open(&s, src->text, src->len, src->file, e) &&
              (w = wanted_of_script(&s, p, e)) && check_scenarios(&s, w, e) &&
              check_top(&s, w, p, e);
    if (!ok && e && (e->kind == ERR_REFUSED || e->kind == ERR_MISSING))
        e->kind = ERR_INTERNAL;
    free(w);
    script_close(&s);
    return ok;
}

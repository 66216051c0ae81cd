#include "tools/k6/load.h"

#include <math.h>

#include "tools/k6/value.h"

static bool stage_of(const struct k6_script *s, TSNode n, struct k6_stage *out) {
    struct number target = {0};
    struct js_list l;
    TSNode object = value_node(&s->names, n);
    if (!node_is(object, "object"))
        return false;
    js_list_open(&s->js, object, &l);
    const struct member *d = js_member(&l, "duration"), *t = js_member(&l, "target");
    bool known = d && t && value_duration_ms(&s->names, d->value, &out->duration_ms) &&
                 value_number(&s->names, t->value, &target) && !target.random;
    out->target = target.value;
    js_list_close(&l);
    return known;
}

bool load_stages(const struct k6_script *s, TSNode value, struct k6_stage *out, size_t *count) {
    struct js_list l;
    TSNode list = value_node(&s->names, value);
    if (!node_is(list, "array"))
        return false;
    js_list_open(&s->js, list, &l);
    bool known = l.len <= K6_STAGES_MAX;
    for (size_t i = 0; known && i < l.len; i++)
        known = l.item[i].kind != MEMBER_SPREAD && stage_of(s, l.item[i].node, &out[i]);
    *count = l.len;
    js_list_close(&l);
    return known;
}

bool load_number(const struct k6_script *s, const struct k6_scenario *sc, const char *key,
                 double fallback, double *out) {
    const struct member *m = script_setting(s, sc, key);
    struct number number = {.value = fallback};
    if (m && (!value_number(&s->names, m->value, &number) || number.random))
        return false;
    *out = number.value;
    return true;
}

bool load_duration(const struct k6_script *s, const struct k6_scenario *sc, const char *key,
                   double fallback, double *out) {
    const struct member *m = script_setting(s, sc, key);
    *out = fallback;
    return !m || value_duration_ms(&s->names, m->value, out);
}

double load_length_ms(const struct k6_script *s, const struct k6_scenario *sc) {
    struct k6_stage stage[K6_STAGES_MAX];
    size_t count;
    double ms;
    if (executor_has_key(sc->executor, "duration"))
        return load_duration(s, sc, "duration", NAN, &ms) ? ms : NAN;
    const struct member *m = script_setting(s, sc, "stages");
    if (!executor_has_key(sc->executor, "stages") || !m || !load_stages(s, m->value, stage, &count))
        return NAN;
    ms = 0;
    for (size_t i = 0; i < count; i++)
        ms += stage[i].duration_ms;
    return ms;
}

#include <math.h>

#include "report/json.h"
#include "report/models_json.h"

static void add_bic(cJSON *to, const struct trend *t) {
    cJSON *o = cJSON_AddObjectToObject(to, "bic");
    for (int s = 0; s < SHAPES; s++)
        json_number(o, soak_shape_name((enum soak_shape)s), t->bic[s]);
}

/* The intermediate figures of the method, so that it can be followed. */
static void add_method(cJSON *o, const struct trend *t) {
    bool fitted = isfinite(t->bic[SHAPE_FLAT]);
    json_number(o, "samples", (double)t->samples);
    json_number(o, "resets", (double)t->resets);
    json_number(o, "blocks", (double)t->blocks);
    json_number(o, "hours", t->hours);
    json_number(o, "s", t->s);
    json_number(o, "variance", t->variance);
    json_number(o, "z", t->z);
    json_number(o, "p", t->p);
    json_number(o, "level", t->level);
    json_number(o, "rise", t->rise);
    json_text(o, "shape", fitted ? soak_shape_name(t->shape) : "");
    if (fitted)
        add_bic(o, t);
    else
        cJSON_AddNullToObject(o, "bic");
    json_number(o, "step_block", t->step_block >= 0 ? (double)t->step_block : NAN);
    json_number(o, "tail_ratio", t->tail_ratio);
    json_number(o, "tail_slope_per_hour", t->tail_slope);
}

static cJSON *add_trend(cJSON *to, const char *name, const char *unit, const struct trend *t) {
    cJSON *o = cJSON_AddObjectToObject(to, name);
    bool measured = t->answer != SOAK_NOT_MEASURED;
    json_text(o, "answer", soak_answer_name(t->answer));
    json_text(o, "unit", unit);
    json_number(o, "slope_per_hour", t->slope);
    json_number(o, "low", t->low);
    json_number(o, "high", t->high);
    json_number(o, "none_above_per_hour", t->none_above);
    json_number(o, "first", t->first);
    json_number(o, "last", t->last);
    json_number(o, "level_end", t->level_end);
    json_number(o, "hours_to_limit", t->hours_to_limit);
    json_number(o, "hours_to_limit_low", t->hours_low);
    json_number(o, "hours_to_limit_high", t->hours_high);
    cJSON_AddBoolToObject(o, "beyond_projection", t->beyond_projection);
    json_text(o, "verdict", measured ? soak_verdict_name(t->verdict) : "");
    json_string(o, "why", t->why);
    if (measured)
        add_method(o, t);
    return o;
}

void soak_add(cJSON *to, const struct soak_found *f) {
    if (!f) {
        cJSON_AddNullToObject(to, "soak");
        return;
    }
    cJSON *o = cJSON_AddObjectToObject(to, "soak");
    cJSON *memory = add_trend(o, "memory", "MB", &f->memory);
    json_text(memory, "process", f->memory_of);
    json_number(memory, "limit", f->memory_limit_mb);
    json_numbers(memory, "restarts_s", f->restart_s,
                 (int)(f->restarts < SOAK_RESTARTS_MAX ? f->restarts : SOAK_RESTARTS_MAX));
    json_number(memory, "restarts", (double)f->restarts);
    add_trend(o, "latency", "ms", &f->latency);
    add_trend(o, "errors", "", &f->errors);
    add_trend(o, "throughput", "RPS", &f->throughput);
    cJSON_AddBoolToObject(o, "load_drifted", f->load_drifted);
}

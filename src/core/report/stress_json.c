#include <math.h>

#include "report/json.h"
#include "report/models_json.h"

static const char *reason_of(enum stress_reason r) {
    return r == STRESS_NONE ? "" : stress_reason_name(r);
}

/* A step by its number; null: none. */
static void add_step_number(cJSON *to, const char *name, const struct stress_found *f, int index) {
    json_number(to, name, index >= 0 ? (double)f->step[index].is.number : NAN);
}

static void add_failed(cJSON *to, const struct stress_judged *j) {
    cJSON *list = cJSON_AddArrayToObject(to, "failed");
    for (int r = 0; r < STRESS_REASONS; r++)
        if (j->failed[r])
            json_item(list, stress_reason_name((enum stress_reason)r));
}

static cJSON *step_object(const struct stress_judged *j) {
    const struct stress_step *s = &j->is;
    cJSON *o = cJSON_CreateObject();
    json_number(o, "step", s->number);
    json_number(o, "from_s", s->from_s);
    json_number(o, "to_s", s->to_s);
    json_number(o, "load", s->load);
    json_number(o, "window_s", s->window_s);
    json_number(o, "requests", s->requests);
    json_number(o, "ok", s->ok);
    json_number(o, "achieved_rps", stress_step_rps(s));
    json_number(o, "mean_ms", s->mean_ms);
    json_number(o, "p95_ms", s->p95_ms);
    json_number(o, "p99_ms", s->p99_ms);
    json_number(o, "error_rate", stress_step_errors(s));
    json_number(o, "vus", s->vus);
    json_number(o, "dropped", s->dropped);
    json_number(o, "generator_cpu", s->generator_cpu);
    json_number(o, "law", j->law);
    add_failed(o, j);
    json_text(o, "generator", reason_of(j->generator));
    cJSON_AddBoolToObject(o, "judged", j->judged);
    cJSON_AddBoolToObject(o, "thin", j->thin);
    cJSON_AddBoolToObject(o, "p95_judged", j->p95_judged);
    return o;
}

static void add_steps(cJSON *to, const struct stress_found *f) {
    cJSON *list = cJSON_AddArrayToObject(to, "transient");
    for (size_t i = 0; i < f->steps; i++)
        if (f->transient[i])
            json_number_item(list, f->step[i].is.number);
    list = cJSON_AddArrayToObject(to, "steps");
    for (size_t i = 0; i < f->steps; i++)
        cJSON_AddItemToArray(list, step_object(&f->step[i]));
}

/* A fit that does not pass its gates is kept for whoever asks why; the screens leave it out. */
static void add_usl(cJSON *to, const struct stress_usl *u) {
    if (!u->fitted) {
        cJSON_AddNullToObject(to, "usl");
        return;
    }
    cJSON *o = cJSON_AddObjectToObject(to, "usl");
    cJSON_AddBoolToObject(o, "accepted", u->accepted);
    json_number(o, "gamma", u->gamma);
    json_number(o, "alpha", u->alpha);
    json_number(o, "beta", u->beta);
    json_number(o, "relative_rms_error", u->error);
    json_number(o, "n_max", u->n_max);
    json_number(o, "x_max", u->x_max);
    json_number(o, "x_low", u->x_low);
    json_number(o, "x_high", u->x_high);
}

void stress_add(cJSON *to, const struct stress_found *f) {
    if (!f) {
        cJSON_AddNullToObject(to, "stress");
        return;
    }
    cJSON *o = cJSON_AddObjectToObject(to, "stress");
    json_text(o, "verdict", stress_verdict_name(f->verdict));
    json_text(o, "load_unit", f->open ? "rps" : "vus");
    cJSON *load = cJSON_AddObjectToObject(o, "break_load");
    json_number(load, "value", f->break_load);
    json_number(load, "low", f->low);
    json_number(load, "high", f->high);
    json_number(o, "break_rps", f->break_rps);
    json_number(o, "fraction", f->fraction);
    json_number(o, "at_least", f->at_least);
    json_number(o, "at_most", f->at_most);
    add_step_number(o, "last_pass", f, f->last_pass);
    add_step_number(o, "first_fail", f, f->first_fail);
    add_step_number(o, "generator_step", f, f->generator_step);
    cJSON_AddBoolToObject(o, "confirmed", f->confirmed);
    cJSON *top = cJSON_AddObjectToObject(o, "saturation_rps");
    json_number(top, "value", f->saturation_rps);
    json_text(top, "kind", saturation_name(f->saturation));
    json_text(o, "reason", reason_of(f->reason));
    json_number(o, "think_ms", f->think_ms);
    cJSON_AddBoolToObject(o, "think_assumed", f->think_assumed);
    add_steps(o, f);
    add_usl(o, &f->usl);
}

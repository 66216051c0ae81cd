#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "report/json.h"

static void add_sizing(cJSON *to, const struct profile *p) {
    cJSON *o = cJSON_AddObjectToObject(to, "sizing");
    cJSON_AddStringToObject(o, "used", p->baseline_used ? "baseline" : "script");
    json_number(o, "from_baseline_vus", p->from_baseline_vus ? (double)p->from_baseline_vus : NAN);
    json_number(o, "from_script_vus", p->from_script_vus);
    json_number(o, "difference", p->difference);
    json_number(o, "vus_at_twice_response", p->vus_at_twice);
}

static void add_stages(cJSON *to, const struct profile *p) {
    cJSON *list = cJSON_AddArrayToObject(to, "stages");
    for (int i = 0; i < p->stages; i++) {
        const struct stage *s = &p->stage[i];
        cJSON *o = cJSON_CreateObject();
        cJSON_AddStringToObject(o, "name", s->name);
        json_number(o, "start_s", s->start_s);
        json_number(o, "duration_s", s->duration_s);
        json_number(o, "target_rps", s->target_rps);
        json_number(o, "vus", s->vus);
        cJSON_AddItemToArray(list, o);
    }
}

static void add_scenarios(cJSON *to, const struct profile *p) {
    bool open = p->arrivals == ARRIVALS_OPEN;
    cJSON *list = cJSON_AddArrayToObject(to, "scenarios");
    for (size_t i = 0; i < p->parts; i++) {
        const struct part *part = &p->part[i];
        cJSON *o = cJSON_CreateObject();
        json_text(o, "name", part->name);
        json_number(o, "share", part->share);
        json_number(o, "target_rps", part->share * p->target_rps);
        json_number(o, "requests_per_iteration", part->requests_per_iteration);
        json_number(o, "think_time_ms", part->think_ms + part->wait_ms);
        json_number(o, "iteration_rps", part->iteration_rps);
        json_number(o, "vus", part->vus);
        json_number(o, "preallocated_vus", open ? (double)part->preallocated_vus : NAN);
        json_number(o, "max_vus", open ? (double)part->max_vus : NAN);
        json_number(o, "users", part->users);
        cJSON_AddItemToArray(list, o);
    }
}

/* A version is a text: as a number 0.10 would be below 0.9. */
static void add_amount(cJSON *to, const char *name, const struct host_check *c, double value) {
    char text[32];
    if (strcmp(c->unit, "version") == 0 && value > 0)
        json_text(to, name, sizing_show(value, c->unit, text, sizeof text));
    else
        json_number(to, name, value);
}

static void add_host(cJSON *to, const struct report_plan *r) {
    cJSON *list = cJSON_AddArrayToObject(to, "infrastructure");
    for (int i = 0; i < r->hosts; i++) {
        const struct host_check *c = &r->host[i];
        cJSON *o = cJSON_CreateObject();
        json_text(o, "check", c->fact);
        add_amount(o, "needed", c, c->needed);
        add_amount(o, "available", c, c->available);
        json_number(o, "use", c->use);
        cJSON_AddStringToObject(o, "status", use_status_name(c->status));
        json_text(o, "unit", c->unit);
        json_text(o, "fix", c->fix);
        cJSON_AddItemToArray(list, o);
    }
}

/* What the baseline does now: null is what its text does not say. */
static void add_facts(cJSON *to, const struct facts *f) {
    cJSON *o = cJSON_AddObjectToObject(to, "baseline_script");
    json_number(o, "lines", (double)f->lines);
    cJSON *list = cJSON_AddArrayToObject(o, "scenarios");
    for (size_t i = 0; i < f->scenarios; i++) {
        const struct scenario *s = &f->scenario[i];
        cJSON *it = cJSON_CreateObject();
        json_text(it, "name", s->name);
        json_text(it, "executor", s->executor);
        json_number(it, "line", s->line ? (double)s->line : NAN);
        json_number(it, "vus", s->vus.value);
        json_number(it, "duration_s", s->duration_ms.value / 1000);
        json_number(it, "requests_per_iteration", s->requests_per_iteration.value);
        json_number(it, "think_time_ms", s->think_ms.value);
        json_number(it, "wait_time_ms", s->wait_ms.value);
        json_text(it, "left_alone", s->left_alone[0] ? s->left_alone : NULL);
        cJSON_AddItemToArray(list, it);
    }
    cJSON *limits = cJSON_AddArrayToObject(o, "thresholds");
    for (size_t i = 0; i < f->limits; i++) {
        cJSON *it = cJSON_CreateObject();
        json_text(it, "metric", f->limit[i].metric);
        json_text(it, "text", f->limit[i].text);
        json_number(it, "line", (double)f->limit[i].line);
        cJSON_AddItemToArray(limits, it);
    }
}

char *report_plan_json(const struct report_plan *r) {
    const struct profile *p = r->profile;
    bool open = p->arrivals == ARRIVALS_OPEN, stress = p->model == MODEL_STRESS;
    cJSON *o = cJSON_CreateObject();
    json_text(o, "tool", r->tool);
    json_text(o, "baseline", r->baseline);
    json_text(o, "script", r->script);
    if (r->base_url)
        json_text(o, "base_url", r->base_url[0] ? r->base_url : NULL);
    if (r->facts)
        add_facts(o, r->facts);
    cJSON_AddStringToObject(o, "model", model_name(p->model));
    cJSON_AddStringToObject(o, "executor", arrivals_name(p->arrivals));
    json_number(o, "target_rps", p->target_rps);
    if (stress)
        json_number(o, "expected_rps", p->expected_rps);
    json_number(o, "avg_response_ms", p->avg_ms);
    json_number(o, "think_time_ms", p->think_ms);
    json_number(o, "requests_per_iteration", p->requests_per_iteration);
    json_number(o, "iteration_rps", p->iteration_rps);
    json_number(o, "vus", p->vus);
    json_number(o, "preallocated_vus", open ? (double)p->preallocated_vus : NAN);
    json_number(o, "max_vus", open ? (double)p->max_vus : NAN);
    json_number(o, "users", p->users);
    json_number(o, "generators", p->generators);
    json_number(o, "generators_needed", r->generators_needed ? (double)r->generators_needed : NAN);
    add_scenarios(o, p);
    add_sizing(o, p);
    add_stages(o, p);
    json_number(o, "duration_s", p->duration_s);
    json_number(o, "planned_requests", p->planned_requests);
    json_number(o, "p95_limit_ms", p->p95_limit_ms);
    json_number(o, "error_limit", p->error_limit);
    json_number(o, "stop_error_rate", p->stop_error_rate);
    json_number(o, "stop_after_s", p->stop_after_s);
    json_number(o, "result_bytes", r->result_bytes);
    json_words(o, "commands", r->commands);
    json_words(o, "command_places", r->places);
    json_text(o, "manifest", r->manifest);
    add_host(o, r);
    json_findings(o, r->findings);
    json_words(o, "written", r->written);
    return json_print(o);
}

static bool read_stage(const cJSON *from, struct stage *s, struct err *e) {
    double vus;
    if (!json_get_text(from, "name", s->name, sizeof s->name, e) ||
        !json_get_number(from, "start_s", &s->start_s, e) ||
        !json_get_number(from, "duration_s", &s->duration_s, e) ||
        !json_get_number(from, "target_rps", &s->target_rps, e) ||
        !json_get_number(from, "vus", &vus, e))
        return false;
    bool sane = s->start_s >= 0 && s->duration_s > 0 && s->target_rps >= 0 && vus >= 0 && vus < 1e9;
    if (!sane)
        return err_set(e, ERR_RANGE, "a stage has a length or rate that cannot be");
    s->vus = (int)vus;
    return true;
}

static bool read_stages(const cJSON *from, struct profile *p, struct err *e) {
    const cJSON *list = json_get_array(from, "stages", e);
    if (!list)
        return false;
    const cJSON *it;
    cJSON_ArrayForEach(it, list) {
        if (p->stages == STAGES_MAX)
            return err_set(e, ERR_LIMIT, "has more than %d stages", STAGES_MAX);
        if (!read_stage(it, &p->stage[p->stages++], e))
            return false;
    }
    return p->stages > 0 || err_set(e, ERR_FORMAT, "has no stages");
}

static bool read_words(const cJSON *from, struct profile *p, struct err *e) {
    char model[16], executor[16];
    if (!json_get_text(from, "model", model, sizeof model, e) ||
        !json_get_text(from, "executor", executor, sizeof executor, e))
        return false;
    if (!model_parse(model, &p->model))
        return err_set(e, ERR_FORMAT, "model \"%s\" is not load, stress or soak", model);
    return arrivals_parse(executor, &p->arrivals) ||
           err_set(e, ERR_FORMAT, "executor \"%s\" is not open, closed or paced", executor);
}

static bool read_numbers(const cJSON *from, struct profile *p, struct err *e) {
    double vus, allocated, most;
    const struct {
        const char *name;
        double *out;
    } member[] = {
        {"target_rps", &p->target_rps},
        {"avg_response_ms", &p->avg_ms},
        {"think_time_ms", &p->think_ms},
        {"requests_per_iteration", &p->requests_per_iteration},
        {"iteration_rps", &p->iteration_rps},
        {"duration_s", &p->duration_s},
        {"planned_requests", &p->planned_requests},
        {"vus", &vus},
        {"preallocated_vus", &allocated},
        {"max_vus", &most},
    };
    for (size_t i = 0; i < sizeof member / sizeof *member; i++)
        if (!json_get_number(from, member[i].name, member[i].out, e))
            return false;
    if (!(p->target_rps > 0) || !(p->planned_requests > 0) || !(p->duration_s > 0) ||
        !(vus >= 1 && vus < 1e9) || most > 1e9 || allocated > 1e9)
        return err_set(e, ERR_RANGE, "target, length, requests and VUs must be above 0");
    p->vus = (int)vus;
    p->preallocated_vus = allocated > 0 ? (int)allocated : 0;
    p->max_vus = most > 0 ? (int)most : 0;
    p->iteration_ms = p->requests_per_iteration * p->avg_ms + p->think_ms;
    return true;
}

/* null, or a number of VUs. */
static bool count_of(double value, int *out) {
    *out = value > 0 && value < 1e9 ? (int)value : 0;
    return isnan(value) || (value >= 0 && value < 1e9);
}

static bool read_part(const cJSON *from, const struct profile *p, struct part *part,
                      struct err *e) {
    double vus, allocated, most, users;
    const struct {
        const char *name;
        double *out;
    } member[] = {
        {"share", &part->share},
        {"requests_per_iteration", &part->requests_per_iteration},
        {"think_time_ms", &part->think_ms},
        {"iteration_rps", &part->iteration_rps},
        {"vus", &vus},
        {"preallocated_vus", &allocated},
        {"max_vus", &most},
        {"users", &users},
    };
    if (!json_get_text(from, "name", part->name, sizeof part->name, e))
        return false;
    for (size_t i = 0; i < sizeof member / sizeof *member; i++)
        if (!json_get_number(from, member[i].name, member[i].out, e))
            return false;
    bool sane = part->share > 0 && part->share <= 1 && part->requests_per_iteration > 0 &&
                part->think_ms >= 0 && part->iteration_rps > 0 && vus >= 1;
    sane = count_of(vus, &part->vus) && count_of(allocated, &part->preallocated_vus) &&
           count_of(most, &part->max_vus) && count_of(users, &part->users) && sane;
    part->iteration_ms = part->requests_per_iteration * p->avg_ms + part->think_ms;
    part->in_flight = part->iteration_rps * part->iteration_ms / 1000;
    return sane || err_set(e, ERR_RANGE, "a scenario has a share, rate or VUs that cannot be");
}

/* A plan of a version that knew one scenario only. */
static void one_part(struct profile *p) {
    p->parts = 1;
    p->part[0] = (struct part){.share = 1,
                               .requests_per_iteration = p->requests_per_iteration,
                               .think_ms = p->think_ms,
                               .iteration_ms = p->iteration_ms,
                               .iteration_rps = p->iteration_rps,
                               .in_flight = p->iteration_rps * p->iteration_ms / 1000,
                               .vus = p->vus,
                               .preallocated_vus = p->preallocated_vus,
                               .max_vus = p->max_vus,
                               .users = p->users};
}

static bool read_parts(const cJSON *from, struct profile *p, struct err *e) {
    if (!cJSON_GetObjectItemCaseSensitive(from, "scenarios")) {
        one_part(p);
        return true;
    }
    const cJSON *list = json_get_array(from, "scenarios", e), *it;
    if (!list)
        return false;
    cJSON_ArrayForEach(it, list) {
        if (p->parts == SCENARIOS_MAX)
            return err_set(e, ERR_LIMIT, "has more than %d scenarios", SCENARIOS_MAX);
        if (!read_part(it, p, &p->part[p->parts++], e))
            return false;
    }
    return p->parts > 0 || err_set(e, ERR_FORMAT, "has no scenarios");
}

/* Members that older plans may lack. */
static double optional(const cJSON *from, const char *name, double otherwise) {
    const cJSON *it = cJSON_GetObjectItemCaseSensitive(from, name);
    return cJSON_IsNumber(it) ? it->valuedouble : otherwise;
}

static void read_optional(const cJSON *from, struct profile *p) {
    double started = p->preallocated_vus ? p->preallocated_vus : p->vus;
    double users = optional(from, "users", started), machines = optional(from, "generators", 1);
    p->users = users >= 1 && users < 1e9 ? (int)users : (int)started;
    p->generators = machines >= 1 && machines < 1e6 ? (int)machines : 1;
    p->expected_rps = optional(from, "expected_rps", p->target_rps);
    p->p95_limit_ms = optional(from, "p95_limit_ms", NAN);
    p->error_limit = optional(from, "error_limit", NAN);
    p->stop_error_rate = optional(from, "stop_error_rate", NAN);
    p->stop_after_s = optional(from, "stop_after_s", NAN);
}

bool report_plan_read(const char *json, struct profile *p, struct err *e) {
    *p = (struct profile){.from_baseline = NAN, .from_script = NAN, .difference = NAN};
    cJSON *root = json_parse(json, e);
    bool ok = root && read_words(root, p, e) && read_numbers(root, p, e) && read_stages(root, p, e);
    if (ok)
        read_optional(root, p);
    ok = ok && read_parts(root, p, e);
    cJSON_Delete(root);
    return ok;
}

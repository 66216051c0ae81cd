#include <math.h>
#include <string.h>

#include "plan/plan.h"
#include "report/json.h"

static void add_value(cJSON *to, const char *name, double value, long line) {
    cJSON *o = cJSON_AddObjectToObject(to, name);
    json_number(o, "value", value);
    json_number(o, "line", line > 0 ? (double)line : NAN);
}

static void add_key(cJSON *to, const char *name, const struct plan_value *v) {
    if (v->line == 0 || isnan(v->value))
        cJSON_AddNullToObject(to, name);
    else
        add_value(to, name, v->value, v->line);
}

static const struct plan_value *of_scope(const struct plan *p, enum plan_scope scope,
                                         enum plan_key key) {
    return &p->value[scope][key];
}

typedef const struct plan_value *find_fn(const struct plan *, enum plan_scope, enum plan_key);

static void add_figures(cJSON *to, const struct plan *p, enum plan_scope scope, find_fn *find) {
    add_key(to, "target_rps", find(p, scope, PLAN_TARGET_RPS));
    add_key(to, "p95_ms", find(p, scope, PLAN_P95_MS));
    add_key(to, "p99_ms", find(p, scope, PLAN_P99_MS));
    add_key(to, "error_rate", find(p, scope, PLAN_ERROR_RATE));
    add_key(to, "duration_s", find(p, scope, PLAN_DURATION_S));
}

/* On top what a load test takes; below, what stands in the section of each model alone. */
static void add_plan(cJSON *to, const struct plan *p) {
    static const char *const scope_name[PLAN_SCOPES] = {NULL, "load", "stress", "soak"};
    if (!p) {
        cJSON_AddNullToObject(to, "plan");
        return;
    }
    cJSON *o = cJSON_AddObjectToObject(to, "plan");
    json_text(o, "file", p->file);
    add_figures(o, p, PLAN_LOAD, plan_get);
    if (p->base_url[0]) {
        cJSON *url = cJSON_AddObjectToObject(o, "base_url");
        json_text(url, "value", p->base_url);
        json_number(url, "line", (double)p->base_url_line);
    } else {
        cJSON_AddNullToObject(o, "base_url");
    }
    for (int s = PLAN_LOAD; s < PLAN_SCOPES; s++)
        add_figures(cJSON_AddObjectToObject(o, scope_name[s]), p, (enum plan_scope)s, of_scope);
}

static void add_result(cJSON *to, const struct report_status *s) {
    if (!s->has_result) {
        cJSON_AddNullToObject(to, "baseline_result");
        return;
    }
    cJSON *o = cJSON_AddObjectToObject(to, "baseline_result");
    json_text(o, "file", s->result_file);
    json_number(o, "requests", s->result ? summary_value(s->result, METRIC_REQUESTS) : NAN);
    json_number(o, "failed", s->result ? summary_value(s->result, METRIC_FAILED) : NAN);
    json_number(o, "p95_ms", s->result ? summary_value(s->result, METRIC_P95_MS) : NAN);
    json_number(o, "rps", s->result ? summary_value(s->result, METRIC_RPS) : NAN);
    cJSON_AddStringToObject(o, "source", s->result ? "measured" : "stated");
}

char *report_status_json(const struct report_status *s) {
    cJSON *o = cJSON_CreateObject();
    cJSON_AddBoolToObject(o, "ready", s->ready);
    add_plan(o, s->plan);
    cJSON *list = cJSON_AddArrayToObject(o, "baselines");
    for (size_t i = 0; s->baseline_files && s->baseline_files[i]; i++) {
        cJSON *b = cJSON_CreateObject();
        json_text(b, "tool", s->baseline_tools[i]);
        json_text(b, "file", s->baseline_files[i]);
        cJSON_AddItemToArray(list, b);
    }
    add_result(o, s);
    json_text(o, "tool_version", s->tool_version);
    json_words(o, "missing", s->missing);
    json_findings(o, s->findings);
    return json_print(o);
}

char *report_error_json(const struct err *e) {
    cJSON *o = cJSON_CreateObject(), *error = cJSON_AddObjectToObject(o, "error");
    json_text(error, "file", e->file);
    json_number(error, "line", e->line > 0 ? (double)e->line : NAN);
    json_text(error, "text", e->text);
    json_text(error, "fix", e->fix);
    return json_print(o);
}

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "report/json.h"
#include "report/measured_json.h"
#include "report/summary_json.h"

static void add_endpoints(cJSON *to, const struct summary *s) {
    cJSON *list = cJSON_AddArrayToObject(to, "endpoints");
    for (size_t i = 0; i < s->endpoints; i++) {
        const struct endpoint *p = &s->endpoint[i];
        cJSON *o = cJSON_CreateObject();
        json_text(o, "name", p->name);
        counts_add(o, p->figure[METRIC_REQUESTS].value, p->figure[METRIC_FAILED].value,
                   p->figure[METRIC_RPS].value);
        latencies_add(o, p->figure);
        cJSON_AddBoolToObject(o, "transaction", p->transaction);
        cJSON_AddItemToArray(list, o);
    }
}

static void add_checks(cJSON *to, const struct judgement *j) {
    cJSON *list = cJSON_AddArrayToObject(to, "checks");
    for (size_t i = 0; i < j->checks; i++) {
        const struct check *c = &j->check[i];
        cJSON *o = cJSON_CreateObject();
        json_text(o, "metric", c->metric);
        json_number(o, "value", c->value);
        json_number(o, "limit", c->limit);
        cJSON_AddStringToObject(o, "unit", c->unit);
        json_text(o, "limit_from", c->limit_from);
        cJSON_AddStringToObject(o, "op", op_text(c->op));
        cJSON_AddStringToObject(o, "status", verdict_name(c->status));
        cJSON_AddBoolToObject(o, "near_limit", c->near_limit);
        cJSON_AddBoolToObject(o, "required", c->required);
        cJSON_AddNullToObject(o, "waived");
        json_string(o, "why", c->why);
        cJSON_AddItemToArray(list, o);
    }
}

static void add_causes(cJSON *to, const struct judgement *j) {
    cJSON *list = cJSON_AddArrayToObject(to, "causes");
    for (size_t i = 0; i < j->causes; i++) {
        const struct cause *c = &j->cause[i];
        cJSON *o = cJSON_CreateObject();
        json_text(o, "id", c->id);
        json_text(o, "name", c->name);
        json_text(o, "evidence", c->evidence);
        json_text(o, "points_at", c->points_at);
        json_text(o, "excludes", c->excludes);
        json_text(o, "look_next", c->look_next);
        cJSON_AddItemToArray(list, o);
    }
}

char *report_check_json(const struct summary *s, const struct judgement *j,
                        const char *const *sources, bool with_summary) {
    cJSON *o = cJSON_CreateObject();
    json_text(o, "tool", s->tool);
    json_text(o, "format", s->format);
    json_text(o, "tool_version", s->tool_version);
    json_words(o, "sources", sources);
    cJSON_AddStringToObject(o, "model", model_name(j->model));
    counts_add(o, summary_value(s, METRIC_REQUESTS), summary_value(s, METRIC_FAILED),
               summary_value(s, METRIC_RPS));
    json_number(o, "duration_s", summary_value(s, METRIC_DURATION_S));
    json_number(o, "iterations", summary_value(s, METRIC_ITERATIONS));
    json_number(o, "dropped_iterations", summary_value(s, METRIC_DROPPED));
    json_number(o, "vus_max", summary_value(s, METRIC_VUS_MAX));
    latencies_add(o, s->figure);
    if (!with_summary) /* there it stands in the summary */
        measured_add(o, s);
    add_endpoints(o, s);
    add_checks(o, j);
    cJSON_AddStringToObject(o, "verdict", verdict_name(j->verdict));
    add_causes(o, j);
    cJSON_AddNullToObject(o, "stress");
    cJSON_AddNullToObject(o, "soak");
    json_findings(o, &j->findings);
    cJSON *steps = cJSON_AddArrayToObject(o, "next_steps");
    for (size_t i = 0; i < j->steps; i++)
        json_item(steps, j->step[i]);
    if (with_summary)
        cJSON_AddItemToObject(o, "summary", summary_object(s));
    return json_print(o);
}

#include "report/check_json.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "report/json.h"
#include "report/judgement_json.h"
#include "report/measured_json.h"
#include "report/models_json.h"
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
        if (isnan(p->steady[METRIC_REQUESTS]))
            cJSON_AddNullToObject(o, "steady");
        else
            values_add(cJSON_AddObjectToObject(o, "steady"), p->steady);
        cJSON_AddItemToArray(list, o);
    }
}

static void add_waiver(cJSON *to, const struct check *c) {
    if (!c->waived_by[0]) {
        cJSON_AddNullToObject(to, "waived");
        return;
    }
    cJSON *o = cJSON_AddObjectToObject(to, "waived");
    json_string(o, "by", c->waived_by);
    json_string(o, "reason", c->waived_why);
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
        if (isnan(c->low))
            cJSON_AddNullToObject(o, "interval");
        else
            json_numbers(o, "interval", (const double[]){c->low, c->high}, 2);
        add_waiver(o, c);
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

/* Which part of the run the checks are of; null: the whole run, ramps inside. */
static void add_window(cJSON *to, const struct judgement *j) {
    if (!j->window.steady) {
        cJSON_AddNullToObject(to, "window");
        return;
    }
    cJSON *o = cJSON_AddObjectToObject(to, "window");
    json_number(o, "from_s", j->window.from_s);
    json_number(o, "to_s", j->window.to_s);
    json_number(o, "requests", j->window.requests);
    cJSON_AddBoolToObject(o, "estimated", j->window.estimated);
}

/* null: not looked for, because there is no series or too few requests in it. */
static void add_stalls(cJSON *to, const struct judgement *j) {
    if (isnan(j->stall_window_s)) {
        cJSON_AddNullToObject(to, "stalls");
        return;
    }
    cJSON *o = cJSON_AddObjectToObject(to, "stalls");
    json_number(o, "window_s", j->stall_window_s);
    json_number(o, "median_requests", j->stall_median);
    json_number(o, "count", (double)j->stalls);
    cJSON *list = cJSON_AddArrayToObject(o, "holes");
    for (size_t i = 0; i < j->stalls && i < STALLS_MAX; i++) {
        cJSON *hole = cJSON_CreateObject();
        json_number(hole, "from_s", j->stall[i].from_s);
        json_number(hole, "length_s", j->stall[i].length_s);
        cJSON_AddItemToArray(list, hole);
    }
}

cJSON *check_object(const struct summary *s, const struct judgement *j, const char *const *sources,
                    bool with_summary) {
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
    add_window(o, j);
    add_checks(o, j);
    cJSON_AddStringToObject(o, "verdict", verdict_name(j->verdict));
    add_causes(o, j);
    add_stalls(o, j);
    stress_add(o, j->has_stress ? &j->stress : NULL);
    soak_add(o, j->has_soak ? &j->soak : NULL);
    json_findings(o, &j->findings);
    cJSON *steps = cJSON_AddArrayToObject(o, "next_steps");
    for (size_t i = 0; i < j->steps; i++)
        json_item(steps, j->step[i]);
    if (with_summary) {
        cJSON_AddItemToObject(o, "summary", summary_object(s));
        cJSON_AddItemToObject(o, "judgement", judgement_object(j));
    }
    return o;
}

char *report_check_json(const struct summary *s, const struct judgement *j,
                        const char *const *sources, bool with_summary) {
    return json_print(check_object(s, j, sources, with_summary));
}

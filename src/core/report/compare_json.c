/* `compare --json`. */
#include <math.h>

#include "report/json.h"

static void add_differs(cJSON *to, const struct comparison *c) {
    cJSON *list = cJSON_AddArrayToObject(to, "differs");
    for (size_t i = 0; i < c->differ && i < DIFFERS_MAX; i++) {
        const struct differs *d = &c->differs[i];
        cJSON *o = cJSON_CreateObject();
        json_text(o, "field", d->field);
        json_text(o, "a", d->a);
        json_text(o, "b", d->b);
        json_text(o, "grade", grade_name(d->grade));
        json_string(o, "why", d->why);
        cJSON_AddItemToArray(list, o);
    }
}

static void add_interval(cJSON *to, const char *name, double low, double high) {
    if (isnan(low) || isnan(high))
        cJSON_AddNullToObject(to, name);
    else
        json_numbers(to, name, (const double[]){low, high}, 2);
}

/* null: not known, or a figure without a direction. */
static void add_real(cJSON *to, const struct compared *c) {
    if (!c->read || c->reading == READING_UNKNOWN)
        cJSON_AddNullToObject(to, "real");
    else
        cJSON_AddBoolToObject(to, "real", c->reading != READING_NOISE);
}

static void add_compared(cJSON *list, const char *name, const struct compared *c) {
    cJSON *o = cJSON_CreateObject();
    json_string(o, name, c->metric);
    cJSON_AddStringToObject(o, "unit", c->unit);
    json_number(o, "a", c->a);
    json_number(o, "b", c->b);
    add_interval(o, "a_interval", c->a_low, c->a_high);
    add_interval(o, "b_interval", c->b_low, c->b_high);
    json_number(o, "difference", c->difference);
    add_real(o, c);
    json_text(o, "reading", c->read ? reading_name(c->reading) : NULL);
    json_string(o, "why", c->why);
    json_text(o, "also", c->also);
    cJSON_AddItemToArray(list, o);
}

static void add_script(cJSON *to, const struct comparison *c) {
    if (c->script_added < 0 || c->script_removed < 0) {
        cJSON_AddNullToObject(to, "script_lines");
        return;
    }
    cJSON *o = cJSON_AddObjectToObject(to, "script_lines");
    json_number(o, "added", (double)c->script_added);
    json_number(o, "removed", (double)c->script_removed);
}

static void add_endpoints(cJSON *to, const struct comparison *c) {
    cJSON *list = cJSON_AddArrayToObject(to, "endpoints");
    for (size_t i = 0; i < c->endpoints; i++)
        add_compared(list, "name", &c->endpoint[i]);
    cJSON *only = cJSON_AddObjectToObject(to, "endpoints_only");
    json_number(only, "a", (double)c->only_a);
    json_number(only, "b", (double)c->only_b);
}

char *report_compare_json(const struct comparison *c) {
    cJSON *o = cJSON_CreateObject();
    json_number(o, "a", (double)c->a);
    json_number(o, "b", (double)c->b);
    json_text(o, "comparable", grade_name(c->grade));
    json_string(o, "sentence", c->sentence);
    cJSON *same = cJSON_AddArrayToObject(o, "same");
    for (size_t i = 0; i < c->sames; i++)
        json_item(same, c->same[i]);
    add_differs(o, c);
    json_text(o, "of", c->of);
    cJSON_AddBoolToObject(o, "steady", c->steady);
    cJSON *list = cJSON_AddArrayToObject(o, "metrics");
    for (size_t i = 0; i < c->figures && i < FIGURES_MAX; i++)
        add_compared(list, "metric", &c->figure[i]);
    add_endpoints(o, c);
    add_script(o, c);
    return json_print(o);
}

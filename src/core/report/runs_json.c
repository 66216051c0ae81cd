/* `runs --json`, and what it shares with `show --json`. */
#include <math.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "report/json.h"
#include "report/report.h"
#include "report/stored_json.h"

void json_moment(cJSON *to, const char *name, int64_t at_ms) {
    char text[32] = "";
    time_t second = (time_t)(at_ms / 1000);
    struct tm t;
    if (at_ms > 0 && gmtime_r(&second, &t))
        strftime(text, sizeof text, "%Y-%m-%dT%H:%M:%SZ", &t);
    json_text(to, name, text);
}

/* Every text and name in it: somebody else may have written them. */
static void clean_texts(cJSON *o) {
    for (cJSON *it = o->child; it; it = it->next) {
        if (cJSON_IsString(it)) {
            cJSON *clean = json_text_new(it->valuestring);
            cJSON_SetValuestring(it, clean->valuestring);
            cJSON_Delete(clean);
        }
        if (it->string) {
            cJSON *name = json_text_new(it->string);
            strcpy(it->string, name->valuestring); /* cleaning adds no byte */
            cJSON_Delete(name);
        }
        clean_texts(it);
    }
}

cJSON *json_stored(const char *text) {
    cJSON *o = text ? json_parse(text, NULL) : NULL;
    if (!o)
        return cJSON_CreateNull();
    clean_texts(o);
    return o;
}

/* What a vote comes to; notes alone are no signature. */
static const char *signed_word(enum review_state s) {
    return review_state_name(s == REVIEW_OPEN ? REVIEW_NONE : s);
}

static cJSON *run_object(const struct report_run *row) {
    const struct run *r = row->is;
    cJSON *o = cJSON_CreateObject();
    json_number(o, "id", (double)r->id);
    json_moment(o, "at", r->at_ms);
    json_text(o, "author", r->author);
    json_text(o, "tool", r->tool);
    json_text(o, "model", r->model);
    json_text(o, "script", r->script);
    json_text(o, "source", r->source);
    json_number(o, "target_rps", r->target_rps);
    json_number(o, "rps", r->rps);
    json_number(o, "p95_ms", r->p95_ms);
    json_number(o, "error_rate", r->error_rate);
    json_text(o, "verdict", r->verdict);
    cJSON_AddBoolToObject(o, "waived", row->waived);
    json_number(o, "notes", row->notes);
    json_number(o, "open_notes", row->open_notes);
    json_string(o, "signed", signed_word(row->review));
    json_string(o, "review", review_state_name(row->review));
    cJSON_AddBoolToObject(o, "pinned", row->pinned);
    return o;
}

char *report_runs_json(const struct report_run *row, size_t n) {
    cJSON *o = cJSON_CreateObject(), *list = cJSON_AddArrayToObject(o, "runs");
    for (size_t i = 0; i < n; i++)
        cJSON_AddItemToArray(list, run_object(&row[i]));
    return json_print(o);
}

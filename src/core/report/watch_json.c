#include "report/watch_json.h"

#include <math.h>
#include <stdlib.h>
#include <time.h>

#include "report/json.h"

/* "2026-11-02T14:18:55Z" */
static void add_time(cJSON *to, const char *name, int64_t ms) {
    char text[32];
    struct tm tm;
    time_t at = (time_t)(ms / 1000);
    if (ms > 0 && gmtime_r(&at, &tm) && strftime(text, sizeof text, "%Y-%m-%dT%H:%M:%SZ", &tm))
        cJSON_AddStringToObject(to, name, text);
    else
        cJSON_AddNullToObject(to, name);
}

/* Figures that are taken again each second need no more digits than these. */
static void add_rounded(cJSON *to, const char *name, double value, double per_unit) {
    json_number(to, name, round(value * per_unit) / per_unit);
}

static void add_figures(cJSON *to, const struct window *w) {
    add_rounded(to, "rps", w->rps, 1e3);
    add_rounded(to, "error_rate", w->error_rate, 1e6);
    add_rounded(to, "p95_ms", w->p95_ms, 1e3);
}

static void add_counts(cJSON *to, const struct window *w) {
    json_number(to, "requests", w->requests);
    json_number(to, "failed", w->failed);
    add_figures(to, w);
}

static void add_windows(cJSON *to, const struct watch_view *v) {
    cJSON *now = cJSON_AddObjectToObject(to, "now");
    add_rounded(now, "offered_rps", v->offered_rps, 1e3);
    add_figures(now, &v->run.now);
    json_number(now, "vus", v->run.vus);
    cJSON *minute = cJSON_AddObjectToObject(to, "minute");
    add_figures(minute, &v->run.minute);
    json_number(minute, "vus", v->run.minute.vus);
    add_counts(cJSON_AddObjectToObject(to, "total"), &v->run.total);
}

/* The part that the verdict will use, so far; null: none now. */
static void add_stretch(cJSON *to, const struct watch_stretch *x) {
    if (!x->name[0]) {
        cJSON_AddNullToObject(to, "stretch");
        return;
    }
    cJSON *o = cJSON_AddObjectToObject(to, "stretch");
    json_text(o, "name", x->name);
    add_rounded(o, "from_s", x->from_s, 1e3);
    add_rounded(o, "to_s", x->to_s, 1e3);
    add_counts(o, &x->is);
}

static cJSON *source_object(const struct watch_source *s) {
    static const char *const role_name[] = {
        [WATCH_FIGURES] = "figures", [WATCH_SERVER] = "server", [WATCH_END] = "end"};
    cJSON *o = cJSON_CreateObject();
    json_text(o, "name", s->name);
    json_text(o, "what", s->what);
    cJSON_AddStringToObject(o, "role", role_name[s->role]);
    cJSON_AddStringToObject(o, "state", watch_state_name(s->state));
    add_rounded(o, "age_s", s->age_s, 10);
    json_text(o, "words", s->words);
    return o;
}

/* The source of the figures, and all of them when there are several. */
static void add_sources(cJSON *to, const struct watch_view *v) {
    size_t first = 0;
    while (first < v->sources && v->source[first].role != WATCH_FIGURES)
        first++;
    if (v->sources == 0)
        cJSON_AddNullToObject(to, "source");
    else
        cJSON_AddItemToObject(to, "source",
                              source_object(&v->source[first < v->sources ? first : 0]));
    if (v->sources < 2)
        return;
    cJSON *list = cJSON_AddArrayToObject(to, "sources");
    for (size_t i = 0; i < v->sources; i++)
        cJSON_AddItemToArray(list, source_object(&v->source[i]));
}

static void add_events(cJSON *to, const struct watch_view *v, size_t told) {
    cJSON *list = cJSON_AddArrayToObject(to, "findings");
    for (size_t i = told > v->events_dropped ? told - v->events_dropped : 0; i < v->events; i++) {
        cJSON *o = cJSON_CreateObject();
        cJSON_AddStringToObject(o, "level", finding_level_name(v->event[i].level));
        add_time(o, "at", v->event[i].at_ms);
        json_text(o, "text", v->event[i].text);
        cJSON_AddItemToArray(list, o);
    }
}

char *report_watch_json(const struct watch_view *v, int64_t at_ms, size_t told) {
    cJSON *o = cJSON_CreateObject();
    add_time(o, "at", at_ms);
    cJSON_AddStringToObject(o, "state", watch_state_name(v->state));
    add_rounded(o, "elapsed_s", v->elapsed_s, 1e3);
    add_rounded(o, "length_s", v->length_s, 1e3);
    json_text(o, "stage", v->stage);
    add_windows(o, v);
    add_stretch(o, &v->stretch);
    add_rounded(o, "generator_cpu", v->row[WATCH_CPU].now, 1e4);
    add_rounded(o, "memory_mb", v->row[WATCH_MEMORY].now, 1e3);
    json_number(o, "left_bytes", v->catching_up ? (double)v->left_bytes : 0);
    add_sources(o, v);
    add_events(o, v, told);
    char *text = cJSON_PrintUnformatted(o);
    cJSON_Delete(o);
    if (!text)
        abort();
    return text;
}

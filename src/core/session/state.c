/* The session's state as JSON for the store. What can be read from files again is not kept, only a
 * hash of it. */
#include <cjson/cJSON.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/text.h"
#include "report/json.h"
#include "session/saved.h"
#include "session/together.h"

char *hash_text(uint64_t h, char out[HASH_TEXT_BYTES]) {
    snprintf(out, HASH_TEXT_BYTES, "%016" PRIx64, h);
    return out;
}

/* A pasted result is in no file: it is kept whole. */
static void add_baseline(cJSON *root, const struct session *s) {
    static const char *const sources[] = {[BASELINE_UNKNOWN] = "unknown",
                                          [BASELINE_MEASURED] = "measured",
                                          [BASELINE_STATED] = "stated"};
    const struct baseline *b = &s->base;
    char hash[HASH_TEXT_BYTES];
    if (b->chosen < 0)
        return;
    cJSON *o = cJSON_AddObjectToObject(root, "baseline");
    json_text(o, "file", baseline_name(s));
    if (b->text)
        cJSON_AddStringToObject(o, "hash", hash_text(bytes_hash(b->text, b->len), hash));
    if (!b->given)
        return;
    cJSON_AddStringToObject(o, "source", sources[b->source]);
    json_text(o, "result", b->file);
    if (strcmp(b->file, "paste") != 0)
        return;
    char *summary = report_summary_json(&b->result);
    cJSON_AddItemToObject(o, "summary", cJSON_Parse(summary));
    free(summary);
}

static void add_fields(cJSON *root, const struct form *form) {
    cJSON *o = cJSON_AddObjectToObject(root, "fields");
    for (int f = 0; f < FIELDS; f++)
        json_text(o, field_def((enum field)f)->key, form->field[f].typed);
}

static void add_load(cJSON *root, const struct session *s) {
    char hash[HASH_TEXT_BYTES];
    if (!s->confirmed_load)
        return;
    cJSON *o = cJSON_AddObjectToObject(root, "confirmed");
    cJSON_AddStringToObject(o, "load", hash_text(s->confirmed_load, hash));
    json_text(o, "by", s->confirmed_by);
    cJSON_AddNumberToObject(o, "at_ms", (double)s->confirmed_ms);
    cJSON_AddBoolToObject(o, "over_accepted", s->over_accepted);
}

static void add_script(cJSON *root, const struct script *sc) {
    if (!sc->written)
        return;
    cJSON *o = cJSON_AddObjectToObject(root, "script");
    json_text(o, "name", sc->name);
    json_text(o, "stem", sc->stem);
}

static char *state_json(const struct session *s, const char *place) {
    cJSON *root = cJSON_CreateObject();
    cJSON_AddNumberToObject(root, "format", STATE_FORMAT);
    add_baseline(root, s);
    add_fields(root, &s->form);
    add_load(root, s);
    add_script(root, &s->script);
    if (s->result.there && s->result.run_id > 0)
        cJSON_AddNumberToObject(root, "run", (double)s->result.run_id);
    const struct record *open = session_record(s);
    if (open && open->is.id != s->result.run_id)
        cJSON_AddNumberToObject(root, "open", (double)open->is.id);
    json_text(root, "place", place);
    return json_print(root);
}

static void write_state(struct session *s, struct history *h, const char *place) {
    struct err e = {0};
    char *json = state_json(s, place);
    if (history_save_state(h, json, s->now_ms, &e))
        s->dirty = false;
    else
        err_sentence(&e, s->store_notice, sizeof s->store_notice);
    free(json);
}

void session_save(struct session *s) {
    if (!s->dirty || s->looks_only)
        return;
    struct history *h = store(s);
    if (!h)
        return;
    write_state(s, h, s->place);
    free(s->saved); /* another state has taken its place */
    s->saved = NULL;
}

/* A state that was not taken up is not lost because somebody only looked around. */
void session_save_place(struct session *s, const char *place) {
    if (s->looks_only)
        return;
    bool same = strcmp(s->place, place) == 0;
    text_clean(place, strlen(place), TEXT_ONE_LINE, s->place, sizeof s->place);
    if (s->dirty) {
        session_save(s);
        return;
    }
    if (!same && !s->saved && s->history && !history_read_only(s->history))
        write_state(s, s->history, s->place);
}

void session_forget(struct session *s) {
    struct err e = {0};
    free(s->saved);
    s->saved = NULL;
    s->saved_ms = 0;
    if (s->history && !history_read_only(s->history) && !history_clear_state(s->history, &e))
        err_sentence(&e, s->store_notice, sizeof s->store_notice);
}

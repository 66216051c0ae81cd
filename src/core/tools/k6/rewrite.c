#include <math.h>
#include <stdio.h>
#include <string.h>

#include "base/file.h"
#include "tools/k6/insert.h"
#include "tools/k6/k6_script.h"
#include "tools/k6/list_edit.h"
#include "tools/k6/thresholds.h"
#include "tools/k6/value.h"

/* One rewrite. */
struct job {
    struct k6_script s;
    struct wanted w;
    struct style style;
    const struct profile *p;
    struct edits *out;
    struct findings *notes;
};

/* What is removed: its text when it fits on a line, else its name. */
static void note(struct job *j, const struct member *m, const char *why) {
    char text[96];
    js_copy(&j->s.js, m->node, text, sizeof text);
    bool whole = strlen(text) + 1 < sizeof text && !strpbrk(text, "\r\n");
    struct finding *it = findings_add(j->notes, FINDING_INFO, "removed", "%s is removed: %s.",
                                      whole ? text : m->name, why);
    it->line = js_line(m->node);
    snprintf(it->file, sizeof it->file, "%s", j->s.js.file);
}

/* --- inside the scenario --- */

static bool is_nothing(const struct job *j, const struct member *m) {
    double ms;
    return value_duration_ms(&j->s.names, m->value, &ms) && ms == 0;
}

static void edit_value(struct job *j, struct list_edit *e, const struct member *m,
                       const struct wanted_value *v) {
    if (wanted_matches(&j->w, &j->s, v, m))
        return;
    struct buf text;
    buf_init(&text, SCRIPT_TEXT_MAX);
    put_value(&text, &e->place, &j->w, v);
    list_replace_value(e, m, text.data);
    buf_fini(&text);
}

static void edit_executor(struct job *j, struct list_edit *e, const struct member *m) {
    if (j->s.executor == j->w.executor)
        return;
    struct buf text;
    buf_init(&text, SCRIPT_TEXT_MAX);
    put_string(&text, &j->style, j->w.executor->name);
    list_replace_value(e, m, text.data);
    buf_fini(&text);
}

static void insert_values(struct job *j, struct list_edit *e, bool all) {
    const struct js_list *l = &j->s.scenario;
    const struct member *executor = js_member(l, "executor");
    struct buf text;
    buf_init(&text, SCRIPT_TEXT_MAX);
    for (size_t i = 0; i < j->w.values; i++) {
        if (!all && js_member(l, j->w.value[i].key))
            continue;
        buf_clear(&text);
        put_pair(&text, &e->place, &j->w, &j->w.value[i]);
        list_insert_after(e, executor, text.data);
    }
    if (!isnan(j->w.graceful_ms) && !js_member(l, "gracefulStop")) {
        const struct wanted_value v = {"gracefulStop", WANTED_DURATION, j->w.graceful_ms};
        buf_clear(&text);
        put_pair(&text, &e->place, &j->w, &v);
        list_insert_after(e, executor, text.data);
    }
    buf_fini(&text);
}

/* Keys of the old executor go, or get new values when it is the right one already. */
static void edit_scenario(struct job *j) {
    const struct js_list *l = &j->s.scenario;
    struct list_edit e;
    list_edit_begin(&e, &j->s.js, l, &j->style, j->out);
    bool other = j->s.executor != j->w.executor;
    for (size_t i = 0; i < l->len; i++) {
        const struct member *m = &l->item[i];
        bool counts = js_member(l, m->name) == m; /* the last of equal names */
        const struct wanted_value *v = other || !counts ? NULL : wanted_find(&j->w, m->name);
        bool stays = !other && executor_has_key(j->w.executor, m->name) && counts;
        if (strcmp(m->name, "executor") == 0) {
            if (counts)
                edit_executor(j, &e, m);
        } else if (v) {
            edit_value(j, &e, m, v);
        } else if (strcmp(m->name, "startTime") == 0) {
            list_delete(&e, m);
            if (!is_nothing(j, m))
                note(j, m, "the load begins at once");
        } else if (key_is_executor_own(m->name) && !stays) {
            list_delete(&e, m);
        }
    }
    insert_values(j, &e, other);
    list_edit_end(&e);
}

/* --- at the top level --- */

/* Does a key that is not a shortcut bend the load? */
static bool bends_load(const struct job *j, const struct member *m, const char **why) {
    struct number n;
    if (!member_is_set(&j->s.js, m))
        return false;
    bool known = value_number(&j->s.names, m->value, &n) && !n.random && !n.from_env;
    if (strcmp(m->name, "rps") == 0) {
        *why = "it would cap the run below the plan";
        return !known || (n.value > 0 && n.value <= profile_top_rps(j->p));
    }
    if (strcmp(m->name, "minIterationDuration") == 0) {
        *why = "it would hold the VUs and lower the rate";
        return !is_nothing(j, m);
    }
    if (strcmp(m->name, "paused") == 0) {
        *why = "the run would not start by itself";
        return !js_is(m->value, "false");
    }
    *why = "only a part of the load would run";
    return strcmp(m->name, "executionSegment") == 0 ||
           strcmp(m->name, "executionSegmentSequence") == 0;
}

/* The pair that the new load takes the place of; NULL when the script has none. */
static const struct member *first_load_pair(const struct job *j) {
    const struct js_list *l = &j->s.options;
    const struct member *stages = j->w.shortcut ? js_member(l, "stages") : NULL;
    for (size_t i = 0; !stages && i < l->len; i++)
        if (key_is_shortcut(l->item[i].name) || strcmp(l->item[i].name, "scenarios") == 0)
            return &l->item[i];
    return stages;
}

/* Shortcuts, or nothing: a scenario in their place, or stages alone. */
static void edit_shortcuts(struct job *j, struct list_edit *e) {
    const struct member *first = first_load_pair(j);
    struct buf text;
    buf_init(&text, SCRIPT_TEXT_MAX);
    const struct wanted_value *stages = wanted_find(&j->w, "stages");
    if (!j->w.shortcut)
        put_scenarios(&text, &e->place, &j->w);
    else
        put_pair(&text, &e->place, &j->w, stages);
    if (!first)
        list_append(e, text.data);
    else if (!j->w.shortcut || strcmp(first->name, "stages") != 0)
        list_replace(e, first, text.data);
    else
        edit_value(j, e, first, stages);
    for (size_t i = 0; i < e->list->len; i++) {
        const struct member *m = &e->list->item[i];
        bool load = key_is_shortcut(m->name) || strcmp(m->name, "scenarios") == 0;
        if (load && m != first)
            list_delete(e, m);
    }
    buf_fini(&text);
}

/* Beside scenarios a shortcut throws them away, or stops k6. */
static void drop_shortcuts(struct job *j, struct list_edit *e) {
    const struct js_list *l = e->list;
    for (size_t i = 0; i < l->len; i++)
        if (key_is_shortcut(l->item[i].name)) {
            list_delete(e, &l->item[i]);
            note(j, &l->item[i], "beside scenarios k6 would not run them");
        }
}

static void edit_options(struct job *j) {
    const struct js_list *l = &j->s.options;
    struct list_edit e;
    list_edit_begin(&e, &j->s.js, l, &j->style, j->out);
    if (j->s.has_scenario)
        drop_shortcuts(j, &e);
    else
        edit_shortcuts(j, &e);
    for (size_t i = 0; i < l->len; i++) {
        const char *why;
        if (!key_is_load(l->item[i].name) || key_is_shortcut(l->item[i].name) ||
            strcmp(l->item[i].name, "scenarios") == 0 || !bends_load(j, &l->item[i], &why))
            continue;
        list_delete(&e, &l->item[i]);
        note(j, &l->item[i], why);
    }
    thresholds_edit(&e, &j->s, j->p, j->notes);
    trend_stats_edit(&e, &j->s, j->notes);
    list_edit_end(&e);
}

/* Nothing, no comment either, between the brackets. */
static bool is_empty(const struct k6_script *s) {
    size_t inside = s->options.end - s->options.start - 2;
    return strspn(s->js.text + s->options.start + 1, " \t\r\n") == inside;
}

static void edit(struct job *j) {
    style_read(&j->s, &j->style);
    if (!j->s.has_options || is_empty(&j->s)) {
        options_insert(&j->s, &j->style, &j->w, j->p, j->out);
        return;
    }
    edit_options(j);
    if (j->s.has_scenario)
        edit_scenario(j);
}

bool k6_rewrite(const struct source *src, const struct profile *p, struct edits *out,
                struct findings *notes, struct err *e) {
    struct job j = {.p = p, .out = out, .notes = notes};
    bool ok = script_open(&j.s, src->text, src->len, src->file, e) && wanted_make(&j.w, p, e);
    if (ok)
        edit(&j);
    script_close(&j.s);
    return ok;
}

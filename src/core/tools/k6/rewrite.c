#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "tools/k6/cost.h"
#include "tools/k6/insert.h"
#include "tools/k6/k6_script.h"
#include "tools/k6/list_edit.h"
#include "tools/k6/overlay.h"
#include "tools/k6/thresholds.h"
#include "tools/k6/value.h"

/* One rewrite. */
struct job {
    struct k6_script s;
    struct wanted *w; /* owned; one per scenario */
    struct style style;
    const struct profile *p;
    struct edits *out;
    struct findings *notes;
};

static void locate(const struct job *j, struct finding *it, TSNode at) {
    it->line = node_line(at);
    snprintf(it->file, sizeof it->file, "%s", j->s.js.file);
}

/* What is removed: its text when it fits on a line, else its name. */
static void note(struct job *j, const struct member *m, enum finding_level level, const char *why) {
    char text[96];
    node_copy(&j->s.js, m->node, text, sizeof text);
    bool whole = strlen(text) + 1 < sizeof text && !strpbrk(text, "\r\n");
    locate(
        j,
        findings_add(j->notes, level, "removed", "%s is removed: %s.", whole ? text : m->name, why),
        m->node);
}

/* --- inside a scenario --- */

/* One scenario while it is edited. */
struct scene {
    const struct k6_scenario *sc;
    const struct wanted *w;
    struct list_edit edit;
};

static bool is_nothing(const struct job *j, const struct member *m) {
    double ms;
    return value_duration_ms(&j->s.names, m->value, &ms) && ms == 0;
}

static void edit_value(struct job *j, struct scene *in, const struct member *m,
                       const struct wanted_value *v) {
    if (wanted_matches(in->w, &j->s, in->sc, v, m))
        return;
    struct buf text;
    buf_init(&text, SCRIPT_TEXT_MAX);
    put_value(&text, &in->edit.place, in->w, v);
    list_replace_value(&in->edit, m, text.data);
    buf_fini(&text);
}

static void edit_executor(struct job *j, struct scene *in, const struct member *m) {
    if (in->sc->executor == in->w->executor)
        return;
    struct buf text;
    buf_init(&text, SCRIPT_TEXT_MAX);
    put_string(&text, &j->style, in->w->executor->name);
    list_replace_value(&in->edit, m, text.data);
    buf_fini(&text);
}

static void insert_value(struct scene *in, const struct wanted_value *v) {
    struct buf text;
    buf_init(&text, SCRIPT_TEXT_MAX);
    put_pair(&text, &in->edit.place, in->w, v);
    list_insert_after(&in->edit, js_member(&in->sc->list, "executor"), text.data);
    buf_fini(&text);
}

static void insert_values(struct scene *in, bool all) {
    const struct js_list *l = &in->sc->list;
    for (size_t i = 0; i < in->w->values; i++)
        if (all || !js_member(l, in->w->value[i].key))
            insert_value(in, &in->w->value[i]);
    const struct wanted_value graceful = {"gracefulStop", WANTED_DURATION, in->w->graceful_ms};
    if (!isnan(in->w->graceful_ms) && !js_member(l, "gracefulStop"))
        insert_value(in, &graceful);
}

/* A scenario that is left alone and prepares the ground for those that began after it; NULL: none.
 */
static const struct k6_scenario *job_before(const struct job *j) {
    for (size_t i = 0; i < j->s.scenarios; i++)
        if (j->s.scenario[i].left_alone[0] && executor_counts_iterations(j->s.scenario[i].executor))
            return &j->s.scenario[i];
    return NULL;
}

static void note_start(struct job *j, const struct member *m) {
    const struct k6_scenario *before = job_before(j);
    char why[160];
    if (is_nothing(j, m))
        return;
    if (before)
        snprintf(why, sizeof why, "the load begins at once, while %s still runs", before->name);
    else
        snprintf(why, sizeof why, "%s",
                 j->s.scenarios > 1 ? "all scenarios begin at once and hold their rate together"
                                    : "the load begins at once");
    note(j, m, before ? FINDING_WARNING : FINDING_INFO, why);
}

/* Keys of the old executor go, or get new values when it is the right one already. */
static void edit_member(struct job *j, struct scene *in, const struct member *m) {
    bool other = in->sc->executor != in->w->executor;
    bool counts = js_member(&in->sc->list, m->name) == m; /* the last of equal names */
    const struct wanted_value *v = other || !counts ? NULL : wanted_find(in->w, m->name);
    bool stays = !other && executor_has_key(in->w->executor, m->name) && counts;
    if (strcmp(m->name, "executor") == 0) {
        if (counts)
            edit_executor(j, in, m);
    } else if (v) {
        edit_value(j, in, m, v);
    } else if (strcmp(m->name, "startTime") == 0) {
        list_delete(&in->edit, m);
        note_start(j, m);
    } else if (key_is_executor_own(m->name) && !stays) {
        list_delete(&in->edit, m);
    }
}

static void edit_scenario(struct job *j, const struct k6_scenario *sc, const struct wanted *w) {
    struct scene in = {.sc = sc, .w = w};
    list_edit_begin(&in.edit, &j->s.js, &sc->list, &j->style, j->out);
    for (size_t i = 0; i < sc->list.len; i++)
        edit_member(j, &in, &sc->list.item[i]);
    insert_values(&in, sc->executor != w->executor);
    list_edit_end(&in.edit);
}

static void edit_scenarios(struct job *j) {
    for (size_t i = 0; i < j->s.scenarios; i++) {
        const struct k6_scenario *sc = &j->s.scenario[i];
        if (j->w[i].part)
            edit_scenario(j, sc, &j->w[i]);
        else
            locate(j,
                   findings_add(j->notes, FINDING_INFO, "left-alone", "%s stays as it is: it %s.",
                                sc->name, sc->left_alone),
                   sc->list.node);
    }
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
        return !node_is(m->value, "false");
    }
    *why = "only a part of the load would run";
    return strcmp(m->name, "executionSegment") == 0 ||
           strcmp(m->name, "executionSegmentSequence") == 0;
}

/* The pair that the new load takes the place of; NULL when the script has none. */
static const struct member *first_load_pair(const struct job *j) {
    const struct js_list *l = &j->s.options;
    const struct member *stages = j->w->shortcut ? js_member(l, "stages") : NULL;
    for (size_t i = 0; !stages && i < l->len; i++)
        if (key_is_shortcut(l->item[i].name) || strcmp(l->item[i].name, "scenarios") == 0)
            return &l->item[i];
    return stages;
}

/* Shortcuts, or nothing: a scenario in their place, or stages alone. */
static void edit_shortcuts(struct job *j, struct list_edit *e) {
    const struct member *first = first_load_pair(j);
    const struct wanted_value *stages = wanted_find(j->w, "stages");
    bool set_already = j->w->shortcut && first && strcmp(first->name, "stages") == 0 &&
                       wanted_matches(j->w, &j->s, j->s.scenario, stages, first);
    struct buf text;
    buf_init(&text, SCRIPT_TEXT_MAX);
    if (!j->w->shortcut)
        put_scenarios(&text, &e->place, j->w);
    else if (!first || strcmp(first->name, "stages") != 0)
        put_pair(&text, &e->place, j->w, stages);
    else
        put_value(&text, &e->place, j->w, stages);
    if (!first)
        list_append(e, text.data);
    else if (!j->w->shortcut || strcmp(first->name, "stages") != 0)
        list_replace(e, first, text.data);
    else if (!set_already)
        list_replace_value(e, first, text.data);
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
            note(j, &l->item[i], FINDING_INFO, "beside scenarios k6 would not run them");
        }
}

static void edit_options(struct job *j) {
    const struct js_list *l = &j->s.options;
    struct list_edit e;
    list_edit_begin(&e, &j->s.js, l, &j->style, j->out);
    if (!j->s.has_scenarios)
        edit_shortcuts(j, &e);
    else if (!j->s.overlay)
        drop_shortcuts(j, &e);
    for (size_t i = 0; i < l->len; i++) {
        const char *why;
        if (!key_is_load(l->item[i].name) || key_is_shortcut(l->item[i].name) ||
            strcmp(l->item[i].name, "scenarios") == 0 || !bends_load(j, &l->item[i], &why))
            continue;
        list_delete(&e, &l->item[i]);
        note(j, &l->item[i], FINDING_INFO, why);
    }
    if (!j->s.overlay) { /* thresholds here would replace those below */
        thresholds_edit(&e, &j->s, j->p, j->notes);
        trend_stats_edit(&e, &j->s, j->notes);
    }
    list_edit_end(&e);
}

/* Nothing, no comment either, between the brackets. */
static bool is_empty(const struct k6_script *s) {
    size_t inside = s->options.end - s->options.start - 2;
    return strspn(s->js.text + s->options.start + 1, " \t\r\n") == inside;
}

/* What the pause at the end of an iteration costs under an arrival rate. */
static void note_final_sleep(struct job *j, const struct k6_scenario *sc, const struct part *part) {
    TSNode call;
    double ms;
    if (j->p->arrivals != ARRIVALS_OPEN || !cost_final_sleep(&j->s, sc, &call, &ms))
        return;
    char text[48];
    node_copy(&j->s.js, call, text, sizeof text);
    double vus = part->iteration_rps * ms / 1000;
    if (vus >= 1)
        locate(j,
               findings_add(j->notes, FINDING_INFO, "final-sleep",
                            "%s at the end of an iteration of %s stays and holds a VU. Without it "
                            "the same rate needs about %.0f fewer VUs.",
                            text, sc->name, vus),
               call);
}

static void edit(struct job *j) {
    style_read(&j->s, &j->style);
    overlay_remark(&j->s, j->notes);
    for (size_t i = 0; i < j->s.scenarios; i++)
        if (j->w[i].part)
            note_final_sleep(j, &j->s.scenario[i], j->w[i].part);
    if (!j->s.has_options || is_empty(&j->s)) {
        options_insert(&j->s, &j->style, j->w, j->p, j->out);
        return;
    }
    edit_options(j);
    if (j->s.has_scenarios)
        edit_scenarios(j);
}

bool k6_rewrite(const struct source *src, const struct profile *p, struct edits *out,
                struct findings *notes, struct err *e) {
    struct job j = {.p = p, .out = out, .notes = notes};
    bool ok = script_open(&j.s, src->text, src->len, src->file, e) &&
              (j.w = wanted_of_script(&j.s, p, e));
    if (ok)
        edit(&j);
    free(j.w);
    script_close(&j.s);
    return ok;
}

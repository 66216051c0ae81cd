#include <math.h>
#include <stdio.h>

#include "base/unit.h"
#include "tools/jmeter/jmeter_script.h"
#include "tools/jmeter/steps.h"

/* One rewrite. */
struct job {
    struct jmeter_plan plan;
    struct jmx_edit edit;
    const struct profile *p;
    struct findings *notes;
    int groups; /* that will run */
};

static struct finding *note(struct job *j, enum finding_level level, const char *kind, int element,
                            const char *text) {
    struct finding *f = findings_add(j->notes, level, kind, "%s", text);
    snprintf(f->file, sizeof f->file, "%s", j->plan.x.file);
    f->line = jmx_element_line(&j->plan.x, element);
    return f;
}

/* --- what the user should know --- */

/* An expression becomes a number: the options that set it have no effect any more. */
static void note_properties(struct job *j, const struct jmeter_thread_group *g,
                            const struct jmeter_group *wanted) {
    struct jmeter_setting all[JMETER_SETTINGS];
    jmeter_settings(g, wanted, all);
    for (int i = 0; i < JMETER_SETTINGS; i++) {
        const struct jmeter_figure *now = all[i].now;
        if (now->element == JMX_NONE || now->literal || all[i].is_bool)
            continue;
        struct jmeter_value value;
        char text[256], was[96];
        jmx_value_text(&j->plan.x, now->element, was, sizeof was);
        jmeter_resolve_element(&j->plan.values, &j->plan.x, now->element, &value);
        if (value.property[0])
            snprintf(text, sizeof text, "%s is a number now: -J%s no longer acts here.",
                     all[i].property, value.property);
        else
            snprintf(text, sizeof text, "%s is a number now, in place of %s.", all[i].property,
                     was);
        note(j, FINDING_INFO, "from-property", now->element, text);
    }
}

static void note_delay(struct job *j, const struct jmeter_thread_group *g) {
    if (g->delay_s.element != JMX_NONE && g->delay_s.value.value > 0)
        note(j, FINDING_INFO, "start-delay", g->delay_s.element,
             "The startup delay is 0 now: the load begins at once.");
}

static void note_pace(struct job *j, const struct jmeter_thread_group *g, const struct part *part,
                      const struct jmeter_wanted *w) {
    char text[320], threads[32];
    enum jmeter_place place = jmeter_place(g);
    if (place == PLACE_GROUP)
        note(j, FINDING_INFO, "paced-per-sample", g->element,
             "Paced per sample: the text does not say how many requests an iteration has.");
    if (place == PLACE_ACTION && !jmeter_pace_fits(g))
        note(j, FINDING_INFO, "pacing-action", g->element,
             "The first sampler does not run once in every iteration, or its wait would count as "
             "time of a transaction: a Flow Control Action at the top of the group holds the "
             "pacing timer.");
    int written = jmeter_wanted_threads(w);
    if (written != part->users) {
        snprintf(text, sizeof text,
                 "%s threads, %d more than planned: group-wide timers act on the pacing as well.",
                 unit_show(written, 0, threads, sizeof threads), written - part->users);
        if (place == PLACE_GROUP)
            snprintf(text, sizeof text,
                     "%s threads, not %d: the slowest sampler and its timers must fit into the "
                     "slot of a sample.",
                     unit_show(written, 0, threads, sizeof threads), part->users);
        note(j, FINDING_INFO, "threads", g->element, text);
    }
}

static void note_steps(struct job *j, const struct jmeter_thread_group *g,
                       const struct jmeter_wanted *w) {
    size_t copies = jmeter_step_copies(&j->plan, g);
    char text[200];
    if (copies && w->groups == 1) {
        snprintf(text, sizeof text, "%zu step copies of %s are removed.", copies, g->name);
        note(j, FINDING_INFO, "removed", g->element, text);
    }
    if (w->groups > 1 && g->csv != JMX_NONE)
        note(j, FINDING_WARNING, "csv-per-step", g->csv,
             "Each step is a thread group of its own and reads this file from the top.");
}

static void note_cap(struct job *j, const struct jmeter_cap *cap) {
    char name[64], text[200], rate[32];
    jmx_attribute_text(&j->plan.x, cap->element, "testname", name, sizeof name);
    snprintf(text, sizeof text, "The timer %s is switched off: it would decide the rate.", name);
    if (!isnan(cap->per_minute))
        snprintf(text, sizeof text, "The timer %s is switched off: it capped the rate at %s/min.",
                 name, unit_show_short(cap->per_minute, 2, rate, sizeof rate));
    note(j, FINDING_INFO, "cap", cap->element, text);
}

/* --- the plan around the groups --- */

static bool acts(const struct job *j, const struct jmeter_cap *cap) {
    return cap->group < 0 || jmeter_carries(&j->plan.group[cap->group]);
}

static void edit_caps(struct job *j) {
    for (size_t i = 0; i < j->plan.caps; i++) {
        const struct jmeter_cap *cap = &j->plan.cap[i];
        if (!acts(j, cap))
            continue;
        note_cap(j, cap);
        if (cap->group < 0)
            jmx_set_attribute(&j->edit, cap->element, "enabled", "false");
    }
}

/* Steps are groups that must run beside each other. */
static void edit_order(struct job *j) {
    if (j->groups < 2 || j->plan.serialize == JMX_NONE)
        return;
    jmx_set_value(&j->edit, j->plan.serialize, "false");
    note(j, FINDING_INFO, "consecutive", j->plan.serialize,
         "\"Run Thread Groups consecutively\" is off now: the steps add up.");
}

static bool edit_part(struct job *j, size_t i, struct err *e) {
    const struct part *part = &j->p->part[i];
    const struct jmeter_thread_group *g = jmeter_group_of(&j->plan, j->p, i, e);
    struct jmeter_wanted w;
    if (!g)
        return false;
    const struct jmeter_pacing pacing = jmeter_pacing(g, part);
    jmeter_wanted_make(&w, j->p, part, &pacing);
    if (!jmeter_check_threads(j->p, jmeter_wanted_threads(&w), e))
        return err_at(e, j->plan.x.file, jmx_element_line(&j->plan.x, g->element));
    j->groups += w.groups;
    note_properties(j, g, &w.group[0]);
    note_delay(j, g);
    note_pace(j, g, part, &w);
    note_steps(j, g, &w);
    return jmeter_group_edit(&j->edit, &j->plan, g, &w.group[0], e) &&
           jmeter_steps_edit(&j->edit, &j->plan, g, &w, e);
}

static bool edit(struct job *j, struct err *e) {
    for (size_t i = 0; i < j->p->parts; i++)
        if (!edit_part(j, i, e))
            return false;
    edit_caps(j);
    edit_order(j);
    if (j->p->model == MODEL_STRESS)
        findings_add(j->notes, FINDING_INFO, "not-stopped",
                     "JMeter is not stopped when it breaks: watch the run, and end it with "
                     "stoptest.sh or Ctrl-C.");
    return true;
}

bool jmeter_rewrite(const struct source *src, const struct profile *p, struct edits *out,
                    struct findings *notes, struct err *e) {
    struct job j = {.p = p, .notes = notes};
    bool ok = jmeter_open(&j.plan, src, e);
    j.edit = (struct jmx_edit){.x = &j.plan.x, .out = out};
    ok = ok && edit(&j, e);
    jmeter_close(&j.plan);
    return ok;
}

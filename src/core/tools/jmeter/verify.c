#include <math.h>
#include <string.h>

#include "base/text.h"
#include "tools/jmeter/jmeter_script.h"
#include "tools/jmeter/steps.h"

static bool differs(const struct jmeter_plan *plan, int element, const char *what, struct err *e) {
    err_set(e, ERR_INTERNAL, "the new plan does not say what the load says (%s)", what);
    err_at(e, plan->x.file, jmx_element_line(&plan->x, element));
    return err_fix(e, "nothing was written; report this with the baseline");
}

static bool check_pace(const struct jmeter_plan *plan, const struct jmeter_thread_group *g,
                       const struct jmeter_group *wanted, struct err *e) {
    char want[JMETER_NUMBER_MAX], have[JMETER_NUMBER_MAX];
    const struct jmeter_pace *pace = &g->pacing;
    if (!jmeter_pace_fits(g) || pace->mode != jmeter_place_mode(jmeter_place(g)))
        return differs(plan, g->element, "pacing timer", e);
    jmeter_throughput(wanted->throughput, want);
    jmeter_throughput(pace->throughput, have);
    return strcmp(want, have) == 0 ? true : differs(plan, pace->throughput_at, "throughput", e);
}

static bool check_group(const struct jmeter_plan *plan, const struct jmeter_thread_group *g,
                        const struct jmeter_group *wanted, struct err *e) {
    struct jmeter_setting all[JMETER_SETTINGS];
    jmeter_settings(g, wanted, all);
    if (!g->enabled)
        return differs(plan, g->element, "enabled", e);
    for (int i = 0; i < JMETER_SETTINGS; i++)
        if (!jmeter_is_set(&all[i]))
            return differs(plan, g->element, all[i].property, e);
    return check_pace(plan, g, wanted, e);
}

/* The copy of step number `step`; NULL when there is none or more than one. */
static const struct jmeter_thread_group *only_copy(const struct jmeter_plan *plan,
                                                   const struct jmeter_thread_group *g, int step) {
    const struct jmeter_thread_group *found = NULL;
    for (size_t i = 0; i < plan->groups; i++) {
        const struct jmeter_thread_group *copy = &plan->group[i];
        if (copy->base != (int)(g - plan->group) || copy->step != step)
            continue;
        if (found)
            return NULL;
        found = copy;
    }
    return found;
}

static bool check_steps(const struct jmeter_plan *plan, const struct jmeter_thread_group *g,
                        const struct jmeter_wanted *w, struct err *e) {
    if (jmeter_step_copies(plan, g) != (size_t)w->groups - 1)
        return differs(plan, g->element, "number of steps", e);
    for (int i = 1; i < w->groups; i++) {
        const struct jmeter_thread_group *copy = only_copy(plan, g, i + 1);
        char mark[JMETER_MARK_MAX], name[1024];
        jmeter_step_mark(i + 1, w->group[i].added_rps, mark);
        if (!copy || copy->samplers != g->samplers)
            return differs(plan, g->element, "steps", e);
        jmx_attribute_text(&plan->x, copy->element, "testname", name, sizeof name);
        if (!text_ends(name, mark))
            return differs(plan, copy->element, "name of a step", e);
        if (!check_group(plan, copy, &w->group[i], e))
            return false;
    }
    return true;
}

/* Nothing else decides the rate. */
static bool check_caps(const struct jmeter_plan *plan, struct err *e) {
    for (size_t i = 0; i < plan->caps; i++)
        if (plan->cap[i].group < 0 || plan->group[plan->cap[i].group].enabled)
            return differs(plan, plan->cap[i].element, "a timer of the baseline", e);
    return true;
}

static bool check(const struct jmeter_plan *plan, const struct profile *p, struct err *e) {
    for (size_t i = 0; i < p->parts; i++) {
        const struct jmeter_thread_group *g = jmeter_group_of(plan, p, i, e);
        struct jmeter_wanted w;
        if (!g)
            return false;
        const struct jmeter_pacing pacing = jmeter_pacing(g, &p->part[i]);
        jmeter_wanted_make(&w, p, &p->part[i], &pacing);
        if (!check_group(plan, g, &w.group[0], e) || !check_steps(plan, g, &w, e))
            return false;
    }
    return check_caps(plan, e);
}

bool jmeter_verify(const struct source *src, const struct profile *p, struct err *e) {
    struct jmeter_plan plan;
    bool ok = jmeter_open(&plan, src, e) && check(&plan, p, e);
    if (!ok && e && e->kind == ERR_REFUSED)
        e->kind = ERR_INTERNAL;
    jmeter_close(&plan);
    return ok;
}

#include "tools/jmeter/group_edit.h"

#include <stdio.h>
#include <string.h>

#include "base/unit.h"

void jmeter_settings(const struct jmeter_thread_group *g, const struct jmeter_group *wanted,
                     struct jmeter_setting out[JMETER_SETTINGS]) {
    const struct jmeter_setting all[JMETER_SETTINGS] = {
        {.property = "LoopController.loops",
         .now = &g->loops,
         .wanted = -1,
         .in_loop_controller = true},
        {.property = "ThreadGroup.num_threads", .now = &g->threads, .wanted = wanted->threads_each},
        {.property = "ThreadGroup.ramp_time", .now = &g->ramp_s, .wanted = wanted->ramp_s},
        {.property = "ThreadGroup.scheduler", .now = &g->scheduler, .wanted = 1, .is_bool = true},
        {.property = "ThreadGroup.duration", .now = &g->duration_s, .wanted = wanted->duration_s},
        {.property = "ThreadGroup.delay",
         .now = &g->delay_s,
         .wanted = wanted->delay_s,
         .may_lack = wanted->delay_s == 0},
    };
    memcpy(out, all, sizeof all);
}

bool jmeter_is_set(const struct jmeter_setting *s) {
    if (s->now->element == JMX_NONE)
        return s->may_lack;
    return s->now->literal && s->now->value.value == (double)s->wanted;
}

static void put_value(const struct jmeter_setting *s, char out[JMETER_NUMBER_MAX]) {
    if (s->is_bool)
        strcpy(out, s->wanted ? "true" : "false");
    else
        snprintf(out, JMETER_NUMBER_MAX, "%ld", s->wanted);
}

/* --- figures --- */

static void put_property(const struct jmeter_setting *s, struct buf *b) {
    char value[JMETER_NUMBER_MAX];
    const char *form = s->is_bool ? "boolProp" : "stringProp";
    put_value(s, value);
    buf_printf(b, "<%s name=\"%s\">%s</%s>", form, s->property, value, form);
}

/* All that are missing in one element, at its end. */
static void insert_missing(const struct jmx_edit *edit, int element,
                           const struct jmeter_setting all[JMETER_SETTINGS], bool loop_controller) {
    struct buf margin, text;
    buf_init(&margin, JMX_NEW_TEXT_MAX);
    buf_init(&text, JMX_NEW_TEXT_MAX);
    struct jmx_margin step = jmx_step(edit->x, edit->x->item[element].parent);
    jmx_child_margin(edit->x, element, step, &margin);
    for (int i = 0; i < JMETER_SETTINGS; i++) {
        const struct jmeter_setting *s = &all[i];
        if (s->now->element != JMX_NONE || s->may_lack || s->in_loop_controller != loop_controller)
            continue;
        buf_add(&text, margin.data, margin.len);
        put_property(s, &text);
    }
    if (text.len)
        jmx_append(edit, element, text.data);
    buf_fini(&margin);
    buf_fini(&text);
}

static void edit_figures(const struct jmx_edit *edit, const struct jmeter_thread_group *g,
                         const struct jmeter_group *wanted) {
    struct jmeter_setting all[JMETER_SETTINGS];
    jmeter_settings(g, wanted, all);
    for (int i = 0; i < JMETER_SETTINGS; i++) {
        char value[JMETER_NUMBER_MAX];
        if (all[i].now->element == JMX_NONE || jmeter_is_set(&all[i]))
            continue;
        put_value(&all[i], value);
        jmx_set_value(edit, all[i].now->element, value);
    }
    insert_missing(edit, g->loop_controller, all, true);
    insert_missing(edit, g->element, all, false);
}

/* --- the whole group --- */

/* Timers of the user that decide the rate, of this group only. */
static void switch_off_caps(const struct jmx_edit *edit, const struct jmeter_plan *plan,
                            const struct jmeter_thread_group *g) {
    for (size_t i = 0; i < plan->caps; i++)
        if (plan->cap[i].group == (int)(g - plan->group))
            jmx_set_attribute(edit, plan->cap[i].element, "enabled", "false");
}

bool jmeter_group_edit(const struct jmx_edit *edit, const struct jmeter_plan *plan,
                       const struct jmeter_thread_group *g, const struct jmeter_group *wanted,
                       struct err *e) {
    const struct jmx *x = edit->x;
    if (g->loop_controller == JMX_NONE || g->tree == JMX_NONE)
        return jmx_refuse(x, x->item[g->element].start, e, "The thread group %s has no %s", g->name,
                          g->tree == JMX_NONE ? "hashTree" : "main_controller");
    edit_figures(edit, g, wanted);
    switch_off_caps(edit, plan, g);
    return jmeter_pace_edit(edit, g, wanted, e);
}

char *jmeter_step_mark(int number, double added_rps, char out[JMETER_MARK_MAX]) {
    char rps[32];
    snprintf(out, JMETER_MARK_MAX, " [step %d: +%s RPS]", number,
             unit_show_short(added_rps, 2, rps, sizeof rps));
    return out;
}

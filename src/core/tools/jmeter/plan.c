#include "tools/jmeter/plan.h"

#include <stdlib.h>

#include "base/mem.h"
#include "base/text.h"
#include "tools/jmeter/plan_parts.h"

bool jmeter_enabled(const struct jmx *x, int element) {
    char word[16];
    struct jmx_attribute a;
    if (jmx_attribute(x, element, "enabled", &a))
        jmx_decode(x, a.value, word, sizeof word);
    else if (!jmx_property_text(x, element, "TestElement.enabled", word, sizeof word))
        return true;
    return text_same(word, "true");
}

bool jmeter_carries(const struct jmeter_thread_group *g) {
    return g->enabled && g->base < 0 && g->samplers > 0;
}

static bool refuse(const struct jmeter_plan *p, int element, struct err *e, const char *text,
                   const char *fix) {
    jmx_refuse(&p->x, p->x.item[element].start, e, "%s", text);
    return err_fix(e, "%s", fix);
}

/* --- the test plan --- */

static bool find_plan(struct jmeter_plan *p, struct err *e) {
    const struct jmx *x = &p->x;
    if (!jmx_is(x, 0, "jmeterTestPlan"))
        return refuse(p, 0, e, "Not a test plan of JMeter: its root is not jmeterTestPlan",
                      "open it in JMeter 5 and save it, if JMeter made it");
    for (int tree = x->item[0].first_child; tree != JMX_NONE; tree = x->item[tree].next)
        for (int i = x->item[tree].is_hash_tree ? x->item[tree].first_child : JMX_NONE;
             i != JMX_NONE; i = x->item[i].next)
            if (jmx_is(x, i, "TestPlan") && p->plan == JMX_NONE)
                p->plan = i;
    if (p->plan == JMX_NONE)
        return refuse(p, 0, e, "A test fragment, not a plan",
                      "name the plan that includes it, with its Thread Group");
    p->tree = jmx_tree(x, p->plan);
    return true;
}

/* --- what the plan holds --- */

static void leave_alone(struct jmeter_plan *p, int element) {
    p->left_alone =
        mem_grow(p->left_alone, p->left_alones, &p->cap_left_alones, sizeof *p->left_alone);
    p->left_alone[p->left_alones++] = element;
}

static bool refuse_group(const struct jmeter_plan *p, int element, const struct class *c,
                         struct err *e) {
    const struct jmx_element *it = &p->x.item[element];
    if (c->sort == SORT_OPEN_GROUP)
        return refuse(p, element, e, "The schedule is already open-model",
                      "edit its rates yourself, or use a Thread Group");
    jmx_refuse(&p->x, it->start, e,
               "Uses %.*s from a plugin. perfscale writes stock thread groups only",
               it->name_len < 200 ? it->name_len : 200, p->x.text + it->start + 1);
    return err_fix(e, "save the plan with a Thread Group");
}

static bool is_group(const struct class *c) {
    return c->sort >= SORT_GROUP && c->sort <= SORT_PLUGIN_GROUP;
}

/* Variables, wherever they stand, and groups. */
static bool collect(struct jmeter_plan *p, int tree, struct err *e) {
    const struct jmx *x = &p->x;
    for (int i = x->item[tree].first_child; i != JMX_NONE; i = x->item[i].next) {
        if (x->item[i].is_hash_tree)
            continue;
        const struct class *c = class_of(x, i);
        bool enabled = jmeter_enabled(x, i);
        if (enabled && is_group(c) && tree != p->tree)
            return refuse(p, i, e, "A thread group inside another element",
                          "move it to the level of the test plan");
        if (enabled && (c->sort == SORT_OPEN_GROUP || c->sort == SORT_PLUGIN_GROUP))
            return refuse_group(p, i, c, e);
        if (enabled && c->sort == SORT_SETUP_GROUP)
            leave_alone(p, i);
        if (enabled && c->sort == SORT_VARIABLES)
            jmeter_values_add(&p->values, x, i);
        int below = jmx_tree(x, i);
        if (enabled && below != JMX_NONE && !collect(p, below, e))
            return false;
    }
    return true;
}

/* After the variables: figures may be made of them. */
static void add_groups(struct jmeter_plan *p) {
    const struct jmx *x = &p->x;
    for (int i = x->item[p->tree].first_child; i != JMX_NONE; i = x->item[i].next)
        if (!x->item[i].is_hash_tree && class_of(x, i)->sort == SORT_GROUP)
            group_add(p, i, jmeter_enabled(x, i));
}

static bool collect_all(struct jmeter_plan *p, struct err *e) {
    int variables = jmx_property(&p->x, p->plan, "TestPlan.user_defined_variables");
    if (variables != JMX_NONE)
        jmeter_values_add(&p->values, &p->x, variables);
    if (p->tree == JMX_NONE || !jmeter_enabled(&p->x, p->plan))
        return true;
    if (!collect(p, p->tree, e))
        return false;
    jmeter_values_sort(&p->values);
    add_groups(p);
    return group_name_all(p, e);
}

/* --- refusals of the whole --- */

static bool check_groups(struct jmeter_plan *p, struct err *e) {
    size_t enabled = 0;
    for (size_t i = 0; i < p->groups; i++)
        enabled += p->group[i].enabled;
    if (!enabled)
        return refuse(p, p->plan, e, "No enabled thread group: nothing would run",
                      "enable a Thread Group");
    struct jmeter_figure f = figure_flag(p, p->plan, "TestPlan.serialize_threadgroups", false);
    p->serialize = f.value.value == 0 ? JMX_NONE : f.element;
    if (p->serialize == JMX_NONE || enabled < 2)
        return true;
    return refuse(p, p->serialize, e, "Groups run one after another; their rates do not add up",
                  "set 'Run Thread Groups consecutively' off");
}

static bool check_samplers(const struct jmeter_plan *p, struct err *e) {
    for (size_t i = 0; i < p->groups; i++)
        if (jmeter_carries(&p->group[i]))
            return true;
    return refuse(p, p->plan, e, "No enabled sampler in a thread group: nothing would be sent",
                  "take a plan whose Thread Group sends requests");
}

static void find_new_connections(struct jmeter_plan *p) {
    for (size_t i = 0; i < p->groups && p->new_connections == JMX_NONE; i++)
        if (jmeter_carries(&p->group[i]))
            p->new_connections = p->group[i].same_user;
}

bool jmeter_open(struct jmeter_plan *p, const struct source *src, struct err *e) {
    *p = (struct jmeter_plan){
        .plan = JMX_NONE, .tree = JMX_NONE, .serialize = JMX_NONE, .new_connections = JMX_NONE};
    if (!jmx_open(&p->x, src, e) || !find_plan(p, e) || !collect_all(p, e) || !check_groups(p, e) ||
        !walk_plan(p, e) || !check_samplers(p, e))
        return false;
    find_new_connections(p);
    return true;
}

void jmeter_close(struct jmeter_plan *p) {
    jmx_close(&p->x);
    jmeter_values_fini(&p->values);
    findings_fini(&p->findings);
    free(p->group);
    free(p->cap);
    free(p->left_alone);
    *p = (struct jmeter_plan){0};
}

#include "tools/jmeter/pace.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

enum { MODE_THIS_THREAD = 0, MODE_GROUP = 2 };

enum jmeter_place jmeter_place(const struct jmeter_thread_group *g) {
    if (isnan(g->requests_per_iteration.value))
        return PLACE_GROUP;
    return g->first_is_steady ? PLACE_SAMPLER : PLACE_ACTION;
}

int jmeter_place_mode(enum jmeter_place place) {
    return place == PLACE_GROUP ? MODE_GROUP : MODE_THIS_THREAD;
}

static double known_or(const struct known *k, double otherwise) {
    return isnan(k->value) ? otherwise : k->value;
}

/* Pauses that the text does not say: all of an iteration's at one sampler, or the same at each. */
struct jmeter_pacing jmeter_pacing(const struct jmeter_thread_group *g, const struct part *part) {
    enum jmeter_place place = jmeter_place(g);
    struct jmeter_pacing pacing = {.per_sample = place == PLACE_GROUP};
    if (place == PLACE_GROUP)
        pacing.longest_ms = known_or(&g->longest_ms, part->think_ms);
    if (place == PLACE_ACTION)
        pacing.extra_ms =
            known_or(&g->wide_ms, part->think_ms / fmax(1, part->requests_per_iteration));
    return pacing;
}

/* Element that has the timer as a child; JMX_NONE: an action that is not there yet. */
static int wanted_under(const struct jmeter_thread_group *g) {
    switch (jmeter_place(g)) {
    case PLACE_SAMPLER:
        return g->first_sampler;
    case PLACE_ACTION:
        return g->pacing.action;
    case PLACE_GROUP:
        break;
    }
    return g->element;
}

bool jmeter_pace_fits(const struct jmeter_thread_group *g) {
    return g->pacing.timer != JMX_NONE && g->pacing.under == wanted_under(g);
}

/* --- groups and parts --- */

static const struct jmeter_thread_group *carrier(const struct jmeter_plan *plan, size_t number,
                                                 size_t *all) {
    const struct jmeter_thread_group *found = NULL;
    *all = 0;
    for (size_t i = 0; i < plan->groups; i++) {
        if (!jmeter_carries(&plan->group[i]))
            continue;
        if ((*all)++ == number)
            found = &plan->group[i];
    }
    return found;
}

const struct jmeter_thread_group *jmeter_group_of(const struct jmeter_plan *plan,
                                                  const struct profile *p, size_t part,
                                                  struct err *e) {
    size_t all;
    const struct jmeter_thread_group *g = carrier(plan, part, &all);
    const char *name = p->part[part].name;
    bool same = g && all == p->parts && (strcmp(g->name, name) == 0 || (all == 1 && !name[0]));
    if (same)
        return g;
    if (all != p->parts)
        err_set(e, ERR_REFUSED, "the load has %zu scenarios, the plan %zu thread groups for it",
                p->parts, all);
    else
        err_set(e, ERR_REFUSED, "this thread group is %s, the load's scenario %s", g ? g->name : "",
                name);
    err_at(e, plan->x.file, g ? jmx_element_line(&plan->x, g->element) : 0);
    return NULL;
}

/* --- new elements --- */

char *jmeter_throughput(double per_minute, char out[JMETER_NUMBER_MAX]) {
    snprintf(out, JMETER_NUMBER_MAX, "%.6f", per_minute);
    return out;
}

/* A line of the new text: margin, depth steps further in. */
struct lines {
    struct buf text, margin;
    struct jmx_margin step;
};

static void line(struct lines *l, int depth, const char *text) {
    buf_add(&l->text, l->margin.data, l->margin.len);
    for (int i = 0; i < depth && l->margin.len; i++)
        jmx_put_margin(&l->text, l->step);
    buf_str(&l->text, text);
}

static void put_timer(struct lines *l, int depth, int mode, double throughput) {
    char number[JMETER_NUMBER_MAX], text[128];
    line(l, depth,
         "<ConstantThroughputTimer guiclass=\"TestBeanGUI\" testclass=\"ConstantThroughputTimer\" "
         "testname=\"" PACING_NAME "\" enabled=\"true\">");
    snprintf(text, sizeof text, "<intProp name=\"calcMode\">%d</intProp>", mode);
    line(l, depth + 1, text);
    snprintf(text, sizeof text, "<stringProp name=\"throughput\">%s</stringProp>",
             jmeter_throughput(throughput, number));
    line(l, depth + 1, text);
    line(l, depth, "</ConstantThroughputTimer>");
    line(l, depth, "<hashTree/>");
}

static void put_action(struct lines *l, double throughput) {
    line(l, 0,
         "<TestAction guiclass=\"TestActionGui\" testclass=\"TestAction\" testname=\"" PACING_NAME
         "\" enabled=\"true\">");
    line(l, 1, "<intProp name=\"ActionProcessor.action\">1</intProp>");
    line(l, 1, "<intProp name=\"ActionProcessor.target\">0</intProp>");
    line(l, 1, "<stringProp name=\"ActionProcessor.duration\">0</stringProp>");
    line(l, 0, "</TestAction>");
    line(l, 0, "<hashTree>");
    put_timer(l, 1, MODE_THIS_THREAD, throughput);
    line(l, 0, "</hashTree>");
}

static bool insert(const struct jmx_edit *edit, const struct jmeter_thread_group *g,
                   const struct jmeter_group *wanted, struct err *e) {
    enum jmeter_place place = jmeter_place(g);
    const struct jmx *x = edit->x;
    int under = place == PLACE_SAMPLER ? g->first_sampler : g->element;
    int tree = jmx_tree(x, under);
    if (tree == JMX_NONE)
        return jmx_refuse(x, x->item[under].start, e, "No hashTree stands behind this element");
    struct lines l = {.step = jmx_step(x, g->element)};
    buf_init(&l.text, JMX_NEW_TEXT_MAX);
    buf_init(&l.margin, JMX_NEW_TEXT_MAX);
    jmx_child_margin(x, tree, l.step, &l.margin);
    if (place == PLACE_ACTION)
        put_action(&l, wanted->throughput);
    else
        put_timer(&l, 0, jmeter_place_mode(place), wanted->throughput);
    jmx_prepend(edit, tree, l.text.data);
    buf_fini(&l.text);
    buf_fini(&l.margin);
    return true;
}

/* --- the pace that is there --- */

static void remove_pace(const struct jmx_edit *edit, const struct jmeter_pace *pace) {
    const struct jmx *x = edit->x;
    int first = pace->action != JMX_NONE ? pace->action : pace->timer, tree = jmx_tree(x, first);
    jmx_remove(edit, first, x->item[tree == JMX_NONE ? first : tree].end);
}

static void correct(const struct jmx_edit *edit, const struct jmeter_thread_group *g,
                    const struct jmeter_group *wanted) {
    const struct jmeter_pace *pace = &g->pacing;
    char want[JMETER_NUMBER_MAX], have[JMETER_NUMBER_MAX];
    int mode = jmeter_place_mode(jmeter_place(g));
    jmeter_throughput(wanted->throughput, want);
    if (isnan(pace->throughput) || strcmp(want, jmeter_throughput(pace->throughput, have)) != 0)
        jmx_set_value(edit, pace->throughput_at, want);
    if (pace->mode != mode) {
        int at = jmx_property(edit->x, pace->timer, "calcMode");
        snprintf(want, sizeof want, "%d", mode);
        jmx_set_value(edit, at, want);
    }
}

static bool is_complete(const struct jmx *x, const struct jmeter_pace *pace) {
    return pace->throughput_at != JMX_NONE && jmx_property(x, pace->timer, "calcMode") != JMX_NONE;
}

bool jmeter_pace_edit(const struct jmx_edit *edit, const struct jmeter_thread_group *g,
                      const struct jmeter_group *wanted, struct err *e) {
    const struct jmx *x = edit->x;
    if (jmeter_place(g) == PLACE_ACTION && g->pre_processor != JMX_NONE) {
        jmx_refuse(x, x->item[g->pre_processor].start, e,
                   "This pre-processor acts on all samplers of %s, so it would act on its pacing "
                   "as well",
                   g->name);
        return err_fix(e, "move it below the sampler that needs it");
    }
    if (jmeter_pace_fits(g) && is_complete(x, &g->pacing)) {
        correct(edit, g, wanted);
        return true;
    }
    if (g->pacing.timer != JMX_NONE || g->pacing.action != JMX_NONE)
        remove_pace(edit, &g->pacing);
    return insert(edit, g, wanted, e);
}

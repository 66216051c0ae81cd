#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/text.h"
#include "tools/jmeter/plan_parts.h"

/* --- figures of its own --- */

static int same_user(const struct jmeter_plan *p, int element) {
    struct jmeter_figure f =
        figure_flag(p, element, "ThreadGroup.same_user_on_next_iteration", true);
    return f.value.value == 0 ? f.element : JMX_NONE;
}

void group_add(struct jmeter_plan *p, int element, bool enabled) {
    p->group = mem_grow(p->group, p->groups, &p->cap_groups, sizeof *p->group);
    struct jmeter_thread_group *g = &p->group[p->groups++];
    int loop = jmx_property(&p->x, element, "ThreadGroup.main_controller");
    long line = jmx_element_line(&p->x, element);
    *g = (struct jmeter_thread_group){
        .element = element,
        .tree = jmx_tree(&p->x, element),
        .enabled = enabled,
        .base = -1,
        .threads = figure_of(p, element, "ThreadGroup.num_threads"),
        .ramp_s = figure_of(p, element, "ThreadGroup.ramp_time"),
        .duration_s = figure_of(p, element, "ThreadGroup.duration"),
        .delay_s = figure_of(p, element, "ThreadGroup.delay"),
        .scheduler = figure_flag(p, element, "ThreadGroup.scheduler", false),
        .loop_controller = loop,
        .loops = figure_of(p, loop, "LoopController.loops"),
        .forever = figure_flag(p, loop, "LoopController.continue_forever", false),
        .same_user = same_user(p, element),
        .first_sampler = JMX_NONE,
        .requests_per_iteration = figure_known(0, line),
        .think_ms = figure_known(0, line),
        .wide_ms = figure_known(0, line),
        .longest_ms = figure_known(0, line),
        .pre_processor = JMX_NONE,
        .csv = JMX_NONE,
        .pacing = {.timer = JMX_NONE,
                   .action = JMX_NONE,
                   .under = JMX_NONE,
                   .throughput_at = JMX_NONE,
                   .throughput = NAN},
    };
    jmx_property_text(&p->x, element, "ThreadGroup.on_sample_error", g->on_sample_error,
                      sizeof g->on_sample_error);
}

/* --- copies --- */

enum { BASES_MAX = SCENARIOS_MAX, TESTNAME_MAX = 1024 };

/* "Users [step 2: +25 RPS]": the bytes before the mark and its number; 0 when there is no mark. */
static int step_mark(const char *name, size_t *before) {
    static const char mark[] = " [step ";
    const char *at = NULL;
    for (const char *next = strstr(name, mark); next; next = strstr(next + 1, mark))
        at = next;
    char *end;
    long step = at ? strtol(at + strlen(mark), &end, 10) : 0;
    if (step < 2 || step > STAGES_MAX || *end != ':' || !text_ends(name, "]"))
        return 0;
    *before = (size_t)(at - name);
    return (int)step;
}

static void raw_name(const struct jmx *x, int element, char *out, size_t size) {
    jmx_attribute_text(x, element, "testname", out, size);
}

/* The last groups that are no copies, newest first. */
struct bases {
    int group[BASES_MAX];
    int len, next;
};

static int find_base(const struct jmeter_plan *p, const struct bases *b, const char *name,
                     size_t len) {
    for (int i = 1; i <= b->len; i++) {
        char of_base[TESTNAME_MAX];
        int group = b->group[(b->next - i + BASES_MAX) % BASES_MAX];
        raw_name(&p->x, p->group[group].element, of_base, sizeof of_base);
        if (p->group[group].enabled && strlen(of_base) == len && memcmp(of_base, name, len) == 0)
            return group;
    }
    return -1;
}

static void find_copies(struct jmeter_plan *p) {
    struct bases b = {0};
    for (size_t i = 0; i < p->groups; i++) {
        struct jmeter_thread_group *g = &p->group[i];
        char name[TESTNAME_MAX];
        size_t before;
        raw_name(&p->x, g->element, name, sizeof name);
        int step = step_mark(name, &before);
        g->base = step ? find_base(p, &b, name, before) : -1;
        if (g->base >= 0) {
            g->step = step;
            continue;
        }
        b.group[b.next] = (int)i;
        b.next = (b.next + 1) % BASES_MAX;
        b.len += b.len < BASES_MAX;
    }
}

/* --- names --- */

static bool is_taken(const struct jmeter_plan *p, size_t groups, const char *name) {
    for (size_t i = 0; i < groups; i++)
        if (p->group[i].enabled && p->group[i].base < 0 && strcmp(p->group[i].name, name) == 0)
            return true;
    return false;
}

/* "Users", and "Users #2" for the second of that name. */
static void name_group(struct jmeter_plan *p, size_t i) {
    struct jmeter_thread_group *g = &p->group[i];
    char name[sizeof g->name], end[16] = "";
    figure_name(&p->x, g->element, name, sizeof name);
    for (int n = 2;; n++) {
        text_clean(name, strnlen(name, sizeof name - 1 - strlen(end)), TEXT_ONE_LINE, g->name,
                   sizeof g->name - strlen(end));
        strcat(g->name, end);
        if (!is_taken(p, i, g->name))
            return;
        snprintf(end, sizeof end, " #%d", n);
    }
}

static bool refuse_many(const struct jmeter_plan *p, const struct jmeter_thread_group *g,
                        struct err *e) {
    jmx_refuse(&p->x, p->x.item[g->element].start, e, "More than %d enabled thread groups",
               SCENARIOS_MAX);
    return err_fix(e, "disable those that this test does not need");
}

bool group_name_all(struct jmeter_plan *p, struct err *e) {
    find_copies(p);
    int bases = 0;
    for (size_t i = 0; i < p->groups; i++) {
        struct jmeter_thread_group *g = &p->group[i];
        if (!g->enabled || g->base >= 0)
            figure_name(&p->x, g->element, g->name, sizeof g->name);
        else if (++bases > SCENARIOS_MAX)
            return refuse_many(p, g, e);
        else
            name_group(p, i);
    }
    return true;
}

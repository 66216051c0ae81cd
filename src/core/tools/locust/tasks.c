#include "tools/locust/tasks.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"

enum { TASKS_DEPTH_MAX = 20, CLASSES_VISITED_MAX = 2000 };

void locust_tasks_fini(struct tasks *t) {
    free(t->item);
    *t = (struct tasks){0};
}

static void unknown(struct cost_count *c, struct tasks *t, enum why why, const struct module *m,
                    TSNode at) {
    if (t->unknown.why == WHY_KNOWN)
        t->unknown = locust_range_unknown(c, why, m, at);
}

static void add(struct tasks *t, struct task task) {
    if (t->len == TASKS_MAX || !(task.weight > 0))
        return;
    t->item = mem_grow(t->item, t->len, &t->cap, sizeof *t->item);
    t->item[t->len++] = task;
}

/* --- entries of a list --- */

static struct scope body_scope(struct cost_count *c, struct module *m, struct class *k) {
    return (struct scope){.classes = c->classes, .m = m, .within = k};
}

static bool weight_of(struct cost_count *c, struct module *m, struct class *k, TSNode n,
                      double *out) {
    struct scope s = body_scope(c, m, k);
    struct number number;
    if (!locust_value_number(&s, n, &number) || number.random)
        return false;
    if (number.from_env && !c->environment_line)
        c->environment_line = node_line(n);
    *out = number.value;
    return true;
}

/* A TaskSet, a function of a module, a method of the class. */
static bool find_task(struct cost_count *c, struct module *m, struct class *k, TSNode n,
                      struct task *out) {
    char name[PY_NAME_BYTES];
    *out = (struct task){.m = m, .node = n, .weight = 1};
    out->set = py_class_named(c->classes, m, n, k);
    if (out->set)
        return true;
    const struct class *in = NULL;
    const struct class_member *own =
        node_is(n, "identifier") ? py_class_find(k, node_copy(&m->py, n, name, sizeof name), &in)
                                 : NULL;
    if (own && own->is_function) {
        out->m = own->m;
        out->node = own->value;
        out->whole = own->whole;
        out->owner = (struct class *)in;
        return true;
    }
    struct thing t = py_names_thing(c->classes->names, m, n);
    out->m = t.m;
    out->node = t.node;
    out->whole = t.whole;
    return t.kind == THING_FUNCTION;
}

static void add_entry(struct cost_count *c, struct tasks *t, struct module *m, struct class *k,
                      TSNode n, TSNode weight) {
    struct task task;
    n = py_unwrap(n);
    if (!find_task(c, m, k, n, &task))
        unknown(c, t, node_is(n, "identifier") || node_is(n, "attribute") ? WHY_TASK : WHY_TASKS, m,
                n);
    else if (!ts_node_is_null(weight) && !weight_of(c, m, k, weight, &task.weight))
        unknown(c, t, WHY_WEIGHT, m, weight);
    else
        add(t, task);
}

/* [A, B], {A: 2, B: 1}, [(A, 2), (B, 1)] */
static void add_list(struct cost_count *c, struct tasks *t, struct module *m, struct class *k,
                     TSNode list) {
    static const char *const lists[] = {"list", "tuple", "set", "dictionary", NULL};
    struct thing thing = py_names_thing(c->classes->names, m, list);
    if (thing.kind == THING_VALUE && thing.sure) {
        m = thing.m;
        list = py_unwrap(thing.node);
    }
    if (!node_is_any(list, lists)) {
        unknown(c, t, WHY_TASKS, m, list);
        return;
    }
    struct nodes items = {0};
    node_children(list, &items);
    for (size_t i = 0; i < items.len; i++) {
        TSNode n = items.item[i];
        if (node_is(n, "pair"))
            add_entry(c, t, m, k, node_field(n, "key"), node_field(n, "value"));
        else if (node_is(n, "tuple"))
            add_entry(c, t, m, k, node_child(n, 0), node_child(n, 1));
        else
            add_entry(c, t, m, k, n, (TSNode){0});
    }
    nodes_fini(&items);
}

/* --- @task --- */

/* What a decorator is: @task, @task(2), @tag(...). *argument is null when it has none. */
static struct thing decorator_of(struct cost_count *c, struct module *m, TSNode decorator,
                                 TSNode *argument) {
    TSNode f = node_child(decorator, 0);
    *argument = (TSNode){0};
    if (node_is(f, "call")) {
        *argument = py_argument(&m->py, f, "weight", 0);
        f = node_field(f, "function");
    }
    struct thing t = py_names_thing(c->classes->names, m, f);
    if (t.kind == THING_NOTHING && node_text_is(&m->py, f, "task")) /* from a module not seen */
        t = (struct thing){.kind = THING_LOCUST, .name = "task"};
    return t;
}

static bool is_task(struct cost_count *c, struct tasks *t, struct class *k,
                    const struct class_member *member, double *weight) {
    bool found = false;
    struct nodes parts = {0};
    if (node_is(member->whole, "decorated_definition"))
        node_children(member->whole, &parts);
    for (size_t i = 0; i < parts.len; i++) {
        TSNode argument;
        if (!node_is(parts.item[i], "decorator"))
            continue;
        struct thing thing = decorator_of(c, member->m, parts.item[i], &argument);
        if (py_thing_is_locust(&thing, "tag") && !t->tagged)
            t->tagged = node_line(parts.item[i]);
        if (!py_thing_is_locust(&thing, "task"))
            continue;
        found = true;
        *weight = 1;
        if (!ts_node_is_null(argument) && !weight_of(c, member->m, k, argument, weight)) {
            unknown(c, t, WHY_WEIGHT, member->m, argument);
            found = false;
        }
    }
    nodes_fini(&parts);
    return found;
}

static void add_member(struct cost_count *c, struct tasks *t, struct class *k,
                       const struct class_member *member) {
    double weight;
    if ((!member->is_class && !member->is_function) || !is_task(c, t, k, member, &weight))
        return;
    struct task task = {.m = member->m,
                        .node = member->value,
                        .whole = member->whole,
                        .owner = k,
                        .weight = weight};
    if (member->is_class) {
        task.set = py_class_of(c->classes, member->m, member->value, k);
        if (!task.set)
            return;
    }
    if (!member->sure)
        unknown(c, t, WHY_TASKS, member->m, member->value);
    add(t, task);
}

/* --- a class and its bases --- */

static bool counts(const struct class *k, const struct class_member *m) {
    char name[PY_NAME_BYTES];
    return py_class_own(k, node_copy(&m->m->py, m->name, name, sizeof name)) == m;
}

static void add_own(struct cost_count *c, struct tasks *t, struct class *k) {
    const struct class_member *list = py_class_own(k, "tasks");
    bool in_order = k->kind & KIND_SEQUENTIAL;
    bool replaced = list && ts_node_eq(list->value, list->whole); /* Shop.tasks = ... later on */
    if (replaced)
        t->len = 0;
    if (list && !list->is_function && (!in_order || replaced) && !node_is(list->value, "none"))
        add_list(c, t, list->m, k, list->value);
    for (size_t i = 0; i < k->members && !replaced; i++) {
        const struct class_member *m = &k->member[i];
        if (m == list && in_order)
            add_list(c, t, m->m, k, m->value);
        else if ((m->is_class || m->is_function) && counts(k, m))
            add_member(c, t, k, m);
    }
    if (list && !list->sure)
        unknown(c, t, WHY_TASKS, list->m, list->value);
}

static void collect(struct cost_count *c, struct class *k, struct tasks *t, int depth) {
    if (depth > TASKS_DEPTH_MAX || ++t->classes > CLASSES_VISITED_MAX || t->len == TASKS_MAX) {
        unknown(c, t, WHY_DEEP, k->m, k->node);
        return;
    }
    for (size_t i = 0; i < k->bases; i++) {
        struct class *base = k->base[i];
        if (base->kind & (KIND_USER | KIND_TASKSET) || py_class_own(base, "tasks"))
            collect(c, base, t, depth + 1);
    }
    add_own(c, t, k);
}

void locust_tasks_of(struct cost_count *c, struct class *k, struct tasks *out) {
    *out = (struct tasks){0};
    collect(c, k, out, 0);
    if (k->unseen.kind != THING_NOTHING)
        unknown(c, out, WHY_UNSEEN, k->m, node_field(k->node, "superclasses"));
}

/* --- wait_time --- */

static struct wait unknown_wait(struct cost_count *c, enum why why, const struct class_member *m) {
    return (struct wait){.mean_ms = locust_range_unknown(c, why, m->m, m->value)};
}

/* between(a, b), constant(a), constant_pacing(p), constant_throughput(x) */
static struct wait wait_call(struct cost_count *c, const struct scope *s, const char *name,
                             const struct class_member *m, TSNode call) {
    struct number a, b;
    struct wait w = {0};
    TSNode first = node_child(node_field(call, "arguments"), 0);
    TSNode second = node_child(node_field(call, "arguments"), 1);
    if (node_is(first, "keyword_argument"))
        first = node_field(first, "value");
    if (node_is(second, "keyword_argument"))
        second = node_field(second, "value");
    bool two = strcmp(name, "between") == 0;
    if (!locust_value_number(s, first, &a) || (two && !locust_value_number(s, second, &b)))
        return unknown_wait(c,
                            locust_value_from_env(s, first) ||
                                    (two && locust_value_from_env(s, second))
                                ? WHY_ENVIRONMENT
                                : WHY_WAIT,
                            m);
    if ((a.from_env || (two && b.from_env)) && !c->environment_line)
        c->environment_line = node_line(call);
    if (two)
        w.mean_ms = locust_range_exact((a.value + b.value) / 2 * 1000);
    else if (strcmp(name, "constant") == 0)
        w.mean_ms = locust_range_exact(a.value * 1000);
    else if (strcmp(name, "constant_pacing") == 0)
        w.period_ms = a.value * 1000;
    else if (strcmp(name, "constant_throughput") == 0 && a.value > 0)
        w.period_ms = 1000 / a.value;
    else
        return unknown_wait(c, WHY_WAIT, m);
    return w.mean_ms.low < 0 || w.period_ms < 0 ? unknown_wait(c, WHY_WAIT, m) : w;
}

struct wait locust_wait_of(struct cost_count *c, const struct class *k, const struct class **in) {
    const struct class_member *m = py_class_find(k, "wait_time", in);
    if (k->unseen.kind != THING_NOTHING && (!m || *in != k))
        return (struct wait){.mean_ms = locust_range_unknown(c, WHY_UNSEEN, k->m,
                                                             node_field(k->node, "superclasses"))};
    if (!m || node_is(m->value, "none")) {
        *in = NULL;
        return (struct wait){0};
    }
    struct scope s = body_scope(c, m->m, (struct class *)*in);
    TSNode call = py_unwrap(m->value);
    struct thing t = py_names_thing(c->classes->names, m->m, call);
    if (t.kind == THING_VALUE && t.sure) {
        s = body_scope(c, t.m, NULL);
        call = py_unwrap(t.node);
    }
    if (m->is_function || m->is_class || !m->sure || !node_is(call, "call"))
        return unknown_wait(c, WHY_WAIT, m);
    t = py_names_thing(c->classes->names, s.m, node_field(call, "function"));
    return t.kind == THING_LOCUST ? wait_call(c, &s, t.name, m, call)
                                  : unknown_wait(c, WHY_WAIT, m);
}

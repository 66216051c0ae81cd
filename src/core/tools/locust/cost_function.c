/* Functions: their parameters, their decorators, and what one run costs. */
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "tools/locust/cost.h"

/* Decorators that run their function as often as it is called. */
static bool is_quiet_decorator(struct cost_count *c, const struct module *m, TSNode decorator) {
    static const char *const quiet[] = {
        "staticmethod",   "classmethod", "property", "abstractmethod", "override", "wraps",
        "contextmanager", "setter",      "final",    "add_listener",   "overload", NULL};
    TSNode f = node_child(decorator, 0);
    if (node_is(f, "call"))
        f = node_field(f, "function");
    struct thing t = py_names_thing(c->classes->names, (struct module *)m, f);
    char name[PY_NAME_BYTES];
    node_copy(&m->py, node_is(f, "attribute") ? node_field(f, "attribute") : f, name, sizeof name);
    return t.kind == THING_LOCUST || name_is_any(name, quiet);
}

/* A decorator of these files that reports requests by itself. */
static bool decorator_fires(struct cost_count *c, const struct module *m, TSNode decorator) {
    TSNode f = node_child(decorator, 0);
    if (node_is(f, "call"))
        f = node_field(f, "function");
    struct thing t = py_names_thing(c->classes->names, (struct module *)m, f);
    return t.kind == THING_FUNCTION &&
           memmem(t.m->py.text + node_start(t.node), node_size(t.node), ".fire(", 6);
}

/* Only @task above it, as nearly always. */
static bool is_plain_task(const struct value *fn) {
    const char *text = fn->m->py.text + node_start(fn->whole);
    size_t len = node_start(fn->node) - node_start(fn->whole);
    return len > 5 && memcmp(text, "@task", 5) == 0 && !memchr(text + 1, '@', len - 1);
}

static struct cost decorated(struct cost_count *c, const struct value *fn, struct cost cost) {
    const struct module *m = fn->m;
    if (!node_is(fn->whole, "decorated_definition") || is_plain_task(fn))
        return cost;
    struct nodes parts = {0};
    node_children(fn->whole, &parts);
    for (size_t i = 0; i < parts.len; i++) {
        if (!node_is(parts.item[i], "decorator") || is_quiet_decorator(c, m, parts.item[i]))
            continue;
        cost = decorator_fires(c, m, parts.item[i])
                   ? locust_cost_unknown(c, WHY_DECORATOR, m, parts.item[i])
                   : locust_cost_unless_zero(c, cost, WHY_DECORATOR, m, parts.item[i]);
    }
    nodes_fini(&parts);
    return cost;
}

bool locust_has_decorator(const struct value *fn, const char *name) {
    const struct module *m = fn->m;
    bool found = false;
    struct nodes parts = {0};
    if (node_is(fn->whole, "decorated_definition") &&
        memmem(m->py.text + node_start(fn->whole), node_start(fn->node) - node_start(fn->whole),
               name, strlen(name)))
        node_children(fn->whole, &parts);
    for (size_t i = 0; i < parts.len; i++)
        found = found || (node_is(parts.item[i], "decorator") &&
                          node_text_is(&m->py, node_child(parts.item[i], 0), name));
    nodes_fini(&parts);
    return found;
}

TSNode locust_parameter_name(TSNode p) {
    TSNode name = node_field(p, "name");
    if (!ts_node_is_null(name))
        return name;
    if (node_is(p, "identifier"))
        return p;
    TSNode inside = node_child(p, 0);
    return node_is(p, "typed_parameter") && node_is(inside, "identifier") ? inside : (TSNode){0};
}

static void bind_parameters(struct frame *f, const struct value *fn, const struct value *arg) {
    struct nodes params = {0};
    size_t first = fn->self && !locust_has_decorator(fn, "staticmethod") ? 1 : 0;
    node_children(node_field(fn->node, "parameters"), &params);
    for (size_t i = 0; i < params.len; i++) {
        TSNode name = locust_parameter_name(params.item[i]);
        struct value v = {0};
        if (i < first)
            v = (struct value){.kind = VALUE_OBJECT, .of = fn->of, .made = fn->made};
        else if (i - first < COST_ARGS)
            v = arg[i - first];
        if (!ts_node_is_null(name))
            locust_frame_bind(f, name, v);
    }
    if (first && f->locals && locust_has_decorator(fn, "classmethod"))
        f->local[0].value = (struct value){.kind = VALUE_CLASS, .of = fn->of};
    nodes_fini(&params);
}

static uint64_t mix(uint64_t h, uint64_t x) { return (h ^ x) * 1099511628211u; }

static uint64_t key_of(const struct value *fn, const struct value *arg) {
    uint64_t h = mix(mix(mix(14695981039346656037u, fn->self), (uint64_t)fn->made), fn->inside);
    for (int i = 0; i < COST_ARGS; i++) {
        h = mix(h, (uint64_t)arg[i].kind);
        h = mix(h, (uint64_t)(uintptr_t)arg[i].of);
        h = mix(h, (uint64_t)arg[i].made);
        h = mix(h, ts_node_is_null(arg[i].node) ? 0 : node_start(arg[i].node));
        h = mix(h, (uint64_t)(uintptr_t)arg[i].m);
    }
    return h;
}

static struct memo *memo_of(struct cost_count *c, const struct value *fn, uint64_t key) {
    for (size_t i = 0; i < c->memos; i++) {
        struct memo *m = &c->memo[i];
        if (m->m == fn->m && m->start == node_start(fn->node) && m->of == fn->of && m->key == key)
            return m;
    }
    return NULL;
}

/* The frame of a function that is being counted; NULL when that one has ended. */
static struct frame *frame_of(const struct cost_count *c, unsigned id) {
    struct frame *f = c->last;
    while (f && f->id != id)
        f = f->caller;
    return id ? f : NULL;
}

static struct cost run(struct cost_count *c, const struct value *fn, const struct value *arg) {
    struct frame f = {.up = frame_of(c, fn->inside),
                      .caller = c->last,
                      .id = ++c->frames,
                      .m = fn->m,
                      .owner = fn->owner,
                      .of = fn->of,
                      .function = fn->node};
    c->last = &f;
    bind_parameters(&f, fn, arg);
    TSNode body = node_field(fn->node, "body");
    struct cost cost = node_is(body, "block") ? locust_cost_of_body(c, &f, body)
                                              : locust_cost_of_expression(c, &f, body);
    c->last = f.caller;
    free(f.local);
    return decorated(c, fn, cost);
}

struct cost locust_cost_of_function(struct cost_count *c, const struct value *fn,
                                    const struct value *arg) {
    uint64_t key = key_of(fn, arg);
    struct memo *known = memo_of(c, fn, key);
    if (known && known->open)
        return locust_cost_unknown(c, WHY_RECURSION, fn->m, fn->node);
    if (known && !fn->inside)
        return known->cost;
    if (c->depth > COST_DEPTH_MAX || c->steps > COST_STEPS_MAX)
        return locust_cost_unknown(c, WHY_DEEP, fn->m, fn->node);
    size_t mine = known ? (size_t)(known - c->memo) : c->memos;
    if (!known) {
        c->memo = mem_grow(c->memo, c->memos, &c->memos_cap, sizeof *c->memo);
        c->memos++;
    }
    c->memo[mine] = (struct memo){
        .m = fn->m, .start = node_start(fn->node), .of = fn->of, .key = key, .open = true};
    c->depth++;
    struct cost cost = run(c, fn, arg);
    c->depth--;
    c->memo[mine].open = false;
    c->memo[mine].cost = cost;
    return cost;
}

/* What a call costs. */
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/text.h"
#include "tools/locust/cost.h"
#include "tools/locust/requests.h"

/* A call in parts. */
struct call {
    TSNode node, f, object;   /* object: what stands before the last dot; null when there is none */
    char name[PY_NAME_BYTES]; /* behind the last dot, or the whole callee */
    struct value callee, on;  /* on: what object stands for */
    struct thing thing;
};

static bool is_one_of(const char *name, const char *const *names) {
    for (; *names; names++)
        if (strcmp(name, *names) == 0)
            return true;
    return false;
}

static bool is_super(const struct frame *f, TSNode object) {
    return f->of && py_is(object, "call") &&
           py_text_is(&f->m->py, py_field(object, "function"), "super");
}

static struct call parts_of(struct cost_count *c, struct frame *f, TSNode node) {
    struct call it = {.node = node, .f = py_unwrap(py_field(node, "function"))};
    TSNode name = it.f;
    if (py_is(it.f, "attribute")) {
        it.object = py_unwrap(py_field(it.f, "object"));
        name = py_field(it.f, "attribute");
    }
    py_copy(&f->m->py, name, it.name, sizeof it.name);
    if (is_super(f, it.object)) {
        it.on = (struct value){.kind = VALUE_OBJECT, .of = f->of};
        it.callee = locust_value_of(c, f, it.f);
    } else if (!ts_node_is_null(it.object)) {
        it.on = locust_value_of(c, f, it.object);
        it.callee = locust_value_of_member(c, f, it.f, &it.on);
    } else {
        it.callee = locust_value_of(c, f, it.f);
    }
    if (it.callee.kind == VALUE_NONE)
        it.thing = py_names_thing(c->classes->names, f->m, it.f);
    return it;
}

static bool is_task_object(const struct value *v) {
    return v->kind == VALUE_OBJECT && v->of->kind & (KIND_USER | KIND_TASKSET);
}

static struct cost cost_one(enum quantity q, double n) {
    struct cost cost = {0};
    cost.q[q] = locust_range_exact(n);
    return cost;
}

static bool is_false(TSNode n) { return py_is(n, "false"); }

/* --- calls that Locust itself answers --- */

static struct cost sleep_call(struct cost_count *c, struct frame *f, TSNode call) {
    struct scope s = locust_frame_scope(c, f);
    struct number seconds;
    TSNode arg = py_argument(&f->m->py, call, "seconds", 0);
    struct cost cost = {0};
    if (!locust_value_number(&s, arg, &seconds) || seconds.value < 0) {
        cost.q[Q_THINK_MS] = locust_range_unknown(c, WHY_SLEEP, f->m, call);
        return cost;
    }
    if (seconds.from_env && !c->environment_line)
        c->environment_line = py_line(call);
    cost.q[Q_THINK_MS] = locust_range_exact(seconds.value * 1000);
    return cost;
}

static struct cost interrupt_call(const struct frame *f, TSNode call) {
    struct cost cost = cost_one(Q_LEAVES, 1);
    if (!is_false(py_argument(&f->m->py, call, "reschedule", 0)))
        cost.q[Q_JUMPS] = locust_range_exact(1);
    return cost;
}

/* self.wait() and others of users and TaskSets that no class of the file defines itself. */
static bool own_method(struct cost_count *c, struct frame *f, const struct call *it,
                       struct cost *out) {
    static const char *const rest[] = {"rest", "rest_", "iter_lines", NULL};
    if (it->callee.kind != VALUE_NONE || !is_task_object(&it->on))
        return false;
    bool fast = it->on.of->kind & KIND_FAST || (c->user && c->user->kind & KIND_FAST);
    if (strcmp(it->name, "wait") == 0)
        *out = cost_one(Q_WAITS, 1);
    else if (strcmp(it->name, "interrupt") == 0 && it->on.of->kind & KIND_TASKSET)
        *out = interrupt_call(f, it->node);
    else if (strcmp(it->name, "schedule_task") == 0)
        *out = locust_cost_unknown(c, WHY_SCHEDULED, f->m, it->node);
    else if (strcmp(it->name, "_sleep") == 0)
        *out = sleep_call(c, f, it->node);
    else if (fast && is_one_of(it->name, rest)) {
        *out = cost_one(Q_REQUESTS, 1);
        locust_request_see(c, f, it->node, "rest");
    } else {
        return false;
    }
    return true;
}

bool locust_call_interrupts(struct cost_count *c, struct frame *f, TSNode call) {
    TSNode callee = py_is(call, "call") ? py_field(call, "function") : (TSNode){0};
    if (!py_is(callee, "attribute") ||
        !py_text_is(&f->m->py, py_field(callee, "attribute"), "interrupt"))
        return false;
    struct call it = parts_of(c, f, call);
    return it.callee.kind == VALUE_NONE && is_task_object(&it.on) && it.on.of->kind & KIND_TASKSET;
}

/* events.request.fire(...), self.environment.events.request_success.fire(...),
 * events.request.measure(...) */
static bool fires(const struct frame *f, const struct call *it) {
    char text[128];
    if (strcmp(it->name, "fire") != 0 && strcmp(it->name, "measure") != 0)
        return false;
    if (ts_node_is_null(it->object))
        return false;
    py_copy(&f->m->py, it->object, text, sizeof text);
    return strstr(text, "request") != NULL;
}

/* getattr(self.client, "get")(url) */
static bool picks_method(struct cost_count *c, struct frame *f, const struct call *it) {
    return py_is(it->f, "call") && py_text_is(&f->m->py, py_field(it->f, "function"), "getattr") &&
           locust_value_of(c, f, py_argument(&f->m->py, it->f, "", 0)).kind == VALUE_CLIENT;
}

static bool known_call(struct cost_count *c, struct frame *f, const struct call *it,
                       struct cost *out) {
    static const char *const sleeps[] = {"sleep", NULL};
    static const char *const clocks[] = {"time", "gevent", "gevent.time", NULL};
    *out = (struct cost){0};
    if (own_method(c, f, it, out))
        return true;
    if (it->thing.kind == THING_FOREIGN && is_one_of(it->thing.from, clocks) &&
        is_one_of(it->thing.name, sleeps)) {
        *out = sleep_call(c, f, it->node);
        return true;
    }
    if (it->callee.kind == VALUE_SEND || picks_method(c, f, it)) {
        *out = cost_one(Q_REQUESTS, 1);
        locust_request_see(c, f, it->node, it->callee.kind == VALUE_SEND ? it->name : "get");
        return true;
    }
    if (!fires(f, it))
        return false;
    *out = cost_one(Q_FIRES, 1);
    return true;
}

/* --- functions of the file --- */

/* Decorators that run their function as often as it is called. */
static bool is_quiet_decorator(struct cost_count *c, const struct module *m, TSNode decorator) {
    static const char *const quiet[] = {
        "staticmethod",   "classmethod", "property", "abstractmethod", "override", "wraps",
        "contextmanager", "setter",      "final",    "add_listener",   "overload", NULL};
    TSNode f = py_child(decorator, 0);
    if (py_is(f, "call"))
        f = py_field(f, "function");
    struct thing t = py_names_thing(c->classes->names, (struct module *)m, f);
    char name[PY_NAME_BYTES];
    py_copy(&m->py, py_is(f, "attribute") ? py_field(f, "attribute") : f, name, sizeof name);
    return t.kind == THING_LOCUST || is_one_of(name, quiet);
}

/* A decorator of these files that reports requests by itself. */
static bool decorator_fires(struct cost_count *c, const struct module *m, TSNode decorator) {
    TSNode f = py_child(decorator, 0);
    if (py_is(f, "call"))
        f = py_field(f, "function");
    struct thing t = py_names_thing(c->classes->names, (struct module *)m, f);
    return t.kind == THING_FUNCTION &&
           memmem(t.m->py.text + py_start(t.node), py_size(t.node), ".fire(", 6);
}

static struct cost decorated(struct cost_count *c, const struct module *m, TSNode function,
                             struct cost cost) {
    TSNode whole = ts_node_parent(function);
    if (!py_is(whole, "decorated_definition"))
        return cost;
    struct py_nodes parts = {0};
    py_children(whole, &parts);
    for (size_t i = 0; i < parts.len; i++) {
        if (!py_is(parts.item[i], "decorator") || is_quiet_decorator(c, m, parts.item[i]))
            continue;
        cost = decorator_fires(c, m, parts.item[i])
                   ? locust_cost_unknown(c, WHY_DECORATOR, m, parts.item[i])
                   : locust_cost_unless_zero(c, cost, WHY_DECORATOR, m, parts.item[i]);
    }
    py_nodes_fini(&parts);
    return cost;
}

static bool has_decorator(const struct module *m, TSNode function, const char *name) {
    TSNode whole = ts_node_parent(function);
    bool found = false;
    struct py_nodes parts = {0};
    if (py_is(whole, "decorated_definition"))
        py_children(whole, &parts);
    for (size_t i = 0; i < parts.len; i++)
        found = found || (py_is(parts.item[i], "decorator") &&
                          py_text_is(&m->py, py_child(parts.item[i], 0), name));
    py_nodes_fini(&parts);
    return found;
}

static TSNode parameter_name(TSNode p) {
    TSNode name = py_field(p, "name");
    if (!ts_node_is_null(name))
        return name;
    if (py_is(p, "identifier"))
        return p;
    TSNode inside = py_child(p, 0);
    return py_is(p, "typed_parameter") && py_is(inside, "identifier") ? inside : (TSNode){0};
}

static void bind_parameters(struct frame *f, const struct value *fn, const struct value *arg) {
    struct py_nodes params = {0};
    size_t first = fn->self && !has_decorator(fn->m, fn->node, "staticmethod") ? 1 : 0;
    py_children(py_field(fn->node, "parameters"), &params);
    for (size_t i = 0; i < params.len; i++) {
        TSNode name = parameter_name(params.item[i]);
        struct value v = {0};
        if (i < first)
            v = (struct value){.kind = VALUE_OBJECT, .of = fn->of, .made = fn->made};
        else if (i - first < COST_ARGS)
            v = arg[i - first];
        if (!ts_node_is_null(name))
            locust_frame_bind(f, name, v);
    }
    if (first && params.len && has_decorator(fn->m, fn->node, "classmethod"))
        f->local[0].value = (struct value){.kind = VALUE_CLASS, .of = fn->of};
    py_nodes_fini(&params);
}

static uint64_t mix(uint64_t h, uint64_t x) { return (h ^ x) * 1099511628211u; }

static uint64_t key_of(const struct value *fn, const struct value *arg) {
    uint64_t h = mix(mix(mix(14695981039346656037u, fn->self), (uint64_t)fn->made), fn->inside);
    for (int i = 0; i < COST_ARGS; i++) {
        h = mix(h, (uint64_t)arg[i].kind);
        h = mix(h, (uint64_t)(uintptr_t)arg[i].of);
        h = mix(h, (uint64_t)arg[i].made);
        h = mix(h, ts_node_is_null(arg[i].node) ? 0 : py_start(arg[i].node));
        h = mix(h, (uint64_t)(uintptr_t)arg[i].m);
    }
    return h;
}

static struct memo *memo_of(struct cost_count *c, const struct value *fn, uint64_t key) {
    for (size_t i = 0; i < c->memos; i++) {
        struct memo *m = &c->memo[i];
        if (m->m == fn->m && m->start == py_start(fn->node) && m->of == fn->of && m->key == key)
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
    TSNode body = py_field(fn->node, "body");
    struct cost cost = py_is(body, "block") ? locust_cost_of_body(c, &f, body)
                                            : locust_cost_of_expression(c, &f, body);
    c->last = f.caller;
    free(f.local);
    return decorated(c, fn->m, fn->node, cost);
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
        .m = fn->m, .start = py_start(fn->node), .of = fn->of, .key = key, .open = true};
    c->depth++;
    struct cost cost = run(c, fn, arg);
    c->depth--;
    c->memo[mine].open = false;
    c->memo[mine].cost = cost;
    return cost;
}

/* The arguments of a call, in the order of the function's parameters behind self. */
static void bind_arguments(struct cost_count *c, struct frame *f, TSNode call,
                           const struct value *fn, struct value arg[COST_ARGS]) {
    struct py_nodes params = {0};
    char name[PY_NAME_BYTES];
    size_t first = fn->self && !has_decorator(fn->m, fn->node, "staticmethod") ? 1 : 0;
    py_children(py_field(fn->node, "parameters"), &params);
    for (size_t i = 0; i < COST_ARGS; i++) {
        TSNode own = i + first < params.len ? parameter_name(params.item[i + first]) : (TSNode){0};
        py_copy(&fn->m->py, own, name, sizeof name);
        TSNode given = py_argument(&f->m->py, call, name, (int)i);
        arg[i] = ts_node_is_null(given) ? (struct value){0} : locust_value_of(c, f, given);
    }
    py_nodes_fini(&params);
}

static struct cost call_function(struct cost_count *c, struct frame *f, TSNode call,
                                 const struct value *fn) {
    struct value arg[COST_ARGS];
    bind_arguments(c, f, call, fn, arg);
    return locust_cost_of_function(c, fn, arg);
}

static struct cost call_method(struct cost_count *c, struct frame *f, TSNode call, struct class *k,
                               const char *name) {
    const struct class *in = NULL;
    const struct class_member *m = k ? py_class_find(k, name, &in) : NULL;
    if (!m || !m->is_function)
        return (struct cost){0};
    struct value fn = {.kind = VALUE_FUNCTION,
                       .self = true,
                       .of = k,
                       .owner = (struct class *)in,
                       .m = m->m,
                       .node = m->value};
    return call_function(c, f, call, &fn);
}

/* --- calls of code that is not here --- */

bool locust_module_is_quiet(const char *module) {
    static const char *const names[] = {
        "logging",  "json",   "random",  "os",       "sys",       "re",     "uuid",
        "datetime", "math",   "copy",    "string",   "functools", "time",   "collections",
        "inspect",  "base64", "hashlib", "warnings", "traceback", "typing", NULL};
    char first[64];
    text_copy(first, sizeof first, module);
    first[strcspn(first, ".")] = '\0';
    return is_one_of(first, names);
}

/* Methods of lists, sets, logs and the like: they keep or print what they get. */
static bool is_quiet_method(const char *name) {
    static const char *const names[] = {
        "append",   "remove", "add",   "discard", "put",        "pop",        "format",
        "info",     "debug",  "error", "warn",    "warning",    "fire",       "exception",
        "critical", "get",    "index", "count",   "setdefault", "put_nowait", NULL};
    return is_one_of(name, names);
}

static bool is_quiet_builtin(const char *name) {
    static const char *const names[] = {"print", "str",        "repr",       "len",      "id",
                                        "type",  "hasattr",    "setattr",    "vars",     "dir",
                                        "hash",  "isinstance", "getattr",    "super",    "bool",
                                        "list",  "dict",       "issubclass", "callable", NULL};
    return is_one_of(name, names);
}

/* Can a callee that is not in these files use what it is given? */
static bool may_use(const struct call *it) {
    if (it->thing.kind == THING_LOCUST)
        return false;
    if (it->thing.kind == THING_FOREIGN)
        return !locust_module_is_quiet(it->thing.from);
    return ts_node_is_null(it->object) ? !is_quiet_builtin(it->name) : !is_quiet_method(it->name);
}

static struct cost one_argument(struct cost_count *c, struct frame *f, const struct call *it,
                                TSNode n) {
    static const struct value none[COST_ARGS];
    struct value v = locust_value_of(c, f, n);
    if (v.kind == VALUE_FUNCTION)
        return locust_cost_unless_zero(c, locust_cost_of_function(c, &v, none), WHY_CALLBACK, f->m,
                                       it->node);
    bool client = v.kind == VALUE_CLIENT || v.kind == VALUE_SEND;
    if ((client || is_task_object(&v)) && may_use(it) && !is_super(f, it->object))
        return locust_cost_unknown(c, WHY_HANDED, f->m, it->node);
    return (struct cost){0};
}

static TSNode argument_value(TSNode arg) {
    if (py_is(arg, "keyword_argument"))
        return py_field(arg, "value");
    return strstr(ts_node_type(arg), "splat") ? py_child(arg, 0) : arg;
}

/* A name that the function binds to nobody knows what: a parameter, an element of a list. */
static bool is_unknown_function(struct cost_count *c, const struct frame *f,
                                const struct call *it) {
    if (py_is(it->f, "subscript"))
        return true;
    if (!py_is(it->f, "identifier") || it->thing.kind != THING_NOTHING ||
        is_quiet_builtin(it->name))
        return false;
    struct scope s = locust_frame_scope(c, f);
    return py_value_is_local(&s, it->f);
}

static struct cost unseen_call(struct cost_count *c, struct frame *f, const struct call *it) {
    if (it->callee.kind == VALUE_STRANGER)
        return locust_cost_unknown(c, WHY_CLIENT, f->m, it->node);
    if (is_unknown_function(c, f, it))
        return locust_cost_unknown(c, WHY_UNSEEN, f->m, it->node);
    if (it->on.kind == VALUE_OBJECT && it->on.of->unseen.kind != THING_NOTHING)
        return locust_cost_unknown(c, WHY_UNSEEN, f->m, it->node);
    if (it->on.kind == VALUE_OBJECT && py_class_find(it->on.of, "__getattr__", NULL))
        return locust_cost_unknown(c, WHY_CLIENT, f->m, it->node);
    struct cost sum = {0};
    struct py_nodes args = {0};
    py_children(py_field(it->node, "arguments"), &args);
    for (size_t i = 0; i < args.len; i++)
        sum = locust_cost_add(sum, one_argument(c, f, it, argument_value(args.item[i])));
    py_nodes_fini(&args);
    return sum;
}

/* --- any call --- */

static struct cost callee_cost(struct cost_count *c, struct frame *f, const struct call *it) {
    struct cost cost;
    if (known_call(c, f, it, &cost))
        return cost;
    locust_request_outside(c, f, it->node, &it->thing);
    if (it->callee.kind == VALUE_FUNCTION)
        return call_function(c, f, it->node, &it->callee);
    if (it->callee.kind == VALUE_CLASS)
        return call_method(c, f, it->node, it->callee.of, "__init__");
    if (it->callee.kind == VALUE_OBJECT)
        return call_method(c, f, it->node, it->callee.of, "__call__");
    return unseen_call(c, f, it);
}

struct cost locust_cost_of_call(struct cost_count *c, struct frame *f, TSNode call) {
    if (c->depth > COST_DEPTH_MAX || ++c->steps > COST_STEPS_MAX)
        return locust_cost_unknown(c, WHY_DEEP, f->m, call);
    c->depth++;
    struct call it = parts_of(c, f, call);
    struct cost sum = callee_cost(c, f, &it);
    TSNode before = ts_node_is_null(it.object) ? it.f : it.object;
    if (!py_is(before, "identifier"))
        sum = locust_cost_add(sum, locust_cost_of_expression(c, f, before));
    sum = locust_cost_add(sum, locust_cost_of_expression(c, f, py_field(call, "arguments")));
    c->depth--;
    return sum;
}

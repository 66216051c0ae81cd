/* What a call costs. */
#include <string.h>

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

static bool is_super(const struct frame *f, TSNode object) {
    return f->of && node_is(object, "call") &&
           node_text_is(&f->m->py, node_field(object, "function"), "super");
}

static struct call parts_of(struct cost_count *c, struct frame *f, TSNode node) {
    struct call it = {.node = node, .f = py_unwrap(node_field(node, "function"))};
    TSNode name = it.f;
    if (node_is(it.f, "attribute")) {
        it.object = py_unwrap(node_field(it.f, "object"));
        name = node_field(it.f, "attribute");
    }
    node_copy(&f->m->py, name, it.name, sizeof it.name);
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

static bool is_false(TSNode n) { return node_is(n, "false"); }

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
        c->environment_line = node_line(call);
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
    else if (fast && name_is_any(it->name, rest)) {
        *out = cost_one(Q_REQUESTS, 1);
        locust_request_see(c, f, it->node, "rest");
    } else {
        return false;
    }
    return true;
}

bool locust_call_interrupts(struct cost_count *c, struct frame *f, TSNode call) {
    TSNode callee = node_is(call, "call") ? node_field(call, "function") : (TSNode){0};
    if (!node_is(callee, "attribute") ||
        !node_text_is(&f->m->py, node_field(callee, "attribute"), "interrupt"))
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
    node_copy(&f->m->py, it->object, text, sizeof text);
    return strstr(text, "request") != NULL;
}

/* getattr(self.client, "get")(url) */
static bool picks_method(struct cost_count *c, struct frame *f, const struct call *it) {
    return node_is(it->f, "call") &&
           node_text_is(&f->m->py, node_field(it->f, "function"), "getattr") &&
           locust_value_of(c, f, py_argument(&f->m->py, it->f, "", 0)).kind == VALUE_CLIENT;
}

static bool known_call(struct cost_count *c, struct frame *f, const struct call *it,
                       struct cost *out) {
    static const char *const sleeps[] = {"sleep", NULL};
    static const char *const clocks[] = {"time", "gevent", "gevent.time", NULL};
    *out = (struct cost){0};
    if (own_method(c, f, it, out))
        return true;
    if (it->thing.kind == THING_FOREIGN && name_is_any(it->thing.from, clocks) &&
        name_is_any(it->thing.name, sleeps)) {
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

/* The arguments of a call, in the order of the function's parameters behind self. */
static void bind_arguments(struct cost_count *c, struct frame *f, TSNode call,
                           const struct value *fn, struct value arg[COST_ARGS]) {
    struct nodes params = {0};
    char name[PY_NAME_BYTES];
    size_t first = fn->self && !locust_has_decorator(fn, "staticmethod") ? 1 : 0;
    node_children(node_field(fn->node, "parameters"), &params);
    for (size_t i = 0; i < COST_ARGS; i++) {
        TSNode own =
            i + first < params.len ? locust_parameter_name(params.item[i + first]) : (TSNode){0};
        node_copy(&fn->m->py, own, name, sizeof name);
        TSNode given = py_argument(&f->m->py, call, name, (int)i);
        arg[i] = ts_node_is_null(given) ? (struct value){0} : locust_value_of(c, f, given);
    }
    nodes_fini(&params);
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
                       .node = m->value,
                       .whole = m->whole};
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
    return name_is_any(first, names);
}

/* Methods of lists, sets, logs and the like: they keep or print what they get. */
static bool is_quiet_method(const char *name) {
    static const char *const names[] = {
        "append",   "remove", "add",   "discard", "put",        "pop",        "format",
        "info",     "debug",  "error", "warn",    "warning",    "fire",       "exception",
        "critical", "get",    "index", "count",   "setdefault", "put_nowait", NULL};
    return name_is_any(name, names);
}

static bool is_quiet_builtin(const char *name) {
    static const char *const names[] = {"print", "str",        "repr",       "len",      "id",
                                        "type",  "hasattr",    "setattr",    "vars",     "dir",
                                        "hash",  "isinstance", "getattr",    "super",    "bool",
                                        "list",  "dict",       "issubclass", "callable", NULL};
    return name_is_any(name, names);
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
    if (node_is(arg, "keyword_argument"))
        return node_field(arg, "value");
    return strstr(ts_node_type(arg), "splat") ? node_child(arg, 0) : arg;
}

/* A name that the function binds to nobody knows what: a parameter, an element of a list. */
static bool is_unknown_function(struct cost_count *c, const struct frame *f,
                                const struct call *it) {
    if (node_is(it->f, "subscript"))
        return true;
    if (!node_is(it->f, "identifier") || it->thing.kind != THING_NOTHING ||
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
    struct nodes args = {0};
    node_children(node_field(it->node, "arguments"), &args);
    for (size_t i = 0; i < args.len; i++)
        sum = locust_cost_add(sum, one_argument(c, f, it, argument_value(args.item[i])));
    nodes_fini(&args);
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
    if (!node_is(before, "identifier"))
        sum = locust_cost_add(sum, locust_cost_of_expression(c, f, before));
    sum = locust_cost_add(sum, locust_cost_of_expression(c, f, node_field(call, "arguments")));
    c->depth--;
    return sum;
}

/* What expressions stand for: the user, its client, a method, a class of the file. */
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "tools/locust/cost.h"

enum { VALUE_DEPTH_MAX = 40, MADE_MAX = 1000 };

static struct value value_at(struct cost_count *c, struct frame *f, TSNode n, int depth);

static bool is_user(const struct class *k) { return k && (k->kind & KIND_USER); }
static bool is_taskset(const struct class *k) { return k && (k->kind & KIND_TASKSET); }

static struct value object_of(struct class *k) {
    return (struct value){.kind = k ? VALUE_OBJECT : VALUE_NONE, .of = k};
}

static struct value client_of(const struct class *user) {
    bool http = user && (user->kind & KIND_HTTP);
    return (struct value){.kind = http ? VALUE_CLIENT : VALUE_STRANGER};
}

void locust_frame_bind(struct frame *f, TSNode name, struct value v) {
    for (size_t i = 0; i < f->locals; i++)
        if (node_same(&f->m->py, f->local[i].name, &f->m->py, name)) {
            if (v.kind != VALUE_NONE)
                f->local[i].value = v;
            return;
        }
    f->local = mem_grow(f->local, f->locals, &f->cap, sizeof *f->local);
    f->local[f->locals++] = (struct local){name, v};
}

struct scope locust_frame_scope(const struct cost_count *c, const struct frame *f) {
    struct class *k = f->of ? f->of : f->owner;
    return (struct scope){.classes = c->classes, .m = f->m, .within = k, .function = f->function};
}

/* --- members of objects --- */

static struct value method_of(const struct class_member *m, const struct value *object,
                              const struct class *owner) {
    return (struct value){.kind = VALUE_FUNCTION,
                          .self = true,
                          .of = object->of,
                          .made = object->made,
                          .owner = (struct class *)owner,
                          .m = m->m,
                          .node = m->value,
                          .whole = m->whole};
}

/* self.x = client, with client a parameter of __init__ that got one. */
static struct value set_value(struct cost_count *c, struct class *k, const struct self_set *set,
                              const struct value *object, int depth) {
    struct frame f = {.m = k->m, .owner = k, .of = object->of, .function = set->function};
    struct nodes params = {0};
    node_children(node_field(set->function, "parameters"), &params);
    for (size_t i = 0; i < params.len; i++) {
        TSNode name = node_field(params.item[i], "name");
        if (ts_node_is_null(name)) /* client, client: HttpSession */
            name = node_is(params.item[i], "identifier") ? params.item[i]
                                                         : node_child(params.item[i], 0);
        struct value v = i == 0 ? *object : (struct value){0};
        if (i > 0 && i <= COST_ARGS && object->made &&
            node_text_is(&k->m->py, node_field(set->function, "name"), "__init__"))
            v = c->made[object->made - 1].arg[i - 1];
        if (!ts_node_is_null(name))
            locust_frame_bind(&f, name, v);
    }
    nodes_fini(&params);
    struct value v = value_at(c, &f, set->value, depth + 1);
    free(f.local);
    return v;
}

static struct value set_on_self(struct cost_count *c, const struct value *object, const char *name,
                                int depth) {
    for (size_t i = 0; i < object->of->mros; i++) {
        struct class *k = object->of->mro[i];
        size_t count;
        const struct self_set *set = py_class_sets(k, &count);
        for (size_t s = 0; s < count; s++) {
            if (!node_text_is(&k->m->py, set[s].name, name) || ts_node_is_null(set[s].value))
                continue;
            struct value v = set_value(c, k, &set[s], object, depth);
            if (v.kind != VALUE_NONE)
                return v;
        }
    }
    return (struct value){0};
}

static struct value of_class(struct cost_count *c, struct class *k, const char *name, int depth) {
    const struct class *in = NULL;
    const struct class_member *m = py_class_find(k, name, &in);
    if (!m)
        return (struct value){0};
    if (m->is_class)
        return (struct value){.kind = VALUE_CLASS,
                              .of = py_class_of(c->classes, m->m, m->value, (struct class *)in)};
    if (m->is_function)
        return (struct value){.kind = VALUE_FUNCTION,
                              .owner = (struct class *)in,
                              .m = m->m,
                              .node = m->value,
                              .whole = m->whole};
    struct frame f = {.m = m->m};
    struct value v = value_at(c, &f, m->value, depth + 1);
    free(f.local);
    return v;
}

/* self.user, self.parent of a TaskSet, client of a user: what Locust itself gives. */
static struct value given(struct cost_count *c, const struct value *object, const char *name) {
    static const char *const users[] = {"user", "locust", "parent", "_user", "_parent", NULL};
    struct class *user = is_user(object->of) ? object->of : c->user;
    if (!is_user(object->of) && !is_taskset(object->of))
        return (struct value){0};
    if (strcmp(name, "client") == 0)
        return client_of(user);
    bool nested = is_taskset(object->of) && is_taskset(object->of->outer);
    if (nested && strcmp(name, "parent") == 0)
        return object_of(object->of->outer);
    for (const char *const *u = users; is_taskset(object->of) && *u; u++)
        if (strcmp(*u, name) == 0)
            return object_of(c->user);
    return (struct value){0};
}

static struct value of_object(struct cost_count *c, const struct value *object, const char *name,
                              int depth) {
    const struct class *in = NULL;
    const struct class_member *m = py_class_find(object->of, name, &in);
    if (m && m->is_function)
        return method_of(m, object, in);
    struct value v = m ? of_class(c, object->of, name, depth) : (struct value){0};
    if (v.kind == VALUE_FUNCTION && !v.owner) { /* a function of the module, bound by the class */
        v.self = true;
        v.of = object->of;
    }
    if (v.kind == VALUE_NONE)
        v = set_on_self(c, object, name, depth);
    return v.kind == VALUE_NONE ? given(c, object, name) : v;
}

/* --- other expressions --- */

static struct value of_name(struct cost_count *c, struct frame *f, TSNode n, int depth) {
    for (struct frame *at = f; at; at = at->up)
        for (size_t i = 0; i < at->locals; i++)
            if (node_same(&f->m->py, n, &at->m->py, at->local[i].name))
                return at->local[i].value;
    struct thing t = py_names_thing(c->classes->names, f->m, n);
    if (t.kind == THING_CLASS)
        return (struct value){.kind = VALUE_CLASS,
                              .of = py_class_of(c->classes, t.m, t.node, NULL)};
    if (t.kind == THING_FUNCTION)
        return (struct value){.kind = VALUE_FUNCTION, .m = t.m, .node = t.node, .whole = t.whole};
    if (t.kind != THING_VALUE)
        return (struct value){0};
    struct frame module = {.m = t.m};
    struct value v = value_at(c, &module, t.node, depth + 1);
    free(module.local);
    return v;
}

/* super().method, super(Class, self).method: from behind the class that calls. */
static struct value of_super(const struct frame *f, const char *name) {
    const struct class *k = f->of;
    size_t i = 0;
    while (k && i < k->mros && k->mro[i] != f->owner)
        i++;
    for (i++; k && i < k->mros; i++) {
        const struct class_member *m = py_class_own(k->mro[i], name);
        if (m && m->is_function)
            return method_of(m, &(struct value){.of = f->of}, k->mro[i]);
    }
    return (struct value){0};
}

static struct value of_module(struct cost_count *c, struct frame *f, TSNode n) {
    struct thing t = py_names_thing(c->classes->names, f->m, n);
    if (t.kind == THING_FUNCTION)
        return (struct value){.kind = VALUE_FUNCTION, .m = t.m, .node = t.node, .whole = t.whole};
    if (t.kind == THING_CLASS)
        return (struct value){.kind = VALUE_CLASS,
                              .of = py_class_of(c->classes, t.m, t.node, NULL)};
    return (struct value){0};
}

static struct value member_of(struct cost_count *c, struct frame *f, TSNode n,
                              const struct value *object, int depth) {
    char name[PY_NAME_BYTES];
    node_copy(&f->m->py, node_field(n, "attribute"), name, sizeof name);
    switch (object->kind) {
    case VALUE_OBJECT:
        return of_object(c, object, name, depth);
    case VALUE_CLASS:
        return object->of ? of_class(c, object->of, name, depth) : (struct value){0};
    case VALUE_CLIENT:
        return (struct value){.kind =
                                  locust_client_url_argument(name) >= 0 ? VALUE_SEND : VALUE_NONE};
    case VALUE_STRANGER:
        return *object;
    case VALUE_NONE:
        return of_module(c, f, n);
    case VALUE_SEND:
    case VALUE_FUNCTION:
        break;
    }
    return (struct value){0};
}

static struct value of_attribute(struct cost_count *c, struct frame *f, TSNode n, int depth) {
    char name[PY_NAME_BYTES];
    TSNode object = py_unwrap(node_field(n, "object"));
    if (node_is(object, "call") && node_text_is(&f->m->py, node_field(object, "function"), "super"))
        return of_super(f, node_copy(&f->m->py, node_field(n, "attribute"), name, sizeof name));
    struct value v = value_at(c, f, object, depth + 1);
    return member_of(c, f, n, &v, depth);
}

struct value locust_value_of_member(struct cost_count *c, struct frame *f, TSNode n,
                                    const struct value *object) {
    return member_of(c, f, n, object, 0);
}

/* Does a call hand the client, or the user that has it, to what it calls? */
static bool hands_client(struct cost_count *c, struct frame *f, TSNode call, int depth) {
    bool found = false;
    struct nodes args = {0};
    node_children(node_field(call, "arguments"), &args);
    for (size_t i = 0; i < args.len; i++) {
        bool named = node_is(args.item[i], "keyword_argument");
        struct value v =
            value_at(c, f, named ? node_field(args.item[i], "value") : args.item[i], depth + 1);
        found = found || v.kind == VALUE_CLIENT || v.kind == VALUE_SEND ||
                (v.kind == VALUE_OBJECT && (is_user(v.of) || is_taskset(v.of)));
    }
    nodes_fini(&args);
    return found;
}

/* A constructor: an object that keeps what it got. HttpSession() is a client of Locust's; a class
 * of another module that got the client sends with it. */
static struct value of_call(struct cost_count *c, struct frame *f, TSNode call, int depth) {
    TSNode callee = node_field(call, "function");
    struct value v = value_at(c, f, callee, depth + 1);
    if (v.kind == VALUE_STRANGER)
        return v;
    if (v.kind == VALUE_NONE) {
        struct thing t = py_names_thing(c->classes->names, f->m, callee);
        if (py_thing_is_locust(&t, "HttpSession") || py_thing_is_locust(&t, "FastHttpSession"))
            v.kind = VALUE_CLIENT;
        else if (t.kind == THING_FOREIGN && !locust_module_is_quiet(t.from) &&
                 hands_client(c, f, call, depth))
            v.kind = VALUE_STRANGER;
        return v;
    }
    if (v.kind != VALUE_CLASS || !v.of || c->mades == MADE_MAX)
        return (struct value){0};
    const struct class_member *init = py_class_find(v.of, "__init__", NULL);
    struct made made = {0};
    for (int i = 0; init && i < COST_ARGS; i++) {
        TSNode param = node_child(node_field(init->value, "parameters"), (uint32_t)i + 1);
        TSNode own = node_field(param, "name");
        char name[PY_NAME_BYTES] = "";
        if (!ts_node_is_null(param))
            node_copy(&init->m->py, ts_node_is_null(own) ? param : own, name, sizeof name);
        TSNode arg = py_argument(&f->m->py, call, name, i);
        if (!ts_node_is_null(arg))
            made.arg[i] = value_at(c, f, arg, depth + 1);
    }
    c->made = mem_grow(c->made, c->mades, &c->mades_cap, sizeof *c->made);
    c->made[c->mades++] = made;
    return (struct value){.kind = VALUE_OBJECT, .of = v.of, .made = (int)c->mades};
}

/* x if test else y, x or y: the first that stands for something. */
static struct value of_either(struct cost_count *c, struct frame *f, TSNode n, int depth) {
    struct nodes sides = {0};
    struct value v = {0};
    node_children(n, &sides);
    for (size_t i = 0; i < sides.len && v.kind == VALUE_NONE; i++)
        v = value_at(c, f, sides.item[i], depth + 1);
    nodes_fini(&sides);
    return v;
}

static struct value value_at(struct cost_count *c, struct frame *f, TSNode n, int depth) {
    if (ts_node_is_null(n) || depth > VALUE_DEPTH_MAX || ++c->steps > COST_STEPS_MAX)
        return (struct value){0};
    n = py_unwrap(n);
    if (node_is(n, "identifier"))
        return of_name(c, f, n, depth);
    if (node_is(n, "attribute"))
        return of_attribute(c, f, n, depth);
    if (node_is(n, "call"))
        return of_call(c, f, n, depth);
    if (node_is(n, "conditional_expression") || node_is(n, "boolean_operator"))
        return of_either(c, f, n, depth);
    if (node_is(n, "named_expression"))
        return value_at(c, f, node_field(n, "value"), depth + 1);
    if (node_is(n, "lambda"))
        return (struct value){.kind = VALUE_FUNCTION,
                              .inside = f->id,
                              .of = f->of,
                              .owner = f->owner,
                              .m = f->m,
                              .node = n};
    return (struct value){0};
}

struct value locust_value_of(struct cost_count *c, struct frame *f, TSNode n) {
    return value_at(c, f, n, 0);
}

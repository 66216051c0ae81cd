#include "tools/locust/classes.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"

enum { BODY_DEPTH_MAX = 20, CHAIN_MAX = 100 };

/* --- members --- */

static struct class_member *add(struct class *k, struct module *m, TSNode name) {
    k->member = mem_grow(k->member, k->members, &k->members_cap, sizeof *k->member);
    k->member[k->members] = (struct class_member){.m = m, .sure = true, .name = name};
    if (!ts_node_is_null(name)) {
        k->member[k->members].text = m->py.text + node_start(name);
        k->member[k->members].bytes = node_size(name);
    }
    return &k->member[k->members++];
}

static void scan_body(struct class *k, TSNode body, bool sure, int depth);

static void add_target(struct class *k, TSNode target, TSNode value, TSNode whole, bool sure) {
    if (node_is(target, "identifier")) {
        struct class_member *it = add(k, k->m, target);
        it->value = value;
        it->whole = whole;
        it->sure = sure;
        return;
    }
    struct nodes parts = {0}; /* a, b = ...: who gets what is not looked at */
    if (node_is(target, "pattern_list") || node_is(target, "tuple_pattern"))
        node_children(target, &parts);
    for (size_t i = 0; i < parts.len; i++)
        if (node_is(parts.item[i], "identifier"))
            add_target(k, parts.item[i], value, whole, false);
    nodes_fini(&parts);
}

static void scan_assigned(struct class *k, TSNode assignment, bool sure) {
    TSNode value = assignment;
    for (int i = 0; i < BODY_DEPTH_MAX && node_is(value, "assignment"); i++)
        value = node_field(value, "right");
    for (TSNode a = assignment; !ts_node_is_null(value) && node_is(a, "assignment");
         a = node_field(a, "right")) {
        add_target(k, node_field(a, "left"), value, assignment, sure);
    }
}

static void scan_inside(struct class *k, TSNode n, int depth) {
    struct nodes inside = {0};
    node_children(n, &inside);
    for (size_t i = 0; i < inside.len; i++) {
        if (node_is(inside.item[i], "block"))
            scan_body(k, inside.item[i], false, depth + 1);
        else if (depth < BODY_DEPTH_MAX && strstr(ts_node_type(inside.item[i]), "_clause"))
            scan_inside(k, inside.item[i], depth + 1);
    }
    nodes_fini(&inside);
}

static void scan_member(struct class *k, TSNode n, bool sure, int depth) {
    TSNode it = py_definition(n);
    if (node_is(n, "expression_statement")) {
        TSNode only = node_child(n, 0);
        if (node_is(only, "assignment"))
            scan_assigned(k, only, sure);
    } else if (node_is(it, "function_definition") || node_is(it, "class_definition")) {
        struct class_member *m = add(k, k->m, node_field(it, "name"));
        m->is_class = node_is(it, "class_definition");
        m->is_function = !m->is_class;
        m->value = it;
        m->whole = n;
        m->sure = sure;
    } else if (strstr(ts_node_type(n), "_statement") && depth < BODY_DEPTH_MAX) {
        scan_inside(k, n, depth);
    }
}

static void scan_body(struct class *k, TSNode body, bool sure, int depth) {
    struct nodes inside = {0};
    node_children(body, &inside);
    for (size_t i = 0; i < inside.len; i++)
        scan_member(k, inside.item[i], sure, depth);
    nodes_fini(&inside);
}

/* Shop.wait_time = between(1, 2) behind the class, in its own module or in the script. */
static void scan_later(struct class *k, struct module *m, const char *name) {
    for (size_t i = 0; i < m->attrs; i++) {
        const struct attr_set *a = &m->attr[i];
        if (!node_text_is(&m->py, a->object, name))
            continue;
        struct class_member *it = add(k, m, a->name);
        it->value = it->whole = a->value;
        it->sure = a->top;
    }
}

const struct class_member *py_class_own(const struct class *k, const char *name) {
    size_t len = strlen(name);
    for (size_t i = k->members; i > 0; i--) {
        const struct class_member *m = &k->member[i - 1];
        if (m->bytes == len && memcmp(m->text, name, len) == 0)
            return m;
    }
    return NULL;
}

const struct class_member *py_class_find(const struct class *k, const char *name,
                                         const struct class **in) {
    for (size_t i = 0; i < k->mros; i++) {
        const struct class_member *m = py_class_own(k->mro[i], name);
        if (m && in)
            *in = k->mro[i];
        if (m)
            return m;
    }
    return NULL;
}

bool py_class_is_abstract(const struct class *k) {
    const struct class_member *m = py_class_own(k, "abstract");
    return m && node_is(m->value, "true");
}

/* --- bases --- */

static unsigned kind_of_locust(const char *name) {
    static const struct {
        const char *name;
        unsigned kind;
    } row[] = {
        {"User", KIND_USER},
        {"HttpUser", KIND_USER | KIND_HTTP},
        {"FastHttpUser", KIND_USER | KIND_HTTP | KIND_FAST},
        {"TaskSet", KIND_TASKSET},
        {"SequentialTaskSet", KIND_TASKSET | KIND_SEQUENTIAL},
        {"LoadTestShape", KIND_SHAPE},
        {"HttpLocust", KIND_OLD},
        {"Locust", KIND_OLD},
        {"FastHttpLocust", KIND_OLD},
        {"TaskSequence", KIND_OLD},
    };
    for (size_t i = 0; i < sizeof row / sizeof *row; i++)
        if (strcmp(row[i].name, name) == 0)
            return row[i].kind;
    return KIND_STRANGE;
}

/* A base that nothing binds, below `from X import *` with X out of sight: it is X's. */
static struct thing hidden(struct classes *c, const struct class *k, TSNode node) {
    char name[PY_NAME_BYTES];
    for (size_t i = 0; node_is(node, "identifier") && i < k->m->wild.len; i++) {
        const char *from =
            py_names_dotted(c->names, k->m, node_field(k->m->wild.item[i], "module_name"));
        if (!py_module_is_locust(from) && !py_names_module(c->names, from))
            return (struct thing){
                .kind = THING_FOREIGN,
                .from = from,
                .name = py_names_keep(c->names, node_copy(&k->m->py, node, name, sizeof name))};
    }
    return (struct thing){0};
}

/* One base of k: a class that can be read, a part of locust, or one that cannot be seen. */
static void add_base(struct classes *c, struct class *k, TSNode node) {
    struct class *base = py_class_named(c, k->m, node, k->outer);
    if (base) {
        if (k->bases < BASES_MAX)
            k->base[k->bases++] = base;
        k->kind |= base->kind;
        if (k->unseen.kind == THING_NOTHING)
            k->unseen = base->unseen;
        return;
    }
    struct thing t = py_names_thing(c->names, k->m, node);
    if (t.kind == THING_NOTHING)
        t = hidden(c, k, node);
    unsigned kind = t.kind == THING_LOCUST ? kind_of_locust(t.name) : 0;
    k->kind |= kind;
    if (t.kind == THING_FOREIGN || kind & KIND_STRANGE)
        k->unseen = t;
}

static void scan_bases(struct classes *c, struct class *k) {
    struct nodes bases = {0};
    node_children(node_field(k->node, "superclasses"), &bases);
    for (size_t i = 0; i < bases.len; i++)
        if (!node_is(bases.item[i], "keyword_argument"))
            add_base(c, k, bases.item[i]);
    nodes_fini(&bases);
}

static bool is_later(const struct class *k, const struct class *wanted, size_t after) {
    for (size_t b = after; b < k->bases; b++)
        for (size_t i = 0; i < k->base[b]->mros; i++)
            if (k->base[b]->mro[i] == wanted)
                return true;
    return false;
}

/* Itself, then the bases' orders one after another; a class that comes again counts the last time:
 * what Python makes of all but knotted hierarchies. */
static void make_order(struct class *k) {
    k->mro[k->mros++] = k;
    for (size_t b = 0; b < k->bases; b++)
        for (size_t i = 0; i < k->base[b]->mros && k->mros < MRO_MAX; i++)
            if (!is_later(k, k->base[b]->mro[i], b + 1))
                k->mro[k->mros++] = k->base[b]->mro[i];
}

/* --- what its methods set --- */

/* Can a method set anything: is there a name, a dot, a name, and "=" or ":" behind it? */
static bool may_set(const struct syntax *py, TSNode function) {
    const char *at = py->text + node_start(function), *end = py->text + node_end(function);
    while ((at = memchr(at, '.', (size_t)(end - at)))) {
        at++;
        while (at < end && (isalnum((unsigned char)*at) || *at == '_' || *at < 0))
            at++;
        while (at < end && *at == ' ')
            at++;
        if (end - at > 1 && (*at == ':' || (*at == '=' && at[1] != '=')))
            return true;
    }
    return false;
}

static void walk_method(struct class *k, TSNode function) {
    char self[PY_NAME_BYTES];
    TSNode first = node_child(node_field(function, "parameters"), 0);
    if (!node_is(first, "identifier"))
        return;
    node_copy(&k->m->py, first, self, sizeof self);
    TSTreeCursor c = ts_tree_cursor_new(node_field(function, "body"));
    for (bool more = true; more;) {
        TSNode n = ts_tree_cursor_current_node(&c), left = {0};
        if (node_is(n, "assignment"))
            left = node_field(n, "left");
        if (node_is(left, "attribute") &&
            node_text_is(&k->m->py, node_field(left, "object"), self)) {
            k->set = mem_grow(k->set, k->sets, &k->sets_cap, sizeof *k->set);
            k->set[k->sets++] = (struct self_set){
                .name = node_field(left, "attribute"), .value = node_field(n, "right"), function};
        }
        if (ts_tree_cursor_goto_first_child(&c))
            continue;
        while (more && !ts_tree_cursor_goto_next_sibling(&c))
            more = ts_tree_cursor_goto_parent(&c);
    }
    ts_tree_cursor_delete(&c);
}

const struct self_set *py_class_sets(struct class *k, size_t *count) {
    if (!k->sets_known) {
        k->sets_known = true;
        for (size_t i = 0; i < k->members; i++)
            if (k->member[i].is_function && k->member[i].m == k->m &&
                may_set(&k->m->py, k->member[i].value))
                walk_method(k, k->member[i].value);
    }
    *count = k->sets;
    return k->set;
}

/* --- all classes --- */

void py_classes_open(struct classes *c, struct names *names) {
    *c = (struct classes){.names = names};
}

void py_classes_close(struct classes *c) {
    for (size_t i = 0; i < c->len; i++) {
        free(c->item[i]->member);
        free(c->item[i]->set);
        free(c->item[i]);
    }
    free(c->item);
    locust_locals_fini(&c->locals);
    *c = (struct classes){0};
}

static struct class *known(struct classes *c, const struct module *m, TSNode node) {
    for (size_t i = 0; i < c->len; i++)
        if (c->item[i]->m == m && node_start(c->item[i]->node) == node_start(node))
            return c->item[i];
    return NULL;
}

static TSNode with_decorators(TSNode node) {
    TSNode up = ts_node_parent(node);
    return node_is(up, "decorated_definition") ? up : node;
}

struct class *py_class_of(struct classes *c, struct module *m, TSNode node, struct class *outer) {
    struct class *k = known(c, m, node);
    if (k)
        return k->open ? NULL : k;
    if (c->len == CLASSES_MAX || c->depth > CHAIN_MAX)
        return NULL;
    k = mem_new(1, sizeof *k);
    c->item = mem_grow(c->item, c->len, &c->cap, sizeof *c->item);
    c->item[c->len++] = k;
    char name[PY_NAME_BYTES];
    *k = (struct class){.m = m, .node = node, .outer = outer, .open = true};
    node_copy(&m->py, node_field(node, "name"), name, sizeof name);
    k->name = py_names_keep(c->names, name);
    k->whole = with_decorators(node);
    scan_body(k, node_field(node, "body"), true, 0);
    scan_bases(c, k);
    if (!outer) {
        scan_later(k, m, name);
        if (m != c->names->module[0])
            scan_later(k, c->names->module[0], name);
    }
    make_order(k);
    k->open = false;
    return k;
}

static struct class *nested(struct classes *c, struct class *within, const char *name) {
    const struct class *in = NULL;
    const struct class_member *m = within ? py_class_find(within, name, &in) : NULL;
    if (!m)
        return NULL;
    if (m->is_class)
        return py_class_of(c, m->m, m->value, (struct class *)in);
    return m->is_function ? NULL : py_class_named(c, m->m, m->value, NULL);
}

static struct class *find_class(struct classes *c, struct module *m, TSNode node,
                                struct class *within) {
    char name[PY_NAME_BYTES];
    node = py_unwrap(node);
    if (node_is(node, "identifier")) {
        struct class *k = nested(c, within, node_copy(&m->py, node, name, sizeof name));
        if (k)
            return k;
    }
    struct thing t = py_names_thing(c->names, m, node);
    if (t.kind == THING_CLASS)
        return py_class_of(c, t.m, t.node, NULL);
    if (!node_is(node, "attribute"))
        return NULL;
    struct class *object = py_class_named(c, m, node_field(node, "object"), within);
    return object ? nested(c, object,
                           node_copy(&m->py, node_field(node, "attribute"), name, sizeof name))
                  : NULL;
}

struct class *py_class_named(struct classes *c, struct module *m, TSNode node,
                             struct class *within) {
    if (c->depth > CHAIN_MAX)
        return NULL;
    c->depth++;
    struct class *k = find_class(c, m, node, within);
    c->depth--;
    return k;
}

/* --- back to an expression --- */

static bool is_bound_to(struct classes *c, const struct bind *b, const struct class *k) {
    struct module *script = c->names->module[0];
    if (b->kind != BIND_CLASS && b->kind != BIND_FROM)
        return false;
    struct thing t = py_names_of_bind(c->names, script, b);
    return t.kind == THING_CLASS && t.m == k->m && node_start(t.node) == node_start(k->node) &&
           py_module_bind(script, script->py.text + node_start(b->name), node_size(b->name)) == b;
}

bool py_class_expression(struct classes *c, const struct class *k, char *out, size_t size) {
    const struct module *script = c->names->module[0];
    if (k->outer) {
        char outer[256];
        return py_class_expression(c, k->outer, outer, sizeof outer) &&
               (size_t)snprintf(out, size, "%s.%s", outer, k->name) < size;
    }
    for (size_t i = 0; i < script->binds; i++)
        if (is_bound_to(c, &script->bind[i], k) && node_size(script->bind[i].name) < size) {
            node_copy(&script->py, script->bind[i].name, out, size);
            return true;
        }
    return false;
}

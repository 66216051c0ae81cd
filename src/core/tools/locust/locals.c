#include "tools/locust/locals.h"

#include <stdlib.h>

#include "base/mem.h"

void locust_locals_fini(struct locals *l) {
    for (size_t i = 0; i < l->len; i++)
        free(l->table[i].item);
    free(l->table);
    *l = (struct locals){0};
}

static struct local_name *find(const struct local_table *t, TSNode name) {
    for (size_t i = 0; i < t->len; i++)
        if (node_same(&t->m->py, t->item[i].name, &t->m->py, name))
            return &t->item[i];
    return NULL;
}

static void bind(struct local_table *t, TSNode name, TSNode value) {
    struct local_name *it = find(t, name);
    if (it) {
        it->count++;
        it->value = (TSNode){0};
        return;
    }
    t->item = mem_grow(t->item, t->len, &t->cap, sizeof *t->item);
    t->item[t->len++] = (struct local_name){.name = name, .count = 1, .value = value};
}

static void bind_target(struct local_table *t, TSNode target, TSNode value) {
    static const char *const lists[] = {"pattern_list", "tuple_pattern", "list_pattern",
                                        "as_pattern_target", NULL};
    if (node_is(target, "identifier")) {
        bind(t, target, value);
        return;
    }
    if (!node_is_any(target, lists))
        return;
    struct nodes parts = {0};
    node_children(target, &parts);
    for (size_t i = 0; i < parts.len; i++)
        if (node_is(parts.item[i], "identifier"))
            bind(t, parts.item[i], (TSNode){0});
    nodes_fini(&parts);
}

static void see(struct local_table *t, TSNode n) {
    static const char *const loops[] = {"augmented_assignment", "for_statement", "for_in_clause",
                                        NULL};
    if (node_is(n, "assignment"))
        bind_target(t, node_field(n, "left"), node_field(n, "right"));
    else if (node_is_any(n, loops))
        bind_target(t, node_field(n, "left"), (TSNode){0});
    else if (node_is(n, "as_pattern_target"))
        bind_target(t, n, (TSNode){0});
    else if (node_is(n, "named_expression"))
        bind_target(t, node_field(n, "name"), (TSNode){0});
}

static void bind_parameters(struct local_table *t, TSNode function) {
    struct nodes params = {0};
    node_children(node_field(function, "parameters"), &params);
    for (size_t i = 0; i < params.len; i++) {
        TSNode p = params.item[i], own = node_field(p, "name");
        if (ts_node_is_null(own))
            own = node_is(p, "identifier") ? p : node_child(p, 0);
        if (!ts_node_is_null(own))
            bind(t, own, (TSNode){0});
    }
    nodes_fini(&params);
}

static void fill(struct local_table *t, TSNode function) {
    bind_parameters(t, function);
    TSNode body = node_field(function, "body");
    if (ts_node_is_null(body))
        return;
    TSTreeCursor c = ts_tree_cursor_new(body);
    for (bool more = true; more;) {
        TSNode n = ts_tree_cursor_current_node(&c);
        bool named = ts_node_is_named(n);
        if (named)
            see(t, n);
        if (named && ts_tree_cursor_goto_first_child(&c))
            continue;
        while (more && !ts_tree_cursor_goto_next_sibling(&c))
            more = ts_tree_cursor_goto_parent(&c);
    }
    ts_tree_cursor_delete(&c);
}

const struct local_name *locust_local(struct locals *l, const struct module *m, TSNode function,
                                      TSNode name) {
    for (size_t i = 0; i < l->len; i++)
        if (l->table[i].start == node_start(function) && l->table[i].m == m)
            return find(&l->table[i], name);
    l->table = mem_grow(l->table, l->len, &l->cap, sizeof *l->table);
    struct local_table *t = &l->table[l->len++];
    *t = (struct local_table){.m = m, .start = node_start(function)};
    fill(t, function);
    return find(t, name);
}

#include "tools/locust/cost.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* --- expressions --- */

static struct cost either_of(struct cost_count *c, struct frame *f, TSNode a, TSNode b) {
    return locust_cost_either(locust_cost_of_expression(c, f, a),
                              locust_cost_of_expression(c, f, b));
}

/* x if test else y */
static struct cost conditional(struct cost_count *c, struct frame *f, TSNode n) {
    struct cost test = locust_cost_of_expression(c, f, node_child(n, 1));
    struct cost sides = either_of(c, f, node_child(n, 0), node_child(n, 2));
    return locust_cost_add(test, locust_cost_mark(c, sides, f->m, n));
}

/* a and b, a or b: the right side only sometimes. */
static struct cost short_circuit(struct cost_count *c, struct frame *f, TSNode n) {
    struct cost right = locust_cost_of_expression(c, f, node_field(n, "right"));
    right = locust_cost_mark(c, locust_cost_either(right, (struct cost){0}), f->m, n);
    return locust_cost_add(locust_cost_of_expression(c, f, node_field(n, "left")), right);
}

/* [f(x) for x in list if test] */
static struct cost comprehension(struct cost_count *c, struct frame *f, TSNode n) {
    struct cost once = locust_cost_of_expression(c, f, node_field(n, "body")), first = {0};
    struct nodes parts = {0};
    node_children(n, &parts);
    double rounds = 1;
    bool known = true, filtered = false;
    struct scope s = locust_frame_scope(c, f);
    for (size_t i = 0; i < parts.len; i++) {
        struct number count;
        filtered = filtered || node_is(parts.item[i], "if_clause");
        if (!node_is(parts.item[i], "for_in_clause"))
            continue;
        TSNode list = node_field(parts.item[i], "right");
        first = locust_cost_add(first, locust_cost_of_expression(c, f, list));
        known = known && py_value_rounds(&s, list, &count) && count.value < 1e6;
        rounds *= known ? count.value : 1;
    }
    nodes_fini(&parts);
    if (!known)
        return locust_cost_add(first, locust_cost_unless_zero(c, once, WHY_LOOP, f->m, n));
    struct cost all = locust_cost_times(once, rounds);
    if (filtered)
        all = locust_cost_mark(c, locust_cost_either(all, (struct cost){0}), f->m, n);
    return locust_cost_add(first, all);
}

static struct cost skipped(struct cost_count *c, struct frame *f, TSNode n) {
    (void)c, (void)f, (void)n;
    return (struct cost){0};
}

/* Expressions that are more than the sum of their parts. */
static struct cost (*special(TSNode n))(struct cost_count *, struct frame *, TSNode) {
    static const struct {
        const char *type;
        struct cost (*cost)(struct cost_count *c, struct frame *f, TSNode n);
    } row[] = {
        {"call", locust_cost_of_call},
        {"lambda", skipped},
        {"conditional_expression", conditional},
        {"boolean_operator", short_circuit},
        {"list_comprehension", comprehension},
        {"set_comprehension", comprehension},
        {"dictionary_comprehension", comprehension},
        {"generator_expression", comprehension},
    };
    const char *type = ts_node_type(n);
    for (size_t i = 0; i < sizeof row / sizeof *row; i++)
        if (strcmp(type, row[i].type) == 0)
            return row[i].cost;
    return NULL;
}

/* Walks without recursion: a sum of a thousand terms is a thousand nodes deep. */
struct cost locust_cost_of_expression(struct cost_count *c, struct frame *f, TSNode n) {
    struct cost sum = {0};
    if (ts_node_is_null(n) ||
        !memchr(f->m->py.text + node_start(n), '(', node_size(n))) /* nothing is called */
        return sum;
    if (c->depth > COST_DEPTH_MAX)
        return locust_cost_unknown(c, WHY_DEEP, f->m, n);
    c->depth++;
    TSTreeCursor at = ts_tree_cursor_new(n);
    for (bool more = true; more;) {
        TSNode here = ts_tree_cursor_current_node(&at);
        bool leaf = !ts_node_is_named(here) || ts_node_child_count(here) == 0;
        struct cost (*own)(struct cost_count *, struct frame *, TSNode) =
            leaf ? NULL : special(here);
        if (own)
            sum = locust_cost_add(sum, own(c, f, here));
        else if (!leaf && ts_tree_cursor_goto_first_child(&at))
            continue;
        while (more && !ts_tree_cursor_goto_next_sibling(&at))
            more = ts_tree_cursor_goto_parent(&at);
    }
    ts_tree_cursor_delete(&at);
    c->depth--;
    return sum;
}

/* --- tasks --- */

struct cost locust_cost_of_task(struct cost_count *c, struct module *m, TSNode function,
                                TSNode whole, struct class *owner, struct class *of) {
    struct value fn = {.kind = VALUE_FUNCTION,
                       .self = owner != NULL,
                       .of = of,
                       .owner = owner,
                       .m = m,
                       .node = function,
                       .whole = whole};
    struct value arg[COST_ARGS] = {0};
    if (!owner) /* def index(user): ... in a list of tasks */
        arg[0] = (struct value){.kind = VALUE_OBJECT, .of = of};
    c->steps = 0;
    return locust_cost_of_function(c, &fn, arg);
}

void locust_cost_open(struct cost_count *c, struct classes *classes, struct findings *findings) {
    *c = (struct cost_count){.classes = classes, .findings = findings};
}

void locust_cost_begin_user(struct cost_count *c, struct class *user) {
    c->user = user;
    c->memos = c->mades = 0;
}

void locust_cost_close(struct cost_count *c) {
    free(c->memo);
    free(c->made);
    free(c->place);
    *c = (struct cost_count){0};
}

void locust_cost_remark(struct cost_count *c, const struct module *m, TSNode at,
                        enum finding_level level, const char *kind, const char *text) {
    for (size_t i = 0; i < c->findings->len; i++) {
        const struct finding *f = &c->findings->item[i];
        if (f->line == node_line(at) && strcmp(f->kind, kind) == 0 && strcmp(f->file, m->file) == 0)
            return;
    }
    struct finding *it = findings_add(c->findings, level, kind, "%s", text);
    it->line = node_line(at);
    snprintf(it->file, sizeof it->file, "%s", m->file);
}

/* What statements cost: branches, loops, early returns. */
#include <math.h>
#include <string.h>

#include "tools/locust/cost.h"

/* How a statement can end, each with what it cost until then. */
enum leaving { FALL, LEAVE, BREAK, CONTINUE, OUTCOMES };
struct flow {
    bool can[OUTCOMES];
    struct cost cost[OUTCOMES];
};

/* --- flow --- */

static struct flow flow_of(enum leaving o, struct cost cost) {
    struct flow f = {0};
    f.can[o] = true;
    f.cost[o] = cost;
    return f;
}

static struct flow nothing(void) { return flow_of(FALL, (struct cost){0}); }

static void also(struct flow *f, enum leaving o, struct cost cost) {
    f->cost[o] = f->can[o] ? locust_cost_either(f->cost[o], cost) : cost;
    f->can[o] = true;
}

static void flow_or(struct flow *a, const struct flow *b) {
    for (int o = 0; o < OUTCOMES; o++)
        if (b->can[o])
            also(a, (enum leaving)o, b->cost[o]);
}

static void flow_then(struct flow *a, const struct flow *b) {
    if (!a->can[FALL])
        return;
    struct cost before = a->cost[FALL];
    a->can[FALL] = false;
    for (int o = 0; o < OUTCOMES; o++)
        if (b->can[o])
            also(a, (enum leaving)o, locust_cost_add(before, b->cost[o]));
}

static struct flow before(struct cost first, const struct flow *f) {
    struct flow all = flow_of(FALL, first);
    flow_then(&all, f);
    return all;
}

static void mark(struct cost_count *c, struct flow *f, const struct module *m, TSNode at) {
    for (int o = 0; o < OUTCOMES; o++)
        if (f->can[o])
            f->cost[o] = locust_cost_mark(c, f->cost[o], m, at);
}

static struct flow statement(struct cost_count *c, struct frame *f, TSNode n);

static struct flow block(struct cost_count *c, struct frame *f, TSNode n) {
    struct nodes inside = {0};
    node_children(n, &inside);
    struct flow all = nothing();
    for (size_t i = 0; i < inside.len && all.can[FALL]; i++) {
        struct flow one = statement(c, f, inside.item[i]);
        flow_then(&all, &one);
    }
    nodes_fini(&inside);
    return all;
}

/* The block of an else_clause, finally_clause, ... */
static struct flow clause(struct cost_count *c, struct frame *f, TSNode n) {
    struct flow all = nothing();
    struct nodes inside = {0};
    node_children(n, &inside);
    for (size_t i = 0; i < inside.len; i++)
        if (node_is(inside.item[i], "block"))
            all = block(c, f, inside.item[i]);
    nodes_fini(&inside);
    return all;
}

/* --- loops --- */

/* A body that runs n times; n NAN: nobody knows how often. */
static struct flow repeat(struct cost_count *c, const struct frame *f, const struct flow *body,
                          double n, TSNode at) {
    struct flow all = nothing();
    struct cost once = {0};
    bool any = false;
    static const enum leaving rounds[] = {FALL, CONTINUE};
    for (size_t i = 0; i < sizeof rounds / sizeof *rounds; i++) {
        if (!body->can[rounds[i]])
            continue;
        once = any ? locust_cost_either(once, body->cost[rounds[i]]) : body->cost[rounds[i]];
        any = true;
    }
    all.cost[FALL] = isnan(n) ? locust_cost_unless_zero(c, once, WHY_LOOP, f->m, at)
                              : locust_cost_times(once, n);
    double rounds_before = isnan(n) || n < 1 ? 0 : n - 1;
    for (int o = LEAVE; o <= BREAK; o++) {
        if (!body->can[o])
            continue;
        struct cost earlier =
            locust_cost_either((struct cost){0}, locust_cost_times(once, rounds_before));
        if (isnan(n))
            earlier = locust_cost_unless_zero(c, once, WHY_LOOP, f->m, at);
        also(&all, o == BREAK ? FALL : LEAVE, locust_cost_add(earlier, body->cost[o]));
    }
    return all;
}

static double rounds_of(struct cost_count *c, const struct frame *f, TSNode list) {
    struct scope s = locust_frame_scope(c, f);
    struct number n;
    return py_value_rounds(&s, list, &n) && n.value < 1e6 ? n.value : NAN;
}

static void with_else(struct cost_count *c, struct frame *f, TSNode n, struct flow *loop) {
    TSNode other = node_field(n, "alternative");
    if (ts_node_is_null(other))
        return;
    struct flow rest = clause(c, f, other);
    flow_then(loop, &rest);
}

static struct flow for_loop(struct cost_count *c, struct frame *f, TSNode n) {
    TSNode list = node_field(n, "right");
    struct flow body = block(c, f, node_field(n, "body"));
    struct flow loop = repeat(c, f, &body, rounds_of(c, f, list), n);
    with_else(c, f, n, &loop);
    mark(c, &loop, f->m, n);
    return before(locust_cost_of_expression(c, f, list), &loop);
}

static struct flow while_loop(struct cost_count *c, struct frame *f, TSNode n) {
    struct cost test = locust_cost_of_expression(c, f, node_field(n, "condition"));
    struct flow body = block(c, f, node_field(n, "body"));
    struct flow loop = repeat(c, f, &body, NAN, n);
    with_else(c, f, n, &loop);
    return before(locust_cost_unless_zero(c, test, WHY_LOOP, f->m, n), &loop);
}

/* --- branches --- */

/* if, with its elif and else clauses in order. */
static struct flow branch(struct cost_count *c, struct frame *f, TSNode n) {
    struct cost tests = locust_cost_of_expression(c, f, node_field(n, "condition"));
    struct flow body = block(c, f, node_field(n, "consequence"));
    struct flow all = before(tests, &body);
    struct nodes parts = {0};
    node_children(n, &parts);
    bool last = false;
    for (size_t i = 0; i < parts.len; i++) {
        TSNode part = parts.item[i];
        if (!node_is(part, "elif_clause") && !node_is(part, "else_clause"))
            continue;
        last = node_is(part, "else_clause");
        if (!last)
            tests = locust_cost_add(tests,
                                    locust_cost_of_expression(c, f, node_field(part, "condition")));
        body = clause(c, f, part);
        struct flow one = before(tests, &body);
        flow_or(&all, &one);
    }
    nodes_fini(&parts);
    if (!last)
        also(&all, FALL, tests);
    mark(c, &all, f->m, n);
    return all;
}

static struct flow choice(struct cost_count *c, struct frame *f, TSNode n) {
    struct nodes cases = {0};
    node_children(node_field(n, "body"), &cases);
    struct flow all = {0};
    bool any = false; /* case _ */
    for (size_t i = 0; i < cases.len; i++) {
        if (!node_is(cases.item[i], "case_clause"))
            continue;
        struct flow one = block(c, f, node_field(cases.item[i], "consequence"));
        flow_or(&all, &one);
        any = any || node_text_is(&f->m->py, node_child(cases.item[i], 0), "_");
    }
    if (!any)
        also(&all, FALL, (struct cost){0});
    nodes_fini(&cases);
    mark(c, &all, f->m, n);
    return before(locust_cost_of_expression(c, f, node_field(n, "subject")), &all);
}

/* The costs of all ways through a handler, as one that may be. */
static bool handler_cost(const struct flow *caught, struct cost *may_be) {
    bool any = false;
    for (int o = 0; o < OUTCOMES; o++)
        if (caught->can[o]) {
            *may_be = any ? locust_cost_either(*may_be, caught->cost[o]) : caught->cost[o];
            any = true;
        }
    return any;
}

/* An exception may come at any place. What its handler adds is counted as may-be; but what a
 * handler fires, it fires in place of the body. */
static void add_handler(struct cost_count *c, struct frame *f, TSNode n, struct flow *body) {
    struct flow caught = clause(c, f, n);
    struct cost extra = {0};
    if (!handler_cost(&caught, &extra))
        return;
    struct range fired = extra.q[Q_FIRES];
    extra.q[Q_FIRES] = locust_range_exact(0);
    extra = locust_cost_either((struct cost){0}, extra);
    *body = before(extra, body);
    for (int o = 0; o < OUTCOMES; o++)
        if (body->can[o] && !locust_range_is_zero(fired))
            body->cost[o].q[Q_FIRES] = locust_range_either(body->cost[o].q[Q_FIRES], fired);
    mark(c, body, f->m, n);
}

static struct flow try_(struct cost_count *c, struct frame *f, TSNode n) {
    struct flow all = block(c, f, node_field(n, "body"));
    struct nodes parts = {0};
    node_children(n, &parts);
    for (size_t i = 0; i < parts.len; i++)
        if (node_is(parts.item[i], "else_clause")) {
            struct flow rest = clause(c, f, parts.item[i]);
            flow_then(&all, &rest);
        }
    for (size_t i = 0; i < parts.len; i++)
        if (node_is(parts.item[i], "except_clause") ||
            node_is(parts.item[i], "except_group_clause"))
            add_handler(c, f, parts.item[i], &all);
    for (size_t i = 0; i < parts.len; i++)
        if (node_is(parts.item[i], "finally_clause")) {
            struct flow last = clause(c, f, parts.item[i]);
            for (int o = 0; o < OUTCOMES; o++)
                if (all.can[o] && last.can[FALL])
                    all.cost[o] = locust_cost_add(all.cost[o], last.cost[FALL]);
        }
    nodes_fini(&parts);
    return all;
}

/* --- other statements --- */

static struct flow with(struct cost_count *c, struct frame *f, TSNode n) {
    struct cost cost = {0};
    struct nodes parts = {0}, items = {0};
    node_children(n, &parts);
    for (size_t i = 0; i < parts.len; i++)
        if (node_is(parts.item[i], "with_clause"))
            node_children(parts.item[i], &items);
    for (size_t i = 0; i < items.len; i++) {
        TSNode value = node_field(items.item[i], "value");
        cost = locust_cost_add(cost, locust_cost_of_expression(c, f, value));
        TSNode target = node_child(node_field(value, "alias"), 0);
        if (node_is(value, "as_pattern") && node_is(target, "identifier"))
            locust_frame_bind(f, target, locust_value_of(c, f, node_child(value, 0)));
    }
    nodes_fini(&parts);
    nodes_fini(&items);
    struct flow body = block(c, f, node_field(n, "body"));
    return before(cost, &body);
}

static struct flow leave(struct cost_count *c, struct frame *f, TSNode n) {
    TSNode only = node_child(n, 0);
    struct cost cost = {0};
    if (!ts_node_is_null(only))
        cost = locust_cost_of_expression(c, f, only);
    return flow_of(LEAVE, cost);
}

static struct flow break_(struct cost_count *c, struct frame *f, TSNode n) {
    (void)c, (void)f, (void)n;
    return flow_of(BREAK, (struct cost){0});
}

static struct flow continue_(struct cost_count *c, struct frame *f, TSNode n) {
    (void)c, (void)f, (void)n;
    return flow_of(CONTINUE, (struct cost){0});
}

/* raise: an execution that fails is none that a stable baseline has, so that way does not count.
 * But Locust's own exceptions are orders to it. */
static struct flow raise(struct cost_count *c, struct frame *f, TSNode n) {
    char name[PY_NAME_BYTES];
    TSNode what = node_child(n, 0);
    TSNode class = node_is(what, "call") ? node_field(what, "function") : what;
    node_copy(&f->m->py, node_is(class, "attribute") ? node_field(class, "attribute") : class, name,
              sizeof name);
    struct cost cost = {0};
    if (strcmp(name, "StopUser") == 0) {
        locust_cost_remark(
            c, f->m, n, FINDING_WARNING, "user-stops",
            "StopUser ends this user for good and nobody takes its place: the rate falls "
            "while the test runs. Return from the task instead.");
        return flow_of(LEAVE, cost);
    }
    if (strcmp(name, "InterruptTaskSet") != 0 && strcmp(name, "RescheduleTask") != 0 &&
        strcmp(name, "RescheduleTaskImmediately") != 0)
        return (struct flow){0};
    TSNode again =
        node_is(what, "call") ? py_argument(&f->m->py, what, "reschedule", 0) : (TSNode){0};
    if (strcmp(name, "InterruptTaskSet") == 0)
        cost.q[Q_LEAVES] = locust_range_exact(1);
    if (strcmp(name, "RescheduleTask") != 0 && !node_is(again, "false"))
        cost.q[Q_JUMPS] = locust_range_exact(1);
    return flow_of(LEAVE, cost);
}

static struct flow define(struct cost_count *c, struct frame *f, TSNode n) {
    TSNode it = py_definition(n);
    (void)c;
    if (node_is(it, "function_definition"))
        locust_frame_bind(f, node_field(it, "name"),
                          (struct value){.kind = VALUE_FUNCTION,
                                         .inside = f->id,
                                         .of = f->of,
                                         .owner = f->owner,
                                         .m = f->m,
                                         .node = it,
                                         .whole = n});
    return nothing();
}

static struct flow assign(struct cost_count *c, struct frame *f, TSNode n) {
    TSNode left = node_field(n, "left"), right = node_field(n, "right");
    struct cost cost = {0};
    if (!ts_node_is_null(right))
        cost = locust_cost_of_expression(c, f, right);
    if (node_is(left, "identifier") && !ts_node_is_null(right))
        locust_frame_bind(f, left, locust_value_of(c, f, right));
    return flow_of(FALL, cost);
}

static struct flow plain(struct cost_count *c, struct frame *f, TSNode n) {
    TSNode only = node_is(n, "expression_statement") ? node_child(n, 0) : n;
    if (node_is(only, "assignment"))
        return assign(c, f, only);
    struct cost cost = locust_cost_of_expression(c, f, only);
    return flow_of(node_is(n, "expression_statement") && locust_call_interrupts(c, f, only) ? LEAVE
                                                                                            : FALL,
                   cost);
}

static struct flow statement(struct cost_count *c, struct frame *f, TSNode n) {
    static const struct {
        const char *type;
        struct flow (*flow)(struct cost_count *c, struct frame *f, TSNode n);
    } row[] = {
        {"if_statement", branch},        {"for_statement", for_loop},
        {"with_statement", with},        {"try_statement", try_},
        {"return_statement", leave},     {"while_statement", while_loop},
        {"raise_statement", raise},      {"break_statement", break_},
        {"match_statement", choice},     {"continue_statement", continue_},
        {"function_definition", define}, {"decorated_definition", define},
        {"class_definition", define},
    };
    if (ts_node_is_null(n))
        return nothing();
    if (c->depth > COST_DEPTH_MAX || ++c->steps > COST_STEPS_MAX)
        return flow_of(FALL, locust_cost_unknown(c, WHY_DEEP, f->m, n));
    c->depth++;
    struct flow (*flow)(struct cost_count *, struct frame *, TSNode) = plain;
    if (!node_is(n, "expression_statement"))
        for (size_t i = 0; i < sizeof row / sizeof *row; i++)
            if (node_is(n, row[i].type))
                flow = row[i].flow;
    struct flow all = flow(c, f, n);
    c->depth--;
    return all;
}

struct cost locust_cost_of_body(struct cost_count *c, struct frame *f, TSNode body) {
    struct flow all = block(c, f, body);
    struct cost total = {0};
    handler_cost(&all, &total);
    return locust_cost_mark(c, total, f->m, f->function);
}

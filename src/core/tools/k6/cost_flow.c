#include "tools/k6/cost.h"

#include <math.h>

#include "tools/k6/value.h"

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

static void also(struct flow *f, enum leaving o, struct cost cost) {
    f->cost[o] = f->can[o] ? cost_either(f->cost[o], cost) : cost;
    f->can[o] = true;
}

static struct flow flow_either(struct flow a, struct flow b) {
    for (int o = 0; o < OUTCOMES; o++)
        if (b.can[o])
            also(&a, (enum leaving)o, b.cost[o]);
    return a;
}

static struct flow flow_then(struct flow a, struct flow b) {
    if (!a.can[FALL])
        return a;
    struct flow f = a;
    f.can[FALL] = false;
    for (int o = 0; o < OUTCOMES; o++)
        if (b.can[o])
            also(&f, (enum leaving)o, cost_add(a.cost[FALL], b.cost[o]));
    return f;
}

static struct flow before(struct cost first, struct flow f) {
    return flow_then(flow_of(FALL, first), f);
}

static struct flow statement(struct cost_count *c, TSNode n, int depth);

static struct flow block(struct cost_count *c, TSNode n, int depth) {
    struct nodes inside = {0};
    js_children(n, &inside);
    struct flow f = flow_of(FALL, (struct cost){0});
    for (size_t i = 0; i < inside.len && f.can[FALL]; i++)
        f = flow_then(f, statement(c, inside.item[i], depth + 1));
    nodes_fini(&inside);
    return f;
}

/* --- loops --- */

/* A body that runs n times; n NAN: nobody knows how often. */
static struct flow repeat(struct flow body, double n, TSNode at) {
    struct flow f = flow_of(FALL, (struct cost){0});
    struct cost once = {0};
    bool any = false;
    for (int o = FALL; o < OUTCOMES; o++) {
        if (!body.can[o] || o == LEAVE || o == BREAK)
            continue;
        once = any ? cost_either(once, body.cost[o]) : body.cost[o];
        any = true;
    }
    f.cost[FALL] = isnan(n) ? cost_unless_zero(once, WHY_LOOP, at) : cost_times(once, n);
    double rounds_before = isnan(n) || n < 1 ? 0 : n - 1;
    for (int o = LEAVE; o <= BREAK; o++) {
        if (!body.can[o])
            continue;
        struct cost earlier = cost_either((struct cost){0}, cost_times(once, rounds_before));
        if (isnan(n))
            earlier = cost_unless_zero(once, WHY_LOOP, at);
        also(&f, o == BREAK ? FALL : LEAVE, cost_add(earlier, body.cost[o]));
    }
    return f;
}

/* i++, i += 2, i-- : the step; false for anything else. */
static bool step_of(struct cost_count *c, TSNode increment, TSNode *name, double *step) {
    struct number by = {.value = 1};
    TSNode op = node_field(increment, "operator");
    *name = node_field(increment, "argument");
    if (node_is(increment, "augmented_assignment_expression")) {
        *name = node_field(increment, "left");
        if (!value_number(&c->script->names, node_field(increment, "right"), &by) || by.random)
            return false;
    } else if (!node_is(increment, "update_expression")) {
        return false;
    }
    bool up = node_is(op, "++") || node_is(op, "+="), down = node_is(op, "--") || node_is(op, "-=");
    *step = up ? by.value : -by.value;
    return (up || down) && *step != 0;
}

static bool limit_of(struct cost_count *c, TSNode n, double *limit) {
    struct number value;
    const struct syntax *js = &c->script->js;
    if (node_is(n, "member_expression") && node_text_is(js, node_field(n, "property"), "length"))
        return cost_list_length(c, node_field(n, "object"), limit);
    if (!value_number(&c->script->names, n, &value) || value.random)
        return false;
    if (value.from_env)
        c->from_env_line = node_line(n);
    *limit = value.value;
    return true;
}

/* for (let i = 0; i < 5; i++): 5. NAN when it is no counted loop. */
static double rounds_of(struct cost_count *c, TSNode loop) {
    const struct syntax *js = &c->script->js;
    TSNode start = node_field(loop, "initializer"), name;
    TSNode test = js_unwrap(node_field(loop, "condition"));
    if (node_is(test, "expression_statement"))
        test = js_unwrap(ts_node_named_child(test, 0));
    double step, limit;
    struct number first;
    TSNode declarator =
        node_is(start, "lexical_declaration") || node_is(start, "variable_declaration")
            ? ts_node_named_child(start, 0)
            : (TSNode){0};
    if (ts_node_is_null(declarator) || !node_is(test, "binary_expression") ||
        !step_of(c, js_unwrap(node_field(loop, "increment")), &name, &step) ||
        !value_number(&c->script->names, node_field(declarator, "value"), &first) ||
        !limit_of(c, node_field(test, "right"), &limit) ||
        !node_same(js, node_field(declarator, "name"), js, name) ||
        !node_same(js, node_field(test, "left"), js, name))
        return NAN;
    TSNode op = node_field(test, "operator");
    bool rising = node_is(op, "<") || node_is(op, "<="),
         falling = node_is(op, ">") || node_is(op, ">=");
    if ((!rising && !falling) || rising != (step > 0))
        return NAN;
    double rounds = (limit - first.value) / step;
    rounds = node_is(op, "<") || node_is(op, ">") ? ceil(rounds) : floor(rounds) + 1;
    return rounds > 0 ? rounds : 0;
}

static struct flow for_loop(struct cost_count *c, TSNode n, int depth) {
    struct flow body = statement(c, node_field(n, "body"), depth + 1);
    return repeat(body, rounds_of(c, n), n);
}

static struct flow for_of(struct cost_count *c, TSNode n, int depth) {
    struct flow body = statement(c, node_field(n, "body"), depth + 1);
    double rounds = NAN;
    TSNode list = node_field(n, "right");
    if (!node_is(node_field(n, "operator"), "of") || !cost_list_length(c, list, &rounds))
        rounds = NAN;
    return before(cost_of_expression(c, list, depth + 1), repeat(body, rounds, n));
}

static struct flow while_loop(struct cost_count *c, TSNode n, int depth) {
    struct flow body = statement(c, node_field(n, "body"), depth + 1);
    struct cost test = cost_of_expression(c, node_field(n, "condition"), depth + 1);
    return before(cost_unless_zero(test, WHY_LOOP, n), repeat(body, NAN, n));
}

/* --- branches --- */

static struct flow branch(struct cost_count *c, TSNode n, int depth) {
    struct cost test = cost_of_expression(c, node_field(n, "condition"), depth + 1);
    struct flow yes = statement(c, node_field(n, "consequence"), depth + 1);
    TSNode other = node_field(n, "alternative");
    struct flow no = flow_of(FALL, (struct cost){0});
    if (!ts_node_is_null(other))
        no = block(c, other, depth + 1);
    return before(test, flow_either(yes, no));
}

static struct flow case_body(struct cost_count *c, TSNode n, int depth) {
    TSNode value = node_field(n, "value");
    struct nodes inside = {0};
    js_children(n, &inside);
    struct flow f = flow_of(FALL, (struct cost){0});
    for (size_t i = 0; i < inside.len && f.can[FALL]; i++)
        if (ts_node_is_null(value) || !ts_node_eq(inside.item[i], value))
            f = flow_then(f, statement(c, inside.item[i], depth + 1));
    nodes_fini(&inside);
    return f;
}

/* From the last case up: a case without break runs into the next. */
static struct flow choice(struct cost_count *c, TSNode n, int depth) {
    struct nodes cases = {0};
    js_children(node_field(n, "body"), &cases);
    struct flow next = flow_of(FALL, (struct cost){0}), all = {0};
    bool has_default = false;
    for (size_t i = cases.len; i > 0; i--) {
        next = flow_then(case_body(c, cases.item[i - 1], depth + 1), next);
        all = flow_either(all, next);
        has_default = has_default || node_is(cases.item[i - 1], "switch_default");
    }
    nodes_fini(&cases);
    if (!has_default)
        also(&all, FALL, (struct cost){0});
    if (all.can[BREAK])
        also(&all, FALL, all.cost[BREAK]);
    all.can[BREAK] = false;
    return before(cost_of_expression(c, node_field(n, "value"), depth + 1), all);
}

/* An exception may come at any place; only what the handler adds is counted, as may-be. */
static struct flow try_(struct cost_count *c, TSNode n, int depth) {
    struct flow body = block(c, node_field(n, "body"), depth + 1);
    TSNode handler = node_field(node_field(n, "handler"), "body"),
           last = node_field(n, "finalizer");
    if (!ts_node_is_null(handler)) {
        struct flow caught = block(c, handler, depth + 1);
        struct cost may_be = {0};
        for (int o = 0; o < OUTCOMES; o++)
            if (caught.can[o])
                may_be = cost_either(may_be, caught.cost[o]);
        body = before(may_be, body);
    }
    return ts_node_is_null(last) ? body
                                 : flow_then(body, block(c, node_field(last, "body"), depth + 1));
}

/* --- statements and expressions --- */

static struct flow leave(struct cost_count *c, TSNode n, int depth) {
    struct nodes inside = {0};
    struct cost cost = {0};
    js_children(n, &inside);
    for (size_t i = 0; i < inside.len; i++)
        cost = cost_add(cost, cost_of_expression(c, inside.item[i], depth + 1));
    nodes_fini(&inside);
    return flow_of(LEAVE, cost);
}

static struct flow break_(struct cost_count *c, TSNode n, int depth) {
    (void)c, (void)n, (void)depth;
    return flow_of(BREAK, (struct cost){0});
}

static struct flow continue_(struct cost_count *c, TSNode n, int depth) {
    (void)c, (void)n, (void)depth;
    return flow_of(CONTINUE, (struct cost){0});
}

/* An iteration that fails is none that a stable baseline has: that way does not count. */
static struct flow fails(struct cost_count *c, TSNode n, int depth) {
    (void)c, (void)n, (void)depth;
    return (struct flow){0};
}

static struct flow plain(struct cost_count *c, TSNode n, int depth) {
    TSNode only = node_is(n, "expression_statement") ? ts_node_named_child(n, 0) : n;
    if (cost_call_never_returns(c, only))
        return fails(c, only, depth);
    return flow_of(FALL, cost_of_expression(c, only, depth + 1));
}

static struct flow labeled(struct cost_count *c, TSNode n, int depth) {
    return statement(c, node_field(n, "body"), depth + 1);
}

static struct flow statement(struct cost_count *c, TSNode n, int depth) {
    static const struct {
        const char *type;
        struct flow (*flow)(struct cost_count *c, TSNode n, int depth);
    } row[] = {
        {"statement_block", block},      {"if_statement", branch},
        {"for_statement", for_loop},     {"for_in_statement", for_of},
        {"while_statement", while_loop}, {"do_statement", while_loop},
        {"switch_statement", choice},    {"try_statement", try_},
        {"return_statement", leave},     {"throw_statement", fails},
        {"break_statement", break_},     {"continue_statement", continue_},
        {"labeled_statement", labeled},
    };
    if (ts_node_is_null(n))
        return flow_of(FALL, (struct cost){0});
    if (depth > COST_DEPTH_MAX)
        return flow_of(FALL, cost_unknown(WHY_DEEP, n));
    for (size_t i = 0; i < sizeof row / sizeof *row; i++)
        if (node_is(n, row[i].type))
            return row[i].flow(c, n, depth);
    return plain(c, n, depth);
}

static struct cost flow_total(struct flow f) {
    struct cost total = {0};
    bool any = false;
    for (int o = 0; o < OUTCOMES; o++)
        if (f.can[o]) {
            total = any ? cost_either(total, f.cost[o]) : f.cost[o];
            any = true;
        }
    return total;
}

struct cost cost_of_block(struct cost_count *c, TSNode body, int depth) {
    return flow_total(block(c, body, depth));
}

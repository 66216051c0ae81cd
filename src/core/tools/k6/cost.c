#include "tools/k6/cost.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "tools/k6/value.h"

enum { FUNCTIONS_MAX = 10000 };

/* A function and what it costs; open while it is being counted. */
struct cost_memo {
    size_t start;
    bool open;
    struct cost cost;
};

/* --- arithmetic --- */

static bool range_is_zero(struct range a) {
    return a.why == WHY_KNOWN && a.low == 0 && a.high == 0;
}

static struct range range_add(struct range a, struct range b) {
    if (a.why != WHY_KNOWN || range_is_zero(b))
        return a;
    if (b.why != WHY_KNOWN || range_is_zero(a))
        return b;
    return (struct range){.low = a.low + b.low, .high = a.high + b.high};
}

static struct range range_either(struct range a, struct range b) {
    if (a.why != WHY_KNOWN)
        return a;
    if (b.why != WHY_KNOWN)
        return b;
    return (struct range){.low = fmin(a.low, b.low), .high = fmax(a.high, b.high)};
}

struct cost cost_add(struct cost a, struct cost b) {
    return (struct cost){range_add(a.requests, b.requests), range_add(a.think_ms, b.think_ms)};
}

struct cost cost_either(struct cost a, struct cost b) {
    return (struct cost){range_either(a.requests, b.requests),
                         range_either(a.think_ms, b.think_ms)};
}

static struct range range_times(struct range a, double n) {
    a.low *= n;
    a.high *= n;
    return a;
}

struct cost cost_times(struct cost a, double n) {
    if (n == 0)
        return (struct cost){0};
    return (struct cost){range_times(a.requests, n), range_times(a.think_ms, n)};
}

struct cost cost_unknown(enum why why, TSNode at) {
    struct range r = {.why = why, .at = at};
    return (struct cost){r, r};
}

struct cost cost_unless_zero(struct cost a, enum why why, TSNode at) {
    struct range r = {.why = why, .at = at};
    if (!range_is_zero(a.requests))
        a.requests = a.requests.why == WHY_KNOWN ? r : a.requests;
    if (!range_is_zero(a.think_ms))
        a.think_ms = a.think_ms.why == WHY_KNOWN ? r : a.think_ms;
    return a;
}

/* --- expressions ------------------------------------------------------------------------------ */

static struct cost either_side(struct cost_count *c, TSNode n, int depth) {
    struct cost left = cost_of_expression(c, node_field(n, "left"), depth + 1);
    struct cost right = cost_of_expression(c, node_field(n, "right"), depth + 1);
    return cost_add(left, cost_either(right, (struct cost){0}));
}

static struct cost ternary(struct cost_count *c, TSNode n, int depth) {
    struct cost test = cost_of_expression(c, node_field(n, "condition"), depth + 1);
    return cost_add(test,
                    cost_either(cost_of_expression(c, node_field(n, "consequence"), depth + 1),
                                cost_of_expression(c, node_field(n, "alternative"), depth + 1)));
}

static bool is_short_circuit(TSNode n) {
    static const char *const ops[] = {"&&", "||", "??", NULL};
    return node_is(n, "binary_expression") && node_is_any(node_field(n, "operator"), ops);
}

struct cost cost_of_expression(struct cost_count *c, TSNode n, int depth) {
    static const char *const names[] = {"identifier", "shorthand_property_identifier", NULL};
    struct cost sum = {0};
    if (ts_node_is_null(n) || js_is_function(n) || node_is(n, "class") ||
        node_is(n, "class_declaration"))
        return sum;
    if (depth > COST_DEPTH_MAX)
        return cost_unknown(WHY_DEEP, n);
    if (node_is(n, "call_expression"))
        return cost_of_call(c, n, depth);
    if (node_is_any(n, names) || node_is(n, "member_expression"))
        sum = cost_of_reference(c, n);
    if (node_is(n, "member_expression"))
        return cost_add(sum, node_is(node_field(n, "object"), "identifier")
                                 ? (struct cost){0}
                                 : cost_of_expression(c, node_field(n, "object"), depth + 1));
    if (is_short_circuit(n))
        return either_side(c, n, depth);
    if (node_is(n, "ternary_expression"))
        return ternary(c, n, depth);
    struct nodes inside = {0};
    js_children(n, &inside);
    for (size_t i = 0; i < inside.len; i++)
        sum = cost_add(sum, cost_of_expression(c, inside.item[i], depth + 1));
    nodes_fini(&inside);
    return sum;
}

/* --- functions --- */

struct cost cost_of_function(struct cost_count *c, TSNode function, int depth) {
    for (size_t i = 0; i < c->memos; i++)
        if (c->memo[i].start == node_start(function))
            return c->memo[i].open ? cost_unknown(WHY_RECURSION, function) : c->memo[i].cost;
    if (depth > COST_DEPTH_MAX || c->memos == FUNCTIONS_MAX)
        return cost_unknown(WHY_DEEP, function);
    size_t mine = c->memos;
    c->memo = mem_grow(c->memo, c->memos, &c->memos_cap, sizeof *c->memo);
    c->memo[c->memos++] = (struct cost_memo){.start = node_start(function), .open = true};
    TSNode body = node_field(function, "body");
    struct cost cost = node_is(body, "statement_block") ? cost_of_block(c, body, depth + 1)
                                                        : cost_of_expression(c, body, depth + 1);
    c->memo[mine].open = false;
    c->memo[mine].cost = cost;
    return cost;
}

static TSNode only_child(TSNode n) {
    struct nodes inside = {0};
    js_children(n, &inside);
    TSNode only = inside.len == 1 ? inside.item[0] : (TSNode){0};
    nodes_fini(&inside);
    return only;
}

bool cost_final_sleep(const struct k6_script *s, const struct k6_scenario *sc, TSNode *call,
                      double *ms) {
    struct nodes inside = {0};
    struct number seconds;
    TSNode body = node_field(sc->function, "body");
    if (ts_node_is_null(body))
        return false;
    js_children(body, &inside);
    TSNode last = inside.len ? inside.item[inside.len - 1] : (TSNode){0};
    nodes_fini(&inside);
    *call = node_is(last, "expression_statement") ? ts_node_named_child(last, 0) : last;
    TSNode f = node_is(*call, "call_expression") ? node_field(*call, "function") : (TSNode){0};
    const struct bind *import = node_is(f, "identifier") ? names_import(&s->names, f) : NULL;
    if (!import || strcmp(import->module, "k6") != 0 || strcmp(import->part, "sleep") != 0)
        return false;
    *ms = value_number(&s->names, only_child(node_field(*call, "arguments")), &seconds)
              ? seconds.value * 1000
              : NAN;
    return true;
}

void cost_open(struct cost_count *c, const struct k6_script *s, struct findings *findings) {
    *c = (struct cost_count){.script = s, .findings = findings};
    for (size_t i = 0; i < s->names.binds; i++)
        c->foreign = c->foreign || (s->names.bind[i].kind == BIND_IMPORT &&
                                    !module_is_quiet(s->names.bind[i].module) &&
                                    strcmp(s->names.bind[i].module, "k6/http") != 0);
}

void cost_close(struct cost_count *c) {
    free(c->memo);
    *c = (struct cost_count){0};
}

struct cost cost_of_scenario(struct cost_count *c, const struct k6_scenario *sc) {
    if (ts_node_is_null(sc->function))
        return cost_unknown(WHY_MODULE, (TSNode){0});
    return cost_of_function(c, sc->function, 0);
}

bool cost_is_silent(struct cost cost) { return range_is_zero(cost.requests); }

/* The module behind a call, or the callee's own words. */
static void called_module(const struct cost_count *c, TSNode call, char *out, size_t size) {
    TSNode f = node_field(call, "function"), root = f;
    node_copy(&c->script->js, ts_node_is_null(f) ? call : f, out, size);
    for (int i = 0; i < JS_DEPTH_MAX && node_is(root, "member_expression"); i++)
        root = js_unwrap(node_field(root, "object"));
    const struct bind *import =
        node_is(root, "identifier") ? names_import(&c->script->names, root) : NULL;
    if (import)
        snprintf(out, size, "%s", import->module);
}

static void why_in_words(const struct cost_count *c, struct range r, char *out, size_t size) {
    static const struct {
        const char *before, *after;
    } words[] = {
        [WHY_MODULE] = {"line ", " calls "},
        [WHY_LOOP] = {"the loop in line ", " runs as often as its data say"},
        [WHY_CALLBACK] = {"line ", " hands a function on; how often it runs is not seen"},
        [WHY_BATCH] = {"line ", " sends a list that is made at run time"},
        [WHY_SLEEP] = {"line ", " pauses for a time made at run time"},
        [WHY_HANDED] = {"line ", " hands http on"},
        [WHY_OBJECT] = {"line ", " calls code that is not in this file"},
        [WHY_RECURSION] = {"the function in line ", " calls itself"},
        [WHY_DEEP] = {"line ", " is nested too deep"},
    };
    char called[61] = "";
    if (r.why == WHY_MODULE)
        called_module(c, r.at, called, sizeof called);
    snprintf(out, size, "%s%ld%s%s", words[r.why].before, node_line(r.at), words[r.why].after,
             called);
}

struct known cost_known(const struct cost_count *c, const struct k6_scenario *sc, struct range r) {
    struct known k = {.value = r.low, .most = r.high};
    if (r.why == WHY_KNOWN) {
        k.line = ts_node_is_null(r.at) ? 0 : node_line(r.at);
        return k;
    }
    k.value = k.most = NAN;
    if (ts_node_is_null(r.at)) {
        k.line = sc->function_line;
        snprintf(k.why, sizeof k.why, "%s", sc->function_why);
    } else {
        k.line = node_line(r.at);
        why_in_words(c, r, k.why, sizeof k.why);
    }
    return k;
}

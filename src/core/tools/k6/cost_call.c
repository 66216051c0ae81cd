#include <string.h>

#include "base/text.h"
#include "tools/k6/cost.h"
#include "tools/k6/value.h"

/* What a callee is: a member of a module, or nothing of the kind. */
struct callee {
    char module[192];
    char name[64];
};

/* --- modules --- */

bool module_is_quiet(const char *module) {
    static const char *const quiet[] = {"k6/metrics",
                                        "k6/encoding",
                                        "k6/crypto",
                                        "k6/html",
                                        "k6/data",
                                        "k6/execution",
                                        "k6/timers",
                                        "k6/ws",
                                        "k6/net/grpc",
                                        "k6/websockets",
                                        "k6/browser",
                                        "k6/experimental/websockets",
                                        "k6/experimental/fs",
                                        "k6/experimental/streams",
                                        "k6/experimental/csv",
                                        "k6/experimental/redis",
                                        "k6/secrets",
                                        NULL};
    static const char *const libraries[] = {"k6-utils/", "papaparse/",  "k6-summary/",
                                            "formdata/", "/url/",       "ajv/",
                                            "k6chaijs/", "k6-reporter", NULL};
    if (strcmp(module, "k6") == 0)
        return true;
    for (const char *const *q = quiet; *q; q++)
        if (strcmp(module, *q) == 0)
            return true;
    for (const char *const *l = libraries; text_starts(module, "https://") && *l; l++)
        if (strstr(module, *l))
            return true;
    return false;
}

static bool is_module_object(const struct bind *import) {
    return strcmp(import->part, "default") == 0 || strcmp(import->part, "*") == 0;
}

static const struct bind *import_of(const struct cost_count *c, TSNode n) {
    return node_is(n, "identifier") ? names_import(&c->script->names, n) : NULL;
}

/* The module that an expression is: an imported name, or require('k6/http') itself. */
static bool module_of(const struct cost_count *c, TSNode n, char *out, size_t size) {
    const struct bind *import = import_of(c, n);
    if (import)
        return is_module_object(import) && text_copy(out, size, import->module);
    return node_is(n, "call_expression") &&
           node_text_is(&c->script->js, node_field(n, "function"), "require") &&
           js_string(&c->script->js, ts_node_named_child(node_field(n, "arguments"), 0), out, size);
}

static bool member_of_module(const struct cost_count *c, TSNode n, struct callee *out) {
    if (!module_of(c, js_unwrap(node_field(n, "object")), out->module, sizeof out->module))
        return false;
    TSNode property = node_field(n, "property");
    if (!ts_node_is_null(property))
        node_copy(&c->script->js, property, out->name, sizeof out->name);
    else if (!js_string(&c->script->js, node_field(n, "index"), out->name, sizeof out->name))
        out->name[0] = '\0';
    return true;
}

/* http.get, an imported get, const get = http.get, const { get } = http. */
static bool find_callee(const struct cost_count *c, TSNode f, struct callee *out) {
    *out = (struct callee){0};
    if (node_is(f, "member_expression") || node_is(f, "subscript_expression"))
        return member_of_module(c, f, out);
    if (!node_is(f, "identifier"))
        return false;
    const struct bind *b = import_of(c, f);
    if (b) {
        text_copy(out->module, sizeof out->module, b->module);
        text_copy(out->name, sizeof out->name, b->part);
        return true;
    }
    b = names_one(&c->script->names, f);
    if (b && b->kind == BIND_VALUE && node_is(b->node, "member_expression"))
        return member_of_module(c, b->node, out);
    const struct bind *from = b && b->kind == BIND_PART ? import_of(c, b->node) : NULL;
    if (!from || !is_module_object(from))
        return false;
    text_copy(out->module, sizeof out->module, from->module);
    text_copy(out->name, sizeof out->name, b->part);
    return true;
}

struct cost cost_of_reference(struct cost_count *c, TSNode n) {
    struct callee it;
    if (!find_callee(c, n, &it))
        return (struct cost){0};
    bool http = strcmp(it.module, "k6/http") == 0;
    bool whole = http && !node_is(n, "member_expression") &&
                 (strcmp(it.name, "default") == 0 || strcmp(it.name, "*") == 0);
    if (whole || (http && http_url_argument(it.name) >= 0))
        return cost_unknown(WHY_HANDED, n);
    return (struct cost){0};
}

/* --- arguments and callbacks --- */

static bool local_function(struct cost_count *c, TSNode n, int depth, struct cost *out) {
    if (js_is_function(n)) {
        *out = cost_of_function(c, n, depth + 1);
        return true;
    }
    if (!node_is(n, "identifier"))
        return false;
    size_t count, functions = 0;
    const struct syntax *js = &c->script->js;
    const struct bind *b =
        names_all(&c->script->names, js->text + node_start(n), node_size(n), &count);
    for (size_t i = 0; i < count; i++) {
        if (b[i].kind != BIND_FUNCTION)
            continue;
        struct cost one = cost_of_function(c, b[i].node, depth + 1);
        *out = functions++ ? cost_either(*out, one) : one;
    }
    return functions > 0;
}

/* Arguments from the first on; a function among them runs nobody knows how often. */
static struct cost arguments(struct cost_count *c, TSNode call, const struct nodes *args,
                             size_t first, int depth) {
    struct cost sum = {0}, one;
    for (size_t i = first; i < args->len; i++) {
        if (!local_function(c, args->item[i], depth, &one))
            sum = cost_add(sum, cost_of_expression(c, args->item[i], depth + 1));
        else
            sum = cost_add(sum, cost_unless_zero(one, WHY_CALLBACK, call));
    }
    return sum;
}

/* group('name', callback): the callback runs once. */
static struct cost run_once(struct cost_count *c, TSNode call, const struct nodes *args,
                            size_t callback, int depth) {
    struct cost one = {0};
    if (callback >= args->len)
        return one;
    if (!local_function(c, args->item[callback], depth, &one))
        return cost_unknown(WHY_CALLBACK, call);
    return one;
}

bool cost_list_length(struct cost_count *c, TSNode n, double *length) {
    TSNode list = value_node(&c->script->names, n);
    if (!node_is(list, "array") && !node_is(list, "object"))
        return false;
    struct js_list l;
    js_list_open(&c->script->js, list, &l);
    bool plain = true;
    for (size_t i = 0; i < l.len; i++)
        plain = plain && l.item[i].kind != MEMBER_SPREAD;
    *length = (double)l.len;
    js_list_close(&l);
    return plain;
}

/* --- k6's own calls --- */

static struct cost http_call(struct cost_count *c, TSNode call, const char *method,
                             const struct nodes *args, int depth) {
    struct cost cost = arguments(c, call, args, 0, depth), sent = {0};
    if (strcmp(method, "batch") == 0) {
        double n = 0;
        if (!args->len || !cost_list_length(c, args->item[0], &n))
            return cost_add(cost, (struct cost){.requests = {.why = WHY_BATCH, .at = call}});
        sent.requests.low = sent.requests.high = n;
    } else if (!*method) { /* http[method](url) */
        sent.requests = (struct range){.why = WHY_HANDED, .at = call};
    } else if (http_url_argument(method) >= 0) {
        sent.requests.low = sent.requests.high = 1;
        sent.requests.at = call;
        http_see_request(c, method, args);
    }
    return cost_add(cost, sent);
}

static struct cost sleep_call(struct cost_count *c, TSNode call, const struct nodes *args) {
    struct number seconds;
    struct cost cost = {0};
    if (args->len != 1 || !value_number(&c->script->names, args->item[0], &seconds) ||
        seconds.value < 0) {
        cost.think_ms = (struct range){.why = WHY_SLEEP, .at = call};
        return cost;
    }
    if (seconds.from_env)
        c->from_env_line = node_line(call);
    cost.think_ms.low = cost.think_ms.high = seconds.value * 1000;
    cost.think_ms.at = call;
    return cost;
}

bool cost_call_never_returns(struct cost_count *c, TSNode call) {
    struct callee it;
    return node_is(call, "call_expression") &&
           find_callee(c, js_unwrap(node_field(call, "function")), &it) &&
           strcmp(it.module, "k6") == 0 && strcmp(it.name, "fail") == 0;
}

static struct cost module_call(struct cost_count *c, TSNode call, const struct callee *it,
                               const struct nodes *args, int depth) {
    if (strcmp(it->module, "k6/http") == 0)
        return http_call(c, call, it->name, args, depth);
    if (strcmp(it->module, "k6") == 0 && strcmp(it->name, "sleep") == 0)
        return sleep_call(c, call, args);
    bool grouped = (strcmp(it->module, "k6") == 0 && strcmp(it->name, "group") == 0) ||
                   (strstr(it->module, "k6chaijs") && strcmp(it->name, "describe") == 0);
    if (grouped)
        return run_once(c, call, args, 1, depth);
    if (module_is_quiet(it->module))
        return arguments(c, call, args, 0, depth);
    return cost_unknown(WHY_MODULE, call);
}

/* --- methods --- */

/* A function that some object or class of this file has under that name. */
static bool local_method(struct cost_count *c, const char *name, int depth, struct cost *out) {
    size_t count;
    const struct bind *m = names_methods(&c->script->names, name, &count);
    for (size_t i = 0; i < count; i++) {
        struct cost one = cost_of_function(c, m[i].node, depth + 1);
        *out = i ? cost_either(*out, one) : one;
    }
    return count > 0;
}

static TSNode root_of(TSNode n) {
    for (int i = 0; i < JS_DEPTH_MAX; i++) {
        n = js_unwrap(n);
        if (!node_is(n, "member_expression") && !node_is(n, "subscript_expression"))
            break;
        n = node_field(n, "object");
    }
    return n;
}

/* Methods of arrays, strings, responses and the like. */
static bool is_common_method(const char *name) {
    static const char *const names[] = {
        "json",     "html",   "find",       "text",     "toString",  "toFixed",     "push",
        "pop",      "map",    "filter",     "reduce",   "some",      "every",       "includes",
        "indexOf",  "split",  "join",       "slice",    "splice",    "trim",        "replace",
        "match",    "test",   "startsWith", "endsWith", "substring", "toLowerCase", "toUpperCase",
        "padStart", "concat", "keys",       "values",   "entries",   "has",         "set",
        "add",      "then",   "sort",       "at",       "attr",      NULL};
    for (const char *const *n = names; *n; n++)
        if (strcmp(*n, name) == 0)
            return true;
    return false;
}

/* May a method that is not in this file send requests? */
static bool may_send(struct cost_count *c, TSNode root, const char *name) {
    if (!node_is(root, "identifier"))
        return node_is(root, "this") &&
               (http_url_argument(name) >= 0 || (c->foreign && !is_common_method(name)));
    const struct bind *import = import_of(c, root);
    if (import)
        return !module_is_quiet(import->module) && strcmp(import->module, "k6/http") != 0;
    const struct bind *b = names_one(&c->script->names, root);
    if (!b)
        return false;
    if (b->kind == BIND_PARAM)
        return c->foreign && !is_common_method(name);
    if (b->kind != BIND_VALUE || !node_is(b->node, "new_expression"))
        return false;
    import = import_of(c, node_field(b->node, "constructor"));
    return import && !module_is_quiet(import->module) && strcmp(import->module, "k6/http") != 0;
}

/* [1, 2].forEach(x => ...): so many times the callback. */
static struct cost each(struct cost_count *c, TSNode call, TSNode object, const struct nodes *args,
                        int depth) {
    struct cost one = {0};
    double n;
    if (!args->len || !local_function(c, args->item[0], depth, &one))
        return arguments(c, call, args, 0, depth);
    if (!cost_list_length(c, object, &n))
        return cost_unless_zero(one, WHY_LOOP, call);
    return cost_times(one, n);
}

static struct cost method_call(struct cost_count *c, TSNode call, TSNode f,
                               const struct nodes *args, int depth) {
    char name[64];
    TSNode object = node_field(f, "object");
    node_copy(&c->script->js, node_field(f, "property"), name, sizeof name);
    struct cost before = cost_of_expression(c, object, depth + 1);
    struct cost own;
    if (local_method(c, name, depth, &own))
        return cost_add(before, cost_add(own, arguments(c, call, args, 0, depth)));
    if (strcmp(name, "forEach") == 0 || strcmp(name, "map") == 0)
        return cost_add(before, each(c, call, object, args, depth));
    if (strcmp(name, "then") == 0)
        return cost_add(before, run_once(c, call, args, 0, depth));
    if (may_send(c, root_of(object), name))
        return cost_unknown(WHY_MODULE, call);
    return cost_add(before, arguments(c, call, args, 0, depth));
}

/* --- any call --- */

static struct cost named_call(struct cost_count *c, TSNode call, TSNode f, const struct nodes *args,
                              int depth) {
    struct cost cost;
    if (local_function(c, f, depth, &cost))
        return cost_add(cost, arguments(c, call, args, 0, depth));
    size_t count = 0;
    if (node_is(f, "identifier"))
        names_all(&c->script->names, c->script->js.text + node_start(f), node_size(f), &count);
    if (count) /* a parameter, or a value made elsewhere */
        return cost_unknown(WHY_OBJECT, call);
    cost = node_is(f, "identifier") ? (struct cost){0} : cost_of_expression(c, f, depth + 1);
    return cost_add(cost, arguments(c, call, args, 0, depth));
}

struct cost cost_of_call(struct cost_count *c, TSNode call, int depth) {
    TSNode f = js_unwrap(node_field(call, "function"));
    struct nodes args = {0};
    js_children(node_field(call, "arguments"), &args);
    struct callee it;
    struct cost cost;
    if (find_callee(c, f, &it))
        cost = module_call(c, call, &it, &args, depth);
    else if (node_is(f, "member_expression"))
        cost = method_call(c, call, f, &args, depth);
    else
        cost = named_call(c, call, f, &args, depth);
    nodes_fini(&args);
    return cost;
}

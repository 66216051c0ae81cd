/* Is the options object changed, or read, anywhere else in the script? k6 reads it after the whole
 * module has run, so a line far below can undo an edit. */
#include <stdio.h>
#include <string.h>

#include "tools/k6/script.h"

enum { USES_MAX = 200 };

struct range {
    size_t start, end;
};

struct search {
    const struct k6_script *s;
    struct range shadow[SAME_NAME_MAX]; /* where the name means something else */
    size_t shadows;
    int uses;
    struct err *e;
};

/* Where a second binding of the name holds: its function or block. */
static TSNode scope_of(const struct bind *b) {
    static const char *const blocks[] = {"statement_block", "for_statement", "class_body", NULL};
    static const char *const params[] = {"catch_clause", "for_in_statement", NULL};
    TSNode up = ts_node_parent(b->at);
    while (!ts_node_is_null(up) && !js_is_function(up) &&
           !js_is_any(up, b->kind == BIND_PARAM ? params : blocks))
        up = ts_node_parent(up);
    return up;
}

static void find_shadows(struct search *q) {
    const struct k6_script *s = q->s;
    size_t count, own = js_start(s->options_name);
    const struct bind *b = names_all(&s->names, s->js.text + own, js_size(s->options_name), &count);
    for (size_t i = 0; i < count; i++) {
        if (js_start(b[i].at) == own || b[i].top)
            continue;
        TSNode scope = scope_of(&b[i]);
        if (!ts_node_is_null(scope))
            q->shadow[q->shadows++] = (struct range){js_start(scope), js_end(scope)};
    }
}

static bool is_shadowed(const struct search *q, size_t at) {
    for (size_t i = 0; i < q->shadows; i++)
        if (at >= q->shadow[i].start && at < q->shadow[i].end)
            return true;
    return false;
}

/* One use: options, or a chain such as options.scenarios.buy that begins with it. */
struct use {
    TSNode top, parent;      /* the whole chain, and what it stands in */
    char key[JS_NAME_BYTES]; /* first key of the chain, "" when there is none */
    char last[64];           /* last key */
    int depth;
};

static struct use use_of(const struct js *js, TSNode name) {
    struct use u = {.top = name, .parent = ts_node_parent(name)};
    while (!ts_node_is_null(u.parent)) {
        bool access =
            js_is(u.parent, "member_expression") || js_is(u.parent, "subscript_expression");
        bool inside = access && js_start(js_field(u.parent, "object")) == js_start(u.top);
        if (!inside && !js_is(u.parent, "parenthesized_expression"))
            break;
        if (inside) {
            TSNode property = js_field(u.parent, "property");
            if (ts_node_is_null(property))
                property = js_field(u.parent, "index");
            if (!js_string(js, property, u.last, sizeof u.last))
                js_copy(js, property, u.last, sizeof u.last);
            if (u.depth++ == 0)
                snprintf(u.key, sizeof u.key, "%s", u.last);
        }
        u.top = u.parent;
        u.parent = ts_node_parent(u.parent);
    }
    return u;
}

static bool same_node(TSNode a, TSNode b) {
    return !ts_node_is_null(a) && !ts_node_is_null(b) && ts_node_eq(a, b);
}

static bool sets(const struct use *u) {
    static const char *const assignments[] = {"assignment_expression",
                                              "augmented_assignment_expression", NULL};
    if (js_is_any(u->parent, assignments))
        return same_node(js_field(u->parent, "left"), u->top);
    if (js_is(u->parent, "unary_expression"))
        return js_is(js_field(u->parent, "operator"), "delete");
    return js_is(u->parent, "update_expression");
}

static bool is_first_argument(TSNode arguments, TSNode n) {
    return ts_node_named_child_count(arguments) > 0 &&
           same_node(ts_node_named_child(arguments, 0), n);
}

static bool text_in(const struct js *js, TSNode n, const char *const *list) {
    for (; *list; list++)
        if (js_text_is(js, n, *list))
            return true;
    return false;
}

/* options.stages.map(...) leaves the array alone, options.stages.push(...) does not. */
static bool is_reading_method(const char *name) {
    static const char *const names[] = {
        "map",   "filter", "slice",  "join",   "includes",       "indexOf", "toString", "some",
        "every", "find",   "reduce", "concat", "hasOwnProperty", "at",      NULL};
    for (const char *const *n = names; *n; n++)
        if (strcmp(*n, name) == 0)
            return true;
    return false;
}

/* A number, string or the like cannot be changed through another name. */
static bool is_primitive(const struct k6_script *s, const struct use *u) {
    static const char *const plain[] = {"number", "string",    "template_string",  "true", "false",
                                        "null",   "undefined", "unary_expression", NULL};
    if (u->depth != 1 || !s->has_options)
        return false;
    const struct member *m = js_member(&s->options, u->key);
    return !m || js_is_any(m->value, plain);
}

static bool only_reads(const struct k6_script *s, const struct use *u) {
    static const char *const readers[] = {"JSON.stringify", "console.log",     "console.info",
                                          "console.debug",  "console.warn",    "console.error",
                                          "Object.keys",    "Object.values",   "Object.entries",
                                          "String",         "structuredClone", NULL};
    static const char *const harmless[] = {
        "binary_expression",  "template_substitution", "unary_expression",     "if_statement",
        "ternary_expression", "export_specifier",      "expression_statement", NULL};
    if (js_is(u->parent, "call_expression"))
        return u->depth > 0 && is_reading_method(u->last);
    if (js_is(u->parent, "arguments")) {
        TSNode callee = js_field(ts_node_parent(u->parent), "function");
        return is_primitive(s, u) || text_in(&s->js, callee, readers);
    }
    return is_primitive(s, u) || js_is_any(u->parent, harmless);
}

static bool judge(struct search *q, TSNode name) {
    const struct k6_script *s = q->s;
    struct use u = use_of(&s->js, name);
    const char *dot = u.depth ? "." : "";
    long line = js_line(name);
    bool assigns =
        js_is(u.parent, "arguments") && is_first_argument(u.parent, u.top) &&
        js_text_is(&s->js, js_field(ts_node_parent(u.parent), "function"), "Object.assign");
    if (sets(&u) || assigns) {
        js_refuse(&s->js, js_start(name), q->e,
                  "line %ld sets options%s%s again, after the place of my edit", line, dot, u.key);
        return err_fix(q->e, "write the value into the options object");
    }
    if (!only_reads(s, &u)) {
        js_refuse(&s->js, js_start(name), q->e,
                  "line %ld hands options%s%s on, where it may be changed", line, dot, u.key);
        return err_fix(q->e, "use a copy of what is needed there");
    }
    if (u.depth && key_is_load(u.key)) {
        js_refuse(&s->js, js_start(name), q->e,
                  "line %ld reads options.%s, which the new script sets in another way", line,
                  u.key);
        return err_fix(q->e, "write the value there");
    }
    return true;
}

static bool see(const struct js *js, TSNode n, bool *down, void *self) {
    (void)down;
    static const char *const names[] = {"identifier", "shorthand_property_identifier",
                                        "shorthand_property_identifier_pattern", NULL};
    struct search *q = self;
    TSNode own = q->s->options_name;
    if (!js_is_any(n, names) || js_size(n) != js_size(own) || js_start(n) == js_start(own) ||
        memcmp(js->text + js_start(n), js->text + js_start(own), js_size(n)) != 0 ||
        is_shadowed(q, js_start(n)))
        return true;
    if (++q->uses > USES_MAX)
        return js_refuse(js, js_start(n), q->e, "options is used in more than %d places", USES_MAX);
    return judge(q, n);
}

bool options_unchanged(const struct k6_script *s, struct err *e) {
    struct search q = {.s = s, .e = e};
    find_shadows(&q);
    return js_walk(&s->js, s->js.root, &(struct js_visit){see, &q});
}

/* Is the options object changed, or read, anywhere else in the script? k6 reads it after the whole
 * module has run, so a line far below can undo an edit. */
#include <stdio.h>
#include <string.h>

#include "tools/k6/script.h"

enum { USES_MAX = 200, VALUE_DEPTH_MAX = 20 };

struct range {
    size_t start, end;
};

/* For one name that holds the options, or for exports. */
struct search {
    const struct k6_script *s;
    const char *name; /* in the text */
    size_t name_len;
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
           !node_is_any(up, b->kind == BIND_PARAM ? params : blocks))
        up = ts_node_parent(up);
    return up;
}

static void find_shadows(struct search *q) {
    size_t count;
    const struct bind *b = names_all(&q->s->names, q->name, q->name_len, &count);
    for (size_t i = 0; i < count; i++) {
        TSNode scope = b[i].top ? (TSNode){0} : scope_of(&b[i]);
        if (!ts_node_is_null(scope))
            q->shadow[q->shadows++] = (struct range){node_start(scope), node_end(scope)};
    }
}

static bool is_shadowed(const struct search *q, size_t at) {
    for (size_t i = 0; i < q->shadows; i++)
        if (at >= q->shadow[i].start && at < q->shadow[i].end)
            return true;
    return false;
}

static bool is_in(const struct nodes *list, TSNode n) {
    for (size_t i = 0; i < list->len; i++)
        if (node_start(list->item[i]) == node_start(n))
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

/* n.key or n['key'] around a node. */
static bool is_access_of(TSNode access, TSNode object) {
    return (node_is(access, "member_expression") || node_is(access, "subscript_expression")) &&
           node_start(node_field(access, "object")) == node_start(object);
}

static void key_of(const struct syntax *js, TSNode access, char *out, size_t size) {
    TSNode property = node_field(access, "property");
    if (ts_node_is_null(property))
        property = node_field(access, "index");
    if (!js_string(js, property, out, size))
        node_copy(js, property, out, size);
}

static struct use use_of(const struct syntax *js, TSNode name) {
    struct use u = {.top = name, .parent = ts_node_parent(name)};
    for (int i = 0; i < JS_DEPTH_MAX && !ts_node_is_null(u.parent); i++) {
        bool inside = is_access_of(u.parent, u.top);
        if (!inside && !js_is_wrapper(u.parent))
            break;
        if (inside) {
            key_of(js, u.parent, u.last, sizeof u.last);
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
    if (node_is_any(u->parent, assignments))
        return same_node(node_field(u->parent, "left"), u->top);
    if (node_is(u->parent, "unary_expression"))
        return node_is(node_field(u->parent, "operator"), "delete");
    return node_is(u->parent, "update_expression");
}

static bool is_first_argument(TSNode arguments, TSNode n) {
    return ts_node_named_child_count(arguments) > 0 &&
           same_node(ts_node_named_child(arguments, 0), n);
}

static bool text_in(const struct syntax *js, TSNode n, const char *const *list) {
    for (; *list; list++)
        if (node_text_is(js, n, *list))
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

static bool is_or(TSNode n) {
    TSNode op = node_field(n, "operator");
    return node_is(op, "||") || node_is(op, "??") || node_is(op, "&&");
}

/* A number, string or the like cannot be changed through another name. */
static bool is_plain_value(const struct syntax *js, TSNode n, int depth) {
    static const char *const plain[] = {"number", "string",    "template_string",  "true", "false",
                                        "null",   "undefined", "unary_expression", NULL};
    if (node_is(n, "member_expression"))
        return node_text_is(js, node_field(n, "object"), "__ENV");
    if (!node_is(n, "binary_expression") || depth > VALUE_DEPTH_MAX)
        return node_is_any(n, plain);
    return !is_or(n) || (is_plain_value(js, js_unwrap(node_field(n, "left")), depth + 1) &&
                         is_plain_value(js, js_unwrap(node_field(n, "right")), depth + 1));
}

static bool is_primitive(const struct k6_script *s, const struct use *u) {
    if (u->depth != 1 || !s->has_options)
        return false;
    const struct member *m = js_member(&s->options, u->key);
    if (!m) /* not there, and not added */
        return strcmp(u->key, "thresholds") != 0 && strcmp(u->key, "summaryTrendStats") != 0;
    return is_plain_value(&s->js, m->value, 0);
}

static bool only_reads(const struct k6_script *s, const struct use *u) {
    static const char *const readers[] = {"JSON.stringify", "console.log",     "console.info",
                                          "console.debug",  "console.warn",    "console.error",
                                          "Object.keys",    "Object.values",   "Object.entries",
                                          "String",         "structuredClone", NULL};
    static const char *const harmless[] = {
        "binary_expression",  "template_substitution", "unary_expression",     "if_statement",
        "ternary_expression", "export_specifier",      "expression_statement", NULL};
    if (node_is(u->parent, "call_expression"))
        return u->depth > 0 && is_reading_method(u->last);
    if (node_is(u->parent, "arguments")) {
        TSNode callee = node_field(ts_node_parent(u->parent), "function");
        return is_primitive(s, u) || text_in(&s->js, callee, readers);
    }
    return is_primitive(s, u) || node_is_any(u->parent, harmless);
}

static bool judge(struct search *q, TSNode name) {
    const struct k6_script *s = q->s;
    struct use u = use_of(&s->js, name);
    const char *dot = u.depth ? "." : "";
    long line = node_line(name);
    bool assigns =
        node_is(u.parent, "arguments") && is_first_argument(u.parent, u.top) &&
        node_text_is(&s->js, node_field(ts_node_parent(u.parent), "function"), "Object.assign");
    if (sets(&u) || assigns) {
        syntax_refuse(&s->js, node_start(name), q->e,
                      "line %ld sets options%s%s again, after the place of my edit", line, dot,
                      u.key);
        return err_fix(q->e, "write the value into the options object");
    }
    if (!only_reads(s, &u)) {
        syntax_refuse(&s->js, node_start(name), q->e,
                      "line %ld hands options%s%s on, where it may be changed", line, dot, u.key);
        return err_fix(q->e, "use a copy of what is needed there");
    }
    if (u.depth && key_is_load(u.key)) {
        syntax_refuse(&s->js, node_start(name), q->e,
                      "line %ld reads options.%s, which the new script sets in another way", line,
                      u.key);
        return err_fix(q->e, "write the value there");
    }
    return true;
}

static bool count_use(struct search *q, TSNode name) {
    if (++q->uses > USES_MAX)
        return syntax_refuse(&q->s->js, node_start(name), q->e,
                             "options is used in more than %d places", USES_MAX);
    return true;
}

static bool is_meant(const struct search *q, TSNode n) {
    static const char *const names[] = {"identifier", "shorthand_property_identifier",
                                        "shorthand_property_identifier_pattern", NULL};
    return node_is_any(n, names) && node_size(n) == q->name_len &&
           memcmp(q->s->js.text + node_start(n), q->name, q->name_len) == 0 &&
           !is_shadowed(q, node_start(n));
}

static bool see_name(const struct syntax *js, TSNode n, bool *down, void *self) {
    (void)js, (void)down;
    struct search *q = self;
    if (!is_meant(q, n) || is_in(&q->s->holders, n) || is_in(&q->s->own, n))
        return true;
    if (node_is(ts_node_parent(n), "import_specifier")) /* the other module's name for it */
        return true;
    return count_use(q, n) && judge(q, n);
}

/* --- CommonJS: exports.options, module.exports.options --- */

/* exports or module.exports around an identifier, brackets and types included; null: neither. */
static TSNode exports_around(const struct syntax *js, TSNode n) {
    TSNode up = ts_node_parent(n);
    enum export_form form;
    if (node_text_is(js, n, "module") && is_access_of(up, n))
        n = up;
    if (!names_is_exports(js, n, &form))
        return (TSNode){0};
    up = ts_node_parent(n);
    for (int i = 0; i < JS_DEPTH_MAX && js_is_wrapper(up); i++) {
        n = up;
        up = ts_node_parent(n);
    }
    return n;
}

/* Where the exports themselves are handed on, options go with them. */
static bool judge_exports(struct search *q, TSNode exports) {
    static const char *const handing[] = {"variable_declarator", "pair", "return_statement",
                                          "arrow_function", NULL};
    const struct syntax *js = &q->s->js;
    TSNode up = ts_node_parent(exports);
    bool argument =
        node_is(up, "arguments") &&
        !node_text_is(js, node_field(ts_node_parent(up), "function"), "Object.defineProperty");
    if (!argument && !node_is_any(up, handing))
        return true;
    syntax_refuse(js, node_start(exports), q->e,
                  "line %ld hands the exports on, where options may be changed",
                  node_line(exports));
    return err_fix(q->e, "use a copy of what is needed there");
}

/* exports.options = void 0, before the value comes. */
static bool is_cleared_before(const struct search *q, TSNode access) {
    const struct nodes *own = &q->s->own;
    TSNode value = node_field(ts_node_parent(access), "right");
    for (int i = 0; i < JS_CHAIN_MAX && node_is(value, "assignment_expression"); i++)
        value = node_field(value, "right");
    return own->len && node_start(access) < node_start(own->item[0]) &&
           names_is_void(&q->s->js, value);
}

static bool see_exports(const struct syntax *js, TSNode n, bool *down, void *self) {
    (void)down;
    struct search *q = self;
    char key[JS_NAME_BYTES];
    if (!is_meant(q, n))
        return true;
    TSNode exports = exports_around(js, n);
    if (ts_node_is_null(exports) || is_in(&q->s->own, exports))
        return true;
    TSNode access = ts_node_parent(exports);
    if (!is_access_of(access, exports))
        return judge_exports(q, exports);
    key_of(js, access, key, sizeof key);
    if (strcmp(key, "options") != 0 || is_cleared_before(q, access))
        return true;
    return count_use(q, access) && judge(q, access);
}

/* --- all --- */

/* Looked up one by one; with more a walk is faster, and among types it is safer. */
enum { PLACES_MAX = 64 };

/* Is the word at that place a use? Words in comments and strings are none. */
static bool see_place(struct search *q, size_t at, js_see *see) {
    bool down;
    TSNode n = ts_node_named_descendant_for_byte_range(q->s->js.root, (uint32_t)at,
                                                       (uint32_t)(at + q->name_len));
    return node_start(n) != at || see(&q->s->js, n, &down, q);
}

static bool search(const struct k6_script *s, const char *name, size_t len, js_see *see,
                   struct err *e) {
    struct search q = {.s = s, .name = name, .name_len = len, .e = e};
    size_t place[PLACES_MAX], places = 0;
    const char *text = s->js.text, *end = text + s->js.len;
    for (const char *at = text; (at = memmem(at, (size_t)(end - at), name, len)); at += len) {
        if (places == PLACES_MAX)
            break;
        place[places++] = (size_t)(at - text);
    }
    find_shadows(&q);
    if (places == PLACES_MAX || js_is_typescript(&s->js))
        return js_walk(&s->js, s->js.root, &(struct js_visit){see, &q});
    for (size_t i = 0; i < places; i++)
        if (!see_place(&q, place[i], see))
            return false;
    return true;
}

bool options_unchanged(const struct k6_script *s, struct err *e) {
    for (size_t i = 0; i < s->holders.len; i++) {
        TSNode name = s->holders.item[i];
        if (!search(s, s->js.text + node_start(name), node_size(name), see_name, e))
            return false;
    }
    return ts_node_is_null(s->names.common_js) ||
           (search(s, "exports", 7, see_exports, e) && search(s, "module", 6, see_exports, e));
}

static bool see_any(const struct syntax *js, TSNode n, bool *down, void *self) {
    (void)js, (void)down;
    return !is_meant(self, n) || node_is(ts_node_parent(n), "import_specifier");
}

bool options_name_is_free(const struct k6_script *s) {
    return search(s, "options", 7, see_any, NULL);
}

#include "tools/k6/names.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/text.h"

static struct bind *add_bind(struct names *n, TSNode name, enum bind_kind kind, TSNode node) {
    n->bind = mem_grow(n->bind, n->binds, &n->binds_cap, sizeof *n->bind);
    struct bind *b = &n->bind[n->binds++];
    *b = (struct bind){.name = n->js->text + node_start(name),
                       .len = node_size(name),
                       .kind = kind,
                       .top = kind != BIND_PARAM && node_start(name) >= n->inner_end,
                       .node = node,
                       .at = name};
    return b;
}

void names_copy_string(const struct syntax *js, TSNode string, char *out, size_t size) {
    if (!js_string(js, string, out, size))
        node_copy(js, string, out, size);
}

/* --- patterns: const { get, post: send } = http; function f({ a }, b = 1, ...rest) --- */

struct pattern {
    struct names *names;
    enum bind_kind kind;
    TSNode value;
    TSNode pair;        /* the last `key: name` that was entered */
    struct nodes ahead; /* owned: default values that are still to come, the next one last */
};

/* A name in a default value is used, not bound. */
static bool is_default(struct pattern *p, TSNode at) {
    if (!p->ahead.len || node_start(p->ahead.item[p->ahead.len - 1]) != node_start(at))
        return false;
    p->ahead.len--;
    return true;
}

static void expect_default(struct pattern *p, TSNode at) {
    TSNode right = node_field(at, "right"), value = node_field(at, "value");
    if (!ts_node_is_null(right))
        nodes_add(&p->ahead, right);
    else if (!ts_node_is_null(value))
        nodes_add(&p->ahead, value);
}

static bool see_pattern(const struct syntax *js, TSNode at, bool *down, void *self) {
    struct pattern *p = self;
    static const char *const names[] = {"identifier", "shorthand_property_identifier_pattern",
                                        NULL};
    static const char *const with_default[] = {"assignment_pattern", "object_assignment_pattern",
                                               "required_parameter", "optional_parameter", NULL};
    if (is_default(p, at)) {
        *down = false;
    } else if (node_is_any(at, names)) {
        struct bind *b = add_bind(p->names, at, p->kind, p->value);
        bool renamed = !ts_node_is_null(p->pair) && node_start(at) < node_end(p->pair);
        node_copy(js, renamed ? node_field(p->pair, "key") : at, b->part, sizeof b->part);
    } else if (node_is(at, "pair_pattern")) {
        p->pair = at;
    } else if (node_is_any(at, with_default)) {
        expect_default(p, at);
    }
    return true;
}

void names_bind_pattern(struct names *n, TSNode pattern, enum bind_kind kind, TSNode value) {
    struct pattern p = {.names = n, .kind = kind, .value = value};
    js_walk(n->js, pattern, &(struct js_visit){see_pattern, &p});
    nodes_fini(&p.ahead);
}

/* --- declarations --- */

static void see_declarator(struct names *n, TSNode at) {
    TSNode name = node_field(at, "name"), value = js_unwrap(node_field(at, "value"));
    if (!node_is(name, "identifier"))
        names_bind_pattern(n, name, BIND_PART, value);
    else
        add_bind(n, name, js_is_function(value) ? BIND_FUNCTION : BIND_VALUE, value);
}

static void bind_import(struct names *n, TSNode name, const char *part, TSNode source) {
    struct bind *b = add_bind(n, name, BIND_IMPORT, (TSNode){0});
    text_copy(b->part, sizeof b->part, part);
    names_copy_string(n->js, source, b->module, sizeof b->module);
}

static void import_specifiers(struct names *n, TSNode imports, TSNode source) {
    struct nodes specs = {0};
    js_children(imports, &specs);
    for (size_t i = 0; i < specs.len; i++) {
        char part[64];
        TSNode name = node_field(specs.item[i], "name"), alias = node_field(specs.item[i], "alias");
        node_copy(n->js, name, part, sizeof part);
        if (!names_has_word(specs.item[i], "type"))
            bind_import(n, ts_node_is_null(alias) ? name : alias, part, source);
    }
    nodes_fini(&specs);
}

/* One of http, * as http, { get, post as send }. */
static void import_part(struct names *n, TSNode part, TSNode source) {
    if (node_is(part, "identifier"))
        bind_import(n, part, "default", source);
    else if (node_is(part, "namespace_import"))
        bind_import(n, ts_node_named_child(part, 0), "*", source);
    else if (node_is(part, "named_imports"))
        import_specifiers(n, part, source);
}

static void see_import(struct names *n, TSNode at) {
    TSNode source = node_field(at, "source");
    struct nodes parts = {0}, inner = {0};
    if (names_has_word(at, "type"))
        return;
    js_children(at, &parts);
    for (size_t i = 0; i < parts.len; i++) {
        TSNode part = parts.item[i];
        if (node_is(part, "import_clause"))
            js_children(part, &inner);
        else if (node_is(part, "import_require_clause")) /* import http = require('k6/http') */
            bind_import(n, ts_node_named_child(part, 0), "*", node_field(part, "source"));
    }
    for (size_t i = 0; i < inner.len; i++)
        import_part(n, inner.item[i], source);
    nodes_fini(&parts);
    nodes_fini(&inner);
}

/* --- assignments --- */

/* The identifier at the left end of a.b[c].d */
static TSNode root_of(TSNode n) {
    n = js_unwrap(n);
    for (int i = 0; i < JS_DEPTH_MAX; i++) {
        if (!node_is(n, "member_expression") && !node_is(n, "subscript_expression"))
            break;
        n = js_unwrap(node_field(n, "object"));
    }
    return n;
}

static void add_assigned(struct names *n, TSNode name) {
    n->assigned = mem_grow(n->assigned, n->assigneds, &n->assigneds_cap, sizeof *n->assigned);
    n->assigned[n->assigneds++] =
        (struct word_at){.text = n->js->text + node_start(name), .len = node_size(name)};
}

static bool see_assigned(const struct syntax *js, TSNode at, bool *down, void *self) {
    (void)js, (void)down;
    static const char *const names[] = {"identifier", "shorthand_property_identifier_pattern",
                                        NULL};
    if (node_is_any(at, names))
        add_assigned(self, at);
    return true;
}

static void see_assignment(struct names *n, TSNode target) {
    if (ts_node_is_null(target))
        return;
    TSNode root = root_of(target);
    static const char *const patterns[] = {"object_pattern", "array_pattern", NULL};
    if (node_is(root, "identifier"))
        add_assigned(n, root);
    else if (node_is_any(root, patterns))
        js_walk(n->js, root, &(struct js_visit){see_assigned, n});
}

/* --- the walk --- */

static void see_declaration(struct names *n, TSNode at) {
    if (node_is(at, "variable_declarator"))
        see_declarator(n, at);
    else if (!ts_node_is_null(node_field(at, "name")))
        add_bind(n, node_field(at, "name"), js_is_function(at) ? BIND_FUNCTION : BIND_CLASS, at);
}

static void see_parameters(struct names *n, TSNode at) {
    static const char *const fields[] = {"parameter", "left", NULL};
    TSNode params = at;
    for (const char *const *f = fields; *f && !node_is(at, "formal_parameters"); f++)
        if (!ts_node_is_null(node_field(at, *f))) {
            params = node_field(at, *f);
            break;
        }
    bool loop_over_old_name =
        node_is(at, "for_in_statement") && ts_node_is_null(node_field(at, "kind"));
    if (loop_over_old_name)
        see_assignment(n, params);
    else if (node_is(at, "formal_parameters") || node_start(params) != node_start(at) ||
             node_end(params) != node_end(at))
        names_bind_pattern(n, params, BIND_PARAM, node_field(at, "right"));
}

static void see_change(struct names *n, TSNode at) {
    see_assignment(n, node_field(at, node_is(at, "update_expression") ? "argument" : "left"));
    if (n->common && node_is(at, "assignment_expression"))
        names_see_common_assignment(n, at);
}

static void see_method(struct names *n, TSNode at) {
    static const char *const fields[] = {"field_definition", "public_field_definition", NULL};
    bool pair = node_is(at, "pair"), field = node_is_any(at, fields);
    TSNode function = pair || field ? js_unwrap(node_field(at, "value")) : at;
    bool plain = node_is(at, "field_definition");
    TSNode key = node_field(at, pair ? "key" : plain ? "property" : "name");
    if (!js_is_function(function) || ts_node_is_null(key))
        return;
    n->method = mem_grow(n->method, n->methods, &n->methods_cap, sizeof *n->method);
    n->method[n->methods++] = (struct bind){.name = n->js->text + node_start(key),
                                            .len = node_size(key),
                                            .kind = BIND_METHOD,
                                            .node = function,
                                            .at = key};
}

/* list.push(x) and Object.assign(x, ...) change what the name holds. */
static void see_call(struct names *n, TSNode at) {
    static const char *const changing[] = {"push",   "pop",  "shift",   "unshift",
                                           "splice", "fill", "reverse", NULL};
    TSNode f = node_field(at, "function"), property = node_field(f, "property");
    if (n->common)
        names_see_common_call(n, at);
    if (!node_is(f, "member_expression"))
        return;
    if (node_text_is(n->js, f, "Object.assign"))
        see_assignment(n, ts_node_named_child(node_field(at, "arguments"), 0));
    for (const char *const *c = changing; *c; c++)
        if (node_text_is(n->js, property, *c))
            see_assignment(n, node_field(f, "object"));
}

/* What is inside a node: names that are not of the top level, code that may not run, nothing to
 * read, or neither. */
static const struct {
    const char *type;
    enum { OPEN, INNER, MAYBE, LEAF } inside;
    void (*see)(struct names *n, TSNode at);
} rows[] = {
    {"variable_declarator", OPEN, see_declaration},
    {"function_declaration", OPEN, see_declaration},
    {"generator_function_declaration", OPEN, see_declaration},
    {"class_declaration", OPEN, see_declaration},
    {"abstract_class_declaration", OPEN, see_declaration},
    {"enum_declaration", OPEN, see_declaration},
    {"internal_module", OPEN, see_declaration},
    {"formal_parameters", INNER, see_parameters},
    {"arrow_function", INNER, see_parameters},
    {"catch_clause", INNER, see_parameters},
    {"for_in_statement", INNER, see_parameters},
    {"for_statement", INNER, NULL},
    {"if_statement", MAYBE, NULL},
    {"while_statement", MAYBE, NULL},
    {"switch_statement", MAYBE, NULL},
    {"try_statement", MAYBE, NULL},
    {"ternary_expression", MAYBE, NULL},
    {"binary_expression", MAYBE, NULL},
    {"statement_block", INNER, NULL},
    {"class_body", INNER, NULL},
    {"import_statement", LEAF, see_import},
    {"export_statement", OPEN, names_see_export},
    {"assignment_expression", OPEN, see_change},
    {"augmented_assignment_expression", OPEN, see_change},
    {"update_expression", OPEN, see_change},
    {"call_expression", OPEN, see_call},
    {"pair", OPEN, see_method},
    {"method_definition", OPEN, see_method},
    {"field_definition", OPEN, see_method},
    {"public_field_definition", OPEN, see_method},
    {"identifier", LEAF, NULL},
    {"property_identifier", LEAF, NULL},
    {"string", LEAF, NULL},
    {"number", LEAF, NULL},
    {"regex", LEAF, NULL},
    {"comment", LEAF, NULL},
};

/* Kinds of nodes are numbers too: which row each has, or none, is looked up once. */
struct reading {
    struct names *names;
    unsigned char row[SYNTAX_KINDS_MAX]; /* from 1; 0: none */
};

static void index_rows(struct reading *r) {
    const TSLanguage *language = ts_tree_language(r->names->js->tree);
    for (uint32_t kind = 0; kind < ts_language_symbol_count(language) && kind < SYNTAX_KINDS_MAX;
         kind++)
        for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
            if (strcmp(ts_language_symbol_name(language, (TSSymbol)kind), rows[i].type) == 0)
                r->row[kind] = (unsigned char)(i + 1);
}

static bool see(const struct syntax *js, TSNode at, bool *down, void *self) {
    (void)js;
    struct reading *r = self;
    TSSymbol kind = ts_node_symbol(at);
    if (kind >= SYNTAX_KINDS_MAX || !r->row[kind])
        return true;
    size_t i = r->row[kind] - 1;
    *down = rows[i].inside != LEAF;
    size_t *end = rows[i].inside == INNER   ? &r->names->inner_end
                  : rows[i].inside == MAYBE ? &r->names->maybe_end
                                            : NULL;
    if (end && node_end(at) > *end)
        *end = node_end(at);
    if (rows[i].see)
        rows[i].see(r->names, at);
    return true;
}

static int compare_text(const char *a, size_t a_len, const char *b, size_t b_len) {
    int order = memcmp(a, b, a_len < b_len ? a_len : b_len);
    return order ? order : (a_len > b_len) - (a_len < b_len);
}

static int compare_binds(const void *a, const void *b) {
    const struct bind *x = a, *y = b;
    int order = compare_text(x->name, x->len, y->name, y->len);
    return order ? order : (x->name > y->name) - (x->name < y->name);
}

static int compare_words(const void *a, const void *b) {
    const struct word_at *x = a, *y = b;
    return compare_text(x->text, x->len, y->text, y->len);
}

bool names_is_require(const struct syntax *js, TSNode call, TSNode *source) {
    if (!node_is(call, "call_expression") ||
        !node_text_is(js, node_field(call, "function"), "require"))
        return false;
    struct nodes args = {0};
    js_children(node_field(call, "arguments"), &args);
    bool one = args.len == 1 && node_is(args.item[0], "string");
    if (one)
        *source = args.item[0];
    nodes_fini(&args);
    return one;
}

/* const http = require('k6/http') is an import. */
static void mark_requires(struct names *n) {
    for (size_t i = 0; i < n->binds; i++) {
        struct bind *b = &n->bind[i];
        TSNode source;
        if ((b->kind != BIND_VALUE && b->kind != BIND_PART) ||
            !names_is_require(n->js, b->node, &source))
            continue;
        if (b->kind == BIND_VALUE)
            text_copy(b->part, sizeof b->part, "*");
        b->kind = BIND_IMPORT;
        names_copy_string(n->js, source, b->module, sizeof b->module);
    }
}

void names_open(const struct syntax *js, struct names *n) {
    *n = (struct names){.js = js, .common = memmem(js->text, js->len, "exports", 7)};
    struct reading r = {.names = n};
    index_rows(&r);
    js_walk(js, js->root, &(struct js_visit){see, &r});
    mark_requires(n);
    if (n->binds)
        qsort(n->bind, n->binds, sizeof *n->bind, compare_binds);
    if (n->methods)
        qsort(n->method, n->methods, sizeof *n->method, compare_binds);
    if (n->assigneds)
        qsort(n->assigned, n->assigneds, sizeof *n->assigned, compare_words);
    names_settle_exports(n);
}

void names_close(struct names *n) {
    free(n->bind);
    free(n->method);
    free(n->export_);
    free(n->assigned);
    *n = (struct names){0};
}

static const struct bind *find(const struct bind *bind, size_t len, const char *name, size_t bytes,
                               size_t *count) {
    size_t low = 0, high = len;
    while (low < high) {
        size_t mid = low + (high - low) / 2;
        if (compare_text(bind[mid].name, bind[mid].len, name, bytes) < 0)
            low = mid + 1;
        else
            high = mid;
    }
    size_t end = low;
    while (end < len && end - low < SAME_NAME_MAX &&
           compare_text(bind[end].name, bind[end].len, name, bytes) == 0)
        end++;
    *count = end - low;
    return *count ? &bind[low] : NULL;
}

const struct bind *names_all(const struct names *n, const char *name, size_t len, size_t *count) {
    return find(n->bind, n->binds, name, len, count);
}

const struct bind *names_methods(const struct names *n, const char *name, size_t *count) {
    return find(n->method, n->methods, name, strlen(name), count);
}

const struct bind *names_one(const struct names *n, TSNode identifier) {
    size_t count;
    const struct bind *b =
        names_all(n, n->js->text + node_start(identifier), node_size(identifier), &count);
    return count == 1 ? b : NULL;
}

static bool is_assigned(const struct names *n, TSNode name) {
    struct word_at word = {.text = n->js->text + node_start(name), .len = node_size(name)};
    return n->assigneds &&
           bsearch(&word, n->assigned, n->assigneds, sizeof *n->assigned, compare_words);
}

TSNode names_value(const struct names *n, TSNode identifier) {
    const struct bind *b = names_one(n, identifier);
    if (!b || b->kind != BIND_VALUE || is_assigned(n, identifier))
        return (TSNode){0};
    return b->node;
}

const struct bind *names_import(const struct names *n, TSNode identifier) {
    size_t count;
    const struct bind *b =
        names_all(n, n->js->text + node_start(identifier), node_size(identifier), &count);
    for (size_t i = 0; i < count; i++)
        if (b[i].kind == BIND_IMPORT)
            return &b[i];
    return NULL;
}

const struct export_ *names_export(const struct names *n, const char *name) {
    for (size_t i = n->exports; i > 0; i--)
        if (strcmp(n->export_[i - 1].name, name) == 0)
            return &n->export_[i - 1];
    return NULL;
}

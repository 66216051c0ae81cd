#include "tools/k6/names.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/text.h"

static struct bind *add_bind(struct names *n, TSNode name, enum bind_kind kind, TSNode node) {
    n->bind = mem_grow(n->bind, n->binds, &n->binds_cap, sizeof *n->bind);
    struct bind *b = &n->bind[n->binds++];
    *b = (struct bind){.name = n->js->text + js_start(name),
                       .len = js_size(name),
                       .kind = kind,
                       .top = kind != BIND_PARAM && js_start(name) >= n->inner_end,
                       .node = node,
                       .at = name};
    return b;
}

static struct export_ *add_export(struct names *n, TSNode at) {
    n->export_ = mem_grow(n->export_, n->exports, &n->exports_cap, sizeof *n->export_);
    struct export_ *x = &n->export_[n->exports++];
    *x = (struct export_){.at = at};
    return x;
}

static void copy_string(const struct js *js, TSNode string, char *out, size_t size) {
    if (!js_string(js, string, out, size))
        js_copy(js, string, out, size);
}

/* --- patterns: const { get, post: send } = http; function f({ a }, b = 1, ...rest) --- */

struct pattern {
    struct names *names;
    enum bind_kind kind;
    TSNode value;
    TSNode pair; /* the last `key: name` that was entered */
};

static bool see_pattern(const struct js *js, TSNode at, bool *down, void *self) {
    struct pattern *p = self;
    static const char *const names[] = {"identifier", "shorthand_property_identifier_pattern",
                                        NULL};
    if (js_is_any(at, names)) {
        struct bind *b = add_bind(p->names, at, p->kind, p->value);
        bool renamed = !ts_node_is_null(p->pair) && js_start(at) < js_end(p->pair);
        js_copy(js, renamed ? js_field(p->pair, "key") : at, b->part, sizeof b->part);
    } else if (js_is(at, "pair_pattern")) {
        p->pair = at;
    } else if (js_is_function(at) || js_is(at, "object") || js_is(at, "call_expression")) {
        *down = false; /* a default value */
    }
    return true;
}

static void bind_pattern(struct names *n, TSNode pattern, enum bind_kind kind, TSNode value) {
    struct pattern p = {.names = n, .kind = kind, .value = value};
    js_walk(n->js, pattern, &(struct js_visit){see_pattern, &p});
}

/* --- declarations --- */

static void see_declarator(struct names *n, TSNode at) {
    TSNode name = js_field(at, "name"), value = js_unwrap(js_field(at, "value"));
    if (!js_is(name, "identifier"))
        bind_pattern(n, name, BIND_PART, value);
    else
        add_bind(n, name, js_is_function(value) ? BIND_FUNCTION : BIND_VALUE, value);
}

static void bind_import(struct names *n, TSNode name, const char *part, TSNode source) {
    struct bind *b = add_bind(n, name, BIND_IMPORT, (TSNode){0});
    text_copy(b->part, sizeof b->part, part);
    copy_string(n->js, source, b->module, sizeof b->module);
}

static void see_import(struct names *n, TSNode at) {
    TSNode source = js_field(at, "source");
    struct js_nodes parts = {0}, inner = {0};
    js_children(at, &parts);
    for (size_t i = 0; i < parts.len; i++)
        if (js_is(parts.item[i], "import_clause"))
            js_children(parts.item[i], &inner);
    for (size_t i = 0; i < inner.len; i++) {
        TSNode it = inner.item[i];
        struct js_nodes specs = {0};
        js_children(it, &specs);
        if (js_is(it, "identifier"))
            bind_import(n, it, "default", source);
        else if (js_is(it, "namespace_import") && specs.len)
            bind_import(n, specs.item[0], "*", source);
        for (size_t s = 0; js_is(it, "named_imports") && s < specs.len; s++) {
            char part[64];
            TSNode name = js_field(specs.item[s], "name"), alias = js_field(specs.item[s], "alias");
            js_copy(n->js, name, part, sizeof part);
            bind_import(n, ts_node_is_null(alias) ? name : alias, part, source);
        }
        js_nodes_fini(&specs);
    }
    js_nodes_fini(&parts);
    js_nodes_fini(&inner);
}

/* --- exports --- */

static void export_clause(struct names *n, TSNode clause, TSNode source) {
    struct js_nodes specs = {0};
    js_children(clause, &specs);
    for (size_t i = 0; i < specs.len; i++) {
        TSNode name = js_field(specs.item[i], "name"), alias = js_field(specs.item[i], "alias");
        struct export_ *x = add_export(n, specs.item[i]);
        copy_string(n->js, ts_node_is_null(alias) ? name : alias, x->name, sizeof x->name);
        x->local = name;
        if (!ts_node_is_null(source))
            copy_string(n->js, source, x->module, sizeof x->module);
    }
    js_nodes_fini(&specs);
}

static void export_declarator(struct names *n, TSNode declarator) {
    TSNode name = js_field(declarator, "name");
    if (js_is(name, "identifier")) {
        struct export_ *x = add_export(n, declarator);
        js_copy(n->js, name, x->name, sizeof x->name);
        x->value = js_unwrap(js_field(declarator, "value"));
        x->local = name;
        return;
    }
    /* export const { a, b } = ...: the names, without values */
    struct names inside = {.js = n->js};
    bind_pattern(&inside, name, BIND_PART, (TSNode){0});
    for (size_t i = 0; i < inside.binds; i++) {
        struct export_ *x = add_export(n, declarator);
        js_copy(n->js, inside.bind[i].at, x->name, sizeof x->name);
    }
    free(inside.bind);
}

static void export_declaration(struct names *n, TSNode declaration) {
    struct js_nodes parts = {0};
    js_children(declaration, &parts);
    bool variables =
        js_is(declaration, "lexical_declaration") || js_is(declaration, "variable_declaration");
    for (size_t i = 0; variables && i < parts.len; i++)
        if (js_is(parts.item[i], "variable_declarator"))
            export_declarator(n, parts.item[i]);
    if (!variables) {
        struct export_ *x = add_export(n, declaration);
        js_copy(n->js, js_field(declaration, "name"), x->name, sizeof x->name);
        x->value = declaration;
    }
    js_nodes_fini(&parts);
}

static bool has_word(TSNode n, const char *word) {
    for (uint32_t i = 0; i < ts_node_child_count(n) && i < 4; i++)
        if (js_is(ts_node_child(n, i), word))
            return true;
    return false;
}

static void see_export(struct names *n, TSNode at) {
    TSNode source = js_field(at, "source"), declaration = js_field(at, "declaration");
    TSNode value = js_unwrap(js_field(at, "value"));
    struct js_nodes parts = {0};
    js_children(at, &parts);
    for (size_t i = 0; i < parts.len; i++) {
        if (js_is(parts.item[i], "export_clause"))
            export_clause(n, parts.item[i], source);
        if (!js_is(parts.item[i], "namespace_export"))
            continue;
        struct export_ *x = add_export(n, at);
        copy_string(n->js, ts_node_named_child(parts.item[i], 0), x->name, sizeof x->name);
        copy_string(n->js, source, x->module, sizeof x->module);
    }
    if (has_word(at, "default")) {
        struct export_ *x = add_export(n, at);
        text_copy(x->name, sizeof x->name, "default");
        x->value = ts_node_is_null(value) ? declaration : value;
        if (js_is(x->value, "identifier"))
            x->local = x->value;
    } else if (!ts_node_is_null(declaration)) {
        export_declaration(n, declaration);
    } else if (has_word(at, "*") && ts_node_is_null(n->export_all)) {
        n->export_all = at;
    }
    js_nodes_fini(&parts);
}

/* --- assignments --- */

/* The identifier at the left end of a.b[c].d */
static TSNode root_of(TSNode n) {
    n = js_unwrap(n);
    for (int i = 0; i < JS_DEPTH_MAX; i++) {
        if (!js_is(n, "member_expression") && !js_is(n, "subscript_expression"))
            break;
        n = js_unwrap(js_field(n, "object"));
    }
    return n;
}

static void add_assigned(struct names *n, TSNode name) {
    n->assigned = mem_grow(n->assigned, n->assigneds, &n->assigneds_cap, sizeof *n->assigned);
    n->assigned[n->assigneds++] =
        (struct word_at){.text = n->js->text + js_start(name), .len = js_size(name)};
}

static bool see_assigned(const struct js *js, TSNode at, bool *down, void *self) {
    (void)js, (void)down;
    static const char *const names[] = {"identifier", "shorthand_property_identifier_pattern",
                                        NULL};
    if (js_is_any(at, names))
        add_assigned(self, at);
    return true;
}

static void see_assignment(struct names *n, TSNode target) {
    if (ts_node_is_null(target))
        return;
    TSNode root = root_of(target);
    static const char *const patterns[] = {"object_pattern", "array_pattern", NULL};
    if (js_is(root, "identifier"))
        add_assigned(n, root);
    else if (js_is_any(root, patterns))
        js_walk(n->js, root, &(struct js_visit){see_assigned, n});
    bool common = js_text_is(n->js, root, "exports") || js_text_is(n->js, root, "module");
    if (common && !js_is(target, "identifier") && ts_node_is_null(n->common_js))
        n->common_js = target;
}

/* --- the walk --- */

static void see_declaration(struct names *n, TSNode at) {
    if (js_is(at, "variable_declarator"))
        see_declarator(n, at);
    else if (!ts_node_is_null(js_field(at, "name")))
        add_bind(n, js_field(at, "name"), js_is_function(at) ? BIND_FUNCTION : BIND_CLASS, at);
}

static void see_parameters(struct names *n, TSNode at) {
    static const char *const fields[] = {"parameter", "left", NULL};
    TSNode params = at;
    for (const char *const *f = fields; *f && !js_is(at, "formal_parameters"); f++)
        if (!ts_node_is_null(js_field(at, *f))) {
            params = js_field(at, *f);
            break;
        }
    bool loop_over_old_name =
        js_is(at, "for_in_statement") && ts_node_is_null(js_field(at, "kind"));
    if (loop_over_old_name)
        see_assignment(n, params);
    else if (js_is(at, "formal_parameters") || js_start(params) != js_start(at) ||
             js_end(params) != js_end(at))
        bind_pattern(n, params, BIND_PARAM, js_field(at, "right"));
}

static void see_change(struct names *n, TSNode at) {
    see_assignment(n, js_field(at, js_is(at, "update_expression") ? "argument" : "left"));
}

static void see_method(struct names *n, TSNode at) {
    bool pair = js_is(at, "pair"), field = js_is(at, "field_definition");
    TSNode function = pair || field ? js_unwrap(js_field(at, "value")) : at;
    TSNode key = js_field(at, pair ? "key" : field ? "property" : "name");
    if (!js_is_function(function) || ts_node_is_null(key))
        return;
    n->method = mem_grow(n->method, n->methods, &n->methods_cap, sizeof *n->method);
    n->method[n->methods++] = (struct bind){.name = n->js->text + js_start(key),
                                            .len = js_size(key),
                                            .kind = BIND_METHOD,
                                            .node = function,
                                            .at = key};
}

/* list.push(x) and Object.assign(x, ...) change what the name holds. */
static void see_call(struct names *n, TSNode at) {
    static const char *const changing[] = {"push",   "pop",  "shift",   "unshift",
                                           "splice", "fill", "reverse", NULL};
    TSNode f = js_field(at, "function"), property = js_field(f, "property");
    if (!js_is(f, "member_expression"))
        return;
    if (js_text_is(n->js, f, "Object.assign"))
        see_assignment(n, ts_node_named_child(js_field(at, "arguments"), 0));
    for (const char *const *c = changing; *c; c++)
        if (js_text_is(n->js, property, *c))
            see_assignment(n, js_field(f, "object"));
}

static bool see(const struct js *js, TSNode at, bool *down, void *self) {
    static const struct {
        const char *type;
        bool inner; /* names inside are not of the top level */
        void (*see)(struct names *n, TSNode at);
    } row[] = {
        {"variable_declarator", false, see_declaration},
        {"function_declaration", false, see_declaration},
        {"generator_function_declaration", false, see_declaration},
        {"class_declaration", false, see_declaration},
        {"formal_parameters", true, see_parameters},
        {"arrow_function", true, see_parameters},
        {"catch_clause", true, see_parameters},
        {"for_in_statement", true, see_parameters},
        {"for_statement", true, NULL},
        {"statement_block", true, NULL},
        {"class_body", true, NULL},
        {"import_statement", false, see_import},
        {"export_statement", false, see_export},
        {"assignment_expression", false, see_change},
        {"augmented_assignment_expression", false, see_change},
        {"update_expression", false, see_change},
        {"call_expression", false, see_call},
        {"pair", false, see_method},
        {"method_definition", false, see_method},
        {"field_definition", false, see_method},
    };
    (void)js, (void)down;
    struct names *n = self;
    const char *type = ts_node_type(at);
    for (size_t i = 0; i < sizeof row / sizeof *row; i++) {
        if (strcmp(type, row[i].type) != 0)
            continue;
        if (row[i].inner && js_end(at) > n->inner_end)
            n->inner_end = js_end(at);
        if (row[i].see)
            row[i].see(n, at);
        break;
    }
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

static bool is_require(const struct js *js, TSNode call, TSNode *source) {
    if (!js_is(call, "call_expression") || !js_text_is(js, js_field(call, "function"), "require"))
        return false;
    struct js_nodes args = {0};
    js_children(js_field(call, "arguments"), &args);
    bool one = args.len == 1 && js_is(args.item[0], "string");
    if (one)
        *source = args.item[0];
    js_nodes_fini(&args);
    return one;
}

/* const http = require('k6/http') is an import. */
static void mark_requires(struct names *n) {
    for (size_t i = 0; i < n->binds; i++) {
        struct bind *b = &n->bind[i];
        TSNode source;
        if ((b->kind != BIND_VALUE && b->kind != BIND_PART) || !is_require(n->js, b->node, &source))
            continue;
        if (b->kind == BIND_VALUE)
            text_copy(b->part, sizeof b->part, "*");
        b->kind = BIND_IMPORT;
        copy_string(n->js, source, b->module, sizeof b->module);
    }
}

void names_open(const struct js *js, struct names *n) {
    *n = (struct names){.js = js};
    js_walk(js, js->root, &(struct js_visit){see, n});
    mark_requires(n);
    if (n->binds)
        qsort(n->bind, n->binds, sizeof *n->bind, compare_binds);
    if (n->methods)
        qsort(n->method, n->methods, sizeof *n->method, compare_binds);
    if (n->assigneds)
        qsort(n->assigned, n->assigneds, sizeof *n->assigned, compare_words);
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
        names_all(n, n->js->text + js_start(identifier), js_size(identifier), &count);
    return count == 1 ? b : NULL;
}

static bool is_assigned(const struct names *n, TSNode name) {
    struct word_at word = {.text = n->js->text + js_start(name), .len = js_size(name)};
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
        names_all(n, n->js->text + js_start(identifier), js_size(identifier), &count);
    for (size_t i = 0; i < count; i++)
        if (b[i].kind == BIND_IMPORT)
            return &b[i];
    return NULL;
}

const struct export_ *names_export(const struct names *n, const char *name) {
    for (size_t i = 0; i < n->exports; i++)
        if (strcmp(n->export_[i].name, name) == 0)
            return &n->export_[i];
    return NULL;
}

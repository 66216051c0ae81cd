/* What a script exports: by statements, or by changes of CommonJS' exports object. */
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/text.h"
#include "tools/k6/names.h"

static struct export_ *add_export(struct names *n, TSNode at) {
    n->export_ = mem_grow(n->export_, n->exports, &n->exports_cap, sizeof *n->export_);
    struct export_ *x = &n->export_[n->exports++];
    *x = (struct export_){.at = at, .sure = true};
    return x;
}

bool names_has_word(TSNode n, const char *word) {
    for (uint32_t i = 0; i < ts_node_child_count(n) && i < 4; i++)
        if (node_is(ts_node_child(n, i), word))
            return true;
    return false;
}

/* --- export ... --- */

static void export_clause(struct names *n, TSNode clause, TSNode source) {
    struct nodes specs = {0};
    js_children(clause, &specs);
    for (size_t i = 0; i < specs.len; i++) {
        TSNode name = node_field(specs.item[i], "name"), alias = node_field(specs.item[i], "alias");
        if (names_has_word(specs.item[i], "type"))
            continue;
        struct export_ *x = add_export(n, specs.item[i]);
        names_copy_string(n->js, ts_node_is_null(alias) ? name : alias, x->name, sizeof x->name);
        x->local = name;
        if (!ts_node_is_null(source))
            names_copy_string(n->js, source, x->module, sizeof x->module);
    }
    nodes_fini(&specs);
}

static void export_declarator(struct names *n, TSNode declarator) {
    TSNode name = node_field(declarator, "name");
    if (node_is(name, "identifier")) {
        struct export_ *x = add_export(n, declarator);
        node_copy(n->js, name, x->name, sizeof x->name);
        x->value = js_unwrap(node_field(declarator, "value"));
        x->local = name;
        return;
    }
    /* export const { a, b } = ...: the names, without values */
    struct names inside = {.js = n->js};
    names_bind_pattern(&inside, name, BIND_PART, (TSNode){0});
    for (size_t i = 0; i < inside.binds; i++) {
        struct export_ *x = add_export(n, declarator);
        node_copy(n->js, inside.bind[i].at, x->name, sizeof x->name);
    }
    free(inside.bind);
}

static void export_declaration(struct names *n, TSNode declaration) {
    struct nodes parts = {0};
    if (js_is_type(declaration))
        return;
    js_children(declaration, &parts);
    bool variables =
        node_is(declaration, "lexical_declaration") || node_is(declaration, "variable_declaration");
    for (size_t i = 0; variables && i < parts.len; i++)
        if (node_is(parts.item[i], "variable_declarator"))
            export_declarator(n, parts.item[i]);
    if (!variables) {
        struct export_ *x = add_export(n, declaration);
        node_copy(n->js, node_field(declaration, "name"), x->name, sizeof x->name);
        x->value = declaration;
    }
    nodes_fini(&parts);
}

static void export_default(struct names *n, TSNode at, TSNode declaration) {
    TSNode value = js_unwrap(node_field(at, "value"));
    if (!ts_node_is_null(declaration) && js_is_type(declaration))
        return;
    struct export_ *x = add_export(n, at);
    text_copy(x->name, sizeof x->name, "default");
    x->value = ts_node_is_null(value) ? declaration : value;
    if (node_is(x->value, "identifier"))
        x->local = x->value;
}

static void export_parts(struct names *n, TSNode at, TSNode source) {
    struct nodes parts = {0};
    js_children(at, &parts);
    for (size_t i = 0; i < parts.len; i++) {
        if (node_is(parts.item[i], "export_clause"))
            export_clause(n, parts.item[i], source);
        if (!node_is(parts.item[i], "namespace_export"))
            continue;
        struct export_ *x = add_export(n, at);
        names_copy_string(n->js, ts_node_named_child(parts.item[i], 0), x->name, sizeof x->name);
        names_copy_string(n->js, source, x->module, sizeof x->module);
    }
    nodes_fini(&parts);
}

void names_see_export(struct names *n, TSNode at) {
    TSNode source = node_field(at, "source"), declaration = node_field(at, "declaration");
    if (names_has_word(at, "type"))
        return;
    export_parts(n, at, source);
    if (names_has_word(at, "default"))
        export_default(n, at, declaration);
    else if (!ts_node_is_null(declaration))
        export_declaration(n, declaration);
    else if (names_has_word(at, "*") && ts_node_is_null(n->export_all))
        n->export_all = at;
}

/* --- CommonJS --- */

bool names_is_exports(const struct syntax *js, TSNode n, enum export_form *form) {
    n = js_unwrap(n);
    *form = node_is(n, "identifier") ? EXPORT_PROPERTY : EXPORT_MEMBER;
    if (node_is(n, "identifier"))
        return node_text_is(js, n, "exports");
    return node_is(n, "member_expression") && node_text_is(js, node_field(n, "object"), "module") &&
           node_text_is(js, node_field(n, "property"), "exports");
}

static struct export_ *add_common(struct names *n, enum export_form form, bool sure, TSNode at,
                                  TSNode value) {
    struct export_ *x = add_export(n, at);
    x->form = form;
    x->sure = sure;
    x->value = sure ? js_unwrap(value) : (TSNode){0};
    static const char *const words[] = {"identifier", "shorthand_property_identifier", NULL};
    if (node_is_any(x->value, words))
        x->local = x->value;
    return x;
}

static void hide_exports(struct names *n, TSNode at) {
    if (ts_node_is_null(n->export_all))
        n->export_all = at;
}

/* module.exports = { options: {...}, default: main } */
static void export_members(struct names *n, TSNode object) {
    struct js_list l;
    n->module_exports = object;
    js_list_open(n->js, object, &l);
    for (size_t i = 0; i < l.len; i++) {
        const struct member *m = &l.item[i];
        bool method = m->kind == MEMBER_METHOD;
        if (m->kind == MEMBER_SPREAD || m->kind == MEMBER_COMPUTED)
            hide_exports(n, m->node);
        else
            text_copy(
                add_common(n, EXPORT_MEMBER, true, m->node, method ? m->node : m->value)->name,
                JS_NAME_BYTES, m->name);
    }
    js_list_close(&l);
}

bool names_is_void(const struct syntax *js, TSNode n) {
    return node_is(n, "undefined") || node_text_is(js, n, "undefined") ||
           (node_is(n, "unary_expression") && node_is(node_field(n, "operator"), "void"));
}

static bool key_of(const struct syntax *js, TSNode access, char *out, size_t size) {
    TSNode property = node_field(access, "property"), index = node_field(access, "index");
    if (node_is(access, "subscript_expression"))
        return js_string(js, index, out, size);
    if (!node_is(access, "member_expression") || node_size(property) >= size)
        return false;
    node_copy(js, property, out, size);
    return true;
}

void names_see_common_assignment(struct names *n, TSNode at) {
    TSNode left = js_unwrap(node_field(at, "left")), right = js_unwrap(node_field(at, "right"));
    for (int i = 0; i < JS_CHAIN_MAX && node_is(right, "assignment_expression"); i++)
        right = js_unwrap(node_field(right, "right"));
    enum export_form form;
    char name[JS_NAME_BYTES];
    bool sure = node_start(at) >= n->inner_end && node_start(at) >= n->maybe_end;
    if (names_is_exports(n->js, left, &form) && form == EXPORT_MEMBER) {
        if (sure && node_is(right, "object") && ts_node_is_null(n->module_exports))
            export_members(n, right);
        else
            hide_exports(n, left);
    } else if (names_is_exports(n->js, node_field(left, "object"), &form)) {
        if (!key_of(n->js, left, name, sizeof name))
            hide_exports(n, left);
        else if (names_is_void(n->js, right))
            n->cleared = strcmp(name, "options") == 0 ? left : n->cleared;
        else
            text_copy(add_common(n, form, sure, left, right)->name, JS_NAME_BYTES, name);
    } else {
        return;
    }
    if (ts_node_is_null(n->common_js))
        n->common_js = left;
}

/* Object.defineProperty(exports, 'options', ...), __exportStar(require('./o'), exports) */
void names_see_common_call(struct names *n, TSNode at) {
    struct nodes args = {0};
    enum export_form form;
    char name[JS_NAME_BYTES] = "";
    js_children(node_field(at, "arguments"), &args);
    for (size_t i = 0; i < args.len; i++) {
        if (!names_is_exports(n->js, args.item[i], &form))
            continue;
        bool defines = node_text_is(n->js, node_field(at, "function"), "Object.defineProperty") &&
                       args.len > 1 && js_string(n->js, args.item[1], name, sizeof name);
        if (!defines)
            hide_exports(n, at);
        else if (strcmp(name, "__esModule") != 0)
            text_copy(add_common(n, form, true, at, (TSNode){0})->name, JS_NAME_BYTES, name);
        if (ts_node_is_null(n->common_js))
            n->common_js = at;
        break;
    }
    nodes_fini(&args);
}

/* --- afterwards --- */

static bool is_bound(const struct names *n, const char *name, bool top_only) {
    size_t count;
    const struct bind *b = names_all(n, name, strlen(name), &count);
    bool bound = false;
    for (size_t i = 0; i < count; i++)
        bound = bound || b[i].top || !top_only;
    return bound;
}

static bool has_statements(const struct names *n) {
    static const char *const kinds[] = {"import_statement", "export_statement", NULL};
    struct nodes top = {0};
    js_children(n->js->root, &top);
    bool found = false;
    for (size_t i = 0; i < top.len; i++)
        found = found || node_is_any(top.item[i], kinds);
    nodes_fini(&top);
    return found;
}

/* Where exports is a name of the script's own, setting its members exports nothing. In a module of
 * statements it does not exist: code that would set it there does not run. */
static bool counts(const struct names *n, const struct export_ *x) {
    static const char *const name[] = {[EXPORT_PROPERTY] = "exports", [EXPORT_MEMBER] = "module"};
    return x->form == EXPORT_STATEMENT ||
           (!is_bound(n, name[x->form], x->sure) && (x->sure || !n->is_module));
}

void names_settle_exports(struct names *n) {
    size_t kept = 0;
    n->is_module = has_statements(n);
    if (ts_node_is_null(n->common_js))
        return;
    bool other = is_bound(n, "exports", false) || is_bound(n, "module", false);
    if (other || n->is_module) {
        n->common_js = (TSNode){0};
        if (!node_is(n->export_all, "export_statement"))
            n->export_all = (TSNode){0};
    }
    if (is_bound(n, "module", true))
        n->module_exports = (TSNode){0};
    for (size_t i = 0; i < n->exports; i++) {
        const struct export_ *x = &n->export_[i];
        if (!counts(n, x))
            continue;
        if (x->form != EXPORT_STATEMENT && ts_node_is_null(n->common_js))
            n->common_js = x->at;
        n->export_[kept++] = *x;
    }
    n->exports = kept;
}

void names_export_all_module(const struct names *n, char *out, size_t size) {
    TSNode source = node_field(n->export_all, "source"), call = n->export_all;
    *out = '\0';
    if (node_is(call, "spread_element")) /* ...require('./o') */
        call = ts_node_named_child(call, 0);
    else if (!node_is(call, "export_statement")) /* module.exports = require('./o') */
        call = node_field(ts_node_parent(call), "right");
    if (ts_node_is_null(source) && !names_is_require(n->js, js_unwrap(call), &source))
        return;
    names_copy_string(n->js, source, out, size);
}

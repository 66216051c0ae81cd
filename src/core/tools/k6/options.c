/* Where the script sets its options, and whether that is a place to edit. */
#include <string.h>

#include "tools/k6/script.h"

enum { NAMES_MAX = 4 }; /* const a = {...}; const b = a; export const options = b */

static bool refuse_not_plain(const struct k6_script *s, size_t at, struct err *e) {
    syntax_refuse(&s->js, at, e, "options is not a plain object");
    return err_fix(e, "write it as export const options = { ... }");
}

static bool refuse_computed(const struct k6_script *s, size_t at, struct err *e) {
    syntax_refuse(
        &s->js, at, e,
        "options are computed at run time (line %ld); which function gets which share cannot "
        "be seen",
        syntax_line_at(&s->js, at));
    return err_fix(e, "write them as an object");
}

static bool refuse_module(const struct k6_script *s, TSNode at, const char *module, struct err *e) {
    syntax_refuse(&s->js, node_start(at), e, "options come from %s (line %ld)", module,
                  node_line(at));
    return err_fix(e, "use that file, or move them into this script");
}

/* --- the export --- */

static bool has_form(const struct k6_script *s, enum export_form form) {
    for (size_t i = 0; i < s->names.exports; i++)
        if (s->names.export_[i].form == form)
            return true;
    return false;
}

/* Two ways of exporting in one file: k6 stops, or takes one of them. */
static bool check_common_js(const struct k6_script *s, struct err *e) {
    const struct names *n = &s->names;
    if (ts_node_is_null(n->common_js))
        return true;
    if (n->is_module) {
        syntax_refuse(&s->js, node_start(n->common_js), e,
                      "exports is mixed with import or export, which k6 refuses");
        return err_fix(e, "write all exports in one of the two forms");
    }
    if (ts_node_is_null(n->module_exports) || !has_form(s, EXPORT_PROPERTY))
        return true;
    syntax_refuse(&s->js, node_start(n->common_js), e,
                  "exports and module.exports are two objects here; k6 takes module.exports alone");
    return err_fix(e, "write all exports into one of them");
}

/* Names from elsewhere may hide options, unless the script's own come after them. */
static bool check_hidden(const struct k6_script *s, const struct export_ *found, struct err *e) {
    TSNode all = s->names.export_all;
    char module[192];
    if (ts_node_is_null(all))
        return true;
    bool spread_after =
        node_is(ts_node_parent(all), "object") && found && node_start(found->at) < node_start(all);
    if (found && !spread_after)
        return true;
    names_export_all_module(&s->names, module, sizeof module);
    return module[0] ? refuse_module(s, all, module, e) : refuse_computed(s, node_start(all), e);
}

/* The one export named options; *found NULL when there is none. */
static bool find_export(const struct k6_script *s, const struct export_ **found, struct err *e) {
    *found = NULL;
    for (size_t i = 0; i < s->names.exports; i++) {
        const struct export_ *x = &s->names.export_[i];
        if (strcmp(x->name, "options") != 0)
            continue;
        if (*found)
            return syntax_refuse(&s->js, node_start(x->at), e, "options is exported a second time");
        *found = x;
    }
    return check_hidden(s, *found, e);
}

/* --- its value as written: with brackets and types --- */

const struct bind *options_top_bind(const struct k6_script *s, TSNode name) {
    size_t count;
    const struct bind *b =
        names_all(&s->names, s->js.text + node_start(name), node_size(name), &count);
    for (size_t i = 0; i < count; i++)
        if (b[i].top)
            return &b[i];
    return NULL;
}

/* let options; options = {...}: the first assignment that stands at the top level by itself. */
static TSNode assigned_later(struct k6_script *s, TSNode name) {
    struct nodes top = {0};
    TSNode value = {0};
    js_children(s->js.root, &top);
    for (size_t i = 0; i < top.len && ts_node_is_null(value); i++) {
        TSNode change = ts_node_named_child(top.item[i], 0);
        TSNode left = node_field(change, "left");
        if (!node_is(top.item[i], "expression_statement") ||
            !node_is(change, "assignment_expression") || !node_is(left, "identifier") ||
            !node_same(&s->js, left, &s->js, name))
            continue;
        nodes_add(&s->own, left);
        value = node_field(change, "right");
    }
    nodes_fini(&top);
    return value;
}

static TSNode value_of_name(struct k6_script *s, TSNode name) {
    TSNode declarator = ts_node_parent(name);
    nodes_add(&s->holders, name);
    if (!node_is(declarator, "variable_declarator"))
        return (TSNode){0};
    TSNode value = node_field(declarator, "value");
    return ts_node_is_null(value) ? assigned_later(s, name) : value;
}

/* exports.options = ..., let options = exports.options = ... */
static TSNode value_of_assignment(struct k6_script *s, TSNode left) {
    TSNode at = ts_node_parent(left), value = node_field(at, "right");
    nodes_add(&s->own, left);
    for (int i = 0; i < JS_CHAIN_MAX && node_is(value, "assignment_expression"); i++)
        value = node_field(value, "right");
    for (int i = 0; i < JS_CHAIN_MAX && (node_is(at, "assignment_expression") || js_is_wrapper(at));
         i++)
        at = ts_node_parent(at);
    if (node_is(at, "variable_declarator"))
        nodes_add(&s->holders, node_field(at, "name"));
    return value;
}

static bool value_of_common(struct k6_script *s, const struct export_ *x, TSNode *value,
                            struct err *e) {
    if (!x->sure)
        return refuse_computed(s, node_start(x->at), e);
    if (node_is(x->at, "pair"))
        *value = node_field(x->at, "value");
    else if (node_is(x->at, "shorthand_property_identifier"))
        *value = x->at;
    else if (node_is_any(x->at,
                         (const char *const[]){"member_expression", "subscript_expression", NULL}))
        *value = value_of_assignment(s, x->at);
    return !ts_node_is_null(*value) || refuse_not_plain(s, node_start(x->at), e);
}

static bool value_of_export(struct k6_script *s, const struct export_ *x, TSNode *value,
                            struct err *e) {
    *value = (TSNode){0};
    if (x->form != EXPORT_STATEMENT)
        return value_of_common(s, x, value, e);
    if (ts_node_is_null(x->local))
        return refuse_not_plain(s, node_start(x->at), e);
    TSNode name = x->local;
    if (node_is(x->at, "export_specifier")) {
        const struct bind *b = options_top_bind(s, name);
        if (b && b->kind == BIND_IMPORT)
            return refuse_module(s, b->at, b->module, e);
        if (!b)
            return refuse_not_plain(s, node_start(x->at), e);
        nodes_add(&s->own, name);
        name = b->at;
    }
    *value = value_of_name(s, name);
    return !ts_node_is_null(*value) || refuse_not_plain(s, node_start(name), e);
}

/* --- names on the way: const other = {...}; export const options = other --- */

static bool is_name(TSNode n) {
    return node_is(n, "identifier") || node_is(n, "shorthand_property_identifier");
}

static bool leads_to_object(const struct k6_script *s, const struct bind *b) {
    TSNode computed;
    struct js_list laid_over;
    if (!b || b->kind != BIND_VALUE)
        return false;
    if (node_is(b->node, "object") || is_name(b->node))
        return true;
    bool found = overlay_find(&s->js, b->node, &computed, &laid_over);
    if (found)
        js_list_close(&laid_over);
    return found;
}

static bool follow_names(struct k6_script *s, TSNode *value, struct err *e) {
    for (int i = 0; i < NAMES_MAX; i++) {
        TSNode name = js_unwrap(*value);
        if (!is_name(name))
            return true;
        const struct bind *b = options_top_bind(s, name);
        if (b && b->kind == BIND_IMPORT)
            return refuse_module(s, b->at, b->module, e);
        if (!leads_to_object(s, b))
            return true;
        nodes_add(&s->own, name);
        *value = value_of_name(s, b->at);
    }
    return true;
}

/* --- what kind of value it is --- */

/* cfg.options of an imported cfg. */
static const struct bind *module_behind(const struct k6_script *s, TSNode value) {
    for (int i = 0; i < JS_DEPTH_MAX &&
                    (node_is(value, "member_expression") || node_is(value, "subscript_expression"));
         i++)
        value = js_unwrap(node_field(value, "object"));
    return node_is(value, "identifier") ? names_import(&s->names, value) : NULL;
}

/* require('./o').options */
static bool required_module(const struct k6_script *s, TSNode value, TSNode *source) {
    while (node_is(value, "member_expression"))
        value = js_unwrap(node_field(value, "object"));
    return names_is_require(&s->js, value, source);
}

static bool is_or(TSNode n) {
    TSNode op = node_field(n, "operator");
    return node_is(n, "binary_expression") && (node_is(op, "||") || node_is(op, "??"));
}

static bool is_computed(const struct k6_script *s, TSNode value) {
    static const char *const kinds[] = {"ternary_expression",
                                        "await_expression",
                                        "member_expression",
                                        "subscript_expression",
                                        "identifier",
                                        "shorthand_property_identifier",
                                        NULL};
    if (node_is(value, "call_expression"))
        return !node_text_is(&s->js, node_field(value, "function"), "Object.freeze");
    return is_or(value) || node_is_any(value, kinds);
}

/* Options that only a run shows: new ones can be laid over them, or nothing can be done. */
static bool take_computed(struct k6_script *s, TSNode value, struct err *e) {
    if (!overlay_allowed(s))
        return refuse_computed(s, node_start(value), e);
    s->computed = value;
    return true;
}

static bool take_object(struct k6_script *s, TSNode written, TSNode object, struct err *e) {
    bool spread = false;
    js_list_open(&s->js, object, &s->options);
    for (size_t i = 0; i < s->options.len; i++) {
        const struct member *m = &s->options.item[i];
        if (m->kind == MEMBER_COMPUTED || m->kind == MEMBER_METHOD)
            return refuse_not_plain(s, m->start, e);
        spread = spread || m->kind == MEMBER_SPREAD;
    }
    s->has_options = !spread;
    if (!spread)
        return true;
    js_list_close(&s->options);
    return take_computed(s, written, e);
}

static bool take_value(struct k6_script *s, TSNode written, struct err *e) {
    TSNode value = js_unwrap(written), source;
    const struct bind *import = module_behind(s, value);
    char module[192];
    if (node_is(value, "object"))
        return take_object(s, written, value, e);
    if (import)
        return refuse_module(s, import->at, import->module, e);
    if (required_module(s, value, &source)) {
        names_copy_string(&s->js, source, module, sizeof module);
        return refuse_module(s, source, module, e);
    }
    if (overlay_find(&s->js, value, &s->computed, &s->options))
        return s->overlay = s->has_options = true;
    if (is_computed(s, value))
        return take_computed(s, written, e);
    return refuse_not_plain(s, node_start(written), e);
}

bool options_find(struct k6_script *s, struct err *e) {
    const struct export_ *x;
    TSNode value;
    if (!check_common_js(s, e) || !find_export(s, &x, e))
        return false;
    if (!x)
        return ts_node_is_null(s->names.cleared) ||
               refuse_not_plain(s, node_start(s->names.cleared), e);
    if (x->module[0])
        return refuse_module(s, x->at, x->module, e);
    return value_of_export(s, x, &value, e) && follow_names(s, &value, e) &&
           take_value(s, value, e);
}

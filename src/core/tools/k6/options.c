#include <stdio.h>
#include <string.h>

#include "base/text.h"
#include "tools/k6/script.h"

static bool refuse_not_plain(const struct k6_script *s, size_t at, struct err *e) {
    js_refuse(&s->js, at, e, "options is not a plain object");
    return err_fix(e, "write it as export const options = { ... }");
}

static bool refuse_computed(const struct k6_script *s, size_t at, struct err *e) {
    js_refuse(&s->js, at, e, "options are computed at run time (line %ld)", js_line_at(&s->js, at));
    return err_fix(e, "write them as an object");
}

static bool refuse_module(const struct k6_script *s, TSNode at, const char *module, struct err *e) {
    js_refuse(&s->js, js_start(at), e, "options come from %s (line %ld)", module, js_line(at));
    return err_fix(e, "use that file, or move them into this script");
}

/* TypeScript is another grammar: types in it would be taken for errors, or worse, for code. */
static bool refuse_typescript(const struct k6_script *s, struct err *e) {
    if (!text_ends(s->js.file, ".ts") && !text_ends(s->js.file, ".tsx"))
        return true;
    err_set(e, ERR_REFUSED, "this is TypeScript, which is not read yet");
    err_at(e, s->js.file, 1);
    return err_fix(e, "take the types out and save it as JavaScript, with .js at the end");
}

static bool refuse_common_js(const struct k6_script *s, struct err *e) {
    if (ts_node_is_null(s->names.common_js))
        return true;
    js_refuse(&s->js, js_start(s->names.common_js), e, "exports are written in the CommonJS form");
    return err_fix(e, "write them with export");
}

/* The variable at the top level behind `export { x as options }`. */
static const struct bind *top_bind(const struct k6_script *s, TSNode name) {
    size_t count;
    const struct bind *b = names_all(&s->names, s->js.text + js_start(name), js_size(name), &count);
    for (size_t i = 0; i < count; i++)
        if (b[i].top)
            return &b[i];
    return NULL;
}

static bool refuse_value(const struct k6_script *s, TSNode value, size_t at, struct err *e) {
    static const char *const computed[] = {"call_expression",
                                           "binary_expression",
                                           "ternary_expression",
                                           "await_expression",
                                           "member_expression",
                                           "subscript_expression",
                                           NULL};
    if (js_is(value, "identifier")) {
        const struct bind *import = names_import(&s->names, value);
        if (import)
            return refuse_module(s, import->at, import->module, e);
        return refuse_computed(s, at, e);
    }
    bool frozen = js_is(value, "call_expression") &&
                  js_text_is(&s->js, js_field(value, "function"), "Object.freeze");
    if (!frozen && js_is_any(value, computed))
        return refuse_computed(s, at, e);
    return refuse_not_plain(s, at, e);
}

static bool check_members(const struct k6_script *s, const struct js_list *l, struct err *e) {
    for (size_t i = 0; i < l->len; i++) {
        const struct member *m = &l->item[i];
        if (m->kind == MEMBER_SPREAD)
            return refuse_computed(s, m->start, e);
        if (m->kind == MEMBER_COMPUTED || m->kind == MEMBER_METHOD)
            return refuse_not_plain(s, m->start, e);
    }
    return true;
}

/* The one export named options; *found NULL when there is none. */
static bool find_export(const struct k6_script *s, const struct export_ **found, struct err *e) {
    *found = NULL;
    for (size_t i = 0; i < s->names.exports; i++) {
        const struct export_ *x = &s->names.export_[i];
        if (strcmp(x->name, "options") != 0)
            continue;
        if (*found)
            return js_refuse(&s->js, js_start(x->at), e, "options is exported a second time");
        *found = x;
    }
    if (*found || ts_node_is_null(s->names.export_all))
        return true;
    char module[192];
    js_copy(&s->js, js_field(s->names.export_all, "source"), module, sizeof module);
    return refuse_module(s, s->names.export_all, module, e);
}

bool options_find(struct k6_script *s, struct err *e) {
    const struct export_ *x;
    if (!refuse_typescript(s, e) || !refuse_common_js(s, e) || !find_export(s, &x, e))
        return false;
    if (!x)
        return true;
    if (x->module[0])
        return refuse_module(s, x->at, x->module, e);
    TSNode value = x->value;
    if (ts_node_is_null(x->local))
        return refuse_not_plain(s, js_start(x->at), e);
    s->options_name = x->local;
    if (js_is(x->at, "export_specifier")) {
        const struct bind *b = top_bind(s, x->local);
        if (!b)
            return refuse_not_plain(s, js_start(x->at), e);
        if (b->kind == BIND_IMPORT)
            return refuse_module(s, b->at, b->module, e);
        value = b->kind == BIND_VALUE || b->kind == BIND_FUNCTION ? b->node : (TSNode){0};
        s->options_name = b->at;
    }
    size_t at = js_start(s->options_name);
    if (!js_is(value, "object"))
        /* without a value here: the assignment that follows is what to show */
        return (!ts_node_is_null(value) || options_unchanged(s, e)) &&
               refuse_value(s, value, at, e);
    s->has_options = true;
    js_list_open(&s->js, value, &s->options);
    return check_members(s, &s->options, e);
}

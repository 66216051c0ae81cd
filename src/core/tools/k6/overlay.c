/* Options that are made at run time: the new load is laid over them, in an object of its own that
 * comes later and so wins. Nothing of what the user wrote goes. */
#include <stdio.h>
#include <string.h>

#include "tools/k6/overlay.h"

/* --- may it be done? --- */

/* Can k6 call it as a function of a scenario? What is not seen may be one. */
static bool may_run(const struct k6_script *s, const struct export_ *x) {
    static const char *const never[] = {"options",  "default",       "setup",
                                        "teardown", "handleSummary", NULL};
    static const char *const data[] = {"object",
                                       "array",
                                       "string",
                                       "number",
                                       "template_string",
                                       "true",
                                       "false",
                                       "null",
                                       "undefined",
                                       "regex",
                                       "new_expression",
                                       "binary_expression",
                                       "class",
                                       "unary_expression",
                                       NULL};
    for (const char *const *n = never; *n; n++)
        if (strcmp(x->name, *n) == 0)
            return false;
    TSNode value = x->value;
    if (!ts_node_is_null(x->local)) {
        const struct bind *b = options_top_bind(s, x->local);
        if (b && b->kind == BIND_CLASS)
            return false;
        value = b ? b->node : value;
    }
    return x->module[0] ||
           !(node_is_any(value, data) || node_is(value, "class_declaration") ||
             node_is(value, "abstract_class_declaration") || node_is(value, "enum_declaration"));
}

bool overlay_allowed(const struct k6_script *s) {
    if (!ts_node_is_null(s->names.export_all))
        return false;
    for (size_t i = 0; i < s->names.exports; i++)
        if (may_run(s, &s->names.export_[i]))
            return false;
    return true;
}

/* --- reading --- */

static const char *const shortcuts[] = {"vus", "duration", "stages", "iterations", NULL};

/* Does the object unset every shortcut, so that its scenarios are what runs? */
static bool covers(const struct js_list *l) {
    const struct member *scenarios = js_member(l, "scenarios");
    bool plain = scenarios && node_is(scenarios->value, "object");
    for (size_t i = 0; i < l->len; i++)
        plain = plain && l->item[i].kind == MEMBER_PAIR;
    for (const char *const *key = shortcuts; *key; key++) {
        const struct member *m = js_member(l, *key);
        plain = plain && m && node_is(m->value, "null");
    }
    return plain;
}

bool overlay_find(const struct syntax *js, TSNode value, TSNode *computed,
                  struct js_list *laid_over) {
    struct nodes args = {0};
    if (!node_is(value, "call_expression") ||
        !node_text_is(js, node_field(value, "function"), "Object.assign"))
        return false;
    js_children(node_field(value, "arguments"), &args);
    bool found = args.len == 3 && node_is(args.item[0], "object") &&
                 ts_node_named_child_count(args.item[0]) == 0 && node_is(args.item[2], "object");
    if (found) {
        *computed = args.item[1];
        js_list_open(js, args.item[2], laid_over);
        found = covers(laid_over);
        if (!found)
            js_list_close(laid_over);
    }
    nodes_fini(&args);
    return found;
}

/* --- writing --- */

void overlay_insert(const struct k6_script *s, const struct style *st, const struct wanted *w,
                    struct edits *out) {
    struct place place = {.style = st};
    style_indent(&s->js, node_start(s->computed), place.indent);
    struct place inside = place_inside(&place);
    struct buf text;
    buf_init(&text, SCRIPT_TEXT_MAX);
    buf_str(&text, ", ");
    put_open(&text, '{');
    for (const char *const *key = shortcuts; *key; key++) {
        put_next(&text, &inside, key == shortcuts);
        buf_printf(&text, "%s: null", *key);
    }
    put_next(&text, &inside, false);
    put_scenarios(&text, &inside, w);
    put_close(&text, &place, '}');
    buf_char(&text, ')');
    bool shorthand = node_is(s->computed, "shorthand_property_identifier"); /* { options } */
    edits_add(out, node_start(s->computed), node_start(s->computed),
              shorthand ? "options: Object.assign({}, " : "Object.assign({}, ");
    edits_add(out, node_end(s->computed), node_end(s->computed), text.data);
    buf_fini(&text);
}

void overlay_remark(const struct k6_script *s, struct findings *out) {
    if (ts_node_is_null(s->computed) || s->overlay)
        return;
    struct finding *it = findings_add(
        out, FINDING_WARNING, "overlay",
        "options are computed at run time: the new load is laid over them. env and tags of their "
        "scenarios are lost; their thresholds stay, and so does a cap (rps, "
        "minIterationDuration).");
    it->line = node_line(s->computed);
    snprintf(it->file, sizeof it->file, "%s", s->js.file);
}

#include "tools/k6/js.h"

#include <string.h>

#include "base/text.h"

static bool is_type_kind(const char *kind) {
    static const char *const words[] = {
        "interface_declaration", "ambient_declaration",       "function_signature",
        "method_signature",      "abstract_method_signature", "index_signature",
        "index_type_query",      "implements_clause",         "accessibility_modifier",
        "override_modifier",     "nested_type_identifier",    NULL};
    return name_is_any(kind, words) || text_ends(kind, "_type") || text_ends(kind, "_annotation") ||
           (text_starts(kind, "type_") && strcmp(kind, "type_assertion") != 0);
}

bool js_is_type(TSNode n) {
    return !ts_node_is_null(n) && ts_tree_language(n.tree) == tree_sitter_typescript() &&
           is_type_kind(ts_node_type(n));
}

bool js_is_typescript(const struct syntax *js) {
    return ts_tree_language(js->tree) == tree_sitter_typescript();
}

bool js_open(struct syntax *js, const char *text, size_t len, const char *file, struct err *e) {
    const TSLanguage *language =
        text_ends(file, ".ts") ? tree_sitter_typescript() : tree_sitter_javascript();
    bool ok =
        syntax_open(js, language, text, len, file, "k6 cannot parse this. Nothing was changed", e);
    if (!ok || !js_is_typescript(js))
        return ok;
    for (uint32_t kind = 0; kind < ts_language_symbol_count(language) && kind < SYNTAX_KINDS_MAX;
         kind++)
        js->no_code[kind] = is_type_kind(ts_language_symbol_name(language, (TSSymbol)kind));
    return true;
}

bool js_is_function(TSNode n) {
    static const char *const types[] = {"arrow_function",
                                        "function_expression",
                                        "function_declaration",
                                        "generator_function",
                                        "generator_function_declaration",
                                        "method_definition",
                                        NULL};
    return node_is_any(n, types);
}

bool js_is_wrapper(TSNode n) {
    static const char *const kinds[] = {"parenthesized_expression", "as_expression",
                                        "satisfies_expression",     "non_null_expression",
                                        "type_assertion",           NULL};
    return node_is_any(n, kinds);
}

TSNode js_unwrap(TSNode n) {
    for (int i = 0; i < JS_DEPTH_MAX && js_is_wrapper(n); i++) {
        struct nodes inside = {0};
        js_children(n, &inside);
        TSNode only = inside.len == 1 ? inside.item[0] : (TSNode){0};
        nodes_fini(&inside);
        if (ts_node_is_null(only))
            return n;
        n = only;
    }
    return n;
}

/* The character of an escape with one letter; 0 for the others, which no option needs. */
static char escaped(char c) {
    static const char from[] = "nrtbfv0\\'\"`/$", to[] = "\n\r\t\b\f\v\0\\'\"`/$";
    const char *at = c ? strchr(from, c) : NULL;
    return at ? to[at - from] : '\0';
}

bool js_string(const struct syntax *js, TSNode n, char *out, size_t size) {
    bool template = node_is(n, "template_string");
    if ((!template && !node_is(n, "string")) || node_size(n) < 2)
        return false;
    const char *from = js->text + node_start(n) + 1, *to = js->text + node_end(n) - 1;
    size_t len = 0;
    for (; from < to; from++) {
        char c = *from;
        if (template && c == '$' && from + 1 < to && from[1] == '{')
            return false;
        if (c == '\\' && (++from == to || !(c = escaped(*from))))
            return false;
        if (len + 1 >= size)
            return false;
        out[len++] = c;
    }
    out[len] = '\0';
    return true;
}

void js_children(TSNode n, struct nodes *out) {
    size_t kept = out->len;
    node_children(n, out);
    if (ts_node_is_null(n) || ts_tree_language(n.tree) != tree_sitter_typescript())
        return;
    for (size_t i = kept; i < out->len; i++)
        if (!is_type_kind(ts_node_type(out->item[i])))
            out->item[kept++] = out->item[i];
    out->len = kept;
}

bool js_walk(const struct syntax *js, TSNode n, const struct js_visit *v) {
    TSTreeCursor c = ts_tree_cursor_new(n);
    bool go_on = true;
    for (int depth = 0; go_on && depth >= 0;) {
        TSNode at = ts_tree_cursor_current_node(&c);
        bool down = ts_node_is_named(at); /* the others are single words */
        TSSymbol kind = ts_node_symbol(at);
        if (kind < SYNTAX_KINDS_MAX && js->no_code[kind])
            down = false;
        else if (down)
            go_on = v->see(js, at, &down, v->self);
        if (go_on && down && ts_tree_cursor_goto_first_child(&c)) {
            depth++;
            continue;
        }
        while (depth > 0 && !ts_tree_cursor_goto_next_sibling(&c)) {
            ts_tree_cursor_goto_parent(&c);
            depth--;
        }
        if (depth == 0)
            break;
    }
    ts_tree_cursor_delete(&c);
    return go_on;
}

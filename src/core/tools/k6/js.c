#include "tools/k6/js.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/text.h"
#include "tools/syntax_memory.h"
#include "tools/tool.h"

const TSLanguage *tree_sitter_javascript(void);
const TSLanguage *tree_sitter_typescript(void);

enum { PARSE_MOST_MICROSECONDS = 5 * 1000 * 1000 };

TSTree *js_parse(const char *text, size_t len, bool typescript) {
    syntax_memory_begin();
    TSParser *p = ts_parser_new();
    TSTree *tree = NULL;
    ts_parser_set_timeout_micros(p, PARSE_MOST_MICROSECONDS);
    if (ts_parser_set_language(p, typescript ? tree_sitter_typescript() : tree_sitter_javascript()))
        tree = ts_parser_parse_string(p, NULL, text, (uint32_t)len);
    ts_parser_delete(p);
    if (!tree)
        syntax_memory_end();
    return tree;
}

void js_drop(TSTree *tree) {
    ts_tree_delete(tree);
    syntax_memory_end();
}

long js_line(TSNode n) { return (long)ts_node_start_point(n).row + 1; }

long js_line_at(const struct js *js, size_t at) {
    long line = 1;
    for (size_t i = 0; i < at && i < js->len; i++)
        line += js->text[i] == '\n';
    return line;
}

bool js_refuse(const struct js *js, size_t at, struct err *e, const char *fmt, ...) {
    char text[512];
    va_list ap;
    va_start(ap, fmt);
    vsnprintf(text, sizeof text, fmt, ap);
    va_end(ap);
    err_set(e, ERR_REFUSED, "%s", text);
    return err_at(e, js->file, js_line_at(js, at));
}

/* The line of the deepest node that the parser could not place: a missing bracket makes an error
 * node of the whole file, and line 1 would help nobody. */
static long error_line(TSNode root) {
    TSNode n = root;
    for (int depth = 0; depth < JS_DEPTH_MAX * 10; depth++) {
        TSTreeCursor c = ts_tree_cursor_new(n);
        TSNode inner = {0};
        for (bool more = ts_tree_cursor_goto_first_child(&c); more;
             more = ts_tree_cursor_goto_next_sibling(&c)) {
            TSNode child = ts_tree_cursor_current_node(&c);
            if (ts_node_has_error(child) || ts_node_is_missing(child)) {
                inner = child;
                break;
            }
        }
        ts_tree_cursor_delete(&c);
        if (ts_node_is_null(inner))
            break;
        n = inner;
    }
    return js_line(n);
}

static bool is_type_kind(const char *kind) {
    static const char *const words[] = {
        "interface_declaration", "ambient_declaration",       "function_signature",
        "method_signature",      "abstract_method_signature", "index_signature",
        "index_type_query",      "implements_clause",         "accessibility_modifier",
        "override_modifier",     "nested_type_identifier",    NULL};
    for (const char *const *word = words; *word; word++)
        if (strcmp(kind, *word) == 0)
            return true;
    return text_ends(kind, "_type") || text_ends(kind, "_annotation") ||
           (text_starts(kind, "type_") && strcmp(kind, "type_assertion") != 0);
}

bool js_is_type(TSNode n) {
    return !ts_node_is_null(n) && ts_tree_language(n.tree) == tree_sitter_typescript() &&
           is_type_kind(ts_node_type(n));
}

static void find_type_kinds(struct js *js) {
    const TSLanguage *language = ts_tree_language(js->tree);
    if (!js->typescript)
        return;
    for (uint32_t kind = 0; kind < ts_language_symbol_count(language) && kind < JS_KINDS_MAX;
         kind++)
        js->type_kind[kind] = is_type_kind(ts_language_symbol_name(language, (TSSymbol)kind));
}

bool js_open(struct js *js, const char *text, size_t len, const char *file, struct err *e) {
    *js = (struct js){.text = text, .len = len, .file = file, .typescript = text_ends(file, ".ts")};
    if (len > SYNTAX_MAX_BYTES) {
        err_set(e, ERR_LIMIT, "the script is larger than %d MB", SYNTAX_MAX_BYTES >> 20);
        return err_at(e, file, 0);
    }
    js->tree = js_parse(text, len, js->typescript);
    if (!js->tree) {
        err_set(e, ERR_LIMIT, "the script takes too long to parse");
        return err_at(e, file, 0);
    }
    js->root = ts_tree_root_node(js->tree);
    find_type_kinds(js);
    if (!ts_node_has_error(js->root))
        return true;
    err_set(e, ERR_REFUSED, "k6 cannot parse this. Nothing was changed");
    return err_at(e, file, error_line(js->root));
}

void js_close(struct js *js) {
    if (js->tree)
        js_drop(js->tree);
    *js = (struct js){0};
}

bool js_is(TSNode n, const char *type) {
    return !ts_node_is_null(n) && strcmp(ts_node_type(n), type) == 0;
}

bool js_is_any(TSNode n, const char *const *types) {
    for (; *types; types++)
        if (js_is(n, *types))
            return true;
    return false;
}

bool js_is_function(TSNode n) {
    static const char *const types[] = {"arrow_function",
                                        "function_expression",
                                        "function_declaration",
                                        "generator_function",
                                        "generator_function_declaration",
                                        "method_definition",
                                        NULL};
    return js_is_any(n, types);
}

bool js_text_is(const struct js *js, TSNode n, const char *text) {
    return !ts_node_is_null(n) && js_size(n) == strlen(text) &&
           memcmp(js->text + js_start(n), text, js_size(n)) == 0;
}

TSNode js_field(TSNode n, const char *name) {
    if (ts_node_is_null(n))
        return n;
    return ts_node_child_by_field_name(n, name, (uint32_t)strlen(name));
}

bool js_is_wrapper(TSNode n) {
    static const char *const kinds[] = {"parenthesized_expression", "as_expression",
                                        "satisfies_expression",     "non_null_expression",
                                        "type_assertion",           NULL};
    return js_is_any(n, kinds);
}

TSNode js_unwrap(TSNode n) {
    for (int i = 0; i < JS_DEPTH_MAX && js_is_wrapper(n); i++) {
        struct js_nodes inside = {0};
        js_children(n, &inside);
        TSNode only = inside.len == 1 ? inside.item[0] : (TSNode){0};
        js_nodes_fini(&inside);
        if (ts_node_is_null(only))
            return n;
        n = only;
    }
    return n;
}

char *js_copy(const struct js *js, TSNode n, char *out, size_t size) {
    size_t len = ts_node_is_null(n) ? 0 : js_size(n);
    if (len >= size)
        len = size - 1;
    memcpy(out, js->text + (len ? js_start(n) : 0), len);
    out[len] = '\0';
    return out;
}

/* The character of an escape with one letter; 0 for the others, which no option needs. */
static char escaped(char c) {
    static const char from[] = "nrtbfv0\\'\"`/$", to[] = "\n\r\t\b\f\v\0\\'\"`/$";
    const char *at = c ? strchr(from, c) : NULL;
    return at ? to[at - from] : '\0';
}

bool js_string(const struct js *js, TSNode n, char *out, size_t size) {
    bool template = js_is(n, "template_string");
    if ((!template && !js_is(n, "string")) || js_size(n) < 2)
        return false;
    const char *from = js->text + js_start(n) + 1, *to = js->text + js_end(n) - 1;
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

void js_nodes_add(struct js_nodes *n, TSNode node) {
    n->item = mem_grow(n->item, n->len, &n->cap, sizeof *n->item);
    n->item[n->len++] = node;
}

void js_nodes_fini(struct js_nodes *n) {
    free(n->item);
    *n = (struct js_nodes){0};
}

void js_children(TSNode n, struct js_nodes *out) {
    TSTreeCursor c = ts_tree_cursor_new(n);
    for (bool more = ts_tree_cursor_goto_first_child(&c); more;
         more = ts_tree_cursor_goto_next_sibling(&c)) {
        TSNode child = ts_tree_cursor_current_node(&c);
        if (ts_node_is_named(child) && !js_is(child, "comment") && !js_is_type(child))
            js_nodes_add(out, child);
    }
    ts_tree_cursor_delete(&c);
}

bool js_walk(const struct js *js, TSNode n, const struct js_visit *v) {
    TSTreeCursor c = ts_tree_cursor_new(n);
    bool go_on = true;
    for (int depth = 0; go_on && depth >= 0;) {
        TSNode at = ts_tree_cursor_current_node(&c);
        bool down = ts_node_is_named(at); /* the others are single words */
        TSSymbol kind = ts_node_symbol(at);
        if (kind < JS_KINDS_MAX && js->type_kind[kind])
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

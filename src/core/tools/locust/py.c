#include "tools/locust/py.h"

#include <string.h>

bool py_open(struct syntax *py, const char *text, size_t len, const char *file, struct err *e) {
    return syntax_open(py, tree_sitter_python(), text, len, file,
                       "not valid Python; nothing was changed", e);
}

TSNode py_unwrap(TSNode n) {
    for (int i = 0; i < PY_DEPTH_MAX && node_is(n, "parenthesized_expression"); i++) {
        TSNode only = node_child(n, 0);
        if (ts_node_is_null(only))
            return n;
        n = only;
    }
    return n;
}

TSNode py_definition(TSNode n) {
    return node_is(n, "decorated_definition") ? node_field(n, "definition") : n;
}

bool py_string(const struct syntax *py, TSNode n, char *out, size_t size) {
    static const char quotes[] = "'\"";
    if (!node_is(n, "string") || size == 0)
        return false;
    const char *from = py->text + node_start(n), *end = py->text + node_end(n);
    while (from < end && !strchr(quotes, *from))
        from++;
    bool triple = end - from >= 6 && from[1] == from[0] && from[2] == from[0];
    size_t edge = triple ? 3 : 1;
    if ((size_t)(end - from) < 2 * edge || (size_t)(end - from) - 2 * edge >= size)
        return false;
    TSTreeCursor c = ts_tree_cursor_new(n);
    bool plain = true;
    for (bool more = ts_tree_cursor_goto_first_child(&c); more;
         more = ts_tree_cursor_goto_next_sibling(&c))
        plain = plain && !node_is(ts_tree_cursor_current_node(&c), "interpolation");
    ts_tree_cursor_delete(&c);
    size_t len = (size_t)(end - from) - 2 * edge;
    memcpy(out, from + edge, len);
    out[len] = '\0';
    return plain;
}

TSNode py_argument_of(const struct syntax *py, const struct nodes *args, const char *name,
                      int position) {
    TSNode found = {0};
    int at = 0;
    for (size_t i = 0; i < args->len; i++) {
        TSNode a = args->item[i];
        bool keyword = node_is(a, "keyword_argument");
        if (keyword && node_text_is(py, node_field(a, "name"), name))
            return node_field(a, "value");
        if (!keyword && at++ == position)
            found = a;
    }
    return found;
}

TSNode py_argument(const struct syntax *py, TSNode call, const char *name, int position) {
    struct nodes args = {0};
    node_children(node_field(call, "arguments"), &args);
    TSNode found = py_argument_of(py, &args, name, position);
    nodes_fini(&args);
    return found;
}

#include "tools/locust/py.h"

#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "tools/syntax_memory.h"
#include "tools/tool.h"

const TSLanguage *tree_sitter_python(void);

enum { PARSE_MOST_MICROSECONDS = 5 * 1000 * 1000, ERROR_DEPTH_MAX = 4000, COUNTED_OFF_MAX = 6 };

TSTree *py_parse(const char *text, size_t len) {
    syntax_memory_begin();
    TSParser *p = ts_parser_new();
    TSTree *tree = NULL;
    ts_parser_set_timeout_micros(p, PARSE_MOST_MICROSECONDS);
    if (ts_parser_set_language(p, tree_sitter_python()))
        tree = ts_parser_parse_string(p, NULL, text, (uint32_t)len);
    ts_parser_delete(p);
    if (!tree)
        syntax_memory_end();
    return tree;
}

void py_drop(TSTree *tree) {
    ts_tree_delete(tree);
    syntax_memory_end();
}

bool py_refuse(const struct py *py, TSNode at, struct err *e, const char *fmt, ...) {
    char text[512];
    va_list ap;
    va_start(ap, fmt);
    vsnprintf(text, sizeof text, fmt, ap);
    va_end(ap);
    err_set(e, ERR_REFUSED, "%s", text);
    return err_at(e, py->file, py_line(at));
}

/* The line of the deepest node that the parser could not place: a missing bracket makes an error
 * node of the whole file, and line 1 would help nobody. */
static long error_line(TSNode root) {
    TSNode n = root;
    for (int depth = 0; depth < ERROR_DEPTH_MAX; depth++) {
        TSTreeCursor c = ts_tree_cursor_new(n);
        TSNode inner = {0};
        for (bool more = ts_tree_cursor_goto_first_child(&c); more && ts_node_is_null(inner);
             more = ts_tree_cursor_goto_next_sibling(&c)) {
            TSNode child = ts_tree_cursor_current_node(&c);
            if (ts_node_has_error(child) || ts_node_is_missing(child))
                inner = child;
        }
        ts_tree_cursor_delete(&c);
        if (ts_node_is_null(inner))
            break;
        n = inner;
    }
    return py_line(n);
}

bool py_open(struct py *py, const char *text, size_t len, const char *file, struct err *e) {
    *py = (struct py){.text = text, .len = len, .file = file};
    if (len > SYNTAX_MAX_BYTES) {
        err_set(e, ERR_LIMIT, "the script is larger than %d MB", SYNTAX_MAX_BYTES >> 20);
        return err_at(e, file, 0);
    }
    py->tree = py_parse(text, len);
    if (!py->tree) {
        err_set(e, ERR_LIMIT, "the script takes too long to parse");
        return err_at(e, file, 0);
    }
    py->root = ts_tree_root_node(py->tree);
    if (!ts_node_has_error(py->root))
        return true;
    err_set(e, ERR_REFUSED, "not valid Python; nothing was changed");
    return err_at(e, file, error_line(py->root));
}

void py_close(struct py *py) {
    if (py->tree)
        py_drop(py->tree);
    *py = (struct py){0};
}

bool py_is(TSNode n, const char *type) {
    return !ts_node_is_null(n) && strcmp(ts_node_type(n), type) == 0;
}

bool py_is_any(TSNode n, const char *const *types) {
    return !ts_node_is_null(n) && py_one_of(ts_node_type(n), types);
}

bool py_one_of(const char *name, const char *const *names) {
    for (; *names; names++)
        if (strcmp(name, *names) == 0)
            return true;
    return false;
}

bool py_text_is(const struct py *py, TSNode n, const char *text) {
    return !ts_node_is_null(n) && py_size(n) == strlen(text) &&
           memcmp(py->text + py_start(n), text, py_size(n)) == 0;
}

bool py_same(const struct py *a, TSNode n, const struct py *b, TSNode m) {
    return !ts_node_is_null(n) && !ts_node_is_null(m) && py_size(n) == py_size(m) &&
           memcmp(a->text + py_start(n), b->text + py_start(m), py_size(n)) == 0;
}

/* The library compares a name with all that the grammar has. The names here are literals, so one
 * look at the address is enough after the first time. */
static TSFieldId field_id(const char *name) {
    static _Thread_local struct {
        const char *name;
        TSFieldId id;
    } seen[64];
    size_t at = ((uintptr_t)name >> 2) % (sizeof seen / sizeof *seen);
    if (seen[at].name != name) {
        seen[at].name = name;
        seen[at].id =
            ts_language_field_id_for_name(tree_sitter_python(), name, (uint32_t)strlen(name));
    }
    return seen[at].id;
}

TSNode py_field(TSNode n, const char *name) {
    return ts_node_is_null(n) ? n : ts_node_child_by_field_id(n, field_id(name));
}

TSNode py_child(TSNode n, uint32_t i) { return ts_node_is_null(n) ? n : ts_node_named_child(n, i); }

TSNode py_unwrap(TSNode n) {
    for (int i = 0; i < PY_DEPTH_MAX && py_is(n, "parenthesized_expression"); i++) {
        TSNode only = py_child(n, 0);
        if (ts_node_is_null(only))
            return n;
        n = only;
    }
    return n;
}

TSNode py_definition(TSNode n) {
    return py_is(n, "decorated_definition") ? py_field(n, "definition") : n;
}

char *py_copy(const struct py *py, TSNode n, char *out, size_t size) {
    size_t len = ts_node_is_null(n) ? 0 : py_size(n);
    if (len >= size)
        len = size - 1;
    memcpy(out, py->text + (len ? py_start(n) : 0), len);
    out[len] = '\0';
    return out;
}

bool py_string(const struct py *py, TSNode n, char *out, size_t size) {
    static const char quotes[] = "'\"";
    if (!py_is(n, "string") || size == 0)
        return false;
    const char *from = py->text + py_start(n), *end = py->text + py_end(n);
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
        plain = plain && !py_is(ts_tree_cursor_current_node(&c), "interpolation");
    ts_tree_cursor_delete(&c);
    size_t len = (size_t)(end - from) - 2 * edge;
    memcpy(out, from + edge, len);
    out[len] = '\0';
    return plain;
}

void py_nodes_add(struct py_nodes *n, TSNode node) {
    n->item = mem_grow(n->item, n->len, &n->cap, sizeof *n->item);
    n->item[n->len++] = node;
}

void py_nodes_fini(struct py_nodes *n) {
    free(n->item);
    *n = (struct py_nodes){0};
}

static void add_child(TSNode child, struct py_nodes *out) {
    if (ts_node_is_named(child) && !py_is(child, "comment"))
        py_nodes_add(out, child);
}

/* A cursor takes memory, a child's number takes a walk past those before it: few children are
 * counted off. */
void py_children(TSNode n, struct py_nodes *out) {
    uint32_t count = ts_node_is_null(n) ? 0 : ts_node_child_count(n);
    if (count <= COUNTED_OFF_MAX) {
        for (uint32_t i = 0; i < count; i++)
            add_child(ts_node_child(n, i), out);
        return;
    }
    TSTreeCursor c = ts_tree_cursor_new(n);
    for (bool more = ts_tree_cursor_goto_first_child(&c); more;
         more = ts_tree_cursor_goto_next_sibling(&c))
        add_child(ts_tree_cursor_current_node(&c), out);
    ts_tree_cursor_delete(&c);
}

TSNode py_argument_of(const struct py *py, const struct py_nodes *args, const char *name,
                      int position) {
    TSNode found = {0};
    int at = 0;
    for (size_t i = 0; i < args->len; i++) {
        TSNode a = args->item[i];
        bool keyword = py_is(a, "keyword_argument");
        if (keyword && py_text_is(py, py_field(a, "name"), name))
            return py_field(a, "value");
        if (!keyword && at++ == position)
            found = a;
    }
    return found;
}

TSNode py_argument(const struct py *py, TSNode call, const char *name, int position) {
    struct py_nodes args = {0};
    py_children(py_field(call, "arguments"), &args);
    TSNode found = py_argument_of(py, &args, name, position);
    py_nodes_fini(&args);
    return found;
}

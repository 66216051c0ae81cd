#include <ctype.h>
#include <string.h>

#include "base/mem.h"
#include "tools/locust/py.h"
#include "tools/locust/script.h"
#include "tools/syntax_memory.h"

static void add(struct code_spans *out, TSNode n, enum code_kind kind) {
    if (py_size(n) == 0)
        return;
    struct code_span *last = out->len ? &out->item[out->len - 1] : NULL;
    if (last && last->kind == kind && last->end == py_start(n)) {
        last->end = py_end(n);
        return;
    }
    out->item = mem_grow(out->item, out->len, &out->cap, sizeof *out->item);
    out->item[out->len++] = (struct code_span){py_start(n), py_end(n), kind};
}

/* Nodes whose inside has one colour. */
static enum code_kind kind_of_whole(TSNode n) {
    static const char *const strings[] = {"string_start", "string_content", "string_end", NULL};
    if (py_is(n, "comment"))
        return CODE_COMMENT;
    return py_is_any(n, strings) ? CODE_STRING : CODE_PLAIN;
}

/* Keywords are nodes without a name that are written in letters. */
static bool is_keyword(TSNode n) {
    static const char *const named[] = {"true", "false", "none", NULL};
    return ts_node_is_named(n) ? py_is_any(n, named)
                               : isalpha((unsigned char)ts_node_type(n)[0]) != 0;
}

void locust_colour(const char *text, size_t len, struct code_spans *out) {
    *out = (struct code_spans){0};
    TSTree *tree = len <= SYNTAX_MAX_BYTES ? py_parse(text, len) : NULL;
    if (!tree)
        return;
    TSTreeCursor c = ts_tree_cursor_new(ts_tree_root_node(tree));
    for (bool more = true; more;) {
        TSNode n = ts_tree_cursor_current_node(&c);
        enum code_kind kind = kind_of_whole(n);
        if (kind != CODE_PLAIN)
            add(out, n, kind);
        else if (ts_tree_cursor_goto_first_child(&c))
            continue;
        else if (is_keyword(n))
            add(out, n, CODE_KEYWORD);
        while (more && !ts_tree_cursor_goto_next_sibling(&c))
            more = ts_tree_cursor_goto_parent(&c);
    }
    ts_tree_cursor_delete(&c);
    py_drop(tree);
}

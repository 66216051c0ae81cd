#include <ctype.h>

#include "base/mem.h"
#include "tools/syntax.h"

static void add(struct code_spans *out, TSNode n, enum code_kind kind) {
    if (node_size(n) == 0)
        return;
    struct code_span *last = out->len ? &out->item[out->len - 1] : NULL;
    if (last && last->kind == kind && last->end == node_start(n)) {
        last->end = node_end(n);
        return;
    }
    out->item = mem_grow(out->item, out->len, &out->cap, sizeof *out->item);
    out->item[out->len++] =
        (struct code_span){.start = node_start(n), .end = node_end(n), .kind = kind};
}

static enum code_kind kind_of(TSNode n, const struct node_colour *rows) {
    for (; rows->type; rows++)
        if (ts_node_is_named(n) == rows->named && node_is(n, rows->type))
            return rows->kind;
    return CODE_PLAIN;
}

static bool is_keyword(TSNode n) {
    return !ts_node_is_named(n) && isalpha((unsigned char)ts_node_type(n)[0]);
}

void syntax_colour(const TSTree *tree, const struct node_colour *rows, struct code_spans *out) {
    TSTreeCursor c = ts_tree_cursor_new(ts_tree_root_node(tree));
    for (bool more = true; more;) {
        TSNode n = ts_tree_cursor_current_node(&c);
        enum code_kind kind = kind_of(n, rows);
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
}

#include <ctype.h>
#include <string.h>

#include "base/mem.h"
#include "tools/k6/js.h"
#include "tools/k6/k6_script.h"
#include "tools/syntax_memory.h"

static void add(struct code_spans *out, TSNode n, enum code_kind kind) {
    if (js_size(n) == 0)
        return;
    struct code_span *last = out->len ? &out->item[out->len - 1] : NULL;
    if (last && last->kind == kind && last->end == js_start(n)) {
        last->end = js_end(n);
        return;
    }
    out->item = mem_grow(out->item, out->len, &out->cap, sizeof *out->item);
    out->item[out->len++] =
        (struct code_span){.start = js_start(n), .end = js_end(n), .kind = kind};
}

/* Nodes whose inside has one colour. "string" without a name is a type of TypeScript. */
static enum code_kind kind_of_whole(TSNode n) {
    static const char *const strings[] = {"string", "regex", "string_fragment", "escape_sequence",
                                          NULL};
    static const char *const comments[] = {"comment", "hash_bang_line", "html_comment", NULL};
    if (js_is_any(n, comments))
        return CODE_COMMENT;
    bool string = ts_node_is_named(n) ? js_is_any(n, strings) : js_is(n, "`");
    return string ? CODE_STRING : CODE_PLAIN;
}

/* Keywords are nodes without a name that are written in letters. */
static bool is_keyword(TSNode n) {
    static const char *const named[] = {"true", "false", "null", "undefined",
                                        "this", "super", NULL};
    return ts_node_is_named(n) ? js_is_any(n, named)
                               : isalpha((unsigned char)ts_node_type(n)[0]) != 0;
}

/* A text in either language: TypeScript is what is no JavaScript. */
static TSTree *parse_any(const char *text, size_t len) {
    TSTree *tree = js_parse(text, len, false);
    if (!tree || !ts_node_has_error(ts_tree_root_node(tree)))
        return tree;
    TSTree *typed = js_parse(text, len, true);
    bool better = typed && !ts_node_has_error(ts_tree_root_node(typed));
    if (typed)
        js_drop(better ? tree : typed);
    return better ? typed : tree;
}

void k6_colour(const char *text, size_t len, struct code_spans *out) {
    *out = (struct code_spans){0};
    TSTree *tree = len <= SYNTAX_MAX_BYTES ? parse_any(text, len) : NULL;
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
    js_drop(tree);
}

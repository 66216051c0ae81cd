#include "tools/syntax.h"

#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "tools/syntax_memory.h"

enum { PARSE_MOST_MICROSECONDS = 5 * 1000 * 1000, ERROR_DEPTH_MAX = 4000, COUNTED_OFF_MAX = 6 };

/* --- trees --- */

TSTree *syntax_parse(const TSLanguage *language, const char *text, size_t len) {
    if (len > SYNTAX_MAX_BYTES)
        return NULL;
    syntax_memory_begin();
    TSParser *p = ts_parser_new();
    TSTree *tree = NULL;
    ts_parser_set_timeout_micros(p, PARSE_MOST_MICROSECONDS);
    if (ts_parser_set_language(p, language))
        tree = ts_parser_parse_string(p, NULL, text, (uint32_t)len);
    ts_parser_delete(p);
    if (!tree)
        syntax_memory_end();
    return tree;
}

void syntax_drop(TSTree *tree) {
    ts_tree_delete(tree);
    syntax_memory_end();
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
    return node_line(n);
}

bool syntax_open(struct syntax *s, const TSLanguage *language, const char *text, size_t len,
                 const char *file, const char *broken, struct err *e) {
    *s = (struct syntax){.text = text, .len = len, .file = file};
    if (len > SYNTAX_MAX_BYTES) {
        err_set(e, ERR_LIMIT, "the script is larger than %d MB", SYNTAX_MAX_BYTES >> 20);
        return err_at(e, file, 0);
    }
    s->tree = syntax_parse(language, text, len);
    if (!s->tree) {
        err_set(e, ERR_LIMIT, "the script takes too long to parse");
        return err_at(e, file, 0);
    }
    s->root = ts_tree_root_node(s->tree);
    if (!ts_node_has_error(s->root))
        return true;
    err_set(e, ERR_REFUSED, "%s", broken);
    return err_at(e, file, error_line(s->root));
}

void syntax_close(struct syntax *s) {
    if (s->tree)
        syntax_drop(s->tree);
    *s = (struct syntax){0};
}

long syntax_line_at(const struct syntax *s, size_t at) {
    long line = 1;
    for (size_t i = 0; i < at && i < s->len; i++)
        line += s->text[i] == '\n';
    return line;
}

bool syntax_refuse(const struct syntax *s, size_t at, struct err *e, const char *fmt, ...) {
    char text[512];
    va_list ap;
    va_start(ap, fmt);
    vsnprintf(text, sizeof text, fmt, ap);
    va_end(ap);
    err_set(e, ERR_REFUSED, "%s", text);
    return err_at(e, s->file, syntax_line_at(s, at));
}

/* --- nodes --- */

bool name_is_any(const char *name, const char *const *names) {
    for (; *names; names++)
        if (strcmp(name, *names) == 0)
            return true;
    return false;
}

bool node_is(TSNode n, const char *type) {
    return !ts_node_is_null(n) && strcmp(ts_node_type(n), type) == 0;
}

bool node_is_any(TSNode n, const char *const *types) {
    return !ts_node_is_null(n) && name_is_any(ts_node_type(n), types);
}

bool node_text_is(const struct syntax *s, TSNode n, const char *text) {
    return !ts_node_is_null(n) && node_size(n) == strlen(text) &&
           memcmp(s->text + node_start(n), text, node_size(n)) == 0;
}

bool node_same(const struct syntax *a, TSNode n, const struct syntax *b, TSNode m) {
    return !ts_node_is_null(n) && !ts_node_is_null(m) && node_size(n) == node_size(m) &&
           memcmp(a->text + node_start(n), b->text + node_start(m), node_size(n)) == 0;
}

/* The library compares a name with all that the grammar has. The names here are literals, so one
 * look at the address is enough after the first time. */
static TSFieldId field_id(const TSLanguage *language, const char *name) {
    static _Thread_local struct {
        const TSLanguage *language;
        const char *name;
        TSFieldId id;
    } seen[128];
    size_t at = ((uintptr_t)name >> 2) % (sizeof seen / sizeof *seen);
    if (seen[at].name != name || seen[at].language != language) {
        seen[at].language = language;
        seen[at].name = name;
        seen[at].id = ts_language_field_id_for_name(language, name, (uint32_t)strlen(name));
    }
    return seen[at].id;
}

TSNode node_field(TSNode n, const char *name) {
    if (ts_node_is_null(n))
        return n;
    return ts_node_child_by_field_id(n, field_id(ts_tree_language(n.tree), name));
}

TSNode node_child(TSNode n, uint32_t i) {
    return ts_node_is_null(n) ? n : ts_node_named_child(n, i);
}

char *node_copy(const struct syntax *s, TSNode n, char *out, size_t size) {
    size_t len = ts_node_is_null(n) ? 0 : node_size(n);
    if (len >= size)
        len = size - 1;
    memcpy(out, s->text + (len ? node_start(n) : 0), len);
    out[len] = '\0';
    return out;
}

void nodes_add(struct nodes *n, TSNode node) {
    n->item = mem_grow(n->item, n->len, &n->cap, sizeof *n->item);
    n->item[n->len++] = node;
}

void nodes_fini(struct nodes *n) {
    free(n->item);
    *n = (struct nodes){0};
}

static void add_child(TSNode child, struct nodes *out) {
    if (ts_node_is_named(child) && !node_is(child, "comment"))
        nodes_add(out, child);
}

/* A cursor takes memory, a child's number takes a walk past those before it: few children are
 * counted off. */
void node_children(TSNode n, struct nodes *out) {
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

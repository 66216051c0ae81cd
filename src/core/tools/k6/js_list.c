#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "tools/k6/js.h"

static void set_name(const struct syntax *js, struct member *m, TSNode key) {
    if (node_is(key, "string") && js_string(js, key, m->name, sizeof m->name))
        return;
    bool bare = node_is(key, "property_identifier") || node_is(key, "number") ||
                node_is(key, "shorthand_property_identifier");
    bool fits = bare && node_size(key) < sizeof m->name;
    bool escapes = fits && memchr(js->text + node_start(key), '\\', node_size(key));
    if (fits && !escapes) {
        node_copy(js, key, m->name, sizeof m->name);
        return;
    }
    m->name[0] = '\0';
    m->kind = MEMBER_COMPUTED;
}

static struct member member_of(const struct syntax *js, TSNode n, bool is_array) {
    struct member m = {.kind = MEMBER_PAIR, .node = n, .start = node_start(n), .end = node_end(n)};
    m.comma_end = m.end;
    if (node_is(n, "spread_element")) {
        m.kind = MEMBER_SPREAD;
    } else if (is_array) {
        m.value = n;
    } else if (node_is(n, "pair")) {
        m.value = js_unwrap(node_field(n, "value"));
        set_name(js, &m, node_field(n, "key"));
    } else if (node_is(n, "method_definition")) {
        m.kind = MEMBER_METHOD;
        set_name(js, &m, node_field(n, "name"));
    } else {
        m.kind = MEMBER_SHORTHAND;
        m.value = n;
        set_name(js, &m, n);
    }
    return m;
}

void js_list_open(const struct syntax *js, TSNode n, struct js_list *l) {
    *l = (struct js_list){
        .node = n, .start = node_start(n), .end = node_end(n), .is_array = node_is(n, "array")};
    TSTreeCursor c = ts_tree_cursor_new(n);
    for (bool more = ts_tree_cursor_goto_first_child(&c); more;
         more = ts_tree_cursor_goto_next_sibling(&c)) {
        TSNode child = ts_tree_cursor_current_node(&c);
        if (node_is(child, ",") && l->len) {
            l->item[l->len - 1].comma_end = node_end(child);
        } else if (ts_node_is_named(child) && !node_is(child, "comment")) {
            l->item = mem_grow(l->item, l->len, &l->cap, sizeof *l->item);
            l->item[l->len++] = member_of(js, child, l->is_array);
        }
    }
    ts_tree_cursor_delete(&c);
}

void js_list_close(struct js_list *l) {
    free(l->item);
    *l = (struct js_list){0};
}

const struct member *js_member(const struct js_list *l, const char *name) {
    for (size_t i = l->len; i > 0; i--)
        if (strcmp(l->item[i - 1].name, name) == 0)
            return &l->item[i - 1];
    return NULL;
}

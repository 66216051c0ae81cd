/* The bindings of a module: what its top level defines, imports and assigns. */
#include <string.h>

#include "base/mem.h"
#include "tools/locust/names.h"

enum { BLOCK_DEPTH_MAX = 40 };

static void scan_block(struct module *m, TSNode block, bool top, int depth);

/* --- names --- */

static uint32_t hash(const char *s, size_t len) {
    uint32_t h = 2166136261u;
    for (size_t i = 0; i < len; i++)
        h = (h ^ (unsigned char)s[i]) * 16777619u;
    return h;
}

static void index_binds(struct module *m) {
    m->buckets = 16;
    while (m->buckets < m->binds * 2)
        m->buckets *= 2;
    m->bucket = mem_new(m->buckets, sizeof *m->bucket);
    for (size_t i = 0; i < m->binds; i++) {
        struct bind *b = &m->bind[i];
        uint32_t *first = &m->bucket[hash(m->py.text + node_start(b->name), node_size(b->name)) &
                                     (m->buckets - 1)];
        b->next = *first;
        *first = (uint32_t)i + 1;
    }
}

static bool is_named(const struct module *m, const struct bind *b, const char *name, size_t len) {
    return node_size(b->name) == len && memcmp(m->py.text + node_start(b->name), name, len) == 0;
}

/* The last one at the top level; of a name that is only bound inside blocks, the first; else what a
 * function imports. */
const struct bind *py_module_bind(const struct module *m, const char *name, size_t len) {
    const struct bind *found = NULL, *local = NULL;
    for (uint32_t i = m->bucket[hash(name, len) & (m->buckets - 1)]; i; i = m->bind[i - 1].next) {
        const struct bind *b = &m->bind[i - 1];
        if (!is_named(m, b, name, len))
            continue;
        if (b->top)
            return b;
        if (b->local)
            local = b;
        else
            found = b;
    }
    return found ? found : local;
}

bool py_bind_is_only(const struct module *m, const struct bind *b) {
    const char *name = m->py.text + node_start(b->name);
    size_t len = node_size(b->name), count = 0;
    for (uint32_t i = m->bucket[hash(name, len) & (m->buckets - 1)]; i; i = m->bind[i - 1].next)
        count += !m->bind[i - 1].local && is_named(m, &m->bind[i - 1], name, len);
    return count <= 1;
}

static void add(struct module *m, struct bind b) {
    b.local = m->scanning_local;
    m->bind = mem_grow(m->bind, m->binds, &m->binds_cap, sizeof *m->bind);
    m->bind[m->binds++] = b;
}

/* --- imports --- */

static void scan_import(struct module *m, TSNode n, bool top) {
    struct nodes parts = {0};
    node_children(n, &parts);
    for (size_t i = 0; i < parts.len; i++) {
        TSNode part = parts.item[i];
        bool alias = node_is(part, "aliased_import");
        TSNode dotted = alias ? node_field(part, "name") : part;
        TSNode first = node_child(dotted, 0);
        add(m, (struct bind){.kind = BIND_MODULE,
                             .top = top,
                             .name = alias ? node_field(part, "alias") : first,
                             .node = alias ? dotted : first,
                             .whole = n});
    }
    nodes_fini(&parts);
}

static void scan_from(struct module *m, TSNode n, bool top) {
    TSNode from = node_field(n, "module_name");
    struct nodes parts = {0};
    node_children(n, &parts);
    for (size_t i = 0; i < parts.len; i++) {
        TSNode part = parts.item[i];
        if (ts_node_eq(part, from))
            continue;
        if (node_is(part, "wildcard_import")) {
            nodes_add(&m->wild, n);
            continue;
        }
        bool alias = node_is(part, "aliased_import");
        TSNode name = alias ? node_field(part, "name") : part;
        add(m, (struct bind){.kind = BIND_FROM,
                             .top = top,
                             .name = alias ? node_field(part, "alias") : name,
                             .node = from,
                             .part = name,
                             .whole = n});
    }
    nodes_fini(&parts);
}

/* --- assignments --- */

static void scan_targets(struct module *m, TSNode left, TSNode whole) {
    struct nodes names = {0};
    if (node_is(left, "identifier"))
        nodes_add(&names, left);
    else
        node_children(left, &names);
    for (size_t i = 0; i < names.len; i++)
        if (node_is(names.item[i], "identifier"))
            add(m, (struct bind){.kind = BIND_OTHER, .name = names.item[i], .whole = whole});
    nodes_fini(&names);
}

static void scan_target(struct module *m, TSNode left, TSNode value, TSNode whole, bool top) {
    if (node_is(left, "identifier")) {
        add(m, (struct bind){.kind = ts_node_is_null(value) ? BIND_OTHER : BIND_VALUE,
                             .top = top,
                             .name = left,
                             .node = value,
                             .whole = whole});
    } else if (node_is(left, "attribute") && !ts_node_is_null(value)) {
        m->attr = mem_grow(m->attr, m->attrs, &m->attrs_cap, sizeof *m->attr);
        m->attr[m->attrs++] = (struct attr_set){.top = top,
                                                .object = node_field(left, "object"),
                                                .name = node_field(left, "attribute"),
                                                .value = value};
    } else {
        scan_targets(m, left, whole);
    }
}

/* a = b = value: each name gets the value. A bare `x: int` binds nothing. */
static void scan_assignment(struct module *m, TSNode n, bool top) {
    TSNode value = n;
    for (int i = 0; i < BLOCK_DEPTH_MAX && node_is(value, "assignment"); i++)
        value = node_field(value, "right");
    if (ts_node_is_null(value) || node_is(value, "assignment"))
        return;
    for (TSNode a = n; node_is(a, "assignment"); a = node_field(a, "right"))
        scan_target(m, node_field(a, "left"), value, n, top);
}

static void scan_expression(struct module *m, TSNode n, bool top) {
    TSNode inside = node_child(n, 0);
    if (node_is(inside, "assignment"))
        scan_assignment(m, inside, top);
    else if (node_is(inside, "augmented_assignment")) {
        scan_target(m, node_field(inside, "left"), (TSNode){0}, inside, top);
        if (top && node_is(node_field(inside, "left"), "attribute"))
            nodes_add(&m->added, inside);
    }
}

/* --- statements --- */

static void scan_definition(struct module *m, TSNode n, bool top) {
    TSNode it = py_definition(n);
    bool class = node_is(it, "class_definition");
    TSNode name = node_field(it, "name");
    if (!ts_node_is_null(name))
        add(m, (struct bind){.kind = class ? BIND_CLASS : BIND_FUNCTION,
                             .top = top,
                             .name = name,
                             .node = it,
                             .whole = n});
}

/* if __name__ == "__main__": never runs under locust; if TYPE_CHECKING: runs nowhere. */
static bool never_runs(const struct module *m, TSNode n, bool *main) {
    char test[64];
    *main = false;
    if (!node_is(n, "if_statement"))
        return false;
    node_copy(&m->py, py_unwrap(node_field(n, "condition")), test, sizeof test);
    *main = strstr(test, "__name__") && strstr(test, "__main__") && strstr(test, "==");
    return *main || strcmp(test, "TYPE_CHECKING") == 0 || strcmp(test, "typing.TYPE_CHECKING") == 0;
}

static void scan_compound(struct module *m, TSNode n, int depth) {
    bool main, never = never_runs(m, n, &main);
    TSNode body = node_field(n, "consequence");
    if (main)
        nodes_add(&m->main, body);
    if (node_is(n, "for_statement"))
        scan_targets(m, node_field(n, "left"), n);
    struct nodes inside = {0};
    node_children(n, &inside);
    for (size_t i = 0; i < inside.len; i++) {
        TSNode part = inside.item[i];
        if (never && ts_node_eq(part, body))
            continue;
        if (node_is(part, "block"))
            scan_block(m, part, false, depth + 1);
        else if (strstr(ts_node_type(part), "_clause"))
            scan_compound(m, part, depth + 1);
    }
    nodes_fini(&inside);
}

static void scan_statement(struct module *m, TSNode n, bool top, int depth) {
    static const struct {
        const char *type;
        void (*scan)(struct module *m, TSNode n, bool top);
    } row[] = {
        {"expression_statement", scan_expression}, {"function_definition", scan_definition},
        {"class_definition", scan_definition},     {"decorated_definition", scan_definition},
        {"import_from_statement", scan_from},      {"import_statement", scan_import},
    };
    static const char *const compound[] = {"if_statement",
                                           "try_statement",
                                           "with_statement",
                                           "for_statement",
                                           "while_statement",
                                           "match_statement",
                                           NULL};
    for (size_t i = 0; i < sizeof row / sizeof *row; i++)
        if (node_is(n, row[i].type)) {
            row[i].scan(m, n, top);
            return;
        }
    if (depth < BLOCK_DEPTH_MAX && node_is_any(n, compound))
        scan_compound(m, n, depth);
}

static void scan_block(struct module *m, TSNode block, bool top, int depth) {
    struct nodes inside = {0};
    node_children(block, &inside);
    for (size_t i = 0; i < inside.len; i++)
        scan_statement(m, inside.item[i], top, depth);
    nodes_fini(&inside);
}

/* Does a line with an indent begin with an import? */
static bool has_indented_import(const struct syntax *py) {
    const char *end = py->text + py->len;
    for (const char *at = py->text; at < end; at++) {
        const char *line = at;
        while (at < end && (*at == ' ' || *at == '\t'))
            at++;
        size_t left = (size_t)(end - at);
        if (at > line && left > 7 && (memcmp(at, "import ", 7) == 0 || memcmp(at, "from ", 5) == 0))
            return true;
        at = memchr(at, '\n', left);
        if (!at)
            break;
    }
    return false;
}

/* Imports inside functions: names that are bound nowhere else. */
static void scan_local_imports(struct module *m) {
    static const char *const inside[] = {"identifier", "expression_statement", "parameters",
                                         "string",     "argument_list",        NULL};
    m->scanning_local = true;
    int functions = 0;
    TSTreeCursor c = ts_tree_cursor_new(m->py.root);
    for (bool more = true; more;) {
        TSNode n = ts_tree_cursor_current_node(&c);
        if (functions && node_is(n, "import_statement"))
            scan_import(m, n, false);
        else if (functions && node_is(n, "import_from_statement"))
            scan_from(m, n, false);
        bool function = node_is(n, "function_definition");
        if (ts_node_is_named(n) && !node_is_any(n, inside) && ts_tree_cursor_goto_first_child(&c)) {
            functions += function;
            continue;
        }
        while (more && !ts_tree_cursor_goto_next_sibling(&c)) {
            more = ts_tree_cursor_goto_parent(&c);
            functions -= more && node_is(ts_tree_cursor_current_node(&c), "function_definition");
        }
    }
    ts_tree_cursor_delete(&c);
    m->scanning_local = false;
}

void py_module_scan(struct module *m) {
    scan_block(m, m->py.root, true, 0);
    if (has_indented_import(&m->py))
        scan_local_imports(m);
    index_binds(m);
}

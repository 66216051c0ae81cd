#include "tools/locust/names.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/text.h"

enum { STEPS_MAX = 500 }; /* modules that import each other by * */

/* A name in the text of a module. */
struct span {
    const char *at;
    size_t len;
};

static struct span span_of(const struct module *m, TSNode n) {
    if (ts_node_is_null(n))
        return (struct span){"", 0};
    return (struct span){m->py.text + node_start(n), node_size(n)};
}

static bool span_is(struct span w, const char *name) {
    return strlen(name) == w.len && memcmp(name, w.at, w.len) == 0;
}

/* --- words --- */

static const char *keep(struct names *n, const char *text, size_t len) {
    for (size_t i = 0; i < n->words; i++)
        if (strlen(n->word[i]) == len && memcmp(n->word[i], text, len) == 0)
            return n->word[i];
    n->word = mem_grow(n->word, n->words, &n->words_cap, sizeof *n->word);
    return n->word[n->words++] = mem_strndup(text, len);
}

static const char *keep_node(struct names *n, const struct module *m, TSNode node) {
    return ts_node_is_null(node) ? "" : keep(n, m->py.text + node_start(node), node_size(node));
}

const char *py_names_keep(struct names *n, const char *name) { return keep(n, name, strlen(name)); }

bool py_module_is_locust(const char *dotted) {
    return strcmp(dotted, "locust") == 0 || text_starts(dotted, "locust.");
}

bool py_thing_is_locust(const struct thing *t, const char *name) {
    return t->kind == THING_LOCUST && strcmp(t->name, name) == 0;
}

/* --- modules beside the script --- */

static char *read_beside(const struct names *n, const char *path, size_t *len) {
    return n->src->beside ? n->src->beside(n->src->context, path, len) : NULL;
}

/* "pages.cart": pages/cart.py, else pages/__init__.py. */
static char *text_of(const struct names *n, const char *dotted, char *path, size_t size,
                     size_t *len) {
    static const char *const end[] = {".py", "/__init__.py"};
    size_t stem = strlen(dotted);
    for (size_t i = 0; i < sizeof end / sizeof *end; i++) {
        if ((size_t)snprintf(path, size, "%s%s", dotted, end[i]) >= size)
            return NULL;
        for (size_t at = 0; at < stem; at++)
            if (path[at] == '.')
                path[at] = '/';
        char *text = read_beside(n, path, len);
        if (text)
            return text;
    }
    return NULL;
}

static struct module *add_module(struct names *n, const char *name, const char *file,
                                 const char *text, size_t len, struct err *e) {
    struct module *m = mem_new(1, sizeof *m);
    m->name = keep(n, name, strlen(name));
    m->file = keep(n, file, strlen(file));
    m->package = text_ends(file, "/__init__.py");
    n->module[n->modules++] = m;
    if (!py_open(&m->py, text, len, m->file, e))
        return NULL;
    py_module_scan(m);
    return m;
}

static void drop_module(struct module *m) {
    syntax_close(&m->py);
    free(m->text);
    free(m->bind);
    free(m->bucket);
    free(m->attr);
    nodes_fini(&m->wild);
    nodes_fini(&m->main);
    nodes_fini(&m->added);
    free(m);
}

static bool is_missing(const struct names *n, const char *dotted) {
    for (size_t i = 0; i < n->misses; i++)
        if (strcmp(n->missing[i], dotted) == 0)
            return true;
    return false;
}

struct module *py_names_module(struct names *n, const char *dotted) {
    if (!dotted)
        return n->module[0];
    for (size_t i = 1; i < n->modules; i++)
        if (strcmp(n->module[i]->name, dotted) == 0)
            return n->module[i];
    if (!*dotted || py_module_is_locust(dotted) || is_missing(n, dotted))
        return NULL;
    char path[512];
    size_t len = 0;
    char *text = n->modules < MODULES_MAX ? text_of(n, dotted, path, sizeof path, &len) : NULL;
    struct module *m = text ? add_module(n, dotted, path, text, len, NULL) : NULL;
    if (m) {
        m->text = text;
        return m;
    }
    if (text)
        drop_module(n->module[--n->modules]);
    free(text);
    n->missing = mem_grow(n->missing, n->misses, &n->misses_cap, sizeof *n->missing);
    n->missing[n->misses++] = mem_strdup(dotted);
    return NULL;
}

bool locust_names_open(struct names *n, const struct source *src, const char *text, size_t len,
                       struct err *e) {
    *n = (struct names){.src = src};
    return add_module(n, "", src->file, text, len, e) != NULL;
}

void locust_names_close(struct names *n) {
    for (size_t i = 0; i < n->modules; i++)
        drop_module(n->module[i]);
    for (size_t i = 0; i < n->misses; i++)
        free(n->missing[i]);
    for (size_t i = 0; i < n->words; i++)
        free(n->word[i]);
    free(n->missing);
    free(n->word);
    *n = (struct names){0};
}

/* --- imports --- */

/* The package a relative import with so many dots begins at. */
static size_t package_bytes(const struct module *in, size_t dots) {
    size_t len = strlen(in->name);
    for (size_t up = in->package ? 1 : 0; up < dots; up++) {
        while (len > 0 && in->name[len - 1] != '.')
            len--;
        len -= len > 0;
    }
    return len;
}

const char *py_names_dotted(struct names *n, const struct module *in, TSNode module_name) {
    char text[256], whole[512];
    node_copy(&in->py, module_name, text, sizeof text);
    size_t len = 0; /* spaces around dots are allowed */
    for (size_t i = 0; text[i]; i++)
        if (!strchr(" \t\r\n\\", text[i]))
            text[len++] = text[i];
    text[len] = '\0';
    size_t dots = strspn(text, ".");
    if (dots == 0)
        return keep(n, text, len);
    size_t package = package_bytes(in, dots);
    snprintf(whole, sizeof whole, "%.*s%s%s", (int)package, in->name,
             package && text[dots] ? "." : "", text + dots);
    return keep(n, whole, strlen(whole));
}

/* --- things --- */

static struct thing thing_at(struct names *n, struct module *m, TSNode node, int depth);
static struct thing part_of(struct names *n, const char *module, struct span name, int depth);

static struct thing named(struct names *n, enum thing_kind kind, const char *from,
                          struct span name) {
    return (struct thing){
        .kind = kind, .from = from, .name = keep(n, name.at, name.len), .sure = true};
}

static struct thing of_from(struct names *n, struct module *m, const struct bind *b, int depth) {
    const char *from = py_names_dotted(n, m, b->node);
    struct thing t = part_of(n, from, span_of(m, b->part), depth + 1);
    t.sure = t.sure && b->top;
    return t;
}

static struct thing of_bind(struct names *n, struct module *m, const struct bind *b, int depth) {
    struct thing t = {.m = m, .node = b->node, .sure = b->top && py_bind_is_only(m, b)};
    switch (b->kind) {
    case BIND_CLASS:
    case BIND_FUNCTION:
        t.kind = b->kind == BIND_CLASS ? THING_CLASS : THING_FUNCTION;
        t.name = keep_node(n, m, b->name);
        t.whole = b->whole;
        return t;
    case BIND_MODULE:
        return named(n, THING_MODULE, py_names_dotted(n, m, b->node), (struct span){"", 0});
    case BIND_FROM:
        return of_from(n, m, b, depth);
    case BIND_VALUE: {
        struct thing behind = thing_at(n, m, b->node, depth + 1);
        behind.sure = behind.sure && t.sure;
        t.kind = THING_VALUE;
        return behind.kind == THING_NOTHING ? t : behind;
    }
    case BIND_OTHER:
        break;
    }
    return (struct thing){0};
}

/* Parts of locust that a file can mean without naming them: from locust import *. */
static bool locust_exports(struct span name) {
    static const char *const names[] = {"HttpUser",
                                        "User",
                                        "FastHttpUser",
                                        "TaskSet",
                                        "SequentialTaskSet",
                                        "LoadTestShape",
                                        "task",
                                        "tag",
                                        "between",
                                        "constant",
                                        "constant_pacing",
                                        "constant_throughput",
                                        "events",
                                        "run_single_user",
                                        "HttpLocust",
                                        "Locust",
                                        "TaskSequence",
                                        "seq_task",
                                        "wait_time",
                                        NULL};
    for (const char *const *w = names; *w; w++)
        if (span_is(name, *w))
            return true;
    return false;
}

static struct thing of_wildcards(struct names *n, struct module *m, struct span name, int depth) {
    for (size_t i = m->wild.len; i > 0 && name.at[0] != '_'; i--) {
        const char *from = py_names_dotted(n, m, node_field(m->wild.item[i - 1], "module_name"));
        if (py_module_is_locust(from)) {
            if (locust_exports(name))
                return named(n, THING_LOCUST, from, name);
        } else if (py_names_module(n, from)) {
            struct thing t = part_of(n, from, name, depth + 1);
            if (t.kind != THING_NOTHING && t.kind != THING_FOREIGN)
                return t;
        }
    }
    return (struct thing){0};
}

static struct thing of_name(struct names *n, struct module *m, struct span name, int depth) {
    const struct bind *b = py_module_bind(m, name.at, name.len);
    return b ? of_bind(n, m, b, depth) : of_wildcards(n, m, name, depth);
}

/* `name` of a module: of a file beside the script, of locust, or of one that cannot be seen. */
static struct thing part_of(struct names *n, const char *module, struct span name, int depth) {
    char sub[512];
    if (depth > NAMES_DEPTH_MAX || ++n->steps > STEPS_MAX)
        return (struct thing){0};
    if (py_module_is_locust(module))
        return named(n, THING_LOCUST, module, name);
    struct module *m = py_names_module(n, module);
    struct thing t = m ? of_name(n, m, name, depth) : (struct thing){0};
    if (t.kind != THING_NOTHING)
        return t;
    snprintf(sub, sizeof sub, "%s%s%.*s", module, *module ? "." : "", (int)name.len, name.at);
    if (py_names_module(n, sub))
        return named(n, THING_MODULE, py_names_keep(n, sub), (struct span){"", 0});
    return named(n, THING_FOREIGN, module, name);
}

static struct thing thing_at(struct names *n, struct module *m, TSNode node, int depth) {
    node = py_unwrap(node);
    if (depth > NAMES_DEPTH_MAX)
        return (struct thing){0};
    if (node_is(node, "identifier"))
        return of_name(n, m, span_of(m, node), depth + 1);
    if (!node_is(node, "attribute"))
        return (struct thing){0};
    struct thing object = thing_at(n, m, node_field(node, "object"), depth + 1);
    struct span name = span_of(m, node_field(node, "attribute"));
    if (object.kind == THING_MODULE)
        return part_of(n, object.from, name, depth + 1);
    if (object.kind == THING_LOCUST) /* locust.contrib.fasthttp.FastHttpUser, events.request */
        return named(n, THING_LOCUST, object.from, name);
    if (object.kind == THING_FOREIGN)
        return named(n, THING_FOREIGN, object.from, name);
    return (struct thing){0};
}

struct thing py_names_thing(struct names *n, struct module *m, TSNode node) {
    n->steps = 0;
    return thing_at(n, m, node, 0);
}

struct thing py_names_of_bind(struct names *n, struct module *m, const struct bind *b) {
    n->steps = 0;
    return of_bind(n, m, b, 0);
}

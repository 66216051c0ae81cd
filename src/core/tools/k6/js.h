/* tools/k6/js.h
 * A JavaScript or TypeScript text as a syntax tree, and the few questions that the k6 folder asks
 * of it. Types are no code: no walk goes into them, and no list of children holds them. Nodes are
 * values; they live as long as the tree. */
#ifndef PERFSCALE_TOOLS_K6_JS_H
#define PERFSCALE_TOOLS_K6_JS_H

#include <stdbool.h>
#include <stddef.h>

#include <tree_sitter/api.h>

#include "base/err.h"

enum { JS_NAME_BYTES = 128, JS_DEPTH_MAX = 400, JS_CHAIN_MAX = 16, JS_KINDS_MAX = 1024 };

struct js {
    const char *text; /* borrowed */
    size_t len;
    const char *file; /* borrowed; for errors */
    TSTree *tree;     /* owned */
    TSNode root;
    bool typescript;
    bool type_kind[JS_KINDS_MAX]; /* by kind of node: js_is_type() */
};

/* The file's name decides on the language, as it does for k6. ERR_REFUSED with the line of the
 * deepest error when the text is none of it, ERR_LIMIT when it is too large. *js is initialised by
 * it, to be finished also after an error. */
bool js_open(struct js *js, const char *text, size_t len, const char *file, struct err *e);
void js_close(struct js *js);

/* Tree of any text, with errors inside; NULL when the parser gave up. The caller drops it. */
TSTree *js_parse(const char *text, size_t len, bool typescript);
void js_drop(TSTree *tree);

/* ERR_REFUSED at the line of a byte, always false. */
bool js_refuse(const struct js *js, size_t at, struct err *e, const char *fmt, ...)
    __attribute__((format(printf, 4, 5)));

long js_line_at(const struct js *js, size_t at); /* from 1 */
long js_line(TSNode n);

static inline size_t js_start(TSNode n) { return ts_node_start_byte(n); }
static inline size_t js_end(TSNode n) { return ts_node_end_byte(n); }
static inline size_t js_size(TSNode n) { return js_end(n) - js_start(n); }

bool js_is(TSNode n, const char *type);             /* false for a null node */
bool js_is_any(TSNode n, const char *const *types); /* NULL at the end */
bool js_text_is(const struct js *js, TSNode n, const char *text);
bool js_is_function(TSNode n);
bool js_is_type(TSNode n); /* TypeScript that says nothing about what runs */
TSNode js_field(TSNode n, const char *name);
TSNode js_unwrap(TSNode n); /* without round brackets, as, satisfies, ! and <type> */
bool js_is_wrapper(TSNode n);

/* The text of a node into out, cut at size. Returns out. */
char *js_copy(const struct js *js, TSNode n, char *out, size_t size);

/* A literal string's characters, simple escapes undone. false: no literal, or it does not fit. */
bool js_string(const struct js *js, TSNode n, char *out, size_t size);

/* Named children, comments and types left out. The caller frees. */
struct js_nodes {
    TSNode *item; /* owned */
    size_t len, cap;
};
void js_children(TSNode n, struct js_nodes *out);
void js_nodes_fini(struct js_nodes *n);
void js_nodes_add(struct js_nodes *n, TSNode node);

/* Calls see for every named node below n, n inside, parents first, until it returns false. A node
 * for which *down is set to false is not gone into. */
typedef bool js_see(const struct js *js, TSNode n, bool *down, void *self);
struct js_visit {
    js_see *see;
    void *self;
};
bool js_walk(const struct js *js, TSNode n, const struct js_visit *v);

/* A member of an object, or an element of an array. */
enum member_kind {
    MEMBER_PAIR,      /* name: value; of an array: an element */
    MEMBER_SHORTHAND, /* name */
    MEMBER_COMPUTED,  /* [key]: value, or a name with escapes */
    MEMBER_METHOD,    /* name() {}, getters and setters too */
    MEMBER_SPREAD,
};
struct member {
    enum member_kind kind;
    char name[JS_NAME_BYTES]; /* "" of elements and where there is none */
    TSNode node, value;       /* value: of shorthands the name itself; else null when none */
    size_t start, end;
    size_t comma_end; /* behind its comma; equal to end when it has none */
};

/* An object or array with its members in order. */
struct js_list {
    TSNode node;
    size_t start, end; /* brackets inside */
    bool is_array;
    struct member *item; /* owned */
    size_t len, cap;
};
void js_list_open(const struct js *js, TSNode n, struct js_list *l);
void js_list_close(struct js_list *l);

/* The last member of that name, which is the one that counts; NULL when there is none. */
const struct member *js_member(const struct js_list *l, const char *name);

#endif

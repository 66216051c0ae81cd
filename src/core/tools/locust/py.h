/* tools/locust/py.h
 * A Python text as a syntax tree, and the few questions that the Locust folder asks of it. Nodes
 * are values; they live as long as the tree. */
#ifndef PERFSCALE_TOOLS_LOCUST_PY_H
#define PERFSCALE_TOOLS_LOCUST_PY_H

#include <stdbool.h>
#include <stddef.h>

#include <tree_sitter/api.h>

#include "base/err.h"

enum { PY_NAME_BYTES = 128, PY_DEPTH_MAX = 200 };

struct py {
    const char *text; /* borrowed */
    size_t len;
    const char *file; /* borrowed; for errors */
    TSTree *tree;     /* owned */
    TSNode root;
};

/* ERR_REFUSED with the line of the deepest error when the text is no Python 3, ERR_LIMIT when it is
 * too large. *py is initialised by it, to be finished also after an error. */
bool py_open(struct py *py, const char *text, size_t len, const char *file, struct err *e);
void py_close(struct py *py);

/* Tree of any text, with errors inside; NULL when the parser gave up. The caller drops it. */
TSTree *py_parse(const char *text, size_t len);
void py_drop(TSTree *tree);

/* ERR_REFUSED at the line of a node, always false. */
bool py_refuse(const struct py *py, TSNode at, struct err *e, const char *fmt, ...)
    __attribute__((format(printf, 4, 5)));

static inline size_t py_start(TSNode n) { return ts_node_start_byte(n); }
static inline size_t py_end(TSNode n) { return ts_node_end_byte(n); }
static inline size_t py_size(TSNode n) { return py_end(n) - py_start(n); }
static inline long py_line(TSNode n) { return (long)ts_node_start_point(n).row + 1; }

bool py_is(TSNode n, const char *type);                     /* false for a null node */
bool py_is_any(TSNode n, const char *const *types);         /* NULL at the end */
bool py_one_of(const char *name, const char *const *names); /* NULL at the end */
bool py_text_is(const struct py *py, TSNode n, const char *text);
bool py_same(const struct py *a, TSNode n, const struct py *b, TSNode m); /* the same text */
TSNode py_field(TSNode n, const char *name);
TSNode py_child(TSNode n, uint32_t i); /* a named one; null when there is none */
TSNode py_unwrap(TSNode n);            /* without round brackets */
TSNode py_definition(TSNode n);        /* of a decorated_definition what is decorated; else n */

/* The text of a node into out, cut at size. Returns out. */
char *py_copy(const struct py *py, TSNode n, char *out, size_t size);

/* A literal string's characters without prefix and quotes, escapes as they stand. false: no plain
 * literal (a formatted one with fields is none), or it does not fit. */
bool py_string(const struct py *py, TSNode n, char *out, size_t size);

/* Named children, comments left out. The caller frees. */
struct py_nodes {
    TSNode *item; /* owned */
    size_t len, cap;
};
void py_children(TSNode n, struct py_nodes *out);
void py_nodes_fini(struct py_nodes *n);
void py_nodes_add(struct py_nodes *n, TSNode node);

/* The value of an argument by its name, else by its position (from 0; -1: by name only) among the
 * nodes of an argument list; a null node when it is not given. */
TSNode py_argument(const struct py *py, TSNode call, const char *name, int position);
TSNode py_argument_of(const struct py *py, const struct py_nodes *args, const char *name,
                      int position);

#endif

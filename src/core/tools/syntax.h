/* tools/syntax.h
 * The text of a script as a syntax tree, and the questions that are asked of a tree of any
 * language. Nodes are values; they live as long as their tree. */
#ifndef PERFSCALE_TOOLS_SYNTAX_H
#define PERFSCALE_TOOLS_SYNTAX_H

#include <stdbool.h>
#include <stddef.h>

#include <tree_sitter/api.h>

#include "base/err.h"
#include "tools/tool.h"

enum {
    SYNTAX_MAX_BYTES = 2 << 20, /* of a text that is parsed: people write no more */
    SYNTAX_KINDS_MAX = 1024,
};

struct syntax {
    const char *text; /* borrowed */
    size_t len;
    const char *file; /* borrowed; for errors */
    TSTree *tree;     /* owned */
    TSNode root;
    bool no_code[SYNTAX_KINDS_MAX]; /* kinds of nodes that say nothing about what runs */
};

/* ERR_REFUSED with `broken` and the line of the deepest error when the text is none of the
 * language, ERR_LIMIT when it is too large. *s is initialised by it, to be closed also after an
 * error; after ERR_REFUSED it has its tree. */
bool syntax_open(struct syntax *s, const TSLanguage *language, const char *text, size_t len,
                 const char *file, const char *broken, struct err *e);
void syntax_close(struct syntax *s);

/* Tree of any text, with errors inside; NULL when it is too large or the parser gave up. The caller
 * drops it. */
TSTree *syntax_parse(const TSLanguage *language, const char *text, size_t len);
void syntax_drop(TSTree *tree);

/* ERR_REFUSED at the line of a byte, always false. */
bool syntax_refuse(const struct syntax *s, size_t at, struct err *e, const char *fmt, ...)
    __attribute__((format(printf, 4, 5)));
long syntax_line_at(const struct syntax *s, size_t at); /* from 1 */

static inline size_t node_start(TSNode n) { return ts_node_start_byte(n); }
static inline size_t node_end(TSNode n) { return ts_node_end_byte(n); }
static inline size_t node_size(TSNode n) { return node_end(n) - node_start(n); }
static inline long node_line(TSNode n) { return (long)ts_node_start_point(n).row + 1; }

bool name_is_any(const char *name, const char *const *names); /* NULL at the end */
bool node_is(TSNode n, const char *type);                     /* false for a null node */
bool node_is_any(TSNode n, const char *const *types);         /* NULL at the end */
bool node_text_is(const struct syntax *s, TSNode n, const char *text);
bool node_same(const struct syntax *a, TSNode n, const struct syntax *b, TSNode m); /* in text */
TSNode node_field(TSNode n, const char *name); /* name: a literal; its address is remembered */
TSNode node_child(TSNode n, uint32_t i);       /* a named one; null when there is none */

/* The text of a node into out, cut at size. Returns out. */
char *node_copy(const struct syntax *s, TSNode n, char *out, size_t size);

/* Named children, comments left out. The caller frees. */
struct nodes {
    TSNode *item; /* owned */
    size_t len, cap;
};
void node_children(TSNode n, struct nodes *out);
void nodes_add(struct nodes *n, TSNode node);
void nodes_fini(struct nodes *n);

/* The colour of nodes by their type. */
struct node_colour {
    const char *type;
    bool named;
    enum code_kind kind;
};

/* Spans of a tree; rows end with type NULL. The inside of a node that has a row has one colour; of
 * the others the words without a name that begin with a letter are keywords. Adds to out. */
void syntax_colour(const TSTree *tree, const struct node_colour *rows, struct code_spans *out);

#endif

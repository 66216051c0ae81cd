/* tools/k6/js.h
 * A JavaScript or TypeScript text as a syntax tree, and what the k6 folder asks of it beyond
 * tools/syntax.h. Types are no code: no walk goes into them, and no list of children holds them. */
#ifndef PERFSCALE_TOOLS_K6_JS_H
#define PERFSCALE_TOOLS_K6_JS_H

#include "tools/syntax.h"

const TSLanguage *tree_sitter_javascript(void);
const TSLanguage *tree_sitter_typescript(void);

enum { JS_NAME_BYTES = 128, JS_DEPTH_MAX = 400, JS_CHAIN_MAX = 16 };

/* As syntax_open(). The file's name decides on the language, as it does for k6. */
bool js_open(struct syntax *js, const char *text, size_t len, const char *file, struct err *e);
bool js_is_typescript(const struct syntax *js);

bool js_is_function(TSNode n);
bool js_is_type(TSNode n);  /* TypeScript that says nothing about what runs */
TSNode js_unwrap(TSNode n); /* without round brackets, as, satisfies, ! and <type> */
bool js_is_wrapper(TSNode n);

/* A literal string's characters, simple escapes undone. false: no literal, or it does not fit. */
bool js_string(const struct syntax *js, TSNode n, char *out, size_t size);

/* As node_children(), types left out too. */
void js_children(TSNode n, struct nodes *out);

/* Calls see for every named node below n, n inside, parents first, until it returns false. A node
 * for which *down is set to false is not gone into. */
typedef bool js_see(const struct syntax *js, TSNode n, bool *down, void *self);
struct js_visit {
    js_see *see;
    void *self;
};
bool js_walk(const struct syntax *js, TSNode n, const struct js_visit *v);

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
void js_list_open(const struct syntax *js, TSNode n, struct js_list *l);
void js_list_close(struct js_list *l);

/* The last member of that name, which is the one that counts; NULL when there is none. */
const struct member *js_member(const struct js_list *l, const char *name);

#endif

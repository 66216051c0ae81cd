/* tools/k6/names.h
 * What a script binds, imports and exports. A name that is bound twice anywhere in the file
 * resolves to nothing: without following scopes nobody can say which one is meant. */
#ifndef PERFSCALE_TOOLS_K6_NAMES_H
#define PERFSCALE_TOOLS_K6_NAMES_H

#include "tools/k6/js.h"

enum bind_kind {
    BIND_VALUE,    /* const, let, var with node as its value (null: none) */
    BIND_PART,     /* taken out of a pattern: const { get } = http; node is the value */
    BIND_PARAM,    /* parameter, loop variable, caught error; node: the list of a for...of */
    BIND_FUNCTION, /* node is the function */
    BIND_CLASS,
    BIND_IMPORT,
    BIND_METHOD, /* node is a function that an object or class holds under that name */
};

struct bind {
    const char *name; /* in the text, not NUL-terminated */
    size_t len;
    enum bind_kind kind;
    bool top;         /* at the top level of the file */
    TSNode node;      /* see kind */
    TSNode at;        /* the name itself */
    char part[64];    /* BIND_PART: the key; BIND_IMPORT: "default", "*" or the member */
    char module[192]; /* BIND_IMPORT: as written */
};

enum export_form {
    EXPORT_STATEMENT, /* export ... */
    EXPORT_PROPERTY,  /* exports.x = ... */
    EXPORT_MEMBER,    /* module.exports.x = ..., module.exports = { x: ... } */
};

struct export_ {
    char name[JS_NAME_BYTES];
    enum export_form form;
    bool sure;        /* it is exported whenever the module has run */
    TSNode at;        /* the name or the statement; of an assignment its left side */
    TSNode value;     /* the exported value or function; null when only a local name is known */
    TSNode local;     /* identifier whose value is exported; else null */
    char module[192]; /* export ... from 'module'; else "" */
};

struct word_at {
    const char *text; /* in the script */
    size_t len;
};

struct names {
    struct bind *bind; /* owned; sorted by name */
    size_t binds, binds_cap;
    struct bind *method; /* owned; sorted by name: all BIND_METHOD, the others are in bind */
    size_t methods, methods_cap;
    struct export_ *export_; /* owned */
    size_t exports, exports_cap;
    struct word_at *assigned; /* owned: names that something is assigned to later; sorted */
    size_t assigneds, assigneds_cap;
    TSNode common_js;      /* first change of exports or module.exports; null when none */
    TSNode module_exports; /* the object of module.exports = { ... }; null when none */
    TSNode cleared;        /* exports.options = void 0; null when nowhere */
    TSNode export_all; /* first `export * from`, or what else exports names that are not seen; null
                          when none */
    bool is_module;    /* it imports or exports by statements */
    bool common;       /* while reading: the text may hold CommonJS */
    size_t inner_end;  /* while reading: where the block or function ends that the walk is in */
    size_t maybe_end;  /* while reading: where the code ends that may not run */
    const struct syntax *js; /* borrowed */
};

void names_open(const struct syntax *js, struct names *n);
void names_close(struct names *n);

/* The one thing that an identifier can mean; NULL when it is bound nowhere or more than once. */
const struct bind *names_one(const struct names *n, TSNode identifier);

enum { SAME_NAME_MAX = 64 };

/* All bindings of that name (at most SAME_NAME_MAX): *count of them, from the returned one on. */
const struct bind *names_all(const struct names *n, const char *name, size_t len, size_t *count);

/* The same for functions that objects and classes of this file hold. */
const struct bind *names_methods(const struct names *n, const char *name, size_t *count);

/* The value of a name that never changes: bound once, not assigned later. Null node otherwise. */
TSNode names_value(const struct names *n, TSNode identifier);

/* The import behind an identifier; NULL when it is none. */
const struct bind *names_import(const struct names *n, TSNode identifier);

/* The last export of that name, which is the one that counts; NULL when there is none. */
const struct export_ *names_export(const struct names *n, const char *name);

/* The module whose exports export_all hands on, as written; "" when it is not seen. */
void names_export_all_module(const struct names *n, char *out, size_t size);

/* Does a node stand for the exports of CommonJS: exports or module.exports? */
bool names_is_exports(const struct syntax *js, TSNode n, enum export_form *form);

/* void 0 or undefined: what compilers write before they give an export its value. */
bool names_is_void(const struct syntax *js, TSNode n);

/* --- between names.c and names_exports.c --- */

void names_copy_string(const struct syntax *js, TSNode string, char *out, size_t size);
bool names_has_word(TSNode n, const char *word); /* a keyword among its first children */
void names_bind_pattern(struct names *n, TSNode pattern, enum bind_kind kind, TSNode value);
bool names_is_require(const struct syntax *js, TSNode call, TSNode *source);
void names_see_export(struct names *n, TSNode at);
void names_see_common_assignment(struct names *n, TSNode at);
void names_see_common_call(struct names *n, TSNode at);
void names_settle_exports(struct names *n); /* when all names are known */

#endif

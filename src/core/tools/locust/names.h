/* tools/locust/names.h
 * What the names of a Locust file stand for: bindings of modules, followed through imports into
 * files that stand beside the script. */
#ifndef PERFSCALE_TOOLS_LOCUST_NAMES_H
#define PERFSCALE_TOOLS_LOCUST_NAMES_H

#include <stdint.h>

#include "tools/locust/py.h"
#include "tools/tool.h"

enum { MODULES_MAX = 32, NAMES_DEPTH_MAX = 24 };

enum bind_kind {
    BIND_CLASS,
    BIND_FUNCTION,
    BIND_MODULE, /* import a.b as c */
    BIND_FROM,   /* from a.b import c as d */
    BIND_VALUE,
    BIND_OTHER, /* a loop variable, `with ... as`, a part of a tuple */
};
struct bind {
    enum bind_kind kind;
    bool local;    /* imported by a function: never a name of the module */
    bool top;      /* not inside if, try, for, with */
    TSNode name;   /* where it is bound */
    TSNode node;   /* class, function, value; of imports the module's name */
    TSNode part;   /* BIND_FROM: the name in that module */
    TSNode whole;  /* the statement */
    uint32_t next; /* another bind of the same hash, +1 */
};

/* X.y = value at module level. */
struct attr_set {
    bool top;
    TSNode object, name, value;
};

struct module {
    struct syntax py;
    const char *name;  /* dotted; "" of the script */
    const char *file;  /* as errors call it */
    bool package;      /* an __init__.py */
    char *text;        /* owned; NULL when borrowed */
    struct bind *bind; /* owned */
    size_t binds, binds_cap;
    uint32_t *bucket; /* owned */
    size_t buckets;
    struct attr_set *attr; /* owned */
    size_t attrs, attrs_cap;
    struct nodes wild;  /* import_from_statement nodes with * */
    struct nodes added; /* `x.y += z` at the top level */
    bool scanning_local;
    struct nodes main; /* blocks under if __name__ == "__main__" */
};

struct names {
    const struct source *src;
    struct module *module[MODULES_MAX]; /* owned; [0] is the script */
    size_t modules;
    char **missing; /* owned; modules that are not beside the script */
    size_t misses, misses_cap;
    char **word; /* owned: names that several tables point to */
    size_t words, words_cap;
    int steps; /* of the question being answered */
};

/* Takes text (len bytes, borrowed) as the script. */
bool locust_names_open(struct names *n, const struct source *src, const char *text, size_t len,
                       struct err *e);
void locust_names_close(struct names *n);

/* A module by its dotted name as `from` imports it (NULL: the script); NULL when it is not beside
 * the script or cannot be parsed. */
struct module *py_names_module(struct names *n, const char *dotted);

/* A copy of a name that lives as long as n. */
const char *py_names_keep(struct names *n, const char *name);

/* The dotted name of an import's module node, relative ones made whole. */
const char *py_names_dotted(struct names *n, const struct module *in, TSNode module_name);

/* Fills the tables of a module whose text is parsed. */
void py_module_scan(struct module *m);

/* The bind of a name that counts when the module has been read to its end; NULL: none. */
const struct bind *py_module_bind(const struct module *m, const char *name, size_t len);
/* Is a bind the only one of its name? */
bool py_bind_is_only(const struct module *m, const struct bind *b);

enum thing_kind {
    THING_NOTHING, /* no name, or one nobody binds */
    THING_LOCUST,  /* part `name` of the package locust */
    THING_CLASS,
    THING_FUNCTION,
    THING_MODULE,  /* module `from` */
    THING_VALUE,   /* a value that is no name */
    THING_FOREIGN, /* `name` of module `from`, which cannot be seen */
};
struct thing {
    enum thing_kind kind;
    struct module *m; /* of node; NULL where there is none */
    TSNode node;      /* class, function or value */
    TSNode whole;     /* class and function: with its decorators */
    bool sure;        /* bound once, at the top level of its module */
    const char *name, *from;
};

/* What an identifier or a dotted name stands for at the end of module m. */
struct thing py_names_thing(struct names *n, struct module *m, TSNode node);
struct thing py_names_of_bind(struct names *n, struct module *m, const struct bind *b);
bool py_thing_is_locust(const struct thing *t, const char *name);

/* "locust", "locust.contrib.fasthttp": the tool's own package. */
bool py_module_is_locust(const char *dotted);

#endif

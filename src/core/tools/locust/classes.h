/* tools/locust/classes.h
 * Classes of a Locust file and of files beside it: what they descend from, and which definition of
 * a member counts. */
#ifndef PERFSCALE_TOOLS_LOCUST_CLASSES_H
#define PERFSCALE_TOOLS_LOCUST_CLASSES_H

#include "tools/locust/locals.h"
#include "tools/locust/names.h"

enum { MRO_MAX = 64, BASES_MAX = 16, CLASSES_MAX = 4000 };

enum class_kind {
    KIND_USER = 1,
    KIND_HTTP = 2, /* its client is Locust's HTTP session */
    KIND_FAST = 4,
    KIND_TASKSET = 8,
    KIND_SEQUENTIAL = 16,
    KIND_SHAPE = 32,
    KIND_OLD = 64,     /* HttpLocust and others from before 1.0 */
    KIND_STRANGE = 128 /* a part of locust that is not known here */
};

/* A name that a class binds. */
struct class_member {
    bool sure;     /* directly in its body, or set once at module level */
    bool is_class; /* a nested class: value is its class_definition */
    bool is_function;
    TSNode name, value, whole; /* whole: with its decorators */
    struct module *m;          /* where value stands */
    const char *text;          /* of name, bytes long; in the text of m */
    size_t bytes;
};

/* self.name = value in a method. */
struct self_set {
    TSNode name, value, function;
};

struct class {
    struct module *m;
    TSNode node, whole; /* whole: with its decorators */
    const char *name;
    struct class *outer; /* the class it is nested in; NULL: none */
    unsigned kind;       /* of itself and all it descends from */
    struct class *base[BASES_MAX];
    size_t bases;
    struct class *mro[MRO_MAX]; /* itself first */
    size_t mros;
    struct thing unseen;         /* a base that cannot be seen; kind THING_NOTHING: none */
    struct class_member *member; /* owned */
    size_t members, members_cap;
    struct self_set *set; /* owned; py_class_sets() fills it */
    size_t sets, sets_cap;
    bool sets_known;
    bool open; /* being read: a class among its own bases */
};

struct classes {
    struct names *names; /* borrowed */
    struct class **item; /* owned */
    size_t len, cap;
    int depth; /* of the question being answered */
    struct locals locals;
};

void py_classes_open(struct classes *c, struct names *names);
void py_classes_close(struct classes *c);

/* The class of a class_definition node of m, read the first time it is asked for; NULL past
 * CLASSES_MAX. outer may be NULL. */
struct class *py_class_of(struct classes *c, struct module *m, TSNode node, struct class *outer);

/* The class that an expression in m names, nested ones (`Outer.Inner`, and names bound in `within`,
 * which may be NULL) too; NULL when it names none. */
struct class *py_class_named(struct classes *c, struct module *m, TSNode node,
                             struct class *within);

/* The member that counts, own first, then along the order of its bases; NULL when none has it.
 * *in, which may be NULL, is the class that has it. */
const struct class_member *py_class_find(const struct class *k, const char *name,
                                         const struct class **in);
const struct class_member *py_class_own(const struct class *k, const char *name);

/* What its own methods set on self. */
const struct self_set *py_class_sets(struct class *k, size_t *count);

/* Does its own body say abstract = True? */
bool py_class_is_abstract(const struct class *k);

/* An expression that names it at the end of the script: bound name, "Outer.Inner"; false when it
 * has none there. */
bool py_class_expression(struct classes *c, const struct class *k, char *out, size_t size);

#endif

/* tools/locust/locals.h
 * What functions bind to their names, read once for each function that is asked about. */
#ifndef PERFSCALE_TOOLS_LOCUST_LOCALS_H
#define PERFSCALE_TOOLS_LOCUST_LOCALS_H

#include "tools/locust/names.h"

/* A name that a function binds. */
struct local_name {
    TSNode name;
    size_t count; /* how often */
    TSNode value; /* null: not one assignment of one value to one name */
};

struct local_table {
    const struct module *m;
    size_t start;            /* of the function */
    struct local_name *item; /* owned */
    size_t len, cap;
};

struct locals {
    struct local_table *table; /* owned */
    size_t len, cap;
};

void locust_locals_fini(struct locals *l);

/* Parameters, assignments, loop variables, `with ... as`; NULL when it binds no such name. */
const struct local_name *locust_local(struct locals *l, const struct module *m, TSNode function,
                                      TSNode name);

#endif

/* tools/locust/value.h
 * Values of expressions that the text alone decides: numbers (the mean of random ones), strings and
 * lengths. */
#ifndef PERFSCALE_TOOLS_LOCUST_VALUE_H
#define PERFSCALE_TOOLS_LOCUST_VALUE_H

#include "tools/locust/classes.h"

/* Where an expression stands. */
struct scope {
    struct classes *classes;
    struct module *m;
    struct class *within; /* its class; NULL: none */
    TSNode function;      /* its function_definition; null: none */
};

struct number {
    double value;  /* the mean of a random one */
    bool random;   /* each evaluation gives another */
    bool from_env; /* the default of an environment variable */
};

/* false: the text does not say it. */
bool locust_value_number(const struct scope *s, TSNode expression, struct number *out);

/* Is it made of an environment variable, with a default or without? */
bool locust_value_from_env(const struct scope *s, TSNode expression);

/* The known beginning of a string; *whole: that is all of it. */
void locust_value_prefix(const struct scope *s, TSNode expression, char *out, size_t size,
                         bool *whole);

/* Is a name bound by the function it stands in, to something that the text does not say? */
bool py_value_is_local(const struct scope *s, TSNode name);

/* How often a loop over it runs. */
bool py_value_rounds(const struct scope *s, TSNode expression, struct number *out);

#endif

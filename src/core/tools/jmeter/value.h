/* tools/jmeter/value.h
 * Values of properties: literals, ${VARIABLE} of User Defined Variables, ${__P(name,default)}. */
#ifndef PERFSCALE_TOOLS_JMETER_VALUE_H
#define PERFSCALE_TOOLS_JMETER_VALUE_H

#include "tools/jmeter/jmx.h"

enum { JMETER_VALUE_MAX = 256 };

struct jmeter_variable {
    char *name;  /* owned */
    int element; /* that holds its value */
};

/* User Defined Variables of a plan, wherever they stand: JMeter takes all of them at the start. */
struct jmeter_values {
    struct jmeter_variable *item; /* owned; sorted by name, of equal names the last one counts */
    size_t len, cap;
};

/* An expression resolved as far as the file alone resolves it. */
struct jmeter_value {
    char text[JMETER_VALUE_MAX];
    bool resolved;     /* else text is not its value, and unknown holds the expression */
    bool literal;      /* no expression in it */
    char property[64]; /* the -J property that can change it; "" */
    char unknown[64];  /* "${X}" */
};

/* Adds the variables of an <Arguments> element (or TestPlan.user_defined_variables). */
void jmeter_values_add(struct jmeter_values *v, const struct jmx *x, int arguments);
/* To be called once after the last add, before the first lookup. */
void jmeter_values_sort(struct jmeter_values *v);
void jmeter_values_fini(struct jmeter_values *v);

/* Resolves a decoded text. */
void jmeter_resolve(const struct jmeter_values *v, const struct jmx *x, const char *text,
                    struct jmeter_value *out);

/* Resolves the value of an element; JMX_NONE gives "" (resolved). */
void jmeter_resolve_element(const struct jmeter_values *v, const struct jmx *x, int element,
                            struct jmeter_value *out);

/* A whole number as Java reads it (no space, no point). */
bool jmeter_whole(const char *text, double *out);

#endif

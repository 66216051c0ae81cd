/* base/expr.h
 * The small formulas that stand in rule tables: "hold/6", "ceil(L + 3*sqrt(L))",
 * "base_mb + users * mb_per_user". Numbers, names, + - * /, brackets, and the functions
 * ceil floor round sqrt min max. Names are letters, digits and "_", upper and lower case differ. */
#ifndef PERFSCALE_BASE_EXPR_H
#define PERFSCALE_BASE_EXPR_H

#include <stdbool.h>
#include <stddef.h>

#include "base/err.h"

struct expr_name {
    const char *name;
    double value; /* NAN: known by name, not measured; the result is then NAN too */
};

/* The value of text with names (n of them). ERR_FORMAT with what was expected and where in the
 * text; an unknown name is named in the error. Division by zero gives ERR_RANGE. Nesting is
 * limited. */
bool expr_eval(const char *text, const struct expr_name *names, size_t n, double *out,
               struct err *e);

/* True when text parses and uses only these names. */
bool expr_check(const char *text, const struct expr_name *names, size_t n, struct err *e);

#endif

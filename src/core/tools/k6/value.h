/* tools/k6/value.h
 * What an expression is worth before the script runs: literals, names that never change, simple
 * sums. Anything else is not known; nothing is guessed. */
#ifndef PERFSCALE_TOOLS_K6_VALUE_H
#define PERFSCALE_TOOLS_K6_VALUE_H

#include "tools/k6/names.h"

struct number {
    double value;
    bool random;   /* value is the mean of a random number */
    bool from_env; /* value is what stands behind __ENV.X || */
};

/* false when it is not known. Math.random() counts as its mean where that is exact. */
bool value_number(const struct names *n, TSNode expression, struct number *out);

/* A whole string. false when it is not known or does not fit. */
bool value_string(const struct names *n, TSNode expression, char *out, size_t size);

/* The beginning of a string as far as it is known (cut at size). *whole: that is all of it. */
void value_prefix(const struct names *n, TSNode expression, char *out, size_t size, bool *whole);

/* A k6 duration in ms: '1m30s', '1.5m', or a number of ms. */
bool value_duration_ms(const struct names *n, TSNode expression, double *ms);
bool duration_parse(const char *text, double *ms);

/* The literal (or other expression) behind names and members of literal objects; the node itself
 * when it is neither. Null when the name has no value that is known. */
TSNode value_node(const struct names *n, TSNode expression);

/* Does what stands behind __ENV.X || decide on the value? */
bool value_from_env(const struct names *n, TSNode expression);

#endif

/* tools/k6/remarks.h
 * Mistakes in a script that make a larger run meaningless, each with its line, effect and fix. */
#ifndef PERFSCALE_TOOLS_K6_REMARKS_H
#define PERFSCALE_TOOLS_K6_REMARKS_H

#include "tools/k6/script.h"

/* Adds to the findings of *f and sets its new_connections. from_env_line: where a figure comes from
 * the environment, else 0. */
void remarks_make(const struct k6_script *s, long from_env_line, struct facts *f);

#endif

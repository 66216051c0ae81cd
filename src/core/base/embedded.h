/* base/embedded.h
 * Files compiled into the program (cmake/embed.cmake). Each array ends with a NULL name. */
#ifndef PERFSCALE_BASE_EMBEDDED_H
#define PERFSCALE_BASE_EMBEDDED_H

#include <stddef.h>

struct embedded {
    const char *name;  /* path in the source tree: "rules/metric-validation.md" */
    const char *bytes; /* with a NUL behind them */
    size_t len;
};

extern const struct embedded embedded_rules[];
extern const struct embedded embedded_demo[];
extern const struct embedded embedded_report[]; /* report.css */

#endif

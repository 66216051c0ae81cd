/* tools/k6/k6.h
 * The row of k6: JavaScript scripts, its command, its results. */
#ifndef PERFSCALE_TOOLS_K6_K6_H
#define PERFSCALE_TOOLS_K6_K6_H

#include "tools/tool.h"

extern const struct tool tool_k6;

#endif

/* tools/locust/locust.h
 * The row of Locust. Its baseline scripts are found; reading and rewriting them follow. */
#ifndef PERFSCALE_TOOLS_LOCUST_LOCUST_H
#define PERFSCALE_TOOLS_LOCUST_LOCUST_H

#include "tools/tool.h"

extern const struct tool tool_locust;

#endif

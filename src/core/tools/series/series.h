/* tools/series/series.h
 * Plain series of any origin: tables that a team or a spreadsheet writes, and the memory of a
 * server. No load tool stands behind it, so it has no scripts; only its results are read. */
#ifndef PERFSCALE_TOOLS_SERIES_SERIES_H
#define PERFSCALE_TOOLS_SERIES_SERIES_H

#include "tools/tool.h"

extern const struct tool tool_series;

#endif

/* tools/jmeter/jmeter.h
 * The row of JMeter. Its baseline scripts are found; reading and rewriting them follow. */
#ifndef PERFSCALE_TOOLS_JMETER_JMETER_H
#define PERFSCALE_TOOLS_JMETER_JMETER_H

#include "tools/tool.h"

extern const struct tool tool_jmeter;

#endif

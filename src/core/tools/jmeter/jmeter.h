/* tools/jmeter/jmeter.h
 * The row of JMeter: JMX plans, its commands, one machine or several. */
#ifndef PERFSCALE_TOOLS_JMETER_JMETER_H
#define PERFSCALE_TOOLS_JMETER_JMETER_H

#include "tools/tool.h"

extern const struct tool tool_jmeter;

#endif

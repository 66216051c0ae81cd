#include "tools/jmeter/jmeter.h"

const struct tool tool_jmeter = {
    .name = "jmeter",
    .title = "JMeter",
    .scripts = (const char *const[]){"*.jmx", NULL},
    .readers = (const struct reader *const[]){NULL},
    .need = "jmeter",
};

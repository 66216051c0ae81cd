#include "tools/jmeter/jmeter.h"

#include "tools/jmeter/jmeter_script.h"

const struct tool tool_jmeter = {
    .name = "jmeter",
    .title = "JMeter",
    .scripts = (const char *const[]){"*.jmx", NULL},
    .readers = (const struct reader *const[]){NULL},
    .need = "jmeter",
    .arrivals = (const enum arrivals[]){ARRIVALS_PACED},
    .arrivals_n = 1,
    .version_command = (const char *const[]){"jmeter", "--version", "-j", "/dev/null", NULL},
    .version = jmeter_version,
    .facts = jmeter_facts,
    .fit = jmeter_fit,
    .rewrite = jmeter_rewrite,
    .verify = jmeter_verify,
    .result_names = jmeter_result_names,
    .command = jmeter_command,
    .distribute = jmeter_distribute,
    .baseline_command = jmeter_baseline_command,
    .colour = jmeter_colour,
};

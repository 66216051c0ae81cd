#include "tools/jmeter/jmeter.h"

#include "tools/jmeter/jmeter_script.h"
#include "tools/jmeter/results.h"

#define WINS "a property wins over what a plan takes from ${__P(...)}"

/* What results look like. */
static const char *const harmless[] = {"-Jjmeter.", "-Jsummariser.", "-Jserver.", "-Gjmeter.",
                                       NULL};

const struct tool tool_jmeter = {
    .name = "jmeter",
    .title = "JMeter",
    .scripts = (const char *const[]){"*.jmx", NULL},
    .readers =
        (const struct reader *const[]){&jmeter_jtl_csv_reader, &jmeter_jtl_xml_reader,
                                       &jmeter_summariser_reader, &jmeter_statistics_reader,
                                       &jmeter_aggregate_reader, &jmeter_summary_reader, NULL},
    .results = "JTL as CSV or XML, statistics.json, report CSV, summariser lines",
    .need = "jmeter",
    .arrivals = (const enum arrivals[]){ARRIVALS_PACED},
    .arrivals_n = 1,
    .no_ramp_down = true,
    .version_command = (const char *const[]){"jmeter", "--version", "-j", "/dev/null", NULL},
    .load_flags =
        (const struct load_flag[]){
            {"-J", WINS, FINDING_WARNING, harmless},
            {"-G", WINS, FINDING_WARNING, harmless},
            {0},
        },
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

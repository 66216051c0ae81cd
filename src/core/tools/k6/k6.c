#include "tools/k6/k6.h"

#include "tools/k6/k6_results.h"
#include "tools/k6/k6_script.h"

#define REPLACES "it replaces all scenarios of a script with one of its own"

const struct tool tool_k6 = {
    .name = "k6",
    .title = "k6",
    .scripts = (const char *const[]){"baseline_*.js", "baseline_*.ts", NULL},
    .readers = (const struct reader *const[]){&k6_text_reader, &k6_json_reader, &k6_csv_reader,
                                              &k6_ndjson_reader, &k6_recording_reader, NULL},
    .last_files = (const char *const[]){".json", NULL},
    .results = "CSV, JSON, its summary as text or JSON, the dashboard's recording",
    .need = "k6",
    .arrivals = (const enum arrivals[]){ARRIVALS_OPEN, ARRIVALS_CLOSED},
    .arrivals_n = 2,
    .version_command = (const char *const[]){"k6", "version", NULL},
    .load_flags =
        (const struct load_flag[]){
            {"--vus", REPLACES, FINDING_WARNING, NULL},
            {"-u", REPLACES, FINDING_WARNING, NULL},
            {"--duration", REPLACES, FINDING_WARNING, NULL},
            {"-d", REPLACES, FINDING_WARNING, NULL},
            {"--iterations", REPLACES, FINDING_WARNING, NULL},
            {"-i", REPLACES, FINDING_WARNING, NULL},
            {"--stage", REPLACES, FINDING_WARNING, NULL},
            {"-s", REPLACES, FINDING_WARNING, NULL},
            {"--rps", "it caps the rate of the whole run", FINDING_WARNING, NULL},
            {"--min-iteration-duration", "it holds every VU and lowers the rate", FINDING_WARNING,
             NULL},
            {"--no-thresholds", "the limits would not count", FINDING_WARNING, NULL},
            {0},
        },
    .run_word = "run",
    .version = k6_version,
    .facts = k6_facts,
    .fit = k6_fit,
    .rewrite = k6_rewrite,
    .verify = k6_verify,
    .result_names = k6_result_names,
    .command = k6_command,
    .distribute = k6_distribute,
    .baseline_command = k6_baseline_command,
    .colour = k6_colour,
};

#include "tools/locust/locust.h"

#include "tools/locust/results.h"
#include "tools/locust/script.h"
#include "tools/locust/write.h"

#define STANDS                                                                                     \
    "users and their rate stand in the new script; Locust takes no others beside its shape"
#define ENDS "the run would end before the shape does, or not start"

const struct tool tool_locust = {
    .name = "locust",
    .title = "Locust",
    .scripts = (const char *const[]){"locustfile*.py", NULL},
    .readers = (const struct reader *const[]){&locust_console_reader, &locust_stats_reader,
                                              &locust_history_reader, &locust_failures_reader,
                                              &locust_exceptions_reader, &locust_json_reader, NULL},
    .last_files = (const char *const[]){".html", NULL},
    .results = "_stats.csv, _stats_history.csv, --json, what it prints",
    .need = "locust_http",
    .arrivals = (const enum arrivals[]){ARRIVALS_PACED, ARRIVALS_CLOSED},
    .arrivals_n = 2,
    .version_command = (const char *const[]){"locust", "--version", NULL},
    .load_flags =
        (const struct load_flag[]){
            {"--users", STANDS, FINDING_INFO, NULL},
            {"-u", STANDS, FINDING_INFO, NULL},
            {"--spawn-rate", STANDS, FINDING_INFO, NULL},
            {"-r", STANDS, FINDING_INFO, NULL},
            {"--run-time", ENDS, FINDING_INFO, NULL},
            {"-t", ENDS, FINDING_INFO, NULL},
            {"--tags", "only some of the tasks would run", FINDING_WARNING, NULL},
            {"-T", "only some of the tasks would run", FINDING_WARNING, NULL},
            {"--exclude-tags", "some of the tasks would not run", FINDING_WARNING, NULL},
            {"-E", "some of the tasks would not run", FINDING_WARNING, NULL},
            {0},
        },
    .version = locust_version,
    .facts = locust_facts,
    .fit = locust_fit,
    .rewrite = locust_rewrite,
    .verify = locust_verify,
    .result_names = locust_result_names,
    .command = locust_command,
    .distribute = locust_distribute,
    .baseline_command = locust_baseline_command,
    .colour = locust_colour,
};

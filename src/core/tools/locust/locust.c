#include "tools/locust/locust.h"

#include "tools/locust/script.h"
#include "tools/locust/write.h"

const struct tool tool_locust = {
    .name = "locust",
    .title = "Locust",
    .scripts = (const char *const[]){"locustfile*.py", NULL},
    .readers = (const struct reader *const[]){NULL},
    .need = "locust_http",
    .arrivals = (const enum arrivals[]){ARRIVALS_PACED, ARRIVALS_CLOSED},
    .arrivals_n = 2,
    .version_command = (const char *const[]){"locust", "--version", NULL},
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

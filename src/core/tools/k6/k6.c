#include "tools/k6/k6.h"

#include "tools/k6/k6_results.h"
#include "tools/k6/k6_script.h"

const struct tool tool_k6 = {
    .name = "k6",
    .title = "k6",
    .scripts = (const char *const[]){"baseline_*.js", "baseline_*.ts", NULL},
    .readers = (const struct reader *const[]){&k6_text_reader, &k6_json_reader, NULL},
    .need = "k6",
    .arrivals = (const enum arrivals[]){ARRIVALS_OPEN, ARRIVALS_CLOSED},
    .arrivals_n = 2,
    .version_command = (const char *const[]){"k6", "version", NULL},
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

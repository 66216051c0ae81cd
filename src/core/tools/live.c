#include "tools/live.h"

#include <math.h>
#include <string.h>

void live_figures_init(struct live_figures *f) {
    *f = (struct live_figures){
        .state = LIVE_UNKNOWN,
        .requests = NAN,
        .failed = NAN,
        .avg_ms = NAN,
        .min_ms = NAN,
        .med_ms = NAN,
        .p90_ms = NAN,
        .p95_ms = NAN,
        .p99_ms = NAN,
        .max_ms = NAN,
        .rps = NAN,
        .elapsed_s = NAN,
        .iterations = NAN,
        .dropped = NAN,
        .vus = NAN,
        .vus_allocated = NAN,
        .now_s = NAN,
        .now_rps = NAN,
        .now_failed_rps = NAN,
        .now_p95_ms = NAN,
    };
}

const struct live *live_find(const char *name) {
    for (const struct live *const *l = lives; *l; l++)
        if (strcmp((*l)->name, name) == 0)
            return *l;
    return NULL;
}

/* tests/corpus/script_plan.h
 * A profile for any script whose facts are known; what its text does not say is made up, for the
 * script is only rewritten, never run. */
#ifndef PERFSCALE_TESTS_CORPUS_SCRIPT_PLAN_H
#define PERFSCALE_TESTS_CORPUS_SCRIPT_PLAN_H

#include <math.h>
#include <string.h>

#include "load/profile.h"
#include "tools/tool.h"

static inline double if_known(double value, double otherwise) {
    return isnan(value) ? otherwise : value;
}

/* What the text does not say is made up here: the file is only rewritten, never run. */
static inline void fill_input(const struct facts *f, enum model m, enum arrivals a,
                              struct load_input *in) {
    *in = (struct load_input){.model = m,
                              .arrivals = a,
                              .target_rps = 60,
                              .avg_ms = 50,
                              .think_ms = 0,
                              .requests_per_iteration = 1,
                              .hold_ms = NAN,
                              .ramp_ms = NAN,
                              .ramp_down_ms = NAN,
                              .steps = NAN,
                              .start_rps = NAN,
                              .max_rps = NAN,
                              .p95_limit_ms = 500,
                              .error_limit = 0.01,
                              .baseline = {.vus = NAN, .rps = NAN, .iteration_ms = NAN},
                              .generators = 1};
    const struct scenario *carrier[SCENARIOS_MAX];
    in->parts = facts_carriers(f, carrier);
    for (size_t i = 0; i < in->parts; i++) {
        struct part_input *part = &in->part[i];
        memcpy(part->name, carrier[i]->name, sizeof part->name);
        part->share = 1;
        part->requests_per_iteration = if_known(carrier[i]->requests_per_iteration.value, 1);
        part->requests_per_iteration = fmax(part->requests_per_iteration, 0.1);
        part->think_ms = if_known(carrier[i]->think_ms.value, 100);
        part->wait_ms = if_known(carrier[i]->wait_ms.value, 100);
        in->requests_per_iteration = part->requests_per_iteration;
        in->think_ms = part->think_ms + part->wait_ms;
    }
}

static inline bool script_plan(const struct tool *t, const struct facts *f, enum model m,
                               const struct rules *rules, struct profile *p, struct findings *notes,
                               struct err *e) {
    static struct load_input in;
    fill_input(f, m, t->arrivals[0], &in);
    return profile_make(&in, rules, p, notes, e) && (!t->fit || t->fit(p, notes, e));
}

#endif

/* Load profiles for the tests of k6 scripts, from the rules' default figures. */
#ifndef PERFSCALE_TESTS_K6_PLANS_H
#define PERFSCALE_TESTS_K6_PLANS_H

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "load/profile.h"
#include "tools/k6/k6_script.h"

static inline struct rules plan_rules(void) {
    struct rules r = {0};
    strcpy(r.sizing.users, "ceil(L)");
    strcpy(r.sizing.allocate, "ceil(L + 3*sqrt(L))");
    r.sizing.allocate_for_p95_limit = true;
    r.sizing.max_vus_factor = 2;
    r.sizing.rounding_guard = 1e-9;
    r.sizing.two_sizings_differ = 0.1;
    r.sizing.users_ask_above = 100000;
    r.shape[MODEL_LOAD] = (struct shape_rules){.hold_s = 1800,
                                               .hold_least_s = 300,
                                               .ramp = "hold/6",
                                               .ramp_least_s = 30,
                                               .ramp_most_s = 300,
                                               .ramp_down = "ramp/2",
                                               .ramp_down_least_s = 30};
    r.shape[MODEL_SOAK] = (struct shape_rules){.hold_s = 28800,
                                               .hold_least_s = 3600,
                                               .ramp = "300",
                                               .ramp_least_s = 60,
                                               .ramp_most_s = 900,
                                               .ramp_down = "60",
                                               .ramp_down_least_s = 30};
    r.shape[MODEL_STRESS] = (struct shape_rules){.hold_s = NAN,
                                                 .hold_least_s = 60,
                                                 .ramp = "10",
                                                 .ramp_least_s = 5,
                                                 .ramp_most_s = 60,
                                                 .ramp_down = "0",
                                                 .first_step = 0.5,
                                                 .step = 0.25,
                                                 .last_step = 2,
                                                 .steps_least = 5,
                                                 .steps_most = 12,
                                                 .step_hold_least_s = 60,
                                                 .step_hold_most_s = 600,
                                                 .requests_per_step = 1000,
                                                 .stop_error_rate = 0.2,
                                                 .stop_after_s = 60};
    r.k6_results = (struct k6_result_rules){.csv_most_bytes = 1e9,
                                            .csv_gz_most_bytes = 60e9,
                                            .csv_bytes_per_request = 1400,
                                            .csv_gz_share = 30};
    return r;
}

/* What a plan is made of; the rest by the rules. 0 in hold_s: the rule's. */
struct plan_case {
    enum model model;
    enum arrivals arrivals;
    double rps, avg_ms, think_ms, requests, hold_s;
};

static inline struct load_input plan_input(struct plan_case c) {
    return (struct load_input){
        .model = c.model,
        .arrivals = c.arrivals,
        .target_rps = c.rps,
        .avg_ms = c.avg_ms,
        .think_ms = c.think_ms,
        .requests_per_iteration = c.requests,
        .hold_ms = c.hold_s > 0 ? c.hold_s * 1000 : NAN,
        .ramp_ms = NAN,
        .ramp_down_ms = NAN,
        .steps = NAN,
        .start_rps = NAN,
        .max_rps = NAN,
        .p95_limit_ms = 500,
        .error_limit = 0.01,
        .baseline = {NAN, NAN, NAN, NAN, NAN, NAN, NAN, NAN, NAN},
    };
}

static inline struct profile plan_of_input(struct load_input in) {
    struct rules r = plan_rules();
    struct findings notes = {0};
    struct profile p;
    struct err e = {0};
    if (!profile_make(&in, &r, &p, &notes, &e))
        abort();
    findings_fini(&notes);
    return p;
}

static inline struct profile plan_of(struct plan_case c) { return plan_of_input(plan_input(c)); }

/* The same for a script with several scenarios: their shares, requests and pauses from its text. */
static inline struct load_input plan_input_of_facts(const struct facts *f, struct plan_case c) {
    const struct scenario *carrier[SCENARIOS_MAX];
    double share[SCENARIOS_MAX];
    char why[256];
    struct load_input in = plan_input(c);
    in.parts = facts_carriers(f, carrier);
    if (!facts_shares(f, c.avg_ms, share, why, sizeof why)) {
        fprintf(stderr, "%s\n", why);
        abort();
    }
    for (size_t i = 0; i < in.parts; i++) {
        strcpy(in.part[i].name, carrier[i]->name);
        in.part[i].share = share[i];
        in.part[i].requests_per_iteration = carrier[i]->requests_per_iteration.value;
        in.part[i].think_ms = carrier[i]->think_ms.value;
        in.part[i].wait_ms = carrier[i]->wait_ms.value;
    }
    return in;
}

/* What the session would plan for a script; of one scenario the figures of the case. */
static inline struct profile plan_of_source(const struct source *s, struct plan_case c) {
    struct facts f;
    struct err e = {0};
    const struct scenario *carrier[SCENARIOS_MAX];
    if (!k6_facts(s, &f, &e)) {
        fprintf(stderr, "%s\n", e.text);
        abort();
    }
    struct load_input in = plan_input(c);
    if (facts_carriers(&f, carrier) > 1)
        in = plan_input_of_facts(&f, c);
    else
        strcpy(in.part[in.parts++].name, carrier[0]->name);
    facts_fini(&f);
    return plan_of_input(in);
}

static inline struct profile plan_of_script(const char *text, size_t len, struct plan_case c) {
    return plan_of_source(&(struct source){.text = text, .len = len, .file = "baseline_x.js"}, c);
}

#endif

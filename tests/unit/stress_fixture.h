/* Steps, limits and comparisons for the tests of stress/. */
#ifndef STRESS_FIXTURE_H
#define STRESS_FIXTURE_H

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "stress/stress.h"

#define COUNT(a) (sizeof(a) / sizeof *(a))

static struct rules rules;
static struct stress_found found; /* each test finds into it */

static inline int load_rules(void **state) {
    (void)state;
    return rules_load(&rules, NULL, NULL) ? 0 : -1;
}

static inline void assert_close(const char *where, const char *what, double got, double want) {
    if (isnan(want) ? !isnan(got) : !(fabs(got - want) <= 1e-4 * fabs(want)))
        fail_msg("%s: %s is %.8g, not %.8g", where, what, got, want);
}

static inline struct stress_input input_of(const struct stress_step *step, size_t steps,
                                           bool open) {
    return (struct stress_input){
        .step = step,
        .steps = steps,
        .open = open,
        .p95_ms = 500,
        .p99_ms = NAN,
        .error_rate = 0.01,
        .rate_least = 0.95,
        .think_ms = NAN,
        .requests_per_iteration = NAN,
        .max_vus = NAN,
        .p95_samples = rules_sample(&rules, "p95")->least,
        .p95_full = rules_sample(&rules, "p95")->full,
        .rate_guard = rules.steady.rate_guard,
        .cpu_invalid = rules.margin.cpu_invalid,
        .rules = &rules.stress,
    };
}

/* 60 s, all else unknown. */
static inline struct stress_step step_of(int number, double load, double requests, double ok,
                                         double mean, double p95) {
    return (struct stress_step){.number = number,
                                .from_s = 60.0 * (number - 1),
                                .to_s = 60.0 * number,
                                .load = load,
                                .window_s = 60,
                                .requests = requests,
                                .ok = ok,
                                .mean_ms = mean,
                                .p95_ms = p95,
                                .p99_ms = NAN,
                                .dropped = NAN,
                                .vus = NAN,
                                .generator_cpu = NAN};
}

/* An open step at its load: all requests answered, or but 80 % of them. */
static inline struct stress_step healthy(int number, double load) {
    return step_of(number, load, 60 * load, 60 * load, 100, 200);
}
static inline struct stress_step slow(int number, double load) {
    return step_of(number, load, 48 * load, 48 * load, 900, 1800);
}

static inline void find_open(const struct stress_step *step, size_t n) {
    struct stress_input in = input_of(step, n, true);
    stress_find(&in, &found);
}

static inline void assert_verdict(const char *why, enum stress_verdict want) {
    if (found.verdict != want)
        fail_msg("%s: %s, not %s", why, stress_verdict_name(found.verdict),
                 stress_verdict_name(want));
}

#endif

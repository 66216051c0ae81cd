/* Results of tests/data, read and judged: what a stored run holds. */
#ifndef PERFSCALE_TESTS_JUDGED_FIXTURE_H
#define PERFSCALE_TESTS_JUDGED_FIXTURE_H

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <cmocka.h>

#include "check/check.h"
#include "gather/gather.h"

static struct rules rules; /* the built-in ones */

static inline int load_rules(void **state) {
    (void)state;
    return rules_load(&rules, NULL, NULL) ? 0 : 1;
}

/* file: below tests/data. Both are the caller's to finish. */
static inline void judge_file(const char *file, enum model model, enum arrivals arrivals,
                              struct summary *run, struct judgement *j) {
    char path[512];
    struct err e = {0};
    const struct gather_options o = {
        .find_steps = model == MODEL_STRESS, .memory_only = true, .threads = 1};
    snprintf(path, sizeof path, "%s/%s", TEST_DATA, file);
    if (!gather((const char *const[]){path}, 1, &o, run, &e))
        fail_msg("%s: %s", file, e.text);
    struct check_input in;
    check_input_init(&in);
    in.run = run;
    in.rules = &rules;
    in.model = model;
    in.arrivals = arrivals;
    in.target_rps.value = 200;
    in.memory_limit_mb = 2048;
    check_run(&in, j);
}

static const struct {
    const char *file;
    enum model model;
    enum arrivals arrivals;
} judged_files[] = {
    {"k6/load-v2.2-full/summary-export.json", MODEL_LOAD, ARRIVALS_OPEN},
    {"k6/recording-load-v2.2/recording.ndjson", MODEL_LOAD, ARRIVALS_OPEN},
    {"jmeter/load-5.1/results.jtl", MODEL_LOAD, ARRIVALS_PACED},
    {"jmeter/baseline-2.13-flaky/results.jtl", MODEL_LOAD, ARRIVALS_CLOSED},
    {"jmeter/stress-5.1/results.jtl", MODEL_STRESS, ARRIVALS_CLOSED},
    {"series/stress/collapse-open.steps.csv", MODEL_STRESS, ARRIVALS_OPEN},
    {"series/stress/closed-think-1s.steps.csv", MODEL_STRESS, ARRIVALS_CLOSED},
    {"series/stress/fails-at-once.steps.csv", MODEL_STRESS, ARRIVALS_OPEN},
    {"series/stress/knee-8-workers.steps.csv", MODEL_STRESS, ARRIVALS_OPEN},
    {"series/stress/usl-closed.steps.csv", MODEL_STRESS, ARRIVALS_CLOSED},
    {"series/stress/vu-cap.steps.csv", MODEL_STRESS, ARRIVALS_OPEN},
    {"series/stress/transient-slow-step.series.csv", MODEL_STRESS, ARRIVALS_OPEN},
    {"series/stress/stall-hidden-from-p95.series.csv", MODEL_LOAD, ARRIVALS_OPEN},
    {"series/soak/linear-leak-8h.csv", MODEL_SOAK, ARRIVALS_OPEN},
    {"series/soak/gc-sawtooth-leak.csv", MODEL_SOAK, ARRIVALS_OPEN},
    {"series/soak/latency-drift.csv", MODEL_SOAK, ARRIVALS_OPEN},
    {"series/soak/too-short.csv", MODEL_SOAK, ARRIVALS_OPEN},
};
enum { JUDGED_FILES = sizeof judged_files / sizeof *judged_files };

static inline void judge_number(size_t i, struct summary *run, struct judgement *j) {
    judge_file(judged_files[i].file, judged_files[i].model, judged_files[i].arrivals, run, j);
}

#endif

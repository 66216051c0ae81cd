/* The simulated servers against the formulas of their kind, at one load for some hours. */
#include <math.h>
#include <stdio.h>

#include "sim_truth.h"
#include "verdicts.h"

static const double hours_s = 4 * 3600, most_off = 0.03;

static const struct {
    const char *name;
    struct sim_server server;
    bool open;
    double load, think_s;
} checks[] = {
    {"M/M/2, 12/s", {SIM_POOL, 2, 0.1, -1, 0, 0, 0}, true, 12, 0},
    {"M/M/8, 40/s", {SIM_POOL, 8, 0.1, -1, 0, 0, 0}, true, 40, 0},
    {"M/M/8, 64/s", {SIM_POOL, 8, 0.1, -1, 0, 0, 0}, true, 64, 0},
    {"M/M/8, 72/s", {SIM_POOL, 8, 0.1, -1, 0, 0, 0}, true, 72, 0},
    {"M/M/50, 240/s", {SIM_POOL, 50, 0.2, -1, 0, 0, 0}, true, 240, 0},
    {"M/M/8, 80 users, think 1 s", {SIM_POOL, 8, 0.1, -1, 0, 0, 0}, false, 80, 1},
    {"M/M/8, 110 users, think 1 s", {SIM_POOL, 8, 0.1, -1, 0, 0, 0}, false, 110, 1},
    {"M/M/8, 24 users", {SIM_POOL, 8, 0.1, -1, 0, 0, 0}, false, 24, 0},
};

static bool check(const struct verdicts_options *o, size_t i) {
    const struct sim_server *s = &checks[i].server;
    struct sim_load l = {.open = checks[i].open,
                         .steps = 1,
                         .load = {checks[i].load},
                         .speed = {1},
                         .step_s = hours_s,
                         .cut = 0.02,
                         .think_s = checks[i].think_s,
                         .max_vus = 100000};
    struct truth_state truth;
    struct stress_step seen;
    struct rng r;
    rng_seed(&r, o->seed, 3000 + i);
    sim_run(s, &l, &r, &seen);
    if (l.open)
        truth_open(s, checks[i].load, &truth);
    else
        truth_closed(s, (int)checks[i].load, l.think_s, &truth);
    double mean_off = seen.mean_ms / 1000 / truth.mean_s - 1;
    double p95_off = seen.p95_ms / 1000 / truth.p95_s - 1;
    bool ok = fabs(mean_off) <= most_off && fabs(p95_off) <= most_off;
    printf("%-28s mean %8.2f ms (formula %8.2f)   p95 %8.2f ms (formula %8.2f)%s\n", checks[i].name,
           seen.mean_ms, 1000 * truth.mean_s, seen.p95_ms, 1000 * truth.p95_s, ok ? "" : "   OFF");
    return ok;
}

bool verdicts_simulator(const struct verdicts_options *o) {
    bool ok = true;
    printf(
        "The simulator, %.0f h at one load, against the formulas (Erlang C; at most %.0f %% off)\n",
        hours_s / 3600, 100 * most_off);
    for (size_t i = 0; i < sizeof checks / sizeof *checks; i++)
        ok &= check(o, i);
    return ok;
}

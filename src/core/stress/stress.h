/* stress/stress.h
 * Where does it break? Steps of rising load to a break load, a saturation throughput, and who was
 * the limit: the server or the load generator.
 *
 * Two answers, never one. Break load: the highest load inside the limits, in the offered unit
 * (requests/s in an open run, VUs in a closed one). Saturation throughput: the most successful
 * requests/s ever seen on a plateau. A step fails when its p95, its error rate or (open) its rate
 * is outside the limits. The break lies above the LAST step that passes, because a step that held
 * its load inside all limits is direct evidence; one failing step below it is a disturbance.
 *
 *     f = smallest of (ln limit - ln p95a) / (ln p95b - ln p95a),
 *                     (E% - erra) / (errb - erra), (ra - 0.95) / (ra - rb), 1
 *     break load = load_a + f (load_b - load_a)       a: last pass, b: first fail above it
 *
 * Measured on simulated servers of 8 workers and more (bench/verdicts_bench.c): 90 % of breaks
 * within 2 to 14 %, the interval holds the truth in 94 to 100 % of runs; of 2 workers 15 to 25 %
 * and 92 %. Parameters: "## Stress" of rules/metric-validation.md. Pure: structs in, structs out.
 */
#ifndef PERFSCALE_STRESS_STRESS_H
#define PERFSCALE_STRESS_STRESS_H

#include <stdbool.h>
#include <stddef.h>

#include "rules/rules.h"

enum { STRESS_STEPS_MAX = 64 };

/* One step, its first part (rules: cut) left out. NAN: not known. */
struct stress_step {
    int number; /* as the user counts them, from 1 */
    double from_s, to_s;
    double load;     /* offered: requests/s, or VUs */
    double window_s; /* seconds that the counts are of */
    double requests, ok;
    double mean_ms, p95_ms, p99_ms;
    double dropped;       /* iterations that never started */
    double vus;           /* mean in use */
    double generator_cpu; /* share */
};

/* Successful requests/s; share of failed requests. NAN unknown. */
double stress_step_rps(const struct stress_step *s);
double stress_step_errors(const struct stress_step *s);

struct stress_input {
    const struct stress_step *step; /* in the order of time */
    size_t steps;
    bool open;                         /* load is a rate; else VUs */
    double p95_ms, p99_ms, error_rate; /* limits; NAN: none */
    double rate_least;                 /* open: share of the load that must be reached (0.95) */
    double think_ms;                   /* Z of one iteration; NAN: not known */
    double requests_per_iteration;     /* k; NAN: 1 */
    double max_vus;                    /* open: VUs there are; NAN: not known */
    double p95_samples, p95_full;      /* requests below which p95 is not judged, is thin */
    double rate_guard;                 /* standard deviations that a deficit must exceed */
    double cpu_invalid;                /* share of the generator's CPU above which it is spoiled */
    const struct stress_rules *rules;
};

enum stress_reason {
    STRESS_NONE,
    STRESS_P95,
    STRESS_P99,
    STRESS_ERRORS,
    STRESS_RATE,
    STRESS_VU_CAP, /* open: too few VUs for the rate, the server not slower */
    STRESS_GENERATOR_CPU,
    STRESS_GENERATOR_TIME, /* closed: users spend time that nobody measured */
    STRESS_NO_DATA,        /* no request ended in the step */
    STRESS_REASONS,
};
const char *stress_reason_name(enum stress_reason r); /* "p95", "vu_cap", ...; NULL for NONE */

enum stress_verdict {
    STRESS_BROKE,
    STRESS_NOT_REACHED,
    STRESS_BROKE_BELOW, /* the first judged step fails */
    STRESS_GENERATOR_LIMITED,
    STRESS_TOO_FEW_STEPS,
    STRESS_INCONCLUSIVE, /* loads that do not rise */
};
const char *stress_verdict_name(enum stress_verdict v); /* "broke" */

/* What was found of one step. */
struct stress_judged {
    struct stress_step is;        /* of equal loads: merged */
    bool failed[STRESS_REASONS];  /* the limits it breaks */
    enum stress_reason generator; /* why it says nothing about the server; STRESS_NONE */
    bool judged;                  /* false: it or an earlier one is spoiled */
    bool thin;                    /* fewer requests than make p95 count */
    bool p95_judged;              /* enough requests for p95 at all */
    double law;                   /* closed: share of the users' time accounted for; NAN */
};

/* Any limit broken? */
bool stress_step_fails(const struct stress_judged *j);

/* The Universal Scalability Law, as description only. */
struct stress_usl {
    bool fitted;               /* six steps, closed; else all is NAN */
    bool accepted;             /* behind all gates; only then is it shown */
    double gamma, alpha, beta; /* X(N) = gN / (1 + a(N-1) + bN(N-1)) */
    double error;              /* relative RMS */
    double n_max, x_max;       /* peak of the fit, VUs and requests/s; NAN: none */
    double x_low, x_high;      /* leave-one-out range of x_max */
};

enum saturation { SATURATION_NOT_REACHED, SATURATION_PLATEAU, SATURATION_COLLAPSE };
const char *saturation_name(enum saturation s); /* "plateau" */

struct stress_found {
    enum stress_verdict verdict;
    bool open;
    bool think_assumed; /* think time was not known: it was taken from the first step */
    double think_ms;    /* that counted; NAN: none needed */
    struct stress_judged step[STRESS_STEPS_MAX]; /* by rising load */
    size_t steps;
    /* Indexes into step; -1: none. */
    int last_pass, first_fail, generator_step;
    bool transient[STRESS_STEPS_MAX]; /* failing steps below the last pass */
    bool confirmed;
    double fraction, break_load, low, high; /* NAN unless it broke */
    double break_rps;                       /* requests/s there */
    double at_least, at_most;               /* load; NAN unless that is the answer */
    enum stress_reason reason; /* of the break (the smallest fraction), or of the limit of
                                  the generator */
    double saturation_rps;
    enum saturation saturation;
    struct stress_usl usl;
};

/* "ok", "over limit", "disturbed" (a higher step kept all limits), "not judged" (the generator). */
enum stress_state { STEP_KEPT, STEP_OVER, STEP_DISTURBED, STEP_NOT_JUDGED };
enum stress_state stress_step_state(const struct stress_found *f, size_t i);
const char *stress_state_word(enum stress_state s);

/* Never fails; what cannot be said is NAN and the verdict. More than STRESS_STEPS_MAX steps: the
 * first ones. */
void stress_find(const struct stress_input *in, struct stress_found *out);

/* Least squares of the Universal Scalability Law on n pairs; rules: the gates. in_think: think time
 * was zero. Exposed for tests. */
void stress_usl_fit(const double *vus, const double *rps, size_t n, bool no_think,
                    const struct stress_rules *rules, struct stress_usl *out);

#endif

/* load/profile.h
 * From a target to a load: how many VUs, which stages. Formulas (X target requests/s, R average
 * response time, Z think time per iteration, k requests per iteration):
 *
 *     iteration time   D = k*R + Z
 *     iterations/s     I = X / k
 *     users in flight  L = I * D                  (Little's law)
 *     VUs              N = ceil(L)                the number shown and confirmed
 *     VUs to allocate  P = ceil(L' + 3*sqrt(L'))  L' with R = the p95 limit (open model)
 *
 * N and P come from the formulas of rules/load-model-selection.md, "Sizing"; shapes from "Shape".
 * Times in milliseconds on purpose: 100 RPS x 70 ms is exactly 7 VUs; 100 x 0.07 s is a hair above
 * 7 and would round up to 8. */
#ifndef PERFSCALE_LOAD_PROFILE_H
#define PERFSCALE_LOAD_PROFILE_H

#include <stdbool.h>
#include <stddef.h>

#include "base/err.h"
#include "base/finding.h"
#include "rules/rules.h"

enum arrivals { ARRIVALS_OPEN, ARRIVALS_CLOSED };
const char *arrivals_name(enum arrivals a); /* "open", "closed" */

/* What the baseline run measured. NAN: not known. */
struct measured {
    double vus; /* mean VUs in use */
    double rps;
    double requests_per_iteration;
    double iteration_ms;
    double avg_ms, p95_ms, med_ms, p99_ms;
    double bytes_per_request; /* both ways */
};

/* The form. NAN in hold, ramps, steps, start and max: by the rules. */
struct load_input {
    enum model model;
    enum arrivals arrivals;
    double target_rps; /* stress: the expected rate, 100 % */
    double avg_ms, think_ms, requests_per_iteration;
    double hold_ms, ramp_ms, ramp_down_ms; /* stress: hold and ramp of each step */
    double steps, start_rps, max_rps;      /* stress only */
    double p95_limit_ms;
    double error_limit; /* share */
    struct measured baseline;
    bool figures_given; /* the user set avg, think or requests per iteration himself: they count,
                           not the baseline's */
};

enum { STAGES_MAX = 41 }; /* 20 steps of two and the way down */

struct stage {
    char name[24]; /* "ramp", "hold", "ramp down"; stress: "step 3 ramp", "step 3" */
    double start_s, duration_s;
    double target_rps; /* at its end */
    int vus;           /* by Little's law, for that rate */
};

struct profile {
    enum model model;
    enum arrivals arrivals;
    double target_rps;   /* stress: of the top step */
    double expected_rps; /* stress: what 100 % is; else equal to target_rps */
    double avg_ms, think_ms, requests_per_iteration;
    double iteration_ms;  /* k*R + Z */
    double iteration_rps; /* X / k */
    int vus;
    int preallocated_vus, max_vus;          /* open model; 0 in the closed one */
    bool baseline_used;                     /* vus comes from the baseline's measured figures */
    double from_baseline, from_script;      /* before rounding; NAN when it could not be computed */
    int from_baseline_vus, from_script_vus; /* 0 when not computed */
    double difference; /* |script - baseline| / baseline, NAN unless both are known */
    int vus_at_twice;  /* VUs needed if every response took twice as long */
    struct stage stage[STAGES_MAX];
    int stages;
    double duration_s;
    double planned_requests; /* area under the stages */
    double p95_limit_ms, error_limit;
    double stop_error_rate, stop_after_s; /* stress; NAN otherwise */
};

/* Fills *p and adds findings (sizes that differ, a hold outside the rules' bounds, ...). On error
 * (ERR_RANGE, ERR_USAGE) the sentence names the figure that is missing or wrong, and *p is zeroed.
 */
bool profile_make(const struct load_input *in, const struct rules *rules, struct profile *p,
                  struct findings *notes, struct err *e);

/* A stage that begins at the rate of the one before and ends at its own. Any other is at its own
 * rate from its first moment, so a hold without a ramp before it is one jump. */
bool stage_is_ramp(const struct stage *s);

/* How many steps a stress profile holds (stages that are no ramp), and the rate of the first; 0 and
 * NAN when there is none. */
int profile_steps(const struct profile *p, double *first_rps);

/* The rate at which stage i begins. */
double profile_stage_from(const struct profile *p, int i);

/* The rate that the stages plan at t seconds after the start, in requests/s. 0 outside. */
double profile_rate_at(const struct profile *p, double t_s);

/* Highest rate of all stages. */
double profile_top_rps(const struct profile *p);

#endif

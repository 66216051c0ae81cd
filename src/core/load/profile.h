/* load/profile.h
 * From a target to a load: how many VUs, which stages. Formulas (X target requests/s, R average
 * response time, Z think time per iteration, k requests per iteration):
 *
 *     iteration time   D = k*R + Z
 *     iterations/s     I = X / k
 *     users in flight  L = I * D                  (Little's law)
 *     VUs              N = ceil(L)                the number shown and confirmed
 *     VUs to allocate  P = ceil(L' + 3*sqrt(L'))  L' with R = the p95 limit (open and paced)
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
#include "load/facts.h"
#include "rules/rules.h"

/* How iterations start: at a rate; as soon as a VU is free again; as soon as a VU is free and its
 * own clock allows it (Locust, JMeter), so that enough VUs give a rate. A slow server lowers the
 * load of the last two. */
enum arrivals { ARRIVALS_OPEN, ARRIVALS_CLOSED, ARRIVALS_PACED, ARRIVALS };
const char *arrivals_name(enum arrivals a); /* "open", "closed", "paced" */
bool arrivals_parse(const char *word, enum arrivals *out);

/* What the baseline run measured. NAN: not known. */
struct measured {
    double vus; /* mean VUs in use */
    double rps;
    double requests_per_iteration;
    double iteration_ms;
    double avg_ms, p95_ms, med_ms, p99_ms;
    double bytes_per_request; /* both ways */
};

/* One scenario of the form. */
struct part_input {
    char name[64];
    double share; /* of the target; the parts' shares add up to 1 */
    double requests_per_iteration, think_ms, wait_ms;
};

/* The form. NAN in hold, ramps, steps, start and max: by the rules. */
struct load_input {
    enum model model;
    enum arrivals arrivals;
    double target_rps; /* stress: the expected rate, 100 % */
    double avg_ms;
    double think_ms, requests_per_iteration; /* of one part, waits included; of several unused */
    double hold_ms, ramp_ms, ramp_down_ms;   /* stress: hold and ramp of each step */
    double steps, start_rps, max_rps;        /* stress only */
    double p95_limit_ms;
    double error_limit; /* share */
    struct measured baseline;
    bool figures_given; /* the user set avg, think or requests per iteration himself: they count,
                           not the baseline's */
    struct part_input part[SCENARIOS_MAX]; /* of a single one only the name and wait_ms count */
    size_t parts;                          /* 0: one without a name */
    int generators;                        /* machines that share the load; 0 and 1: one */
};

enum { STAGES_MAX = 41 }; /* 20 steps of two and the way down */

struct stage {
    char name[24]; /* "ramp", "hold", "ramp down"; stress: "step 3 ramp", "step 3" */
    double start_s, duration_s;
    double target_rps; /* at its end */
    int vus;           /* by Little's law, for that rate */
};

/* One scenario's share of the load, at the top of the profile. */
struct part {
    char name[64]; /* as in the facts of the script */
    double share;
    double requests_per_iteration, think_ms, wait_ms;
    double iteration_ms; /* k*R + think + wait */
    double iteration_rps;
    double in_flight;     /* L, before rounding */
    int vus;              /* N */
    int preallocated_vus; /* P; open and paced, else 0 */
    int max_vus;          /* open, else 0 */
    int users; /* what the tool starts: open preallocated_vus, closed vus; paced: max(N, P) and what
                  the tool rounds it to */
    int stage_vus[STAGES_MAX]; /* by Little's law, for the rate of each stage */
};

struct profile {
    enum model model;
    enum arrivals arrivals;
    double target_rps;   /* stress: of the top step */
    double expected_rps; /* stress: what 100 % is; else equal to target_rps */
    double avg_ms;
    double think_ms, requests_per_iteration; /* of several parts the mean over iterations */
    double iteration_ms;                     /* k*R + Z */
    double iteration_rps;                    /* X / k */
    struct part part[SCENARIOS_MAX];         /* at least one */
    size_t parts;                            /* their VUs add up to those below */
    int vus;
    int preallocated_vus, max_vus;          /* open model; 0 in the others */
    int users;                              /* started at the top */
    int generators;                         /* machines that share it; at least 1 */
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

/* When a stage without a ramp counts as steady, in seconds from the start of the run: its begin and
 * the time to settle that rules/metric-validation.md asks for. */
double stage_settled_s(const struct stage *s, const struct rules *r);

/* How many steps a stress profile holds (stages that are no ramp), and the rate of the first; 0 and
 * NAN when there is none. */
int profile_steps(const struct profile *p, double *first_rps);

/* The rate at which stage i begins. */
double profile_stage_from(const struct profile *p, int i);

/* The rate that the stages plan at t seconds after the start, in requests/s. 0 outside. */
double profile_rate_at(const struct profile *p, double t_s);

/* Requests that the stages plan between two moments, seconds after the start. */
double profile_requests_between(const struct profile *p, double from_s, double to_s);

/* Highest rate of all stages. */
double profile_top_rps(const struct profile *p);

/* VUs that a generator must be able to hold: maxVUs of an open model, else the users started. */
int profile_most_users(const struct profile *p);

/* Adds up the parts' VUs again: for a tool that has rounded them. */
void profile_sum_parts(struct profile *p);

#endif

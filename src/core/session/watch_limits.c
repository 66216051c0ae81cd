/* The limits of a verdict, as a run that goes on is held against them. */
#include <math.h>

#include "session/session.h"

static enum arrivals how(const struct check_input *in) {
    return in->profile ? in->profile->arrivals : in->arrivals;
}

static double limit_of(const struct check_input *in, const char *check, const struct given *given) {
    return check_limit(in->rules, in->plan, in->model, check, given).value;
}

/* The share of the offered rate that has to be reached. */
static double rate_share(const struct check_input *in) {
    const char *check = in->model == MODEL_STRESS  ? "stress_rps"
                        : how(in) == ARRIVALS_OPEN ? "rps"
                                                   : "rps_closed";
    const struct limit_rule *rule = rules_limit(in->rules, check);
    return rule ? rule->limit : (double)NAN;
}

/* Where VUs start at the pace of the answers, all of them are always in use. */
static double most_vus(const struct check_input *in) {
    if (how(in) != ARRIVALS_OPEN)
        return NAN;
    if (!isnan(in->max_vus))
        return in->max_vus;
    return in->profile ? profile_most_users(in->profile) : (double)NAN;
}

/* From which share of a limit on a figure is near it: that of p95, for the rules have one for each
 * check and none for the steps of a stress test. */
static double near_share(const struct rules *rules) {
    const struct limit_rule *rule = rules_limit(rules, "p95");
    return rule && rule->limit > 0 ? rule->near / rule->limit : (double)NAN;
}

void session_watch_limits(const struct check_input *in, struct watch_limits *out) {
    *out = (struct watch_limits){
        .p95_ms = limit_of(in, "p95", &in->p95_ms),
        .error_rate = limit_of(in, "error_rate", &in->error_rate),
        .rate_share = rate_share(in),
        .vus_most = most_vus(in),
        .generator_cpu = in->rules->margin.cpu_warn,
        .memory_mb = check_memory_limit(in),
        .near = near_share(in->rules),
    };
}

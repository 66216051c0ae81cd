/* check/rows.h
 * How one row of checks comes to be: a figure of the judged part of the run, whether it has samples
 * enough, its limit, and what a reader must know beside. One function per metric of the rules,
 * called through the table of checks.c. */
#ifndef PERFSCALE_CHECK_ROWS_H
#define PERFSCALE_CHECK_ROWS_H

#include "check/check_parts.h"

/* A value and the interval that its source rounds it to; equal ends when it is exact. */
struct measured_value {
    double value, low, high;
};

struct measured_value value_exact(double v);
struct measured_value value_ratio(double v); /* exact, of six digits: how ratios are compared */

/* A figure of the judged part of the run; of the whole run, and said so, where the source does not
 * hold it for the part alone. */
struct judged_figure {
    struct measured_value is;
    bool whole; /* there is a steady state, and this is not of it */
};

struct judged_figure judged_figure(const struct check_input *in, enum metric m);
struct judged_figure judged_endpoint_figure(const struct check_input *in, const struct endpoint *p,
                                            enum metric m);

/* Requests and failed ones of the same part; NAN unknown. */
struct judged_counts {
    double requests, failed;
    bool whole;
};

struct judged_counts judged_counts(const struct check_input *in);
struct judged_counts judged_endpoint_counts(const struct check_input *in, const struct endpoint *p);

/* --- the row itself --- */

/* The name that is shown: without "stress_" before it. */
const char *row_name(const char *check);

/* A row without an answer yet. */
struct check *row_add(struct judgement *j, const struct limit_rule *rule, const char *name,
                      const struct given *limit);

/* Adds a sentence to why. */
void row_say(struct check *c, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
void row_say_whole(struct check *c, bool whole);

/* Enough samples for this statistic? Says below `least` that there is no answer, below `full` that
 * it is weak. */
bool row_enough(struct check *c, const struct check_input *in, const char *statistic, double n);

/* Compares. Exactly at the limit "<" fails, "<=" and ">=" pass. */
void row_judge(struct check *c, const struct measured_value *v, const struct limit_rule *rule);

/* Is v at or over the limit, whatever its source rounds? */
bool value_breaks(const struct measured_value *v, enum rule_op op, double limit);

/* --- one function per metric --- */

typedef void measure_fn(const struct check_input *in, const struct limit_rule *rule,
                        const struct given *limit, struct judgement *j);

measure_fn measure_latency, measure_error_rate, measure_rate, measure_failed_checks,
    measure_dropped, measure_drift, measure_stalls, measure_windows;

/* Limits of the plan for single endpoints. */
void endpoints_add_limits(const struct check_input *in, struct judgement *j);

/* The whole keeps the p95 limit only when each endpoint does that has samples enough and no limit
 * of its own. */
void endpoints_hold_p95(const struct check_input *in, struct judgement *j);

/* Times without answers, also where no row asks for them: a finding. */
void stalls_look(const struct check_input *in, struct judgement *j);

/* p95 against the baseline's: a row at the same load, else a finding. */
void baseline_compare(const struct check_input *in, struct judgement *j);

/* Response time in the way of row p95 or p99: value, samples, interval, verdict. */
void latency_judge(struct check *c, const struct check_input *in, const struct limit_rule *rule,
                   const struct judged_figure *value, double requests, enum metric m);

/* Error rate: value, interval, "not proven". */
void errors_judge(struct check *c, const struct check_input *in, const struct limit_rule *rule,
                  const struct judged_counts *n);

#endif

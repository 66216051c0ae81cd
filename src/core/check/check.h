/* check/check.h
 * A run's figures against its limits, to a verdict, the cause that the evidence points at, and what
 * to do next. Rows, operators and sample sizes come from rules/metric-validation.md, causes from
 * references/diagnosis.md. Nothing that was not measured passes.
 *
 * Order of verdicts: INVALID (the run says nothing about the server), FAIL, NO DATA, PASS.
 * Near limit is a mark on a pass, not a verdict. */
#ifndef PERFSCALE_CHECK_CHECK_H
#define PERFSCALE_CHECK_CHECK_H

#include <stdbool.h>
#include <stddef.h>

#include "base/finding.h"
#include "load/profile.h"
#include "plan/plan.h"
#include "results/summary.h"
#include "rules/rules.h"
#include "soak/soak.h"
#include "stress/stress.h"

enum verdict { VERDICT_PASS, VERDICT_NO_DATA, VERDICT_FAIL, VERDICT_INVALID }; /* rising weight */
const char *verdict_name(enum verdict v); /* "pass", "no_data", "fail", "invalid" */

/* CHECKS_MAX: the rows of the rules, and p95 and error rate of each endpoint of a plan. */
enum {
    CHECKS_MAX = LIMIT_RULES_MAX + 2 * PLAN_ENDPOINTS_MAX,
    CAUSES_MAX = 8,
    STEPS_MAX = 16,
    STALLS_MAX = 64,
    FROM_MAX_BYTES = 160
};

/* A limit that goes before the plan's and the rules'. value NAN: not given. */
struct given {
    double value;
    char from[FROM_MAX_BYTES]; /* "command line", "test-plan.md:14" */
};

struct check_input {
    const struct summary *run;
    const struct rules *rules;
    enum model model;
    const struct profile *profile;  /* NULL: the planned load is not known */
    const struct plan *plan;        /* NULL: none */
    const struct summary *baseline; /* NULL: not measured */
    struct given p95_ms, p99_ms, avg_ms, error_rate, target_rps;
    enum arrivals arrivals; /* counts when there is no profile */
    double max_vus;         /* NAN: the profile's, else what the tool had allocated */
    double think_ms;        /* of one iteration; NAN: the profile's */
    double memory_limit_mb; /* NAN: the plan's */
};

/* Every member unset. */
void check_input_init(struct check_input *in);

struct check {
    char metric[SCOPE_MAX_BYTES]; /* "p95", "p95:POST /orders" */
    double value, limit;          /* in unit; NAN: not measured, no limit */
    char unit[8];                 /* "ms", "RPS", "" for a share or a count */
    enum rule_op op;
    char limit_from[FROM_MAX_BYTES];
    enum verdict status;
    bool near_limit;
    bool required;        /* NO DATA here keeps the run from passing */
    double low, high;     /* 95 % interval of value; NAN: none can be had */
    char why[240];        /* what a reader must know beside the numbers, "" when nothing */
    char waived_by[80];   /* who waived it; "" nobody */
    char waived_why[240]; /* the reason */
};

/* What the evidence points at: a row of references/diagnosis.md. */
struct cause {
    char id[8], name[64];
    char evidence[240]; /* the figures that fit the row */
    char points_at[RULE_TEXT_MAX_BYTES];
    char excludes[RULE_TEXT_MAX_BYTES];
    char look_next[RULE_TEXT_MAX_BYTES];
};

/* Which part of the run the checks are of. */
struct judged_window {
    bool steady; /* else the whole run, ramps inside */
    double from_s, to_s, requests;
    bool estimated; /* found by a test on the series, not by plan or constant load */
};

/* A time in which almost nothing was answered while the load went on. */
struct stall {
    double from_s, length_s;
};

struct judgement {
    enum verdict verdict;
    enum model model;
    struct judged_window window;
    char sentence[240]; /* the one line on top */
    struct check check[CHECKS_MAX];
    size_t checks;
    struct cause cause[CAUSES_MAX];
    size_t causes;
    char step[STEPS_MAX][400]; /* next steps, the sentence first */
    size_t steps;
    struct stall stall[STALLS_MAX];
    size_t stalls;         /* all of them, also beyond STALLS_MAX */
    double stall_window_s; /* they were looked for in windows of this length; NAN: not looked for */
    double stall_median;   /* requests in such a window */
    bool has_stress;       /* a stress test whose steps are known */
    struct stress_found stress;
    bool has_soak; /* a soak test with a series */
    struct soak_found soak;
    struct findings findings; /* owned */
};

/* Judges a run. Never fails: what cannot be judged is NO DATA and says why. *j is initialised by
 * it. */
void check_run(const struct check_input *in, struct judgement *j);
void judgement_fini(struct judgement *j);
void judgement_copy(struct judgement *to, const struct judgement *from);

/* A person waives the check of this metric with a reason: it keeps its status, and verdict,
 * sentence and next steps become those of the other checks; the sentence names the waiver. An
 * INVALID run stays INVALID. false: there is no such check, or it passed. */
bool judgement_waive(struct judgement *j, const char *metric, const char *by, const char *reason);

bool judgement_has_waiver(const struct judgement *j);

/* The check of a metric; NULL when there is none. */
const struct check *judgement_find(const struct judgement *j, const char *metric);

/* The limit that counts for p95, p99, avg or error_rate and where it is from: given, else the plan,
 * else the rules. value NAN when none is set anywhere. */
struct given check_limit(const struct rules *rules, const struct plan *plan, enum model model,
                         const char *check, const struct given *given);
/* Memory that the server may use in this run, in MB: given, else the plan's; NAN none. */
double check_memory_limit(const struct check_input *in);

/* --- the baseline's own result --- */

enum stability { STABLE, UNSTABLE, STABLE_UNKNOWN };

/* A baseline must have no failed request. Sentences about it, and about too few requests, go to
 * notes. STABLE_UNKNOWN: the result does not say how many failed. */
enum stability check_baseline(const struct summary *s, const struct rules *rules,
                              struct findings *notes);

/* p95 of the second half of the baseline's steady state against the first: 1 is no drift. NAN: not
 * known, and *why says what is missing (static). *near: beyond halves_differ. */
double check_baseline_drift(const struct summary *s, const struct rules *rules, bool *near,
                            const char **why);

/* --- statistics --- */

/* The ends of the two-sided 95 % Clopper-Pearson interval of k failures in n. */
double check_error_upper(double k, double n);
double check_error_lower(double k, double n);

/* --- in words --- */

/* "Errors", "Errors POST /orders"; of a metric without a word itself. */
char *check_name(const struct check *c, char *out, size_t size);
/* The word of a metric without an endpoint, else the metric as it is. */
const char *check_word(const char *metric);
bool check_is_share(const struct check *c); /* shown in percent */
/* With its unit: "243 ms". One that only seems to equal the limit gets decimals. */
char *check_show_value(const struct check *c, double value, char *out, size_t size);
char *check_show_limit(const struct check *c, char *out, size_t size); /* "" when none is set */

#endif

/* check/evidence.h
 * What the predicates of references/diagnosis.md look at, gathered once for a failed run: figures
 * against those of a lighter load, kinds of errors, what changed over time, what changed first. */
#ifndef PERFSCALE_CHECK_EVIDENCE_H
#define PERFSCALE_CHECK_EVIDENCE_H

#include "check/check_parts.h"

/* --- kinds of errors (faults.c) --- */

enum fault {
    FAULT_429,
    FAULT_401,
    FAULT_403,
    FAULT_500,
    FAULT_502,
    FAULT_503,
    FAULT_504,
    FAULT_REFUSED,
    FAULT_RESET,
    FAULT_DIAL,    /* no connection in time */
    FAULT_TIMEOUT, /* the load tool gave up waiting for an answer */
    FAULT_CONTENT, /* an answer of 2xx or 3xx that an assertion refused */
    FAULT_OTHER,
    FAULTS,
};

/* The kind that a load tool's words tell of: "POST /x: HTTP 503", "HTTPError('503 Server Error",
 * "list: SocketTimeoutException: Read timed out". */
enum fault fault_of(const char *text);

struct faults {
    double count[FAULTS];
    double all;
};
struct faults faults_of(const struct summary *run);

/* --- over time, at constant load (pattern.c) --- */

enum pattern_kind { PATTERN_NONE, PATTERN_AT_ONCE, PATTERN_PERIODIC, PATTERN_WARM_UP };

/* When a figure was outside its normal range. */
struct pattern {
    bool seen; /* there were pieces enough to look */
    enum pattern_kind kind;
    double from_s, to_s; /* to_s INFINITY: until the end */
    double period_s;     /* periodic */
    size_t times;
    double normal, worst; /* ms, or a share */
};

void patterns_of(const struct check_input *in, struct pattern *latency, struct pattern *errors);

/* Moments in rising order, from one to the next the same time: that time; NAN when they are fewer
 * than three or not so regular. */
double period_of(const double *at_s, size_t n);

/* --- what left its normal range first (onset.c) --- */

/* Where a figure first left the range that it has at light load: the number of a step, or seconds.
 * NAN: never, or not known. */
struct onset {
    bool steps;             /* steps of a stress test; else times */
    double latency, errors; /* number of the step, or seconds */
    double apart;           /* closer than this: together */
};
struct onset onset_of(const struct check_input *in, const struct judgement *j);

/* --- all (evidence.c) --- */

enum { NO_STEP = -1 };

struct evidence {
    const struct check_input *in;
    const struct check *p95, *errors, *rate; /* NULL: not among the checks */
    bool slow;                               /* a response time is outside its limit */
    bool failing;                            /* the error rate is */
    bool rate_low;
    int base_step, now_step;        /* of a stress test, indexes: compared with; that decides */
    const char *base;               /* "the baseline's", "the first step's" */
    double p50x, p95x, p99x, meanx; /* against base; NAN: unknown */
    double base_p95_ms, base_error_rate; /* of the baseline */
    double unloaded_mean_ms;             /* response time without queueing; NAN: not known */
    struct faults faults;
    struct pattern latency, error_pattern;
    struct onset onset;
};

void evidence_gather(const struct check_input *in, const struct judgement *j, struct evidence *e);

/* So many failures of one kind: more than half of all; or enough to break the limit alone. */
bool fault_is_most(const struct evidence *e, double count);
bool fault_leads(const struct evidence *e, double count);

/* --- rows: true when it fits; it is then added --- */

typedef bool fits_fn(const struct evidence *e, struct judgement *j);

extern fits_fn *const purpose_rows[],
    *const server_rows[], *const error_rows[], *const time_rows[]; /* NULL at the end */

bool has_cause(const struct judgement *j, const char *id);

/* --- steps that rest on the evidence --- */

/* After D20: what is full, and what would tell the rest. */
void saturation_steps(const struct check_input *in, struct judgement *j);

/* Which of response time and errors left its normal range first, when errors have a row and both
 * did. */
void onset_step(const struct check_input *in, struct judgement *j);

#endif

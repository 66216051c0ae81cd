/* results/summary.h
 * What a load tool says of a whole run: the figures of its own summary, kept as given. Nothing here
 * is computed from single requests, and percentiles are never averaged. A figure that the source
 * does not hold is NAN, never 0. Times are milliseconds, lengths of time seconds, shares 0..1. */
#ifndef PERFSCALE_RESULTS_SUMMARY_H
#define PERFSCALE_RESULTS_SUMMARY_H

#include <stdbool.h>
#include <stddef.h>

enum {
    ENDPOINTS_MAX = 2000, /* more are counted in endpoints_left_out */
    THRESHOLDS_MAX = 500,
    SCOPE_MAX_BYTES = 256,
    QUOTE_MAX_BYTES = 120,
};

/* One figure as the source shows it. A text rounds: the true value lies in [low, high]. From
 * sources with full precision low = value = high. */
struct figure {
    double value;
    double low, high;
    long line;                   /* of the source, from 1; 0 when it has no lines */
    char quote[QUOTE_MAX_BYTES]; /* the piece of the source it was read from; "" when there is none
                                  */
};

/* The figures of a run, or of one endpoint (then only those that the tool keeps per endpoint). */
enum metric {
    METRIC_REQUESTS, /* all that ended, failed ones too */
    METRIC_FAILED,   /* requests the tool counts as failed */
    METRIC_RPS,      /* the tool's own requests per second over the whole run, ramps inside */
    METRIC_AVG_MS,   /* response time of all requests, failed ones too */
    METRIC_MIN_MS,
    METRIC_MED_MS,
    METRIC_P90_MS,
    METRIC_P95_MS,
    METRIC_P99_MS,
    METRIC_MAX_MS,
    METRIC_OK_AVG_MS, /* response time of the good answers alone */
    METRIC_OK_MED_MS,
    METRIC_OK_P95_MS,
    METRIC_OK_P99_MS,
    METRIC_DURATION_S, /* of the run, ramps inside */
    METRIC_ITERATIONS,
    METRIC_INTERRUPTED,  /* iterations that were cut off at the end */
    METRIC_DROPPED,      /* iterations that never started because no VU was free */
    METRIC_ITERATION_MS, /* mean time of one iteration, think time inside */
    METRIC_VUS_MIN,      /* fewest and most VUs in use */
    METRIC_VUS_MAX,
    METRIC_VUS_ALLOCATED, /* VUs that the tool had ready at most */
    METRIC_CHECKS_PASSED,
    METRIC_CHECKS_FAILED,
    METRIC_RECEIVED_BYTES,
    METRIC_SENT_BYTES,
    METRIC_CONNECT_MS, /* mean of waiting for a connection, connecting and TLS, all in one */
    METRICS,           /* how many there are */
};

/* The figures that one endpoint has: METRIC_REQUESTS to METRIC_MAX_MS. */
enum { ENDPOINT_METRICS = METRIC_MAX_MS + 1 };

struct endpoint {
    char name[SCOPE_MAX_BYTES];
    struct figure figure[ENDPOINT_METRICS];
};

/* A limit that the script itself sets, as the tool judged it. */
struct threshold {
    char metric[SCOPE_MAX_BYTES]; /* with its tags: "http_req_duration{scenario:buy}" */
    char expr[SCOPE_MAX_BYTES];
    bool ok;
};

struct summary {
    const char *tool;      /* "k6"; static */
    char format[40];       /* "k6-text-compact" */
    char tool_version[32]; /* "" when the source does not say */
    struct figure figure[METRICS];
    struct endpoint *endpoint; /* owned */
    size_t endpoints, endpoints_cap, endpoints_left_out;
    char last_left_out[SCOPE_MAX_BYTES]; /* so that its other figures do not count again */
    struct threshold *threshold;         /* owned */
    size_t thresholds, thresholds_cap;
    char stopped[SCOPE_MAX_BYTES];   /* why the run ended early, "" when nothing says so */
    char generator[SCOPE_MAX_BYTES]; /* an error of the load machine in the log, "" when none */
    int blocks;                      /* summaries in the source; the last complete one was taken */
    long lines;                      /* of the source */
};

void summary_init(struct summary *s); /* every figure NAN */
void summary_fini(struct summary *s);

/* A deep copy: *to is initialised by it. */
void summary_copy(struct summary *to, const struct summary *from);

double summary_value(const struct summary *s, enum metric m);
bool summary_has(const struct summary *s, enum metric m);

/* Failed over all requests, 0..1; NAN when either is unknown or there was no request. */
double summary_error_rate(const struct summary *s);

/* Requests that did not fail; NAN when either number is unknown. */
double summary_ok_requests(const struct summary *s);

/* Requests per iteration; NAN when unknown. */
double summary_requests_per_iteration(const struct summary *s);

/* Mean VUs in use: the one number when it never changed, else iterations x iteration time / length
 * of the run (Little's law on the run itself). NAN when neither can be had. */
double summary_mean_vus(const struct summary *s);

/* "p95", "requests": the name of a metric on screens. Static. */
const char *metric_name(enum metric m);

#endif

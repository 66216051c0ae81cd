/* results/summary.h
 * The figures of a run: either what the load tool itself says of it, kept as given, or computed
 * from its single requests (computed) by the tool's own definition of a percentile. Percentiles are
 * never averaged. A figure that the source does not hold is NAN, never 0. Times are milliseconds,
 * lengths of time seconds, shares 0..1. */
#ifndef PERFSCALE_RESULTS_SUMMARY_H
#define PERFSCALE_RESULTS_SUMMARY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/finding.h"

enum {
    ENDPOINTS_MAX = 2000, /* more are counted in endpoints_left_out */
    THRESHOLDS_MAX = 500,
    POINTS_MAX = 4096, /* of a series; a longer run has coarser points */
    STRETCHES_MAX = 64,
    ERRORS_MAX = 100,
    FIFTHS = 5,           /* windows of a stretch */
    TRACES_MAX = 16,      /* processes whose memory is known */
    MOMENTS_MAX = 200000, /* of one trace; further ones are left out */
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
    METRIC_BAD_AVG_MS, /* response time of the failed requests alone */
    METRIC_BAD_MED_MS,
    METRIC_BAD_P95_MS,
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

/* The figures that one endpoint has: METRIC_REQUESTS to METRIC_BAD_P95_MS. */
enum { ENDPOINT_METRICS = METRIC_BAD_P95_MS + 1 };

struct endpoint {
    char name[SCOPE_MAX_BYTES];
    bool transaction; /* a sum over other samples (JMeter): not part of the run's own figures */
    struct figure figure[ENDPOINT_METRICS];
    double steady[ENDPOINT_METRICS]; /* in the steady state alone (summary_steady()); NAN: not known
                                        apart. METRIC_RPS: over its length */
};

/* --- over time --- */

/* What happened in one piece of time. Each NAN when the source does not hold it. */
struct point {
    double at_s, length_s; /* begin, from the start of the run; length of the piece */
    double requests, failed;
    double avg_ms, med_ms, p95_ms, max_ms;
    double vus;     /* most in use */
    double dropped; /* iterations that never started */
    double load;    /* what the source says was offered: requests/s or VUs; NAN as a rule */
};

struct series {
    struct point *point; /* owned; in order of time, not overlapping; pieces without a request may
                            be missing */
    size_t points, cap;
    int64_t start_ms;        /* the start of the run, ms since 1970; 0 unknown */
    double percentile_error; /* of med_ms and p95_ms, relative; 0: exact */
};

/* Joins each two points to one: med_ms and p95_ms of the pair are not known. */
void series_halve(struct series *r);

double point_end_s(const struct point *p);

/* Where the last point ends; NAN without points. */
double series_end_s(const struct series *r);

/* a + b where both are known, else the known one; NAN when neither is. */
double sum_known(double a, double b);

/* One stretch of the run with its own figures: the steady state, a step of a stress test. */
struct stretch {
    char name[32];       /* "hold", "step 3", "steady" */
    double from_s, to_s; /* from the start of the run */
    double window_s;     /* seconds that its figures are of: to_s - from_s, less where the
                            run ended inside; NAN: the same as to_s - from_s */
    double value[ENDPOINT_METRICS]; /* METRIC_RPS: requests / window_s */
    double vus;                     /* mean in use */
    double dropped;
    double load;          /* offered, as in struct point; NAN unknown */
    double generator_cpu; /* share of the load machine's CPU; NAN unknown */
    /* How sure its p95 is; NAN unless it comes from single requests. */
    double p95_low_ms, p95_high_ms; /* 95 % interval by ranks: domain of independent requests; high
                                       INFINITY: too few requests for an upper end */
    double fifth_p95_ms[FIFTHS];    /* of its five equal windows */
    double half_p95_ms[2];          /* of its halves */
    bool estimated; /* p95 is estimated from its pieces': there are no single requests */
};

/* --- one figure of a machine over time, beside the requests --- */

struct moment {
    double t_s; /* from the start of the run */
    double value;
};

/* Memory of one process, in MB. */
struct trace {
    char name[SCOPE_MAX_BYTES]; /* "rss_mb", "orders:8080" */
    struct moment *at;          /* owned; in order of time */
    size_t n, cap;
    int64_t start_ms; /* ms since 1970 of t_s = 0; 0: t_s counts from the start of the run */
};

/* A kind of error, as the tool words it. */
struct error_kind {
    char text[SCOPE_MAX_BYTES]; /* "POST /orders: HTTP 503" */
    double count;
};

/* A limit that the script itself sets, as the tool judged it. */
struct threshold {
    char metric[SCOPE_MAX_BYTES]; /* with its tags: "http_req_duration{scenario:buy}" */
    char expr[SCOPE_MAX_BYTES];
    bool ok;
};

struct summary {
    const char *tool;      /* "k6"; static; "" before anything was read */
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
    bool computed;                   /* from single requests */
    char percentiles[120];           /* whose definition they follow, "" when the tool made them */
    double percentile_error;         /* relative; 0: exact */
    /* Little's law: mean requests in flight = RPS x response time, beside the mean VUs of the same
     * time (the steady stretch, else the whole run); NAN unknown. */
    double in_flight, in_flight_vus;
    struct series series;    /* points 0 when the source knows no time */
    struct stretch *stretch; /* owned; in the order of time */
    size_t stretches;
    /* The steady state in equal windows: 60 s long, or five when it is shorter than 300 s (longer
     * when there would be more than POINTS_MAX). percentile_error as in series. points 0: not
     * known. at_s counts from the start of the run. */
    struct series windows;
    struct trace *memory; /* owned; of the server */
    size_t memories;
    struct error_kind *error; /* owned; the most frequent first */
    size_t errors, errors_cap;
    int generators;           /* load machines whose results were added; 1 as a rule */
    struct findings findings; /* owned; what is wrong with the source and what was done about it */
};

void summary_init(struct summary *s); /* every figure NAN */
void summary_fini(struct summary *s);

/* A deep copy: *to is initialised by it. */
void summary_copy(struct summary *to, const struct summary *from);

double summary_value(const struct summary *s, enum metric m);
bool summary_has(const struct summary *s, enum metric m);

/* When the run ended, in seconds from its start: its duration, else the end of its series; NAN. */
double summary_end_s(const struct summary *s);

/* Failed over all requests, 0..1; NAN when either is unknown or there was no request. */
double summary_error_rate(const struct summary *s);

/* Requests that did not fail; NAN when either number is unknown. */
double summary_ok_requests(const struct summary *s);

/* Requests per iteration; NAN when unknown. */
double summary_requests_per_iteration(const struct summary *s);

/* Mean VUs in use: the one number when it never changed, else iterations x iteration time / length
 * of the run (Little's law on the run itself). NAN when neither can be had. */
double summary_mean_vus(const struct summary *s);

/* The stretch of that name; NULL when there is none. */
const struct stretch *summary_stretch(const struct summary *s, const char *name);

/* The steady state of a run with one: "hold", "steady" or "estimated"; NULL when there is none. */
const struct stretch *summary_steady(const struct summary *s);

/* A stretch with every figure NAN; a point likewise. */
struct stretch stretch_none(void);
struct point point_none(double at_s, double length_s);

/* The trace of that name, made when there is none; NULL when there are TRACES_MAX. */
struct trace *summary_trace(struct summary *s, const char *name);
void trace_add(struct trace *t, double t_s, double value);

/* "p95", "requests": the name of a metric on screens. Static. */
const char *metric_name(enum metric m);

#endif

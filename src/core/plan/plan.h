/* plan/plan.h
 * test-plan.md to goals and limits, each with its line. Nobody owns this format: what is plain is
 * read and shown with its place, what is doubtful is shown and not taken. A value that is not set
 * is NAN. */
#ifndef PERFSCALE_PLAN_PLAN_H
#define PERFSCALE_PLAN_PLAN_H

#include <stdbool.h>
#include <stddef.h>

#include "base/err.h"
#include "base/finding.h"

/* A scope that a heading, row or item names. PLAN_ANY: no model named. The order of the others is
 * that of enum model. */
enum plan_scope { PLAN_ANY = 0, PLAN_LOAD, PLAN_STRESS, PLAN_SOAK };
enum { PLAN_SCOPES = 4 };

enum plan_key {
    PLAN_TARGET_RPS,
    PLAN_P50_MS, /* limits on response time */
    PLAN_P90_MS,
    PLAN_P95_MS,
    PLAN_P99_MS,
    PLAN_AVG_LIMIT_MS,
    PLAN_MAX_MS,
    PLAN_ERROR_RATE,      /* share: 0.01 */
    PLAN_DURATION_S,      /* the hold */
    PLAN_AVG_RESPONSE_MS, /* a measured figure, not a limit */
    PLAN_MEMORY_MB,       /* most memory of the server */
    PLAN_KEYS,
};

/* A number with its place. Two lines of one figure and scope that disagree: value is NAN, line and
 * other_line hold both. */
struct plan_value {
    double value;
    long line;       /* 0: not set */
    double a, b;     /* the two values of a conflict */
    long other_line; /* above 0: a conflict */
};

struct plan_endpoint {
    char name[256]; /* "POST /orders" */
    struct plan_value value[PLAN_KEYS];
};

enum { PLAN_ENDPOINTS_MAX = 200, PLAN_MAX_BYTES = 1 << 20 };

struct plan {
    char file[256];  /* as given to plan_read */
    char title[160]; /* the first heading, "" when there is none */
    char goal[512]; /* text under a heading or item that says goal, purpose or objective; else "" */
    struct plan_value value[PLAN_SCOPES][PLAN_KEYS];
    char base_url[256]; /* "" when not set */
    long base_url_line;
    char tool[16];                  /* "k6", "locust", "jmeter" when named, else "" */
    char baseline[128];             /* a file name the plan calls its baseline, "" when none */
    struct plan_endpoint *endpoint; /* owned */
    size_t endpoints, endpoints_cap;
    double endpoint_rps_sum;  /* sum of the endpoints' RPS, NAN when not all have one */
    struct findings findings; /* owned: conflicts, values out of range, ambiguous numbers */
};

/* *p is initialised by it and to be finished also after an error. name is for findings and errors.
 * ERR_FORMAT for a binary file, ERR_LIMIT above PLAN_MAX_BYTES. A plan with no figure at all is not
 * an error: everything is "not set". */
bool plan_read(struct plan *p, const char *name, const char *text, size_t len, struct err *e);
void plan_fini(struct plan *p);

/* The value for a model (PLAN_LOAD..): its own scope first, else that of PLAN_ANY. */
const struct plan_value *plan_get(const struct plan *p, enum plan_scope scope, enum plan_key key);

#endif

/* tools/series/answer.h
 * An answer of Prometheus' HTTP API: what the reader of such files and the live look share. */
#ifndef PERFSCALE_SERIES_ANSWER_H
#define PERFSCALE_SERIES_ANSWER_H

#include <cjson/cJSON.h>
#include <stdbool.h>
#include <stddef.h>

#include "base/err.h"
#include "results/summary.h"

enum {
    ANSWER_MAX_BYTES = 64 << 20,
    ANSWER_MAX_VALUES = 1500000, /* bounds the memory of the tree */
    ANSWER_QUOTED_BYTES = 120,
};

/* The resultType of an answer: "matrix", "vector", "scalar". NULL with ERR_FORMAT: an error of
 * Prometheus, in its own words, or no answer of a query. fix: what to ask instead. */
const char *answer_type(const cJSON *root, const char *fix, struct err *e);

/* One series of it. */
struct answer_series {
    const cJSON *metric; /* its labels; NULL: none */
    const cJSON *pairs;  /* [[t, "v"], ...], or one pair */
    bool one;
};
const char *answer_metric(const struct answer_series *s); /* its __name__; "" */
bool answer_has_value(const struct answer_series *s);

/* Names of series, each different from those before it. */
struct answer_names {
    char name[TRACES_MAX][SCOPE_MAX_BYTES];
    size_t n; /* below TRACES_MAX before a call */
};
/* "orders-api 127.0.0.1:8080": the labels that tell one process from another; without any the
 * metric, or word. Clean. */
const char *answer_name(struct answer_names *n, const struct answer_series *s, const char *word);

/* What makes MB of its values. false: it is something else than memory. *guessed becomes true when
 * no name tells the unit. */
bool answer_megabytes(const struct answer_series *s, double *factor, bool *guessed);

/* What was left out of a series. */
struct answer_tally {
    size_t odd;      /* no number from 0 to 10^12 (with its factor) */
    size_t back;     /* not later than the one before */
    size_t too_many; /* past MOMENTS_MAX */
};
typedef void answer_value(void *self, const char *series, double t_s, double value);

/* Each value of it times factor, in order of time. */
void answer_values(const struct answer_series *s, const char *name, double factor,
                   answer_value *take, void *self, struct answer_tally *left_out);

#endif

/* tools/k6/k6_json.h
 * The three JSON summaries of k6, each into a summary through a sink. They differ in how deep a
 * figure lies and in what true means for a threshold: export   metrics.NAME.avg thresholds.EXPR
 * true: crossed handle   metrics.NAME.values.avg   thresholds.EXPR.ok true: passed machine
 * results.metrics[].values  none */
#ifndef PERFSCALE_K6_JSON_H
#define PERFSCALE_K6_JSON_H

#include <stdbool.h>

#include <cjson/cJSON.h>

#include "base/err.h"
#include "results/reader.h"

struct k6_json_form {
    const char *name; /* "k6-summary-export" */
    bool (*is)(const cJSON *root);
    /* Says all but what follows from other figures. ERR_FORMAT for a figure that is no number. */
    bool (*read)(const cJSON *root, const struct sink *out, struct err *e);
    bool counts_drops; /* no dropped iterations in it means that there were none */
};

/* The form of a document; NULL when it is none of them. */
const struct k6_json_form *k6_json_form_of(const cJSON *root);

#endif

/* report/measured_json.h
 * What a summary holds beside its figures: whose percentiles they are, time series, stretches,
 * errors. The same members in check --json and in the store. */
#ifndef PERFSCALE_REPORT_MEASURED_JSON_H
#define PERFSCALE_REPORT_MEASURED_JSON_H

#include <cjson/cJSON.h>

#include "base/err.h"
#include "results/summary.h"

/* avg, min, med, p90, p95, p99, max of all, of the successes, of the failures. */
void latencies_add(cJSON *to, const struct figure *f);
void counts_add(cJSON *to, double requests, double failed, double rps);

/* The counts and times of one endpoint or stretch, and back: what is missing is NAN. */
void values_add(cJSON *to, const double value[ENDPOINT_METRICS]);
void values_read(const cJSON *from, double value[ENDPOINT_METRICS]);

void measured_add(cJSON *to, const struct summary *s);

/* Into an initialised summary. Members that are not there (runs stored by an older version) leave
 * it as it is; ERR_FORMAT for what cannot be. */
bool measured_read(const cJSON *from, struct summary *s, struct err *e);

#endif

/* report/summary_json.h
 * A summary as a cJSON object: every figure with its precision and place, so that it reads back
 * whole. */
#ifndef PERFSCALE_REPORT_SUMMARY_JSON_H
#define PERFSCALE_REPORT_SUMMARY_JSON_H

#include <cjson/cJSON.h>

#include "base/err.h"
#include "results/summary.h"

cJSON *summary_object(const struct summary *s);

/* Into an initialised summary. */
bool summary_object_read(const cJSON *o, struct summary *s, struct err *e);

#endif

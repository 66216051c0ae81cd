/* report/check_json.h
 * The object of `check --json`, for the files of this room. */
#ifndef PERFSCALE_REPORT_CHECK_JSON_H
#define PERFSCALE_REPORT_CHECK_JSON_H

#include <cjson/cJSON.h>

#include "check/check.h"

cJSON *check_object(const struct summary *s, const struct judgement *j, const char *const *sources,
                    bool with_summary);

#endif

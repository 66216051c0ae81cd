/* report/judgement_json.h
 * A judgement as a cJSON object, whole, and back: for the files of this room. */
#ifndef PERFSCALE_REPORT_JUDGEMENT_JSON_H
#define PERFSCALE_REPORT_JUDGEMENT_JSON_H

#include <cjson/cJSON.h>

#include "base/err.h"
#include "check/check.h"

cJSON *judgement_object(const struct judgement *j);

/* *j is initialised by it, also on error. */
bool judgement_object_read(const cJSON *from, struct judgement *j, struct err *e);

#endif

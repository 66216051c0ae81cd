/* report/found_json.h
 * What a stress and a soak test found, whole, for the store: written and read back bit for bit. */
#ifndef PERFSCALE_REPORT_FOUND_JSON_H
#define PERFSCALE_REPORT_FOUND_JSON_H

#include <cjson/cJSON.h>

#include "base/err.h"
#include "soak/soak.h"
#include "stress/stress.h"

/* Members of the object `to`. */
void stress_found_add(cJSON *to, const struct stress_found *f);
void soak_found_add(cJSON *to, const struct soak_found *f);

/* Into a zeroed struct. Indexes that come back are inside their lists, or -1. */
bool stress_found_read(const cJSON *from, struct stress_found *f, struct err *e);
bool soak_found_read(const cJSON *from, struct soak_found *f, struct err *e);

#endif

/* report/models_json.h
 * What a stress and a soak test found, as members of check --json. */
#ifndef PERFSCALE_REPORT_MODELS_JSON_H
#define PERFSCALE_REPORT_MODELS_JSON_H

#include <cjson/cJSON.h>

#include "soak/soak.h"
#include "stress/stress.h"

/* Adds "stress" and "soak"; NULL: null. */
void stress_add(cJSON *to, const struct stress_found *f);
void soak_add(cJSON *to, const struct soak_found *f);

#endif

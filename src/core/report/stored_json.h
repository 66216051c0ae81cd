/* report/stored_json.h
 * What the JSON of stored runs shares. */
#ifndef PERFSCALE_REPORT_STORED_JSON_H
#define PERFSCALE_REPORT_STORED_JSON_H

#include <cjson/cJSON.h>
#include <stdint.h>

/* A moment, ms since 1970, as "2026-11-02T14:11:00Z"; null for 0 and before. */
void json_moment(cJSON *to, const char *name, int64_t at_ms);

/* A JSON text that was stored, as an object whose texts are cleaned; null when it is none. */
cJSON *json_stored(const char *text);

#endif

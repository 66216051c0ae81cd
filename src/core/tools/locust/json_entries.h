/* tools/locust/json_entries.h
 * The entries of --json and --json-file: one per endpoint, with all its times as a histogram of
 * Locust's classes, exact sums, and requests per second. */
#ifndef PERFSCALE_LOCUST_JSON_ENTRIES_H
#define PERFSCALE_LOCUST_JSON_ENTRIES_H

#include <cjson/cJSON.h>

#include "results/reader.h"

/* Says all of an array of entries. ERR_FORMAT when one of them has no counts that make sense; then
 * nothing was said. */
bool locust_entries_say(const cJSON *array, const struct sink *out, struct err *e);

#endif

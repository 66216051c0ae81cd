/* session/saved.h
 * The saved state: written by state.c, taken up by restore.c. Its own format:
 *
 *     { "format": 1,
 *       "baseline": { "file", "hash", "source", "result", "summary" },
 *       "fields": { "target": "200", ... },            what the user typed
 *       "confirmed": { "load", "by", "at_ms", "over_accepted" },
 *       "script": { "name", "stem" },                  when it was written
 *       "run": 14,                                     the workflow's own
 *       "open": 12,                                    another that is looked at
 *       "place": "..." }
 *
 * Everything else is read from the files again. hash and load tell whether they are still the same.
 */
#ifndef PERFSCALE_SESSION_SAVED_H
#define PERFSCALE_SESSION_SAVED_H

#include "report/report.h"
#include "session/parts.h"

enum { STATE_FORMAT = 1, HASH_TEXT_BYTES = 17 };

char *hash_text(uint64_t h, char out[HASH_TEXT_BYTES]);

#endif

/* report/watch_json.h
 * A line of `watch --json`. */
#ifndef PERFSCALE_REPORT_WATCH_JSON_H
#define PERFSCALE_REPORT_WATCH_JSON_H

#include <stdint.h>

#include "watch/watch.h"

/* The run as it stands at at_ms (since 1970), on one line without its end. told: how many events
 * earlier lines had; those behind them are the findings of this one. The caller frees. */
char *report_watch_json(const struct watch_view *v, int64_t at_ms, size_t told);

#endif

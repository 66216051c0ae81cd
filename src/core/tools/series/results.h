/* tools/series/results.h
 * The readers of plain series, in the order in which of two alike the first is taken. */
#ifndef PERFSCALE_SERIES_RESULTS_H
#define PERFSCALE_SERIES_RESULTS_H

#include "results/reader.h"

extern const struct reader series_steps_reader;    /* step,load,requests,ok,...: one row a step */
extern const struct reader series_stress_reader;   /* t_s,load,requests,ok,... */
extern const struct reader series_soak_reader;     /* t_s with any of p95_ms, rps, error_pct */
extern const struct reader series_memory_reader;   /* t_s with memory alone */
extern const struct reader prometheus_json_reader; /* an answer of /api/v1/query_range */

#endif

/* tools/process.h
 * The system under test while the load goes on: what a /metrics page in exposition format says of
 * its process, and what Prometheus answers. */
#ifndef PERFSCALE_TOOLS_PROCESS_H
#define PERFSCALE_TOOLS_PROCESS_H

#include <stdbool.h>
#include <stddef.h>

#include "base/err.h"

/* NAN: the page does not say. */
struct process_figures {
    double memory_mb;
    double cpu_s;   /* used since the process began, all cores together */
    double start_s; /* when the process began, seconds since 1970 */
    double open_files, most_files;
    char memory_of[64]; /* which metric the memory is: "process_resident_memory_bytes" */
};

/* Reads a page (text format 0.0.4 or OpenMetrics). Series of one metric are added up. ERR_FORMAT:
 * it is none, a figure of the process cannot be read, or the page says nothing of one; all of *out
 * is NAN then. */
bool process_page_read(const char *text, size_t len, struct process_figures *out, struct err *e);

/* --- Prometheus --- */

/* The paths of questions to its HTTP API, query percent-encoded. A step that gives more points than
 * Prometheus answers with (11,000) is made longer. false: it does not fit. */
bool prometheus_now_path(const char *query, char *out, size_t size);
bool prometheus_range_path(const char *query, double from_s, double to_s, double step_s, char *out,
                           size_t size);
extern const char prometheus_targets_path[];
/* What is asked when the user names no query of his own. */
extern const char prometheus_memory_query[], prometheus_cpu_query[];

/* What the values of a query are. */
enum process_metric { PROCESS_MEMORY, PROCESS_CPU };

/* One value: seconds since 1970; MB or cores. series: what tells it from the others, cleaned; lives
 * during the call. */
typedef void prometheus_value(void *self, const char *series, double t_s, double value);

/* Each number of an answer (vector, matrix or scalar; NaN and infinite ones are left out).
 * PROCESS_MEMORY: bytes become MB as the reader prometheus-json does it. An answer without a series
 * is true. Errors: ERR_FORMAT for what is no answer, with Prometheus' own words for its errors. */
bool prometheus_answer_read(const char *json, size_t len, enum process_metric what,
                            prometheus_value *take, void *self, struct err *e);

/* The shortest interval at which it scrapes a target, from the answer to prometheus_targets_path;
 * NAN: it does not say. */
double prometheus_scrape_s(const char *json, size_t len);

#endif

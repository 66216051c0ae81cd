/* tools/locust/results.h
 * The readers of everything that Locust writes, and what they share: how its numbers are rounded
 * and what its rows are called. */
#ifndef PERFSCALE_LOCUST_RESULTS_H
#define PERFSCALE_LOCUST_RESULTS_H

#include <stdbool.h>
#include <stddef.h>

#include "results/reader.h"

extern const struct reader locust_console_reader;    /* tables and log lines */
extern const struct reader locust_stats_reader;      /* _stats.csv */
extern const struct reader locust_history_reader;    /* _stats_history.csv */
extern const struct reader locust_failures_reader;   /* _failures.csv */
extern const struct reader locust_exceptions_reader; /* _exceptions.csv */
extern const struct reader locust_json_reader;       /* --json, --json-file */

/* How a number was made shorter than the truth. */
enum locust_rounding {
    LOCUST_EXACT,
    LOCUST_CUT_OFF,  /* to a whole number */
    LOCUST_DECIMALS, /* rounded to two decimals */
    LOCUST_CLASS,    /* a percentile: the middle of one of Locust's classes of times */
    LOCUST_MEDIAN,   /* a class, or the least or longest time itself */
    LOCUST_MEDIAN_CUT_OFF,
};
struct figure locust_figure(double value, enum locust_rounding how, long line, const char *quote);

/* A count divided by a rate, with the interval that both leave. */
struct figure locust_duration(double count, const struct figure *rate);

/* "GET /api/orders", or the name alone. Empties *total unless it is the row of the whole run. */
void locust_name(const char *type, const char *name, char *out, size_t size, bool *total);

/* The figure that a column such as "95%" is; METRICS when it is none of ours. */
enum metric locust_percentile(const char *label, size_t len);

/* Says a figure to a sink; nothing when nobody wants it or it is not known. */
void locust_say(const struct sink *out, enum metric m, const char *scope, const struct figure *f);

#endif

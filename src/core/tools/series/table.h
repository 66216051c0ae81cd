/* tools/series/table.h
 * A table as CSV: columns found by their names (upper and lower case alike, in any order), fields
 * separated by comma, semicolon or tab. A cell without a figure is not known, never 0; a row that
 * does not parse is left out and told with its line. */
#ifndef PERFSCALE_SERIES_TABLE_H
#define PERFSCALE_SERIES_TABLE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "results/csv.h"
#include "results/lines.h"
#include "results/reader.h"

enum series_column {
    SERIES_TIME, /* seconds, see series_clock */
    SERIES_STEP,
    SERIES_START_S,
    SERIES_DURATION_S,
    SERIES_WINDOW_S,
    SERIES_LOAD,
    SERIES_REQUESTS,
    SERIES_OK,
    SERIES_ERRORS,
    SERIES_ERROR_PCT,
    SERIES_DROPPED,
    SERIES_RPS,
    SERIES_MEAN_MS,
    SERIES_P50_MS,
    SERIES_P95_MS,
    SERIES_P99_MS,
    SERIES_MAX_MS,
    SERIES_VUS,
    SERIES_GEN_CPU_PCT,
    SERIES_COLUMNS,
};

/* Which columns make a table what it is. */
struct series_needs {
    const enum series_column *all; /* SERIES_COLUMNS at the end */
    const enum series_column *any; /* one of them at least; NULL: nothing more */
    bool memory;                   /* a column of memory, for want of one of any */
    bool at_once;                  /* written at once: a last line without its end is whole */
    const char *words;             /* "step, load, requests" */
};

/* A column of memory: rss_mb, process_resident_memory_bytes. */
struct series_memory {
    char name[SCOPE_MAX_BYTES];
    int at;
    double factor, value; /* value in MB, NAN not known */
};

struct series_header {
    char delimiter;
    size_t columns;
    int at[SERIES_COLUMNS]; /* -1: none */
    struct series_memory memory[TRACES_MAX];
    size_t memories;
};

struct series_table {
    struct sink out;
    const struct series_needs *needs;
    bool (*row)(void *self); /* the figures of a row stand below; false: they make no sense */
    void *self;
    struct lines lines;
    struct series_header header;
    bool has_header;
    double value[SERIES_COLUMNS]; /* of the row; NAN not known */
    long line;                    /* of the row */
    long rows, broken, first_broken, back, first_back, half, open;
    bool absolute; /* times are since 1970 */
    bool millis;   /* as milliseconds in the table */
    double last_s; /* time of the last row; NAN before it */
    bool at_end;   /* the record has no line end */
};

/* How sure a reader is of these first bytes: sure when their header has what it needs, else 0. */
int series_sniff(const char *head, size_t len, const struct series_needs *needs, int sure);

void series_table_init(struct series_table *t, const struct sink *out,
                       const struct series_needs *needs, void *self, bool (*row)(void *));
void series_table_fini(struct series_table *t);
bool series_table_feed(struct series_table *t, const char *bytes, size_t len, struct err *e);
/* Says what could not be read. ERR_FORMAT when there is no row at all. */
bool series_table_finish(struct series_table *t, struct err *e);

/* Requests of the row that failed: from ok, errors or error_pct, the first that is there. NAN when
 * none is, or without the requests. false: they contradict each other. */
bool series_failed(const struct series_table *t, double requests, double *failed);

/* A figure of the whole run, when it is known. */
void series_say(const struct sink *out, enum metric m, double value, const char *quote);

#endif

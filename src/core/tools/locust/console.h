/* tools/locust/console.h
 * The parts of the reader of Locust's console output, in the order in which a line passes them:
 * rows (what stands in a line of a table), table (tables, rows that the terminal cut joined), log
 * (what log records say), run (all of one run). console.c joins them. */
#ifndef PERFSCALE_LOCUST_CONSOLE_H
#define PERFSCALE_LOCUST_CONSOLE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"
#include "results/reader.h"
#include "results/terminal.h"

enum {
    LOCUST_PERCENTILES_MAX = 32,        /* columns of the percentile table */
    LOCUST_ROWS_MAX = 4096,             /* rows of one table that are kept */
    LOCUST_JOINED_MAX_BYTES = 16 << 10, /* one row, its pieces joined */
    LOCUST_PIECES_MAX = 24,             /* pieces that a terminal may have cut a row into */
};

/* --- console_rows.c --- */

/* A row of the table of requests. */
struct locust_row {
    char name[SCOPE_MAX_BYTES]; /* "GET /api/orders" */
    bool total;                 /* the row Aggregated */
    double requests, failed, avg_ms, min_ms, max_ms, med_ms, rps;
    long line;
    char quote[QUOTE_MAX_BYTES];
};

/* A row of the table of percentiles. */
struct locust_percentiles {
    char name[SCOPE_MAX_BYTES];
    bool total;
    double p90_ms, p95_ms, p99_ms; /* NAN: the table has no such column */
    long line;
    char quote[QUOTE_MAX_BYTES];
};

/* The columns of the table of percentiles. */
struct locust_heading {
    enum metric column[LOCUST_PERCENTILES_MAX]; /* METRICS: none of ours */
    int columns;
    bool count_first; /* "# reqs" stands before them, as in 1.0 and 1.1 */
};

/* Whole rows only: false while anything is missing or the figures contradict each other. */
bool locust_row_read(const char *s, size_t len, struct locust_row *out);
bool locust_percentiles_read(const char *s, size_t len, const struct locust_heading *h,
                             struct locust_percentiles *out);
bool locust_heading_read(const char *s, size_t len, struct locust_heading *out);

enum locust_line {
    LOCUST_LINE_BLANK,
    LOCUST_LINE_RULE,        /* dashes, or a piece of them */
    LOCUST_LINE_HEADING,     /* of a table, or its first piece */
    LOCUST_LINE_PERCENTILES, /* the title above them */
    LOCUST_LINE_ERRORS,      /* the title "Error report" */
    LOCUST_LINE_OTHER,
};
enum locust_line locust_line_kind(const char *s, size_t len);
/* The heading of the table of requests, whole. */
bool locust_heading_of_requests(const char *s, size_t len);
/* "106                GET /api/orders: HTTPError(...)": where the text begins; 0 when it is none.
 */
size_t locust_error_row(const char *s, size_t len, double *count);

/* --- console_table.c --- */

enum locust_table {
    LOCUST_NO_TABLE,
    LOCUST_HEADING,
    LOCUST_REQUESTS,
    LOCUST_LATENCY,
    LOCUST_ERRORS
};

/* What a table gives, row by row. */
struct locust_table_sink {
    void *self;
    void (*begin)(void *self, enum locust_table which);
    void (*row)(void *self, const struct locust_row *r);
    void (*percentiles)(void *self, const struct locust_percentiles *p);
    void (*error)(void *self, const char *text, double count);
};

struct locust_tables {
    struct locust_table_sink out;
    enum locust_table in;
    struct locust_heading heading;
    struct buf text; /* owned; a row or heading that may go on in the next line */
    int pieces;
    bool whole;  /* text is a whole row already; only digits can follow */
    size_t wrap; /* columns of the terminal, learned from a rule that was cut; 0 unknown */
    size_t rule; /* columns of the rule's piece before; 0: the line before was none */
    long line;   /* where text begins */
};

void locust_tables_init(struct locust_tables *t, const struct locust_table_sink *out);
void locust_tables_fini(struct locust_tables *t);
void locust_tables_line(struct locust_tables *t, const char *s, size_t len,
                        const struct terminal_line *l);
void locust_tables_end(struct locust_tables *t); /* nothing follows: a log record, the end */

/* --- console_log.c --- */

struct locust_log {
    int64_t started_ms, ended_ms; /* on the clock of the log; -1 unknown */
    double users;                 /* most that were spawned; NAN unknown */
    long users_line, ended_line;
    int exit_code;                              /* -1: not said */
    bool shutting_down, limited, limit_reached; /* limited: the run had a time limit */
    double exceptions;                          /* records of errors in the script's own code */
    long exception_line;
    char version[32], stopped[SCOPE_MAX_BYTES], generator[SCOPE_MAX_BYTES];
    char users_quote[QUOTE_MAX_BYTES];
};

void locust_log_init(struct locust_log *l);
bool locust_log_is_record(const char *s);
/* What a record says of a start; users are also spawned in the middle of a run. */
enum locust_start { LOCUST_NO_START, LOCUST_SPAWNS, LOCUST_STARTS };
enum locust_start locust_log_start(const char *s);
/* A whole record; where the terminal cut it, blanks may be lost. */
void locust_log_take(struct locust_log *l, const char *s, long line);
/* True when the line says that Ctrl-C was pressed. */
bool locust_log_interrupt(struct locust_log *l, const char *s);
/* An error of the load machine itself, in a log record or in the report of errors. */
void locust_log_generator(struct locust_log *l, const char *s);

/* --- console_run.c --- */

struct locust_request_table {
    struct locust_row *row; /* owned */
    size_t rows, cap;
    struct locust_row total;
    bool complete; /* has its row Aggregated */
    bool final;    /* printed after the run: rates are of the whole run */
};

struct locust_run {
    struct locust_request_table now, last; /* the one that is read; the last complete one */
    struct locust_percentiles *percentile; /* owned */
    size_t percentiles, percentiles_cap;
    struct error_kind *error; /* owned */
    size_t errors, errors_cap;
    struct locust_log log;
    bool tables_end; /* the percentiles or the errors were there: nothing more comes of this run */
};

void locust_run_init(struct locust_run *r);
void locust_run_fini(struct locust_run *r);
void locust_run_begin(struct locust_run *r, enum locust_table which);
void locust_run_row(struct locust_run *r, const struct locust_row *row);
void locust_run_percentiles(struct locust_run *r, const struct locust_percentiles *p);
void locust_run_error(struct locust_run *r, const char *text, double count);
void locust_run_say(const struct locust_run *r, const struct sink *out);

#endif

/* tools/locust/csv_file.h
 * One of Locust's CSV files, row by row. Columns are found by their names, so that files of all
 * versions and lists of percentiles that a script changed are read alike. */
#ifndef PERFSCALE_LOCUST_CSV_FILE_H
#define PERFSCALE_LOCUST_CSV_FILE_H

#include <stdbool.h>
#include <stddef.h>

#include "results/csv.h"
#include "results/lines.h"
#include "results/reader.h"

enum { LOCUST_RECORD_MAX_BYTES = 1 << 20, LOCUST_COLUMNS_MAX = 16 };

struct locust_csv {
    struct sink out;
    const char *const *wanted; /* names of columns, at most LOCUST_COLUMNS_MAX, NULL at the end */
    bool (*row)(void *self);   /* false: it makes no sense */
    void *self;
    struct lines lines;
    int column[LOCUST_COLUMNS_MAX]; /* -1: the file has none of it */
    size_t columns;
    bool quoted; /* its header is: as 1.0 and 1.1 write it, with times cut off to whole ms */
    struct csv_field field[CSV_FIELDS_MAX]; /* of the row */
    size_t fields;
    long line;  /* of the row */
    bool ended; /* by a line end */
    long rows, empty, broken, first_broken, half;
};

/* The first bytes begin with that header, with or without quotes. */
int locust_csv_sniff(const char *head, size_t len, const char *header);

void locust_csv_init(struct locust_csv *c, const struct sink *out, const char *const *wanted,
                     void *self, bool (*row)(void *));
void locust_csv_fini(struct locust_csv *c);
bool locust_csv_feed(struct locust_csv *c, const char *bytes, size_t len, struct err *e);
/* Says what could not be read. */
bool locust_csv_finish(struct locust_csv *c, struct err *e);
/* All of these bytes, which it takes up to their end, are rows of one file: none is damaged, half
 * or left over from a longer file before. */
bool locust_csv_whole(struct locust_csv *c, const char *bytes, size_t len);

/* A field of the row by its place in wanted. An empty one, "N/A" and text are no numbers. */
bool locust_csv_number(const struct locust_csv *c, int wanted, double *out);
bool locust_csv_count(const struct locust_csv *c, int wanted, double *out);
/* "" when the file has none. */
char *locust_csv_text(const struct locust_csv *c, int wanted, char *out, size_t size);
/* "95%=840", for a figure's quote. */
char *locust_csv_quote(const struct locust_csv *c, int wanted, char *out, size_t size);

#endif

/* results/csv.h
 * Fields of one CSV record (RFC 4180: quotes around a field, quotes doubled inside). */
#ifndef PERFSCALE_RESULTS_CSV_H
#define PERFSCALE_RESULTS_CSV_H

#include <stdbool.h>
#include <stddef.h>

enum { CSV_FIELDS_MAX = 128 };

struct csv_field {
    const char *text; /* inside the record, without its quotes; not terminated */
    size_t len;
    bool doubled; /* holds doubled quotes: csv_copy() undoes them */
};

/* Splits a record; returns how many fields it has, at most max are written. A quote that is not
 * closed ends at the end of the record. */
size_t csv_split(const char *record, size_t len, char delimiter, struct csv_field *out, size_t max);

/* The field as a string, doubled quotes undone, cut at size. */
char *csv_copy(const struct csv_field *f, char *out, size_t size);
bool csv_is(const struct csv_field *f, const char *word);

/* Index of the column of that name; -1. */
int csv_column(const struct csv_field *header, size_t n, const char *name);

#endif

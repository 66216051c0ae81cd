/* tools/jmeter/jtl_columns.h
 * Which column of a JTL is what: told by its header line, or by the types of a row when JMeter was
 * set to write no header. */
#ifndef PERFSCALE_JMETER_JTL_COLUMNS_H
#define PERFSCALE_JMETER_JTL_COLUMNS_H

#include <stdbool.h>
#include <stddef.h>

#include "results/csv.h"

enum jtl_column {
    JTL_TIME,
    JTL_ELAPSED,
    JTL_LABEL,
    JTL_CODE,
    JTL_MESSAGE,
    JTL_SUCCESS,
    JTL_FAILURE, /* what an assertion said */
    JTL_BYTES,
    JTL_SENT,
    JTL_THREADS, /* of all groups */
    JTL_SAMPLES, /* how many samples a row stands for */
    JTL_CONNECT,
    JTL_COLUMNS,
};

struct jtl_plan {
    char delimiter;
    size_t columns;      /* of a whole row */
    int at[JTL_COLUMNS]; /* -1: there is none */
    size_t wanted;       /* a row needs that many fields to hold all that is read */
    bool guessed;        /* from types, not from a header */
    bool known;          /* guessed, and one of JMeter's own sets of columns */
};

/* False when the line is no header of a JTL. *p is then left alone. */
bool jtl_plan_header(const char *s, size_t len, struct jtl_plan *p);
/* False when the line is no row of a JTL. *p is then left alone. */
bool jtl_plan_row(const char *s, size_t len, struct jtl_plan *p);

/* What cannot be known without the columns that are missing, as a list of words; "" when all is
 * there. *weighty: failures, times or names are missing. */
char *jtl_plan_missing(const struct jtl_plan *p, char *out, size_t size, bool *weighty);

#endif

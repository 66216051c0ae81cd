/* tools/jmeter/jtl_fields.h
 * Where the fields of a record without quotes end, found 64 bytes at a time. */
#ifndef PERFSCALE_JMETER_JTL_FIELDS_H
#define PERFSCALE_JMETER_JTL_FIELDS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "results/csv.h"
#include "results/scan.h"

enum {
    JTL_ENDS = 1 + CSV_FIELDS_MAX + SCAN_BYTES + 8,
    JTL_NOWHERE = JTL_ENDS + 1, /* the place of a column that a file lacks: an empty field */
    JTL_NOWHERE_AT = 8,         /* where that field stands; a record may be shorter */
};

/* Writes where fields end; as jtl_ends_find(). */
typedef bool jtl_find_fn(uint32_t *to, const char *s, size_t len, char delimiter, size_t wanted);

/* The field in column i ends at end[i + 1], which is called its place, and begins behind
 * end[i]. */
struct jtl_ends {
    jtl_find_fn *find; /* the fastest that this processor can */
    uint32_t end[JTL_NOWHERE + 1];
};

void jtl_ends_init(struct jtl_ends *e);

/* Finds the first fields of a record, at least wanted, at most CSV_FIELDS_MAX. False: it has
 * fewer. */
static inline bool jtl_ends_find(struct jtl_ends *e, const char *s, size_t len, char delimiter,
                                 size_t wanted) {
    return e->find(e->end + 1, s, len, delimiter, wanted);
}

static inline size_t jtl_field_begin(const struct jtl_ends *e, size_t place) {
    return (uint32_t)(e->end[place - 1] + 1);
}

#endif

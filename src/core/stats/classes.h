/* stats/classes.h
 * Values counted in log-linear classes (stats/class.h), for many rows (an endpoint, a second), kept
 * only where something was counted: pages of 64 classes, found by row and number. When more than
 * max_bytes would be needed, all rows go to half as many classes per power of two. Which precision
 * that ends at depends on the values alone, not on their order. */
#ifndef PERFSCALE_STATS_CLASSES_H
#define PERFSCALE_STATS_CLASSES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "stats/class.h"

enum { PAGE_BITS = 6, PAGE_CLASSES = 1 << PAGE_BITS, PAGE_NUMBER_BITS = 17 };

struct page_slot {
    uint64_t key; /* row << 17 | number of the page, + 1; 0: free */
    uint64_t page;
};

struct classes {
    int bits;
    int width;        /* bytes of a counter: 2, 4 or 8, the same for all */
    size_t max_bytes; /* of counters */
    uint32_t pages;
    struct page_slot *slot; /* owned */
    size_t slots;
    void *counters; /* owned; pages x 64 */
    size_t bytes;   /* reserved for counters */
};

void classes_init(struct classes *c, int bits, size_t max_bytes);
void classes_fini(struct classes *c);

void classes_add_slowly(struct classes *c, int64_t row, uint64_t value, uint64_t times);

static inline uint64_t classes_key(int64_t row, uint32_t class) {
    return (((uint64_t)row << PAGE_NUMBER_BITS) | class >> PAGE_BITS) + 1;
}
static inline size_t classes_slot(const struct classes *c, uint64_t key) {
    return (size_t)(key * UINT64_C(0x9E3779B97F4A7C15) >> 32) & (c->slots - 1);
}

static inline void classes_add(struct classes *c, int64_t row, uint64_t value, uint32_t times) {
    uint32_t class = class_of(value, c->bits);
    uint64_t key = classes_key(row, class);
    const struct page_slot *at = &c->slot[classes_slot(c, key)];
    uint16_t *n = (uint16_t *)c->counters + (at->page << PAGE_BITS) + class % PAGE_CLASSES;
    if (at->key == key && c->width == 2 && *n + times <= UINT16_MAX)
        *n = (uint16_t)(*n + times);
    else
        classes_add_slowly(c, row, value, times);
}

/* Adds all of from; rows: the new number of a row (NULL: the same). */
typedef int64_t row_fn(const void *self, int64_t row);
void classes_join(struct classes *into, const struct classes *from, row_fn *rows, const void *self);
/* Gives every row a new number; rows that get the same one are added. */
void classes_renumber(struct classes *c, row_fn *rows, const void *self);

/* All pages in the order of row and class, to look at. */
struct page_ref {
    int64_t row;
    uint32_t first_class;
    uint32_t page;
};
struct classes_view {
    const struct classes *of;
    struct page_ref *page; /* owned */
    size_t pages;
};
struct classes_view classes_view(const struct classes *c);
void classes_view_fini(struct classes_view *v);

/* The values at ranks (ascending, from 0, below the rows' total) of some rows taken together. */
void classes_at(const struct classes_view *v, const int64_t *row, size_t rows, const uint64_t *rank,
                size_t ranks, double *value);

/* Adds the counters of rows first, first + step ... last to n[class]; classes from max on go to the
 * last one. */
void classes_sum(const struct classes_view *v, int64_t first, int64_t last, int64_t step,
                 uint32_t *n, size_t max);

/* How far a value that classes_at() gave may be off, relative: 0 when its class has no other. */
double classes_error(const struct classes *c, double value);

#endif

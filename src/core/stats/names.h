/* stats/names.h
 * The endpoints of a run by name, with their counts. At most ENDPOINTS_MAX; what comes later goes
 * to two rows without a name (requests and transactions), and how many names that were is kept. */
#ifndef PERFSCALE_STATS_NAMES_H
#define PERFSCALE_STATS_NAMES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "results/summary.h"
#include "stats/counts.h"

enum {
    NAMES_OTHERS = ENDPOINTS_MAX, /* + 1: their transactions */
    NAMES_ROWS = ENDPOINTS_MAX + 2,
    NAMES_QUICK = 256,          /* places, by the top 8 bits of a hash */
    NAMES_SLOTS = 4096,         /* a power of two, twice ENDPOINTS_MAX */
    NAMES_OTHERS_MAX = 1 << 15, /* names left out that are told apart */
};

/* What a request counts to: the run itself, or nothing while there are others. */
enum kind { KIND_PLAIN, KIND_TRANSACTION, KINDS };

struct name_row {
    char name[SCOPE_MAX_BYTES]; /* bytes as given, cut; not terminated */
    uint16_t len;
    struct counts counts;
};

/* A name that was found lately: its first and last 16 bytes, length and kind, and its row. Names of
 * up to 32 bytes are all in it. */
struct quick_name {
    uint64_t bytes[4];
    uint32_t shape; /* len * 2 + kind, + 1; 0: free */
    uint16_t row;
};

struct names {
    struct name_row *row;       /* owned */
    size_t n, cap;              /* real names */
    uint16_t slot[NAMES_SLOTS]; /* row + 1 */
    struct quick_name quick[NAMES_QUICK];
    uint64_t *other; /* owned: hashes of names left out, 0: free */
    size_t others, others_cap;
    struct counts rest[KINDS]; /* of the names left out */
    uint8_t kind[NAMES_ROWS];  /* enum kind of each row */
};

void names_init(struct names *t);
void names_fini(struct names *t);

/* The row of a name, made when it is new. */
unsigned names_find(struct names *t, const char *name, size_t len, bool transaction);

static inline struct counts *names_counts(struct names *t, unsigned row) {
    return row < ENDPOINTS_MAX ? &t->row[row].counts : &t->rest[row - NAMES_OTHERS];
}
static inline enum kind names_kind(const struct names *t, unsigned row) {
    return (enum kind)t->kind[row];
}

/* Adds names and counts; map: the row in into of each row of from. true: all numbers stay. */
bool names_join(struct names *into, const struct names *from, uint16_t *map);

#endif

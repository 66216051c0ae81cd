/* stats/names.h
 * The endpoints of a run by name, with their counts. At most ENDPOINTS_MAX; what comes later goes
 * to two rows without a name (requests and transactions), and how many names that were is kept. */
#ifndef PERFSCALE_STATS_NAMES_H
#define PERFSCALE_STATS_NAMES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

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

static inline uint64_t names_bytes8(const char *s) {
    uint64_t x;
    memcpy(&x, s, 8);
    return x;
}
void names_fill_short(struct quick_name *q, const char *name, size_t len);
bool names_same_middle(const struct names *t, unsigned row, const char *name, size_t len);
unsigned names_find_slowly(struct names *t, const char *name, size_t len, bool transaction);

/* Begin, end and length: names of one script differ there as a rule. */
static inline size_t names_quick_place(const struct quick_name *q) {
    uint64_t mix = q->bytes[0] + q->bytes[1] + q->bytes[2] + (q->bytes[3] ^ q->shape);
    return mix * UINT64_C(0x9E3779B97F4A7C15) >> 56;
}

/* The row of a name, made when it is new. */
static inline unsigned names_find(struct names *t, const char *name, size_t len, bool transaction) {
    struct quick_name q = {.shape = (uint32_t)(len * 2 + (transaction ? 1 : 0)) + 1};
    if (len >= 16) {
        q.bytes[0] = names_bytes8(name);
        q.bytes[1] = names_bytes8(name + 8);
        q.bytes[2] = names_bytes8(name + len - 16);
        q.bytes[3] = names_bytes8(name + len - 8);
    } else {
        names_fill_short(&q, name, len);
    }
    const struct quick_name *at = &t->quick[names_quick_place(&q)];
    uint64_t differs = (at->bytes[0] ^ q.bytes[0]) | (at->bytes[1] ^ q.bytes[1]) |
                       (at->bytes[2] ^ q.bytes[2]) | (at->bytes[3] ^ q.bytes[3]) |
                       (at->shape ^ q.shape);
    if (!differs && (len <= 32 || names_same_middle(t, at->row, name, len)))
        return at->row;
    return names_find_slowly(t, name, len, transaction);
}

static inline struct counts *names_counts(struct names *t, unsigned row) {
    return row < ENDPOINTS_MAX ? &t->row[row].counts : &t->rest[row - NAMES_OTHERS];
}
static inline enum kind names_kind(const struct names *t, unsigned row) {
    return (enum kind)t->kind[row];
}

/* Adds names and counts; map: the row in into of each row of from. true: all numbers stay. */
bool names_join(struct names *into, const struct names *from, uint16_t *map);

#endif

#include "stats/names.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"

#define MIX UINT64_C(0x9E3779B97F4A7C15)

static uint64_t bytes8(const char *s) { return names_bytes8(s); }

/* Up to 8 bytes as a number. */
static uint64_t bytes_few(const char *s, size_t len) {
    uint64_t x = 0;
    for (size_t i = 0; i < len; i++)
        x = x << 8 | (unsigned char)s[i];
    return x;
}

static uint64_t hash_of(const char *s, size_t len, bool transaction) {
    uint64_t h = len * 2 + transaction;
    for (; len >= 8; s += 8, len -= 8)
        h = ((h ^ bytes8(s)) * MIX) ^ (h >> 29);
    h = (h ^ bytes_few(s, len)) * MIX;
    h = (h ^ h >> 32) * MIX;
    return (h ^ h >> 29) | 1;
}

static inline bool same(const char *a, const char *b, size_t len) {
    if (len < 8)
        return bytes_few(a, len) == bytes_few(b, len);
    for (size_t i = 0; i + 8 < len; i += 8)
        if (bytes8(a + i) != bytes8(b + i))
            return false;
    return bytes8(a + len - 8) == bytes8(b + len - 8);
}

static bool is(const struct names *t, unsigned row, const char *name, size_t len,
               bool transaction) {
    return t->row[row].len == len &&
           t->kind[row] == (transaction ? KIND_TRANSACTION : KIND_PLAIN) &&
           same(t->row[row].name, name, len);
}

void names_init(struct names *t) {
    *t = (struct names){0};
    for (unsigned k = 0; k < KINDS; k++)
        t->kind[NAMES_OTHERS + k] = (uint8_t)k;
}

void names_fini(struct names *t) {
    free(t->row);
    free(t->other);
    *t = (struct names){0};
}

/* --- names left out --- */

static void put_other(uint64_t *slot, size_t cap, uint64_t hash) {
    size_t i = hash & (cap - 1);
    while (slot[i] && slot[i] != hash)
        i = (i + 1) & (cap - 1);
    slot[i] = hash;
}

static bool has_other(const struct names *t, uint64_t hash) {
    size_t i = hash & (t->others_cap - 1);
    while (t->other[i] && t->other[i] != hash)
        i = (i + 1) & (t->others_cap - 1);
    return t->other[i] != 0;
}

static void grow_others(struct names *t) {
    size_t cap = t->others_cap ? t->others_cap * 2 : 256;
    uint64_t *slot = mem_new(cap, sizeof *slot);
    for (size_t i = 0; i < t->others_cap; i++)
        if (t->other[i])
            put_other(slot, cap, t->other[i]);
    free(t->other);
    t->other = slot;
    t->others_cap = cap;
}

static void note_other(struct names *t, uint64_t hash) {
    if (t->others == NAMES_OTHERS_MAX)
        return;
    if (t->others * 2 >= t->others_cap)
        grow_others(t);
    if (has_other(t, hash))
        return;
    put_other(t->other, t->others_cap, hash);
    t->others++;
}

/* --- names --- */

static unsigned add(struct names *t, size_t slot, const char *name, size_t len, bool transaction) {
    t->row = mem_grow(t->row, t->n, &t->cap, sizeof *t->row);
    struct name_row *r = &t->row[t->n];
    *r = (struct name_row){.len = (uint16_t)len};
    t->kind[t->n] = transaction ? KIND_TRANSACTION : KIND_PLAIN;
    memcpy(r->name, name, len);
    t->slot[slot] = (uint16_t)++t->n;
    return (unsigned)t->n - 1;
}

static unsigned find_row(struct names *t, const char *name, size_t len, bool transaction) {
    uint64_t hash = hash_of(name, len, transaction);
    size_t i = hash >> 16 & (NAMES_SLOTS - 1);
    for (; t->slot[i]; i = (i + 1) & (NAMES_SLOTS - 1))
        if (is(t, t->slot[i] - 1u, name, len, transaction))
            return t->slot[i] - 1u;
    if (t->n < ENDPOINTS_MAX)
        return add(t, i, name, len, transaction);
    note_other(t, hash);
    return NAMES_OTHERS + (transaction ? 1u : 0u);
}

/* A cut must not leave half a character. */
static size_t cut(const char *name) {
    size_t len = SCOPE_MAX_BYTES - 1;
    while (len > 0 && ((unsigned char)name[len] & 0xC0) == 0x80)
        len--;
    return len;
}

void names_fill_short(struct quick_name *q, const char *name, size_t len) {
    q->bytes[0] = len >= 8 ? bytes8(name) : bytes_few(name, len);
    q->bytes[1] = q->bytes[2] = 0;
    q->bytes[3] = len >= 8 ? bytes8(name + len - 8) : 0;
}

static void fill_quick(struct quick_name *q, const char *name, size_t len) {
    names_fill_short(q, name, len);
    if (len < 16)
        return;
    q->bytes[1] = bytes8(name + 8);
    q->bytes[2] = bytes8(name + len - 16);
}

/* Longer than 32 bytes, and the first and last 16 are the same. Only whole names are kept. */
bool names_same_middle(const struct names *t, unsigned row, const char *name, size_t len) {
    return len < SCOPE_MAX_BYTES && same(t->row[row].name + 16, name + 16, len - 32);
}

unsigned names_find_slowly(struct names *t, const char *name, size_t len, bool transaction) {
    if (len >= SCOPE_MAX_BYTES)
        len = cut(name);
    struct quick_name q = {.shape = (uint32_t)(len * 2 + (transaction ? 1 : 0)) + 1};
    fill_quick(&q, name, len);
    q.row = (uint16_t)find_row(t, name, len, transaction);
    if (q.row < ENDPOINTS_MAX)
        t->quick[names_quick_place(&q)] = q;
    return q.row;
}

bool names_join(struct names *into, const struct names *from, uint16_t *map) {
    bool unchanged = true;
    for (unsigned i = 0; i < from->n; i++) {
        const struct name_row *r = &from->row[i];
        unsigned to = names_find(into, r->name, r->len, from->kind[i] == KIND_TRANSACTION);
        counts_join(names_counts(into, to), &r->counts);
        map[i] = (uint16_t)to;
        unchanged = unchanged && to == i;
    }
    for (unsigned k = 0; k < KINDS; k++) {
        map[NAMES_OTHERS + k] = (uint16_t)(NAMES_OTHERS + k);
        counts_join(&into->rest[k], &from->rest[k]);
    }
    for (size_t i = 0; i < from->others_cap; i++)
        if (from->other[i])
            note_other(into, from->other[i]);
    return unchanged;
}

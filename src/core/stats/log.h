/* stats/log.h
 * Every request in 8 bytes: response time, endpoint, end to the millisecond, outcome. A stream of
 * words in blocks; each block can be read on its own. What does not fit into a word (a time of 2^32
 * units or more, a moment far from the last one) takes a word more before it. */
#ifndef PERFSCALE_STATS_LOG_H
#define PERFSCALE_STATS_LOG_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum {
    LOG_BLOCK_BYTES = 64 * 1024,
    LOG_BLOCK_WORDS = LOG_BLOCK_BYTES / 8,
    LOG_WORDS_PER_REQUEST = 3, /* at most */
    LOG_ENDPOINTS = 1 << 11,
    LOG_WINDOW_MS = 1 << 19, /* a base word holds for requests that end so long after it */
};
/* A word, from its lowest bit: outcome 2, ms after the base 19, endpoint 11, value 32. Outcome 3
 * stands for a word about the next ones: bit 2 tells a base from the high part of a value. */
enum {
    LOG_SIGN = 3,
    LOG_SIGN_HIGH = 7,
    LOG_SIGN_BITS = 3,
    LOG_AFTER_BIT = 2,
    LOG_ENDPOINT_BIT = 21
};

#define LOG_VALUE_MAX ((UINT64_C(1) << 62) - 1)
#define LOG_NO_TIME (INT64_MIN >> 3)

struct entry {
    uint64_t value;
    int64_t end_ms; /* LOG_NO_TIME: it has none that counts */
    uint32_t endpoint;
    uint32_t outcome;
};

struct log_block {
    uint64_t *word; /* owned */
    size_t n;
    int64_t first_ms, last_ms; /* ends of its requests; first > last: none has a time */
};

struct log {
    struct log_block *block; /* owned: the closed ones */
    size_t blocks, cap;
    size_t words;   /* in closed blocks */
    uint64_t *open; /* owned; starts with a base word */
    size_t n;       /* words in it */
    int64_t base_ms;
};

void log_init(struct log *l);
void log_fini(struct log *l);

/* What comes next ends at or after ms, within LOG_WINDOW_MS; LOG_NO_TIME: it has no time. */
void log_base(struct log *l, int64_t ms);

/* Room for one request: false when the open block must be closed first. */
static inline bool log_has_room(const struct log *l) {
    return l->n + LOG_WORDS_PER_REQUEST <= LOG_BLOCK_WORDS;
}

/* A word without its moment: value below 2^32. */
static inline uint64_t log_word(uint64_t value, unsigned endpoint, unsigned outcome) {
    return value << 32 | (uint64_t)endpoint << LOG_ENDPOINT_BIT | outcome;
}

/* word: log_word() and the ms since log_base, below LOG_WINDOW_MS, at LOG_AFTER_BIT. value: its
 * high part is put before it; at most LOG_VALUE_MAX. */
void log_put_high(struct log *l, uint64_t value);
static inline void log_put(struct log *l, uint64_t value, uint64_t word) {
    if (value >> 32)
        log_put_high(l, value);
    l->open[l->n++] = word;
}

/* Keeps the open block and begins a new one; or begins it anew. */
void log_close(struct log *l, int64_t first_ms, int64_t last_ms);
void log_reuse(struct log *l);

/* Drops the last block that was closed. */
void log_drop(struct log *l);

/* What the words so far say of the next one. */
struct log_state {
    int64_t base_ms;
    uint64_t high;
};

/* false: the word was about the next ones. */
static inline bool log_decode(struct log_state *at, uint64_t word, struct entry *e) {
    if ((word & LOG_SIGN) == LOG_SIGN) {
        if ((word & LOG_SIGN_HIGH) == LOG_SIGN_HIGH)
            at->high = word >> LOG_SIGN_BITS << 32;
        else
            at->base_ms = (int64_t)word >> LOG_SIGN_BITS;
        return false;
    }
    *e = (struct entry){.value = at->high | word >> 32,
                        .end_ms =
                            at->base_ms + (int64_t)(word >> LOG_AFTER_BIT & (LOG_WINDOW_MS - 1)),
                        .endpoint = (uint32_t)(word >> LOG_ENDPOINT_BIT & (LOG_ENDPOINTS - 1)),
                        .outcome = (uint32_t)(word & LOG_SIGN)};
    at->high = 0;
    return true;
}

/* In all closed blocks: endpoint numbers by a map; or every time forgotten. */
void log_renumber(struct log *l, const uint16_t map[static LOG_ENDPOINTS]);
void log_forget_times(struct log *l);

/* Moves the closed blocks of from to the end of into; small ones are put together. */
void log_join(struct log *into, struct log *from);

#endif

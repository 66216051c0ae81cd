#include "stats/log.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "stats/slab.h"

#define AFTER_MASK ((uint64_t)LOG_WINDOW_MS - 1)
#define ENDPOINT_MASK ((uint64_t)LOG_ENDPOINTS - 1)

static uint64_t base_word(int64_t ms) { return (uint64_t)ms << LOG_SIGN_BITS | LOG_SIGN; }

void log_init(struct log *l) {
    *l = (struct log){.open = slab_take(LOG_BLOCK_BYTES), .base_ms = LOG_NO_TIME};
    log_reuse(l);
}

void log_fini(struct log *l) {
    for (size_t i = 0; i < l->blocks; i++)
        slab_give(l->block[i].word, LOG_BLOCK_BYTES);
    slab_give(l->open, LOG_BLOCK_BYTES);
    free(l->block);
    *l = (struct log){0};
}

void log_base(struct log *l, int64_t ms) {
    if (ms == l->base_ms)
        return;
    l->base_ms = ms;
    l->open[l->n++] = base_word(ms);
}

void log_put_high(struct log *l, uint64_t value) {
    l->open[l->n++] = value >> 32 << LOG_SIGN_BITS | LOG_SIGN_HIGH;
}

void log_reuse(struct log *l) {
    l->open[0] = base_word(l->base_ms);
    l->n = 1;
}

void log_close(struct log *l, int64_t first_ms, int64_t last_ms) {
    l->block = mem_grow(l->block, l->blocks, &l->cap, sizeof *l->block);
    l->block[l->blocks++] =
        (struct log_block){.word = l->open, .n = l->n, .first_ms = first_ms, .last_ms = last_ms};
    l->words += l->n;
    l->open = slab_take(LOG_BLOCK_BYTES);
    log_reuse(l);
}

void log_drop(struct log *l) {
    struct log_block *b = &l->block[--l->blocks];
    l->words -= b->n;
    slab_give(b->word, LOG_BLOCK_BYTES);
}

void log_renumber(struct log *l, const uint16_t map[static LOG_ENDPOINTS]) {
    for (size_t b = 0; b < l->blocks; b++) {
        uint64_t *w = l->block[b].word;
        for (size_t i = 0; i < l->block[b].n; i++)
            if ((w[i] & LOG_SIGN) != LOG_SIGN)
                w[i] = (w[i] & ~(ENDPOINT_MASK << 21)) | (uint64_t)map[w[i] >> 21 & ENDPOINT_MASK]
                                                             << 21;
    }
}

void log_forget_times(struct log *l) {
    for (size_t b = 0; b < l->blocks; b++) {
        struct log_block *k = &l->block[b];
        k->first_ms = INT64_MAX;
        k->last_ms = INT64_MIN;
        for (size_t i = 0; i < k->n; i++) {
            if ((k->word[i] & LOG_SIGN) != LOG_SIGN)
                k->word[i] &= ~(AFTER_MASK << 2);
            else if ((k->word[i] & LOG_SIGN_HIGH) != LOG_SIGN_HIGH)
                k->word[i] = base_word(LOG_NO_TIME);
        }
    }
}

/* Every block begins with a base, so one may follow another in the same slab. */
static bool append(struct log_block *to, const struct log_block *b) {
    if (to->n + b->n > LOG_BLOCK_WORDS)
        return false;
    memcpy(to->word + to->n, b->word, b->n * sizeof *b->word);
    to->n += b->n;
    if (b->first_ms < to->first_ms)
        to->first_ms = b->first_ms;
    if (b->last_ms > to->last_ms)
        to->last_ms = b->last_ms;
    return true;
}

void log_join(struct log *into, struct log *from) {
    for (size_t i = 0; i < from->blocks; i++) {
        if (into->blocks && append(&into->block[into->blocks - 1], &from->block[i])) {
            slab_give(from->block[i].word, LOG_BLOCK_BYTES);
            continue;
        }
        into->block = mem_grow(into->block, into->blocks, &into->cap, sizeof *into->block);
        into->block[into->blocks++] = from->block[i];
    }
    into->words += from->words;
    from->blocks = from->words = 0;
}

#include <string.h>

#include "gather/parts.h"

struct stats *stats_for(const struct reading *g, const struct reader *r, int parts) {
    const struct stats_options o = {.rules = r->samples,
                                    .origin_ms = g->origin_ms,
                                    .stretch = g->o->stretch,
                                    .stretches = g->o->stretches,
                                    .parts = parts};
    return r->samples ? stats_new(&o) : NULL;
}

static void take_word(void *self, const struct word *w) {
    struct taker *t = self;
    t->words.summary(t->words.self, w);
}

static void take_point(void *self, const struct point *p) {
    struct taker *t = self;
    t->words.point(t->words.self, p);
}

static void take_remark(void *self, enum finding_level level, const char *kind, long line,
                        const char *text) {
    struct taker *t = self;
    t->words.remark(t->words.self, level, kind, line, text);
}

/* "The same endpoint" is meant of the sample before, which may have gone to the other stats. */
static void take_sample(void *self, const struct sample *x) {
    struct taker *t = self;
    struct stats *to = x->transaction ? t->transactions : t->stats;
    if (x->endpoint) {
        t->endpoint_len =
            x->endpoint_len < sizeof t->endpoint ? x->endpoint_len : sizeof t->endpoint;
        memcpy(t->endpoint, x->endpoint, t->endpoint_len);
    } else if (x->transaction != t->last_was_transaction) {
        struct sample named = *x;
        named.endpoint = t->endpoint;
        named.endpoint_len = t->endpoint_len;
        t->last_was_transaction = x->transaction;
        stats_sample(to, &named);
        return;
    }
    t->last_was_transaction = x->transaction;
    stats_sample(to, x);
}

static void take_tally(void *self, const struct tally *x) {
    struct taker *t = self;
    stats_tally(t->stats, x);
}

static void take_bulk(void *self, const char *endpoint, size_t len, uint64_t value, uint64_t count,
                      enum outcome outcome) {
    struct taker *t = self;
    stats_bulk(t->stats, endpoint, len, value, count, outcome);
}

struct sink taker_sink(struct taker *t, struct summary *s, const struct reader *r,
                       struct stats *stats, struct stats *transactions) {
    *t = (struct taker){.words = summary_sink(s, r), .stats = stats, .transactions = transactions};
    struct sink out = {.self = t, .summary = take_word, .point = take_point, .remark = take_remark};
    if (stats) {
        out.sample = take_sample;
        out.tally = take_tally;
        out.bulk = take_bulk;
    }
    return out;
}

bool canceled(const struct reading *g, struct err *e) {
    if (!g->o->watch || !atomic_load_explicit(&g->o->watch->cancel, memory_order_relaxed))
        return false;
    err_set(e, ERR_CANCELED, "the reading was cancelled");
    return true;
}

void done_bytes(const struct reading *g, uint64_t bytes) {
    if (g->o->watch)
        atomic_fetch_add_explicit(&g->o->watch->done_bytes, bytes, memory_order_relaxed);
}

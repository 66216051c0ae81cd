#include "gather/parts.h"

struct stats *stats_for(const struct read_how *g, const struct input *s, int threads) {
    const struct stats_options o = {.rules = s->reader->samples,
                                    .origin_ms = g->origin_ms,
                                    .stretch = g->o->stretch,
                                    .stretches = g->o->stretches,
                                    .find_steps = g->o->find_steps,
                                    .step_cut = g->o->step_cut,
                                    .parts = threads + g->parts};
    return o.rules && !s->counted_only ? stats_new(&o) : NULL;
}

static void take_word(void *self, const struct word *w) {
    struct taker *t = self;
    t->words.summary(t->words.self, w);
}

static void take_point(void *self, const struct point *p) {
    struct taker *t = self;
    t->words.point(t->words.self, p);
}

static void take_stretch(void *self, const struct stretch *x) {
    struct taker *t = self;
    t->words.stretch(t->words.self, x);
}

static void take_moment(void *self, const char *name, double t_s, double value) {
    struct taker *t = self;
    t->words.moment(t->words.self, name, t_s, value);
}

static void take_remark(void *self, enum finding_level level, const char *kind, long line,
                        const char *text) {
    struct taker *t = self;
    t->words.remark(t->words.self, level, kind, line, text);
}

static void count_sample(void *self, const struct sample *x) {
    struct taker *t = self;
    t->rows[x->transaction ? ROWS_TRANSACTIONS : ROWS_REQUESTS]++;
}

static void take_sample(void *self, const struct sample *x) {
    struct taker *t = self;
    count_sample(t, x);
    stats_sample(t->stats, x);
}

static void take_tally(void *self, const struct tally *x) {
    struct taker *t = self;
    stats_tally(t->stats, x);
}

static void count_bulk(void *self, const char *endpoint, size_t len, uint64_t value, uint64_t count,
                       enum outcome outcome) {
    struct taker *t = self;
    (void)endpoint, (void)len, (void)value, (void)outcome;
    t->rows[ROWS_REQUESTS] += count;
}

static void take_bulk(void *self, const char *endpoint, size_t len, uint64_t value, uint64_t count,
                      enum outcome outcome) {
    struct taker *t = self;
    t->rows[ROWS_REQUESTS] += count;
    stats_bulk(t->stats, endpoint, len, value, count, outcome);
}

struct sink taker_sink(struct taker *t, struct summary *said, const struct reader *r,
                       struct stats *stats) {
    *t = (struct taker){.words = summary_sink(said, r), .stats = stats};
    return (struct sink){.self = t,
                         .summary = take_word,
                         .point = take_point,
                         .stretch = take_stretch,
                         .moment = take_moment,
                         .remark = take_remark,
                         .sample = stats ? take_sample : count_sample,
                         .tally = stats ? take_tally : NULL,
                         .bulk = stats ? take_bulk : count_bulk};
}

bool canceled(const struct read_how *g, struct err *e) {
    if (!g->o->watch || !atomic_load_explicit(&g->o->watch->cancel, memory_order_relaxed))
        return false;
    err_set(e, ERR_CANCELED, "the reading was cancelled");
    return true;
}

void done_bytes(const struct read_how *g, int64_t bytes) {
    if (g->o->watch)
        atomic_fetch_add_explicit(&g->o->watch->done_bytes, (uint64_t)bytes, memory_order_relaxed);
}

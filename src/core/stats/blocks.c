/* Putting away what was gathered: of requests that are alike, of a second, of a block. */
#include "stats/state.h"

/* --- requests without their moment --- */

static void classify(struct stats *s, uint64_t value, unsigned endpoint, unsigned outcome,
                     uint32_t times) {
    classes_add(&s->run, row_of_run(names_kind(&s->names, endpoint), outcome), value, times);
    classes_add(&s->endpoints, row_of_endpoint(endpoint, outcome), value, times);
}

static void count(struct stats *s, uint64_t value, unsigned endpoint, unsigned outcome,
                  uint32_t times) {
    if (!s->only_classes)
        counts_add(names_counts(&s->names, endpoint), value, outcome, times);
    if (!s->exact)
        classify(s, value, endpoint, outcome, times);
}

void stats_count_large(struct stats *s, uint64_t value, unsigned endpoint, unsigned outcome) {
    count(s, value, endpoint, outcome, 1);
}

void stats_flush_alike(struct stats *s, uint64_t *place) {
    struct log_state none = {0};
    struct entry e;
    uint32_t times = (uint32_t)((*place & ALIKE_TIMES_MASK) >> LOG_AFTER_BIT);
    if (times && log_decode(&none, *place, &e))
        count(s, e.value, e.endpoint, e.outcome, times);
    *place = 0;
}

static void flush_all_alike(struct stats *s) {
    for (size_t i = 0; i < ALIKE_PLACES; i++)
        if (s->alike[i])
            stats_flush_alike(s, &s->alike[i]);
}

/* --- seconds --- */

static int64_t halved(const void *self, int64_t row) {
    int halvings = *(const int *)self;
    return row_of_point(row >> 1 >> halvings, (enum kind)(row & 1));
}

static void follow_halvings(struct stats *s) {
    int by = s->time.halvings - s->points_halvings;
    if (by == 0)
        return;
    classes_renumber(&s->points, halved, &by);
    s->points_halvings = s->time.halvings;
}

static void flush_classes(struct stats *s, unsigned kind, int64_t number) {
    struct gathered *g = &s->gathered[kind];
    for (size_t i = 0; i < g->seen_n; i++) {
        uint32_t class = g->seen[i];
        classes_add(&s->points, row_of_point(number, kind), class_first(class, POINT_BITS),
                    g->n[class]);
        g->n[class] = 0;
    }
    g->seen_n = 0;
}

static void flush_all_classes(struct stats *s, int64_t number) {
    for (unsigned k = 0; k < KINDS; k++)
        flush_classes(s, k, number);
}

static void flush_kind(struct stats *s, struct second *at, unsigned kind) {
    struct ongoing *m = &s->now;
    struct counts c = {.most = m->most[kind], .not_least = m->not_least[kind]};
    for (int o = 0; o < OUTCOMES; o++) {
        c.n[o] = m->n[kind][o];
        c.sum[o] = m->sum[kind][o];
    }
    if (counts_all(&c) == 0)
        return;
    counts_join(&at->of[kind], &c);
    stats_span_widen(&s->requests[kind], m->first_start_ms[kind], m->last_end_ms[kind]);
    if (m->first_start_ms[kind] < at->first_start_ms)
        at->first_start_ms = m->first_start_ms[kind];
    if (m->last_end_ms[kind] > at->last_end_ms)
        at->last_end_ms = m->last_end_ms[kind];
}

static void flush_moment(struct stats *s) {
    struct ongoing *m = &s->now;
    if (m->length_ms == 0)
        return;
    struct second *at = timeline_at(&s->time, m->begin_ms);
    stats_span_widen(&s->block, m->begin_ms, m->begin_ms + (int64_t)m->length_ms - 1);
    for (unsigned k = 0; k < KINDS; k++)
        flush_kind(s, at, k);
    if (!s->exact) {
        follow_halvings(s);
        flush_all_classes(s, timeline_number(&s->time, m->begin_ms));
    }
    m->length_ms = 0;
}

void stats_next_moment(struct stats *s, int64_t ms) {
    flush_moment(s);
    (void)timeline_at(&s->time, ms);
    s->now = (struct ongoing){
        .begin_ms = timeline_begin_ms(&s->time, timeline_number(&s->time, ms)),
        .length_ms = (uint64_t)timeline_length_ms(&s->time),
        .first_start_ms = {INT64_MAX, INT64_MAX},
        .last_end_ms = {INT64_MIN, INT64_MIN},
    };
}

/* --- pieces of time --- */

void stats_count_atom(struct stats *s, int64_t end_ms, uint64_t value, unsigned kind,
                      unsigned outcome) {
    size_t lo = 0, hi = s->atoms;
    if (hi == 0)
        return;
    while (hi - lo > 1) {
        size_t mid = (lo + hi) / 2;
        if (end_ms >= s->atom[mid].from_ms)
            lo = mid;
        else
            hi = mid;
    }
    counts_add(&s->atom[lo].of[kind], value, outcome, 1);
    classes_add(&s->pieces, row_of_piece(lo, (enum kind)kind, outcome), value, 1);
}

/* --- blocks --- */

void stats_close_block(struct stats *s) {
    flush_all_alike(s);
    if (!s->exact) {
        log_reuse(&s->log);
        return;
    }
    if (s->now.length_ms)
        stats_span_widen(&s->block, s->now.begin_ms,
                         s->now.begin_ms + (int64_t)s->now.length_ms - 1);
    log_close(&s->log, s->block.first_ms, s->block.last_ms);
    s->block = (struct span){INT64_MAX, INT64_MIN};
    if (s->log.words > s->words_max)
        stats_leave_exact(s);
}

void stats_close(struct stats *s) {
    flush_moment(s);
    if (s->log.n > 1)
        stats_close_block(s);
}

/* What was counted goes to the classes as well. number: the second that is gathered. */
static int64_t classify_block(struct stats *s, const struct log_block *b, int64_t number) {
    struct log_state at = {.base_ms = LOG_NO_TIME};
    struct entry e;
    for (size_t i = 0; i < b->n; i++) {
        if (!log_decode(&at, b->word[i], &e))
            continue;
        if (e.value >> 32)
            stats_count_large(s, e.value, e.endpoint, e.outcome);
        else
            stats_note_alike(s, log_word(e.value, e.endpoint, e.outcome));
        if (e.end_ms == LOG_NO_TIME)
            continue;
        unsigned kind = names_kind(&s->names, e.endpoint);
        int64_t now = timeline_number(&s->time, e.end_ms);
        if (now != number)
            flush_all_classes(s, number);
        number = now;
        stats_gather_class(&s->gathered[kind], e.value);
        if (s->stretches)
            stats_count_atom(s, e.end_ms, e.value, kind, e.outcome);
    }
    flush_all_alike(s);
    return number;
}

void stats_leave_exact(struct stats *s) {
    if (!s->exact)
        return;
    stats_close(s);
    if (!s->exact) /* closing it did it */
        return;
    s->exact = false;
    timeline_limit(&s->time, POINTS_PAST_EXACT);
    classes_init(&s->run, RUN_BITS, RUN_BYTES);
    classes_init(&s->pieces, RUN_BITS, PIECE_BYTES);
    classes_init(&s->endpoints, RUN_BITS, ENDPOINT_BYTES);
    classes_init(&s->points, POINT_BITS, POINT_BYTES);
    s->points_halvings = s->time.halvings;
    s->only_classes = true;
    int64_t number = 0;
    for (; s->log.blocks; log_drop(&s->log))
        number = classify_block(s, &s->log.block[s->log.blocks - 1], number);
    flush_all_classes(s, number);
    s->only_classes = false;
}

/* A log that needs more words than a thirty-second above is full of moments in disorder. */
void stats_keep_to_limit(struct stats *s) {
    enum { WORDS_MAX = STATS_EXACT_REQUESTS + STATS_EXACT_REQUESTS / 32 };
    if (s->seen[KIND_PLAIN] + s->seen[KIND_TRANSACTION] > STATS_EXACT_REQUESTS ||
        s->log.words > WORDS_MAX)
        stats_leave_exact(s);
}

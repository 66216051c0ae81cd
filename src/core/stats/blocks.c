/* Counting what the log holds: once, when a block is full. */
#include "stats/state.h"

/* --- requests without their moment --- */

#define MOMENT_MASK ((uint64_t)(LOG_WINDOW_MS - 1) << LOG_AFTER_BIT)
#define ONE_MORE (UINT64_C(1) << LOG_AFTER_BIT)

static void count_alike(struct stats *s, uint64_t value, unsigned endpoint, unsigned outcome,
                        uint32_t times) {
    if (s->counting)
        counts_add(names_counts(&s->names, endpoint), value, outcome, times);
    if (!s->classing)
        return;
    classes_add(&s->run, row_of_run(names_kind(&s->names, endpoint), outcome), value, times);
    classes_add(&s->endpoints, row_of_endpoint(endpoint, outcome), value, times);
}

static void flush_alike(struct stats *s, uint64_t *place) {
    struct log_state none = {0};
    struct entry e;
    uint32_t times = (uint32_t)((*place & MOMENT_MASK) >> LOG_AFTER_BIT);
    if (times && log_decode(&none, *place, &e))
        count_alike(s, e.value, e.endpoint, e.outcome, times);
    *place = 0;
}

/* Neighbouring values have neighbouring places: whole milliseconds do not get into each other's
 * way. */
static inline void note_alike(struct stats *s, uint64_t word) {
    uint64_t kind = word & ~MOMENT_MASK;
    uint64_t spread = (word >> 32) + (word >> LOG_ENDPOINT_BIT & (LOG_ENDPOINTS - 1)) * 677 +
                      (word & LOG_SIGN) * 331;
    uint64_t *place = &s->alike[spread % ALIKE_PLACES];
    if ((*place & ~MOMENT_MASK) != kind) {
        flush_alike(s, place);
        *place = kind;
    }
    *place += ONE_MORE;
}

/* --- seconds --- */

/* What is gathered of one second before it goes to the timeline. */
struct moment {
    int64_t begin_ms;
    uint64_t length_ms; /* 0: none yet */
    struct counts of[KINDS];
    int64_t first_start_ms, first_end_ms, last_end_ms[KINDS];
};

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

static void flush_moment(struct stats *s, const struct moment *m) {
    if (m->length_ms == 0)
        return;
    struct second *at = timeline_at(&s->time, m->begin_ms);
    if (s->classing)
        follow_halvings(s);
    for (unsigned k = 0; k < KINDS; k++) {
        counts_join(&at->of[k], &m->of[k]);
        flush_classes(s, k, timeline_number(&s->time, m->begin_ms));
    }
    if (!s->counting)
        return;
    if (m->first_start_ms < at->first_start_ms)
        at->first_start_ms = m->first_start_ms;
    for (unsigned k = 0; k < KINDS; k++) {
        if (m->last_end_ms[k] > at->last_end_ms)
            at->last_end_ms = m->last_end_ms[k];
        if (m->last_end_ms[k] > s->last_end_ms[k])
            s->last_end_ms[k] = m->last_end_ms[k];
    }
}

static struct moment start_moment(struct stats *s, int64_t ms) {
    (void)timeline_at(&s->time, ms);
    return (struct moment){
        .begin_ms = timeline_begin_ms(&s->time, timeline_number(&s->time, ms)),
        .length_ms = (uint64_t)timeline_length_ms(&s->time),
        .first_start_ms = INT64_MAX,
        .first_end_ms = INT64_MAX,
        .last_end_ms = {INT64_MIN, INT64_MIN},
    };
}

static inline void note_class(struct gathered *g, uint64_t value) {
    uint32_t class = class_of(value, POINT_BITS);
    if (g->n[class]++ == 0)
        g->seen[g->seen_n++] = (uint16_t) class;
}

static inline void note_moment(struct moment *m, const struct entry *e, unsigned kind,
                               double unit_ms) {
    counts_add(&m->of[kind], e->value, e->outcome, 1);
    int64_t start = e->end_ms - (int64_t)((double)(int64_t)e->value * unit_ms);
    m->first_start_ms = start < m->first_start_ms ? start : m->first_start_ms;
    m->first_end_ms = e->end_ms < m->first_end_ms ? e->end_ms : m->first_end_ms;
    if (e->end_ms > m->last_end_ms[kind])
        m->last_end_ms[kind] = e->end_ms;
}

/* --- pieces of time --- */

static void note_atom(struct stats *s, const struct entry *e, unsigned kind) {
    size_t lo = 0, hi = s->atoms;
    while (hi - lo > 1) {
        size_t mid = (lo + hi) / 2;
        if (e->end_ms >= s->atom[mid].from_ms)
            lo = mid;
        else
            hi = mid;
    }
    counts_add(&s->atom[lo].of[kind], e->value, e->outcome, 1);
    classes_add(&s->pieces, row_of_piece(lo, kind, e->outcome), e->value, 1);
}

/* --- blocks --- */

struct extremes {
    int64_t first_ms, last_ms;
};

static void leave_moment(struct stats *s, const struct moment *m, struct extremes *x) {
    flush_moment(s, m);
    x->first_ms = m->first_end_ms < x->first_ms ? m->first_end_ms : x->first_ms;
    for (unsigned k = 0; k < KINDS; k++)
        x->last_ms = m->last_end_ms[k] > x->last_ms ? m->last_end_ms[k] : x->last_ms;
}

/* Counts a block, or puts what is counted into classes, or both. Returns its first and last end,
 * when it counts. */
static inline struct extremes pass(struct stats *s, const uint64_t *word, size_t n,
                                   const bool counting, const bool classing) {
    struct extremes x = {INT64_MAX, INT64_MIN};
    struct log_state at = {.base_ms = LOG_NO_TIME};
    struct moment m = {.length_ms = 0};
    struct entry e;
    s->counting = counting;
    s->classing = classing;
    const bool pieces = classing && s->stretches && s->atoms;
    for (size_t i = 0; i < n; i++) {
        if (!log_decode(&at, word[i], &e))
            continue;
        if (e.value >> 32)
            count_alike(s, e.value, e.endpoint, e.outcome, 1);
        else
            note_alike(s, word[i]);
        if (e.end_ms == LOG_NO_TIME)
            continue;
        if ((uint64_t)e.end_ms - (uint64_t)m.begin_ms >= m.length_ms) {
            leave_moment(s, &m, &x);
            m = start_moment(s, e.end_ms);
        }
        unsigned kind = names_kind(&s->names, e.endpoint);
        if (counting)
            note_moment(&m, &e, kind, s->rules.unit_ms);
        if (classing)
            note_class(&s->gathered[kind], e.value);
        if (pieces)
            note_atom(s, &e, kind);
    }
    leave_moment(s, &m, &x);
    for (size_t i = 0; i < ALIKE_PLACES; i++)
        flush_alike(s, &s->alike[i]);
    return x;
}

void stats_close_block(struct stats *s) {
    if (s->log.n <= 1)
        return;
    if (s->exact) {
        struct extremes x = pass(s, s->log.open, s->log.n, true, false);
        log_close(&s->log, x.first_ms, x.last_ms);
        if (s->log.words > s->words_max)
            stats_leave_exact(s);
    } else {
        (void)pass(s, s->log.open, s->log.n, true, true);
        log_reuse(&s->log);
    }
}

void stats_leave_exact(struct stats *s) {
    if (!s->exact)
        return;
    stats_close_block(s);
    if (!s->exact) /* closing it did it */
        return;
    s->exact = false;
    timeline_limit(&s->time, POINTS_PAST_EXACT);
    classes_init(&s->run, RUN_BITS, RUN_BYTES);
    classes_init(&s->pieces, RUN_BITS, PIECE_BYTES);
    classes_init(&s->endpoints, RUN_BITS, ENDPOINT_BYTES);
    classes_init(&s->points, POINT_BITS, POINT_BYTES);
    s->points_halvings = s->time.halvings;
    for (; s->log.blocks; log_drop(&s->log)) {
        const struct log_block *b = &s->log.block[s->log.blocks - 1];
        (void)pass(s, b->word, b->n, false, true);
    }
}

/* A log that needs more words than a sixteenth above is full of moments in disorder. */
void stats_keep_to_limit(struct stats *s) {
    enum { WORDS_MAX = STATS_EXACT_REQUESTS + STATS_EXACT_REQUESTS / 16 };
    if (s->seen[KIND_PLAIN] + s->seen[KIND_TRANSACTION] > STATS_EXACT_REQUESTS ||
        s->log.words > WORDS_MAX)
        stats_leave_exact(s);
}

#include "stats/stats.h"

#include <math.h>
#include <stdlib.h>

#include "base/mem.h"
#include "stats/state.h"

enum { HOUR_MS = 3600 * 1000, JUMP_MS = 60 * 1000, LAG_MS = LOG_WINDOW_MS / 4 };
#define MONTH_MS (INT64_C(31) * 24 * HOUR_MS)
#define MOMENT_MAX (INT64_C(1) << 53)

/* --- life --- */

static int by_number(const void *a, const void *b) {
    int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;
    return x < y ? -1 : x > y;
}

/* Cuts the run at every end of a stretch. */
static void make_atoms(struct stats *s) {
    int64_t cut[ATOMS_MAX];
    size_t n = 0;
    for (size_t i = 0; i < s->stretches; i++) {
        cut[n++] = s->origin_ms + (int64_t)llround(s->stretch[i].from_s * 1000);
        cut[n++] = s->origin_ms + (int64_t)llround(s->stretch[i].to_s * 1000);
    }
    qsort(cut, n, sizeof *cut, by_number);
    s->atom[s->atoms++].from_ms = INT64_MIN;
    for (size_t i = 0; i < n; i++)
        if (cut[i] > s->atom[s->atoms - 1].from_ms)
            s->atom[s->atoms++].from_ms = cut[i];
}

static void anchor(struct stats *s, int64_t from_ms, int64_t to_ms) {
    s->near_from_ms = from_ms;
    s->near_to_ms = to_ms;
    s->anchored = true;
}

static void clear_moments(struct stats *s) {
    static const struct span nothing = {INT64_MAX, INT64_MIN};
    s->all = s->block = s->requests[KIND_PLAIN] = s->requests[KIND_TRANSACTION] = nothing;
    s->now.length_ms = 0;
    s->latest_ms = JUMP_MS - INT64_MAX;
}

struct stats *stats_new(const struct stats_options *o) {
    size_t parts = o->parts > 0 ? (size_t)o->parts : 1;
    size_t share = STATS_EXACT_REQUESTS / parts;
    struct stats *s = mem_new(1, sizeof *s);
    s->rules = *o->rules;
    s->origin_ms = o->origin_ms;
    s->stretch = o->stretch;
    s->stretches = o->stretches < STRETCHES_MAX ? o->stretches : STRETCHES_MAX;
    s->find_steps = o->find_steps;
    s->step_cut = o->step_cut;
    s->words_max = share + share / 32;
    s->exact = true;
    s->vus_least = s->vus_most = -1;
    clear_moments(s);
    if (o->origin_ms != INT64_MIN) {
        s->time.anchor_ms = o->origin_ms;
        anchor(s, o->origin_ms - HOUR_MS, o->origin_ms + MONTH_MS);
        make_atoms(s);
    }
    s->time.max = POINTS_MAX;
    names_init(&s->names);
    log_init(&s->log);
    return s;
}

void stats_free(struct stats *s) {
    if (!s)
        return;
    log_fini(&s->log);
    if (!s->exact) {
        classes_fini(&s->run);
        classes_fini(&s->pieces);
        classes_fini(&s->endpoints);
        classes_fini(&s->points);
    }
    names_fini(&s->names);
    timeline_fini(&s->time);
    free(s);
}

/* --- moments --- */

void stats_span_widen(struct span *p, int64_t first_ms, int64_t last_ms) {
    if (first_ms < p->first_ms)
        p->first_ms = first_ms;
    if (last_ms > p->last_ms)
        p->last_ms = last_ms;
}

/* Without a known start the first moment seen stands for it. */
static bool is_near(struct stats *s, int64_t ms) {
    if (ms <= -MOMENT_MAX || ms >= MOMENT_MAX)
        return false;
    if (!s->anchored)
        anchor(s, ms - MONTH_MS, ms + MONTH_MS);
    return ms >= s->near_from_ms && ms < s->near_to_ms;
}

void stats_forget_times(struct stats *s) {
    log_forget_times(&s->log);
    log_base(&s->log, LOG_NO_TIME);
    timeline_fini(&s->time);
    if (!s->exact) {
        classes_fini(&s->points);
        classes_init(&s->points, POINT_BITS, POINT_BYTES);
        s->points_halvings = 0;
    }
    s->far_seen = s->seen[KIND_PLAIN] + s->seen[KIND_TRANSACTION] - s->bulk_seen;
    clear_moments(s);
    s->window_ms = 0;
}

/* The first moment was a stray one when nearly nothing is near it. */
static bool anchor_was_wrong(const struct stats *s) {
    return s->origin_ms == INT64_MIN && s->far_seen > 2 * stats_near(s) + 16;
}

/* Makes the log ready for a request that ends at ms; how long after the base that is. */
static uint64_t move_base(struct stats *s, int64_t ms) {
    if (!is_near(s, ms)) {
        s->far_seen++;
        if (!anchor_was_wrong(s) || ms <= -MOMENT_MAX || ms >= MOMENT_MAX) {
            log_base(&s->log, LOG_NO_TIME);
            s->window_ms = 0;
            return 0;
        }
        s->far_seen--;
        stats_close(s);
        stats_forget_times(s);
        anchor(s, ms - MONTH_MS, ms + MONTH_MS);
    }
    int64_t base = ms - LAG_MS > s->near_from_ms ? ms - LAG_MS : s->near_from_ms;
    int64_t left = s->near_to_ms - base;
    log_base(&s->log, base);
    s->window_ms = left < LOG_WINDOW_MS ? (uint64_t)left : LOG_WINDOW_MS;
    return (uint64_t)(ms - base);
}

static void note_vus(struct stats *s, int64_t ms, int32_t least, int32_t most) {
    if (s->vus_least < 0 || least < s->vus_least)
        s->vus_least = least;
    if (most > s->vus_most)
        s->vus_most = most;
    second_vus(timeline_at(&s->time, ms), least, most);
}

static void note_vus_of_sample(struct stats *s, int64_t ms, uint32_t vus) {
    struct ongoing *m = &s->now;
    note_vus(s, ms, (int32_t)(vus & INT32_MAX), (int32_t)(vus & INT32_MAX));
    uint32_t most = m->vus_least + m->vus_range;
    if (m->vus_least == 0)
        m->vus_least = most = vus;
    m->vus_least = vus < m->vus_least ? vus : m->vus_least;
    m->vus_range = (vus > most ? vus : most) - m->vus_least;
}

static void next_moment(struct stats *s, int64_t ms) {
    stats_next_moment(s, ms);
    if (ms < s->latest_ms - JUMP_MS) {
        s->jumps++;
        s->latest_ms = ms;
    }
}

/* A request that began so early that it may be the first one of its second. A source with one
 * moment for each request gives its end: the response time tells the rest. */
static void note_start(struct stats *s, const struct sample *x, unsigned kind) {
    int64_t start = x->start_ms < x->end_ms ? x->start_ms : x->end_ms;
    if (start == x->end_ms && x->time > 0)
        start -= (int64_t)fmin((double)x->time * s->rules.unit_ms, HOUR_MS);
    if (start < s->near_from_ms)
        start = x->end_ms;
    if (start < s->now.first_start_ms[kind])
        s->now.first_start_ms[kind] = start;
}

static inline void note_moment(struct stats *s, const struct sample *x, uint64_t value,
                               unsigned kind) {
    struct ongoing *m = &s->now;
    int64_t end = x->end_ms;
    if ((uint64_t)end - (uint64_t)m->begin_ms >= m->length_ms)
        next_moment(s, end);
    if (end > m->last_end_ms[kind]) {
        m->last_end_ms[kind] = end;
        s->latest_ms = end > s->latest_ms ? end : s->latest_ms;
    }
    if (x->start_ms < m->first_start_ms[kind] || x->start_ms >= end)
        note_start(s, x, kind);
    if (x->vus - m->vus_least > m->vus_range && x->vus)
        note_vus_of_sample(s, end, x->vus);
    if (!s->fraction && end % 1000 != 0)
        s->fraction = true;
    m->n[kind][x->outcome]++;
    m->sum[kind][x->outcome] += value;
    m->most[kind] = value > m->most[kind] ? value : m->most[kind];
    m->not_least[kind] = ~value > m->not_least[kind] ? ~value : m->not_least[kind];
    if (s->exact)
        return;
    struct gathered *g = &s->gathered[kind];
    uint32_t class = class_of(value, POINT_BITS);
    if (g->n[class]++ == 0)
        g->seen[g->seen_n++] = (uint16_t) class;
    if (s->stretches)
        stats_count_atom(s, end, value, kind, x->outcome);
}

/* --- doors --- */

static unsigned first_name(struct stats *s, bool transaction) {
    bool any = s->seen[KIND_PLAIN] + s->seen[KIND_TRANSACTION] > 0;
    return any ? s->last_name : names_find(&s->names, "", 0, transaction);
}

void stats_sample(void *self, const struct sample *x) {
    struct stats *s = self;
    unsigned kind = x->transaction ? KIND_TRANSACTION : KIND_PLAIN;
    if (!log_has_room(&s->log))
        stats_close_block(s);
    s->last_name = x->endpoint ? names_find(&s->names, x->endpoint, x->endpoint_len, x->transaction)
                               : first_name(s, x->transaction);
    s->seen[kind]++;
    uint64_t after = (uint64_t)x->end_ms - (uint64_t)s->log.base_ms;
    if (after >= s->window_ms)
        after = move_base(s, x->end_ms);
    uint64_t value = x->time < LOG_VALUE_MAX ? x->time : LOG_VALUE_MAX;
    if (s->window_ms)
        note_moment(s, x, value, kind);
    uint64_t word = log_word(value, s->last_name, x->outcome);
    if (value >> 32)
        stats_count_large(s, value, s->last_name, x->outcome);
    else
        stats_note_alike(s, word);
    log_put(&s->log, value, word | after << LOG_AFTER_BIT);
}

void stats_bulk(void *self, const char *endpoint, size_t len, uint64_t value, uint64_t count,
                enum outcome outcome) {
    struct stats *s = self;
    if (count == 0)
        return;
    stats_leave_exact(s);
    s->last_name = endpoint ? names_find(&s->names, endpoint, len, false) : first_name(s, false);
    if (value > LOG_VALUE_MAX)
        value = LOG_VALUE_MAX;
    s->seen[KIND_PLAIN] += count;
    s->bulk_seen += count;
    counts_add(names_counts(&s->names, s->last_name), value, outcome, count);
    classes_add_slowly(&s->run, row_of_run(KIND_PLAIN, outcome), value, count);
    classes_add_slowly(&s->endpoints, row_of_endpoint(s->last_name, outcome), value, count);
}

static void tally_moment(struct stats *s, const struct tally *t) {
    if (t->at_ms == TALLY_NO_TIME || !is_near(s, t->at_ms))
        return;
    stats_span_widen(&s->all, t->at_ms, t->at_ms);
    if (t->at_ms % 1000 != 0)
        s->fraction = true;
    if (t->metric == METRIC_VUS_MAX) {
        if (t->least >= 0 && t->most >= t->least && t->most <= INT32_MAX)
            note_vus(s, t->at_ms, (int32_t)t->least, (int32_t)t->most);
        return;
    }
    struct second *at = timeline_at(&s->time, t->at_ms);
    if (t->metric == METRIC_REQUESTS)
        at->requests += t->sum;
    else if (t->metric == METRIC_FAILED)
        at->failed += t->sum;
    else if (t->metric == METRIC_DROPPED)
        at->dropped += t->sum;
}

void stats_tally(void *self, const struct tally *t) {
    struct stats *s = self;
    if (!isfinite(t->sum) || fabs(t->sum) > 1e18 || !isfinite(t->least) || !isfinite(t->most))
        return;
    struct tallied *k = &s->tally[t->metric];
    if (!k->seen || t->least < k->least)
        k->least = t->least;
    if (!k->seen || t->most > k->most)
        k->most = t->most;
    k->seen = true;
    k->sum += (tally_total)round(t->sum * TALLY_SCALE);
    k->count += t->count;
    tally_moment(s, t);
}

uint64_t stats_requests(const struct stats *s) { return s->seen[stats_kind(s)]; }

struct span stats_requests_span(const struct stats *s, enum kind kind) {
    struct span p = s->requests[kind];
    if (s->now.length_ms)
        stats_span_widen(&p, s->now.first_start_ms[kind], s->now.last_end_ms[kind]);
    return p;
}

bool stats_span(const struct stats *s, int64_t *first_ms, int64_t *last_ms) {
    struct span p = s->all;
    for (int k = 0; k < KINDS; k++) {
        struct span of = stats_requests_span(s, (enum kind)k);
        stats_span_widen(&p, of.first_ms, of.last_ms);
    }
    *first_ms = p.first_ms;
    *last_ms = p.last_ms;
    return p.first_ms <= p.last_ms;
}

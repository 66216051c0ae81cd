#include "stats/cells.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "stats/class.h"
#include "stats/select.h"

enum {
    RANKS_MAX = 10,      /* of one part: four percentiles with two neighbours, and an interval */
    CLASSES_MAX = 16384, /* of a cell and outcome */
    TABLE_MAX = 1536 * 1024 /* counters of all cells: 6 MB */,
    TAKEN_MAX = 512 * 1024, /* values in one pass: 4 MB */
    BINS_MAX = 65536,
};
#define IS_SLOT (UINT32_C(1) << 31) /* a counter that has become the number of a slot */

/* The ranks wanted of one part of an ask, ascending, and their values. */
struct ranks {
    uint8_t n;
    uint64_t rank[RANKS_MAX], value[RANKS_MAX];
};

/* A class of an ask that holds wanted ranks and more than one value. */
struct pending {
    uint32_t ask, class;
    enum part part;
    uint64_t below, n;
};

/* The values of one class of one cell and outcome. */
struct slot {
    uint32_t n;
    uint64_t *taken; /* NULL: not in this pass */
};

/* Counts values of some cells in [lo, hi]. */
struct bins {
    const struct ask *of;
    enum part part;
    uint64_t lo, hi;
    int shift;
    uint32_t *n;
};

struct sift {
    const struct cells *c;
    size_t cells;
    struct counts *counts;              /* of each cell */
    struct ranks *ranks;                /* asks * PARTS */
    uint32_t *table;                    /* cells * outcomes * classes */
    uint32_t outcomes, place[OUTCOMES]; /* those there are, and where */
    uint32_t classes;
    int bits;
    struct pending *pending;
    size_t pendings, pendings_cap;
    struct slot *slot;
    size_t slots, slots_cap;
    uint64_t **fill; /* of each slot: where the next value goes; NULL: nowhere */
    struct bins bins;
};

/* --- passes over the log --- */

enum pass { PASS_COUNT, PASS_TAKE, PASS_BINS };

static bool is_in(enum part part, unsigned outcome) {
    return part == PART_ALL || outcome == (part == PART_OK ? OUTCOME_OK : OUTCOME_FAILED);
}

static size_t slice_of(const struct cells *c, int64_t ms) {
    size_t lo = 0, hi = c->slices;
    while (hi - lo > 1) {
        size_t mid = (lo + hi) / 2;
        if (ms >= c->cut[mid])
            lo = mid;
        else
            hi = mid;
    }
    return lo;
}

static void bin(struct bins *b, size_t cell, const struct entry *e) {
    if (cell - b->of->first < b->of->n && is_in(b->part, e->outcome) &&
        e->value - b->lo <= b->hi - b->lo)
        b->n[(e->value - b->lo) >> b->shift]++;
}

__attribute__((always_inline)) static inline void
visit(struct sift *k, size_t cell, const struct entry *e, uint32_t class, enum pass pass) {
    if (pass == PASS_BINS) {
        bin(&k->bins, cell, e);
        return;
    }
    size_t row = cell * k->outcomes + k->place[e->outcome];
    uint32_t *at = &k->table[row * k->classes + class];
    if (pass == PASS_COUNT) {
        counts_add(&k->counts[cell], e->value, e->outcome, 1);
        ++*at;
    } else if (*at & IS_SLOT && k->fill[*at & ~IS_SLOT]) {
        *k->fill[*at & ~IS_SLOT]++ = e->value;
    }
}

__attribute__((always_inline)) static inline void
visit_block(struct sift *k, const struct log_block *block, enum pass pass) {
    const struct cells *c = k->c;
    const struct names *names = &c->s->names;
    int64_t first = c->cut[0], last = c->cut[c->slices], from = first, to = first;
    size_t slice = 0, slices = c->slices, endpoints = c->endpoints;
    int bits = k->bits;
    struct log_state at = {.base_ms = LOG_NO_TIME};
    struct entry e;
    for (size_t i = 0; i < block->n; i++) {
        if (!log_decode(&at, block->word[i], &e))
            continue;
        if (e.end_ms < from || e.end_ms >= to) {
            if (e.end_ms < first || e.end_ms >= last)
                continue;
            slice = slice_of(c, e.end_ms);
            from = c->cut[slice];
            to = c->cut[slice + 1];
        }
        uint32_t class = class_of(e.value, bits);
        if (names_kind(names, e.endpoint) == c->kind)
            visit(k, slice, &e, class, pass);
        if (e.endpoint < endpoints)
            visit(k, slices + e.endpoint, &e, class, pass);
    }
}

__attribute__((always_inline)) static inline void each(struct sift *k, enum pass pass) {
    const struct log *log = &k->c->s->log;
    for (size_t b = 0; b < log->blocks; b++)
        if (log->block[b].last_ms >= k->c->cut[0] &&
            log->block[b].first_ms < k->c->cut[k->c->slices])
            visit_block(k, &log->block[b], pass);
}

static void count_all(struct sift *k) { each(k, PASS_COUNT); }
static void take_all(struct sift *k) { each(k, PASS_TAKE); }
static void bin_all(struct sift *k) { each(k, PASS_BINS); }

/* --- the table --- */

static void count_run(const struct stats *s, struct counts *run) {
    *run = s->names.rest[KIND_PLAIN];
    counts_join(run, &s->names.rest[KIND_TRANSACTION]);
    for (size_t i = 0; i < s->names.n; i++)
        counts_join(run, &s->names.row[i].counts);
}

/* As many classes as there is room for. */
static void make_table(struct sift *k) {
    struct counts run;
    count_run(k->c->s, &run);
    for (unsigned o = 0; o < OUTCOMES; o++)
        if (run.n[o])
            k->place[o] = k->outcomes++;
    size_t rows = k->cells * k->outcomes, most = rows ? TABLE_MAX / rows : 0;
    most = most < CLASSES_MAX ? most : CLASSES_MAX;
    for (k->bits = 13; k->bits > 0 && class_of(run.most, k->bits) >= most;)
        k->bits--;
    k->classes = class_of(run.most, k->bits) + 1;
    k->table = mem_new(rows * k->classes, sizeof *k->table);
    k->counts = mem_new(k->cells, sizeof *k->counts);
}

/* --- which class holds a rank --- */

static uint64_t part_of(const struct counts *c, enum part part) {
    return part == PART_ALL ? counts_all(c) : c->n[part == PART_OK ? OUTCOME_OK : OUTCOME_FAILED];
}

/* Parts whose size is not known have no figures. */
static bool is_told(const struct counts *c, enum part part) {
    return part_of(c, part) > 0 && (part == PART_ALL || c->n[OUTCOME_UNKNOWN] == 0);
}

static void want_rank(struct ranks *r, uint64_t rank) {
    unsigned i = r->n;
    for (; i > 0 && r->rank[i - 1] >= rank; i--)
        if (r->rank[i - 1] == rank)
            return;
    memmove(&r->rank[i + 1], &r->rank[i], (r->n - i) * sizeof *r->rank);
    r->rank[i] = rank;
    r->n++;
}

static struct place place_of(const struct sift *k, const struct want *w, uint64_t n) {
    return percentile_place(n, w->p, w->p == 0.5, k->c->s->rules.rule);
}

static void want_ranks(struct sift *k, const struct ask *a, struct ranks *ranks) {
    for (size_t i = 0; i < a->wants; i++) {
        const struct want *w = &a->want[i];
        if (!is_told(&a->counts, w->part))
            continue;
        struct place at = place_of(k, w, part_of(&a->counts, w->part));
        want_rank(&ranks[w->part], at.lo);
        want_rank(&ranks[w->part], at.hi);
    }
    uint64_t n = counts_all(&a->counts);
    if (!a->interval || n == 0)
        return;
    struct interval at = percentile_interval(n, 0.95);
    if (at.low >= 1)
        want_rank(&ranks[PART_ALL], at.low - 1);
    if (at.high <= n)
        want_rank(&ranks[PART_ALL], at.high - 1);
}

static bool has_rank(const struct ranks *r, uint64_t below, uint64_t n) {
    for (unsigned i = 0; i < r->n; i++)
        if (r->rank[i] >= below && r->rank[i] - below < n)
            return true;
    return false;
}

static void found_class(struct sift *k, const struct pending *p) {
    struct ranks *r = &k->ranks[p->ask * PARTS + p->part];
    uint64_t value = class_first(p->class, k->bits);
    if (!has_rank(r, p->below, p->n))
        return;
    if (value != class_last(p->class, k->bits)) {
        k->pending = mem_grow(k->pending, k->pendings, &k->pendings_cap, sizeof *k->pending);
        k->pending[k->pendings++] = *p;
        return;
    }
    for (unsigned i = 0; i < r->n; i++)
        if (r->rank[i] >= p->below && r->rank[i] - p->below < p->n)
            r->value[i] = value;
}

/* Adds up the counters of an ask, for each outcome there is. */
static void sum_cells(const struct sift *k, const struct ask *a, uint32_t from, uint32_t to,
                      uint32_t *sum) {
    memset(sum, 0, (size_t)k->outcomes * k->classes * sizeof *sum);
    for (size_t c = a->first; c < a->first + a->n; c++)
        for (uint32_t o = 0; o < k->outcomes; o++) {
            const uint32_t *row = &k->table[(c * k->outcomes + o) * k->classes];
            uint32_t *into = &sum[(size_t)o * k->classes];
            for (uint32_t i = from; i <= to; i++)
                into[i] += row[i];
        }
}

static void locate(struct sift *k, uint32_t ask, uint32_t *sum) {
    const struct ask *a = &k->c->ask[ask];
    const struct counts *c = &a->counts;
    uint32_t from = class_of(counts_least(c), k->bits), to = class_of(c->most, k->bits);
    sum_cells(k, a, from, to, sum);
    for (int part = 0; part < PARTS; part++) {
        struct pending p = {.ask = ask, .part = (enum part)part};
        for (p.class = from; p.class <= to && k->ranks[ask * PARTS + p.part].n; p.class ++) {
            p.n = 0;
            for (unsigned o = 0; o < OUTCOMES; o++)
                if (c->n[o] && is_in(p.part, o))
                    p.n += sum[(size_t)k->place[o] * k->classes + p.class];
            if (p.n)
                found_class(k, &p);
            p.below += p.n;
        }
    }
}

static void locate_all(struct sift *k) {
    uint32_t *sum = mem_new((size_t)k->outcomes * k->classes, sizeof *sum);
    for (uint32_t i = 0; i < k->c->asks; i++) {
        struct ask *a = &k->c->ask[i];
        a->counts = (struct counts){0};
        for (size_t c = a->first; c < a->first + a->n; c++)
            counts_join(&a->counts, &k->counts[c]);
        want_ranks(k, a, &k->ranks[i * PARTS]);
        if (counts_all(&a->counts))
            locate(k, i, sum);
    }
    free(sum);
}

/* --- values of classes --- */

/* Calls each counter of a class that is not 0. */
typedef void counter_fn(struct sift *k, uint32_t *at, void *self);
static void each_counter(struct sift *k, const struct pending *p, counter_fn *f, void *self) {
    const struct ask *a = &k->c->ask[p->ask];
    for (size_t c = a->first; c < a->first + a->n; c++)
        for (unsigned o = 0; o < OUTCOMES; o++) {
            uint32_t *at = &k->table[(c * k->outcomes + k->place[o]) * k->classes + p->class];
            if (k->counts[c].n[o] && is_in(p->part, o) && *at)
                f(k, at, self);
        }
}

static void make_slot(struct sift *k, uint32_t *at, void *self) {
    (void)self;
    if (*at & IS_SLOT)
        return;
    k->slot = mem_grow(k->slot, k->slots, &k->slots_cap, sizeof *k->slot);
    k->slot[k->slots] = (struct slot){.n = *at};
    *at = IS_SLOT | (uint32_t)k->slots++;
}

struct taken {
    uint64_t *value;
    size_t n;
};

static void give_room(struct sift *k, uint32_t *at, void *self) {
    struct taken *t = self;
    size_t i = *at & ~IS_SLOT;
    if (k->slot[i].taken)
        return;
    k->fill[i] = k->slot[i].taken = t->value + t->n;
    t->n += k->slot[i].n;
}

static void collect(struct sift *k, uint32_t *at, void *self) {
    struct taken *t = self;
    const struct slot *s = &k->slot[*at & ~IS_SLOT];
    memcpy(t->value + t->n, s->taken, s->n * sizeof *t->value);
    t->n += s->n;
}

static void answer(struct sift *k, const struct pending *p, uint64_t *scratch) {
    struct taken t = {.value = scratch};
    struct ranks *r = &k->ranks[p->ask * PARTS + p->part];
    each_counter(k, p, collect, &t);
    for (unsigned i = 0; i < r->n; i++)
        if (r->rank[i] >= p->below && r->rank[i] - p->below < p->n)
            r->value[i] = select_rank(t.value, t.n, r->rank[i] - p->below);
}

/* The value at a rank of a class that holds too many to take out: pass by pass in finer bins. */
static uint64_t narrow(struct sift *k, const struct pending *p, uint64_t rank) {
    struct bins *b = &k->bins;
    *b = (struct bins){.of = &k->c->ask[p->ask],
                       .part = p->part,
                       .lo = class_first(p->class, k->bits),
                       .hi = class_last(p->class, k->bits),
                       .n = mem_new(BINS_MAX, sizeof *b->n)};
    while (b->lo < b->hi) {
        size_t i = 0;
        for (b->shift = 0; (b->hi - b->lo) >> b->shift >= BINS_MAX;)
            b->shift++;
        memset(b->n, 0, BINS_MAX * sizeof *b->n);
        bin_all(k);
        for (; rank >= b->n[i] && i + 1 < BINS_MAX; i++)
            rank -= b->n[i];
        b->lo += (uint64_t)i << b->shift;
        uint64_t end = b->lo + ((UINT64_C(1) << b->shift) - 1);
        b->hi = end < b->hi ? end : b->hi;
    }
    free(b->n);
    return b->lo;
}

static void narrow_all(struct sift *k, const struct pending *p) {
    struct ranks *r = &k->ranks[p->ask * PARTS + p->part];
    for (unsigned i = 0; i < r->n; i++)
        if (r->rank[i] >= p->below && r->rank[i] - p->below < p->n)
            r->value[i] = narrow(k, p, r->rank[i] - p->below);
}

/* Takes the values of pendings from `from` on, as many as fit; returns the end of these. */
static size_t take_some(struct sift *k, size_t from, uint64_t *taken, uint64_t *scratch) {
    struct taken t = {.value = taken};
    size_t end = from;
    memset(k->fill, 0, k->slots * sizeof *k->fill);
    for (size_t i = 0; i < k->slots; i++)
        k->slot[i].taken = NULL;
    for (; end < k->pendings && t.n + k->pending[end].n <= TAKEN_MAX; end++)
        each_counter(k, &k->pending[end], give_room, &t);
    take_all(k);
    for (size_t i = from; i < end; i++)
        answer(k, &k->pending[i], scratch);
    return end;
}

static void take_pendings(struct sift *k) {
    uint64_t most = 0, all = 0;
    size_t kept = 0;
    for (size_t i = 0; i < k->pendings; i++) {
        const struct pending *p = &k->pending[i];
        if (p->n > TAKEN_MAX) {
            narrow_all(k, p);
            continue;
        }
        most = p->n > most ? p->n : most;
        all += p->n;
        k->pending[kept++] = *p;
    }
    k->pendings = kept;
    for (size_t i = 0; i < kept; i++)
        each_counter(k, &k->pending[i], make_slot, NULL);
    uint64_t *taken = mem_resize(NULL, all < TAKEN_MAX ? all : TAKEN_MAX, sizeof *taken);
    uint64_t *scratch = mem_resize(NULL, most, sizeof *scratch);
    k->fill = mem_resize(NULL, k->slots, sizeof *k->fill);
    for (size_t i = 0; i < kept;)
        i = take_some(k, i, taken, scratch);
    free(scratch);
    free(taken);
}

/* --- the figures --- */

static double ms_at(const struct sift *k, const struct ranks *r, uint64_t rank) {
    unsigned i = 0;
    while (i + 1u < r->n && r->rank[i] < rank)
        i++;
    return percentile_ms((double)r->value[i], &k->c->s->rules);
}

static void write_ask(const struct sift *k, struct ask *a, const struct ranks *ranks) {
    for (size_t i = 0; i < a->wants; i++) {
        const struct want *w = &a->want[i];
        if (!is_told(&a->counts, w->part))
            continue;
        struct place at = place_of(k, w, part_of(&a->counts, w->part));
        double lo = ms_at(k, &ranks[w->part], at.lo), hi = ms_at(k, &ranks[w->part], at.hi);
        a->value[w->metric] = lo + (hi - lo) * at.part;
    }
    uint64_t n = counts_all(&a->counts);
    if (!a->interval || n == 0)
        return;
    struct interval at = percentile_interval(n, 0.95);
    a->low_ms = at.low ? ms_at(k, &ranks[PART_ALL], at.low - 1) : 0;
    a->high_ms = at.high <= n ? ms_at(k, &ranks[PART_ALL], at.high - 1) : INFINITY;
}

void cells_figures(const struct cells *c) {
    struct sift k = {.c = c,
                     .cells = c->slices + c->endpoints,
                     .ranks = mem_new(c->asks * PARTS, sizeof *k.ranks)};
    make_table(&k);
    count_all(&k);
    locate_all(&k);
    if (k.pendings)
        take_pendings(&k);
    for (size_t i = 0; i < c->asks; i++)
        write_ask(&k, &c->ask[i], &k.ranks[i * PARTS]);
    free(k.fill);
    free(k.slot);
    free(k.pending);
    free(k.table);
    free(k.counts);
    free(k.ranks);
}

#include "stats/pick.h"

#include <math.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "stats/class.h"
#include "stats/select.h"

enum {
    RANKS_MAX = 8,           /* of one part: four percentiles with two neighbours each */
    CLASSES_MAX = 8192,      /* of one bag and outcome */
    TABLE_MAX = 1024 * 1024, /* counters in one pass: 4 MB */
    TAKEN_MAX = 512 * 1024,  /* values in one pass: 4 MB */
};

/* The ranks wanted of one part of a group, ascending, and their values. */
struct ranks {
    uint8_t n;
    uint64_t rank[RANKS_MAX], value[RANKS_MAX];
};

/* Requests of a group whose value lies in [lo, hi], by outcome. */
struct bag {
    uint64_t lo, hi;
    uint64_t n[OUTCOMES], below[OUTCOMES]; /* in it; of the group with a value under lo */
    uint32_t group, next;                  /* next: another bag of the group, + 1 */
    uint32_t table[OUTCOMES];              /* where its counters begin */
    int bits;
};

/* A class that holds a wanted rank: its values are taken out, those of one outcome together. */
struct slot {
    struct bag in; /* lo, hi, n and below of the class */
    uint32_t class, bag;
    uint64_t *taken;
};

struct picking {
    const struct pick *p;
    struct ranks *ranks; /* groups * PARTS */
    uint32_t *head;      /* of each group: its first bag + 1 */
    struct bag *bag;
    size_t bags, bags_cap;
    struct slot *slot;
    size_t slots, slots_cap;
    uint64_t **fill; /* slots * OUTCOMES: where the next value goes; NULL: not in this pass */
    uint32_t *table;
    size_t table_len, table_cap;
};

/* --- what is wanted --- */

static uint64_t part_of(const uint64_t n[OUTCOMES], enum part part) {
    return part == PART_OK    ? n[OUTCOME_OK]
           : part == PART_BAD ? n[OUTCOME_FAILED]
                              : n[OUTCOME_OK] + n[OUTCOME_FAILED] + n[OUTCOME_UNKNOWN];
}

static bool is_median(const struct want *w) { return w->p == 0.5; }

/* They come in ascending order. */
static void want_rank(struct ranks *r, uint64_t rank) {
    if (r->n == 0 || r->rank[r->n - 1] < rank)
        r->rank[r->n++] = rank;
}

static void add_bag(struct picking *k, const struct bag *b) {
    k->bag = mem_grow(k->bag, k->bags, &k->bags_cap, sizeof *k->bag);
    k->bag[k->bags++] = *b;
}

static void want_group(struct picking *k, uint32_t group) {
    const struct counts *c = k->p->of[group];
    for (size_t i = 0; i < k->p->wants; i++) {
        const struct want *w = &k->p->want[i];
        uint64_t n = part_of(c->n, w->part);
        if (n == 0)
            continue;
        struct place at = percentile_place(n, w->p, is_median(w), k->p->rules->rule);
        want_rank(&k->ranks[group * PARTS + w->part], at.lo);
        want_rank(&k->ranks[group * PARTS + w->part], at.hi);
    }
    struct bag b = {.lo = counts_least(c), .hi = c->most, .group = group};
    memcpy(b.n, c->n, sizeof b.n);
    if (counts_all(c))
        add_bag(k, &b);
}

/* --- passes over the log --- */

static bool overlaps(const struct pick *p, const struct log_block *b) {
    if (p->by == PICK_ENDPOINTS)
        return true;
    int64_t end_ms = p->begin_ms + (int64_t)(p->length_ms * p->groups);
    return b->first_ms < end_ms && b->last_ms >= p->begin_ms;
}

__attribute__((always_inline)) static inline void visit(struct picking *k, uint32_t group,
                                                        const struct entry *e, bool take) {
    for (uint32_t i = k->head[group]; i; i = k->bag[i - 1].next) {
        const struct bag *b = &k->bag[i - 1];
        if (e->value - b->lo > b->hi - b->lo)
            continue;
        uint32_t *at = &k->table[b->table[e->outcome] + class_of(e->value - b->lo, b->bits)];
        if (!take)
            ++*at;
        else if (*at && k->fill[*at - 1])
            *k->fill[*at - 1]++ = e->value;
    }
}

__attribute__((always_inline)) static inline void visit_time(struct picking *k,
                                                             const struct entry *e, bool take,
                                                             int64_t *begin_ms, uint32_t *group) {
    const struct pick *p = k->p;
    if ((uint64_t)(e->end_ms - *begin_ms) >= p->length_ms) {
        uint64_t since = (uint64_t)e->end_ms - (uint64_t)p->begin_ms;
        if (since >= p->length_ms * p->groups)
            return;
        *group = (uint32_t)(since / p->length_ms);
        *begin_ms = p->begin_ms + (int64_t)(*group * p->length_ms);
    }
    if (names_kind(p->names, e->endpoint) == p->kind)
        visit(k, *group, e, take);
}

__attribute__((always_inline)) static inline void each(struct picking *k, enum pick_by by,
                                                       bool take) {
    const struct pick *p = k->p;
    struct entry e;
    int64_t begin_ms = p->begin_ms;
    uint32_t group = 0;
    for (size_t b = 0; b < p->log->blocks; b++) {
        const struct log_block *block = &p->log->block[b];
        if (!overlaps(p, block))
            continue;
        struct log_state at = {.base_ms = LOG_NO_TIME};
        for (size_t i = 0; i < block->n; i++) {
            if (!log_decode(&at, block->word[i], &e))
                continue;
            if (by == PICK_TIMES) {
                visit_time(k, &e, take, &begin_ms, &group);
                continue;
            }
            if (e.endpoint < ENDPOINTS_MAX)
                visit(k, e.endpoint, &e, take);
            if (names_kind(p->names, e.endpoint) == p->kind)
                visit(k, (uint32_t)p->groups - 1, &e, take);
        }
    }
}

static void count_all(struct picking *k) {
    if (k->p->by == PICK_TIMES)
        each(k, PICK_TIMES, false);
    else
        each(k, PICK_ENDPOINTS, false);
}

static void take_all(struct picking *k) {
    if (k->p->by == PICK_TIMES)
        each(k, PICK_TIMES, true);
    else
        each(k, PICK_ENDPOINTS, true);
}

/* --- a round --- */

/* As many classes as there are requests, so that few of them share one. */
static void choose_bits(struct bag *b) {
    uint64_t n = part_of(b->n, PART_ALL);
    uint64_t most = n < 64 ? 64 : n < CLASSES_MAX ? n : CLASSES_MAX;
    b->bits = 12;
    while (b->bits > 0 && class_of(b->hi - b->lo, b->bits) >= most)
        b->bits--;
}

/* Gives places in the table to bags from `from` on, as many as fit; returns the end of these. */
static size_t place_bags(struct picking *k, size_t from) {
    memset(k->head, 0, k->p->groups * sizeof *k->head);
    k->table_len = 0;
    size_t i = from;
    for (; i < k->bags; i++) {
        struct bag *b = &k->bag[i];
        choose_bits(b);
        size_t len = class_of(b->hi - b->lo, b->bits) + 1;
        if (i > from && k->table_len + len * OUTCOMES > TABLE_MAX)
            break;
        for (int o = 0; o < OUTCOMES; o++) {
            b->table[o] = (uint32_t)k->table_len;
            k->table_len += b->n[o] ? len : 0;
        }
        b->next = k->head[b->group];
        k->head[b->group] = (uint32_t)i + 1;
    }
    if (k->table_len > k->table_cap) {
        free(k->table);
        k->table_cap = k->table_len;
        k->table = mem_new(k->table_cap, sizeof *k->table);
    } else {
        memset(k->table, 0, k->table_len * sizeof *k->table);
    }
    return i;
}

static void resolve(struct picking *k, uint32_t group, enum part part, uint64_t below, uint64_t n,
                    uint64_t value) {
    struct ranks *r = &k->ranks[group * PARTS + part];
    for (unsigned i = 0; i < r->n; i++)
        if (r->rank[i] >= below && r->rank[i] - below < n)
            r->value[i] = value;
}

static bool is_wanted(const struct picking *k, const struct bag *c, enum part part) {
    const struct ranks *r = &k->ranks[c->group * PARTS + part];
    uint64_t below = part_of(c->below, part), n = part_of(c->n, part);
    for (unsigned i = 0; i < r->n; i++)
        if (r->rank[i] >= below && r->rank[i] - below < n)
            return true;
    return false;
}

static void want_class(struct picking *k, const struct bag *in, uint32_t bag, uint32_t class) {
    bool wanted = false;
    for (int part = 0; part < PARTS; part++) {
        if (!is_wanted(k, in, (enum part)part))
            continue;
        wanted = true;
        if (in->lo == in->hi)
            resolve(k, in->group, (enum part)part, part_of(in->below, (enum part)part),
                    part_of(in->n, (enum part)part), in->lo);
    }
    if (!wanted || in->lo == in->hi)
        return;
    k->slot = mem_grow(k->slot, k->slots, &k->slots_cap, sizeof *k->slot);
    k->slot[k->slots++] = (struct slot){.in = *in, .class = class, .bag = bag};
}

/* Finds the classes of a bag that hold wanted ranks. */
static void locate(struct picking *k, uint32_t bag) {
    struct bag b = k->bag[bag];
    struct bag in = {.group = b.group};
    memcpy(in.below, b.below, sizeof in.below);
    uint32_t classes = class_of(b.hi - b.lo, b.bits) + 1;
    for (uint32_t class = 0; class < classes; class ++) {
        for (int o = 0; o < OUTCOMES; o++)
            in.n[o] = b.n[o] ? k->table[b.table[o] + class] : 0;
        if (part_of(in.n, PART_ALL) == 0)
            continue;
        in.lo = b.lo + class_first(class, b.bits);
        in.hi = b.lo + class_last(class, b.bits);
        want_class(k, &in, bag, class);
        for (int o = 0; o < OUTCOMES; o++)
            in.below[o] += in.n[o];
    }
}

/* What is too much to take becomes a bag of its own, counted more finely in the next round. */
static void put_off_large(struct picking *k) {
    size_t kept = 0;
    for (size_t i = 0; i < k->slots; i++) {
        if (part_of(k->slot[i].in.n, PART_ALL) > TAKEN_MAX)
            add_bag(k, &k->slot[i].in);
        else
            k->slot[kept++] = k->slot[i];
    }
    k->slots = kept;
}

/* The table now says which slot and outcome a value belongs to, + 1. */
static void mark_slots(struct picking *k) {
    memset(k->table, 0, k->table_len * sizeof *k->table);
    for (size_t i = 0; i < k->slots; i++) {
        const struct slot *s = &k->slot[i];
        for (unsigned o = 0; o < OUTCOMES; o++)
            if (k->bag[s->bag].n[o])
                k->table[k->bag[s->bag].table[o] + s->class] = (uint32_t)i * OUTCOMES + o + 1;
    }
}

/* Parts first, each in its own place; then all together, which mixes them. */
static void answer(struct picking *k, const struct slot *s) {
    const uint64_t *n = s->in.n;
    const struct {
        enum part part;
        size_t from, len;
    } piece[PARTS] = {{PART_OK, 0, n[OUTCOME_OK]},
                      {PART_BAD, n[OUTCOME_OK], n[OUTCOME_FAILED]},
                      {PART_ALL, 0, part_of(n, PART_ALL)}};
    for (int i = 0; i < PARTS; i++) {
        struct ranks *r = &k->ranks[s->in.group * PARTS + piece[i].part];
        uint64_t below = part_of(s->in.below, piece[i].part);
        for (unsigned j = 0; j < r->n; j++)
            if (r->rank[j] >= below && r->rank[j] - below < piece[i].len)
                r->value[j] =
                    select_rank(s->taken + piece[i].from, piece[i].len, r->rank[j] - below);
    }
}

/* Takes the values of slots from `from` on, as many as fit; returns the end of these. */
static size_t take(struct picking *k, size_t from, uint64_t *taken) {
    size_t used = 0, end = from;
    memset(k->fill, 0, k->slots * OUTCOMES * sizeof *k->fill);
    for (; end < k->slots; end++) {
        struct slot *s = &k->slot[end];
        if (used + part_of(s->in.n, PART_ALL) > TAKEN_MAX)
            break;
        s->taken = taken + used;
        for (int o = 0; o < OUTCOMES; o++) {
            k->fill[end * OUTCOMES + (size_t)o] = taken + used;
            used += s->in.n[o];
        }
    }
    take_all(k);
    for (size_t i = from; i < end; i++)
        answer(k, &k->slot[i]);
    return end;
}

static void take_slots(struct picking *k) {
    uint64_t n = 0;
    for (size_t i = 0; i < k->slots; i++)
        n += part_of(k->slot[i].in.n, PART_ALL);
    if (n == 0)
        return;
    mark_slots(k);
    uint64_t *taken = mem_resize(NULL, n < TAKEN_MAX ? n : TAKEN_MAX, sizeof *taken);
    k->fill = mem_resize(k->fill, k->slots * OUTCOMES, sizeof *k->fill);
    for (size_t i = 0; i < k->slots;)
        i = take(k, i, taken);
    free(taken);
}

static size_t round_from(struct picking *k, size_t from) {
    size_t end = place_bags(k, from);
    count_all(k);
    k->slots = 0;
    for (size_t i = from; i < end; i++)
        locate(k, (uint32_t)i);
    put_off_large(k);
    take_slots(k);
    return end;
}

/* --- the figures --- */

static double value_of(const struct ranks *r, uint64_t rank) {
    unsigned i = 0;
    while (i + 1u < r->n && r->rank[i] < rank)
        i++;
    return (double)r->value[i];
}

static void write_values(const struct picking *k, size_t group) {
    const struct pick *p = k->p;
    const struct counts *c = p->of[group];
    for (size_t i = 0; i < p->wants; i++) {
        const struct want *w = &p->want[i];
        uint64_t n = part_of(c->n, w->part);
        if (n == 0 || (w->part != PART_ALL && c->n[OUTCOME_UNKNOWN]))
            continue;
        const struct ranks *r = &k->ranks[group * PARTS + w->part];
        struct place at = percentile_place(n, w->p, is_median(w), p->rules->rule);
        double lo = percentile_ms(value_of(r, at.lo), p->rules);
        double hi = percentile_ms(value_of(r, at.hi), p->rules);
        p->value[group][w->metric] = lo + (hi - lo) * at.part;
    }
}

void pick_percentiles(const struct pick *p) {
    struct picking k = {.p = p,
                        .ranks = mem_new(p->groups * PARTS, sizeof *k.ranks),
                        .head = mem_new(p->groups, sizeof *k.head)};
    for (size_t g = 0; g < p->groups; g++)
        want_group(&k, (uint32_t)g);
    for (size_t i = 0; i < k.bags;)
        i = round_from(&k, i);
    for (size_t g = 0; g < p->groups; g++)
        write_values(&k, g);
    free(k.fill);
    free(k.table);
    free(k.slot);
    free(k.bag);
    free(k.head);
    free(k.ranks);
}

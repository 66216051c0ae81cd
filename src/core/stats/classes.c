#include "stats/classes.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "stats/slab.h"

enum { SLOTS_FIRST = 64 };
#define NUMBER_MASK ((UINT64_C(1) << PAGE_NUMBER_BITS) - 1)

static int64_t row_of(uint64_t key) { return (int64_t)(key - 1) >> PAGE_NUMBER_BITS; }
static uint32_t first_of(uint64_t key) { return (uint32_t)((key - 1) & NUMBER_MASK) << PAGE_BITS; }

static uint64_t counter(const struct classes *c, uint64_t page, unsigned i) {
    size_t at = (size_t)(page << PAGE_BITS) + i;
    return c->width == 2   ? ((const uint16_t *)c->counters)[at]
           : c->width == 4 ? ((const uint32_t *)c->counters)[at]
                           : ((const uint64_t *)c->counters)[at];
}

/* false: it would not fit into a counter. */
static bool count(struct classes *c, uint64_t page, unsigned i, uint64_t times) {
    size_t at = (size_t)(page << PAGE_BITS) + i;
    uint64_t n = counter(c, page, i) + times;
    if (c->width < 8 && n >> (8 * c->width))
        return false;
    if (c->width == 2)
        ((uint16_t *)c->counters)[at] = (uint16_t)n;
    else if (c->width == 4)
        ((uint32_t *)c->counters)[at] = (uint32_t)n;
    else
        ((uint64_t *)c->counters)[at] = n;
    return true;
}

/* With the fewest classes all rows that there can be must fit. */
enum { BITS_MIN = 2, ROWS_MAX = 8192, PAGES_AT_LEAST = 4 };

static void init(struct classes *c, int bits, size_t max_bytes, int width) {
    *c = (struct classes){
        .bits = bits, .width = width, .max_bytes = max_bytes, .slots = SLOTS_FIRST};
    c->slot = mem_new(c->slots, sizeof *c->slot);
    size_t least = (size_t)ROWS_MAX * PAGES_AT_LEAST * PAGE_CLASSES * (size_t)width;
    c->bytes = bits > BITS_MIN || max_bytes > least ? max_bytes : least;
    c->counters = slab_take(c->bytes);
}

void classes_init(struct classes *c, int bits, size_t max_bytes) { init(c, bits, max_bytes, 2); }

void classes_fini(struct classes *c) {
    slab_give(c->counters, c->bytes);
    free(c->slot);
    *c = (struct classes){0};
}

static struct page_slot *find(const struct classes *c, uint64_t key) {
    size_t i = classes_slot(c, key);
    while (c->slot[i].key && c->slot[i].key != key)
        i = (i + 1) & (c->slots - 1);
    return &c->slot[i];
}

static void grow_slots(struct classes *c) {
    struct page_slot *old = c->slot;
    size_t n = c->slots;
    c->slots *= 2;
    c->slot = mem_new(c->slots, sizeof *c->slot);
    for (size_t i = 0; i < n; i++)
        if (old[i].key)
            *find(c, old[i].key) = old[i];
    free(old);
}

static void rebuild(struct classes *c, int bits, int width, row_fn *rows, const void *self);

static bool is_full(const struct classes *c) {
    return ((size_t)c->pages + 1) * PAGE_CLASSES * (size_t)c->width > c->bytes;
}

/* The page of a class; NULL: it did not fit and the precision has changed. */
static struct page_slot *page_of(struct classes *c, int64_t row, uint32_t class) {
    uint64_t key = classes_key(row, class);
    struct page_slot *at = find(c, key);
    if (at->key)
        return at;
    if (is_full(c)) {
        rebuild(c, c->bits - 1, c->width, NULL, NULL);
        return NULL;
    }
    if ((size_t)c->pages * 4 >= c->slots * 3) {
        grow_slots(c);
        at = find(c, key);
    }
    *at = (struct page_slot){.key = key, .page = c->pages++};
    return at;
}

void classes_add_slowly(struct classes *c, int64_t row, uint64_t value, uint64_t times) {
    for (;;) {
        uint32_t class = class_of(value, c->bits);
        const struct page_slot *at = page_of(c, row, class);
        if (!at)
            continue;
        if (count(c, at->page, class % PAGE_CLASSES, times))
            return;
        rebuild(c, c->bits, c->width * 2, NULL, NULL);
    }
}

void classes_join(struct classes *into, const struct classes *from, row_fn *rows,
                  const void *self) {
    while (into->bits > from->bits)
        rebuild(into, into->bits - 1, into->width, NULL, NULL);
    for (size_t s = 0; s < from->slots; s++) {
        const struct page_slot *at = &from->slot[s];
        if (!at->key)
            continue;
        int64_t row = rows ? rows(self, row_of(at->key)) : row_of(at->key);
        for (unsigned i = 0; i < PAGE_CLASSES; i++) {
            uint64_t n = counter(from, at->page, i);
            if (n)
                classes_add_slowly(into, row, class_first(first_of(at->key) + i, from->bits), n);
        }
    }
}

static void rebuild(struct classes *c, int bits, int width, row_fn *rows, const void *self) {
    struct classes old = *c;
    init(c, bits, old.max_bytes, width);
    classes_join(c, &old, rows, self);
    classes_fini(&old);
}

void classes_renumber(struct classes *c, row_fn *rows, const void *self) {
    rebuild(c, c->bits, c->width, rows, self);
}

/* --- looking --- */

static int by_row_and_class(const void *a, const void *b) {
    const struct page_ref *x = a, *y = b;
    if (x->row != y->row)
        return x->row < y->row ? -1 : 1;
    return x->first_class < y->first_class ? -1 : x->first_class > y->first_class;
}

struct classes_view classes_view(const struct classes *c) {
    struct classes_view v = {.of = c, .page = mem_new(c->pages, sizeof *v.page)};
    for (size_t s = 0; s < c->slots; s++)
        if (c->slot[s].key)
            v.page[v.pages++] = (struct page_ref){.row = row_of(c->slot[s].key),
                                                  .first_class = first_of(c->slot[s].key),
                                                  .page = (uint32_t)c->slot[s].page};
    qsort(v.page, v.pages, sizeof *v.page, by_row_and_class);
    return v;
}

void classes_view_fini(struct classes_view *v) {
    free(v->page);
    *v = (struct classes_view){0};
}

static size_t first_page(const struct classes_view *v, int64_t row) {
    size_t lo = 0, hi = v->pages;
    while (lo < hi) {
        size_t mid = lo + (hi - lo) / 2;
        if (v->page[mid].row < row)
            lo = mid + 1;
        else
            hi = mid;
    }
    return lo;
}

enum { ROWS_AT_ONCE = 512 };

/* Walks some rows side by side, a page number at a time. */
struct walk {
    const struct classes_view *v;
    size_t at[ROWS_AT_ONCE], end[ROWS_AT_ONCE];
    size_t rows;
    uint32_t first_class;
    uint64_t sum[PAGE_CLASSES];
};

static void walk_start(struct walk *w, const struct classes_view *v, const int64_t *row,
                       size_t rows) {
    w->v = v;
    w->rows = rows < ROWS_AT_ONCE ? rows : ROWS_AT_ONCE;
    for (size_t r = 0; r < w->rows; r++) {
        w->at[r] = first_page(v, row[r]);
        w->end[r] = first_page(v, row[r] + 1);
    }
}

static bool walk_next(struct walk *w) {
    uint32_t next = UINT32_MAX;
    for (size_t r = 0; r < w->rows; r++)
        if (w->at[r] < w->end[r] && w->v->page[w->at[r]].first_class < next)
            next = w->v->page[w->at[r]].first_class;
    if (next == UINT32_MAX)
        return false;
    w->first_class = next;
    memset(w->sum, 0, sizeof w->sum);
    for (size_t r = 0; r < w->rows; r++) {
        if (w->at[r] == w->end[r] || w->v->page[w->at[r]].first_class != next)
            continue;
        uint32_t page = w->v->page[w->at[r]++].page;
        for (unsigned i = 0; i < PAGE_CLASSES; i++)
            w->sum[i] += counter(w->v->of, page, i);
    }
    return true;
}

static double middle_of(uint32_t class, int bits) {
    uint64_t lo = class_first(class, bits), hi = class_last(class, bits);
    return (double)lo + (double)(hi - lo) / 2;
}

void classes_at(const struct classes_view *v, const int64_t *row, size_t rows, const uint64_t *rank,
                size_t ranks, double *value) {
    struct walk w;
    walk_start(&w, v, row, rows);
    uint64_t below = 0;
    size_t r = 0;
    while (r < ranks && walk_next(&w)) {
        for (unsigned i = 0; i < PAGE_CLASSES && r < ranks; i++) {
            below += w.sum[i];
            for (; r < ranks && rank[r] < below; r++)
                value[r] = middle_of(w.first_class + i, v->of->bits);
        }
    }
    for (; r < ranks; r++)
        value[r] = 0;
}

double classes_error(const struct classes *c, double value) {
    double scale = (double)(UINT64_C(1) << c->bits);
    return value < 2 * scale ? 0 : 0.5 / scale;
}

void classes_sum(const struct classes_view *v, int64_t first, int64_t last, int64_t step,
                 uint32_t *n, size_t max) {
    for (size_t i = first_page(v, first); i < v->pages && v->page[i].row <= last; i++) {
        const struct page_ref *p = &v->page[i];
        if ((p->row - first) % step != 0)
            continue;
        for (unsigned k = 0; k < PAGE_CLASSES; k++) {
            size_t class = p->first_class + k;
            n[class < max ? class : max - 1] += (uint32_t)counter(v->of, p->page, k);
        }
    }
}

/* A stretch from single requests: exact. */
#include <math.h>
#include <stdlib.h>

#include "base/mem.h"
#include "stats/cells.h"
#include "stats/stretch.h"

/* Fifths and halves both end at a tenth. */
enum {
    TENTHS = 10,
    ASK_FIFTHS = 1,
    ASK_HALVES = ASK_FIFTHS + FIFTHS,
    ASK_WINDOWS = ASK_HALVES + 2
};

static const struct want p95_alone = {METRIC_P95_MS, PART_ALL, 0.95};

struct slices {
    const struct making *m;
    int64_t *cut;    /* owned */
    size_t n;        /* slices */
    struct ask *ask; /* owned: the whole, fifths, halves, windows, endpoints */
    size_t asks;
};

static int by_number(const void *a, const void *b) {
    int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;
    return x < y ? -1 : x > y;
}

static void make_cuts(struct slices *c) {
    size_t n = 0, kept = 1;
    c->cut = mem_new(TENTHS + 1 + c->m->windows + 1, sizeof *c->cut);
    for (size_t i = 0; i <= TENTHS; i++)
        c->cut[n++] = making_cut(c->m, i, TENTHS);
    for (size_t i = 0; c->m->windows && i <= c->m->windows; i++)
        c->cut[n++] = making_cut(c->m, i, c->m->windows);
    qsort(c->cut, n, sizeof *c->cut, by_number);
    for (size_t i = 1; i < n; i++)
        if (c->cut[i] > c->cut[kept - 1])
            c->cut[kept++] = c->cut[i];
    c->n = kept - 1;
}

static size_t cell_at(const struct slices *c, int64_t ms) {
    const int64_t *at = bsearch(&ms, c->cut, c->n + 1, sizeof *c->cut, by_number);
    return (size_t)(at - c->cut);
}

/* Part i of n. */
static void ask_part(struct slices *c, size_t i, size_t n, const struct want *want, size_t wants) {
    size_t first = cell_at(c, making_cut(c->m, i, n));
    c->ask[c->asks++] = (struct ask){.first = first,
                                     .n = cell_at(c, making_cut(c->m, i + 1, n)) - first,
                                     .want = want,
                                     .wants = wants};
}

static void ask_equal_parts(struct slices *c, size_t n, const struct want *want, size_t wants) {
    for (size_t i = 0; i < n; i++)
        ask_part(c, i, n, want, wants);
}

static void look(struct slices *c, const struct making *m) {
    size_t endpoints = m->endpoint ? m->s->names.n : 0;
    *c = (struct slices){.m = m};
    c->ask = mem_new(ASK_WINDOWS + m->windows + endpoints, sizeof *c->ask);
    make_cuts(c);
    ask_part(c, 0, 1, percentile_wants, WANTS);
    c->ask[0].interval = true;
    ask_equal_parts(c, FIFTHS, &p95_alone, 1);
    ask_equal_parts(c, 2, &p95_alone, 1);
    ask_equal_parts(c, m->windows, percentile_wants_of_point, WANTS_OF_POINT);
    for (size_t i = 0; i < endpoints; i++)
        c->ask[c->asks++] =
            (struct ask){.first = c->n + i, .n = 1, .want = percentile_wants, .wants = WANTS};
    cells_figures(&(struct cells){.s = m->s,
                                  .kind = stats_kind(m->s),
                                  .cut = c->cut,
                                  .slices = c->n,
                                  .endpoints = endpoints,
                                  .ask = c->ask,
                                  .asks = c->asks});
}

static double p95_of(const struct ask *a) {
    return counts_all(&a->counts) ? a->value[METRIC_P95_MS] : NAN;
}

static void take_percentiles(double to[ENDPOINT_METRICS], const struct ask *a) {
    for (size_t i = 0; i < a->wants; i++) {
        enum part part = a->want[i].part;
        uint64_t n = part == PART_ALL  ? counts_all(&a->counts)
                     : part == PART_OK ? a->counts.n[OUTCOME_OK]
                                       : a->counts.n[OUTCOME_FAILED];
        if (n && (part == PART_ALL || !a->counts.n[OUTCOME_UNKNOWN]))
            to[a->want[i].metric] = a->value[a->want[i].metric];
    }
}

static struct series windows_of(const struct slices *c) {
    const struct making *m = c->m;
    struct series r = {.point = mem_new(m->windows, sizeof *r.point),
                       .points = m->windows,
                       .cap = m->windows,
                       .start_ms = m->start_ms};
    for (size_t i = 0; i < m->windows; i++) {
        const struct ask *a = &c->ask[ASK_WINDOWS + i];
        r.point[i] = window_point(m, &a->counts, making_cut(m, i, m->windows),
                                  making_cut(m, i + 1, m->windows));
        if (counts_all(&a->counts) == 0)
            continue;
        r.point[i].med_ms = a->value[METRIC_MED_MS];
        r.point[i].p95_ms = a->value[METRIC_P95_MS];
    }
    return r;
}

static void fill_stretch(const struct slices *c) {
    struct stretch *x = c->m->x;
    const struct ask *a = c->ask;
    figures_of_counts(x->value, &a->counts, x->window_s, &c->m->s->rules);
    take_percentiles(x->value, a);
    for (int i = 0; i < FIFTHS; i++)
        x->fifth_p95_ms[i] = p95_of(&a[ASK_FIFTHS + i]);
    for (int i = 0; i < 2; i++)
        x->half_p95_ms[i] = p95_of(&a[ASK_HALVES + i]);
    if (counts_all(&a->counts) == 0)
        return;
    x->p95_low_ms = a->low_ms;
    x->p95_high_ms = a->high_ms;
}

static void fill_endpoints(const struct slices *c) {
    const struct making *m = c->m;
    for (size_t i = 0; m->endpoint && i < m->s->names.n; i++) {
        const struct ask *a = &c->ask[ASK_WINDOWS + m->windows + i];
        figures_of_counts(m->endpoint[i], &a->counts, m->x->window_s, &m->s->rules);
        take_percentiles(m->endpoint[i], a);
    }
}

static void fini(struct slices *c) {
    free(c->ask);
    free(c->cut);
}

void stretch_of_log(struct making *m) {
    struct slices c;
    look(&c, m);
    fill_stretch(&c);
    fill_endpoints(&c);
    if (m->windows)
        m->out->windows = windows_of(&c);
    fini(&c);
}

struct series windows_of_log(const struct making *m) {
    struct slices c;
    look(&c, m);
    struct series r = windows_of(&c);
    fini(&c);
    return r;
}

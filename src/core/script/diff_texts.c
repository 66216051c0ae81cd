/* The fewest lines in which two texts differ. */
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "script/diff_parts.h"

enum { CHANGES_MOST = 1000, OUTSIDE = -(1 << 30) /* no path comes there */ };

struct lines {
    const char *text;
    size_t *start; /* owned; n + 1, the last is the end of the text */
    size_t n;
};

static void split(struct lines *l, const char *text, size_t len) {
    size_t cap = 0;
    *l = (struct lines){.text = text};
    for (size_t at = 0; at < len; l->n++) {
        const char *end = memchr(text + at, '\n', len - at);
        l->start = mem_grow(l->start, l->n, &cap, sizeof *l->start);
        l->start[l->n] = at;
        at = end ? (size_t)(end - text) + 1 : len;
    }
    l->start = mem_resize(l->start, l->n + 1, sizeof *l->start);
    l->start[l->n] = len;
}

static bool same(const struct lines *a, size_t i, const struct lines *b, size_t k) {
    size_t len = a->start[i + 1] - a->start[i];
    return len == b->start[k + 1] - b->start[k] &&
           memcmp(a->text + a->start[i], b->text + b->start[k], len) == 0;
}

/* What lies between the equal ends: lines [a_from, a_to) and [b_from, b_to). */
struct middle {
    const struct lines *a, *b;
    size_t a_from, a_to, b_from, b_to;
};

static void trim(struct middle *m) {
    while (m->a_from < m->a_to && m->b_from < m->b_to && same(m->a, m->a_from, m->b, m->b_from))
        m->a_from++, m->b_from++;
    while (m->a_from < m->a_to && m->b_from < m->b_to && same(m->a, m->a_to - 1, m->b, m->b_to - 1))
        m->a_to--, m->b_to--;
}

/* reach[d][k + d]: how far into a the best path of d changes comes on diagonal k. */
struct paths {
    long *reach[CHANGES_MOST + 1];
    long changes; /* of the shortest path; -1: more than CHANGES_MOST */
};

/* The line of a that a path of d changes has come to on diagonal k before it follows equal lines:
 * by one line of a that is gone, else by one more of b. */
static long step(const struct paths *p, long d, long k, bool *more) {
    const long *before = p->reach[d - 1];
    long middle = k + d - 1; /* of diagonal k among those of d - 1 changes */
    long gone = k - 1 >= -(d - 1) ? before[middle - 1] + 1 : OUTSIDE;
    long added = k + 1 <= d - 1 ? before[middle + 1] : OUTSIDE;
    *more = added > gone;
    return *more ? added : gone;
}

static long follow(const struct middle *m, long x, long k) {
    long n = (long)(m->a_to - m->a_from), o = (long)(m->b_to - m->b_from);
    if (x < 0 || x > n || x - k < 0 || x - k > o)
        return OUTSIDE;
    while (x < n && x - k < o &&
           same(m->a, m->a_from + (size_t)x, m->b, m->b_from + (size_t)(x - k)))
        x++;
    return x;
}

static void search(const struct middle *m, struct paths *p) {
    long n = (long)(m->a_to - m->a_from), o = (long)(m->b_to - m->b_from);
    bool more;
    p->changes = -1;
    for (long d = 0; d <= CHANGES_MOST && p->changes < 0; d++) {
        p->reach[d] = mem_new((size_t)(2 * d + 1), sizeof **p->reach);
        for (long k = -d; k <= d && p->changes < 0; k += 2) {
            long x = follow(m, d ? step(p, d, k, &more) : 0, k);
            p->reach[d][k + d] = x;
            if (x == n && x - k == o)
                p->changes = d;
        }
    }
}

/* Which lines are gone and which are new, found back from the end of the path. Without a path all
 * of the middle. */
static void mark(const struct middle *m, const struct paths *p, bool *gone, bool *new) {
    long k = (long)(m->a_to - m->a_from) - (long)(m->b_to - m->b_from);
    for (long d = p->changes; d > 0; d--) {
        bool more;
        long x = step(p, d, k, &more), y = x - k;
        if (more)
            new[m->b_from + (size_t)y - 1] = true;
        else
            gone[m->a_from + (size_t)x - 1] = true;
        k += more ? 1 : -1;
    }
    for (size_t i = m->a_from; p->changes < 0 && i < m->a_to; i++)
        gone[i] = true;
    for (size_t i = m->b_from; p->changes < 0 && i < m->b_to; i++)
        new[i] = true;
}

static void add(struct diff *d, enum diff_kind kind, struct diff_side *a, struct diff_side *b) {
    diff_add_line(d, kind, kind == DIFF_ADD ? b : a, kind == DIFF_ADD ? 0 : a->line,
                  kind == DIFF_DEL ? 0 : b->line);
    if (kind != DIFF_ADD)
        diff_next_line(a);
    if (kind != DIFF_DEL)
        diff_next_line(b);
    long *count = kind == DIFF_ADD ? &d->added : kind == DIFF_DEL ? &d->deleted : &d->kept;
    ++*count;
}

/* In a change the lines that are gone stand first. */
static void list(struct diff *d, const struct lines *a, const struct lines *b, const bool *gone,
                 const bool *new) {
    struct diff_side old = {a->text, a->start[a->n], 0, 1}, now = {b->text, b->start[b->n], 0, 1};
    for (size_t i = 0, k = 0; i < a->n || k < b->n;)
        if (i < a->n && gone[i]) {
            add(d, DIFF_DEL, &old, &now);
            i++;
        } else if (k < b->n && new[k]) {
            add(d, DIFF_ADD, &old, &now);
            k++;
        } else {
            add(d, DIFF_KEEP, &old, &now);
            i++, k++;
        }
}

void diff_texts(struct diff *d, const char *old, size_t old_len, const char *new, size_t new_len) {
    struct lines a, b;
    struct paths *p = mem_new(1, sizeof *p);
    split(&a, old, old_len);
    split(&b, new, new_len);
    bool *is_gone = mem_new(a.n + 1, sizeof *is_gone), *is_new = mem_new(b.n + 1, sizeof *is_new);
    struct middle m = {&a, &b, 0, a.n, 0, b.n};
    *d = (struct diff){0};
    trim(&m);
    search(&m, p);
    mark(&m, p, is_gone, is_new);
    list(d, &a, &b, is_gone, is_new);
    for (int i = 0; i <= CHANGES_MOST; i++)
        free(p->reach[i]);
    free(p);
    free(is_gone);
    free(is_new);
    free(a.start);
    free(b.start);
}

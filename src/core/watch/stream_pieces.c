#include "watch/stream_pieces.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"

#define SHORTEST_S 0.5
#define SAME_S 1e-3 /* lengths that differ by less are the same */

/* --- a point ---------------------------------------------------------------------------------- */

static double mean_of(const struct point *a, const struct point *b) {
    if (isnan(a->avg_ms) || !(a->requests > 0))
        return isnan(b->avg_ms) ? a->avg_ms : b->avg_ms;
    if (isnan(b->avg_ms) || !(b->requests > 0))
        return a->avg_ms;
    return (a->requests * a->avg_ms + b->requests * b->avg_ms) / (a->requests + b->requests);
}

/* All but its time. */
static void add(struct point *into, const struct point *x) {
    into->avg_ms = mean_of(into, x);
    into->requests = sum_known(into->requests, x->requests);
    into->failed = sum_known(into->failed, x->failed);
    into->dropped = sum_known(into->dropped, x->dropped);
    into->max_ms = fmax(into->max_ms, x->max_ms); /* the known one when the other is NAN */
    into->med_ms = into->load = NAN;
}

void point_join(struct point *into, const struct point *x) {
    add(into, x);
    into->p95_ms = fmax(into->p95_ms, x->p95_ms);
    into->vus = fmax(into->vus, x->vus);
    into->length_s = point_end_s(x) - into->at_s;
}

/* The same time at another port. */
static void point_beside(struct point *into, const struct point *x) {
    bool only = !(x->requests > 0), first = !(into->requests > 0);
    double p95_ms = only ? into->p95_ms : first ? x->p95_ms : (double)NAN;
    add(into, x);
    into->p95_ms = p95_ms;
    into->vus = sum_known(into->vus, x->vus);
}

/* --- older pieces ----------------------------------------------------------------------------- */

void stream_pieces_fini(struct pieces *p) {
    free(p->point);
    *p = (struct pieces){0};
}

static void halve(struct pieces *p) {
    size_t to = 0;
    for (size_t i = 0; i < p->n; i += 2) {
        struct point pair = p->point[i];
        if (i + 1 < p->n)
            point_join(&pair, &p->point[i + 1]);
        p->point[to++] = pair;
    }
    p->n = to;
    p->halvings++;
}

/* The last piece still grows, and x begins where it ends. */
static bool goes_on(const struct pieces *p, const struct point *x) {
    if (p->n == 0)
        return false;
    const struct point *last = &p->point[p->n - 1];
    double full_s = ldexp(p->unit_s, p->halvings) - SAME_S;
    return last->length_s < full_s && x->at_s - point_end_s(last) < p->unit_s;
}

void pieces_add(struct pieces *p, const struct point *x) {
    double length_s = fmax(x->length_s, SHORTEST_S);
    p->unit_s = p->unit_s > 0 ? fmin(p->unit_s, length_s) : length_s;
    if (p->n == PIECES_MAX && !goes_on(p, x))
        halve(p);
    if (goes_on(p, x)) {
        point_join(&p->point[p->n - 1], x);
        return;
    }
    p->point = mem_grow(p->point, p->n, &p->cap, sizeof *p->point);
    p->point[p->n++] = *x;
}

void pieces_add_late(struct pieces *p, double at_s, double requests, double failed) {
    size_t lo = 0, hi = p->n;
    while (lo < hi) {
        size_t mid = (lo + hi) / 2;
        if (point_end_s(&p->point[mid]) <= at_s)
            lo = mid + 1;
        else
            hi = mid;
    }
    if (lo == p->n || at_s < p->point[lo].at_s)
        return;
    p->point[lo].requests += requests;
    p->point[lo].failed += failed;
}

/* --- the latest ones -------------------------------------------------------------------------- */

static struct point *beside(struct recent *r, int port, const struct point *x) {
    double mid_s = x->at_s + x->length_s / 2;
    uint64_t bit = UINT64_C(1) << port;
    for (size_t i = r->n; i > 0; i--) {
        struct point *at = &r->point[i - 1];
        if (mid_s >= point_end_s(at))
            return NULL;
        if (mid_s < at->at_s)
            continue;
        if (r->ports[i - 1] & bit)
            return NULL;
        r->ports[i - 1] |= bit;
        return at;
    }
    return NULL;
}

static void append(struct recent *r, int port, const struct point *x) {
    if (r->n == RECENT_MAX) {
        pieces_add(&r->older, &r->point[0]);
        r->n--;
        memmove(r->point, r->point + 1, r->n * sizeof *r->point);
        memmove(r->ports, r->ports + 1, r->n * sizeof *r->ports);
    }
    r->ports[r->n] = UINT64_C(1) << port;
    r->point[r->n++] = *x;
}

bool recent_add(struct recent *r, int port, const struct point *x) {
    struct point *other = beside(r, port, x);
    if (other) {
        point_beside(other, x);
        return true;
    }
    double end_s = recent_end_s(r), overlap_s = end_s - x->at_s;
    if (overlap_s > x->length_s / 2)
        return false;
    struct point own = *x;
    if (overlap_s > 0) {
        own.at_s = end_s;
        own.length_s -= overlap_s;
    }
    append(r, port, &own);
    return true;
}

void recent_clear(struct recent *r) {
    stream_pieces_fini(&r->older);
    r->n = 0;
}

double recent_end_s(const struct recent *r) {
    return r->n ? point_end_s(&r->point[r->n - 1]) : (double)NAN;
}

bool recent_window(const struct recent *r, double least_s, double most_s, struct point *out) {
    if (r->n == 0)
        return false;
    double end_s = recent_end_s(r);
    size_t first = r->n - 1;
    while (first > 0 && end_s - r->point[first].at_s < least_s - SAME_S &&
           end_s - r->point[first - 1].at_s <= most_s + SAME_S)
        first--;
    *out = r->point[first];
    for (size_t i = first + 1; i < r->n; i++)
        point_join(out, &r->point[i]);
    if (first < r->n - 1)
        out->p95_ms = NAN;
    return true;
}

/* What sources tell over time, of several machines, added. */
#include <math.h>
#include <stdlib.h>

#include "base/mem.h"
#include "gather/parts.h"

static double begin_s(const struct series *r) { return (double)r->start_ms / 1000; }

static double longest_piece(const struct series *r) {
    double most = 0;
    for (size_t i = 0; i < r->points; i++)
        most = fmax(most, r->point[i].length_s);
    return most;
}

static double end_s(const struct series *r) { return begin_s(r) + series_end_s(r); }

/* The pieces of one machine that lie in one of the result are its own: its VUs there are the same,
 * not others. */
static void into_piece(struct point *to, const struct point *p, bool same_machine) {
    double n = sum_known(to->requests, p->requests);
    double avg = (to->avg_ms * to->requests + p->avg_ms * p->requests) / n;
    to->avg_ms = isnan(to->avg_ms) || !(to->requests > 0) ? p->avg_ms
                 : isnan(p->avg_ms) || !(p->requests > 0) ? to->avg_ms
                                                          : avg;
    to->requests = n;
    to->failed = sum_known(to->failed, p->failed);
    to->dropped = sum_known(to->dropped, p->dropped);
    to->max_ms = fmax(to->max_ms, p->max_ms);
    to->vus = same_machine ? fmax(to->vus, p->vus) : sum_known(to->vus, p->vus);
}

static struct point *grid(size_t n, double length_s) {
    struct point *p = mem_new(n, sizeof *p);
    for (size_t i = 0; i < n; i++)
        p[i] = point_none((double)i * length_s, length_s);
    return p;
}

/* One machine's series on equal pieces. */
static struct point *spread(const struct series *r, double from_s, double length_s, size_t n) {
    struct point *to = grid(n, length_s);
    for (size_t i = 0; i < r->points; i++) {
        double middle = begin_s(r) + r->point[i].at_s + r->point[i].length_s / 2 - from_s;
        size_t at = middle > 0 ? (size_t)(middle / length_s) : 0;
        into_piece(&to[at < n ? at : n - 1], &r->point[i], true);
    }
    return to;
}

static bool is_empty(const struct point *p) {
    return isnan(p->requests) && isnan(p->failed) && isnan(p->vus) && isnan(p->dropped);
}

void series_add(struct series *to, const struct series *from) {
    bool known = to->points && from->points && to->start_ms && from->start_ms;
    double length_s = fmax(longest_piece(to), longest_piece(from));
    double from_s = fmin(begin_s(to), begin_s(from));
    double all_s = known ? fmax(end_s(to), end_s(from)) - from_s : NAN;
    if (!known || !(length_s > 0) || !(all_s > 0) || !isfinite(all_s)) {
        free(to->point);
        *to = (struct series){0};
        return;
    }
    length_s = fmax(length_s, all_s / (POINTS_MAX - 1));
    size_t n = (size_t)ceil(all_s / length_s - 1e-9), kept = 0;
    struct point *a = spread(to, from_s, length_s, n), *b = spread(from, from_s, length_s, n);
    for (size_t i = 0; i < n; i++) {
        into_piece(&a[i], &b[i], false);
        if (!is_empty(&a[i]))
            a[kept++] = a[i];
    }
    free(b);
    free(to->point);
    *to =
        (struct series){.point = a,
                        .points = kept,
                        .cap = n,
                        .start_ms = to->start_ms < from->start_ms ? to->start_ms : from->start_ms};
}

/* watch/stream_pieces.h
 * What happened over time, in a bounded number of pieces: the latest RECENT_MAX as they came, older
 * ones joined to longer and longer pieces, so that a week takes no more memory than an hour. Times
 * (at_s) are seconds since 1970 here. */
#ifndef PERFSCALE_WATCH_STREAM_PIECES_H
#define PERFSCALE_WATCH_STREAM_PIECES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "results/summary.h"

enum {
    SERIES_MAX = 2048,
    RECENT_MAX = 128,
    PIECES_MAX = SERIES_MAX - RECENT_MAX,
};

/* Adds a later point: counts add up, max_ms, VUs and p95_ms are the highest of both. */
void point_join(struct point *into, const struct point *x);

/* Older pieces, in order of time. */
struct pieces {
    struct point *point; /* owned */
    size_t n, cap;
    double unit_s; /* the shortest that came */
    int halvings;  /* pieces grow to unit_s << halvings */
};

void stream_pieces_fini(struct pieces *p); /* empty afterwards */
/* x begins at the end of the last one, or later. */
void pieces_add(struct pieces *p, const struct point *x);
/* Counts that came after their piece was put away; p95_ms does not know of them. */
void pieces_add_late(struct pieces *p, double at_s, double requests, double failed);

/* Points that several ports bring. */
struct recent {
    struct point point[RECENT_MAX];
    uint64_t ports[RECENT_MAX]; /* whose points are in it, a bit each */
    size_t n;
    struct pieces older;
};

/* A point goes to the one that another port brought for the same time, else to the end. false: its
 * time is past. at_s and length_s are finite, length_s above 0. */
bool recent_add(struct recent *r, int port, const struct point *x);
void recent_clear(struct recent *r);
double recent_end_s(const struct recent *r); /* NAN: empty */

/* The latest points together, as few as last at least least_s, at most most_s (but always one).
 * p95_ms is known when it is one point. false: there is none. */
bool recent_window(const struct recent *r, double least_s, double most_s, struct point *out);

#endif

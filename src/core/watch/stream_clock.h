/* watch/stream_clock.h
 * Which times belong to the run: a single odd one (years ahead, before 1970, a clock that was set)
 * must not move the figures away from where the others are. */
#ifndef PERFSCALE_WATCH_STREAM_CLOCK_H
#define PERFSCALE_WATCH_STREAM_CLOCK_H

#include <stdbool.h>
#include <stdint.h>

/* Zeroed memory has seen nothing. Zero is a time: a table may count from the start of its run. */
struct stream_clock {
    bool any;
    int64_t latest_ms;
    int64_t stray_ms; /* the last time that did not belong */
    int strays;       /* how many in a row, near each other */
    int in_time;      /* since the clock was last moved by more than a gap */
};

enum stream_fit {
    FIT_NEAR,
    FIT_FAR,
    FIT_ANEW, /* the time starts here: what was placed before was not of this run */
};

/* need: so many in a row are believed. alone: only one source brings times, so that times long past
 * can only mean that its clock was set back. */
enum stream_fit stream_clock_fit_slowly(struct stream_clock *c, int64_t ms, int need, bool alone);

enum { STREAM_LAG_MS = 128 * 1000 };

static inline enum stream_fit stream_clock_fit(struct stream_clock *c, int64_t ms, int need,
                                               bool alone) {
    uint64_t after = (uint64_t)ms - (uint64_t)c->latest_ms + STREAM_LAG_MS;
    if (!c->any || after > 2 * (uint64_t)STREAM_LAG_MS || c->in_time < need)
        return stream_clock_fit_slowly(c, ms, need, alone);
    c->strays = 0;
    c->latest_ms = ms > c->latest_ms ? ms : c->latest_ms;
    return FIT_NEAR;
}

#endif

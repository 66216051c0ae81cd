/* stats/timeline.h
 * What happened in each second of the run. A second is counted from a fixed moment; when the run
 * needs more than max of them, each two become one. */
#ifndef PERFSCALE_STATS_TIMELINE_H
#define PERFSCALE_STATS_TIMELINE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "stats/counts.h"
#include "stats/names.h"

struct second {
    struct counts of[KINDS];             /* requests that ended in it */
    int64_t first_start_ms, last_end_ms; /* of these; INT64_MAX, INT64_MIN: none */
    int32_t vus_least, vus_most;         /* in use; -1 unknown */
    double requests, failed, dropped;    /* from tallies, whole numbers */
};

struct timeline {
    struct second *at; /* owned */
    size_t n, cap;
    int64_t first;     /* number of at[0]: it begins at anchor_ms + first * length */
    int64_t anchor_ms; /* where number 0 begins */
    size_t max;        /* at most POINTS_MAX */
    int halvings;      /* length = 1 s << halvings */
};

void timeline_fini(struct timeline *t);

/* From now on at most max. */
void timeline_limit(struct timeline *t, size_t max);

int64_t timeline_length_ms(const struct timeline *t);
int64_t timeline_number(const struct timeline *t, int64_t ms);
int64_t timeline_begin_ms(const struct timeline *t, int64_t number);

/* The second that holds ms, made when it is new (older pointers are then void). |ms| < 2^53. */
struct second *timeline_at(struct timeline *t, int64_t ms);

void second_vus(struct second *s, int32_t least, int32_t most);

/* Adds all of from. same_machine: VUs of one second are the same ones, else they add up. */
void timeline_join(struct timeline *into, struct timeline *from, bool same_machine);

#endif

#include <string.h>

#include "stats/state.h"

#define MONTH_MS (INT64_C(31) * 24 * 3600 * 1000)

/* Two parts whose moments lie too far apart are not of one run: those of the smaller one go. */
static void agree_on_moments(struct stats *a, struct stats *b) {
    int64_t a_first, a_last, b_first, b_last;
    if (a->origin_ms != INT64_MIN || !stats_span(a, &a_first, &a_last) ||
        !stats_span(b, &b_first, &b_last))
        return;
    int64_t first = a_first < b_first ? a_first : b_first;
    int64_t last = a_last > b_last ? a_last : b_last;
    if (last - first > MONTH_MS)
        stats_forget_times(stats_near(a) < stats_near(b) ? a : b);
}

static void join_anchor(struct stats *into, const struct stats *from) {
    if (!from->anchored)
        return;
    if (!into->anchored || from->near_from_ms < into->near_from_ms)
        into->near_from_ms = from->near_from_ms;
    if (!into->anchored || from->near_to_ms > into->near_to_ms)
        into->near_to_ms = from->near_to_ms;
    into->anchored = true;
}

static int64_t renamed(const void *self, int64_t row) {
    const uint16_t *map = self;
    return row_of_endpoint(map[row / OUTCOMES], (unsigned)(row % OUTCOMES));
}

static int64_t halved(const void *self, int64_t row) {
    int halvings = *(const int *)self;
    return row_of_point(row >> 1 >> halvings, (enum kind)(row & 1));
}

/* The timelines are joined already: into's has the length that both need. */
static void join_points(struct stats *into, struct stats *from) {
    int by = into->time.halvings - into->points_halvings;
    if (by > 0)
        classes_renumber(&into->points, halved, &by);
    by = into->time.halvings - from->points_halvings;
    classes_join(&into->points, &from->points, halved, &by);
    into->points_halvings = into->time.halvings;
}

static void join_classes(struct stats *into, struct stats *from, const uint16_t *map) {
    classes_join(&into->run, &from->run, NULL, NULL);
    classes_join(&into->pieces, &from->pieces, NULL, NULL);
    classes_join(&into->endpoints, &from->endpoints, renamed, map);
    join_points(into, from);
    for (size_t i = 0; i < into->atoms && i < from->atoms; i++)
        for (int k = 0; k < KINDS; k++)
            counts_join(&into->atom[i].of[k], &from->atom[i].of[k]);
}

static void join_requests(struct stats *into, struct stats *from, const uint16_t *map,
                          bool renumber) {
    if (!into->exact || !from->exact) {
        stats_leave_exact(into);
        stats_leave_exact(from);
        join_classes(into, from, map);
        return;
    }
    if (renumber)
        log_renumber(&from->log, map);
    log_join(&into->log, &from->log);
}

static void join_vus(struct stats *into, const struct stats *from, bool same_machine) {
    into->several = into->several || from->several || !same_machine;
    if (from->vus_least >= 0 && (into->vus_least < 0 || from->vus_least < into->vus_least))
        into->vus_least = from->vus_least;
    if (from->vus_most > into->vus_most)
        into->vus_most = from->vus_most;
}

static void join_tally(struct tallied *into, const struct tallied *from, bool add_most) {
    if (!from->seen)
        return;
    if (!into->seen) {
        *into = *from;
        return;
    }
    into->sum += from->sum;
    into->count += from->count;
    if (add_most) {
        into->least += from->least;
        into->most += from->most;
        return;
    }
    if (from->least < into->least)
        into->least = from->least;
    if (from->most > into->most)
        into->most = from->most;
}

static void join_sums(struct stats *into, const struct stats *from, bool same_machine) {
    for (int m = 0; m < METRICS; m++)
        join_tally(&into->tally[m], &from->tally[m],
                   !same_machine && (m == METRIC_VUS_ALLOCATED || m == METRIC_VUS_MAX));
    for (int k = 0; k < KINDS; k++) {
        stats_span_widen(&into->requests[k], from->requests[k].first_ms, from->requests[k].last_ms);
        into->seen[k] += from->seen[k];
    }
    stats_span_widen(&into->all, from->all.first_ms, from->all.last_ms);
    into->far_seen += from->far_seen;
    into->fraction = into->fraction || from->fraction;
    into->bulk_seen += from->bulk_seen;
    into->jumps += from->jumps;
    if (from->latest_ms > into->latest_ms)
        into->latest_ms = from->latest_ms;
}

void stats_join(struct stats *into, struct stats *from, bool same_machine) {
    uint16_t map[LOG_ENDPOINTS] = {0};
    stats_close(into);
    stats_close(from);
    agree_on_moments(into, from);
    bool unchanged = names_join(&into->names, &from->names, map);
    join_anchor(into, from);
    timeline_join(&into->time, &from->time, same_machine);
    join_requests(into, from, map, !unchanged);
    join_sums(into, from, same_machine);
    join_vus(into, from, same_machine);
    stats_keep_to_limit(into);
    stats_free(from);
}

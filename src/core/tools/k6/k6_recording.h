/* tools/k6/k6_recording.h
 * What a recording of k6's web dashboard knows at a line of it: the metrics so far, and where their
 * statistics stand in the rows of numbers. */
#ifndef PERFSCALE_K6_RECORDING_H
#define PERFSCALE_K6_RECORDING_H

#include <stdbool.h>
#include <stddef.h>

#include <cjson/cJSON.h>

#include "results/summary.h"
#include "tools/k6/k6_results.h"

enum { K6_TRACK_STATS_MAX = 16, K6_TRACKS_MAX = 2000 };

enum k6_track_type { K6_COUNTER, K6_GAUGE, K6_SHARE, K6_TREND, K6_TRACK_TYPES };

struct k6_track {
    char name[SCOPE_MAX_BYTES];
    enum k6_track_type type;
    double last[K6_OTHER]; /* since the start; NAN: no sample; of a gauge K6_MAX is the most */
};

struct k6_tracks {
    struct k6_track *item; /* owned; sorted by name */
    size_t len, cap;
    /* The statistics of a type in the order of the rows. */
    enum k6_stat stat[K6_TRACK_TYPES][K6_TRACK_STATS_MAX];
    size_t stats[K6_TRACK_TYPES];
};

void k6_tracks_fini(struct k6_tracks *t);

/* "aggregates" of the first line. false when it is not there. */
bool k6_tracks_order(struct k6_tracks *t, const cJSON *aggregates);

/* The data of a "metric" line. */
void k6_tracks_declare(struct k6_tracks *t, const cJSON *data);
struct k6_track *k6_track(const struct k6_tracks *t, const char *name);

/* False when data is no row for these metrics. */
bool k6_tracks_fit(const struct k6_tracks *t, const cJSON *data);

/* A number of a row that fits; NAN when the metric is not there or had no sample. */
double k6_track_value(const struct k6_tracks *t, const cJSON *data, const char *name,
                      enum k6_stat stat);

/* Keeps a "cumulative" row that fits. */
void k6_tracks_keep(struct k6_tracks *t, const cJSON *data);

/* The interval in which the true value lies: the dashboard cuts off what is behind five digits. */
struct figure k6_track_figure(double shown, long line);

/* How many of n requests failed when that share of them did. */
struct figure k6_failed_figure(double share, double n, long line);

#endif

/* stats/figures.h
 * Counts and values to the figures that a run, a stretch and an endpoint have; for the files of
 * this folder. */
#ifndef PERFSCALE_STATS_FIGURES_H
#define PERFSCALE_STATS_FIGURES_H

#include "stats/percentile.h"
#include "stats/state.h"

typedef double figures[ENDPOINT_METRICS];

/* All NAN but what counts tell; length_s: for the rate, 0 unknown. */
void figures_of_counts(double value[ENDPOINT_METRICS], const struct counts *c, double length_s,
                       const struct sample_rules *rules);

/* Percentiles from classes. row: those of outcome 0 in v; the other outcomes follow them. Returns
 * how far they may be off, relative. */
double figures_of_classes(double value[ENDPOINT_METRICS], const struct classes_view *v,
                          const int64_t *row, size_t rows, const struct counts *c,
                          const struct sample_rules *rules);

/* Median and p95 of a row that has no outcomes. */
double figures_of_point(double *med_ms, double *p95_ms, const struct classes_view *v, int64_t row,
                        const struct counts *c, const struct sample_rules *rules);

/* Says how far percentiles of endpoints or stretches may be off, where that is more than those of
 * the run may be. */
void figures_say_error(struct findings *f, const char *of, double error);

/* Where the run begins and how long it is, as far as requests (and tallies, when the samples have a
 * loose clock) tell. false: unknown. */
struct extent {
    int64_t start_ms, end_ms;
};
bool figures_extent(const struct stats *s, struct extent *out);

/* How long no request must be running to look like the end of a run: 5 s, and ten times the mean
 * gap between requests. */
int64_t figures_pause_ms(const struct stats *s);

/* The parts of stats_finish(), in this order. */
void finish_series(struct stats *s, struct summary *out);
/* steady: of each name, in the steady state: set where it is known. */
void finish_stretches(struct stats *s, struct summary *out, figures *steady);
void finish_findings(struct stats *s, struct summary *out);

#endif

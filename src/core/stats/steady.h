/* stats/steady.h
 * The steady state and the steps of a run whose load profile is not known, as a series shows them.
 * Times are seconds from the begin of the series. Pure. */
#ifndef PERFSCALE_STATS_STEADY_H
#define PERFSCALE_STATS_STEADY_H

#include <stdbool.h>
#include <stddef.h>

#include "results/summary.h"

enum { STEADY_WINDOW_S = 60, ESTIMATE_WINDOW_S = 10 };

/* The longest time of constant load: within 5 % (or 1 VU) of a plateau of the VUs, or of the
 * requests per second over 5 s (or within three standard deviations of a count). A plateau is the
 * median of all pieces that reach 80 % of the 90th percentile, or if that leads to nothing, of all
 * pieces. It counts when the time is 10 s and 30 % of the run. Where there is one of each the VUs'
 * counts, unless the other one is slower (VUs that rise under an arrival rate are a slow server). A
 * constant rate alone while the VUs only rise (rank correlation with time above 0.9) is a server
 * that is full, not a steady state. A gap of more than 5 s (or two pieces) ends it. */
bool steady_find(const struct series *r, double *from_s, double *to_s);

/* Nothing but rises, or nothing but falls: the rank correlation of the VUs or of the rate with time
 * is above 0.9. */
bool steady_only_ramps(const struct series *r);

/* Where no plateau is: MSER-5. windows: the run in windows of about ESTIMATE_WINDOW_S. Means of the
 * p95 of five windows each; the cut d in their first half that makes sum((b - mean)^2) / m^2 of the
 * m left smallest. false when that is the last cut looked at (it goes on changing), when there are
 * fewer than four means, or when the load of r only ramps. */
bool steady_estimate(const struct series *r, const struct series *windows, double *from_s,
                     double *to_s);

/* How many equal windows a steady state of that length is cut into: of 60 s and what is left over
 * shared among them, five when it is shorter than 300 s, at most POINTS_MAX. */
size_t steady_windows(double length_s);

/* A step of a stress test. */
struct level {
    double from_s, to_s;
    double load;
};

/* Levels of the VUs that each hold for 20 s and 3 % of the run (within 1 %; a dip of 5 s does not
 * end one) and rise by more than 5 %; cut: share of each, at its begin, that does not count.
 * Returns how many were written, 0 when there are fewer than three. */
size_t steps_find(const struct series *r, double cut, struct level *out, size_t max);

/* Mean VUs in [from_s, to_s) of a series, each point by the time it is in there; NAN unknown. */
double series_mean_vus(const struct series *r, double from_s, double to_s);

#endif

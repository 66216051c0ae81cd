/* stats/stats.h
 * Single requests to figures: counts, rates, percentiles by the tool's own definition, per
 * endpoint, per second, per stretch of the run. Takes samples in any order, in one pass, in memory
 * that does not grow with the run (under 45 MB in up to two parts).
 *
 * Counts, sums, shortest and longest are always exact. Up to STATS_EXACT_REQUESTS requests every
 * percentile is, too. Beyond that those of the run are within 0.001 % (summary.percentile_error;
 * times below 131072 units stay exact), those over time within 0.8 % (series.percentile_error, and
 * points are two seconds long from 34 minutes on), and those of endpoints and stretches as exact as
 * the memory allows: a finding "percentile-error" says how exact when that is worse than the run.
 *
 * Work can be split: a struct stats per thread and per piece of a file, joined afterwards. The
 * result does not depend on how it was split, nor on the order of the requests. (Close to the limit
 * and with pieces of unequal size the exact mode may end before the limit is reached.) */
#ifndef PERFSCALE_STATS_STATS_H
#define PERFSCALE_STATS_STATS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "results/reader.h"
#include "results/summary.h"

enum { STATS_EXACT_REQUESTS = 3000000 }; /* in all parts together */

/* A stretch that gets figures of its own: requests that end in [from_s, to_s) after the start. */
struct stretch_wanted {
    char name[32];
    double from_s, to_s;
};

struct stats_options {
    const struct sample_rules *rules;
    int64_t origin_ms; /* start of the run, ms since 1970; INT64_MIN: the earliest start seen, known
                          only at the end: then stretches need exact mode */
    const struct stretch_wanted *stretch; /* borrowed for the life of the stats */
    size_t stretches;
    bool find_steps; /* of a stress test whose plan is not known */
    double step_cut; /* share of a found step, at its begin, that does not count */
    int parts;       /* how many struct stats share the memory: 1, 2 ... */
};

struct stats;

struct stats *stats_new(const struct stats_options *o);
void stats_free(struct stats *s); /* NULL is fine */

/* Doors for a sink; self is the struct stats. */
void stats_sample(void *self, const struct sample *x);
void stats_tally(void *self, const struct tally *t);
/* It has no moment: such requests are in no series and no stretch. */
void stats_bulk(void *self, const char *endpoint, size_t len, uint64_t value, uint64_t count,
                enum outcome outcome);

uint64_t stats_requests(const struct stats *s);
/* First start and last end of a request or a tally, ms since 1970. false: nothing with a time. */
bool stats_span(const struct stats *s, int64_t *first_ms, int64_t *last_ms);

/* Takes everything of from, which is freed. same_machine: another piece of the same file (VUs of
 * one second are the same VUs); else another load generator of the same run (VUs add up). */
void stats_join(struct stats *into, struct stats *from, bool same_machine);

/* Figures, endpoints (by name), series and stretches into out, which was initialised; what is there
 * already stays unless it is computed here (a histogram computes only what is not there). The RPS
 * of an endpoint is over the length of the run. s can take no more afterwards.
 *
 * Adds what is odd about the times to out->findings. "two-runs": no request was running for 5 s and
 * for ten times the mean gap, and no VUs are told for that time. "clock-jump": an end more than a
 * minute before the latest one. "far-times": more than an hour before or 31 days after the start
 * (31 days from the first moment seen when the start is not known); such requests are in the totals
 * only. "little": requests x response time above the VUs (Little's law), of the steady state, else
 * of the run. "rate-from-samples": a clock of whole seconds.
 *
 * Every stretch has, beside its figures, window_s (seconds of it that lie in the run; figures are
 * of requests that end in it), the 95 % interval of its p95 by binomial ranks (p95_low_ms 0: one
 * request bounds nothing; p95_high_ms INFINITY: fewer than 72), the p95 of its five fifths and two
 * halves by time, mean VUs and dropped iterations.
 *
 * One stretch is the steady state: the first wanted one named "hold"; where none is wanted, one
 * that is found: "steady" (stats/steady.h: steady_find()), else "estimated" (steady_estimate()),
 * else none. With find_steps the steps of a stress test ("step 1", load: VUs; steps_find()) come
 * before it, and where there are some nothing is the steady state.
 *
 * Of the steady state alone there are out->windows and endpoint.steady (only of single requests).
 * Windows are equal: as many as whole minutes fit in it, each a share of its length (60 to 72 s);
 * five when it is shorter than 300 s. at_s counts as from_s of the stretch does; vus is the most in
 * use.
 *
 * Up to STATS_EXACT_REQUESTS all of these are exact. (Where all moments are whole seconds, fifths,
 * halves and windows end between seconds, so that they are equal to the second.) Beyond it they are
 * told to the piece of the series (1 s, doubled until there are no more than 2048 pieces): windows
 * are whole pieces, as near to the length above as these allow (a rest shorter than one is left
 * out; windows.percentile_error says how exact they are, within series.percentile_error); fifths
 * and halves of fewer than four pieces are NAN; a stretch that was found has percentiles within
 * series.percentile_error, none of failed requests, and those of successes only when none failed;
 * endpoint.steady is NAN. A source whose requests do not say if they failed has the failures of its
 * tallies, to the piece. */
void stats_finish(struct stats *s, struct summary *out);

/* A percentile of sorted values by a rule (PERCENTILE_LOCUST: values that are its buckets already),
 * in the unit of the values; NAN when n is 0. p in 0..1. */
double stats_percentile(const uint64_t *sorted, size_t n, double p, enum percentile_rule rule);

#endif

/* watch/stream.h
 * The figures of a run that still goes on, from what readers and live interfaces tell, in memory
 * that does not grow with the run (under 16 MB, weeks too) and at a cost that the load beside it
 * does not feel. Times are those in the data. Counts are exact; percentiles follow the tool's own
 * rule: within 0.013 % since the start, 0.05 % of a stretch, 0.8 % of the last seconds.
 *
 * Sources are either samples (single requests and tallies), points (pieces of time that the tool
 * summed up), or totals (figures since the start, again and again). Where samples come, they count;
 * else points; else differences of totals. What single requests cannot give, totals do: the p95
 * since the start of a recording. Percentiles are never averaged: a p95 that nobody told is NAN. */
#ifndef PERFSCALE_WATCH_STREAM_H
#define PERFSCALE_WATCH_STREAM_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "results/reader.h"
#include "results/summary.h"
#include "stats/stats.h"
#include "tools/live.h"

enum { STREAM_NOW_S = 5, STREAM_MINUTE_S = 60, STREAM_PORTS_MAX = 64 };

/* What a piece of time holds; NAN: not known. */
struct window {
    double from_s, to_s; /* from the start of the run; the seconds that it is of */
    double requests, failed;
    double rps, error_rate; /* 0 requests: error_rate NAN */
    double avg_ms, p95_ms;
    double vus;     /* most in use */
    double dropped; /* iterations that never started */
};

struct stream_view {
    bool any;          /* something with a time came */
    int64_t start_ms;  /* start of the run, ms since 1970 */
    int64_t latest_ms; /* end of the latest that came */
    double elapsed_s;  /* between them */
    double vus;        /* in use at the latest moment */
    double vus_allocated;
    struct window now; /* the last STREAM_NOW_S whole seconds that are complete, or the tool's own
                          window, or the last point when these are longer or tell a p95 */
    struct window minute; /* the last STREAM_MINUTE_S of them */
    struct window total;  /* since the start */
    uint64_t restarts;    /* totals that went back to zero */
    double late;          /* requests too late for their second, or far from the run: in total (and
                             in their stretch when it is of the run), in no p95 of a window */
};

struct stream;

/* stretch: parts of the run with figures of their own (copied); n at most STRETCHES_MAX. */
struct stream *stream_new(const struct stretch_wanted *stretch, size_t n);
void stream_free(struct stream *s); /* NULL is fine */

/* Everything that a port brought is forgotten when a port is opened anew: its file begins again.
 * (With several ports all of them begin again: counts cannot be told apart.) */
void stream_reset(struct stream *s);

/* A source gets a port, from 0; VUs of several ports add up. The sink is good until stream_free().
 * rules NULL: it brings no samples. All ports with samples are of one tool. */
struct sink stream_sink(struct stream *s, int port, const struct sample_rules *rules);

/* Figures since the start as they are at at_ms, from port: a live interface, or a file that its
 * tool writes anew each second. p95 of the run is theirs then; where samples come too, they only
 * fill what is not known. */
void stream_totals(struct stream *s, int port, const struct live_figures *f, int64_t at_ms);

/* The figures as they are now. Cheap: once a second is fine. */
void stream_look(const struct stream *s, struct stream_view *out);

/* A wanted stretch; NAN before it begins. */
void stream_stretch(const struct stream *s, size_t i, struct window *out);

/* Over time: seconds, thinned to longer pieces so that there are never more than 2048. p95_ms of a
 * thinned piece is the highest of its seconds. The last piece may still grow. */
const struct series *stream_series(const struct stream *s);

/* All that is known, as a summary (initialised by it) with series and stretches: for a run that
 * only a live interface tells of. computed is false. */
void stream_summary(const struct stream *s, struct summary *out);

#endif

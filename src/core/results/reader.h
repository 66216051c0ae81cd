/* results/reader.h
 * The seam between formats and figures. A reader takes the bytes of one format in pieces of any
 * size and hands what it finds to a sink. It knows its format: no file names, no limits, no
 * verdicts.
 *
 *     void *r = reader->open(&sink);
 *     while (there are bytes) if (!reader->feed(r, bytes, len, e)) goto out;
 *     if (!reader->finish(r, e)) goto out;
 * out: reader->close(r);
 */
#ifndef PERFSCALE_RESULTS_READER_H
#define PERFSCALE_RESULTS_READER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"
#include "base/finding.h"
#include "results/summary.h"

/* What a reader can say. */
enum door {
    DOOR_VALUE,        /* a figure: metric, scope, figure */
    DOOR_THRESHOLD,    /* scope = metric with its tags, text = expression, ok */
    DOOR_FORMAT,       /* text = exact name of the format */
    DOOR_TOOL_VERSION, /* text */
    DOOR_STOPPED,      /* text = why the run ended early */
    DOOR_GENERATOR,    /* text = an error of the load machine itself, as in the log */
    DOOR_BLOCKS,       /* figure.value = summaries in the source */
    DOOR_LINES,        /* figure.value = lines in the source */
    DOOR_ERROR,        /* text = a kind of error, figure.value = how often: added up */
};

/* One thing said. Strings live only during the call. */
struct word {
    enum door door;
    enum metric metric;
    const char *scope; /* NULL: the whole run; else the endpoint's name */
    struct figure figure;
    const char *text;
    bool ok;
};

/* --- single requests --- */

enum outcome { OUTCOME_OK, OUTCOME_FAILED, OUTCOME_UNKNOWN };

/* One request, as the tool wrote it down. */
struct sample {
    const char *endpoint; /* not terminated, lives only during the call; NULL: the last one again */
    size_t endpoint_len;
    int64_t start_ms, end_ms; /* ms since 1970; the same when the source has only one of them */
    uint64_t time;            /* response time in units of sample_rules.unit_ms */
    enum outcome outcome;
    bool transaction; /* a sum over other samples: counts only when there is nothing else */
    uint32_t vus;     /* in use at its end; 0: not said */
};

/* Figures that come as many small ones and are added up. sum, count, least and most are of the
 * values since the last tally of this metric: a reader may gather a piece before it tells.
 *   counts (METRIC_REQUESTS, FAILED, ITERATIONS, INTERRUPTED, DROPPED, CHECKS_*, *_BYTES): sum
 *   means  (METRIC_ITERATION_MS, CONNECT_MS): sum / count
 *   VUs    (METRIC_VUS_MAX: in use at at_ms; METRIC_VUS_ALLOCATED): least and most
 * METRIC_REQUESTS and METRIC_FAILED go before what is counted from samples. */
struct tally {
    enum metric metric;
    int64_t at_ms; /* ms since 1970; TALLY_NO_TIME */
    double sum, least, most;
    uint64_t count;
};
#define TALLY_NO_TIME INT64_MIN

/* How a tool makes a percentile of n sorted values (research of its source; a reader names it). */
enum percentile_rule {
    PERCENTILE_LINEAR,       /* k6: position p (n - 1), linear between neighbours */
    PERCENTILE_ROUNDED_RANK, /* JMeter's Aggregate Report: the round(p n)-th smallest */
    PERCENTILE_LOCUST, /* Locust: first value from the top with at most int(p n) at or below */
};

struct sample_rules {
    double unit_ms; /* of sample.time: 1e-6 for k6, 1 for JMeter */
    enum percentile_rule rule;
    const char *words; /* "as k6: linear between neighbours" */
    bool loose_clock;  /* samples do not say when the run began and ended: the tool's own summary
                          knows its duration and rate better */
};

/* Seconds since 1970 (September 2001): what is below it counts from the start of a run, where that
 * may be. */
#define CLOCK_FROM_S 1e9

/* Takes what a reader finds. Called from inside feed() and finish(), never after them. A member may
 * be NULL: then nobody wants it. */
struct sink {
    void *self;
    void (*summary)(void *self, const struct word *w);
    void (*sample)(void *self, const struct sample *s);
    void (*tally)(void *self, const struct tally *t);
    /* Many requests with the same time, which the source knows no moment of (a histogram): value in
     * units of sample_rules.unit_ms, count of them. endpoint as in struct sample. */
    void (*bulk)(void *self, const char *endpoint, size_t len, uint64_t value, uint64_t count,
                 enum outcome outcome);
    /* A piece of time that the tool itself summed up; at_s is since 1970 here (but see
     * own_times). */
    void (*point)(void *self, const struct point *p);
    /* A stretch of the run with its own figures, as the source has it: a step of a table. */
    void (*stretch)(void *self, const struct stretch *x);
    /* Memory of a process in MB at a time, in order of time. t_s is since 1970, below CLOCK_FROM_S
     * from the start of the run. name: which process, lives only during the call. */
    void (*moment)(void *self, const char *name, double t_s, double value);
    /* A figure since the start of the run as it stands in the middle of the source, again and again:
     * for who looks at a run that goes on. Metrics of the whole run only. */
    void (*so_far)(void *self, enum metric m, double value);
    /* Something is wrong with the source and was passed over: sentence and line, 0 unknown. */
    void (*remark)(void *self, enum finding_level level, const char *kind, long line,
                   const char *text);
};

/* Say something to a sink; nothing when nobody wants it. sink_text: a door whose word is a text and
 * a number. */
void sink_text(const struct sink *out, enum door door, const char *text, double value);
void sink_remark(const struct sink *out, enum finding_level level, const char *kind, long line,
                 const char *fmt, ...) __attribute__((format(printf, 5, 6)));

/* What a source holds. Of one run several may lie side by side; a higher one is believed first. */
enum gives {
    GIVES_MEMORY,  /* only memory of a server: no figures of a run */
    GIVES_ERRORS,  /* only what failed: no figures of a run */
    GIVES_SERIES,  /* sums over time, cumulative or per piece */
    GIVES_TEXT,    /* a summary as printed, rounded */
    GIVES_SUMMARY, /* a summary with full precision */
    GIVES_SAMPLES, /* single requests */
};

/* A reader that looks at every line (sniffs_lines) is never surer than this. */
enum { SUREST_OF_LINES = 95 };

struct reader {
    const char *name; /* "k6-text": shown to the user, and the word of --format */
    const char *tool; /* "k6" */
    enum gives gives;
    const struct sample_rules *samples; /* NULL unless it calls sample() */
    /* How sure it is from the first bytes that they are its format: 0 = not mine ... 100 = sure. */
    int (*sniff)(const char *head, size_t len);
    bool sniffs_lines; /* by terminal_surest(): slow, so it is asked after the others */
    void *(*open)(const struct sink *out); /* out is copied; never NULL */
    bool (*feed)(void *self, const char *bytes, size_t len, struct err *e);
    bool (*finish)(void *self, struct err *e); /* the last line may lack its newline */
    void (*close)(void *self);                 /* frees self; also after an error */
    /* A file may be cut at line ends and its pieces read side by side, each by a reader of its own:
     * how many of its first bytes each of them must be given first (a header line; 0: none). NULL:
     * it must be read in one go. */
    size_t (*header)(const char *head, size_t len);
    bool own_times;     /* points below CLOCK_FROM_S count from the start of the run */
    bool quoted_breaks; /* line breaks inside double quotes are no ends there (CSV) */
    /* The tool writes this file anew again and again: true when these bytes are a whole one. NULL:
     * it only grows. */
    bool (*rewritten_whole)(const char *bytes, size_t len);
};

/* A sink that fills a summary (initialised before, owned by the caller) with all but samples and
 * tallies. For one metric and scope the first value that is said stays. tool and format of s are
 * set from r. Points are kept up to POINTS_MAX, coarser when there are more; stretches up to
 * STRETCHES_MAX, traces up to TRACES_MAX and their moments up to MOMENTS_MAX: further ones are left
 * out. */
struct sink summary_sink(struct summary *s, const struct reader *r);

/* All of it for bytes in memory, for readers without samples: open, feed, finish, close into *s,
 * which is initialised by it and to be finished by the caller also after an error. */
bool reader_read(const struct reader *r, const char *bytes, size_t len, struct summary *s,
                 struct err *e);

#endif

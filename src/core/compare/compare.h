/* compare/compare.h
 * Two runs: which figures differ, and is that more than two identical runs differ by? Pure.
 *
 * First whether they may be compared at all: each field of the set-up is the same, different in an
 * explainable way (named, goes on), or makes the figures not comparable (target, test type, how
 * load arrives, load tool, system under test, a run that is INVALID). Other limits are explainable:
 * they change no figure, and each run is held to its own. What one run alone says is explainable,
 * "not known". Then each figure of the steady part (of the whole run where a run has none, which is
 * said) with its change and its reading:
 *
 *   response times   real when the 95 % interval of the difference has no zero in it AND the change
 *                    is beyond warn_ratio; noise when not; unknown below hold_least and
 *                    samples_least of "## Baseline comparison", or when a side has no interval.
 *                    A side's interval: p95 the wider of ranks and five windows, p50 and mean of
 *                    windows; of a run that is not steady (halves_differ) it covers both halves.
 *                    That of the difference: root of the squares of the two half widths that count
 *                    (independent runs). Where the windows of one differ three times more than its
 *                    ranks say (requests queue) both intervals must not touch instead
 *   error rate       two proportions, 95 % intervals (the wider of Clopper-Pearson and windows) do
 *                    not touch
 *   rate             against the spread of its windows, beyond same_load; towards the target
 *   endpoints        p95, 99 % intervals that do not touch (they are many), by ranks, as much
 *                    wider as the run's windows are
 *   stress           break load with its interval, saturation, p95 of steps of the same load
 *   soak             slopes of memory and response time with their intervals
 *
 * Every reading names its evidence. How often two identical runs are read as different, and a real
 * change is found: bench/compare_bench.c. */
#ifndef PERFSCALE_COMPARE_COMPARE_H
#define PERFSCALE_COMPARE_COMPARE_H

#include "history/record.h"
#include "rules/rules.h"

enum grade { GRADE_SAME, GRADE_EXPLAINABLE, GRADE_NOT_COMPARABLE };
const char *grade_name(enum grade g); /* "same", "explainable", "not_comparable" */

enum { DIFFERS_MAX = 24, FIGURES_MAX = 32, COMPARED_ENDPOINTS_MAX = 200 };

struct differs {
    char field[32]; /* "target", "model", "arrivals", "tool", "tool_version", "base_url", "host",
                       "script", "limits", "duration", "rules", ... */
    char a[120], b[120]; /* for people; "" not known */
    enum grade grade;
    char why[160]; /* why it matters: "another target: response times follow the load" */
};

enum reading { READING_UNKNOWN, READING_NOISE, READING_BETTER, READING_WORSE };
const char *reading_name(enum reading r); /* "unknown", "noise", "better", "worse" */

struct compared {
    char metric[SCOPE_MAX_BYTES]; /* "p50", "p95", "p99", "avg", "error_rate", "rps", "requests",
                                     "vus"; of stress "break_load", "saturation_rps", "p95 at 150
                                     RPS"; of soak "memory_slope", "latency_slope" */
    char unit[8];                 /* "ms", "" share, "RPS", "VUs", "count", "MB/h", "ms/h" */
    double a, b;                  /* NAN not measured */
    double a_low, a_high, b_low, b_high; /* 95 % intervals; NAN none */
    double difference;                   /* (b - a) / a; of a share b - a; NAN unknown */
    enum reading reading;
    bool read;     /* this figure has a direction (requests and VUs have none) */
    char why[200]; /* the evidence: "intervals 598 to 626 and 239 to 247 ms do not touch" */
    char also[80]; /* "now within limit", "now over limit", "target reached"; "" */
};

struct comparison {
    int64_t a, b;                        /* run ids */
    enum grade grade;                    /* the worst of differs */
    struct differs differs[DIFFERS_MAX]; /* those that are not the same */
    size_t differ;
    char same[8][32]; /* names of the fields that are: for one line */
    size_t sames;
    char sentence[240]; /* "p95 is 60 % lower: better. Nothing is worse."; when refused: why */
    struct compared figure[FIGURES_MAX];
    size_t figures;
    struct compared *endpoint; /* owned; metric is the endpoint's name, its p95; those of both runs,
                                  by requests, at most COMPARED_ENDPOINTS_MAX */
    size_t endpoints, only_a, only_b; /* endpoints that one side alone has */
    bool steady;  /* figures are of the steady parts; else of whole runs, ramps inside */
    char of[120]; /* for people: "steady part, 9:30 and 9:30" */
    long script_added, script_removed; /* changed lines; -1 not known */
};

/* Never fails; what cannot be said is unknown with why. *out is initialised by it. When it is not
 * comparable the figures are there without a reading. */
void compare_runs(const struct record *a, const struct record *b, const struct rules *rules,
                  struct comparison *out);
void comparison_fini(struct comparison *c);

#endif

/* soak/soak.h
 * Is it growing? A series over hours to one of three answers: drift, none found above X per hour,
 * cannot tell (and what would tell).
 *
 *   1  fewer samples than samples_least                     insufficient
 *   2  the first warm_up of the time is cut
 *   3  blocks (of a saw-tooth: at least 1.5 cycles each); too few: insufficient
 *   4  block value: smallest (memory) or median (response time)
 *   5  Mann-Kendall on the blocks; p >= significance        stable
 *   6  Theil-Sen slope; rise over the time < rise_least     stable
 *   7  shape by BIC: flat, linear, step, saturating, late
 *   8  slope of the second half against the whole           plateau, slowing, leak
 *
 * Measured on simulated series (bench/verdicts_bench.c): a leak of 20 % of the memory over the run
 * is missed in none of 3600, healthy series raise a false drift in 0.7 %. Parameters: "## Soak" of
 * rules/metric-validation.md. Pure. */
#ifndef PERFSCALE_SOAK_SOAK_H
#define PERFSCALE_SOAK_SOAK_H

#include <stdbool.h>
#include <stddef.h>

#include "results/summary.h"
#include "rules/rules.h"

enum { SOAK_BLOCKS_MAX = 200, SOAK_RESTARTS_MAX = 32 };

enum soak_verdict {
    SOAK_STABLE,
    SOAK_LEAK,
    SOAK_SLOWING,
    SOAK_PLATEAU,
    SOAK_STEP,
    SOAK_INSUFFICIENT, /* why says what is missing */
};
const char *soak_verdict_name(enum soak_verdict v); /* "leak" */

enum soak_answer {
    SOAK_NOT_MEASURED, /* no series */
    SOAK_NONE_FOUND,
    SOAK_CANNOT_TELL,
    SOAK_DRIFT,
    SOAK_RESTART,
};
const char *soak_answer_name(enum soak_answer a); /* "none_found" */

enum soak_shape { SHAPE_FLAT, SHAPE_LINEAR, SHAPE_STEP, SHAPE_SATURATING, SHAPE_LATE, SHAPES };
const char *soak_shape_name(enum soak_shape s); /* "linear" */

struct soak_options {
    const struct soak_rules *rules; /* the column of rules.soak */
    double limit;                   /* hours to it are asked for; NAN: none */
    bool falling;                   /* look for a fall: values are negated inside; slopes that come
                                       back are of the values as given */
    double reference; /* what a rise is a share of when the median is smaller or 0: the
                         limit of an error rate; NAN: the median alone */
};

/* What was found of one series, in its own unit; per hour where it says so. NAN: not reached by the
 * method. */
struct trend {
    enum soak_answer answer;
    enum soak_verdict verdict;
    size_t samples; /* after the warm-up */
    size_t resets;  /* falls of a saw-tooth */
    size_t blocks;
    double block_s[SOAK_BLOCKS_MAX], block[SOAK_BLOCKS_MAX]; /* middles and values */
    double hours;             /* analysed: from the first to the last sample */
    double s, variance, z, p; /* Mann-Kendall */
    double slope, low, high;  /* per hour, with its 95 % interval */
    double level, rise;       /* median of the blocks; share of it over the analysed time */
    double none_above;        /* per hour: what would have been seen */
    double bic[SHAPES];
    enum soak_shape shape;
    int step_block; /* where the step is; -1 */
    double tail_ratio, tail_slope;
    double level_end; /* highest value in the last block's time */
    double hours_to_limit, hours_low,
        hours_high;         /* after the end; NAN unless a leak with a limit */
    bool beyond_projection; /* more than ten times the observed time: say "more than" */
    double first, last;     /* medians of the first and the last eighth of the samples */
    char why[160];          /* "no significant rise"; what would tell, for cannot tell */
};

/* at: in order of time, the ramp cut already; n may be 0 (not measured). Values that are not finite
 * are passed over. */
void soak_trend(const struct moment *at, size_t n, const struct soak_options *o, struct trend *out);

/* What a restart also shows, at the times of requests. */
struct soak_traffic {
    double t_s, rps, error_rate; /* error_rate a share; NAN unknown */
};

/* Falls of the memory by more than restart_fall within which errors rise or the rate dips. Writes
 * at most most times into at_s, returns how many there were. */
size_t soak_restarts(const struct moment *memory, size_t n, const struct soak_traffic *traffic,
                     size_t m, const struct soak_rules *rules, double *at_s, size_t most);

/* Hours that a run must last to see a growth of rate_per_hour on level: leak_never_missed. */
double soak_hours_needed(double level, double rate_per_hour, const struct soak_rules *rules);

struct soak_found {
    struct trend memory, latency, errors, throughput;
    char memory_of[SCOPE_MAX_BYTES]; /* the process that counts: the worst one; "" none */
    double memory_limit_mb;          /* NAN: none */
    double restart_s[SOAK_RESTARTS_MAX];
    size_t restarts;
    bool load_drifted; /* the rate moved by more than 5 %: memory may follow it */
};

/* "At this pace 2,048 MB are reached about 9 h after the end (8 h to 11 h)." false: no
 * limit, or no pace. */
bool soak_limit_words(const struct soak_found *f, char *out, size_t size);

#endif

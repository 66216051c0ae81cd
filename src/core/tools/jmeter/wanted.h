/* tools/jmeter/wanted.h
 * A part of a load profile in JMeter's words: thread groups with threads, ramp and one throughput
 * timer each. Load and soak have one group; stress has one for the first step and one more for
 * what each later step adds. Used by the rounding, the rewrite and the check alike, so that all
 * three mean the same numbers.
 *
 *     threads of a whole part    max(VUs, VUs to allocate) of the profile
 *     threads of one step        ceil(L' + 3*sqrt(L')) with the rate that this step adds and
 *                                R = the p95 limit, as in load/profile.h, and its share of the VUs
 *     slot                       C = 1000 ms * threads / rate
 *
 * The timer waits whole milliseconds, so threads are raised until C is within 0.1 % of one. With
 * several generators threads are a multiple of their number. */
#ifndef PERFSCALE_TOOLS_JMETER_WANTED_H
#define PERFSCALE_TOOLS_JMETER_WANTED_H

#include "load/profile.h"

enum {
    JMETER_GROUPS_MAX = STAGES_MAX / 2,
    JMETER_THREADS_MAX = 2000, /* of one JVM: more measure the JVM */
};

/* What the text of a thread group adds to the arithmetic. All zero: one timer at the first sampler,
 * one slot for each iteration. */
struct jmeter_pacing {
    bool per_sample;   /* requests per iteration are unknown: one slot for each sample */
    double longest_ms; /* per sample: longest pause at one of them */
    double extra_ms;   /* per iteration: pauses of timers that act on the pacing itself */
};

struct jmeter_group {
    double added_rps;     /* samples/s; of a later step what it adds */
    int threads;          /* of all generators together */
    int threads_each;     /* of one generator: what is written */
    double slot_ms;       /* C */
    double throughput;    /* of the timer, per minute; of one thread, or per sample of the group on
                             one generator */
    long ramp_s, delay_s; /* from the start of the run */
    long duration_s;      /* from the group's own start, ramp included */
};

struct jmeter_wanted {
    struct jmeter_group group[JMETER_GROUPS_MAX];
    int groups; /* at least 1 */
};

void jmeter_wanted_make(struct jmeter_wanted *w, const struct profile *p, const struct part *part,
                        const struct jmeter_pacing *pacing);

/* Threads of all its groups. */
int jmeter_wanted_threads(const struct jmeter_wanted *w);

/* ERR_REFUSED when so many are more than the profile's generators carry. */
bool jmeter_check_threads(const struct profile *p, int threads, struct err *e);

/* Threads that start together stay together: no ramp is shorter than two slots. In seconds. */
long jmeter_least_ramp_s(double slot_ms);

/* By how much whole milliseconds miss the rate: a share. */
double jmeter_rounding(const struct jmeter_group *g);

#endif

/* gather/gather.h
 * The files of one run to its figures: opens them, finds their formats, reads them (large ones in
 * pieces on several threads), puts together what belongs together, and says what is wrong with
 * them.
 *
 *   one source          its figures
 *   of one run          the most exact source counts; the others fill what it lacks, and a summary
 *                       that disagrees with its samples is a finding
 *   of several machines the same format twice or more: counts and rates add up, percentiles only
 *                       come from samples or full histograms, never from percentiles
 *   a directory         all results in it, when they are of one run
 *   memory              of a server, beside results: its times are put on the clock of the run */
#ifndef PERFSCALE_GATHER_GATHER_H
#define PERFSCALE_GATHER_GATHER_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"
#include "results/summary.h"
#include "stats/stats.h"

enum { GATHER_FILES_MAX = 64 };

/* Looked at and set from another thread while a reading goes on. */
struct gather_watch {
    _Atomic uint64_t done_bytes, total_bytes; /* as on disk; total 0: unknown (a pipe) */
    _Atomic bool cancel;                      /* set it: the reading ends with ERR_CANCELED */
};

struct gather_options {
    const char *format;                   /* name of a reader; NULL: told from the bytes */
    const struct stretch_wanted *stretch; /* of the load profile */
    size_t stretches;
    bool find_steps;            /* a stress test without a profile: its steps are looked for */
    double step_cut;            /* share of a found step, at its begin, that does not count */
    bool memory_only;           /* a memory series alone is fine: there are no requests then */
    bool digests;               /* a job also makes the SHA-256 of the files (job.h) */
    int threads;                /* 0: one per core, at most 8 */
    struct gather_watch *watch; /* NULL: nobody looks */
};

/* Reads paths ("-" is standard input; a directory stands for the results in it) into *out, which is
 * initialised by it and to be finished by the caller also after an error. Errors name the file. */
bool gather(const char *const *paths, size_t n, const struct gather_options *o, struct summary *out,
            struct err *e);

/* The same for bytes in memory, with a name for errors. */
bool gather_bytes(const char *name, const char *bytes, size_t len, const struct gather_options *o,
                  struct summary *out, struct err *e);

/* The steady part of figures that came another way than by a reading (a live interface told them):
 * what is wanted or can be found in their series, as after a reading. */
void gather_steady(struct summary *run, const struct gather_options *o);

/* Puts the memory that a reading with memory_only gave beside a run that was read before, on its
 * clock, in place of what was there. */
void gather_add_memory(struct summary *run, const struct summary *memory);

#endif

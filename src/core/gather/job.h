/* gather/job.h
 * A reading in the background: a screen goes on while a large file is read. */
#ifndef PERFSCALE_GATHER_JOB_H
#define PERFSCALE_GATHER_JOB_H

#include "gather/gather.h"

struct gather_job;

struct gather_progress {
    uint64_t done_bytes, total_bytes; /* total 0: unknown */
    double bytes_per_s;               /* NAN in the first instant */
    double left_s;                    /* NAN: unknown */
    double took_s;
};

/* Starts it. Copies paths, format and stretches. NULL only when no thread can be made. */
struct gather_job *gather_start(const char *const *paths, size_t n, const struct gather_options *o,
                                struct err *e);

/* Readable when the reading has ended. */
int gather_fd(const struct gather_job *j);
void gather_progress(const struct gather_job *j, struct gather_progress *out);
bool gather_done(const struct gather_job *j);

/* Waits for the end, moves the figures to *out (initialised by it) and frees j. */
bool gather_take(struct gather_job *j, struct summary *out, struct err *e);

/* Gives it up: returns at once; the thread ends by itself and frees everything. */
void gather_cancel(struct gather_job *j);

#endif

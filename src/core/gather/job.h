/* gather/job.h
 * A reading in the background: a screen goes on while a large file is read. */
#ifndef PERFSCALE_GATHER_JOB_H
#define PERFSCALE_GATHER_JOB_H

#include "base/digest.h"
#include "gather/gather.h"

struct gather_job;

struct gather_progress {
    uint64_t done_bytes, total_bytes; /* total 0: unknown */
    double bytes_per_s;               /* NAN in the first instant */
    double left_s;                    /* NAN: unknown */
    double took_s;
};

/* The files that were read, so that it can be told later whether they are still the same. */
enum { GATHER_DIGESTS_MAX = GATHER_FILES_MAX };
struct gather_digest {
    char path[1024];
    int64_t bytes, mtime_ms;
    char sha256[DIGEST_BYTES];
};
struct gather_digests {
    struct gather_digest *item; /* owned */
    size_t n;
};
void gather_digests_fini(struct gather_digests *d);
void gather_digests_copy(struct gather_digests *to, const struct gather_digests *from);
/* Of regular files, and of those in directories in the order of their names; what cannot be read
 * and the standard input are left out. *out is initialised by it. */
void gather_digests(const char *const *paths, size_t n, struct gather_digests *out);

/* Starts it. Copies paths, format and stretches. NULL only when no thread can be made. */
struct gather_job *gather_start(const char *const *paths, size_t n, const struct gather_options *o,
                                struct err *e);

/* Readable when the reading has ended. */
int gather_fd(const struct gather_job *j);
void gather_progress(const struct gather_job *j, struct gather_progress *out);
bool gather_done(const struct gather_job *j);

/* Waits for the end, moves the figures to *out (initialised by it) and frees j. files: what was
 * asked for by options.digests, to be finished by the caller; NULL: nobody wants it. */
bool gather_take(struct gather_job *j, struct summary *out, struct gather_digests *files,
                 struct err *e);

/* Gives it up: returns at once; the thread ends by itself and frees everything. */
void gather_cancel(struct gather_job *j);

#endif

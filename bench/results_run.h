/* Programs that a bench runs, and the clock it measures them with. */
#ifndef PERFSCALE_BENCH_RESULTS_RUN_H
#define PERFSCALE_BENCH_RESULTS_RUN_H

#include <stdbool.h>
#include <stddef.h>

enum { RUN_OUTPUT_MAX = 256 << 10 };

struct run {
    double seconds; /* start of the process to its end */
    double peak_mb; /* most resident memory, 10^6 bytes */
    int status;     /* of its exit; -1: it could not start or was ended by a signal */
    char *output;   /* owned; its standard output as a string, "" when that went to a file */
};

/* Runs argv (found in PATH) in dir. to: a file that takes its standard output, NULL: output. */
void run(struct run *r, const char *const *argv, const char *dir, const char *to);
void run_fini(struct run *r);

double run_now_s(void);

#endif

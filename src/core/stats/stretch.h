/* stats/stretch.h
 * One stretch on its way to figures; for the files of this folder. */
#ifndef PERFSCALE_STATS_STRETCH_H
#define PERFSCALE_STATS_STRETCH_H

#include "stats/figures.h"

struct making {
    const struct stats *s;
    struct summary *out;    /* series is made already */
    int64_t start_ms;       /* what times count from */
    int64_t from_ms, to_ms; /* within the run */
    int64_t end_ms;         /* of its requests: to_ms, or one more where it ends with the run */
    int64_t wanted_from_ms, wanted_to_ms; /* as asked for: may lie outside the run */
    struct stretch *x;
    size_t windows;    /* that are wanted of it */
    figures *endpoint; /* of each name, in it; NULL: not wanted */
    double error;      /* of its percentiles, relative */
};

/* Where one of n equal parts of it begins; part n: end_ms. */
int64_t making_cut(const struct making *m, size_t part, size_t n);

/* Fills x, windows and endpoints: from the log; from classes. wanted: it was known from the start,
 * so that it has classes of its own. */
void stretch_of_log(struct making *m);
void stretch_of_classes(struct making *m, bool wanted);

/* The windows alone, for steady_estimate(): a series that the caller frees. */
struct series windows_of_log(const struct making *m);
struct series windows_of_classes(const struct making *m);

/* A window with all but its percentiles. */
struct point window_point(const struct making *m, const struct counts *c, int64_t from_ms,
                          int64_t to_ms);

#endif

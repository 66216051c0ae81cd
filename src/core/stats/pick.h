/* stats/pick.h
 * Exact percentiles of groups of requests from the log, in a few passes and little memory: count in
 * classes, see which class holds a wanted value, take out only what lies in these classes. */
#ifndef PERFSCALE_STATS_PICK_H
#define PERFSCALE_STATS_PICK_H

#include <stddef.h>
#include <stdint.h>

#include "stats/counts.h"
#include "stats/log.h"
#include "stats/names.h"
#include "stats/percentile.h"

enum pick_by {
    PICK_ENDPOINTS, /* a group for each name, and one more for the run: those of kind */
    PICK_TIMES,     /* groups of length_ms from begin_ms on: those of kind */
};

struct pick {
    const struct log *log; /* all blocks closed */
    const struct names *names;
    enum pick_by by;
    enum kind kind;
    int64_t begin_ms;
    uint64_t length_ms;
    const struct counts *const *of; /* exact counts of each group, from this log */
    size_t groups;
    const struct want *want;
    size_t wants;
    const struct sample_rules *rules;
    double (*value)[ENDPOINT_METRICS]; /* of each group: set where wanted and there */
};

void pick_percentiles(const struct pick *p);

#endif

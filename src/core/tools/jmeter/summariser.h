/* tools/jmeter/summariser.h
 * Lines of JMeter's Summariser, as a console or jmeter.log shows them. */
#ifndef PERFSCALE_JMETER_SUMMARISER_H
#define PERFSCALE_JMETER_SUMMARISER_H

#include <stdbool.h>
#include <stddef.h>

#include "results/reader.h"

enum { SUMMARISER_NAME_BYTES = 64, SUMMARISERS_MAX = 8 };

/* --- summariser_line.c ----------------------------------------------------------------------- */

/* "summary =   1637 in  34.2s =   47.8/s Avg:    33 Min:    22 Max:   309 Err:     0 (0.00%)" and,
 * for an interval, "+" and " Active: 20 Started: 20 Finished: 0". */
struct summariser_line {
    char name[SUMMARISER_NAME_BYTES];
    bool interval; /* "+": since the last report; else "=": since the start */
    double requests, elapsed_s, rps, avg_ms, min_ms, max_ms, failed;
    double elapsed_step_s;  /* its last digit: 0.1 or 1 */
    double active, started; /* threads; NAN: not shown */
};

enum summariser_fit {
    SUMMARISER_NO,   /* another line */
    SUMMARISER_PART, /* the begin of such a line: more may follow, where a terminal cut it */
    SUMMARISER_OPEN, /* all figures are there, and more may follow: the threads of an interval */
    SUMMARISER_WHOLE,
};

enum summariser_fit summariser_read(const char *s, size_t len, struct summariser_line *out);

/* --- summariser_run.c ------------------------------------------------------------------------ */

/* What one summariser says of one run. */
struct summariser_block {
    char name[SUMMARISER_NAME_BYTES];
    struct summariser_line total; /* the last; requests NAN before the first */
    long line;
    char quote[QUOTE_MAX_BYTES];
    double active, started; /* most threads; NAN unknown */
    bool finished;          /* none is active any more */
    double at_s;            /* the end of the last interval */
    struct series series;   /* owned points; at_s from the start */
};

struct summariser_run {
    struct summariser_block block[SUMMARISERS_MAX];
    size_t blocks;
    int64_t start_ms, end_ms; /* 0 unknown */
    bool started, ended;      /* the lines of a console around it */
    bool log;                 /* out of jmeter.log, which says nothing of the end */
    char stopped[SCOPE_MAX_BYTES], generator[SCOPE_MAX_BYTES];
};

void summariser_run_fini(struct summariser_run *r); /* and empty again */

/* The line's total is below the one before: it belongs to another run. */
bool summariser_begins_anew(const struct summariser_run *r, const struct summariser_line *l);
/* text: all of the line. */
void summariser_take(struct summariser_run *r, const struct summariser_line *l, const char *text,
                     long line);
/* The summariser that counted most: others stand in parts of the plan. NULL: none has a total. */
const struct summariser_block *summariser_main(const struct summariser_run *r);
/* Its figures, and the intervals as points. */
void summariser_say(const struct summariser_run *r, const struct sink *out);

#endif

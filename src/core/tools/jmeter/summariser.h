/* tools/jmeter/summariser.h
 * Lines of JMeter's Summariser, as a console or jmeter.log shows them. */
#ifndef PERFSCALE_JMETER_SUMMARISER_H
#define PERFSCALE_JMETER_SUMMARISER_H

#include <stdbool.h>
#include <stddef.h>

enum { SUMMARISER_NAME_BYTES = 64 };

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

#endif

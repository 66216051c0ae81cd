/* watch/alarm.h
 * A run that goes on, against its limits: how each figure stands, and the log of what happened. A
 * figure turns only when two intervals of the same length say the same (an interval is what the
 * column "now" shows, STREAM_NOW_S or the tool's own), so that one odd interval moves nothing. */
#ifndef PERFSCALE_WATCH_ALARM_H
#define PERFSCALE_WATCH_ALARM_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/finding.h"
#include "watch/stream.h"

enum watch_metric {
    WATCH_P95,
    WATCH_ERRORS,
    WATCH_RATE,
    WATCH_VUS,
    WATCH_CPU,    /* of the load generator */
    WATCH_MEMORY, /* of the system under test */
    WATCH_METRICS,
};

/* NAN: there is none. */
struct watch_limits {
    double p95_ms;
    double error_rate;    /* share */
    double rate_share;    /* of the offered rate that must be reached: 0.95 */
    double vus_most;      /* VUs there are: all in use is the load generator's limit */
    double generator_cpu; /* share of all cores */
    double memory_mb;
    double near; /* share of a limit from which on it is near: 0.9 */
};

enum level { LEVEL_UNKNOWN, LEVEL_OK, LEVEL_NEAR, LEVEL_OVER };

/* One figure in each window; NAN: not known. */
struct watch_row {
    double now, minute, total, stretch;
    double limit;         /* of now; the rate's follows the offered rate */
    enum level now_level; /* after two intervals */
    enum level
        stretch_level; /* of what the verdict will use; turns at once, it is a mean of much */
};

/* What happened. */
struct watch_event {
    int64_t at_ms; /* since 1970, by the clock of the data, else ours */
    enum finding_level level;
    char text[200]; /* "p95 over its limit of 500 ms since 14:02:10, step 4" */
};

enum { EVENTS_MAX = 200 }; /* older ones are dropped, and counted */

struct alarms {
    struct watch_limits limits;
    struct watch_row row[WATCH_METRICS];
    struct watch_event *event; /* owned; oldest first */
    size_t events, dropped;
    struct alarm_state *state; /* owned; what this file keeps of each figure */
};

void alarms_init(struct alarms *a, const struct watch_limits *limits);
void alarms_fini(struct alarms *a);

/* The run as it stands at a moment. */
struct watch_moment {
    const struct stream_view *view;
    const struct window *stretch; /* that the verdict will use, so far; NULL: none now */
    double offered_rps;           /* now, by the profile; NAN unknown */
    double offered_mean_rps;      /* over now's seconds; NAN unknown */
    double stretch_rps;           /* offered in the stretch; NAN */
    double generator_cpu[4];      /* now, minute, total, stretch */
    double memory_mb;             /* now */
    bool ramp;         /* now's seconds lie in a ramp at least in part: the rate is not held
                          against the offered one there, nor are limits broken in it more
                          than a warning */
    const char *stage; /* "step 4"; "" unknown */
    int64_t now_ms;    /* our clock, for the log when the data has none */
};

/* Called once a second; takes an interval when a new one is complete. */
void alarms_look(struct alarms *a, const struct watch_moment *m);

/* Says something of its own: "The file was replaced. Reading it from the start." The same text
 * again within a minute is not said twice. */
void alarms_say(struct alarms *a, int64_t at_ms, enum finding_level level, const char *fmt, ...)
    __attribute__((format(printf, 4, 5)));

#endif

/* watch/watch.h
 * A run that somebody else started, followed while it goes on: growing files, live interfaces over
 * HTTP, the memory of the system under test, and the CPU of this machine. It only reads. One
 * descriptor is readable when there is something to do; watch_turn() does it in small pieces, so
 * that a key is never kept waiting, and says once a second what has changed.
 *
 * The figures here are for looking at. The verdict is made from the files afterwards. */
#ifndef PERFSCALE_WATCH_WATCH_H
#define PERFSCALE_WATCH_WATCH_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"
#include "load/profile.h"
#include "results/summary.h"
#include "watch/alarm.h"
#include "watch/stream.h"

enum { WATCH_SOURCES_MAX = 64 };

enum watch_state {
    WATCH_WAITING, /* nothing came yet */
    WATCH_LIVE,
    WATCH_STALLED, /* nothing new for a while; the source is there */
    WATCH_LOST,    /* the source cannot be reached */
    WATCH_ENDED,
};
const char *watch_state_name(enum watch_state s); /* "waiting", "live", ... */

/* What a source is for. */
enum watch_role {
    WATCH_FIGURES, /* requests of the run */
    WATCH_SERVER,  /* memory and CPU of the system under test */
    WATCH_END,     /* a file that appears when the run is over */
};

struct watch_source {
    char name[256]; /* as the user knows it: a file name, an address without its query */
    char what[48];  /* "k6-csv", "k6 REST API"; "" not known yet */
    enum watch_role role;
    enum watch_state state;
    double age_s;    /* since it brought something new; NAN: nothing came */
    char words[200]; /* what is wrong and what is done: "no answer for 10 s, trying again"; "" */
};

/* The steady part that the verdict will use, or the step that goes on. */
struct watch_stretch {
    char name[32]; /* "hold", "step 4"; "" none now */
    double from_s, to_s;
    struct window is;
};

struct watch_view {
    enum watch_state state; /* of the run */
    int64_t start_ms;       /* 0 unknown */
    double elapsed_s;       /* NAN before the first data */
    double length_s;        /* as planned; NAN unknown */
    char stage[24];         /* of the profile: "ramp", "hold", "step 4 ramp"; "" unknown */
    double offered_rps;     /* NAN unknown */
    struct stream_view run;
    struct watch_stretch stretch;
    struct watch_row row[WATCH_METRICS];
    const struct watch_event *event; /* oldest first */
    size_t events, events_dropped;
    const struct series *series; /* over time */
    const struct trace *memory;  /* of the system under test */
    size_t memories;
    const struct watch_source *source;
    size_t sources;
    char end_words[160]; /* why it counts as over: "k6 closed its file at 14:24:03"; "" */
    bool catching_up;    /* what was written before is being read; left_bytes of it */
    uint64_t left_bytes;
    bool replay, paused;
    double speed; /* of a replay */
};

struct watch_options {
    const struct profile *profile;        /* copied; NULL: not known */
    const struct stretch_wanted *stretch; /* the parts that the verdict will use; copied */
    size_t stretches;
    struct watch_limits limits;
    const char *format; /* copied; of the files, when detection is wrong; NULL */
    bool from_now;      /* what the files hold already is passed over */
    double idle_s;      /* without anything new for so long it counts as stalled; 30 */
    double over_s; /* and for so long as over: idle_s without a screen; on a screen longer while
                      the planned end is to come */
    bool replay;   /* the file is played at its own pace times speed, as if it were written now */
    double speed;  /* 1 .. 3600 */
    bool here;     /* the load generator is this machine: its CPU is told */
    const char *query; /* copied; for Prometheus; NULL: the memory of processes */
};
void watch_options_init(struct watch_options *o);

struct watch;

/* NULL with ERR_IO when the system has no descriptors left. */
struct watch *watch_new(const struct watch_options *o, struct err *e);
void watch_free(struct watch *w); /* NULL is fine */

/* A file (need not be there) or an address:
 *   http://HOST:PORT[/base]      k6 REST, Locust's web interface or Prometheus: it is found out
 *   .../metrics                  a page in exposition format: memory and CPU of the process
 *   .../api/v1/query[_range]?query=...   Prometheus with a query of the user's
 * role: WATCH_FIGURES or WATCH_END; an address that tells of a server becomes WATCH_SERVER by
 * itself. ERR_USAGE for what is neither, ERR_REFUSED for a login that cannot be used. */
bool watch_add(struct watch *w, const char *source, enum watch_role role, struct err *e);

/* Is one of these sources a file, or an address of this machine? Then the load generator may be
 * this machine (watch_options.here). */
bool watch_any_is_here(const char *const *source, size_t n);

/* Readable when watch_turn() has something to do. */
int watch_fd(const struct watch *w);

/* Does what there is to do, a few milliseconds of it at most. day_ms and steady_ms: the two clocks.
 * true: the view has changed, at most once a second (at once for the first data and for the end).
 */
bool watch_turn(struct watch *w, int64_t day_ms, int64_t steady_ms);

const struct watch_view *watch_look(const struct watch *w); /* valid until the next turn */

/* Names of the files with figures that are there now, in the order of adding, for the reading that
 * gives the verdict; those that hold what others hold too (a rewritten table) as well. Returns how
 * many. */
size_t watch_files(const struct watch *w, const char *out[WATCH_SOURCES_MAX]);

/* What live interfaces told, when there is no file: the tool's last answer. *out is initialised by
 * it. false: nothing was told. */
bool watch_summary(const struct watch *w, struct summary *out);

/* What was seen beside the requests: memory of the system under test, CPU of the generator in each
 * stretch that was watched from its begin to its end. To be called after the run was read. */
void watch_add_seen(const struct watch *w, struct summary *run);

/* --- for the user's keys --- */
void watch_end_now(struct watch *w);                 /* the user says that it is over */
void watch_set_speed(struct watch *w, double speed); /* of a replay */
void watch_pause(struct watch *w, bool paused);      /* of a replay */

#endif

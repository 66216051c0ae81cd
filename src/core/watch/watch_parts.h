/* watch/watch_parts.h
 * Shared by the files of the watch itself: its sources and its turns (watch.c), what is read in a
 * turn (watch_read.c), what it shows (watch_view.c), when it is over (watch_end.c), the CPU beside
 * it (watch_cpu.c) and what stays of it (watch_seen.c). */
#ifndef PERFSCALE_WATCH_WATCH_PARTS_H
#define PERFSCALE_WATCH_WATCH_PARTS_H

#include "host/cpu.h"
#include "watch/parts.h"

/* --- how busy this machine was --- */

enum { CPU_KEPT = 64 };

struct cpu_mark {
    int64_t day_ms; /* 0: none */
    struct cpu_sample is;
};

struct cpu_log {
    struct cpu_mark kept[CPU_KEPT]; /* one a second, a ring */
    size_t n, next;
    struct cpu_mark first; /* of the run */
    struct cpu_mark begin[STRETCHES_MAX], end[STRETCHES_MAX];
};

/* --- the watch --- */

struct watched {
    enum watch_role role;
    struct file_source *file; /* owned; one of the two */
    struct web_source *web;   /* owned */
};

struct watch {
    struct profile *profile;        /* owned; NULL */
    struct stretch_wanted *stretch; /* owned */
    size_t stretches;
    char *format, *query; /* owned; NULL */
    bool from_now, replay, here;
    double idle_s, over_s, speed;

    int poll, timer;   /* -1 */
    struct http *http; /* NULL before there is an address */
    struct stream *stream;
    struct alarms alarms;
    struct watched source[WATCH_SOURCES_MAX];
    size_t sources;
    struct cpu_log cpu;

    struct moment_now now, begun; /* begun: of the first turn */
    bool turned;                  /* there was a turn */
    int64_t resumed_ms;           /* steady clock; since when it was not kept from turning */
    int64_t look_due_ms;          /* steady clock */

    /* What is behind by more than a look is read in steps of the data's own time. */
    bool caught_up;
    int64_t step_ms;   /* up to here; INT64_MIN: the first time in the data is not known */
    int64_t origin_ms; /* of a replay: the first time in the data */
    double played_ms;  /* of a replay: from there */
    bool paused;

    bool end_asked, announced, dirty;
    int64_t stalled_since_ms; /* steady clock: the last news before it stalled */
    uint64_t shown;           /* what the view held when it was told last */

    struct watch_view view;
    struct watch_source look[WATCH_SOURCES_MAX];
    struct trace memory[TRACES_MAX]; /* moments are borrowed */
};

/* --- watch_read.c --- */

/* Reads a few milliseconds long. true: there is more to read at once. */
bool watch_read(struct watch *w);

/* --- watch_view.c --- */

/* Fills the view and lets the alarms look. */
void watch_see(struct watch *w);
/* The alarms alone, at a moment of the past: while older data is read. */
void watch_pass_by(struct watch *w);
/* A number that differs when the view does. */
uint64_t watch_sum(const struct watch *w);

/* --- watch_end.c --- */

/* Sets the state of the run, says when it turned, and finishes it when it is over. */
void watch_judge(struct watch *w);
/* When the newest of the figures came, steady clock; INT64_MIN: none came. */
int64_t watch_fresh_ms(const struct watch *w);

/* --- watch_cpu.c --- */

void cpu_take(struct watch *w);
/* now, minute, total, the stretch (index, stretches: none); NAN: not known. */
void cpu_look(const struct watch *w, size_t stretch, double out[4]);
double cpu_of_stretch(const struct watch *w, size_t i);

#endif

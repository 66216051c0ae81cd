/* watch/stream_state.h
 * What a struct stream holds; for its files. Times that requests are placed by are whole seconds
 * since 1970. */
#ifndef PERFSCALE_WATCH_STREAM_STATE_H
#define PERFSCALE_WATCH_STREAM_STATE_H

#include "stats/counts.h"
#include "watch/stream.h"
#include "watch/stream_clock.h"
#include "watch/stream_hist.h"
#include "watch/stream_pieces.h"

enum {
    TOTAL_BITS = 12,
    STRETCH_BITS = 10,
    SECOND_BITS = 6,
    SECONDS_MAX = RECENT_MAX, /* a power of two, above STREAM_MINUTE_S + STREAM_LAG_S */
    NEED_SAMPLES = 16,
    NEED_POINTS = 3,
    LAG_S = 10,   /* a source that is further behind the others is not waited for */
    STALE_S = 30, /* nor are its VUs in use any more */
};

/* Where figures come from; a higher one is believed first. */
enum from { FROM_NOTHING, FROM_TOTALS, FROM_POINTS, FROM_SAMPLES };

/* --- requests (stream_seconds.c) --- */

struct one_second {
    struct counts counts;
    struct hist hist;
    double told_requests, told_failed, dropped; /* of tallies */
    double vus;                                 /* most told; NAN none */
    double vus_before;                          /* in use when it began */
    uint64_t p95_of;                            /* p95_ms is of so many requests */
    double p95_ms;
};

struct seconds {
    struct one_second at[SECONDS_MAX]; /* by number modulo SECONDS_MAX */
    int64_t first, newest;             /* those that it holds; first > newest: none */
    struct pieces older;
    struct hist together; /* of several of them, while one looks */
};

/* What tallies add up to. */
struct told {
    bool seen;
    double sum;
};

struct requests {
    struct sample_rules rules;
    struct stream_clock clock;
    struct seconds *seconds; /* owned; what is kept of a second's p95 changes when one looks */
    int64_t start_ms;        /* earliest start of a request; INT64_MAX: none yet */
    int64_t first_ms;        /* of anything with a time */
    bool plain;              /* there are requests: transactions do not count */
    bool fraction;           /* a moment was no whole second */
    struct counts counts;
    struct hist hist;
    struct told told[METRICS];
    double vus, vus_most; /* of all ports together; NAN not told */
    double late;
};

/* --- a stretch (stream_stretch.c) --- */

struct stretch_part {
    struct stretch_wanted is;
    struct counts counts; /* of requests */
    struct hist hist;     /* n NULL until there is one */
    double failed, dropped, vus;
    struct point told[FROM_SAMPLES]; /* points and totals whose middle lies in it */
    int tellers[FROM_SAMPLES];       /* how many of them */
};

/* Which stretches hold a moment, remembered: the next moments are near it. */
struct part_list {
    int64_t from_ms, to_ms; /* true for moments in [from_ms, to_ms) */
    size_t n;
    uint8_t item[STRETCHES_MAX];
};

/* --- a source --- */

struct port {
    struct stream *stream;
    int index;
    int64_t latest_ms; /* of its requests and tallies; INT64_MIN none */
    double vus, vus_allocated;
    int64_t vus_at_ms;
    /* points */
    struct point told; /* all of its points together; length 0: none */
    double point_vus;
    double so_far[METRICS];
    /* totals */
    bool any;
    struct live_figures figures;
    int64_t from_ms, at_ms; /* start of its run, INT64_MIN unknown; the last poll */
    int64_t grew_ms;        /* the last poll with more requests than before */
    double vus_most;
};

struct stream {
    enum from from;
    struct requests requests;
    struct stream_clock clock[FROM_SAMPLES]; /* of points and totals */
    struct recent recent[FROM_SAMPLES];
    int64_t start_ms[FROM_SAMPLES];
    double refused; /* requests of points whose time was past */
    uint64_t restarts;
    size_t parts;
    struct stretch_part *part; /* owned */
    struct part_list list;
    int ports; /* those in use are below it */
    struct port port[STREAM_PORTS_MAX];
    struct series *shown; /* owned; made when one looks */
};

/* --- stream.c --- */
struct port *stream_port(struct stream *s, int port);
void stream_rises(struct stream *s, enum from from);
/* Of the source that counts; INT64_MIN: nothing came. */
int64_t stream_start_ms(const struct stream *s);
int64_t stream_latest_ms(const struct stream *s);

/* --- stream_requests.c: doors --- */
void requests_init(struct requests *r);
void requests_fini(struct requests *r);
void requests_use(struct requests *r, const struct sample_rules *rules);
void requests_sample(void *self, const struct sample *x);
void requests_tally(void *self, const struct tally *t);
void requests_bulk(void *self, const char *endpoint, size_t len, uint64_t value, uint64_t count,
                   enum outcome outcome);

/* --- stream_seconds.c --- */
struct seconds *seconds_new(void);
void seconds_free(struct seconds *x);
void seconds_clear(struct seconds *x);
void seconds_forget_requests(struct seconds *x);
/* Holds second `number` from now on as its newest. */
void seconds_reach(struct requests *r, int64_t number);
static inline struct one_second *seconds_at(struct seconds *x, int64_t number) {
    return number >= x->first && number <= x->newest ? &x->at[number & (SECONDS_MAX - 1)] : NULL;
}
/* One that it holds. */
struct point second_point(const struct requests *r, int64_t number);
/* Seconds [from, to) as one point. */
struct point seconds_point(const struct requests *r, int64_t from, int64_t to);
/* The first second that is not complete yet. */
int64_t seconds_complete(const struct stream *s);
/* What of these counts stands for requests and failures: tallies where there are some. */
double requests_all(const struct requests *r, const struct counts *c, double told);
double requests_failed(const struct requests *r, const struct counts *c, double told);
double requests_dropped(const struct requests *r, double dropped);
double requests_mean_ms(const struct requests *r, const struct counts *c);

/* --- stream_stretch.c --- */
void parts_forget_requests(struct stream *s);
void parts_forget_points(struct stream *s, enum from from);
void parts_moved(struct stream *s); /* the start of the run is another one */
const struct part_list *parts_find(struct stream *s, int64_t at_ms);
static inline const struct part_list *parts_at(struct stream *s, int64_t at_ms) {
    const struct part_list *l = &s->list;
    return at_ms >= l->from_ms && at_ms < l->to_ms ? l : parts_find(s, at_ms);
}
void parts_add_point(struct stream *s, enum from from, const struct point *x);

/* --- stream_points.c --- */
void points_take(void *self, const struct point *p);
void points_so_far(void *self, enum metric m, double value);
/* Places a point of from; false: its time is past. */
bool points_place(struct stream *s, enum from from, int port, const struct point *p);

/* Forgets what points of from brought. */
void points_clear(struct stream *s, enum from from);

/* --- stream_look.c --- */
struct window window_none(void);
/* start_ms: what from_s and to_s count from. */
void window_of_point(struct window *w, const struct point *p, int64_t start_ms);

/* --- stream_total.c: since the start --- */
struct since_start {
    double value[METRICS]; /* NAN: nobody told */
};
/* all: the percentiles other than p95, too. */
void total_look(const struct stream *s, bool all, struct since_start *out);

#endif

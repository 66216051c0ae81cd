/* stats/state.h
 * What a struct stats holds; for the files of this folder. Up to STATS_EXACT_REQUESTS every request
 * is in the log (exact). Past that the log is counted into classes, and its open block is only a
 * buffer that is counted whenever it is full. */
#ifndef PERFSCALE_STATS_STATE_H
#define PERFSCALE_STATS_STATE_H

#include "stats/classes.h"
#include "stats/log.h"
#include "stats/names.h"
#include "stats/stats.h"
#include "stats/timeline.h"

enum {
    RUN_BITS = 16,
    POINT_BITS = 6,
    POINTS_PAST_EXACT = POINTS_MAX / 2, /* so that each has room for its classes */
    /* Bytes of classes in one part: finest for the run itself. */
    RUN_BYTES = 7 * 1024 * 1024 / 2,
    PIECE_BYTES = 2 * 1024 * 1024,
    ENDPOINT_BYTES = 3 * 1024 * 1024 / 2,
    POINT_BYTES = 2 * 1024 * 1024,
};

enum { TALLY_SCALE = 1000000 };

__extension__ typedef __int128 tally_total;

/* What tallies of one metric add up to, in millionths, so that their order never shows. */
struct tallied {
    bool seen;
    tally_total sum;
    uint64_t count;
    double least, most;
};

/* First start and last end. */
struct span {
    int64_t first_ms, last_ms; /* INT64_MAX, INT64_MIN: nothing yet */
};

/* Requests of a block that are alike but for their moment are counted before they go on: most
 * blocks hold few different times and endpoints. A place is a word of the log with a count where
 * the moment was. */
enum { ALIKE_PLACES = 2048 };
#define ALIKE_TIMES_MASK ((uint64_t)(LOG_WINDOW_MS - 1) << LOG_AFTER_BIT)

/* Neighbouring values have neighbouring places: whole milliseconds do not get into each other's
 * way. */
static inline size_t alike_place(uint64_t word) {
    return ((word >> 32) + (word >> LOG_ENDPOINT_BIT) * 677) % ALIKE_PLACES;
}

/* What is gathered of the second that goes on, before it goes to the timeline. */
struct ongoing {
    int64_t begin_ms;
    uint64_t length_ms; /* 0: none */
    uint64_t n[KINDS][OUTCOMES], sum[KINDS][OUTCOMES];
    uint64_t most[KINDS], not_least[KINDS];
    int64_t first_start_ms[KINDS], last_end_ms[KINDS];
    uint32_t vus_least, vus_range; /* these are in the timeline already */
};

/* Classes of one second, gathered before they go on. */
enum { POINT_CLASSES = 64 << POINT_BITS };
struct gathered {
    uint32_t n[POINT_CLASSES];
    uint16_t seen[POINT_CLASSES]; /* which of them are not 0 */
    size_t seen_n;
};

/* One piece of time between two ends of wanted stretches. */
struct atom {
    int64_t from_ms;
    struct counts of[KINDS];
};
enum { ATOMS_MAX = 2 * STRETCHES_MAX + 1 };

struct stats {
    struct sample_rules rules;
    int64_t origin_ms;
    const struct stretch_wanted *stretch;
    size_t stretches;
    bool find_steps;
    double step_cut;
    size_t words_max; /* of the log while it is filled: a thirty-second above this part's share */

    struct log log;
    uint64_t window_ms; /* requests that end so long after log.base_ms need no new base */
    struct names names;
    unsigned last_name;
    struct timeline time;

    bool exact;
    bool only_classes;                             /* what is put away was counted before */
    struct classes run, pieces, endpoints, points; /* when not exact */
    int points_halvings;                           /* of the timeline when points were counted */
    uint64_t alike[ALIKE_PLACES];
    struct ongoing now;
    struct gathered gathered[KINDS];
    struct atom atom[ATOMS_MAX];
    size_t atoms;

    struct tallied tally[METRICS];
    struct span all;                  /* of tallies */
    struct span requests[KINDS];      /* without those of the second that goes on */
    struct span block;                /* the seconds that the open block reaches into */
    uint64_t seen[KINDS];             /* requests so far; closed and open blocks */
    uint64_t bulk_seen;               /* those of them that came as a histogram */
    int64_t near_from_ms, near_to_ms; /* moments outside are far from the run */
    uint64_t far_seen;                /* requests outside */
    bool anchored;
    bool fraction;     /* a moment was no whole second */
    int64_t latest_ms; /* end of the last request, to see the clock go back */
    uint64_t jumps;
    bool several;                /* load machines: VUs of one second were added up */
    int32_t vus_least, vus_most; /* of samples and tallies; -1 unknown */
    int64_t vus_from_ms;         /* the second whose VUs were noted last, and these */
    uint32_t vus_last;
};

/* Puts away what the open block and the second that goes on hold; after it both are empty. */
void stats_close(struct stats *s);
/* The same while requests go on: the second stays open. */
void stats_close_block(struct stats *s);
/* Ends the second that goes on and begins the one that holds ms. */
void stats_next_moment(struct stats *s, int64_t ms);
/* Counts a request of 2^32 units or more, which has no place among those that are alike. */
void stats_count_large(struct stats *s, uint64_t value, unsigned endpoint, unsigned outcome);
/* Counts what is in a place, and empties it. */
void stats_flush_alike(struct stats *s, uint64_t *place);
void stats_count_atom(struct stats *s, int64_t end_ms, uint64_t value, unsigned kind,
                      unsigned outcome);
void stats_span_widen(struct span *p, int64_t first_ms, int64_t last_ms);
/* Ends exact mode. */
void stats_leave_exact(struct stats *s);
/* Ends it when all parts together hold more than STATS_EXACT_REQUESTS. */
void stats_keep_to_limit(struct stats *s);
/* Takes every moment out of what was counted so far: it was not of this run. */
void stats_forget_times(struct stats *s);

/* word: log_word(). */
static inline void stats_note_alike(struct stats *s, uint64_t word) {
    uint64_t *place = &s->alike[alike_place(word)];
    if ((*place & ~ALIKE_TIMES_MASK) != word) {
        stats_flush_alike(s, place);
        *place = word;
    }
    *place += UINT64_C(1) << LOG_AFTER_BIT;
}

static inline void stats_gather_class(struct gathered *g, uint64_t value) {
    uint32_t class = class_of(value, POINT_BITS);
    if (g->n[class]++ == 0)
        g->seen[g->seen_n++] = (uint16_t) class;
}

/* The row in classes. */
static inline int64_t row_of_run(enum kind kind, unsigned outcome) {
    return (int64_t)kind * OUTCOMES + outcome;
}
static inline int64_t row_of_endpoint(unsigned name, unsigned outcome) {
    return (int64_t)name * OUTCOMES + outcome;
}
static inline int64_t row_of_piece(size_t atom, enum kind kind, unsigned outcome) {
    return ((int64_t)atom * KINDS + kind) * OUTCOMES + outcome;
}
static inline int64_t row_of_point(int64_t number, enum kind kind) { return number * KINDS + kind; }

/* Requests with a moment within the run. */
static inline uint64_t stats_near(const struct stats *s) {
    return s->seen[KIND_PLAIN] + s->seen[KIND_TRANSACTION] - s->bulk_seen - s->far_seen;
}
/* First start and last end of requests. */
struct span stats_requests_span(const struct stats *s, enum kind kind);

/* The kind that makes the figures of the run: transactions only when there is nothing else. */
static inline enum kind stats_kind(const struct stats *s) {
    return s->seen[KIND_PLAIN] ? KIND_PLAIN : KIND_TRANSACTION;
}

#endif

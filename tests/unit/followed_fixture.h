/* A run that goes on, as a reader tells it before its source has ended: fed in small pieces, never
 * finished. */
#ifndef PERFSCALE_TESTS_FOLLOWED_FIXTURE_H
#define PERFSCALE_TESTS_FOLLOWED_FIXTURE_H

#include <math.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "results/reader.h"

enum { FOLLOWED_POINTS_MAX = 1000 };

struct followed {
    const struct reader *reader;
    void *self;
    double so_far[METRICS]; /* NAN: not told */
    size_t told;            /* how many rows told something so far */
    struct point point[FOLLOWED_POINTS_MAX];
    size_t points, samples, failed;
    double sum[METRICS]; /* of tallies */
    double vus;          /* of the last sample or tally */
};

static inline void followed_so_far(void *self, enum metric m, double value) {
    struct followed *f = self;
    assert_true(isfinite(value));
    f->so_far[m] = value;
    f->told += m == METRIC_REQUESTS;
}

static inline void followed_point(void *self, const struct point *p) {
    struct followed *f = self;
    assert_true(f->points < FOLLOWED_POINTS_MAX);
    f->point[f->points++] = *p;
}

static inline void followed_sample(void *self, const struct sample *s) {
    struct followed *f = self;
    f->samples++;
    f->failed += s->outcome == OUTCOME_FAILED;
    f->vus = s->vus ? s->vus : f->vus;
}

static inline void followed_tally(void *self, const struct tally *t) {
    struct followed *f = self;
    f->sum[t->metric] += t->sum;
    f->vus = t->metric == METRIC_VUS_MAX ? t->most : f->vus;
}

static inline struct followed *follow(const struct reader *r) {
    struct followed *f = calloc(1, sizeof *f);
    const struct sink out = {.self = f,
                             .point = followed_point,
                             .sample = followed_sample,
                             .tally = followed_tally,
                             .so_far = followed_so_far};
    for (int m = 0; m < METRICS; m++)
        f->so_far[m] = NAN;
    f->reader = r;
    f->vus = NAN;
    f->self = r->open(&out);
    return f;
}

/* In pieces of step bytes, each from a copy of its size. */
static inline void follow_feed(struct followed *f, const char *bytes, size_t len, size_t step) {
    for (size_t at = 0; at < len;) {
        struct err e = {0};
        size_t n = step < len - at ? step : len - at;
        char *piece = malloc(n);
        memcpy(piece, bytes + at, n);
        if (!f->reader->feed(f->self, piece, n, &e))
            fail_msg("%s: %s", f->reader->name, e.text);
        free(piece);
        at += n;
    }
}

static inline void follow_end(struct followed *f) {
    f->reader->close(f->self);
    free(f);
}

#endif

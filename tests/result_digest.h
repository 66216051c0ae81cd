/* Everything that a reader says, in a form that can be compared: the words in their order as one
 * hash, tallies added up, because a reader may gather a piece before it tells. */
#ifndef PERFSCALE_TESTS_RESULT_DIGEST_H
#define PERFSCALE_TESTS_RESULT_DIGEST_H

#include <math.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "results/reader.h"

struct digest {
    uint64_t samples, others; /* hashes, each in its order */
    uint64_t sample_count, word_count;
    char endpoint[SCOPE_MAX_BYTES]; /* the last one said */
    size_t endpoint_len;
    double sum[METRICS], least[METRICS], most[METRICS];
    uint64_t count[METRICS];
    bool odd; /* a reader said what it must not say */
};

static inline void digest_bytes(uint64_t *hash, const void *bytes, size_t len) {
    const unsigned char *s = bytes;
    for (size_t i = 0; i < len; i++)
        *hash = (*hash ^ s[i]) * 1099511628211u;
    *hash = (*hash ^ len) * 1099511628211u;
}

static inline void digest_text(uint64_t *hash, const char *text) {
    digest_bytes(hash, text ? text : "\1", text ? strlen(text) : 1);
}

static inline void digest_number(uint64_t *hash, double v) {
    if (isnan(v))
        v = -12345.678; /* all NANs alike */
    digest_bytes(hash, &v, sizeof v);
}

static inline void digest_word(void *self, const struct word *w) {
    struct digest *d = self;
    int kind[] = {(int)w->door, (int)w->metric, (int)w->ok};
    digest_bytes(&d->others, kind, sizeof kind);
    digest_text(&d->others, w->scope);
    digest_text(&d->others, w->text);
    digest_number(&d->others, w->figure.value);
    digest_number(&d->others, w->figure.low);
    digest_number(&d->others, w->figure.high);
    digest_bytes(&d->others, &w->figure.line, sizeof w->figure.line);
    digest_text(&d->others, w->figure.quote);
    d->odd |= w->door == DOOR_VALUE &&
              !(w->figure.low <= w->figure.value && w->figure.value <= w->figure.high);
    d->word_count++;
}

static inline void digest_sample(void *self, const struct sample *s) {
    struct digest *d = self;
    if (s->endpoint) {
        d->endpoint_len =
            s->endpoint_len < sizeof d->endpoint ? s->endpoint_len : sizeof d->endpoint;
        memcpy(d->endpoint, s->endpoint, d->endpoint_len);
    }
    digest_bytes(&d->samples, d->endpoint, d->endpoint_len);
    int64_t figures[] = {s->start_ms,         s->end_ms,      (int64_t)s->time,
                         (int64_t)s->outcome, s->transaction, (int64_t)s->vus};
    digest_bytes(&d->samples, figures, sizeof figures);
    d->odd |= s->end_ms < s->start_ms;
    d->sample_count++;
}

static inline void digest_bulk(void *self, const char *endpoint, size_t len, uint64_t value,
                               uint64_t count, enum outcome outcome) {
    struct digest *d = self;
    uint64_t figures[] = {value, count, (uint64_t)outcome};
    digest_bytes(&d->samples, endpoint, len);
    digest_bytes(&d->samples, figures, sizeof figures);
    d->sample_count++;
}

static inline void digest_tally(void *self, const struct tally *t) {
    struct digest *d = self;
    int m = (int)t->metric;
    if (m < 0 || m >= METRICS || isnan(t->sum)) {
        d->odd = true;
        return;
    }
    d->least[m] = d->count[m] ? fmin(d->least[m], t->least) : t->least;
    d->most[m] = d->count[m] ? fmax(d->most[m], t->most) : t->most;
    d->sum[m] += t->sum;
    d->count[m] += t->count;
}

static inline void digest_point(void *self, const struct point *p) {
    struct digest *d = self;
    const double figures[] = {p->at_s,   p->length_s, p->requests, p->failed, p->avg_ms,
                              p->med_ms, p->p95_ms,   p->max_ms,   p->vus,    p->dropped,
                              p->load};
    for (size_t i = 0; i < sizeof figures / sizeof *figures; i++)
        digest_number(&d->others, figures[i]);
    d->odd |= isnan(p->at_s) || isnan(p->length_s) || p->requests < 0;
    d->word_count++;
}

static inline void digest_stretch(void *self, const struct stretch *x) {
    struct digest *d = self;
    const double figures[] = {x->from_s,  x->to_s, x->window_s,     x->vus,
                              x->dropped, x->load, x->generator_cpu};
    digest_text(&d->others, x->name);
    for (size_t i = 0; i < sizeof figures / sizeof *figures; i++)
        digest_number(&d->others, figures[i]);
    for (int m = 0; m < ENDPOINT_METRICS; m++)
        digest_number(&d->others, x->value[m]);
    d->odd |= !x->name[0] || x->window_s <= 0;
    d->word_count++;
}

static inline void digest_moment(void *self, const char *name, double t_s, double value) {
    struct digest *d = self;
    digest_text(&d->others, name);
    digest_number(&d->others, t_s);
    digest_number(&d->others, value);
    d->odd |= !name[0] || !isfinite(t_s) || !isfinite(value);
    d->word_count++;
}

static inline void digest_remark(void *self, enum finding_level level, const char *kind, long line,
                                 const char *text) {
    struct digest *d = self;
    (void)level;
    digest_text(&d->others, kind);
    digest_bytes(&d->others, &line, sizeof line);
    digest_text(&d->others, text);
    d->odd |= !kind[0] || !text[0];
    d->word_count++;
}

static inline bool digest_near(double a, double b) {
    return a == b || fabs(a - b) <= 1e-9 * fmax(fabs(a), fabs(b));
}

static inline bool digest_same(const struct digest *a, const struct digest *b) {
    for (int m = 0; m < METRICS; m++)
        if (a->count[m] != b->count[m] || !digest_near(a->sum[m], b->sum[m]) ||
            !digest_near(a->least[m], b->least[m]) || !digest_near(a->most[m], b->most[m]))
            return false;
    return a->samples == b->samples && a->others == b->others &&
           a->sample_count == b->sample_count && a->word_count == b->word_count;
}

/* Reads len bytes in pieces of step bytes (0: a first piece of cut bytes, then the rest), each from
 * a copy of exactly its size, so that a read past it is seen. */
static inline bool digest_read(const struct reader *r, const char *bytes, size_t len, size_t cut,
                               size_t step, struct digest *d, struct err *e) {
    const struct sink out = {.self = d,
                             .summary = digest_word,
                             .sample = digest_sample,
                             .bulk = digest_bulk,
                             .tally = digest_tally,
                             .point = digest_point,
                             .stretch = digest_stretch,
                             .moment = digest_moment,
                             .remark = digest_remark};
    *d = (struct digest){0};
    void *self = r->open(&out);
    bool ok = true;
    for (size_t at = 0; ok && at < len;) {
        size_t n = step ? step : at == 0 && cut ? cut : len - at;
        n = n < len - at ? n : len - at;
        char *piece = malloc(n);
        memcpy(piece, bytes + at, n);
        ok = r->feed(self, piece, n, e);
        free(piece);
        at += n;
    }
    ok = ok && r->finish(self, e);
    r->close(self);
    return ok;
}

#endif

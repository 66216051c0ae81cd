/* What a reader of JMeter's results says, as text that can be compared:
 *   list|1000|1035|35|ok|T|3     a sample: begin, end, time, outcome, T for a transaction, VUs
 *   requests 12 [12,12]          a figure of the whole run; of an endpoint with "name: " before
 *   received 400                 what tallies add up to
 *   ! half-line 7                a remark
 *   E list: 503 x 2              a kind of error
 *   stopped ... / format ... */
#ifndef PERFSCALE_TESTS_JMETER_FIXTURE_H
#define PERFSCALE_TESTS_JMETER_FIXTURE_H

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "results/reader.h"
#include "tools/jmeter/results.h"

#define COUNT(a) (sizeof(a) / sizeof *(a))

struct told {
    struct buf text;
    double sum[METRICS];
    uint64_t count[METRICS];
    size_t samples, points;
    struct point last_point;
    char endpoint[SCOPE_MAX_BYTES];
    struct err e;
    bool ok;
};

static inline void told_sample(void *self, const struct sample *s) {
    static const char *const outcomes[] = {"ok", "failed", "?"};
    struct told *t = self;
    if (s->endpoint)
        snprintf(t->endpoint, sizeof t->endpoint, "%.*s", (int)s->endpoint_len, s->endpoint);
    buf_printf(&t->text, "%s|%lld|%lld|%llu|%s|%s|%u\n", t->endpoint, (long long)s->start_ms,
               (long long)s->end_ms, (unsigned long long)s->time, outcomes[s->outcome],
               s->transaction ? "T" : "", s->vus);
    t->samples++;
}

static inline void told_tally(void *self, const struct tally *x) {
    struct told *t = self;
    t->sum[x->metric] += x->sum;
    t->count[x->metric] += x->count;
}

static inline void told_word(void *self, const struct word *w) {
    struct told *t = self;
    if (w->door == DOOR_VALUE)
        buf_printf(&t->text, "%s%s%s %.7g [%.7g,%.7g]\n", w->scope ? w->scope : "",
                   w->scope ? ": " : "", metric_name(w->metric), w->figure.value, w->figure.low,
                   w->figure.high);
    if (w->door == DOOR_ERROR)
        buf_printf(&t->text, "E %s x %g\n", w->text, w->figure.value);
    if (w->door == DOOR_STOPPED)
        buf_printf(&t->text, "stopped %s\n", w->text);
    if (w->door == DOOR_GENERATOR)
        buf_printf(&t->text, "generator %s\n", w->text);
    if (w->door == DOOR_FORMAT)
        buf_printf(&t->text, "format %s\n", w->text);
    if (w->door == DOOR_TOOL_VERSION)
        buf_printf(&t->text, "version %s\n", w->text);
    if (w->door == DOOR_BLOCKS)
        buf_printf(&t->text, "blocks %g\n", w->figure.value);
}

static inline void told_point(void *self, const struct point *p) {
    struct told *t = self;
    t->points++;
    t->last_point = *p;
}

static inline void told_remark(void *self, enum finding_level level, const char *kind, long line,
                               const char *text) {
    struct told *t = self;
    (void)level;
    assert_true(text[0]);
    buf_printf(&t->text, "! %s %ld\n", kind, line);
}

/* In pieces of step bytes, each a copy of exactly its size. */
static inline struct told told_bytes(const struct reader *r, const char *bytes, size_t len,
                                     size_t step) {
    struct told t = {0};
    buf_init(&t.text, 64 << 20);
    const struct sink out = {.self = &t,
                             .summary = told_word,
                             .sample = told_sample,
                             .tally = told_tally,
                             .point = told_point,
                             .remark = told_remark};
    void *self = r->open(&out);
    t.ok = true;
    for (size_t at = 0; t.ok && at < len; at += step) {
        size_t n = len - at < step ? len - at : step;
        char *piece = malloc(n);
        memcpy(piece, bytes + at, n);
        t.ok = r->feed(self, piece, n, &t.e);
        free(piece);
    }
    t.ok = t.ok && r->finish(self, &t.e);
    r->close(self);
    return t;
}

static inline struct told told(const struct reader *r, const char *text) {
    return told_bytes(r, text, strlen(text), 1 << 20);
}

static inline void told_fini(struct told *t) { buf_fini(&t->text); }

/* The whole answer to a text, for any size of pieces. */
static inline void expect(const struct reader *r, const char *why, const char *text,
                          const char *wanted) {
    static const size_t steps[] = {1, 7, 1 << 20};
    for (size_t i = 0; i < COUNT(steps); i++) {
        struct told t = told_bytes(r, text, strlen(text), steps[i]);
        if (!t.ok)
            fail_msg("%s: %s", why, t.e.text);
        if (strcmp(t.text.data, wanted) != 0)
            fail_msg("%s (pieces of %zu):\n%s--- wanted:\n%s", why, steps[i], t.text.data, wanted);
        told_fini(&t);
    }
}

static inline bool says(const struct told *t, const char *line) {
    return strstr(t->text.data, line) != NULL;
}

/* Fails with a sentence that holds these words. */
static inline void refused(const struct reader *r, const char *text, const char *words) {
    struct told t = told(r, text);
    if (t.ok || !strstr(t.e.text, words) || !t.e.fix[0])
        fail_msg("%.60s: \"%s\", not \"%s\"", text, t.ok ? "read" : t.e.text, words);
    told_fini(&t);
}

#endif

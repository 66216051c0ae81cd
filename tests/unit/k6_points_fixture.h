/* What a reader of single points says, gathered as a run: requests with their times, sums, words,
 * remarks, points over time. And the figures of a sample's expected.json beside it. */
#ifndef PERFSCALE_TESTS_K6_POINTS_FIXTURE_H
#define PERFSCALE_TESTS_K6_POINTS_FIXTURE_H

#include <dirent.h>
#include <math.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cjson/cJSON.h>

#include "feed/feed.h"
#include "result_digest.h"
#include "results/reader.h"

#define COUNT(a) (sizeof(a) / sizeof *(a))

enum { GOT_WORDS_MAX = 200, GOT_NAMES_MAX = 40, GOT_NAME_BYTES = 300 };

struct got {
    uint64_t *time; /* of each request; sorted by got_read() */
    size_t times, cap;
    uint64_t outcome[3];
    int64_t first_ms, last_ms, start_ms, end_ms; /* of all; of the last request */
    char endpoint[GOT_NAMES_MAX][GOT_NAME_BYTES], error[GOT_WORDS_MAX][GOT_NAME_BYTES];
    double errors_of[GOT_WORDS_MAX];
    char remark[GOT_WORDS_MAX][40];
    long remark_line[GOT_WORDS_MAX];
    size_t endpoints, errors, remarks, tallies;
    double sum[METRICS], most[METRICS];
    uint64_t count[METRICS];
    size_t points;
};

static inline void got_name(struct got *g, const struct sample *s) {
    char name[GOT_NAME_BYTES];
    if (!s->endpoint)
        return;
    assert_true(s->endpoint_len < SCOPE_MAX_BYTES);
    snprintf(name, sizeof name, "%.*s", (int)s->endpoint_len, s->endpoint);
    for (size_t i = 0; i < g->endpoints; i++)
        if (strcmp(g->endpoint[i], name) == 0)
            return;
    assert_true(g->endpoints < GOT_NAMES_MAX);
    snprintf(g->endpoint[g->endpoints++], GOT_NAME_BYTES, "%s", name);
}

static inline void got_sample(void *self, const struct sample *s) {
    struct got *g = self;
    if (g->times == g->cap) {
        g->cap = g->cap ? 2 * g->cap : 1024;
        g->time = realloc(g->time, g->cap * sizeof *g->time);
    }
    assert_true(g->times > 0 || s->endpoint);
    got_name(g, s);
    g->first_ms = g->times == 0 || s->start_ms < g->first_ms ? s->start_ms : g->first_ms;
    g->last_ms = g->times == 0 || s->end_ms > g->last_ms ? s->end_ms : g->last_ms;
    g->start_ms = s->start_ms;
    g->end_ms = s->end_ms;
    g->time[g->times++] = s->time;
    g->outcome[s->outcome]++;
}

static inline void got_tally(void *self, const struct tally *t) {
    struct got *g = self;
    g->sum[t->metric] += t->sum;
    g->most[t->metric] = g->count[t->metric] ? fmax(g->most[t->metric], t->most) : t->most;
    g->count[t->metric] += t->count;
    g->tallies++;
}

static inline void got_word(void *self, const struct word *w) {
    struct got *g = self;
    if (w->door != DOOR_ERROR)
        return;
    assert_true(g->errors < GOT_WORDS_MAX);
    snprintf(g->error[g->errors], GOT_NAME_BYTES, "%s", w->text);
    g->errors_of[g->errors++] = w->figure.value;
}

static inline void got_remark(void *self, enum finding_level level, const char *kind, long line,
                              const char *text) {
    struct got *g = self;
    (void)level;
    assert_true(text[0] && g->remarks < GOT_WORDS_MAX);
    snprintf(g->remark[g->remarks], sizeof g->remark[0], "%s", kind);
    g->remark_line[g->remarks++] = line;
}

static inline int got_order(const void *a, const void *b) {
    uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;
    return x < y ? -1 : x > y;
}

static inline void got_fini(struct got *g) { free(g->time); }

/* From a copy of exactly these bytes. */
static inline bool got_read(const struct reader *r, const char *bytes, size_t len, struct got *g,
                            struct err *e) {
    const struct sink out = {.self = g,
                             .summary = got_word,
                             .sample = got_sample,
                             .tally = got_tally,
                             .remark = got_remark};
    *g = (struct got){0};
    *e = (struct err){0};
    char *copy = malloc(len ? len : 1);
    memcpy(copy, bytes, len);
    void *self = r->open(&out);
    bool ok = r->feed(self, copy, len, e) && r->finish(self, e);
    r->close(self);
    free(copy);
    if (g->times)
        qsort(g->time, g->times, sizeof *g->time, got_order);
    return ok;
}

static inline struct got got_text(const struct reader *r, const char *text) {
    struct got g;
    struct err e;
    if (!got_read(r, text, strlen(text), &g, &e))
        fail_msg("%.80s: %s", text, e.text);
    return g;
}

/* k6's own definition, in ms. */
static inline double got_percentile(const struct got *g, double p) {
    double at = p * (double)(g->times - 1), low = floor(at);
    size_t i = (size_t)low, k = i + 1 < g->times ? i + 1 : i;
    double a = (double)g->time[i], b = (double)g->time[k];
    return (a + (b - a) * (at - low)) / 1e6;
}

static inline double got_avg(const struct got *g) {
    double sum = 0;
    for (size_t i = 0; i < g->times; i++)
        sum += (double)g->time[i];
    return sum / (double)g->times / 1e6;
}

/* --- the samples --- */

/* The bytes of a file, gzip undone; NULL when it is not there. */
static inline char *got_load(const char *path, size_t *len) {
    struct feed f;
    const char *piece;
    size_t n;
    char *bytes = NULL;
    *len = 0;
    if (!feed_open(&f, path, NULL))
        return NULL;
    while (feed_next(&f, &piece, &n, NULL) && n > 0) {
        bytes = realloc(bytes, *len + n);
        memcpy(bytes + *len, piece, n);
        *len += n;
    }
    feed_close(&f);
    return bytes;
}

typedef void sample_fn(const char *path, const char *bytes, size_t len, const cJSON *about,
                       const cJSON *truth);

/* Calls f for each file of that format in tests/data/k6; returns how many there are. */
static inline int each_sample(const char *format, sample_fn *f) {
    DIR *list = opendir(TEST_DATA "/k6");
    struct dirent *d;
    int n = 0;
    assert_non_null(list);
    while ((d = readdir(list))) {
        char path[1024];
        size_t len;
        snprintf(path, sizeof path, TEST_DATA "/k6/%s/expected.json", d->d_name);
        char *text = d->d_name[0] == '.' ? NULL : got_load(path, &len);
        cJSON *root = text ? cJSON_ParseWithLength(text, len) : NULL, *about;
        free(text);
        cJSON_ArrayForEach(about, cJSON_GetObjectItem(root, "files")) {
            const char *name = cJSON_GetObjectItem(about, "format")->valuestring;
            snprintf(path, sizeof path, TEST_DATA "/k6/%s/%s", d->d_name, about->string);
            char *bytes = strcmp(name, format) == 0 ? got_load(path, &len) : NULL;
            if (bytes) {
                f(path, bytes, len, about, cJSON_GetObjectItem(root, "truth"));
                n++;
            }
            free(bytes);
        }
        cJSON_Delete(root);
    }
    closedir(list);
    return n;
}

static inline void near(const char *path, const cJSON *want, const char *key, double got,
                        double by) {
    const cJSON *w = cJSON_GetObjectItem(want, key);
    if (cJSON_IsNumber(w) && !(fabs(w->valuedouble - got) <= by))
        fail_msg("%s: %s is %.9g, %.9g expected", path, key, got, w->valuedouble);
}

/* All figures of a file of single points against its expected.json. */
static inline void compare_points(const char *path, const struct got *g, const cJSON *about,
                                  const cJSON *truth) {
    const cJSON *want = cJSON_GetObjectItem(about, "expect");
    want = want ? want : truth;
    const double us = 1.01e-6;
    assert_non_null(cJSON_GetObjectItem(want, "requests"));
    near(path, want, "requests", (double)g->times, 0);
    near(path, want, "requests", g->sum[METRIC_REQUESTS], 0);
    near(path, want, "failures", g->sum[METRIC_FAILED], 0);
    near(path, want, "avg_ms", got_avg(g), us);
    near(path, want, "min_ms", got_percentile(g, 0), us);
    near(path, want, "med_ms", got_percentile(g, 0.5), us);
    near(path, want, "p90_ms", got_percentile(g, 0.9), us);
    near(path, want, "p95_ms", got_percentile(g, 0.95), us);
    near(path, want, "p99_ms", got_percentile(g, 0.99), us);
    near(path, want, "max_ms", got_percentile(g, 1), us);
    near(path, want, "iterations", g->sum[METRIC_ITERATIONS], 0);
    near(path, want, "dropped_iterations", g->sum[METRIC_DROPPED], 0);
    near(path, want, "checks_passed", g->sum[METRIC_CHECKS_PASSED], 0);
    near(path, want, "checks_failed", g->sum[METRIC_CHECKS_FAILED], 0);
    near(path, want, "max_vus", g->most[METRIC_VUS_MAX], 0);
    near(path, truth, "vus_max", g->most[METRIC_VUS_ALLOCATED], 0);
}

#endif

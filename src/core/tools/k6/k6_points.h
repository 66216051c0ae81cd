/* tools/k6/k6_points.h
 * The single points that k6 writes down, one to a row of CSV or a line of JSON: which of them
 * count, and what they add up to. Shared by the readers of both. Values are whole millionths of the
 * metric's unit: nanoseconds for times. */
#ifndef PERFSCALE_K6_POINTS_H
#define PERFSCALE_K6_POINTS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "base/err.h"
#include "results/reader.h"

enum { K6_CLOCK_MAX_BYTES = 40, K6_POINT_LINE_MAX_BYTES = 1 << 20 };

enum k6_point {
    K6_POINT_NONE, /* no figure of ours needs it */
    K6_POINT_REQUESTS,
    K6_POINT_FAILED,
    K6_POINT_CONNECT,
    K6_POINT_ITERATIONS,
    K6_POINT_ITERATION_TIME,
    K6_POINT_DROPPED,
    K6_POINT_CHECKS,
    K6_POINT_VUS,
    K6_POINT_VUS_ALLOCATED,
    K6_POINT_RECEIVED,
    K6_POINT_SENT,
    K6_POINT_SUMS,                     /* those above are added up */
    K6_POINT_DURATION = K6_POINT_SUMS, /* a request */
    K6_POINT_GRPC,                     /* these three only to say that they are there */
    K6_POINT_WEBSOCKET,
    K6_POINT_BROWSER,
    K6_POINT_KINDS,
};

enum k6_point k6_point_of(const char *metric, size_t len);

struct k6_span {
    const char *s;
    size_t len;
};

/* The tags of a request that are needed. One that is not there has s NULL. */
enum k6_tag {
    K6_TAG_NAME,
    K6_TAG_METHOD,
    K6_TAG_URL,
    K6_TAG_EXPECTED,
    K6_TAG_STATUS,
    K6_TAG_ERROR,
    K6_TAG_ERROR_CODE,
    K6_TAGS,
};

/* K6_TAGS when it is none of them. */
enum k6_tag k6_tag_of(const char *key, size_t len);

/* The last time stamp: many points in a row have the same. */
struct k6_clock {
    char text[K6_CLOCK_MAX_BYTES];
    size_t len;
    int64_t ns; /* since 1970 */
    bool fine;  /* it knows parts of a second */
};

/* The time stamp at s is that of the clock, with end behind it. */
static inline bool k6_clock_same(const struct k6_clock *c, const char *s, const char *stop,
                                 char end) {
    size_t n = c->len;
    if (n < 8 || (size_t)(stop - s) <= n || s[n] != end)
        return false;
    if (n > 16)
        return memcmp(s, c->text, n) == 0;
    return memcmp(s, c->text, 8) == 0 && memcmp(s + n - 8, c->text + n - 8, 8) == 0;
}

/* RFC 3339, or Unix time in s, ms, us or ns as its length tells. */
bool k6_clock_read(struct k6_clock *c, const char *s, size_t len);

struct k6_sum {
    int64_t from_ms, at_ms;
    uint64_t sum, least, most, count, not_nought;
};

struct k6_points {
    struct sink out;
    struct k6_sum sum[K6_POINT_SUMS];
    struct k6_clock clock;
    char endpoint[SCOPE_MAX_BYTES], name[SCOPE_MAX_BYTES];
    size_t endpoint_len;
    bool any_endpoint;
    bool counts_drops; /* of a version that would say so if iterations were dropped */
    bool seen[K6_POINT_KINDS];
    uint64_t rows, broken;
    bool half;
    struct error_kind *error; /* owned; ERRORS_MAX */
    size_t errors, last_error;
};

extern const struct sample_rules k6_point_rules;

void k6_points_init(struct k6_points *p, const struct sink *out);
void k6_points_fini(struct k6_points *p);

/* A point at the time of the clock. tag is read for requests and failures only. */
void k6_points_add(struct k6_points *p, enum k6_point kind, uint64_t value,
                   const struct k6_span tag[K6_TAGS]);

/* True when the tags of such a point are needed. */
static inline bool k6_needs_tags(enum k6_point kind, uint64_t value) {
    return kind == K6_POINT_DURATION || (kind == K6_POINT_FAILED && value != 0);
}

void k6_points_remark(const struct k6_points *p, enum finding_level level, const char *kind,
                      long line, const char *text);

/* A line that is not whole; what: "row", "line". half: the last one, without its line end. */
void k6_points_broken(struct k6_points *p, long line, const char *what, bool half);

/* Says what was gathered so far: at the end of each piece, so that who follows a run sees all. */
void k6_points_tell(struct k6_points *p);

/* Says all that is left. ERR_FORMAT when not one line could be read. */
bool k6_points_finish(struct k6_points *p, struct err *e);

#endif

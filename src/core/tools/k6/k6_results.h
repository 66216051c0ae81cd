/* tools/k6/k6_results.h
 * The readers of k6's summaries, and what they share: which of our figures a statistic of a k6
 * metric is. Both collect a whole summary first and say it at the end, so that a source that turns
 * out to be cut or contradictory says nothing at all. */
#ifndef PERFSCALE_K6_RESULTS_H
#define PERFSCALE_K6_RESULTS_H

#include <stdbool.h>
#include <stddef.h>

#include "base/err.h"
#include "results/reader.h"
#include "results/summary.h"

/* "k6-text": the end-of-test text of all versions, piped, pasted, or a terminal's bytes. */
extern const struct reader k6_text_reader;
/* "k6-summary": --summary-export, data of handleSummary(), and the machine-readable summary. */
extern const struct reader k6_json_reader;
/* Single points: --out csv, --out json. */
extern const struct reader k6_csv_reader;
extern const struct reader k6_ndjson_reader;
/* K6_WEB_DASHBOARD_RECORD: sums per period. */
extern const struct reader k6_recording_reader;

/* The first line that is not empty, without a byte order mark; *len becomes its length. */
const char *k6_first_line(const char *head, size_t *len);

/* A statistic of a k6 metric. */
enum k6_stat {
    K6_AVG,
    K6_MIN,
    K6_MED,
    K6_MAX,
    K6_P90,
    K6_P95,
    K6_P99,
    K6_COUNT,
    K6_RATE,  /* per second, of a counter */
    K6_TRUE,  /* of a rate: how many were true; for http_req_failed the failed requests */
    K6_FALSE, /* of a rate: how many were false */
    K6_OTHER, /* one that no figure needs: p(99.9) */
};

/* By its word in a text or its key in JSON: "p(95)", "p95", "avg", "passes". */
enum k6_stat k6_stat_of(const char *word, size_t len);

/* "http_req_duration{name:x}" in its two parts. */
struct k6_name {
    char metric[512], tags[SCOPE_MAX_BYTES];
};

/* false when one of them is longer, or a brace is open. */
bool k6_split_name(const char *full, struct k6_name *n);

/* True when one of our figures is that statistic of that metric. */
bool k6_needs(const char *metric, enum k6_stat stat);

/* Says a figure of a metric. tags is "" for the whole run, else what stands between the braces of a
 * sub-metric: "name:create order". What no figure of ours needs is left out. */
void k6_say(const struct sink *out, const char *metric, const char *tags, enum k6_stat stat,
            const struct figure *f);

/* Says a threshold of metric; its name with tags becomes the scope. */
void k6_say_threshold(const struct sink *out, const char *metric, const char *tags,
                      const char *expr, bool ok);

/* The name of an endpoint from tags: "create order" for name and url, "scenario buy" for others. */
void k6_scope(const char *tags, char *out, size_t size);

/* ERR_FORMAT when the figures cannot all be true: more failures than requests, p95 over max. */
bool k6_sane(const struct summary *s, struct err *e);

/* Says all figures, endpoints and thresholds of s. */
void k6_replay(const struct summary *s, const struct sink *out);

#endif

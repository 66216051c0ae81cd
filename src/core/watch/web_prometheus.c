/* Memory and CPU of the system under test, from Prometheus: what happened before as a range, then
 * one moment at a time, as often as it scrapes. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/text.h"
#include "watch/web.h"

enum {
    SCRAPE_USUAL_S = 15,
    SCRAPE_UNKNOWN_S = 5,
    SCRAPE_LEAST_S = 1,
    SCRAPE_MOST_S = 120,
    RANGE_STEPS_MOST = 11000
};

/* --- how often it scrapes --- */

bool web_is_targets(struct web_source *w, const struct http_answer *a, struct err *e) {
    static const char key[] = "\"activeTargets\"";
    if (a->status != 200 || !memmem(a->body, a->len, key, sizeof key - 1))
        return err_set(e, ERR_FORMAT, "answers with something else than its targets");
    double s = prometheus_scrape_s(a->body, a->len);
    w->queries.scrape_told = !isnan(s);
    w->queries.scrape_s =
        isnan(s) ? SCRAPE_UNKNOWN_S : fmin(SCRAPE_MOST_S, fmax(SCRAPE_LEAST_S, s));
    return true;
}

static void begin_queries(struct web_source *w, struct moment_now now);

/* A proxy may let the queries through and nothing else. */
static void do_without_targets(struct web_source *w, struct moment_now now) {
    w->queries.scrape_s = SCRAPE_USUAL_S;
    w->queries.scrape_told = true;
    begin_queries(w, now);
}

/* --- answers --- */

static void forget_traces(struct web_source *w) {
    for (size_t i = 0; i < w->traces; i++) {
        free(w->trace[i].at);
        w->trace[i] = (struct trace){0};
    }
    w->traces = 0;
}

static void take_value(void *self, const char *series, double t_s, double value) {
    struct web_source *w = self;
    struct web_queries *q = &w->queries;
    enum process_metric metric = q->metric[q->at];
    if (q->values++ == 0) {
        q->sum_s = -INFINITY;
        if (q->anew)
            forget_traces(w);
    }
    if (t_s > q->sum_s) {
        q->sum_s = t_s;
        q->sum[metric] = 0;
    }
    if (t_s == q->sum_s)
        q->sum[metric] += value;
    struct trace *t = metric == PROCESS_MEMORY ? web_trace(w, series[0] ? series : w->host) : NULL;
    if (t)
        web_trace_add(t, t_s, value);
}

static bool read_query(struct web_source *w, const struct http_answer *a, struct err *e) {
    struct web_queries *q = &w->queries;
    enum process_metric metric = q->metric[q->at];
    q->values = 0;
    q->sum[metric] = NAN;
    return prometheus_answer_read(a->body, a->len, metric, take_value, w, e);
}

/* What is known reaches from and until where by now. */
static void note_span(struct web_queries *q, struct moment_now now) {
    if (q->metric[q->at] != PROCESS_MEMORY)
        return;
    if (q->from_ms == 0 || q->anew)
        q->from_ms = q->ranged ? q->asked_from_ms : now.day_ms;
    q->until_ms = now.day_ms;
}

static void note_values(struct web_source *w) {
    struct web_queries *q = &w->queries;
    q->fresh = q->fresh || q->values > 0;
    if (q->at > 0)
        return;
    w->note[0] = '\0';
    if (q->values > 0)
        return;
    struct text_out to = {.to = w->note, .size = sizeof w->note};
    static const char words[] = "Prometheus has no series for: ";
    text_put(&to, words, sizeof words - 1);
    text_put(&to, q->query[0], strlen(q->query[0]));
}

static void ask_query(struct web_source *w, struct moment_now now);

static void take_query(struct web_source *w, struct moment_now now) {
    struct web_queries *q = &w->queries;
    note_span(q, now);
    note_values(w);
    if (++q->at < q->n)
        ask_query(w, now);
    else
        web_good(w, q->asked_ms, q->fresh, now);
}

/* --- questions --- */

/* From where on the past has to be asked for; 0: it is known, or nobody needs it. */
static int64_t missing_from_ms(const struct web_source *w, struct moment_now now, bool *anew) {
    const struct web_queries *q = &w->queries;
    int64_t scrape_ms = llround(1000 * q->scrape_s), begin = q->from_ms ? q->from_ms : now.day_ms;
    *anew = false;
    if (q->metric[q->at] != PROCESS_MEMORY)
        return 0;
    if (w->start_ms > 0 && w->start_ms < begin - scrape_ms) {
        *anew = q->from_ms != 0;
        return w->start_ms;
    }
    return q->from_ms && now.day_ms - q->until_ms > 2 * scrape_ms ? q->until_ms : 0;
}

static void ask_query(struct web_source *w, struct moment_now now) {
    static const struct web_question query = {
        .most_bytes = WEB_RANGE_BYTES, .read = read_query, .take = take_query};
    struct web_queries *q = &w->queries;
    char path[WEB_URL_BYTES];
    q->asked_from_ms = missing_from_ms(w, now, &q->anew);
    q->ranged = q->asked_from_ms != 0;
    double from_s = (double)q->asked_from_ms / 1000, to_s = (double)now.day_ms / 1000;
    double step_s = fmax(q->scrape_s, ceil((to_s - from_s) / RANGE_STEPS_MOST));
    const char *words = q->query[q->at];
    bool fits = q->ranged ? prometheus_range_path(words, from_s, to_s, step_s, path, sizeof path)
                          : prometheus_now_path(words, path, sizeof path);
    if (fits) {
        web_ask(w, &query, path, now);
        return;
    }
    err_set(&w->why, ERR_LIMIT, "the query is too long for an address");
    web_fail(w, WEB_OTHER, now);
}

static void begin_queries(struct web_source *w, struct moment_now now) {
    struct web_queries *q = &w->queries;
    w->every_s = q->scrape_s;
    q->at = 0;
    q->fresh = false;
    q->asked_ms = now.steady_ms;
    ask_query(w, now);
}

/* In its first seconds it has no targets: it is asked for them until it has. */
static void begin_round(struct web_source *w, struct moment_now now) {
    static const struct web_question targets = {.most_bytes = WEB_RANGE_BYTES,
                                                .read = web_is_targets,
                                                .take = begin_queries,
                                                .other = do_without_targets};
    if (w->queries.scrape_told)
        begin_queries(w, now);
    else
        web_ask(w, &targets, prometheus_targets_path, now);
}

static void add_query(struct web_queries *q, const char *query, enum process_metric metric) {
    q->query[q->n] = query;
    q->metric[q->n++] = metric;
}

void web_become_prometheus(struct web_source *w, const char *query) {
    struct web_queries *q = &w->queries;
    char *own = mem_strdup(query);
    free(q->own);
    q->own = own;
    q->n = 0;
    w->kind = &web_prometheus;
    if (own) {
        add_query(q, own, strcasestr(own, "cpu") ? PROCESS_CPU : PROCESS_MEMORY);
        return;
    }
    add_query(q, prometheus_memory_query, PROCESS_MEMORY);
    add_query(q, prometheus_cpu_query, PROCESS_CPU);
}

const struct web_kind web_prometheus = {.server = true, .ask = begin_round};

#include <math.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/text.h"
#include "stats/figures.h"
#include "stats/pick.h"

static const struct figure unknown = {.value = NAN, .low = NAN, .high = NAN};

/* A histogram knows less than the figures its tool writes beside it: these stay. */
static void set(const struct stats *s, struct figure *to, double value) {
    if (isnan(value) || (s->bulk_seen && !isnan(to->value)))
        return;
    *to = (struct figure){.value = value, .low = value, .high = value};
}

/* --- the run --- */

static void count_run(const struct stats *s, struct counts *c) {
    enum kind kind = stats_kind(s);
    *c = s->names.rest[kind];
    for (size_t i = 0; i < s->names.n; i++)
        if (s->names.kind[i] == kind)
            counts_join(c, &s->names.row[i].counts);
}

static void run_figures(const struct stats *s, const struct counts *c, figures *value,
                        struct summary *out) {
    if (!s->exact) {
        struct classes_view v = classes_view(&s->run);
        int64_t row = row_of_run(stats_kind(s), 0);
        out->percentile_error = figures_of_classes(*value, &v, &row, 1, c, &s->rules);
        classes_view_fini(&v);
    }
    for (int m = 0; m < ENDPOINT_METRICS; m++)
        set(s, &out->figure[m], (*value)[m]);
}

/* --- endpoints --- */

/* The percentiles of all endpoints and, after them, of the run. */
static void pick_all(const struct stats *s, const struct counts *run, figures *value) {
    const struct counts **of = mem_new(s->names.n + 1, sizeof *of);
    for (size_t i = 0; i < s->names.n; i++)
        of[i] = &s->names.row[i].counts;
    of[s->names.n] = run;
    pick_percentiles(&(struct pick){.log = &s->log,
                                    .names = &s->names,
                                    .by = PICK_ENDPOINTS,
                                    .kind = stats_kind(s),
                                    .of = of,
                                    .groups = s->names.n + 1,
                                    .want = percentile_wants,
                                    .wants = WANTS,
                                    .rules = &s->rules,
                                    .value = value});
    free(of);
}

static double classify_endpoints(const struct stats *s, figures *value) {
    struct classes_view v = classes_view(&s->endpoints);
    double error = 0;
    for (unsigned i = 0; i < s->names.n; i++) {
        int64_t row = row_of_endpoint(i, 0);
        error = fmax(error,
                     figures_of_classes(value[i], &v, &row, 1, &s->names.row[i].counts, &s->rules));
    }
    classes_view_fini(&v);
    return error;
}

static int by_name(const void *a, const void *b) {
    const struct endpoint *x = a, *y = b;
    int order = strcmp(x->name, y->name);
    return order ? order : (int)x->transaction - (int)y->transaction;
}

static void key_of(const struct name_row *row, bool transaction, struct endpoint *key) {
    *key = (struct endpoint){.transaction = transaction};
    memcpy(key->name, row->name, row->len);
    for (size_t i = 0; i < row->len; i++)
        if (key->name[i] == '\0')
            key->name[i] = '?';
}

/* Where an endpoint's figures go: the one the source spoke of already, among the first `known` of
 * out, which are sorted, or a new one. */
static struct endpoint *endpoint_for(struct summary *out, size_t known, const struct name_row *row,
                                     bool transaction) {
    struct endpoint key;
    key_of(row, transaction, &key);
    struct endpoint *at =
        known ? bsearch(&key, out->endpoint, known, sizeof *out->endpoint, by_name) : NULL;
    if (at)
        return at;
    if (out->endpoints == ENDPOINTS_MAX) {
        out->endpoints_left_out++;
        return NULL;
    }
    out->endpoint =
        mem_grow(out->endpoint, out->endpoints, &out->endpoints_cap, sizeof *out->endpoint);
    at = &out->endpoint[out->endpoints++];
    *at = key;
    for (int m = 0; m < ENDPOINT_METRICS; m++) {
        at->figure[m] = unknown;
        at->steady[m] = NAN;
    }
    return at;
}

static void endpoint_figures(const struct stats *s, figures *value, struct summary *out) {
    if (!s->exact)
        figures_say_error(&out->findings, "endpoints", classify_endpoints(s, value));
    size_t known = out->endpoints;
    if (known)
        qsort(out->endpoint, known, sizeof *out->endpoint, by_name);
    for (size_t i = 0; i < s->names.n; i++) {
        struct endpoint *to =
            endpoint_for(out, known, &s->names.row[i], s->names.kind[i] == KIND_TRANSACTION);
        for (int m = 0; to && m < ENDPOINT_METRICS; m++)
            set(s, &to->figure[m], value[i][m]);
    }
    out->endpoints_left_out += s->names.others;
    if (out->endpoints)
        qsort(out->endpoint, out->endpoints, sizeof *out->endpoint, by_name);
}

/* out's endpoints are sorted. */
static void steady_figures(const struct stats *s, figures *steady, struct summary *out) {
    struct endpoint key, *at;
    for (size_t i = 0; i < s->names.n; i++) {
        key_of(&s->names.row[i], s->names.kind[i] == KIND_TRANSACTION, &key);
        at = out->endpoints ? bsearch(&key, out->endpoint, out->endpoints, sizeof key, by_name)
                            : NULL;
        if (at)
            memcpy(at->steady, steady[i], sizeof at->steady);
    }
}

static void request_figures(const struct stats *s, double length_s, struct summary *out) {
    size_t n = s->names.n;
    figures *value = mem_new(n + 1, sizeof *value);
    struct counts run;
    count_run(s, &run);
    for (size_t i = 0; i < n; i++)
        figures_of_counts(value[i], &s->names.row[i].counts, length_s, &s->rules);
    figures_of_counts(value[n], &run, length_s, &s->rules);
    if (s->exact)
        pick_all(s, &run, value);
    run_figures(s, &run, &value[n], out);
    endpoint_figures(s, value, out);
    free(value);
}

/* --- tallies --- */

static double tally_sum(const struct tallied *t) {
    return t->seen ? (double)t->sum / TALLY_SCALE : NAN;
}

static double tally_mean(const struct tallied *t) {
    return t->seen && t->count ? (double)t->sum / TALLY_SCALE / (double)t->count : NAN;
}

static void vus_figures(const struct stats *s, struct summary *out) {
    const struct tallied *t = &s->tally[METRIC_VUS_MAX];
    double least = s->vus_least, most = s->vus_most;
    if (s->several && s->vus_most >= 0) {
        least = INFINITY;
        most = 0;
        for (size_t i = 0; i < s->time.n; i++) {
            if (s->time.at[i].vus_most < 0)
                continue;
            least = fmin(least, s->time.at[i].vus_least);
            most = fmax(most, s->time.at[i].vus_most);
        }
    }
    if (s->vus_most < 0 && t->seen) {
        least = t->least;
        most = t->most;
    }
    if (s->vus_most < 0 && !t->seen)
        return;
    set(s, &out->figure[METRIC_VUS_MIN], least);
    set(s, &out->figure[METRIC_VUS_MAX], most);
}

static void tally_figures(const struct stats *s, double length_s, struct summary *out) {
    static const enum metric sums[] = {
        METRIC_REQUESTS,      METRIC_FAILED,         METRIC_ITERATIONS,
        METRIC_INTERRUPTED,   METRIC_DROPPED,        METRIC_CHECKS_PASSED,
        METRIC_CHECKS_FAILED, METRIC_RECEIVED_BYTES, METRIC_SENT_BYTES};
    for (size_t i = 0; i < sizeof sums / sizeof *sums; i++)
        set(s, &out->figure[sums[i]], tally_sum(&s->tally[sums[i]]));
    if (s->tally[METRIC_REQUESTS].seen && length_s > 0)
        set(s, &out->figure[METRIC_RPS], tally_sum(&s->tally[METRIC_REQUESTS]) / length_s);
    set(s, &out->figure[METRIC_ITERATION_MS], tally_mean(&s->tally[METRIC_ITERATION_MS]));
    set(s, &out->figure[METRIC_CONNECT_MS], tally_mean(&s->tally[METRIC_CONNECT_MS]));
    if (s->tally[METRIC_VUS_ALLOCATED].seen)
        set(s, &out->figure[METRIC_VUS_ALLOCATED], s->tally[METRIC_VUS_ALLOCATED].most);
    vus_figures(s, out);
}

/* --- all of it --- */

enum { WORTH_A_THREAD = 200000 }; /* requests in the log */

struct over_time {
    struct stats *s;
    struct summary *out;
    figures *steady; /* owned; of each name, in the steady state */
};

static figures *no_figures(size_t n) {
    figures *value = mem_new(n, sizeof *value);
    for (size_t i = 0; i < n; i++)
        for (int m = 0; m < ENDPOINT_METRICS; m++)
            value[i][m] = NAN;
    return value;
}

static void *finish_over_time(void *self) {
    struct over_time *t = self;
    finish_series(t->s, t->out);
    finish_stretches(t->s, t->out, t->steady);
    return NULL;
}

static void finish_requests(struct stats *s, double length_s, struct summary *out) {
    if (s->seen[stats_kind(s)] == 0)
        return;
    out->computed = true;
    text_copy(out->percentiles, sizeof out->percentiles, s->rules.words);
    request_figures(s, length_s, out);
}

void stats_finish(struct stats *s, struct summary *out) {
    stats_close(s);
    stats_keep_to_limit(s);
    struct extent run;
    double length_s = figures_extent(s, &run) ? (double)(run.end_ms - run.start_ms) / 1000 : 0;
    struct over_time t = {.s = s, .out = out, .steady = no_figures(s->names.n)};
    pthread_t thread;
    /* Of a log both only look at it, and write to other members of out. */
    bool apart = s->exact && s->log.words > WORTH_A_THREAD &&
                 pthread_create(&thread, NULL, finish_over_time, &t) == 0;
    finish_requests(s, length_s, out);
    if (apart)
        pthread_join(thread, NULL);
    else
        finish_over_time(&t);
    steady_figures(s, t.steady, out);
    free(t.steady);
    if (length_s > 0)
        set(s, &out->figure[METRIC_DURATION_S], length_s);
    tally_figures(s, length_s, out);
    finish_findings(s, out);
}

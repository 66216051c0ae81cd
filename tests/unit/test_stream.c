/* A run that goes on, from single requests. */
#include "watch/stream.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "feed/feed.h"
#include "gather/gather.h"
#include "stats/stats.h"
#include "tools/tool.h"

#define COUNT(a) (sizeof(a) / sizeof *(a))
#define TOTAL_ERROR 0.00013
#define STRETCH_ERROR 0.0005
#define SECONDS_ERROR 0.008

static const struct sample_rules jmeter = {
    .unit_ms = 1, .rule = PERCENTILE_ROUNDED_RANK, .words = "as JMeter"};
static const struct sample_rules k6 = {
    .unit_ms = 1e-6, .rule = PERCENTILE_LINEAR, .words = "as k6", .loose_clock = true};
static const struct sample_rules locust = {
    .unit_ms = 1, .rule = PERCENTILE_LOCUST, .words = "as Locust"};

static const int64_t start_ms = INT64_C(1795424345000);

static uint64_t seed;
static uint64_t any(uint64_t below) {
    seed ^= seed << 13;
    seed ^= seed >> 7;
    seed ^= seed << 17;
    return seed % below;
}

static void assert_near(double got, double want, double share) {
    bool same = isnan(want) ? isnan(got) : fabs(got - want) <= share * fabs(want) + 1e-9;
    if (!same)
        fail_msg("got %.12g, want %.12g", got, want);
}

static void assert_window(const struct window *w, double from_s, double to_s, double requests,
                          double failed) {
    assert_near(w->from_s, from_s, 1e-12);
    assert_near(w->to_s, to_s, 1e-12);
    assert_near(w->requests, requests, 0);
    assert_near(w->failed, failed, 0);
    assert_near(w->rps, requests / (to_s - from_s), 1e-12);
    assert_near(w->error_rate, requests > 0 ? failed / requests : (double)NAN, 1e-12);
}

/* --- requests by hand ------------------------------------------------------------------------- */

static void put(const struct sink *to, int64_t end, uint64_t time, enum outcome outcome) {
    to->sample(to->self, &(struct sample){.endpoint = "x",
                                          .endpoint_len = 1,
                                          .start_ms = start_ms + end,
                                          .end_ms = start_ms + end,
                                          .time = time,
                                          .outcome = outcome});
}

static void put_each_second(const struct sink *to, int64_t from_s, int64_t to_s, int n,
                            uint64_t time) {
    for (int64_t s = from_s; s < to_s; s++)
        for (int i = 0; i < n; i++)
            put(to, s * 1000 + i * (1000 / n), time, OUTCOME_OK);
}

static void tally(const struct sink *to, enum metric m, int64_t at, double v) {
    to->tally(
        to->self,
        &(struct tally){
            .metric = m, .at_ms = start_ms + at, .sum = v, .least = v, .most = v, .count = 1});
}

static struct stream_view look(const struct stream *s) {
    struct stream_view v;
    stream_look(s, &v);
    return v;
}

static void nothing_came(void **state) {
    (void)state;
    const struct stretch_wanted wanted[] = {{"hold", 10, 20}};
    struct stream *s = stream_new(wanted, 1);
    struct window w;
    struct summary sum;
    assert_false(look(s).any);
    assert_near(look(s).total.requests, NAN, 0);
    stream_stretch(s, 0, &w);
    assert_near(w.requests, NAN, 0);
    assert_int_equal(stream_series(s)->points, 0);
    stream_summary(s, &sum);
    assert_near(summary_value(&sum, METRIC_REQUESTS), NAN, 0);
    summary_fini(&sum);
    stream_free(s);
    stream_free(NULL);
}

static void first_moments(void **state) {
    (void)state;
    struct stream *s = stream_new(NULL, 0);
    struct sink k = stream_sink(s, 0, &jmeter);
    put(&k, 100, 100, OUTCOME_OK); /* the run begins at 0 */
    put(&k, 500, 50, OUTCOME_FAILED);
    struct stream_view v = look(s);
    assert_int_equal(v.start_ms, start_ms);
    assert_window(&v.now, 0, 0.5, 2, 1);
    assert_window(&v.total, 0, 0.5, 2, 1);
    put(&k, 2600, 50, OUTCOME_OK); /* second 0 is complete now */
    v = look(s);
    assert_window(&v.now, 0, 1, 2, 1);
    assert_window(&v.minute, 0, 1, 2, 1);
    assert_window(&v.total, 0, 2.6, 3, 1);
    stream_free(s);
}

static void windows_of_known_seconds(void **state) {
    (void)state;
    struct stream *s = stream_new(NULL, 0);
    struct sink k = stream_sink(s, 0, &jmeter);
    put_each_second(&k, 0, 100, 10, 20);
    put_each_second(&k, 100, 200, 40, 70);
    struct stream_view v = look(s); /* latest: second 199; complete: up to 198 */
    assert_window(&v.now, 193.02, 198.02, 200, 0);
    assert_window(&v.minute, 138.02, 198.02, 2400, 0);
    assert_near(v.now.p95_ms, 70, 0);
    assert_near(v.now.avg_ms, 70, 0);
    assert_near(v.total.requests, 5000, 0);
    assert_near(v.total.avg_ms, (1000 * 20 + 4000 * 70) / 5000.0, 1e-12);
    stream_free(s);
}

/* Time goes on by what comes later: VUs, or the next request. */
static void silent_seconds(void **state) {
    (void)state;
    struct stream *s = stream_new(NULL, 0);
    struct sink k = stream_sink(s, 0, &jmeter);
    put(&k, 0, 0, OUTCOME_OK);
    put_each_second(&k, 1, 60, 10, 20);
    for (int i = 0; i < 90; i++)
        tally(&k, METRIC_VUS_MAX, i * 1000 + 500, i < 70 ? 8 : 9);
    struct stream_view v = look(s);
    assert_window(&v.now, 83, 88, 0, 0);
    assert_near(v.now.p95_ms, NAN, 0);
    assert_near(v.now.vus, 9, 0);
    assert_window(&v.minute, 28, 88, 320, 0);
    assert_near(v.vus, 9, 0);
    const struct series *r = stream_series(s);
    assert_int_equal(r->points, 90);
    assert_near(r->point[59].requests, 10, 0);
    assert_near(r->point[60].requests, 0, 0);
    assert_near(r->point[60].vus, 8, 0);
    put_each_second(&k, 400, 401, 10, 20); /* past the ring: a piece without requests */
    r = stream_series(s);
    double sum = 0;
    for (size_t i = 0; i < r->points; i++)
        sum += r->point[i].requests;
    assert_near(sum, 601, 0);
    assert_near(series_end_s(r), 401, 0);
    stream_free(s);
}

static void late_requests(void **state) {
    (void)state;
    const struct stretch_wanted wanted[] = {{"hold", 0, 100}};
    struct stream *s = stream_new(wanted, 1);
    struct sink k = stream_sink(s, 0, &jmeter);
    struct window w;
    put(&k, 0, 0, OUTCOME_OK);
    put_each_second(&k, 1, 200, 10, 20);
    put(&k, 195500, 20, OUTCOME_FAILED); /* out of order, but in time */
    assert_near(look(s).now.failed, 1, 0);
    put(&k, 72000, 20, OUTCOME_FAILED); /* the oldest of 128 seconds */
    assert_near(look(s).late, 0, 0);
    put(&k, 71999, 20, OUTCOME_FAILED);
    put(&k, 50500, 20, OUTCOME_FAILED);
    put(&k, -500, 20, OUTCOME_FAILED); /* before the run */
    struct stream_view v = look(s);
    assert_near(v.late, 3, 0);
    assert_near(v.total.requests, 1996, 0);
    assert_near(v.total.failed, 5, 0);
    assert_int_equal(v.start_ms, start_ms);
    stream_stretch(s, 0, &w); /* the stretch takes them at any time */
    assert_near(w.failed, 3, 0);
    const struct series *r = stream_series(s);
    assert_near(r->point[50].failed, 1, 0);
    assert_near(r->point[71].failed, 1, 0);
    assert_near(r->point[72].failed, 1, 0);
    stream_free(s);
}

/* --- odd times -------------------------------------------------------------------------------- */

static void jumps_of_time(void **state) {
    (void)state;
    static const int64_t odd[] = {INT64_C(40) * 365 * 86400000, /* years ahead */
                                  -INT64_C(1795424345000) - 5,  /* before 1970 */
                                  -INT64_C(40) * 365 * 86400000,      INT64_C(3) * 3600000,
                                  INT64_MAX - INT64_C(1795424345000), INT64_MIN + INT64_C(1)};
    struct stream *s = stream_new(NULL, 0);
    struct sink k = stream_sink(s, 0, &jmeter);
    put(&k, 0, 0, OUTCOME_OK);
    for (int i = 1; i < 60; i++) {
        put_each_second(&k, i, i + 1, 10, 20);
        int64_t at = odd[(size_t)i % COUNT(odd)];
        struct sample x = {.start_ms = at < 0 ? at : start_ms + at, .time = 20};
        x.end_ms = x.start_ms;
        k.sample(k.self, &x);
    }
    struct stream_view v = look(s);
    assert_int_equal(v.start_ms, start_ms);
    assert_near(v.elapsed_s, 59.9, 1e-9);
    assert_window(&v.now, 53, 58, 50, 0);
    assert_near(v.late, 59, 0);
    assert_near(v.total.requests, 591 + 59, 0);
    stream_free(s);
}

static void first_time_was_odd(void **state) {
    (void)state;
    const struct {
        int64_t first;
        const char *why;
    } cases[] = {
        {INT64_C(40) * 365 * 86400000, "years ahead"},
        {-INT64_C(40) * 365 * 86400000, "years before"},
        {INT64_C(2) * 3600000, "two hours ahead"},
    };
    for (size_t i = 0; i < COUNT(cases); i++) {
        struct stream *s = stream_new(NULL, 0);
        struct sink k = stream_sink(s, 0, &jmeter);
        put(&k, cases[i].first, 0, OUTCOME_OK);
        put_each_second(&k, 0, 60, 10, 20);
        struct stream_view v = look(s);
        assert_near(v.total.requests, 601, 0);
        assert_near(v.elapsed_s, 58.4, 0.1 / 58); /* the first 16 are needed to believe it */
        assert_near(v.now.rps, 10, 0);
        stream_free(s);
    }
}

static void pauses(void **state) {
    (void)state;
    const struct {
        int64_t pause_s;
        double elapsed_s;
        const char *why;
    } cases[] = {
        {590, 739, "below ten minutes: believed at once"},
        {86400, 86549, "a day: believed after a few"},
        {86400 * 40, 97.5, "longer than a month: another run"},
    };
    for (size_t i = 0; i < COUNT(cases); i++) {
        struct stream *s = stream_new(NULL, 0);
        struct sink k = stream_sink(s, 0, &jmeter);
        put(&k, 0, 0, OUTCOME_OK);
        put_each_second(&k, 1, 50, 10, 20);
        int64_t from_s = 50 + cases[i].pause_s;
        put_each_second(&k, from_s, from_s + 100, 10, 20);
        struct stream_view v = look(s);
        assert_near(v.elapsed_s, cases[i].elapsed_s, 0.02);
        assert_near(v.now.rps, 10, 0);
        assert_near(v.total.requests, 1491, 0);
        stream_series(s);
        stream_free(s);
    }
}

/* --- tallies, transactions, ports ------------------------------------------------------------- */

static void tallies_go_before_samples(void **state) {
    (void)state;
    struct stream *s = stream_new(NULL, 0);
    struct sink k = stream_sink(s, 0, &k6);
    for (int i = 0; i < 20; i++) {
        put(&k, i * 1000, 5000000, OUTCOME_UNKNOWN);
        tally(&k, METRIC_REQUESTS, i * 1000, 3);
        assert_near(look(s).total.failed, i == 0 ? (double)NAN : i * 2, 0);
        tally(&k, METRIC_FAILED, i * 1000, 2);
        tally(&k, METRIC_DROPPED, i * 1000, 1);
        tally(&k, METRIC_VUS_ALLOCATED, i * 1000, 30);
    }
    tally(&k, METRIC_REQUESTS, 500, NAN);
    tally(&k, METRIC_REQUESTS, 500, 1e300);
    struct stream_view v = look(s);
    assert_near(v.total.requests, 60, 0);
    assert_near(v.total.failed, 40, 0);
    assert_near(v.total.dropped, 20, 0);
    assert_near(v.now.requests, 15, 0);
    assert_near(v.now.failed, 10, 0);
    assert_near(v.now.dropped, 5, 0);
    assert_near(v.now.avg_ms, 5, 0);
    assert_near(v.vus_allocated, 30, 0);
    stream_free(s);
}

static void transactions_count_alone(void **state) {
    (void)state;
    struct stream *s = stream_new(NULL, 0);
    struct sink k = stream_sink(s, 0, &jmeter);
    struct sample t = {.start_ms = start_ms, .end_ms = start_ms + 900, .time = 900};
    t.transaction = true;
    k.sample(k.self, &t);
    assert_near(look(s).total.requests, 1, 0);
    put(&k, 1000, 30, OUTCOME_OK);
    k.sample(k.self, &t);
    struct stream_view v = look(s);
    assert_near(v.total.requests, 1, 0);
    assert_near(v.total.p95_ms, 30, 0);
    assert_int_equal(v.start_ms, start_ms + 970);
    stream_free(s);
}

static void several_load_machines(void **state) {
    (void)state;
    struct stream *s = stream_new(NULL, 0);
    struct sink a = stream_sink(s, 0, &k6), b = stream_sink(s, 1, &k6);
    for (int i = 0; i < 100; i++) {
        tally(&a, METRIC_VUS_MAX, i * 1000, 10);
        put_each_second(&a, i, i + 1, 10, 20000000);
        if (i >= 50) /* ends there */
            continue;
        tally(&b, METRIC_VUS_MAX, i * 1000 + 300, 5);
        put_each_second(&b, i, i + 1, 5, 40000000);
        if (i > 10) {
            assert_near(look(s).vus, 15, 0);
            assert_near(look(s).now.rps, 15, 0);
        }
    }
    struct stream_view v = look(s);
    assert_near(v.vus, 10, 0);
    assert_near(v.now.rps, 10, 0);
    assert_near(v.total.requests, 1250, 0);
    assert_near(v.total.vus, 15, 0);
    assert_near(stream_series(s)->point[20].vus, 15, 0);
    stream_reset(s);
    assert_false(look(s).any);
    put_each_second(&b, 0, 10, 5, 40000000);
    assert_near(look(s).total.requests, 50, 0);
    stream_free(s);
}

/* --- against the exact figures ---------------------------------------------------------------- */

static const struct stretch_wanted wanted[] = {
    {"ramp", 0, 20}, {"hold", 20, 70}, {"last", 70, 90}, {"late half", 45, 1000}};

static struct sample sample_at(int i, const struct sample_rules *rules) {
    bool coarse = rules->rule == PERCENTILE_LOCUST;
    double ms = exp(3 + (double)any(4000) / 1000);
    uint64_t time = coarse ? (uint64_t)round(ms / 10) * 10 : (uint64_t)(ms / rules->unit_ms);
    int64_t end = start_ms + 2000 + i * 5 + (int64_t)any(1500);
    return (struct sample){.endpoint = "x",
                           .endpoint_len = 1,
                           .start_ms = end - (int64_t)ms,
                           .end_ms = end,
                           .time = time,
                           .outcome = any(20) ? OUTCOME_OK : OUTCOME_FAILED};
}

static void assert_same(const struct stream *s, const struct summary *exact) {
    struct stream_view v = look(s);
    assert_near(v.total.requests, summary_value(exact, METRIC_REQUESTS), 0);
    assert_near(v.total.failed, summary_value(exact, METRIC_FAILED), 0);
    assert_near(v.total.avg_ms, summary_value(exact, METRIC_AVG_MS), 1e-12);
    assert_near(v.total.p95_ms, summary_value(exact, METRIC_P95_MS), TOTAL_ERROR);
    assert_near(v.elapsed_s, summary_value(exact, METRIC_DURATION_S), 1e-9);
    for (size_t i = 0; i < exact->stretches; i++) {
        const struct stretch *x = summary_stretch(exact, wanted[i].name);
        struct window w;
        stream_stretch(s, i, &w);
        assert_near(w.requests, x->value[METRIC_REQUESTS], 0);
        assert_near(w.failed, x->value[METRIC_FAILED], 0);
        assert_near(w.rps, x->value[METRIC_RPS], 1e-9);
        assert_near(w.p95_ms, x->value[METRIC_P95_MS], STRETCH_ERROR);
    }
}

static void as_exact_as_promised(void **state) {
    (void)state;
    static const struct sample_rules *const rules[] = {&jmeter, &k6, &locust};
    enum { N = 18000 };
    struct sample *x = calloc(N, sizeof *x);
    for (size_t r = 0; r < COUNT(rules); r++) {
        seed = 88172645463325252u + r;
        for (int i = 0; i < N; i++)
            x[i] = sample_at(i, rules[r]);
        int64_t origin = INT64_MAX;
        for (int i = 0; i < N; i++)
            origin = x[i].start_ms < origin ? x[i].start_ms : origin;
        struct stats *exact = stats_new(&(struct stats_options){.rules = rules[r],
                                                                .origin_ms = origin,
                                                                .stretch = wanted,
                                                                .stretches = COUNT(wanted),
                                                                .parts = 1});
        struct stream *s = stream_new(wanted, COUNT(wanted));
        struct sink k = stream_sink(s, 0, rules[r]);
        /* The first sample is the one that started first, so that both count from there. */
        for (int i = 0; i < N; i++)
            if (x[i].start_ms == origin) {
                struct sample swap = x[0];
                x[0] = x[i];
                x[i] = swap;
                break;
            }
        for (int i = 0; i < N; i++) {
            stats_sample(exact, &x[i]);
            k.sample(k.self, &x[i]);
        }
        struct summary sum;
        summary_init(&sum);
        stats_finish(exact, &sum);
        assert_int_equal(sum.stretches, COUNT(wanted));
        assert_same(s, &sum);
        /* Seconds. */
        const struct series *got = stream_series(s);
        double n = 0;
        for (size_t i = 0; i < got->points; i++)
            n += got->point[i].requests;
        assert_near(n, N, 0);
        summary_fini(&sum);
        stats_free(exact);
        stream_free(s);
    }
    free(x);
}

/* Seconds that begin where those of the exact figures begin. */
static void seconds_as_exact_as_promised(void **state) {
    (void)state;
    seed = 1234567;
    struct stats *exact =
        stats_new(&(struct stats_options){.rules = &k6, .origin_ms = start_ms, .parts = 1});
    struct stream *s = stream_new(NULL, 0);
    struct sink k = stream_sink(s, 0, &k6);
    for (int i = 0; i < 60000; i++) {
        struct sample x = sample_at(i, &k6);
        x.start_ms = i ? x.start_ms : start_ms;
        stats_sample(exact, &x);
        k.sample(k.self, &x);
        if (i % 20000 == 19999)
            stream_series(s);
    }
    struct summary sum;
    summary_init(&sum);
    stats_finish(exact, &sum);
    const struct series *got = stream_series(s), *want = &sum.series;
    assert_int_equal(got->points, want->points);
    for (size_t i = 0; i < want->points; i++) {
        const struct point *a = &got->point[i], *b = &want->point[i];
        assert_near(a->at_s, b->at_s, 0);
        assert_near(a->requests, b->requests, 0);
        assert_near(a->failed, b->failed, 0);
        assert_near(a->p95_ms, b->p95_ms, SECONDS_ERROR);
        assert_near(a->max_ms, b->max_ms, 1e-12);
    }
    summary_fini(&sum);
    stats_free(exact);
    stream_free(s);
}

static int shuffled(const void *a, const void *b) {
    uint64_t x = ((const struct sample *)a)->time * UINT64_C(0x9E3779B97F4A7C15);
    uint64_t y = ((const struct sample *)b)->time * UINT64_C(0x9E3779B97F4A7C15);
    return x < y ? -1 : x > y;
}

/* Within what the ring holds the order of requests does not show. */
static void order_does_not_show(void **state) {
    (void)state;
    enum { N = 9000 };
    struct sample *x = calloc(N, sizeof *x);
    seed = 99;
    for (int i = 0; i < N; i++)
        x[i] = sample_at(i, &k6);
    x[0].start_ms = start_ms;
    struct stream *s[2];
    for (int r = 0; r < 2; r++) {
        s[r] = stream_new(NULL, 0);
        struct sink k = stream_sink(s[r], 0, &k6);
        for (int i = 0; i < N; i++)
            k.sample(k.self, &x[i]);
        qsort(x + 1, N - 1, sizeof *x, shuffled);
    }
    struct stream_view a = look(s[0]), b = look(s[1]);
    assert_memory_equal(&a.now, &b.now, sizeof a.now);
    assert_memory_equal(&a.minute, &b.minute, sizeof a.minute);
    assert_memory_equal(&a.total, &b.total, sizeof a.total);
    const struct series *p = stream_series(s[0]), *q = stream_series(s[1]);
    assert_int_equal(p->points, q->points);
    for (size_t i = 0; i < p->points; i++)
        assert_near(p->point[i].p95_ms, q->point[i].p95_ms, 0);
    stream_free(s[0]);
    stream_free(s[1]);
    free(x);
}

/* --- real files ------------------------------------------------------------------------------- */

static void feed_slowly(const char *path, struct stream *s, size_t piece) {
    struct feed f;
    struct err e;
    const char *bytes;
    size_t len;
    void *self = NULL;
    const struct reader *r = NULL;
    assert_true(feed_open(&f, path, &e));
    while (feed_next(&f, &bytes, &len, &e) && len > 0) {
        if (!r) {
            r = tool_reader(bytes, len);
            assert_non_null(r);
            struct sink k = stream_sink(s, 0, r->samples);
            self = r->open(&k);
        }
        for (size_t at = 0; at < len; at += piece) {
            assert_true(r->feed(self, bytes + at, len - at < piece ? len - at : piece, &e));
            stream_look(s, &(struct stream_view){0});
        }
    }
    assert_true(r->finish(self, &e));
    r->close(self);
    feed_close(&f);
}

static void real_files(void **state) {
    (void)state;
    static const char *const files[] = {
        TEST_DATA "/k6/baseline-v2.2-flaky/samples.csv",
        TEST_DATA "/k6/baseline-v0.26/samples.csv",
        TEST_DATA "/k6/stress-v2.2-fail/samples.csv.gz",
        TEST_DATA "/k6/stress-v2.2-fail/samples.json.gz",
        TEST_DATA "/k6/soak-v2.2/samples.csv.gz",
        TEST_DATA "/jmeter/load-5.1/results.jtl",
        TEST_DATA "/jmeter/stress-5.1/results.jtl",
        TEST_DATA "/jmeter/load-2.13-xml/results.xml",
        TEST_DATA "/locust/json-2.46/stdout.json",
    };
    for (size_t i = 0; i < COUNT(files); i++) {
        struct summary sum;
        struct err e;
        struct gather_options o = {.format = NULL};
        if (!gather(&files[i], 1, &o, &sum, &e))
            fail_msg("%s: %s", files[i], e.text);
        struct stream *s = stream_new(NULL, 0);
        feed_slowly(files[i], s, 777);
        struct stream_view v = look(s);
        assert_near(v.total.requests, summary_value(&sum, METRIC_REQUESTS), 0);
        assert_near(v.total.failed, summary_value(&sum, METRIC_FAILED), 0);
        assert_near(v.total.p95_ms, summary_value(&sum, METRIC_P95_MS), TOTAL_ERROR);
        assert_near(v.total.dropped, summary_value(&sum, METRIC_DROPPED), 0);
        assert_near(v.total.vus, summary_value(&sum, METRIC_VUS_MAX), 0);
        assert_near(v.vus_allocated, summary_value(&sum, METRIC_VUS_ALLOCATED), 0);
        assert_near(v.late, 0, 0);
        double n = 0;
        const struct series *r = stream_series(s);
        for (size_t k = 0; k < r->points; k++)
            n += r->point[k].requests;
        assert_near(n, v.total.requests, 0);
        summary_fini(&sum);
        stream_free(s);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(nothing_came),
        cmocka_unit_test(first_moments),
        cmocka_unit_test(windows_of_known_seconds),
        cmocka_unit_test(silent_seconds),
        cmocka_unit_test(late_requests),
        cmocka_unit_test(jumps_of_time),
        cmocka_unit_test(first_time_was_odd),
        cmocka_unit_test(pauses),
        cmocka_unit_test(tallies_go_before_samples),
        cmocka_unit_test(transactions_count_alone),
        cmocka_unit_test(several_load_machines),
        cmocka_unit_test(as_exact_as_promised),
        cmocka_unit_test(seconds_as_exact_as_promised),
        cmocka_unit_test(order_does_not_show),
        cmocka_unit_test(real_files),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

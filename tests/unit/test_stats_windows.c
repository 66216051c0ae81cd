/* The figures of a stretch beside its counts: interval, fifths, halves, windows, endpoints; against
 * sorted values. */
#include "stats/stats.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/mem.h"
#include "stats/percentile.h"

#define COUNT(a) (sizeof(a) / sizeof *(a))

static const struct sample_rules jmeter = {
    .unit_ms = 1, .rule = PERCENTILE_ROUNDED_RANK, .words = "as JMeter"};
static const struct sample_rules k6 = {
    .unit_ms = 1e-6, .rule = PERCENTILE_LINEAR, .words = "as k6", .loose_clock = true};
static const struct sample_rules locust = {
    .unit_ms = 1, .rule = PERCENTILE_LOCUST, .words = "as Locust"};

static const int64_t start_ms = INT64_C(1795424345012);
static const char *const endpoint_names[] = {"GET /", "POST /api/orders", "GET /search"};

static uint64_t seed;
static uint64_t next(void) {
    seed += UINT64_C(0x9E3779B97F4A7C15);
    uint64_t z = seed;
    z = (z ^ z >> 30) * UINT64_C(0xBF58476D1CE4E5B9);
    z = (z ^ z >> 27) * UINT64_C(0x94D049BB133111EB);
    return z ^ z >> 31;
}
static double unit(void) { return (double)(next() >> 11) * 0x1p-53; }

/* Slower and slower, so that no two pieces of the run are alike. */
static uint64_t some_time(const struct sample_rules *rules, double share) {
    double ms = 40 * exp(0.7 * sqrt(-2 * log(unit() + 1e-300)) * cos(6.2831853 * unit()));
    return (uint64_t)(ms * (1 + share) / rules->unit_ms);
}

static struct sample *make_samples(const struct sample_rules *rules, size_t n, double length_s) {
    struct sample *x = mem_new(n, sizeof *x);
    seed = n;
    for (size_t i = 0; i < n; i++) {
        const char *name = endpoint_names[next() % COUNT(endpoint_names)];
        double share = (double)i / (double)n;
        uint64_t time = some_time(rules, share);
        int64_t end = start_ms + (int64_t)(share * length_s * 1000);
        x[i] = (struct sample){.endpoint = name,
                               .endpoint_len = strlen(name),
                               .start_ms = end - (int64_t)((double)time * rules->unit_ms),
                               .end_ms = end,
                               .time = time,
                               .outcome = next() % 20 ? OUTCOME_OK : OUTCOME_FAILED,
                               .vus = 5 + (uint32_t)(i * 10 / n)};
    }
    return x;
}

/* bulk: one request without a moment ends exact mode. */
static struct summary run_of(const struct sample_rules *rules, const struct sample *x, size_t n,
                             const struct stretch_wanted *wanted, size_t stretches, bool bulk) {
    struct summary out;
    struct stats *s = stats_new(&(struct stats_options){.rules = rules,
                                                        .origin_ms = start_ms,
                                                        .stretch = wanted,
                                                        .stretches = stretches,
                                                        .parts = 1});
    if (bulk)
        stats_bulk(s, "other", 5, 1, 1, OUTCOME_OK);
    for (size_t i = 0; i < n; i++)
        stats_sample(s, &x[i]);
    summary_init(&out);
    stats_finish(s, &out);
    stats_free(s);
    return out;
}

/* --- sorted values -------------------------------------------------------------------------- */

static int by_value(const void *a, const void *b) {
    uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;
    return x < y ? -1 : x > y;
}

struct sorted {
    uint64_t *v;
    size_t n, failed;
    uint64_t sum;
};

static struct sorted sort(const struct sample *x, size_t n, double from_s, double to_s,
                          const char *endpoint) {
    struct sorted s = {.v = mem_new(n, sizeof *s.v)};
    for (size_t i = 0; i < n; i++) {
        double at_s = (double)(x[i].end_ms - start_ms) / 1000;
        if (at_s < from_s || at_s >= to_s || (endpoint && strcmp(endpoint, x[i].endpoint) != 0))
            continue;
        s.v[s.n++] = x[i].time;
        s.failed += x[i].outcome == OUTCOME_FAILED ? 1 : 0;
        s.sum += x[i].time;
    }
    qsort(s.v, s.n, sizeof *s.v, by_value);
    return s;
}

static double percentile_in(const struct sample_rules *rules, const struct sample *x, size_t n,
                            double from_s, double to_s, double p) {
    struct sorted s = sort(x, n, from_s, to_s, NULL);
    double value = stats_percentile(s.v, s.n, p, rules->rule) * rules->unit_ms;
    free(s.v);
    return value;
}

static void assert_close(double got, double want, double share, const char *what) {
    if (isnan(want) ? isnan(got) : fabs(got - want) <= share * fabs(want))
        return;
    fail_msg("%s: got %.17g, want %.17g", what, got, want);
}

/* --- ranks ---------------------------------------------------------------------------------- */

/* Binomial ranks, as any table of order-statistic intervals has them. high 0: none. */
static void ranks_of_intervals(void **state) {
    (void)state;
    static const struct {
        uint64_t n;
        struct interval p95, p99;
    } cases[] = {
        {72, {64, 72}, {69, 0}},
        {100, {90, 100}, {97, 0}},
        {200, {184, 197}, {195, 0}},
        {368, {341, 358}, {360, 368}},
        {500, {465, 485}, {490, 500}},
        {1000, {936, 964}, {983, 997}},
        {3500, {3299, 3351}, {3453, 3477}},
        {10000, {9457, 9543}, {9880, 9920}},
        {71, {63, 0}, {68, 0}},
        {367, {340, 357}, {359, 0}},
    };
    for (size_t i = 0; i < COUNT(cases); i++) {
        uint64_t n = cases[i].n;
        struct interval a = percentile_interval(n, 0.95), b = percentile_interval(n, 0.99);
        assert_int_equal(a.low, cases[i].p95.low);
        assert_int_equal(a.high, cases[i].p95.high ? cases[i].p95.high : n + 1);
        assert_int_equal(b.low, cases[i].p99.low);
        assert_int_equal(b.high, cases[i].p99.high ? cases[i].p99.high : n + 1);
    }
    assert_int_equal(percentile_interval(1, 0.95).low, 0); /* one value bounds nothing */
}

/* --- exact ---------------------------------------------------------------------------------- */

static const double hold_from_s = 40.5, hold_to_s = 371.25;
static const struct stretch_wanted wanted[] = {
    {"ramp", 0, 40.5}, {"hold", 40.5, 371.25}, {"down", 371.25, 400}, {"hold", 380, 390}};

static void assert_stretch(const struct sample_rules *rules, const struct sample *x, size_t n,
                           const struct stretch *s, double share) {
    double length = s->to_s - s->from_s;
    for (int i = 0; i < FIFTHS; i++) {
        double from = s->from_s + length * i / FIFTHS, to = s->from_s + length * (i + 1) / FIFTHS;
        assert_close(s->fifth_p95_ms[i], percentile_in(rules, x, n, from, to, 0.95), share,
                     "fifth");
    }
    for (int i = 0; i < 2; i++) {
        double from = s->from_s + length * i / 2, to = s->from_s + length * (i + 1) / 2;
        assert_close(s->half_p95_ms[i], percentile_in(rules, x, n, from, to, 0.95), share, "half");
    }
    struct sorted all = sort(x, n, s->from_s, s->to_s, NULL);
    struct interval at = percentile_interval(all.n, 0.95);
    assert_close(s->p95_low_ms, (double)all.v[at.low - 1] * rules->unit_ms, share, "low");
    assert_close(s->p95_high_ms, (double)all.v[at.high - 1] * rules->unit_ms, share, "high");
    assert_close(s->value[METRIC_REQUESTS], (double)all.n, 0, "requests");
    assert_close(s->window_s, length, fmax(share, 1e-12), "length");
    free(all.v);
}

static void assert_windows(const struct sample_rules *rules, const struct sample *x, size_t n,
                           const struct series *w, double share) {
    for (size_t i = 0; i < w->points; i++) {
        const struct point *p = &w->point[i];
        /* The ends of windows lie between milliseconds: half of one keeps to the right side. */
        struct sorted s = sort(x, n, p->at_s - 0.0005, p->at_s + p->length_s - 0.0005, NULL);
        double ms = rules->unit_ms;
        assert_close(p->requests, (double)s.n, 0, "requests of a window");
        assert_close(p->failed, (double)s.failed, 0, "failed of a window");
        assert_close(p->avg_ms, (double)s.sum * ms / (double)s.n, 1e-9, "avg of a window");
        assert_close(p->max_ms, (double)s.v[s.n - 1] * ms, 1e-12, "max of a window");
        assert_close(p->med_ms, stats_percentile(s.v, s.n, 0.5, rules->rule) * ms, share, "med");
        assert_close(p->p95_ms, stats_percentile(s.v, s.n, 0.95, rules->rule) * ms, share, "p95");
        free(s.v);
    }
}

static void assert_endpoints(const struct sample_rules *rules, const struct sample *x, size_t n,
                             const struct summary *out) {
    for (size_t i = 0; i < out->endpoints; i++) {
        const double *v = out->endpoint[i].steady;
        struct sorted s = sort(x, n, hold_from_s, hold_to_s, out->endpoint[i].name);
        assert_close(v[METRIC_REQUESTS], (double)s.n, 0, "requests");
        assert_close(v[METRIC_FAILED], (double)s.failed, 0, "failed");
        assert_close(v[METRIC_RPS], (double)s.n / (hold_to_s - hold_from_s), 1e-12, "rps");
        assert_close(v[METRIC_P95_MS],
                     stats_percentile(s.v, s.n, 0.95, rules->rule) * rules->unit_ms, 1e-12, "p95");
        assert_close(v[METRIC_P99_MS],
                     stats_percentile(s.v, s.n, 0.99, rules->rule) * rules->unit_ms, 1e-12, "p99");
        assert_close(v[METRIC_MAX_MS], (double)s.v[s.n - 1] * rules->unit_ms, 1e-12, "max");
        assert_true(v[METRIC_OK_P95_MS] > 0 && v[METRIC_BAD_P95_MS] > 0);
        free(s.v);
    }
}

static void all_of_a_stretch_is_exact(void **state) {
    (void)state;
    enum { N = 40000 };
    static const struct sample_rules *const tools[] = {&jmeter, &k6, &locust};
    for (size_t t = 0; t < COUNT(tools); t++) {
        struct sample *x = make_samples(tools[t], N, 400);
        struct summary out = run_of(tools[t], x, N, wanted, COUNT(wanted), false);
        assert_int_equal(out.stretches, COUNT(wanted));
        for (size_t i = 0; i < 3; i++)
            if (strcmp(out.stretch[i].name, "down") != 0) /* the run ends in it */
                assert_stretch(tools[t], x, N, &out.stretch[i], 1e-12);
        assert_int_equal(out.windows.points, 5); /* 330.75 s: of the first hold, 66.15 s each */
        assert_close(out.windows.point[0].at_s, hold_from_s, 0, "begin");
        assert_close(out.windows.point[1].at_s, hold_from_s + 66.15, 1e-12, "second");
        assert_close(out.windows.point[4].vus, 14, 0, "VUs");
        assert_windows(tools[t], x, N, &out.windows, 1e-12);
        assert_endpoints(tools[t], x, N, &out);
        summary_fini(&out);
        free(x);
    }
}

static void windows_are_about_a_minute(void **state) {
    (void)state;
    static const struct {
        double length_s;
        size_t windows;
    } cases[] = {{20, 5}, {299, 5}, {300, 5}, {359, 5}, {360, 6}, {615, 10}, {3600, 60}};
    for (size_t i = 0; i < COUNT(cases); i++) {
        enum { N = 5000 };
        struct sample *x = make_samples(&jmeter, N, cases[i].length_s + 10);
        struct stretch_wanted hold = {"hold", 5, 5 + cases[i].length_s};
        struct summary out = run_of(&jmeter, x, N, &hold, 1, false);
        double requests = 0;
        assert_int_equal(out.windows.points, cases[i].windows);
        for (size_t k = 0; k < out.windows.points; k++)
            requests += out.windows.point[k].requests;
        assert_close(requests, out.stretch[0].value[METRIC_REQUESTS], 0, "all of them");
        summary_fini(&out);
        free(x);
    }
}

/* The plan says 100 s, the run ended after 60: figures are of what there was. */
static void a_run_may_end_in_its_hold(void **state) {
    (void)state;
    enum { N = 6000 };
    struct sample *x = make_samples(&jmeter, N, 60);
    struct stretch_wanted hold = {"hold", 10, 110};
    struct summary out = run_of(&jmeter, x, N, &hold, 1, false);
    assert_close(out.stretch[0].to_s, 110, 0, "as planned");
    assert_close(out.stretch[0].window_s, 49.99, 1e-12, "as it was");
    assert_close(out.stretch[0].value[METRIC_REQUESTS], 5000, 0, "the last one, too");
    assert_close(out.windows.point[4].at_s + out.windows.point[4].length_s, 59.99, 1e-9, "end");
    assert_close(out.windows.point[4].requests, 1000, 0, "the last one, too");
    out.windows.points = 4;
    assert_windows(&jmeter, x, N, &out.windows, 1e-12);
    summary_fini(&out);
    free(x);
}

static void few_requests_have_no_upper_end(void **state) {
    (void)state;
    for (size_t n = 1; n <= 80; n += 79) {
        struct sample *x = make_samples(&jmeter, n, 40);
        struct stretch_wanted hold = {"hold", 0, 40};
        x[0].end_ms += 20;
        struct summary out = run_of(&jmeter, x, n, &hold, 1, false);
        assert_true(isinf(out.stretch[0].p95_high_ms) == (n < 72));
        assert_true(n > 1 || out.stretch[0].p95_low_ms == 0);
        assert_true(isnan(out.stretch[0].fifth_p95_ms[0]) == (n == 1));
        summary_fini(&out);
        free(x);
    }
}

/* Without "hold" among what is wanted nothing is the steady state. */
static void steps_have_no_windows(void **state) {
    (void)state;
    enum { N = 2000 };
    struct stretch_wanted steps[] = {{"step 1", 0, 20}, {"step 2", 20, 40}};
    struct sample *x = make_samples(&jmeter, N, 40);
    struct summary out = run_of(&jmeter, x, N, steps, 2, false);
    assert_int_equal(out.windows.points, 0);
    assert_true(isnan(out.endpoint[0].steady[METRIC_REQUESTS]));
    assert_stretch(&jmeter, x, N, &out.stretch[0], 1e-12);
    summary_fini(&out);
    free(x);
}

/* Whole seconds: a window has all of a second or none of it. */
static void whole_seconds_are_not_cut(void **state) {
    (void)state;
    enum { N = 8300 };
    struct stats *s =
        stats_new(&(struct stats_options){.rules = &k6, .origin_ms = INT64_MIN, .parts = 1});
    for (int i = 0; i < N; i++)
        stats_sample(s, &(struct sample){.endpoint = "x",
                                         .endpoint_len = 1,
                                         .start_ms = (1795424345 + i / 100) * INT64_C(1000),
                                         .end_ms = (1795424345 + i / 100) * INT64_C(1000),
                                         .time = 5000000});
    struct summary out;
    summary_init(&out);
    stats_finish(s, &out);
    stats_free(s);
    assert_int_equal(out.windows.points, 5);
    for (size_t i = 0; i < 4; i++)
        assert_close(out.windows.point[i].requests, 100 * out.windows.point[i].length_s, 0, "rate");
    summary_fini(&out);
}

/* --- past exact ----------------------------------------------------------------------------- */

static void classes_within_their_error(void **state) {
    (void)state;
    enum { N = 60000 };
    struct sample *x = make_samples(&k6, N, 400);
    struct summary out = run_of(&k6, x, N, wanted, COUNT(wanted), true);
    double error = out.series.percentile_error + 1e-12;
    assert_true(error > 0.001 && error <= 0.008);
    assert_true(out.windows.percentile_error > 0.001 && out.windows.percentile_error <= error);
    assert_int_equal(out.windows.points, 5);
    assert_windows(&k6, x, N, &out.windows, error);
    /* Fifths end between seconds: which requests are in them is told to the second only. */
    assert_stretch(&k6, x, N, &out.stretch[1], 0.02);
    assert_close(out.stretch[1].value[METRIC_P95_MS],
                 percentile_in(&k6, x, N, hold_from_s, hold_to_s, 0.95), 1e-4, "p95");
    assert_true(isnan(out.endpoint[0].steady[METRIC_P95_MS]));
    summary_fini(&out);
    free(x);
}

/* Eight hours at 20 RPS that nobody planned: pieces of 16 s, windows of four. */
static void a_long_soak_has_windows(void **state) {
    (void)state;
    enum { N = 8 * 3600 * 20 };
    struct sample *x = make_samples(&jmeter, N, 8 * 3600);
    for (size_t i = 0; i < N; i++)
        x[i].vus = 7;
    struct summary out = run_of(&jmeter, x, N, NULL, 0, true);
    const struct stretch *s = summary_steady(&out);
    assert_non_null(s);
    assert_string_equal(s->name, "steady");
    assert_close(out.series.point[0].length_s, 16, 0, "pieces");
    assert_int_equal(out.windows.points, 450);
    assert_close(out.windows.point[7].length_s, 64, 0, "windows");
    assert_close(out.windows.point[7].at_s, 7 * 64, 0, "windows");
    assert_close(out.windows.point[449].requests, 1280, 0, "the last one, too");
    out.windows.points--;
    assert_windows(&jmeter, x, N, &out.windows, 0.008);
    assert_stretch(&jmeter, x, N, s, 0.008);
    assert_close(s->value[METRIC_MED_MS], percentile_in(&jmeter, x, N, 0, 28800, 0.5), 0.008,
                 "med");
    assert_true(isnan(s->value[METRIC_OK_P95_MS])); /* some failed: not told apart */
    summary_fini(&out);
    free(x);
}

static void a_short_fifth_is_not_known_from_long_pieces(void **state) {
    (void)state;
    enum { N = 40000 };
    struct stretch_wanted hold = {"hold", 100, 180};
    struct sample *x = make_samples(&jmeter, N, 20000); /* pieces of 16 s */
    struct summary out = run_of(&jmeter, x, N, &hold, 1, true);
    assert_true(isnan(out.stretch[0].fifth_p95_ms[0]));
    assert_true(out.stretch[0].value[METRIC_P95_MS] > 0);
    summary_fini(&out);
    free(x);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(ranks_of_intervals),
        cmocka_unit_test(all_of_a_stretch_is_exact),
        cmocka_unit_test(windows_are_about_a_minute),
        cmocka_unit_test(a_run_may_end_in_its_hold),
        cmocka_unit_test(few_requests_have_no_upper_end),
        cmocka_unit_test(steps_have_no_windows),
        cmocka_unit_test(whole_seconds_are_not_cut),
        cmocka_unit_test(classes_within_their_error),
        cmocka_unit_test(a_long_soak_has_windows),
        cmocka_unit_test(a_short_fifth_is_not_known_from_long_pieces),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

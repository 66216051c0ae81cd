/* The same figures whatever the order and however the work was split; exact and past exact. */
#include "stats/stats.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>

#include <cmocka.h>

#include "base/mem.h"

#if defined(__has_feature)
#define SANITIZED (__has_feature(address_sanitizer) || __has_feature(thread_sanitizer))
#elif defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
#define SANITIZED 1
#else
#define SANITIZED 0
#endif

#define COUNT(a) (sizeof(a) / sizeof *(a))

static const struct sample_rules jmeter = {
    .unit_ms = 1, .rule = PERCENTILE_ROUNDED_RANK, .words = "as JMeter"};
static const struct sample_rules k6 = {
    .unit_ms = 1e-6, .rule = PERCENTILE_LINEAR, .words = "as k6", .loose_clock = true};

static const int64_t start_ms = INT64_C(1795424345012);
static const char *const endpoint_names[] = {"GET /", "POST /api/orders", "GET /api/orders/search",
                                             "a page with a long name, longer than all others"};
static const struct stretch_wanted wanted[] = {
    {"ramp", 0, 10.25}, {"hold", 10.25, 50}, {"middle", 20, 30.5}, {"down", 50, 60}};

static uint64_t seed;
static uint64_t next(void) {
    seed += UINT64_C(0x9E3779B97F4A7C15);
    uint64_t z = seed;
    z = (z ^ z >> 30) * UINT64_C(0xBF58476D1CE4E5B9);
    z = (z ^ z >> 27) * UINT64_C(0x94D049BB133111EB);
    return z ^ z >> 31;
}
static double unit(void) { return (double)(next() >> 11) * 0x1p-53; }

/* Response times like those of a service: most near 50 ms, some far above, a few of minutes. */
static uint64_t some_time(const struct sample_rules *rules) {
    double ms = 50 * exp(0.7 * sqrt(-2 * log(unit() + 1e-300)) * cos(6.2831853 * unit()));
    if (next() % 1000 == 0)
        ms *= 1000;
    return (uint64_t)(ms / rules->unit_ms);
}

static struct sample *make_samples(const struct sample_rules *rules, size_t n, double length_s) {
    struct sample *x = mem_new(n, sizeof *x);
    seed = n;
    for (size_t i = 0; i < n; i++) {
        const char *name = endpoint_names[next() % COUNT(endpoint_names)];
        uint64_t time = some_time(rules);
        int64_t end = start_ms + (int64_t)((double)i * length_s * 1000 / (double)n);
        x[i] = (struct sample){.endpoint = name,
                               .endpoint_len = strlen(name),
                               .start_ms = end - (int64_t)((double)time * rules->unit_ms),
                               .end_ms = end,
                               .time = time,
                               .outcome = next() % 16 ? OUTCOME_OK : OUTCOME_FAILED,
                               .vus = 1 + (uint32_t)(next() % 20)};
    }
    return x;
}

static struct stats *new_stats(const struct sample_rules *rules, int parts) {
    return stats_new(&(struct stats_options){.rules = rules,
                                             .origin_ms = start_ms,
                                             .stretch = wanted,
                                             .stretches = COUNT(wanted),
                                             .parts = parts});
}

static struct summary finish(struct stats *s) {
    struct summary out;
    summary_init(&out);
    stats_finish(s, &out);
    stats_free(s);
    return out;
}

static struct summary all_at_once(const struct sample_rules *rules, const struct sample *x,
                                  size_t n) {
    struct stats *s = new_stats(rules, 1);
    for (size_t i = 0; i < n; i++)
        stats_sample(s, &x[i]);
    return finish(s);
}

/* --- comparing --- */

static double error_allowed;

static void assert_near(double got, double want, const char *what) {
    if (isnan(want) ? isnan(got) : got == want || fabs(got - want) <= error_allowed * fabs(want))
        return;
    fail_msg("%s: got %.17g, want %.17g", what, got, want);
}

static void assert_same_points(const struct series *got, const struct series *want) {
    assert_int_equal(got->points, want->points);
    for (size_t i = 0; i < want->points; i++) {
        const struct point *a = &got->point[i], *b = &want->point[i];
        const double pairs[][2] = {{a->at_s, b->at_s},     {a->requests, b->requests},
                                   {a->failed, b->failed}, {a->avg_ms, b->avg_ms},
                                   {a->med_ms, b->med_ms}, {a->p95_ms, b->p95_ms},
                                   {a->max_ms, b->max_ms}, {a->vus, b->vus}};
        for (size_t k = 0; k < COUNT(pairs); k++)
            assert_near(pairs[k][0], pairs[k][1], "a point");
    }
}

static void assert_same(const struct summary *got, const struct summary *want) {
    for (int m = 0; m < METRICS; m++)
        assert_near(got->figure[m].value, want->figure[m].value, metric_name((enum metric)m));
    assert_int_equal(got->endpoints, want->endpoints);
    for (size_t i = 0; i < want->endpoints; i++) {
        assert_string_equal(got->endpoint[i].name, want->endpoint[i].name);
        for (int m = 0; m < ENDPOINT_METRICS; m++)
            assert_near(got->endpoint[i].figure[m].value, want->endpoint[i].figure[m].value,
                        want->endpoint[i].name);
    }
    assert_int_equal(got->stretches, want->stretches);
    for (size_t i = 0; i < want->stretches; i++) {
        for (int m = 0; m < ENDPOINT_METRICS; m++)
            assert_near(got->stretch[i].value[m], want->stretch[i].value[m], want->stretch[i].name);
        assert_near(got->stretch[i].vus, want->stretch[i].vus, "VUs of a stretch");
        assert_near(got->stretch[i].p95_low_ms, want->stretch[i].p95_low_ms, "interval");
        assert_near(got->stretch[i].p95_high_ms, want->stretch[i].p95_high_ms, "interval");
        for (int k = 0; k < FIFTHS; k++)
            assert_near(got->stretch[i].fifth_p95_ms[k], want->stretch[i].fifth_p95_ms[k], "fifth");
        for (int k = 0; k < 2; k++)
            assert_near(got->stretch[i].half_p95_ms[k], want->stretch[i].half_p95_ms[k], "half");
    }
    for (size_t i = 0; i < want->endpoints; i++)
        for (int m = 0; m < ENDPOINT_METRICS; m++)
            assert_near(got->endpoint[i].steady[m], want->endpoint[i].steady[m], "steady");
    assert_same_points(&got->series, &want->series);
    assert_same_points(&got->windows, &want->windows);
}

/* --- against sorted values --- */

static int by_value(const void *a, const void *b) {
    uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;
    return x < y ? -1 : x > y;
}

struct filter {
    const char *endpoint; /* NULL: all */
    double from_s, to_s;
    int outcome; /* -1: all */
};

static double reference(const struct sample_rules *rules, const struct sample *x, size_t n,
                        const struct filter *f, double p) {
    uint64_t *v = mem_new(n, sizeof *v);
    size_t len = 0;
    for (size_t i = 0; i < n; i++) {
        double at_s = (double)(x[i].end_ms - start_ms) / 1000;
        if ((!f->endpoint || strcmp(f->endpoint, x[i].endpoint) == 0) && at_s >= f->from_s &&
            at_s < f->to_s && (f->outcome < 0 || (int)x[i].outcome == f->outcome))
            v[len++] = x[i].time;
    }
    qsort(v, len, sizeof *v, by_value);
    double value = stats_percentile(v, len, p, rules->rule) * rules->unit_ms;
    free(v);
    return value;
}

static const struct {
    enum metric metric;
    int outcome;
    double p;
} percentiles[] = {
    {METRIC_MED_MS, -1, 0.5},
    {METRIC_P90_MS, -1, 0.9},
    {METRIC_P95_MS, -1, 0.95},
    {METRIC_P99_MS, -1, 0.99},
    {METRIC_OK_MED_MS, OUTCOME_OK, 0.5},
    {METRIC_OK_P95_MS, OUTCOME_OK, 0.95},
    {METRIC_OK_P99_MS, OUTCOME_OK, 0.99},
    {METRIC_BAD_MED_MS, OUTCOME_FAILED, 0.5},
    {METRIC_BAD_P95_MS, OUTCOME_FAILED, 0.95},
};

static void assert_percentiles(const struct sample_rules *rules, const struct sample *x, size_t n,
                               const struct summary *out) {
    for (size_t i = 0; i < COUNT(percentiles); i++) {
        struct filter f = {NULL, -INFINITY, INFINITY, percentiles[i].outcome};
        enum metric m = percentiles[i].metric;
        assert_near(summary_value(out, m), reference(rules, x, n, &f, percentiles[i].p), "run");
        for (size_t e = 0; e < out->endpoints; e++) {
            f.endpoint = out->endpoint[e].name;
            assert_near(out->endpoint[e].figure[m].value,
                        reference(rules, x, n, &f, percentiles[i].p), "endpoint");
        }
        f.endpoint = NULL;
        for (size_t k = 0; k < COUNT(wanted); k++) {
            f.from_s = wanted[k].from_s;
            f.to_s = wanted[k].to_s;
            assert_near(summary_stretch(out, wanted[k].name)->value[m],
                        reference(rules, x, n, &f, percentiles[i].p), wanted[k].name);
        }
    }
    for (size_t i = 0; i < out->series.points; i++) {
        struct filter f = {NULL, out->series.point[i].at_s, out->series.point[i].at_s + 1, -1};
        assert_near(out->series.point[i].p95_ms, reference(rules, x, n, &f, 0.95), "point");
        assert_near(out->series.point[i].med_ms, reference(rules, x, n, &f, 0.5), "point");
    }
}

static void exact_percentiles_of_everything(void **state) {
    (void)state;
    static const size_t sizes[] = {1, 2, 3, 7, 100, 20000};
    for (size_t i = 0; i < COUNT(sizes); i++) {
        for (int tool = 0; tool < 2; tool++) {
            const struct sample_rules *rules = tool ? &k6 : &jmeter;
            struct sample *x = make_samples(rules, sizes[i], 60);
            struct summary out = all_at_once(rules, x, sizes[i]);
            assert_true(out.percentile_error == 0 && out.series.percentile_error == 0);
            error_allowed = 1e-12; /* the reference multiplies by the unit at another place */
            if (sizes[i] >= 100)
                assert_percentiles(rules, x, sizes[i], &out);
            else
                for (size_t p = 0; p < COUNT(percentiles); p++)
                    assert_near(summary_value(&out, percentiles[p].metric),
                                reference(rules, x, sizes[i],
                                          &(struct filter){NULL, -INFINITY, INFINITY,
                                                           percentiles[p].outcome},
                                          percentiles[p].p),
                                "run");
            summary_fini(&out);
            free(x);
        }
    }
}

/* Nearly all requests take nearly the same time: a class holds more than can be taken out. */
static void narrow_times_are_exact_too(void **state) {
    (void)state;
    enum { N = 1200000 };
    struct stats *s = new_stats(&k6, 1);
    for (unsigned i = 0; i < N; i++)
        stats_sample(
            s, &(struct sample){.endpoint = "x",
                                .endpoint_len = 1,
                                .start_ms = start_ms,
                                .end_ms = start_ms + i % 40,
                                .time = i == 7   ? UINT64_C(1) << 50
                                        : i == 8 ? 3
                                                 : UINT64_C(100000000) + (i * UINT64_C(7919)) % N});
    struct summary out = finish(s);
    /* Sorted: 3, then 100000000 + k but for two of them; the last one is 2^50. */
    assert_true(fabs(summary_value(&out, METRIC_MED_MS) - 100.6) < 1e-5);
    assert_true(fabs(summary_value(&out, METRIC_P95_MS) - 101.14) < 1e-5);
    assert_true(fabs(out.series.point[0].p95_ms - 101.14) < 1e-5);
    assert_true(summary_value(&out, METRIC_MAX_MS) == 0x1p50 / 1e6);
    summary_fini(&out);
}

/* --- split and joined --- */

static struct summary in_parts(const struct sample_rules *rules, const struct sample *x, size_t n,
                               int parts, bool shuffled) {
    struct stats *s[8];
    for (int i = 0; i < parts; i++)
        s[i] = new_stats(rules, parts);
    for (size_t i = 0; i < n; i++)
        stats_sample(s[shuffled ? next() % (uint64_t)parts : i * (size_t)parts / n], &x[i]);
    for (int left = parts; left > 1; left--) {
        int into = (int)(next() % (uint64_t)(left - 1));
        stats_join(s[into], s[left - 1], true);
    }
    return finish(s[0]);
}

static void split_does_not_show(void **state) {
    (void)state;
    enum { N = 60000 };
    for (int tool = 0; tool < 2; tool++) {
        const struct sample_rules *rules = tool ? &k6 : &jmeter;
        struct sample *x = make_samples(rules, N, 60);
        struct summary want = all_at_once(rules, x, N);
        error_allowed = 0;
        for (int parts = 2; parts <= 8; parts += 3) {
            for (int shuffled = 0; shuffled < 2; shuffled++) {
                struct summary got = in_parts(rules, x, N, parts, shuffled);
                assert_same(&got, &want);
                summary_fini(&got);
            }
        }
        summary_fini(&want);
        free(x);
    }
}

static void any_order_is_the_same(void **state) {
    (void)state;
    enum { N = 60000 };
    struct sample *x = make_samples(&jmeter, N, 20000); /* more than POINTS_MAX seconds */
    struct summary want = all_at_once(&jmeter, x, N);
    for (size_t i = N - 1; i > 0; i--) {
        size_t k = next() % (i + 1);
        struct sample swap = x[i];
        x[i] = x[k];
        x[k] = swap;
    }
    struct summary got = all_at_once(&jmeter, x, N);
    error_allowed = 0;
    assert_same(&got, &want);
    assert_int_equal(got.series.points, 2500);
    assert_true(got.series.point[1].length_s == 8);
    summary_fini(&got);
    got = in_parts(&jmeter, x, N, 3, true);
    assert_same(&got, &want);
    summary_fini(&got);
    summary_fini(&want);
    free(x);
}

static void two_machines_add_up(void **state) {
    (void)state;
    enum { N = 20000 };
    struct sample *x = make_samples(&jmeter, N, 60);
    struct stats *a = new_stats(&jmeter, 2), *b = new_stats(&jmeter, 2);
    for (size_t i = 0; i < N; i++) {
        x[i].vus = 10;
        stats_sample(a, &x[i]);
        x[i].vus = 5;
        stats_sample(b, &x[i]);
    }
    struct tally t = {.metric = METRIC_VUS_ALLOCATED,
                      .at_ms = start_ms,
                      .sum = 30,
                      .least = 30,
                      .most = 30,
                      .count = 1};
    stats_tally(a, &t);
    stats_tally(b, &t);
    stats_join(a, b, false);
    struct summary out = finish(a);
    assert_true(summary_value(&out, METRIC_REQUESTS) == 2 * N);
    assert_true(summary_value(&out, METRIC_VUS_MAX) == 15);
    assert_true(summary_value(&out, METRIC_VUS_MIN) == 15);
    assert_true(summary_value(&out, METRIC_VUS_ALLOCATED) == 60);
    assert_true(out.series.point[30].vus == 15);
    summary_fini(&out);
    free(x);
}

/* --- past exact --- */

/* A bulk ends exact mode, so that few samples do for what else takes millions. */
static struct summary past_exact(const struct sample_rules *rules, const struct sample *x,
                                 size_t n) {
    struct stats *s = new_stats(rules, 1);
    stats_bulk(s, x[0].endpoint, x[0].endpoint_len, x[0].time, 1, x[0].outcome);
    for (size_t i = 1; i < n; i++)
        stats_sample(s, &x[i]);
    return finish(s);
}

static void classes_keep_their_promise(void **state) {
    (void)state;
    enum { N = 30000 };
    struct sample *x = make_samples(&k6, N, 60);
    struct summary want = all_at_once(&k6, x, N), got = past_exact(&k6, x, N);
    assert_true(got.percentile_error > 0 && got.percentile_error <= 1e-5);
    assert_true(got.series.percentile_error <= 0.008);
    error_allowed = got.percentile_error;
    for (int m = 0; m < METRICS; m++)
        assert_near(got.figure[m].value, want.figure[m].value, metric_name((enum metric)m));
    error_allowed = 1e-4;
    for (size_t i = 0; i < got.endpoints; i++)
        for (int m = 0; m < ENDPOINT_METRICS; m++)
            if (m != METRIC_RPS)
                assert_near(got.endpoint[i].figure[m].value, want.endpoint[i].figure[m].value,
                            got.endpoint[i].name);
    error_allowed = got.series.percentile_error;
    for (size_t i = 1; i < got.series.points; i++) {
        assert_near(got.series.point[i].p95_ms, want.series.point[i].p95_ms, "p95 of a point");
        assert_near(got.series.point[i].med_ms, want.series.point[i].med_ms, "med of a point");
        assert_true(got.series.point[i].requests == want.series.point[i].requests);
    }
    error_allowed = 1e-4;
    for (size_t k = 1; k < COUNT(wanted); k++) /* the one that has no moment fell into the first */
        for (int m = 0; m < ENDPOINT_METRICS; m++)
            assert_near(got.stretch[k].value[m], want.stretch[k].value[m], wanted[k].name);
    summary_fini(&got);
    summary_fini(&want);
    free(x);
}

static void whole_milliseconds_stay_exact(void **state) {
    (void)state;
    enum { N = 30000 };
    struct sample *x = make_samples(&jmeter, N, 60);
    struct summary want = all_at_once(&jmeter, x, N), got = past_exact(&jmeter, x, N);
    assert_true(got.percentile_error == 0);
    for (int m = 0; m < ENDPOINT_METRICS; m++)
        assert_true(got.figure[m].value == want.figure[m].value);
    summary_fini(&got);
    summary_fini(&want);
    free(x);
}

static void past_exact_split_does_not_show(void **state) {
    (void)state;
    enum { N = STATS_EXACT_REQUESTS + 200000, CYCLE = 4096 };
    struct sample *x = make_samples(&jmeter, CYCLE, 60);
    struct summary out[3];
    for (int run = 0; run < 3; run++) {
        struct stats *s[2] = {new_stats(&jmeter, run ? 2 : 1), new_stats(&jmeter, 2)};
        for (size_t i = 0; i < N; i++)
            stats_sample(s[run == 0   ? 0
                           : run == 1 ? i * 2 / N
                                      : (i / 1000) % 7 > 2],
                         &x[i % CYCLE]);
        stats_join(s[0], s[1], true);
        out[run] = finish(s[0]);
    }
    error_allowed = 0;
    assert_true(summary_value(&out[0], METRIC_REQUESTS) == N);
    assert_true(out[0].series.percentile_error > 0); /* it is past exact mode */
    assert_same(&out[1], &out[0]);
    assert_same(&out[2], &out[0]);
    for (int run = 0; run < 3; run++)
        summary_fini(&out[run]);
    free(x);
}

/* --- memory --- */

static long resident_kb(void) {
    struct rusage u;
    getrusage(RUSAGE_SELF, &u);
    return u.ru_maxrss;
}

/* Thousands of endpoints, times over 40 powers of two, moments over centuries, in any order. */
static void memory_has_a_limit(void **state) {
    (void)state;
    if (SANITIZED) /* it keeps memory of its own */
        skip();
    long before = resident_kb();
    struct stats *s[2] = {new_stats(&k6, 2), new_stats(&k6, 2)};
    char name[64];
    for (unsigned i = 0; i < 3000000; i++) {
        snprintf(name, sizeof name, "endpoint %u", (unsigned)(next() % 5000));
        int64_t days = (int64_t)(next() % (i % 3 ? 30 : 100000));
        int64_t end = start_ms + days * 86400000 + (int64_t)(next() % 86400000);
        stats_sample(s[i % 2], &(struct sample){.endpoint = name,
                                                .endpoint_len = strlen(name),
                                                .start_ms = end,
                                                .end_ms = end,
                                                .time = next() >> (4 + next() % 44),
                                                .outcome = (enum outcome)(next() % 3),
                                                .vus = (uint32_t)next()});
    }
    stats_join(s[0], s[1], false);
    struct summary out = finish(s[0]);
    assert_true(summary_value(&out, METRIC_REQUESTS) == 3000000);
    assert_true(out.series.points <= POINTS_MAX);
    long used = resident_kb() - before;
    if (used > 45 * 1024)
        fail_msg("%ld kB", used);
    summary_fini(&out);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(memory_has_a_limit), /* first: what is resident never falls */
        cmocka_unit_test(exact_percentiles_of_everything),
        cmocka_unit_test(narrow_times_are_exact_too),
        cmocka_unit_test(split_does_not_show),
        cmocka_unit_test(any_order_is_the_same),
        cmocka_unit_test(two_machines_add_up),
        cmocka_unit_test(classes_keep_their_promise),
        cmocka_unit_test(whole_milliseconds_stay_exact),
        cmocka_unit_test(past_exact_split_does_not_show),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

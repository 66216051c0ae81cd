#include "stats/stats.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define COUNT(a) (sizeof(a) / sizeof *(a))

static const struct sample_rules jmeter = {
    .unit_ms = 1, .rule = PERCENTILE_ROUNDED_RANK, .words = "as JMeter"};
static const struct sample_rules k6 = {
    .unit_ms = 1e-6, .rule = PERCENTILE_LINEAR, .words = "as k6", .loose_clock = true};
static const struct sample_rules locust = {
    .unit_ms = 1, .rule = PERCENTILE_LOCUST, .words = "as Locust"};

static const int64_t start_ms = INT64_C(1795424345012); /* 2026-11-23 08:59:05.012 UTC */

static struct stats *new_stats(const struct sample_rules *rules) {
    return stats_new(&(struct stats_options){.rules = rules, .origin_ms = start_ms, .parts = 1});
}

static void put(struct stats *s, const char *name, int64_t start, uint64_t ms,
                enum outcome outcome) {
    stats_sample(s, &(struct sample){.endpoint = name,
                                     .endpoint_len = strlen(name),
                                     .start_ms = start_ms + start,
                                     .end_ms = start_ms + start + (int64_t)ms,
                                     .time = ms,
                                     .outcome = outcome});
}

static struct summary finish(struct stats *s) {
    struct summary out;
    summary_init(&out);
    stats_finish(s, &out);
    stats_free(s);
    return out;
}

static const struct finding *find(const struct summary *s, const char *kind) {
    for (size_t i = 0; i < s->findings.len; i++)
        if (strcmp(s->findings.item[i].kind, kind) == 0)
            return &s->findings.item[i];
    return NULL;
}

static void assert_value(double got, double want) {
    if (isnan(want) ? !isnan(got) : got != want)
        fail_msg("got %.17g, want %.17g", got, want);
}

/* --- the rules --- */

static const uint64_t a[] = {12, 15, 18, 21, 22, 25, 27, 30, 33,  35,
                             38, 41, 45, 52, 58, 64, 77, 95, 140, 310};
static const uint64_t c[] = {104, 113, 127, 147,  155,  249,  251,
                             349, 951, 996, 1049, 1450, 3432, 58760};

/* Worked by hand, and the same in numpy and in JMeter's own class. */
static void percentiles_by_each_rule(void **state) {
    (void)state;
    uint64_t b[100];
    for (unsigned i = 0; i < 100; i++)
        b[i] = i + 1;
    const struct {
        const uint64_t *x;
        size_t n;
        double p, linear, rounded, locust;
    } cases[] = {
        {a, COUNT(a), 0.50, 36.5, 35, 38},
        {a, COUNT(a), 0.90, 99.5, 95, 140},
        {a, COUNT(a), 0.95, 148.5, 140, 310},
        {a, COUNT(a), 0.99, 277.7, 310, 310},
        {b, 100, 0.50, 50.5, 50, 51},
        {b, 100, 0.95, 95.05, 95, 96},
        {b, 100, 0.99, 99.01, 99, 100},
        {c, COUNT(c), 0.50, 300, 251, 349},
        {c, COUNT(c), 0.90, 2837.4, 3432, 3432},
        {c, COUNT(c), 0.95, 22796.8, 3432, 58760},
        {a, 1, 0.99, 12, 12, 12},
        {a, 2, 0.01, 12.03, 12, 12},
        {a, 20, 1, 310, 310, 310},
        {a, 20, 0, 12, 12, 12},
    };
    for (size_t i = 0; i < COUNT(cases); i++) {
        double got = stats_percentile(cases[i].x, cases[i].n, cases[i].p, PERCENTILE_LINEAR);
        assert_true(fabs(got - cases[i].linear) < 1e-9 * cases[i].linear);
        assert_value(stats_percentile(cases[i].x, cases[i].n, cases[i].p, PERCENTILE_ROUNDED_RANK),
                     cases[i].rounded);
        assert_value(stats_percentile(cases[i].x, cases[i].n, cases[i].p, PERCENTILE_LOCUST),
                     cases[i].locust);
    }
    assert_value(stats_percentile(a, 0, 0.5, PERCENTILE_LINEAR), NAN);
}

/* 30 x 0.95 = 28.5 rounds up to 29; as a 32-bit float 0.95 is a hair less: 28. */
static void rounded_rank_takes_a_float(void **state) {
    (void)state;
    uint64_t x[30];
    for (unsigned i = 0; i < 30; i++)
        x[i] = i + 1;
    assert_value(stats_percentile(x, 30, 0.95, PERCENTILE_ROUNDED_RANK), 28);
    assert_value(stats_percentile(x, 30, 0.99, PERCENTILE_ROUNDED_RANK), 30);
}

/* --- figures --- */

static void figures_of_a_run(void **state) {
    (void)state;
    struct stats *s = new_stats(&jmeter);
    for (unsigned i = 0; i < COUNT(a); i++)
        put(s, i % 2 ? "pay" : "list", i * 500, a[i], i >= 18 ? OUTCOME_FAILED : OUTCOME_OK);
    assert_int_equal(stats_requests(s), 20);
    int64_t first, last;
    assert_true(stats_span(s, &first, &last));
    assert_int_equal(first, start_ms);
    assert_int_equal(last, start_ms + 9500 + 310);
    struct summary out = finish(s);
    const struct {
        enum metric m;
        double want;
    } cases[] = {
        {METRIC_REQUESTS, 20},        {METRIC_FAILED, 2},
        {METRIC_AVG_MS, 1158 / 20.0}, {METRIC_MIN_MS, 12},
        {METRIC_MAX_MS, 310},         {METRIC_MED_MS, 35},
        {METRIC_P90_MS, 95},          {METRIC_P95_MS, 140},
        {METRIC_P99_MS, 310},         {METRIC_OK_AVG_MS, 708 / 18.0},
        {METRIC_OK_MED_MS, 33},       {METRIC_OK_P95_MS, 77},
        {METRIC_OK_P99_MS, 95},       {METRIC_BAD_AVG_MS, 225},
        {METRIC_BAD_MED_MS, 140},     {METRIC_BAD_P95_MS, 310},
        {METRIC_DURATION_S, 9.81},    {METRIC_RPS, 20 / 9.81},
        {METRIC_DROPPED, NAN},        {METRIC_ITERATIONS, NAN},
        {METRIC_VUS_MAX, NAN},
    };
    for (size_t i = 0; i < COUNT(cases); i++) {
        assert_value(summary_value(&out, cases[i].m), cases[i].want);
        assert_value(out.figure[cases[i].m].low, cases[i].want);
    }
    assert_true(out.computed);
    assert_string_equal(out.percentiles, "as JMeter");
    assert_int_equal(out.endpoints, 2);
    assert_string_equal(out.endpoint[0].name, "list");
    assert_value(out.endpoint[0].figure[METRIC_REQUESTS].value, 10);
    assert_value(out.endpoint[0].figure[METRIC_MAX_MS].value, 140);
    assert_value(out.endpoint[0].figure[METRIC_P95_MS].value, 77); /* 10 x 0.95f = 9.4999999 */
    summary_fini(&out);
}

static void unknown_outcomes_are_not_said(void **state) {
    (void)state;
    struct stats *s = new_stats(&jmeter);
    put(s, "x", 0, 10, OUTCOME_UNKNOWN);
    put(s, "x", 10, 20, OUTCOME_UNKNOWN);
    struct summary out = finish(s);
    assert_value(summary_value(&out, METRIC_REQUESTS), 2);
    assert_value(summary_value(&out, METRIC_FAILED), NAN);
    assert_value(summary_value(&out, METRIC_OK_P95_MS), NAN);
    assert_value(summary_value(&out, METRIC_OK_AVG_MS), NAN);
    assert_value(summary_value(&out, METRIC_P95_MS), 20);
    assert_value(out.series.point[0].failed, NAN);
    summary_fini(&out);
}

static void tally(struct stats *s, enum metric m, int64_t at, double sum, double least, double most,
                  uint64_t count) {
    stats_tally(s, &(struct tally){.metric = m,
                                   .at_ms = at < 0 ? TALLY_NO_TIME : start_ms + at,
                                   .sum = sum,
                                   .least = least,
                                   .most = most,
                                   .count = count});
}

static void tallies_are_added_up(void **state) {
    (void)state;
    struct stats *s = new_stats(&k6);
    put(s, "x", 0, 0, OUTCOME_UNKNOWN);
    tally(s, METRIC_REQUESTS, 100, 3, 1, 1, 3);
    tally(s, METRIC_FAILED, 1100, 1, 0, 1, 3);
    tally(s, METRIC_ITERATION_MS, 1200, 300.5, 100, 200.5, 2);
    tally(s, METRIC_ITERATION_MS, -1, 99.5, 99.5, 99.5, 1);
    tally(s, METRIC_DROPPED, 2500, 7, 7, 7, 1);
    tally(s, METRIC_VUS_MAX, 0, 12, 5, 7, 2);
    tally(s, METRIC_VUS_MAX, 3000, 9, 9, 9, 1);
    tally(s, METRIC_VUS_ALLOCATED, 3000, 20, 20, 20, 1);
    tally(s, METRIC_SENT_BYTES, 10000, 1e9, 1e9, 1e9, 1);
    tally(s, METRIC_SENT_BYTES, 10000, (double)NAN, 0, 0, 1); /* hostile: passed over */
    struct summary out = finish(s);
    assert_value(summary_value(&out, METRIC_REQUESTS), 3);
    assert_value(summary_value(&out, METRIC_FAILED), 1);
    assert_value(summary_value(&out, METRIC_ITERATION_MS), 400 / 3.0);
    assert_value(summary_value(&out, METRIC_DROPPED), 7);
    assert_value(summary_value(&out, METRIC_VUS_MIN), 5);
    assert_value(summary_value(&out, METRIC_VUS_MAX), 9);
    assert_value(summary_value(&out, METRIC_VUS_ALLOCATED), 20);
    assert_value(summary_value(&out, METRIC_SENT_BYTES), 1e9);
    assert_value(summary_value(&out, METRIC_DURATION_S), 10); /* loose clock: tallies count */
    assert_value(summary_value(&out, METRIC_RPS), 0.3);
    const double vus[] = {7, 7, 7, 9}, dropped[] = {0, 0, 7, 0}, failed[] = {0, 1, 0, 0};
    assert_true(out.series.points == 11);
    for (size_t i = 0; i < COUNT(vus); i++) {
        assert_value(out.series.point[i].at_s, (double)i);
        assert_value(out.series.point[i].vus, vus[i]);
        assert_value(out.series.point[i].dropped, dropped[i]);
        assert_value(out.series.point[i].failed, failed[i]);
    }
    summary_fini(&out);
}

/* A sum over other samples counts only when there is nothing else. */
static void transactions_stand_apart(void **state) {
    (void)state;
    for (int alone = 0; alone < 2; alone++) {
        struct stats *s = new_stats(&jmeter);
        for (int i = 0; i < 10; i++) {
            if (!alone)
                put(s, "page", i * 100, 20, OUTCOME_OK);
            stats_sample(s, &(struct sample){.endpoint = "page",
                                             .endpoint_len = 4,
                                             .start_ms = start_ms + i * 100,
                                             .end_ms = start_ms + i * 100 + 70,
                                             .time = 70,
                                             .transaction = true});
        }
        assert_int_equal(stats_requests(s), 10);
        struct summary out = finish(s);
        assert_value(summary_value(&out, METRIC_REQUESTS), 10);
        assert_value(summary_value(&out, METRIC_MAX_MS), alone ? 70 : 20);
        assert_value(out.series.point[0].p95_ms, alone ? 70 : 20);
        assert_int_equal(out.endpoints, alone ? 1 : 2);
        assert_true(out.endpoint[out.endpoints - 1].transaction);
        assert_value(out.endpoint[out.endpoints - 1].figure[METRIC_P95_MS].value, 70);
        summary_fini(&out);
    }
}

static void what_a_source_said_stays(void **state) {
    (void)state;
    struct summary out;
    summary_init(&out);
    out.figure[METRIC_AVG_MS] = (struct figure){.value = 12.5, .low = 12.5, .high = 12.5};
    out.figure[METRIC_CHECKS_PASSED] = (struct figure){.value = 3, .low = 3, .high = 3};
    struct stats *s = new_stats(&locust);
    stats_bulk(s, "GET /", 5, 10, 3, OUTCOME_OK);
    stats_bulk(s, "GET /", 5, 200, UINT64_C(5000000000), OUTCOME_OK);
    stats_finish(s, &out);
    stats_free(s);
    assert_value(summary_value(&out, METRIC_AVG_MS), 12.5); /* a histogram knows less */
    assert_value(summary_value(&out, METRIC_CHECKS_PASSED), 3);
    assert_value(summary_value(&out, METRIC_REQUESTS), 5000000003.0);
    assert_value(summary_value(&out, METRIC_MED_MS), 200);
    assert_value(summary_value(&out, METRIC_RPS), NAN);
    assert_true(out.percentile_error == 0);
    assert_int_equal(out.series.points, 0);
    assert_value(out.endpoint[0].figure[METRIC_P99_MS].value, 200);
    summary_fini(&out);
}

/* Locust's histogram of the response times below, as in its --json. */
static void locust_histogram(void **state) {
    (void)state;
    struct stats *s = new_stats(&locust);
    static const struct {
        uint64_t ms, n;
    } bucket[] = {{20, 50}, {30, 40}, {40, 5}, {110, 4}, {1000, 1}};
    for (size_t i = 0; i < COUNT(bucket); i++)
        stats_bulk(s, i ? NULL : "GET /", i ? 0 : 5, bucket[i].ms, bucket[i].n, OUTCOME_OK);
    struct summary out = finish(s);
    assert_value(summary_value(&out, METRIC_MED_MS), 20);   /* (100 - 1) / 2 = 49.5 < 50 */
    assert_value(summary_value(&out, METRIC_P90_MS), 40);   /* need 90: 90 are below 40 */
    assert_value(summary_value(&out, METRIC_P95_MS), 110);  /* need 95: 95 are below 110 */
    assert_value(summary_value(&out, METRIC_P99_MS), 1000); /* need 99: 99 are below 1000 */
    summary_fini(&out);
}

/* --- time --- */

static void seconds_and_stretches(void **state) {
    (void)state;
    static const struct stretch_wanted wanted[] = {
        {"ramp", 0, 2.5}, {"hold", 2.5, 5}, {"never", 20, 30}};
    struct stats *s = stats_new(&(struct stats_options){
        .rules = &jmeter, .origin_ms = start_ms, .stretch = wanted, .stretches = 3, .parts = 1});
    /* Ends at 400, 900, ... 5900 ms; second 3 is empty. */
    for (int i = 0; i < 12; i++)
        if (i / 2 != 3)
            put(s, "x", i * 500, 400, i == 4 ? OUTCOME_FAILED : OUTCOME_OK);
    struct summary out = finish(s);
    assert_true(out.series.points == 6);
    assert_true(out.series.start_ms == start_ms);
    for (size_t i = 0; i < 6; i++) {
        assert_value(out.series.point[i].at_s, (double)i);
        assert_value(out.series.point[i].requests, i == 3 ? 0 : 2);
        assert_value(out.series.point[i].p95_ms, i == 3 ? NAN : 400);
        assert_value(out.series.point[i].failed, i == 2 ? 1 : 0);
    }
    assert_int_equal(out.stretches, 2);
    assert_string_equal(out.stretch[0].name, "ramp");
    assert_value(out.stretch[0].value[METRIC_REQUESTS], 5); /* 400 900 1400 1900 2400 */
    assert_value(out.stretch[0].value[METRIC_RPS], 2);
    assert_value(out.stretch[0].value[METRIC_BAD_MED_MS], 400);
    assert_value(out.stretch[1].value[METRIC_REQUESTS], 3); /* 2900 4400 4900 */
    assert_value(out.stretch[1].value[METRIC_FAILED], 0);
    assert_value(out.stretch[1].value[METRIC_RPS], 3 / 2.5);
    assert_value(out.stretch[1].dropped, NAN);
    assert_null(summary_stretch(&out, "steady"));
    summary_fini(&out);
}

static void far_times_count_in_totals_only(void **state) {
    (void)state;
    for (int known = 0; known < 2; known++) {
        struct stats *s = stats_new(&(struct stats_options){
            .rules = &jmeter, .origin_ms = known ? start_ms : INT64_MIN, .parts = 1});
        if (!known) /* a stray first row must not make all the others strange */
            put(s, "x", -start_ms, 5, OUTCOME_OK);
        for (int i = 0; i < 100; i++)
            put(s, "x", i * 20, 10, OUTCOME_OK);
        put(s, "x", INT64_C(40) * 24 * 3600 * 1000, 999, OUTCOME_OK);
        stats_sample(s, &(struct sample){.start_ms = INT64_MAX, .end_ms = INT64_MIN, .time = 1});
        struct summary out = finish(s);
        assert_value(summary_value(&out, METRIC_REQUESTS), known ? 102 : 103);
        assert_value(summary_value(&out, METRIC_MAX_MS), 999);
        assert_true(summary_value(&out, METRIC_DURATION_S) < 2);
        assert_in_range(out.series.points, 2, 3);
        assert_non_null(find(&out, "far-times"));
        summary_fini(&out);
    }
}

static void two_runs_in_one_file(void **state) {
    (void)state;
    struct stats *s = new_stats(&jmeter);
    for (int i = 0; i < 50; i++)
        put(s, "x", i * 100, 90, OUTCOME_OK); /* the last one ends at 4.990 s */
    put(s, "slow", 4000, 1500, OUTCOME_OK);   /* 5.500 s */
    for (int i = 0; i < 50; i++)
        put(s, "x", 18800 + i * 100, 90, OUTCOME_OK);
    struct summary out = finish(s);
    const struct finding *f = find(&out, "two-runs");
    assert_non_null(f);
    assert_string_equal(f->text, "13.3 s without a request from 08:59:10 UTC: two runs in one "
                                 "file? The figures are of both");
    summary_fini(&out);
}

/* The VUs of the first run do not go on through the pause: no steady state over both. */
static void two_runs_are_not_steady(void **state) {
    (void)state;
    struct stats *s = new_stats(&jmeter);
    for (int i = 0; i < 400; i++) {
        int64_t end = start_ms + i * 100 + (i < 200 ? 0 : 13000);
        stats_sample(s, &(struct sample){.endpoint = "x",
                                         .endpoint_len = 1,
                                         .start_ms = end - 30,
                                         .end_ms = end,
                                         .time = 30,
                                         .vus = 3});
    }
    struct summary out = finish(s);
    assert_non_null(find(&out, "two-runs"));
    const struct stretch *x = summary_stretch(&out, "steady");
    assert_non_null(x);
    assert_true(x->to_s <= 20);
    summary_fini(&out);
}

static void a_slow_request_is_no_pause(void **state) {
    (void)state;
    struct stats *s = new_stats(&jmeter);
    for (int i = 0; i < 50; i++)
        put(s, "x", i * 100, 90, OUTCOME_OK);
    put(s, "slow", 4000, 14900, OUTCOME_OK);
    for (int i = 0; i < 50; i++)
        put(s, "x", 18800 + i * 100, 90, OUTCOME_OK);
    struct summary out = finish(s);
    assert_null(find(&out, "two-runs"));
    summary_fini(&out);
}

static void a_clock_that_goes_back(void **state) {
    (void)state;
    struct stats *s = new_stats(&jmeter);
    for (int i = 0; i < 300; i++)
        put(s, "x", i * 1000, 5, OUTCOME_OK);
    for (int i = 0; i < 300; i++) /* by 50 s only: late, no jump */
        put(s, "x", 250000 + i * 1000, 5, OUTCOME_OK);
    struct summary out = finish(s);
    assert_null(find(&out, "clock-jump"));
    summary_fini(&out);
    s = new_stats(&jmeter);
    for (int i = 0; i < 300; i++)
        put(s, "x", (i % 100) * 1000, 5, OUTCOME_OK);
    out = finish(s);
    assert_non_null(strstr(find(&out, "clock-jump")->text, "more than 60 s"));
    summary_fini(&out);
}

static struct summary run_of(unsigned vus, unsigned per_second, unsigned ms) {
    struct stats *s = new_stats(&jmeter);
    for (unsigned i = 0; i < per_second * 40; i++) {
        int64_t end = start_ms + 1000 * (int64_t)i / per_second;
        unsigned second = i / per_second;
        stats_sample(s, &(struct sample){.endpoint = "x",
                                         .endpoint_len = 1,
                                         .start_ms = end - ms,
                                         .end_ms = end,
                                         .time = ms,
                                         .vus = vus && second < 10 ? 1 + vus * second / 10 : vus});
    }
    return finish(s);
}

static void requests_in_flight_and_vus(void **state) {
    (void)state;
    struct summary out = run_of(20, 100, 512);
    assert_non_null(find(&out, "little"));
    assert_string_equal(find(&out, "little")->text,
                        "The data does not fit together: 100 RPS x 512 ms are 51 requests in "
                        "flight, but only 20 VUs ran (parallel requests of one VU, or VUs of "
                        "another machine are missing)");
    assert_true(fabs(out.in_flight - 51.2) < 0.1);
    assert_true(fabs(out.in_flight_vus - 20) < 0.5);
    summary_fini(&out);
    out = run_of(52, 100, 512);
    assert_null(find(&out, "little"));
    const struct stretch *x = summary_stretch(&out, "steady");
    assert_non_null(x);
    assert_in_range(x->from_s, 9, 10);
    assert_in_range(x->to_s, 40, 40);
    assert_true(fabs(x->value[METRIC_RPS] - 100) < 1);
    assert_value(x->value[METRIC_P95_MS], 512);
    summary_fini(&out);
    out = run_of(0, 100, 512); /* no VUs known: the rate tells */
    assert_non_null(summary_stretch(&out, "steady"));
    assert_true(isnan(out.in_flight_vus));
    summary_fini(&out);
}

/* Every step is a fifth of the run: none of them is the steady state. */
static void steps_are_not_steady(void **state) {
    (void)state;
    struct stats *s = new_stats(&jmeter);
    for (int second = 0; second < 100; second++)
        for (int i = 0; i < 50; i++)
            stats_sample(s, &(struct sample){.endpoint = "x",
                                             .endpoint_len = 1,
                                             .start_ms = start_ms + second * 1000 + i * 20,
                                             .end_ms = start_ms + second * 1000 + i * 20 + 5,
                                             .time = 5,
                                             .vus = 10 * (1 + (uint32_t)second / 20)});
    struct summary out = finish(s);
    assert_int_equal(out.stretches, 0);
    summary_fini(&out);
}

static void whole_seconds_are_said(void **state) {
    (void)state;
    for (int fraction = 0; fraction < 2; fraction++) {
        struct stats *s =
            stats_new(&(struct stats_options){.rules = &k6, .origin_ms = INT64_MIN, .parts = 1});
        for (int i = 0; i < 5; i++)
            stats_sample(s, &(struct sample){.endpoint = "x",
                                             .endpoint_len = 1,
                                             .start_ms = 1795424345000 + i * 1000 + fraction,
                                             .end_ms = 1795424345000 + i * 1000 + fraction,
                                             .time = 5000000});
        struct summary out = finish(s);
        assert_true(!find(&out, "rate-from-samples") == (fraction == 1));
        assert_value(summary_value(&out, METRIC_P95_MS), 5);
        assert_true(out.series.start_ms == 1795424345000);
        summary_fini(&out);
    }
}

static void names_have_a_limit(void **state) {
    (void)state;
    struct stats *s = new_stats(&jmeter);
    char name[400];
    for (int i = 0; i < 3000; i++) {
        snprintf(name, sizeof name, "endpoint number %d of many", i);
        put(s, name, i, 1 + (unsigned)i % 50, OUTCOME_OK);
        put(s, name, i, 1 + (unsigned)i % 50, OUTCOME_OK);
    }
    memset(name, 'x', sizeof name);
    memcpy(name + 254, "\xc3\xa9", 2); /* half of it would not fit */
    name[399] = '\0';
    put(s, name, 5000, 7, OUTCOME_OK);
    put(s, "endpoint number 7 of many", 5000, 7, OUTCOME_OK);
    struct summary out = finish(s);
    assert_value(summary_value(&out, METRIC_REQUESTS), 6002);
    assert_int_equal(out.endpoints, ENDPOINTS_MAX);
    assert_int_equal(out.endpoints_left_out, 1001);
    for (size_t i = 1; i < out.endpoints; i++)
        assert_true(strcmp(out.endpoint[i - 1].name, out.endpoint[i].name) < 0);
    summary_fini(&out);
}

static void names_are_told_apart(void **state) {
    (void)state;
    /* Same length, same begin and end; one byte; empty; with a NUL inside. */
    static const struct {
        const char *name;
        size_t len;
    } cases[] = {{"GET /api/v1/aaaaaaaaaaaaaaaa/b/cccccccccc/ordersummary", 54},
                 {"GET /api/v1/aaaaaaaaaaaaaaaa/B/cccccccccc/ordersummary", 54},
                 {"", 0},
                 {"a", 1},
                 {"b", 1},
                 {"a\0b", 3},
                 {"a\0c", 3},
                 {"12345678", 8},
                 {"123456789", 9},
                 {"0123456789abcdef", 16},
                 {"0123456789abcdefg", 17},
                 {"0123456789abcdefX", 17}};
    struct stats *s = new_stats(&jmeter);
    for (int round = 0; round < 3; round++)
        for (size_t i = 0; i < COUNT(cases); i++)
            stats_sample(s, &(struct sample){.endpoint = cases[i].name,
                                             .endpoint_len = cases[i].len,
                                             .start_ms = start_ms,
                                             .end_ms = start_ms,
                                             .time = i});
    struct summary out = finish(s);
    assert_int_equal(out.endpoints, COUNT(cases));
    for (size_t i = 0; i < out.endpoints; i++) {
        assert_value(out.endpoint[i].figure[METRIC_REQUESTS].value, 3);
        assert_value(out.endpoint[i].figure[METRIC_MIN_MS].value,
                     out.endpoint[i].figure[METRIC_MAX_MS].value);
    }
    summary_fini(&out);
}

static void nothing_at_all(void **state) {
    (void)state;
    struct summary out = finish(new_stats(&jmeter));
    assert_false(out.computed);
    for (int m = 0; m < METRICS; m++)
        assert_value(summary_value(&out, (enum metric)m), NAN);
    assert_int_equal(out.findings.len, 0);
    summary_fini(&out);
    stats_free(NULL);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(percentiles_by_each_rule),
        cmocka_unit_test(rounded_rank_takes_a_float),
        cmocka_unit_test(figures_of_a_run),
        cmocka_unit_test(unknown_outcomes_are_not_said),
        cmocka_unit_test(tallies_are_added_up),
        cmocka_unit_test(transactions_stand_apart),
        cmocka_unit_test(what_a_source_said_stays),
        cmocka_unit_test(locust_histogram),
        cmocka_unit_test(seconds_and_stretches),
        cmocka_unit_test(far_times_count_in_totals_only),
        cmocka_unit_test(two_runs_in_one_file),
        cmocka_unit_test(two_runs_are_not_steady),
        cmocka_unit_test(a_slow_request_is_no_pause),
        cmocka_unit_test(a_clock_that_goes_back),
        cmocka_unit_test(requests_in_flight_and_vus),
        cmocka_unit_test(steps_are_not_steady),
        cmocka_unit_test(whole_seconds_are_said),
        cmocka_unit_test(names_have_a_limit),
        cmocka_unit_test(names_are_told_apart),
        cmocka_unit_test(nothing_at_all),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

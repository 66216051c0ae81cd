/* What a summary is: figures as given, what follows from them, and the sink that fills it. */
#include "results/reader.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

static struct summary s;
static struct sink sink;

static int fresh(void **state) {
    (void)state;
    static const struct reader reader = {.name = "k6-text", .tool = "k6"};
    summary_init(&s);
    sink = summary_sink(&s, &reader);
    return 0;
}

static int drop(void **state) {
    (void)state;
    summary_fini(&s);
    return 0;
}

static void say(const char *scope, enum metric m, double v) {
    const struct word w = {.door = DOOR_VALUE,
                           .metric = m,
                           .scope = scope,
                           .figure = {.value = v, .low = v, .high = v}};
    sink.summary(sink.self, &w);
}

static void nothing_is_zero(void **state) {
    (void)state;
    for (int m = 0; m < METRICS; m++) {
        assert_false(summary_has(&s, (enum metric)m));
        assert_true(metric_name((enum metric)m)[0] != '\0');
    }
    assert_true(isnan(summary_error_rate(&s)));
    assert_true(isnan(summary_ok_requests(&s)));
    assert_true(isnan(summary_requests_per_iteration(&s)));
    assert_true(isnan(summary_mean_vus(&s)));
    assert_string_equal(s.tool, "k6");
    assert_string_equal(s.format, "k6-text");
}

static void what_follows(void **state) {
    (void)state;
    say(NULL, METRIC_REQUESTS, 1200);
    say(NULL, METRIC_FAILED, 12);
    say(NULL, METRIC_ITERATIONS, 300);
    assert_true(summary_error_rate(&s) == 0.01);
    assert_true(summary_ok_requests(&s) == 1188);
    assert_true(summary_requests_per_iteration(&s) == 4);
    /* 300 iterations of 2 s in 60 s: ten VUs were busy */
    say(NULL, METRIC_ITERATION_MS, 2000);
    say(NULL, METRIC_DURATION_S, 60);
    assert_true(summary_mean_vus(&s) == 10);
    say(NULL, METRIC_VUS_MIN, 12);
    assert_true(summary_mean_vus(&s) == 10);
    say(NULL, METRIC_VUS_MAX, 12); /* a number that never changed needs no law */
    assert_true(summary_mean_vus(&s) == 12);
}

static void first_value_stays(void **state) {
    (void)state;
    say(NULL, METRIC_P95_MS, 400);
    say(NULL, METRIC_P95_MS, 500);
    assert_true(summary_value(&s, METRIC_P95_MS) == 400);
    say("GET /a", METRIC_P95_MS, 100);
    say("GET /b", METRIC_P95_MS, 200);
    say("GET /a", METRIC_P95_MS, 300);
    say("GET /a", METRIC_DURATION_S, 60); /* an endpoint has no length */
    assert_int_equal(s.endpoints, 2);
    assert_true(s.endpoint[0].figure[METRIC_P95_MS].value == 100);
    assert_true(isnan(s.endpoint[0].figure[METRIC_AVG_MS].value));
}

static void limits_are_kept(void **state) {
    (void)state;
    for (int i = 0; i < ENDPOINTS_MAX + 7; i++) {
        char name[32];
        snprintf(name, sizeof name, "e%d", i);
        say(name, METRIC_REQUESTS, i);
        say(name, METRIC_P95_MS, i);
    }
    assert_int_equal(s.endpoints, ENDPOINTS_MAX);
    assert_int_equal(s.endpoints_left_out, 7); /* endpoints, not figures */
    say("e0", METRIC_AVG_MS, 5);
    assert_true(s.endpoint[0].figure[METRIC_AVG_MS].value == 5);
    for (int i = 0; i < THRESHOLDS_MAX + 7; i++)
        sink.summary(sink.self, &(struct word){.door = DOOR_THRESHOLD, .scope = "m", .text = "x"});
    assert_int_equal(s.thresholds, THRESHOLDS_MAX);
}

static void other_words(void **state) {
    (void)state;
    sink.summary(sink.self, &(struct word){.door = DOOR_FORMAT, .text = "k6-text-compact"});
    sink.summary(sink.self, &(struct word){.door = DOOR_TOOL_VERSION, .text = "2.2.0"});
    sink.summary(sink.self, &(struct word){.door = DOOR_TOOL_VERSION, .text = "1.0.0"});
    sink.summary(sink.self, &(struct word){.door = DOOR_STOPPED, .text = NULL});
    sink.summary(sink.self, &(struct word){.door = DOOR_GENERATOR, .text = "too many open files"});
    sink.summary(sink.self, &(struct word){.door = DOOR_BLOCKS, .figure = {.value = 2}});
    sink.summary(sink.self, &(struct word){.door = DOOR_LINES, .figure = {.value = 40}});
    assert_string_equal(s.format, "k6-text-compact");
    assert_string_equal(s.tool_version, "2.2.0");
    assert_string_equal(s.stopped, "");
    assert_string_equal(s.generator, "too many open files");
    assert_int_equal(s.blocks, 2);
    assert_int_equal(s.lines, 40);
}

static void copies_are_deep(void **state) {
    (void)state;
    struct summary copy;
    say("GET /a", METRIC_P95_MS, 100);
    summary_copy(&copy, &s);
    say("GET /b", METRIC_P95_MS, 100);
    assert_int_equal(copy.endpoints, 1);
    assert_ptr_not_equal(copy.endpoint, s.endpoint);
    summary_fini(&copy);
    assert_int_equal(copy.endpoints, 0);
}

#define ON_A_SUMMARY(f) cmocka_unit_test_setup_teardown(f, fresh, drop)

int main(void) {
    const struct CMUnitTest tests[] = {
        ON_A_SUMMARY(nothing_is_zero), ON_A_SUMMARY(what_follows), ON_A_SUMMARY(first_value_stays),
        ON_A_SUMMARY(limits_are_kept), ON_A_SUMMARY(other_words),  ON_A_SUMMARY(copies_are_deep),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

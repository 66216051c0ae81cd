#include "watch/alarm.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <cmocka.h>

#define COUNT(a) (sizeof(a) / sizeof *(a))

/* 2026-11-02 14:00:00 in UTC, which the tests run in. */
#define START_MS INT64_C(1793628000000)

static struct alarms a; /* each test inits it */

static const struct watch_limits usual = {.p95_ms = 500,
                                          .error_rate = 0.01,
                                          .rate_share = 0.95,
                                          .vus_most = 374,
                                          .generator_cpu = 0.8,
                                          .memory_mb = 1000,
                                          .near = 0.9};

static const struct window unknown = {.from_s = NAN,
                                      .to_s = NAN,
                                      .requests = NAN,
                                      .failed = NAN,
                                      .rps = NAN,
                                      .error_rate = NAN,
                                      .avg_ms = NAN,
                                      .p95_ms = NAN,
                                      .vus = NAN,
                                      .dropped = NAN};

static int begin(void **state) {
    (void)state;
    setenv("TZ", "UTC", 1);
    tzset();
    alarms_init(&a, &usual);
    return 0;
}

static int end(void **state) {
    (void)state;
    alarms_fini(&a);
    return 0;
}

/* Five seconds in which all is well. */
static struct window well(double from_s) {
    struct window w = unknown;
    w.from_s = from_s;
    w.to_s = from_s + 5;
    w.requests = 1000;
    w.failed = 0;
    w.rps = 200;
    w.error_rate = 0;
    w.p95_ms = 240;
    w.vus = 80;
    return w;
}

static struct window p95(double from_s, double ms) {
    struct window w = well(from_s);
    w.p95_ms = ms;
    return w;
}

/* What a test says of the moment beside now. */
struct beside {
    bool ramp, before; /* before: not in the steady part yet */
    const char *stage;
    double offered, cpu, memory_mb;
    const struct window *stretch;
};

static void look(const struct window *now, const struct beside *b) {
    static const struct window steady = {.p95_ms = NAN, .error_rate = NAN, .rps = NAN, .vus = NAN};
    struct stream_view v = {.any = true,
                            .start_ms = START_MS,
                            .elapsed_s = now->to_s,
                            .now = *now,
                            .minute = unknown,
                            .total = unknown};
    struct watch_moment m = {
        .view = &v,
        .stretch = b->before    ? NULL
                   : b->stretch ? b->stretch
                                : &steady,
        .offered_rps = b->offered > 0 ? b->offered : NAN,
        .offered_mean_rps = b->offered > 0 ? b->offered : NAN,
        .stretch_rps = b->offered > 0 ? b->offered : NAN,
        .generator_cpu = {b->cpu > 0 ? b->cpu : NAN, NAN, NAN, NAN},
        .memory_mb = b->memory_mb > 0 ? b->memory_mb : NAN,
        .ramp = b->ramp,
        .stage = b->stage ? b->stage : "",
        .now_ms = START_MS + llround(now->to_s * 1000),
    };
    alarms_look(&a, &m);
}

static void look_p95(double from_s, double ms) {
    struct window w = p95(from_s, ms);
    look(&w, &(struct beside){0});
}

static void assert_last(size_t events, enum finding_level level, const char *text) {
    assert_int_equal(a.events, events);
    assert_string_equal(a.event[events - 1].text, text);
    assert_int_equal(a.event[events - 1].level, level);
}

/* Each a p95 in intervals one after another, and the level after the last. */
static void levels_of_intervals(void **state) {
    static const struct {
        double ms[6];
        enum level level;
        size_t events;
        const char *why;
    } cases[] = {
        {{100}, LEVEL_UNKNOWN, 0, "one interval says nothing"},
        {{100, 100}, LEVEL_OK, 0, "two that are equal do"},
        {{500, 500}, LEVEL_NEAR, 0, "the limit itself is kept"},
        {{450, 450}, LEVEL_NEAR, 0, "near from 0.9 of it on"},
        {{449, 449}, LEVEL_OK, 0, "and not before"},
        {{501, 501}, LEVEL_OVER, 1, "over"},
        {{100, 100, 900}, LEVEL_OK, 0, "one odd interval moves nothing"},
        {{100, 100, 900, 100, 900}, LEVEL_OK, 0, "nor do several that are alone"},
        {{900, 900, 100}, LEVEL_OVER, 1, "the way back takes two as well"},
        {{900, 900, 100, 100}, LEVEL_OK, 2, "and is told"},
        {{900, 900, 100, 480}, LEVEL_NEAR, 2, "both say that it is not over any more"},
        {{100, 100, 480, 900}, LEVEL_NEAR, 0, "both say that it is near at least"},
        {{900, 900, 900, 900, 900, 900}, LEVEL_OVER, 1, "told once"},
    };
    (void)state;
    for (size_t i = 0; i < COUNT(cases); i++) {
        alarms_fini(&a);
        alarms_init(&a, &usual);
        for (int k = 0; k < 6 && cases[i].ms[k] > 0; k++)
            look_p95(5 * k, cases[i].ms[k]);
        if (a.row[WATCH_P95].now_level != cases[i].level || a.events != cases[i].events)
            fail_msg("%s: level %d, %zu events", cases[i].why, a.row[WATCH_P95].now_level,
                     a.events);
    }
}

/* The window slides a second at a time; intervals do not overlap. */
static void a_window_that_slides_is_not_two_intervals(void **state) {
    (void)state;
    for (int s = 100; s < 105; s++)
        look_p95(s, 900);
    assert_int_equal(a.row[WATCH_P95].now_level, LEVEL_UNKNOWN);
    assert_true(a.row[WATCH_P95].now == 900);
    look_p95(105, 900);
    assert_int_equal(a.row[WATCH_P95].now_level, LEVEL_OVER);
    assert_last(1, FINDING_STOP, "p95 over its limit of 500 ms since 14:01:40");
    assert_int_equal(a.event[0].at_ms, START_MS + 110000);
}

static void intervals_that_do_not_belong_together(void **state) {
    struct window w = p95(0, 900);
    (void)state;
    look(&w, &(struct beside){0});
    look_p95(30, 900); /* a gap */
    assert_int_equal(a.row[WATCH_P95].now_level, LEVEL_UNKNOWN);
    w = p95(35, 900);
    w.to_s = 55; /* another length */
    look(&w, &(struct beside){0});
    assert_int_equal(a.row[WATCH_P95].now_level, LEVEL_UNKNOWN);
    w.from_s = 55;
    w.to_s = 75;
    look(&w, &(struct beside){0});
    assert_int_equal(a.row[WATCH_P95].now_level, LEVEL_OVER);
}

static void few_requests_say_nothing(void **state) {
    static const struct {
        double requests, failed, p95_ms, error_rate;
        enum level p95, errors;
    } cases[] = {
        {19, 1, 900, 1.0 / 19, LEVEL_UNKNOWN, LEVEL_UNKNOWN},
        {20, 1, 900, 0.05, LEVEL_OVER, LEVEL_OVER},
        {0, 0, NAN, NAN, LEVEL_UNKNOWN, LEVEL_UNKNOWN},
        {4, 4, 900, 1, LEVEL_UNKNOWN, LEVEL_OVER}, /* that many failed is enough */
    };
    (void)state;
    for (size_t i = 0; i < COUNT(cases); i++) {
        alarms_fini(&a);
        alarms_init(&a, &usual);
        for (int k = 0; k < 3; k++) {
            struct window w = p95(5 * k, cases[i].p95_ms);
            w.requests = cases[i].requests;
            w.failed = cases[i].failed;
            w.error_rate = cases[i].error_rate;
            look(&w, &(struct beside){0});
        }
        assert_int_equal(a.row[WATCH_P95].now_level, cases[i].p95);
        assert_int_equal(a.row[WATCH_ERRORS].now_level, cases[i].errors);
    }
}

/* A server that stands still: no requests. What was over stays so. */
static void silence_is_no_recovery(void **state) {
    struct window none = unknown;
    (void)state;
    look_p95(0, 900);
    look_p95(5, 900);
    for (int k = 2; k < 10; k++) {
        none.from_s = 5 * k;
        none.to_s = 5 * k + 5;
        none.requests = 0;
        look(&none, &(struct beside){0});
    }
    assert_int_equal(a.row[WATCH_P95].now_level, LEVEL_OVER);
    assert_int_equal(a.events, 1);
}

static void words_of_each_figure(void **state) {
    static const struct {
        enum watch_metric metric;
        struct window bad;
        struct beside beside;
        enum finding_level level;
        const char *over, *again;
    } cases[] = {
        {WATCH_P95,
         {.p95_ms = 812, .requests = 1000},
         {.stage = "step 4"},
         FINDING_STOP,
         "p95 over its limit of 500 ms since 14:02:10, step 4",
         "p95 within its limit again at 14:05:00, after 2:50"},
        {WATCH_ERRORS,
         {.error_rate = 0.024, .failed = 24, .requests = 1000},
         {.stage = "step 4"},
         FINDING_STOP,
         "Errors 2.4 %, over the limit of 1 % since 14:02:10, step 4",
         "Errors within the limit again at 14:05:00, after 2:50"},
        {WATCH_RATE,
         {.rps = 172.4, .requests = 862},
         {.offered = 200},
         FINDING_STOP,
         "Rate 172 of 200 RPS since 14:02:10: the target is not reached",
         "Rate at its target again at 14:05:00, after 2:50"},
        {WATCH_VUS,
         {.vus = 374, .requests = 1000},
         {.stage = "hold"},
         FINDING_WARNING,
         "All 374 VUs are in use since 14:02:10, hold: the load generator is the limit",
         "Free VUs again at 14:05:00, after 2:50"},
        {WATCH_CPU,
         {.requests = 1000},
         {.cpu = 0.91},
         FINDING_WARNING,
         "Generator CPU 91 %, over 80 % since 14:02:10",
         "Generator CPU within its limit again at 14:05:00, after 2:50"},
        {WATCH_MEMORY,
         {.requests = 1000},
         {.memory_mb = 1020},
         FINDING_STOP,
         "Memory 1,020 MB, over its limit of 1,000 MB since 14:02:10",
         "Memory within its limit again at 14:05:00, after 2:50"},
    };
    (void)state;
    for (size_t i = 0; i < COUNT(cases); i++) {
        alarms_fini(&a);
        alarms_init(&a, &usual);
        for (int k = 0; k < 40; k++) {
            bool bad = k >= 2 && k < 36;
            struct window w = well(120 + 5 * k);
            struct beside b = bad ? cases[i].beside : (struct beside){.cpu = 0.2, .memory_mb = 90};
            b.offered = cases[i].beside.offered;
            if (bad) {
                w.p95_ms = cases[i].bad.p95_ms;
                w.error_rate = cases[i].bad.error_rate;
                w.failed = cases[i].bad.failed;
                w.rps = cases[i].bad.rps > 0 ? cases[i].bad.rps : w.rps;
                w.vus = cases[i].bad.vus;
                w.requests = cases[i].bad.requests;
            }
            look(&w, &b);
            if (k == 4)
                assert_int_equal(a.row[cases[i].metric].now_level, LEVEL_OVER);
        }
        assert_int_equal(a.events, 2);
        assert_string_equal(a.event[0].text, cases[i].over);
        assert_int_equal(a.event[0].level, cases[i].level);
        assert_string_equal(a.event[1].text, cases[i].again);
        assert_int_equal(a.event[1].level, FINDING_INFO);
        assert_int_equal(a.row[cases[i].metric].now_level, LEVEL_OK);
    }
}

/* A broken limit is a warning before the steady part and in ramps; when it goes on after them it
 * is told again. */
static void ramps_only_warn(void **state) {
    (void)state;
    for (int k = 0; k < 10; k++) {
        struct window w = p95(5 * k, 900);
        struct beside b = {.ramp = k < 4, .before = k < 6, .stage = k < 4 ? "ramp" : "hold"};
        look(&w, &b);
        if (k == 5)
            assert_last(1, FINDING_WARNING, "p95 over its limit of 500 ms since 14:00:00, ramp");
    }
    assert_int_equal(a.row[WATCH_P95].now_level, LEVEL_OVER);
    assert_last(2, FINDING_STOP, "p95 still over its limit of 500 ms since 14:00:00, ramp");
}

static void the_rate_is_not_held_against_a_ramp(void **state) {
    struct window w;
    (void)state;
    for (int k = 0; k < 4; k++) {
        w = well(5 * k);
        w.rps = 20;
        look(&w, &(struct beside){.offered = 200, .ramp = true});
    }
    assert_int_equal(a.row[WATCH_RATE].now_level, LEVEL_UNKNOWN);
    assert_true(isnan(a.row[WATCH_RATE].limit));
    assert_int_equal(a.events, 0);
    w = well(20);
    look(&w, &(struct beside){.offered = 200});
    assert_true(a.row[WATCH_RATE].limit == 190);
}

static void levels_of_the_rate(void **state) {
    static const struct {
        double rps, offered;
        enum level level;
        const char *why;
    } cases[] = {
        {200, 200, LEVEL_OK, "all of it"},
        {230, 200, LEVEL_OK, "more than asked for is judged elsewhere"},
        {192, 200, LEVEL_OK, "four fifths of what may be missing"},
        {190.5, 200, LEVEL_NEAR, "nearly all of what may be missing"},
        {189, 200, LEVEL_OVER, "not reached"},
        {189, NAN, LEVEL_UNKNOWN, "nothing is offered that is known"},
        {0, 0, LEVEL_UNKNOWN, "nothing is offered"},
    };
    (void)state;
    for (size_t i = 0; i < COUNT(cases); i++) {
        struct window steady = well(0);
        steady.rps = cases[i].rps;
        look(&steady, &(struct beside){.offered = cases[i].offered, .stretch = &steady});
        if (a.row[WATCH_RATE].stretch_level != cases[i].level)
            fail_msg("%s: level %d", cases[i].why, a.row[WATCH_RATE].stretch_level);
    }
}

/* The steady part is a mean of much: it turns at once. */
static void the_steady_part_turns_at_once(void **state) {
    struct window now = well(0), steady = p95(0, 900);
    (void)state;
    look(&now, &(struct beside){.stretch = &steady});
    assert_int_equal(a.row[WATCH_P95].stretch_level, LEVEL_OVER);
    assert_int_equal(a.row[WATCH_P95].now_level, LEVEL_UNKNOWN);
    assert_true(a.row[WATCH_P95].stretch == 900);
    steady.requests = 10;
    look(&now, &(struct beside){.stretch = &steady});
    assert_int_equal(a.row[WATCH_P95].stretch_level, LEVEL_UNKNOWN);
    look(&now, &(struct beside){.before = true});
    assert_true(isnan(a.row[WATCH_P95].stretch));
}

static void without_limits_nothing_turns(void **state) {
    struct watch_limits none = {NAN, NAN, NAN, NAN, NAN, NAN, 0.9};
    (void)state;
    alarms_fini(&a);
    alarms_init(&a, &none);
    for (int k = 0; k < 5; k++) {
        struct window w = p95(5 * k, 90000);
        w.error_rate = 1;
        look(&w, &(struct beside){.offered = 5000, .cpu = 1, .memory_mb = 9e9});
    }
    for (int i = 0; i < WATCH_METRICS; i++)
        assert_int_equal(a.row[i].now_level, LEVEL_UNKNOWN);
    assert_int_equal(a.events, 0);
}

static void a_limit_of_no_errors(void **state) {
    (void)state;
    a.limits.error_rate = 0;
    for (int k = 0; k < 2; k++) {
        struct window w = well(5 * k);
        look(&w, &(struct beside){0});
    }
    assert_int_equal(a.row[WATCH_ERRORS].now_level, LEVEL_OK);
}

/* The data begins anew: an earlier time is a next interval. */
static void time_may_begin_anew(void **state) {
    (void)state;
    look_p95(500, 100);
    look_p95(505, 100);
    look_p95(0, 900);
    look_p95(5, 900);
    assert_int_equal(a.row[WATCH_P95].now_level, LEVEL_OVER);
}

static void nothing_is_said_twice_within_a_minute(void **state) {
    (void)state;
    alarms_say(&a, START_MS, FINDING_INFO, "The file was replaced. Reading it from the start.");
    alarms_say(&a, START_MS + 59999, FINDING_INFO,
               "The file was replaced. Reading it from the start.");
    assert_int_equal(a.events, 1);
    alarms_say(&a, START_MS + 1, FINDING_INFO, "Something else.");
    alarms_say(&a, START_MS + 60000, FINDING_INFO,
               "The file was replaced. Reading it from the start.");
    assert_int_equal(a.events, 3);
}

static void the_log_has_an_end(void **state) {
    char text[32];
    (void)state;
    for (int i = 0; i < EVENTS_MAX + 7; i++)
        alarms_say(&a, START_MS + i, FINDING_INFO, "Event %d.", i);
    assert_int_equal(a.events, EVENTS_MAX);
    assert_int_equal(a.dropped, 7);
    assert_string_equal(a.event[0].text, "Event 7.");
    snprintf(text, sizeof text, "Event %d.", EVENTS_MAX + 6);
    assert_string_equal(a.event[EVENTS_MAX - 1].text, text);
}

static void what_is_said_is_clean(void **state) {
    char longer[1000];
    (void)state;
    alarms_say(&a, START_MS, FINDING_INFO, "%s", "a\033[31mb\nc");
    assert_string_equal(a.event[0].text, "a?[31mb?c");
    memset(longer, 'x', sizeof longer);
    longer[sizeof longer - 1] = '\0';
    alarms_say(&a, START_MS, FINDING_INFO, "%s", longer);
    assert_true(strlen(a.event[1].text) < sizeof a.event[1].text);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(levels_of_intervals, begin, end),
        cmocka_unit_test_setup_teardown(a_window_that_slides_is_not_two_intervals, begin, end),
        cmocka_unit_test_setup_teardown(intervals_that_do_not_belong_together, begin, end),
        cmocka_unit_test_setup_teardown(few_requests_say_nothing, begin, end),
        cmocka_unit_test_setup_teardown(silence_is_no_recovery, begin, end),
        cmocka_unit_test_setup_teardown(words_of_each_figure, begin, end),
        cmocka_unit_test_setup_teardown(ramps_only_warn, begin, end),
        cmocka_unit_test_setup_teardown(the_rate_is_not_held_against_a_ramp, begin, end),
        cmocka_unit_test_setup_teardown(levels_of_the_rate, begin, end),
        cmocka_unit_test_setup_teardown(the_steady_part_turns_at_once, begin, end),
        cmocka_unit_test_setup_teardown(without_limits_nothing_turns, begin, end),
        cmocka_unit_test_setup_teardown(a_limit_of_no_errors, begin, end),
        cmocka_unit_test_setup_teardown(time_may_begin_anew, begin, end),
        cmocka_unit_test_setup_teardown(nothing_is_said_twice_within_a_minute, begin, end),
        cmocka_unit_test_setup_teardown(the_log_has_an_end, begin, end),
        cmocka_unit_test_setup_teardown(what_is_said_is_clean, begin, end),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

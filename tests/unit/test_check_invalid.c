/* Runs that say nothing about the server: which figure shows it, and what to change. */
#include <stdarg.h>
#include <stddef.h>

#include <setjmp.h>
#include <stdint.h>

#include <cmocka.h>

#include "check_fixture.h"

static void expect_invalid(const char *sentence, const char *id) {
    check_again();
    if (j.verdict != VERDICT_INVALID)
        fail_msg("%s: %s", verdict_name(j.verdict), j.sentence);
    expect_text(j.sentence, sentence);
    expect_text(j.step[0], "This run says nothing about the server");
    assert_true(j.steps >= 2);
    if (id) {
        assert_true(j.causes >= 1);
        assert_string_equal(j.cause[0].id, id);
    }
}

static void expect_valid(void) {
    check_again();
    if (j.verdict == VERDICT_INVALID)
        fail_msg("%s", j.sentence);
}

static void the_good_run_is_valid(void **state) {
    (void)state;
    check_again();
    assert_int_equal(j.verdict, VERDICT_PASS);
}

/* --- ramp only --- */

static void closed_series(size_t n, double from, double to) {
    run.stretches = 0;
    run.series.points = 0;
    in.profile = NULL;
    in.arrivals = ARRIVALS_CLOSED;
    in.target_rps.value = 100;
    for (size_t i = 0; i < n; i++)
        add_point(&run.series, (double)i, 1, 60 + (double)i)->vus =
            from + (to - from) * (double)i / (double)(n - 1);
    set(&run, METRIC_DURATION_S, (double)n);
}

static void series_that_only_rises(void **state) {
    (void)state;
    closed_series(120, 1, 50);
    expect_invalid("Run invalid: ramp only. The load rises over all of its 2:00.", NULL);
    expect_text(j.step[1], "Hold the load after the ramp, for 1:00 or more");
    /* VUs that rise under a constant rate are a slow server, no ramp */
    for (size_t i = 0; i < run.series.points; i++)
        run.series.point[i].requests = 100;
    expect_valid();
    closed_series(120, 1, 50);
    /* what is offered counts before the VUs */
    for (size_t i = 0; i < run.series.points; i++)
        run.series.point[i].load = 50;
    expect_valid();
    closed_series(30, 1, 50); /* too short to say */
    expect_valid();
    closed_series(31, 1, 50);
    expect_invalid("ramp only", NULL);
    closed_series(120, 1, 50);
    run.series.point[100].vus = 20; /* it falls */
    expect_valid();
    closed_series(120, 50, 50);
    expect_valid();
    closed_series(120, 1, 50);
    in.model = MODEL_STRESS; /* it is meant to rise */
    expect_valid();
    in.model = MODEL_SOAK;
    expect_invalid("ramp only", NULL);
    add_stretch(&run, "steady", 60, 120, 6000);
    expect_valid();
}

static void short_steady_state(void **state) {
    (void)state;
    steady->window_s = 60;
    steady->value[METRIC_REQUESTS] = 6000;
    expect_valid();
    assert_false(has_finding("steady-short"));
    steady->window_s = 59;
    steady->value[METRIC_REQUESTS] = 5900;
    expect_valid();
    assert_true(has_finding("steady-short"));
}

/* --- D02 --- */

/* Load 150/s: 9 % dropped, 136.5/s x 310 ms are 42 of 50 VUs, mean 310 (base 300). With the limit
 * of 310 ms in the place of R: L = 150 x 0.31 = 46.5, ceil(46.5 + 3*sqrt(46.5)) = 67. */
static void vus_ran_out(void **state) {
    (void)state;
    profile.target_rps = profile.iteration_rps = 150;
    in.max_vus = 50;
    in.baseline = &base;
    set(&base, METRIC_AVG_MS, 300);
    set(&run, METRIC_VUS_MAX, 20); /* of no meaning: the window's own figures count */
    set(&run, METRIC_AVG_MS, 310);
    in.p95_ms = (struct given){.value = 310, .from = "command line"};
    steady->value[METRIC_AVG_MS] = 310;
    steady->value[METRIC_REQUESTS] = 136.5 * 570;
    steady->dropped = 13.5 * 570;
    expect_invalid("Run invalid: the load generator was the limit. 7,695 of 85,500 iterations were "
                   "dropped in the steady state.",
                   "D02");
    expect_text(j.cause[0].evidence, "42 of 50 VUs in use, response time as in the baseline");
    assert_string_equal(j.step[1], "Allocate 67 VUs (preallocatedVUs) and run again.");
    /* the same, but mean 2400: the server slowed, the drops are the consequence */
    steady->value[METRIC_AVG_MS] = 2400;
    check_again();
    assert_int_equal(j.verdict, VERDICT_FAIL);
    steady->value[METRIC_AVG_MS] = 449;
    expect_invalid("dropped", "D02");
    steady->value[METRIC_AVG_MS] = 450; /* 1.5 times */
    expect_valid();
    in.baseline = NULL;
    expect_invalid("dropped", "D02");
    expect_text(j.cause[0].evidence, "no baseline");
    /* exactly 1 % is a warning */
    steady->value[METRIC_AVG_MS] = 310;
    steady->dropped = 855;
    steady->value[METRIC_REQUESTS] = 85500 - 855;
    expect_valid();
    assert_true(has_finding("dropped-iterations"));
    steady->dropped = 856;
    expect_invalid("dropped", "D02");
    /* 3 of 4 VUs in use is the edge */
    double in_use = (85500 - 855) / 570.0 * 0.31;
    in.max_vus = in_use / 0.75 - 0.01;
    expect_invalid("dropped", "D02");
    in.max_vus = in_use / 0.75 + 0.01;
    expect_valid();
}

/* More were there than the formula asks for, and they did not do: in proportion. */
static void more_vus_than_the_formula(void **state) {
    (void)state;
    in.max_vus = 100;
    steady->value[METRIC_AVG_MS] = 200;
    run.figure[METRIC_ITERATION_MS].value = 970; /* 800 ms beside the 170 of the whole run */
    steady->value[METRIC_REQUESTS] = 50000;
    steady->dropped = 7000; /* 12.3 % of 57,000 */
    in.p95_ms = (struct given){.value = 210, .from = "command line"};
    steady->value[METRIC_P95_MS] = 205;
    expect_invalid("dropped", "D02");
    /* 100/s x 1.01 s = 101, ceil(101 + 3*sqrt(101)) = 132 */
    assert_string_equal(j.step[1], "Allocate 132 VUs (preallocatedVUs) and run again.");
    /* 1,757 of 2,200 in use. The formula gives 2,139; 2,200 did 87.7 % of it: 2,508 in flight. */
    in.max_vus = 2200;
    run.figure[METRIC_ITERATION_MS].value = 20000;
    expect_invalid("dropped", "D02");
    assert_string_equal(j.step[1], "Allocate 2,659 VUs (preallocatedVUs) and run again.");
}

/* --- D01, D03, D04 --- */

static void generator_cpu(void **state) {
    (void)state;
    check_again();
    assert_true(has_finding("generator-not-measured"));
    steady->generator_cpu = 0.80;
    expect_valid();
    assert_false(has_finding("generator-not-measured"));
    assert_false(has_finding("generator-cpu"));
    steady->generator_cpu = 0.90;
    expect_valid();
    assert_true(has_finding("generator-cpu"));
    steady->generator_cpu = 0.97;
    expect_invalid("the load generator was the limit. Its CPU was at 97.00 %", "D01");
    steady->generator_cpu = NAN;
    strcpy(run.generator, "CPU usage above 90%");
    expect_invalid("Its log says \"CPU usage above 90%\"", "D01");
}

/* 80 VUs, think 1 s, 58.0/s, mean 106 ms: law 0.80. */
static void generator_time(void **state) {
    (void)state;
    static const struct {
        const char *why;
        double vus, rps, mean_ms;
        bool invalid;
    } cases[] = {
        {"40 VUs, 36.0/s: 0.994", 40, 36.0, 105, false},
        {"80 VUs, 58.0/s: 0.80", 80, 58.0, 106, true},
        {"120 VUs, 58.2/s: 0.54", 120, 58.2, 106, true},
        {"exactly 0.90", 110, 90, 100, false},
        {"just below", 110, 89.9, 100, true},
    };
    in.profile = NULL;
    in.arrivals = ARRIVALS_CLOSED;
    in.think_ms = 1000;
    for (size_t i = 0; i < COUNT(cases); i++) {
        steady->vus = cases[i].vus;
        steady->value[METRIC_REQUESTS] = cases[i].rps * 570;
        steady->value[METRIC_AVG_MS] = cases[i].mean_ms;
        check_again();
        if ((j.verdict == VERDICT_INVALID) != cases[i].invalid)
            fail_msg("%s: %s", cases[i].why, j.sentence);
    }
    steady->vus = 80;
    steady->value[METRIC_REQUESTS] = 58.0 * 570;
    steady->value[METRIC_AVG_MS] = 106;
    expect_invalid("20 % of the users' time is neither response nor pause.", "D03");
    expect_text(j.step[1], "undeclared pauses");
    steady->window_s = 5; /* 80 x 5 / 1.106 = 362 requests expected: too few to say */
    steady->value[METRIC_REQUESTS] = 58.0 * 5;
    expect_valid();
    steady->window_s = 570;
    steady->value[METRIC_REQUESTS] = 58.0 * 570;
    in.think_ms = NAN; /* not known */
    expect_valid();
    in.think_ms = 1000;
    in.arrivals = ARRIVALS_PACED; /* users wait for their clock */
    expect_valid();
}

static void add_error(const char *text) {
    run.error = mem_grow(run.error, run.errors, &run.errors_cap, sizeof *run.error);
    run.error[run.errors] = (struct error_kind){.count = 12};
    text_copy(run.error[run.errors++].text, sizeof run.error->text, text);
}

static void limits_of_the_load_machine(void **state) {
    (void)state;
    static const struct {
        const char *text;
        bool invalid;
    } cases[] = {
        {"POST /orders: HTTP 503", false},
        {"dial: connect: cannot assign requested address", true},
        {"Non HTTP response code: java.net.BindException/Non HTTP response message: Cannot assign "
         "requested address",
         true},
        {"socket: too many open files", true},
        {"500 java.lang.OutOfMemoryError", false}, /* the server's words */
        {"Non HTTP response code: java.lang.OutOfMemoryError", true},
        {"Non HTTP response message: unable to create new native thread", true},
    };
    for (size_t i = 0; i < COUNT(cases); i++) {
        run.errors = 0;
        add_error("GET /: HTTP 404");
        add_error(cases[i].text);
        check_again();
        if ((j.verdict == VERDICT_INVALID) != cases[i].invalid)
            fail_msg("%s: %s", cases[i].text, j.sentence);
        if (cases[i].invalid)
            expect_invalid("the load generator was the limit. A failed request says", "D04");
    }
}

/* --- the load was never there --- */

static void rate_never_offered(void **state) {
    (void)state;
    static const struct {
        const char *why;
        double requests, dropped;
        bool invalid;
    } cases[] = {
        {"all of it", 57000, 0, false},
        {"95 %", 54150, 0, false},
        {"less, nothing dropped", 54149, 0, true},
        {"unknown drops are none", 54149, NAN, true},
        {"failed by the server, dropped for want of VUs: offered", 54000, 200, false},
    };
    set(&run, METRIC_ITERATIONS, NAN); /* not counted */
    for (size_t i = 0; i < COUNT(cases); i++) {
        steady->value[METRIC_REQUESTS] = cases[i].requests;
        steady->value[METRIC_FAILED] = 1000;
        steady->dropped = cases[i].dropped;
        check_again();
        if ((j.verdict == VERDICT_INVALID) != cases[i].invalid)
            fail_msg("%s: %s", cases[i].why, j.sentence);
    }
    steady->value[METRIC_REQUESTS] = 40000;
    steady->dropped = 0;
    expect_invalid("Run invalid: the load was never offered. 70.2 of 100 RPS were sent.", "D39");
    /* iterations that are all there and send less than planned are a broken limit */
    set(&run, METRIC_ITERATIONS, 64125);
    expect_valid();
    assert_int_equal(judgement_find(&j, "rps")->status, VERDICT_FAIL);
    set(&run, METRIC_ITERATIONS, 64124);
    expect_invalid("never offered", "D39");
    set(&run, METRIC_DROPPED, 1); /* should have started as well */
    expect_valid();
    set(&run, METRIC_DROPPED, 0);
    in.profile = NULL; /* whether the run was open is not known */
    in.target_rps.value = 100;
    expect_valid();
    set(&run, METRIC_DROPPED, 3); /* only an open one drops iterations */
    expect_invalid("never offered", "D39");
}

static void users_never_there(void **state) {
    (void)state;
    profile.arrivals = ARRIVALS_PACED;
    profile.users = 50;
    profile.preallocated_vus = profile.max_vus = 0;
    steady->vus = 45;
    expect_valid();
    steady->vus = 44.9;
    expect_invalid("Run invalid: the load was never offered. 44.9 of 50 VUs ran.", "D39");
    assert_string_equal(j.step[1], "Start 50 VUs and run again.");
    steady->vus = NAN;
    expect_valid();
}

/* The first that holds is the headline. */
static void order_of_causes(void **state) {
    (void)state;
    in.max_vus = 18;
    set(&run, METRIC_ITERATIONS, 50000);
    set(&run, METRIC_AVG_MS, 180);
    steady->value[METRIC_REQUESTS] = 50000;
    steady->dropped = 3000;
    steady->generator_cpu = 0.99;
    expect_invalid("iterations were dropped", "D02");
    steady->dropped = 0;
    expect_invalid("Its CPU was at", "D01");
    steady->generator_cpu = NAN;
    expect_invalid("the load was never offered", "D39");
    set(&run, METRIC_DURATION_S, 130);
    expect_invalid("ramp only", NULL);
    set(&run, METRIC_REQUESTS, 0);
    check_again();
    assert_string_equal(j.sentence, "Run invalid: it sent no request.");
}

int main(void) {
    const struct CMUnitTest tests[] = {
        ON_A_RUN(the_good_run_is_valid),
        ON_A_RUN(series_that_only_rises),
        ON_A_RUN(short_steady_state),
        ON_A_RUN(vus_ran_out),
        ON_A_RUN(more_vus_than_the_formula),
        ON_A_RUN(generator_cpu),
        ON_A_RUN(generator_time),
        ON_A_RUN(limits_of_the_load_machine),
        ON_A_RUN(rate_never_offered),
        ON_A_RUN(users_never_there),
        ON_A_RUN(order_of_causes),
    };
    return cmocka_run_group_tests(tests, load_rules, NULL);
}

/* A run's figures against its limits: the verdict, at every edge. */
#include "check/check.h"

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

#include "base/mem.h"

#include "check_fixture.h"

/* --- a run that passes --- */

static void passes(void **state) {
    (void)state;
    const struct check *c = judge("p95");
    expect_status(c, "400 of 500", VERDICT_PASS, false);
    assert_int_equal(j.verdict, VERDICT_PASS);
    assert_string_equal(j.sentence, "Test successful. Ready for deployment/higher load.");
    assert_string_equal(j.step[0], j.sentence);
    assert_string_equal(j.step[1], "p95 is at 80 % of its limit: headroom 1.25.");
    assert_string_equal(c->unit, "ms");
    assert_non_null(strstr(c->limit_from, "rules/metric-validation.md:"));
    assert_true(has_finding("ramps-inside"));
    assert_true(has_finding("generator-not-measured"));
    assert_string_equal(j.cause[0].id, "D36");
}

/* --- response times --- */

static void p95_edges(void **state) {
    (void)state;
    static const struct {
        const char *why;
        double p95, limit;
        enum verdict v;
        bool near;
    } cases[] = {
        {"well below", 300, 500, VERDICT_PASS, false},
        {"at the near value", 450, 500, VERDICT_PASS, false},
        {"beyond the near value", 450.1, 500, VERDICT_PASS, true},
        {"a hair below the limit", 499.999, 500, VERDICT_PASS, true},
        {"exactly at the limit: < fails", 500, 500, VERDICT_FAIL, false},
        {"above", 501, 500, VERDICT_FAIL, false},
        {"another limit scales the near value: 450 of 500 is 720 of 800", 720, 800, VERDICT_PASS,
         false},
        {"beyond it", 721, 800, VERDICT_PASS, true},
    };
    for (size_t i = 0; i < COUNT(cases); i++) {
        set(&run, METRIC_P95_MS, cases[i].p95);
        in.p95_ms = (struct given){.value = cases[i].limit, .from = "command line"};
        const struct check *c = judge("p95");
        expect_status(c, cases[i].why, cases[i].v, cases[i].near);
        assert_true(c->value == cases[i].p95 && c->limit == cases[i].limit);
        assert_string_equal(c->limit_from, "command line");
        assert_int_equal(j.verdict, cases[i].v);
    }
}

/* A text rounds: it keeps or breaks a limit only when all that it can mean does. */
static void rounded_values(void **state) {
    (void)state;
    static const struct {
        double value, low, high;
        enum verdict v;
    } cases[] = {
        {499.9, 499.85, 499.95, VERDICT_PASS},
        {500, 499.95, 500.05, VERDICT_NO_DATA},
        {499.95, 499.9, 500, VERDICT_PASS}, /* just below 500 at the most */
        {500.1, 500.05, 500.15, VERDICT_FAIL},
        {500.05, 500, 500.1, VERDICT_FAIL}, /* 500 at the least: < fails */
    };
    for (size_t i = 0; i < COUNT(cases); i++) {
        run.figure[METRIC_P95_MS] =
            (struct figure){.value = cases[i].value, .low = cases[i].low, .high = cases[i].high};
        const struct check *c = judge("p95");
        if (c->status != cases[i].v)
            fail_msg("[%g, %g): %s", cases[i].low, cases[i].high, verdict_name(c->status));
    }
}

static void too_few_samples(void **state) {
    (void)state;
    in.profile = NULL;
    in.target_rps.value = 90;
    set(&run, METRIC_REQUESTS, 71);
    expect_status(judge("p95"), "71 requests", VERDICT_NO_DATA, false);
    assert_int_equal(j.verdict, VERDICT_NO_DATA);
    assert_string_equal(j.sentence, "No verdict: p95 has 71 requests, needs 72.");
    assert_string_equal(j.step[1], "1 more request for p95: rerun for 770 s (it has 750).");
    set(&run, METRIC_REQUESTS, 72);
    const struct check *c = judge("p95");
    expect_status(c, "72 requests", VERDICT_PASS, false);
    assert_string_equal(c->why, "Weak: 72 requests; 1,000 make it count.");
    set(&run, METRIC_REQUESTS, 1000);
    assert_string_equal(judge("p95")->why, "");
    set(&run, METRIC_REQUESTS, 29);
    expect_status(judge("error_rate"), "29 requests", VERDICT_NO_DATA, false);
    /* too few for p95, and a limit is broken all the same */
    set(&run, METRIC_REQUESTS, 60);
    set(&run, METRIC_FAILED, 30);
    judge("p95");
    assert_int_equal(j.verdict, VERDICT_FAIL);
}

/* p99 is no limit of the rules; who sets one wants an answer. */
static void optional_becomes_required(void **state) {
    (void)state;
    judge("p95");
    assert_null(judgement_find(&j, "p99"));
    in.p99_ms = (struct given){.value = 1000, .from = "command line"};
    const struct check *c = judge("p99");
    expect_status(c, "not in the summary", VERDICT_NO_DATA, false);
    assert_true(c->required);
    assert_int_equal(j.verdict, VERDICT_NO_DATA);
    assert_non_null(strstr(c->why, "summaryTrendStats"));
    set(&run, METRIC_P99_MS, 900);
    expect_status(judge("p99"), "900 of 1000", VERDICT_PASS, false);
    in.avg_ms = (struct given){.value = 180, .from = "command line"};
    expect_status(judge("avg"), "exactly at the limit", VERDICT_FAIL, false);
}

/* --- error rate --- */

static void clopper_pearson(void **state) {
    (void)state;
    static const struct {
        double k, n, upper;
    } cases[] = {{0, 100, 3.6217},  {0, 300, 1.2221},   {0, 1000, 0.3682},  {1, 1000, 0.5559},
                 {5, 1000, 1.1629}, {10, 1000, 1.8313}, {15, 1000, 2.4620}, {100, 50000, 0.2432}};
    for (size_t i = 0; i < COUNT(cases); i++)
        if (fabs(100 * check_error_upper(cases[i].k, cases[i].n) - cases[i].upper) > 0.00006)
            fail_msg("%g of %g: %.5f %%", cases[i].k, cases[i].n,
                     100 * check_error_upper(cases[i].k, cases[i].n));
    assert_true(check_error_upper(10, 10) == 1);
    assert_true(check_error_upper(0, 0) == 1);
}

/* Counts from a file can be any number: the answer comes at once, and fits its neighbours. */
static void clopper_pearson_of_many(void **state) {
    (void)state;
    struct timespec a, b;
    clock_gettime(CLOCK_MONOTONIC, &a);
    static const double n[] = {1e6, 1e9, 1e12, 1e15};
    for (size_t i = 0; i < COUNT(n); i++) {
        double half = check_error_upper(n[i] / 2, n[i]);
        assert_true(half > 0.5 && half < 0.502);
        assert_true(check_error_upper(1, n[i]) < 6 / n[i]);
    }
    double below = check_error_upper(1e5, 1e7), above = check_error_upper(1e5 + 1, 1e7);
    assert_true(above > below && above < below * 1.0001); /* no jump between two formulas */
    clock_gettime(CLOCK_MONOTONIC, &b);
    assert_true(b.tv_sec - a.tv_sec < 5);
}

static void error_rate_edges(void **state) {
    (void)state;
    static const struct {
        const char *why;
        double failed;
        enum verdict v;
        bool near;
    } cases[] = {
        {"none", 0, VERDICT_PASS, false},
        {"0.5 %, proven", 338, VERDICT_PASS, false},
        {"0.95 %: up to 1.02 % fits these counts", 641, VERDICT_PASS, true},
        {"a hair below", 674, VERDICT_PASS, true},
        {"exactly 1 %: < fails", 675, VERDICT_FAIL, false},
        {"above", 676, VERDICT_FAIL, false},
    };
    in.profile = NULL;
    in.target_rps.value = 90;
    for (size_t i = 0; i < COUNT(cases); i++) {
        set(&run, METRIC_FAILED, cases[i].failed);
        const struct check *c = judge("error_rate");
        expect_status(c, cases[i].why, cases[i].v, cases[i].near);
        assert_true(fabs(c->value - cases[i].failed / 67500) < 1e-12);
        assert_string_equal(c->unit, "");
        assert_int_equal(strstr(c->why, "Not proven") != NULL, cases[i].near);
    }
}

static void unknown_failures(void **state) {
    (void)state;
    set(&run, METRIC_FAILED, NAN);
    expect_status(judge("error_rate"), "not counted", VERDICT_NO_DATA, false);
    assert_int_equal(judgement_find(&j, "rps")->status, VERDICT_NO_DATA); /* successes unknown */
    assert_int_equal(j.verdict, VERDICT_NO_DATA);
}

/* --- the rate --- */

static void rate_edges(void **state) {
    (void)state;
    static const struct {
        const char *why;
        enum arrivals arrivals;
        double ok; /* of 67,500 */
        enum verdict v;
        bool near;
    } cases[] = {
        {"all", ARRIVALS_OPEN, 67500, VERDICT_PASS, false},
        {"exactly 95 %", ARRIVALS_OPEN, 64125, VERDICT_PASS, false},
        {"one less: short by more than chance", ARRIVALS_OPEN, 64124, VERDICT_FAIL, false},
        {"exactly 105 %", ARRIVALS_OPEN, 70875, VERDICT_PASS, false},
        {"106 %", ARRIVALS_OPEN, 71550, VERDICT_PASS, true},
        {"exactly 110 %", ARRIVALS_OPEN, 74250, VERDICT_PASS, true},
        {"above 110 %", ARRIVALS_OPEN, 74251, VERDICT_FAIL, false},
        {"closed, exactly 95 %", ARRIVALS_CLOSED, 64125, VERDICT_PASS, false},
        {"closed, 94 %", ARRIVALS_CLOSED, 63450, VERDICT_PASS, true},
        {"closed, exactly 90 %", ARRIVALS_CLOSED, 60750, VERDICT_PASS, true},
        {"closed, below", ARRIVALS_CLOSED, 60749, VERDICT_FAIL, false},
    };
    for (size_t i = 0; i < COUNT(cases); i++) {
        profile.arrivals = cases[i].arrivals;
        set(&run, METRIC_REQUESTS, cases[i].ok);
        set(&run, METRIC_ITERATIONS, cases[i].ok);
        const struct check *c = judge("rps");
        expect_status(c, cases[i].why, cases[i].v, cases[i].near);
        assert_true(fabs(c->value - cases[i].ok / 675) <
                    1e-9); /* successes over planned x target */
        bool high = strcmp(cases[i].why, "above 110 %") == 0;
        double limit = high ? 110 : cases[i].arrivals == ARRIVALS_OPEN ? 95 : 90;
        assert_true(fabs(c->limit - limit) < 1e-9);
        assert_int_equal(c->op, high ? OP_LESS_EQUAL : OP_MORE_EQUAL);
        assert_string_equal(c->unit, "RPS");
    }
}

/* Few requests are short by chance: 900 planned, 850 made is 94.4 %, and 2*sqrt(900) are 60. */
static void rate_guard(void **state) {
    (void)state;
    profile.stage[0].duration_s = 1;
    profile.planned_requests = 900;
    set(&run, METRIC_DURATION_S, NAN);
    set(&run, METRIC_REQUESTS, 850);
    set(&run, METRIC_ITERATIONS, 850);
    expect_status(judge("rps"), "short by 50", VERDICT_PASS, true);
    set(&run, METRIC_REQUESTS, 839);
    set(&run, METRIC_ITERATIONS, 839);
    expect_status(judge("rps"), "short by 61", VERDICT_FAIL, false);
    profile.arrivals = ARRIVALS_CLOSED; /* users wait: nothing is left to chance */
    set(&run, METRIC_REQUESTS, 809);
    expect_status(judge("rps"), "closed, 89.9 %", VERDICT_FAIL, false);
}

/* Failed requests do not count: an overloaded server can answer all of them too late. */
static void only_successes_count(void **state) {
    (void)state;
    set(&run, METRIC_FAILED, 6750);
    expect_status(judge("rps"), "90 % successes", VERDICT_FAIL, false);
    assert_int_equal(j.verdict, VERDICT_FAIL);
}

static void rate_without_a_plan(void **state) {
    (void)state;
    in.profile = NULL;
    expect_status(judge("rps"), "no target", VERDICT_NO_DATA, false);
    assert_int_equal(j.verdict, VERDICT_NO_DATA);
    assert_true(isnan(judgement_find(&j, "rps")->limit));
    assert_string_equal(j.step[1], "Give the planned load (--plan, --dir) or a target (--rps).");
    in.target_rps = (struct given){.value = 90, .from = "command line"};
    const struct check *c = judge("rps");
    expect_status(c, "90 of 90", VERDICT_PASS, false);
    assert_non_null(strstr(c->why, "ramps inside"));
    in.target_rps.value = 100;
    expect_status(judge("rps"), "90 of 100, open", VERDICT_FAIL, false);
    in.arrivals = ARRIVALS_CLOSED;
    expect_status(judge("rps"), "90 of 100, closed", VERDICT_PASS, true);
    in.arrivals = ARRIVALS_OPEN;
    set(&run, METRIC_FAILED, 67500);
    c = judge("rps");
    expect_status(c, "not one success", VERDICT_FAIL, false);
    assert_true(c->value == 0);
}

/* A run that ended early is held against what was planned until then. */
static void planned_until_the_end(void **state) {
    (void)state;
    set(&run, METRIC_DURATION_S, 400); /* 5,000 + 30,000 */
    set(&run, METRIC_REQUESTS, 35000);
    set(&run, METRIC_ITERATIONS, 35000);
    const struct check *c = judge("rps");
    expect_status(c, "all until 400 s", VERDICT_PASS, false);
    assert_string_equal(c->why, "35,000 of 35,000 planned.");
    assert_true(has_finding("ended-early"));
}

/* --- checks and dropped iterations --- */

static void failed_checks(void **state) {
    (void)state;
    judge("p95");
    assert_null(judgement_find(&j, "checks")); /* a script without checks asks nothing */
    set(&run, METRIC_CHECKS_PASSED, 9900);
    set(&run, METRIC_CHECKS_FAILED, 0);
    expect_status(judge("checks"), "none failed", VERDICT_PASS, false);
    set(&run, METRIC_CHECKS_FAILED, 1);
    expect_status(judge("checks"), "one", VERDICT_PASS, true);
    set(&run, METRIC_CHECKS_FAILED, 100);
    expect_status(judge("checks"), "exactly 1 %: <= passes", VERDICT_PASS, true);
    set(&run, METRIC_CHECKS_FAILED, 101);
    expect_status(judge("checks"), "above", VERDICT_FAIL, false);
    assert_int_equal(j.verdict, VERDICT_FAIL);
    assert_string_equal(j.cause[0].id, "D18");
}

static void dropped_iterations(void **state) {
    (void)state;
    set(&run, METRIC_DROPPED, 600);
    set(&run, METRIC_ITERATIONS, 67500);
    expect_status(judge("dropped_iterations"), "0.9 %", VERDICT_PASS, true);
    assert_int_equal(j.verdict, VERDICT_PASS);
    assert_true(has_finding("dropped-iterations"));
    /* over 1 %, with many free VUs: the server's doing, a broken limit */
    set(&run, METRIC_DROPPED, 1000);
    set(&run, METRIC_VUS_MAX, 40);
    expect_status(judge("dropped_iterations"), "1.5 %", VERDICT_FAIL, false);
    assert_int_equal(j.verdict, VERDICT_FAIL);
}

/* --- INVALID --- */

/* D02: 9 % dropped, 42 of 50 VUs in use, mean 310 against 300 of the baseline. */
static void vus_ran_out(void **state) {
    (void)state;
    set(&run, METRIC_DROPPED, 6075);
    set(&run, METRIC_ITERATIONS, 61425);
    set(&run, METRIC_REQUESTS, 61425);
    set(&run, METRIC_VUS_MAX, 42);
    set(&run, METRIC_AVG_MS, 310);
    set(&base, METRIC_AVG_MS, 300);
    profile.max_vus = 50;
    in.baseline = &base;
    judge("p95");
    assert_int_equal(j.verdict, VERDICT_INVALID);
    assert_string_equal(j.sentence,
                        "Run invalid: the load generator was the limit. 6,075 of 67,500 "
                        "iterations were dropped.");
    assert_string_equal(j.cause[0].id, "D02");
    assert_non_null(strstr(j.cause[0].evidence, "42 of 50 VUs in use"));
    assert_true(has_finding("generator-saturated"));
    assert_non_null(strstr(j.step[1], "Allocate "));
    /* three quarters of them in use is the edge */
    set(&run, METRIC_VUS_MAX, 37.5);
    judge("p95");
    assert_int_equal(j.verdict, VERDICT_INVALID);
    set(&run, METRIC_VUS_MAX, 37);
    judge("p95");
    assert_int_equal(j.verdict, VERDICT_FAIL);
    /* slower by half: the drops are the consequence */
    set(&run, METRIC_VUS_MAX, 50);
    set(&run, METRIC_AVG_MS, 450);
    judge("p95");
    assert_int_equal(j.verdict, VERDICT_FAIL);
    in.baseline = NULL; /* without a baseline it counts as not slower, and says so */
    judge("p95");
    assert_int_equal(j.verdict, VERDICT_INVALID);
    assert_non_null(strstr(j.cause[0].evidence, "no baseline"));
}

/* L = 150/s x 0.31 s, in the place of 0.31 the limit of 500 ms: ceil(75 + 3*sqrt(75)) = 101. */
static void how_many_vus_are_enough(void **state) {
    (void)state;
    in.profile = NULL;
    in.target_rps.value = 150;
    set(&run, METRIC_DURATION_S, 60);
    set(&run, METRIC_ITERATIONS, 8190);
    set(&run, METRIC_REQUESTS, 8190);
    set(&run, METRIC_DROPPED, 810);
    set(&run, METRIC_ITERATION_MS, 310);
    set(&run, METRIC_AVG_MS, 310);
    set(&run, METRIC_VUS_MAX, 50);
    set(&run, METRIC_VUS_ALLOCATED, 50);
    judge("p95");
    assert_int_equal(j.verdict, VERDICT_INVALID);
    assert_string_equal(j.step[1], "Allocate 101 VUs (preallocatedVUs) and run again.");
}

static void nothing_was_measured(void **state) {
    (void)state;
    set(&run, METRIC_REQUESTS, 0);
    judge("p95");
    assert_int_equal(j.verdict, VERDICT_INVALID);
    assert_string_equal(j.sentence, "Run invalid: it sent no request.");
}

/* The hold begins at 100 s and has settled after 5 % of its 600 s. */
static void ramp_only(void **state) {
    (void)state;
    set(&run, METRIC_DURATION_S, 130);
    judge("p95");
    assert_int_equal(j.verdict, VERDICT_INVALID);
    assert_string_equal(j.sentence, "Run invalid: ramp only. It ended after 2:10 of 12:30.");
    assert_string_equal(j.step[0], "This run says nothing about the server: its steady window "
                                   "begins at 2:10.");
    set(&run, METRIC_DURATION_S, 131);
    set(&run, METRIC_REQUESTS, 8100);
    judge("p95");
    assert_int_equal(j.verdict, VERDICT_PASS);
    assert_true(has_finding("steady-short"));
    in.profile = NULL; /* a summary alone cannot show it */
    in.target_rps.value = 90;
    set(&run, METRIC_DURATION_S, 20);
    judge("p95");
    assert_int_not_equal(j.verdict, VERDICT_INVALID);
}

/* A plan without ramps holds from its first second. */
static void no_ramp_is_no_ramp_only(void **state) {
    (void)state;
    profile.stages = 1;
    profile.stage[0] = (struct stage){.name = "hold", .duration_s = 600, .target_rps = 100};
    profile.duration_s = 600;
    profile.planned_requests = 60000;
    set(&run, METRIC_DURATION_S, 300);
    set(&run, METRIC_REQUESTS, 30000);
    set(&run, METRIC_ITERATIONS, 30000);
    expect_status(judge("rps"), "half of it, all that was due", VERDICT_PASS, false);
    assert_string_equal(judgement_find(&j, "rps")->why, "30,000 of 30,000 planned.");
    set(&run, METRIC_DURATION_S, 30);
    judge("p95");
    assert_int_equal(j.verdict, VERDICT_INVALID);
}

static void load_machine_in_the_log(void **state) {
    (void)state;
    strcpy(run.generator, "too many open files");
    judge("p95");
    assert_int_equal(j.verdict, VERDICT_PASS); /* no request failed by it */
    set(&run, METRIC_FAILED, 100);
    judge("p95");
    assert_int_equal(j.verdict, VERDICT_INVALID);
    assert_string_equal(j.cause[0].id, "D04");
}

/* --- models --- */

static void stress_and_soak_as_a_whole(void **state) {
    (void)state;
    in.model = MODEL_SOAK;
    judge("p95");
    assert_true(has_finding("judged-as-a-whole"));
    const struct check *c = judgement_find(&j, "latency_drift");
    assert_non_null(c);
    expect_status(c, "a summary has no series", VERDICT_NO_DATA, false);
    assert_int_equal(j.verdict, VERDICT_NO_DATA);
    in.model = MODEL_STRESS;
    judge("p95");
    assert_true(has_finding("judged-as-a-whole"));
    set(&run, METRIC_P95_MS, 500);
    expect_status(judge("p95"), "at the limit", VERDICT_FAIL, false);
    assert_null(judgement_find(&j, "stress_p95")); /* shown under its plain name */
}

/* --- causes --- */

static void expect_cause(const char *id) {
    judge("p95");
    for (size_t i = 0; i < j.causes; i++)
        if (strcmp(j.cause[i].id, id) == 0)
            return;
    fail_msg("no cause %s", id);
}

static void causes(void **state) {
    (void)state;
    in.baseline = &base;
    /* p50 80 -> 84, p95 200 -> 210, p99 260 -> 900: the tail only */
    set(&base, METRIC_MED_MS, 80);
    set(&base, METRIC_P95_MS, 200);
    set(&base, METRIC_P99_MS, 260);
    set(&base, METRIC_AVG_MS, 100);
    set(&run, METRIC_MED_MS, 84);
    set(&run, METRIC_P95_MS, 210);
    set(&run, METRIC_P99_MS, 900);
    set(&run, METRIC_AVG_MS, 110);
    in.p95_ms = (struct given){.value = 205, .from = "command line"};
    expect_cause("D24");
    assert_string_equal(j.cause[0].evidence, "p99 3.46 times the baseline's, p50 1.05 times");
    /* p50 80 -> 122, p95 200 -> 300, p99 260 -> 395, rate as planned: all shifted */
    set(&run, METRIC_MED_MS, 122);
    set(&run, METRIC_P95_MS, 300);
    set(&run, METRIC_P99_MS, 395);
    set(&base, METRIC_RPS, 100);
    set(&run, METRIC_RPS, 102);
    expect_cause("D25");
    /* at another load than the baseline's that would be queueing as well */
    set(&base, METRIC_RPS, 12);
    expect_cause("D38");
    for (size_t i = 0; i < j.causes; i++)
        assert_string_not_equal(j.cause[i].id, "D25");
    /* a limit that the baseline itself does not keep is the headline */
    in.p95_ms.value = 200;
    expect_cause("D37");
    assert_string_equal(j.cause[0].id, "D37");
    assert_string_equal(j.step[0], "Bottleneck detected. Check logs/metrics.");
    assert_non_null(strstr(j.step[1], "D37 limit below the baseline"));
    /* slower under load, errors within their limit */
    set(&run, METRIC_P95_MS, 600);
    in.p95_ms.value = 500;
    expect_cause("D38");
}

static void rate_not_reached(void **state) {
    (void)state;
    set(&run, METRIC_REQUESTS, 50000);
    set(&run, METRIC_ITERATIONS, 50000);
    expect_cause("D39");
    assert_int_equal(j.verdict, VERDICT_FAIL);
}

/* --- limits and their order --- */

static void read_plan(const char *text) {
    plan_fini(&plan);
    assert_true(plan_read(&plan, "test-plan.md", text, strlen(text), NULL));
    in.plan = &plan;
}

static void order_of_limits(void **state) {
    (void)state;
    struct given g = check_limit(&rules, NULL, MODEL_LOAD, "p95", NULL);
    assert_true(g.value == 500);
    read_plan("- p95 < 300 ms\n- Soak: p95 < 700 ms\n");
    g = check_limit(&rules, &plan, MODEL_LOAD, "p95", NULL);
    assert_true(g.value == 300);
    assert_string_equal(g.from, "test-plan.md:1");
    g = check_limit(&rules, &plan, MODEL_SOAK, "p95", NULL);
    assert_true(g.value == 700);
    struct given mine = {.value = 100, .from = "command line"};
    g = check_limit(&rules, &plan, MODEL_LOAD, "p95", &mine);
    assert_true(g.value == 100);
    assert_true(isnan(check_limit(&rules, NULL, MODEL_LOAD, "p99", NULL).value));
    /* two lines that disagree set nothing: the rule counts */
    read_plan("- p95 < 300 ms\n- p95 < 400 ms\n");
    assert_true(check_limit(&rules, &plan, MODEL_LOAD, "p95", NULL).value == 500);
}

static struct endpoint *add_whole_endpoint(const char *name, double requests, double failed,
                                           double p95) {
    run.endpoint = mem_grow(run.endpoint, run.endpoints, &run.endpoints_cap, sizeof *run.endpoint);
    struct endpoint *p = &run.endpoint[run.endpoints++];
    *p = (struct endpoint){0};
    snprintf(p->name, sizeof p->name, "%s", name);
    for (int m = 0; m < ENDPOINT_METRICS; m++)
        p->figure[m] = (struct figure){.value = NAN, .low = NAN, .high = NAN};
    p->figure[METRIC_REQUESTS] = (struct figure){requests, requests, requests, 0, ""};
    p->figure[METRIC_FAILED] = (struct figure){failed, failed, failed, 0, ""};
    p->figure[METRIC_P95_MS] = (struct figure){p95, p95, p95, 0, ""};
    return p;
}

/* 96 % of the requests at 100 ms and 4 % at 2000 ms: the whole is green, the endpoint is not. */
static void limits_of_endpoints(void **state) {
    (void)state;
    read_plan("- POST /orders: p95 < 400 ms\n- GET /orders: error rate < 1 %\n"
              "- GET /none: p95 < 100 ms\n");
    add_whole_endpoint("POST /orders", 2700, 0, 2000);
    add_whole_endpoint("get /orders", 64800, 0, 100);
    const struct check *c = judge("p95:POST /orders");
    expect_status(c, "2000 of 400", VERDICT_FAIL, false);
    assert_string_equal(c->limit_from, "test-plan.md:1");
    expect_status(judgement_find(&j, "p95"), "the whole", VERDICT_PASS, false);
    expect_status(judgement_find(&j, "error_rate:GET /orders"), "no error", VERDICT_PASS, false);
    assert_int_equal(j.verdict, VERDICT_FAIL);
    run.endpoint[0].figure[METRIC_P95_MS].value = run.endpoint[0].figure[METRIC_P95_MS].low =
        run.endpoint[0].figure[METRIC_P95_MS].high = 300;
    expect_status(judge("p95:GET /none"), "not in the result", VERDICT_NO_DATA, false);
    assert_int_equal(j.verdict, VERDICT_NO_DATA); /* asked for and not measured */
    run.endpoint[0].figure[METRIC_REQUESTS].value = 71;
    expect_status(judge("p95:POST /orders"), "too few", VERDICT_NO_DATA, false);
}

/* A broken limit stays, however many others there are. */
static void many_endpoints(void **state) {
    (void)state;
    static char text[PLAN_ENDPOINTS_MAX * 64];
    size_t n = 0;
    for (int i = 0; i < PLAN_ENDPOINTS_MAX; i++) {
        char name[32];
        n += (size_t)snprintf(text + n, sizeof text - n,
                              "- GET /e%d: p95 < 100 ms, error rate < 1 %%\n", i);
        snprintf(name, sizeof name, "GET /e%d", i);
        add_whole_endpoint(name, 1000, 0, i == 150 ? 200 : 50);
    }
    read_plan(text);
    assert_int_equal(plan.endpoints, PLAN_ENDPOINTS_MAX);
    expect_status(judge("p95:GET /e150"), "200 of 100", VERDICT_FAIL, false);
    assert_int_equal(j.verdict, VERDICT_FAIL);
    assert_non_null(judgement_find(&j, "error_rate:GET /e199"));
}

/* --- the baseline's own result --- */

static void baseline(void **state) {
    (void)state;
    static const struct {
        double requests, failed;
        enum stability s;
        const char *kind;
    } cases[] = {
        {3768, 0, STABLE, NULL},
        {300, 0, STABLE, NULL},
        {299, 0, STABLE, "baseline-small"},
        {4210, 3, UNSTABLE, "baseline-errors"},
        {1e9, 1, UNSTABLE, "baseline-errors"},
        {100, NAN, STABLE_UNKNOWN, "baseline-unknown"},
        {NAN, 0, STABLE_UNKNOWN, "baseline-unknown"},
        {0, 0, STABLE_UNKNOWN, "baseline-unknown"},
    };
    for (size_t i = 0; i < COUNT(cases); i++) {
        struct findings notes = {0};
        set(&base, METRIC_REQUESTS, cases[i].requests);
        set(&base, METRIC_FAILED, cases[i].failed);
        assert_int_equal(check_baseline(&base, &rules, &notes), cases[i].s);
        assert_int_equal(notes.len, cases[i].kind != NULL);
        if (cases[i].kind)
            assert_string_equal(notes.item[0].kind, cases[i].kind);
        findings_fini(&notes);
    }
}

static void baseline_sentence(void **state) {
    (void)state;
    struct findings notes = {0};
    set(&base, METRIC_REQUESTS, 4210);
    set(&base, METRIC_FAILED, 3);
    check_baseline(&base, &rules, &notes);
    assert_string_equal(
        notes.item[0].text,
        "Stopped: the baseline has 3 failed requests of 4,210 (0.07 %). It must have none.");
    assert_int_equal(notes.item[0].level, FINDING_STOP);
    findings_fini(&notes);
}

static void copies_are_deep(void **state) {
    (void)state;
    judge("p95");
    struct judgement *copy = mem_new(1, sizeof *copy);
    judgement_copy(copy, &j);
    size_t n = j.findings.len;
    judgement_fini(&j);
    assert_int_equal(copy->findings.len, n);
    assert_true(copy->findings.item[0].text[0] != '\0');
    judgement_fini(copy);
    free(copy);
}

#define ON_A_SUMMARY(f) cmocka_unit_test_setup_teardown(f, good_run, end_run)

int main(void) {
    const struct CMUnitTest tests[] = {
        ON_A_SUMMARY(passes),
        ON_A_SUMMARY(p95_edges),
        ON_A_SUMMARY(rounded_values),
        ON_A_SUMMARY(too_few_samples),
        ON_A_SUMMARY(optional_becomes_required),
        cmocka_unit_test(clopper_pearson),
        cmocka_unit_test(clopper_pearson_of_many),
        ON_A_SUMMARY(error_rate_edges),
        ON_A_SUMMARY(unknown_failures),
        ON_A_SUMMARY(rate_edges),
        ON_A_SUMMARY(rate_guard),
        ON_A_SUMMARY(only_successes_count),
        ON_A_SUMMARY(rate_without_a_plan),
        ON_A_SUMMARY(planned_until_the_end),
        ON_A_SUMMARY(failed_checks),
        ON_A_SUMMARY(dropped_iterations),
        ON_A_SUMMARY(vus_ran_out),
        ON_A_SUMMARY(how_many_vus_are_enough),
        ON_A_SUMMARY(nothing_was_measured),
        ON_A_SUMMARY(ramp_only),
        ON_A_SUMMARY(no_ramp_is_no_ramp_only),
        ON_A_SUMMARY(load_machine_in_the_log),
        ON_A_SUMMARY(stress_and_soak_as_a_whole),
        ON_A_SUMMARY(causes),
        ON_A_SUMMARY(rate_not_reached),
        ON_A_SUMMARY(order_of_limits),
        ON_A_SUMMARY(limits_of_endpoints),
        ON_A_SUMMARY(many_endpoints),
        ON_A_SUMMARY(baseline),
        ON_A_SUMMARY(baseline_sentence),
        ON_A_SUMMARY(copies_are_deep),
    };
    return cmocka_run_group_tests(tests, load_rules, NULL);
}

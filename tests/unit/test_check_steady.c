/* The checks of a run with a steady state: whose figures count, and how sure they are. */
#include <stdarg.h>
#include <stddef.h>

#include <setjmp.h>
#include <stdint.h>

#include <cmocka.h>

#include "check_fixture.h"

#include "check/rows.h"

/* --- the judged part --- */

static void the_steady_state_counts(void **state) {
    (void)state;
    set(&run, METRIC_P95_MS, 900); /* of the whole run: over the limit, and not asked */
    set(&run, METRIC_FAILED, 5000);
    const struct check *c = judge("p95");
    expect_status(c, "400 of 500", VERDICT_PASS, false);
    assert_true(c->value == 400);
    assert_true(judgement_find(&j, "error_rate")->value == 0);
    expect_near(judgement_find(&j, "rps")->value, 100, 1e-9);
    assert_true(j.window.steady && !j.window.estimated);
    assert_true(j.window.from_s == 130 && j.window.to_s == 700 && j.window.requests == 57000);
    assert_int_equal(j.verdict, VERDICT_PASS);
    assert_false(has_finding("ramps-inside"));
    assert_false(has_finding("no-steady-state"));
}

static void what_is_said_without_one(void **state) {
    (void)state;
    run.stretches = 0;
    run.computed = false;
    judge("p95");
    assert_false(j.window.steady);
    assert_true(j.window.to_s == 750 && j.window.requests == 67500);
    expect_text(find_finding("ramps-inside")->text, "A summary covers the whole run");
    add_point(&run.series, 0, 1, 100);
    judge("p95");
    assert_false(has_finding("ramps-inside"));
    expect_text(find_finding("no-steady-state")->text, "No steady state was found");
    run.stretches = 1;
    strcpy(run.stretch[0].name, "estimated");
    judge("p95");
    assert_true(j.window.steady && j.window.estimated);
    assert_true(has_finding("steady-estimated"));
}

/* Without a plan the window ends where the load is constant no more. */
static void what_lies_behind_is_said(void **state) {
    (void)state;
    for (int i = 0; i < 4; i++)
        add_point(&run.series, 700 + 5 * i, 5, 500)->p95_ms = i < 3 ? 900 : 300;
    judge("p95");
    assert_false(has_finding("over-outside")); /* with a plan that is its ramp down */
    in.profile = NULL;
    assert_int_equal(judge("p95")->status, VERDICT_PASS);
    expect_text(find_finding("over-outside")->text,
                "p95 was over its limit of 500 ms for 0:15 behind the judged window, from 11:40");
    run.series.point[0].p95_ms = run.series.point[1].p95_ms = 500; /* 5 s are left */
    judge("p95");
    assert_false(has_finding("over-outside"));
}

/* A steady state in which nothing ended has no figures. */
static void an_empty_one_does_not_count(void **state) {
    (void)state;
    steady->value[METRIC_REQUESTS] = 0;
    assert_true(judge("p95")->value == 390);
    assert_false(j.window.steady);
}

/* What the source does not hold for the steady state alone is that of the whole run, and says so.
 */
static void missing_figures(void **state) {
    (void)state;
    steady->value[METRIC_P95_MS] = NAN;
    const struct check *c = judge("p95");
    assert_true(c->value == 390);
    expect_text(c->why, "Of the whole run, ramps inside");
    steady->value[METRIC_FAILED] = NAN;
    set(&run, METRIC_FAILED, 67);
    expect_near(judge("error_rate")->value, 67 / 67500.0, 1e-12);
    expect_text(judgement_find(&j, "error_rate")->why, "Of the whole run");
}

/* --- samples --- */

static void samples_of_the_steady_state(void **state) {
    (void)state;
    static const struct {
        const char *metric;
        double n;
        enum verdict v;
        const char *why;
    } cases[] = {
        {"p95", 71, VERDICT_NO_DATA, "It has 71 requests, needs 72."},
        {"p95", 72, VERDICT_PASS, "Weak: 72 requests; 1,000 make it count."},
        {"p95", 999, VERDICT_PASS, "Weak: 999 requests"},
        {"p99", 367, VERDICT_NO_DATA, "It has 367 requests, needs 368."},
        {"p99", 368, VERDICT_PASS, "Weak: 368 requests; 3,500 make it count."},
        {"avg", 29, VERDICT_NO_DATA, "It has 29 requests, needs 30."},
        {"avg", 30, VERDICT_PASS, "Weak: 30 requests"},
        {"error_rate", 29, VERDICT_NO_DATA, "It has 29 requests, needs 30."},
        {"error_rate", 300, VERDICT_PASS, "Not proven: up to 1.22 % fits these counts."},
    };
    steady->value[METRIC_P99_MS] = 700;
    in.p99_ms = (struct given){.value = 1000, .from = "command line"};
    in.avg_ms = in.p99_ms;
    for (size_t i = 0; i < COUNT(cases); i++) {
        steady->value[METRIC_REQUESTS] = cases[i].n;
        const struct check *c = judge(cases[i].metric);
        assert_int_equal(c->status, cases[i].v);
        expect_text(c->why, cases[i].why);
    }
}

/* --- the interval of p95 --- */

static void set_fifths(double a, double b, double c, double d, double e) {
    const double q[FIFTHS] = {a, b, c, d, e};
    memcpy(steady->fifth_p95_ms, q, sizeof q);
}

/* 182 190 176 205 188: mean 188.2, sd 10.8720, half width 13.4993. */
static void interval_of_five_windows(void **state) {
    (void)state;
    steady->value[METRIC_P95_MS] = 188.2;
    set_fifths(182, 190, 176, 205, 188);
    const struct check *c = judge("p95");
    expect_near(c->low, 188.2 - 13.4993, 5e-5);
    expect_near(c->high, 188.2 + 13.4993, 5e-5);
    expect_status(c, "far from the limit", VERDICT_PASS, false);
    /* the interval by ranks counts where it is wider */
    steady->p95_low_ms = 150;
    steady->p95_high_ms = 195;
    c = judge("p95");
    expect_near(c->low, 150, 0);
    expect_near(c->high, 201.6993, 5e-5);
    /* five windows are not known: the ranks alone; neither: none */
    steady->fifth_p95_ms[2] = NAN;
    c = judge("p95");
    assert_true(c->low == 150 && c->high == 195);
    steady->p95_high_ms = INFINITY;
    assert_true(isnan(judge("p95")->high));
    steady->p95_low_ms = steady->p95_high_ms = NAN;
    c = judge("p95");
    assert_true(isnan(c->low) && isnan(c->high));
}

static void a_summary_has_no_interval(void **state) {
    (void)state;
    run.stretches = 0;
    const struct check *c = judge("p95");
    assert_true(isnan(c->low) && isnan(c->high));
}

static void close_to_the_limit(void **state) {
    (void)state;
    static const struct {
        const char *why;
        double p95, low, high;
        enum verdict v;
        bool near, said;
    } cases[] = {
        {"the interval is below", 400, 380, 499.9, VERDICT_PASS, false, false},
        {"its end is at the limit", 400, 380, 500, VERDICT_PASS, true, true},
        {"the limit is inside", 400, 300, 520, VERDICT_PASS, true, true},
        {"over the limit all the same", 510, 490, 530, VERDICT_FAIL, false, true},
        {"the interval is above", 510, 501, 530, VERDICT_FAIL, false, false},
    };
    for (size_t i = 0; i < COUNT(cases); i++) {
        steady->value[METRIC_P95_MS] = cases[i].p95;
        steady->p95_low_ms = cases[i].low;
        steady->p95_high_ms = cases[i].high;
        set_fifths(NAN, NAN, NAN, NAN, NAN);
        const struct check *c = judge("p95");
        expect_status(c, cases[i].why, cases[i].v, cases[i].near);
        assert_int_equal(strstr(c->why, "Close to the limit") != NULL, cases[i].said);
    }
    steady->value[METRIC_P95_MS] = 480;
    steady->p95_low_ms = 462;
    steady->p95_high_ms = 512;
    expect_text(judge("p95")->why,
                "Close to the limit: 95 % interval 462 ms to 512 ms; a longer run narrows it.");
}

static void estimated_p95(void **state) {
    (void)state;
    steady->estimated = true;
    expect_text(judge("p95")->why, "Estimated from its pieces of time");
}

static void halves(void **state) {
    (void)state;
    static const struct {
        double first, second;
        bool said;
    } cases[] = {{400, 480, false},
                 {400, 480.1, true},
                 {480.1, 400, true},
                 {NAN, 480, false},
                 {0, 400, false}};
    for (size_t i = 0; i < COUNT(cases); i++) {
        steady->half_p95_ms[0] = cases[i].first;
        steady->half_p95_ms[1] = cases[i].second;
        judge("p95");
        if (has_finding("not-steady") != cases[i].said)
            fail_msg("%g and %g", cases[i].first, cases[i].second);
    }
}

/* --- error rate --- */

static void error_intervals(void **state) {
    (void)state;
    static const struct {
        double k, n, lower, upper;
    } cases[] = {
        {0, 100, 0, 3.6217},        {0, 300, 0, 1.2221},          {0, 1000, 0, 0.3682},
        {1, 1000, 0.0025, 0.5559},  {5, 1000, 0.1625, 1.1629},    {10, 1000, 0.4806, 1.8313},
        {15, 1000, 0.8419, 2.4620}, {100, 50000, 0.1628, 0.2432},
    };
    for (size_t i = 0; i < COUNT(cases); i++) {
        steady->value[METRIC_REQUESTS] = cases[i].n;
        steady->value[METRIC_FAILED] = cases[i].k;
        const struct check *c = judge("error_rate");
        expect_near(100 * c->low, cases[i].lower, 6e-5);
        expect_near(100 * c->high, cases[i].upper, 6e-5);
    }
    assert_true(check_error_lower(10, 10) > 0.69 && check_error_lower(10, 10) < 0.70);
    assert_true(check_error_lower(0, 0) == 0);
    /* the two formulas meet */
    double below = check_error_lower(1e5, 1e7), above = check_error_lower(1e5 + 1, 1e7);
    assert_true(above > below && above < below * 1.0001);
}

/* Ratios are compared with six digits: 0.0099999999 is 1 %. */
static void ratios_have_six_digits(void **state) {
    (void)state;
    steady->value[METRIC_REQUESTS] = 3e8;
    steady->value[METRIC_FAILED] = 3e6 - 1;
    expect_status(judge("error_rate"), "1 % but for one of 300 million", VERDICT_FAIL, false);
    steady->value[METRIC_FAILED] = 0.0099994 * 3e8;
    expect_status(judge("error_rate"), "0.9999 %", VERDICT_PASS, true);
}

/* --- the rate --- */

static void rate_of_the_steady_state(void **state) {
    (void)state;
    static const struct {
        const char *why;
        enum arrivals arrivals;
        double ok; /* of 57,000 */
        enum verdict v;
        bool near;
    } cases[] = {
        {"all", ARRIVALS_OPEN, 57000, VERDICT_PASS, false},
        {"exactly 95 %", ARRIVALS_OPEN, 54150, VERDICT_PASS, false},
        {"a request less rounds to another share", ARRIVALS_OPEN, 54149, VERDICT_FAIL, false},
        {"exactly 105 %", ARRIVALS_OPEN, 59850, VERDICT_PASS, false},
        {"above 105 %", ARRIVALS_OPEN, 59851, VERDICT_PASS, true},
        {"exactly 110 %", ARRIVALS_OPEN, 62700, VERDICT_PASS, true},
        {"above 110 %", ARRIVALS_OPEN, 62701, VERDICT_FAIL, false},
        {"closed, 94 %", ARRIVALS_CLOSED, 53580, VERDICT_PASS, true},
        {"closed, exactly 90 %", ARRIVALS_CLOSED, 51300, VERDICT_PASS, true},
        {"closed, below", ARRIVALS_CLOSED, 51299, VERDICT_FAIL, false},
    };
    for (size_t i = 0; i < COUNT(cases); i++) {
        profile.arrivals = cases[i].arrivals;
        steady->value[METRIC_REQUESTS] = 63000;
        steady->value[METRIC_FAILED] = 63000 - cases[i].ok; /* only successes count */
        const struct check *c = judge("rps");
        expect_status(c, cases[i].why, cases[i].v, cases[i].near);
        expect_near(c->value, cases[i].ok / 570, 1e-9);
        expect_text(c->why, "of 57,000 planned in the steady state.");
    }
}

/* Short by chance: 20 s x 100 are 2,000, and 2*sqrt(2000) are 89. Seconds in which the run had
 * ended already do not count. */
static void rate_guard_and_length(void **state) {
    (void)state;
    steady->to_s = 150;
    steady->window_s = 20;
    steady->dropped = 200;                 /* offered, so that only the rate is asked */
    steady->value[METRIC_REQUESTS] = 1880; /* 94 %: short by 120 */
    expect_status(judge("rps"), "short by 120", VERDICT_FAIL, false);
    steady->window_s = 4; /* 400 planned, guard 40 */
    steady->value[METRIC_REQUESTS] = 376;
    expect_status(judge("rps"), "short by 24", VERDICT_PASS, true);
    steady->window_s = NAN; /* the whole of it */
    steady->value[METRIC_REQUESTS] = 2000;
    expect_near(judge("rps")->value, 100, 1e-9);
}

static void rate_without_a_target(void **state) {
    (void)state;
    in.profile = NULL;
    const struct check *c = judge("rps");
    expect_status(c, "no target", VERDICT_NO_DATA, false);
    expect_near(c->value, 100, 1e-9);
    assert_true(isnan(c->limit));
    in.target_rps = (struct given){.value = 100, .from = "command line"};
    expect_status(judge("rps"), "all of it", VERDICT_PASS, false);
}

/* --- dropped iterations --- */

static void dropped_in_the_steady_state(void **state) {
    (void)state;
    static const struct {
        double dropped;
        enum verdict v;
        bool near;
    } cases[] = {{0, VERDICT_PASS, false},
                 {1, VERDICT_PASS, true},
                 {570, VERDICT_PASS, true}, /* exactly 1 % of 57,000 planned */
                 {571, VERDICT_FAIL, false}};
    for (size_t i = 0; i < COUNT(cases); i++) {
        steady->dropped = cases[i].dropped;
        set(&run, METRIC_DROPPED, cases[i].dropped);
        const struct check *c = judge("dropped_iterations");
        expect_near(c->value, round(cases[i].dropped / 57000 * 1e6) / 1e6, 1e-12);
        assert_int_equal(c->status, cases[i].v);
        assert_int_equal(c->near_limit, cases[i].near);
    }
    /* all of them outside: a warning, not a broken limit */
    steady->dropped = 0;
    set(&run, METRIC_DROPPED, 3000);
    expect_status(judge("dropped_iterations"), "none inside", VERDICT_PASS, false);
    expect_text(find_finding("dropped-iterations")->text, "outside of the steady state");
    assert_int_equal(j.verdict, VERDICT_PASS);
}

static void dropped_only_at_the_start(void **state) {
    (void)state;
    run.stretches = 0;
    in.max_vus = 72;
    set(&run, METRIC_DROPPED, 3000);
    set(&run, METRIC_VUS_MAX, 72);
    add_point(&run.series, 0, 5, 10)->dropped = 2000;
    add_point(&run.series, 5, 5, 10)->dropped = 1000;
    add_point(&run.series, 10, 5, 10)->dropped = 0;
    expect_status(judge("dropped_iterations"), "4 %, in the first 10 s", VERDICT_PASS, true);
    assert_int_not_equal(j.verdict, VERDICT_INVALID);
    run.series.point[1].dropped = 999;
    run.series.point[2].dropped = 1;
    check_again();
    assert_int_equal(j.verdict, VERDICT_INVALID);
}

/* --- the worst windows --- */

static void set_windows(size_t n, size_t over) {
    run.windows.points = 0;
    for (size_t i = 0; i < n; i++)
        add_point(&run.windows, 130 + 60.0 * (double)i, 60, 6000)->p95_ms = i < over ? 623 : 500;
}

static void windows_over(void **state) {
    (void)state;
    static const struct {
        size_t windows, over;
        enum verdict v;
        bool near;
    } cases[] = {
        {5, 0, VERDICT_PASS, false}, /* 500 is not over 500 */
        {5, 1, VERDICT_PASS, true},  /* one in five */
        {5, 2, VERDICT_FAIL, false}, {9, 1, VERDICT_PASS, true},   {9, 2, VERDICT_FAIL, false},
        {10, 2, VERDICT_PASS, true}, {10, 3, VERDICT_FAIL, false},
    };
    for (size_t i = 0; i < COUNT(cases); i++) {
        set_windows(cases[i].windows, cases[i].over);
        expect_status(judge("windows_over"), "windows", cases[i].v, cases[i].near);
    }
    expect_text(judgement_find(&j, "windows_over")->why,
                "3 of 10 windows over 500 ms; the worst has p95 623 ms.");
    run.windows.point[0].requests = 71; /* too few for a p95 */
    expect_text(judge("windows_over")->why, "2 of 9 windows");
    run.windows.points = 0;
    check_again();
    assert_null(judgement_find(&j, "windows_over"));
}

/* --- endpoints --- */

/* 96 % of the requests at 100 ms and 4 % at 2000 ms. */
static void the_whole_hides_an_endpoint(void **state) {
    (void)state;
    steady->value[METRIC_P95_MS] = 100;
    add_endpoint("GET /orders", 54720, 100);
    struct endpoint *slow = add_endpoint("POST /orders", 2280, 2000);
    const struct check *c = judge("p95");
    expect_status(c, "one endpoint is 4 times over", VERDICT_FAIL, false);
    assert_true(c->value == 100);
    expect_text(c->why, "1 endpoint is over it: POST /orders with 2,000 ms.");
    static const struct {
        const char *why;
        double requests, p95;
        bool transaction;
        enum verdict v;
    } cases[] = {
        {"too few requests", 71, 2000, false, VERDICT_PASS},
        {"just enough", 72, 2000, false, VERDICT_FAIL},
        {"exactly at the limit", 72, 500, false, VERDICT_FAIL},
        {"below it", 72, 499.9, false, VERDICT_PASS},
        {"a sum over others", 72, 2000, true, VERDICT_PASS},
        {"no p95 known", 72, NAN, false, VERDICT_PASS},
    };
    for (size_t i = 0; i < COUNT(cases); i++) {
        slow->steady[METRIC_REQUESTS] = cases[i].requests;
        slow->steady[METRIC_P95_MS] = cases[i].p95;
        slow->transaction = cases[i].transaction;
        expect_status(judge("p95"), cases[i].why, cases[i].v, false);
    }
}

static void own_limits_count_first(void **state) {
    (void)state;
    static const char text[] = "- POST /orders: p95 < 3000 ms, error rate < 1 %\n";
    plan_fini(&plan);
    assert_true(plan_read(&plan, "test-plan.md", text, strlen(text), NULL));
    in.plan = &plan;
    struct endpoint *p = add_endpoint("POST /orders", 2280, 2000);
    p->figure[METRIC_P95_MS] = (struct figure){.value = 9000, .low = 9000, .high = 9000};
    const struct check *c = judge("p95:POST /orders");
    expect_status(c, "2000 of its own 3000", VERDICT_PASS, false);
    assert_true(c->value == 2000); /* of the steady state */
    expect_status(judgement_find(&j, "p95"), "the whole", VERDICT_PASS, false);
    c = judgement_find(&j, "error_rate:POST /orders");
    expect_status(c, "none of 2,280", VERDICT_PASS, false);
    expect_near(c->high, 1 - pow(0.025, 1 / 2280.0), 1e-9);
    p->steady[METRIC_FAILED] = NAN; /* not known apart */
    p->figure[METRIC_REQUESTS].value = 2700;
    p->figure[METRIC_FAILED].value = 27;
    c = judge("error_rate:POST /orders");
    expect_status(c, "1 % of the whole run", VERDICT_FAIL, false);
    expect_text(c->why, "Of the whole run");
}

/* --- the baseline --- */

static struct stretch *baseline_at(double rps, double p95) {
    base.stretches = 0;
    struct stretch *x = add_stretch(&base, "steady", 0, 300, rps * 300);
    x->value[METRIC_P95_MS] = p95;
    in.baseline = &base;
    return x;
}

static void against_the_baseline(void **state) {
    (void)state;
    static const struct {
        const char *why;
        double base_p95, p95;
        enum verdict v;
        bool near;
    } cases[] = {
        {"as fast", 400, 400, VERDICT_PASS, false},
        {"exactly 1.10", 400, 440, VERDICT_PASS, false},
        {"above 1.10", 400, 440.1, VERDICT_PASS, true},
        {"exactly 1.25", 320, 400, VERDICT_PASS, true},
        {"above 1.25, and 80 ms more", 320, 400.1, VERDICT_FAIL, false},
        {"above 1.25, but only 10 ms more", 20, 30, VERDICT_PASS, true},
        {"above 1.25, and more than 10 ms", 20, 30.1, VERDICT_FAIL, false},
    };
    for (size_t i = 0; i < COUNT(cases); i++) {
        baseline_at(100, cases[i].base_p95);
        steady->value[METRIC_P95_MS] = cases[i].p95;
        const struct check *c = judge("p95_of_baseline");
        expect_status(c, cases[i].why, cases[i].v, cases[i].near);
        expect_near(c->value, cases[i].p95 / cases[i].base_p95, 1e-6);
        assert_true(c->limit == 1.25 && !c->required);
        assert_false(has_finding("against-baseline"));
    }
}

static void a_baseline_that_is_only_shown(void **state) {
    (void)state;
    static const struct {
        const char *why;
        double rps, length_s;
        const char *tool, *said;
    } cases[] = {
        {"5 % less", 100 / 1.05, 300, "k6", NULL},
        {"another load", 94, 300, "k6", "the load is another one, 100 RPS against 94"},
        {"too short", 100, 299, "k6", "one of them is shorter than 5:00"},
        {"too few requests", 100, 300, "locust", "another load tool measured it"},
    };
    for (size_t i = 0; i < COUNT(cases); i++) {
        struct stretch *x = baseline_at(cases[i].rps, 261);
        x->window_s = cases[i].length_s;
        x->value[METRIC_REQUESTS] = cases[i].rps * cases[i].length_s;
        base.tool = cases[i].tool;
        check_again();
        bool judged = judgement_find(&j, "p95_of_baseline") != NULL;
        assert_int_equal(judged, cases[i].said == NULL);
        if (!judged) {
            expect_text(find_finding("against-baseline")->text, cases[i].said);
            expect_text(find_finding("against-baseline")->text, "p95 is 1.53 times");
        }
    }
    base.tool = "k6";
    baseline_at(3, 261);
    steady->value[METRIC_REQUESTS] = 3 * 570;
    check_again();
    expect_text(find_finding("against-baseline")->text, "fewer than 1,000 requests");
}

/* --- soak --- */

static void drift_rows(void **state) {
    (void)state;
    in.model = MODEL_SOAK;
    add_point(&run.series, 0, 60, 6000)->p95_ms = 200;
    const struct check *c = judge("memory_drift");
    assert_true(j.has_soak);
    expect_status(c, "no memory series", VERDICT_NO_DATA, false);
    expect_text(c->why, "Memory not measured");
    assert_false(c->required);
    c = judgement_find(&j, "latency_drift");
    expect_status(c, "one point", VERDICT_NO_DATA, false);
    assert_true(c->required && c->why[0]);
}

/* The answers as rows, without the room that finds them. */
static void drift_answers(void **state) {
    (void)state;
    static const struct {
        enum soak_answer answer;
        enum verdict v;
        const char *why;
    } cases[] = {
        {SOAK_DRIFT, VERDICT_FAIL, "It grows by 12.5 MB per hour (11 to 14.25)."},
        {SOAK_NONE_FOUND, VERDICT_PASS, "No growth above 3.5 MB per hour."},
        {SOAK_CANNOT_TELL, VERDICT_NO_DATA, "too few blocks"},
        {SOAK_NOT_MEASURED, VERDICT_NO_DATA, "Memory not measured"},
        {SOAK_RESTART, VERDICT_FAIL, "The process restarted once, first at 1:00."},
    };
    const struct limit_rule *rule = rules_limit(&rules, "memory_drift");
    for (size_t i = 0; i < COUNT(cases); i++) {
        judgement_fini(&j);
        j.has_soak = true;
        j.soak.restarts = 1;
        j.soak.restart_s[0] = 60;
        j.soak.memory = (struct trend){.answer = cases[i].answer,
                                       .slope = 12.5,
                                       .low = 11,
                                       .high = 14.25,
                                       .none_above = 3.5,
                                       .why = "too few blocks"};
        measure_drift(&in, rule, &(struct given){.value = 0}, &j);
        assert_int_equal(j.checks, 1);
        assert_int_equal(j.check[0].status, cases[i].v);
        expect_text(j.check[0].why, cases[i].why);
        assert_true(isnan(j.check[0].limit));
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        ON_A_RUN(the_steady_state_counts),
        ON_A_RUN(what_is_said_without_one),
        ON_A_RUN(what_lies_behind_is_said),
        ON_A_RUN(an_empty_one_does_not_count),
        ON_A_RUN(missing_figures),
        ON_A_RUN(samples_of_the_steady_state),
        ON_A_RUN(interval_of_five_windows),
        ON_A_RUN(a_summary_has_no_interval),
        ON_A_RUN(close_to_the_limit),
        ON_A_RUN(estimated_p95),
        ON_A_RUN(halves),
        ON_A_RUN(error_intervals),
        ON_A_RUN(ratios_have_six_digits),
        ON_A_RUN(rate_of_the_steady_state),
        ON_A_RUN(rate_guard_and_length),
        ON_A_RUN(rate_without_a_target),
        ON_A_RUN(dropped_in_the_steady_state),
        ON_A_RUN(dropped_only_at_the_start),
        ON_A_RUN(windows_over),
        ON_A_RUN(the_whole_hides_an_endpoint),
        ON_A_RUN(own_limits_count_first),
        ON_A_RUN(against_the_baseline),
        ON_A_RUN(a_baseline_that_is_only_shown),
        ON_A_RUN(drift_rows),
        ON_A_RUN(drift_answers),
    };
    return cmocka_run_group_tests(tests, load_rules, NULL);
}

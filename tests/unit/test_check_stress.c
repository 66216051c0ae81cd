/* Steps of a stress test on their way to rows and a verdict. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "check_fixture.h"

static const double loads[] = {50, 75, 100, 125, 150, 175};

/* Six steps of 60 s that keep their limits; no plan. */
static int steps(void **state) {
    int wrong = good_run(state);
    in.profile = NULL;
    in.model = MODEL_STRESS;
    for (size_t i = 0; i < COUNT(loads); i++) {
        char name[32];
        double from_s = 60 * (double)i;
        snprintf(name, sizeof name, "step %zu", i + 1);
        struct stretch *x = add_stretch(&run, name, from_s, from_s + 60, 60 * loads[i]);
        x->load = loads[i];
        x->value[METRIC_AVG_MS] = 100;
        x->value[METRIC_P95_MS] = 180;
    }
    return wrong;
}

static void all_steps_pass(void **state) {
    (void)state;
    expect_status(judge("p95"), "180 of 500", VERDICT_PASS, false);
    assert_int_equal(j.verdict, VERDICT_PASS);
    assert_true(j.has_stress && j.stress.verdict == STRESS_NOT_REACHED);
    expect_text(judgement_find(&j, "p95")->why, "Step 6, 175 RPS.");
    assert_true(judgement_find(&j, "rps")->limit == 0.95 * 175);
}

static void the_step_that_breaks_decides(void **state) {
    (void)state;
    run.stretch[4].value[METRIC_P95_MS] = 1900;
    run.stretch[5].value[METRIC_P95_MS] = 4200;
    const struct check *c = judge("p95");
    expect_status(c, "1900 of 500", VERDICT_FAIL, false);
    assert_true(c->value == 1900);
    assert_int_equal(j.verdict, VERDICT_FAIL);
    assert_true(j.stress.break_load > 125 && j.stress.break_load < 150);
    assert_string_equal(j.sentence, "Bottleneck detected. Check logs/metrics.");
}

/* What was not measured has not passed. */
static void no_response_times_are_no_pass(void **state) {
    (void)state;
    for (size_t i = 0; i < COUNT(loads); i++)
        run.stretch[i].value[METRIC_P95_MS] = NAN;
    expect_status(judge("p95"), "nobody measured it", VERDICT_NO_DATA, false);
    assert_int_equal(j.verdict, VERDICT_NO_DATA);
    assert_true(has_finding("p95-not-judged"));
    expect_text(j.step[1], "p95 of the highest one is not known");
}

static void few_requests_are_no_pass(void **state) {
    (void)state;
    for (size_t i = 0; i < COUNT(loads); i++) {
        run.stretch[i].load = 1 + 0.02 * (double)i;
        run.stretch[i].value[METRIC_REQUESTS] = 60 + (double)i;
    }
    expect_status(judge("p95"), "65 requests", VERDICT_NO_DATA, false);
    assert_int_equal(j.verdict, VERDICT_NO_DATA);
    expect_text(find_finding("p95-not-judged")->text, "too few requests for p95");
}

static void a_disturbed_step_is_said(void **state) {
    (void)state;
    run.stretch[1].value[METRIC_P95_MS] = 900;
    judge("p95");
    assert_int_equal(j.verdict, VERDICT_PASS);
    expect_text(find_finding("transient")->text, "Step 2 broke a limit");
}

static void too_few_vus_are_invalid(void **state) {
    (void)state;
    in.max_vus = 10;
    for (size_t i = 3; i < COUNT(loads); i++) {
        run.stretch[i].value[METRIC_REQUESTS] = 60 * 98;
        run.stretch[i].dropped = 60 * (loads[i] - 98);
    }
    judge("p95");
    assert_int_equal(j.verdict, VERDICT_INVALID);
    expect_text(j.sentence, "Run invalid: the load generator was the limit from step 4 (125 RPS).");
    assert_string_equal(j.cause[0].id, "D02");
    expect_text(j.step[1], "VUs for step 4 and run again.");
}

static void an_estimate_is_said(void **state) {
    (void)state;
    run.stretch[0].estimated = true;
    judge("p95");
    assert_true(has_finding("p95-estimated"));
}

#define ON_STEPS(f) cmocka_unit_test_setup_teardown(f, steps, end_run)

int main(void) {
    const struct CMUnitTest tests[] = {
        ON_STEPS(all_steps_pass),
        ON_STEPS(the_step_that_breaks_decides),
        ON_STEPS(no_response_times_are_no_pass),
        ON_STEPS(few_requests_are_no_pass),
        ON_STEPS(a_disturbed_step_is_said),
        ON_STEPS(too_few_vus_are_invalid),
        ON_STEPS(an_estimate_is_said),
    };
    return cmocka_run_group_tests(tests, load_rules, NULL);
}

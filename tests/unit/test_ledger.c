/* Limits of a run beside those of the last signed one. */
#include <locale.h>
#include <stdlib.h>

#include "review_fixture.h"

static struct record *was; /* as `record` at the begin of a test */
static struct ledger_row row[LEDGER_MAX];

static int begin_two(void **state) {
    begin(state);
    struct check *rps = add_check("rps", 199, 190, VERDICT_PASS);
    rps->op = OP_MORE_EQUAL;
    strcpy(rps->unit, "RPS");
    record.is.target_rps = 200;
    record.has_profile = true;
    record.profile = (struct profile){.target_rps = 200, .stages = 3};
    record.profile.stage[0] = (struct stage){.name = "ramp", .duration_s = 60};
    record.profile.stage[1] = (struct stage){.name = "hold", .duration_s = 600};
    record.profile.stage[2] = (struct stage){.name = "ramp down", .duration_s = 30};
    was = mem_new(1, sizeof *was);
    *was = record;
    return 0;
}

static int end_two(void **state) {
    free(was);
    return end(state);
}

static struct check *of(struct record *r, const char *metric) {
    return (struct check *)(uintptr_t)judgement_find(&r->judgement, metric);
}

static void expect_row(size_t i, const char *what, const char *before, const char *after,
                       bool loosened) {
    assert_string_equal(row[i].what, what);
    assert_string_equal(row[i].was, before);
    assert_string_equal(row[i].is, after);
    assert_int_equal(row[i].loosened, loosened);
}

static void expect_one(const char *what, const char *before, const char *after, bool loosened) {
    assert_int_equal(review_ledger(&record, was, row), 1);
    expect_row(0, what, before, after, loosened);
}

static void nothing_to_compare_with(void **state) {
    (void)state;
    assert_int_equal(review_ledger(&record, NULL, row), 0);
    assert_int_equal(review_ledger(&record, was, row), 0);
}

static void limits(void **state) {
    (void)state;
    static const struct {
        const char *metric;
        double was, is;
        const char *what, *was_shown, *is_shown;
        bool loosened;
    } cases[] = {
        {"p95", 400, 500, "p95 limit", "400 ms", "500 ms", true},
        {"p95", 500, 400.5, "p95 limit", "500 ms", "400.5 ms", false},
        {"error_rate", 0.01, 0.02, "error_rate limit", "1.00 %", "2.00 %", true},
        {"error_rate", 0.02, 0.005, "error_rate limit", "2.00 %", "0.50 %", false},
        {"rps", 190, 180, "rps limit", "95 % of target", "90 % of target", true},
        {"rps", 180, 190, "rps limit", "90 % of target", "95 % of target", false},
        {"p95", 500, NAN, "p95 limit", "500 ms", "none", true},
    };
    for (size_t i = 0; i < COUNT(cases); i++) {
        struct judgement before = was->judgement, after = record.judgement;
        of(was, cases[i].metric)->limit = cases[i].was;
        of(&record, cases[i].metric)->limit = cases[i].is;
        expect_one(cases[i].what, cases[i].was_shown, cases[i].is_shown, cases[i].loosened);
        was->judgement = before;
        record.judgement = after;
    }
}

static void a_check_that_is_gone(void **state) {
    (void)state;
    strcpy(of(was, "p95")->metric, "p99");
    assert_int_equal(review_ledger(&record, was, row), 2);
    expect_row(0, "p99 limit", "500 ms", "not checked any more", true);
    expect_row(1, "p95 limit", "not checked", "500 ms", false);
}

static void required_and_optional(void **state) {
    (void)state;
    of(&record, "p95")->required = false;
    expect_one("p95", "required", "optional", true);
    of(&record, "p95")->required = true;
    of(was, "p95")->required = false;
    expect_one("p95", "optional", "required", false);
}

static void hold(void **state) {
    (void)state;
    was->profile.stage[1].duration_s = 300;
    expect_one("hold", "5 min", "10 min", false);
    was->profile.stage[1].duration_s = 4 * 3600;
    expect_one("hold", "4 h", "10 min", true);
    was->profile.stage[1].duration_s = 630;
    expect_one("hold", "630 s", "10 min", true);
    was->has_profile = false;
    assert_int_equal(review_ledger(&record, was, row), 0);
}

/* The least share of a lower target is the same limit; the target is what was loosened. */
static void target(void **state) {
    (void)state;
    record.profile.target_rps = 150;
    of(&record, "rps")->limit = 142.5;
    expect_one("target", "200 RPS", "150 RPS", true);
    record.has_profile = was->has_profile = false;
    record.is.target_rps = 250;
    of(&record, "rps")->limit = 237.5;
    expect_one("target", "200 RPS", "250 RPS", false);
    record.is.target_rps = NAN; /* nobody knows it */
    assert_int_equal(review_ledger(&record, was, row), 0);
}

/* A rate that was too high shows its upper limit. */
static void the_other_limit_of_a_rate(void **state) {
    (void)state;
    of(&record, "rps")->op = OP_LESS_EQUAL;
    of(&record, "rps")->limit = 220;
    assert_int_equal(review_ledger(&record, was, row), 0);
}

static void stress(void **state) {
    (void)state;
    record.judgement.has_stress = was->judgement.has_stress = true;
    of(&record, "rps")->limit = 380; /* of a higher step */
    record.profile.model = was->profile.model = MODEL_STRESS;
    record.profile.stage[1].duration_s = 60;
    was->profile.stage[1].duration_s = 120;
    expect_one("hold of a step", "2 min", "1 min", true);
}

static void more_than_there_is_room_for(void **state) {
    (void)state;
    record.judgement.checks = 0;
    for (int i = 0; i < CHECKS_MAX; i++) {
        char name[16];
        snprintf(name, sizeof name, "c%d", i);
        add_check(name, 1, 2, VERDICT_PASS);
    }
    assert_int_equal(review_ledger(&record, was, row), LEDGER_MAX);
}

#define ON_TWO_RUNS(test) cmocka_unit_test_setup_teardown(test, begin_two, end_two)

int main(void) {
    setlocale(LC_CTYPE, "C.UTF-8");
    const struct CMUnitTest tests[] = {
        ON_TWO_RUNS(nothing_to_compare_with),
        ON_TWO_RUNS(limits),
        ON_TWO_RUNS(a_check_that_is_gone),
        ON_TWO_RUNS(required_and_optional),
        ON_TWO_RUNS(hold),
        ON_TWO_RUNS(target),
        ON_TWO_RUNS(the_other_limit_of_a_rate),
        ON_TWO_RUNS(stress),
        ON_TWO_RUNS(more_than_there_is_room_for),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

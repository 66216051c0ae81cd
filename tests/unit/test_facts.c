/* What the facts of a script say together: who carries the target, and in which proportion. */
#include "load/facts.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

static struct scenario scenario(const char *name, enum drive drive, double amount, double requests,
                                double think_ms) {
    struct scenario s = {.drive = drive,
                         .amount = {.value = amount},
                         .requests_per_iteration = {.value = requests},
                         .think_ms = {.value = think_ms},
                         .executor = "some"};
    snprintf(s.name, sizeof s.name, "%s", name);
    return s;
}

static void expect_shares(const struct facts *f, double avg_ms, const double *want, size_t n) {
    double share[SCENARIOS_MAX];
    char why[160];
    if (!facts_shares(f, avg_ms, share, why, sizeof why))
        fail_msg("%s", why);
    for (size_t i = 0; i < n; i++)
        if (fabs(share[i] - want[i]) > 1e-9)
            fail_msg("share %zu is %g, not %g", i, share[i], want[i]);
}

static void expect_unknown(const struct facts *f, const char *words) {
    double share[SCENARIOS_MAX];
    char why[160];
    assert_false(facts_shares(f, 50, share, why, sizeof why));
    if (!strstr(why, words))
        fail_msg("\"%s\" does not say \"%s\"", why, words);
}

/* 1 VU with 2 requests of 50 ms, 3 VUs with one: 20/s and 60/s. */
static void by_vus(void **state) {
    (void)state;
    struct facts f = {.scenarios = 2};
    f.scenario[0] = scenario("buy", DRIVE_VUS, 1, 2, 0);
    f.scenario[1] = scenario("look", DRIVE_VUS, 3, 1, 0);
    expect_shares(&f, 50, (const double[]){0.25, 0.75}, 2);
    f.scenario[0].think_ms.value = 300; /* 2 / 0.4 s = 5/s of 65/s */
    expect_shares(&f, 50, (const double[]){5.0 / 65, 60.0 / 65}, 2);
}

static void by_rate_and_iterations(void **state) {
    (void)state;
    struct facts f = {.scenarios = 2};
    f.scenario[0] = scenario("buy", DRIVE_RATE, 10, 3, 0);
    f.scenario[1] = scenario("look", DRIVE_RATE, 30, 1, 500); /* think time does not count */
    expect_shares(&f, 50, (const double[]){0.5, 0.5}, 2);
    f.scenario[0].drive = f.scenario[1].drive = DRIVE_ITERATIONS;
    expect_shares(&f, NAN, (const double[]){0.5, 0.5}, 2);
}

/* An iteration takes its period whatever a response takes, until the period is full. */
static void by_period(void **state) {
    (void)state;
    struct facts f = {.scenarios = 2};
    f.scenario[0] = scenario("paced", DRIVE_VUS, 1, 2, 0);
    f.scenario[0].wait_ms.value = f.scenario[0].period_ms = 1000;
    f.scenario[1] = scenario("waits", DRIVE_VUS, 1, 2, 0);
    f.scenario[1].wait_ms.value = 1000;
    assert_true(scenario_wait_ms(&f.scenario[0], 100) == 800);
    assert_true(scenario_wait_ms(&f.scenario[0], 600) == 0);
    assert_true(scenario_wait_ms(&f.scenario[0], NAN) == 1000);
    assert_true(scenario_wait_ms(&f.scenario[1], 100) == 1000);
    expect_shares(&f, 100, (const double[]){1.2 / 2.2, 1.0 / 2.2}, 2);
}

static void left_alone(void **state) {
    (void)state;
    const struct scenario *carrier[SCENARIOS_MAX];
    struct facts f = {.scenarios = 3};
    f.scenario[0] = scenario("seed", DRIVE_ITERATIONS, 10, 1, 0);
    strcpy(f.scenario[0].left_alone, "it runs once");
    f.scenario[1] = scenario("buy", DRIVE_VUS, 1, 1, 0);
    f.scenario[2] = scenario("look", DRIVE_VUS, 1, 1, 0);
    assert_int_equal(facts_carriers(&f, carrier), 2);
    assert_ptr_equal(carrier[0], &f.scenario[1]);
    expect_shares(&f, 50, (const double[]){0.5, 0.5}, 2);
}

static void unknown(void **state) {
    (void)state;
    struct facts f = {.scenarios = 2};
    f.scenario[0] = scenario("buy", DRIVE_VUS, 1, NAN, 0);
    strcpy(f.scenario[0].requests_per_iteration.why, "a loop decides (line 7)");
    f.scenario[1] = scenario("look", DRIVE_VUS, 1, 1, 0);
    expect_unknown(&f, "requests per iteration of buy is not known: a loop decides (line 7)");
    f.scenario[0] = scenario("buy", DRIVE_VUS, NAN, 1, 0);
    expect_unknown(&f, "the load of buy");
    f.scenario[0] = scenario("buy", DRIVE_VUS, 1, 1, NAN);
    expect_unknown(&f, "think time of buy");
    f.scenario[0] = scenario("buy", DRIVE_RATE, 1, 1, 0);
    expect_unknown(&f, "driven in different ways");
    f.scenario[0] = scenario("buy", DRIVE_VUS, 0, 1, 0);
    f.scenario[1].amount.value = 0;
    expect_unknown(&f, "no scenario sends requests");
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(by_vus),    cmocka_unit_test(by_rate_and_iterations),
        cmocka_unit_test(by_period), cmocka_unit_test(left_alone),
        cmocka_unit_test(unknown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

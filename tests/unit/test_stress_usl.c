/* The Universal Scalability Law through steps: numbers worked by hand, and each of its gates. */
#include "stress_fixture.h"

static void worked_curve(void **state) {
    (void)state;
    static const double vus[] = {1, 2, 4, 8, 16, 24, 32, 48};
    static const double exact[] = {20,       38.0228,  68.8468,  113.7980,
                                   160.8040, 177.6462, 180.6889, 171.2451};
    static const double measured[] = {19.4, 38.7, 70.1, 112.9, 161.2, 175.6, 181.9, 166.3};
    struct stress_usl u;
    stress_usl_fit(vus, exact, COUNT(vus), true, &rules.stress, &u);
    assert_close("exact", "gamma", u.gamma, 20);
    assert_close("exact", "alpha", u.alpha, 0.05);
    assert_close("exact", "beta", u.beta, 0.001);
    assert_close("exact", "n_max", u.n_max, 30.8221);
    assert_close("exact", "x_max", u.x_max, 180.7597);
    assert_true(u.fitted && u.accepted);
    stress_usl_fit(vus, measured, COUNT(vus), true, &rules.stress, &u);
    assert_close("measured", "gamma", u.gamma, 19.89306);
    assert_close("measured", "alpha", u.alpha, 0.04691);
    assert_true(fabs(u.beta - 0.00111) < 5e-6); /* given with 3 digits, the error with 4 */
    assert_true(fabs(u.error - 0.01537) < 5e-6);
    assert_close("measured", "n_max", u.n_max, 29.28683);
    assert_close("measured", "x_max", u.x_max, 179.39886);
    assert_close("measured", "x_low", u.x_low, 178.3164);
    assert_close("measured", "x_high", u.x_high, 180.4538);
    assert_true(u.accepted);
}

static double usl(double n, double g, double a, double b) {
    return g * n / (1 + a * (n - 1) + b * n * (n - 1));
}

static void gates_of_the_curve(void **state) {
    (void)state;
    static const double all[] = {1, 2, 4, 8, 16, 24, 32, 48};
    static const struct {
        const char *why;
        size_t n;
        bool no_think;
        double a, b, noise; /* of every second step */
        bool fitted, accepted;
    } cases[] = {
        {"as it should be", 8, true, 0.05, 0.001, 0, true, true},
        {"think time", 8, false, 0.05, 0.001, 0, true, false},
        {"five steps", 5, true, 0.05, 0.05, 0, false, false},
        {"peak at 30.8 not tested", 6, true, 0.05, 0.001, 0, true, false},
        {"no crosstalk, no peak", 8, true, 0.05, 0, 0, true, false},
        {"neither: a straight line", 8, true, 0, 0, 0, true, false},
        {"too much noise", 8, true, 0.05, 0.001, 0.2, true, false},
        {"peak moves by 16 % with one step", 6, true, 0.05, 0.00184, 0.105, true, false},
        {"grows faster than the VUs", 8, true, -0.015, 0.0001, 0, true, false},
        {"falls from the start: no peak above 0", 8, true, 1.2, 0.01, 0, true, false},
    };
    for (size_t i = 0; i < COUNT(cases); i++) {
        double x[COUNT(all)];
        struct stress_usl u;
        for (size_t s = 0; s < cases[i].n; s++)
            x[s] = usl(all[s], 20, cases[i].a, cases[i].b) * (s % 2 ? 1 + cases[i].noise : 1);
        stress_usl_fit(all, x, cases[i].n, cases[i].no_think, &rules.stress, &u);
        if (u.fitted != cases[i].fitted || u.accepted != cases[i].accepted)
            fail_msg("%s: fitted %d, accepted %d", cases[i].why, u.fitted, u.accepted);
        assert_int_equal(isnan(u.gamma), !u.fitted);
        assert_true(isnan(u.alpha) || (u.alpha >= 0 && u.beta >= 0));
    }
}

static void no_curve_through_what_is_no_pair(void **state) {
    (void)state;
    static const double bad[] = {NAN, INFINITY, -INFINITY, -1, 0, 1e300, 1e-300};
    struct stress_usl u;
    for (size_t i = 0; i < COUNT(bad); i++) {
        double n[] = {1, 2, 4, 8, 16, 32}, x[] = {20, 38, 69, 114, 161, 181};
        x[3] = bad[i];
        stress_usl_fit(n, x, COUNT(n), true, &rules.stress, &u);
        assert_false(u.fitted);
        x[3] = 114;
        n[3] = bad[i];
        stress_usl_fit(n, x, COUNT(n), true, &rules.stress, &u);
        assert_false(u.fitted);
        for (size_t s = 0; s < COUNT(n); s++)
            n[s] = 8; /* only {A} can be solved */
        stress_usl_fit(n, x, COUNT(n), true, &rules.stress, &u);
        assert_true(u.fitted && !u.accepted && u.alpha == 0 && isnan(u.x_max));
    }
    stress_usl_fit(NULL, NULL, 0, true, &rules.stress, &u);
    assert_false(u.fitted);
}

/* A step that the generator spoiled is not the server's curve. */
static void spoiled_steps_are_not_fitted(void **state) {
    (void)state;
    static const double vus[] = {4, 10, 16, 22, 28, 34, 40, 46};
    struct stress_step step[COUNT(vus)];
    for (size_t i = 0; i < COUNT(vus); i++) {
        double x = usl(vus[i], 20, 0.05, 0.001);
        step[i] = step_of((int)i + 1, vus[i], 60 * x, 60 * x, 1001 * vus[i] / x, 300);
    }
    struct stress_input in = input_of(step, COUNT(step), false);
    in.think_ms = 0;
    stress_find(&in, &found);
    assert_true(found.usl.accepted);
    assert_close("curve", "n_max", found.usl.n_max, 30.8221);
    in.think_ms = NAN; /* nought, as the first step says; but that is assumed */
    stress_find(&in, &found);
    assert_true(found.usl.fitted && !found.usl.accepted);
    assert_true(found.think_assumed && found.think_ms == 0);
    in.think_ms = 0;
    step[5].generator_cpu = 0.95;
    stress_find(&in, &found);
    assert_false(found.usl.fitted); /* five are left */
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(worked_curve),
        cmocka_unit_test(gates_of_the_curve),
        cmocka_unit_test(no_curve_through_what_is_no_pair),
        cmocka_unit_test(spoiled_steps_are_not_fitted),
    };
    return cmocka_run_group_tests(tests, load_rules, NULL);
}

/* Steps to a break load: what the method refuses to say, equal loads, loads that do not rise, few
 * requests, the load generator, hostile figures. */
#include <string.h>

#include "stress_fixture.h"

/* --- order and number ------------------------------------------------------------------------- */

static void verdicts_of_simple_runs(void **state) {
    (void)state;
    static const struct {
        const char *why, *steps; /* h: healthy, s: slow; loads 10, 20, ... */
        enum stress_verdict verdict;
        int last_pass, first_fail;
        bool confirmed;
        const char *transient;
    } cases[] = {
        {"no step", "", STRESS_TOO_FEW_STEPS, -1, -1, false, ""},
        {"two steps", "hs", STRESS_TOO_FEW_STEPS, 0, 1, false, "--"},
        {"three steps", "hss", STRESS_BROKE, 0, 1, true, "---"},
        {"one fail is not confirmed", "hhs", STRESS_BROKE, 1, 2, false, "---"},
        {"all pass", "hhh", STRESS_NOT_REACHED, 2, -1, false, "---"},
        {"none passes", "sss", STRESS_BROKE_BELOW, -1, 0, true, "---"},
        {"one slow step below", "hshss", STRESS_BROKE, 2, 3, true, "-t---"},
        {"two slow steps below", "hsshs", STRESS_BROKE, 3, 4, false, "-tt--"},
        {"first step slow only", "shh", STRESS_NOT_REACHED, 2, -1, false, "t--"},
    };
    for (size_t i = 0; i < COUNT(cases); i++) {
        struct stress_step step[8];
        size_t n = strlen(cases[i].steps);
        for (size_t s = 0; s < n; s++)
            step[s] = (cases[i].steps[s] == 'h' ? healthy : slow)((int)s + 1, 10 * (double)(s + 1));
        find_open(step, n);
        assert_verdict(cases[i].why, cases[i].verdict);
        assert_int_equal(found.steps, n);
        assert_int_equal(found.last_pass, cases[i].last_pass);
        assert_int_equal(found.first_fail, cases[i].first_fail);
        assert_int_equal(found.confirmed, cases[i].confirmed);
        for (size_t s = 0; s < n; s++)
            assert_int_equal(found.transient[s], cases[i].transient[s] == 't');
        assert_int_equal(isnan(found.break_load), cases[i].verdict != STRESS_BROKE);
        assert_int_equal(isnan(found.at_least), cases[i].verdict != STRESS_NOT_REACHED);
        assert_int_equal(isnan(found.at_most), cases[i].verdict != STRESS_BROKE_BELOW);
    }
}

/* Ten steps are ten steps; the first 64 of more. */
static void more_steps_than_there_is_room(void **state) {
    (void)state;
    struct stress_step step[STRESS_STEPS_MAX + 10];
    for (size_t i = 0; i < COUNT(step); i++)
        step[i] = healthy((int)i + 1, 10 * (double)(i + 1));
    find_open(step, COUNT(step));
    assert_int_equal(found.steps, STRESS_STEPS_MAX);
    assert_verdict("all pass", STRESS_NOT_REACHED);
    assert_close("64 steps", "at least", found.at_least, 10.0 * STRESS_STEPS_MAX);
}

static void equal_loads_are_one_step(void **state) {
    (void)state;
    struct stress_step step[] = {healthy(1, 20), healthy(2, 40), slow(3, 40), healthy(4, 60),
                                 healthy(5, 80)};
    step[1].window_s = 30;
    step[1].requests = step[1].ok = 1200;
    step[1].generator_cpu = 0.5;
    step[2].dropped = 7;
    find_open(step, COUNT(step));
    const struct stress_judged *j = &found.step[1];
    assert_int_equal(found.steps, 4);
    assert_int_equal(j->is.number, 2);
    assert_close("merged", "load", j->is.load, 40);
    assert_close("merged", "time", j->is.window_s, 90);
    assert_close("merged", "requests", j->is.requests, 1200 + 1920);
    assert_close("merged", "ok", j->is.ok, 1200 + 1920);
    assert_close("merged", "p95", j->is.p95_ms, 1800); /* of the longer */
    assert_close("merged", "mean", j->is.mean_ms, (1200 * 100 + 1920 * 900) / 3120.0);
    assert_close("merged", "dropped", j->is.dropped, 7);
    assert_close("merged", "CPU", j->is.generator_cpu, 0.5);
    assert_close("merged", "end", j->is.to_s, 180);
    assert_true(j->failed[STRESS_P95] && found.transient[1]);

    for (size_t i = 0; i < COUNT(step); i++) {
        step[i].load = 50;
        step[i].p95_ms = 100 + (double)i;
        step[i].window_s = i == 3 ? 61 : 60;
    }
    find_open(step, COUNT(step));
    assert_int_equal(found.steps, 1);
    assert_close("merged", "p95", found.step[0].is.p95_ms, 103); /* of the longest */
    assert_verdict("one load only", STRESS_TOO_FEW_STEPS);
}

static void loads_that_do_not_rise(void **state) {
    (void)state;
    struct stress_step down[] = {slow(1, 90), healthy(2, 30), healthy(3, 60), slow(4, 120)};
    find_open(down, COUNT(down));
    assert_verdict("each lower step passes", STRESS_BROKE);
    assert_int_equal(found.step[0].is.number, 2);
    assert_int_equal(found.step[2].is.number, 1);
    assert_int_equal(found.last_pass, 1);
    assert_int_equal(found.first_fail, 2);

    down[1] = slow(2, 30);
    find_open(down, COUNT(down));
    assert_verdict("the backlog of 90 fills the step of 30", STRESS_INCONCLUSIVE);
    assert_int_equal(found.last_pass, -1);
    assert_int_equal(found.first_fail, -1);
    assert_int_equal(found.saturation, SATURATION_NOT_REACHED);
    assert_true(isnan(found.break_load) && isnan(found.at_least) && isnan(found.at_most));
}

/* --- one step --------------------------------------------------------------------------------- */

static void exactly_at_a_limit(void **state) {
    (void)state;
    static const struct {
        const char *why;
        double load, requests, ok, p95;
        enum stress_reason reason;
    } cases[] = {
        {"p95 equal to the limit fails", 100, 6000, 6000, 500, STRESS_P95},
        {"a hair below passes", 100, 6000, 6000, 499.999, STRESS_NONE},
        {"1 % errors fail", 100, 6000, 5940, 200, STRESS_ERRORS},
        {"one request fewer passes", 100, 6000, 5941, 200, STRESS_NONE},
        {"95 % of the rate pass", 100, 5700, 5700, 200, STRESS_NONE},
        {"one request fewer fails", 100, 5699, 5699, 200, STRESS_RATE},
        {"within chance: 40 of 420 missing, 2 sqrt(420) are 40.99", 7, 380, 380, 200, STRESS_NONE},
        {"beyond it", 7, 379, 379, 200, STRESS_RATE},
        {"71 requests are too few for p95", 1.2, 71, 71, 900, STRESS_NONE},
        {"72 are not", 1.2, 72, 72, 900, STRESS_P95},
        {"no request at all", 100, 0, 0, NAN, STRESS_NO_DATA},
        {"no time of response known", 100, 6000, 6000, NAN, STRESS_NONE},
        {"more successes than requests", 100, 6000, 9000, 200, STRESS_NONE},
    };
    for (size_t i = 0; i < COUNT(cases); i++) {
        struct stress_step step =
            step_of(1, cases[i].load, cases[i].requests, cases[i].ok, 100, cases[i].p95);
        find_open(&step, 1);
        for (int r = STRESS_NONE + 1; r < STRESS_REASONS; r++)
            if (found.step[0].failed[r] != (r == (int)cases[i].reason))
                fail_msg("%s: %s", cases[i].why, stress_reason_name((enum stress_reason)r));
        assert_int_equal(found.step[0].p95_judged, cases[i].requests >= 72);
        assert_int_equal(found.step[0].thin, cases[i].requests < 1000);
    }
}

/* 95 % of 1660, and the quotient of the doubles is a hair below. */
static void a_rate_at_its_limit_passes(void **state) {
    (void)state;
    struct stress_step step = step_of(1, 66.4, 1577, 1577, 100, 200);
    step.window_s = 25;
    assert_true(1577 / (66.4 * 25) < 0.95);
    find_open(&step, 1);
    assert_false(found.step[0].failed[STRESS_RATE]);
    step.requests = step.ok = 1576;
    find_open(&step, 1);
    assert_true(found.step[0].failed[STRESS_RATE]);
}

static void closed_run_has_no_rate(void **state) {
    (void)state;
    struct stress_step step[] = {slow(1, 10), slow(2, 20), slow(3, 30)};
    struct stress_input in = input_of(step, COUNT(step), false);
    in.p95_ms = NAN;
    stress_find(&in, &found);
    assert_verdict("no limit is broken", STRESS_NOT_REACHED);
}

static void a_break_that_cannot_be_interpolated(void **state) {
    (void)state;
    static const struct {
        const char *why;
        double p95_a, p95_b, requests_b, ok_a;
        enum stress_reason reason;
        double fraction;
    } cases[] = {
        {"p95 of 0 has no logarithm", 0, 900, 6000, 4800, STRESS_P95, 1},
        {"p95 known", 300, 900, 6000, 4800, STRESS_P95, 0.46497352},
        {"p95 of the pass unknown", NAN, 900, 6000, 4800, STRESS_P95, 1},
        {"nothing came back: all of the rate is gone", 300, NAN, 0, 4800, STRESS_NO_DATA, 0.05},
        /* 94.9 % of 4800 is within the guard at 4800 requests only of a small deficit */
        {"the pass is below the rate by chance", 300, NAN, 0, 4800 * 0.949, STRESS_NO_DATA, 0},
    };
    for (size_t i = 0; i < COUNT(cases); i++) {
        struct stress_step step[] = {
            healthy(1, 60), step_of(2, 80, cases[i].ok_a, cases[i].ok_a, 100, cases[i].p95_a),
            step_of(3, 100, cases[i].requests_b, cases[i].requests_b, 400, cases[i].p95_b)};
        struct stress_input in = input_of(step, COUNT(step), true);
        in.rate_guard = 4;
        stress_find(&in, &found);
        assert_verdict(cases[i].why, STRESS_BROKE);
        assert_int_equal(found.last_pass, 1);
        assert_int_equal(found.reason, cases[i].reason);
        assert_true(fabs(found.fraction - cases[i].fraction) < 1e-6);
        assert_close(cases[i].why, "break", found.break_load, 80 + 20 * cases[i].fraction);
    }
}

/* Steps close together: the interval is a tenth of the break load on each side. */
static void the_interval_has_a_least_width(void **state) {
    (void)state;
    struct stress_step step[] = {healthy(1, 98), healthy(2, 99), slow(3, 100), slow(4, 101)};
    find_open(step, COUNT(step));
    assert_verdict("close steps", STRESS_BROKE);
    assert_close("close steps", "low", found.low, 0.9 * found.break_load);
    assert_close("close steps", "high", found.high, 1.1 * found.break_load);
}

/* --- the load generator ----------------------------------------------------------------------- */

/* The third of four open steps, with 10 VUs. */
static void too_few_vus_or_a_slower_server(void **state) {
    (void)state;
    static const struct {
        const char *why;
        double rps, mean, dropped, vus, cpu, think;
        enum stress_reason generator;
    } cases[] = {
        {"8 of 10 busy", 80, 100, 50, NAN, NAN, NAN, STRESS_VU_CAP},
        {"7 of 10 busy", 70, 100, 50, NAN, NAN, NAN, STRESS_NONE},
        {"7 busy, and pauses hold the VU", 70, 100, 50, NAN, NAN, 20, STRESS_VU_CAP},
        {"the gauge knows better", 70, 100, 50, 9.8, NAN, NAN, STRESS_VU_CAP},
        {"in both directions", 80, 100, 50, 5, NAN, NAN, STRESS_NONE},
        {"nothing dropped", 80, 100, 0, NAN, NAN, NAN, STRESS_NONE},
        {"dropped is not known: the rate says it", 80, 100, NAN, NAN, NAN, NAN, STRESS_VU_CAP},
        {"dropped is not known, the rate is kept", 98, 100, NAN, NAN, NAN, NAN, STRESS_NONE},
        {"the server slowed first", 60, 150, 50, NAN, NAN, NAN, STRESS_NONE},
        {"CPU", 100, 100, 0, NAN, 0.91, NAN, STRESS_GENERATOR_CPU},
        {"CPU exactly at its limit", 100, 100, 0, NAN, 0.90, NAN, STRESS_NONE},
        {"CPU is the cause of both", 80, 100, 50, NAN, 0.95, NAN, STRESS_GENERATOR_CPU},
    };
    for (size_t i = 0; i < COUNT(cases); i++) {
        struct stress_step step[] = {healthy(1, 20), healthy(2, 40), healthy(3, 100),
                                     healthy(4, 120)};
        step[2] = step_of(3, 100, 60 * cases[i].rps, 60 * cases[i].rps, cases[i].mean, 200);
        step[2].dropped = cases[i].dropped;
        step[2].vus = cases[i].vus;
        step[2].generator_cpu = cases[i].cpu;
        struct stress_input in = input_of(step, COUNT(step), true);
        in.max_vus = 10;
        in.think_ms = cases[i].think;
        stress_find(&in, &found);
        if (found.step[2].generator != cases[i].generator)
            fail_msg("%s: %s", cases[i].why,
                     found.step[2].generator == STRESS_NONE
                         ? "none"
                         : stress_reason_name(found.step[2].generator));
        bool spoiled = cases[i].generator != STRESS_NONE;
        assert_int_equal(found.generator_step, spoiled ? 2 : -1);
        assert_int_equal(found.step[3].judged, !spoiled);
        assert_int_equal(found.verdict == STRESS_GENERATOR_LIMITED, spoiled);
        assert_int_equal(found.reason, spoiled ? cases[i].generator : STRESS_NONE);
    }
}

static void the_break_may_be_below_the_generator(void **state) {
    (void)state;
    struct stress_step step[] = {healthy(1, 20), slow(2, 40), slow(3, 60), slow(4, 80)};
    step[2].generator_cpu = 0.99;
    find_open(step, COUNT(step));
    assert_verdict("it broke first", STRESS_BROKE);
    assert_int_equal(found.reason, STRESS_RATE);
    assert_int_equal(found.generator_step, 2);
    assert_false(found.confirmed); /* the second fail is not judged */
    step[0].generator_cpu = 0.99;
    find_open(step, COUNT(step));
    assert_verdict("nothing is judged", STRESS_GENERATOR_LIMITED);
    assert_true(isnan(found.at_least));
    assert_int_equal(found.generator_step, 0);
}

/* 10, 20, 40 VUs of two requests per iteration and 1 s of think time. */
static void users_time(void **state) {
    (void)state;
    static const struct {
        const char *why;
        double think, k, share; /* of the third step's requests */
        double window_s;
        double law, think_found;
        bool limited;
    } cases[] = {
        {"all accounted for", 1000, 2, 1, 60, 1, 1000, false},
        {"a tenth is missing", 1000, 2, 0.9001, 60, 0.9001, 1000, false},
        {"more is missing", 1000, 2, 0.89, 60, 0.89, 1000, true},
        {"think time not known", NAN, 2, 0.89, 60, 0.89, 1000, true},
        {"nor the requests of an iteration", NAN, NAN, 0.89, 60, 0.89, 500, true},
        {"396 requests expected", 1000, 2, 0.8, 5.94, 0.8, 1000, false},
        {"400 expected", 1000, 2, 0.8, 6.001, 0.8, 1000, true},
    };
    for (size_t i = 0; i < COUNT(cases); i++) {
        struct stress_step step[3];
        for (int s = 0; s < 3; s++) {
            double vus = 10 << s, n = 60 * vus / 0.6;
            step[s] = step_of(s + 1, vus, n, n, 100, 200);
        }
        step[2].window_s = cases[i].window_s;
        step[2].requests = step[2].ok = cases[i].window_s * 40 / 0.6 * cases[i].share;
        struct stress_input in = input_of(step, COUNT(step), false);
        in.think_ms = cases[i].think;
        in.requests_per_iteration = cases[i].k;
        stress_find(&in, &found);
        assert_close(cases[i].why, "law", found.step[2].law, cases[i].law);
        assert_close(cases[i].why, "think time", found.think_ms, cases[i].think_found);
        assert_int_equal(found.think_assumed, isnan(cases[i].think));
        assert_int_equal(found.step[2].generator,
                         cases[i].limited ? STRESS_GENERATOR_TIME : STRESS_NONE);
    }
}

/* --- saturation ------------------------------------------------------------------------------- */

static void saturation_of_open_runs(void **state) {
    (void)state;
    static const struct {
        const char *why;
        double good[4]; /* requests/s at 50, 100, 150, 200 */
        enum saturation kind;
        double rps;
    } cases[] = {
        {"all answered", {50, 100, 150, 200}, SATURATION_NOT_REACHED, 200},
        {"two on the plateau", {50, 100, 130, 126}, SATURATION_PLATEAU, 128},
        {"one saturated step: the maximum", {50, 100, 150, 160}, SATURATION_PLATEAU, 160},
        {"the same below it", {50, 100, 150, 142}, SATURATION_PLATEAU, 150},
        {"the last falls", {50, 100, 140, 100}, SATURATION_COLLAPSE, 140},
        {"a low step is not of the plateau", {30, 100, 130, 126}, SATURATION_PLATEAU, 128},
        {"nothing at all", {0, 0, 0, 0}, SATURATION_PLATEAU, 0},
    };
    for (size_t i = 0; i < COUNT(cases); i++) {
        struct stress_step step[4];
        for (int s = 0; s < 4; s++)
            step[s] = step_of(s + 1, 50.0 * (s + 1), 60 * cases[i].good[s], 60 * cases[i].good[s],
                              100, 200);
        find_open(step, COUNT(step));
        if (found.saturation != cases[i].kind)
            fail_msg("%s: %s", cases[i].why, saturation_name(found.saturation));
        assert_close(cases[i].why, "saturation", found.saturation_rps, cases[i].rps);
    }
}

/* Growth of a quarter per growth of VUs: 1.189 for twice the VUs. */
static void saturation_of_closed_runs(void **state) {
    (void)state;
    static const struct {
        double good; /* at twice the VUs of a step of 100 */
        enum saturation kind;
    } cases[] = {
        {120, SATURATION_NOT_REACHED}, {118, SATURATION_PLATEAU}, {0, SATURATION_COLLAPSE}};
    for (size_t i = 0; i < COUNT(cases); i++) {
        struct stress_step step[] = {
            step_of(1, 10, 3000, 3000, 100, 200), step_of(2, 20, 6000, 6000, 100, 200),
            step_of(3, 40, 60 * cases[i].good, 60 * cases[i].good, 100, 200)};
        struct stress_input in = input_of(step, COUNT(step), false);
        stress_find(&in, &found);
        assert_int_equal(found.saturation, cases[i].kind);
        assert_close("closed", "saturation", found.saturation_rps, fmax(100, cases[i].good));
    }
}

/* --- hostile figures -------------------------------------------------------------------------- */

static uint32_t seed = 1;
static uint32_t any(uint32_t below) {
    seed = seed * 1664525u + 1013904223u;
    return (seed >> 8) % below;
}
static double any_figure(void) {
    static const double figure[] = {NAN, INFINITY, -INFINITY, -1,   0,    1e-320, 1e-9, 0.5,  1,
                                    7,   60,       100,       1000, 6000, 1e15,   1e16, 1e308};
    return any(3) ? (double)any(2000) : figure[any(COUNT(figure))];
}

static bool sound(double x) { return isnan(x) || isfinite(x); }

static void assert_sound(const struct stress_found *f) {
    const double all[] = {f->fraction,       f->break_load, f->low,       f->high,
                          f->break_rps,      f->at_least,   f->at_most,   f->think_ms,
                          f->saturation_rps, f->usl.gamma,  f->usl.error, f->usl.n_max,
                          f->usl.x_max,      f->usl.x_low,  f->usl.x_high};
    for (size_t i = 0; i < COUNT(all); i++)
        assert_true(sound(all[i]));
    assert_true(f->steps <= STRESS_STEPS_MAX);
    assert_in_range(f->verdict, STRESS_BROKE, STRESS_INCONCLUSIVE);
    assert_true(f->last_pass < (int)f->steps && f->first_fail < (int)f->steps);
    assert_true(f->first_fail < 0 || f->first_fail == f->last_pass + 1);
    assert_true(f->generator_step < (int)f->steps);
    assert_int_equal(f->verdict == STRESS_BROKE, !isnan(f->break_load));
    if (f->verdict == STRESS_BROKE) {
        assert_true(f->fraction >= 0 && f->fraction <= 1 && f->reason != STRESS_NONE);
        assert_true(f->low <= f->break_load && f->break_load <= f->high);
    }
    for (size_t i = 0; i < f->steps; i++) {
        assert_true(sound(f->step[i].law));
        assert_true(f->step[i].is.load > 0 && f->step[i].is.window_s > 0);
        assert_true(i == 0 || f->step[i].is.load > f->step[i - 1].is.load);
        assert_true(f->step[i].is.ok <= f->step[i].is.requests);
    }
}

static void hostile_figures(void **state) {
    (void)state;
    struct stress_step step[STRESS_STEPS_MAX + 8];
    bool seen[STRESS_INCONCLUSIVE + 1] = {false};
    for (int run = 0; run < 20000; run++) {
        size_t n = any(run % 20 ? 12 : COUNT(step));
        for (size_t i = 0; i < n; i++)
            step[i] = (struct stress_step){(int)i + 1,
                                           any_figure(),
                                           any_figure(),
                                           any(2) ? 10.0 * (double)i : any_figure(),
                                           any_figure(),
                                           any_figure(),
                                           any_figure(),
                                           any_figure(),
                                           any_figure(),
                                           any_figure(),
                                           any_figure(),
                                           any_figure(),
                                           any(4) ? NAN : any_figure()};
        struct stress_input in = input_of(step, n, any(2));
        if (any(2)) {
            in.p95_ms = any_figure();
            in.p99_ms = any_figure();
            in.error_rate = any_figure();
            in.think_ms = any_figure();
            in.requests_per_iteration = any_figure();
            in.max_vus = any_figure();
        }
        stress_find(&in, &found);
        assert_sound(&found);
        seen[found.verdict] = true;
    }
    for (size_t v = 0; v < COUNT(seen); v++)
        assert_true(seen[v]);
}

static void steps_that_are_no_steps(void **state) {
    (void)state;
    static const double bad[] = {NAN, INFINITY, -1, 0, 1e300};
    for (size_t i = 0; i < COUNT(bad); i++) {
        struct stress_step step[] = {healthy(1, 10), healthy(2, 20), healthy(3, 30), slow(4, 40)};
        step[1].load = bad[i];
        step[2].window_s = bad[i];
        find_open(step, COUNT(step));
        assert_int_equal(found.steps, 2);
        assert_int_equal(found.step[1].is.number, 4);
        assert_verdict("two are left", STRESS_TOO_FEW_STEPS);
    }
}

static void every_value_has_a_name(void **state) {
    (void)state;
    assert_null(stress_reason_name(STRESS_NONE));
    for (int r = STRESS_NONE + 1; r < STRESS_REASONS; r++)
        assert_non_null(stress_reason_name((enum stress_reason)r));
    for (int v = STRESS_BROKE; v <= STRESS_INCONCLUSIVE; v++)
        assert_non_null(stress_verdict_name((enum stress_verdict)v));
    for (int s = SATURATION_NOT_REACHED; s <= SATURATION_COLLAPSE; s++)
        assert_non_null(saturation_name((enum saturation)s));
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(verdicts_of_simple_runs),
        cmocka_unit_test(more_steps_than_there_is_room),
        cmocka_unit_test(equal_loads_are_one_step),
        cmocka_unit_test(loads_that_do_not_rise),
        cmocka_unit_test(exactly_at_a_limit),
        cmocka_unit_test(a_rate_at_its_limit_passes),
        cmocka_unit_test(closed_run_has_no_rate),
        cmocka_unit_test(a_break_that_cannot_be_interpolated),
        cmocka_unit_test(the_interval_has_a_least_width),
        cmocka_unit_test(too_few_vus_or_a_slower_server),
        cmocka_unit_test(the_break_may_be_below_the_generator),
        cmocka_unit_test(users_time),
        cmocka_unit_test(saturation_of_open_runs),
        cmocka_unit_test(saturation_of_closed_runs),
        cmocka_unit_test(hostile_figures),
        cmocka_unit_test(steps_that_are_no_steps),
        cmocka_unit_test(every_value_has_a_name),
    };
    return cmocka_run_group_tests(tests, load_rules, NULL);
}

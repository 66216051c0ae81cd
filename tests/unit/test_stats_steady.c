/* Steady states and steps of runs whose plan is not known, with a known truth each. */
#include "stats/steady.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/mem.h"
#include "stats/stats.h"

#define COUNT(a) (sizeof(a) / sizeof *(a))

static const struct sample_rules jmeter = {
    .unit_ms = 1, .rule = PERCENTILE_ROUNDED_RANK, .words = "as JMeter"};
static const int64_t start_ms = INT64_C(1795424345000);

static uint64_t seed;
static double unit(void) {
    seed += UINT64_C(0x9E3779B97F4A7C15);
    uint64_t z = seed;
    z = (z ^ z >> 30) * UINT64_C(0xBF58476D1CE4E5B9);
    z = (z ^ z >> 27) * UINT64_C(0x94D049BB133111EB);
    return (double)((z ^ z >> 31) >> 11) * 0x1p-53;
}

/* What a second of a run is like. */
struct second {
    double rps, vus, ms;
};
typedef struct second shape_fn(double at_s);

static struct stats *stats_of(shape_fn *shape, int length_s, bool find_steps) {
    struct stats *s = stats_new(&(struct stats_options){.rules = &jmeter,
                                                        .origin_ms = start_ms,
                                                        .find_steps = find_steps,
                                                        .step_cut = 0.1,
                                                        .parts = 1});
    seed = 1;
    for (int second = 0; second < length_s; second++) {
        struct second is = shape(second);
        for (int i = 0; i < (int)is.rps; i++) {
            int64_t end = start_ms + second * 1000 + (int64_t)(i * 1000 / is.rps);
            uint64_t ms = (uint64_t)(is.ms * (0.5 + unit()));
            stats_sample(s, &(struct sample){.endpoint = "x",
                                             .endpoint_len = 1,
                                             .start_ms = end - (int64_t)ms,
                                             .end_ms = end,
                                             .time = ms,
                                             .vus = (uint32_t)is.vus});
        }
    }
    return s;
}

static struct summary run_of(shape_fn *shape, int length_s, bool find_steps) {
    struct summary out;
    struct stats *s = stats_of(shape, length_s, find_steps);
    summary_init(&out);
    stats_finish(s, &out);
    stats_free(s);
    return out;
}

static double ramp(double at_s, double from_s, double to_s, double from, double to) {
    double share = fmin(fmax((at_s - from_s) / (to_s - from_s), 0), 1);
    return from + (to - from) * share;
}

/* --- shapes --------------------------------------------------------------------------------- */

/* k6, constant-arrival-rate after a ramp: VUs as many as are busy. */
static struct second arrivals(double t) {
    return (struct second){ramp(t, 0, 60, 5, 100), 2 + floor(9 * unit()), 60};
}
static struct second only_ramp_of_vus(double t) {
    return (struct second){ramp(t, 0, 300, 5, 120), ramp(t, 0, 300, 1, 100), 60};
}
/* Without VUs in the source. */
static struct second only_ramp_of_rate(double t) {
    return (struct second){ramp(t, 0, 300, 5, 300), 0, 60};
}
/* The server is full from 100 s on: more VUs make no more requests. */
static struct second full_server(double t) {
    return (struct second){ramp(t, 0, 100, 10, 100), ramp(t, 0, 300, 5, 200),
                           ramp(t, 0, 300, 50, 2000)};
}
/* An arrival rate, and a server that is slow from 100 s on: only the VUs show it. */
static struct second slow_later(double t) {
    return (struct second){50, t < 100 ? 3 : ramp(t, 100, 300, 10, 40), t < 100 ? 60 : 600};
}
static struct second steps_of_vus(double t) {
    double step = floor(t / 60), vus = 10 * (step + 1);
    return (struct second){20, t - step * 60 < 5 && step > 0 ? vus - 5 : vus, 60};
}
static struct second hold_after_spike(double t) {
    return (struct second){50, t < 30 ? 200 : 100, 60};
}
/* Load that nobody holds, response times that settle after 250 s. */
static struct second restless(double t) {
    double wave = 40 + 30 * sin(t / 17) + 20 * sin(t / 41);
    return (struct second){wave + 10 * unit(), fmax(wave, 1), t < 250 ? 400 - t : 100};
}
static struct second constant(double t) {
    (void)t;
    return (struct second){50, 20, 60};
}

static void steady_states_that_are_there(void **state) {
    (void)state;
    static const struct {
        shape_fn *shape;
        const char *why, *name; /* NULL: none */
        double from_s, to_s, off_s;
    } cases[] = {
        {constant, "constant all over", "steady", 0, 300, 0},
        {arrivals, "VUs vary, the rate is constant", "steady", 56, 300, 8},
        {hold_after_spike, "a plateau below the highest load", "steady", 30, 300, 1},
        {only_ramp_of_vus, "VUs only rise", NULL, 0, 0, 0},
        {only_ramp_of_rate, "the rate only rises", NULL, 0, 0, 0},
        {full_server, "a constant rate while VUs rise", NULL, 0, 0, 0},
        {slow_later, "VUs rise because the server is slow: all of it counts", NULL, 0, 0, 0},
        {steps_of_vus, "steps", NULL, 0, 0, 0},
    };
    for (size_t i = 0; i < COUNT(cases); i++) {
        struct summary out = run_of(cases[i].shape, 300, false);
        const struct stretch *x = summary_steady(&out);
        if (!x != !cases[i].name)
            fail_msg("%s: %s", cases[i].why, x ? x->name : "nothing is steady");
        if (x) {
            assert_string_equal(x->name, cases[i].name);
            if (fabs(x->from_s - cases[i].from_s) > cases[i].off_s || x->to_s != cases[i].to_s)
                fail_msg("%s: %g to %g", cases[i].why, x->from_s, x->to_s);
            assert_int_equal(out.windows.points, 5);
            assert_false(x->estimated);
        } else {
            assert_int_equal(out.stretches, 0);
            assert_int_equal(out.windows.points, 0);
        }
        summary_fini(&out);
    }
}

static void an_estimate_where_no_load_is_constant(void **state) {
    (void)state;
    struct summary out = run_of(restless, 1200, false);
    const struct stretch *x = summary_steady(&out);
    assert_non_null(x);
    assert_string_equal(x->name, "estimated");
    if (x->from_s < 200 || x->from_s > 350 || x->to_s < 1199)
        fail_msg("%g to %g", x->from_s, x->to_s);
    assert_true(x->half_p95_ms[1] / x->half_p95_ms[0] < 1.05);
    assert_true(out.windows.points > 10);
    summary_fini(&out);
}

/* Twelve means of five windows: 90 80 60 40 20 10 then 11 9 10 11 9 10. By hand: the sum of squares
 * over m^2 is smallest (4 / 49, and 4 / 36 with one less) at the cut before the first 10. */
static void the_cut_of_mser_5(void **state) {
    (void)state;
    static const double mean[] = {90, 80, 60, 40, 20, 10, 11, 9, 10, 11, 9, 10};
    static const double off[] = {-2, -1, 0, 1, 2};
    struct point p[60], load[60];
    struct series windows = {.point = p, .points = 60}, r = {.point = load, .points = 60};
    for (size_t i = 0; i < 60; i++) {
        p[i] = point_none((double)i * 10, 10);
        p[i].p95_ms = mean[i / 5] + off[i % 5];
        load[i] = p[i];
        load[i].requests = i % 3 ? 100 : 10; /* not constant, and no ramp */
    }
    double from_s = NAN, to_s = NAN;
    assert_true(steady_estimate(&r, &windows, &from_s, &to_s));
    assert_true(from_s == 250 && to_s == 600);
    for (size_t i = 0; i < 60; i++)
        p[i].p95_ms = 100 + (double)i; /* goes on changing: the last cut would be the best */
    assert_false(steady_estimate(&r, &windows, &from_s, &to_s));
    for (size_t i = 0; i < 60; i++)
        p[i].p95_ms = 10;
    assert_true(steady_estimate(&r, &windows, &from_s, &to_s));
    assert_true(from_s == 0);
    windows.points = 19; /* three means */
    assert_false(steady_estimate(&r, &windows, &from_s, &to_s));
    windows.points = 60;
    for (size_t i = 0; i < 60; i++)
        load[i].requests = 100 + (double)i;
    assert_false(steady_estimate(&r, &windows, &from_s, &to_s));
}

/* Both runs are constant, and nothing is in between. */
static void a_gap_ends_a_steady_state(void **state) {
    (void)state;
    struct point p[60];
    for (size_t i = 0; i < 60; i++) {
        p[i] = point_none((double)i + (i < 40 ? 0 : 30), 1);
        p[i].vus = 10;
        p[i].requests = 100;
    }
    double from_s = NAN, to_s = NAN;
    assert_true(steady_find(&(struct series){.point = p, .points = 60}, &from_s, &to_s));
    assert_true(from_s == 0 && to_s == 40);
}

/* --- steps ---------------------------------------------------------------------------------- */

static void steps_of_a_stress_test(void **state) {
    (void)state;
    struct summary out = run_of(steps_of_vus, 300, true);
    assert_int_equal(out.stretches, 5);
    for (size_t i = 0; i < 5; i++) {
        const struct stretch *x = &out.stretch[i];
        char name[16];
        snprintf(name, sizeof name, "step %zu", i + 1);
        assert_string_equal(x->name, name);
        double begin = (double)i * 60 + (i ? 5 : 0); /* its ramp takes 5 s */
        double end = (double)i * 60 + 60;
        assert_true(fabs(x->from_s - (begin + 0.1 * (end - begin))) < 1e-9);
        assert_true(x->to_s == end);
        assert_true(x->load == 10 * (double)(i + 1));
        assert_true(fabs(x->vus - x->load) < 0.2);
        assert_true(fabs(x->value[METRIC_RPS] - 20) < 0.5);
        assert_true(x->value[METRIC_P95_MS] > 80 && x->value[METRIC_P95_MS] < 90);
    }
    assert_int_equal(out.windows.points, 0);
    summary_fini(&out);
}

static struct second two_levels(double t) { return (struct second){20, t < 150 ? 10 : 20, 60}; }
static struct second up_and_down(double t) {
    static const double vus[] = {10, 20, 15, 30, 10};
    return (struct second){20, vus[(int)(t / 60)], 60};
}
/* One second of each level has one VU less. */
static struct second steps_with_dips(double t) {
    struct second is = steps_of_vus(t);
    is.vus -= (int)t % 60 == 30;
    return is;
}

static void what_is_a_step(void **state) {
    (void)state;
    static const struct {
        shape_fn *shape;
        const char *why;
        size_t steps;
    } cases[] = {
        {steps_of_vus, "five levels", 5},
        {steps_with_dips, "a dip does not end a level", 5},
        {only_ramp_of_vus, "a ramp has no levels", 0},
        {arrivals, "VUs of an open run say nothing", 0},
        {two_levels, "fewer than three", 0},
        {up_and_down, "10 20 30: the others do not rise", 3},
    };
    for (size_t i = 0; i < COUNT(cases); i++) {
        struct summary out = run_of(cases[i].shape, 300, true);
        size_t steps = 0;
        for (size_t k = 0; k < out.stretches; k++)
            steps += strncmp(out.stretch[k].name, "step ", 5) == 0 ? 1 : 0;
        if (steps != cases[i].steps)
            fail_msg("%s: %zu steps", cases[i].why, steps);
        summary_fini(&out);
    }
    struct summary out = run_of(constant, 300, true); /* no steps: a steady state will do */
    assert_non_null(summary_stretch(&out, "steady"));
    summary_fini(&out);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(steady_states_that_are_there),
        cmocka_unit_test(an_estimate_where_no_load_is_constant),
        cmocka_unit_test(the_cut_of_mser_5),
        cmocka_unit_test(a_gap_ends_a_steady_state),
        cmocka_unit_test(steps_of_a_stress_test),
        cmocka_unit_test(what_is_a_step),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

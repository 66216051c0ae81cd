/* Stretches and windows of sources that tell sums over time, not single requests. */
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
#include "gather/parts.h"

#define COUNT(a) (sizeof(a) / sizeof *(a))

static struct summary summary_of(size_t points, double length_s) {
    struct summary s;
    summary_init(&s);
    s.series.point = mem_new(points, sizeof *s.series.point);
    s.series.points = s.series.cap = points;
    for (size_t i = 0; i < points; i++)
        s.series.point[i] = point_none((double)i * length_s, length_s);
    return s;
}

static void fill(struct summary *s, const struct stretch_wanted *wanted, size_t n, bool steps) {
    stretches_fill(s, &(struct gather_options){
                          .stretch = wanted, .stretches = n, .find_steps = steps, .step_cut = 0.1});
}

static void assert_value(double got, double want) {
    if (isnan(want) ? !isnan(got) : fabs(got - want) > 1e-9)
        fail_msg("got %.17g, want %.17g", got, want);
}

/* --- wanted --------------------------------------------------------------------------------- */

/* Points of 10 s: 1 request of 900 ms, 99 of 100 ms, 100 of 200 ms and so on. */
static void a_wanted_stretch(void **state) {
    (void)state;
    static const struct stretch_wanted wanted[] = {{"ramp", 0, 25}, {"hold", 15, 60}};
    static const double requests[] = {5, 5, 1, 99, 100, 50}, p95[] = {1, 2, 900, 100, 200, 300};
    struct summary s = summary_of(6, 10);
    for (size_t i = 0; i < 6; i++) {
        struct point *p = &s.series.point[i];
        p->requests = requests[i];
        p->failed = i == 4 ? 2 : 0;
        p->avg_ms = p95[i] / 2;
        p->p95_ms = p95[i];
        p->max_ms = p95[i] * 2;
        p->vus = 7;
        p->dropped = 1;
        p->load = 10 * (double)i;
    }
    fill(&s, wanted, 2, false);
    assert_int_equal(s.stretches, 2);
    const struct stretch *x = &s.stretch[1]; /* points 2 to 5 lie whole in it */
    assert_value(x->from_s, 20);
    assert_value(x->to_s, 60);
    assert_value(x->window_s, 40);
    assert_value(x->value[METRIC_REQUESTS], 250);
    assert_value(x->value[METRIC_FAILED], 2);
    assert_value(x->value[METRIC_RPS], 6.25);
    assert_value(x->value[METRIC_AVG_MS], (450 + 99 * 50 + 100 * 100 + 50 * 150) / 250.0);
    /* log-normal pieces with their means as medians, worked out apart from this program */
    assert_true(fabs(x->value[METRIC_P95_MS] - 222.859136597) < 1e-6);
    assert_value(x->value[METRIC_MAX_MS], 1800);
    assert_value(x->value[METRIC_MED_MS], NAN);
    assert_value(x->vus, 7);
    assert_value(x->dropped, 4);
    assert_value(x->load, 35);
    assert_value(x->p95_low_ms, NAN);
    assert_value(x->fifth_p95_ms[0], NAN);
    assert_value(x->half_p95_ms[1], NAN);
    assert_true(x->estimated);
    assert_int_equal(s.windows.points, 4); /* coarser than 40 s / 5: as they are */
    assert_value(s.windows.point[0].at_s, 20);
    assert_value(s.windows.point[3].p95_ms, 300);
    summary_fini(&s);
}

/* A point of a minute is a window; 5 s points are joined to windows. */
static void windows_of_points(void **state) {
    (void)state;
    static const struct {
        size_t points;
        double length_s;
        size_t windows;
        double window_s;
    } cases[] = {{120, 5, 10, 60}, {10, 60, 10, 60}, {20, 120, 20, 120},
                 {90, 7, 10, 63},  {40, 5, 5, 40},   {5, 30, 5, 30}};
    for (size_t k = 0; k < COUNT(cases); k++) {
        struct summary s = summary_of(cases[k].points, cases[k].length_s);
        for (size_t i = 0; i < cases[k].points; i++) {
            s.series.point[i].requests = 100;
            s.series.point[i].vus = 10;
            s.series.point[i].p95_ms = (double)i;
        }
        fill(&s, NULL, 0, false);
        assert_int_equal(s.stretches, 1);
        assert_string_equal(s.stretch[0].name, "steady");
        if (s.windows.points != cases[k].windows)
            fail_msg("%zu points of %g s: %zu windows", cases[k].points, cases[k].length_s,
                     s.windows.points);
        assert_value(s.windows.point[0].length_s, cases[k].window_s);
        double each = cases[k].window_s / cases[k].length_s;
        assert_value(s.windows.point[1].at_s, cases[k].window_s);
        assert_value(s.windows.point[1].requests, 100 * each);
        double p95_ms = s.windows.point[1].p95_ms; /* of pieces from each to 2 each - 1 */
        assert_true(each > 1 ? p95_ms > each && p95_ms < 2 * each - 1 : p95_ms == 1);
        summary_fini(&s);
    }
}

/* --- a load series -------------------------------------------------------------------------- */

static void steps_of_a_load_series(void **state) {
    (void)state;
    struct summary s = summary_of(36, 5); /* 60 s of each load */
    for (size_t i = 0; i < 36; i++) {
        s.series.point[i].load = 20 + 12 * (double)(i / 12);
        s.series.point[i].requests = s.series.point[i].load * 5;
        s.series.point[i].p95_ms = 100;
    }
    fill(&s, NULL, 0, true);
    assert_int_equal(s.stretches, 3);
    for (size_t i = 0; i < 3; i++) {
        const struct stretch *x = &s.stretch[i];
        assert_true(x->name[5] == (char)('1' + i));
        assert_value(x->from_s, 60 * (double)i + 10); /* 6 s are cut: points of 5 s lie whole in it
                                                         from 10 s on */
        assert_value(x->to_s, 60 * (double)i + 60);
        assert_value(x->load, 20 + 12 * (double)i);
        assert_value(x->value[METRIC_RPS], x->load);
        assert_value(x->value[METRIC_P95_MS], 100);
    }
    assert_int_equal(s.windows.points, 0);
    summary_fini(&s);
}

static void a_linear_ramp_has_twelve_windows(void **state) {
    (void)state;
    struct summary s = summary_of(180, 5);
    for (size_t i = 0; i < 180; i++) {
        s.series.point[i].load = 16 + 8.0 / 15 * ((double)i + 0.5);
        s.series.point[i].requests = 5;
    }
    fill(&s, NULL, 0, true);
    assert_int_equal(s.stretches, 12);
    for (size_t i = 0; i < 12; i++) {
        assert_value(s.stretch[i].load, 20 + 8 * (double)i);
        assert_value(s.stretch[i].from_s, 75 * (double)i);
        assert_value(s.stretch[i].window_s, 75);
    }
    summary_fini(&s);
}

static void a_constant_load_is_steady(void **state) {
    (void)state;
    for (size_t ramp = 0; ramp <= 10; ramp += 10) {
        struct summary s = summary_of(100, 3);
        for (size_t i = 0; i < 100; i++) {
            s.series.point[i].load = i < ramp ? 5 * (double)i : 50;
            s.series.point[i].requests = 3 * s.series.point[i].load;
        }
        fill(&s, NULL, 0, false);
        assert_int_equal(s.stretches, 1);
        assert_string_equal(s.stretch[0].name, "steady");
        assert_value(s.stretch[0].from_s, 3 * (double)ramp);
        assert_value(s.stretch[0].to_s, 300);
        assert_value(s.stretch[0].load, 50);
        assert_false(s.stretch[0].estimated); /* it has no p95 at all */
        assert_int_equal(s.windows.points, 5);
        summary_fini(&s);
    }
}

/* --- VUs and rates -------------------------------------------------------------------------- */

static void steps_of_vus(void **state) {
    (void)state;
    struct summary s = summary_of(200, 1);
    for (size_t i = 0; i < 200; i++) {
        s.series.point[i].vus = 10 * (1 + floor((double)i / 50));
        s.series.point[i].requests = 30;
    }
    fill(&s, NULL, 0, true);
    assert_int_equal(s.stretches, 4);
    assert_value(s.stretch[3].load, 40);
    assert_value(s.stretch[3].from_s, 155);
    summary_fini(&s);
}

/* Response times alone: the first 300 s are slower. */
static void an_estimate_from_points(void **state) {
    (void)state;
    struct summary s = summary_of(120, 10);
    for (size_t i = 0; i < 120; i++)
        s.series.point[i].p95_ms = (i < 30 ? 400 - 10 * (double)i : 100) + (double)(i % 3);
    fill(&s, NULL, 0, false);
    const struct stretch *x = summary_steady(&s);
    assert_non_null(x);
    assert_string_equal(x->name, "estimated");
    assert_true(x->from_s >= 250 && x->from_s <= 350);
    assert_true(x->estimated);
    assert_int_equal(s.windows.points, (size_t)(x->window_s / 60));
    summary_fini(&s);
}

static void a_ramp_is_not_steady(void **state) {
    (void)state;
    struct summary s = summary_of(120, 10);
    for (size_t i = 0; i < 120; i++) {
        s.series.point[i].requests = 100 + 10 * (double)i;
        s.series.point[i].p95_ms = 100 + (double)(i % 3);
    }
    fill(&s, NULL, 0, false);
    assert_int_equal(s.stretches, 0);
    assert_int_equal(s.windows.points, 0);
    summary_fini(&s);
}

/* --- what stays ----------------------------------------------------------------------------- */

/* The steady state of one machine is not that of all. */
static void windows_without_a_steady_state_go(void **state) {
    (void)state;
    struct summary s = summary_of(0, 1);
    s.windows.point = mem_new(3, sizeof *s.windows.point);
    s.windows.points = 3;
    s.endpoint = mem_new(1, sizeof *s.endpoint);
    s.endpoints = s.endpoints_cap = 1;
    s.endpoint[0].steady[METRIC_P95_MS] = 7;
    fill(&s, NULL, 0, false);
    assert_int_equal(s.windows.points, 0);
    assert_value(s.endpoint[0].steady[METRIC_P95_MS], NAN);
    summary_fini(&s);
}

static void what_a_source_says_of_steps_stays(void **state) {
    (void)state;
    struct summary s = summary_of(10, 10);
    s.stretch = mem_new(1, sizeof *s.stretch);
    s.stretches = 1;
    s.stretch[0] = stretch_none();
    fill(&s, NULL, 0, true);
    assert_int_equal(s.stretches, 1);
    summary_fini(&s);
}

/* Eight of sixty pieces are slow: more than a twentieth of all requests is. */
static void a_bad_time_is_not_hidden(void **state) {
    (void)state;
    struct summary s = summary_of(60, 5);
    for (size_t i = 0; i < 60; i++) {
        struct point *p = &s.series.point[i];
        p->requests = 1000;
        p->vus = 10;
        p->med_ms = i >= 30 && i < 38 ? 600 : 150;
        p->p95_ms = i >= 30 && i < 38 ? 780 : 240;
    }
    static const struct stretch_wanted wanted[] = {{"hold", 0, 300}};
    fill(&s, wanted, 1, false);
    const struct stretch *x = summary_steady(&s);
    assert_true(x->estimated);
    assert_true(x->value[METRIC_P95_MS] > 600 && x->value[METRIC_P95_MS] < 780);
    assert_true(s.windows.point[2].p95_ms > 600); /* 150 to 210 s: all eight */
    assert_true(s.windows.point[0].p95_ms == 240);
    summary_fini(&s);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_wanted_stretch),
        cmocka_unit_test(windows_of_points),
        cmocka_unit_test(a_bad_time_is_not_hidden),
        cmocka_unit_test(steps_of_a_load_series),
        cmocka_unit_test(a_linear_ramp_has_twelve_windows),
        cmocka_unit_test(a_constant_load_is_steady),
        cmocka_unit_test(steps_of_vus),
        cmocka_unit_test(an_estimate_from_points),
        cmocka_unit_test(a_ramp_is_not_steady),
        cmocka_unit_test(windows_without_a_steady_state_go),
        cmocka_unit_test(what_a_source_says_of_steps_stays),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

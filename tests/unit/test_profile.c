/* From a target to a load: Little's law, what an arrival rate needs on top, and the shapes. */
#include "load/profile.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#define COUNT(a) (sizeof(a) / sizeof *(a))

static struct rules rules; /* the built-in ones */

static int load_rules(void **state) {
    (void)state;
    return rules_load(&rules, NULL, NULL) ? 0 : 1;
}

static struct load_input input(enum model m, double rps, double avg_ms) {
    const struct measured none = {NAN, NAN, NAN, NAN, NAN, NAN, NAN, NAN, NAN};
    return (struct load_input){.model = m,
                               .target_rps = rps,
                               .avg_ms = avg_ms,
                               .requests_per_iteration = 1,
                               .hold_ms = NAN,
                               .ramp_ms = NAN,
                               .ramp_down_ms = NAN,
                               .steps = NAN,
                               .start_rps = NAN,
                               .max_rps = NAN,
                               .p95_limit_ms = NAN,
                               .error_limit = 0.01,
                               .baseline = none};
}

static struct profile make(const struct load_input *in) {
    struct profile p;
    struct findings notes = {0};
    struct err e = {0};
    if (!profile_make(in, &rules, &p, &notes, &e))
        fail_msg("%s", e.text);
    findings_fini(&notes);
    return p;
}

/* --- size --- */

static void littles_law(void **state) {
    (void)state;
    static const struct {
        double rps, avg_ms, think_ms, requests;
        int vus, allocated;
    } cases[] = {
        {100, 500, 0, 1, 50, 72},       {100, 500, 1000, 1, 150, 187},
        {250, 120, 0, 1, 30, 47},       {50, 200, 0, 4, 10, 20},
        {50, 200, 1000, 4, 23, 37},     {0.5, 200, 0, 1, 1, 2},
        {1000, 85, 400, 1, 485, 552},   {33, 333, 0, 1, 11, 21},
        {100, 70, 0, 1, 7, 15},         /* 100 x 0.07 s is a hair above 7 */
        {1000, 0.5, 0, 1, 1, 3},        /* below one VU */
        {30, 1000.0 / 3, 0, 1, 10, 20}, /* an average that came from a division */
    };
    for (size_t i = 0; i < COUNT(cases); i++) {
        struct load_input in = input(MODEL_LOAD, cases[i].rps, cases[i].avg_ms);
        in.think_ms = cases[i].think_ms;
        in.requests_per_iteration = cases[i].requests;
        struct profile p = make(&in);
        if (p.vus != cases[i].vus || p.preallocated_vus != cases[i].allocated)
            fail_msg("%g RPS, %g ms: %d VUs, %d allocated", cases[i].rps, cases[i].avg_ms, p.vus,
                     p.preallocated_vus);
        assert_int_equal(p.max_vus, 2 * p.preallocated_vus);
        assert_true(fabs(p.iteration_rps - cases[i].rps / cases[i].requests) < 1e-9);
    }
}

/* A server that has slowed to its limit shows as response time, not as dropped iterations. */
static void allocated_for_the_limit(void **state) {
    (void)state;
    struct load_input in = input(MODEL_LOAD, 100, 120);
    assert_int_equal(make(&in).preallocated_vus, 23);
    in.p95_limit_ms = 500;
    struct profile p = make(&in);
    assert_int_equal(p.preallocated_vus, 72);
    assert_int_equal(p.vus, 12);
    in.p95_limit_ms = 100; /* a limit below the average: the average counts */
    assert_int_equal(make(&in).preallocated_vus, 23);
    in.arrivals = ARRIVALS_CLOSED;
    p = make(&in);
    assert_int_equal(p.preallocated_vus, 0);
    assert_int_equal(p.max_vus, 0);
}

static void vus_at_twice_the_time(void **state) {
    (void)state;
    struct load_input in = input(MODEL_LOAD, 100, 500);
    assert_int_equal(make(&in).vus_at_twice, 100);
    in.think_ms = 500; /* think time does not grow */
    assert_int_equal(make(&in).vus_at_twice, 150);
}

static void from_the_baseline(void **state) {
    (void)state;
    struct load_input in = input(MODEL_LOAD, 200, 150);
    in.baseline.vus = 5;
    in.baseline.rps = 12.5;
    struct findings notes = {0};
    struct profile p;
    assert_true(profile_make(&in, &rules, &p, &notes, NULL));
    assert_int_equal(p.from_baseline_vus, 80); /* 200 x 5 / 12.5 */
    assert_int_equal(p.from_script_vus, 30);
    assert_true(p.baseline_used);
    assert_int_equal(p.vus, 80);
    assert_true(fabs(p.difference - 0.625) < 1e-9);
    assert_int_equal(notes.len, 1);
    assert_string_equal(notes.item[0].kind, "sizes-differ");
    findings_fini(&notes);
    in.figures_given = true; /* what the user sets goes before the baseline */
    p = make(&in);
    assert_false(p.baseline_used);
    assert_int_equal(p.vus, 30);
}

static void sizes_within_ten_percent_agree(void **state) {
    (void)state;
    struct load_input in = input(MODEL_LOAD, 100, 545);
    in.baseline.vus = 5;
    in.baseline.rps = 10; /* 50 VUs; the script says 54.5 */
    struct findings notes = {0};
    struct profile p;
    assert_true(profile_make(&in, &rules, &p, &notes, NULL));
    assert_int_equal(notes.len, 0);
    in.avg_ms = 556;
    assert_true(profile_make(&in, &rules, &p, &notes, NULL));
    assert_int_equal(notes.len, 1);
    findings_fini(&notes);
}

static void no_baseline(void **state) {
    (void)state;
    struct load_input in = input(MODEL_LOAD, 100, 500);
    struct profile p = make(&in);
    assert_false(p.baseline_used);
    assert_true(isnan(p.from_baseline));
    assert_int_equal(p.from_baseline_vus, 0);
    assert_true(isnan(p.difference));
}

/* --- shape --- */

static void load_shapes(void **state) {
    (void)state;
    static const struct {
        double hold_s, ramp_s, down_s, total_s;
    } cases[] = {{1800, 300, 150, 2250}, {600, 100, 50, 750}, {300, 50, 30, 380}};
    for (size_t i = 0; i < COUNT(cases); i++) {
        struct load_input in = input(MODEL_LOAD, 100, 500);
        in.hold_ms = cases[i].hold_s * 1000;
        struct profile p = make(&in);
        assert_int_equal(p.stages, 3);
        assert_string_equal(p.stage[0].name, "ramp");
        assert_true(p.stage[0].duration_s == cases[i].ramp_s);
        assert_string_equal(p.stage[1].name, "hold");
        assert_true(p.stage[1].duration_s == cases[i].hold_s);
        assert_true(p.stage[1].start_s == cases[i].ramp_s);
        assert_string_equal(p.stage[2].name, "ramp down");
        assert_true(p.stage[2].duration_s == cases[i].down_s);
        assert_true(p.stage[2].target_rps == 0);
        assert_true(p.duration_s == cases[i].total_s);
    }
}

static void defaults_of_the_rules(void **state) {
    (void)state;
    struct load_input in = input(MODEL_LOAD, 100, 500);
    struct profile p = make(&in);
    assert_true(p.stage[1].duration_s == 1800);
    assert_true(p.planned_requests == 202500); /* 15000 + 180000 + 7500 */
    in.model = MODEL_SOAK;
    p = make(&in);
    assert_true(p.stage[0].duration_s == 300);
    assert_true(p.stage[1].duration_s == 28800);
    assert_true(p.stage[2].duration_s == 60);
}

static void planned_requests(void **state) {
    (void)state;
    struct load_input in = input(MODEL_LOAD, 100, 500);
    in.hold_ms = 600000;
    assert_true(make(&in).planned_requests == 67500); /* 5000 + 60000 + 2500 */
    in.requests_per_iteration = 4;                    /* requests are counted, not iterations */
    assert_true(make(&in).planned_requests == 67500);
}

static void stress_steps(void **state) {
    (void)state;
    struct load_input in = input(MODEL_STRESS, 100, 500);
    struct profile p = make(&in);
    assert_int_equal(p.stages, 14);
    assert_true(p.duration_s == 490);
    assert_true(p.target_rps == 200);
    assert_true(p.expected_rps == 100);
    assert_true(p.stop_error_rate == 0.2);
    assert_true(p.stop_after_s == 60);
    for (int i = 0; i < 7; i++) {
        char name[24];
        snprintf(name, sizeof name, "step %d", i + 1);
        assert_string_equal(p.stage[2 * i + 1].name, name);
        assert_true(p.stage[2 * i].duration_s == 10);
        assert_true(p.stage[2 * i + 1].duration_s == 60);
        assert_true(p.stage[2 * i + 1].target_rps == 50 + 25 * i);
        assert_int_equal(p.stage[2 * i + 1].vus, (int)ceil((50 + 25 * i) * 0.5));
    }
    assert_int_equal(p.vus, 100); /* of the top step */
}

/* At a low rate each step lasts until 1000 requests are in. */
static void slow_steps_are_longer(void **state) {
    (void)state;
    static const double hold_s[] = {400, 267, 200, 160, 134, 115, 100};
    struct load_input in = input(MODEL_STRESS, 5, 500);
    struct profile p = make(&in);
    assert_int_equal(p.stages, 14);
    for (int i = 0; i < 7; i++)
        assert_true(p.stage[2 * i + 1].duration_s == hold_s[i]);
    assert_true(p.duration_s == 1446);
}

static void steps_as_given(void **state) {
    (void)state;
    struct load_input in = input(MODEL_STRESS, 100, 500);
    in.start_rps = 100;
    in.max_rps = 300;
    in.steps = 5;
    in.hold_ms = 30000;
    struct profile p = make(&in);
    assert_int_equal(p.stages, 10);
    assert_true(p.stage[3].target_rps == 150);
    assert_true(p.stage[9].target_rps == 300);
    assert_true(p.stage[9].duration_s == 30);
    in.steps = 20; /* the most there are, also with a ramp down behind them */
    in.ramp_down_ms = 60000;
    p = make(&in);
    assert_string_equal(p.stage[p.stages - 1].name, "ramp down");
    assert_true(p.stage[p.stages - 2].target_rps == 300);
}

static void rate_over_time(void **state) {
    (void)state;
    struct load_input in = input(MODEL_LOAD, 100, 500);
    in.hold_ms = 600000;
    struct profile p = make(&in); /* 100 s up, 600 s, 50 s down */
    static const struct {
        double at_s, rps;
    } cases[] = {{0, 0}, {50, 50}, {100, 100}, {699, 100}, {725, 50}, {750, 0}, {-1, 0}, {9999, 0}};
    for (size_t i = 0; i < COUNT(cases); i++)
        assert_true(fabs(profile_rate_at(&p, cases[i].at_s) - cases[i].rps) < 1e-9);
    assert_true(profile_top_rps(&p) == 100);
}

static void requests_over_time(void **state) {
    (void)state;
    struct load_input in = input(MODEL_LOAD, 100, 500);
    in.hold_ms = 600000;
    struct profile p = make(&in); /* 100 s up, 600 s, 50 s down */
    static const struct {
        double from_s, to_s, requests;
    } cases[] = {{0, 750, 67500},   {-9, 9999, 67500}, {0, 100, 5000},    {50, 100, 3750},
                 {100, 700, 60000}, {90, 110, 1950},   {725, 750, 625},   {10, 10, 0},
                 {20, 10, 0},       {800, 900, 0},     {0.25, 0.75, 0.25}};
    for (size_t i = 0; i < COUNT(cases); i++) {
        double got = profile_requests_between(&p, cases[i].from_s, cases[i].to_s);
        if (!(fabs(got - cases[i].requests) < 1e-9))
            fail_msg("%g to %g: %g", cases[i].from_s, cases[i].to_s, got);
    }
    in = input(MODEL_STRESS, 100, 500);
    in.ramp_ms = 0;
    p = make(&in); /* steps of 60 s without a ramp: 50, 75, ... */
    assert_true(fabs(profile_requests_between(&p, 30, 90) - (30 * 50 + 30 * 75)) < 1e-9);
}

static void no_ramp(void **state) {
    (void)state;
    struct load_input in = input(MODEL_LOAD, 100, 500);
    in.ramp_ms = in.ramp_down_ms = 0;
    struct profile p = make(&in);
    assert_int_equal(p.stages, 1);
    assert_true(profile_rate_at(&p, 0) == 100);
    assert_true(p.duration_s == 1800);
    assert_true(p.planned_requests == 180000); /* the whole hold at the target */
    in = input(MODEL_STRESS, 100, 500);
    in.ramp_ms = 0;
    p = make(&in);
    assert_int_equal(p.stages, 7);
    assert_true(profile_rate_at(&p, 60) == 75); /* each step is one jump */
    assert_true(p.planned_requests == 60 * (50 + 75 + 100 + 125 + 150 + 175 + 200));
}

/* --- warnings and refusals --- */

static void expect_note(struct load_input in, const char *kind) {
    struct findings notes = {0};
    struct profile p;
    assert_true(profile_make(&in, &rules, &p, &notes, NULL));
    for (size_t i = 0; i < notes.len; i++)
        if (strcmp(notes.item[i].kind, kind) == 0) {
            findings_fini(&notes);
            return;
        }
    fail_msg("no finding %s", kind);
}

static void warnings(void **state) {
    (void)state;
    struct load_input in = input(MODEL_LOAD, 100, 500);
    in.hold_ms = 299000;
    expect_note(in, "hold-short");
    in = input(MODEL_LOAD, 100, 500);
    in.ramp_ms = 5000;
    expect_note(in, "ramp-unusual");
    in = input(MODEL_LOAD, 100, 500);
    in.p95_limit_ms = 500;
    expect_note(in, "average-over-limit");
    in = input(MODEL_STRESS, 100, 500);
    in.steps = 3;
    expect_note(in, "steps-unusual");
    in = input(MODEL_STRESS, 100, 500);
    in.hold_ms = 30000;
    expect_note(in, "hold-short");
}

static void expect_error(struct load_input in, enum err_kind kind, const char *word) {
    struct findings notes = {0};
    struct profile p;
    struct err e = {0};
    if (profile_make(&in, &rules, &p, &notes, &e))
        fail_msg("made: %s", word);
    assert_int_equal(e.kind, kind);
    if (!strstr(e.text, word))
        fail_msg("\"%s\" does not name %s", e.text, word);
    assert_int_equal(p.stages, 0); /* zeroed */
    assert_int_equal(p.vus, 0);
    findings_fini(&notes);
}

static void refusals(void **state) {
    (void)state;
    expect_error(input(MODEL_LOAD, NAN, 500), ERR_USAGE, "target RPS");
    expect_error(input(MODEL_LOAD, 100, NAN), ERR_USAGE, "average response time");
    expect_error(input(MODEL_LOAD, 0, 500), ERR_RANGE, "target RPS");
    expect_error(input(MODEL_LOAD, -5, 500), ERR_RANGE, "target RPS");
    expect_error(input(MODEL_LOAD, INFINITY, 500), ERR_RANGE, "target RPS");
    expect_error(input(MODEL_LOAD, 100, 0), ERR_RANGE, "average response time");
    expect_error(input(MODEL_LOAD, 1e6, 500), ERR_RANGE, "VUs"); /* 500,000 VUs: ask first */
    struct load_input in = input(MODEL_LOAD, 100, 500);
    in.requests_per_iteration = 0;
    expect_error(in, ERR_RANGE, "requests per iteration");
    in = input(MODEL_LOAD, 100, 500);
    in.think_ms = -1;
    expect_error(in, ERR_RANGE, "think time");
    in = input(MODEL_LOAD, 100, 500);
    in.hold_ms = 0;
    expect_error(in, ERR_RANGE, "hold");
    in = input(MODEL_LOAD, 100, 500);
    in.hold_ms = 61 * 864e5;
    expect_error(in, ERR_RANGE, "hold");
    in = input(MODEL_STRESS, 100, 500);
    in.start_rps = 300;
    expect_error(in, ERR_RANGE, "steps must rise");
    in = input(MODEL_STRESS, 100, 500);
    in.steps = 2.5;
    expect_error(in, ERR_RANGE, "steps");
    in = input(MODEL_STRESS, 100, 500);
    in.steps = 21;
    expect_error(in, ERR_RANGE, "steps");
}

/* One sentence names all that is missing. */
static void all_that_is_missing(void **state) {
    (void)state;
    struct load_input in = input(MODEL_LOAD, NAN, NAN);
    in.think_ms = in.requests_per_iteration = NAN;
    struct profile p;
    struct findings notes = {0};
    struct err e = {0};
    assert_false(profile_make(&in, &rules, &p, &notes, &e));
    assert_string_equal(
        e.text, "not known: target RPS, average response time, requests per iteration, think time");
    assert_non_null(strstr(e.fix, "--rps, --avg, --requests-per-iteration, --think"));
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(littles_law),
        cmocka_unit_test(allocated_for_the_limit),
        cmocka_unit_test(vus_at_twice_the_time),
        cmocka_unit_test(from_the_baseline),
        cmocka_unit_test(sizes_within_ten_percent_agree),
        cmocka_unit_test(no_baseline),
        cmocka_unit_test(load_shapes),
        cmocka_unit_test(defaults_of_the_rules),
        cmocka_unit_test(planned_requests),
        cmocka_unit_test(stress_steps),
        cmocka_unit_test(slow_steps_are_longer),
        cmocka_unit_test(steps_as_given),
        cmocka_unit_test(rate_over_time),
        cmocka_unit_test(requests_over_time),
        cmocka_unit_test(no_ramp),
        cmocka_unit_test(warnings),
        cmocka_unit_test(refusals),
        cmocka_unit_test(all_that_is_missing),
    };
    return cmocka_run_group_tests(tests, load_rules, NULL);
}

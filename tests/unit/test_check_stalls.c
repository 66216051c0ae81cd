/* Times in which nothing was answered: found in a series, and only there. */
#include <stdarg.h>
#include <stddef.h>

#include <setjmp.h>
#include <stdint.h>

#include <cmocka.h>

#include "check_fixture.h"

/* A plain series: t_s,load,requests,... one row a second. */
static void read_series(const char *name) {
    char path[512], line[256];
    snprintf(path, sizeof path, "%s/series/stress/%s.series.csv", TEST_DATA, name);
    FILE *f = fopen(path, "r");
    assert_non_null(f);
    run.series.points = 0;
    while (fgets(line, sizeof line, f)) {
        double t_s, load, requests;
        if (sscanf(line, "%lf,%lf,%lf", &t_s, &load, &requests) != 3)
            continue;
        if (requests > 0)
            add_point(&run.series, t_s, 1, requests)->load = load;
    }
    fclose(f);
    in.profile = NULL;
    in.arrivals = ARRIVALS_CLOSED;
    steady->from_s = 0;
    steady->to_s = 600;
    set(&run, METRIC_DURATION_S, 600);
}

/* Users who wait send nothing: p95 is 338 ms, and the server stood still for 45 s of 600. */
static void hidden_from_p95(void **state) {
    (void)state;
    static const double at_s[] = {60, 125, 190, 255, 320, 385, 450, 515, 580};
    read_series("stall-hidden-from-p95");
    const struct check *c = judge("stalls");
    expect_status(c, "nine holes", VERDICT_FAIL, false);
    assert_true(c->value == 9 && c->limit == 1);
    assert_true(j.stall_window_s == 1 && j.stall_median == 50);
    assert_int_equal(j.stalls, COUNT(at_s));
    for (size_t i = 0; i < COUNT(at_s); i++)
        assert_true(j.stall[i].from_s == at_s[i] && j.stall[i].length_s == 5);
    assert_string_equal(find_finding("stall")->text,
                        "The server stopped answering for 5 s, 9 times; p95 does not show it "
                        "because the users waited.");
    in.arrivals = ARRIVALS_OPEN; /* there p95 shows it */
    judge("stalls");
    assert_false(has_finding("stall"));
}

static void no_stall(void **state) {
    (void)state;
    read_series("no-stall");
    const struct check *c = judge("stalls");
    expect_status(c, "no hole", VERDICT_PASS, false);
    assert_true(c->value == 0 && j.stalls == 0);
    assert_true(j.stall_window_s == 1 && j.stall_median == 50);
    assert_string_equal(c->why, "");
}

/* 600 s at `rate` requests/s in points of length_s, with a hole from at_s to to_s. */
static void make_series(double rate, double length_s, double at_s, double to_s) {
    run.series.points = 0;
    for (double t = 0; t < 600; t += length_s)
        if (t < at_s || t >= to_s)
            add_point(&run.series, t, length_s, rate * length_s);
    steady->from_s = 0;
    steady->to_s = 600;
    set(&run, METRIC_DURATION_S, 600);
}

static void one_is_near_the_limit(void **state) {
    (void)state;
    make_series(50, 1, 300, 303);
    const struct check *c = judge("stalls");
    expect_status(c, "one hole", VERDICT_PASS, true);
    expect_text(c->why, "The server stopped answering for 3 s, once, first at 5:00.");
    add_point(&run.series, 300, 1, 10)->requests = 10; /* 20 % of the median is no hole */
    struct point p = run.series.point[run.series.points - 1];
    memmove(&run.series.point[301], &run.series.point[300], (run.series.points - 301) * sizeof p);
    run.series.point[300] = p;
    assert_true(judge("stalls")->value == 1);
    assert_true(j.stall[0].from_s == 301 && j.stall[0].length_s == 2);
    run.series.point[300].requests = 9.9;
    judge("stalls");
    assert_true(j.stall[0].from_s == 300 && j.stall[0].length_s == 3);
}

/* The shortest window with 20 requests at the median. */
static void length_of_windows(void **state) {
    (void)state;
    static const struct {
        double rate, length_s, window_s; /* 0: not looked for */
    } cases[] = {{20, 1, 1}, {19.9, 1, 2}, {10, 1, 2},  {9.9, 1, 5}, {4, 1, 5},     {3.9, 1, 10},
                 {2, 1, 10}, {1.9, 1, 0},  {100, 2, 2}, {100, 5, 5}, {100, 10, 10}, {100, 20, 0}};
    for (size_t i = 0; i < COUNT(cases); i++) {
        make_series(cases[i].rate, cases[i].length_s, 300, 320);
        check_again();
        const struct check *c = judgement_find(&j, "stalls");
        if (cases[i].window_s == 0) {
            assert_null(c);
            assert_true(isnan(j.stall_window_s));
            continue;
        }
        if (!c || j.stall_window_s != cases[i].window_s)
            fail_msg("%g/s in %g s: windows of %g s", cases[i].rate, cases[i].length_s,
                     j.stall_window_s);
        assert_true(c->value == 1 && j.stall[0].from_s == 300 && j.stall[0].length_s == 20);
    }
}

static void edges_are_left_out(void **state) {
    (void)state;
    static const struct {
        double at_s, to_s, length_s;
    } cases[] = {{0, 10, 0}, {0, 12, 2}, {5, 15, 5}, {590, 600, 0}, {588, 600, 2}};
    for (size_t i = 0; i < COUNT(cases); i++) {
        make_series(50, 1, cases[i].at_s, cases[i].to_s);
        judge("stalls");
        double found = j.stalls ? j.stall[0].length_s : 0;
        if (found != cases[i].length_s)
            fail_msg("%g to %g: %g s", cases[i].at_s, cases[i].to_s, found);
    }
}

/* A plan that goes on after the run's end is no stall; ramps are none either. */
static void only_while_the_load_goes_on(void **state) {
    (void)state;
    make_series(50, 1, 300, 600);
    set(&run, METRIC_DURATION_S, 300);
    assert_true(judge("stalls")->value == 0);
    make_series(50, 1, 20, 60);
    steady->from_s = 100;
    assert_true(judge("stalls")->value == 0);
    run.stretches = 0; /* no steady state: not looked for */
    check_again();
    assert_null(judgement_find(&j, "stalls"));
}

/* Points of 1.01 s, as tools write them that sleep between two. */
static void points_off_the_grid(void **state) {
    (void)state;
    make_series(50, 1.01, 300, 305);
    judge("stalls");
    assert_int_equal(j.stalls, 1);
    assert_true(j.stall_window_s == 1 && j.stall[0].from_s == 301 && j.stall[0].length_s == 4);
    make_series(50, 1.01, 900, 900);
    judge("stalls");
    assert_int_equal(j.stalls, 0);
}

static void more_than_there_is_room_for(void **state) {
    (void)state;
    make_series(50, 1, 900, 900);
    for (size_t i = 20; i + 20 < run.series.points; i += 3)
        run.series.point[i].requests = 0;
    judge("stalls");
    assert_int_equal(j.stalls, 187);
    assert_true(j.stall[STALLS_MAX - 1].length_s == 1);
}

/* What a file says of time can be any number. */
static void hostile_times(void **state) {
    (void)state;
    make_series(50, 1, 900, 900);
    run.series.point[run.series.points - 1].at_s = 1e300;
    steady->to_s = INFINITY;
    check_again();
    run.series.point[0].requests = NAN;
    check_again();
    assert_null(judgement_find(&j, "stalls"));
    run.series.point[0].requests = 50;
    run.series.point[0].length_s = 0;
    check_again();
    assert_null(judgement_find(&j, "stalls"));
}

int main(void) {
    const struct CMUnitTest tests[] = {
        ON_A_RUN(hidden_from_p95),       ON_A_RUN(no_stall),
        ON_A_RUN(one_is_near_the_limit), ON_A_RUN(length_of_windows),
        ON_A_RUN(edges_are_left_out),    ON_A_RUN(only_while_the_load_goes_on),
        ON_A_RUN(points_off_the_grid),   ON_A_RUN(more_than_there_is_room_for),
        ON_A_RUN(hostile_times),
    };
    return cmocka_run_group_tests(tests, load_rules, NULL);
}

#include "compare/compare.h"

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
#include "base/text.h"

#define COUNT(a) (sizeof(a) / sizeof *(a))

static struct rules rules;

/* --- runs --- */

enum { WINDOWS = 10 };

/* How a run's steady part is made: p95 of its five windows, p50 and mean in proportion. */
struct made {
    double length_s, rps, p95_ms;
    double spread; /* of the windows, as a share */
    double failed; /* share */
};
static const struct made usual = {600, 200, 300, 0.02, 0};

/* Up and down around 1; the mean of five is 1. */
static double wave(size_t i, double spread) {
    static const double at[FIFTHS] = {-1, 0.5, 0, -0.5, 1};
    return 1 + spread * at[i % FIFTHS];
}

static void add_windows(struct summary *s, const struct made *m) {
    s->windows.point = mem_new(WINDOWS, sizeof *s->windows.point);
    s->windows.points = s->windows.cap = WINDOWS;
    for (size_t i = 0; i < WINDOWS; i++) {
        double length = m->length_s / WINDOWS, turn = wave(i / 2, m->spread);
        struct point *p = &s->windows.point[i];
        *p = point_none(60 + (double)i * length, length);
        p->requests = m->rps * length;
        p->failed = m->failed * p->requests;
        p->avg_ms = 0.5 * m->p95_ms * turn;
        p->med_ms = 0.4 * m->p95_ms * turn;
        p->p95_ms = m->p95_ms * turn;
    }
}

static void fill_figures(double value[ENDPOINT_METRICS], const struct made *m) {
    value[METRIC_REQUESTS] = m->rps * m->length_s;
    value[METRIC_FAILED] = m->failed * m->rps * m->length_s;
    value[METRIC_RPS] = m->rps;
    value[METRIC_AVG_MS] = 0.5 * m->p95_ms;
    value[METRIC_MED_MS] = 0.4 * m->p95_ms;
    value[METRIC_P90_MS] = 0.8 * m->p95_ms;
    value[METRIC_P95_MS] = m->p95_ms;
    value[METRIC_P99_MS] = 1.6 * m->p95_ms;
}

static void add_hold(struct summary *s, const struct made *m) {
    s->stretch = mem_new(1, sizeof *s->stretch);
    s->stretches = 1;
    struct stretch *x = s->stretch;
    *x = stretch_none();
    text_copy(x->name, sizeof x->name, "hold");
    x->from_s = 60;
    x->to_s = 60 + m->length_s;
    x->window_s = m->length_s;
    fill_figures(x->value, m);
    x->p95_low_ms = 0.99 * m->p95_ms;
    x->p95_high_ms = 1.01 * m->p95_ms;
    for (size_t i = 0; i < FIFTHS; i++)
        x->fifth_p95_ms[i] = m->p95_ms * wave(i, m->spread);
    x->half_p95_ms[0] = x->half_p95_ms[1] = m->p95_ms;
}

static void add_whole(struct summary *s, const struct made *m) {
    double value[ENDPOINT_METRICS];
    fill_figures(value, m);
    for (int i = METRIC_REQUESTS; i <= METRIC_P99_MS; i++)
        if (i <= METRIC_AVG_MS || i >= METRIC_MED_MS)
            s->figure[i].value = value[i];
    s->figure[METRIC_DURATION_S].value = m->length_s;
    s->figure[METRIC_VUS_MAX].value = 80;
}

static void add_endpoint(struct record *r, const char *name, double requests, double p95_ms) {
    struct summary *s = &r->run;
    s->endpoint = mem_grow(s->endpoint, s->endpoints, &s->endpoints_cap, sizeof *s->endpoint);
    struct endpoint *e = &s->endpoint[s->endpoints++];
    memset(e, 0, sizeof *e);
    text_copy(e->name, sizeof e->name, name);
    for (int i = 0; i < ENDPOINT_METRICS; i++)
        e->steady[i] = NAN;
    fill_figures(e->steady, &(struct made){.rps = requests, .length_s = 1, .p95_ms = p95_ms});
}

static struct record *run_of(int64_t id, const struct made *m) {
    struct record *r = mem_new(1, sizeof *r);
    record_init(r);
    r->is.id = id;
    text_copy(r->is.tool, sizeof r->is.tool, "k6");
    text_copy(r->is.tool_version, sizeof r->is.tool_version, "2.2.0");
    text_copy(r->is.model, sizeof r->is.model, "load");
    text_copy(r->is.host, sizeof r->is.host, "vm-perf-02");
    text_copy(r->is.script, sizeof r->is.script, "load_orders.js");
    text_copy(r->is.hash.script, sizeof r->is.hash.script, "77e0b4");
    text_copy(r->is.verdict, sizeof r->is.verdict, "pass");
    text_copy(r->base_url, sizeof r->base_url, "http://orders.test");
    r->is.target_rps = 200;
    r->has_profile = true;
    r->profile.target_rps = 200;
    r->profile.arrivals = ARRIVALS_OPEN;
    r->run.tool = "k6";
    add_whole(&r->run, m);
    add_hold(&r->run, m);
    add_windows(&r->run, m);
    return r;
}

static void whole_only(struct record *r) {
    free(r->run.stretch);
    r->run.stretch = NULL;
    r->run.stretches = 0;
}

static struct check *add_check(struct record *r, const char *metric, double limit,
                               enum verdict status) {
    struct check *c = &r->judgement.check[r->judgement.checks++];
    text_copy(c->metric, sizeof c->metric, metric);
    text_copy(c->unit, sizeof c->unit, strcmp(metric, "rps") == 0 ? "RPS" : "ms");
    c->limit = limit;
    c->status = status;
    return c;
}

struct two {
    struct record *a, *b;
    struct comparison c;
};

static struct two two_of(const struct made *a, const struct made *b) {
    return (struct two){.a = run_of(13, a), .b = run_of(14, b)};
}

static void compare(struct two *t) { compare_runs(t->a, t->b, &rules, &t->c); }

static void fini(struct two *t) {
    comparison_fini(&t->c);
    record_fini(t->a);
    record_fini(t->b);
    free(t->a);
    free(t->b);
}

static const struct compared *figure(const struct two *t, const char *metric) {
    for (size_t i = 0; i < t->c.figures; i++)
        if (strcmp(t->c.figure[i].metric, metric) == 0)
            return &t->c.figure[i];
    fail_msg("no figure %s", metric);
    return NULL;
}

static const struct differs *differs(const struct two *t, const char *field) {
    for (size_t i = 0; i < t->c.differ; i++)
        if (strcmp(t->c.differs[i].field, field) == 0)
            return &t->c.differs[i];
    return NULL;
}

static bool same(const struct two *t, const char *field) {
    for (size_t i = 0; i < t->c.sames; i++)
        if (strcmp(t->c.same[i], field) == 0)
            return true;
    return false;
}

/* --- may they be compared --- */

static void other_target(struct record *r) { r->profile.target_rps = 211; }
static void near_target(struct record *r) { r->profile.target_rps = 209; }
static void other_model(struct record *r) { text_copy(r->is.model, sizeof r->is.model, "soak"); }
static void other_arrivals(struct record *r) { r->profile.arrivals = ARRIVALS_CLOSED; }
static void other_tool(struct record *r) { text_copy(r->is.tool, sizeof r->is.tool, "locust"); }
static void other_url(struct record *r) {
    text_copy(r->base_url, sizeof r->base_url, "http://other.test");
}
static void same_url(struct record *r) {
    text_copy(r->base_url, sizeof r->base_url, "http://ORDERS.test/");
}
static void no_url(struct record *r) { r->base_url[0] = '\0'; }
static void invalid(struct record *r) { r->judgement.verdict = VERDICT_INVALID; }
static void invalid_word(struct record *r) {
    text_copy(r->is.verdict, sizeof r->is.verdict, "invalid");
}
static void other_version(struct record *r) {
    text_copy(r->is.tool_version, sizeof r->is.tool_version, "1.4.0");
}
static void no_version(struct record *r) { r->is.tool_version[0] = '\0'; }
static void other_host(struct record *r) { text_copy(r->is.host, sizeof r->is.host, "laptop"); }
static void other_script(struct record *r) {
    text_copy(r->is.hash.script, sizeof r->is.hash.script, "000000");
}
static void other_think(struct record *r) { r->profile.think_ms = 1000; }
static void other_vus(struct record *r) { r->profile.vus = 99; }
static void more_machines(struct record *r) { r->run.generators = 3; }
static void no_profile(struct record *r) {
    r->has_profile = false;
    r->is.target_rps = NAN;
}

static const struct {
    void (*change)(struct record *r);
    enum grade grade;
    const char *field; /* that differs; NULL none */
} setups[] = {
    {near_target, GRADE_SAME, NULL}, /* within same_load */
    {other_target, GRADE_NOT_COMPARABLE, "target"},
    {other_model, GRADE_NOT_COMPARABLE, "model"},
    {other_arrivals, GRADE_NOT_COMPARABLE, "arrivals"},
    {other_tool, GRADE_NOT_COMPARABLE, "tool"},
    {other_url, GRADE_NOT_COMPARABLE, "base_url"},
    {same_url, GRADE_SAME, NULL},
    {no_url, GRADE_SAME, NULL}, /* unknown is no difference */
    {invalid, GRADE_NOT_COMPARABLE, "verdict"},
    {invalid_word, GRADE_NOT_COMPARABLE, "verdict"},
    {other_version, GRADE_EXPLAINABLE, "tool_version"},
    {no_version, GRADE_EXPLAINABLE, "tool_version"},
    {other_host, GRADE_EXPLAINABLE, "host"},
    {other_script, GRADE_EXPLAINABLE, "script"},
    {other_think, GRADE_EXPLAINABLE, "think_time"},
    {other_vus, GRADE_EXPLAINABLE, "vus"},
    {more_machines, GRADE_EXPLAINABLE, "generators"},
    {no_profile, GRADE_EXPLAINABLE, "target"},
};

static void test_setup(void **state) {
    (void)state;
    for (size_t i = 0; i < COUNT(setups); i++) {
        struct two t = two_of(&usual, &usual);
        setups[i].change(t.b);
        compare(&t);
        assert_int_equal(t.c.grade, setups[i].grade);
        if (setups[i].field) {
            const struct differs *d = differs(&t, setups[i].field);
            assert_non_null(d);
            assert_int_equal(d->grade, setups[i].grade);
            assert_true(d->why[0] != '\0');
            assert_false(same(&t, setups[i].field));
        } else {
            assert_int_equal(t.c.differ, 0);
        }
        fini(&t);
    }
}

static void test_same(void **state) {
    (void)state;
    static const char *const order[] = {"target", "model", "arrivals", "tool", "base_url"};
    struct two t = two_of(&usual, &usual);
    compare(&t);
    assert_true(t.c.sames >= COUNT(order));
    for (size_t i = 0; i < COUNT(order); i++)
        assert_string_equal(t.c.same[i], order[i]);
    assert_string_equal(t.c.of, "steady part, 10:00 and 10:00");
    assert_string_equal(t.c.sentence, "No clear change.");
    fini(&t);
}

static void test_refused(void **state) {
    (void)state;
    struct two t = two_of(&usual, &(struct made){600, 400, 900, 0.02, 0.1});
    t.b->profile.target_rps = 400;
    add_check(t.a, "p95", 500, VERDICT_PASS);
    add_check(t.b, "p95", 500, VERDICT_FAIL);
    compare(&t);
    assert_string_equal(t.c.sentence, "Not comparable: another target: response times follow the "
                                      "load (200 RPS and 400 RPS).");
    for (size_t i = 0; i < t.c.figures; i++) {
        assert_int_equal(t.c.figure[i].reading, READING_UNKNOWN);
        assert_string_equal(t.c.figure[i].also, "");
    }
    assert_true(figure(&t, "p95")->b == 900);
    fini(&t);
}

static void test_no_target(void **state) {
    (void)state;
    static const struct {
        double a_rps, b_rps, b_vus;
        enum grade grade;
    } cases[] = {
        {200, 209, 90, GRADE_SAME},           /* the same rate */
        {200, 300, 80, GRADE_SAME},           /* the same users, who got faster answers */
        {200, 300, 90, GRADE_NOT_COMPARABLE}, /* neither */
    };
    for (size_t i = 0; i < COUNT(cases); i++) {
        struct two t = two_of(&(struct made){600, cases[i].a_rps, 300, 0.02, 0},
                              &(struct made){600, cases[i].b_rps, 300, 0.02, 0});
        no_profile(t.a);
        no_profile(t.b);
        t.b->run.figure[METRIC_VUS_MAX].value = cases[i].b_vus;
        compare(&t);
        assert_int_equal(t.c.grade, cases[i].grade);
        fini(&t);
    }
}

static void test_limits(void **state) {
    (void)state;
    struct two t = two_of(&usual, &usual);
    add_check(t.a, "p95", 500, VERDICT_PASS);
    add_check(t.b, "p95", 250, VERDICT_FAIL);
    add_check(t.b, "p99", 900, VERDICT_PASS);
    compare(&t);
    assert_int_equal(t.c.grade, GRADE_EXPLAINABLE);
    assert_string_equal(differs(&t, "limits")->a, "p95 500 ms, p99 no limit");
    assert_string_equal(differs(&t, "limits")->b, "p95 250 ms, p99 900 ms");
    assert_string_equal(figure(&t, "p95")->also, "now over limit");
    fini(&t);
}

static void test_script(void **state) {
    (void)state;
    struct two t = two_of(&usual, &usual);
    t.a->is.script_text = mem_strdup("one\ntwo\nthree\n");
    t.b->is.script_text = mem_strdup("one\n2\nthree\nfour\n");
    compare(&t);
    assert_int_equal(t.c.script_added, 2);
    assert_int_equal(t.c.script_removed, 1);
    assert_string_equal(differs(&t, "script")->why,
                        "2 lines added, 1 taken away: it may send other requests");
    fini(&t);
}

/* --- readings --- */

static const struct {
    struct made a, b;
    const char *metric;
    enum reading reading;
    const char *why;
} readings[] = {
    {{600, 200, 612, 0.02, 0},
     {600, 200, 243, 0.02, 0},
     "p95",
     READING_BETTER,
     "intervals 600 ms to 624 ms and 238 ms to 248 ms do not touch"},
    {{600, 200, 243, 0.02, 0},
     {600, 200, 612, 0.02, 0},
     "p95",
     READING_WORSE,
     "intervals 238 ms to 248 ms and 600 ms to 624 ms do not touch"},
    /* 9.9 % is no change, however sure */
    {{600, 200, 1000, 0.001, 0},
     {600, 200, 1099, 0.001, 0},
     "p95",
     READING_NOISE,
     "within 10 %: no clear change"},
    /* 10 % is one */
    {{600, 200, 1000, 0.001, 0}, {600, 200, 1100, 0.001, 0}, "p95", READING_WORSE, NULL},
    /* windows of 50 % here and there, ranks of 1 %: requests queue, the intervals must not touch */
    {{600, 200, 300, 0.5, 0},
     {600, 200, 400, 0.5, 0},
     "p95",
     READING_NOISE,
     "intervals 153 ms to 447 ms and 204 ms to 596 ms overlap"},
    /* here the interval of the difference alone would say worse */
    {{600, 200, 300, 0.055, 0},
     {600, 200, 332, 0.055, 0},
     "p95",
     READING_NOISE,
     "intervals 284 ms to 316 ms and 314 ms to 350 ms overlap"},
    {{600, 200, 300, 0.1, 0}, {600, 200, 600, 0.1, 0}, "p50", READING_WORSE, NULL},
    {{600, 200, 300, 0.1, 0}, {600, 200, 150, 0.1, 0}, "avg", READING_BETTER, NULL},
    /* nothing holds the spread of p99 */
    {{600, 200, 300, 0.02, 0},
     {600, 200, 600, 0.02, 0},
     "p99",
     READING_UNKNOWN,
     "run 13 holds no spread of it over time: no interval"},
    {{299.6, 200, 300, 0.02, 0}, {600, 200, 600, 0.02, 0}, "p95", READING_WORSE, NULL},
    {{299, 200, 300, 0.02, 0},
     {600, 200, 600, 0.02, 0},
     "p95",
     READING_UNKNOWN,
     "run 13 has 4:59 steady; 5:00 are needed"},
    {{600, 200, 300, 0.02, 0},
     {600, 1, 600, 0.02, 0},
     "p95",
     READING_UNKNOWN,
     "run 14 has 600 requests; 1,000 are needed"},
    {{600, 200, 300, 0.02, 0},
     {600, 200, 300, 0.02, 0},
     "error_rate",
     READING_NOISE,
     "no errors in either"},
    {{600, 200, 300, 0.02, 0.0041},
     {600, 200, 300, 0.02, 0.0002},
     "error_rate",
     READING_BETTER,
     "intervals 0.37 % to 0.45 % and 0.01 % to 0.03 % do not touch"},
    {{600, 200, 300, 0.02, 0.0041},
     {600, 200, 300, 0.02, 0.0043},
     "error_rate",
     READING_NOISE,
     "intervals 0.37 % to 0.45 % and 0.39 % to 0.47 % overlap"},
};

static void test_readings(void **state) {
    (void)state;
    for (size_t i = 0; i < COUNT(readings); i++) {
        struct two t = two_of(&readings[i].a, &readings[i].b);
        compare(&t);
        const struct compared *c = figure(&t, readings[i].metric);
        assert_true(c->read);
        if (readings[i].why)
            assert_string_equal(c->why, readings[i].why);
        assert_int_equal(c->reading, readings[i].reading);
        fini(&t);
    }
}

/* The interval of the difference: 100 +- 10 and 115 +- 10 overlap, and their difference is 15
 * +- 14.
 */
static void test_difference(void **state) {
    (void)state;
    struct two t = two_of(&usual, &usual);
    static const double value[2] = {100, 115};
    for (int i = 0; i < 2; i++) {
        struct stretch *x = (i ? t.b : t.a)->run.stretch;
        x->value[METRIC_P95_MS] = value[i];
        x->p95_low_ms = value[i] - 10;
        x->p95_high_ms = value[i] + 10;
        for (int k = 0; k < FIFTHS; k++)
            x->fifth_p95_ms[k] = value[i];
    }
    compare(&t);
    assert_int_equal(figure(&t, "p95")->reading, READING_WORSE);
    assert_string_equal(figure(&t, "p95")->why,
                        "the difference is 0.86 ms to 29.1 ms (95 % interval)");
    fini(&t);
}

/* A run that is not steady is known no better than its halves agree. */
static void test_halves(void **state) {
    (void)state;
    struct two t = two_of(&usual, &(struct made){600, 200, 400, 0.02, 0});
    t.b->run.stretch->half_p95_ms[0] = 290;
    t.b->run.stretch->half_p95_ms[1] = 500;
    compare(&t);
    assert_true(figure(&t, "p95")->b_low == 290);
    assert_true(figure(&t, "p95")->b_high == 500);
    assert_int_equal(figure(&t, "p95")->reading, READING_NOISE);
    fini(&t);
}

static void test_whole_runs(void **state) {
    (void)state;
    struct two t = two_of(&usual, &(struct made){600, 200, 600, 0.02, 0.01});
    whole_only(t.b);
    compare(&t);
    assert_false(t.c.steady);
    assert_string_equal(t.c.of, "whole runs, ramps inside, 10:00 and 10:00");
    assert_int_equal(figure(&t, "p95")->reading, READING_UNKNOWN);
    assert_int_equal(figure(&t, "error_rate")->reading, READING_WORSE);
    assert_true(isnan(figure(&t, "p95")->a_low));
    fini(&t);
}

static void test_rate(void **state) {
    (void)state;
    struct two t = two_of(&(struct made){600, 187.3, 300, 0.02, 0}, &usual);
    add_check(t.a, "rps", 190, VERDICT_FAIL)->op = OP_MORE_EQUAL;
    add_check(t.b, "rps", 190, VERDICT_PASS)->op = OP_MORE_EQUAL;
    compare(&t);
    assert_int_equal(figure(&t, "rps")->reading, READING_BETTER);
    assert_string_equal(figure(&t, "rps")->also, "target reached");
    comparison_fini(&t.c);
    t.a->judgement.check[0].status = VERDICT_PASS;
    compare(&t);
    assert_string_equal(figure(&t, "rps")->why, "both reach the target");
    comparison_fini(&t.c);
    t.b->judgement.check[0].status = VERDICT_FAIL;
    t.b->judgement.check[0].op = OP_LESS_EQUAL;
    compare(&t);
    assert_false(figure(&t, "rps")->read);
    assert_int_equal(figure(&t, "rps")->reading, READING_UNKNOWN);
    fini(&t);
}

static void test_sentence(void **state) {
    (void)state;
    struct two t = two_of(&(struct made){600, 200, 612, 0.02, 0.0041},
                          &(struct made){600, 200, 243, 0.02, 0.0002});
    add_check(t.a, "rps", 190, VERDICT_PASS);
    add_check(t.b, "rps", 190, VERDICT_PASS);
    add_check(t.a, "p95", 500, VERDICT_FAIL);
    add_check(t.b, "p95", 500, VERDICT_PASS);
    compare(&t);
    assert_string_equal(t.c.sentence, "p50 60 % lower, p95 60 % lower, mean 60 % lower: better. "
                                      "Cannot be told: p99.");
    assert_string_equal(figure(&t, "p95")->also, "now within limit");
    fini(&t);
}

static void test_nothing_told(void **state) {
    (void)state;
    struct two t = two_of(&(struct made){100, 200, 612, 0.02, 0}, &usual);
    compare(&t);
    assert_string_equal(t.c.sentence,
                        "Nothing can be told: run 13 has 1:40 steady; 5:00 are needed.");
    fini(&t);
}

/* --- endpoints --- */

static void test_endpoints(void **state) {
    (void)state;
    struct two t = two_of(&usual, &usual);
    add_endpoint(t.a, "GET /a", 60000, 300);
    add_endpoint(t.b, "GET /a", 60000, 150);
    add_endpoint(t.a, "GET /b", 20000, 300);
    add_endpoint(t.b, "GET /b", 20000, 310);
    add_endpoint(t.a, "GET /e", 10000, 300);
    add_endpoint(t.b, "GET /e", 10000, 345);
    add_endpoint(t.a, "GET /c", 1200, 300);
    add_endpoint(t.b, "GET /c", 1200, 340);
    add_endpoint(t.a, "GET /d", 500, 300);
    add_endpoint(t.b, "GET /d", 500, 900);
    add_endpoint(t.a, "GET /gone", 500, 300);
    add_endpoint(t.b, "GET /new", 500, 300);
    add_endpoint(t.b, "GET /new2", 500, 300);
    compare(&t);
    static const struct {
        const char *name;
        enum reading reading;
    } want[] = {{"GET /a", READING_BETTER},
                {"GET /b", READING_NOISE},
                {"GET /e", READING_NOISE},    /* the intervals touch */
                {"GET /c", READING_NOISE},    /* intervals overlap */
                {"GET /d", READING_UNKNOWN}}; /* below samples_least */
    assert_int_equal(t.c.endpoints, COUNT(want));
    for (size_t i = 0; i < COUNT(want); i++) {
        assert_string_equal(t.c.endpoint[i].metric, want[i].name);
        assert_int_equal(t.c.endpoint[i].reading, want[i].reading);
    }
    assert_int_equal(t.c.only_a, 1);
    assert_int_equal(t.c.only_b, 2);
    assert_non_null(strstr(t.c.sentence, "1 endpoint better."));
    fini(&t);
}

static void test_many_endpoints(void **state) {
    (void)state;
    struct two t = two_of(&usual, &usual);
    for (int i = 0; i < COMPARED_ENDPOINTS_MAX + 50; i++) {
        char name[32];
        snprintf(name, sizeof name, "GET /%03d", i);
        add_endpoint(t.a, name, 1000 + i, 300);
        add_endpoint(t.b, name, 1000 + i, 300);
    }
    compare(&t);
    assert_int_equal(t.c.endpoints, COMPARED_ENDPOINTS_MAX);
    assert_string_equal(t.c.endpoint[0].metric, "GET /249"); /* the most requests */
    fini(&t);
}

/* --- stress and soak --- */

static void make_stress(struct record *r, double load, double low, double high) {
    struct stress_found *f = &r->judgement.stress;
    text_copy(r->is.model, sizeof r->is.model, "stress");
    r->judgement.has_stress = true;
    *f = (struct stress_found){.open = true,
                               .break_load = load,
                               .low = low,
                               .high = high,
                               .at_least = NAN,
                               .at_most = NAN,
                               .saturation = SATURATION_PLATEAU,
                               .saturation_rps = load,
                               .steps = 4};
    for (int i = 0; i < 4; i++)
        f->step[i] = (struct stress_judged){.is = {.number = i + 1,
                                                   .load = 50 * (i + 1),
                                                   .window_s = 60,
                                                   .requests = 3000 * (i + 1),
                                                   .ok = fmin(3000 * (i + 1), 60 * load),
                                                   .p95_ms = 100 * (i + 1)},
                                            .judged = true};
}

static const struct {
    double a, b, b_low, b_high;
    enum reading reading;
} breaks[] = {
    {100, 160, 150, 170, READING_BETTER},
    {160, 100, 90, 110, READING_WORSE},
    {100, 115, 105, 125, READING_NOISE},     /* the intervals touch */
    {100, 109, 108.6, 109.4, READING_NOISE}, /* below 10 % */
};

static void test_stress(void **state) {
    (void)state;
    for (size_t i = 0; i < COUNT(breaks); i++) {
        struct two t = two_of(&usual, &usual);
        make_stress(t.a, breaks[i].a, 0.95 * breaks[i].a, 1.05 * breaks[i].a);
        make_stress(t.b, breaks[i].b, breaks[i].b_low, breaks[i].b_high);
        compare(&t);
        assert_int_equal(figure(&t, "break_load")->reading, breaks[i].reading);
        assert_string_equal(figure(&t, "break_load")->unit, "RPS");
        assert_true(figure(&t, "p95 at 150 RPS")->a == 300);
        assert_string_equal(figure(&t, "p95 at 150 RPS")->why, "run 13 has 1:00; 5:00 are needed");
        assert_string_equal(t.c.of, "steps of the same load");
        fini(&t);
    }
}

static void test_not_reached(void **state) {
    (void)state;
    struct two t = two_of(&usual, &usual);
    make_stress(t.a, 100, 95, 105);
    make_stress(t.b, NAN, NAN, NAN);
    t.b->judgement.stress.at_least = 200;
    t.b->judgement.stress.saturation = SATURATION_NOT_REACHED;
    t.b->judgement.stress.saturation_rps = 200;
    compare(&t);
    assert_int_equal(figure(&t, "break_load")->reading, READING_BETTER);
    assert_string_equal(figure(&t, "break_load")->why,
                        "it breaks 95.0 to 105.0 and not up to 200.0: these do not touch");
    assert_int_equal(figure(&t, "saturation_rps")->reading, READING_UNKNOWN);
    fini(&t);
}

static void make_soak(struct record *r, double slope, double half) {
    text_copy(r->is.model, sizeof r->is.model, "soak");
    r->judgement.has_soak = true;
    r->judgement.soak.memory = (struct trend){
        .slope = slope, .low = slope - half, .high = slope + half, .level = 500, .hours = 4};
    r->judgement.soak.latency = (struct trend){.slope = NAN, .low = NAN, .high = NAN};
}

static void test_soak(void **state) {
    (void)state;
    static const struct {
        double a, b, half;
        enum reading reading;
    } cases[] = {
        {40, 2, 3, READING_BETTER},
        {2, 40, 3, READING_WORSE},
        {2, 5, 3, READING_NOISE},   /* inside the intervals */
        {2, 7, 0.1, READING_NOISE}, /* 5 % of 500 MB in 4 h are 6.25 MB/h */
    };
    for (size_t i = 0; i < COUNT(cases); i++) {
        struct two t = two_of(&usual, &usual);
        make_soak(t.a, cases[i].a, cases[i].half);
        make_soak(t.b, cases[i].b, cases[i].half);
        compare(&t);
        assert_int_equal(figure(&t, "memory_slope")->reading, cases[i].reading);
        for (size_t k = 0; k < t.c.figures; k++)
            assert_string_not_equal(t.c.figure[k].metric, "latency_slope");
        fini(&t);
    }
}

/* --- whatever a record holds --- */

static void test_empty(void **state) {
    (void)state;
    struct record *a = mem_new(1, sizeof *a), *b = mem_new(1, sizeof *b);
    struct comparison c;
    record_init(a);
    record_init(b);
    compare_runs(a, b, &rules, &c);
    assert_int_equal(c.grade, GRADE_SAME);
    assert_string_equal(c.sentence, "Nothing can be told: run A did not measure it.");
    for (size_t i = 0; i < c.figures; i++)
        assert_int_equal(c.figure[i].reading, READING_UNKNOWN);
    comparison_fini(&c);
    record_fini(a);
    record_fini(b);
    free(a);
    free(b);
}

static double odd(unsigned *seed) {
    static const double values[] = {0, -0.0, -1, 1, 1e308, -1e308, 1e-300, 300, 1000};
    *seed = *seed * 1103515245u + 12345u;
    unsigned pick = *seed >> 16;
    return pick % 5 == 0   ? (double)NAN
           : pick % 5 == 1 ? (pick & 32 ? INFINITY : -INFINITY)
                           : values[pick / 8 % COUNT(values)];
}

static void spoil(struct record *r, unsigned *seed) {
    struct stretch *x = r->run.stretch;
    for (int m = 0; m < ENDPOINT_METRICS; m++)
        x->value[m] = odd(seed);
    for (int m = 0; m < METRICS; m++)
        r->run.figure[m].value = odd(seed);
    for (int i = 0; i < FIFTHS; i++)
        x->fifth_p95_ms[i] = odd(seed);
    x->half_p95_ms[0] = odd(seed);
    x->half_p95_ms[1] = odd(seed);
    x->p95_low_ms = odd(seed);
    x->p95_high_ms = odd(seed);
    x->window_s = odd(seed);
    for (size_t i = 0; i < r->run.windows.points; i++) {
        struct point *p = &r->run.windows.point[i];
        p->requests = odd(seed);
        p->failed = odd(seed);
        p->med_ms = odd(seed);
        p->avg_ms = odd(seed);
    }
    for (size_t i = 0; i < r->run.endpoints; i++)
        for (int m = 0; m < ENDPOINT_METRICS; m++)
            r->run.endpoint[i].steady[m] = odd(seed);
    r->run.windows.points = *seed % (WINDOWS + 1);
    r->is.target_rps = r->profile.target_rps = 200;
}

static void spoil_models(struct record *r, unsigned *seed) {
    struct stress_found *f = &r->judgement.stress;
    f->break_load = odd(seed);
    f->low = odd(seed);
    f->high = odd(seed);
    f->at_least = odd(seed);
    f->saturation_rps = odd(seed);
    for (size_t i = 0; i < f->steps; i++)
        f->step[i].is.load = odd(seed);
    r->judgement.soak.memory.slope = odd(seed);
    r->judgement.soak.memory.low = odd(seed);
    r->judgement.soak.memory.high = odd(seed);
    r->judgement.soak.memory.level = odd(seed);
    r->judgement.soak.memory.hours = odd(seed);
}

/* A difference is never infinite, and a reading always has its evidence. */
static void assert_sound(const struct comparison *c) {
    for (size_t i = 0; i < c->figures; i++) {
        const struct compared *f = &c->figure[i];
        assert_true(isnan(f->difference) || fabs(f->difference) < INFINITY);
        assert_true(f->reading == READING_UNKNOWN || f->why[0]);
        bool real = f->reading == READING_BETTER || f->reading == READING_WORSE;
        assert_true(!real || !isnan(f->a) || strcmp(f->metric, "break_load") == 0);
        assert_true(strlen(f->why) < sizeof f->why);
    }
    assert_true(c->sentence[0] != '\0');
}

static void test_odd_figures(void **state) {
    (void)state;
    unsigned seed = 1;
    for (int i = 0; i < 3000; i++) {
        struct two t = two_of(&usual, &usual);
        if (i % 3 == 1) {
            make_stress(t.a, 100, 95, 105);
            make_stress(t.b, 100, 95, 105);
        } else if (i % 3 == 2) {
            make_soak(t.a, 1, 1);
            make_soak(t.b, 1, 1);
        }
        add_endpoint(t.a, "GET /", 60000, 300);
        add_endpoint(t.b, "GET /", 60000, 300);
        spoil(t.b, &seed);
        spoil_models(t.b, &seed);
        if (i % 2) {
            spoil(t.a, &seed);
            spoil_models(t.a, &seed);
        }
        compare(&t);
        assert_sound(&t.c);
        fini(&t);
    }
}

static int load_rules(void **state) {
    (void)state;
    return rules_load(&rules, NULL, NULL) ? 0 : -1;
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_setup),          cmocka_unit_test(test_same),
        cmocka_unit_test(test_refused),        cmocka_unit_test(test_no_target),
        cmocka_unit_test(test_limits),         cmocka_unit_test(test_script),
        cmocka_unit_test(test_readings),       cmocka_unit_test(test_difference),
        cmocka_unit_test(test_halves),         cmocka_unit_test(test_whole_runs),
        cmocka_unit_test(test_rate),           cmocka_unit_test(test_sentence),
        cmocka_unit_test(test_nothing_told),   cmocka_unit_test(test_endpoints),
        cmocka_unit_test(test_many_endpoints), cmocka_unit_test(test_stress),
        cmocka_unit_test(test_not_reached),    cmocka_unit_test(test_soak),
        cmocka_unit_test(test_empty),          cmocka_unit_test(test_odd_figures),
    };
    return cmocka_run_group_tests(tests, load_rules, NULL);
}

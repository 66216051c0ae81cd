/* Recordings of k6's web dashboard: figures of the run and of each period, what its five digits
 * leave open, limits, recordings that are not whole. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "followed_fixture.h"
#include "k6_points_fixture.h"
#include "tools/k6/k6_recording.h"
#include "tools/k6/k6_results.h"
#include "tools/tool.h"

#define PARAM                                                                                      \
    "{\"event\":\"param\",\"data\":{\"thresholds\":{\"http_req_duration\":[\"p(95)<60\"],"         \
    "\"http_req_failed\":[\"rate<0.2\"],\"http_req_duration{name:never}\":[\"p(95)<1\"]},"         \
    "\"period\":1000,\"aggregates\":{\"counter\":[\"count\",\"rate\"],\"gauge\":[\"value\"],"      \
    "\"rate\":[\"rate\"],\"trend\":[\"avg\",\"max\",\"med\",\"min\",\"p(90)\",\"p(95)\"]}}}\n"
#define METRICS_LINE                                                                               \
    "{\"event\":\"metric\",\"data\":{\"time\":{\"type\":\"gauge\"},\"http_reqs\":{\"type\":"       \
    "\"counter\"},\"http_req_failed\":{\"type\":\"rate\"},\"http_req_duration\":{\"type\":"        \
    "\"trend\"}}}\n"
#define VUS_LINE "{\"event\":\"metric\",\"data\":{\"vus\":{\"type\":\"gauge\"}}}\n"
#define START "{\"event\":\"start\",\"data\":[[1000000]]}\n"
#define STOP "{\"event\":\"stop\",\"data\":[[1003500]]}\n"
#define ROW(event, time, count, share, rest)                                                       \
    "{\"event\":\"" event "\",\"data\":[[10,40,8,5,20,30],[" share "],[" count ",10],[" time       \
    "]" rest "]}\n"
#define CROSSED "{\"event\":\"threshold\",\"data\":{\"http_req_duration\":[\"p(95)<60\"]}}\n"
#define BEGIN PARAM METRICS_LINE START

static const struct reader *const recording = &k6_recording_reader;

static bool read_bytes(const char *bytes, size_t len, struct summary *s, struct err *e) {
    char *copy = malloc(len ? len : 1);
    memcpy(copy, bytes, len);
    *e = (struct err){0};
    bool ok = reader_read(recording, copy, len, s, e);
    free(copy);
    return ok;
}

static struct summary must_read(const char *text) {
    struct summary s;
    struct err e;
    if (!read_bytes(text, strlen(text), &s, &e))
        fail_msg("%.60s: %s", text, e.text);
    return s;
}

/* Five significant digits, cut off: the true value is in the interval. */
static void holds(const char *path, const cJSON *truth, const char *key, const struct figure *f) {
    const cJSON *t = cJSON_GetObjectItem(truth, key);
    if (cJSON_IsNumber(t) && !(f->low <= t->valuedouble && t->valuedouble <= f->high))
        fail_msg("%s: %s is %.9g, which is not in %.9g to %.9g", path, key, t->valuedouble, f->low,
                 f->high);
}

static const struct {
    const char *key;
    enum metric metric;
} shown[] = {
    {"avg_ms", METRIC_AVG_MS},         {"min_ms", METRIC_MIN_MS},
    {"med_ms", METRIC_MED_MS},         {"p90_ms", METRIC_P90_MS},
    {"p95_ms", METRIC_P95_MS},         {"p99_ms", METRIC_P99_MS},
    {"max_ms", METRIC_MAX_MS},         {"requests", METRIC_REQUESTS},
    {"iterations", METRIC_ITERATIONS}, {"dropped_iterations", METRIC_DROPPED},
};

static void compare_periods(const char *path, const struct summary *s, const cJSON *periods) {
    double sum = 0, dropped = 0, failed = 0;
    size_t n = (size_t)cJSON_GetArraySize(periods);
    assert_true(s->series.points == n || s->series.points == n + 1);
    for (size_t i = 0; i < s->series.points; i++) {
        const struct point *p = &s->series.point[i];
        const cJSON *want = cJSON_GetArrayItem(periods, (int)i);
        sum += p->requests;
        dropped += p->dropped;
        failed += p->failed;
        near(path, want, "requests", p->requests, 0);
        near(path, want, "p95_ms", p->p95_ms, 0);
        near(path, want, "dropped", p->dropped, 0);
        near(path, want, "vus", p->vus, 0);
        double end_ms = (double)s->series.start_ms + (p->at_s + p->length_s) * 1000;
        near(path, want, "t_ms", end_ms, 0.01);
    }
    /* what came after the last period is there too */
    assert_true(sum == summary_value(s, METRIC_REQUESTS));
    assert_true(dropped == summary_value(s, METRIC_DROPPED));
    assert_true(failed == summary_value(s, METRIC_FAILED));
}

static void one_sample(const char *path, const char *bytes, size_t len, const cJSON *about,
                       const cJSON *truth) {
    struct summary s;
    struct err e;
    if (!read_bytes(bytes, len, &s, &e))
        fail_msg("%s: %s", path, e.text);
    const cJSON *want = cJSON_GetObjectItem(about, "expect");
    for (size_t i = 0; i < COUNT(shown); i++) {
        near(path, want, shown[i].key, summary_value(&s, shown[i].metric), 1e-9);
        holds(path, truth, shown[i].key, &s.figure[shown[i].metric]);
    }
    near(path, truth, "failures", summary_value(&s, METRIC_FAILED), 0);
    assert_true(s.figure[METRIC_FAILED].low == s.figure[METRIC_FAILED].high);
    near(path, truth, "max_vus", summary_value(&s, METRIC_VUS_MAX), 0);
    near(path, truth, "vus_max", summary_value(&s, METRIC_VUS_ALLOCATED), 0);
    compare_periods(path, &s, cJSON_GetObjectItem(about, "per_period"));
    const cJSON *crossed = cJSON_GetObjectItem(want, "thresholds_crossed");
    assert_int_equal(s.thresholds, 2);
    for (size_t i = 0; i < s.thresholds; i++) {
        bool over = cJSON_GetArraySize(crossed) &&
                    strcmp(crossed->child->valuestring, s.threshold[i].metric) == 0;
        assert_int_equal(s.threshold[i].ok, !over);
    }
    assert_int_equal(s.findings.len, 0);
    assert_ptr_equal(tool_reader(bytes, len), recording);
    summary_fini(&s);
}

static void samples_give_their_figures(void **state) {
    (void)state;
    assert_true(each_sample("k6-dashboard-recording", one_sample) == 2);
}

static void five_digits_leave_an_interval(void **state) {
    (void)state;
    static const struct {
        double shown, high;
    } cases[] = {{0, 1e-5},        {0.01958, 0.01959}, {1, 1.0001},    {9.9999, 10},
                 {105.24, 105.25}, {10000, 10001},     {14419, 14420}, {123456, 123457}};
    for (size_t i = 0; i < COUNT(cases); i++) {
        struct figure f = k6_track_figure(cases[i].shown, 1);
        assert_true(f.value == cases[i].shown && f.low == f.value);
        assert_true(fabs(f.high - cases[i].high) < 1e-9);
    }
}

static void failures_follow_from_the_share(void **state) {
    (void)state;
    static const struct {
        double share, n, low, value, high;
    } cases[] = {
        {0.01958, 1532, 30, 30, 30}, /* exact, as long as there are few */
        {0, 1532, 0, 0, 0},
        {1, 1532, 1532, 1532, 1532},
        {0.03333, 30, 1, 1, 1},
        {0.5, 2, 1, 1, 1},
        {0.00001, 1000000, 10, 10, 20}, /* not exact any more */
        {0, 1000000, 0, 0, 10},
        {0, 0, 0, 0, 0},
    };
    for (size_t i = 0; i < COUNT(cases); i++) {
        struct figure f = k6_failed_figure(cases[i].share, cases[i].n, 1);
        if (f.low != cases[i].low || f.value != cases[i].value || f.high != cases[i].high)
            fail_msg("%g of %g: %g, %g to %g", cases[i].share, cases[i].n, f.value, f.low, f.high);
    }
}

static void periods_and_the_rest(void **state) {
    (void)state;
    struct summary s =
        must_read(BEGIN ROW("cumulative", "1001000", "10", "0.1", "")
                      ROW("snapshot", "1001000", "10", "0.1", "")
                          VUS_LINE ROW("cumulative", "1003000", "30", "0.1", ",[7]")
                              ROW("snapshot", "1003000", "20", "0.1", ",[7]")
                                  ROW("cumulative", "1003400", "35", "0.14285", ",[2]") STOP);
    assert_int_equal(s.series.points, 3);
    assert_int_equal(s.series.start_ms, 1000000);
    const struct point *p = s.series.point;
    assert_true(p[0].at_s == 0 && p[0].length_s == 1 && p[0].requests == 10 && p[0].failed == 1);
    assert_true(isnan(p[0].vus) && p[0].p95_ms == 30 && p[0].max_ms == 40 && p[0].med_ms == 8);
    assert_true(p[1].at_s == 1 && p[1].length_s == 2 && p[1].vus == 7 && p[1].dropped == 0);
    assert_true(fabs(p[2].at_s - 3) < 1e-9 && fabs(p[2].length_s - 0.4) < 1e-9);
    assert_true(p[2].requests == 5 && p[2].failed == 2 && isnan(p[2].p95_ms));
    assert_true(summary_value(&s, METRIC_FAILED) == 5);
    assert_true(summary_value(&s, METRIC_DURATION_S) == 3.5);
    assert_true(summary_value(&s, METRIC_VUS_MAX) == 7);
    assert_true(summary_value(&s, METRIC_DROPPED) == 0);
    assert_false(summary_has(&s, METRIC_P99_MS));
    assert_int_equal(s.findings.len, 0);
    summary_fini(&s);
}

static void limits_at_the_end(void **state) {
    (void)state;
    static const struct {
        const char *why, *text;
        bool ok;
    } cases[] = {
        {"never crossed", BEGIN ROW("cumulative", "1001000", "10", "0", "") STOP, true},
        {"crossed", BEGIN ROW("cumulative", "1001000", "10", "0", "") CROSSED STOP, false},
        {"crossed once, and good again",
         BEGIN ROW("cumulative", "1001000", "10", "0", "") CROSSED ROW(
             "snapshot", "1001000", "10", "0", "") ROW("cumulative", "1002000", "20", "0", "") STOP,
         true},
        {"cut off before it can be said: as it was",
         BEGIN ROW("cumulative", "1001000", "10", "0", "")
             CROSSED ROW("cumulative", "1002000", "20", "0", ""),
         false},
    };
    for (size_t i = 0; i < COUNT(cases); i++) {
        struct summary s = must_read(cases[i].text);
        /* one that never had a request is neither kept nor broken */
        if (s.thresholds != 2 || s.threshold[0].ok != cases[i].ok || !s.threshold[1].ok)
            fail_msg("%s", cases[i].why);
        summary_fini(&s);
    }
}

static void failures_of_long_runs_come_from_the_periods(void **state) {
    (void)state;
    struct summary s =
        must_read(BEGIN ROW("cumulative", "1001000", "50000", "0.00002", "")
                      ROW("snapshot", "1001000", "50000", "0.00002", "")
                          ROW("cumulative", "1002000", "100000", "0.00003", "")
                              ROW("snapshot", "1002000", "50000", "0.00004", "")
                                  ROW("cumulative", "1003000", "200000", "0.00001", "")
                                      ROW("snapshot", "1003000", "100000", "0", "") STOP);
    const struct figure *f = &s.figure[METRIC_FAILED];
    assert_true(f->value == 3 && f->low == 3 && f->high >= 3 && f->high <= 4);
    summary_fini(&s);
}

static void what_is_wrong_is_said(void **state) {
    (void)state;
    static const struct {
        const char *why, *text, *kinds;
    } cases[] = {
        {"whole", BEGIN ROW("cumulative", "1001000", "10", "0", "") STOP, ""},
        {"no stop", BEGIN ROW("cumulative", "1001000", "10", "0", ""), "still-running "},
        {"half", BEGIN ROW("cumulative", "1001000", "10", "0", "") "{\"event\":\"snap",
         "half-line still-running "},
        {"no JSON", BEGIN "x\n" ROW("cumulative", "1001000", "10", "0", "") STOP, "broken-line "},
        {"a row too long",
         BEGIN ROW("cumulative", "1001000", "10", "0", "")
             ROW("cumulative", "1002000", "20", "0", ",[1]") STOP,
         "broken-line "},
        {"a number too few",
         BEGIN ROW("cumulative", "1001000", "10", "0", "")
             ROW("snapshot", "1001000", "10,1", "0", "") STOP,
         "broken-line "},
        {"below nought",
         BEGIN ROW("cumulative", "1001000", "10", "0", "") ROW("snapshot", "1001000", "-1", "0", "")
             STOP,
         "broken-line "},
        {"time goes back",
         BEGIN ROW("cumulative", "1001000", "10", "0", "") ROW("snapshot", "999000", "1", "0", "")
             STOP,
         "broken-line "},
        {"an unknown event",
         BEGIN "{\"event\":\"new\",\"data\":{}}\n" ROW("cumulative", "1001000", "10", "0", "") STOP,
         ""},
    };
    for (size_t i = 0; i < COUNT(cases); i++) {
        struct summary s = must_read(cases[i].text);
        char kinds[400] = "";
        for (size_t k = 0; k < s.findings.len; k++)
            snprintf(kinds + strlen(kinds), sizeof kinds - strlen(kinds), "%s ",
                     s.findings.item[k].kind);
        if (strcmp(kinds, cases[i].kinds) != 0 || summary_value(&s, METRIC_REQUESTS) != 10)
            fail_msg("%s: %s", cases[i].why, kinds);
        summary_fini(&s);
    }
}

static void what_cannot_be_read_is_refused(void **state) {
    (void)state;
    static const struct {
        const char *why, *text;
    } cases[] = {
        {"empty", ""},
        {"no first line", METRICS_LINE START STOP},
        {"no order of the numbers", "{\"event\":\"param\",\"data\":{}}\n" METRICS_LINE START},
        {"no figures", BEGIN},
        {"no requests", PARAM "{\"event\":\"metric\",\"data\":{\"time\":{\"type\":\"gauge\"}}}\n"
                              "{\"event\":\"cumulative\",\"data\":[[1001000]]}\n"},
        {"contradiction", PARAM METRICS_LINE
         "{\"event\":\"cumulative\",\"data\":[[10,4,8,5,20,30],[0],[3,10],[1001000]]}\n"},
    };
    for (size_t i = 0; i < COUNT(cases); i++) {
        struct summary s;
        struct err e;
        if (read_bytes(cases[i].text, strlen(cases[i].text), &s, &e) || e.kind != ERR_FORMAT ||
            !e.text[0] || !e.fix[0])
            fail_msg("%s: %s", cases[i].why, e.text);
        summary_fini(&s);
    }
}

static void only_its_own_is_recognised(void **state) {
    (void)state;
    assert_true(recording->sniff(PARAM, strlen(PARAM)) > 0);
    assert_true(recording->sniff("\n" PARAM, strlen(PARAM) + 1) > 0);
    static const char *const others[] = {
        "",
        "{",
        "{\"event\":1}\n",
        "{\"data\":[]}",
        "{\"event\":\"click\",\"data\":{}}",
        "{\"metric\":\"x\",\"type\":\"Point\",\"data\":{\"tags\":{\"a\":\"param\"}}}"};
    for (size_t i = 0; i < COUNT(others); i++)
        assert_int_equal(recording->sniff(others[i], strlen(others[i])), 0);
}

static void pieces_say_the_same(void **state) {
    (void)state;
    struct digest whole, cut;
    size_t len;
    char *bytes = got_load(TEST_DATA "/k6/recording-load-v2.2/recording.ndjson", &len);
    assert_true(digest_read(recording, bytes, len, 0, 0, &whole, NULL));
    for (size_t at = 1; at < len; at++) {
        struct err e = {0};
        assert_true(digest_read(recording, bytes, len, at, 0, &cut, NULL) &&
                    digest_same(&whole, &cut));
        if (!digest_read(recording, bytes, at, 0, 0, &cut, &e))
            assert_true(e.kind == ERR_FORMAT && e.text[0]);
        assert_false(cut.odd);
    }
    free(bytes);
}

/* --- while the run goes on --- */

static void each_period_is_told_at_once(void **state) {
    (void)state;
    struct followed *f = follow(recording);
    const struct {
        const char *text;
        double requests, failed;
        size_t points;
    } steps[] = {
        {BEGIN ROW("cumulative", "1001000", "10", "0.1", ""), 10, 1, 0},
        {ROW("snapshot", "1001000", "10", "0.1", ""), 10, 1, 1},
        {VUS_LINE ROW("cumulative", "1003000", "30", "0.1", ",[7]"), 30, 3, 1},
        {ROW("snapshot", "1003000", "20", "0.1", ",[5]"), 30, 3, 2},
        {ROW("cumulative", "1003400", "35", "0.14285", ",[2]"), 35, 5, 2},
        {"{\"event\":\"cumul", 35, 5, 2},
    };
    for (size_t i = 0; i < COUNT(steps); i++) {
        follow_feed(f, steps[i].text, strlen(steps[i].text), 1);
        assert_true(f->so_far[METRIC_REQUESTS] == steps[i].requests);
        assert_true(f->so_far[METRIC_FAILED] == steps[i].failed);
        assert_int_equal(f->points, steps[i].points);
    }
    assert_int_equal(f->told, 3);
    assert_true(f->so_far[METRIC_AVG_MS] == 10 && f->so_far[METRIC_MAX_MS] == 40);
    assert_true(f->so_far[METRIC_MED_MS] == 8 && f->so_far[METRIC_MIN_MS] == 5);
    assert_true(f->so_far[METRIC_P90_MS] == 20 && f->so_far[METRIC_P95_MS] == 30);
    assert_true(isnan(f->so_far[METRIC_P99_MS]) && f->so_far[METRIC_DROPPED] == 0);
    assert_true(f->so_far[METRIC_VUS_MAX] == 7 && f->point[1].vus == 5);
    assert_true(fabs(f->so_far[METRIC_DURATION_S] - 3.4) < 1e-9);
    follow_end(f);
}

/* A row that contradicts itself, and one that is damaged: what was told before stands. */
static void what_makes_no_sense_is_not_told(void **state) {
    (void)state;
    struct followed *f = follow(recording);
    const char text[] = BEGIN ROW(
        "cumulative", "1001000", "10", "0.1",
        "") "{\"event\":\"cumulative\",\"data\":[[10,4,8,5,20,30],[0],[20,10],[1002000]]}\n"
            "{\"event\":\"cumulative\",\"data\":[[10,40,8,5,20,30],[0],[-1,10],[1002000]]}\n";
    follow_feed(f, text, sizeof text - 1, 7);
    assert_int_equal(f->told, 1);
    assert_true(f->so_far[METRIC_REQUESTS] == 10);
    follow_end(f);
}

/* The last row since the start holds what the end says. */
static void at_the_end_it_is_what_the_end_says(void **state) {
    (void)state;
    static const char *const files[] = {TEST_DATA "/k6/recording-load-v2.2/recording.ndjson",
                                        TEST_DATA "/k6/recording-stress-v2.2/recording.ndjson"};
    for (size_t i = 0; i < COUNT(files); i++) {
        size_t len;
        struct summary s;
        struct err e;
        char *bytes = got_load(files[i], &len);
        assert_true(read_bytes(bytes, len, &s, &e));
        struct followed *f = follow(recording);
        follow_feed(f, bytes, len, 1000);
        for (int m = 0; m < METRICS; m++) {
            double said = summary_value(&s, (enum metric)m);
            if (m != METRIC_DURATION_S && !(f->so_far[m] == said || isnan(said)))
                fail_msg("%s: metric %d is %g so far and %g at the end", files[i], m, f->so_far[m],
                         said);
        }
        assert_true(f->points >= s.series.points - 1 && f->told >= f->points);
        follow_end(f);
        summary_fini(&s);
        free(bytes);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(samples_give_their_figures),
        cmocka_unit_test(five_digits_leave_an_interval),
        cmocka_unit_test(failures_follow_from_the_share),
        cmocka_unit_test(periods_and_the_rest),
        cmocka_unit_test(limits_at_the_end),
        cmocka_unit_test(failures_of_long_runs_come_from_the_periods),
        cmocka_unit_test(what_is_wrong_is_said),
        cmocka_unit_test(what_cannot_be_read_is_refused),
        cmocka_unit_test(only_its_own_is_recognised),
        cmocka_unit_test(pieces_say_the_same),
        cmocka_unit_test(each_period_is_told_at_once),
        cmocka_unit_test(what_makes_no_sense_is_not_told),
        cmocka_unit_test(at_the_end_it_is_what_the_end_says),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

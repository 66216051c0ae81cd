/* Readers of files that still grow: all figures are told as their rows come, not at the end; and
 * tables that are written anew each second are taken only when they are whole. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/file.h"
#include "followed_fixture.h"
#include "tools/jmeter/results.h"
#include "tools/k6/k6_results.h"
#include "tools/locust/results.h"

#define COUNT(a) (sizeof(a) / sizeof *(a))

static char *load(const char *path, size_t *len) {
    struct err e = {0};
    char *bytes = file_read(path, 1 << 24, len, &e);
    if (!bytes)
        fail_msg("%s: %s", path, e.text);
    return bytes;
}

/* --- single requests --- */

/* Files as they lay there while the tool ran: the last row is cut anywhere. */
static void the_end_adds_no_figure(void **state) {
    (void)state;
    static const struct {
        const struct reader *reader;
        const char *path;
    } files[] = {
        {&k6_csv_reader, TEST_DATA "/k6/partial/k6-running.csv"},
        {&k6_ndjson_reader, TEST_DATA "/k6/partial/k6-running.json"},
        {&jmeter_jtl_csv_reader, TEST_DATA "/jmeter/partial/jmeter-running.jtl"},
        {&jmeter_jtl_xml_reader, TEST_DATA "/jmeter/partial/jmeter-running.xml"},
        {&locust_history_reader, TEST_DATA "/locust/partial/locust-running_stats_history.csv"},
        {&locust_history_reader, TEST_DATA "/locust/load-2.46/run_stats_history.csv"},
        {&locust_history_reader, TEST_DATA "/locust/load-1.6/run_stats_history.csv"},
    };
    static const size_t steps[] = {1, 4096, 1 << 20};
    for (size_t i = 0; i < COUNT(files) * COUNT(steps); i++) {
        size_t len, file = i / COUNT(steps);
        struct err e = {0};
        char *bytes = load(files[file].path, &len);
        struct followed *f = follow(files[file].reader);
        follow_feed(f, bytes, len, steps[i % COUNT(steps)]);
        struct followed before = *f;
        assert_true(before.samples + before.points > 5);
        assert_true(f->reader->finish(f->self, &e));
        assert_int_equal(f->samples, before.samples);
        assert_int_equal(f->failed, before.failed);
        assert_int_equal(f->points, before.points);
        for (int m = 0; m < METRICS; m++)
            if (f->sum[m] != before.sum[m])
                fail_msg("%s: the end adds to metric %d", files[file].path, m);
        follow_end(f);
        free(bytes);
    }
}

#define K6_HEAD                                                                                    \
    "metric_name,timestamp,metric_value,check,error,error_code,expected_response,group,method,"    \
    "name,status\n"

static void a_row_is_told_when_it_ends(void **state) {
    (void)state;
    static const struct {
        const char *row;
        double requests, failed, iterations, dropped, vus;
        size_t samples, samples_failed;
    } steps[] = {
        {K6_HEAD "vus,1795423342,3.000000,,,,,,,,\n", 0, 0, 0, 0, 3, 0, 0},
        {"http_reqs,1795423342,1.000000,,,,false,,GET,/a,500\n", 1, 0, 0, 0, 3, 0, 0},
        {"http_req_duration,1795423342,36.5,,,,false,,GET,/a,500\n", 1, 0, 0, 0, 3, 1, 1},
        {"http_req_failed,1795423342,1.000000,,,,false,,GET,/a,500\n", 1, 1, 0, 0, 3, 1, 1},
        {"iterations,1795423342,1.000000,,,,,,,,\n", 1, 1, 1, 0, 3, 1, 1},
        {"dropped_iterations,1795423342,1.000000,,,,,,,,\n", 1, 1, 1, 1, 3, 1, 1},
        {"vus,1795423343,5.000000,,,,,,,,\n", 1, 1, 1, 1, 5, 1, 1},
        {"http_reqs,1795423343,1.000000,,,,true,,GET,/a,20", 1, 1, 1, 1, 5, 1, 1},
        {"0\n", 2, 1, 1, 1, 5, 1, 1},
    };
    struct followed *f = follow(&k6_csv_reader);
    for (size_t i = 0; i < COUNT(steps); i++) {
        follow_feed(f, steps[i].row, strlen(steps[i].row), 1);
        assert_true(f->sum[METRIC_REQUESTS] == steps[i].requests);
        assert_true(f->sum[METRIC_FAILED] == steps[i].failed);
        assert_true(f->sum[METRIC_ITERATIONS] == steps[i].iterations);
        assert_true(f->sum[METRIC_DROPPED] == steps[i].dropped);
        assert_true(f->vus == steps[i].vus);
        assert_int_equal(f->samples, steps[i].samples);
        assert_int_equal(f->failed, steps[i].samples_failed);
    }
    follow_end(f);
}

/* --- _stats_history.csv --- */

#define TOTALS                                                                                     \
    "Total Request Count,Total Failure Count,Total Median Response Time,Total Average Response "   \
    "Time,Total Min Response Time,Total Max Response Time,Total Average Content Size\r\n"
#define HISTORY "Timestamp,User Count,Type,Name,Requests/s,Failures/s,50%,90%,95%,99%,100%," TOTALS

static void each_second_is_told_at_once(void **state) {
    (void)state;
    struct followed *f = follow(&locust_history_reader);
    const struct {
        const char *row;
        size_t points;
        double requests, failed, p95_ms, users;
    } steps[] = {
        {HISTORY, 0, NAN, NAN, NAN, NAN},
        {"1000,0,,Aggregated,0,0,N/A,N/A,N/A,N/A,N/A,0,0,0,0.0,0,0,0\r\n", 0, 0, 0, NAN, 0},
        {"1001,5,,Aggregated,0,0,35,38,40,50,50,10,1,35,36.0,26.0,50.5,0\r\n", 1, 10, 1, 40, 5},
        {"1003,10,,Aggregated,1,0,35,38,41,80,80,40,2,36,39.0,26.0,80.5,0\r", 1, 10, 1, 40, 5},
        {"\n", 2, 40, 2, 41, 10},
        {"1004,8,,Aggregated,1,0,35,38,41,80,80,40,2,36,39.0,26.0,80.5,0\r\n", 3, 40, 2, 41, 10},
    };
    for (size_t i = 0; i < COUNT(steps); i++) {
        follow_feed(f, steps[i].row, strlen(steps[i].row), 1);
        const double got[] = {f->so_far[METRIC_REQUESTS], f->so_far[METRIC_FAILED],
                              f->so_far[METRIC_P95_MS], f->so_far[METRIC_VUS_MAX]};
        const double want[] = {steps[i].requests, steps[i].failed, steps[i].p95_ms, steps[i].users};
        for (size_t k = 0; k < COUNT(got); k++)
            if (!(got[k] == want[k] || (isnan(got[k]) && isnan(want[k]))))
                fail_msg("row %zu, figure %zu: %g, not %g", i, k, got[k], want[k]);
        assert_int_equal(f->points, steps[i].points);
    }
    assert_true(f->point[0].requests == 10 && f->point[0].failed == 1 && f->point[0].vus == 5);
    assert_true(f->point[1].requests == 30 && f->point[1].length_s == 2);
    assert_true(isnan(f->point[1].p95_ms)); /* in the file it is of the whole run */
    assert_true(f->so_far[METRIC_AVG_MS] == 39 && f->so_far[METRIC_MIN_MS] == 26);
    assert_true(f->so_far[METRIC_MED_MS] == 36 && f->so_far[METRIC_MAX_MS] == 80.5);
    assert_true(f->so_far[METRIC_P99_MS] == 80 && f->so_far[METRIC_DURATION_S] == 4);
    follow_end(f);
}

/* With endpoints the percentiles may be of the last ten seconds, which shows when the highest of
 * them falls. They are never told as those of the run. */
static void percentiles_of_the_last_seconds(void **state) {
    (void)state;
    struct followed *f = follow(&locust_history_reader);
    const char rows[] =
        HISTORY "1000,0,,Aggregated,0,0,N/A,N/A,N/A,N/A,N/A,0,0,0,0.0,0,0,0\r\n"
                "1001,5,GET,/a,0,0,35,38,40,50,50,10,1,35,36.0,26.0,50.5,0\r\n"
                "1001,5,,Aggregated,0,0,35,38,40,50,50,10,1,35,36.0,26.0,50.5,0\r\n"
                "1002,5,GET,/a,0,0,35,38,41,49,49,20,1,35,36.0,26.0,50.5,0\r\n"
                "1002,5,,Aggregated,0,0,35,38,41,49,49,20,1,35,36.0,26.0,50.5,0\r\n"
                "1003,5,GET,/a,0,0,35,38,42,50,50,30,1,35,36.0,26.0,50.5,0\r\n"
                "1003,5,,Aggregated,0,0,35,38,42,50,50,30,1,35,36.0,26.0,50.5,0\r\n";
    follow_feed(f, rows, sizeof rows - 1, 3);
    assert_int_equal(f->points, 3);
    assert_true(isnan(f->point[0].p95_ms)); /* not known yet */
    assert_true(f->point[1].p95_ms == 41 && f->point[2].p95_ms == 42);
    assert_true(isnan(f->so_far[METRIC_P95_MS]) && f->so_far[METRIC_REQUESTS] == 30);
    follow_end(f);
}

/* A reset takes the longest time back, too: that shows nothing. */
static void a_reset_shows_no_window(void **state) {
    (void)state;
    struct followed *f = follow(&locust_history_reader);
    const char rows[] =
        HISTORY "1000,5,,Aggregated,0,0,35,38,40,50,50,10,1,35,36.0,26.0,50.5,0\r\n"
                "1001,5,,Aggregated,0,0,35,38,40,40,40,12,0,35,36.0,26.0,40.5,0\r\n"
                "1002,5,,Aggregated,0,0,35,38,40,40,40,9,0,35,36.0,26.0,40.5,0\r\n"
                "1003,5,,Aggregated,0,0,35,38,40,40,40,19,0,35,36.0,26.0,40.5,0\r\n";
    follow_feed(f, rows, sizeof rows - 1, 3);
    assert_true(isnan(f->point[f->points - 1].p95_ms));
    assert_true(f->so_far[METRIC_P95_MS] == 40 && f->so_far[METRIC_REQUESTS] == 19);
    follow_end(f);
}

/* --- tables that are written anew --- */

#define STATS                                                                                      \
    "Type,Name,Request Count,Failure Count,Median Response Time,Average Response Time,Min "        \
    "Response Time,Max Response Time,Average Content Size,Requests/s,Failures/s,95%,100%\r\n"
#define ROW_A "GET,/a,90,5,35,36.5,26.1,150.2,10,11.25,0.63,43,150\r\n"
#define ROW_ALL ",Aggregated,90,5,35,36.5,26.1,150.2,10,11.25,0.63,43,150\r\n"
#define OLD_HEAD                                                                                   \
    "\"Type\",\"Name\",\"Request Count\",\"Failure Count\",\"95%\"\n\"GET\",\"/a\",90,5,43\n"
#define FAILURES "Method,Name,Error,Occurrences\r\n"
#define EXCEPTIONS "Count,Message,Traceback,Nodes\r\n"

static void a_table_is_whole_or_not(void **state) {
    (void)state;
    static const struct {
        const char *reason;
        const struct reader *reader;
        const char *text;
        bool whole;
    } cases[] = {
        {"whole", &locust_stats_reader, STATS ROW_A ROW_ALL, true},
        {"no requests yet", &locust_stats_reader,
         STATS ",Aggregated,0,0,0,0.0,0,0,0,0.0,0.0,N/A,N/A\r\n", true},
        {"empty", &locust_stats_reader, "", false},
        {"a header alone", &locust_stats_reader, STATS, false},
        {"without its last row", &locust_stats_reader, STATS ROW_A, false},
        {"cut in the last number", &locust_stats_reader,
         STATS ROW_A ",Aggregated,90,5,35,36.5,26.1,150.2,10,11.25,0.63,43,15", false},
        {"cut before a column", &locust_stats_reader, STATS ROW_A ",Aggregated,90,5,35,36.5\r\n",
         false},
        {"the rest of a longer one behind it", &locust_stats_reader, STATS ROW_A ROW_ALL "150\r\n",
         false},
        {"a line end of a longer one behind it", &locust_stats_reader, STATS ROW_A ROW_ALL "\r\n",
         false},
        {"rows of a longer one behind it", &locust_stats_reader, STATS ROW_ALL ROW_A ROW_ALL,
         false},
        {"another row behind it", &locust_stats_reader, STATS ROW_ALL ROW_A, false},
        {"more failures than requests", &locust_stats_reader,
         STATS ",Aggregated,9,50,35,36.5,26.1,150.2,10,11.25,0.63,43,150\r\n", false},
        {"an open quote", &locust_stats_reader, STATS "GET,\"/a" ROW_ALL, false},
        {"1.0", &locust_stats_reader, OLD_HEAD "\"\",\"Aggregated\",90,5,43", true},
        {"1.0, cut", &locust_stats_reader, OLD_HEAD "\"\",\"Aggregated\",90,5", false},
        {"no failures", &locust_failures_reader, FAILURES, true},
        {"failures", &locust_failures_reader, FAILURES "GET,/a,\"X('a, \"\"b\"\"\n')\",5\r\n",
         true},
        {"failures, cut in the header", &locust_failures_reader, "Method,Name,Error,Occ", false},
        {"failures, cut in a number", &locust_failures_reader, FAILURES "GET,/a,X,5", false},
        {"failures, cut in a row", &locust_failures_reader, FAILURES "GET,/a\r\n", false},
        {"failures, the rest of a longer one", &locust_failures_reader,
         FAILURES "GET,/a,X,5\r\nX,5\r\n", false},
        {"exceptions", &locust_exceptions_reader,
         EXCEPTIONS "3,boom,\"Trace:\n  a, b\n\",local\r\n", true},
        {"exceptions, cut in a trace", &locust_exceptions_reader,
         EXCEPTIONS "3,boom,\"Trace:\n  a, b\n", false},
    };
    for (size_t i = 0; i < COUNT(cases); i++) {
        size_t len = strlen(cases[i].text);
        char *copy = malloc(len + !len);
        memcpy(copy, cases[i].text, len);
        if (cases[i].reader->rewritten_whole(copy, len) != cases[i].whole)
            fail_msg("%s", cases[i].reason);
        free(copy);
    }
}

/* Real ones, and each of their beginnings. */
static void only_all_of_it_is_whole(void **state) {
    (void)state;
    static const struct {
        const struct reader *reader;
        const char *path;
    } files[] = {
        {&locust_stats_reader, TEST_DATA "/locust/partial/locust-running_stats.csv"},
        {&locust_stats_reader, TEST_DATA "/locust/load-1.6/run_stats.csv"},
        {&locust_stats_reader, TEST_DATA "/locust/stress-2.46/run_stats.csv"},
        {&locust_failures_reader, TEST_DATA "/locust/partial/locust-running_failures.csv"},
        {&locust_failures_reader, TEST_DATA "/locust/stress-2.46/run_failures.csv"},
        {&locust_exceptions_reader, TEST_DATA "/locust/stress-2.12/run_exceptions.csv"},
    };
    for (size_t i = 0; i < COUNT(files); i++) {
        size_t len;
        char *bytes = load(files[i].path, &len);
        bool rows = files[i].reader != &locust_stats_reader; /* each row is a whole there */
        assert_true(files[i].reader->rewritten_whole(bytes, len));
        for (size_t n = 0; n < len; n++)
            if (files[i].reader->rewritten_whole(bytes, n) && !(rows && bytes[n - 1] == '\n'))
                fail_msg("%s: %zu of %zu bytes are taken for all", files[i].path, n, len);
        free(bytes);
    }
}

static void other_files_only_grow(void **state) {
    (void)state;
    assert_null(locust_history_reader.rewritten_whole);
    assert_null(k6_csv_reader.rewritten_whole);
    assert_null(k6_recording_reader.rewritten_whole);
    assert_null(jmeter_jtl_csv_reader.rewritten_whole);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_end_adds_no_figure),
        cmocka_unit_test(a_row_is_told_when_it_ends),
        cmocka_unit_test(each_second_is_told_at_once),
        cmocka_unit_test(percentiles_of_the_last_seconds),
        cmocka_unit_test(a_reset_shows_no_window),
        cmocka_unit_test(a_table_is_whole_or_not),
        cmocka_unit_test(only_all_of_it_is_whole),
        cmocka_unit_test(other_files_only_grow),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

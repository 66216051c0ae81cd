/* Locust's files of --csv, --json and --json-file: layouts of all versions, what happens to a file
 * on the way, and bytes that Locust never wrote. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/buf.h"
#include "base/file.h"
#include "result_digest.h"
#include "tools/locust/csv_file.h"
#include "tools/locust/results.h"

#define COUNT(a) (sizeof(a) / sizeof *(a))
#define DATA TEST_DATA "/locust/"

#define STATS                                                                                      \
    "Type,Name,Request Count,Failure Count,Median Response Time,Average Response Time,Min "        \
    "Response Time,Max Response Time,Average Content Size,Requests/s,Failures/s,"
#define TOTALS                                                                                     \
    "Total Request Count,Total Failure Count,Total Median Response Time,Total Average Response "   \
    "Time,Total Min Response Time,Total Max Response Time,Total Average Content Size\r\n"
#define HISTORY "Timestamp,User Count,Type,Name,Requests/s,Failures/s,50%,95%,100%," TOTALS

static void read_ok(const struct reader *r, const char *text, struct summary *s) {
    struct err e = {0};
    if (!reader_read(r, text, strlen(text), s, &e))
        fail_msg("%s\n%s", e.text, text);
}

static void refused(const struct reader *r, const char *text, enum err_kind kind) {
    struct summary s;
    struct err e = {0};
    if (reader_read(r, text, strlen(text), &s, &e))
        fail_msg("read: %.200s", text);
    assert_int_equal(e.kind, kind);
    assert_true(e.text[0] && e.fix[0]);
    summary_fini(&s);
}

static double value(const struct summary *s, enum metric m) { return summary_value(s, m); }

static bool near(double a, double b) { return fabs(a - b) < 1e-9; }

static const struct finding *finding(const struct summary *s, const char *kind) {
    for (size_t i = 0; i < s->findings.len; i++)
        if (strcmp(s->findings.item[i].kind, kind) == 0)
            return &s->findings.item[i];
    return NULL;
}

/* --- _stats.csv --- */

static void columns_are_found_by_name(void **state) {
    struct summary s;
    (void)state;
    /* a list of percentiles of one's own, and no line end behind the last row */
    read_ok(&locust_stats_reader,
            STATS "50%,95%,100%\r\n"
                  "GET,\"/a, \"\"b\"\"\",90,5,35,36.5,26.1,150.2,10,11.25,0.63,35,43,150\r\n"
                  ",Aggregated,100,5,35,36.25,26.125,150.5,10,12.5,0.625,35,42,150",
            &s);
    assert_true(value(&s, METRIC_REQUESTS) == 100);
    assert_true(value(&s, METRIC_FAILED) == 5);
    assert_true(value(&s, METRIC_AVG_MS) == 36.25);
    assert_true(value(&s, METRIC_RPS) == 12.5);
    assert_true(value(&s, METRIC_DURATION_S) == 8);
    assert_true(value(&s, METRIC_P95_MS) == 42);
    assert_true(s.figure[METRIC_P95_MS].low == 41.5 && s.figure[METRIC_P95_MS].high == 42.5);
    assert_int_equal(s.figure[METRIC_P95_MS].line, 3);
    assert_string_equal(s.figure[METRIC_P95_MS].quote, "95%=42");
    assert_false(summary_has(&s, METRIC_P90_MS));
    assert_false(summary_has(&s, METRIC_P99_MS));
    assert_int_equal(s.endpoints, 1);
    assert_string_equal(s.endpoint[0].name, "GET /a, \"b\"");
    assert_int_equal(s.lines, 3);
    assert_int_equal(s.findings.len, 0);
    summary_fini(&s);
}

static void the_layout_of_1_0(void **state) {
    struct summary s;
    (void)state;
    read_ok(
        &locust_stats_reader,
        "\"Type\",\"Name\",\"Request Count\",\"Failure Count\",\"Median Response Time\",\"Average "
        "Response Time\",\"Min Response Time\",\"Max Response Time\",\"Average Content "
        "Size\",\"Requests/s\",\"Failures/s\",\"95%\",\"99.999%\",\"100%\"\n"
        "\"GET\",\"/a\",90,5,35,36,26,150,10,11.25,0.63,43,150,150\n"
        "\"\",\"Aggregated\",100,5,35,36,26,150,10,12.50,0.63,42,150,150",
        &s);
    assert_true(value(&s, METRIC_AVG_MS) == 36);
    assert_true(s.figure[METRIC_AVG_MS].high == 37); /* cut off */
    assert_true(near(s.figure[METRIC_RPS].low, 12.495) && near(s.figure[METRIC_RPS].high, 12.505));
    assert_true(s.figure[METRIC_DURATION_S].low < 8 && s.figure[METRIC_DURATION_S].high > 8);
    summary_fini(&s);
}

static void nothing_measured_is_not_zero(void **state) {
    struct summary s;
    (void)state;
    read_ok(&locust_stats_reader,
            STATS "95%\r\nGET,/a,0,0,0,0.0,0,0,0,0.0,0.0,N/A\r\n"
                  ",Aggregated,0,0,0,0.0,0,0,0,0.0,0.0,N/A\r\n",
            &s);
    assert_true(value(&s, METRIC_REQUESTS) == 0);
    assert_false(summary_has(&s, METRIC_AVG_MS));
    assert_false(summary_has(&s, METRIC_MAX_MS));
    assert_false(summary_has(&s, METRIC_P95_MS));
    assert_false(summary_has(&s, METRIC_RPS));
    summary_fini(&s);
}

static void rows_that_make_no_sense_are_left_out(void **state) {
    struct summary s;
    (void)state;
    read_ok(&locust_stats_reader,
            STATS "95%\r\n"
                  "GET,/a,x,0,0,1,1,1,0,1,0,1\r\n"
                  "GET,/b,1,2,0,1,1,1,0,1,0,1\r\n"
                  "GET,/c,1\r\n"
                  "\r\n"
                  "GET,/d,-1,0,0,1,1,1,0,1,0,1\r\n"
                  ",Aggregated,100,5,35,36.25,nan,1e999,10,12.5,0.625,-3\r\n"
                  "GET,/e,7",
            &s);
    assert_true(value(&s, METRIC_REQUESTS) == 100);
    assert_false(summary_has(&s, METRIC_MIN_MS));
    assert_false(summary_has(&s, METRIC_MAX_MS));
    assert_false(summary_has(&s, METRIC_P95_MS));
    assert_int_equal(s.endpoints, 0);
    assert_int_equal(finding(&s, "broken-rows")->line, 2);
    assert_non_null(strstr(finding(&s, "broken-rows")->text, "4 rows"));
    assert_int_equal(finding(&s, "half-line")->line, 8);
    summary_fini(&s);
}

static void without_its_last_row_there_is_nothing_to_judge(void **state) {
    (void)state;
    refused(&locust_stats_reader, STATS "95%\r\n", ERR_FORMAT);
    refused(&locust_stats_reader, STATS "95%\r\nGET,/a,1,0,0,1,1,1,0,1,0,1\r\n", ERR_FORMAT);
    refused(&locust_history_reader, HISTORY, ERR_FORMAT);
}

/* --- _stats_history.csv --- */

static void differences_are_exact(void **state) {
    struct summary s;
    (void)state;
    read_ok(&locust_history_reader,
            HISTORY "1000,0,,Aggregated,0.0,0.0,N/A,N/A,N/A,0,0,0,0.0,0,0,0\r\n"
                    "1001,5,,Aggregated,0.0,0.0,35,40,50,10,1,35,36.0,26.0,50.5,0\r\n"
                    "1003,10,,Aggregated,1.0,0.0,35,40,80,40,2,35,39.0,26.0,80.5,0\r\n"
                    "1004,10,,Aggregated,1.0,0.0,35,40,80,40,2,35,39.0,26.0,80.5,0\r\n",
            &s);
    assert_true(value(&s, METRIC_REQUESTS) == 40);
    assert_true(value(&s, METRIC_VUS_MAX) == 10);
    assert_true(value(&s, METRIC_DURATION_S) == 4);
    assert_true(s.figure[METRIC_DURATION_S].low == 3 && s.figure[METRIC_DURATION_S].high == 5);
    assert_true(value(&s, METRIC_P95_MS) == 40); /* of the whole run */
    assert_int_equal(s.series.points, 3);
    const struct point *p = s.series.point;
    assert_true(p[0].at_s == 0 && p[0].length_s == 1 && p[0].requests == 10 && p[0].failed == 1);
    assert_true(p[0].avg_ms == 36 && p[0].max_ms == 50.5 && p[0].vus == 5);
    assert_true(p[1].at_s == 1 && p[1].length_s == 2 && p[1].requests == 30 && p[1].failed == 1);
    assert_true(near(p[1].avg_ms, 40)); /* (40 x 39 - 10 x 36) / 30 */
    assert_true(isnan(p[1].p95_ms));    /* only of the whole run so far */
    assert_true(p[2].requests == 0 && isnan(p[2].avg_ms) && isnan(p[2].max_ms));
    summary_fini(&s);
}

/* With --csv-full-history percentiles are of the last ten seconds: 0 at first, and lower than the
 * longest time later. */
static void percentiles_of_the_last_seconds_go_into_points(void **state) {
    struct summary s;
    (void)state;
    read_ok(&locust_history_reader,
            HISTORY "1000,0,,Aggregated,0.0,0.0,N/A,N/A,N/A,0,0,0,0.0,0,0,0\r\n"
                    "1001,5,GET,/a,0.0,0.0,0,0,0,10,1,35,36.0,26.0,500.5,0\r\n"
                    "1001,5,,Aggregated,0.0,0.0,0,0,0,10,1,35,36.0,26.0,500.5,0\r\n"
                    "1002,5,GET,/a,0.0,0.0,35,41,45,20,1,35,36.0,26.0,500.5,0\r\n"
                    "1002,5,,Aggregated,0.0,0.0,35,41,45,20,1,35,36.0,26.0,500.5,0\r\n",
            &s);
    assert_false(summary_has(&s, METRIC_P95_MS));
    assert_int_equal(s.series.points, 2);
    assert_true(isnan(s.series.point[0].p95_ms));
    assert_true(s.series.point[1].p95_ms == 41 && s.series.point[1].med_ms == 35);
    assert_int_equal(s.endpoints, 1);
    assert_string_equal(s.endpoint[0].name, "GET /a");
    assert_true(s.endpoint[0].figure[METRIC_REQUESTS].value == 20);
    summary_fini(&s);
}

static void odd_clocks_and_counts_are_said(void **state) {
    static const struct {
        const char *rows, *kind;
        long line;
        double requests, points, duration_s;
    } cases[] = {
        {"1000,1,,Aggregated,0,0,1,1,1,0,0,1,1.0,1,1,0\n1001,1,,Aggregated,0,0,1,1,1,5,0,1,1.0,1,1,"
         "0\n"
         "1061,1,,Aggregated,0,0,1,1,1,9,0,1,1.0,1,1,0\n",
         "gap", 4, 9, 2, 61},
        {"1000,1,,Aggregated,0,0,1,1,1,0,0,1,1.0,1,1,0\n1002,1,,Aggregated,0,0,1,1,1,5,0,1,1.0,1,1,"
         "0\n"
         "940,1,,Aggregated,0,0,1,1,1,9,0,1,1.0,1,1,0\n941,1,,Aggregated,0,0,1,1,1,11,0,1,1.0,1,1,"
         "0\n",
         "clock-jump", 4, 11, 2, 3},
        {"1000,1,,Aggregated,0,0,1,1,1,0,0,1,1.0,1,1,0\n1001,1,,Aggregated,0,0,1,1,1,50,0,1,1.0,1,"
         "1,0\n"
         "1002,1,,Aggregated,0,0,1,1,1,3,0,1,1.0,1,1,0\n1004,1,,Aggregated,0,0,1,1,1,8,0,1,1.0,1,1,"
         "0\n",
         "counts-restart", 4, 8, 2, 2},
        /* two rows of one second: the next one has what both add */
        {"1000,1,,Aggregated,0,0,1,1,1,0,0,1,1.0,1,1,0\n1000,1,,Aggregated,0,0,1,1,1,2,0,1,1.0,1,1,"
         "0\n"
         "1002,1,,Aggregated,0,0,1,1,1,5,0,1,1.0,1,1,0\n",
         NULL, 0, 5, 1, 2},
    };
    (void)state;
    for (size_t i = 0; i < COUNT(cases); i++) {
        struct summary s;
        char text[2048];
        snprintf(text, sizeof text, "%s%s", HISTORY, cases[i].rows);
        read_ok(&locust_history_reader, text, &s);
        assert_true(value(&s, METRIC_REQUESTS) == cases[i].requests);
        assert_true((double)s.series.points == cases[i].points);
        assert_true(value(&s, METRIC_DURATION_S) == cases[i].duration_s);
        if (!cases[i].kind)
            assert_int_equal(s.findings.len, 0);
        else if (!finding(&s, cases[i].kind))
            fail_msg("no %s", cases[i].kind);
        else
            assert_int_equal(finding(&s, cases[i].kind)->line, cases[i].line);
        for (size_t k = 1; k < s.series.points; k++)
            assert_true(s.series.point[k].at_s >=
                        s.series.point[k - 1].at_s + s.series.point[k - 1].length_s);
        summary_fini(&s);
    }
}

static void a_long_history_stays_bounded(void **state) {
    struct buf b;
    struct summary s;
    (void)state;
    buf_init(&b, 32 << 20);
    buf_str(&b, HISTORY);
    for (int i = 0; i < 20000; i++) {
        buf_printf(&b, "%d,1,GET,/%d,0,0,1,1,1,%d,0,1,1.0,1,1,0\n", 1000 + i, i, i);
        buf_printf(&b, "%d,1,,Aggregated,0,0,1,1,1,%d,0,1,1.0,1,1,0\n", 1000 + i, i);
    }
    read_ok(&locust_history_reader, b.data, &s);
    assert_true(value(&s, METRIC_REQUESTS) == 19999);
    assert_int_equal(s.endpoints, ENDPOINTS_MAX);
    assert_true(s.series.points <= POINTS_MAX);
    summary_fini(&s);
    buf_fini(&b);
}

/* --- _failures.csv, _exceptions.csv --- */

static void errors_are_kinds_with_counts(void **state) {
    struct summary s;
    (void)state;
    read_ok(&locust_failures_reader,
            "Method,Name,Error,Occurrences,First Seen,Last Seen\r\n"
            "GET,/a,\"HTTPError('500, \"\"x\"\"')\",3,2026-11-23T08:58:35Z,2026-11-23T08:58:35Z\r\n"
            ",login,boom,40,2026-11-23T08:58:35Z,2026-11-23T08:58:35Z\r\n"
            "GET,/b,half,1",
            &s);
    assert_int_equal(s.errors, 2);
    assert_string_equal(s.error[0].text, "login: boom"); /* the most frequent first */
    assert_string_equal(s.error[1].text, "GET /a: HTTPError('500, \"x\"')");
    assert_true(s.error[1].count == 3);
    assert_non_null(finding(&s, "half-line"));
    summary_fini(&s);

    read_ok(&locust_exceptions_reader,
            "Count,Message,Traceback,Nodes\r\n"
            "5,\"bad id\",\"File \"\"x.py\"\", line 1\n  raise\n\",local\r\n7,other,tb,local\r\n",
            &s);
    assert_int_equal(s.errors, 0);
    assert_non_null(strstr(finding(&s, "exceptions")->text, "12 exceptions"));
    assert_non_null(strstr(finding(&s, "exceptions")->text, "other"));
    assert_int_equal(finding(&s, "exceptions")->line, 5);
    summary_fini(&s);
    read_ok(&locust_failures_reader, "Method,Name,Error,Occurrences\r\n", &s);
    assert_int_equal(s.errors, 0);
    summary_fini(&s);
}

static void a_quote_that_is_not_closed_ends_somewhere(void **state) {
    struct buf b;
    (void)state;
    buf_init(&b, 8 << 20);
    buf_str(&b, "Count,Message,Traceback,Nodes\r\n5,\"");
    for (int i = 0; i < 200000; i++)
        buf_str(&b, "line of many\n");
    refused(&locust_exceptions_reader, b.data, ERR_LIMIT);
    buf_fini(&b);
}

/* --- --json --- */

struct histogram {
    double count, sum;
    bool known;
    double tally[METRICS], in_1001[METRICS];
};

static void take_bulk(void *self, const char *endpoint, size_t len, uint64_t v, uint64_t count,
                      enum outcome outcome) {
    struct histogram *h = self;
    assert_true(len == strlen("GET /a") && endpoint[len - 1] == 'a');
    h->count += (double)count;
    h->sum += (double)(v * count);
    h->known = outcome != OUTCOME_UNKNOWN;
}

static void take_tally(void *self, const struct tally *t) {
    struct histogram *h = self;
    h->tally[t->metric] += t->sum;
    h->in_1001[t->metric] += t->at_ms == 1001000 ? t->sum : 0;
}

#define ENTRY(failures, times)                                                                     \
    "{\"name\": \"/a\", \"method\": \"GET\", \"last_request_timestamp\": 1010.5, \"start_time\": " \
    "1000.5, \"num_requests\": 6, \"num_none_requests\": 1, \"num_failures\": " failures           \
    ", \"total_response_time\": 250.5, \"max_response_time\": 110.25, \"min_response_time\": "     \
    "20.125, \"response_times\": {" times "}, \"num_reqs_per_sec\": {\"1000\": 4, \"1001\": 2}, "  \
    "\"num_fail_per_sec\": {\"1001\": 1}}"

static void histograms_and_sums_of_an_entry(void **state) {
    static const char text[] = "[" ENTRY("1", "\"20\": 4, \"110.0\": 1") "]";
    struct histogram h = {0};
    const struct sink out = {.self = &h, .bulk = take_bulk, .tally = take_tally};
    struct summary s;
    (void)state;
    void *r = locust_json_reader.open(&out);
    assert_true(locust_json_reader.feed(r, text, strlen(text), NULL));
    assert_true(locust_json_reader.finish(r, NULL));
    locust_json_reader.close(r);
    assert_true(h.count == 5 && h.sum == 190 && !h.known);
    assert_true(h.tally[METRIC_REQUESTS] == 6 && h.tally[METRIC_FAILED] == 1);
    assert_true(h.in_1001[METRIC_REQUESTS] == 2 && h.in_1001[METRIC_FAILED] == 1);

    read_ok(&locust_json_reader, text, &s);
    assert_true(value(&s, METRIC_REQUESTS) == 6 && value(&s, METRIC_FAILED) == 1);
    assert_true(near(value(&s, METRIC_AVG_MS), 50.1)); /* over the five that have a time */
    assert_true(value(&s, METRIC_MIN_MS) == 20.125 && value(&s, METRIC_MAX_MS) == 110.25);
    assert_true(value(&s, METRIC_MED_MS) == 20.125); /* the class is 20, the shortest is longer */
    assert_true(value(&s, METRIC_P90_MS) == 110 && s.figure[METRIC_P90_MS].high == 115);
    assert_true(value(&s, METRIC_DURATION_S) == 10 && near(value(&s, METRIC_RPS), 0.6));
    assert_int_equal(s.blocks, 1);
    assert_int_equal(s.findings.len, 0);
    summary_fini(&s);
}

static void what_else_stands_around_an_array(void **state) {
    struct summary s;
    (void)state;
    /* lines of the script, an empty array, then two runs: the last one counts */
    read_ok(&locust_json_reader,
            "started [1]\n[]\n[" ENTRY("0", "\"20\": 5") "]\nbye\n[" ENTRY("6", "\"30\": 4") "]\n",
            &s);
    assert_true(value(&s, METRIC_FAILED) == 6);
    assert_int_equal(s.blocks, 2);
    assert_non_null(finding(&s, "histogram")); /* 4 of 5 */
    summary_fini(&s);
}

static void json_that_cannot_be_judged_is_refused(void **state) {
    static const char *const texts[] = {
        "[]",
        "[]\n",
        "[1]",
        "[{\"name\": \"/a\"}]",
        "[{\"num_requests\": -1, \"num_failures\": 0, \"response_times\": {}}]",
        "[{\"num_requests\": 1.5, \"num_failures\": 0, \"response_times\": {}}]",
        "[{\"num_requests\": 1, \"num_failures\": 2, \"response_times\": {}}]",
        "[{\"num_requests\": 1, \"num_failures\": 0, ",
        "",
    };
    (void)state;
    for (size_t i = 0; i < COUNT(texts); i++)
        refused(&locust_json_reader, texts[i], ERR_FORMAT);
}

static void members_that_make_no_sense_are_left_out(void **state) {
    struct summary s;
    (void)state;
    read_ok(&locust_json_reader,
            "[" ENTRY("1", "\"20\": 5, \"x\": 1, \"-5\": 1, \"30\": -1, \"40\": 1e300, \"50\": "
                           "0.5, \"1e300\": 1, \"60\": null, \"70\": [1]") "]",
            &s);
    assert_non_null(strstr(finding(&s, "broken-members")->text, "8 members"));
    assert_null(finding(&s, "histogram"));
    summary_fini(&s);
}

static void large_json_is_refused_before_it_costs_much(void **state) {
    struct buf b;
    (void)state;
    buf_init(&b, 20 << 20);
    buf_str(&b, "[{\"num_requests\": 1, \"num_failures\": 0, \"response_times\": {");
    while (b.len < 3 << 20)
        buf_str(&b, "\"1\":1,");
    buf_str(&b, "\"1\":1}}]");
    refused(&locust_json_reader, b.data, ERR_LIMIT);
    while (b.len < 17 << 20)
        buf_str(&b, "                                                                ");
    refused(&locust_json_reader, b.data, ERR_LIMIT);
    buf_clear(&b);
    for (int i = 0; i < 100000; i++)
        buf_char(&b, '[');
    refused(&locust_json_reader, b.data, ERR_FORMAT);
    buf_fini(&b);
}

/* --- noise --- */

static void noise_in_any_file(void **state) {
    static const struct {
        const struct reader *r;
        const char *text;
    } cases[] = {
        {&locust_stats_reader,
         STATS "50%,95%\r\nGET,/a,90,5,35,36.5,26.1,150.2,10,11.25,0.63,35,43\r\n"
               ",Aggregated,100,5,35,36.25,26.125,150.5,10,12.5,0.625,35,42"},
        {&locust_history_reader,
         HISTORY "1000,0,,Aggregated,0.0,0.0,N/A,N/A,N/A,0,0,0,0.0,0,0,0\r\n"
                 "1001,5,GET,/a,0.0,0.0,0,0,0,10,1,35,36.0,26.0,500.5,0\r\n"
                 "1001,5,,Aggregated,0.0,0.0,0,0,0,10,1,35,36.0,26.0,500.5,0\r\n"},
        {&locust_failures_reader, "Method,Name,Error,Occurrences\r\nGET,/a,\"x, y\",3\r\n"},
        {&locust_json_reader, "[" ENTRY("1", "\"20\": 4, \"110.0\": 1") "]"},
    };
    unsigned seed = 11;
    (void)state;
    for (int round = 0; round < 2000; round++) {
        size_t k = (size_t)round % COUNT(cases), len = strlen(cases[k].text);
        struct digest d;
        char *text = malloc(len);
        memcpy(text, cases[k].text, len);
        for (int i = 0; i < 1 + round % 9; i++) {
            seed = seed * 1103515245 + 12345;
            text[(seed >> 8) % len] = (char)(seed >> 20);
        }
        digest_read(cases[k].r, text, len, 0, 0, &d, NULL);
        assert_false(d.odd);
        free(text);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(columns_are_found_by_name),
        cmocka_unit_test(the_layout_of_1_0),
        cmocka_unit_test(nothing_measured_is_not_zero),
        cmocka_unit_test(rows_that_make_no_sense_are_left_out),
        cmocka_unit_test(without_its_last_row_there_is_nothing_to_judge),
        cmocka_unit_test(differences_are_exact),
        cmocka_unit_test(percentiles_of_the_last_seconds_go_into_points),
        cmocka_unit_test(odd_clocks_and_counts_are_said),
        cmocka_unit_test(a_long_history_stays_bounded),
        cmocka_unit_test(errors_are_kinds_with_counts),
        cmocka_unit_test(a_quote_that_is_not_closed_ends_somewhere),
        cmocka_unit_test(histograms_and_sums_of_an_entry),
        cmocka_unit_test(what_else_stands_around_an_array),
        cmocka_unit_test(json_that_cannot_be_judged_is_refused),
        cmocka_unit_test(members_that_make_no_sense_are_left_out),
        cmocka_unit_test(large_json_is_refused_before_it_costs_much),
        cmocka_unit_test(noise_in_any_file),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

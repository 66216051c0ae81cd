/* The JSON summaries of k6: what true means, what is missing, and documents that k6 never wrote. */
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
#include "tools/k6/k6_results.h"

#define COUNT(a) (sizeof(a) / sizeof *(a))
#define EXPORT(metrics) "{\"root_group\": {}, \"metrics\": {" metrics "}}"
#define REQS "\"http_reqs\": {\"count\": 96, \"rate\": 8}"

static bool read_bytes(const char *bytes, size_t len, struct summary *s, struct err *e) {
    char *copy = malloc(len ? len : 1);
    assert_non_null(copy);
    memcpy(copy, bytes, len);
    *e = (struct err){0};
    bool ok = reader_read(&k6_json_reader, copy, len, s, e);
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

static void thresholds_are_the_right_way_round(void **state) {
    (void)state;
    static const struct {
        const char *text, *format;
        bool ok;
    } cases[] = {
        /* the export says which were crossed, handleSummary which passed */
        {EXPORT(REQS ", \"checks\": {\"thresholds\": {\"rate>0.9\": true}}"), "k6-summary-export",
         false},
        {EXPORT(REQS ", \"checks\": {\"thresholds\": {\"rate>0.9\": false}}"), "k6-summary-export",
         true},
        {"{\"metrics\": {\"http_reqs\": {\"values\": {\"count\": 96}}, \"checks\": {\"values\": "
         "{}, "
         "\"thresholds\": {\"rate>0.9\": {\"ok\": true}}}}}",
         "k6-handle-summary", true},
        {"{\"metrics\": {\"http_reqs\": {\"values\": {\"count\": 96}}, \"checks\": {\"values\": "
         "{}, "
         "\"thresholds\": {\"rate>0.9\": {\"ok\": false}}}}}",
         "k6-handle-summary", false},
    };
    for (size_t i = 0; i < COUNT(cases); i++) {
        struct summary s = must_read(cases[i].text);
        assert_string_equal(s.format, cases[i].format);
        assert_int_equal(s.thresholds, 1);
        assert_string_equal(s.threshold[0].metric, "checks");
        assert_string_equal(s.threshold[0].expr, "rate>0.9");
        assert_int_equal(s.threshold[0].ok, cases[i].ok);
        summary_fini(&s);
    }
}

static void what_is_not_there_is_not_nought(void **state) {
    (void)state;
    /* before 0.31: no failed requests counted, and perhaps no drops */
    struct summary s = must_read(EXPORT(REQS));
    assert_false(summary_has(&s, METRIC_FAILED));
    assert_false(summary_has(&s, METRIC_DROPPED));
    assert_false(summary_has(&s, METRIC_P95_MS));
    assert_true(summary_value(&s, METRIC_DURATION_S) == 12);
    summary_fini(&s);
    s = must_read(EXPORT(REQS ", \"http_req_failed\": {\"passes\": 3, \"fails\": 93, \"value\": "
                              "0.03}"));
    assert_true(summary_value(&s, METRIC_FAILED) == 3);
    assert_true(summary_value(&s, METRIC_DROPPED) == 0);
    summary_fini(&s);
    s = must_read(EXPORT(REQS ", \"dropped_iterations\": {\"count\": 7, \"rate\": 1}"));
    assert_true(summary_value(&s, METRIC_DROPPED) == 7);
    summary_fini(&s);
}

static void sub_metrics_become_endpoints(void **state) {
    (void)state;
    struct summary s = must_read(
        EXPORT(REQS ", \"http_req_duration{name:POST /orders}\": {\"p(95)\": 31.5, \"count\": 40}, "
                    "\"http_req_failed{name:POST /orders}\": {\"passes\": 2, \"fails\": 38}, "
                    "\"http_req_duration{expected_response:true}\": {\"p(95)\": 30}, "
                    "\"http_req_duration{name:never}\": {\"avg\": 0, \"max\": 0, \"p(95)\": 0}"));
    assert_int_equal(s.endpoints, 1);
    assert_string_equal(s.endpoint[0].name, "POST /orders");
    assert_true(s.endpoint[0].figure[METRIC_P95_MS].value == 31.5);
    assert_true(s.endpoint[0].figure[METRIC_REQUESTS].value == 40);
    assert_true(s.endpoint[0].figure[METRIC_FAILED].value == 2);
    assert_true(summary_value(&s, METRIC_OK_P95_MS) == 30);
    summary_fini(&s);
}

static void both_spellings_of_percentiles(void **state) {
    (void)state;
    static const char *const keys[] = {"p95", "p(95)", "p(95.0)"};
    for (size_t i = 0; i < COUNT(keys); i++) {
        char text[400];
        snprintf(text, sizeof text,
                 "{\"config\": {\"duration\": 12}, \"metadata\": {\"k6_version\": \"1.5.0\"}, "
                 "\"results\": {\"metrics\": [{\"name\": \"http_reqs\", \"values\": {\"count\": "
                 "96}}, {\"name\": \"http_req_duration\", \"values\": {\"%s\": 30.5}}]}}",
                 keys[i]);
        struct summary s = must_read(text);
        assert_true(summary_value(&s, METRIC_P95_MS) == 30.5);
        assert_true(summary_value(&s, METRIC_RPS) == 8);
        assert_string_equal(s.tool_version, "1.5.0");
        summary_fini(&s);
    }
}

static void white_space_and_marks_around_are_fine(void **state) {
    (void)state;
    struct summary s = must_read("\xef\xbb\xbf" EXPORT(REQS) "\r\n\n");
    assert_true(summary_value(&s, METRIC_REQUESTS) == 96);
    summary_fini(&s);
}

static void what_k6_never_wrote_is_refused(void **state) {
    (void)state;
    static const struct {
        const char *why, *text;
        enum err_kind kind;
    } cases[] = {
        {"empty", "", ERR_FORMAT},
        {"no object", "[]", ERR_FORMAT},
        {"another object", "{\"metrics\": {}}", ERR_FORMAT},
        {"no requests", EXPORT(""), ERR_FORMAT},
        {"a negative count", EXPORT("\"http_reqs\": {\"count\": -1, \"rate\": 8}"), ERR_FORMAT},
        {"infinite", EXPORT("\"http_reqs\": {\"count\": 1e999, \"rate\": 8}"), ERR_FORMAT},
        {"huge", EXPORT("\"http_reqs\": {\"count\": 1e300, \"rate\": 8}"), ERR_FORMAT},
        {"a string", EXPORT("\"http_reqs\": {\"count\": \"96\", \"rate\": 8}"), ERR_FORMAT},
        {"NaN", EXPORT("\"http_reqs\": {\"count\": NaN, \"rate\": 8}"), ERR_FORMAT},
        {"null", EXPORT("\"http_reqs\": {\"count\": null, \"rate\": 8}"), ERR_FORMAT},
        {"more failed than sent", EXPORT(REQS ", \"http_req_failed\": {\"passes\": 97}"),
         ERR_FORMAT},
        {"p95 over max", EXPORT(REQS ", \"http_req_duration\": {\"p(95)\": 9, \"max\": 8}"),
         ERR_FORMAT},
        {"more behind it", EXPORT(REQS) " x", ERR_FORMAT},
        {"two documents", EXPORT(REQS) EXPORT(REQS), ERR_FORMAT},
        {"handleSummary without its count",
         "{\"metrics\": {\"http_reqs\": {\"values\": {\"n\": 96}}}}", ERR_FORMAT},
        {"lists where objects belong",
         "{\"metadata\": {\"k6_version\": \"2\"}, \"results\": {\"metrics\": [{\"name\": "
         "\"http_reqs\", \"values\": [1, 2]}, 3, null, {\"values\": {}}]}}",
         ERR_FORMAT},
    };
    for (size_t i = 0; i < COUNT(cases); i++) {
        struct summary s;
        struct err e;
        if (read_bytes(cases[i].text, strlen(cases[i].text), &s, &e))
            fail_msg("%s is taken", cases[i].why);
        assert_int_equal(e.kind, cases[i].kind);
        assert_true(e.text[0] && e.fix[0]);
        for (int m = 0; m < METRICS; m++) /* nothing was said before the error */
            assert_true(isnan(s.figure[m].value));
        summary_fini(&s);
    }
}

static void nul_bytes_are_no_white_space(void **state) {
    (void)state;
    static const char text[] = "{\0\"root_group\": {}, \"metrics\": {" REQS "}}";
    struct summary s;
    struct err e;
    assert_false(read_bytes(text, sizeof text - 1, &s, &e));
    assert_int_equal(e.kind, ERR_FORMAT);
    summary_fini(&s);
}

static void an_error_names_its_line(void **state) {
    (void)state;
    static const char text[] = "{\n\"root_group\": {},\n\"metrics\": oops}\n";
    struct summary s;
    struct err e;
    assert_false(read_bytes(text, sizeof text - 1, &s, &e));
    assert_int_equal(e.line, 3);
    summary_fini(&s);
}

/* A document of n times a piece between two ends. */
static void refused(const char *piece, size_t n, enum err_kind kind) {
    struct buf b;
    buf_init(&b, 64 << 20);
    buf_str(&b, "{\"metrics\": ");
    for (size_t i = 0; i < n; i++)
        buf_str(&b, piece);
    struct summary s;
    struct err e;
    assert_false(read_bytes(b.data, b.len, &s, &e));
    assert_int_equal(e.kind, kind);
    summary_fini(&s);
    buf_fini(&b);
}

static void size_and_depth_are_bounded(void **state) {
    (void)state;
    refused("[", 100000, ERR_FORMAT);
    refused("{\"a\":", 100000, ERR_FORMAT);
    refused("[0,0,0,0],", 200000, ERR_LIMIT);
    refused("                ", (17 << 20) / 16, ERR_LIMIT);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(thresholds_are_the_right_way_round),
        cmocka_unit_test(what_is_not_there_is_not_nought),
        cmocka_unit_test(sub_metrics_become_endpoints),
        cmocka_unit_test(both_spellings_of_percentiles),
        cmocka_unit_test(white_space_and_marks_around_are_fine),
        cmocka_unit_test(what_k6_never_wrote_is_refused),
        cmocka_unit_test(nul_bytes_are_no_white_space),
        cmocka_unit_test(an_error_names_its_line),
        cmocka_unit_test(size_and_depth_are_bounded),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

/* --out json of k6: all samples, both shapes of its lines, any other valid JSON, damaged files. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "k6_points_fixture.h"
#include "tools/k6/k6_results.h"
#include "tools/tool.h"

#define TIME "2026-11-23T08:42:22.123456789Z"
#define POINT(metric, value, tags)                                                                 \
    "{\"metric\":\"" metric "\",\"type\":\"Point\",\"data\":{\"time\":\"" TIME                     \
    "\",\"value\":" value ",\"tags\":{" tags "}}}\n"
#define OLD_POINT(metric, value, tags)                                                             \
    "{\"type\":\"Point\",\"data\":{\"time\":\"" TIME "\",\"value\":" value ",\"tags\":{" tags      \
    "}},\"metric\":\"" metric "\"}\n"
#define DURATION(value) POINT("http_req_duration", value, "\"name\":\"list\"")

static const struct reader *const json = &k6_ndjson_reader;

static void one_sample(const char *path, const char *bytes, size_t len, const cJSON *about,
                       const cJSON *truth) {
    struct got g;
    struct err e;
    if (!got_read(json, bytes, len, &g, &e))
        fail_msg("%s: %s", path, e.text);
    compare_points(path, &g, about, truth);
    assert_int_equal(g.remarks, 0);
    assert_true(g.endpoints > 0 && g.endpoints < 10);
    assert_ptr_equal(tool_reader(bytes, len < FEED_PIECE_BYTES ? len : FEED_PIECE_BYTES), json);
    got_fini(&g);
}

static void samples_give_their_figures(void **state) {
    (void)state;
    assert_true(each_sample("k6-json", one_sample) >= 10);
}

static void values_are_exact(void **state) {
    (void)state;
    static const struct {
        const char *text;
        uint64_t ns;
    } cases[] = {
        {DURATION("0"), 0},
        {DURATION("1"), 1000000},
        {DURATION("26.161201"), 26161201},
        {DURATION("900.81264"), 900812640},
        {DURATION("1e-06"), 1},
        {DURATION("2.5E+2"), 250000000},
        {DURATION("1.2345e1"), 12345000},
        {DURATION("0.30000000000000004"), 300000},
        {DURATION("34.254609999999996"), 34254610},
    };
    for (size_t i = 0; i < COUNT(cases); i++) {
        struct got g = got_text(json, cases[i].text);
        assert_int_equal(g.times, 1);
        assert_int_equal(g.time[0], cases[i].ns);
        assert_int_equal(g.end_ms, 1795423342123);
        got_fini(&g);
    }
}

/* Each line is one request of 26.161201 ms, with name, method and outcome. */
static void any_valid_line_is_read(void **state) {
    (void)state;
    static const struct {
        const char *why, *text, *endpoint;
    } cases[] = {
        {"as k6 writes it now",
         POINT("http_req_duration", "26.161201",
               "\"expected_response\":\"true\",\"method\":\"GET\",\"name\":\"list\""),
         "list"},
        {"as it did",
         OLD_POINT("http_req_duration", "26.161201",
                   "\"expected_response\":\"true\",\"method\":\"GET\",\"name\":\"list\""),
         "list"},
        {"other order of tags",
         POINT("http_req_duration", "26.161201",
               "\"name\":\"http://h/\",\"method\":\"GET\",\"expected_response\":\"true\""),
         "GET http://h/"},
        {"escapes in a name",
         POINT("http_req_duration", "26.161201",
               "\"expected_response\":\"true\",\"method\":\"GET\",\"name\":\"http://h/"
               "?a=1\\u0026b=2\""),
         "GET http://h/?a=1&b=2"},
        {"escapes, as it was",
         OLD_POINT("http_req_duration", "26.161201",
                   "\"expected_response\":\"true\",\"method\":\"GET\",\"name\":\"a \\\"b\\\"\""),
         "a \"b\""},
        {"braces and colons in a tag",
         POINT("http_req_duration", "26.161201",
               "\"a\":\"},{\",\"expected_response\":\"true\",\"name\":\"li,st:}\""),
         "li,st:}"},
        {"blanks",
         "{ \"metric\" : \"http_req_duration\", \"type\" : \"Point\", \"data\" : { \"time\" : "
         "\"" TIME "\", \"value\" : 26.161201, \"tags\" : { \"expected_response\" : \"true\", "
         "\"name\" : \"list\" } } }  \n",
         "list"},
        {"another order of members",
         "{\"data\":{\"tags\":{\"name\":\"list\",\"expected_response\":\"true\"},\"value\":"
         "26.161201,\"time\":\"" TIME "\"},\"type\":\"Point\",\"metric\":\"http_req_duration\"}\n",
         "list"},
        {"an escaped metric",
         POINT("http_req\\u005fduration", "26.161201",
               "\"expected_response\":\"true\",\"name\":\"list\""),
         "list"},
        {"metadata behind the tags",
         "{\"metric\":\"http_req_duration\",\"type\":\"Point\",\"data\":{\"time\":\"" TIME
         "\",\"value\":26.161201,\"tags\":{\"expected_response\":\"true\",\"name\":\"list\"},"
         "\"metadata\":{\"iter\":\"0\",\"vu\":\"1\",\"name\":\"no\"}}}\n",
         "list"},
        {"a tag that is no string",
         POINT("http_req_duration", "26.161201",
               "\"expected_response\":\"true\",\"name\":\"list\",\"n\":1"),
         "list"},
        {"CR LF, a byte order mark, an empty line",
         "\xef\xbb\xbf{\"metric\":\"http_req_duration\",\"type\":\"Point\",\"data\":{\"time\":"
         "\"" TIME
         "\",\"value\":26.161201,\"tags\":{\"expected_response\":\"true\",\"name\":\"list\"}}}\r\n"
         "\r\n",
         "list"},
        {"no line end",
         "{\"metric\":\"http_req_duration\",\"type\":\"Point\",\"data\":{\"time\":\"" TIME
         "\",\"value\":26.161201,\"tags\":{\"expected_response\":\"true\",\"name\":\"list\"}}}",
         "list"},
    };
    for (size_t i = 0; i < COUNT(cases); i++) {
        struct got g = got_text(json, cases[i].text);
        if (g.times != 1 || g.time[0] != 26161201 || g.outcome[OUTCOME_OK] != 1 || g.remarks ||
            strcmp(g.endpoint[0], cases[i].endpoint) != 0)
            fail_msg("%s: %zu requests, %zu remarks, %s", cases[i].why, g.times, g.remarks,
                     g.endpoint[0]);
        got_fini(&g);
    }
}

static void time_may_have_an_offset(void **state) {
    (void)state;
    struct got g =
        got_text(json, "{\"metric\":\"http_req_duration\",\"type\":\"Point\",\"data\":{\"time\":"
                       "\"2026-11-23T10:42:22.5+02:00\",\"value\":500,\"tags\":{}}}\n");
    assert_int_equal(g.start_ms, 1795423342000);
    assert_int_equal(g.end_ms, 1795423342500);
    assert_int_equal(g.outcome[OUTCOME_UNKNOWN], 1);
    got_fini(&g);
}

static void sums_and_errors(void **state) {
    (void)state;
    static const char text[] =
        "{\"type\":\"Metric\",\"data\":{\"name\":\"vus\",\"type\":\"gauge\"},\"metric\":\"vus\"}"
        "\n" POINT("vus", "3", "") OLD_POINT("vus", "7", "") POINT("vus_max", "9", "")
            POINT("http_reqs", "1", "\"status\":\"503\"") POINT("http_reqs", "2", "")
                POINT("http_req_failed", "1", "\"name\":\"list\",\"status\":\"503\"") OLD_POINT(
                    "http_req_failed", "1",
                    "\"error\":\"EOF\",\"error_code\":\"1000\",\"name\":\"list\",\"status\":\"0\"")
                    POINT("http_req_failed", "0", "\"name\":\"list\",\"status\":\"200\"")
                        POINT("checks", "1", "") POINT("checks", "0", "")
                            POINT("iterations", "1", "") POINT("my_trend", "-5", "")
                                POINT("data_sent", "1.5e3", "");
    struct got g = got_text(json, text);
    assert_int_equal(g.remarks, 0);
    assert_true(g.most[METRIC_VUS_MAX] == 7 && g.most[METRIC_VUS_ALLOCATED] == 9);
    assert_true(g.sum[METRIC_REQUESTS] == 3 && g.sum[METRIC_FAILED] == 2);
    assert_true(g.sum[METRIC_CHECKS_PASSED] == 1 && g.sum[METRIC_CHECKS_FAILED] == 1);
    assert_true(g.sum[METRIC_ITERATIONS] == 1 && g.sum[METRIC_SENT_BYTES] == 1500);
    assert_true(g.sum[METRIC_DROPPED] == 0 && g.count[METRIC_DROPPED] == 1);
    assert_int_equal(g.errors, 2);
    assert_string_equal(g.error[0], "list: HTTP 503");
    assert_string_equal(g.error[1], "list: EOF");
    got_fini(&g);
}

static void damage_is_remarked_and_passed_over(void **state) {
    (void)state;
    static const struct {
        const char *why, *text, *remark;
        size_t times;
        long line;
    } cases[] = {
        {"no JSON", DURATION("1") "what is this\n" DURATION("1"), "broken-line", 2, 2},
        {"no value", DURATION("\"1\"") DURATION("1"), "broken-line", 1, 1},
        {"negative", DURATION("-1") DURATION("1"), "broken-line", 1, 1},
        {"infinite", DURATION("1e999") DURATION("1"), "broken-line", 1, 1},
        {"huge", DURATION("1e13") DURATION("1"), "broken-line", 1, 1},
        {"no time",
         "{\"metric\":\"http_req_duration\",\"type\":\"Point\",\"data\":{\"time\":\"now\","
         "\"value\":"
         "1,\"tags\":{}}}\n" DURATION("1"),
         "broken-line", 1, 1},
        {"a line of a log", "{\"level\":\"info\",\"msg\":\"x\"}\n" DURATION("1"), "broken-line", 1,
         1},
        {"more behind the object", DURATION("1") "{\"type\":\"Metric\"} {\"a\":1}\n", "broken-line",
         1, 2},
        {"half a line", DURATION("1") "{\"metric\":\"http_req_duration\",\"type\":\"Point\",\"da",
         "half-line", 1, 2},
        {"half a line that ends in a brace",
         DURATION("1") "{\"metric\":\"http_reqs\",\"type\":\"Point\",\"data\":{\"time\":\"" TIME
                       "\",\"value\":1,\"tags\":{\"a\":\"}",
         "half-line", 1, 2},
        {"calls of another kind", POINT("grpc_req_duration", "1", ""), "no-http-requests", 0, 0},
    };
    for (size_t i = 0; i < COUNT(cases); i++) {
        struct got g = got_text(json, cases[i].text);
        if (g.times != cases[i].times || g.remarks != 1 ||
            strcmp(g.remark[0], cases[i].remark) != 0 || g.remark_line[0] != cases[i].line)
            fail_msg("%s: %zu requests, %s in %ld", cases[i].why, g.times, g.remark[0],
                     g.remark_line[0]);
        got_fini(&g);
    }
}

static void what_holds_nothing_is_refused(void **state) {
    (void)state;
    static const char *const texts[] = {"", "\n", "{}\n", "[1]\n", "x\ny\n"};
    for (size_t i = 0; i < COUNT(texts); i++) {
        struct got g;
        struct err e;
        assert_false(got_read(json, texts[i], strlen(texts[i]), &g, &e));
        assert_int_equal(e.kind, ERR_FORMAT);
        assert_true(e.text[0] && e.fix[0]);
        got_fini(&g);
    }
}

static void only_its_own_is_recognised(void **state) {
    (void)state;
    static const struct {
        const char *text;
        bool ours;
    } cases[] = {
        {DURATION("1"), true},
        {OLD_POINT("http_reqs", "1", ""), true},
        {"\xef\xbb\xbf\n{\"type\": \"Metric\", \"data\": {}, \"metric\": \"x\"}\n", true},
        {"{\"data\":[{\"type\":\"metrics\",\"id\":\"vus\",\"attributes\":{\"type\":\"gauge\"}}]}",
         false},
        {"{\"status\":\"success\",\"data\":{\"resultType\":\"matrix\",\"result\":[{\"metric\":{}}]"
         "}}",
         false},
        {"{\"event\":\"param\",\"data\":{\"aggregates\":{}}}\n", false},
        {"{\"root_group\":{},\"metrics\":{\"http_reqs\":{\"count\":1}}}", false},
        {"", false},
        {"{", false},
    };
    for (size_t i = 0; i < COUNT(cases); i++)
        if ((json->sniff(cases[i].text, strlen(cases[i].text)) > 0) != cases[i].ours)
            fail_msg("%s", cases[i].text);
}

static void every_cut(const char *bytes, size_t len) {
    struct digest whole, cut;
    assert_true(digest_read(json, bytes, len, 0, 0, &whole, NULL));
    for (size_t at = 1; at < len; at++) {
        struct err e = {0};
        assert_true(digest_read(json, bytes, len, at, 0, &cut, NULL) && digest_same(&whole, &cut));
        if (!digest_read(json, bytes, at, 0, 0, &cut, &e))
            assert_true(e.kind == ERR_FORMAT && e.text[0]);
    }
}

static void pieces_say_the_same(void **state) {
    (void)state;
    static const char *const files[] = {"baseline-v0.33/samples.json", "baseline-v2.2/samples.json",
                                        "csv-formats-v2.2/tags-other.json"};
    for (size_t i = 0; i < COUNT(files); i++) {
        char path[512];
        size_t len;
        snprintf(path, sizeof path, TEST_DATA "/k6/%s", files[i]);
        char *bytes = got_load(path, &len);
        assert_non_null(bytes);
        every_cut(bytes, len < 5000 ? len : 5000);
        free(bytes);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(samples_give_their_figures),
        cmocka_unit_test(values_are_exact),
        cmocka_unit_test(any_valid_line_is_read),
        cmocka_unit_test(time_may_have_an_offset),
        cmocka_unit_test(sums_and_errors),
        cmocka_unit_test(damage_is_remarked_and_passed_over),
        cmocka_unit_test(what_holds_nothing_is_refused),
        cmocka_unit_test(only_its_own_is_recognised),
        cmocka_unit_test(pieces_say_the_same),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

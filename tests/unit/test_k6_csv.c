/* --out csv of k6: all samples, every time format, any set of columns, quotes, damaged files. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "k6_points_fixture.h"
#include "tools/k6/k6_results.h"
#include "tools/tool.h"

#define HEAD                                                                                       \
    "metric_name,timestamp,metric_value,check,error,error_code,expected_response,group,method,"    \
    "name,proto,scenario,service,status,subproto,tls_version,url,extra_tags,metadata\n"
#define DURATION(time, ms)                                                                         \
    "http_req_duration," time "," ms ",,,,true,,GET,list,HTTP/1.1,default,,200,,,list,,\n"

static const struct reader *const csv = &k6_csv_reader;

static void one_sample(const char *path, const char *bytes, size_t len, const cJSON *about,
                       const cJSON *truth) {
    struct got g;
    struct err e;
    if (!got_read(csv, bytes, len, &g, &e))
        fail_msg("%s: %s", path, e.text);
    compare_points(path, &g, about, truth);
    assert_int_equal(g.remarks, 0);
    assert_true(g.endpoints > 0 && g.endpoints < 10);
    assert_ptr_equal(tool_reader(bytes, len < FEED_PIECE_BYTES ? len : FEED_PIECE_BYTES), csv);
    got_fini(&g);
}

static void samples_give_their_figures(void **state) {
    (void)state;
    assert_true(each_sample("k6-csv", one_sample) >= 20);
}

static void old_versions_say_less(void **state) {
    (void)state;
    size_t len;
    struct got g;
    struct err e;
    char *bytes = got_load(TEST_DATA "/k6/baseline-v0.26/samples.csv", &len);
    assert_true(got_read(csv, bytes, len, &g, &e));
    assert_int_equal(g.outcome[OUTCOME_UNKNOWN], g.times);
    assert_int_equal(g.count[METRIC_FAILED], 0);  /* not nought: not known */
    assert_int_equal(g.count[METRIC_DROPPED], 0); /* the same */
    assert_int_equal(g.errors, 0);
    got_fini(&g);
    free(bytes);
}

static void time_is_told_by_its_shape(void **state) {
    (void)state;
    static const struct {
        const char *rows;
        int64_t start_ms, end_ms;
    } cases[] = {
        /* whole seconds: when it began is not known */
        {HEAD DURATION("1795423342", "26.161201"), 1795423342000, 1795423342000},
        {HEAD DURATION("1795423342123", "26.161201"), 1795423342096, 1795423342123},
        {HEAD DURATION("1795423342123456", "26.161201"), 1795423342097, 1795423342123},
        {HEAD DURATION("1795423342123456789", "26.161201"), 1795423342097, 1795423342123},
        {HEAD DURATION("2026-11-23T08:42:22Z", "26.161201"), 1795423342000, 1795423342000},
        {HEAD DURATION("2026-11-23T10:42:22+02:00", "26.161201"), 1795423342000, 1795423342000},
        {HEAD DURATION("2026-11-23T08:42:22.123456789Z", "26.161201"), 1795423342097,
         1795423342123},
        {HEAD DURATION("2026-11-23T03:12:22.1-05:30", "100"), 1795423342000, 1795423342100},
        /* two kinds in one file */
        {HEAD DURATION("1795423342", "1") DURATION("1795423343500", "500"), 1795423343000,
         1795423343500},
        /* near an end of the range */
        {HEAD DURATION("0", "1"), 0, 0},
    };
    for (size_t i = 0; i < COUNT(cases); i++) {
        struct got g = got_text(csv, cases[i].rows);
        assert_int_equal(g.remarks, 0);
        assert_int_equal(g.start_ms, cases[i].start_ms);
        assert_int_equal(g.end_ms, cases[i].end_ms);
        got_fini(&g);
    }
}

static void values_are_exact(void **state) {
    (void)state;
    static const struct {
        const char *rows;
        uint64_t ns;
    } cases[] = {
        {HEAD DURATION("1", "0.000000"), 0},
        {HEAD DURATION("1", "1.000000"), 1000000},
        {HEAD DURATION("1", "0.000001"), 1},
        {HEAD DURATION("1", "26.161201"), 26161201},
        {HEAD DURATION("1", "900.81264"), 900812640},
        {HEAD DURATION("1", "12"), 12000000},
        {HEAD DURATION("1", "999999999999.999999"), 999999999999999999},
    };
    for (size_t i = 0; i < COUNT(cases); i++) {
        struct got g = got_text(csv, cases[i].rows);
        assert_int_equal(g.times, 1);
        assert_int_equal(g.time[0], cases[i].ns);
        got_fini(&g);
    }
}

static void columns_go_by_their_names(void **state) {
    (void)state;
    static const struct {
        const char *why, *text, *endpoint, *error;
        enum outcome outcome;
    } cases[] = {
        {"a name of the user stays as it is",
         "metric_name,timestamp,metric_value,expected_response,method,name,status,url,extra_tags\n"
         "http_req_duration,1,2,false,POST,create order,503,create order,\n"
         "http_req_failed,1,1,false,POST,create order,503,create order,\n",
         "create order", "create order: HTTP 503", OUTCOME_FAILED},
        {"a URL needs its method",
         "metric_name,timestamp,metric_value,expected_response,method,name,status,url,extra_tags\n"
         "http_req_duration,1,2,false,POST,https://h/orders,500,https://h/orders,\n"
         "http_req_failed,1,1,false,POST,https://h/orders,500,https://h/orders,\n",
         "POST https://h/orders", "POST https://h/orders: HTTP 500", OUTCOME_FAILED},
        {"another order",
         "metric_name,timestamp,metric_value,url,name,method,expected_response\n"
         "http_req_duration,1,2,http://h/,http://h/,GET,true\n",
         "GET http://h/", NULL, OUTCOME_OK},
        {"no name: the URL",
         "metric_name,timestamp,metric_value,method,url\nhttp_req_duration,1,2,GET,http://h/x\n",
         "GET http://h/x", NULL, OUTCOME_UNKNOWN},
        {"no method", "metric_name,timestamp,metric_value,name\nhttp_req_duration,1,2,http://h/x\n",
         "http://h/x", NULL, OUTCOME_UNKNOWN},
        {"no tags at all", "metric_name,timestamp,metric_value\nhttp_req_duration,1,2\n", "", NULL,
         OUTCOME_UNKNOWN},
        {"no answer: the error itself",
         "metric_name,timestamp,metric_value,error,error_code,expected_response,name,status\n"
         "http_req_duration,1,2,request timeout,1050,false,list,0\n"
         "http_req_failed,1,1,request timeout,1050,false,list,0\n",
         "list", "list: request timeout", OUTCOME_FAILED},
        {"only a code",
         "metric_name,timestamp,metric_value,error_code,name\n"
         "http_req_duration,1,2,1050,list\nhttp_req_failed,1,1,1050,list\n",
         "list", "list: error code 1050", OUTCOME_UNKNOWN},
        {"only that none came",
         "metric_name,timestamp,metric_value,name,status\n"
         "http_req_duration,1,2,list,0\nhttp_req_failed,1,1,list,0\n",
         "list", "list: no response", OUTCOME_UNKNOWN},
        {"nothing",
         "metric_name,timestamp,metric_value,name\n"
         "http_req_duration,1,2,list\nhttp_req_failed,1,1,list\n",
         "list", "list: failed", OUTCOME_UNKNOWN},
        {"CR LF, a byte order mark and an empty line",
         "\xef\xbb\xbfmetric_name,timestamp,metric_value,name\r\n\r\nhttp_req_duration,1,2,"
         "list\r\n",
         "list", NULL, OUTCOME_UNKNOWN},
        {"control bytes stay out of errors",
         "metric_name,timestamp,metric_value,name,error\n"
         "http_req_duration,1,2,l,\nhttp_req_failed,1,1,l,a\x1b[31mb\n",
         "l", "l: a[31mb", OUTCOME_UNKNOWN},
    };
    for (size_t i = 0; i < COUNT(cases); i++) {
        struct got g = got_text(csv, cases[i].text);
        if (g.times != 1 || strcmp(g.endpoint[0], cases[i].endpoint) != 0 || g.remarks ||
            g.outcome[cases[i].outcome] != 1 || g.errors != (cases[i].error != NULL) ||
            (cases[i].error && strcmp(g.error[0], cases[i].error) != 0))
            fail_msg("%s: %s, %s", cases[i].why, g.endpoint[0], g.error[0]);
        got_fini(&g);
    }
}

static void quotes(void **state) {
    (void)state;
    static const char text[] =
        HEAD "http_req_duration,1795423342,1.5,,,,true,,GET,\"http://h/?a=1,2\",HTTP/1.1,d,,200,,,"
             "\"http://h/?a=1,2\",\"team=a \"\"b\"\", c\",\n"
             "http_req_failed,1795423342,0.000000,,,,true,,GET,\"http://h/?a=1,2\",,d,,200,,,x,,\n"
             "http_req_duration,1795423342,2.5,,,,true,,POST,\"say \"\"hi\"\",\nagain\",,d,,200,,,"
             ",,\n"
             "http_req_duration,1795423342,3.5,,\"one, \"\"two\"\"\nthree\",1,false,,GET,plain,,d,,"
             "0,,,,,\n"
             "http_req_failed,1795423342,1.000000,,\"one, \"\"two\"\"\nthree\",1,false,,GET,plain,,"
             "d,,0,,,,,\n"
             "checks,1795423342,1.000000,\"is 200, or \"\"fine\"\"\nelse\",,,,,,,,d,,,,,,,\n";
    struct got g = got_text(csv, text);
    assert_int_equal(g.remarks, 0);
    assert_int_equal(g.times, 3);
    assert_int_equal(g.endpoints, 3);
    assert_string_equal(g.endpoint[0], "GET http://h/?a=1,2");
    assert_string_equal(g.endpoint[1], "say \"hi\",\nagain");
    assert_string_equal(g.endpoint[2], "plain");
    assert_string_equal(g.error[0], "plain: one, \"two\"three");
    assert_true(g.sum[METRIC_CHECKS_PASSED] == 1 && g.sum[METRIC_FAILED] == 1);
    got_fini(&g);
}

static void long_names_are_cut_between_characters(void **state) {
    (void)state;
    char text[4000] = HEAD "http_req_duration,1795423342,1.5,,,,true,,GET,http://h/";
    for (int i = 0; i < 300; i++)
        strcat(text, "\xc3\xa4");
    strcat(text, ",,d,,200,,,,,\n");
    struct got g = got_text(csv, text);
    size_t n = strlen(g.endpoint[0]);
    assert_true(n == SCOPE_MAX_BYTES - 1 || n == SCOPE_MAX_BYTES - 2);
    assert_int_equal((unsigned char)g.endpoint[0][n - 1], 0xa4);
    got_fini(&g);
}

static void sums(void **state) {
    (void)state;
    static const char text[] =
        HEAD "vus,1795423342,3.000000,,,,,,,,,,,,,,,,\nvus,1795423343,7.000000,,,,,,,,,,,,,,,,\n"
             "vus,1795423344,5.000000,,,,,,,,,,,,,,,,\nvus_max,1795423342,9.000000,,,,,,,,,,,,,,,,"
             "\nhttp_req_blocked,1795423342,1.500000,,,,true,,GET,x,,,,200,,,x,,\n"
             "http_req_blocked,1795423342,0.500000,,,,true,,GET,x,,,,200,,,x,,\n"
             "iteration_duration,1795423342,1000.250000,,,,,,,,,,,,,,,,\n"
             "data_sent,1795423342,245.000000,,,,,,,,,,,,,,,,\n"
             "data_received,1795423342,859.000000,,,,,,,,,,,,,,,,\n"
             "dropped_iterations,1795423342,2.000000,,,,,,,,,,,,,,,,\n"
             "my_trend,1795423342,-5,,,,,,,,,,,,,,,,\n";
    struct got g = got_text(csv, text);
    assert_true(g.most[METRIC_VUS_MAX] == 7 && g.most[METRIC_VUS_ALLOCATED] == 9);
    assert_true(g.sum[METRIC_CONNECT_MS] == 2 && g.count[METRIC_CONNECT_MS] == 2);
    assert_true(g.sum[METRIC_ITERATION_MS] == 1000.25 && g.count[METRIC_ITERATION_MS] == 1);
    assert_true(g.sum[METRIC_SENT_BYTES] == 245 && g.sum[METRIC_RECEIVED_BYTES] == 859);
    assert_true(g.sum[METRIC_DROPPED] == 2 && g.remarks == 0);
    got_fini(&g);
}

static void damage_is_remarked_and_passed_over(void **state) {
    (void)state;
    static const struct {
        const char *why, *text, *remark;
        size_t times, remarks;
        long line;
    } cases[] = {
        {"no value", HEAD DURATION("1795423342", "") DURATION("1795423342", "1"), "broken-line", 1,
         1, 2},
        {"a word for a value", HEAD DURATION("1795423342", "1") DURATION("1795423342", "NaN"),
         "broken-line", 1, 1, 3},
        {"negative", HEAD DURATION("1795423342", "-1"), "broken-line", 0, 1, 2},
        {"no time", HEAD DURATION("now", "1"), "broken-line", 0, 1, 2},
        {"a time beyond all time", HEAD DURATION("99999999999", "1"), "broken-line", 0, 1, 2},
        {"too few columns", HEAD "http_req_duration,1795423342,1.5,,,\n" DURATION("1", "1"),
         "broken-line", 1, 1, 2},
        {"no comma", HEAD "what is this\n" DURATION("1", "1"), "broken-line", 1, 1, 2},
        {"more than three", HEAD "a\nb\nc\nd\ne\n" DURATION("1", "1"), "broken-line", 1, 4, 2},
        {"half a row", HEAD DURATION("1795423342", "1") "http_req_duration,1795423342,26.1",
         "half-line", 1, 1, 3},
        {"half a row in quotes",
         HEAD DURATION("1795423342", "1") "http_reqs,1795423342,1.000000,,,,true,,GET,\"http://h",
         "half-line", 1, 1, 3},
        {"half a row of another metric", HEAD DURATION("1", "1") "http_req_waiting,1795",
         "half-line", 1, 1, 3},
        {"two files", HEAD DURATION("1", "1") HEAD DURATION("2", "1"), "second-header", 2, 1, 3},
        {"calls of another kind", HEAD "grpc_req_duration,1795423342,1.5,,,,,,,,,,,,,,,,\n",
         "no-http-requests", 0, 1, 0},
    };
    for (size_t i = 0; i < COUNT(cases); i++) {
        struct got g;
        struct err e;
        bool ok = got_read(csv, cases[i].text, strlen(cases[i].text), &g, &e);
        if (g.times != cases[i].times || g.remarks != cases[i].remarks ||
            strcmp(g.remark[0], cases[i].remark) != 0 || g.remark_line[0] != cases[i].line)
            fail_msg("%s: %zu requests, %s in %ld", cases[i].why, g.times, g.remark[0],
                     g.remark_line[0]);
        if (!ok && (e.kind != ERR_FORMAT || !e.fix[0] || g.times))
            fail_msg("%s: %s", cases[i].why, e.text);
        got_fini(&g);
    }
}

/* The last row without its line end counts when it is whole. */
static void a_last_row_may_lack_its_line_end(void **state) {
    (void)state;
    const char *text = HEAD DURATION("1795423342", "1");
    struct got g;
    struct err e;
    assert_true(got_read(csv, text, strlen(text) - 1, &g, &e));
    assert_int_equal(g.times, 1);
    assert_int_equal(g.remarks, 0);
    got_fini(&g);
}

static void what_holds_nothing_is_refused(void **state) {
    (void)state;
    static const char *const texts[] = {"",
                                        "\n\n",
                                        HEAD,
                                        "timestamp,metric_name\n1,2\n",
                                        "metric_name,timestamp,metric_valueless\n",
                                        HEAD "x\ny\n"};
    for (size_t i = 0; i < COUNT(texts); i++) {
        struct got g;
        struct err e;
        assert_false(got_read(csv, texts[i], strlen(texts[i]), &g, &e));
        assert_int_equal(e.kind, ERR_FORMAT);
        assert_true(e.text[0] && e.fix[0]);
        got_fini(&g);
    }
}

static void kinds_of_errors_have_an_end(void **state) {
    (void)state;
    size_t size = 200000, at = 0;
    char *text = malloc(size);
    at += (size_t)snprintf(text, size, "metric_name,timestamp,metric_value,name,status\n");
    for (int i = 0; i < 1000; i++)
        at += (size_t)snprintf(text + at, size - at,
                               "http_req_failed,1795423342,1.000000,n%d,500\n", i);
    struct got g = got_text(csv, text);
    double sum = 0;
    for (size_t i = 0; i < g.errors; i++)
        sum += g.errors_of[i];
    assert_int_equal(g.errors, ERRORS_MAX);
    assert_true(sum == 1000);
    assert_string_equal(g.error[ERRORS_MAX - 1], "other failures");
    got_fini(&g);
    free(text);
}

static void a_header_is_told_to_each_piece(void **state) {
    (void)state;
    static const struct {
        const char *head;
        size_t len;
    } cases[] = {
        {HEAD "http_reqs,1,1", sizeof HEAD - 1},
        {"\xef\xbb\xbf\n" HEAD "http_reqs,1,1", sizeof HEAD - 1 + 4},
    };
    for (size_t i = 0; i < COUNT(cases); i++)
        assert_int_equal(csv->header(cases[i].head, strlen(cases[i].head)), cases[i].len);
}

static void pieces_say_the_same(void **state) {
    (void)state;
    size_t len;
    char *bytes = got_load(TEST_DATA "/k6/csv-formats-v2.2/unix_nano.csv", &len);
    struct digest whole, cut;
    len = len < 6000 ? len : 6000;
    assert_true(digest_read(csv, bytes, len, 0, 0, &whole, NULL));
    for (size_t at = 1; at < len; at++) {
        struct err e = {0};
        assert_true(digest_read(csv, bytes, len, at, 0, &cut, NULL) && digest_same(&whole, &cut));
        if (!digest_read(csv, bytes, at, 0, 0, &cut, &e))
            assert_true(e.kind == ERR_FORMAT && e.text[0]);
    }
    free(bytes);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(samples_give_their_figures),
        cmocka_unit_test(old_versions_say_less),
        cmocka_unit_test(time_is_told_by_its_shape),
        cmocka_unit_test(values_are_exact),
        cmocka_unit_test(columns_go_by_their_names),
        cmocka_unit_test(quotes),
        cmocka_unit_test(long_names_are_cut_between_characters),
        cmocka_unit_test(sums),
        cmocka_unit_test(damage_is_remarked_and_passed_over),
        cmocka_unit_test(a_last_row_may_lack_its_line_end),
        cmocka_unit_test(what_holds_nothing_is_refused),
        cmocka_unit_test(kinds_of_errors_have_an_end),
        cmocka_unit_test(a_header_is_told_to_each_piece),
        cmocka_unit_test(pieces_say_the_same),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

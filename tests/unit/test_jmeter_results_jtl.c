/* JTL as CSV: any set of columns, any delimiter, with and without a header, dates, quotes, several
 * lines in a record, transactions, appended runs, damaged files. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "jmeter_fixture.h"
#include "tools/tool.h"

#define HEAD                                                                                       \
    "timeStamp,elapsed,label,responseCode,responseMessage,threadName,dataType,success,"            \
    "failureMessage,bytes,sentBytes,grpThreads,allThreads,URL,Latency,IdleTime,Connect\n"
#define ROW "1795424967485,77,list,200,OK,U 1-1,text,true,,427,135,3,3,http://h/x,73,0,20\n"
#define SAID "list|1795424967485|1795424967562|77|ok||3\n"
#define TRANSACTION                                                                                \
    "1795424967485,99,buy,200,\"Number of samples in transaction : 3, number of failing samples "  \
    ": 0\",U 1-1,,true,,1000,300,3,3,null,0,0,0\n"
#define SHORT_HEAD "timeStamp,elapsed,label,responseCode,responseMessage,success,allThreads\n"
#define SHORT_ROW(ts, t) ts "," t ",list,200,OK,true,2\n"

static const struct reader *const csv = &jmeter_jtl_csv_reader;

static void columns_go_by_their_names(void **state) {
    static const struct {
        const char *why, *text, *wanted;
    } cases[] = {
        {"5.x", HEAD ROW, SAID},
        {"CR LF and a byte order mark",
         "\xef\xbb\xbftimeStamp,elapsed,label,responseMessage,success,allThreads\r\n"
         "1795424967485,77,list,OK,true,3\r\n",
         SAID},
        {"semicolons",
         "timeStamp;elapsed;label;responseMessage;success;allThreads\n"
         "1795424967485;77;list;OK;true;3\n",
         SAID},
        {"tabs",
         "timeStamp\telapsed\tlabel\tresponseMessage\tsuccess\tallThreads\n"
         "1795424967485\t77\tlist\tOK\ttrue\t3\n",
         SAID},
        {"another order, unknown columns, quoted names",
         "\"success\",\"my,var\",\"allThreads\",\"label\",\"elapsed\",\"responseMessage\","
         "\"timeStamp\"\ntrue,x,3,list,77,OK,1795424967485\n",
         SAID},
        {"numbers at the very begin",
         "elapsed,allThreads,success,label,timeStamp,responseMessage\n"
         "77,3,true,list,1795424967485,OK\n",
         SAID},
        {"nothing but times", "timeStamp,elapsed\n1795424967485,77\n1795424967486,78\n",
         "! columns-missing 1\n|1795424967485|1795424967562|77|?||0\n"
         "|1795424967486|1795424967564|78|?||0\n"},
        {"no time", "elapsed,label,responseMessage,success,allThreads\n77,list,OK,true,3\n",
         "! columns-missing 1\nlist|-9223372036854775808|-9223372036854775808|77|ok||3\n"},
        {"no threads",
         "timeStamp,elapsed,label,responseMessage,success\n"
         "1795424967485,77,list,OK,true\n",
         "! columns-missing 1\nlist|1795424967485|1795424967562|77|ok||0\n"},
        {"a long time and a null",
         "timeStamp,elapsed,label,responseMessage,success,allThreads\n"
         "1795424967485,123456789,list,OK,true,null\n",
         "list|1795424967485|1795548424274|123456789|ok||0\n"},
    };
    (void)state;
    for (size_t i = 0; i < COUNT(cases); i++)
        expect(csv, cases[i].why, cases[i].text, cases[i].wanted);
}

static void without_a_header_types_tell(void **state) {
    static const struct {
        const char *why, *text, *wanted;
    } cases[] = {
        {"2.13", "1795424967485,77,list,200,OK,U 1-1,text,true,427,3,3,73\n", SAID},
        {"2.9", "1795424967485,77,list,200,OK,U 1-1,text,true,427,73\n",
         "! columns-missing 1\nlist|1795424967485|1795424967562|77|ok||0\n"},
        {"5.x", ROW, SAID},
        {"3.0", "1795424967485,77,list,200,OK,U 1-1,text,true,,427,3,3,73,0\n", SAID},
        {"semicolons", "1795424967485;77;list;200;OK;U 1-1;text;true;427;3;3;73\n", SAID},
        {"an unknown set: success is found", "1795424967485,77,list,true,427\n",
         "! columns-missing 1\nlist|1795424967485|1795424967562|77|ok||0\n"},
        {"the first line is cut",
         "list,200,OK,U 1-1,text,true,427,3,3,73\n"
         "1795424967485,77,list,200,OK,U 1-1,text,true,427,3,3,73\n",
         SAID "! broken-rows 1\n"},
    };
    (void)state;
    for (size_t i = 0; i < COUNT(cases); i++)
        expect(csv, cases[i].why, cases[i].text, cases[i].wanted);
}

static void dates_are_local(void **state) {
    static const char *const dates[] = {
        "2026/11/23 09:00:04.362", "2026-11-23 09:00:04.362",  "2026-11-23T09:00:04.362",
        "2026-11-23 09:00:04,362", "2026-11-23T04:00:04.362Z", "2026-11-23T10:00:04.362+06:00",
    };
    (void)state;
    setenv("TZ", "EST5", 1); /* 09:00 there is 14:00 UTC */
    for (size_t i = 0; i < COUNT(dates); i++) {
        char text[300], wanted[100];
        long long ms = i < 4 ? 1795442404362 : 1795406404362;
        snprintf(text, sizeof text, SHORT_HEAD "\"%s\",5,list,200,OK,true,2\n", dates[i]);
        snprintf(wanted, sizeof wanted, "list|%lld|%lld|5|ok||2\n", ms, ms + 5);
        expect(csv, dates[i], text, wanted);
    }
    expect(csv, "whole seconds, seen before",
           SHORT_HEAD SHORT_ROW("11/23/26 09:00:04", "5") SHORT_ROW("11/23/26 09:00:04", "6")
               SHORT_ROW("11/23/26 09:00:05", "7"),
           "list|1795442404000|1795442404005|5|ok||2\nlist|1795442404000|1795442404006|6|ok||2\n"
           "list|1795442405000|1795442405007|7|ok||2\n");
    unsetenv("TZ");
}

static void quotes_are_undone(void **state) {
    (void)state;
    expect(csv, "a comma, doubled quotes, a line break",
           SHORT_HEAD "1795424967485,77,\"login, \"\"big\"\" session\",200,OK,true,3\n"
                      "1795424967485,77,\"two\nlines\",200,OK,true,3\n"
                      "1795424967485,77,list,200,OK,maybe,3\n" SHORT_ROW("1795424967485", "1"),
           "login, \"big\" session|1795424967485|1795424967562|77|ok||3\n"
           "two\nlines|1795424967485|1795424967562|77|ok||3\n"
           "list|1795424967485|1795424967486|1|ok||2\n! broken-rows 5\n");
}

static void errors_are_worded(void **state) {
    static const struct {
        const char *why, *row, *error;
    } cases[] = {
        {"HTTP", "503,Service Unavailable,,", "503 Service Unavailable"},
        {"HTTP with an assertion", "503,Service Unavailable,\"Test failed: x\ny\",",
         "503 Service Unavailable"},
        {"no answer",
         "Non HTTP response code: java.net.SocketTimeoutException,Non HTTP response message: Read "
         "timed out,,",
         "SocketTimeoutException: Read timed out"},
        {"a good answer with a bad assertion", "200,OK,\"Test failed: text expected\nmore\",",
         "200, Test failed: text expected"},
        {"a good answer and no reason", "200,OK,,", "200, OK"},
        {"nothing at all", ",,,", "failed"},
        {"only a code", "500,,,", "500"},
    };
    (void)state;
    for (size_t i = 0; i < COUNT(cases); i++) {
        char text[500], wanted[300];
        snprintf(text, sizeof text,
                 "timeStamp,elapsed,label,allThreads,success,responseCode,responseMessage,"
                 "failureMessage,x\n1795424967485,77,list,3,false,%s\n"
                 "1795424967485,77,list,3,false,%s\n",
                 cases[i].row, cases[i].row);
        snprintf(wanted, sizeof wanted, "E list: %s x 2\n", cases[i].error);
        struct told t = told(csv, text);
        if (!says(&t, wanted))
            fail_msg("%s: %s", cases[i].why, t.text.data);
        told_fini(&t);
    }
}

static void kinds_of_errors_are_bounded(void **state) {
    struct buf b;
    (void)state;
    buf_init(&b, 1 << 20);
    buf_str(&b, SHORT_HEAD);
    for (int i = 0; i < 3000; i++)
        buf_printf(&b, "1795424967485,77,list,500,error %d,false,2\n", i);
    struct told t = told(csv, b.data);
    assert_true(says(&t, "E other errors x 2900\n"));
    told_fini(&t);
    buf_fini(&b);
}

static void transactions_are_marked(void **state) {
    (void)state;
    struct told t = told(csv, HEAD ROW TRANSACTION ROW);
    assert_true(says(&t, "buy|1795424967485|1795424967584|99|ok|T|3\n"));
    assert_true(t.sum[METRIC_RECEIVED_BYTES] == 854); /* of the requests alone */
    assert_true(t.sum[METRIC_SENT_BYTES] == 270);
    assert_true(t.sum[METRIC_CONNECT_MS] == 40 && t.count[METRIC_CONNECT_MS] == 2);
    told_fini(&t);
    t = told(csv, HEAD TRANSACTION);
    assert_true(t.sum[METRIC_RECEIVED_BYTES] == 1000); /* there is nothing else */
    told_fini(&t);
}

static void appended_runs_are_said(void **state) {
    (void)state;
    expect(csv, "a second header", HEAD ROW HEAD ROW, SAID "! mixed-runs 3\n" SAID);
    expect(csv, "a second header with other columns",
           HEAD ROW "timeStamp,elapsed,label,responseMessage,success,allThreads\n"
                    "1795424967485,77,list,OK,true,3\n",
           SAID "! mixed-runs 3\n" SAID);
    expect(csv, "other columns without a header",
           HEAD ROW "1795424967485,77,list,200,OK,U 1-1,text,true,427,3,3,73\n",
           SAID "! mixed-runs 3\n" SAID);
}

static void damaged_files_are_read_as_far_as_they_go(void **state) {
    static const struct {
        const char *why, *text, *wanted;
    } cases[] = {
        {"half a row", SHORT_HEAD SHORT_ROW("1795424967485", "7") "17954249674",
         "list|1795424967485|1795424967492|7|ok||2\n! half-line 3\n"},
        {"a whole row without its line end: the last number may be cut",
         SHORT_HEAD "1795424967485,7,list,200,OK,true,2",
         "list|1795424967485|1795424967492|7|ok||2\n"},
        {"empty lines", SHORT_HEAD "\n\n" SHORT_ROW("1795424967485", "7") "\n",
         "list|1795424967485|1795424967492|7|ok||2\n"},
        {"no numbers",
         SHORT_HEAD "x,7,list,200,OK,true,2\n1795424967485,,list,200,OK,true,2\n"
                    "1795424967485,-7,list,200,OK,true,2\n1795424967485,7.5,list,200,OK,true,2\n"
                    "99999999999999999,7,list,200,OK,true,2\n" SHORT_ROW("1795424967485", "7"),
         "list|1795424967485|1795424967492|7|ok||2\n! broken-rows 2\n"},
        {"a NUL and bytes beyond ASCII", SHORT_HEAD "1795424967485,7,l\xff\xfe,200,OK,true,2\n",
         "l\xff\xfe|1795424967485|"
         "1795424967492|7|ok||2\n"},
        {"rows that stand for several",
         "timeStamp,elapsed,label,responseMessage,success,allThreads,SampleCount\n"
         "1795424967485,7,list,OK,true,2,1\n1795424967485,7,list,OK,true,2,50\n",
         "list|1795424967485|1795424967492|7|ok||2\nlist|1795424967485|1795424967492|7|ok||2\n"
         "! aggregated-rows 3\n"},
    };
    (void)state;
    for (size_t i = 0; i < COUNT(cases); i++)
        expect(csv, cases[i].why, cases[i].text, cases[i].wanted);
}

static void what_cannot_be_read_is_refused(void **state) {
    (void)state;
    refused(csv, HEAD, "no sample");
    refused(csv, "", "no sample");
    refused(csv, HEAD "x\ny\n", "no row");
    refused(csv, "timeStamp,label,responseCode,success\n", "elapsed");
    refused(csv, "hello\nworld\n", "no row");
    struct buf b;
    buf_init(&b, 8 << 20);
    buf_str(&b, HEAD "1795424967485,77,\"never closed");
    for (int i = 0; i < 300000; i++)
        buf_str(&b, "0123456789");
    refused(csv, b.data, "longer than");
    buf_clear(&b);
    for (int i = 0; i < 2000; i++)
        buf_str(&b, "nothing\n");
    refused(csv, b.data, "first 1000 lines");
    buf_fini(&b);
}

static void rows_of_any_length(void **state) {
    (void)state;
    for (int n = 1; n < 300; n++) {
        struct buf b;
        char wanted[400];
        buf_init(&b, 1 << 12);
        buf_str(&b, SHORT_HEAD "1795424967485,77,");
        for (int i = 0; i < n; i++)
            buf_char(&b, (char)('a' + i % 26));
        snprintf(wanted, sizeof wanted, "%s|1795424967485|1795424967562|77|ok||2\n",
                 b.data + sizeof SHORT_HEAD + 16);
        buf_str(&b, ",200,OK,true,2\n");
        struct told t = told(csv, b.data);
        if (n < SCOPE_MAX_BYTES)
            assert_string_equal(t.text.data, wanted);
        assert_int_equal(t.samples, 1);
        told_fini(&t);
        buf_fini(&b);
    }
}

static void many_columns(void **state) {
    (void)state;
    struct buf b;
    buf_init(&b, 1 << 16);
    buf_str(&b, "timeStamp,elapsed");
    for (int i = 0; i < 120; i++)
        buf_printf(&b, ",v%d", i);
    buf_str(&b, ",success\n1795424967485,77");
    for (int i = 0; i < 120; i++)
        buf_str(&b, ",");
    buf_str(&b, ",false\n");
    struct told t = told(csv, b.data);
    assert_true(says(&t, "|77|failed||0\n"));
    told_fini(&t);
    buf_clear(&b); /* more than are looked at: the columns behind count as missing */
    buf_str(&b, "timeStamp,elapsed");
    for (int i = 0; i < 4000; i++)
        buf_str(&b, ",v");
    buf_str(&b, ",success\n1795424967485,77");
    for (int i = 0; i < 4001; i++)
        buf_str(&b, ",true");
    buf_str(&b, "\n");
    t = told(csv, b.data);
    assert_true(says(&t, "! columns-missing 1\n|1795424967485|1795424967562|77|?||0\n"));
    told_fini(&t);
    buf_fini(&b);
}

static void told_from_other_formats(void **state) {
    static const struct {
        const char *text;
        bool is;
    } cases[] = {
        {HEAD ROW, true},
        {ROW, true},
        {"\n\n" HEAD, true},
        {"elapsed,label,success\n", true},
        {"metric_name,timestamp,metric_value,check\n", false},
        {"Timestamp,User Count,Type,Name,Requests/s\n", false},
        {"Label,# Samples,Average,Median\n", false},
        {"1795424967485,77,hello\n", false},
        {"<testResults>\n" ROW, false},
        {"{\"elapsed\": 1}\n", false},
        {"timeStamp elapsed\n", true},
    };
    (void)state;
    for (size_t i = 0; i < COUNT(cases); i++) {
        const struct reader *r = tool_reader(cases[i].text, strlen(cases[i].text));
        if ((r == csv) != cases[i].is)
            fail_msg("%s: %s", cases[i].text, r ? r->name : "nothing");
    }
}

static void the_header_is_told(void **state) {
    (void)state;
    assert_int_equal(csv->header(HEAD ROW, sizeof HEAD ROW - 1), sizeof HEAD - 1);
    assert_int_equal(csv->header(ROW ROW, sizeof ROW ROW - 1), 0);
    assert_int_equal(csv->header("\xef\xbb\xbf" HEAD ROW, sizeof HEAD ROW + 2), sizeof HEAD + 2);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(columns_go_by_their_names),
        cmocka_unit_test(without_a_header_types_tell),
        cmocka_unit_test(dates_are_local),
        cmocka_unit_test(quotes_are_undone),
        cmocka_unit_test(errors_are_worded),
        cmocka_unit_test(kinds_of_errors_are_bounded),
        cmocka_unit_test(transactions_are_marked),
        cmocka_unit_test(appended_runs_are_said),
        cmocka_unit_test(damaged_files_are_read_as_far_as_they_go),
        cmocka_unit_test(what_cannot_be_read_is_refused),
        cmocka_unit_test(rows_of_any_length),
        cmocka_unit_test(many_columns),
        cmocka_unit_test(told_from_other_formats),
        cmocka_unit_test(the_header_is_told),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

/* JTL as XML: nested samples, transactions, files without an end or with two runs, and XML that is
 * none of JMeter's. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "jmeter_fixture.h"
#include "tools/tool.h"

#define OPEN "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testResults version=\"1.2\">\n"
#define CLOSE "</testResults>\n"
#define HTTP(label, more)                                                                          \
    "<httpSample t=\"77\" it=\"0\" lt=\"73\" ct=\"20\" ts=\"1795424967485\" s=\"true\" "           \
    "lb=\"" label "\" rc=\"200\" rm=\"OK\" tn=\"U 1-1\" dt=\"text\" by=\"427\" sby=\"135\" "       \
    "ng=\"3\" na=\"3\"" more
#define SAID(label) label "|1795424967485|1795424967562|77|ok||3\n"
#define FAILED(rc, rm)                                                                             \
    "<httpSample t=\"77\" ts=\"1795424967485\" s=\"false\" lb=\"list\" rc=\"" rc "\" rm=\"" rm     \
    "\" na=\"3\">"
#define TRANSACTION                                                                                \
    "<sample t=\"99\" ts=\"1795424967485\" s=\"true\" lb=\"buy\" rc=\"200\" rm=\"Number of "       \
    "samples in transaction : 2, number of failing samples : 0\" by=\"999\" na=\"3\">"
#define SAID_TRANSACTION "buy|1795424967485|1795424967584|99|ok|T|3\n"

static const struct reader *const xml = &jmeter_jtl_xml_reader;

static void what_counts(void **state) {
    static const struct {
        const char *why, *text, *wanted;
    } cases[] = {
        {"plain", OPEN HTTP("list", "/>") CLOSE, SAID("list")},
        {"no declaration, a comment", "\n<!-- x > -->\n<testResults>" HTTP("list", "/>") CLOSE,
         SAID("list")},
        {"another sampler", OPEN "<sample t=\"5\" ts=\"1\" s=\"true\" lb=\"sql\"/>" CLOSE,
         "sql|1|6|5|ok||0\n"},
        {"redirects and embedded resources: the outer one",
         OPEN HTTP("list", ">") HTTP("inner", ">")
             HTTP("innermost", "/>") "</httpSample></httpSample>" HTTP("next", "/>") CLOSE,
         SAID("list") SAID("next")},
        {"a transaction holds its samples",
         OPEN TRANSACTION HTTP("a", ">") HTTP("redirect", "/>") "</httpSample>" HTTP(
             "b", "/>") "</sample>" HTTP("c", "/>") CLOSE,
         SAID_TRANSACTION SAID("a") SAID("b") SAID("c")},
        {"a transaction in a transaction",
         OPEN TRANSACTION TRANSACTION HTTP("a", "/>") "</sample></sample>" CLOSE,
         SAID_TRANSACTION SAID_TRANSACTION SAID("a")},
        {"entities in a label", OPEN HTTP("a &lt;&amp;&quot;&#xe9;", "/>") CLOSE,
         SAID("a <&\"\xc3\xa9")},
        {"text and headers are passed over",
         OPEN HTTP("list", ">") "<responseData class=\"java.lang.String\">&lt;httpSample t="
                                "\"1\"/&gt;</responseData><requestHeader>Cookie: x</requestHeader>"
                                "</httpSample>" CLOSE,
         SAID("list")},
        {"no outcome", OPEN "<httpSample t=\"5\" ts=\"1\" lb=\"x\"/>" CLOSE, "x|1|6|5|?||0\n"},
        {"no time stamp", OPEN "<httpSample t=\"5\" s=\"true\" lb=\"x\"/>" CLOSE,
         "x|-9223372036854775808|-9223372036854775808|5|ok||0\n"},
        {"times that are none",
         OPEN "<httpSample t=\"x\" ts=\"1\"/><httpSample t=\"1\" ts=\"-1\"/>" HTTP("list", "/>")
             CLOSE,
         SAID("list") "! broken-rows 3\n"},
    };
    (void)state;
    for (size_t i = 0; i < COUNT(cases); i++)
        expect(xml, cases[i].why, cases[i].text, cases[i].wanted);
}

static void sums_are_of_what_counts(void **state) {
    (void)state;
    struct told t = told(xml, OPEN TRANSACTION HTTP("a", ">")
                                  HTTP("inner", "/>") "</httpSample></sample>" CLOSE);
    assert_true(t.sum[METRIC_RECEIVED_BYTES] == 427);
    assert_true(t.sum[METRIC_SENT_BYTES] == 135);
    assert_true(t.sum[METRIC_CONNECT_MS] == 20 && t.count[METRIC_CONNECT_MS] == 1);
    told_fini(&t);
}

static void errors_are_worded(void **state) {
    static const struct {
        const char *text, *error;
    } cases[] = {
        {FAILED("503", "Service Unavailable") "</httpSample>", "503 Service Unavailable"},
        {FAILED("Non HTTP response code: java.net.SocketTimeoutException",
                "Non HTTP response message: Read timed out") "</httpSample>",
         "SocketTimeoutException: Read timed out"},
        {FAILED("200", "OK") "<assertionResult><name>n</name><failure>true</failure>"
                             "<failureMessage>Test failed: x &lt; 5\nmore</failureMessage>"
                             "</assertionResult></httpSample>",
         "200, Test failed: x < 5"},
        {FAILED("200", "OK") "<httpSample s=\"false\" t=\"1\"/></httpSample>", "200, OK"},
    };
    (void)state;
    for (size_t i = 0; i < COUNT(cases); i++) {
        char text[1000], wanted[300];
        snprintf(text, sizeof text, OPEN "%s%s" HTTP("list", "/>") CLOSE, cases[i].text,
                 cases[i].text);
        snprintf(wanted, sizeof wanted,
                 "list|1795424967485|1795424967562|77|failed||3\n"
                 "list|1795424967485|1795424967562|77|failed||3\n" SAID("list") "E list: %s x 2\n",
                 cases[i].error);
        expect(xml, cases[i].error, text, wanted);
    }
}

static void damaged_files_are_read_as_far_as_they_go(void **state) {
    static const struct {
        const char *why, *text, *wanted;
    } cases[] = {
        {"no end", OPEN HTTP("list", "/>"), SAID("list") "! cut-off 3\n"},
        {"no end, and the last sample failed", OPEN FAILED("503", "x"),
         "list|1795424967485|1795424967562|77|failed||3\n! cut-off 3\nE list: 503 x x 1\n"},
        {"cut in a tag", OPEN HTTP("list", "/>") "<httpSample t=\"5", SAID("list") "! cut-off 3\n"},
        {"text behind the end", OPEN HTTP("list", "/>") CLOSE "\n\n", SAID("list")},
        {"two runs", OPEN HTTP("a", "/>") CLOSE OPEN HTTP("b", "/>") CLOSE,
         SAID("a") "! mixed-runs 4\n" SAID("b")},
        {"rubbish behind the end", OPEN HTTP("list", "/>") CLOSE "rubbish",
         SAID("list") "! mixed-runs 4\n! damaged 4\n"},
        {"not well-formed", OPEN HTTP("list", "/>") "\n<a></b>\n" HTTP("lost", "/>") CLOSE,
         SAID("list") "! damaged 4\n"},
        {"a character that XML has not", OPEN HTTP("list", "/>") "\n<x>&#x0;</x>" CLOSE,
         SAID("list") "! damaged 4\n"},
    };
    (void)state;
    for (size_t i = 0; i < COUNT(cases); i++)
        expect(xml, cases[i].why, cases[i].text, cases[i].wanted);
}

static void what_cannot_be_read_is_refused(void **state) {
    (void)state;
    refused(xml, "", "no sample");
    refused(xml, OPEN CLOSE, "no sample");
    refused(xml, "<html></html>", "not the XML of a JTL");
    refused(xml, "<!DOCTYPE x [<!ENTITY a \"b\">]><testResults>&a;</testResults>", "DOCTYPE");
    refused(xml, "text", "cannot be read");
}

static void memory_is_bounded(void **state) {
    struct buf b;
    (void)state;
    buf_init(&b, 64 << 20);
    buf_str(&b, OPEN HTTP("list", "/>"));
    for (int i = 0; i < 200; i++)
        buf_str(&b, "<a>");
    struct told t = told(xml, b.data);
    assert_true(says(&t, "! damaged"));
    told_fini(&t);
    buf_clear(&b);
    buf_str(&b, OPEN HTTP("list", "/>"));
    for (int i = 0; i < 1000; i++)
        buf_printf(&b, "<a%d/>", i);
    t = told(xml, b.data);
    assert_true(says(&t, "! damaged"));
    told_fini(&t);
    buf_clear(&b);
    buf_str(&b, OPEN HTTP("list", "/>") "<x y=\"");
    for (int i = 0; i < 1000000; i++)
        buf_str(&b, "0123456789");
    t = told(xml, b.data);
    assert_true(says(&t, "! damaged"));
    told_fini(&t);
    buf_fini(&b);
}

static void told_from_other_formats(void **state) {
    static const struct {
        const char *text;
        bool is;
    } cases[] = {
        {OPEN, true},
        {"<testResults>", true},
        {" \n<?xml version='1.0'?><!-- a > b --><testResults x='1'>", true},
        {"<testResultsX>", false},
        {"<?xml version='1.0'?><jmeterTestPlan>", false},
        {"<!DOCTYPE html><html>", false},
        {"testResults", false},
        {"<", false},
        {"<!-- ", false},
    };
    (void)state;
    for (size_t i = 0; i < COUNT(cases); i++) {
        const struct reader *r = tool_reader(cases[i].text, strlen(cases[i].text));
        if ((r == xml) != cases[i].is)
            fail_msg("%s: %s", cases[i].text, r ? r->name : "nothing");
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_counts),
        cmocka_unit_test(sums_are_of_what_counts),
        cmocka_unit_test(errors_are_worded),
        cmocka_unit_test(damaged_files_are_read_as_far_as_they_go),
        cmocka_unit_test(what_cannot_be_read_is_refused),
        cmocka_unit_test(memory_is_bounded),
        cmocka_unit_test(told_from_other_formats),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

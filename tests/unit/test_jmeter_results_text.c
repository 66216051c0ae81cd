/* What JMeter summed up itself: Summariser lines, statistics.json, the two report tables. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "jmeter_fixture.h"
#include "tools/tool.h"

#define PLUS                                                                                       \
    "summary +    105 in     5s =   21.6/s Avg:    38 Min:    23 Max:   153 Err:     1 (0.95%) "   \
    "Active: 20 Started: 20 Finished: 0\n"
#define TOTAL                                                                                      \
    "summary =   1637 in  34.2s =   47.8/s Avg:    33 Min:    22 Max:   309 Err:     2 (0.12%)\n"
#define START "Starting the test @ Mon Nov 23 08:59:05 UTC 2026 (1795424345012)\n"
#define TIDY "Tidying up ...    @ Mon Nov 23 08:59:39 UTC 2026 (1795424379378)\n"
#define END "... end of run\n"

static const struct reader *const text = &jmeter_summariser_reader;
static const struct reader *const json = &jmeter_statistics_reader;
static const struct reader *const aggregate = &jmeter_aggregate_reader;
static const struct reader *const summary = &jmeter_summary_reader;

/* --- Summariser --- */

static void one_line_in_many_forms(void **state) {
    static const struct {
        const char *why, *text;
    } cases[] = {
        {"as it is", TOTAL},
        {"a name of the user",
         "Generate Summary Results =   1637 in  34.2s =   47.8/s Avg:    33 Min:    22 Max:   309 "
         "Err:     2 (0.12%)\n"},
        {"a name with signs",
         "a = b + c =   1637 in  34.2s =   47.8/s Avg:    33 Min:    22 Max:   309 Err:     2 "
         "(0.12%)\n"},
        {"decimal comma",
         "summary =   1637 in  34,2s =   47,8/s Avg:    33 Min:    22 Max:   309 Err:     2 "
         "(0,12%)\n"},
        {"a CI system", "2026-11-23T08:59:39.123Z jmeter | [INFO] " TOTAL},
        {"colours",
         "\033[32msummary =   1637 in  34.2s =   47.8/s Avg:    33 Min:    22\033[0m Max:"
         "   309 Err:     2 (0.12%)\r\n"},
        {"cut at 80 columns",
         "summary =   1637 in  34.2s =   47.8/s Avg:    33 Min:    22 Max:   309 Err:     \n"
         "2 (0.12%)\n"},
        {"cut in numbers",
         "summary =   16\n37 in  34.2s =   47.8/s Avg:    3\n3 Min:    22 Max:   309 Err:     2 "
         "(0.1\n2%)\n"},
    };
    (void)state;
    for (size_t i = 0; i < COUNT(cases); i++) {
        struct told t = told(text, cases[i].text);
        if (!t.ok || !says(&t, "requests 1637 [1637,1637]\nfailed 2 [2,2]\n"
                               "rps 47.8 [47.75,47.85]\navg 33 [33,34]\nmin 22 [22,22]\n"
                               "max 309 [309,309]\nduration 34.24686 [34.15,34.25]\nblocks 1\n"))
            fail_msg("%s: %s%s", cases[i].why, t.e.text, t.text.data);
        told_fini(&t);
    }
}

static void around_it(void **state) {
    static const struct {
        const char *why, *text, *wanted;
    } cases[] = {
        {"a whole run", START PLUS TOTAL TIDY END,
         "duration 34.24686 [34.15,34.25]\nmost VUs 20 [20,20]\nblocks 1\n! no-percentiles"},
        {"no end of run", START PLUS TOTAL, "stopped cut off"},
        {"stopped by a command",
         START TOTAL "Command: StopTestNow received from /127.0.0.1\n" TIDY END,
         "stopped Command: StopTestNow received"},
        {"a paste of one line says nothing of the end", TOTAL, "blocks 1\n! no-percentiles 1\n"},
        {"two runs: the last one",
         START "summary =     10 in     1s =   10.0/s Avg:     1 Min:     1 Max:     1 Err:     0 "
               "(0.00%)\n" TIDY END START TOTAL TIDY END,
         "requests 1637 [1637,1637]"},
        {"two runs without anything between",
         TOTAL "summary =     10 in     1s =   10.0/s Avg:     1 Min:     1 Max:     1 Err:     0 "
               "(0.00%)\n",
         "requests 10 [10,10]"},
        {"a run that was begun and has no total yet", START TOTAL TIDY END START PLUS,
         "requests 1637 [1637,1637]"},
        {"a rate that was not known",
         "summary =      1 in     0s = ******/s Avg:     5 Min:     5 Max:     5 Err:     0 "
         "(0.00%)\n",
         "requests 1 [1,1]\nfailed 0 [0,0]\navg 5 [5,6]"},
        {"HH:MM:SS",
         "summary =   1656 in 01:00:34 =    0.5/s Avg:    32 Min:    22 Max:   135 Err:     0 "
         "(0.00%)\n",
         "duration 3634 [3633.5,3634.5]"},
        {"whole seconds may be half a second away",
         "summary =    277 in    13s =   21.9/s Avg:   110 Min:    41 Max:   347 Err:     1 "
         "(0.36%)\n",
         "duration 12.6484 [12.5,13.5]"},
        {"threads between two reports",
         "summary +      1 in   1.1s =    0.9/s Avg:     5 Min:     5 Max:     5 Err:     0 "
         "(0.00%) Active: 4 Started: 4 Finished: 0\nsummary +      1 in   1.1s =    0.9/s Avg:     "
         "5 Min:     5 Max:     5 Err:     0 (0.00%) Active: 0 Started: 10 Finished: 10\n" TOTAL,
         "most VUs 10 [4,10]"},
        {"no memory left", "Uncaught Exception java.lang.OutOfMemoryError: Java heap space\n" TOTAL,
         "generator Uncaught Exception java.lang.OutOfMemoryError: Java heap space\n"},
        {"5.4 on", "Starting standalone test @ 2026 Nov 26 01:31:04 UTC (1795656664089)\n" TOTAL,
         "stopped cut off"},
        {"jmeter.log",
         "2026-11-23 08:59:05,001 INFO o.a.j.JMeter: Version 5.6.3\n"
         "2026-11-23 08:59:39,123 INFO o.a.j.r.Summariser: " TOTAL,
         "format jmeter-log\nversion 5.6.3\n"},
        {"the last line is cut", TOTAL "summary =   1700 in  3", "! half-line 2\n"},
        {"two names",
         "part =     10 in     1s =   10.0/s Avg:     1 Min:     1 Max:     1 Err:     0 "
         "(0.00%)\n" TOTAL,
         "! several-summarisers 2\n"},
    };
    (void)state;
    for (size_t i = 0; i < COUNT(cases); i++) {
        struct told t = told(text, cases[i].text);
        if (!t.ok || !says(&t, cases[i].wanted))
            fail_msg("%s: %s%s", cases[i].why, t.e.text, t.text.data);
        told_fini(&t);
    }
}

static void blocks_are_counted(void **state) {
    (void)state;
    struct told t = told(text, START TOTAL TIDY END START TOTAL TIDY END START TOTAL TIDY END);
    assert_true(says(&t, "blocks 3\n"));
    told_fini(&t);
}

static void intervals_are_points(void **state) {
    (void)state;
    struct told t = told(text, START PLUS PLUS TOTAL TIDY END);
    const struct point *p = &t.last_point;
    assert_int_equal(t.points, 2);
    assert_true(p->requests == 105 && p->failed == 1 && p->avg_ms == 38 && p->max_ms == 153);
    assert_true(p->vus == 20 && p->p95_ms != p->p95_ms);
    assert_true(p->length_s > 4.8 && p->length_s < 4.9); /* 105 / 21.6, not 5 */
    /* counted back from the end: JMeter's own start is not part of it */
    assert_true(p->at_s > 1795424379.378 - 34.25 + 4.8 && p->at_s < 1795424379.378 - 34.24 + 4.9);
    told_fini(&t);
    t = told(text, START PLUS PLUS TOTAL);
    p = &t.last_point;
    assert_true(p->at_s > 1795424345.012 + 4.8 && p->at_s < 1795424345.012 + 4.9);
    told_fini(&t);
}

static void no_total_no_figures(void **state) {
    (void)state;
    refused(text, PLUS, "no total");
    refused(text, "summary = nothing\n", "no line");
    refused(text, "", "no line");
    struct told t = told(text, "summary =     10 in     1s =   10.0/s Avg:     1 Min:     1 Max:   "
                               "  1 Err:    11 (0.00%)\n");
    assert_false(t.ok);
    told_fini(&t);
}

/* --- statistics.json --- */

#define ENTRY(name, n, errors, mean)                                                               \
    "\"" name "\":{\"transaction\":\"" name "\",\"sampleCount\":" n ",\"errorCount\":" errors      \
    ",\"errorPct\":0.0,\"meanResTime\":" mean ",\"minResTime\":22.0,\"maxResTime\":133.0,"         \
    "\"pct1ResTime\":38.5,\"pct2ResTime\":45.0,\"pct3ResTime\":117.9,\"throughput\":10.0,"         \
    "\"receivedKBytesPerSec\":10.0,\"sentKBytesPerSec\":3.0}"

static void statistics(void **state) {
    static const struct {
        const char *why, *text, *wanted;
    } cases[] = {
        {"total first, then entries",
         "{" ENTRY("list", "100", "1", "32.5") "," ENTRY("Total", "100", "1", "32.5") "}",
         "requests 100 [100,100]\nfailed 1 [1,1]\nrps 10 [10,10]\navg 32.5 [32.5,32.5]\n"
         "min 22 [22,22]\np90 38.5 [38.5,38.5]\np95 45 [45,45]\np99 117.9 [117.9,117.9]\n"
         "max 133 [133,133]\nduration 10 [10,10]\nreceived 102400 [102400,102400]\n"
         "sent 30720 [30720,30720]\nlist: requests 100"},
        {"the total in another language",
         "{" ENTRY("list", "100", "1", "32.5") "," ENTRY("buy", "50", "0", "10") "," ENTRY(
             "\xec\xb4\x9d\xea\xb3\x84", "150", "1", "25") "}",
         "requests 150 [150,150]"},
        {"a small run", "{" ENTRY("Total", "20000", "0", "1") "}", "! percentile-levels 0\n"},
        {"percentiles of the end only", "{" ENTRY("Total", "20001", "0", "1") "}",
         "! percentile-window 0\n"},
        {"a Transaction Controller",
         "{" ENTRY("a", "10", "1", "30") "," ENTRY("b", "10", "0", "50") "," ENTRY(
             "both", "10", "1", "80") "," ENTRY("Total", "20", "1", "40") "}",
         "! transactions 0\n"},
    };
    (void)state;
    for (size_t i = 0; i < COUNT(cases); i++) {
        struct told t = told(json, cases[i].text);
        if (!t.ok || !says(&t, cases[i].wanted))
            fail_msg("%s: %s%s", cases[i].why, t.e.text, t.text.data);
        told_fini(&t);
    }
    refused(json, "{" ENTRY("a", "10", "0", "1"), "not whole JSON");
    refused(json, "{" ENTRY("a", "10", "11", "1") "}", "none of JMeter");
    refused(json, "{" ENTRY("a", "10", "0", "1") "," ENTRY("b", "20", "0", "1") "}", "Total");
    refused(json, "{\"a\": 5}", "none of JMeter");
    refused(json, "[]", "JSON");
    refused(json, "", "JSON");
}

static char remark_text[400];

static void keep_remark(void *self, enum finding_level level, const char *kind, long line,
                        const char *words) {
    (void)self, (void)level, (void)line;
    if (strcmp(kind, "transactions") == 0)
        snprintf(remark_text, sizeof remark_text, "%s", words);
}

static const char *transactions_of(const char *bytes) {
    const struct sink out = {.remark = keep_remark};
    void *self = json->open(&out);
    remark_text[0] = '\0';
    assert_true(json->feed(self, bytes, strlen(bytes), NULL) && json->finish(self, NULL));
    json->close(self);
    return remark_text;
}

static void transactions_are_named(void **state) {
    (void)state;
    assert_string_equal(
        transactions_of("{" ENTRY("a", "10", "1", "30") "," ENTRY("b", "10", "0", "50") "," ENTRY(
            "both", "10", "1", "80") "," ENTRY("Total", "20", "1", "40") "}"),
        "Sums of Transaction Controllers, not part of the total: both.");
    /* either of two could be it */
    assert_non_null(strstr(transactions_of("{" ENTRY("a", "10", "0", "30") "," ENTRY(
                               "b", "10", "0", "30") "," ENTRY("Total", "10", "0", "30") "}"),
                           "does not say"));
    assert_string_equal(
        transactions_of("{" ENTRY("a", "10", "0", "30") "," ENTRY("Total", "10", "0", "30") "}"),
        "");
}

/* --- report tables --- */

#define AGGREGATE                                                                                  \
    "Label,# Samples,Average,Median,90% Line,95% Line,99% Line,Min,Max,Error %,Throughput,"        \
    "Received KB/sec,Sent KB/sec\n"
#define LIST "list,110,35,30,45,64,118,22,134,0.909%,8.10000,3.4,1.0\n"
#define CREATE "create,109,33,31,37,42,130,24,144,4.587%,8.20000,3.4,1.0\n"
#define ALL "TOTAL,219,34,31,41,51,130,22,144,2.740%,16.20000,6.8,2.0\n"
#define FIGURES                                                                                    \
    "requests 219 [219,219]\nfailed 6 [6,6]\nrps 16.2 [16.19999,16.20001]\navg 34 [34,35]\n"       \
    "min 22 [22,22]\nmed 31 [31,31]\np90 41 [41,41]\np95 51 [51,51]\np99 130 [130,130]\n"          \
    "max 144 [144,144]\n"

static void tables_in_many_forms(void **state) {
    static const struct {
        const char *why, *text, *wanted;
    } cases[] = {
        {"as it is", AGGREGATE LIST CREATE ALL, FIGURES},
        {"no heading", LIST CREATE ALL, FIGURES},
        {"CR LF and a byte order mark", "\xef\xbb\xbf" AGGREGATE LIST CREATE ALL "\r\n", FIGURES},
        {"12 columns",
         "list,219,34,31,41,51,130,22,144,2.74%,16.2,6.8\nTOTAL,219,34,31,41,51,130,22,144,2.74%,"
         "16.2,6.8\n",
         "rps 16.2 [16.15,16.25]"},
        {"commas, another language, no point before the last digits",
         "Etikett,Proben,x,y,90% Linie,95% Linie,99% Linie,a,b,c,d,e,f\n"
         "list,219,34,31,41,51,130,22,144,\"2,740%\",\",50000\",\"1,0\",\"2,0\"\n"
         "Gesamt,219,34,31,41,51,130,22,144,\"2,740%\",\",50000\",\"1,0\",\"2,0\"\n",
         "rps 0.5 [0.499995,0.500005]"},
        {"copied from the screen, with units",
         "list\t219\t34\t31\t41\t51\t130\t22\t144\t2.74%\t30.0/min\t6.8\n"
         "TOTAL\t219\t34\t31\t41\t51\t130\t22\t144\t2.74%\t30.0/min\t6.8\n",
         "rps 0.5 [0.4991667,0.5008333]"},
        {"other percentiles",
         "Label,# Samples,Average,Median,80% Line,99.9% Line,90% Line,Min,Max,Error %,Throughput,"
         "KB/sec\n"
         "TOTAL,219,34,31,41,51,130,22,144,2.74%,16.2,6.8\n",
         "med 31 [31,31]\np90 130 [130,130]\nmax 144"},
        {"a percentage that several counts would give",
         "TOTAL,1000000,34,31,41,51,130,22,144,2.74%,16.2,6.8\n", "failed 27400 [27350,27450]"},
        {"no total: what can be added", AGGREGATE LIST CREATE,
         "requests 219 [219,219]\nfailed 6 [6,6]\navg 34.00457 [34.00457,35.00457]\n"
         "min 22 [22,22]\nmax 144 [144,144]\n! no-total 3\n"},
        {"half a row", AGGREGATE LIST "create,109,33", "! half-line 3\n"},
        {"rubbish between", AGGREGATE LIST "rubbish\n" CREATE ALL, "! broken-rows 3\n"},
        {"entries are endpoints", AGGREGATE LIST CREATE ALL,
         "list: requests 110 [110,110]\nlist: failed 1 [1,1]"},
    };
    (void)state;
    for (size_t i = 0; i < COUNT(cases); i++) {
        struct told t = told(aggregate, cases[i].text);
        if (!t.ok || !says(&t, cases[i].wanted))
            fail_msg("%s: %s%s", cases[i].why, t.e.text, t.text.data);
        told_fini(&t);
    }
    refused(aggregate, AGGREGATE, "no row");
    refused(aggregate, "", "no row");
}

static void the_summary_report(void **state) {
    (void)state;
    struct told t = told(summary, "Label,# Samples,Average,Min,Max,Std. Dev.,Error %,Throughput,"
                                  "Received KB/sec,Sent KB/sec,Avg. Bytes\n"
                                  "list,219,34,22,144,17.37,2.740%,16.20000,6.8,2.0,427.0\n"
                                  "TOTAL,219,34,22,144,17.37,2.740%,16.20000,6.8,2.0,427.0\n");
    assert_true(t.ok);
    assert_true(says(&t, "requests 219 [219,219]\nfailed 6 [6,6]\nrps 16.2 [16.19999,16.20001]\n"
                         "avg 34 [34,35]\nmin 22 [22,22]\nmax 144 [144,144]\n"));
    assert_false(says(&t, "p95"));
    assert_true(says(&t, "! no-percentiles 0\n"));
    told_fini(&t);
}

/* --- recognising --- */

static void told_from_each_other(void **state) {
    static const struct {
        const char *text;
        const struct reader *r;
    } cases[] = {
        {TOTAL, &jmeter_summariser_reader},
        {"some words\n" PLUS, &jmeter_summariser_reader},
        {"Creating summariser <summary>\n", &jmeter_summariser_reader},
        {"{" ENTRY("Total", "20001", "0", "1") "}", &jmeter_statistics_reader},
        {AGGREGATE, &jmeter_aggregate_reader},
        {LIST, &jmeter_aggregate_reader},
        {"Label,# Samples,Average,Min,Max,Std. Dev.,Error %,Throughput,KB/sec,Avg. Bytes\n",
         &jmeter_summary_reader},
        {"list,219,34,22,144,17.37,2.740%,16.20000,6.8,2.0,427.0\n", &jmeter_summary_reader},
        {"a = b\n", NULL},
        {"{\"sampleCount\": 1}", NULL},
        {"Label,# Samples\n", NULL},
    };
    (void)state;
    for (size_t i = 0; i < COUNT(cases); i++) {
        const struct reader *r = tool_reader(cases[i].text, strlen(cases[i].text));
        if (r != cases[i].r)
            fail_msg("%s: %s", cases[i].text, r ? r->name : "nothing");
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(one_line_in_many_forms), cmocka_unit_test(around_it),
        cmocka_unit_test(blocks_are_counted),     cmocka_unit_test(intervals_are_points),
        cmocka_unit_test(no_total_no_figures),    cmocka_unit_test(statistics),
        cmocka_unit_test(transactions_are_named), cmocka_unit_test(tables_in_many_forms),
        cmocka_unit_test(the_summary_report),     cmocka_unit_test(told_from_each_other),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

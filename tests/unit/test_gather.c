/* The files of a run put together: of one machine, of several, from a directory; and what is said
 * of those that do not fit. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/text.h"
#include "gather_fixture.h"
#include "tools/tool.h"

#define FILES(...) ((const char *const[]){__VA_ARGS__, NULL})

static struct summary take(const char *const *names) {
    struct summary s;
    struct err e;
    if (!gather_files(names, NULL, &s, &e))
        fail_msg("%s: %s", e.file, e.text);
    return s;
}

static void expect_figure(const struct summary *s, enum metric m, double value) {
    double got = summary_value(s, m);
    if (isnan(value) ? !isnan(got) : !(fabs(got - value) < 1e-9))
        fail_msg("%s is %.12g, not %.12g", metric_name(m), got, value);
}

struct expected {
    enum metric m;
    double value;
};

static void expect_figures(const struct summary *s, const struct expected *x, size_t n) {
    for (size_t i = 0; i < n; i++)
        expect_figure(s, x[i].m, x[i].value);
}
#define EXPECT(s, ...)                                                                             \
    expect_figures(s, (const struct expected[]){__VA_ARGS__},                                      \
                   sizeof((const struct expected[]){__VA_ARGS__}) / sizeof(struct expected))

static void expect_finding(const struct summary *s, const char *kind, enum finding_level level,
                           const char *file) {
    const struct finding *f = finding_of(s, kind);
    if (!f)
        fail_msg("no finding \"%s\"", kind);
    assert_int_equal(f->level, level);
    assert_true(text_ends(f->file, file));
}

static void expect_none(const struct summary *s, const char *kind) {
    const struct finding *f = finding_of(s, kind);
    if (f)
        fail_msg("%s: %s", kind, f->text);
}

/* --- one file --- */

static void samples_of_one_file(void **state) {
    (void)state;
    write_k6_csv("load.csv", 0, 10, 10, 1, "a");
    struct summary s = take(FILES("load.csv"));
    assert_true(s.computed);
    assert_string_equal(s.format, "k6-csv");
    assert_int_equal(s.generators, 1);
    EXPECT(&s, {METRIC_REQUESTS, 10}, {METRIC_FAILED, 1}, {METRIC_AVG_MS, 55}, {METRIC_MED_MS, 55},
           {METRIC_P95_MS, 95.5}, {METRIC_MIN_MS, 10}, {METRIC_MAX_MS, 100});
    summary_fini(&s);
}

static void a_paste(void **state) {
    (void)state;
    static const char text[] = "Dear all, the load test went fine.\n";
    const struct gather_options o = {0};
    struct summary s;
    struct err e = {0};
    assert_false(gather_bytes("paste", text, strlen(text), &o, &s, &e));
    assert_string_equal(e.text, "This is not a summary I know. Nothing was stored");
    summary_fini(&s);
    struct buf b;
    buf_init(&b, 1 << 20);
    buf_str(&b, K6_CSV_HEADER);
    k6_csv(&b, 0, 10, 10, 0, "a");
    assert_true(gather_bytes("paste", b.data, b.len, &o, &s, &e));
    EXPECT(&s, {METRIC_REQUESTS, 10}, {METRIC_P95_MS, 95.5});
    summary_fini(&s);
    buf_fini(&b);
}

static void what_is_no_result(void **state) {
    (void)state;
    static const struct {
        const char *bytes, *text;
        enum err_kind kind;
    } cases[] = {
        {"", "is empty", ERR_FORMAT},
        {"hello\033[31m there\nmore", "begins with \"hello?[31m there\", which is no result",
         ERR_FORMAT},
        {"\xef\xbb\xbf\n\n  text", "begins with \"text\"", ERR_FORMAT},
        {"<?xml version=\"1.0\"?>\n<jmeterTestPlan version=\"1.2\">",
         "is a test plan of JMeter, not a result", ERR_FORMAT},
        {"<!DOCTYPE html>\n<HTML lang=en><head>", "is an HTML page", ERR_FORMAT},
        {"<?xml version=\"1.0\"?><!-- x --><project a='1'/>",
         "is XML with the root element \"project\"", ERR_FORMAT},
        {"<", "is XML with the root element \"\"", ERR_FORMAT},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct summary s;
        struct err e;
        temp_write("x.txt", cases[i].bytes);
        assert_false(gather_files(FILES("x.txt"), NULL, &s, &e));
        assert_int_equal(e.kind, cases[i].kind);
        if (!text_starts(e.text, cases[i].text))
            fail_msg("\"%s\" is said of %s", e.text, cases[i].bytes);
        assert_true(text_ends(e.file, "x.txt"));
        summary_fini(&s);
    }
}

static void formats_by_name(void **state) {
    (void)state;
    struct summary s;
    struct err e;
    write_k6_csv("load.csv", 0, 3, 10, 0, "a");
    assert_true(
        gather_files(FILES("load.csv"), &(struct gather_options){.format = "k6-csv"}, &s, &e));
    summary_fini(&s);
    assert_false(
        gather_files(FILES("load.csv"), &(struct gather_options){.format = "csv"}, &s, &e));
    assert_int_equal(e.kind, ERR_USAGE);
    summary_fini(&s);
}

static void files_that_cannot_be(void **state) {
    (void)state;
    struct summary s;
    struct err e;
    assert_false(gather_files(FILES("missing.csv"), NULL, &s, &e));
    assert_int_equal(e.kind, ERR_IO);
    summary_fini(&s);
    write_k6_csv("a.csv", 0, 3, 10, 0, "a");
    assert_false(gather_files(FILES("a.csv", "a.csv"), NULL, &s, &e));
    assert_int_equal(e.kind, ERR_USAGE);
    summary_fini(&s);
    temp_write("run_stats.csv", LOCUST_STATS ",Aggregated,9,0,1,1,1,1,1,1.0,0,1,1,1,1,1\n");
    assert_false(gather_files(FILES("a.csv", "run_stats.csv"), NULL, &s, &e));
    assert_int_equal(e.kind, ERR_REFUSED);
    assert_non_null(strstr(e.text, "locust"));
    summary_fini(&s);
    temp_write("run_failures.csv", "Method,Name,Error,Occurrences\nGET,/a,\"boom\",3\n");
    assert_false(gather_files(FILES("run_failures.csv"), NULL, &s, &e));
    assert_int_equal(e.kind, ERR_FORMAT);
    summary_fini(&s);
}

/* --- one machine, several files --- */

/* The samples' figures, the summary's clock, words and what samples lack. */
static void samples_and_summary(void **state) {
    (void)state;
    write_k6_csv("load.csv", 0, 10, 10, 1, "a");
    write_k6_export("summary.json", (struct k6_export){.requests = 10,
                                                       .failed = 1,
                                                       .rps = 0.8,
                                                       .avg = 55,
                                                       .min = 10,
                                                       .max = 100,
                                                       .p95 = 95.5,
                                                       .iterations = 7,
                                                       .vus = 2,
                                                       .crossed = true});
    struct summary s = take(FILES("summary.json", "load.csv"));
    assert_true(s.computed);
    assert_string_equal(s.format, "k6-csv");
    EXPECT(&s, {METRIC_REQUESTS, 10}, {METRIC_P95_MS, 95.5}, {METRIC_RPS, 0.8},
           {METRIC_DURATION_S, 12.5}, {METRIC_ITERATIONS, 7}, {METRIC_VUS_MAX, 2});
    assert_int_equal(s.thresholds, 1);
    assert_false(s.threshold[0].ok);
    expect_none(&s, "summary-disagrees");
    expect_none(&s, "rate-from-samples");
    summary_fini(&s);
}

static void a_summary_that_disagrees(void **state) {
    (void)state;
    static const struct {
        int requests, failed;
        double p95;
        const char *word;
    } cases[] = {{11, 1, 95.5, "requests"}, {10, 2, 95.5, "failed"}, {10, 1, 96.5, "p95"}};
    write_k6_csv("load.csv", 0, 10, 10, 1, "a");
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        write_k6_export("summary.json", (struct k6_export){.requests = cases[i].requests,
                                                           .failed = cases[i].failed,
                                                           .rps = 0.8,
                                                           .avg = 55,
                                                           .min = 10,
                                                           .max = 100,
                                                           .p95 = cases[i].p95,
                                                           .iterations = 7,
                                                           .vus = 2});
        struct summary s = take(FILES("load.csv", "summary.json"));
        expect_finding(&s, "summary-disagrees", FINDING_WARNING, "summary.json");
        const char *text = finding_of(&s, "summary-disagrees")->text;
        assert_true(text_starts(text, cases[i].word));
        assert_non_null(strstr(text, "load.csv"));
        EXPECT(&s, {METRIC_REQUESTS, 10}, {METRIC_P95_MS, 95.5}, {METRIC_ITERATIONS, NAN});
        assert_false(summary_value(&s, METRIC_RPS) == 0.8);
        assert_int_equal(s.thresholds, 1);
        summary_fini(&s);
    }
}

/* k6's CSV and JSON of one run hold the same requests: they do not count twice. */
static void two_records_of_the_same_requests(void **state) {
    (void)state;
    write_k6_csv("load.csv", 0, 4, 10, 0, "a");
    struct buf b;
    buf_init(&b, 1 << 20);
    for (int n = 3; n < 5; n++) {
        buf_clear(&b);
        for (int i = 0; i <= n; i++)
            buf_printf(&b,
                       "{\"metric\":\"http_req_duration\",\"type\":\"Point\",\"data\":{\"time\":"
                       "\"2023-11-14T22:13:2%d.5Z\",\"value\":%d,\"tags\":{\"name\":\"a\","
                       "\"expected_response\":\"true\"}}}\n",
                       i, 10 + 10 * i);
        temp_write("out.json", b.data);
        struct summary s = take(FILES("out.json", "load.csv"));
        assert_int_equal(s.generators, 1);
        assert_string_equal(s.format, "k6-csv");
        EXPECT(&s, {METRIC_REQUESTS, 4}, {METRIC_MAX_MS, 40});
        if (n == 3)
            expect_none(&s, "summary-disagrees");
        else
            expect_finding(&s, "summary-disagrees", FINDING_WARNING, "out.json");
        summary_fini(&s);
    }
    buf_fini(&b);
}

static const char locust_table[] =
    "Type     Name   # reqs      # fails |    Avg     Min     Max    Med |   req/s  failures/s\n"
    "--------|------|-------|-------------|-------|-------|-------|-------|--------|-----------\n"
    "GET      /a        170     0(0.00%) |     36      26     150     36 |   11.47        0.00\n"
    "--------|------|-------|-------------|-------|-------|-------|-------|--------|-----------\n"
    "         Aggregated    170     0(0.00%) |     36      26     150     36 |   11.47    0.00\n\n"
    "Response time percentiles (approximated)\n"
    "Type     Name      50%    66%    75%    80%    90%    95%    98%    99%  99.9% 99.99%   100% "
    "# reqs\n"
    "--------|---------|------|------|------|------|------|------|------|------|------|------|----"
    "--|------\n"
    "GET      /a         36     38     39     40     41     42     44    140    150    150    150  "
    "  170\n"
    "--------|---------|------|------|------|------|------|------|------|------|------|------|----"
    "--|------\n"
    "         Aggregated 36     38     39     40     41     42     44    140    150    150    150  "
    "  170\n";

/* What Locust prints at the end counts all; its CSV is up to a second older. */
static void locust_csv_is_behind(void **state) {
    (void)state;
    char log[sizeof locust_table + 200];
    snprintf(log, sizeof log,
             "[2026-11-23 08:53:58,565] host/INFO/locust.main: Shutting down (exit code 0)\n%s",
             locust_table);
    temp_write("run.log", log);
    temp_write("run_stats.csv", LOCUST_STATS
               "GET,/a,159,0,36,36.9,26.7,150.5,254.6,11.36,0.0,36,41,42,140,150\n"
               ",Aggregated,159,0,36,36.9,26.7,150.5,254.6,11.36,0.0,36,41,42,140,150\n");
    write_locust_history("run_stats_history.csv", 0, 12, 4, 11);
    temp_write("run_failures.csv", "Method,Name,Error,Occurrences\nGET,/a,\"boom\",3\n");
    struct summary s =
        take(FILES("run_stats.csv", "run_stats_history.csv", "run_failures.csv", "run.log"));
    assert_string_equal(s.format, "locust-console");
    EXPECT(&s, {METRIC_REQUESTS, 170}, {METRIC_AVG_MS, 36}, {METRIC_P95_MS, 42},
           {METRIC_VUS_MAX, 4});
    expect_finding(&s, "csv-behind", FINDING_INFO, "run_stats.csv");
    expect_none(&s, "summary-disagrees");
    assert_true(s.series.points > 0);
    assert_int_equal(s.errors, 1);
    assert_true(s.error[0].count == 3);
    summary_fini(&s);
}

/* Stretches of a source without samples: the pieces that lie in them. */
static void stretches_from_a_series(void **state) {
    (void)state;
    const struct stretch_wanted want[] = {{"hold", 2, 8}, {"after", 100, 200}};
    const struct gather_options o = {.stretch = want, .stretches = 2};
    struct summary s;
    struct err e;
    write_locust_history("run_stats_history.csv", 0, 12, 4, 11);
    assert_true(gather_files(FILES("run_stats_history.csv"), &o, &s, &e));
    assert_int_equal(s.stretches, 1);
    const struct stretch *hold = &s.stretch[0];
    assert_string_equal(hold->name, "hold");
    assert_true(hold->from_s >= 2 && hold->to_s <= 8);
    assert_true(fabs(hold->value[METRIC_RPS] - 11) < 1e-9);
    assert_true(fabs(hold->value[METRIC_REQUESTS] - 11 * (hold->to_s - hold->from_s)) < 1e-9);
    assert_true(isnan(hold->value[METRIC_P95_MS]));
    assert_true(hold->vus == 4);
    summary_fini(&s);
}

/* --- several machines --- */

static void samples_of_two_machines(void **state) {
    (void)state;
    write_k6_csv("load-1.csv", 0, 10, 10, 1, "a");
    write_k6_csv("load-2.csv", 0, 10, 110, 2, "b");
    struct summary s = take(FILES("load-1.csv", "load-2.csv"));
    assert_int_equal(s.generators, 2);
    assert_true(s.computed);
    /* 10, 20 ... 200: p95 at 18.05 of 0..19 */
    EXPECT(&s, {METRIC_REQUESTS, 20}, {METRIC_FAILED, 3}, {METRIC_AVG_MS, 105},
           {METRIC_MED_MS, 105}, {METRIC_P95_MS, 190.5}, {METRIC_MIN_MS, 10}, {METRIC_MAX_MS, 200});
    assert_int_equal(s.endpoints, 2);
    expect_none(&s, "generator-ended-early");
    expect_none(&s, "generator-started-late");
    expect_none(&s, "percentiles-not-averaged");
    summary_fini(&s);
}

/* Each machine has its own summary: what they say of the whole is added. */
static void two_machines_with_summaries(void **state) {
    (void)state;
    write_k6_csv("load-1.csv", 0, 10, 10, 1, "a");
    write_k6_csv("load-2.csv", 0, 10, 110, 2, "b");
    write_k6_export("load-1.json", (struct k6_export){.requests = 10,
                                                      .failed = 1,
                                                      .rps = 0.8,
                                                      .avg = 55,
                                                      .min = 10,
                                                      .max = 100,
                                                      .p95 = 95.5,
                                                      .iterations = 7,
                                                      .vus = 2});
    write_k6_export("load-2.json", (struct k6_export){.requests = 10,
                                                      .failed = 2,
                                                      .rps = 1,
                                                      .avg = 155,
                                                      .min = 110,
                                                      .max = 200,
                                                      .p95 = 195.5,
                                                      .iterations = 8,
                                                      .vus = 3,
                                                      .crossed = true});
    struct summary s = take(FILES("load-1.csv", "load-2.csv", "load-1.json", "load-2.json"));
    assert_int_equal(s.generators, 2);
    EXPECT(&s, {METRIC_REQUESTS, 20}, {METRIC_P95_MS, 190.5}, {METRIC_ITERATIONS, 15},
           {METRIC_VUS_MAX, 5}, {METRIC_RPS, 1.8}, {METRIC_DURATION_S, 12.5});
    assert_int_equal(s.thresholds, 1);
    assert_false(s.threshold[0].ok);
    expect_none(&s, "summary-disagrees");
    summary_fini(&s);
    /* A summary of one of them says nothing of the whole. */
    s = take(FILES("load-1.csv", "load-2.csv", "load-1.json"));
    EXPECT(&s, {METRIC_REQUESTS, 20}, {METRIC_ITERATIONS, NAN});
    assert_true(summary_value(&s, METRIC_RPS) != 0.8);
    summary_fini(&s);
}

static void summaries_of_two_machines(void **state) {
    (void)state;
    write_k6_export("1.json", (struct k6_export){.requests = 100,
                                                 .failed = 1,
                                                 .rps = 10,
                                                 .avg = 20,
                                                 .min = 5,
                                                 .max = 90,
                                                 .p95 = 50,
                                                 .iterations = 50,
                                                 .vus = 5});
    write_k6_export("2.json", (struct k6_export){.requests = 300,
                                                 .failed = 3,
                                                 .rps = 25,
                                                 .avg = 40,
                                                 .min = 4,
                                                 .max = 200,
                                                 .p95 = 70,
                                                 .iterations = 150,
                                                 .vus = 7});
    struct summary s = take(FILES("1.json", "2.json"));
    assert_int_equal(s.generators, 2);
    assert_false(s.computed);
    EXPECT(&s, {METRIC_REQUESTS, 400}, {METRIC_FAILED, 4}, {METRIC_RPS, 35},
           {METRIC_AVG_MS, (100 * 20 + 300 * 40) / 400.0}, {METRIC_MIN_MS, 4}, {METRIC_MAX_MS, 200},
           {METRIC_DURATION_S, 12}, {METRIC_ITERATIONS, 200}, {METRIC_VUS_MAX, 12},
           {METRIC_MED_MS, NAN}, {METRIC_P90_MS, NAN}, {METRIC_P95_MS, NAN});
    expect_finding(&s, "percentiles-not-averaged", FINDING_WARNING, "");
    assert_non_null(strstr(finding_of(&s, "percentiles-not-averaged")->text, "k6-csv"));
    summary_fini(&s);
}

/* Endpoints are added by name; what only one machine called stays as it is. */
static void endpoints_of_two_machines(void **state) {
    (void)state;
    temp_write("a_stats.csv",
               LOCUST_STATS "GET,/a,100,1,20,20.0,5,90,1,10.0,0.1,20,30,40,50,90\n"
                            "GET,/b,10,0,7,7.0,7,7,1,1.0,0,7,7,7,7,7\n"
                            ",Aggregated,110,1,20,19.0,5,90,1,11.0,0.1,20,30,40,50,90\n");
    temp_write("b_stats.csv",
               LOCUST_STATS "GET,/a,300,3,40,40.0,4,200,1,30.0,0.3,40,60,80,90,200\n"
                            ",Aggregated,300,3,40,40.0,4,200,1,30.0,0.3,40,60,80,90,200\n");
    write_locust_history("a_stats_history.csv", 0, 11, 4, 11);
    write_locust_history("b_stats_history.csv", 0, 11, 6, 30);
    struct summary s =
        take(FILES("a_stats.csv", "b_stats.csv", "a_stats_history.csv", "b_stats_history.csv"));
    assert_int_equal(s.generators, 2);
    assert_int_equal(s.endpoints, 2);
    const struct endpoint *a = &s.endpoint[0], *b = &s.endpoint[1];
    assert_true(a->figure[METRIC_REQUESTS].value == 400 && a->figure[METRIC_FAILED].value == 4);
    assert_true(fabs(a->figure[METRIC_AVG_MS].value - 35) < 1e-9);
    assert_true(isnan(a->figure[METRIC_P95_MS].value));
    assert_true(b->figure[METRIC_REQUESTS].value == 10 && b->figure[METRIC_P95_MS].value == 7);
    EXPECT(&s, {METRIC_VUS_MAX, 10});
    /* Over time the requests and the users of both. */
    assert_true(s.series.points >= 9);
    for (size_t i = 2; i + 2 < s.series.points; i++) {
        assert_true(fabs(s.series.point[i].requests - 41 * s.series.point[i].length_s) < 1e-6);
        assert_true(s.series.point[i].vus == 10);
        assert_true(isnan(s.series.point[i].p95_ms));
    }
    summary_fini(&s);
}

static void machines_that_ran_apart(void **state) {
    (void)state;
    static const struct {
        int at_s, n;
        bool early, late;
        const char *reason;
    } cases[] = {
        {0, 60, false, false, "together"},         {0, 59, false, false, "1 s is no finding"},
        {0, 40, true, false, "ended 20 s before"}, {20, 40, false, true, "began 20 s late"},
        {10, 20, true, true, "in the middle"},
    };
    write_k6_csv("m1.csv", 0, 60, 10, 0, "a");
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        write_k6_csv("m2.csv", cases[i].at_s, cases[i].n, 10, 0, "a");
        struct summary s = take(FILES("m1.csv", "m2.csv"));
        if ((finding_of(&s, "generator-ended-early") != NULL) != cases[i].early ||
            (finding_of(&s, "generator-started-late") != NULL) != cases[i].late)
            fail_msg("%s", cases[i].reason);
        if (cases[i].early)
            expect_finding(&s, "generator-ended-early", FINDING_WARNING, "m2.csv");
        summary_fini(&s);
    }
}

/* Which file is of which machine. */
static void files_of_machines(void **state) {
    (void)state;
    static const struct k6_export one = {.requests = 10,
                                         .rps = 1,
                                         .avg = 55,
                                         .min = 10,
                                         .max = 100,
                                         .p95 = 95.5,
                                         .iterations = 5,
                                         .vus = 1};
    static const struct {
        const char *file[4];
        int machines; /* 0: refused */
        const char *reason;
    } cases[] = {
        {{"load-1.csv", "load-1.json", "load-2.csv", "load-2.json"}, 2, "by their stems"},
        {{"a/load.csv", "b/load.csv", NULL}, 2, "the same name in two folders"},
        {{"a/load.csv", "a/sum.json", "b/load.csv", "b/sum.json"}, 2, "by their folders"},
        {{"x.csv", "y.csv", "p.json", "q.json"}, 2, "in the order of their names"},
        {{"x.csv", "y.csv", "p.json", NULL}, 0, "whose is p.json?"},
        {{"x.csv", "p.json", NULL}, 1, "nothing twice"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct summary s;
        struct err e;
        for (int k = 0; k < 4 && cases[i].file[k]; k++) {
            if (text_ends(cases[i].file[k], ".csv"))
                write_k6_csv(cases[i].file[k], 0, 10, 10, 0, "a");
            else
                write_k6_export(cases[i].file[k], one);
        }
        const char *names[5] = {cases[i].file[0], cases[i].file[1], cases[i].file[2],
                                cases[i].file[3]};
        bool ok = gather_files(names, NULL, &s, &e);
        if (ok != (cases[i].machines > 0) || (ok && s.generators != cases[i].machines))
            fail_msg("%s: %s", cases[i].reason, ok ? "another number of machines" : e.text);
        assert_true(ok || e.kind == ERR_REFUSED);
        if (ok)
            expect_none(&s, "summary-disagrees");
        summary_fini(&s);
    }
}

/* --- directories --- */

static void a_directory_with_one_run(void **state) {
    (void)state;
    write_k6_csv("d/load.csv", 0, 10, 10, 1, "a");
    write_k6_export("d/summary.json", (struct k6_export){.requests = 10,
                                                         .failed = 1,
                                                         .rps = 0.8,
                                                         .avg = 55,
                                                         .min = 10,
                                                         .max = 100,
                                                         .p95 = 95.5,
                                                         .iterations = 7,
                                                         .vus = 2});
    temp_write("d/script.js", "import http from 'k6/http';\n");
    temp_write("d/empty.csv", "");
    temp_write("d/.hidden.csv", K6_CSV_HEADER);
    temp_write("d/deeper/load.csv", K6_CSV_HEADER);
    struct summary s = take(FILES("d"));
    EXPECT(&s, {METRIC_REQUESTS, 10}, {METRIC_ITERATIONS, 7});
    assert_int_equal(s.generators, 1);
    summary_fini(&s);
    s = take(FILES("d/"));
    EXPECT(&s, {METRIC_REQUESTS, 10});
    summary_fini(&s);
}

/* A console that ends without its summary. */
static void a_directory_with_an_unfinished_text(void **state) {
    (void)state;
    write_k6_csv("d/load.csv", 0, 10, 10, 1, "a");
    temp_write("d/console.txt",
               "running (0m01.0s), 2/2 VUs, 3 complete and 0 interrupted iterations\n"
               "default   [  10% ] 2 VUs  01.0s/10s\n");
    struct summary s = take(FILES("d"));
    EXPECT(&s, {METRIC_REQUESTS, 10});
    expect_finding(&s, "left-out", FINDING_WARNING, "console.txt");
    summary_fini(&s);
    struct err e; /* who names it wants it */
    assert_false(gather_files(FILES("d/load.csv", "d/console.txt"), NULL, &s, &e));
    assert_int_equal(e.kind, ERR_FORMAT);
    summary_fini(&s);
}

static void a_directory_with_several_runs(void **state) {
    (void)state;
    struct summary s;
    struct err e;
    write_k6_csv("d/monday.csv", 0, 10, 10, 1, "a");
    write_k6_csv("d/tuesday.csv", 0, 10, 10, 1, "a");
    assert_false(gather_files(FILES("d"), NULL, &s, &e));
    assert_int_equal(e.kind, ERR_REFUSED);
    assert_non_null(strstr(e.text, "holds results of several runs: monday.csv and tuesday.csv"));
    summary_fini(&s);
    s = take(FILES("d/monday.csv", "d/tuesday.csv")); /* the user says so */
    assert_int_equal(s.generators, 2);
    summary_fini(&s);
}

/* A console, and the log of the same run: one of them is enough. */
static void a_directory_with_copies(void **state) {
    (void)state;
    static const char *const line =
        "summary =   1656 in 00:00:34 =   48.5/s Avg:    32 Min:    22 Max:   135 Err:     0 "
        "(0.00%)\n";
    char log[300];
    snprintf(log, sizeof log, "2026-11-23 09:09:30,123 INFO o.a.j.r.Summariser: %s", line);
    temp_write("d/console.txt", line);
    temp_write("d/jmeter.log", log);
    struct summary s = take(FILES("d"));
    assert_int_equal(s.generators, 1);
    EXPECT(&s, {METRIC_REQUESTS, 1656});
    expect_finding(&s, "same-twice", FINDING_INFO, "console.txt");
    summary_fini(&s);
    snprintf(log, sizeof log, "%s", line);
    memcpy(strstr(log, "1656"), "1657", 4);
    temp_write("d/jmeter.log", log);
    struct err e;
    assert_false(gather_files(FILES("d"), NULL, &s, &e));
    assert_int_equal(e.kind, ERR_REFUSED);
    summary_fini(&s);
}

/* A directory per machine. */
static void directories_of_two_machines(void **state) {
    (void)state;
    write_k6_csv("m1/load.csv", 0, 10, 10, 1, "a");
    write_k6_csv("m2/load.csv", 0, 10, 110, 2, "b");
    struct summary s = take(FILES("m1", "m2"));
    assert_int_equal(s.generators, 2);
    EXPECT(&s, {METRIC_REQUESTS, 20}, {METRIC_P95_MS, 190.5});
    summary_fini(&s);
}

static void a_directory_without_results(void **state) {
    (void)state;
    struct summary s;
    struct err e;
    temp_write("d/plan.jmx", "<?xml version=\"1.0\"?>\n<jmeterTestPlan version=\"1.2\">\n");
    assert_false(gather_files(FILES("d"), NULL, &s, &e));
    assert_int_equal(e.kind, ERR_FORMAT);
    assert_non_null(strstr(e.text, "plan.jmx is a test plan of JMeter"));
    assert_non_null(strstr(e.fix, "Locust"));
    summary_fini(&s);
}

/* --- transactions --- */

#define JTL_HEADER                                                                                 \
    "timeStamp,elapsed,label,responseCode,responseMessage,threadName,dataType,success,bytes,"      \
    "grpThreads,allThreads,Latency\n"
#define JTL_REQUEST(at, ms, label)                                                                 \
    "17000000" at "000," ms "," label ",200,OK,tg 1-1,text,true,100,1,1,5\n"
#define JTL_TRANSACTION(at, ms, label)                                                             \
    "17000000" at "000," ms "," label ",,\"Number of samples in transaction : 2, number of "       \
    "failing samples : 0\",tg 1-1,,true,200,1,1,0\n"

/* Sums over other requests are shown apart, and are the requests where there are no others. */
static void transactions(void **state) {
    (void)state;
    temp_write("r.jtl", JTL_HEADER JTL_REQUEST("00", "10", "a") JTL_REQUEST("01", "20", "b")
                            JTL_TRANSACTION("00", "30", "buy") JTL_REQUEST("02", "30", "a"));
    temp_write("only.jtl",
               JTL_HEADER JTL_TRANSACTION("00", "30", "buy") JTL_TRANSACTION("02", "50", "buy"));
    struct summary s = take(FILES("r.jtl"));
    EXPECT(&s, {METRIC_REQUESTS, 3}, {METRIC_AVG_MS, 20}, {METRIC_MAX_MS, 30});
    expect_finding(&s, "transactions", FINDING_INFO, "r.jtl");
    assert_true(text_starts(finding_of(&s, "transactions")->text, "1 row is"));
    assert_int_equal(s.endpoints, 3);
    for (size_t i = 0; i < s.endpoints; i++)
        assert_int_equal(s.endpoint[i].transaction, strcmp(s.endpoint[i].name, "buy") == 0);
    summary_fini(&s);
    s = take(FILES("only.jtl"));
    EXPECT(&s, {METRIC_REQUESTS, 2}, {METRIC_AVG_MS, 40});
    expect_finding(&s, "transactions-only", FINDING_INFO, "only.jtl");
    assert_int_equal(s.endpoints, 1);
    assert_false(s.endpoint[0].transaction);
    summary_fini(&s);
    /* Of two machines one wrote requests too: then the other's sums are sums. */
    s = take(FILES("r.jtl", "only.jtl"));
    EXPECT(&s, {METRIC_REQUESTS, 3}, {METRIC_MAX_MS, 30});
    expect_finding(&s, "transactions", FINDING_INFO, "");
    assert_true(text_starts(finding_of(&s, "transactions")->text, "3 rows are"));
    summary_fini(&s);
}

/* --- damage --- */

static void a_half_written_line(void **state) {
    (void)state;
    struct buf b;
    buf_init(&b, 1 << 20);
    buf_str(&b, K6_CSV_HEADER);
    k6_csv(&b, 0, 10, 10, 0, "a");
    b.data[b.len - 30] = '\0';
    temp_write("load.csv", b.data);
    struct summary s = take(FILES("load.csv"));
    expect_finding(&s, "half-line", FINDING_WARNING, "load.csv");
    assert_int_equal(finding_of(&s, "half-line")->line, 31);
    summary_fini(&s);
    buf_fini(&b);
}

#define IN_FOLDER(f) cmocka_unit_test_setup_teardown(f, temp_make, temp_remove)

int main(void) {
    const struct CMUnitTest tests[] = {
        IN_FOLDER(samples_of_one_file),
        IN_FOLDER(a_paste),
        IN_FOLDER(what_is_no_result),
        IN_FOLDER(formats_by_name),
        IN_FOLDER(files_that_cannot_be),
        IN_FOLDER(samples_and_summary),
        IN_FOLDER(a_summary_that_disagrees),
        IN_FOLDER(two_records_of_the_same_requests),
        IN_FOLDER(locust_csv_is_behind),
        IN_FOLDER(stretches_from_a_series),
        IN_FOLDER(samples_of_two_machines),
        IN_FOLDER(two_machines_with_summaries),
        IN_FOLDER(summaries_of_two_machines),
        IN_FOLDER(endpoints_of_two_machines),
        IN_FOLDER(machines_that_ran_apart),
        IN_FOLDER(files_of_machines),
        IN_FOLDER(a_directory_with_one_run),
        IN_FOLDER(a_directory_with_an_unfinished_text),
        IN_FOLDER(a_directory_with_several_runs),
        IN_FOLDER(a_directory_with_copies),
        IN_FOLDER(directories_of_two_machines),
        IN_FOLDER(a_directory_without_results),
        IN_FOLDER(transactions),
        IN_FOLDER(a_half_written_line),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

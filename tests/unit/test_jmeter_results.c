/* Every output of JMeter in tests/data/jmeter, against the figures beside it: counts exactly, times
 * as JMeter itself prints them. */
#include <dirent.h>
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include <cjson/cJSON.h>

#include "base/err.h"
#include "gather/gather.h"

#define COUNT(a) (sizeof(a) / sizeof *(a))

enum { FILES = 68 }; /* with a format of JMeter's, in all cases */

static char *load(const char *path) {
    FILE *f = fopen(path, "rb");
    char *text = NULL;
    if (!f)
        return NULL;
    fseek(f, 0, SEEK_END);
    long len = ftell(f);
    rewind(f);
    text = calloc(1, (size_t)len + 1);
    if (fread(text, 1, (size_t)len, f) != (size_t)len)
        text[0] = '\0';
    fclose(f);
    return text;
}

static struct summary read_file(const char *path) {
    const struct gather_options o = {0};
    struct summary s;
    struct err e = {0};
    if (!gather(&path, 1, &o, &s, &e))
        fail_msg("%s: %s", path, e.text);
    return s;
}

/* by: how far it may be away, half a step of the last digit in expected.json. */
static void compare(const char *path, const struct summary *s, enum metric m, const cJSON *want,
                    const char *key, double by) {
    const cJSON *w = cJSON_GetObjectItem(want, key);
    double got = summary_value(s, m);
    if (!cJSON_IsNumber(w))
        return;
    if (!(fabs(got - w->valuedouble) <= by))
        fail_msg("%s: %s is %.9g, not %.9g", path, key, got, w->valuedouble);
    if (!(s->figure[m].low <= got && got <= s->figure[m].high))
        fail_msg("%s: %s outside its interval", path, key);
}

static void compare_all(const char *path, const struct summary *s, const cJSON *want) {
    static const struct {
        enum metric metric;
        const char *key;
        double by;
    } rows[] = {
        {METRIC_REQUESTS, "requests", 0}, {METRIC_FAILED, "failures", 0},
        {METRIC_RPS, "rps", 5.1e-7},      {METRIC_AVG_MS, "avg_ms", 5.1e-7},
        {METRIC_MIN_MS, "min_ms", 0},     {METRIC_MED_MS, "med_ms", 0},
        {METRIC_P90_MS, "p90_ms", 0.005}, {METRIC_P95_MS, "p95_ms", 0.005},
        {METRIC_P99_MS, "p99_ms", 0.005}, {METRIC_MAX_MS, "max_ms", 0},
        {METRIC_VUS_MAX, "max_vus", 0},   {METRIC_DURATION_S, "duration_s", 5.1e-4},
    };
    for (size_t i = 0; i < COUNT(rows); i++)
        compare(path, s, rows[i].metric, want, rows[i].key, rows[i].by);
}

/* --- by format --- */

static void jtl(const char *path, const struct summary *s, const cJSON *about, const cJSON *truth) {
    (void)about;
    assert_true(s->computed);
    assert_non_null(strstr(s->percentiles, "Aggregate Report"));
    compare_all(path, s, truth);
    assert_true(s->endpoints == 2 && s->series.points > 10);
    assert_true(summary_value(s, METRIC_RECEIVED_BYTES) > 0);
    double failed = 0;
    for (size_t i = 0; i < s->errors; i++)
        failed += s->error[i].count;
    assert_true(failed == summary_value(s, METRIC_FAILED));
}

static void statistics(const char *path, const struct summary *s, const cJSON *about,
                       const cJSON *truth) {
    compare_all(path, s, cJSON_GetObjectItem(about, "total"));
    compare(path, s, METRIC_DURATION_S, truth, "duration_s", 5.1e-4);
    assert_int_equal(s->endpoints, 2);
    bool median = strstr(path, "5.6.3") != NULL;
    assert_true(summary_has(s, METRIC_MED_MS) == median);
}

static void in_interval(const char *path, const struct figure *f, const cJSON *truth,
                        const char *key) {
    double true_value = cJSON_GetObjectItem(truth, key)->valuedouble;
    if (!(f->low <= true_value && true_value <= f->high))
        fail_msg("%s: %s %.9g is not in [%.9g, %.9g]", path, key, true_value, f->low, f->high);
}

/* What the table rounds holds the true value in its interval. */
static void rounded(const char *path, const struct summary *s, const cJSON *truth) {
    compare(path, s, METRIC_REQUESTS, truth, "requests", 0);
    compare(path, s, METRIC_FAILED, truth, "failures", 0);
    compare(path, s, METRIC_MIN_MS, truth, "min_ms", 0);
    compare(path, s, METRIC_MAX_MS, truth, "max_ms", 0);
    in_interval(path, &s->figure[METRIC_AVG_MS], truth, "avg_ms");
    in_interval(path, &s->figure[METRIC_RPS], truth, "rps");
    in_interval(path, &s->figure[METRIC_DURATION_S], truth, "duration_s");
}

static void aggregate(const char *path, const struct summary *s, const cJSON *about,
                      const cJSON *truth) {
    compare_all(path, s, cJSON_GetObjectItem(about, "total"));
    rounded(path, s, truth);
    assert_int_equal(s->endpoints, 2);
}

static void summary_report(const char *path, const struct summary *s, const cJSON *about,
                           const cJSON *truth) {
    (void)about;
    rounded(path, s, truth);
    assert_int_equal(s->endpoints, 2);
    assert_false(summary_has(s, METRIC_P95_MS));
}

static void summariser(const char *path, const struct summary *s, const cJSON *about,
                       const cJSON *truth) {
    const cJSON *last = cJSON_GetObjectItem(about, "last");
    compare_all(path, s, last);
    assert_true(s->figure[METRIC_AVG_MS].high == summary_value(s, METRIC_AVG_MS) + 1);
    if (strstr(path, "run1") == NULL && strstr(path, "appended") == NULL)
        compare(path, s, METRIC_VUS_MAX, truth, "max_vus", 0);
    assert_int_equal((int)s->series.points, cJSON_GetObjectItem(about, "plus_lines")->valueint);
    assert_int_equal(s->blocks, 1);
    assert_string_equal(s->stopped, "");
    assert_false(summary_has(s, METRIC_P95_MS));
    assert_false(summary_has(s, METRIC_MED_MS));
    double n = 0;
    for (size_t i = 0; i < s->series.points; i++)
        n += s->series.point[i].requests;
    assert_true(n == summary_value(s, METRIC_REQUESTS));
}

static const struct {
    const char *format;
    void (*check)(const char *path, const struct summary *s, const cJSON *about,
                  const cJSON *truth);
} formats[] = {
    {"jmeter-jtl-csv", jtl},
    {"jmeter-jtl-xml", jtl},
    {"jmeter-statistics-json", statistics},
    {"jmeter-aggregate-report-csv", aggregate},
    {"jmeter-summary-report-csv", summary_report},
    {"jmeter-summariser", summariser},
    {"jmeter-log", summariser},
};

static int one_file(const char *path, const cJSON *about, const cJSON *truth) {
    const char *format = cJSON_GetObjectItem(about, "format")->valuestring;
    for (size_t i = 0; i < COUNT(formats); i++) {
        if (strcmp(formats[i].format, format) != 0)
            continue;
        struct summary s = read_file(path);
        assert_string_equal(s.tool, "jmeter");
        assert_string_equal(s.format, format);
        formats[i].check(path, &s, about, truth);
        summary_fini(&s);
        return 1;
    }
    return 0;
}

static int one_case(const char *name) {
    char path[1024];
    int n = 0;
    const cJSON *about;
    snprintf(path, sizeof path, TEST_DATA "/jmeter/%s/expected.json", name);
    char *text = load(path);
    cJSON *root = text ? cJSON_Parse(text) : NULL;
    free(text);
    cJSON_ArrayForEach(about, cJSON_GetObjectItem(root, "files")) {
        snprintf(path, sizeof path, TEST_DATA "/jmeter/%s/%s", name, about->string);
        n += one_file(path, about, cJSON_GetObjectItem(root, "truth"));
    }
    cJSON_Delete(root);
    return n;
}

static void samples_give_their_figures(void **state) {
    DIR *list = opendir(TEST_DATA "/jmeter");
    struct dirent *d;
    int n = 0;
    (void)state;
    assert_non_null(list);
    while ((d = readdir(list)))
        if (d->d_name[0] != '.')
            n += one_case(d->d_name);
    closedir(list);
    assert_int_equal(n, FILES);
}

/* --- what is odd about them --- */

static bool found(const struct summary *s, const char *kind) {
    for (size_t i = 0; i < s->findings.len; i++)
        if (strcmp(s->findings.item[i].kind, kind) == 0)
            return true;
    return false;
}

static void oddities_are_findings(void **state) {
    static const struct {
        const char *file, *kind;
    } cases[] = {
        {"appended-2.13/results.jtl", "two-runs"},
        {"partial/jmeter-running.jtl", "half-line"},
        {"partial/jmeter-running.xml", "cut-off"},
        {"load-5.1/statistics.json", "percentile-levels"},
        {"load-5.1/console.txt", "no-percentiles"},
        {"load-5.1/summary-report.csv", "no-percentiles"},
    };
    (void)state;
    for (size_t i = 0; i < COUNT(cases); i++) {
        char path[1024];
        snprintf(path, sizeof path, TEST_DATA "/jmeter/%s", cases[i].file);
        struct summary s = read_file(path);
        if (!found(&s, cases[i].kind))
            fail_msg("%s: no %s", path, cases[i].kind);
        summary_fini(&s);
    }
}

static void clean_samples_have_no_warning(void **state) {
    static const char *const files[] = {
        "baseline-2.13/results.jtl",      "load-5.1/results.jtl",     "stress-5.1/results.jtl",
        "load-2.13-fulldate/results.jtl", "load-5.1-xml/results.xml", "stress-2.13/terminal.txt"};
    (void)state;
    for (size_t i = 0; i < COUNT(files); i++) {
        char path[1024];
        snprintf(path, sizeof path, TEST_DATA "/jmeter/%s", files[i]);
        struct summary s = read_file(path);
        for (size_t k = 0; k < s.findings.len; k++)
            if (s.findings.item[k].level != FINDING_INFO)
                fail_msg("%s: %s", path, s.findings.item[k].text);
        summary_fini(&s);
    }
}

static void plans_are_no_results(void **state) {
    const char *path = TEST_DATA "/jmeter/baseline_orders.jmx";
    const struct gather_options o = {0};
    struct summary s;
    struct err e = {0};
    (void)state;
    assert_false(gather(&path, 1, &o, &s, &e));
    assert_non_null(strstr(e.text, "test plan"));
    summary_fini(&s);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(samples_give_their_figures),
        cmocka_unit_test(oddities_are_findings),
        cmocka_unit_test(clean_samples_have_no_warning),
        cmocka_unit_test(plans_are_no_results),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

/* Every output of a real tool that is kept in tests/data gives the figures of its expected.json in
 * `perfscale check --json`: counts exactly, times as the tool prints them. */
#include <dirent.h>
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include <cmocka.h>

#include "program.h"

/* How near a figure must come to the expected one. */
enum near {
    EXACT,   /* counts */
    SIX,     /* expected.json has six decimals */
    MILLI,   /* seconds with three decimals */
    SHARE,   /* five decimals of a share */
    FIVE,    /* five significant digits */
    SHOWN,   /* text of k6: two decimals of the unit shown, cut off */
    CUT_OFF, /* a whole number, cut off */
    UNKNOWN, /* must be null */
};

struct figure_row {
    const char *want;        /* member of the expected object */
    const char *group, *got; /* member of check's object; group NULL: at the top */
    enum near near;
};

#define LATENCY(stat, near)                                                                        \
    { stat "_ms", "latency_ms", stat, near }

static const struct figure_row samples_rows[] = {
    {"requests", NULL, "requests", EXACT},
    {"failures", NULL, "failed", EXACT},
    {"error_rate", NULL, "error_rate", SIX},
    {"rps", NULL, "rps", SIX},
    {"duration_s", NULL, "duration_s", MILLI},
    {"iterations", NULL, "iterations", EXACT},
    {"max_vus", NULL, "vus_max", EXACT},
    LATENCY("avg", SIX),
    LATENCY("min", SIX),
    LATENCY("med", SIX),
    LATENCY("p90", SIX),
    LATENCY("p95", SIX),
    LATENCY("p99", SIX),
    LATENCY("max", SIX),
    {0},
};

static const struct figure_row recording_rows[] = {
    {"requests", NULL, "requests", EXACT},
    {"error_rate", NULL, "error_rate", SHARE},
    {"iterations", NULL, "iterations", EXACT},
    {"dropped_iterations", NULL, "dropped_iterations", EXACT},
    LATENCY("avg", FIVE),
    LATENCY("min", FIVE),
    LATENCY("med", FIVE),
    LATENCY("p90", FIVE),
    LATENCY("p95", FIVE),
    LATENCY("p99", FIVE),
    LATENCY("max", FIVE),
    {0},
};

static const struct figure_row shown_rows[] = {
    LATENCY("avg", SHOWN), LATENCY("min", SHOWN), LATENCY("med", SHOWN), LATENCY("p90", SHOWN),
    LATENCY("p95", SHOWN), LATENCY("p99", SHOWN), LATENCY("max", SHOWN), {0},
};

static const struct figure_row count_rows[] = {
    {"requests", NULL, "requests", EXACT},
    {"failures", NULL, "failed", EXACT},
    {"iterations", NULL, "iterations", EXACT},
    {0},
};

static const struct figure_row report_rows[] = {
    {"requests", NULL, "requests", EXACT},
    {"rps", NULL, "rps", SIX},
    LATENCY("avg", EXACT),
    LATENCY("med", EXACT),
    LATENCY("p90", EXACT),
    LATENCY("p95", EXACT),
    LATENCY("p99", EXACT),
    LATENCY("min", EXACT),
    LATENCY("max", EXACT),
    {0},
};

static const struct figure_row statistics_rows[] = {
    {"requests", NULL, "requests", EXACT},
    {"failures", NULL, "failed", EXACT},
    {"rps", NULL, "rps", SIX},
    LATENCY("avg", SIX),
    LATENCY("med", SIX),
    LATENCY("p90", SIX),
    LATENCY("p95", SIX),
    LATENCY("p99", SIX),
    LATENCY("min", EXACT),
    LATENCY("max", EXACT),
    {0},
};

static const struct figure_row summariser_rows[] = {
    {"requests", NULL, "requests", EXACT},
    {"failures", NULL, "failed", EXACT},
    {"rps", NULL, "rps", SIX},
    LATENCY("avg", CUT_OFF),
    LATENCY("min", CUT_OFF),
    LATENCY("max", CUT_OFF),
    {"requests", "latency_ms", "med", UNKNOWN},
    {"requests", "latency_ms", "p95", UNKNOWN},
    {"requests", "latency_ms", "p99", UNKNOWN},
    {0},
};

static const struct figure_row summary_report_rows[] = {
    {"requests", NULL, "requests", EXACT},
    LATENCY("avg", CUT_OFF),
    LATENCY("min", EXACT),
    LATENCY("max", EXACT),
    {"requests", "latency_ms", "p95", UNKNOWN},
    {0},
};

static const struct figure_row table_rows[] = {
    {"requests", NULL, "requests", EXACT},
    {"failures", NULL, "failed", EXACT},
    LATENCY("avg", CUT_OFF),
    LATENCY("min", CUT_OFF),
    LATENCY("max", CUT_OFF),
    LATENCY("med", CUT_OFF),
    {0},
};

static const struct figure_row percentile_rows[] = {
    {"90", "latency_ms", "p90", EXACT},
    {"95", "latency_ms", "p95", EXACT},
    {"99", "latency_ms", "p99", EXACT},
    {0},
};

static const struct figure_row rate_rows[] = {{"rps", NULL, "rps", SIX}, {0}};

static const struct figure_row history_rows[] = {
    {"last_total_requests", NULL, "requests", EXACT},
    {"max_users", NULL, "vus_max", EXACT},
    {0},
};

/* --- comparing --- */

struct file_case {
    char path[PATH_BYTES];
    const cJSON *truth, *about; /* of the case; of the file */
    const char *format;
};

static const cJSON *get(const cJSON *o, const char *key) {
    return cJSON_GetObjectItemCaseSensitive(o, key);
}

static double step_of(double ms) {
    return ms < 1 ? 1e-5 : ms < 1000 ? 0.01 : ms < 60000 ? 10 : 1000;
}

static bool is_near(double got, double want, enum near near) {
    switch (near) {
    case EXACT:
        return got == want;
    case SIX:
        return fabs(got - want) <= 1.01e-6;
    case MILLI:
        return fabs(got - want) <= 0.00051;
    case SHARE:
        return fabs(got - want) <= 5.1e-6;
    case FIVE:
        return fabs(got - want) <= 5.1e-5 * fabs(want);
    case SHOWN:
        return fabs(got - want) <= 1.01 * step_of(want);
    case CUT_OFF:
        return floor(got) == floor(want);
    case UNKNOWN:
        break;
    }
    return false;
}

static int compared, wrong;

static void compare(const struct file_case *f, const cJSON *got, const cJSON *want,
                    const struct figure_row *rows) {
    for (const struct figure_row *r = rows; r->want; r++) {
        const cJSON *w = get(want, r->want);
        const cJSON *g = get(r->group ? get(got, r->group) : got, r->got);
        if (r->near == UNKNOWN) {
            if (!cJSON_IsNull(g))
                wrong++, print_error("%s: %s must be null\n", f->path, r->got);
            compared++;
            continue;
        }
        if (!cJSON_IsNumber(w))
            continue;
        if (!cJSON_IsNumber(g))
            wrong++,
                print_error("%s: %s is null, %.9g expected\n", f->path, r->got, w->valuedouble);
        else if (!is_near(g->valuedouble, w->valuedouble, r->near))
            wrong++, print_error("%s: %s is %.9g, %.9g expected\n", f->path, r->got, g->valuedouble,
                                 w->valuedouble);
        compared++;
    }
}

/* --- formats --- */

static cJSON *check_file(const struct file_case *f) {
    const struct said *s =
        call(&(struct call){.dir = TEST_DATA}, WORDS("check", f->path, "--json", "--rps", "1"));
    if (s->status == 2 || s->status > 4)
        fail_msg("%s: status %d\n%s%s", f->path, s->status, s->out, s->err);
    assert_clean(s->out);
    cJSON *got = said_json(s);
    assert_string_equal(get(got, "format")->valuestring, f->format);
    return got;
}

static void with_expect(const struct file_case *f, const cJSON *got) {
    compare(f, got, get(f->about, "expect"), samples_rows);
    if (strstr(f->path, "-v0.26/")) /* it did not count them yet, so they are not known */
        return;
    compare(f, got, get(f->about, "expect"),
            (const struct figure_row[]){{"dropped_iterations", NULL, "dropped_iterations", EXACT},
                                        {0}});
}

static void recording(const struct file_case *f, const cJSON *got) {
    compare(f, got, get(f->about, "expect"), recording_rows);
    const cJSON *periods = get(f->about, "per_period"), *series = get(got, "series");
    /* What came after the last period is a piece of its own. */
    int pieces = cJSON_GetArraySize(get(series, "requests")) - cJSON_GetArraySize(periods);
    assert_true(pieces == 0 || pieces == 1);
    for (int i = 0; i < cJSON_GetArraySize(periods); i++) {
        const cJSON *p = cJSON_GetArrayItem(periods, i);
        const cJSON *n = cJSON_GetArrayItem(get(series, "requests"), i);
        const cJSON *p95 = cJSON_GetArrayItem(get(series, "p95_ms"), i);
        assert_true(n->valuedouble == get(p, "requests")->valuedouble);
        if (cJSON_IsNumber(get(p, "p95_ms")))
            assert_true(is_near(p95->valuedouble, get(p, "p95_ms")->valuedouble, FIVE));
    }
}

static void k6_summary(const struct file_case *f, const cJSON *got) {
    compare(f, got, f->truth, samples_rows);
}

static void k6_text(const struct file_case *f, const cJSON *got) {
    compare(f, got, f->truth, count_rows);
    compare(f, got, get(f->about, "shown_ms"), shown_rows);
}

static void jtl(const struct file_case *f, const cJSON *got) {
    compare(f, got, f->truth, samples_rows);
    assert_true(cJSON_IsNull(get(got, "iterations")));
    assert_true(cJSON_IsNull(get(got, "dropped_iterations")));
}

static void report(const struct file_case *f, const cJSON *got) {
    compare(f, got, get(f->about, "total"), report_rows);
}

static void summary_report(const struct file_case *f, const cJSON *got) {
    compare(f, got, f->truth, summary_report_rows);
}

static void statistics(const struct file_case *f, const cJSON *got) {
    compare(f, got, get(f->about, "total"), statistics_rows);
}

static void summariser(const struct file_case *f, const cJSON *got) {
    compare(f, got, get(f->about, "last"), summariser_rows);
}

static void locust_console(const struct file_case *f, const cJSON *got) {
    const cJSON *table = get(f->about, "last_table");
    compare(f, got, table ? table : f->truth, table_rows);
    compare(f, got, get(f->about, "percentiles"), percentile_rows);
    if (cJSON_IsTrue(get(f->about, "last_table_is_final")))
        compare(f, got, table, rate_rows);
    else if (table) /* the rate of a table that comes in between is of ten seconds */
        assert_true(cJSON_IsNull(get(got, "rps")));
}

static void locust_history(const struct file_case *f, const cJSON *got) {
    compare(f, got, f->about, history_rows);
}

static const struct {
    const char *format;
    void (*compare)(const struct file_case *f, const cJSON *got);
} formats[] = {
    {"k6-csv", with_expect},
    {"k6-json", with_expect},
    {"k6-dashboard-recording", recording},
    {"k6-summary-export", k6_summary},
    {"k6-handle-summary", k6_summary},
    {"k6-summary-machine-readable", k6_summary},
    {"k6-text-compact", k6_text},
    {"k6-text-full", k6_text},
    {"k6-text-legacy", k6_text},
    {"locust-stats-csv", with_expect},
    {"locust-json", with_expect},
    {"locust-history-csv", locust_history},
    {"locust-console", locust_console},
    {"jmeter-jtl-csv", jtl},
    {"jmeter-jtl-xml", jtl},
    {"jmeter-aggregate-report-csv", report},
    {"jmeter-summary-report-csv", summary_report},
    {"jmeter-statistics-json", statistics},
    {"jmeter-summariser", summariser},
    {"jmeter-log", summariser},
};
enum { FORMATS = sizeof formats / sizeof *formats };

static int files_of[FORMATS];

/* What is in the table and has figures of a run. */
static void check_one(struct file_case *f) {
    for (size_t i = 0; i < FORMATS; i++) {
        if (strcmp(formats[i].format, f->format) != 0)
            continue;
        cJSON *got = check_file(f);
        formats[i].compare(f, got);
        cJSON_Delete(got);
        files_of[i]++;
    }
}

/* --- walking --- */

static bool no_summary_in(const cJSON *about) {
    const cJSON *note = get(about, "note");
    return cJSON_IsString(note) && strstr(note->valuestring, "no end-of-test summary");
}

static cJSON *read_expected(const char *folder) {
    size_t len;
    char *text = get_file(folder, "expected.json", &len);
    cJSON *expected = text ? cJSON_ParseWithLength(text, len) : NULL;
    free(text);
    return expected;
}

static int check_case(const char *folder) {
    cJSON *expected = read_expected(folder);
    const cJSON *about;
    int files = 0;
    cJSON_ArrayForEach(about, get(expected, "files")) {
        struct stat st;
        struct file_case f = {.truth = get(expected, "truth"),
                              .about = about,
                              .format = get(about, "format")->valuestring};
        snprintf(f.path, sizeof f.path, "%s/%s", folder, about->string);
        if (stat(f.path, &st) != 0 || no_summary_in(about))
            continue;
        check_one(&f);
        files++;
    }
    cJSON_Delete(expected);
    return files;
}

static void check_tool(const char *tool, int least) {
    char folder[PATH_BYTES], path[2 * PATH_BYTES];
    struct dirent *d;
    int files = 0;
    snprintf(folder, sizeof folder, "%s/%s", TEST_DATA, tool);
    DIR *list = opendir(folder);
    assert_non_null(list);
    while ((d = readdir(list))) {
        snprintf(path, sizeof path, "%s/%s", folder, d->d_name);
        if (d->d_name[0] != '.')
            files += check_case(path);
    }
    closedir(list);
    print_message("%s: %d files\n", tool, files);
    assert_int_equal(wrong, 0);
    assert_true(files >= least);
}

static void k6_samples(void **state) {
    (void)state;
    check_tool("k6", 85);
}

static void locust_samples(void **state) {
    (void)state;
    check_tool("locust", 65);
}

static void jmeter_samples(void **state) {
    (void)state;
    check_tool("jmeter", 65);
}

static void every_format_was_there(void **state) {
    (void)state;
    for (size_t i = 0; i < FORMATS; i++)
        if (files_of[i] == 0)
            fail_msg("no sample of %s", formats[i].format);
    assert_true(compared > 1000);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(k6_samples),
        cmocka_unit_test(locust_samples),
        cmocka_unit_test(jmeter_samples),
        cmocka_unit_test(every_format_was_there),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

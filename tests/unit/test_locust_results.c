/* Everything that Locust writes, real files first: each gives the figures of its expected.json, and
 * says the same however its bytes are cut. */
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

#include "base/file.h"
#include "result_digest.h"
#include "stats/stats.h"
#include "tools/locust/results.h"
#include "tools/tool.h"

#define COUNT(a) (sizeof(a) / sizeof *(a))
#define DATA TEST_DATA "/locust/"

static int figures_compared;

static char *load(const char *folder, const char *name, size_t *len) {
    char path[512];
    snprintf(path, sizeof path, DATA "%s/%s", folder, name);
    return file_read(path, 64 << 20, len, NULL);
}

/* --- against expected.json --- */

enum how { EXACT, SIX, MILLI };

struct row {
    const char *want;
    enum metric metric;
    enum how how;
};

static const struct row full_rows[] = {
    {"requests", METRIC_REQUESTS, EXACT},
    {"failures", METRIC_FAILED, EXACT},
    {"rps", METRIC_RPS, SIX},
    {"duration_s", METRIC_DURATION_S, MILLI},
    {"avg_ms", METRIC_AVG_MS, SIX},
    {"min_ms", METRIC_MIN_MS, SIX},
    {"max_ms", METRIC_MAX_MS, SIX},
    {0},
};
static const struct row class_rows[] = {
    {"med_ms", METRIC_MED_MS, EXACT},
    {"p90_ms", METRIC_P90_MS, EXACT},
    {"p95_ms", METRIC_P95_MS, EXACT},
    {"p99_ms", METRIC_P99_MS, EXACT},
    {0},
};
static const struct row table_rows[] = {
    {"requests", METRIC_REQUESTS, EXACT},
    {"failures", METRIC_FAILED, EXACT},
    {"avg_ms", METRIC_AVG_MS, EXACT},
    {"min_ms", METRIC_MIN_MS, EXACT},
    {"max_ms", METRIC_MAX_MS, EXACT},
    {"med_ms", METRIC_MED_MS, EXACT},
    {0},
};
static const struct row rate_rows[] = {{"rps", METRIC_RPS, EXACT}, {0}};
static const struct row percentile_rows[] = {
    {"90", METRIC_P90_MS, EXACT}, {"95", METRIC_P95_MS, EXACT}, {"99", METRIC_P99_MS, EXACT}, {0}};
static const struct row history_rows[] = {
    {"last_total_requests", METRIC_REQUESTS, EXACT}, {"max_users", METRIC_VUS_MAX, EXACT}, {0}};

static void compare(const char *what, const struct summary *s, const cJSON *want,
                    const struct row *rows) {
    for (; rows->want; rows++) {
        const cJSON *w = cJSON_GetObjectItemCaseSensitive(want, rows->want);
        const struct figure *f = &s->figure[rows->metric];
        if (!cJSON_IsNumber(w))
            continue;
        double away = rows->how == EXACT ? 0 : rows->how == SIX ? 1.01e-6 : 1.01e-3;
        if (!(fabs(f->value - w->valuedouble) <= away))
            fail_msg("%s: %s is %.9g, %.9g expected", what, rows->want, f->value, w->valuedouble);
        if (!(f->low <= f->value && f->value <= f->high))
            fail_msg("%s: %s has no interval", what, rows->want);
        figures_compared++;
    }
}

static void compare_console(const char *what, const struct summary *s, const cJSON *about,
                            const cJSON *truth) {
    const cJSON *table = cJSON_GetObjectItem(about, "last_table");
    compare(what, s, table ? table : truth, table_rows);
    compare(what, s, cJSON_GetObjectItem(about, "percentiles"), percentile_rows);
    bool final = !table || cJSON_IsTrue(cJSON_GetObjectItem(about, "last_table_is_final"));
    if (final)
        compare(what, s, table ? table : truth, rate_rows);
    assert_int_equal(summary_has(s, METRIC_RPS), final);
    assert_int_equal(summary_has(s, METRIC_P95_MS), final);
    assert_true(summary_has(s, METRIC_DURATION_S));
    double vus = cJSON_GetObjectItem(truth, "max_vus")->valuedouble;
    assert_true(summary_value(s, METRIC_VUS_MAX) == vus);
}

static void compare_file(const char *what, const char *format, const struct summary *s,
                         const cJSON *about, const cJSON *truth) {
    const cJSON *expect = cJSON_GetObjectItem(about, "expect");
    if (strcmp(format, "locust-console") == 0)
        compare_console(what, s, about, truth);
    else if (strcmp(format, "locust-history-csv") == 0)
        compare(what, s, about, history_rows);
    else
        compare(what, s, expect, full_rows);
    compare(what, s, expect, class_rows);
    double errors = 0;
    for (size_t i = 0; i < s->errors; i++)
        errors += s->error[i].count;
    if (strcmp(format, "locust-failures-csv") == 0)
        assert_true(errors == cJSON_GetObjectItem(about, "occurrences")->valuedouble);
}

struct both {
    struct sink summary;
    struct stats *stats;
};

static void both_summary(void *self, const struct word *w) {
    const struct sink *k = &((struct both *)self)->summary;
    k->summary(k->self, w);
}

static void both_remark(void *self, enum finding_level level, const char *kind, long line,
                        const char *text) {
    const struct sink *k = &((struct both *)self)->summary;
    k->remark(k->self, level, kind, line, text);
}

static void both_tally(void *self, const struct tally *t) {
    stats_tally(((struct both *)self)->stats, t);
}

static void both_bulk(void *self, const char *endpoint, size_t len, uint64_t v, uint64_t count,
                      enum outcome outcome) {
    stats_bulk(((struct both *)self)->stats, endpoint, len, v, count, outcome);
}

/* A histogram: the figures that the file has, and those that come from its classes. */
static bool read_histogram(const struct reader *r, const char *bytes, size_t len, struct summary *s,
                           struct err *e) {
    struct both b;
    const struct sink out = {.self = &b,
                             .summary = both_summary,
                             .bulk = both_bulk,
                             .tally = both_tally,
                             .remark = both_remark};
    summary_init(s);
    b.summary = summary_sink(s, r);
    b.stats =
        stats_new(&(struct stats_options){.rules = r->samples, .origin_ms = INT64_MIN, .parts = 1});
    void *self = r->open(&out);
    bool ok = r->feed(self, bytes, len, e) && r->finish(self, e);
    r->close(self);
    stats_finish(b.stats, s);
    stats_free(b.stats);
    return ok;
}

static void compare_series(const char *what, const struct summary *s) {
    double requests = 0, failed = 0;
    assert_true(s->series.points > 5);
    for (size_t i = 0; i < s->series.points; i++) {
        requests += s->series.point[i].requests;
        failed += s->series.point[i].failed;
        assert_true(isnan(s->series.point[i].p95_ms) && isnan(s->series.point[i].avg_ms));
    }
    if (requests != summary_value(s, METRIC_REQUESTS) || failed != summary_value(s, METRIC_FAILED))
        fail_msg("%s: the series has %g requests, %g failed", what, requests, failed);
}

static void check_file(const char *folder, const cJSON *about, const cJSON *truth) {
    char what[256];
    const char *format = cJSON_GetObjectItem(about, "format")->valuestring;
    size_t len;
    struct summary s;
    struct err e = {0};
    snprintf(what, sizeof what, "%s/%s", folder, about->string);
    char *bytes = load(folder, about->string, &len);
    if (!bytes)
        return;
    const struct reader *r = tool_reader(bytes, len < 65536 ? len : 65536);
    if (!r || strcmp(r->name, format) != 0)
        fail_msg("%s: read as %s", what, r ? r->name : "nothing");
    if (!(r->samples ? read_histogram : reader_read)(r, bytes, len, &s, &e))
        fail_msg("%s: %s", what, e.text);
    if (r->samples)
        compare_series(what, &s);
    compare_file(what, format, &s, about, truth);
    summary_fini(&s);
    free(bytes);
}

static int each_case(void (*f)(const char *folder, const cJSON *about, const cJSON *truth)) {
    int files = 0;
    DIR *list = opendir(DATA);
    assert_non_null(list);
    for (struct dirent *d; (d = readdir(list));) {
        size_t len;
        const cJSON *about;
        char *text = d->d_name[0] == '.' ? NULL : load(d->d_name, "expected.json", &len);
        cJSON *expected = text ? cJSON_ParseWithLength(text, len) : NULL;
        cJSON_ArrayForEach(about, cJSON_GetObjectItem(expected, "files")) {
            f(d->d_name, about, cJSON_GetObjectItem(expected, "truth"));
            files++;
        }
        cJSON_Delete(expected);
        free(text);
    }
    closedir(list);
    return files;
}

static void real_files_give_their_figures(void **state) {
    (void)state;
    assert_true(each_case(check_file) >= 65);
    assert_true(figures_compared > 350);
}

/* --- bytes in pieces, files that are cut off --- */

static void same_in_pieces(const char *folder, const cJSON *about, const cJSON *truth) {
    static const size_t steps[] = {1, 2, 7, 1000};
    size_t len;
    struct digest whole, got;
    (void)truth;
    char *bytes = load(folder, about->string, &len);
    if (!bytes)
        return;
    const struct reader *r = tool_reader(bytes, len < 65536 ? len : 65536);
    assert_true(digest_read(r, bytes, len, 0, 0, &whole, NULL));
    assert_false(whole.odd);
    for (size_t i = 0; i < COUNT(steps); i++) {
        assert_true(digest_read(r, bytes, len, 0, steps[i], &got, NULL));
        if (!digest_same(&whole, &got))
            fail_msg("%s/%s: pieces of %zu say something else", folder, about->string, steps[i]);
    }
    free(bytes);
}

static void pieces_of_any_size_say_the_same(void **state) {
    (void)state;
    each_case(same_in_pieces);
}

static void small_files_can_be_cut_anywhere(void **state) {
    static const char *const files[][2] = {
        {"stress-2.46", "run_stats.csv"},
        {"stress-2.12", "run_failures.csv"},
        {"stress-2.46", "run_exceptions.csv"},
        {"baseline-2.12", "run_stats_history.csv"},
        {"json-2.46", "stderr.txt"},
        {"json-2.46", "stdout.json"},
        {"baseline-2.12-only-summary", "terminal.txt"},
    };
    (void)state;
    for (size_t i = 0; i < COUNT(files); i++) {
        size_t len;
        struct digest whole, got;
        char *bytes = load(files[i][0], files[i][1], &len);
        const struct reader *r = tool_reader(bytes, len);
        assert_true(digest_read(r, bytes, len, 0, 0, &whole, NULL));
        for (size_t cut = 1; cut < len; cut++) {
            struct err e = {0};
            assert_true(digest_read(r, bytes, len, cut, 0, &got, NULL));
            assert_true(digest_same(&whole, &got));
            if (!digest_read(r, bytes, cut, 0, 0, &got, &e))
                assert_true(e.kind == ERR_FORMAT && e.text[0] && e.fix[0]);
            assert_false(got.odd);
        }
        free(bytes);
    }
}

/* --- what the readers share --- */

static void classes_of_times_are_those_of_locust(void **state) {
    static const struct {
        double value, low, high;
    } cases[] = {
        {42, 41.5, 42.5},    {0, 0, 0.5},        {100, 99.5, 105},     {840, 835, 845},
        {1000, 995, 1050},   {3400, 3350, 3450}, {10000, 9950, 10500}, {59000, 58500, 59500},
        {843, 842.5, 843.5}, /* a script with finer classes */
    };
    (void)state;
    for (size_t i = 0; i < COUNT(cases); i++) {
        struct figure f = locust_figure(cases[i].value, LOCUST_CLASS, 1, "");
        assert_true(f.low == cases[i].low && f.high == cases[i].high);
    }
    /* the median can be the least or longest time itself */
    struct figure f = locust_figure(0.805, LOCUST_MEDIAN, 1, "");
    assert_true(f.low == 0.805 && f.high == 0.805);
    f = locust_figure(340, LOCUST_CUT_OFF, 1, "");
    assert_true(f.low == 340 && f.high == 341);
}

static void other_formats_are_not_taken(void **state) {
    static const char *const heads[] = {
        "",
        "[",
        "[]\n[]\n",
        "[1, 2]",
        "Type,Name\n",
        "metric_name,timestamp,metric_value,check\nhttp_reqs,1,1,\n",
        "timeStamp,elapsed,label,success\n1,2,a,true\n",
        "Label,# Samples,Average,Median\n",
        "{\"stats\": [\n{\"num_requests\": 1, \"num_failures\": 0, \"response_times\": {}}]}",
        "summary =   1637 in  34.2s =   47.8/s Avg:    33 Min:    22 Max:   309 Err:     0 (0.00%)",
        "     http_reqs......................: 96      7.964748/s\n",
        "running (0m12.1s), 0/3 VUs, 48 complete and 0 interrupted iterations\n",
        "GET /api/orders 12 0(0.00%) | 1 2 3\n",
    };
    static const struct reader *const readers[] = {
        &locust_console_reader,  &locust_stats_reader,      &locust_history_reader,
        &locust_failures_reader, &locust_exceptions_reader, &locust_json_reader,
    };
    (void)state;
    for (size_t i = 0; i < COUNT(heads); i++)
        for (size_t k = 0; k < COUNT(readers); k++)
            if (readers[k]->sniff(heads[i], strlen(heads[i])))
                fail_msg("%s takes: %s", readers[k]->name, heads[i]);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(real_files_give_their_figures),
        cmocka_unit_test(pieces_of_any_size_say_the_same),
        cmocka_unit_test(small_files_can_be_cut_anywhere),
        cmocka_unit_test(classes_of_times_are_those_of_locust),
        cmocka_unit_test(other_formats_are_not_taken),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

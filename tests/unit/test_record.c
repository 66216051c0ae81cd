/* A row of the store, opened: everything in it as it was, whoever wrote it. */
#include <locale.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "judged_fixture.h"
#include "long_run_fixture.h"

#include <cjson/cJSON.h>

#define COUNT(a) (sizeof(a) / sizeof *(a))

static struct run row;
static struct record record;
static struct summary run;
static struct judgement j;

static const char plan[] =
    "{\"model\":\"load\",\"executor\":\"open\",\"target_rps\":200,\"avg_response_ms\":50,"
    "\"think_time_ms\":0,\"requests_per_iteration\":1,\"iteration_rps\":200,\"duration_s\":600,"
    "\"planned_requests\":120000,\"vus\":10,\"preallocated_vus\":20,\"max_vus\":40,"
    "\"stages\":[{\"name\":\"hold\",\"start_s\":0,\"duration_s\":600,\"target_rps\":200,"
    "\"vus\":10}]}";

static int begin(void **state) {
    (void)state;
    static const char *const sources[] = {"results.jtl", NULL};
    judge_file("jmeter/load-5.1/results.jtl", MODEL_LOAD, ARRIVALS_PACED, &run, &j);
    row = (struct run){.id = 14, .author_uid = 1000, .plan_json = mem_strdup(plan)};
    strcpy(row.author, "ana");
    row.check_json = report_check_json(&run, &j, sources, true);
    struct record_file files[2] = {
        {.name = "results.jtl", .kind = "result", .bytes = 5000000000, .mtime_ms = 1793628130123},
        {.name = "rules/metric-validation.md", .kind = "rules", .bytes = 7}};
    memset(files[0].sha256, 'a', DIGEST_BYTES - 1);
    row.files_json = report_files_json(files, 2);
    return 0;
}

static int end(void **state) {
    (void)state;
    run_fini(&row);
    record_fini(&record);
    judgement_fini(&j);
    summary_fini(&run);
    return 0;
}

static void replace(char **text, const char *by) {
    free(*text);
    *text = by ? mem_strdup(by) : NULL;
}

/* --- there and back --------------------------------------------------------------------------- */

static void everything_is_there(void **state) {
    (void)state;
    struct err e = {0};
    if (!report_record_read(&row, &record, &e))
        fail_msg("%s", e.text);
    assert_null(row.check_json); /* moved */
    assert_int_equal(record.is.id, 14);
    assert_string_equal(record.is.author, "ana");
    assert_non_null(record.is.check_json);
    assert_false(record.judged_anew);
    assert_true(record.has_profile);
    assert_true(record.profile.target_rps == 200);
    assert_int_equal(record.files, 2);
    assert_string_equal(record.file[0].name, "results.jtl");
    assert_true(record.file[0].bytes == 5000000000 && record.file[0].mtime_ms == 1793628130123);
    assert_int_equal(strlen(record.file[0].sha256), DIGEST_BYTES - 1);
    assert_string_equal(record.file[1].kind, "rules");
    assert_string_equal(record.file[1].sha256, "");
    assert_int_equal(record.judgement.checks, j.checks);
    assert_string_equal(record.judgement.sentence, j.sentence);
}

static bool same_bits(double a, double b) {
    return memcmp(&a, &b, sizeof a) == 0 || (isnan(a) && isnan(b));
}

/* Judged again from the store, a run has the same figures: a signature is not void by rounding. */
static void figures_to_the_last_bit(void **state) {
    (void)state;
    char before[DIGEST_BYTES], after[DIGEST_BYTES];
    assert_true(report_record_read(&row, &record, NULL));
    for (int m = 0; m < METRICS; m++)
        assert_true(same_bits(record.run.figure[m].value, run.figure[m].value));
    assert_int_equal(record.run.series.points, run.series.points);
    for (size_t i = 0; i < run.series.points; i++)
        assert_true(same_bits(record.run.series.point[i].avg_ms, run.series.point[i].avg_ms));
    assert_int_equal(record.run.stretches, run.stretches);
    for (size_t i = 0; i < run.stretches; i++)
        for (int m = 0; m < ENDPOINT_METRICS; m++)
            assert_true(same_bits(record.run.stretch[i].value[m], run.stretch[i].value[m]));
    review_verdict_digest(&j, before);
    review_verdict_digest(&record.judgement, after);
    assert_string_equal(before, after);
    struct check_input in;
    check_input_init(&in);
    in.run = &record.run;
    in.rules = &rules;
    in.model = MODEL_LOAD;
    in.arrivals = ARRIVALS_PACED;
    in.target_rps.value = 200;
    judgement_fini(&record.judgement);
    check_run(&in, &record.judgement);
    review_verdict_digest(&record.judgement, after);
    assert_string_equal(before, after);
}

static void what_may_be_missing(void **state) {
    (void)state;
    cJSON *o = cJSON_Parse(row.check_json);
    cJSON_DeleteItemFromObject(o, "judgement");
    free(row.check_json);
    row.check_json = cJSON_PrintUnformatted(o);
    cJSON_Delete(o);
    replace(&row.plan_json, NULL);
    replace(&row.files_json, NULL);
    assert_true(report_record_read(&row, &record, NULL));
    assert_true(record.judged_anew);
    assert_false(record.has_profile);
    assert_int_equal(record.files, 0);
    assert_int_equal(record.judgement.checks, 0);
    assert_true(record.run.figure[METRIC_REQUESTS].value > 0);
}

/* --- what somebody else wrote ----------------------------------------------------------------- */

static void what_cannot_be_read(void **state) {
    (void)state;
    char hash[300];
    snprintf(hash, sizeof hash,
             "[{\"name\":\"a\",\"kind\":\"result\",\"bytes\":1,\"mtime_ms\":1,\"sha256\":\"%s\"}]",
             "ABC");
    const struct {
        size_t text;
        const char *is, *why;
    } cases[] = {
        {0, NULL, "run 14 cannot be read: its check_json: has no result"},
        {0, "{", "run 14 cannot be read: its check_json: is no JSON"},
        {0, "[]", "run 14 cannot be read: its check_json: is no JSON object"},
        {0, "{}",
         "run 14 cannot be read: its check_json: member \"summary\" is missing or no object"},
        {1, "{}", "run 14 cannot be read: its plan_json: member \"model\" is missing or no text"},
        {1, "no", "run 14 cannot be read: its plan_json: is no JSON"},
        {2, "{}", "run 14 cannot be read: its files_json: is no list"},
        {2, "", "run 14 cannot be read: its files_json: is no list"},
        {2, "[1]", "run 14 cannot be read: its files_json: member \"name\" is missing"},
        {2, hash,
         "run 14 cannot be read: its files_json: file 1 has a name, kind or hash that "
         "cannot be"},
    };
    for (size_t i = 0; i < COUNT(cases); i++) {
        struct err e = {0};
        char **text[] = {&row.check_json, &row.plan_json, &row.files_json};
        replace(text[cases[i].text], cases[i].is);
        assert_false(report_record_read(&row, &record, &e));
        assert_int_equal(e.kind, ERR_FORMAT);
        assert_string_equal(e.text, cases[i].why);
        assert_null(row.check_json);
        record_fini(&record);
        end(NULL);
        begin(NULL);
    }
}

static void too_many_files(void **state) {
    (void)state;
    struct record_file *f = mem_new(RECORD_FILES_MAX + 1, sizeof *f);
    for (size_t i = 0; i <= RECORD_FILES_MAX; i++) {
        strcpy(f[i].name, "a");
        strcpy(f[i].kind, "result");
    }
    for (size_t n = RECORD_FILES_MAX; n <= RECORD_FILES_MAX + 1; n++) {
        struct err e = {0};
        free(row.files_json);
        row.files_json = report_files_json(f, n);
        assert_int_equal(report_record_read(&row, &record, &e), n == RECORD_FILES_MAX);
        assert_int_equal(record.files, n == RECORD_FILES_MAX ? n : 0);
        row = record.is;
        memset(&record.is, 0, sizeof record.is);
        record_fini(&record);
    }
    free(f);
}

/* Bytes changed at random: read or refused, and what is read is inside its bounds. */
static void mutated(void **state) {
    (void)state;
    static const char odd[] = "0-9e.\"{}[],:ntf\\u\xff";
    unsigned seed = 14;
    size_t read = 0, len = strlen(row.check_json);
    for (int round = 0; round < 40; round++) {
        struct run copy = {.id = 14,
                           .check_json = mem_strdup(row.check_json),
                           .plan_json = mem_strdup(row.plan_json),
                           .files_json = mem_strdup(row.files_json)};
        for (int k = 0; k < 3; k++) {
            seed = seed * 1103515245 + 12345;
            char *text = k == 0 ? copy.check_json : k == 1 ? copy.plan_json : copy.files_json;
            if (k == 0 || round % 3 == 0)
                text[seed % (k == 0 ? len : strlen(text))] = odd[(seed >> 16) % (sizeof odd - 1)];
        }
        if (report_record_read(&copy, &record, NULL)) {
            read++;
            assert_true(record.files <= RECORD_FILES_MAX && record.judgement.checks <= CHECKS_MAX);
        }
        run_fini(&copy);
        record_fini(&record);
    }
    assert_true(read > 0);
}

/* --- a run of eight hours --------------------------------------------------------------------- */

static double cpu_ms(void) {
    struct timespec t;
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
    return (double)t.tv_sec * 1e3 + (double)t.tv_nsec / 1e6;
}

/* The best of some: other programs are at work here too. */
static void a_long_run(void **state) {
    (void)state;
    double best_ms = INFINITY;
    struct run first;
    long_run_row(&rules, &first);
    for (int i = 0; i < 5; i++) {
        struct run again = {.id = 14, .check_json = mem_strdup(first.check_json)};
        double from_ms = cpu_ms();
        assert_true(report_record_read(&again, &record, NULL));
        best_ms = fmin(best_ms, cpu_ms() - from_ms);
        assert_int_equal(record.run.series.points, POINTS_MAX);
        assert_int_equal(record.run.memory[0].n, LONG_RUN_S);
        record_fini(&record);
    }
    run_fini(&first);
    print_message("a run of eight hours was read in %.1f ms\n", best_ms);
#if defined(__OPTIMIZE__) && !defined(__SANITIZE_ADDRESS__)
    assert_true(best_ms < 60);
#endif
}

#define ON_A_ROW(test) cmocka_unit_test_setup_teardown(test, begin, end)

int main(void) {
    setlocale(LC_CTYPE, "C.UTF-8");
    const struct CMUnitTest tests[] = {
        ON_A_ROW(everything_is_there), ON_A_ROW(figures_to_the_last_bit),
        ON_A_ROW(what_may_be_missing), ON_A_ROW(what_cannot_be_read),
        ON_A_ROW(too_many_files),      ON_A_ROW(mutated),
        ON_A_ROW(a_long_run),
    };
    return cmocka_run_group_tests(tests, load_rules, NULL);
}

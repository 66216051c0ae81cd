/* The JUnit report: well-formed, its counts right, red exactly when the verdict is no pass. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <expat.h>

#include "unit/report_fixture.h"

/* --- reading it ------------------------------------------------------------------------------ */

struct suite {
    int tests, failures, errors, skipped; /* as its attributes say */
    int cases, failed, in_error, passed_over;
    char time[32], name[64], classname[256];
    char message[8][600];
};

static const char *attribute(const XML_Char **a, const char *name) {
    for (; *a; a += 2)
        if (strcmp(a[0], name) == 0)
            return a[1];
    return NULL;
}

static int number(const XML_Char **a, const char *name) {
    const char *text = attribute(a, name);
    if (!text)
        fail_msg("no attribute %s", name);
    return atoi(text);
}

static void message(struct suite *s, const XML_Char **a) {
    int at = s->cases - 1;
    if (at >= 0 && at < (int)COUNT(s->message))
        text_copy(s->message[at], sizeof s->message[at], attribute(a, "message"));
}

static void XMLCALL on_start(void *data, const XML_Char *name, const XML_Char **a) {
    struct suite *s = data;
    if (strcmp(name, "testsuite") == 0) {
        s->tests = number(a, "tests");
        s->failures = number(a, "failures");
        s->errors = number(a, "errors");
        s->skipped = number(a, "skipped");
        text_copy(s->name, sizeof s->name, attribute(a, "name"));
        text_copy(s->time, sizeof s->time, attribute(a, "time") ? attribute(a, "time") : "");
    }
    if (strcmp(name, "testcase") == 0) {
        s->cases++;
        text_copy(s->classname, sizeof s->classname, attribute(a, "classname"));
        assert_non_null(attribute(a, "name"));
    }
    int *const counts[] = {&s->failed, &s->in_error, &s->passed_over};
    static const char *const names[] = {"failure", "error", "skipped"};
    for (size_t i = 0; i < COUNT(names); i++)
        if (strcmp(name, names[i]) == 0) {
            ++*counts[i];
            message(s, a);
        }
}

static struct suite read_report(const struct told *t) {
    struct suite s = {0};
    char *text = report_document(&t->doc, REPORT_JUNIT);
    XML_Parser p = XML_ParserCreate(NULL);
    XML_SetUserData(p, &s);
    XML_SetElementHandler(p, on_start, NULL);
    if (XML_Parse(p, text, (int)strlen(text), 1) != XML_STATUS_OK)
        fail_msg("line %lu: %s", XML_GetCurrentLineNumber(p), XML_ErrorString(XML_GetErrorCode(p)));
    XML_ParserFree(p);
    told_expect_clean(text);
    free(text);
    assert_int_equal(s.tests, s.cases);
    assert_int_equal(s.failures, s.failed);
    assert_int_equal(s.errors, s.in_error);
    assert_int_equal(s.skipped, s.passed_over);
    return s;
}

/* --- outcomes -------------------------------------------------------------------------------- */

static void outcomes(void **state) {
    static const struct {
        const char *why;
        enum verdict check;
        bool required, waived;
        enum verdict run;
        int tests, failures, errors, skipped;
    } cases[] = {
        {"passed", VERDICT_PASS, true, false, VERDICT_PASS, 1, 0, 0, 0},
        {"over its limit", VERDICT_FAIL, true, false, VERDICT_FAIL, 1, 1, 0, 0},
        {"waived", VERDICT_FAIL, true, true, VERDICT_PASS, 1, 0, 0, 1},
        {"nobody asked for it", VERDICT_NO_DATA, false, false, VERDICT_PASS, 1, 0, 0, 1},
        {"not measured", VERDICT_NO_DATA, true, false, VERDICT_NO_DATA, 1, 0, 1, 0},
        {"not measured and waived", VERDICT_NO_DATA, true, true, VERDICT_PASS, 1, 0, 0, 1},
        {"invalid", VERDICT_INVALID, true, false, VERDICT_INVALID, 1, 0, 1, 0},
        {"invalid cannot be waived", VERDICT_INVALID, true, true, VERDICT_INVALID, 1, 0, 1, 0},
        {"the run is invalid, its checks are not", VERDICT_PASS, true, false, VERDICT_INVALID, 2, 0,
         1, 0},
        {"the run failed as a whole", VERDICT_PASS, true, false, VERDICT_FAIL, 2, 1, 0, 0},
        {"failed, and the generator was the limit", VERDICT_FAIL, true, false, VERDICT_INVALID, 2,
         1, 1, 0},
        {"nothing can be said", VERDICT_PASS, true, false, VERDICT_NO_DATA, 2, 0, 1, 0}};
    (void)state;
    for (size_t i = 0; i < COUNT(cases); i++) {
        static struct told t;
        told_init(&t);
        summary_init(&t.record.run);
        struct judgement *j = &t.review.judgement;
        j->verdict = cases[i].run;
        j->checks = 1;
        j->check[0] = (struct check){.metric = "p95",
                                     .value = 612,
                                     .limit = 500,
                                     .unit = "ms",
                                     .status = cases[i].check,
                                     .required = cases[i].required,
                                     .low = NAN,
                                     .high = NAN};
        if (cases[i].waived) {
            strcpy(j->check[0].waived_by, "bo");
            strcpy(j->check[0].waived_why, "known");
        }
        struct suite s = read_report(&t);
        if (s.tests != cases[i].tests || s.failures != cases[i].failures ||
            s.errors != cases[i].errors || s.skipped != cases[i].skipped)
            fail_msg("%s: %d tests, %d failures, %d errors, %d skipped", cases[i].why, s.tests,
                     s.failures, s.errors, s.skipped);
        if (cases[i].waived && cases[i].check != VERDICT_INVALID)
            assert_string_equal(s.message[0], "waived by bo: known");
        summary_fini(&t.record.run);
    }
}

static void no_checks_are_no_pass(void **state) {
    (void)state;
    static struct told t;
    told_init(&t);
    summary_init(&t.record.run);
    t.review.judgement.verdict = VERDICT_NO_DATA;
    struct suite s = read_report(&t);
    assert_int_equal(s.tests, 1);
    assert_int_equal(s.errors, 1);
    summary_fini(&t.record.run);
}

/* --- real runs ------------------------------------------------------------------------------- */

static void a_failed_run(void **state) {
    (void)state;
    static struct told t;
    told_make(&t, TOLD_FAILED);
    struct suite s = read_report(&t);
    assert_string_equal(s.name, "perfscale run 14");
    assert_string_equal(s.classname, "load.load_orders");
    assert_true(strtod(s.time, NULL) > 700);
    assert_true(s.failures > 0);
    assert_non_null(strstr(s.message[0], "p95 563 ms, limit below 500 ms"));
    told_end(&t);
}

static void nothing_becomes_markup(void **state) {
    (void)state;
    for (int run = 0; run < TOLD_RUNS; run++) {
        static struct told t;
        told_make(&t, (enum told_run)run);
        struct suite good = read_report(&t);
        told_spoil(&t);
        for (size_t i = 0; i < t.review.judgement.checks; i++)
            t.review.judgement.check[i].waived_by[0] = '\0';
        struct suite evil = read_report(&t);
        assert_int_equal(good.tests, evil.tests);
        assert_int_equal(good.failures, evil.failures);
        told_end(&t);
    }
}

/* In an attribute a newline would come back as a space. */
static void newlines_stay(void **state) {
    (void)state;
    static struct told t;
    told_make(&t, TOLD_FAILED);
    told_waive(&t, "p95", "bo", "known\nand accepted");
    struct suite s = read_report(&t);
    assert_string_equal(s.message[0], "waived by bo: known\nand accepted");
    told_end(&t);
}

static void same_bytes(void **state) {
    (void)state;
    told_same_bytes(REPORT_JUNIT);
}

static void golden(void **state) {
    (void)state;
    for (int run = 0; run < TOLD_RUNS; run++)
        told_golden((enum told_run)run, REPORT_JUNIT);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(outcomes),      cmocka_unit_test(no_checks_are_no_pass),
        cmocka_unit_test(a_failed_run),  cmocka_unit_test(nothing_becomes_markup),
        cmocka_unit_test(newlines_stay), cmocka_unit_test(same_bytes),
        cmocka_unit_test(golden),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

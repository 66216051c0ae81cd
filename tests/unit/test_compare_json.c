#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cjson/cJSON.h>
#include <cmocka.h>

#include "base/text.h"
#include "report/report.h"

static struct comparison c; /* each test fills it */

static struct compared compared_of(const char *metric, enum reading reading, bool read) {
    struct compared x = {.a = 612,
                         .b = 243,
                         .a_low = 598,
                         .a_high = 626,
                         .b_low = 239,
                         .b_high = INFINITY,
                         .difference = -0.603,
                         .reading = reading,
                         .read = read};
    text_copy(x.metric, sizeof x.metric, metric);
    text_copy(x.unit, sizeof x.unit, "ms");
    text_copy(x.why, sizeof x.why, "intervals do not touch");
    return x;
}

static cJSON *json_of(void) {
    char *text = report_compare_json(&c);
    cJSON *root = cJSON_Parse(text);
    free(text);
    assert_non_null(root);
    return root;
}

static const cJSON *at(const cJSON *from, const char *name) {
    const cJSON *it = cJSON_GetObjectItemCaseSensitive(from, name);
    assert_non_null(it);
    return it;
}

static const char *text_at(const cJSON *from, const char *name) {
    assert_true(cJSON_IsString(at(from, name)));
    return at(from, name)->valuestring;
}

static void test_shape(void **state) {
    (void)state;
    c = (struct comparison){.a = 13, .b = 14, .grade = GRADE_EXPLAINABLE, .differ = 1, .sames = 1};
    c.differs[0] = (struct differs){.field = "limits", .a = "p95 500 ms", .grade = 1};
    text_copy(c.same[0], sizeof c.same[0], "target");
    c.figure[c.figures++] = compared_of("p95", READING_BETTER, true);
    cJSON *root = json_of();
    assert_true(at(root, "a")->valuedouble == 13);
    assert_string_equal(text_at(root, "comparable"), "explainable");
    const cJSON *d = cJSON_GetArrayItem(at(root, "differs"), 0);
    assert_string_equal(text_at(d, "field"), "limits");
    assert_string_equal(text_at(d, "grade"), "explainable");
    assert_true(cJSON_IsNull(at(d, "b"))); /* not known */
    const cJSON *m = cJSON_GetArrayItem(at(root, "metrics"), 0);
    assert_string_equal(text_at(m, "metric"), "p95");
    assert_true(at(m, "difference")->valuedouble == -0.603);
    assert_true(cJSON_GetArrayItem(at(m, "a_interval"), 1)->valuedouble == 626);
    assert_true(cJSON_IsNull(cJSON_GetArrayItem(at(m, "b_interval"), 1))); /* no upper end */
    assert_string_equal(text_at(m, "reading"), "better");
    assert_true(cJSON_IsNull(at(m, "also")));
    cJSON_Delete(root);
}

static const struct {
    enum reading reading;
    bool read;
    int real; /* -1: null */
} reals[] = {
    {READING_BETTER, true, 1},   {READING_WORSE, true, 1},     {READING_NOISE, true, 0},
    {READING_UNKNOWN, true, -1}, {READING_UNKNOWN, false, -1}, {READING_NOISE, false, -1},
};

static void test_real(void **state) {
    (void)state;
    for (size_t i = 0; i < sizeof reals / sizeof *reals; i++) {
        c = (struct comparison){.figures = 1};
        c.figure[0] = compared_of("p95", reals[i].reading, reals[i].read);
        cJSON *root = json_of();
        const cJSON *real = at(cJSON_GetArrayItem(at(root, "metrics"), 0), "real");
        assert_int_equal(cJSON_IsNull(real) ? -1 : cJSON_IsTrue(real), reals[i].real);
        cJSON_Delete(root);
    }
}

static void test_unknown(void **state) {
    (void)state;
    c = (struct comparison){.figures = 1, .script_added = -1, .script_removed = -1};
    c.figure[0] = compared_of("p99", READING_UNKNOWN, true);
    c.figure[0].b = c.figure[0].difference = c.figure[0].a_low = NAN;
    cJSON *root = json_of();
    const cJSON *m = cJSON_GetArrayItem(at(root, "metrics"), 0);
    assert_true(cJSON_IsNull(at(m, "b")));
    assert_true(cJSON_IsNull(at(m, "difference")));
    assert_true(cJSON_IsNull(at(m, "a_interval")));
    assert_true(cJSON_IsNull(at(root, "script_lines")));
    cJSON_Delete(root);
}

static void test_endpoints(void **state) {
    (void)state;
    c = (struct comparison){.endpoints = 1, .only_b = 2, .script_added = 3, .script_removed = 1};
    struct compared e = compared_of("GET /\x1b[31m\xe2\x80\xae", READING_WORSE, true);
    c.endpoint = &e;
    cJSON *root = json_of();
    const char *name = text_at(cJSON_GetArrayItem(at(root, "endpoints"), 0), "name");
    assert_null(strchr(name, '\x1b'));
    assert_null(strstr(name, "\xe2\x80\xae")); /* turns text around */
    assert_true(at(at(root, "endpoints_only"), "b")->valuedouble == 2);
    assert_true(at(at(root, "script_lines"), "added")->valuedouble == 3);
    cJSON_Delete(root);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_shape),
        cmocka_unit_test(test_real),
        cmocka_unit_test(test_unknown),
        cmocka_unit_test(test_endpoints),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

#include "base/expr.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define COUNT(a) (sizeof(a) / sizeof *(a))

static const struct expr_name names[] = {{"L", 50},          {"hold", 1800},   {"users", 374},
                                         {"mb_per_user", 2}, {"unknown", NAN}, {"all", INFINITY}};

static const struct {
    const char *text;
    double want;
} values[] = {
    {"0.000000001", 1e-9},
    {"ceil(L)", 50},
    {"ceil(L + 3*sqrt(L))", 72}, /* 50 + 21.2 */
    {"hold/6", 300},
    {"64 + users * mb_per_user", 812},
    {"2+3*4", 14},
    {"(2+3)*4", 20},
    {"20/2/5", 2}, /* from the left */
    {"10-2-3", 5},
    {"-2*-3", 6},
    {"--2", 2},
    {"- (1+2)", -3},
    {"min(3, L)", 3},
    {"max(3, L)", 50},
    {"max(1,min(2,3))", 2},
    {"floor(2.9)+round(2.5)", 5},
    {"  1\t+ 1 ", 2},
    {"1/all", 0},
};

static void computes(void **state) {
    (void)state;
    for (size_t i = 0; i < COUNT(values); i++) {
        double got = 0;
        struct err e = {0};
        if (!expr_eval(values[i].text, names, COUNT(names), &got, &e))
            fail_msg("%s: %s", values[i].text, e.text);
        if (fabs(got - values[i].want) > 1e-12)
            fail_msg("%s is %g, want %g", values[i].text, got, values[i].want);
    }
}

static void unmeasured_stays_unmeasured(void **state) {
    (void)state;
    static const char *const texts[] = {"unknown",         "1 + unknown*0",   "ceil(unknown)",
                                        "max(unknown, 5)", "min(5, unknown)", "1/unknown"};
    for (size_t i = 0; i < COUNT(texts); i++) {
        double got = 0;
        assert_true(expr_eval(texts[i], names, COUNT(names), &got, NULL));
        assert_true(isnan(got));
    }
}

static const struct {
    const char *text;
    enum err_kind kind;
    const char *words;
} errors[] = {
    {"", ERR_FORMAT, "ends too early: expected a number, a name"},
    {"1 +", ERR_FORMAT, "ends too early"},
    {"ceil(L", ERR_FORMAT, "expected \")\""},
    {"ceil L", ERR_FORMAT, "expected \"(\" at character 6"},
    {"ceil()", ERR_FORMAT, "expected a number, a name or \"(\" at character 6"},
    {"min(1)", ERR_FORMAT, "\",\" and a second value"},
    {"max(1,2,3)", ERR_FORMAT, "expected \")\" at character 8"},
    {"1 2", ERR_FORMAT, "expected + - * / or the end at character 3"},
    {"1e3", ERR_FORMAT, "at character 2"},
    {"1.", ERR_FORMAT, "at character 2"},
    {".5", ERR_FORMAT, "at character 1"},
    {"1,000", ERR_FORMAT, "at character 2"},
    {"L)", ERR_FORMAT, "at character 2"},
    {"l", ERR_FORMAT, "the name l is not known"}, /* case counts */
    {"holds/6", ERR_FORMAT, "the name holds is not known"},
    {"system(1)", ERR_FORMAT, "the name system is not known"},
    {"1/0", ERR_RANGE, "division by zero"},
    {"1/(L-50)", ERR_RANGE, "division by zero"},
    {"sqrt(0-1)", ERR_RANGE, "sqrt of -1"},
    {"1 \x01 2", ERR_FORMAT, "at character 3"},
};

static void says_what_was_expected(void **state) {
    (void)state;
    for (size_t i = 0; i < COUNT(errors); i++) {
        double got = 7;
        struct err e = {0};
        assert_false(expr_eval(errors[i].text, names, COUNT(names), &got, &e));
        if (e.kind != errors[i].kind || !strstr(e.text, errors[i].words))
            fail_msg("%s gives: %s", errors[i].text, e.text);
        assert_true(got == 7);
        assert_false(expr_eval(errors[i].text, names, COUNT(names), &got, NULL));
    }
}

static void names_the_known_names(void **state) {
    (void)state;
    struct err e = {0};
    assert_false(expr_check("rps/2", names, COUNT(names), &e));
    assert_non_null(strstr(e.fix, "L, hold, users"));
    assert_false(expr_check("rps/2", NULL, 0, &e));
    assert_string_equal(e.fix, "use numbers only");
}

static void checks_without_values(void **state) {
    (void)state;
    assert_true(expr_check("1/(L-50)", names, COUNT(names), NULL)); /* zero for this L only */
    assert_true(expr_check("sqrt(L-100)", names, COUNT(names), NULL));
    assert_true(expr_check("300", NULL, 0, NULL));
    assert_false(expr_check("1/0", names, COUNT(names), NULL));
}

static char *nested(size_t depth, char open, char close) {
    char *text = calloc(1, 2 * depth + 2);
    memset(text, open, depth);
    text[depth] = '1';
    if (close)
        memset(text + depth + 1, close, depth);
    return text;
}

static void nesting_is_limited(void **state) {
    (void)state;
    double got;
    struct err e = {0};
    char *deep = nested(100000, '(', ')'), *fine = nested(30, '(', ')');
    assert_false(expr_eval(deep, NULL, 0, &got, &e));
    assert_int_equal(e.kind, ERR_LIMIT);
    assert_true(expr_eval(fine, NULL, 0, &got, &e));
    free(deep);
    free(fine);
    char *signs = nested(100000, '-', '\0');
    assert_true(expr_eval(signs, NULL, 0, &got, &e));
    free(signs);
    assert_false(expr_eval("1111111111111111111111111111111111111111111111111", NULL, 0, &got, &e));
    assert_non_null(strstr(e.text, "a shorter number"));
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(computes),
        cmocka_unit_test(unmeasured_stays_unmeasured),
        cmocka_unit_test(says_what_was_expected),
        cmocka_unit_test(names_the_known_names),
        cmocka_unit_test(checks_without_values),
        cmocka_unit_test(nesting_is_limited),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

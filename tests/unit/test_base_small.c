/* Errors, buffers, findings, memory: what everything else stands on. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/buf.h"
#include "base/err.h"
#include "base/finding.h"
#include "base/mem.h"
#include "base/order.h"

/* --- err --- */

static void error_sentence(void **state) {
    (void)state;
    static const struct {
        const char *file;
        long line;
        const char *fix, *sentence;
    } cases[] = {
        {"a.js", 31, "use a literal", "a.js:31: wrong; use a literal"},
        {"a.js", 0, "", "a.js: wrong"},
        {NULL, 7, "", "line 7: wrong"},
        {NULL, 0, "", "wrong"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct err e = {0};
        char out[200];
        assert_false(err_set(&e, ERR_FORMAT, "wro%s", "ng"));
        assert_false(err_at(&e, cases[i].file, cases[i].line));
        if (cases[i].fix[0])
            assert_false(err_fix(&e, "%s", cases[i].fix));
        assert_string_equal(err_sentence(&e, out, sizeof out), cases[i].sentence);
    }
}

static void first_place_stays(void **state) {
    (void)state;
    struct err e = {0};
    err_set(&e, ERR_FORMAT, "wrong");
    err_at(&e, NULL, 5);
    err_at(&e, "a.js", 0);
    err_at(&e, "b.js", 9);
    assert_string_equal(e.file, "a.js");
    assert_int_equal(e.line, 5);
    err_set(&e, ERR_IO, "other"); /* a new error starts anew */
    assert_string_equal(e.file, "");
    assert_int_equal(e.line, 0);
    assert_int_equal(e.kind, ERR_IO);
}

static void no_error_wanted(void **state) {
    (void)state;
    assert_false(err_set(NULL, ERR_IO, "x"));
    assert_false(err_at(NULL, "f", 1));
    assert_false(err_fix(NULL, "x"));
}

static void long_texts_are_cut(void **state) {
    (void)state;
    char text[2000], out[40];
    memset(text, 'a', sizeof text - 1);
    text[sizeof text - 1] = '\0';
    struct err e = {0};
    err_set(&e, ERR_IO, "%s", text);
    err_at(&e, text, 1);
    err_fix(&e, "%s", text);
    assert_int_equal(strlen(e.text), sizeof e.text - 1);
    assert_int_equal(strlen(e.file), sizeof e.file - 1);
    assert_int_equal(strlen(e.fix), sizeof e.fix - 1);
    assert_int_equal(strlen(err_sentence(&e, out, sizeof out)), sizeof out - 1);
}

/* --- buf --- */

static void buffer_grows(void **state) {
    (void)state;
    struct buf b;
    buf_init(&b, 1000);
    assert_string_equal(b.data, "");
    for (int i = 0; i < 200; i++)
        assert_true(buf_char(&b, 'x'));
    assert_true(buf_str(&b, "yz"));
    assert_true(buf_printf(&b, "%d-%s", 7, "seven"));
    assert_int_equal(b.len, 209);
    assert_string_equal(b.data + 200, "yz7-seven");
    assert_true(buf_add(&b, "", 0));
    buf_clear(&b);
    assert_int_equal(b.len, 0);
    buf_fini(&b);
}

static void buffer_has_a_limit(void **state) {
    (void)state;
    struct buf b;
    buf_init(&b, 5);
    assert_true(buf_str(&b, "12345")); /* exactly full */
    assert_false(b.full);
    assert_false(buf_char(&b, '6'));
    assert_true(b.full);
    assert_string_equal(b.data, "12345");
    assert_false(buf_printf(&b, "%s", "more"));
    assert_string_equal(b.data, "12345");
    buf_clear(&b);
    assert_false(b.full);
    assert_false(buf_str(&b, "123456")); /* nothing of it */
    assert_string_equal(b.data, "");
    assert_false(buf_add(&b, "x", SIZE_MAX)); /* no sum that wraps around */
    buf_fini(&b);
}

static void buffer_is_taken(void **state) {
    (void)state;
    struct buf b;
    buf_init(&b, 100);
    buf_str(&b, "abc");
    char *text = buf_take(&b);
    assert_string_equal(text, "abc");
    free(text);
    assert_true(buf_str(&b, "again"));
    assert_string_equal(b.data, "again");
    buf_fini(&b);
}

/* --- findings --- */

static void findings_are_kept(void **state) {
    (void)state;
    struct findings f = {0}, g = {0};
    struct finding *it = findings_add(&f, FINDING_WARNING, "kind", "%d of %d", 1, 2);
    it->line = 3;
    findings_add(&f, FINDING_STOP, "stop", "no");
    findings_append(&g, &f);
    findings_clear(&f);
    assert_int_equal(f.len, 0);
    assert_int_equal(g.len, 2);
    assert_string_equal(g.item[0].text, "1 of 2");
    assert_string_equal(g.item[0].kind, "kind");
    assert_int_equal(g.item[0].line, 3);
    assert_string_equal(finding_level_name(FINDING_INFO), "info");
    assert_string_equal(finding_level_name(g.item[0].level), "warning");
    assert_string_equal(finding_level_name(g.item[1].level), "stop");
    findings_fini(&f);
    findings_fini(&g);
}

static void findings_have_a_limit(void **state) {
    (void)state;
    struct findings f = {0};
    for (int i = 0; i < FINDINGS_MAX + 10; i++)
        assert_non_null(findings_add(&f, FINDING_INFO, "n", "%d", i));
    assert_int_equal(f.len, FINDINGS_MAX);
    assert_string_equal(f.item[0].text, "0"); /* the first ones stay */
    findings_append(&f, &(struct findings){.item = f.item, .len = 1});
    assert_int_equal(f.len, FINDINGS_MAX);
    findings_fini(&f);
}

/* --- mem --- */

static void memory(void **state) {
    (void)state;
    char *zero = mem_new(4, 4);
    for (int i = 0; i < 16; i++)
        assert_int_equal(zero[i], 0);
    zero = mem_resize(zero, 0, 8); /* never NULL */
    assert_non_null(zero);
    free(zero);
    assert_null(mem_strdup(NULL));
    assert_null(mem_strndup(NULL, 3));
    char *s = mem_strndup("abcdef", 3);
    assert_string_equal(s, "abc");
    free(s);
    size_t cap = 0, len = 0;
    int *items = NULL;
    for (; len < 100; len++) {
        items = mem_grow(items, len, &cap, sizeof *items);
        assert_true(cap > len);
        items[len] = (int)len;
    }
    assert_int_equal(items[99], 99);
    free(items);
}

/* --- order --- */

static void medians(void **state) {
    (void)state;
    double odd[] = {3, -1, 2}, even[] = {10, 1, 4, 2};
    assert_true(order_median(odd, 3) == 2);
    assert_true(odd[0] == -1 && odd[2] == 3); /* sorted */
    assert_true(order_median(even, 4) == 3);
    assert_true(isnan(order_median(NULL, 0)));
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(error_sentence),
        cmocka_unit_test(first_place_stays),
        cmocka_unit_test(no_error_wanted),
        cmocka_unit_test(long_texts_are_cut),
        cmocka_unit_test(buffer_grows),
        cmocka_unit_test(buffer_has_a_limit),
        cmocka_unit_test(buffer_is_taken),
        cmocka_unit_test(findings_are_kept),
        cmocka_unit_test(findings_have_a_limit),
        cmocka_unit_test(memory),
        cmocka_unit_test(medians),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

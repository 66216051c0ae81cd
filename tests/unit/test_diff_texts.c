/* The fewest changed lines between two texts. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "script/diff.h"

enum { LINES = 14, TEXT_BYTES = 4 * LINES };

static void random_text(char *out, unsigned *seed) {
    int n = (int)(rand_r(seed) % LINES);
    out[0] = '\0';
    for (int i = 0; i < n; i++)
        snprintf(out + 2 * i, 3, "%c\n", 'a' + (int)(rand_r(seed) % 4));
}

/* Length of the longest common sequence, the slow and plain way. */
static long common(const char *a, const char *b) {
    long n = (long)strlen(a) / 2, m = (long)strlen(b) / 2;
    long best[LINES + 1][LINES + 1] = {{0}};
    for (long i = n - 1; i >= 0; i--)
        for (long k = m - 1; k >= 0; k--) {
            long skip = best[i + 1][k] > best[i][k + 1] ? best[i + 1][k] : best[i][k + 1];
            best[i][k] = a[2 * i] == b[2 * k] ? best[i + 1][k + 1] + 1 : skip;
        }
    return best[0][0];
}

static void add(char *to, const char *text, const struct diff_line *l) {
    strncat(to, text + l->start, l->len);
    strcat(to, "\n");
}

static void both_texts_come_back_with_the_fewest_changes(void **state) {
    (void)state;
    unsigned seed = 7;
    for (int turn = 0; turn < 5000; turn++) {
        char a[TEXT_BYTES], b[TEXT_BYTES], old[TEXT_BYTES] = "", new[TEXT_BYTES] = "";
        struct diff d;
        random_text(a, &seed);
        random_text(b, &seed);
        diff_texts(&d, a, strlen(a), b, strlen(b));
        for (size_t i = 0; i < d.len; i++) {
            const struct diff_line *l = &d.line[i];
            if (l->kind != DIFF_ADD)
                add(old, a, l);
            if (l->kind != DIFF_DEL)
                add(new, l->kind == DIFF_ADD ? b : a, l);
        }
        assert_string_equal(old, a);
        assert_string_equal(new, b);
        assert_int_equal(d.kept, common(a, b));
        diff_fini(&d);
    }
}

static void texts_without_a_common_line_are_one_change(void **state) {
    (void)state;
    enum { MANY = 4000 };
    char *a = mem_new(MANY, 8), *b = mem_new(MANY, 8);
    for (int i = 0; i < MANY; i++) {
        snprintf(a + strlen(a), 8, "a%d\n", i % 999);
        snprintf(b + strlen(b), 8, "b%d\n", i % 999);
    }
    struct diff d;
    diff_texts(&d, a, strlen(a), b, strlen(b));
    assert_int_equal(d.changes, 1);
    assert_int_equal(d.added, MANY);
    assert_int_equal(d.deleted, MANY);
    diff_fini(&d);
    free(a);
    free(b);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(both_texts_come_back_with_the_fewest_changes),
        cmocka_unit_test(texts_without_a_common_line_are_one_change),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

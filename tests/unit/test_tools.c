#include <locale.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "tools/tool.h"

#define COUNT(a) (sizeof(a) / sizeof *(a))

static void quotes(void **state) {
    (void)state;
    static const struct {
        const char *word, *want;
    } cases[] = {
        {"load_orders.js", "load_orders.js"},
        {"sub/dir-2/a+b.js", "sub/dir-2/a+b.js"},
        {"", "''"},
        {"two words.js", "'two words.js'"},
        {"it's.js", "'it'\\''s.js'"},
        {"''", "''\\'''\\'''"},
        {"a;rm -r b", "'a;rm -r b'"},
        {"$(id).js", "'$(id).js'"},
        {"`id`.js", "'`id`.js'"},
        {"a\\b\"c", "'a\\b\"c'"},
        {"~root", "'~root'"},
        {"a=b", "'a=b'"},
        {"#1 %41 ? * [a] {b,c} !x & | < >", "'#1 %41 ? * [a] {b,c} !x & | < >'"},
        {"-dash.js", "'-dash.js'"},
        {"pr\xc3\xbc"
         "fung.js",
         "'pr\xc3\xbc"
         "fung.js'"},
    };
    for (size_t i = 0; i < COUNT(cases); i++) {
        char out[128] = "k6 run ", want[128];
        struct err e = {0};
        assert_true(shell_quote(cases[i].word, out, sizeof out, &e));
        snprintf(want, sizeof want, "k6 run %s", cases[i].want);
        assert_string_equal(out, want);
    }
}

/* What a real shell makes of the quoted word. */
static void a_shell_reads_it_back(void **state) {
    (void)state;
    static const char *const words[] = {
        "a b", "it's", "$(touch /tmp/perfscale-owned)", "a;b|c&d", "\\'\\\"", "*", "!!", "-n"};
    for (size_t i = 0; i < COUNT(words); i++) {
        char command[256] = "printf %s ", got[128] = "";
        assert_true(shell_quote(words[i], command, sizeof command, NULL));
        FILE *shell = popen(command, "r");
        assert_non_null(shell);
        got[fread(got, 1, sizeof got - 1, shell)] = '\0';
        pclose(shell);
        assert_string_equal(got, words[i]);
    }
}

static void refuses_what_cannot_be_shown(void **state) {
    (void)state;
    static const char *const words[] = {
        "a\nb.js",      "a\rb.js",         "a\tb.js",          "a\x1b[31m.js",
        "a\x7f.js",     "a\xc2\x85.js",    "a\xe2\x80\xae.js", "a\xff.js",
        "a\xc0\x80.js", "\xef\xbb\xbf.js", "a\xe2\x80\xa8.js",
    };
    for (size_t i = 0; i < COUNT(words); i++) {
        char out[64] = "k6 run ";
        struct err e = {0};
        assert_false(shell_quote(words[i], out, sizeof out, &e));
        assert_int_equal(e.kind, ERR_REFUSED);
        assert_string_equal(out, "k6 run ");
    }
}

static void keeps_to_its_size(void **state) {
    (void)state;
    char out[8] = "";
    struct err e = {0};
    assert_true(shell_quote("1234567", out, sizeof out, &e));
    out[0] = '\0';
    assert_false(shell_quote("12345678", out, sizeof out, &e));
    assert_int_equal(e.kind, ERR_LIMIT);
    assert_string_equal(out, "");
    assert_false(shell_quote("a'b", out, sizeof out, &e)); /* 'a'\''b' and NUL are 9 */
    assert_true(shell_quote("1 34", out, sizeof out, &e));
    assert_string_equal(out, "'1 34'");
}

static void finds_the_tool_of_a_script(void **state) {
    (void)state;
    static const struct {
        const char *name, *tool;
    } cases[] = {
        {"baseline_orders.js", "k6"},
        {"baseline_orders.ts", "k6"},
        {"sub/baseline_orders.js", "k6"},
        {"baseline_.js", "k6"},
        {"locustfile.py", "locust"},
        {"locustfile_cart.py", "locust"},
        {"orders.jmx", "jmeter"},
        {"load_orders.jmx", NULL},
        {"load_locustfile.py", NULL},
        {"orders.py", NULL},
        {"baseline.js", NULL},
        {"my_baseline_orders.js", NULL},
        {"baseline_orders.json", NULL},
        {"baseline_orders.js.bak", NULL},
        {"orders.js", NULL},
        {"load_orders.js", NULL},
        {"load_baseline_orders.js", NULL},
        {"stress_baseline_x.js", NULL},
        {"soak_baseline_x.js", NULL},
        {"Baseline_orders.js", NULL},
    };
    for (size_t i = 0; i < COUNT(cases); i++) {
        const struct tool *t = tool_of_script(cases[i].name);
        if (!cases[i].tool) {
            assert_null(t);
            continue;
        }
        assert_non_null(t);
        assert_string_equal(t->name, cases[i].tool);
    }
}

static void finds_tools_and_readers(void **state) {
    (void)state;
    assert_non_null(tool_find("k6"));
    assert_null(tool_find("K6"));
    assert_null(tool_find(""));
    for (const struct tool *const *t = tools; *t; t++) {
        assert_ptr_equal(tool_find((*t)->name), *t);
        for (const struct reader *const *r = (*t)->readers; *r; r++) {
            assert_ptr_equal(tool_reader_named((*r)->name), *r);
            assert_string_equal((*r)->tool, (*t)->name);
        }
    }
    assert_null(tool_reader_named("nothing"));
    assert_null(tool_reader("", 0));
    assert_null(tool_reader("hello\n", 6));
}

static void reads_versions(void **state) {
    (void)state;
    static const struct {
        const char *output, *version;
    } cases[] = {
        {"k6 v2.2.0 (go1.26.0, linux/amd64)\n", "2.2.0"},
        {"k6 v0.49.0 (commit/67e9e5e, go1.21.6, linux/amd64)", "0.49.0"},
        {"k6 2.0.0-rc1 (go1.26)", "2.0.0"},
        {"k6 (unknown)", NULL},
        {"", NULL},
        {"command not found", NULL},
    };
    for (size_t i = 0; i < COUNT(cases); i++) {
        char out[32] = "";
        bool known = tool_find("k6")->version(cases[i].output, out, sizeof out);
        assert_int_equal(known, cases[i].version != NULL);
        if (known)
            assert_string_equal(out, cases[i].version);
    }
}

int main(void) {
    setlocale(LC_CTYPE, "C.UTF-8");
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(quotes),
        cmocka_unit_test(a_shell_reads_it_back),
        cmocka_unit_test(refuses_what_cannot_be_shown),
        cmocka_unit_test(keeps_to_its_size),
        cmocka_unit_test(finds_the_tool_of_a_script),
        cmocka_unit_test(finds_tools_and_readers),
        cmocka_unit_test(reads_versions),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

#include <locale.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "k6_plans.h"
#include "tools/k6/k6_script.h"

#define COUNT(a) (sizeof(a) / sizeof *(a))

static struct command command_of(const char *script, const char *stem, const char *version,
                                 const struct profile *p) {
    struct rules rules = plan_rules();
    struct command c;
    struct err e = {0};
    char said[1024];
    if (!k6_command(script, stem, version, p, &rules, &c, &e))
        fail_msg("%s", err_sentence(&e, said, sizeof said));
    return c;
}

static struct profile load_60(void) {
    return plan_of((struct plan_case){MODEL_LOAD, ARRIVALS_OPEN, 60, 500, 0, 1, 600});
}

static const char *const variables[] = {"K6_VUS",           "K6_DURATION",   "K6_ITERATIONS",
                                        "K6_STAGES",        "K6_RPS",        "K6_PAUSED",
                                        "K6_NO_THRESHOLDS", "K6_SYSTEM_TAGS"};

static int clear_environment(void **state) {
    (void)state;
    for (size_t i = 0; i < COUNT(variables); i++)
        unsetenv(variables[i]);
    return 0;
}

/* Worked example: 40,500 requests, 57 MB. */
static void three_files(void **state) {
    (void)state;
    struct profile p = load_60();
    struct command c = command_of("load_checkout.js", "load_checkout", "2.2.0", &p);
    assert_string_equal(
        c.line, "K6_WEB_DASHBOARD=true K6_WEB_DASHBOARD_PORT=-1 K6_WEB_DASHBOARD_PERIOD=5s "
                "K6_WEB_DASHBOARD_RECORD=load_checkout.ndjson k6 run --out csv=load_checkout.csv "
                "--summary-export load_checkout.json load_checkout.js");
    assert_int_equal(c.parts, 3);
    assert_string_equal(
        c.part[0], "K6_WEB_DASHBOARD=true K6_WEB_DASHBOARD_PORT=-1 K6_WEB_DASHBOARD_PERIOD=5s");
    assert_string_equal(
        c.part[1],
        "K6_WEB_DASHBOARD_RECORD=load_checkout.ndjson k6 run --out csv=load_checkout.csv");
    assert_string_equal(c.part[2], "--summary-export load_checkout.json load_checkout.js");
    assert_int_equal(c.files, 3);
    assert_string_equal(c.file[0], "load_checkout.ndjson");
    assert_string_equal(c.file[1], "load_checkout.csv");
    assert_string_equal(c.file[2], "load_checkout.json");
    assert_true(c.result_bytes > 56.7e6 && c.result_bytes < 57.5e6);
    assert_int_equal(c.findings.len, 0);
    command_fini(&c);
}

static void no_load_flag(void **state) {
    (void)state;
    struct profile p = load_60();
    struct command c = command_of("load_checkout.js", "load_checkout", "", &p);
    static const char *const flags[] = {"--vus", "--duration", "--iterations", "--stage", "--rps",
                                        " -u ",  " -d ",       " -i ",         " -s "};
    for (size_t i = 0; i < COUNT(flags); i++)
        assert_null(strstr(c.line, flags[i]));
    command_fini(&c);
}

/* How the single requests are kept follows the forecast. */
static void large_results(void **state) {
    (void)state;
    static const struct {
        double rps, hold_s;
        const char *csv, *finding; /* NULL: none */
        double least, most;        /* bytes */
    } cases[] = {
        {60, 1800, "csv=x.csv ", NULL, 150e6, 190e6},
        {1000, 600, "csv=x.csv ", NULL, 940e6, 950e6},
        {1000, 900, "csv=x.csv.gz ", "csv-compressed", 45e6, 50e6},
        {60, 28800, "csv=x.csv.gz ", "csv-compressed", 80e6, 90e6},
        {5000, 28800, NULL, "csv-left-out", 2e6, 4e6},
    };
    for (size_t i = 0; i < COUNT(cases); i++) {
        struct profile p = plan_of((struct plan_case){MODEL_LOAD, ARRIVALS_OPEN, cases[i].rps, 100,
                                                      0, 1, cases[i].hold_s});
        struct command c = command_of("x.js", "x", "2.2.0", &p);
        if (cases[i].csv)
            assert_non_null(strstr(c.line, cases[i].csv));
        else
            assert_null(strstr(c.line, "--out"));
        assert_int_equal(c.files, cases[i].csv ? 3 : 2);
        assert_int_equal(c.findings.len, cases[i].finding ? 1 : 0);
        if (cases[i].finding)
            assert_string_equal(c.findings.item[0].kind, cases[i].finding);
        if (c.result_bytes < cases[i].least || c.result_bytes > cases[i].most)
            fail_msg("%g RPS for %g s: %g bytes", cases[i].rps, cases[i].hold_s, c.result_bytes);
        command_fini(&c);
    }
}

static void recording_by_version(void **state) {
    (void)state;
    static const struct {
        const char *version;
        bool records;
    } cases[] = {{"", true},        {"2.2.0", true},   {"1.0.0", true}, {"0.49.0", true},
                 {"0.48.0", false}, {"0.26.2", false}, {"odd", true}};
    struct profile p = load_60();
    for (size_t i = 0; i < COUNT(cases); i++) {
        struct command c = command_of("x.js", "x", cases[i].version, &p);
        assert_int_equal(strstr(c.line, "K6_WEB_DASHBOARD") != NULL, cases[i].records);
        assert_int_equal(c.files, cases[i].records ? 3 : 2);
        if (!cases[i].records)
            assert_string_equal(c.line, "k6 run --out csv=x.csv --summary-export x.json x.js");
        command_fini(&c);
    }
}

static void names_for_the_shell(void **state) {
    (void)state;
    static const struct {
        const char *script, *stem, *end, *csv;
    } cases[] = {
        {"load_it's.js", "load_it_s", "--summary-export load_it_s.json 'load_it'\\''s.js'",
         "--out csv=load_it_s.csv"},
        {"-dash.js", "load_dash", "--summary-export load_dash.json ./-dash.js",
         "--out csv=load_dash.csv"},
        {"sub/load_a.js", "load_a", "--summary-export sub/load_a.json sub/load_a.js",
         "--out csv=sub/load_a.csv"},
        {"my dir/load_a.js", "load_a", "--summary-export 'my dir/load_a.json' 'my dir/load_a.js'",
         "--out csv='my dir/load_a.csv'"},
        {"-d/load_a.js", "load_a", "--summary-export ./-d/load_a.json ./-d/load_a.js",
         "--out csv=./-d/load_a.csv"},
        {"a=b/load_a.js", "load_a", "--summary-export 'a=b/load_a.json' 'a=b/load_a.js'", NULL},
        {"load_a=b.js", "load_a_b", "--summary-export load_a_b.json 'load_a=b.js'",
         "--out csv=load_a_b.csv"},
        {"$(id).js", "load_id", "--summary-export load_id.json '$(id).js'",
         "--out csv=load_id.csv"},
    };
    struct profile p = load_60();
    for (size_t i = 0; i < COUNT(cases); i++) {
        struct command c = command_of(cases[i].script, cases[i].stem, "2.2.0", &p);
        assert_string_equal(c.part[c.parts - 1], cases[i].end);
        if (cases[i].csv)
            assert_non_null(strstr(c.line, cases[i].csv));
        else
            assert_null(strstr(c.line, "--out"));
        command_fini(&c);
    }
}

static void no_command_for_such_names(void **state) {
    (void)state;
    static const char *const names[] = {"load_a\nb.js", "load_\x1b[2J.js", "dir\n/load_a.js"};
    struct profile p = load_60();
    struct rules rules = plan_rules();
    for (size_t i = 0; i < COUNT(names); i++) {
        struct command c;
        struct err e = {0};
        assert_false(k6_command(names[i], "load_a", "", &p, &rules, &c, &e));
        assert_int_equal(e.kind, ERR_REFUSED);
        command_fini(&c);
        assert_false(k6_baseline_command(names[i], &c, &e));
        command_fini(&c);
    }
    static char longest[1200];
    memset(longest, 'a', sizeof longest - 1);
    struct command c;
    struct err e = {0};
    assert_false(k6_command(longest, "load_a", "", &p, &rules, &c, &e));
    assert_int_equal(e.kind, ERR_LIMIT);
    command_fini(&c);
}

/* A variable that would make k6 run another test is taken away, and said. */
static void variables_of_the_shell(void **state) {
    (void)state;
    struct profile p = load_60();
    setenv("K6_VUS", "7", 1);
    struct command c = command_of("x.js", "x", "0.40.0", &p);
    assert_string_equal(c.line,
                        "env -u K6_VUS k6 run --out csv=x.csv --summary-export x.json x.js");
    assert_int_equal(c.findings.len, 1);
    assert_string_equal(c.findings.item[0].kind, "environment");
    command_fini(&c);
    for (size_t i = 0; i < COUNT(variables); i++)
        setenv(variables[i], "", 1);
    c = command_of("x.js", "x", "2.2.0", &p);
    for (size_t i = 0; i < COUNT(variables); i++)
        assert_non_null(strstr(c.part[0], variables[i]));
    assert_int_equal(c.parts, 4);
    assert_non_null(strstr(c.line, "-u K6_SYSTEM_TAGS K6_WEB_DASHBOARD=true"));
    command_fini(&c);
}

static void all_names_that_may_be_written(void **state) {
    (void)state;
    char names[COMMAND_FILES_MAX][256];
    assert_int_equal(k6_result_names("load_x", names, COMMAND_FILES_MAX), 4);
    assert_string_equal(names[0], "load_x.json");
    assert_string_equal(names[1], "load_x.ndjson");
    assert_string_equal(names[2], "load_x.csv");
    assert_string_equal(names[3], "load_x.csv.gz");
    assert_int_equal(k6_result_names("load_x", names, 2), 2);
}

static void baseline_commands(void **state) {
    (void)state;
    struct command c;
    assert_true(k6_baseline_command("baseline_orders.js", &c, NULL));
    assert_int_equal(c.parts, 3);
    assert_string_equal(c.part[0], "K6_WEB_DASHBOARD=true K6_WEB_DASHBOARD_PORT=-1");
    assert_string_equal(c.part[1], "K6_WEB_DASHBOARD_RECORD=baseline_orders.ndjson");
    assert_string_equal(c.part[2],
                        "k6 run --summary-export baseline_orders.json baseline_orders.js");
    assert_int_equal(c.files, 2);
    command_fini(&c);
    assert_true(k6_baseline_command("dir/baseline_a b.c.js", &c, NULL));
    assert_string_equal(c.part[2], "k6 run --summary-export dir/baseline_a_b_c.json "
                                   "'dir/baseline_a b.c.js'");
    command_fini(&c);
}

/* --- colours --- */

static void colours(void **state) {
    (void)state;
    static const struct {
        const char *text, *want; /* k keyword, s string, c comment */
    } cases[] = {
        {"const a = 'x'; // y", "kkkkk     sss  cccc"},
        {"if (a) return `b${c}d`;", "kk     kkkkkk ss    ss "},
        {"/* a\n b */ null", "cccccccccc kkkk"},
        {"a.get = /x'/g", "        sssss"},
        {"export default () => true", "kkkkkk kkkkkkk       kkkk"},
        {"const = 'x", "kkkkk     "},
        {"", ""},
    };
    for (size_t i = 0; i < COUNT(cases); i++) {
        struct code_spans spans;
        char got[128];
        size_t len = strlen(cases[i].text), end = 0;
        memset(got, ' ', sizeof got);
        k6_colour(cases[i].text, len, &spans);
        for (size_t k = 0; k < spans.len; k++) {
            assert_true(spans.item[k].start >= end && spans.item[k].end > spans.item[k].start);
            end = spans.item[k].end;
            assert_true(end <= len);
            memset(got + spans.item[k].start, " ksc"[spans.item[k].kind],
                   end - spans.item[k].start);
        }
        got[len] = '\0';
        if (strncmp(got, cases[i].want, strlen(cases[i].want)) != 0)
            fail_msg("%s\n%s\nnot\n%s", cases[i].text, got, cases[i].want);
        code_spans_fini(&spans);
    }
}

int main(void) {
    setlocale(LC_CTYPE, "C.UTF-8");
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(three_files, clear_environment),
        cmocka_unit_test_setup(no_load_flag, clear_environment),
        cmocka_unit_test_setup(large_results, clear_environment),
        cmocka_unit_test_setup(recording_by_version, clear_environment),
        cmocka_unit_test_setup(names_for_the_shell, clear_environment),
        cmocka_unit_test_setup(no_command_for_such_names, clear_environment),
        cmocka_unit_test_setup_teardown(variables_of_the_shell, clear_environment,
                                        clear_environment),
        cmocka_unit_test(all_names_that_may_be_written),
        cmocka_unit_test(baseline_commands),
        cmocka_unit_test(colours),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

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
#include "temp_folder.h"
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

static const char *const variables[] = {"K6_VUS",
                                        "K6_DURATION",
                                        "K6_ITERATIONS",
                                        "K6_STAGES",
                                        "K6_RPS",
                                        "K6_MIN_ITERATION_DURATION",
                                        "K6_PAUSED",
                                        "K6_NO_THRESHOLDS",
                                        "K6_SYSTEM_TAGS",
                                        "K6_EXECUTION_SEGMENT",
                                        "K6_EXECUTION_SEGMENT_SEQUENCE"};

static int clear_environment(void **state) {
    (void)state;
    for (size_t i = 0; i < COUNT(variables); i++)
        unsetenv(variables[i]);
    unsetenv("K6_CONFIG");
    unsetenv("XDG_CONFIG_HOME");
    setenv("HOME", "/no/such/home", 1);
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
    assert_non_null(strstr(c.line, "-u K6_EXECUTION_SEGMENT_SEQUENCE K6_WEB_DASHBOARD=true"));
    command_fini(&c);
}

/* --- the user's config file --- */

static void settings_of_the_config_file(void **state) {
    (void)state;
    static const struct {
        const char *text, *says; /* NULL: nothing to say */
    } cases[] = {
        {"{\"vus\": 3}", "sets vus: it throws the scenarios away"},
        {"{\"VUS\": 3, \"noThresholds\": true}", "sets vus"}, /* Go reads names in any case */
        {"{\"rps\": 10}", "sets rps: it caps the rate"},
        {"{\"minIterationDuration\": \"1s\"}", "sets minIterationDuration"},
        {"{\"paused\": true}", "the run would never start"},
        {"{\"systemTags\": [\"url\"]}", "sets systemTags"},
        {"{\"executionSegment\": \"0:1/2\"}", "only a part of the load"},
        {"{\"duration\": \"5s\", \"iterations\": 1, \"noThresholds\": true}", NULL},
        {"{\"vus\": null, \"paused\": false}", NULL},
        {"{\"collectors\": {\"cloud\": {\"token\": \"x\", \"vus\": 1}}}", NULL},
        {"[1, 2]", NULL},
        {"not JSON", NULL},
        {"", NULL},
    };
    struct profile p = load_60();
    setenv("HOME", temp_dir, 1);
    for (size_t i = 0; i < COUNT(cases); i++) {
        temp_write(".config/k6/config.json", cases[i].text);
        struct command c = command_of("x.js", "x", "2.2.0", &p);
        if (c.findings.len != (cases[i].says ? 1 : 0))
            fail_msg("%s: %zu findings", cases[i].text, c.findings.len);
        if (cases[i].says) {
            assert_string_equal(c.findings.item[0].kind, "config-file");
            assert_non_null(strstr(c.findings.item[0].text, cases[i].says));
            assert_non_null(strstr(c.findings.item[0].text, temp_path(".config/k6/config.json")));
        }
        command_fini(&c);
    }
}

static void place_of_the_config_file(void **state) {
    (void)state;
    struct profile p = load_60();
    temp_write("home/.config/k6/config.json", "{\"vus\": 1}");
    temp_write("home/.config/loadimpact/k6/config.json", "{\"rps\": 1}");
    temp_write("xdg/k6/config.json", "{\"paused\": true}");
    temp_write("own.json", "{\"systemTags\": [\"url\"]}");
    setenv("HOME", temp_path("home"), 1);
    const struct {
        const char *xdg, *given, *version, *word;
    } cases[] = {
        {NULL, NULL, "2.2.0", "vus"},  {NULL, NULL, "", "vus"},
        {NULL, NULL, "0.49.0", "rps"}, {temp_path("xdg"), NULL, "2.2.0", "paused"},
        {"", NULL, "2.2.0", "vus"},    {"", temp_path("own.json"), "2.2.0", "systemTags"},
    };
    for (size_t i = 0; i < COUNT(cases); i++) {
        if (cases[i].xdg)
            setenv("XDG_CONFIG_HOME", cases[i].xdg, 1);
        if (cases[i].given)
            setenv("K6_CONFIG", cases[i].given, 1);
        struct command c = command_of("x.js", "x", cases[i].version, &p);
        assert_int_equal(c.findings.len, 1);
        assert_non_null(strstr(c.findings.item[0].text, cases[i].word));
        command_fini(&c);
    }
    static const char *const nothing[] = {"/no/such/file", "/dev/zero", "/tmp"};
    for (size_t i = 0; i < COUNT(nothing); i++) {
        setenv("K6_CONFIG", nothing[i], 1);
        struct command c = command_of("x.js", "x", "2.2.0", &p);
        assert_int_equal(c.findings.len, 0);
        command_fini(&c);
    }
}

/* --- memory of k6's own summary --- */

static void summary_of_a_long_soak(void **state) {
    (void)state;
    static const struct {
        double rps, hold_s;
        const char *version, *says, *not ; /* says NULL: no such finding */
    } cases[] = {
        {60, 28800, "2.2.0", NULL, NULL}, /* 276 MB */
        {500, 28800, "2.2.0",
         "2.3 GB at the end of this run. With --summary-mode=disabled "
         "--no-thresholds",
         NULL},
        {500, 28800, "", "--summary-mode=disabled", NULL},
        {500, 28800, "1.3.0", "With --no-summary --no-thresholds", NULL},
        {5000, 28800, "2.2.0", "there is no CSV", "--summary-mode"},
    };
    for (size_t i = 0; i < COUNT(cases); i++) {
        struct rules rules = plan_rules();
        struct command c;
        rules.tool[rules.tools++] = (struct tool_need){.tool = "k6", .bytes_per_request = 160};
        struct profile p = plan_of((struct plan_case){MODEL_SOAK, ARRIVALS_OPEN, cases[i].rps, 100,
                                                      0, 1, cases[i].hold_s});
        assert_true(k6_command("x.js", "x", cases[i].version, &p, &rules, &c, NULL));
        const struct finding *found = NULL;
        for (size_t k = 0; k < c.findings.len; k++)
            if (strcmp(c.findings.item[k].kind, "summary-memory") == 0)
                found = &c.findings.item[k];
        assert_int_equal(found != NULL, cases[i].says != NULL);
        if (found && (!strstr(found->text, cases[i].says) ||
                      (cases[i].not &&strstr(found->text, cases[i].not ))))
            fail_msg("%s", found->text);
        assert_non_null(strstr(c.line, "--summary-export")); /* the later steps read it */
        assert_null(strstr(c.line, "--no-"));
        command_fini(&c);
    }
}

static void all_names_that_may_be_written(void **state) {
    (void)state;
    char names[7][256];
    static const char *const expected[] = {
        "load_x.json",         "load_x.ndjson",    "load_x.csv",      "load_x.csv.gz",
        "load_x.testrun.yaml", "load_x-1of2.json", "load_x-1of3.json"};
    assert_int_equal(k6_result_names("load_x", names, 7), 7);
    for (size_t i = 0; i < COUNT(expected); i++)
        assert_string_equal(names[i], expected[i]);
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

static int in_folder(void **state) { return clear_environment(state) + temp_make(state); }

#define IN_FOLDER(f) cmocka_unit_test_setup_teardown(f, in_folder, temp_remove)

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
        IN_FOLDER(settings_of_the_config_file),
        IN_FOLDER(place_of_the_config_file),
        cmocka_unit_test_setup(summary_of_a_long_soak, clear_environment),
        cmocka_unit_test(all_names_that_may_be_written),
        cmocka_unit_test(baseline_commands),
        cmocka_unit_test(colours),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

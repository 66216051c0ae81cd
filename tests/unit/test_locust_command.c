/* Commands for Locust: names, versions, settings from outside, masters and workers. */
#include <locale.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "k6_plans.h"
#include "temp_folder.h"
#include "tools/locust/settings.h"
#include "tools/locust/write.h"

#define COUNT(a) (sizeof(a) / sizeof *(a))

static struct rules locust_rules(void) {
    struct rules rules = plan_rules();
    strcpy(rules.tool[0].tool, "locust_http");
    rules.tool[0].rps_per_core = 1000;
    rules.tools = 1;
    return rules;
}

static struct profile load_of(double rps, int generators) {
    struct load_input in =
        plan_input((struct plan_case){MODEL_LOAD, ARRIVALS_PACED, rps, 50, 0, 1, 600});
    in.generators = generators;
    return plan_of_input(in);
}

static struct command command_of(const char *script, const char *stem, const char *version,
                                 double rps) {
    struct rules rules = locust_rules();
    struct profile p = load_of(rps, 1);
    struct command c;
    struct err e = {0};
    char said[1024];
    if (!locust_command(script, stem, version, &p, &rules, &c, &e))
        fail_msg("%s", err_sentence(&e, said, sizeof said));
    return c;
}

static bool has_finding(const struct findings *f, const char *kind, const char *words) {
    for (size_t i = 0; i < f->len; i++)
        if (strcmp(f->item[i].kind, kind) == 0 && strstr(f->item[i].text, words))
            return true;
    return false;
}

static const char *const variables[] = {"LOCUST_RUN_TIME", "LOCUST_TAGS", "LOCUST_MODE_WORKER",
                                        "LOCUST_HOST", "LOCUST_USERS"};

/* An empty folder as home and as current one, no variable set. */
static int clean(void **state) {
    if (temp_make(state) != 0 || chdir(temp_dir) != 0 || setenv("HOME", temp_dir, 1) != 0)
        return 1;
    for (size_t i = 0; i < COUNT(variables); i++)
        unsetenv(variables[i]);
    return 0;
}

static int leave(void **state) { return chdir("/") == 0 ? temp_remove(state) : 1; }

static void exact(void **state) {
    (void)state;
    struct command c = command_of("load_shop.py", "load_shop", "2.24.0", 60);
    assert_string_equal(c.line,
                        "locust -f load_shop.py --headless --csv load_shop --csv-full-history "
                        "--html load_shop.html --stop-timeout 30");
    static const char *const files[] = {"load_shop_stats.csv", "load_shop_stats_history.csv",
                                        "load_shop_failures.csv", "load_shop_exceptions.csv",
                                        "load_shop.html"};
    assert_int_equal(c.files, COUNT(files));
    for (size_t i = 0; i < COUNT(files); i++)
        assert_string_equal(c.file[i], files[i]);
    assert_int_equal(c.parts, 3);
    assert_string_equal(c.part[0], "locust -f load_shop.py --headless");
    assert_int_equal(c.findings.len, 0);
    /* 600 s and ramps of 100 and 50 s: 750 s, two rows of 145 bytes each, and the other files */
    assert_true(c.result_bytes > 750 * 2 * 145 && c.result_bytes < 750 * 2 * 145 + 1e6);
    command_fini(&c);
}

/* Nothing that a shape would lose to. */
static void no_load_flag(void **state) {
    (void)state;
    struct command c = command_of("load_shop.py", "load_shop", "", 60);
    static const char *const flags[] = {" -u ", " -r ", " -t ", "--users", "--run-time", " -H "};
    for (size_t i = 0; i < COUNT(flags); i++)
        assert_null(strstr(c.line, flags[i]));
    command_fini(&c);
}

static void names(void **state) {
    (void)state;
    static const struct {
        const char *script, *stem, *holds;
    } cases[] = {
        {"a b.py", "load_a_b", "-f 'a b.py' --headless --csv load_a_b "},
        {"it's.py", "load_its", "-f 'it'\\''s.py' "},
        {"-x.py", "-x", "-f ./-x.py --headless --csv='-x' "},
        {"sub dir/load_a.py", "load_a", "--csv 'sub dir/load_a' --csv-full-history --html 'sub "},
        {"$(x).py", "load_x", "-f '$(x).py' "},
        {"käse.py", "load_k", "-f 'käse.py' "},
    };
    for (size_t i = 0; i < COUNT(cases); i++) {
        struct command c = command_of(cases[i].script, cases[i].stem, "", 60);
        if (!strstr(c.line, cases[i].holds))
            fail_msg("%s: %s", cases[i].script, c.line);
        command_fini(&c);
    }
}

static void refused(void **state) {
    (void)state;
    static const struct {
        const char *script, *version;
        enum err_kind kind;
        const char *said;
    } cases[] = {
        {"a\nb.py", "", ERR_REFUSED, "line break"},
        {"a\x1b[2J.py", "", ERR_REFUSED, "cannot be shown"},
        {"a,b.py", "", ERR_REFUSED, "commas"},
        {"load_a", "", ERR_REFUSED, ".py"},
        {"load_a.py", "2.5.1", ERR_REFUSED, "at least 2.6"},
        {"load_a.py", "1.6.0", ERR_REFUSED, "at least 2.6"},
    };
    struct rules rules = locust_rules();
    struct profile p = load_of(60, 1);
    for (size_t i = 0; i < COUNT(cases); i++) {
        struct command c;
        struct err e = {0};
        assert_false(
            locust_command(cases[i].script, "load_a", cases[i].version, &p, &rules, &c, &e));
        assert_int_equal(e.kind, cases[i].kind);
        if (!strstr(e.text, cases[i].said))
            fail_msg("%s", e.text);
        command_fini(&c);
    }
}

/* One process is one core. */
static void processes(void **state) {
    (void)state;
    struct command c = command_of("load_a.py", "load_a", "2.19.0", 2500);
    assert_non_null(strstr(c.line, " --processes 3 "));
    command_fini(&c);
    c = command_of("load_a.py", "load_a", "2.18.4", 2500);
    assert_null(strstr(c.line, "--processes"));
    assert_true(has_finding(&c.findings, "one-core", "need 3 Locust processes"));
    command_fini(&c);
    c = command_of("load_a.py", "load_a", "2.24.0", 1000);
    assert_null(strstr(c.line, "--processes"));
    command_fini(&c);
}

/* A slow iteration may end before the run does. */
static void slow_iteration(void **state) {
    (void)state;
    struct load_input in =
        plan_input((struct plan_case){MODEL_LOAD, ARRIVALS_PACED, 1, 2000, 30000, 10, 600});
    struct profile p = plan_of_input(in);
    struct rules rules = locust_rules();
    struct command c;
    assert_true(locust_command("load_a.py", "load_a", "", &p, &rules, &c, NULL));
    assert_non_null(strstr(c.line, "--stop-timeout 50"));
    command_fini(&c);
}

static void environment(void **state) {
    (void)state;
    setenv("LOCUST_RUN_TIME", "5m", 1);
    setenv("LOCUST_TAGS", "a", 1);
    setenv("LOCUST_HOST", "http://h", 1);
    setenv("LOCUST_USERS", "7", 1);
    struct command c = command_of("load_a.py", "load_a", "", 60);
    assert_string_equal(c.part[0], "env -u LOCUST_RUN_TIME -u LOCUST_TAGS");
    assert_int_equal(c.parts, 4);
    assert_true(has_finding(&c.findings, "environment", "LOCUST_RUN_TIME is set in this shell"));
    assert_true(has_finding(&c.findings, "environment", "LOCUST_HOST"));
    assert_int_equal(c.findings.len, 3);
    command_fini(&c);
    for (size_t i = 0; i < COUNT(variables); i++)
        unsetenv(variables[i]);
}

static void settings_files(void **state) {
    (void)state;
    temp_write("locust.conf", "users = 5\n# tags = x\nrun-time = 10m\n\nhost: http://h\n");
    struct command c = command_of("load_a.py", "load_a", "", 60);
    assert_string_equal(c.part[0], "locust -f load_a.py --headless -t 0");
    assert_int_equal(c.findings.len, 2);
    assert_int_equal(c.findings.item[0].line, 3);
    assert_string_equal(c.findings.item[0].file, "locust.conf");
    assert_true(has_finding(&c.findings, "settings-file", "host is set"));
    command_fini(&c);
    unlink("locust.conf");
}

static void scan(void **state) {
    (void)state;
    static const struct {
        const char *text;
        bool toml, run_time;
        size_t findings;
    } cases[] = {
        {"run-time=1m", false, true, 1},
        {"--run-time 1m\n", false, true, 1},
        {"  tags : a b\r\nmaster = true\r\n", false, false, 2},
        {"runtime = 1m\nrun-time-x = 2\n", false, false, 0},
        {"run_time = \"1m\"\n", true, false, 0},
        {"[tool.locust]\nrun_time = \"1m\"\n[tool.other]\ntags = 1\n", true, true, 1},
        {"", false, false, 0},
        {"\n\n\n", false, false, 0},
    };
    for (size_t i = 0; i < COUNT(cases); i++) {
        struct findings f = {0};
        char *copy = strdup(cases[i].text);
        assert_int_equal(settings_scan(copy, strlen(copy), "f", cases[i].toml, &f),
                         cases[i].run_time);
        assert_int_equal(f.len, cases[i].findings);
        findings_fini(&f);
        free(copy);
    }
}

static char *beside(void *context, const char *name, size_t *len) {
    if (strcmp(name, "locust.conf") != 0)
        return NULL;
    *len = strlen(context);
    return strdup(context);
}

/* The command is run where the script stands, wherever perfscale was started. */
static void settings_beside_the_script(void **state) {
    (void)state;
    char text[] = "tags = a\nrun-time = 5m\n";
    struct findings f = {0};
    struct source src = {.beside = beside, .context = text};
    settings_beside(&src, &f);
    assert_int_equal(f.len, 2);
    assert_string_equal(f.item[1].file, "locust.conf");
    assert_int_equal(f.item[1].line, 2);
    assert_non_null(strstr(f.item[1].text, "Take it out"));
    src.beside = NULL;
    settings_beside(&src, &f);
    assert_int_equal(f.len, 2);
    findings_fini(&f);
}

static void versions(void **state) {
    (void)state;
    static const struct {
        const char *output, *version;
    } cases[] = {
        {"locust 2.46.7 from /usr/lib/locust (Python 3.14.0, OpenSSL 3.5)\n", "2.46.7"},
        {"locust 2.12.1\n", "2.12.1"},
        {"locust \n", NULL},
        {"", NULL},
    };
    for (size_t i = 0; i < COUNT(cases); i++) {
        char version[32] = "";
        assert_int_equal(locust_version(cases[i].output, version, sizeof version),
                         cases[i].version != NULL);
        if (cases[i].version)
            assert_string_equal(version, cases[i].version);
    }
}

static struct distribution spread(double rps, int generators, const char *version) {
    struct rules rules = locust_rules();
    struct profile p = load_of(rps, generators);
    struct distribution d;
    struct err e = {0};
    if (!locust_distribute("load_a.py", "load_a", version, &p, &rules, &d, &e))
        fail_msg("%s", e.text);
    return d;
}

static void two_machines(void **state) {
    (void)state;
    struct distribution d = spread(60, 2, "");
    assert_int_equal(d.len, 3);
    assert_string_equal(d.item[0].where, "machine 1, master");
    assert_string_equal(d.item[0].line,
                        "locust -f load_a.py --headless --master --expect-workers 2 "
                        "--expect-workers-max-wait 120 --csv load_a --csv-full-history "
                        "--html load_a.html --stop-timeout 30");
    assert_string_equal(d.item[1].line, "locust -f load_a.py --worker --master-host 127.0.0.1");
    assert_string_equal(d.item[2].where, "machine 2, worker");
    assert_string_equal(d.item[2].line, "locust -f load_a.py --worker --master-host MASTER");
    assert_true(has_finding(&d.findings, "no-version", "Debian"));
    distribution_fini(&d);
}

static void several_cores(void **state) {
    (void)state;
    struct distribution d = spread(5000, 2, "2.24.0");
    assert_int_equal(d.len, 3);
    assert_non_null(strstr(d.item[0].line, "--expect-workers 6 "));
    assert_string_equal(d.item[2].line, "locust -f - --worker --master-host MASTER --processes 3");
    assert_false(has_finding(&d.findings, "no-version", ""));
    distribution_fini(&d);
    d = spread(5000, 2, "2.15.1");
    assert_string_equal(d.item[2].line, "for i in 1 2 3; do locust -f load_a.py --worker "
                                        "--master-host MASTER & done; wait");
    distribution_fini(&d);
}

static void baseline(void **state) {
    (void)state;
    struct command c;
    assert_true(locust_baseline_command("locustfile.py", &c, NULL));
    assert_string_equal(c.line, "locust -f locustfile.py --headless -u 5 -r 5 -t 60s "
                                "--csv locustfile --csv-full-history --stop-timeout 10");
    assert_string_equal(c.file[0], "locustfile_stats.csv");
    command_fini(&c);
}

static void result_names(void **state) {
    (void)state;
    char out[8][256];
    assert_int_equal(locust_result_names("load_x", out, 8), 5);
    assert_string_equal(out[1], "load_x_stats_history.csv");
    assert_int_equal(locust_result_names("load_x", out, 2), 2);
}

int main(void) {
    setlocale(LC_ALL, "");
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(exact),
        cmocka_unit_test(no_load_flag),
        cmocka_unit_test(names),
        cmocka_unit_test(refused),
        cmocka_unit_test(processes),
        cmocka_unit_test(slow_iteration),
        cmocka_unit_test(environment),
        cmocka_unit_test(settings_files),
        cmocka_unit_test(settings_beside_the_script),
        cmocka_unit_test(scan),
        cmocka_unit_test(versions),
        cmocka_unit_test(two_machines),
        cmocka_unit_test(several_cores),
        cmocka_unit_test(baseline),
        cmocka_unit_test(result_names),
    };
    return cmocka_run_group_tests(tests, clean, leave);
}

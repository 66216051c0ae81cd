/* k6 on several machines: segments by hand, a manifest for k6-operator. */
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

static int no_config(void **state) {
    (void)state;
    unsetenv("K6_CONFIG");
    unsetenv("XDG_CONFIG_HOME");
    return setenv("HOME", "/no/such/home", 1);
}

static struct profile load_60_on(int machines) {
    struct load_input in =
        plan_input((struct plan_case){MODEL_LOAD, ARRIVALS_OPEN, 60, 500, 0, 1, 600});
    in.generators = machines;
    struct profile p = plan_of_input(in);
    struct findings notes = {0};
    if (!k6_fit(&p, &notes, NULL))
        abort();
    findings_fini(&notes);
    return p;
}

static struct distribution split(const char *script, const char *stem, const char *version,
                                 const struct profile *p) {
    struct rules rules = plan_rules();
    struct distribution d;
    struct err e = {0};
    char said[1024];
    if (!k6_distribute(script, stem, version, p, &rules, &d, &e))
        fail_msg("%s", err_sentence(&e, said, sizeof said));
    return d;
}

static void three_machines(void **state) {
    (void)state;
    struct profile p = load_60_on(3);
    struct distribution d = split("load_checkout.js", "load_checkout", "2.2.0", &p);
    static const char *const segments[] = {"0:1/3", "1/3:2/3", "2/3:1"};
    assert_int_equal(d.len, 4);
    for (int i = 0; i < 3; i++) {
        const struct command *c = &d.item[i];
        char where[64], line[600];
        snprintf(where, sizeof where, "machine %d of 3", i + 1);
        snprintf(line, sizeof line,
                 "K6_WEB_DASHBOARD=true K6_WEB_DASHBOARD_PORT=-1 K6_WEB_DASHBOARD_PERIOD=5s "
                 "K6_WEB_DASHBOARD_RECORD=load_checkout-%dof3.ndjson k6 run --execution-segment %s "
                 "--execution-segment-sequence 0,1/3,2/3,1 --out csv=load_checkout-%dof3.csv "
                 "--summary-export load_checkout-%dof3.json load_checkout.js",
                 i + 1, segments[i], i + 1, i + 1);
        assert_string_equal(c->where, where);
        assert_string_equal(c->line, line);
        assert_int_equal(c->files, 3);
        assert_int_equal(c->parts, 3);
        assert_true(c->result_bytes > 18e6 && c->result_bytes < 20e6); /* a third of 57 MB */
    }
    distribution_fini(&d);
}

static void operator_manifest(void **state) {
    (void)state;
    struct profile p = load_60_on(3);
    struct distribution d = split("load_checkout.js", "load_checkout", "2.2.0", &p);
    assert_string_equal(d.manifest_name, "load_checkout.testrun.yaml");
    assert_string_equal(d.manifest, "apiVersion: k6.io/v1alpha1\n"
                                    "kind: TestRun\n"
                                    "metadata:\n"
                                    "  name: \"load-checkout\"\n"
                                    "spec:\n"
                                    "  parallelism: 3\n"
                                    "  separate: true\n"
                                    "  script:\n"
                                    "    configMap:\n"
                                    "      name: \"load-checkout\"\n"
                                    "      file: \"load_checkout.js\"\n"
                                    "  arguments: \"--tag testid=load-checkout\"\n");
    assert_string_equal(d.item[3].where, "k6-operator instead");
    assert_string_equal(d.item[3].line, "kubectl create configmap load-checkout "
                                        "--from-file=load_checkout.js && kubectl apply -f "
                                        "load_checkout.testrun.yaml");
    assert_true(d.item[3].result_bytes == 0);
    distribution_fini(&d);
}

/* Names that Kubernetes takes, whatever the files are called. */
static void operator_names(void **state) {
    (void)state;
    static const struct {
        const char *script, *stem, *name, *file, *create, *apply;
    } cases[] = {
        {"load_it's.js", "load_it_s", "load-it-s", "load_it_s.js",
         "--from-file=load_it_s.js='load_it'\\''s.js' &&", "-f load_it_s.testrun.yaml"},
        {"2024_Load.ts", "2024_Load", "k6-2024-load", "2024_Load.ts", "--from-file=2024_Load.ts &&",
         "-f 2024_Load.testrun.yaml"},
        {"my dir/load_a.js", "load_a", "load-a", "load_a.js", "--from-file='my dir/load_a.js' &&",
         "-f 'my dir/load_a.testrun.yaml'"},
        {"-d/load_a.js", "load_a", "load-a", "load_a.js", "--from-file='-d/load_a.js' &&",
         "-f ./-d/load_a.testrun.yaml"},
        {"load_ü: {x}.js", "load______x_", "load------x", "load______x_.js",
         "--from-file=load______x_.js='load_ü: {x}.js' &&", "-f load______x_.testrun.yaml"},
        {"a.js", "load_a_very_long_name_of_a_script_that_goes_on_and_on_and_on",
         "load-a-very-long-name-of-a-script-that-g", "a.js", "--from-file=a.js &&",
         "-f load_a_very_long_name_of_a_script_that_goes_on_and_on_and_on.testrun.yaml"},
        {"_.js", "___", "k6", "_.js", "configmap k6 --from-file=_.js &&", "-f ___.testrun.yaml"},
    };
    struct profile p = load_60_on(2);
    for (size_t i = 0; i < COUNT(cases); i++) {
        struct distribution d = split(cases[i].script, cases[i].stem, "2.2.0", &p);
        char name[128], file[128];
        snprintf(name, sizeof name, "\n  name: \"%s\"\n", cases[i].name);
        snprintf(file, sizeof file, "\n      file: \"%s\"\n", cases[i].file);
        const struct command *c = &d.item[d.len - 1];
        if (!strstr(d.manifest, name) || !strstr(d.manifest, file) ||
            !strstr(c->part[0], cases[i].create) || !strstr(c->part[1], cases[i].apply))
            fail_msg("%s\n%s", d.manifest, c->line);
        distribution_fini(&d);
    }
}

static bool has_kind(const struct findings *all, const char *kind) {
    for (size_t i = 0; i < all->len; i++)
        if (strcmp(all->item[i].kind, kind) == 0)
            return true;
    return false;
}

static void kubectl_takes_no_such_path(void **state) {
    (void)state;
    static const char *const scripts[] = {"load_a=b.js", "a,b/load_a.js", "load_\"a\".js"};
    struct profile p = load_60_on(2);
    for (size_t i = 0; i < COUNT(scripts); i++) {
        struct distribution d = split(scripts[i], "load_a_b", "2.2.0", &p);
        assert_int_equal(d.len, 2);
        assert_null(d.manifest);
        assert_true(has_kind(&d.findings, "k6-operator"));
        distribution_fini(&d);
    }
}

static void remarks_for_all(void **state) {
    (void)state;
    static const struct {
        int preallocated, most, machines;
        bool uneven;
    } cases[] = {{48, 96, 3, false}, {47, 94, 3, true}, {48, 94, 3, true}, {1, 2, 3, true}};
    for (size_t i = 0; i < COUNT(cases); i++) {
        struct profile p = load_60_on(cases[i].machines);
        p.part[0].preallocated_vus = cases[i].preallocated;
        p.part[0].max_vus = cases[i].most;
        struct distribution d = split("x.js", "x", "2.2.0", &p);
        assert_true(has_kind(&d.findings, "start-together"));
        assert_true(has_kind(&d.findings, "thresholds-per-machine"));
        assert_true(has_kind(&d.findings, "percentiles"));
        assert_int_equal(has_kind(&d.findings, "uneven"), cases[i].uneven);
        distribution_fini(&d);
    }
    struct profile closed =
        plan_of((struct plan_case){MODEL_LOAD, ARRIVALS_CLOSED, 60, 500, 0, 1, 600});
    closed.generators = 4;
    struct distribution d = split("x.js", "x", "2.2.0", &closed); /* 30 VUs */
    assert_true(has_kind(&d.findings, "uneven"));
    distribution_fini(&d);
}

static void bounds(void **state) {
    (void)state;
    struct rules rules = plan_rules();
    struct err e = {0};
    struct distribution d;
    struct profile p = load_60_on(100);
    d = split("load_checkout.js", "load_checkout", "", &p);
    assert_int_equal(d.len, 101);
    distribution_fini(&d);
    p.generators = 1000;
    assert_false(k6_distribute("x.js", "x", "", &p, &rules, &d, &e));
    assert_int_equal(e.kind, ERR_LIMIT);
    assert_non_null(strstr(e.text, "1000 machines"));
    distribution_fini(&d);
    p.generators = 2;
    assert_false(k6_distribute("x\n.js", "x", "", &p, &rules, &d, &e));
    assert_int_equal(e.kind, ERR_REFUSED);
    distribution_fini(&d);
}

/* Old versions record nothing, and have the same segments. */
static void without_recording(void **state) {
    (void)state;
    struct profile p = load_60_on(2);
    struct distribution d = split("x.js", "x", "0.48.0", &p);
    assert_string_equal(d.item[1].line, "k6 run --execution-segment 1/2:1 "
                                        "--execution-segment-sequence 0,1/2,1 --out csv=x-2of2.csv "
                                        "--summary-export x-2of2.json x.js");
    distribution_fini(&d);
}

int main(void) {
    setlocale(LC_CTYPE, "C.UTF-8");
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(three_machines),    cmocka_unit_test(operator_manifest),
        cmocka_unit_test(operator_names),    cmocka_unit_test(kubectl_takes_no_such_path),
        cmocka_unit_test(remarks_for_all),   cmocka_unit_test(bounds),
        cmocka_unit_test(without_recording),
    };
    return cmocka_run_group_tests(tests, no_config, NULL);
}

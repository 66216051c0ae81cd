/* What is in a directory: plan, baselines, results, and names that are still free. */
#include "workspace/workspace.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/time.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/buf.h"
#include "temp_folder.h"

static struct workspace w;

static const char summary_text[] = "{\"metrics\":{\"http_reqs\":{\"count\":300,\"rate\":10},"
                                   "\"iterations\":{\"count\":300,\"rate\":10},"
                                   "\"http_req_duration\":{\"avg\":1,\"min\":1,\"med\":1,\"max\":1,"
                                   "\"p(90)\":1,\"p(95)\":1}},\"root_group\":{\"name\":\"\"}}\n";

static void scan(void) {
    struct err e = {0};
    if (!workspace_scan(&w, temp_dir, &e))
        fail_msg("%s", e.text);
}

static int clear(void **state) {
    workspace_fini(&w);
    return temp_remove(state);
}

/* A summary that was written age_s ago. */
static void write_result(const char *name, int age_s) {
    temp_write(name, summary_text);
    struct timeval now, times[2];
    gettimeofday(&now, NULL);
    times[0] = times[1] = (struct timeval){.tv_sec = now.tv_sec - age_s};
    assert_int_equal(utimes(temp_path(name), times), 0);
}

static void empty_directory(void **state) {
    (void)state;
    scan();
    assert_false(w.has_plan);
    assert_int_equal(w.plan_error.kind, ERR_NONE);
    assert_int_equal(w.baselines, 0);
    assert_int_equal(w.results, 0);
    assert_string_equal(w.name, strrchr(temp_dir, '/') + 1);
    assert_int_equal(w.path[0], '/');
}

static void no_directory(void **state) {
    (void)state;
    struct err e = {0};
    assert_false(workspace_scan(&w, temp_path("missing"), &e));
    assert_int_equal(e.kind, ERR_IO);
    workspace_fini(&w);
    temp_write("file", "x");
    assert_false(workspace_scan(&w, temp_path("file"), &e));
}

static void plan_is_read(void **state) {
    (void)state;
    temp_write("test-plan.md", "- Target RPS: 100\n");
    scan();
    assert_true(w.has_plan);
    assert_string_equal(w.plan.file, "test-plan.md");
    assert_true(plan_get(&w.plan, PLAN_LOAD, PLAN_TARGET_RPS)->value == 100);
}

static void plan_that_cannot_be_read(void **state) {
    (void)state;
    mkdir(temp_path("test-plan.md"), 0700);
    scan();
    assert_false(w.has_plan);
    assert_int_equal(w.plan_error.kind, ERR_FORMAT);
    workspace_fini(&w);
    rmdir(temp_path("test-plan.md"));
    temp_write("test-plan.md", "\001\002\003\004");
    scan();
    assert_false(w.has_plan);
    assert_int_equal(w.plan_error.kind, ERR_FORMAT);
}

static void baselines_by_name(void **state) {
    (void)state;
    static const char *const files[] = {"baseline_b.js", "baseline_a.ts",   "load_a.js",
                                        "stress_b.js",   "soak_b.js",       "load_baseline_a.js",
                                        "helper.js",     "baseline_a.json", ".baseline_x.js"};
    for (size_t i = 0; i < sizeof files / sizeof *files; i++)
        temp_write(files[i], "export default function () {}\n");
    mkdir(temp_path("baseline_folder.js"), 0700);
    scan();
    assert_int_equal(w.baselines, 2);
    assert_string_equal(w.baseline[0].name, "baseline_a.ts"); /* sorted */
    assert_string_equal(w.baseline[1].name, "baseline_b.js");
    assert_string_equal(w.baseline[0].tool->name, "k6");
}

static void results_newest_first(void **state) {
    (void)state;
    write_result("old.json", 500);
    write_result("new.json", 5);
    temp_write("package.json", "{\"name\":\"x\"}");
    temp_write("notes.txt", "nothing of a summary\n");
    temp_write("binary.json", "\001\002\003\004\005\006");
    temp_write("empty.json", "");
    mkfifo(temp_path("pipe.json"), 0600); /* never waited for */
    mkdir(temp_path("folder.json"), 0700);
    scan();
    assert_int_equal(w.results, 2);
    assert_string_equal(w.result[0].name, "new.json");
    assert_string_equal(w.result[1].name, "old.json");
    assert_string_equal(w.result[0].reader->tool, "k6");
}

static void expect_result(size_t baseline, const char *name) {
    const struct result_file *r = workspace_baseline_result(&w, baseline);
    if (!r && !name)
        return;
    assert_non_null(r);
    assert_string_equal(r->name, name);
}

static void result_of_a_baseline(void **state) {
    (void)state;
    temp_write("baseline_orders.js", "");
    temp_write("baseline_orders_eu.js", "");
    write_result("baseline_orders.json", 100);
    write_result("baseline_orders-2.json", 50); /* a later run of the same */
    write_result("baseline_ordersx.json", 1);   /* another script's */
    write_result("load_orders.json", 1);
    scan();
    assert_string_equal(w.baseline[0].name, "baseline_orders.js");
    expect_result(0, "baseline_orders-2.json");
    expect_result(1, NULL);
    write_result("baseline_orders_eu.json", 1); /* named after the longer script */
    workspace_fini(&w);
    scan();
    expect_result(0, "baseline_orders-2.json");
    expect_result(1, "baseline_orders_eu.json");
}

static void a_file_of_its_name_that_is_none(void **state) {
    (void)state;
    temp_write("baseline_orders.js", "");
    temp_write("baseline_orders_eu.js", "");
    temp_write("summary.json", "{\"name\":\"x\"}");
    temp_write("baseline_orders_eu.json", "{\"type\":\"Point\"}\n");
    scan();
    assert_null(workspace_odd_result(&w, 0));
    const struct odd_file *odd = workspace_odd_result(&w, 1);
    assert_non_null(odd);
    assert_string_equal(odd->name, "baseline_orders_eu.json");
    assert_int_equal(odd->error, 0);
}

static void general_names_for_an_only_baseline(void **state) {
    (void)state;
    temp_write("baseline_orders.js", "");
    write_result("summary.json", 10);
    write_result("other.json", 1);
    scan();
    expect_result(0, "summary.json");
    workspace_fini(&w);
    temp_write("baseline_cart.js", "");
    scan();
    expect_result(0, NULL); /* of which of the two? */
    expect_result(1, NULL);
}

static void stems(void **state) {
    (void)state;
    static const struct {
        const char *baseline, *model, *stem;
    } cases[] = {
        {"baseline_orders.js", "load", "load_orders"},
        {"baseline_orders.v2.ts", "soak", "soak_orders.v2"},
        {"locustfile.py", "load", "load_locustfile"},
        {"locustfile_cart.py", "stress", "stress_cart"},
        {"plan.jmx", "load", "load_plan"},
    };
    char out[64];
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        assert_true(workspace_stem(cases[i].baseline, cases[i].model, out, sizeof out));
        assert_string_equal(out, cases[i].stem);
    }
    char small[6];
    assert_false(workspace_stem("baseline_orders.js", "load", small, sizeof small));
    assert_string_equal(workspace_ending("a.b.js"), ".js");
    assert_string_equal(workspace_ending("none"), "");
    assert_string_equal(workspace_ending(".hidden"), "");
    workspace_result_stem("load_a=b c.v2\u00e9", out, sizeof out);
    assert_string_equal(out, "load_a_b_c_v2__");
}

static void expect_free(const char *stem) {
    char out[64];
    struct err e = {0};
    if (!workspace_free_stem(&w, tool_find("k6"), "load_orders", ".js", out, sizeof out, &e))
        fail_msg("%s", e.text);
    assert_string_equal(out, stem);
}

/* Script and results take the next number together; a broken link is a name that is taken too. */
static void free_names(void **state) {
    (void)state;
    scan();
    expect_free("load_orders");
    temp_write("load_orders.js", "");
    expect_free("load_orders-2");
    assert_int_equal(symlink("nowhere", temp_path("load_orders-2.js")), 0);
    expect_free("load_orders-3");
    char names[16][256];
    int n = tool_find("k6")->result_names("load_orders-3", names, 16);
    assert_true(n > 0);
    temp_write(names[0], "");
    expect_free("load_orders-4");
    char small[8];
    struct err e = {0};
    assert_false(
        workspace_free_stem(&w, tool_find("k6"), "load_orders", ".js", small, sizeof small, &e));
    assert_int_equal(e.kind, ERR_LIMIT);
}

static void no_name_is_free(void **state) {
    (void)state;
    scan();
    temp_write("x.js", "");
    for (int i = 2; i <= 999; i++) {
        char name[32];
        snprintf(name, sizeof name, "x-%d.js", i);
        temp_write(name, "");
    }
    char out[64];
    struct err e = {0};
    assert_false(workspace_free_stem(&w, tool_find("k6"), "x", ".js", out, sizeof out, &e));
    assert_int_equal(e.kind, ERR_REFUSED);
}

static void too_long_a_path(void **state) {
    (void)state;
    static char name[2000];
    memset(name, 'a', sizeof name - 1);
    struct err e = {0};
    assert_false(workspace_scan(&w, name, &e));
    char out[8];
    scan();
    assert_false(workspace_path(&w, "name", out, sizeof out));
}

#define IN_FOLDER(f) cmocka_unit_test_setup_teardown(f, temp_make, clear)

int main(void) {
    const struct CMUnitTest tests[] = {
        IN_FOLDER(empty_directory),
        IN_FOLDER(no_directory),
        IN_FOLDER(plan_is_read),
        IN_FOLDER(plan_that_cannot_be_read),
        IN_FOLDER(baselines_by_name),
        IN_FOLDER(results_newest_first),
        IN_FOLDER(result_of_a_baseline),
        IN_FOLDER(a_file_of_its_name_that_is_none),
        IN_FOLDER(general_names_for_an_only_baseline),
        cmocka_unit_test(stems),
        IN_FOLDER(free_names),
        IN_FOLDER(no_name_is_free),
        IN_FOLDER(too_long_a_path),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

/* perfscale status: what is here, as text and as JSON, and its exit status. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include <cmocka.h>

#include "program.h"

#define SAMPLE(name) TEST_DATA "/k6/" name

static char dir[PATH_BYTES];

static int make(void **state) {
    (void)state;
    make_workspace(dir);
    return 0;
}

static int drop(void **state) {
    (void)state;
    remove_tree(dir);
    return 0;
}

static const struct said *say(const char *const *words) {
    return call(&(struct call){.dir = dir}, words);
}

static void forget(const char *name) {
    char path[2 * PATH_BYTES];
    snprintf(path, sizeof path, "%s/%s", dir, name);
    assert_int_equal(remove(path), 0);
}

/* status --json with its exit status; the caller deletes. */
static cJSON *look(int status) {
    const struct said *s = say(WORDS("status", "--json"));
    if (s->status != status)
        fail_msg("status %d, %d expected\n%s%s", s->status, status, s->out, s->err);
    assert_clean(s->out);
    cJSON *o = said_json(s);
    assert_keys(o, "ready plan baselines baseline_result tool_version missing findings", false);
    assert_int_equal(cJSON_IsTrue(cJSON_GetObjectItem(o, "ready")), status == 0);
    return o;
}

static bool is_missing(const cJSON *o, const char *what) {
    const cJSON *it;
    cJSON_ArrayForEach(it, cJSON_GetObjectItem(o, "missing")) {
        if (strcmp(it->valuestring, what) == 0)
            return true;
    }
    return false;
}

static double plan_value(const cJSON *o, const char *name, const char *member) {
    const cJSON *v = cJSON_GetObjectItem(cJSON_GetObjectItem(o, "plan"), name);
    assert_keys(v, "value line", false);
    return cJSON_GetObjectItem(v, member)->valuedouble;
}

static void plan_and_script(void **state) {
    (void)state;
    cJSON *o = look(0);
    assert_keys(cJSON_GetObjectItem(o, "plan"),
                "file target_rps p95_ms error_rate duration_s base_url", true);
    assert_true(plan_value(o, "target_rps", "value") == 100);
    assert_int_equal(plan_value(o, "target_rps", "line"), 3);
    assert_true(plan_value(o, "duration_s", "value") == 600);
    assert_true(plan_value(o, "p95_ms", "value") == 500);
    assert_true(plan_value(o, "error_rate", "value") == 0.01);
    assert_int_equal(plan_value(o, "base_url", "line"), 7);
    const cJSON *list = cJSON_GetObjectItem(o, "baselines");
    assert_int_equal(cJSON_GetArraySize(list), 1);
    assert_keys(cJSON_GetArrayItem(list, 0), "tool file", false);
    assert_true(cJSON_IsNull(cJSON_GetObjectItem(o, "baseline_result")));
    assert_true(cJSON_IsNull(cJSON_GetObjectItem(o, "tool_version")));
    /* Nobody gave a result: that is no stop, and it says so. */
    assert_true(is_missing(o, "baseline_result"));
    assert_false(is_missing(o, "plan") || is_missing(o, "baseline"));
    cJSON_Delete(o);
}

static void result_of_the_baseline(void **state) {
    (void)state;
    put_copy(dir, "baseline_checkout.json", SAMPLE("baseline-v2.2/summary-export.json"));
    cJSON *o = look(0);
    const cJSON *r = cJSON_GetObjectItem(o, "baseline_result");
    assert_keys(r, "file requests failed p95_ms rps source", false);
    assert_string_equal(cJSON_GetObjectItem(r, "file")->valuestring, "baseline_checkout.json");
    assert_string_equal(cJSON_GetObjectItem(r, "source")->valuestring, "measured");
    assert_int_equal(cJSON_GetObjectItem(r, "requests")->valuedouble, 96);
    assert_int_equal(cJSON_GetObjectItem(r, "failed")->valuedouble, 0);
    assert_int_equal(cJSON_GetArraySize(cJSON_GetObjectItem(o, "missing")), 0);
    cJSON_Delete(o);
}

static void result_with_errors(void **state) {
    (void)state;
    put_copy(dir, "baseline_checkout.json", SAMPLE("baseline-v2.2-flaky/summary-export.json"));
    cJSON *o = look(5);
    assert_true(is_missing(o, "stable"));
    cJSON_Delete(o);
    assert_non_null(strstr(say(WORDS("status"))->out, "failed request"));
}

static void something_missing(void **state) {
    (void)state;
    forget("test-plan.md");
    cJSON *o = look(5);
    assert_true(cJSON_IsNull(cJSON_GetObjectItem(o, "plan")));
    assert_true(is_missing(o, "plan"));
    assert_false(is_missing(o, "baseline"));
    cJSON_Delete(o);
    assert_non_null(strstr(say(WORDS("status"))->out, "No test plan found."));
    put_text(dir, "test-plan.md", "# Only words\n");
    forget("baseline_checkout.js");
    o = look(5);
    assert_true(is_missing(o, "baseline"));
    assert_false(is_missing(o, "plan"));
    /* A plan without figures: each is not set, which is null and never 0. */
    assert_true(cJSON_IsNull(cJSON_GetObjectItem(cJSON_GetObjectItem(o, "plan"), "target_rps")));
    cJSON_Delete(o);
    assert_non_null(strstr(say(WORDS("status"))->out, "No baseline script found."));
}

static void tool_that_is_there(void **state) {
    (void)state;
    char bin[PATH_BYTES], path[2 * PATH_BYTES], both[3 * PATH_BYTES];
    make_tree(bin);
    put_text(bin, "k6", "#!/bin/sh\necho 'k6 v2.2.0 (go1.26, linux/amd64)'\n");
    snprintf(path, sizeof path, "%s/k6", bin);
    assert_int_equal(chmod(path, 0755), 0);
    snprintf(both, sizeof both, "%s:/usr/bin:/bin", bin);
    const struct said *s =
        call(&(struct call){.dir = dir, .path = both}, WORDS("status", "--json"));
    remove_tree(bin);
    cJSON *o = said_json(s);
    assert_string_equal(cJSON_GetObjectItem(o, "tool_version")->valuestring, "2.2.0");
    cJSON_Delete(o);
}

static void what_cannot_be_read(void **state) {
    (void)state;
    const struct said *s = say(WORDS("status", "nowhere"));
    assert_int_equal(s->status, 2);
    assert_memory_equal(s->err, "perfscale: nowhere", 18);
    put_file(dir, "test-plan.md", "\0\1\2\3", 4);
    s = say(WORDS("status"));
    assert_int_equal(s->status, 2);
    assert_non_null(strstr(s->err, "test-plan.md"));
}

static void writes_nothing(void **state) {
    (void)state;
    char before[4096], after[4096];
    list_tree(dir, before, sizeof before);
    assert_int_equal(say(WORDS("status"))->status, 0);
    list_tree(dir, after, sizeof after);
    assert_string_equal(before, after);
}

/* Names and texts of others never reach the terminal as they are. */
static void hostile_names(void **state) {
    (void)state;
    put_text(dir, "baseline_\033]0;own\007\xe2\x80\xae.js", script_text);
    put_text(dir, "baseline_\302\23331m.js", script_text);
    put_text(dir, "test-plan.md",
             "# \033[2J\n- Target RPS: 100\n- goal: \xe2\x80\xae\xe2\x81\xa6\n");
    static const char *const locale[] = {"C.UTF-8", "C", "xx_YY.UTF-8"};
    for (size_t i = 0; i < sizeof locale / sizeof *locale; i++) {
        const struct said *s =
            call(&(struct call){.dir = dir, .locale = locale[i]}, WORDS("status"));
        assert_clean(s->out);
        assert_clean(s->err);
    }
    cJSON *o = look(0);
    assert_int_equal(cJSON_GetArraySize(cJSON_GetObjectItem(o, "baselines")), 3);
    cJSON_Delete(o);
}

static void ascii_locale(void **state) {
    (void)state;
    const struct said *s = call(&(struct call){.dir = dir, .locale = "C"}, WORDS("status"));
    for (const char *p = s->out; *p; p++)
        assert_true((unsigned char)*p < 0x80);
    assert_non_null(strstr(s->out, "+ Test plan"));
    assert_non_null(strstr(say(WORDS("status"))->out, "\xe2\x9c\x93 Test plan"));
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(plan_and_script, make, drop),
        cmocka_unit_test_setup_teardown(result_of_the_baseline, make, drop),
        cmocka_unit_test_setup_teardown(result_with_errors, make, drop),
        cmocka_unit_test_setup_teardown(something_missing, make, drop),
        cmocka_unit_test_setup_teardown(tool_that_is_there, make, drop),
        cmocka_unit_test_setup_teardown(what_cannot_be_read, make, drop),
        cmocka_unit_test_setup_teardown(writes_nothing, make, drop),
        cmocka_unit_test_setup_teardown(hostile_names, make, drop),
        cmocka_unit_test_setup_teardown(ascii_locale, make, drop),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

/* perfscale plan: sizes, the new script, the command; and that nothing of the user's changes. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#include "program.h"

/* The figures of a script without a measured baseline. */
#define FIGURES "--avg", "500ms", "--think", "0", "--requests-per-iteration", "1"

static char dir[PATH_BYTES];

static int make(void **state) {
    (void)state;
    make_workspace(dir);
    return 0;
}

static int drop(void **state) {
    (void)state;
    chmod(dir, 0755);
    remove_tree(dir);
    return 0;
}

static const struct said *say(const char *const *words) {
    return call(&(struct call){.dir = dir}, words);
}

static void assert_only(const char *names) {
    char now[4096];
    list_tree(dir, now, sizeof now);
    assert_string_equal(now, names);
}

#define UNTOUCHED "baseline_checkout.js\ntest-plan.md\n"

static double number(const cJSON *o, const char *name) {
    const cJSON *it = cJSON_GetObjectItem(o, name);
    if (!cJSON_IsNumber(it))
        fail_msg("\"%s\" is no number", name);
    return it->valuedouble;
}

static const char *text(const cJSON *o, const char *name) {
    const cJSON *it = cJSON_GetObjectItem(o, name);
    if (!cJSON_IsString(it))
        fail_msg("\"%s\" is no text", name);
    return it->valuestring;
}

static cJSON *plan(const char *const *words) {
    const struct said *s = say(words);
    if (s->status != 0)
        fail_msg("status %d\n%s%s", s->status, s->out, s->err);
    assert_clean(s->out);
    return said_json(s);
}

/* 100 RPS at 0.5 s are 50 VUs; 10 minutes of them and the ramps. */
static void hundred_at_half_a_second(void **state) {
    (void)state;
    cJSON *o =
        plan(WORDS("plan", "--model", "load", "--rps", "100", FIGURES, "--dry-run", "--json"));
    assert_keys(o,
                "tool baseline script model executor target_rps avg_response_ms think_time_ms "
                "requests_per_iteration iteration_rps vus preallocated_vus max_vus sizing stages "
                "duration_s planned_requests commands infrastructure findings written",
                true);
    assert_string_equal(text(o, "tool"), "k6");
    assert_string_equal(text(o, "baseline"), "baseline_checkout.js");
    assert_string_equal(text(o, "script"), "load_checkout.js");
    assert_string_equal(text(o, "executor"), "open");
    assert_int_equal(number(o, "vus"), 50);
    assert_int_equal(number(o, "preallocated_vus"), 72);
    assert_int_equal(number(o, "max_vus"), 144);
    assert_int_equal(number(o, "planned_requests"), 67500);
    assert_int_equal(number(o, "duration_s"), 750);
    const cJSON *sizing = cJSON_GetObjectItem(o, "sizing");
    assert_keys(sizing, "used from_baseline_vus from_script_vus difference", true);
    assert_string_equal(text(sizing, "used"), "script");
    assert_true(cJSON_IsNull(cJSON_GetObjectItem(sizing, "from_baseline_vus")));
    const cJSON *now = cJSON_GetObjectItem(o, "baseline_script"), *scenario;
    assert_keys(now, "lines scenarios thresholds", true);
    cJSON_ArrayForEach(scenario, cJSON_GetObjectItem(now, "scenarios")) {
        assert_keys(scenario,
                    "name executor line vus duration_s requests_per_iteration think_time_ms "
                    "wait_time_ms left_alone",
                    true);
        assert_string_equal(text(scenario, "name"), "default");
    }
    const cJSON *stages = cJSON_GetObjectItem(o, "stages");
    assert_int_equal(cJSON_GetArraySize(stages), 3);
    const cJSON *hold = cJSON_GetArrayItem(stages, 1);
    assert_keys(hold, "name start_s duration_s target_rps vus", false);
    assert_string_equal(text(hold, "name"), "hold");
    assert_int_equal(number(hold, "start_s"), 100);
    assert_int_equal(number(hold, "duration_s"), 600);
    const cJSON *commands = cJSON_GetObjectItem(o, "commands");
    assert_int_equal(cJSON_GetArraySize(commands), 1);
    assert_non_null(strstr(cJSON_GetArrayItem(commands, 0)->valuestring, "k6 run "));
    const cJSON *row;
    cJSON_ArrayForEach(row, cJSON_GetObjectItem(o, "infrastructure")) {
        assert_keys(row, "check needed available use status fix", true);
    }
    assert_int_equal(cJSON_GetArraySize(cJSON_GetObjectItem(o, "written")), 0);
    cJSON_Delete(o);
    assert_only(UNTOUCHED);
}

static void closed_model_allocates_nothing(void **state) {
    (void)state;
    cJSON *o = plan(WORDS("plan", "--executor", "closed", FIGURES, "--dry-run", "--json"));
    assert_string_equal(text(o, "executor"), "closed");
    assert_int_equal(number(o, "vus"), 50);
    assert_true(cJSON_IsNull(cJSON_GetObjectItem(o, "max_vus")));
    cJSON_Delete(o);
}

static void stress_steps(void **state) {
    (void)state;
    cJSON *o =
        plan(WORDS("plan", "--model", "stress", "--rps", "100", FIGURES, "--dry-run", "--json"));
    assert_int_equal(number(o, "expected_rps"), 100);
    assert_int_equal(number(o, "target_rps"), 200);
    assert_int_equal(number(o, "vus"), 100);
    assert_string_equal(text(o, "script"), "stress_checkout.js");
    const cJSON *stages = cJSON_GetObjectItem(o, "stages");
    assert_string_equal(text(cJSON_GetArrayItem(stages, 0), "name"), "step 1 ramp");
    assert_string_equal(text(cJSON_GetArrayItem(stages, 1), "name"), "step 1");
    assert_int_equal(number(cJSON_GetArrayItem(stages, 1), "target_rps"), 50);
    cJSON_Delete(o);
}

static void measured_baseline_sizes(void **state) {
    (void)state;
    put_copy(dir, "result.json", TEST_DATA "/k6/baseline-v2.2/summary-export.json");
    cJSON *o = plan(WORDS("plan", "--baseline", "result.json", "--requests-per-iteration", "2",
                          "--dry-run", "--json"));
    assert_true(number(cJSON_GetObjectItem(o, "sizing"), "from_baseline_vus") > 0);
    cJSON_Delete(o);
}

static void writes_a_new_script(void **state) {
    (void)state;
    size_t len;
    cJSON *o = plan(WORDS("plan", FIGURES, "--yes", "--json"));
    assert_string_equal(cJSON_GetArrayItem(cJSON_GetObjectItem(o, "written"), 0)->valuestring,
                        "load_checkout.js");
    cJSON_Delete(o);
    char *first = get_file(dir, "load_checkout.js", &len);
    assert_non_null(first);
    assert_non_null(strstr(first, "ramping-arrival-rate"));
    assert_non_null(strstr(first, "http.get('http://127.0.0.1:8080/checkout');"));
    assert_null(strstr(first, "duration: '1m'"));

    /* The name is taken now: the next one counts on, the first stays. */
    o = plan(WORDS("plan", "--rps", "200", FIGURES, "--yes", "--json"));
    assert_string_equal(text(o, "script"), "load_checkout-2.js");
    cJSON_Delete(o);
    char *again = get_file(dir, "load_checkout.js", &len);
    assert_string_equal(again, first);
    free(again);
    free(first);
    char *baseline = get_file(dir, "baseline_checkout.js", &len);
    assert_string_equal(baseline, script_text);
    free(baseline);
}

static void never_overwrites(void **state) {
    (void)state;
    size_t len;
    put_text(dir, "mine.js", "// mine\n");
    const struct said *s = say(WORDS("plan", FIGURES, "--yes", "--out", "mine.js"));
    assert_int_equal(s->status, 2);
    char *mine = get_file(dir, "mine.js", &len);
    assert_string_equal(mine, "// mine\n");
    free(mine);
    s = say(WORDS("plan", FIGURES, "--yes", "--out", "baseline_checkout.js"));
    assert_int_equal(s->status, 2);
    char *baseline = get_file(dir, "baseline_checkout.js", &len);
    assert_string_equal(baseline, script_text);
    free(baseline);
}

static void question_needs_an_answer(void **state) {
    (void)state;
    const struct said *s = say(WORDS("plan", FIGURES));
    assert_int_equal(s->status, 2);
    assert_non_null(strstr(s->err, "add --yes"));
    assert_only(UNTOUCHED);
    s = call(&(struct call){.dir = dir, .input = "y\n"}, WORDS("plan", FIGURES));
    assert_int_equal(s->status, 2); /* a pipe is no terminal */
    assert_only(UNTOUCHED);
}

static void answers_on_a_terminal(void **state) {
    (void)state;
    static const char question[] = "Calculated 50 VUs for 100 RPS. Proceed?";
    struct call c = {.dir = dir};
    static const char *const refusals[] = {"n\n", "what\n", "\004"};
    for (size_t i = 0; i < sizeof refusals / sizeof *refusals; i++) {
        const struct said *s = call_on_terminal(&c, WORDS("plan", FIGURES), question, refusals[i]);
        assert_int_equal(s->status, 2);
        assert_non_null(strstr(s->out, "nothing was written"));
        assert_only(UNTOUCHED);
    }
    const struct said *s = call_on_terminal(&c, WORDS("plan", FIGURES), question, "y\n");
    assert_int_equal(s->status, 0);
    assert_non_null(strstr(s->out, "Written: load_checkout.js"));
}

static void text_for_people(void **state) {
    (void)state;
    const struct said *s = say(WORDS("plan", FIGURES, "--dry-run", "--diff"));
    assert_int_equal(s->status, 0);
    assert_clean(s->out);
    static const char *const parts[] = {"50 VUs",
                                        "67,500 requests in 12:30",
                                        "Load generator",
                                        "--- baseline_checkout.js",
                                        "-  duration: '1m'",
                                        "Nothing was written: a dry run.",
                                        "k6 run "};
    for (size_t i = 0; i < sizeof parts / sizeof *parts; i++)
        if (!strstr(s->out, parts[i]))
            fail_msg("\"%s\" is not in:\n%s", parts[i], s->out);
    assert_only(UNTOUCHED);
}

static void what_is_wrong(void **state) {
    (void)state;
    static const struct {
        const char *words[12];
        const char *says;
    } cases[] = {
        {{"plan"}, "--avg"}, /* no baseline result: the average is not known */
        {{"plan", "--avg", "fast"}, "--avg: \"fast\" is not a duration"},
        {{"plan", FIGURES, "--rps", "0"}, "--rps: Target must be above 0"},
        {{"plan", FIGURES, "--rps", "2oo"}, "--rps: \"2oo\""},
        {{"plan", FIGURES, "--model", "spike"},
         "--model: \"spike\" is not one of Load, Stress, Soak"},
        {{"plan", FIGURES, "--executor", "ajar"},
         "--executor: \"ajar\" is not one of open, closed"},
        {{"plan", FIGURES, "--duration", "600"},
         "--duration: \"600\" has no unit; write 600s or 600m"},
        {{"plan", FIGURES, "--duration", "2000h"},
         "--duration: Hold must be above 0 and at most 1,440 h"},
        {{"plan", FIGURES, "--steps", "4"}, "--steps is not for a load test"},
        {{"plan", FIGURES, "--script", "other.js"}, "--script: other.js is no baseline script"},
        {{"plan", FIGURES, "--baseline", "none.json"}, "none.json: "},
        {{"plan", FIGURES, "--diff", "--json"}, "do not go together"},
        {{"plan", FIGURES, "--rps", "1000000000000000000000000000000000000000000"}, "--rps: "},
        {{"plan", "nowhere"}, "nowhere: "},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        const struct said *s = say(cases[i].words);
        if (s->status != 2 || !strstr(s->err, cases[i].says))
            fail_msg("case %zu (%s): status %d, %s", i, cases[i].says, s->status, s->err);
    }
    assert_only(UNTOUCHED);
}

static void prerequisites_missing(void **state) {
    (void)state;
    char path[2 * PATH_BYTES];
    put_copy(dir, "bad.json", TEST_DATA "/k6/baseline-v2.2-flaky/summary-export.json");
    assert_int_equal(say(WORDS("plan", "--baseline", "bad.json", "--dry-run"))->status, 5);
    snprintf(path, sizeof path, "%s/test-plan.md", dir);
    assert_int_equal(remove(path), 0);
    const struct said *s = say(WORDS("plan", FIGURES, "--dry-run", "--json"));
    assert_int_equal(s->status, 5);
    assert_non_null(strstr(s->err, "No test plan found. Please run `/api-performance` first"));
    cJSON *o = said_json(s);
    assert_keys(cJSON_GetObjectItem(o, "error"), "file line text fix", false);
    cJSON_Delete(o);
}

static void several_baselines(void **state) {
    (void)state;
    put_text(dir, "baseline_login.js", script_text);
    const struct said *s = say(WORDS("plan", FIGURES, "--dry-run"));
    assert_int_equal(s->status, 2);
    assert_non_null(strstr(s->err, "baseline_checkout.js, baseline_login.js; add --script FILE"));
    cJSON *o = plan(WORDS("plan", FIGURES, "--script", "baseline_login.js", "--dry-run", "--json"));
    assert_string_equal(text(o, "script"), "load_login.js");
    cJSON_Delete(o);
}

static const char two_scenarios[] =
    "import http from 'k6/http';\n"
    "export const options = {\n"
    "  scenarios: {\n"
    "    buy: { executor: 'constant-vus', exec: 'buy', vus: 5, duration: '5m' },\n"
    "    look: { executor: 'constant-vus', exec: 'look', vus: 20, duration: '5m' },\n"
    "  },\n"
    "};\n"
    "export function buy() { http.get('http://127.0.0.1:8080/cart'); }\n"
    "export function look() { http.get('http://127.0.0.1:8080/items'); }\n";

/* 5 and 20 VUs of equal iterations: a fifth and four fifths, until somebody says otherwise. */
static void several_scenarios(void **state) {
    (void)state;
    put_text(dir, "baseline_checkout.js", two_scenarios);
    static const struct {
        const char *option, *value;
        double share, think_ms;
    } cases[] = {{"--rps", "100", 0.2, 0},
                 {"--shares", "buy=1 look=3", 0.25, 0},
                 {"--shares", "30,70", 0.3, 0},
                 {"--think", "buy=400ms", 5 / 0.5 / (5 / 0.5 + 20 / 0.1), 400}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        cJSON *o = plan(WORDS("plan", "--avg", "100ms", cases[i].option, cases[i].value,
                              "--dry-run", "--json"));
        const cJSON *list = cJSON_GetObjectItem(o, "scenarios");
        const cJSON *buy = cJSON_GetArrayItem(list, 0), *look = cJSON_GetArrayItem(list, 1);
        assert_int_equal(cJSON_GetArraySize(list), 2);
        assert_string_equal(text(buy, "name"), "buy");
        if (i < 3)
            assert_true(number(buy, "share") == cases[i].share);
        assert_true(number(buy, "think_time_ms") == cases[i].think_ms);
        double sum = number(buy, "target_rps") + number(look, "target_rps");
        assert_true(sum > 99.999 && sum < 100.001);
        assert_true(number(buy, "vus") + number(look, "vus") == number(o, "vus"));
        cJSON_Delete(o);
    }
    const struct said *s = say(WORDS("plan", "--avg", "100ms", "--shares", "1 2 3", "--yes"));
    assert_int_equal(s->status, 2);
    assert_non_null(strstr(s->err, "--shares: There are 2 scenarios and more numbers."));
    s = say(WORDS("plan", "--avg", "100ms", "--executor", "paced", "--yes"));
    assert_int_equal(s->status, 2);
    assert_non_null(strstr(s->err, "--executor: k6 cannot do paced. It can do open, closed."));
    s = say(WORDS("plan", "--yes"));
    assert_non_null(strstr(s->err, "not known: Average response"));
    assert_only(UNTOUCHED);
}

/* A command for each machine, and both new files or none. */
static void several_machines(void **state) {
    (void)state;
    cJSON *o = plan(WORDS("plan", FIGURES, "--generators", "3", "--yes", "--json"));
    const cJSON *commands = cJSON_GetObjectItem(o, "commands"),
                *places = cJSON_GetObjectItem(o, "command_places");
    assert_int_equal(number(o, "generators"), 3);
    assert_true(cJSON_GetArraySize(commands) >= 3);
    assert_int_equal(cJSON_GetArraySize(commands), cJSON_GetArraySize(places));
    assert_string_equal(cJSON_GetArrayItem(places, 2)->valuestring, "machine 3 of 3");
    char files[512];
    snprintf(files, sizeof files, ".perfscale\nbaseline_checkout.js\n%s\n%s\n%s",
             "load_checkout.js", text(o, "manifest"), "test-plan.md\n");
    assert_only(files);
    assert_int_equal(cJSON_GetArraySize(cJSON_GetObjectItem(o, "written")), 2);
    cJSON_Delete(o);
    const struct said *s = say(WORDS("plan", FIGURES, "--generators", "2", "--yes"));
    assert_int_equal(s->status, 0);
    assert_non_null(strstr(s->out, "machine 2 of 2\n"));
    assert_non_null(strstr(s->out, "Written: load_checkout-2.js, load_checkout-2."));
    s = say(WORDS("plan", FIGURES, "--generators", "0", "--yes"));
    assert_int_equal(s->status, 2);
}

/* Shapes that are not taken are refused with file and line, and nothing is written. */
static void refused_script(void **state) {
    (void)state;
    put_text(dir, "baseline_checkout.js",
             "import http from 'k6/http';\n\n\n"
             "export const options = { scenarios: { a: { executor: 'no-such' } } };\n"
             "export default function () { http.get('http://127.0.0.1:8080/'); }\n");
    const struct said *s = say(WORDS("plan", FIGURES, "--yes"));
    assert_int_equal(s->status, 2);
    assert_memory_equal(s->err, "perfscale: baseline_checkout.js:4: ", 35);
    assert_only(UNTOUCHED);
}

/* What is promised when the directory cannot be written: an error, and nothing half done. */
static void read_only_directory(void **state) {
    (void)state;
    assert_int_equal(chmod(dir, 0555), 0);
    const struct said *s =
        call(&(struct call){.dir = dir, .as_nobody = true}, WORDS("plan", FIGURES, "--yes"));
    assert_int_equal(s->status, 2);
    assert_non_null(strstr(s->err, "ermission denied"));
    assert_only(UNTOUCHED);
}

static void hostile_script_name(void **state) {
    (void)state;
    put_text(dir, "baseline_\033[31m\342\200\256evil.js", script_text);
    const struct said *s =
        say(WORDS("plan", FIGURES, "--script", "baseline_\033[31m\342\200\256evil.js", "--dry-run",
                  "--diff"));
    assert_clean(s->out);
    assert_clean(s->err);
    if (s->status == 0) /* no command may be printed that would not run the file */
        assert_null(strstr(s->out, "k6 run "));
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(hundred_at_half_a_second, make, drop),
        cmocka_unit_test_setup_teardown(closed_model_allocates_nothing, make, drop),
        cmocka_unit_test_setup_teardown(stress_steps, make, drop),
        cmocka_unit_test_setup_teardown(measured_baseline_sizes, make, drop),
        cmocka_unit_test_setup_teardown(writes_a_new_script, make, drop),
        cmocka_unit_test_setup_teardown(never_overwrites, make, drop),
        cmocka_unit_test_setup_teardown(question_needs_an_answer, make, drop),
        cmocka_unit_test_setup_teardown(answers_on_a_terminal, make, drop),
        cmocka_unit_test_setup_teardown(text_for_people, make, drop),
        cmocka_unit_test_setup_teardown(what_is_wrong, make, drop),
        cmocka_unit_test_setup_teardown(prerequisites_missing, make, drop),
        cmocka_unit_test_setup_teardown(several_baselines, make, drop),
        cmocka_unit_test_setup_teardown(several_scenarios, make, drop),
        cmocka_unit_test_setup_teardown(several_machines, make, drop),
        cmocka_unit_test_setup_teardown(refused_script, make, drop),
        cmocka_unit_test_setup_teardown(read_only_directory, make, drop),
        cmocka_unit_test_setup_teardown(hostile_script_name, make, drop),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

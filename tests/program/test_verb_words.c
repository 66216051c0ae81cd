/* What the program says of itself, and what it does with words that it does not know. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "program.h"

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

static void version_and_help(void **state) {
    (void)state;
    const struct said *s = say(WORDS("--version"));
    assert_int_equal(s->status, 0);
    assert_string_equal(s->out, "perfscale " PERFSCALE_VERSION "\n");
    s = say(WORDS("--help"));
    assert_int_equal(s->status, 0);
    static const char *const verbs[] = {"perfscale [DIR]",      "perfscale demo",
                                        "perfscale status",     "perfscale plan",
                                        "perfscale check",      "perfscale watch SOURCE...",
                                        "perfscale replay FILE"};
    for (size_t i = 0; i < sizeof verbs / sizeof *verbs; i++)
        assert_non_null(strstr(s->out, verbs[i]));
}

/* Help is made of the table that reads the options; these are the ones that are promised. */
static void help_names_every_option(void **state) {
    (void)state;
    static const struct {
        const char *verb, *options[24];
    } cases[] = {
        {"status", {"--json"}},
        {"plan",
         {"--model",
          "--rps",
          "--script",
          "--baseline",
          "--avg",
          "--think",
          "--requests-per-iteration",
          "--duration",
          "--ramp",
          "--ramp-down",
          "--steps",
          "--start-rps",
          "--max-rps",
          "--executor",
          "--shares",
          "--generators",
          "--out",
          "--yes",
          "--dry-run",
          "--diff",
          "--json"}},
        {"check",
         {"--rps", "--p95", "--p99", "--error-rate", "--rules", "--plan", "--model", "--format",
          "--arrivals", "--max-vus", "--dir", "--save", "--json"}},
        {"watch",
         {"--from", "--idle", "--every", "--query", "--rps", "--p95", "--plan", "--dir", "--memory",
          "--save", "--json"}},
        {"replay", {"--speed", "--theme", "--ascii"}},
        {"demo", {"--theme", "--ascii"}},
        {"runs", {"--filter", "--sort", "--reverse", "--limit", "--dir", "--json"}},
        {"show", {"--dir", "--json"}},
        {"compare", {"--dir", "--json"}},
        {"note", {"--text", "--on", "--reply", "--dir", "--json"}},
        {"settle", {"--state", "--text", "--dir", "--json"}},
        {"approve", {"--text", "--dir", "--json"}},
        {"request-changes", {"--text", "--dir", "--json"}},
        {"withdraw", {"--dir", "--json"}},
        {"waive", {"--text", "--dir", "--json"}},
        {"pin", {"--dir", "--json"}},
        {"report", {"--format", "--out", "--dir"}},
        {"share", {"--group", "--private"}},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        const struct said *s = say(WORDS("help", cases[i].verb));
        assert_int_equal(s->status, 0);
        for (size_t o = 0; cases[i].options[o]; o++)
            if (!strstr(s->out, cases[i].options[o]))
                fail_msg("help %s does not name %s", cases[i].verb, cases[i].options[o]);
        char first[OUTPUT_BYTES / 16];
        strncpy(first, s->out, sizeof first - 1);
        first[sizeof first - 1] = '\0';
        s = say(WORDS(cases[i].verb, "--help"));
        assert_string_equal(s->out, first);
    }
}

static void wrong_words(void **state) {
    (void)state;
    static const struct {
        const char *words[6];
        const char *says;
    } cases[] = {
        {{"frobnicate"}, "neither a verb nor a directory; verbs are demo, status, plan, check"},
        {{"compare"}, "no run is named; write perfscale compare ID ID"},
        {{"compare", "1"}, "a word is missing behind \"1\"; write perfscale compare ID ID"},
        {{"help", "contrast"}, "\"contrast\" is not a verb"},
        {{"watch"}, "nothing to watch is named"},
        {{"./nowhere"}, "./nowhere: No such file"},
        {{"baseline_checkout.js"}, "is a file; the dashboard opens a directory"},
        {{"status", "--what"}, "--what is not an option of status; see perfscale help status"},
        {{"status", ".", ".."}, "\"..\" is one word too many"},
        {{"status", "--json=1"}, "--json takes no value"},
        {{"plan", "--rps"}, "--rps has no value; write --rps N"},
        {{"plan", "--rps="}, "--rps has no value"},
        {{"plan", "--rps", "1", "--rps", "2"}, "--rps is given twice"},
        {{"plan", "--generators"}, "--generators has no value; write --generators N"},
        {{"check", "--memory-limit", "much", "r"}, "--memory-limit: \"much\" is not a size"},
        {{"check", "--memory-limit", "0", "r"}, "--memory-limit"},
        {{"check", "--think", "long", "r"}, "--think: \"long\" is not a duration"},
        {{"--theme", "pink"}, "\"pink\" is not a theme"},
        {{"\033[31mred"}, "?[31mred"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        const struct said *s = say(cases[i].words);
        if (s->status != 2 || !strstr(s->err, cases[i].says))
            fail_msg("%s: status %d, %s", cases[i].words[0], s->status, s->err);
        assert_memory_equal(s->err, "perfscale: ", 11);
        assert_string_equal(s->out, "");
        assert_clean(s->err);
    }
}

/* An error is on standard error for people and, with --json, an object on standard output. */
static void errors_as_json(void **state) {
    (void)state;
    const struct said *s = say(WORDS("check", "missing.json", "--json"));
    assert_int_equal(s->status, 2);
    assert_memory_equal(s->err, "perfscale: missing.json: ", 25);
    cJSON *o = said_json(s);
    assert_keys(o, "error", false);
    const cJSON *error = cJSON_GetObjectItem(o, "error");
    assert_keys(error, "file line text fix", false);
    assert_string_equal(cJSON_GetObjectItem(error, "file")->valuestring, "missing.json");
    assert_true(cJSON_IsNull(cJSON_GetObjectItem(error, "line")));
    cJSON_Delete(o);
}

static void full_disk_is_no_success(void **state) {
    (void)state;
    if (access("/dev/full", W_OK) != 0)
        skip();
    const struct said *s = call(&(struct call){.dir = dir, .output = "/dev/full"}, WORDS("--help"));
    assert_int_equal(s->status, 2);
    assert_non_null(strstr(s->err, "standard output: No space left"));
}

/* The dashboard needs a terminal; without one it says so and draws nothing. */
static void dashboard_without_terminal(void **state) {
    (void)state;
    const struct said *s = say(WORDS("."));
    assert_int_equal(s->status, 2);
    assert_string_equal(s->out, "");
    assert_memory_equal(s->err, "perfscale: ", 11);
    char empty[PATH_BYTES];
    make_tree(empty);
    s = call(&(struct call){.dir = empty}, WORDS("."));
    remove_tree(empty);
    assert_int_equal(s->status, 5);
    assert_non_null(strstr(s->out, "No test plan found. Please run `/api-performance` first to set "
                                   "up the baseline."));
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(version_and_help),
        cmocka_unit_test(help_names_every_option),
        cmocka_unit_test(wrong_words),
        cmocka_unit_test(errors_as_json),
        cmocka_unit_test(full_disk_is_no_success),
        cmocka_unit_test(dashboard_without_terminal),
    };
    return cmocka_run_group_tests(tests, make, drop);
}

/* perfscale runs, show, compare, report, share: what is stored, read again. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "program.h"
#include "store.h"

static char dir[PATH_BYTES];

static int make(void **state) {
    (void)state;
    make_store(dir);
    return 0;
}

static int drop(void **state) {
    (void)state;
    remove_tree(dir);
    return 0;
}

static const struct said *say(const char *const *words) { return as_author(dir, words); }

static void assert_says(const struct said *s, int status, const char *out, const char *err) {
    if (s->status != status || !strstr(s->out, out) || !strstr(s->err, err))
        fail_msg("status %d, \"%s\" or \"%s\" is not in:\n%s\n%s", s->status, out, err, s->out,
                 s->err);
    assert_clean(s->out);
    assert_clean(s->err);
}

static const cJSON *at(const cJSON *o, const char *name) {
    const cJSON *found = cJSON_GetObjectItem(o, name);
    if (!found)
        fail_msg("no member %s", name);
    return found;
}

/* --- runs --- */

static void list_is_newest_first(void **state) {
    (void)state;
    const struct said *s = say(WORDS("runs"));
    assert_says(s, 0, "Target", "");
    const char *third = strstr(s->out, "  3  "), *first = strstr(s->out, "  1  ");
    assert_true(third && first && third < first);
}

static void list_as_json(void **state) {
    (void)state;
    const struct said *s = say(WORDS("runs", ".", "--json"));
    assert_int_equal(s->status, 0);
    cJSON *o = said_json(s);
    assert_int_equal(cJSON_GetArraySize(at(o, "runs")), 3);
    const cJSON *r = cJSON_GetArrayItem(at(o, "runs"), 1);
    assert_keys(r,
                "id at author tool model script target_rps rps p95_ms error_rate verdict notes "
                "signed",
                true);
    assert_int_equal(at(r, "id")->valueint, 2);
    assert_string_equal(at(r, "verdict")->valuestring, "fail");
    assert_string_equal(at(r, "signed")->valuestring, "none");
    assert_true(cJSON_IsNull(at(r, "script"))); /* no plan was confirmed: not known */
    cJSON_Delete(o);
}

static void list_is_chosen(void **state) {
    (void)state;
    static const struct {
        const char *words[8];
        const char *ids; /* with --ids: the numbers in their order */
    } cases[] = {
        {{"runs", "--ids"}, "3 2 1 "},
        {{"runs", "--ids", "--reverse"}, "1 2 3 "},
        {{"runs", "--ids", "--filter", "verdict:pass"}, "1 "},
        {{"runs", "--ids", "--filter", "type:stress"}, ""},
        {{"runs", "--ids", "--limit", "2"}, "3 2 "},
        {{"runs", "--ids", "--sort", "target", "--limit", "1"}, "3 "},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        char ids[64] = "";
        const struct said *s = say(cases[i].words);
        assert_int_equal(s->status, 0);
        for (const char *l = s->out; *l; l = strchr(l, '\n') + 1)
            snprintf(ids + strlen(ids), sizeof ids - strlen(ids), "%d ", atoi(l));
        if (strcmp(ids, cases[i].ids) != 0)
            fail_msg("case %zu: %s, not %s", i, ids, cases[i].ids);
    }
}

/* Every choice that help and completion offer is one that is taken. */
static void every_column_sorts(void **state) {
    (void)state;
    static const char choices[] = "run|type|target|p95|errors|rate|verdict|review";
    const struct said *s = say(WORDS("help", "runs"));
    assert_non_null(strstr(s->out, choices));
    for (const char *c = choices; *c; c += strcspn(c, "|") + (c[strcspn(c, "|")] == '|')) {
        char column[16];
        snprintf(column, sizeof column, "%.*s", (int)strcspn(c, "|"), c);
        assert_says(say(WORDS("runs", "--sort", column)), 0, "Run", "");
    }
}

static void list_says_what_is_left_out(void **state) {
    (void)state;
    assert_says(say(WORDS("runs", "--limit", "1")), 0, "2 more of 3; --limit 3 shows all.", "");
    assert_says(say(WORDS("runs", "--filter", "nothing-like-it")), 0,
                "No run holds \"nothing-like-it\".", "");
}

/* --- show --- */

static void show_as_text(void **state) {
    (void)state;
    static const char *const parts[] = {"Run 2: load, 170 RPS, ", "over limit",
                                        "test-plan.md:5",         "1 of 1 approval missing",
                                        "What a vote signs",      "results  "};
    const struct said *s = say(WORDS("show", "2"));
    for (size_t i = 0; i < sizeof parts / sizeof *parts; i++)
        assert_says(s, 0, parts[i], "");
}

static void show_as_json(void **state) {
    (void)state;
    cJSON *o = said_json(say(WORDS("show", "last", "--json")));
    assert_keys(o,
                "id at author host tool_version plan limits hashes notes signatures verdict checks "
                "latency_ms",
                true);
    assert_int_equal(at(o, "id")->valueint, 3);
    assert_keys(at(o, "hashes"), "results script rules verdict", true);
    cJSON_Delete(o);
}

/* --- compare --- */

static void compare_two(void **state) {
    (void)state;
    const struct said *s = say(WORDS("compare", "1", "2"));
    assert_says(s, 0, "Run 1 with run 2: comparable", "");
    assert_non_null(strstr(s->out, "now over limit"));
    cJSON *o = said_json(say(WORDS("compare", "1", "2", "--json")));
    assert_keys(o, "a b comparable differs metrics", true);
    const cJSON *m = cJSON_GetArrayItem(at(o, "metrics"), 0);
    assert_keys(m, "metric unit a b difference real why", true);
    cJSON_Delete(o);
}

static void compare_of_what_is_not_comparable(void **state) {
    (void)state;
    const struct said *s = say(WORDS("compare", "1", "3"));
    assert_says(s, 2, "", "perfscale: runs 1 and 3 are not comparable: another target");
    assert_string_equal(s->out, "");
    s = say(WORDS("compare", "1", "3", "--json"));
    assert_says(s, 2, "", "perfscale: runs 1 and 3 are not comparable: ");
    cJSON *o = said_json(s);
    assert_string_equal(at(o, "comparable")->valuestring, "not_comparable");
    assert_keys(at(o, "error"), "file line text fix", false);
    cJSON_Delete(o);
}

/* --- report --- */

static void report_goes_out_or_into_a_new_file(void **state) {
    (void)state;
    static const struct {
        const char *format, *begins;
    } cases[] = {{"md", "## "}, {"html", "<!"}, {"junit", "<?xml "}, {"json", "{"}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        const struct said *s = say(WORDS("report", "1", "--format", cases[i].format));
        assert_int_equal(s->status, 0);
        assert_memory_equal(s->out, cases[i].begins, strlen(cases[i].begins));
    }
    char text[OUTPUT_BYTES / 4];
    snprintf(text, sizeof text, "%s", say(WORDS("report", "1"))->out);
    assert_says(say(WORDS("report", "1", "--out", "r.md")), 0, "Written: r.md, ", "");
    size_t len;
    char *file = get_file(dir, "r.md", &len);
    assert_string_equal(file, text);
    free(file);
    assert_says(say(WORDS("report", "2", "--out", "r.md")), 2, "",
                "r.md: exists; nothing is ever overwritten");
    file = get_file(dir, "r.md", &len);
    assert_string_equal(file, text);
    free(file);
}

/* --- share --- */

static void a_store_is_private_until_it_is_shared(void **state) {
    (void)state;
    assert_says(say(WORDS("share", "--private")), 0, "is private: only ", "");
    assert_says(say(WORDS("share")), 0, "is private: only ", "");
    assert_says(say(WORDS("share", "--group", "no-such-group-here")), 2, "", "no-such-group-here");
    assert_says(say(WORDS("share", "--group", "x", "--private")), 2, "", "do not go together");
    if (two_people())
        assert_says(say(WORDS("share", ".", "--group", "65534")), 0, "is shared with group", "");
}

/* --- words --- */

static void runs_that_are_not_there(void **state) {
    (void)state;
    static const struct {
        const char *words[5];
        const char *says;
    } cases[] = {
        {{"show", "99"}, "there is no run 99; the runs are 1 to 3"},
        {{"show", "0"}, "there is no run 0"},
        {{"show", "99999999999999999999999"}, "there is no run 99999"},
        {{"show", "-1"}, "-1 is not an option of show"},
        {{"show", "1x"}, "\"1x\" is no run; write its number, last or ref"},
        {{"show", "ref"}, "no run is the reference"},
        {{"show", "ref:soak"}, "no run is the reference of soak"},
        {{"show"}, "no run is named; write perfscale show ID"},
        {{"show", "\033[31m"}, "\"?[31m\" is no run"},
        {{"compare", "1", "1"}, "both are run 1"},
        {{"report", "1", "--format", "pdf"}, "write md|html|junit|json"},
        {{"runs", ".", "--dir", "."}, "given twice"},
        {{"runs", "--sort", "colour"}, "\"colour\" is no column"},
        {{"runs", "--limit", "0"}, "--limit"},
        {{"runs", "./nowhere"}, "nowhere"},
        {{"completion"}, "no shell is named; write bash|zsh|fish"},
        {{"completion", "csh"}, "no completion for \"csh\""},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        assert_says(say(cases[i].words), 2, "", cases[i].says);
    cJSON *o = said_json(say(WORDS("show", "99", "--json")));
    assert_keys(at(o, "error"), "file line text fix", false);
    cJSON_Delete(o);
}

static void without_a_store(void **state) {
    (void)state;
    char empty[PATH_BYTES];
    make_tree(empty);
    const struct call c = {.dir = empty};
    assert_says(call(&c, WORDS("runs")), 0, "No runs yet.", "");
    cJSON *o = said_json(call(&c, WORDS("runs", "--json")));
    assert_int_equal(cJSON_GetArraySize(at(o, "runs")), 0);
    cJSON_Delete(o);
    assert_says(call(&c, WORDS("show", "last")), 2, "", "no run is stored in ");
    assert_says(call(&c, WORDS("share")), 0, "There is no store in ", "");
    char names[64];
    list_tree(empty, names, sizeof names);
    assert_string_equal(names, ""); /* looking makes no store */
    remove_tree(empty);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(list_is_newest_first),
        cmocka_unit_test(list_as_json),
        cmocka_unit_test(list_is_chosen),
        cmocka_unit_test(every_column_sorts),
        cmocka_unit_test(list_says_what_is_left_out),
        cmocka_unit_test(show_as_text),
        cmocka_unit_test(show_as_json),
        cmocka_unit_test(compare_two),
        cmocka_unit_test(compare_of_what_is_not_comparable),
        cmocka_unit_test(report_goes_out_or_into_a_new_file),
        cmocka_unit_test(a_store_is_private_until_it_is_shared),
        cmocka_unit_test(runs_that_are_not_there),
        cmocka_unit_test(without_a_store),
    };
    return cmocka_run_group_tests(tests, make, drop);
}

/* perfscale note, settle, approve, request-changes, withdraw, waive, pin: what people say of a run,
 * and what stands afterwards. */
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

static void assert_says(const struct said *s, int status, const char *out, const char *err) {
    if (s->status != status || !strstr(s->out, out) || !strstr(s->err, err))
        fail_msg("status %d, \"%s\" or \"%s\" is not in:\n%s\n%s", s->status, out, err, s->out,
                 s->err);
    assert_clean(s->out);
    assert_clean(s->err);
}

static void one_pair(void) {
    if (!two_people()) {
        print_message("SKIPPED: two people need root\n");
        skip();
    }
}

/* --- notes --- */

static void notes_and_answers(void **state) {
    (void)state;
    assert_says(as_me(dir, WORDS("note", "1", "--on", "p95", "--text", "What is this spike?")), 0,
                "Note 1 on p95. 1 note, 1 open.\n", "");
    assert_says(as_author(dir, WORDS("note", "1", "--reply", "1", "--text", "A full GC.")), 0,
                "Note 2, in answer to note 1. 2 notes, 1 open.\n", "");
    assert_says(as_me(dir, WORDS("settle", "1", "1", "--state", "agreed")), 0,
                "Note 1: agreed. 2 notes, 0 open.\n", "");
    const struct said *s = as_me(dir, WORDS("show", "1"));
    assert_says(s, 0, "  1  p95  ", "");
    assert_says(s, 0, "agreed by ", "");
    assert_says(s, 0, "     What is this spike?\n", "");
    assert_says(s, 0, "         A full GC.\n", "");
}

/* Escapes, bidirectional marks and line ends of a colleague. */
static void hostile_text(void **state) {
    (void)state;
    const struct call c = {.dir = dir,
                           .input = "\033[31mred\a \xe2\x80\xae"
                                    "evil <b>x</b>\r\n\x9b"
                                    "31m next\n"};
    assert_says(call(&c, WORDS("note", "3", "--text", "-")), 0, "Note 1 on run.", "");
    const struct said *s = as_me(dir, WORDS("show", "3"));
    assert_says(s, 0, "     ?[31mred? ?evil <b>x</b>", "");
    assert_int_equal(as_me(dir, WORDS("report", "3", "--format", "html"))->status, 0);
}

static void text_from_standard_input(void **state) {
    (void)state;
    static char large[2002];
    memset(large, 'a', 2001);
    const struct {
        const char *input;
        size_t len;
        int status;
        const char *says;
    } cases[] = {
        {large, 2001, 2, "more than 2000 bytes"},
        {large + 1, 2000, 0, ""},
        {"a\0b", 3, 2, "it has a NUL in it"},
        {"\n \n", 3, 2, "there is no text; add --text"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        const struct call c = {.dir = dir, .input = cases[i].input, .input_len = cases[i].len};
        assert_says(call(&c, WORDS("note", "2", "--text", "-")), cases[i].status, "",
                    cases[i].says);
    }
}

/* --- votes --- */

static void own_approval_does_not_count(void **state) {
    (void)state;
    assert_says(as_author(dir, WORDS("approve", "1")), 0,
                "Kept. It does not count: you ran it; someone else approves.\n", "");
    cJSON *o = said_json(as_author(dir, WORDS("approve", "1", "--json")));
    assert_true(cJSON_IsFalse(cJSON_GetObjectItem(o, "valid")));
    assert_string_equal(cJSON_GetObjectItem(o, "why_not")->valuestring,
                        "you ran it; someone else approves");
    assert_string_equal(cJSON_GetObjectItem(o, "signed")->valuestring, "open");
    cJSON_Delete(o);
}

static void two_people_sign_a_run(void **state) {
    (void)state;
    one_pair();
    assert_says(as_author(dir, WORDS("pin", "1")), 2, "", "run 1 is not approved: ");
    assert_says(as_me(dir, WORDS("request-changes", "1", "--text", "explain the spike")), 0,
                "Changes requested. Run 1: changes requested by root.\n", "");
    assert_says(as_me(dir, WORDS("withdraw", "1")), 0,
                "Withdrawn. Run 1: 1 of 1 approval missing.\n", "");
    assert_says(as_me(dir, WORDS("withdraw", "1")), 2, "", "root has no vote on run 1");
    assert_says(as_me(dir, WORDS("approve", "1")), 0, "Approved. Run 1 is signed by root.\n", "");
    assert_says(as_author(dir, WORDS("pin", "1")), 0, "Run 1 is the reference for load.\n", "");
    assert_says(as_me(dir, WORDS("show", "ref")), 0, "approved by root; the reference, set by ",
                "");
    assert_says(as_me(dir, WORDS("show", "ref:load")), 0, "Run 1: ", "");
    assert_says(as_me(dir, WORDS("runs")), 0, "approved, reference", "");
}

/* A waiver changes the verdict, which is said, and makes an earlier vote outdated. */
static void a_waiver_never_reads_as_a_pass(void **state) {
    (void)state;
    one_pair();
    assert_says(as_me(dir, WORDS("approve", "2")), 0, "Approved. Run 2 is signed by root.", "");
    assert_says(as_me(dir, WORDS("waive", "2", "error_rate", "--text", "why not")), 2, "",
                "error_rate");
    assert_says(as_me(dir, WORDS("waive", "2", "p95", "--text",
                                 "measured by the gateway\n\xe2\x9c\x93 zed approved")),
                0, "Waived: p95. ", "");
    const struct said *s = as_me(dir, WORDS("show", "2"));
    assert_says(s, 0, "p95: waived by root: measured by the gateway", "");
    assert_says(s, 0, "outdated: what was signed has changed", "");
    assert_null(strstr(s->out, "Test successful. Ready"));
    assert_null(strstr(s->out, "\n\xe2\x9c\x93 zed")); /* nobody writes lines of his own */
    if (strncmp(strchr(s->out, '\n') + 2, "! ", 2) != 0)
        fail_msg("no sign of a waiver:\n%.400s", s->out);
}

/* --- words --- */

static void what_cannot_be_said(void **state) {
    (void)state;
    static const struct {
        const char *words[8];
        const char *says;
    } cases[] = {
        {{"note", "1"}, "there is no text; add --text"},
        {{"note", "99", "--text", "x"}, "there is no run 99"},
        {{"note", "1", "--text", "x", "--on", "moon"}, "\"moon\" is no part of the run"},
        {{"note", "1", "--text", "x", "--reply", "77"}, "run 1 has no note 77"},
        {{"note", "1", "--text", "x", "--reply", "-1"}, "--reply"},
        {{"settle", "1", "1"}, "--state is missing; write agreed|disputed|waived|open"},
        {{"settle", "1", "1", "--state", "happy"}, "\"happy\" is no state of a note"},
        {{"settle", "1", "1", "--state", "waived"}, "there is no text"},
        {{"settle", "1", "--state", "agreed"}, "write perfscale settle ID NOTE"},
        {{"settle", "1", "999999", "--state", "agreed"}, "NOTE: there is no note 999999"},
        {{"request-changes", "1"}, "there is no text"},
        {{"waive", "2", "p95"}, "there is no text"},
        {{"waive", "2", "moon", "--text", "x"}, "moon"},
        {{"pin", "2"}, "only an approved run can be the reference"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        assert_says(as_author(dir, cases[i].words), 2, "", cases[i].says);
}

/* Somebody whom the store is not shared with. */
static void a_stranger_stays_out(void **state) {
    (void)state;
    one_pair();
    char own[PATH_BYTES];
    make_workspace(own);
    put_copy(own, "result.txt", TEST_ROOT "/demo/recorded_pass.txt");
    assert_says(as_me(own, WORDS("check", "result.txt", "--dir", ".", "--save")), 1,
                "Saved as run 1.", "");
    assert_says(as_author(own, WORDS("note", "1", "--text", "x")), 2, "", ".perfscale belongs to ");
    assert_says(as_author(own, WORDS("share", "--private")), 2, "", "root");
    remove_tree(own);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(notes_and_answers, make, drop),
        cmocka_unit_test_setup_teardown(hostile_text, make, drop),
        cmocka_unit_test_setup_teardown(text_from_standard_input, make, drop),
        cmocka_unit_test_setup_teardown(own_approval_does_not_count, make, drop),
        cmocka_unit_test_setup_teardown(two_people_sign_a_run, make, drop),
        cmocka_unit_test_setup_teardown(a_waiver_never_reads_as_a_pass, make, drop),
        cmocka_unit_test_setup_teardown(what_cannot_be_said, make, drop),
        cmocka_unit_test_setup_teardown(a_stranger_stays_out, make, drop),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

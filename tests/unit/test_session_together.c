/* What two people do with stored runs, through the session that both front ends stand on. */
#include "session_fixture.h"

#include <grp.h>
#include <poll.h>
#include <sys/wait.h>

#include "base/digest.h"
#include "session/stored.h"
#include "session/together.h"

enum { OTHER_UID = 61001, OTHER_GID = 61001 };

static struct session *open_written(struct bench *b) {
    struct session *s = open_measured(b);
    set_recorded_load(s);
    must_confirm(s);
    must_write(s);
    return s;
}

/* A run that was read from a file of the workspace. */
static struct session *open_judged(struct bench *b) {
    struct session *s = open_written(b);
    struct err e = {0};
    put_sample(b, "load_orders.txt", "soak-v2.2/console.txt");
    if (!session_take_file(s, "load_orders.txt", NULL, &e))
        fail_msg("%s", e.text);
    must_use(s);
    assert_true(s->result.run_id > 0);
    return s;
}

/* The same figures in another text, so another run. */
static void judge_another(struct session *s) {
    struct err e = {0};
    char *text = sample("soak-v2.2/console.txt"), *longer = mem_new(strlen(text) + 2, 1);
    snprintf(longer, strlen(text) + 2, "%s\n", text);
    if (!session_take_paste(s, longer, strlen(longer), &e))
        fail_msg("%s", e.text);
    must_use(s);
    free(text);
    free(longer);
}

static struct session *open_failed(struct bench *b) {
    struct session *s = open_measured(b);
    set_recorded_load(s);
    set(s, FIELD_P95, "100");
    must_confirm(s);
    must_write(s);
    must_paste(s, "soak-v2.2/console.txt");
    must_use(s);
    assert_string_equal(verdict_name(s->result.judgement.verdict), "fail");
    return s;
}

static void must_say(struct session *s, enum said_kind kind, const char *on, const char *text) {
    struct err e = {0};
    const struct saying w = {.kind = kind, .on = on, .text = text};
    if (!session_say(s, &w, &e))
        fail_msg("%s", e.text);
}

static bool refuses(struct session *s, enum said_kind kind, const char *on, const char *text,
                    enum err_kind because) {
    struct err e = {0};
    const struct saying w = {.kind = kind, .on = on, .text = text};
    return !session_say(s, &w, &e) && e.kind == because && e.text[0];
}

/* --- a run opens as it was judged --- */

static void a_judged_run_is_open_by_itself(void **state) {
    struct bench *b = *state;
    struct session *s = open_judged(b);
    const struct record *r = session_record(s);
    char sha[DIGEST_BYTES];
    assert_non_null(r);
    assert_int_equal(r->is.id, s->result.run_id);
    assert_int_equal(r->is.author_uid, getuid());
    assert_true(r->is.author_proven);
    assert_true(digest_file(in(b, "load_orders.txt"), sha, NULL));
    assert_string_equal(r->is.hash.results, sha); /* what sha256sum says */
    assert_true(digest_file(in(b, "load_orders.js"), sha, NULL));
    assert_string_equal(r->is.hash.script, sha);
    assert_int_equal(strlen(r->is.hash.rules), 64);
    assert_int_equal(strlen(r->is.hash.limits), 64);
    assert_int_equal(strlen(r->is.hash.verdict), 64);
    assert_non_null(r->is.script_text);
    assert_int_equal(session_review(s)->state, REVIEW_NONE);
    assert_true(session_step_open(s, STEP_REVIEW));
}

static void the_hash_of_a_paste_is_that_of_its_text(void **state) {
    struct session *s = open_failed(*state);
    char sha[DIGEST_BYTES], *text = sample("soak-v2.2/console.txt");
    digest_of(text, strlen(text), sha);
    free(text);
    assert_string_equal(session_record(s)->is.hash.results, sha);
}

static void a_run_opens_again_as_it_was(void **state) {
    struct bench *b = *state;
    struct session *s = open_judged(b);
    struct judgement *was = mem_new(1, sizeof *was);
    judgement_copy(was, &s->result.judgement);
    double p95 = summary_value(&s->result.run, METRIC_P95_MS);
    put(b, "test-plan.md", "# Test plan\n\n- Target RPS: 100\n- p95 < 1 ms\n"); /* limits of now */
    s = open_session(b);
    struct err e = {0};
    if (!session_run_open(s, 1, &e))
        fail_msg("%s", e.text);
    const struct result *r = session_result(s);
    assert_true(r->there);
    assert_true(summary_value(&r->run, METRIC_P95_MS) == p95);
    assert_string_equal(r->judgement.sentence, was->sentence);
    assert_int_equal(r->judgement.checks, was->checks);
    for (size_t i = 0; i < was->checks; i++) {
        assert_string_equal(r->judgement.check[i].metric, was->check[i].metric);
        assert_string_equal(r->judgement.check[i].limit_from, was->check[i].limit_from);
        assert_int_equal(r->judgement.check[i].status, was->check[i].status);
    }
    assert_true(r->has_profile);
    assert_true(r->profile.target_rps == 8.74);
    assert_true(session_step_open(s, STEP_RESULTS));
    judgement_fini(was);
    free(was);
    assert_false(session_run_open(s, 99, &e));
    assert_int_equal(e.kind, ERR_USAGE);
    assert_int_equal(session_record(s)->is.id, 1); /* the one before stays open */
}

/* --- what is said --- */

static void notes_are_kept_and_settled(void **state) {
    struct bench *b = *state;
    struct session *s = open_judged(b);
    must_say(s, SAID_NOTE, "p95", "What is this spike?");
    must_say(s, SAID_NOTE, "", "Warm cache?");
    assert_int_equal(session_review(s)->notes, 2);
    assert_int_equal(session_review(s)->open_notes, 2);
    struct err e = {0};
    const struct saying settle = {.kind = SAID_SETTLE, .reply_to = 1, .state = NOTE_AGREED};
    assert_true(session_say(s, &settle, &e));
    assert_int_equal(session_review(s)->open_notes, 1);
    assert_true(refuses(s, SAID_NOTE, "p95", "  \n", ERR_USAGE));
    assert_true(refuses(s, SAID_NOTE, "step:99", "no such step", ERR_USAGE));
    const struct saying strange = {.kind = SAID_SETTLE, .reply_to = 77, .state = NOTE_AGREED};
    assert_false(session_say(s, &strange, &e));
    s = open_session(b); /* another day */
    assert_true(session_run_open(s, 1, &e));
    assert_int_equal(session_review(s)->notes, 2);
    assert_int_equal(session_review(s)->open_notes, 1);
    assert_true(session_runs_read(s, &e));
    assert_int_equal(session_run_row(s, 1)->notes, 2);
    assert_int_equal(session_run_row(s, 1)->open_notes, 1);
}

static void the_authors_own_approval_does_not_count(void **state) {
    struct session *s = open_judged(*state);
    must_say(s, SAID_APPROVE, "", "looks good to me");
    const struct review *v = session_review(s);
    assert_int_equal(v->votes, 1);
    assert_false(v->vote[0].valid);
    assert_true(v->vote[0].why[0] != '\0');
    assert_int_equal(v->approvals, 0);
    assert_int_not_equal(v->state, REVIEW_APPROVED);
    assert_true(refuses(s, SAID_PIN, "", "", ERR_REFUSED));
    must_say(s, SAID_WITHDRAW, "", "");
    assert_true(refuses(s, SAID_WITHDRAW, "", "", ERR_REFUSED));
}

static void a_waived_check_keeps_its_status(void **state) {
    struct session *s = open_failed(*state);
    const char *verdict = session_record(s)->is.verdict;
    assert_string_equal(verdict, "fail");
    assert_true(refuses(s, SAID_WAIVE, "p95", "", ERR_USAGE));
    assert_true(refuses(s, SAID_WAIVE, "error_rate", "it passed", ERR_REFUSED));
    assert_true(refuses(s, SAID_WAIVE, "nothing", "no such check", ERR_USAGE));
    must_say(s, SAID_WAIVE, "p95", "known pause of the GC");
    const struct judgement *j = &session_result(s)->judgement;
    const struct check *c = judgement_find(j, "p95");
    assert_int_equal(c->status, VERDICT_FAIL);
    assert_string_equal(c->waived_why, "known pause of the GC");
    assert_int_equal(j->verdict, VERDICT_PASS);
    assert_null(strstr(j->sentence, "Test successful"));
    assert_non_null(strstr(j->sentence, "waived"));
    for (int turn = 0; turn < 2; turn++) { /* opened for the list, then known */
        assert_true(session_runs_read(s, NULL));
        assert_string_equal(session_run_row(s, 1)->is.verdict, "pass");
        assert_string_equal(session_run_word(session_run_row(s, 1)), "waived");
        assert_int_equal(session_run_mark(session_run_row(s, 1)), MARK_NEAR);
    }
}

/* --- with a second user --- */

struct other {
    const char *dir;
    bool (*does)(struct session *s);
};

/* In a process of another user: opens run 1 and does it. */
static bool other_does(const struct other *o) {
    pid_t child = fork();
    if (child == 0) {
        struct session *s = mem_new(1, sizeof *s);
        struct err e = {0};
        bool ok = setgroups(0, NULL) == 0 && setresgid(OTHER_GID, OTHER_GID, OTHER_GID) == 0 &&
                  setresuid(OTHER_UID, OTHER_UID, OTHER_UID) == 0 &&
                  session_open(s, o->dir, noon_ms, &e) && session_run_open(s, 1, &e) && o->does(s);
        if (!ok)
            fprintf(stderr, "the other user: %s\n", e.text);
        _exit(ok ? 0 : 1);
    }
    int status = -1;
    waitpid(child, &status, 0);
    return WIFEXITED(status) && WEXITSTATUS(status) == 0;
}

static bool says(struct session *s, enum said_kind kind, const char *text) {
    struct err e = {0};
    const struct saying w = {.kind = kind, .on = "", .text = text};
    bool ok = session_say(s, &w, &e);
    if (!ok)
        fprintf(stderr, "%s\n", e.text);
    return ok;
}

static bool approves(struct session *s) { return says(s, SAID_APPROVE, "seen"); }

static bool asks_for_changes(struct session *s) {
    return says(s, SAID_REQUEST_CHANGES, "explain the spike");
}

static bool cannot_judge_again(struct session *s) {
    struct err e = {0};
    return !session_judge_again(s, &e) && e.kind == ERR_REFUSED;
}

static void must_share(struct bench *b) {
    struct err e = {0};
    char group[16];
    assert_int_equal(chmod(b->dir, 0755), 0);
    snprintf(group, sizeof group, "%d", OTHER_GID);
    if (!history_share(b->dir, group, &e))
        fail_msg("%s", e.text);
}

static enum review_state state_now(struct bench *b) {
    struct session *s = open_session(b);
    struct err e = {0};
    if (!session_run_open(s, 1, &e))
        fail_msg("%s", e.text);
    return session_review(s)->state;
}

static void a_second_user_signs(void **state) {
    struct bench *b = *state;
    if (getuid() != 0)
        skip();
    open_judged(b);
    session_save(b->s);
    must_share(b);
    assert_true(other_does(&(struct other){b->dir, approves}));
    assert_int_equal(state_now(b), REVIEW_APPROVED);
    assert_int_equal(session_review(b->s)->vote[0].said->uid, OTHER_UID);
    assert_true(session_review(b->s)->vote[0].said->proven);
    struct err e = {0};
    assert_true(session_runs_read(b->s, &e));
    assert_int_equal(session_run_row(b->s, 1)->review, REVIEW_APPROVED);
    must_say(b->s, SAID_PIN, "", "");
    assert_int_equal(session_reference(b->s, "load"), 1);
    assert_true(other_does(&(struct other){b->dir, asks_for_changes})); /* the last vote counts */
    assert_int_equal(state_now(b), REVIEW_CHANGES);
    assert_true(other_does(&(struct other){b->dir, cannot_judge_again}));
}

/* Each change makes the sign-off void, says what it was, and taking it back heals it. */
static void what_changes_afterwards_voids_it(void **state) {
    static const struct {
        const char *file, *text, *what;
    } changes[] = {
        {"load_orders.txt", "another result\n", "results"},
        {"load_orders.js", "// another script\n", "script"},
        {"rules/metric-validation.md", NULL, "rules"},
    };
    struct bench *b = *state;
    if (getuid() != 0)
        skip();
    open_judged(b);
    session_save(b->s);
    must_share(b);
    assert_true(other_does(&(struct other){b->dir, approves}));
    for (size_t i = 0; i < sizeof changes / sizeof *changes; i++) {
        size_t len = 0;
        struct err e = {0};
        char *was = file_read(in(b, changes[i].file), 1 << 20, &len, &e);
        char *rules = NULL;
        if (!changes[i].text) {
            const char *builtin = rules_builtin(DOC_VALIDATION, &len);
            rules = mem_strndup(builtin, len);
            char *one = strstr(rules, "| p95 |");
            assert_non_null(one);
            mkdir(in(b, "rules"), 0755);
            char *longer = mem_new(len + 32, 1);
            snprintf(longer, len + 32, "%s\n\nAnother line.\n", rules);
            put(b, changes[i].file, longer);
            free(longer);
        } else {
            put(b, changes[i].file, changes[i].text);
        }
        assert_int_equal(state_now(b), REVIEW_OUTDATED);
        const struct vote *v = &session_review(b->s)->vote[0];
        assert_true(v->outdated);
        assert_false(v->valid);
        if (!strstr(v->why, changes[i].what))
            fail_msg("%s does not name %s", v->why, changes[i].what);
        if (was)
            put(b, changes[i].file, was);
        else
            unlink(in(b, changes[i].file));
        assert_int_equal(state_now(b), REVIEW_APPROVED);
        free(was);
        free(rules);
    }
}

static void judged_again_with_other_limits(void **state) {
    struct bench *b = *state;
    if (getuid() != 0)
        skip();
    open_judged(b);
    session_save(b->s);
    must_share(b);
    assert_true(other_does(&(struct other){b->dir, approves}));
    assert_int_equal(state_now(b), REVIEW_APPROVED);
    struct err e = {0};
    struct session *s = b->s;
    if (!session_judge_again(s, &e)) /* with the same limits nothing changes */
        fail_msg("%s", e.text);
    assert_int_equal(session_review(s)->state, REVIEW_APPROVED);
    put(b, "test-plan.md", "# Test plan\n\n- Target RPS: 8.74\n- p95 < 1 ms\n- Error rate < 1 %\n");
    s = open_session(b);
    assert_true(session_run_open(s, 1, &e));
    assert_int_equal(session_review(s)->state, REVIEW_APPROVED); /* the run has its own limits */
    if (!session_judge_again(s, &e))
        fail_msg("%s", e.text);
    assert_int_equal(session_result(s)->judgement.verdict, VERDICT_FAIL);
    assert_int_equal(session_review(s)->state, REVIEW_OUTDATED);
    assert_non_null(strstr(session_review(s)->vote[0].why, "limits"));
    assert_int_equal(state_now(b), REVIEW_OUTDATED);
}

/* Joins, says so, and stays until it is told to go. */
static void stay(const char *dir, int out, int in) {
    struct session *s = mem_new(1, sizeof *s);
    const struct place_at at = {.screen = STEP_RUN, .time_s = NAN};
    struct err e = {0};
    char go;
    bool ok = setgroups(0, NULL) == 0 && setresgid(OTHER_GID, OTHER_GID, OTHER_GID) == 0 &&
              setresuid(OTHER_UID, OTHER_UID, OTHER_UID) == 0 && session_open(s, dir, noon_ms, &e);
    if (ok) {
        session_people_join(s);
        session_people_here(s, &at, NULL);
    }
    ok = ok && write(out, "x", 1) == 1 && read(in, &go, 1) == 0;
    session_close(s);
    _exit(ok ? 0 : 1);
}

static size_t people_after_news(struct session *s) {
    struct pollfd fd = {.fd = session_people_fd(s), .events = POLLIN};
    const struct person *p;
    struct people_news news;
    assert_int_equal(poll(&fd, 1, 3000), 1);
    session_people_turn(s, &news);
    return session_people(s, &p);
}

/* Who confirmed the load judges, as long as that one is here. */
static void one_of_two_who_watch_judges(void **state) {
    struct bench *b = *state;
    int out[2], in_[2], status = -1;
    char one;
    const struct person *p;
    if (getuid() != 0)
        skip();
    struct session *s = open_judged(b);
    session_save(s);
    must_share(b);
    session_people_join(s);
    assert_null(session_judge_is(s)); /* this user did */
    assert_int_equal(pipe(out) + pipe(in_), 0);
    pid_t child = fork();
    if (child == 0) {
        close(in_[1]);
        stay(b->dir, out[1], in_[0]);
    }
    close(in_[0]);
    assert_int_equal(read(out[0], &one, 1), 1);
    while (people_after_news(s) == 0)
        continue;
    assert_null(session_judge_is(s));
    session_people(s, &p);
    text_copy(s->confirmed_by, sizeof s->confirmed_by, p[0].name);
    assert_ptr_equal(session_judge_is(s), &p[0]);
    close(in_[1]);
    while (people_after_news(s) > 0)
        continue;
    assert_null(session_judge_is(s)); /* nobody waits for who has left */
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_int_equal(status, 0);
    close(out[0]);
    close(out[1]);
}

/* --- the list --- */

static void runs_are_found_and_sorted(void **state) {
    struct bench *b = *state;
    struct session *s = open_judged(b);
    judge_another(s);
    struct err e = {0};
    assert_true(session_runs_read(s, &e));
    size_t n, at[8];
    session_runs(s, &n);
    assert_int_equal(n, 2);
    assert_int_equal(session_runs_find(s, "", SORT_RUN, false, at, 8), 2);
    assert_int_equal(session_runs(s, &n)[at[0]].is.id, 2);
    assert_int_equal(session_runs_find(s, NULL, SORT_RUN, true, at, 8), 2);
    assert_int_equal(session_runs(s, &n)[at[0]].is.id, 1);
    assert_int_equal(session_runs_find(s, "PASTE pass", SORT_RUN, false, at, 8), 1);
    assert_int_equal(session_runs(s, &n)[at[0]].is.id, 2);
    assert_int_equal(session_runs_find(s, "type:load", SORT_P95, false, at, 8), 2);
    assert_int_equal(session_runs_find(s, "type:soak", SORT_P95, false, at, 8), 0);
    assert_int_equal(session_runs_find(s, "run:1", SORT_P95, false, at, 8), 1);
    assert_int_equal(session_runs_find(s, "nobody:1", SORT_P95, false, at, 8), 0);
    assert_null(session_run_row(s, 3));
}

static void the_same_run_is_stored_once(void **state) {
    struct bench *b = *state;
    struct session *s = open_judged(b);
    struct err e = {0};
    assert_true(session_take_file(s, "load_orders.txt", NULL, &e));
    must_use(s);
    assert_int_equal(s->result.run_id, 1);
    assert_int_equal(history_count(s->history, &e), 1);
    put_sample(b, "load_orders.txt", "soak-v2.2/console.txt"); /* the same bytes, another time */
    FILE *f = fopen(in(b, "load_orders.txt"), "ab");
    fputs("\n", f);
    fclose(f);
    assert_true(session_take_file(s, "load_orders.txt", NULL, &e));
    must_use(s);
    assert_int_equal(s->result.run_id, 2);
}

static void two_runs_are_compared(void **state) {
    struct bench *b = *state;
    struct session *s = open_judged(b);
    judge_another(s);
    struct err e = {0};
    assert_null(session_comparison(s));
    assert_false(session_compare(s, 1, 1, &e));
    assert_false(session_compare(s, 1, 7, &e));
    assert_null(session_comparison(s));
    if (!session_compare(s, 1, 2, &e))
        fail_msg("%s", e.text);
    const struct comparison *c = session_comparison(s);
    assert_int_not_equal(c->grade, GRADE_NOT_COMPARABLE);
    for (size_t i = 0; i < c->figures; i++) /* the same figures */
        assert_true(c->figure[i].reading != READING_BETTER &&
                    c->figure[i].reading != READING_WORSE);
    assert_int_equal(session_compared(s, 0)->is.id, 1);
    assert_int_equal(session_compare_scripts(s)->changes, 0);
    session_compare_end(s);
    assert_null(session_comparison(s));
}

/* --- reports and drafts --- */

static void a_report_is_a_new_file(void **state) {
    struct bench *b = *state;
    struct session *s = open_judged(b);
    char name[NAME_MAX_BYTES], first[NAME_MAX_BYTES];
    struct err e = {0};
    assert_true(session_report_write(s, REPORT_MARKDOWN, NULL, first, &e));
    assert_string_equal(first, "report-1.md");
    assert_true(session_report_write(s, REPORT_MARKDOWN, NULL, name, &e)); /* the same bytes */
    assert_string_equal(name, "report-1.md");
    must_say(s, SAID_NOTE, "", "now it says more");
    assert_true(session_report_write(s, REPORT_MARKDOWN, NULL, name, &e));
    assert_string_equal(name, "report-1-2.md");
    for (int f = 0; f < REPORT_FORMATS; f++)
        assert_true(session_report_write(s, (enum report_format)f, NULL, name, &e));
    put(b, "mine.md", "mine\n");
    assert_false(session_report_write(s, REPORT_MARKDOWN, in(b, "mine.md"), name, &e));
    assert_int_equal(e.kind, ERR_REFUSED);
}

static void a_draft_comes_back(void **state) {
    struct bench *b = *state;
    struct session *s = open_judged(b);
    char on[SAID_ON_BYTES], text[SAID_TEXT_BYTES];
    int64_t run;
    assert_false(session_draft(s, &run, on, text));
    session_draft_save(s, 1, "p95", "half a sen");
    s = open_session(b);
    assert_true(session_draft(s, &run, on, text));
    assert_int_equal(run, 1);
    assert_string_equal(on, "p95");
    assert_string_equal(text, "half a sen");
    session_draft_save(s, 1, "p95", "");
    assert_false(session_draft(s, &run, on, text));
}

int main(void) {
    const struct CMUnitTest tests[] = {
        SESSION_TEST(a_judged_run_is_open_by_itself),
        SESSION_TEST(the_hash_of_a_paste_is_that_of_its_text),
        SESSION_TEST(a_run_opens_again_as_it_was),
        SESSION_TEST(notes_are_kept_and_settled),
        SESSION_TEST(the_authors_own_approval_does_not_count),
        SESSION_TEST(a_waived_check_keeps_its_status),
        SESSION_TEST(a_second_user_signs),
        SESSION_TEST(what_changes_afterwards_voids_it),
        SESSION_TEST(judged_again_with_other_limits),
        SESSION_TEST(one_of_two_who_watch_judges),
        SESSION_TEST(runs_are_found_and_sorted),
        SESSION_TEST(the_same_run_is_stored_once),
        SESSION_TEST(two_runs_are_compared),
        SESSION_TEST(a_report_is_a_new_file),
        SESSION_TEST(a_draft_comes_back),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

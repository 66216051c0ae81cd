#include "session_fixture.h"

#include "history/history.h"

static struct session *open_judged(struct bench *b) {
    struct session *s = open_measured(b);
    set_recorded_load(s);
    must_confirm(s);
    must_write(s);
    must_paste(s, "soak-v2.2/console.txt");
    must_use(s);
    return s;
}

static void must_restore(struct session *s) {
    struct err e = {0};
    if (!session_restore(s, &e))
        fail_msg("%s", e.text);
}

static void all_of_it_comes_back(void **state) {
    struct bench *b = *state;
    struct session *s = open_judged(b);
    char what[256];
    int64_t id = s->result.run_id;
    session_save_place(s, "Results, run 1");
    assert_false(s->dirty);
    s = open_session(b);
    assert_true(session_has_saved(s, what, sizeof what));
    assert_non_null(strstr(what, "8.74 RPS"));
    assert_non_null(strstr(what, "load_orders.js"));
    assert_string_equal(s->form.field[FIELD_TARGET].typed, "");
    must_restore(s);
    assert_string_equal(s->form.field[FIELD_TARGET].typed, "8.74");
    assert_true(s->confirmed);
    assert_string_equal(s->confirmed_by, s->user);
    assert_true(s->script.written);
    assert_string_equal(s->script.name, "load_orders.js");
    assert_true(s->script.diff.added > 0);
    assert_true(s->script.command.line[0] != '\0');
    assert_true(s->result.there);
    assert_int_equal(s->result.run_id, id);
    assert_int_equal(s->result.judgement.verdict, VERDICT_PASS);
    assert_string_equal(s->place, "Results, run 1");
    assert_true(session_step_open(s, STEP_RESULTS));
    assert_false(s->dirty);
    assert_false(session_has_saved(s, what, sizeof what));
    struct err e = {0};
    assert_false(session_restore(s, &e));
}

static void pasted_and_stated_baselines_come_back(void **state) {
    struct bench *b = *state;
    struct session *s = open_simple(b);
    session_state_baseline(s);
    session_save(s);
    s = open_session(b);
    assert_int_equal(s->base.source, BASELINE_UNKNOWN);
    must_restore(s);
    assert_int_equal(s->base.source, BASELINE_STATED);

    session_forget(s);
    s = open_session(b);
    must_paste(s, "baseline-v2.2/terminal.txt");
    session_baseline_use_intake(s);
    session_save(s);
    s = open_session(b);
    must_restore(s);
    assert_int_equal(s->base.source, BASELINE_MEASURED);
    assert_string_equal(s->base.file, "paste");
    assert_true(summary_value(&s->base.result, METRIC_REQUESTS) == 96);
    assert_int_equal(s->base.stability, STABLE);
}

static void a_chosen_baseline_comes_back(void **state) {
    struct bench *b = *state;
    struct err e = {0};
    put(b, "test-plan.md", plan_text);
    put(b, "baseline_a.js", script_text);
    put(b, "baseline_b.js", script_text);
    struct session *s = open_session(b);
    assert_true(session_choose_baseline(s, 1, &e));
    session_save(s);
    put(b, "baseline_b.js", "export default function () {}\n");
    s = open_session(b);
    assert_int_equal(s->base.chosen, -1);
    char what[256];
    assert_true(session_has_saved(s, what, sizeof what));
    assert_int_equal(strncmp(what, "baseline_b.js, from ", 20), 0);
    must_restore(s);
    assert_int_equal(s->base.chosen, 1);
    assert_false(prerequisite_finding(s, "script-changed")); /* no load was confirmed for it */
    session_save_place(s, "Load");
    assert_int_equal(remove(in(b, "baseline_b.js")), 0);
    s = open_session(b);
    must_restore(s);
    assert_true(prerequisite_finding(s, "baseline-gone"));
}

static void a_changed_script_opens_the_later_steps(void **state) {
    struct bench *b = *state;
    struct session *s = open_judged(b);
    session_save(s);
    put(b, "baseline_orders.js", script_text);
    s = open_session(b);
    must_restore(s);
    assert_string_equal(s->form.field[FIELD_TARGET].typed, "8.74");
    assert_false(s->confirmed);
    assert_false(s->script.written);
    assert_false(s->result.there);
    assert_false(session_step_open(s, STEP_SCRIPT));
    assert_true(prerequisite_finding(s, "script-changed"));
}

static void a_changed_plan_opens_the_load(void **state) {
    struct bench *b = *state;
    struct session *s = open_judged(b);
    session_save(s);
    put(b, "test-plan.md", "# Plan\n\n- p95 < 50 ms\n");
    s = open_session(b);
    must_restore(s);
    assert_false(s->confirmed);
    assert_true(prerequisite_finding(s, "load-changed"));
}

static void a_script_that_went_away_is_written_again(void **state) {
    struct bench *b = *state;
    struct session *s = open_judged(b);
    session_save(s);
    assert_int_equal(remove(in(b, "load_orders.js")), 0);
    s = open_session(b);
    must_restore(s);
    assert_true(s->confirmed);
    assert_false(s->script.written);
    assert_false(session_step_open(s, STEP_RUN));
    assert_true(prerequisite_finding(s, "script-gone"));
}

static void a_script_that_was_edited_stays_theirs(void **state) {
    struct bench *b = *state;
    struct session *s = open_judged(b);
    session_save(s);
    put(b, "load_orders.js", "// mine\n");
    s = open_session(b);
    must_restore(s);
    assert_true(s->script.written);
    assert_true(prerequisite_finding(s, "script-edited"));
    size_t len;
    char *text = file_read(in(b, "load_orders.js"), 100, &len, NULL);
    assert_string_equal(text, "// mine\n");
    free(text);
}

static void other_limits_are_judged_anew(void **state) {
    struct bench *b = *state;
    struct session *s = open_judged(b);
    session_save(s);
    put(b, "test-plan.md", plan_text);
    struct run run;
    struct err e = {0};
    assert_true(history_get(s->history, s->result.run_id, &run, &e));
    text_copy(run.verdict, sizeof run.verdict, "fail");
    assert_true(history_add(s->history, &run, &e)); /* a run whose kept verdict says otherwise */
    s->result.run_id = run.id;
    run_fini(&run);
    s->dirty = true;
    session_save(s);
    s = open_session(b);
    must_restore(s);
    assert_int_equal(s->result.judgement.verdict, VERDICT_PASS);
    assert_true(prerequisite_finding(s, "verdict-changed"));
}

static void forgotten_is_gone(void **state) {
    struct bench *b = *state;
    char what[256];
    struct session *s = open_judged(b);
    session_save(s);
    s = open_session(b);
    assert_true(session_has_saved(s, what, sizeof what));
    session_forget(s);
    assert_false(session_has_saved(s, what, sizeof what));
    s = open_session(b);
    assert_false(session_has_saved(s, what, sizeof what));
}

static void looking_around_does_not_lose_a_saved_state(void **state) {
    struct bench *b = *state;
    char what[256];
    struct session *s = open_judged(b);
    session_save(s);
    s = open_session(b);
    session_save_place(s, "Overview");
    session_save(s);
    s = open_session(b);
    assert_true(session_has_saved(s, what, sizeof what));
    must_restore(s);
    assert_true(s->result.there);
}

static void the_store_is_made_when_something_was_entered(void **state) {
    struct bench *b = *state;
    struct session *s = open_measured(b);
    session_save(s);
    assert_false(history_exists(b->dir));
    set(s, FIELD_TARGET, "20");
    session_save(s);
    assert_true(history_exists(b->dir));
}

/* --- hostile states --- */

static void save_raw(struct bench *b, const char *json) {
    struct history *h = NULL;
    struct err e = {0};
    if (!history_open(&h, b->dir, true, &e) || !history_save_state(h, json, 1, &e))
        fail_msg("%s", e.text);
    history_close(h);
}

static void states_that_are_none(void **state) {
    struct bench *b = *state;
    static const char *const texts[] = {"",
                                        "{",
                                        "[]",
                                        "null",
                                        "{}",
                                        "{\"format\":2}",
                                        "{\"format\":\"1\"}",
                                        "{\"format\":1e99}",
                                        "\"x\"",
                                        "{\"format\":1} trailing"};
    open_measured(b);
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        char what[256];
        save_raw(b, texts[i]);
        struct session *s = open_session(b);
        struct err e = {0};
        if (session_has_saved(s, what, sizeof what) || session_restore(s, &e))
            fail_msg("taken up: %s", texts[i]);
    }
}

static void states_of_odd_shapes(void **state) {
    struct bench *b = *state;
    static const char *const texts[] = {
        "{\"format\":1}",
        "{\"format\":1,\"baseline\":[],\"fields\":\"x\",\"confirmed\":7,\"script\":[[]],"
        "\"run\":\"14\",\"place\":{}}",
        "{\"format\":1,\"baseline\":{\"file\":{},\"hash\":1,\"source\":[]},\"fields\":[]}",
        "{\"format\":1,\"baseline\":{\"file\":\"baseline_orders.js\",\"source\":\"measured\","
        "\"result\":\"paste\",\"summary\":{\"figures\":[1,2]}}}",
        "{\"format\":1,\"baseline\":{\"file\":\"baseline_orders.js\",\"source\":\"measured\","
        "\"result\":\"paste\"}}",
        "{\"format\":1,\"baseline\":{\"file\":\"baseline_orders.js\",\"source\":\"measured\","
        "\"result\":\"/etc/passwd\"}}",
        "{\"format\":1,\"baseline\":{\"file\":\"../../etc/passwd\"}}",
        "{\"format\":1,\"fields\":{\"model\":\"Sideways\",\"method\":\"x\",\"target\":\"nan\","
        "\"hold\":\"1e9h\",\"steps\":\"99999999999\",\"avg\":5,\"think\":null}}",
        "{\"format\":1,\"fields\":{\"target\":\"\\u001b[31m\\u202e12\"}}",
        "{\"format\":1,\"run\":-1e300,\"confirmed\":{\"at_ms\":1e300,\"load\":\"zz\"}}",
    };
    open_measured(b);
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        char what[256], text[512];
        save_raw(b, texts[i]);
        struct session *s = open_session(b);
        assert_true(session_has_saved(s, what, sizeof what));
        assert_null(strchr(what, '\033'));
        must_restore(s);
        assert_false(s->confirmed);
        assert_null(strchr(s->form.field[FIELD_TARGET].typed, '\033'));
        for (int step = 0; step < STEPS; step++)
            session_next(s, (enum step)step, text, sizeof text);
    }
}

/* A text longer than any name or field is not cut to one that means something else. */
static void states_with_long_texts(void **state) {
    struct bench *b = *state;
    char name[2000], json[4000];
    memset(name, '1', sizeof name - 1);
    name[sizeof name - 1] = '\0';
    open_measured(b);
    snprintf(json, sizeof json,
             "{\"format\":1,\"baseline\":{\"file\":\"baseline_orders.js\"},"
             "\"fields\":{\"target\":\"%s\"},\"place\":\"%.1000s\"}",
             name, name);
    save_raw(b, json);
    struct session *s = open_session(b);
    must_restore(s);
    assert_string_equal(s->form.field[FIELD_TARGET].typed, "");
    assert_string_equal(s->place, "");
}

/* A state that claims a script of other people must not make it "written". */
static void a_state_cannot_claim_a_confirmation(void **state) {
    struct bench *b = *state;
    open_measured(b);
    put(b, "load_orders.js", "// not ours\n");
    save_raw(b,
             "{\"format\":1,\"baseline\":{\"file\":\"baseline_orders.js\",\"hash\":"
             "\"0000000000000000\"},\"confirmed\":{\"load\":\"0000000000000000\",\"by\":\"eve\"},"
             "\"script\":{\"name\":\"load_orders.js\",\"stem\":\"load_orders\"},\"run\":1}");
    struct session *s = open_session(b);
    must_restore(s);
    assert_false(s->confirmed);
    assert_false(s->script.written);
    assert_false(s->result.there);
}

static void a_damaged_store_is_said(void **state) {
    struct bench *b = *state;
    struct session *s = open_judged(b);
    session_save(s);
    session_close(s);
    put(b, ".perfscale/runs.db", "this is no database, and it is longer than a header of one is\n");
    s = open_session(b);
    assert_true(s->store_notice[0] != '\0');
    assert_true(prerequisite_finding(s, "store"));
    set(s, FIELD_TARGET, "12");
    session_save(s);
    assert_true(session_ready(s));
}

int main(void) {
    const struct CMUnitTest tests[] = {
        SESSION_TEST(all_of_it_comes_back),
        SESSION_TEST(pasted_and_stated_baselines_come_back),
        SESSION_TEST(a_chosen_baseline_comes_back),
        SESSION_TEST(a_changed_script_opens_the_later_steps),
        SESSION_TEST(a_changed_plan_opens_the_load),
        SESSION_TEST(a_script_that_went_away_is_written_again),
        SESSION_TEST(a_script_that_was_edited_stays_theirs),
        SESSION_TEST(other_limits_are_judged_anew),
        SESSION_TEST(forgotten_is_gone),
        SESSION_TEST(looking_around_does_not_lose_a_saved_state),
        SESSION_TEST(the_store_is_made_when_something_was_entered),
        SESSION_TEST(states_that_are_none),
        SESSION_TEST(states_of_odd_shapes),
        SESSION_TEST(states_with_long_texts),
        SESSION_TEST(a_state_cannot_claim_a_confirmation),
        SESSION_TEST(a_damaged_store_is_said),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

/* What was said of a run, and what it comes to. */
#include <locale.h>

#include "review_fixture.h"

/* --- votes ------------------------------------------------------------------------------------ */

static void nothing_was_said(void **state) {
    (void)state;
    expect_state(REVIEW_NONE, "nobody said anything");
    assert_int_equal(review.needed, 1);
    assert_string_equal(review.author_why, "");
    assert_int_equal(review.judgement.verdict, VERDICT_FAIL);
    vote(BO, SAID_PIN);
    vote(CY, SAID_SETTLE)->reply_to = 9;
    expect_state(REVIEW_NONE, "a pin is no review");
    assert_true(review.pinned);
    assert_string_equal(review.pinned_by, "bo");
}

static void an_approval_counts(void **state) {
    (void)state;
    vote(BO, SAID_APPROVE);
    expect_state(REVIEW_APPROVED, "bo approved what is there");
    assert_int_equal(review.approvals, 1);
    assert_true(review.vote[0].valid);
    assert_string_equal(review.vote[0].why, "");
}

static void what_does_not_count(void **state) {
    (void)state;
    static const struct {
        int64_t uid;
        const char *by, *confirmed_by;
        bool proven;
        const char *why;
    } cases[] = {
        {ANA, "ana", "", true, "ana ran it; someone else approves"},
        {ANA, "anna", "", true,
         "ana ran it under the same account: a second signature does not count"},
        {0, "ana (sudo)", "", true, "ana ran it; someone else approves"},
        {BO, "bo", "bo", true, "bo confirmed the load; someone else approves"},
        {0, "bo (sudo)", "bo", true, "bo confirmed the load; someone else approves"},
        {BO, "bo", "bo (sudo)", true, "bo (sudo) confirmed the load; someone else approves"},
        {BO, "bo", "", false, "unconfirmed: the file does not belong to bo (uid 1001)"},
        {BO, "b\033o", "", false, "unconfirmed: the file does not belong to b?o (uid 1001)"},
    };
    for (size_t i = 0; i < COUNT(cases); i++) {
        said.n = 0;
        struct said *s = vote(cases[i].uid, SAID_APPROVE);
        strcpy(s->by, cases[i].by);
        s->proven = cases[i].proven;
        strcpy(record.is.confirmed_by, cases[i].confirmed_by);
        expect_state(REVIEW_OPEN, cases[i].why);
        assert_int_equal(review.votes, 1);
        assert_false(review.vote[0].valid);
        assert_false(review.vote[0].outdated);
        assert_string_equal(review.vote[0].why, cases[i].why);
    }
}

static void the_last_vote_is_the_vote(void **state) {
    (void)state;
    vote(BO, SAID_APPROVE);
    vote(BO, SAID_APPROVE);
    expect_state(REVIEW_APPROVED, "twice");
    assert_int_equal(review.votes, 1);
    assert_int_equal(review.approvals, 1);
    vote(BO, SAID_REQUEST_CHANGES);
    expect_state(REVIEW_CHANGES, "bo changed his mind");
    vote(CY, SAID_APPROVE);
    expect_state(REVIEW_CHANGES, "a request blocks whatever others say");
    assert_int_equal(review.approvals, 1);
    assert_int_equal(review.votes, 2);
    vote(BO, SAID_WITHDRAW);
    expect_state(REVIEW_APPROVED, "bo took his request back, cy's approval stands");
    assert_int_equal(review.votes, 2);
    assert_int_equal(review.vote[1].said->kind, SAID_WITHDRAW);
    assert_string_equal(review.vote[1].why, "withdrawn");
    vote(CY, SAID_WITHDRAW);
    expect_state(REVIEW_OPEN, "nothing stands");
}

static void nothing_to_take_back(void **state) {
    (void)state;
    vote(BO, SAID_WITHDRAW);
    expect_state(REVIEW_NONE, "there was no vote");
    assert_int_equal(review.votes, 0);
}

/* Who uses another's name cannot change what that one said. */
static void a_forged_vote(void **state) {
    (void)state;
    vote(BO, SAID_REQUEST_CHANGES);
    vote(BO, SAID_APPROVE)->proven = false;
    vote(BO, SAID_WITHDRAW)->proven = false;
    expect_state(REVIEW_CHANGES, "bo's own vote stands");
    assert_int_equal(review.votes, 2);
    said.n = 0;
    vote(BO, SAID_REQUEST_CHANGES)->proven = false;
    vote(CY, SAID_APPROVE);
    expect_state(REVIEW_APPROVED, "a forged request blocks nothing");
    said.n = 0;
    vote(BO, SAID_APPROVE)->proven = false;
    expect_state(REVIEW_OPEN, "a forged approval is none");
}

static void the_author_may_ask_for_changes(void **state) {
    (void)state;
    vote(BO, SAID_APPROVE);
    vote(ANA, SAID_REQUEST_CHANGES);
    expect_state(REVIEW_CHANGES, "ana stops her own run");
}

static void what_changed_makes_it_outdated(void **state) {
    (void)state;
    static const struct {
        enum sealed what;
        const char *why;
    } cases[] = {
        {SEALED_RESULTS, "results changed from 8f3c21 to a1177c"},
        {SEALED_LIMITS, "limits changed from 9d20e4 to a1177c"},
        {SEALED_RULES, "rules changed from 51ab07 to a1177c"},
        {SEALED_SCRIPT, "script changed from 77e0b4 to a1177c"},
    };
    struct hashes before = now;
    vote(BO, SAID_APPROVE);
    for (size_t i = 0; i < COUNT(cases); i++) {
        now = before;
        char *hash = (char *)(uintptr_t)sealed_of(&now, cases[i].what);
        fill_hash(hash, "a1177c");
        expect_state(REVIEW_OUTDATED, cases[i].why);
        assert_true(review.vote[0].outdated);
        assert_int_equal(review.approvals, 0);
        assert_string_equal(review.vote[0].why, cases[i].why);
    }
    now = before;
    expect_state(REVIEW_APPROVED, "it is as it was again");
    now.script[0] = '\0';
    expect_state(REVIEW_OUTDATED, "it cannot be seen any more");
    assert_string_equal(review.vote[0].why, "script changed from 77e0b4 to unknown");
    now = before;
    fill_hash(now.rules, "a1177c");
    fill_hash(now.script, "a1177c");
    record.judgement.check[0].value = 480;
    make();
    assert_string_equal(review.vote[0].why,
                        "rules changed from 51ab07 to a1177c; also script, verdict");
    vote(CY, SAID_APPROVE);
    expect_state(REVIEW_APPROVED, "cy signed what is there now");
    said.n = 0;
    now = before;
    vote(BO, SAID_REQUEST_CHANGES);
    fill_hash(now.results, "a1177c");
    expect_state(REVIEW_OUTDATED, "a request of what was there before blocks no more");
    vote(CY, SAID_APPROVE);
    expect_state(REVIEW_APPROVED, "and cy signs what is there now");
}

/* --- whose run it is -------------------------------------------------------------------------- */

static void an_author_who_is_not_proven(void **state) {
    (void)state;
    record.is.author_proven = false;
    vote(BO, SAID_APPROVE);
    expect_state(REVIEW_APPROVED, "bo is another than the author as given");
    assert_string_equal(review.author_why, "author not confirmed: no file of ana holds this run");
    said.n = 0;
    vote(ANA, SAID_APPROVE);
    expect_state(REVIEW_OPEN, "ana is the author as given");
    record.is.author_uid = -1;
    expect_state(REVIEW_OPEN, "by her name");
    assert_string_equal(review.author_why,
                        "author not confirmed: it is not known which account ran it");
}

static void who_may_approve(void **state) {
    (void)state;
    char why[WHY_BYTES];
    assert_false(review_may_approve(&record, ANA, why));
    assert_string_equal(why, "ana ran it; someone else approves");
    assert_true(review_may_approve(&record, BO, why));
    assert_string_equal(why, "");
}

/* --- notes ------------------------------------------------------------------------------------ */

static void note(int64_t uid, const char *text, int reply_to) {
    say(uid, SAID_NOTE, "p95", text)->reply_to = reply_to;
}

static void settle(int64_t uid, int of, enum note_state to) {
    struct said *s = vote(uid, SAID_SETTLE);
    s->reply_to = of;
    s->state = to;
}

static void threads(void **state) {
    (void)state;
    note(BO, "first", 0);
    note(ANA, "second", 0);
    note(ANA, "to first", 1);
    note(BO, "to the reply", 3);
    note(CY, "to nothing", 77);
    note(CY, "to a later one", 7);
    note(BO, "to itself", 7);
    expect_state(REVIEW_OPEN, "there are notes");
    static const struct {
        const char *text;
        int depth;
    } order[] = {{"to itself", 0}, {"to a later one", 0}, {"to nothing", 0},  {"second", 0},
                 {"first", 0},     {"to first", 1},       {"to the reply", 1}};
    assert_int_equal(review.notes, COUNT(order));
    for (size_t i = 0; i < COUNT(order); i++) {
        assert_string_equal(review.note[i].said->text, order[i].text);
        assert_int_equal(review.note[i].depth, order[i].depth);
    }
    assert_int_equal(review.open_notes, 5);
}

static const struct note *note_of(const char *text) {
    make();
    for (size_t i = 0; i < review.notes; i++)
        if (strcmp(review.note[i].said->text, text) == 0)
            return &review.note[i];
    fail_msg("no note %s", text);
    return NULL;
}

static void the_last_word_on_a_note(void **state) {
    (void)state;
    note(BO, "first", 0);
    note(ANA, "reply", 1);
    note(BO, "second", 0);
    assert_int_equal(note_of("first")->state, NOTE_OPEN);
    assert_null(note_of("first")->settled);
    settle(ANA, 1, NOTE_AGREED);
    assert_int_equal(note_of("first")->state, NOTE_AGREED);
    assert_int_equal(note_of("first")->settled->uid, ANA);
    assert_int_equal(note_of("reply")->state, NOTE_AGREED);
    assert_int_equal(review.open_notes, 1);
    settle(BO, 2, NOTE_DISPUTED); /* a reply stands for its thread */
    assert_int_equal(note_of("first")->state, NOTE_DISPUTED);
    settle(CY, 1, NOTE_WAIVED);
    said.item[said.n - 1].proven = false;
    assert_int_equal(note_of("first")->state, NOTE_DISPUTED);
    settle(BO, 1, NOTE_OPEN);
    assert_int_equal(note_of("first")->state, NOTE_OPEN);
    assert_int_equal(review.open_notes, 2);
    settle(BO, 99, NOTE_AGREED);
    settle(BO, -5, NOTE_AGREED);
    assert_int_equal(note_of("second")->state, NOTE_OPEN);
}

static void many_notes(void **state) {
    (void)state;
    said_list_fini(&said);
    said.item = mem_new(SAID_MOST, sizeof *said.item);
    for (int i = 0; i < SAID_MOST; i++)
        said.item[said.n++] = (struct said){.id = i + 1, .kind = SAID_NOTE, .reply_to = i};
    make();
    assert_int_equal(review.notes, SAID_MOST);
    assert_int_equal(review.open_notes, 1);
    assert_int_equal(review.note[SAID_MOST - 1].said->id, SAID_MOST);
}

static void removed_statements(void **state) {
    (void)state;
    said.missing = 3;
    make();
    assert_int_equal(review.missing, 3);
}

/* --- waivers ---------------------------------------------------------------------------------- */

static void a_waiver_counts(void **state) {
    (void)state;
    say(BO, SAID_WAIVE, "p95", "known pause of the GC");
    expect_state(REVIEW_OPEN, "a waiver is something that was said");
    assert_true(review.waiver[0].valid);
    assert_int_equal(review.judgement.verdict, VERDICT_PASS);
    assert_int_equal(record.judgement.verdict, VERDICT_FAIL);
    assert_string_equal(judgement_find(&review.judgement, "p95")->waived_by, "bo");
    assert_string_equal(judgement_find(&record.judgement, "p95")->waived_by, "");
    assert_string_equal(review.judgement.sentence,
                        "Passed except for 1 waived check: p95 (over limit), waived by bo: known "
                        "pause of the GC.");
}

static void waivers_that_do_not_count(void **state) {
    (void)state;
    static const struct {
        const char *on, *text;
        bool proven;
        const char *why;
    } cases[] = {
        {"p95", "because", false, "unconfirmed: the file does not belong to bo (uid 1001)"},
        {"p95", " \n", true, "no reason is given"},
        {"p99", "because", true, "the run has no check p99"},
        {"error_rate", "because", true, "error_rate is within its limit"},
    };
    for (size_t i = 0; i < COUNT(cases); i++) {
        said.n = 0;
        say(BO, SAID_WAIVE, cases[i].on, cases[i].text)->proven = cases[i].proven;
        make();
        assert_false(review.waiver[0].valid);
        assert_string_equal(review.waiver[0].why, cases[i].why);
        assert_int_equal(review.judgement.verdict, VERDICT_FAIL);
    }
}

static void a_waiver_of_other_limits(void **state) {
    (void)state;
    say(BO, SAID_WAIVE, "p95", "because");
    fill_hash(now.limits, "a1177c");
    make();
    assert_false(review.waiver[0].valid);
    assert_string_equal(review.waiver[0].why, "limits changed from 9d20e4 to a1177c");
    assert_int_equal(review.judgement.verdict, VERDICT_FAIL);
}

static void the_later_waiver_counts(void **state) {
    (void)state;
    strcpy(add_check("p99", 900, 800, VERDICT_FAIL)->unit, "ms");
    say(BO, SAID_WAIVE, "p95", "first");
    say(CY, SAID_WAIVE, "p99", "another check: what it changes voids no other waiver");
    say(ANA, SAID_WAIVE, "p95", "second");
    say(CY, SAID_WAIVE, "p95", "")->proven = false;
    make();
    assert_string_equal(review.waiver[0].why, "a later waiver of p95 counts");
    assert_true(review.waiver[1].valid && review.waiver[2].valid);
    assert_string_equal(judgement_find(&review.judgement, "p95")->waived_why, "second");
    assert_int_equal(review.judgement.verdict, VERDICT_PASS);
}

/* Who approved signed another verdict. */
static void a_waiver_voids_a_vote(void **state) {
    (void)state;
    vote(BO, SAID_APPROVE);
    expect_state(REVIEW_APPROVED, "a broken limit can be approved");
    say(CY, SAID_WAIVE, "p95", "because");
    expect_state(REVIEW_OUTDATED, "the verdict is another one now");
    assert_true(text_starts(review.vote[0].why, "verdict changed from "));
    vote(BO, SAID_APPROVE);
    expect_state(REVIEW_APPROVED, "bo signed with the waiver");
}

/* --- hashes ----------------------------------------------------------------------------------- */

static void verdict_hash_follows_the_facts(void **state) {
    (void)state;
    char first[DIGEST_BYTES], again[DIGEST_BYTES];
    struct judgement *j = &record.judgement;
    review_verdict_digest(j, first);
    strcpy(j->check[0].why, "words alone");
    strcpy(j->sentence, "Another sentence.");
    j->check[0].low = 500;
    review_verdict_digest(j, again);
    assert_string_equal(first, again);
    struct judgement before = *j;
    for (int what = 0; what < 9; what++) {
        *j = before;
        switch (what) {
        case 0:
            j->verdict = VERDICT_NO_DATA;
            break;
        case 1:
            j->check[0].value = nextafter(510, 511);
            break;
        case 2:
            j->check[0].limit = 501;
            break;
        case 3:
            j->check[0].status = VERDICT_NO_DATA;
            break;
        case 4:
            j->check[0].op = OP_LESS_EQUAL;
            break;
        case 5:
            j->check[0].near_limit = true;
            break;
        case 6:
            strcpy(j->check[0].waived_by, "bo");
            break;
        case 7:
            strcpy(j->check[0].waived_why, "why");
            break;
        default:
            strcpy(j->cause[0].id, "D24");
            j->causes = 1;
        }
        review_verdict_digest(j, again);
        if (strcmp(first, again) == 0)
            fail_msg("change %d is not in the hash", what);
    }
    *j = before;
}

static void limits_hash_follows_the_limits(void **state) {
    (void)state;
    char first[DIGEST_BYTES], again[DIGEST_BYTES];
    struct judgement *j = &record.judgement;
    review_limits_digest(j, first);
    j->check[0].value = 5;
    j->check[0].status = VERDICT_PASS;
    review_limits_digest(j, again);
    assert_string_equal(first, again);
    strcpy(j->check[0].limit_from, "command line");
    review_limits_digest(j, again);
    assert_string_not_equal(first, again);
    strcpy(j->check[0].limit_from, "test-plan.md:14");
    j->check[0].required = false;
    review_limits_digest(j, again);
    assert_string_not_equal(first, again);
}

/* The store keeps cleaned texts: what is computed before and after is the same. */
static void hash_of_hostile_names(void **state) {
    (void)state;
    char first[DIGEST_BYTES], again[DIGEST_BYTES];
    struct check *c = &record.judgement.check[0];
    strcpy(c->metric, "p95:POST \033[2J\xff");
    review_verdict_digest(&record.judgement, first);
    strcpy(c->metric, "p95:POST ?[2J?");
    review_verdict_digest(&record.judgement, again);
    assert_string_equal(first, again);
}

#define ON_A_RUN(test) cmocka_unit_test_setup_teardown(test, begin, end)

int main(void) {
    setlocale(LC_CTYPE, "C.UTF-8");
    const struct CMUnitTest tests[] = {
        ON_A_RUN(nothing_was_said),
        ON_A_RUN(an_approval_counts),
        ON_A_RUN(what_does_not_count),
        ON_A_RUN(the_last_vote_is_the_vote),
        ON_A_RUN(nothing_to_take_back),
        ON_A_RUN(a_forged_vote),
        ON_A_RUN(the_author_may_ask_for_changes),
        ON_A_RUN(what_changed_makes_it_outdated),
        ON_A_RUN(an_author_who_is_not_proven),
        ON_A_RUN(who_may_approve),
        ON_A_RUN(threads),
        ON_A_RUN(the_last_word_on_a_note),
        ON_A_RUN(many_notes),
        ON_A_RUN(removed_statements),
        ON_A_RUN(a_waiver_counts),
        ON_A_RUN(waivers_that_do_not_count),
        ON_A_RUN(a_waiver_of_other_limits),
        ON_A_RUN(the_later_waiver_counts),
        ON_A_RUN(a_waiver_voids_a_vote),
        ON_A_RUN(verdict_hash_follows_the_facts),
        ON_A_RUN(limits_hash_follows_the_limits),
        ON_A_RUN(hash_of_hostile_names),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

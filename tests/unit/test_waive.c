/* A waived check keeps its status; the verdict is that of the others, and says who waived what. */
#include <locale.h>
#include <stdlib.h>
#include <string.h>

#include "judged_fixture.h"

#include "base/text.h"

#define COUNT(a) (sizeof(a) / sizeof *(a))
#define READY "Test successful. Ready for deployment/higher load."

static struct judgement j;

static struct check *add(const char *metric, enum verdict status, bool required) {
    struct check *c = &j.check[j.checks++];
    *c = (struct check){.value = 510,
                        .limit = 500,
                        .op = OP_LESS,
                        .status = status,
                        .required = required,
                        .low = NAN,
                        .high = NAN};
    strcpy(c->metric, metric);
    if (status == VERDICT_NO_DATA)
        strcpy(c->why, "It has 37 requests, needs 72.");
    return c;
}

/* As check_run() leaves it. */
static void begin(enum verdict v, const char *sentence) {
    judgement_fini(&j);
    j.verdict = v;
    strcpy(j.sentence, sentence);
    strcpy(j.step[0], sentence);
    strcpy(j.step[1], "D24 Pool: look at the pool.");
    j.steps = 2;
}

static void failed(void) {
    begin(VERDICT_FAIL, "Bottleneck detected. Check logs/metrics.");
    add("p95", VERDICT_FAIL, true);
    add("error_rate", VERDICT_PASS, true);
}

static const struct check *of(const char *metric) { return judgement_find(&j, metric); }

static bool has_step(const char *words) {
    for (size_t i = 0; i < j.steps; i++)
        if (strcmp(j.step[i], words) == 0)
            return true;
    return false;
}

static bool waive(const char *metric) {
    return judgement_waive(&j, metric, "bo", "known pause of the GC");
}

#define P VERDICT_PASS
#define N VERDICT_NO_DATA
#define F VERDICT_FAIL
#define I VERDICT_INVALID

/* --- verdicts --------------------------------------------------------------------------------- */

static void the_rest_decides(void **state) {
    (void)state;
    static const struct {
        enum verdict before, waived, other;
        bool other_required;
        enum verdict after;
        const char *why;
    } cases[] = {
        {F, F, P, true, P, "the only broken limit is waived"},
        {F, F, F, true, F, "another one is broken"},
        {F, F, N, true, N, "a required one has no data"},
        {F, F, N, false, N, "nothing is left that passed"},
        {N, N, P, true, P, "the only one without data is waived"},
        {N, N, N, true, N, "another one has none either"},
        {I, F, P, true, I, "an invalid run stays invalid"},
        {P, N, P, true, P, "an optional one is waived"},
    };
    for (size_t i = 0; i < COUNT(cases); i++) {
        begin(cases[i].before, "As it was.");
        add("p95", cases[i].waived, true);
        add("error_rate", cases[i].other, cases[i].other_required);
        assert_true(waive("p95"));
        if (j.verdict != cases[i].after)
            fail_msg("%s: %s", cases[i].why, verdict_name(j.verdict));
        assert_int_equal(of("p95")->status, cases[i].waived);
        assert_string_equal(of("p95")->waived_by, "bo");
        assert_string_equal(of("p95")->waived_why, "known pause of the GC");
        assert_false(has_step(READY));
    }
}

static void what_cannot_be_waived(void **state) {
    (void)state;
    static const struct {
        const char *metric, *by, *reason, *why;
    } cases[] = {
        {"error_rate", "bo", "because", "it passed"},
        {"p99", "bo", "because", "there is none"},
        {"p95", "bo", "", "no reason"},
        {"p95", "bo", " \t\n", "a reason of blanks"},
        {"p95", "", "because", "nobody"},
    };
    for (size_t i = 0; i < COUNT(cases); i++) {
        failed();
        if (judgement_waive(&j, cases[i].metric, cases[i].by, cases[i].reason))
            fail_msg("waived: %s", cases[i].why);
        assert_int_equal(j.verdict, VERDICT_FAIL);
        assert_string_equal(of("p95")->waived_by, "");
        assert_int_equal(j.steps, 2);
    }
}

/* --- words ------------------------------------------------------------------------------------ */

static void one_waiver_is_the_sentence(void **state) {
    (void)state;
    failed();
    add("p99", VERDICT_PASS, false)->near_limit = true;
    waive("p95");
    assert_string_equal(j.sentence, "Passed except for 1 waived check: p95 (over limit), waived by "
                                    "bo: known pause of the GC.");
    assert_string_equal(j.step[0], j.sentence);
    assert_string_equal(j.step[1], "p99 is near its limit.");
    assert_int_equal(j.steps, 2);
}

static void several_waivers(void **state) {
    (void)state;
    failed();
    add("rps", VERDICT_FAIL, true)->op = OP_MORE_EQUAL;
    add("p99", VERDICT_NO_DATA, true);
    waive("p95");
    assert_int_equal(j.verdict, VERDICT_FAIL);
    assert_string_equal(j.sentence, "Bottleneck detected. Check logs/metrics.");
    assert_true(has_step("p95 (over limit) is waived by bo: known pause of the GC."));
    assert_true(has_step("D24 Pool: look at the pool."));
    judgement_waive(&j, "rps", "ana", "the gateway limits it.");
    assert_int_equal(j.verdict, VERDICT_NO_DATA);
    assert_string_equal(j.sentence, "No verdict: p99 has 37 requests, needs 72.");
    assert_true(has_step("rps (below limit) is waived by ana: the gateway limits it."));
    judgement_waive(&j, "p99", "bo", "measured by the gateway");
    assert_int_equal(j.verdict, VERDICT_PASS);
    assert_string_equal(
        j.sentence, "Passed except for 3 waived checks: p95 (over limit), rps (below limit) and "
                    "p99 (no data), waived by bo and ana.");
    assert_int_equal(j.steps, 4); /* the sentence, and each waiver once */
    assert_true(has_step("p99 (no data) is waived by bo: measured by the gateway."));
    assert_false(has_step(READY));
}

static void a_later_reason_replaces(void **state) {
    (void)state;
    failed();
    add("rps", VERDICT_FAIL, true);
    waive("p95");
    judgement_waive(&j, "p95", "ana", "another reason");
    assert_string_equal(of("p95")->waived_by, "ana");
    assert_false(has_step("p95 (over limit) is waived by bo: known pause of the GC."));
    assert_true(has_step("p95 (over limit) is waived by ana: another reason."));
    assert_int_equal(j.steps, 3);
}

static void an_invalid_run_keeps_its_words(void **state) {
    (void)state;
    begin(VERDICT_INVALID, "Run invalid: the load generator was the limit.");
    add("p95", VERDICT_FAIL, true);
    waive("p95");
    assert_string_equal(j.sentence, "Run invalid: the load generator was the limit.");
    assert_true(has_step("p95 (over limit) is waived by bo: known pause of the GC."));
}

/* A pass that needs no waiver is still one. */
static void an_optional_check(void **state) {
    (void)state;
    begin(VERDICT_PASS, READY);
    add("p95", VERDICT_PASS, true);
    add("stalls", VERDICT_NO_DATA, false);
    waive("stalls");
    assert_string_equal(j.sentence, READY);
    assert_true(has_step("stalls (no data) is waived by bo: known pause of the GC."));
}

/* Cut between two characters, with a mark; the steps have room for more of it. */
static void long_reasons(void **state) {
    (void)state;
    char reason[2001];
    for (size_t i = 0; i + 2 < sizeof reason; i += 2)
        memcpy(reason + i, "\xc3\xa4", 3);
    failed();
    assert_true(judgement_waive(&j, "p95", "bo", reason));
    char clean[sizeof j.sentence];
    assert_int_equal(text_clean(j.sentence, strlen(j.sentence), TEXT_ONE_LINE, clean, sizeof clean),
                     0);
    assert_true(text_ends(j.sentence, "\xe2\x80\xa6"));
    assert_int_equal(j.steps, 2);
    assert_true(strlen(j.step[1]) > strlen(j.sentence));
}

static void hostile_words(void **state) {
    (void)state;
    failed();
    judgement_waive(&j, "p95", "b\033[31mo", "a\033]0;x\007\xe2\x80\xae\nb");
    assert_null(strpbrk(j.sentence, "\033\007\n"));
    assert_string_equal(of("p95")->waived_by, "b?[31mo");
    assert_string_equal(of("p95")->waived_why, "a?]0;x???b");
}

static void full_steps(void **state) {
    (void)state;
    failed();
    add("rps", VERDICT_FAIL, true);
    while (j.steps < STEPS_MAX)
        strcpy(j.step[j.steps++], "a step");
    waive("p95");
    assert_int_equal(j.steps, STEPS_MAX);
    assert_true(has_step("p95 (over limit) is waived by bo: known pause of the GC."));
}

/* --- real results ----------------------------------------------------------------------------- */

/* Waives every check that did not pass. */
static size_t waive_all(void) {
    size_t n = 0;
    for (size_t i = 0; i < j.checks; i++)
        if (j.check[i].status != VERDICT_PASS)
            n += waive(j.check[i].metric);
    return n;
}

static void real_results(void **state) {
    (void)state;
    struct summary run;
    size_t lifted = 0;
    for (size_t i = 0; i < JUDGED_FILES; i++) {
        judge_number(i, &run, &j);
        enum verdict before = j.verdict;
        size_t waived = waive_all();
        assert_true(j.sentence[0] && j.steps > 0 && j.steps <= STEPS_MAX);
        assert_true(j.verdict <= before);
        if (before == VERDICT_INVALID)
            assert_int_equal(j.verdict, VERDICT_INVALID);
        if (j.verdict == VERDICT_PASS && before != VERDICT_PASS) {
            lifted++;
            assert_true(text_starts(j.sentence, "Passed except for "));
            assert_true(waived > 0);
            assert_false(has_step(READY));
        }
        judgement_fini(&j);
        summary_fini(&run);
    }
    assert_true(lifted >= 3);
}

/* Rows of a stress test are those of one step: what the steps say stays. */
static void stress_needs_its_steps(void **state) {
    (void)state;
    static const struct {
        enum stress_verdict steps;
        enum verdict before, after;
        const char *why;
    } cases[] = {
        {STRESS_BROKE, VERDICT_FAIL, VERDICT_PASS, "the limit that broke is waived"},
        {STRESS_BROKE_BELOW, VERDICT_FAIL, VERDICT_PASS, "also at the first step"},
        {STRESS_TOO_FEW_STEPS, VERDICT_NO_DATA, VERDICT_NO_DATA, "two steps stay two"},
        {STRESS_INCONCLUSIVE, VERDICT_NO_DATA, VERDICT_NO_DATA, "loads that do not rise"},
        {STRESS_GENERATOR_LIMITED, VERDICT_INVALID, VERDICT_INVALID, "the generator's limit"},
    };
    for (size_t i = 0; i < COUNT(cases); i++) {
        failed();
        j.verdict = cases[i].before;
        j.has_stress = true;
        j.stress.verdict = cases[i].steps;
        waive("p95");
        if (j.verdict != cases[i].after)
            fail_msg("%s: %s", cases[i].why, verdict_name(j.verdict));
    }
    failed(); /* broke because nothing ended in the step: no row fails */
    j.check[0].status = VERDICT_NO_DATA;
    j.has_stress = true;
    j.stress.verdict = STRESS_BROKE;
    waive("p95");
    assert_int_equal(j.verdict, VERDICT_FAIL);
}

static int finish(void **state) {
    (void)state;
    judgement_fini(&j);
    return 0;
}

int main(void) {
    setlocale(LC_CTYPE, "C.UTF-8");
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_rest_decides),
        cmocka_unit_test(what_cannot_be_waived),
        cmocka_unit_test(one_waiver_is_the_sentence),
        cmocka_unit_test(several_waivers),
        cmocka_unit_test(a_later_reason_replaces),
        cmocka_unit_test(an_invalid_run_keeps_its_words),
        cmocka_unit_test(an_optional_check),
        cmocka_unit_test(long_reasons),
        cmocka_unit_test(hostile_words),
        cmocka_unit_test(full_steps),
        cmocka_unit_test(real_results),
        cmocka_unit_test(stress_needs_its_steps),
    };
    return cmocka_run_group_tests(tests, load_rules, finish);
}

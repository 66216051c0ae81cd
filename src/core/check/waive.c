/* A person waives a check: what the others come to, and the words for it. */
#include <stdio.h>
#include <string.h>

#include "base/buf.h"
#include "base/text.h"
#include "check/check_parts.h"

enum { WORDS_MAX_BYTES = 8192 };

static bool is_waived(const struct check *c) { return c->waived_by[0] != '\0'; }

static size_t count_waived(const struct judgement *j) {
    size_t n = 0;
    for (size_t i = 0; i < j->checks; i++)
        n += is_waived(&j->check[i]);
    return n;
}

/* --- what the others come to --- */

static bool broken_limit_is_waived(const struct judgement *j) {
    for (size_t i = 0; i < j->checks; i++)
        if (is_waived(&j->check[i]) && j->check[i].status == VERDICT_FAIL)
            return true;
    return false;
}

/* A break is lifted only with the limits that were broken, too few steps by nothing: rows of a
 * stress test are those of one step. */
static enum verdict verdict_of_the_rest(const struct judgement *j) {
    if (j->verdict == VERDICT_INVALID)
        return VERDICT_INVALID;
    enum verdict rest = checks_worst(j);
    enum verdict steps = j->has_stress ? stress_verdict_of(j->stress.verdict) : VERDICT_PASS;
    if (steps == VERDICT_FAIL && broken_limit_is_waived(j))
        return rest;
    return steps > rest ? steps : rest;
}

/* --- words --- */

static const char *state_word(const struct check *c) {
    if (c->status == VERDICT_NO_DATA)
        return "no data";
    return c->op == OP_MORE_EQUAL ? "below limit" : "over limit";
}

/* Into out as one line; false: it had to be cut, between two characters. */
static bool put_line(const char *text, char *out, size_t size) {
    static const char more[] = "\xe2\x80\xa6"; /* an ellipsis */
    size_t len = strlen(text);
    text_clean(text, len, TEXT_ONE_LINE, out, size);
    if (len < size)
        return true;
    text_clean(text, len, TEXT_ONE_LINE, out, size - strlen(more));
    memcpy(out + strlen(out), more, sizeof more);
    return false;
}

static const char *full_stop(const char *text) {
    size_t len = strlen(text);
    return len && strchr(".?!", text[len - 1]) ? "" : ".";
}

static void waiver_words(const struct check *c, char *out, size_t size) {
    struct buf b;
    buf_init(&b, WORDS_MAX_BYTES);
    buf_printf(&b, "%s (%s) is waived by %s: %s%s", c->metric, state_word(c), c->waived_by,
               c->waived_why, full_stop(c->waived_why));
    put_line(b.data, out, size);
    buf_fini(&b);
}

static void waiver_step(struct judgement *j, const struct check *c) {
    char words[sizeof j->step[0]];
    waiver_words(c, words, sizeof words);
    if (j->steps == STEPS_MAX)
        j->steps--; /* a waiver is always named */
    step_add(j, "%s", words);
}

static void waiver_steps(struct judgement *j) {
    for (size_t i = 0; i < j->checks; i++)
        if (is_waived(&j->check[i]))
            waiver_step(j, &j->check[i]);
}

/* The line of an earlier waiver of this check. */
static void drop_waiver_step(struct judgement *j, const struct check *c) {
    char words[sizeof j->step[0]];
    size_t kept = 0;
    waiver_words(c, words, sizeof words);
    for (size_t i = 0; i < j->steps; i++)
        if (strcmp(j->step[i], words) != 0)
            memmove(j->step[kept++], j->step[i], sizeof words);
    j->steps = kept;
}

static bool named_before(const struct judgement *j, size_t i) {
    for (size_t k = 0; k < i; k++)
        if (is_waived(&j->check[k]) && strcmp(j->check[k].waived_by, j->check[i].waived_by) == 0)
            return true;
    return false;
}

/* ", " between words of a list, " and " before the last. */
static const char *between(size_t i, size_t n) { return i == 0 ? "" : i + 1 == n ? " and " : ", "; }

static void list_checks(const struct judgement *j, struct buf *b) {
    size_t n = count_waived(j), said = 0;
    for (size_t i = 0; i < j->checks; i++)
        if (is_waived(&j->check[i])) {
            buf_printf(b, "%s%s (%s)", between(said, n), j->check[i].metric,
                       state_word(&j->check[i]));
            said++;
        }
}

static void list_names(const struct judgement *j, struct buf *b) {
    size_t n = 0, said = 0;
    for (size_t i = 0; i < j->checks; i++)
        n += is_waived(&j->check[i]) && !named_before(j, i);
    for (size_t i = 0; i < j->checks; i++)
        if (is_waived(&j->check[i]) && !named_before(j, i)) {
            buf_printf(b, "%s%s", between(said, n), j->check[i].waived_by);
            said++;
        }
}

static const char *only_reason(const struct judgement *j) {
    const char *reason = NULL;
    for (size_t i = 0; i < j->checks; i++)
        if (is_waived(&j->check[i]))
            reason = j->check[i].waived_why;
    return count_waived(j) == 1 ? reason : NULL;
}

static const char passed_except[] = "Passed except for ";

/* One with its reason; of several the next steps give the reasons. false: cut. */
static bool passed_sentence(struct judgement *j) {
    struct buf b;
    size_t n = count_waived(j);
    const char *reason = only_reason(j);
    buf_init(&b, WORDS_MAX_BYTES);
    buf_printf(&b, "%s%zu waived check%s: ", passed_except, n, n == 1 ? "" : "s");
    list_checks(j, &b);
    buf_str(&b, ", waived by ");
    list_names(j, &b);
    if (reason)
        buf_printf(&b, ": %s", reason);
    buf_str(&b, full_stop(b.data));
    bool whole = put_line(b.data, j->sentence, sizeof j->sentence);
    buf_fini(&b);
    return whole;
}

static void near_limit_steps(struct judgement *j) {
    for (size_t i = 0; i < j->checks; i++)
        if (j->check[i].near_limit && !is_waived(&j->check[i]))
            step_add(j, "%s is near its limit.%s%s", j->check[i].metric,
                     j->check[i].why[0] ? " " : "", j->check[i].why);
}

static void say_passed(struct judgement *j) {
    bool whole = passed_sentence(j);
    j->steps = 0;
    step_add(j, "%s", j->sentence);
    near_limit_steps(j);
    if (!whole || count_waived(j) > 1)
        waiver_steps(j);
}

static void say_no_data(struct judgement *j) {
    const struct check *missing = steps_first_missing(j);
    j->sentence[0] = '\0';
    j->steps = 0;
    if (missing)
        steps_say_no_data(j, missing);
    else
        snprintf(j->sentence, sizeof j->sentence, "No verdict: no check is left that passed.");
    step_add(j, "%s", j->sentence);
    for (size_t i = 0; i < j->checks; i++) {
        const struct check *c = &j->check[i];
        if (c->required && c->status == VERDICT_NO_DATA && !is_waived(c))
            step_add(j, "%s: %s", c->metric, c->why);
    }
    waiver_steps(j);
}

/* A verdict that stands keeps its own words; so does a pass that needed no waiver. */
static void say_again(struct judgement *j, enum verdict before, const struct check *c) {
    bool needed = before != VERDICT_PASS || text_starts(j->sentence, passed_except);
    bool few_steps = j->has_stress && stress_verdict_of(j->stress.verdict) == VERDICT_NO_DATA;
    if (j->verdict == VERDICT_PASS && needed)
        say_passed(j);
    else if (j->verdict == VERDICT_NO_DATA && !few_steps)
        say_no_data(j);
    else
        waiver_step(j, c);
}

static bool is_blank(const char *text) { return text[strspn(text, " \t\r\n")] == '\0'; }

bool judgement_waive(struct judgement *j, const char *metric, const char *by, const char *reason) {
    enum verdict before = j->verdict;
    struct check *c = NULL;
    char who[sizeof c->waived_by], why[sizeof c->waived_why];
    put_line(by, who, sizeof who);
    put_line(reason, why, sizeof why);
    for (size_t i = 0; i < j->checks && !c; i++)
        if (strcmp(j->check[i].metric, metric) == 0)
            c = &j->check[i];
    if (!c || c->status == VERDICT_PASS || !who[0] || is_blank(reason) || !why[0])
        return false;
    if (is_waived(c))
        drop_waiver_step(j, c);
    text_copy(c->waived_by, sizeof c->waived_by, who);
    text_copy(c->waived_why, sizeof c->waived_why, why);
    j->verdict = verdict_of_the_rest(j);
    say_again(j, before, c);
    return true;
}

bool judgement_has_waiver(const struct judgement *j) {
    for (size_t i = 0; i < j->checks; i++)
        if (j->check[i].waived_by[0])
            return true;
    return false;
}

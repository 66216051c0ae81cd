#include <stdio.h>
#include <string.h>

#include "base/digest.h"
#include "base/text.h"
#include "ui/screen/panel/review_parts.h"

static const struct review *reviewed(const struct session *s) { return session_review(s); }

/* --- how it stands --------------------------------------------------------------------------- */

/* The first vote of this kind that counts, or that did before something changed. */
static const struct vote *vote_of(const struct review *v, enum said_kind kind, bool outdated) {
    for (size_t i = 0; i < v->votes; i++)
        if (v->vote[i].said->kind == kind && (outdated ? v->vote[i].outdated : v->vote[i].valid))
            return &v->vote[i];
    return NULL;
}

static enum mark state_mark(const struct review *v) {
    static const enum mark marks[] = {[REVIEW_NONE] = MARK_NONE,
                                      [REVIEW_OPEN] = MARK_NONE,
                                      [REVIEW_APPROVED] = MARK_OK,
                                      [REVIEW_CHANGES] = MARK_NEAR,
                                      [REVIEW_OUTDATED] = MARK_NEAR};
    return marks[v->state];
}

static void state_words(const struct review *v, char *out, size_t size) {
    const struct vote *vote = v->state == REVIEW_APPROVED  ? vote_of(v, SAID_APPROVE, false)
                              : v->state == REVIEW_CHANGES ? vote_of(v, SAID_REQUEST_CHANGES, false)
                                                           : NULL;
    const char *word = v->state == REVIEW_APPROVED   ? "approved"
                       : v->state == REVIEW_CHANGES  ? "changes requested"
                       : v->state == REVIEW_OUTDATED ? "sign-off outdated"
                                                     : "not signed";
    snprintf(out, size, "%s%s%.60s", word, vote ? " by " : "", vote ? vote->said->by : "");
}

static void approvals_words(const struct review *v, char *out, size_t size) {
    int missing = v->needed - v->approvals;
    if (missing > 0)
        snprintf(out, size, "%d of %d approval%s missing", missing, v->needed,
                 v->needed == 1 ? "" : "s");
    else
        snprintf(out, size, "%d of %d approval%s given", v->approvals, v->needed,
                 v->needed == 1 ? "" : "s");
}

/* Why it stands so, and what this user can do about it. */
static void why_words(const struct session *s, char *out, size_t size) {
    const struct review *v = reviewed(s);
    const struct vote *changes = vote_of(v, SAID_REQUEST_CHANGES, false);
    const struct vote *old = vote_of(v, SAID_APPROVE, true);
    char why[WHY_BYTES] = "";
    int64_t uid;
    session_me(s, &uid);
    out[0] = '\0';
    if (changes)
        snprintf(out, size, "It stands until %.60s takes the request back.", changes->said->by);
    else if (v->state == REVIEW_OUTDATED && old)
        snprintf(out, size, "%.60s's approval is outdated: %s.", old->said->by, old->why);
    else if (v->approvals < v->needed && !review_may_approve(session_record(s), uid, why))
        snprintf(out, size, "%s.", why);
    else if (v->approvals < v->needed)
        snprintf(out, size, "You can give it.");
}

static void add_state(struct sheet *sh) {
    const struct review *v = reviewed(sh->s);
    char how[64], why[WHY_BYTES + 120], text[sizeof how + sizeof why + 4];
    approvals_words(v, how, sizeof how);
    why_words(sh->s, why, sizeof why);
    snprintf(text, sizeof text, "%s. %s", how, why);
    if (!sh->strip)
        sheet_label(sh, LINE_KEEP, REVIEW_AT, "State", 15, text);
    else if (why[0])
        sheet_label(sh, LINE_SOURCE, REVIEW_AT, "State", 15, why);
}

/* --- what is signed -------------------------------------------------------------------------- */

char *review_digits(const char *hash, char *out, size_t size) {
    snprintf(out, size, "%.*s", hash[0] ? DIGEST_SHOWN : 7, hash[0] ? hash : "unknown");
    return out;
}

/* What the newest outdated vote has signed. */
static const struct hashes *signed_before(const struct review *v) {
    for (size_t i = v->votes; i-- > 0;)
        if (v->vote[i].outdated)
            return &v->vote[i].said->seal;
    return NULL;
}

static void add_signed(struct sheet *sh) {
    const struct review *v = reviewed(sh->s);
    const struct hashes *old = signed_before(v);
    char text[300] = "", is[16], was[16];
    struct text_out o = {text, sizeof text, 0};
    for (int i = SEALED_RESULTS; i < SEALED_VERDICT; i++) {
        static const enum sealed order[] = {SEALED_RESULTS, SEALED_LIMITS, SEALED_RULES,
                                            SEALED_SCRIPT};
        const char *now = sealed_of(&v->now, order[i]);
        const char *then = old ? sealed_of(old, order[i]) : now;
        char piece[120];
        bool changed = strcmp(now, then) != 0;
        snprintf(piece, sizeof piece, "%s%s %s%s%s%s", i ? sh->narrow ? "  " : "   " : "",
                 sealed_name(order[i]), review_digits(now, is, sizeof is), changed ? " (was " : "",
                 changed ? review_digits(then, was, sizeof was) : "", changed ? ")" : "");
        text_put(&o, piece, strlen(piece));
    }
    sheet_label(sh, sh->strip ? LINE_SOURCE : LINE_KEEP, REVIEW_AT, "Signed", 15, text);
}

/* --- the panel ------------------------------------------------------------------------------- */

static void add_title(struct sheet *sh) {
    const struct review *v = reviewed(sh->s);
    const struct record *r = session_record(sh->s);
    enum model model;
    char words[120], text[160], rate[32];
    state_words(v, words, sizeof words);
    if (!sh->strip) {
        snprintf(text, sizeof text, "run %lld, %s, %s RPS", (long long)r->is.id,
                 model_parse(r->is.model, &model) ? model_title(model) : r->is.model,
                 show_rate(r->is.target_rps, rate, sizeof rate));
        sheet_state(sh, sheet_title(sh, LINE_KEEP, "Review", text), state_mark(v), words);
        return;
    }
    approvals_words(v, text, sizeof text);
    struct line *l = sheet_say(sh, LINE_KEEP, REVIEW_AT + 2, sign_of(state_mark(v)).look, words);
    sheet_sign(sh, l, REVIEW_AT, state_mark(v));
    sheet_end(sh, l, LOOK_TEXT, text);
}

static void build(struct sheet *sh) {
    if (!reviewed(sh->s)) {
        sheet_locked(sh);
        return;
    }
    sheet_columns(sh, 94, 60);
    sheet_blank(sh);
    add_title(sh);
    sheet_blank(sh);
    if (!sh->strip) {
        add_state(sh);
        add_signed(sh);
        sheet_blank(sh);
    }
    struct review_cols c = review_cols(sh);
    review_notes_build(sh, &c);
    if (sh->wide)
        sheet_right(sh);
    c = review_cols(sh);
    review_around_build(sh);
    review_votes_build(sh, &c);
    if (sh->strip) {
        sheet_blank(sh);
        add_state(sh);
        add_signed(sh);
    }
    review_typed_build(sh);
    sheet_blank(sh);
    sheet_next(sh, 15);
}

static bool copy(const struct session *s, const struct view *v, struct buf *out) {
    const struct review *r = reviewed(s);
    struct item it;
    char place[96];
    if (!r || !panel_focused(s, v, &it))
        return false;
    if (it.kind == ITEM_VOTE)
        return buf_printf(out, "%s: %s %s", r->vote[it.index].said->by,
                          said_kind_name(r->vote[it.index].said->kind),
                          r->vote[it.index].said->text);
    if (it.kind != ITEM_NOTE)
        return false;
    const struct note *n = &r->note[it.index];
    return buf_printf(out, "%s, on %s: %s (%s)", n->said->by,
                      place_show(n->said->on, session_record(s), place, sizeof place),
                      n->said->text, note_state_name(n->state));
}

const struct panel panel_review = {.name = "Review", .build = build, .copy = copy};

/* Which votes count, and why the others do not. */
#include <stdio.h>
#include <string.h>

#include "base/mem.h"
#include "base/text.h"
#include "review/parts.h"

static const enum sealed all_sealed[SEALEDS] = {SEALED_RESULTS, SEALED_LIMITS, SEALED_RULES,
                                                SEALED_SCRIPT, SEALED_VERDICT};

/* --- the last of each person ------------------------------------------------------------------ */

static bool is_vote(const struct said *s) {
    return s->kind == SAID_APPROVE || s->kind == SAID_REQUEST_CHANGES || s->kind == SAID_WITHDRAW;
}

/* Whoever is not proven can take back or replace nothing of the one whose name he uses. */
static bool same_person(const struct said *a, const struct said *b) {
    return a->uid == b->uid && a->proven == b->proven;
}

static bool drop_earlier(struct review *out, const struct said *s) {
    for (size_t i = 0; i < out->votes; i++)
        if (same_person(out->vote[i].said, s)) {
            memmove(&out->vote[i], &out->vote[i + 1], (--out->votes - i) * sizeof *out->vote);
            return true;
        }
    return false;
}

static void collect(const struct said_list *said, struct review *out) {
    size_t n = 0;
    for (size_t i = 0; i < said->n; i++)
        n += is_vote(&said->item[i]);
    if (n == 0)
        return;
    out->vote = mem_new(n, sizeof *out->vote);
    for (size_t i = 0; i < said->n; i++) {
        const struct said *s = &said->item[i];
        if (!is_vote(s) || (s->kind == SAID_WITHDRAW && !s->proven))
            continue;
        bool had = drop_earlier(out, s);
        if (had || s->kind != SAID_WITHDRAW)
            out->vote[out->votes++] = (struct vote){.said = s};
    }
}

/* --- who may approve -------------------------------------------------------------------------- */

/* "ana" of "ana (sudo)". */
static size_t name_len(const char *name) {
    const char *at = strstr(name, " (sudo)");
    return at ? (size_t)(at - name) : strlen(name);
}

static bool same_name(const char *a, const char *b) {
    size_t len = name_len(a);
    return len > 0 && len == name_len(b) && memcmp(a, b, len) == 0;
}

static void own_words(const char *name, const char *did, char why[WHY_BYTES]) {
    char clean[64];
    text_clean(name, strlen(name), TEXT_ONE_LINE, clean, sizeof clean);
    snprintf(why, WHY_BYTES, "%s %s; someone else approves", clean[0] ? clean : "this account",
             did);
}

bool review_may_approve(const struct record *r, int64_t uid, char why[WHY_BYTES]) {
    why[0] = '\0';
    if (uid == r->is.author_uid)
        own_words(r->is.author, "ran it", why);
    return why[0] == '\0';
}

/* Names are those of accounts: who used sudo is the same person under another uid. */
static bool may_approve(const struct record *r, const struct said *s, char why[WHY_BYTES]) {
    if (!review_may_approve(r, s->uid, why)) {
        if (!same_name(s->by, r->is.author) && s->by[0] && r->is.author[0])
            snprintf(why, WHY_BYTES,
                     "%.60s ran it under the same account: a second signature does not count",
                     r->is.author);
    } else if (same_name(s->by, r->is.author)) {
        own_words(r->is.author, "ran it", why);
    } else if (same_name(s->by, r->is.confirmed_by)) {
        own_words(r->is.confirmed_by, "confirmed the load", why);
    }
    return why[0] == '\0';
}

/* --- each vote -------------------------------------------------------------------------------- */

static void judge_vote(const struct record *r, const struct hashes *now, struct vote *v) {
    if (!v->said->proven)
        unconfirmed_words(v->said, v->why);
    else if (v->said->kind == SAID_WITHDRAW)
        text_copy(v->why, WHY_BYTES, "withdrawn");
    else if (v->said->kind == SAID_REQUEST_CHANGES || may_approve(r, v->said, v->why))
        v->outdated = sealed_changed(&v->said->seal, now, all_sealed, SEALEDS, v->why);
    v->valid = v->why[0] == '\0';
}

void review_votes(const struct record *r, const struct said_list *said, struct review *out,
                  int *requests) {
    *requests = 0;
    collect(said, out);
    for (size_t i = 0; i < out->votes; i++) {
        struct vote *v = &out->vote[i];
        judge_vote(r, &out->now, v);
        out->approvals += v->valid && v->said->kind == SAID_APPROVE;
        *requests += v->valid && v->said->kind == SAID_REQUEST_CHANGES;
    }
}

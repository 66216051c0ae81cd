#include "review/review.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "review/parts.h"

enum { APPROVALS_NEEDED = 1 };

const char *review_state_name(enum review_state s) {
    static const char *const names[] = {[REVIEW_NONE] = "none",
                                        [REVIEW_OPEN] = "open",
                                        [REVIEW_APPROVED] = "approved",
                                        [REVIEW_CHANGES] = "changes_requested",
                                        [REVIEW_OUTDATED] = "outdated"};
    return names[s];
}

bool has_no_words(const char *text) { return text[strspn(text, " \t\r\n")] == '\0'; }

static void clean_name(const char *name, char out[80]) {
    text_clean(name, strlen(name), TEXT_ONE_LINE, out, 80);
}

void unconfirmed_words(const struct said *s, char why[WHY_BYTES]) {
    char by[80];
    clean_name(s->by, by);
    snprintf(why, WHY_BYTES, "unconfirmed: the file does not belong to %s (uid %lld)", by,
             (long long)s->uid);
}

static void author_words(const struct run *r, char out[WHY_BYTES]) {
    char author[80];
    clean_name(r->author, author);
    if (r->author_uid < 0)
        text_copy(out, WHY_BYTES, "author not confirmed: it is not known which account ran it");
    else if (!r->author_proven)
        snprintf(out, WHY_BYTES, "author not confirmed: no file of %s holds this run", author);
}

static void find_pin(const struct said_list *said, struct review *out) {
    for (size_t i = 0; i < said->n; i++)
        if (said->item[i].kind == SAID_PIN && said->item[i].proven) {
            out->pinned = true;
            text_copy(out->pinned_by, sizeof out->pinned_by, said->item[i].by);
        }
}

static enum review_state state_of(const struct review *v, int requests) {
    bool outdated = false;
    for (size_t i = 0; i < v->votes; i++)
        outdated = outdated || v->vote[i].outdated;
    if (requests > 0)
        return REVIEW_CHANGES;
    if (v->approvals >= v->needed)
        return REVIEW_APPROVED;
    if (outdated && v->approvals == 0)
        return REVIEW_OUTDATED;
    return v->notes || v->votes || v->waivers ? REVIEW_OPEN : REVIEW_NONE;
}

void review_make(const struct record *r, const struct said_list *said, const struct hashes *now,
                 struct review *out) {
    int requests;
    memset(out, 0, sizeof *out);
    out->needed = APPROVALS_NEEDED;
    out->missing = said->missing;
    out->now = *now;
    author_words(&r->is, out->author_why);
    judgement_copy(&out->judgement, &r->judgement);
    review_waivers(said, out);
    review_verdict_digest(&out->judgement, out->now.verdict);
    review_notes(said, out);
    review_votes(r, said, out, &requests);
    find_pin(said, out);
    out->state = state_of(out, requests);
}

void review_fini(struct review *v) {
    free(v->note);
    free(v->vote);
    free(v->waiver);
    judgement_fini(&v->judgement);
    memset(v, 0, sizeof *v);
}

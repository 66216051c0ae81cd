#include "ui/plain/said_print.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cjson/cJSON.h>

#include "ui/plain/print.h"
#include "ui/plain/stored.h"

/* The statement as the review has it. */
struct answer {
    const struct record *record;
    const struct review *review;
    const struct said *said; /* NULL: the review does not list this kind */
    bool counts;
    char why_not[WHY_BYTES]; /* "" it counts */
};

static const struct said *newer(const struct said *a, const struct said *b) {
    return a && a->id > b->id ? a : b;
}

static void find_vote(struct answer *a, int64_t uid) {
    for (size_t i = 0; i < a->review->votes; i++) {
        const struct vote *v = &a->review->vote[i];
        if (v->said->uid != uid)
            continue;
        bool own = uid == a->record->is.author_uid && !v->valid && !v->outdated;
        a->said = v->said;
        a->counts = v->valid;
        snprintf(a->why_not, sizeof a->why_not, "%s",
                 own ? "you ran it; someone else approves" : v->why);
    }
}

static void find_waiver(struct answer *a, int64_t uid) {
    for (size_t i = 0; i < a->review->waivers; i++) {
        const struct waiver *w = &a->review->waiver[i];
        if (w->said->uid != uid || newer(a->said, w->said) != w->said)
            continue;
        a->said = w->said;
        a->counts = w->valid;
        snprintf(a->why_not, sizeof a->why_not, "%s", w->why);
    }
}

static void find_note(struct answer *a, int64_t uid) {
    for (size_t i = 0; i < a->review->notes; i++) {
        const struct said *n = a->review->note[i].said;
        if (n->uid == uid)
            a->said = newer(a->said, n);
    }
}

static struct answer find_answer(const struct session *s, enum said_kind kind) {
    static void (*const find[SAID_KINDS])(struct answer *, int64_t) = {
        [SAID_NOTE] = find_note,
        [SAID_APPROVE] = find_vote,
        [SAID_REQUEST_CHANGES] = find_vote,
        [SAID_WAIVE] = find_waiver,
    };
    struct answer a = {.record = session_record(s), .review = session_review(s), .counts = true};
    int64_t uid;
    session_me(s, &uid);
    if (find[kind])
        find[kind](&a, uid);
    return a;
}

/* --- text --- */

static void print_notes(const struct answer *a) {
    print_one(" %zu %s, %d open.", a->review->notes, a->review->notes == 1 ? "note" : "notes",
              a->review->open_notes);
}

static void print_note(const struct answer *a, const struct saying *what) {
    char place[SAID_ON_BYTES];
    if (!a->said)
        return;
    if (a->said->reply_to)
        print("Note %d, in answer to note %d.", a->said->id, a->said->reply_to);
    else
        print("Note %d on %s.", a->said->id,
              place_show(a->said->on, a->record, place, sizeof place));
    print_notes(a);
    (void)what;
}

static void print_settled(const struct answer *a, const struct saying *what) {
    print("Note %d: %s.", what->reply_to, note_state_name(what->state));
    print_notes(a);
}

static bool print_kept(const struct answer *a) {
    if (!a->counts)
        print_one("Kept. It does not count: %s.", a->why_not);
    return !a->counts;
}

static void print_vote(const struct answer *a, const struct saying *what) {
    char state[320];
    long long run = a->record->is.id;
    if (print_kept(a))
        return;
    const char *done = what->kind == SAID_APPROVE ? "Approved" : "Changes requested";
    stored_review(a->review, state, sizeof state);
    if (a->review->state == REVIEW_APPROVED)
        print_one("%s. Run %lld is signed%s.", done, run, state + strlen("approved"));
    else
        print_one("%s. Run %lld: %s.", done, run, state);
}

static void print_withdrawn(const struct answer *a, const struct saying *what) {
    char state[320];
    print_one("Withdrawn. Run %lld: %s.", (long long)a->record->is.id,
              stored_review(a->review, state, sizeof state));
    (void)what;
}

static void print_waived(const struct answer *a, const struct saying *what) {
    if (!print_kept(a))
        print_one("Waived: %s. %s", what->on, a->review->judgement.sentence);
}

static void print_pinned(const struct answer *a, const struct saying *what) {
    print_one("Run %lld is the reference for %s.", (long long)a->record->is.id,
              a->record->is.model);
    (void)what;
}

/* --- JSON --- */

static void print_answer_json(const struct answer *a, const struct saying *what) {
    cJSON *o = cJSON_CreateObject();
    cJSON_AddNumberToObject(o, "run", (double)a->record->is.id);
    cJSON_AddStringToObject(o, "said", said_kind_name(what->kind));
    if (a->said)
        cJSON_AddNumberToObject(o, "id", a->said->id);
    else
        cJSON_AddNullToObject(o, "id");
    cJSON_AddBoolToObject(o, "valid", a->counts);
    if (a->counts)
        cJSON_AddNullToObject(o, "why_not");
    else
        cJSON_AddStringToObject(o, "why_not", a->why_not);
    cJSON_AddNumberToObject(o, "notes", (double)a->review->notes);
    cJSON_AddNumberToObject(o, "open_notes", a->review->open_notes);
    cJSON_AddStringToObject(o, "signed", review_state_name(a->review->state));
    cJSON_AddStringToObject(o, "verdict", verdict_name(a->review->judgement.verdict));
    print_json(cJSON_Print(o));
    cJSON_Delete(o);
}

void said_print(const struct session *s, const struct saying *what, bool json) {
    static void (*const tell[SAID_KINDS])(const struct answer *, const struct saying *) = {
        [SAID_NOTE] = print_note,          [SAID_SETTLE] = print_settled,
        [SAID_APPROVE] = print_vote,       [SAID_REQUEST_CHANGES] = print_vote,
        [SAID_WITHDRAW] = print_withdrawn, [SAID_WAIVE] = print_waived,
        [SAID_PIN] = print_pinned,
    };
    const struct answer a = find_answer(s, what->kind);
    if (json)
        print_answer_json(&a, what);
    else
        tell[what->kind](&a, what);
}

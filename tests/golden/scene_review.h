/* tests/golden/scene_review.h
 * What two people said of run 14: the story of the pictures of Review. The review is made by the
 * code of the program; who said what is filled by hand. */
#ifndef PERFSCALE_TESTS_SCENE_REVIEW_H
#define PERFSCALE_TESTS_SCENE_REVIEW_H

#include "golden/scene_history.h"
#include "golden/scene_results.h"

enum { SCENE_ANA = 1001, SCENE_BO = 1002, SCENE_SAID_MOST = 16 };

static inline void scene_hashes(struct hashes *h) {
    text_copy(h->results, sizeof h->results, "8f3c21d09a44");
    text_copy(h->limits, sizeof h->limits, "9d20e4111111");
    text_copy(h->rules, sizeof h->rules, "51ab07e9c3d2");
    text_copy(h->script, sizeof h->script, "77e0b4c2a1f0");
}

/* The run with its figures, and nobody has said anything. */
static inline void scene_reviewed(struct scene *c) {
    scene_load_kept(c);
    scene_judged_load(c);
    struct open_run *o = &c->s.together->open;
    struct result *r = &c->s.result;
    struct run_row *row = scene_list(c, 2);
    scene_run(&row[0], &scene_stored[2]);
    scene_run(&row[1], &scene_stored[7]);
    open_drop(o); /* the run that was stored on the way here */
    record_init(&o->record);
    o->record.is = session_run_row(&c->s, 14)->is;
    scene_hashes(&o->record.is.hash);
    summary_copy(&o->record.run, &r->run);
    judgement_copy(&o->record.judgement, &r->judgement);
    o->record.has_profile = true;
    o->record.profile = r->profile;
    o->said.item = mem_new(SCENE_SAID_MOST, sizeof *o->said.item);
    r->run_id = 14;
    o->now = o->record.is.hash;
}

static inline struct said *scene_says(struct scene *c, enum said_kind kind, int64_t uid, int minute,
                                      const char *text) {
    struct said_list *l = &c->s.together->open.said;
    struct said *x = &l->item[l->n++];
    *x = (struct said){.run = 14,
                       .id = (int)l->n,
                       .kind = kind,
                       .uid = uid,
                       .proven = true,
                       .at_ms = SCENE_NOW_MS + (int64_t)minute * 60000};
    text_copy(x->by, sizeof x->by, uid == SCENE_ANA ? "ana" : "bo");
    text_copy(x->text, sizeof x->text, text);
    scene_hashes(&x->seal);
    review_verdict_digest(&c->s.together->open.record.judgement, x->seal.verdict);
    return x;
}

/* Looked at by bo, who ran nothing. */
static inline void scene_review_made(struct scene *c) {
    struct together *t = c->s.together;
    struct open_run *o = &t->open;
    review_make(&o->record, &o->said, &o->now, &o->review);
    summary_copy(&o->shown.run, &o->record.run);
    judgement_copy(&o->shown.judgement, &o->review.judgement);
    text_copy(o->shown.from, sizeof o->shown.from, "load_orders.csv");
    o->shown.run_id = 14;
    o->shown.at_ms = SCENE_NOW_MS;
    o->shown.has_profile = true;
    o->shown.profile = o->record.profile;
    o->shown.there = o->there = t->own = true;
    t->uid = SCENE_BO;
}

/* A store to write to, private. */
static inline void scene_store(struct scene *c) {
    struct err e = {0};
    scene_must(c->s.history || history_open(&c->s.history, c->dir, true, &e), &e);
}

static inline void scene_review_empty(struct scene *c) {
    scene_reviewed(c);
    scene_store(c);
    scene_review_made(c);
}

static inline void scene_talk(struct scene *c) {
    scene_reviewed(c);
    scene_store(c);
    scene_says(c, SAID_NOTE, SCENE_BO, 2, "Are we sure the cache was warm?");
    scene_says(c, SAID_NOTE, SCENE_ANA, 4, "Yes: the ramp and 30 s more are outside the window.")
        ->reply_to = 1;
    struct said *settle = scene_says(c, SAID_SETTLE, SCENE_BO, 5, "");
    settle->reply_to = 1;
    settle->state = NOTE_AGREED;
    text_copy(scene_says(c, SAID_NOTE, SCENE_ANA, 10,
                         "p95 limit 400 -> 500 ms since run 9, see "
                         "plan.")
                  ->on,
              SAID_ON_BYTES, "limits");
    text_copy(
        scene_says(c, SAID_NOTE, SCENE_BO, 12, "What is this spike? It touches all four endpoints.")
            ->on,
        SAID_ON_BYTES, "445.0s-445.0s");
    scene_says(c, SAID_NOTE, SCENE_ANA, 13, "Full GC of 1.1 s, in gc.log.")->reply_to = 5;
    scene_says(c, SAID_NOTE, SCENE_BO, 15, "Then it returns every 40 min. Is that all right?")
        ->reply_to = 5;
    struct open_run *o = &c->s.together->open;
    o->ledger[0] = (struct ledger_row){"p95 limit", "400 ms", "500 ms", true};
    o->ledger[1] = (struct ledger_row){"hold", "5 min", "10 min", false};
    o->ledgers = 2;
    o->ledger_run = 9;
}

static inline void scene_review_changes(struct scene *c) {
    scene_talk(c);
    scene_says(c, SAID_REQUEST_CHANGES, SCENE_BO, 16, "explain the spike first");
    scene_review_made(c);
}

static inline void scene_review_approved(struct scene *c) {
    scene_talk(c);
    scene_says(c, SAID_APPROVE, SCENE_ANA, 16, "");
    scene_says(c, SAID_APPROVE, SCENE_BO, 17, "");
    scene_review_made(c);
}

/* The limits were changed behind the approval, and a statement is gone. */
static inline void scene_review_outdated(struct scene *c) {
    scene_talk(c);
    scene_says(c, SAID_APPROVE, SCENE_BO, 17, "")->id++;
    text_copy(c->s.together->open.now.limits, DIGEST_BYTES, "a1177c222222");
    c->s.together->open.said.missing = 1;
    scene_review_made(c);
}

#define HOSTILE                                                                                    \
    "esc \x1b[31mred\x1b]52;c;ZXZpbA==\x07 c1 \xc2\x9b"                                            \
    "31m rtl \xe2\x80\xae"                                                                         \
    "evil\xe2\x80\xac"                                                                             \
    " zero\xe2\x80\x8bwidth <script>alert(1)</script> tab\there \xff\xfe"

/* Everything that others can write, as bad as it gets. */
static inline void scene_review_hostile(struct scene *c) {
    char longest[SAID_TEXT_BYTES];
    scene_reviewed(c);
    scene_store(c);
    struct said *x = scene_says(c, SAID_NOTE, SCENE_BO, 2, HOSTILE);
    text_copy(x->on, sizeof x->on, "endpoint:" HOSTILE);
    text_copy(x->by, sizeof x->by, "bo\x1b[2J\xe2\x80\xae");
    x->proven = false;
    for (size_t i = 0; i < sizeof longest - 1; i++)
        longest[i] = i % 97 == 96 ? '\n' : i % 7 == 6 ? ' ' : (char)('a' + i % 26);
    longest[sizeof longest - 1] = '\0';
    scene_says(c, SAID_NOTE, SCENE_ANA, 3, longest);
    scene_says(
        c, SAID_NOTE, SCENE_ANA, 4,
        "\xe7\xbc\x93\xe5\xad\x98\xe9\xa2\x84\xe7\x83\xad\xe4\xba\x86\xe5\x90\x97\xef\xbc\x9f"
        "\xe7\xbc\x93\xe5\xad\x98\xe9\xa2\x84\xe7\x83\xad\xe4\xba\x86\xe5\x90\x97\xef\xbc\x9f"
        "\xe7\xbc\x93\xe5\xad\x98\xe9\xa2\x84\xe7\x83\xad\xe4\xba\x86\xe5\x90\x97\xef\xbc\x9f"
        "\xe7\xbc\x93\xe5\xad\x98\xe9\xa2\x84\xe7\x83\xad\xe4\xba\x86\xe5\x90\x97\xef\xbc\x9f");
    scene_says(c, SAID_REQUEST_CHANGES, SCENE_BO, 5, HOSTILE);
    scene_review_made(c);
}

#endif

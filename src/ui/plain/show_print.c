#include "ui/plain/show_print.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "base/text.h"
#include "base/unit.h"
#include "ui/plain/check_print.h"
#include "ui/plain/print.h"
#include "ui/plain/stored.h"

/* "Run 14: load, 200 RPS, 2026-11-02 14:11, by ana on vm-perf-02" */
static void print_head(const struct run *r) {
    char when[WHEN_BYTES], target[32], rps[48] = "";
    if (!isnan(r->target_rps))
        snprintf(rps, sizeof rps, ", %s RPS",
                 unit_show_short(r->target_rps, 1, target, sizeof target));
    print_one("Run %lld: %s%s, %s, by %s%s%s", (long long)r->id, r->model, rps,
              stored_when(r->at_ms, when), r->author, r->host[0] ? " on " : "", r->host);
    if (r->confirmed_by[0])
        print_one("  The load was confirmed by %s.", r->confirmed_by);
    if (!r->author_proven)
        print_one("! That %s ran it is not proven: no file of this run is owned by that user.",
                  r->author);
    print("\n");
}

static void print_hash(const char *name, const char *hash, const char *what) {
    if (hash[0])
        print_one("  %-8s %s%s%s", name, hash, what[0] ? "  " : "", what);
    else
        print_one("  %-8s not known", name);
}

static void print_hashes(const struct record *r, const struct hashes *now) {
    print("\nWhat a vote signs\n");
    print_hash("results", now->results, r->is.source);
    print_hash("script", now->script, r->is.script);
    print_hash("limits", now->limits, "");
    print_hash("rules", now->rules, "");
    print_hash("verdict", now->verdict, "");
}

/* A text of several lines, each behind the indent. */
static void print_text(const char *text, int indent) {
    while (*text) {
        size_t n = strcspn(text, "\n");
        print_one("%*s%.*s", indent, "", (int)n, text);
        text += n + (text[n] == '\n');
    }
}

/* "agreed by bo" */
static const char *show_state(const struct note *n, char *out, size_t size) {
    snprintf(out, size, "%s%s%s", note_state_name(n->state), n->settled ? " by " : "",
             n->settled ? n->settled->by : "");
    return out;
}

static void print_note(const struct record *r, const struct note *n) {
    char when[WHEN_BYTES], place[SAID_ON_BYTES], state[128];
    int indent = 2 + 4 * n->depth;
    stored_when(n->said->at_ms, when);
    if (n->depth)
        print_one("%*s%d  %s, %s", indent, "", n->said->id, n->said->by, when);
    else
        print_one("%*s%d  %s  %s, %s, %s", indent, "", n->said->id,
                  place_show(n->said->on, r, place, sizeof place), n->said->by, when,
                  show_state(n, state, sizeof state));
    print_text(n->said->text, indent + 3);
    if (n->settled && n->settled->text[0])
        print_one("%*s%s: %s", indent + 3, "", n->settled->by, n->settled->text);
}

static void print_notes(const struct record *r, const struct review *v) {
    if (v->notes)
        print("\nNotes  %d open\n", v->open_notes);
    for (size_t i = 0; i < v->notes; i++)
        print_note(r, &v->note[i]);
    if (v->missing)
        print_one("! %d %s of this run removed from the store.", v->missing,
                  v->missing == 1 ? "statement was" : "statements were");
}

static void print_votes(const struct review *v) {
    static const char *const words[SAID_KINDS] = {[SAID_APPROVE] = "approved",
                                                  [SAID_REQUEST_CHANGES] = "requested changes",
                                                  [SAID_WITHDRAW] = "withdrew the vote"};
    char state[320], when[WHEN_BYTES];
    print("\n");
    print_one("Review  %s%s%s", stored_review(v, state, sizeof state),
              v->pinned ? "; the reference, set by " : "", v->pinned ? v->pinned_by : "");
    for (size_t i = 0; i < v->votes; i++) {
        const struct vote *it = &v->vote[i];
        const char *word = words[it->said->kind] ? words[it->said->kind] : "";
        print_one("%s %s %s, %s%s%s", mark_sign(it->valid ? MARK_OK : MARK_NEAR), it->said->by,
                  word, stored_when(it->said->at_ms, when), it->why[0] ? "; does not count: " : "",
                  it->why);
        print_text(it->said->text, 4);
    }
}

static void print_waivers(const struct review *v) {
    for (size_t i = 0; i < v->waivers; i++) {
        const struct waiver *w = &v->waiver[i];
        char when[WHEN_BYTES];
        print_one("%s %s waived %s, %s%s%s", mark_sign(MARK_NEAR), w->said->by, w->said->on,
                  stored_when(w->said->at_ms, when), w->why[0] ? "; does not count: " : "", w->why);
        print_text(w->said->text, 4);
    }
}

static void print_ledger(const struct report_doc *d) {
    struct table t;
    if (d->ledgers == 0)
        return;
    print("\n");
    print_one("Changed since run %lld%s%s", (long long)d->ledger_run,
              d->ledger_by[0] ? ", signed by " : "", d->ledger_by);
    table_init(&t, "lllll");
    for (size_t i = 0; i < d->ledgers; i++) {
        const struct ledger_row *l = &d->ledger[i];
        table_add(&t, (const char *const[]){mark_sign(l->loosened ? MARK_NEAR : MARK_NONE), l->what,
                                            l->was, l->is, l->loosened ? "looser" : ""});
    }
    table_print(&t, 0);
}

void show_print(const struct report_doc *d) {
    const struct record *r = d->record;
    const char *sources[] = {r->is.source, NULL};
    print_head(&r->is);
    check_print(&r->run, &d->review->judgement, sources);
    if (r->judged_anew)
        print("! The store has only its figures: it is judged with the rules and limits of now.\n");
    print_votes(d->review);
    print_waivers(d->review);
    print_notes(r, d->review);
    print_ledger(d);
    print_hashes(r, &d->review->now);
}

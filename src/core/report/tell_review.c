/* What people said of the run, what they signed, and what all of it stands on. */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "base/text.h"
#include "base/unit.h"
#include "report/document.h"

#define COUNT(a) (sizeof(a) / sizeof *(a))

/* --- state ----------------------------------------------------------------------------------- */

static const struct {
    enum doc_sign sign;
    const char *word;
} states[] = {[REVIEW_NONE] = {SIGN_PLAIN, "nobody has looked at it yet"},
              [REVIEW_OPEN] = {SIGN_PLAIN, "open"},
              [REVIEW_APPROVED] = {SIGN_OK, "approved"},
              [REVIEW_CHANGES] = {SIGN_NEAR, "changes requested"},
              [REVIEW_OUTDATED] = {SIGN_NEAR, "outdated: what was signed has changed"}};

static void tell_state(struct writing *d, const struct review *v) {
    char text[DOC_TEXT];
    snprintf(text, sizeof text, "Review: %s. %d of %d approval%s. %d open note%s.",
             states[v->state].word, v->approvals, v->needed, v->needed == 1 ? "" : "s",
             v->open_notes, v->open_notes == 1 ? "" : "s");
    d->form->para(d, states[v->state].sign, text);
    if (v->pinned) {
        snprintf(text, sizeof text, "Reference of its test type, set by %s.", v->pinned_by);
        d->form->para(d, SIGN_PLAIN, text);
    }
    if (v->missing > 0) {
        snprintf(text, sizeof text, "%d statement%s of this run %s removed.", v->missing,
                 v->missing == 1 ? "" : "s", v->missing == 1 ? "was" : "were");
        d->form->para(d, SIGN_NEAR, text);
    }
}

/* --- notes ----------------------------------------------------------------------------------- */

static const enum doc_sign note_signs[NOTE_STATES] = {[NOTE_OPEN] = SIGN_NEAR,
                                                      [NOTE_AGREED] = SIGN_OK,
                                                      [NOTE_DISPUTED] = SIGN_BROKEN,
                                                      [NOTE_WAIVED] = SIGN_NODATA};

static void tell_note(struct writing *d, const struct note *n) {
    char when[48], place[SAID_ON_BYTES + 32], state[DOC_TEXT] = "";
    bool reply = n->depth > 0;
    if (!reply && n->settled)
        snprintf(state, sizeof state, "%s by %s%s%.300s", note_state_name(n->state), n->settled->by,
                 n->settled->text[0] ? ": " : "", n->settled->text);
    else if (!reply)
        text_copy(state, sizeof state, note_state_name(n->state));
    d->form->said(d, &(struct doc_said){
                         .by = n->said->by,
                         .when = doc_when(n->said->at_ms, when, sizeof when),
                         .on = reply ? "" : doc_place(d->of, n->said->on, place, sizeof place),
                         .state = n->said->proven ? state : "not proven: the file is another's",
                         .text = n->said->text,
                         .sign = reply             ? SIGN_PLAIN
                                 : n->said->proven ? note_signs[n->state]
                                                   : SIGN_NODATA,
                         .depth = n->depth});
}

static void tell_notes(struct writing *d, const struct review *v) {
    if (v->notes == 0)
        return;
    d->form->heading(d, "Notes");
    for (size_t i = 0; i < v->notes; i++)
        tell_note(d, &v->note[i]);
}

/* --- votes and waivers ----------------------------------------------------------------------- */

/* The first digits tell two hashes apart; the full ones stand below. */
static char *show_seal(const struct hashes *h, char *out, size_t size) {
    enum { DIGITS = 6 };
    struct text_out o = {out, size, 0};
    out[0] = '\0';
    for (int s = 0; s < SEALEDS; s++) {
        const char *of = sealed_of(h, (enum sealed)s), *name = sealed_name((enum sealed)s);
        if (of[0] == '\0')
            continue;
        if (o.len)
            text_put(&o, ", ", 2);
        text_put(&o, name, strlen(name));
        text_put(&o, " ", 1);
        text_put(&o, of, strnlen(of, DIGITS));
    }
    if (out[0] == '\0')
        text_copy(out, size, "no data");
    return out;
}

static const char *vote_word(enum said_kind k) {
    return k == SAID_APPROVE           ? "approves"
           : k == SAID_REQUEST_CHANGES ? "requests changes"
           : k == SAID_WITHDRAW        ? "withdrew the vote"
                                       : said_kind_name(k);
}

static void tell_vote(struct writing *d, const struct vote *v) {
    char text[DOC_TEXT];
    bool approves = v->said->kind == SAID_APPROVE;
    doc_row(d);
    doc_text(d, v->said->by);
    doc_text(d, vote_word(v->said->kind));
    doc_text(d, doc_when(v->said->at_ms, text, sizeof text));
    doc_text(d, show_seal(&v->said->seal, text, sizeof text));
    doc_state(d,
              !v->valid  ? SIGN_NODATA
              : approves ? SIGN_OK
                         : SIGN_NEAR,
              v->outdated ? "outdated"
              : v->valid  ? "counts"
                          : "does not count");
    doc_text(d, v->why[0] ? v->why : doc_none);
    doc_text(d, v->said->text[0] ? v->said->text : doc_none);
    doc_row_end(d);
}

static void tell_votes(struct writing *d, const struct review *v) {
    static const struct doc_column columns[] = {
        {"Who", false},    {"Vote", false},    {"When", false}, {"Signed", false},
        {"Counts", false}, {"Why not", false}, {"Text", false}};
    if (v->votes == 0)
        return;
    d->form->heading(d, "Votes");
    doc_table(d, columns, COUNT(columns));
    for (size_t i = 0; i < v->votes; i++)
        tell_vote(d, &v->vote[i]);
    doc_table_end(d);
}

static void tell_waivers(struct writing *d, const struct review *v) {
    static const struct doc_column columns[] = {{"Check", false},  {"Who", false},
                                                {"When", false},   {"Reason", false},
                                                {"Counts", false}, {"Why not", false}};
    if (v->waivers == 0)
        return;
    d->form->heading(d, "Waivers");
    doc_table(d, columns, COUNT(columns));
    for (size_t i = 0; i < v->waivers; i++) {
        const struct waiver *w = &v->waiver[i];
        char when[48];
        doc_row(d);
        doc_text(d, w->said->on);
        doc_text(d, w->said->by);
        doc_text(d, doc_when(w->said->at_ms, when, sizeof when));
        doc_text(d, w->said->text);
        doc_state(d, w->valid ? SIGN_NEAR : SIGN_NODATA, w->valid ? "counts" : "does not count");
        doc_text(d, w->why[0] ? w->why : doc_none);
        doc_row_end(d);
    }
    doc_table_end(d);
}

/* --- ledger ---------------------------------------------------------------------------------- */

static void tell_ledger(struct writing *d) {
    static const struct doc_column columns[] = {
        {"What", false}, {"Was", true}, {"Is", true}, {"Change", false}};
    const struct report_doc *of = d->of;
    char text[DOC_TEXT];
    if (of->ledger_run == 0)
        return;
    d->form->heading(d, "Limits since the last signed run");
    snprintf(text, sizeof text, "Against run %lld, signed by %s%s.", (long long)of->ledger_run,
             of->ledger_by[0] ? of->ledger_by : "nobody known",
             of->ledgers ? "" : ": nothing was changed");
    d->form->para(d, SIGN_PLAIN, text);
    if (of->ledgers == 0)
        return;
    doc_table(d, columns, COUNT(columns));
    for (size_t i = 0; i < of->ledgers; i++) {
        const struct ledger_row *r = &of->ledger[i];
        doc_row(d);
        doc_text(d, r->what);
        doc_text(d, r->was[0] ? r->was : doc_none);
        doc_text(d, r->is[0] ? r->is : doc_none);
        doc_state(d, r->loosened ? SIGN_NEAR : SIGN_PLAIN, r->loosened ? "loosened" : "changed");
        doc_row_end(d);
    }
    doc_table_end(d);
}

void tell_review(struct writing *d) {
    const struct review *v = d->of->review;
    d->form->section(d, "Review", true);
    if (v) {
        tell_state(d, v);
        tell_notes(d, v);
        tell_votes(d, v);
        tell_waivers(d, v);
    } else {
        d->form->para(d, SIGN_NODATA, "No data: the review of this run was not read.");
    }
    tell_ledger(d);
    d->form->section_end(d);
}

/* --- what it stands on ----------------------------------------------------------------------- */

static void tell_people(struct writing *d) {
    const struct run *r = &d->of->record->is;
    char text[DOC_TEXT];
    snprintf(text, sizeof text, "%s%s", r->author[0] ? r->author : "no data",
             r->author_proven ? "" : " (not proven: the run's own file is missing or another's)");
    doc_fact(d, "Judged by", text);
    doc_fact(d, "Load confirmed by", r->confirmed_by[0] ? r->confirmed_by : "no data");
    doc_fact(d, "Load machine", r->host[0] ? r->host : "no data");
    doc_fact(d, "Script", r->script[0] ? r->script : "no data");
    doc_fact(d, "Source", r->source[0] ? r->source : "no data");
    doc_fact(d, "Format", d->of->record->run.format[0] ? d->of->record->run.format : "no data");
}

/* Whose percentiles they are. */
static void tell_measured(struct writing *d) {
    const struct summary *run = &d->of->record->run;
    char text[DOC_TEXT];
    if (run->computed && run->percentile_error > 0)
        snprintf(text, sizeof text, "computed from single requests, %s, within %.4f %%",
                 run->percentiles, 100 * run->percentile_error);
    else if (run->computed)
        snprintf(text, sizeof text, "computed from single requests, %s, exact", run->percentiles);
    else
        snprintf(text, sizeof text, "as %s itself gives them",
                 run->tool && run->tool[0] ? run->tool : "the source");
    doc_fact(d, "Percentiles", text);
}

static void tell_hashes(struct writing *d, const struct hashes *h) {
    static const struct doc_column columns[] = {{"What", false}, {"SHA-256", false}};
    doc_table(d, columns, COUNT(columns));
    for (int s = 0; s < SEALEDS; s++) {
        const char *of = sealed_of(h, (enum sealed)s);
        doc_row(d);
        doc_text(d, sealed_name((enum sealed)s));
        doc_text(d, of[0] ? of : "no data");
        doc_row_end(d);
    }
    doc_table_end(d);
}

static void tell_files(struct writing *d) {
    static const struct doc_column columns[] = {
        {"File", false}, {"Kind", false}, {"Size", true}, {"Changed", false}, {"SHA-256", false}};
    const struct record *r = d->of->record;
    if (r->files == 0)
        return;
    d->form->heading(d, "Files");
    doc_table(d, columns, COUNT(columns));
    for (size_t i = 0; i < r->files; i++) {
        const struct record_file *f = &r->file[i];
        char text[48];
        doc_row(d);
        doc_text(d, f->name);
        doc_text(d, f->kind);
        doc_text(d, unit_show_bytes(f->bytes < 0 ? NAN : (double)f->bytes, text, sizeof text));
        doc_text(d, doc_when_exactly(f->mtime_ms, text, sizeof text));
        doc_text(d, f->sha256[0] ? f->sha256 : "no data");
        doc_row_end(d);
    }
    doc_table_end(d);
}

void tell_sources(struct writing *d) {
    d->form->section(d, "What it stands on", true);
    d->form->facts(d, FACTS_PROSE);
    tell_people(d);
    tell_measured(d);
    d->form->facts(d, FACTS_END);
    tell_hashes(d, d->of->review ? &d->of->review->now : &d->of->record->is.hash);
    tell_files(d);
    d->form->section_end(d);
}

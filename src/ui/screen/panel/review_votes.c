/* Votes, waivers, and the limits that were loosened since the last signed run. */
#include <stdio.h>
#include <string.h>

#include "base/text.h"
#include "ui/screen/panel/review_parts.h"

static void label_first(struct sheet *sh, struct line *l, const struct review_cols *c, size_t index,
                        const char *label) {
    if (index == 0)
        sheet_piece(sh, l, REVIEW_AT, c->who - REVIEW_AT - 1, LOOK_MUTED, label);
}

/* --- votes ----------------------------------------------------------------------------------- */

static enum mark vote_mark(const struct vote *v) {
    if (!v->said->proven)
        return MARK_NODATA;
    if (v->outdated || v->said->kind == SAID_REQUEST_CHANGES)
        return MARK_NEAR;
    return v->valid && v->said->kind == SAID_APPROVE ? MARK_OK : MARK_NONE;
}

/* "approved", "approved, outdated: limits changed from 9d20e4 to a1177c" */
static void vote_words(const struct vote *v, char *out, size_t size) {
    const char *did = v->said->kind == SAID_APPROVE           ? "approved"
                      : v->said->kind == SAID_REQUEST_CHANGES ? "changes requested"
                                                              : "vote taken back";
    snprintf(out, size, "%s %s%s%s", mark_sign(vote_mark(v)), did,
             !v->why[0]    ? ""
             : v->outdated ? ", outdated: "
                           : ", does not count: ",
             v->why);
}

static void add_vote(struct sheet *sh, const struct review_cols *c, size_t index) {
    const struct vote *v = &session_review(sh->s)->vote[index];
    char words[WHY_BYTES + 64], text[SAID_TEXT_BYTES + 4];
    int end = sh->cols - PANE_MARGIN;
    vote_words(v, words, sizeof words);
    struct line *l = review_add_text(sh, c->text, end, sign_of(vote_mark(v)).look, words);
    label_first(sh, l, c, index, "Votes");
    review_add_who(sh, l, c, v->said);
    sheet_item(sh, l, ITEM_VOTE, (int)index, MARK_NONE);
    if (v->said->text[0]) {
        snprintf(text, sizeof text, "\"%s\"", v->said->text);
        review_add_text(sh, c->text + 2, end, LOOK_TEXT, text);
    }
    review_add_unproven(sh, c->text, v->said);
}

/* --- waivers --------------------------------------------------------------------------------- */

static void add_waiver(struct sheet *sh, const struct review_cols *c, size_t index) {
    const struct waiver *w = &session_review(sh->s)->waiver[index];
    char text[SAID_TEXT_BYTES + SAID_ON_BYTES + WHY_BYTES + 64];
    enum mark mark = w->said->proven ? MARK_NEAR : MARK_NODATA;
    snprintf(text, sizeof text, "%s %s waived%s%s", mark_sign(mark), w->said->on,
             w->valid ? "" : ", does not count: ", w->valid ? "" : w->why);
    struct line *l = review_add_text(sh, c->text, sh->cols - PANE_MARGIN, sign_of(mark).look, text);
    label_first(sh, l, c, index, "Waivers");
    review_add_who(sh, l, c, w->said);
    sheet_item(sh, l, ITEM_WAIVER, (int)index, MARK_NONE);
    snprintf(text, sizeof text, "\"%s\"", w->said->text);
    review_add_text(sh, c->text + 2, sh->cols - PANE_MARGIN, LOOK_TEXT, text);
    review_add_unproven(sh, c->text, w->said);
}

/* --- the ledger ------------------------------------------------------------------------------ */

static void add_ledger_row(struct sheet *sh, const struct review_cols *c,
                           const struct ledger_row *r, const struct run_row *since, size_t index) {
    char text[240];
    snprintf(text, sizeof text, "%s  %s -> %s", r->what, r->was, r->is);
    struct line *l = sheet_line(sh, LINE_ROW, NULL, 0);
    label_first(sh, l, c, index, "Ledger");
    sheet_piece(sh, l, c->who, 0, LOOK_TEXT, text);
    snprintf(text, sizeof text, "since run %lld", (long long)(since ? since->is.id : 0));
    sheet_end(sh, l, LOOK_MUTED, text);
    if (r->loosened)
        sheet_piece(sh, l, c->who - 2, 1, LOOK_WARN, sign_of(MARK_NEAR).sign);
    sheet_item(sh, l, ITEM_LEDGER, (int)index, MARK_NONE);
}

void review_votes_build(struct sheet *sh, const struct review_cols *c) {
    const struct review *v = session_review(sh->s);
    const struct ledger_row *rows;
    const struct run_row *since;
    size_t n = session_ledger(sh->s, &rows, &since);
    if (v->votes > 0)
        sheet_blank(sh);
    sheet_part(sh);
    for (size_t i = 0; i < v->votes; i++)
        add_vote(sh, c, i);
    if (v->waivers > 0)
        sheet_blank(sh);
    for (size_t i = 0; i < v->waivers; i++)
        add_waiver(sh, c, i);
    if (n > 0)
        sheet_blank(sh);
    sheet_part(sh);
    for (size_t i = 0; i < n; i++)
        add_ledger_row(sh, c, &rows[i], since, i);
}

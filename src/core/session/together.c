/* The list of stored runs. */
#include "session/together.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/text.h"
#include "session/parts.h"
#include "session/together_parts.h"

void together_new(struct session *s) {
    struct together *t = mem_new(1, sizeof *t);
    t->uid = said_who(t->me, sizeof t->me);
    summary_init(&t->open.shown.run);
    s->together = t;
}

/* A list that was read before. */
struct listed {
    struct run_row *row; /* owned; as in struct together */
    struct said_count *count;
    size_t rows;
    char rules[DIGEST_BYTES];
};

static struct listed list_take(struct together *t) {
    struct listed l = {.row = t->row, .count = t->count, .rows = t->rows};
    text_copy(l.rules, sizeof l.rules, t->rules);
    found_drop(&t->found);
    t->row = NULL;
    t->count = NULL;
    t->rows = 0;
    return l;
}

static void listed_drop(struct listed *l) {
    free(l->row);
    free(l->count);
}

void together_free(struct session *s) {
    struct together *t = s->together;
    if (!t)
        return;
    presence_free(t->presence);
    t->presence = NULL;
    session_run_close(s);
    open_drop(&t->open);
    compare_drop(t);
    struct listed list = list_take(t);
    listed_drop(&list);
    free(t);
    s->together = NULL;
}

const char *session_me(const struct session *s, int64_t *uid) {
    if (uid)
        *uid = s->together->uid;
    return s->together->me;
}

const char *session_why_silent(const struct session *s) {
    if (!s->history)
        return "No run is stored yet.";
    return history_read_only(s->history) ? history_notice(s->history) : "";
}

/* --- reading --- */

const struct said_count *count_of(const struct said_count *count, size_t n, int64_t run) {
    for (size_t low = 0, high = n; low < high;) {
        size_t middle = low + (high - low) / 2;
        if (count[middle].run == run)
            return &count[middle];
        if (count[middle].run < run)
            low = middle + 1;
        else
            high = middle;
    }
    return NULL;
}

/* From the row alone: whether files have changed is found when the run is opened. rules: of the
 * team's own ones; "" none, and those that came with the program are no change of anybody's. */
static enum review_state state_of(const struct run *r, const struct said_count *c,
                                  const char *rules) {
    struct hashes now = r->hash;
    char seal[DIGEST_BYTES];
    if (c->vote != SAID_APPROVE && c->vote != SAID_REQUEST_CHANGES)
        return c->notes > 0 ? REVIEW_OPEN : REVIEW_NONE;
    if (rules[0])
        text_copy(now.rules, sizeof now.rules, rules);
    hashes_seal(&now, seal);
    if (!text_starts(seal, c->seal))
        return REVIEW_OUTDATED;
    return c->vote == SAID_APPROVE ? REVIEW_APPROVED : REVIEW_CHANGES;
}

/* A waiver changes the verdict, and what is signed by it: only the whole run tells. */
static void with_waivers(struct session *s, struct run_row *row) {
    struct open_run *o = mem_new(1, sizeof *o);
    struct err e;
    summary_init(&o->shown.run);
    if (open_load(s, row->is.id, o, &e)) {
        const struct judgement *j = &o->review.judgement;
        row->review = o->review.state;
        text_copy(row->is.verdict, sizeof row->is.verdict, verdict_name(j->verdict));
        row->waived = judgement_has_waiver(j);
    }
    open_drop(o);
    free(o);
}

/* Nothing was said of it since, nor judged again: it is not opened for each look at the list. */
static bool is_known(const struct listed *old, const char *rules, const struct run *r,
                     const struct said_count *c, struct run_row *to) {
    const struct said_count *was = count_of(old->count, old->rows, r->id);
    if (!was || was->newest_ms != c->newest_ms || strcmp(old->rules, rules) != 0)
        return false;
    const struct run_row *row = &old->row[old->rows - 1 - (size_t)(was - old->count)];
    if (strcmp(row->is.hash.verdict, r->hash.verdict) != 0)
        return false;
    to->review = row->review;
    to->waived = row->waived;
    text_copy(to->is.verdict, sizeof to->is.verdict, row->is.verdict);
    return true;
}

static void fill_rows(struct session *s, struct run *runs, size_t n, const struct listed *old) {
    struct together *t = s->together;
    t->rules[0] = '\0';
    if (rules_are_own(&s->rules))
        rules_digest(&s->rules, t->rules);
    for (size_t i = 0; i < n; i++) {
        const struct said_count *c = &t->count[n - 1 - i];
        t->row[i] = (struct run_row){
            .is = runs[i], .notes = c->notes, .open_notes = c->open_notes, .pinned = c->pinned};
        t->row[i].review = state_of(&runs[i], c, t->rules);
        if (c->waived && !is_known(old, t->rules, &runs[i], c, &t->row[i]))
            with_waivers(s, &t->row[i]);
    }
}

/* The newest pin of each test type counts. */
static void one_reference(struct together *t) {
    for (size_t i = 0; i < t->rows; i++)
        for (size_t k = 0; t->row[i].pinned && k < t->rows; k++)
            if (k != i && t->row[k].pinned && strcmp(t->row[k].is.model, t->row[i].is.model) == 0) {
                const struct said_count *a = count_of(t->count, t->rows, t->row[i].is.id);
                const struct said_count *b = count_of(t->count, t->rows, t->row[k].is.id);
                bool newer = a->newest_pin_ms >= b->newest_pin_ms;
                t->row[newer ? k : i].pinned = false;
            }
}

static bool read_list(struct session *s, const struct listed *old, struct err *e) {
    struct together *t = s->together;
    int64_t there = history_count(s->history, e);
    if (there < 0)
        return false;
    int most = there < HISTORY_RUNS_MAX ? (int)there : HISTORY_RUNS_MAX;
    struct run *runs = mem_new((size_t)most + 1, sizeof *runs);
    int n = history_list(s->history, runs, most, e);
    bool ok = n >= 0;
    if (ok) {
        int64_t *author = mem_new((size_t)n + 1, sizeof *author);
        t->rows = (size_t)n;
        t->row = mem_new((size_t)n + 1, sizeof *t->row);
        t->count = mem_new((size_t)n + 1, sizeof *t->count);
        for (int i = 0; i < n; i++) {
            t->count[n - 1 - i].run = runs[i].id;
            author[n - 1 - i] = runs[i].author_uid;
        }
        ok = said_count_all(s->history, t->count, author, t->rows, e);
        fill_rows(s, runs, t->rows, old);
        one_reference(t);
        free(author);
    }
    free(runs);
    return ok;
}

bool session_runs_read(struct session *s, struct err *e) {
    struct listed old = list_take(s->together);
    bool ok = !s->history || read_list(s, &old, e);
    listed_drop(&old);
    return ok;
}

const struct run_row *session_runs(const struct session *s, size_t *n) {
    *n = s->together->rows;
    return s->together->row;
}

const struct run_row *session_run_row(const struct session *s, int64_t id) {
    const struct together *t = s->together;
    for (size_t low = 0, high = t->rows; low < high;) { /* the newest first */
        size_t middle = low + (high - low) / 2;
        int64_t at = t->row[middle].is.id;
        if (at == id)
            return &t->row[middle];
        if (at > id)
            low = middle + 1;
        else
            high = middle;
    }
    return NULL;
}

int64_t session_reference(const struct session *s, const char *model) {
    const struct together *t = s->together;
    for (size_t i = 0; i < t->rows; i++)
        if (t->row[i].pinned && strcmp(t->row[i].is.model, model) == 0)
            return t->row[i].is.id;
    return 0;
}

/* --- in words --- */

static bool verdict_of(const struct run *r, enum verdict *out) {
    for (int v = VERDICT_PASS; v <= VERDICT_INVALID; v++)
        if (strcmp(verdict_name((enum verdict)v), r->verdict) == 0) {
            *out = (enum verdict)v;
            return true;
        }
    return false;
}

enum mark session_run_mark(const struct run_row *r) {
    enum verdict v;
    if (!verdict_of(&r->is, &v))
        return MARK_NODATA;
    return mark_of_verdict(v, v == VERDICT_PASS && r->waived);
}

const char *session_run_word(const struct run_row *r) {
    enum verdict v;
    if (!verdict_of(&r->is, &v))
        return mark_word(MARK_NODATA);
    return v == VERDICT_PASS && r->waived ? "waived" : mark_word(mark_of_verdict(v, false));
}

/* Who else has this workspace open, and what they do. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/text.h"
#include "session/parts.h"
#include "session/together_parts.h"

/* Who is here already does not join. */
static void remember(struct together *t) {
    const struct person *now = NULL;
    size_t n = presence_others(t->presence, &now);
    t->befores = n < PEOPLE_MAX ? n : PEOPLE_MAX;
    if (t->befores)
        memcpy(t->before, now, t->befores * sizeof *now);
}

static void join(struct session *s) {
    struct together *t = s->together;
    struct err e;
    if (!t->joining || !s->history || t->presence)
        return;
    t->presence = presence_new(s->history, s->now_ms, &e);
    if (t->presence)
        remember(t);
}

void session_people_join(struct session *s) {
    s->together->joining = true;
    join(s);
    session_runs_read(s, NULL);
}

int session_people_fd(const struct session *s) {
    return s->together->presence ? presence_fd(s->together->presence) : -1;
}

size_t session_people(const struct session *s, const struct person **out) {
    *out = NULL;
    return s->together->presence ? presence_others(s->together->presence, out) : 0;
}

void session_people_here(struct session *s, const struct place_at *at,
                         const struct person *follows) {
    join(s); /* the store may have been made meanwhile */
    if (s->together->presence)
        presence_set(s->together->presence, at, follows);
}

const struct person *session_judge_is(const struct session *s) {
    const struct person *p;
    size_t n = session_people(s, &p), len = strlen(s->confirmed_by);
    if (!s->confirmed || !len || strcmp(s->confirmed_by, s->user) == 0)
        return NULL;
    for (size_t i = 0; i < n; i++) /* "ana", "ana (sudo)" */
        if (strncmp(p[i].name, s->confirmed_by, len) == 0 && strchr(" ", p[i].name[len]))
            return &p[i];
    return NULL;
}

/* --- what is new, in one sentence --- */

static bool has(const struct person *list, size_t n, const struct person *p) {
    for (size_t i = 0; i < n; i++)
        if (list[i].uid == p->uid && list[i].pid == p->pid)
            return true;
    return false;
}

static void say_people(struct session *s, struct people_news *news) {
    struct together *t = s->together;
    const struct person *now;
    size_t n = session_people(s, &now);
    for (size_t i = 0; i < n; i++)
        if (!has(t->before, t->befores, &now[i]))
            snprintf(news->words, sizeof news->words, "%.70s joined.", now[i].name);
    for (size_t i = 0; i < t->befores; i++)
        if (!has(now, n, &t->before[i]))
            snprintf(news->words, sizeof news->words, "%.70s left.", t->before[i].name);
    remember(t);
}

static void say_run(const struct session *s, const struct run *r, struct people_news *news) {
    if (r->author_uid != s->together->uid)
        snprintf(news->words, sizeof news->words, "%.60s judged run %lld: %s. 8 shows it.",
                 r->author, (long long)r->id,
                 strcmp(r->verdict, "pass") == 0      ? "ok"
                 : strcmp(r->verdict, "fail") == 0    ? "over limit"
                 : strcmp(r->verdict, "no_data") == 0 ? "no data"
                                                      : "invalid");
}

static void say_said(struct session *s, const struct said *x, struct people_news *news) {
    static const char *const did[SAID_KINDS] = {
        [SAID_NOTE] = "noted something on",
        [SAID_SETTLE] = "settled a note of",
        [SAID_APPROVE] = "approved",
        [SAID_REQUEST_CHANGES] = "requests changes of",
        [SAID_WITHDRAW] = "took back a vote on",
        [SAID_WAIVE] = "waived a check of",
        [SAID_PIN] = "set as the reference",
    };
    struct together *t = s->together;
    char place[80] = "", run[32];
    snprintf(run, sizeof run, "run %lld", (long long)x->run);
    bool here = t->open.there && t->open.record.is.id == x->run;
    if (x->kind == SAID_NOTE && here && x->on[0])
        place_show(x->on, &t->open.record, place, sizeof place);
    snprintf(news->words, sizeof news->words, "%.70s %s %s.%s", x->by, did[x->kind],
             place[0] ? place : run, x->kind == SAID_NOTE ? " Enter goes there." : "");
    news->said_run = x->run;
    news->said_id = x->id;
}

/* The newest statement of somebody else on a run whose count has changed. */
static void say_newest(struct session *s, int64_t run, int64_t since_ms, struct people_news *news) {
    struct said_list list;
    struct err e;
    if (said_list(s->history, run, &list, &e) && list.n) {
        const struct said *x = &list.item[list.n - 1];
        if (x->uid != s->together->uid && x->at_ms >= since_ms - 5000)
            say_said(s, x, news);
    }
    said_list_fini(&list);
}

struct before {
    struct said_count *count; /* owned */
    size_t n;
};

void session_hold_open(struct session *s, bool hold) { s->together->held = hold; }

/* The run that is watched here, as far as its script tells. */
static void take_over(struct session *s, const struct run *r, struct people_news *news) {
    const struct person *judge = session_judge_is(s);
    if (s->together->held || !judge || judge->uid != r->author_uid || s->result.there ||
        !s->script.written || strcmp(r->script, s->script.name) != 0)
        return;
    session_watch_stop(s);
    news->taken_over = session_run_open(s, r->id, NULL);
}

static void say_changes(struct session *s, const struct before *was, struct people_news *news) {
    struct together *t = s->together;
    for (size_t i = t->rows; i-- > 0;) {
        const struct said_count *is = &t->count[i];
        const struct said_count *old = count_of(was->count, was->n, is->run);
        const struct run_row *row = session_run_row(s, is->run);
        if (!old && row) {
            say_run(s, &row->is, news);
            take_over(s, &row->is, news);
        } else if (old && is->newest_ms > old->newest_ms) {
            say_newest(s, is->run, old->newest_ms, news);
        }
    }
}

static void read_again(struct session *s, struct people_news *news) {
    struct together *t = s->together;
    struct before was = {.count = mem_new(t->rows + 1, sizeof *was.count), .n = t->rows};
    if (t->rows)
        memcpy(was.count, t->count, t->rows * sizeof *was.count);
    char verdict[DIGEST_BYTES] = "";
    if (t->open.there)
        text_copy(verdict, sizeof verdict, t->open.record.is.hash.verdict);
    session_runs_read(s, NULL);
    const struct run_row *row = t->open.there ? session_run_row(s, t->open.record.is.id) : NULL;
    bool judged = row && strcmp(row->is.hash.verdict, verdict) != 0;
    if (news->said || judged)
        open_refresh(s, judged);
    say_changes(s, &was, news);
    free(was.count);
}

bool session_people_turn(struct session *s, struct people_news *out) {
    struct presence_news news = {0};
    *out = (struct people_news){0};
    if (!s->together->presence)
        return false;
    presence_turn(s->together->presence, &news);
    out->people = news.people;
    out->said = news.said;
    out->runs = news.runs;
    if (news.people)
        say_people(s, out);
    if (news.said || news.runs)
        read_again(s, out);
    return out->people || out->said || out->runs;
}

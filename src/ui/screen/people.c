/* Who else is here: seen by them, told what they do, following one of them. */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "base/text.h"
#include "ui/screen/actions.h"
#include "ui/screen/panel/parts.h"

/* ---- where this user is ---- */

static struct place_at here(const struct app *a) {
    const struct record *r = session_record(&a->s);
    const struct record *one = session_compared(&a->s, 0), *two = session_compared(&a->s, 1);
    struct place_at at = {.screen = (int)a->v.open,
                          .run = r ? r->is.id : 0,
                          .time_s = a->v.time.cursor ? a->v.time.cursor_s : NAN,
                          .typing = a->v.mode == VIEW_NOTE};
    struct item it;
    if (a->v.open == STEP_HISTORY && a->v.history.compare && one && two) {
        at.run = one->is.id;
        at.other = two->is.id;
    }
    if (app_item(a, &it))
        panel_item_key(&a->s, &it, at.focus);
    return at;
}

void people_tell(struct app *a) {
    struct place_at at = here(a);
    session_people_here(&a->s, &at, person_followed(&a->s, &a->v));
}

/* ---- following ---- */

bool can_follow(const struct app *a) {
    const struct person *p;
    return session_people(&a->s, &p) > 0;
}

bool follow_stop(struct app *a) {
    bool any = a->v.follow_pid > 0;
    a->v.follow_pid = 0;
    a->v.follow_uid = -1;
    return any;
}

static void open_runs(struct app *a, const struct place_at *at) {
    struct err e = {0};
    const struct record *r = session_record(&a->s);
    const struct record *one = session_compared(&a->s, 0), *two = session_compared(&a->s, 1);
    bool same = one && two && one->is.id == at->run && two->is.id == at->other;
    bool ok = true;
    if (at->other > 0)
        ok = same || session_compare(&a->s, at->run, at->other, &e);
    else if (at->run > 0 && (!r || r->is.id != at->run))
        ok = session_run_open(&a->s, at->run, &e);
    a->v.history.compare = at->other > 0 && session_comparison(&a->s);
    if (!ok)
        app_say_err(a, &e);
}

/* Meaning is mirrored, never rows: the other terminal has another size. */
static void mirror(struct app *a, const struct person *p) {
    const struct place_at *at = &p->at;
    enum step step = at->screen >= 0 && at->screen < STEPS ? (enum step)at->screen : STEP_OVERVIEW;
    open_runs(a, at);
    if (!session_step_open(&a->s, step)) {
        app_say(a, LOOK_WARN, "%.60s is on %s, which is not open here.", p->name,
                panels[step]->name);
        return;
    }
    if (a->v.open != step)
        app_show(a, step);
    a->v.time.cursor = !isnan(at->time_s);
    a->v.time.cursor_s = isnan(at->time_s) ? 0 : at->time_s;
    int item = at->focus[0] ? panel_find_key(&a->s, &a->v, at->focus) : -1;
    if (item >= 0)
        a->v.focus[a->v.open] = item;
    app_look(a);
}

static void follow_on(struct app *a) {
    const struct person *p = person_followed(&a->s, &a->v);
    if (a->v.mode != VIEW_BROWSE && a->v.mode != VIEW_DETAILS)
        return; /* what is typed or asked stays where it is */
    if (p)
        mirror(a, p);
    else
        follow_stop(a);
}

static void follow(struct app *a, const struct person *p) {
    a->v.follow_uid = p->uid;
    a->v.follow_pid = p->pid;
    follow_on(a);
}

void act_follow(struct app *a, int arg) {
    const struct person *p;
    (void)arg;
    if (!follow_stop(a) && session_people(&a->s, &p) > 0)
        follow(a, &p[0]);
}

void act_follow_next(struct app *a, int arg) {
    const struct person *p, *now = person_followed(&a->s, &a->v);
    size_t n = session_people(&a->s, &p), next = now ? (size_t)(now - p) + 1 : 0;
    (void)arg;
    if (n > 0)
        follow(a, &p[next % n]);
}

/* ---- each event ---- */

struct spot people_spot(const struct app *a) {
    return (struct spot){here(a), a->v.scroll[a->v.open], a->v.follow_pid};
}

static bool same_spot(const struct spot *a, const struct spot *b) {
    bool time = a->at.time_s == b->at.time_s || (isnan(a->at.time_s) && isnan(b->at.time_s));
    return a->at.screen == b->at.screen && a->at.run == b->at.run && a->at.other == b->at.other &&
           strcmp(a->at.focus, b->at.focus) == 0 && a->scroll == b->scroll && time;
}

/* At the end of a list a movement changes nothing, and is one all the same. */
static bool moves(const struct app *a, const struct event *ev) {
    bool looks = a->v.mode == VIEW_BROWSE || a->v.mode == VIEW_DETAILS;
    bool far = (ev->key >= KEYC_UP && ev->key <= KEYC_PAGE_DOWN) || ev->key == KEYC_TAB;
    return looks && ev->kind == EVENT_KEY &&
           (far || (ev->key < 0x80 && ev->key > 0 && strchr("hjklgG", (int)ev->key)));
}

void people_event(struct app *a, const struct event *ev, const struct spot *before) {
    struct spot now = people_spot(a);
    bool followed = before->follow_pid > 0 && a->v.follow_pid == before->follow_pid;
    if (followed && ev->kind != EVENT_RESIZE && (moves(a, ev) || !same_spot(before, &now)))
        follow_stop(a);
    else if (a->v.follow_pid > 0)
        follow_on(a);
    people_tell(a);
}

/* ---- what is new ---- */

bool has_news(const struct app *a) { return a->news.run > 0; }

/* To the note; Enter there goes to its place. */
void act_news(struct app *a, int arg) {
    struct err e = {0};
    const struct record *r = session_record(&a->s);
    (void)arg;
    if ((!r || r->is.id != a->news.run) && !session_run_open(&a->s, a->news.run, &e)) {
        app_say_err(a, &e);
        return;
    }
    app_show(a, STEP_REVIEW);
    const struct review *v = session_review(&a->s);
    for (size_t i = 0; i < v->notes; i++)
        if (v->note[i].said->id == a->news.id)
            app_focus(a, ITEM_NOTE, (int)i);
}

void say_outdated(struct app *a, enum review_state before) {
    const struct review *v = session_review(&a->s);
    if (!v || before == REVIEW_OUTDATED || v->state != REVIEW_OUTDATED)
        return;
    for (size_t i = 0; i < v->votes; i++)
        if (v->vote[i].outdated && v->vote[i].said->kind == SAID_APPROVE)
            app_say(a, LOOK_WARN, "%.60s's approval is outdated: %.150s.", v->vote[i].said->by,
                    v->vote[i].why);
}

/* Not over what is typed or asked; the list of people and the screen show it too. */
static void tell(struct app *a, const struct people_news *news) {
    if (!news->words[0] || (a->v.mode != VIEW_BROWSE && a->v.mode != VIEW_DETAILS))
        return;
    app_say(a, LOOK_TEXT, "%s", news->words);
    bool goes = text_ends(news->words, "Enter goes there.");
    a->news.run = goes ? news->said_run : 0;
    a->news.id = goes ? news->said_id : 0;
}

/* Rows come and go: the focus stays on what it was on. */
static void focus_again(struct app *a, const char *key) {
    int item = key[0] ? panel_find_key(&a->s, &a->v, key) : -1;
    if (item >= 0)
        a->v.focus[a->v.open] = item;
    app_look(a);
}

void app_people_turn(struct app *a, int64_t now_ms) {
    struct people_news news = {0};
    struct place_at at = here(a);
    const struct record *r = session_record(&a->s);
    int64_t run = r ? r->is.id : 0;
    enum review_state before = r ? session_review(&a->s)->state : REVIEW_NONE;
    a->s.now_ms = now_ms;
    hold_open_run(a);
    if (session_people_turn(&a->s, &news)) {
        focus_again(a, at.focus);
        if (news.taken_over)
            watched_run_taken_over(a);
        judge_when_over(a); /* who was to judge it has left */
        tell(a, &news);
        r = session_record(&a->s);
        if (r && r->is.id == run)
            say_outdated(a, before);
    }
    if (a->v.follow_pid > 0)
        follow_on(a);
    people_tell(a);
}

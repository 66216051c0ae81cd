/* Votes, the place of a note, the report, and judging a stored run again. */
#include <stdio.h>
#include <string.h>

#include "base/text.h"
#include "ui/screen/actions.h"

bool has_record(const struct app *a) { return session_record(&a->s) != NULL; }

/* ---- votes ---- */

void act_approve(struct app *a, int arg) {
    (void)arg;
    if (!silent_here(a))
        ask_approve(a);
}

void approve(struct app *a) {
    struct err e = {0};
    char why[WHY_BYTES];
    int64_t uid;
    const struct saying what = {.kind = SAID_APPROVE};
    session_me(&a->s, &uid);
    if (!session_say(&a->s, &what, &e))
        app_say_err(a, &e);
    else if (!review_may_approve(session_record(&a->s), uid, why))
        app_say(a, LOOK_WARN, "Your approval is kept and does not count: %.150s.", why);
    else
        app_say(a, LOOK_OK, "You approved run %lld. u takes it back.",
                (long long)session_record(&a->s)->is.id);
}

void act_withdraw(struct app *a, int arg) {
    struct err e = {0};
    const struct saying what = {.kind = SAID_WITHDRAW};
    (void)arg;
    if (silent_here(a))
        return;
    if (session_say(&a->s, &what, &e))
        app_say(a, LOOK_TEXT, "Your vote is taken back.");
    else
        app_say_err(a, &e);
}

/* ---- the place of a note ---- */

static const char *focused_on(const struct app *a) {
    const struct review *v = session_review(&a->s);
    struct item it;
    if (!v || !app_item(a, &it))
        return "";
    size_t i = (size_t)it.index;
    return it.kind == ITEM_NOTE && i < v->notes       ? v->note[i].said->on
           : it.kind == ITEM_WAIVER && i < v->waivers ? v->waiver[i].said->on
                                                      : "";
}

static void focus_place(struct app *a, const struct place *p) {
    char on[SAID_ON_BYTES], key[PLACE_KEY_BYTES];
    place_text(p, on);
    snprintf(key, sizeof key, "%.*s", PLACE_KEY_BYTES - 1, on);
    int item = panel_find_key(&a->s, &a->v, key);
    if (item >= 0)
        a->v.focus[a->v.open] = item;
    app_look(a);
}

void act_go_place(struct app *a, int arg) {
    struct err e = {0};
    struct place p;
    char on[SAID_ON_BYTES];
    (void)arg;
    text_copy(on, sizeof on, focused_on(a));
    if (!place_parse(on, session_record(&a->s), &p, &e)) {
        app_say_err(a, &e);
        return;
    }
    app_show(a, STEP_RESULTS);
    a->v.time.cursor = p.kind == PLACE_TIME;
    a->v.time.cursor_s = p.kind == PLACE_TIME ? p.from_s : 0;
    if (p.kind != PLACE_RUN && p.kind != PLACE_TIME)
        focus_place(a, &p);
}

/* ---- the report ---- */

void act_export(struct app *a, int arg) {
    char md[NAME_MAX_BYTES], html[NAME_MAX_BYTES];
    struct err e = {0};
    (void)arg;
    if (session_report_write(&a->s, REPORT_MARKDOWN, NULL, md, &e) &&
        session_report_write(&a->s, REPORT_HTML, NULL, html, &e))
        app_say(a, LOOK_OK, "Report written: %.100s, %.100s.", md, html);
    else
        app_say_err(a, &e);
}

/* ---- judged again ---- */

bool can_judge_again(const struct app *a) {
    const struct record *r = session_record(&a->s);
    int64_t me;
    session_me(&a->s, &me);
    return r && r->is.author_uid == me && !session_why_silent(&a->s)[0];
}

static void add_change(struct text_out *o, const char *what, const char *was, const char *is) {
    char text[96];
    if (strcmp(was, is) == 0)
        return;
    snprintf(text, sizeof text, "%s%s %.*s -> %.*s", o->len ? ", " : "", what, DIGEST_SHOWN,
             was[0] ? was : "unknown", DIGEST_SHOWN, is[0] ? is : "unknown");
    text_put(o, text, strlen(text));
}

static void say_changes(struct app *a, const struct run *was) {
    const struct run *is = &session_record(&a->s)->is;
    char text[200] = "";
    struct text_out o = {text, sizeof text, 0};
    add_change(&o, "limits", was->hash.limits, is->hash.limits);
    add_change(&o, "rules", was->hash.rules, is->hash.rules);
    if (strcmp(was->verdict, is->verdict) != 0)
        app_say(a, LOOK_WARN, "Judged again: %s, it was %s%s%s.", is->verdict, was->verdict,
                text[0] ? "; " : "", text);
    else
        app_say(a, LOOK_TEXT, "Judged again: still %s%s%s.", is->verdict, text[0] ? "; " : "",
                text[0] ? text : ", nothing changed");
}

/* With the rules and the plan as they are now. */
void act_judge_again(struct app *a, int arg) {
    struct err e = {0};
    (void)arg;
    enum review_state before = session_review(&a->s)->state;
    struct run was = session_record(&a->s)->is;
    was.plan_json = was.check_json = was.script_text = was.files_json = NULL;
    if (!session_rescan(&a->s, &e) || !session_judge_again(&a->s, &e)) {
        app_say_err(a, &e);
        return;
    }
    say_changes(a, &was);
    say_outdated(a, before);
}

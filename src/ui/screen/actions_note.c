/* What is typed to be said of a run: notes, replies, reasons. None of it is lost: what is not sent
 * becomes a draft. */
#include <stdio.h>
#include <string.h>

#include "base/text.h"
#include "ui/screen/actions.h"

bool silent_here(struct app *a) {
    const char *silent = session_why_silent(&a->s);
    if (silent[0])
        app_say(a, LOOK_WARN, "%.230s", silent);
    else if (!session_record(&a->s))
        app_say(a, LOOK_WARN, "Notes are kept with a judged run. None is open; 8 lists them.");
    else
        return false;
    return true;
}

/* ---- begin ---- */

static void begin(struct app *a, const struct noting *what, const char *text) {
    a->v.noting = *what;
    a->v.mode = VIEW_NOTE;
    edit_set(&a->v.edit, "", SAID_TEXT_BYTES - 1);
    a->v.edit.lines = true;
    text_paste(a, text, strlen(text));
    if (a->v.open == STEP_REVIEW)
        app_focus(a, ITEM_NEW_NOTE, -1);
}

/* What was not sent of this run comes first. */
static bool begin_with_draft(struct app *a) {
    char text[SAID_TEXT_BYTES];
    struct noting what = {.kind = SAID_NOTE};
    int64_t run;
    if (!session_draft(&a->s, &run, what.on, text) || run != session_record(&a->s)->is.id)
        return false;
    begin(a, &what, text);
    app_say(a, LOOK_TEXT, "Your draft. Enter sends it.");
    return true;
}

bool can_note(const struct app *a) {
    bool on_run = a->v.open == STEP_HISTORY && app_item_is(a, ITEM_RUN);
    return !session_why_silent(&a->s)[0] && (session_record(&a->s) || on_run);
}

/* On History the run in focus is meant. */
static bool open_focused_run(struct app *a) {
    struct err e = {0};
    struct item it;
    size_t n;
    const struct run_row *rows = session_runs(&a->s, &n);
    if (a->v.open != STEP_HISTORY || !app_item(a, &it) || it.kind != ITEM_RUN ||
        (size_t)it.index >= n)
        return true;
    int64_t id = rows[it.index].is.id;
    if (session_record(&a->s) && session_record(&a->s)->is.id == id)
        return true;
    if (session_run_open(&a->s, id, &e))
        return true;
    app_say_err(a, &e);
    return false;
}

void act_note(struct app *a, int arg) {
    struct noting what = {.kind = SAID_NOTE};
    struct item it;
    (void)arg;
    if (!open_focused_run(a) || silent_here(a) || begin_with_draft(a))
        return;
    panel_note_on(&a->s, &a->v, app_item(a, &it) ? &it : NULL, what.on);
    begin(a, &what, "");
}

static const struct note *focused_note(const struct app *a) {
    const struct review *v = session_review(&a->s);
    struct item it;
    bool on = app_item(a, &it) && it.kind == ITEM_NOTE && v && (size_t)it.index < v->notes;
    return on ? &v->note[it.index] : NULL;
}

bool on_note(const struct app *a) { return focused_note(a) != NULL; }

static void about_note(struct app *a, enum said_kind kind, enum note_state state) {
    const struct note *n = focused_note(a);
    struct noting what = {.kind = kind, .reply_to = n->said->id, .state = state};
    text_copy(what.on, sizeof what.on, n->said->on);
    begin(a, &what, "");
}

void act_reply(struct app *a, int arg) {
    (void)arg;
    if (!silent_here(a))
        about_note(a, SAID_NOTE, NOTE_OPEN);
}

void act_request(struct app *a, int arg) {
    const struct noting what = {.kind = SAID_REQUEST_CHANGES};
    (void)arg;
    if (!silent_here(a))
        begin(a, &what, "");
}

static const struct check *focused_check(const struct app *a) {
    const struct judgement *j = &session_result(&a->s)->judgement;
    struct item it;
    bool on = app_item(a, &it) && it.kind == ITEM_CHECK && (size_t)it.index < j->checks;
    return on ? &j->check[it.index] : NULL;
}

bool can_waive(const struct app *a) {
    const struct check *c = focused_check(a);
    return c && c->status != VERDICT_PASS && session_record(&a->s);
}

void act_waive(struct app *a, int arg) {
    struct noting what = {.kind = SAID_WAIVE};
    (void)arg;
    text_copy(what.on, sizeof what.on, focused_check(a)->metric);
    if (!silent_here(a))
        begin(a, &what, "");
}

/* ---- the state of a note ---- */

void act_settle(struct app *a, int arg) {
    (void)arg;
    if (silent_here(a))
        return;
    a->v.mode = VIEW_SETTLE;
    a->wish.drop_input = true;
}

void act_settle_as(struct app *a, int state) {
    struct err e = {0};
    a->v.mode = VIEW_BROWSE;
    if (!on_note(a))
        return;
    if (state == NOTE_WAIVED) {
        about_note(a, SAID_SETTLE, NOTE_WAIVED);
        return;
    }
    int id = focused_note(a)->said->id;
    struct saying what = {.kind = SAID_SETTLE, .reply_to = id, .state = (enum note_state)state};
    if (session_say(&a->s, &what, &e))
        app_say(a, LOOK_OK, "The note is %s.", note_state_name(what.state));
    else
        app_say_err(a, &e);
}

/* ---- its end ---- */

static bool is_blank(const struct app *a) {
    return a->v.edit.text[strspn(a->v.edit.text, " \t\n")] == '\0';
}

static void focus_newest_note(struct app *a) {
    const struct review *v = session_review(&a->s);
    size_t newest = 0;
    for (size_t i = 1; v && i < v->notes; i++)
        if (v->note[i].said->id > v->note[newest].said->id)
            newest = i;
    if (a->v.open == STEP_REVIEW)
        app_focus(a, ITEM_NOTE, (int)newest);
}

static void say_done(struct app *a) {
    const struct noting *n = &a->v.noting;
    char place[96];
    place_show(n->on, session_record(&a->s), place, sizeof place);
    long long run = (long long)session_record(&a->s)->is.id;
    if (n->kind == SAID_NOTE)
        app_say(a, LOOK_OK, n->reply_to ? "Replied on %s." : "Noted on %s.", place);
    else if (n->kind == SAID_SETTLE)
        app_say(a, LOOK_OK, "The note is %s.", note_state_name(n->state));
    else if (n->kind == SAID_WAIVE)
        app_say(a, LOOK_WARN, "%s of run %lld is waived.", place, run);
    else
        app_say(a, LOOK_WARN, "You request changes of run %lld. u takes it back.", run);
}

/* When it cannot be kept the text stays where it is. */
void note_said(struct app *a) {
    struct err e = {0};
    const struct noting *n = &a->v.noting;
    struct saying what = {.kind = n->kind,
                          .on = n->on,
                          .text = a->v.edit.text,
                          .reply_to = n->reply_to,
                          .state = n->state};
    a->v.mode = VIEW_BROWSE;
    if (!session_say(&a->s, &what, &e)) {
        note_reopen(a);
        app_say_err(a, &e);
        return;
    }
    session_draft_save(&a->s, 0, "", "");
    say_done(a);
    if (n->kind == SAID_NOTE)
        focus_newest_note(a);
}

void note_reopen(struct app *a) { a->v.mode = VIEW_NOTE; }

void act_send(struct app *a, int arg) {
    (void)arg;
    if ((is_blank(a) && a->v.noting.kind == SAID_NOTE) || !session_record(&a->s))
        act_keep_draft(a, 0);
    else if (is_blank(a))
        app_say(a, LOOK_WARN, "Say why in one sentence.");
    else if (a->v.noting.kind == SAID_REQUEST_CHANGES)
        ask_changes(a);
    else if (a->v.noting.kind == SAID_WAIVE)
        ask_waive(a);
    else
        note_said(a);
}

void act_keep_draft(struct app *a, int arg) {
    (void)arg;
    a->v.mode = VIEW_BROWSE;
    if (!session_record(&a->s))
        return;
    session_draft_save(&a->s, session_record(&a->s)->is.id, a->v.noting.on,
                       is_blank(a) ? "" : a->v.edit.text);
    if (!is_blank(a))
        app_say(a, LOOK_TEXT, "Kept as a draft. c goes on with it.");
}

void act_line_break(struct app *a, int arg) {
    (void)arg;
    edit_insert(&a->v.edit, '\n');
}

void note_rescue(struct app *a) {
    bool asked = a->v.mode == VIEW_ASK && (a->asked == ASK_CHANGES || a->asked == ASK_WAIVE);
    if (a->v.mode == VIEW_NOTE || asked)
        act_keep_draft(a, 0);
}

void note_remind(struct app *a) {
    char on[SAID_ON_BYTES], text[SAID_TEXT_BYTES];
    int64_t run;
    if (session_draft(&a->s, &run, on, text))
        app_say(a, LOOK_TEXT, "A note of yours on run %lld is not sent. c goes on with it.",
                (long long)run);
}

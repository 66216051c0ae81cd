#include <stdio.h>
#include <string.h>

#include "base/text.h"
#include "ui/screen/actions.h"

/* ---- the questions ---- */

void ask_resume(struct app *a, const char *what) {
    struct question q = {
        .line = "Go on where you stopped?", .yes = "Go on", .no = "Start anew", .on_yes = true};
    text_copy(q.more[0], sizeof q.more[0], what);
    app_ask(a, ASK_RESUME, &q);
}

void ask_load(struct app *a) {
    struct question q = {.yes = "Proceed", .no = "Change values", .on_yes = true};
    session_question(&a->s, q.line, sizeof q.line, q.more[0], sizeof q.more[0]);
    app_ask(a, ASK_LOAD, &q);
}

void ask_host(struct app *a) {
    struct question q = {
        .line = "The run would measure this limit. Go on anyway?", .yes = "Go on", .no = "Back"};
    const struct host_check *c = session_host_over(&a->s);
    char needed[32], available[32];
    sizing_show(c->needed, c->unit, needed, sizeof needed);
    sizing_show(c->available, c->unit, available, sizeof available);
    snprintf(q.more[0], sizeof q.more[0], "%s: needs %s, limit %s.", c->title, needed, available);
    text_copy(q.more[1], sizeof q.more[1], c->fix);
    if (session_can_split(&a->s))
        snprintf(q.more[2], sizeof q.more[2],
                 "Or split it over %d machines: s on the screen of the load generator (3).",
                 a->s.generators_needed);
    app_ask(a, ASK_HOST, &q);
}

void ask_wrong_run(struct app *a, const char *sentence) {
    struct question q = {.yes = "Use it", .no = "Back"};
    text_copy(q.line, sizeof q.line, sentence);
    app_ask(a, ASK_WRONG_RUN, &q);
}

void ask_quit(struct app *a) {
    struct question q = {.line = "The pasted summary is not used yet. Quit without it?",
                         .yes = "Quit",
                         .no = "Stay"};
    app_ask(a, ASK_QUIT, &q);
}

void ask_over(struct app *a) {
    struct question q = {.line = "Is the run over? Then its results are read now.",
                         .more = {"The load tool is not stopped by this."},
                         .yes = "Read them",
                         .no = "Go on watching"};
    app_ask(a, ASK_OVER, &q);
}

/* ---- the answers ---- */

static void resume(struct app *a) {
    struct err e = {0};
    int step = 0, focus = 0;
    if (!session_restore(&a->s, &e)) {
        app_say_err(a, &e);
        return;
    }
    sscanf(a->s.place, "screen %d focus %d", &step, &focus);
    bool known = step >= 0 && step < STEPS && session_step_open(&a->s, (enum step)step);
    app_show(a, known ? (enum step)step : STEP_OVERVIEW);
    if (known && focus >= 0)
        a->v.focus[a->v.open] = focus;
    app_say(a, LOOK_TEXT, "Back where you were: %s.", panels[a->v.open]->name);
}

static void start_anew(struct app *a) { session_forget(&a->s); }

static void accept_host(struct app *a) {
    a->s.over_accepted = true;
    a->s.dirty = true;
    app_show(a, STEP_SCRIPT);
}

static void use_anyway(struct app *a) { act_use(a, 0); }

static void quit(struct app *a) { a->wish.quit = true; }

static void over(struct app *a) { judge_watched(a); }

static const struct {
    void (*yes)(struct app *a);
    void (*no)(struct app *a); /* NULL: it stays as it is */
} answers[] = {
    [ASK_RESUME] = {resume, start_anew}, [ASK_LOAD] = {load_confirmed, NULL},
    [ASK_HOST] = {accept_host, NULL},    [ASK_WRONG_RUN] = {use_anyway, NULL},
    [ASK_QUIT] = {quit, NULL},           [ASK_OVER] = {over, NULL},
};

static void answer(struct app *a, bool yes) {
    enum ask asked = a->asked;
    a->asked = ASK_NONE;
    a->v.mode = VIEW_BROWSE;
    if (asked == ASK_NONE)
        return;
    if (yes)
        answers[asked].yes(a);
    else if (answers[asked].no)
        answers[asked].no(a);
}

void act_answer(struct app *a, int arg) {
    (void)arg;
    answer(a, a->v.question.on_yes);
}

void act_yes(struct app *a, int arg) {
    (void)arg;
    answer(a, true);
}

void act_no(struct app *a, int arg) {
    (void)arg;
    answer(a, false);
}

void act_turn(struct app *a, int arg) {
    (void)arg;
    a->v.question.on_yes = !a->v.question.on_yes;
}

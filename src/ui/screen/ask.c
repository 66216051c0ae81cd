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

/* "results 8f3c21, limits 9d20e4, rules 51ab07" */
static void signed_words(const struct review *v, char *out, size_t size) {
    static const enum sealed order[] = {SEALED_RESULTS, SEALED_LIMITS, SEALED_RULES, SEALED_SCRIPT};
    struct text_out o = {out, size, 0};
    char piece[64];
    out[0] = '\0';
    for (size_t i = 0; i < sizeof order / sizeof *order; i++) {
        const char *hash = sealed_of(&v->now, order[i]);
        if (!hash[0])
            continue;
        snprintf(piece, sizeof piece, "%s%s %.*s", o.len ? ", " : "", sealed_name(order[i]),
                 DIGEST_SHOWN, hash);
        text_put(&o, piece, strlen(piece));
    }
}

/* "Verdict: ✓ ok, all limits kept" */
static void verdict_words(const struct app *a, char *out, size_t size) {
    struct row r = session_step(&a->s, STEP_RESULTS);
    const char *word = mark_word(r.mark);
    bool more = strcmp(word, r.what) != 0;
    snprintf(out, size, "Verdict: %s %s%s%s", mark_sign(r.mark), word, more ? ", " : "",
             more ? r.what : "");
}

static bool same_account(const struct app *a) {
    const struct person *p;
    size_t n = session_people(&a->s, &p);
    int64_t me;
    session_me(&a->s, &me);
    for (size_t i = 0; i < n; i++)
        if (p[i].uid == me)
            return true;
    return false;
}

/* What a reader must know before he signs. */
static void add_warnings(const struct app *a, struct question *q, int line) {
    const struct review *v = session_review(&a->s);
    int64_t uid;
    const char *me = session_me(&a->s, &uid);
    char why[WHY_BYTES];
    if (v->open_notes > 0 && line < QUESTION_LINES)
        snprintf(q->more[line++], sizeof q->more[0], "%d note%s still open.", v->open_notes,
                 v->open_notes == 1 ? " is" : "s are");
    bool may = review_may_approve(session_record(&a->s), uid, why);
    if (!may && line < QUESTION_LINES)
        snprintf(q->more[line++], sizeof q->more[0], "It is kept and does not count: %.100s.", why);
    if (same_account(a) && line < QUESTION_LINES)
        snprintf(q->more[line++], sizeof q->more[0],
                 "Two terminals use the account \"%.40s\". A second signature under one account "
                 "does not count.",
                 me);
}

void ask_approve(struct app *a) {
    struct question q = {.yes = "Approve", .no = "Cancel"};
    char verdict[120], seals[140];
    verdict_words(a, verdict, sizeof verdict);
    signed_words(session_review(&a->s), seals, sizeof seals);
    snprintf(q.line, sizeof q.line, "Approve run %lld?  %s",
             (long long)session_record(&a->s)->is.id, verdict);
    snprintf(q.more[0], sizeof q.more[0], "You sign %s.", seals);
    add_warnings(a, &q, 1);
    app_ask(a, ASK_APPROVE, &q);
}

void ask_changes(struct app *a) {
    struct question q = {.yes = "Request changes", .no = "Cancel"};
    snprintf(q.line, sizeof q.line, "Request changes of run %lld?",
             (long long)session_record(&a->s)->is.id);
    snprintf(q.more[0], sizeof q.more[0], "\"%.150s\"", a->v.edit.text);
    text_copy(q.more[1], sizeof q.more[1], "It blocks the sign-off until you take it back with u.");
    app_ask(a, ASK_CHANGES, &q);
}

void ask_waive(struct app *a) {
    struct question q = {.yes = "Waive", .no = "Cancel"};
    snprintf(q.line, sizeof q.line,
             "Waive %.80s of run %lld? It keeps its status; the verdict is that of the other "
             "checks.",
             a->v.noting.on, (long long)session_record(&a->s)->is.id);
    snprintf(q.more[0], sizeof q.more[0], "\"%.150s\"", a->v.edit.text);
    app_ask(a, ASK_WAIVE, &q);
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
    [ASK_RESUME] = {resume, start_anew},
    [ASK_LOAD] = {load_confirmed, NULL},
    [ASK_HOST] = {accept_host, NULL},
    [ASK_WRONG_RUN] = {use_anyway, NULL},
    [ASK_QUIT] = {quit, NULL},
    [ASK_OVER] = {over, NULL},
    [ASK_APPROVE] = {approve, NULL},
    [ASK_CHANGES] = {note_said, note_reopen},
    [ASK_WAIVE] = {note_said, note_reopen},
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

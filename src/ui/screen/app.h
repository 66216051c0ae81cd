/* ui/screen/app.h
 * The dashboard without its terminal: a session, what the user sees of it, and what one event does
 * to both. What only a terminal can do is left as a wish, which the loop (screen.c) carries out. So
 * each key on each screen can be tried in a test that has no terminal. */
#ifndef PERFSCALE_SCREEN_APP_H
#define PERFSCALE_SCREEN_APP_H

#include <stdbool.h>
#include <stdint.h>

#include "base/err.h"
#include "session/session.h"
#include "ui/screen/grid/grid.h"
#include "ui/screen/panel/panel.h"
#include "ui/screen/panel/view.h"
#include "ui/screen/term/term.h"

/* What the open question is about. */
enum ask {
    ASK_NONE,
    ASK_RESUME,
    ASK_LOAD,
    ASK_HOST,
    ASK_WRONG_RUN,
    ASK_QUIT,
    ASK_OVER,
    ASK_APPROVE,
    ASK_CHANGES,
    ASK_WAIVE
};

/* For the terminal; the loop does it and forgets it. */
struct wishes {
    bool quit;
    bool repaint;
    bool suspend;
    bool drop_input; /* a question appeared: what was typed before it is no answer */
    bool next_theme;
    bool toggle_mouse;
    bool probe;  /* ask the tool for its version again */
    char *copy;  /* owned; for the clipboard */
    char *print; /* owned; to be printed on the normal screen */
};

/* What the focus is on. Asked for by each row of the command table, so it is found out once. */
struct focused {
    bool there;
    struct item item;
    bool copies; /* it has something to copy */
};

struct app {
    struct session s;
    struct view v;
    int rows, cols;
    struct focused focused;
    bool visited[STEPS]; /* its focus has been put on the worst row */
    enum ask asked;
    enum field field;            /* in VIEW_EDIT */
    char before[FIELD_TEXT_MAX]; /* what was typed in it before */
    int undos_before;            /* each key is a change; a visit of the field is one to undo */
    struct {
        int64_t run; /* 0: nothing new */
        int id;
    } news; /* the note of somebody else that Enter goes to, as long as its message is shown */
    struct wishes wish;
};

/* Opens the session. false: dir cannot be listed. Close it also then. */
bool app_open(struct app *a, const char *dir, int64_t now_ms, struct err *e);
void app_close(struct app *a);

/* The first screen, or the question whether to go on where the user stopped. */
void app_start(struct app *a, int rows, int cols);

/* What an event of the terminal does. EVENT_NONE, EVENT_RESUMED and EVENT_GONE are the loop's. */
void app_event(struct app *a, const struct event *ev, int64_t now_ms);

void app_draw(const struct app *a, struct grid *g);

/* Saves what has changed; not while a field is being edited: each key would be written to disk.
 * true: the store has something new to say, so the screen differs. */
bool app_save(struct app *a);
/* Saves the place too, at the end. */
void app_save_place(struct app *a);

/* Only a recorded run is played; before app_start(). */
bool app_replay(struct app *a, const char *file, double speed, struct err *e);

/* Results that were read in the background are there: takes them. */
void app_read_end(struct app *a);
/* There is something to do for the run that is watched. When it is over it is judged. */
void app_watch_turn(struct app *a, int64_t now_ms, int64_t steady_ms);
/* Somebody else came, moved, left, said something or judged a run. */
void app_people_turn(struct app *a, int64_t now_ms);
/* Gives up what is being read and says so; false: nothing is. */
bool app_read_stop(struct app *a);

/* The answer of the terminal to wish.copy. */
void app_copied(struct app *a, enum copy_result result);

/* The line for the normal screen afterwards; "" when there is nothing to say. */
void app_farewell(const struct app *a, char *out, size_t size);

/* --- for the actions --- */

/* The message line. */
void app_say(struct app *a, enum look look, const char *fmt, ...)
    __attribute__((format(printf, 3, 4)));
void app_say_err(struct app *a, const struct err *e);

/* Puts the focus inside what the open screen has and looks what it is on. Done at the end of each
 * event and whenever a screen opens. */
void app_look(struct app *a);
bool app_item(const struct app *a, struct item *out); /* the focused one */
bool app_item_is(const struct app *a, enum item_kind kind);
struct area app_pane(const struct app *a);

/* Puts the focus of the open screen on an item; false when it has none like that. index -1: the
 * first of its kind. */
bool app_focus(struct app *a, enum item_kind kind, int index);

/* Opens a screen; says why it is locked; asks when the host is over its limit. */
void app_go(struct app *a, enum step step);
/* Opens it whatever the session says of it. */
void app_show(struct app *a, enum step step);

/* A question. question is filled by the caller; the answer runs what ask.c has for it. */
void app_ask(struct app *a, enum ask what, const struct question *question);

#endif

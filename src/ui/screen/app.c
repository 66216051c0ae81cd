#include "app.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "base/unit.h"
#include "ui/screen/actions.h"
#include "ui/screen/command.h"

/* ---- messages ---- */

void app_say(struct app *a, enum look look, const char *fmt, ...) {
    va_list ap;
    va_start(ap, fmt);
    vsnprintf(a->v.message, sizeof a->v.message, fmt, ap);
    va_end(ap);
    a->v.message_look = look;
}

void app_say_err(struct app *a, const struct err *e) {
    char sentence[sizeof a->v.message];
    err_sentence(e, sentence, sizeof sentence);
    size_t len = strlen(sentence);
    bool ended = len > 0 && strchr(".?!", sentence[len - 1]);
    app_say(a, LOOK_FAIL, "%s%s", sentence, ended ? "" : ".");
}

/* ---- focus ---- */

bool app_item(const struct app *a, struct item *out) {
    *out = a->focused.item;
    return a->focused.there;
}

bool app_item_is(const struct app *a, enum item_kind kind) {
    return a->focused.there && a->focused.item.kind == kind;
}

struct area app_pane(const struct app *a) {
    return chrome_pane(a->rows, a->cols);
}

/* Items come and go with what the session holds. */
void app_look(struct app *a) {
    struct item items[ITEMS_MAX];
    history_looked(a);
    int n = panel_items(&a->s, &a->v, items);
    int *focus = &a->v.focus[a->v.open];
    *focus = *focus >= n ? n - 1 : *focus;
    *focus = *focus < 0 ? 0 : *focus;
    a->focused = (struct focused){.there = n > 0};
    if (n > 0)
        a->focused.item = items[*focus];
    char *text = copied_text(a);
    a->focused.copies = text != NULL;
    free(text);
}

bool app_focus(struct app *a, enum item_kind kind, int index) {
    struct item items[ITEMS_MAX];
    int n = panel_items(&a->s, &a->v, items);
    for (int i = 0; i < n; i++)
        if (items[i].kind == kind && (index < 0 || items[i].index == index)) {
            a->v.focus[a->v.open] = i;
            app_look(a);
            return true;
        }
    return false;
}

/* ---- screens ---- */

static void say_locked(struct app *a, enum step step) {
    const char *name = panels[step]->name;
    if (!session_ready(&a->s))
        app_say(a, LOOK_WARN, "%s opens when the prerequisites are ready (1).", name);
    else if (!a->s.confirmed)
        app_say(a, LOOK_WARN, "%s opens when the load is confirmed (2).", name);
    else if (!a->s.script.written)
        app_say(a, LOOK_WARN, "%s opens when the script is written (4).", name);
    else
        app_say(a, LOOK_WARN, "%s opens when a result is in (5).", name);
}

void app_show(struct app *a, enum step step) {
    a->v.open = step;
    a->v.mode = VIEW_BROWSE;
    a->v.zoom = false;
    if (step == STEP_HOST && !a->s.host_seen)
        session_check_host(&a->s);
    if (step == STEP_SCRIPT)
        script_opened(a);
    if (step == STEP_RUN)
        session_watch_own(&a->s);
    if (!a->visited[step])
        a->v.focus[step] = panel_start(&a->s, &a->v);
    a->visited[step] = true;
    app_look(a);
}

void app_go(struct app *a, enum step step) {
    if (!session_step_open(&a->s, step))
        say_locked(a, step);
    else if (step == STEP_SCRIPT && session_host_over(&a->s) && !a->s.over_accepted)
        ask_host(a);
    else
        app_show(a, step);
}

void app_ask(struct app *a, enum ask what, const struct question *question) {
    a->v.question = *question;
    a->v.mode = VIEW_ASK;
    a->asked = what;
    a->wish.drop_input = true;
}

/* ---- start and end ---- */

bool app_open(struct app *a, const char *dir, int64_t now_ms, struct err *e) {
    *a = (struct app){.v = {.follow_uid = -1}};
    return session_open(&a->s, dir, now_ms, e);
}

void app_close(struct app *a) {
    session_close(&a->s);
    free(a->wish.copy);
    free(a->wish.print);
}

void app_start(struct app *a, int rows, int cols) {
    char what[160];
    a->rows = rows;
    a->cols = cols;
    app_show(a, a->s.looks_only ? STEP_RUN : STEP_OVERVIEW);
    if (a->s.rules_error.kind != ERR_NONE)
        app_say_err(a, &a->s.rules_error);
    if (!a->s.looks_only) {
        session_people_join(&a->s);
        note_remind(a);
    }
    if (!a->s.looks_only && session_has_saved(&a->s, what, sizeof what))
        ask_resume(a, what);
    people_tell(a);
}

bool app_replay(struct app *a, const char *file, double speed, struct err *e) {
    session_look_only(&a->s, file);
    return session_replay_start(&a->s, file, speed, e);
}

bool app_save(struct app *a) {
    char before[sizeof a->s.store_notice];
    if (a->v.mode == VIEW_EDIT)
        return false;
    text_copy(before, sizeof before, a->s.store_notice);
    session_save(&a->s);
    return strcmp(before, a->s.store_notice) != 0;
}

static const char place_form[] = "screen %d focus %d";

void app_save_place(struct app *a) {
    char place[64];
    note_rescue(a);
    snprintf(place, sizeof place, place_form, (int)a->v.open, a->v.focus[a->v.open]);
    session_save_place(&a->s, place);
}

void app_farewell(const struct app *a, char *out, size_t size) {
    const struct result *r = &a->s.result;
    out[0] = '\0';
    if (r->there && r->run_id > 0)
        snprintf(out, size, "Run %lld: %s", (long long)r->run_id, r->judgement.sentence);
    else if (r->there)
        snprintf(out, size, "%s", r->judgement.sentence);
    else if (a->s.script.written)
        snprintf(out, size, "Written: %s. Come back with its result.", a->s.script.name);
}

/* ---- events ---- */

static bool too_small(const struct app *a) {
    return a->rows < SCREEN_ROWS_LEAST || a->cols < SCREEN_COLS_LEAST;
}

/* Nothing can be seen, so nothing is done: only the ways out. */
static void key_while_small(struct app *a, uint32_t key) {
    const struct key_binding *b = command_find(a, key);
    bool out =
        b && (b->command == CMD_QUIT || b->command == CMD_SUSPEND || b->command == CMD_REDRAW);
    if (key == 'q' || (out && b->command == CMD_QUIT))
        a->wish.quit = true; /* a question could not be seen */
    else if (out)
        commands[b->command].run(a, b->arg);
}

static void key_event(struct app *a, uint32_t key) {
    if (too_small(a))
        key_while_small(a, key);
    else if (!command_key(a, key) && text_mode(a))
        text_insert(a, key);
}

void app_event(struct app *a, const struct event *ev, int64_t now_ms) {
    char number[32];
    struct spot before = people_spot(a);
    a->s.now_ms = now_ms;
    if (ev->kind != EVENT_RESIZE)
        a->v.message[0] = '\0';
    switch (ev->kind) {
    case EVENT_KEY:
        key_event(a, ev->key);
        break;
    case EVENT_PASTE:
        if (!too_small(a)) /* what it became could not be seen */
            take_paste(a, ev);
        break;
    case EVENT_PASTE_CUT:
        app_say(a, LOOK_FAIL,
                "The paste is larger than 1 MB. Nothing was stored. Save it to a file and open "
                "that.");
        break;
    case EVENT_BURST:
        app_say(a, LOOK_WARN,
                "That looked like a paste (%s bytes). Press p first, then paste. Nothing was done.",
                unit_show((double)ev->paste_len, 0, number, sizeof number));
        break;
    case EVENT_MOUSE:
        if (!too_small(a))
            mouse_event(a, ev);
        break;
    case EVENT_RESIZE:
        a->rows = ev->rows;
        a->cols = ev->cols;
        break;
    case EVENT_NONE:
    case EVENT_RESUMED:
    case EVENT_GONE:
        break;
    }
    a->news.run = 0;
    judge_when_over(a); /* it ended while something was typed or asked */
    app_look(a);
    people_event(a, ev, &before);
}

void app_copied(struct app *a, enum copy_result result) {
    static const char *const sentence[] = {
        [COPY_SENT] = "Copied, if your terminal allows it. o prints it instead.",
        [COPY_TMUX] = "Copied to tmux and, if it allows that, to your terminal.",
        [COPY_NONE] = "This terminal has no clipboard access. o prints it.",
    };
    app_say(a, result == COPY_NONE ? LOOK_WARN : LOOK_TEXT, "%s", sentence[result]);
}

void app_draw(const struct app *a, struct grid *g) {
    struct command_chrome chrome;
    command_chrome(a, &chrome);
    grid_clear(g);
    chrome_draw(&a->s, &a->v, &chrome.chrome, g);
}

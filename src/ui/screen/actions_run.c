#include "ui/screen/actions.h"

#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "base/text.h"

/* ---- the baseline ---- */

void act_choose_baseline(struct app *a, int arg) {
    struct err e = {0};
    struct item it;
    (void)arg;
    if (!app_item(a, &it))
        return;
    if (!session_choose_baseline(&a->s, it.index, &e))
        app_say_err(a, &e);
    else
        app_say(a, LOOK_OK, "Baseline: %s.", a->s.ws.baseline[it.index].name);
    a->wish.probe = !a->s.tool_version[0];
}

void act_state_baseline(struct app *a, int arg) {
    (void)arg;
    session_state_baseline(&a->s);
    app_say(a, LOOK_WARN, "Baseline: stated by %s, not measured.", a->s.user);
}

static void baseline_taken(struct app *a) {
    const struct baseline *b = &a->s.base;
    app_show(a, STEP_PREREQUISITES);
    if (b->source != BASELINE_MEASURED)
        app_say(a, LOOK_WARN, "The baseline's result was not taken.");
    else if (b->stability == UNSTABLE)
        app_say(a, LOOK_FAIL, "The baseline has failed requests. It must have none.");
    else
        app_say(a, LOOK_OK, "Baseline result: %s. Load is next (2).", b->file);
}

/* ---- what was read ---- */

/* The screen that shows it. */
static enum step intake_step(const struct app *a) {
    return a->v.baseline_intake ? STEP_PREREQUISITES : STEP_RUN;
}

bool has_intake(const struct app *a) { return a->s.intake.there && a->v.open == intake_step(a); }

static void intake_came(struct app *a) {
    app_show(a, intake_step(a));
    app_focus(a, ITEM_USE, -1);
    a->v.scroll[a->v.open] = 0;
}

void app_read_end(struct app *a) {
    struct err e = {0};
    bool watched = a->s.watching.judging;
    bool run = a->s.reading.what == READING_RUN, found = a->s.reading.found;
    if (!session_read_end(&a->s, &e)) {
        app_say_err(a, &e);
    } else if (watched) {
        watched_run_came(a);
    } else if (run) {
        a->v.baseline_intake = false;
        intake_came(a);
        app_say(a, LOOK_OK, "Read %s: %s. Enter uses it.", a->s.intake.from,
                a->s.intake.run.format);
    } else if (found) {
        app_say(a, LOOK_OK, "Baseline result: %s.", a->s.base.file);
    } else {
        baseline_taken(a);
    }
    app_look(a);
}

bool app_read_stop(struct app *a) {
    if (session_read_fd(&a->s) < 0)
        return false;
    session_read_cancel(&a->s);
    app_say(a, LOOK_WARN, "Reading %s was stopped. Nothing was changed.", a->s.reading.names);
    return true;
}

/* What is read in no time is there at once, without a bar. */
static void read_files(struct app *a, enum reading_for what, const char *names) {
    enum { AT_ONCE_MS = 100 };
    struct err e = {0};
    if (!session_read_start(&a->s, what, names, NULL, &e)) {
        app_say_err(a, &e);
        return;
    }
    struct pollfd fd = {.fd = session_read_fd(&a->s), .events = POLLIN};
    if (poll(&fd, 1, AT_ONCE_MS) > 0)
        app_read_end(a);
}

/* A copy: taking it may read the workspace again. */
static bool focused_result(const struct app *a, char name[NAME_MAX_BYTES]) {
    struct item it;
    return app_item(a, &it) && it.index < (int)a->s.ws.results &&
           text_copy(name, NAME_MAX_BYTES, a->s.ws.result[it.index].name);
}

void act_take_baseline(struct app *a, int arg) {
    char name[NAME_MAX_BYTES];
    (void)arg;
    if (focused_result(a, name))
        read_files(a, READING_BASELINE, name);
}

void act_read_result(struct app *a, int arg) {
    char name[NAME_MAX_BYTES];
    (void)arg;
    if (focused_result(a, name))
        read_files(a, READING_RUN, name);
}

/* ---- a file by its name ---- */

void act_name_file(struct app *a, int arg) {
    (void)arg;
    a->v.baseline_intake = app_item_is(a, ITEM_BASELINE_OPEN);
    edit_set(&a->v.edit, "", 0);
    a->v.mode = VIEW_FILE;
}

/* The session looks below the workspace; the home directory is a shell's habit. */
static bool typed_path(const struct app *a, char *path, size_t size) {
    const char *typed = a->v.edit.text, *home = getenv("HOME");
    if (strcmp(typed, "-") == 0)
        return text_copy(path, size, "./-"); /* standard input is the keyboard here */
    if (text_starts(typed, "~/") && home)
        return file_join(path, size, home, typed + 2);
    return text_copy(path, size, typed);
}

void act_file_do(struct app *a, int arg) {
    char path[1024];
    (void)arg;
    a->v.mode = VIEW_BROWSE;
    if (a->v.edit.len == 0)
        return;
    if (!typed_path(a, path, sizeof path))
        app_say(a, LOOK_FAIL, "The name is too long.");
    else if (a->v.baseline_intake)
        read_files(a, READING_BASELINE, path);
    else
        read_files(a, READING_RUN, path);
}

/* ---- pastes ---- */

void act_await_paste(struct app *a, int arg) {
    (void)arg;
    a->v.baseline_intake = app_item_is(a, ITEM_BASELINE_PASTE);
    a->v.mode = VIEW_PASTE;
}

/* While phase 0 waits for the baseline's result, that is what a summary is. */
static bool for_baseline(const struct app *a) { return !session_ready(&a->s); }

void act_paste(struct app *a, int arg) {
    (void)arg;
    a->v.baseline_intake = for_baseline(a);
    a->v.mode = VIEW_PASTE;
}

/* What the clipboard held instead is soon seen by its first words. */
static void say_not_known(struct app *a, const struct event *ev, const struct err *e) {
    const char *at = ev->paste, *end = at + ev->paste_len;
    while (at < end && strchr(" \t\r\n", *at))
        at++;
    const char *nl = at < end ? memchr(at, '\n', (size_t)(end - at)) : NULL;
    char begin[64];
    text_clean(at, (size_t)((nl ? nl : end) - at), TEXT_ONE_LINE, begin, sizeof begin);
    if (e->kind == ERR_FORMAT && e->line == 0 && begin[0])
        app_say(a, LOOK_FAIL, "%s. It begins: %s", e->text, begin);
    else
        app_say_err(a, e);
}

/* The pasted text opens where its figures stand. */
static int first_figure(const struct summary *run) {
    enum { ABOVE = 2 };
    long first = 0;
    for (int m = 0; m < METRICS; m++) {
        long line = run->figure[m].line;
        if (line > 0 && (first == 0 || line < first))
            first = line;
    }
    return first > ABOVE && first < 1000000 ? (int)first - 1 - ABOVE : 0;
}

static void take_summary(struct app *a, const struct event *ev) {
    struct err e = {0};
    bool awaited = a->v.mode == VIEW_PASTE;
    a->v.mode = VIEW_BROWSE;
    if (!session_take_paste(&a->s, ev->paste, ev->paste_len, &e)) {
        say_not_known(a, ev, &e);
        return;
    }
    if (!awaited)
        a->v.baseline_intake = for_baseline(a);
    intake_came(a);
    a->v.scroll[a->v.open] = first_figure(&a->s.intake.run);
    app_say(a, LOOK_OK, "Pasted %ld lines: %s summary. Enter uses it.",
            text_count_lines(ev->paste, ev->paste_len), a->s.intake.run.tool);
}

void take_paste(struct app *a, const struct event *ev) {
    if (text_mode(a))
        text_paste(a, ev->paste, ev->paste_len);
    else if (a->v.mode == VIEW_ASK)
        app_say(a, LOOK_WARN, "Answer the question first, then paste. Nothing was done.");
    else
        take_summary(a, ev);
}

/* ---- use or discard ---- */

void act_use(struct app *a, int arg) {
    struct err e = {0};
    (void)arg;
    if (a->v.baseline_intake) {
        session_baseline_use_intake(&a->s);
        baseline_taken(a);
        return;
    }
    if (!session_step_open(&a->s, STEP_RUN)) {
        app_go(a, STEP_RUN); /* says why; what was read is kept */
        return;
    }
    if (session_use_intake(&a->s, &e)) {
        a->visited[STEP_RESULTS] = false;
        app_show(a, STEP_RESULTS);
    } else if (a->s.intake.warned && e.kind == ERR_REFUSED) {
        ask_wrong_run(a, e.text); /* a second time it is used */
    } else {
        app_say_err(a, &e);
    }
}

void act_discard(struct app *a, int arg) {
    (void)arg;
    session_drop_intake(&a->s);
    app_say(a, LOOK_TEXT, "Discarded. Nothing was stored.");
}

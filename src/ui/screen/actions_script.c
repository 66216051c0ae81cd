#include "ui/screen/actions.h"

#include <limits.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"

enum { COPY_MAX_BYTES = 1 << 20 };

/* The script is made when somebody looks at it. */
void script_opened(struct app *a) {
    struct err e = {0};
    struct script *sc = &a->s.script;
    a->v.aside = 0;
    if (!sc->ready && !sc->written)
        session_prepare_script(&a->s, NULL, &e); /* the screen shows why not */
    sc->seen = sc->ready;
}

/* Screens on which Enter goes on to the next one when they are done. */
bool can_go_on(const struct app *a) {
    switch (a->v.open) {
    case STEP_PREREQUISITES:
        return session_ready(&a->s) && app_item_is(a, ITEM_PREREQUISITE);
    case STEP_HOST:
        return a->s.confirmed;
    default:
        return a->s.script.written && !app_item_is(a, ITEM_DIFF);
    }
}

void act_go_on(struct app *a, int arg) {
    static const enum step next[STEPS] = {
        [STEP_PREREQUISITES] = STEP_LOAD, [STEP_HOST] = STEP_SCRIPT, [STEP_SCRIPT] = STEP_RUN};
    (void)arg;
    app_go(a, next[a->v.open]);
}

bool can_write(const struct app *a) { return a->s.script.ready && !a->s.script.written; }

static long lines_of(const char *s, size_t len) {
    long n = len > 0 && s[len - 1] != '\n';
    for (size_t i = 0; i < len; i++)
        n += s[i] == '\n';
    return n;
}

void act_write(struct app *a, int arg) {
    struct err e = {0};
    (void)arg;
    if (!session_write_script(&a->s, &e)) {
        app_say_err(a, &e);
        return;
    }
    app_focus(a, ITEM_COMMAND, -1);
    const struct script *sc = &a->s.script;
    app_say(a, LOOK_OK, "Written: %s (%ld lines)%s%s. y copies the command.", sc->name,
            lines_of(sc->text, sc->len), sc->manifest[0] ? " and " : "", sc->manifest);
}

bool can_side_by_side(const struct app *a) {
    enum { SIDE_BY_SIDE_COLS = 140 };
    return a->cols >= SIDE_BY_SIDE_COLS;
}

void act_side_by_side(struct app *a, int arg) {
    (void)arg;
    a->v.side_by_side = !a->v.side_by_side;
}

/* ---- lines that are longer than the screen ---- */

enum { ASIDE_COLS = 20 };

/* Bytes of the longest line that changes: no fewer than its columns. */
static int longest_change(const struct diff *d) {
    size_t longest = 0;
    for (size_t i = 0; i < d->len; i++)
        if (d->line[i].kind != DIFF_KEEP && d->line[i].len > longest)
            longest = d->line[i].len;
    return longest < INT_MAX ? (int)longest : INT_MAX;
}

static const struct diff *open_diff(const struct app *a) {
    if (a->v.open == STEP_HISTORY)
        return can_scripts(a) ? session_compare_scripts(&a->s) : NULL;
    return a->s.script.ready ? &a->s.script.diff : NULL;
}

bool can_aside(const struct app *a) {
    const struct diff *d = open_diff(a);
    return d && (a->v.aside > 0 || longest_change(d) > app_pane(a).cols / 2);
}

void act_aside(struct app *a, int arg) {
    int most = longest_change(open_diff(a)) - ASIDE_COLS;
    int aside = a->v.aside + arg * ASIDE_COLS;
    a->v.aside = aside < 0 || most < 0 ? 0 : aside > most ? a->v.aside : aside;
}

/* ---- copy and print ---- */

char *copied_text(const struct app *a) {
    const struct panel *p = panels[a->v.open];
    struct buf b;
    buf_init(&b, COPY_MAX_BYTES);
    bool some = p->copy && p->copy(&a->s, &a->v, &b) && b.len > 0 && !b.full;
    char *text = some ? buf_take(&b) : NULL;
    buf_fini(&b);
    return text;
}

bool can_copy(const struct app *a) { return a->focused.copies; }

void act_copy(struct app *a, int arg) {
    (void)arg;
    free(a->wish.copy);
    a->wish.copy = copied_text(a);
}

void act_print(struct app *a, int arg) {
    (void)arg;
    free(a->wish.print);
    a->wish.print = copied_text(a);
}

/* ---- read again ---- */

void act_again(struct app *a, int arg) {
    struct err e = {0};
    struct item it;
    bool on_item = app_item(a, &it);
    (void)arg;
    if (a->v.open == STEP_HISTORY) {
        read_runs(a);
        return;
    }
    if (!session_rescan(&a->s, &e)) {
        app_say_err(a, &e);
        return;
    }
    session_check_host(&a->s);
    a->wish.probe = true;
    if (a->v.open == STEP_SCRIPT)
        script_opened(a);
    if (on_item)
        app_focus(a, it.kind, it.index);
    app_say(a, LOOK_TEXT, "Read again.");
}

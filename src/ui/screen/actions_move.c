#include "ui/screen/actions.h"

#include <string.h>

#include "base/text.h"

enum { PAGE_ITEMS = 10, WHEEL_LINES = 3 };

/* ---- focus and scroll of the open screen ---- */

static int items_now(const struct app *a, struct item items[ITEMS_MAX]) {
    return panel_items(&a->s, &a->v, items);
}

static int clamp(int x, int least, int most) { return x < least ? least : x > most ? most : x; }

void move_focus(struct app *a, int by) {
    struct item items[ITEMS_MAX];
    int n = items_now(a, items);
    int *focus = &a->v.focus[a->v.open];
    *focus = n == 0 ? 0 : clamp(*focus + by, 0, n - 1);
}

static int scroll_most(const struct app *a) { return panel_scroll_most(&a->s, &a->v, app_pane(a)); }

static bool scroll_by(struct app *a, int lines) {
    int *scroll = &a->v.scroll[a->v.open];
    int most = scroll_most(a);
    int before = clamp(*scroll, 0, most);
    *scroll = clamp(before + lines, 0, most);
    return *scroll != before;
}

/* The diff, and the text of a paste that waits to be used. */
static bool scrolls(const struct app *a) { return app_item_is(a, ITEM_DIFF) || has_intake(a); }

/* ---- commands ---- */

void act_open(struct app *a, int step) { app_go(a, (enum step)step); }

void act_open_item(struct app *a, int arg) {
    struct item it;
    (void)arg;
    if (app_item(a, &it))
        app_go(a, (enum step)it.index);
}

void act_part(struct app *a, int dir) {
    struct item items[ITEMS_MAX];
    int n = items_now(a, items), from = a->v.focus[a->v.open];
    if (n == 0)
        return;
    int part = items[from].part, i = from;
    do
        i = (i + dir + n) % n;
    while (i != from && items[i].part == part);
    while (dir < 0 && i > 0 && items[i - 1].part == items[i].part)
        i--; /* backwards too a part is entered at its top */
    a->v.focus[a->v.open] = i;
}

/* A text that is higher than the pane is read through before the next one. */
static bool read_on(struct app *a, int lines) {
    int to = panel_scroll_in(&a->s, &a->v, app_pane(a), lines);
    if (to >= 0)
        a->v.scroll[a->v.open] = to;
    return to >= 0;
}

/* Behind the last line of the diff the arrows go on to what lies below it. */
void act_move(struct app *a, int dir) {
    enum { READ_LINES = 3 };
    if (a->v.open == STEP_REVIEW && read_on(a, dir * READ_LINES))
        return;
    if (!app_item_is(a, ITEM_DIFF) || !scroll_by(a, dir))
        move_focus(a, dir);
}

void act_page(struct app *a, int dir) {
    int lines = app_pane(a).rows / 2;
    if (scrolls(a))
        scroll_by(a, dir * lines);
    else if (a->v.open != STEP_REVIEW || !read_on(a, dir * lines))
        move_focus(a, dir * PAGE_ITEMS);
}

void act_ends(struct app *a, int which) {
    if (scrolls(a))
        scroll_by(a, which == FIRST ? -scroll_most(a) : scroll_most(a));
    else
        move_focus(a, which == FIRST ? -ITEMS_MAX : ITEMS_MAX);
}

void wheel(struct app *a, int dir) {
    if (!scroll_by(a, dir * WHEEL_LINES) && !scrolls(a))
        move_focus(a, dir);
}

bool can_change(const struct app *a) { return a->s.script.ready && a->s.script.diff.changes > 0; }

void act_change(struct app *a, int dir) {
    int to = panel_script_change(&a->s, &a->v, app_pane(a), dir);
    if (to < 0) {
        app_say(a, LOOK_TEXT, dir > 0 ? "This is the last change." : "This is the first change.");
        return;
    }
    a->v.scroll[STEP_SCRIPT] = to;
    app_focus(a, ITEM_DIFF, -1);
}

void act_back(struct app *a, int arg) {
    (void)arg;
    if (app_read_stop(a) || follow_stop(a))
        return;
    if (time_leave(a))
        return;
    if (history_leave(a))
        return;
    if (a->v.zoom)
        a->v.zoom = false;
    else if (a->v.open != STEP_OVERVIEW)
        app_show(a, STEP_OVERVIEW);
}

/* ---- find ---- */

static void find(struct app *a, int dir) {
    int focus = -1, scroll = -1;
    if (!panel_find(&a->s, &a->v, app_pane(a), a->v.find, dir, &focus, &scroll)) {
        app_say(a, LOOK_WARN, "Not found: %s", a->v.find);
        return;
    }
    if (focus >= 0)
        a->v.focus[a->v.open] = focus;
    if (scroll >= 0)
        a->v.scroll[a->v.open] = scroll;
}

void act_find(struct app *a, int arg) {
    (void)arg;
    edit_set(&a->v.edit, "", sizeof a->v.find - 1);
    a->v.mode = VIEW_FIND;
}

void act_find_do(struct app *a, int arg) {
    (void)arg;
    a->v.mode = VIEW_BROWSE;
    if (a->v.edit.len > 0) /* else the last one once more */
        text_copy(a->v.find, sizeof a->v.find, a->v.edit.text);
    if (a->v.find[0])
        find(a, 1);
}

bool can_find_next(const struct app *a) { return a->v.find[0] != '\0'; }

void act_find_next(struct app *a, int dir) { find(a, dir); }

#include "ui/screen/actions.h"

#include "ui/screen/command.h"

void act_details(struct app *a, int arg) {
    (void)arg;
    a->v.mode = VIEW_DETAILS;
}

/* On Run there are charts while something is watched, on History when two runs are compared. */
bool can_zoom(const struct app *a) {
    return a->v.open == STEP_RUN ? is_live(a) : a->v.open != STEP_HISTORY || compares_runs(a);
}

void act_zoom(struct app *a, int arg) {
    (void)arg;
    a->v.zoom = !a->v.zoom;
}

void act_help(struct app *a, int arg) {
    (void)arg;
    a->v.help_scroll = 0;
    a->v.mode = VIEW_HELP;
}

void act_help_scroll(struct app *a, int lines) {
    struct command_chrome c;
    command_chrome(a, &c);
    int most = chrome_help_scroll_most(&a->s, &a->v, &c.chrome, a->rows, a->cols);
    int to = a->v.help_scroll + lines;
    a->v.help_scroll = to > most ? most : to;
    if (a->v.help_scroll < 0)
        a->v.help_scroll = 0;
}

/* Whatever lies over the screen: what was typed in it is not used, the screen is as it was. */
void act_close(struct app *a, int arg) {
    (void)arg;
    bool about_text = a->asked == ASK_CHANGES || a->asked == ASK_WAIVE;
    a->v.mode = VIEW_BROWSE;
    a->asked = ASK_NONE;
    if (about_text)
        note_reopen(a);
}

void act_mouse(struct app *a, int arg) {
    (void)arg;
    a->v.mouse = !a->v.mouse;
    a->wish.toggle_mouse = true;
    app_say(a, LOOK_TEXT, a->v.mouse ? "Mouse on. Shift selects text." : "Mouse off.");
}

void act_theme(struct app *a, int arg) {
    (void)arg;
    a->wish.next_theme = true;
}

void act_redraw(struct app *a, int arg) {
    (void)arg;
    a->wish.repaint = true;
}

void act_suspend(struct app *a, int arg) {
    (void)arg;
    a->wish.suspend = true;
}

/* A paste that was not used yet is in no store. Asking twice is enough. */
void act_quit(struct app *a, int arg) {
    (void)arg;
    note_rescue(a);
    bool unused = a->s.intake.there && a->s.intake.text;
    if (unused && a->asked != ASK_QUIT)
        ask_quit(a);
    else
        a->wish.quit = true;
}

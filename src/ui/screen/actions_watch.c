#include "ui/screen/actions.h"

#include <math.h>

#include "base/text.h"
#include "ui/screen/panel/run_live.h"

static const struct watch_view *watched(const struct app *a) { return session_watch(&a->s); }

bool is_live(const struct app *a) { return run_live(&a->s) != NULL; }

bool is_replay(const struct app *a) { return watched(a) && watched(a)->replay; }

/* ---- its end ---- */

bool can_judge(const struct app *a) { return is_live(a) && !a->s.watching.judging; }

/* What says itself that it is over needs no question. */
void act_judge(struct app *a, int arg) {
    (void)arg;
    if (watched(a)->state == WATCH_ENDED)
        judge_watched(a);
    else
        ask_over(a);
}

/* ---- a recorded run ---- */

void act_play(struct app *a, int arg) {
    struct err e = {0};
    struct item it;
    char name[NAME_MAX_BYTES];
    (void)arg;
    if (!app_item(a, &it) || it.index >= (int)a->s.ws.results ||
        !text_copy(name, sizeof name, a->s.ws.result[it.index].name))
        return;
    if (session_replay_start(&a->s, name, 1, &e))
        app_show(a, STEP_RUN);
    else
        app_say_err(a, &e);
}

/* ---- the view ---- */

bool can_hold(const struct app *a) { return is_live(a) && !is_replay(a); }

void act_hold(struct app *a, int arg) {
    (void)arg;
    session_watch_hold(&a->s);
}

void act_pause(struct app *a, int arg) {
    (void)arg;
    session_watch_pause(&a->s, !watched(a)->paused);
}

void act_speed(struct app *a, int dir) {
    static const double speeds[] = {1, 2, 5, 10, 30, 60, 300, 900, 3600};
    enum { SPEEDS = sizeof speeds / sizeof *speeds };
    double now = watched(a)->speed;
    int i = dir > 0 ? 0 : SPEEDS - 1;
    while (i + dir >= 0 && i + dir < SPEEDS && (dir > 0 ? speeds[i] <= now : speeds[i] >= now))
        i += dir;
    session_watch_speed(&a->s, speeds[i]);
}

/* ---- time ---- */

bool can_time(const struct app *a) { return !isnan(panel_time_end(&a->s, &a->v)); }

/* From now on backwards; not beyond what has been. A run that is over is read from its begin too.
 */
void act_time(struct app *a, int dir) {
    struct time_view *t = &a->v.time;
    double step = panel_time_step(&a->s, &a->v, app_pane(a));
    double most = panel_time_end(&a->s, &a->v);
    double from = a->v.open == STEP_RESULTS && dir > 0 ? 0 : most;
    double to = (t->cursor ? t->cursor_s : from) + dir * step;
    t->cursor = true;
    t->cursor_s = fmin(fmax(to, 0), most);
}

void act_time_zoom(struct app *a, int dir) {
    int to = a->v.time.zoom + dir;
    a->v.time.zoom = to < 0 ? 0 : to > TIME_ZOOM_MAX ? TIME_ZOOM_MAX : to;
}

bool time_leave(struct app *a) {
    struct time_view *t = &a->v.time;
    bool run = a->v.open == STEP_RUN, any = t->cursor || (run && t->zoom > 0);
    if (!run && a->v.open != STEP_RESULTS)
        return false;
    if (t->cursor)
        t->cursor = false;
    else if (run)
        t->zoom = 0;
    return any;
}

/* ---- another source ---- */

void act_name_source(struct app *a, int arg) {
    (void)arg;
    edit_set(&a->v.edit, "", sizeof a->s.watching.names - 1);
    a->v.mode = VIEW_SOURCE;
}

void act_source_do(struct app *a, int arg) {
    (void)arg;
    struct err e = {0};
    const char *names = a->v.edit.len > 0 ? a->v.edit.text : NULL;
    a->v.mode = VIEW_BROWSE;
    a->v.time = (struct time_view){0};
    if (!session_watch_start(&a->s, names, &e))
        app_say_err(a, &e);
    else
        app_say(a, LOOK_TEXT, "Watching %s.", names ? names : "the files that the command writes");
    a->visited[STEP_RUN] = false;
    app_show(a, STEP_RUN);
}

/* From a run that is watched to its verdict. */
#include "ui/screen/actions.h"

/* Nobody is torn away from what he reads or types. */
static bool may_show(const struct app *a) {
    bool looks = a->v.mode == VIEW_BROWSE || a->v.mode == VIEW_DETAILS;
    bool near = a->v.open == STEP_RUN || a->v.open == STEP_OVERVIEW || a->v.open == STEP_RESULTS;
    return looks && near;
}

static void say_verdict(struct app *a) {
    const struct judgement *j = &a->s.result.judgement;
    enum look look = j->verdict == VERDICT_PASS ? LOOK_OK : LOOK_WARN;
    app_say(a, look, "Run finished. Results (6): %.150s", j->sentence);
}

void watched_run_came(struct app *a) {
    struct err e = {0};
    a->v.baseline_intake = false;
    if (session_use_intake(&a->s, &e)) {
        a->visited[STEP_RESULTS] = false;
        if (may_show(a))
            app_show(a, STEP_RESULTS);
        else
            say_verdict(a);
    } else if (a->s.intake.warned && e.kind == ERR_REFUSED && may_show(a)) {
        ask_wrong_run(a, e.text);
    } else {
        app_say_err(a, &e);
    }
}

/* What only an address told is in the intake at once. */
void judge_watched(struct app *a) {
    struct err e = {0};
    if (!session_watch_judge(&a->s, &e))
        app_say_err(a, &e);
    else if (!a->s.watching.judging)
        watched_run_came(a);
}

/* What is asked or typed is about the run that is open: no other one takes its place. */
static bool is_busy(const struct app *a) {
    enum view_mode m = a->v.mode;
    return m == VIEW_ASK || m == VIEW_EDIT || m == VIEW_NOTE || m == VIEW_SETTLE;
}

void hold_open_run(struct app *a) { session_hold_open(&a->s, is_busy(a)); }

/* Two who watch one run store it once. */
void judge_when_over(struct app *a) {
    if (session_watch_is_over(&a->s) && !is_busy(a) && !session_judge_is(&a->s))
        judge_watched(a);
}

static void say_who_judges(struct app *a) {
    const struct person *judge = session_judge_is(&a->s);
    if (session_watch_is_over(&a->s) && judge && may_show(a))
        app_say(a, LOOK_TEXT, "The run is over. %.60s confirmed its load, and judges it.",
                judge->name);
}

void watched_run_taken_over(struct app *a) {
    a->visited[STEP_RESULTS] = false;
    if (may_show(a))
        app_show(a, STEP_RESULTS);
}

void app_watch_turn(struct app *a, int64_t now_ms, int64_t steady_ms) {
    a->s.now_ms = now_ms;
    session_watch_turn(&a->s, steady_ms);
    judge_when_over(a);
    say_who_judges(a);
    app_look(a);
}

/* How the run stands: waiting, live, stalled, lost, and when it counts as over. */
#include <math.h>
#include <stdio.h>

#include "base/text.h"
#include "base/unit.h"
#include "tools/tool.h"
#include "watch/watch_parts.h"

/* After so long without anything new a file that was closed, or stands beside a tool that has
 * ended, is whole. */
#define QUIET_S 2.0
#define PLAN_GRACE_S 5.0

/* --- how old the newest is --- */

static int64_t fresh_of(const struct watch *w, size_t i) {
    const struct watched *s = &w->source[i];
    if (s->role != WATCH_FIGURES)
        return INT64_MIN;
    if (s->file)
        return file_source_fresh_ms(s->file);
    if (!web_source_told(s->web) || isnan(w->look[i].age_s))
        return INT64_MIN;
    return w->now.steady_ms - (int64_t)(w->look[i].age_s * 1000);
}

static int64_t newest(const struct watch *w, bool webs) {
    int64_t fresh = INT64_MIN;
    for (size_t i = 0; i < w->sources; i++) {
        int64_t of = webs || w->source[i].file ? fresh_of(w, i) : INT64_MIN;
        fresh = of > fresh ? of : fresh;
    }
    return fresh;
}

int64_t watch_fresh_ms(const struct watch *w) { return newest(w, true); }

static double age_s(const struct watch *w, int64_t fresh_ms) {
    return fresh_ms == INT64_MIN ? INFINITY : (double)(w->now.steady_ms - fresh_ms) / 1000;
}

/* While this program was stopped nothing could be seen: that time does not count. */
static double quiet_s(const struct watch *w, int64_t fresh_ms) {
    return fmin(age_s(w, fresh_ms), age_s(w, w->resumed_ms));
}

/* --- why it is over: words into out --- */

struct ending {
    const struct watch *w;
    int64_t fresh_ms; /* of all figures */
    char *out;
    size_t size;
};

static bool is_figures(const struct watched *s) { return s->file && s->role == WATCH_FIGURES; }

static bool end_asked(const struct ending *x) {
    if (x->w->end_asked)
        text_copy(x->out, x->size, "ended here by hand");
    return x->w->end_asked;
}

static bool replay_over(const struct ending *x) {
    bool any = false;
    for (size_t i = 0; i < x->w->sources; i++) {
        const struct watched *s = &x->w->source[i];
        if (is_figures(s) && !file_source_closed(s->file))
            return false;
        any = any || is_figures(s);
    }
    if (!x->w->replay || !any)
        return false;
    text_copy(x->out, x->size, "all was played");
    return true;
}

static void say_closed(const struct ending *x, const struct file_source *f, const char *name) {
    char at[16];
    const struct reader *r = file_source_reader(f);
    const struct tool *t = r ? tool_find(r->tool) : NULL;
    unit_show_time(file_source_changed_ms(f), at, sizeof at);
    if (t && t->scripts)
        snprintf(x->out, x->size, "%s closed its file at %s", t->title, at);
    else
        snprintf(x->out, x->size, "%.80s was closed by its writer at %s", name, at);
}

/* A writer that closes after each line is not over as long as it goes on. */
static bool files_closed(const struct ending *x) {
    const struct watch *w = x->w;
    size_t last = w->sources;
    for (size_t i = 0; i < w->sources; i++) {
        const struct file_source *f = w->source[i].file;
        if (!is_figures(&w->source[i]) || !file_source_there(f) || file_source_lost(f))
            continue;
        if (!file_source_closed(f))
            return false;
        bool later = last == w->sources ||
                     file_source_changed_ms(f) > file_source_changed_ms(w->source[last].file);
        last = later ? i : last;
    }
    if (last == w->sources || quiet_s(w, x->fresh_ms) < QUIET_S)
        return false;
    say_closed(x, w->source[last].file, w->look[last].name);
    return true;
}

/* One of an earlier run does not count. */
static bool end_file(const struct ending *x) {
    const struct watch *w = x->w;
    for (size_t i = 0; i < w->sources; i++) {
        const struct watched *s = &w->source[i];
        char at[16];
        if (s->role != WATCH_END || !s->file || !file_source_there(s->file))
            continue;
        int64_t changed_ms = file_source_changed_ms(s->file);
        bool ours = changed_ms >= w->begun.day_ms ||
                    (w->view.start_ms > 0 && changed_ms >= w->view.start_ms);
        if (!ours || quiet_s(w, x->fresh_ms) < QUIET_S)
            continue;
        snprintf(x->out, x->size, "%.80s was written at %s", w->look[i].name,
                 unit_show_time(changed_ms, at, sizeof at));
        return true;
    }
    return false;
}

static bool files_wait(const struct watch *w) {
    for (size_t i = 0; i < w->sources; i++)
        if (is_figures(&w->source[i]) && file_source_there(w->source[i].file))
            return quiet_s(w, newest(w, false)) < w->idle_s / 2;
    return false;
}

/* Files are written a while longer: the tool that waits to be asked may hold back their ends. */
static bool tool_ended(const struct ending *x) {
    const struct watch *w = x->w;
    size_t last = w->sources;
    for (size_t i = 0; i < w->sources; i++) {
        const struct watched *s = &w->source[i];
        if (!s->web || s->role != WATCH_FIGURES || !web_source_told(s->web))
            continue;
        if (!web_source_ended(s->web))
            return false;
        last = i;
    }
    if (last == w->sources || files_wait(w))
        return false;
    const struct live_figures *told = web_source_figures(w->source[last].web);
    snprintf(x->out, x->size,
             told && told->state == LIVE_ENDED ? "%.80s says that the run has ended"
                                               : "%.80s answers no more",
             w->look[last].name);
    return true;
}

static double planned_left_s(const struct watch *w, int64_t fresh_ms) {
    if (!w->profile || isnan(w->view.elapsed_s))
        return NAN;
    return w->profile->duration_s - w->view.elapsed_s - age_s(w, fresh_ms);
}

/* It was complete before, and nothing came since. */
static bool was_complete(const struct ending *x) {
    const struct watch *w = x->w;
    char at[16];
    if (x->fresh_ms == INT64_MIN || (double)(w->begun.steady_ms - x->fresh_ms) < 1000 * w->idle_s ||
        planned_left_s(w, x->fresh_ms) > -PLAN_GRACE_S)
        return false;
    int64_t day_ms = w->now.day_ms - (w->now.steady_ms - x->fresh_ms);
    snprintf(x->out, x->size, "nothing was written since %s",
             unit_show_time(day_ms, at, sizeof at));
    return true;
}

static bool plan_past(const struct ending *x) {
    const struct watch *w = x->w;
    double quiet = quiet_s(w, x->fresh_ms);
    if (!(planned_left_s(w, x->fresh_ms) < -PLAN_GRACE_S) || quiet < w->idle_s / 3)
        return false;
    snprintf(x->out, x->size, "the planned end is past, and no new data came for %.0f s",
             floor(age_s(w, x->fresh_ms)));
    return true;
}

static bool too_quiet(const struct ending *x) {
    const struct watch *w = x->w;
    if (x->fresh_ms == INT64_MIN || quiet_s(w, x->fresh_ms) < w->over_s)
        return false;
    snprintf(x->out, x->size, "no new data for %.0f s", floor(age_s(w, x->fresh_ms)));
    return true;
}

/* The first that holds says why. */
static bool is_over(struct watch *w, int64_t fresh_ms) {
    static bool (*const ways[])(const struct ending *) = {
        files_closed, end_file, tool_ended, was_complete, plan_past, too_quiet,
    };
    const struct ending x = {w, fresh_ms, w->view.end_words, sizeof w->view.end_words};
    if (end_asked(&x) || replay_over(&x))
        return true;
    for (size_t i = 0; !w->replay && w->caught_up && i < sizeof ways / sizeof *ways; i++)
        if (ways[i](&x))
            return true;
    return false;
}

/* --- how it stands --- */

/* Only sources that are looked at for figures: all of them lost, or none of them read at all. */
static bool all_lost(const struct watch *w) {
    size_t lost = 0, all = 0;
    for (size_t i = 0; i < w->sources; i++) {
        if (w->source[i].role != WATCH_FIGURES)
            continue;
        all++;
        lost += w->look[i].state == WATCH_LOST;
    }
    return all > 0 && lost == all;
}

static bool any_feeds(const struct watch *w) {
    for (size_t i = 0; i < w->sources; i++)
        if (is_figures(&w->source[i]) && file_source_used(w->source[i].file) != FILE_WATCHED &&
            !file_source_compressed(w->source[i].file))
            return true;
    return false;
}

static enum watch_state state_of(const struct watch *w, int64_t fresh_ms) {
    if (all_lost(w))
        return WATCH_LOST;
    bool came = w->view.run.any || (fresh_ms != INT64_MIN && !any_feeds(w));
    if (!came || fresh_ms == INT64_MIN)
        return WATCH_WAITING;
    return quiet_s(w, fresh_ms) < w->idle_s || w->paused ? WATCH_LIVE : WATCH_STALLED;
}

static const char *freshest_name(const struct watch *w, int64_t fresh_ms) {
    for (size_t i = 0; i < w->sources; i++)
        if (fresh_of(w, i) == fresh_ms)
            return w->look[i].name;
    return "";
}

static int64_t event_ms(const struct watch *w) {
    return w->replay && w->view.run.any ? w->view.run.latest_ms : w->now.day_ms;
}

/* Of a tool on a machine with another clock nothing is said. */
static void announce(struct watch *w) {
    enum { SANE_MS = 3600 * 1000, WORTH_MS = 2000 };
    int64_t behind_ms = w->now.day_ms - w->view.run.latest_ms;
    if (!w->view.run.any || w->view.catching_up || w->announced)
        return;
    w->announced = true;
    if (!w->replay && behind_ms >= WORTH_MS && behind_ms < SANE_MS)
        alarms_say(&w->alarms, event_ms(w), FINDING_INFO, "Data arrives. %.0f s behind.",
                   round((double)behind_ms / 1000));
    else
        alarms_say(&w->alarms, event_ms(w), FINDING_INFO, "Data arrives.");
}

static void say_turn(struct watch *w, enum watch_state next, int64_t fresh_ms) {
    enum watch_state before = w->view.state;
    if (next == WATCH_STALLED && before != WATCH_STALLED) {
        w->stalled_since_ms = fresh_ms;
        alarms_say(&w->alarms, event_ms(w), FINDING_WARNING,
                   "No new data for %.0f s. Source: %.100s.", floor(age_s(w, fresh_ms)),
                   freshest_name(w, fresh_ms));
    }
    if (next == WATCH_LIVE && w->stalled_since_ms != INT64_MIN) {
        alarms_say(&w->alarms, event_ms(w), FINDING_INFO, "Data arrives again after %.0f s.",
                   round((double)(fresh_ms - w->stalled_since_ms) / 1000));
        w->stalled_since_ms = INT64_MIN;
    }
}

static void finish(struct watch *w) {
    for (size_t i = 0; i < w->sources; i++) {
        if (w->source[i].file)
            file_source_finish(w->source[i].file);
        bool gone = w->source[i].web && web_source_told(w->source[i].web);
        if (gone)
            w->look[i].words[0] = '\0';
        if (gone || w->look[i].state == WATCH_LIVE || w->look[i].state == WATCH_STALLED)
            w->look[i].state = WATCH_ENDED;
    }
    stream_look(w->stream, &w->view.run);
    w->view.elapsed_s = w->view.run.any ? w->view.run.elapsed_s : NAN;
    w->view.catching_up = false;
}

void watch_judge(struct watch *w) {
    int64_t fresh_ms = watch_fresh_ms(w);
    enum watch_state next = state_of(w, fresh_ms);
    announce(w);
    bool over = is_over(w, fresh_ms);
    if (over)
        finish(w);
    else
        say_turn(w, next, fresh_ms);
    w->view.state = over ? WATCH_ENDED : next;
    w->view.event = w->alarms.event;
    w->view.events = w->alarms.events;
    w->view.events_dropped = w->alarms.dropped;
}

/* How a run that goes on stands, in words. */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "base/text.h"
#include "base/unit.h"
#include "ui/screen/panel/run_live.h"

static bool plays(const struct watch_view *w) { return w->replay && w->state == WATCH_LIVE; }

enum mark run_mark(const struct watch_view *w) {
    return plays(w) && w->paused ? MARK_NONE : mark_of_watch(w->state);
}

const char *run_word(const struct watch_view *w) {
    return !plays(w) ? watch_state_name(w->state) : w->paused ? "paused" : "replay";
}

static bool planned(const struct watch_view *w) { return w->length_s > 0; }

char *run_clock(const struct watch_view *w, double seconds, char *out, size_t size) {
    enum { HOUR_S = 3600 };
    static const double most = 1e9;
    double longest = planned(w) ? fmax(w->length_s, w->elapsed_s) : w->elapsed_s;
    if (!(seconds < most)) {
        snprintf(out, size, "–");
        return out;
    }
    long at = seconds > 0 ? (long)seconds : 0;
    if (longest >= HOUR_S)
        snprintf(out, size, "%ld:%02ld:%02ld", at / HOUR_S, at / 60 % 60, at % 60);
    else
        snprintf(out, size, "%02ld:%02ld", at / 60, at % 60);
    return out;
}

const struct profile *run_profile(const struct session *s, const struct watch_view *w) {
    bool same = s->profile.stages > 0 && fabs(s->profile.duration_s - w->length_s) < 1;
    return same ? &s->profile : NULL;
}

size_t run_stretches(const struct session *s, const struct watch_view *w,
                     struct stretch_wanted out[STRETCHES_MAX]) {
    const struct profile *p = run_profile(s, w);
    return p ? session_read_options(NULL, p, p->model, &s->rules, out).stretches : 0;
}

/* --- the stage ------------------------------------------------------------------------------- */

/* "04:02 of 09:30" */
static void show_part(const struct watch_view *w, double from_s, double to_s, char *out,
                      size_t size) {
    char done[32], all[32];
    double in = fmin(w->elapsed_s, to_s) - from_s;
    snprintf(out, size, "%s of %s", run_clock(w, in, done, sizeof done),
             run_clock(w, to_s - from_s, all, sizeof all));
}

static const struct stage *stage_named(const struct profile *p, const char *name) {
    for (int i = 0; p && i < p->stages; i++)
        if (strcmp(p->stage[i].name, name) == 0)
            return &p->stage[i];
    return NULL;
}

static void stretch_words(const struct profile *p, const struct watch_view *w, const char *part,
                          char *out, size_t size) {
    const struct watch_stretch *x = &w->stretch;
    const struct stage *stage = stage_named(p, x->name);
    double first_rps;
    char rate[32];
    if (p && stage && p->model == MODEL_STRESS)
        snprintf(out, size, "%s of %d (%s RPS), %s", x->name, profile_steps(p, &first_rps),
                 show_rate(stage->target_rps, rate, sizeof rate), part);
    else
        snprintf(out, size, "%s, %s", strcmp(x->name, "hold") == 0 ? "steady window" : x->name,
                 part);
}

/* Between the begin of a stage and the time from which it counts as steady. */
static bool settles(const struct session *s, const struct stage *stage, double at_s, double *to_s) {
    *to_s = stage_is_ramp(stage) ? NAN : stage_settled_s(stage, &s->rules);
    return at_s < *to_s;
}

char *run_stage(const struct session *s, const struct watch_view *w, char *out, size_t size) {
    const struct profile *p = run_profile(s, w);
    const struct stage *stage = stage_named(p, w->stage);
    double to_s;
    char part[80];
    out[0] = '\0';
    if (w->stretch.name[0]) {
        show_part(w, w->stretch.from_s, w->stretch.to_s, part, sizeof part);
        stretch_words(p, w, part, out, size);
    } else if (stage && settles(s, stage, w->elapsed_s, &to_s)) {
        show_part(w, stage->start_s, to_s, part, sizeof part);
        snprintf(out, size, "%s settles, %s", stage->name, part);
    } else if (stage) {
        show_part(w, stage->start_s, stage->start_s + stage->duration_s, part, sizeof part);
        snprintf(out, size, "%s, %s", stage->name, part);
    } else {
        snprintf(out, size, "%s", w->stage);
    }
    return out;
}

/* --- how far it is --------------------------------------------------------------------------- */

static void add_end(const struct watch_view *w, char *out, size_t size) {
    size_t len = strlen(out);
    char at[32], left[32];
    unit_show_time(w->start_ms + (int64_t)(w->length_s * 1000), at, sizeof at);
    if (w->catching_up)
        snprintf(out + len, size - len, ", reading what was written before: %s left",
                 unit_show_bytes((double)w->left_bytes, left, sizeof left));
    else if (w->state == WATCH_ENDED || w->replay || !planned(w) || w->start_ms <= 0)
        return;
    else if (w->elapsed_s > w->length_s)
        snprintf(out + len, size - len, ", planned end %.5s", at);
    else
        snprintf(out + len, size - len, ", ends %.5s", at);
}

char *run_progress(const struct watch_view *w, char *out, size_t size) {
    char elapsed[32], length[32];
    run_clock(w, w->elapsed_s, elapsed, sizeof elapsed);
    if (planned(w))
        snprintf(out, size, "%s of %s", elapsed, run_clock(w, w->length_s, length, sizeof length));
    else
        snprintf(out, size, "%s since its start", elapsed);
    add_end(w, out, size);
    return out;
}

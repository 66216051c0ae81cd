/* A run that goes on: what is watched of it, and how it becomes a result. */
#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "base/mem.h"
#include "base/text.h"
#include "session/parts.h"

/* So long without anything new the run counts as over although nothing says so. */
#define SILENT_S 120.0

/* --- what is watched --- */

/* Whose figures are watched; machines of their own have files of their own there. */
static void own_options(const struct session *s, struct watch_options *o,
                        struct stretch_wanted stretch[STRETCHES_MAX]) {
    const struct profile *p = confirmed_profile(s);
    struct gather_options read =
        session_read_options(NULL, p, session_model(s), &s->rules, stretch);
    struct summary nothing;
    struct check_input in;
    watch_options_init(o);
    summary_init(&nothing);
    session_check_input(s, &nothing, &in);
    session_watch_limits(&in, &o->limits);
    summary_fini(&nothing);
    o->profile = p;
    o->stretch = stretch;
    o->stretches = read.stretches;
    o->here = session_commands(s) <= 1;
    o->over_s = SILENT_S;
}

/* Held views are deep copies; names are static or inside. */
static void let_go(struct watching *w) {
    free((void *)(uintptr_t)w->held.event);
    free((void *)(uintptr_t)w->held.source);
    if (w->held.series)
        free(w->held.series->point);
    free((void *)(uintptr_t)w->held.series);
    for (size_t i = 0; i < w->held.memories; i++)
        free(w->held.memory[i].at);
    free((void *)(uintptr_t)w->held.memory);
    w->held = (struct watch_view){0};
    w->held_ms = 0;
}

void session_watch_stop(struct session *s) {
    if (s->watching.judging)
        session_read_cancel(s);
    let_go(&s->watching);
    watch_free(s->watching.watch);
    s->watching = (struct watching){0};
}

static bool begin(struct session *s, const struct watch_options *o, const char *names,
                  struct err *e) {
    session_watch_stop(s);
    s->watching.watch = watch_new(o, e);
    s->watching.replay = o->replay;
    text_copy(s->watching.names, sizeof s->watching.names, names);
    return s->watching.watch != NULL;
}

static bool ends_so(const struct tool *t, const char *name) {
    size_t len = strlen(name);
    for (const char *const *end = t ? t->last_files : NULL; end && *end; end++)
        if (len > strlen(*end) && strcmp(name + len - strlen(*end), *end) == 0)
            return true;
    return false;
}

bool session_watch_add_own(const struct session *s, struct watch *w, struct err *e) {
    char path[1024];
    for (size_t i = 0; i < session_commands(s); i++) {
        const struct command *c = session_command(s, i);
        for (int k = 0; k < c->files; k++) {
            enum watch_role role = ends_so(session_tool(s), c->file[k]) ? WATCH_END : WATCH_FIGURES;
            if (workspace_path(&s->ws, c->file[k], path, sizeof path) &&
                !watch_add(w, path, role, e))
                return false;
        }
    }
    return true;
}

static bool start_named(struct session *s, struct watch_options *o, const char *names,
                        struct err *e) {
    struct named *files = mem_new(1, sizeof *files);
    bool ok = names_find(s, names, files, e);
    o->here = o->here && watch_any_is_here(files->item, files->n);
    ok = ok && begin(s, o, names, e);
    for (size_t i = 0; ok && i < files->n; i++)
        ok = watch_add(s->watching.watch, files->item[i], WATCH_FIGURES, e);
    free(files);
    return ok;
}

static bool start_own(struct session *s, const struct watch_options *o, struct err *e) {
    return begin(s, o, "", e) && session_watch_add_own(s, s->watching.watch, e);
}

bool session_watch_start(struct session *s, const char *names, struct err *e) {
    struct stretch_wanted stretch[STRETCHES_MAX];
    struct watch_options o;
    own_options(s, &o, stretch);
    if (names ? start_named(s, &o, names, e) : start_own(s, &o, e))
        return true;
    session_watch_stop(s);
    return false;
}

/* The load that the recorded run was planned with, when the workspace remembers it: the script has
 * the stem of the file. Anything else that was saved says nothing of this run. */
static void remember_load(struct session *s, const char *file) {
    char what[256];
    size_t stem;
    if (session_has_saved(s, what, sizeof what))
        session_restore(s, NULL);
    stem = strlen(s->script.stem);
    if (!s->script.written || stem == 0 || strncmp(file_base(file), s->script.stem, stem) != 0)
        reopen_after_load(s);
}

void session_look_only(struct session *s, const char *file) {
    remember_load(s, file);
    result_reset(&s->result);
    s->looks_only = true;
    s->dirty = false;
}

bool session_replay_start(struct session *s, const char *file, double speed, struct err *e) {
    struct stretch_wanted stretch[STRETCHES_MAX];
    struct watch_options o;
    char path[1024];
    if (!result_path(s, file, path, sizeof path, e))
        return false;
    if (!file_exists(path)) {
        err_set(e, ERR_IO, "%.300s is not there", file);
        return false;
    }
    own_options(s, &o, stretch);
    o.replay = true;
    o.speed = speed;
    o.here = false; /* it was not this machine that was busy */
    if (begin(s, &o, file, e) && watch_add(s->watching.watch, path, WATCH_FIGURES, e))
        return true;
    session_watch_stop(s);
    return false;
}

/* A file of the command is younger than the result: the command was started again. */
static bool runs_again(const struct session *s) {
    char path[1024];
    for (size_t i = 0; i < session_commands(s); i++) {
        const struct command *c = session_command(s, i);
        for (int k = 0; k < c->files; k++)
            if (workspace_path(&s->ws, c->file[k], path, sizeof path) &&
                file_mtime(path) * 1000 > s->result.at_ms)
                return true;
    }
    return false;
}

bool session_watch_own(struct session *s) {
    bool free_to = s->script.written && session_commands(s) > 0 && !s->watching.watch &&
                   !s->intake.there && !s->reading.job;
    return free_to && (!s->result.there || runs_again(s)) && session_watch_start(s, NULL, NULL);
}

/* --- looking --- */

int session_watch_fd(const struct session *s) {
    return s->watching.watch ? watch_fd(s->watching.watch) : -1;
}

bool session_watch_turn(struct session *s, int64_t steady_ms) {
    bool changed = s->watching.watch && watch_turn(s->watching.watch, s->now_ms, steady_ms);
    return changed && !s->watching.held_ms;
}

const struct watch_view *session_watch(const struct session *s) {
    if (s->watching.held_ms)
        return &s->watching.held;
    return s->watching.watch ? watch_look(s->watching.watch) : NULL;
}

static void *copy_of(const void *from, size_t n, size_t size) {
    if (n == 0)
        return NULL;
    void *to = mem_new(n, size);
    memcpy(to, from, n * size);
    return to;
}

static const struct series *copy_series(const struct series *from) {
    if (!from)
        return NULL;
    struct series *to = copy_of(from, 1, sizeof *from);
    to->point = copy_of(from->point, from->points, sizeof *from->point);
    to->cap = to->points;
    return to;
}

static const struct trace *copy_traces(const struct trace *from, size_t n) {
    struct trace *to = copy_of(from, n, sizeof *from);
    for (size_t i = 0; i < n; i++) {
        to[i].at = copy_of(from[i].at, from[i].n, sizeof *from[i].at);
        to[i].cap = to[i].n;
    }
    return to;
}

void session_watch_hold(struct session *s) {
    struct watching *w = &s->watching;
    if (w->held_ms) {
        let_go(w);
        return;
    }
    if (!w->watch)
        return;
    w->held = *watch_look(w->watch);
    w->held.event = copy_of(w->held.event, w->held.events, sizeof *w->held.event);
    w->held.source = copy_of(w->held.source, w->held.sources, sizeof *w->held.source);
    w->held.series = copy_series(w->held.series);
    w->held.memory = copy_traces(w->held.memory, w->held.memories);
    w->held_ms = s->now_ms;
}

void session_watch_speed(struct session *s, double speed) {
    if (s->watching.watch)
        watch_set_speed(s->watching.watch, speed);
}

void session_watch_pause(struct session *s, bool paused) {
    if (s->watching.watch)
        watch_pause(s->watching.watch, paused);
}

/* --- the verdict --- */

static void names_of(const char *const *paths, size_t n, char *out, size_t size) {
    out[0] = '\0';
    for (size_t i = 0; i < n; i++)
        add_part(out, size, "%s", file_base(paths[i]));
}

/* The tool is gone, and only what it told is left. */
static bool judge_told(struct session *s, struct err *e) {
    struct summary run;
    char from[NAME_MAX_BYTES];
    const struct watch_view *v = watch_look(s->watching.watch);
    bool ok = watch_summary(s->watching.watch, &run);
    if (ok) {
        struct stretch_wanted stretch[STRETCHES_MAX];
        const struct gather_options o =
            session_read_options(NULL, confirmed_profile(s), session_model(s), &s->rules, stretch);
        gather_steady(&run, &o);
        watch_add_seen(s->watching.watch, &run);
        text_copy(from, sizeof from, v->sources ? v->source[0].name : "");
        intake_take(s, &run, from);
    } else {
        err_set(e, ERR_REFUSED, "no figures of the run came");
        err_fix(e, "name its result file, or paste its summary (p)");
    }
    summary_fini(&run);
    return ok;
}

bool session_watch_is_over(const struct session *s) {
    const struct watching *w = &s->watching;
    return w->watch && !w->judged && watch_look(w->watch)->state == WATCH_ENDED;
}

bool session_watch_judge(struct session *s, struct err *e) {
    struct watching *w = &s->watching;
    const char *paths[WATCH_SOURCES_MAX];
    char names[NAME_MAX_BYTES];
    if (!w->watch)
        return err_set(e, ERR_REFUSED, "nothing is watched");
    w->judged = true;
    watch_end_now(w->watch);
    size_t n = watch_files(w->watch, paths);
    if (n == 0)
        return judge_told(s, e);
    names_of(paths, n, names, sizeof names);
    w->judging = read_begin(s, READING_RUN, paths, n, names, NULL, e);
    return w->judging;
}

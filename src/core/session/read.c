/* Reads the results of a run, at once or in the background. */
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/file.h"
#include "base/mem.h"
#include "base/text.h"
#include "feed/http.h"
#include "gather/gather.h"
#include "session/parts.h"
#include "workspace/workspace.h"

/* Whoever opens a pipe waits for its other end, and a dashboard must not. */
static bool is_pipe(const char *path, struct err *e) {
    struct stat st;
    if (stat(path, &st) != 0 || !S_ISFIFO(st.st_mode))
        return false;
    err_set(e, ERR_FORMAT, "is a pipe, not a file");
    err_fix(e, "save the result to a file");
    err_at(e, path, 0);
    return true;
}

bool result_path(const struct session *s, const char *name, char *out, size_t size, struct err *e) {
    if (!workspace_path(&s->ws, name, out, size) || !file_exists(out))
        if (!text_copy(out, size, name))
            return err_set(e, ERR_LIMIT, "the name is too long");
    return !is_pipe(out, e);
}

/* The part of a step that counts begins a share after it (rules: cut); a hold's, once settled. */
static double counts_from_s(const struct profile *p, const struct stage *s,
                            const struct rules *rules) {
    return p->model == MODEL_STRESS ? s->start_s + rules->stress.cut * s->duration_s
                                    : stage_settled_s(s, rules);
}

static size_t steady_parts(const struct profile *p, const struct rules *rules,
                           struct stretch_wanted out[STRETCHES_MAX]) {
    size_t n = 0;
    for (int i = 0; p && i < p->stages && n < STRETCHES_MAX; i++) {
        const struct stage *s = &p->stage[i];
        if (stage_is_ramp(s))
            continue;
        struct stretch_wanted *to = &out[n++];
        *to = (struct stretch_wanted){.from_s = counts_from_s(p, s, rules),
                                      .to_s = s->start_s + s->duration_s};
        text_copy(to->name, sizeof to->name, s->name);
        n -= to->to_s <= to->from_s;
    }
    return n;
}

struct gather_options session_read_options(const char *format, const struct profile *p,
                                           enum model model, const struct rules *rules,
                                           struct stretch_wanted stretch[STRETCHES_MAX]) {
    return (struct gather_options){.format = format,
                                   .stretch = stretch,
                                   .stretches = steady_parts(p, rules, stretch),
                                   .find_steps = !p && model == MODEL_STRESS,
                                   .step_cut = rules->stress.cut};
}

bool session_read_bytes(const char *name, const char *bytes, size_t len, const char *format,
                        struct summary *run, struct err *e) {
    const struct gather_options o = {.format = format, .memory_only = true};
    return gather_bytes(name, bytes, len, &o, run, e);
}

/* --- in the background --- */

static bool add_name(const struct session *s, struct named *to, const char *name, struct err *e) {
    if (to->n == NAMES_MAX)
        return err_set(e, ERR_LIMIT, "more than %d names", NAMES_MAX);
    if (!http_is_url(name) && !result_path(s, name, to->path[to->n], sizeof to->path[to->n], e))
        return false;
    if (http_is_url(name) && !text_copy(to->path[to->n], sizeof to->path[to->n], name))
        return err_set(e, ERR_LIMIT, "the address is too long");
    to->item[to->n] = to->path[to->n];
    to->n++;
    return true;
}

/* The next word of a list; blanks inside quotes belong to it. NULL: no more. */
static const char *next_word(const char *s, char *out, size_t size) {
    size_t n = 0;
    s += strspn(s, " \t");
    if (!*s)
        return NULL;
    char quote = *s == '"' || *s == '\'' ? *s++ : '\0';
    while (*s && (quote ? *s != quote : !strchr(" \t", *s))) {
        if (n + 1 < size)
            out[n++] = *s;
        s++;
    }
    out[n] = '\0';
    return *s && quote ? s + 1 : s;
}

bool names_find(const struct session *s, const char *names, struct named *to, struct err *e) {
    char word[1024];
    if (!result_path(s, names, word, sizeof word, e))
        return false;
    if (file_exists(word) || !strpbrk(names, " \t\"'"))
        return add_name(s, to, names, e);
    while ((names = next_word(names, word, sizeof word)))
        if (!add_name(s, to, word, e))
            return false;
    return to->n > 0 || err_set(e, ERR_USAGE, "no file is named");
}

bool read_begin(struct session *s, enum reading_for what, const char *const *paths, size_t n,
                const char *names, const char *format, struct err *e) {
    struct stretch_wanted stretch[STRETCHES_MAX];
    const struct profile *p = what == READING_RUN ? confirmed_profile(s) : NULL;
    enum model model = what == READING_RUN ? session_model(s) : MODEL_LOAD;
    struct gather_options o = session_read_options(format, p, model, &s->rules, stretch);
    o.memory_only = o.digests = what == READING_RUN;
    session_read_cancel(s);
    s->reading.job = gather_start(paths, n, &o, e);
    if (!s->reading.job)
        return false;
    s->reading.what = what;
    s->reading.found = false;
    s->reading.changed_s = file_mtime(paths[0]);
    text_copy(s->reading.names, sizeof s->reading.names, names);
    return true;
}

bool session_read_start(struct session *s, enum reading_for what, const char *names,
                        const char *format, struct err *e) {
    struct named *files = mem_new(1, sizeof *files);
    session_read_cancel(s);
    bool ok = names_find(s, names, files, e) &&
              read_begin(s, what, files->item, files->n, names, format, e);
    free(files);
    return ok;
}

int session_read_fd(const struct session *s) {
    return s->reading.job ? gather_fd(s->reading.job) : -1;
}

bool session_read_progress(const struct session *s, struct gather_progress *out) {
    if (s->reading.job)
        gather_progress(s->reading.job, out);
    return s->reading.job != NULL;
}

void shorten_names(const struct session *s, struct findings *f) {
    size_t n = strlen(s->ws.dir);
    for (size_t i = 0; i < f->len; i++) {
        char *file = f->item[i].file;
        if (strncmp(file, s->ws.dir, n) == 0 && file[n] == '/')
            memmove(file, file + n + 1, strlen(file + n + 1) + 1);
    }
}

bool session_read_end(struct session *s, struct err *e) {
    struct summary run;
    struct gather_digests files;
    struct gather_job *job = s->reading.job;
    if (!job)
        return err_set(e, ERR_REFUSED, "no result is being read");
    s->reading.job = NULL;
    bool ok = gather_take(job, &run, &files, e);
    shorten_names(s, &run.findings);
    char from[NAME_MAX_BYTES];
    text_copy(from, sizeof from, s->reading.names);
    if (ok && s->watching.judging)
        watch_add_seen(s->watching.watch, &run);
    s->watching.judging = false;
    if (ok && s->reading.what == READING_RUN)
        ok = intake_with_memory(s, &run, from, e);
    if (ok && s->reading.what == READING_RUN) {
        if (!s->watching.replay) /* that it is of another time is known */
            session_say_older(s, s->reading.changed_s, &run);
        intake_take(s, &run, from);
        s->intake.files = files;
        files = (struct gather_digests){0};
    } else if (ok)
        ok = baseline_take_read(s, &run, e);
    gather_digests_fini(&files);
    summary_fini(&run);
    return ok;
}

void session_read_cancel(struct session *s) {
    if (s->reading.job)
        gather_cancel(s->reading.job);
    s->reading.job = NULL;
    s->watching.judging = false;
}

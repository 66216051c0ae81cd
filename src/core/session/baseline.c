/* The baseline: which script, what it does, what its own result says. */
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/file.h"
#include "base/text.h"
#include "session/parts.h"
#include "tools/own_command.h"

const char session_no_plan[] =
    "No test plan found. Please run `/api-performance` first to set up the baseline.";

const char *baseline_name(const struct session *s) {
    return s->base.chosen >= 0 ? s->ws.baseline[s->base.chosen].name : "";
}

/* The only baseline for which same() holds; -1 when there are none or several. */
static int only_one(const struct workspace *w,
                    bool (*same)(const struct workspace *w, const struct baseline_file *b)) {
    int found = -1;
    for (size_t i = 0; i < w->baselines; i++)
        if (same(w, &w->baseline[i])) {
            if (found >= 0)
                return -1;
            found = (int)i;
        }
    return found;
}

static bool plan_names(const struct workspace *w, const struct baseline_file *b) {
    return w->has_plan && strcmp(file_base(w->plan.baseline), b->name) == 0;
}

static bool plan_tool(const struct workspace *w, const struct baseline_file *b) {
    return w->has_plan && strcmp(w->plan.tool, b->tool->name) == 0;
}

int baseline_first_choice(const struct workspace *w) {
    if (w->baselines <= 1)
        return (int)w->baselines - 1;
    int named = only_one(w, plan_names);
    return named >= 0 ? named : only_one(w, plan_tool);
}

/* --- the script --- */

/* A file beside the scripts; not one of a folder above. */
static char *read_beside(void *context, const char *name, size_t *len) {
    const struct workspace *w = context;
    char path[1024];
    if (name[0] == '/' || strstr(name, "..") || !workspace_path(w, name, path, sizeof path))
        return NULL;
    return file_read(path, SCRIPT_MAX_BYTES, len, NULL);
}

struct source session_source(const struct session *s, const char *text, size_t len,
                             const char *file) {
    return (struct source){.text = text,
                           .len = len,
                           .file = file,
                           .beside = read_beside,
                           .context = (void *)(uintptr_t)&s->ws};
}

static bool read_facts(struct session *s, const struct baseline_file *file) {
    struct baseline *b = &s->base;
    if (!file->tool->facts) {
        err_set(&b->facts_error, ERR_REFUSED, "%s scripts cannot be read", file->tool->title);
        return err_at(&b->facts_error, file->name, 0);
    }
    const struct source src = session_source(s, b->text, b->len, file->name);
    return file->tool->facts(&src, &b->facts, &b->facts_error);
}

/* Where people write down how they run it. */
static void read_own_commands(struct session *s, const struct tool *tool) {
    static const char *const names[] = {"test-plan.md", "README.md", "Makefile",
                                        "package.json", "run.sh",    NULL};
    enum { NOTES_MAX_BYTES = 256 << 10 };
    for (const char *const *name = names; *name; name++) {
        char path[1024];
        size_t len;
        if (!workspace_path(&s->ws, *name, path, sizeof path) || !file_exists(path))
            continue;
        char *text = file_read(path, NOTES_MAX_BYTES, &len, NULL);
        if (text)
            own_command_scan(tool, text, len, *name, &s->base.facts.findings);
        free(text);
    }
}

static void read_script(struct session *s) {
    struct baseline *b = &s->base;
    const struct baseline_file *file = &s->ws.baseline[b->chosen];
    char path[1024];
    if (!workspace_path(&s->ws, file->name, path, sizeof path))
        return;
    b->changed_s = file_mtime(path);
    b->text = file_read(path, SCRIPT_MAX_BYTES, &b->len, &b->facts_error);
    b->facts_known = b->text && read_facts(s, file);
    if (b->facts_known)
        read_own_commands(s, file->tool);
}

/* A file that bears the baseline's name and is no result must not look like no file. */
static void say_odd_result(struct session *s) {
    const struct odd_file *odd = workspace_odd_result(&s->ws, (size_t)s->base.chosen);
    struct err *e = &s->base.result_error;
    if (!odd)
        return;
    if (odd->error)
        err_set(e, ERR_IO, "cannot read: %s", strerror(odd->error));
    else
        err_set(e, ERR_FORMAT, "is not a summary that is known here");
    err_at(e, odd->name, 0);
}

/* A larger one is read in the background: the first screen does not wait for it. */
enum { READ_AT_ONCE_BYTES = 4 << 20 };

static int64_t file_bytes(const char *path) {
    struct stat st;
    return stat(path, &st) == 0 ? (int64_t)st.st_size : 0;
}

static void find_result(struct session *s) {
    size_t chosen = (size_t)s->base.chosen;
    const struct result_file *found = workspace_baseline_result(&s->ws, chosen);
    const struct result_file *part[RESULT_PARTS_MAX];
    char path[1 + RESULT_PARTS_MAX][1024];
    const char *paths[1 + RESULT_PARTS_MAX];
    if (!found) {
        say_odd_result(s);
        return;
    }
    size_t parts = workspace_baseline_parts(&s->ws, chosen, found, part), n = 0;
    for (size_t i = 0; i <= parts; i++)
        if (workspace_path(&s->ws, i ? part[i - 1]->name : found->name, path[n], sizeof path[n])) {
            paths[n] = path[n];
            n++;
        }
    if (file_bytes(path[0]) > READ_AT_ONCE_BYTES) {
        s->reading.found = session_read_start(s, READING_BASELINE, found->name, NULL, NULL);
        return;
    }
    struct summary run;
    bool ok = gather(paths, n, &(struct gather_options){0}, &run, &s->base.result_error);
    shorten_names(s, &run.findings);
    if (ok)
        baseline_take(s, &run, found->name, found->changed_s);
    else
        summary_fini(&run);
}

void baseline_load(struct session *s) {
    if (s->base.chosen < 0)
        return;
    read_script(s);
    find_result(s);
}

/* What was typed for the scenarios or the tool of another script. */
static void forget_script_fields(struct session *s) {
    static const enum field lists[] = {FIELD_THINK, FIELD_REQUESTS};
    struct field_state *f = s->form.field;
    f[FIELD_SHARES].typed[0] = '\0';
    for (size_t i = 0; i < sizeof lists / sizeof *lists; i++)
        if (strchr(f[lists[i]].typed, '='))
            f[lists[i]].typed[0] = '\0';
    if (!isnan(f[FIELD_METHOD].value) &&
        !session_choice(s, FIELD_METHOD, (int)f[FIELD_METHOD].value))
        f[FIELD_METHOD].typed[0] = '\0';
}

bool session_choose_baseline(struct session *s, int index, struct err *e) {
    if (index < 0 || (size_t)index >= s->ws.baselines)
        return err_set(e, ERR_USAGE, "there is no baseline script number %d", index + 1);
    if (index == s->base.chosen)
        return true;
    const struct tool *asked = asked_tool(s);
    baseline_reset(&s->base);
    s->base.chosen = index;
    if (asked_tool(s) != asked)
        probe_forget(s);
    baseline_load(s);
    forget_script_fields(s);
    reopen_after_load(s);
    s->dirty = true;
    session_update(s);
    return true;
}

/* --- its result --- */

void baseline_take(struct session *s, struct summary *run, const char *from, int64_t changed_s) {
    struct baseline *b = &s->base;
    baseline_reset_result(b);
    b->result = *run;
    summary_init(run);
    b->source = BASELINE_MEASURED;
    text_copy(b->file, sizeof b->file, from);
    b->result_changed_s = changed_s;
    b->stability = check_baseline(&b->result, &s->rules, &b->findings);
}

static void given(struct session *s) {
    s->base.given = true;
    s->dirty = true;
    session_update(s);
}

/* A measured result is not replaced by words. */
void session_state_baseline(struct session *s) {
    if (s->base.source != BASELINE_UNKNOWN || s->base.chosen < 0)
        return;
    baseline_reset_result(&s->base);
    s->base.source = BASELINE_STATED;
    given(s);
}

static bool right_tool(const struct session *s, const struct summary *run, const char *path,
                       struct err *e) {
    const struct tool *tool = session_tool(s);
    if (!tool || strcmp(tool->name, run->tool) == 0)
        return true;
    err_set(e, ERR_REFUSED, "is a result of %s; the baseline is for %s", run->tool, tool->name);
    return err_at(e, path, 0);
}

bool baseline_take_read(struct session *s, struct summary *run, struct err *e) {
    if (!right_tool(s, run, s->reading.names, e))
        return false;
    baseline_take(s, run, s->reading.names, s->reading.changed_s);
    if (s->reading.found)
        session_update(s);
    else
        given(s);
    return true;
}

bool session_baseline_file(struct session *s, const char *path, const char *format, struct err *e) {
    return session_read_start(s, READING_BASELINE, path, format, e) && session_read_end(s, e);
}

void session_baseline_use_intake(struct session *s) {
    if (!s->intake.there)
        return;
    char full[1024];
    bool file = !s->intake.text && result_path(s, s->intake.from, full, sizeof full, NULL);
    baseline_take(s, &s->intake.run, s->intake.from, file ? file_mtime(full) : -1);
    intake_reset(&s->intake);
    given(s);
}

bool is_older(int64_t result_s, int64_t script_s) {
    enum { ROUNDED_S = 2 }; /* FAT keeps times to 2 s */
    return result_s >= 0 && script_s >= 0 && result_s + ROUNDED_S < script_s;
}

bool baseline_older(const struct session *s) {
    const struct baseline *b = &s->base;
    return b->source == BASELINE_MEASURED && is_older(b->result_changed_s, b->changed_s);
}

/* --- what is there --- */

bool session_prepared(const struct session *s) {
    bool unstable = s->base.source == BASELINE_MEASURED && s->base.stability == UNSTABLE;
    return s->ws.has_plan && s->ws.baselines > 0 && !unstable;
}

bool session_ready(const struct session *s) {
    return session_prepared(s) && s->base.chosen >= 0 && s->base.source != BASELINE_UNKNOWN;
}

bool session_nothing_here(const struct session *s) {
    return !s->ws.has_plan && s->ws.plan_error.kind == ERR_NONE && s->ws.baselines == 0 &&
           !history_exists(s->ws.dir);
}

int session_missing(const struct session *s, const char *out[5]) {
    int n = 0;
    if (!s->ws.has_plan)
        out[n++] = "plan";
    if (s->ws.baselines == 0)
        out[n++] = "baseline";
    if (s->base.source == BASELINE_UNKNOWN)
        out[n++] = "baseline_result";
    if (s->base.source == BASELINE_MEASURED && s->base.stability == UNSTABLE)
        out[n++] = "stable";
    out[n] = NULL;
    return n;
}

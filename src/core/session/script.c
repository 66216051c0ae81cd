/* Phase 1, the script: the baseline rewritten to the load, its diff, its command, and the new file.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/file.h"
#include "base/text.h"
#include "session/parts.h"

static bool can_rewrite(const struct session *s, struct err *e) {
    const struct tool *tool = session_tool(s);
    if (!tool)
        return err_set(e, ERR_MISSING, "no baseline script is chosen");
    if (!tool->rewrite || !tool->command)
        return err_set(e, ERR_REFUSED, "%s scripts cannot be rewritten", tool->title);
    if (s->profile.stages == 0) {
        if (e)
            *e = s->profile_error;
        return false;
    }
    if (!s->base.text && e)
        *e = s->base.facts_error;
    return s->base.text != NULL;
}

static bool rewrite(struct session *s, struct err *e) {
    const struct tool *tool = session_tool(s);
    const struct baseline *b = &s->base;
    struct script *sc = &s->script;
    const char *name = baseline_name(s);
    const struct source old = session_source(s, b->text, b->len, name);
    if (!tool->rewrite(&old, &s->profile, &sc->edits, &sc->findings, e))
        return false;
    sc->text = edits_apply(&sc->edits, b->text, b->len, &sc->len, e);
    const struct source new = session_source(s, sc->text, sc->len, name);
    return sc->text && (!tool->verify || tool->verify(&new, &s->profile, e));
}

static void show_changes(struct session *s) {
    const struct tool *tool = session_tool(s);
    const struct baseline *b = &s->base;
    struct script *sc = &s->script;
    diff_make(&sc->diff, b->text, b->len, sc->text, sc->len, &sc->edits);
    if (!tool->colour)
        return;
    tool->colour(b->text, b->len, &sc->old_colour);
    tool->colour(sc->text, sc->len, &sc->new_colour);
}

static bool make_commands(struct session *s, const char *stem, struct err *e) {
    struct script *sc = &s->script;
    const struct tool *tool = session_tool(s);
    if (s->profile.generators <= 1)
        return tool->command(sc->name, stem, s->tool_version, &s->profile, &s->rules, &sc->command,
                             e);
    if (tool->distribute)
        return tool->distribute(sc->name, stem, s->tool_version, &s->profile, &s->rules,
                                &sc->machines, e);
    err_set(e, ERR_REFUSED, "%s cannot be split over several machines", tool->title);
    return err_fix(e, "plan for one load generator");
}

/* It stands beside the script. */
static bool name_manifest(struct script *sc, struct err *e) {
    int folder = (int)(file_base(sc->name) - sc->name);
    if (!sc->machines.manifest)
        return true;
    int n = snprintf(sc->manifest, sizeof sc->manifest, "%.*s%s", folder, sc->name,
                     file_base(sc->machines.manifest_name));
    return (n >= 0 && (size_t)n < sizeof sc->manifest) ||
           err_set(e, ERR_LIMIT, "the file name is too long");
}

void script_command(struct session *s) {
    struct script *sc = &s->script;
    char stem[NAME_MAX_BYTES];
    if (!sc->ready || !session_tool(s))
        return;
    command_fini(&sc->command);
    distribution_fini(&sc->machines);
    sc->command_error = (struct err){0};
    workspace_result_stem(file_base(sc->stem), stem, sizeof stem);
    sc->manifest[0] = '\0';
    if (make_commands(s, stem, &sc->command_error) && name_manifest(sc, &sc->command_error))
        return;
    command_fini(&sc->command);
    distribution_fini(&sc->machines);
}

size_t session_commands(const struct session *s) {
    const struct script *sc = &s->script;
    return sc->machines.len ? sc->machines.len : sc->command.line[0] != '\0';
}

const struct command *session_command(const struct session *s, size_t index) {
    const struct script *sc = &s->script;
    return sc->machines.len ? &sc->machines.item[index] : &sc->command;
}

char *session_ends(const struct session *s, char *out, size_t size) {
    return show_time(s->now_ms + (int64_t)(s->profile.duration_s * 1000), s->now_ms, true, out,
                     size);
}

double session_result_bytes(const struct session *s) {
    double bytes = 0;
    for (size_t i = 0; i < session_commands(s); i++)
        bytes += session_command(s, i)->result_bytes;
    return bytes;
}

bool script_prepare_as(struct session *s, const char *stem, const char *name, struct err *e) {
    struct script *sc = &s->script;
    struct err why = {0};
    script_reset(sc);
    text_copy(sc->stem, sizeof sc->stem, stem);
    text_copy(sc->name, sizeof sc->name, name);
    if (!can_rewrite(s, &why) || !rewrite(s, &why)) {
        script_reset(sc);
        sc->error = why;
        if (e)
            *e = why;
        return false;
    }
    show_changes(s);
    sc->ready = true;
    script_command(s);
    return true;
}

/* --- names --- */

static bool join_name(const char *stem, const char *ending, char *out, struct err *e) {
    int n = snprintf(out, NAME_MAX_BYTES, "%s%s", stem, ending);
    return (n >= 0 && n < NAME_MAX_BYTES) || err_set(e, ERR_LIMIT, "the file name is too long");
}

/* load_orders.js, or the next number for which script and results are free. */
static bool free_name(const struct session *s, char *stem, char *name, struct err *e) {
    const char *baseline = baseline_name(s), *ending = workspace_ending(baseline);
    char wanted[NAME_MAX_BYTES];
    if (!workspace_stem(baseline, model_name(s->profile.model), wanted, sizeof wanted))
        return err_set(e, ERR_LIMIT, "the file name is too long");
    return workspace_free_stem(&s->ws, session_tool(s), wanted, ending, stem, NAME_MAX_BYTES, e) &&
           join_name(stem, ending, name, e);
}

static bool given_name(const struct session *s, const char *out, char *stem, char *name,
                       struct err *e) {
    char path[1024];
    if (!out[0])
        return err_set(e, ERR_USAGE, "the file name is empty");
    if (!join_name(out, "", name, e) || !workspace_path(&s->ws, name, path, sizeof path))
        return err_set(e, ERR_LIMIT, "the file name is too long");
    if (file_exists(path)) {
        err_set(e, ERR_REFUSED, "exists; nothing is ever overwritten");
        return err_at(e, name, 0);
    }
    size_t ending = strlen(workspace_ending(file_base(name)));
    snprintf(stem, NAME_MAX_BYTES, "%.*s", (int)(strlen(name) - ending), name);
    return true;
}

bool session_prepare_script(struct session *s, const char *out, struct err *e) {
    char stem[NAME_MAX_BYTES], name[NAME_MAX_BYTES];
    struct err why = {0};
    if (s->script.written && s->confirmed && !out)
        return true; /* it is there, and for this load */
    if (can_rewrite(s, &why) &&
        (out ? given_name(s, out, stem, name, &why) : free_name(s, stem, name, &why)))
        return script_prepare_as(s, stem, name, e);
    script_reset(&s->script);
    s->script.error = why;
    if (e)
        *e = why;
    return false;
}

/* --- writing --- */

/* Somebody took the name since it was chosen: the next free one is prepared and said. */
static bool name_is_taken(struct session *s, struct err *e) {
    char stem[NAME_MAX_BYTES], name[NAME_MAX_BYTES], old[NAME_MAX_BYTES];
    struct err why = {0};
    text_copy(old, sizeof old, s->script.name);
    if (!free_name(s, stem, name, &why)) {
        if (e)
            *e = why;
        return true;
    }
    if (script_prepare_as(s, stem, name, e))
        err_set(e, ERR_REFUSED, "%.120s is taken. w writes %.120s", old, name);
    return true;
}

/* A script that goes into the workspace under a number of ours: are all its names still free? */
static bool still_free(const struct session *s) {
    char stem[NAME_MAX_BYTES];
    const struct script *sc = &s->script;
    return workspace_free_stem(&s->ws, session_tool(s), sc->stem, workspace_ending(sc->name), stem,
                               sizeof stem, NULL) &&
           strcmp(stem, sc->stem) == 0;
}

/* Both new files or none. */
static bool write_files(const struct session *s, const char *path, struct err *e) {
    const struct script *sc = &s->script;
    char manifest[1024];
    if (!sc->manifest[0])
        return file_write_new(path, sc->text, sc->len, e);
    if (!workspace_path(&s->ws, sc->manifest, manifest, sizeof manifest))
        return err_set(e, ERR_LIMIT, "the file name is too long");
    if (!file_write_new(manifest, sc->machines.manifest, strlen(sc->machines.manifest), e))
        return false;
    if (file_write_new(path, sc->text, sc->len, e))
        return true;
    unlink(manifest);
    return false;
}

bool session_write_script(struct session *s, struct err *e) {
    struct script *sc = &s->script;
    char path[1024];
    if (!s->confirmed)
        return err_set(e, ERR_REFUSED, "the load is not confirmed");
    if (!sc->ready)
        return err_set(e, ERR_REFUSED, "there is no new script to write");
    if (sc->written)
        return err_set(e, ERR_REFUSED, "%s is written already", sc->name);
    if (!workspace_path(&s->ws, sc->name, path, sizeof path))
        return err_set(e, ERR_LIMIT, "the file name is too long");
    bool in_workspace = !strchr(sc->name, '/');
    if (in_workspace && !still_free(s))
        return !name_is_taken(s, e);
    if (!write_files(s, path, e))
        return false;
    sc->written = true;
    s->dirty = true;
    return true;
}

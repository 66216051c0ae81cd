/* Opens, reads again and closes a workspace; what is shared by the files of this room. */
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/file.h"
#include "base/text.h"
#include "session/parts.h"
#include "session/together_parts.h"

/* --- parts that start anew --- */

void baseline_reset_result(struct baseline *b) {
    summary_fini(&b->result);
    findings_clear(&b->findings);
    b->source = BASELINE_UNKNOWN;
    b->stability = STABLE_UNKNOWN;
    b->file[0] = '\0';
    b->result_changed_s = -1;
    b->result_error = (struct err){0};
    b->given = false;
}

void baseline_reset(struct baseline *b) {
    baseline_reset_result(b);
    findings_fini(&b->findings);
    facts_fini(&b->facts);
    free(b->text);
    *b = (struct baseline){
        .chosen = -1, .stability = STABLE_UNKNOWN, .changed_s = -1, .result_changed_s = -1};
    summary_init(&b->result);
}

void script_reset(struct script *sc) {
    free(sc->text);
    edits_fini(&sc->edits);
    diff_fini(&sc->diff);
    code_spans_fini(&sc->old_colour);
    code_spans_fini(&sc->new_colour);
    findings_fini(&sc->findings);
    command_fini(&sc->command);
    distribution_fini(&sc->machines);
    *sc = (struct script){0};
}

void intake_reset(struct intake *in) {
    summary_fini(&in->run);
    free(in->text);
    gather_digests_fini(&in->files);
    *in = (struct intake){0};
    summary_init(&in->run);
}

void result_reset(struct result *r) {
    summary_fini(&r->run);
    judgement_fini(&r->judgement);
    gather_digests_fini(&r->files);
    r->there = r->has_profile = false;
    r->from[0] = r->pasted[0] = '\0';
    r->run_id = r->at_ms = 0;
}

void reopen_after_load(struct session *s) {
    s->confirmed = s->over_accepted = false;
    s->confirmed_by[0] = '\0';
    s->confirmed_ms = 0;
    s->confirmed_load = 0;
    script_reset(&s->script);
    result_reset(&s->result);
    session_watch_stop(s);
}

/* --- small helpers --- */

const struct tool *session_tool(const struct session *s) {
    return s->base.chosen >= 0 ? s->ws.baseline[s->base.chosen].tool : NULL;
}

/* FNV-1a, 64 bit: tells a changed text from the same one; nothing depends on it being secure. */
uint64_t bytes_hash(const char *bytes, size_t len) {
    uint64_t h = 0xcbf29ce484222325u;
    for (size_t i = 0; i < len; i++)
        h = (h ^ (unsigned char)bytes[i]) * 0x100000001b3u;
    return h ? h : 1;
}

char *show_time(int64_t at_ms, int64_t now_ms, bool seconds, char *out, size_t size) {
    time_t at = (time_t)(at_ms / 1000), now = (time_t)(now_ms / 1000);
    struct tm when, today;
    out[0] = '\0';
    if (!localtime_r(&at, &when) || !localtime_r(&now, &today))
        return out;
    bool same_day = when.tm_year == today.tm_year && when.tm_yday == today.tm_yday;
    const char *form[2][2] = {{"%Y-%m-%d %H:%M", "%Y-%m-%d %H:%M:%S"}, {"%H:%M", "%H:%M:%S"}};
    if (strftime(out, size, form[same_day][seconds], &when) == 0)
        out[0] = '\0';
    return out;
}

void add_part(char *out, size_t size, const char *fmt, ...) {
    size_t n = strlen(out);
    if (n && n + 2 < size) {
        memcpy(out + n, ", ", 3);
        n += 2;
    }
    va_list ap;
    va_start(ap, fmt);
    vsnprintf(out + n, size - n, fmt, ap);
    va_end(ap);
}

/* --- the store --- */

static void say_store(struct session *s, const struct err *e) {
    err_sentence(e, s->store_notice, sizeof s->store_notice);
}

struct history *store(struct session *s) {
    struct err e = {0};
    if (!s->history && !history_open(&s->history, s->ws.dir, true, &e)) {
        say_store(s, &e);
        return NULL;
    }
    if (!s->history || !history_read_only(s->history))
        return s->history;
    text_copy(s->store_notice, sizeof s->store_notice, history_notice(s->history));
    return NULL;
}

/* The store that is there already; a saved state is kept until the user takes it up. */
static void open_store(struct session *s) {
    struct err e = {0};
    if (!history_open(&s->history, s->ws.dir, false, &e) ||
        (s->history && !history_load_state(s->history, &s->saved, &s->saved_ms, s->saved_by, &e)))
        say_store(s, &e);
    else if (s->history)
        text_copy(s->store_notice, sizeof s->store_notice, history_notice(s->history));
}

/* --- open, read again, close --- */

void rules_reload(struct session *s) {
    s->rules_error = (struct err){0};
    if (!rules_load(&s->rules, s->ws.dir, &s->rules_error))
        s->rules = (struct rules){0};
}

bool session_open(struct session *s, const char *dir, int64_t now_ms, struct err *e) {
    *s = (struct session){.now_ms = now_ms, .probe = {.fd = -1, .pid = -1}};
    baseline_reset(&s->base);
    intake_reset(&s->intake);
    result_reset(&s->result);
    together_new(s);
    host_user(s->user, sizeof s->user);
    if (!workspace_scan(&s->ws, dir, e))
        return false;
    rules_reload(s);
    s->base.chosen = baseline_first_choice(&s->ws);
    baseline_load(s);
    open_store(s);
    session_update(s);
    return true;
}

void session_close(struct session *s) {
    probe_stop(&s->probe);
    session_watch_stop(s);
    session_read_cancel(s);
    together_free(s); /* before its store */
    history_close(s->history);
    s->history = NULL;
    free(s->saved);
    s->saved = NULL;
    intake_reset(&s->intake);
    result_reset(&s->result);
    script_reset(&s->script);
    findings_fini(&s->profile_notes);
    findings_fini(&s->generators_why);
    baseline_reset(&s->base);
    workspace_fini(&s->ws);
}

static int index_of(const struct workspace *w, const char *name) {
    for (size_t i = 0; i < w->baselines; i++)
        if (strcmp(w->baseline[i].name, name) == 0)
            return (int)i;
    return -1;
}

/* What the user gave or stated goes on to count after the workspace was read again. */
static void keep_given(struct session *s, struct baseline *old) {
    struct err e = {0};
    if (old->source == BASELINE_STATED) {
        session_state_baseline(s);
        return;
    }
    if (strcmp(old->file, "paste") == 0) {
        baseline_take(s, &old->result, "paste", -1);
        s->base.given = true;
        return;
    }
    if (!session_baseline_file(s, old->file, NULL, &e))
        s->base.result_error = e;
}

static bool same_text(const struct baseline *a, const struct baseline *b) {
    return a->text && b->text && a->len == b->len && memcmp(a->text, b->text, a->len) == 0;
}

static void take_baseline_again(struct session *s, struct baseline *old, const char *name) {
    bool same = old->chosen >= 0 && s->base.chosen >= 0 && strcmp(name, baseline_name(s)) == 0;
    baseline_load(s);
    if (same && old->given)
        keep_given(s, old);
    if (old->chosen < 0 || (same && same_text(old, &s->base)))
        return;
    if (s->confirmed_load)
        findings_add(&s->base.findings, FINDING_WARNING, "script-changed",
                     "%s has changed: confirm the load again.", name);
    reopen_after_load(s);
}

bool session_rescan(struct session *s, struct err *e) {
    struct workspace ws;
    if (!workspace_scan(&ws, s->ws.dir, e)) {
        workspace_fini(&ws);
        return false;
    }
    char name[NAME_MAX_BYTES];
    text_copy(name, sizeof name, baseline_name(s));
    workspace_fini(&s->ws);
    s->ws = ws;
    rules_reload(s);
    struct baseline old = s->base;
    s->base = (struct baseline){0};
    baseline_reset(&s->base);
    s->base.chosen = index_of(&s->ws, name);
    if (s->base.chosen < 0)
        s->base.chosen = baseline_first_choice(&s->ws);
    take_baseline_again(s, &old, name);
    baseline_reset(&old);
    if (s->host_seen)
        session_check_host(s);
    session_update(s);
    return true;
}

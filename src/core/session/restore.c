/* Takes up a saved state: files are read again and compared. A step whose ground has changed stays
 * open and a finding says so. Nothing in the saved text is trusted. */
#include <cjson/cJSON.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "base/text.h"
#include "base/unit.h"
#include "report/json.h"
#include "session/saved.h"
#include "session/together_parts.h"

/* --- members of the saved text, of any shape --- */

static const cJSON *member(const cJSON *from, const char *name) {
    return cJSON_IsObject(from) ? cJSON_GetObjectItemCaseSensitive(from, name) : NULL;
}

static void text_of(const cJSON *from, const char *name, char *out, size_t size) {
    const cJSON *it = member(from, name);
    out[0] = '\0';
    if (cJSON_IsString(it) && strlen(it->valuestring) < size)
        text_clean(it->valuestring, strlen(it->valuestring), TEXT_ONE_LINE, out, size);
}

/* A whole number from 0 to most; 0 when it is none. */
static int64_t whole_of(const cJSON *from, const char *name, double most) {
    const cJSON *it = member(from, name);
    if (!cJSON_IsNumber(it) || !(it->valuedouble >= 0 && it->valuedouble <= most))
        return 0;
    return (int64_t)it->valuedouble;
}

static bool same_hash(const cJSON *from, const char *name, uint64_t h) {
    char saved[HASH_TEXT_BYTES], now[HASH_TEXT_BYTES];
    text_of(from, name, saved, sizeof saved);
    return h != 0 && strcmp(saved, hash_text(h, now)) == 0;
}

static cJSON *parse_saved(const char *text, struct err *e) {
    cJSON *root = json_parse(text, e);
    if (root && whole_of(root, "format", 1000) != STATE_FORMAT) {
        err_set(e, ERR_FORMAT, "the saved state is of another version");
        cJSON_Delete(root);
        return NULL;
    }
    return root;
}

/* --- what it is --- */

static void describe(const struct session *s, const cJSON *root, char *what, size_t size) {
    char text[NAME_MAX_BYTES], time[32];
    const cJSON *fields = member(root, "fields");
    text_of(fields, field_def(FIELD_MODEL)->key, text, sizeof text);
    if (text[0])
        add_part(what, size, "%s", text);
    text_of(fields, field_def(FIELD_TARGET)->key, text, sizeof text);
    if (text[0])
        add_part(what, size, "%s RPS", text);
    if (member(root, "confirmed"))
        add_part(what, size, "load confirmed");
    text_of(member(root, "script"), "name", text, sizeof text);
    if (text[0])
        add_part(what, size, "%s written", text);
    int64_t run = whole_of(root, "run", 1e15);
    if (run > 0)
        add_part(what, size, "run %lld", (long long)run);
    text_of(member(root, "baseline"), "file", text, sizeof text);
    if (!what[0])
        add_part(what, size, "%s", text[0] ? text : "work");
    if (s->saved_by[0])
        add_part(what, size, "by %s", s->saved_by);
    add_part(what, size, "from %s", show_time(s->saved_ms, s->now_ms, false, time, sizeof time));
}

bool session_has_saved(const struct session *s, char *what, size_t size) {
    what[0] = '\0';
    cJSON *root = s->saved ? parse_saved(s->saved, NULL) : NULL;
    if (!root)
        return false;
    describe(s, root, what, size);
    cJSON_Delete(root);
    return true;
}

/* --- phase 0 --- */

static void note(struct session *s, const char *kind, const char *fmt, const char *name) {
    struct finding *f = findings_add(&s->base.findings, FINDING_WARNING, kind, "%s", "");
    snprintf(f->text, sizeof f->text, "%.250s %s", name, fmt);
}

static void restore_paste(struct session *s, const cJSON *from) {
    struct summary run;
    char *json = cJSON_PrintUnformatted(member(from, "summary"));
    if (!json)
        return;
    if (report_summary_read(json, &run, NULL)) {
        baseline_take(s, &run, "paste", -1);
        s->base.given = true;
    }
    summary_fini(&run);
    free(json);
}

/* What was found at the start is not read twice. */
static bool read_again(struct session *s, const char *file, struct err *e) {
    if (s->base.source == BASELINE_MEASURED && strcmp(s->base.file, file) == 0)
        return true;
    if (s->reading.job && s->reading.found && strcmp(s->reading.names, file) == 0)
        return session_read_end(s, e);
    return session_baseline_file(s, file, NULL, e);
}

static void restore_result_of_baseline(struct session *s, const cJSON *from) {
    char source[16], file[NAME_MAX_BYTES];
    struct err e = {0};
    text_of(from, "source", source, sizeof source);
    text_of(from, "result", file, sizeof file);
    if (strcmp(source, "stated") == 0)
        session_state_baseline(s);
    else if (strcmp(source, "measured") == 0 && strcmp(file, "paste") == 0)
        restore_paste(s, from);
    else if (strcmp(source, "measured") == 0 && file[0] && !read_again(s, file, &e))
        s->base.result_error = e;
}

/* true: the same script is there, with the same text. */
static bool restore_baseline(struct session *s, const cJSON *from, bool confirmed) {
    char file[NAME_MAX_BYTES];
    text_of(from, "file", file, sizeof file);
    for (size_t i = 0; i < s->ws.baselines && file[0]; i++)
        if (strcmp(s->ws.baseline[i].name, file) == 0)
            session_choose_baseline(s, (int)i, NULL);
    if (!file[0])
        return false;
    if (strcmp(baseline_name(s), file) != 0) {
        note(s, "baseline-gone", "is not there any more: start with the baseline script.", file);
        return false;
    }
    restore_result_of_baseline(s, from);
    if (s->base.text && same_hash(from, "hash", bytes_hash(s->base.text, s->base.len)))
        return true;
    if (confirmed)
        note(s, "script-changed", "has changed since: confirm the load again.", file);
    return false;
}

static void restore_fields(struct session *s, const cJSON *from) {
    for (int f = 0; f < FIELDS; f++)
        text_of(from, field_def((enum field)f)->key, s->form.field[f].typed, FIELD_TEXT_MAX);
    s->form.undos = 0;
    session_update(s);
}

/* --- phases 1 and 2 --- */

static bool restore_load(struct session *s, const cJSON *from) {
    if (!cJSON_IsObject(from) || !session_ready(s))
        return false;
    if (!same_hash(from, "load", load_hash(&s->profile))) {
        note(s, "load-changed", "is not the one that was confirmed: confirm it again.", "The load");
        return false;
    }
    s->confirmed = true;
    s->confirmed_load = load_hash(&s->profile);
    s->confirmed_ms = whole_of(from, "at_ms", 1e15);
    text_of(from, "by", s->confirmed_by, sizeof s->confirmed_by);
    s->over_accepted = cJSON_IsTrue(member(from, "over_accepted"));
    session_check_host(s);
    return true;
}

/* The file that was written, if it is still there. One that somebody changed since stays theirs. */
static bool restore_script(struct session *s, const cJSON *from) {
    char name[NAME_MAX_BYTES], stem[NAME_MAX_BYTES], path[1024];
    struct err e = {0};
    size_t len;
    text_of(from, "name", name, sizeof name);
    text_of(from, "stem", stem, sizeof stem);
    if (!name[0] || !stem[0] || !workspace_path(&s->ws, name, path, sizeof path))
        return false;
    char *text = file_read(path, SCRIPT_MAX_BYTES, &len, &e);
    if (!text) {
        note(s, "script-gone", "is not there any more: write it again.", name);
        return false;
    }
    if (script_prepare_as(s, stem, name, &e)) {
        s->script.written = s->script.seen = true;
        if (len != s->script.len || memcmp(text, s->script.text, len) != 0)
            note(s, "script-edited", "was changed after it was written.", name);
    }
    free(text);
    return s->script.written;
}

static void say_verdict_changed(struct session *s, const char *was) {
    const char *is = verdict_name(s->result.judgement.verdict);
    if (strcmp(was, is) == 0)
        return;
    findings_add(&s->base.findings, FINDING_WARNING, "verdict-changed",
                 "Run %lld was judged %.16s; with the limits of now it is %s.",
                 (long long)s->result.run_id, was, is);
}

/* Judged anew from its figures: the store's verdict is only compared. */
static void restore_run(struct session *s, int64_t id) {
    struct run r;
    struct summary run;
    summary_init(&run);
    if (id <= 0 || !s->history || !history_get(s->history, id, &r, NULL))
        return;
    if (r.check_json && report_check_read_summary(r.check_json, &run, NULL)) {
        result_take(s, &run, r.source, r.at_ms);
        s->result.run_id = id;
        say_verdict_changed(s, r.verdict);
        own_run_opened(s);
    }
    summary_fini(&run);
    run_fini(&r);
}

bool session_restore(struct session *s, struct err *e) {
    if (!s->saved)
        return err_set(e, ERR_MISSING, "nothing is saved");
    cJSON *root = parse_saved(s->saved, e);
    free(s->saved);
    s->saved = NULL;
    if (!root)
        return false;
    reopen_after_load(s);
    const cJSON *load = member(root, "confirmed");
    bool same = restore_baseline(s, member(root, "baseline"), cJSON_IsObject(load));
    restore_fields(s, member(root, "fields"));
    if (same && restore_load(s, load) && restore_script(s, member(root, "script")))
        restore_run(s, whole_of(root, "run", 1e15));
    int64_t open = whole_of(root, "open", 1e15);
    if (open > 0)
        session_run_open(s, open, NULL); /* one that is gone is not missed */
    text_of(root, "place", s->place, sizeof s->place);
    cJSON_Delete(root);
    s->dirty = false;
    return true;
}

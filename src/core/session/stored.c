#include "session/stored.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/buf.h"
#include "base/file.h"
#include "base/mem.h"
#include "base/text.h"
#include "base/unit.h"
#include "report/report.h"
#include "review/review.h"
#include "session/parts.h"

enum { RULES_MAX_BYTES = 4 << 20, SUMS_MAX_BYTES = 1 << 20 };

static const enum rules_doc judging[] = {DOC_VALIDATION, DOC_DIAGNOSIS};
enum { JUDGING = sizeof judging / sizeof *judging };

/* --- hashes --- */

static void add_doc(struct buf *to, const struct rules *r, enum rules_doc doc) {
    size_t len = 0;
    char *own = r->doc[doc].team ? file_read(r->doc[doc].path, RULES_MAX_BYTES, &len, NULL) : NULL;
    const char *text = own ? own : rules_builtin(doc, &len);
    buf_add(to, text, len);
    free(own);
}

void rules_digest(const struct rules *r, char out[DIGEST_BYTES]) {
    struct buf all;
    buf_init(&all, JUDGING * RULES_MAX_BYTES);
    for (int i = 0; i < JUDGING; i++)
        add_doc(&all, r, judging[i]);
    digest_of(all.data, all.len, out);
    buf_fini(&all);
}

bool rules_are_own(const struct rules *r) {
    bool own = false;
    for (int i = 0; i < JUDGING; i++)
        own = own || r->doc[judging[i]].team;
    return own;
}

void results_digest(const struct record_file *file, size_t n, char out[DIGEST_BYTES]) {
    struct buf sums;
    size_t results = 0;
    buf_init(&sums, SUMS_MAX_BYTES);
    out[0] = '\0';
    for (size_t i = 0; i < n; i++) {
        if (strcmp(file[i].kind, "result") != 0)
            continue;
        buf_printf(&sums, "%s  %s\n", file[i].sha256, file[i].name);
        if (results++ == 0)
            text_copy(out, DIGEST_BYTES, file[i].sha256);
    }
    if (results > 1)
        digest_of(sums.data, sums.len, out);
    buf_fini(&sums);
}

/* --- files --- */

/* In the workspace by its name there, else with its path. */
static const char *shown(const struct session *s, const char *path) {
    size_t n = strlen(s->ws.dir);
    if (strcmp(s->ws.dir, ".") == 0 && strncmp(path, "./", 2) == 0)
        return path + 2;
    return n && strncmp(path, s->ws.dir, n) == 0 && path[n] == '/' ? path + n + 1 : path;
}

static void add_file(struct record_file *to, size_t *n, const char *name, const char *kind,
                     const struct gather_digest *d) {
    if (*n == RECORD_FILES_MAX)
        return;
    struct record_file *f = &to[(*n)++];
    *f = (struct record_file){.bytes = d->bytes, .mtime_ms = d->mtime_ms};
    text_copy(f->name, sizeof f->name, name);
    text_copy(f->kind, sizeof f->kind, kind);
    text_copy(f->sha256, sizeof f->sha256, d->sha256);
}

static void add_path(const struct session *s, struct record_file *to, size_t *n, const char *path,
                     const char *kind) {
    struct gather_digests d;
    gather_digests(&path, 1, &d);
    if (d.n == 1)
        add_file(to, n, shown(s, path), kind, &d.item[0]);
    gather_digests_fini(&d);
}

static const struct rules *rules_of(const struct session *s, const struct storing *what) {
    return what->rules ? what->rules : &s->rules;
}

static size_t list_files(const struct session *s, const struct storing *what,
                         struct record_file *to) {
    char path[1024];
    size_t n = 0;
    for (size_t i = 0; i < what->files->n; i++)
        add_file(to, &n, shown(s, what->files->item[i].path), "result", &what->files->item[i]);
    if (s->script.written && workspace_path(&s->ws, s->script.name, path, sizeof path))
        add_path(s, to, &n, path, "script");
    for (int i = 0; i < JUDGING; i++)
        if (rules_of(s, what)->doc[judging[i]].team)
            add_path(s, to, &n, rules_of(s, what)->doc[judging[i]].path, "rules");
    return n;
}

/* --- the row --- */

static void fill_texts(const struct session *s, const struct storing *what, struct run *to) {
    struct host host = s->host;
    if (!s->host_seen)
        host_read(&host, "");
    const char *version = what->run->tool_version[0] ? what->run->tool_version : s->tool_version;
    text_copy(to->author, sizeof to->author, s->user);
    text_copy(to->confirmed_by, sizeof to->confirmed_by, s->confirmed ? s->confirmed_by : "");
    text_copy(to->host, sizeof to->host, host.name);
    text_copy(to->tool, sizeof to->tool, what->run->tool);
    text_copy(to->tool_version, sizeof to->tool_version, version);
    text_copy(to->model, sizeof to->model, model_name(what->judgement->model));
    text_copy(to->script, sizeof to->script, s->script.written ? s->script.name : "");
    text_copy(to->source, sizeof to->source, what->from);
    text_copy(to->verdict, sizeof to->verdict, verdict_name(what->judgement->verdict));
}

/* The script as it lies there now: it may have been changed by hand before it ran. */
static char *script_now(const struct session *s) {
    enum { KEPT_MAX_BYTES = 4 << 20 };
    char path[1024];
    size_t len;
    if (!s->script.written || !workspace_path(&s->ws, s->script.name, path, sizeof path))
        return NULL;
    return file_read(path, KEPT_MAX_BYTES, &len, NULL);
}

static void fill_hashes(const struct session *s, const struct storing *what,
                        const struct record_file *file, size_t files, struct run *to) {
    struct hashes *h = &to->hash;
    results_digest(file, files, h->results);
    if (!h->results[0])
        text_copy(h->results, sizeof h->results, what->pasted);
    if (!h->results[0]) { /* told by an address, or read from a pipe */
        char *summary = report_summary_json(what->run);
        digest_of(summary, strlen(summary), h->results);
        free(summary);
    }
    for (size_t i = 0; i < files; i++)
        if (strcmp(file[i].kind, "script") == 0)
            text_copy(h->script, sizeof h->script, file[i].sha256);
    rules_digest(rules_of(s, what), h->rules);
    review_limits_digest(what->judgement, h->limits);
    review_verdict_digest(what->judgement, h->verdict);
}

/* The load of the workflow with all that belongs to it, or one out of a file. */
static char *plan_of(const struct session *s, const struct storing *what) {
    static const char *const none[] = {NULL};
    const struct findings no_findings = {0};
    if (!what->profile)
        return NULL;
    if (s->confirmed && load_hash(what->profile) == load_hash(&s->profile))
        return session_plan_json(s, NULL);
    return report_plan_json(&(struct report_plan){.tool = what->run->tool,
                                                  .baseline = "",
                                                  .script = "",
                                                  .profile = what->profile,
                                                  .commands = none,
                                                  .places = none,
                                                  .manifest = "",
                                                  .result_bytes = NAN,
                                                  .written = none,
                                                  .findings = &no_findings});
}

void stored_fill(const struct session *s, const struct storing *what, struct run *out) {
    struct record_file *file = mem_new(RECORD_FILES_MAX, sizeof *file);
    size_t files = list_files(s, what, file);
    const char *sources[] = {what->from, NULL};
    *out = (struct run){
        .at_ms = what->at_ms,
        .author_uid = -1,
        .target_rps = what->profile ? what->profile->target_rps : what->target_rps,
        .rps = summary_value(what->run, METRIC_RPS),
        .p95_ms = summary_value(what->run, METRIC_P95_MS),
        .error_rate = summary_error_rate(what->run),
    };
    fill_texts(s, what, out);
    fill_hashes(s, what, file, files, out);
    out->check_json = report_check_json(what->run, what->judgement, sources, true);
    out->plan_json = plan_of(s, what);
    out->script_text = script_now(s);
    out->files_json = report_files_json(file, files);
    free(file);
}

/* Runs and notes are ordered by their numbers; a clock that is behind them is said. */
void store_say_clock(struct session *s) {
    char back[32];
    int64_t behind_ms = history_newest_ms(s->history) - s->now_ms;
    if (behind_ms > 60000)
        snprintf(s->store_notice, sizeof s->store_notice,
                 "The clock went back %s. Order is kept by number.",
                 unit_show_clock((double)behind_ms / 1000, back, sizeof back));
}

bool session_store(struct session *s, const struct storing *what, int64_t *id, struct err *e) {
    struct history *h = store(s);
    struct run run;
    *id = 0;
    if (!h)
        return err_set(e, ERR_IO, "%s", s->store_notice);
    store_say_clock(s);
    stored_fill(s, what, &run);
    bool was_there, ok = history_add_new(h, &run, &was_there, e);
    if (ok)
        *id = run.id;
    run_fini(&run);
    return ok;
}

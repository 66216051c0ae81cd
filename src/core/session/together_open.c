/* The run that is looked at: as it was judged, and what was said of it since. */
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/file.h"
#include "base/mem.h"
#include "base/text.h"
#include "session/parts.h"
#include "session/together_parts.h"

/* --- loading --- */

void record_judge(const struct session *s, const struct record *r, struct judgement *j) {
    struct check_input in;
    enum model model;
    session_check_input(s, &r->run, &in);
    in.profile = r->has_profile ? &r->profile : NULL;
    in.target_rps.value = r->has_profile ? r->profile.expected_rps : r->is.target_rps;
    if (model_parse(r->is.model, &model))
        in.model = model;
    check_run(&in, j);
}

bool record_load(struct session *s, int64_t id, struct record *out, struct err *e) {
    struct run row;
    record_init(out);
    if (!s->history)
        return err_set(e, ERR_USAGE, "there is no run %lld: nothing is stored here", (long long)id);
    if (!history_get(s->history, id, &row, e))
        return false;
    record_fini(out);
    bool ok = report_record_read(&row, out, e);
    run_fini(&row);
    if (ok && out->judged_anew) /* a run of an older store has figures alone */
        record_judge(s, out, &out->judgement);
    return ok;
}

/* --- what is there now --- */

/* The same size and time of change count as the same file. */
static void look_again(const struct session *s, struct record_file *f, bool *changed) {
    char path[1024];
    struct stat st;
    if (!workspace_path(&s->ws, f->name, path, sizeof path) || stat(path, &st) != 0)
        return;
    int64_t mtime_ms = (int64_t)st.st_mtim.tv_sec * 1000 + st.st_mtim.tv_nsec / 1000000;
    if (st.st_size == f->bytes && mtime_ms == f->mtime_ms)
        return;
    char was[DIGEST_BYTES];
    text_copy(was, sizeof was, f->sha256);
    if (digest_file(path, f->sha256, NULL))
        *changed = *changed || strcmp(was, f->sha256) != 0;
    else
        text_copy(f->sha256, sizeof f->sha256, was);
}

static bool of_kind(const struct record_file *f, const char *kind) {
    return strcmp(f->kind, kind) == 0;
}

void hashes_now(const struct session *s, const struct record *r, struct hashes *out) {
    struct record_file *file = mem_new(RECORD_FILES_MAX, sizeof *file);
    bool results = false, script = false, own_rules = false;
    *out = r->is.hash;
    memcpy(file, r->file, r->files * sizeof *file);
    for (size_t i = 0; i < r->files; i++) {
        own_rules = own_rules || of_kind(&file[i], "rules");
        if (of_kind(&file[i], "result"))
            look_again(s, &file[i], &results);
        else if (of_kind(&file[i], "script"))
            look_again(s, &file[i], &script);
        if (script && of_kind(&file[i], "script"))
            text_copy(out->script, sizeof out->script, file[i].sha256);
    }
    if (results)
        results_digest(file, r->files, out->results);
    if (r->is.hash.rules[0] && s->rules_error.kind == ERR_NONE &&
        (own_rules || rules_are_own(&s->rules)))
        rules_digest(&s->rules, out->rules);
    free(file);
}

/* --- what Results shows --- */

static void shown_fill(struct open_run *o) {
    struct result *r = &o->shown;
    result_reset(r);
    summary_fini(&r->run);
    summary_copy(&r->run, &o->record.run);
    judgement_copy(&r->judgement, &o->review.judgement);
    text_copy(r->from, sizeof r->from, o->record.is.source);
    r->run_id = o->record.is.id;
    r->at_ms = o->record.is.at_ms;
    r->has_profile = o->record.has_profile;
    r->profile = o->record.profile;
    r->there = true;
}

void open_drop(struct open_run *o) {
    if (o->there) {
        review_fini(&o->review);
        said_list_fini(&o->said);
        record_fini(&o->record);
    }
    result_reset(&o->shown);
    *o = (struct open_run){0};
    summary_init(&o->shown.run);
}

static bool open_said(struct session *s, struct open_run *o, struct err *e) {
    if (!said_list(s->history, o->record.is.id, &o->said, e))
        return false;
    hashes_now(s, &o->record, &o->now);
    review_make(&o->record, &o->said, &o->now, &o->review);
    shown_fill(o);
    return true;
}

bool open_load(struct session *s, int64_t id, struct open_run *out, struct err *e) {
    open_drop(out);
    bool ok = record_load(s, id, &out->record, e);
    if (ok && !open_said(s, out, e)) {
        said_list_fini(&out->said);
        ok = false;
    }
    if (!ok) {
        record_fini(&out->record);
        open_drop(out);
    }
    out->there = ok;
    return ok;
}

/* --- the ledger --- */

/* The last approved run of this type before it. That its rules have changed since is no matter. */
static const struct run_row *signed_before(const struct session *s, const struct run *is) {
    const struct together *t = s->together;
    for (size_t i = 0; i < t->rows; i++) {
        const struct run *r = &t->row[i].is;
        const struct said_count *c = count_of(t->count, t->rows, r->id);
        if (r->id < is->id && strcmp(r->model, is->model) == 0 && c && c->vote == SAID_APPROVE)
            return &t->row[i];
    }
    return NULL;
}

static void make_ledger(struct session *s, struct open_run *o) {
    struct err e;
    struct record was;
    const struct run_row *row = signed_before(s, &o->record.is);
    o->ledgers = 0;
    o->ledger_run = 0;
    if (!row)
        return;
    if (record_load(s, row->is.id, &was, &e)) {
        o->ledgers = review_ledger(&o->record, &was, o->ledger);
        o->ledger_run = row->is.id;
    }
    record_fini(&was);
}

/* --- the promises --- */

bool session_run_open(struct session *s, int64_t id, struct err *e) {
    struct together *t = s->together;
    struct open_run *o = mem_new(1, sizeof *o);
    summary_init(&o->shown.run);
    bool ok = open_load(s, id, o, e);
    if (ok) {
        open_drop(&t->open);
        t->open = *o;
        t->own = s->result.there && s->result.run_id == id;
        make_ledger(s, &t->open);
    } else {
        result_reset(&o->shown);
    }
    free(o);
    return ok;
}

void own_run_opened(struct session *s) {
    struct err e = {0};
    session_runs_read(s, NULL);
    if (!session_run_open(s, s->result.run_id, &e))
        open_drop(&s->together->open);
}

void session_run_close(struct session *s) {
    open_drop(&s->together->open);
    s->together->own = false;
    if (s->result.there && s->result.run_id > 0)
        own_run_opened(s);
}

/* A run of the workflow is not looked at any more when its load was changed. */
static const struct open_run *is_open(const struct session *s) {
    const struct together *t = s->together;
    if (!t || !t->open.there)
        return NULL;
    bool own_there = s->confirmed && s->result.there && s->result.run_id == t->open.record.is.id;
    bool gone = t->own && !own_there;
    return gone ? NULL : &t->open;
}

const struct result *session_result(const struct session *s) {
    const struct open_run *o = is_open(s);
    return o ? &o->shown : &s->result;
}

const struct record *session_record(const struct session *s) {
    const struct open_run *o = is_open(s);
    return o ? &o->record : NULL;
}

const struct review *session_review(const struct session *s) {
    const struct open_run *o = is_open(s);
    return o ? &o->review : NULL;
}

size_t session_ledger(const struct session *s, const struct ledger_row **rows,
                      const struct run_row **since) {
    const struct open_run *o = is_open(s);
    *rows = o ? o->ledger : NULL;
    *since = o && o->ledger_run ? session_run_row(s, o->ledger_run) : NULL;
    return o ? o->ledgers : 0;
}

void open_refresh(struct session *s, bool all) {
    struct together *t = s->together;
    struct err e;
    if (!t->open.there)
        return;
    int64_t id = t->open.record.is.id;
    bool own = t->own;
    if (all) {
        session_run_open(s, id, &e);
        t->own = own;
        return;
    }
    review_fini(&t->open.review);
    said_list_fini(&t->open.said);
    if (!open_said(s, &t->open, &e))
        session_run_open(s, id, &e);
}

/* `show --json`: the object of `check`, whose run it was, and what was said of it. */
#include <math.h>
#include <string.h>

#include "report/check_json.h"
#include "report/json.h"
#include "report/report.h"
#include "report/stored_json.h"

/* --- the run ---------------------------------------------------------------------------------- */

static cJSON *run_check(const struct report_doc *d) {
    const struct record *r = d->record;
    const char *sources[RECORD_FILES_MAX + 1] = {NULL};
    size_t n = 0;
    for (size_t i = 0; i < r->files; i++)
        if (strcmp(r->file[i].kind, "result") == 0)
            sources[n++] = r->file[i].name;
    if (n == 0 && r->is.source[0])
        sources[n++] = r->is.source;
    return check_object(&r->run, &d->review->judgement, sources, false);
}

static void add_run(cJSON *to, const struct run *r) {
    json_number(to, "id", (double)r->id);
    json_moment(to, "at", r->at_ms);
    json_text(to, "author", r->author);
    json_number(to, "author_uid", r->author_uid >= 0 ? (double)r->author_uid : NAN);
    cJSON_AddBoolToObject(to, "author_proven", r->author_proven);
    json_text(to, "confirmed_by", r->confirmed_by);
    json_text(to, "host", r->host);
    json_text(to, "script", r->script);
    if (r->tool_version[0])
        cJSON_ReplaceItemInObjectCaseSensitive(to, "tool_version", json_text_new(r->tool_version));
}

static void add_limits(cJSON *to, const struct judgement *j) {
    cJSON *list = cJSON_AddArrayToObject(to, "limits");
    for (size_t i = 0; i < j->checks; i++) {
        const struct check *c = &j->check[i];
        if (isnan(c->limit))
            continue;
        cJSON *o = cJSON_CreateObject();
        json_text(o, "metric", c->metric);
        json_number(o, "limit", c->limit);
        json_string(o, "op", op_text(c->op));
        json_string(o, "unit", c->unit);
        json_text(o, "from", c->limit_from);
        cJSON_AddItemToArray(list, o);
    }
}

static void add_hashes(cJSON *to, const struct hashes *h) {
    cJSON *o = cJSON_AddObjectToObject(to, "hashes");
    for (int s = 0; s < SEALEDS; s++)
        json_text(o, sealed_name((enum sealed)s), sealed_of(h, (enum sealed)s));
}

static void add_files(cJSON *to, const struct record *r) {
    cJSON *list = cJSON_AddArrayToObject(to, "files");
    for (size_t i = 0; i < r->files; i++) {
        const struct record_file *f = &r->file[i];
        cJSON *o = cJSON_CreateObject();
        json_text(o, "name", f->name);
        json_text(o, "kind", f->kind);
        json_number(o, "bytes", (double)f->bytes);
        json_text(o, "sha256", f->sha256);
        cJSON_AddItemToArray(list, o);
    }
}

/* --- what was said of it ---------------------------------------------------------------------- */

static cJSON *said_object(const struct said *s) {
    cJSON *o = cJSON_CreateObject();
    json_number(o, "id", s->id);
    json_string(o, "by", s->by);
    json_number(o, "uid", (double)s->uid);
    json_moment(o, "at", s->at_ms);
    return o;
}

static void add_notes(cJSON *to, const struct review *v) {
    cJSON *list = cJSON_AddArrayToObject(to, "notes");
    for (size_t i = 0; i < v->notes; i++) {
        const struct note *n = &v->note[i];
        cJSON *o = said_object(n->said);
        json_string(o, "on", n->said->on[0] ? n->said->on : "run");
        json_string(o, "text", n->said->text);
        json_string(o, "state", note_state_name(n->state));
        json_text(o, "settled_by", n->settled ? n->settled->by : "");
        json_text(o, "settled_why", n->settled ? n->settled->text : "");
        json_number(o, "reply_to", n->said->reply_to > 0 ? (double)n->said->reply_to : NAN);
        cJSON_AddBoolToObject(o, "proven", n->said->proven);
        cJSON_AddItemToArray(list, o);
    }
}

static void add_signatures(cJSON *to, const struct review *v) {
    cJSON *list = cJSON_AddArrayToObject(to, "signatures");
    for (size_t i = 0; i < v->votes; i++) {
        const struct vote *vote = &v->vote[i];
        cJSON *o = said_object(vote->said);
        json_string(o, "vote", said_kind_name(vote->said->kind));
        json_text(o, "text", vote->said->text);
        cJSON_AddBoolToObject(o, "valid", vote->valid);
        cJSON_AddBoolToObject(o, "outdated", vote->outdated);
        cJSON_AddBoolToObject(o, "proven", vote->said->proven);
        json_text(o, "why_not", vote->why);
        cJSON_AddItemToArray(list, o);
    }
}

static void add_waivers(cJSON *to, const struct review *v) {
    cJSON *list = cJSON_AddArrayToObject(to, "waivers");
    for (size_t i = 0; i < v->waivers; i++) {
        const struct waiver *w = &v->waiver[i];
        cJSON *o = said_object(w->said);
        json_text(o, "metric", w->said->on);
        json_text(o, "reason", w->said->text);
        cJSON_AddBoolToObject(o, "valid", w->valid);
        cJSON_AddBoolToObject(o, "proven", w->said->proven);
        json_text(o, "why_not", w->why);
        cJSON_AddItemToArray(list, o);
    }
}

static void add_review(cJSON *to, const struct review *v) {
    add_notes(to, v);
    add_signatures(to, v);
    add_waivers(to, v);
    json_string(to, "review", review_state_name(v->state));
    json_number(to, "open_notes", v->open_notes);
    json_number(to, "approvals", v->approvals);
    json_number(to, "approvals_needed", v->needed);
    json_number(to, "statements_missing", v->missing);
    json_text(to, "author_why", v->author_why);
    cJSON_AddBoolToObject(to, "pinned", v->pinned);
    json_text(to, "pinned_by", v->pinned_by);
}

/* null: no signed run is known to compare with. */
static void add_ledger(cJSON *to, const struct report_doc *d) {
    if (d->ledger_run <= 0) {
        cJSON_AddNullToObject(to, "ledger");
        return;
    }
    cJSON *o = cJSON_AddObjectToObject(to, "ledger");
    json_number(o, "since", (double)d->ledger_run);
    json_text(o, "signed_by", d->ledger_by);
    cJSON *list = cJSON_AddArrayToObject(o, "rows");
    for (size_t i = 0; i < d->ledgers; i++) {
        cJSON *row = cJSON_CreateObject();
        json_string(row, "what", d->ledger[i].what);
        json_string(row, "was", d->ledger[i].was);
        json_string(row, "is", d->ledger[i].is);
        cJSON_AddBoolToObject(row, "loosened", d->ledger[i].loosened);
        cJSON_AddItemToArray(list, row);
    }
}

char *report_show_json(const struct report_doc *d) {
    const struct record *r = d->record;
    cJSON *o = run_check(d);
    add_run(o, &r->is);
    cJSON_AddItemToObject(o, "plan", json_stored(r->is.plan_json));
    add_limits(o, &d->review->judgement);
    add_hashes(o, &d->review->now);
    add_files(o, r);
    add_review(o, d->review);
    add_ledger(o, d);
    return json_print(o);
}

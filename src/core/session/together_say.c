/* What this user says of the open run. */
#include <cjson/cJSON.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/text.h"
#include "base/unit.h"
#include "report/json.h"
#include "session/parts.h"
#include "session/together_parts.h"

/* What each kind needs. */
static const struct {
    bool text, seal;
    const char *what; /* "a note has no text" */
} needs[SAID_KINDS] = {
    [SAID_NOTE] = {true, false, "a note"},
    [SAID_REQUEST_CHANGES] = {true, true, "a request for changes"},
    [SAID_APPROVE] = {false, true, NULL},
    [SAID_WAIVE] = {true, true, "a waiver"},
};

static bool may_say(struct session *s, struct err *e) {
    if (!s->together->open.there)
        return err_set(e, ERR_USAGE, "no stored run is open");
    const char *silent = session_why_silent(s);
    return !silent[0] || err_set(e, ERR_REFUSED, "%.300s", silent);
}

static bool is_blank(const char *text) { return text[strspn(text, " \t\r\n")] == '\0'; }

static bool text_is_right(const struct saying *w, struct err *e) {
    const char *text = w->text ? w->text : "";
    bool needed = needs[w->kind].text || (w->kind == SAID_SETTLE && w->state == NOTE_WAIVED);
    if (strlen(text) >= SAID_TEXT_BYTES)
        return err_set(e, ERR_LIMIT, "the text has %zu bytes, more than the %d that are kept",
                       strlen(text), SAID_TEXT_BYTES - 1);
    if (!needed || !is_blank(text))
        return true;
    err_set(e, ERR_USAGE, "%s needs a reason in words",
            needs[w->kind].what ? needs[w->kind].what : "a waived note");
    return err_fix(e, "say it in one sentence");
}

static const struct note *note_of(const struct review *v, int id) {
    for (size_t i = 0; i < v->notes; i++)
        if (v->note[i].said->id == id)
            return &v->note[i];
    return NULL;
}

static bool reply_is_right(const struct open_run *o, const struct saying *w, struct err *e) {
    if ((w->kind != SAID_SETTLE && !w->reply_to) || note_of(&o->review, w->reply_to))
        return true;
    return err_set(e, ERR_USAGE, "run %lld has no note %d", (long long)o->record.is.id,
                   w->reply_to);
}

/* A copy shows whether the check can be waived at all. */
static bool waiver_is_right(const struct open_run *o, const char *metric, struct err *e) {
    const struct check *c = judgement_find(&o->review.judgement, metric);
    if (!c)
        return err_set(e, ERR_USAGE, "run %lld has no check \"%.80s\"", (long long)o->record.is.id,
                       metric);
    if (c->status == VERDICT_PASS)
        return err_set(e, ERR_REFUSED, "%.80s is within its limit: there is nothing to waive",
                       metric);
    struct judgement copy;
    judgement_copy(&copy, &o->record.judgement);
    bool ok = judgement_waive(&copy, metric, "x", "x");
    judgement_fini(&copy);
    return ok || err_set(e, ERR_REFUSED, "%.80s cannot be waived", metric);
}

static bool place_is_right(const struct open_run *o, const struct saying *w, struct said *to,
                           struct err *e) {
    const char *on = w->on ? w->on : "";
    struct place place;
    if (w->kind == SAID_WAIVE) {
        text_copy(to->on, sizeof to->on, on);
        return waiver_is_right(o, on, e);
    }
    if (!place_parse(on, &o->record, &place, e))
        return false;
    place_text(&place, to->on);
    return true;
}

static bool pin_is_right(const struct open_run *o, struct err *e) {
    if (o->review.state == REVIEW_APPROVED)
        return true;
    err_set(e, ERR_REFUSED, "only a signed run can be the reference: run %lld is not approved",
            (long long)o->record.is.id);
    return err_fix(e, "let somebody else approve it first");
}

static bool vote_stands(const struct open_run *o, int64_t uid) {
    for (size_t i = 0; i < o->review.votes; i++)
        if (o->review.vote[i].said->uid == uid && o->review.vote[i].said->kind != SAID_WITHDRAW)
            return true;
    return false;
}

static bool is_right(struct session *s, const struct saying *w, struct said *to, struct err *e) {
    const struct open_run *o = &s->together->open;
    if (!may_say(s, e) || !text_is_right(w, e) || !reply_is_right(o, w, e) ||
        !place_is_right(o, w, to, e))
        return false;
    if (w->kind == SAID_PIN)
        return pin_is_right(o, e);
    if (w->kind == SAID_WITHDRAW && !vote_stands(o, s->together->uid))
        return err_set(e, ERR_REFUSED, "there is no vote of yours on run %lld",
                       (long long)o->record.is.id);
    return true;
}

bool session_say(struct session *s, const struct saying *what, struct err *e) {
    struct open_run *o = &s->together->open;
    struct said *said = mem_new(1, sizeof *said);
    bool ok = is_right(s, what, said, e);
    if (ok) {
        *said = (struct said){.run = o->record.is.id,
                              .kind = what->kind,
                              .at_ms = s->now_ms,
                              .reply_to = what->reply_to,
                              .state = what->state};
        if (needs[what->kind].seal)
            said->seal = o->review.now;
        place_is_right(o, what, said, NULL);
        text_copy(said->text, sizeof said->text, what->text ? what->text : "");
        store_say_clock(s);
        ok = said_add(s->history, said, e);
    }
    if (ok) {
        open_refresh(s, false);
        session_runs_read(s, NULL);
    }
    free(said);
    return ok;
}

/* --- the draft --- */

void session_draft_save(struct session *s, int64_t run, const char *on, const char *text) {
    struct err e = {0};
    if (!s->history || history_read_only(s->history))
        return;
    if (!text || !text[0]) {
        draft_save(s->history, NULL, &e);
        return;
    }
    cJSON *o = cJSON_CreateObject();
    cJSON_AddNumberToObject(o, "run", (double)run);
    cJSON_AddStringToObject(o, "on", on);
    cJSON_AddStringToObject(o, "text", text);
    char *json = json_print(o);
    if (!draft_save(s->history, json, &e))
        err_sentence(&e, s->store_notice, sizeof s->store_notice);
    free(json);
}

bool session_draft(const struct session *s, int64_t *run, char *on, char *text) {
    double number;
    char *json = s->history ? draft_load(s->history) : NULL;
    cJSON *o = json ? json_parse(json, NULL) : NULL;
    bool ok = o && json_get_number(o, "run", &number, NULL) && number > 0 && number < 1e15 &&
              json_get_text(o, "on", on, SAID_ON_BYTES, NULL) &&
              json_get_text(o, "text", text, SAID_TEXT_BYTES, NULL);
    if (ok)
        *run = (int64_t)number;
    cJSON_Delete(o);
    free(json);
    return ok;
}

/* --- judged again --- */

static bool may_judge(const struct session *s, struct err *e) {
    const struct together *t = s->together;
    if (!t->open.there)
        return err_set(e, ERR_USAGE, "no stored run is open");
    const char *silent = session_why_silent(s);
    if (silent[0])
        return err_set(e, ERR_REFUSED, "%.300s", silent);
    if (t->open.record.is.author_uid != t->uid)
        return err_set(e, ERR_REFUSED, "only %.60s, who judged run %lld, judges it again",
                       t->open.record.is.author, (long long)t->open.record.is.id);
    if (s->rules_error.kind != ERR_NONE) {
        if (e)
            *e = s->rules_error;
        return false;
    }
    return true;
}

bool session_judge_again(struct session *s, struct err *e) {
    if (!may_judge(s, e))
        return false;
    struct record *r = &s->together->open.record;
    struct judgement *j = mem_new(1, sizeof *j);
    record_judge(s, r, j);
    struct run row = r->is;
    const char *sources[] = {row.source, NULL};
    row.check_json = report_check_json(&r->run, j, sources, true);
    text_copy(row.verdict, sizeof row.verdict, verdict_name(j->verdict));
    rules_digest(&s->rules, row.hash.rules);
    review_limits_digest(j, row.hash.limits);
    review_verdict_digest(j, row.hash.verdict);
    bool ok = history_replace(s->history, &row, e);
    free(row.check_json);
    judgement_fini(j);
    free(j);
    if (ok) {
        session_runs_read(s, NULL);
        open_refresh(s, true);
    }
    return ok;
}

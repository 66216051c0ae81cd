/* perfscale note, settle, approve, request-changes, withdraw, waive, pin: what a person says of a
 * stored run. */
#include <errno.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/text.h"
#include "ui/plain/plain.h"
#include "ui/plain/print.h"
#include "ui/plain/said_print.h"
#include "ui/plain/stored.h"

struct said_words {
    const char *dir, *text, *on, *reply, *state;
    bool json;
};

#define TO(name, argument, help, member)                                                           \
    { name, argument, help, offsetof(struct said_words, member), NULL }
#define SHARED                                                                                     \
    TO("--dir", "DIR", "the workspace; default: this directory", dir),                             \
        TO("--json", NULL, "what stands now, as one JSON object", json)
#define TEXT(help) TO("--text", "TEXT", help "; - reads it from standard input", text)

static const struct option note_options[] = {
    TEXT("the note"),
    TO("--on", "PLACE", "what it is about; default: the run", on),
    TO("--reply", "N", "an answer to this note", reply),
    SHARED,
    {0},
};
static const struct option settle_options[] = {
    TO("--state", "agreed|disputed|waived|open", "what became of the note", state),
    TEXT("why; waived needs it"),
    SHARED,
    {0},
};
static const struct option vote_options[] = {TEXT("what goes with it"), SHARED, {0}};
static const struct option reason_options[] = {TEXT("the reason, which is needed"), SHARED, {0}};
static const struct option plain_options[] = {SHARED, {0}};

/* --- the text --- */

static bool read_input(char text[SAID_TEXT_BYTES], struct err *e) {
    size_t len = fread(text, 1, SAID_TEXT_BYTES - 1, stdin);
    text[len] = '\0';
    if (ferror(stdin))
        return err_set(e, ERR_IO, "standard input: %s", strerror(errno));
    if (getchar() != EOF)
        return err_set(e, ERR_LIMIT, "--text: standard input holds more than %d bytes",
                       SAID_TEXT_BYTES - 1);
    if (strlen(text) != len)
        return err_set(e, ERR_FORMAT, "--text: standard input is no text: it has a NUL in it");
    while (len && strchr(" \t\r\n", text[len - 1]))
        text[--len] = '\0';
    return true;
}

static bool take_text(const struct said_words *w, bool needed, char text[SAID_TEXT_BYTES],
                      struct err *e) {
    text[0] = '\0';
    if (w->text && strcmp(w->text, "-") == 0) {
        if (!read_input(text, e))
            return false;
    } else if (w->text && !text_copy(text, SAID_TEXT_BYTES, w->text)) {
        return err_set(e, ERR_LIMIT, "--text holds more than %d bytes", SAID_TEXT_BYTES - 1);
    }
    if (!needed || text[0])
        return true;
    err_set(e, ERR_USAGE, "there is no text");
    return err_fix(e, "add --text \"...\", or --text - to read it from standard input");
}

/* --- what may be said --- */

static bool take_number(const char *name, const char *word, int *out, struct err *e) {
    double n = 0;
    if (!option_count(name, word, &n, e))
        return false;
    if (n > SAID_MOST)
        return err_set(e, ERR_USAGE, "%s: there is no note %.20s", name, word);
    *out = (int)n;
    return true;
}

static bool take_state(const struct said_words *w, enum note_state *out, struct err *e) {
    if (w->state && note_state_parse(w->state, out))
        return true;
    if (w->state)
        err_set(e, ERR_USAGE, "--state: \"%.40s\" is no state of a note", w->state);
    else
        err_set(e, ERR_USAGE, "--state is missing");
    return err_fix(e, "write %s", settle_options[0].argument);
}

static bool has_vote(const struct session *s, struct err *e) {
    const struct review *v = session_review(s);
    int64_t uid;
    const char *me = session_me(s, &uid);
    for (size_t i = 0; i < v->votes; i++)
        if (v->vote[i].said->uid == uid && v->vote[i].said->kind != SAID_WITHDRAW)
            return true;
    return err_set(e, ERR_REFUSED, "%s has no vote on run %lld", me,
                   (long long)session_record(s)->is.id);
}

static bool is_approved(const struct session *s, struct err *e) {
    if (session_review(s)->state == REVIEW_APPROVED)
        return true;
    char state[320];
    err_set(e, ERR_REFUSED, "run %lld is not approved: %s", (long long)session_record(s)->is.id,
            stored_review(session_review(s), state, sizeof state));
    return err_fix(e, "only an approved run can be the reference");
}

static bool is_allowed(const struct session *s, enum said_kind kind, struct err *e) {
    const char *why = session_why_silent(s);
    if (why[0])
        return err_set(e, ERR_REFUSED, "%s", why);
    return (kind != SAID_WITHDRAW || has_vote(s, e)) && (kind != SAID_PIN || is_approved(s, e));
}

/* --- the verbs --- */

struct saying_verb {
    const struct verb *verb;
    enum said_kind kind;
    int least; /* operands */
    bool needs_text;
};

static bool fill(const struct saying_verb *v, const struct said_words *w,
                 const struct operands *ops, struct saying *out, struct err *e) {
    *out = (struct saying){.kind = v->kind, .on = w->on};
    if (v->kind == SAID_WAIVE)
        out->on = ops->item[1];
    if (v->kind == SAID_SETTLE)
        return take_number("NOTE", ops->item[1], &out->reply_to, e) &&
               take_state(w, &out->state, e);
    return take_number("--reply", w->reply, &out->reply_to, e);
}

static bool say(const struct saying_verb *v, int argc, char **argv, int *status, struct err *e) {
    struct said_words w = {0};
    struct operands ops;
    struct saying what;
    struct session s;
    char text[SAID_TEXT_BYTES];
    *status = 0;
    if (!options_read(v->verb, argc, argv, &w, &ops, e) ||
        !stored_operands(v->verb, &ops, v->least, e) || !fill(v, &w, &ops, &what, e) ||
        !take_text(&w, v->needs_text || what.state == NOTE_WAIVED, text, e))
        return false;
    what.text = text;
    char before[sizeof s.store_notice] = "";
    bool ok = stored_run(&s, w.dir, ops.item[0], e) && is_allowed(&s, what.kind, e);
    text_copy(before, sizeof before, ok ? s.store_notice : "");
    ok = ok && session_say(&s, &what, e);
    if (ok) {
        stored_say_news(&s, before);
        said_print(&s, &what, w.json);
    }
    session_close(&s);
    return ok;
}

#define SAYING(name, kind, least, needs_text)                                                      \
    static bool run_##name(int argc, char **argv, int *status, struct err *e) {                    \
        static const struct saying_verb v = {&verb_##name, kind, least, needs_text};               \
        return say(&v, argc, argv, status, e);                                                     \
    }

SAYING(note, SAID_NOTE, 1, true)
SAYING(settle, SAID_SETTLE, 2, false)
SAYING(approve, SAID_APPROVE, 1, false)
SAYING(request_changes, SAID_REQUEST_CHANGES, 1, true)
SAYING(withdraw, SAID_WITHDRAW, 1, false)
SAYING(waive, SAID_WAIVE, 2, true)
SAYING(pin, SAID_PIN, 1, false)

const struct verb verb_note = {
    .name = "note",
    .operands = "ID",
    .most = 1,
    .help = "writes a note on a run, under the name of your account",
    .more = "\nA PLACE is run, a metric of the checks (p95, \"p95:POST /orders\"), "
            "\"endpoint:POST /orders\", step:3,\nmemory, latency, errors, throughput, limits, or a "
            "time: 14:02:10-14:05:00, 14:02:10, 95s-2m.\nNotes of others are never changed; "
            "--reply answers one, settle closes it.\n",
    .options = note_options,
    .run = run_note,
};
const struct verb verb_settle = {
    .name = "settle",
    .operands = "ID NOTE",
    .most = 2,
    .help = "says what became of a note: agreed, disputed, waived or open again",
    .options = settle_options,
    .run = run_settle,
};
const struct verb verb_approve = {
    .name = "approve",
    .operands = "ID",
    .most = 1,
    .help = "signs a run: the evidence supports its verdict",
    .more =
        "\nIt binds results, script, limits, rules and verdict by their hashes: when one of them "
        "changes it is\noutdated, and says so. The own approval of who ran it or confirmed its "
        "load is kept and does not count.\n",
    .options = vote_options,
    .run = run_approve,
};
const struct verb verb_request_changes = {
    .name = "request-changes",
    .operands = "ID",
    .most = 1,
    .help = "asks for changes: the run is not approved as long as this stands",
    .options = reason_options,
    .run = run_request_changes,
};
const struct verb verb_withdraw = {
    .name = "withdraw",
    .operands = "ID",
    .most = 1,
    .help = "takes the own vote on a run back",
    .options = vote_options,
    .run = run_withdraw,
};
const struct verb verb_waive = {
    .name = "waive",
    .operands = "ID METRIC",
    .most = 2,
    .help = "waives a check that did not pass, with a reason",
    .more =
        "\nA METRIC is one of show ID: p95, error_rate, rps, \"p95:POST /orders\". The check keeps "
        "its status. The\nverdict becomes that of the other checks, and names the waiver.\n",
    .options = reason_options,
    .run = run_waive,
};
const struct verb verb_pin = {
    .name = "pin",
    .operands = "ID",
    .most = 1,
    .help = "makes an approved run the reference of its test type",
    .options = plain_options,
    .run = run_pin,
};

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "history/fields.h"
#include "history/said_parts.h"

_Static_assert(sizeof(enum said_kind) == sizeof(int), "a kind is kept as an int");
_Static_assert(sizeof(enum note_state) == sizeof(int), "a state is kept as an int");

/* --- words ------------------------------------------------------------------------------------ */

static const char *const kinds[SAID_KINDS] = {
    [SAID_NOTE] = "note",         [SAID_SETTLE] = "settle",
    [SAID_APPROVE] = "approve",   [SAID_REQUEST_CHANGES] = "request_changes",
    [SAID_WITHDRAW] = "withdraw", [SAID_WAIVE] = "waive",
    [SAID_PIN] = "pin",
};
static const char *const states[NOTE_STATES] = {
    [NOTE_OPEN] = "open",
    [NOTE_AGREED] = "agreed",
    [NOTE_DISPUTED] = "disputed",
    [NOTE_WAIVED] = "waived",
};

static bool parse_word(const char *const *words, int n, const char *word, int *out) {
    for (int i = 0; i < n; i++)
        if (strcmp(words[i], word) == 0) {
            *out = i;
            return true;
        }
    return false;
}

const char *said_kind_name(enum said_kind k) { return kinds[k]; }

bool said_kind_parse(const char *word, enum said_kind *k) {
    int found;
    if (!parse_word(kinds, SAID_KINDS, word, &found))
        return false;
    *k = (enum said_kind)found;
    return true;
}

const char *note_state_name(enum note_state s) { return states[s]; }

bool note_state_parse(const char *word, enum note_state *s) {
    int found;
    if (!parse_word(states, NOTE_STATES, word, &found))
        return false;
    *s = (enum note_state)found;
    return true;
}

void hashes_seal(const struct hashes *of, char out[DIGEST_BYTES]) {
    char all[5 * DIGEST_BYTES + 1];
    int n = snprintf(all, sizeof all, "%s\n%s\n%s\n%s\n%s\n", of->results, of->script, of->rules,
                     of->limits, of->verdict);
    digest_of(all, (size_t)n, out);
}

/* --- names ------------------------------------------------------------------------------------ */

static bool is_sealed(enum said_kind k) {
    return k == SAID_APPROVE || k == SAID_REQUEST_CHANGES || k == SAID_WITHDRAW || k == SAID_WAIVE;
}

int said_tail_settles(const char *tail, enum note_state *state) {
    const char *dash = strchr(tail, '-');
    int64_t note;
    if (!dash || !fields_number(tail, (size_t)(dash - tail), &note) || note < 1 ||
        note > SAID_MOST || !note_state_parse(dash + 1, state))
        return 0;
    return (int)note;
}

int said_tail_replies(const char *tail) {
    int64_t note;
    bool ok = fields_number(tail, strlen(tail), &note) && note >= 1 && note <= SAID_MOST;
    return ok ? (int)note : 0;
}

static bool tail_fits(enum said_kind k, const char *tail) {
    enum note_state state;
    if (is_sealed(k))
        return strlen(tail) == SAID_SEAL_SHOWN &&
               strspn(tail, "0123456789abcdef") == SAID_SEAL_SHOWN;
    if (k == SAID_SETTLE)
        return said_tail_settles(tail, &state) > 0;
    return tail[0] == '\0' || (k == SAID_NOTE && said_tail_replies(tail) > 0);
}

/* The next part of a name, up to a point or the end; *name moves behind it. */
static bool next_part(const char **name, char *out, size_t size) {
    size_t len = strcspn(*name, ".");
    if (len == 0 || len >= size)
        return false;
    memcpy(out, *name, len);
    out[len] = '\0';
    *name += len;
    if (**name == '.')
        return *++*name != '\0';
    return true;
}

static bool next_number(const char **name, int64_t least, int64_t most, int64_t *out) {
    char part[24];
    return next_part(name, part, sizeof part) && fields_number(part, strlen(part), out) &&
           *out >= least && *out <= most;
}

bool said_name_parse(const char *name, struct said_name *out) {
    char kind[24];
    int64_t id = 0;
    *out = (struct said_name){0};
    if (!next_number(&name, 1, SAID_RUN_MOST, &out->run) ||
        !next_number(&name, 1, SAID_MOST, &id) ||
        !next_number(&name, 0, SAID_UID_MOST, &out->uid) || !next_part(&name, kind, sizeof kind) ||
        !said_kind_parse(kind, &out->kind))
        return false;
    out->id = (int)id;
    if (*name && !next_part(&name, out->tail, sizeof out->tail))
        return false;
    return *name == '\0' && tail_fits(out->kind, out->tail);
}

void said_name_write(const struct said *s, char out[SAID_NAME_BYTES]) {
    int n = snprintf(out, SAID_NAME_BYTES, "%" PRId64 ".%d.%" PRId64 ".%s", s->run, s->id, s->uid,
                     kinds[s->kind]);
    char *tail = out + n;
    size_t room = SAID_NAME_BYTES - (size_t)n;
    if (is_sealed(s->kind)) {
        char seal[DIGEST_BYTES];
        hashes_seal(&s->seal, seal);
        snprintf(tail, room, ".%.*s", SAID_SEAL_SHOWN, seal);
    } else if (s->kind == SAID_SETTLE) {
        snprintf(tail, room, ".%d-%s", s->reply_to, states[s->state]);
    } else if (s->kind == SAID_NOTE && s->reply_to) {
        snprintf(tail, room, ".%d", s->reply_to);
    }
}

/* --- content ---------------------------------------------------------------------------------- */

#define AT(member) .at = offsetof(struct said, member)

static const struct field said_field[] = {
    {"run", FIELD_LONG, true, AT(run), .least = 1, .most = SAID_RUN_MOST},
    {"number", FIELD_INT, true, AT(id), .least = 1, .most = SAID_MOST},
    {"kind", FIELD_WORD, true, AT(kind), .most = SAID_KINDS - 1, .words = kinds},
    {"at_ms", FIELD_LONG, true, AT(at_ms), .most = SAID_MS_MOST},
    {"uid", FIELD_LONG, true, AT(uid), .most = SAID_UID_MOST},
    {"by", FIELD_TEXT, true, AT(by), .size = sizeof((struct said *)0)->by},
    {"on", FIELD_TEXT, false, AT(on), .size = SAID_ON_BYTES},
    {"reply_to", FIELD_INT, false, AT(reply_to), .most = SAID_MOST},
    {"state", FIELD_WORD, false, AT(state), .most = NOTE_STATES - 1, .words = states},
    {"results", FIELD_DIGEST, false, AT(seal.results)},
    {"script", FIELD_DIGEST, false, AT(seal.script)},
    {"rules", FIELD_DIGEST, false, AT(seal.rules)},
    {"limits", FIELD_DIGEST, false, AT(seal.limits)},
    {"verdict", FIELD_DIGEST, false, AT(seal.verdict)},
    {"text", FIELD_TEXT, false, AT(text), .size = SAID_TEXT_BYTES},
};
static const struct fields said_fields = {"said", said_field,
                                          sizeof said_field / sizeof *said_field};

char *said_file_write(const struct said *s, size_t *len) {
    struct buf out;
    buf_init(&out, SAID_FILE_BYTES);
    fields_write(&said_fields, s, &out);
    bool fits = !out.full;
    *len = out.len;
    char *bytes = fits ? buf_take(&out) : NULL;
    buf_fini(&out);
    return bytes;
}

bool said_file_parse(const char *name, const char *bytes, size_t len, int64_t owner,
                     struct said *out) {
    char same[SAID_NAME_BYTES];
    *out = (struct said){0};
    if (!fields_read(&said_fields, bytes, len, out))
        return false;
    if (out->kind == SAID_SETTLE ? out->reply_to == 0 : out->state != NOTE_OPEN)
        return false;
    if (out->reply_to && out->kind != SAID_NOTE && out->kind != SAID_SETTLE)
        return false;
    said_name_write(out, same);
    if (strcmp(same, name) != 0)
        return false;
    out->proven = owner == out->uid;
    return true;
}

#include "history/parts.h"

#include <math.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"

#define AT(member) offsetof(struct run, member), sizeof((struct run *)NULL)->member
#define INT(name, since)                                                                           \
    { #name, MEMBER_INT, AT(name), since, "" }
#define REAL(name)                                                                                 \
    { #name, MEMBER_REAL, AT(name), 1, "" }
#define TEXT(name, since)                                                                          \
    { #name, MEMBER_TEXT, AT(name), since, "" }
#define HASH(of)                                                                                   \
    { "hash_" #of, MEMBER_TEXT, AT(hash.of), 2, "" }
#define OWNED(name, since, what)                                                                   \
    { #name, MEMBER_OWNED, AT(name), since, what }

const struct run_member run_members[RUN_MEMBERS] = {
    INT(id, 1),
    INT(at_ms, 1),
    INT(author_uid, 2),
    TEXT(author, 1),
    TEXT(confirmed_by, 2),
    TEXT(host, 1),
    TEXT(tool, 1),
    TEXT(tool_version, 1),
    TEXT(model, 1),
    TEXT(script, 1),
    TEXT(source, 1),
    TEXT(verdict, 1),
    HASH(results),
    HASH(script),
    HASH(rules),
    HASH(limits),
    HASH(verdict),
    REAL(target_rps),
    REAL(rps),
    REAL(p95_ms),
    REAL(error_rate),
    OWNED(plan_json, 1, "the load profile"),
    OWNED(check_json, 1, "the verdict"),
    OWNED(script_text, 2, "the script"),
    OWNED(files_json, 2, "the list of files"),
};

void run_fini(struct run *r) {
    free(r->plan_json);
    free(r->check_json);
    free(r->script_text);
    free(r->files_json);
    r->plan_json = r->check_json = r->script_text = r->files_json = NULL;
}

int64_t member_int(const struct run *r, int member) {
    int64_t value;
    memcpy(&value, (const char *)r + run_members[member].at, sizeof value);
    return value;
}

double member_real(const struct run *r, int member) {
    double value;
    memcpy(&value, (const char *)r + run_members[member].at, sizeof value);
    return value;
}

const char *member_text(const struct run *r, int member, size_t *len) {
    const char *at = (const char *)r + run_members[member].at, *owned;
    if (run_members[member].kind == MEMBER_TEXT) {
        *len = strnlen(at, run_members[member].size);
        return at;
    }
    memcpy(&owned, at, sizeof owned);
    *len = owned ? strlen(owned) : 0;
    return owned;
}

void member_set_int(struct run *r, int member, int64_t value) {
    memcpy((char *)r + run_members[member].at, &value, sizeof value);
}

void member_set_real(struct run *r, int member, double value) {
    if (!isfinite(value))
        value = NAN;
    memcpy((char *)r + run_members[member].at, &value, sizeof value);
}

void member_set_text(struct run *r, int member, const char *text, size_t len) {
    char *at = (char *)r + run_members[member].at;
    size_t size = run_members[member].size;
    if (run_members[member].kind == MEMBER_OWNED) {
        char *copy = text ? mem_strndup(text, len) : NULL;
        memcpy(at, &copy, sizeof copy);
        return;
    }
    len = len < size ? len : size - 1;
    if (len)
        memcpy(at, text, len);
    at[len] = '\0';
}

static bool same_text(const struct run *a, const struct run *b, int member) {
    size_t na, nb;
    const char *ta = member_text(a, member, &na), *tb = member_text(b, member, &nb);
    return !ta == !tb && na == nb && (na == 0 || memcmp(ta, tb, na) == 0);
}

static bool same_member(const struct run *a, const struct run *b, int member) {
    if (run_members[member].kind == MEMBER_INT)
        return member_int(a, member) == member_int(b, member);
    if (run_members[member].kind != MEMBER_REAL)
        return same_text(a, b, member);
    double x = member_real(a, member), y = member_real(b, member);
    return (isnan(x) && isnan(y)) || x == y;
}

bool run_same(const struct run *a, const struct run *b, int members) {
    bool same = true;
    for (int i = 0; same && i < members; i++)
        same = same_member(a, b, i);
    return same;
}

const char *member_column(int member, int version) {
    static const char *const lacking[] = {
        [MEMBER_INT] = "-1", [MEMBER_REAL] = "NULL", [MEMBER_TEXT] = "''", [MEMBER_OWNED] = "NULL"};
    const struct run_member *m = &run_members[member];
    return m->since > version ? lacking[m->kind] : m->name;
}

void members_columns(struct buf *sql, int version, int members) {
    for (int i = 0; i < members; i++)
        buf_printf(sql, "%s%s", i ? ", " : "", member_column(i, version));
}

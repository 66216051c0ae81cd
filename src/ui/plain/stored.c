#include "ui/plain/stored.h"

#include <stdio.h>
#include <string.h>
#include <time.h>

#include "base/clock.h"
#include "base/text.h"
#include "base/unit.h"
#include "ui/plain/print.h"

const char stored_help[] = "\nAn ID is the number of a run, \"last\" (the newest), \"ref\" (the "
                           "reference), or \"ref:load\" (the\nreference of that test type).\n";

void stored_say_news(const struct session *s, const char *before) {
    char line[sizeof s->store_notice + 8];
    if (!s->store_notice[0] || strcmp(s->store_notice, before) == 0)
        return;
    snprintf(line, sizeof line, "! %s\n", s->store_notice);
    print_aside(line);
}

/* What is wrong with the store: an error when it cannot be read, else a line beside the answer. */
static bool say_notice(const struct session *s, struct err *e) {
    if (s->store_notice[0] && !s->history)
        return err_set(e, ERR_IO, "%s", s->store_notice);
    stored_say_news(s, "");
    return true;
}

bool stored_open(struct session *s, const char *dir, struct err *e) {
    return session_open(s, dir ? dir : ".", clock_day_ms(), e) && say_notice(s, e) &&
           session_runs_read(s, e);
}

static bool no_runs(const struct session *s, struct err *e) {
    err_set(e, ERR_USAGE, "no run is stored in %.200s", s->ws.path);
    return err_fix(e,
                   "perfscale check RESULT --dir DIR --save keeps one, and so does the dashboard");
}

/* The reference of a test type; of all when there is but one. */
static bool reference_id(const struct session *s, const char *model, int64_t *id, struct err *e) {
    char names[160] = "";
    size_t n, found = 0, len = 0;
    const struct run_row *row = session_runs(s, &n);
    for (size_t i = 0; i < n; i++) {
        if (!row[i].pinned || (model && strcmp(row[i].is.model, model) != 0))
            continue;
        *id = row[i].is.id;
        if (found++ < 4 && len < sizeof names)
            len += (size_t)snprintf(names + len, sizeof names - len, "%sref:%.8s", len ? ", " : "",
                                    row[i].is.model);
    }
    if (found == 1)
        return true;
    if (found > 1) {
        err_set(e, ERR_USAGE, "there are several references");
        return err_fix(e, "write one of %s", names);
    }
    err_set(e, ERR_USAGE, "no run is the reference%s%.40s", model ? " of " : "",
            model ? model : "");
    return err_fix(e, "perfscale pin ID makes an approved run the reference");
}

static bool numbered_id(const struct session *s, const char *word, int64_t *id, struct err *e) {
    size_t n, digits = strspn(word, "0123456789");
    const struct run_row *row = session_runs(s, &n);
    if (!digits || word[digits]) {
        err_set(e, ERR_USAGE, "\"%.80s\" is no run", word);
        return err_fix(e, "write its number, last or ref");
    }
    *id = 0;
    for (size_t i = 0; i < digits && *id < INT64_MAX / 20; i++)
        *id = 10 * *id + (word[i] - '0');
    if (session_run_row(s, *id))
        return true;
    err_set(e, ERR_USAGE, "there is no run %.40s", word);
    return err_fix(e, n == 1 ? "the only run is %lld" : "the runs are %lld to %lld",
                   (long long)row[n - 1].is.id, (long long)row[0].is.id);
}

bool stored_id(const struct session *s, const char *word, int64_t *id, struct err *e) {
    size_t n;
    const struct run_row *row = session_runs(s, &n);
    if (n == 0)
        return no_runs(s, e);
    if (strcmp(word, "ref") == 0)
        return reference_id(s, NULL, id, e);
    if (text_starts(word, "ref:"))
        return reference_id(s, word + strlen("ref:"), id, e);
    if (strcmp(word, "last") != 0)
        return numbered_id(s, word, id, e);
    *id = row[0].is.id;
    return true;
}

bool stored_run(struct session *s, const char *dir, const char *word, struct err *e) {
    int64_t id;
    return stored_open(s, dir, e) && stored_id(s, word, &id, e) && session_run_open(s, id, e);
}

bool stored_operands(const struct verb *v, const struct operands *ops, int least, struct err *e) {
    if (ops->n >= least)
        return true;
    err_set(e, ERR_USAGE, ops->n == 0 ? "no run is named" : "a word is missing behind \"%.40s\"",
            ops->n ? ops->item[ops->n - 1] : "");
    return err_fix(e, "write perfscale %s %s", v->name, v->operands);
}

char *stored_when(int64_t at_ms, char out[WHEN_BYTES]) {
    struct tm tm;
    time_t at = (time_t)(at_ms / 1000);
    if (at_ms <= 0 || !localtime_r(&at, &tm) || !strftime(out, WHEN_BYTES, "%Y-%m-%d %H:%M", &tm))
        text_copy(out, WHEN_BYTES, "not known");
    return out;
}

/* The votes of this kind that count. */
static const char *voters(const struct review *v, enum said_kind kind, char *out, size_t size) {
    size_t len = 0;
    out[0] = '\0';
    for (size_t i = 0; i < v->votes && len < size; i++)
        if (v->vote[i].said->kind == kind && v->vote[i].valid)
            len += (size_t)snprintf(out + len, size - len, "%s%s", len ? " and " : " by ",
                                    v->vote[i].said->by);
    return out;
}

char *stored_review(const struct review *v, char *out, size_t size) {
    char who[256];
    switch (v->state) {
    case REVIEW_APPROVED:
        snprintf(out, size, "approved%s", voters(v, SAID_APPROVE, who, sizeof who));
        break;
    case REVIEW_CHANGES:
        snprintf(out, size, "changes requested%s",
                 voters(v, SAID_REQUEST_CHANGES, who, sizeof who));
        break;
    case REVIEW_OUTDATED:
        snprintf(out, size, "outdated: what was signed has changed");
        break;
    default:
        snprintf(out, size, "%d of %d %s missing", v->needed - v->approvals, v->needed,
                 v->needed == 1 ? "approval" : "approvals");
    }
    return out;
}

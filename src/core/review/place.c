/* Where a note hangs: the words of --on to a place in the run, and back. */
#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "review/place_time.h"
#include "review/review.h"

static bool copy_key(const char *key, struct place *out) {
    return text_copy(out->key, sizeof out->key, key);
}

/* --- forms: each says whether the words are its own ------------------------------------------- */

enum form { FORM_OTHER, FORM_TAKEN, FORM_WRONG };

static enum form form_run(const char *on, const struct record *r, struct place *out,
                          struct err *e) {
    (void)r;
    (void)out;
    (void)e;
    return on[0] == '\0' || strcmp(on, "run") == 0 ? FORM_TAKEN : FORM_OTHER;
}

static enum form form_check(const char *on, const struct record *r, struct place *out,
                            struct err *e) {
    (void)e;
    if (strcmp(on, "limits") != 0 && !judgement_find(&r->judgement, on))
        return FORM_OTHER;
    out->kind = PLACE_CHECK;
    return copy_key(on, out) ? FORM_TAKEN : FORM_OTHER;
}

static bool has_endpoint(const struct record *r, const char *name) {
    for (size_t i = 0; i < r->run.endpoints; i++)
        if (strcmp(r->run.endpoint[i].name, name) == 0)
            return true;
    return false;
}

static enum form form_endpoint(const char *on, const struct record *r, struct place *out,
                               struct err *e) {
    static const char before[] = "endpoint:";
    if (!text_starts(on, before))
        return FORM_OTHER;
    const char *name = on + strlen(before);
    out->kind = PLACE_ENDPOINT;
    if (has_endpoint(r, name) && copy_key(name, out))
        return FORM_TAKEN;
    err_set(e, ERR_USAGE, "the run has no endpoint \"%.120s\"", name);
    if (r->run.endpoints)
        err_fix(e, "its first is \"%.120s\"", r->run.endpoint[0].name);
    return FORM_WRONG;
}

static bool has_step(const struct record *r, long number) {
    for (size_t i = 0; r->judgement.has_stress && i < r->judgement.stress.steps; i++)
        if (r->judgement.stress.step[i].is.number == number)
            return true;
    return false;
}

static enum form form_step(const char *on, const struct record *r, struct place *out,
                           struct err *e) {
    static const char before[] = "step:";
    if (!text_starts(on, before))
        return FORM_OTHER;
    const char *digits = on + strlen(before);
    char *end = NULL;
    long number = isdigit((unsigned char)digits[0]) ? strtol(digits, &end, 10) : 0;
    out->kind = PLACE_STEP;
    if (end && *end == '\0' && number <= STRESS_STEPS_MAX && has_step(r, number)) {
        out->step = (int)number;
        return FORM_TAKEN;
    }
    if (r->judgement.has_stress)
        err_set(e, ERR_USAGE, "the run has no step \"%.40s\": it has %zu steps", digits,
                r->judgement.stress.steps);
    else
        err_set(e, ERR_USAGE, "the run has no steps: it is no stress test with known steps");
    return FORM_WRONG;
}

static enum form form_trend(const char *on, const struct record *r, struct place *out,
                            struct err *e) {
    static const char *const trends[] = {"memory", "latency", "errors", "throughput"};
    bool named = text_starts(on, "trend:");
    const char *name = named ? on + strlen("trend:") : on;
    out->kind = PLACE_TREND;
    for (size_t i = 0; i < sizeof trends / sizeof *trends; i++)
        if (strcmp(trends[i], name) == 0 && copy_key(name, out)) {
            if (r->judgement.has_soak)
                return FORM_TAKEN;
            err_set(e, ERR_USAGE, "the run has no trend: it is no soak test with a series");
            return FORM_WRONG;
        }
    if (named)
        err_set(e, ERR_USAGE, "there is no trend \"%.80s\": memory, latency, errors, throughput",
                name);
    return named ? FORM_WRONG : FORM_OTHER;
}

static enum form form_time(const char *on, const struct record *r, struct place *out,
                           struct err *e) {
    if (!place_time_like(on))
        return FORM_OTHER;
    out->kind = PLACE_TIME;
    return place_time_read(on, &r->run, &out->from_s, &out->to_s, e) ? FORM_TAKEN : FORM_WRONG;
}

/* "p95 14:18:55": a time on the chart of a check. */
static enum form form_check_time(const char *on, const struct record *r, struct place *out,
                                 struct err *e) {
    char metric[SCOPE_MAX_BYTES];
    for (const char *blank = strchr(on, ' '); blank; blank = strchr(blank + 1, ' ')) {
        size_t len = (size_t)(blank - on);
        if (len >= sizeof metric || !place_time_like(blank + 1))
            continue;
        memcpy(metric, on, len);
        metric[len] = '\0';
        if (judgement_find(&r->judgement, metric) && copy_key(metric, out))
            return form_time(blank + 1, r, out, e);
    }
    return FORM_OTHER;
}

static enum form (*const forms[])(const char *, const struct record *, struct place *,
                                  struct err *) = {
    form_run, form_check, form_endpoint, form_step, form_trend, form_time, form_check_time,
};

/* --- reading ---------------------------------------------------------------------------------- */

static void put_word(struct text_out *o, const char *word) {
    if (o->len)
        text_put(o, ", ", 2);
    text_put(o, word, strlen(word));
}

static bool nothing_like_it(const char *on, const struct record *r, struct err *e) {
    char there[200] = "";
    struct text_out o = {.to = there, .size = sizeof there};
    for (size_t i = 0; i < r->judgement.checks && o.len < sizeof there / 2; i++)
        put_word(&o, r->judgement.check[i].metric);
    if (r->run.endpoints)
        put_word(&o, "endpoint:NAME");
    if (r->judgement.has_stress)
        put_word(&o, "step:N");
    if (r->judgement.has_soak)
        put_word(&o, "memory");
    put_word(&o, "limits");
    put_word(&o, "14:02:10-14:05:00");
    err_set(e, ERR_USAGE, "\"%.80s\" is no part of the run", on);
    return err_fix(e, "there is run, %s", there);
}

bool place_parse(const char *on, const struct record *r, struct place *out, struct err *e) {
    for (size_t i = 0; i < sizeof forms / sizeof *forms; i++) {
        *out = (struct place){0};
        enum form form = forms[i](on, r, out, e);
        if (form != FORM_OTHER)
            return form == FORM_TAKEN;
    }
    *out = (struct place){0};
    return nothing_like_it(on, r, e);
}

/* --- back ------------------------------------------------------------------------------------- */

static void time_text(const struct place *p, char out[SAID_ON_BYTES]) {
    const char *blank = p->key[0] ? " " : "";
    if (p->to_s > p->from_s)
        snprintf(out, SAID_ON_BYTES, "%s%s%.1fs-%.1fs", p->key, blank, p->from_s, p->to_s);
    else
        snprintf(out, SAID_ON_BYTES, "%s%s%.1fs", p->key, blank, p->from_s);
}

void place_text(const struct place *p, char out[SAID_ON_BYTES]) {
    switch (p->kind) {
    case PLACE_RUN:
        out[0] = '\0';
        break;
    case PLACE_CHECK:
    case PLACE_TREND:
        text_copy(out, SAID_ON_BYTES, p->key);
        break;
    case PLACE_ENDPOINT:
        snprintf(out, SAID_ON_BYTES, "endpoint:%s", p->key);
        break;
    case PLACE_STEP:
        snprintf(out, SAID_ON_BYTES, "step:%d", p->step);
        break;
    case PLACE_TIME:
        time_text(p, out);
        break;
    }
}

static void show(const struct place *p, const struct record *r, char *out, size_t size) {
    char time[64];
    switch (p->kind) {
    case PLACE_RUN:
        text_copy(out, size, "run");
        break;
    case PLACE_STEP:
        snprintf(out, size, "step %d", p->step);
        break;
    case PLACE_TIME:
        place_time_show(&r->run, p->from_s, p->to_s, time, sizeof time);
        snprintf(out, size, "%s%s%s", p->key, p->key[0] ? " " : "", time);
        break;
    default:
        text_copy(out, size, p->key);
    }
}

/* What the run does not have (any more) is shown as it was written. */
char *place_show(const char *on, const struct record *r, char *out, size_t size) {
    struct place p;
    char words[SAID_ON_BYTES];
    if (place_parse(on, r, &p, NULL))
        show(&p, r, words, sizeof words);
    else
        text_copy(words, sizeof words, on);
    text_clean(words, strlen(words), TEXT_ONE_LINE, out, size);
    return out;
}

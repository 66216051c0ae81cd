#include "report/report_words.h"

#include <math.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "base/text.h"
#include "base/unit.h"

#define COUNT(a) (sizeof(a) / sizeof *(a))

const char doc_none[] = "–";

/* --- signs ----------------------------------------------------------------------------------- */

static const struct {
    const char *sign, *word, *name;
} signs[SIGNS] = {[SIGN_OK] = {"✓", "ok", "ok"},
                  [SIGN_NEAR] = {"!", "near limit", "near"},
                  [SIGN_BROKEN] = {"✗", "over limit", "broken"},
                  [SIGN_NODATA] = {"?", "no data", "nodata"},
                  [SIGN_INVALID] = {"⊘", "invalid", "invalid"},
                  [SIGN_PLAIN] = {"", "", "plain"}};

const char *doc_sign(enum doc_sign s) { return signs[s].sign; }
const char *doc_sign_word(enum doc_sign s) { return signs[s].word; }
const char *doc_sign_name(enum doc_sign s) { return signs[s].name; }

static enum doc_sign sign_of(enum verdict v, bool near_limit) {
    static const enum doc_sign of[] = {[VERDICT_PASS] = SIGN_OK,
                                       [VERDICT_NO_DATA] = SIGN_NODATA,
                                       [VERDICT_FAIL] = SIGN_BROKEN,
                                       [VERDICT_INVALID] = SIGN_INVALID};
    return v == VERDICT_PASS && near_limit ? SIGN_NEAR : of[v];
}

/* --- the verdict ----------------------------------------------------------------------------- */

const struct judgement *doc_judgement(const struct report_doc *d) {
    return d->review ? &d->review->judgement : &d->record->judgement;
}

enum doc_sign doc_verdict_sign(const struct judgement *j) {
    bool near = false;
    for (size_t i = 0; i < j->checks; i++)
        near = near || j->check[i].near_limit;
    return sign_of(j->verdict, near);
}

static void add_word(char *out, size_t size, const char *word) {
    size_t n = strlen(out);
    text_copy(out + n, size - n, word);
}

/* Whoever approved a run that is no plain pass has confirmed what it came to. */
static void add_confirmed(const struct report_doc *d, char *out, size_t size) {
    const char *before = ", confirmed by ";
    for (size_t i = 0; d->review && i < d->review->votes; i++) {
        const struct vote *v = &d->review->vote[i];
        if (!v->valid || v->said->kind != SAID_APPROVE)
            continue;
        add_word(out, size, before);
        add_word(out, size, v->said->by);
        before = ", ";
    }
}

/* The word of a verdict that a soak or stress test gave although its limits were kept. */
static const char *own_word(const struct judgement *j) {
    const struct trend *trend[] = {&j->soak.memory, &j->soak.latency, &j->soak.errors,
                                   &j->soak.throughput};
    if (!j->has_soak || j->verdict != VERDICT_FAIL)
        return NULL;
    for (size_t i = 0; i < j->checks; i++)
        if (j->check[i].status == VERDICT_FAIL && !j->check[i].waived_by[0] &&
            !strstr(j->check[i].metric, "_drift"))
            return NULL;
    if (j->soak.restarts > 0)
        return "restarted";
    for (size_t i = 0; i < COUNT(trend); i++)
        if (trend[i]->answer == SOAK_DRIFT)
            return "drift found";
    return NULL;
}

char *doc_verdict_word(const struct report_doc *d, char *out, size_t size) {
    const struct judgement *j = doc_judgement(d);
    enum doc_sign sign = doc_verdict_sign(j);
    const char *own = own_word(j);
    text_copy(out, size, own ? own : doc_sign_word(sign));
    if (judgement_has_waiver(j))
        add_word(out, size, ", with a waiver");
    if (j->verdict != VERDICT_PASS)
        add_confirmed(d, out, size);
    return out;
}

char *doc_target(const struct report_doc *d, char *out, size_t size) {
    const struct record *r = d->record;
    char from[32], to[32];
    double first_rps;
    out[0] = '\0';
    if (r->has_profile && r->profile.model == MODEL_STRESS &&
        profile_steps(&r->profile, &first_rps) > 1)
        snprintf(out, size, "%s to %s RPS", doc_rate(first_rps, from, sizeof from),
                 doc_rate(profile_top_rps(&r->profile), to, sizeof to));
    else if (isfinite(r->is.target_rps))
        snprintf(out, size, "%s RPS", doc_rate(r->is.target_rps, to, sizeof to));
    return out;
}

char *doc_title(const struct report_doc *d, char *out, size_t size) {
    char target[64];
    doc_target(d, target, sizeof target);
    snprintf(out, size, "Run %lld: %s%s%s%s%s", (long long)d->record->is.id,
             model_title(doc_judgement(d)->model), target[0] ? ", " : "", target,
             d->record->is.script[0] ? ", " : "", d->record->is.script);
    return out;
}

static char *show_span(const struct report_doc *d, double from_s, double to_s, char *out,
                       size_t size) {
    char from[32], to[32], day_from[32], day_to[32];
    doc_at(d, from_s, false, from, sizeof from);
    doc_at(d, to_s, false, to, sizeof to);
    if (d->record->run.series.start_ms > 0)
        snprintf(out, size, "%s to %s (%s to %s UTC)", from, to,
                 doc_at(d, from_s, true, day_from, sizeof day_from),
                 doc_at(d, to_s, true, day_to, sizeof day_to));
    else
        snprintf(out, size, "%s to %s", from, to);
    return out;
}

char *doc_window(const struct report_doc *d, char *out, size_t size) {
    const struct judgement *j = doc_judgement(d);
    const struct judged_window *w = &j->window;
    char requests[48], span[160];
    double n = w->requests > 0 ? w->requests : summary_value(&d->record->run, METRIC_REQUESTS);
    unit_show(n, 0, requests, sizeof requests);
    if (j->has_stress)
        snprintf(out, size, "%zu steps, each without its first part", j->stress.steps);
    else if (!w->steady)
        snprintf(out, size, "whole run, ramps inside, %s requests", requests);
    else
        snprintf(out, size, "steady window%s %s, %s", w->estimated ? ", estimated," : "",
                 show_span(d, w->from_s, w->to_s, span, sizeof span),
                 j->has_soak ? "trends without the warm-up" : requests);
    if (w->steady && !j->has_soak && !j->has_stress)
        add_word(out, size, " requests");
    return out;
}

/* --- checks ---------------------------------------------------------------------------------- */

enum doc_sign doc_check_sign(const struct check *c) { return sign_of(c->status, c->near_limit); }

const char *doc_check_word(const struct check *c) {
    bool far = c->op != OP_MORE_EQUAL && c->value < c->limit / 2;
    if (c->status == VERDICT_PASS && c->near_limit && far)
        return "warning";
    return doc_sign_word(doc_check_sign(c));
}

char *doc_check_limit(const struct check *c, char *out, size_t size) {
    static const char *const ops[] = {
        [OP_LESS] = "below", [OP_LESS_EQUAL] = "at most", [OP_MORE_EQUAL] = "at least"};
    char limit[64];
    if (isnan(c->limit)) {
        text_copy(out, size, "not set");
        return out;
    }
    check_show_limit(c, limit, sizeof limit);
    snprintf(out, size, "%s %s", ops[c->op], limit);
    return out;
}

/* --- numbers --------------------------------------------------------------------------------- */

char *doc_rate(double rps, char *out, size_t size) {
    return unit_show_short(rps >= 1000 ? round(rps) : round(rps * 10) / 10, 1, out, size);
}

char *doc_load(double load, char *out, size_t size) {
    return load < 100 ? unit_show_short(load, 1, out, size) : unit_show(load, 0, out, size);
}

char *doc_percent(double share, char *out, size_t size) {
    if (!isfinite(share))
        text_copy(out, size, "no data");
    else
        snprintf(out, size, "%.0f %%", 100 * share);
    return out;
}

double doc_share(double part, double all) { return all > 0 ? part / all : NAN; }

/* --- times ----------------------------------------------------------------------------------- */

static char *show_utc(int64_t at_ms, const char *form, char *out, size_t size) {
    time_t at = (time_t)(at_ms / 1000);
    struct tm tm;
    if (at_ms <= 0 || !gmtime_r(&at, &tm) || strftime(out, size, form, &tm) == 0)
        text_copy(out, size, "no data");
    return out;
}

char *doc_when(int64_t at_ms, char *out, size_t size) {
    return show_utc(at_ms, "%Y-%m-%d %H:%M UTC", out, size);
}

char *doc_when_exactly(int64_t at_ms, char *out, size_t size) {
    return show_utc(at_ms, "%Y-%m-%d %H:%M:%S UTC", out, size);
}

char *doc_at(const struct report_doc *d, double at_s, bool day, char *out, size_t size) {
    int64_t start_ms = d->record->run.series.start_ms;
    if (!day || start_ms <= 0 || !(fabs(at_s) < 1e9))
        return unit_show_clock(at_s, out, size);
    return show_utc(start_ms + llround(at_s * 1000), "%H:%M:%S", out, size);
}

static void show_time_place(const struct report_doc *d, const struct place *p, char *out,
                            size_t size) {
    char from[32], to[32];
    const char *zone = d->record->run.series.start_ms > 0 ? " UTC" : " from the start";
    doc_at(d, p->from_s, true, from, sizeof from);
    doc_at(d, p->to_s, true, to, sizeof to);
    if (p->from_s == p->to_s)
        snprintf(out, size, "%s%s", from, zone);
    else
        snprintf(out, size, "%s to %s%s", from, to, zone);
}

/* Not by place_show(): that says times as the clock of this host does. */
char *doc_place(const struct report_doc *d, const char *on, char *out, size_t size) {
    struct place p;
    struct err e;
    if (on[0] == '\0')
        text_copy(out, size, "run");
    else if (!place_parse(on, d->record, &p, &e))
        text_copy(out, size, on);
    else if (p.kind == PLACE_RUN)
        text_copy(out, size, on);
    else if (p.kind == PLACE_TIME)
        show_time_place(d, &p, out, size);
    else if (p.kind == PLACE_STEP)
        snprintf(out, size, "step %d", p.step);
    else
        text_copy(out, size, p.key);
    return out;
}

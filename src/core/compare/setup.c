/* Whether two runs may be compared: each field of their set-up, the weightiest first. */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "base/text.h"
#include "base/unit.h"
#include "compare/setup.h"

enum found setup_words(struct differs *d, const char *a, const char *b) {
    text_copy(d->a, sizeof d->a, a);
    text_copy(d->b, sizeof d->b, b);
    if (!a[0] && !b[0])
        return FOUND_NOTHING;
    return strcmp(a, b) == 0 ? FOUND_SAME : FOUND_DIFFERS;
}

enum found setup_numbers(struct differs *d, double a, double b, double within, show_fn *show) {
    if (isfinite(a))
        show(a, d->a, sizeof d->a);
    if (isfinite(b))
        show(b, d->b, sizeof d->b);
    if (!isfinite(a) && !isfinite(b))
        return FOUND_NOTHING;
    return a == b || fabs(a - b) <= within * fmin(fabs(a), fabs(b)) ? FOUND_SAME : FOUND_DIFFERS;
}

/* --- what the figures stand and fall with --- */

static const char *weight_words(const struct record *r) {
    return record_invalid(r) ? "INVALID" : "counts";
}

static enum found look_verdict(const struct pair *p, struct differs *d) {
    bool a = record_invalid(p->a.is), b = record_invalid(p->b.is);
    if (!a && !b)
        return FOUND_NOTHING;
    char run[24];
    setup_words(d, weight_words(p->a.is), weight_words(p->b.is));
    if (a && b)
        snprintf(d->why, sizeof d->why, "both are INVALID: they say nothing about the server");
    else
        snprintf(d->why, sizeof d->why, "run %s is INVALID: it says nothing about the server",
                 which_run(p, a ? &p->a : &p->b, run, sizeof run));
    return FOUND_DIFFERS;
}

static const char *model_words(const struct record *r) {
    int m = record_model(r);
    return m < 0 ? "" : model_title((enum model)m);
}

static enum found look_model(const struct pair *p, struct differs *d) {
    return setup_words(d, model_words(p->a.is), model_words(p->b.is));
}

static const char *arrivals_words(const struct record *r) {
    int a = record_arrivals(r);
    return a < 0 ? "" : arrivals_name((enum arrivals)a);
}

static enum found look_arrivals(const struct pair *p, struct differs *d) {
    return setup_words(d, arrivals_words(p->a.is), arrivals_words(p->b.is));
}

static enum found look_tool(const struct pair *p, struct differs *d) {
    return setup_words(d, record_tool(p->a.is), record_tool(p->b.is));
}

/* "http://a/" and "HTTP://A" are the same. */
static void plain_url(const char *url, char out[256]) {
    text_copy(out, 256, url);
    for (size_t n = strlen(out); n > 0 && out[n - 1] == '/';)
        out[--n] = '\0';
}

/* Unknown is no difference: only some scripts say where they send. */
static enum found look_url(const struct pair *p, struct differs *d) {
    char a[256], b[256];
    plain_url(p->a.is->base_url, a);
    plain_url(p->b.is->base_url, b);
    if (!a[0] || !b[0])
        return FOUND_NOTHING;
    setup_words(d, a, b);
    return text_same(a, b) ? FOUND_SAME : FOUND_DIFFERS;
}

/* --- what explains a difference --- */

static enum found look_version(const struct pair *p, struct differs *d) {
    return setup_words(d, record_tool_version(p->a.is), record_tool_version(p->b.is));
}

static enum found look_host(const struct pair *p, struct differs *d) {
    return setup_words(d, p->a.is->is.host, p->b.is->is.host);
}

static const char *source_words(const struct summary *s) {
    return !s->tool || !s->tool[0] ? ""
           : s->computed           ? "single requests"
                                   : "the tool's own summary";
}

static enum found look_source(const struct pair *p, struct differs *d) {
    return setup_words(d, source_words(p->a.run), source_words(p->b.run));
}

/* Enough of a hash to tell two by. */
static void hash_words(const char *hash, char *out, size_t size) {
    snprintf(out, size, "%.6s", hash);
}

static enum found look_rules(const struct pair *p, struct differs *d) {
    const char *a = p->a.is->is.hash.rules, *b = p->b.is->is.hash.rules;
    hash_words(a, d->a, sizeof d->a);
    hash_words(b, d->b, sizeof d->b);
    if (!a[0] && !b[0])
        return FOUND_NOTHING;
    return strcmp(a, b) == 0 ? FOUND_SAME : FOUND_DIFFERS;
}

static enum found look_generators(const struct pair *p, struct differs *d) {
    if (p->a.run->generators < 1 || p->b.run->generators < 1)
        return FOUND_NOTHING;
    return setup_numbers(d, p->a.run->generators, p->b.run->generators, 0, show_whole);
}

static enum found look_length(const struct pair *p, struct differs *d) {
    return setup_numbers(d, p->a.length_s, p->b.length_s, p->rules->compare.same_load,
                         unit_show_clock);
}

/* --- the table --- */

static const struct {
    const char *name;
    look_fn *look;
    enum grade grade;
    const char *why;
} fields[] = {
    {"verdict", look_verdict, GRADE_NOT_COMPARABLE, ""},
    {"target", look_target, GRADE_NOT_COMPARABLE, "another target: response times follow the load"},
    {"load", look_load, GRADE_NOT_COMPARABLE,
     "no target is known and the load was another: response times follow it"},
    {"model", look_model, GRADE_NOT_COMPARABLE, "another kind of test"},
    {"arrivals", look_arrivals, GRADE_NOT_COMPARABLE,
     "load that waits for answers hides what load at a fixed rate shows"},
    {"tool", look_tool, GRADE_NOT_COMPARABLE,
     "load tools differ in their percentiles and in what they time"},
    {"base_url", look_url, GRADE_NOT_COMPARABLE, "another system"},
    {"steps", look_steps, GRADE_EXPLAINABLE, "steps of the same load are compared, the others not"},
    {"limits", look_limits, GRADE_EXPLAINABLE,
     "figures stay comparable; each run is held to its own limits"},
    {"tool_version", look_version, GRADE_EXPLAINABLE, "another version may measure otherwise"},
    {"host", look_host, GRADE_EXPLAINABLE,
     "another load machine has other limits and another way to the server"},
    {"script", look_script, GRADE_EXPLAINABLE, "other requests may be sent"},
    {"mix", look_mix, GRADE_EXPLAINABLE, "another mix of requests"},
    {"think_time", look_think, GRADE_EXPLAINABLE, "users pause for another time"},
    {"duration", look_length, GRADE_EXPLAINABLE, "what grows slowly shows in the longer run only"},
    {"ramp", look_ramp, GRADE_EXPLAINABLE, "caches and pools had another time to warm up"},
    {"vus", look_vus, GRADE_EXPLAINABLE, "another number of users holds the same target"},
    {"max_vus", look_max_vus, GRADE_EXPLAINABLE, "with fewer VUs a slow server meets a lower load"},
    {"generators", look_generators, GRADE_EXPLAINABLE, "the load came from more or fewer machines"},
    {"source", look_source, GRADE_EXPLAINABLE, "percentiles of the two may differ a little"},
    {"rules", look_rules, GRADE_EXPLAINABLE, "verdicts follow other rules; figures do not"},
};

/* The one side that does not know it; NULL: both do. */
static const struct side *unknown_side(const struct pair *p, const struct differs *d) {
    return !d->a[0] ? &p->a : !d->b[0] ? &p->b : NULL;
}

static void keep_difference(const struct pair *p, struct comparison *out, struct differs *d,
                            const char *why) {
    const struct side *unknown = unknown_side(p, d);
    char run[24];
    if (unknown) {
        d->grade = GRADE_EXPLAINABLE;
        snprintf(d->why, sizeof d->why, "not known of run %s",
                 which_run(p, unknown, run, sizeof run));
    } else if (!d->why[0]) {
        text_copy(d->why, sizeof d->why, why);
    }
    if (d->grade > out->grade)
        out->grade = d->grade;
    if (out->differ < DIFFERS_MAX)
        out->differs[out->differ++] = *d;
}

void setup_compare(const struct pair *p, struct comparison *out) {
    for (size_t i = 0; i < sizeof fields / sizeof *fields; i++) {
        struct differs d = {.grade = fields[i].grade};
        text_copy(d.field, sizeof d.field, fields[i].name);
        enum found found = fields[i].look(p, &d);
        if (found == FOUND_DIFFERS)
            keep_difference(p, out, &d, fields[i].why);
        else if (found == FOUND_SAME && out->sames < sizeof out->same / sizeof *out->same)
            text_copy(out->same[out->sames++], sizeof *out->same, fields[i].name);
    }
}

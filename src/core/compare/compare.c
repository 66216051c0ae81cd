#include "compare/compare.h"

#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "base/unit.h"
#include "compare/parts.h"

const char *grade_name(enum grade g) {
    static const char *const names[] = {"same", "explainable", "not_comparable"};
    return names[g];
}

const char *reading_name(enum reading r) {
    static const char *const names[] = {"unknown", "noise", "better", "worse"};
    return names[r];
}

/* --- what the figures are of --- */

static void say_part(const struct pair *p, struct comparison *out) {
    char a[32], b[32];
    const char *estimated = "";
    unit_show_clock(p->a.length_s, a, sizeof a);
    unit_show_clock(p->b.length_s, b, sizeof b);
    if (out->steady &&
        (strcmp(p->a.part->name, "estimated") == 0 || strcmp(p->b.part->name, "estimated") == 0))
        estimated = " (estimated)";
    if (p->stress)
        text_copy(out->of, sizeof out->of, "steps of the same load");
    else if (out->steady)
        snprintf(out->of, sizeof out->of, "steady part%s, %s and %s", estimated, a, b);
    else
        snprintf(out->of, sizeof out->of, "whole runs, ramps inside, %s and %s", a, b);
}

/* --- refused --- */

static const struct differs *first_refusal(const struct comparison *c) {
    for (size_t i = 0; i < c->differ; i++)
        if (c->differs[i].grade == GRADE_NOT_COMPARABLE)
            return &c->differs[i];
    return NULL;
}

static void take_back(struct compared *c, size_t n) {
    for (size_t i = 0; i < n; i++) {
        c[i].reading = READING_UNKNOWN;
        c[i].also[0] = '\0';
        compared_why(&c[i], "the runs are not comparable");
    }
}

static void refuse(struct comparison *c) {
    const struct differs *d = first_refusal(c);
    take_back(c->figure, c->figures);
    take_back(c->endpoint, c->endpoints);
    if (strcmp(d->field, "verdict") == 0)
        snprintf(c->sentence, sizeof c->sentence, "Not comparable: %.150s.", d->why);
    else
        snprintf(c->sentence, sizeof c->sentence, "Not comparable: %.80s (%.50s and %.50s).",
                 d->why, d->a, d->b);
}

/* --- the sentence --- */

struct phrase {
    char text[240];
    size_t parts;
};

static void add_part(struct phrase *s, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
static void add_part(struct phrase *s, const char *fmt, ...) {
    size_t len = strlen(s->text);
    va_list ap;
    va_start(ap, fmt);
    int n = snprintf(s->text + len, sizeof s->text - len, "%s", s->parts ? ", " : "");
    if (n >= 0 && (size_t)n < sizeof s->text - len)
        vsnprintf(s->text + len + (size_t)n, sizeof s->text - len - (size_t)n, fmt, ap);
    va_end(ap);
    s->parts++;
}

static const char *figure_word(const struct compared *c) {
    static const struct {
        const char *metric, *word;
    } words[] = {{"error_rate", "error rate"},
                 {"rps", "rate"},
                 {"avg", "mean"},
                 {"break_load", "break load"},
                 {"saturation_rps", "saturation"},
                 {"memory_slope", "growth of memory"},
                 {"latency_slope", "growth of response time"}};
    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        if (strcmp(words[i].metric, c->metric) == 0)
            return words[i].word;
    return c->metric;
}

static void add_change(struct phrase *s, const struct compared *c) {
    const char *word = figure_word(c), *way = c->b > c->a ? "higher" : "lower";
    char a[40], b[40];
    if (strcmp(c->metric, "error_rate") == 0)
        add_part(s, "%s from %s to %s", word, unit_show_share(c->a, a, sizeof a),
                 unit_show_share(c->b, b, sizeof b));
    else if (isfinite(c->difference))
        add_part(s, "%s %s %% %s", word, unit_show(100 * fabs(c->difference), 0, a, sizeof a), way);
    else
        add_part(s, "%s", word);
}

static struct phrase changes_of(const struct comparison *c, enum reading reading) {
    struct phrase s = {{0}, 0};
    for (size_t i = 0; i < c->figures && s.parts < 3; i++)
        if (c->figure[i].read && c->figure[i].reading == reading)
            add_change(&s, &c->figure[i]);
    return s;
}

static struct phrase unknown_of(const struct comparison *c) {
    struct phrase s = {{0}, 0};
    for (size_t i = 0; i < c->figures; i++)
        if (c->figure[i].read && c->figure[i].reading == READING_UNKNOWN)
            add_part(&s, "%s", figure_word(&c->figure[i]));
    return s;
}

static size_t count_endpoints(const struct comparison *c, enum reading reading) {
    size_t n = 0;
    for (size_t i = 0; i < c->endpoints; i++)
        n += c->endpoint[i].reading == reading;
    return n;
}

static size_t count_read(const struct comparison *c) {
    size_t n = 0;
    for (size_t i = 0; i < c->figures; i++)
        n += c->figure[i].read && c->figure[i].reading != READING_UNKNOWN;
    return n;
}

/* The reason that most likely stands in the way of all: that of the first figure. */
static const char *first_reason(const struct comparison *c) {
    for (size_t i = 0; i < c->figures; i++)
        if (c->figure[i].read && strcmp(c->figure[i].metric, "p95") == 0)
            return c->figure[i].why;
    return c->figures ? c->figure[0].why : "neither has figures";
}

static void put_sentence(struct text_out *o, const char *fmt, ...)
    __attribute__((format(printf, 2, 3)));
static void put_sentence(struct text_out *o, const char *fmt, ...) {
    char one[240];
    va_list ap;
    va_start(ap, fmt);
    int n = vsnprintf(one, sizeof one, fmt, ap);
    va_end(ap);
    if (o->len)
        text_put(o, " ", 1);
    if (n > 0)
        text_put(o, one, (size_t)n < sizeof one ? (size_t)n : sizeof one - 1);
}

static void say_endpoints(struct text_out *o, size_t n, const char *what) {
    if (n)
        put_sentence(o, "%zu endpoint%s %s.", n, n == 1 ? "" : "s", what);
}

static void say_sentence(struct comparison *c) {
    struct text_out o = {.to = c->sentence, .size = sizeof c->sentence};
    struct phrase worse = changes_of(c, READING_WORSE), better = changes_of(c, READING_BETTER);
    struct phrase unknown = unknown_of(c);
    size_t worse_endpoints = count_endpoints(c, READING_WORSE);
    size_t better_endpoints = count_endpoints(c, READING_BETTER);
    if (count_read(c) == 0) {
        put_sentence(&o, "Nothing can be told: %s.", first_reason(c));
        return;
    }
    if (worse.parts)
        put_sentence(&o, "%s: worse.", worse.text);
    say_endpoints(&o, worse_endpoints, "worse");
    if (better.parts)
        put_sentence(&o, "%s: better.", better.text);
    say_endpoints(&o, better_endpoints, "better");
    if (!o.len)
        put_sentence(&o, "No clear change.");
    else if (!worse.parts && !worse_endpoints && !unknown.parts)
        put_sentence(&o, "Nothing is worse.");
    if (unknown.parts)
        put_sentence(&o, "Cannot be told: %s.", unknown.text);
}

/* --- all of it --- */

void compare_runs(const struct record *a, const struct record *b, const struct rules *rules,
                  struct comparison *out) {
    struct pair p;
    pair_make(a, b, rules, &p);
    *out = (struct comparison){.a = a->is.id, .b = b->is.id, .steady = p.a.part != NULL};
    if (!script_lines(&p, &out->script_added, &out->script_removed))
        out->script_added = out->script_removed = -1;
    setup_compare(&p, out);
    say_part(&p, out);
    figures_compare(&p, out);
    stress_compare(&p, out);
    soak_compare(&p, out);
    endpoints_compare(&p, out);
    if (out->grade == GRADE_NOT_COMPARABLE)
        refuse(out);
    else
        say_sentence(out);
}

void comparison_fini(struct comparison *c) {
    free(c->endpoint);
    c->endpoint = NULL;
    c->endpoints = 0;
}

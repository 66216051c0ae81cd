/* The limits that two runs were held to, and the scripts that ran. */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "base/text.h"
#include "base/unit.h"
#include "check/check.h"
#include "compare/setup.h"
#include "script/diff.h"

/* --- limits --- */

static void limit_words(const struct check *c, char *out, size_t size) {
    char number[40];
    if (!c || isnan(c->limit))
        snprintf(out, size, "no limit");
    else if (strcmp(c->unit, "ms") == 0)
        unit_show_ms(c->limit, out, size);
    else if (strncmp(c->metric, "error_rate", strlen("error_rate")) == 0)
        unit_show_share(c->limit, out, size);
    else
        snprintf(out, size, "%s%s%s", unit_show_short(c->limit, 3, number, sizeof number),
                 c->unit[0] ? " " : "", c->unit);
}

static bool same_limit(const struct check *a, const struct check *b) {
    bool none_a = !a || isnan(a->limit), none_b = !b || isnan(b->limit);
    return none_a || none_b ? none_a && none_b : a->limit == b->limit;
}

struct sides {
    struct text_out a, b;
};

static void put_side(struct text_out *o, const char *metric, const struct check *c) {
    char limit[64], one[SCOPE_MAX_BYTES + 80];
    limit_words(c, limit, sizeof limit);
    int n = snprintf(one, sizeof one, "%s%s %s", o->len ? ", " : "", metric, limit);
    text_put(o, one, (size_t)n < sizeof one ? (size_t)n : sizeof one - 1);
}

/* A limit on the rate follows the target, which has a field of its own. */
static bool is_own(const char *metric) { return strcmp(metric, "rps") != 0; }

/* Those of one run that the other does not have in the same way. from_b: only what a lacks. */
static size_t put_limits(const struct judgement *of, const struct judgement *other, bool from_b,
                         struct sides *s) {
    size_t found = 0;
    for (size_t i = 0; i < of->checks && i < CHECKS_MAX; i++) {
        const struct check *c = &of->check[i], *o = judgement_find(other, c->metric);
        if (same_limit(c, o) || !is_own(c->metric) || (from_b && o))
            continue;
        put_side(&s->a, c->metric, from_b ? o : c);
        put_side(&s->b, c->metric, from_b ? c : o);
        found++;
    }
    return found;
}

enum found look_limits(const struct pair *p, struct differs *d) {
    const struct judgement *a = &p->a.is->judgement, *b = &p->b.is->judgement;
    struct sides s = {{.to = d->a, .size = sizeof d->a}, {.to = d->b, .size = sizeof d->b}};
    if (a->checks == 0 || b->checks == 0)
        return FOUND_NOTHING;
    size_t found = put_limits(a, b, false, &s) + put_limits(b, a, true, &s);
    return found ? FOUND_DIFFERS : FOUND_SAME;
}

/* --- scripts --- */

static bool same_script(const struct run *a, const struct run *b, bool *known) {
    const char *x = a->hash.script, *y = b->hash.script;
    *known = true;
    if (a->script_text && b->script_text)
        return strcmp(a->script_text, b->script_text) == 0;
    if (x[0] && y[0])
        return strcmp(x, y) == 0;
    *known = false;
    return strcmp(a->script, b->script) == 0;
}

bool script_lines(const struct pair *p, long *added, long *removed) {
    const char *a = p->a.is->is.script_text, *b = p->b.is->is.script_text;
    struct diff d;
    if (!a || !b)
        return false;
    diff_texts(&d, a, strlen(a), b, strlen(b));
    *added = d.added;
    *removed = d.deleted;
    diff_fini(&d);
    return true;
}

static void say_lines(const struct pair *p, struct differs *d) {
    long added, removed;
    if (script_lines(p, &added, &removed))
        snprintf(d->why, sizeof d->why,
                 "%ld line%s added, %ld taken away: it may send other requests", added,
                 added == 1 ? "" : "s", removed);
}

/* A script of the same name may be another one: that is not known to be the same. */
enum found look_script(const struct pair *p, struct differs *d) {
    const struct run *a = &p->a.is->is, *b = &p->b.is->is;
    bool known, same = same_script(a, b, &known);
    text_copy(d->a, sizeof d->a, a->script);
    text_copy(d->b, sizeof d->b, b->script);
    if (same)
        return known ? FOUND_SAME : FOUND_NOTHING;
    if (known && !d->a[0])
        text_copy(d->a, sizeof d->a, "a script");
    if (known && !d->b[0])
        text_copy(d->b, sizeof d->b, "a script");
    say_lines(p, d);
    return FOUND_DIFFERS;
}

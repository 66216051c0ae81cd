#include <math.h>
#include <stdio.h>
#include <string.h>

#include "base/mem.h"
#include "tools/locust/cost.h"

bool locust_range_is_zero(struct range a) {
    return a.why == WHY_KNOWN && a.low == 0 && a.high == 0;
}

struct range locust_range_exact(double value) {
    return (struct range){.low = value, .high = value};
}

static struct range at_place(struct cost_count *c, struct range r, const struct module *m,
                             TSNode at) {
    c->place = mem_grow(c->place, c->places, &c->places_cap, sizeof *c->place);
    c->place[c->places++] = (struct place){m, at};
    r.place = (unsigned)c->places;
    return r;
}

struct range locust_range_unknown(struct cost_count *c, enum why why, const struct module *m,
                                  TSNode at) {
    return at_place(c, (struct range){.why = why}, m, at);
}

static bool is_wide(struct range r) { return r.low < r.high; }

struct range locust_range_add(struct range a, struct range b) {
    if (a.why != WHY_KNOWN || locust_range_is_zero(b))
        return a;
    if (b.why != WHY_KNOWN || locust_range_is_zero(a))
        return b;
    struct range r = is_wide(a) ? a : is_wide(b) ? b : (struct range){0};
    r.low = a.low + b.low;
    r.high = a.high + b.high;
    return r;
}

struct range locust_range_either(struct range a, struct range b) {
    if (a.why != WHY_KNOWN)
        return a;
    if (b.why != WHY_KNOWN)
        return b;
    struct range r = is_wide(a) ? a : is_wide(b) ? b : (struct range){0};
    r.low = fmin(a.low, b.low);
    r.high = fmax(a.high, b.high);
    return r;
}

struct range locust_range_times(struct range a, double n) {
    if (n == 0)
        return locust_range_exact(0);
    a.low *= n;
    a.high *= n;
    return a;
}

/* --- costs --- */

struct cost locust_cost_add(struct cost a, struct cost b) {
    for (int i = 0; i < QUANTITIES; i++)
        a.q[i] = locust_range_add(a.q[i], b.q[i]);
    return a;
}

struct cost locust_cost_either(struct cost a, struct cost b) {
    for (int i = 0; i < QUANTITIES; i++)
        a.q[i] = locust_range_either(a.q[i], b.q[i]);
    return a;
}

struct cost locust_cost_times(struct cost a, double n) {
    for (int i = 0; i < QUANTITIES; i++)
        a.q[i] = locust_range_times(a.q[i], n);
    return a;
}

struct cost locust_cost_unknown(struct cost_count *c, enum why why, const struct module *m,
                                TSNode at) {
    struct cost cost = {0};
    cost.q[Q_REQUESTS] = cost.q[Q_THINK_MS] = locust_range_unknown(c, why, m, at);
    return cost;
}

struct cost locust_cost_unless_zero(struct cost_count *c, struct cost a, enum why why,
                                    const struct module *m, TSNode at) {
    for (int i = 0; i < QUANTITIES; i++)
        if (a.q[i].why == WHY_KNOWN && !locust_range_is_zero(a.q[i]))
            a.q[i] = locust_range_unknown(c, why, m, at);
    return a;
}

struct cost locust_cost_mark(struct cost_count *c, struct cost a, const struct module *m,
                             TSNode at) {
    for (int i = 0; i < QUANTITIES; i++)
        if (a.q[i].why == WHY_KNOWN && is_wide(a.q[i]) && a.q[i].place == 0)
            a.q[i] = at_place(c, a.q[i], m, at);
    return a;
}

/* --- in words --- */

/* The first words of the source at a place. */
static void source_words(const struct place *p, char *out, size_t size) {
    node_copy(&p->m->py, p->at, out, size);
    size_t skip = strspn(out, "(");
    memmove(out, out + skip, strlen(out + skip) + 1);
    out[strcspn(out, "()\r\n")] = '\0';
}

static void why_in_words(const struct cost_count *c, struct range r, char *out, size_t size) {
    static const struct {
        const char *before, *after;
        bool source; /* the words of the source follow */
    } words[WHYS] = {
        [WHY_LOOP] = {"the loop in ", " runs as often as its data say", false},
        [WHY_CALLBACK] = {"", " hands a function on; how often it runs is not seen", false},
        [WHY_HANDED] = {"", " hands the client to ", true},
        [WHY_SLEEP] = {"", " pauses for a time made at run time", false},
        [WHY_CLIENT] = {"", " uses a client whose code is not here: ", true},
        [WHY_UNSEEN] = {"", " calls code that is not here: ", true},
        [WHY_DECORATOR] = {"", " has a decorator that may run it more than once: ", true},
        [WHY_TASKS] = {"", " makes its tasks at run time", false},
        [WHY_TASK] = {"", " runs a task whose code is not here: ", true},
        [WHY_WEIGHT] = {"", " makes a weight at run time", false},
        [WHY_WAIT] = {"", " makes its wait at run time", false},
        [WHY_ENVIRONMENT] = {"", " comes from the environment", false},
        [WHY_SCHEDULED] = {"", " schedules a task by itself", false},
        [WHY_RECURSION] = {"the function in ", " calls itself", false},
        [WHY_DEEP] = {"", " is nested too deep", false},
    };
    const struct place *p = &c->place[r.place - 1];
    char where[96], source[41] = "";
    if (p->m == c->classes->names->module[0])
        snprintf(where, sizeof where, "line %ld", node_line(p->at));
    else
        snprintf(where, sizeof where, "line %ld of %.60s", node_line(p->at), p->m->file);
    if (words[r.why].source)
        source_words(p, source, sizeof source);
    snprintf(out, size, "%s%s%s%s", words[r.why].before, where, words[r.why].after, source);
}

/* Its line in the script; 0: in another file, or at several places. */
static long line_of(const struct cost_count *c, struct range r) {
    const struct place *p = r.place ? &c->place[r.place - 1] : NULL;
    return p && p->m == c->classes->names->module[0] ? node_line(p->at) : 0;
}

struct known locust_range_known(const struct cost_count *c, struct range r) {
    struct known k = {.value = r.low, .most = r.high, .line = line_of(c, r)};
    if (r.why == WHY_KNOWN)
        return k;
    k.value = k.most = NAN;
    why_in_words(c, r, k.why, sizeof k.why);
    return k;
}

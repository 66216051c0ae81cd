#include "plan/plan_parts.h"

#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/text.h"
#include "base/unit.h"

/* Bounds are those of the form: a value that it would refuse is not taken from the plan either. */
static const struct {
    const char *title;
    const char *unit;
    double least, most;
    bool above_least;
} keys[PLAN_KEYS] = {
    [PLAN_TARGET_RPS] = {"target RPS", "RPS", 0, 1e7, true},
    [PLAN_P50_MS] = {"p50", "ms", 0, 36e5, true},
    [PLAN_P90_MS] = {"p90", "ms", 0, 36e5, true},
    [PLAN_P95_MS] = {"p95", "ms", 0, 36e5, true},
    [PLAN_P99_MS] = {"p99", "ms", 0, 36e5, true},
    [PLAN_AVG_LIMIT_MS] = {"average response limit", "ms", 0, 36e5, true},
    [PLAN_MAX_MS] = {"maximum response", "ms", 0, 36e5, true},
    [PLAN_ERROR_RATE] = {"error rate", "%", 0, 1, false},
    [PLAN_DURATION_S] = {"duration", "s", 0, 5184000, true},
    [PLAN_AVG_RESPONSE_MS] = {"average response", "ms", 0, 36e5, true},
    [PLAN_MEMORY_MB] = {"memory limit", "MB", 0, 1e9, true},
};

const char *key_title(enum plan_key key) { return keys[key].title; }

struct finding *keep_note(struct reader_state *r, enum finding_level level, const char *kind,
                          long line, const char *fmt, ...) {
    char text[400];
    va_list ap;
    va_start(ap, fmt);
    vsnprintf(text, sizeof text, fmt, ap);
    va_end(ap);
    struct finding *f = findings_add(&r->plan->findings, level, kind, "%s", text);
    text_copy(f->file, sizeof f->file, r->plan->file);
    f->line = line;
    return f;
}

static const char *show(enum plan_key key, double value, char *out, size_t size) {
    char number[64];
    bool share = key == PLAN_ERROR_RATE;
    unit_show_short(share ? value * 100 : value, share ? 4 : 3, number, sizeof number);
    snprintf(out, size, "%s %s", number, keys[key].unit);
    return out;
}

/* Whose figure it is, for sentences: "POST /orders: ", "soak: ", "". */
static const char *owner(const struct context *c, char *out, size_t size) {
    static const char *const scopes[PLAN_SCOPES] = {"", "load", "stress", "soak"};
    const char *name = c->endpoint[0] ? c->endpoint : scopes[c->scope];
    snprintf(out, size, "%.120s%s", name, name[0] ? ": " : "");
    return out;
}

/* --- endpoints --- */

static void unset_all(struct plan_value *v) {
    for (int k = 0; k < PLAN_KEYS; k++)
        v[k] = (struct plan_value){.value = NAN, .a = NAN, .b = NAN};
}

static struct plan_endpoint *endpoint_named(struct reader_state *r, const char *name, long line) {
    struct plan *p = r->plan;
    for (size_t i = 0; i < p->endpoints; i++)
        if (strcmp(p->endpoint[i].name, name) == 0)
            return &p->endpoint[i];
    if (p->endpoints == PLAN_ENDPOINTS_MAX) {
        if (!r->endpoints_full)
            keep_note(r, FINDING_WARNING, "plan-endpoints", line,
                      "more than %d endpoints; those from here on are not taken",
                      PLAN_ENDPOINTS_MAX);
        r->endpoints_full = true;
        return NULL;
    }
    p->endpoint = mem_grow(p->endpoint, p->endpoints, &p->endpoints_cap, sizeof *p->endpoint);
    struct plan_endpoint *ep = &p->endpoint[p->endpoints++];
    text_copy(ep->name, sizeof ep->name, name);
    unset_all(ep->value);
    return ep;
}

/* --- figures --- */

static bool in_range(enum plan_key key, double v) {
    return isfinite(v) && v <= keys[key].most &&
           (keys[key].above_least ? v > keys[key].least : v >= keys[key].least);
}

static bool same(double a, double b) { return fabs(a - b) <= 1e-9 * fmax(fabs(a), fabs(b)); }

static void disagree(struct reader_state *r, const struct context *c, enum plan_key key,
                     struct plan_value *v, double value, long line) {
    char whose[136], a[80], b[80];
    v->b = value;
    v->other_line = line;
    v->value = NAN;
    keep_note(r, FINDING_WARNING, "plan-conflict", line,
              "%s%s: lines %ld and %ld disagree (%s, %s); none is taken",
              owner(c, whose, sizeof whose), keys[key].title, v->line, line,
              show(key, v->a, a, sizeof a), show(key, value, b, sizeof b));
}

void keep_value(struct reader_state *r, const struct context *c, enum plan_key key, double value,
                long line) {
    char whose[136], text[80];
    if (!in_range(key, value)) {
        keep_note(r, FINDING_WARNING, "plan-range", line, "%s%s: %s is out of range; not taken",
                  owner(c, whose, sizeof whose), keys[key].title,
                  show(key, value, text, sizeof text));
        return;
    }
    struct plan_value *v = &r->plan->value[c->scope][key];
    if (c->endpoint[0]) {
        struct plan_endpoint *ep = endpoint_named(r, c->endpoint, line);
        if (!ep)
            return;
        v = &ep->value[key];
    }
    if (v->line == 0)
        *v = (struct plan_value){.value = value, .line = line, .a = value, .b = NAN};
    else if (v->other_line == 0 && !same(v->value, value))
        disagree(r, c, key, v, value, line);
}

/* --- words --- */

/* Keeps a text; two different ones: none, and none after them. */
static void keep_word(struct reader_state *r, char *kept, size_t size, bool *doubt,
                      const char *title, const char *s, long line) {
    if (*doubt || text_same(kept, s))
        return;
    if (!kept[0]) {
        text_copy(kept, size, s);
        return;
    }
    keep_note(r, FINDING_WARNING, "plan-conflict", line,
              "%s: two are named (%.100s, %.100s); none is taken", title, kept, s);
    *doubt = true;
    kept[0] = '\0';
}

static bool as_string(char *out, size_t size, const char *s, size_t len) {
    if (len >= size)
        return false;
    memcpy(out, s, len);
    out[len] = '\0';
    return true;
}

void keep_url(struct reader_state *r, const char *s, size_t len, long line) {
    struct plan *p = r->plan;
    char url[sizeof p->base_url];
    if (!as_string(url, sizeof url, s, len)) {
        keep_note(r, FINDING_WARNING, "plan-range", line, "base URL: too long; not taken");
        return;
    }
    bool first = !p->base_url[0];
    keep_word(r, p->base_url, sizeof p->base_url, &r->url_doubt, "base URL", url, line);
    if (first && p->base_url[0])
        p->base_url_line = line;
    if (!p->base_url[0])
        p->base_url_line = 0;
}

void keep_tool(struct reader_state *r, const char *name, long line) {
    keep_word(r, r->plan->tool, sizeof r->plan->tool, &r->tool_doubt, "tool", name, line);
}

void keep_baseline(struct reader_state *r, const char *s, size_t len, long line) {
    struct plan *p = r->plan;
    char name[sizeof p->baseline];
    if (as_string(name, sizeof name, s, len))
        keep_word(r, p->baseline, sizeof p->baseline, &r->baseline_doubt, "baseline", name, line);
}

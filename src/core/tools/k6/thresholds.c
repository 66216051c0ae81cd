#include "tools/k6/thresholds.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tools/k6/value.h"

enum { LIMITS_MAX = 2 };

struct limit {
    const char *metric;
    char expr[48];
    double bound;
    bool aborts;
    double delay_s; /* of an aborting one */
};

/* --- the plan's limits --- */

/* As few decimals as tell the value. */
static void show(double value, char *out, size_t size) {
    snprintf(out, size, "%.6f", value);
    char *end = out + strlen(out) - 1;
    while (*end == '0')
        *end-- = '\0';
    if (*end == '.')
        *end = '\0';
}

static void add(struct limit *limit, size_t *n, const char *metric, const char *method,
                double bound) {
    char number[32];
    if (isnan(bound))
        return;
    show(bound, number, sizeof number);
    struct limit *l = &limit[(*n)++];
    *l = (struct limit){.metric = metric, .bound = bound};
    snprintf(l->expr, sizeof l->expr, "%s<%s", method, number);
}

/* A stress plan is meant to break its limits: there only the emergency stop is set. */
static size_t plan_limits(const struct profile *p, struct limit limit[LIMITS_MAX]) {
    size_t n = 0;
    if (p->model == MODEL_STRESS) {
        add(limit, &n, "http_req_failed", "rate", p->stop_error_rate);
        limit[0].aborts = true;
        limit[0].delay_s = p->stop_after_s;
        return n;
    }
    add(limit, &n, "http_req_duration", "p(95)", p->p95_limit_ms);
    add(limit, &n, "http_req_failed", "rate", p->error_limit);
    return n;
}

static void put_limit(struct buf *out, const struct style *st, const struct limit *l) {
    char delay[32];
    buf_printf(out, "%s: [", l->metric);
    if (l->aborts)
        buf_str(out, "{ threshold: ");
    put_string(out, st, l->expr);
    if (l->aborts) {
        buf_str(out, ", abortOnFail: true, delayAbortEval: ");
        put_string(out, st, wanted_duration(round(l->delay_s * 1000), delay, sizeof delay));
        buf_str(out, " }");
    }
    buf_char(out, ']');
}

void put_thresholds(struct buf *out, const struct style *st, const struct profile *p) {
    struct limit limit[LIMITS_MAX] = {0};
    size_t n = plan_limits(p, limit);
    for (size_t i = 0; i < n; i++) {
        buf_str(out, i ? ", " : "thresholds: { ");
        put_limit(out, st, &limit[i]);
    }
    buf_str(out, n ? " }" : "");
}

/* --- the user's own --- */

static void note(struct findings *notes, const struct k6_script *s, TSNode at,
                 enum finding_level level, const char *kind, const char *text) {
    struct finding *it = findings_add(notes, level, kind, "%s", text);
    it->line = node_line(at);
    snprintf(it->file, sizeof it->file, "%s", s->js.file);
}

/* The text of a threshold: 'p(95)<800', or { threshold: 'p(95)<800', ... }. */
static bool threshold_text(const struct k6_script *s, TSNode n, char *out, size_t size) {
    struct js_list l;
    n = value_node(&s->names, n);
    if (!node_is(n, "object"))
        return value_string(&s->names, n, out, size);
    js_list_open(&s->js, n, &l);
    const struct member *m = js_member(&l, "threshold");
    bool known = m && value_string(&s->names, m->value, out, size);
    js_list_close(&l);
    return known;
}

static void read_limit(const struct k6_script *s, const char *metric, TSNode at,
                       struct facts *out) {
    if (out->limits == OWN_LIMITS_MAX)
        return;
    struct own_limit *to = &out->limit[out->limits++];
    snprintf(to->metric, sizeof to->metric, "%s", metric);
    to->line = node_line(at);
    if (!threshold_text(s, at, to->text, sizeof to->text))
        node_copy(&s->js, at, to->text, sizeof to->text);
}

void thresholds_read(const struct k6_script *s, struct facts *out) {
    const struct member *m = s->has_options ? js_member(&s->options, "thresholds") : NULL;
    TSNode all = m ? value_node(&s->names, m->value) : (TSNode){0};
    struct js_list metrics, rules;
    if (!node_is(all, "object"))
        return;
    js_list_open(&s->js, all, &metrics);
    for (size_t i = 0; i < metrics.len; i++) {
        TSNode value = value_node(&s->names, metrics.item[i].value);
        if (metrics.item[i].kind != MEMBER_PAIR || !node_is(value, "array"))
            continue;
        js_list_open(&s->js, value, &rules);
        for (size_t k = 0; k < rules.len; k++)
            read_limit(s, metrics.item[i].name, rules.item[k].node, out);
        js_list_close(&rules);
    }
    js_list_close(&metrics);
}

/* "p(95) < 800" with the plan's method: its bound. */
static bool same_method(const char *text, const char *expr, double *bound) {
    size_t method = strcspn(expr, "<");
    char *end;
    if (strncmp(text, expr, method) != 0)
        return false;
    text += method;
    text += strspn(text, " ");
    if (*text++ != '<')
        return false;
    text += *text == '=';
    *bound = strtod(text, &end);
    return end != text;
}

/* Is the loosest bound that the user sets for this statistic above the plan's? */
static bool is_laxer(const struct k6_script *s, const struct js_list *l,
                     const struct limit *limit) {
    double strictest = INFINITY, bound;
    char text[128];
    for (size_t i = 0; i < l->len; i++)
        if (threshold_text(s, l->item[i].node, text, sizeof text) &&
            same_method(text, limit->expr, &bound))
            strictest = fmin(strictest, bound);
    return strictest > limit->bound;
}

static void note_own(const struct k6_script *s, const struct member *m, const struct limit *limit,
                     struct findings *notes) {
    char own[160], text[400];
    node_copy(&s->js, m->value, own, sizeof own);
    struct js_list l;
    js_list_open(&s->js, m->value, &l);
    bool list = node_is(m->value, "array"), lax = list && is_laxer(s, &l, limit);
    char first[128] = "";
    bool same = list && l.len == 1 && threshold_text(s, l.item[0].node, first, sizeof first) &&
                strcmp(first, limit->expr) == 0;
    js_list_close(&l);
    if (limit->aborts && !(same && strstr(own, "abortOnFail"))) {
        snprintf(text, sizeof text,
                 "The script's own %s %s stays, so nothing stops the run early when %s breaks.",
                 limit->metric, own, limit->expr);
        note(notes, s, m->node, FINDING_WARNING, "own-threshold", text);
    } else if (!limit->aborts && !same) {
        snprintf(text, sizeof text, "The script's own %s %s stays; the limit is %s%s.",
                 limit->metric, own, limit->expr, lax ? ", which is stricter" : "");
        note(notes, s, m->node, lax ? FINDING_WARNING : FINDING_INFO, "own-threshold", text);
    }
}

/* A spread or a computed name may hold any metric: adding beside it could replace the user's. */
static bool is_open_ended(const struct js_list *l) {
    for (size_t i = 0; i < l->len; i++)
        if (l->item[i].kind != MEMBER_PAIR && l->item[i].kind != MEMBER_SHORTHAND)
            return true;
    return false;
}

void thresholds_edit(struct list_edit *options, const struct k6_script *s, const struct profile *p,
                     struct findings *notes) {
    const struct member *m = js_member(&s->options, "thresholds");
    struct buf text;
    buf_init(&text, SCRIPT_TEXT_MAX);
    if (!m) {
        put_thresholds(&text, options->place.style, p);
        if (text.len)
            list_append(options, text.data);
        buf_fini(&text);
        return;
    }
    struct js_list l;
    js_list_open(&s->js, m->value, &l);
    if (!node_is(m->value, "object") || is_open_ended(&l)) {
        note(notes, s, m->node, FINDING_INFO, "thresholds-kept",
             "thresholds are made at run time and stay as they are; the verdict does not need "
             "them.");
    } else {
        struct limit limit[LIMITS_MAX] = {0};
        size_t n = plan_limits(p, limit);
        struct list_edit e;
        list_edit_begin(&e, &s->js, &l, options->place.style, options->out);
        for (size_t i = 0; i < n; i++) {
            const struct member *own = js_member(&l, limit[i].metric);
            if (own) {
                note_own(s, own, &limit[i], notes);
                continue;
            }
            buf_clear(&text);
            put_limit(&text, options->place.style, &limit[i]);
            list_append(&e, text.data);
        }
        list_edit_end(&e);
    }
    js_list_close(&l);
    buf_fini(&text);
}

/* --- summaryTrendStats --- */

static const char *const stats[] = {"avg", "min", "med", "max", "p(90)", "p(95)", "p(99)", NULL};

void put_trend_stats(struct buf *out, const struct style *st) {
    buf_str(out, "summaryTrendStats: [");
    for (const char *const *stat = stats; *stat; stat++) {
        buf_str(out, stat == stats ? "" : ", ");
        put_string(out, st, *stat);
    }
    buf_char(out, ']');
}

static bool has_stat(const struct k6_script *s, const struct js_list *l, const char *stat) {
    char text[32];
    for (size_t i = 0; i < l->len; i++)
        if (value_string(&s->names, l->item[i].node, text, sizeof text) && strcmp(text, stat) == 0)
            return true;
    return false;
}

void trend_stats_edit(struct list_edit *options, const struct k6_script *s,
                      struct findings *notes) {
    const struct member *m = js_member(&s->options, "summaryTrendStats");
    struct buf text;
    buf_init(&text, SCRIPT_TEXT_MAX);
    if (!m) {
        put_trend_stats(&text, options->place.style);
        list_append(options, text.data);
        buf_fini(&text);
        return;
    }
    struct js_list l;
    js_list_open(&s->js, m->value, &l);
    if (!node_is(m->value, "array") || is_open_ended(&l)) {
        note(notes, s, m->node, FINDING_INFO, "stats-kept",
             "summaryTrendStats is made at run time and stays; without p(99) in it the summary has "
             "no p99.");
    } else {
        struct list_edit e;
        list_edit_begin(&e, &s->js, &l, options->place.style, options->out);
        for (const char *const *stat = stats; *stat; stat++) {
            if (has_stat(s, &l, *stat))
                continue;
            buf_clear(&text);
            put_string(&text, options->place.style, *stat);
            list_append(&e, text.data);
        }
        list_edit_end(&e);
    }
    js_list_close(&l);
    buf_fini(&text);
}

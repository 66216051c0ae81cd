/* The focused row of Results, explained over the whole pane. */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "base/text.h"
#include "base/unit.h"
#include "ui/screen/panel/parts.h"

enum { AT_LABEL = 2, AT_TEXT = 15 };

static void add(struct sheet *sh, const char *label, const char *text) {
    if (text[0])
        sheet_label(sh, LINE_ROW, AT_LABEL, label, AT_TEXT, text);
}

static struct line *add_head(struct sheet *sh, const char *name, enum mark mark,
                             const char *words) {
    sheet_blank(sh);
    struct line *l = sheet_title(sh, LINE_KEEP, name, "Esc goes back");
    if (words[0])
        sheet_state(sh, l, mark, words);
    sheet_blank(sh);
    return l;
}

/* --- a check --------------------------------------------------------------------------------- */

/* The figure that a check is about, and the statistic whose samples count. */
static const struct {
    const char *metric;
    enum metric figure;
    const char *statistic;
} measured[] = {{"p95", METRIC_P95_MS, "p95"},
                {"p99", METRIC_P99_MS, "p99"},
                {"avg", METRIC_AVG_MS, "mean"},
                {"error_rate", METRIC_FAILED, "error_rate"},
                {"rps", METRIC_REQUESTS, NULL},
                {"checks", METRIC_CHECKS_FAILED, NULL},
                {"dropped_iterations", METRIC_DROPPED, NULL}};

static int find_measured(const struct check *c) {
    for (int i = 0; i < (int)(sizeof measured / sizeof *measured); i++)
        if (strcmp(measured[i].metric, c->metric) == 0)
            return i;
    return -1;
}

/* A text rounds its numbers: the true value lies in an interval. */
static void add_interval(struct sheet *sh, const struct figure *f) {
    char text[160], low[32], high[32];
    if (isnan(f->value) || f->low == f->high)
        return;
    snprintf(text, sizeof text, "between %s and %s: the source rounds it",
             unit_show_short(f->low, 4, low, sizeof low),
             unit_show_short(f->high, 4, high, sizeof high));
    add(sh, "Interval", text);
}

static void add_samples(struct sheet *sh, const char *statistic) {
    const struct session *s = sh->s;
    const struct sample_rule *rule = statistic ? rules_sample(&s->rules, statistic) : NULL;
    double n = summary_value(&s->result.run, METRIC_REQUESTS);
    char text[200], have[32], least[32], full[32];
    if (!rule || isnan(n))
        return;
    snprintf(text, sizeof text, "%s requests; %s are needed, %s make it firm",
             unit_show(n, 0, have, sizeof have), unit_show(rule->least, 0, least, sizeof least),
             unit_show(rule->full, 0, full, sizeof full));
    add(sh, "Samples", text);
}

static void add_where(struct sheet *sh, const struct figure *f) {
    const struct result *r = &sh->s->result;
    char text[NAME_MAX_BYTES + QUOTE_MAX_BYTES + 40];
    if (isnan(f->value))
        return;
    if (f->line > 0)
        snprintf(text, sizeof text, "%s line %ld%s%s", r->from, f->line, f->quote[0] ? ": " : "",
                 f->quote);
    else
        snprintf(text, sizeof text, "%s%s%s", r->from, f->quote[0] ? ": " : "", f->quote);
    add(sh, "Read from", text);
}

/* The same figure in the steady state. */
static void add_steady(struct sheet *sh, enum metric m) {
    const struct summary *run = &sh->s->result.run;
    char text[160], from[32], to[32], value[48];
    for (size_t i = 0; i < run->stretches; i++) {
        const struct stretch *st = &run->stretch[i];
        double v = st->value[m];
        if (m == METRIC_FAILED)
            unit_show_share(v / st->value[METRIC_REQUESTS], value, sizeof value);
        else if (m == METRIC_REQUESTS)
            snprintf(value, sizeof value, "%.1f RPS", st->value[METRIC_RPS]);
        else
            unit_show_ms(v, value, sizeof value);
        if (isnan(v))
            continue;
        snprintf(text, sizeof text, "%s, %s to %s: %s", st->name,
                 unit_show_clock(st->from_s, from, sizeof from),
                 unit_show_clock(st->to_s, to, sizeof to), value);
        add(sh, i == 0 ? "Steady state" : "", text);
    }
}

/* What single requests tell of it. */
static void add_measured(struct sheet *sh, enum metric m) {
    enum { ERRORS_SHOWN = 20 };
    if ((int)m < ENDPOINT_METRICS)
        add_steady(sh, m);
    if (m >= METRIC_AVG_MS && m <= METRIC_MAX_MS)
        outcomes_build(sh);
    if (m == METRIC_FAILED)
        errors_build(sh, ERRORS_SHOWN);
    if (m == METRIC_REQUESTS)
        in_flight_build(sh);
}

/* How to get an answer where there is none. */
static void add_how(struct sheet *sh, const struct check *c) {
    const struct judgement *j = &sh->s->result.judgement;
    const char *label = "To measure";
    for (size_t i = 0; i < j->steps; i++) {
        if (strcmp(j->step[i], j->sentence) == 0 || !strstr(j->step[i], c->metric))
            continue;
        add(sh, label, j->step[i]);
        label = "";
    }
}

static void add_limit(struct sheet *sh, const struct check *c) {
    char text[96], limit[64];
    if (isnan(c->limit)) {
        add(sh, "Limit", "none is set");
        return;
    }
    static const char *const words[] = {
        [OP_LESS] = "below", [OP_LESS_EQUAL] = "at most", [OP_MORE_EQUAL] = "at least"};
    snprintf(text, sizeof text, "%s %s", words[c->op],
             show_check_limit(sh->s, c, limit, sizeof limit));
    add(sh, "Limit", text);
    add(sh, "Limit from", c->limit_from);
    if (!isnan(check_headroom(c))) {
        double room = check_headroom(c);
        snprintf(text, sizeof text, "%.1f %%%s", 100 * fabs(room),
                 room < 0 ? " beyond the limit" : " of the limit is left");
        add(sh, "Headroom", text);
    }
}

static struct line *check_details(struct sheet *sh, const struct check *c) {
    char text[96];
    int i = find_measured(c);
    const struct sign sign = sign_of(check_mark(c));
    struct line *l = add_head(sh, check_title(c), check_mark(c), sign.word);
    add(sh, "Measured", show_check_value(sh->s, c, text, sizeof text));
    if (i >= 0)
        add_interval(sh, &sh->s->result.run.figure[measured[i].figure]);
    add_limit(sh, c);
    if (i >= 0) {
        add_samples(sh, measured[i].statistic);
        add_where(sh, &sh->s->result.run.figure[measured[i].figure]);
        add_measured(sh, measured[i].figure);
    }
    add(sh, "Level", c->required ? "required: without data the run does not pass" : "optional");
    add(sh, "Remark", c->why);
    if (c->status == VERDICT_NO_DATA)
        add_how(sh, c);
    return l;
}

/* --- the others ------------------------------------------------------------------------------ */

static struct line *endpoint_details(struct sheet *sh, const struct endpoint *e) {
    struct line *l = add_head(sh, e->name, MARK_NONE, "");
    if (e->transaction)
        add(sh, "Transaction", "a sum over other requests, which is not in the run's own figures");
    for (int m = 0; m < ENDPOINT_METRICS; m++) {
        char text[64];
        double v = e->figure[m].value;
        bool counts = m == METRIC_REQUESTS || m == METRIC_FAILED;
        if (isnan(v))
            continue;
        if (counts)
            unit_show(v, 0, text, sizeof text);
        else if (m == METRIC_RPS)
            snprintf(text, sizeof text, "%.2f/s", v);
        else
            unit_show_ms(v, text, sizeof text);
        add(sh, metric_name((enum metric)m), text);
    }
    return l;
}

static struct line *cause_details(struct sheet *sh, const struct cause *c) {
    char head[96];
    snprintf(head, sizeof head, "%s  %s", c->id, c->name);
    struct line *l = add_head(sh, head, MARK_NONE, "");
    add(sh, "Evidence", c->evidence);
    add(sh, "Points at", c->points_at);
    add(sh, "Excludes", c->excludes[0] ? c->excludes : "nothing");
    add(sh, "Look next", c->look_next);
    add(sh, "Rule", sh->s->rules.doc[DOC_DIAGNOSIS].name);
    return l;
}

struct line *details_build(struct sheet *sh) {
    const struct result *r = &sh->s->result;
    int focus = sh->v->focus[STEP_RESULTS];
    if (sh->items == 0)
        return add_head(sh, "Results", MARK_NONE, "");
    const struct item *it = &sh->item[focus < 0 ? 0 : focus < sh->items ? focus : sh->items - 1];
    if (it->kind == ITEM_ENDPOINT)
        return endpoint_details(sh, &r->run.endpoint[it->index]);
    if (it->kind == ITEM_CAUSE)
        return cause_details(sh, &r->judgement.cause[it->index]);
    return check_details(sh, &r->judgement.check[it->index]);
}

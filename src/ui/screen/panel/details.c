/* The focused row of Results, explained over the whole pane. */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "base/text.h"
#include "base/unit.h"
#include "ui/screen/panel/parts.h"

enum { AT_LABEL = 2, AT_TEXT = 15 };

void details_add(struct sheet *sh, const char *label, const char *text) {
    if (text[0])
        sheet_label(sh, LINE_ROW, AT_LABEL, label, AT_TEXT, text);
}

struct line *details_head(struct sheet *sh, const char *name, enum mark mark, const char *words) {
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

/* A text rounds its numbers: the true value lies in between. */
static void add_rounding(struct sheet *sh, const struct figure *f) {
    char text[160], low[32], high[32];
    if (isnan(f->value) || f->low == f->high)
        return;
    snprintf(text, sizeof text, "between %s and %s, as the source writes it",
             unit_show_short(f->low, 4, low, sizeof low),
             unit_show_short(f->high, 4, high, sizeof high));
    details_add(sh, "Rounded", text);
}

static const struct stretch *steady_of(const struct session *s) {
    return session_result(s)->judgement.window.steady ? summary_steady(&session_result(s)->run)
                                                      : NULL;
}

static void add_samples(struct sheet *sh, const char *statistic) {
    const struct session *s = sh->s;
    const struct sample_rule *rule = statistic ? rules_sample(&s->rules, statistic) : NULL;
    const struct stretch *steady = steady_of(s);
    double n = steady ? steady->value[METRIC_REQUESTS]
                      : summary_value(&session_result(s)->run, METRIC_REQUESTS);
    char text[200], have[32], least[32], full[32];
    if (!rule || isnan(n))
        return;
    snprintf(text, sizeof text, "%s requests; %s are needed, %s make it firm",
             unit_show(n, 0, have, sizeof have), unit_show(rule->least, 0, least, sizeof least),
             unit_show(rule->full, 0, full, sizeof full));
    details_add(sh, "Samples", text);
}

static void add_where(struct sheet *sh, const struct figure *f) {
    const struct result *r = session_result(sh->s);
    char text[NAME_MAX_BYTES + QUOTE_MAX_BYTES + 40];
    if (isnan(f->value))
        return;
    if (f->line > 0)
        snprintf(text, sizeof text, "%s line %ld%s%s", r->from, f->line, f->quote[0] ? ": " : "",
                 f->quote);
    else
        snprintf(text, sizeof text, "%s%s%s", r->from, f->quote[0] ? ": " : "", f->quote);
    details_add(sh, "Read from", text);
}

/* "avg 215 ms, p50 208 ms, p95 324 ms": all that are known of the judged part. */
static void add_percentiles(struct sheet *sh) {
    static const enum metric shown[] = {METRIC_AVG_MS, METRIC_MED_MS, METRIC_P90_MS,
                                        METRIC_P95_MS, METRIC_P99_MS, METRIC_MAX_MS};
    const struct stretch *steady = steady_of(sh->s);
    char text[320] = "", value[32];
    size_t n = 0;
    for (size_t i = 0; i < sizeof shown / sizeof *shown && n < sizeof text; i++) {
        double v =
            steady ? steady->value[shown[i]] : summary_value(&session_result(sh->s)->run, shown[i]);
        if (!isnan(v))
            n += (size_t)snprintf(text + n, sizeof text - n, "%s%s %s", n ? ", " : "",
                                  metric_name(shown[i]), unit_show_ms(v, value, sizeof value));
    }
    details_add(sh, "Percentiles", text);
}

/* How sure the value is. */
static void add_interval(struct sheet *sh, const struct check *c) {
    struct check low = *c, high = *c;
    char text[200], from[64], to[64];
    if (isnan(c->low) || isnan(c->high))
        return;
    low.value = c->low;
    high.value = c->high;
    check_show_value(&low, low.value, from, sizeof from);
    if (isfinite(c->high))
        snprintf(text, sizeof text, "%s to %s (95 %%)", from,
                 check_show_value(&high, high.value, to, sizeof to));
    else
        snprintf(text, sizeof text, "from %s on (95 %%): too few requests for an upper end", from);
    details_add(sh, "Interval", text);
}

/* p95 of the five equal parts of the steady state, and of its worst window. */
static void add_windows(struct sheet *sh) {
    const struct stretch *steady = steady_of(sh->s);
    const struct series *w = &session_result(sh->s)->run.windows;
    char text[200] = "", one[32], two[32];
    size_t n = 0, worst = 0;
    for (int i = 0; steady && i < FIFTHS && !isnan(steady->fifth_p95_ms[i]); i++)
        n += (size_t)snprintf(text + n, sizeof text - n, "%s%s", n ? ", " : "",
                              unit_show_ms(steady->fifth_p95_ms[i], one, sizeof one));
    details_add(sh, "Five windows", text);
    for (size_t i = 1; i < w->points; i++)
        if (w->point[i].p95_ms > w->point[worst].p95_ms || isnan(w->point[worst].p95_ms))
            worst = i;
    if (w->points == 0 || isnan(w->point[worst].p95_ms))
        return;
    const struct point *p = &w->point[worst];
    n = (size_t)snprintf(text, sizeof text,
                         "%s to %s: ", show_at(sh->s, p->at_s, true, one, sizeof one),
                         show_at(sh->s, point_end_s(p), true, two, sizeof two));
    unit_show_ms(p->p95_ms, text + n, sizeof text - n);
    details_add(sh, "Worst window", text);
}

static void add_stalls(struct sheet *sh) {
    enum { SHOWN = 20 };
    const struct judgement *j = &session_result(sh->s)->judgement;
    char text[120], at[32], length[32];
    for (size_t i = 0; i < j->stalls && i < SHOWN; i++) {
        snprintf(text, sizeof text, "%s, for %s s",
                 show_at(sh->s, j->stall[i].from_s, true, at, sizeof at),
                 unit_show_short(j->stall[i].length_s, 1, length, sizeof length));
        details_add(sh, i == 0 ? "Stalls" : "", text);
    }
    if (j->stalls > SHOWN) {
        snprintf(text, sizeof text, "%zu more", j->stalls - SHOWN);
        details_add(sh, "", text);
    }
}

/* The same figure in the parts of the run. */
static void add_parts(struct sheet *sh, enum metric m) {
    const struct summary *run = &session_result(sh->s)->run;
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
        details_add(sh, i == 0 ? "Parts" : "", text);
    }
}

/* What single requests tell of it. */
static void add_measured(struct sheet *sh, enum metric m) {
    enum { ERRORS_SHOWN = 20 };
    if (m >= METRIC_AVG_MS && m <= METRIC_MAX_MS) {
        add_percentiles(sh);
        outcomes_build(sh);
    }
    if (m == METRIC_P95_MS)
        add_windows(sh);
    if ((int)m < ENDPOINT_METRICS)
        add_parts(sh, m);
    if (m == METRIC_FAILED)
        errors_build(sh, ERRORS_SHOWN);
    if (m == METRIC_REQUESTS)
        in_flight_build(sh);
}

/* How to get an answer where there is none. */
static void add_how(struct sheet *sh, const struct check *c) {
    const struct judgement *j = &session_result(sh->s)->judgement;
    const char *label = "To measure";
    for (size_t i = 0; i < j->steps; i++) {
        if (strcmp(j->step[i], j->sentence) == 0 || !strstr(j->step[i], c->metric))
            continue;
        details_add(sh, label, j->step[i]);
        label = "";
    }
}

static void add_limit(struct sheet *sh, const struct check *c) {
    char text[96], limit[64];
    if (isnan(c->limit)) {
        details_add(sh, "Limit", "none is set");
        return;
    }
    static const char *const words[] = {
        [OP_LESS] = "below", [OP_LESS_EQUAL] = "at most", [OP_MORE_EQUAL] = "at least"};
    snprintf(text, sizeof text, "%s %s", words[c->op], check_show_limit(c, limit, sizeof limit));
    details_add(sh, "Limit", text);
    details_add(sh, "Limit from", c->limit_from);
    if (!isnan(check_headroom(c))) {
        double room = check_headroom(c);
        snprintf(text, sizeof text, "%.1f %%%s", 100 * fabs(room),
                 room < 0 ? " beyond the limit" : " of the limit is left");
        details_add(sh, "Headroom", text);
    }
}

static struct line *check_details(struct sheet *sh, const struct check *c) {
    char text[96], waived[sizeof c->waived_by + sizeof c->waived_why + 8];
    int i = find_measured(c);
    const struct sign sign = sign_of(check_mark(c));
    struct line *l = details_head(sh, check_title(c), check_mark(c), sign.word);
    details_add(sh, "Measured", check_show_value(c, c->value, text, sizeof text));
    if (i >= 0)
        add_rounding(sh, &session_result(sh->s)->run.figure[measured[i].figure]);
    add_interval(sh, c);
    add_limit(sh, c);
    if (i >= 0) {
        add_samples(sh, measured[i].statistic);
        add_where(sh, &session_result(sh->s)->run.figure[measured[i].figure]);
        add_measured(sh, measured[i].figure);
    }
    if (strcmp(c->metric, "stalls") == 0)
        add_stalls(sh);
    details_add(sh, "Level",
                c->required ? "required: without data the run does not pass" : "optional");
    details_add(sh, "Remark", c->why);
    snprintf(waived, sizeof waived, "by %s: %s", c->waived_by, c->waived_why);
    details_add(sh, "Waived", c->waived_by[0] ? waived : "");
    if (c->status == VERDICT_NO_DATA)
        add_how(sh, c);
    return l;
}

/* --- the others ------------------------------------------------------------------------------ */

static void add_endpoint_part(struct sheet *sh, const struct endpoint *e, bool steady) {
    for (int m = 0; m < ENDPOINT_METRICS; m++) {
        char text[64];
        double v = steady ? e->steady[m] : e->figure[m].value;
        if (isnan(v))
            continue;
        if (m == METRIC_REQUESTS || m == METRIC_FAILED)
            unit_show(v, 0, text, sizeof text);
        else if (m == METRIC_RPS)
            snprintf(text, sizeof text, "%.2f/s", v);
        else
            unit_show_ms(v, text, sizeof text);
        details_add(sh, metric_name((enum metric)m), text);
    }
}

/* Its own limits, else the run's, which do not count for it. */
static void add_endpoint_limits(struct sheet *sh, const struct endpoint *e) {
    const struct judgement *j = &session_result(sh->s)->judgement;
    const struct check *all = judgement_find(j, "p95");
    size_t length = strlen(e->name);
    bool own = false;
    for (size_t i = 0; i < j->checks; i++) {
        const struct check *c = &j->check[i];
        const char *colon = strchr(c->metric, ':');
        char text[160], limit[64];
        if (!colon || strcmp(colon + 1, e->name) != 0)
            continue;
        own = true;
        snprintf(text, sizeof text, "%.*s %s, %s", (int)(strlen(c->metric) - length - 1), c->metric,
                 check_show_limit(c, limit, sizeof limit), mark_check_word(c));
        details_add(sh, "Limit", text);
    }
    if (own || !all || isnan(all->limit))
        return;
    char text[160], limit[64];
    snprintf(text, sizeof text, "none of its own; the run's p95 limit is %s",
             check_show_limit(all, limit, sizeof limit));
    details_add(sh, "Limit", text);
}

static struct line *endpoint_details(struct sheet *sh, const struct endpoint *e) {
    struct line *l = details_head(sh, e->name, MARK_NONE, "");
    bool steady =
        session_result(sh->s)->judgement.window.steady && !isnan(e->steady[METRIC_REQUESTS]);
    if (e->transaction)
        details_add(sh, "Transaction",
                    "a sum over other requests, which is not in the run's own figures");
    add_endpoint_limits(sh, e);
    details_add(sh, "Figures", steady ? "of the steady window" : "of the whole run, ramps inside");
    add_endpoint_part(sh, e, steady);
    return l;
}

static struct line *cause_details(struct sheet *sh, const struct cause *c) {
    char head[96];
    snprintf(head, sizeof head, "%s  %s", c->id, c->name);
    struct line *l = details_head(sh, head, MARK_NONE, "");
    details_add(sh, "Evidence", c->evidence);
    details_add(sh, "Points at", c->points_at);
    details_add(sh, "Excludes", c->excludes[0] ? c->excludes : "nothing");
    details_add(sh, "Look next", c->look_next);
    details_add(sh, "Rule", sh->s->rules.doc[DOC_DIAGNOSIS].name);
    return l;
}

struct line *details_build(struct sheet *sh) {
    const struct result *r = session_result(sh->s);
    int focus = sh->v->focus[STEP_RESULTS];
    if (sh->items == 0)
        return details_head(sh, "Results", MARK_NONE, "");
    const struct item *it = &sh->item[focus < 0 ? 0 : focus < sh->items ? focus : sh->items - 1];
    if (it->kind == ITEM_ENDPOINT)
        return endpoint_details(sh, &r->run.endpoint[it->index]);
    if (it->kind == ITEM_CAUSE)
        return cause_details(sh, &r->judgement.cause[it->index]);
    if (it->kind == ITEM_LOAD_STEP)
        return stress_details(sh, it->index);
    if (it->kind == ITEM_TREND)
        return soak_details(sh, it->index);
    return check_details(sh, &r->judgement.check[it->index]);
}

/* Requests by endpoint, the one with the most trouble first: over its limit, then by p95 in shares
 * of the limit, by errors, by p95. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/unit.h"
#include "ui/screen/panel/parts.h"

enum {
    COL_NAME,
    COL_REQUESTS,
    COL_AVG,
    COL_MED,
    COL_P95,
    COL_P99,
    COL_ERRORS,
    COL_VERDICT,
    COLUMNS
};
enum { AT_SIGN = 2, AT_TEXT = 4 };

/* By the width of the pane, as the table of limits above it. */
static const struct column columns[PANE_SIZES][COLUMNS] = {
    {{"Endpoint", 4, 25, false},
     {"Requests", 29, 10, true},
     {"Avg", 40, 6, true},
     {"p50", 47, 6, true},
     {"p95", 54, 6, true},
     {"p99", 61, 6, true},
     {"Errors", 69, 8, true},
     {"Verdict", 79, 13, false}},
    {{"Endpoint", 4, 16, false},
     {"Requests", 20, 10, true},
     {"Avg", 30, 6, true},
     {"p50", 36, 6, true},
     {"p95", 42, 6, true},
     {"p99", 48, 6, true},
     {"Errors", 55, 8, true},
     {"Verdict", 65, 13, false}},
    {{"Endpoint", 4, 14, false},
     {"Requests", 18, 10, true},
     {"Avg", 28, 6, true},
     {"p50", 34, 0, true},
     {"p95", 34, 6, true},
     {"p99", 40, 6, true},
     {"Errors", 47, 8, true},
     {"Verdict", 57, 13, false}},
};

static const struct column *columns_for(int cols) { return columns[pane_size(cols)]; }

static const enum metric time_metric[] = {[COL_AVG] = METRIC_AVG_MS,
                                          [COL_MED] = METRIC_MED_MS,
                                          [COL_P95] = METRIC_P95_MS,
                                          [COL_P99] = METRIC_P99_MS};

/* --- figures --------------------------------------------------------------------------------- */

/* Of the steady state, when that is what the run was judged on and the endpoint is known apart. */
static bool has_steady(const struct session *s, const struct endpoint *e) {
    return session_result(s)->judgement.window.steady && !isnan(e->steady[METRIC_REQUESTS]);
}

static double value_of(const struct session *s, const struct endpoint *e, enum metric m) {
    return has_steady(s, e) ? e->steady[m] : e->figure[m].value;
}

static double value_of_all(const struct session *s, enum metric m) {
    const struct summary *run = &session_result(s)->run;
    const struct stretch *steady =
        session_result(s)->judgement.window.steady ? summary_steady(run) : NULL;
    return steady && !isnan(steady->value[m]) ? steady->value[m] : summary_value(run, m);
}

/* The highest value of a column, which sets its decimals; NAN: the source has none. */
static double highest(const struct session *s, enum metric m) {
    const struct summary *r = &session_result(s)->run;
    double most = NAN;
    for (size_t i = 0; i < r->endpoints; i++)
        most = fmax(most, value_of(s, &r->endpoint[i], m));
    return most;
}

/* --- verdicts -------------------------------------------------------------------------------- */

static const struct check *own_check(const struct session *s, const char *metric,
                                     const char *endpoint) {
    char name[SCOPE_MAX_BYTES + 16];
    snprintf(name, sizeof name, "%s:%s", metric, endpoint);
    return judgement_find(&session_result(s)->judgement, name);
}

static bool is_above(const struct session *s, const char *metric, double value) {
    const struct check *c = judgement_find(&session_result(s)->judgement, metric);
    return c && c->limit > 0 && value >= c->limit;
}

static double error_rate(const struct session *s, const struct endpoint *e) {
    double requests = value_of(s, e, METRIC_REQUESTS);
    return requests > 0 ? value_of(s, e, METRIC_FAILED) / requests : NAN;
}

/* An endpoint without a limit of its own breaks none: above the run's limit it only gets a mark. */
static enum mark endpoint_mark(const struct session *s, const struct endpoint *e) {
    const struct check *own[] = {own_check(s, "p95", e->name), own_check(s, "error_rate", e->name)};
    double p95 = value_of(s, e, METRIC_P95_MS);
    enum mark mark = MARK_NONE;
    for (size_t i = 0; i < sizeof own / sizeof *own; i++)
        if (own[i] && (mark == MARK_NONE || mark_rank(check_mark(own[i])) < mark_rank(mark)))
            mark = check_mark(own[i]);
    if (mark != MARK_NONE)
        return mark;
    if ((!own[0] && is_above(s, "p95", p95)) ||
        (!own[1] && is_above(s, "error_rate", error_rate(s, e))))
        return MARK_NEAR;
    return isnan(p95) || !judgement_find(&session_result(s)->judgement, "p95") ? MARK_NONE
                                                                               : MARK_OK;
}

static bool has_limit(const struct session *s, const struct endpoint *e) {
    return own_check(s, "p95", e->name) || own_check(s, "error_rate", e->name);
}

static const char *endpoint_word(const struct session *s, const struct endpoint *e) {
    enum mark mark = endpoint_mark(s, e);
    return mark == MARK_NEAR && !has_limit(s, e) ? "above limit" : mark_word(mark);
}

static bool any_mark(const struct session *s) {
    const struct summary *r = &session_result(s)->run;
    for (size_t i = 0; i < r->endpoints; i++)
        if (endpoint_mark(s, &r->endpoint[i]) != MARK_NONE)
            return true;
    return false;
}

/* --- the order ------------------------------------------------------------------------------- */

struct standing {
    size_t index;
    double key[4]; /* the larger, the further up */
};

static double known(double value) { return isnan(value) ? -1 : value; }

static struct standing place_of(const struct session *s, size_t index) {
    const struct endpoint *e = &session_result(s)->run.endpoint[index];
    const struct check *own = own_check(s, "p95", e->name);
    const struct check *c = own ? own : judgement_find(&session_result(s)->judgement, "p95");
    double p95 = value_of(s, e, METRIC_P95_MS);
    return (struct standing){index,
                             {-mark_rank(endpoint_mark(s, e)),
                              known(c && c->limit > 0 ? p95 / c->limit : NAN),
                              known(error_rate(s, e)), known(p95)}};
}

static int compare(const void *a, const void *b) {
    const struct standing *x = a, *y = b;
    for (size_t i = 0; i < sizeof x->key / sizeof *x->key; i++)
        if (x->key[i] != y->key[i])
            return x->key[i] > y->key[i] ? -1 : 1;
    return x->index < y->index ? -1 : 1;
}

static struct standing *in_order(const struct session *s) {
    size_t n = session_result(s)->run.endpoints;
    struct standing *place = mem_new(n, sizeof *place);
    for (size_t i = 0; i < n; i++)
        place[i] = place_of(s, i);
    qsort(place, n, sizeof *place, compare);
    return place;
}

/* --- rows ------------------------------------------------------------------------------------ */

static bool is_shown(const struct session *s, int col) {
    if (col >= COL_AVG && col <= COL_P99)
        return !isnan(highest(s, time_metric[col]));
    if (col == COL_ERRORS)
        return !isnan(highest(s, METRIC_FAILED));
    return col != COL_VERDICT || any_mark(s);
}

static void draw_head(const struct pen *p, int index) {
    (void)index;
    const struct column *col = columns_for(p->a.cols);
    for (int i = 0; i < COLUMNS; i++)
        if (is_shown(p->s, i))
            table_cell(p->g, p->a.row, p->a.col, &col[i], LOOK_MUTED, col[i].title);
}

static void draw_figures(const struct pen *p, const double *value, enum look look) {
    const struct column *col = columns_for(p->a.cols);
    char text[48];
    table_cell(p->g, p->a.row, p->a.col, &col[COL_REQUESTS], look,
               unit_show(value[METRIC_REQUESTS], 0, text, sizeof text));
    for (int i = COL_AVG; i <= COL_P99; i++) {
        double most = highest(p->s, time_metric[i]);
        int decimals = most >= 100 ? 0 : most >= 10 ? 1 : 2;
        if (!isnan(most))
            table_cell(p->g, p->a.row, p->a.col, &col[i], look,
                       unit_show(value[time_metric[i]], decimals, text, sizeof text));
    }
    if (is_shown(p->s, COL_ERRORS))
        table_cell(
            p->g, p->a.row, p->a.col, &col[COL_ERRORS], look,
            unit_show_share(value[METRIC_FAILED] / value[METRIC_REQUESTS], text, sizeof text));
}

static void draw_endpoint(const struct pen *p, int index) {
    const struct session *s = p->s;
    const struct endpoint *e = &session_result(s)->run.endpoint[index];
    const struct column *col = columns_for(p->a.cols);
    bool other = session_result(s)->judgement.window.steady && !has_steady(s, e);
    enum mark mark = endpoint_mark(s, e);
    enum look look = other ? LOOK_MUTED : results_look(s, LOOK_TEXT);
    double value[ENDPOINT_METRICS];
    for (int m = 0; m < ENDPOINT_METRICS; m++)
        value[m] = value_of(s, e, (enum metric)m);
    table_cell(p->g, p->a.row, p->a.col, &col[COL_NAME], look, e->name);
    draw_figures(p, value, look);
    if (mark == MARK_NONE)
        return;
    results_sign(p, AT_SIGN, mark);
    results_verdict(p, &col[COL_VERDICT], mark, endpoint_word(s, e));
}

static void draw_all(const struct pen *p, int index) {
    (void)index;
    double value[ENDPOINT_METRICS];
    for (int m = 0; m < ENDPOINT_METRICS; m++)
        value[m] = value_of_all(p->s, (enum metric)m);
    table_cell(p->g, p->a.row, p->a.col, columns_for(p->a.cols), LOOK_MUTED, "All");
    draw_figures(p, value, results_look(p->s, LOOK_TEXT));
}

/* Some, or all of them, are not known apart in the judged window. */
static void add_fallback(struct sheet *sh) {
    const struct summary *r = &session_result(sh->s)->run;
    size_t without = 0;
    for (size_t i = 0; i < r->endpoints; i++)
        without += !has_steady(sh->s, &r->endpoint[i]);
    if (!session_result(sh->s)->judgement.window.steady || without == 0)
        return;
    sheet_say(sh, LINE_ROW, AT_TEXT, LOOK_MUTED,
              without == r->endpoints ? "Endpoints are of the whole run, ramps inside."
                                      : "Muted: of the whole run; no request in the window.");
}

void endpoints_build(struct sheet *sh) {
    enum { SHOWN_MOST = 256 };
    const struct summary *r = &session_result(sh->s)->run;
    char text[96];
    sheet_blank(sh);
    if (r->endpoints == 0) {
        sheet_say(sh, LINE_SOURCE, AT_TEXT, LOOK_MUTED,
                  "All requests count as one endpoint: the result names none.");
        return;
    }
    sheet_part(sh);
    sheet_line(sh, LINE_ROW, draw_head, 0);
    size_t shown = r->endpoints < SHOWN_MOST ? r->endpoints : SHOWN_MOST;
    struct standing *place = in_order(sh->s);
    for (size_t i = 0; i < shown; i++) {
        int index = (int)place[i].index;
        sheet_item(sh, sheet_line(sh, LINE_ROW, draw_endpoint, index), ITEM_ENDPOINT, index,
                   endpoint_mark(sh->s, &r->endpoint[index]));
    }
    free(place);
    sheet_line(sh, LINE_ROW, draw_all, 0);
    add_fallback(sh);
    size_t more = r->endpoints - shown + r->endpoints_left_out;
    if (more == 0)
        return;
    snprintf(text, sizeof text, "%zu more endpoints are in the total only.", more);
    sheet_say(sh, LINE_ROW, AT_TEXT, LOOK_MUTED, text);
}

bool endpoint_copy(const struct session *s, const struct endpoint *e, struct buf *out) {
    char requests[32], p95[32], errors[32];
    buf_printf(out, "%s: %s requests, p95 %s, errors %s", e->name,
               unit_show(value_of(s, e, METRIC_REQUESTS), 0, requests, sizeof requests),
               unit_show_ms(value_of(s, e, METRIC_P95_MS), p95, sizeof p95),
               unit_show_share(error_rate(s, e), errors, sizeof errors));
    if (endpoint_mark(s, e) != MARK_NONE)
        buf_printf(out, ", %s", endpoint_word(s, e));
    return true;
}

/* The endpoints of a run, the worst first. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/mem.h"
#include "base/unit.h"
#include "report/document.h"

#define COUNT(a) (sizeof(a) / sizeof *(a))

enum { ENDPOINTS_SHOWN = 200 };

static const struct endpoint *endpoint_at(const struct writing *d, size_t i) {
    return &d->of->record->run.endpoint[i];
}

/* Of the steady window, when that was judged and the endpoint is known apart in it. */
static bool has_steady(const struct writing *d, const struct endpoint *e) {
    return d->judged->window.steady && !isnan(e->steady[METRIC_REQUESTS]);
}

static double value_of(const struct writing *d, const struct endpoint *e, enum metric m) {
    return has_steady(d, e) ? e->steady[m] : e->figure[m].value;
}

static double error_rate(const struct writing *d, const struct endpoint *e) {
    return doc_share(value_of(d, e, METRIC_FAILED), value_of(d, e, METRIC_REQUESTS));
}

static const struct check *own_check(const struct writing *d, const char *metric,
                                     const struct endpoint *e) {
    char name[SCOPE_MAX_BYTES + 16];
    snprintf(name, sizeof name, "%s:%s", metric, e->name);
    return judgement_find(d->judged, name);
}

/* --- verdict --------------------------------------------------------------------------------- */

static bool is_above(const struct writing *d, const char *metric, double value) {
    const struct check *c = judgement_find(d->judged, metric);
    return c && c->limit > 0 && value >= c->limit;
}

static int rank(enum doc_sign s) {
    static const int ranks[SIGNS] = {[SIGN_BROKEN] = 0, [SIGN_INVALID] = 1, [SIGN_NODATA] = 2,
                                     [SIGN_NEAR] = 3,   [SIGN_OK] = 9,      [SIGN_PLAIN] = 9};
    return ranks[s];
}

/* An endpoint without a limit of its own breaks none: above the run's limit it only gets a mark. */
static enum doc_sign sign_of(const struct writing *d, const struct endpoint *e, const char **word) {
    const struct check *own[] = {own_check(d, "p95", e), own_check(d, "error_rate", e)};
    enum doc_sign sign = SIGN_PLAIN;
    for (size_t i = 0; i < COUNT(own); i++)
        if (own[i] && (sign == SIGN_PLAIN || rank(doc_check_sign(own[i])) < rank(sign)))
            sign = doc_check_sign(own[i]);
    double p95 = value_of(d, e, METRIC_P95_MS);
    *word = "above limit";
    if (sign == SIGN_PLAIN && ((!own[0] && is_above(d, "p95", p95)) ||
                               (!own[1] && is_above(d, "error_rate", error_rate(d, e)))))
        return SIGN_NEAR;
    if (sign == SIGN_PLAIN && !isnan(p95) && judgement_find(d->judged, "p95"))
        sign = SIGN_OK;
    *word = sign == SIGN_PLAIN ? doc_none : doc_sign_word(sign);
    return sign;
}

/* --- order ----------------------------------------------------------------------------------- */

struct placed {
    size_t index;
    double key[4]; /* the larger, the further up */
};

static double known(double value) { return isnan(value) ? -1 : value; }

static struct placed place_of(const struct writing *d, size_t index) {
    const struct endpoint *e = endpoint_at(d, index);
    const struct check *own = own_check(d, "p95", e);
    const struct check *c = own ? own : judgement_find(d->judged, "p95");
    double p95 = value_of(d, e, METRIC_P95_MS);
    const char *word;
    return (struct placed){index,
                           {-rank(sign_of(d, e, &word)),
                            known(c && c->limit > 0 ? p95 / c->limit : NAN),
                            known(error_rate(d, e)), known(p95)}};
}

static int compare(const void *a, const void *b) {
    const struct placed *x = a, *y = b;
    for (size_t i = 0; i < COUNT(x->key); i++)
        if (x->key[i] != y->key[i])
            return x->key[i] > y->key[i] ? -1 : 1;
    return x->index < y->index ? -1 : 1;
}

/* --- rows ------------------------------------------------------------------------------------ */

static const struct {
    const char *title, *at;
    enum metric metric;
} times[] = {{"Average", "avg", METRIC_AVG_MS},
             {"Median", "med", METRIC_MED_MS},
             {"p95", "p95", METRIC_P95_MS},
             {"p99", "p99", METRIC_P99_MS},
             {"Longest", "max", METRIC_MAX_MS}};

static void tell_endpoint(struct writing *d, size_t i) {
    const struct endpoint *e = endpoint_at(d, i);
    const char *word, *part = has_steady(d, e) ? "steady." : "";
    char text[48], name[SCOPE_MAX_BYTES + 32];
    double requests = value_of(d, e, METRIC_REQUESTS), errors = error_rate(d, e);
    enum doc_sign sign = sign_of(d, e, &word);
    bool other = d->judged->window.steady && !has_steady(d, e);
    snprintf(name, sizeof name, "%s%s%s", e->name, e->transaction ? " (transaction)" : "",
             other ? " (whole run)" : "");
    doc_row(d);
    doc_text(d, name);
    doc_figure(d, unit_show(requests, 0, text, sizeof text), requests, "endpoints[%zu].%srequests",
               i, part);
    for (size_t k = 0; k < COUNT(times); k++) {
        double v = value_of(d, e, times[k].metric);
        doc_figure(d, unit_show_ms(v, text, sizeof text), v, "endpoints[%zu].%slatency_ms.%s", i,
                   part, times[k].at);
    }
    doc_figure(d, unit_show_share(errors, text, sizeof text), errors, "endpoints[%zu].%serror_rate",
               i, part);
    doc_state(d, sign, word);
    doc_row_end(d);
}

static void tell_rows(struct writing *d, size_t shown) {
    static const struct doc_column columns[] = {
        {"Endpoint", false}, {"Requests", true}, {"Average", true},
        {"Median", true},    {"p95", true},      {"p99", true},
        {"Longest", true},   {"Errors", true},   {"Verdict", false}};
    size_t n = d->of->record->run.endpoints;
    struct placed *placed = mem_new(n, sizeof *placed);
    for (size_t i = 0; i < n; i++)
        placed[i] = place_of(d, i);
    qsort(placed, n, sizeof *placed, compare);
    doc_table(d, columns, COUNT(columns));
    for (size_t i = 0; i < shown; i++)
        tell_endpoint(d, placed[i].index);
    doc_table_end(d);
    free(placed);
}

void tell_endpoints(struct writing *d) {
    const struct summary *run = &d->of->record->run;
    size_t shown = run->endpoints < ENDPOINTS_SHOWN ? run->endpoints : ENDPOINTS_SHOWN;
    size_t more = run->endpoints - shown + run->endpoints_left_out;
    char text[96];
    d->form->section(d, "Endpoints", true);
    if (run->endpoints == 0) {
        d->form->para(d, SIGN_PLAIN, "All requests count as one endpoint: the result names none.");
    } else {
        d->form->para(d, SIGN_PLAIN,
                      d->judged->window.steady ? "Of the steady window, where it does not say "
                                                 "otherwise."
                                               : "Of the whole run, ramps inside.");
        tell_rows(d, shown);
    }
    if (more > 0) {
        snprintf(text, sizeof text, "%zu more endpoints are in the total only.", more);
        d->form->para(d, SIGN_PLAIN, text);
    }
    d->form->section_end(d);
}

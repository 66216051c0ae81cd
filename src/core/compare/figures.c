/* The figures of the steady part, or of whole runs. */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "base/text.h"
#include "base/unit.h"
#include "check/check.h"
#include "compare/parts.h"

struct compared *figure_add(struct comparison *out, const char *metric, const char *unit) {
    if (out->figures == FIGURES_MAX)
        return NULL;
    struct compared *c = &out->figure[out->figures++];
    *c = (struct compared){.a = NAN,
                           .b = NAN,
                           .a_low = NAN,
                           .a_high = NAN,
                           .b_low = NAN,
                           .b_high = NAN,
                           .difference = NAN};
    text_copy(c->metric, sizeof c->metric, metric);
    text_copy(c->unit, sizeof c->unit, unit);
    return c;
}

/* --- one figure of one side --- */

typedef struct estimate estimate_fn(const struct side *s, const struct rules *rules);

static struct estimate estimate_p99(const struct side *s, const struct rules *rules) {
    (void)rules;
    return estimate_none(s->part ? s->part->value[METRIC_P99_MS]
                                 : summary_value(s->run, METRIC_P99_MS));
}

static struct estimate estimate_requests(const struct side *s, const struct rules *rules) {
    (void)rules;
    return estimate_none(s->requests);
}

static struct estimate estimate_vus(const struct side *s, const struct rules *rules) {
    (void)rules;
    return estimate_none(summary_value(s->run, METRIC_VUS_MAX));
}

/* --- how each is read --- */

typedef void read_fn(const struct pair *p, struct compared *c);

static void read_time(const struct pair *p, struct compared *c) {
    read_figure(p, c, false, unit_show_ms);
}

static void read_nothing(const struct pair *p, struct compared *c) {
    (void)p;
    c->read = false;
}

static const struct {
    const char *metric, *unit;
    estimate_fn *estimate;
    read_fn *read;
    bool share, always;
    bool of_stress; /* of a stress test whole figures mix its loads */
} figures[] = {
    {"p50", "ms", estimate_median, read_time, false, false, false},
    {"p95", "ms", estimate_p95, read_time, false, true, false},
    {"p99", "ms", estimate_p99, read_time, false, false, false},
    {"avg", "ms", estimate_mean, read_time, false, false, false},
    {"error_rate", "", estimate_errors, read_errors, true, true, false},
    {"rps", "RPS", estimate_rate, read_rate, false, true, false},
    {"requests", "count", estimate_requests, read_nothing, false, false, true},
    {"vus", "count", estimate_vus, read_nothing, false, false, true},
};

/* --- beside the reading --- */

/* Each run is held to its own limit. */
static void also_limit(const struct pair *p, struct compared *c) {
    const struct check *a = judgement_find(&p->a.is->judgement, c->metric);
    const struct check *b = judgement_find(&p->b.is->judgement, c->metric);
    if (!a || !b)
        return;
    bool rate = strcmp(c->metric, "rps") == 0;
    if (a->status == VERDICT_FAIL && b->status == VERDICT_PASS)
        text_copy(c->also, sizeof c->also, rate ? "target reached" : "now within limit");
    else if (a->status == VERDICT_PASS && b->status == VERDICT_FAIL)
        text_copy(c->also, sizeof c->also, rate ? "target no longer reached" : "now over limit");
}

static bool used_all(const struct side *s) {
    return record_arrivals(s->is) == ARRIVALS_OPEN &&
           summary_value(s->run, METRIC_VUS_MAX) >= s->is->profile.max_vus &&
           s->is->profile.max_vus > 0;
}

static void also_vus(const struct pair *p, struct compared *c) {
    bool a = used_all(&p->a), b = used_all(&p->b);
    char run[24];
    if (a && b)
        text_copy(c->also, sizeof c->also, "both used all they had");
    else if (a || b)
        snprintf(c->also, sizeof c->also, "run %s used all it had",
                 which_run(p, a ? &p->a : &p->b, run, sizeof run));
}

void figures_compare(const struct pair *p, struct comparison *out) {
    for (size_t i = 0; i < sizeof figures / sizeof *figures; i++) {
        struct estimate a = figures[i].estimate(&p->a, p->rules);
        struct estimate b = figures[i].estimate(&p->b, p->rules);
        if (p->stress && !figures[i].of_stress)
            continue;
        if (!figures[i].always && isnan(a.value) && isnan(b.value))
            continue;
        struct compared *c = figure_add(out, figures[i].metric, figures[i].unit);
        if (!c)
            return;
        compared_fill(c, &a, &b, figures[i].share);
        figures[i].read(p, c);
        if (strcmp(c->metric, "vus") == 0)
            also_vus(p, c);
        else
            also_limit(p, c);
    }
}

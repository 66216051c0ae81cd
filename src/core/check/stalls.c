/* Times in which almost nothing was answered while the load went on. Users who wait send nothing,
 * so the response times of a closed run do not show them. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/order.h"
#include "base/unit.h"
#include "check/rows.h"

/* Requests that ended in equal windows of the steady state; windows without a point have none. */
struct counted {
    double *requests; /* owned */
    size_t n;
    double from_s, length_s;
    double median;
};

static const double lengths_s[] = {1, 2, 5, 10};
static const double windows_most = 1e6;
static const double longer_most = 1.1; /* a tool that sleeps for 1 s writes every 1.01 s */
static const double off_grid = 1e-6;   /* of a window: times of points are sums of floating point */

/* The steady state as far as the run went: behind its end nothing was sent. */
static double end_of(const struct check_input *in, const struct stretch *x) {
    double series_s = series_end_s(&in->run->series);
    return fmin(x->to_s, fmax(series_s, summary_value(in->run, METRIC_DURATION_S)));
}

/* The points inside; false: there are none, or how many requests they have is not known. */
static bool points_inside(const struct series *r, double from_s, double to_s, size_t *first,
                          size_t *behind) {
    *first = *behind = 0;
    bool any = false;
    for (size_t i = 0; i < r->points; i++) {
        const struct point *p = &r->point[i];
        if (p->at_s < from_s || point_end_s(p) > to_s + off_grid)
            continue;
        if (isnan(p->requests) || !(p->length_s > 0))
            return false;
        *first = any ? *first : i;
        *behind = i + 1;
        any = true;
    }
    return any;
}

/* A point that lies across two windows is shared out by time. */
static void add_point(struct counted *c, const struct point *p) {
    double from = (p->at_s - c->from_s) / c->length_s, share = p->length_s / c->length_s;
    double to = from + share;
    for (size_t k = (size_t)fmax(0, floor(from + off_grid)); k < c->n && (double)k < to; k++) {
        double part = fmin(to, (double)k + 1) - fmax(from, (double)k);
        if (part > off_grid)
            c->requests[k] += p->requests * fmin(1, part / share);
    }
}

static double median_of(const double *value, size_t n) {
    double *sorted = mem_new(n, sizeof *sorted);
    memcpy(sorted, value, n * sizeof *sorted);
    double median = order_median(sorted, n);
    free(sorted);
    return median;
}

/* The shortest windows that hold `least` requests at the median and are not shorter than most
 * points. They begin where points do. */
static bool count(const struct series *r, size_t first, size_t behind, double from_s, double to_s,
                  double least, struct counted *c) {
    for (size_t i = 0; i < sizeof lengths_s / sizeof *lengths_s; i++) {
        double at_s = r->point[first].at_s;
        c->length_s = lengths_s[i];
        c->from_s = at_s - floor((at_s - from_s) / c->length_s + off_grid) * c->length_s;
        double windows = floor((to_s - c->from_s) / c->length_s + off_grid);
        if (!(windows >= 1 && windows <= windows_most))
            continue;
        c->n = (size_t)windows;
        c->requests = mem_new(c->n, sizeof *c->requests);
        size_t coarse = 0;
        for (size_t k = first; k < behind; k++) {
            coarse += r->point[k].length_s > c->length_s * longer_most;
            add_point(c, &r->point[k]);
        }
        c->median = median_of(c->requests, c->n);
        if (coarse * 2 < behind - first && c->median >= least)
            return true;
        free(c->requests);
    }
    return false;
}

static void add_hole(struct judgement *j, double from_s, double length_s, bool goes_on) {
    if (!goes_on)
        j->stalls++;
    if (j->stalls > STALLS_MAX)
        return;
    struct stall *s = &j->stall[j->stalls - 1];
    *s = (struct stall){goes_on ? s->from_s : from_s, (goes_on ? s->length_s : 0) + length_s};
}

/* Neighbouring holes are one stall. Both ends of the steady state are left out. */
static void find_holes(const struct counted *c, const struct stretch *x, double to_s,
                       const struct steady_rules *rules, struct judgement *j) {
    bool goes_on = false;
    for (size_t k = 0; k < c->n; k++) {
        double at_s = c->from_s + (double)k * c->length_s;
        bool inside = at_s >= x->from_s + rules->stall_edge_s - off_grid &&
                      at_s + c->length_s <= to_s - rules->stall_edge_s + off_grid;
        bool hole = inside && c->requests[k] < rules->stall_share * c->median;
        if (hole)
            add_hole(j, at_s, c->length_s, goes_on);
        goes_on = hole;
    }
}

/* A stress test without steps has a constant load too. */
static bool find(const struct check_input *in, struct judgement *j) {
    bool stepless = in->model == MODEL_STRESS && !j->has_stress;
    const struct stretch *x = stepless ? summary_steady(in->run) : judged_stretch(in);
    const struct series *r = &in->run->series;
    const struct steady_rules *rules = &in->rules->steady;
    size_t first, behind;
    struct counted c = {0};
    if (!x || r->points == 0)
        return false;
    double to_s = end_of(in, x);
    if (!points_inside(r, x->from_s, to_s, &first, &behind) ||
        !count(r, first, behind, x->from_s, to_s, rules->stall_least, &c))
        return false;
    j->stall_window_s = c.length_s;
    j->stall_median = c.median;
    find_holes(&c, x, to_s, rules, j);
    free(c.requests);
    return true;
}

/* "5 s", "2 to 5 s" */
static void show_lengths(const struct judgement *j, char *out, size_t size) {
    double least = INFINITY, most = 0;
    char a[32], b[32];
    for (size_t i = 0; i < j->stalls && i < STALLS_MAX; i++) {
        least = fmin(least, j->stall[i].length_s);
        most = fmax(most, j->stall[i].length_s);
    }
    unit_show_short(least, 1, a, sizeof a);
    unit_show_short(most, 1, b, sizeof b);
    snprintf(out, size, least < most ? "%s to %s s" : "%s s", a, b);
}

/* "5 s, 9 times" */
static void show_stalls(const struct judgement *j, char *out, size_t size) {
    char lengths[80], times[32];
    show_lengths(j, lengths, sizeof lengths);
    snprintf(times, sizeof times, j->stalls == 1 ? "once" : "%zu times", j->stalls);
    snprintf(out, size, "%s, %s", lengths, times);
}

static void stall_finding(const struct check_input *in, struct judgement *j) {
    char text[128];
    show_stalls(j, text, sizeof text);
    if (run_arrivals(in) != ARRIVALS_OPEN)
        findings_add(&j->findings, FINDING_WARNING, "stall",
                     "The server stopped answering for %s; p95 does not show it because the "
                     "users waited.",
                     text);
    else if (!judgement_find(j, "stalls")) /* the row says it */
        findings_add(&j->findings, FINDING_WARNING, "stall", "The server stopped answering for %s.",
                     text);
}

void stalls_look(const struct check_input *in, struct judgement *j) {
    if (isnan(j->stall_window_s))
        find(in, j);
    if (j->stalls > 0)
        stall_finding(in, j);
}

void measure_stalls(const struct check_input *in, const struct limit_rule *rule,
                    const struct given *limit, struct judgement *j) {
    bool known = find(in, j);
    if (!known && !rule->required)
        return;
    struct check *c = row_add(j, rule, rule->check, limit);
    if (!known) {
        row_say(c, "Stalls are looked for in a time series of the steady state, with requests "
                   "enough in each piece.");
        return;
    }
    struct measured_value v = value_exact((double)j->stalls);
    row_judge(c, &v, rule);
    if (j->stalls == 0)
        return;
    char text[128], first[32];
    show_stalls(j, text, sizeof text);
    row_say(c, "The server stopped answering for %s, first at %s.", text,
            unit_show_clock(j->stall[0].from_s, first, sizeof first));
}

/* Stretches of a source without single requests: from the pieces of time that it tells. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/mem.h"
#include "base/order.h"
#include "base/text.h"
#include "gather/parts.h"
#include "stats/steady.h"

enum { RAMP_WINDOWS = 12, STEP_POINTS_LEAST = 3 };
#define NEARLY 1e-6 /* seconds: times in decimals do not add up */

/* --- pieces together ------------------------------------------------------------------------ */

struct weighed {
    double value, weight;
};

static int by_value(const void *a, const void *b) {
    return order_doubles(&((const struct weighed *)a)->value, &((const struct weighed *)b)->value);
}

/* The first value at which half of the requests is reached; where no piece knows its requests each
 * counts the same. */
static double median_p95(const struct point *p, size_t n) {
    struct weighed *x = mem_new(n, sizeof *x);
    size_t known = 0, weighed = 0;
    double all = 0, sum = 0;
    for (size_t i = 0; i < n; i++)
        weighed += p[i].requests > 0 && !isnan(p[i].p95_ms) ? 1 : 0;
    for (size_t i = 0; i < n; i++)
        if (!isnan(p[i].p95_ms) && (!weighed || p[i].requests > 0))
            x[known++] = (struct weighed){p[i].p95_ms, weighed ? p[i].requests : 1};
    qsort(x, known, sizeof *x, by_value);
    for (size_t i = 0; i < known; i++)
        all += x[i].weight;
    double median = NAN;
    for (size_t i = 0; i < known && isnan(median); i++)
        if ((sum += x[i].weight) * 2 >= all)
            median = x[i].value;
    free(x);
    return median;
}

/* Of n > 0 neighbours: vus is the most in use, load the mean over time. */
static struct point join_points(const struct point *p, size_t n) {
    struct point to = point_none(p->at_s, point_end_s(&p[n - 1]) - p->at_s);
    double time_ms = 0, timed = 0, loads = 0, loaded_s = 0;
    if (n == 1)
        return *p;
    for (size_t i = 0; i < n; i++) {
        to.requests = sum_known(to.requests, p[i].requests);
        to.failed = sum_known(to.failed, p[i].failed);
        to.dropped = sum_known(to.dropped, p[i].dropped);
        to.max_ms = fmax(to.max_ms, p[i].max_ms);
        to.vus = fmax(to.vus, p[i].vus);
        if (p[i].requests > 0 && !isnan(p[i].avg_ms)) {
            time_ms += p[i].avg_ms * p[i].requests;
            timed += p[i].requests;
        }
        if (!isnan(p[i].load)) {
            loads += p[i].load * p[i].length_s;
            loaded_s += p[i].length_s;
        }
    }
    to.avg_ms = timed > 0 ? time_ms / timed : NAN;
    to.load = loaded_s > 0 ? loads / loaded_s : NAN;
    to.p95_ms = pooled_p95(p, n);
    if (isnan(to.p95_ms))
        to.p95_ms = median_p95(p, n);
    return to;
}

/* Those that lie whole in [from_s, to_s). */
struct range {
    size_t first, n;
};

static struct range whole_in(const struct series *r, double from_s, double to_s) {
    struct range in = {0};
    while (in.first < r->points && r->point[in.first].at_s < from_s - NEARLY)
        in.first++;
    while (in.first + in.n < r->points && point_end_s(&r->point[in.first + in.n]) <= to_s + NEARLY)
        in.n++;
    return in;
}

/* --- a stretch ------------------------------------------------------------------------------ */

static bool add_stretch(struct summary *out, const char *name, double from_s, double to_s) {
    struct range in = whole_in(&out->series, from_s, to_s);
    if (in.n == 0 || out->stretches == STRETCHES_MAX)
        return false;
    struct stretch *x = &out->stretch[out->stretches++];
    const struct point p = join_points(&out->series.point[in.first], in.n);
    *x = stretch_none();
    text_copy(x->name, sizeof x->name, name);
    x->from_s = p.at_s;
    x->to_s = point_end_s(&p);
    x->window_s = p.length_s;
    x->value[METRIC_REQUESTS] = p.requests;
    x->value[METRIC_FAILED] = p.failed;
    x->value[METRIC_RPS] = p.requests / x->window_s;
    x->value[METRIC_AVG_MS] = p.avg_ms;
    x->value[METRIC_P95_MS] = p.p95_ms;
    x->value[METRIC_MAX_MS] = p.max_ms;
    x->vus = series_mean_vus(&out->series, x->from_s, x->to_s);
    x->dropped = p.dropped;
    x->load = p.load;
    x->estimated = in.n > 1 && !isnan(p.p95_ms);
    return true;
}

static bool add_step(struct summary *out, double from_s, double to_s) {
    char name[32];
    snprintf(name, sizeof name, "step %zu", out->stretches + 1);
    return add_stretch(out, name, from_s, to_s);
}

/* --- windows -------------------------------------------------------------------------------- */

/* How many points from `first` on make a window: as near to length_s as whole ones come. */
static size_t points_of_window(const struct point *p, size_t n, double length_s) {
    size_t take = 1;
    while (take < n && point_end_s(&p[take]) - p->at_s <= length_s + p[take].length_s / 2)
        take++;
    return take;
}

static struct series windows_of(const struct series *r, double from_s, double to_s,
                                double length_s) {
    struct range in = whole_in(r, from_s, to_s);
    const struct point *p = &r->point[in.first];
    struct series w = {.point = mem_new(in.n, sizeof *w.point), .cap = in.n};
    w.start_ms = r->start_ms;
    w.percentile_error = r->percentile_error;
    for (size_t n; in.n > 0; p += n, in.n -= n) {
        n = points_of_window(p, in.n, length_s);
        struct point window = join_points(p, n);
        if (window.length_s * 2 >= length_s)
            w.point[w.points++] = window;
    }
    return w;
}

static void fill_windows(struct summary *out) {
    const struct stretch *x = summary_steady(out);
    if (!x)
        return;
    double length_s = x->to_s - x->from_s;
    out->windows =
        windows_of(&out->series, x->from_s, x->to_s, length_s / (double)steady_windows(length_s));
}

/* --- what is found -------------------------------------------------------------------------- */

static bool same_load(const struct point *a, const struct point *b) {
    return fabs(a->load - b->load) <= 1e-9 * fabs(a->load);
}

static bool loads_are_known(const struct series *r) {
    size_t known = 0;
    for (size_t i = 0; i < r->points; i++)
        known += isnan(r->point[i].load) ? 0 : 1;
    return known * 2 > r->points;
}

/* The end of the run of equal loads that begins with point i. */
static size_t end_of_run(const struct series *r, size_t i) {
    size_t end = i + 1;
    while (end < r->points && same_load(&r->point[i], &r->point[end]))
        end++;
    return end;
}

static void steps_of_ramp(struct summary *out) {
    const struct series *r = &out->series;
    double from_s = r->point[0].at_s, whole = series_end_s(r) - from_s;
    for (int i = 0; i < RAMP_WINDOWS; i++)
        add_step(out, from_s + whole * i / RAMP_WINDOWS, from_s + whole * (i + 1) / RAMP_WINDOWS);
}

/* Where there is only one time of equal load it is a steady state, not a step. */
static void steps_of_runs(struct summary *out, double cut) {
    const struct series *r = &out->series;
    size_t hold = 0, holds = 0;
    for (size_t i = 0; i < r->points; i = end_of_run(r, i)) {
        double from_s = r->point[i].at_s, to_s = point_end_s(&r->point[end_of_run(r, i) - 1]);
        from_s += cut * (to_s - from_s);
        if (whole_in(r, from_s, to_s).n < STEP_POINTS_LEAST || !add_step(out, from_s, to_s))
            continue;
        hold = i;
        holds++;
    }
    if (holds != 1)
        return;
    out->stretches = 0;
    add_stretch(out, "steady", r->point[hold].at_s,
                point_end_s(&r->point[end_of_run(r, hold) - 1]));
}

static void find_by_load(struct summary *out, double cut) {
    const struct series *r = &out->series;
    size_t runs = 0;
    for (size_t i = 0; i < r->points; i = end_of_run(r, i))
        runs++;
    if (runs * 2 > r->points && runs > 1)
        steps_of_ramp(out);
    else
        steps_of_runs(out, cut);
}

static void find_steps(struct summary *out, double cut) {
    struct level level[STRETCHES_MAX];
    size_t n = steps_find(&out->series, cut, level, STRETCHES_MAX);
    for (size_t i = 0; i < n; i++)
        if (add_step(out, level[i].from_s, level[i].to_s))
            out->stretch[out->stretches - 1].load = level[i].load;
}

static void find_steady(struct summary *out) {
    const struct series *r = &out->series;
    double from_s = r->point[0].at_s, to_s = series_end_s(r);
    if (steady_find(r, &from_s, &to_s)) {
        add_stretch(out, "steady", from_s, to_s);
        return;
    }
    struct series windows = windows_of(r, from_s, to_s, ESTIMATE_WINDOW_S);
    if (steady_estimate(r, &windows, &from_s, &to_s))
        add_stretch(out, "estimated", from_s, to_s);
    free(windows.point);
}

static void find(struct summary *out, const struct gather_options *o) {
    if (loads_are_known(&out->series)) {
        find_by_load(out, o->step_cut);
        return;
    }
    if (o->find_steps)
        find_steps(out, o->step_cut);
    if (out->stretches == 0)
        find_steady(out);
}

/* --- all of it ------------------------------------------------------------------------------ */

/* Single requests with a moment were looked at already, and nothing is steady. */
static bool was_looked_at(const struct summary *out) {
    for (size_t i = 0; out->computed && i < out->series.points; i++)
        if (!isnan(out->series.point[i].p95_ms))
            return true;
    return false;
}

/* What one of several machines had is not of all. */
static void no_steady_state(struct summary *out) {
    free(out->windows.point);
    out->windows = (struct series){0};
    for (size_t i = 0; i < out->endpoints; i++)
        for (int m = 0; m < ENDPOINT_METRICS; m++)
            out->endpoint[i].steady[m] = NAN;
}

void stretches_fill(struct summary *out, const struct gather_options *o) {
    if (out->stretches)
        return;
    no_steady_state(out);
    if (out->series.points == 0 || was_looked_at(out))
        return;
    out->stretch = mem_resize(out->stretch, STRETCHES_MAX, sizeof *out->stretch);
    for (size_t i = 0; i < o->stretches; i++)
        add_stretch(out, o->stretch[i].name, o->stretch[i].from_s, o->stretch[i].to_s);
    if (o->stretches == 0)
        find(out, o);
    fill_windows(out);
}

void gather_steady(struct summary *run, const struct gather_options *o) { stretches_fill(run, o); }

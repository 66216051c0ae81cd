/* The stretches of a run: those that are wanted, else those that can be found. */
#include "stats/stretch.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/text.h"
#include "stats/steady.h"

/* Moments that are whole seconds are cut between seconds: a piece of one has all of it, or none. */
int64_t making_cut(const struct making *m, size_t part, size_t n) {
    int64_t at_ms = m->from_ms + (m->to_ms - m->from_ms) * (int64_t)part / (int64_t)n;
    if (part == 0)
        return m->from_ms;
    if (part == n)
        return m->end_ms;
    return m->s->fraction || at_ms - m->from_ms < 1000 ? at_ms : at_ms - at_ms % 1000;
}

/* --- from the series ------------------------------------------------------------------------ */

/* What tallies say, to the piece of the series: those that begin in it. */
struct told {
    double failed, dropped, vus_most;
};

static size_t first_from(const struct series *r, double from_s) {
    size_t lo = 0, hi = r->points;
    while (lo < hi) {
        size_t mid = (lo + hi) / 2;
        if (r->point[mid].at_s < from_s)
            lo = mid + 1;
        else
            hi = mid;
    }
    return lo;
}

static struct told told_in(const struct summary *out, int64_t from_ms, int64_t to_ms) {
    const struct series *r = &out->series;
    struct told t = {NAN, NAN, NAN};
    double from_s = (double)(from_ms - r->start_ms) / 1000;
    double to_s = (double)(to_ms - r->start_ms) / 1000;
    for (size_t i = first_from(r, from_s); i < r->points && r->point[i].at_s < to_s; i++) {
        const struct point *p = &r->point[i];
        t.failed = sum_known(t.failed, p->failed);
        t.dropped = sum_known(t.dropped, p->dropped);
        t.vus_most = fmax(t.vus_most, p->vus);
    }
    return t;
}

struct point window_point(const struct making *m, const struct counts *c, int64_t from_ms,
                          int64_t to_ms) {
    figures value;
    int64_t end_ms = to_ms < m->to_ms ? to_ms : m->to_ms;
    struct point p =
        point_none((double)(from_ms - m->start_ms) / 1000, (double)(end_ms - from_ms) / 1000);
    struct told t = told_in(m->out, from_ms, to_ms);
    figures_of_counts(value, c, p.length_s, &m->s->rules);
    p.requests = value[METRIC_REQUESTS];
    p.failed = isnan(value[METRIC_FAILED]) ? t.failed : value[METRIC_FAILED];
    p.avg_ms = value[METRIC_AVG_MS];
    p.max_ms = value[METRIC_MAX_MS];
    p.vus = t.vus_most;
    p.dropped = t.dropped;
    return p;
}

/* --- one stretch ---------------------------------------------------------------------------- */

struct asked {
    struct stretch_wanted is;
    double load; /* NAN unknown */
    bool steady; /* its windows and endpoints are wanted */
};

/* What a found stretch and a wanted one have in common. */
struct finder {
    struct stats *s;
    struct summary *out;
    int64_t start_ms; /* what the stretches count from */
    bool wanted;
    figures *endpoint;
    double error;
};

/* false: the run did not reach it. */
static bool place(const struct finder *f, const struct stretch_wanted *w, struct making *m) {
    struct extent run;
    *m = (struct making){.s = f->s,
                         .out = f->out,
                         .start_ms = f->start_ms,
                         .wanted_from_ms = f->start_ms + (int64_t)llround(w->from_s * 1000),
                         .wanted_to_ms = f->start_ms + (int64_t)llround(w->to_s * 1000)};
    if (!figures_extent(f->s, &run))
        return false;
    m->from_ms = m->wanted_from_ms > run.start_ms ? m->wanted_from_ms : run.start_ms;
    m->to_ms = m->wanted_to_ms < run.end_ms ? m->wanted_to_ms : run.end_ms;
    m->end_ms = m->wanted_to_ms < run.end_ms + 1 ? m->wanted_to_ms : run.end_ms + 1;
    return m->to_ms > m->from_ms;
}

static void add_stretch(struct finder *f, const struct asked *a) {
    struct making m;
    if (!place(f, &a->is, &m))
        return;
    struct stretch *x = m.x = &f->out->stretch[f->out->stretches++];
    *x = stretch_none();
    text_copy(x->name, sizeof x->name, a->is.name);
    x->from_s = a->is.from_s;
    x->to_s = a->is.to_s;
    x->window_s = (double)(m.to_ms - m.from_ms) / 1000;
    x->load = a->load;
    m.windows = a->steady ? steady_windows(x->window_s) : 0;
    m.endpoint = a->steady ? f->endpoint : NULL;
    if (f->s->exact)
        stretch_of_log(&m);
    else
        stretch_of_classes(&m, f->wanted && f->s->atoms);
    f->error = fmax(f->error, m.error);
    struct told t = told_in(f->out, m.from_ms, m.end_ms);
    if (isnan(x->value[METRIC_FAILED]))
        x->value[METRIC_FAILED] = t.failed;
    x->dropped = t.dropped;
    int64_t origin_ms = f->out->series.start_ms;
    x->vus = series_mean_vus(&f->out->series, (double)(m.from_ms - origin_ms) / 1000,
                             (double)(m.to_ms - origin_ms) / 1000);
}

/* --- what is found -------------------------------------------------------------------------- */

static struct series estimate_windows(const struct finder *f) {
    const struct series *r = &f->out->series;
    struct making m;
    if (!place(f, &(struct stretch_wanted){"", r->point[0].at_s, series_end_s(r)}, &m))
        return (struct series){0};
    double windows = floor((double)(m.to_ms - m.from_ms) / 1000 / ESTIMATE_WINDOW_S);
    m.windows = (size_t)fmin(fmax(windows, 1), POINTS_MAX);
    return f->s->exact ? windows_of_log(&m) : windows_of_classes(&m);
}

static size_t find_steady(const struct finder *f, struct asked *a) {
    const struct series *r = &f->out->series;
    *a = (struct asked){.is.name = "steady", .load = NAN, .steady = true};
    if (steady_find(r, &a->is.from_s, &a->is.to_s))
        return 1;
    if (steady_only_ramps(r))
        return 0;
    struct series windows = estimate_windows(f);
    bool found = steady_estimate(r, &windows, &a->is.from_s, &a->is.to_s);
    text_copy(a->is.name, sizeof a->is.name, "estimated");
    free(windows.point);
    return found;
}

static size_t find_steps(const struct finder *f, struct asked *a) {
    struct level level[STRETCHES_MAX];
    size_t n = steps_find(&f->out->series, f->s->step_cut, level, STRETCHES_MAX);
    for (size_t i = 0; i < n; i++) {
        a[i] = (struct asked){.is = {.from_s = level[i].from_s, .to_s = level[i].to_s},
                              .load = level[i].load};
        snprintf(a[i].is.name, sizeof a[i].is.name, "step %zu", i + 1);
    }
    return n;
}

static size_t take_wanted(const struct stats *s, struct asked *a) {
    bool hold = false;
    for (size_t i = 0; i < s->stretches; i++) {
        bool first = !hold && strcmp(s->stretch[i].name, "hold") == 0;
        a[i] = (struct asked){.is = s->stretch[i], .load = NAN, .steady = first};
        hold = hold || first;
    }
    return s->stretches;
}

static int64_t start_of_wanted(const struct stats *s, const struct summary *out) {
    int64_t first_ms = s->requests[stats_kind(s)].first_ms;
    return s->origin_ms != INT64_MIN ? s->origin_ms
           : first_ms != INT64_MAX   ? first_ms
                                     : out->series.start_ms;
}

static int by_begin(const void *a, const void *b) {
    const struct stretch *x = a, *y = b;
    return x->from_s < y->from_s ? -1 : x->from_s > y->from_s;
}

void finish_stretches(struct stats *s, struct summary *out, figures *steady) {
    if (s->time.n == 0 || s->seen[stats_kind(s)] == 0 || stats_near(s) == 0)
        return;
    free(out->stretch);
    free(out->windows.point);
    out->windows = (struct series){0};
    out->stretches = 0;
    struct finder f = {.s = s, .out = out, .wanted = s->stretches > 0, .endpoint = steady};
    struct asked asked[STRETCHES_MAX];
    size_t n = 0;
    f.start_ms = f.wanted ? start_of_wanted(s, out) : out->series.start_ms;
    if (f.wanted)
        n = take_wanted(s, asked);
    else if (s->find_steps)
        n = find_steps(&f, asked);
    if (n == 0)
        n = find_steady(&f, asked);
    out->stretch = mem_new(n ? n : 1, sizeof *out->stretch);
    for (size_t i = 0; i < n; i++)
        add_stretch(&f, &asked[i]);
    qsort(out->stretch, out->stretches, sizeof *out->stretch, by_begin);
    figures_say_error(&out->findings, "stretches", f.error);
}

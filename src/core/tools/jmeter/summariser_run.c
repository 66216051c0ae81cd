#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/text.h"
#include "tools/jmeter/results.h"
#include "tools/jmeter/summariser.h"

void summariser_run_fini(struct summariser_run *r) {
    for (size_t i = 0; i < r->blocks; i++)
        free(r->block[i].series.point);
    *r = (struct summariser_run){0};
}

/* Its place among the blocks; their number when it has none. */
static size_t place_of(const struct summariser_run *r, const char *name) {
    size_t i = 0;
    while (i < r->blocks && strcmp(r->block[i].name, name) != 0)
        i++;
    return i;
}

/* NULL: there are too many. */
static struct summariser_block *find_block(struct summariser_run *r, const char *name) {
    size_t i = place_of(r, name);
    if (i < r->blocks)
        return &r->block[i];
    if (i == SUMMARISERS_MAX)
        return NULL;
    struct summariser_block *b = &r->block[r->blocks++];
    *b = (struct summariser_block){.active = NAN, .started = NAN, .total = {.requests = NAN}};
    text_copy(b->name, sizeof b->name, name);
    return b;
}

/* --- intervals and totals ----------------------------------------------------------------------
 */

/* The length of an interval, or of all: the rate often says it better than the text does. */
static double length_of(const struct summariser_line *l) {
    double by_rate = l->requests / l->rps;
    bool better = fabs(by_rate - l->elapsed_s) <= l->elapsed_step_s / 2 && l->requests > 0;
    return better ? by_rate : l->elapsed_s;
}

static void add_point(struct summariser_block *b, const struct summariser_line *l) {
    struct series *r = &b->series;
    if (r->points == POINTS_MAX)
        series_halve(r);
    r->point = mem_grow(r->point, r->points, &r->cap, sizeof *r->point);
    r->point[r->points++] = (struct point){.at_s = b->at_s,
                                           .length_s = length_of(l),
                                           .requests = l->requests,
                                           .failed = l->failed,
                                           .avg_ms = l->avg_ms,
                                           .med_ms = NAN,
                                           .p95_ms = NAN,
                                           .max_ms = l->max_ms,
                                           .vus = l->active,
                                           .dropped = NAN,
                                           .load = NAN};
    b->at_s += length_of(l);
}

static void take_interval(struct summariser_block *b, const struct summariser_line *l) {
    b->active = fmax(b->active, l->active); /* fmax passes over a NAN */
    b->started = fmax(b->started, l->started);
    b->finished = l->active == 0;
    add_point(b, l);
}

static void take_total(struct summariser_block *b, const struct summariser_line *l,
                       const char *text, long line) {
    b->total = *l;
    b->line = line;
    b->at_s = fmax(b->at_s, length_of(l));
    text_copy(b->quote, sizeof b->quote, text);
}

bool summariser_begins_anew(const struct summariser_run *r, const struct summariser_line *l) {
    size_t i = place_of(r, l->name);
    return i < r->blocks && !l->interval && l->requests < r->block[i].total.requests;
}

void summariser_take(struct summariser_run *r, const struct summariser_line *l, const char *text,
                     long line) {
    struct summariser_block *b = find_block(r, l->name);
    if (b && l->interval)
        take_interval(b, l);
    else if (b)
        take_total(b, l, text, line);
}

const struct summariser_block *summariser_main(const struct summariser_run *r) {
    const struct summariser_block *best = NULL;
    for (size_t i = 0; i < r->blocks; i++) {
        const struct summariser_block *b = &r->block[i];
        if (!isnan(b->total.requests) && (!best || b->total.requests > best->total.requests))
            best = b;
    }
    return best;
}

/* --- saying ---------------------------------------------------------------------------------- */

/* "Starting the test" and "Tidying up" are farther apart: JMeter's own start takes seconds. */
static struct figure duration_of(const struct summariser_block *b) {
    const struct summariser_line *t = &b->total;
    struct figure f = jmeter_rounded(t->elapsed_s, t->elapsed_step_s, b->line, b->quote);
    f.value = t->elapsed_s > 0 ? length_of(t) : NAN;
    return f;
}

/* Between two reports they may have been more than in any: up to all that were started, which is
 * the likeliest when the last report comes after their end. */
static void say_threads(const struct sink *out, const struct summariser_block *b) {
    if (!(b->started > 0))
        return;
    struct figure f = jmeter_rounded(b->finished ? b->started : b->active, 0, b->line,
                                     b->finished ? "Started" : "Active");
    f.low = fmin(b->active, f.value);
    f.high = fmax(b->started, f.value);
    if (f.value > 0)
        jmeter_say(out, METRIC_VUS_MAX, NULL, &f);
}

static void say_figures(const struct sink *out, const struct summariser_block *b) {
    const struct summariser_line *t = &b->total;
    const struct {
        enum metric metric;
        struct figure figure;
    } rows[] = {
        {METRIC_REQUESTS, jmeter_rounded(t->requests, 0, b->line, b->quote)},
        {METRIC_FAILED, jmeter_rounded(t->failed, 0, b->line, b->quote)},
        {METRIC_RPS, jmeter_rounded(t->rps, 0.1, b->line, b->quote)},
        {METRIC_AVG_MS, jmeter_cut_off(t->avg_ms, b->line, b->quote)},
        {METRIC_MIN_MS, jmeter_rounded(t->min_ms, 0, b->line, b->quote)},
        {METRIC_MAX_MS, jmeter_rounded(t->max_ms, 0, b->line, b->quote)},
        {METRIC_DURATION_S, duration_of(b)},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        jmeter_say(out, rows[i].metric, NULL, &rows[i].figure);
    say_threads(out, b);
}

/* When the first interval began, s since 1970; 0 unknown. */
static double begin_of(const struct summariser_run *r, const struct summariser_block *b) {
    if (r->end_ms)
        return (double)r->end_ms / 1000 - b->at_s;
    return (double)r->start_ms / 1000;
}

void summariser_say(const struct summariser_run *r, const struct sink *out) {
    const struct summariser_block *b = summariser_main(r);
    say_figures(out, b);
    for (size_t i = 0; out->point && i < b->series.points; i++) {
        struct point p = b->series.point[i];
        p.at_s += begin_of(r, b);
        out->point(out->self, &p);
    }
}

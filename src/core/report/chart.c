#include "report/chart.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/text.h"
#include "base/unit.h"
#include "report/report_words.h"

static const double reach = 2; /* of the axis: a limit below twice all values */

void chart_fini(struct chart *c) {
    for (size_t i = 0; i < c->lines; i++) {
        free(c->line[i].x);
        free(c->line[i].y);
    }
    c->lines = 0;
}

/* --- lines ----------------------------------------------------------------------------------- */

/* Takes over x and y. */
static struct chart_line *add_line(struct chart *c, const char *name, double *x, double *y,
                                   size_t n) {
    struct chart_line *l = &c->line[c->lines++];
    *l = (struct chart_line){.x = x, .y = y, .n = n};
    text_copy(l->name, sizeof l->name, name);
    return l;
}

/* The lowest and the highest value of a column, in the order of time; a gap where nothing is. */
struct column_ends {
    size_t low, high;
    bool any;
};

static struct column_ends ends_of(const double *y, size_t from, size_t to) {
    struct column_ends e = {0};
    for (size_t i = from; i < to; i++) {
        if (isnan(y[i]))
            continue;
        if (!e.any || y[i] < y[e.low])
            e.low = i;
        if (!e.any || y[i] > y[e.high])
            e.high = i;
        e.any = true;
    }
    return e;
}

static void keep(struct chart_line *l, size_t *kept, size_t i) {
    l->x[*kept] = l->x[i];
    l->y[(*kept)++] = l->y[i];
}

static void thin(struct chart_line *l) {
    size_t kept = 0, n = l->n;
    if (n <= (size_t)2 * CHART_COLUMNS)
        return;
    for (size_t c = 0; c < CHART_COLUMNS; c++) {
        size_t from = c * n / CHART_COLUMNS, to = (c + 1) * n / CHART_COLUMNS;
        struct column_ends e = ends_of(l->y, from, to);
        if (!e.any) {
            keep(l, &kept, from);
            continue;
        }
        size_t first = e.low < e.high ? e.low : e.high, second = e.low < e.high ? e.high : e.low;
        keep(l, &kept, first);
        if (second != first)
            keep(l, &kept, second);
    }
    l->n = kept;
}

/* --- axes ------------------------------------------------------------------------------------ */

double chart_step(double span, int most) {
    if (!(span > 0) || !isfinite(span) || most < 1)
        return 0;
    double power = pow(10, floor(log10(span / most)));
    static const double of[] = {1, 2, 5, 10};
    for (size_t i = 0; i < sizeof of / sizeof *of; i++)
        if (span <= of[i] * power * most * (1 + 1e-9))
            return of[i] * power;
    return 10 * power;
}

double chart_time_step(double span_s, int most) {
    static const double steps[] = {1,   2,    5,    10,   15,    30,    60,    120,   300,  600,
                                   900, 1800, 3600, 7200, 10800, 14400, 21600, 43200, 86400};
    if (!(span_s > 0) || !isfinite(span_s) || most < 1)
        return 0;
    for (size_t i = 0; i < sizeof steps / sizeof *steps; i++)
        if (span_s <= steps[i] * most)
            return steps[i];
    return 86400 * chart_step(span_s / 86400, most);
}

static size_t fill_ticks(double from, double to, double step, double tick[CHART_TICKS]) {
    size_t n = 0;
    if (!(step > 0))
        return 0;
    for (double k = ceil(from / step - 1e-9); k * step <= to * (1 + 1e-9) && n < CHART_TICKS; k++)
        tick[n++] = k * step;
    return n;
}

static void find_ends(const struct chart *c, double *least, double *most) {
    *least = INFINITY;
    *most = 0;
    for (size_t l = 0; l < c->lines; l++)
        for (size_t i = 0; i < c->line[l].n; i++) {
            double y = c->line[l].y[i];
            if (!isfinite(y))
                continue;
            *most = fmax(*most, y);
            if (y > 0)
                *least = fmin(*least, y);
        }
}

/* Where response times are far above their limit, a straight axis would hide the limit. */
static bool set_log_axis(struct chart *c, double least, double most) {
    const double far = 10;
    if (strcmp(c->unit, "ms") != 0 || !(c->limit > 0) || !(most > far * c->limit) ||
        !isfinite(least))
        return false;
    c->log = true;
    c->bottom = pow(10, floor(log10(fmin(least, c->limit))));
    c->top = pow(10, ceil(log10(most) - 1e-9));
    for (double y = c->bottom; y <= c->top * 1.01 && c->y_ticks < CHART_TICKS; y *= 10)
        c->y_tick[c->y_ticks++] = y;
    return true;
}

static void set_straight_axis(struct chart *c, double most) {
    enum { TICKS = 4 };
    if (c->limit > 0 && (most == 0 || c->limit < reach * most))
        most = fmax(most, c->limit);
    if (!(most > 0))
        most = 1;
    double step = chart_step(most, TICKS);
    c->top = step * ceil(most / step - 1e-9);
    c->y_ticks = fill_ticks(0, c->top, step, c->y_tick);
}

static void set_axes(struct chart *c) {
    enum { TICKS = 7 };
    double least, most, span = c->to - c->from;
    find_ends(c, &least, &most);
    if (!set_log_axis(c, least, most))
        set_straight_axis(c, most);
    double step = c->time ? chart_time_step(span, TICKS) : chart_step(span, TICKS);
    c->x_ticks = fill_ticks(c->from, c->to, step, c->x_tick);
}

char *chart_y_text(const struct chart *c, double y, char *out, size_t size) {
    double step = c->log ? y : c->y_ticks > 1 ? c->y_tick[1] - c->y_tick[0] : c->top;
    int decimals = step > 0 && step < 1 ? (int)ceil(-log10(step) - 1e-9) : 0;
    return unit_show(y, decimals, out, size);
}

char *chart_x_text(const struct chart *c, double x, char *out, size_t size) {
    return c->time ? unit_show_clock(x, out, size) : doc_load(x, out, size);
}

char *chart_limit_text(const struct chart *c, char *out, size_t size) {
    char number[48];
    snprintf(out, size, "%s %s", c->limit_name,
             unit_show_short(c->limit, 2, number, sizeof number));
    return out;
}

char *chart_words(const struct chart *c, char *out, size_t size) {
    double low = NAN, high = NAN, last = NAN;
    char a[48], b[48], z[48], limit[64] = "";
    for (size_t i = 0; i < c->line[0].n; i++) {
        double y = c->line[0].y[i];
        low = fmin(low, y);
        high = fmax(high, y);
        last = isnan(y) ? last : y;
    }
    if (isfinite(c->limit))
        chart_limit_text(c, limit, sizeof limit);
    snprintf(out, size, "%s in %s: lowest %s, highest %s, last %s%s%s.", c->title, c->unit,
             unit_show_short(low, 2, a, sizeof a), unit_show_short(high, 2, b, sizeof b),
             unit_show_short(last, 2, z, sizeof z), limit[0] ? ", " : "", limit);
    return out;
}

/* --- over time ------------------------------------------------------------------------------- */

static double limit_of(const struct report_doc *d, const char *metric) {
    const struct check *c = judgement_find(doc_judgement(d), metric);
    return c ? c->limit : NAN;
}

static void add_note(struct chart *c, double x, const char *text) {
    if (c->notes == CHART_NOTES || !(x >= c->from && x <= c->to))
        return;
    c->note[c->notes].x = x;
    text_copy(c->note[c->notes++].text, sizeof c->note->text, text);
}

/* Steps by their numbers, stalls, restarts. */
static void add_happened(struct chart *c, const struct judgement *j) {
    char text[32];
    for (size_t i = 0; j->has_stress && i < j->stress.steps; i++) {
        snprintf(text, sizeof text, "%d", j->stress.step[i].is.number);
        add_note(c, j->stress.step[i].is.from_s, text);
    }
    for (size_t i = 0; i < j->stalls && i < STALLS_MAX; i++)
        add_note(c, j->stall[i].from_s, "stall");
    for (size_t i = 0; j->has_soak && i < j->soak.restarts && i < SOAK_RESTARTS_MAX; i++)
        add_note(c, j->soak.restart_s[i], "restart");
}

static struct chart chart_over_time(const struct report_doc *d, const char *title,
                                    const char *unit) {
    const struct judgement *j = doc_judgement(d);
    struct chart c = {.time = true,
                      .limit = NAN,
                      .window_from = j->window.steady ? j->window.from_s : NAN,
                      .window_to = j->window.steady ? j->window.to_s : NAN,
                      .to =
                          d->record->run.series.points ? series_end_s(&d->record->run.series) : 0};
    text_copy(c.title, sizeof c.title, title);
    text_copy(c.unit, sizeof c.unit, unit);
    return c;
}

enum of { OF_P95, OF_AVG, OF_RATE };

static double value_at(const struct point *p, enum of of) {
    if (of == OF_RATE)
        return p->length_s > 0 ? p->requests / p->length_s : NAN;
    return of == OF_P95 ? p->p95_ms : p->avg_ms;
}

/* Between pieces that are missing from the series nothing was answered: a gap, of a rate zero. */
static void add_series(struct chart *c, const struct series *r, enum of of, const char *name) {
    double *x = mem_new(3 * r->points, sizeof *x), *y = mem_new(3 * r->points, sizeof *y);
    double missing = of == OF_RATE ? 0 : NAN;
    size_t n = 0;
    for (size_t i = 0; i < r->points; i++) {
        const struct point *p = &r->point[i];
        double end = i > 0 ? point_end_s(&r->point[i - 1]) : p->at_s;
        if (p->at_s > end + 1e-6) {
            x[n] = end, y[n++] = missing;
            x[n] = p->at_s, y[n++] = missing;
        }
        x[n] = p->at_s + p->length_s / 2, y[n++] = value_at(p, of);
    }
    thin(add_line(c, name, x, y, n));
}

static bool has_p95(const struct series *r) {
    for (size_t i = 0; i < r->points; i++)
        if (!isnan(r->point[i].p95_ms))
            return true;
    return false;
}

static struct chart time_chart(const struct report_doc *d) {
    const struct series *r = &d->record->run.series;
    bool p95 = has_p95(r);
    struct chart c = chart_over_time(d, p95 ? "p95 over time" : "Average over time", "ms");
    add_series(&c, r, p95 ? OF_P95 : OF_AVG, p95 ? "p95" : "average");
    c.limit = limit_of(d, p95 ? "p95" : "avg");
    text_copy(c.limit_name, sizeof c.limit_name, "limit");
    return c;
}

static struct chart rate_chart(const struct report_doc *d) {
    const struct record *r = d->record;
    struct chart c = chart_over_time(d, "Rate over time", "RPS");
    add_series(&c, &r->run.series, OF_RATE, "requests/s");
    bool level = r->has_profile && r->profile.model != MODEL_STRESS;
    if (level || !r->has_profile)
        c.limit = level ? r->profile.target_rps : limit_of(d, "rps");
    text_copy(c.limit_name, sizeof c.limit_name, level ? "target" : "limit");
    return c;
}

/* --- memory ---------------------------------------------------------------------------------- */

static const struct trace *memory_of(const struct report_doc *d) {
    const struct summary *run = &d->record->run;
    const struct judgement *j = doc_judgement(d);
    for (size_t i = 0; j->has_soak && i < run->memories; i++)
        if (strcmp(run->memory[i].name, j->soak.memory_of) == 0 && run->memory[i].n > 1)
            return &run->memory[i];
    return NULL;
}

static int by_value(const void *a, const void *b) {
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

/* The line of the slope through the middle of the blocks: Theil-Sen's. */
static void add_slope(struct chart *c, const struct trend *t) {
    double rest[SOAK_BLOCKS_MAX], per_s = t->slope / 3600;
    if (t->blocks < 2 || !isfinite(t->slope))
        return;
    for (size_t i = 0; i < t->blocks; i++)
        rest[i] = t->block[i] - per_s * t->block_s[i];
    qsort(rest, t->blocks, sizeof *rest, by_value);
    double middle = (rest[(t->blocks - 1) / 2] + rest[t->blocks / 2]) / 2;
    double *x = mem_new(2, sizeof *x), *y = mem_new(2, sizeof *y);
    x[0] = t->block_s[0], x[1] = t->block_s[t->blocks - 1];
    y[0] = middle + per_s * x[0], y[1] = middle + per_s * x[1];
    add_line(c, "trend", x, y, 2)->guide = true;
}

static struct chart memory_chart(const struct report_doc *d, const struct trace *t) {
    const struct judgement *j = doc_judgement(d);
    struct chart c = chart_over_time(d, "Server memory over time", "MB");
    int64_t start_ms = d->record->run.series.start_ms;
    double later = t->start_ms && start_ms ? (double)(t->start_ms - start_ms) / 1000 : 0;
    double *x = mem_new(t->n, sizeof *x), *y = mem_new(t->n, sizeof *y);
    for (size_t i = 0; i < t->n; i++)
        x[i] = t->at[i].t_s + later, y[i] = t->at[i].value;
    c.to = fmax(c.to, x[t->n - 1]);
    thin(add_line(&c, t->name, x, y, t->n));
    add_slope(&c, &j->soak.memory);
    c.limit = j->soak.memory_limit_mb;
    text_copy(c.limit_name, sizeof c.limit_name, "limit");
    return c;
}

/* --- over the load --------------------------------------------------------------------------- */

static void add_steps(struct chart *c, const struct stress_found *f, bool rate) {
    double *x = mem_new(f->steps, sizeof *x), *y = mem_new(f->steps, sizeof *y);
    for (size_t i = 0; i < f->steps; i++) {
        const struct stress_step *s = &f->step[i].is;
        x[i] = s->load;
        y[i] = rate ? stress_step_rps(s) : s->p95_ms;
        c->to = fmax(c->to, s->load);
    }
    add_line(c, rate ? "reached" : "p95", x, y, f->steps);
}

/* Open: what would have been reached if every request had been answered. */
static void add_offered(struct chart *c) {
    double *x = mem_new(2, sizeof *x), *y = mem_new(2, sizeof *y);
    x[1] = y[1] = c->to;
    add_line(c, "offered", x, y, 2)->guide = true;
}

static struct chart step_chart(const struct report_doc *d, bool rate) {
    const struct stress_found *f = &doc_judgement(d)->stress;
    struct chart c = {.dots = true, .limit = NAN, .window_from = NAN, .window_to = NAN};
    text_copy(c.title, sizeof c.title, rate ? "Rate reached by load" : "p95 by load");
    text_copy(c.unit, sizeof c.unit, rate ? "RPS" : "ms");
    text_copy(c.x_unit, sizeof c.x_unit, f->open ? "RPS offered" : "VUs");
    add_steps(&c, f, rate);
    if (rate && f->open)
        add_offered(&c);
    if (!rate)
        c.limit = limit_of(d, "p95");
    text_copy(c.limit_name, sizeof c.limit_name, "limit");
    add_note(&c, f->break_load, "break");
    return c;
}

size_t charts_make(const struct report_doc *d, struct chart out[CHARTS_MAX]) {
    const struct judgement *j = doc_judgement(d);
    const struct trace *memory = memory_of(d);
    size_t n = 0;
    if (j->has_stress && j->stress.steps > 1) {
        out[n++] = step_chart(d, false);
        out[n++] = step_chart(d, true);
    }
    if (memory)
        out[n++] = memory_chart(d, memory);
    if (d->record->run.series.points >= 2) {
        out[n++] = time_chart(d);
        if (n < CHARTS_MAX)
            out[n++] = rate_chart(d);
    }
    for (size_t i = 0; i < n; i++) {
        if (out[i].time)
            add_happened(&out[i], j);
        set_axes(&out[i]);
    }
    return n;
}

#include "results/reader.h"

#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "base/mem.h"
#include "base/text.h"

/* A reader says all figures of an endpoint in a row: the last one is the likeliest. */
static struct endpoint *known_endpoint(struct summary *s, const char *name) {
    for (size_t i = s->endpoints; i > 0; i--)
        if (strcmp(s->endpoint[i - 1].name, name) == 0)
            return &s->endpoint[i - 1];
    return NULL;
}

static struct endpoint *find_endpoint(struct summary *s, const char *name) {
    if (s->endpoints_left_out && strcmp(s->last_left_out, name) == 0)
        return NULL;
    struct endpoint *p = known_endpoint(s, name);
    if (p)
        return p;
    if (s->endpoints == ENDPOINTS_MAX) {
        s->endpoints_left_out++;
        text_copy(s->last_left_out, sizeof s->last_left_out, name);
        return NULL;
    }
    s->endpoint = mem_grow(s->endpoint, s->endpoints, &s->endpoints_cap, sizeof *s->endpoint);
    p = &s->endpoint[s->endpoints++];
    *p = (struct endpoint){0};
    for (int m = 0; m < ENDPOINT_METRICS; m++)
        p->steady[m] = NAN;
    text_copy(p->name, sizeof p->name, name);
    for (int m = 0; m < ENDPOINT_METRICS; m++)
        p->figure[m] = (struct figure){.value = NAN, .low = NAN, .high = NAN};
    return p;
}

static void take_value(struct summary *s, const struct word *w) {
    struct figure *to = NULL;
    if (!w->scope) {
        to = &s->figure[w->metric];
    } else if ((int)w->metric < ENDPOINT_METRICS) {
        struct endpoint *p = find_endpoint(s, w->scope);
        to = p ? &p->figure[w->metric] : NULL;
    }
    if (to && isnan(to->value))
        *to = w->figure;
}

static void take_threshold(struct summary *s, const struct word *w) {
    if (s->thresholds == THRESHOLDS_MAX)
        return;
    s->threshold = mem_grow(s->threshold, s->thresholds, &s->thresholds_cap, sizeof *s->threshold);
    struct threshold *t = &s->threshold[s->thresholds++];
    *t = (struct threshold){.ok = w->ok};
    text_copy(t->metric, sizeof t->metric, w->scope ? w->scope : "");
    text_copy(t->expr, sizeof t->expr, w->text ? w->text : "");
}

static void take_first(char *to, size_t size, const char *text) {
    if (!to[0] && text)
        text_copy(to, size, text);
}

static struct error_kind *find_error(struct summary *s, const char *text) {
    for (size_t i = 0; i < s->errors; i++)
        if (strncmp(s->error[i].text, text, sizeof s->error[i].text - 1) == 0)
            return &s->error[i];
    if (s->errors == ERRORS_MAX)
        return NULL;
    s->error = mem_grow(s->error, s->errors, &s->errors_cap, sizeof *s->error);
    struct error_kind *x = &s->error[s->errors++];
    *x = (struct error_kind){0};
    text_copy(x->text, sizeof x->text, text);
    return x;
}

/* Keeps the most frequent first. */
static void take_error(struct summary *s, const struct word *w) {
    struct error_kind *x = w->text ? find_error(s, w->text) : NULL;
    if (!x)
        return;
    x->count += w->figure.value;
    for (; x > s->error && x[-1].count < x->count; x--) {
        struct error_kind swap = x[-1];
        x[-1] = *x;
        *x = swap;
    }
}

/* --- series --- */

static double most_of(double a, double b) { return isnan(a) ? b : isnan(b) ? a : fmax(a, b); }

static struct point both(const struct point *a, const struct point *b) {
    double n = a->requests + b->requests;
    double avg = n > 0 ? (a->requests * a->avg_ms + b->requests * b->avg_ms) / n : NAN;
    if (a->requests == 0 || b->requests == 0)
        avg = a->requests == 0 ? b->avg_ms : a->avg_ms;
    return (struct point){.at_s = a->at_s,
                          .length_s = point_end_s(b) - a->at_s,
                          .requests = sum_known(a->requests, b->requests),
                          .failed = sum_known(a->failed, b->failed),
                          .avg_ms = avg,
                          .med_ms = NAN,
                          .p95_ms = NAN,
                          .max_ms = most_of(a->max_ms, b->max_ms),
                          .vus = most_of(a->vus, b->vus),
                          .dropped = sum_known(a->dropped, b->dropped),
                          .load = (a->load + b->load) / 2};
}

void series_halve(struct series *r) {
    size_t to = 0;
    for (size_t i = 0; i < r->points; i += 2)
        r->point[to++] = i + 1 < r->points ? both(&r->point[i], &r->point[i + 1]) : r->point[i];
    r->points = to;
}

/* Milliseconds since 1970 that a first time stands for; 0: it counts from the start of the run. */
static int64_t start_of(double at_s) { return at_s >= CLOCK_FROM_S ? (int64_t)(at_s * 1000) : 0; }

static void add_point(struct series *r, const struct point *p, int64_t start_ms) {
    if (r->points == 0)
        r->start_ms = start_ms;
    if (r->points == POINTS_MAX)
        series_halve(r);
    r->point = mem_grow(r->point, r->points, &r->cap, sizeof *r->point);
    r->point[r->points] = *p;
    r->point[r->points++].at_s = p->at_s - (double)r->start_ms / 1000;
}

static void take_point(void *self, const struct point *p) {
    add_point(&((struct summary *)self)->series, p, (int64_t)(p->at_s * 1000));
}

static void take_own_point(void *self, const struct point *p) {
    add_point(&((struct summary *)self)->series, p, start_of(p->at_s));
}

static void take_stretch(void *self, const struct stretch *x) {
    struct summary *s = self;
    if (s->stretches == STRETCHES_MAX)
        return;
    s->stretch = mem_resize(s->stretch, s->stretches + 1, sizeof *s->stretch);
    s->stretch[s->stretches++] = *x;
}

static void take_moment(void *self, const char *name, double t_s, double value) {
    struct trace *t = summary_trace(self, name);
    if (!t)
        return;
    if (t->n == 0)
        t->start_ms = start_of(t_s);
    trace_add(t, t_s - (double)t->start_ms / 1000, value);
}

static void take_remark(void *self, enum finding_level level, const char *kind, long line,
                        const char *text) {
    struct summary *s = self;
    findings_add(&s->findings, level, kind, "%s", text)->line = line;
}

static void take(void *self, const struct word *w) {
    struct summary *s = self;
    switch (w->door) {
    case DOOR_VALUE:
        take_value(s, w);
        break;
    case DOOR_THRESHOLD:
        take_threshold(s, w);
        break;
    case DOOR_FORMAT:
        text_copy(s->format, sizeof s->format, w->text);
        break;
    case DOOR_TOOL_VERSION:
        take_first(s->tool_version, sizeof s->tool_version, w->text);
        break;
    case DOOR_STOPPED:
        take_first(s->stopped, sizeof s->stopped, w->text);
        break;
    case DOOR_GENERATOR:
        take_first(s->generator, sizeof s->generator, w->text);
        break;
    case DOOR_BLOCKS:
        s->blocks = (int)w->figure.value;
        break;
    case DOOR_LINES:
        s->lines = (long)w->figure.value;
        break;
    case DOOR_ERROR:
        take_error(s, w);
        break;
    }
}

void sink_text(const struct sink *out, enum door door, const char *text, double value) {
    struct word w = {
        .door = door, .text = text, .figure = {.value = value, .low = value, .high = value}};
    if (out->summary)
        out->summary(out->self, &w);
}

void sink_remark(const struct sink *out, enum finding_level level, const char *kind, long line,
                 const char *fmt, ...) {
    char text[400];
    va_list ap;
    if (!out->remark)
        return;
    va_start(ap, fmt);
    vsnprintf(text, sizeof text, fmt, ap);
    va_end(ap);
    out->remark(out->self, level, kind, line, text);
}

struct sink summary_sink(struct summary *s, const struct reader *r) {
    s->tool = r->tool;
    text_copy(s->format, sizeof s->format, r->name);
    return (struct sink){.self = s,
                         .summary = take,
                         .point = r->own_times ? take_own_point : take_point,
                         .stretch = take_stretch,
                         .moment = take_moment,
                         .remark = take_remark};
}

bool reader_read(const struct reader *r, const char *bytes, size_t len, struct summary *s,
                 struct err *e) {
    summary_init(s);
    struct sink out = summary_sink(s, r);
    void *self = r->open(&out);
    bool ok = r->feed(self, bytes, len, e) && r->finish(self, e);
    r->close(self);
    return ok;
}

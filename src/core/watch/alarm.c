#include "watch/alarm.h"

#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/text.h"
#include "base/unit.h"

enum {
    REQUESTS_MIN = 20, /* fewer say nothing of a p95 or a share */
    FAILED_MIN = 3,    /* unless so many failed */
    SAME_WITHIN_MS = 60 * 1000,
};

/* A piece of time, ms since 1970. */
struct interval {
    int64_t from_ms, to_ms;
};

struct standing {
    enum level level; /* of the last interval */
    struct interval at;
    char stage[24];
    bool over, hard; /* said as over; and as more than a warning */
    int64_t over_ms; /* begin of the first interval that was over */
    char over_stage[24];
};

struct alarm_state {
    struct standing standing[WATCH_METRICS];
    struct interval run, own; /* the last ones that were taken: of the data, of our clock */
};

/* What an interval says of a figure. */
struct reading {
    double value, limit, offered;
    bool mute; /* too little to say anything */
};

/* --- levels --- */

static enum level level_below(double value, double limit, double near) {
    if (isnan(value) || isnan(limit))
        return LEVEL_UNKNOWN;
    if (value > limit)
        return LEVEL_OVER;
    return limit > 0 && value >= near * limit ? LEVEL_NEAR : LEVEL_OK;
}

/* All VUs in use is the end of them already. */
static enum level level_vus(double value, double most, double near) {
    return most > 0 && value >= most ? LEVEL_OVER : level_below(value, most, near);
}

/* What is used up is the part of the offered rate that may be missing. */
static enum level level_rate(double rps, double offered, double share, double near) {
    if (isnan(rps) || isnan(offered) || isnan(share) || offered <= 0)
        return LEVEL_UNKNOWN;
    return level_below(fmax(0, 1 - rps / offered), 1 - share, near);
}

static enum level level_of(const struct watch_limits *l, enum watch_metric m,
                           const struct reading *r) {
    if (m == WATCH_RATE)
        return level_rate(r->value, r->offered, l->rate_share, l->near);
    return m == WATCH_VUS ? level_vus(r->value, r->limit, l->near)
                          : level_below(r->value, r->limit, l->near);
}

/* --- words --- */

static bool same_was_said(const struct alarms *a, int64_t at_ms, const char *text) {
    for (size_t i = a->events; i-- > 0;) {
        const struct watch_event *x = &a->event[i];
        if (at_ms - x->at_ms < SAME_WITHIN_MS && x->at_ms - at_ms < SAME_WITHIN_MS &&
            strcmp(x->text, text) == 0)
            return true;
    }
    return false;
}

void alarms_say(struct alarms *a, int64_t at_ms, enum finding_level level, const char *fmt, ...) {
    struct watch_event x = {.at_ms = at_ms, .level = level};
    char text[2 * sizeof x.text];
    va_list ap;
    va_start(ap, fmt);
    vsnprintf(text, sizeof text, fmt, ap);
    va_end(ap);
    text_clean(text, strlen(text), TEXT_ONE_LINE, x.text, sizeof x.text);
    if (same_was_said(a, at_ms, x.text))
        return;
    if (a->events == EVENTS_MAX) {
        memmove(a->event, a->event + 1, (EVENTS_MAX - 1) * sizeof *a->event);
        a->events--;
        a->dropped++;
    }
    a->event[a->events++] = x;
}

/* "since 14:02:10, step 4" */
static void show_since(const struct standing *f, char *out, size_t size) {
    char at[16];
    snprintf(out, size, "since %s%s%s", unit_show_time(f->over_ms, at, sizeof at),
             f->over_stage[0] ? ", " : "", f->over_stage);
}

static const struct {
    double scale;      /* of the numbers in over */
    const char *again; /* subject of "... again at 14:05:00, after 2:50" */
} words[WATCH_METRICS] = {
    [WATCH_P95] = {1, "p95 within its limit"},
    [WATCH_ERRORS] = {100, "Errors within the limit"},
    [WATCH_RATE] = {1, "Rate at its target"},
    [WATCH_VUS] = {1, "Free VUs"},
    [WATCH_CPU] = {100, "Generator CPU within its limit"},
    [WATCH_MEMORY] = {1, "Memory within its limit"},
};

static void say_over(struct alarms *a, enum watch_metric m, const struct reading *r, bool still,
                     int64_t at_ms, enum finding_level level) {
    char since[64], is[40], limit[40], offered[40];
    const char *yet = still ? "still " : "";
    show_since(&a->state->standing[m], since, sizeof since);
    unit_show_short(r->value * words[m].scale, r->value * words[m].scale < 10 ? 2 : 0, is,
                    sizeof is);
    unit_show_short(r->limit * words[m].scale, 2, limit, sizeof limit);
    unit_show_short(r->offered, r->offered < 10 ? 2 : 0, offered, sizeof offered);
    if (m == WATCH_P95)
        alarms_say(a, at_ms, level, "p95 %sover its limit of %s ms %s", yet, limit, since);
    else if (m == WATCH_ERRORS)
        alarms_say(a, at_ms, level, "Errors %s %%, %sover the limit of %s %% %s", is, yet, limit,
                   since);
    else if (m == WATCH_RATE)
        alarms_say(a, at_ms, level, "Rate %s%s of %s RPS %s: the target is not reached", yet, is,
                   offered, since);
    else if (m == WATCH_VUS)
        alarms_say(a, at_ms, level, "All %s VUs are %sin use %s: the load generator is the limit",
                   limit, yet, since);
    else if (m == WATCH_CPU)
        alarms_say(a, at_ms, level, "Generator CPU %s %%, %sover %s %% %s", is, yet, limit, since);
    else
        alarms_say(a, at_ms, level, "Memory %s MB, %sover its limit of %s MB %s", is, yet, limit,
                   since);
}

static void say_again(struct alarms *a, enum watch_metric m, int64_t from_ms, int64_t at_ms) {
    char from[16], length[40];
    double s = (double)(from_ms - a->state->standing[m].over_ms) / 1000;
    alarms_say(a, at_ms, FINDING_INFO, "%s again at %s, after %s", words[m].again,
               unit_show_time(from_ms, from, sizeof from),
               unit_show_clock(fmax(0, s), length, sizeof length));
}

/* --- intervals --- */

static int64_t length_ms(struct interval t) { return t.to_ms - t.from_ms; }

/* Is t the interval after the last one? One that was seen is not taken in parts again; time that
 * goes back is a run that began anew. */
static bool comes_next(struct interval last, struct interval t) {
    if (length_ms(t) <= 0)
        return false;
    return t.from_ms >= last.to_ms || t.to_ms < last.from_ms;
}

/* Two intervals can agree when the one follows the other and they are of one length. Locust writes
 * ten seconds at a time, of which only the last is looked at. */
static bool belong(struct interval first, struct interval then) {
    enum { WRITTEN_AT_ONCE_MS = 12000 };
    int64_t a = length_ms(first), b = length_ms(then), gap = then.from_ms - first.to_ms;
    int64_t most = b > WRITTEN_AT_ONCE_MS ? b : WRITTEN_AT_ONCE_MS;
    return gap >= 0 && gap <= most && 2 * a <= 3 * b && 2 * b <= 3 * a;
}

/* The nearest level to is that both intervals allow. */
static enum level agreed(enum level is, enum level first, enum level then) {
    if (first == LEVEL_UNKNOWN || then == LEVEL_UNKNOWN)
        return first == then ? LEVEL_UNKNOWN : is;
    enum level low = first < then ? first : then, high = first < then ? then : first;
    return is < low ? low : is > high ? high : is;
}

/* Before the steady part, and in each ramp, a limit that is broken is no more than a warning. */
static bool counts(const struct watch_moment *m) {
    return !m->ramp && (m->stretch || !m->stage || !m->stage[0]);
}

static enum finding_level weight(enum watch_metric metric, const struct watch_moment *m) {
    return metric == WATCH_VUS || metric == WATCH_CPU || !counts(m) ? FINDING_WARNING
                                                                    : FINDING_STOP;
}

/* before: the interval in which the figure turned first. */
static void turn(struct alarms *a, enum watch_metric metric, const struct reading *r,
                 const struct standing *before, const struct watch_moment *m) {
    struct standing *f = &a->state->standing[metric];
    enum level is = a->row[metric].now_level;
    if (is == LEVEL_OVER && !f->over) {
        f->over = true;
        f->hard = counts(m);
        f->over_ms = before->at.from_ms;
        text_copy(f->over_stage, sizeof f->over_stage, before->stage);
        say_over(a, metric, r, false, f->at.to_ms, weight(metric, m));
    } else if (f->over && f->level == LEVEL_OVER && !f->hard && counts(m)) {
        f->hard = true;
        say_over(a, metric, r, true, f->at.to_ms, weight(metric, m));
    } else if (f->over && (is == LEVEL_OK || is == LEVEL_NEAR)) {
        f->over = false;
        say_again(a, metric, before->at.from_ms, f->at.to_ms);
    }
}

static void take(struct alarms *a, enum watch_metric metric, struct interval t,
                 const struct reading *r, const struct watch_moment *m) {
    struct standing *f = &a->state->standing[metric], before = *f;
    struct watch_row *row = &a->row[metric];
    if (r->mute)
        return;
    f->level = level_of(&a->limits, metric, r);
    f->at = t;
    text_copy(f->stage, sizeof f->stage, m->stage ? m->stage : "");
    if (!belong(before.at, t))
        return;
    row->now_level = agreed(row->now_level, before.level, f->level);
    turn(a, metric, r, &before, m);
}

/* --- the run as it stands --- */

static bool few(const struct window *w) { return w->requests < REQUESTS_MIN; }

static struct reading reading_of(const struct alarms *a, enum watch_metric metric,
                                 const struct window *w, double offered, bool ramp) {
    const struct watch_limits *l = &a->limits;
    struct reading r = {.value = NAN, .limit = NAN, .offered = offered};
    if (metric == WATCH_P95)
        r = (struct reading){.value = w->p95_ms, .limit = l->p95_ms, .mute = few(w)};
    else if (metric == WATCH_ERRORS)
        r = (struct reading){.value = w->error_rate,
                             .limit = l->error_rate,
                             .mute = few(w) && !(w->failed >= FAILED_MIN)};
    else if (metric == WATCH_RATE && ramp)
        r = (struct reading){.value = w->rps, .limit = NAN, .offered = NAN, .mute = true};
    else if (metric == WATCH_RATE)
        r = (struct reading){.value = w->rps, .limit = offered * l->rate_share, .offered = offered};
    else if (metric == WATCH_VUS)
        r = (struct reading){.value = w->vus, .limit = l->vus_most};
    return r;
}

static double value_of(const struct window *w, enum watch_metric metric) {
    const double value[WATCH_METRICS] = {[WATCH_P95] = w->p95_ms,
                                         [WATCH_ERRORS] = w->error_rate,
                                         [WATCH_RATE] = w->rps,
                                         [WATCH_VUS] = w->vus};
    return value[metric];
}

static void fill_run_row(struct alarms *a, enum watch_metric metric, const struct reading *r,
                         const struct watch_moment *m) {
    struct watch_row *row = &a->row[metric];
    row->now = r->value;
    row->limit = r->limit;
    row->minute = value_of(&m->view->minute, metric);
    row->total = value_of(&m->view->total, metric);
    row->stretch = NAN;
    row->stretch_level = LEVEL_UNKNOWN;
    if (!m->stretch)
        return;
    struct reading s = reading_of(a, metric, m->stretch, m->stretch_rps, false);
    row->stretch = s.value;
    if (!s.mute)
        row->stretch_level = level_of(&a->limits, metric, &s);
}

static struct interval run_interval(const struct watch_moment *m) {
    const struct window *w = &m->view->now;
    if (!m->view->any || !isfinite(w->from_s) || !isfinite(w->to_s))
        return (struct interval){0};
    int64_t start = m->view->start_ms;
    return (struct interval){start + llround(w->from_s * 1000), start + llround(w->to_s * 1000)};
}

static void look_at_run(struct alarms *a, const struct watch_moment *m) {
    struct interval t = run_interval(m);
    bool next = comes_next(a->state->run, t);
    for (enum watch_metric i = WATCH_P95; i <= WATCH_VUS; i++) {
        struct reading r = reading_of(a, i, &m->view->now, m->offered_mean_rps, m->ramp);
        fill_run_row(a, i, &r, m);
        if (next)
            take(a, i, t, &r, m);
    }
    if (next)
        a->state->run = t;
}

/* The CPU and the memory are seen by our own clock. */
static void look_beside(struct alarms *a, const struct watch_moment *m) {
    struct interval t = {m->now_ms - STREAM_NOW_S * 1000, m->now_ms};
    struct reading cpu = {.value = m->generator_cpu[0], .limit = a->limits.generator_cpu};
    struct reading memory = {.value = m->memory_mb, .limit = a->limits.memory_mb};
    struct reading stretch = {.value = m->generator_cpu[3], .limit = cpu.limit};
    a->row[WATCH_CPU] = (struct watch_row){
        .now = cpu.value,
        .minute = m->generator_cpu[1],
        .total = m->generator_cpu[2],
        .stretch = stretch.value,
        .limit = cpu.limit,
        .now_level = a->row[WATCH_CPU].now_level,
        .stretch_level = level_of(&a->limits, WATCH_CPU, &stretch),
    };
    a->row[WATCH_MEMORY].now = memory.value;
    a->row[WATCH_MEMORY].limit = memory.limit;
    if (!comes_next(a->state->own, t))
        return;
    take(a, WATCH_CPU, t, &cpu, m);
    take(a, WATCH_MEMORY, t, &memory, m);
    a->state->own = t;
}

void alarms_look(struct alarms *a, const struct watch_moment *m) {
    look_at_run(a, m);
    look_beside(a, m);
}

void alarms_init(struct alarms *a, const struct watch_limits *limits) {
    *a = (struct alarms){.limits = *limits};
    for (int i = 0; i < WATCH_METRICS; i++)
        a->row[i] = (struct watch_row){
            .now = NAN, .minute = NAN, .total = NAN, .stretch = NAN, .limit = NAN};
    a->event = mem_new(EVENTS_MAX, sizeof *a->event);
    a->state = mem_new(1, sizeof *a->state);
}

void alarms_fini(struct alarms *a) {
    free(a->event);
    free(a->state);
    *a = (struct alarms){0};
}

#include "tools/k6/k6_text.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "base/text.h"

#define COUNT(a) (sizeof(a) / sizeof *(a))

static const double rate_step = 5e-7;     /* rates have six decimals, rounded */
static const double progress_step = 0.05; /* the progress line has one */
static const double progress_off_s = 0.2; /* its clock against the one of the rates */

static const struct {
    const char *metric;
    enum k6_kind kind;
} metrics[] = {
    {"http_reqs", K6_COUNTER},
    {"http_req_failed", K6_SHARE},
    {"http_req_duration", K6_TREND},
    {"http_req_blocked", K6_TREND},
    {"iterations", K6_COUNTER},
    {"dropped_iterations", K6_COUNTER},
    {"iteration_duration", K6_TREND},
    {"vus", K6_GAUGE},
    {"vus_max", K6_GAUGE},
    {"checks", K6_SHARE},
    {"checks_succeeded", K6_SHARE},
    {"checks_failed", K6_SHARE},
    {"data_received", K6_BYTES},
    {"data_sent", K6_BYTES},
};

enum k6_kind k6_kind_of(const char *metric) {
    for (size_t i = 0; i < COUNT(metrics); i++)
        if (strcmp(metrics[i].metric, metric) == 0)
            return metrics[i].kind;
    return K6_NOT_NEEDED;
}

unsigned k6_seen_bit(const char *metric) {
    for (size_t i = 0; i < COUNT(metrics); i++)
        if (strcmp(metrics[i].metric, metric) == 0)
            return 1u << i;
    return 0;
}

bool k6_block_has(const struct k6_block *b, const char *metric) {
    return (b->seen & k6_seen_bit(metric)) != 0;
}

void k6_block_init(struct k6_block *b, const struct reader *r) {
    *b = (struct k6_block){0};
    summary_init(&b->s);
    b->take = summary_sink(&b->s, r).summary;
}

void k6_block_fini(struct k6_block *b) { summary_fini(&b->s); }

/* k6 shows zeros for a sub-metric that had no sample. */
static bool no_sample(const struct k6_values *v) {
    for (size_t i = 0; i < v->n; i++)
        if (v->pair[i].value > 0)
            return false;
    return true;
}

void k6_block_take(struct k6_block *b, const char *metric, const char *tags,
                   const struct k6_values *v, long line) {
    b->truncated |= v->truncated;
    b->rounded |= v->rounded;
    if (tags[0] && k6_kind_of(metric) == K6_TREND && no_sample(v))
        return;
    struct sink into = {.self = &b->s, .summary = b->take};
    for (size_t i = 0; i < v->n; i++) {
        const struct k6_pair *p = &v->pair[i];
        struct figure f = {.value = p->value,
                           .low = fmax(0, p->value - p->below),
                           .high = p->value + p->above,
                           .line = line};
        snprintf(f.quote, sizeof f.quote, "%.*s", p->len < sizeof f.quote ? (int)p->len : 0, p->at);
        k6_say(&into, metric, tags, p->stat, &f);
    }
}

void k6_block_threshold(struct k6_block *b, const char *metric, const char *tags, const char *expr,
                        enum k6_mark mark) {
    struct sink into = {.self = &b->s, .summary = b->take};
    if (mark == K6_MARK_OK || mark == K6_MARK_FAIL)
        k6_say_threshold(&into, metric, tags, expr, mark == K6_MARK_OK);
}

bool k6_block_complete(const struct k6_block *b) {
    bool requests = summary_has(&b->s, METRIC_REQUESTS);
    /* A part of a full summary is a list too; only the list of a whole run holds more than HTTP. */
    bool whole = b->titled || k6_block_has(b, "data_received") || k6_block_has(b, "data_sent") ||
                 k6_block_has(b, "iteration_duration") || k6_block_has(b, "iterations");
    return requests && whole;
}

bool k6_block_more(const struct k6_block *b) {
    return k6_block_complete(b) &&
           (k6_block_has(b, "iterations") || k6_block_has(b, "iteration_duration"));
}

/* --- what follows from the lines ------------------------------------------------------------- */

static void widen(const struct k6_block *b, struct figure *f) {
    double step = f->high - f->low;
    if (isnan(f->value) || b->truncated)
        return;
    f->low = fmax(0, f->value - step / 2);
    if (b->rounded)
        f->high = f->value + step / 2;
}

/* Times were read as cut off after their last digit; where k6 rounded, or nobody can tell, the true
 * value may lie on either side. */
static void widen_times(struct k6_block *b) {
    for (int m = METRIC_AVG_MS; m <= METRIC_OK_P99_MS; m++)
        widen(b, &b->s.figure[m]);
    widen(b, &b->s.figure[METRIC_ITERATION_MS]);
    widen(b, &b->s.figure[METRIC_CONNECT_MS]);
    for (size_t i = 0; i < b->s.endpoints; i++)
        for (int m = METRIC_AVG_MS; m <= METRIC_MAX_MS; m++)
            widen(b, &b->s.endpoint[i].figure[m]);
}

static struct figure computed_duration(const struct summary *s) {
    const struct figure *count = &s->figure[METRIC_REQUESTS], *rate = &s->figure[METRIC_RPS];
    struct figure f = {.value = NAN, .low = NAN, .high = NAN};
    if (!(rate->value > rate_step) || !(count->value > 0))
        return f;
    f = *rate;
    f.value = count->value / rate->value;
    f.low = count->value / rate->high;
    f.high = count->value / rate->low;
    return f;
}

/* The progress line is the last of this run: none of another run, none from before the end. An
 * iteration that was aborted may count as done in one place and as interrupted in the other. */
static bool progress_fits(const struct k6_block *b, const struct figure *duration) {
    const struct k6_progress *p = &b->log.progress;
    const struct figure *iterations = &b->s.figure[METRIC_ITERATIONS];
    double done = isnan(iterations->value) ? 0 : iterations->value;
    if (!p->seen || p->used > 0 || fabs(p->complete - done) > p->interrupted)
        return false;
    return isnan(duration->value) || (p->duration_s > duration->low - progress_off_s &&
                                      p->duration_s < duration->high + progress_off_s);
}

static struct figure exact(double value, const struct k6_progress *p) {
    struct figure f = {.value = value, .low = value, .high = value, .line = p->line};
    text_copy(f.quote, sizeof f.quote, p->quote);
    return f;
}

static void take_progress(struct k6_block *b) {
    struct figure *to = b->s.figure, duration = computed_duration(&b->s);
    if (progress_fits(b, &duration)) {
        const struct k6_progress *p = &b->log.progress;
        if (p->duration_s > 0) { /* else it was over at once */
            duration = exact(p->duration_s, p);
            duration.low = fmax(0, p->duration_s - progress_step);
            duration.high = p->duration_s + progress_step;
        }
        to[METRIC_INTERRUPTED] = exact(p->interrupted, p);
        if (isnan(to[METRIC_VUS_ALLOCATED].value))
            to[METRIC_VUS_ALLOCATED] = exact(p->allocated, p);
    }
    to[METRIC_DURATION_S] = duration;
}

/* k6 shows dropped iterations only when there were any. That none is shown says so only where the
 * part of the summary is there that would show them, and from 0.27 on. */
static bool none_dropped(const struct k6_block *b) {
    if (k6_block_has(b, "dropped_iterations") || !k6_block_more(b))
        return false;
    if (b->titled)
        return true;
    bool from_start = k6_block_has(b, "checks") || k6_block_has(b, "data_received") ||
                      k6_block_has(b, "data_sent");
    return from_start && (k6_block_has(b, "http_req_failed") || b->log.progress.seen);
}

bool k6_block_close(struct k6_block *b, struct err *e) {
    widen_times(b);
    take_progress(b);
    if (none_dropped(b))
        b->s.figure[METRIC_DROPPED] = (struct figure){0};
    return k6_sane(&b->s, e);
}

void k6_block_emit(const struct k6_block *b, const struct sink *out) {
    const char *stopped = b->log.stopped[0] ? b->log.stopped : b->log.bar;
    struct word w = {.door = DOOR_FORMAT,
                     .text = !b->titled ? "k6-text-legacy"
                             : b->full  ? "k6-text-full"
                                        : "k6-text-compact"};
    out->summary(out->self, &w);
    k6_replay(&b->s, out);
    if (stopped[0]) {
        w = (struct word){.door = DOOR_STOPPED, .text = stopped};
        out->summary(out->self, &w);
    }
    if (b->log.generator[0]) {
        w = (struct word){.door = DOOR_GENERATOR, .text = b->log.generator};
        out->summary(out->self, &w);
    }
}

/* A table of steps: one row each, with the figures of the part of the step that counts. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/mem.h"
#include "tools/series/results.h"
#include "tools/series/table.h"

static const struct series_needs needs = {
    .all = (const enum series_column[]){SERIES_STEP, SERIES_LOAD, SERIES_REQUESTS, SERIES_COLUMNS},
    .at_once = true,
    .words = "step, load, requests, and ok or errors",
};

struct totals {
    double requests, failed, duration_s, window_s, time_ms, timed, dropped, vus;
};

struct steps {
    struct series_table table;
    struct totals all; /* NAN once a row lacks it */
    size_t steps;
    long left_out, first_left_out; /* rows past STRETCHES_MAX */
    double first_start_s, to_s;    /* of the first step; the end of the last; NAN not known */
};

/* --- one row --------------------------------------------------------------------------------- */

static double first_known(double a, double b) { return isnan(a) ? b : a; }

/* Start and end from the start of the run; without times of its own a step follows the one before
 * it. */
static void place(struct steps *s, double length_s, struct stretch *x) {
    double start_s = s->table.value[SERIES_START_S];
    if (s->steps == 0) {
        s->first_start_s = start_s;
        s->to_s = 0;
    }
    x->from_s = isnan(start_s) ? s->to_s : start_s - s->first_start_s;
    x->to_s = s->to_s = x->from_s + length_s;
}

static struct stretch stretch_of(const double *v, double failed) {
    struct stretch x = stretch_none();
    double window_s = first_known(v[SERIES_WINDOW_S], v[SERIES_DURATION_S]);
    if (isnan(window_s) && v[SERIES_RPS] > 0)
        window_s = v[SERIES_REQUESTS] / v[SERIES_RPS];
    snprintf(x.name, sizeof x.name, "step %d", (int)v[SERIES_STEP]);
    x.window_s = window_s > 0 ? window_s : NAN;
    x.load = v[SERIES_LOAD];
    x.vus = v[SERIES_VUS];
    x.dropped = v[SERIES_DROPPED];
    x.generator_cpu = v[SERIES_GEN_CPU_PCT] / 100;
    x.value[METRIC_REQUESTS] = v[SERIES_REQUESTS];
    x.value[METRIC_FAILED] = failed;
    x.value[METRIC_RPS] = v[SERIES_REQUESTS] / x.window_s;
    x.value[METRIC_AVG_MS] = v[SERIES_MEAN_MS];
    x.value[METRIC_MED_MS] = v[SERIES_P50_MS];
    x.value[METRIC_P95_MS] = v[SERIES_P95_MS];
    x.value[METRIC_P99_MS] = v[SERIES_P99_MS];
    x.value[METRIC_MAX_MS] = v[SERIES_MAX_MS];
    return x;
}

static void add(struct totals *t, const struct stretch *x, double length_s) {
    t->requests += x->value[METRIC_REQUESTS];
    t->failed += x->value[METRIC_FAILED];
    t->duration_s += length_s;
    t->window_s += x->window_s;
    t->dropped += x->dropped;
    t->vus = fmax(t->vus, x->vus);
    if (x->value[METRIC_REQUESTS] > 0) {
        t->time_ms += x->value[METRIC_REQUESTS] * x->value[METRIC_AVG_MS];
        t->timed += x->value[METRIC_REQUESTS];
    }
}

static bool is_step_number(double n) { return n >= 1 && n == floor(n); }

static bool take_row(void *self) {
    struct steps *s = self;
    const double *v = s->table.value;
    double failed;
    if (!is_step_number(v[SERIES_STEP]) || isnan(v[SERIES_LOAD]) || isnan(v[SERIES_REQUESTS]) ||
        !series_failed(&s->table, v[SERIES_REQUESTS], &failed))
        return false;
    struct stretch x = stretch_of(v, failed);
    double length_s = first_known(v[SERIES_DURATION_S], x.window_s);
    if (s->steps == STRETCHES_MAX) {
        s->first_left_out = s->left_out++ ? s->first_left_out : s->table.line;
        return true;
    }
    place(s, length_s, &x);
    add(&s->all, &x, length_s);
    s->steps++;
    if (s->table.out.stretch)
        s->table.out.stretch(s->table.out.self, &x);
    return true;
}

/* --- the reader ------------------------------------------------------------------------------ */

static void say_all(const struct steps *s) {
    const struct sink *out = &s->table.out;
    const struct totals *t = &s->all;
    if (s->left_out)
        sink_remark(out, FINDING_WARNING, "steps-left-out", s->first_left_out,
                    "there are more than %d steps: the %ld from line %ld on were left out",
                    STRETCHES_MAX, s->left_out, s->first_left_out);
    series_say(out, METRIC_REQUESTS, t->requests, "sum of requests");
    series_say(out, METRIC_FAILED, t->failed, "sum of requests - ok");
    if (t->duration_s > 0)
        series_say(out, METRIC_DURATION_S, t->duration_s, "sum of duration_s");
    if (t->window_s > 0)
        series_say(out, METRIC_RPS, t->requests / t->window_s, "requests / window_s");
    if (t->timed > 0)
        series_say(out, METRIC_AVG_MS, t->time_ms / t->timed, "mean_ms weighted by requests");
    series_say(out, METRIC_DROPPED, t->dropped, "sum of dropped");
    series_say(out, METRIC_VUS_MAX, t->vus, "most of vus");
}

static void *steps_open(const struct sink *out) {
    struct steps *s = mem_new(1, sizeof *s);
    s->all.vus = NAN;
    series_table_init(&s->table, out, &needs, s, take_row);
    return s;
}

static bool steps_feed(void *self, const char *bytes, size_t len, struct err *e) {
    return series_table_feed(&((struct steps *)self)->table, bytes, len, e);
}

static bool steps_finish(void *self, struct err *e) {
    struct steps *s = self;
    if (!series_table_finish(&s->table, e))
        return false;
    say_all(s);
    return true;
}

static void steps_close(void *self) {
    struct steps *s = self;
    series_table_fini(&s->table);
    free(s);
}

static int steps_sniff(const char *head, size_t len) { return series_sniff(head, len, &needs, 97); }

const struct reader series_steps_reader = {
    .name = "series-steps",
    .tool = "series",
    .gives = GIVES_SUMMARY,
    .sniff = steps_sniff,
    .open = steps_open,
    .feed = steps_feed,
    .finish = steps_finish,
    .close = steps_close,
};

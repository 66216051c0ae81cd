/* What a stress and a soak test found, as text for people. */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "base/text.h"
#include "base/unit.h"
#include "ui/plain/check_print.h"
#include "ui/plain/print.h"

/* --- stress ---------------------------------------------------------------------------------- */

/* "p95 errors": the limits that it breaks, or why it says nothing about the server. */
static char *step_reasons(const struct stress_judged *s, char *out, size_t size) {
    size_t n = 0;
    out[0] = '\0';
    for (int r = 0; r < STRESS_REASONS && n < size; r++)
        if (s->failed[r])
            n += (size_t)snprintf(out + n, size - n, "%s%s", n ? " " : "",
                                  stress_reason_name((enum stress_reason)r));
    if (s->generator != STRESS_NONE && n < size)
        snprintf(out + n, size - n, "%s%s", n ? " " : "", stress_reason_name(s->generator));
    return out;
}

static void add_step(struct table *t, const struct stress_found *f, size_t i) {
    const struct stress_judged *s = &f->step[i];
    char number[16], load[32], reached[32], p95[32], errors[32], vus[32], why[80];
    snprintf(number, sizeof number, "%d", s->is.number);
    table_add(t, (const char *const[]){
                     number, unit_show_short(s->is.load, 1, load, sizeof load),
                     unit_show(stress_step_rps(&s->is), 1, reached, sizeof reached),
                     unit_show_ms(s->is.p95_ms, p95, sizeof p95),
                     unit_show_share(stress_step_errors(&s->is), errors, sizeof errors),
                     unit_show(s->is.vus, 1, vus, sizeof vus),
                     stress_state_word(stress_step_state(f, i)), step_reasons(s, why, sizeof why)});
}

void stress_print(const struct stress_found *f) {
    struct table t;
    table_init(&t, "rrrrrrll");
    table_add(&t, (const char *const[]){"Step", f->open ? "RPS" : "VUs", "Reached", "p95", "Errors",
                                        "Busy VUs", "Verdict", "Breaks"});
    for (size_t i = 0; i < f->steps; i++)
        add_step(&t, f, i);
    print("\n");
    table_print(&t, 2);
    char vus[32];
    if (f->usl.accepted)
        print("  Throughput peaks near %s VUs (fit).\n",
              unit_show(f->usl.n_max, 0, vus, sizeof vus));
}

/* --- soak ------------------------------------------------------------------------------------ */

struct trend_row {
    const char *name, *unit;
    const struct trend *trend;
    bool share;
    int decimals;
};

static char *show_value(const struct trend_row *r, double value, char *out, size_t size) {
    char number[32];
    if (isnan(value))
        text_copy(out, size, "no data");
    else if (r->share)
        unit_show_share(value, out, size);
    else
        snprintf(out, size, "%s %s", unit_show(value, r->decimals, number, sizeof number), r->unit);
    return out;
}

static char *show_answer(const struct trend_row *r, char *out, size_t size) {
    char above[48];
    switch (r->trend->answer) {
    case SOAK_NOT_MEASURED:
        text_copy(out, size, "not measured");
        break;
    case SOAK_NONE_FOUND:
        snprintf(out, size, "none above %s per hour",
                 show_value(r, r->trend->none_above, above, sizeof above));
        break;
    case SOAK_CANNOT_TELL:
        text_copy(out, size, "cannot tell");
        break;
    case SOAK_DRIFT:
        text_copy(out, size, "drift found");
        break;
    case SOAK_RESTART:
        text_copy(out, size, "restarted");
        break;
    }
    return out;
}

static void add_trend(struct table *t, const struct trend_row *r) {
    char first[48], last[48], slope[48], range[100] = "", low[48], high[48], answer[96];
    if (!isnan(r->trend->low))
        snprintf(range, sizeof range, "%s to %s", show_value(r, r->trend->low, low, sizeof low),
                 show_value(r, r->trend->high, high, sizeof high));
    table_add(t, (const char *const[]){r->name, show_value(r, r->trend->first, first, sizeof first),
                                       show_value(r, r->trend->last, last, sizeof last),
                                       show_value(r, r->trend->slope, slope, sizeof slope), range,
                                       show_answer(r, answer, sizeof answer)});
}

static void print_memory(const struct soak_found *f) {
    const struct trend *t = &f->memory;
    char at[32];
    if (f->memory_of[0])
        print("  Memory: %s, %zu samples after the warm-up.\n", f->memory_of, t->samples);
    for (size_t i = 0; i < f->restarts && i < SOAK_RESTARTS_MAX; i++)
        print("  Memory fell and requests suffered at %s: a restart.\n",
              unit_show_clock(f->restart_s[i], at, sizeof at));
}

void soak_print(const struct soak_found *f) {
    const struct trend_row rows[] = {{"Server memory", "MB", &f->memory, false, 1},
                                     {"p95", "ms", &f->latency, false, 1},
                                     {"Errors", "", &f->errors, true, 0},
                                     {"Rate", "RPS", &f->throughput, false, 2}};
    struct table t;
    table_init(&t, "lrrrll");
    table_add(&t, (const char *const[]){"Trend", "First", "Last", "Per hour", "95 % interval",
                                        "Verdict"});
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        add_trend(&t, &rows[i]);
    print("\n");
    table_print(&t, 2);
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        if (rows[i].trend->why[0])
            print("  %s: %s.\n", rows[i].name, rows[i].trend->why);
    print_memory(f);
}

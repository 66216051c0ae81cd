#include "ui/plain/check_print.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "base/text.h"
#include "base/unit.h"
#include "ui/plain/print.h"

enum { ENDPOINTS_SHOWN = 40, SOURCES_SHOWN = 4, ERRORS_SHOWN = 5 };

/* A line end in the name of a file begins no line. */
static void print_name(const char *before, const char *name) {
    char clean[CELL_BYTES];
    text_clean(name, strlen(name), TEXT_ONE_LINE, clean, sizeof clean);
    print("%s%s", before, clean);
}

/* "a.csv, b.csv: k6-csv, 60,012 requests in 10:00, 99.9 RPS" and whose percentiles they are. */
static void print_source(const struct summary *run, const char *const *sources) {
    char requests[32], clock[32], rps[32];
    for (size_t i = 0; sources[i] && i < SOURCES_SHOWN; i++)
        print_name(i ? ", " : "  ", sources[i]);
    for (size_t i = 0; sources[i]; i++)
        if (i == SOURCES_SHOWN)
            print(" and others");
    if (!run->format[0]) {
        print(": nothing was read\n");
        return;
    }
    print(": %s, %s requests in %s, %s RPS\n", run->format,
          unit_show(summary_value(run, METRIC_REQUESTS), 0, requests, sizeof requests),
          unit_show_clock(summary_value(run, METRIC_DURATION_S), clock, sizeof clock),
          unit_show(summary_value(run, METRIC_RPS), 1, rps, sizeof rps));
    if (run->generators > 1)
        print("  Results of %d load generators, added.\n", run->generators);
    if (run->computed && run->percentile_error > 0)
        print("  Percentiles %s, within %.4f %%.\n", run->percentiles, 100 * run->percentile_error);
    else if (run->computed)
        print("  Percentiles %s, exact.\n", run->percentiles);
}

static char *show_value(const struct check *c, double value, char *out, size_t size) {
    char number[32];
    if (isnan(value))
        text_copy(out, size, "no data");
    else if (strcmp(c->unit, "ms") == 0)
        unit_show_ms(value, out, size);
    else if (c->unit[0])
        snprintf(out, size, "%s %s", unit_show(value, 1, number, sizeof number), c->unit);
    else if (check_is_share(c))
        unit_show_share(value, out, size);
    else
        unit_show_short(value, 2, out, size);
    return out;
}

static void add_check(struct table *t, const struct check *c) {
    char name[SCOPE_MAX_BYTES + 8], value[48], number[40], limit[64] = "not set";
    enum mark m = mark_of_verdict(c->status, c->near_limit);
    if (!isnan(c->limit))
        snprintf(limit, sizeof limit, "%s %s", op_text(c->op),
                 show_value(c, c->limit, number, sizeof number));
    table_add(t, (const char *const[]){mark_sign(m), check_name(c, name, sizeof name),
                                       show_value(c, c->value, value, sizeof value), limit,
                                       mark_check_word(c), c->limit_from});
}

static void print_checks(const struct judgement *j) {
    struct table t;
    table_init(&t, "llrrll");
    table_add(&t, (const char *const[]){" ", "Limit", "Measured", "Limit", "Verdict", "From"});
    for (size_t i = 0; i < j->checks; i++)
        add_check(&t, &j->check[i]);
    print("\n");
    table_print(&t, 0);
    for (size_t i = 0; i < j->checks; i++) {
        char name[SCOPE_MAX_BYTES + 8];
        if (j->check[i].why[0])
            print_one("  %s: %s", check_name(&j->check[i], name, sizeof name), j->check[i].why);
        if (j->check[i].waived_by[0])
            print_one("  %s: waived by %s: %s", check_name(&j->check[i], name, sizeof name),
                      j->check[i].waived_by, j->check[i].waived_why);
    }
}

/* --- what single requests and series show beside the limits --- */

static const char *show_share(double failed, double requests, char *out, size_t size) {
    return unit_show_share(requests > 0 ? failed / requests : NAN, out, size);
}

static void print_stretches(const struct summary *run) {
    struct table t;
    table_init(&t, "lrrrrrr");
    table_add(&t, (const char *const[]){"Stretch", "From", "To", "RPS", "p95", "Errors", "VUs"});
    for (size_t i = 0; i < run->stretches; i++) {
        const struct stretch *s = &run->stretch[i];
        char from[32], to[32], rps[32], p95[32], errors[32], vus[32];
        table_add(
            &t, (const char *const[]){s->name, unit_show_clock(s->from_s, from, sizeof from),
                                      unit_show_clock(s->to_s, to, sizeof to),
                                      unit_show(s->value[METRIC_RPS], 1, rps, sizeof rps),
                                      unit_show_ms(s->value[METRIC_P95_MS], p95, sizeof p95),
                                      show_share(s->value[METRIC_FAILED], s->value[METRIC_REQUESTS],
                                                 errors, sizeof errors),
                                      unit_show(s->vus, 1, vus, sizeof vus)});
    }
    print("\n");
    table_print(&t, 2);
}

static void print_outcomes(const struct summary *run) {
    static const struct {
        const char *name;
        enum metric avg, med, p95;
    } rows[] = {{"Successes", METRIC_OK_AVG_MS, METRIC_OK_MED_MS, METRIC_OK_P95_MS},
                {"Failures", METRIC_BAD_AVG_MS, METRIC_BAD_MED_MS, METRIC_BAD_P95_MS}};
    struct table t;
    table_init(&t, "lrrr");
    table_add(&t, (const char *const[]){"Response times", "Avg", "Median", "p95"});
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        char avg[32], med[32], p95[32];
        table_add(&t,
                  (const char *const[]){
                      rows[i].name, unit_show_ms(summary_value(run, rows[i].avg), avg, sizeof avg),
                      unit_show_ms(summary_value(run, rows[i].med), med, sizeof med),
                      unit_show_ms(summary_value(run, rows[i].p95), p95, sizeof p95)});
    }
    print("\n");
    table_print(&t, 2);
}

static void print_errors(const struct summary *run) {
    struct table t;
    table_init(&t, "rl");
    table_add(&t, (const char *const[]){"Count", "Error"});
    for (size_t i = 0; i < run->errors && i < ERRORS_SHOWN; i++) {
        char count[32];
        table_add(&t, (const char *const[]){unit_show(run->error[i].count, 0, count, sizeof count),
                                            run->error[i].text});
    }
    print("\n");
    table_print(&t, 2);
    if (run->errors > ERRORS_SHOWN)
        print("  %zu more kinds of error; --json has them all.\n", run->errors - ERRORS_SHOWN);
}

static void print_measured(const struct summary *run, bool stress) {
    char in_flight[32], vus[32];
    if (run->stretches && !stress)
        print_stretches(run);
    if (summary_value(run, METRIC_FAILED) > 0 && !isnan(summary_value(run, METRIC_BAD_MED_MS)))
        print_outcomes(run);
    if (run->errors)
        print_errors(run);
    if (!isnan(run->in_flight) && !isnan(run->in_flight_vus))
        print("\n  Little's law: %s requests in flight on average, %s VUs\n",
              unit_show(run->in_flight, 1, in_flight, sizeof in_flight),
              unit_show(run->in_flight_vus, 1, vus, sizeof vus));
}

static void print_endpoints(const struct summary *run) {
    struct table t;
    table_init(&t, "lrrrr");
    table_add(&t, (const char *const[]){"Endpoint", "Requests", "Avg", "p95", "Errors"});
    for (size_t i = 0; i < run->endpoints && i < ENDPOINTS_SHOWN; i++) {
        const struct endpoint *p = &run->endpoint[i];
        const struct figure *f = p->figure;
        char requests[32], avg[32], p95[32], errors[32];
        double all = f[METRIC_REQUESTS].value;
        double share = all > 0 ? f[METRIC_FAILED].value / all : NAN;
        char name[SCOPE_MAX_BYTES + 16];
        snprintf(name, sizeof name, "%s%s", p->name, p->transaction ? " (transaction)" : "");
        table_add(&t, (const char *const[]){name, unit_show(all, 0, requests, sizeof requests),
                                            unit_show_ms(f[METRIC_AVG_MS].value, avg, sizeof avg),
                                            unit_show_ms(f[METRIC_P95_MS].value, p95, sizeof p95),
                                            unit_show_share(share, errors, sizeof errors)});
    }
    print("\n");
    table_print(&t, 2);
    if (run->endpoints > ENDPOINTS_SHOWN)
        print("  %zu more endpoints; --json has them all.\n", run->endpoints - ENDPOINTS_SHOWN);
}

static void print_causes(const struct judgement *j) {
    for (size_t i = 0; i < j->causes; i++) {
        const struct cause *c = &j->cause[i];
        print("\n%s %s\n", c->id, c->name);
        print_one("  seen       %s", c->evidence);
        print("  points at  %s\n", c->points_at);
        if (c->excludes[0])
            print("  not        %s\n", c->excludes);
        if (c->look_next[0])
            print("  look next  %s\n", c->look_next);
    }
}

static void print_window(const struct judgement *j) {
    char from[32], to[32], requests[32];
    if (j->window.steady)
        print("  Judged: steady state from %s to %s, %s requests%s.\n",
              unit_show_clock(j->window.from_s, from, sizeof from),
              unit_show_clock(j->window.to_s, to, sizeof to),
              unit_show(j->window.requests, 0, requests, sizeof requests),
              j->window.estimated ? ", estimated" : "");
}

void check_print(const struct summary *run, const struct judgement *j, const char *const *sources) {
    /* a pass that stands on a waiver is never shown as one without */
    print_one("%s %s", mark_sign(mark_of_verdict(j->verdict, judgement_has_waiver(j))),
              j->sentence);
    print_source(run, sources);
    print_window(j);
    print_checks(j);
    if (j->has_stress)
        stress_print(&j->stress);
    if (j->has_soak)
        soak_print(&j->soak);
    if (run->endpoints)
        print_endpoints(run);
    print_measured(run, j->has_stress);
    if (j->verdict != VERDICT_PASS)
        print_causes(j);
    if (j->findings.len)
        print("\n");
    print_findings(&j->findings);
    if (j->steps > 1)
        print("\n");
    for (size_t i = 1; i < j->steps; i++)
        print_one("%s  %s", i == 1 ? "Next" : "    ", j->step[i]);
}

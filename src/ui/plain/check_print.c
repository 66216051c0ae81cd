#include "ui/plain/check_print.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "base/text.h"
#include "base/unit.h"
#include "ui/plain/print.h"

enum { ENDPOINTS_SHOWN = 40 };

/* "k6-text, 60,012 requests in 10:00, 99.9 RPS" */
static void print_source(const struct summary *run, const char *source) {
    char requests[32], clock[32], rps[32];
    print("  %s: %s, %s requests in %s, %s RPS\n", source, run->format,
          unit_show(summary_value(run, METRIC_REQUESTS), 0, requests, sizeof requests),
          unit_show_clock(summary_value(run, METRIC_DURATION_S), clock, sizeof clock),
          unit_show(summary_value(run, METRIC_RPS), 1, rps, sizeof rps));
}

/* The screens' words for a check. share: shown in percent. */
static const struct {
    const char *metric, *word;
    bool share;
} words[] = {
    {"error_rate", "Errors", true},    {"rps", "Rate", false},
    {"checks", "Failed checks", true}, {"dropped_iterations", "Dropped", true},
    {"avg", "Average", false},
};
enum { WORDS = sizeof words / sizeof *words };

/* The row of "error_rate" and "error_rate:POST /orders"; WORDS when there is none. */
static size_t find_word(const char *metric) {
    size_t len = strcspn(metric, ":"), i = 0;
    while (i < WORDS && (strlen(words[i].metric) != len || strncmp(words[i].metric, metric, len)))
        i++;
    return i;
}

/* "Errors", "Errors POST /orders" */
static char *show_name(const struct check *c, char *out, size_t size) {
    size_t i = find_word(c->metric), len = strcspn(c->metric, ":");
    const char *endpoint = c->metric + len + (c->metric[len] == ':');
    snprintf(out, size, "%.*s%s%s", i < WORDS ? 99 : (int)len,
             i < WORDS ? words[i].word : c->metric, endpoint[0] ? " " : "", endpoint);
    return out;
}

static char *show_value(const struct check *c, double value, char *out, size_t size) {
    size_t i = find_word(c->metric);
    char number[32];
    if (isnan(value))
        text_copy(out, size, "no data");
    else if (strcmp(c->unit, "ms") == 0)
        unit_show_ms(value, out, size);
    else if (c->unit[0])
        snprintf(out, size, "%s %s", unit_show(value, 1, number, sizeof number), c->unit);
    else if (i < WORDS && words[i].share)
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
    table_add(t, (const char *const[]){mark_sign(m), show_name(c, name, sizeof name),
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
            print("  %s: %s\n", show_name(&j->check[i], name, sizeof name), j->check[i].why);
    }
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
        table_add(&t, (const char *const[]){p->name, unit_show(all, 0, requests, sizeof requests),
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
        print("  seen       %s\n", c->evidence);
        print("  points at  %s\n", c->points_at);
        if (c->excludes[0])
            print("  not        %s\n", c->excludes);
        if (c->look_next[0])
            print("  look next  %s\n", c->look_next);
    }
}

void check_print(const struct summary *run, const struct judgement *j, const char *source) {
    print("%s %s\n", mark_sign(mark_of_verdict(j->verdict, false)), j->sentence);
    print_source(run, source);
    print_checks(j);
    if (run->endpoints)
        print_endpoints(run);
    if (j->verdict != VERDICT_PASS)
        print_causes(j);
    if (j->findings.len)
        print("\n");
    print_findings(&j->findings);
    for (size_t i = 1; i < j->steps; i++)
        print("%s%s  %s\n", i == 1 ? "\n" : "", i == 1 ? "Next" : "    ", j->step[i]);
}

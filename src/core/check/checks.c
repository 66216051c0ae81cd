/* Which rows there are, and whose limit counts for each. */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "base/text.h"
#include "check/rows.h"

static const struct {
    const char *metric;
    measure_fn *measure;
} measures[] = {
    {"response_time_p95", measure_latency},   {"response_time_p99", measure_latency},
    {"response_time_mean", measure_latency},  {"error_rate", measure_error_rate},
    {"reached_of_target", measure_rate},      {"reached_of_offered", measure_rate},
    {"failed_checks", measure_failed_checks}, {"dropped_of_planned", measure_dropped},
    {"soak_memory", measure_drift},           {"soak_latency", measure_drift},
    {"stall_count", measure_stalls},          {"windows_over_p95_limit", measure_windows},
};

static measure_fn *find_measure(const char *metric) {
    for (size_t i = 0; i < sizeof measures / sizeof *measures; i++)
        if (strcmp(measures[i].metric, metric) == 0)
            return measures[i].measure;
    return NULL;
}

/* --- whose limit --- */

static const struct given *given_for(const struct check_input *in, const char *name) {
    const struct {
        const char *name;
        const struct given *given;
    } all[] = {{"p95", &in->p95_ms},
               {"p99", &in->p99_ms},
               {"avg", &in->avg_ms},
               {"error_rate", &in->error_rate}};
    for (size_t i = 0; i < sizeof all / sizeof *all; i++)
        if (strcmp(all[i].name, name) == 0)
            return all[i].given;
    return NULL;
}

static enum plan_key plan_key_for(const char *name) {
    return strcmp(name, "p95") == 0   ? PLAN_P95_MS
           : strcmp(name, "p99") == 0 ? PLAN_P99_MS
           : strcmp(name, "avg") == 0 ? PLAN_AVG_LIMIT_MS
                                      : PLAN_ERROR_RATE;
}

static const struct limit_rule *rule_named(const struct rules *rules, enum model model,
                                           const char *name) {
    for (size_t i = 0; i < rules->limits; i++)
        if (rules->limit[i].model[model] && strcmp(row_name(rules->limit[i].check), name) == 0)
            return &rules->limit[i];
    return NULL;
}

struct given check_limit(const struct rules *rules, const struct plan *plan, enum model model,
                         const char *check, const struct given *given) {
    struct given out = {.value = NAN};
    if (given && !isnan(given->value))
        return *given;
    if (plan) {
        const struct plan_value *v =
            plan_get(plan, (enum plan_scope)(PLAN_LOAD + (int)model), plan_key_for(check));
        if (v && !isnan(v->value)) {
            out.value = v->value;
            snprintf(out.from, sizeof out.from, "%.120s:%ld", plan->file, v->line);
            return out;
        }
    }
    const struct limit_rule *rule = rule_named(rules, model, check);
    if (rule && !isnan(rule->limit)) {
        out.value = rule->limit;
        rules_place(rules, DOC_VALIDATION, rule->line, out.from, sizeof out.from);
    }
    return out;
}

struct given run_limit(const struct check_input *in, const char *check) {
    return check_limit(in->rules, in->plan, in->model, check, given_for(in, check));
}

/* A limit that somebody set for this run is asked for, whatever level the rules give it. */
static void require_if_asked(struct judgement *j, size_t first, const struct rules *rules,
                             const struct given *limit) {
    char place[FROM_MAX_BYTES];
    rules_place(rules, DOC_VALIDATION, 0, place, sizeof place);
    size_t same = strcspn(place, ":");
    if (limit->from[0] && strncmp(limit->from, place, same) != 0)
        for (size_t i = first; i < j->checks; i++)
            j->check[i].required = true;
}

/* --- the rows --- */

static void add_rule(const struct check_input *in, const struct limit_rule *rule,
                     struct judgement *j) {
    measure_fn *measure = find_measure(rule->metric);
    if (!measure)
        return;
    const char *name = row_name(rule->check);
    const struct given *given = given_for(in, name);
    struct given limit;
    if (given) {
        limit = run_limit(in, name);
    } else {
        limit = (struct given){.value = rule->limit};
        rules_place(in->rules, DOC_VALIDATION, rule->line, limit.from, sizeof limit.from);
    }
    if (isnan(limit.value))
        return; /* the rules name it and nobody set it */
    size_t first = j->checks;
    measure(in, rule, &limit, j);
    if (given)
        require_if_asked(j, first, in->rules, &limit);
}

/* The whole of a stress test with known steps has overload inside: its rows are of single steps. */
static bool is_of_the_whole(const struct limit_rule *rule) {
    measure_fn *m = find_measure(rule->metric);
    return m == measure_latency || m == measure_error_rate || m == measure_rate;
}

void checks_add_all(const struct check_input *in, struct judgement *j) {
    for (size_t i = 0; i < in->rules->limits; i++) {
        const struct limit_rule *rule = &in->rules->limit[i];
        if (rule->model[in->model] && !(j->has_stress && is_of_the_whole(rule)))
            add_rule(in, rule, j);
    }
    if (j->has_stress)
        return;
    endpoints_hold_p95(in, j);
    endpoints_add_limits(in, j);
    baseline_compare(in, j);
    stalls_look(in, j);
}

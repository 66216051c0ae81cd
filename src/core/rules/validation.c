/* What rules/metric-validation.md holds. */
#include <stdio.h>
#include <string.h>

#include "base/text.h"
#include "rules/parts.h"

static const char *const value_column[] = {"value", NULL};

/* --- Limits ---------------------------------------------------------------------------------- */

/* What a row can be about, in the unit that its limit has. */
static const struct {
    const char *name, *unit;
} metrics[] = {
    {"response_time_p95", "ms"}, {"response_time_p99", "ms"}, {"response_time_mean", "ms"},
    {"error_rate", "%"},         {"reached_of_target", "%"},  {"reached_of_offered", "%"},
    {"failed_checks", "%"},      {"dropped_of_planned", "%"}, {"soak_memory", ""},
    {"soak_latency", ""},        {"stall_count", ""},         {"windows_over_p95_limit", "%"},
};

static bool check_metric(const struct cell *key, const void *item) {
    const struct limit_rule *rule = item;
    struct cell c = *key;
    for (size_t i = 0; i < COUNT(metrics); i++) {
        if (strcmp(metrics[i].name, rule->metric) != 0)
            continue;
        c.column = "unit";
        c.text = rule->unit;
        return strcmp(metrics[i].unit, rule->unit) == 0 ||
               cell_wrong(&c, "the unit of %s, \"%s\"", rule->metric, metrics[i].unit);
    }
    c.column = "metric";
    c.text = rule->metric;
    char list[240] = "";
    for (size_t i = 0; i < COUNT(metrics); i++) {
        size_t n = strlen(list);
        snprintf(list + n, sizeof list - n, "%s%s", i ? ", " : "", metrics[i].name);
    }
    return cell_wrong(&c, "one of %s", list);
}

/* "load soak", "baseline": words with spaces or commas between them. */
static bool read_models(const struct cell *c, void *out) {
    struct limit_rule *rule = out;
    size_t words = 0;
    for (const char *at = c->text; *(at += strspn(at, " ,")); words++) {
        char word[16] = "";
        enum model m;
        size_t n = strcspn(at, " ,");
        if (n < sizeof word)
            memcpy(word, at, n);
        if (model_parse(word, &m))
            rule->model[m] = true;
        else if (text_same(word, "baseline"))
            rule->baseline = true;
        else
            return cell_wrong(c, "load, stress, soak or baseline");
        at += n;
    }
    return words > 0 || cell_wrong(c, "load, stress, soak or baseline");
}

static const char *const ops[] = {"<", "<=", ">=", NULL}; /* in the order of enum rule_op */
static const char *const levels[] = {"optional", "required", NULL};

static const struct field limit_fields[] = {
    {FIELD("check", NEEDED, cell_text), INTO(limit_rule, check)},
    {FIELD("metric", NEEDED, cell_text), INTO(limit_rule, metric)},
    {FIELD("op", NEEDED, cell_choice), INTO(limit_rule, op), .words = ops},
    {FIELD("limit", OPTIONAL, cell_number), INTO(limit_rule, limit), RANGE(0, 1e9)},
    {FIELD("near", OPTIONAL, cell_number), INTO(limit_rule, near), RANGE(0, 1e9)},
    {FIELD("unit", OPTIONAL, cell_text), INTO(limit_rule, unit)},
    {FIELD("models", NEEDED, read_models)},
    {FIELD("level", NEEDED, cell_flag), INTO(limit_rule, required), .words = levels},
};

/* The plan, the command line and the program ask for these by name. A limit that is not wanted is
 * an empty cell. */
static const char *const limit_rows[] = {
    "p95",
    "p99",
    "avg",
    "error_rate",
    "rps",
    "rps_high",
    "rps_closed",
    "stress_p95",
    "stress_error_rate",
    "stress_rps",
    "baseline_errors",
    NULL,
};

/* --- Samples --------------------------------------------------------------------------------- */

static const struct field sample_fields[] = {
    {FIELD("statistic", NEEDED, cell_text), INTO(sample_rule, statistic)},
    {FIELD("least", NEEDED, cell_number), INTO(sample_rule, least), RANGE(1, 1e9)},
    {FIELD("full", NEEDED, cell_number), INTO(sample_rule, full), RANGE(1, 1e9), .above = "least"},
};

static const char *const sample_rows[] = {"mean", "error_rate", "p50",   "p90",
                                          "p95",  "p99",        "p99.9", NULL};

/* --- Steady state, Baseline comparison ------------------------------------------------------- */

static const struct field steady_fields[] = {
    {FIELD("settle", NEEDED, cell_number), INTO(steady_rules, settle_s), .unit = "s",
     RANGE(0, 86400)},
    {FIELD("settle_share", NEEDED, cell_number), INTO(steady_rules, settle_share),
     .unit = "% of hold", RANGE(0, 90)},
    {FIELD("load_band", NEEDED, cell_number), INTO(steady_rules, load_band), .unit = "%",
     RANGE(0, 100)},
    {FIELD("shortest", NEEDED, cell_number), INTO(steady_rules, shortest_s), .unit = "s",
     RANGE(1, 86400)},
    {FIELD("windows", NEEDED, cell_number), .at = UNUSED, .unit = "", RANGE(5, 5)},
    {FIELD("interval_t", NEEDED, cell_number), INTO(steady_rules, interval_t), .unit = "",
     RANGE(0, 100)},
    {FIELD("halves_differ", NEEDED, cell_number), INTO(steady_rules, halves_differ), .unit = "%",
     RANGE(0, 1000)},
    {FIELD("rate_guard", NEEDED, cell_number), INTO(steady_rules, rate_guard), .unit = "",
     RANGE(0, 10)},
    {FIELD("stall_share", NEEDED, cell_number), INTO(steady_rules, stall_share),
     .unit = "% of median", RANGE(0, 100)},
    {FIELD("stall_least", NEEDED, cell_number), INTO(steady_rules, stall_least), .unit = "requests",
     RANGE(1, 1e6)},
    {FIELD("stall_edge", NEEDED, cell_number), INTO(steady_rules, stall_edge_s), .unit = "s",
     RANGE(0, 86400)},
};

static const struct field compare_fields[] = {
    {FIELD("same_load", NEEDED, cell_number), INTO(compare_rules, same_load), .unit = "%",
     RANGE(0, 100)},
    {FIELD("warn_ratio", NEEDED, cell_number), INTO(compare_rules, warn_ratio), .unit = "",
     RANGE(1, 100)},
    {FIELD("fail_ratio", NEEDED, cell_number), INTO(compare_rules, fail_ratio), .unit = "",
     RANGE(1, 100), .above = "warn_ratio"},
    {FIELD("fail_at_least", NEEDED, cell_number), INTO(compare_rules, fail_at_least_ms),
     .unit = "ms", RANGE(0, 1e6)},
    {FIELD("hold_least", NEEDED, cell_number), INTO(compare_rules, hold_least_s), .unit = "s",
     RANGE(0, 1e6)},
    {FIELD("samples_least", NEEDED, cell_number), INTO(compare_rules, samples_least),
     .unit = "requests", RANGE(1, 1e9)},
};

/* --- Stress, Soak ---------------------------------------------------------------------------- */

static const struct field stress_fields[] = {
    {FIELD("cut", NEEDED, cell_number), INTO(stress_rules, cut), .unit = "% of step", RANGE(0, 50)},
    {FIELD("confirm", NEEDED, cell_number), INTO(stress_rules, confirm), .unit = "steps",
     RANGE(1, 20)},
    {FIELD("widen", NEEDED, cell_number), INTO(stress_rules, widen), .unit = "steps", RANGE(0, 20)},
    {FIELD("widen_least", NEEDED, cell_number), INTO(stress_rules, widen_least), .unit = "%",
     RANGE(0, 100)},
    {FIELD("plateau_elasticity", NEEDED, cell_number), INTO(stress_rules, plateau_elasticity),
     .unit = "", RANGE(0, 1)},
    {FIELD("plateau_share", NEEDED, cell_number), INTO(stress_rules, plateau_share), .unit = "%",
     RANGE(1, 100)},
    {FIELD("law_least", NEEDED, cell_number), INTO(stress_rules, law_least), .unit = "",
     RANGE(0, 1)},
    {FIELD("law_requests", NEEDED, cell_number), INTO(stress_rules, law_requests), .unit = "",
     RANGE(1, 1e9)},
    {FIELD("vu_fill", NEEDED, cell_number), INTO(stress_rules, vu_fill), .unit = "%",
     RANGE(1, 100)},
    {FIELD("vu_slower", NEEDED, cell_number), INTO(stress_rules, vu_slower), .unit = "",
     RANGE(1, 100)},
    {FIELD("fit_steps", NEEDED, cell_number), INTO(stress_rules, fit_steps), .unit = "",
     RANGE(3, 40)},
    {FIELD("fit_error", NEEDED, cell_number), INTO(stress_rules, fit_error), .unit = "%",
     RANGE(0, 100)},
    {FIELD("fit_leave_one_out", NEEDED, cell_number), INTO(stress_rules, fit_leave_one_out),
     .unit = "%", RANGE(0, 100)},
};

enum { MEMORY = COLUMN_1 };
static const char *const soak_columns[] = {"memory", "latency", NULL};
static const char *const block_values[] = {"min", "median", NULL};

static const struct field soak_fields[] = {
    {FIELD("warm_up", NEEDED, cell_number), INTO(soak_rules, warm_up), .unit = "% of hold",
     RANGE(0, 90)},
    {FIELD("samples_least", NEEDED, cell_number), INTO(soak_rules, samples_least), .unit = "",
     RANGE(2, 1e6)},
    {FIELD("blocks", NEEDED, cell_number), INTO(soak_rules, blocks), .unit = "", RANGE(3, 200)},
    {FIELD("blocks_least", NEEDED, cell_number), INTO(soak_rules, blocks_least), .unit = "",
     RANGE(3, 200)},
    {FIELD("block_value", NEEDED, cell_flag), INTO(soak_rules, block_median), .unit = "",
     .words = block_values},
    {FIELD("gc_cycles_per_block", MEMORY, cell_number), INTO(soak_rules, gc_cycles_per_block),
     .unit = "", RANGE(0.1, 100)},
    {FIELD("significance", NEEDED, cell_number), INTO(soak_rules, significance), .unit = "",
     RANGE(0, 0.5)},
    {FIELD("rise_least", NEEDED, cell_number), INTO(soak_rules, rise_least), .unit = "%",
     RANGE(0, 1000)},
    {FIELD("tail_plateau", NEEDED, cell_number), INTO(soak_rules, tail_plateau), .unit = "",
     RANGE(0, 1)},
    {FIELD("tail_slowing", NEEDED, cell_number), INTO(soak_rules, tail_slowing), .unit = "",
     RANGE(0, 10)},
    {FIELD("tail_slowing_saturating", NEEDED, cell_number),
     INTO(soak_rules, tail_slowing_saturating), .unit = "", RANGE(0, 10)},
    {FIELD("none_above", NEEDED, cell_number), INTO(soak_rules, none_above), .unit = "% of level",
     RANGE(0, 1000)},
    {FIELD("leak_never_missed", NEEDED, cell_number), INTO(soak_rules, leak_never_missed),
     .unit = "% of level", RANGE(0, 1000)},
    {FIELD("restart_fall", OPTIONAL, cell_number), INTO(soak_rules, restart_fall), .unit = "%",
     RANGE(1, 100)},
    {FIELD("restart_errors", OPTIONAL, cell_number), INTO(soak_rules, restart_errors), .unit = "%",
     RANGE(0, 100)},
    {FIELD("restart_dip", OPTIONAL, cell_number), INTO(soak_rules, restart_dip), .unit = "% of RPS",
     RANGE(1, 100)},
};

/* --- the document ---------------------------------------------------------------------------- */

static const struct params params[] = {
    {"Steady state", value_column, offsetof(struct rules, steady), 0, steady_fields,
     COUNT(steady_fields)},
    {"Baseline comparison", value_column, offsetof(struct rules, compare), 0, compare_fields,
     COUNT(compare_fields)},
    {"Stress", value_column, offsetof(struct rules, stress), 0, stress_fields,
     COUNT(stress_fields)},
    {"Soak", soak_columns, offsetof(struct rules, soak), sizeof(struct soak_rules), soak_fields,
     COUNT(soak_fields)},
};

static const struct list lists[] = {
    {.heading = "Limits",
     .fields = limit_fields,
     .count = COUNT(limit_fields),
     .at = offsetof(struct rules, limit),
     .stride = sizeof(struct limit_rule),
     .max = LIMIT_RULES_MAX,
     .count_at = offsetof(struct rules, limits),
     .line_at = offsetof(struct limit_rule, line),
     .required = limit_rows,
     .check = check_metric},
    {.heading = "Samples",
     .fields = sample_fields,
     .count = COUNT(sample_fields),
     .at = offsetof(struct rules, sample),
     .stride = sizeof(struct sample_rule),
     .max = SAMPLE_RULES_MAX,
     .count_at = offsetof(struct rules, samples),
     .line_at = UNUSED,
     .required = sample_rows},
};

const struct document validation_document = {"rules/metric-validation.md", params, COUNT(params),
                                             lists, COUNT(lists)};

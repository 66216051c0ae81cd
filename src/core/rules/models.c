/* What rules/load-model-selection.md holds. */
#include <string.h>

#include "base/text.h"
#include "base/unit.h"
#include "rules/parts.h"

enum { LOAD = COLUMN_1, STRESS = COLUMN_2, SOAK = COLUMN_3 };

enum { LONGEST_S = 60 * 86400 };

static const char *const model_names[] = {"load", "stress", "soak", NULL};
static const char *const value_column[] = {"value", NULL};

/* --- Models, Selection ----------------------------------------------------------------------- */

static const struct field models_fields[] = {
    {FIELD("model", NEEDED, cell_choice), .at = UNUSED, .words = model_names},
    {FIELD("also called", OPTIONAL, cell_text), INTO(model_words, also)},
    {FIELD("goal", NEEDED, cell_text), INTO(model_words, goal)},
};

static const struct field selection_fields[] = {
    {FIELD("words in the goal", NEEDED, cell_text), INTO(selection_row, words)},
    {FIELD("model", NEEDED, cell_choice), INTO(selection_row, model), .words = model_names},
};

/* --- Sizing ---------------------------------------------------------------------------------- */

static const char *const sizing_names[] = {"L", NULL};
static const char *const allocate_for[] = {"average", "p95_limit", NULL};
static const char *const response_time_from[] = {"mean", NULL};

/* VUs are counted in int: the bounds keep users_ask_above x max_vus_factor inside it. */
static const struct field sizing_fields[] = {
    {FIELD("users", NEEDED, cell_formula), INTO(sizing_rules, users), .unit = "VUs",
     .words = sizing_names},
    {FIELD("allocate", NEEDED, cell_formula), INTO(sizing_rules, allocate), .unit = "VUs",
     .words = sizing_names},
    {FIELD("allocate_for", NEEDED, cell_flag), INTO(sizing_rules, allocate_for_p95_limit),
     .unit = "", .words = allocate_for},
    {FIELD("max_vus_factor", NEEDED, cell_number), INTO(sizing_rules, max_vus_factor), .unit = "",
     RANGE(1, 100)},
    {FIELD("rounding_guard", NEEDED, cell_number), INTO(sizing_rules, rounding_guard),
     .unit = "VUs", RANGE(0, 0.01)},
    {FIELD("two_sizings_differ", NEEDED, cell_number), INTO(sizing_rules, two_sizings_differ),
     .unit = "%", RANGE(0, 1000)},
    {FIELD("users_ask_above", NEEDED, cell_number), INTO(sizing_rules, users_ask_above),
     .unit = "VUs", RANGE(1, 10e6)},
    {FIELD("response_time_from", NEEDED, cell_word), .at = UNUSED, .size = 32, .unit = "",
     .words = response_time_from},
};

/* --- Shape ----------------------------------------------------------------------------------- */

static const char *const hold_names[] = {"hold", NULL};
static const char *const down_names[] = {"hold", "ramp", NULL};

/* The steps of a stress test have holds of their own, so "hold" has no value in its column. */
static bool shape_formula(const struct cell *c, void *out) {
    if (strcmp(c->column, "stress") != 0)
        return cell_formula(c, out);
    struct cell steps = *c;
    struct field no_hold = *c->field;
    no_hold.words++;
    steps.field = &no_hold;
    return cell_formula(&steps, out);
}

static const struct field shape_fields[] = {
    {FIELD("hold", LOAD | SOAK, cell_number), INTO(shape_rules, hold_s), .unit = "s",
     RANGE(1, LONGEST_S)},
    {FIELD("hold_least", NEEDED, cell_number), INTO(shape_rules, hold_least_s), .unit = "s",
     RANGE(0, LONGEST_S)},
    {FIELD("ramp", NEEDED, shape_formula), INTO(shape_rules, ramp), .unit = "s",
     .words = hold_names},
    {FIELD("ramp_least", NEEDED, cell_number), INTO(shape_rules, ramp_least_s), .unit = "s",
     RANGE(0, LONGEST_S)},
    {FIELD("ramp_most", NEEDED, cell_number), INTO(shape_rules, ramp_most_s), .unit = "s",
     RANGE(0, LONGEST_S), .above = "ramp_least"},
    {FIELD("ramp_down", NEEDED, shape_formula), INTO(shape_rules, ramp_down), .unit = "s",
     .words = down_names},
    {FIELD("ramp_down_least", NEEDED, cell_number), INTO(shape_rules, ramp_down_least_s),
     .unit = "s", RANGE(0, LONGEST_S)},
    {FIELD("first_step", NEEDED, cell_number), INTO(shape_rules, first_step), .unit = "% of target",
     RANGE(1, 10000)},
    {FIELD("step", STRESS, cell_number), INTO(shape_rules, step), .unit = "% of target",
     RANGE(1, 10000)},
    {FIELD("last_step", NEEDED, cell_number), INTO(shape_rules, last_step), .unit = "% of target",
     RANGE(1, 10000), .above = "first_step"},
    {FIELD("steps_least", STRESS, cell_number), INTO(shape_rules, steps_least), .unit = "",
     RANGE(2, 20)},
    {FIELD("steps_most", STRESS, cell_number), INTO(shape_rules, steps_most), .unit = "",
     RANGE(2, 20), .above = "steps_least"},
    {FIELD("step_hold_least", STRESS, cell_number), INTO(shape_rules, step_hold_least_s),
     .unit = "s", RANGE(1, LONGEST_S)},
    {FIELD("step_hold_most", STRESS, cell_number), INTO(shape_rules, step_hold_most_s), .unit = "s",
     RANGE(1, LONGEST_S), .above = "step_hold_least"},
    {FIELD("requests_per_step", STRESS, cell_number), INTO(shape_rules, requests_per_step),
     .unit = "", RANGE(1, 1e9)},
    {FIELD("stop_error_rate", STRESS, cell_number), INTO(shape_rules, stop_error_rate), .unit = "%",
     RANGE(0, 100)},
    {FIELD("stop_after", STRESS, cell_number), INTO(shape_rules, stop_after_s), .unit = "s",
     RANGE(0, LONGEST_S)},
    {FIELD("gc_cycles_least", OPTIONAL, cell_number), .at = UNUSED, .unit = "", RANGE(0, 1e6)},
    {FIELD("most_of_known_break", OPTIONAL, cell_number), INTO(shape_rules, most_of_known_break),
     .unit = "%", RANGE(1, 1000)},
};

/* --- Results of k6 --------------------------------------------------------------------------- */

static const struct field k6_fields[] = {
    {FIELD("csv_most", NEEDED, cell_number), INTO(k6_result_rules, csv_most_bytes), .unit = "MB",
     RANGE(0, 1e9)},
    {FIELD("csv_gz_most", NEEDED, cell_number), INTO(k6_result_rules, csv_gz_most_bytes),
     .unit = "MB of plain CSV", RANGE(0, 1e9)},
    {FIELD("csv_bytes_per_request", NEEDED, cell_number),
     INTO(k6_result_rules, csv_bytes_per_request), .unit = "bytes", RANGE(1, 1e6)},
    {FIELD("csv_gz_share", NEEDED, cell_number), INTO(k6_result_rules, csv_gz_share), .unit = "",
     RANGE(1, 1000)},
};

/* --- Before it starts ------------------------------------------------------------------------ */

static const char *const start_levels[] = {"stop", "warn", "ask", NULL};

static const struct field start_fields[] = {
    {FIELD("condition", NEEDED, cell_text), INTO(start_rule, condition)},
    {FIELD("level", NEEDED, cell_word), INTO(start_rule, level), .words = start_levels},
    {FIELD("words", NEEDED, cell_text), INTO(start_rule, words)},
};

/* The conditions that are looked at. One that nothing evaluates would be a rule that
 * never speaks. */
static const struct {
    const char *text;
    bool number; /* a number follows */
} conditions[] = {
    {"baseline_errors > ", true},
    {"baseline_requests < ", true},
    {"model = load and no passed load run", false},
    {"model = stress and no passed load run", false},
    {"model = soak and no passed load run", false},
    {"model = load and autoscaling = on", false},
    {"model = stress and autoscaling = on", false},
    {"model = soak and autoscaling = on", false},
    {"target_host is not this team's", false},
};

static bool check_condition(const struct cell *c, const void *item) {
    const struct start_rule *rule = item;
    for (size_t i = 0; i < COUNT(conditions); i++) {
        double ignored;
        if (!text_starts(rule->condition, conditions[i].text))
            continue;
        const char *rest = rule->condition + strlen(conditions[i].text);
        if (conditions[i].number ? unit_number(rest, &ignored, NULL) : rest[0] == '\0')
            return true;
    }
    return cell_wrong(c, "a condition such as \"baseline_requests < 300\" or \"%s\"",
                      conditions[3].text);
}

/* --- the document ---------------------------------------------------------------------------- */

static const struct params params[] = {
    {"Sizing", value_column, offsetof(struct rules, sizing), 0, sizing_fields,
     COUNT(sizing_fields)},
    {"Shape", model_names, offsetof(struct rules, shape), sizeof(struct shape_rules), shape_fields,
     COUNT(shape_fields)},
    {"Results of k6", value_column, offsetof(struct rules, k6_results), 0, k6_fields,
     COUNT(k6_fields)},
};

static const struct list lists[] = {
    {.heading = "Models",
     .fields = models_fields,
     .count = COUNT(models_fields),
     .at = offsetof(struct rules, words),
     .stride = sizeof(struct model_words),
     .max = MODELS,
     .count_at = UNUSED,
     .line_at = UNUSED,
     .required = model_names},
    {.heading = "Selection",
     .fields = selection_fields,
     .count = COUNT(selection_fields),
     .at = offsetof(struct rules, selection),
     .stride = sizeof(struct selection_row),
     .max = SELECTION_MAX,
     .count_at = offsetof(struct rules, selections),
     .line_at = UNUSED},
    {.heading = "Before it starts",
     .fields = start_fields,
     .count = COUNT(start_fields),
     .at = offsetof(struct rules, start),
     .stride = sizeof(struct start_rule),
     .max = START_RULES_MAX,
     .count_at = offsetof(struct rules, starts),
     .line_at = offsetof(struct start_rule, line),
     .check = check_condition},
};

const struct document models_document = {"rules/load-model-selection.md", params, COUNT(params),
                                         lists, COUNT(lists)};

/* What references/infrastructure-requirements.md holds. */
#include <string.h>

#include "rules/parts.h"

static const char *const value_column[] = {"value", NULL};

/* --- Tool figures ---------------------------------------------------------------------------- */

static const char *const file_limits[] = {"soft", "hard", NULL};

static const struct field tool_fields[] = {
    {FIELD("tool", NEEDED, cell_text), INTO(tool_need, tool)},
    {FIELD("base_mb", NEEDED, cell_number), INTO(tool_need, base_mb), RANGE(0, 1e6)},
    {FIELD("mb_per_user", NEEDED, cell_number), INTO(tool_need, mb_per_user), RANGE(0, 1e6)},
    {FIELD("bytes_per_request", NEEDED, cell_number), INTO(tool_need, bytes_per_request),
     RANGE(0, 1e9)},
    {FIELD("rps_per_core", NEEDED, cell_number), INTO(tool_need, rps_per_core), RANGE(0.001, 1e9)},
    {FIELD("files_per_user", NEEDED, cell_number), INTO(tool_need, files_per_user), RANGE(0, 1e6)},
    {FIELD("extra_files", NEEDED, cell_number), INTO(tool_need, extra_files), RANGE(0, 1e9)},
    {FIELD("users_per_instance", OPTIONAL, cell_number), INTO(tool_need, users_per_instance),
     RANGE(1, 1e9)},
    {FIELD("file_limit", NEEDED, cell_flag), INTO(tool_need, file_limit_hard),
     .words = file_limits},
    {FIELD("cores_per_process", NEEDED, cell_number_or_all), INTO(tool_need, cores_per_process),
     RANGE(0.01, 1e4)},
};

static const char *const tool_rows[] = {"k6",          "k6_no_summary", "locust_http",
                                        "locust_fast", "jmeter",        NULL};

/* --- Margins --------------------------------------------------------------------------------- */

static const struct field margin_fields[] = {
    {FIELD("cpu_use", NEEDED, cell_number), INTO(margin_rules, cpu_use), .unit = "%",
     RANGE(1, 100)},
    {FIELD("memory_use", NEEDED, cell_number), INTO(margin_rules, memory_use), .unit = "%",
     RANGE(1, 100)},
    {FIELD("network_use", NEEDED, cell_number), INTO(margin_rules, network_use), .unit = "%",
     RANGE(1, 100)},
    {FIELD("ports_use", NEEDED, cell_number), INTO(margin_rules, ports_use), .unit = "%",
     RANGE(1, 100)},
    {FIELD("cpu_warn", NEEDED, cell_number), .at = UNUSED, .unit = "%", RANGE(1, 100)},
    {FIELD("cpu_invalid", NEEDED, cell_number), .at = UNUSED, .unit = "%", RANGE(1, 100)},
    {FIELD("cpu_window", NEEDED, cell_number), .at = UNUSED, .unit = "s", RANGE(1, 3600)},
    {FIELD("cpu_invalid_share", NEEDED, cell_number), .at = UNUSED, .unit = "% of hold",
     RANGE(0, 100)},
    {FIELD("memory_warn", NEEDED, cell_number), .at = UNUSED, .unit = "%", RANGE(1, 100)},
    {FIELD("time_wait", NEEDED, cell_number), INTO(margin_rules, time_wait_s), .unit = "s",
     RANGE(0, 3600)},
};

/* --- Host limits ----------------------------------------------------------------------------- */

static const char *const host_levels[] = {"warn", "fail", NULL};

static const struct field host_fields[] = {
    {FIELD("fact", NEEDED, cell_text), INTO(host_rule, fact)},
    {FIELD("source", NEEDED, cell_text), INTO(host_rule, source)},
    {FIELD("needed", NEEDED, cell_text), INTO(host_rule, needed)},
    {FIELD("level", NEEDED, cell_flag), INTO(host_rule, required), .words = host_levels},
    {FIELD("advice", NEEDED, cell_text), INTO(host_rule, advice)},
};

static const char *const host_rows[] = {"cores", "memory", "files", NULL};

/* Facts whose need is computed; that of the others is in words. */
static const char *const computed[] = {"cores", "memory", "files", "ports", "network", "conntrack"};

static const char *const need_names[] = {
    "rps",
    "users",
    "requests",
    "connections",
    "new_connections_per_s",
    "bytes",
    "base_mb",
    "mb_per_user",
    "bytes_per_request",
    "rps_per_core",
    "files_per_user",
    "extra_files",
    "users_per_instance",
    "cores_per_process",
    "time_wait",
    NULL,
};

static bool check_need(const struct cell *key, const void *item) {
    static const struct field formula = {FIELD("needed", NEEDED, cell_formula),
                                         .size = RULE_TEXT_MAX_BYTES, .words = need_names};
    const struct host_rule *rule = item;
    char ignored[RULE_TEXT_MAX_BYTES];
    struct cell c = *key;
    c.field = &formula;
    c.column = formula.name;
    c.text = rule->needed;
    for (size_t i = 0; i < COUNT(computed); i++)
        if (strcmp(rule->fact, computed[i]) == 0)
            return cell_formula(&c, ignored);
    return true;
}

/* --- the document ---------------------------------------------------------------------------- */

static const struct params params[] = {
    {"Margins", value_column, offsetof(struct rules, margin), 0, margin_fields,
     COUNT(margin_fields)},
};

static const struct list lists[] = {
    {.heading = "Tool figures",
     .fields = tool_fields,
     .count = COUNT(tool_fields),
     .at = offsetof(struct rules, tool),
     .stride = sizeof(struct tool_need),
     .max = TOOL_NEEDS_MAX,
     .count_at = offsetof(struct rules, tools),
     .line_at = UNUSED,
     .required = tool_rows},
    {.heading = "Host limits",
     .fields = host_fields,
     .count = COUNT(host_fields),
     .at = offsetof(struct rules, host),
     .stride = sizeof(struct host_rule),
     .max = HOST_RULES_MAX,
     .count_at = offsetof(struct rules, hosts),
     .line_at = offsetof(struct host_rule, line),
     .required = host_rows,
     .check = check_need},
};

const struct document infrastructure_document = {"references/infrastructure-requirements.md",
                                                 params, COUNT(params), lists, COUNT(lists)};

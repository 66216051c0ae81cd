/* What references/infrastructure-requirements.md holds. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
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
    {FIELD("disk_use", NEEDED, cell_number), INTO(margin_rules, disk_use), .unit = "%",
     RANGE(1, 100)},
    {FIELD("cpu_warn", NEEDED, cell_number), INTO(margin_rules, cpu_warn), .unit = "%",
     RANGE(1, 100)},
    {FIELD("cpu_invalid", NEEDED, cell_number), INTO(margin_rules, cpu_invalid), .unit = "%",
     RANGE(1, 100)},
    {FIELD("cpu_window", NEEDED, cell_number), .at = UNUSED, .unit = "s", RANGE(1, 3600)},
    {FIELD("cpu_invalid_share", NEEDED, cell_number), INTO(margin_rules, cpu_invalid_share),
     .unit = "% of hold", RANGE(0, 100)},
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
static const char *const computed[] = {"cores", "memory",  "files",     "users",
                                       "ports", "network", "conntrack", "disk"};

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
    "processes",
    "time_wait",
    "result_bytes",
    NULL,
};

/* --- versions -------------------------------------------------------------------------------- */

double rules_version(const char *text) {
    double number = 0;
    bool more = true; /* another part follows */
    for (int place = 0; place < 3; place++) {
        long part = 0;
        if (more) {
            char *end;
            part = *text >= '0' && *text <= '9' ? strtol(text, &end, 10) : -1;
            if (part < 0 || part > 999)
                return NAN;
            more = *end == '.';
            text = end + more;
        }
        number = number * 1000 + (double)part;
    }
    return more || *text ? NAN : number;
}

/* One item of a list of versions: "k6 0.49". */
struct version_item {
    char tool[24];
    double version; /* NAN: it is none */
};

static const char *next_version(const char *at, struct version_item *item) {
    char text[64] = "";
    size_t len = strcspn(at, ",");
    const char *rest = at[len] ? at + len + 1 : NULL;
    const char *words = text_trim(at, &len);
    *item = (struct version_item){.version = NAN};
    if (len < sizeof text)
        memcpy(text, words, len);
    char *space = strchr(text, ' ');
    if (space) {
        *space = '\0';
        text_copy(item->tool, sizeof item->tool, text);
        item->version = rules_version(space + 1);
    }
    return rest;
}

/* "locust_fast" is a row of the tool "locust". */
static bool is_row_of(const char *row, const char *tool) {
    size_t len = strlen(tool);
    return strncmp(row, tool, len) == 0 && (row[len] == '\0' || row[len] == '_');
}

double rules_least_version(const char *list, const char *tool) {
    for (struct version_item item; list;) {
        list = next_version(list, &item);
        if (!isnan(item.version) && is_row_of(tool, item.tool))
            return item.version;
    }
    return NAN;
}

static bool check_versions(const struct cell *c) {
    struct version_item item;
    for (const char *list = c->text; list;) {
        list = next_version(list, &item);
        if (isnan(item.version))
            return cell_wrong(c, "tools and versions such as \"k6 0.49, locust 2.12\"");
    }
    return true;
}

/* --- the checks of a row --------------------------------------------------------------------- */

static bool check_need(const struct cell *key, const void *item) {
    static const struct field formula = {FIELD("needed", NEEDED, cell_formula),
                                         .size = RULE_TEXT_MAX_BYTES, .words = need_names};
    const struct host_rule *rule = item;
    char ignored[RULE_TEXT_MAX_BYTES];
    struct cell c = *key;
    c.field = &formula;
    c.column = formula.name;
    c.text = rule->needed;
    if (strcmp(rule->fact, "tool") == 0)
        return check_versions(&c);
    for (size_t i = 0; i < COUNT(computed); i++)
        if (strcmp(rule->fact, computed[i]) == 0)
            return cell_formula(&c, ignored);
    return true;
}

/* --- Generators ------------------------------------------------------------------------------ */

static const struct field generator_fields[] = {
    {FIELD("tool", NEEDED, cell_text), INTO(generator_rule, tool)},
    {FIELD("how", NEEDED, cell_text), INTO(generator_rule, how)},
    {FIELD("divide by hand", NEEDED, cell_text), INTO(generator_rule, by_hand)},
};

static const char *const generator_rows[] = {"k6", "locust", "jmeter", NULL};

const struct generator_rule *rules_generator(const struct rules *r, const char *tool) {
    for (size_t i = 0; i < r->generators; i++)
        if (is_row_of(tool, r->generator[i].tool))
            return &r->generator[i];
    return NULL;
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
    {.heading = "Generators",
     .fields = generator_fields,
     .count = COUNT(generator_fields),
     .at = offsetof(struct rules, generator),
     .stride = sizeof(struct generator_rule),
     .max = GENERATOR_RULES_MAX,
     .count_at = offsetof(struct rules, generators),
     .line_at = offsetof(struct generator_rule, line),
     .required = generator_rows},
};

const struct document infrastructure_document = {"references/infrastructure-requirements.md",
                                                 params, COUNT(params), lists, COUNT(lists)};

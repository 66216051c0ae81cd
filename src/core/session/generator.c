/* Phase 1, the load generator: this machine against the load, and the plan as JSON. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "report/report.h"
#include "session/parts.h"

/* What one machine will write, as the tool itself plans it. */
static double forecast_bytes(const struct session *s, const struct tool *tool) {
    struct command c = {0};
    struct distribution d = {0};
    double most = NAN;
    char script[NAME_MAX_BYTES];
    snprintf(script, sizeof script, "run%.200s", workspace_ending(baseline_name(s)));
    if (s->profile.generators <= 1 && tool->command) {
        if (tool->command(script, "run", s->tool_version, &s->profile, &s->rules, &c, NULL))
            most = c.result_bytes;
    } else if (tool->distribute) {
        if (tool->distribute(script, "run", s->tool_version, &s->profile, &s->rules, &d, NULL))
            most = 0;
        for (size_t i = 0; i < d.len; i++)
            most = fmax(most, d.item[i].result_bytes);
    }
    command_fini(&c);
    distribution_fini(&d);
    return most;
}

static void measure_host(struct session *s, const struct tool *tool, struct err *e) {
    const struct facts *script = s->base.facts_known ? &s->base.facts : NULL;
    const char *need = script && script->need[0] ? script->need : tool->need;
    const struct sizing_facts facts = {.bytes_per_request = baseline_measured(s).bytes_per_request,
                                       .result_bytes = forecast_bytes(s, tool),
                                       .new_connections = script && script->new_connections,
                                       .tool_version = s->tool_version,
                                       .tool_missing = s->tool_missing};
    if (!sizing_check(&s->profile, need, &facts, &s->host, &s->rules, s->host_check,
                      &s->host_checks, e))
        s->host_checks = 0;
    else
        s->generators_needed = sizing_generators(&s->profile, need, &facts, &s->host, &s->rules,
                                                 &s->generators_why, e);
}

void host_checks_update(struct session *s) {
    const struct tool *tool = session_tool(s);
    s->host_checks = s->generators_needed = 0;
    s->host_error = (struct err){0};
    findings_clear(&s->generators_why);
    if (s->host_seen && tool && tool->need && s->profile.stages > 0)
        measure_host(s, tool, &s->host_error);
}

void session_check_host(struct session *s) {
    host_read(&s->host, "");
    s->host.disk_bytes = host_disk_left(s->ws.dir);
    s->host_seen = true;
    host_checks_update(s);
}

bool session_can_split(const struct session *s) {
    const struct tool *tool = session_tool(s);
    return tool && tool->distribute && s->profile.stages > 0 &&
           s->generators_needed > s->profile.generators && s->generators_needed <= GENERATORS_MAX;
}

const struct host_check *session_host_over(const struct session *s) {
    for (int i = 0; i < s->host_checks; i++)
        if (s->host_check[i].required && s->host_check[i].status == USE_OVER)
            return &s->host_check[i];
    return NULL;
}

char *session_plan_json(const struct session *s, const char *const *written) {
    struct findings all = {0};
    size_t n = session_commands(s);
    const char **lines = mem_new(n + 1, sizeof *lines), **places = mem_new(n + 1, sizeof *places);
    for (size_t i = 0; i < n; i++) {
        lines[i] = session_command(s, i)->line;
        places[i] = session_command(s, i)->where;
    }
    session_plan_findings(s, &all);
    const struct tool *tool = session_tool(s);
    char *json = report_plan_json(&(struct report_plan){
        .tool = tool ? tool->name : NULL,
        .baseline = baseline_name(s),
        .script = s->script.name,
        .base_url = session_base_url(s),
        .facts = s->base.facts_known ? &s->base.facts : NULL,
        .profile = &s->profile,
        .host = s->host_check,
        .hosts = s->host_checks,
        .generators_needed = s->generators_needed,
        .commands = lines,
        .places = places,
        .manifest = s->script.manifest,
        .result_bytes = n ? session_result_bytes(s) : NAN,
        .written = written,
        .findings = &all,
    });
    free(lines);
    free(places);
    findings_fini(&all);
    return json;
}

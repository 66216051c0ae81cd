/* Phase 1, the load generator: this machine against the load, and the plan as JSON. */
#include <stdlib.h>
#include <string.h>

#include "report/report.h"
#include "session/parts.h"

void host_checks_update(struct session *s) {
    const struct tool *tool = session_tool(s);
    s->host_checks = 0;
    s->host_error = (struct err){0};
    if (!s->host_seen || !tool || !tool->need || s->profile.stages == 0)
        return;
    if (!sizing_check(&s->profile, tool->need, baseline_measured(s).bytes_per_request, &s->host,
                      &s->rules, s->host_check, &s->host_checks, &s->host_error))
        s->host_checks = 0;
}

void session_check_host(struct session *s) {
    host_read(&s->host, "");
    s->host_seen = true;
    host_checks_update(s);
}

const struct host_check *session_host_over(const struct session *s) {
    for (int i = 0; i < s->host_checks; i++)
        if (s->host_check[i].required && s->host_check[i].status == USE_OVER)
            return &s->host_check[i];
    return NULL;
}

static bool said(const struct findings *all, const struct finding *it) {
    for (size_t i = 0; i < all->len; i++)
        if (all->item[i].line == it->line && strcmp(all->item[i].text, it->text) == 0)
            return true;
    return false;
}

/* A rewrite repeats what the reading of the script has said already. */
static void add_new(struct findings *all, const struct findings *more) {
    for (size_t i = 0; i < more->len; i++) {
        if (said(all, &more->item[i]))
            continue;
        *findings_add(all, FINDING_INFO, "", "%s", "") = more->item[i];
    }
}

char *session_plan_json(const struct session *s, const char *const *written) {
    struct findings all = {0};
    session_prerequisite_findings(s, &all);
    session_load_findings(s, &all);
    add_new(&all, &s->script.findings);
    add_new(&all, &s->script.command.findings);
    const struct tool *tool = session_tool(s);
    const char *commands[] = {s->script.command.line[0] ? s->script.command.line : NULL, NULL};
    char *json = report_plan_json(&(struct report_plan){
        .tool = tool ? tool->name : NULL,
        .baseline = baseline_name(s),
        .script = s->script.name,
        .profile = &s->profile,
        .host = s->host_check,
        .hosts = s->host_checks,
        .commands = commands,
        .written = written,
        .findings = &all,
    });
    findings_fini(&all);
    return json;
}

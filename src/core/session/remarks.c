/* What there is to say about phase 0, as findings with their place. */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "base/text.h"
#include "session/parts.h"

static void add_error(struct findings *out, enum finding_level level, const char *kind,
                      const struct err *e) {
    struct finding *f =
        findings_add(out, level, kind, "%.300s%s%.90s", e->text, e->fix[0] ? "; " : "", e->fix);
    snprintf(f->file, sizeof f->file, "%.127s", e->file);
    f->line = e->line;
}

static void plan_remarks(const struct session *s, struct findings *out) {
    if (s->ws.plan_error.kind != ERR_NONE)
        add_error(out, FINDING_STOP, "plan-unreadable", &s->ws.plan_error);
    else if (!s->ws.has_plan)
        findings_add(out, FINDING_STOP, "plan-missing", "%s", session_no_plan);
    if (!s->ws.has_plan)
        return;
    findings_append(out, &s->ws.plan.findings);
    const struct field_state *target = &s->form.field[FIELD_TARGET];
    if (isnan(target->fallback) && !strstr(target->origin, "disagree"))
        findings_add(out, FINDING_WARNING, "target-missing",
                     "%.100s has no target RPS. Enter one in Load (2).", s->ws.plan.file);
}

static void script_remarks(const struct session *s, struct findings *out) {
    if (s->ws.baselines == 0) {
        findings_add(out, FINDING_STOP, "baseline-missing",
                     "No baseline script found. Expected baseline_*.js, baseline_*.ts, "
                     "locustfile*.py or *.jmx.");
        return;
    }
    if (s->base.chosen < 0) {
        findings_add(out, FINDING_WARNING, "several-baselines",
                     "%zu baseline scripts found; one must be chosen.", s->ws.baselines);
        return;
    }
    if (s->base.facts_error.kind != ERR_NONE)
        add_error(out, FINDING_WARNING, "script-not-understood", &s->base.facts_error);
    if (s->base.facts_known)
        findings_append(out, &s->base.facts.findings);
}

static void drift_remark(const struct session *s, struct findings *out) {
    const char *why;
    bool near;
    double drift = check_baseline_drift(&s->base.result, &s->rules, &near, &why);
    if (isnan(drift))
        findings_add(out, FINDING_INFO, "baseline-drift",
                     "Drift of the baseline is not measured: %s.", why);
    else if (near)
        findings_add(out, FINDING_WARNING, "baseline-drift",
                     "The baseline is not steady: its p95 changes by %.0f %% from the first half "
                     "to the second.",
                     100 * fabs(drift - 1));
}

static void result_remarks(const struct session *s, struct findings *out) {
    const struct baseline *b = &s->base;
    if (b->chosen < 0)
        return;
    if (b->result_error.kind != ERR_NONE)
        add_error(out, FINDING_WARNING, "baseline-result-unreadable", &b->result_error);
    if (b->source == BASELINE_STATED)
        findings_add(out, FINDING_WARNING, "baseline-stated",
                     "Baseline: stated by %s, not measured.", s->user);
    if (b->source == BASELINE_UNKNOWN)
        findings_add(out, FINDING_WARNING, "baseline-stated",
                     "No result of the baseline found: baseline stated, not measured.");
    findings_append(out, &b->findings);
    findings_append(out, &b->result.findings);
    if (baseline_older(s))
        findings_add(out, FINDING_WARNING, "baseline-older",
                     "The baseline result is older than the script. Run the baseline again, or "
                     "use it with this warning.");
    if (b->source == BASELINE_MEASURED)
        drift_remark(s, out);
}

static void other_remarks(const struct session *s, struct findings *out) {
    const struct tool *tool = session_tool(s);
    if (s->rules_error.kind != ERR_NONE)
        add_error(out, FINDING_STOP, "rules-broken", &s->rules_error);
    if (s->tool_missing && tool)
        findings_add(out, FINDING_WARNING, "tool-missing",
                     "%s is not in PATH. You can go on; the command needs it.", tool->title);
    if (s->store_notice[0])
        findings_add(out, FINDING_WARNING, "store", "%.300s", s->store_notice);
    if (s->ws.more_entries)
        findings_add(out, FINDING_WARNING, "directory-large",
                     "The directory holds more than %d entries; the rest was not looked at.",
                     WORKSPACE_ENTRIES);
}

void session_prerequisite_findings(const struct session *s, struct findings *out) {
    plan_remarks(s, out);
    script_remarks(s, out);
    result_remarks(s, out);
    other_remarks(s, out);
}

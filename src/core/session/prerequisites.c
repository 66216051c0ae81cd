/* Phase 0 as a person reads it: the rows of screen 1. */
#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "base/text.h"
#include "base/unit.h"
#include "session/parts.h"

static bool set_row(struct row *r, enum mark mark, const char *what, const char *fmt, ...)
    __attribute__((format(printf, 4, 5)));
static bool set_row(struct row *r, enum mark mark, const char *what, const char *fmt, ...) {
    r->mark = mark;
    text_copy(r->what, sizeof r->what, what);
    va_list ap;
    va_start(ap, fmt);
    vsnprintf(r->why, sizeof r->why, fmt, ap);
    va_end(ap);
    return true;
}

static bool set_error_row(struct row *r, enum mark mark, const char *what, const struct err *e) {
    char text[sizeof e->text + sizeof e->file + sizeof e->fix];
    return set_row(r, mark, what, "%.310s", err_sentence(e, text, sizeof text));
}

/* --- the plan --- */

static const char *plan_op(const struct session *s, const char *check) {
    const struct limit_rule *rule = rules_limit(&s->rules, check);
    return op_text(rule ? rule->op : OP_LESS);
}

/* One figure of the plan, or the two lines that disagree about it. */
static void plan_part(const struct session *s, enum plan_key key, const char *name, char *out,
                      size_t size) {
    const struct plan_value *v =
        plan_get(&s->ws.plan, (enum plan_scope)(PLAN_LOAD + (int)session_model(s)), key);
    char number[32];
    if (!v || v->line == 0)
        return;
    if (v->other_line > 0)
        add_part(out, size, "lines %ld and %ld disagree on %s", v->line, v->other_line, name);
    else if (key == PLAN_TARGET_RPS)
        add_part(out, size, "%s RPS", unit_show_short(v->value, 2, number, sizeof number));
    else if (key == PLAN_P95_MS)
        add_part(out, size, "p95 %s %s ms", plan_op(s, "p95"),
                 unit_show_short(v->value, 2, number, sizeof number));
    else if (key == PLAN_P99_MS)
        add_part(out, size, "p99 %s %s ms", plan_op(s, "p99"),
                 unit_show_short(v->value, 2, number, sizeof number));
    else if (key == PLAN_ERROR_RATE)
        add_part(out, size, "errors %s %s %%", plan_op(s, "error_rate"),
                 unit_show_short(v->value * 100, 4, number, sizeof number));
    else
        add_part(out, size, "%s", unit_show_clock(v->value, number, sizeof number));
}

static bool plan_has_warning(const struct plan *p) {
    for (size_t i = 0; i < p->findings.len; i++)
        if (p->findings.item[i].level != FINDING_INFO)
            return true;
    return false;
}

static bool row_plan(const struct session *s, struct row *r) {
    if (s->ws.plan_error.kind != ERR_NONE)
        return set_error_row(r, MARK_BROKEN, "test-plan.md", &s->ws.plan_error);
    if (!s->ws.has_plan)
        return set_row(r, MARK_BROKEN, "test-plan.md", "not in this directory");
    char why[256] = "";
    const struct field_state *target = &s->form.field[FIELD_TARGET];
    if (isnan(target->fallback) && !strstr(target->origin, "disagree"))
        add_part(why, sizeof why, "no target RPS");
    plan_part(s, PLAN_TARGET_RPS, "target RPS", why, sizeof why);
    plan_part(s, PLAN_P95_MS, "p95", why, sizeof why);
    plan_part(s, PLAN_P99_MS, "p99", why, sizeof why);
    plan_part(s, PLAN_ERROR_RATE, "error rate", why, sizeof why);
    plan_part(s, PLAN_DURATION_S, "duration", why, sizeof why);
    if (s->ws.plan.endpoints > 0)
        add_part(why, sizeof why, "%zu endpoint%s", s->ws.plan.endpoints,
                 s->ws.plan.endpoints == 1 ? "" : "s");
    bool warn = isnan(target->fallback) || plan_has_warning(&s->ws.plan);
    return set_row(r, warn ? MARK_NEAR : MARK_OK, s->ws.plan.file, "%s", why);
}

/* --- the script --- */

static void show_requests(const struct facts *f, char *out, size_t size) {
    const struct scenario *carrier[SCENARIOS_MAX];
    size_t n = facts_carriers(f, carrier);
    char least[32], most[32];
    if (n != 1) {
        add_part(out, size, "%zu scenarios", n);
        if (n < f->scenarios)
            add_part(out, size, "%zu left alone", f->scenarios - n);
        return;
    }
    const struct known *k = &carrier[0]->requests_per_iteration;
    unit_show_short(k->value, 2, least, sizeof least);
    unit_show_short(k->most, 2, most, sizeof most);
    if (isnan(k->value))
        add_part(out, size, "requests per iteration not known: %s", k->why);
    else if (strcmp(least, most) == 0)
        add_part(out, size, "%s request%s per iteration", least, k->value == 1 ? "" : "s");
    else
        add_part(out, size, "%s to %s requests per iteration", least, most);
}

static bool row_script(const struct session *s, struct row *r) {
    char what[32], why[256] = "", lines[32];
    if (s->ws.baselines == 0)
        return set_row(r, MARK_BROKEN, "not found",
                       "Expected baseline_*.js, baseline_*.ts, locustfile*.py or *.jmx.");
    if (s->base.chosen < 0) {
        snprintf(what, sizeof what, "%zu found", s->ws.baselines);
        return set_row(r, MARK_NODATA, what, "%zu baseline scripts found. Enter chooses one.",
                       s->ws.baselines);
    }
    if (!s->base.facts_known)
        return set_error_row(r, MARK_NEAR, baseline_name(s), &s->base.facts_error);
    add_part(why, sizeof why, "%s, %s lines", session_tool(s)->title,
             unit_show((double)s->base.facts.lines, 0, lines, sizeof lines));
    show_requests(&s->base.facts, why, sizeof why);
    if (s->base.facts.limits)
        add_part(why, sizeof why, "%zu threshold%s", s->base.facts.limits,
                 s->base.facts.limits == 1 ? "" : "s");
    return set_row(r, MARK_OK, baseline_name(s), "%s", why);
}

/* --- its result --- */

static bool row_result(const struct session *s, struct row *r) {
    const struct baseline *b = &s->base;
    char why[256] = "", a[32];
    if (b->result_error.kind != ERR_NONE && b->source == BASELINE_UNKNOWN)
        return set_error_row(r, MARK_NODATA, "no data", &b->result_error);
    if (b->source == BASELINE_STATED)
        return set_row(r, MARK_NEAR, "stated", "Baseline: stated by %s, not measured.", s->user);
    if (b->source == BASELINE_UNKNOWN)
        return set_row(r, MARK_NODATA, "no data", "no result file named after it found");
    double vus = summary_mean_vus(&b->result);
    if (!isnan(vus))
        add_part(why, sizeof why, "%s VUs", unit_show_short(vus, 1, a, sizeof a));
    if (summary_has(&b->result, METRIC_DURATION_S))
        add_part(why, sizeof why, "%s",
                 unit_show_clock(summary_value(&b->result, METRIC_DURATION_S), a, sizeof a));
    add_part(why, sizeof why, "%s requests",
             unit_show(summary_value(&b->result, METRIC_REQUESTS), 0, a, sizeof a));
    return set_row(r, MARK_OK, b->file, "%s", why);
}

static bool row_errors(const struct session *s, struct row *r) {
    const struct baseline *b = &s->base;
    if (b->source == BASELINE_STATED)
        return set_row(r, MARK_NEAR, "stated 0", "not measured");
    if (b->source == BASELINE_UNKNOWN)
        return set_row(r, MARK_NODATA, "no data", "needs a baseline result");
    if (b->stability == STABLE_UNKNOWN)
        return set_row(r, MARK_NODATA, "no data", "the result does not count failed requests");
    double failed = summary_value(&b->result, METRIC_FAILED);
    char k[32], n[32], share[32], limit[32], what[80];
    const struct limit_rule *rule = rules_limit(&s->rules, "baseline_errors");
    snprintf(what, sizeof what, "%s of %s", unit_show(failed, 0, k, sizeof k),
             unit_show(summary_value(&b->result, METRIC_REQUESTS), 0, n, sizeof n));
    if (failed > 0)
        unit_show_share(summary_error_rate(&b->result), share, sizeof share);
    else
        text_copy(share, sizeof share, "0 %");
    unit_show_short(rule && rule->limit > 0 ? rule->limit * 100 : 0, 4, limit, sizeof limit);
    return set_row(r, b->stability == STABLE ? MARK_OK : MARK_BROKEN, what, "%s, limit %s %%",
                   share, limit);
}

static bool row_steady(const struct session *s, struct row *r) {
    const char *why = "needs a baseline result";
    bool near = false;
    double drift = s->base.source == BASELINE_MEASURED
                       ? check_baseline_drift(&s->base.result, &s->rules, &near, &why)
                       : (double)NAN;
    if (isnan(drift))
        return set_row(r, MARK_NODATA, "no data", "%s", why);
    const struct stretch *steady = summary_steady(&s->base.result);
    char a[32], b[32], what[80], length[32];
    snprintf(what, sizeof what, "p95 %s to %s", unit_show_ms(steady->half_p95_ms[0], a, sizeof a),
             unit_show_ms(steady->half_p95_ms[1], b, sizeof b));
    return set_row(r, near ? MARK_NEAR : MARK_OK, what, "drift %+.1f %% over %s, warns at %.0f %%",
                   100 * (drift - 1),
                   unit_show_clock(steady->to_s - steady->from_s, length, sizeof length),
                   100 * s->rules.steady.halves_differ);
}

static bool row_newer(const struct session *s, struct row *r) {
    const struct baseline *b = &s->base;
    char result[32], script[32];
    if (b->source != BASELINE_MEASURED)
        return false;
    show_time(b->changed_s * 1000, s->now_ms, true, script, sizeof script);
    if (b->result_changed_s < 0 || b->changed_s < 0)
        return set_row(r, MARK_NODATA, "no data", "the time of the result is not known");
    show_time(b->result_changed_s * 1000, s->now_ms, true, result, sizeof result);
    if (baseline_older(s))
        return set_row(r, MARK_NEAR, result, "older than the script, which is from %s", script);
    return set_row(r, MARK_OK, result, "script is from %s", script);
}

/* --- tool and rules --- */

static bool row_tool(const struct session *s, struct row *r) {
    const struct tool *tool = asked_tool(s);
    char what[80];
    if (!tool)
        return set_row(r, MARK_NONE, "not known", "the baseline script says which");
    if (s->tool_missing)
        return set_row(r, MARK_NEAR, "not found",
                       "%s is not in PATH. You can go on; the command needs it.", tool->title);
    if (!s->tool_version[0])
        return set_row(r, MARK_NODATA, tool->title, "%s",
                       s->probe.fd >= 0 ? "asked for its version" : "its version is not known");
    snprintf(what, sizeof what, "%s %s", tool->title, s->tool_version);
    return set_row(r, MARK_OK, what, "found in PATH");
}

static long own_p95_line(const struct session *s) {
    if (!s->ws.has_plan)
        return 0;
    const struct plan_value *v =
        plan_get(&s->ws.plan, (enum plan_scope)(PLAN_LOAD + (int)session_model(s)), PLAN_P95_MS);
    const struct limit_rule *rule = rules_limit(&s->rules, "p95");
    return v && rule && v->line > 0 && !isnan(v->value) && v->value != rule->limit ? v->line : 0;
}

static bool row_rules(const struct session *s, struct row *r) {
    if (s->rules_error.kind != ERR_NONE)
        return set_error_row(r, MARK_BROKEN, "rules/", &s->rules_error);
    bool team = false;
    for (int i = 0; i < DOCS; i++)
        team |= s->rules.doc[i].team;
    const char *what = team ? "rules/ of this workspace" : "rules/ as installed";
    long line = own_p95_line(s);
    if (line > 0)
        return set_row(r, MARK_NEAR, what, "%.120s line %ld sets its own p95 limit",
                       s->ws.plan.file, line);
    return set_row(r, MARK_OK, what, "limits, shapes and sizes");
}

int session_prerequisite_rows(const struct session *s, struct row out[PREREQUISITE_ROWS]) {
    static const struct {
        const char *title;
        bool (*fill)(const struct session *s, struct row *r);
    } rows[PREREQUISITE_ROWS] = {
        {"Test plan", row_plan},
        {"Baseline script", row_script},
        {"Baseline result", row_result},
        {"Baseline errors", row_errors},
        {"Baseline steady", row_steady},
        {"Baseline newer", row_newer},
        {"Tool", row_tool},
        {"Rules", row_rules},
    };
    int n = 0;
    for (int i = 0; i < PREREQUISITE_ROWS; i++) {
        out[n] = (struct row){0};
        text_copy(out[n].title, sizeof out[n].title, rows[i].title);
        n += rows[i].fill(s, &out[n]);
    }
    return n;
}

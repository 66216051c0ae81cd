/* Phase 1, the load: fields to a profile, the question, the confirmation. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "base/unit.h"
#include "report/report.h"
#include "session/parts.h"

uint64_t load_hash(const struct profile *p) {
    if (p->stages == 0)
        return 0;
    char *text = report_plan_json(&(struct report_plan){.profile = p});
    uint64_t h = bytes_hash(text, strlen(text));
    free(text);
    return h;
}

/* In the numbers that the tool can write. */
static bool make_profile(struct session *s, const struct load_input *in, struct err *e) {
    const struct tool *tool = session_tool(s);
    if (s->rules_error.kind != ERR_NONE) {
        *e = s->rules_error;
        return false;
    }
    return profile_make(in, &s->rules, &s->profile, &s->profile_notes, e) &&
           (!tool || !tool->fit || tool->fit(&s->profile, &s->profile_notes, e));
}

/* A confirmed load that changes is open again; the same figures typed anew close it. */
void session_update(struct session *s) {
    struct load_input in;
    findings_clear(&s->profile_notes);
    s->profile_error = (struct err){0};
    form_fill(s, &in);
    if (!make_profile(s, &in, &s->profile_error))
        s->profile = (struct profile){0};
    host_checks_update(s);
    if (s->confirmed_load)
        s->confirmed = load_hash(&s->profile) == s->confirmed_load;
}

static void remember(struct form *form, enum field f) {
    if (form->undos == UNDO_MAX) {
        memmove(form->undo, form->undo + 1, (UNDO_MAX - 1) * sizeof *form->undo);
        form->undos--;
    }
    struct undo *u = &form->undo[form->undos++];
    u->field = f;
    text_copy(u->typed, sizeof u->typed, form->field[f].typed);
}

void session_set_field(struct session *s, enum field f, const char *text) {
    char clean[FIELD_TEXT_MAX];
    struct field_state *field = &s->form.field[f];
    text_clean(text, strlen(text), TEXT_ONE_LINE, clean, sizeof clean);
    if (strcmp(clean, field->typed) == 0)
        return;
    remember(&s->form, f);
    text_copy(field->typed, sizeof field->typed, clean);
    s->dirty = true;
    session_update(s);
}

bool session_undo(struct session *s) {
    if (s->form.undos == 0)
        return false;
    const struct undo *u = &s->form.undo[--s->form.undos];
    text_copy(s->form.field[u->field].typed, FIELD_TEXT_MAX, u->typed);
    s->dirty = true;
    session_update(s);
    return true;
}

/* --- the question --- */

static int count_steps(const struct profile *p) {
    int n = 0;
    for (int i = 0; i < p->stages; i++)
        n += text_starts(p->stage[i].name, "step ") && !text_ends(p->stage[i].name, " ramp");
    return n;
}

static double hold_s(const struct profile *p) {
    for (int i = 0; i < p->stages; i++)
        if (strcmp(p->stage[i].name, "hold") == 0)
            return p->stage[i].duration_s;
    return 0;
}

/* "10:00", and "4:00 h" from an hour on. */
static void show_length(double seconds, char *out, size_t size) {
    long minutes = lround(seconds / 60);
    if (seconds < 3600)
        unit_show_clock(seconds, out, size);
    else
        snprintf(out, size, "%ld:%02ld h", minutes / 60, minutes % 60);
}

static void show_extra(const struct profile *p, char *out, size_t size) {
    char length[32];
    out[0] = '\0';
    if (p->model == MODEL_STRESS)
        snprintf(out, size, " in %d steps", count_steps(p));
    if (p->model == MODEL_SOAK) {
        show_length(hold_s(p), length, sizeof length);
        snprintf(out, size, " over %s", length);
    }
}

const char *session_base_url(const struct session *s) {
    if (s->base.facts_known && s->base.facts.base_url[0])
        return s->base.facts.base_url;
    return s->ws.has_plan ? s->ws.plan.base_url : "";
}

void session_question(const struct session *s, char *line, size_t size, char *more,
                      size_t more_size) {
    const struct profile *p = &s->profile;
    char vus[32], rps[32], extra[48], iterations[32], length[32], requests[32];
    line[0] = more[0] = '\0';
    if (p->stages == 0)
        return;
    show_extra(p, extra, sizeof extra);
    snprintf(line, size, "Calculated %s VUs for %s RPS%s. Proceed?",
             unit_show(p->vus, 0, vus, sizeof vus),
             unit_show_short(p->target_rps, 2, rps, sizeof rps), extra);
    const char *url = session_base_url(s);
    char machines[32] = "";
    if (p->generators > 1)
        snprintf(machines, sizeof machines, " from %d machines", p->generators);
    snprintf(more, more_size, "%s iterations/s, %s, %s requests%s%s%s",
             unit_show_short(p->iteration_rps, 2, iterations, sizeof iterations),
             unit_show_clock(p->duration_s, length, sizeof length),
             unit_show(p->planned_requests, 0, requests, sizeof requests), machines,
             url[0] ? " to " : "", url);
}

static const enum field figures[] = {FIELD_TARGET, FIELD_AVG, FIELD_THINK, FIELD_REQUESTS,
                                     FIELD_SHARES};

enum field load_missing(const struct session *s, const struct scenario **whose) {
    const struct scenario *carrier[SCENARIOS_MAX];
    size_t n = session_carriers(s, carrier);
    *whose = NULL;
    for (size_t i = 0; i < sizeof figures / sizeof *figures; i++) {
        if (!isnan(s->form.field[figures[i]].value))
            continue;
        for (size_t k = 0; n > 1 && field_def(figures[i])->each && k < n && !*whose; k++)
            if (isnan(s->form.each[figures[i]][k]))
                *whose = carrier[k];
        return figures[i];
    }
    return FIELDS;
}

bool load_field_missing(const struct session *s, char *out, size_t size) {
    const struct scenario *whose;
    enum field f = load_missing(s, &whose);
    if (f == FIELDS)
        return false;
    const char *label = field_label(f, session_model(s));
    if (whose)
        snprintf(out, size, "%s of %.40s: not known. Enter %.40s=N", label, whose->name,
                 whose->name);
    else
        snprintf(out, size, "%s is empty. Enter a number %s 0", label,
                 field_def(f)->above_least ? "above" : "from");
    return true;
}

/* The profile's error names the options; a person at the form is told the field. */
static bool no_profile(const struct session *s, struct err *e) {
    char text[160];
    struct err out = s->profile_error;
    if (s->rules_error.kind == ERR_NONE && load_field_missing(s, text, sizeof text))
        text_copy(out.text, sizeof out.text, text);
    if (e)
        *e = out;
    return false;
}

bool session_confirm_load(struct session *s, struct err *e) {
    enum field wrong = form_first_error(&s->form, session_model(s));
    if (!session_prepared(s) || s->base.chosen < 0)
        return err_set(e, ERR_MISSING, "the prerequisites are not done");
    if (wrong != FIELDS) {
        size_t n = strlen(s->form.field[wrong].error);
        bool stop = n > 0 && s->form.field[wrong].error[n - 1] == '.';
        err_set(e, ERR_USAGE, "%.*s", (int)(n - stop), s->form.field[wrong].error);
        return false;
    }
    if (s->profile.stages == 0)
        return no_profile(s, e);
    uint64_t load = load_hash(&s->profile);
    if (load != s->confirmed_load)
        reopen_after_load(s);
    s->confirmed = true;
    s->confirmed_load = load;
    s->confirmed_ms = s->now_ms;
    text_copy(s->confirmed_by, sizeof s->confirmed_by, s->user);
    s->dirty = true;
    if (!s->host_seen)
        session_check_host(s);
    return true;
}

/* --- remarks --- */

static bool rules_ask_for_load_first(const struct session *s) {
    char condition[96];
    snprintf(condition, sizeof condition, "model = %s and no passed load run",
             model_name(session_model(s)));
    for (size_t i = 0; i < s->rules.starts; i++)
        if (strcmp(s->rules.start[i].condition, condition) == 0)
            return true;
    return false;
}

static void no_load_run(const struct session *s, struct findings *out) {
    double rps = s->profile.expected_rps;
    char number[32];
    if (s->profile.stages == 0 || !rules_ask_for_load_first(s) ||
        (s->history && history_has_passed(s->history, model_name(MODEL_LOAD), rps)))
        return;
    findings_add(out, FINDING_WARNING, "no-load-run",
                 "No passed load run at %s RPS yet. A load test first saves time.",
                 unit_show_short(rps, 2, number, sizeof number));
}

/* Which input the two sizes differ in. */
static void differing_input(const struct session *s, struct findings *out) {
    struct measured m = baseline_measured(s);
    const struct profile *p = &s->profile;
    const struct {
        const char *name;
        double here, measured;
        const char *unit;
    } input[] = {
        {"Requests per iteration is", p->requests_per_iteration, m.requests_per_iteration, ""},
        {"Average response is", p->avg_ms, m.avg_ms, " ms"},
        {"Think time is", p->think_ms, m.iteration_ms - m.requests_per_iteration * m.avg_ms, " ms"},
    };
    double most = s->rules.sizing.two_sizings_differ;
    if (!(s->profile.difference > most))
        return;
    for (size_t i = 0; i < sizeof input / sizeof *input; i++) {
        double here = input[i].here, there = input[i].measured;
        char a[32], b[32];
        if (!(fabs(here - there) > most * fabs(there)))
            continue;
        findings_add(out, FINDING_INFO, "input-differs", "%s %s%s here, %s%s in the baseline.",
                     input[i].name, unit_show_short(here, 2, a, sizeof a), input[i].unit,
                     unit_show_short(there, 2, b, sizeof b), input[i].unit);
    }
}

static void many_vus(const struct session *s, struct findings *out) {
    const struct tool *tool = session_tool(s);
    const struct tool_need *need = tool && tool->need ? rules_tool(&s->rules, tool->need) : NULL;
    char vus[32];
    if (need && s->profile.vus > need->users_per_instance)
        findings_add(out, FINDING_WARNING, "many-vus",
                     "%s VUs. One %s host rarely carries that many; see Load generator (3).",
                     unit_show(s->profile.vus, 0, vus, sizeof vus), tool->title);
}

static void other_host(const struct session *s, struct findings *out) {
    const char *script = s->base.facts_known ? s->base.facts.base_url : "";
    const char *plan = s->ws.has_plan ? s->ws.plan.base_url : "";
    size_t n = strlen(script);
    if (!n || !plan[0] || (strncmp(plan, script, n) == 0 && (plan[n] == '/' || plan[n] == '\0')))
        return;
    struct finding *f =
        findings_add(out, FINDING_WARNING, "other-host",
                     "The script's requests go to %.120s; the plan names %.120s.", script, plan);
    text_copy(f->file, sizeof f->file, baseline_name(s));
    f->line = s->base.facts.base_url_line;
}

static void host_over(const struct session *s, struct findings *out) {
    const struct host_check *c = session_host_over(s);
    char needed[32], available[32];
    if (c)
        findings_add(out, FINDING_WARNING, "host-over",
                     "%s: needs %s, limit %s. The run would measure this limit.", c->title,
                     sizing_show(c->needed, c->unit, needed, sizeof needed),
                     sizing_show(c->available, c->unit, available, sizeof available));
}

void session_load_findings(const struct session *s, struct findings *out) {
    findings_append(out, &s->profile_notes);
    differing_input(s, out);
    no_load_run(s, out);
    many_vus(s, out);
    other_host(s, out);
    host_over(s, out);
}

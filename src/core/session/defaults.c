/* Where each field of the form gets its default from: plan, baseline, script, rules. */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "base/text.h"
#include "base/unit.h"
#include "session/parts.h"

#define COUNT(a) (sizeof(a) / sizeof *(a))

struct measured baseline_measured(const struct session *s) {
    struct measured m = {NAN, NAN, NAN, NAN, NAN, NAN, NAN, NAN, NAN};
    if (s->base.source != BASELINE_MEASURED)
        return m;
    const struct summary *r = &s->base.result;
    m.vus = summary_mean_vus(r);
    m.rps = summary_value(r, METRIC_RPS);
    m.requests_per_iteration = summary_requests_per_iteration(r);
    m.iteration_ms = summary_value(r, METRIC_ITERATION_MS);
    m.avg_ms = summary_value(r, METRIC_AVG_MS);
    m.p95_ms = summary_value(r, METRIC_P95_MS);
    m.med_ms = summary_value(r, METRIC_MED_MS);
    m.p99_ms = summary_value(r, METRIC_P99_MS);
    m.bytes_per_request =
        (summary_value(r, METRIC_RECEIVED_BYTES) + summary_value(r, METRIC_SENT_BYTES)) /
        summary_value(r, METRIC_REQUESTS);
    return m;
}

enum model session_model(const struct session *s) {
    double v = s->form.field[FIELD_MODEL].value;
    return isnan(v) ? MODEL_LOAD : (enum model)(int)v;
}

enum arrivals session_method(const struct session *s) {
    double v = s->form.field[FIELD_METHOD].value;
    return isnan(v) ? ARRIVALS_OPEN : (enum arrivals)(int)v;
}

static enum plan_scope scope_of(enum model m) { return (enum plan_scope)(PLAN_LOAD + (int)m); }

void set_default(struct session *s, enum field f, double value, const char *origin) {
    struct field_state *st = &s->form.field[f];
    st->fallback = value;
    text_copy(st->origin, sizeof st->origin, origin);
}

/* A figure of the plan: "test-plan.md line 12", or the two lines that disagree. */
static bool from_plan(struct session *s, enum field f, enum plan_key key, enum model m) {
    if (!s->ws.has_plan)
        return false;
    const struct plan_value *v = plan_get(&s->ws.plan, scope_of(m), key);
    char origin[96], a[32], b[32];
    if (!v || v->line == 0)
        return false;
    if (v->other_line > 0) {
        field_show(f, v->a, a, sizeof a);
        field_show(f, v->b, b, sizeof b);
        snprintf(origin, sizeof origin, "lines %ld and %ld disagree (%.12s, %.12s)", v->line,
                 v->other_line, a, b);
        set_default(s, f, NAN, origin);
        return true;
    }
    if (isnan(v->value))
        return false;
    snprintf(origin, sizeof origin, "%.60s line %ld", s->ws.plan.file, v->line);
    set_default(s, f, v->value, origin);
    return true;
}

static void default_choices(struct session *s) {
    enum model m = MODEL_LOAD;
    bool said = s->ws.has_plan && rules_select_model(&s->rules, s->ws.plan.goal, &m);
    set_default(s, FIELD_MODEL, said ? (int)m : MODEL_LOAD, said ? "goal of the plan" : "default");
    const struct tool *tool = session_tool(s);
    bool known = tool && tool->arrivals_n > 0;
    set_default(s, FIELD_METHOD, known ? tool->arrivals[0] : ARRIVALS_OPEN, "default");
}

/* A choice that the tool cannot do is an error that names those it can. */
static void check_method(struct session *s) {
    struct field_state *st = &s->form.field[FIELD_METHOD];
    const struct tool *tool = session_tool(s);
    if (!tool || st->error[0] || session_choice(s, FIELD_METHOD, (int)st->value))
        return;
    int n = snprintf(st->error, sizeof st->error, "%s cannot do %s. It can do", tool->title,
                     arrivals_name(session_method(s)));
    for (size_t i = 0; i < tool->arrivals_n && n > 0 && (size_t)n < sizeof st->error; i++)
        n += snprintf(st->error + n, sizeof st->error - (size_t)n, "%s %s", i ? "," : "",
                      arrivals_name(tool->arrivals[i]));
    if (n > 0 && (size_t)n + 1 < sizeof st->error)
        strcpy(st->error + n, ".");
    st->value = st->fallback;
}

static void default_target(struct session *s, enum model m) {
    if (from_plan(s, FIELD_TARGET, PLAN_TARGET_RPS, m))
        return;
    if (s->ws.has_plan && s->ws.plan.endpoint_rps_sum > 0) {
        set_default(s, FIELD_TARGET, s->ws.plan.endpoint_rps_sum, "sum of the plan's endpoints");
        return;
    }
    set_default(s, FIELD_TARGET, NAN, s->ws.has_plan ? "not in test-plan.md" : "");
}

/* The one that carries the target; NULL when there are several, or none is known. */
static const struct scenario *only_scenario(const struct session *s) {
    const struct scenario *carrier[SCENARIOS_MAX];
    return session_carriers(s, carrier) == 1 ? carrier[0] : NULL;
}

static void script_origin(const struct session *s, const struct known *k, char *out, size_t size) {
    const char *file = s->base.chosen >= 0 ? s->ws.baseline[s->base.chosen].name : "script";
    if (k->line > 0)
        snprintf(out, size, "%.60s line %ld", file, k->line);
    else
        snprintf(out, size, "%.60s", file);
}

static bool close_to(double a, double b) { return fabs(a - b) <= 0.01 * fabs(b); }

/* Measured beats text: redirects, loops and branches show only in the run. When both agree the
 * text's round number is shown. */
static void default_requests(struct session *s, const struct measured *m) {
    const struct scenario *sc = only_scenario(s);
    double text = sc ? sc->requests_per_iteration.value : NAN;
    char origin[96], number[32];
    if (!isnan(m->requests_per_iteration)) {
        bool agree = close_to(text, m->requests_per_iteration);
        snprintf(origin, sizeof origin, "baseline: %s%s%s",
                 unit_show(m->requests_per_iteration, 2, number, sizeof number),
                 !agree && !isnan(text) ? "; the text shows another number" : "", "");
        set_default(s, FIELD_REQUESTS, agree ? text : m->requests_per_iteration, origin);
        return;
    }
    if (!isnan(text)) {
        script_origin(s, &sc->requests_per_iteration, origin, sizeof origin);
        set_default(s, FIELD_REQUESTS, text, origin);
        return;
    }
    set_default(s, FIELD_REQUESTS, NAN, sc ? sc->requests_per_iteration.why : "");
}

/* Pauses inside an iteration and between two of them: a paced load replaces only the latter, but
 * both are what a user does now. */
static void default_think(struct session *s, const struct measured *m) {
    const struct scenario *sc = only_scenario(s);
    double avg_ms = s->form.field[FIELD_AVG].value;
    double pause = sc ? sc->think_ms.value + scenario_wait_ms(sc, avg_ms) : NAN;
    char origin[96];
    if (!isnan(pause)) {
        script_origin(s, sc->wait_ms.value > 0 ? &sc->wait_ms : &sc->think_ms, origin,
                      sizeof origin);
        set_default(s, FIELD_THINK, pause, origin);
        return;
    }
    double rest = m->iteration_ms - m->requests_per_iteration * m->avg_ms;
    if (!isnan(rest)) {
        set_default(s, FIELD_THINK, rest > 0 ? rest : 0, "baseline: iteration less responses");
        return;
    }
    const char *why = !sc ? "" : isnan(sc->think_ms.value) ? sc->think_ms.why : sc->wait_ms.why;
    set_default(s, FIELD_THINK, NAN, why);
}

static void default_avg(struct session *s, const struct measured *m, enum model model) {
    if (!isnan(m->avg_ms))
        set_default(s, FIELD_AVG, m->avg_ms, "baseline");
    else if (!from_plan(s, FIELD_AVG, PLAN_AVG_RESPONSE_MS, model))
        set_default(s, FIELD_AVG, NAN, "needs a baseline result");
}

static void default_limit(struct session *s, enum field f, const char *check, enum model m) {
    const struct given limit =
        check_limit(&s->rules, s->ws.has_plan ? &s->ws.plan : NULL, m, check, NULL);
    char origin[FROM_MAX_BYTES + 8];
    const char *from = limit.from, *colon = strrchr(from, ':');
    bool ours = text_starts(from, "built-in ");
    if (ours) /* the line of our own document says nothing on the screen */
        from += strlen("built-in ");
    if (colon)
        snprintf(origin, sizeof origin, "%.*s%s%s", (int)(colon - from), from, ours ? "" : " line ",
                 ours ? "" : colon + 1);
    else
        text_copy(origin, sizeof origin, from);
    set_default(s, f, limit.value, origin);
}

/* "buy=2" is also right where buy is the only one. */
static bool parse_typed(struct session *s, enum field f, enum model m, double *value) {
    struct field_state *st = &s->form.field[f];
    const struct scenario *carrier[SCENARIOS_MAX];
    if (field_def(f)->each && strchr(st->typed, '=') && session_carriers(s, carrier) == 1)
        return field_parse_each(f, m, carrier, 1, st->typed, value, st->error, sizeof st->error);
    return field_parse(f, m, st->typed, value, st->error, sizeof st->error);
}

/* What the user typed, or the default, is the field's value. */
static void settle(struct session *s, enum field f, enum model m) {
    struct field_state *st = &s->form.field[f];
    st->error[0] = '\0';
    st->value = st->fallback;
    if (st->typed[0]) {
        double v;
        if (field_def(f)->kind != KIND_CHOICE) /* a choice always has a value */
            st->value = NAN;
        if (parse_typed(s, f, m, &v))
            st->value = v;
        char was[FIELD_TEXT_MAX];
        field_show(f, st->fallback, was, sizeof was);
        snprintf(st->origin, sizeof st->origin, was[0] ? "you, was %s" : "you", was);
        text_copy(st->shown, sizeof st->shown, st->typed);
        if (!isnan(st->value))
            field_show(f, st->value, st->shown, sizeof st->shown);
        return;
    }
    field_show(f, st->value, st->shown, sizeof st->shown);
}

static void settle_all(struct session *s, const enum field *f, size_t n, enum model m) {
    for (size_t i = 0; i < n; i++)
        settle(s, f[i], m);
}

static double stage_length(const struct profile *p, const char *name) {
    for (int i = 0; i < p->stages; i++)
        if (strcmp(p->stage[i].name, name) == 0)
            return p->stage[i].duration_s;
    return 0;
}

/* The shape that the rules would make of what is known so far. Figures that are missing do not
 * change it, so 1 stands for them. */
static bool shape_of(const struct session *s, struct load_input in, struct profile *p) {
    in.avg_ms = in.requests_per_iteration = 1;
    in.think_ms = 0;
    in.parts = 0;
    in.baseline.rps = NAN;
    if (isnan(in.target_rps))
        in.target_rps = 1;
    struct findings none = {0};
    bool ok = profile_make(&in, &s->rules, p, &none, NULL);
    findings_fini(&none);
    return ok;
}

/* What field f of the shape is, unless somebody sets it. */
/* "default: 50 % of expected", by the rules that count. */
static void default_of_rate(struct session *s, enum field f, double value, double share) {
    char origin[96];
    snprintf(origin, sizeof origin, "default: %g %% of expected", 100 * share);
    set_default(s, f, value, origin);
}

static void default_ramp_down(struct session *s, const struct profile *p) {
    const struct tool *tool = session_tool(s);
    char origin[48];
    if (!tool || !tool->no_ramp_down) {
        set_default(s, FIELD_RAMP_DOWN, stage_length(p, "ramp down"), "default");
        return;
    }
    snprintf(origin, sizeof origin, "%s stops at once", tool->title);
    set_default(s, FIELD_RAMP_DOWN, 0, origin);
}

static void default_ramp(struct session *s, const struct profile *p, const char *formula,
                         bool steps) {
    char origin[EXPR_MAX_BYTES + 16] = "default";
    if (strcmp(formula, "hold/6") == 0)
        text_copy(origin, sizeof origin, "default: a sixth of the hold");
    else if (!steps && strspn(formula, "0123456789.") < strlen(formula))
        snprintf(origin, sizeof origin, "default: %s", formula);
    set_default(s, FIELD_RAMP_UP, stage_length(p, steps ? "step 1 ramp" : "ramp"), origin);
}

static void default_of_shape(struct session *s, enum field f, const struct profile *p,
                             enum model m) {
    bool steps = m == MODEL_STRESS;
    const struct shape_rules *shape = &s->rules.shape[m];
    double first_rps;
    int count = profile_steps(p, &first_rps);
    switch (f) {
    case FIELD_START:
        default_of_rate(s, f, first_rps, shape->first_step);
        break;
    case FIELD_MAX:
        default_of_rate(s, f, profile_top_rps(p), shape->last_step);
        break;
    case FIELD_STEPS:
        set_default(s, f, count, "default");
        break;
    case FIELD_HOLD:
        if (s->form.field[f].origin[0] == '\0') /* else the plan has set it */
            set_default(s, f, stage_length(p, steps ? "step 1" : "hold"),
                        steps ? "default: 1,000 requests a step" : "default");
        break;
    case FIELD_RAMP_UP:
        default_ramp(s, p, shape->ramp, steps);
        break;
    default:
        default_ramp_down(s, p);
        break;
    }
}

static double *shape_member(struct load_input *in, enum field f, double *scale) {
    *scale = f == FIELD_HOLD || f == FIELD_RAMP_UP || f == FIELD_RAMP_DOWN ? 1000 : 1;
    switch (f) {
    case FIELD_START:
        return &in->start_rps;
    case FIELD_MAX:
        return &in->max_rps;
    case FIELD_STEPS:
        return &in->steps;
    case FIELD_HOLD:
        return &in->hold_ms;
    case FIELD_RAMP_UP:
        return &in->ramp_ms;
    default:
        return &in->ramp_down_ms;
    }
}

/* In an order in which each default depends only on fields before it. A field that nobody set stays
 * unset in the input: the rules make it. */
static void fill_shape(struct session *s, struct load_input *in, enum model m) {
    static const enum field order[] = {FIELD_START, FIELD_MAX,     FIELD_STEPS,
                                       FIELD_HOLD,  FIELD_RAMP_UP, FIELD_RAMP_DOWN};
    for (size_t i = 0; i < sizeof order / sizeof *order; i++) {
        enum field f = order[i];
        struct profile p;
        if (!field_def(f)->model[m])
            continue;
        if (shape_of(s, *in, &p))
            default_of_shape(s, f, &p, m);
        settle(s, f, m);
        double scale, *member = shape_member(in, f, &scale);
        if (s->form.field[f].typed[0])
            *member = s->form.field[f].value * scale;
    }
}

static bool is_typed(const struct session *s, enum field f) {
    return s->form.field[f].typed[0] && !s->form.field[f].error[0];
}

static void clear_origins(struct session *s) {
    for (int f = 0; f < FIELDS; f++) {
        s->form.field[f].origin[0] = s->form.field[f].error[0] = '\0';
        s->form.field[f].fallback = NAN;
    }
}

static void fill_input(const struct session *s, enum model m, const struct measured *base,
                       struct load_input *in) {
    const struct field_state *f = s->form.field;
    double machines = f[FIELD_GENERATORS].value;
    *in = (struct load_input){
        .model = m,
        .arrivals = session_method(s),
        .target_rps = f[FIELD_TARGET].value,
        .avg_ms = f[FIELD_AVG].value,
        .think_ms = f[FIELD_THINK].value,
        .requests_per_iteration = f[FIELD_REQUESTS].value,
        .hold_ms = NAN,
        .ramp_ms = NAN,
        .ramp_down_ms = NAN,
        .steps = NAN,
        .start_rps = NAN,
        .max_rps = NAN,
        .p95_limit_ms = f[FIELD_P95].value,
        .error_limit = f[FIELD_ERRORS].value,
        .baseline = *base,
        .figures_given =
            is_typed(s, FIELD_AVG) || is_typed(s, FIELD_THINK) || is_typed(s, FIELD_REQUESTS),
        .generators = isnan(machines) ? 1 : (int)machines,
    };
    fill_parts(s, in);
}

void form_fill(struct session *s, struct load_input *in) {
    static const enum field first[] = {FIELD_TARGET, FIELD_AVG},
                            figures[] = {FIELD_THINK, FIELD_REQUESTS},
                            last[] = {FIELD_P95, FIELD_ERRORS, FIELD_GENERATORS};
    const struct scenario *carrier[SCENARIOS_MAX];
    bool several = session_carriers(s, carrier) > 1;
    clear_origins(s);
    default_choices(s);
    settle(s, FIELD_MODEL, MODEL_LOAD);
    settle(s, FIELD_METHOD, MODEL_LOAD);
    check_method(s);
    enum model m = session_model(s);
    struct measured base = baseline_measured(s);
    default_target(s, m);
    default_avg(s, &base, m);
    default_limit(s, FIELD_P95, "p95", m);
    default_limit(s, FIELD_ERRORS, "error_rate", m);
    set_default(s, FIELD_GENERATORS, 1, "default");
    settle_all(s, first, COUNT(first), m);
    settle_all(s, last, COUNT(last), m);
    if (several) {
        form_fill_each(s, m);
    } else {
        default_think(s, &base);
        default_requests(s, &base);
        settle_all(s, figures, COUNT(figures), m);
        s->form.field[FIELD_SHARES].value = 1;
    }
    bool plan_hold = m != MODEL_STRESS && from_plan(s, FIELD_HOLD, PLAN_DURATION_S, m);
    fill_input(s, m, &base, in);
    if (plan_hold)
        in->hold_ms = s->form.field[FIELD_HOLD].fallback * 1000;
    fill_shape(s, in, m);
}

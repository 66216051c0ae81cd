/* Several scenarios in one script: what of the form each of them has for itself. */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "base/text.h"
#include "session/parts.h"

size_t session_carriers(const struct session *s, const struct scenario *out[SCENARIOS_MAX]) {
    return s->base.facts_known ? facts_carriers(&s->base.facts, out) : 0;
}

bool session_has_field(const struct session *s, enum field f) {
    const struct scenario *carrier[SCENARIOS_MAX];
    if (f == FIELD_SHARES && session_carriers(s, carrier) < 2)
        return false;
    return field_def(f)->model[session_model(s)];
}

bool session_choice(const struct session *s, enum field f, int index) {
    const struct tool *tool = session_tool(s);
    if (f != FIELD_METHOD)
        return true;
    if (!tool || tool->arrivals_n == 0)
        return index != ARRIVALS_PACED;
    for (size_t i = 0; i < tool->arrivals_n; i++)
        if ((int)tool->arrivals[i] == index)
            return true;
    return false;
}

/* --- defaults --- */

struct carriers {
    const struct scenario *item[SCENARIOS_MAX];
    size_t n;
};

static bool all_known(const double *each, size_t n) {
    for (size_t i = 0; i < n; i++)
        if (isnan(each[i]))
            return false;
    return true;
}

/* Typed numbers over the defaults in form.each. */
static void settle_each(struct session *s, enum field f, enum model m, const struct carriers *c) {
    struct field_state *st = &s->form.field[f];
    double *each = s->form.each[f];
    char was[FIELD_TEXT_MAX];
    field_show_each(f, c->item, c->n, each, was, sizeof was);
    bool ok = true;
    if (st->typed[0]) {
        double typed[SCENARIOS_MAX];
        memcpy(typed, each, sizeof typed);
        ok = field_parse_each(f, m, c->item, c->n, st->typed, typed, st->error, sizeof st->error);
        for (size_t i = 0; i < c->n; i++)
            each[i] = ok ? typed[i] : NAN;
        snprintf(st->origin, sizeof st->origin, was[0] ? "you, was %.60s" : "you", was);
    }
    st->value = ok && all_known(each, c->n) ? each[0] : NAN;
    if (ok)
        field_show_each(f, c->item, c->n, each, st->shown, sizeof st->shown);
    else
        text_copy(st->shown, sizeof st->shown, st->typed);
}

static const struct known *first_unknown(const struct known *a, const struct known *b) {
    return isnan(a->value) ? a : isnan(b->value) ? b : NULL;
}

/* The script's name, or what stands in the way in the first scenario whose number is not known. */
static void origin_of(struct session *s, enum field f, const struct scenario *unknown,
                      const struct known *k) {
    char origin[sizeof s->form.field[f].origin];
    if (unknown)
        snprintf(origin, sizeof origin, "%.40s: %.50s", unknown->name, k->why);
    else
        snprintf(origin, sizeof origin, "%.90s", baseline_name(s));
    set_default(s, f, NAN, origin);
}

static void default_figures(struct session *s, const struct carriers *c) {
    double *think = s->form.each[FIELD_THINK], *requests = s->form.each[FIELD_REQUESTS];
    const struct known *no_think = NULL, *no_requests = NULL;
    size_t think_at = 0, requests_at = 0;
    for (size_t i = c->n; i-- > 0;) {
        const struct scenario *sc = c->item[i];
        const struct known *k = &sc->requests_per_iteration;
        const struct known *pause = first_unknown(&sc->think_ms, &sc->wait_ms);
        think[i] = sc->think_ms.value + scenario_wait_ms(sc, s->form.field[FIELD_AVG].value);
        requests[i] = k->value;
        if (pause) {
            no_think = pause;
            think_at = i;
        }
        if (isnan(k->value)) {
            no_requests = k;
            requests_at = i;
        }
    }
    origin_of(s, FIELD_THINK, no_think ? c->item[think_at] : NULL, no_think);
    origin_of(s, FIELD_REQUESTS, no_requests ? c->item[requests_at] : NULL, no_requests);
}

/* The script's proportions, with what the user has set in place of what its text says. */
static void default_shares(struct session *s, const struct carriers *c) {
    static const char *const origin[] = {[DRIVE_VUS] = "script: VUs / iteration time",
                                         [DRIVE_RATE] = "script: iterations/s",
                                         [DRIVE_ITERATIONS] = "script: iterations"};
    struct facts f = s->base.facts;
    double *share = s->form.each[FIELD_SHARES];
    char why[sizeof s->form.field[0].origin];
    for (size_t i = 0; i < c->n; i++) {
        struct scenario *sc = &f.scenario[c->item[i] - s->base.facts.scenario];
        sc->requests_per_iteration.value = s->form.each[FIELD_REQUESTS][i];
        sc->think_ms.value = s->form.each[FIELD_THINK][i];
        sc->wait_ms.value = sc->period_ms = 0; /* it is in the pause of the form */
        share[i] = NAN;
    }
    double avg_ms = s->form.field[FIELD_AVG].value;
    if (isnan(avg_ms) && c->item[0]->drive == DRIVE_VUS) {
        set_default(s, FIELD_SHARES, NAN, "needs the average response");
    } else if (facts_shares(&f, avg_ms, share, why, sizeof why)) {
        set_default(s, FIELD_SHARES, NAN, origin[c->item[0]->drive]);
    } else {
        set_default(s, FIELD_SHARES, NAN, why);
        for (size_t i = 0; i < c->n; i++)
            share[i] = NAN;
    }
}

/* Typed numbers stand in a proportion; the form holds shares. */
static void normalise(struct session *s, const struct carriers *c) {
    double *share = s->form.each[FIELD_SHARES], sum = 0;
    for (size_t i = 0; i < c->n; i++)
        sum += share[i];
    for (size_t i = 0; i < c->n; i++)
        share[i] /= sum;
    field_show_each(FIELD_SHARES, c->item, c->n, share, s->form.field[FIELD_SHARES].shown,
                    FIELD_TEXT_MAX);
}

void form_fill_each(struct session *s, enum model m) {
    struct carriers c;
    c.n = session_carriers(s, c.item);
    default_figures(s, &c);
    settle_each(s, FIELD_THINK, m, &c);
    settle_each(s, FIELD_REQUESTS, m, &c);
    default_shares(s, &c);
    settle_each(s, FIELD_SHARES, m, &c);
    if (!isnan(s->form.field[FIELD_SHARES].value))
        normalise(s, &c);
}

/* --- the input --- */

/* What a pause consists of: the wait between iterations as far as the text has one. */
static void split_pause(const struct scenario *sc, double avg_ms, double pause_ms,
                        struct part_input *to) {
    double wait_ms = scenario_wait_ms(sc, avg_ms);
    to->wait_ms = isnan(wait_ms) ? 0 : fmin(wait_ms, pause_ms);
    to->think_ms = pause_ms - to->wait_ms;
}

void fill_parts(const struct session *s, struct load_input *in) {
    const struct scenario *carrier[SCENARIOS_MAX];
    const struct form *f = &s->form;
    in->parts = session_carriers(s, carrier);
    for (size_t i = 0; i < in->parts; i++) {
        struct part_input *to = &in->part[i];
        bool several = in->parts > 1;
        text_copy(to->name, sizeof to->name, carrier[i]->name);
        to->share = several ? f->each[FIELD_SHARES][i] : 1;
        to->requests_per_iteration = several ? f->each[FIELD_REQUESTS][i] : NAN;
        split_pause(carrier[i], in->avg_ms,
                    several ? f->each[FIELD_THINK][i] : f->field[FIELD_THINK].value, to);
    }
}

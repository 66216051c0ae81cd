/* What a stress test found step by step, and a soak test in its trends. */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "base/text.h"
#include "base/unit.h"
#include "report/document.h"

#define COUNT(a) (sizeof(a) / sizeof *(a))

/* --- stress ---------------------------------------------------------------------------------- */

static enum doc_sign step_sign(enum stress_state s) {
    static const enum doc_sign of[] = {[STEP_KEPT] = SIGN_OK,
                                       [STEP_OVER] = SIGN_BROKEN,
                                       [STEP_DISTURBED] = SIGN_NEAR,
                                       [STEP_NOT_JUDGED] = SIGN_INVALID};
    return of[s];
}

/* The limits that it breaks, or why it says nothing about the server. */
static char *step_reasons(const struct stress_judged *s, char *out, size_t size) {
    static const char *const words[STRESS_REASONS] = {
        [STRESS_P95] = "p95",
        [STRESS_P99] = "p99",
        [STRESS_ERRORS] = "errors",
        [STRESS_RATE] = "rate",
        [STRESS_VU_CAP] = "too few VUs",
        [STRESS_GENERATOR_CPU] = "CPU of the load machine full",
        [STRESS_GENERATOR_TIME] = "time that nobody measured",
        [STRESS_NO_DATA] = "no request ended"};
    struct text_out o = {out, size, 0};
    out[0] = '\0';
    for (int r = STRESS_NONE + 1; r < STRESS_REASONS; r++) {
        if (!s->failed[r] && s->generator != (enum stress_reason)r)
            continue;
        if (o.len)
            text_put(&o, ", ", 2);
        text_put(&o, words[r], strlen(words[r]));
    }
    if (out[0] == '\0')
        text_copy(out, size, doc_none);
    return out;
}

static void tell_step(struct writing *d, size_t i) {
    const struct stress_found *f = &d->judged->stress;
    const struct stress_judged *s = &f->step[i];
    double rps = stress_step_rps(&s->is), errors = stress_step_errors(&s->is);
    enum stress_state state = stress_step_state(f, i);
    char text[160];
    doc_row(d);
    snprintf(text, sizeof text, "%d", s->is.number);
    doc_figure(d, text, s->is.number, "stress.steps[%zu].step", i);
    doc_figure(d, doc_load(s->is.load, text, sizeof text), s->is.load, "stress.steps[%zu].load", i);
    doc_figure(d, unit_show(rps, rps >= 1000 ? 0 : 1, text, sizeof text), rps,
               "stress.steps[%zu].achieved_rps", i);
    doc_text(d, f->open ? doc_percent(rps / s->is.load, text, sizeof text) : doc_none);
    doc_figure(d, unit_show_ms(s->is.p95_ms, text, sizeof text), s->is.p95_ms,
               "stress.steps[%zu].p95_ms", i);
    doc_figure(d, unit_show_share(errors, text, sizeof text), errors,
               "stress.steps[%zu].error_rate", i);
    doc_figure(d, unit_show(s->is.vus, 0, text, sizeof text), s->is.vus, "stress.steps[%zu].vus",
               i);
    doc_state(d, step_sign(state), stress_state_word(state));
    doc_text(d, step_reasons(s, text, sizeof text));
    doc_row_end(d);
}

static void tell_load_figure(struct writing *d, const char *name, double load, const char *at) {
    char text[64], number[48];
    if (isnan(load))
        return;
    snprintf(text, sizeof text, "%s %s", doc_load(load, number, sizeof number),
             d->judged->stress.open ? "RPS" : "VUs");
    doc_fact_figure(d, name, text, load, "%s", at);
}

static void tell_break(struct writing *d) {
    static const char *const kinds[] = {[SATURATION_NOT_REACHED] = "and was still rising",
                                        [SATURATION_PLATEAU] = "a plateau",
                                        [SATURATION_COLLAPSE] = "at least, then it fell"};
    const struct stress_found *f = &d->judged->stress;
    char text[96], number[48];
    d->form->facts(d, FACTS_FIGURES);
    tell_load_figure(d, "Breaks at about", f->break_load, "stress.break_load.value");
    tell_load_figure(d, "Low end", f->low, "stress.break_load.low");
    tell_load_figure(d, "High end", f->high, "stress.break_load.high");
    tell_load_figure(d, "Holds at least", f->at_least, "stress.at_least");
    tell_load_figure(d, "Breaks below", f->at_most, "stress.at_most");
    snprintf(text, sizeof text, "%s RPS%s%s", doc_rate(f->saturation_rps, number, sizeof number),
             ", ", kinds[f->saturation]);
    doc_fact_figure(d, "Most throughput", isnan(f->saturation_rps) ? "no data" : text,
                    f->saturation_rps, "stress.saturation_rps.value");
    if (f->usl.accepted && isfinite(f->usl.n_max)) {
        snprintf(text, sizeof text, "%s VUs (fit)",
                 unit_show(f->usl.n_max, 0, number, sizeof number));
        doc_fact_figure(d, "Throughput peaks near", text, f->usl.n_max, "stress.usl.n_max");
    }
    d->form->facts(d, FACTS_END);
}

void tell_steps(struct writing *d) {
    static const struct doc_column open[] = {
        {"Step", true},      {"RPS", true},      {"Reached", true},
        {"Of target", true}, {"p95", true},      {"Errors", true},
        {"Busy VUs", true},  {"Verdict", false}, {"Breaks", false}};
    static const struct doc_column closed[] = {
        {"Step", true},      {"VUs", true},      {"RPS there", true},
        {"Of target", true}, {"p95", true},      {"Errors", true},
        {"Busy VUs", true},  {"Verdict", false}, {"Breaks", false}};
    if (!d->judged->has_stress)
        return;
    d->form->section(d, "Steps", true);
    tell_break(d);
    doc_table(d, d->judged->stress.open ? open : closed, COUNT(open));
    for (size_t i = 0; i < d->judged->stress.steps; i++)
        tell_step(d, i);
    doc_table_end(d);
    d->form->section_end(d);
}

/* --- soak ------------------------------------------------------------------------------------ */

/* scale: from a trend's own unit to the one that is shown. */
static const struct kind {
    const char *name, *unit, *at;
    double scale;
    int decimals;
} kinds[] = {{"Server memory", "MB", "memory", 1, 0},
             {"p95", "ms", "latency", 1, 0},
             {"Errors", "%", "errors", 100, 2},
             {"Rate", "RPS", "throughput", 1, 1}};

static const struct trend *trend_of(const struct writing *d, size_t kind) {
    const struct soak_found *f = &d->judged->soak;
    const struct trend *const trends[] = {&f->memory, &f->latency, &f->errors, &f->throughput};
    return trends[kind];
}

static enum doc_sign answer_sign(enum soak_answer a) {
    static const enum doc_sign of[] = {[SOAK_NOT_MEASURED] = SIGN_NODATA,
                                       [SOAK_NONE_FOUND] = SIGN_OK,
                                       [SOAK_CANNOT_TELL] = SIGN_NODATA,
                                       [SOAK_DRIFT] = SIGN_BROKEN,
                                       [SOAK_RESTART] = SIGN_BROKEN};
    return of[a];
}

/* Digits that tell a value of this size. */
static int decimals_of(double value) {
    double size = fabs(value);
    return size >= 99.5 ? 0 : size >= 9.95 ? 1 : 2;
}

static char *show_value(const struct kind *k, double value, double like, char *out, size_t size) {
    char number[48];
    int decimals = decimals_of(like * k->scale);
    unit_show(value * k->scale, decimals > k->decimals ? decimals : k->decimals, number,
              sizeof number);
    snprintf(out, size, "%s%s%s", number, isnan(value) ? "" : " ", isnan(value) ? "" : k->unit);
    return out;
}

static char *show_slope(const struct kind *k, double slope, char *out, size_t size) {
    char number[48];
    double shown = slope * k->scale;
    unit_show_short(shown, decimals_of(shown), number, sizeof number);
    if (isnan(slope))
        text_copy(out, size, number);
    else
        snprintf(out, size, "%s%s %s", slope > 0 && strcmp(number, "0") != 0 ? "+" : "", number,
                 k->unit);
    return out;
}

static char *answer_words(const struct kind *k, const struct trend *t, char *out, size_t size) {
    static const char *const words[] = {[SOAK_NOT_MEASURED] = "not measured",
                                        [SOAK_NONE_FOUND] = "none found",
                                        [SOAK_CANNOT_TELL] = "cannot tell",
                                        [SOAK_DRIFT] = "drift found",
                                        [SOAK_RESTART] = "restarted"};
    double shown = fabs(t->none_above * k->scale);
    int decimals = shown >= 9.95 ? 0 : shown >= 0.95 ? 1 : shown >= 0.095 ? 2 : 3;
    char number[48];
    if (t->answer == SOAK_NONE_FOUND && !isnan(t->none_above))
        snprintf(out, size, "none above %s %s/h",
                 unit_show_short(shown, decimals, number, sizeof number), k->unit);
    else
        text_copy(out, size, words[t->answer]);
    return out;
}

/* 95 % interval of the slope. */
static void tell_range(struct writing *d, const struct kind *k, const struct trend *t) {
    char low[64], high[64], text[160];
    double scaled = t->slope * k->scale;
    if (isnan(t->low) || isnan(t->high)) {
        doc_text(d, doc_none);
        return;
    }
    double least = fmin(t->low, t->high), most = fmax(t->low, t->high);
    snprintf(text, sizeof text, "%s to %s %s",
             unit_show(least * k->scale, decimals_of(scaled), low, sizeof low),
             unit_show(most * k->scale, decimals_of(scaled), high, sizeof high), k->unit);
    doc_text(d, text);
}

static void tell_trend(struct writing *d, size_t kind) {
    const struct kind *k = &kinds[kind];
    const struct trend *t = trend_of(d, kind);
    double most = fmax(fabs(t->first), fabs(t->last));
    bool measured = t->answer != SOAK_NOT_MEASURED;
    char text[96];
    doc_row(d);
    doc_text(d, k->name);
    if (measured) {
        doc_figure(d, show_value(k, t->first, most, text, sizeof text), t->first, "soak.%s.first",
                   k->at);
        doc_figure(d, show_value(k, t->last, most, text, sizeof text), t->last, "soak.%s.last",
                   k->at);
        doc_figure(d, show_slope(k, t->slope, text, sizeof text), t->slope,
                   "soak.%s.slope_per_hour", k->at);
        tell_range(d, k, t);
    } else {
        doc_text(d, "no data");
        doc_text(d, "no data");
        doc_text(d, "no data");
        doc_text(d, doc_none);
    }
    doc_state(d, answer_sign(t->answer), answer_words(k, t, text, sizeof text));
    doc_text(d, t->why[0] ? t->why : doc_none);
    doc_row_end(d);
}

static void tell_memory(struct writing *d) {
    const struct soak_found *f = &d->judged->soak;
    char text[320], at[48];
    if (f->memory.answer == SOAK_NOT_MEASURED)
        d->form->item(d, SIGN_NODATA, "Memory",
                      "Not measured, which does not mean that none leaks.");
    if (f->memory_of[0]) {
        snprintf(text, sizeof text, "%.255s, %zu samples after the warm-up", f->memory_of,
                 f->memory.samples);
        d->form->item(d, SIGN_PLAIN, "Memory of", text);
    }
    if (soak_limit_words(f, text, sizeof text))
        d->form->item(d, SIGN_PLAIN, "Memory limit", text);
    if (f->memory.answer == SOAK_DRIFT)
        d->form->item(d, SIGN_PLAIN, "",
                      "A leak, a growing cache and a growing queue look alike here; a heap dump "
                      "decides.");
    for (size_t i = 0; i < f->restarts && i < SOAK_RESTARTS_MAX; i++)
        d->form->item(d, SIGN_BROKEN, doc_at(d->of, f->restart_s[i], false, at, sizeof at),
                      "Memory fell and requests suffered: a restart.");
    if (f->load_drifted)
        d->form->item(d, SIGN_NEAR, "Load",
                      "The rate moved by more than 5 % over the run: memory may follow it.");
}

void tell_trends(struct writing *d) {
    static const struct doc_column columns[] = {
        {"Trend", false},        {"First", true},    {"Last", true}, {"Per hour", true},
        {"95 % interval", true}, {"Verdict", false}, {"Why", false}};
    if (!d->judged->has_soak)
        return;
    d->form->section(d, "Trends", true);
    doc_table(d, columns, COUNT(columns));
    for (size_t i = 0; i < COUNT(kinds); i++)
        tell_trend(d, i);
    doc_table_end(d);
    d->form->list(d, true);
    tell_memory(d);
    d->form->list(d, false);
    d->form->section_end(d);
}

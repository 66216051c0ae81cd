/* What a stress test found, in words. */
#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "base/text.h"
#include "base/unit.h"
#include "ui/screen/panel/results_stress.h"

enum { AT_TEXT = 4 };

static const struct stress_found *found(const struct session *s) {
    return &session_result(s)->judgement.stress;
}

/* --- figures --------------------------------------------------------------------------------- */

const char *stress_unit(const struct stress_found *f) { return f->open ? "RPS" : "VUs"; }

char *stress_load(double load, char *out, size_t size) {
    return load < 100 ? unit_show_short(load, 1, out, size) : unit_show(load, 0, out, size);
}

char *stress_share(double share, char *out, size_t size) {
    if (isnan(share))
        text_copy(out, size, "no data");
    else
        snprintf(out, size, "%.0f %%", 100 * share);
    return out;
}

/* --- what it comes to ------------------------------------------------------------------------ */

static const struct stress_judged *step_at(const struct stress_found *f, int index) {
    return index >= 0 && (size_t)index < f->steps ? &f->step[index] : NULL;
}

void stress_state(const struct session *s, char *out, size_t size) {
    const struct stress_found *f = found(s);
    const struct stress_judged *fail = step_at(f, f->first_fail);
    const struct stress_judged *generator = step_at(f, f->generator_step);
    if (f->verdict == STRESS_GENERATOR_LIMITED && generator)
        snprintf(out, size, "invalid from step %d", generator->is.number);
    else if (fail)
        snprintf(out, size, "over limit from step %d", fail->is.number);
    else if (f->verdict == STRESS_NOT_REACHED)
        text_copy(out, size, "limit not found");
    else
        text_copy(out, size, "cannot tell");
}

static void add_text(char *out, size_t size, const char *fmt, ...)
    __attribute__((format(printf, 3, 4)));
static void add_text(char *out, size_t size, const char *fmt, ...) {
    size_t n = strlen(out);
    va_list ap;
    va_start(ap, fmt);
    vsnprintf(out + n, size - n, fmt, ap);
    va_end(ap);
}

/* "; saturates at 412 RPS." Beyond a collapse the steps jump over the peak: at least. */
static void add_saturation(const struct stress_found *f, const char *before, char *out,
                           size_t size) {
    static const char *const words[] = {
        [SATURATION_NOT_REACHED] = "throughput reached %s RPS and was still rising",
        [SATURATION_PLATEAU] = "saturates at %s RPS",
        [SATURATION_COLLAPSE] = "throughput reached at least %s RPS, then fell"};
    char rps[32];
    if (isnan(f->saturation_rps) ||
        (f->saturation == SATURATION_NOT_REACHED && f->verdict != STRESS_NOT_REACHED))
        return;
    show_rate(f->saturation_rps, rps, sizeof rps);
    const char *hole = strstr(words[f->saturation], "%s");
    add_text(out, size, "%s%.*s%s%s", before, (int)(hole - words[f->saturation]),
             words[f->saturation], rps, hole + 2);
}

/* Above the last healthy step a front end refuses: that is no measure of what the server can do. */
static bool is_refused(const struct judgement *j) {
    for (size_t i = 0; i < j->causes; i++)
        if (strcmp(j->cause[i].id, "D10") == 0)
            return true;
    return false;
}

static void say_refused(const struct stress_found *f, char *out, size_t size) {
    const struct stress_judged *pass = step_at(f, f->last_pass);
    char load[32];
    if (pass)
        add_text(out, size, "Last healthy step: %d (%s %s). ", pass->is.number,
                 stress_load(pass->is.load, load, sizeof load), stress_unit(f));
    add_text(out, size, "Above it requests are refused: not a breaking point.");
}

static void say_broke(const struct stress_found *f, char *out, size_t size) {
    const struct stress_judged *pass = step_at(f, f->last_pass);
    const char *unit = stress_unit(f);
    char load[32], low[32], high[32];
    if (pass)
        add_text(out, size, "Last healthy step: %d (%s %s). ", pass->is.number,
                 stress_load(pass->is.load, load, sizeof load), unit);
    add_text(out, size, "Breaks at about %s %s (%s to %s)",
             stress_load(f->break_load, load, sizeof load), unit,
             stress_load(f->low, low, sizeof low), stress_load(f->high, high, sizeof high));
    if (!f->open && !isnan(f->break_rps))
        add_text(out, size, ", %s RPS there", show_rate(f->break_rps, load, sizeof load));
    add_saturation(f, "; ", out, size);
    add_text(out, size, ".");
    if (!f->confirmed)
        add_text(out, size, " Only one step is over the limit: repeat in smaller steps.");
}

static void say_not_reached(const struct stress_found *f, char *out, size_t size) {
    const struct stress_judged *pass = step_at(f, f->last_pass);
    char load[32];
    add_text(out, size, "Limit not found.");
    if (pass)
        add_text(out, size, " Step %d (%s %s) kept all limits", pass->is.number,
                 stress_load(pass->is.load, load, sizeof load), stress_unit(f));
    add_saturation(f, pass ? "; " : " ", out, size);
    add_text(out, size, ".");
}

static void say_below(const struct stress_found *f, char *out, size_t size) {
    const struct stress_judged *fail = step_at(f, f->first_fail);
    char load[32];
    add_text(out, size, "Already the first step");
    if (fail)
        add_text(out, size, " (%s %s)", stress_load(fail->is.load, load, sizeof load),
                 stress_unit(f));
    add_text(out, size, " breaks a limit: start lower.");
}

static void say_generator(const struct stress_found *f, char *out, size_t size) {
    static const char *const why[STRESS_REASONS] = {
        [STRESS_VU_CAP] = "there were too few VUs for the rate",
        [STRESS_GENERATOR_CPU] = "the CPU of the load machine was full",
        [STRESS_GENERATOR_TIME] = "users spent time that nobody measured"};
    const struct stress_judged *g = step_at(f, f->generator_step);
    char load[32];
    if (g)
        add_text(out, size, "From step %d on %s.", g->is.number,
                 why[g->generator] ? why[g->generator] : "the load generator was the limit");
    if (!isnan(f->at_least))
        add_text(out, size, " The server kept its limits up to %s %s.",
                 stress_load(f->at_least, load, sizeof load), stress_unit(f));
}

static void say_too_few(const struct stress_found *f, char *out, size_t size) {
    size_t judged = 0;
    for (size_t i = 0; i < f->steps; i++)
        judged += f->step[i].judged;
    add_text(out, size, "Cannot tell: %zu step%s can be judged; 3 are needed.", judged,
             judged == 1 ? "" : "s");
}

static void say_inconclusive(const struct stress_found *f, char *out, size_t size) {
    (void)f;
    add_text(out, size, "Cannot tell: the load does not rise from step to step.");
}

static void say_found(const struct judgement *j, char *out, size_t size) {
    const struct stress_found *f = &j->stress;
    static void (*const say[])(const struct stress_found *f, char *out, size_t size) = {
        [STRESS_BROKE] = say_broke,           [STRESS_NOT_REACHED] = say_not_reached,
        [STRESS_BROKE_BELOW] = say_below,     [STRESS_GENERATOR_LIMITED] = say_generator,
        [STRESS_TOO_FEW_STEPS] = say_too_few, [STRESS_INCONCLUSIVE] = say_inconclusive};
    out[0] = '\0';
    if (f->verdict == STRESS_BROKE && is_refused(j))
        say_refused(f, out, size);
    else
        say[f->verdict](f, out, size);
    char vus[32];
    if (f->usl.accepted && !isnan(f->usl.n_max))
        add_text(out, size, " Throughput peaks near %s VUs (fit).",
                 unit_show(f->usl.n_max, 0, vus, sizeof vus));
}

void stress_sentence_build(struct sheet *sh) {
    char text[512];
    say_found(&session_result(sh->s)->judgement, text, sizeof text);
    sheet_say(sh, LINE_KEEP, AT_TEXT, LOOK_TEXT, text);
}

bool stress_breaks(const struct stress_judged *s, char *out, size_t size) {
    static const char *const counts[] = {"no limit", "one limit", "two limits", "three limits",
                                         "four limits"};
    char part[4][64], number[32];
    size_t n = 0;
    if (s->failed[STRESS_RATE])
        snprintf(part[n++], sizeof part[0], "rate %s of target",
                 stress_share(stress_step_rps(&s->is) / s->is.load, number, sizeof number));
    if (s->failed[STRESS_P95])
        snprintf(part[n++], sizeof part[0], "p95 %s",
                 unit_show_ms(s->is.p95_ms, number, sizeof number));
    if (s->failed[STRESS_P99])
        snprintf(part[n++], sizeof part[0], "p99 %s",
                 unit_show_ms(s->is.p99_ms, number, sizeof number));
    if (s->failed[STRESS_ERRORS])
        snprintf(part[n++], sizeof part[0], "errors %s",
                 unit_show_share(stress_step_errors(&s->is), number, sizeof number));
    out[0] = '\0';
    if (s->failed[STRESS_NO_DATA])
        snprintf(out, size, "No request ended in step %d.", s->is.number);
    if (n == 0)
        return out[0] != '\0';
    add_text(out, size, "%sStep %d breaks %s: ", out[0] ? " " : "", s->is.number, counts[n]);
    for (size_t i = 0; i < n; i++)
        add_text(out, size, "%s%s", part[i], i + 1 < n ? ", " : ".");
    return true;
}

void stress_why_build(struct sheet *sh, int label_col, int col) {
    const struct stress_judged *fail = step_at(found(sh->s), found(sh->s)->first_fail);
    char text[320];
    if (!fail || !stress_breaks(fail, text, sizeof text))
        return;
    sheet_blank(sh);
    sheet_label(sh, LINE_ROW, label_col, "Why", col, text);
}

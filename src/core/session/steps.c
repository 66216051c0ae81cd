/* Which step may be opened, how it stands, and what the user does now. */
#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "base/text.h"
#include "base/unit.h"
#include "session/parts.h"
#include "session/together.h"

bool session_step_open(const struct session *s, enum step step) {
    switch (step) {
    case STEP_OVERVIEW:
    case STEP_PREREQUISITES:
        return true;
    case STEP_LOAD:
    case STEP_HOST:
        return session_ready(s);
    case STEP_SCRIPT:
        return session_ready(s) && s->confirmed;
    case STEP_RUN:
        return s->looks_only || (session_ready(s) && s->confirmed && s->script.written);
    case STEP_RESULTS:
        return session_record(s) || (s->result.there && (s->looks_only || s->confirmed));
    case STEP_REVIEW:
        return session_record(s) != NULL;
    case STEP_HISTORY:
        return !s->looks_only;
    case STEPS:
        break;
    }
    return false;
}

/* --- how a step stands --- */

static void say(struct row *r, enum mark mark, const char *what) {
    r->mark = mark;
    text_copy(r->what, sizeof r->what, what);
}

static void explain(struct row *r, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
static void explain(struct row *r, const char *fmt, ...) {
    va_list ap;
    va_start(ap, fmt);
    vsnprintf(r->why, sizeof r->why, fmt, ap);
    va_end(ap);
}

static void ready_row(const struct session *s, struct row *r) {
    char n[32];
    if (s->base.source == BASELINE_STATED) {
        say(r, MARK_NEAR, "baseline: stated");
        explain(r, "plan and baseline ready, baseline stated by %s", s->user);
    } else if (s->base.stability == STABLE_UNKNOWN) {
        say(r, MARK_NEAR, "errors not counted");
        explain(r, "plan and baseline ready, its result does not count failed requests");
    } else {
        say(r, baseline_older(s) ? MARK_NEAR : MARK_OK, "baseline: 0 errors");
        explain(r, "plan and baseline ready, 0 errors in %s",
                unit_show(summary_value(&s->base.result, METRIC_REQUESTS), 0, n, sizeof n));
    }
}

static void prerequisites_row(const struct session *s, struct row *r) {
    if (!s->ws.has_plan && s->ws.baselines == 0)
        say(r, MARK_BROKEN, "both files missing");
    else if (!s->ws.has_plan)
        say(r, MARK_BROKEN, s->ws.plan_error.kind ? "plan unreadable" : "plan missing");
    else if (s->ws.baselines == 0)
        say(r, MARK_BROKEN, "baseline missing");
    else if (s->rules_error.kind != ERR_NONE)
        say(r, MARK_BROKEN, "rules unreadable");
    else if (!session_prepared(s))
        say(r, MARK_BROKEN, "baseline: errors");
    else if (s->base.chosen < 0)
        say(r, MARK_NODATA, "choose a baseline");
    else if (s->base.source == BASELINE_UNKNOWN)
        say(r, MARK_NODATA, "no baseline result");
    else
        ready_row(s, r);
}

static bool form_touched(const struct form *form) {
    for (int f = 0; f < FIELDS; f++)
        if (form->field[f].typed[0])
            return true;
    return false;
}

static void load_row(const struct session *s, struct row *r) {
    const struct profile *p = &s->profile;
    char vus[32], rps[32], length[32], first[32];
    if (!s->confirmed || p->stages == 0) {
        bool touched = form_touched(&s->form);
        say(r, touched ? MARK_LIVE : MARK_NONE, touched ? "editing" : "not set");
        return;
    }
    unit_show(p->vus, 0, vus, sizeof vus);
    unit_show_short(p->target_rps, 2, rps, sizeof rps);
    unit_show_clock(p->duration_s, length, sizeof length);
    char what[NAME_MAX_BYTES];
    if (p->model == MODEL_STRESS)
        snprintf(what, sizeof what, "%s to %s RPS",
                 unit_show_short(s->form.field[FIELD_START].value, 2, first, sizeof first), rps);
    else
        snprintf(what, sizeof what, "%s VUs for %s RPS", vus, rps);
    say(r, MARK_OK, what);
    explain(r, "%s VUs for %s RPS, %s, confirmed by %s", vus, rps, length, s->confirmed_by);
}

static int count_use(const struct session *s, enum use_status status, bool required,
                     const struct host_check **first) {
    int n = 0;
    for (int i = 0; i < s->host_checks; i++) {
        const struct host_check *c = &s->host_check[i];
        if (c->status != status || (required && !c->required))
            continue;
        if (n++ == 0)
            *first = c;
    }
    return n;
}

static void host_row(const struct session *s, struct row *r) {
    static const struct {
        enum use_status status;
        bool required;
        enum mark mark;
        const char *word;
    } order[] = {{USE_OVER, true, MARK_BROKEN, "over limit"},
                 {USE_OVER, false, MARK_NEAR, "over limit"},
                 {USE_NEAR, false, MARK_NEAR, "near limit"},
                 {USE_NO_DATA, true, MARK_NODATA, "no data"},
                 {USE_NO_DATA, false, MARK_NODATA, "no data"}};
    if (s->host_checks == 0) {
        say(r, MARK_NONE, "not checked");
        return;
    }
    for (size_t i = 0; i < sizeof order / sizeof *order; i++) {
        const struct host_check *c = NULL;
        char what[64], needed[32], available[32];
        int n = count_use(s, order[i].status, order[i].required, &c);
        if (n == 0)
            continue;
        snprintf(what, sizeof what, "%d %s", n, order[i].word);
        say(r, order[i].mark, what);
        if (c->status == USE_NO_DATA)
            explain(r, "%s: %s is not known here", what, c->title);
        else
            explain(r, "%s: %s %s of %s", what, c->title,
                    sizing_show(c->needed, c->unit, needed, sizeof needed),
                    sizing_show(c->available, c->unit, available, sizeof available));
        return;
    }
    say(r, MARK_OK, "ok");
    explain(r, "%d checks, all ok", s->host_checks);
}

static void script_row(const struct session *s, struct row *r) {
    const struct script *sc = &s->script;
    char text[sizeof sc->error.text + sizeof sc->error.file + sizeof sc->error.fix];
    if (sc->written) {
        say(r, MARK_OK, sc->name);
        explain(r, "%.200s, -%ld +%ld lines", sc->name, sc->diff.deleted, sc->diff.added);
    } else if (sc->ready) {
        say(r, MARK_LIVE, "not written yet");
    } else if (sc->error.kind != ERR_NONE) {
        say(r, MARK_BROKEN, "stopped");
        explain(r, "%.310s", err_sentence(&sc->error, text, sizeof text));
    } else {
        say(r, MARK_NONE, "not written");
    }
}

/* "06:12": of one width up to an hour. */
static const char *clock_of(double s, char *out, size_t size) {
    char text[32];
    unit_show_clock(s, text, sizeof text);
    snprintf(out, size, "%s%s", strlen(text) < strlen("00:00") ? "0" : "", text);
    return out;
}

/* "06:12 of 12:30" */
static void say_elapsed(const struct watch_view *v, struct row *r) {
    char elapsed[32], length[32], what[80];
    bool planned = v->length_s > 0;
    snprintf(what, sizeof what, "%s%s%s", clock_of(v->elapsed_s, elapsed, sizeof elapsed),
             planned ? " of " : "", planned ? clock_of(v->length_s, length, sizeof length) : "");
    say(r, MARK_LIVE, what);
}

static void watch_row(const struct watch_view *v, struct row *r) {
    static const char *const words[] = {[WATCH_WAITING] = "waiting",
                                        [WATCH_LIVE] = "live",
                                        [WATCH_STALLED] = "no new data",
                                        [WATCH_LOST] = "source lost",
                                        [WATCH_ENDED] = "finished"};
    const char *before = v->replay ? "replay, " : v->state == WATCH_LIVE ? "live, " : "";
    say(r, mark_of_watch(v->state), words[v->state]);
    if (v->state == WATCH_LIVE && v->elapsed_s >= 0)
        say_elapsed(v, r);
    if (v->end_words[0])
        explain(r, "%s: %.150s", r->what, v->end_words);
    else
        explain(r, "%s%s", before, r->what);
}

static void run_row(const struct session *s, struct row *r) {
    const struct summary *run = &s->result.run;
    const struct watch_view *v = session_watch(s);
    char length[32], what[64];
    if (v && !s->intake.there && (v->state != WATCH_WAITING || !s->result.there)) {
        watch_row(v, r);
        return;
    }
    if (s->intake.there) {
        say(r, MARK_NODATA, s->intake.text ? "pasted" : "opened");
        explain(r, "%.200s: check before use", s->intake.from);
        return;
    }
    if (!s->result.there) {
        say(r, MARK_NONE, "waiting");
        return;
    }
    unit_show_clock(summary_value(run, METRIC_DURATION_S), length, sizeof length);
    bool known = summary_has(run, METRIC_DURATION_S);
    snprintf(what, sizeof what, "%s%s%s", known ? length : "", known ? ", " : "",
             run->stopped[0] ? "ended early" : "finished");
    say(r, run->stopped[0] ? MARK_NEAR : MARK_OK, what);
    explain(r, "%s, from %.200s", what, s->result.from);
}

static bool any_near(const struct judgement *j) {
    for (size_t i = 0; i < j->checks; i++)
        if (j->check[i].near_limit)
            return true;
    return false;
}

static void results_row(const struct session *s, struct row *r) {
    const struct result *result = session_result(s);
    const struct judgement *j = &result->judgement;
    const struct watch_view *v = session_watch(s);
    if (!result->there) {
        bool goes_on = v && v->state != WATCH_WAITING;
        say(r, goes_on ? MARK_NODATA : MARK_NONE, goes_on ? "after the run" : "no results");
        return;
    }
    switch (j->verdict) {
    case VERDICT_PASS:
        if (judgement_has_waiver(j))
            say(r, MARK_NEAR, "waived");
        else
            say(r, any_near(j) ? MARK_NEAR : MARK_OK,
                any_near(j) ? "near limit" : "all limits kept");
        break;
    case VERDICT_FAIL:
        say(r, MARK_BROKEN, "over limit");
        break;
    case VERDICT_NO_DATA:
        say(r, MARK_NODATA, "no data");
        break;
    case VERDICT_INVALID:
        say(r, MARK_INVALID, "invalid");
        break;
    }
    explain(r, "%s", j->sentence);
}

static void review_row(const struct session *s, struct row *r) {
    static const struct {
        enum mark mark;
        const char *word;
    } states[] = {[REVIEW_NONE] = {MARK_NONE, "not signed"},
                  [REVIEW_OPEN] = {MARK_NONE, "not signed"},
                  [REVIEW_APPROVED] = {MARK_OK, "approved"},
                  [REVIEW_CHANGES] = {MARK_NEAR, "changes requested"},
                  [REVIEW_OUTDATED] = {MARK_NEAR, "outdated"}};
    const struct review *v = session_review(s);
    char what[64];
    if (!v)
        return;
    snprintf(what, sizeof what, "%d open note%s", v->open_notes, v->open_notes == 1 ? "" : "s");
    bool notes_first = v->open_notes > 0 && v->state == REVIEW_OPEN;
    say(r, notes_first ? MARK_NEAR : states[v->state].mark,
        notes_first ? what : states[v->state].word);
    explain(r, "%s, %d of %d approvals, %s", states[v->state].word, v->approvals, v->needed, what);
}

static void history_row(const struct session *s, struct row *r) {
    char what[48], n[32];
    size_t runs;
    session_runs(s, &runs);
    snprintf(what, sizeof what, "%s run%s", unit_show((double)runs, 0, n, sizeof n),
             runs == 1 ? "" : "s");
    say(r, MARK_NONE, runs ? what : "no runs");
    explain(r, "%s stored in .perfscale", runs ? what : "no runs");
}

static void overview_row(const struct session *s, struct row *r) {
    text_copy(r->what, sizeof r->what, s->ws.name);
    r->mark = MARK_NONE;
}

struct row session_step(const struct session *s, enum step step) {
    static const struct {
        const char *title;
        void (*fill)(const struct session *s, struct row *r);
    } steps[STEPS] = {
        [STEP_OVERVIEW] = {"Overview", overview_row},
        [STEP_PREREQUISITES] = {"Prerequisites", prerequisites_row},
        [STEP_LOAD] = {"Load", load_row},
        [STEP_HOST] = {"Load generator", host_row},
        [STEP_SCRIPT] = {"Script", script_row},
        [STEP_RUN] = {"Run", run_row},
        [STEP_RESULTS] = {"Results", results_row},
        [STEP_REVIEW] = {"Review", review_row},
        [STEP_HISTORY] = {"History", history_row},
    };
    struct row r = {.mark = MARK_NONE};
    if (step >= STEPS)
        return r;
    text_copy(r.title, sizeof r.title, steps[step].title);
    if (session_step_open(s, step))
        steps[step].fill(s, &r);
    else
        say(&r, MARK_NONE, session_ready(s) ? "" : "locked");
    if (r.what[0] == '\0') { /* not open yet, though nothing in phase 0 stands in the way */
        static const char *const empty[STEPS] = {[STEP_SCRIPT] = "not written",
                                                 [STEP_RUN] = "no run",
                                                 [STEP_RESULTS] = "no results",
                                                 [STEP_REVIEW] = "no stored run"};
        say(&r, MARK_NONE, empty[step] ? empty[step] : "");
    }
    return r;
}

/* "Next": what the user does now, in one sentence. */
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "base/file.h"
#include "base/text.h"
#include "session/parts.h"
#include "session/together.h"

struct sentence {
    char *out;
    size_t size;
};

static void say(const struct sentence *to, const char *fmt, ...)
    __attribute__((format(printf, 2, 3)));
static void say(const struct sentence *to, const char *fmt, ...) {
    va_list ap;
    va_start(ap, fmt);
    vsnprintf(to->out, to->size, fmt, ap);
    va_end(ap);
}

static void next_prerequisites(const struct session *s, const struct sentence *to) {
    if (s->ws.plan_error.kind != ERR_NONE)
        say(to, "Repair test-plan.md, then press r.");
    else if (!s->ws.has_plan)
        say(to, "Put test-plan.md into %.300s, then press r.", s->ws.path);
    else if (s->ws.baselines == 0)
        say(to, "Put the baseline script into %.300s, then press r.", s->ws.path);
    else if (s->rules_error.kind != ERR_NONE)
        say(to, "Repair the rules, then press r.");
    else if (s->base.chosen < 0)
        say(to, "Choose the baseline script: Enter.");
    else if (!session_prepared(s))
        say(to, "Run the baseline again until it has no errors, then press r.");
    else if (!session_ready(s) && s->reading.job && s->reading.what == READING_BASELINE)
        say(to, "Wait until the baseline's result is read; Esc stops it.");
    else if (!session_ready(s))
        say(to, "Run the baseline and paste its summary (p), or state that it has no errors.");
    else if (!s->confirmed)
        say(to, "Set the load (2).");
    else
        say(to, "The load is confirmed. Go on with the script (4).");
}

static void next_load(const struct session *s, const struct sentence *to) {
    char missing[160];
    enum field wrong = form_first_error(&s->form, session_model(s));
    if (wrong != FIELDS)
        say(to, "%s", s->form.field[wrong].error);
    else if (load_field_missing(s, missing, sizeof missing))
        say(to, "%s.", missing);
    else if (s->profile.stages == 0)
        say(to, "%.300s.", s->profile_error.text);
    else if (!s->confirmed)
        say(to, "Check the values; Enter confirms the load.");
    else
        say(to, "Look at the load generator (3), then write the script (4).");
}

static void next_host(const struct session *s, const struct sentence *to) {
    if (!s->confirmed)
        say(to, "Confirm the load (2).");
    else if (session_can_split(s))
        say(to, "s splits the load over %d machines; 4 goes on with this one.",
            s->generators_needed);
    else
        say(to, "Write the script (4). Near limit does not stop you; over limit asks.");
}

/* The name the new script would have if it were free: "load_orders.js". */
static bool name_was_taken(const struct session *s, char *wanted, size_t size) {
    const char *baseline = baseline_name(s);
    char stem[NAME_MAX_BYTES], path[1024];
    if (!workspace_stem(baseline, model_name(s->profile.model), stem, sizeof stem))
        return false;
    snprintf(wanted, size, "%s%s", stem, workspace_ending(baseline));
    return strcmp(wanted, s->script.name) != 0 &&
           workspace_path(&s->ws, wanted, path, sizeof path) && file_exists(path);
}

static void next_script(const struct session *s, const struct sentence *to) {
    const struct script *sc = &s->script;
    char wanted[2 * NAME_MAX_BYTES];
    if (!s->confirmed)
        say(to, "Confirm the load (2).");
    else if (sc->written)
        say(to, "Run the command in another terminal; its results go to Run (5).");
    else if (sc->ready && name_was_taken(s, wanted, sizeof wanted))
        say(to, "%.200s is taken. w writes %.200s.", wanted, sc->name);
    else if (sc->ready)
        say(to, "w writes %.200s, a new file.", sc->name);
    else if (sc->error.kind != ERR_NONE && !session_tool(s)->rewrite)
        say(to, "Choose the baseline of another tool (1).");
    else if (sc->error.kind != ERR_NONE)
        say(to, "Change the baseline script so that it can be rewritten, then press r.");
    else
        say(to, "The new script is shown here before it is written.");
}

/* The verdict is made of the part that is steady. */
static void next_live(const struct session *s, const struct watch_view *v,
                      const struct sentence *to) {
    char from[32], until[32];
    if (session_model(s) == MODEL_STRESS)
        say(to, "Nothing to do. The verdict judges each step, when the run has ended.");
    else if (v->stretch.name[0] && v->start_ms)
        say(to, "Nothing to do. The verdict uses the steady part only, %s to %s.",
            show_time(v->start_ms + (int64_t)(v->stretch.from_s * 1000), v->start_ms, true, from,
                      sizeof from),
            show_time(v->start_ms + (int64_t)(v->stretch.to_s * 1000), v->start_ms, true, until,
                      sizeof until));
    else
        say(to, "Nothing to do. The verdict comes when the run ends.");
}

static void next_watch(const struct session *s, const struct watch_view *v,
                       const struct sentence *to) {
    if (s->watching.judging)
        say(to, "Wait until the results are read; Esc stops it.");
    else if (v->replay && v->state != WATCH_ENDED)
        say(to, "space pauses, < and > change the speed. The verdict comes at the end.");
    else if (v->state == WATCH_WAITING)
        say(to, "Run the command. The first data shows here by itself.");
    else if (v->state == WATCH_LIVE)
        next_live(s, v, to);
    else if (v->state == WATCH_ENDED)
        say(to, "Enter on the source reads the results.");
    else
        say(to, "If the run is over, Enter on the source reads its results; w watches another.");
}

static void next_run(const struct session *s, const struct sentence *to) {
    const struct watch_view *v = session_watch(s);
    if (v && !s->intake.there) {
        next_watch(s, v, to);
        return;
    }
    if (!s->confirmed)
        say(to, "Confirm the load (2).");
    else if (!s->script.written)
        say(to, "Write the script (4).");
    else if (s->intake.there)
        say(to, "Enter uses these values.");
    else if (!s->result.there)
        say(to, "Run the command, then paste its summary (p) or open its result file.");
    else
        say(to, "Read the verdict in Results (6).");
}

static void next_results(const struct session *s, const struct sentence *to) {
    static const char *const after_pass[MODELS] = {
        [MODEL_LOAD] = "Plan a stress run, or a higher target, from this result (2).",
        [MODEL_STRESS] = "Plan a soak run at the expected rate (2).",
        [MODEL_SOAK] = "Plan the next load from this result (2).",
    };
    const struct judgement *j = &session_result(s)->judgement;
    if (!session_step_open(s, STEP_RESULTS)) {
        say(to, "No results yet. Start the command in Run (5), or paste a summary with p.");
        return;
    }
    if (j->verdict == VERDICT_PASS) {
        say(to, "%s", after_pass[j->model]);
        return;
    }
    if (j->verdict == VERDICT_FAIL && j->causes > 0)
        say(to, "Look where Why points; then run the same script again (5).");
    else
        say(to, "%.400s", j->steps > 1 ? j->step[j->steps - 1] : j->sentence);
}

static void next_review(const struct session *s, const struct sentence *to) {
    const struct review *v = session_review(s);
    const struct record *r = session_record(s);
    char why[WHY_BYTES];
    int64_t uid;
    session_me(s, &uid);
    if (!r)
        say(to, "A run is reviewed when it is stored: open one in History (8).");
    else if (v->state == REVIEW_APPROVED)
        say(to, "Signed. e writes the report; b in History (8) makes it the reference.");
    else if (!review_may_approve(r, uid, why))
        say(to, "%s.", why);
    else
        say(to, "Read the notes; A approves, R requests changes.");
}

static void next_history(const struct session *s, const struct sentence *to) {
    size_t runs;
    session_runs(s, &runs);
    say(to, runs ? "Enter opens a run; space marks two, d compares them."
                 : "No runs yet. The first one appears when data arrives.");
}

/* The first step that is not done. */
static void next_overview(const struct session *s, const struct sentence *to) {
    if (!s->confirmed)
        say(to, "Set the load (2).");
    else if (!s->script.written)
        say(to, "Write the script (4).");
    else if (session_watch(s) && session_watch(s)->state != WATCH_WAITING)
        say(to, "Watch the run (5). The verdict comes when it ends.");
    else if (!s->result.there || s->intake.there)
        say(to, "Run the command; its results go to Run (5).");
    else
        say(to, "Read the verdict in Results (6).");
}

void session_next(const struct session *s, enum step step, char *out, size_t size) {
    static void (*const next[STEPS])(const struct session *s, const struct sentence *to) = {
        [STEP_OVERVIEW] = next_overview, [STEP_PREREQUISITES] = next_prerequisites,
        [STEP_LOAD] = next_load,         [STEP_HOST] = next_host,
        [STEP_SCRIPT] = next_script,     [STEP_RUN] = next_run,
        [STEP_RESULTS] = next_results,   [STEP_REVIEW] = next_review,
        [STEP_HISTORY] = next_history,
    };
    out[0] = '\0';
    bool stored = step == STEP_REVIEW || step == STEP_HISTORY || /* need no workflow */
                  (step == STEP_RESULTS && session_record(s));
    bool ready = stored || s->looks_only || (session_ready(s) && s->rules_error.kind == ERR_NONE);
    if (step < STEPS)
        (ready ? next[step] : next_prerequisites)(s, &(struct sentence){out, size});
}

/* Phase 2: a result goes into the intake, is looked at, and becomes the run's result. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "base/mem.h"
#include "base/text.h"
#include "gather/gather.h"
#include "report/report.h"
#include "session/parts.h"
#include "session/stored.h"
#include "session/together_parts.h"

enum { PASTE_MAX_BYTES = 1 << 20 };

/* --- the intake --- */

void intake_take(struct session *s, struct summary *run, const char *from) {
    intake_reset(&s->intake);
    s->intake.there = true;
    s->intake.run = *run;
    summary_init(run);
    text_copy(s->intake.from, sizeof s->intake.from, from);
}

bool intake_with_memory(struct session *s, struct summary *run, char from[NAME_MAX_BYTES],
                        struct err *e) {
    if (summary_has(run, METRIC_REQUESTS) || run->series.points > 0 || run->memories == 0)
        return true;
    if (!s->result.there) {
        err_set(e, ERR_REFUSED, "This is a memory series: it says nothing of requests");
        return err_fix(e, "open the result of the run first, then this");
    }
    struct summary whole;
    summary_copy(&whole, &s->result.run);
    gather_add_memory(&whole, run);
    summary_fini(run);
    *run = whole;
    char both[2 * NAME_MAX_BYTES];
    snprintf(both, sizeof both, "%s %s", s->result.from, from);
    text_copy(from, NAME_MAX_BYTES, both);
    return true;
}

void session_say_older(const struct session *s, int64_t changed_s, struct summary *run) {
    char path[1024];
    if (!s->script.written || !workspace_path(&s->ws, s->script.name, path, sizeof path))
        return;
    if (is_older(changed_s, file_mtime(path)))
        findings_add(&run->findings, FINDING_WARNING, "older-than-script",
                     "The result is older than %.200s: it is of an earlier run.", s->script.name);
}

bool session_take_file(struct session *s, const char *path, const char *format, struct err *e) {
    return session_read_start(s, READING_RUN, path, format, e) && session_read_end(s, e);
}

/* The text of a paste, for the screen. */
static void keep_to_show(struct session *s, const char *bytes, size_t len) {
    free(s->intake.text);
    s->intake.text = mem_strndup(bytes, len);
    s->intake.len = len;
}

bool session_take_paste(struct session *s, const char *bytes, size_t len, struct err *e) {
    struct summary run;
    struct err why = {0};
    if (len > PASTE_MAX_BYTES) {
        return err_set(e, ERR_LIMIT,
                       "The paste is larger than 1 MB. Nothing was stored. Save it to a file and "
                       "open that");
    }
    char from[NAME_MAX_BYTES] = "paste";
    bool ok = session_read_bytes(from, bytes, len, NULL, &run, &why) &&
              intake_with_memory(s, &run, from, &why);
    if (ok) {
        intake_take(s, &run, from);
        keep_to_show(s, bytes, len);
    } else {
        if (text_starts(why.text, "is a binary file"))
            err_set(&why, ERR_FORMAT, "This is not a summary I know. Nothing was stored");
        if (text_starts(why.text, "This is not"))
            why.file[0] = '\0';
        if (!s->intake.there)
            keep_to_show(s, bytes, len);
        if (e)
            *e = why;
    }
    summary_fini(&run);
    return ok;
}

void session_drop_intake(struct session *s) { intake_reset(&s->intake); }

/* --- the judgement --- */

const struct profile *confirmed_profile(const struct session *s) {
    return s->confirmed && s->profile.stages > 0 ? &s->profile : NULL;
}

/* A limit that the user typed goes before plan and rules, which check_limit() knows. */
static struct given typed_limit(const struct session *s, enum field f) {
    const struct field_state *field = &s->form.field[f];
    struct given g = {.value = field->typed[0] ? field->value : NAN};
    if (!isnan(g.value))
        text_copy(g.from, sizeof g.from, "you");
    return g;
}

void session_check_input(const struct session *s, const struct summary *run,
                         struct check_input *in) {
    const struct field_state *target = &s->form.field[FIELD_TARGET];
    check_input_init(in);
    in->run = run;
    in->rules = &s->rules;
    in->model = session_model(s);
    in->profile = confirmed_profile(s);
    in->plan = s->ws.has_plan ? &s->ws.plan : NULL;
    in->baseline = s->base.source == BASELINE_MEASURED ? &s->base.result : NULL;
    in->p95_ms = typed_limit(s, FIELD_P95);
    in->error_rate = typed_limit(s, FIELD_ERRORS);
    in->target_rps.value = target->value;
    text_copy(in->target_rps.from, sizeof in->target_rps.from,
              target->typed[0] ? "you" : target->origin);
    in->arrivals = session_method(s);
}

void result_take(struct session *s, struct summary *run, const char *from, int64_t at_ms) {
    struct result *r = &s->result;
    struct check_input in;
    result_reset(r);
    r->run = *run;
    summary_init(run);
    session_check_input(s, &r->run, &in);
    check_run(&in, &r->judgement);
    text_copy(r->from, sizeof r->from, from);
    r->at_ms = at_ms;
    r->has_profile = in.profile != NULL;
    if (in.profile)
        r->profile = *in.profile;
    r->there = true;
}

/* --- kept in the store --- */

/* A store that cannot take it is said; the verdict stands all the same. */
static void store_run(struct session *s) {
    struct result *r = &s->result;
    struct err e = {0};
    if (!store(s))
        return;
    const struct storing what = {.run = &r->run,
                                 .judgement = &r->judgement,
                                 .profile = r->has_profile ? &r->profile : NULL,
                                 .from = r->from,
                                 .at_ms = r->at_ms,
                                 .target_rps = s->form.field[FIELD_TARGET].value,
                                 .files = &r->files,
                                 .pasted = r->pasted};
    if (session_store(s, &what, &r->run_id, &e))
        own_run_opened(s);
    else
        err_sentence(&e, s->store_notice, sizeof s->store_notice);
}

/* --- is it this run? --- */

/* A text shows times rounded to three digits or more ("1.23s"), counts whole. */
static bool same_figures(const struct summary *a, const struct summary *b) {
    static const enum metric compared[] = {METRIC_REQUESTS, METRIC_ITERATIONS, METRIC_AVG_MS,
                                           METRIC_MAX_MS};
    static const double rounding = 0.005;
    for (size_t i = 0; i < sizeof compared / sizeof *compared; i++) {
        bool count = compared[i] == METRIC_REQUESTS || compared[i] == METRIC_ITERATIONS;
        double x = summary_value(a, compared[i]), y = summary_value(b, compared[i]);
        if (!(fabs(x - y) <= (count ? 0 : rounding * y)))
            return false;
    }
    return true;
}

/* By its name, or because it has the very figures of the baseline's result. */
static bool is_baselines(const struct session *s) {
    const char *baseline = baseline_name(s), *from = file_base(s->intake.from);
    size_t stem = strlen(baseline) - strlen(workspace_ending(baseline));
    bool named = stem > 0 && !s->intake.text && strncmp(from, baseline, stem) == 0 &&
                 (from[stem] == '.' || from[stem] == '\0');
    bool same =
        s->base.source == BASELINE_MEASURED && same_figures(&s->intake.run, &s->base.result);
    return named || same;
}

static bool wrong_run(struct session *s, struct err *e) {
    if (s->intake.warned || !s->script.written || !is_baselines(s))
        return false;
    s->intake.warned = true;
    err_set(e, ERR_REFUSED, "This %s belongs to %.100s, not to %.100s. Use it anyway?",
            s->intake.text ? "summary" : "file", baseline_name(s), s->script.name);
    return true;
}

/* Of files their own hashes, of a paste that of its text. */
static void keep_origin(struct result *r, struct intake *in) {
    r->files = in->files;
    in->files = (struct gather_digests){0};
    if (in->text)
        digest_of(in->text, in->len, r->pasted);
}

bool session_use_intake(struct session *s, struct err *e) {
    if (!s->intake.there)
        return err_set(e, ERR_REFUSED, "no result was read yet");
    if (s->rules_error.kind != ERR_NONE) {
        if (e)
            *e = s->rules_error;
        return false;
    }
    if (wrong_run(s, e))
        return false;
    bool keeps = !s->looks_only && !s->watching.replay;
    result_take(s, &s->intake.run, s->intake.from, s->now_ms);
    keep_origin(&s->result, &s->intake);
    intake_reset(&s->intake);
    session_watch_stop(s);
    if (keeps) {
        store_run(s);
        s->dirty = true;
    }
    return true;
}

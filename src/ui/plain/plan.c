/* perfscale plan: phase 1 of the workflow. */
#include <math.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/text.h"
#include "base/unit.h"
#include "ui/plain/plain.h"
#include "ui/plain/plan_print.h"
#include "ui/plain/print.h"
#include "ui/plain/reading.h"
#include "ui/plain/workspace.h"

enum { PROBE_WAIT_MS = 10000 }; /* a Java tool takes its time */

struct plan_options {
    const char *field[FIELDS];
    const char *script, *baseline, *out;
    bool yes, dry_run, diff, json;
};

#define FIELD(name, argument, help, f)                                                             \
    { name, argument, help, offsetof(struct plan_options, field[f]), NULL }
#define TO(name, argument, help, member)                                                           \
    { name, argument, help, offsetof(struct plan_options, member), NULL }

static const struct option options[] = {
    FIELD("--model", "load|stress|soak", "kind of test; default: the goal of the plan, else load",
          FIELD_MODEL),
    FIELD("--rps", "N", "target requests per second; default: test-plan.md", FIELD_TARGET),
    FIELD("--executor", "open|closed|paced",
          "arrival rate, constant VUs or paced VUs; default: the first that the tool can do",
          FIELD_METHOD),
    FIELD("--shares", "LIST",
          "of several scenarios: \"buy=25 look=75\", in proportion; default: the "
          "script's",
          FIELD_SHARES),
    TO("--script", "FILE", "which baseline script, when there are several", script),
    TO("--baseline", "RESULT", "result file of the baseline run", baseline),
    FIELD("--avg", "500ms", "average response time, when no baseline result is there", FIELD_AVG),
    FIELD("--think", "1s", "think time per iteration; of several scenarios \"buy=1s look=2s\"",
          FIELD_THINK),
    FIELD("--requests-per-iteration", "N", "requests of one iteration, or \"buy=4 look=1\"",
          FIELD_REQUESTS),
    FIELD("--duration", "10m", "the hold; stress: the hold of each step", FIELD_HOLD),
    FIELD("--ramp", "1m", "the ramp before the hold; stress: before each step", FIELD_RAMP_UP),
    FIELD("--ramp-down", "30s", "the ramp behind the hold", FIELD_RAMP_DOWN),
    FIELD("--steps", "N", "stress: number of steps", FIELD_STEPS),
    FIELD("--start-rps", "N", "stress: rate of the first step", FIELD_START),
    FIELD("--max-rps", "N", "stress: rate of the last step", FIELD_MAX),
    FIELD("--generators", "N", "machines that share the load; default 1", FIELD_GENERATORS),
    TO("--out", "FILE", "name of the new script", out),
    TO("--yes", NULL, "answers the question Proceed", yes),
    TO("--dry-run", NULL, "writes nothing", dry_run),
    TO("--diff", NULL, "prints what changes in the script", diff),
    TO("--json", NULL, "one JSON object", json),
    {0},
};

static bool choose_script(struct session *s, const char *script, struct err *e) {
    if (!script)
        return true;
    for (size_t i = 0; i < s->ws.baselines; i++)
        if (strcmp(s->ws.baseline[i].name, script) == 0)
            return session_choose_baseline(s, (int)i, e);
    err_set(e, ERR_USAGE, "--script: %.120s is no baseline script in %.120s", script, s->ws.path);
    return err_fix(e, "name a file of status, without its directory");
}

/* "a.js, b.js" */
static void baseline_names(const struct session *s, char *out, size_t size) {
    size_t len = 0;
    for (size_t i = 0; i < s->ws.baselines && len < size; i++)
        len += (size_t)snprintf(out + len, size - len, "%s%.60s", i ? ", " : "",
                                s->ws.baseline[i].name);
}

static bool prepared(const struct session *s, struct err *e) {
    if (!s->ws.has_plan)
        return err_set(e, ERR_MISSING, "%s", session_no_plan);
    if (s->ws.baselines == 0) {
        err_set(e, ERR_MISSING, "no baseline script found");
        return err_fix(e, "expected baseline_*.js, baseline_*.ts, locustfile*.py or *.jmx");
    }
    if (s->base.chosen < 0) {
        char names[256] = "";
        baseline_names(s, names, sizeof names);
        err_set(e, ERR_USAGE, "%zu baseline scripts found: %s", s->ws.baselines, names);
        return err_fix(e, "add --script FILE");
    }
    if (session_prepared(s))
        return true;
    const struct findings *f = &s->base.findings;
    for (size_t i = 0; i < f->len; i++)
        if (f->item[i].level == FINDING_STOP)
            return err_set(e, ERR_MISSING, "%s", f->item[i].text);
    return err_set(e, ERR_MISSING, "the baseline's result has errors");
}

/* On the screen minutes stand beside the field; here nothing says what "600" is. */
static bool lacks_unit(const struct field_def *d, const char *text) {
    double plain;
    return d->kind == KIND_DURATION_S && unit_number(text, &plain, NULL) && plain > 0;
}

static bool set_field(struct session *s, enum field f, const char *text, struct err *e) {
    const struct field_def *d = field_def(f);
    if (strlen(text) >= FIELD_TEXT_MAX)
        return err_set(e, ERR_USAGE, "%s: \"%.40s...\" is too long", d->option, text);
    if (!d->model[session_model(s)])
        return err_set(e, ERR_USAGE, "%s is not for a %s test", d->option,
                       model_name(session_model(s)));
    if (!session_has_field(s, f)) {
        err_set(e, ERR_USAGE, "%s: the script has one scenario that carries the load", d->option);
        return err_fix(e, "leave it out");
    }
    if (lacks_unit(d, text)) {
        err_set(e, ERR_USAGE, "%s: \"%.40s\" has no unit", d->option, text);
        return err_fix(e, "write %.10ss or %.10sm", text, text);
    }
    session_set_field(s, f, text);
    return true;
}

/* The model comes first in the table: it decides which other fields there are. */
static bool set_fields(struct session *s, const struct plan_options *o, struct err *e) {
    for (int f = 0; f < FIELDS; f++)
        if (o->field[f] && !set_field(s, (enum field)f, o->field[f], e))
            return false;
    for (int f = 0; f < FIELDS; f++)
        if (o->field[f] && s->form.field[f].error[0])
            return err_set(e, ERR_USAGE, "%s: %s", field_def((enum field)f)->option,
                           s->form.field[f].error);
    return true;
}

/* The scenario's number for a field, as its text has it; NULL when the text is not asked for it. */
static const struct known *known_of(const struct scenario *sc, enum field f) {
    if (f == FIELD_REQUESTS)
        return &sc->requests_per_iteration;
    if (f != FIELD_THINK)
        return NULL;
    return isnan(sc->think_ms.value) ? &sc->think_ms : &sc->wait_ms;
}

/* "Requests/iteration of buy (a loop without a known end)"; the place is that of the first. */
static void add_missing(const struct session *s, enum field f, char *labels, size_t size,
                        struct err *e) {
    const struct scenario *carrier[SCENARIOS_MAX];
    size_t n = session_carriers(s, carrier), len = strlen(labels);
    len += (size_t)snprintf(labels + len, size - len, "%s%s", len ? ", " : "",
                            field_label(f, session_model(s)));
    const char *of = " of ";
    for (size_t i = 0; i < n && len < size; i++) {
        const struct known *k = known_of(carrier[i], f);
        if (n > 1 && !field_def(f)->each)
            continue;
        if (n > 1 && !isnan(s->form.each[f][i]))
            continue;
        if (n > 1)
            len += (size_t)snprintf(labels + len, size - len, "%s%s", of, carrier[i]->name);
        if (k && isnan(k->value) && k->why[0] && len < size)
            len += (size_t)snprintf(labels + len, size - len, " (%s)", k->why);
        if (k && isnan(k->value) && k->line > 0)
            err_at(e, s->ws.baseline[s->base.chosen].name, k->line);
        of = " and ";
    }
    if (f == FIELD_SHARES && !s->form.field[f].typed[0] && len < size)
        snprintf(labels + len, size - len, " (%s)", s->form.field[f].origin);
}

/* The script says the shares once the other figures are there. */
static bool shares_follow(const struct session *s) {
    const struct scenario *carrier[SCENARIOS_MAX];
    size_t n = session_carriers(s, carrier);
    for (size_t i = 0; i < n; i++)
        if (carrier[i]->drive != carrier[0]->drive || isnan(carrier[i]->amount.value))
            return false;
    return true;
}

/* The figures that are neither given nor known: one sentence names all their options. */
static void name_missing_figures(const struct session *s, struct err *e) {
    static const enum field needed[] = {FIELD_TARGET, FIELD_AVG, FIELD_THINK, FIELD_REQUESTS,
                                        FIELD_SHARES};
    char labels[480] = "", names[160] = "";
    struct err out = {0};
    size_t n = 0;
    for (size_t i = 0; i < sizeof needed / sizeof *needed; i++) {
        if (!isnan(s->form.field[needed[i]].value))
            continue;
        if (needed[i] == FIELD_SHARES && n && shares_follow(s))
            continue;
        add_missing(s, needed[i], labels, sizeof labels, &out);
        n += (size_t)snprintf(names + n, sizeof names - n, "%s%s", n ? " and " : "",
                              field_def(needed[i])->option);
    }
    if (!n)
        return;
    err_set(e, ERR_USAGE, "not known: %s", labels);
    if (out.line > 0)
        err_at(e, out.file, out.line);
    bool measured = strcmp(names, "--rps") != 0;
    err_fix(e, measured ? "add %s, or --baseline RESULT of a measured baseline" : "add %s", names);
}

static bool load_known(const struct session *s, struct err *e) {
    if (s->profile_error.kind == ERR_NONE)
        return true;
    *e = s->profile_error;
    name_missing_figures(s, e);
    return false;
}

/* The question, on a terminal. */
static bool proceed(const struct session *s, const struct plan_options *o, struct err *e) {
    if (o->yes)
        return true;
    if (!isatty(STDIN_FILENO) || !isatty(STDERR_FILENO)) {
        err_set(e, ERR_USAGE, "nothing is written without an answer to the question");
        return err_fix(e, "add --yes, or --dry-run to look first");
    }
    char line[256], more[256], answer[16] = "";
    session_question(s, line, sizeof line, more, sizeof more);
    print_aside(line);
    print_aside(" [Y/n] ");
    if (!fgets(answer, sizeof answer, stdin))
        return err_set(e, ERR_CANCELED, "no answer: nothing was written");
    char first = answer[0];
    bool yes = first == '\n' || first == 'y' || first == 'Y';
    return yes || err_set(e, ERR_CANCELED, "not confirmed: nothing was written");
}

static bool write_plan(struct session *s, const struct plan_options *o, struct err *e) {
    if (o->dry_run)
        return true;
    fflush(stdout);
    if (!proceed(s, o, e) || !session_confirm_load(s, e) || !session_prepare_script(s, o->out, e) ||
        !session_write_script(s, e))
        return false;
    session_save(s);
    return true;
}

static bool read_baseline(struct session *s, const char *path, struct err *e) {
    return !path || (session_read_start(s, READING_BASELINE, path, NULL, e) && reading_end(s, e));
}

/* A baseline result that nobody gave is no stop: its figures are then stated with the options. */
static bool make_plan(struct session *s, const struct plan_options *o, struct err *e) {
    if (!choose_script(s, o->script, e) || !read_baseline(s, o->baseline, e) || !prepared(s, e))
        return false;
    if (s->base.source == BASELINE_UNKNOWN)
        session_state_baseline(s);
    if (!set_fields(s, o, e) || !load_known(s, e))
        return false;
    session_check_host(s);
    session_probe_wait(s, PROBE_WAIT_MS);
    return session_prepare_script(s, o->out, e);
}

static bool show_and_write(struct session *s, const struct plan_options *o, struct err *e) {
    if (!o->json)
        plan_print(s, o->diff);
    if (!write_plan(s, o, e))
        return false;
    const char *manifest = s->script.manifest[0] ? s->script.manifest : NULL;
    const char *written[] = {o->dry_run ? NULL : s->script.name, manifest, NULL};
    if (o->json)
        print_json(session_plan_json(s, written));
    else
        plan_print_written(s, !o->dry_run);
    return true;
}

static bool run(int argc, char **argv, int *status, struct err *e) {
    struct plan_options o = {0};
    struct operands ops;
    struct session s;
    if (!options_read(&verb_plan, argc, argv, &o, &ops, e))
        return false;
    if (o.diff && o.json)
        return err_set(e, ERR_USAGE, "--diff and --json do not go together");
    bool ok = workspace_open(&s, ops.n ? ops.item[0] : ".", e);
    if (ok) {
        session_probe_start(&s);
        ok = make_plan(&s, &o, e) && show_and_write(&s, &o, e);
    }
    session_close(&s);
    *status = 0;
    return ok;
}

const struct verb verb_plan = {
    .name = "plan",
    .operands = "[DIR]",
    .most = 1,
    .help = "sizes a load, rewrites the baseline to it, prints the command",
    .more = "\nWrites a new script beside the baseline and changes nothing else. Runs no load: the "
            "command is\nfor you. Without --yes it asks on a terminal.\n",
    .options = options,
    .run = run,
};

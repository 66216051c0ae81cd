#include "ui/plain/judging.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "base/mem.h"
#include "base/text.h"
#include "gather/gather.h"
#include "report/report.h"
#include "session/stored.h"
#include "ui/plain/print.h"
#include "ui/plain/reading.h"
#include "ui/plain/stored.h"
#include "ui/plain/workspace.h"

static struct given from_command_line(double value) {
    struct given g = {.value = value};
    if (!isnan(value))
        text_copy(g.from, sizeof g.from, "command line");
    return g;
}

static bool read_limits(struct judging *k, struct err *e) {
    const struct judging_words *o = &k->words;
    double rps = NAN, p95 = NAN, p99 = NAN, errors = NAN, most = NAN, think = NAN, memory = NAN;
    if (!option_rate("--rps", o->rps, &rps, e) || !option_duration_ms("--p95", o->p95, &p95, e) ||
        !option_duration_ms("--p99", o->p99, &p99, e) ||
        !option_share("--error-rate", o->error_rate, &errors, e) ||
        !option_count("--max-vus", o->max_vus, &most, e) ||
        !option_megabytes("--memory-limit", o->memory_limit, &memory, e) ||
        !option_pause_ms("--think", o->think, &think, e))
        return false;
    if (!isnan(rps))
        k->in.target_rps = from_command_line(rps);
    if (!isnan(p95))
        k->in.p95_ms = from_command_line(p95);
    if (!isnan(p99))
        k->in.p99_ms = from_command_line(p99);
    if (!isnan(errors))
        k->in.error_rate = from_command_line(errors);
    if (!isnan(most))
        k->in.max_vus = most;
    if (!isnan(think))
        k->in.think_ms = think;
    k->in.memory_limit_mb = memory;
    return true;
}

/* Which of the documents a file replaces: by its name, else the one with the limits. */
static enum rules_doc doc_of(const struct rules *r, const char *path) {
    for (int d = 0; d < DOCS; d++)
        if (strcmp(file_base(r->doc[d].name), file_base(path)) == 0)
            return (enum rules_doc)d;
    return DOC_VALIDATION;
}

static bool take_rules(struct judging *k, struct err *e) {
    if (k->has_session)
        k->rules = k->s.rules;
    else if (!rules_load(&k->rules, NULL, e))
        return false;
    k->in.rules = &k->rules;
    return !k->words.rules ||
           rules_load_file(&k->rules, doc_of(&k->rules, k->words.rules), k->words.rules, e);
}

static bool take_plan(struct judging *k, struct err *e) {
    if (!k->words.plan)
        return true;
    size_t len;
    char *json = file_read(k->words.plan, REPORT_MAX_BYTES, &len, e);
    if (!json)
        return false;
    bool ok = report_plan_read(json, &k->profile, e);
    free(json);
    if (!ok) {
        err_at(e, k->words.plan, 0);
        return err_fix(e, "give the saved output of plan --json");
    }
    k->in.profile = &k->profile;
    k->in.model = k->profile.model;
    return true;
}

/* The model on the command line goes before the last plan's of --dir, whose profile then says
 * nothing of this run; beside a plan file it is a contradiction. */
static bool take_model(struct judging *k, struct err *e) {
    enum model m;
    if (!k->words.model)
        return true;
    if (!model_parse(k->words.model, &m)) {
        err_set(e, ERR_USAGE, "--model: \"%.40s\" is no kind of test", k->words.model);
        return err_fix(e, "write load, stress or soak");
    }
    if (k->words.plan && m != k->profile.model)
        return err_set(e, ERR_USAGE, "--model %s, but %s is the plan of a %s test", model_name(m),
                       k->words.plan, model_name(k->profile.model));
    if (k->in.profile && k->in.profile->model != m)
        k->in.profile = NULL;
    k->in.model = m;
    return true;
}

static bool take_arrivals(struct judging *k, struct err *e) {
    const char *word = k->words.arrivals;
    if (!word)
        return true;
    enum arrivals given;
    if (!arrivals_parse(word, &given)) {
        err_set(e, ERR_USAGE, "--arrivals: \"%.40s\" is not known", word);
        return err_fix(e, "write open, closed or paced");
    }
    if (k->in.profile && k->in.profile->arrivals != given)
        return err_set(e, ERR_USAGE, "--arrivals %s, but the plan is %s", word,
                       arrivals_name(k->in.profile->arrivals));
    k->in.arrivals = given;
    return true;
}

/* The workspace with its last plan. A state that cannot be taken up leaves the plan's own figures.
 */
static bool take_workspace(struct judging *k, struct err *e) {
    if (!k->words.dir) {
        if (k->words.save) {
            err_set(e, ERR_USAGE, "--save needs a workspace to keep the run in");
            return err_fix(e, "add --dir DIR");
        }
        return true;
    }
    k->has_session = true; /* to be closed also after an error */
    char what[256];
    if (!workspace_open(&k->s, k->words.dir, e))
        return false;
    return !session_has_saved(&k->s, what, sizeof what) || session_restore(&k->s, e);
}

/* "k6-text, k6-json, ..." */
static void format_names(char *out, size_t size) {
    size_t len = 0;
    for (const struct tool *const *t = tools; *t; t++)
        for (const struct reader *const *r = (*t)->readers; *r && len < size; r++)
            len += (size_t)snprintf(out + len, size - len, "%s%s", len ? ", " : "", (*r)->name);
}

static bool take_format(const struct judging *k, struct err *e) {
    char names[sizeof e->text - 80];
    if (!k->words.format || tool_reader_named(k->words.format))
        return true;
    format_names(names, sizeof names);
    return err_set(e, ERR_USAGE, "--format: \"%.40s\" is none of %s", k->words.format, names);
}

/* --memory: of the server, beside the results. */
static bool read_memory(struct judging *k, struct err *e) {
    const struct gather_options o = {.memory_only = true};
    struct summary memory;
    if (!k->words.memory)
        return true;
    bool ok = gather(&k->words.memory, 1, &o, &memory, e);
    if (ok && memory.memories == 0) {
        err_set(e, ERR_FORMAT, "--memory: %.200s holds no memory series", k->words.memory);
        ok = err_fix(e, "give a CSV with the columns t_s and rss_mb, or Prometheus' JSON");
    }
    if (ok)
        gather_add_memory(&k->run, &memory);
    summary_fini(&memory);
    return ok;
}

struct gather_options judging_read_options(const struct judging *k,
                                           struct stretch_wanted stretch[STRETCHES_MAX]) {
    return session_read_options(k->words.format, k->in.profile, k->in.model, k->in.rules, stretch);
}

bool judging_read(struct judging *k, const char *const *paths, size_t n, struct err *e) {
    struct stretch_wanted stretch[STRETCHES_MAX];
    const struct gather_options o = judging_read_options(k, stretch);
    k->path = paths;
    k->paths = n;
    if (!reading_wait(paths, n, &o, &k->run, e))
        return false;
    if (k->has_session)
        session_say_older(&k->s, file_mtime(paths[0]), &k->run);
    return true;
}

bool judging_prepare(struct judging *k, struct err *e) {
    check_input_init(&k->in);
    if (!take_workspace(k, e))
        return false;
    if (k->has_session)
        session_check_input(&k->s, &k->run, &k->in);
    k->in.run = &k->run;
    return take_rules(k, e) && take_plan(k, e) && take_model(k, e) && take_arrivals(k, e) &&
           read_limits(k, e) && take_format(k, e);
}

bool judging_judge(struct judging *k, struct err *e) {
    if (!read_memory(k, e))
        return false;
    check_run(&k->in, &k->j);
    if (k->has_session &&
        k->s.store_notice[0]) /* the last plan may be in it, and is not known then */
        findings_add(&k->j.findings, FINDING_WARNING, "store", "%.300s", k->s.store_notice);
    return true;
}

/* "a.jtl b.jtl"; what came through a pipe was pasted, as it were. */
static void name_sources(const struct judging *k, const char *source, char out[NAME_MAX_BYTES]) {
    text_copy(out, NAME_MAX_BYTES, strcmp(source, "-") == 0 ? "paste" : file_base(source));
    for (size_t i = 1; i < k->paths; i++) {
        size_t len = strlen(out);
        snprintf(out + len, NAME_MAX_BYTES - len, " %s", file_base(k->path[i]));
    }
}

bool judging_save(struct judging *k, const char *source, struct err *e) {
    char from[NAME_MAX_BYTES];
    struct gather_digests files;
    if (!k->words.save)
        return true;
    session_check_host(&k->s); /* its name goes with the run */
    name_sources(k, source, from);
    gather_digests(k->path, k->paths, &files);
    const struct storing what = {.run = &k->run,
                                 .judgement = &k->j,
                                 .profile = k->in.profile,
                                 .target_rps = k->in.target_rps.value,
                                 .from = from,
                                 .at_ms = k->s.now_ms,
                                 .files = &files,
                                 .rules = k->in.rules,
                                 .pasted = ""};
    bool ok = session_store(&k->s, &what, &k->saved, e);
    gather_digests_fini(&files);
    return ok;
}

void judging_say_saved(const struct judging *k) {
    if (!k->saved)
        return;
    stored_say_news(&k->s, "");
    print("Saved as run %lld.\n", (long long)k->saved);
}

struct judging *judging_new(void) {
    struct judging *k = mem_new(1, sizeof *k);
    summary_init(&k->run);
    return k;
}

void judging_free(struct judging *k) {
    judgement_fini(&k->j);
    summary_fini(&k->run);
    if (k->has_session)
        session_close(&k->s);
    free(k);
}

int judging_status(const struct judging *k) {
    static const int status_of[] = {
        [VERDICT_PASS] = 0, [VERDICT_FAIL] = 1, [VERDICT_NO_DATA] = 3, [VERDICT_INVALID] = 4};
    return status_of[k->j.verdict];
}

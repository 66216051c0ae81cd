/* perfscale check: a result to a verdict. */
#include <math.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "base/mem.h"
#include "base/text.h"
#include "gather/gather.h"
#include "report/report.h"
#include "ui/plain/check_print.h"
#include "ui/plain/plain.h"
#include "ui/plain/print.h"
#include "ui/plain/reading.h"
#include "ui/plain/save.h"
#include "ui/plain/workspace.h"

struct check_options {
    const char *rps, *p95, *p99, *error_rate, *rules, *plan, *model, *format, *arrivals, *max_vus,
        *think, *memory, *memory_limit, *dir;
    bool save, json;
};

#define TO(name, argument, help, member)                                                           \
    { name, argument, help, offsetof(struct check_options, member), NULL }

static const struct option options[] = {
    TO("--rps", "N", "target requests per second", rps),
    TO("--p95", "500ms", "limit on the 95th percentile of the response time", p95),
    TO("--p99", "1s", "limit on the 99th percentile", p99),
    TO("--error-rate", "1%", "limit on failed requests", error_rate),
    TO("--plan", "FILE", "the load profile: saved output of plan --json", plan),
    TO("--dir", "DIR", "takes test-plan.md, rules and the last plan of that workspace", dir),
    TO("--rules", "FILE", "another rules/metric-validation.md", rules),
    TO("--model", "load|stress|soak", "kind of test; default: the plan's, else load", model),
    TO("--arrivals", "open|closed|paced", "how the load was driven; default: the plan's, else open",
       arrivals),
    TO("--max-vus", "N", "VUs that the run could use at most", max_vus),
    TO("--think", "1s", "pauses of one iteration; default: the plan's", think),
    TO("--memory", "FILE", "memory of the server over time: CSV (t_s,rss_mb) or Prometheus' JSON",
       memory),
    TO("--memory-limit", "1000MB", "how much memory the server may use: hours until then",
       memory_limit),
    TO("--format", "NAME", "format of the result, when detection is wrong", format),
    TO("--save", NULL, "keeps the run in the store of --dir", save),
    TO("--json", NULL, "one JSON object", json),
    {0},
};

/* Everything that one judgement stands on. */
struct job {
    struct check_options o;
    struct session s; /* of --dir */
    bool has_session;
    struct rules rules;
    struct profile profile; /* of --plan */
    struct summary run;
    struct check_input in;
    struct judgement j;
};

static struct given from_command_line(double value) {
    struct given g = {.value = value};
    if (!isnan(value))
        text_copy(g.from, sizeof g.from, "command line");
    return g;
}

static bool read_limits(struct job *k, struct err *e) {
    const struct check_options *o = &k->o;
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

static bool take_rules(struct job *k, struct err *e) {
    if (k->has_session)
        k->rules = k->s.rules;
    else if (!rules_load(&k->rules, NULL, e))
        return false;
    k->in.rules = &k->rules;
    return !k->o.rules || rules_load_file(&k->rules, doc_of(&k->rules, k->o.rules), k->o.rules, e);
}

static bool take_plan(struct job *k, struct err *e) {
    if (!k->o.plan)
        return true;
    size_t len;
    char *json = file_read(k->o.plan, REPORT_MAX_BYTES, &len, e);
    if (!json)
        return false;
    bool ok = report_plan_read(json, &k->profile, e);
    free(json);
    if (!ok) {
        err_at(e, k->o.plan, 0);
        return err_fix(e, "give the saved output of plan --json");
    }
    k->in.profile = &k->profile;
    k->in.model = k->profile.model;
    return true;
}

/* The model on the command line goes before the last plan's of --dir, whose profile then says
 * nothing of this run; beside a plan file it is a contradiction. */
static bool take_model(struct job *k, struct err *e) {
    enum model m;
    if (!k->o.model)
        return true;
    if (!model_parse(k->o.model, &m)) {
        err_set(e, ERR_USAGE, "--model: \"%.40s\" is no kind of test", k->o.model);
        return err_fix(e, "write load, stress or soak");
    }
    if (k->o.plan && m != k->profile.model)
        return err_set(e, ERR_USAGE, "--model %s, but %s is the plan of a %s test", model_name(m),
                       k->o.plan, model_name(k->profile.model));
    if (k->in.profile && k->in.profile->model != m)
        k->in.profile = NULL;
    k->in.model = m;
    return true;
}

static bool take_arrivals(struct job *k, struct err *e) {
    const char *word = k->o.arrivals;
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
static bool take_workspace(struct job *k, struct err *e) {
    if (!k->o.dir) {
        if (k->o.save) {
            err_set(e, ERR_USAGE, "--save needs a workspace to keep the run in");
            return err_fix(e, "add --dir DIR");
        }
        return true;
    }
    k->has_session = true; /* to be closed also after an error */
    char what[256];
    if (!workspace_open(&k->s, k->o.dir, e))
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

static bool take_format(const struct job *k, struct err *e) {
    char names[sizeof e->text - 80];
    if (!k->o.format || tool_reader_named(k->o.format))
        return true;
    format_names(names, sizeof names);
    return err_set(e, ERR_USAGE, "--format: \"%.40s\" is none of %s", k->o.format, names);
}

/* --memory: of the server, beside the results. */
static bool read_memory(struct job *k, struct err *e) {
    const struct gather_options o = {.memory_only = true};
    struct summary memory;
    if (!k->o.memory)
        return true;
    bool ok = gather(&k->o.memory, 1, &o, &memory, e);
    if (ok && memory.memories == 0) {
        err_set(e, ERR_FORMAT, "--memory: %.200s holds no memory series", k->o.memory);
        ok = err_fix(e, "give a CSV with the columns t_s and rss_mb, or Prometheus' JSON");
    }
    if (ok)
        gather_add_memory(&k->run, &memory);
    summary_fini(&memory);
    return ok;
}

static bool read_run(struct job *k, const struct operands *ops, struct err *e) {
    struct stretch_wanted stretch[STRETCHES_MAX];
    if (ops->n == 0) {
        err_set(e, ERR_USAGE, "no result is named");
        return err_fix(e, "name result files or a directory, or - for standard input");
    }
    const struct gather_options o =
        session_read_options(k->o.format, k->in.profile, k->in.model, k->in.rules, stretch);
    if (!reading_wait(ops->item, (size_t)ops->n, &o, &k->run, e) || !read_memory(k, e))
        return false;
    if (k->has_session)
        session_say_older(&k->s, file_mtime(ops->item[0]), &k->run);
    return true;
}

static bool judge(struct job *k, const struct operands *ops, struct err *e) {
    check_input_init(&k->in);
    if (!take_workspace(k, e))
        return false;
    if (k->has_session)
        session_check_input(&k->s, &k->run, &k->in);
    k->in.run = &k->run;
    if (!take_rules(k, e) || !take_plan(k, e) || !take_model(k, e) || !take_arrivals(k, e) ||
        !read_limits(k, e) || !take_format(k, e) || !read_run(k, ops, e))
        return false;
    check_run(&k->in, &k->j);
    if (k->has_session &&
        k->s.store_notice[0]) /* the last plan may be in it, and is not known then */
        findings_add(&k->j.findings, FINDING_WARNING, "store", "%.300s", k->s.store_notice);
    return true;
}

static bool show(struct job *k, struct operands *ops, struct err *e) {
    const char *source = ops->item[0];
    if (k->o.save)
        session_check_host(&k->s); /* its name goes with the run */
    if (k->o.save && !save_run(&k->s, &k->in, &k->j, file_base(source), e))
        return false;
    if (k->o.json)
        print_json(report_check_json(&k->run, &k->j, ops->item, false));
    else
        check_print(&k->run, &k->j, ops->item);
    return true;
}

static bool run(int argc, char **argv, int *status, struct err *e) {
    static const int status_of[] = {
        [VERDICT_PASS] = 0, [VERDICT_FAIL] = 1, [VERDICT_NO_DATA] = 3, [VERDICT_INVALID] = 4};
    struct operands ops;
    struct job *k = mem_new(1, sizeof *k);
    summary_init(&k->run);
    bool ok = options_read(&verb_check, argc, argv, &k->o, &ops, e) && judge(k, &ops, e) &&
              show(k, &ops, e);
    *status = status_of[k->j.verdict];
    judgement_fini(&k->j);
    summary_fini(&k->run);
    if (k->has_session)
        session_close(&k->s);
    free(k);
    return ok;
}

const struct verb verb_check = {
    .name = "check",
    .operands = "RESULT...",
    .most = OPERANDS_MAX,
    .help = "reads the results of a run (files, a directory, or - for a paste) and judges them",
    .more =
        "\nReads what k6 (summary as text or JSON, CSV, NDJSON, dashboard recording), Locust "
        "(console, CSV,\n--json) and JMeter (JTL as CSV or XML, summariser, statistics.json, "
        "report "
        "CSV) write, also\ngzipped; and plain series of any origin: a step table "
        "(step,load,requests,ok,...), a stress series\n(t_s,load,requests,ok,...), a soak series "
        "(t_s with any of rss_mb,p95_ms,rps,error_pct), Prometheus'\nJSON of query_range. Several "
        "files are one run: what belongs together is joined, and the results of\nseveral load "
        "generators are added. Without --dir and --plan only the command line and the built-in\n"
        "rules count.\n"
        "\nLimits are judged on the steady state where one is known. A stress test gives the break "
        "load and the\nsaturation throughput; a soak test drift, none found above X per hour, or "
        "cannot tell.\n"
        "\nEnds with 0 PASS, 1 FAIL, 3 NO DATA, 4 INVALID, 2 when the result cannot be read.\n",
    .options = options,
    .run = run,
};

/* One target for everything that reads bytes of others. Byte 0 picks the reader, byte 1 the place
 * where its text is cut in two; the rest is the text. FUZZ_ONLY=N in the environment picks one for
 * all inputs: 0 test-plan.md, 9 k6, 11 k6 TypeScript, 12 Locust, 13 JMeter, 14 live interfaces, 15
 * a metrics page, 16 Prometheus, 17 a judgement, 18 a stored run, 19 what people said, 20
 * who is here. Readers of the tools' results come last, so that the numbers of the others do not
 * change with them; FUZZ_ONLY=results spreads the inputs over all of them. */
#include <math.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/expr.h"
#include "base/markdown.h"
#include "base/text.h"
#include "check/check.h"
#include "corpus/script_plan.h"
#include "gather/gather.h"
#include "history/fields.h"
#include "history/presence_parts.h"
#include "history/said_parts.h"
#include "plan/plan.h"
#include "report/report.h"
#include "result_digest.h"
#include "rules/rules.h"
#include "script/diff.h"
#include "tools/live.h"
#include "tools/process.h"
#include "tools/tool.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void must(bool ok, const char *what) {
    if (ok)
        return;
    fprintf(stderr, "broken promise: %s\n", what);
    abort();
}

static const struct rules *builtin(void) {
    static struct rules rules;
    static bool loaded;
    if (!loaded)
        must(rules_load(&rules, NULL, NULL), "the built-in rules can be read");
    loaded = true;
    return &rules;
}

/* --- plans, rules, formulas --- */

static void fuzz_plan(const char *text, size_t len) {
    struct plan p;
    struct err e = {0};
    if (!plan_read(&p, "test-plan.md", text, len, &e))
        must(e.kind != ERR_NONE, "a failed plan_read says why");
    for (int s = 0; s < PLAN_SCOPES; s++)
        for (int k = 0; k < PLAN_KEYS; k++) {
            const struct plan_value *v = plan_get(&p, (enum plan_scope)s, (enum plan_key)k);
            must(isnan(v->value) || (v->line > 0 && v->value >= 0 &&
                                     v->value <= (k == PLAN_MEMORY_MB ? 1e9 : 1e7)),
                 "a figure of a plan has a line and is in range");
            must(v->other_line == 0 || isnan(v->value), "a conflict takes no value");
        }
    must(p.endpoints <= PLAN_ENDPOINTS_MAX, "no more endpoints than the limit");
    plan_fini(&p);
}

static void fuzz_markdown(const char *text, size_t len) {
    struct markdown m;
    if (markdown_parse(&m, text, len, NULL))
        for (size_t i = 0; i < m.len; i++) {
            must(m.block[i].text && m.block[i].line > 0, "a block has a text and a line");
            must(m.block[i].cells <= MARKDOWN_CELLS_MAX, "no more cells than the limit");
        }
    markdown_fini(&m);
}

static void fuzz_expr(const char *text, size_t len) {
    static const struct expr_name names[] = {{"L", 50}, {"hold", 600}, {"ramp", NAN}, {"zero", 0}};
    char *string = strndup(text, len);
    double value;
    bool good = expr_check(string, names, 4, NULL),
         done = expr_eval(string, names, 4, &value, NULL);
    must(good || !done, "what cannot be parsed has no value");
    free(string);
}

static void fuzz_rules(const char *text, size_t len, enum rules_doc doc) {
    struct rules r = *builtin();
    struct err e = {0};
    if (!rules_read(&r, doc, "rules.md", text, len, &e))
        must(e.kind != ERR_NONE, "a failed rules_read says why");
}
static void fuzz_models(const char *text, size_t len) { fuzz_rules(text, len, DOC_MODELS); }
static void fuzz_validation(const char *text, size_t len) { fuzz_rules(text, len, DOC_VALIDATION); }
static void fuzz_hosts(const char *text, size_t len) { fuzz_rules(text, len, DOC_INFRASTRUCTURE); }
static void fuzz_diagnosis(const char *text, size_t len) { fuzz_rules(text, len, DOC_DIAGNOSIS); }

/* --- JSON of ours --- */

static void fuzz_saved_plan(const char *text, size_t len) {
    char *string = strndup(text, len);
    struct profile p;
    if (report_plan_read(string, &p, NULL)) {
        must(p.stages > 0 && p.stages <= STAGES_MAX, "a plan has stages");
        for (int i = 0; i < 10; i++)
            (void)profile_rate_at(&p, p.duration_s * i / 9);
    }
    free(string);
}

static void fuzz_saved_summary(const char *text, size_t len) {
    char *string = strndup(text, len);
    struct summary s, again;
    if (report_summary_read(string, &s, NULL)) {
        char *json = report_summary_json(&s);
        must(report_summary_read(json, &again, NULL), "a summary that was read can be written");
        free(json);
        summary_fini(&again);
    }
    summary_fini(&s);
    (void)report_check_read_summary(string, &s, NULL);
    summary_fini(&s);
    free(string);
}

static void check_judgement(const struct judgement *j) {
    must(j->checks <= CHECKS_MAX && j->causes <= CAUSES_MAX && j->steps <= STEPS_MAX &&
             j->findings.len <= FINDINGS_MAX && j->stress.steps <= STRESS_STEPS_MAX,
         "no list of a judgement is longer than its limit");
    must(j->stress.last_pass < (int)j->stress.steps || !j->has_stress, "a step is one of them");
    for (size_t i = 0; i < j->checks; i++)
        must(verdict_name(j->check[i].status) && op_text(j->check[i].op), "words are known");
}

static void fuzz_judgement(const char *text, size_t len) {
    static struct judgement j, again;
    char *string = strndup(text, len);
    struct err e = {0};
    if (report_judgement_read(string, &j, &e)) {
        check_judgement(&j);
        char *json = report_judgement_json(&j);
        must(report_judgement_read(json, &again, NULL), "a judgement that was read can be written");
        free(json);
        judgement_fini(&again);
    } else {
        must(e.kind != ERR_NONE && e.text[0], "an error says why");
    }
    judgement_fini(&j);
    free(string);
}

/* A row of the store, all its texts written by somebody else. */
static void fuzz_record(const char *text, size_t len) {
    static struct record r;
    struct run row = {.id = 14,
                      .check_json = strndup(text, len),
                      .plan_json = strndup(text, len / 2),
                      .files_json = strndup(text + len / 2, len - len / 2)};
    struct err e = {0};
    for (int part = 0; part < 3; part++) { /* each alone is reached */
        if (report_record_read(&row, &r, &e)) {
            check_judgement(&r.judgement);
            must(r.files <= RECORD_FILES_MAX, "no more files than there is room for");
        }
        row = r.is;
        r.is = (struct run){0};
        record_fini(&r);
        char **drop = part == 0 ? &row.plan_json : &row.files_json;
        free(*drop);
        *drop = NULL;
    }
    free(row.check_json);
}

/* --- scripts --- */

/* Edits applied; the new text reads back as the profile, and a second rewrite changes nothing. */
static void check_rewrite(const struct tool *t, const struct source *old, struct edits *edits,
                          const struct profile *p) {
    struct err e = {0};
    size_t new_len;
    char *new = edits_apply(edits, old->text, old->len, &new_len, &e);
    must(new != NULL, "edits fit the text they were made from");
    const struct source src = {.text = new, .len = new_len, .file = old->file};
    if (!t->verify(&src, p, &e)) {
        fprintf(stderr, "%s\n", e.text);
        must(false, "a rewritten script reads back as the profile");
    }
    struct edits second = {0};
    struct findings notes = {0};
    must(t->rewrite(&src, p, &second, &notes, &e) && second.len == 0,
         "a rewritten script is its own rewrite");
    edits_fini(&second);
    findings_fini(&notes);
    struct diff d;
    diff_make(&d, old->text, old->len, new, new_len, edits);
    for (size_t i = 0; i < d.len; i++) {
        size_t whole = d.line[i].kind == DIFF_ADD ? new_len : old->len;
        must(d.line[i].start <= whole && d.line[i].len <= whole - d.line[i].start,
             "a line of the difference is inside its text");
    }
    diff_fini(&d);
    free(new);
}

static void fuzz_model(const struct tool *t, const struct source *src, const struct facts *f,
                       enum model m) {
    static struct profile p;
    struct edits edits = {0};
    struct findings notes = {0};
    struct err e = {0};
    if (!script_plan(t, f, m, builtin(), &p, &notes, &e) ||
        !t->rewrite(src, &p, &edits, &notes, &e))
        must(e.kind != ERR_NONE && e.kind != ERR_INTERNAL, "a refused rewrite has a reason");
    else
        check_rewrite(t, src, &edits, &p);
    edits_fini(&edits);
    findings_fini(&notes);
}

static void fuzz_text(const struct tool *t, const char *name, const char *text, size_t len) {
    const struct source src = {.text = text, .len = len, .file = name};
    struct facts facts;
    struct err e = {0};
    bool understood = t->facts(&src, &facts, &e);
    must(understood || e.kind != ERR_NONE, "a refused script has a reason");
    for (int m = 0; m < MODELS && understood; m++)
        fuzz_model(t, &src, &facts, (enum model)m);
    facts_fini(&facts);
    struct code_spans spans = {0};
    t->colour(text, len, &spans);
    for (size_t i = 0; i < spans.len; i++)
        must(spans.item[i].end <= len && spans.item[i].start < spans.item[i].end &&
                 (i == 0 || spans.item[i].start >= spans.item[i - 1].end),
             "spans are sorted and inside the text");
    code_spans_fini(&spans);
}

/* Scripts come from file_read(): a NUL stands behind them. */
static void fuzz_script(const char *tool, const char *name, const char *text, size_t len) {
    char *script = malloc(len + 1);
    memcpy(script, text, len);
    script[len] = '\0';
    fuzz_text(tool_find(tool), name, script, len);
    free(script);
}
static void fuzz_k6(const char *s, size_t len) { fuzz_script("k6", "baseline_a.js", s, len); }
static void fuzz_k6_typed(const char *s, size_t len) { fuzz_script("k6", "baseline_a.ts", s, len); }
static void fuzz_locust(const char *s, size_t len) {
    fuzz_script("locust", "locustfile.py", s, len);
}
static void fuzz_jmeter(const char *s, size_t len) { fuzz_script("jmeter", "a.jmx", s, len); }

static void fuzz_version(const char *text, size_t len) {
    char *string = strndup(text, len), out[32];
    for (const struct tool *const *t = tools; *t; t++)
        if ((*t)->version && (*t)->version(string, out, sizeof out))
            must(strlen(out) < sizeof out, "a version fits");
    (void)tool_reader(text, len);
    free(string);
}

/* --- files of the store that persons own: the first line is the file's name --- */

static const char *take_name(const char *text, size_t *len, char name[SAID_NAME_BYTES]) {
    const char *end = memchr(text, '\n', *len);
    size_t n = end ? (size_t)(end - text) : 0;
    if (n >= SAID_NAME_BYTES)
        n = 0;
    memcpy(name, text, n);
    name[n] = '\0';
    *len -= end ? n + 1 : 0;
    return end ? text + n + 1 : text;
}

static void fuzz_said(const char *text, size_t len) {
    static struct said s, again;
    struct said_name n;
    char name[SAID_NAME_BYTES], same[SAID_NAME_BYTES];
    const char *bytes = take_name(text, &len, name);
    bool named = said_name_parse(name, &n);
    must(!named || (n.run > 0 && n.id > 0 && n.id <= SAID_MOST && n.uid >= 0),
         "a name's numbers are in range");
    if (!said_file_parse(name, bytes, len, 1000, &s))
        return;
    must(named && n.run == s.run && n.id == s.id && n.uid == s.uid && n.kind == s.kind,
         "a file is what its name says");
    must(s.proven == (s.uid == 1000), "its owner proves who it is of");
    must(fields_digest(s.seal.verdict) && strlen(s.text) < SAID_TEXT_BYTES, "values are in range");
    char *written = said_file_write(&s, &len);
    must(written && said_file_parse(name, written, len, 1000, &again),
         "what was read can be written");
    said_name_write(&again, same);
    must(strcmp(same, name) == 0 && strcmp(again.text, s.text) == 0 && strcmp(again.on, s.on) == 0,
         "and is the same then");
    free(written);
}

static void fuzz_here(const char *text, size_t len) {
    struct here who;
    struct here_file f, again;
    char name[SAID_NAME_BYTES], same[HERE_NAME_BYTES], written[HERE_FILE_BYTES];
    const char *bytes = take_name(text, &len, name);
    if (!here_parse(name, &who) || !here_read(&who, bytes, len, &f))
        return;
    here_name(&who, same);
    must(strcmp(same, name) == 0, "a program has one name");
    must(f.is.uid == who.uid && f.is.pid == who.pid && who.pid > 0,
         "it is of who it is named after");
    must(f.is.at.screen >= 0 && f.is.at.run >= 0 && f.is.follows_uid >= -1 && f.is.follows_pid >= 0,
         "numbers are in range");
    must(isnan(f.is.at.time_s) || f.is.at.time_s >= 0, "a time is from 0 on");
    len = here_write(&f, written);
    must(len && here_read(&who, written, len, &again) &&
             strcmp(again.is.at.focus, f.is.at.focus) == 0,
         "what was read can be written");
}

/* --- results --- */

static void check_trace(const struct trace *t) {
    must(t->n > 0 && t->n <= MOMENTS_MAX && t->name[0], "a trace has a name and values");
    for (size_t i = 0; i < t->n; i++)
        must(isfinite(t->at[i].value) && t->at[i].value >= 0 && t->at[i].t_s >= 0 &&
                 (i == 0 || t->at[i].t_s > t->at[i - 1].t_s),
             "memory goes on in time, from 0 on");
}

static void check_figures(const struct summary *s) {
    static const enum metric rising[] = {METRIC_MIN_MS, METRIC_MED_MS, METRIC_P90_MS,
                                         METRIC_P95_MS, METRIC_P99_MS, METRIC_MAX_MS};
    const struct figure *last = NULL;
    for (int m = 0; m < METRICS; m++) {
        const struct figure *f = &s->figure[m];
        must(isnan(f->value) || (isfinite(f->value) && f->value >= 0), "a figure is from 0 on");
        must(isnan(f->value) || (f->low <= f->value && f->value <= f->high),
             "a figure lies in its interval");
    }
    for (size_t i = 0; s->computed && i < sizeof rising / sizeof *rising; i++) {
        const struct figure *f = &s->figure[rising[i]];
        if (isnan(f->value))
            continue;
        must(!last || last->value <= f->value * (1 + s->percentile_error) + 1e-9,
             "computed percentiles rise");
        last = f;
    }
    for (size_t i = 0; i < s->memories; i++)
        check_trace(&s->memory[i]);
    for (size_t i = 1; i < s->series.points; i++)
        must(s->series.point[i].at_s > s->series.point[i - 1].at_s, "a series goes on in time");
    must(s->series.points <= POINTS_MAX && s->errors <= ERRORS_MAX &&
             s->stretches <= STRETCHES_MAX && s->endpoints <= ENDPOINTS_MAX &&
             s->memories <= TRACES_MAX,
         "no list is longer than its limit");
}

/* Whatever a result holds is judged, and nothing that was not measured passes. */
static void judge(const struct summary *s, enum model model, enum arrivals arrivals) {
    static struct judgement j;
    struct check_input in;
    check_input_init(&in);
    in.run = s;
    in.rules = builtin();
    in.model = model;
    in.arrivals = arrivals;
    in.target_rps.value = 50;
    in.think_ms = arrivals == ARRIVALS_CLOSED ? 0 : (double)NAN;
    in.memory_limit_mb = 1000;
    check_run(&in, &j);
    must(j.verdict >= VERDICT_PASS && j.verdict <= VERDICT_INVALID && j.sentence[0],
         "every result has a verdict and a sentence");
    for (size_t i = 0; i < j.checks; i++)
        must(j.verdict != VERDICT_PASS || !j.check[i].required ||
                 (j.check[i].status == VERDICT_PASS && !isnan(j.check[i].value)),
             "a pass has passed each check that is required");
    must(!j.has_stress || j.stress.steps <= STRESS_STEPS_MAX, "no more steps than the limit");
    must(!j.has_stress || isnan(j.stress.break_load) ||
             (j.stress.low <= j.stress.break_load && j.stress.break_load <= j.stress.high),
         "a break lies in its interval");
    free(report_check_json(s, &j, (const char *const[]){"paste", NULL}, false));
    judgement_fini(&j);
}

/* Through everything that a file goes through, to the JSON of the store and back. */
static void fuzz_gather(const struct reader *r, const char *text, size_t len, bool planned) {
    struct stretch_wanted hold = {"hold", 1, 10};
    const struct gather_options o = {.format = r->name,
                                     .stretch = &hold,
                                     .stretches = planned,
                                     .find_steps = !planned,
                                     .step_cut = 0.1,
                                     .threads = 1,
                                     .memory_only = true};
    struct summary s, again;
    struct err e = {0};
    if (gather_bytes("paste", text, len, &o, &s, &e)) {
        check_figures(&s);
        char *json = report_summary_json(&s);
        must(report_summary_read(json, &again, NULL), "a summary that was read can be written");
        free(json);
        judge(&again, MODEL_LOAD, ARRIVALS_OPEN);
        judge(&s, MODEL_STRESS, planned ? ARRIVALS_OPEN : ARRIVALS_CLOSED);
        judge(&s, MODEL_SOAK, ARRIVALS_PACED);
        summary_fini(&again);
    } else {
        must(e.kind != ERR_NONE && e.kind != ERR_INTERNAL && e.text[0], "an error says why");
    }
    summary_fini(&s);
}

static void fuzz_reader(const struct reader *r, const char *text, size_t len, size_t cut) {
    struct digest whole, parts;
    bool ok = digest_read(r, text, len, 0, 0, &whole, NULL);
    must(digest_read(r, text, len, cut, 0, &parts, NULL) == ok,
         "a cut changes nothing: read or refused");
    must(!ok || digest_same(&whole, &parts), "a cut changes no word");
    must(!ok || !whole.odd, "what is said is whole");
    fuzz_gather(r, text, len, cut % 2 == 0);
}

/* --- answers over HTTP --- */

static void check_clean(const char *text, const char *what) {
    char clean[4096];
    size_t changed = text_clean(text, strlen(text), TEXT_ONE_LINE, clean, sizeof clean);
    must(changed == 0 && strcmp(text, clean) == 0, what);
}

static bool good_number(double x) { return isnan(x) || (isfinite(x) && x >= 0); }

static void check_error(const struct err *e) {
    must(e->kind != ERR_NONE && e->kind != ERR_INTERNAL && e->text[0], "an error says why");
    check_clean(e->text, "an error is clean");
    check_clean(e->fix, "what to do is clean");
}

static void check_live(const struct live_figures *f) {
    const double all[] = {
        f->requests,  f->failed,     f->avg_ms,         f->min_ms,    f->med_ms,
        f->p90_ms,    f->p95_ms,     f->p99_ms,         f->max_ms,    f->rps,
        f->elapsed_s, f->iterations, f->dropped,        f->vus,       f->vus_allocated,
        f->now_s,     f->now_rps,    f->now_failed_rps, f->now_p95_ms};
    for (size_t i = 0; i < sizeof all / sizeof *all; i++)
        must(good_number(all[i]), "a live figure is from 0 on");
    must(!(f->failed > f->requests), "no more failed than were sent");
    check_clean(f->note, "a note is clean");
}

/* One round in which each address answers the same, with each kind of status. */
static void fuzz_round(const struct live *l, long status, const char *text, size_t len) {
    struct live_figures f;
    live_figures_init(&f);
    for (int i = 0; l->path[i]; i++) {
        struct err e = {0};
        if (!l->read(i, status, text, len, &f, &e))
            check_error(&e);
        check_live(&f);
    }
}

static void fuzz_live(const char *text, size_t len) {
    static const long statuses[] = {200, 302, 401, 404, 500};
    for (const struct live *const *l = lives; *l; l++)
        for (size_t i = 0; i < sizeof statuses / sizeof *statuses; i++)
            fuzz_round(*l, statuses[i], text, len);
}

static void fuzz_page(const char *text, size_t len) {
    struct process_figures f;
    struct err e = {0};
    bool ok = process_page_read(text, len, &f, &e);
    if (!ok)
        check_error(&e);
    must(good_number(f.memory_mb) && good_number(f.cpu_s) && good_number(f.start_s) &&
             good_number(f.open_files) && good_number(f.most_files),
         "a figure of a process is from 0 on");
    must(isnan(f.memory_mb) == !f.memory_of[0], "memory has a name");
    must(ok == !(isnan(f.memory_mb) && isnan(f.cpu_s)), "a page tells something");
}

static void check_value(void *self, const char *series, double t_s, double value) {
    (void)self;
    must(series[0] && isfinite(t_s) && isfinite(value) && value >= 0, "a value is from 0 on");
    check_clean(series, "the name of a series is clean");
}

static void fuzz_prometheus(const char *text, size_t len) {
    for (int what = PROCESS_MEMORY; what <= PROCESS_CPU; what++) {
        struct err e = {0};
        if (!prometheus_answer_read(text, len, (enum process_metric)what, check_value, NULL, &e))
            check_error(&e);
    }
    must(!(prometheus_scrape_s(text, len) <= 0), "it scrapes at an interval");
    char *query = strndup(text, len), path[2048];
    if (prometheus_now_path(query, path, sizeof path))
        check_clean(path, "a path is clean");
    (void)prometheus_range_path(query, 1, 2, 3, path, len % sizeof path + 1);
    free(query);
}

/* --- the choice --- */

static void (*const texts[])(const char *, size_t) = {
    fuzz_plan,    fuzz_markdown,   fuzz_expr,       fuzz_models,        fuzz_validation,
    fuzz_hosts,   fuzz_diagnosis,  fuzz_saved_plan, fuzz_saved_summary, fuzz_k6,
    fuzz_version, fuzz_k6_typed,   fuzz_locust,     fuzz_jmeter,        fuzz_live,
    fuzz_page,    fuzz_prometheus, fuzz_judgement,  fuzz_record,        fuzz_said,
    fuzz_here,
};
enum { TEXTS = sizeof texts / sizeof *texts };

static const struct reader *reader_number(size_t n) {
    for (const struct tool *const *t = tools; *t; t++)
        for (const struct reader *const *r = (*t)->readers; *r; r++)
            if (n-- == 0)
                return *r;
    return NULL;
}

static size_t readers(void) {
    size_t n = 0;
    while (reader_number(n))
        n++;
    return n;
}

static size_t choose(size_t byte) {
    static const char *only;
    only = only ? only : getenv("FUZZ_ONLY");
    if (!only)
        return byte;
    return strcmp(only, "results") == 0 ? TEXTS + byte % readers() : (size_t)atoi(only);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    if (size < 2)
        return -1;
    size_t len = size - 2, cut = data[1] * len / 255;
    char *text = malloc(len ? len : 1);
    memcpy(text, data + 2, len);
    size_t pick = choose(data[0]);
    const struct reader *r = pick < TEXTS ? NULL : reader_number(pick - TEXTS);
    if (r)
        fuzz_reader(r, text, len, cut);
    else if (pick < TEXTS)
        texts[pick](text, len);
    free(text);
    return r || pick < TEXTS ? 0 : -1;
}

/* Runs to report on: a load test that kept its limits and one that did not (made here, request by
 * request, the same each time), a stress and a soak test from tests/data; and what people said of
 * them. */
#ifndef PERFSCALE_TESTS_REPORT_FIXTURE_H
#define PERFSCALE_TESTS_REPORT_FIXTURE_H

#include <locale.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/buf.h"
#include "base/file.h"
#include "base/mem.h"
#include "base/text.h"
#include "gather/gather.h"
#include "report/report.h"
#include "session/session.h"

#define COUNT(a) (sizeof(a) / sizeof *(a))

enum told_run { TOLD_PASSED, TOLD_FAILED, TOLD_STRESS, TOLD_SOAK, TOLD_RUNS };
static const char *const told_names[TOLD_RUNS] = {"report_passed", "report_failed", "report_stress",
                                                  "report_soak"};

enum { TOLD_SAID = 16, TOLD_VOTES = 4, TOLD_START_S = 1762092600 /* 2025-11-02 14:10:00 UTC */ };

/* One report with all that it borrows. */
struct told {
    struct rules rules;
    struct record record;
    struct said said[TOLD_SAID];
    size_t saids;
    struct review review;
    struct ledger_row ledger[2];
    struct report_doc doc;
};

/* --- requests -------------------------------------------------------------------------------- */

static const char *const told_endpoints[] = {"POST /login", "GET /orders", "GET /orders/{id}",
                                             "POST /orders"};

static inline unsigned told_random(unsigned *state) {
    *state = *state * 1103515245u + 12345u;
    return *state >> 16 & 0x7fff;
}

/* One second of requests: around base_ms, every fourth of another endpoint; a spike at eight
 * minutes. */
static inline void told_second(struct buf *b, int at_s, int n, int base_ms, int fail_per_1000,
                               unsigned *state) {
    for (int i = 0; i < n; i++) {
        unsigned r = told_random(state);
        int ms = base_ms + (int)(r % 60) + (r % 97 == 0 ? 140 : 0);
        ms += (at_s / 4 % 120 == 0 ? 60 : 0) + 12 * (i % 4);
        bool ok = (int)(told_random(state) % 1000) >= fail_per_1000;
        buf_printf(b, "%d%03d,%d,%s,%d,%s,pool 1-%d,%s,512,40,40\n", TOLD_START_S + at_s,
                   i * 1000 / n, ms, told_endpoints[i % 4], ok ? 200 : 503,
                   ok ? "OK" : "Service Unavailable", i % 40 + 1, ok ? "true" : "false");
    }
}

static inline void told_requests(struct buf *b, bool failed) {
    unsigned state = 7;
    buf_str(b, "timeStamp,elapsed,label,responseCode,responseMessage,threadName,success,bytes,"
               "grpThreads,allThreads\n");
    for (int s = 0; s < 750; s++) {
        int n = s < 100 ? 40 * (s + 1) / 100 : s < 700 ? 40 : 40 * (750 - s) / 50;
        bool bad = failed && s >= 420;
        if (n > 0)
            told_second(b, s, n, bad ? 420 + (s - 420) / 3 : 150, bad ? 25 : 0, &state);
    }
}

/* --- reading and judging --------------------------------------------------------------------- */

static inline void told_profile(struct told *t) {
    struct load_input load = {.model = MODEL_LOAD,
                              .arrivals = ARRIVALS_OPEN,
                              .target_rps = 40,
                              .avg_ms = 200,
                              .requests_per_iteration = 4,
                              .think_ms = 1000,
                              .hold_ms = 600000,
                              .ramp_ms = 100000,
                              .ramp_down_ms = 50000,
                              .steps = NAN,
                              .start_rps = NAN,
                              .max_rps = NAN,
                              .p95_limit_ms = 500,
                              .error_limit = 0.01,
                              .baseline = {.vus = NAN, .rps = NAN}};
    struct findings notes = {0};
    struct err e = {0};
    if (!profile_make(&load, &t->rules, &t->record.profile, &notes, &e))
        abort();
    findings_fini(&notes);
    t->record.has_profile = true;
}

static inline void told_read(struct told *t, const char *name, const char *bytes, size_t len,
                             enum model model) {
    struct stretch_wanted stretch[STRETCHES_MAX];
    struct gather_options o = session_read_options(
        NULL, t->record.has_profile ? &t->record.profile : NULL, model, &t->rules, stretch);
    struct err e = {0};
    if (!gather_bytes(name, bytes, len, &o, &t->record.run, &e)) {
        fprintf(stderr, "%s: %s\n", e.file, e.text);
        abort();
    }
}

static inline void told_read_file(struct told *t, const char *file, enum model model) {
    size_t len = 0;
    char path[512];
    snprintf(path, sizeof path, "%s/%s", TEST_DATA, file);
    char *bytes = file_read(path, 1 << 24, &len, NULL);
    if (!bytes)
        abort();
    told_read(t, file, bytes, len, model);
    free(bytes);
}

static inline void told_judge(struct told *t, enum model model) {
    struct check_input in;
    check_input_init(&in);
    in.run = &t->record.run;
    in.rules = &t->rules;
    in.model = model;
    in.profile = t->record.has_profile ? &t->record.profile : NULL;
    in.p95_ms = (struct given){.value = 500, .from = "test-plan.md:14"};
    in.error_rate = (struct given){.value = 0.01, .from = "test-plan.md:15"};
    if (model == MODEL_LOAD)
        in.target_rps = (struct given){.value = 40, .from = "test-plan.md:12"};
    if (model == MODEL_SOAK)
        in.memory_limit_mb = 2048;
    check_run(&in, &t->record.judgement);
    judgement_copy(&t->review.judgement, &t->record.judgement);
}

/* --- what people said ------------------------------------------------------------------------ */

static inline void told_hash(char out[DIGEST_BYTES], char digit) {
    memset(out, digit, DIGEST_BYTES - 1);
    out[DIGEST_BYTES - 1] = '\0';
}

static inline struct said *told_say(struct told *t, enum said_kind kind, const char *by,
                                    const char *on, const char *text) {
    struct said *s = &t->said[t->saids++];
    *s = (struct said){.run = 14, .id = (int)t->saids, .kind = kind, .proven = true};
    s->at_ms = 1000 * ((int64_t)TOLD_START_S + 900 + 60 * (int64_t)t->saids);
    s->uid = strcmp(by, "ana") == 0 ? 1001 : 1002;
    text_copy(s->by, sizeof s->by, by);
    text_copy(s->on, sizeof s->on, on);
    text_copy(s->text, sizeof s->text, text);
    s->seal = t->review.now;
    return s;
}

static inline struct note *told_note(struct told *t, const char *by, const char *on,
                                     const char *text, int depth) {
    struct said *s = told_say(t, SAID_NOTE, by, on, text);
    struct review *v = &t->review;
    v->note = mem_resize(v->note, v->notes + 1, sizeof *v->note);
    struct note *n = &v->note[v->notes++];
    *n = (struct note){.said = s, .depth = depth};
    return n;
}

static inline struct vote *told_vote(struct told *t, enum said_kind kind, const char *by,
                                     const char *text, const char *why) {
    struct said *s = told_say(t, kind, by, "", text);
    struct review *v = &t->review;
    v->vote = mem_resize(v->vote, v->votes + 1, sizeof *v->vote);
    struct vote *x = &v->vote[v->votes++];
    *x = (struct vote){.said = s, .valid = why[0] == '\0'};
    text_copy(x->why, sizeof x->why, why);
    return x;
}

static inline struct waiver *told_waive(struct told *t, const char *metric, const char *by,
                                        const char *reason) {
    struct review *v = &t->review;
    v->waiver = mem_resize(v->waiver, v->waivers + 1, sizeof *v->waiver);
    struct waiver *w = &v->waiver[v->waivers++];
    *w = (struct waiver){.said = told_say(t, SAID_WAIVE, by, metric, reason), .valid = true};
    for (size_t i = 0; i < v->judgement.checks; i++) {
        struct check *c = &v->judgement.check[i];
        if (strcmp(c->metric, metric) != 0)
            continue;
        text_copy(c->waived_by, sizeof c->waived_by, by);
        text_copy(c->waived_why, sizeof c->waived_why, reason);
    }
    return w;
}

static inline void told_review(struct told *t) {
    struct review *v = &t->review;
    told_hash(v->now.results, '8');
    told_hash(v->now.script, '7');
    told_hash(v->now.rules, '5');
    told_hash(v->now.limits, '9');
    told_hash(v->now.verdict, '3');
    v->needed = 1;
    told_note(t, "bo", "p95", "What is this spike? It touches all four endpoints.", 0);
    told_note(t, "ana", "", "Full GC of 1.1 s, in gc.log.\nIt returns every 8 minutes.", 1);
    struct note *n = told_note(t, "bo", "", "Are we sure the cache was warm?", 0);
    n->state = NOTE_AGREED;
    n->settled = told_say(t, SAID_SETTLE, "ana", "", "");
    v->open_notes = 1;
    told_vote(t, SAID_APPROVE, "ana", "", "ana ran it; someone else approves");
    told_vote(t, SAID_APPROVE, "bo", "Evidence looked at.", "");
    v->approvals = 1;
    v->state = REVIEW_APPROVED;
    t->ledger[0] = (struct ledger_row){"p95 limit", "400 ms", "500 ms", true};
    t->ledger[1] = (struct ledger_row){"hold", "5:00", "10:00", false};
    t->doc.ledger = t->ledger;
    t->doc.ledgers = 2;
    t->doc.ledger_run = 9;
    text_copy(t->doc.ledger_by, sizeof t->doc.ledger_by, "bo");
}

static inline void told_row(struct told *t, const char *tool, const char *version,
                            const char *script, const char *source) {
    struct run *r = &t->record.is;
    r->id = 14;
    r->at_ms = 1000 * ((int64_t)TOLD_START_S + 780);
    r->author_uid = 1001;
    r->author_proven = true;
    r->target_rps = t->record.has_profile ? t->record.profile.target_rps : NAN;
    text_copy(r->author, sizeof r->author, "ana");
    text_copy(r->confirmed_by, sizeof r->confirmed_by, "ana");
    text_copy(r->host, sizeof r->host, "vm-perf-02");
    text_copy(r->tool, sizeof r->tool, tool);
    text_copy(r->tool_version, sizeof r->tool_version, version);
    text_copy(r->model, sizeof r->model, model_name(t->record.judgement.model));
    text_copy(r->script, sizeof r->script, script);
    text_copy(r->source, sizeof r->source, source);
    if (t->record.has_profile)
        r->plan_json = report_plan_json(&(struct report_plan){.tool = tool,
                                                              .baseline = "baseline_orders.jmx",
                                                              .script = script,
                                                              .profile = &t->record.profile,
                                                              .result_bytes = NAN});
    struct record_file *f = &t->record.file[t->record.files++];
    *f = (struct record_file){.bytes = 1843200, .mtime_ms = r->at_ms - 2000};
    text_copy(f->name, sizeof f->name, source);
    text_copy(f->kind, sizeof f->kind, "result");
    told_hash(f->sha256, '8');
}

/* --- whole ----------------------------------------------------------------------------------- */

static inline void told_init(struct told *t) {
    *t = (struct told){0};
    setlocale(LC_CTYPE, "C.UTF-8");
    if (!rules_load(&t->rules, NULL, NULL))
        abort();
    t->doc = (struct report_doc){.record = &t->record, .review = &t->review};
}

static inline void told_end(struct told *t);

/* In place, because the report borrows. */
static inline void told_make(struct told *t, enum told_run run) {
    struct buf b;
    told_init(t);
    switch (run) {
    case TOLD_PASSED:
    case TOLD_FAILED:
        told_profile(t);
        buf_init(&b, 1 << 24);
        told_requests(&b, run == TOLD_FAILED);
        told_read(t, "load_orders.jtl", b.data, b.len, MODEL_LOAD);
        buf_fini(&b);
        told_judge(t, MODEL_LOAD);
        told_row(t, "jmeter", "5.6.3", "load_orders.jmx", "load_orders.jtl");
        break;
    case TOLD_STRESS:
        told_read_file(t, "series/stress/knee-8-workers.steps.csv", MODEL_STRESS);
        told_judge(t, MODEL_STRESS);
        told_row(t, "k6", "2.2.0", "stress_orders.js", "knee-8-workers.steps.csv");
        break;
    case TOLD_SOAK:
    case TOLD_RUNS:
        told_read_file(t, "series/soak/linear-leak-8h.csv", MODEL_SOAK);
        told_judge(t, MODEL_SOAK);
        told_row(t, "k6", "2.2.0", "soak_orders.js", "linear-leak-8h.csv");
        break;
    }
    told_review(t);
}

/* --- hostile --------------------------------------------------------------------------------- */

/* Controls of terminals, HTML, XML, Markdown, order of reading, what ends a block of any of them.
 */
#define TOLD_EVIL                                                                                  \
    "\x1b[31m\x9b\x07\xe2\x80\xae</td></table></script><script>alert(1)</script>]]><img src=x "    \
    "onerror=alert(1)>&lt;b&gt;\"'`|![a](http://evil.example/x)@bo #12 **b** ~~s~~ $x$ "           \
    "www.evil.example a@evil.example <!-- --> \xff\xc0\xaf\xe2\x80\x8b\r"

/* What told_spoil() writes: this, or a plain word, so that only the texts differ. */
static const char *told_spoiler = TOLD_EVIL;

static inline void told_evil(char *text, size_t size) { text_copy(text, size, told_spoiler); }

#define TOLD_SPOIL(field) told_evil(field, sizeof(field))

static inline void told_spoil_said(struct told *t) {
    for (size_t i = 0; i < t->saids; i++) {
        struct said *s = &t->said[i];
        TOLD_SPOIL(s->by);
        snprintf(s->text, sizeof s->text,
                 "# head\n- list\n1. one\n---\n===\n| a | b |\n|---|---|\n> quote\n    "
                 "code\n```\n<b>\n%s\n\n</details>\n\n%s",
                 told_spoiler, told_spoiler);
        if (strcmp(told_spoiler, TOLD_EVIL) != 0)
            TOLD_SPOIL(s->text);
        TOLD_SPOIL(s->on);
        TOLD_SPOIL(s->seal.results);
    }
    for (size_t i = 0; i < t->review.votes; i++)
        TOLD_SPOIL(t->review.vote[i].why);
}

static inline void told_spoil_judgement(struct judgement *j) {
    for (size_t i = 0; i < j->checks; i++) {
        TOLD_SPOIL(j->check[i].why);
        TOLD_SPOIL(j->check[i].limit_from);
        TOLD_SPOIL(j->check[i].waived_by);
        TOLD_SPOIL(j->check[i].waived_why);
        snprintf(j->check[i].metric, sizeof j->check[i].metric, "p95:%.240s", told_spoiler);
    }
    for (size_t i = 0; i < j->causes; i++) {
        TOLD_SPOIL(j->cause[i].id);
        TOLD_SPOIL(j->cause[i].name);
        TOLD_SPOIL(j->cause[i].evidence);
        TOLD_SPOIL(j->cause[i].points_at);
        TOLD_SPOIL(j->cause[i].look_next);
    }
    for (size_t i = 0; i < j->steps; i++)
        snprintf(j->step[i], sizeof j->step[i], "%zu %s", i, told_spoiler);
    for (size_t i = 0; i < j->findings.len; i++) {
        TOLD_SPOIL(j->findings.item[i].text);
        TOLD_SPOIL(j->findings.item[i].file);
    }
    TOLD_SPOIL(j->sentence);
    TOLD_SPOIL(j->soak.memory.why);
}

static inline void told_spoil_run(struct told *t) {
    struct summary *run = &t->record.run;
    for (size_t i = 0; i < run->endpoints; i++)
        TOLD_SPOIL(run->endpoint[i].name);
    for (size_t i = 0; i < run->errors; i++)
        TOLD_SPOIL(run->error[i].text);
    for (size_t i = 0; i < run->stretches; i++)
        if (&run->stretch[i] != summary_steady(run))
            TOLD_SPOIL(run->stretch[i].name);
    for (size_t i = 0; i < run->memories; i++)
        TOLD_SPOIL(run->memory[i].name);
    TOLD_SPOIL(t->review.judgement.soak.memory_of);
    TOLD_SPOIL(run->percentiles);
    TOLD_SPOIL(run->format);
    TOLD_SPOIL(run->stopped);
}

/* Everything that came from outside. */
static inline void told_spoil(struct told *t) {
    struct run *r = &t->record.is;
    told_spoil_said(t);
    told_spoil_judgement(&t->review.judgement);
    told_spoil_run(t);
    TOLD_SPOIL(r->author);
    TOLD_SPOIL(r->confirmed_by);
    TOLD_SPOIL(r->host);
    TOLD_SPOIL(r->tool);
    TOLD_SPOIL(r->tool_version);
    TOLD_SPOIL(r->script);
    TOLD_SPOIL(r->source);
    TOLD_SPOIL(t->review.now.results);
    TOLD_SPOIL(t->review.pinned_by);
    TOLD_SPOIL(t->record.file[0].name);
    TOLD_SPOIL(t->record.file[0].kind);
    TOLD_SPOIL(t->record.file[0].sha256);
    TOLD_SPOIL(t->ledger[0].what);
    TOLD_SPOIL(t->ledger[0].was);
    TOLD_SPOIL(t->ledger[0].is);
    TOLD_SPOIL(t->doc.ledger_by);
    for (int i = 0; i < t->record.profile.stages; i++)
        TOLD_SPOIL(t->record.profile.stage[i].name);
    t->review.pinned = true;
    t->review.missing = 2;
}

/* Nothing that a terminal or a reader of text would act on. */
static inline void told_expect_clean(const char *text) {
    for (size_t i = 0, len = strlen(text); i < len;) {
        uint32_t cp;
        size_t n = text_decode(text + i, len - i, &cp);
        enum text_class k = text_classify(cp);
        if (cp != '\n' && k != TEXT_KEEP && k != TEXT_COMBINE)
            fail_msg("U+%04X at %zu: %.60s", (unsigned)cp, i, text + i);
        i += n;
    }
}

/* --- golden documents ------------------------------------------------------------------------ */

/* GOLDEN_UPDATE=1 writes the files anew; their diff is what one reviews. */
static inline void told_golden(enum told_run run, enum report_format f) {
    static struct told t;
    char path[512];
    size_t len = 0;
    told_make(&t, run);
    char *got = report_document(&t.doc, f);
    snprintf(path, sizeof path, "%s/tests/golden/%s%s", TEST_ROOT, told_names[run],
             report_format_ending(f));
    FILE *out = getenv("GOLDEN_UPDATE") ? fopen(path, "w") : NULL;
    if (out) {
        fputs(got, out);
        fclose(out);
    }
    char *want = file_read(path, 1 << 24, &len, NULL);
    if (!want)
        fail_msg("%s is missing; GOLDEN_UPDATE=1 writes it", path);
    size_t same = 0;
    while (got[same] && got[same] == want[same])
        same++;
    if (strcmp(got, want) != 0)
        fail_msg("%s differs at byte %zu: \"%.80s\" instead of \"%.80s\"", path, same, got + same,
                 want + same);
    free(got);
    free(want);
    told_end(&t);
}

/* The same bytes again, also where clocks go differently. */
static inline void told_same_bytes(enum report_format f) {
    for (int run = 0; run < TOLD_RUNS; run++) {
        static struct told t;
        told_make(&t, (enum told_run)run);
        setenv("TZ", "Asia/Kolkata", 1);
        tzset();
        char *one = report_document(&t.doc, f);
        setenv("TZ", "UTC", 1);
        tzset();
        told_end(&t);
        told_make(&t, (enum told_run)run);
        char *two = report_document(&t.doc, f);
        assert_string_equal(one, two);
        free(one);
        free(two);
        told_end(&t);
    }
}

static inline void told_end(struct told *t) {
    free(t->record.is.plan_json);
    summary_fini(&t->record.run);
    judgement_fini(&t->record.judgement);
    judgement_fini(&t->review.judgement);
    free(t->review.note);
    free(t->review.vote);
    free(t->review.waiver);
}

#endif

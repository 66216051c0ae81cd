/* `runs --json` and `show --json`: their members, and nothing in them that a terminal obeys. */
#include <locale.h>
#include <stdlib.h>

#include "review_fixture.h"

#include <cjson/cJSON.h>

#include "report/report.h"

static cJSON *shown;

static cJSON *parse(char *json) {
    for (const char *p = json; *p; p++)
        if (((unsigned char)*p < ' ' && *p != '\n' && *p != '\t') || *p == '\x7f')
            fail_msg("a control byte %d in the JSON", *p);
    if (strstr(json, "\xe2\x80\xae") || strstr(json, "\xc2\x9b") || strstr(json, "u001b"))
        fail_msg("a control character in the JSON");
    cJSON *o = cJSON_Parse(json);
    assert_non_null(o);
    free(json);
    return o;
}

/* "notes.0.by" */
static const cJSON *at(const char *path) {
    const cJSON *o = shown;
    char step[64];
    while (*path) {
        size_t n = strcspn(path, ".");
        memcpy(step, path, n);
        step[n] = '\0';
        o = cJSON_IsArray(o) ? cJSON_GetArrayItem(o, atoi(step))
                             : cJSON_GetObjectItemCaseSensitive(o, step);
        if (!o)
            fail_msg("no member %s", path);
        path += n + (path[n] == '.');
    }
    return o;
}

static void expect_text(const char *path, const char *want) {
    const cJSON *it = at(path);
    if (want ? !cJSON_IsString(it) || strcmp(it->valuestring, want) != 0 : !cJSON_IsNull(it))
        fail_msg("%s is %s", path, cJSON_PrintUnformatted(it));
}

static void expect_number(const char *path, double want) {
    const cJSON *it = at(path);
    if (isnan(want) ? !cJSON_IsNull(it) : !cJSON_IsNumber(it) || it->valuedouble != want)
        fail_msg("%s is %s", path, cJSON_PrintUnformatted(it));
}

static void expect_bool(const char *path, bool want) {
    if (want ? !cJSON_IsTrue(at(path)) : !cJSON_IsFalse(at(path)))
        fail_msg("%s is %s", path, cJSON_PrintUnformatted(at(path)));
}

static void expect_members(const cJSON *o, const char *names) {
    char got[1200] = "";
    size_t n = 0;
    for (const cJSON *it = o->child; it; it = it->next)
        n += (size_t)snprintf(got + n, sizeof got - n, "%s%s", n ? " " : "", it->string);
    assert_string_equal(got, names);
}

/* --- show ------------------------------------------------------------------------------------- */

static struct report_doc doc;

static int begin_doc(void **state) {
    begin(state);
    struct run *r = &record.is;
    r->at_ms = 1793628660000;
    strcpy(r->host, "vm-perf-02");
    strcpy(r->tool_version, "k6 2.2.0");
    strcpy(r->source, "load_orders.csv");
    record.run.tool = "k6";
    record.files = 2;
    record.file[0] = (struct record_file){.name = "load_orders.csv", .kind = "result", .bytes = 99};
    record.file[1] = (struct record_file){.name = "load_orders.js", .kind = "script"};
    doc = (struct report_doc){.record = &record, .review = &review};
    return 0;
}

static void show(void) {
    make();
    cJSON_Delete(shown);
    shown = parse(report_show_json(&doc));
}

static int end_doc(void **state) {
    cJSON_Delete(shown);
    shown = NULL;
    return end(state);
}

static void members_of_show(void **state) {
    (void)state;
    say(BO, SAID_NOTE, "p95", "note");
    vote(BO, SAID_APPROVE);
    say(CY, SAID_WAIVE, "p95", "because");
    show();
    expect_members(shown,
                   "tool format tool_version sources model requests failed error_rate rps "
                   "duration_s iterations dropped_iterations vus_max latency_ms "
                   "success_latency_ms failure_latency_ms percentiles generators in_flight errors "
                   "stretches series windows memory_mb endpoints window checks verdict causes "
                   "stalls stress soak findings next_steps id at author author_uid author_proven "
                   "confirmed_by host script plan limits hashes files notes signatures waivers "
                   "review open_notes approvals approvals_needed statements_missing author_why "
                   "pinned pinned_by ledger");
    expect_members(at("notes.0"),
                   "id by uid at on text state settled_by settled_why reply_to proven");
    expect_members(at("signatures.0"), "id by uid at vote text valid outdated proven why_not");
    expect_members(at("waivers.0"), "id by uid at metric reason valid proven why_not");
    expect_members(at("limits.0"), "metric limit op unit from");
    expect_members(at("hashes"), "results limits rules script verdict");
    expect_members(at("files.0"), "name kind bytes sha256");
}

static void a_run_that_was_reviewed(void **state) {
    (void)state;
    say(BO, SAID_NOTE, "", "What is this?");
    say(ANA, SAID_NOTE, "", "A pause.")->reply_to = 1;
    struct said *s = say(BO, SAID_SETTLE, "", "seen in gc.log");
    s->reply_to = 1;
    s->state = NOTE_AGREED;
    say(CY, SAID_WAIVE, "p95", "known pause");
    vote(ANA, SAID_APPROVE);
    say(BO, SAID_APPROVE, "", "fine");
    static const struct ledger_row rows[] = {{"p95 limit", "400 ms", "500 ms", true}};
    doc.ledger = rows;
    doc.ledgers = 1;
    doc.ledger_run = 9;
    strcpy(doc.ledger_by, "bo");
    show();
    expect_number("id", 14);
    expect_text("at", "2026-11-02T14:11:00Z");
    expect_text("author", "ana");
    expect_bool("author_proven", true);
    expect_text("author_why", NULL);
    expect_text("host", "vm-perf-02");
    expect_text("tool_version", "k6 2.2.0");
    expect_text("sources.0", "load_orders.csv");
    assert_int_equal(cJSON_GetArraySize(at("sources")), 1);
    expect_text("verdict", "pass");
    expect_text("checks.0.status", "fail");
    expect_text("checks.0.waived.by", "cy");
    expect_text("checks.0.waived.reason", "known pause");
    expect_text("next_steps.0",
                "Passed except for 1 waived check: p95 (over limit), waived by cy: known pause.");
    expect_number("limits.0.limit", 500);
    expect_text("limits.0.from", "test-plan.md:14");
    expect_text("hashes.verdict", review.now.verdict);
    expect_text("files.0.kind", "result");
    expect_text("files.1.sha256", NULL);
    expect_text("notes.0.text", "What is this?");
    expect_text("notes.0.on", "run");
    expect_text("notes.0.state", "agreed");
    expect_text("notes.0.settled_by", "bo");
    expect_text("notes.0.at", "2023-11-14T22:14:20Z");
    expect_number("notes.0.reply_to", NAN);
    expect_number("notes.1.reply_to", 1);
    expect_text("signatures.0.vote", "approve");
    expect_bool("signatures.0.valid", false);
    expect_text("signatures.0.why_not", "ana ran it; someone else approves");
    expect_bool("signatures.1.valid", true);
    expect_text("signatures.1.why_not", NULL);
    expect_number("signatures.1.uid", BO);
    expect_bool("waivers.0.valid", true);
    expect_text("review", "approved");
    expect_bool("pinned", false);
    expect_number("ledger.since", 9);
    expect_text("ledger.rows.0.was", "400 ms");
    expect_bool("ledger.rows.0.loosened", true);
    expect_text("plan", NULL);
}

static void a_run_of_an_older_store(void **state) {
    (void)state;
    record.is.author_uid = -1;
    record.is.author_proven = false;
    record.is.at_ms = 0;
    record.files = 0;
    record.is.hash = now = (struct hashes){0};
    strcpy(record.is.source, "paste");
    show();
    expect_text("at", NULL);
    expect_number("author_uid", NAN);
    expect_text("author_why", "author not confirmed: it is not known which account ran it");
    expect_text("sources.0", "paste");
    expect_text("hashes.results", NULL);
    expect_text("review", "none");
    expect_text("ledger", NULL);
}

#define HOSTILE "a\033[2J\xe2\x80\xae\xc2\x9b\xff\x07"
#define HARMLESS "a?[2J????"

static void hostile_words(void **state) {
    (void)state;
    strcpy(record.is.author, HOSTILE);
    strcpy(record.is.host, HOSTILE);
    strcpy(record.file[0].name, HOSTILE);
    record.is.plan_json =
        mem_strdup("{\"model\":\"\\u001b[2J\",\"a\\u001b\":[{\"b\":\"\xe2\x80\xae\"}]}");
    say(BO, SAID_NOTE, "p95", HOSTILE);
    strcpy(say(BO, SAID_REQUEST_CHANGES, "", HOSTILE)->by, HOSTILE);
    say(BO, SAID_WAIVE, HOSTILE, HOSTILE);
    show();
    expect_text("author", HARMLESS);
    expect_text("host", HARMLESS);
    expect_text("files.0.name", HARMLESS);
    expect_text("notes.0.text", HARMLESS);
    expect_text("signatures.0.by", HARMLESS);
    expect_text("waivers.0.metric", HARMLESS);
    expect_text("plan.model", "?[2J");
    expect_text("plan.a?.0.b", "?");
}

static void a_plan_that_is_none(void **state) {
    (void)state;
    record.is.plan_json = mem_strdup("[1,");
    show();
    expect_text("plan", NULL);
}

/* --- runs ------------------------------------------------------------------------------------- */

static void list_of_runs(void **state) {
    (void)state;
    struct run r = {.id = 14,
                    .at_ms = 1793628660000,
                    .author = HOSTILE,
                    .tool = "k6",
                    .model = "load",
                    .script = "load_orders.js",
                    .target_rps = 200,
                    .rps = 199.6,
                    .p95_ms = NAN,
                    .error_rate = 0.0002,
                    .verdict = "pass"};
    static const struct {
        enum review_state review;
        const char *sign, *word;
    } states[] = {{REVIEW_NONE, "none", "none"},
                  {REVIEW_OPEN, "none", "open"},
                  {REVIEW_APPROVED, "approved", "approved"},
                  {REVIEW_CHANGES, "changes_requested", "changes_requested"},
                  {REVIEW_OUTDATED, "outdated", "outdated"}};
    struct report_run rows[COUNT(states)];
    for (size_t i = 0; i < COUNT(states); i++)
        rows[i] = (struct report_run){
            .is = &r, .notes = 2, .open_notes = 1, .review = states[i].review, .pinned = i == 2};
    shown = parse(report_runs_json(rows, COUNT(states)));
    expect_members(at("runs.0"), "id at author tool model script source target_rps rps p95_ms "
                                 "error_rate verdict waived notes open_notes signed review pinned");
    expect_number("runs.0.id", 14);
    expect_text("runs.0.at", "2026-11-02T14:11:00Z");
    expect_text("runs.0.author", HARMLESS);
    expect_number("runs.0.rps", 199.6);
    expect_number("runs.0.p95_ms", NAN);
    expect_number("runs.0.notes", 2);
    expect_bool("runs.0.pinned", false);
    expect_bool("runs.2.pinned", true);
    for (size_t i = 0; i < COUNT(states); i++) {
        char path[32];
        snprintf(path, sizeof path, "runs.%zu.signed", i);
        expect_text(path, states[i].sign);
        snprintf(path, sizeof path, "runs.%zu.review", i);
        expect_text(path, states[i].word);
    }
}

static void no_runs(void **state) {
    (void)state;
    shown = parse(report_runs_json(NULL, 0));
    assert_int_equal(cJSON_GetArraySize(at("runs")), 0);
}

#define ON_A_RUN(test) cmocka_unit_test_setup_teardown(test, begin_doc, end_doc)

int main(void) {
    setlocale(LC_CTYPE, "C.UTF-8");
    const struct CMUnitTest tests[] = {
        ON_A_RUN(members_of_show),
        ON_A_RUN(a_run_that_was_reviewed),
        ON_A_RUN(a_run_of_an_older_store),
        ON_A_RUN(hostile_words),
        ON_A_RUN(a_plan_that_is_none),
        ON_A_RUN(list_of_runs),
        ON_A_RUN(no_runs),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

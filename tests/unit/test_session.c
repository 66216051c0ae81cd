#include "session_fixture.h"

#include "report/report.h"

/* --- phase 0 --- */

static void assert_missing(const struct session *s, const char *words) {
    const char *out[5];
    char joined[80] = "";
    int n = session_missing(s, out);
    assert_null(out[n]);
    for (int i = 0; i < n; i++)
        snprintf(joined + strlen(joined), sizeof joined - strlen(joined), "%s%s", i ? " " : "",
                 out[i]);
    assert_string_equal(joined, words);
}

static const struct row *find_row(const struct row *rows, int n, const char *title) {
    for (int i = 0; i < n; i++)
        if (strcmp(rows[i].title, title) == 0)
            return &rows[i];
    return NULL;
}

static void assert_row(const struct session *s, const char *title, enum mark mark, const char *what,
                       const char *why) {
    struct row rows[PREREQUISITE_ROWS];
    const struct row *r = find_row(rows, session_prerequisite_rows(s, rows), title);
    if (!r)
        fail_msg("no row %s", title);
    assert_string_equal(r->what, what);
    assert_string_equal(r->why, why);
    assert_int_equal(r->mark, mark);
}

static void nothing_is_here(void **state) {
    struct session *s = open_session(*state);
    assert_true(session_nothing_here(s));
    assert_false(session_prepared(s));
    assert_missing(s, "plan baseline baseline_result");
    assert_true(prerequisite_finding(s, "plan-missing"));
    assert_true(prerequisite_finding(s, "baseline-missing"));
    assert_row(s, "Test plan", MARK_BROKEN, "test-plan.md", "not in this directory");
}

static void a_directory_that_is_not_there(void **state) {
    struct bench *b = *state;
    struct err e = {0};
    assert_false(session_open(b->s, in(b, "nowhere"), noon_ms, &e));
    assert_int_equal(e.kind, ERR_IO);
}

static void plan_only(void **state) {
    struct bench *b = *state;
    put(b, "test-plan.md", plan_text);
    struct session *s = open_session(b);
    assert_false(session_nothing_here(s));
    assert_missing(s, "baseline baseline_result");
    assert_false(session_prepared(s));
    assert_row(s, "Test plan", MARK_OK, "test-plan.md",
               "100 RPS, p95 < 500 ms, errors < 1 %, 10:00");
    assert_string_equal(session_step(s, STEP_PREREQUISITES).what, "baseline missing");
    assert_string_equal(session_step(s, STEP_LOAD).what, "locked");
}

/* One line says what of the plan was read; nothing of it is left out in silence. */
static void what_was_read_of_a_plan(void **state) {
    static const struct {
        const char *plan, *why;
        enum mark mark;
    } cases[] = {
        {"RPS: 50\n\np95 < 800 ms\n\np99 < 2 s\n", "50 RPS, p95 < 800 ms, p99 < 2,000 ms", MARK_OK},
        {"| Endpoint | RPS | p95 (ms) |\n|---|---|---|\n| POST /a | 50 | 400 |\n"
         "| GET /a | 150 | 200 |\n",
         "2 endpoints", MARK_OK},
        {"Target RPS: 100\nPeak throughput 120 RPS\nAvailability at least 99.9 %\n",
         "lines 1 and 2 disagree on target RPS, errors < 0.1 %", MARK_NEAR},
        {"p95 < 800 ms\n", "no target RPS, p95 < 800 ms", MARK_NEAR},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        put(*state, "test-plan.md", cases[i].plan);
        struct session *s = open_session(*state);
        assert_row(s, "Test plan", cases[i].mark, "test-plan.md", cases[i].why);
        session_close(s);
    }
}

static void baseline_only(void **state) {
    struct bench *b = *state;
    put(b, "baseline_orders.js", script_text);
    struct session *s = open_session(b);
    assert_missing(s, "plan baseline_result");
    assert_true(prerequisite_finding(s, "plan-missing"));
    assert_string_equal(session_step(s, STEP_PREREQUISITES).what, "plan missing");
}

static void a_result_that_nobody_gave_is_no_stop(void **state) {
    struct session *s = open_simple(*state);
    assert_missing(s, "baseline_result");
    assert_true(session_prepared(s));
    assert_false(session_ready(s));
    assert_false(session_step_open(s, STEP_LOAD));
    assert_true(prerequisite_finding(s, "baseline-stated"));
    assert_row(s, "Baseline script", MARK_OK, "baseline_orders.js",
               "k6, 11 lines, 1 request per iteration");
    assert_row(s, "Baseline errors", MARK_NODATA, "no data", "needs a baseline result");
}

static void stated_is_marked_as_stated(void **state) {
    struct session *s = open_simple(*state);
    session_state_baseline(s);
    assert_int_equal(s->base.source, BASELINE_STATED);
    assert_true(session_ready(s));
    assert_missing(s, "");
    struct row rows[PREREQUISITE_ROWS];
    const struct row *r = find_row(rows, session_prerequisite_rows(s, rows), "Baseline result");
    assert_int_equal(r->mark, MARK_NEAR);
    assert_non_null(strstr(r->why, ", not measured."));
    assert_null(find_row(rows, session_prerequisite_rows(s, rows), "Baseline newer"));
    assert_int_equal(session_step(s, STEP_PREREQUISITES).mark, MARK_NEAR);
}

static void a_result_beside_the_baseline_is_found(void **state) {
    struct session *s = open_measured(*state);
    assert_true(session_ready(s));
    assert_missing(s, "");
    assert_row(s, "Baseline result", MARK_OK, "baseline_orders.json", "3 VUs, 0:12, 96 requests");
    assert_row(s, "Baseline errors", MARK_OK, "0 of 96", "0 %, limit 0 %");
    assert_row(s, "Baseline steady", MARK_NODATA, "no data", "a summary has no time series");
    assert_string_equal(session_step(s, STEP_PREREQUISITES).why,
                        "plan and baseline ready, 0 errors in 96");
    session_state_baseline(s);
    assert_int_equal(s->base.source, BASELINE_MEASURED); /* words do not replace figures */
}

static void a_baseline_with_errors_stops(void **state) {
    struct bench *b = *state;
    put(b, "test-plan.md", plan_text);
    put_sample(b, "baseline_orders_flaky.js", "baseline-v2.2-flaky/baseline_orders_flaky.js");
    put_sample(b, "baseline_orders_flaky.txt", "baseline-v2.2-flaky/console.txt");
    struct session *s = open_session(b);
    assert_int_equal(s->base.stability, UNSTABLE);
    assert_false(session_prepared(s));
    assert_false(session_ready(s));
    assert_missing(s, "stable");
    assert_true(prerequisite_finding(s, "baseline-errors"));
    assert_row(s, "Baseline errors", MARK_BROKEN, "2 of 70", "2.86 %, limit 0 %");
    struct err e = {0};
    set(s, FIELD_TARGET, "10");
    assert_false(session_confirm_load(s, &e));
    assert_int_equal(e.kind, ERR_MISSING);
}

static void several_baselines_are_asked_for(void **state) {
    struct bench *b = *state;
    put(b, "test-plan.md", plan_text);
    put(b, "baseline_a.js", script_text);
    put(b, "baseline_b.js", script_text);
    put(b, "load_old.js", script_text);
    struct session *s = open_session(b);
    assert_int_equal(s->ws.baselines, 2);
    assert_int_equal(s->base.chosen, -1);
    assert_true(session_prepared(s));
    assert_false(session_ready(s));
    assert_row(s, "Baseline script", MARK_NODATA, "2 found",
               "2 baseline scripts found. Enter chooses one.");
    struct err e = {0};
    assert_false(session_choose_baseline(s, 2, &e));
    assert_true(session_choose_baseline(s, 1, &e));
    assert_string_equal(s->ws.baseline[s->base.chosen].name, "baseline_b.js");
    assert_true(s->base.facts_known);
    assert_true(s->dirty);
}

/* Found and offered like any other. Its results cannot be read, so its baseline is stated; what
 * cannot be understood at all is said where it stands. */
static void a_script_of_another_tool(void **state) {
    struct bench *b = *state;
    size_t len;
    char *plan = file_read(TEST_ROOT "/tests/golden/workspace/shop.jmx", 1 << 20, &len, NULL);
    put(b, "test-plan.md", plan_text);
    put(b, "baseline_a.js", script_text);
    put(b, "broken.jmx", "<jmeterTestPlan>\n");
    put(b, "shop.jmx", plan);
    free(plan);
    struct session *s = open_session(b);
    assert_int_equal(s->ws.baselines, 3);
    assert_int_equal(s->base.chosen, -1);
    struct err e = {0};
    strcpy(s->tool_version, "2.2.0");
    assert_true(session_choose_baseline(s, 1, &e));
    assert_string_equal(s->tool_version, ""); /* that was k6 */
    assert_true(prerequisite_finding(s, "script-not-understood"));
    assert_true(session_choose_baseline(s, 2, &e));
    assert_row(s, "Baseline script", MARK_OK, "shop.jmx", "JMeter, 91 lines, 2 scenarios");
    assert_row(s, "Baseline result", MARK_NODATA, "no data", "no result file named after it found");
    char next[200];
    session_next(s, STEP_PREREQUISITES, next, sizeof next);
    assert_non_null(strstr(next, "state that it has no errors"));
    session_state_baseline(s);
    assert_true(session_ready(s));
    set(s, FIELD_AVG, "100");
    assert_int_equal(s->profile.arrivals, ARRIVALS_PACED);
    assert_true(s->profile.users > s->profile.vus);
    must_confirm(s);
    must_write(s);
    assert_string_equal(s->script.name, "load_shop.jmx");
    assert_true(session_step_open(s, STEP_RUN));
}

static void the_plan_names_its_baseline(void **state) {
    struct bench *b = *state;
    char text[512];
    snprintf(text, sizeof text, "%s- Baseline: baseline_b.js\n", plan_text);
    put(b, "test-plan.md", text);
    put(b, "baseline_a.js", script_text);
    put(b, "baseline_b.js", script_text);
    struct session *s = open_session(b);
    assert_int_equal(s->base.chosen, 1);
}

/* k6 --out json writes points, and people name that file like a summary. */
static void a_result_that_is_none_is_said(void **state) {
    struct bench *b = *state;
    put(b, "test-plan.md", plan_text);
    put(b, "baseline_orders.js", script_text);
    put(b, "baseline_orders.json", "{\"type\":\"Metric\",\"data\":{}}\n");
    struct session *s = open_session(b);
    assert_true(session_prepared(s));
    assert_int_equal(s->base.source, BASELINE_UNKNOWN);
    assert_row(s, "Baseline result", MARK_NODATA, "no data",
               "baseline_orders.json: is not a summary that is known here");
    assert_true(prerequisite_finding(s, "baseline-result-unreadable"));
}

static void an_old_result_is_a_warning(void **state) {
    struct bench *b = *state;
    open_measured(b);
    age(b, "baseline_orders.json", 600);
    struct session *s = open_session(b);
    assert_true(session_ready(s));
    assert_true(prerequisite_finding(s, "baseline-older"));
    assert_int_equal(session_step(s, STEP_PREREQUISITES).mark, MARK_NEAR);
}

static void a_result_without_error_count(void **state) {
    struct bench *b = *state;
    open_simple(b);
    put_sample(b, "baseline_orders.json", "baseline-v0.26/summary-export.json");
    struct session *s = open_session(b);
    assert_int_equal(s->base.stability, STABLE_UNKNOWN);
    assert_row(s, "Baseline errors", MARK_NODATA, "no data",
               "the result does not count failed requests");
}

static void a_found_result_that_cannot_be_read(void **state) {
    struct bench *b = *state;
    open_simple(b);
    char *text = sample("baseline-v2.2/summary-export.json");
    text[strlen(text) / 2] = '\0';
    put(b, "baseline_orders.json", text);
    free(text);
    struct session *s = open_session(b);
    assert_int_equal(s->base.source, BASELINE_UNKNOWN);
    assert_true(session_prepared(s));
    if (s->ws.results > 0)
        assert_true(prerequisite_finding(s, "baseline-result-unreadable"));
}

static void broken_rules_are_said(void **state) {
    struct bench *b = *state;
    assert_int_equal(mkdir(in(b, "rules"), 0700), 0);
    put(b, "rules/metric-validation.md", "# Nothing\n");
    struct session *s = open_measured(b);
    assert_int_not_equal(s->rules_error.kind, ERR_NONE);
    char next[200];
    session_next(s, STEP_OVERVIEW, next, sizeof next);
    assert_string_equal(next, "Repair the rules, then press r.");
    assert_true(prerequisite_finding(s, "rules-broken"));
    struct err e = {0};
    assert_false(session_confirm_load(s, &e));
    assert_non_null(strstr(e.file, "metric-validation.md"));
}

static void reading_again_keeps_what_was_entered(void **state) {
    struct bench *b = *state;
    struct session *s = open_simple(b);
    struct err e = {0};
    set(s, FIELD_TARGET, "40");
    must_paste(s, "baseline-v2.2/terminal.txt");
    session_baseline_use_intake(s);
    assert_int_equal(s->base.source, BASELINE_MEASURED);
    put(b, "test-plan.md", "# Plan\n\n- p95 < 300 ms\n");
    assert_true(session_rescan(s, &e));
    assert_string_equal(s->form.field[FIELD_TARGET].typed, "40");
    assert_true(s->form.field[FIELD_P95].value == 300);
    assert_string_equal(s->base.file, "paste");
    assert_true(summary_value(&s->base.result, METRIC_REQUESTS) == 96);
}

static void nothing_is_written_by_looking(void **state) {
    struct bench *b = *state;
    struct session *s = open_measured(b);
    int before = count_entries(b->dir);
    struct err e = {0};
    session_rescan(s, &e);
    session_check_host(s);
    session_save(s);
    session_save_place(s, "Overview");
    assert_int_equal(count_entries(b->dir), before);
}

/* --- the load --- */

static void assert_question(const struct session *s, const char *line, const char *more) {
    char a[200], m[200];
    session_question(s, a, sizeof a, m, sizeof m);
    assert_string_equal(a, line);
    if (more)
        assert_string_equal(m, more);
}

static void the_question(void **state) {
    struct session *s = open_simple(*state);
    session_state_baseline(s);
    set(s, FIELD_AVG, "500ms");
    assert_question(s, "Calculated 50 VUs for 100 RPS. Proceed?",
                    "100 iterations/s, 12:30, 67,500 requests to http://127.0.0.1:27080");
    set(s, FIELD_MODEL, "Soak");
    set(s, FIELD_HOLD, "4h");
    assert_question(s, "Calculated 50 VUs for 100 RPS over 4:00 h. Proceed?", NULL);
    set(s, FIELD_MODEL, "Stress");
    set(s, FIELD_STEPS, "6");
    set(s, FIELD_MAX, "600");
    assert_question(s, "Calculated 300 VUs for 600 RPS in 6 steps. Proceed?", NULL);
}

/* "min" stands beside the field. */
static void a_plain_number_has_the_unit_beside_it(void **state) {
    static const struct {
        enum field field;
        const char *typed;
        double value;
    } cases[] = {
        {FIELD_HOLD, "10", 600},       {FIELD_HOLD, "10:30", 630},   {FIELD_HOLD, "90s", 90},
        {FIELD_HOLD, "1.5", 90},       {FIELD_RAMP_UP, "0", 0},      {FIELD_AVG, "500", 500},
        {FIELD_AVG, "0.5s", 500},      {FIELD_ERRORS, "0.5", 0.005}, {FIELD_ERRORS, "0.5 %", 0.005},
        {FIELD_TARGET, "6000/m", 100},
    };
    struct session *s = open_simple(*state);
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        session_set_field(s, cases[i].field, cases[i].typed);
        assert_float_equal(s->form.field[cases[i].field].value, cases[i].value, 1e-9);
    }
    session_set_field(s, FIELD_ERRORS, "120");
    assert_string_equal(s->form.field[FIELD_ERRORS].error,
                        "Error limit must be at least 0 and at most 100 %.");
}

static void fields_that_are_wrong_block_nothing_else(void **state) {
    struct session *s = open_simple(*state);
    struct err e = {0};
    session_state_baseline(s);
    set(s, FIELD_AVG, "500ms");
    session_set_field(s, FIELD_RAMP_UP, "2oo");
    assert_non_null(strstr(s->form.field[FIELD_RAMP_UP].error, "\"2oo\" is not a"));
    assert_int_equal(s->profile.vus, 50);
    assert_false(session_confirm_load(s, &e));
    assert_int_equal(e.kind, ERR_USAGE);
    assert_non_null(strstr(e.text, "2oo"));
    session_set_field(s, FIELD_RAMP_UP, "");
    must_confirm(s);
    session_set_field(s, FIELD_METHOD, "sideways");
    session_set_field(s, FIELD_MODEL, "upwards");
    assert_false(session_confirm_load(s, &e));
}

static void an_empty_field_is_named(void **state) {
    struct bench *b = *state;
    struct err e = {0};
    put(b, "test-plan.md", "# Plan\n\n- p95 < 300 ms\n");
    put(b, "baseline_orders.js", script_text);
    struct session *s = open_session(b);
    session_state_baseline(s);
    assert_true(prerequisite_finding(s, "target-missing"));
    assert_false(session_confirm_load(s, &e));
    assert_string_equal(e.text, "Target is empty. Enter a number above 0");
    assert_non_null(strstr(e.fix, "--rps"));
    assert_non_null(strstr(e.fix, "--avg"));
}

static void undo_goes_back(void **state) {
    struct session *s = open_simple(*state);
    assert_false(session_undo(s));
    set(s, FIELD_TARGET, "150");
    set(s, FIELD_TARGET, "180");
    set(s, FIELD_AVG, "200");
    assert_true(session_undo(s));
    assert_string_equal(s->form.field[FIELD_AVG].typed, "");
    assert_true(session_undo(s));
    assert_true(s->form.field[FIELD_TARGET].value == 150);
    assert_true(session_undo(s));
    assert_true(s->form.field[FIELD_TARGET].value == 100);
    assert_false(session_undo(s));
    for (int i = 0; i < 3 * UNDO_MAX; i++) {
        char text[16];
        snprintf(text, sizeof text, "%d", i + 1);
        set(s, FIELD_TARGET, text);
    }
    assert_int_equal(s->form.undos, UNDO_MAX);
}

static void control_bytes_do_not_get_into_a_field(void **state) {
    struct session *s = open_simple(*state);
    session_set_field(s, FIELD_TARGET, "1\033[31m\n00");
    assert_null(strchr(s->form.field[FIELD_TARGET].typed, '\033'));
    session_set_field(s, FIELD_TARGET,
                      "a text that is much longer than any field of a form can be");
    assert_true(strlen(s->form.field[FIELD_TARGET].typed) < FIELD_TEXT_MAX);
}

static void steps_lock_and_open_again(void **state) {
    struct session *s = open_measured(*state);
    assert_true(session_step_open(s, STEP_LOAD));
    assert_false(session_step_open(s, STEP_SCRIPT));
    set_recorded_load(s);
    must_confirm(s);
    assert_true(session_step_open(s, STEP_SCRIPT));
    assert_false(session_step_open(s, STEP_RUN));
    must_write(s);
    assert_true(session_step_open(s, STEP_RUN));
    assert_false(session_step_open(s, STEP_RESULTS));
    must_paste(s, "soak-v2.2/console.txt");
    assert_string_equal(session_step(s, STEP_RUN).what, "pasted");
    must_use(s);
    assert_true(session_step_open(s, STEP_RESULTS));
    set(s, FIELD_TARGET, "9");
    assert_false(s->confirmed);
    for (int step = STEP_SCRIPT; step < STEP_HISTORY; step++)
        assert_false(session_step_open(s, (enum step)step));
    assert_true(session_step_open(s, STEP_HISTORY)); /* where the run still is */
    assert_true(session_undo(s));                    /* the same load again: nothing was lost */
    assert_true(session_step_open(s, STEP_RESULTS));
    set(s, FIELD_TARGET, "9");
    must_confirm(s);
    assert_false(s->script.written);
    assert_false(session_step_open(s, STEP_RUN));
    assert_false(s->result.there);
}

static void a_changed_baseline_opens_everything_again(void **state) {
    struct bench *b = *state;
    struct session *s = open_measured(b);
    struct err e = {0};
    set_recorded_load(s);
    must_confirm(s);
    must_write(s);
    assert_true(session_rescan(s, &e));
    assert_true(session_step_open(s, STEP_RUN)); /* read again, and nothing had changed */
    put(b, "baseline_orders.js", script_text);
    assert_true(session_rescan(s, &e));
    assert_false(session_step_open(s, STEP_SCRIPT));
    assert_true(prerequisite_finding(s, "script-changed"));
}

static void stress_first_is_a_warning(void **state) {
    struct session *s = open_measured(*state);
    struct findings f = {0};
    session_load_findings(s, &f);
    assert_false(has_finding(&f, "no-load-run"));
    set(s, FIELD_MODEL, "Stress");
    findings_clear(&f);
    session_load_findings(s, &f);
    assert_true(has_finding(&f, "no-load-run"));
    set(s, FIELD_MODEL, "Load");
    set_recorded_load(s);
    must_confirm(s);
    must_write(s);
    must_paste(s, "soak-v2.2/console.txt");
    must_use(s);
    assert_int_equal(s->result.judgement.verdict, VERDICT_PASS);
    set(s, FIELD_MODEL, "Stress");
    set(s, FIELD_TARGET, "8");
    findings_clear(&f);
    session_load_findings(s, &f);
    assert_false(has_finding(&f, "no-load-run"));
    findings_fini(&f);
}

/* --- the script --- */

static void a_new_file_and_nothing_else(void **state) {
    struct bench *b = *state;
    struct session *s = open_measured(b);
    struct err e = {0};
    char *before = sample("baseline-v2.2/baseline_orders.js");
    size_t len;
    assert_false(session_write_script(s, &e));
    set_recorded_load(s);
    must_confirm(s);
    assert_true(session_prepare_script(s, NULL, &e));
    assert_string_equal(s->script.name, "load_orders.js");
    assert_false(file_exists(in(b, "load_orders.js")));
    assert_non_null(strstr(s->script.command.line, "load_orders.js"));
    assert_true(s->script.diff.added > 0);
    must_write(s);
    char *written = file_read(in(b, "load_orders.js"), 1 << 20, &len, &e);
    assert_non_null(written);
    assert_string_equal(written, s->script.text);
    char *after = file_read(in(b, "baseline_orders.js"), 1 << 20, &len, &e);
    assert_string_equal(after, before);
    assert_false(session_write_script(s, &e)); /* it is written */
    free(before);
    free(written);
    free(after);
}

static void taken_names_are_numbered(void **state) {
    struct bench *b = *state;
    struct session *s = open_measured(b);
    struct err e = {0};
    put(b, "load_orders.js", "mine");
    put(b, "load_orders-2.json", "a result");
    set_recorded_load(s);
    must_confirm(s);
    assert_true(session_prepare_script(s, NULL, &e));
    assert_string_equal(s->script.name, "load_orders-3.js");
    char next[200];
    session_next(s, STEP_SCRIPT, next, sizeof next);
    assert_string_equal(next, "load_orders.js is taken. w writes load_orders-3.js.");
    put(b, "load_orders-3.js", "meanwhile");
    assert_false(session_write_script(s, &e));
    assert_string_equal(e.text, "load_orders-3.js is taken. w writes load_orders-4.js");
    assert_true(session_write_script(s, &e));
    assert_false(session_prepare_script(s, "load_orders.js", &e));
    assert_int_equal(e.kind, ERR_REFUSED);
    size_t len;
    char *mine = file_read(in(b, "load_orders.js"), 100, &len, &e);
    assert_string_equal(mine, "mine");
    free(mine);
}

static void a_script_that_is_not_understood(void **state) {
    struct bench *b = *state;
    struct err e = {0};
    put(b, "test-plan.md", plan_text);
    put(b, "baseline_orders.js",
        "import http from 'k6/http';\n\n"
        "export const options = { scenarios: { a: { executor: 'no-such' } } };\n"
        "export default function () { http.get('http://a.test/'); }\n");
    struct session *s = open_session(b);
    session_state_baseline(s);
    set(s, FIELD_AVG, "500");
    set(s, FIELD_REQUESTS, "1");
    set(s, FIELD_THINK, "0");
    must_confirm(s);
    assert_false(session_prepare_script(s, NULL, &e));
    assert_int_equal(e.line, 3);
    assert_int_equal(s->script.error.line, 3);
    assert_false(s->script.ready);
    assert_string_equal(session_step(s, STEP_SCRIPT).what, "stopped");
    assert_false(session_write_script(s, &e));
}

static void a_directory_without_write_permission(void **state) {
    struct bench *b = *state;
    struct session *s = open_measured(b);
    struct err e = {0};
    set_recorded_load(s);
    must_confirm(s);
    assert_true(session_prepare_script(s, NULL, &e));
    chmod(b->dir, 0500);
    if (getuid() == 0) { /* root may write everywhere */
        assert_int_equal(chown(b->dir, 65534, 65534), 0);
        assert_int_equal(seteuid(65534), 0);
    }
    assert_false(session_write_script(s, &e));
    assert_int_equal(e.kind, ERR_IO);
    assert_false(s->script.written);
    session_save(s);
    assert_true(s->store_notice[0] != '\0');
    assert_true(s->confirmed); /* the session goes on */
}

/* --- results --- */

static struct session *open_written(struct bench *b) {
    struct session *s = open_measured(b);
    set_recorded_load(s);
    must_confirm(s);
    must_write(s);
    return s;
}

static void all_the_way_to_pass(void **state) {
    struct bench *b = *state;
    struct session *s = open_written(b);
    must_paste(s, "soak-v2.2/console.txt");
    assert_true(s->intake.there);
    assert_false(s->result.there);
    assert_string_equal(s->intake.from, "paste");
    must_use(s);
    assert_false(s->intake.there);
    assert_int_equal(s->result.judgement.verdict, VERDICT_PASS);
    assert_string_equal(s->result.judgement.sentence,
                        "Test successful. Ready for deployment/higher load.");
    assert_true(s->result.run_id > 0);
    assert_int_equal(s->result.at_ms, noon_ms);
    struct run run;
    struct err e = {0};
    assert_true(history_get(s->history, s->result.run_id, &run, &e));
    assert_string_equal(run.verdict, "pass");
    assert_string_equal(run.script, "load_orders.js");
    assert_string_equal(run.model, "load");
    assert_non_null(run.plan_json);
    run_fini(&run);
    assert_string_equal(session_step(s, STEP_RUN).what, "3:30, finished");
}

static void a_limit_that_the_user_set_fails(void **state) {
    struct bench *b = *state;
    struct session *s = open_measured(b);
    set_recorded_load(s);
    set(s, FIELD_P95, "100");
    must_confirm(s);
    must_write(s);
    must_paste(s, "soak-v2.2/console.txt");
    must_use(s);
    assert_int_equal(s->result.judgement.verdict, VERDICT_FAIL);
    const struct check *c = judgement_find(&s->result.judgement, "p95");
    assert_int_equal(c->status, VERDICT_FAIL);
    assert_string_equal(c->limit_from, "you");
    assert_int_equal(session_step(s, STEP_RESULTS).mark, MARK_BROKEN);
    assert_string_equal(judgement_find(&s->result.judgement, "error_rate")->limit_from,
                        "test-plan.md:5");
}

static void a_file_is_opened_by_its_name(void **state) {
    struct bench *b = *state;
    struct session *s = open_written(b);
    struct err e = {0};
    put_sample(b, "load_orders.json", "soak-v2.2/summary-export.json");
    assert_true(session_take_file(s, "load_orders.json", NULL, &e));
    assert_string_equal(s->intake.from, "load_orders.json");
    must_use(s);
    assert_string_equal(s->result.from, "load_orders.json");
}

static void what_cannot_be_read_is_said(void **state) {
    struct bench *b = *state;
    struct session *s = open_written(b);
    put(b, "notes.txt", "shopping list\n");
    put(b, "empty.txt", "");
    assert_int_equal(mkfifo(in(b, "pipe.json"), 0600), 0);
    assert_int_equal(mkdir(in(b, "reports"), 0700), 0);
    static const struct {
        const char *name;
        enum err_kind kind;
        const char *why;
    } cases[] = {
        {"gone.json", ERR_IO, "vanished"},
        {"reports", ERR_FORMAT, "a directory without results"},
        {"notes.txt", ERR_FORMAT, "no summary"},
        {"empty.txt", ERR_FORMAT, "empty"},
        {"pipe.json", ERR_FORMAT, "a pipe that nobody writes to"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct err e = {0};
        if (session_take_file(s, cases[i].name, NULL, &e) || e.kind != cases[i].kind)
            fail_msg("%s: %d %s", cases[i].why, e.kind, e.text);
        assert_true(e.file[0] != '\0');
        assert_false(s->intake.there);
    }
    struct err e = {0};
    assert_false(session_take_file(s, "notes.txt", "k6-nonsense", &e));
    assert_int_equal(e.kind, ERR_USAGE);
}

static void pastes_that_are_not_used(void **state) {
    struct session *s = open_written(*state);
    struct err e = {0};
    assert_false(session_take_paste(s, "hello\n", 6, &e));
    assert_string_equal(e.text, "This is not a summary I know. Nothing was stored");
    assert_string_equal(e.file, "");
    assert_false(s->intake.there);
    assert_int_equal(s->intake.len, 6); /* shown, not used */
    assert_memory_equal(s->intake.text, "hello\n", 6);
    char *large = mem_new((1 << 20) + 1, 1);
    memset(large, 'x', (1 << 20) + 1);
    assert_false(session_take_paste(s, large, (1 << 20) + 1, &e));
    assert_int_equal(e.kind, ERR_LIMIT);
    memset(large, 0, 1000);
    assert_false(session_take_paste(s, large, 1000, &e));
    assert_string_equal(e.text, "This is not a summary I know. Nothing was stored");
    assert_string_equal(e.file, "");
    assert_false(session_take_paste(s, "", 0, &e));
    free(large);
    assert_false(s->intake.there);
    assert_false(session_use_intake(s, &e));
    assert_true(session_step_open(s, STEP_RUN)); /* the session goes on */
}

static void what_waits_stays(void **state) {
    struct session *s = open_written(*state);
    must_paste(s, "soak-v2.2/console.txt");
    size_t len = s->intake.len;
    assert_false(session_take_paste(s, "hello\n", 6, NULL));
    assert_true(s->intake.there);
    assert_int_equal(s->intake.len, len);
}

static void dropped_is_gone(void **state) {
    struct session *s = open_written(*state);
    must_paste(s, "soak-v2.2/console.txt");
    session_drop_intake(s);
    assert_false(s->intake.there);
    assert_null(s->intake.text);
}

static void the_baselines_result_is_asked_about(void **state) {
    struct session *s = open_written(*state);
    struct err e = {0};
    assert_true(session_take_file(s, "baseline_orders.json", NULL, &e));
    assert_false(session_use_intake(s, &e));
    assert_string_equal(
        e.text, "This file belongs to baseline_orders.js, not to load_orders.js. Use it anyway?");
    assert_true(session_use_intake(s, &e)); /* asked once, and meant */
    must_paste(s, "baseline-v2.2/summary-export.json");
    assert_false(session_use_intake(s, &e));
    assert_int_equal(e.kind, ERR_REFUSED);
    must_paste(s, "baseline-v2.2/terminal.txt"); /* the same run, its times rounded */
    assert_false(session_use_intake(s, &e));
    assert_string_equal(
        e.text,
        "This summary belongs to baseline_orders.js, not to load_orders.js. Use it anyway?");
}

static void stress_and_soak_are_judged_as_a_whole(void **state) {
    struct bench *b = *state;
    static const char *const models[] = {"Stress", "Soak"};
    for (int i = 0; i < 2; i++) {
        struct session *s = open_measured(b);
        set(s, FIELD_MODEL, models[i]);
        set(s, FIELD_TARGET, "8");
        must_confirm(s);
        must_write(s);
        must_paste(s, "soak-v2.2/console.txt");
        must_use(s);
        assert_true(has_finding(&s->result.judgement.findings, "judged-as-a-whole"));
    }
    assert_true(file_exists(in(b, "stress_orders.js")));
    assert_true(file_exists(in(b, "soak_orders.js")));
}

/* --- words --- */

static void every_step_says_what_is_next(void **state) {
    struct session *s = open_measured(*state);
    char text[512];
    for (int step = 0; step < STEPS; step++) {
        session_next(s, (enum step)step, text, sizeof text);
        assert_true(text[0] != '\0');
        assert_int_equal(text[strlen(text) - 1], '.');
    }
    session_next(s, STEP_PREREQUISITES, text, sizeof text);
    assert_string_equal(text, "Set the load (2).");
    set_recorded_load(s);
    must_confirm(s);
    assert_string_equal(session_step(s, STEP_SCRIPT).what, "not written");
    struct err e = {0};
    assert_true(session_prepare_script(s, NULL, &e));
    session_next(s, STEP_SCRIPT, text, sizeof text);
    assert_string_equal(text, "w writes load_orders.js, a new file.");
}

static void the_plan_as_json(void **state) {
    struct session *s = open_written(*state);
    const char *const written[] = {"load_orders.js", NULL};
    char *json = session_plan_json(s, written);
    struct profile p;
    struct err e = {0};
    if (!report_plan_read(json, &p, &e))
        fail_msg("%s", e.text);
    assert_int_equal(p.vus, s->profile.vus);
    assert_non_null(strstr(json, "\"load_orders.js\""));
    assert_non_null(strstr(json, "k6 run"));
    free(json);
}

static void a_tool_that_is_not_there(void **state) {
    struct session *s = open_measured(*state);
    char *path = mem_strdup(getenv("PATH"));
    setenv("PATH", "/nonexistent", 1);
    session_probe_wait(s, 1000);
    setenv("PATH", path, 1);
    free(path);
    assert_true(s->tool_missing);
    assert_true(prerequisite_finding(s, "tool-missing"));
    assert_row(s, "Tool", MARK_NEAR, "not found",
               "k6 is not in PATH. You can go on; the command needs it.");
}

static void the_version_of_a_tool(void **state) {
    struct bench *b = *state;
    struct session *s = open_measured(b);
    assert_int_equal(session_probe_fd(s), -1);
    assert_int_equal(mkdir(in(b, "bin"), 0700), 0);
    put(b, "bin/k6", "#!/bin/sh\necho 'k6 v2.2.0 (commit/abc, go1.26, linux/amd64)'\n");
    assert_int_equal(chmod(in(b, "bin/k6"), 0700), 0);
    char *path = mem_strdup(getenv("PATH")), mine[2048];
    snprintf(mine, sizeof mine, "%s:%s", in(b, "bin"), path);
    setenv("PATH", mine, 1);
    session_probe_wait(s, 5000);
    setenv("PATH", path, 1);
    free(path);
    assert_string_equal(s->tool_version, "2.2.0");
    assert_row(s, "Tool", MARK_OK, "k6 2.2.0", "found in PATH");
}

int main(void) {
    const struct CMUnitTest tests[] = {
        SESSION_TEST(nothing_is_here),
        SESSION_TEST(a_directory_that_is_not_there),
        SESSION_TEST(plan_only),
        SESSION_TEST(what_was_read_of_a_plan),
        SESSION_TEST(baseline_only),
        SESSION_TEST(a_result_that_nobody_gave_is_no_stop),
        SESSION_TEST(stated_is_marked_as_stated),
        SESSION_TEST(a_result_beside_the_baseline_is_found),
        SESSION_TEST(a_baseline_with_errors_stops),
        SESSION_TEST(several_baselines_are_asked_for),
        SESSION_TEST(a_script_of_another_tool),
        SESSION_TEST(the_plan_names_its_baseline),
        SESSION_TEST(a_result_that_is_none_is_said),
        SESSION_TEST(an_old_result_is_a_warning),
        SESSION_TEST(a_result_without_error_count),
        SESSION_TEST(a_found_result_that_cannot_be_read),
        SESSION_TEST(broken_rules_are_said),
        SESSION_TEST(reading_again_keeps_what_was_entered),
        SESSION_TEST(nothing_is_written_by_looking),
        SESSION_TEST(the_question),
        SESSION_TEST(a_plain_number_has_the_unit_beside_it),
        SESSION_TEST(fields_that_are_wrong_block_nothing_else),
        SESSION_TEST(an_empty_field_is_named),
        SESSION_TEST(undo_goes_back),
        SESSION_TEST(control_bytes_do_not_get_into_a_field),
        SESSION_TEST(steps_lock_and_open_again),
        SESSION_TEST(a_changed_baseline_opens_everything_again),
        SESSION_TEST(stress_first_is_a_warning),
        SESSION_TEST(a_new_file_and_nothing_else),
        SESSION_TEST(taken_names_are_numbered),
        SESSION_TEST(a_script_that_is_not_understood),
        SESSION_TEST(a_directory_without_write_permission),
        SESSION_TEST(all_the_way_to_pass),
        SESSION_TEST(a_limit_that_the_user_set_fails),
        SESSION_TEST(a_file_is_opened_by_its_name),
        SESSION_TEST(what_cannot_be_read_is_said),
        SESSION_TEST(pastes_that_are_not_used),
        SESSION_TEST(what_waits_stays),
        SESSION_TEST(dropped_is_gone),
        SESSION_TEST(the_baselines_result_is_asked_about),
        SESSION_TEST(stress_and_soak_are_judged_as_a_whole),
        SESSION_TEST(every_step_says_what_is_next),
        SESSION_TEST(the_plan_as_json),
        SESSION_TEST(a_tool_that_is_not_there),
        SESSION_TEST(the_version_of_a_tool),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

/* The JSON of the headless command line: its members, null for what was not measured, and back. */
#include "report/report.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cjson/cJSON.h>
#include <cmocka.h>

#include "base/buf.h"
#include "base/mem.h"
#include "plan/plan.h"

static struct rules rules; /* the built-in ones */

static int load_rules(void **state) {
    (void)state;
    return rules_load(&rules, NULL, NULL) ? 0 : 1;
}

/* Names of the members of an object, in their order, with one blank between. */
static void expect_members(const cJSON *o, const char *names) {
    char got[1000] = "";
    size_t n = 0;
    assert_non_null(o);
    for (const cJSON *it = o->child; it; it = it->next)
        n += (size_t)snprintf(got + n, sizeof got - n, "%s%s", n ? " " : "", it->string);
    assert_string_equal(got, names);
}

static cJSON *parse(char *json) {
    cJSON *o = cJSON_Parse(json);
    if (!o)
        fail_msg("no JSON: %s", json);
    free(json);
    return o;
}

/* A member by its path: "sizing.used", "stages.0.name". */
static const cJSON *at(const cJSON *o, const char *path) {
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

static void expect_number(const cJSON *o, const char *path, double value) {
    const cJSON *it = at(o, path);
    if (isnan(value) ? !cJSON_IsNull(it) : !cJSON_IsNumber(it) || it->valuedouble != value)
        fail_msg("%s is %s", path, cJSON_PrintUnformatted(it));
}

static void expect_text(const cJSON *o, const char *path, const char *value) {
    const cJSON *it = at(o, path);
    if (value ? !cJSON_IsString(it) || strcmp(it->valuestring, value) != 0 : !cJSON_IsNull(it))
        fail_msg("%s is %s", path, cJSON_PrintUnformatted(it));
}

/* --- plan --- */

static struct profile make_profile(enum model m, enum arrivals a) {
    struct load_input in = {.model = m,
                            .arrivals = a,
                            .target_rps = 100,
                            .avg_ms = 500,
                            .requests_per_iteration = 1,
                            .hold_ms = 600000,
                            .ramp_ms = NAN,
                            .ramp_down_ms = NAN,
                            .steps = NAN,
                            .start_rps = NAN,
                            .max_rps = NAN,
                            .p95_limit_ms = NAN,
                            .error_limit = NAN,
                            .baseline = {.vus = 5, .rps = 10}};
    struct findings notes = {0};
    struct profile p;
    struct err e = {0};
    if (!profile_make(&in, &rules, &p, &notes, &e))
        fail_msg("%s", e.text);
    findings_fini(&notes);
    return p;
}

static char *plan_json(const struct profile *p) {
    static const char *const commands[] = {"k6 run load_checkout.js", NULL};
    static const char *const places[] = {"machine 1", NULL};
    static const char *const written[] = {"load_checkout.js", NULL};
    static const struct host_check host[] = {
        {.fact = "files",
         .needed = 244,
         .available = 1024,
         .use = 0.238,
         .status = USE_OK,
         .fix = "ulimit -n 250000"},
        {.fact = "network", .needed = NAN, .available = NAN, .use = NAN, .status = USE_NO_DATA}};
    struct findings findings = {0};
    struct finding *f = findings_add(&findings, FINDING_WARNING, "sizes-differ", "%s", "text");
    strcpy(f->file, "baseline_checkout.js");
    f->line = 31;
    struct report_plan r = {.tool = "k6",
                            .baseline = "baseline_checkout.js",
                            .script = "load_checkout.js",
                            .profile = p,
                            .host = host,
                            .hosts = 2,
                            .generators_needed = 2,
                            .commands = commands,
                            .places = places,
                            .manifest = "load_checkout.yaml",
                            .result_bytes = 1e6,
                            .written = written,
                            .findings = &findings};
    char *json = report_plan_json(&r);
    findings_fini(&findings);
    return json;
}

static void plan_members(void **state) {
    (void)state;
    struct profile p = make_profile(MODEL_LOAD, ARRIVALS_OPEN);
    cJSON *o = parse(plan_json(&p));
    expect_members(o, "tool baseline script model executor target_rps avg_response_ms "
                      "think_time_ms requests_per_iteration iteration_rps vus preallocated_vus "
                      "max_vus users generators generators_needed scenarios sizing stages "
                      "duration_s planned_requests p95_limit_ms error_limit stop_error_rate "
                      "stop_after_s result_bytes commands command_places manifest infrastructure "
                      "findings written");
    expect_members(at(o, "scenarios.0"),
                   "name share target_rps requests_per_iteration think_time_ms iteration_rps vus "
                   "preallocated_vus max_vus users");
    expect_text(o, "scenarios.0.name", NULL);
    expect_number(o, "scenarios.0.share", 1);
    expect_number(o, "scenarios.0.vus", 50);
    expect_number(o, "users", 72);
    expect_number(o, "generators", 1);
    expect_number(o, "generators_needed", 2);
    expect_number(o, "result_bytes", 1e6);
    expect_text(o, "command_places.0", "machine 1");
    expect_text(o, "manifest", "load_checkout.yaml");
    expect_text(o, "tool", "k6");
    expect_text(o, "executor", "open");
    expect_text(o, "model", "load");
    expect_number(o, "target_rps", 100);
    expect_number(o, "vus", 50);
    expect_number(o, "preallocated_vus", 72);
    expect_number(o, "max_vus", 144);
    expect_text(o, "sizing.used", "baseline");
    expect_number(o, "sizing.from_baseline_vus", 50);
    expect_number(o, "sizing.from_script_vus", 50);
    expect_number(o, "sizing.difference", 0);
    expect_members(at(o, "stages.0"), "name start_s duration_s target_rps vus");
    expect_text(o, "stages.0.name", "ramp");
    expect_number(o, "stages.0.duration_s", 100);
    expect_number(o, "stages.1.start_s", 100);
    expect_number(o, "stages.1.vus", 50);
    expect_number(o, "duration_s", 750);
    expect_number(o, "planned_requests", 67500);
    expect_text(o, "commands.0", "k6 run load_checkout.js");
    expect_text(o, "infrastructure.0.check", "files");
    expect_number(o, "infrastructure.0.needed", 244);
    expect_number(o, "infrastructure.0.use", 0.238);
    expect_text(o, "infrastructure.0.status", "ok");
    expect_text(o, "infrastructure.0.fix", "ulimit -n 250000");
    expect_number(o, "infrastructure.1.needed", NAN);
    expect_text(o, "infrastructure.1.status", "no_data");
    expect_members(at(o, "findings.0"), "level kind file line text");
    expect_text(o, "findings.0.level", "warning");
    expect_number(o, "findings.0.line", 31);
    expect_text(o, "written.0", "load_checkout.js");
    cJSON_Delete(o);
}

static void closed_and_stress_plans(void **state) {
    (void)state;
    struct profile p = make_profile(MODEL_LOAD, ARRIVALS_CLOSED);
    cJSON *o = parse(plan_json(&p));
    expect_text(o, "executor", "closed");
    expect_number(o, "preallocated_vus", NAN);
    expect_number(o, "max_vus", NAN);
    cJSON_Delete(o);
    p = make_profile(MODEL_STRESS, ARRIVALS_OPEN);
    o = parse(plan_json(&p));
    expect_number(o, "target_rps", 200);
    expect_number(o, "expected_rps", 100);
    expect_text(o, "stages.4.name", "step 3 ramp");
    expect_text(o, "stages.5.name", "step 3");
    cJSON_Delete(o);
}

/* JSON keeps 15 digits. */
static bool same(double a, double b) {
    return (isnan(a) && isnan(b)) || fabs(a - b) <= 1e-14 * fabs(a);
}

static void plan_round_trip(void **state) {
    (void)state;
    for (int m = 0; m < MODELS; m++) {
        struct profile a = make_profile((enum model)m, m == 2 ? ARRIVALS_CLOSED : ARRIVALS_OPEN), b;
        char *json = plan_json(&a);
        struct err e = {0};
        if (!report_plan_read(json, &b, &e))
            fail_msg("%s", e.text);
        free(json);
        assert_int_equal(a.model, b.model);
        assert_int_equal(a.arrivals, b.arrivals);
        assert_int_equal(a.stages, b.stages);
        assert_int_equal(a.vus, b.vus);
        assert_int_equal(a.preallocated_vus, b.preallocated_vus);
        assert_int_equal(a.max_vus, b.max_vus);
        assert_true(same(a.target_rps, b.target_rps) && same(a.expected_rps, b.expected_rps));
        assert_true(same(a.planned_requests, b.planned_requests));
        assert_true(same(a.duration_s, b.duration_s) && same(a.iteration_ms, b.iteration_ms));
        assert_true(same(a.stop_error_rate, b.stop_error_rate));
        for (int i = 0; i < a.stages; i++) {
            assert_string_equal(a.stage[i].name, b.stage[i].name);
            assert_true(same(a.stage[i].start_s, b.stage[i].start_s));
            assert_true(same(a.stage[i].duration_s, b.stage[i].duration_s));
            assert_true(same(a.stage[i].target_rps, b.stage[i].target_rps));
            assert_int_equal(a.stage[i].vus, b.stage[i].vus);
        }
    }
}

/* buy takes a quarter of the target in 2 requests an iteration, look the rest. */
static struct profile make_parts(enum arrivals a) {
    struct load_input in = {.arrivals = a,
                            .target_rps = 100,
                            .avg_ms = 100,
                            .think_ms = NAN,
                            .requests_per_iteration = NAN,
                            .hold_ms = NAN,
                            .ramp_ms = NAN,
                            .ramp_down_ms = NAN,
                            .steps = NAN,
                            .start_rps = NAN,
                            .max_rps = NAN,
                            .p95_limit_ms = 500,
                            .error_limit = 0.01,
                            .baseline = {.rps = NAN, .vus = NAN},
                            .part = {{"buy", 0.25, 2, 1000, 500}, {"look", 0.75, 1, 0, 0}},
                            .parts = 2,
                            .generators = 3};
    struct findings notes = {0};
    struct profile p;
    struct err e = {0};
    if (!profile_make(&in, &rules, &p, &notes, &e))
        fail_msg("%s", e.text);
    findings_fini(&notes);
    return p;
}

static void plan_of_several_scenarios(void **state) {
    (void)state;
    struct profile p = make_parts(ARRIVALS_PACED);
    cJSON *o = parse(plan_json(&p));
    expect_text(o, "executor", "paced");
    expect_number(o, "generators", 3);
    expect_text(o, "scenarios.0.name", "buy");
    expect_number(o, "scenarios.0.target_rps", 25);
    expect_number(o, "scenarios.0.think_time_ms", 1500); /* the wait included */
    expect_number(o, "scenarios.0.iteration_rps", 12.5);
    expect_number(o, "scenarios.0.preallocated_vus", NAN);
    expect_number(o, "scenarios.1.share", 0.75);
    expect_number(o, "scenarios.1.vus", 8); /* 75/s x 0.1 s = 7.5 */
    expect_number(o, "scenarios.1.users", p.part[1].users);
    assert_true(p.part[1].users > 8);
    cJSON_Delete(o);
}

static void scenarios_round_trip(void **state) {
    (void)state;
    for (int m = 0; m < ARRIVALS; m++) {
        struct profile a = make_parts((enum arrivals)m), b;
        char *json = plan_json(&a);
        struct err e = {0};
        if (!report_plan_read(json, &b, &e))
            fail_msg("%s", e.text);
        free(json);
        assert_int_equal(b.arrivals, m);
        assert_int_equal(b.users, a.users);
        assert_int_equal(b.generators, 3);
        assert_int_equal(b.parts, 2);
        for (size_t i = 0; i < b.parts; i++) {
            const struct part *x = &a.part[i], *y = &b.part[i];
            assert_string_equal(x->name, y->name);
            assert_true(same(x->share, y->share) && same(x->iteration_rps, y->iteration_rps));
            assert_true(same(x->think_ms + x->wait_ms, y->think_ms));
            assert_true(same(x->iteration_ms, y->iteration_ms));
            assert_true(same(x->requests_per_iteration, y->requests_per_iteration));
            assert_int_equal(x->vus, y->vus);
            assert_int_equal(x->max_vus, y->max_vus);
            assert_int_equal(x->users, y->users);
        }
    }
}

/* A plan with one member replaced, or taken out when value is NULL. */
static char *changed_plan(const char *path, const char *name, cJSON *value) {
    struct profile p = make_profile(MODEL_LOAD, ARRIVALS_OPEN);
    cJSON *o = parse(plan_json(&p));
    cJSON *parent = (cJSON *)(uintptr_t)at(o, path);
    cJSON_DeleteItemFromObjectCaseSensitive(parent, name);
    if (value)
        cJSON_AddItemToObject(parent, name, value);
    char *text = cJSON_Print(o);
    cJSON_Delete(o);
    return text;
}

static void expect_bad_plan(char *json, const char *word) {
    struct profile p;
    struct err e = {0};
    if (report_plan_read(json, &p, &e))
        fail_msg("read: %s", word);
    if (!strstr(e.text, word))
        fail_msg("\"%s\" does not say %s", e.text, word);
    free(json);
}

/* A file of a version that knew one scenario and one machine. */
static void older_plans(void **state) {
    (void)state;
    static const char *const newer[] = {"users",         "generators", "generators_needed",
                                        "scenarios",     "manifest",   "result_bytes",
                                        "command_places"};
    struct profile made = make_profile(MODEL_LOAD, ARRIVALS_OPEN), p;
    cJSON *o = parse(plan_json(&made));
    for (size_t i = 0; i < sizeof newer / sizeof *newer; i++)
        cJSON_DeleteItemFromObjectCaseSensitive(o, newer[i]);
    char *json = cJSON_Print(o);
    cJSON_Delete(o);
    assert_true(report_plan_read(json, &p, NULL));
    free(json);
    assert_int_equal(p.parts, 1);
    assert_int_equal(p.generators, 1);
    assert_int_equal(p.users, 72);
    assert_true(p.part[0].share == 1 && p.part[0].iteration_rps == 100);
    assert_int_equal(p.part[0].vus, 50);
    assert_int_equal(p.part[0].preallocated_vus, 72);
}

static void broken_plans(void **state) {
    (void)state;
    expect_bad_plan(changed_plan("", "scenarios", cJSON_CreateArray()), "no scenarios");
    expect_bad_plan(changed_plan("", "scenarios", cJSON_CreateNumber(1)), "scenarios");
    expect_bad_plan(changed_plan("scenarios.0", "share", cJSON_CreateNumber(2)), "scenario");
    expect_bad_plan(changed_plan("scenarios.0", "share", cJSON_CreateNull()), "scenario");
    expect_bad_plan(changed_plan("scenarios.0", "users", cJSON_CreateNumber(1e300)), "scenario");
    expect_bad_plan(changed_plan("scenarios.0", "vus", NULL), "vus");
    expect_bad_plan(mem_strdup(""), "no JSON");
    expect_bad_plan(mem_strdup("[]"), "no JSON object");
    expect_bad_plan(mem_strdup("{} x"), "no JSON");
    expect_bad_plan(changed_plan("", "target_rps", NULL), "target_rps");
    expect_bad_plan(changed_plan("", "target_rps", cJSON_CreateString("100")), "target_rps");
    expect_bad_plan(changed_plan("", "target_rps", cJSON_CreateNumber(0)), "target");
    expect_bad_plan(changed_plan("", "vus", cJSON_CreateNumber(1e300)), "VUs");
    expect_bad_plan(changed_plan("", "max_vus", cJSON_CreateNumber(1e300)), "VUs");
    expect_bad_plan(changed_plan("", "model", cJSON_CreateString("spike")), "spike");
    expect_bad_plan(changed_plan("", "executor", cJSON_CreateString("ajar")), "ajar");
    expect_bad_plan(changed_plan("", "stages", cJSON_CreateArray()), "no stages");
    expect_bad_plan(changed_plan("stages.0", "duration_s", cJSON_CreateNumber(-1)), "stage");
    expect_bad_plan(changed_plan("stages.0", "start_s", cJSON_CreateNull()), "stage");
    cJSON *many = cJSON_CreateArray();
    for (int i = 0; i <= STAGES_MAX; i++)
        cJSON_AddItemToArray(many, cJSON_Parse("{\"name\":\"hold\",\"start_s\":0,\"duration_s\":1,"
                                               "\"target_rps\":1,\"vus\":1}"));
    expect_bad_plan(changed_plan("", "stages", many), "stages");
    struct profile p;
    struct err e = {0};
    assert_false(report_plan_read("{\n\n\"a\": }", &p, &e));
    assert_int_equal(e.line, 3);
}

/* --- check --- */

static void set(struct summary *s, enum metric m, double v, double spread) {
    s->figure[m] = (struct figure){
        .value = v, .low = v - spread, .high = v + spread, .line = 7, .quote = "p(95)=412ms"};
}

static void fill(struct summary *s) {
    summary_init(s);
    s->tool = "k6";
    strcpy(s->format, "k6-text-compact");
    strcpy(s->tool_version, "2.2.0");
    strcpy(s->stopped, "stopped by a signal");
    s->blocks = 2;
    s->lines = 40;
    set(s, METRIC_REQUESTS, 60012, 0);
    set(s, METRIC_FAILED, 12, 0);
    set(s, METRIC_RPS, 99.9, 0.05);
    set(s, METRIC_P95_MS, 412, 0.5);
    set(s, METRIC_DURATION_S, 600.4, 0);
    set(s, METRIC_ITERATIONS, 60012, 0);
    set(s, METRIC_VUS_MAX, 50, 0);
    s->endpoint = mem_new(1, sizeof *s->endpoint);
    s->endpoints = s->endpoints_cap = 1;
    strcpy(s->endpoint[0].name, "POST /checkout");
    for (int m = 0; m < ENDPOINT_METRICS; m++)
        s->endpoint[0].figure[m] = (struct figure){.value = NAN, .low = NAN, .high = NAN};
    s->endpoint[0].figure[METRIC_P95_MS] = (struct figure){.value = 300, .low = 300, .high = 300};
    s->threshold = mem_new(1, sizeof *s->threshold);
    s->thresholds = s->thresholds_cap = 1;
    s->threshold[0] = (struct threshold){.metric = "http_req_duration", .expr = "p(95)<300"};
}

static char *check_json(const struct summary *s, bool with_summary) {
    static const char *const sources[] = {"-", NULL};
    static struct judgement j;
    struct check_input in;
    check_input_init(&in);
    in.run = s;
    in.rules = &rules;
    in.p95_ms = (struct given){.value = 500, .from = "test-plan.md:14"};
    in.target_rps = (struct given){.value = 100, .from = "command line"};
    check_run(&in, &j);
    char *json = report_check_json(s, &j, sources, with_summary);
    judgement_fini(&j);
    return json;
}

static void check_members(void **state) {
    (void)state;
    struct summary s;
    fill(&s);
    cJSON *o = parse(check_json(&s, false));
    expect_members(o,
                   "tool format tool_version sources model requests failed error_rate rps "
                   "duration_s iterations dropped_iterations vus_max latency_ms success_latency_ms "
                   "failure_latency_ms percentiles generators in_flight errors stretches series "
                   "windows memory_mb endpoints window checks verdict causes stalls stress soak "
                   "findings next_steps");
    expect_text(o, "format", "k6-text-compact");
    expect_text(o, "sources.0", "-");
    expect_text(o, "model", "load");
    expect_number(o, "requests", 60012);
    expect_number(o, "error_rate", 12.0 / 60012);
    expect_number(o, "dropped_iterations", NAN); /* not measured is not zero */
    expect_members(at(o, "latency_ms"), "avg min med p90 p95 p99 max");
    expect_number(o, "latency_ms.p95", 412);
    expect_number(o, "latency_ms.p99", NAN);
    expect_members(at(o, "endpoints.0"), "name requests failed error_rate rps latency_ms "
                                         "success_latency_ms failure_latency_ms transaction "
                                         "steady");
    assert_true(cJSON_IsNull(at(o, "window")) && cJSON_IsNull(at(o, "stalls")));
    expect_text(o, "endpoints.0.name", "POST /checkout");
    expect_number(o, "endpoints.0.requests", NAN);
    expect_number(o, "endpoints.0.latency_ms.p95", 300);
    expect_members(
        at(o, "checks.0"),
        "metric value limit unit limit_from op status near_limit required interval waived "
        "why");
    expect_text(o, "checks.0.metric", "p95");
    expect_number(o, "checks.0.value", 412);
    expect_number(o, "checks.0.limit", 500);
    expect_text(o, "checks.0.unit", "ms");
    expect_text(o, "checks.0.limit_from", "test-plan.md:14");
    expect_text(o, "checks.0.status", "pass");
    assert_true(cJSON_IsFalse(at(o, "checks.0.near_limit")));
    assert_true(cJSON_IsNull(at(o, "checks.0.waived")));
    expect_text(o, "checks.1.metric", "error_rate");
    expect_text(o, "checks.1.unit", "");
    expect_text(o, "checks.1.why", "");
    expect_text(o, "verdict", "pass");
    assert_true(cJSON_IsNull(at(o, "stress")) && cJSON_IsNull(at(o, "soak")));
    expect_text(o, "next_steps.0", "Test successful. Ready for deployment/higher load.");
    cJSON_Delete(o);
    summary_fini(&s);
}

/* --- summaries --- */

static void expect_same_figure(const struct figure *a, const struct figure *b) {
    assert_true(same(a->value, b->value) && same(a->low, b->low) && same(a->high, b->high));
    if (isnan(a->value))
        return;
    assert_int_equal(a->line, b->line);
    assert_string_equal(a->quote, b->quote);
}

static void expect_same_summary(const struct summary *a, const struct summary *b) {
    assert_string_equal(a->tool, b->tool);
    assert_string_equal(a->format, b->format);
    assert_string_equal(a->tool_version, b->tool_version);
    assert_string_equal(a->stopped, b->stopped);
    assert_int_equal(a->blocks, b->blocks);
    assert_int_equal(a->lines, b->lines);
    for (int m = 0; m < METRICS; m++)
        expect_same_figure(&a->figure[m], &b->figure[m]);
    assert_int_equal(a->endpoints, b->endpoints);
    assert_string_equal(a->endpoint[0].name, b->endpoint[0].name);
    for (int m = 0; m < ENDPOINT_METRICS; m++)
        expect_same_figure(&a->endpoint[0].figure[m], &b->endpoint[0].figure[m]);
    assert_int_equal(a->thresholds, b->thresholds);
    assert_string_equal(a->threshold[0].expr, b->threshold[0].expr);
    assert_int_equal(a->threshold[0].ok, b->threshold[0].ok);
}

static void summary_round_trip(void **state) {
    (void)state;
    struct summary a, b;
    struct err e = {0};
    fill(&a);
    char *json = report_summary_json(&a);
    assert_true(report_summary_read(json, &b, &e));
    free(json);
    expect_same_summary(&a, &b);
    summary_fini(&b);
    json = check_json(&a, true);
    assert_true(report_check_read_summary(json, &b, &e));
    free(json);
    expect_same_summary(&a, &b);
    summary_fini(&b);
    summary_fini(&a);
}

/* What single requests add: series, stretches, errors, findings, whose percentiles. */
static void fill_measured(struct summary *s) {
    fill(s);
    s->computed = true;
    s->percentile_error = 1e-5;
    strcpy(s->percentiles, "as k6: linear between neighbours");
    s->generators = 3;
    s->in_flight = 79.5;
    s->in_flight_vus = 80;
    s->series.point = mem_new(2, sizeof *s->series.point);
    s->series.points = s->series.cap = 2;
    s->series.start_ms = 1762091495250;
    s->series.percentile_error = 0.01;
    s->series.point[0] = (struct point){0, 1, 20, 1, 90, 80, 200.5, 300, 8, 0, 20};
    s->series.point[1] = (struct point){1, 1, 0, 0, NAN, NAN, NAN, NAN, 8, NAN, NAN};
    s->windows.point = mem_new(1, sizeof *s->windows.point);
    s->windows.points = s->windows.cap = 1;
    *s->windows.point = point_none(130, 60);
    s->windows.point->p95_ms = 199.5;
    trace_add(summary_trace(s, "orders:8080"), 30, 512.25);
    trace_add(summary_trace(s, "orders:8080"), 60, 514);
    s->endpoint->steady[METRIC_REQUESTS] = 4000;
    s->endpoint->steady[METRIC_P95_MS] = 290.5;
    s->stretch = mem_new(1, sizeof *s->stretch);
    s->stretches = 1;
    *s->stretch = stretch_none();
    strcpy(s->stretch->name, "hold");
    s->stretch->from_s = 130;
    s->stretch->to_s = 700;
    s->stretch->window_s = 569.5;
    s->stretch->load = 200;
    s->stretch->vus = 7.5;
    s->stretch->generator_cpu = 0.5;
    s->stretch->p95_low_ms = 190;
    s->stretch->p95_high_ms = 210;
    s->stretch->fifth_p95_ms[4] = 201;
    s->stretch->half_p95_ms[1] = 203;
    s->stretch->estimated = true;
    for (int m = 0; m < ENDPOINT_METRICS; m++)
        s->stretch->value[m] = m + 0.25;
    s->stretch->value[METRIC_P90_MS] = s->stretch->dropped = NAN;
    s->error = mem_new(1, sizeof *s->error);
    s->errors = s->errors_cap = 1;
    *s->error = (struct error_kind){"POST /orders: HTTP 503", 27};
    struct finding *f =
        findings_add(&s->findings, FINDING_WARNING, "half-line", "%s", "The last line is cut.");
    strcpy(f->file, "samples.csv");
    f->line = 812;
}

static bool same_number(double a, double b) { return a == b || (isnan(a) && isnan(b)); }

static void expect_same_measured(const struct summary *a, const struct summary *b) {
    assert_int_equal(a->computed, b->computed);
    assert_true(a->percentile_error == b->percentile_error);
    assert_string_equal(a->percentiles, b->percentiles);
    assert_int_equal(a->generators, b->generators);
    assert_true(a->in_flight == b->in_flight && a->in_flight_vus == b->in_flight_vus);
    assert_int_equal(a->series.points, b->series.points);
    assert_int_equal(a->series.start_ms, b->series.start_ms);
    for (size_t i = 0; i < a->series.points * sizeof(struct point) / sizeof(double); i++)
        assert_true(same_number((&a->series.point->at_s)[i], (&b->series.point->at_s)[i]));
    assert_int_equal(a->stretches, b->stretches);
    assert_string_equal(a->stretch->name, b->stretch->name);
    for (int m = 0; m < ENDPOINT_METRICS; m++)
        assert_true(same_number(a->stretch->value[m], b->stretch->value[m]));
    assert_true(same_number(a->stretch->dropped, b->stretch->dropped));
    for (size_t i = offsetof(struct stretch, from_s); i < offsetof(struct stretch, estimated);
         i += sizeof(double))
        assert_true(same_number(*(const double *)(const void *)((const char *)a->stretch + i),
                                *(const double *)(const void *)((const char *)b->stretch + i)));
    assert_int_equal(a->stretch->estimated, b->stretch->estimated);
    assert_int_equal(a->windows.points, b->windows.points);
    assert_true(a->windows.point->at_s == b->windows.point->at_s);
    assert_true(a->windows.point->p95_ms == b->windows.point->p95_ms);
    assert_true(isnan(b->windows.point->requests));
    assert_int_equal(a->memories, b->memories);
    assert_string_equal(a->memory->name, b->memory->name);
    assert_int_equal(a->memory->n, b->memory->n);
    for (size_t i = 0; i < a->memory->n; i++)
        assert_true(a->memory->at[i].t_s == b->memory->at[i].t_s &&
                    a->memory->at[i].value == b->memory->at[i].value);
    for (int m = 0; m < ENDPOINT_METRICS; m++)
        assert_true(same_number(a->endpoint->steady[m], b->endpoint->steady[m]));
    assert_int_equal(a->errors, b->errors);
    assert_string_equal(a->error->text, b->error->text);
    assert_true(a->error->count == b->error->count);
    assert_int_equal(a->findings.len, b->findings.len);
    assert_int_equal(a->findings.item->level, b->findings.item->level);
    assert_string_equal(a->findings.item->kind, b->findings.item->kind);
    assert_string_equal(a->findings.item->file, b->findings.item->file);
    assert_int_equal(a->findings.item->line, b->findings.item->line);
    assert_string_equal(a->findings.item->text, b->findings.item->text);
}

static void measured_round_trip(void **state) {
    (void)state;
    struct summary a, b;
    struct err e = {0};
    fill_measured(&a);
    char *json = check_json(&a, true);
    if (!report_check_read_summary(json, &b, &e))
        fail_msg("%s", e.text);
    free(json);
    expect_same_summary(&a, &b);
    expect_same_measured(&a, &b);
    summary_fini(&b);
    summary_fini(&a);
}

/* As the first version stored it: no percentiles, series, findings. */
static void old_run_opens(void **state) {
    (void)state;
    static const char *const added[] = {"percentiles", "generators", "in_flight",
                                        "errors",      "stretches",  "series",
                                        "findings",    "windows",    "memory_mb"};
    struct summary a, b;
    struct err e = {0};
    fill_measured(&a);
    cJSON *o = parse(check_json(&a, true));
    cJSON *s = cJSON_GetObjectItemCaseSensitive(o, "summary");
    for (size_t i = 0; i < sizeof added / sizeof *added; i++) {
        assert_true(cJSON_HasObjectItem(s, added[i]));
        cJSON_DeleteItemFromObjectCaseSensitive(s, added[i]);
    }
    cJSON_DeleteItemFromObjectCaseSensitive(
        cJSON_GetArrayItem(cJSON_GetObjectItemCaseSensitive(s, "endpoints"), 0), "steady");
    char *json = cJSON_Print(o);
    assert_true(report_check_read_summary(json, &b, &e));
    expect_same_summary(&a, &b);
    assert_true(isnan(b.endpoint->steady[METRIC_REQUESTS]));
    assert_int_equal(b.windows.points + b.memories, 0);
    assert_false(b.computed);
    assert_int_equal(b.series.points + b.stretches + b.errors + b.findings.len, 0);
    assert_true(isnan(b.in_flight));
    free(json);
    cJSON_Delete(o);
    summary_fini(&b);
    summary_fini(&a);
}

static void broken_summaries(void **state) {
    (void)state;
    static const char *const texts[] = {
        "",
        "{}",
        "[]",
        "{\"tool\":\"k6\"}",
        "{\"tool\":\"k6\",\"format\":\"\",\"tool_version\":null,\"stopped\":null,\"generator\":"
        "null,"
        "\"blocks\":1,\"lines\":1,\"figures\":{\"p95\":[1,2]},\"endpoints\":[],\"thresholds\":[]}",
        "{\"tool\":\"k6\",\"format\":\"\",\"tool_version\":null,\"stopped\":null,\"generator\":"
        "null,"
        "\"blocks\":1,\"lines\":1,\"figures\":{},\"endpoints\":[5],\"thresholds\":[]}",
    };
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        struct summary s;
        struct err e = {0};
        assert_false(report_summary_read(texts[i], &s, &e));
        assert_int_equal(e.kind, ERR_FORMAT);
        summary_fini(&s);
    }
    struct summary s;
    assert_false(report_check_read_summary("{\"verdict\":\"pass\"}", &s, NULL));
    summary_fini(&s);
}

/* --- status --- */

static void read_plan(struct plan *p, const char *text) {
    assert_true(plan_read(p, "test-plan.md", text, strlen(text), NULL));
}

static void status_members(void **state) {
    (void)state;
    static const char *const tools[] = {"k6", NULL}, *const files[] = {"baseline_orders.js", NULL},
                             *const missing[] = {"stable", NULL};
    struct plan p;
    read_plan(&p, "- Target RPS: 200\n- p95 < 500 ms\n- Base URL: http://127.0.0.1:8080\n");
    struct summary s;
    fill(&s);
    struct report_status r = {.ready = true,
                              .plan = &p,
                              .baseline_tools = tools,
                              .baseline_files = files,
                              .has_result = true,
                              .result_file = "baseline_orders.json",
                              .result = &s,
                              .tool_version = "2.2.0",
                              .missing = missing};
    cJSON *o = parse(report_status_json(&r));
    expect_members(o, "ready plan baselines baseline_result tool_version missing findings");
    assert_true(cJSON_IsTrue(at(o, "ready")));
    expect_members(at(o, "plan"), "file target_rps p95_ms p99_ms error_rate duration_s base_url "
                                  "load stress soak");
    expect_text(o, "plan.file", "test-plan.md");
    expect_number(o, "plan.target_rps.value", 200);
    expect_number(o, "plan.target_rps.line", 1);
    expect_number(o, "plan.p95_ms.value", 500);
    assert_true(cJSON_IsNull(at(o, "plan.error_rate"))); /* not set */
    expect_text(o, "plan.base_url.value", "http://127.0.0.1:8080");
    expect_number(o, "plan.base_url.line", 3);
    expect_members(at(o, "baselines.0"), "tool file");
    expect_members(at(o, "baseline_result"), "file requests failed p95_ms rps source");
    expect_number(o, "baseline_result.p95_ms", 412);
    expect_text(o, "baseline_result.source", "measured");
    expect_text(o, "missing.0", "stable");
    cJSON_Delete(o);
    summary_fini(&s);
    plan_fini(&p);
}

static void status_of_nothing(void **state) {
    (void)state;
    struct report_status r = {0};
    cJSON *o = parse(report_status_json(&r));
    assert_true(cJSON_IsFalse(at(o, "ready")));
    assert_true(cJSON_IsNull(at(o, "plan")) && cJSON_IsNull(at(o, "baseline_result")));
    assert_true(cJSON_IsNull(at(o, "tool_version")));
    assert_int_equal(cJSON_GetArraySize(at(o, "baselines")), 0);
    assert_int_equal(cJSON_GetArraySize(at(o, "missing")), 0);
    cJSON_Delete(o);
    r.has_result = true; /* stated by the user, not measured */
    o = parse(report_status_json(&r));
    expect_text(o, "baseline_result.source", "stated");
    expect_text(o, "baseline_result.file", NULL);
    expect_number(o, "baseline_result.requests", NAN);
    cJSON_Delete(o);
}

/* The figures on top are those of a load test: its own section goes before what stands above all.
 * Two lines that disagree set none. */
static void status_figures(void **state) {
    (void)state;
    struct plan p;
    read_plan(&p, "## Load\n- Target RPS: 250\n## Soak\n- Target RPS: 120\n## Limits\n- p95 < 1 s\n"
                  "- p95 < 2 s\n");
    struct report_status r = {.plan = &p};
    cJSON *o = parse(report_status_json(&r));
    expect_number(o, "plan.target_rps.value", 250);
    expect_number(o, "plan.target_rps.line", 2);
    expect_number(o, "plan.soak.target_rps.value", 120);
    assert_true(cJSON_IsNull(at(o, "plan.stress.target_rps")));
    assert_true(cJSON_IsNull(at(o, "plan.p95_ms")));
    cJSON_Delete(o);
    plan_fini(&p);
}

/* --- texts from others --- */

static void texts_are_clean(void **state) {
    (void)state;
    static const char *const files[] = {"a\033[31m\xff\u202e.js", NULL}, *const tools[] = {"k6",
                                                                                           NULL};
    struct report_status r = {.baseline_files = files, .baseline_tools = tools};
    char *json = report_status_json(&r);
    assert_null(strchr(json, '\033'));
    cJSON *o = parse(json);
    expect_text(o, "baselines.0.file", "a?[31m??.js");
    cJSON_Delete(o);
}

static void errors(void **state) {
    (void)state;
    struct err e = {0};
    err_set(&e, ERR_FORMAT, "wrong");
    cJSON *o = parse(report_error_json(&e));
    expect_members(at(o, "error"), "file line text fix");
    expect_text(o, "error.file", NULL);
    expect_number(o, "error.line", NAN);
    expect_text(o, "error.text", "wrong");
    cJSON_Delete(o);
    err_at(&e, "a.js", 31);
    err_fix(&e, "use a literal");
    o = parse(report_error_json(&e));
    expect_text(o, "error.file", "a.js");
    expect_number(o, "error.line", 31);
    expect_text(o, "error.fix", "use a literal");
    cJSON_Delete(o);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(plan_members),
        cmocka_unit_test(closed_and_stress_plans),
        cmocka_unit_test(plan_round_trip),
        cmocka_unit_test(plan_of_several_scenarios),
        cmocka_unit_test(scenarios_round_trip),
        cmocka_unit_test(older_plans),
        cmocka_unit_test(broken_plans),
        cmocka_unit_test(check_members),
        cmocka_unit_test(summary_round_trip),
        cmocka_unit_test(measured_round_trip),
        cmocka_unit_test(old_run_opens),
        cmocka_unit_test(broken_summaries),
        cmocka_unit_test(status_members),
        cmocka_unit_test(status_of_nothing),
        cmocka_unit_test(status_figures),
        cmocka_unit_test(texts_are_clean),
        cmocka_unit_test(errors),
    };
    return cmocka_run_group_tests(tests, load_rules, NULL);
}

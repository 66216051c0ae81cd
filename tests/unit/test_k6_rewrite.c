#include <dirent.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/file.h"
#include "base/mem.h"
#include "base/text.h"
#include "k6_plans.h"
#include "script/diff.h"
#include "tools/k6/k6_script.h"

#define COUNT(a) (sizeof(a) / sizeof *(a))
#define SCRIPTS TEST_DATA "/k6/scripts"
#define NAME "baseline_x.js"
#define RUN "\nexport default function () {\n  http.get('http://127.0.0.1:8080/');\n}\n"

static const struct plan_case load_60 = {MODEL_LOAD, ARRIVALS_OPEN, 60, 500, 0, 1, 600};
static const struct plan_case closed_60 = {MODEL_LOAD, ARRIVALS_CLOSED, 60, 20, 480, 1, 600};

static struct findings notes; /* of the last rewrite */

static char *rewrite(const char *text, size_t len, const struct profile *p, size_t *new_len) {
    struct edits edits = {0};
    struct err e = {0};
    char said[1024];
    findings_fini(&notes);
    if (!k6_rewrite(&(struct source){.text = text, .len = len, .file = NAME}, p, &edits, &notes,
                    &e))
        fail_msg("%s in\n%s", err_sentence(&e, said, sizeof said), text);
    char *new = edits_apply(&edits, text, len, new_len, &e);
    if (!new)
        fail_msg("%s in\n%s", err_sentence(&e, said, sizeof said), text);
    edits_fini(&edits);
    return new;
}

/* The new script. It says what the plan says, and written again it is the same bytes. */
static char *sound(const char *text, size_t len, const struct profile *p, size_t *new_len) {
    char said[1024];
    struct err e = {0};
    char *new = rewrite(text, len, p, new_len);
    if (!k6_verify(&(struct source){.text = new, .len = *new_len, .file = NAME}, p, &e))
        fail_msg("%s in\n%s", err_sentence(&e, said, sizeof said), new);
    struct findings first = notes;
    notes = (struct findings){0};
    size_t again_len;
    char *again = rewrite(new, *new_len, p, &again_len);
    if (again_len != *new_len || memcmp(again, new, again_len) != 0)
        fail_msg("written again it is\n%s\nand was\n%s", again, new);
    free(again);
    findings_fini(&notes);
    notes = first;
    return new;
}

static void assert_becomes(const char *text, const struct profile *p, const char *want) {
    size_t len;
    char *new = sound(text, strlen(text), p, &len);
    assert_string_equal(new, want);
    free(new);
}

static const struct finding *note_of(const char *kind, long line) {
    for (size_t i = 0; i < notes.len; i++)
        if (strcmp(notes.item[i].kind, kind) == 0 && notes.item[i].line == line)
            return &notes.item[i];
    return NULL;
}

/* --- worked examples --- */

static void one_request(void **state) {
    (void)state;
    struct profile p = plan_of(load_60);
    assert_becomes("import http from 'k6/http';\n"
                   "export const options = {\n"
                   "  vus: 2,\n"
                   "  duration: '30s', // smoke\n"
                   "  thresholds: { checks: ['rate>0.95'] },\n"
                   "};\n" RUN,
                   &p,
                   "import http from 'k6/http';\n"
                   "export const options = {\n"
                   "  scenarios: {\n"
                   "    default: {\n"
                   "      executor: 'ramping-arrival-rate',\n"
                   "      startRate: 0,\n"
                   "      timeUnit: '1s',\n"
                   "      preAllocatedVUs: 47,\n"
                   "      maxVUs: 94,\n"
                   "      stages: [\n"
                   "        { duration: '100s', target: 60 },\n"
                   "        { duration: '600s', target: 60 },\n"
                   "        { duration: '50s', target: 0 },\n"
                   "      ],\n"
                   "    },\n"
                   "  },\n"
                   "  // smoke\n"
                   "  thresholds: { checks: ['rate>0.95'], http_req_duration: ['p(95)<500'], "
                   "http_req_failed: ['rate<0.01'] },\n"
                   "  summaryTrendStats: ['avg', 'min', 'med', 'max', 'p(90)', 'p(95)', 'p(99)'],\n"
                   "};\n" RUN);
}

static void stress_on_one_line(void **state) {
    (void)state;
    struct profile p = plan_of((struct plan_case){MODEL_STRESS, ARRIVALS_OPEN, 50, 500, 300, 3, 0});
    assert_becomes(
        "import http from \"k6/http\";\n"
        "export let options = { stages: [{ duration: \"10s\", target: 3 }], rps: 5 };\n" RUN,
        &p,
        "import http from \"k6/http\";\n"
        "export let options = { scenarios: { default: { executor: \"ramping-arrival-rate\", "
        "startRate: 0, timeUnit: \"1m\", preAllocatedVUs: 84, maxVUs: 168, stages: ["
        "{ duration: \"10s\", target: 500 }, { duration: \"60s\", target: 500 }, "
        "{ duration: \"10s\", target: 750 }, { duration: \"60s\", target: 750 }, "
        "{ duration: \"10s\", target: 1000 }, { duration: \"60s\", target: 1000 }, "
        "{ duration: \"10s\", target: 1250 }, { duration: \"60s\", target: 1250 }, "
        "{ duration: \"10s\", target: 1500 }, { duration: \"60s\", target: 1500 }, "
        "{ duration: \"10s\", target: 1750 }, { duration: \"60s\", target: 1750 }, "
        "{ duration: \"10s\", target: 2000 }, { duration: \"60s\", target: 2000 }] } }, "
        "thresholds: { http_req_failed: [{ threshold: \"rate<0.2\", abortOnFail: true, "
        "delayAbortEval: \"60s\" }] }, summaryTrendStats: [\"avg\", \"min\", \"med\", \"max\", "
        "\"p(90)\", \"p(95)\", \"p(99)\"] };\n" RUN);
    assert_non_null(strstr(note_of("removed", 2)->text, "rps: 5"));
}

/* The first scenario of the soak example alone: 15 RPS with two requests are 7.5 iterations/s. */
static void soak_in_a_scenario_on_one_line(void **state) {
    (void)state;
    struct profile p = plan_of((struct plan_case){MODEL_SOAK, ARRIVALS_OPEN, 15, 125, 0, 2, 0});
    assert_becomes(
        "import http from 'k6/http';\n"
        "export const options = {\n"
        "  scenarios: {\n"
        "    buy:  { executor: 'constant-vus', vus: 1, duration: '20s', exec: 'buy', tags: { kind: "
        "'b' } },\n"
        "  },\n"
        "};\n"
        "export function buy() { http.get('http://h/'); http.get('http://h/'); }\n",
        &p,
        "import http from 'k6/http';\n"
        "export const options = {\n"
        "  scenarios: {\n"
        "    buy:  { executor: 'ramping-arrival-rate', startRate: 0, timeUnit: '10s', "
        "preAllocatedVUs: 16, maxVUs: 32, stages: [{ duration: '300s', target: 75 }, { duration: "
        "'28800s', target: 75 }, { duration: '60s', target: 0 }], exec: 'buy', tags: { kind: 'b' } "
        "},\n"
        "  },\n"
        "  thresholds: { http_req_duration: ['p(95)<500'], http_req_failed: ['rate<0.01'] },\n"
        "  summaryTrendStats: ['avg', 'min', 'med', 'max', 'p(90)', 'p(95)', 'p(99)'],\n"
        "};\n"
        "export function buy() { http.get('http://h/'); http.get('http://h/'); }\n");
}

static void closed_keeps_the_shortcut(void **state) {
    (void)state;
    struct profile p = plan_of(closed_60);
    static const char *const want =
        "import http from 'k6/http';\n"
        "export const options = {\n"
        "  stages: [\n"
        "    { duration: '100s', target: 30 },\n"
        "    { duration: '600s', target: 30 },\n"
        "    { duration: '50s', target: 0 }\n"
        "  ],\n"
        "  thresholds: { http_req_duration: ['p(95)<500'], http_req_failed: ['rate<0.01'] },\n"
        "  summaryTrendStats: ['avg', 'min', 'med', 'max', 'p(90)', 'p(95)', 'p(99)']\n"
        "};\n" RUN;
    assert_becomes("import http from 'k6/http';\nexport const options = {\n  vus: 2,\n"
                   "  duration: '30s'\n};\n" RUN,
                   &p, want);
    assert_becomes("import http from 'k6/http';\nexport const options = {\n  vus: 2,\n"
                   "  stages: [{ duration: '3s', target: 1 }]\n};\n" RUN,
                   &p, want);
}

/* --- the user's style --- */

#define SCENARIO_ONE_LINE                                                                          \
    "scenarios: { default: { executor: 'ramping-arrival-rate', startRate: 0, timeUnit: '1s', "     \
    "preAllocatedVUs: 47, maxVUs: 94, stages: [{ duration: '100s', target: 60 }, { duration: "     \
    "'600s', target: 60 }, { duration: '50s', target: 0 }] } }"
#define LIMITS "http_req_duration: ['p(95)<500'], http_req_failed: ['rate<0.01']"
#define STATS "summaryTrendStats: ['avg', 'min', 'med', 'max', 'p(90)', 'p(95)', 'p(99)']"
#define REST "thresholds: { " LIMITS " }, " STATS

static void one_line_objects(void **state) {
    (void)state;
    static const struct {
        const char *why, *old, *new;
    } cases[] = {
        {"the first load pair is replaced", "{ vus: 1, duration: '5s' }",
         "{ " SCENARIO_ONE_LINE ", " REST " }"},
        {"its place is kept",
         "{ tags: { a: 'b' }, duration: '5s', vus: 1, noVUConnectionReuse: true }",
         "{ tags: { a: 'b' }, " SCENARIO_ONE_LINE ", noVUConnectionReuse: true, " REST " }"},
        {"a trailing comma stays one", "{ vus: 1, }", "{ " SCENARIO_ONE_LINE ", " REST ", }"},
        {"the user's spaces, or none", "{vus:1,iterations:3}", "{" SCENARIO_ONE_LINE "," REST "}"},
        {"a cap at the end", "{ vus: 1, minIterationDuration: '1s' }",
         "{ " SCENARIO_ONE_LINE ", " REST " }"},
        {"a cap at the begin", "{ rps: 50, vus: 1 }", "{ " SCENARIO_ONE_LINE ", " REST " }"},
        {"a cap above the plan stays", "{ rps: 61, vus: 1 }",
         "{ rps: 61, " SCENARIO_ONE_LINE ", " REST " }"},
        {"no cap at all", "{ rps: 0, vus: 1 }", "{ rps: 0, " SCENARIO_ONE_LINE ", " REST " }"},
        {"only a cap", "{ rps: 50 }", "{ " SCENARIO_ONE_LINE ", " REST " }"},
        {"no load pair: behind the last", "{ tags: { a: 'b' } }",
         "{ tags: { a: 'b' }, " SCENARIO_ONE_LINE ", " REST " }"},
        {"a comment stays", "{ vus: 1, /* c */ duration: '5s' /* d */ }",
         "{ " SCENARIO_ONE_LINE ", /* c */ " REST " /* d */ }"},
        {"variables go with their pair", "{ vus: N, duration }",
         "{ " SCENARIO_ONE_LINE ", " REST " }"},
        {"a comment alone", "{ /* none */ }", "{ " SCENARIO_ONE_LINE ", " REST " /* none */ }"},
        {"twice the same key", "{ vus: 1, vus: 2, tags: {} }",
         "{ " SCENARIO_ONE_LINE ", tags: {}, " REST " }"},
        {"quoted keys", "{ 'vus': 1, \"duration\": '5s' }", "{ " SCENARIO_ONE_LINE ", " REST " }"},
        {"empty scenarios", "{ scenarios: {}, vus: 1 }", "{ " SCENARIO_ONE_LINE ", " REST " }"},
        {"paused and segments", "{ paused: true, vus: 1, executionSegment: '0:1/2' }",
         "{ " SCENARIO_ONE_LINE ", " REST " }"},
        {"paused: false says nothing", "{ paused: false, vus: 1 }",
         "{ paused: false, " SCENARIO_ONE_LINE ", " REST " }"},
        {"an empty list of thresholds", "{ vus: 1, thresholds: {}, " STATS " }",
         "{ " SCENARIO_ONE_LINE ", thresholds: { " LIMITS " }, " STATS " }"},
        {"thresholds of the user stay",
         "{ vus: 1, thresholds: { http_req_duration: ['p(99)<900'], 'http_req_failed{a:b}': "
         "['rate<1'] "
         "}, " STATS " }",
         "{ " SCENARIO_ONE_LINE ", thresholds: { http_req_duration: ['p(99)<900'], "
         "'http_req_failed{a:b}': ['rate<1'], http_req_failed: ['rate<0.01'] }, " STATS " }"},
        {"thresholds made elsewhere stay", "{ vus: 1, thresholds: T, " STATS " }",
         "{ " SCENARIO_ONE_LINE ", thresholds: T, " STATS " }"},
        {"a spread in them too", "{ vus: 1, thresholds: { ...T }, " STATS " }",
         "{ " SCENARIO_ONE_LINE ", thresholds: { ...T }, " STATS " }"},
        {"missing statistics are added",
         "{ vus: 1, thresholds: { " LIMITS " }, summaryTrendStats: ['p(95)', \"avg\"] }",
         "{ " SCENARIO_ONE_LINE ", thresholds: { " LIMITS
         " }, summaryTrendStats: ['p(95)', \"avg\", "
         "'min', 'med', 'max', 'p(90)', 'p(99)'] }"},
        {"an empty list of them", "{ vus: 1, thresholds: { " LIMITS " }, summaryTrendStats: [] }",
         "{ " SCENARIO_ONE_LINE ", thresholds: { " LIMITS " }, summaryTrendStats: ['avg', 'min', "
         "'med', 'max', 'p(90)', 'p(95)', 'p(99)'] }"},
        {"statistics made elsewhere stay",
         "{ vus: 1, thresholds: { " LIMITS " }, summaryTrendStats: S }",
         "{ " SCENARIO_ONE_LINE ", thresholds: { " LIMITS " }, summaryTrendStats: S }"},
    };
    struct profile p = plan_of(load_60);
    for (size_t i = 0; i < COUNT(cases); i++) {
        char old[1024], new[2048];
        snprintf(old, sizeof old,
                 "import http from 'k6/http';\nconst N = 3, duration = '5s', T = {}, S = [];\n"
                 "export const options = %s;\n" RUN,
                 cases[i].old);
        snprintf(new, sizeof new,
                 "import http from 'k6/http';\nconst N = 3, duration = '5s', T = {}, S = [];\n"
                 "export const options = %s;\n" RUN,
                 cases[i].new);
        assert_becomes(old, &p, new);
    }
}

/* What a person sees of the change: the lines that go and those that come. */
static void changed_lines(const char *old, const struct profile *p, char *out, size_t size) {
    struct edits edits = {0};
    struct diff d;
    size_t len, at = 0;
    findings_fini(&notes);
    assert_true(k6_rewrite(&(struct source){.text = old, .len = strlen(old), .file = NAME}, p,
                           &edits, &notes, NULL));
    char *new = edits_apply(&edits, old, strlen(old), &len, NULL);
    diff_make(&d, old, strlen(old), new, len, &edits);
    out[0] = '\0';
    for (size_t i = 0; i < d.len; i++) {
        const struct diff_line *l = &d.line[i];
        if (l->kind != DIFF_KEEP)
            at += (size_t)snprintf(out + at, size - at, "%c%.*s\n", (char)l->kind, (int)l->len,
                                   (l->kind == DIFF_ADD ? new : old) + l->start);
    }
    diff_fini(&d);
    edits_fini(&edits);
    free(new);
    free(sound(old, strlen(old), p, &len));
}

#define SCENARIO(i, end)                                                                           \
    "+" i "scenarios: {\n+" i i "default: {\n+" i i i "executor: 'ramping-arrival-rate',\n+" i i i \
    "startRate: 0,\n+" i i i "timeUnit: '1s',\n+" i i i "preAllocatedVUs: 47,\n+" i i i            \
    "maxVUs: 94,\n+" i i i "stages: [\n+" i i i i "{ duration: '100s', target: 60 },\n+" i i i i   \
    "{ duration: '600s', target: 60 },\n+" i i i i "{ duration: '50s', target: 0 }" end            \
    "\n+" i i i "]" end "\n+" i i "}" end "\n+" i "},\n"

static void many_lines(void **state) {
    (void)state;
    static const struct {
        const char *why, *options, *want;
    } cases[] = {
        {"tabs, no trailing comma", "{\n\tvus: 3\n}",
         "-\tvus: 3\n" SCENARIO("\t", "") "+\tthresholds: { " LIMITS " },\n+\t" STATS "\n"},
        {"four spaces, trailing comma", "{\n    vus: 3,\n}",
         "-    vus: 3,\n" SCENARIO("    ", ",") "+    thresholds: { " LIMITS " },\n+    " STATS
                                                ",\n"},
        {"a comment beside the pair goes on its own line", "{\n  vus: 3, // three\n}",
         "-  vus: 3, // three\n" SCENARIO("  ", ",") "+  // three\n+  thresholds: { " LIMITS
                                                     " },\n+  " STATS ",\n"},
        {"a comment beside the last pair stays there", "{\n  vus: 3,\n  tags: {} // none\n}",
         "-  vus: 3,\n-  tags: {} // none\n" SCENARIO("  ",
                                                      "") "+  tags: {}, // none\n+  thresholds: "
                                                          "{ " LIMITS " },\n+  " STATS "\n"},
        {"a block comment above stays above",
         "{\n  /* users */\n  vus: 3,\n  // time\n  duration: "
         "'1m',\n}",
         "-  vus: 3,\n" SCENARIO("  ", ",") "-  duration: '1m',\n+  thresholds: { " LIMITS
                                            " },\n+  " STATS ",\n"},
        {"two pairs on a line", "{\n  vus: 3, duration: '1m',\n  tags: {},\n}",
         "-  vus: 3, duration: '1m',\n" SCENARIO("  ", ",") "+  thresholds: { " LIMITS
                                                            " },\n+  " STATS ",\n"},
        {"one of two pairs on a line", "{\n  vus: 3,\n  tags: {}, duration: '1m',\n}",
         "-  vus: 3,\n-  tags: {}, duration: '1m',\n" SCENARIO(
             "  ", ",") "+  tags: {},\n+  thresholds: "
                        "{ " LIMITS " },\n+  " STATS ",\n"},
        {"limits go into the user's own lines",
         "{\n  vus: 3,\n  thresholds: {\n    checks: ['rate>0.9'], // all\n  },\n  " STATS ",\n}",
         "-  vus: 3,\n" SCENARIO("  ", ",") "+    http_req_duration: ['p(95)<500'],\n"
                                            "+    http_req_failed: ['rate<0.01'],\n"},
        {"statistics too, without a trailing comma",
         "{\n  vus: 3,\n  thresholds: { " LIMITS " },\n  summaryTrendStats: [\n    'avg', 'min', "
         "'med',\n    'max', 'p(90)', 'p(95)'\n  ],\n}",
         "-  vus: 3,\n" SCENARIO("  ", ",") "-    'max', 'p(90)', 'p(95)'\n+    'max', 'p(90)', "
                                            "'p(95)',\n+    'p(99)'\n"},
    };
    struct profile p = plan_of(load_60);
    for (size_t i = 0; i < COUNT(cases); i++) {
        char old[1024], got[4096];
        snprintf(old, sizeof old, "import http from 'k6/http';\nexport const options = %s;\n" RUN,
                 cases[i].options);
        changed_lines(old, &p, got, sizeof got);
        assert_string_equal(got, cases[i].want);
    }
}

static void scenario_of_many_lines(void **state) {
    (void)state;
    char got[4096];
    struct profile p = plan_of(load_60);
    changed_lines("import http from 'k6/http';\n"
                  "export const options = {\n"
                  "  scenarios: {\n"
                  "    main: {\n"
                  "      exec: 'default',\n"
                  "      executor: 'ramping-vus', // closed\n"
                  "      startVUs: 1,\n"
                  "      startTime: '10s',\n"
                  "      stages: [\n"
                  "        { duration: '5m', target: 10 }, // up\n"
                  "      ],\n"
                  "      gracefulStop: '5s',\n"
                  "      env: { A: 'b' },\n"
                  "    },\n"
                  "  },\n"
                  "  thresholds: { " LIMITS " },\n  " STATS ",\n"
                  "};\n" RUN,
                  &p, got, sizeof got);
    assert_string_equal(got, "-      executor: 'ramping-vus', // closed\n"
                             "-      startVUs: 1,\n"
                             "-      startTime: '10s',\n"
                             "-      stages: [\n"
                             "-        { duration: '5m', target: 10 }, // up\n"
                             "+      executor: 'ramping-arrival-rate', // closed\n"
                             "+      startRate: 0,\n"
                             "+      timeUnit: '1s',\n"
                             "+      preAllocatedVUs: 47,\n"
                             "+      maxVUs: 94,\n"
                             "+      stages: [\n"
                             "+        { duration: '100s', target: 60 },\n"
                             "+        { duration: '600s', target: 60 },\n"
                             "+        { duration: '50s', target: 0 },\n");
    assert_non_null(note_of("removed", 8));
}

/* The right executor already: only the numbers that differ. */
static void only_the_numbers(void **state) {
    (void)state;
    char got[4096];
    struct profile p = plan_of(load_60);
    changed_lines("import http from 'k6/http';\n"
                  "export const options = {\n"
                  "  scenarios: {\n"
                  "    main: {\n"
                  "      executor: 'ramping-arrival-rate',\n"
                  "      preAllocatedVUs: 10,\n"
                  "      maxVUs: 94,\n"
                  "      startRate: 0,\n"
                  "      timeUnit: '1m',\n"
                  "      stages: [{ duration: '1m40s', target: 3600 }, { duration: '10m', target: "
                  "3600 }, { target: 0, duration: 50000 }],\n"
                  "    },\n"
                  "  },\n"
                  "  thresholds: { " LIMITS " },\n  " STATS ",\n"
                  "};\n" RUN,
                  &p, got, sizeof got);
    assert_string_equal(got, "-      preAllocatedVUs: 10,\n+      preAllocatedVUs: 47,\n");
}

/* Rates that are the plan's within 0.1 % stay, else rounding would walk. */
static void near_rates_stay(void **state) {
    (void)state;
    struct plan_case c = load_60;
    c.rps = 100.0 / 3;
    struct profile p = plan_of(c);
    char text[1024];
    size_t len;
    snprintf(
        text, sizeof text,
        "import http from 'k6/http';\n"
        "export const options = { scenarios: { a: { executor: 'ramping-arrival-rate', timeUnit: "
        "'10s', preAllocatedVUs: %d, maxVUs: %d, startRate: 0, stages: [{ duration: '100s', "
        "target: 333 }, { duration: '600s', target: 333 }, { duration: '50s', target: 0 }] } }, "
        "thresholds: { " LIMITS " }, " STATS " };\n" RUN,
        p.preallocated_vus, p.max_vus);
    char *new = sound(text, strlen(text), &p, &len);
    assert_string_equal(new, text);
    free(new);
}

static void whole_numbers_per_time_unit(void **state) {
    (void)state;
    static const struct {
        double rps, requests;
        const char *unit, *target;
    } cases[] = {
        {60, 1, "'1s'", "60"},       {7.5, 1, "'10s'", "75"},
        {100, 3, "'1m'", "2000"},    {0.25, 1, "'1m'", "15"},
        {100, 7, "'1m'", "857"},     {1, 600, "'10m'", "1"},
        {1, 3600, "'1h'", "1"},      {12.5, 1, "'10s'", "125"},
        {33.333, 1, "'10s'", "333"}, {1000000.0 / 3, 1, "'1m'", "20000000"},
    };
    for (size_t i = 0; i < COUNT(cases); i++) {
        struct plan_case c = load_60;
        c.rps = cases[i].rps;
        c.requests = cases[i].requests;
        c.avg_ms = 1;
        struct load_input in = plan_input(c);
        in.p95_limit_ms = 2;
        struct profile p = plan_of_input(in);
        char want[64];
        size_t len;
        static const char old[] =
            "import http from 'k6/http';\nexport const options = { vus: 1 };\n" RUN;
        char *new = sound(old, strlen(old), &p, &len);
        snprintf(want, sizeof want, "timeUnit: %s,", cases[i].unit);
        if (!strstr(new, want))
            fail_msg("%s is not in %s", want, new);
        snprintf(want, sizeof want, "target: %s }", cases[i].target);
        if (!strstr(new, want))
            fail_msg("%s is not in %s", want, new);
        free(new);
    }
}

static void a_rate_too_small_is_refused(void **state) {
    (void)state;
    struct plan_case c = load_60;
    c.rps = 0.0001;
    struct profile p = plan_of(c);
    struct edits edits = {0};
    struct err e = {0};
    static const char old[] = "import http from 'k6/http';\n" RUN;
    assert_false(k6_rewrite(&(struct source){.text = old, .len = strlen(old), .file = NAME}, &p,
                            &edits, &notes, &e));
    assert_int_equal(e.kind, ERR_RANGE);
    assert_int_equal(edits.len, 0);
}

/* --- shapes of load --- */

static char *new_of(const struct profile *p) {
    static const char old[] =
        "import http from 'k6/http';\nexport const options = { vus: 1 };\n" RUN;
    size_t len;
    return sound(old, strlen(old), p, &len);
}

static void assert_holds(const struct profile *p, const char *want) {
    char *new = new_of(p);
    if (!strstr(new, want))
        fail_msg("%s is not in\n%s", want, new);
    free(new);
}

static void without_ramps(void **state) {
    (void)state;
    struct load_input in = plan_input(load_60);
    in.ramp_ms = in.ramp_down_ms = 0;
    struct profile p = plan_of_input(in);
    assert_holds(&p,
                 "executor: 'constant-arrival-rate', rate: 60, timeUnit: '1s', duration: '600s', "
                 "preAllocatedVUs: 47, maxVUs: 94 }");
    in.ramp_down_ms = 30000;
    p = plan_of_input(in);
    assert_holds(&p, "executor: 'ramping-arrival-rate', startRate: 60, timeUnit: '1s', "
                     "preAllocatedVUs: 47, maxVUs: 94, stages: [{ duration: '600s', target: 60 }, "
                     "{ duration: '30s', target: 0 }]");
    in.arrivals = ARRIVALS_CLOSED;
    p = plan_of_input(in);
    assert_holds(&p,
                 "executor: 'ramping-vus', startVUs: 30, stages: [{ duration: '600s', target: 30 "
                 "}, { duration: '30s', target: 0 }]");
    in.ramp_down_ms = 0;
    p = plan_of_input(in);
    assert_holds(&p, "executor: 'constant-vus', vus: 30, duration: '600s' }");
}

static void steps_without_ramps_jump(void **state) {
    (void)state;
    struct load_input in =
        plan_input((struct plan_case){MODEL_STRESS, ARRIVALS_OPEN, 20, 100, 0, 1, 60});
    in.ramp_ms = 0;
    in.steps = 3;
    struct profile p = plan_of_input(in);
    assert_holds(&p,
                 "startRate: 10, timeUnit: '1s', preAllocatedVUs: 34, maxVUs: 68, stages: "
                 "[{ duration: '60s', target: 10 }, { duration: '0s', target: 25 }, { duration: "
                 "'60s', target: 25 }, { duration: '0s', target: 40 }, { duration: '60s', target: "
                 "40 }]");
}

static void slow_iterations_get_time_to_end(void **state) {
    (void)state;
    struct plan_case c = load_60;
    c.think_ms = 31000;
    struct profile p = plan_of(c);
    assert_holds(&p, "gracefulStop: '32s'");
    c.arrivals = ARRIVALS_CLOSED; /* stages alone cannot say it */
    p = plan_of(c);
    assert_holds(&p, "scenarios: { default: { executor: 'ramping-vus', startVUs: 0, stages: [");
    assert_holds(&p, "gracefulStop: '32s'");
}

static void parts_of_a_second(void **state) {
    (void)state;
    struct load_input in = plan_input(load_60);
    in.ramp_ms = 1500;
    struct profile p = plan_of_input(in);
    assert_holds(&p, "{ duration: '1500ms', target: 60 }");
}

static void limits_that_are_not_set(void **state) {
    (void)state;
    struct load_input in = plan_input(load_60);
    in.p95_limit_ms = NAN;
    struct profile p = plan_of_input(in);
    assert_holds(&p, "thresholds: { http_req_failed: ['rate<0.01'] }");
    in.error_limit = NAN;
    p = plan_of_input(in);
    char *new = new_of(&p);
    assert_null(strstr(new, "thresholds"));
    free(new);
    in.p95_limit_ms = 1234567.5;
    in.error_limit = 0.0005;
    p = plan_of_input(in);
    assert_holds(&p, "thresholds: { http_req_duration: ['p(95)<1234567.5'], http_req_failed: "
                     "['rate<0.0005'] }");
}

/* From one model to the next and back: only what the plan says changes. */
static void our_own_scripts_are_baselines_too(void **state) {
    (void)state;
    static const struct plan_case plans[] = {
        {MODEL_STRESS, ARRIVALS_OPEN, 60, 500, 0, 1, 0},
        {MODEL_SOAK, ARRIVALS_OPEN, 30, 500, 0, 1, 0},
        {MODEL_LOAD, ARRIVALS_CLOSED, 60, 500, 0, 1, 600},
        {MODEL_LOAD, ARRIVALS_OPEN, 60, 500, 0, 1, 600},
    };
    struct profile p = plan_of(load_60);
    size_t len = 0;
    static const char old[] = "import http from 'k6/http';\nexport const options = {\n  vus: 1,\n"
                              "  thresholds: { " LIMITS " },\n};\n" RUN;
    char *first = sound(old, strlen(old), &p, &len), *text = mem_strdup(first);
    for (size_t i = 0; i < COUNT(plans); i++) {
        p = plan_of(plans[i]);
        char *next = sound(text, len, &p, &len);
        free(text);
        text = next;
    }
    assert_string_equal(text, first);
    free(text);
    free(first);
}

/* --- where options are missing --- */

#define BLOCK "{\n  " SCENARIO_LINES "  thresholds: { " LIMITS " },\n  " STATS ",\n}"
#define SCENARIO_LINES                                                                             \
    "scenarios: {\n    default: {\n      executor: 'ramping-arrival-rate',\n      startRate: 0,\n" \
    "      timeUnit: '1s',\n      preAllocatedVUs: 47,\n      maxVUs: 94,\n      stages: [\n"      \
    "        { duration: '100s', target: 60 },\n        { duration: '600s', target: 60 },\n"       \
    "        { duration: '50s', target: 0 },\n      ],\n    },\n  },\n"

static void inserted_options(void **state) {
    (void)state;
    static const struct {
        const char *why, *old, *new;
    } cases[] = {
        {"behind the last import",
         "import http from 'k6/http';\nimport { sleep } from 'k6'; // pause\n\nfunction f() {\n  "
         "sleep(1);\n}\n" RUN,
         "import http from 'k6/http';\nimport { sleep } from 'k6'; // pause\n\nexport const "
         "options = " BLOCK ";\n\nfunction f() {\n  sleep(1);\n}\n" RUN},
        {"no empty line there yet", "import http from 'k6/http';\nconst A = 1;\n" RUN,
         "import http from 'k6/http';\n\nexport const options = " BLOCK ";\n\nconst A = 1;\n" RUN},
        {"without semicolons", "import http from 'k6/http'\n" RUN,
         "import http from 'k6/http'\n\nexport const options = " BLOCK "\n" RUN},
        {"required modules", "const http = require('k6/http');\n" RUN,
         "const http = require('k6/http');\n\nexport const options = " BLOCK ";\n" RUN},
        {"all on one line", "import http from 'k6/http'; export default () => http.get('/');",
         "import http from 'k6/http';\n\nexport const options = " BLOCK ";\n export default () => "
         "http.get('/');"},
        {"an empty object", "import http from 'k6/http';\nexport const options = {};\n" RUN,
         "import http from 'k6/http';\nexport const options = " BLOCK ";\n" RUN},
        {"the name is in use",
         "import http from 'k6/http';\n\nconst options = { headers: {} };\n" RUN,
         "import http from 'k6/http';\n\nconst loadOptions = " BLOCK
         ";\nexport { loadOptions as options };\n\nconst options = { headers: {} };\n" RUN},
        {"the name is in use inside a function only",
         "import http from 'k6/http';\n\nfunction f(options) {\n  return options;\n}\n" RUN,
         "import http from 'k6/http';\n\nexport const options = " BLOCK
         ";\n\nfunction f(options) {\n  return options;\n}\n" RUN},
    };
    struct profile p = plan_of(load_60);
    for (size_t i = 0; i < COUNT(cases); i++)
        assert_becomes(cases[i].old, &p, cases[i].new);
}

static void inserted_before_the_first_statement(void **state) {
    (void)state;
    struct profile p = plan_of(load_60);
    struct edits edits = {0};
    struct err e = {0};
    static const char old[] =
        "#!/usr/bin/env k6\n// Orders.\n\n// The only function.\nexport { default } "
        "from './main.js';\n";
    assert_true(k6_rewrite(&(struct source){.text = old, .len = strlen(old), .file = NAME}, &p,
                           &edits, &notes, &e));
    assert_int_equal(edits.len, 1);
    assert_int_equal(edits.item[0].start, strstr(old, "// The only") - old);
    assert_int_equal(edits.item[0].end, edits.item[0].start);
    edits_fini(&edits);
    size_t len;
    free(sound(old, strlen(old), &p, &len));
}

/* --- all baselines --- */

/* Lines of the same kind end, bytes outside the options stay: from the file's begin to the options,
 * and from the options' end on. */
static void baselines_keep_their_bytes(void **state) {
    (void)state;
    static const struct plan_case plans[] = {
        {MODEL_LOAD, ARRIVALS_OPEN, 60, 500, 0, 1, 600},
        {MODEL_LOAD, ARRIVALS_CLOSED, 60, 20, 480, 1, 600},
        {MODEL_STRESS, ARRIVALS_OPEN, 100.0 / 3, 500, 0, 3, 0},
        {MODEL_SOAK, ARRIVALS_OPEN, 7.7, 500, 1000, 4, 0},
        {MODEL_STRESS, ARRIVALS_CLOSED, 60, 500, 40000, 1, 0},
    };
    int scripts = 0;
    DIR *dir = opendir(SCRIPTS);
    assert_non_null(dir);
    for (struct dirent *entry; (entry = readdir(dir));) {
        char path[512];
        size_t len, new_len;
        if (!text_starts(entry->d_name, "baseline_") || !text_ends(entry->d_name, ".js"))
            continue;
        snprintf(path, sizeof path, "%s/%s", SCRIPTS, entry->d_name);
        char *old = file_read(path, SCRIPT_MAX_BYTES, &len, NULL);
        assert_non_null(old);
        const char *run = strstr(old, "export default");
        size_t tail = run ? len - (size_t)(run - old) : 20, head = 20;
        bool crlf = strstr(old, "\r\n") != NULL;
        for (size_t i = 0; i < COUNT(plans); i++) {
            struct profile p = plan_of_script(old, len, plans[i]);
            char *new = sound(old, len, &p, &new_len);
            assert_memory_equal(new, old, head);
            assert_memory_equal(new + new_len - tail, old + len - tail, tail);
            for (size_t k = 0; k < new_len; k++)
                if (new[k] == '\n' && crlf != (k > 0 && new[k - 1] == '\r'))
                    fail_msg("%s: a line ends in another way", entry->d_name);
            free(new);
        }
        free(old);
        scripts++;
    }
    closedir(dir);
    assert_true(scripts >= 14);
}

/* --- thresholds of the user --- */

static void own_thresholds_are_shown(void **state) {
    (void)state;
    static const struct {
        const char *thresholds;
        enum model model;
        int level; /* -1: no note */
    } cases[] = {
        {"http_req_duration: ['p(95)<800']", MODEL_LOAD, FINDING_WARNING},
        {"http_req_duration: ['p(95)<300']", MODEL_LOAD, FINDING_INFO},
        {"http_req_duration: ['p(95) < 300', 'p(95)<800']", MODEL_LOAD, FINDING_INFO},
        {"http_req_duration: ['p(99)<800']", MODEL_LOAD, FINDING_WARNING},
        {"http_req_duration: ['p(95)<500']", MODEL_LOAD, -1},
        {"http_req_failed: [{ threshold: 'rate<0.05' }]", MODEL_LOAD, FINDING_WARNING},
        {"http_req_failed: ['rate<0.01']", MODEL_STRESS, FINDING_WARNING},
        {"http_req_failed: [{ threshold: 'rate<0.2', abortOnFail: true }]", MODEL_STRESS, -1},
        {"http_req_duration: ['p(95)<800']", MODEL_STRESS, -1},
        {"checks: ['rate>0.9']", MODEL_LOAD, -1},
    };
    for (size_t i = 0; i < COUNT(cases); i++) {
        char text[512];
        size_t len;
        struct profile p =
            plan_of((struct plan_case){cases[i].model, ARRIVALS_OPEN, 60, 100, 0, 1, 0});
        snprintf(
            text, sizeof text,
            "import http from 'k6/http';\nexport const options = { thresholds: { %s } };\n" RUN,
            cases[i].thresholds);
        free(sound(text, strlen(text), &p, &len));
        const struct finding *f = note_of("own-threshold", 2);
        if ((f ? (int)f->level : -1) != cases[i].level)
            fail_msg("%s: %s", cases[i].thresholds, f ? f->text : "no note");
    }
}

/* --- refusals --- */

static void refusals(void **state) {
    (void)state;
    static const struct {
        const char *text;
        long line;
        const char *words;
    } cases[] = {
        {"let S = {};\nS = {};\nexport const options = {\n  scenarios: S,\n};\n", 4,
         "chosen at run time"},
        {"\nexport const options = {\n  scenarios: pick(__ENV.S),\n};\n", 3, "chosen at run time"},
        {"const S = { a: {} };\nexport const options = {\n  scenarios: S,\n};\nfreeze(S);\n", 3,
         "S is used in line 5 too"},
        {"const scenarios = {};\nexport const options = {\n  scenarios,\n};\nexport { scenarios "
         "};\n",
         3, "scenarios is used in line 5 too"},
        {"\nexport const options = { scenarios: {\n  [__ENV.S]: {},\n} };\n", 3,
         "chosen at run time"},
        {"\nexport const options = { scenarios: {\n  ...more,\n} };\n", 3, "chosen at run time"},
        {"\nexport const options = { scenarios: {\n  a: one,\n} };\n", 3, "chosen at run time"},
        {"\nexport const options = { scenarios: {\n  a: { ...one },\n} };\n", 3,
         "chosen at run time"},
        {"\nexport const options = { scenarios: { a: {\n  executor: __ENV.E,\n} } };\n", 3,
         "chosen at run time"},
        {"\nexport const options = { scenarios: { a: {\n  executor: 'externally-controlled',\n} } "
         "};\n",
         3, "executor externally-controlled does not exist in k6 2"},
        {"\nexport const options = { scenarios: { a: {\n  executor: 'ramping',\n} } };\n", 3,
         "executor ramping does not exist"},
        {"\nexport const options = { scenarios: { a:\n  { vus: 1 } } };\n", 3, "no executor"},
        {"\nexport const options = { scenarios: { 'a b':\n  { executor: 'constant-vus' } } };\n", 2,
         "scenario name 'a b'"},
        {"\nexport const options = { scenarios: { a: { executor: 'constant-vus',\n  vuz: 1 } } "
         "};\n",
         3, "k6 knows no 'vuz'"},
        {"\nexport const options = { scenarios: { a: { executor: 'constant-vus', duration: '1s',\n "
         " exec: "
         "'nope' } } };\n",
         3, "function 'nope' not found in exports"},
        {"\nexport const options = { scenarios: { a: { executor: 'constant-vus', duration: '1s',\n "
         " "
         "options: { browser: { type: 'chromium' } } } } };\n",
         3, "drives a browser"},
    };
    struct profile p = plan_of(load_60);
    for (size_t i = 0; i < COUNT(cases); i++) {
        char text[1024], said[1024];
        struct edits edits = {0};
        struct facts f;
        struct err e = {0}, of_facts = {0};
        bool complete = strstr(cases[i].text, "default");
        snprintf(text, sizeof text, "%s%s", cases[i].text,
                 complete ? "" : "export default function () { require('k6/http').get('/'); }\n");
        if (k6_rewrite(&(struct source){.text = text, .len = strlen(text), .file = NAME}, &p,
                       &edits, &notes, &e))
            fail_msg("not refused:\n%s", text);
        err_sentence(&e, said, sizeof said);
        if (e.kind != ERR_REFUSED || e.line != cases[i].line || !strstr(e.text, cases[i].words) ||
            strcmp(e.file, NAME) != 0)
            fail_msg("%s\nfor\n%s", said, text);
        assert_int_equal(edits.len, 0);
        assert_false(k6_facts(&(struct source){.text = text, .len = strlen(text), .file = NAME}, &f,
                              &of_facts));
        assert_int_equal(of_facts.line, e.line);
        assert_string_equal(of_facts.text, e.text);
        facts_fini(&f);
    }
}

static void refuses_by_name_and_exports(void **state) {
    (void)state;
    static const struct {
        const char *file, *text, *words;
    } cases[] = {
        {"baseline_x.js", "export const options = {};", "function 'default' not found in exports"},
        {"baseline_x.js", "export function run() {}", "function 'default' not found in exports"},
    };
    struct profile p = plan_of(load_60);
    for (size_t i = 0; i < COUNT(cases); i++) {
        struct edits edits = {0};
        struct err e = {0};
        assert_false(k6_rewrite(&(struct source){.text = cases[i].text,
                                                 .len = strlen(cases[i].text),
                                                 .file = cases[i].file},
                                &p, &edits, &notes, &e));
        assert_int_equal(e.kind, ERR_REFUSED);
        assert_int_equal(e.line, 1);
        assert_non_null(strstr(e.text, cases[i].words));
    }
}

static void a_script_without_requests_is_refused(void **state) {
    (void)state;
    struct facts f;
    struct err e = {0};
    static const char text[] = "import ws from 'k6/ws';\n\nexport default function () {\n  "
                               "ws.connect('ws://h/', {}, () => {});\n}\n";
    assert_false(
        k6_facts(&(struct source){.text = text, .len = strlen(text), .file = NAME}, &f, &e));
    assert_int_equal(e.kind, ERR_REFUSED);
    assert_int_equal(e.line, 3);
    assert_non_null(strstr(e.text, "sends no http_reqs"));
    facts_fini(&f);
}

/* A script that was changed after the rewrite is found out. */
static void verify_sees_what_is_wrong(void **state) {
    (void)state;
    static const struct {
        const char *from, *to;
    } cases[] = {
        {"target: 60", "target: 61"},
        {"'600s'", "'601s'"},
        {"preAllocatedVUs: 47", "preAllocatedVUs: 4"},
        {"maxVUs: 94, ", ""},
        {"'ramping-arrival-rate'", "'constant-arrival-rate'"},
        {"startRate: 0", "startRate: 9"},
        {"timeUnit: '1s'", "timeUnit: '1m'"},
        {"executor:", "startTime: '5s', executor:"},
        {"{ scenarios:", "{ vus: 1, scenarios:"},
        {"{ scenarios:", "{ rps: 10, scenarios:"},
        {"thresholds:", "threshold:"},
        {"summaryTrendStats:", "summaryStats:"},
        {"export const options", "const options"},
        {"scenarios: {", "scenarios: ["},
    };
    struct profile p = plan_of(load_60);
    char *good = new_of(&p);
    for (size_t i = 0; i < COUNT(cases); i++) {
        char bad[2048];
        struct err e = {0};
        const char *at = strstr(good, cases[i].from);
        assert_non_null(at);
        snprintf(bad, sizeof bad, "%.*s%s%s", (int)(at - good), good, cases[i].to,
                 at + strlen(cases[i].from));
        if (k6_verify(&(struct source){.text = bad, .len = strlen(bad), .file = NAME}, &p, &e))
            fail_msg("not found out: %s", bad);
        assert_int_equal(e.kind, ERR_INTERNAL);
    }
    free(good);
}

static int tear_down(void **state) {
    (void)state;
    findings_fini(&notes);
    return 0;
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(one_request),
        cmocka_unit_test(stress_on_one_line),
        cmocka_unit_test(soak_in_a_scenario_on_one_line),
        cmocka_unit_test(closed_keeps_the_shortcut),
        cmocka_unit_test(one_line_objects),
        cmocka_unit_test(many_lines),
        cmocka_unit_test(scenario_of_many_lines),
        cmocka_unit_test(only_the_numbers),
        cmocka_unit_test(near_rates_stay),
        cmocka_unit_test(whole_numbers_per_time_unit),
        cmocka_unit_test(a_rate_too_small_is_refused),
        cmocka_unit_test(without_ramps),
        cmocka_unit_test(steps_without_ramps_jump),
        cmocka_unit_test(slow_iterations_get_time_to_end),
        cmocka_unit_test(parts_of_a_second),
        cmocka_unit_test(limits_that_are_not_set),
        cmocka_unit_test(our_own_scripts_are_baselines_too),
        cmocka_unit_test(inserted_options),
        cmocka_unit_test(inserted_before_the_first_statement),
        cmocka_unit_test(baselines_keep_their_bytes),
        cmocka_unit_test(own_thresholds_are_shown),
        cmocka_unit_test(refusals),
        cmocka_unit_test(refuses_by_name_and_exports),
        cmocka_unit_test(a_script_without_requests_is_refused),
        cmocka_unit_test(verify_sees_what_is_wrong),
    };
    return cmocka_run_group_tests(tests, NULL, tear_down);
}

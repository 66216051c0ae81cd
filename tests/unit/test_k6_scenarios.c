/* Scripts with several scenarios: read, rewritten, read back. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/mem.h"
#include "k6_plans.h"
#include "script/diff.h"

#define COUNT(a) (sizeof(a) / sizeof *(a))
#define NAME "baseline_x.js"
#define LIMITS "thresholds: { http_req_duration: ['p(95)<500'], http_req_failed: ['rate<0.01'] }"
#define STATS "summaryTrendStats: ['avg', 'min', 'med', 'max', 'p(90)', 'p(95)', 'p(99)']"
#define IMPORTS "import http from 'k6/http';\nimport { sleep } from 'k6';\n"
#define FUNCTIONS                                                                                  \
    "export function look() { http.get('http://h/'); }\n"                                          \
    "export function buy() { http.get('http://h/'); http.get('http://h/'); }\n"                    \
    "export function talk() {\n  http.get('http://h/');\n  sleep(1);\n}\n"                         \
    "export default look;\nexport function quiet() { sleep(1); }\n"

static struct findings notes; /* of the last rewrite */

static struct source source_of(const char *text) {
    return (struct source){.text = text, .len = strlen(text), .file = NAME};
}

/* A script around the value of its options. The caller frees. */
static char *script_with(const char *options) {
    static const char fmt[] = IMPORTS "export const options = %s;\n" FUNCTIONS;
    size_t size = sizeof fmt + strlen(options);
    char *text = mem_new(size, 1);
    snprintf(text, size, fmt, options);
    return text;
}

static char *rewrite(const char *text, const struct profile *p) {
    struct source src = source_of(text);
    struct edits edits = {0};
    struct err e = {0};
    char said[1024];
    size_t len;
    findings_fini(&notes);
    if (!k6_rewrite(&src, p, &edits, &notes, &e))
        fail_msg("%s in\n%s", err_sentence(&e, said, sizeof said), text);
    char *new = edits_apply(&edits, text, src.len, &len, &e);
    assert_non_null(new);
    edits_fini(&edits);
    src = source_of(new);
    if (!k6_verify(&src, p, &e))
        fail_msg("%s in\n%s", err_sentence(&e, said, sizeof said), new);
    return new;
}

/* The new script; written again it is the same bytes. */
static char *sound(const char *text, const struct profile *p) {
    char *new = rewrite(text, p);
    struct findings first = notes;
    notes = (struct findings){0};
    char *again = rewrite(new, p);
    assert_string_equal(again, new);
    free(again);
    findings_fini(&notes);
    notes = first;
    return new;
}

static void read_facts(const char *text, struct facts *f) {
    struct source src = source_of(text);
    struct err e = {0};
    char said[1024];
    if (!k6_facts(&src, f, &e))
        fail_msg("%s in\n%s", err_sentence(&e, said, sizeof said), text);
}

static struct profile plan_for(const char *text, struct plan_case c) {
    return plan_of_script(text, strlen(text), c);
}

static const struct finding *note_of(const struct findings *f, const char *kind, long line) {
    for (size_t i = 0; i < f->len; i++)
        if (strcmp(f->item[i].kind, kind) == 0 && f->item[i].line == line)
            return &f->item[i];
    return NULL;
}

/* --- facts --- */

static void each_scenario_is_read(void **state) {
    (void)state;
    static const struct {
        const char *scenario;
        enum drive drive;
        double amount, requests, think_ms;
    } cases[] = {
        {"{ executor: 'constant-vus', vus: 4, duration: '1m', exec: 'buy' }", DRIVE_VUS, 4, 2, 0},
        {"{ executor: 'ramping-vus', stages: [{ duration: '1m', target: 9 }, { duration: '1m', "
         "target: 3 }], exec: 'talk' }",
         DRIVE_VUS, 9, 1, 1000},
        {"{ executor: 'constant-arrival-rate', rate: 90, timeUnit: '1m', duration: '1m', "
         "preAllocatedVUs: 3 }",
         DRIVE_RATE, 1.5, 1, 0},
        {"{ executor: 'ramping-arrival-rate', stages: [{ duration: '1m', target: 7 }], "
         "preAllocatedVUs: 3 }",
         DRIVE_RATE, 7, 1, 0},
        {"{ executor: 'ramping-arrival-rate', startRate: 50, timeUnit: '10s', stages: [{ duration: "
         "'1m', target: 7 }], preAllocatedVUs: 3 }",
         DRIVE_RATE, 5, 1, 0},
        {"{ executor: 'constant-vus', vus: __ENV.VUS, duration: '1m' }", DRIVE_VUS, NAN, 1, 0},
        {"{ executor: 'constant-arrival-rate', rate: 9, timeUnit: __ENV.U || '1s', duration: '1m', "
         "preAllocatedVUs: 3 }",
         DRIVE_RATE, NAN, 1, 0},
    };
    for (size_t i = 0; i < COUNT(cases); i++) {
        char options[1024];
        snprintf(options, sizeof options,
                 "{ scenarios: { one: { executor: 'constant-vus', duration: '1m' }, two: %s } }",
                 cases[i].scenario);
        char *text = script_with(options);
        struct facts f;
        read_facts(text, &f);
        assert_int_equal(f.scenarios, 2);
        const struct scenario *s = &f.scenario[1];
        assert_string_equal(f.scenario[0].name, "one");
        assert_string_equal(s->name, "two");
        assert_int_equal(s->drive, cases[i].drive);
        if (isnan(cases[i].amount))
            assert_true(isnan(s->amount.value) && s->amount.why[0]);
        else
            assert_true(s->amount.value == cases[i].amount);
        assert_true(s->requests_per_iteration.value == cases[i].requests);
        assert_true(s->think_ms.value == cases[i].think_ms && s->wait_ms.value == 0);
        assert_string_equal(s->left_alone, "");
        facts_fini(&f);
        free(text);
    }
}

static void iterations_are_amounts_too(void **state) {
    (void)state;
    static const struct {
        const char *options;
        double amount[2];
    } cases[] = {
        {"{ scenarios: { a: { executor: 'shared-iterations', vus: 3, iterations: 30 }, b: { "
         "executor: 'per-vu-iterations', vus: 3, iterations: 30 } } }",
         {30, 90}},
        {"{ scenarios: { a: { executor: 'shared-iterations' }, b: { executor: 'per-vu-iterations', "
         "vus: 3 } } }",
         {1, 3}},
        {"{ vus: 7 }", {7, 0}},
        {"{ vus: 7, iterations: 20 }", {20, 0}},
        {"{}", {1, 0}},
    };
    for (size_t i = 0; i < COUNT(cases); i++) {
        char *text = script_with(cases[i].options);
        struct facts f;
        read_facts(text, &f);
        for (size_t k = 0; k < f.scenarios; k++) {
            assert_int_equal(f.scenario[k].drive, DRIVE_ITERATIONS);
            assert_string_equal(f.scenario[k].left_alone, "");
            assert_true(f.scenario[k].amount.value == cases[i].amount[k]);
        }
        facts_fini(&f);
        free(text);
    }
}

#define SEED                                                                                       \
    "seed: { executor: 'per-vu-iterations', vus: 1, iterations: 1, exec: 'look', maxDuration: "    \
    "'20s' }"
#define PAGES                                                                                      \
    "pages: { executor: 'constant-vus', exec: 'look', options: { browser: { type: 'chromium' } } " \
    "}"
#define MAIN "main: { executor: 'constant-vus', vus: 2, duration: '20s' }"

/* Browsers, seeding jobs and other protocols keep every byte; the rest carries the target. */
static void some_scenarios_are_left_alone(void **state) {
    (void)state;
    static const struct {
        const char *other, *why;
    } cases[] = {
        {SEED, "iterations"},
        {PAGES, "browser"},
        {"quiet: { executor: 'constant-vus', exec: 'quiet', duration: '9s', startTime: '1m' }",
         "sends no http_reqs"},
    };
    for (size_t i = 0; i < COUNT(cases); i++) {
        char options[512];
        snprintf(options, sizeof options, "{ scenarios: { " MAIN ", %s } }", cases[i].other);
        char *text = script_with(options);
        struct facts f;
        read_facts(text, &f);
        const struct scenario *carrier[SCENARIOS_MAX];
        assert_int_equal(facts_carriers(&f, carrier), 1);
        assert_string_equal(carrier[0]->name, "main");
        assert_non_null(strstr(f.scenario[1].left_alone, cases[i].why));
        for (int nameless = 0; nameless < 2; nameless++) {
            struct plan_case c = {MODEL_LOAD, ARRIVALS_OPEN, 60, 100, 0, 1, 600};
            struct profile p = plan_for(text, c);
            if (nameless)
                p = plan_of(c);
            char *new = sound(text, &p);
            if (!strstr(new, cases[i].other))
                fail_msg("%s is not in\n%s", cases[i].other, new);
            assert_non_null(strstr(new, "main: { executor: 'ramping-arrival-rate'"));
            const struct finding *note = note_of(&notes, "left-alone", 3);
            assert_non_null(note);
            assert_non_null(strstr(note->text, cases[i].why));
            free(new);
        }
        facts_fini(&f);
        free(text);
    }
}

/* --- the worked example --- */

static void two_scenarios_share_a_soak(void **state) {
    (void)state;
    char *old =
        script_with("{\n"
                    "  scenarios: {\n"
                    "    buy:  { executor: 'constant-vus', vus: 1, duration: '20s', exec: 'buy', "
                    "tags: { kind: 'b' } },\n"
                    "    look: { executor: 'constant-vus', vus: 3, duration: '20s', exec: 'look' "
                    "},\n"
                    "  },\n"
                    "}");
    char *want = script_with(
        "{\n"
        "  scenarios: {\n"
        "    buy:  { executor: 'ramping-arrival-rate', startRate: 0, timeUnit: '10s', "
        "preAllocatedVUs: 16, maxVUs: 32, stages: [{ duration: '300s', target: 75 }, { duration: "
        "'28800s', target: 75 }, { duration: '60s', target: 0 }], exec: 'buy', tags: { kind: 'b' } "
        "},\n"
        "    look: { executor: 'ramping-arrival-rate', startRate: 0, timeUnit: '1s', "
        "preAllocatedVUs: 37, maxVUs: 74, stages: [{ duration: '300s', target: 45 }, { duration: "
        "'28800s', target: 45 }, { duration: '60s', target: 0 }], exec: 'look' },\n"
        "  },\n"
        "  " LIMITS ",\n  " STATS ",\n}");
    struct profile p =
        plan_for(old, (struct plan_case){MODEL_SOAK, ARRIVALS_OPEN, 60, 125, 0, 0, 0});
    char *new = sound(old, &p);
    assert_string_equal(new, want);
    free(new);
    free(old);
    free(want);
}

static void closed_scenarios_get_their_vus(void **state) {
    (void)state;
    char *old =
        script_with("{ scenarios: { a: { executor: 'ramping-vus', exec: 'talk', stages: "
                    "[{ duration: '9s', target: 2 }], gracefulRampDown: '3s' }, b: { "
                    "executor: 'constant-vus', vus: 2, duration: '20s', exec: 'talk' } } }");
    char *want = script_with(
        "{ scenarios: { a: { executor: 'ramping-vus', startVUs: 0, exec: 'talk', stages: "
        "[{ duration: '100s', target: 31 }, { duration: '600s', target: 31 }, { duration: '50s', "
        "target: 0 }], gracefulRampDown: '3s' }, b: { executor: 'ramping-vus', startVUs: 0, "
        "stages: [{ duration: '100s', target: 31 }, { duration: '600s', target: 31 }, { duration: "
        "'50s', target: 0 }], exec: 'talk' } }, " LIMITS ", " STATS " }");
    struct profile p =
        plan_for(old, (struct plan_case){MODEL_LOAD, ARRIVALS_CLOSED, 60, 20, 0, 0, 600});
    char *new = sound(old, &p);
    assert_string_equal(new, want);
    free(new);
    free(old);
    free(want);
}

/* --- objects behind names --- */

static void a_constant_is_edited_where_it_stands(void **state) {
    (void)state;
    static const struct {
        const char *before, *options, *keeps;
    } cases[] = {
        {"const s = { executor: 'constant-vus', duration: '9s' };", "{ scenarios: { a: s } }",
         "scenarios: { a: s }, thresholds"},
        {"const a = { executor: 'constant-vus', duration: '9s' };", "{ scenarios: { a } }",
         "scenarios: { a }, thresholds"},
        {"const S = { a: { executor: 'constant-vus', duration: '9s' } };", "{ scenarios: S }",
         "scenarios: S, thresholds"},
        {"const scenarios = { a: { executor: 'constant-vus', duration: '9s' } };", "{ scenarios }",
         "{ scenarios, thresholds"},
        {"const a = { executor: 'constant-vus', duration: '9s' };\nconst S = { a };",
         "{ scenarios: S }", "scenarios: S, thresholds"},
    };
    static const char load[] = "{ executor: 'ramping-arrival-rate', startRate: 0, timeUnit: '1s', "
                               "preAllocatedVUs: 47, maxVUs: 94, stages: [";
    struct profile p = plan_of((struct plan_case){MODEL_LOAD, ARRIVALS_OPEN, 60, 500, 0, 1, 600});
    for (size_t i = 0; i < COUNT(cases); i++) {
        char text[1024], want[1024];
        snprintf(text, sizeof text, IMPORTS "%s\nexport const options = %s;\n" FUNCTIONS,
                 cases[i].before, cases[i].options);
        char *new = sound(text, &p);
        const char *object = strstr(cases[i].before, "{ executor");
        snprintf(want, sizeof want, IMPORTS "%.*s%s", (int)(object - cases[i].before),
                 cases[i].before, load);
        assert_memory_equal(new, want, strlen(want));
        assert_non_null(strstr(new, cases[i].keeps));
        free(new);
    }
}

/* Numbers from variables are replaced in the scenario; the variable stays. */
static void figures_from_variables(void **state) {
    (void)state;
    static const char text[] =
        IMPORTS "const RATE = 5, UNIT = '1s', S = [{ duration: '9s', target: 1 }];\n"
                "export const options = { scenarios: { a: { executor: 'ramping-arrival-rate', "
                "startRate: RATE, timeUnit: UNIT, preAllocatedVUs: __ENV.P || 47, maxVUs: 94, "
                "stages: S } }, " LIMITS ", " STATS " };\n" FUNCTIONS;
    static const char want[] =
        IMPORTS "const RATE = 5, UNIT = '1s', S = [{ duration: '9s', target: 1 }];\n"
                "export const options = { scenarios: { a: { executor: 'ramping-arrival-rate', "
                "startRate: 0, timeUnit: UNIT, preAllocatedVUs: 47, maxVUs: 94, stages: "
                "[{ duration: '100s', target: 60 }, { duration: '600s', target: 60 }, { duration: "
                "'50s', target: 0 }] } }, " LIMITS ", " STATS " };\n" FUNCTIONS;
    struct profile p = plan_of((struct plan_case){MODEL_LOAD, ARRIVALS_OPEN, 60, 500, 0, 1, 600});
    char *new = sound(text, &p);
    assert_string_equal(new, want);
    free(new);
}

/* --- the same bytes again --- */

#define LOOK "look: { executor: 'constant-vus', vus: 3, duration: '20s', exec: 'look' }"
#define BUY "buy: { executor: 'constant-vus', vus: 1, duration: '20s', exec: 'buy' }"
#define TALK                                                                                       \
    "talk: {\n  executor: 'ramping-vus',\n  exec: 'talk',\n  stages: [{ duration: '9s', target: "  \
    "5 }],\n}"

/* The parts' rates add up to the target at each stage. */
static void check_sum(const char *text, const struct profile *p) {
    struct facts f;
    double rps = 0;
    read_facts(text, &f);
    for (size_t i = 0; i < f.scenarios; i++)
        rps += f.scenario[i].amount.value * f.scenario[i].requests_per_iteration.value;
    if (p->arrivals == ARRIVALS_OPEN && !(fabs(rps - p->target_rps) <= 0.001 * p->target_rps))
        fail_msg("%g RPS planned, %g written in\n%s", p->target_rps, rps, text);
    facts_fini(&f);
}

static void written_again_it_is_the_same(void **state) {
    (void)state;
    static const char *const scripts[] = {
        "{ vus: 2, duration: '9s' }",
        "{ scenarios: { " LOOK " } }",
        "{ scenarios: { " LOOK ", " BUY " } }",
        "{ scenarios: { " LOOK ",\n" TALK ",\n" BUY "\n} }",
        "{ scenarios: { a: { executor: 'shared-iterations', iterations: 7 }, b: { executor: "
        "'shared-iterations', iterations: 13, exec: 'buy' } } }",
    };
    static const double rates[] = {60, 33.3, 7.77, 1234.5};
    for (size_t i = 0; i < COUNT(scripts); i++)
        for (int model = MODEL_LOAD; model <= MODEL_SOAK; model++)
            for (size_t r = 0; r < 2 * COUNT(rates); r++) {
                char *text = script_with(scripts[i]);
                enum arrivals arrivals = r % 2 ? ARRIVALS_CLOSED : ARRIVALS_OPEN;
                struct profile p = plan_for(text, (struct plan_case){(enum model)model, arrivals,
                                                                     rates[r / 2], 20, 0, 1, 0});
                char *new = sound(text, &p);
                check_sum(new, &p);
                free(new);
                free(text);
            }
}

/* A script of ours that is its own baseline: the shares come out of its rates, and with the same
 * target nothing changes. */
static void our_own_script_is_a_baseline(void **state) {
    (void)state;
    static const enum arrivals arrivals[] = {ARRIVALS_OPEN, ARRIVALS_CLOSED};
    char *text = script_with("{ scenarios: { " LOOK ",\n" TALK ",\n" BUY "\n} }");
    for (size_t a = 0; a < COUNT(arrivals); a++)
        for (int model = MODEL_LOAD; model <= MODEL_SOAK; model++) {
            struct plan_case c = {(enum model)model, ARRIVALS_OPEN, 60, 20, 0, 1, 0};
            struct profile p = plan_for(text, c);
            char *first = sound(text, &p);
            p = plan_for(first, c);
            char *second = sound(first, &p);
            assert_string_equal(second, first);
            free(first);
            free(second);
        }
    free(text);
}

/* Other figures, same script: nothing but load settings changes. */
static void only_load_settings_change(void **state) {
    (void)state;
    static const char *const loads[] = {
        "executor:", "startRate:",  "startVUs:",         "timeUnit:", "preAllocatedVUs:",
        "maxVUs:",   "stages:",     "{ duration:",       "],",        "vus:",
        "duration:", "thresholds:", "summaryTrendStats:"};
    static const char options[] = "{\n  tags: { a: 'b' }, // all\n  scenarios: {\n"
                                  "    look: {\n"
                                  "      executor: 'constant-vus',\n"
                                  "      vus: 3,\n"
                                  "      env: { KIND: 'look' }, // kept\n"
                                  "      duration: '20s',\n"
                                  "      gracefulStop: '5s',\n"
                                  "      exec: 'look',\n"
                                  "    },\n"
                                  "    /* the other */\n"
                                  "    buy: {\n"
                                  "      exec: 'buy',\n"
                                  "      executor: 'constant-vus',\n"
                                  "      tags: { kind: 'buy' },\n"
                                  "      duration: '20s',\n"
                                  "      vus: 1,\n"
                                  "    },\n  },\n}";
    char *text = script_with(options);
    for (int model = MODEL_LOAD; model <= MODEL_SOAK; model++)
        for (int a = ARRIVALS_OPEN; a <= ARRIVALS_CLOSED; a++) {
            struct profile p = plan_for(
                text, (struct plan_case){(enum model)model, (enum arrivals)a, 60, 20, 0, 1, 0});
            char *new = sound(text, &p);
            struct diff d;
            struct source src = source_of(text);
            struct edits edits = {0};
            size_t len;
            assert_true(k6_rewrite(&src, &p, &edits, &notes, NULL));
            free(edits_apply(&edits, text, src.len, &len, NULL));
            diff_make(&d, text, src.len, new, len, &edits);
            for (size_t i = 0; i < d.len; i++) {
                const struct diff_line *l = &d.line[i];
                const char *line = (l->kind == DIFF_ADD ? new : text) + l->start;
                bool load = l->kind == DIFF_KEEP;
                for (size_t k = 0; k < COUNT(loads); k++)
                    load =
                        load || strncmp(line + strspn(line, " "), loads[k], strlen(loads[k])) == 0;
                if (!load)
                    fail_msg("%.*s", (int)l->len, line);
            }
            diff_fini(&d);
            edits_fini(&edits);
            free(new);
        }
    free(text);
}

/* --- startTime --- */

static void overlapping_scenarios_begin_together(void **state) {
    (void)state;
    static const struct plan_case c = {MODEL_LOAD, ARRIVALS_OPEN, 60, 100, 0, 1, 600};
    char *text = script_with("{ scenarios: {\n  a: { executor: 'constant-vus', duration: '1m' },\n"
                             "  b: { executor: 'constant-vus', duration: '1m', startTime: '30s' "
                             "},\n} }");
    struct profile p = plan_for(text, c);
    char *new = sound(text, &p);
    assert_null(strstr(new, "startTime"));
    assert_non_null(strstr(note_of(&notes, "removed", 5)->text, "startTime: '30s'"));
    free(new);
    free(text);
    text = script_with("{ scenarios: {\n  " SEED ",\n  b: { executor: 'constant-vus', duration: "
                       "'1m', startTime: '30s' },\n} }");
    p = plan_for(text, c);
    new = sound(text, &p);
    assert_null(strstr(new, "startTime"));
    const struct finding *note = note_of(&notes, "removed", 5);
    assert_int_equal(note->level, FINDING_WARNING);
    assert_non_null(strstr(note->text, "seed still runs"));
    free(new);
    free(text);
}

static void refusals(void **state) {
    (void)state;
    static const struct {
        const char *options, *words, *fix;
        long line;
    } cases[] = {
        {"{ scenarios: {\n  a: { executor: 'constant-vus', duration: '1m' },\n"
         "  b: { executor: 'constant-vus', duration: '1m', startTime: '1m' },\n} }",
         "a and b never run together", "which one carries the target?", 5},
        {"{ scenarios: {\n  b: { executor: 'constant-vus', duration: '1m', startTime: '90s' },\n"
         "  a: { executor: 'ramping-vus', stages: [{ duration: '10s', target: 2 }, { duration: "
         "'70s', target: 2 }] },\n} }",
         "a and b never run together", "which one carries the target?", 4},
        {"{ scenarios: {\n  a: { executor: 'constant-vus', duration: '1m', exec: 'quiet' },\n"
         "  " PAGES ",\n} }",
         "no scenario can carry the target: a sends no http_reqs", "k6/http", 4},
        {"{ scenarios: {\n  a: { executor: 'constant-vus', duration: '1m', exec: 'quiet' },\n"
         "  " SEED ",\n} }",
         "no scenario can carry the target", "k6/http", 4},
        {"{ scenarios: {\n  a: { executor: 'constant-vus', duration: '1m' },\n"
         "  b: { executor: 'constant-vus', duration: '1m', exec: 'nope' },\n} }",
         "function 'nope' not found in exports", "export it", 5},
        {"{ scenarios: {\n  a: { executor: 'constant-vus', duration: '1m' },\n"
         "  b: { executor: 'constant', duration: '1m' },\n} }",
         "executor constant does not exist", "take one", 5},
        {"{ scenarios: {\n  a: common,\n  b: common,\n} };\n"
         "const common = { executor: 'constant-vus', duration: '1m' }",
         "common is used in line 5 too", "write the object", 4},
        {"{ scenarios: {\n  a: { executor: 'constant-vus', duration: '1m' },\n"
         "  b: ALL[__ENV.WHICH],\n} }",
         "chosen at run time", "as an object", 5},
        {"{ scenarios: {\n"
         "  aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa: { "
         "executor: 'constant-vus', duration: '1m' },\n} }",
         "name is longer", "", 4},
    };
    struct profile p = plan_of((struct plan_case){MODEL_LOAD, ARRIVALS_OPEN, 60, 500, 0, 1, 600});
    for (size_t i = 0; i < COUNT(cases); i++) {
        char *text = script_with(cases[i].options), said[1024];
        struct source src = source_of(text);
        struct edits edits = {0};
        struct facts f;
        struct err e = {0}, of_facts = {0};
        assert_false(k6_rewrite(&src, &p, &edits, &notes, &e));
        assert_false(k6_facts(&src, &f, &of_facts));
        err_sentence(&e, said, sizeof said);
        if (e.kind != ERR_REFUSED || e.line != cases[i].line || !strstr(e.text, cases[i].words) ||
            !strstr(e.fix, cases[i].fix))
            fail_msg("%s\nfor\n%s", said, text);
        assert_string_equal(of_facts.text, e.text);
        assert_int_equal(edits.len, 0);
        facts_fini(&f);
        free(text);
    }
}

/* A plan made from another script is found out before anything is written. */
static void a_plan_of_another_script(void **state) {
    (void)state;
    static const struct {
        const char *plan, *script, *words;
    } cases[] = {
        {"{ scenarios: { " LOOK ", " BUY " } }", "{ scenarios: { " LOOK " } }", "does not have"},
        {"{ scenarios: { " LOOK " } }", "{ scenarios: { " LOOK ", " BUY " } }",
         "no share for scenario buy"},
        {"{ scenarios: { " LOOK ", " MAIN " } }", "{ scenarios: { " LOOK ", " BUY " } }",
         "no share for scenario buy"},
        {"{ vus: 1 }", "{ scenarios: { " LOOK " } }", "no share for scenario look"},
    };
    for (size_t i = 0; i < COUNT(cases); i++) {
        char *of_plan = script_with(cases[i].plan), *text = script_with(cases[i].script);
        struct profile p =
            plan_for(of_plan, (struct plan_case){MODEL_LOAD, ARRIVALS_OPEN, 60, 20, 0, 1, 0});
        struct source src = source_of(text);
        struct edits edits = {0};
        struct err e = {0};
        assert_int_equal(strlen(p.part[0].name) > 0, true);
        assert_false(k6_rewrite(&src, &p, &edits, &notes, &e));
        assert_int_equal(e.kind, ERR_MISSING);
        assert_non_null(strstr(e.text, cases[i].words));
        assert_int_equal(edits.len, 0);
        free(of_plan);
        free(text);
    }
}

/* --- what is found out --- */

static void verify_sees_each_scenario(void **state) {
    (void)state;
    char *text = script_with("{ scenarios: { " LOOK ", " BUY ", " SEED " } }");
    struct profile p =
        plan_for(text, (struct plan_case){MODEL_LOAD, ARRIVALS_OPEN, 60, 20, 0, 1, 600});
    char *good = sound(text, &p);
    static const struct {
        const char *from, *to;
    } cases[] = {
        {"target: 45", "target: 46"},
        {"target: 75", "target: 76"},
        {"exec: 'buy'", "startTime: '3s', exec: 'buy'"},
        {"timeUnit: '1s'", "timeUnit: '2s'"},
        {"buy: {", "bye: {"},
    };
    for (size_t i = 0; i < COUNT(cases); i++) {
        char bad[2048];
        struct err e = {0};
        const char *at = strstr(good, cases[i].from);
        if (!at)
            fail_msg("%s is not in\n%s", cases[i].from, good);
        snprintf(bad, sizeof bad, "%.*s%s%s", (int)(at - good), good, cases[i].to,
                 at + strlen(cases[i].from));
        struct source src = source_of(bad);
        if (k6_verify(&src, &p, &e))
            fail_msg("not found out: %s", bad);
        assert_int_equal(e.kind, ERR_INTERNAL);
    }
    free(good);
    free(text);
}

/* --- findings --- */

static void vus_beside_scenarios_says_what_ran(void **state) {
    (void)state;
    char *text = script_with("{ vus: 5, scenarios: { " LOOK ", " BUY " } }");
    struct facts f;
    read_facts(text, &f);
    const struct finding *it = note_of(&f.findings, "vus-beside-scenarios", 3);
    assert_non_null(it);
    assert_non_null(strstr(it->text, "the baseline ran 5 iterations, not its scenarios"));
    struct profile p =
        plan_for(text, (struct plan_case){MODEL_LOAD, ARRIVALS_OPEN, 60, 20, 0, 1, 600});
    char *new = sound(text, &p);
    assert_null(strstr(new, "vus: 5"));
    free(new);
    facts_fini(&f);
    free(text);
}

static void a_final_sleep_costs_vus(void **state) {
    (void)state;
    char *text = script_with("{ scenarios: { " LOOK ", talk: { executor: 'constant-vus', vus: 40, "
                             "duration: '9s', exec: 'talk' } } }");
    struct plan_case c = {MODEL_LOAD, ARRIVALS_OPEN, 60, 100, 0, 1, 600};
    struct profile p = plan_for(text, c);
    free(sound(text, &p));
    char want[64];
    snprintf(want, sizeof want, "about %.0f fewer VUs", p.part[1].iteration_rps);
    const struct finding *it = note_of(&notes, "final-sleep", 8);
    assert_non_null(it);
    assert_non_null(strstr(it->text, want));
    assert_non_null(strstr(it->text, "sleep(1)"));
    c.arrivals = ARRIVALS_CLOSED;
    p = plan_for(text, c);
    free(sound(text, &p));
    assert_null(note_of(&notes, "final-sleep", 8));
    free(text);
}

static void new_connections_are_a_fact(void **state) {
    (void)state;
    static const struct {
        const char *options;
        bool is;
    } cases[] = {
        {"{ noConnectionReuse: true }", true},
        {"{ noVUConnectionReuse: true }", true},
        {"{ noConnectionReuse: false, noVUConnectionReuse: null }", false},
        {"{ vus: 1 }", false},
    };
    for (size_t i = 0; i < COUNT(cases); i++) {
        char *text = script_with(cases[i].options);
        struct facts f;
        read_facts(text, &f);
        assert_int_equal(f.new_connections, cases[i].is);
        assert_int_equal(f.new_connections_line, cases[i].is ? 3 : 0);
        facts_fini(&f);
        free(text);
    }
}

/* --- several machines --- */

static void vus_divide_between_machines(void **state) {
    (void)state;
    char *text = script_with("{ scenarios: { " LOOK ", " BUY " } }");
    static const int machines[] = {1, 2, 3, 7};
    for (size_t i = 0; i < COUNT(machines); i++) {
        struct findings said = {0};
        struct profile p =
            plan_for(text, (struct plan_case){MODEL_LOAD, ARRIVALS_OPEN, 60, 20, 0, 1, 600});
        struct profile before = p;
        p.generators = machines[i];
        assert_true(k6_fit(&p, &said, NULL));
        for (size_t k = 0; k < p.parts; k++) {
            const struct part *part = &p.part[k], *was = &before.part[k];
            assert_int_equal(part->preallocated_vus % machines[i], 0);
            assert_int_equal(part->max_vus % machines[i], 0);
            assert_in_range(part->preallocated_vus - was->preallocated_vus, 0, machines[i] - 1);
            assert_in_range(part->max_vus - was->max_vus, 0, machines[i] - 1);
            assert_int_equal(part->users, part->preallocated_vus);
        }
        assert_int_equal(p.max_vus, p.part[0].max_vus + p.part[1].max_vus);
        assert_int_equal(p.users, p.part[0].users + p.part[1].users);
        assert_int_equal(said.len > 0, machines[i] > 1);
        free(sound(text, &p));
        findings_fini(&said);
    }
    free(text);
}

static int tear_down(void **state) {
    (void)state;
    findings_fini(&notes);
    return 0;
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_scenario_is_read),
        cmocka_unit_test(iterations_are_amounts_too),
        cmocka_unit_test(some_scenarios_are_left_alone),
        cmocka_unit_test(two_scenarios_share_a_soak),
        cmocka_unit_test(closed_scenarios_get_their_vus),
        cmocka_unit_test(a_constant_is_edited_where_it_stands),
        cmocka_unit_test(figures_from_variables),
        cmocka_unit_test(written_again_it_is_the_same),
        cmocka_unit_test(our_own_script_is_a_baseline),
        cmocka_unit_test(only_load_settings_change),
        cmocka_unit_test(overlapping_scenarios_begin_together),
        cmocka_unit_test(refusals),
        cmocka_unit_test(a_plan_of_another_script),
        cmocka_unit_test(verify_sees_each_scenario),
        cmocka_unit_test(vus_beside_scenarios_says_what_ran),
        cmocka_unit_test(a_final_sleep_costs_vus),
        cmocka_unit_test(new_connections_are_a_fact),
        cmocka_unit_test(vus_divide_between_machines),
    };
    return cmocka_run_group_tests(tests, NULL, tear_down);
}

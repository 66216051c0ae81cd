#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/file.h"
#include "tools/k6/k6_script.h"

#define COUNT(a) (sizeof(a) / sizeof *(a))
#define IMPORTS                                                                                    \
    "import http from 'k6/http';\nimport { check, group, sleep, fail } from 'k6';\n"               \
    "import { randomIntBetween } from 'https://jslib.k6.io/k6-utils/1.4.0/index.js';\n"

/* The scenario of a script; the caller finishes f. */
static const struct scenario *read_text(const char *text, struct facts *f) {
    struct err e = {0};
    char said[1024];
    if (!k6_facts(&(struct source){.text = text, .len = strlen(text), .file = "baseline_x.js"}, f,
                  &e))
        fail_msg("%s in\n%s", err_sentence(&e, said, sizeof said), text);
    assert_int_equal(f->scenarios, 1);
    return &f->scenario[0];
}

static void assert_near(double got, double want) {
    if (isnan(want))
        assert_true(isnan(got));
    else if (!(fabs(got - want) < 1e-6))
        fail_msg("%g is not %g", got, want);
}

static bool has_finding(const struct facts *f, const char *kind, long line) {
    for (size_t i = 0; i < f->findings.len; i++)
        if (strcmp(f->findings.item[i].kind, kind) == 0 && f->findings.item[i].line == line)
            return true;
    return false;
}

/* Requests and pauses of the body of one iteration. NAN: not known, and why holds `why`. */
static void counts_an_iteration(void **state) {
    (void)state;
    static const struct {
        const char *body, *other; /* other: more text at the top level */
        double low, high, think_low, think_high;
        const char *why;
    } cases[] = {
        {"http.get(U);", "", 1, 1, 0, 0, ""},
        {"http.get(U); http.post(U, {}); http.put(U); http.patch(U); http.del(U); http.head(U); "
         "http.options(U); http.request('GET', U);",
         "", 8, 8, 0, 0, ""},
        {"return http.asyncRequest('GET', U);", "", 1, 1, 0, 0, ""},
        {"const r = http['get'](U); r.json('id').toString();", "", 1, 1, 0, 0, ""},
        {"http.cookieJar(); http.expectedStatuses(200); http.get(http.url`${U}/${1}`);", "", 1, 1,
         0, 0, ""},
        {"http.batch([U, U, ['GET', U]]);", "", 3, 3, 0, 0, ""},
        {"http.batch({ a: U, b: U });", "", 2, 2, 0, 0, ""},
        {"http.batch(list);", "const list = [U, U];", 2, 2, 0, 0, ""},
        {"http.batch(list);", "const list = []; list.push(U);", NAN, NAN, 0, 0, "made at run time"},
        {"http.batch([...list, U]);", "const list = [U, U];", NAN, NAN, 0, 0, "made at run time"},
        /* pauses */
        {"http.get(U); sleep(1); sleep(0.5);", "", 1, 1, 1500, 1500, ""},
        {"http.get(U); sleep(PAUSE * 2 - 1);", "const PAUSE = 3;", 1, 1, 5000, 5000, ""},
        {"http.get(U); sleep(CONF.pause);", "const CONF = { pause: 0.25 };", 1, 1, 250, 250, ""},
        {"http.get(U); sleep(Math.random() * 4 + 1);", "", 1, 1, 3000, 3000, ""},
        {"http.get(U); sleep(Math.floor(Math.random() * 3) + 1);", "", 1, 1, 2000, 2000, ""},
        {"http.get(U); sleep(Math.random() * Math.random());", "", 1, 1, NAN, NAN, "pauses"},
        {"http.get(U); sleep(randomIntBetween(2, 5));", "", 1, 1, 3500, 3500, ""},
        {"http.get(U); sleep(__ENV.PAUSE || 2);", "", 1, 1, 2000, 2000, ""},
        {"http.get(U); sleep(Number(__ENV.PAUSE) || 2);", "", 1, 1, 2000, 2000, ""},
        {"http.get(U); sleep(__ENV.PAUSE);", "", 1, 1, NAN, NAN, "pauses"},
        {"http.get(U); sleep(pause);", "let pause = 1; pause = 2;", 1, 1, NAN, NAN, "pauses"},
        {"http.get(U); sleep(pause());", "function pause() { return 1; }", 1, 1, NAN, NAN,
         "pauses"},
        /* loops */
        {"for (let i = 0; i < 5; i++) http.get(U);", "", 5, 5, 0, 0, ""},
        {"for (let i = 1; i <= N; i += 2) { http.get(U); sleep(1); }", "const N = 5;", 3, 3, 3000,
         3000, ""},
        {"for (let i = 3; i > 0; i--) http.get(U);", "", 3, 3, 0, 0, ""},
        {"for (let i = 0; i < list.length; i++) http.get(U);", "const list = [1, 2];", 2, 2, 0, 0,
         ""},
        {"for (const u of [U, U]) http.get(u);", "", 2, 2, 0, 0, ""},
        {"for (const u of list) http.get(u);", "", NAN, NAN, 0, 0, "loop in line 6"},
        {"for (const k in { a: 1 }) http.get(U);", "", NAN, NAN, 0, 0, "loop"},
        {"while (more()) http.get(U);", "function more() { return false; }", NAN, NAN, 0, 0,
         "loop"},
        {"do { http.get(U); } while (Math.random() < 0.5);", "", NAN, NAN, 0, 0, "loop"},
        {"for (const x of data) { x.seen = true; } http.get(U);", "", 1, 1, 0, 0, ""},
        {"for (let i = 0; i < 4; i++) { if (i == 2) break; http.get(U); }", "", 0, 4, 0, 0, ""},
        {"for (let i = 0; i < 4; i++) { if (i == 2) continue; http.get(U); }", "", 0, 4, 0, 0, ""},
        {"[1, 2, 3].forEach((x) => http.get(U));", "", 3, 3, 0, 0, ""},
        {"list.map((x) => http.get(U));", "const list = JSON.parse(open('a.json'));", NAN, NAN, 0,
         0, "loop"},
        {"list.map((x) => x + 1); http.get(U);", "const list = [1];", 1, 1, 0, 0, ""},
        /* branches */
        {"if (Math.random() < 0.5) http.get(U); else http.post(U);", "", 1, 1, 0, 0, ""},
        {"http.get(U); if (Math.random() < 0.5) { http.get(U); sleep(2); }", "", 1, 2, 0, 2000, ""},
        {"const r = http.get(U); if (r.status == 204) return; http.get(U); http.get(U);", "", 1, 3,
         0, 0, ""},
        {"const r = http.get(U); if (!check(r, {})) { fail('no'); } http.get(U);", "", 2, 2, 0, 0,
         ""},
        {"const r = http.get(U); if (r.status != 200) { throw new Error('no'); } http.get(U);", "",
         2, 2, 0, 0, ""},
        {"const r = Math.random() < 0.5 ? http.get(U) : http.post(U);", "", 1, 1, 0, 0, ""},
        {"http.get(U) && http.get(U);", "", 1, 2, 0, 0, ""},
        {"switch (__VU % 2) { case 0: http.get(U); break; default: http.get(U); http.get(U); }", "",
         1, 2, 0, 0, ""},
        {"switch (__VU % 2) { case 0: http.get(U); case 1: http.get(U); }", "", 0, 2, 0, 0, ""},
        {"try { http.get(U); } catch (e) { console.error(e); } finally { sleep(1); }", "", 1, 1,
         1000, 1000, ""},
        /* functions of this file */
        {"group('a', () => { http.get(U); }); group('b', function () { http.get(U); sleep(1); });",
         "", 2, 2, 1000, 1000, ""},
        {"visit(); visit();", "function visit() { http.get(U); sleep(1); }", 2, 2, 2000, 2000, ""},
        {"visit();", "const visit = () => http.get(U);", 1, 1, 0, 0, ""},
        {"group('a', visit);", "const visit = () => http.get(U);", 1, 1, 0, 0, ""},
        {"api.list(); api.buy();",
         "const api = { list() { http.get(U); }, buy: () => { http.get(U); http.get(U); } };", 3, 3,
         0, 0, ""},
        {"new Shop().buy();",
         "class Shop { buy() { http.get(U); this.pay(); } pay() { http.get(U); } "
         "}",
         2, 2, 0, 0, ""},
        {"(function () { http.get(U); })();", "", 1, 1, 0, 0, ""},
        {"g(U);", "const g = http.get;", 1, 1, 0, 0, ""},
        {"require('k6/http').get(U);", "", 1, 1, 0, 0, ""},
        {"post(U);", "const { post } = http;", 1, 1, 0, 0, ""},
        {"http.asyncRequest('GET', U).then(() => http.get(U));", "", 2, 2, 0, 0, ""},
        {"again(3);", "function again(n) { http.get(U); if (n) again(n - 1); }", NAN, NAN, NAN, NAN,
         "calls itself"},
        {"twice(() => http.get(U));", "function twice(f) { f(); f(); }", NAN, NAN, NAN, NAN,
         "not in this file"},
        /* code elsewhere */
        {"api.buy();", "import api from './api.js';", NAN, NAN, NAN, NAN, "line 6 calls ./api.js"},
        {"buy();", "import { buy } from './api.js';", NAN, NAN, NAN, NAN, "line 6 calls ./api.js"},
        {"client.get(U);", "import { Client } from './c.js'; const client = new Client();", NAN,
         NAN, NAN, NAN, "line 6 calls"},
        {"send(http);", "import { send } from './api.js';", NAN, NAN, NAN, NAN, "line 6 calls"},
        {"const h = http; h.get(U);", "", NAN, NAN, NAN, NAN, "hands http on"},
        {"http[method](U);", "", NAN, NAN, 0, 0, "hands http on"},
        {"http.get(U); exec.vu.idInTest.toString();", "import exec from 'k6/execution';", 1, 1, 0,
         0, ""},
        /* what an iteration does not run */
        {"http.get(U);", "export function setup() { http.get(U); }\nhttp.get(U);", 1, 1, 0, 0, ""},
        {"const f = () => http.get(U); http.get(U);", "", 1, 1, 0, 0, ""},
    };
    for (size_t i = 0; i < COUNT(cases); i++) {
        char text[1024];
        snprintf(text, sizeof text,
                 IMPORTS
                 "const U = 'http://127.0.0.1/';\nexport default function () {\n%s\n}\n%s\n",
                 cases[i].body, cases[i].other);
        struct facts f;
        const struct scenario *s = read_text(text, &f);
        const struct known *k = &s->requests_per_iteration, *z = &s->think_ms;
        bool right = (isnan(cases[i].low) ? isnan(k->value) : k->value == cases[i].low) &&
                     (isnan(cases[i].high) ? isnan(k->most) : k->most == cases[i].high) &&
                     (isnan(cases[i].think_low) ? isnan(z->value)
                                                : fabs(z->value - cases[i].think_low) < 1e-6) &&
                     (isnan(cases[i].think_high) ? isnan(z->most)
                                                 : fabs(z->most - cases[i].think_high) < 1e-6);
        const char *why = k->why[0] ? k->why : z->why;
        if (!right || !strstr(why, cases[i].why) || (!*cases[i].why && *why))
            fail_msg("%s %s\n  requests %g to %g (%s), think %g to %g (%s)", cases[i].body,
                     cases[i].other, k->value, k->most, k->why, z->value, z->most, z->why);
        facts_fini(&f);
    }
}

static void reads_the_load(void **state) {
    (void)state;
    static const struct {
        const char *options, *name, *executor;
        double vus, duration_ms;
    } cases[] = {
        {"{}", "default", "per-vu-iterations", 1, NAN},
        {"{ vus: 10 }", "default", "shared-iterations", 10, NAN},
        {"{ vus: 10, iterations: 100 }", "default", "shared-iterations", 10, NAN},
        {"{ vus: 10, duration: '1m30s' }", "default", "constant-vus", 10, 90000},
        {"{ 'vus': 10, \"duration\": 2000 }", "default", "constant-vus", 10, 2000},
        {"{ vus: 1, vus: 7, duration: '1d2h' }", "default", "constant-vus", 7, 93600000},
        {"{ duration: '2000' }", "default", "constant-vus", 1, 2000},
        {"{ vus: null, duration: '1.5m' }", "default", "constant-vus", 1, 90000},
        {"{ stages: [{ duration: '1m', target: 5 }, { target: 0, duration: '500ms' }] }", "default",
         "ramping-vus", 5, 60500},
        {"{ vus: 9, stages: [{ duration: '1m', target: 5 }] }", "default", "ramping-vus", 9, 60000},
        {"{ vus: __ENV.VUS || 3, duration: '1s' }", "default", "constant-vus", NAN, 1000},
        {"{ vus: 2, duration: __ENV.D }", "default", "constant-vus", 2, NAN},
        {"{ scenarios: {}, vus: 2, duration: '1s' }", "default", "constant-vus", 2, 1000},
        {"{ scenarios: { a: { executor: 'constant-vus', vus: 4, duration: '1h' } } }", "a",
         "constant-vus", 4, 3600000},
        {"{ scenarios: { 'a-b': { executor: 'constant-arrival-rate', rate: 5, duration: '3s', "
         "preAllocatedVUs: 6 } } }",
         "a-b", "constant-arrival-rate", 6, 3000},
        {"{ scenarios: { a: { executor: 'ramping-arrival-rate', preAllocatedVUs: 6, maxVUs: 60, "
         "stages: [{ duration: '2s', target: 9 }] } } }",
         "a", "ramping-arrival-rate", 60, 2000},
        {"{ scenarios: { a: { executor: 'per-vu-iterations', vus: 4, iterations: 2 } } }", "a",
         "per-vu-iterations", 4, NAN},
        {"{ scenarios: { a: { executor: `ramping-vus`, startVUs: 8, stages: S } } }", "a",
         "ramping-vus", 8, 1000},
    };
    for (size_t i = 0; i < COUNT(cases); i++) {
        char text[1024];
        snprintf(text, sizeof text,
                 IMPORTS "const S = [{ duration: '1s', target: 2 }];\nexport const options = %s;\n"
                         "export default () => http.get('http://h/');\n",
                 cases[i].options);
        struct facts f;
        const struct scenario *s = read_text(text, &f);
        assert_string_equal(s->name, cases[i].name);
        assert_string_equal(s->executor, cases[i].executor);
        assert_near(s->vus.value, cases[i].vus);
        assert_near(s->duration_ms.value, cases[i].duration_ms);
        assert_true(!isnan(s->vus.value) || s->vus.why[0]);
        assert_true(!isnan(s->duration_ms.value) || s->duration_ms.why[0]);
        facts_fini(&f);
    }
}

static void finds_the_base_url(void **state) {
    (void)state;
    static const struct {
        const char *top, *call, *url;
        long line;
    } cases[] = {
        {"", "http.get('http://127.0.0.1:8080/a?b=1')", "http://127.0.0.1:8080", 6},
        {"const B = 'https://a.test';", "http.get(`${B}/x/${1 + 1}`)", "https://a.test", 6},
        {"const B = __ENV.B || 'https://a.test/api';", "http.get(B + '/x')", "https://a.test", 6},
        {"const C = { b: 'https://a.test' };", "http.get(`${C.b}/x`)", "https://a.test", 6},
        {"const B = __ENV.B;", "http.get(`${B}/x`)", "", 0},
        {"const B = 'https://a.test';", "send('/x')", "https://a.test", 4},
        {"const L = [['GET', 'https://a.test/x']];", "http.batch(L)", "https://a.test", 4},
        {"const L = ['https://a.test/x', 'https://b.test/'];", "http.batch(L)", "", 0},
        {"", "http.get(`https://${__ENV.HOST}/x`)", "", 0},
        {"", "http.get(http.url`https://a.test/${7}`)", "https://a.test", 6},
        {"", "http.request('GET', 'https://a.test/')", "https://a.test", 6},
    };
    for (size_t i = 0; i < COUNT(cases); i++) {
        char text[1024];
        snprintf(text, sizeof text,
                 IMPORTS "%s\nexport default function () {\n%s;\n}\n"
                         "function send(path) { return http.get(`${__ENV.X}${path}`); }\n",
                 cases[i].top, cases[i].call);
        struct facts f;
        read_text(text, &f);
        assert_string_equal(f.base_url, cases[i].url);
        assert_int_equal(f.base_url_line, cases[i].line);
        facts_fini(&f);
    }
}

static void remarks(void **state) {
    (void)state;
    static const struct {
        const char *options, *body, *kind;
        long line; /* 0: there must be none of that kind in lines 4 and 6 */
    } cases[] = {
        {"{ executor: 'constant-vus', vus: 1 }", "http.get(U);", "top-level-executor", 4},
        {"{ vus: 5, scenarios: { a: { executor: 'constant-vus', duration: '1s' } } }",
         "http.get(U);", "vus-beside-scenarios", 4},
        {"{ duration: '1s', scenarios: { a: { executor: 'constant-vus', duration: '1s' } } }",
         "http.get(U);", "shortcut-beside-scenarios", 4},
        {"{ vus: 5, duration: '1s' }", "http.get(U);", "vus-beside-scenarios", 0},
        {"{ noConnectionReuse: true }", "http.get(U);", "new-connections", 4},
        {"{ noVUConnectionReuse: true }", "http.get(U);", "new-connections", 4},
        {"{ noConnectionReuse: false }", "http.get(U);", "new-connections", 0},
        {"{ rps: 10 }", "http.get(U);", "cap", 4},
        {"{ rps: 0 }", "http.get(U);", "cap", 0},
        {"{ minIterationDuration: '2s' }", "http.get(U);", "cap", 4},
        {"{}", "http.get(U); sleep(1);", "final-sleep", 6},
        {"{}", "sleep(1); http.get(U);", "final-sleep", 0},
        {"{}", "http.get(`${U}${__ITER}`);", "ids-in-url", 6},
        {"{}", "http.get(U + __VU + '/x');", "ids-in-url", 6},
        {"{}", "http.get(`${U}${__ITER}`, { tags: { name: 'one' } });", "ids-in-url", 0},
        {"{}", "http.post(`${U}${__ITER}`, null, { tags: { name: 'one' } });", "ids-in-url", 0},
        {"{}", "http.post(`${U}${__ITER}`, null, { tags: { kind: 'one' } });", "ids-in-url", 6},
        {"{}", "http.get(http.url`${U}${__ITER}`);", "ids-in-url", 0},
        {"{}", "http.get(`${__ENV.HOST}/static/path`);", "ids-in-url", 0},
        {"{}", "for (const p of ['a', 'b']) http.get(`${U}${p}`);", "ids-in-url", 0},
        {"{}", "http.get(U); sleep(__ENV.T || 1);", "from-environment", 6},
    };
    for (size_t i = 0; i < COUNT(cases); i++) {
        char text[1024];
        snprintf(text, sizeof text,
                 "import http from 'k6/http';\nimport { sleep } from 'k6';\n"
                 "const U = 'http://h/';\nexport const options = %s;\n"
                 "export default function () {\n%s\n}\n",
                 cases[i].options, cases[i].body);
        struct facts f;
        read_text(text, &f);
        if (cases[i].line && !has_finding(&f, cases[i].kind, cases[i].line))
            fail_msg("no %s for %s %s", cases[i].kind, cases[i].options, cases[i].body);
        if (!cases[i].line &&
            (has_finding(&f, cases[i].kind, 4) || has_finding(&f, cases[i].kind, 6)))
            fail_msg("%s for %s %s", cases[i].kind, cases[i].options, cases[i].body);
        for (size_t k = 0; k < f.findings.len; k++)
            assert_string_equal(f.findings.item[k].file, "baseline_x.js");
        facts_fini(&f);
    }
}

/* The same function written as an export of every kind. */
static void finds_the_function(void **state) {
    (void)state;
    static const struct {
        const char *text;
        double requests;
        const char *why;
    } cases[] = {
        {"export default function () { http.get('/'); }", 1, ""},
        {"export default function run() { http.get('/'); }", 1, ""},
        {"export default async () => { await http.asyncRequest('GET', '/'); };", 1, ""},
        {"const run = () => http.get('/'); export default run;", 1, ""},
        {"function run() { http.get('/'); } export { run as default };", 1, ""},
        {"export { default } from './main.js';", NAN, "./main.js"},
        {"import run from './main.js'; export default run;", NAN, "./main.js"},
        {"export default make();", NAN, "run time"},
        {"export const options = { scenarios: { a: { executor: 'constant-vus', duration: '1s', "
         "exec: "
         "'buy' } } }; export function buy() { http.get('/'); http.get('/'); }",
         2, ""},
        {"export const options = { scenarios: { a: { executor: 'constant-vus', duration: '1s', "
         "exec: "
         "F } } }; const F = 'buy'; export const buy = () => http.get('/');",
         1, ""},
        {"export const options = { scenarios: { a: { executor: 'constant-vus', duration: '1s', "
         "exec: "
         "__ENV.F } } };",
         NAN, "run time"},
    };
    for (size_t i = 0; i < COUNT(cases); i++) {
        char text[1024];
        snprintf(text, sizeof text, "import http from 'k6/http';\n%s\n", cases[i].text);
        struct facts f;
        const struct known *k = &read_text(text, &f)->requests_per_iteration;
        assert_near(k->value, cases[i].requests);
        assert_non_null(strstr(k->why, cases[i].why));
        facts_fini(&f);
    }
}

/* Text made to be slow or deep: an answer, or a refusal, in a moment. */
static void survives_hostile_text(void **state) {
    (void)state;
    static const struct {
        const char *head, *repeat, *tail;
        int times;
    } cases[] = {
        {"export default function () { http.get(", "(", "", 200000},
        {"export default function () { x = ", "[", "", 200000},
        {"import http from 'k6/http';\nexport default function () { ", "{", "}", 20000},
        {"import http from 'k6/http';\nexport default function () { ", "if (a) ", "http.get(U); }",
         20000},
        {"import http from 'k6/http';\nexport default function () { ", "http.get(U);", " }", 60000},
        {"import http from 'k6/http';\nexport default function () { x = 1", " + a.b(1)", "; }",
         60000},
        {"import http from 'k6/http';\n", "function f() { g(); } ", "export default f;", 40000},
        {"import http from 'k6/http';\n", "const a = 1; ",
         "export default function () { http.get(a); }", 60000},
        {"import http from 'k6/http';\nexport default function () { http.get(`", "${a}", "`); }",
         60000},
        {"import http from 'k6/http';\nexport const options = { ", "vus: 1, ",
         "}; export default () => http.get(1);", 60000},
        {"import http from 'k6/http';\nexport const options = {}; export default () => "
         "http.get(1);",
         "f(options.a); ", "", 60000},
        {"", "\xff", "", 100000},
        {"", "", "", 1},
    };
    for (size_t i = 0; i < COUNT(cases); i++) {
        size_t head = strlen(cases[i].head), unit = strlen(cases[i].repeat);
        size_t len = head + unit * (size_t)cases[i].times + strlen(cases[i].tail);
        char *text = malloc(len + 1), *to = stpcpy(text, cases[i].head);
        assert_non_null(text);
        for (int k = 0; k < cases[i].times; k++)
            to = stpcpy(to, cases[i].repeat);
        strcpy(to, cases[i].tail);
        struct facts f;
        struct err e = {0};
        if (!k6_facts(&(struct source){.text = text, .len = len, .file = "baseline_x.js"}, &f, &e))
            assert_int_not_equal(e.kind, ERR_NONE);
        facts_fini(&f);
        free(text);
    }
}

/* A figure from one place names its line; a sum of several has none. */
static void a_figure_has_its_line(void **state) {
    (void)state;
    static const struct {
        const char *body;
        long requests, think;
    } cases[] = {
        {"http.get('/');\n  sleep(1);", 4, 5},
        {"http.get('/');\n  sleep(1);\n  http.get('/');", 0, 5},
        {"http.get('/'); sleep(0);\n  sleep(1);\n  sleep(0.5);", 4, 0},
        {"for (let i = 0; i < 3; i++) {\n    http.get('/');\n  }", 5, 0},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        char text[512];
        struct facts f;
        snprintf(text, sizeof text,
                 "import http from 'k6/http';\nimport { sleep } from 'k6';\n"
                 "export default function () {\n  %s\n}\n",
                 cases[i].body);
        const struct scenario *s = read_text(text, &f);
        assert_int_equal(s->requests_per_iteration.line, cases[i].requests);
        assert_int_equal(s->think_ms.line, cases[i].think);
        facts_fini(&f);
    }
}

static void a_name_can_double_and_double(void **state) {
    (void)state;
    char text[8192] = "import http from 'k6/http';\nimport { sleep } from 'k6';\nconst a0 = 1;\n";
    for (int i = 1; i <= 20; i++) {
        size_t len = strlen(text);
        snprintf(text + len, sizeof text - len,
                 "const a%d = a%d + a%d; function f%d() { f%d(); f%d(); }\n", i, i - 1, i - 1, i,
                 i - 1, i - 1);
    }
    strcat(text, "function f0() { http.get('/'); }\n"
                 "export default function () { f20(); sleep(a20); }\n");
    struct facts f;
    const struct scenario *s = read_text(text, &f);
    assert_near(s->requests_per_iteration.value / ldexp(1, 20), 1);
    assert_true(isnan(s->think_ms.value));
    facts_fini(&f);
}

/* The script's own limits, each with its line; an expression stays as it is written. */
static void own_limits(void **state) {
    (void)state;
    static const char text[] = IMPORTS "const LIMIT = 'rate<0.05';\n"
                                       "export const options = {\n"
                                       "  thresholds: {\n"
                                       "    http_req_duration: ['p(95)<800', `p(99)<${__ENV.P}`],\n"
                                       "    'http_req_failed{scenario:a}': [\n"
                                       "      { threshold: LIMIT, abortOnFail: true }],\n"
                                       "  },\n};\n"
                                       "export default function () { http.get('http://h/'); }\n";
    static const struct own_limit want[] = {
        {"http_req_duration", "p(95)<800", 7},
        {"http_req_duration", "`p(99)<${__ENV.P}`", 7},
        {"http_req_failed{scenario:a}", "rate<0.05", 9},
    };
    struct facts f;
    read_text(text, &f);
    assert_int_equal(f.limits, COUNT(want));
    for (size_t i = 0; i < COUNT(want); i++) {
        assert_string_equal(f.limit[i].metric, want[i].metric);
        assert_string_equal(f.limit[i].text, want[i].text);
        assert_int_equal(f.limit[i].line, want[i].line);
    }
    facts_fini(&f);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_figure_has_its_line),
        cmocka_unit_test(counts_an_iteration),
        cmocka_unit_test(reads_the_load),
        cmocka_unit_test(finds_the_base_url),
        cmocka_unit_test(remarks),
        cmocka_unit_test(own_limits),
        cmocka_unit_test(finds_the_function),
        cmocka_unit_test(survives_hostile_text),
        cmocka_unit_test(a_name_can_double_and_double),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

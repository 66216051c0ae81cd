/* Every shape in which a k6 script may set its options: edited, laid over, or refused with line,
 * reason and way out. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/buf.h"
#include "base/mem.h"
#include "base/text.h"
#include "k6_plans.h"
#include "tools/k6/k6_script.h"

#define COUNT(a) (sizeof(a) / sizeof *(a))
#define HTTP "import http from 'k6/http';\n"
#define RUN "\nexport default function () {\n  http.get('http://127.0.0.1:8080/');\n}\n"
#define OLD "{ vus: 1, duration: '5s' }"
#define STAGES                                                                                     \
    "stages: [{ duration: '100s', target: 60 }, { duration: '600s', target: 60 }, { duration: "    \
    "'50s', target: 0 }]"
#define LIMITS "http_req_duration: ['p(95)<500'], http_req_failed: ['rate<0.01']"
#define STATS "summaryTrendStats: ['avg', 'min', 'med', 'max', 'p(90)', 'p(95)', 'p(99)']"
#define NEW                                                                                        \
    "{ scenarios: { default: { executor: 'ramping-arrival-rate', startRate: 0, timeUnit: '1s', "   \
    "preAllocatedVUs: 47, maxVUs: 94, " STAGES " } }, thresholds: { " LIMITS " }, " STATS " }"

static const struct plan_case load_60 = {MODEL_LOAD, ARRIVALS_OPEN, 60, 500, 0, 1, 600};

static struct findings notes; /* of the last rewrite */

static struct source source_of(const char *file, const char *text, size_t len) {
    return (struct source){.text = text, .len = len, .file = file};
}

/* text with each @ replaced. The caller frees. */
static char *fill(const char *text, const char *with) {
    struct buf b;
    buf_init(&b, 1 << 20);
    for (; *text; text++)
        if (*text == '@')
            buf_str(&b, with);
        else
            buf_char(&b, *text);
    char *filled = buf_take(&b);
    buf_fini(&b);
    return filled;
}

static char *rewrite(const char *file, const char *text, size_t len, const struct profile *p,
                     size_t *new_len) {
    struct edits edits = {0};
    struct err e = {0};
    char said[1024];
    struct source s = source_of(file, text, len);
    findings_fini(&notes);
    char *new =
        k6_rewrite(&s, p, &edits, &notes, &e) ? edits_apply(&edits, text, len, new_len, &e) : NULL;
    edits_fini(&edits);
    if (!new)
        fail_msg("%s in\n%s", err_sentence(&e, said, sizeof said), text);
    return new;
}

/* The new script. It says what the plan says, and written again it is the same bytes. */
static char *sound(const char *file, const char *text, size_t len, const struct profile *p,
                   size_t *new_len) {
    char said[1024];
    struct err e = {0};
    char *new = rewrite(file, text, len, p, new_len);
    struct findings first = notes;
    struct source s = source_of(file, new, *new_len);
    notes = (struct findings){0};
    if (!k6_verify(&s, p, &e))
        fail_msg("%s in\n%s", err_sentence(&e, said, sizeof said), new);
    size_t again_len;
    char *again = rewrite(file, new, *new_len, p, &again_len);
    if (again_len != *new_len || memcmp(again, new, again_len) != 0)
        fail_msg("written again it is\n%s\nand was\n%s", again, new);
    free(again);
    findings_fini(&notes);
    notes = first;
    return new;
}

static void assert_becomes(const char *file, const char *old, const char *want) {
    struct profile p = plan_of(load_60);
    size_t len;
    char *new = sound(file, old, strlen(old), &p, &len);
    assert_string_equal(new, want);
    free(new);
}

/* --- edited in place --- */

static void edited(void **state) {
    (void)state;
    static const struct {
        const char *file, *text;
    } cases[] = {
        {"b.js", HTTP "export const options = @;\n" RUN},
        {"b.js", HTTP "export let options = @;\n" RUN},
        {"b.js", HTTP "export var options = (@);\n" RUN},
        {"b.js", HTTP "export const a = 1, options = @;\n" RUN},
        {"b.js", HTTP "const options = @;\nexport { options };\n" RUN},
        {"b.js", HTTP "const cfg = @;\nexport { cfg as options };\n" RUN},
        {"b.js", HTTP "export { cfg as 'options' };\nvar cfg = @;\n" RUN},
        {"b.js", HTTP "export let options;\noptions = @;\n" RUN},
        {"b.js", HTTP "let cfg;\ncfg = (@);\nexport { cfg as options };\n" RUN},
        {"b.js", HTTP "const other = @;\nexport const options = other;\n" RUN},
        {"b.js", HTTP "const a = @;\nconst b = a;\nexport const options = b;\n" RUN},
        {"b.js", HTTP "const other = @;\nconst options = other;\nexport { options };\n" RUN},
        {"b.js", HTTP "let other = @;\nexport const options = other;\nconsole.log(other);\n" RUN},
        {"b.js",
         HTTP "import { options as theirs } from './o.js';\nexport const options = @;\n" RUN},
        {"b.js", HTTP "export const options = @;\nexport * from './more.js';\n" RUN},
        /* TypeScript */
        {"b.ts",
         HTTP "import { Options } from 'k6/options';\nexport const options: Options = @;\n" RUN},
        {"b.ts",
         HTTP "import type { Options } from 'k6/options';\nexport let options: Partial<Options> = "
              "@ as Options;\n" RUN},
        {"b.ts", HTTP "export const options = @ satisfies Options;\n" RUN},
        {"b.ts", HTTP "export const options = (@ as unknown as Options)!;\n" RUN},
        {"b.ts", HTTP "export const options = <Options>@;\n" RUN},
        {"b.ts", HTTP "export const options = @ as const;\n" RUN},
        {"b.ts", HTTP "const cfg: Options = @;\nexport { cfg as options, type Options };\n" RUN},
        {"b.ts", HTTP "export let options: Options;\noptions = @;\n" RUN},
        {"b.ts", HTTP "const other: Options = @;\nexport const options = other as Options;\n" RUN},
        {"b.ts", HTTP "type O = typeof options;\nexport const options = @;\n" RUN},
        {"b.ts", HTTP
         "export const options = @;\nfunction f(o: typeof options, options = 1): void {}\n" RUN},
        {"b.ts", "import http = require('k6/http');\nexport const options: any = @;\n" RUN},
        {"b.ts", HTTP
         "declare const options_: Options;\nenum E { A }\nnamespace N { export const x = 1; }\n"
         "abstract class C { abstract f(): void; private x: number = 1; }\n"
         "export interface I { options: Options }\nexport type T = I;\n"
         "export const options = @;\n" RUN},
    };
    for (size_t i = 0; i < COUNT(cases); i++) {
        char *old = fill(cases[i].text, OLD), *want = fill(cases[i].text, NEW);
        assert_becomes(cases[i].file, old, want);
        free(old);
        free(want);
    }
}

#define REQUIRE "const http = require('k6/http');\n"
#define MAIN "function main() { http.get('http://h/'); }\n"

static void edited_in_common_js(void **state) {
    (void)state;
    static const char *const cases[] = {
        REQUIRE "exports.options = @;\nexports.default = function () { http.get('/'); };\n",
        REQUIRE "exports['options'] = @;\nexports.default = () => http.get('/');\n",
        REQUIRE "module.exports.options = @;\nmodule.exports.default = main;\n" MAIN,
        REQUIRE "module.exports = { options: @, default: main };\n" MAIN,
        REQUIRE "module.exports = {\n  options: @,\n  default() { http.get('/'); },\n};\n",
        REQUIRE "const options = @;\nmodule.exports = { options, default: main };\n" MAIN,
        REQUIRE "const cfg = @;\nexports.options = cfg;\nexports.default = main;\n" MAIN,
        REQUIRE "exports = module.exports = { default: main, options: @ };\n" MAIN,
        /* what compilers write */
        "\"use strict\";\nObject.defineProperty(exports, '__esModule', { value: true });\n"
        "exports.default = exports.options = void 0;\nvar http = require('k6/http');\n"
        "let options = exports.options = @;\nexports.default = main;\n" MAIN,
        REQUIRE "(function (module, exports) { exports.options = 1; })({}, {});\n"
                "exports.options = @;\nexports.default = main;\n" MAIN,
    };
    for (size_t i = 0; i < COUNT(cases); i++) {
        char *old = fill(cases[i], OLD), *want = fill(cases[i], NEW);
        /* the object's own first string decides on its quotes */
        assert_becomes("b.js", old, want);
        free(old);
        free(want);
    }
    assert_becomes("b.ts",
                   REQUIRE "exports.options = " OLD " as Options;\nexports.default = main;\n" MAIN,
                   REQUIRE "exports.options = " NEW " as Options;\nexports.default = main;\n" MAIN);
}

/* --- laid over --- */

#define OVER                                                                                       \
    ", {\n  vus: null,\n  duration: null,\n  stages: null,\n  iterations: null,\n  scenarios: {\n" \
    "    default: {\n      executor: 'ramping-arrival-rate',\n      startRate: 0,\n      "         \
    "timeUnit: '1s',\n      preAllocatedVUs: 47,\n      maxVUs: 94,\n      stages: [\n        "    \
    "{ duration: '100s', target: 60 },\n        { duration: '600s', target: 60 },\n        { "     \
    "duration: '50s', target: 0 },\n      ],\n    },\n  },\n})"

static const struct finding *find(const struct findings *f, const char *kind) {
    for (size_t i = 0; i < f->len; i++)
        if (strcmp(f->item[i].kind, kind) == 0)
            return &f->item[i];
    return NULL;
}

static void laid_over(void **state) {
    (void)state;
    static const struct {
        const char *file, *before, *expression, *after;
    } cases[] = {
        {"b.js", HTTP "const base = {};\nexport const options = ", "{ ...base, vus: 3 }",
         ";\n" RUN},
        {"b.js", HTTP "\nexport const options = ", "Object.assign({}, base, { vus: 3 })",
         ";\n" RUN},
        {"b.js", HTTP "\nexport const options = ",
         "Object.assign({}, base, { vus: null, scenarios: {} })", ";\n" RUN},
        {"b.js", HTTP "\nexport let options = ", "mk(6)", "\n" RUN},
        {"b.js", HTTP "\nexport const options = ", "JSON.parse(open('o.json'))", ";\n" RUN},
        {"b.js", HTTP "\nexport const options = ", "__ENV.O || {}", ";\n" RUN},
        {"b.js", HTTP "\nexport const options = ", "(a ?? b)", ";\n" RUN},
        {"b.js", HTTP "\nexport const options = ", "__ENV.A ? { vus: 1 } : { vus: 2 }", ";\n" RUN},
        {"b.js", HTTP "\nexport const options = ", "CONFIG.options", ";\n" RUN},
        {"b.js", HTTP "const o = mk(6);\nexport const options = ", "o", ";\n" RUN},
        {"b.js", HTTP "const o = ", "{ ...base }", ";\nexport const options = o;\n" RUN},
        {"b.js", HTTP "const b = ", "a", ";\nexport const options = b;\n" RUN},
        {"b.js", HTTP "\nconst cfg = ", "mk(6)", ";\nexport { cfg as options };\n" RUN},
        {"b.js", HTTP "export let options;\noptions = ", "mk(6)", ";\n" RUN},
        {"b.js", HTTP "export const errors = new Rate('e'), options = ", "mk(6)", ";\n" RUN},
        {"b.js", HTTP "export const limit = 3;\nexport const options = ", "mk(6)",
         ";\nexport function teardown() {}\nexport class Page {}\n" RUN},
        {"b.ts", HTTP "\nexport const options: Options = ", "{ ...base, vus: 3 } as Options",
         ";\n" RUN},
        {"b.ts", HTTP "\nexport const options = ", "mk<Options>(6)!", ";\n" RUN},
        {"b.js", REQUIRE "exports.default = main;\nexports.options = ", "mk(6)", ";\n" MAIN},
        {"b.js", REQUIRE "module.exports = { default: main, options: ", "{ ...base }",
         " };\n" MAIN},
    };
    for (size_t i = 0; i < COUNT(cases); i++) {
        char old[1024], want[2048];
        struct facts f;
        struct err e = {0};
        snprintf(old, sizeof old, "%s%s%s", cases[i].before, cases[i].expression, cases[i].after);
        snprintf(want, sizeof want, "%sObject.assign({}, %s" OVER "%s", cases[i].before,
                 cases[i].expression, cases[i].after);
        assert_becomes(cases[i].file, old, want);
        const struct finding *note = find(&notes, "overlay");
        long line = (long)text_count_lines(cases[i].before, strlen(cases[i].before));
        assert_non_null(note);
        assert_int_equal(note->level, FINDING_WARNING);
        assert_int_equal(note->line, line);
        assert_non_null(strstr(note->text, "env and tags of their scenarios are lost"));
        struct source s = source_of(cases[i].file, old, strlen(old));
        assert_true(k6_facts(&s, &f, &e));
        assert_non_null(find(&f.findings, "overlay"));
        assert_true(isnan(f.scenario[0].vus.value));
        assert_int_equal(f.scenario[0].vus.line, line);
        facts_fini(&f);
    }
}

static void laid_over_a_short_member(void **state) {
    (void)state;
    assert_becomes("b.js",
                   REQUIRE
                   "const options = mk(6);\nmodule.exports = { options, default: main };\n" MAIN,
                   REQUIRE "const options = mk(6);\nmodule.exports = { options: Object.assign({}, "
                           "options" OVER ", default: main };\n" MAIN);
}

/* An overlay of an earlier rewrite is options to edit: only numbers change. */
static void an_overlay_is_read_back(void **state) {
    (void)state;
    static const char old[] = HTTP "export const options = mk(6);\n" RUN;
    static const struct plan_case plans[] = {
        {MODEL_LOAD, ARRIVALS_OPEN, 30, 500, 0, 1, 600},
        {MODEL_STRESS, ARRIVALS_OPEN, 60, 500, 0, 1, 0},
        {MODEL_LOAD, ARRIVALS_CLOSED, 60, 20, 480, 1, 600},
        {MODEL_LOAD, ARRIVALS_OPEN, 60, 500, 0, 1, 600},
    };
    struct profile p = plan_of(load_60);
    size_t len;
    char *first = sound("b.js", old, strlen(old), &p, &len), *text = mem_strdup(first);
    for (size_t i = 0; i < COUNT(plans); i++) {
        p = plan_of(plans[i]);
        char *next = sound("b.js", text, len, &p, &len);
        assert_null(find(&notes, "overlay"));
        assert_null(strstr(next, "thresholds"));
        free(text);
        text = next;
    }
    assert_string_equal(text, first);
    struct facts f;
    struct err e = {0};
    struct source s = source_of("b.js", text, len);
    assert_true(k6_facts(&s, &f, &e));
    assert_string_equal(f.scenario[0].executor, "ramping-arrival-rate");
    assert_true(f.scenario[0].vus.value == 94);
    facts_fini(&f);
    free(text);
    free(first);
}

/* --- refused --- */

#define COMPUTED "which function gets which share cannot be seen"

struct refusal {
    const char *text;
    long line;
    const char *words;
};

static void assert_refused(const char *file, const struct refusal *r) {
    char text[1024], said[1024];
    struct edits edits = {0};
    struct facts f;
    struct err e = {0}, of_facts = {0};
    struct profile p = plan_of(load_60);
    snprintf(text, sizeof text, "%s%s", r->text,
             strstr(r->text, "default")
                 ? ""
                 : "export default function () { require('k6/http').get('/'); }\n");
    struct source s = source_of(file, text, strlen(text));
    if (k6_rewrite(&s, &p, &edits, &notes, &e))
        fail_msg("not refused:\n%s", text);
    err_sentence(&e, said, sizeof said);
    if (e.kind != ERR_REFUSED || e.line != r->line || !strstr(e.text, r->words) ||
        strcmp(e.file, file) != 0)
        fail_msg("%s\nfor\n%s", said, text);
    assert_int_equal(edits.len, 0);
    assert_false(k6_facts(&s, &f, &of_facts));
    assert_int_equal(of_facts.line, e.line);
    assert_string_equal(of_facts.text, e.text);
    facts_fini(&f);
}

static void refused_as_no_script(void **state) {
    (void)state;
    static const struct refusal cases[] = {
        {"const a = 1;\nexport const options = { vus: 1;\nexport default () => {};\n", 2,
         "k6 cannot parse this. Nothing was changed"},
        {"export default function () {\n  http.get('/');\n", 2, "cannot parse"},
        {"export const options = {{ .Options }};\n", 1, "cannot parse"},
        {HTTP "export const options: Options = {};\n", 2, "cannot parse"},
    };
    static const struct refusal typed[] = {
        {"const a: number = 1;\nexport const options = { vus: 1;\n", 2, "cannot parse"},
        {"export const options: = {};\n", 1, "cannot parse"},
    };
    for (size_t i = 0; i < COUNT(cases); i++)
        assert_refused("b.js", &cases[i]);
    for (size_t i = 0; i < COUNT(typed); i++)
        assert_refused("b.ts", &typed[i]);
}

static void refused_as_from_elsewhere(void **state) {
    (void)state;
    static const struct refusal cases[] = {
        {"import { options } from './o.js';\nexport { options };\n", 1,
         "options come from ./o.js (line 1)"},
        {"import o from './o.js';\nexport const options = o;\n", 1, "options come from ./o.js"},
        {"import * as o from './o.js';\nexport const options = o.options;\n", 1,
         "options come from ./o.js"},
        {"\nexport { options } from './o.js';\n", 2, "options come from ./o.js"},
        {"\nexport { cfg as options } from './o.js';\n", 2, "options come from ./o.js"},
        {"\nexport * from './o.js';\n", 2, "options come from ./o.js"},
        {"\nexport * as options from './o.js';\n", 2, "options come from ./o.js"},
        {"\nexports.options = require('./o.js');\nexports.default = () => {};\n", 2,
         "options come from ./o.js"},
        {"const o = require('./o.js');\nexports.options = o;\nexports.default = () => {};\n", 1,
         "options come from ./o.js"},
        {"\nexports.options = require('./o.js').options;\nexports.default = () => {};\n", 2,
         "options come from ./o.js"},
        {"\nmodule.exports = { ...require('./o.js'), default: () => {} };\n", 2,
         "options come from ./o.js"},
        {"\nmodule.exports = { options: {}, ...require('./o.js'), default: () => {} };\n", 2,
         "options come from ./o.js"},
        {"\nmodule.exports = require('./o.js');\n// default\n", 2, "options come from ./o.js"},
        {"\n__exportStar(require('./o.js'), exports);\nexports.default = () => {};\n", 2, COMPUTED},
        {"\nmodule.exports = make();\n// default\n", 2, COMPUTED},
        {"\nif (a) exports.options = { vus: 1 };\nexports.default = () => {};\n", 2, COMPUTED},
    };
    for (size_t i = 0; i < COUNT(cases); i++)
        assert_refused("b.js", &cases[i]);
}

static void refused_as_computed(void **state) {
    (void)state;
    static const struct refusal cases[] = {
        {"\nexport const options = { ...base };\nexport function buy() {}\n", 2,
         "options are computed at run time (line 2); " COMPUTED},
        {"\nexport const options = mk(6);\nexport const buy = () => {};\n", 2, COMPUTED},
        {"\nexport const options = mk(6);\nexport const buy = wrap(() => {});\n", 2, COMPUTED},
        {"\nexport const options = mk(6);\nexport { buy } from './buy.js';\n", 2, COMPUTED},
        {"\nexport const options = mk(6);\nexport * from './buy.js';\n", 2, COMPUTED},
        {"import { buy } from './buy.js';\nexport const options = mk(6);\nexport { buy };\n", 2,
         COMPUTED},
        {"exports.buy = () => {};\nexports.options = mk(6);\nexports.default = () => {};\n", 2,
         COMPUTED},
        {"export const options = mk(6);\noptions.vus = 7;\n", 2, "line 2 sets options.vus again"},
        {"const o = mk(6);\nexport { o as options };\no.vus = 7;\n", 3,
         "line 3 sets options.vus again"},
    };
    for (size_t i = 0; i < COUNT(cases); i++)
        assert_refused("b.js", &cases[i]);
}

static void refused_as_no_plain_object(void **state) {
    (void)state;
    static const struct refusal cases[] = {
        {"\nexport const options = Object.freeze({ vus: 1 });\n", 2, "not a plain object"},
        {"\nexport const options = () => ({ vus: 1 });\n", 2, "not a plain object"},
        {"\nexport function options() { return {}; }\n", 2, "not a plain object"},
        {"function o() { return {}; }\nexport { o as options };\n", 1, "not a plain object"},
        {"\nexport class options {}\n", 2, "not a plain object"},
        {"\nexport const options = [];\n", 2, "not a plain object"},
        {"\nexport const options = a && { vus: 1 };\n", 2, "not a plain object"},
        {"\nexport let options;\n", 2, "not a plain object"},
        {"const k = 'vus';\nexport const options = {\n  [k]: 3,\n};\n", 3, "not a plain object"},
        {"\nexport const options = {\n  get vus() { return 3; },\n};\n", 3, "not a plain object"},
        {"\nexport const options = {\n  ...base,\n  [k]: 3,\n};\n", 4, "not a plain object"},
        {"\nexport const options = {\n  v\\u0075s: 3,\n};\n", 3, "not a plain object"},
        {"const c = { options: {} };\nexport const { options } = c;\n", 2, "not a plain object"},
        {"export { nothing as options };\n", 1, "not a plain object"},
        {"module.exports = {\n  get options() { return {}; },\n  default() {},\n};\n", 2,
         "not a plain object"},
        {"exports.default = exports.options = void 0;\nexports.default = () => {};\n", 1,
         "not a plain object"},
        {"Object.defineProperty(exports, 'options', { get: f });\nexports.default = () => {};\n", 1,
         "not a plain object"},
    };
    for (size_t i = 0; i < COUNT(cases); i++)
        assert_refused("b.js", &cases[i]);
}

static void refused_as_changed_later(void **state) {
    (void)state;
    static const struct refusal cases[] = {
        {"export let options;\nif (a) {\n  options = { vus: 1 };\n}\n", 1, "not a plain object"},
        {"export let options;\noptions = { vus: 1 };\noptions = { vus: 2 };\n", 3,
         "line 3 sets options again, after the place of my edit"},
        {"export let options = { vus: 1 };\noptions = { vus: 2 };\n", 2,
         "line 2 sets options again"},
        {"export const options = {};\noptions.vus = 7;\n", 2, "line 2 sets options.vus again"},
        {"export const options = {};\nif (__ENV.A) {\n  options['vus'] = 7;\n}\n", 3,
         "line 3 sets options.vus again"},
        {"export const options = { stages: [] };\noptions.stages[0].target++;\n", 2,
         "line 2 sets options.stages"},
        {"export const options = {};\ndelete options.vus;\n", 2, "line 2 sets options.vus again"},
        {"export const options = {};\nObject.assign(options, { vus: 1 });\n", 2,
         "line 2 sets options"},
        {"export const options = { stages: [] };\noptions.stages.push({});\n", 2,
         "hands options.stages on"},
        {"export const options = {};\ntweak(options);\nfunction tweak(o) { o.vus = 1; }\n", 2,
         "hands options on"},
        {"export const options = {};\nconst alias = options;\nalias.vus = 1;\n", 2,
         "hands options on"},
        {"export const options = { thresholds: {} };\nconst t = options.thresholds;\n", 2,
         "hands options.thresholds on"},
        {"export const options = {};\nconst t = f(options.thresholds);\n", 2,
         "hands options.thresholds on"},
        {"const cfg = {};\ncfg.vus = 1;\nexport { cfg as options };\n", 2,
         "line 2 sets options.vus"},
        {"export const options = { vus: 5 };\nconst share = 1 / options.vus;\n", 2,
         "line 2 reads options.vus"},
        {"const other = { vus: 5 };\nexport const options = other;\ncheck(other);\n", 3,
         "hands options on"},
        {"const other = { vus: 5 };\nexport const options = other;\nother.vus = 1;\n", 3,
         "line 3 sets options.vus again"},
        {"const other = { vus: 5 };\nexport const options = other;\noptions.vus = 1;\n", 3,
         "line 3 sets options.vus again"},
        {"const other = { vus: 5 };\nexport const options = other;\nexport const more = [other];\n",
         3, "hands options on"},
        {"exports.options = {};\nexports.options.vus = 1;\nexports.default = () => {};\n", 2,
         "line 2 sets options.vus again"},
        {"exports.options = {};\nmodule.exports.options.vus = 1;\nexports.default = () => {};\n", 2,
         "line 2 sets options.vus again"},
        {"exports.options = {};\ndelete exports.options;\nexports.default = () => {};\n", 2,
         "line 2 sets options again"},
        {"exports.options = {};\nexports.options = {};\nexports.default = () => {};\n", 2,
         "options is exported a second time"},
        {"exports.options = {};\nexports.default = () => {};\ntweak(exports);\n", 3,
         "line 3 hands the exports on"},
        {"exports.default = () => {};\nconst e = exports;\n", 2, "line 2 hands the exports on"},
        {"const e = module.exports;\nexports.options = {};\nexports.default = () => {};\n", 1,
         "line 1 hands the exports on"},
        {"const o = exports.options = {};\no.vus = 3;\nexports.default = () => {};\n", 2,
         "line 2 sets options.vus again"},
    };
    static const struct refusal typed[] = {
        {"export const options: Options = {};\n(options as any).vus = 7;\n", 2,
         "line 2 sets options.vus again"},
        {"export const options: Options = {};\noptions!.vus!++;\n", 2,
         "line 2 sets options.vus again"},
        {"export const options: Options = {};\ntweak(options as any);\n", 2, "hands options on"},
    };
    for (size_t i = 0; i < COUNT(cases); i++)
        assert_refused("b.js", &cases[i]);
    for (size_t i = 0; i < COUNT(typed); i++)
        assert_refused("b.ts", &typed[i]);
}

static void refused_as_mixed(void **state) {
    (void)state;
    static const struct refusal cases[] = {
        {HTTP "exports.options = { vus: 1 };\n", 2, "exports is mixed with import or export"},
        {"exports.options = { vus: 1 };\nmodule.exports = { default() {} };\n", 1,
         "exports and module.exports are two objects here"},
    };
    for (size_t i = 0; i < COUNT(cases); i++)
        assert_refused("b.js", &cases[i]);
}

/* Uses of options that change nothing are no reason to refuse. */
static void reading_options_is_fine(void **state) {
    (void)state;
    static const char *const uses[] = {
        "console.log(JSON.stringify(options));",
        "function f(url, options) { options.headers = {}; return options; }",
        "const f = (options) => { options.vus = 3; };",
        "function f() { const options = {}; options.vus = 1; g(options); }",
        "const agent = options.userAgent;",
        "http.get('/', { headers: { Agent: options.userAgent } });",
        "console.log(`${options.userAgent}`);",
        "const n = Object.keys(options.thresholds).length;",
        "const other = { options: 1 }; other.options = 2;",
        "const copy = structuredClone(options);",
        "for (const options of [{}]) { options.x = 1; }",
        "try { f(); } catch (options) { options.x = 1; }",
        "const module = {}; module.exports = 1;",
        "function f(exports) { exports.options = 1; }",
    };
    for (size_t i = 0; i < COUNT(uses); i++) {
        char text[512];
        size_t len;
        struct profile p = plan_of(load_60);
        snprintf(text, sizeof text,
                 HTTP "export const options = { vus: 1, userAgent: __ENV.A || 'x', thresholds: {} "
                      "};\n%s\n" RUN,
                 uses[i]);
        free(sound("b.js", text, strlen(text), &p, &len));
    }
}

/* --- inserted --- */

#define BLOCK                                                                                      \
    "{\n  scenarios: {\n    default: {\n      executor: 'ramping-arrival-rate',\n      "           \
    "startRate: "                                                                                  \
    "0,\n      timeUnit: '1s',\n      preAllocatedVUs: 47,\n      maxVUs: 94,\n      stages: [\n"  \
    "        { duration: '100s', target: 60 },\n        { duration: '600s', target: 60 },\n"       \
    "        { duration: '50s', target: 0 },\n      ],\n    },\n  },\n  thresholds: { " LIMITS     \
    " },\n  " STATS ",\n}"

static void inserted(void **state) {
    (void)state;
    static const struct {
        const char *why, *file, *old, *new;
    } cases[] = {
        {"behind the last import of types", "b.ts",
         HTTP "import type { Response } from 'k6/http';\n\nlet last: Response;\n" RUN,
         HTTP "import type { Response } from 'k6/http';\n\nexport const options = " BLOCK
              ";\n\nlet last: Response;\n" RUN},
        {"the name is in use without a declaration", "b.js",
         HTTP "\nexport default () => http.get('/', options);\n",
         HTTP
         "\nconst loadOptions = " BLOCK
         ";\nexport { loadOptions as options };\n\nexport default () => http.get('/', options);\n"},
        {"a type has the name", "b.ts", HTTP "\ntype options = number;\n" RUN,
         HTTP "\nexport const options = " BLOCK ";\n\ntype options = number;\n" RUN},
        {"behind a required module", "b.js", REQUIRE "\nexports.default = main;\n" MAIN,
         REQUIRE "\nexports.options = " BLOCK ";\n\nexports.default = main;\n" MAIN},
        {"behind a required default", "b.js",
         "const http = require('k6/http').default;\n\nmodule.exports.default = main;\n" MAIN,
         "const http = require('k6/http').default;\n\nmodule.exports.options = " BLOCK
         ";\n\nmodule.exports.default = main;\n" MAIN},
        {"a statement would be lost", "b.js",
         REQUIRE "module.exports = {\n  default: main,\n};\n" MAIN,
         REQUIRE "module.exports = {\n  default: main,\n  options: {\n    scenarios: {\n      "
                 "default: {\n        executor: 'ramping-arrival-rate',\n        startRate: 0,\n   "
                 "     timeUnit: '1s',\n        preAllocatedVUs: 47,\n        maxVUs: 94,\n        "
                 "stages: [\n          { duration: '100s', target: 60 },\n          { duration: "
                 "'600s', target: 60 },\n          { duration: '50s', target: 0 },\n        ],\n   "
                 "   },\n    },\n    thresholds: { " LIMITS " },\n    " STATS ",\n  },\n};\n" MAIN},
        {"on one line", "b.js", REQUIRE "module.exports = { default: main };\n" MAIN,
         REQUIRE "module.exports = { default: main, options: " NEW " };\n" MAIN},
        {"the directive stays first", "b.js",
         "'use strict';\nexports.default = () => require('k6/http').get('/');\n",
         "'use strict';\nexports.options = " BLOCK
         ";\n\nexports.default = () => require('k6/http').get('/');\n"},
        {"an empty object", "b.js", REQUIRE "exports.options = {};\nexports.default = main;\n" MAIN,
         REQUIRE "exports.options = " BLOCK ";\nexports.default = main;\n" MAIN},
        {"behind the interpreter's line", "b.js", "#!/usr/bin/env k6\n" HTTP RUN,
         "#!/usr/bin/env k6\n" HTTP "\nexport const options = " BLOCK ";\n" RUN},
        {"no import, but a #! line", "b.ts",
         "#!/usr/bin/env k6\nexport default (): void => { require('k6/http').get('/'); };\n",
         "#!/usr/bin/env k6\nexport const options = " BLOCK
         ";\n\nexport default (): void => { require('k6/http').get('/'); };\n"},
    };
    for (size_t i = 0; i < COUNT(cases); i++)
        assert_becomes(cases[i].file, cases[i].old, cases[i].new);
}

/* --- bytes that stay --- */

static void bytes_stay(void **state) {
    (void)state;
    static const struct {
        const char *why, *old, *new;
    } cases[] = {
        {"byte order mark", "\xef\xbb\xbf" HTTP "export const options = @;\n" RUN, NULL},
        {"no final newline", HTTP "export const options = @;\nexport default () => http.get('/')",
         NULL},
        {"#! line", "#!/usr/bin/env k6\n" HTTP "export const options = @;\n" RUN, NULL},
        {"CRLF",
         "import http from 'k6/http';\r\nexport const options = @;\r\nexport default () => "
         "http.get('/');\r\n",
         NULL},
        {"a #! line and nothing else at its end",
         "#!/usr/bin/env k6\r\nexport const options = @\r\nexport default () => "
         "require('k6/http').get('/')",
         NULL},
        {"CRLF and tabs",
         "import http from 'k6/http';\r\nexport const options = {\r\n\tvus: 1,\r\n\tduration: "
         "'5s',\r\n\tthresholds: { checks: ['rate>0.9'] },\r\n};\r\nexport default () => "
         "http.get('/');\r\n",
         "import http from 'k6/http';\r\nexport const options = {\r\n\tscenarios: "
         "{\r\n\t\tdefault: "
         "{\r\n\t\t\texecutor: 'ramping-arrival-rate',\r\n\t\t\tstartRate: 0,\r\n\t\t\ttimeUnit: "
         "'1s',\r\n\t\t\tpreAllocatedVUs: 47,\r\n\t\t\tmaxVUs: 94,\r\n\t\t\tstages: "
         "[\r\n\t\t\t\t{ duration: '100s', target: 60 },\r\n\t\t\t\t{ duration: '600s', target: 60 "
         "},\r\n\t\t\t\t{ duration: '50s', target: 0 },\r\n\t\t\t],\r\n\t\t},\r\n\t},\r\n\t"
         "thresholds: { checks: ['rate>0.9'], " LIMITS " },\r\n\t" STATS
         ",\r\n};\r\nexport default () => http.get('/');\r\n"},
    };
    for (size_t i = 0; i < COUNT(cases); i++) {
        char *old = fill(cases[i].old, OLD);
        char *want = fill(cases[i].new ? cases[i].new : cases[i].old, NEW);
        assert_becomes("b.js", old, want);
        assert_becomes("b.ts", old, want);
        free(old);
        free(want);
    }
}

static void comments_stay(void **state) {
    (void)state;
    assert_becomes("b.ts",
                   HTTP "/* all */ export const options /* a */: /* b */ Options = /* c */ {\n"
                        "  // users\n"
                        "  vus: 2, // two\n"
                        "  /* time */ duration: '30s', // smoke\n"
                        "  // limits\n"
                        "  thresholds: { checks: ['rate>0.95'] /* most */ }, // end\n"
                        "} /* d */ as Options; // e\n" RUN,
                   HTTP "/* all */ export const options /* a */: /* b */ Options = /* c */ {\n"
                        "  // users\n"
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
                        "  // two\n"
                        "  /* time */ // smoke\n"
                        "  // limits\n"
                        "  thresholds: { checks: ['rate>0.95'], " LIMITS " /* most */ }, // end\n"
                        "  " STATS ",\n"
                        "} /* d */ as Options; // e\n" RUN);
}

/* --- TypeScript is read as JavaScript is --- */

static void figures_of_typescript(void **state) {
    (void)state;
    static const char text[] =
        "import http, { type RefinedResponse } from 'k6/http';\n"
        "import { group, sleep } from 'k6';\n"
        "import type { Thing } from './things.ts';\n"
        "const BASE: string = (__ENV.BASE as string) || 'http://127.0.0.1:8080';\n"
        "const PAUSE = 0.5 as const;\n"
        "interface Item { id: number }\n"
        "export const options = { vus: 3 as number, duration: '10s' };\n"
        "class Shop {\n"
        "  private base: string = BASE;\n"
        "  open = (id: number = 1): void => { http.get(`${BASE}/`); };\n"
        "}\n"
        "function buy<T extends Item>(item: T, again?: boolean, base = BASE): RefinedResponse<any> "
        "{\n"
        "  return http.post(`${BASE}/buy`, JSON.stringify(item as Item))!;\n"
        "}\n"
        "export default function (data: Thing): void {\n"
        "  group('shop', (): void => {\n"
        "    buy<Item>({ id: 1 } satisfies Item);\n"
        "    for (let i: number = 0; i < 2; i++) (http.get(`${BASE}/x`) as any).json();\n"
        "  });\n"
        "  sleep(<number>PAUSE);\n"
        "}\n";
    struct facts f;
    struct err e = {0};
    char said[1024];
    struct source s = source_of("b.ts", text, strlen(text));
    if (!k6_facts(&s, &f, &e))
        fail_msg("%s", err_sentence(&e, said, sizeof said));
    const struct scenario *it = &f.scenario[0];
    assert_true(it->vus.value == 3);
    if (it->requests_per_iteration.value != 3)
        fail_msg("%g requests: %s", it->requests_per_iteration.value,
                 it->requests_per_iteration.why);
    if (it->think_ms.value != 500)
        fail_msg("%g ms: %s", it->think_ms.value, it->think_ms.why);
    assert_string_equal(f.base_url, "http://127.0.0.1:8080");
    facts_fini(&f);
}

static enum code_kind kind_at(const struct code_spans *spans, size_t at) {
    for (size_t i = 0; i < spans->len; i++)
        if (at >= spans->item[i].start && at < spans->item[i].end)
            return spans->item[i].kind;
    return CODE_PLAIN;
}

static void colours_of_typescript(void **state) {
    (void)state;
    static const char text[] = "import type { O } from 'k6'; // types\n"
                               "export const o: string = 'a' as string;\n"
                               "interface I { n: number }\n";
    static const struct {
        const char *word;
        enum code_kind kind;
    } cases[] = {
        {"type {", CODE_KEYWORD}, {"'k6'", CODE_STRING},       {"// types", CODE_COMMENT},
        {"const", CODE_KEYWORD},  {"string =", CODE_KEYWORD},  {"'a'", CODE_STRING},
        {"as ", CODE_KEYWORD},    {"interface", CODE_KEYWORD}, {"I {", CODE_PLAIN},
        {"number", CODE_KEYWORD},
    };
    struct code_spans spans;
    k6_colour(text, strlen(text), &spans);
    for (size_t i = 0; i < COUNT(cases); i++)
        if (kind_at(&spans, (size_t)(strstr(text, cases[i].word) - text)) != cases[i].kind)
            fail_msg("the colour of %s", cases[i].word);
    code_spans_fini(&spans);
}

static int tear_down(void **state) {
    (void)state;
    findings_fini(&notes);
    return 0;
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(edited),
        cmocka_unit_test(edited_in_common_js),
        cmocka_unit_test(laid_over),
        cmocka_unit_test(laid_over_a_short_member),
        cmocka_unit_test(an_overlay_is_read_back),
        cmocka_unit_test(refused_as_no_script),
        cmocka_unit_test(refused_as_from_elsewhere),
        cmocka_unit_test(refused_as_computed),
        cmocka_unit_test(refused_as_no_plain_object),
        cmocka_unit_test(refused_as_changed_later),
        cmocka_unit_test(refused_as_mixed),
        cmocka_unit_test(reading_options_is_fine),
        cmocka_unit_test(inserted),
        cmocka_unit_test(bytes_stay),
        cmocka_unit_test(comments_stay),
        cmocka_unit_test(figures_of_typescript),
        cmocka_unit_test(colours_of_typescript),
    };
    return cmocka_run_group_tests(tests, NULL, tear_down);
}

/* Read and rewrite of a script against the bare parse of it by the library underneath, in one run:
 *
 *     k6, Locust   2,000 lines: at most 1.5 times tree-sitter's parse
 *     JMeter       5 MB: at most 3 times expat's pass
 *
 * Best of several runs, processor time of this thread. --check ends with 1 when a bound is broken.
 */
#include <expat.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <tree_sitter/api.h>

#include "base/buf.h"
#include "load/profile.h"
#include "tools/tool.h"

const TSLanguage *tree_sitter_javascript(void);
const TSLanguage *tree_sitter_python(void);

enum { RUNS = 40, TEXT_MAX = 8 << 20 };

static struct rules rules;

static double cpu_ms(void) {
    struct timespec t;
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &t);
    return (double)t.tv_sec * 1e3 + (double)t.tv_nsec / 1e6;
}

/* --- scripts of a size --- */

static void make_k6(struct buf *b) {
    buf_str(b, "import http from 'k6/http';\nimport { check, sleep, group } from 'k6';\n\n"
               "export const options = {\n    vus: 3,\n    duration: '30s',\n};\n\n"
               "const BASE = 'http://127.0.0.1:8080';\n\n");
    for (int i = 0; i < 165; i++)
        buf_printf(
            b,
            "function step%d(token) {\n"
            "    const headers = { Authorization: `Bearer ${token}`, 'X-Step': '%d' };\n"
            "    group('step %d', () => {\n"
            "        const r = http.get(`${BASE}/items/%d`, { headers, tags: { name: 's%d' } });\n"
            "        check(r, {\n"
            "            'status is 200': (x) => x.status === 200,\n"
            "            'has a body': (x) => x.body && x.body.length > %d,\n"
            "        });\n"
            "        sleep(0.%d + 0.01);\n"
            "    });\n"
            "}\n\n",
            i, i, i, i, i, i, i % 9 + 1);
    buf_str(b, "export default function () {\n");
    for (int i = 0; i < 165; i += 20)
        buf_printf(b, "    step%d('t');\n", i);
    buf_str(b, "}\n");
}

static void make_locust(struct buf *b) {
    buf_str(b, "import time\n\nfrom locust import HttpUser, between, task\n\n\n"
               "class Shop(HttpUser):\n    host = \"http://127.0.0.1:8080\"\n"
               "    wait_time = between(1, 2)\n\n");
    for (int i = 0; i < 248; i++)
        buf_printf(
            b,
            "    @task(%d)\n"
            "    def step_%d(self):\n"
            "        headers = {\"X-Step\": \"%d\"}\n"
            "        with self.client.get(\"/items/%d\", headers=headers, name=\"s%d\") as r:\n"
            "            if r.status_code != 200:\n"
            "                r.failure(f\"status {r.status_code}\")\n"
            "        time.sleep(0.%d)\n\n",
            i % 3 + 1, i, i, i, i, i % 9 + 1);
}

static void make_jmeter(struct buf *b) {
    buf_str(b,
            "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
            "<jmeterTestPlan version=\"1.2\" properties=\"5.0\" jmeter=\"5.6.3\">\n  <hashTree>\n"
            "    <TestPlan guiclass=\"TestPlanGui\" testclass=\"TestPlan\" testname=\"Plan\">\n"
            "    </TestPlan>\n    <hashTree>\n"
            "      <ThreadGroup guiclass=\"ThreadGroupGui\" testclass=\"ThreadGroup\" "
            "testname=\"Users\">\n"
            "        <stringProp name=\"ThreadGroup.num_threads\">3</stringProp>\n"
            "        <stringProp name=\"ThreadGroup.ramp_time\">1</stringProp>\n"
            "        <boolProp name=\"ThreadGroup.scheduler\">true</boolProp>\n"
            "        <stringProp name=\"ThreadGroup.duration\">30</stringProp>\n"
            "        <stringProp name=\"ThreadGroup.delay\">0</stringProp>\n"
            "        <elementProp name=\"ThreadGroup.main_controller\" "
            "elementType=\"LoopController\">\n"
            "          <boolProp name=\"LoopController.continue_forever\">false</boolProp>\n"
            "          <stringProp name=\"LoopController.loops\">-1</stringProp>\n"
            "        </elementProp>\n      </ThreadGroup>\n      <hashTree>\n");
    for (int i = 0; b->len < 5000000; i++)
        buf_printf(
            b,
            "        <HTTPSamplerProxy guiclass=\"HttpTestSampleGui\" "
            "testclass=\"HTTPSamplerProxy\" testname=\"item %d\" enabled=\"true\">\n"
            "          <elementProp name=\"HTTPsampler.Arguments\" elementType=\"Arguments\">\n"
            "            <collectionProp name=\"Arguments.arguments\"/>\n"
            "          </elementProp>\n"
            "          <stringProp name=\"HTTPSampler.domain\">127.0.0.1</stringProp>\n"
            "          <stringProp name=\"HTTPSampler.port\">8080</stringProp>\n"
            "          <stringProp name=\"HTTPSampler.path\">/items/%d?a=1&amp;b=2</stringProp>\n"
            "          <stringProp name=\"HTTPSampler.method\">GET</stringProp>\n"
            "          <boolProp name=\"HTTPSampler.use_keepalive\">true</boolProp>\n"
            "        </HTTPSamplerProxy>\n        <hashTree/>\n",
            i, i);
    buf_str(b, "      </hashTree>\n    </hashTree>\n  </hashTree>\n</jmeterTestPlan>\n");
}

/* --- the bare pass --- */

static void parse_tree(const TSLanguage *language, const struct buf *b) {
    TSParser *parser = ts_parser_new();
    ts_parser_set_language(parser, language);
    ts_tree_delete(ts_parser_parse_string(parser, NULL, b->data, (uint32_t)b->len));
    ts_parser_delete(parser);
}

static void parse_k6(const struct buf *b) { parse_tree(tree_sitter_javascript(), b); }
static void parse_locust(const struct buf *b) { parse_tree(tree_sitter_python(), b); }

static void XMLCALL on_start(void *n, const XML_Char *name, const XML_Char **attributes) {
    (void)name;
    (void)attributes;
    ++*(long *)n;
}
static void XMLCALL on_end(void *n, const XML_Char *name) {
    (void)name;
    ++*(long *)n;
}

static void parse_jmeter(const struct buf *b) {
    long elements = 0;
    XML_Parser x = XML_ParserCreate(NULL);
    XML_SetUserData(x, &elements);
    XML_SetElementHandler(x, on_start, on_end);
    XML_Parse(x, b->data, (int)b->len, 1);
    XML_ParserFree(x);
}

/* --- ours --- */

static void profile_of(const struct tool *t, const struct source *src, struct profile *p) {
    static struct load_input in;
    struct facts f;
    struct findings notes = {0};
    struct err e = {0};
    const struct scenario *carrier[SCENARIOS_MAX];
    if (!t->facts(src, &f, &e) || facts_carriers(&f, carrier) != 1) {
        fprintf(stderr, "script_bench: %s: %s\n", t->name, e.text);
        exit(1);
    }
    in = (struct load_input){.target_rps = fmax(60, 5 * carrier[0]->requests_per_iteration.value),
                             .arrivals = t->arrivals[0],
                             .avg_ms = 1,
                             .think_ms = carrier[0]->think_ms.value + carrier[0]->wait_ms.value,
                             .requests_per_iteration = carrier[0]->requests_per_iteration.value,
                             .hold_ms = NAN,
                             .ramp_ms = NAN,
                             .ramp_down_ms = NAN,
                             .steps = NAN,
                             .start_rps = NAN,
                             .max_rps = NAN,
                             .p95_limit_ms = 2,
                             .error_limit = 0.01,
                             .baseline = {.vus = NAN, .rps = NAN, .iteration_ms = NAN},
                             .parts = 1};
    memcpy(in.part[0].name, carrier[0]->name, sizeof in.part[0].name);
    in.part[0].wait_ms = carrier[0]->wait_ms.value;
    if (!profile_make(&in, &rules, p, &notes, &e) || (t->fit && !t->fit(p, &notes, &e))) {
        fprintf(stderr, "script_bench: %s: %s\n", t->name, e.text);
        exit(1);
    }
    findings_fini(&notes);
    facts_fini(&f);
}

/* Read and rewrite: from bytes to the bytes of the new script. */
static void rewrite(const struct tool *t, const struct source *src, const struct profile *p) {
    struct edits edits = {0};
    struct findings notes = {0};
    struct err e = {0};
    size_t len;
    char *text = t->rewrite(src, p, &edits, &notes, &e)
                     ? edits_apply(&edits, src->text, src->len, &len, &e)
                     : NULL;
    if (!text) {
        fprintf(stderr, "script_bench: %s: %s\n", t->name, e.text);
        exit(1);
    }
    free(text);
    edits_fini(&edits);
    findings_fini(&notes);
}

static void facts(const struct tool *t, const struct source *src) {
    struct facts f;
    t->facts(src, &f, NULL);
    facts_fini(&f);
}

static double best(double a, double b) { return a < b ? a : b; }

static bool measure(const char *name, void (*make)(struct buf *), void (*parse)(const struct buf *),
                    double bound) {
    static struct profile p;
    const struct tool *t = tool_find(name);
    struct buf b;
    buf_init(&b, TEXT_MAX);
    make(&b);
    const struct source src = {.text = b.data, .len = b.len, .file = "bench"};
    profile_of(t, &src, &p);
    double bare = INFINITY, read = INFINITY, all = INFINITY;
    for (int i = 0; i < RUNS; i++) {
        double t0 = cpu_ms();
        parse(&b);
        double t1 = cpu_ms();
        facts(t, &src);
        double t2 = cpu_ms();
        rewrite(t, &src, &p);
        double t3 = cpu_ms();
        bare = best(bare, t1 - t0);
        read = best(read, t2 - t1);
        all = best(all, t3 - t2);
    }
    bool ok = all <= bound * bare;
    printf("%-8s %8zu B   bare %7.2f ms   facts %7.2f ms %5.2f x   read + rewrite %7.2f ms %5.2f x "
           "(at most %.1f) %s\n",
           name, b.len, bare, read, read / bare, all, all / bare, bound, ok ? "ok" : "OVER");
    buf_fini(&b);
    return ok;
}

int main(int argc, char **argv) {
    bool check = argc > 1 && strcmp(argv[1], "--check") == 0;
    struct err e = {0};
    if (!rules_load(&rules, NULL, &e)) {
        fprintf(stderr, "script_bench: %s\n", e.text);
        return 1;
    }
    setlinebuf(stdout);
    bool ok = measure("k6", make_k6, parse_k6, 1.5);
    ok &= measure("locust", make_locust, parse_locust, 1.5);
    ok &= measure("jmeter", make_jmeter, parse_jmeter, 3);
    return check && !ok;
}

/* A plan from end to end for each tool: written once, it stays as it is; each remark is said once.
 */
#include "session_fixture.h"

#define COUNT(a) (sizeof(a) / sizeof *(a))

static const char k6_shop[] = "import http from 'k6/http';\n"
                              "export const options = {\n"
                              "  executor: 'constant-vus',\n"
                              "  scenarios: {\n"
                              "    buy: { executor: 'constant-vus', exec: 'buy', vus: 1 },\n"
                              "    look: { executor: 'constant-vus', exec: 'look', vus: 3 },\n"
                              "  },\n"
                              "};\n"
                              "export function buy() {\n"
                              "  http.get('http://127.0.0.1:27080/buy');\n"
                              "  http.post('http://127.0.0.1:27080/pay');\n"
                              "}\n"
                              "export function look() {\n"
                              "  http.get('http://127.0.0.1:27080/look');\n"
                              "}\n";

static const char locust_shop[] = "from locust import HttpUser, LoadTestShape, constant, task\n"
                                  "\n"
                                  "\n"
                                  "class Buyer(HttpUser):\n"
                                  "    host = \"http://127.0.0.1:27080\"\n"
                                  "    fixed_count = 2\n"
                                  "    wait_time = constant(0.5)\n"
                                  "\n"
                                  "    @task\n"
                                  "    def buy(self):\n"
                                  "        self.client.get(\"/buy\")\n"
                                  "        self.client.post(\"/pay\")\n"
                                  "\n"
                                  "\n"
                                  "class Looker(HttpUser):\n"
                                  "    host = \"http://127.0.0.1:27080\"\n"
                                  "    fixed_count = 6\n"
                                  "    wait_time = constant(0.5)\n"
                                  "\n"
                                  "    @task\n"
                                  "    def look(self):\n"
                                  "        self.client.get(\"/look\")\n"
                                  "\n"
                                  "\n"
                                  "class Mine(LoadTestShape):\n"
                                  "    def tick(self):\n"
                                  "        return (10, 1)\n";

#define GROUP(name, threads)                                                                       \
    "<ThreadGroup testclass=\"ThreadGroup\" testname=\"" name "\" enabled=\"true\">\n"             \
    "<elementProp name=\"ThreadGroup.main_controller\" elementType=\"LoopController\">\n"          \
    "<boolProp name=\"LoopController.continue_forever\">false</boolProp>\n"                        \
    "<stringProp name=\"LoopController.loops\">10</stringProp>\n"                                  \
    "</elementProp>\n"                                                                             \
    "<stringProp name=\"ThreadGroup.num_threads\">" threads "</stringProp>\n"                      \
    "<stringProp name=\"ThreadGroup.ramp_time\">1</stringProp>\n"                                  \
    "<boolProp name=\"ThreadGroup.scheduler\">false</boolProp>\n"                                  \
    "<stringProp name=\"ThreadGroup.duration\"></stringProp>\n"                                    \
    "<stringProp name=\"ThreadGroup.delay\"></stringProp>\n"                                       \
    "</ThreadGroup>\n"
#define SAMPLER(name)                                                                              \
    "<HTTPSamplerProxy testclass=\"HTTPSamplerProxy\" testname=\"" name "\" enabled=\"true\">\n"   \
    "<stringProp name=\"HTTPSampler.path\">/a</stringProp>\n"                                      \
    "</HTTPSamplerProxy>\n<hashTree/>\n"
#define CAP                                                                                        \
    "<ConstantThroughputTimer testclass=\"ConstantThroughputTimer\" testname=\"CTT\" "             \
    "enabled=\"true\">\n<intProp name=\"calcMode\">0</intProp>\n"                                  \
    "<stringProp name=\"throughput\">60.0</stringProp>\n</ConstantThroughputTimer>\n<hashTree/>\n"

static const char jmeter_shop[] =
    "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
    "<jmeterTestPlan version=\"1.2\" properties=\"5.0\" jmeter=\"5.6.3\">\n<hashTree>\n"
    "<TestPlan testname=\"P\"/>\n<hashTree>\n" GROUP(
        "Buyers", "${__P(buyers,1)}") "<hashTree>\n" SAMPLER("buy") SAMPLER("pay") CAP
    "</hashTree>\n" GROUP("Lookers", "3") "<hashTree>\n" SAMPLER(
        "look") "</hashTree>\n</hashTree>\n</hashTree>\n"
                "</jmeterTestPlan>\n";

static const struct {
    const char *baseline, *again, *text;
} shops[] = {{"baseline_shop.js", "baseline_again.js", k6_shop},
             {"locustfile.py", "locustfile_again.py", locust_shop},
             {"shop.jmx", "again.jmx", jmeter_shop}};

/* The new script for a target that divides into no round numbers; the caller frees. */
static char *planned(struct bench *b, const char *name, const char *text) {
    struct err e = {0};
    session_close(b->s);
    put(b, name, text);
    assert_true(session_open(b->s, b->dir, noon_ms, &e));
    struct session *s = b->s;
    assert_int_equal(s->ws.baselines, 1);
    session_state_baseline(s);
    session_set_field(s, FIELD_AVG, "120");
    session_set_field(s, FIELD_TARGET, "97");
    if (!session_prepare_script(s, NULL, &e))
        fail_msg("%s: %s", name, e.text);
    assert_int_equal(unlink(in(b, name)), 0);
    return strdup(s->script.text);
}

static void the_same_plan_again_changes_nothing(void **state) {
    struct bench *b = *state;
    put(b, "test-plan.md", plan_text);
    for (size_t i = 0; i < COUNT(shops); i++) {
        char *once = planned(b, shops[i].baseline, shops[i].text);
        char *twice = planned(b, shops[i].again, once);
        assert_string_equal(twice, once);
        free(once);
        free(twice);
    }
}

static size_t count(const struct findings *f, const char *kind) {
    size_t n = 0;
    for (size_t i = 0; i < f->len; i++)
        n += strcmp(f->item[i].kind, kind) == 0;
    return n;
}

/* A mistake in the script, and what the rewrite does about it, are one remark. */
static void each_remark_is_said_once(void **state) {
    static const struct {
        int shop;
        const char *kind;
        size_t times;
    } cases[] = {{0, "top-level-executor", 1}, {1, "own-shape", 1},
                 {1, "fixed-count", 2},        {2, "cap", 1},
                 {2, "from-property", 1},      {2, "own-command", 1}};
    struct bench *b = *state;
    put(b, "test-plan.md", plan_text);
    put(b, "README.md", "# Shop\n\n    jmeter -n -t shop.jmx -Jbuyers=9\n");
    for (size_t i = 0; i < COUNT(cases); i++) {
        struct findings all = {0};
        free(planned(b, shops[cases[i].shop].baseline, shops[cases[i].shop].text));
        session_plan_findings(b->s, &all);
        if (count(&all, cases[i].kind) != cases[i].times)
            fail_msg("%s: %zu times", cases[i].kind, count(&all, cases[i].kind));
        findings_fini(&all);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        SESSION_TEST(the_same_plan_again_changes_nothing),
        SESSION_TEST(each_remark_is_said_once),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

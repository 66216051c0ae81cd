#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/buf.h"
#include "base/file.h"
#include "tools/jmeter/jmeter_script.h"
#include "tools/jmeter/plan.h"

#define COUNT(a) (sizeof(a) / sizeof *(a))

/* --- plans --- */

#define HEAD "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<jmeterTestPlan>\n<hashTree>\n"
#define FEET "</hashTree>\n</jmeterTestPlan>\n"
#define VARIABLES                                                                                  \
    "<elementProp name=\"TestPlan.user_defined_variables\"><collectionProp "                       \
    "name=\"Arguments.arguments\">"                                                                \
    "<elementProp name=\"T\"><stringProp name=\"Argument.name\">T</stringProp>"                    \
    "<stringProp name=\"Argument.value\">7</stringProp></elementProp>"                             \
    "<elementProp name=\"U\"><stringProp name=\"Argument.name\">U</stringProp>"                    \
    "<stringProp name=\"Argument.value\">${__P(u,${T})}</stringProp></elementProp>"                \
    "<elementProp name=\"LOOP\"><stringProp name=\"Argument.name\">LOOP</stringProp>"              \
    "<stringProp name=\"Argument.value\">${LOOP}${LOOP}</stringProp></elementProp>"                \
    "</collectionProp></elementProp>"
#define PLAN(inside) "<TestPlan testname=\"P\">" VARIABLES "</TestPlan>\n<hashTree>\n" inside
#define LOOPS(n)                                                                                   \
    "<elementProp name=\"ThreadGroup.main_controller\" elementType=\"LoopController\">"            \
    "<stringProp name=\"LoopController.loops\">" n "</stringProp></elementProp>"
#define GROUP(name, attributes, figures)                                                           \
    "<ThreadGroup testname=\"" name "\"" attributes ">" figures LOOPS("-1") "</ThreadGroup>\n"
#define THREADS(n) "<stringProp name=\"ThreadGroup.num_threads\">" n "</stringProp>"
#define S(name) "<HTTPSamplerProxy testname=\"" name "\"/>"
#define LEAF "<hashTree/>\n"
#define BELOW(inside) "<hashTree>" inside "</hashTree>\n"
#define STRING(name, value) "<stringProp name=\"" name "\">" value "</stringProp>"
#define TIMER(ms) "<ConstantTimer>" STRING("ConstantTimer.delay", ms) "</ConstantTimer>" LEAF
#define IN(class, inside) "<" class "/>" BELOW(inside)
#define LOOP(n, inside)                                                                            \
    "<LoopController>" STRING("LoopController.loops", n) "</LoopController>" BELOW(inside)
#define CTT(name, figure)                                                                          \
    "<ConstantThroughputTimer testname=\"" name "\">"                                              \
    "<intProp name=\"calcMode\">0</intProp>" STRING("throughput",                                  \
                                                    figure) "</ConstantThroughputTimer>" LEAF

/* One enabled group with that body. */
static char *one_group(const char *body) {
    struct buf b;
    buf_init(&b, 1 << 20);
    buf_str(&b, HEAD PLAN("") GROUP("G", "", THREADS("3")) "<hashTree>\n");
    buf_printf(&b, "%s</hashTree>\n</hashTree>\n" FEET, body);
    char *text = buf_take(&b);
    buf_fini(&b);
    return text;
}

static struct jmeter_plan open_text(const char *text) {
    struct jmeter_plan p;
    struct err e = {0};
    char said[1024];
    if (!jmeter_open(&p, &(struct source){.text = text, .len = strlen(text), .file = "x.jmx"}, &e))
        fail_msg("%s in\n%s", err_sentence(&e, said, sizeof said), text);
    return p;
}

static void assert_near(double got, double want, const char *of) {
    if (isnan(want) ? !isnan(got) : !(fabs(got - want) < 1e-6))
        fail_msg("%g is not %g: %s", got, want, of);
}

static const struct finding *find_finding(const struct findings *f, const char *kind) {
    for (size_t i = 0; i < f->len; i++)
        if (strcmp(f->item[i].kind, kind) == 0)
            return &f->item[i];
    return NULL;
}

/* --- the tree --- */

/* Every range begins and ends where the bytes say so. */
static void check_ranges(const struct jmx *x) {
    for (int i = 0; i < x->len_items; i++) {
        struct jmx_range whole = {x->item[i].start, x->item[i].end};
        struct jmx_range tag = {x->item[i].start, x->item[i].value_start}, value = jmx_value(x, i);
        assert_int_equal(x->text[whole.start], '<');
        assert_int_equal(x->text[tag.end - 1], '>');
        assert_int_equal(x->text[whole.end - 1], '>');
        assert_int_equal(value.start, tag.end);
        if (x->item[i].self_closing) {
            assert_int_equal(value.end, whole.end);
            assert_int_equal(x->text[tag.end - 2], '/');
        } else {
            assert_memory_equal(x->text + value.end, "</", 2);
            assert_memory_equal(x->text + value.end + 2, x->text + whole.start + 1,
                                x->item[i].name_len);
        }
        int parent = x->item[i].parent;
        assert_int_equal(parent, i ? (parent < 0 ? i : parent) : JMX_NONE);
        if (i)
            assert_true(x->item[parent].start < whole.start && whole.end <= x->item[parent].end);
    }
}

static void ranges_are_bytes_of_the_file(void **state) {
    (void)state;
    static const char *const texts[] = {
        "<a/>",
        "\xef\xbb\xbf<?xml version='1.0'?>\r\n<a>\r\n <b x = '>' y=\"/\">\xc3\xa4</b>\r\n<c "
        "/></a>\r\n",
        "<a><!-- <b> --><b><![CDATA[</b>]]></b><?pi <c> ?><d>&lt;&#228;</d></a>",
        "<?xml version=\"1.0\" encoding=\"ISO-8859-1\"?><a>plain</a>",
    };
    for (size_t i = 0; i < COUNT(texts); i++) {
        struct jmx x;
        struct err e = {0};
        size_t len = strlen(texts[i]);
        char *exact = malloc(len);
        memcpy(exact, texts[i], len);
        if (!jmx_open(&x, &(struct source){.text = exact, .len = len, .file = "x.jmx"}, &e))
            fail_msg("%s: %s", e.text, texts[i]);
        check_ranges(&x);
        jmx_close(&x);
        free(exact);
    }
    static const char *const files[] = {"baseline_orders.jmx", "baseline_two_groups.jmx"};
    for (size_t i = 0; i < COUNT(files); i++) {
        char path[512];
        struct jmx x;
        size_t len;
        snprintf(path, sizeof path, TEST_DATA "/jmeter/%s", files[i]);
        char *text = file_read(path, JMX_MAX_BYTES, &len, NULL);
        assert_non_null(text);
        assert_true(jmx_open(&x, &(struct source){.text = text, .len = len}, NULL));
        assert_true(x.len_items > 50);
        check_ranges(&x);
        jmx_close(&x);
        free(text);
    }
}

static void attributes_properties_and_lines_are_found(void **state) {
    (void)state;
    const char *text = "<a name = 'one>' b=\"it's\"\n c=''>\n"
                       "<stringProp name=\"p\">1</stringProp><intProp name='p'>2</intProp>\r\n"
                       "<doubleProp><name>q</name><value>600.0</value><savedValue>0</savedValue>"
                       "</doubleProp><stringProp name=\"r\"/>"
                       "<stringProp name=\"t\">a&lt;&#x41;&amp;\r\n<!-- no --><![CDATA[<&]]>z"
                       "</stringProp></a>";
    struct jmx x;
    struct jmx_attribute a;
    char out[64];
    assert_true(jmx_open(&x, &(struct source){.text = text, .len = strlen(text)}, NULL));
    assert_true(jmx_attribute(&x, 0, "b", &a));
    assert_int_equal(a.quote, '"');
    assert_memory_equal(text + a.value.start, "it's", a.value.end - a.value.start);
    assert_true(jmx_attribute_text(&x, 0, "name", out, sizeof out));
    assert_string_equal(out, "one>");
    assert_true(jmx_attribute(&x, 0, "c", &a) && a.value.start == a.value.end);
    assert_false(jmx_attribute(&x, 0, "d", &a));
    assert_true(jmx_property_text(&x, 0, "p", out, sizeof out)); /* the last one wins */
    assert_string_equal(out, "2");
    assert_int_equal(jmx_element_line(&x, jmx_property(&x, 0, "p")), 3);
    assert_true(jmx_property_text(&x, 0, "q", out, sizeof out));
    assert_string_equal(out, "600.0");
    assert_int_equal(jmx_element_line(&x, jmx_property(&x, 0, "q")), 4);
    assert_true(x.item[jmx_property(&x, 0, "r")].self_closing);
    assert_int_equal(jmx_property(&x, 0, "s"), JMX_NONE);
    assert_true(jmx_property_text(&x, 0, "t", out, sizeof out));
    assert_string_equal(out, "a<A&\n<&z");
    assert_false(jmx_property_text(&x, 0, "t", out, 4)); /* cut */
    assert_string_equal(out, "a<A");
    jmx_close(&x);
}

/* --- what is refused --- */

#define RUN GROUP("G", "", THREADS("1")) BELOW(S("a") LEAF)

static void refusals_have_a_line_and_a_reason(void **state) {
    (void)state;
    static const struct {
        const char *text;
        size_t len; /* 0: strlen */
        long line;
        const char *says;
    } cases[] = {
        /* bytes */
        {"", 0, 1, "Not well-formed XML at byte 0"},
        {"<a>\n<b>\n</a>", 0, 3, "Not well-formed XML at byte 10: mismatched tag"},
        {"<a>&nbsp;</a>", 0, 1, "undefined entity"},
        {"<?xml version=\"1.1\"?>\n<a/>", 0, 1, "XML 1.1"},
        {"<?xml version=\"1.0\"?>\n<!DOCTYPE a [<!ENTITY b \"c\">]>\n<a/>", 0, 2, "DOCTYPE"},
        {"\xff\xfe<\0a\0/\0>\0", 10, 1, "UTF-16"},
        {"\0<\0a\0/\0>", 8, 1, "UTF-16"},
        {"<?xml version=\"1.0\" encoding=\"ISO-8859-1\"?>\n<a>\n\xe4</a>", 0, 3,
         "encoding ISO-8859-1 and holds a character beyond ASCII at byte 48"},
        {"<?xml version=\"1.0\" encoding=\"windows-1252\"?>\n<a>\xc3\xa4</a>", 0, 2,
         "encoding windows-1252"},
        {"<a>\n\xe4</a>", 0, 2, "Not well-formed XML at byte 4"},
        /* shapes */
        {"<testplan/>", 0, 1, "Not a test plan of JMeter"},
        {HEAD "<TestFragmentController/><hashTree/>" FEET, 0, 2, "A test fragment, not a plan"},
        {"<jmeterTestPlan/>", 0, 1, "A test fragment, not a plan"},
        {HEAD PLAN("") "</hashTree>" FEET, 0, 4, "No enabled thread group: nothing would run"},
        {HEAD "<TestPlan/>" FEET, 0, 4, "No enabled thread group"},
        {HEAD PLAN(GROUP("G", " enabled=\"false\"", "") BELOW(S("a") LEAF)) "</hashTree>" FEET, 0,
         4, "No enabled thread group"},
        {HEAD PLAN(GROUP("G", "", "") BELOW(IN("GenericController", ""))) "</hashTree>" FEET, 0, 4,
         "No enabled sampler"},
        {HEAD PLAN(RUN
                   "<kg.apc.jmeter.threads.UltimateThreadGroup/><hashTree/>") "</hashTree>" FEET,
         0, 9, "Uses kg.apc.jmeter.threads.UltimateThreadGroup from a plugin"},
        {HEAD PLAN("<OpenModelThreadGroup/><hashTree/>" RUN) "</hashTree>" FEET, 0, 6,
         "The schedule is already open-model"},
        {HEAD PLAN(IN("GenericController", RUN)) "</hashTree>" FEET, 0, 6,
         "A thread group inside another element"},
        {HEAD PLAN(GROUP("G", "", "")
                       BELOW(S("a") BELOW("\n<SyncTimer/>" LEAF))) "</hashTree>" FEET,
         0, 8, "Synchronizing Timer: this timer decides the rate (or makes bursts)"},
        {HEAD PLAN(
             "<kg.apc.jmeter.timers.VariableThroughputTimer/><hashTree/>" RUN) "</hashTree>" FEET,
         0, 6, "Throughput Shaping Timer"},
        {HEAD "<TestPlan>\n<boolProp name=\"TestPlan.serialize_threadgroups\">true</boolProp>"
              "</TestPlan><hashTree>" RUN RUN "</hashTree>" FEET,
         0, 5, "Groups run one after another; their rates do not add up"},
    };
    for (size_t i = 0; i < COUNT(cases); i++) {
        struct facts f;
        struct err e = {0};
        size_t len = cases[i].len ? cases[i].len : strlen(cases[i].text);
        char *exact = malloc(len ? len : 1);
        memcpy(exact, cases[i].text, len);
        bool ok =
            jmeter_facts(&(struct source){.text = exact, .len = len, .file = "x.jmx"}, &f, &e);
        if (ok || e.kind != ERR_REFUSED || e.line != cases[i].line || !e.fix[0] ||
            !strstr(e.text, cases[i].says))
            fail_msg("%ld: %s (not %ld: %s)", e.line, e.text, cases[i].line, cases[i].says);
        assert_string_equal(e.file, "x.jmx");
        facts_fini(&f);
        free(exact);
    }
}

static void what_is_off_does_not_count(void **state) {
    (void)state;
    static const char *const plans[] = {
        HEAD PLAN(RUN "<SyncTimer enabled=\"false\"/><hashTree/>") "</hashTree>" FEET,
        HEAD PLAN(RUN "<OpenModelThreadGroup enabled=\"false\"/><hashTree/>") "</hashTree>" FEET,
        HEAD PLAN("<GenericController enabled=\"false\"/>" BELOW(RUN) RUN) "</hashTree>" FEET,
        HEAD "<TestPlan><boolProp name=\"TestPlan.serialize_threadgroups\">true</boolProp>"
             "</TestPlan><hashTree>" RUN GROUP("H", " enabled=\"false\"", "")
                 BELOW(S("a") LEAF) "</hashTree>" FEET,
    };
    for (size_t i = 0; i < COUNT(plans); i++) {
        struct jmeter_plan p = open_text(plans[i]);
        assert_near(p.group[0].requests_per_iteration.value, 1, plans[i]);
        jmeter_close(&p);
    }
}

static void hostile_sizes_end(void **state) {
    (void)state;
    struct {
        const char *begin, *each, *end;
        int times;
        enum err_kind kind;
    } cases[] = {
        {"", "<a>", "", 1001, ERR_LIMIT},
        {"<a>", "<a/>", "</a>", JMX_ELEMENTS_MAX, ERR_LIMIT},
        {HEAD PLAN(""), RUN, "</hashTree>" FEET, SCENARIOS_MAX + 1, ERR_REFUSED},
        {HEAD PLAN("") GROUP("G", "", ""), "<hashTree><GenericController/>", "", 400, ERR_REFUSED},
    };
    for (size_t i = 0; i < COUNT(cases); i++) {
        struct buf b;
        struct facts f;
        struct err e = {0};
        buf_init(&b, 8 << 20);
        buf_str(&b, cases[i].begin);
        for (int k = 0; k < cases[i].times; k++)
            buf_str(&b, cases[i].each);
        buf_str(&b, cases[i].end);
        assert_false(
            jmeter_facts(&(struct source){.text = b.data, .len = b.len, .file = "x"}, &f, &e));
        assert_int_equal(e.kind, cases[i].kind);
        assert_true(e.line > 0);
        facts_fini(&f);
        buf_fini(&b);
    }
    struct facts f;
    struct err e = {0};
    char *large = calloc(JMX_MAX_BYTES + 1, 1);
    assert_false(jmeter_facts(&(struct source){.text = large, .len = JMX_MAX_BYTES + 1}, &f, &e));
    assert_int_equal(e.kind, ERR_LIMIT);
    facts_fini(&f);
    free(large);
}

/* --- one iteration --- */

/* k, Z, and whether a pace may stand at the first sampler. NAN: not known, and why holds `why`. */
static void counts_an_iteration(void **state) {
    (void)state;
    static const struct {
        const char *body;
        double k, k_most, z;
        bool steady;
        const char *why;
    } cases[] = {
        {S("a") LEAF, 1, 1, 0, true, ""},
        {S("a") LEAF S("b") LEAF S("c") LEAF, 3, 3, 0, true, ""},
        {S("a") BELOW(S("never runs") LEAF), 1, 1, 0, true, ""},
        {"<HTTPSamplerProxy enabled=\"false\"/><hashTree/>" S("a") LEAF, 1, 1, 0, true, ""},
        {"<HTTPSamplerProxy enabled=\"FALSE\"/>" LEAF "<HTTPSamplerProxy enabled=\"TRUE\"/>" LEAF,
         1, 1, 0, true, ""},
        {"<HTTPSamplerProxy><boolProp name=\"TestElement.enabled\">false</boolProp>"
         "</HTTPSamplerProxy>" LEAF S("a") LEAF,
         1, 1, 0, true, ""},
        {"<DebugSampler/>" LEAF "<JSR223Sampler/>" LEAF "<JDBCSampler/>" LEAF, 3, 3, 0, true, ""},
        {"<org.apache.jmeter.protocol.http.sampler.HTTPSamplerProxy/>" LEAF, 1, 1, 0, true, ""},
        {"<kg.apc.jmeter.samplers.DummySampler/>" LEAF S("a") LEAF TIMER("5"), NAN, NAN, 10, true,
         "plugin"},
        /* timers: before each sampler in scope, added up */
        {TIMER("100") S("a") LEAF S("b") LEAF, 2, 2, 200, true, ""},
        {S("a") LEAF S("b") LEAF TIMER("100") TIMER("20"), 2, 2, 240, true, ""},
        {S("a") BELOW(TIMER("100")) S("b") LEAF, 2, 2, 100, true, ""},
        {IN("GenericController", S("a") LEAF TIMER("50")) S("b") LEAF TIMER("100"), 2, 2, 250, true,
         ""},
        {"<UniformRandomTimer>" STRING("ConstantTimer.delay", "100")
             STRING("RandomTimer.range", "50.0") "</UniformRandomTimer>" LEAF S("a") LEAF,
         1, 1, 125, true, ""},
        {"<PoissonRandomTimer>" STRING("ConstantTimer.delay", "100")
             STRING("RandomTimer.range", "50") "</PoissonRandomTimer>" LEAF S("a") LEAF,
         1, 1, 150, true, ""},
        {"<GaussianRandomTimer>" STRING("ConstantTimer.delay", "100")
             STRING("RandomTimer.range", "50") "</GaussianRandomTimer>" LEAF S("a") LEAF,
         1, 1, 100, true, ""},
        {TIMER(" 100 ") TIMER("10.5") TIMER("-5") S("a") LEAF, 1, 1, 0, true, ""},
        {TIMER("${T}") S("a") LEAF, 1, 1, 7, true, ""},
        {TIMER("${pause}") S("a") LEAF, 1, 1, NAN, true, "value of ${pause} is not in the file"},
        {"<JSR223Timer/>" LEAF S("a") LEAF, 1, 1, NAN, true, "JSR223 Timer decides"},
        {"<ConstantTimer enabled=\"false\">" STRING("ConstantTimer.delay",
                                                    "9") "</ConstantTimer>" LEAF S("a") LEAF,
         1, 1, 0, true, ""},
        /* controllers */
        {IN("GenericController", S("a") LEAF) IN("RandomOrderController", S("b") LEAF), 2, 2, 0,
         true, ""},
        {IN("TransactionController", S("a") LEAF), 1, 1, 0, false, ""},
        {"<TransactionController><boolProp name=\"TransactionController.includeTimers\">false"
         "</boolProp></TransactionController>" BELOW(S("a") LEAF),
         1, 1, 0, true, ""},
        {IN("CriticalSectionController", S("a") LEAF), 1, 1, 0, false, ""},
        {LOOP("3", S("a") LEAF TIMER("10")) S("b") LEAF, 4, 4, 30, false, ""},
        {LOOP("1", S("a") LEAF), 1, 1, 0, true, ""},
        {LOOP("${T}", S("a") LEAF), 7, 7, 0, false, ""},
        {LOOP("2", LOOP("3", S("a") LEAF)), 6, 6, 0, false, ""},
        {LOOP("-1", S("a") LEAF), NAN, NAN, 0, false, "loops for ever"},
        {LOOP("${n}", S("a") LEAF), NAN, NAN, 0, false, "value of ${n} is not in the file"},
        {"<LoopController><boolProp "
         "name=\"LoopController.continue_forever\">false</boolProp>" STRING(
             "LoopController.loops", "3") "</LoopController>" BELOW(S("a") LEAF) S("b") LEAF,
         1, 4, 0, false, ""},
        {IN("OnceOnlyController", S("a") LEAF) S("b") LEAF, 1, 2, 0, false, ""},
        {IN("IfController", S("a") LEAF) S("b") LEAF, NAN, NAN, 0, false, "If Controller"},
        {S("a") LEAF IN("IfController", TIMER("9")), 1, 1, 0, true, ""},
        {S("a") LEAF IN("IfController", S("b") LEAF TIMER("9")), NAN, NAN, NAN, true,
         "If Controller"},
        {IN("WhileController", S("a") LEAF), NAN, NAN, 0, false, "While Controller"},
        {IN("RandomController", S("a") LEAF), NAN, NAN, 0, false, "Random Controller"},
        {IN("kg.apc.jmeter.control.ParameterizedController", S("a") LEAF), NAN, NAN, 0, false,
         "controller of a plugin"},
        {S("a") LEAF "<IncludeController/>" LEAF, NAN, NAN, NAN, true, "in another file"},
        {"<ModuleController/>" LEAF, NAN, NAN, NAN, false, "in another place"},
        {"<ThroughputController><intProp name=\"ThroughputController.style\">1</intProp>"
         "<FloatProperty><name>ThroughputController.percentThroughput</name><value>25.0</value>"
         "</FloatProperty></ThroughputController>" BELOW(S("a") LEAF) S("b") LEAF,
         1.25, 2, 0, false, ""},
        {IN("ThroughputController", S("a") LEAF), NAN, NAN, 0, false, "a number of times"},
        /* flow control actions */
        {"<TestAction><intProp name=\"ActionProcessor.action\">1</intProp>" STRING(
             "ActionProcessor.duration", "250") "</TestAction>" LEAF S("a") LEAF TIMER("10"),
         1, 1, 270, true, ""},
        {"<TestAction><intProp name=\"ActionProcessor.action\">5</intProp></TestAction>" LEAF S("a")
             LEAF,
         NAN, NAN, 0, true, "ends the iteration early"},
        /* rates are no delays; our own action is none either */
        {CTT("user's", "60") S("a") LEAF, 1, 1, 0, true, ""},
        {"<TestAction testname=\"perfscale pacing\"><intProp name=\"ActionProcessor.action\">1"
         "</intProp></TestAction>" BELOW(CTT("perfscale pacing", "12.5")) S("a") LEAF TIMER("10"),
         1, 1, 10, true, ""},
    };
    for (size_t i = 0; i < COUNT(cases); i++) {
        char *text = one_group(cases[i].body);
        struct jmeter_plan p = open_text(text);
        const struct jmeter_thread_group *g = &p.group[0];
        assert_near(g->requests_per_iteration.value, cases[i].k, cases[i].body);
        assert_near(g->requests_per_iteration.most, cases[i].k_most, cases[i].body);
        assert_near(g->think_ms.value, cases[i].z, cases[i].body);
        const struct known *first =
            isnan(g->requests_per_iteration.value) ? &g->requests_per_iteration : &g->think_ms;
        if (isnan(first->value) ? !first->line || !strstr(first->why, cases[i].why) : *cases[i].why)
            fail_msg("%ld: %s: %s", first->line, first->why, cases[i].body);
        if (g->first_is_steady != cases[i].steady)
            fail_msg("steady %d: %s", g->first_is_steady, cases[i].body);
        jmeter_close(&p);
        free(text);
    }
}

/* --- figures of a group --- */

static void figures_are_read_as_jmeter_reads_them(void **state) {
    (void)state;
    static const struct {
        const char *figures;
        double threads;
        bool literal, from_property;
    } cases[] = {
        {THREADS("3"), 3, true, false},
        {"<intProp name='ThreadGroup.num_threads'>3</intProp>", 3, true, false},
        {THREADS("+3"), 3, true, false},
        {THREADS(" 3 "), 0, true, false},
        {THREADS("3.5"), 0, true, false},
        {THREADS(""), 0, true, false},
        {"", 0, true, false},
        {THREADS("3") THREADS("4"), 4, true, false},
        {THREADS("<![CDATA[2]]><!-- x -->"), 2, true, false},
        {THREADS("${T}"), 7, false, false},
        {THREADS("${__P(n)}"), 1, false, true},
        {THREADS("${__P(n, 5 )}"), 5, false, true},
        {THREADS("${__P(n,${__P(m,${T})})}"), 7, false, true},
        {THREADS("${__property(n,V,6)}"), 6, false, true},
        {THREADS("${U}"), 7, false, true},
        {THREADS("1${T}"), 17, false, false},
        {THREADS("${X}"), NAN, false, false},
        {THREADS("${LOOP}"), NAN, false, false},
        {THREADS("${__Random(1,5)}"), NAN, false, false},
        {THREADS("${__P(n"), NAN, false, false},
        {"<intProp name='ThreadGroup.num_threads'>${T}</intProp>", NAN, false, false},
    };
    for (size_t i = 0; i < COUNT(cases); i++) {
        struct buf b;
        buf_init(&b, 1 << 16);
        buf_printf(
            &b, HEAD PLAN("") "<ThreadGroup>%s</ThreadGroup>" BELOW(S("a") LEAF) "</hashTree>" FEET,
            cases[i].figures);
        struct jmeter_plan p = open_text(b.data);
        const struct jmeter_figure *f = &p.group[0].threads;
        assert_near(f->value.value, cases[i].threads, cases[i].figures);
        assert_int_equal(f->literal, cases[i].literal);
        assert_int_equal(f->from_property, cases[i].from_property);
        assert_int_equal(f->element == JMX_NONE, !*cases[i].figures);
        assert_int_equal(isnan(f->value.value), f->value.why[0] != '\0');
        jmeter_close(&p);
        buf_fini(&b);
    }
}

static void a_flag_is_true_only_in_words(void **state) {
    (void)state;
    static const struct {
        const char *scheduler;
        double is;
    } cases[] = {
        {"", 0},
        {"<boolProp name=\"ThreadGroup.scheduler\">true</boolProp>", 1},
        {"<boolProp name=\"ThreadGroup.scheduler\">TRUE</boolProp>", 1},
        {"<boolProp name=\"ThreadGroup.scheduler\">1</boolProp>", 0},
        {"<boolProp name=\"ThreadGroup.scheduler\">${__P(s,true)}</boolProp>", 0},
        {STRING("ThreadGroup.scheduler", "${__P(s,true)}"), 1},
        {STRING("ThreadGroup.scheduler", "${s}"), NAN},
    };
    for (size_t i = 0; i < COUNT(cases); i++) {
        struct buf b;
        buf_init(&b, 1 << 16);
        buf_printf(
            &b, HEAD PLAN("") "<ThreadGroup>%s</ThreadGroup>" BELOW(S("a") LEAF) "</hashTree>" FEET,
            cases[i].scheduler);
        struct jmeter_plan p = open_text(b.data);
        assert_near(p.group[0].scheduler.value.value, cases[i].is, cases[i].scheduler);
        jmeter_close(&p);
        buf_fini(&b);
    }
}

/* --- groups --- */

#define COPY(name, off) GROUP(name, off, THREADS("9")) BELOW(S("a") LEAF S("b") LEAF)

static void copies_belong_to_their_group(void **state) {
    (void)state;
    static const struct {
        const char *groups;
        size_t carriers;
        int base_of_last;
    } cases[] = {
        {COPY("A", ""), 1, -1},
        {COPY("A", "") COPY("A [step 2: +25 RPS]", ""), 1, 0},
        {COPY("A", "") COPY("B", "") COPY("A [step 2: +25 RPS]", ""), 2, 0},
        {COPY("A", "") COPY("A", "") COPY("A [step 3: +25 RPS]", ""), 2, 1},
        {COPY("A &amp; B", "") COPY("A &#38; B [step 2: +1 RPS]", ""), 1, 0},
        {COPY("A [step 2: x]", "") COPY("A [step 2: x] [step 2: +5 RPS]", ""), 1, 0},
        /* no copies */
        {COPY("A", "") COPY("B [step 2: +25 RPS]", ""), 2, -1},
        {COPY("A", "") COPY("A [step 1: +25 RPS]", ""), 2, -1},
        {COPY("A", "") COPY("A [step 99: +25 RPS]", ""), 2, -1},
        {COPY("A", "") COPY("A [step 2: +25 RPS] old", ""), 2, -1},
        {COPY("A", " enabled=\"false\"") COPY("A [step 2: +25 RPS]", ""), 1, -1},
        {COPY("A [step 2: +25 RPS]", ""), 1, -1},
    };
    for (size_t i = 0; i < COUNT(cases); i++) {
        struct buf b;
        struct facts f;
        buf_init(&b, 1 << 16);
        buf_printf(&b, HEAD PLAN("") "%s</hashTree>" FEET, cases[i].groups);
        struct jmeter_plan p = open_text(b.data);
        if (p.group[p.groups - 1].base != cases[i].base_of_last)
            fail_msg("%d: %s", p.group[p.groups - 1].base, cases[i].groups);
        jmeter_close(&p);
        assert_true(
            jmeter_facts(&(struct source){.text = b.data, .len = b.len, .file = "x"}, &f, NULL));
        assert_int_equal(f.scenarios, cases[i].carriers);
        facts_fini(&f);
        buf_fini(&b);
    }
}

static void names_are_one_of_a_kind(void **state) {
    (void)state;
    struct jmeter_plan p = open_text(HEAD PLAN(
        COPY("A", "") COPY("A", "") COPY("A", "") COPY("", "") COPY("x&#10;y", "")
            COPY("0123456789012345678901234567890123456789012345678901234567890123456789", "")
                COPY("0123456789012345678901234567890123456789012345678901234567890123456789",
                     "")) "</hashTree>" FEET);
    static const char *const names[] = {
        "A",
        "A #2",
        "A #3",
        "Thread Group",
        "x?y",
        "012345678901234567890123456789012345678901234567890123456789012",
        "012345678901234567890123456789012345678901234567890123456789 #2",
    };
    for (size_t i = 0; i < COUNT(names); i++)
        assert_string_equal(p.group[i].name, names[i]);
    jmeter_close(&p);
}

/* What perfscale writes is told apart from what the user wrote. */
static void our_pace_is_no_timer_of_the_user(void **state) {
    (void)state;
    char *text =
        one_group(S("a") BELOW(CTT("perfscale pacing", "33.333333")) S("b") LEAF CTT("old", "600"));
    struct jmeter_plan p = open_text(text);
    const struct jmeter_pace *pace = &p.group[0].pacing;
    assert_int_equal(pace->under, p.group[0].first_sampler);
    assert_int_equal(pace->action, JMX_NONE);
    assert_int_equal(pace->mode, 0);
    assert_near(pace->throughput, 33.333333, "throughput");
    assert_int_equal(p.caps, 1);
    assert_int_equal(p.cap[0].group, 0);
    assert_near(p.cap[0].per_minute, 600, "cap");
    jmeter_close(&p);
    free(text);

    text = one_group("<TestAction testname=\"perfscale pacing\"/>" BELOW(
        CTT("perfscale pacing", "9")) IN("IfController", S("a") LEAF) TIMER("20"));
    p = open_text(text);
    pace = &p.group[0].pacing;
    assert_true(pace->action != JMX_NONE && pace->under == pace->action);
    assert_near(p.group[0].wide_ms.value, 20, "on the level of the group");
    assert_int_equal(p.group[0].samplers, 1);
    assert_int_equal(p.caps, 0);
    jmeter_close(&p);
    free(text);
}

static void what_acts_on_a_group_is_noted(void **state) {
    (void)state;
    static const struct {
        const char *body;
        bool pre_processor, csv;
        double wide_ms, longest_ms;
    } cases[] = {
        {S("a") BELOW("<JSR223PreProcessor/>" LEAF), false, false, 0, 0},
        {"<UserParameters/>" LEAF S("a") LEAF, true, false, 0, 0},
        {"<CSVDataSet/>" LEAF S("a") LEAF, false, false, 0, 0},
        {"<CSVDataSet>" STRING("shareMode", "shareMode.all") "</CSVDataSet>" LEAF S("a") LEAF,
         false, false, 0, 0},
        {"<CSVDataSet>" STRING("shareMode", "shareMode.group") "</CSVDataSet>" LEAF S("a") LEAF,
         false, true, 0, 0},
        {IN("GenericController",
            "<CSVDataSet>" STRING("shareMode", "shareMode.thread") "</CSVDataSet>" LEAF S("a")
                LEAF),
         false, true, 0, 0},
        {TIMER("10") S("a") BELOW(TIMER("5")) IN("GenericController", TIMER("30") S("b") LEAF),
         false, false, 10, 40},
        {"<BSFTimer/>" LEAF S("a") LEAF, false, false, NAN, NAN},
    };
    for (size_t i = 0; i < COUNT(cases); i++) {
        char *text = one_group(cases[i].body);
        struct jmeter_plan p = open_text(text);
        const struct jmeter_thread_group *g = &p.group[0];
        assert_int_equal(g->pre_processor != JMX_NONE, cases[i].pre_processor);
        assert_int_equal(g->csv != JMX_NONE, cases[i].csv);
        assert_near(g->wide_ms.value, cases[i].wide_ms, cases[i].body);
        assert_near(g->longest_ms.value, cases[i].longest_ms, cases[i].body);
        jmeter_close(&p);
        free(text);
    }
}

/* --- facts --- */

static struct facts facts_of_file(const char *name) {
    char path[512];
    struct facts f;
    size_t len;
    snprintf(path, sizeof path, TEST_DATA "/jmeter/%s", name);
    char *text = file_read(path, JMX_MAX_BYTES, &len, NULL);
    assert_non_null(text);
    assert_true(jmeter_facts(&(struct source){.text = text, .len = len, .file = name}, &f, NULL));
    free(text);
    return f;
}

static void one_group_is_one_scenario(void **state) {
    (void)state;
    struct facts f = facts_of_file("baseline_orders.jmx");
    const struct scenario *s = &f.scenario[0];
    assert_int_equal(f.scenarios, 1);
    assert_int_equal(f.lines, 101);
    assert_string_equal(s->name, "Order users");
    assert_string_equal(s->executor, "ThreadGroup");
    assert_int_equal(s->line, 14);
    assert_near(s->vus.value, 3, "threads");
    assert_int_equal(s->vus.line, 20);
    assert_near(s->duration_ms.value, 14000, "duration");
    assert_near(s->requests_per_iteration.value, 2, "k");
    assert_near(s->think_ms.value, 300, "Z: one timer beside two samplers");
    assert_near(s->wait_ms.value, 0, "wait");
    assert_int_equal(s->drive, DRIVE_VUS);
    assert_near(s->amount.value, 3, "amount");
    assert_string_equal(f.base_url, "http://127.0.0.1:27082");
    assert_int_equal(f.base_url_line, 33);
    assert_false(f.new_connections);
    facts_fini(&f);
}

static void several_groups_and_their_mistakes_are_seen(void **state) {
    (void)state;
    struct facts f = facts_of_file("baseline_two_groups.jmx");
    const struct scenario *carrier[SCENARIOS_MAX];
    assert_int_equal(f.scenarios, 3);
    assert_int_equal(facts_carriers(&f, carrier), 2);
    assert_string_equal(carrier[0]->name, "Readers");
    assert_string_equal(carrier[1]->name, "Buyers");
    assert_near(carrier[1]->vus.value, 4, "from a variable");
    assert_true(isnan(carrier[1]->duration_ms.value));
    assert_non_null(strstr(carrier[1]->duration_ms.why, "after its loops"));
    assert_near(carrier[1]->requests_per_iteration.value, 4, "three in a loop and one");
    assert_near(carrier[1]->requests_per_iteration.most, 5, "and the login");
    assert_near(carrier[1]->think_ms.value, 375, "three times 100 + 50/2");
    assert_string_equal(f.scenario[2].executor, "SetupThreadGroup");
    assert_non_null(strstr(f.scenario[2].left_alone, "before the load"));
    assert_string_equal(f.base_url, "http://127.0.0.1:27082");
    assert_true(f.new_connections);
    assert_int_equal(f.new_connections_line, 37);
    static const struct {
        const char *kind;
        long line;
        const char *says;
    } findings[] = {
        {"new-user", 37, "a new connection each time"},
        {"start-delay", 36, "Readers starts 3 s late"},
        {"stops-on-error", 56, "stops its thread"},
        {"from-property", 54, "-Jramp"},
        {"cap", 93, "caps the rate at 600 per minute"},
        {"listener-file", 102, "all.xml"},
        {"ids-in-name", 87, "${id}"},
        {"embedded-resources", 75, "by 1 of the samplers"},
        {"once-only", 63, "first iteration"},
    };
    for (size_t i = 0; i < COUNT(findings); i++) {
        const struct finding *it = find_finding(&f.findings, findings[i].kind);
        if (!it || it->line != findings[i].line || !strstr(it->text, findings[i].says))
            fail_msg("%s: line %ld, %s", findings[i].kind, it ? it->line : 0, it ? it->text : "");
        assert_string_equal(it->file, "baseline_two_groups.jmx");
    }
    assert_int_equal(f.findings.len, COUNT(findings));
    facts_fini(&f);
}

#define SCHEDULED(duration, more)                                                                  \
    "<ThreadGroup testname=\"G\"><boolProp name=\"ThreadGroup.scheduler\">true</boolProp>" STRING( \
        "ThreadGroup.duration", duration) THREADS("1") more "</ThreadGroup>" BELOW(S("a") LEAF)

static void mistakes_of_a_group_are_told(void **state) {
    (void)state;
    static const struct {
        const char *group, *kind, *says;
    } cases[] = {
        {SCHEDULED("10", ""), NULL, NULL},
        {SCHEDULED("", ""), "no-duration", "does not start"},
        {SCHEDULED("2.5", ""), "no-duration", "no whole number"},
        {SCHEDULED("10", LOOPS("5")), "loops-end", "ends after 5 loops"},
        {SCHEDULED("10", LOOPS("-1")), NULL, NULL},
        {SCHEDULED("10", STRING("ThreadGroup.delay", "4")), "start-delay", "4 s late"},
        {SCHEDULED("${__P(d,5)}", ""), "from-property", "duration of G is a property: -Jd"},
        {"<ThreadGroup>" THREADS("0") "</ThreadGroup>" BELOW(S("a") LEAF), "no-threads", ""},
        {"<ThreadGroup>" THREADS("1")
             STRING("ThreadGroup.duration", "5") "</ThreadGroup>" BELOW(S("a") LEAF),
         "scheduler-off", "no effect"},
        {SCHEDULED("10", STRING("ThreadGroup.on_sample_error", "stoptestnow")), "stops-on-error",
         "stops the test"},
        {SCHEDULED("10", STRING("ThreadGroup.on_sample_error", "startnextloop")), NULL, NULL},
        {SCHEDULED("10", "") "<PreciseThroughputTimer>" STRING("throughput", "100")
             STRING("throughputPeriod", "10") "</PreciseThroughputTimer>" LEAF,
         "cap", "Precise Throughput Timer caps the rate at 600 per minute"},
        {SCHEDULED("10", "") CTT("x", "${y}"), "cap", "decides the rate now"},
    };
    for (size_t i = 0; i < COUNT(cases); i++) {
        struct buf b;
        buf_init(&b, 1 << 16);
        buf_printf(&b, HEAD PLAN("") "%s</hashTree>" FEET, cases[i].group);
        struct jmeter_plan p = open_text(b.data);
        const struct finding *it = cases[i].kind ? find_finding(&p.findings, cases[i].kind) : NULL;
        if (cases[i].kind ? !it || !strstr(it->text, cases[i].says) : p.findings.len != 0)
            fail_msg("%s: %s", p.findings.len ? p.findings.item[0].text : "none", cases[i].group);
        jmeter_close(&p);
        buf_fini(&b);
    }
}

static void the_base_url_comes_from_the_first_request(void **state) {
    (void)state;
#define DEFAULTS(inside)                                                                           \
    "<ConfigTestElement guiclass=\"HttpDefaultsGui\">" inside "</ConfigTestElement>" LEAF
#define REQUEST(inside) "<HTTPSamplerProxy>" inside "</HTTPSamplerProxy>" LEAF
    static const struct {
        const char *body, *url;
    } cases[] = {
        {REQUEST(STRING("HTTPSampler.domain", "a.example")), "http://a.example"},
        {REQUEST(STRING("HTTPSampler.domain", "a.example") STRING("HTTPSampler.protocol", "https")
                     STRING("HTTPSampler.port", "8443")),
         "https://a.example:8443"},
        {DEFAULTS(STRING("HTTPSampler.domain", "d.example"))
             REQUEST(STRING("HTTPSampler.path", "/x")),
         "http://d.example"},
        {REQUEST(STRING("HTTPSampler.domain", ""))
             DEFAULTS(STRING("HTTPSampler.domain", "d.example")),
         "http://d.example"},
        {REQUEST(STRING("HTTPSampler.path", "https://p.example/x?y")), "https://p.example"},
        {REQUEST(STRING("HTTPSampler.domain", "${__P(host,h.example)}")), "http://h.example"},
        {REQUEST(STRING("HTTPSampler.domain", "${host}")), ""},
        {REQUEST(STRING("HTTPSampler.domain", "a.example") STRING("HTTPSampler.port", "${port}")),
         ""},
        {"<JDBCSampler/>" LEAF, ""},
    };
    for (size_t i = 0; i < COUNT(cases); i++) {
        char *text = one_group(cases[i].body);
        struct jmeter_plan p = open_text(text);
        assert_string_equal(p.base_url, cases[i].url);
        assert_int_equal(p.base_url_line > 0, *cases[i].url != '\0');
        jmeter_close(&p);
        free(text);
    }
}

/* --- colours --- */

static void code_has_colours(void **state) {
    (void)state;
    static const struct {
        const char *text, *colours; /* k keyword, s string, c comment, . plain */
    } cases[] = {
        {"<a b=\"c\">d</a>", "kk...sssk.kkkk"},
        {"<a b='>'/>", "kk...ssskk"},
        {"<!-- <a> --><b/>", "cccccccccccckkkk"},
        {"<?xml?><a><![CDATA[<b>]]>", "ccccccckkk..............."},
        {"x<a b=\"c", ".kk...ss"},
        {"<a <b>", "kk.kkk"},
        {"</", "kk"},
        {"", ""},
    };
    for (size_t i = 0; i < COUNT(cases); i++) {
        struct code_spans spans;
        char got[64];
        size_t len = strlen(cases[i].text);
        char *exact = malloc(len ? len : 1);
        memcpy(exact, cases[i].text, len);
        jmeter_colour(exact, len, &spans);
        memset(got, '.', sizeof got);
        got[len] = '\0';
        for (size_t k = 0; k < spans.len; k++)
            memset(got + spans.item[k].start, ".ksc"[spans.item[k].kind],
                   spans.item[k].end - spans.item[k].start);
        if (strcmp(got, cases[i].colours) != 0)
            fail_msg("%s\n%s\n%s", cases[i].text, got, cases[i].colours);
        code_spans_fini(&spans);
        free(exact);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(ranges_are_bytes_of_the_file),
        cmocka_unit_test(attributes_properties_and_lines_are_found),
        cmocka_unit_test(refusals_have_a_line_and_a_reason),
        cmocka_unit_test(what_is_off_does_not_count),
        cmocka_unit_test(hostile_sizes_end),
        cmocka_unit_test(counts_an_iteration),
        cmocka_unit_test(figures_are_read_as_jmeter_reads_them),
        cmocka_unit_test(a_flag_is_true_only_in_words),
        cmocka_unit_test(copies_belong_to_their_group),
        cmocka_unit_test(names_are_one_of_a_kind),
        cmocka_unit_test(our_pace_is_no_timer_of_the_user),
        cmocka_unit_test(what_acts_on_a_group_is_noted),
        cmocka_unit_test(one_group_is_one_scenario),
        cmocka_unit_test(several_groups_and_their_mistakes_are_seen),
        cmocka_unit_test(mistakes_of_a_group_are_told),
        cmocka_unit_test(the_base_url_comes_from_the_first_request),
        cmocka_unit_test(code_has_colours),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

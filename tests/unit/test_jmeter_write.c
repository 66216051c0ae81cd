/* JMeter plans rewritten to a load: the exact new text, and what the check afterwards catches. */
#include <locale.h>
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
#include "base/mem.h"
#include "k6_plans.h"
#include "tools/jmeter/jmeter_script.h"

#define COUNT(a) (sizeof(a) / sizeof *(a))

/* --- small plans --- */

#define HEAD                                                                                       \
    "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"                                                 \
    "<jmeterTestPlan version=\"1.2\" properties=\"5.0\" jmeter=\"5.6.3\">\n"                       \
    "  <hashTree>\n"                                                                               \
    "    <TestPlan testname=\"P\">\n"                                                              \
    "      <boolProp name=\"TestPlan.serialize_threadgroups\">false</boolProp>\n"                  \
    "    </TestPlan>\n"                                                                            \
    "    <hashTree>\n"
#define TAIL                                                                                       \
    "    </hashTree>\n"                                                                            \
    "  </hashTree>\n"                                                                              \
    "</jmeterTestPlan>\n"
#define GROUP(name, loops, threads, ramp, scheduler, duration, delay)                              \
    "      <ThreadGroup testclass=\"ThreadGroup\" testname=\"" name "\" enabled=\"true\">\n"       \
    "        <elementProp name=\"ThreadGroup.main_controller\" "                                   \
    "elementType=\"LoopController\">\n"                                                            \
    "          <boolProp name=\"LoopController.continue_forever\">false</boolProp>\n"              \
    "          <stringProp name=\"LoopController.loops\">" loops "</stringProp>\n"                 \
    "        </elementProp>\n"                                                                     \
    "        <intProp name=\"ThreadGroup.num_threads\">" threads "</intProp>\n"                    \
    "        <intProp name=\"ThreadGroup.ramp_time\">" ramp "</intProp>\n"                         \
    "        <boolProp name=\"ThreadGroup.scheduler\">" scheduler "</boolProp>\n"                  \
    "        <stringProp name=\"ThreadGroup.duration\">" duration "</stringProp>\n"                \
    "        " delay "\n"                                                                          \
    "      </ThreadGroup>\n"
#define DELAY(n) "<stringProp name=\"ThreadGroup.delay\">" n "</stringProp>"
#define NO_DELAY "<stringProp name=\"ThreadGroup.delay\"/>"
#define BASELINE(name) GROUP(name, "10", "2", "1", "false", "", NO_DELAY)
#define SAMPLER(name)                                                                              \
    "        <HTTPSamplerProxy testname=\"" name "\" enabled=\"true\">\n"                          \
    "          <stringProp name=\"HTTPSampler.path\">/a</stringProp>\n"                            \
    "        </HTTPSamplerProxy>\n"
#define TREE(inside) "      <hashTree>\n" inside "      </hashTree>\n"
#define NONE "        <hashTree/>\n"
#define THINK(ms)                                                                                  \
    "        <ConstantTimer testname=\"think\" enabled=\"true\">\n"                                \
    "          <stringProp name=\"ConstantTimer.delay\">" ms "</stringProp>\n"                     \
    "        </ConstantTimer>\n"                                                                   \
    "        <hashTree/>\n"
#define TIMER(margin, mode, throughput)                                                            \
    margin "<ConstantThroughputTimer guiclass=\"TestBeanGUI\" "                                    \
           "testclass=\"ConstantThroughputTimer\" testname=\"perfscale pacing\" "                  \
           "enabled=\"true\">\n" margin "  <intProp name=\"calcMode\">" mode "</intProp>\n" margin \
           "  <stringProp name=\"throughput\">" throughput "</stringProp>\n" margin                \
           "</ConstantThroughputTimer>\n" margin "<hashTree/>\n"
#define PACED(throughput)                                                                          \
    "        <hashTree>\n" TIMER("          ", "0", throughput) "        </hashTree>\n"
#define ACTION(throughput)                                                                         \
    "        <TestAction guiclass=\"TestActionGui\" testclass=\"TestAction\" "                     \
    "testname=\"perfscale pacing\" enabled=\"true\">\n"                                            \
    "          <intProp name=\"ActionProcessor.action\">1</intProp>\n"                             \
    "          <intProp name=\"ActionProcessor.target\">0</intProp>\n"                             \
    "          <stringProp name=\"ActionProcessor.duration\">0</stringProp>\n"                     \
    "        </TestAction>\n" PACED(throughput)

static const char one[] = HEAD BASELINE("Users") TREE(SAMPLER("list") NONE) TAIL;

/* --- plans of load --- */

static struct load_input load_input_of(enum model model, double rps, double k, double think_ms) {
    struct load_input in = plan_input((struct plan_case){model, ARRIVALS_PACED, rps, 50, think_ms,
                                                         k, model == MODEL_SOAK ? 3600 : 300});
    in.p95_limit_ms = NAN;
    return in;
}

static struct profile fitted(struct load_input in) {
    struct profile p = plan_of_input(in);
    struct findings notes = {0};
    struct err e = {0};
    if (!jmeter_fit(&p, &notes, &e))
        fail_msg("%s", e.text);
    findings_fini(&notes);
    return p;
}

static struct profile load_of(double rps, double k, double think_ms) {
    return fitted(load_input_of(MODEL_LOAD, rps, k, think_ms));
}

static struct profile stress_of(double start, double max, double steps, double k, double think_ms) {
    struct load_input in = load_input_of(MODEL_STRESS, max, k, think_ms);
    in.start_rps = start, in.max_rps = max, in.steps = steps;
    in.hold_ms = 60000, in.ramp_ms = 10000;
    return fitted(in);
}

/* --- one rewrite --- */

static struct source source_of(const char *text) {
    return (struct source){.text = text, .len = strlen(text), .file = "orders.jmx"};
}

static char *rewritten(const char *text, const struct profile *p, struct findings *notes,
                       size_t *edits_made) {
    const struct source old = source_of(text);
    struct edits edits = {0};
    struct err e = {0};
    char said[1024];
    size_t len;
    if (!jmeter_rewrite(&old, p, &edits, notes, &e))
        fail_msg("%s", err_sentence(&e, said, sizeof said));
    if (edits_made)
        *edits_made = edits.len;
    char *new = edits_apply(&edits, text, old.len, &len, &e);
    assert_non_null(new);
    edits_fini(&edits);
    return new;
}

/* The new text is checked, and writing it again changes nothing. */
static char *write_plan(const char *text, const struct profile *p, struct findings *notes) {
    struct err e = {0};
    struct findings unread = {0};
    char said[1024];
    size_t edits;
    char *new = rewritten(text, p, notes ? notes : &unread, NULL);
    const struct source src = source_of(new);
    if (!jmeter_verify(&src, p, &e))
        fail_msg("%s\n%s", err_sentence(&e, said, sizeof said), new);
    char *again = rewritten(new, p, &unread, &edits);
    assert_string_equal(again, new);
    assert_int_equal(edits, 0);
    free(again);
    findings_fini(&unread);
    return new;
}

static void expect(const char *text, const struct profile *p, const char *want) {
    char *new = write_plan(text, p, NULL);
    assert_string_equal(new, want);
    free(new);
}

static const struct finding *finding(const struct findings *f, const char *kind) {
    for (size_t i = 0; i < f->len; i++)
        if (strcmp(f->item[i].kind, kind) == 0)
            return &f->item[i];
    return NULL;
}

static char *replaced(const char *text, const char *what, const char *with) {
    struct buf b;
    buf_init(&b, 1 << 20);
    for (const char *at = text;;) {
        const char *found = strstr(at, what);
        buf_add(&b, at, found ? (size_t)(found - at) : strlen(at));
        if (!found)
            break;
        buf_str(&b, with);
        at = found + strlen(what);
    }
    char *new = buf_take(&b);
    buf_fini(&b);
    return new;
}

/* --- load and soak --- */

static void load_of_one_request(void **state) {
    (void)state;
    struct profile p = load_of(60, 1, 0); /* L = 3, 9 threads, 150 ms */
    expect(one, &p,
           HEAD GROUP("Users", "-1", "9", "50", "true", "350", NO_DELAY)
               TREE(SAMPLER("list") PACED("400.000000")) TAIL);
}

static void soak_of_two_requests(void **state) {
    (void)state;
    struct profile p = fitted(load_input_of(MODEL_SOAK, 40, 2, 300)); /* L = 8, 17, 850 ms */
    static const char text[] =
        HEAD BASELINE("Users") TREE(SAMPLER("list") NONE SAMPLER("create") NONE THINK("150")) TAIL;
    expect(text, &p,
           HEAD GROUP("Users", "-1", "17", "300", "true", "3900", NO_DELAY)
               TREE(SAMPLER("list") PACED("70.588235") SAMPLER("create") NONE THINK("150")) TAIL);
}

static void two_groups(void **state) {
    (void)state;
    struct load_input in = load_input_of(MODEL_LOAD, 60, 1, 0);
    in.parts = 2;
    in.part[0] = (struct part_input){"A", 0.5, 1, 0, 0};
    in.part[1] = (struct part_input){"B", 0.5, 3, 900, 0};
    struct profile p = fitted(in);
    static const char text[] = HEAD BASELINE("A") TREE(SAMPLER("list") NONE) BASELINE("B")
        TREE(SAMPLER("one") NONE SAMPLER("two") NONE SAMPLER("three") NONE THINK("300")) TAIL;
    expect(text, &p,
           HEAD GROUP("A", "-1", "6", "50", "true", "350", NO_DELAY)
               TREE(SAMPLER("list") PACED("300.000000"))
                   GROUP("B", "-1", "21", "48", "true", "350", NO_DELAY) TREE(SAMPLER("one") PACED(
                       "28.571429") SAMPLER("two") NONE SAMPLER("three") NONE THINK("300")) TAIL);
}

/* A name that two groups have: the order of the file tells them apart. */
static void two_groups_of_one_name(void **state) {
    (void)state;
    struct load_input in = load_input_of(MODEL_LOAD, 60, 1, 0);
    in.parts = 2;
    static const char text[] = HEAD BASELINE("A") TREE(SAMPLER("list") NONE) BASELINE("A")
        TREE(SAMPLER("one") NONE SAMPLER("two") NONE SAMPLER("three") NONE THINK("300")) TAIL;
    const struct source src = source_of(text);
    struct facts facts;
    assert_true(jmeter_facts(&src, &facts, NULL));
    assert_int_equal(facts.scenarios, 2);
    in.part[0] = (struct part_input){"", 0.5, 1, 0, 0};
    in.part[1] = (struct part_input){"", 0.5, 3, 900, 0};
    strcpy(in.part[0].name, facts.scenario[0].name);
    strcpy(in.part[1].name, facts.scenario[1].name);
    facts_fini(&facts);
    struct profile p = fitted(in);
    char *new = write_plan(text, &p, NULL);
    const char *first = strstr(new, "300.000000"), *second = strstr(new, "28.571429");
    assert_true(first && second && first < second);
    free(new);
}

/* --- where the timer goes --- */

#define TRANSACTION(include)                                                                       \
    "        <TransactionController testname=\"flow\" enabled=\"true\">\n" include                 \
    "        </TransactionController>\n"
#define INCLUDE(v)                                                                                 \
    "          <boolProp name=\"TransactionController.includeTimers\">" v "</boolProp>\n"

static void transactions(void **state) {
    (void)state;
    struct profile p = load_of(60, 1, 0);
    static const struct {
        const char *text, *want;
    } cases[] = {
        /* the wait is no part of the transaction's time: the timer goes to the sampler */
        {HEAD BASELINE("Users") TREE(TRANSACTION(INCLUDE("false")) "        <hashTree>\n" SAMPLER(
             "list") NONE "        </hashTree>\n") TAIL,
         HEAD GROUP("Users", "-1", "9", "50", "true", "350", NO_DELAY)
             TREE(TRANSACTION(INCLUDE("false")) "        <hashTree>\n" SAMPLER("list")
                      PACED("400.000000") "        </hashTree>\n") TAIL},
        /* it would be: a Flow Control Action at the top of the group */
        {HEAD BASELINE("Users") TREE(TRANSACTION("") "        <hashTree>\n" SAMPLER("list") NONE
                                     "        </hashTree>\n") TAIL,
         HEAD GROUP("Users", "-1", "9", "50", "true", "350", NO_DELAY)
             TREE(ACTION("400.000000") TRANSACTION("") "        <hashTree>\n" SAMPLER("list") NONE
                  "        </hashTree>\n") TAIL},
    };
    for (size_t i = 0; i < COUNT(cases); i++)
        expect(cases[i].text, &p, cases[i].want);
}

/* Group-wide timers act on the Flow Control Action as well: more threads, and said. */
static void action_below_timers(void **state) {
    (void)state;
    struct profile p = load_of(60, 1, 400);
    struct findings notes = {0};
    static const char text[] = HEAD BASELINE("Users") TREE(TRANSACTION(
        "") "        <hashTree>\n" SAMPLER("list") NONE "        </hashTree>\n" THINK("400")) TAIL;
    char *new = write_plan(text, &p, &notes);
    assert_int_equal(p.part[0].users, 43);             /* L = 27 */
    assert_non_null(strstr(new, "num_threads\">73<")); /* L = 51, 73 */
    assert_non_null(finding(&notes, "threads"));
    assert_non_null(finding(&notes, "pacing-action"));
    findings_fini(&notes);
    free(new);
}

#define COIN                                                                                       \
    "        <IfController testname=\"coin\" enabled=\"true\">\n"                                  \
    "          <stringProp name=\"IfController.condition\">${X}</stringProp>\n"                    \
    "        </IfController>\n"                                                                    \
    "        <hashTree>\n" SAMPLER("maybe") NONE "        </hashTree>\n"

/* Requests per iteration are not in the text: each sample is paced. */
static void paced_per_sample(void **state) {
    (void)state;
    struct profile p = load_of(60, 1.5, 0);
    struct findings notes = {0};
    static const char text[] = HEAD BASELINE("Users") TREE(SAMPLER("list") NONE COIN) TAIL;
    char *new = write_plan(text, &p, &notes);
    assert_string_equal(
        new, HEAD GROUP("Users", "-1", "9", "50", "true", "350", NO_DELAY)
                 TREE(TIMER("        ", "2", "3600.000000") SAMPLER("list") NONE COIN) TAIL);
    assert_non_null(finding(&notes, "paced-per-sample"));
    findings_fini(&notes);
    free(new);
}

/* --- stress --- */

static void stress_in_three_steps(void **state) {
    (void)state;
    struct profile p = stress_of(20, 60, 3, 1, 0); /* each L = 1: 4 threads, 200 ms */
    char *new = write_plan(one, &p, NULL);
    static const char want[] = HEAD GROUP("Users", "-1", "4", "10", "true", "210", NO_DELAY)
        TREE(SAMPLER("list") PACED("300.000000"))
            GROUP("Users [step 2: +20 RPS]", "-1", "4", "10", "true", "140",
                  "<stringProp name=\"ThreadGroup.delay\">70</stringProp>")
                TREE(SAMPLER("list") PACED("300.000000"))
                    GROUP("Users [step 3: +20 RPS]", "-1", "4", "10", "true", "70",
                          "<stringProp name=\"ThreadGroup.delay\">140</stringProp>")
                        TREE(SAMPLER("list") PACED("300.000000")) TAIL;
    assert_string_equal(new, want);
    free(new);
}

/* From one plan to another: copies come, change and go; the rest comes back byte for byte. */
static void plans_after_each_other(void **state) {
    (void)state;
    struct profile load = load_of(60, 1, 0), three = stress_of(20, 60, 3, 1, 0),
                   five = stress_of(10, 60, 5, 1, 0);
    struct findings notes = {0};
    char *direct_load = write_plan(one, &load, NULL), *direct_five = write_plan(one, &five, NULL);
    char *a = write_plan(direct_load, &three, NULL), *b = write_plan(a, &five, &notes),
         *c = write_plan(b, &load, &notes);
    assert_string_equal(b, direct_five);
    /* the delay of the first group was empty and stays so */
    assert_string_equal(c, direct_load);
    assert_non_null(finding(&notes, "removed"));
    free(direct_load), free(direct_five), free(a), free(b), free(c);
    findings_fini(&notes);
}

static void copies_of_odd_names(void **state) {
    (void)state;
    static const struct {
        const char *name, *copy;
    } cases[] = {
        {"testname=\"A &amp; &quot;B&quot;\"",
         "testname=\"A &amp; &quot;B&quot; [step 2: +20 RPS]\""},
        {"testname='it \"is\"'", "testname='it \"is\" [step 2: +20 RPS]'"},
        {"testname=\"\"", "testname=\" [step 2: +20 RPS]\""},
        {"testname=\"Käufer\"", "testname=\"Käufer [step 2: +20 RPS]\""},
    };
    struct profile p = stress_of(20, 40, 2, 1, 0);
    for (size_t i = 0; i < COUNT(cases); i++) {
        char *text = replaced(one, "testname=\"Users\"", cases[i].name);
        char *new = write_plan(text, &p, NULL);
        if (!strstr(new, cases[i].copy))
            fail_msg("%s", new);
        assert_non_null(strstr(new, cases[i].name));
        free(text), free(new);
    }
}

static void steps_run_beside_each_other(void **state) {
    (void)state;
    struct profile p = stress_of(20, 40, 2, 1, 0);
    struct findings notes = {0};
    char *text = replaced(one, "serialize_threadgroups\">false", "serialize_threadgroups\">true");
    char *new = write_plan(text, &p, &notes);
    assert_non_null(strstr(new, "serialize_threadgroups\">false"));
    assert_non_null(finding(&notes, "consecutive"));
    assert_non_null(finding(&notes, "not-stopped"));
    free(text), free(new);
    findings_fini(&notes);
}

/* --- what is in the way --- */

static void expressions_become_numbers(void **state) {
    (void)state;
    struct profile p = load_of(60, 1, 0);
    struct findings notes = {0};
    char *text = replaced(one, "num_threads\">2<", "num_threads\">${__P(threads,2)}<");
    char *new = write_plan(text, &p, &notes);
    assert_non_null(strstr(new, "num_threads\">9<"));
    const struct finding *f = finding(&notes, "from-property");
    assert_non_null(f);
    assert_string_equal(f->text,
                        "ThreadGroup.num_threads is a number now: -Jthreads no longer acts here.");
    assert_int_equal(f->line, 13);
    free(text), free(new);
    findings_fini(&notes);
}

static void delays_are_taken_away(void **state) {
    (void)state;
    struct profile p = load_of(60, 1, 0);
    struct findings notes = {0};
    static const char text[] = HEAD GROUP("Users", "-1", "2", "1", "true", "30", DELAY("7"))
        TREE(SAMPLER("list") NONE) TAIL;
    char *new = write_plan(text, &p, &notes);
    assert_string_equal(new, HEAD GROUP("Users", "-1", "9", "50", "true", "350", DELAY("0"))
                                 TREE(SAMPLER("list") PACED("400.000000")) TAIL);
    assert_non_null(finding(&notes, "start-delay"));
    free(new);
    findings_fini(&notes);
}

#define CAP(name, attribute)                                                                       \
    "        <ConstantThroughputTimer testname=\"" name "\"" attribute ">\n"                       \
    "          <intProp name=\"calcMode\">2</intProp>\n"                                           \
    "          <stringProp name=\"throughput\">600.0</stringProp>\n"                               \
    "        </ConstantThroughputTimer>\n"                                                         \
    "        <hashTree/>\n"

static void timers_of_the_user_are_switched_off(void **state) {
    (void)state;
    struct profile p = load_of(60, 1, 0);
    static const struct {
        const char *before, *after;
    } cases[] = {
        {CAP("cap", " enabled=\"true\""), CAP("cap", " enabled=\"false\"")},
        {CAP("cap", ""), CAP("cap", " enabled=\"false\"")},
        {CAP("cap", " enabled='true'"), CAP("cap", " enabled='false'")},
        {CAP("cap", " enabled=\"false\""), CAP("cap", " enabled=\"false\"")},
    };
    for (size_t i = 0; i < COUNT(cases); i++) {
        char inside[2048], outside[2048];
        struct findings notes = {0};
        snprintf(inside, sizeof inside, "%s%s%s",
                 HEAD BASELINE("Users") "      <hashTree>\n" SAMPLER("list") NONE, cases[i].before,
                 "      </hashTree>\n" TAIL);
        char *new = write_plan(inside, &p, &notes);
        if (!strstr(new, cases[i].after))
            fail_msg("%s", new);
        const struct finding *f = finding(&notes, "cap");
        assert_int_equal(f != NULL, i < 3);
        if (f)
            assert_string_equal(f->text,
                                "The timer cap is switched off: it capped the rate at 600/min.");
        free(new);
        snprintf(outside, sizeof outside, "%s%s%s", HEAD, cases[i].before,
                 BASELINE("Users") TREE(SAMPLER("list") NONE) TAIL);
        new = write_plan(outside, &p, &notes);
        if (!strstr(new, cases[i].after))
            fail_msg("%s", new);
        free(new);
        findings_fini(&notes);
    }
    /* in a stress plan in each copy */
    struct profile steps = stress_of(20, 60, 3, 1, 0);
    char *new = write_plan(HEAD BASELINE("Users") TREE(SAMPLER("list") NONE CAP("cap", "")) TAIL,
                           &steps, NULL);
    char *none = replaced(new, "testname=\"cap\" enabled=\"false\"", "");
    assert_int_equal(strlen(new) - strlen(none), 3 * strlen("testname=\"cap\" enabled=\"false\""));
    free(new), free(none);
}

static void missing_figures_are_added(void **state) {
    (void)state;
    struct profile p = load_of(60, 1, 0);
    static const char text[] =
        HEAD "      <ThreadGroup testname=\"Users\">\n"
             "        <elementProp name=\"ThreadGroup.main_controller\" "
             "elementType=\"LoopController\"/>\n"
             "        <stringProp name=\"ThreadGroup.num_threads\">2</stringProp>\n"
             "      </ThreadGroup>\n" TREE(SAMPLER("list") NONE) TAIL;
    static const char want[] =
        HEAD "      <ThreadGroup testname=\"Users\">\n"
             "        <elementProp name=\"ThreadGroup.main_controller\" "
             "elementType=\"LoopController\">\n"
             "          <stringProp name=\"LoopController.loops\">-1</stringProp>\n"
             "        </elementProp>\n"
             "        <stringProp name=\"ThreadGroup.num_threads\">9</stringProp>\n"
             "        <stringProp name=\"ThreadGroup.ramp_time\">50</stringProp>\n"
             "        <boolProp name=\"ThreadGroup.scheduler\">true</boolProp>\n"
             "        <stringProp name=\"ThreadGroup.duration\">350</stringProp>\n"
             "      </ThreadGroup>\n" TREE(SAMPLER("list") PACED("400.000000")) TAIL;
    expect(text, &p, want);
}

/* --- bytes --- */

/* Line breaks, the mark at the beginning, comments, quotes and unknown elements stay. */
static void bytes_stay(void **state) {
    (void)state;
    struct profile load = load_of(60, 1, 0), steps = stress_of(20, 60, 3, 1, 0);
    const struct profile *const plans[] = {&load, &steps};
    for (size_t i = 0; i < COUNT(plans); i++) {
        char *plain = write_plan(one, plans[i], NULL);
        char *crlf = replaced(one, "\n", "\r\n"), *want_crlf = replaced(plain, "\n", "\r\n");
        expect(crlf, plans[i], want_crlf);
        char *tabs = replaced(one, "  ", "\t"), *want_tabs = replaced(plain, "  ", "\t");
        expect(tabs, plans[i], want_tabs);
        char *mark = replaced(one, "<?xml", "\xef\xbb\xbf<?xml"),
             *want_mark = replaced(plain, "<?xml", "\xef\xbb\xbf<?xml");
        expect(mark, plans[i], want_mark);
        char *quotes =
                 replaced(one, "elementType=\"LoopController\"", "elementType = 'LoopController'"),
             *want_quotes = replaced(plain, "elementType=\"LoopController\"",
                                     "elementType = 'LoopController'");
        expect(quotes, plans[i], want_quotes);
        char *comment = replaced(one, "<intProp name=\"ThreadGroup.ramp",
                                 "<!-- <x> & --><intProp name=\"ThreadGroup.ramp"),
             *want_comment = replaced(plain, "<intProp name=\"ThreadGroup.ramp",
                                      "<!-- <x> & --><intProp name=\"ThreadGroup.ramp");
        expect(comment, plans[i], want_comment);
        free(plain), free(crlf), free(want_crlf), free(tabs), free(want_tabs), free(mark),
            free(want_mark), free(quotes), free(want_quotes), free(comment), free(want_comment);
    }
}

/* No line breaks in the file, none in what is added. */
static void one_line(void **state) {
    (void)state;
    struct profile load = load_of(60, 1, 0), steps = stress_of(20, 60, 3, 1, 0);
    const struct profile *const plans[] = {&load, &steps};
    char *text = mem_strdup(one), *to = text;
    for (const char *c = one; *c; c++)
        if (*c != '\n' && !(*c == ' ' && (c[1] == ' ' || c[1] == '<')))
            *to++ = *c;
    *to = '\0';
    for (size_t i = 0; i < COUNT(plans); i++) {
        char *new = write_plan(text, plans[i], NULL);
        assert_null(strchr(new, '\n'));
        assert_null(strstr(new, "  "));
        free(new);
    }
    free(text);
}

/* An indent that no editor makes is not copied. */
static void deep_indent(void **state) {
    (void)state;
    struct profile p = stress_of(20, 60, 3, 1, 0);
    char indent[3002] = "\n";
    memset(indent + 1, ' ', 3000);
    char *text = replaced(one, "\n", indent), *new = write_plan(text, &p, NULL);
    assert_true(strlen(new) < 4 * strlen(text));
    free(text), free(new);
}

/* Only numbers differ between two loads of one model. */
static void numbers_alone(void **state) {
    (void)state;
    struct profile a = load_of(60, 1, 0), b = load_of(80, 1, 0);
    struct findings notes = {0};
    size_t edits;
    char *first = write_plan(one, &a, NULL), *second = rewritten(first, &b, &notes, &edits);
    assert_int_equal(edits, 2); /* threads, throughput */
    assert_int_equal(notes.len, 0);
    assert_non_null(strstr(second, "num_threads\">10<"));
    free(first), free(second);
    findings_fini(&notes);
}

/* Another pace than the old one's place. */
static void the_pace_moves(void **state) {
    (void)state;
    struct profile p = load_of(60, 1, 0);
    static const char group[] = HEAD BASELINE("Users")
        TREE(TIMER("        ", "2", "3600.000000") SAMPLER("list") NONE) TAIL;
    expect(group, &p,
           HEAD GROUP("Users", "-1", "9", "50", "true", "350", NO_DELAY)
               TREE(SAMPLER("list") PACED("400.000000")) TAIL);
    static const char action[] =
        HEAD BASELINE("Users") TREE(ACTION("70.000000") SAMPLER("list") NONE) TAIL;
    expect(action, &p,
           HEAD GROUP("Users", "-1", "9", "50", "true", "350", NO_DELAY)
               TREE(SAMPLER("list") PACED("400.000000")) TAIL);
}

/* --- several generators --- */

static void divided_threads(void **state) {
    (void)state;
    struct load_input in = load_input_of(MODEL_LOAD, 40, 2, 300);
    in.generators = 2;
    struct profile p = fitted(in);
    static const char text[] =
        HEAD BASELINE("Users") TREE(SAMPLER("list") NONE SAMPLER("create") NONE THINK("150")) TAIL;
    /* 18 threads of 900 ms: each of two servers runs 9 of them */
    expect(text, &p,
           HEAD GROUP("Users", "-1", "9", "50", "true", "350", NO_DELAY)
               TREE(SAMPLER("list") PACED("66.666667") SAMPLER("create") NONE THINK("150")) TAIL);
}

/* --- refusals --- */

static void refusals(void **state) {
    (void)state;
    static const struct {
        const char *text, *says;
        long line;
    } cases[] = {
        {HEAD BASELINE("Users")
             TREE("        <UserParameters testname=\"u\" enabled=\"true\"/>\n        "
                  "<hashTree/>\n" TRANSACTION("") "        <hashTree>\n" SAMPLER("list") NONE
                  "        </hashTree>\n") TAIL,
         "pre-processor", 20},
        {HEAD BASELINE("Users") TREE(TRANSACTION("") "        <hashTree>\n" SAMPLER("list") NONE
                                     "        </hashTree>\n" THINK("999999999")) TAIL,
         "1,000,000 threads are more than the 2,000", 8},
        {HEAD "      <ThreadGroup testname=\"U\"/>\n" TREE(SAMPLER("list") NONE) TAIL,
         "has no main_controller", 8},
        {HEAD BASELINE("A") TREE(SAMPLER("list") NONE) BASELINE("B") TREE(SAMPLER("list") NONE)
             TAIL,
         "scenarios", 8},
    };
    struct profile p = load_of(60, 1, 0);
    for (size_t i = 0; i < COUNT(cases); i++) {
        const struct source src = source_of(cases[i].text);
        struct edits edits = {0};
        struct findings notes = {0};
        struct err e = {0};
        if (jmeter_rewrite(&src, &p, &edits, &notes, &e))
            fail_msg("case %zu is not refused", i);
        assert_int_equal(e.kind, ERR_REFUSED);
        if (!strstr(e.text, cases[i].says) || e.line != cases[i].line)
            fail_msg("%s, line %ld", e.text, e.line);
        edits_fini(&edits);
        findings_fini(&notes);
    }
}

/* --- the check --- */

static void the_check_sees(void **state) {
    (void)state;
    static const struct {
        const char *what, *with, *says;
    } cases[] = {
        {"num_threads\">4<", "num_threads\">5<", "num_threads"},
        {"num_threads\">4<", "num_threads\">${__P(t,4)}<", "num_threads"},
        {"ramp_time\">10<", "ramp_time\">0<", "ramp_time"},
        {"duration\">140<", "duration\">141<", "duration"},
        {"delay\">70<", "delay\">0<", "delay"},
        {"scheduler\">true<", "scheduler\">false<", "scheduler"},
        {"loops\">-1<", "loops\">1<", "loops"},
        {"throughput\">300.000000<", "throughput\">300.1<", "throughput"},
        {"calcMode\">0<", "calcMode\">1<", "pacing"},
        {"perfscale pacing", "other", "pacing"},
        {"[step 3: +20 RPS]", "[step 3: +25 RPS]", "name of a step"},
        {"[step 3: +20 RPS]", "[step 4: +20 RPS]", "steps"},
        {"serialize_threadgroups\">false", "serialize_threadgroups\">true", ""},
        {"</TestPlan>\n    <hashTree>\n", "</TestPlan>\n    <hashTree>\n" CAP("cap", ""), "timer"},
    };
    struct profile p = stress_of(20, 60, 3, 1, 0);
    char *good = write_plan(one, &p, NULL);
    for (size_t i = 0; i < COUNT(cases); i++) {
        char *bad = replaced(good, cases[i].what, cases[i].with);
        const struct source src = source_of(bad);
        struct err e = {0};
        assert_string_not_equal(bad, good);
        if (jmeter_verify(&src, &p, &e))
            fail_msg("%s is not seen", cases[i].with);
        assert_int_equal(e.kind, ERR_INTERNAL);
        if (!strstr(e.text, cases[i].says))
            fail_msg("%s: %s", cases[i].with, e.text);
        free(bad);
    }
    free(good);
    struct profile other = stress_of(20, 60, 5, 1, 0);
    const struct source src = source_of(one);
    assert_false(jmeter_verify(&src, &other, NULL));
}

int main(void) {
    setlocale(LC_CTYPE, "C.UTF-8");
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(load_of_one_request),
        cmocka_unit_test(soak_of_two_requests),
        cmocka_unit_test(two_groups),
        cmocka_unit_test(two_groups_of_one_name),
        cmocka_unit_test(transactions),
        cmocka_unit_test(action_below_timers),
        cmocka_unit_test(paced_per_sample),
        cmocka_unit_test(stress_in_three_steps),
        cmocka_unit_test(plans_after_each_other),
        cmocka_unit_test(copies_of_odd_names),
        cmocka_unit_test(steps_run_beside_each_other),
        cmocka_unit_test(expressions_become_numbers),
        cmocka_unit_test(delays_are_taken_away),
        cmocka_unit_test(timers_of_the_user_are_switched_off),
        cmocka_unit_test(missing_figures_are_added),
        cmocka_unit_test(bytes_stay),
        cmocka_unit_test(one_line),
        cmocka_unit_test(deep_indent),
        cmocka_unit_test(numbers_alone),
        cmocka_unit_test(the_pace_moves),
        cmocka_unit_test(divided_threads),
        cmocka_unit_test(refusals),
        cmocka_unit_test(the_check_sees),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "base/text.h"
#include "base/unit.h"
#include "tools/jmeter/plan_parts.h"

void remark(struct jmeter_plan *p, int element, enum finding_level level, const char *kind,
            const char *fmt, ...) {
    char text[sizeof((struct finding *)0)->text];
    va_list ap;
    va_start(ap, fmt);
    vsnprintf(text, sizeof text, fmt, ap);
    va_end(ap);
    struct finding *f = findings_add(&p->findings, level, kind, "%s", text);
    f->line = jmx_element_line(&p->x, element);
    snprintf(f->file, sizeof f->file, "%s", p->x.file ? p->x.file : "");
}

/* --- told once --- */

void tally(struct tallies *t, enum tally_sort sort, int element) {
    if (!t->count[sort]++)
        t->first[sort] = element;
}

void remark_tallies(struct jmeter_plan *p, const struct tallies *t) {
    static const struct {
        enum finding_level level;
        const char *kind, *text; /* the text with one %d, of elements */
    } rows[TALLIES] = {
        [TALLY_EMBEDDED] = {FINDING_WARNING, "embedded-resources",
                            "Embedded resources are fetched by %d of the samplers: requests that "
                            "the target RPS does not count. Switch it off, or expect more requests "
                            "on the server than samples in the result."},
        [TALLY_REDIRECTS] = {FINDING_INFO, "redirects",
                             "Redirects are followed by %d of the samplers. Where one happens, the "
                             "server gets two requests for one sample; the target RPS counts "
                             "samples."},
        [TALLY_TRANSACTIONS] = {FINDING_INFO, "transaction-rows",
                                "Transaction Controllers (%d) add a row of their own to the "
                                "result: it is no request."},
        [TALLY_PARENTS] = {FINDING_WARNING, "transaction-parents",
                           "Transaction Controllers that generate a parent sample (%d): the result "
                           "has one row for each transaction and none for its requests."},
        [TALLY_QUIET] = {FINDING_INFO, "samples-without-request",
                         "Samples without a request (scripts, debug): %d. They count in the target "
                         "RPS as JMeter counts them."},
        [TALLY_CRITICAL] = {FINDING_WARNING, "critical-section",
                            "Critical Section Controllers: %d. One thread at a time goes through, "
                            "whatever the number of threads; that caps the rate."},
        [TALLY_ONCE_ONLY] = {FINDING_INFO, "once-only",
                             "Once Only Controllers: %d. What they hold runs in the first "
                             "iteration of each thread and is not counted in requests per "
                             "iteration."},
        [TALLY_PERCENT] = {FINDING_INFO, "mean-requests",
                           "Throughput Controllers in percent: %d. Requests per iteration are a "
                           "mean."},
        [TALLY_UNKNOWN] = {FINDING_WARNING, "plugin-elements",
                           "Elements of plugins that are not known: %d. If one of them sends "
                           "requests, state the requests per iteration yourself."},
    };
    for (int i = 0; i < TALLIES; i++)
        if (t->count[i]) {
            char text[sizeof((struct finding *)0)->text];
            const char *number = strstr(rows[i].text, "%d");
            snprintf(text, sizeof text, "%.*s%d%s", (int)(number - rows[i].text), rows[i].text,
                     t->count[i], number + 2);
            remark(p, t->first[i], rows[i].level, rows[i].kind, "%s", text);
        }
}

/* --- thread groups --- */

/* Figures that -J decides now. */
static void remark_properties(struct jmeter_plan *p, const struct jmeter_thread_group *g) {
    const struct {
        const char *name;
        const struct jmeter_figure *figure;
    } all[] = {
        {"num_threads", &g->threads},     {"ramp_time", &g->ramp_s}, {"duration", &g->duration_s},
        {"delay", &g->delay_s},           {"loops", &g->loops},      {"scheduler", &g->scheduler},
        {"continue_forever", &g->forever}};
    for (size_t i = 0; i < sizeof all / sizeof *all; i++) {
        if (!all[i].figure->from_property)
            continue;
        struct jmeter_value v;
        jmeter_resolve_element(&p->values, &p->x, all[i].figure->element, &v);
        remark(p, all[i].figure->element, FINDING_INFO, "from-property",
               "%s of %s is a property: -J%s on the command line wins now. The new plan holds a "
               "number, and -J%s no longer acts there.",
               all[i].name, g->name, v.property, v.property);
    }
}

static void remark_schedule(struct jmeter_plan *p, const struct jmeter_thread_group *g) {
    bool scheduled = g->scheduler.value.value == 1;
    double delay_s = g->delay_s.value.value, duration_s = g->duration_s.value.value;
    char text[32];
    if (scheduled && delay_s > 0)
        remark(p, g->delay_s.element, FINDING_INFO, "start-delay",
               "%s starts %s s late. The new plan starts it at once.", g->name,
               unit_show_short(delay_s, 0, text, sizeof text));
    if (scheduled && duration_s <= 0)
        remark(p, g->element, FINDING_WARNING, "no-duration",
               "%s does not start: its scheduler is on and its duration is no whole number above "
               "0.",
               g->name);
    if (g->scheduler.value.value == 0 && (delay_s > 0 || duration_s > 0))
        remark(p, g->element, FINDING_INFO, "scheduler-off",
               "The scheduler of %s is off: duration and delay have no effect now. The new plan "
               "switches it on.",
               g->name);
    if (g->loops.value.value > 0 && g->forever.value.value != 1 && scheduled)
        remark(p, g->loops.element, FINDING_INFO, "loops-end",
               "%s ends after %s loops if its duration is not over before. The new plan loops for "
               "ever.",
               g->name, unit_show_short(g->loops.value.value, 0, text, sizeof text));
}

void remark_group(struct jmeter_plan *p, const struct jmeter_thread_group *g) {
    if (g->threads.value.value <= 0)
        remark(p, g->threads.element == JMX_NONE ? g->element : g->threads.element, FINDING_WARNING,
               "no-threads",
               "%s starts no thread now: its number of threads is no whole number above 0.",
               g->name);
    if (text_starts(g->on_sample_error, "stop"))
        remark(p, jmx_property(&p->x, g->element, "ThreadGroup.on_sample_error"), FINDING_WARNING,
               "stops-on-error",
               "One failed sample in %s stops %s: the load is cut by the first error. Set it to "
               "continue.",
               g->name, text_starts(g->on_sample_error, "stoptest") ? "the test" : "its thread");
    if (g->same_user != JMX_NONE)
        remark(p, g->same_user, FINDING_INFO, "new-user",
               "%s is a new user in each iteration: a new connection each time, no cookie or cache "
               "is kept.",
               g->name);
    remark_schedule(p, g);
    remark_properties(p, g);
}

/* --- elements --- */

void remark_cap(struct jmeter_plan *p, const struct jmeter_cap *cap) {
    const char *title = class_of(&p->x, cap->element)->title;
    char text[32];
    if (isnan(cap->per_minute))
        remark(p, cap->element, FINDING_WARNING, "cap",
               "A %s decides the rate now. The new plan switches it off.", title);
    else
        remark(p, cap->element, FINDING_WARNING, "cap",
               "A %s caps the rate at %s per minute. The new plan switches it off.", title,
               unit_show_short(cap->per_minute, 2, text, sizeof text));
}

void remark_listener(struct jmeter_plan *p, int element) {
    char name[128];
    if (!jmx_property_text(&p->x, element, "filename", name, sizeof name) && !name[0])
        return;
    if (name[0])
        remark(p, element, FINDING_INFO, "listener-file",
               "A listener writes a second file, %s, often XML with whole responses. It stays; "
               "disable it if the disk is slow or small.",
               name);
}

void remark_label(struct jmeter_plan *p, int sampler) {
    struct jmx_attribute a;
    char text[JMETER_VALUE_MAX];
    struct jmeter_value v;
    if (!jmx_attribute(&p->x, sampler, "testname", &a) ||
        !memmem(p->x.text + a.value.start, a.value.end - a.value.start, "${", 2))
        return;
    jmx_decode(&p->x, a.value, text, sizeof text);
    jmeter_resolve(&p->values, &p->x, text, &v);
    if (!v.resolved)
        remark(p, sampler, FINDING_WARNING, "ids-in-name",
               "The name of this sampler holds %s: every value becomes a metric of its own. Give "
               "it a fixed name.",
               v.unknown);
}

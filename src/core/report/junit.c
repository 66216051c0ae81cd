/* JUnit XML for CI: a test case for each check. A run that did not pass always has a failure or an
 * error in it, so that CI is red exactly when the verdict is no pass. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/text.h"
#include "base/unit.h"
#include "report/document.h"

enum outcome { OUTCOME_PASSED, OUTCOME_FAILED, OUTCOME_ERROR, OUTCOME_SKIPPED, OUTCOMES };

/* In an attribute a newline would be read as a space. */
static void add_attribute(struct buf *out, const char *name, const char *text) {
    struct buf escaped;
    buf_init(&escaped, REPORT_MAX_BYTES);
    doc_escape(&escaped, text, true);
    buf_printf(out, " %s=\"", name);
    for (const char *p = escaped.data; *p; p++)
        if (*p == '\n')
            buf_str(out, "&#10;");
        else
            buf_char(out, *p);
    buf_char(out, '"');
    buf_fini(&escaped);
}

static void add_number(struct buf *out, const char *name, double value) {
    if (isfinite(value))
        buf_printf(out, " %s=\"%.3f\"", name, value);
}

/* --- test cases ------------------------------------------------------------------------------ */

static enum outcome outcome_of(const struct check *c) {
    if (c->status == VERDICT_PASS)
        return OUTCOME_PASSED;
    if (c->waived_by[0] && c->status != VERDICT_INVALID)
        return OUTCOME_SKIPPED;
    if (c->status == VERDICT_NO_DATA)
        return c->required ? OUTCOME_ERROR : OUTCOME_SKIPPED;
    return c->status == VERDICT_FAIL ? OUTCOME_FAILED : OUTCOME_ERROR;
}

/* The run's own case: only when no check shows that it did not pass. */
static enum outcome outcome_of_run(const struct judgement *j) {
    if (j->verdict == VERDICT_PASS && j->checks > 0)
        return OUTCOME_PASSED;
    for (size_t i = 0; i < j->checks; i++) {
        enum outcome o = outcome_of(&j->check[i]);
        bool same = j->verdict == VERDICT_FAIL ? o == OUTCOME_FAILED : o == OUTCOME_ERROR;
        if (same && (j->verdict != VERDICT_INVALID || j->check[i].status == VERDICT_INVALID))
            return OUTCOME_PASSED;
    }
    return j->verdict == VERDICT_FAIL   ? OUTCOME_FAILED
           : j->verdict == VERDICT_PASS ? OUTCOME_PASSED
                                        : OUTCOME_ERROR;
}

struct counts {
    size_t all, of[OUTCOMES];
};

static struct counts count(const struct judgement *j) {
    struct counts n = {.all = j->checks};
    for (size_t i = 0; i < j->checks; i++)
        n.of[outcome_of(&j->check[i])]++;
    enum outcome run = outcome_of_run(j);
    n.all += run != OUTCOME_PASSED;
    n.of[run]++;
    return n;
}

/* "load.load_orders": readers take what is behind the last dot for the class. */
static char *class_name(const struct report_doc *d, char *out, size_t size) {
    char script[256];
    const char *base = strrchr(d->record->is.script, '/');
    text_copy(script, sizeof script, base ? base + 1 : d->record->is.script);
    char *dot = strrchr(script, '.');
    if (dot && dot != script)
        *dot = '\0';
    for (char *p = script; *p; p++)
        if (*p == '.')
            *p = '_';
    snprintf(out, size, "%s.%s", model_name(doc_judgement(d)->model),
             script[0] ? script : "unknown");
    return out;
}

static const char *const elements[OUTCOMES] = {
    [OUTCOME_FAILED] = "failure", [OUTCOME_ERROR] = "error", [OUTCOME_SKIPPED] = "skipped"};

static void add_causes(struct buf *out, const struct judgement *j) {
    for (size_t i = 0; i < j->causes; i++) {
        const struct cause *c = &j->cause[i];
        buf_char(out, '\n');
        doc_escape(out, c->id, true);
        buf_char(out, ' ');
        doc_escape(out, c->name, true);
        buf_str(out, ": ");
        doc_escape(out, c->evidence, true);
        buf_str(out, "\nPoints at: ");
        doc_escape(out, c->points_at, true);
        buf_str(out, "\nLook next: ");
        doc_escape(out, c->look_next, true);
    }
}

/* Empty for one that passed. */
static void add_outcome(struct buf *out, const struct judgement *j, enum outcome o,
                        const char *message, const char *type) {
    if (o == OUTCOME_PASSED) {
        buf_str(out, "/>\n");
        return;
    }
    buf_printf(out, ">\n      <%s", elements[o]);
    add_attribute(out, "message", message);
    if (o == OUTCOME_SKIPPED) {
        buf_str(out, "/>\n    </testcase>\n");
        return;
    }
    add_attribute(out, "type", type);
    buf_char(out, '>');
    doc_escape(out, message, true);
    add_causes(out, j);
    buf_printf(out, "</%s>\n    </testcase>\n", elements[o]);
}

static void add_case(struct buf *out, const struct judgement *j, const char *class,
                     const char *name, enum outcome o, const char *message, const char *type) {
    buf_str(out, "    <testcase");
    add_attribute(out, "classname", class);
    add_attribute(out, "name", name);
    add_outcome(out, j, o, message, type);
}

static char *show_message(const struct check *c, char *out, size_t size) {
    char name[SCOPE_MAX_BYTES + 8], value[64], limit[64];
    if (c->waived_by[0])
        snprintf(out, size, "waived by %s: %s", c->waived_by, c->waived_why);
    else
        snprintf(out, size, "%s %s, limit %s%s%s", check_name(c, name, sizeof name),
                 check_show_value(c, c->value, value, sizeof value),
                 doc_check_limit(c, limit, sizeof limit), c->why[0] ? ": " : "", c->why);
    return out;
}

static void add_cases(struct buf *out, const struct report_doc *d) {
    const struct judgement *j = doc_judgement(d);
    char class[320], message[2 * DOC_TEXT];
    class_name(d, class, sizeof class);
    for (size_t i = 0; i < j->checks; i++) {
        const struct check *c = &j->check[i];
        add_case(out, j, class, c->metric, outcome_of(c), show_message(c, message, sizeof message),
                 doc_check_word(c));
    }
    enum outcome run = outcome_of_run(j);
    if (run != OUTCOME_PASSED)
        add_case(out, j, class, "verdict", run, j->sentence[0] ? j->sentence : "No verdict.",
                 verdict_name(j->verdict));
}

/* --- the suite ------------------------------------------------------------------------------- */

static void add_property(struct buf *out, const char *name, const char *value) {
    if (value[0] == '\0')
        return;
    buf_str(out, "      <property");
    add_attribute(out, "name", name);
    add_attribute(out, "value", value);
    buf_str(out, "/>\n");
}

static void add_figure(struct buf *out, const char *name, double value) {
    char text[48];
    snprintf(text, sizeof text, "%.15g", value);
    if (strtod(text, NULL) != value) /* as JSON prints it */
        snprintf(text, sizeof text, "%.17g", value);
    add_property(out, name, isfinite(value) ? text : "no data");
}

static void add_properties(struct buf *out, const struct report_doc *d) {
    const struct record *r = d->record;
    const struct summary *run = &r->run;
    buf_str(out, "    <properties>\n");
    add_property(out, "verdict", verdict_name(doc_judgement(d)->verdict));
    if (d->review)
        add_property(out, "review", review_state_name(d->review->state));
    add_property(out, "author", r->is.author);
    add_property(out, "tool", r->is.tool);
    add_property(out, "tool_version", r->is.tool_version);
    add_property(out, "script", r->is.script);
    add_property(out, "source", r->is.source);
    add_figure(out, "target_rps", r->is.target_rps);
    add_figure(out, "requests", summary_value(run, METRIC_REQUESTS));
    add_figure(out, "failed", summary_value(run, METRIC_FAILED));
    add_figure(out, "error_rate", summary_error_rate(run));
    add_figure(out, "rps", summary_value(run, METRIC_RPS));
    add_figure(out, "latency_ms.avg", summary_value(run, METRIC_AVG_MS));
    add_figure(out, "latency_ms.med", summary_value(run, METRIC_MED_MS));
    add_figure(out, "latency_ms.p95", summary_value(run, METRIC_P95_MS));
    add_figure(out, "latency_ms.p99", summary_value(run, METRIC_P99_MS));
    buf_str(out, "    </properties>\n");
}

static void add_timestamp(struct buf *out, int64_t at_ms) {
    time_t at = (time_t)(at_ms / 1000);
    struct tm tm;
    char text[40];
    if (at_ms > 0 && gmtime_r(&at, &tm) && strftime(text, sizeof text, "%Y-%m-%dT%H:%M:%S", &tm))
        add_attribute(out, "timestamp", text);
}

static void add_counts(struct buf *out, const struct counts *n, double duration_s) {
    buf_printf(out, " tests=\"%zu\" failures=\"%zu\" errors=\"%zu\" skipped=\"%zu\"", n->all,
               n->of[OUTCOME_FAILED], n->of[OUTCOME_ERROR], n->of[OUTCOME_SKIPPED]);
    add_number(out, "time", duration_s);
}

char *report_junit(const struct report_doc *d) {
    const struct judgement *j = doc_judgement(d);
    double duration_s = summary_end_s(&d->record->run);
    struct counts n = count(j);
    struct buf out;
    buf_init(&out, REPORT_MAX_BYTES);
    buf_str(&out, "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites name=\"perfscale\"");
    add_counts(&out, &n, duration_s);
    buf_printf(&out, ">\n  <testsuite name=\"perfscale run %lld\"", (long long)d->record->is.id);
    add_counts(&out, &n, duration_s);
    int64_t start_ms = d->record->run.series.start_ms;
    add_timestamp(&out, start_ms > 0 ? start_ms : d->record->is.at_ms);
    if (d->record->is.host[0])
        add_attribute(&out, "hostname", d->record->is.host);
    buf_str(&out, ">\n");
    add_properties(&out, d);
    add_cases(&out, d);
    buf_str(&out, "    <system-out>");
    doc_escape(&out, j->sentence, true);
    buf_str(&out, "</system-out>\n  </testsuite>\n</testsuites>\n");
    char *text = buf_take(&out);
    buf_fini(&out);
    return text;
}

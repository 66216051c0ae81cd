#include "load/facts.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "base/text.h"
#include "tools/k6/cost.h"
#include "tools/k6/k6_script.h"
#include "tools/k6/load.h"
#include "tools/k6/value.h"

static struct known unknown(long line, const char *what, const char *why) {
    struct known k = {.value = NAN, .most = NAN, .line = line};
    snprintf(k.why, sizeof k.why, "%s %s", what, why);
    return k;
}

static struct known known(double value, long line) {
    return (struct known){.value = value, .most = value, .line = line};
}

static long line_of(const struct k6_script *s, const struct member *m) {
    if (m)
        return js_line(m->node);
    if (s->has_scenario)
        return js_line(s->scenario.node);
    return s->has_options ? js_line(s->options.node) : 0;
}

static struct known number_of(const struct k6_script *s, const char *key, double fallback) {
    const struct member *m = script_setting(s, key);
    double value;
    if (m && value_from_env(&s->names, m->value))
        return unknown(line_of(s, m), key, "comes from the environment");
    if (!load_number(s, key, fallback, &value))
        return unknown(line_of(s, m), key, "is made at run time");
    return known(value, line_of(s, m));
}

static struct known duration_of(const struct k6_script *s, const char *key) {
    const struct member *m = script_setting(s, key);
    double ms;
    if (m && value_from_env(&s->names, m->value))
        return unknown(line_of(s, m), key, "comes from the environment");
    if (!load_duration(s, key, NAN, &ms))
        return unknown(line_of(s, m), key, "is made at run time");
    return isnan(ms) ? unknown(line_of(s, m), key, "is not set") : known(ms, line_of(s, m));
}

/* Most VUs and length of stages. */
static void read_stages(const struct k6_script *s, const char *start, struct known *most,
                        struct known *length) {
    struct k6_stage stage[K6_STAGES_MAX];
    size_t count;
    const struct member *m = script_setting(s, "stages");
    long line = line_of(s, m);
    struct known first = number_of(s, start, 1);
    if (!m || !load_stages(s, m->value, stage, &count)) {
        *most = *length = unknown(line, "stages", "are made at run time");
        return;
    }
    *most = first;
    *length = known(0, line);
    for (size_t i = 0; i < count; i++) {
        most->value = most->most = fmax(most->value, stage[i].target);
        length->value = length->most = length->value + stage[i].duration_ms;
    }
    if (count)
        most->line = line;
}

static void read_load(const struct k6_script *s, struct scenario *out) {
    const struct executor *x = s->executor;
    if (executor_is_arrival_rate(x)) {
        struct known rate;
        read_stages(s, "startRate", &rate, &out->duration_ms);
        if (executor_has_key(x, "duration"))
            out->duration_ms = duration_of(s, "duration");
        out->vus = number_of(s, script_setting(s, "maxVUs") ? "maxVUs" : "preAllocatedVUs", NAN);
        if (isnan(out->vus.value) && !out->vus.why[0])
            out->vus = unknown(out->line, "preAllocatedVUs", "is not set");
    } else if (executor_has_key(x, "stages")) {
        read_stages(s, s->has_scenario ? "startVUs" : "vus", &out->vus, &out->duration_ms);
    } else {
        out->vus = number_of(s, "vus", 1);
        out->duration_ms =
            executor_has_key(x, "duration")
                ? duration_of(s, "duration")
                : unknown(out->line, x->name, "ends after its iterations, not after a time");
    }
}

/* --- findings --- */

static void remark(struct facts *f, const struct k6_script *s, const struct member *m,
                   enum finding_level level, const char *kind, const char *text) {
    struct finding *it = findings_add(&f->findings, level, kind, "%s", text);
    it->line = js_line(m->node);
    snprintf(it->file, sizeof it->file, "%s", s->js.file);
}

static bool is_zero(const struct k6_script *s, const struct member *m) {
    struct number n;
    double ms;
    return (value_number(&s->names, m->value, &n) && n.value <= 0) ||
           (value_duration_ms(&s->names, m->value, &ms) && ms <= 0);
}

/* Keys at the top level that make the run another one than the script seems to say. */
static void remark_keys(const struct k6_script *s, struct facts *f) {
    static const struct {
        const char *key;
        bool beside_scenarios; /* only then */
        const char *kind, *text;
    } row[] = {
        {"executor", false, "top-level-executor",
         "executor at the top level is ignored by k6: only what stands inside scenarios counts. "
         "Remove it."},
        {"vus", true, "vus-beside-scenarios",
         "vus beside scenarios: the baseline ran its iterations, not its scenarios. The new script "
         "does without it."},
        {"duration", true, "shortcut-beside-scenarios",
         "duration beside scenarios: k6 stops with status 104. The new script does without it."},
        {"iterations", true, "shortcut-beside-scenarios",
         "iterations beside scenarios: k6 stops with status 104. The new script does without it."},
        {"stages", true, "shortcut-beside-scenarios",
         "stages beside scenarios: k6 stops with status 104. The new script does without it."},
        {"rps", false, "cap",
         "rps caps the whole run: iterations are dropped while response times look fine. It is "
         "removed where it is below the plan."},
        {"minIterationDuration", false, "cap",
         "minIterationDuration holds every VU and lowers the rate. The new script does without "
         "it."},
    };
    for (size_t i = 0; i < sizeof row / sizeof *row; i++) {
        const struct member *m = js_member(&s->options, row[i].key);
        if (!member_is_set(&s->js, m) || (row[i].beside_scenarios && !s->has_scenario))
            continue;
        if (strcmp(row[i].kind, "cap") != 0 || !is_zero(s, m))
            remark(f, s, m, FINDING_WARNING, row[i].kind, row[i].text);
    }
}

static void remark_environment(const struct k6_script *s, long line, struct facts *f) {
    if (!line)
        return;
    struct finding *it = findings_add(
        &f->findings, FINDING_INFO, "from-environment",
        "A figure here comes from __ENV; what stands behind || is taken. Run the baseline and the "
        "new script with the same environment.");
    it->line = line;
    snprintf(it->file, sizeof it->file, "%s", s->js.file);
}

/* --- base URL --- */

/* The first value at the top level that is a URL, when no request shows its host. */
static void base_url_of_names(const struct k6_script *s, struct cost_count *c) {
    size_t first = s->js.len + 1;
    for (size_t i = 0; i < s->names.binds; i++) {
        const struct bind *b = &s->names.bind[i];
        char text[256];
        bool whole;
        if (!b->top || b->kind != BIND_VALUE || js_start(b->at) >= first)
            continue;
        value_prefix(&s->names, b->node, text, sizeof text, &whole);
        size_t host = http_host_bytes(text);
        if (!host || (!whole && !text[host]))
            continue;
        first = js_start(b->at);
        text[host] = '\0';
        text_copy(c->base_url, sizeof c->base_url, text);
        c->base_url_line = js_line(b->at);
    }
}

struct url_search {
    char host[256];
    long line;
    bool several;
};

static bool see_url(const struct js *js, TSNode n, bool *down, void *self) {
    struct url_search *q = self;
    char text[512];
    *down = !js_is(n, "import_statement") && !js_is(n, "export_clause");
    if (!js_is(n, "string") && !js_is(n, "template_string"))
        return true;
    js_copy(js, n, text, sizeof text);
    size_t host = http_host_bytes(text + 1);
    if (host && strcspn(text + 1, "'\"`$") < host)
        host = strcspn(text + 1, "'\"`$");
    text[1 + host] = '\0';
    if (!host || host >= sizeof q->host || !http_host_bytes(text + 1))
        return true;
    q->several = q->host[0] && strcmp(q->host, text + 1) != 0;
    if (!q->host[0])
        q->line = js_line(n);
    text_copy(q->host, sizeof q->host, text + 1);
    return !q->several;
}

/* The one host that all URLs of the script name. */
static void base_url_of_strings(const struct k6_script *s, struct cost_count *c) {
    struct url_search q = {0};
    js_walk(&s->js, s->js.root, &(struct js_visit){see_url, &q});
    if (q.several || !q.host[0])
        return;
    text_copy(c->base_url, sizeof c->base_url, q.host);
    c->base_url_line = q.line;
}

/* --- all of it --- */

static bool refuse_silent(const struct k6_script *s, struct cost cost, struct err *e) {
    struct range r = cost.requests;
    if (r.why != WHY_KNOWN || r.high > 0)
        return true;
    js_refuse(&s->js, js_start(s->function), e, "sends no http_reqs, RPS cannot be measured");
    return err_fix(e, "take a baseline that sends requests with k6/http");
}

static bool fill(const struct k6_script *s, struct facts *f, struct err *e) {
    struct scenario *out = &f->scenario[0];
    f->scenarios = 1;
    text_copy(out->name, sizeof out->name, s->name);
    text_copy(out->executor, sizeof out->executor, s->executor->name);
    out->line = line_of(s, NULL);
    read_load(s, out);
    struct cost_count c;
    cost_open(&c, s, &f->findings);
    struct cost cost = cost_of_script(&c);
    out->requests_per_iteration = cost_known(&c, cost.requests);
    out->think_ms = cost_known(&c, cost.think_ms);
    if (!c.base_url[0])
        base_url_of_names(s, &c);
    if (!c.base_url[0])
        base_url_of_strings(s, &c);
    text_copy(f->base_url, sizeof f->base_url, c.base_url);
    f->base_url_line = c.base_url_line;
    remark_environment(s, c.from_env_line, f);
    remark_keys(s, f);
    cost_close(&c);
    return refuse_silent(s, cost, e);
}

bool k6_facts(const struct source *src, struct facts *out, struct err *e) {
    struct k6_script s;
    *out = (struct facts){.tool = "k6", .lines = text_count_lines(src->text, src->len)};
    bool ok = script_open(&s, src->text, src->len, src->file, e) && fill(&s, out, e);
    script_close(&s);
    return ok;
}

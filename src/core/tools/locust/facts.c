#include "load/facts.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "base/text.h"
#include "tools/locust/reading.h"
#include "tools/locust/settings.h"

static struct known unknown(long line, const char *why) {
    struct known k = {.value = NAN, .most = NAN, .line = line};
    text_copy(k.why, sizeof k.why, why);
    return k;
}

/* --- the load of a class --- */

/* Users of fixed_count come first, and the rest of -u is shared by weight: how many those are is
 * not in the script. */
static struct known amount_of(const struct locust_script *s, const struct locust_class *k) {
    bool some = false;
    for (size_t i = 0; i < s->classes; i++)
        some = some || s->cls[i].fixed_count.value > 0;
    if (isnan(k->fixed_count.value) || k->fixed_count.value > 0)
        return k->fixed_count;
    if (!some || s->classes == 1)
        return k->weight;
    return unknown(k->line, "other classes have fixed_count; the rest of -u is shared by weight");
}

static void why_alone(const struct locust_class *k, const struct known *amount, char *out,
                      size_t size) {
    const struct known *n = &k->requests;
    if (!isnan(n->value) && n->value == 0 && n->most == 0)
        snprintf(out, size, "sends no requests that Locust counts");
    else if (amount->value == 0)
        snprintf(out, size, "weight 0");
}

static void fill_scenario(const struct locust_script *s, const struct locust_class *k,
                          struct scenario *out) {
    text_copy(out->name, sizeof out->name, k->name);
    text_copy(out->executor, sizeof out->executor, k->executor);
    out->line = k->line;
    out->vus = unknown(k->line, "given with -u on the command line");
    if (k->fixed_count.value > 0)
        out->vus = k->fixed_count;
    out->duration_ms = unknown(k->line, "given with -t on the command line");
    if (s->shapes.len)
        out->duration_ms = unknown(s->shapes.item[0].line, "decided by a load shape");
    out->requests_per_iteration = k->requests;
    out->think_ms = k->think_ms;
    out->wait_ms = k->wait_ms;
    out->period_ms = k->period_ms;
    out->drive = DRIVE_VUS;
    out->amount = amount_of(s, k);
    why_alone(k, &out->amount, out->left_alone, sizeof out->left_alone);
}

/* --- findings --- */

static void remark(struct facts *f, const struct locust_script *s, long line,
                   enum finding_level level, const char *kind, const char *text) {
    for (size_t i = 0; i < f->findings.len; i++)
        if (f->findings.item[i].line == line && strcmp(f->findings.item[i].kind, kind) == 0)
            return;
    struct finding *it = findings_add(&f->findings, level, kind, "%s", text);
    it->line = line;
    snprintf(it->file, sizeof it->file, "%s", s->src->file);
}

static void remark_counts(struct facts *f, const struct locust_script *s) {
    char text[300];
    for (size_t i = 0; i < s->classes; i++) {
        const struct known *n = &s->cls[i].fixed_count;
        if (!(n->value > 0))
            continue;
        snprintf(text, sizeof text,
                 "fixed_count = %g holds %s at %g users: a load that asks for more gets no more. "
                 "The new script sets its own.",
                 n->value, s->cls[i].name, n->value);
        remark(f, s, n->line, FINDING_WARNING, "fixed-count", text);
    }
}

/* min_wait and others that Locust has ignored since 1.0. */
static void remark_ignored(struct facts *f, const struct locust_script *s) {
    static const char *const names[] = {"min_wait", "max_wait", "wait_function", NULL};
    const struct classes *c = &s->reading->classes;
    for (size_t i = 0; i < c->len; i++)
        for (const char *const *n = names; *n; n++) {
            const struct class_member *m = py_class_own(c->item[i], *n);
            char text[200];
            if (!m || m->m != s->reading->names.module[0] ||
                !(c->item[i]->kind & (KIND_USER | KIND_TASKSET)))
                continue;
            snprintf(text, sizeof text,
                     "%s has had no effect since Locust 1.0: the users do not wait. Write "
                     "wait_time = between(1, 2), in seconds.",
                     *n);
            remark(f, s, node_line(m->name), FINDING_WARNING, "wait-ignored", text);
        }
}

static void remark_taskset_waits(struct facts *f, const struct locust_script *s) {
    char text[300];
    for (size_t i = 0; i < s->waits.len; i++) {
        snprintf(text, sizeof text,
                 "TaskSet %s has a wait of its own, which wins over the user's. The new script "
                 "paces it too.",
                 s->waits.item[i].name);
        remark(f, s, s->waits.item[i].line, FINDING_INFO, "taskset-wait", text);
    }
    for (size_t i = 0; i < s->leaves.len; i++) {
        snprintf(text, sizeof text,
                 "TaskSet %s is left by interrupt() after requests, and no wait follows: these "
                 "requests are not paced. The new script lets the parent wait first.",
                 s->leaves.item[i].name);
        remark(f, s, s->leaves.item[i].line, FINDING_WARNING, "interrupt-without-wait", text);
    }
}

static void remark_paced(struct facts *f, const struct locust_script *s) {
    for (size_t i = 0; i < s->classes; i++)
        if (s->cls[i].period_ms > 0)
            remark(f, s, s->cls[i].line, FINDING_INFO, "users-in-step",
                   "constant_pacing and constant_throughput keep users in step: those that start "
                   "together send together for the whole run. The new script's wait begins at "
                   "random.");
}

static long line_of_text(const struct locust_script *s, const char *words) {
    const struct syntax *py = &s->reading->names.module[0]->py;
    const char *at = memmem(py->text, py->len, words, strlen(words));
    return at ? text_count_lines(py->text, (size_t)(at - py->text) + 1) : 0;
}

static void remark_script(struct facts *f, const struct locust_script *s) {
    long line = line_of_text(s, "init_command_line_parser");
    if (line)
        remark(f, s, line, FINDING_INFO, "own-options",
               "The script has options of its own. Give the new script those of the baseline.");
    line = s->reading->cost.environment_line;
    if (line)
        remark(f, s, line, FINDING_INFO, "from-environment",
               "A figure here comes from the environment; its default is taken. Run the baseline "
               "and the new script with the same environment.");
    remark(
        f, s, s->classes ? s->cls[0].line : 1, FINDING_INFO, "command-line-load",
        "Users, spawn rate and run time stand in the new script. Do not give -u, -r, -t or class "
        "names on its command line.");
    line = line_of_text(s, "runner.quit()");
    if (line)
        remark(f, s, line, FINDING_WARNING, "script-quits",
               "The script can end the run by itself: then the test is shorter than planned.");
}

static bool refuse_silent(const struct facts *f, const struct locust_script *s, struct err *e) {
    for (size_t i = 0; i < f->scenarios; i++)
        if (!f->scenario[i].left_alone[0])
            return true;
    err_set(e, ERR_REFUSED, "no class sends requests that Locust counts; RPS cannot be measured");
    err_at(e, s->src->file, f->scenario[0].line);
    return err_fix(e, "take a baseline that sends requests with self.client");
}

static void fill(const struct locust_script *s, struct facts *out) {
    bool fast = s->classes > 0;
    for (size_t i = 0; i < s->classes; i++) {
        fill_scenario(s, &s->cls[i], &out->scenario[out->scenarios++]);
        fast = fast && s->cls[i].fast;
    }
    text_copy(out->need, sizeof out->need, fast ? "locust_fast" : "locust_http");
    text_copy(out->base_url, sizeof out->base_url, s->base_url);
    out->base_url_line = s->base_url_line;
    out->lines = s->lines;
    findings_append(&out->findings, &s->findings);
    remark_counts(out, s);
    remark_ignored(out, s);
    remark_taskset_waits(out, s);
    remark_paced(out, s);
    remark_script(out, s);
    settings_beside(s->src, &out->findings);
}

bool locust_facts(const struct source *src, struct facts *out, struct err *e) {
    struct locust_script s;
    *out = (struct facts){.tool = "locust"};
    bool ok = locust_open(&s, src, e);
    if (ok)
        fill(&s, out);
    locust_close(&s);
    return ok && refuse_silent(out, &(struct locust_script){.src = src}, e);
}

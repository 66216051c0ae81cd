#include "tools/k6/remarks.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "base/text.h"
#include "tools/k6/cost.h"
#include "tools/k6/overlay.h"
#include "tools/k6/value.h"

static void remark(struct facts *f, const struct k6_script *s, TSNode at, enum finding_level level,
                   const char *kind, const char *text) {
    struct finding *it = findings_add(&f->findings, level, kind, "%s", text);
    it->line = node_line(at);
    text_copy(it->file, sizeof it->file, s->js.file);
}

static bool is_zero(const struct k6_script *s, const struct member *m) {
    struct number n;
    double ms;
    return (value_number(&s->names, m->value, &n) && n.value <= 0) ||
           (value_duration_ms(&s->names, m->value, &ms) && ms <= 0);
}

/* vus wins over scenarios: what the baseline measured is something else than it seems to be. */
static void remark_vus(const struct k6_script *s, struct facts *f) {
    const struct member *m = js_member(&s->options, "vus");
    struct number n;
    char text[256], ran[48] = "one iteration per VU";
    if (!s->has_scenarios || !member_is_set(&s->js, m))
        return;
    if (value_number(&s->names, m->value, &n) && !n.random && !n.from_env)
        snprintf(ran, sizeof ran, "%.0f iteration%s", n.value, n.value == 1 ? "" : "s");
    snprintf(text, sizeof text,
             "vus beside scenarios: the baseline ran %s, not its scenarios. The new script does "
             "without it; run the baseline again without it too.",
             ran);
    remark(f, s, m->node, FINDING_WARNING, "vus-beside-scenarios", text);
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
        if (!member_is_set(&s->js, m) || (row[i].beside_scenarios && !s->has_scenarios))
            continue;
        if (strcmp(row[i].kind, "cap") != 0 || !is_zero(s, m))
            remark(f, s, m->node, FINDING_WARNING, row[i].kind, row[i].text);
    }
}

/* What keeps no connection alive costs time outside the response time, and local ports. */
static void remark_connections(const struct k6_script *s, struct facts *f) {
    static const char *const keys[] = {"noConnectionReuse", "noVUConnectionReuse", NULL};
    for (const char *const *key = keys; *key; key++) {
        const struct member *m = js_member(&s->options, *key);
        if (!member_is_set(&s->js, m) || node_is(value_node(&s->names, m->value), "false"))
            continue;
        char text[256];
        snprintf(text, sizeof text,
                 "%s: every %s opens its connections anew, which no response time shows. It stays; "
                 "take the iteration time of the baseline, and count local ports.",
                 *key, strstr(*key, "VU") ? "iteration" : "request");
        remark(f, s, m->node, FINDING_INFO, "new-connections", text);
        if (!f->new_connections)
            f->new_connections_line = node_line(m->node);
        f->new_connections = true;
    }
}

/* A pause at the end of an iteration, once for each function. */
static void remark_final_sleeps(const struct k6_script *s, struct facts *f) {
    size_t seen[SCENARIOS_MAX], n = 0;
    for (size_t i = 0; i < s->scenarios; i++) {
        TSNode call;
        double ms;
        char code[48], text[256];
        if (s->scenario[i].left_alone[0] || !cost_final_sleep(s, &s->scenario[i], &call, &ms))
            continue;
        bool again = false;
        for (size_t k = 0; k < n; k++)
            again = again || seen[k] == node_start(call);
        seen[n++] = node_start(call);
        if (again)
            continue;
        node_copy(&s->js, call, code, sizeof code);
        snprintf(text, sizeof text,
                 "%s at the end of the iteration holds a VU in an arrival-rate scenario and does "
                 "not lower the rate. It stays; the VUs count it. Without it fewer VUs are enough.",
                 code);
        remark(f, s, call, FINDING_INFO, "final-sleep", text);
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
    text_copy(it->file, sizeof it->file, s->js.file);
}

void remarks_make(const struct k6_script *s, long from_env_line, struct facts *f) {
    overlay_remark(s, &f->findings);
    remark_final_sleeps(s, f);
    remark_environment(s, from_env_line, f);
    remark_vus(s, f);
    remark_keys(s, f);
    remark_connections(s, f);
}

/* perfscale status: phase 0 of the workflow. */
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include "report/report.h"
#include "ui/plain/plain.h"
#include "ui/plain/print.h"
#include "ui/plain/workspace.h"

enum { PROBE_WAIT_MS = 3000 };

struct status_options {
    bool json;
};

static const struct option options[] = {
    {"--json", NULL, "one JSON object", offsetof(struct status_options, json), NULL},
    {0},
};

static void print_status_json(const struct session *s, const struct findings *findings) {
    const char *tools_of[BASELINES_MAX + 1] = {0}, *files[BASELINES_MAX + 1] = {0};
    const char *missing[5] = {0};
    for (size_t i = 0; i < s->ws.baselines; i++) {
        tools_of[i] = s->ws.baseline[i].tool->name;
        files[i] = s->ws.baseline[i].name;
    }
    session_missing(s, missing);
    bool measured = s->base.source == BASELINE_MEASURED;
    print_json(report_status_json(&(struct report_status){
        .ready = session_prepared(s),
        .plan = s->ws.has_plan ? &s->ws.plan : NULL,
        .baseline_tools = tools_of,
        .baseline_files = files,
        .has_result = s->base.source != BASELINE_UNKNOWN,
        .result_file = measured ? s->base.file : NULL,
        .result = measured ? &s->base.result : NULL,
        .tool_version = s->tool_version,
        .missing = missing,
        .findings = findings,
    }));
}

/* What to do now, as far as the remarks above do not say it. */
static void print_next(const struct session *s) {
    struct command c = {0};
    if (!session_prepared(s) || s->base.chosen < 0)
        return;
    const struct baseline_file *b = &s->ws.baseline[s->base.chosen];
    if (s->base.source != BASELINE_UNKNOWN) {
        print("\nNext  perfscale plan%s%s\n", strcmp(s->ws.dir, ".") == 0 ? "" : " ",
              strcmp(s->ws.dir, ".") == 0 ? "" : s->ws.dir);
        return;
    }
    if (b->tool->baseline_command && b->tool->baseline_command(b->name, &c, NULL)) {
        print("\nNext  Run the baseline and keep its result beside it:\n");
        print_command(c.line);
    }
    command_fini(&c);
}

static void print_status_text(const struct session *s, const struct findings *findings) {
    struct row row[PREREQUISITE_ROWS];
    int n = session_prerequisite_rows(s, row);
    struct table t;
    table_init(&t, "llll");
    for (int i = 0; i < n; i++)
        table_add(&t, (const char *const[]){mark_sign(row[i].mark), row[i].title, row[i].what,
                                            row[i].why});
    print("%s: %s\n\n", s->ws.name, session_prepared(s) ? "ready" : "not ready");
    table_print(&t, 0);
    if (findings->len)
        print("\n");
    print_findings(findings);
    print_next(s);
}

/* What the user said of the baseline in the dashboard counts here too. */
static void take_up_saved(struct session *s) {
    char what[256];
    struct err ignored = {0};
    if (session_has_saved(s, what, sizeof what))
        session_restore(s, &ignored);
}

static bool run(int argc, char **argv, int *status, struct err *e) {
    struct status_options o = {0};
    struct operands ops;
    struct session s;
    if (!options_read(&verb_status, argc, argv, &o, &ops, e))
        return false;
    bool ok = workspace_open(&s, ops.n ? ops.item[0] : ".", e);
    if (ok) {
        struct findings findings = {0};
        take_up_saved(&s);
        session_probe_start(&s);
        session_probe_wait(&s, PROBE_WAIT_MS);
        session_prerequisite_findings(&s, &findings);
        (o.json ? print_status_json : print_status_text)(&s, &findings);
        findings_fini(&findings);
        *status = session_prepared(&s) ? 0 : 5;
    }
    session_close(&s);
    return ok;
}

const struct verb verb_status = {
    .name = "status",
    .operands = "[DIR]",
    .most = 1,
    .help = "what is here, and is the baseline without errors",
    .more = "\nReads test-plan.md, the baseline scripts and the baseline's result in DIR. Writes "
            "nothing.\n",
    .options = options,
    .run = run,
};

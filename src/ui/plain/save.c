#include "ui/plain/save.h"

#include <string.h>

#include "base/mem.h"
#include "base/text.h"
#include "report/report.h"

static struct run describe(const struct session *s, const struct check_input *in,
                           const struct judgement *j, const char *source) {
    const char *sources[] = {source, NULL};
    struct run r = {
        .at_ms = s->now_ms,
        .target_rps = in->profile ? in->profile->target_rps : in->target_rps.value,
        .rps = summary_value(in->run, METRIC_RPS),
        .p95_ms = summary_value(in->run, METRIC_P95_MS),
        .error_rate = summary_error_rate(in->run),
        .plan_json = in->profile && in->profile == &s->profile ? session_plan_json(s, NULL) : NULL,
        .check_json = report_check_json(in->run, j, sources, true),
    };
    text_copy(r.author, sizeof r.author, s->user);
    text_copy(r.host, sizeof r.host, s->host.name);
    text_copy(r.tool, sizeof r.tool, in->run->tool);
    text_copy(r.tool_version, sizeof r.tool_version, in->run->tool_version);
    text_copy(r.model, sizeof r.model, model_name(in->model));
    text_copy(r.script, sizeof r.script, s->script.name);
    text_copy(r.source, sizeof r.source, strcmp(source, "-") == 0 ? "paste" : source);
    text_copy(r.verdict, sizeof r.verdict, verdict_name(j->verdict));
    return r;
}

bool save_run(const struct session *s, const struct check_input *in, const struct judgement *j,
              const char *source, struct err *e) {
    struct history *h = NULL;
    if (!history_open(&h, s->ws.dir, true, e))
        return false;
    struct run r = describe(s, in, j, source);
    bool ok = history_add(h, &r, e);
    run_fini(&r);
    history_close(h);
    return ok;
}

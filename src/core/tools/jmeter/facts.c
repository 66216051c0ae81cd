#include <math.h>
#include <stdio.h>

#include "base/text.h"
#include "tools/jmeter/jmeter_script.h"
#include "tools/jmeter/pace.h"
#include "tools/jmeter/plan_parts.h"

/* How long the group runs now. */
static struct known duration_ms(const struct jmeter_thread_group *g) {
    struct known d = g->duration_s.value;
    if (isnan(g->scheduler.value.value))
        return g->scheduler.value;
    if (g->scheduler.value.value == 1) {
        d.value = d.most = d.value * 1000;
        return d;
    }
    bool for_ever = g->forever.value.value == 1 || g->loops.value.value < 0;
    return figure_unknown(g->threads.value.line, for_ever
                                                     ? "it loops until it is stopped"
                                                     : "it ends after its loops, not after a time");
}

/* A group that perfscale has paced runs at its rate, whatever its threads could do. To the
 * millionth, as it was written. */
static bool paced_rate(const struct jmeter_thread_group *g, double *iterations_s) {
    const struct jmeter_pace *pace = &g->pacing;
    double rate = g->threads.value.value * pace->throughput / 60;
    if (pace->timer == JMX_NONE || jmeter_place(g) == PLACE_GROUP || !(rate > 0))
        return false;
    *iterations_s = round(rate * 1e6) / 1e6;
    return true;
}

static void fill(const struct jmeter_thread_group *g, const struct jmx *x, struct scenario *out) {
    long line = jmx_element_line(x, g->element);
    *out = (struct scenario){.line = line,
                             .vus = g->threads.value,
                             .duration_ms = duration_ms(g),
                             .requests_per_iteration = g->requests_per_iteration,
                             .think_ms = g->think_ms,
                             .wait_ms = figure_known(0, line),
                             .drive = DRIVE_VUS,
                             .amount = g->threads.value};
    double rate;
    if (paced_rate(g, &rate)) {
        out->drive = DRIVE_RATE;
        out->amount = figure_known(rate, line);
    }
    text_copy(out->name, sizeof out->name, g->name);
    text_copy(out->executor, sizeof out->executor, "ThreadGroup");
    if (!jmeter_carries(g))
        text_copy(out->left_alone, sizeof out->left_alone, "it has no sampler");
}

static void fill_left_alone(const struct jmeter_plan *p, int element, struct scenario *out) {
    long line = jmx_element_line(&p->x, element);
    bool before = class_of(&p->x, element)->name[0] == 'S';
    *out = (struct scenario){.line = line,
                             .vus = figure_of(p, element, "ThreadGroup.num_threads").value,
                             .drive = DRIVE_VUS};
    out->amount = out->vus;
    out->duration_ms = out->requests_per_iteration = out->think_ms = out->wait_ms =
        figure_unknown(line, "not read: it carries no load");
    figure_name(&p->x, element, out->name, sizeof out->name);
    text_copy(out->executor, sizeof out->executor, before ? "SetupThreadGroup" : "PostThreadGroup");
    snprintf(out->left_alone, sizeof out->left_alone,
             "it runs %s the load; its samples are in the "
             "result all the same",
             before ? "before" : "after");
}

bool jmeter_facts(const struct source *src, struct facts *out, struct err *e) {
    struct jmeter_plan p;
    *out = (struct facts){.tool = "jmeter", .lines = text_count_lines(src->text, src->len)};
    bool ok = jmeter_open(&p, src, e);
    for (size_t i = 0; ok && i < p.groups; i++)
        if (p.group[i].enabled && p.group[i].base < 0)
            fill(&p.group[i], &p.x, &out->scenario[out->scenarios++]);
    for (size_t i = 0; ok && i < p.left_alones && out->scenarios < SCENARIOS_MAX; i++)
        fill_left_alone(&p, p.left_alone[i], &out->scenario[out->scenarios++]);
    if (ok) {
        text_copy(out->base_url, sizeof out->base_url, p.base_url);
        out->base_url_line = p.base_url_line;
        out->new_connections = p.new_connections != JMX_NONE;
        out->new_connections_line = jmx_element_line(&p.x, p.new_connections);
    }
    findings_append(&out->findings, &p.findings);
    jmeter_close(&p);
    return ok;
}

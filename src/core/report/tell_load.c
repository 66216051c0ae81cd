/* The load that was planned: how it arrives, its size, its stages. */
#include <stdio.h>

#include "base/unit.h"
#include "report/document.h"

#define COUNT(a) (sizeof(a) / sizeof *(a))

static void tell_size(struct writing *d, const struct profile *p) {
    static const char *const methods[ARRIVALS] = {"Arrival rate", "Constant VUs", "Paced VUs"};
    char text[96], number[48];
    d->form->facts(d, FACTS_FIGURES);
    doc_fact(d, "Test type", model_title(p->model));
    doc_fact(d, "Method", methods[p->arrivals]);
    snprintf(text, sizeof text, "%s RPS", doc_rate(p->target_rps, number, sizeof number));
    doc_fact_figure(d, p->model == MODEL_STRESS ? "Top step" : "Target", text, p->target_rps,
                    "plan.target_rps");
    doc_fact_figure(d, "VUs (Little's law)", unit_show(p->vus, 0, text, sizeof text), p->vus,
                    "plan.vus");
    if (p->arrivals == ARRIVALS_OPEN)
        doc_fact_figure(d, "VUs at most", unit_show(p->max_vus, 0, text, sizeof text), p->max_vus,
                        "plan.max_vus");
    doc_fact_figure(d, "Requests per iteration",
                    unit_show_short(p->requests_per_iteration, 2, text, sizeof text),
                    p->requests_per_iteration, "plan.requests_per_iteration");
    doc_fact_figure(d, "Think time", unit_show_ms(p->think_ms, text, sizeof text), p->think_ms,
                    "plan.think_time_ms");
    doc_fact_figure(d, "Response time planned with", unit_show_ms(p->avg_ms, text, sizeof text),
                    p->avg_ms, "plan.avg_response_ms");
    doc_fact_figure(d, "Planned requests", unit_show(p->planned_requests, 0, text, sizeof text),
                    p->planned_requests, "plan.planned_requests");
    doc_fact_figure(d, "Planned length", unit_show_clock(p->duration_s, text, sizeof text),
                    p->duration_s, "plan.duration_s");
    d->form->facts(d, FACTS_END);
}

static void tell_stage(struct writing *d, const struct profile *p, int i) {
    const struct stage *s = &p->stage[i];
    char text[48];
    doc_row(d);
    doc_text(d, s->name);
    doc_figure(d, unit_show_clock(s->start_s, text, sizeof text), s->start_s,
               "plan.stages[%d].start_s", i);
    doc_figure(d, unit_show_clock(s->duration_s, text, sizeof text), s->duration_s,
               "plan.stages[%d].duration_s", i);
    doc_figure(d, doc_rate(s->target_rps, text, sizeof text), s->target_rps,
               "plan.stages[%d].target_rps", i);
    doc_figure(d, unit_show(s->vus, 0, text, sizeof text), s->vus, "plan.stages[%d].vus", i);
    doc_row_end(d);
}

void tell_load(struct writing *d) {
    static const struct doc_column columns[] = {{"Stage", false},
                                                {"From", true},
                                                {"Length", true},
                                                {"RPS at its end", true},
                                                {"VUs", true}};
    const struct profile *p = &d->of->record->profile;
    d->form->section(d, "Load", true);
    if (d->of->record->has_profile) {
        tell_size(d, p);
        doc_table(d, columns, COUNT(columns));
        for (int i = 0; i < p->stages; i++)
            tell_stage(d, p, i);
        doc_table_end(d);
    } else {
        d->form->para(d, SIGN_NODATA, "The planned load is not known: no data.");
    }
    d->form->section_end(d);
}

/* What was measured: the figures of the run, its parts, its endpoints, its errors. */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "base/unit.h"
#include "report/document.h"

#define COUNT(a) (sizeof(a) / sizeof *(a))

static const struct summary *run_of(const struct writing *d) { return &d->of->record->run; }

/* The stretch that the checks are of; -1: the whole run. */
static int steady_index(const struct writing *d) {
    const struct stretch *s = d->judged->window.steady ? summary_steady(run_of(d)) : NULL;
    return s ? (int)(s - run_of(d)->stretch) : -1;
}

/* --- figures --------------------------------------------------------------------------------- */

static char *show_count(double v, char *out, size_t size) { return unit_show(v, 0, out, size); }
static char *show_rps(double v, char *out, size_t size) { return unit_show(v, 1, out, size); }

static const struct figure_row {
    const char *name, *at; /* place below the run or a stretch in the JSON */
    enum metric metric;
    char *(*show)(double value, char *out, size_t size);
} figure_rows[] = {{"Requests", "requests", METRIC_REQUESTS, show_count},
                   {"Failed", "failed", METRIC_FAILED, show_count},
                   {"Errors", "error_rate", METRIC_FAILED, unit_show_share},
                   {"Requests/s", "rps", METRIC_RPS, show_rps},
                   {"Average", "latency_ms.avg", METRIC_AVG_MS, unit_show_ms},
                   {"Shortest", "latency_ms.min", METRIC_MIN_MS, unit_show_ms},
                   {"Median", "latency_ms.med", METRIC_MED_MS, unit_show_ms},
                   {"p90", "latency_ms.p90", METRIC_P90_MS, unit_show_ms},
                   {"p95", "latency_ms.p95", METRIC_P95_MS, unit_show_ms},
                   {"p99", "latency_ms.p99", METRIC_P99_MS, unit_show_ms},
                   {"Longest", "latency_ms.max", METRIC_MAX_MS, unit_show_ms}};

static void tell_figure(struct writing *d, const struct figure_row *row, double value,
                        double requests, const char *before) {
    char text[48];
    double shown = row->show == unit_show_share ? doc_share(value, requests) : value;
    doc_figure(d, row->show(shown, text, sizeof text), shown, "%s%s", before, row->at);
}

static void tell_figures(struct writing *d) {
    static const struct doc_column whole[] = {{"Figure", false}, {"Whole run", true}};
    static const struct doc_column both[] = {
        {"Figure", false}, {"Steady window", true}, {"Whole run", true}};
    const struct summary *run = run_of(d);
    int steady = steady_index(d);
    char before[32];
    snprintf(before, sizeof before, "stretches[%d].", steady);
    doc_table(d, steady < 0 ? whole : both, steady < 0 ? COUNT(whole) : COUNT(both));
    for (size_t i = 0; i < COUNT(figure_rows); i++) {
        const struct figure_row *row = &figure_rows[i];
        doc_row(d);
        doc_text(d, row->name);
        if (steady >= 0)
            tell_figure(d, row, run->stretch[steady].value[row->metric],
                        run->stretch[steady].value[METRIC_REQUESTS], before);
        tell_figure(d, row, summary_value(run, row->metric), summary_value(run, METRIC_REQUESTS),
                    "");
        doc_row_end(d);
    }
    doc_table_end(d);
}

static void tell_fact(struct writing *d, const char *name, double value, int decimals,
                      const char *at) {
    char text[48];
    doc_fact_figure(d, name, unit_show(value, decimals, text, sizeof text), value, "%s", at);
}

static void tell_run_facts(struct writing *d) {
    const struct summary *run = run_of(d);
    char text[64], when[48];
    double duration = summary_value(run, METRIC_DURATION_S);
    d->form->facts(d, FACTS_FIGURES);
    doc_fact(d, "Began", doc_when_exactly(run->series.start_ms, when, sizeof when));
    doc_fact_figure(d, "Length", unit_show_clock(duration, text, sizeof text), duration,
                    "duration_s");
    tell_fact(d, "Iterations", summary_value(run, METRIC_ITERATIONS), 0, "iterations");
    tell_fact(d, "Dropped iterations", summary_value(run, METRIC_DROPPED), 0, "dropped_iterations");
    tell_fact(d, "Most VUs busy", summary_value(run, METRIC_VUS_MAX), 0, "vus_max");
    tell_fact(d, "Requests in flight, mean", run->in_flight, 1, "in_flight.requests");
    tell_fact(d, "VUs in that time, mean", run->in_flight_vus, 1, "in_flight.vus");
    tell_fact(d, "Load generators", run->generators, 0, "generators");
    doc_fact(d, "Stopped early", run->stopped);
    d->form->facts(d, FACTS_END);
}

/* --- successes and failures ------------------------------------------------------------------ */

static void tell_outcomes(struct writing *d) {
    static const struct doc_column columns[] = {
        {"Response time of", false}, {"Average", true}, {"Median", true}, {"p95", true}};
    static const struct {
        const char *name, *at;
        enum metric metric[3];
    } rows[] = {
        {"successes", "success_latency_ms", {METRIC_OK_AVG_MS, METRIC_OK_MED_MS, METRIC_OK_P95_MS}},
        {"failures",
         "failure_latency_ms",
         {METRIC_BAD_AVG_MS, METRIC_BAD_MED_MS, METRIC_BAD_P95_MS}}};
    static const char *const names[] = {"avg", "med", "p95"};
    const struct summary *run = run_of(d);
    if (!(summary_value(run, METRIC_FAILED) > 0) || !summary_has(run, METRIC_BAD_MED_MS))
        return;
    doc_table(d, columns, COUNT(columns));
    for (size_t i = 0; i < COUNT(rows); i++) {
        doc_row(d);
        doc_text(d, rows[i].name);
        for (size_t k = 0; k < COUNT(names); k++) {
            char text[48];
            double v = summary_value(run, rows[i].metric[k]);
            doc_figure(d, unit_show_ms(v, text, sizeof text), v, "%s.%s", rows[i].at, names[k]);
        }
        doc_row_end(d);
    }
    doc_table_end(d);
}

/* --- parts ----------------------------------------------------------------------------------- */

static void tell_stretch(struct writing *d, size_t i) {
    const struct stretch *s = &run_of(d)->stretch[i];
    char text[48];
    double errors = doc_share(s->value[METRIC_FAILED], s->value[METRIC_REQUESTS]);
    doc_row(d);
    doc_text(d, s->name);
    doc_figure(d, unit_show_clock(s->from_s, text, sizeof text), s->from_s, "stretches[%zu].from_s",
               i);
    doc_figure(d, unit_show_clock(s->to_s, text, sizeof text), s->to_s, "stretches[%zu].to_s", i);
    doc_figure(d, show_rps(s->value[METRIC_RPS], text, sizeof text), s->value[METRIC_RPS],
               "stretches[%zu].rps", i);
    doc_figure(d, unit_show_ms(s->value[METRIC_P95_MS], text, sizeof text), s->value[METRIC_P95_MS],
               "stretches[%zu].latency_ms.p95", i);
    doc_figure(d, unit_show_share(errors, text, sizeof text), errors, "stretches[%zu].error_rate",
               i);
    doc_figure(d, unit_show(s->vus, 1, text, sizeof text), s->vus, "stretches[%zu].vus", i);
    doc_row_end(d);
}

static void tell_stretches(struct writing *d) {
    static const struct doc_column columns[] = {{"Part", false}, {"From", true}, {"To", true},
                                                {"RPS", true},   {"p95", true},  {"Errors", true},
                                                {"VUs", true}};
    if (run_of(d)->stretches == 0 || d->judged->has_stress)
        return;
    d->form->heading(d, "Parts of the run");
    doc_table(d, columns, COUNT(columns));
    for (size_t i = 0; i < run_of(d)->stretches; i++)
        tell_stretch(d, i);
    doc_table_end(d);
}

static void tell_errors(struct writing *d) {
    static const struct doc_column columns[] = {{"Count", true}, {"Error", false}};
    const struct summary *run = run_of(d);
    if (run->errors == 0)
        return;
    d->form->heading(d, "Errors by kind");
    doc_table(d, columns, COUNT(columns));
    for (size_t i = 0; i < run->errors; i++) {
        char text[48];
        doc_row(d);
        doc_figure(d, unit_show(run->error[i].count, 0, text, sizeof text), run->error[i].count,
                   "errors[%zu].count", i);
        doc_text(d, run->error[i].text);
        doc_row_end(d);
    }
    doc_table_end(d);
}

static void tell_charts(struct writing *d) {
    struct chart chart[CHARTS_MAX];
    size_t n = charts_make(d->of, chart);
    d->form->section(d, "Over time", true);
    if (n == 0)
        d->form->para(d, SIGN_NODATA, "No chart: the result holds no values over time.");
    else
        d->form->charts(d, chart, n);
    d->form->section_end(d);
    for (size_t i = 0; i < n; i++)
        chart_fini(&chart[i]);
}

void tell_run(struct writing *d) {
    d->form->section(d, "Figures", true);
    tell_figures(d);
    tell_run_facts(d);
    tell_outcomes(d);
    tell_stretches(d);
    tell_errors(d);
    d->form->section_end(d);
    tell_charts(d);
}

/* What single requests show beside the limits, on Results: the parts of the run, successes and
 * failures apart, kinds of error, requests in flight. */
#include <math.h>
#include <stdio.h>

#include "base/unit.h"
#include "ui/screen/panel/parts.h"
#include "ui/screen/widget/table.h"

enum { AT_LABEL = 2, AT_TEXT = 15, ERRORS_SHOWN = 3 };

static const struct column columns[] = {
    {"Stretch", 4, 12, false}, {"From", 17, 7, true},   {"To", 25, 7, true}, {"RPS", 33, 9, true},
    {"p95", 43, 10, true},     {"Errors", 54, 8, true}, {"VUs", 63, 7, true}};
enum { COLUMNS = sizeof columns / sizeof *columns };

static void draw_head(const struct pen *p, int index) {
    (void)index;
    table_head(p->g, p->a.row, p->a.col, columns, COLUMNS);
}

static void draw_stretch(const struct pen *p, int index) {
    const struct stretch *s = &session_result(p->s)->run.stretch[index];
    char cell[COLUMNS][48];
    snprintf(cell[0], sizeof cell[0], "%s", s->name);
    unit_show_clock(s->from_s, cell[1], sizeof cell[1]);
    unit_show_clock(s->to_s, cell[2], sizeof cell[2]);
    unit_show(s->value[METRIC_RPS], 1, cell[3], sizeof cell[3]);
    unit_show_ms(s->value[METRIC_P95_MS], cell[4], sizeof cell[4]);
    unit_show_share(s->value[METRIC_FAILED] / s->value[METRIC_REQUESTS], cell[5], sizeof cell[5]);
    unit_show(s->vus, 1, cell[6], sizeof cell[6]);
    for (int i = 0; i < COLUMNS; i++)
        table_cell(p->g, p->a.row, p->a.col, &columns[i], LOOK_TEXT, cell[i]);
}

/* Where the limits are of the steady state, or steps have a table of their own, it says nothing
 * new. */
void stretches_build(struct sheet *sh) {
    const struct judgement *j = &session_result(sh->s)->judgement;
    size_t n = session_result(sh->s)->run.stretches;
    if (n == 0 || j->window.steady || j->has_stress)
        return;
    sheet_blank(sh);
    sheet_line(sh, LINE_ROW, draw_head, 0);
    for (size_t i = 0; i < n; i++)
        sheet_line(sh, LINE_ROW, draw_stretch, (int)i);
}

static void add_outcome(struct sheet *sh, const char *label, double avg, double med, double p95) {
    char text[160], a[32], m[32], p[32];
    if (isnan(avg) && isnan(med) && isnan(p95))
        return;
    snprintf(text, sizeof text, "average %s, median %s, p95 %s", unit_show_ms(avg, a, sizeof a),
             unit_show_ms(med, m, sizeof m), unit_show_ms(p95, p, sizeof p));
    sheet_label(sh, LINE_ROW, AT_LABEL, label, AT_TEXT, text);
}

void outcomes_build(struct sheet *sh) {
    const struct summary *r = &session_result(sh->s)->run;
    if (!(summary_value(r, METRIC_FAILED) > 0))
        return;
    add_outcome(sh, "Successes", summary_value(r, METRIC_OK_AVG_MS),
                summary_value(r, METRIC_OK_MED_MS), summary_value(r, METRIC_OK_P95_MS));
    add_outcome(sh, "Failures", summary_value(r, METRIC_BAD_AVG_MS),
                summary_value(r, METRIC_BAD_MED_MS), summary_value(r, METRIC_BAD_P95_MS));
}

void errors_build(struct sheet *sh, size_t most) {
    const struct summary *r = &session_result(sh->s)->run;
    for (size_t i = 0; i < r->errors && i < most; i++) {
        char text[SCOPE_MAX_BYTES + 48], count[32];
        snprintf(text, sizeof text, "%s x  %s",
                 unit_show(r->error[i].count, 0, count, sizeof count), r->error[i].text);
        sheet_label(sh, LINE_ROW, AT_LABEL, i == 0 ? "Errors" : "", AT_TEXT, text);
    }
    if (r->errors > most) {
        char text[64];
        snprintf(text, sizeof text, "%zu more kinds", r->errors - most);
        sheet_label(sh, LINE_ROW, AT_LABEL, "", AT_TEXT, text);
    }
}

void in_flight_build(struct sheet *sh) {
    const struct summary *r = &session_result(sh->s)->run;
    char text[120], requests[32], vus[32];
    if (isnan(r->in_flight) || isnan(r->in_flight_vus))
        return;
    snprintf(text, sizeof text, "%s requests on average (RPS x response time), %s VUs",
             unit_show(r->in_flight, 1, requests, sizeof requests),
             unit_show(r->in_flight_vus, 1, vus, sizeof vus));
    sheet_label(sh, LINE_ROW, AT_LABEL, "In flight", AT_TEXT, text);
}

/* Good to know where there is room; the blank before them goes with them. */
static void add_notes(struct sheet *sh, bool errors_too) {
    int from = sh->lines;
    sheet_blank(sh);
    int first = sh->lines;
    if (summary_has(&session_result(sh->s)->run, METRIC_BAD_MED_MS))
        outcomes_build(sh);
    in_flight_build(sh);
    if (errors_too)
        errors_build(sh, ERRORS_SHOWN);
    if (sh->lines == first)
        sh->lines = from;
    for (int i = from; i < sh->lines; i++)
        sh->line[i].kind = LINE_NOTE;
}

/* The errors of a run that failed belong to its reasons, where these are not kept short. */
void measured_build(struct sheet *sh) {
    bool failed = session_result(sh->s)->judgement.verdict == VERDICT_FAIL && !results_low(sh);
    if (failed && session_result(sh->s)->run.errors > 0) {
        sheet_blank(sh);
        errors_build(sh, ERRORS_SHOWN);
    }
    add_notes(sh, !failed);
}

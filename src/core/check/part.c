/* Which part of the run counts, and its figures. */
#include <math.h>

#include "check/rows.h"

/* Figures of a stretch without a request or a response time say nothing. */
static bool is_measured(const struct stretch *x) {
    double requests = x->value[METRIC_REQUESTS];
    return requests > 0 || (isnan(requests) && !isnan(x->value[METRIC_P95_MS]));
}

/* A stress test that is judged as a whole has no steady state: its load is meant to rise. */
const struct stretch *judged_stretch(const struct check_input *in) {
    const struct stretch *x = in->model == MODEL_STRESS ? NULL : summary_steady(in->run);
    return x && is_measured(x) ? x : NULL;
}

double stretch_length_s(const struct stretch *x) {
    return isnan(x->window_s) ? x->to_s - x->from_s : x->window_s;
}

struct judged_window judged_window(const struct check_input *in) {
    const struct stretch *x = judged_stretch(in);
    if (!x)
        return (struct judged_window){.to_s = summary_value(in->run, METRIC_DURATION_S),
                                      .requests = summary_value(in->run, METRIC_REQUESTS)};
    return (struct judged_window){.steady = true,
                                  .from_s = x->from_s,
                                  .to_s = x->from_s + stretch_length_s(x),
                                  .requests = x->value[METRIC_REQUESTS],
                                  .estimated = x == summary_stretch(in->run, "estimated")};
}

static struct measured_value shown(const struct figure *f) {
    return (struct measured_value){f->value, f->low, f->high};
}

struct judged_figure judged_figure(const struct check_input *in, enum metric m) {
    const struct stretch *x = judged_stretch(in);
    if (x && !isnan(x->value[m]))
        return (struct judged_figure){.is = value_exact(x->value[m])};
    return (struct judged_figure){.is = shown(&in->run->figure[m]), .whole = x != NULL};
}

struct judged_figure judged_endpoint_figure(const struct check_input *in, const struct endpoint *p,
                                            enum metric m) {
    bool steady = judged_stretch(in) != NULL;
    if (steady && !isnan(p->steady[m]))
        return (struct judged_figure){.is = value_exact(p->steady[m])};
    return (struct judged_figure){.is = shown(&p->figure[m]), .whole = steady};
}

struct judged_counts judged_counts(const struct check_input *in) {
    const struct stretch *x = judged_stretch(in);
    if (x && x->value[METRIC_REQUESTS] > 0 && !isnan(x->value[METRIC_FAILED]))
        return (struct judged_counts){x->value[METRIC_REQUESTS], x->value[METRIC_FAILED], false};
    return (struct judged_counts){summary_value(in->run, METRIC_REQUESTS),
                                  summary_value(in->run, METRIC_FAILED), x != NULL};
}

struct judged_counts judged_endpoint_counts(const struct check_input *in,
                                            const struct endpoint *p) {
    bool steady = judged_stretch(in) != NULL;
    if (steady && !isnan(p->steady[METRIC_REQUESTS]) && !isnan(p->steady[METRIC_FAILED]))
        return (struct judged_counts){p->steady[METRIC_REQUESTS], p->steady[METRIC_FAILED], false};
    return (struct judged_counts){p->figure[METRIC_REQUESTS].value, p->figure[METRIC_FAILED].value,
                                  steady};
}

/* --- how the load was driven --- */

enum arrivals run_arrivals(const struct check_input *in) {
    return in->profile ? in->profile->arrivals : in->arrivals;
}

double run_most_vus(const struct check_input *in) {
    const struct profile *p = in->profile;
    if (!isnan(in->max_vus))
        return in->max_vus;
    if (p && p->max_vus > 0)
        return p->max_vus;
    double allocated = summary_value(in->run, METRIC_VUS_ALLOCATED);
    return isnan(allocated) && p ? p->users : allocated;
}

double run_think_ms(const struct check_input *in) {
    const struct profile *p = in->profile;
    if (!isnan(in->think_ms) || !p)
        return in->think_ms;
    return p->iteration_ms - p->requests_per_iteration * p->avg_ms;
}

double run_requests_per_iteration(const struct check_input *in) {
    double k =
        in->profile ? in->profile->requests_per_iteration : summary_requests_per_iteration(in->run);
    return k > 0 ? k : 1;
}

/* Iterations that an open load generator could not start because no VU was free. */
#include <math.h>

#include "base/unit.h"
#include "check/rows.h"

/* A run's start may need VUs that are not there yet; nothing later excuses it. */
static const double start_s = 10;

static bool only_at_the_start(const struct summary *s) {
    double early = 0, all = summary_value(s, METRIC_DROPPED);
    for (size_t i = 0; i < s->series.points; i++) {
        const struct point *p = &s->series.point[i];
        if (point_end_s(p) <= start_s && p->dropped > 0)
            early += p->dropped;
    }
    return all > 0 && early >= all;
}

/* Planned where that is known, else what ended and what was dropped together. */
static double planned_in(const struct check_input *in, const struct stretch *x) {
    const struct profile *p = in->profile;
    if (p && p->arrivals == ARRIVALS_OPEN)
        return p->iteration_rps * stretch_length_s(x);
    return x->value[METRIC_REQUESTS] / run_requests_per_iteration(in) + x->dropped;
}

struct drops run_drops(const struct check_input *in) {
    const struct stretch *x = judged_stretch(in);
    double all = summary_value(in->run, METRIC_DROPPED);
    struct drops d = {.dropped = all, .early = only_at_the_start(in->run)};
    if (x && !isnan(x->dropped)) {
        d.window = true;
        d.dropped = x->dropped;
        d.planned = planned_in(in, x);
        d.outside = all > x->dropped ? all - x->dropped : 0;
    } else {
        d.planned = all + summary_value(in->run, METRIC_ITERATIONS);
    }
    d.share = value_ratio(d.dropped / d.planned).value;
    return d;
}

void measure_dropped(const struct check_input *in, const struct limit_rule *rule,
                     const struct given *limit, struct judgement *j) {
    struct drops d = run_drops(in);
    if (!(d.planned > 0) || isnan(d.share))
        return;
    struct measured_value v = value_exact(d.share);
    struct check *c = row_add(j, rule, rule->check, limit);
    row_judge(c, &v, rule);
    if (!(d.dropped > 0))
        return;
    char a[32], b[32];
    row_say(c, "%s of %s iterations%s.", unit_show(d.dropped, 0, a, sizeof a),
            unit_show(d.planned, 0, b, sizeof b), d.window ? " in the steady state" : "");
    if (d.early && !d.window) {
        c->status = VERDICT_PASS;
        c->near_limit = true;
        row_say(c, "All in the first %.0f s of the run.", start_s);
    }
}

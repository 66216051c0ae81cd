/* The worst minutes: windows of the steady state whose p95 is over its limit. */
#include <math.h>

#include "base/unit.h"
#include "check/rows.h"

struct over {
    double windows, over, worst_ms;
};

/* Windows with too few requests for a p95 do not count. */
static struct over count(const struct check_input *in, double limit_ms) {
    const struct sample_rule *rule = rules_sample(in->rules, "p95");
    struct over o = {.worst_ms = NAN};
    for (size_t i = 0; i < in->run->windows.points; i++) {
        const struct point *p = &in->run->windows.point[i];
        if (isnan(p->p95_ms) || (rule && p->requests < rule->least))
            continue;
        o.windows++;
        o.over += p->p95_ms > limit_ms;
        o.worst_ms = fmax(o.worst_ms, p->p95_ms);
    }
    return o;
}

void measure_windows(const struct check_input *in, const struct limit_rule *rule,
                     const struct given *limit, struct judgement *j) {
    struct given p95 = run_limit(in, "p95");
    struct over o = count(in, p95.value);
    bool known = o.windows > 0 && !isnan(p95.value) && judged_stretch(in);
    if (!known && !rule->required)
        return;
    struct check *c = row_add(j, rule, rule->check, limit);
    if (!known) {
        row_say(c, "No windows of the steady state with requests enough for a p95.");
        return;
    }
    struct measured_value v = value_ratio(o.over / o.windows);
    row_judge(c, &v, rule);
    char worst[32], over[32];
    if (o.over > 0)
        row_say(c, "%.0f of %.0f windows over %s; the worst has p95 %s.", o.over, o.windows,
                unit_show_ms(p95.value, over, sizeof over),
                unit_show_ms(o.worst_ms, worst, sizeof worst));
}

#include <math.h>
#include <string.h>

#include "base/mem.h"
#include "tools/jmeter/plan_parts.h"

struct known timer_mean(const struct jmeter_plan *p, int element, const struct class *c) {
    static const struct {
        const char *class;
        double of_range; /* of RandomTimer.range added to the delay, on average */
    } rows[] = {{"ConstantTimer", 0},
                {"UniformRandomTimer", 0.5},
                {"GaussianRandomTimer", 0},
                {"PoissonRandomTimer", 1}};
    long line = jmx_element_line(&p->x, element);
    if (c->sort == SORT_SCRIPT_TIMER)
        return figure_unknown(line, "%s decides its delay at run time", c->title);
    struct known mean = figure_of(p, element, "ConstantTimer.delay").value;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        if (strcmp(rows[i].class, c->name) != 0 || rows[i].of_range == 0 || isnan(mean.value))
            continue;
        struct known range = figure_number(p, element, "RandomTimer.range");
        if (isnan(range.value))
            return range;
        mean.value += rows[i].of_range * range.value;
    }
    mean.value = mean.most = isnan(mean.value) ? NAN : fmax(mean.value, 0);
    mean.line = line;
    return mean;
}

bool timer_is_ours(const struct jmx *x, int element) {
    char name[sizeof PACING_NAME + 1];
    return jmx_attribute_text(x, element, "testname", name, sizeof name) &&
           strcmp(name, PACING_NAME) == 0;
}

static void add_pace(struct jmeter_plan *p, int element, int group, int under) {
    struct jmeter_pace *pace = &p->group[group].pacing;
    struct known mode = figure_number(p, element, "calcMode");
    *pace = (struct jmeter_pace){
        .timer = element,
        .action = class_of(&p->x, under)->sort == SORT_ACTION ? under : JMX_NONE,
        .under = under,
        .mode = isnan(mode.value) || fabs(mode.value) > 9 ? -1 : (int)mode.value,
        .throughput_at = jmx_property(&p->x, element, "throughput"),
        .throughput = figure_number(p, element, "throughput").value,
    };
}

static double per_minute(const struct jmeter_plan *p, int element) {
    double throughput = figure_number(p, element, "throughput").value;
    if (!jmx_is(&p->x, element, "PreciseThroughputTimer"))
        return throughput;
    int at = jmx_property(&p->x, element, "throughputPeriod");
    double period_s = figure_number(p, element, "throughputPeriod").value;
    return throughput * 60 / (at == JMX_NONE ? 3600 : period_s);
}

void timer_see_cap(struct jmeter_plan *p, int element, int group, int under) {
    bool ours = group >= 0 && jmx_is(&p->x, element, "ConstantThroughputTimer") &&
                timer_is_ours(&p->x, element);
    if (ours && p->group[group].pacing.timer == JMX_NONE) {
        add_pace(p, element, group, under);
        return;
    }
    p->cap = mem_grow(p->cap, p->caps, &p->cap_caps, sizeof *p->cap);
    struct jmeter_cap *cap = &p->cap[p->caps++];
    *cap = (struct jmeter_cap){
        .element = element, .group = group, .per_minute = per_minute(p, element)};
    if (!isfinite(cap->per_minute))
        cap->per_minute = NAN;
    remark_cap(p, cap);
}

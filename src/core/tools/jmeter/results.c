#include "tools/jmeter/results.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "base/text.h"

const struct sample_rules jmeter_sample_rules = {
    .unit_ms = 1,
    .rule = PERCENTILE_ROUNDED_RANK,
    .words = "as JMeter's Aggregate Report: rank n x p, rounded",
};

static struct figure between(double value, double low, double high, long line, const char *quote) {
    struct figure f = {.value = value, .low = low, .high = high, .line = line};
    text_copy(f.quote, sizeof f.quote, quote);
    return f;
}

struct figure jmeter_cut_off(double value, long line, const char *quote) {
    return between(value, value, value + 1, line, quote);
}

struct figure jmeter_rounded(double value, double step, long line, const char *quote) {
    return between(value, fmax(value - step / 2, 0), value + step / 2, line, quote);
}

struct figure jmeter_duration(double count, const struct figure *rps) {
    if (!(count > 0) || !(rps->value > 0) || !(rps->low > 0))
        return between(NAN, NAN, NAN, 0, "");
    return between(count / rps->value, count / rps->high, count / rps->low, rps->line,
                   "samples / throughput");
}

void jmeter_say(const struct sink *out, enum metric m, const char *scope, const struct figure *f) {
    struct word w = {.door = DOOR_VALUE, .metric = m, .scope = scope, .figure = *f};
    if (out->summary && isfinite(f->value))
        out->summary(out->self, &w);
}

void jmeter_say_broken(const struct sink *out, long broken, long first_line) {
    if (broken)
        sink_remark(out, FINDING_WARNING, "broken-rows", first_line,
                    "Left out because they do not fit the columns: %ld rows; the first is in "
                    "line %ld.",
                    broken, first_line);
}

#include "tools/locust/results.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "base/text.h"
#include "results/number.h"

/* Locust rounds times below 100 ms to 1 ms, below 1 s to 10 ms, below 10 s to 100 ms, others to
 * 1 s (bucket_response_time in its stats.py). */
static double step_of(double ms) { return ms < 100 ? 1 : ms < 1000 ? 10 : ms < 10000 ? 100 : 1000; }

/* The times that fall into a class; a value that is none of Locust's own classes comes from a
 * script with finer ones: whole ms. */
static void class_limits(double v, double *low, double *high) {
    double above = step_of(v), below = step_of(v - 0.5);
    bool own = fmod(v, above) == 0;
    *low = v - (own ? below : 1) / 2;
    *high = v + (own ? above : 1) / 2;
    if (*low < 0)
        *low = 0;
}

struct figure locust_figure(double value, enum locust_rounding how, long line, const char *quote) {
    struct figure f = {.value = value, .low = value, .high = value, .line = line};
    bool whole = value == floor(value);
    if (how == LOCUST_CUT_OFF) {
        f.high = value + 1;
    } else if (how == LOCUST_DECIMALS) {
        f.low = fmax(0, value - 0.005);
        f.high = value + 0.005;
    } else if (how == LOCUST_CLASS || how == LOCUST_MEDIAN_CUT_OFF ||
               (how == LOCUST_MEDIAN && whole)) {
        class_limits(value, &f.low, &f.high);
        if (how == LOCUST_MEDIAN_CUT_OFF)
            f.high = fmax(f.high, value + 1);
    }
    text_copy(f.quote, sizeof f.quote, quote);
    return f;
}

struct figure locust_duration(double count, const struct figure *rate) {
    struct figure f = {.value = count / rate->value, .line = rate->line};
    f.low = count / rate->high;
    f.high = rate->low > 0 ? count / rate->low : f.value;
    text_copy(f.quote, sizeof f.quote, "requests / rate");
    return f;
}

void locust_name(const char *type, const char *name, char *out, size_t size, bool *total) {
    bool typed = type[0] && strcmp(type, "None") != 0;
    *total = !typed && strcmp(name, "Aggregated") == 0;
    struct text_out o = {.to = out, .size = size};
    text_put(&o, type, typed ? strlen(type) : 0);
    text_put(&o, " ", typed && name[0] ? 1 : 0);
    text_put(&o, name, strlen(name));
}

enum metric locust_percentile(const char *label, size_t len) {
    static const struct {
        const char *label;
        enum metric metric;
    } ours[] = {{"90%", METRIC_P90_MS}, {"95%", METRIC_P95_MS}, {"99%", METRIC_P99_MS}};
    for (size_t i = 0; i < sizeof ours / sizeof *ours; i++)
        if (strlen(ours[i].label) == len && memcmp(ours[i].label, label, len) == 0)
            return ours[i].metric;
    return METRICS;
}

void locust_say(const struct sink *out, enum metric m, const char *scope, const struct figure *f) {
    struct word w = {.door = DOOR_VALUE, .metric = m, .scope = scope, .figure = *f};
    if (out->summary && !isnan(f->value))
        out->summary(out->self, &w);
}

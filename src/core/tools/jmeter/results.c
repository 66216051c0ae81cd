#include "tools/jmeter/results.h"

#include <math.h>
#include <stdarg.h>
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

void jmeter_say_text(const struct sink *out, enum door door, const char *text, double value) {
    struct word w = {.door = door, .text = text, .figure = {.value = value}};
    w.figure.low = w.figure.high = value;
    if (out->summary)
        out->summary(out->self, &w);
}

void jmeter_remark(const struct sink *out, enum finding_level level, const char *kind, long line,
                   const char *fmt, ...) {
    char text[400];
    va_list ap;
    if (!out->remark)
        return;
    va_start(ap, fmt);
    vsnprintf(text, sizeof text, fmt, ap);
    va_end(ap);
    out->remark(out->self, level, kind, line, text);
}

const char *jmeter_text_begin(const char *head, size_t *len) {
    if (*len >= 3 && memcmp(head, "\xef\xbb\xbf", 3) == 0) {
        head += 3;
        *len -= 3;
    }
    while (*len && (*head == ' ' || *head == '\t' || *head == '\r' || *head == '\n')) {
        head++;
        --*len;
    }
    return head;
}

/* Do two sources of one run say the same? */
#include <math.h>
#include <string.h>

#include "base/file.h"
#include "base/text.h"
#include "base/unit.h"
#include "gather/parts.h"
#include "tools/tool.h"

void finding_about(struct finding *f, const struct input *s) {
    if (!text_copy(f->file, sizeof f->file, s->path))
        text_copy(f->file, sizeof f->file, file_base(s->path));
}

static bool outside(const struct figure *f, double value, double room) {
    room += 1e-6 * fmax(1, fabs(value));
    return !isnan(value) && !isnan(f->value) && (value < f->low - room || value > f->high + room);
}

static const char *show(enum metric m, double value, char *out, size_t size) {
    bool count = m == METRIC_REQUESTS || m == METRIC_FAILED;
    return count ? unit_show(value, 0, out, size) : unit_show_ms(value, out, size);
}

static void say_disagree(struct summary *out, const struct input *base, const struct input *s,
                         enum metric m, double said, double value) {
    char a[32], b[32];
    finding_about(findings_add(&out->findings, FINDING_WARNING, "summary-disagrees",
                               "%s of %.80s: %s, of %.80s: %s. One of them is of another run, or "
                               "was cut off. The figures are those of %.80s",
                               metric_name(m), file_base(s->path), show(m, said, a, sizeof a),
                               file_base(base->path), show(m, value, b, sizeof b),
                               file_base(base->path)),
                  s);
}

static void say_behind(struct summary *out, const struct input *base, const struct input *s,
                       double said, double value) {
    char a[32], b[32];
    const struct tool *t = tool_find(s->reader->tool);
    finding_about(findings_add(&out->findings, FINDING_INFO, "csv-behind",
                               "%.80s has %s requests, %.80s has %s: %s writes it once a second "
                               "and not once more at the end. The figures are those of %.80s",
                               file_base(s->path), show(METRIC_REQUESTS, said, a, sizeof a),
                               file_base(base->path), show(METRIC_REQUESTS, value, b, sizeof b),
                               t ? t->title : s->reader->tool, file_base(base->path)),
                  s);
}

/* How far what Locust writes once a second may be behind: what came in its last seconds. */
static bool is_behind(const struct summary *out, const struct input *s, double said, double value) {
    const struct sample_rules *rules = tool_samples(s->reader);
    double rps = summary_value(out, METRIC_RPS);
    if (isnan(rps))
        rps = summary_value(&s->said, METRIC_RPS);
    return rules && rules->rule == PERCENTILE_LOCUST && said < value &&
           value - said <= 4 * rps + 10;
}

static double transactions_of(const struct summary *s) {
    double n = 0;
    for (size_t i = 0; i < s->endpoints; i++)
        if (s->endpoint[i].transaction && s->endpoint[i].figure[METRIC_REQUESTS].value > 0)
            n += s->endpoint[i].figure[METRIC_REQUESTS].value;
    return n;
}

/* What a percentile of another definition may differ by. */
static double room_of_p95(const struct summary *out, const struct input *s) {
    const struct sample_rules *rules = tool_samples(s->reader);
    double p95 = summary_value(out, METRIC_P95_MS);
    double other = rules && rules->rule == PERCENTILE_ROUNDED_RANK ? fmax(2, 0.05 * p95) : 0;
    return other + out->percentile_error * p95;
}

static bool agree_on_rest(struct summary *out, const struct input *base, const struct input *s) {
    static const enum metric compared[] = {METRIC_FAILED, METRIC_P95_MS};
    for (size_t i = 0; i < sizeof compared / sizeof *compared; i++) {
        enum metric m = compared[i];
        const struct figure *f = &s->said.figure[m];
        double value = summary_value(out, m);
        if (!outside(f, value, m == METRIC_P95_MS ? room_of_p95(out, s) : 0))
            continue;
        say_disagree(out, base, s, m, f->value, value);
        return false;
    }
    return true;
}

/* Samples of several machines are finished after this: then their rows are the requests. */
static double requests_of(const struct summary *figures, const struct input *s) {
    double n = summary_value(figures, METRIC_REQUESTS);
    bool only = s->rows[ROWS_REQUESTS] == 0;
    double rows = (double)s->rows[only ? ROWS_TRANSACTIONS : ROWS_REQUESTS];
    return isnan(n) && rows > 0 ? rows : n;
}

bool agree(struct summary *out, const struct input *base, const struct input *s) {
    double value = requests_of(out, base), said = requests_of(&s->said, s);
    struct figure f = s->said.figure[METRIC_REQUESTS];
    if (s->reader->gives < GIVES_TEXT || isnan(value) || isnan(said))
        return true;
    if (isnan(f.value))
        f = (struct figure){.value = said, .low = said, .high = said};
    if (!outside(&f, value, 0))
        return agree_on_rest(out, base, s);
    /* JMeter counts transactions in some of its outputs and not in others. */
    double with = fmax((double)base->rows[ROWS_TRANSACTIONS], transactions_of(out));
    double without = transactions_of(&s->said);
    if ((with > 0 && !outside(&f, value + with, 0)) ||
        (without > 0 && !outside(&f, value - without, 0)))
        return true;
    if (!is_behind(out, s, said, value)) {
        say_disagree(out, base, s, METRIC_REQUESTS, said, value);
        return false;
    }
    if (s->reader->gives != GIVES_TEXT) /* a reader of text says that its end is missing */
        say_behind(out, base, s, said, value);
    return true;
}

#include "session/form.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "base/text.h"
#include "base/unit.h"

#define ALL                                                                                        \
    { true, true, true }
#define HOLDS                                                                                      \
    { true, false, true } /* load and soak */
#define STRESS                                                                                     \
    { false, true, false }

#define FIELD(...)                                                                                 \
    { __VA_ARGS__, false, false }
#define ABOVE(...)                                                                                 \
    { __VA_ARGS__, true, false } /* above the least */

static const struct field_def defs[FIELDS] = {
    [FIELD_MODEL] = FIELD("model", "Test type", NULL, "", KIND_CHOICE, "--model", ALL, 0, 2),
    [FIELD_METHOD] = FIELD("method", "Method", NULL, "", KIND_CHOICE, "--executor", ALL, 0, 2),
    [FIELD_TARGET] =
        ABOVE("target", "Target", "Expected rate", "RPS", KIND_RATE, "--rps", ALL, 0, 1e7),
    [FIELD_SHARES] = {"shares", "Shares", NULL, "", KIND_NUMBER, "--shares", ALL, 0, 1e9, true,
                      true},
    [FIELD_AVG] =
        ABOVE("avg", "Average response", NULL, "ms", KIND_DURATION_MS, "--avg", ALL, 0, 36e5),
    [FIELD_THINK] = {"think", "Think time", NULL, "ms per iteration", KIND_DURATION_MS, "--think",
                     ALL, 0, 864e5, false, true},
    [FIELD_REQUESTS] = {"requests", "Requests/iteration", NULL, "", KIND_NUMBER,
                        "--requests-per-iteration", ALL, 0, 1e5, true, true},
    [FIELD_STEPS] = FIELD("steps", "Steps", NULL, "", KIND_COUNT, "--steps", STRESS, 2, 20),
    [FIELD_START] =
        ABOVE("start", "First step", NULL, "RPS", KIND_RATE, "--start-rps", STRESS, 0, 1e7),
    [FIELD_MAX] = ABOVE("max", "Last step", NULL, "RPS", KIND_RATE, "--max-rps", STRESS, 0, 1e7),
    [FIELD_RAMP_UP] = FIELD("ramp", "Ramp up", "Ramp of a step", "min", KIND_DURATION_S, "--ramp",
                            ALL, 0, 5184000),
    [FIELD_HOLD] = ABOVE("hold", "Hold", "Hold of a step", "min", KIND_DURATION_S, "--duration",
                         ALL, 0, 5184000),
    [FIELD_RAMP_DOWN] = FIELD("ramp_down", "Ramp down", NULL, "min", KIND_DURATION_S, "--ramp-down",
                              HOLDS, 0, 5184000),
    [FIELD_P95] = ABOVE("p95", "p95 limit", NULL, "ms", KIND_DURATION_MS, NULL, ALL, 0, 36e5),
    [FIELD_ERRORS] = FIELD("errors", "Error limit", NULL, "%", KIND_SHARE, NULL, ALL, 0, 1),
    [FIELD_GENERATORS] =
        FIELD("generators", "Load generators", NULL, "", KIND_COUNT, "--generators", ALL, 1, 100),
};

const struct field_def *field_def(enum field f) { return &defs[f]; }

const char *field_label(enum field f, enum model m) {
    const struct field_def *d = &defs[f];
    return m == MODEL_STRESS && d->stress_label ? d->stress_label : d->label;
}

const char *const *field_choices(enum field f) {
    static const char *const models[] = {"Load", "Stress", "Soak", NULL};
    static const char *const methods[] = {"Arrival rate", "Constant VUs", "Paced VUs", NULL};
    return f == FIELD_MODEL ? models : methods;
}

const char *method_words(enum arrivals a) {
    static const char *const words[ARRIVALS] = {"arrival rate", "constant VUs", "paced VUs"};
    return words[a];
}

/* What a choice may be called: its title, or the word of the option. */
static bool parse_choice(enum field f, const char *typed, double *value) {
    const char *const *titles = field_choices(f);
    for (int i = 0; titles[i]; i++)
        if (text_same(typed, titles[i]) ||
            (f == FIELD_METHOD && text_same(typed, arrivals_name((enum arrivals)i)))) {
            *value = i;
            return true;
        }
    return false;
}

static bool parse_share(const char *typed, double *value, struct err *e) {
    if (strchr(typed, '%'))
        return unit_share(typed, value, e);
    double percent;
    if (!unit_number(typed, &percent, e))
        return false;
    *value = percent / 100;
    return true;
}

static bool parse_value(const struct field_def *d, const char *typed, double *value,
                        struct err *e) {
    switch (d->kind) {
    case KIND_CHOICE:
        return false;
    case KIND_RATE:
        return unit_rate(typed, value, e);
    case KIND_DURATION_MS:
        return unit_duration_ms(typed, 1, value, e);
    case KIND_DURATION_S:
        if (!unit_duration_ms(typed, 60000, value, e)) /* the unit that stands beside it */
            return false;
        *value /= 1000;
        return true;
    case KIND_NUMBER:
    case KIND_COUNT:
        return unit_number(typed, value, e);
    case KIND_SHARE:
        return parse_share(typed, value, e);
    }
    return false;
}

static bool in_range(const struct field_def *d, double v) {
    bool above = d->above_least ? v > d->least : v >= d->least;
    return isfinite(v) && above && v <= d->most && (d->kind != KIND_COUNT || v == floor(v));
}

static void say_range(const struct field_def *d, const char *label, char *error, size_t size) {
    static const struct {
        double scale;
        const char *unit;
    } shown[] = {[KIND_CHOICE] = {1, ""},         [KIND_RATE] = {1, " RPS"},
                 [KIND_DURATION_MS] = {1, " ms"}, [KIND_DURATION_S] = {1.0 / 3600, " h"},
                 [KIND_NUMBER] = {1, ""},         [KIND_COUNT] = {1, ""},
                 [KIND_SHARE] = {100, " %"}};
    char least[32], most[32];
    unit_show_short(d->least * shown[d->kind].scale, 2, least, sizeof least);
    unit_show_short(d->most * shown[d->kind].scale, 2, most, sizeof most);
    snprintf(error, size, "%s must be %s%s%s and at most %s%s.", label,
             d->kind == KIND_COUNT ? "a whole number, " : "",
             d->above_least ? "above " : "at least ", least, most, shown[d->kind].unit);
}

static void say_choices(enum field f, const char *typed, char *error, size_t size) {
    const char *const *words = field_choices(f);
    int n = snprintf(error, size, "\"%.20s\" is not one of ", typed);
    for (int i = 0; words[i] && n >= 0 && (size_t)n < size; i++)
        n += snprintf(error + n, size - (size_t)n, "%s%s", i ? ", " : "",
                      f == FIELD_METHOD ? arrivals_name((enum arrivals)i) : words[i]);
    if (n >= 0 && (size_t)n < size)
        snprintf(error + n, size - (size_t)n, ".");
}

bool field_parse(enum field f, enum model m, const char *typed, double *value, char *error,
                 size_t size) {
    const struct field_def *d = &defs[f];
    struct err e = {0};
    double v = NAN;
    error[0] = '\0';
    if (d->kind == KIND_CHOICE) {
        if (parse_choice(f, typed, value))
            return true;
        say_choices(f, typed, error, size);
        return false;
    }
    if (!parse_value(d, typed, &v, &e)) {
        snprintf(error, size, "%.100s.", e.text);
        return false;
    }
    if (!in_range(d, v)) {
        say_range(d, field_label(f, m), error, size);
        return false;
    }
    *value = v;
    return true;
}

void field_show(enum field f, double value, char *out, size_t size) {
    const struct field_def *d = &defs[f];
    out[0] = '\0';
    if (isnan(value))
        return;
    switch (d->kind) {
    case KIND_CHOICE:
        text_copy(out, size, field_choices(f)[(int)value]);
        break;
    case KIND_DURATION_S:
        unit_show_clock(value, out, size);
        break;
    case KIND_DURATION_MS:
        unit_show_short(value, value < 10 ? 2 : value < 100 ? 1 : 0, out, size);
        break;
    case KIND_SHARE:
        unit_show_short(value * 100, 4, out, size);
        break;
    case KIND_RATE:
    case KIND_NUMBER:
    case KIND_COUNT:
        unit_show_short(value, 2, out, size);
        break;
    }
}

enum field form_first_error(const struct form *form, enum model m) {
    for (int f = 0; f < FIELDS; f++)
        if (defs[f].model[m] && form->field[f].error[0])
            return (enum field)f;
    return FIELDS;
}

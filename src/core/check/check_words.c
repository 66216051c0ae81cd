/* A check in words, the same on screens, in text and in reports. */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "base/text.h"
#include "base/unit.h"
#include "check/check.h"

/* share: shown in percent */
static const struct {
    const char *metric, *word;
    bool share;
} words[] = {{"error_rate", "Errors", true},
             {"rps", "Rate", false},
             {"checks", "Failed checks", true},
             {"dropped_iterations", "Dropped", true},
             {"avg", "Average", false},
             {"windows_over", "Windows over p95", true},
             {"stalls", "Stalls", false},
             {"memory_drift", "Memory drift", false},
             {"latency_drift", "p95 drift", false},
             {"p95_of_baseline", "p95 to baseline", false}};
enum { WORDS = sizeof words / sizeof *words };

/* The row of "error_rate" and "error_rate:POST /orders"; WORDS when there is none. */
static size_t find_word(const char *metric) {
    size_t len = strcspn(metric, ":"), i = 0;
    while (i < WORDS && (strlen(words[i].metric) != len || strncmp(words[i].metric, metric, len)))
        i++;
    return i;
}

char *check_name(const struct check *c, char *out, size_t size) {
    size_t i = find_word(c->metric), len = strcspn(c->metric, ":");
    const char *endpoint = c->metric + len + (c->metric[len] == ':');
    snprintf(out, size, "%.*s%s%s", i < WORDS ? 99 : (int)len,
             i < WORDS ? words[i].word : c->metric, endpoint[0] ? " " : "", endpoint);
    return out;
}

const char *check_word(const char *metric) {
    size_t i = strchr(metric, ':') ? WORDS : find_word(metric);
    return i < WORDS ? words[i].word : metric;
}

bool check_is_share(const struct check *c) {
    size_t i = find_word(c->metric);
    return c->unit[0] == '\0' && i < WORDS && words[i].share;
}

static void show_number(const struct check *c, double v, int more, char *out, size_t size) {
    char number[48];
    int decimals = c->unit[0] && v < 1000 ? 1 : 0;
    if (check_is_share(c) && more == 0) {
        unit_show_share(v, out, size);
        return;
    }
    if (check_is_share(c)) {
        snprintf(out, size, "%s %%", unit_show(v * 100, 2 + more, number, sizeof number));
        return;
    }
    if (strcmp(c->unit, "ms") == 0)
        decimals = v >= 99.95 || v == 0 ? 0 : v >= 0.995 ? 1 : 2;
    if (c->unit[0] == '\0' && more == 0)
        unit_show_short(v, 2, number, sizeof number);
    else
        unit_show(v, decimals + more, number, sizeof number);
    snprintf(out, size, "%s%s%s", number, c->unit[0] ? " " : "", c->unit);
}

char *check_show_limit(const struct check *c, char *out, size_t size) {
    char number[48];
    bool share = check_is_share(c);
    out[0] = '\0';
    if (isnan(c->limit))
        return out;
    unit_show_short(share ? c->limit * 100 : c->limit, share ? 4 : 1, number, sizeof number);
    snprintf(out, size, "%s%s%s", number, share || c->unit[0] ? " " : "", share ? "%" : c->unit);
    return out;
}

char *check_show_value(const struct check *c, double value, char *out, size_t size) {
    char limit[64];
    if (!isfinite(value)) {
        text_copy(out, size, "no data");
        return out;
    }
    check_show_limit(c, limit, sizeof limit);
    show_number(c, value, 0, out, size);
    for (int more = 1; more <= 3 && value != c->limit && strcmp(out, limit) == 0; more++)
        show_number(c, value, more, out, size);
    return out;
}

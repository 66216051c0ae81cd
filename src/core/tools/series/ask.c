/* Prometheus while the load goes on: what is asked, and what its answers say now. */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "base/text.h"
#include "results/number.h"
#include "tools/process.h"
#include "tools/reply.h"
#include "tools/series/answer.h"

#define POINTS_IN_ANSWER 10000 /* of one series; Prometheus refuses more than 11000 */

const char prometheus_targets_path[] = "/api/v1/targets?state=active";
const char prometheus_memory_query[] = "process_resident_memory_bytes";
const char prometheus_cpu_query[] = "rate(process_cpu_seconds_total[1m])";

static const struct reply_rules rules = {
    .wanted = "Prometheus' figures",
    .fix = "give the address of Prometheus' own HTTP API",
    .most_bytes = ANSWER_MAX_BYTES,
    .most_values = ANSWER_MAX_VALUES,
};

/* --- paths ----------------------------------------------------------------------------------- */

/* As a value of a query; false: it does not fit. */
static bool put_escaped(char *out, size_t size, size_t *len, const char *text) {
    static const char plain[] =
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~";
    for (; *text; text++) {
        bool as_is = strchr(plain, *text) != NULL;
        size_t need = as_is ? 1 : 3;
        if (size - *len <= need)
            return false;
        snprintf(out + *len, size - *len, as_is ? "%c" : "%%%02X", (unsigned char)*text);
        *len += need;
    }
    return true;
}

static bool put_path(const char *path, const char *query, char *out, size_t size, size_t *len) {
    *len = strlen(path);
    return text_copy(out, size, path) && put_escaped(out, size, len, query);
}

bool prometheus_now_path(const char *query, char *out, size_t size) {
    size_t len;
    return put_path("/api/v1/query?query=", query, out, size, &len);
}

bool prometheus_range_path(const char *query, double from_s, double to_s, double step_s, char *out,
                           size_t size) {
    size_t len;
    if (!put_path("/api/v1/query_range?query=", query, out, size, &len))
        return false;
    double step = fmax(fmax(step_s, 0.001), (to_s - from_s) / POINTS_IN_ANSWER);
    int n = snprintf(out + len, size - len, "&start=%.3f&end=%.3f&step=%.3f", from_s, to_s, step);
    return n >= 0 && (size_t)n < size - len;
}

/* --- answers --------------------------------------------------------------------------------- */

struct taking {
    enum process_metric what;
    prometheus_value *take;
    void *self;
    struct answer_names names;
    size_t values, others;
    char other[ANSWER_QUOTED_BYTES]; /* the first that is no memory */
};

static void take_value(void *self, const char *series, double t_s, double value) {
    struct taking *t = self;
    t->values++;
    t->take(t->self, series, t_s, value);
}

static void take_series(struct taking *t, const struct answer_series *s) {
    struct answer_tally left_out = {0};
    double factor = 1;
    bool guessed = false;
    if (t->names.n == TRACES_MAX || !answer_has_value(s))
        return;
    if (t->what == PROCESS_MEMORY && !answer_megabytes(s, &factor, &guessed)) {
        const char *name = answer_metric(s);
        if (t->others++ == 0)
            text_clean(name, strlen(name), TEXT_ONE_LINE, t->other, sizeof t->other);
        return;
    }
    const char *name = answer_name(&t->names, s, t->what == PROCESS_MEMORY ? "memory" : "CPU");
    answer_values(s, name, factor, take_value, t, &left_out);
}

static void take_results(struct taking *t, const char *type, const cJSON *result) {
    bool one = strcmp(type, "matrix") != 0;
    const cJSON *r;
    if (strcmp(type, "scalar") == 0) {
        take_series(t, &(struct answer_series){.pairs = result, .one = true});
        return;
    }
    cJSON_ArrayForEach(r, result) {
        struct answer_series s = {
            .metric = cJSON_GetObjectItemCaseSensitive(r, "metric"),
            .pairs = cJSON_GetObjectItemCaseSensitive(r, one ? "value" : "values"),
            .one = one,
        };
        take_series(t, &s);
    }
}

static bool is_memory(const struct taking *t, struct err *e) {
    if (t->values > 0 || t->others == 0)
        return true;
    err_set(e, ERR_FORMAT, "holds no memory: %s is no size in bytes or MB",
            t->other[0] ? t->other : "a series without a name");
    return err_fix(e, "ask for memory, such as %s{job=\"...\"}", prometheus_memory_query);
}

bool prometheus_answer_read(const char *json, size_t len, enum process_metric what,
                            prometheus_value *take, void *self, struct err *e) {
    struct taking t = {.what = what, .take = take, .self = self};
    cJSON *root = reply_json(0, json, len, &rules, e);
    const char *type =
        root ? answer_type(root, "check the query, and that it is Prometheus' address", e) : NULL;
    const cJSON *data = cJSON_GetObjectItemCaseSensitive(root, "data");
    if (type)
        take_results(&t, type, cJSON_GetObjectItemCaseSensitive(data, "result"));
    bool ok = type && is_memory(&t, e);
    cJSON_Delete(root);
    return ok;
}

/* --- how often it scrapes -------------------------------------------------------------------- */

/* "15s", "1m30s", "500ms"; NAN. */
static double seconds_in(const char *s) {
    static const struct {
        const char *unit;
        double seconds;
    } units[] = {{"ms", 0.001}, {"s", 1}, {"m", 60}, {"h", 3600}, {"d", 86400}, {"w", 604800}};
    double sum = 0;
    while (*s) {
        uint64_t n;
        size_t digits = strspn(s, "0123456789"), i = 0;
        if (!number_whole(s, digits, &n))
            return NAN;
        s += digits;
        while (i < sizeof units / sizeof *units && !text_starts(s, units[i].unit))
            i++;
        if (i == sizeof units / sizeof *units)
            return NAN;
        sum += (double)n * units[i].seconds;
        s += strlen(units[i].unit);
    }
    return sum > 0 ? sum : NAN;
}

double prometheus_scrape_s(const char *json, size_t len) {
    double least = NAN;
    cJSON *root = reply_json(0, json, len, &rules, NULL);
    const cJSON *data = cJSON_GetObjectItemCaseSensitive(root, "data"), *target;
    cJSON_ArrayForEach(target, cJSON_GetObjectItemCaseSensitive(data, "activeTargets")) least =
        fmin(least, seconds_in(reply_text(target, "scrapeInterval")));
    cJSON_Delete(root);
    return least;
}

#include "report/measured_json.h"

#include <math.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "base/mem.h"
#include "base/text.h"
#include "report/json.h"

#define COUNT(a) (sizeof(a) / sizeof *(a))

/* --- response times --- */

struct latency_row {
    const char *name;
    enum metric metric;
};

static void add_latency(cJSON *to, const char *name, const struct figure *f,
                        const struct latency_row *rows, size_t n) {
    cJSON *o = cJSON_AddObjectToObject(to, name);
    for (size_t i = 0; i < n; i++)
        json_number(o, rows[i].name, f[rows[i].metric].value);
}

void latencies_add(cJSON *to, const struct figure *f) {
    static const struct latency_row all[] = {{"avg", METRIC_AVG_MS}, {"min", METRIC_MIN_MS},
                                             {"med", METRIC_MED_MS}, {"p90", METRIC_P90_MS},
                                             {"p95", METRIC_P95_MS}, {"p99", METRIC_P99_MS},
                                             {"max", METRIC_MAX_MS}};
    static const struct latency_row good[] = {{"avg", METRIC_OK_AVG_MS},
                                              {"med", METRIC_OK_MED_MS},
                                              {"p95", METRIC_OK_P95_MS},
                                              {"p99", METRIC_OK_P99_MS}};
    static const struct latency_row bad[] = {
        {"avg", METRIC_BAD_AVG_MS}, {"med", METRIC_BAD_MED_MS}, {"p95", METRIC_BAD_P95_MS}};
    add_latency(to, "latency_ms", f, all, COUNT(all));
    add_latency(to, "success_latency_ms", f, good, COUNT(good));
    add_latency(to, "failure_latency_ms", f, bad, COUNT(bad));
}

void counts_add(cJSON *to, double requests, double failed, double rps) {
    json_number(to, "requests", requests);
    json_number(to, "failed", failed);
    json_number(to, "error_rate", requests > 0 ? failed / requests : NAN);
    json_number(to, "rps", rps);
}

/* --- stretches --- */

/* The members of a stretch that are one number each. */
static const struct {
    const char *name;
    size_t offset;
} stretch_numbers[] = {
    {"from_s", offsetof(struct stretch, from_s)},
    {"to_s", offsetof(struct stretch, to_s)},
    {"window_s", offsetof(struct stretch, window_s)},
    {"load", offsetof(struct stretch, load)},
    {"vus", offsetof(struct stretch, vus)},
    {"dropped", offsetof(struct stretch, dropped)},
    {"generator_cpu", offsetof(struct stretch, generator_cpu)},
    {"p95_low_ms", offsetof(struct stretch, p95_low_ms)},
    {"p95_high_ms", offsetof(struct stretch, p95_high_ms)},
};

void values_add(cJSON *to, const double value[ENDPOINT_METRICS]) {
    struct figure f[ENDPOINT_METRICS];
    for (int m = 0; m < ENDPOINT_METRICS; m++)
        f[m] = (struct figure){.value = value[m]};
    counts_add(to, value[METRIC_REQUESTS], value[METRIC_FAILED], value[METRIC_RPS]);
    latencies_add(to, f);
}

static void add_stretches(cJSON *to, const struct summary *s) {
    cJSON *list = cJSON_AddArrayToObject(to, "stretches");
    for (size_t i = 0; i < s->stretches; i++) {
        const struct stretch *x = &s->stretch[i];
        cJSON *o = cJSON_CreateObject();
        json_text(o, "name", x->name);
        for (size_t k = 0; k < COUNT(stretch_numbers); k++)
            json_number(
                o, stretch_numbers[k].name,
                *(const double *)(const void *)((const char *)x + stretch_numbers[k].offset));
        values_add(o, x->value);
        json_numbers(o, "fifth_p95_ms", x->fifth_p95_ms, FIFTHS);
        json_numbers(o, "half_p95_ms", x->half_p95_ms, 2);
        cJSON_AddBoolToObject(o, "estimated", x->estimated);
        cJSON_AddItemToArray(list, o);
    }
}

/* A number that may be null or missing. */
static double number_of(const cJSON *o, const char *name) {
    const cJSON *it = cJSON_GetObjectItemCaseSensitive(o, name);
    return cJSON_IsNumber(it) ? it->valuedouble : NAN;
}

static void numbers_of(const cJSON *o, const char *name, double *out, int n) {
    const cJSON *list = cJSON_GetObjectItemCaseSensitive(o, name);
    for (int i = 0; i < n; i++) {
        const cJSON *it = cJSON_GetArrayItem(list, i);
        out[i] = cJSON_IsNumber(it) ? it->valuedouble : NAN;
    }
}

void values_read(const cJSON *o, double value[ENDPOINT_METRICS]) {
    static const struct {
        const char *group, *name;
        enum metric metric;
    } rows[] = {
        {"latency_ms", "avg", METRIC_AVG_MS},
        {"latency_ms", "min", METRIC_MIN_MS},
        {"latency_ms", "med", METRIC_MED_MS},
        {"latency_ms", "p90", METRIC_P90_MS},
        {"latency_ms", "p95", METRIC_P95_MS},
        {"latency_ms", "p99", METRIC_P99_MS},
        {"latency_ms", "max", METRIC_MAX_MS},
        {"success_latency_ms", "avg", METRIC_OK_AVG_MS},
        {"success_latency_ms", "med", METRIC_OK_MED_MS},
        {"success_latency_ms", "p95", METRIC_OK_P95_MS},
        {"success_latency_ms", "p99", METRIC_OK_P99_MS},
        {"failure_latency_ms", "avg", METRIC_BAD_AVG_MS},
        {"failure_latency_ms", "med", METRIC_BAD_MED_MS},
        {"failure_latency_ms", "p95", METRIC_BAD_P95_MS},
    };
    for (size_t i = 0; i < COUNT(rows); i++)
        value[rows[i].metric] =
            number_of(cJSON_GetObjectItemCaseSensitive(o, rows[i].group), rows[i].name);
    value[METRIC_REQUESTS] = number_of(o, "requests");
    value[METRIC_FAILED] = number_of(o, "failed");
    value[METRIC_RPS] = number_of(o, "rps");
}

static bool read_stretches(const cJSON *list, struct summary *s, struct err *e) {
    const cJSON *it;
    int n = cJSON_GetArraySize(list);
    if (n > STRETCHES_MAX)
        return err_set(e, ERR_LIMIT, "has more than %d stretches", STRETCHES_MAX);
    if (n > 0)
        s->stretch = mem_new((size_t)n, sizeof *s->stretch);
    cJSON_ArrayForEach(it, list) {
        struct stretch *x = &s->stretch[s->stretches++];
        *x = stretch_none();
        if (!json_get_text(it, "name", x->name, sizeof x->name, e))
            return false;
        for (size_t k = 0; k < COUNT(stretch_numbers); k++)
            *(double *)(void *)((char *)x + stretch_numbers[k].offset) =
                number_of(it, stretch_numbers[k].name);
        values_read(it, x->value);
        numbers_of(it, "fifth_p95_ms", x->fifth_p95_ms, FIFTHS);
        numbers_of(it, "half_p95_ms", x->half_p95_ms, 2);
        x->estimated = cJSON_IsTrue(cJSON_GetObjectItemCaseSensitive(it, "estimated"));
    }
    return true;
}

/* --- series: one array per figure --- */

static const struct {
    const char *name;
    size_t offset;
} columns[] = {
    {"at_s", offsetof(struct point, at_s)},         {"length_s", offsetof(struct point, length_s)},
    {"requests", offsetof(struct point, requests)}, {"failed", offsetof(struct point, failed)},
    {"avg_ms", offsetof(struct point, avg_ms)},     {"med_ms", offsetof(struct point, med_ms)},
    {"p95_ms", offsetof(struct point, p95_ms)},     {"max_ms", offsetof(struct point, max_ms)},
    {"vus", offsetof(struct point, vus)},           {"dropped", offsetof(struct point, dropped)},
    {"load", offsetof(struct point, load)},
};

static double *member(struct point *p, size_t offset) {
    return (double *)(void *)((char *)p + offset);
}

static void add_start(cJSON *to, int64_t start_ms) {
    char text[40] = "", day[24];
    time_t second = (time_t)(start_ms / 1000);
    struct tm t;
    if (start_ms > 0 && gmtime_r(&second, &t) && strftime(day, sizeof day, "%Y-%m-%dT%H:%M:%S", &t))
        snprintf(text, sizeof text, "%s.%03dZ", day, (int)(start_ms % 1000));
    json_text(to, "start", text);
    json_number(to, "start_ms", start_ms > 0 ? (double)start_ms : NAN);
}

static void add_series(cJSON *to, const char *name, const struct series *r) {
    if (r->points == 0) {
        cJSON_AddNullToObject(to, name);
        return;
    }
    cJSON *o = cJSON_AddObjectToObject(to, name);
    add_start(o, r->start_ms);
    json_number(o, "percentile_error", r->percentile_error);
    for (size_t c = 0; c < COUNT(columns); c++) {
        cJSON *list = cJSON_AddArrayToObject(o, columns[c].name);
        for (size_t i = 0; i < r->points; i++)
            json_number_item(list, *member(&r->point[i], columns[c].offset));
    }
}

/* A column that an older version did not store is not known. */
static bool read_column(const cJSON *list, struct series *r, size_t c, struct err *e) {
    const cJSON *it;
    size_t i = 0;
    if (list && cJSON_GetArraySize(list) != (int)r->points)
        return err_set(e, ERR_FORMAT, "series \"%s\" has not %zu values", columns[c].name,
                       r->points);
    cJSON_ArrayForEach(it, list) * member(&r->point[i++], columns[c].offset) =
        cJSON_IsNumber(it) ? it->valuedouble : NAN;
    return true;
}

static bool read_series(const cJSON *from, const char *name, struct series *r, struct err *e) {
    const cJSON *o = cJSON_GetObjectItemCaseSensitive(from, name);
    int n = cJSON_GetArraySize(cJSON_GetObjectItemCaseSensitive(o, columns[0].name));
    if (!o || cJSON_IsNull(o) || n == 0)
        return true;
    if (n > POINTS_MAX)
        return err_set(e, ERR_LIMIT, "has more than %d points", POINTS_MAX);
    r->point = mem_new((size_t)n, sizeof *r->point);
    r->points = r->cap = (size_t)n;
    for (size_t i = 0; i < r->points; i++)
        r->point[i] = point_none(NAN, NAN);
    for (size_t c = 0; c < COUNT(columns); c++)
        if (!read_column(cJSON_GetObjectItemCaseSensitive(o, columns[c].name), r, c, e))
            return false;
    double start = number_of(o, "start_ms"), error = number_of(o, "percentile_error");
    r->start_ms = start > 0 && start < 1e15 ? (int64_t)start : 0;
    r->percentile_error = error > 0 ? error : 0;
    return true;
}

/* --- memory --- */

static void add_memory(cJSON *to, const struct summary *s) {
    cJSON *list = cJSON_AddArrayToObject(to, "memory_mb");
    for (size_t i = 0; i < s->memories; i++) {
        const struct trace *t = &s->memory[i];
        cJSON *o = cJSON_CreateObject();
        json_text(o, "name", t->name);
        cJSON *at = cJSON_AddArrayToObject(o, "t_s"), *value = cJSON_AddArrayToObject(o, "value");
        for (size_t k = 0; k < t->n; k++) {
            json_number_item(at, t->at[k].t_s);
            json_number_item(value, t->at[k].value);
        }
        cJSON_AddItemToArray(list, o);
    }
}

static bool read_trace(const cJSON *o, struct summary *s, struct err *e) {
    char name[SCOPE_MAX_BYTES];
    if (!json_get_text(o, "name", name, sizeof name, e))
        return false;
    struct trace *t = summary_trace(s, name);
    const cJSON *at = json_get_array(o, "t_s", e), *value = json_get_array(o, "value", e);
    if (!t || !at || !value)
        return err_set(e, ERR_FORMAT, "a memory series cannot be read");
    const cJSON *x = at->child, *y = value->child;
    for (; x && y; x = x->next, y = y->next)
        if (cJSON_IsNumber(x) && cJSON_IsNumber(y))
            trace_add(t, x->valuedouble, y->valuedouble);
    return true;
}

static bool read_memory(const cJSON *list, struct summary *s, struct err *e) {
    const cJSON *it;
    cJSON_ArrayForEach(it, list) if (!read_trace(it, s, e)) return false;
    return true;
}

/* --- errors --- */

static void add_errors(cJSON *to, const struct summary *s) {
    cJSON *list = cJSON_AddArrayToObject(to, "errors");
    for (size_t i = 0; i < s->errors; i++) {
        cJSON *o = cJSON_CreateObject();
        json_text(o, "text", s->error[i].text);
        json_number(o, "count", s->error[i].count);
        cJSON_AddItemToArray(list, o);
    }
}

static bool read_errors(const cJSON *list, struct summary *s, struct err *e) {
    const cJSON *it;
    int n = cJSON_GetArraySize(list);
    if (n > ERRORS_MAX)
        return err_set(e, ERR_LIMIT, "has more than %d kinds of error", ERRORS_MAX);
    if (n > 0)
        s->error = mem_new((size_t)n, sizeof *s->error);
    s->errors_cap = (size_t)n;
    cJSON_ArrayForEach(it, list) {
        struct error_kind *x = &s->error[s->errors++];
        if (!json_get_text(it, "text", x->text, sizeof x->text, e))
            return false;
        x->count = number_of(it, "count");
    }
    return true;
}

/* --- all --- */

void measured_add(cJSON *to, const struct summary *s) {
    cJSON *o = cJSON_AddObjectToObject(to, "percentiles");
    cJSON_AddBoolToObject(o, "computed", s->computed);
    json_text(o, "rule", s->percentiles);
    json_number(o, "error", s->computed ? s->percentile_error : NAN);
    json_number(to, "generators", s->generators);
    o = cJSON_AddObjectToObject(to, "in_flight");
    json_number(o, "requests", s->in_flight);
    json_number(o, "vus", s->in_flight_vus);
    add_errors(to, s);
    add_stretches(to, s);
    add_series(to, "series", &s->series);
    add_series(to, "windows", &s->windows);
    add_memory(to, s);
}

bool measured_read(const cJSON *from, struct summary *s, struct err *e) {
    const cJSON *o = cJSON_GetObjectItemCaseSensitive(from, "percentiles");
    if (!o)
        return true;
    double error = number_of(o, "error"), generators = number_of(from, "generators");
    s->computed = cJSON_IsTrue(cJSON_GetObjectItemCaseSensitive(o, "computed"));
    s->percentile_error = error > 0 ? error : 0;
    s->generators = generators >= 1 && generators < 1e6 ? (int)generators : 1;
    if (!json_get_text(o, "rule", s->percentiles, sizeof s->percentiles, e))
        return false;
    o = cJSON_GetObjectItemCaseSensitive(from, "in_flight");
    s->in_flight = number_of(o, "requests");
    s->in_flight_vus = number_of(o, "vus");
    return read_errors(cJSON_GetObjectItemCaseSensitive(from, "errors"), s, e) &&
           read_stretches(cJSON_GetObjectItemCaseSensitive(from, "stretches"), s, e) &&
           read_series(from, "series", &s->series, e) &&
           read_series(from, "windows", &s->windows, e) &&
           read_memory(cJSON_GetObjectItemCaseSensitive(from, "memory_mb"), s, e);
}

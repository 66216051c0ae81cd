/* An answer of Prometheus' HTTP API with a matrix: the memory of each process that it found. Values
 * are strings there, times numbers of seconds. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cjson/cJSON.h>

#include "base/buf.h"
#include "base/mem.h"
#include "base/text.h"
#include "results/number.h"
#include "tools/json_text.h"
#include "tools/series/results.h"
#include "tools/series/unit.h"

#define TIME_MAX_S 32503680000.0 /* the year 3000 */
#define MB_MAX 1e12
#define BYTES_FROM 1e6 /* no process has a million MB: values without a unit are bytes then */
#define MB_LEAST 1     /* and none less than one */
#define RISE_LEAST_S 0.0005

enum {
    JSON_MAX_BYTES = 64 << 20,
    JSON_MAX_VALUES = 1500000, /* bounds the memory of the tree */
    QUOTED_BYTES = 120,
};

struct prometheus {
    struct sink out;
    struct buf text;
    char name[TRACES_MAX][SCOPE_MAX_BYTES]; /* of the traces said */
    size_t names;
    size_t results, others; /* in the answer; others: of no memory */
    char other[QUOTED_BYTES];
    size_t left_out; /* results past TRACES_MAX */
    size_t odd, back, too_many;
    bool guessed;
};

static const char ask[] = "ask /api/v1/query_range for the memory of the run, such as "
                          "process_resident_memory_bytes{job=\"...\"}";

/* --- names ----------------------------------------------------------------------------------- */

static const char *text_of(const cJSON *o, const char *key) {
    const cJSON *it = cJSON_GetObjectItemCaseSensitive(o, key);
    return cJSON_IsString(it) ? it->valuestring : "";
}

static bool is_taken(const struct prometheus *p, const char *name) {
    for (size_t i = 0; i < p->names; i++)
        if (strcmp(p->name[i], name) == 0)
            return true;
    return false;
}

/* "orders-api 127.0.0.1:8080": the labels that tell one process from another. */
static void labels_of(const cJSON *metric, char *out, size_t size) {
    static const char *const keys[] = {"job",     "pod",       "container", "instance",
                                       "process", "groupname", "area",      "id"};
    struct text_out o = {.to = out, .size = size};
    text_put(&o, "", 0);
    for (size_t i = 0; i < sizeof keys / sizeof *keys; i++) {
        const char *value = text_of(metric, keys[i]);
        if (!*value)
            continue;
        text_put(&o, " ", o.len > 0);
        text_put(&o, value, strlen(value));
    }
}

/* Different from those before it. */
static const char *name_trace(struct prometheus *p, const cJSON *metric) {
    char raw[SCOPE_MAX_BYTES], plain[SCOPE_MAX_BYTES - 8];
    char *name = p->name[p->names];
    const char *what = text_of(metric, "__name__");
    labels_of(metric, raw, sizeof raw);
    text_clean(raw, strlen(raw), TEXT_ONE_LINE, plain, sizeof plain);
    if (!plain[0])
        text_clean(*what ? what : "memory", strlen(*what ? what : "memory"), TEXT_ONE_LINE, plain,
                   sizeof plain);
    text_copy(name, SCOPE_MAX_BYTES, plain[0] ? plain : "memory");
    for (int n = 2; is_taken(p, name); n++)
        snprintf(name, SCOPE_MAX_BYTES, "%s %d", plain[0] ? plain : "memory", n);
    p->names++;
    return name;
}

/* --- values ---------------------------------------------------------------------------------- */

/* [1795426014, "59244544"]; false: no finite number. */
static bool read_pair(const cJSON *pair, double *t_s, double *value) {
    const cJSON *t = cJSON_GetArrayItem(pair, 0), *v = cJSON_GetArrayItem(pair, 1);
    if (!cJSON_IsArray(pair) || !cJSON_IsNumber(t) || !cJSON_IsString(v))
        return false;
    *t_s = t->valuedouble;
    return *t_s >= CLOCK_FROM_S && *t_s <= TIME_MAX_S &&
           number_real(v->valuestring, strlen(v->valuestring), value) && *value >= 0;
}

/* What no name tells is told by the size of the values; 0: too small for memory. */
static double guess_factor(const cJSON *values) {
    const cJSON *pair;
    double t_s, value, most = 0;
    cJSON_ArrayForEach(pair, values) if (read_pair(pair, &t_s, &value)) most = fmax(most, value);
    return most >= BYTES_FROM ? 1e-6 : most >= MB_LEAST ? 1 : 0;
}

/* false: it is something else than memory. */
static bool find_factor(struct prometheus *p, const cJSON *metric, const cJSON *values,
                        double *factor) {
    const char *name = text_of(metric, "__name__");
    if (series_megabytes_in(name, factor))
        return true;
    if (*name && !series_is_memory(name))
        return false;
    *factor = guess_factor(values);
    p->guessed = p->guessed || *factor > 0;
    return *factor > 0;
}

static void say_values(struct prometheus *p, const char *name, const cJSON *values, double factor) {
    const cJSON *pair;
    double t_s, value, last_s = 0;
    size_t n = 0;
    cJSON_ArrayForEach(pair, values) {
        if (!read_pair(pair, &t_s, &value) || value * factor > MB_MAX) {
            p->odd++;
        } else if (t_s < last_s + RISE_LEAST_S) {
            p->back++;
        } else if (n == MOMENTS_MAX) {
            p->too_many++;
        } else {
            n++;
            last_s = t_s;
            if (p->out.moment)
                p->out.moment(p->out.self, name, t_s, value * factor);
        }
    }
}

static bool has_value(const cJSON *values) {
    const cJSON *pair;
    double t_s, value;
    cJSON_ArrayForEach(pair, values) if (read_pair(pair, &t_s, &value)) return true;
    return false;
}

static void take_result(struct prometheus *p, const cJSON *result) {
    const cJSON *metric = cJSON_GetObjectItemCaseSensitive(result, "metric");
    const cJSON *values = cJSON_GetObjectItemCaseSensitive(result, "values");
    double factor;
    p->results++;
    if (!has_value(values)) {
        p->odd += (size_t)cJSON_GetArraySize(values);
    } else if (!find_factor(p, metric, values, &factor)) {
        const char *name = text_of(metric, "__name__");
        name = *name ? name : "a series without a name";
        if (p->others++ == 0)
            text_clean(name, strlen(name), TEXT_ONE_LINE, p->other, sizeof p->other);
    } else if (p->names == TRACES_MAX) {
        p->left_out++;
    } else {
        say_values(p, name_trace(p, metric), values, factor);
    }
}

/* --- the answer ------------------------------------------------------------------------------ */

static bool quote(struct err *e, const char *text, const char *fmt) {
    char clean[QUOTED_BYTES];
    text_clean(text, strlen(text), TEXT_ONE_LINE, clean, sizeof clean);
    err_set(e, ERR_FORMAT, fmt, clean);
    return err_fix(e, "%s", ask);
}

static bool is_matrix(const cJSON *root, struct err *e) {
    const cJSON *data = cJSON_GetObjectItemCaseSensitive(root, "data");
    const char *status = text_of(root, "status"), *type = text_of(data, "resultType");
    if (strcmp(status, "error") == 0)
        return quote(e, text_of(root, "error"), "is an error of Prometheus: %s");
    if (!*type) {
        err_set(e, ERR_FORMAT, "is JSON, and no answer of a query to Prometheus");
        return err_fix(e, "%s", ask);
    }
    if (strcmp(type, "matrix") != 0)
        return quote(e, type, "is an answer for one moment (%s), no series over time");
    return true;
}

static bool has_memory(const struct prometheus *p, struct err *e) {
    if (p->names > 0)
        return true;
    if (p->results == 0)
        err_set(e, ERR_FORMAT, "is an answer without a series: the query found nothing");
    else if (p->others > 0)
        err_set(e, ERR_FORMAT, "holds no memory: %s is no size in bytes or MB", p->other);
    else
        err_set(e, ERR_FORMAT, "holds no value that is a number");
    return err_fix(e, "%s", ask);
}

static void say_passed_over(const struct prometheus *p, const cJSON *root) {
    const cJSON *warnings = cJSON_GetObjectItemCaseSensitive(root, "warnings");
    const cJSON *first = cJSON_GetArrayItem(warnings, 0);
    char clean[QUOTED_BYTES];
    if (p->guessed)
        sink_remark(&p->out, FINDING_INFO, "memory-unit", 0,
                    "the answer names no unit: values of a million and more are taken as bytes, "
                    "smaller ones as MB of memory");
    if (p->odd)
        sink_remark(&p->out, FINDING_INFO, "no-numbers", 0,
                    "%zu value%s no finite number and %s left out", p->odd,
                    p->odd == 1 ? " is" : "s are", p->odd == 1 ? "was" : "were");
    if (p->back)
        sink_remark(&p->out, FINDING_WARNING, "time-not-rising", 0,
                    "%zu values are not later than the one before and were left out", p->back);
    if (p->others)
        sink_remark(&p->out, FINDING_INFO, "no-memory", 0,
                    "%zu series are no memory and were left out, such as %s", p->others, p->other);
    if (p->left_out || p->too_many)
        sink_remark(&p->out, FINDING_WARNING, "moments-left-out", 0,
                    "%zu series and %zu values were left out: there are more than %d series, or "
                    "more than %d values in one",
                    p->left_out, p->too_many, TRACES_MAX, MOMENTS_MAX);
    if (cJSON_IsString(first)) {
        text_clean(first->valuestring, strlen(first->valuestring), TEXT_ONE_LINE, clean,
                   sizeof clean);
        sink_remark(&p->out, FINDING_WARNING, "prometheus-warning", 0, "Prometheus warns: %s",
                    clean);
    }
}

static bool read_answer(struct prometheus *p, const cJSON *root, struct err *e) {
    const cJSON *data, *result;
    if (!is_matrix(root, e))
        return false;
    data = cJSON_GetObjectItemCaseSensitive(root, "data");
    data = cJSON_GetObjectItemCaseSensitive(data, "result");
    cJSON_ArrayForEach(result, data) take_result(p, result);
    if (!has_memory(p, e))
        return false;
    say_passed_over(p, root);
    sink_text(&p->out, DOOR_BLOCKS, "", 1);
    return true;
}

/* --- the reader ------------------------------------------------------------------------------ */

static const struct json_text_rules document = {
    .most_bytes = JSON_MAX_BYTES,
    .most_values = JSON_MAX_VALUES,
    .what = "for an answer of Prometheus",
    .smaller = "ask for fewer series, or with a longer step",
    .whole = "take the whole answer as Prometheus gave it",
};

static void *prometheus_open(const struct sink *out) {
    struct prometheus *p = mem_new(1, sizeof *p);
    p->out = *out;
    buf_init(&p->text, JSON_MAX_BYTES);
    return p;
}

static bool prometheus_feed(void *self, const char *bytes, size_t len, struct err *e) {
    struct prometheus *p = self;
    return json_text_add(&p->text, bytes, len, &document, e);
}

static bool prometheus_finish(void *self, struct err *e) {
    struct prometheus *p = self;
    cJSON *root = json_text_parse(&p->text, &document, e);
    bool ok = root && read_answer(p, root, e);
    cJSON_Delete(root);
    return ok;
}

static void prometheus_close(void *self) {
    struct prometheus *p = self;
    buf_fini(&p->text);
    free(p);
}

static bool has(const char *s, size_t len, const char *word) {
    return memmem(s, len, word, strlen(word)) != NULL;
}

/* An answer without a matrix is known too, so that what is wrong with it can be said. */
static int prometheus_sniff(const char *head, size_t len) {
    const char *s = text_begin(head, &len);
    if (len == 0 || *s != '{' || !has(s, len < 64 ? len : 64, "\"status\""))
        return 0;
    if (has(s, len, "\"resultType\""))
        return 97;
    return has(s, len, "\"errorType\"") ? 97 : 0;
}

const struct reader prometheus_json_reader = {
    .name = "prometheus-json",
    .tool = "series",
    .gives = GIVES_MEMORY,
    .sniff = prometheus_sniff,
    .open = prometheus_open,
    .feed = prometheus_feed,
    .finish = prometheus_finish,
    .close = prometheus_close,
};

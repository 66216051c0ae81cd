/* An answer of Prometheus' HTTP API with a matrix: the memory of each process that it found. */
#include <stdlib.h>
#include <string.h>

#include <cjson/cJSON.h>

#include "base/buf.h"
#include "base/mem.h"
#include "base/text.h"
#include "tools/json_text.h"
#include "tools/series/answer.h"
#include "tools/series/results.h"

struct prometheus {
    struct sink out;
    struct buf text;
    struct answer_names names; /* of the traces said */
    size_t results, others;    /* in the answer; others: of no memory */
    char other[ANSWER_QUOTED_BYTES];
    size_t series_left_out; /* past TRACES_MAX */
    struct answer_tally left_out;
    bool guessed;
};

static const char ask[] = "ask /api/v1/query_range for the memory of the run, such as "
                          "process_resident_memory_bytes{job=\"...\"}";

static void say_moment(void *self, const char *name, double t_s, double value) {
    const struct sink *out = self;
    if (out->moment)
        out->moment(out->self, name, t_s, value);
}

static void take_result(struct prometheus *p, const cJSON *result) {
    const struct answer_series series = {
        .metric = cJSON_GetObjectItemCaseSensitive(result, "metric"),
        .pairs = cJSON_GetObjectItemCaseSensitive(result, "values"),
    };
    double factor;
    p->results++;
    if (!answer_has_value(&series)) {
        p->left_out.odd += (size_t)cJSON_GetArraySize(series.pairs);
    } else if (!answer_megabytes(&series, &factor, &p->guessed)) {
        const char *name = answer_metric(&series);
        name = *name ? name : "a series without a name";
        if (p->others++ == 0)
            text_clean(name, strlen(name), TEXT_ONE_LINE, p->other, sizeof p->other);
    } else if (p->names.n == TRACES_MAX) {
        p->series_left_out++;
    } else {
        const char *name = answer_name(&p->names, &series, "memory");
        answer_values(&series, name, factor, say_moment, &p->out, &p->left_out);
    }
}

/* --- the answer ------------------------------------------------------------------------------ */

static bool is_matrix(const cJSON *root, struct err *e) {
    char clean[ANSWER_QUOTED_BYTES];
    const char *type = answer_type(root, ask, e);
    if (!type)
        return false;
    if (strcmp(type, "matrix") == 0)
        return true;
    text_clean(type, strlen(type), TEXT_ONE_LINE, clean, sizeof clean);
    err_set(e, ERR_FORMAT, "is an answer for one moment (%s), no series over time", clean);
    return err_fix(e, "%s", ask);
}

static bool has_memory(const struct prometheus *p, struct err *e) {
    if (p->names.n > 0)
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
    char clean[ANSWER_QUOTED_BYTES];
    if (p->guessed)
        sink_remark(&p->out, FINDING_INFO, "memory-unit", 0,
                    "the answer names no unit: values of a million and more are taken as bytes, "
                    "smaller ones as MB of memory");
    if (p->left_out.odd)
        sink_remark(&p->out, FINDING_INFO, "no-numbers", 0,
                    "%zu value%s no finite number and %s left out", p->left_out.odd,
                    p->left_out.odd == 1 ? " is" : "s are", p->left_out.odd == 1 ? "was" : "were");
    if (p->left_out.back)
        sink_remark(&p->out, FINDING_WARNING, "time-not-rising", 0,
                    "%zu values are not later than the one before and were left out",
                    p->left_out.back);
    if (p->others)
        sink_remark(&p->out, FINDING_INFO, "no-memory", 0,
                    "%zu series are no memory and were left out, such as %s", p->others, p->other);
    if (p->series_left_out || p->left_out.too_many)
        sink_remark(&p->out, FINDING_WARNING, "moments-left-out", 0,
                    "%zu series and %zu values were left out: there are more than %d series, or "
                    "more than %d values in one",
                    p->series_left_out, p->left_out.too_many, TRACES_MAX, MOMENTS_MAX);
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
    .most_bytes = ANSWER_MAX_BYTES,
    .most_values = ANSWER_MAX_VALUES,
    .what = "for an answer of Prometheus",
    .smaller = "ask for fewer series, or with a longer step",
    .whole = "take the whole answer as Prometheus gave it",
};

static void *prometheus_open(const struct sink *out) {
    struct prometheus *p = mem_new(1, sizeof *p);
    p->out = *out;
    buf_init(&p->text, ANSWER_MAX_BYTES);
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

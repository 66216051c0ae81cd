/* Values are strings there, times numbers of seconds. */
#include "tools/series/answer.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "base/text.h"
#include "results/number.h"
#include "results/reader.h"
#include "tools/reply.h"
#include "tools/series/unit.h"

#define TIME_MAX_S 32503680000.0 /* the year 3000 */
#define VALUE_MAX 1e12
#define BYTES_FROM 1e6 /* no process has a million MB: values without a unit are bytes then */
#define MB_LEAST 1     /* and none less than one */
#define RISE_LEAST_S 0.0005

const char *answer_type(const cJSON *root, const char *fix, struct err *e) {
    const cJSON *data = cJSON_GetObjectItemCaseSensitive(root, "data");
    const char *words = reply_text(root, "error"), *type = reply_text(data, "resultType");
    char clean[ANSWER_QUOTED_BYTES];
    if (strcmp(reply_text(root, "status"), "error") == 0) {
        text_clean(words, strlen(words), TEXT_ONE_LINE, clean, sizeof clean);
        err_set(e, ERR_FORMAT, "is an error of Prometheus: %s", clean);
    } else if (!*type) {
        err_set(e, ERR_FORMAT, "is JSON, and no answer of a query to Prometheus");
    } else {
        return type;
    }
    err_fix(e, "%s", fix);
    return NULL;
}

/* --- names ----------------------------------------------------------------------------------- */

const char *answer_metric(const struct answer_series *s) {
    return reply_text(s->metric, "__name__");
}

static bool is_taken(const struct answer_names *n, const char *name) {
    for (size_t i = 0; i < n->n; i++)
        if (strcmp(n->name[i], name) == 0)
            return true;
    return false;
}

static void labels_of(const cJSON *metric, char *out, size_t size) {
    static const char *const keys[] = {"job",     "pod",       "container", "instance",
                                       "process", "groupname", "area",      "id"};
    struct text_out o = {.to = out, .size = size};
    text_put(&o, "", 0);
    for (size_t i = 0; i < sizeof keys / sizeof *keys; i++) {
        const char *value = reply_text(metric, keys[i]);
        if (!*value)
            continue;
        text_put(&o, " ", o.len > 0);
        text_put(&o, value, strlen(value));
    }
}

const char *answer_name(struct answer_names *n, const struct answer_series *s, const char *word) {
    char raw[SCOPE_MAX_BYTES], plain[SCOPE_MAX_BYTES - 8];
    char *name = n->name[n->n];
    const char *metric = answer_metric(s);
    labels_of(s->metric, raw, sizeof raw);
    text_clean(raw, strlen(raw), TEXT_ONE_LINE, plain, sizeof plain);
    if (!plain[0])
        text_clean(metric, strlen(metric), TEXT_ONE_LINE, plain, sizeof plain);
    if (!plain[0])
        text_copy(plain, sizeof plain, word);
    text_copy(name, SCOPE_MAX_BYTES, plain);
    for (int i = 2; is_taken(n, name); i++)
        snprintf(name, SCOPE_MAX_BYTES, "%s %d", plain, i);
    n->n++;
    return name;
}

/* --- values ---------------------------------------------------------------------------------- */

static const cJSON *first_pair(const struct answer_series *s) {
    return s->one || !s->pairs ? s->pairs : s->pairs->child;
}
static const cJSON *next_pair(const struct answer_series *s, const cJSON *pair) {
    return s->one ? NULL : pair->next;
}

/* [1795426014, "59244544"]; false: no finite number. */
static bool read_pair(const cJSON *pair, double *t_s, double *value) {
    const cJSON *t = cJSON_GetArrayItem(pair, 0), *v = cJSON_GetArrayItem(pair, 1);
    if (!cJSON_IsArray(pair) || !cJSON_IsNumber(t) || !cJSON_IsString(v))
        return false;
    *t_s = t->valuedouble;
    return *t_s >= CLOCK_FROM_S && *t_s <= TIME_MAX_S &&
           number_real(v->valuestring, strlen(v->valuestring), value) && *value >= 0;
}

bool answer_has_value(const struct answer_series *s) {
    double t_s, value;
    for (const cJSON *p = first_pair(s); p; p = next_pair(s, p))
        if (read_pair(p, &t_s, &value))
            return true;
    return false;
}

/* What no name tells is told by the size of the values; 0: too small for memory. */
static double guess_factor(const struct answer_series *s) {
    double t_s, value, most = 0;
    for (const cJSON *p = first_pair(s); p; p = next_pair(s, p))
        if (read_pair(p, &t_s, &value))
            most = fmax(most, value);
    return most >= BYTES_FROM ? 1e-6 : most >= MB_LEAST ? 1 : 0;
}

bool answer_megabytes(const struct answer_series *s, double *factor, bool *guessed) {
    const char *name = answer_metric(s);
    if (series_megabytes_in(name, factor))
        return true;
    if (*name && !series_is_memory(name))
        return false;
    *factor = guess_factor(s);
    *guessed = *guessed || *factor > 0;
    return *factor > 0;
}

void answer_values(const struct answer_series *s, const char *name, double factor,
                   answer_value *take, void *self, struct answer_tally *left_out) {
    double t_s, value, last_s = 0;
    size_t n = 0;
    for (const cJSON *p = first_pair(s); p; p = next_pair(s, p)) {
        if (!read_pair(p, &t_s, &value) || value * factor > VALUE_MAX) {
            left_out->odd++;
        } else if (t_s < last_s + RISE_LEAST_S) {
            left_out->back++;
        } else if (n == MOMENTS_MAX) {
            left_out->too_many++;
        } else {
            n++;
            last_s = t_s;
            take(self, name, t_s, value * factor);
        }
    }
}

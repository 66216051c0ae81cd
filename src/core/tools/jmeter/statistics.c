/* statistics.json of JMeter's dashboard: one entry per label and one for all. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include <cjson/cJSON.h>

#include "base/buf.h"
#include "base/mem.h"
#include "base/text.h"
#include "tools/jmeter/results.h"
#include "tools/json_text.h"

#define COUNT_MAX 1e15

enum {
    JSON_MAX_BYTES = 16 << 20,
    JSON_MAX_VALUES = 500000, /* bounds the memory of the tree */
    ENTRIES_MAX = 20000,
    WINDOW_SAMPLES = 20000, /* that the dashboard takes percentiles from, since 3.1 */
    SEARCHED_MAX = 16,      /* entries among which transactions are looked for */
    NAMED_MAX_BYTES = 250,
};

struct entry {
    const char *name;
    double samples, errors, mean_ms;
    const cJSON *json;
    bool transaction;
};

struct statistics {
    struct sink out;
    struct buf text;
    struct entry *entry; /* owned */
    size_t entries;
    const struct entry *total;
};

/* --- entries --------------------------------------------------------------------------------- */

static bool member(const cJSON *json, const char *key, double *out) {
    const cJSON *v = cJSON_GetObjectItemCaseSensitive(json, key);
    *out = cJSON_IsNumber(v) ? v->valuedouble : NAN;
    return isfinite(*out) && *out >= 0 && *out <= COUNT_MAX;
}

static bool read_entry(const cJSON *json, struct entry *x) {
    *x = (struct entry){.name = json->string ? json->string : "", .json = json};
    return cJSON_IsObject(json) && member(json, "sampleCount", &x->samples) &&
           member(json, "errorCount", &x->errors) && member(json, "meanResTime", &x->mean_ms) &&
           x->errors <= x->samples && x->samples == floor(x->samples) &&
           x->errors == floor(x->errors);
}

static bool odd_entry(const cJSON *json, struct err *e) {
    char name[80];
    const char *raw = json->string ? json->string : "";
    text_clean(raw, strlen(raw), TEXT_ONE_LINE, name, sizeof name);
    err_set(e, ERR_FORMAT, "has an entry \"%s\" that is none of JMeter's statistics", name);
    return err_fix(e, "take statistics.json as the dashboard wrote it");
}

static bool read_entries(struct statistics *s, const cJSON *root, struct err *e) {
    const cJSON *json;
    int n = cJSON_GetArraySize(root);
    if (n > ENTRIES_MAX) {
        err_set(e, ERR_LIMIT, "holds more than %d entries", ENTRIES_MAX);
        return err_fix(e, "give the JTL");
    }
    s->entry = mem_new((size_t)n, sizeof *s->entry);
    cJSON_ArrayForEach(json, root) if (!read_entry(json, &s->entry[s->entries++])) return odd_entry(
        json, e);
    return true;
}

/* "Total", or in another language the one that counts as much as all others. */
static const struct entry *find_total(const struct statistics *s) {
    double sum = 0;
    for (size_t i = 0; i < s->entries; i++) {
        sum += s->entry[i].samples;
        if (strcmp(s->entry[i].name, "Total") == 0)
            return &s->entry[i];
    }
    for (size_t i = s->entries; i > 1; i--)
        if (s->entry[i - 1].samples * 2 == sum)
            return &s->entry[i - 1];
    return NULL;
}

/* --- transactions ---------------------------------------------------------------------------- */

/* The entries of a mask together count and last as much as the total. */
static bool adds_up(const struct statistics *s, struct entry *const *part, size_t n,
                    unsigned mask) {
    double samples = 0, errors = 0, time = 0, all = s->total->samples * s->total->mean_ms;
    for (size_t i = 0; i < n; i++) {
        if (!(mask >> i & 1))
            continue;
        samples += part[i]->samples;
        errors += part[i]->errors;
        time += part[i]->samples * part[i]->mean_ms;
    }
    return samples == s->total->samples && errors == s->total->errors &&
           fabs(time - all) <= 1e-6 * all + 1e-6;
}

static void mark(struct entry *const *part, size_t n, unsigned mask) {
    for (size_t i = 0; i < n; i++)
        part[i]->transaction = !(mask >> i & 1);
}

/* Rows of Transaction Controllers have entries and are not in the total. Which ones is not
 * written: it is those without which the others add up to the total, when there is one answer.
 * False: it cannot be told. */
static bool find_transactions(struct statistics *s) {
    struct entry *part[SEARCHED_MAX];
    size_t n = 0;
    unsigned found = 0, answers = 0;
    if (s->entries - 1 > SEARCHED_MAX)
        return false;
    for (size_t i = 0; i < s->entries; i++)
        if (&s->entry[i] != s->total)
            part[n++] = &s->entry[i];
    for (unsigned mask = 1; mask < 1u << n && answers < 2; mask++)
        if (adds_up(s, part, n, mask)) {
            found = mask;
            answers++;
        }
    if (answers != 1)
        return false;
    mark(part, n, found);
    return true;
}

static bool all_in_total(const struct statistics *s) {
    double sum = 0;
    for (size_t i = 0; i < s->entries; i++)
        sum += s->entry[i].samples;
    return sum == 2 * s->total->samples;
}

static void name_transactions(struct statistics *s) {
    char names[NAMED_MAX_BYTES];
    struct text_out o = {.to = names, .size = sizeof names};
    text_put(&o, "", 0);
    if (all_in_total(s))
        return;
    if (!find_transactions(s)) {
        sink_remark(&s->out, FINDING_INFO, "transactions", 0,
                    "Some entries are sums of Transaction Controllers and not part of the total; "
                    "which ones the file does not say.");
        return;
    }
    for (size_t i = 0; i < s->entries; i++) {
        if (!s->entry[i].transaction)
            continue;
        text_put(&o, o.len ? ", " : "", o.len ? 2 : 0);
        text_put(&o, s->entry[i].name, strlen(s->entry[i].name));
    }
    sink_remark(&s->out, FINDING_INFO, "transactions", 0,
                "Sums of Transaction Controllers, not part of the total: %s.", names);
}

/* --- figures --------------------------------------------------------------------------------- */

static void say_entry(const struct statistics *s, const struct entry *x, const char *scope) {
    static const struct {
        enum metric metric;
        const char *key;
    } rows[] = {
        {METRIC_REQUESTS, "sampleCount"}, {METRIC_FAILED, "errorCount"},
        {METRIC_RPS, "throughput"},       {METRIC_AVG_MS, "meanResTime"},
        {METRIC_MIN_MS, "minResTime"},    {METRIC_MED_MS, "medianResTime"},
        {METRIC_P90_MS, "pct1ResTime"},   {METRIC_P95_MS, "pct2ResTime"},
        {METRIC_P99_MS, "pct3ResTime"},   {METRIC_MAX_MS, "maxResTime"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        double v;
        if (!member(x->json, rows[i].key, &v))
            continue;
        struct figure f = jmeter_rounded(v, 0, 0, rows[i].key);
        jmeter_say(&s->out, rows[i].metric, scope, &f);
    }
}

/* Bytes from their rate per second, in units of 1024. */
static void say_bytes(const struct statistics *s, enum metric m, const char *key,
                      double duration_s) {
    double v;
    if (!member(s->total->json, key, &v))
        return;
    struct figure f = jmeter_rounded(round(v * 1024 * duration_s), 0, 0, key);
    jmeter_say(&s->out, m, NULL, &f);
}

static void say_total(const struct statistics *s) {
    double rps;
    say_entry(s, s->total, NULL);
    if (!member(s->total->json, "throughput", &rps) || !(rps > 0) || !(s->total->samples > 0))
        return;
    struct figure rate = jmeter_rounded(rps, 0, 0, "");
    struct figure duration = jmeter_duration(s->total->samples, &rate);
    jmeter_say(&s->out, METRIC_DURATION_S, NULL, &duration);
    say_bytes(s, METRIC_RECEIVED_BYTES, "receivedKBytesPerSec", duration.value);
    say_bytes(s, METRIC_SENT_BYTES, "sentKBytesPerSec", duration.value);
}

static void say_remarks(const struct statistics *s) {
    sink_remark(&s->out, FINDING_INFO, "percentile-levels", 0,
                "pct1, pct2 and pct3 are read as p90, p95 and p99, JMeter's default; the file "
                "does not say whether aggregate_rpt_pct1 to 3 were changed.");
    if (s->total->samples > WINDOW_SAMPLES)
        sink_remark(&s->out, FINDING_WARNING, "percentile-window", 0,
                    "Percentiles are of the last %d samples only, because JMeter's dashboard "
                    "looks at no more (jmeter.reportgenerator.statistic_window): give the JTL "
                    "for those of the whole run.",
                    WINDOW_SAMPLES);
}

/* --- reader ---------------------------------------------------------------------------------- */

static const struct json_text_rules document = {
    .most_bytes = JSON_MAX_BYTES,
    .most_values = JSON_MAX_VALUES,
    .what = "for statistics.json",
    .smaller = "give the JTL",
    .whole = "take statistics.json as the dashboard wrote it",
};

static bool read_root(struct statistics *s, const cJSON *root, struct err *e) {
    if (!cJSON_IsObject(root)) {
        err_set(e, ERR_FORMAT, "is JSON, but no object of statistics");
        return err_fix(e, "%s", document.whole);
    }
    if (!read_entries(s, root, e))
        return false;
    s->total = find_total(s);
    if (!s->total) {
        err_set(e, ERR_FORMAT, "has no entry for all samples (Total)");
        return err_fix(e, "take statistics.json as the dashboard wrote it");
    }
    say_total(s);
    for (size_t i = 0; i < s->entries; i++)
        if (&s->entry[i] != s->total)
            say_entry(s, &s->entry[i], s->entry[i].name);
    name_transactions(s);
    say_remarks(s);
    return true;
}

static void *statistics_open(const struct sink *out) {
    struct statistics *s = mem_new(1, sizeof *s);
    s->out = *out;
    buf_init(&s->text, JSON_MAX_BYTES);
    return s;
}

static bool statistics_feed(void *self, const char *bytes, size_t len, struct err *e) {
    struct statistics *s = self;
    if (s->text.len == 0)
        bytes = text_begin(bytes, &len);
    return json_text_add(&s->text, bytes, len, &document, e);
}

static bool statistics_finish(void *self, struct err *e) {
    struct statistics *s = self;
    cJSON *root = json_text_parse(&s->text, &document, e);
    bool ok = root && read_root(s, root, e);
    cJSON_Delete(root);
    return ok;
}

static void statistics_close(void *self) {
    struct statistics *s = self;
    buf_fini(&s->text);
    free(s->entry);
    free(s);
}

/* An object whose first entry is an object with the members that no other tool writes. */
static int statistics_sniff(const char *head, size_t len) {
    static const char *const keys[] = {"\"sampleCount\"", "\"errorPct\"", "\"pct1ResTime\""};
    const char *s = text_begin(head, &len);
    if (len == 0 || *s != '{')
        return 0;
    for (size_t i = 0; i < sizeof keys / sizeof *keys; i++)
        if (!memmem(s, len, keys[i], strlen(keys[i])))
            return 0;
    return 98;
}

const struct reader jmeter_statistics_reader = {
    .name = "jmeter-statistics-json",
    .tool = "jmeter",
    .gives = GIVES_SUMMARY,
    .sniff = statistics_sniff,
    .open = statistics_open,
    .feed = statistics_feed,
    .finish = statistics_finish,
    .close = statistics_close,
};

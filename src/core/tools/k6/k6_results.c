#include "tools/k6/k6_results.h"

#include <ctype.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"

#define COUNT(a) (sizeof(a) / sizeof *(a))

static const struct {
    const char *metric;
    enum k6_stat stat;
    enum metric to;
} rows[] = {
    {"http_reqs", K6_COUNT, METRIC_REQUESTS},
    {"http_reqs", K6_RATE, METRIC_RPS},
    {"http_req_failed", K6_TRUE, METRIC_FAILED},
    {"http_req_duration", K6_AVG, METRIC_AVG_MS},
    {"http_req_duration", K6_MIN, METRIC_MIN_MS},
    {"http_req_duration", K6_MED, METRIC_MED_MS},
    {"http_req_duration", K6_P90, METRIC_P90_MS},
    {"http_req_duration", K6_P95, METRIC_P95_MS},
    {"http_req_duration", K6_P99, METRIC_P99_MS},
    {"http_req_duration", K6_MAX, METRIC_MAX_MS},
    {"iterations", K6_COUNT, METRIC_ITERATIONS},
    {"dropped_iterations", K6_COUNT, METRIC_DROPPED},
    {"iteration_duration", K6_AVG, METRIC_ITERATION_MS},
    {"vus", K6_MIN, METRIC_VUS_MIN},
    {"vus", K6_MAX, METRIC_VUS_MAX},
    {"vus_max", K6_MAX, METRIC_VUS_ALLOCATED},
    {"checks", K6_TRUE, METRIC_CHECKS_PASSED},
    {"checks", K6_FALSE, METRIC_CHECKS_FAILED},
    {"checks_succeeded", K6_TRUE, METRIC_CHECKS_PASSED},
    {"checks_failed", K6_TRUE, METRIC_CHECKS_FAILED},
    {"data_received", K6_COUNT, METRIC_RECEIVED_BYTES},
    {"data_sent", K6_COUNT, METRIC_SENT_BYTES},
    /* From asking for a connection to having one: connecting and TLS are in it. */
    {"http_req_blocked", K6_AVG, METRIC_CONNECT_MS},
};

/* http_req_duration{expected_response:true}: the good answers alone. */
static const struct {
    enum k6_stat stat;
    enum metric to;
} good_rows[] = {
    {K6_AVG, METRIC_OK_AVG_MS},
    {K6_MED, METRIC_OK_MED_MS},
    {K6_P95, METRIC_OK_P95_MS},
    {K6_P99, METRIC_OK_P99_MS},
};

const char *k6_first_line(const char *head, size_t *len) {
    size_t from = *len >= 3 && memcmp(head, "\xef\xbb\xbf", 3) == 0 ? 3 : 0, to;
    while (from < *len && memchr(" \t\r\n", head[from], 4))
        from++;
    for (to = from; to < *len && head[to] != '\n';)
        to++;
    *len = to - from;
    return head + from;
}

static enum k6_stat percentile(const char *word, size_t len) {
    char digits[16];
    bool bracket = len > 2 && word[1] == '(';
    size_t from = bracket ? 2 : 1, n = len - from - (bracket ? 1 : 0);
    if ((bracket && word[len - 1] != ')') || n == 0 || n >= sizeof digits)
        return K6_OTHER;
    for (size_t i = 0; i < n; i++)
        if (!isdigit((unsigned char)word[from + i]) && word[from + i] != '.')
            return K6_OTHER;
    memcpy(digits, word + from, n);
    digits[n] = '\0';
    static const struct {
        double at;
        enum k6_stat stat;
    } known[] = {{50, K6_MED}, {90, K6_P90}, {95, K6_P95}, {99, K6_P99}};
    double at = strtod(digits, NULL);
    for (size_t i = 0; i < COUNT(known); i++)
        if (known[i].at == at)
            return known[i].stat;
    return K6_OTHER;
}

enum k6_stat k6_stat_of(const char *word, size_t len) {
    static const struct {
        const char *word;
        enum k6_stat stat;
    } words[] = {
        {"avg", K6_AVG},     {"min", K6_MIN},      {"med", K6_MED},
        {"max", K6_MAX},     {"count", K6_COUNT},  {"rate", K6_RATE},
        {"passes", K6_TRUE}, {"matches", K6_TRUE}, {"fails", K6_FALSE},
    };
    for (size_t i = 0; i < COUNT(words); i++)
        if (strlen(words[i].word) == len && memcmp(words[i].word, word, len) == 0)
            return words[i].stat;
    return len > 1 && word[0] == 'p' ? percentile(word, len) : K6_OTHER;
}

bool k6_split_name(const char *full, struct k6_name *n) {
    size_t len = strlen(full), at = strcspn(full, "{");
    n->tags[0] = '\0';
    if (at >= sizeof n->metric)
        return false;
    memcpy(n->metric, full, at);
    n->metric[at] = '\0';
    if (at == len)
        return true;
    if (full[len - 1] != '}' || len - at - 2 >= sizeof n->tags)
        return false;
    memcpy(n->tags, full + at + 1, len - at - 2);
    n->tags[len - at - 2] = '\0';
    return true;
}

/* --- endpoints ------------------------------------------------------------------------------- */

/* A comma ends a tag only when another "key:" follows: values hold commas too. */
static size_t tag_length(const char *s) {
    for (size_t i = 0; s[i]; i++) {
        if (s[i] != ',')
            continue;
        size_t k = i + 1 + strspn(s + i + 1, " ");
        size_t key = k;
        while (isalnum((unsigned char)s[key]) || s[key] == '_')
            key++;
        if (key > k && s[key] == ':')
            return i;
    }
    return strlen(s);
}

static void add(char *out, size_t size, const char *s, size_t len) {
    size_t at = strlen(out);
    for (size_t i = 0; i < len && at + 1 < size; i++)
        if ((unsigned char)s[i] >= 0x20 && s[i] != 0x7f)
            out[at++] = s[i];
    out[at] = '\0';
}

static const char *unquote(const char *s, size_t *len) {
    s = text_trim(s, len);
    if (*len >= 2 && (*s == '"' || *s == '\'') && s[*len - 1] == *s) {
        *len -= 2;
        return s + 1;
    }
    return s;
}

static void add_tag(char *out, size_t size, const char *tag, size_t len) {
    const char *colon = memchr(tag, ':', len);
    size_t key = colon ? (size_t)(colon - tag) : 0, value_len = colon ? len - key - 1 : len;
    const char *value = unquote(colon ? colon + 1 : tag, &value_len);
    bool bare =
        (key == 4 && memcmp(tag, "name", 4) == 0) || (key == 3 && memcmp(tag, "url", 3) == 0);
    if (key == 5 && memcmp(tag, "group", 5) == 0 && value_len > 2 && memcmp(value, "::", 2) == 0) {
        value += 2;
        value_len -= 2;
    }
    if (out[0])
        add(out, size, ", ", 2);
    if (key && !bare) {
        add(out, size, tag, key);
        add(out, size, " ", 1);
    }
    add(out, size, value, value_len);
}

void k6_scope(const char *tags, char *out, size_t size) {
    out[0] = '\0';
    while (*tags) {
        size_t n = tag_length(tags), len = n;
        const char *tag = text_trim(tags, &len);
        if (len)
            add_tag(out, size, tag, len);
        tags += n + (tags[n] == ',');
    }
}

/* --- saying ---------------------------------------------------------------------------------- */

static void say_value(const struct sink *out, enum metric m, const char *scope,
                      const struct figure *f) {
    struct word w = {.door = DOOR_VALUE, .metric = m, .scope = scope, .figure = *f};
    out->summary(out->self, &w);
}

bool k6_needs(const char *metric, enum k6_stat stat) {
    for (size_t i = 0; i < COUNT(rows); i++)
        if (rows[i].stat == stat && strcmp(rows[i].metric, metric) == 0)
            return true;
    return stat == K6_COUNT && strcmp(metric, "http_req_duration") == 0;
}

static void say_good(const struct sink *out, enum k6_stat stat, const struct figure *f) {
    for (size_t i = 0; i < COUNT(good_rows); i++)
        if (good_rows[i].stat == stat)
            say_value(out, good_rows[i].to, NULL, f);
}

void k6_say(const struct sink *out, const char *metric, const char *tags, enum k6_stat stat,
            const struct figure *f) {
    bool duration = strcmp(metric, "http_req_duration") == 0;
    if (duration && strcmp(tags, "expected_response:true") == 0) {
        say_good(out, stat, f);
        return;
    }
    char scope[SCOPE_MAX_BYTES];
    k6_scope(tags, scope, sizeof scope);
    if (tags[0] && !scope[0])
        return;
    /* How many requests an endpoint had is often shown nowhere else. */
    if (duration && tags[0] && stat == K6_COUNT)
        say_value(out, METRIC_REQUESTS, scope, f);
    for (size_t i = 0; i < COUNT(rows); i++)
        if (rows[i].stat == stat && strcmp(rows[i].metric, metric) == 0 &&
            (!tags[0] || (int)rows[i].to < ENDPOINT_METRICS))
            say_value(out, rows[i].to, tags[0] ? scope : NULL, f);
}

void k6_say_threshold(const struct sink *out, const char *metric, const char *tags,
                      const char *expr, bool ok) {
    char scope[SCOPE_MAX_BYTES] = "";
    add(scope, sizeof scope, metric, strlen(metric));
    if (tags[0]) {
        add(scope, sizeof scope, "{", 1);
        add(scope, sizeof scope, tags, strlen(tags));
        add(scope, sizeof scope, "}", 1);
    }
    struct word w = {.door = DOOR_THRESHOLD, .scope = scope, .text = expr, .ok = ok};
    out->summary(out->self, &w);
}

void k6_replay(const struct summary *s, const struct sink *out) {
    for (int m = 0; m < METRICS; m++)
        if (!isnan(s->figure[m].value))
            say_value(out, (enum metric)m, NULL, &s->figure[m]);
    for (size_t i = 0; i < s->endpoints; i++)
        for (int m = 0; m < ENDPOINT_METRICS; m++)
            if (!isnan(s->endpoint[i].figure[m].value))
                say_value(out, (enum metric)m, s->endpoint[i].name, &s->endpoint[i].figure[m]);
    for (size_t i = 0; i < s->thresholds; i++) {
        const struct threshold *t = &s->threshold[i];
        struct word w = {.door = DOOR_THRESHOLD, .scope = t->metric, .text = t->expr, .ok = t->ok};
        out->summary(out->self, &w);
    }
}

/* --- sanity ---------------------------------------------------------------------------------- */

static bool over(const struct figure *a, const struct figure *b) { return a->low > b->high; }

static bool contradiction(const struct summary *s, enum metric less, enum metric more,
                          struct err *e) {
    const struct figure *a = &s->figure[less], *b = &s->figure[more];
    if (isnan(a->value) || isnan(b->value) || !over(a, b))
        return false;
    err_set(e, ERR_FORMAT, "the figures contradict each other: %s is %g, %s is %g",
            metric_name(less), a->value, metric_name(more), b->value);
    err_fix(e, "take the output of k6 as it is, whole and unchanged");
    err_at(e, "", a->line);
    return true;
}

bool k6_sane(const struct summary *s, struct err *e) {
    static const enum metric inside[] = {METRIC_AVG_MS, METRIC_MED_MS, METRIC_P90_MS, METRIC_P95_MS,
                                         METRIC_P99_MS};
    for (size_t i = 0; i < COUNT(inside); i++)
        if (contradiction(s, METRIC_MIN_MS, inside[i], e) ||
            contradiction(s, inside[i], METRIC_MAX_MS, e))
            return false;
    return !contradiction(s, METRIC_FAILED, METRIC_REQUESTS, e) &&
           !contradiction(s, METRIC_MED_MS, METRIC_P90_MS, e) &&
           !contradiction(s, METRIC_P90_MS, METRIC_P95_MS, e) &&
           !contradiction(s, METRIC_P95_MS, METRIC_P99_MS, e) &&
           !contradiction(s, METRIC_VUS_MIN, METRIC_VUS_MAX, e);
}

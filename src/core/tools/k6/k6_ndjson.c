/* --out json: one JSON object a line. The lines of k6 itself always have one of two shapes (the key
 * "metric" went from the end to the start); they are read in place. Any other line goes through a
 * real parser. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include <cjson/cJSON.h>

#include "base/mem.h"
#include "results/lines.h"
#include "results/number.h"
#include "tools/k6/k6_points.h"
#include "tools/k6/k6_results.h"

#define METRIC_FIRST "{\"metric\":\""
#define POINT_NEXT "\",\"type\":\"Point\",\"data\":{\"time\":\""
#define POINT_FIRST "{\"type\":\"Point\",\"data\":{\"time\":\""
#define DECLARATION "{\"type\":\"Metric\","
#define METRIC_LAST ",\"metric\":\""
#define VALUE ",\"value\":"
#define TAGS ",\"tags\":{"
#define LENGTH(text) (sizeof(text) - 1)

/* More than any run has: 31 years in ns. */
#define VALUE_MOST 1e18

struct k6_ndjson {
    struct lines lines;
    struct k6_points points;
    struct k6_span tag[K6_TAGS];
    bool at_end; /* the line has no line end */
};

/* How a line was understood. */
enum understood { SKIPPED, TAKEN, UNUSUAL };

static bool starts(const char *s, const char *stop, const char *word, size_t n) {
    return (size_t)(stop - s) > n && memcmp(s, word, n) == 0;
}

/* --- the usual shapes ------------------------------------------------------------------------ */

/* The strings between the braces; s is behind the opening one. A backslash before a quote may hide
 * the end of a string, and one in a wanted tag stands for something else: false. */
static bool plain_tags(struct k6_ndjson *j, const char *s, const char *stop) {
    while (s < stop && *s == '"') {
        const char *key = s + 1, *key_end = memchr(key, '"', (size_t)(stop - key));
        if (!key_end || stop - key_end < 4 || key_end[-1] == '\\' || key_end[1] != ':' ||
            key_end[2] != '"')
            return false;
        const char *value = key_end + 3, *end = memchr(value, '"', (size_t)(stop - value));
        if (!end || end + 1 == stop || end[-1] == '\\')
            return false;
        enum k6_tag t = k6_tag_of(key, (size_t)(key_end - key));
        if (t != K6_TAGS && memchr(value, '\\', (size_t)(end - value)))
            return false;
        if (t != K6_TAGS)
            j->tag[t] = (struct k6_span){value, (size_t)(end - value)};
        s = end + 1 + (end[1] == ',');
        if (end[1] == '}')
            return true;
    }
    return s < stop && *s == '}';
}

static bool value_of(const char *s, size_t len, uint64_t *value) {
    double v;
    if (number_fixed(s, len, 6, value))
        return true;
    if (!number_real(s, len, &v) || !(v >= 0) || v > VALUE_MOST / 1e6)
        return false;
    *value = (uint64_t)llround(v * 1e6);
    return true;
}

/* Behind the time, s being in its quotes; NULL when it is none. */
static const char *take_time(struct k6_clock *c, const char *s, const char *stop) {
    size_t n = c->len;
    if (n && (size_t)(stop - s) > n && s[n] == '"' && memcmp(s, c->text, n) == 0)
        return s + n + 1;
    const char *end = memchr(s, '"', (size_t)(stop - s));
    return end && k6_clock_read(c, s, (size_t)(end - s)) ? end + 1 : NULL;
}

static size_t number_length(const char *s, const char *stop) {
    size_t n = 0;
    while (s + n < stop && s[n] != ',' && s[n] != '}')
        n++;
    return n;
}

/* s is at the time of a point, stop at the end of its line. */
static enum understood usual_point(struct k6_ndjson *j, enum k6_point kind, const char *s,
                                   const char *stop) {
    uint64_t value;
    s = take_time(&j->points.clock, s, stop);
    if (!s || !starts(s, stop, VALUE, LENGTH(VALUE)))
        return UNUSUAL;
    s += LENGTH(VALUE);
    size_t n = number_length(s, stop);
    if (!value_of(s, n, &value))
        return UNUSUAL;
    s += n;
    if (k6_needs_tags(kind, value)) {
        memset(j->tag, 0, sizeof j->tag);
        if (!starts(s, stop, TAGS, LENGTH(TAGS)) || !plain_tags(j, s + LENGTH(TAGS), stop))
            return UNUSUAL;
    }
    k6_points_add(&j->points, kind, value, j->tag);
    return TAKEN;
}

/* {"metric":"NAME","type":"Point","data":{...}} */
static enum understood metric_first(struct k6_ndjson *j, const char *s, const char *stop) {
    const char *name = s + LENGTH(METRIC_FIRST);
    const char *end = memchr(name, '"', (size_t)(stop - name));
    if (!end)
        return UNUSUAL;
    enum k6_point kind = k6_point_of(name, (size_t)(end - name));
    if (kind == K6_POINT_NONE)
        return memchr(name, '\\', (size_t)(end - name)) ? UNUSUAL : SKIPPED;
    if (!starts(end, stop, POINT_NEXT, LENGTH(POINT_NEXT)))
        return UNUSUAL;
    return usual_point(j, kind, end + LENGTH(POINT_NEXT), stop);
}

/* {"type":"Point","data":{...},"metric":"NAME"} */
static enum understood metric_last(struct k6_ndjson *j, const char *s, const char *stop) {
    const char *end = stop - 2, *name;
    size_t n = LENGTH(METRIC_LAST);
    if (*end != '"')
        return UNUSUAL;
    name = memrchr(s, '"', (size_t)(end - s));
    if (!name || (size_t)(name - s) < n || memcmp(name + 1 - n, METRIC_LAST, n) != 0)
        return UNUSUAL;
    name++;
    enum k6_point kind = k6_point_of(name, (size_t)(end - name));
    if (kind == K6_POINT_NONE)
        return memchr(name, '\\', (size_t)(end - name)) ? UNUSUAL : SKIPPED;
    return usual_point(j, kind, s + LENGTH(POINT_FIRST), name + 1 - n);
}

static enum understood usual_line(struct k6_ndjson *j, const char *s, size_t len) {
    const char *stop = s + len;
    if (stop[-1] != '}')
        return UNUSUAL;
    if (starts(s, stop, METRIC_FIRST, LENGTH(METRIC_FIRST)))
        return metric_first(j, s, stop);
    if (starts(s, stop, POINT_FIRST, LENGTH(POINT_FIRST)))
        return metric_last(j, s, stop);
    return starts(s, stop, DECLARATION, LENGTH(DECLARATION)) ? SKIPPED : UNUSUAL;
}

/* --- any other line -------------------------------------------------------------------------- */

static void parsed_tags(struct k6_ndjson *j, const cJSON *tags) {
    const cJSON *tag;
    memset(j->tag, 0, sizeof j->tag);
    cJSON_ArrayForEach(tag, tags) {
        enum k6_tag t = k6_tag_of(tag->string, strlen(tag->string));
        if (t != K6_TAGS && cJSON_IsString(tag))
            j->tag[t] = (struct k6_span){tag->valuestring, strlen(tag->valuestring)};
    }
}

static bool parsed_point(struct k6_ndjson *j, const cJSON *root) {
    const cJSON *metric = cJSON_GetObjectItemCaseSensitive(root, "metric");
    const cJSON *data = cJSON_GetObjectItemCaseSensitive(root, "data");
    const cJSON *time = cJSON_GetObjectItemCaseSensitive(data, "time");
    const cJSON *value = cJSON_GetObjectItemCaseSensitive(data, "value");
    if (!cJSON_IsString(metric) || !cJSON_IsString(time) || !cJSON_IsNumber(value))
        return false;
    enum k6_point kind = k6_point_of(metric->valuestring, strlen(metric->valuestring));
    if (kind == K6_POINT_NONE)
        return true;
    double v = value->valuedouble;
    if (!(v >= 0) || v > VALUE_MOST / 1e6 ||
        !k6_clock_read(&j->points.clock, time->valuestring, strlen(time->valuestring)))
        return false;
    parsed_tags(j, cJSON_GetObjectItemCaseSensitive(data, "tags"));
    k6_points_add(&j->points, kind, (uint64_t)llround(v * 1e6), j->tag);
    return true;
}

static bool parsed_line(struct k6_ndjson *j, const char *s, size_t len) {
    if (memchr(s, '\0', len))
        return false;
    const char *end;
    cJSON *root = cJSON_ParseWithLengthOpts(s, len, &end, false);
    const cJSON *type = cJSON_GetObjectItemCaseSensitive(root, "type");
    bool ok = false;
    if (cJSON_IsString(type) && end == s + len)
        ok = strcmp(type->valuestring, "Metric") == 0 ||
             (strcmp(type->valuestring, "Point") == 0 && parsed_point(j, root));
    cJSON_Delete(root);
    return ok;
}

static bool take_line(void *self, const char *s, size_t len, long line, bool quoted,
                      struct err *e) {
    struct k6_ndjson *j = self;
    (void)quoted;
    (void)e;
    if (line == 1 && len >= 3 && memcmp(s, "\xef\xbb\xbf", 3) == 0) {
        s += 3;
        len -= 3;
    }
    while (len && (s[len - 1] == ' ' || s[len - 1] == '\t'))
        len--;
    if (len == 0)
        return true;
    /* A line that was cut may look whole to quick eyes. */
    enum understood how = j->at_end ? UNUSUAL : usual_line(j, s, len);
    if (how != UNUSUAL || parsed_line(j, s, len))
        j->points.rows++;
    else
        k6_points_broken(&j->points, line, "line", j->at_end);
    return true;
}

/* --- reader ---------------------------------------------------------------------------------- */

static void *ndjson_open(const struct sink *out) {
    struct k6_ndjson *j = mem_new(1, sizeof *j);
    k6_points_init(&j->points, out);
    lines_init(&j->lines, take_line, j, false, K6_POINT_LINE_MAX_BYTES);
    return j;
}

static bool ndjson_feed(void *self, const char *bytes, size_t len, struct err *e) {
    struct k6_ndjson *j = self;
    bool ok = lines_feed(&j->lines, bytes, len, e);
    k6_points_tell(&j->points);
    return ok;
}

static bool ndjson_finish(void *self, struct err *e) {
    struct k6_ndjson *j = self;
    bool ok;
    j->at_end = true;
    lines_finish(&j->lines, &ok, e);
    return ok && k6_points_finish(&j->points, e);
}

static void ndjson_close(void *self) {
    struct k6_ndjson *j = self;
    lines_fini(&j->lines);
    k6_points_fini(&j->points);
    free(j);
}

/* "key" : "value" with any blanks, in the first line. */
static bool has_pair(const char *s, const char *stop, const char *key, const char *value) {
    size_t n = strlen(key), m = strlen(value);
    while ((s = memmem(s, (size_t)(stop - s), key, n))) {
        s += n;
        while (s < stop && (*s == ' ' || *s == '\t' || *s == ':'))
            s++;
        if ((size_t)(stop - s) >= m && memcmp(s, value, m) == 0)
            return true;
    }
    return false;
}

static int ndjson_sniff(const char *head, size_t len) {
    const char *s = k6_first_line(head, &len), *stop = s + len;
    if (len == 0 || *s != '{')
        return 0;
    bool ours =
        has_pair(s, stop, "\"type\"", "\"Metric\"") || has_pair(s, stop, "\"type\"", "\"Point\"");
    ours = ours && has_pair(s, stop, "\"metric\"", "\"") && has_pair(s, stop, "\"data\"", "{");
    return ours ? 95 : 0;
}

static size_t no_header(const char *head, size_t len) {
    (void)head;
    (void)len;
    return 0;
}

const struct reader k6_ndjson_reader = {
    .name = "k6-json",
    .tool = "k6",
    .gives = GIVES_SAMPLES,
    .samples = &k6_point_rules,
    .sniff = ndjson_sniff,
    .open = ndjson_open,
    .feed = ndjson_feed,
    .finish = ndjson_finish,
    .close = ndjson_close,
    .header = no_header,
};

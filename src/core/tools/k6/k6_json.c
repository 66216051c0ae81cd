#include "tools/k6/k6_json.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/mem.h"
#include "base/text.h"
#include "tools/json_text.h"
#include "tools/k6/k6_results.h"

enum {
    JSON_MAX_BYTES = 16 << 20,
    JSON_MAX_PIECES = 500000, /* values in the document: bounds the memory of the tree */
};

struct k6_json {
    struct sink out;
    struct buf text;
};

static const struct json_text_rules document = {
    .most_bytes = JSON_MAX_BYTES,
    .most_values = JSON_MAX_PIECES,
    .what = "for a summary of k6",
    .smaller = "take the file of --summary-export",
    .whole = "take the whole file of --summary-export; a stream of --out json is no summary",
};

static void *json_open(const struct sink *out) {
    struct k6_json *j = mem_new(1, sizeof *j);
    j->out = *out;
    buf_init(&j->text, JSON_MAX_BYTES);
    return j;
}

static bool json_feed(void *self, const char *bytes, size_t len, struct err *e) {
    struct k6_json *j = self;
    return json_text_add(&j->text, bytes, len, &document, e);
}

static void set(struct summary *s, enum metric m, double value, const char *quote) {
    struct figure f = {.value = value, .low = value, .high = value};
    text_copy(f.quote, sizeof f.quote, quote);
    s->figure[m] = f;
}

/* What is not written because it follows from the rest. */
static void complete(struct summary *s, const struct k6_json_form *form) {
    double requests = summary_value(s, METRIC_REQUESTS), rps = summary_value(s, METRIC_RPS);
    if (isnan(summary_value(s, METRIC_DURATION_S)) && requests > 0 && rps > 0)
        set(s, METRIC_DURATION_S, requests / rps, "http_reqs.count / http_reqs.rate");
    double duration = summary_value(s, METRIC_DURATION_S);
    if (isnan(rps) && duration > 0 && !isnan(requests))
        set(s, METRIC_RPS, requests / duration, "http_reqs.count / config.duration");
    /* http_req_failed is of 0.31, dropped_iterations of 0.27. */
    bool counts = form->counts_drops || summary_has(s, METRIC_FAILED);
    if (counts && !summary_has(s, METRIC_DROPPED))
        set(s, METRIC_DROPPED, 0, "");
}

static bool read_form(const struct k6_json_form *form, const cJSON *root, const struct sink *out,
                      struct err *e) {
    struct summary s;
    summary_init(&s);
    struct sink into = summary_sink(&s, &k6_json_reader);
    bool ok = form->read(root, &into, e);
    if (ok && !summary_has(&s, METRIC_REQUESTS)) {
        ok = err_set(e, ERR_FORMAT, "is a summary of k6 without http_reqs");
        err_fix(e, "the run sent no HTTP request: check the script, then run it again");
    }
    if (ok) {
        complete(&s, form);
        ok = k6_sane(&s, e);
    }
    if (ok) {
        struct word w = {.door = DOOR_FORMAT, .text = form->name};
        out->summary(out->self, &w);
        w = (struct word){.door = DOOR_TOOL_VERSION, .text = s.tool_version};
        out->summary(out->self, &w);
        k6_replay(&s, out);
        w = (struct word){.door = DOOR_BLOCKS, .figure = {.value = 1}};
        out->summary(out->self, &w);
    }
    summary_fini(&s);
    return ok;
}

static bool json_finish(void *self, struct err *e) {
    struct k6_json *j = self;
    cJSON *root = json_text_parse(&j->text, &document, e);
    if (!root)
        return false;
    const struct k6_json_form *form = k6_json_form_of(root);
    bool ok = form != NULL;
    if (form) {
        ok = read_form(form, root, &j->out, e);
    } else {
        err_set(e, ERR_FORMAT, "is JSON, and none of k6's summaries");
        err_fix(e, "take a file of --summary-export, or let handleSummary(data) write "
                   "JSON.stringify(data)");
    }
    cJSON_Delete(root);
    return ok;
}

static void json_close(void *self) {
    struct k6_json *j = self;
    buf_fini(&j->text);
    free(j);
}

/* --- recognising ----------------------------------------------------------------------------- */

/* The first key of an object: s is behind the brace. "" when there is none. */
static void first_key(const char *s, size_t len, char out[32]) {
    size_t i = 0, n = 0;
    while (i < len && strchr(" \t\r\n", s[i]) && s[i])
        i++;
    if (i < len && s[i] == '"')
        for (i++; i < len && s[i] != '"' && n < 31; i++)
            out[n++] = s[i];
    out[n] = '\0';
}

static bool has(const char *s, size_t len, const char *word) {
    return memmem(s, len, word, strlen(word)) != NULL;
}

static int json_sniff(const char *head, size_t len) {
    static const char *const streams[] = {"type", "event", "metric", "data"};
    static const char *const signs[] = {"\"http_reqs\"", "\"http_req_duration\"", "\"root_group\"",
                                        "\"k6_version\"", "\"iteration_duration\""};
    size_t i = len >= 3 && memcmp(head, "\xef\xbb\xbf", 3) == 0 ? 3 : 0;
    while (i < len && head[i] && strchr(" \t\r\n", head[i]))
        i++;
    if (i == len || head[i] != '{')
        return 0;
    char key[32];
    first_key(head + i + 1, len - i - 1, key);
    for (size_t k = 0; k < sizeof streams / sizeof *streams; k++)
        if (strcmp(key, streams[k]) == 0)
            return 0;
    /* A machine-readable summary begins with the script, which may be longer than head. */
    if (strcmp(key, "config") == 0 && has(head, len, "\"execution\"") &&
        has(head, len, "\"script\""))
        return 80;
    if (!has(head, len, "\"metrics\""))
        return strcmp(key, "root_group") == 0 ? 80 : 0;
    for (size_t k = 0; k < sizeof signs / sizeof *signs; k++)
        if (has(head, len, signs[k]))
            return 95;
    return 0;
}

const struct reader k6_json_reader = {
    .name = "k6-summary",
    .tool = "k6",
    .gives = GIVES_SUMMARY,
    .sniff = json_sniff,
    .open = json_open,
    .feed = json_feed,
    .finish = json_finish,
    .close = json_close,
};

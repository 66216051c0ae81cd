/* --json (on standard output, with what a script prints around it) and --json-file. There is no
 * entry for the whole run: it is made of the others, as Locust makes its own. */
#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/mem.h"
#include "tools/json_text.h"
#include "tools/locust/json_entries.h"
#include "tools/locust/results.h"

enum {
    JSON_MAX_BYTES = 16 << 20,
    JSON_MAX_PIECES = 500000, /* values in the document: bounds the memory of the tree */
};

struct json {
    struct sink out;
    struct buf text;
};

/* The next line that begins an array: a script may print lines of its own before it. */
static const char *next_array(const char *s, const char *stop) {
    while (s < stop) {
        const char *end = memchr(s, '\n', (size_t)(stop - s));
        while (s < stop && (*s == ' ' || *s == '\t' || *s == '\r'))
            s++;
        if (s < stop && *s == '[') {
            const char *in = s + 1;
            while (in < stop && isspace((unsigned char)*in))
                in++;
            if (in == stop || *in == '{' || *in == ']')
                return s;
        }
        if (!end)
            break;
        s = end + 1;
    }
    return NULL;
}

static bool cut_off(const struct json *j, const char *at, struct err *e) {
    err_set(e, ERR_FORMAT, "is not whole JSON: it cannot be read from here on");
    err_fix(e, "take the whole file as Locust wrote it");
    return err_at(e, "", json_text_line(j->text.data, at));
}

/* The last array with entries; *arrays: how many of them there are. */
static bool parse(const struct json *j, cJSON **last, int *arrays, struct err *e) {
    const char *stop = j->text.data + j->text.len, *at = next_array(j->text.data, stop);
    *last = NULL;
    *arrays = 0;
    while (at) {
        const char *end = at;
        cJSON *array = cJSON_ParseWithLengthOpts(at, (size_t)(stop - at), &end, false);
        if (!cJSON_IsArray(array)) {
            cJSON_Delete(array);
            return cut_off(j, end, e);
        }
        if (cJSON_GetArraySize(array) > 0) {
            cJSON_Delete(*last);
            *last = array;
            ++*arrays;
        } else {
            cJSON_Delete(array);
        }
        const char *rest = memchr(end, '\n', (size_t)(stop - end));
        at = rest ? next_array(rest, stop) : NULL;
    }
    return true;
}

static bool no_entries(struct err *e) {
    err_set(e, ERR_FORMAT,
            "holds no entry: Locust writes [] when no request was sent, and into "
            "the file when --json and --json-file are given together");
    return err_fix(e, "run with one of --json and --json-file, or take the files of --csv");
}

static const struct json_text_rules document = {
    .most_bytes = JSON_MAX_BYTES,
    .most_values = JSON_MAX_PIECES,
    .what = "for Locust's JSON",
    .smaller = "take the files of --csv",
    .whole = "take the whole file as Locust wrote it",
};

static bool json_finish(void *self, struct err *e) {
    struct json *j = self;
    cJSON *last;
    int arrays;
    if (json_text_values(j->text.data, j->text.len) > document.most_values) {
        err_set(e, ERR_LIMIT, "holds more than %zu values, too many %s", document.most_values,
                document.what);
        return err_fix(e, "%s", document.smaller);
    }
    bool ok = parse(j, &last, &arrays, e);
    if (ok && !last)
        ok = no_entries(e);
    if (ok)
        ok = locust_entries_say(last, &j->out, e);
    cJSON_Delete(last);
    if (ok)
        sink_text(&j->out, DOOR_BLOCKS, "", arrays);
    return ok;
}

static void *json_open(const struct sink *out) {
    struct json *j = mem_new(1, sizeof *j);
    j->out = *out;
    buf_init(&j->text, JSON_MAX_BYTES);
    return j;
}

static bool json_feed(void *self, const char *bytes, size_t len, struct err *e) {
    struct json *j = self;
    return json_text_add(&j->text, bytes, len, &document, e);
}

static void json_close(void *self) {
    struct json *j = self;
    buf_fini(&j->text);
    free(j);
}

static int json_sniff(const char *head, size_t len) {
    static const char *const signs[] = {"\"num_requests\"", "\"num_failures\"",
                                        "\"response_times\""};
    size_t first = 0;
    while (first < len && isspace((unsigned char)head[first]))
        first++;
    const char *array = next_array(head, head + len);
    if (!array || head[first] == '{')
        return 0;
    size_t left = (size_t)(head + len - array);
    if (array == head + first && left >= 2 && left <= 4 && memcmp(array, "[]", 2) == 0)
        return 50;
    for (size_t i = 0; i < sizeof signs / sizeof *signs; i++)
        if (!memmem(array, left, signs[i], strlen(signs[i])))
            return 0;
    return 96; /* surer than console output around it: it has the endpoints */
}

/* The tool's own sums know when the run began and ended. */
static const struct sample_rules rules = {
    .unit_ms = 1,
    .rule = PERCENTILE_LOCUST,
    .words = "as Locust: classes of 1, 10, 100 and 1000 ms",
    .loose_clock = true,
};

const struct reader locust_json_reader = {
    .name = "locust-json",
    .tool = "locust",
    .gives = GIVES_SAMPLES,
    .samples = &rules,
    .sniff = json_sniff,
    .open = json_open,
    .feed = json_feed,
    .finish = json_finish,
    .close = json_close,
};

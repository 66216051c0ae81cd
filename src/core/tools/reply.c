#include "tools/reply.h"

#include <ctype.h>
#include <math.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "base/buf.h"
#include "base/text.h"
#include "tools/json_text.h"

enum {
    HEAD_BYTES = 4096, /* a page that names itself does so at its begin */
    QUOTED_BYTES = 60,
};

/* --- what it is instead ---------------------------------------------------------------------- */

static bool begins(const char *s, size_t len, const char *word) {
    size_t n = strlen(word);
    return len >= n && strncasecmp(s, word, n) == 0;
}

bool reply_is_html(const char *body, size_t len) {
    const char *s = text_begin(body, &len);
    return begins(s, len, "<!doctype") || begins(s, len, "<html") || begins(s, len, "<head");
}

static const char *find(const char *s, size_t len, const char *word) {
    for (size_t n = strlen(word); len >= n; s++, len--)
        if (strncasecmp(s, word, n) == 0)
            return s;
    return NULL;
}

static void html_kind(const char *s, size_t len, char *out, size_t size) {
    char clean[QUOTED_BYTES];
    len = len < HEAD_BYTES ? len : HEAD_BYTES;
    const char *title = find(s, len, "<title>");
    const char *text = title ? title + strlen("<title>") : NULL;
    const char *end = text ? memchr(text, '<', len - (size_t)(text - s)) : NULL;
    size_t n = end ? (size_t)(end - text) : 0;
    if (end)
        text = text_trim(text, &n);
    if (n == 0) {
        text_copy(out, size, "an HTML page");
        return;
    }
    text_clean(text, n, TEXT_ONE_LINE, clean, sizeof clean);
    snprintf(out, size, "an HTML page (\"%s\")", clean);
}

void reply_kind(const char *body, size_t len, char *out, size_t size) {
    char clean[QUOTED_BYTES];
    const char *s = text_begin(body, &len);
    if (len == 0) {
        text_copy(out, size, "nothing");
    } else if (reply_is_html(s, len)) {
        html_kind(s, len, out, size);
    } else if (begins(s, len, "# HELP ") || begins(s, len, "# TYPE ")) {
        text_copy(out, size, "a metrics page");
    } else if (*s == '{' || *s == '[') {
        text_copy(out, size, "JSON");
    } else {
        const char *end = memchr(s, '\n', len);
        size_t n = end ? (size_t)(end - s) : len;
        s = text_trim(s, &n);
        text_clean(s, n < 4 * QUOTED_BYTES ? n : 4 * QUOTED_BYTES, TEXT_ONE_LINE, clean,
                   sizeof clean);
        snprintf(out, size, "\"%s\"", clean);
    }
}

static bool something_else(const char *body, size_t len, const struct reply_rules *r,
                           struct err *e) {
    char kind[QUOTED_BYTES + 40];
    reply_kind(body, len, kind, sizeof kind);
    err_set(e, ERR_FORMAT, "answers with %s, not with %s", kind, r->wanted);
    return err_fix(e, "%s", r->fix);
}

bool reply_other_json(const struct reply_rules *r, struct err *e) {
    err_set(e, ERR_FORMAT, "answers with other JSON, not with %s", r->wanted);
    return err_fix(e, "%s", r->fix);
}

/* --- reading --------------------------------------------------------------------------------- */

static bool is_answer(long status, const struct reply_rules *r, struct err *e) {
    if (status == 0 || (status >= 200 && status <= 299))
        return true;
    if (status >= 500)
        return err_set(e, ERR_IO, "answers with HTTP %ld, an error of its own", status);
    if (status == 401 || status == 403) {
        err_set(e, ERR_FORMAT, "needs a login (HTTP %ld)", status);
        return err_fix(e, "set PERFSCALE_HTTP_USER and PERFSCALE_HTTP_PASSWORD, or "
                          "PERFSCALE_HTTP_TOKEN");
    }
    err_set(e, ERR_FORMAT, "answers with HTTP %ld, not with %s", status, r->wanted);
    return err_fix(e, "%s", r->fix);
}

static cJSON *parse(const char *body, size_t len, const struct reply_rules *r, struct err *e) {
    char what[64];
    const struct json_text_rules rules = {.most_bytes = r->most_bytes,
                                          .most_values = r->most_values,
                                          .what = what,
                                          .smaller = r->fix,
                                          .whole = "it is asked again"};
    struct buf text;
    struct err why = {0};
    snprintf(what, sizeof what, "for %s", r->wanted);
    buf_init(&text, r->most_bytes);
    cJSON *root = NULL;
    if (json_text_add(&text, body, len, &rules, &why))
        root = json_text_parse(&text, &rules, &why);
    buf_fini(&text);
    if (!root) {
        err_set(e, why.kind, why.kind == ERR_LIMIT ? "its answer %s" : "its JSON %s", why.text);
        err_fix(e, "%s", why.fix);
    }
    return root;
}

cJSON *reply_json(long status, const char *body, size_t len, const struct reply_rules *r,
                  struct err *e) {
    size_t left = len;
    const char *s = text_begin(body, &left);
    if (!is_answer(status, r, e))
        return NULL;
    if (left == 0 || (*s != '{' && *s != '[')) {
        something_else(body, len, r, e);
        return NULL;
    }
    return parse(s, left, r, e);
}

/* --- its values ------------------------------------------------------------------------------ */

static double *target(void *into, size_t at) { return (double *)(void *)((char *)into + at); }

bool reply_numbers(const cJSON *object, const struct reply_field *fields, void *into,
                   struct err *e) {
    for (const struct reply_field *f = fields; f->key; f++)
        *target(into, f->at) = NAN;
    for (const struct reply_field *f = fields; f->key; f++) {
        const cJSON *it = cJSON_GetObjectItemCaseSensitive(object, f->key);
        if (!it || cJSON_IsNull(it) || !isnan(*target(into, f->at)))
            continue;
        double v = cJSON_IsNumber(it) ? it->valuedouble : NAN;
        if (!(v >= 0 && v < REPLY_NUMBER_MAX))
            return err_set(e, ERR_FORMAT, "says something for %s that is no number from 0 on",
                           f->key);
        *target(into, f->at) = v;
    }
    return true;
}

const char *reply_text(const cJSON *object, const char *key) {
    const cJSON *it = cJSON_GetObjectItemCaseSensitive(object, key);
    return cJSON_IsString(it) ? it->valuestring : "";
}

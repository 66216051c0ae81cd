#include "tools/json_text.h"

#include <string.h>

size_t json_text_values(const char *s, size_t len) {
    size_t n = 1;
    bool string = false;
    for (size_t i = 0; i < len; i++) {
        if (string && s[i] == '\\')
            i++;
        else if (s[i] == '"')
            string = !string;
        else if (!string && (s[i] == ',' || s[i] == '[' || s[i] == '{'))
            n++;
    }
    return n;
}

long json_text_line(const char *s, const char *at) {
    long line = 1;
    for (; s < at; s++)
        line += *s == '\n';
    return line;
}

bool json_text_add(struct buf *to, const char *bytes, size_t len, const struct json_text_rules *r,
                   struct err *e) {
    if (buf_add(to, bytes, len))
        return true;
    err_set(e, ERR_LIMIT, "is larger than %zu MB, too large %s", r->most_bytes >> 20, r->what);
    return err_fix(e, "%s", r->smaller);
}

static cJSON *broken(const struct json_text_rules *r, const char *text, long line, struct err *e) {
    err_set(e, ERR_FORMAT, "%s", text);
    err_fix(e, "%s", r->whole);
    if (line > 0)
        err_at(e, "", line);
    return NULL;
}

cJSON *json_text_parse(const struct buf *b, const struct json_text_rules *r, struct err *e) {
    const char *end = b->data;
    if (memchr(b->data, '\0', b->len))
        return broken(r, "is not JSON: it holds a NUL byte", 0, e);
    if (json_text_values(b->data, b->len) > r->most_values) {
        err_set(e, ERR_LIMIT, "holds more than %zu values, too many %s", r->most_values, r->what);
        err_fix(e, "%s", r->smaller);
        return NULL;
    }
    cJSON *root = cJSON_ParseWithLengthOpts(b->data, b->len, &end, false);
    size_t behind = root ? strspn(end, " \t\r\n") : 0;
    if (root && end[behind] == '\0')
        return root;
    long line = json_text_line(b->data, end);
    cJSON_Delete(root);
    return broken(r,
                  root ? "is not one JSON document: more stands behind its end"
                       : "is not whole JSON: it cannot be read from here on",
                  line, e);
}

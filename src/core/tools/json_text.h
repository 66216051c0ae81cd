/* tools/json_text.h
 * What the readers of JSON results share: they keep the bytes of one document and read it whole. */
#ifndef PERFSCALE_TOOLS_JSON_TEXT_H
#define PERFSCALE_TOOLS_JSON_TEXT_H

#include <cjson/cJSON.h>
#include <stdbool.h>
#include <stddef.h>

#include "base/buf.h"
#include "base/err.h"

/* Bounds of a document, and what its reader says of one that it cannot take. */
struct json_text_rules {
    size_t most_bytes, most_values; /* most_bytes: of the buf too */
    const char *what;               /* "for a summary of k6" */
    const char *smaller;            /* what to do when it is too large */
    const char *whole;              /* when it is broken */
};

/* Keeps more bytes of it; ERR_LIMIT. */
bool json_text_add(struct buf *to, const char *bytes, size_t len, const struct json_text_rules *r,
                   struct err *e);

/* The whole document; the caller deletes it. NULL: ERR_LIMIT, or ERR_FORMAT with its line. */
cJSON *json_text_parse(const struct buf *b, const struct json_text_rules *r, struct err *e);

/* How many values a document may hold: all that a tree of it costs. */
size_t json_text_values(const char *s, size_t len);

/* The line of a place in a text, from 1. */
long json_text_line(const char *s, const char *at);

#endif

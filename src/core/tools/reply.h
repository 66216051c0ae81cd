/* tools/reply.h
 * An answer over HTTP that should be JSON of an interface that we know: bounded, read whole, its
 * numbers looked at; and what it is instead when it is not. */
#ifndef PERFSCALE_TOOLS_REPLY_H
#define PERFSCALE_TOOLS_REPLY_H

#include <cjson/cJSON.h>
#include <stdbool.h>
#include <stddef.h>

#include "base/err.h"

/* Numbers of answers are below it: up to here a count is exact. */
#define REPLY_NUMBER_MAX 9007199254740992.0

struct reply_rules {
    const char *wanted; /* "k6's figures" */
    const char *fix;    /* what to do when something else answers */
    size_t most_bytes, most_values;
};

/* The answer; the caller deletes it. NULL: ERR_IO for HTTP 5xx; ERR_LIMIT; ERR_FORMAT for all else,
 * with what stands there instead. status 0: not known. */
cJSON *reply_json(long status, const char *body, size_t len, const struct reply_rules *r,
                  struct err *e);

/* ERR_FORMAT: it is JSON of something else. */
bool reply_other_json(const struct reply_rules *r, struct err *e);

/* What a text that should be something else is: "an HTML page ("Orders")", "a metrics page",
 * "nothing", or its first words, clean. */
void reply_kind(const char *body, size_t len, char *out, size_t size);
bool reply_is_html(const char *body, size_t len);

/* A number in a JSON object and the double in a struct that takes it. */
struct reply_field {
    const char *key; /* NULL at the end of a table */
    size_t at;       /* offsetof */
};

/* Fills the doubles of a table; of several rows for one double the first that the object has. NAN:
 * it is not there, or null. ERR_FORMAT for one that is no number from 0 to REPLY_NUMBER_MAX. */
bool reply_numbers(const cJSON *object, const struct reply_field *fields, void *into,
                   struct err *e);

/* "" when it is no string. */
const char *reply_text(const cJSON *object, const char *key);

#endif

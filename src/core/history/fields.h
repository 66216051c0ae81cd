/* history/fields.h
 * Small files of named fields, for what persons own in the store. The bytes:
 *
 *     perfscale said 1       what it is, and the version of the form
 *     kind 7 approve         a field: its key, the bytes of its value, the value
 *     text 12 two
 *     lines.
 *
 * The length says where a value ends, so it may hold anything but NUL. One table of fields writes
 * and reads a struct. */
#ifndef PERFSCALE_HISTORY_FIELDS_H
#define PERFSCALE_HISTORY_FIELDS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"

enum field_type {
    FIELD_TEXT,    /* char[size] */
    FIELD_DIGEST,  /* char[DIGEST_BYTES]: "" or 64 hex digits */
    FIELD_WORD,    /* int: one of words[0 ... most] */
    FIELD_INT,     /* int, least ... most */
    FIELD_LONG,    /* int64_t, least ... most */
    FIELD_FLAG,    /* bool */
    FIELD_SECONDS, /* double, kept in ms from 0 to most; NAN: none */
};

struct field {
    const char *key; /* a to z and _, at most 15 */
    enum field_type type;
    bool always; /* has to be there; others are left out when they are "", 0, false or NAN */
    size_t at;   /* where in the struct */
    size_t size; /* of a text, with its NUL */
    int64_t least, most;
    const char *const *words;
};

struct fields {
    const char *what; /* "said" */
    const struct field *field;
    size_t n; /* at most 32 */
};

void fields_write(const struct fields *f, const void *from, struct buf *out);

/* Strict: a field twice, out of range or with a NUL in it, bytes behind the last one, and in
 * version 1 an unknown key give false; *to may be half filled then. Unknown keys of a newer version
 * are skipped. What is left out keeps the value that *to has. */
bool fields_read(const struct fields *f, const char *bytes, size_t len, void *to);

/* A decimal number as we write it: no sign but "-", no leading zeros, all of the len bytes. */
bool fields_number(const char *s, size_t len, int64_t *out);

/* "" or 64 lower-case hex digits. */
bool fields_digest(const char *s);

#endif

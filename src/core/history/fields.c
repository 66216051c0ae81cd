#include "history/fields.h"

#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "base/digest.h"
#include "base/text.h"

enum { VERSION = 1, KEY_BYTES = 16, NUMBER_DIGITS = 18 };

/* --- values ----------------------------------------------------------------------------------- */

bool fields_number(const char *s, size_t len, int64_t *out) {
    bool minus = len > 1 && s[0] == '-';
    size_t at = minus, digits = len - at;
    int64_t n = 0;
    if (digits < 1 || digits > NUMBER_DIGITS || (s[at] == '0' && (digits > 1 || minus)))
        return false;
    for (; at < len; at++) {
        if (s[at] < '0' || s[at] > '9')
            return false;
        n = n * 10 + (s[at] - '0');
    }
    *out = minus ? -n : n;
    return true;
}

bool fields_digest(const char *s) {
    size_t n = strspn(s, "0123456789abcdef");
    return s[n] == '\0' && (n == 0 || n == DIGEST_BYTES - 1);
}

static bool read_number(const struct field *f, const char *value, size_t len, int64_t *out) {
    int64_t least = f->type == FIELD_SECONDS || f->type == FIELD_FLAG ? 0 : f->least;
    int64_t most = f->type == FIELD_FLAG ? 1 : f->most;
    return fields_number(value, len, out) && *out >= least && *out <= most;
}

static bool read_word(const struct field *f, const char *value, size_t len, int *out) {
    for (int i = 0; i <= (int)f->most; i++)
        if (strlen(f->words[i]) == len && memcmp(f->words[i], value, len) == 0) {
            *out = i;
            return true;
        }
    return false;
}

static bool read_text(const struct field *f, const char *value, size_t len, char *out) {
    size_t size = f->type == FIELD_DIGEST ? DIGEST_BYTES : f->size;
    if (len >= size || memchr(value, '\0', len))
        return false;
    memcpy(out, value, len);
    out[len] = '\0';
    return f->type != FIELD_DIGEST || fields_digest(out);
}

static bool read_value(const struct field *f, const char *value, size_t len, void *to) {
    char *at = (char *)to + f->at;
    int64_t n = 0;
    if (f->type == FIELD_TEXT || f->type == FIELD_DIGEST)
        return read_text(f, value, len, at);
    if (f->type == FIELD_WORD)
        return read_word(f, value, len, (int *)(void *)at);
    if (!read_number(f, value, len, &n))
        return false;
    if (f->type == FIELD_INT)
        *(int *)(void *)at = (int)n;
    else if (f->type == FIELD_LONG)
        *(int64_t *)(void *)at = n;
    else if (f->type == FIELD_FLAG)
        *(bool *)at = n != 0;
    else
        *(double *)(void *)at = (double)n / 1000;
    return true;
}

/* The value as a string; NULL: it is left out. number has room for one. */
static const char *value_of(const struct field *f, const void *from, char number[24]) {
    const char *at = (const char *)from + f->at;
    int64_t n = 0;
    if (f->type == FIELD_TEXT || f->type == FIELD_DIGEST)
        return at[0] || f->always ? at : NULL;
    if (f->type == FIELD_SECONDS) {
        double ms = *(const double *)(const void *)at * 1000;
        if (!(ms >= 0 && ms <= (double)f->most))
            return NULL;
        n = llround(ms);
    } else if (f->type == FIELD_LONG) {
        n = *(const int64_t *)(const void *)at;
    } else {
        n = f->type == FIELD_FLAG ? *(const bool *)at : *(const int *)(const void *)at;
    }
    if (n == 0 && !f->always && f->type != FIELD_SECONDS)
        return NULL;
    if (f->type == FIELD_WORD)
        return f->words[n];
    snprintf(number, 24, "%" PRId64, n);
    return number;
}

/* --- the file --------------------------------------------------------------------------------- */

void fields_write(const struct fields *f, const void *from, struct buf *out) {
    char number[24];
    buf_printf(out, "perfscale %s %d\n", f->what, VERSION);
    for (size_t i = 0; i < f->n; i++) {
        const char *value = value_of(&f->field[i], from, number);
        if (value)
            buf_printf(out, "%s %zu %s\n", f->field[i].key, strlen(value), value);
    }
}

struct cursor {
    const char *at, *end;
};

/* The bytes up to c, which is skipped; most: as many may come before it. */
static bool until(struct cursor *in, char c, size_t most, const char **from, size_t *len) {
    size_t left = (size_t)(in->end - in->at);
    const char *stop = memchr(in->at, c, left < most + 1 ? left : most + 1);
    if (!stop)
        return false;
    *from = in->at;
    *len = (size_t)(stop - in->at);
    in->at = stop + 1;
    return true;
}

static bool take_version(struct cursor *in, const char *what, int64_t *version) {
    char begin[32];
    const char *digits;
    size_t len;
    size_t n = (size_t)snprintf(begin, sizeof begin, "perfscale %s ", what);
    if ((size_t)(in->end - in->at) < n || memcmp(in->at, begin, n) != 0)
        return false;
    in->at += n;
    return until(in, '\n', 9, &digits, &len) && fields_number(digits, len, version) &&
           *version >= VERSION;
}

static bool take_field(struct cursor *in, const char **key, size_t *key_len, const char **value,
                       size_t *len) {
    const char *digits;
    size_t digits_len;
    int64_t bytes = 0;
    if (!until(in, ' ', KEY_BYTES - 1, key, key_len) || !until(in, ' ', 9, &digits, &digits_len) ||
        !fields_number(digits, digits_len, &bytes) || bytes < 0 || bytes >= in->end - in->at)
        return false;
    *value = in->at;
    *len = (size_t)bytes;
    in->at += bytes;
    return *in->at++ == '\n';
}

static size_t find(const struct fields *f, const char *key, size_t len) {
    size_t i = 0;
    while (i < f->n && (strlen(f->field[i].key) != len || memcmp(f->field[i].key, key, len) != 0))
        i++;
    return i;
}

static bool has_all(const struct fields *f, uint32_t seen) {
    for (size_t i = 0; i < f->n; i++)
        if (f->field[i].always && !(seen & UINT32_C(1) << i))
            return false;
    return true;
}

bool fields_read(const struct fields *f, const char *bytes, size_t len, void *to) {
    struct cursor in = {bytes, bytes + len};
    const char *key, *value;
    size_t key_len, value_len;
    int64_t version = 0;
    uint32_t seen = 0;
    if (!take_version(&in, f->what, &version))
        return false;
    while (in.at < in.end) {
        if (!take_field(&in, &key, &key_len, &value, &value_len))
            return false;
        size_t i = find(f, key, key_len);
        if (i == f->n && version > VERSION)
            continue;
        if (i == f->n || (seen & UINT32_C(1) << i) ||
            !read_value(&f->field[i], value, value_len, to))
            return false;
        seen |= UINT32_C(1) << i;
    }
    return has_all(f, seen);
}

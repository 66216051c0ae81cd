#include "results/csv.h"

#include <string.h>

/* s stands on the opening quote; returns what is behind the closing one. */
static const char *quoted_field(const char *s, const char *stop, struct csv_field *f) {
    const char *at = ++s;
    f->text = s;
    for (;;) {
        const char *quote = at < stop ? memchr(at, '"', (size_t)(stop - at)) : NULL;
        if (!quote) {
            f->len = (size_t)(stop - s);
            return stop;
        }
        if (quote + 1 < stop && quote[1] == '"') {
            f->doubled = true;
            at = quote + 2;
            continue;
        }
        f->len = (size_t)(quote - s);
        return quote + 1;
    }
}

size_t csv_split(const char *record, size_t len, char delimiter, struct csv_field *out,
                 size_t max) {
    const char *s = record, *stop = record + len;
    size_t n = 0;
    for (;;) {
        struct csv_field f = {.text = s};
        bool quoted = s < stop && *s == '"';
        const char *behind = quoted ? quoted_field(s, stop, &f) : s;
        const char *end = behind < stop ? memchr(behind, delimiter, (size_t)(stop - behind)) : NULL;
        if (!quoted)
            f.len = (size_t)((end ? end : stop) - s);
        if (n < max)
            out[n] = f;
        n++;
        if (!end)
            return n;
        s = end + 1;
    }
}

char *csv_copy(const struct csv_field *f, char *out, size_t size) {
    size_t to = 0;
    for (size_t i = 0; i < f->len && to + 1 < size; i++) {
        out[to++] = f->text[i];
        if (f->doubled && f->text[i] == '"' && i + 1 < f->len && f->text[i + 1] == '"')
            i++;
    }
    out[to] = '\0';
    return out;
}

bool csv_is(const struct csv_field *f, const char *word) {
    return f->len == strlen(word) && memcmp(f->text, word, f->len) == 0;
}

int csv_column(const struct csv_field *header, size_t n, const char *name) {
    for (size_t i = 0; i < n; i++)
        if (csv_is(&header[i], name))
            return (int)i;
    return -1;
}

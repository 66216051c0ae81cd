#include "results/csv.h"

#include <string.h>

#include "results/scan.h"

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

/* A record being split: the next field begins at s. */
struct split {
    const char *s, *stop;
    char delimiter;
    struct csv_field *out;
    size_t n, max;
};

/* Fields that end in the 64 bytes at block; stops before one in quotes. */
static void split_block(struct split *p, const char *block, uint64_t ends) {
    for (; ends && *p->s != '"'; ends &= ends - 1) {
        const char *end = block + __builtin_ctzll(ends);
        if (p->n < p->max)
            p->out[p->n] = (struct csv_field){.text = p->s, .len = (size_t)(end - p->s)};
        p->n++;
        p->s = end + 1;
    }
}

/* Any field; false: it was the last. */
static bool split_one(struct split *p) {
    struct csv_field f = {.text = p->s};
    bool quoted = p->s < p->stop && *p->s == '"';
    const char *behind = quoted ? quoted_field(p->s, p->stop, &f) : p->s;
    size_t left = (size_t)(p->stop - behind);
    const char *end = left ? memchr(behind, p->delimiter, left) : NULL;
    if (!quoted)
        f.len = (size_t)((end ? end : p->stop) - p->s);
    if (p->n < p->max)
        p->out[p->n] = f;
    p->n++;
    p->s = end ? end + 1 : p->stop;
    return end;
}

size_t csv_split(const char *record, size_t len, char delimiter, struct csv_field *out,
                 size_t max) {
    struct split p = {record, record + len, delimiter, out, 0, max};
    const char *block = record;
    for (; p.stop - block >= SCAN_BYTES; block += SCAN_BYTES)
        split_block(&p, block, scan(block, delimiter));
    if (len >= SCAN_BYTES && block < p.stop) { /* what is left, with bytes that were seen before */
        const char *last = p.stop - SCAN_BYTES;
        split_block(&p, last, scan(last, delimiter) & UINT64_MAX << (block - last));
    }
    while (split_one(&p))
        continue;
    return p.n;
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
